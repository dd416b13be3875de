/*
 * test_vault.c: the engine and its vault: it waits for a key, changes secrets without being started again, and goes by two of them while one is
 * rotated.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/vault.h"
#include "sandbox/sandbox.h"
#include "tests/fault/day.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NEWER "a-newer-secret-of-walmart"

struct safe {
	struct day *d;
	char file[200], key_file[200];
	struct vault_sealed v;
	struct vault_book *book;
};

static void save(struct safe *s)
{
	struct err err;

	if (vault_file_save(s->file, &s->v, s->book, &err))
		fail_msg("%s", err.text);
}

/* A day whose Walmart secret stands in a vault that a key file opens. */
static void open_safe_with(struct safe *s, bool told_of_key, const char *more)
{
	struct day_plan plan = { .seed = 49, .skus = 8, .jitter = false, .settle_pct = 20, .idle = true };
	struct err err;
	struct day *d;

	*s = (struct safe){ .d = d = day_prepare(&plan) };
	snprintf(s->file, sizeof s->file, "%s/vault.tly", d->dir);
	snprintf(s->key_file, sizeof s->key_file, "%s/vault.key", d->dir);
	assert_int_equal(vault_key_file_make(s->key_file, &err), OK);
	s->book = vault_memory(sizeof *s->book);
	vault_random(s->book->seal_key, VAULT_KEY);
	s->v.slot[0] = (struct vault_slot){ .kind = SLOT_KEY_FILE };
	vault_random(s->v.slot[0].salt, VAULT_SALT);
	s->v.slots = 1;
	assert_int_equal(vault_key_from_file(&s->v.slot[0], s->key_file, s->book->slot_key[0], &err), OK);
	assert_int_equal(vault_entry_set(s->book, "walmart", SANDBOX_WALMART_SECRET, false, 0, d->now_ms, 0, &err), OK);
	save(s);
	day_configure(d, "[account walmart-us]\nclient_secret = vault:walmart\n");
	if (told_of_key)
		day_configure(d, arena_printf(d->arena, "[vault]\nkey_file = %s\n", s->key_file));
	day_configure(d, more);
	if (day_start(d, &err))
		fail_msg("%s", err.text);
}

static void open_safe(struct safe *s, bool told_of_key)
{
	open_safe_with(s, told_of_key, "");
}

static void close_safe(struct safe *s)
{
	vault_memory_free(s->book, sizeof *s->book);
	day_close(s->d);
}

static void reload(struct safe *s)
{
	const char *no = day_intend(s->d, "vault", "", "action=reload\n");

	if (no)
		fail_msg("%s", no);
}

static int64_t alerts(struct day *d, const char *key)
{
	return day_int(d, arena_printf(d->arena, "SELECT count(*) FROM alert WHERE key LIKE '%s' AND closed_ms = 0", key));
}

static int64_t tokens(struct day *d)
{
	return day_int(d, "SELECT count(*) FROM attempt WHERE verb = 'token' AND account_id = 1 AND fault = '' AND closed_ms > 0");
}

static void two_secrets_are_valid_while_one_rotates(void **state)
{
	struct safe s;
	struct err err;
	int64_t before;

	(void)state;
	open_safe(&s, true);
	assert_true(day_run(s.d, s.d->now_ms + 5 * MINUTE));
	before = tokens(s.d);
	assert_true(before > 0);

	/* the new one is in the vault before Walmart knows it: the one before goes on */
	assert_int_equal(vault_entry_set(s.book, "walmart", NEWER, true, 0, s.d->now_ms, 0, &err), OK);
	save(&s);
	reload(&s);
	assert_true(day_run(s.d, s.d->now_ms + 3 * MINUTE));
	assert_true(tokens(s.d) > before);
	assert_int_equal(alerts(s.d, "spare walmart-us"), 1);
	assert_int_equal(alerts(s.d, "auth walmart-us%"), 0);
	reload(&s); /* it is the same that they refused: still so */
	assert_int_equal(alerts(s.d, "spare walmart-us"), 1);

	/* now it is the only one that opens */
	s.d->sandbox->service[WALMART].client_secret = NEWER;
	access_revoke(&s.d->sandbox->service[WALMART]);
	before = tokens(s.d);
	assert_true(day_run(s.d, s.d->now_ms + 5 * MINUTE));
	assert_true(tokens(s.d) > before);
	assert_int_equal(alerts(s.d, "auth walmart-us%"), 0);
	assert_int_equal(day_int(s.d, "SELECT count(*) FROM account WHERE name = 'walmart-us' AND state = 'ok'"), 1);

	vault_entry_retire(vault_entry_find(s.book, "walmart"));
	save(&s);
	reload(&s);
	assert_int_equal(alerts(s.d, "spare walmart-us"), 0);
	assert_int_equal(day_int(s.d, "SELECT count(*) FROM audit WHERE action = 'secret' AND subject = 'walmart-us client_secret'"), 2);
	assert_int_equal(day_int(s.d, "SELECT count(*) FROM audit WHERE action = 'secret-retired'"), 1);
	assert_int_equal(day_int(s.d, "SELECT epoch FROM lease"), 1); /* the same engine all the while */
	day_stop(s.d);
	/* neither of the two in any file of the store's, but for the one that the day laid there for accounts without a vault */
	assert_int_equal(system(arena_printf(s.d->arena, "test -z \"$(grep -rlaF -e '%s' -e '%s' '%s' | grep -v walmart.secret)\"", SANDBOX_WALMART_SECRET, NEWER,
	                                     s.d->dir)), 0);
	close_safe(&s);
}

/* The alert is of the secret that was refused; another in its place is not that one, also when it is the one before once more. */
static void a_refused_secret_that_is_put_right_ends_its_alert(void **state)
{
	static const char *const right[] = { "another-new-one", SANDBOX_WALMART_SECRET };
	struct safe s;
	struct err err;

	(void)state;
	open_safe(&s, true);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(vault_entry_set(s.book, "walmart", SANDBOX_WALMART_SECRET, false, 0, s.d->now_ms, 0, &err), OK);
		assert_int_equal(vault_entry_set(s.book, "walmart", "mistyped", true, 0, s.d->now_ms, 0, &err), OK);
		save(&s);
		reload(&s);
		assert_true(day_run(s.d, s.d->now_ms + 5 * MINUTE));
		assert_int_equal(alerts(s.d, "spare walmart-us"), 1);
		s.d->sandbox->service[WALMART].client_secret = right[i];
		assert_int_equal(vault_entry_set(s.book, "walmart", right[i], true, 0, s.d->now_ms, 0, &err), OK);
		save(&s);
		reload(&s);
		assert_int_equal(alerts(s.d, "spare walmart-us"), 0);
		assert_true(day_run(s.d, s.d->now_ms + 5 * MINUTE));
		assert_int_equal(alerts(s.d, "spare walmart-us"), 0);
		s.d->sandbox->service[WALMART].client_secret = SANDBOX_WALMART_SECRET;
	}
	close_safe(&s);
}

static void a_wrong_secret_that_is_put_there_is_told(void **state)
{
	struct safe s;
	struct err err;

	(void)state;
	open_safe(&s, true);
	assert_true(day_run(s.d, s.d->now_ms + 5 * MINUTE));
	assert_int_equal(vault_entry_set(s.book, "walmart", "wrong", true, 0, s.d->now_ms, 0, &err), OK);
	vault_entry_find(s.book, "walmart")->old = "wrong-as-well";
	save(&s);
	reload(&s);
	access_revoke(&s.d->sandbox->service[WALMART]);
	assert_true(day_run(s.d, s.d->now_ms + 10 * MINUTE));
	assert_int_equal(alerts(s.d, "auth walmart-us%"), 1);
	/* no storm against a locked door: two at once, then one every five minutes */
	assert_in_range(day_int(s.d, "SELECT count(*) FROM attempt WHERE verb = 'token' AND account_id = 1 AND fault = 'AUTH'"), 2, 8);
	assert_int_equal(vault_entry_set(s.book, "walmart", SANDBOX_WALMART_SECRET, false, 0, s.d->now_ms, 0, &err), OK);
	save(&s);
	reload(&s);
	assert_true(day_run(s.d, s.d->now_ms + 2 * MINUTE));
	assert_int_equal(alerts(s.d, "auth walmart-us%"), 0);
	close_safe(&s);
}

/* Nobody's key: not a byte leaves, nothing is sealed; then somebody unlocks it. */
static void a_locked_engine_waits(void **state)
{
	struct safe s;
	const char *no;
	struct buf key;

	(void)state;
	open_safe(&s, false);
	assert_true(day_run(s.d, s.d->now_ms + 5 * MINUTE));
	assert_int_equal(alerts(s.d, "vault locked"), 1);
	assert_int_equal(day_int(s.d, "SELECT count(*) FROM attempt"), 0);
	assert_non_null(strstr(day_intend(s.d, "refresh", "", ""), "vault is locked"));
	assert_int_equal(day_int(s.d, "SELECT count(*) FROM audit WHERE action = 'refused' AND subject = 'refresh'"), 1);
	assert_null(day_intend(s.d, "login", "", "whence=/dev/pts/1\n"));
	assert_int_equal(day_int(s.d, "SELECT count(*) FROM audit WHERE action = 'login' AND detail = '/dev/pts/1'"), 1);
	no = day_intend(s.d, "vault", "", "action=unlock\nslot=1\nkey=0000000000000000000000000000000000000000000000000000000000000000\n");
	assert_non_null(no);
	assert_non_null(strstr(no, "does not open"));
	key = buf_new(s.d->arena);
	for (int i = 0; i < VAULT_KEY; i++)
		buf_printf(&key, "%02x", s.book->slot_key[0][i]);
	assert_null(day_intend(s.d, "vault", "", arena_printf(s.d->arena, "action=unlock\nslot=1\nkey=%s\n", key.p)));
	assert_true(day_run(s.d, s.d->now_ms + 5 * MINUTE));
	assert_int_equal(alerts(s.d, "vault locked"), 0);
	assert_true(tokens(s.d) > 0);
	assert_int_equal(day_int(s.d, "SELECT count(*) FROM audit WHERE action = 'unlock' AND actor LIKE 'uid:%'"), 1);
	assert_int_equal(day_int(s.d, "SELECT count(*) FROM audit WHERE action = 'refused' AND subject = 'vault unlock'"), 1);
	assert_int_equal(day_int(s.d, arena_printf(s.d->arena, "SELECT count(*) FROM intent WHERE payload LIKE '%%%s%%'", key.p)), 0);
	close_safe(&s);
}

/* The days' keys lie where the engine may not read them: it does not begin without them, makes none beside them, and has them all when that is mended. */
static void keys_of_days_that_cannot_be_read_are_waited_for(void **state)
{
	struct safe s;
	struct err err;
	struct vault *page;
	const char *file, *order;
	int64_t bytes;
	struct stat st;

	(void)state;
	open_safe(&s, true);
	day_order(s.d, "walmart/main", 1);
	assert_true(day_run(s.d, s.d->now_ms + 8 * MINUTE));
	order = arena_printf(s.d->arena, "order=%lld", (long long)day_int(s.d, "SELECT max(id) FROM orders"));
	day_stop(s.d);
	file = arena_printf(s.d->arena, "%s/day.keys", s.d->dir);
	assert_int_equal(stat(file, &st), 0);
	bytes = st.st_size;
	assert_int_equal(chmod(file, 0640), 0);
	assert_int_equal(day_start(s.d, &err), FAULT_STORE);
	assert_non_null(strstr(err.text, "chmod 600"));
	assert_non_null(strstr(err.text, "day.keys"));
	assert_int_equal(stat(file, &st), 0);
	assert_int_equal(st.st_size, bytes);

	/* what tells people of that has the vault's secrets all the same */
	assert_int_equal(vault_open(s.d->dir, false, &page, &err), OK);
	vault_without_days(page);
	assert_int_equal(vault_unlock_file(page, s.key_file, &err), OK);
	assert_non_null(vault_entry_of(page, "vault:walmart"));
	vault_close(page);

	assert_int_equal(chmod(file, 0600), 0);
	assert_int_equal(day_start(s.d, &err), OK);
	assert_null(day_intend(s.d, "reveal", "", order));
	assert_true(*day_answer(s.d, "person.name"));
	close_safe(&s);
}

static const struct {
	const char *why;
	bool locked;
	const char *role, *kind, *payload, *action, *subject; /* of the row */
} words[] = {
	{ "a viewer may not unlock", true, "viewer", "vault", "action=unlock\nslot=1\nkey=00\n", "refused", "vault unlock" },
	{ "nor is he told that it is locked instead of what he may", true, "viewer", "refresh", "", "refused", "refresh" },
	{ "nor stops he what is locked", true, "viewer", "stop", "", "refused", "stop" },
	{ "an approver stops it", true, "approver", "stop", "", "stop", "engine" },
	{ "a viewer may not have secrets read again", false, "viewer", "vault", "action=reload\n", "refused", "vault reload" },
	{ "nor may an operator", false, "operator", "vault", "action=reload\n", "refused", "vault reload" },
};

static void each_word_about_the_vault_is_on_record(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		char roles[60];
		struct safe s;
		const char *no;

		snprintf(roles, sizeof roles, "[roles]\n%u = %s\n", (unsigned)geteuid(), words[i].role);
		open_safe_with(&s, !words[i].locked, roles);
		assert_true(day_run(s.d, s.d->now_ms + MINUTE));
		no = day_intend(s.d, words[i].kind, "", words[i].payload);
		if (!no != !!strcmp(words[i].action, "refused") || (no && !strstr(no, "you are a")))
			fail_msg("%s: %s", words[i].why, no ? no : "done");
		if (day_int(s.d, arena_printf(s.d->arena, "SELECT count(*) FROM audit WHERE action = '%s' AND subject = '%s' AND actor LIKE 'uid:%%'", words[i].action, words[i].subject)) != 1)
			fail_msg("%s: there is no row of it", words[i].why);
		assert_int_equal(s.d->engine && engine_stopping(s.d->engine), !no);
		close_safe(&s);
	}
}

static void add_slot(struct safe *s)
{
	struct vault_slot *slot = &s->v.slot[s->v.slots];

	slot->kind = SLOT_KEY_FILE;
	vault_random(slot->salt, VAULT_SALT);
	vault_random(s->book->slot_key[s->v.slots++], VAULT_KEY);
}

static void remove_slot(struct safe *s)
{
	s->v.slots--;
}

static void rotate_page(struct safe *s)
{
	struct err err;

	assert_int_equal(vault_entry_set(s->book, "pager", "another", true, 0, s->d->now_ms, 0, &err), OK);
}

static void add_page(struct safe *s)
{
	struct err err;

	assert_int_equal(vault_entry_set(s->book, "pager", "hunter2", false, 0, s->d->now_ms, 0, &err), OK);
}

/* None of it is a secret of an account's, and one person is enough for it: it is on record all the same. */
static const struct {
	const char *why;
	void (*change)(struct safe *s);
	const char *says; /* in the row of a reload */
} vault_changes[] = {
	{ "who else can open it", add_slot, "a new slot: key-file" },
	{ "and who can no more", remove_slot, "a slot is gone: key-file" },
	{ "a password for paging people", add_page, "pager: f52fbd32b2b3 is new" },
	{ "and another one", rotate_page, "pager: f52fbd32b2b3 to " },
};

static void each_change_of_the_vault_is_on_record(void **state)
{
	static const char rows[] = "SELECT count(*) FROM audit WHERE action = 'vault'", unseen[] = "SELECT count(*) FROM audit WHERE action = 'vault-changed'";
	struct safe s;
	struct err err;
	int64_t n = 0;

	(void)state;
	open_safe(&s, true);
	assert_true(day_run(s.d, s.d->now_ms + MINUTE));
	reload(&s);
	assert_int_equal(day_int(s.d, rows), 0); /* nothing is another */
	for (size_t i = 0; i < sizeof vault_changes / sizeof *vault_changes; i++) {
		vault_changes[i].change(&s);
		save(&s);
		reload(&s);
		if (day_int(s.d, rows) != ++n || !strstr(day_text(s.d, "SELECT detail FROM audit WHERE action = 'vault' ORDER BY n DESC LIMIT 1"), vault_changes[i].says))
			fail_msg("%s: %s", vault_changes[i].why, day_text(s.d, "SELECT detail FROM audit WHERE action = 'vault' ORDER BY n DESC LIMIT 1"));
	}
	day_stop(s.d);
	assert_int_equal(day_start(s.d, &err), OK);
	assert_int_equal(day_int(s.d, unseen), 0); /* each was seen */
	day_stop(s.d);
	add_slot(&s);
	save(&s);
	assert_int_equal(day_start(s.d, &err), OK);
	assert_int_equal(day_int(s.d, unseen), 1);
	assert_int_equal(day_int(s.d, "SELECT count(*) FROM audit WHERE detail LIKE '%hunter2%'"), 0);
	close_safe(&s);
}

static void an_older_vault_is_seen(void **state)
{
	struct safe s;
	char copy[220], command[500];
	struct err err;

	(void)state;
	open_safe(&s, true);
	snprintf(copy, sizeof copy, "%s.copy", s.file);
	snprintf(command, sizeof command, "cp '%s' '%s'", s.file, copy);
	assert_int_equal(system(command), 0);
	assert_int_equal(vault_entry_set(s.book, "more", "x", false, 0, s.d->now_ms, 0, &err), OK);
	save(&s);
	reload(&s);
	assert_int_equal(alerts(s.d, "vault older"), 0);
	day_stop(s.d);
	assert_int_equal(rename(copy, s.file), 0);
	assert_int_equal(day_start(s.d, &err), OK);
	assert_int_equal(alerts(s.d, "vault older"), 1);
	close_safe(&s);
}

/* A buyer is shown whole for a person, on record; the answer's own words do not stand among what is known of him. */
static void a_buyer_is_shown_and_that_is_on_record(void **state)
{
	struct day_plan plan = { .seed = 8, .skus = 8, .settle_pct = 20, .idle = true, .prompt = true };
	struct day *d = day_open(&plan);
	const char *order;

	(void)state;
	day_order(d, "walmart/main", 1);
	assert_true(day_run(d, d->now_ms + 8 * MINUTE));
	order = arena_printf(d->arena, "order=%lld", (long long)day_int(d, "SELECT max(id) FROM orders"));
	assert_null(day_intend(d, "reveal", "", order));
	assert_true(*day_answer(d, "person.name") && *day_answer(d, "person.state"));
	assert_string_equal(day_answer(d, "state"), "done");
	assert_int_equal(day_int(d, "SELECT count(*) FROM audit WHERE action = 'reveal'"), 1);
	assert_null(day_intend(d, "redact", "", order));
	assert_non_null(strstr(day_intend(d, "reveal", "", order), "purged"));
	assert_int_equal(day_int(d, "SELECT count(*) FROM audit WHERE action = 'reveal'"), 1);
	day_close(d);
}

/* The engine goes by the kernel's word, whatever the message claims; what was refused is on record as what was done is. */
static void a_viewer_is_refused_and_that_is_on_record(void **state)
{
	struct day_plan plan = { .seed = 8, .skus = 8, .settle_pct = 20, .idle = true, .prompt = true };
	struct day *d = day_prepare(&plan);
	struct err err;
	int64_t order;

	(void)state;
	day_configure(d, arena_printf(d->arena, "[roles]\n%u = viewer\n", (unsigned)geteuid()));
	assert_int_equal(day_start(d, &err), OK);
	day_order(d, "walmart/main", 1);
	assert_true(day_run(d, d->now_ms + 8 * MINUTE));
	order = day_int(d, "SELECT max(id) FROM orders");
	assert_null(day_intend(d, "login", "", "whence=pts/1\n"));
	assert_string_equal(day_answer(d, "role"), "viewer");
	assert_non_null(strstr(day_intend(d, "ack", "", arena_printf(d->arena, "order=%lld", (long long)order)), "you are a viewer"));
	assert_non_null(strstr(day_intend(d, "reveal", "", arena_printf(d->arena, "order=%lld", (long long)order)), "you are a viewer"));
	assert_non_null(strstr(day_intend(d, "stop", "", ""), "takes an approver"));
	assert_null(day_intend(d, "reveal", "", "body=1")); /* what is blotted out anybody may see */
	assert_int_equal(day_int(d, "SELECT count(*) FROM audit WHERE action = 'refused' AND subject IN ('ack', 'reveal', 'stop')"), 3);
	assert_int_equal(day_int(d, "SELECT count(*) FROM audit WHERE action = 'reveal'"), 0);
	assert_int_equal(day_int(d, "SELECT count(*) FROM job WHERE verb = 'ack'"), 0);
	day_close(d);
}

/* A program says what should be done, under the digest of what it saw; a person has it done, or not. */
static void a_program_proposes_and_a_person_has_it_done(void **state)
{
	enum { FEEDER = 4711 };
	struct day_plan plan = { .seed = 8, .skus = 8, .settle_pct = 20, .idle = true, .prompt = true };
	struct day *d = day_prepare(&plan);
	struct err err;
	const char *order, *first;

	(void)state;
	if (!day_plays_others()) {
		day_close(d);
		skip(); /* nobody else can be played */
	}
	day_configure(d, "[roles]\n0 = operator\n4711 = program\n");
	assert_int_equal(day_start(d, &err), OK);
	day_order(d, "walmart/main", 1);
	assert_true(day_run(d, d->now_ms + 8 * MINUTE));
	order = arena_printf(d->arena, "order=%lld", (long long)day_int(d, "SELECT max(id) FROM orders"));
	assert_true(day_as(d, FEEDER));
	assert_null(day_intend(d, "ack", "", order));
	assert_string_equal(day_answer(d, "state"), "proposed");
	assert_int_equal(day_int(d, "SELECT count(*) FROM job WHERE verb = 'ack'"), 0);
	first = arena_printf(d->arena, "intent=%lld\n", (long long)day_int(d, "SELECT max(id) FROM intent WHERE kind = 'ack' AND state = 'proposed'"));
	assert_non_null(strstr(day_intend(d, "approve", "", first), "you are a program"));
	assert_non_null(strstr(day_intend(d, "zero", "", "scope=all\nreason=a feed said so\n"), "a program is none"));
	assert_non_null(strstr(day_intend(d, "shadow", "", ""), "you are a program"));

	assert_true(day_as(d, 0));
	assert_null(day_intend(d, "approve", "", first));
	assert_int_equal(day_int(d, "SELECT count(*) FROM job WHERE verb = 'ack'"), 1);
	assert_int_equal(day_int(d, "SELECT count(*) FROM audit WHERE action = 'propose' AND actor LIKE 'uid:4711 %'"), 1);
	assert_int_equal(day_int(d, "SELECT count(*) FROM audit WHERE action = 'approve' AND actor LIKE 'uid:0 %'"), 1);
	assert_int_equal(alerts(d, "approve %"), 0);
	assert_non_null(day_intend(d, "approve", "", first)); /* once */
	assert_true(day_run(d, d->now_ms + 5 * MINUTE));
	assert_int_equal(day_int(d, "SELECT count(*) FROM job WHERE verb = 'ack' AND state = 'done'"), 1);
	day_close(d);
}

static const char *in_use(struct safe *s)
{
	return arena_strdup(s->d->arena, day_text(s->d, "SELECT fingerprint FROM secret WHERE key = 'client_secret' AND account_id = 1"));
}

static int64_t proposed(struct safe *s)
{
	return day_int(s->d, "SELECT coalesce(max(id), 0) FROM intent WHERE kind = 'vault' AND state = 'proposed'");
}

static const char *agree(struct safe *s, int64_t intent)
{
	return day_intend(s->d, "approve", "", arena_printf(s->d->arena, "intent=%lld\n", (long long)intent));
}

/* Where two may approve, what one of them changed is used when the other has agreed to just that. */
static void a_change_of_secrets_takes_two(void **state)
{
	enum { JO = 4711 };
	struct safe s;
	struct err err;
	const char *first;
	int64_t id;

	(void)state;
	open_safe_with(&s, true, "[roles]\n0 = approver\n4711 = approver\n");
	assert_true(day_run(s.d, s.d->now_ms + 5 * MINUTE));
	first = in_use(&s);

	assert_int_equal(vault_entry_set(s.book, "walmart", NEWER, true, 0, s.d->now_ms, 0, &err), OK);
	save(&s);
	reload(&s);
	id = proposed(&s);
	assert_true(id > 0);
	assert_string_equal(in_use(&s), first); /* nothing of it is taken */
	assert_int_equal(alerts(s.d, "approve %"), 1);
	assert_int_equal(day_int(s.d, "SELECT count(*) FROM intent WHERE kind = 'vault' AND payload LIKE '%change=walmart: ' || (SELECT fingerprint FROM secret WHERE account_id = 1 AND "
	                              "key = 'client_secret') || ' to %'"), 1);
	assert_int_equal(day_int(s.d, "SELECT count(*) FROM intent WHERE payload LIKE '%" NEWER "%'"), 0);
	assert_non_null(strstr(agree(&s, id), "somebody else has to agree"));

	if (!day_as(s.d, JO)) {
		print_message("skip a second uid: only root can play one, where nobody logged in\n");
		close_safe(&s);
		return;
	}
	/* it is bound to what was looked at: another change since is another change */
	assert_int_equal(vault_entry_set(s.book, "walmart", "something-else-again", true, 0, s.d->now_ms, 0, &err), OK);
	save(&s);
	assert_non_null(strstr(agree(&s, id), "no longer what uid:0"));
	assert_string_equal(in_use(&s), first);
	assert_true(day_run(s.d, s.d->now_ms + 12 * MINUTE)); /* nobody agreed to it */
	assert_int_equal(proposed(&s), 0);

	assert_int_equal(vault_entry_set(s.book, "walmart", NEWER, true, 0, s.d->now_ms, 0, &err), OK);
	save(&s);
	assert_true(day_as(s.d, 0));
	reload(&s);
	id = proposed(&s);
	assert_true(day_as(s.d, JO));
	assert_null(agree(&s, id));
	assert_string_not_equal(in_use(&s), first);
	assert_int_equal(alerts(s.d, "approve %"), 0);
	assert_int_equal(day_int(s.d, "SELECT count(*) FROM audit WHERE action = 'secret-change' AND actor LIKE 'uid:4711 %' AND subject LIKE 'intent % of uid:0 %'"), 1);
	close_safe(&s);
}

/* A file that was changed while no engine ran is read all the same: that is told, and stands in the audit. */
static void a_secret_that_changed_between_two_engines_is_told(void **state)
{
	struct safe s;
	struct err err;

	(void)state;
	open_safe_with(&s, true, "[vault]\nsecond_person = on\n");
	assert_true(day_run(s.d, s.d->now_ms + 5 * MINUTE));
	day_stop(s.d);
	assert_int_equal(vault_entry_set(s.book, "walmart", NEWER, true, 0, s.d->now_ms, 0, &err), OK);
	save(&s);
	assert_int_equal(day_start(s.d, &err), OK);
	assert_int_equal(alerts(s.d, "secrets unagreed"), 1);
	assert_int_equal(day_int(s.d, "SELECT count(*) FROM audit WHERE action = 'secret-unagreed' AND subject = 'walmart-us client_secret'"), 1);
	close_safe(&s);
}

static void one_name_at_two_machines_is_told(void **state)
{
	struct day_plan plan = { .seed = 9, .skus = 8, .settle_pct = 20, .idle = true, .prompt = true };
	struct day *d = day_open(&plan);

	(void)state;
	assert_true(day_run(d, d->now_ms + 2 * MINUTE));
	assert_null(day_intend(d, "login", "", "whence=/dev/pts/1 from 10.0.0.1 5022 10.0.0.9 22\n"));
	assert_null(day_intend(d, "login", "", "whence=/dev/pts/2 from 10.0.0.1 5023 10.0.0.9 22\n"));
	assert_null(day_intend(d, "login", "", "whence=/dev/tty1\n"));
	assert_int_equal(alerts(d, "login uid:%"), 0);
	assert_null(day_intend(d, "login", "", "whence=/dev/pts/3 from 10.0.0.1 5024 10.0.0.9 22\n"));
	assert_null(day_intend(d, "login", "", "whence=/dev/pts/4 from 10.0.0.2 5022 10.0.0.9 22\n"));
	assert_int_equal(alerts(d, "login uid:%"), 1);
	assert_int_equal(day_int(d, "SELECT count(*) FROM audit WHERE action = 'login' AND actor LIKE 'uid:%'"), 5);
	day_close(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_secrets_are_valid_while_one_rotates),
		cmocka_unit_test(a_refused_secret_that_is_put_right_ends_its_alert),
		cmocka_unit_test(a_wrong_secret_that_is_put_there_is_told),
		cmocka_unit_test(a_locked_engine_waits),
		cmocka_unit_test(keys_of_days_that_cannot_be_read_are_waited_for),
		cmocka_unit_test(each_word_about_the_vault_is_on_record),
		cmocka_unit_test(each_change_of_the_vault_is_on_record),
		cmocka_unit_test(an_older_vault_is_seen),
		cmocka_unit_test(a_buyer_is_shown_and_that_is_on_record),
		cmocka_unit_test(a_viewer_is_refused_and_that_is_on_record),
		cmocka_unit_test(a_program_proposes_and_a_person_has_it_done),
		cmocka_unit_test(a_change_of_secrets_takes_two),
		cmocka_unit_test(a_secret_that_changed_between_two_engines_is_told),
		cmocka_unit_test(one_name_at_two_machines_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
