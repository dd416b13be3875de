/*
 * tallyman vault: the one file that holds secrets, and who may open it.
 *
 * It is changed here, by who can open it, and read by the engine, which is told at once and puts what became another on record; no restart. The engine hears
 * a slot's key when it is to be unlocked, and never a passphrase.
 */
#include "base/text.h"
#include "cmd/print.h"
#include "cmd/vault_hand.h"
#include "engine/run.h"
#include "store/lease.h"
#include "trade/alerts.h"
#include "trade/jobs.h"
#include "trade/secrets.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define DAY_MS INT64_C(86400000)

/* ---- making one ---- */

/* The key that bodies and people's data are sealed with moves into the vault; a store that has sealed nothing gets a new one. */
static enum fault take_seal_key(struct hand *h, const char *path, bool *had)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	bool sealed = false;
	enum fault f = OK;

	*had = fd >= 0;
	if (fd < 0) {
		f = store_open(h->s->set.store, STORE_READ, &h->s->store, &h->s->err);
		if (!f)
			f = bodies_any(h->s->store, &sealed, &h->s->err);
		if (!f && sealed)
			f = err_set(&h->s->err, FAULT_REFUSED, "the store has sealed rows, and %.100s is not there: put it back first", path);
		vault_random(h->book->seal_key, VAULT_KEY);
		return f;
	}
	f = vault_check_private(fd, path, FAULT_STORE, &h->s->err);
	if (!f && read(fd, h->book->seal_key, VAULT_KEY) != VAULT_KEY)
		f = err_set(&h->s->err, FAULT_STORE, "%.100s is not a seal key: it wants %d bytes", path, VAULT_KEY);
	close(fd);
	return f;
}

/* The key stands in the vault now: its old file is overwritten, as far as a file system lets one, and removed. */
static void remove_seal_key(const char *path)
{
	static const char zeros[VAULT_KEY];
	int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);

	if (fd >= 0 && (write(fd, zeros, sizeof zeros) != (ssize_t)sizeof zeros || fsync(fd)))
		fprintf(stderr, "tallyman vault: %s could not be overwritten\n", path);
	if (fd >= 0)
		close(fd);
	if (unlink(path))
		fprintf(stderr, "tallyman vault: %s is no longer needed, and could not be removed\n", path);
}

static enum fault must_be_none(struct hand *h)
{
	return access(h->path, F_OK) ? OK : err_set(&h->s->err, FAULT_REFUSED, "%.120s is there already: `tallyman vault list` says who may open it", h->path);
}

/* As long as a passphrase is thought of: an engine that started meanwhile would make a key of its own for a store that has none, or another vault this one. */
static enum fault keep_engines_out(struct hand *h)
{
	char holder[160];

	if (lease_holder(h->s->set.store, holder, sizeof holder))
		return err_set(&h->s->err, FAULT_REFUSED, "%.100s: end that engine first, it holds the key that goes into the vault", holder);
	return lease_take(h->s->set.store, h->s->now_ms, &h->lease, &h->s->err);
}

static enum fault init(struct hand *h)
{
	const char *seal_key = arena_printf(h->s->a, "%s/seal.key", h->s->set.store);
	char passphrase[VAULT_VALUE + 1];
	bool had = false;
	enum fault f = must_be_none(h);

	if (!f)
		f = keep_engines_out(h);
	if (!f)
		f = must_be_none(h); /* nor is there one since */
	if (f)
		return f;
	h->book = vault_memory(sizeof *h->book);
	f = take_seal_key(h, seal_key, &had);
	if (!f)
		f = hand_ask(h, "a passphrase for the vault", true, passphrase);
	if (!f)
		f = hand_add_passphrase(h, SLOT_PASSPHRASE, passphrase);
	vault_wipe(passphrase, sizeof passphrase);
	if (!f && h->s->o.key_file)
		f = hand_add_key_file(h, h->s->o.key_file);
	if (!f)
		f = hand_save(h);
	if (f)
		return f;
	if (had)
		remove_seal_key(seal_key);
	printf("The vault is %s\n", h->path);
	if (h->s->o.key_file)
		printf("%s opens it as well: whoever can read that file can read every secret.\n", h->s->o.key_file);
	printf("\nNext:\n"
	       "  tallyman vault slot add break-glass   a passphrase for the safe, in case nobody knows this one\n"
	       "  tallyman vault add NAME               put a secret into it; in tallyman.ini write vault:NAME\n"
	       "  tallyman vault unlock                 after each start of the engine%s\n"
	       "Keep a copy of the file with your backups: without it what is sealed stays sealed.\n",
	       h->s->o.key_file ? ", where it has no key file ([vault] key_file)" : "");
	return OK;
}

/* ---- secrets ---- */

static enum fault read_expiry(struct hand *h, int64_t *ms)
{
	*ms = 0;
	if (h->s->o.expires && (time_parse(h->s->o.expires, ms) || *ms <= h->s->now_ms))
		return err_set(&h->s->err, FAULT_REFUSED, "--expires wants a day that is to come, as 2027-05-31");
	return OK;
}

static enum fault set_secret(struct hand *h, const char *name, bool rotate, int64_t old_until_ms, int64_t expires_ms)
{
	char value[VAULT_VALUE + 1];
	enum fault f = hand_ask(h, arena_printf(h->s->a, "secret %s", name), false, value);

	if (!f)
		f = vault_entry_set(h->book, name, value, rotate, old_until_ms, h->s->now_ms, expires_ms, &h->s->err);
	vault_wipe(value, sizeof value);
	return f;
}

static enum fault save_and_tell(struct hand *h, const char *said)
{
	enum fault f = hand_save(h);

	if (f)
		return f;
	printf("%s\n", said);
	return hand_tell(h, "reload");
}

static enum fault open_to_change(struct hand *h)
{
	enum fault f = hand_lock(h);

	return f ? f : hand_open(h);
}

static enum fault add(struct hand *h)
{
	const char *name = h->s->o.word[1];
	int64_t expires;
	enum fault f = read_expiry(h, &expires);

	if (!f)
		f = open_to_change(h);
	if (!f && vault_entry_find(h->book, name))
		f = err_set(&h->s->err, FAULT_REFUSED, "%.60s is there already: tallyman vault rotate %.60s puts another in its place", name, name);
	if (!f)
		f = set_secret(h, name, false, 0, expires);
	return f ? f : save_and_tell(h, arena_printf(h->s->a, "%s is in the vault: in tallyman.ini write vault:%s", name, name));
}

static enum fault must_find(struct hand *h, const char *name)
{
	return vault_entry_find(h->book, name) ? OK : err_set(&h->s->err, FAULT_REFUSED, "the vault has no %.60s: `tallyman vault names` lists what it has", name);
}

static enum fault rotate(struct hand *h)
{
	const char *name = h->s->o.word[1];
	int64_t expires, until = h->s->o.days > 0 ? h->s->now_ms + h->s->o.days * DAY_MS : 0;
	enum fault f = read_expiry(h, &expires);

	if (!f)
		f = open_to_change(h);
	if (!f)
		f = must_find(h, name);
	if (!f)
		f = set_secret(h, name, true, until, expires);
	return f ? f : save_and_tell(h, arena_printf(h->s->a, "%s is another now; the one before is used where the new one is refused, %s", name,
	                                             until ? "until the day you gave" : "until tallyman vault retire"));
}

/* Which accounts use it, as the store knows: the first of them, or the first that was refused with the newer of two. user->account_name NULL: none. */
static enum fault find_user(struct hand *h, const char *name, bool refused, struct secret *user)
{
	const char *source = arena_printf(h->s->a, "vault:%s", name);
	struct secret *row;
	int n = 0;
	bool is = !refused;
	enum fault f = h->s->store ? OK : store_open(h->s->set.store, STORE_READ, &h->s->store, &h->s->err);

	*user = (struct secret){ .account_name = NULL };
	if (!f)
		f = secrets_all(h->s->store, h->s->a, &row, &n, &h->s->err);
	for (int i = 0; i < n && !f && !user->account_name; i++) {
		if (strcmp(row[i].source, source))
			continue;
		if (refused)
			f = alert_is_open(h->s->store, arena_printf(h->s->a, "spare %s", row[i].account_name), &is, &h->s->err);
		if (!f && is)
			*user = row[i];
	}
	return f;
}

/* The newer one may be the wrong one: then the older is what works, and is not taken away. */
static enum fault must_not_be_needed(struct hand *h, const char *name)
{
	struct secret user;
	enum fault f = find_user(h, name, true, &user);

	if (f || !user.account_name)
		return f;
	return err_set(&h->s->err, FAULT_REFUSED, "%.60s refused one of the two, and works with the other: put the right one in place first (tallyman vault rotate %.60s)",
	               user.account_name, name);
}

static enum fault retire(struct hand *h)
{
	const char *name = h->s->o.word[1];
	enum fault f = open_to_change(h);

	if (!f)
		f = must_find(h, name);
	if (!f && !*vault_entry_find(h->book, name)->old)
		f = err_set(&h->s->err, FAULT_REFUSED, "%.60s has no older one beside it: there is nothing to retire", name);
	if (!f)
		f = must_not_be_needed(h, name);
	if (f)
		return f;
	vault_entry_retire(vault_entry_find(h->book, name));
	return save_and_tell(h, arena_printf(h->s->a, "%s: the one before is gone", name));
}

static enum fault take_out(struct hand *h)
{
	const char *name = h->s->o.word[1];
	struct secret user = { .account_name = NULL };
	enum fault f = open_to_change(h);

	if (!f)
		f = must_find(h, name);
	if (!f)
		f = find_user(h, name, false, &user);
	if (f)
		return f;
	if (user.account_name)
		fprintf(stderr, "tallyman vault: %s had it as its %s: without another it stands still when the engine is started again\n", user.account_name, user.key);
	vault_entry_drop(h->book, name);
	return save_and_tell(h, arena_printf(h->s->a, "%s is out of the vault; vault.tly.bak still has it until the next change", name));
}

/* ---- slots ---- */

/* 40 characters of 32: 200 bits, in groups, without those that look alike. */
static void make_passphrase(char out[48])
{
	static const char letters[] = "abcdefghjkmnpqrstuvwxyz23456789z"; /* 32, one twice */
	unsigned char random[40];
	int n = 0;

	vault_random(random, sizeof random);
	for (int i = 0; i < 40; i++) {
		out[n++] = letters[random[i] & 31];
		if (i % 5 == 4 && i < 39)
			out[n++] = '-';
	}
	out[n] = '\0';
	vault_wipe(random, sizeof random);
}

static enum fault add_break_glass(struct hand *h)
{
	char passphrase[48];
	enum fault f;

	make_passphrase(passphrase);
	f = hand_add_passphrase(h, SLOT_BREAK_GLASS, passphrase);
	if (!f)
		f = hand_save(h);
	if (!f)
		printf("The break-glass passphrase, shown this once. On paper, into the safe; whoever uses it is told of to everybody:\n\n    %s\n\n", passphrase);
	vault_wipe(passphrase, sizeof passphrase);
	return f;
}

static enum fault add_asked(struct hand *h)
{
	char passphrase[VAULT_VALUE + 1];
	enum fault f = hand_ask(h, "the new passphrase", true, passphrase);

	if (!f)
		f = hand_add_passphrase(h, SLOT_PASSPHRASE, passphrase);
	vault_wipe(passphrase, sizeof passphrase);
	return f;
}

static enum fault slot_add(struct hand *h)
{
	enum slot_kind kind = slot_kind_from_name(h->s->o.word[2]);
	const char *file = h->s->o.words > 3 ? h->s->o.word[3] : NULL;
	enum fault f;

	if (kind == SLOT_KINDS || (kind == SLOT_KEY_FILE) != (file != NULL))
		return err_set(&h->s->err, FAULT_REFUSED, "a slot is passphrase, break-glass, or key-file FILE; FILE is made when it is not there");
	f = open_to_change(h);
	if (!f && kind == SLOT_BREAK_GLASS)
		f = add_break_glass(h);
	else if (!f)
		f = kind == SLOT_KEY_FILE ? hand_add_key_file(h, file) : add_asked(h);
	return f ? f : save_and_tell(h, arena_printf(h->s->a, "slot %d is a %s", h->file.slots, slot_kind_name(kind)));
}

static enum fault slot_remove(struct hand *h)
{
	int64_t n;
	enum fault f = open_to_change(h);

	if (f)
		return f;
	if (!text_int(h->s->o.word[2], 1, h->file.slots, &n))
		return err_set(&h->s->err, FAULT_REFUSED, "there are slots 1 to %d: `tallyman vault list` says whose each is", h->file.slots);
	if (h->file.slots == 1)
		return err_set(&h->s->err, FAULT_REFUSED, "it is the only one, and nobody could open the vault any more: add another first (tallyman vault slot add)");
	for (int i = (int)n - 1; i + 1 < h->file.slots; i++) {
		h->file.slot[i] = h->file.slot[i + 1];
		memcpy(h->book->slot_key[i], h->book->slot_key[i + 1], VAULT_KEY);
	}
	vault_wipe(h->book->slot_key[--h->file.slots], VAULT_KEY);
	f = hand_save(h); /* twice: nor may that slot open what stays as vault.tly.bak */
	return f ? f : save_and_tell(h, "That slot opens this vault no more. Who could open it may have kept what was in it: rotate the secrets, and the other slots' keys");
}

/* ---- looking ---- */

static const struct column slot_columns[] = {
	{ "slot", CELL_INT, false },
	{ "kind", CELL_TEXT, false },
	{ "scrypt_n", CELL_INT, false }, /* the cost of a guess; nothing for a key file */
};

static const struct column secret_columns[] = {
	{ "account", CELL_TEXT, false },   { "key", CELL_TEXT, false },   { "source", CELL_TEXT, false }, { "fingerprint", CELL_TEXT, false },
	{ "since", CELL_TIME, false },     { "ends", CELL_TIME, false },  { "days_left", CELL_INT, false },
	{ "before", CELL_TEXT, false }, /* the fingerprint of the one before, while it is valid as well */
	{ "before_until", CELL_TIME, false },
};

static void put_slots(struct hand *h, struct sheet *t)
{
	sheet_table(t, "slots", COLUMNS(slot_columns));
	for (int i = 0; i < h->file.slots; i++) {
		put_int(t, i + 1);
		put_text(t, slot_kind_name(h->file.slot[i].kind));
		if (h->file.slot[i].kind == SLOT_KEY_FILE)
			put_none(t);
		else
			put_int(t, INT64_C(1) << h->file.slot[i].log2_n);
	}
}

static enum fault put_calendar(struct session *s, struct sheet *t)
{
	struct secret *row;
	int n;
	enum fault f = secrets_all(s->store, s->a, &row, &n, &s->err);

	sheet_table(t, "secrets", COLUMNS(secret_columns));
	for (int i = 0; i < n && !f; i++) {
		put_text(t, row[i].account_name);
		put_text(t, row[i].key);
		put_text(t, row[i].source);
		put_text(t, row[i].fingerprint);
		put_time(t, row[i].since_ms);
		put_time(t, row[i].expires_ms);
		if (row[i].expires_ms)
			put_int(t, secret_days_left(&row[i], s->now_ms));
		else
			put_none(t);
		put_text(t, row[i].old);
		put_time(t, row[i].old_until_ms);
	}
	return f;
}

/* What accounts use and when it ends: no key is needed for that. */
static enum fault list(struct hand *h)
{
	enum fault f = store_open(h->s->set.store, STORE_READ, &h->s->store, &h->s->err);

	if (!f && !access(h->path, F_OK))
		f = hand_read(h);
	if (f)
		return f;
	if (!h->file.slots)
		fprintf(stderr, "tallyman vault: there is no vault in %s: tallyman vault init makes one\n", h->s->set.store);
	put_slots(h, session_sheet(h->s, true));
	return put_calendar(h->s, h->s->sheet);
}

static const struct column name_columns[] = {
	{ "name", CELL_TEXT, false }, { "set", CELL_TIME, false }, { "ends", CELL_TIME, false }, { "before", CELL_FLAG, false }, { "before_until", CELL_TIME, false },
};

static enum fault names(struct hand *h)
{
	enum fault f = hand_open(h);

	if (f)
		return f;
	sheet_table(session_sheet(h->s, false), "names", COLUMNS(name_columns));
	for (const struct vault_entry *e = h->book->entry; e < h->book->entry + h->book->entries; e++) {
		put_text(h->s->sheet, e->name);
		put_time(h->s->sheet, e->set_ms);
		put_time(h->s->sheet, e->expires_ms);
		put_flag(h->s->sheet, *e->old);
		put_time(h->s->sheet, e->old_until_ms);
	}
	return OK;
}

/* ---- the engine ---- */

static enum fault unlock(struct hand *h)
{
	enum fault f = hand_open(h);

	return f ? f : hand_tell(h, "unlock");
}

static enum fault reload(struct hand *h)
{
	return hand_tell(h, "reload");
}

/* ---- which ---- */

static const struct {
	const char *word, *second;
	int words_min, words_max; /* all of them */
	enum fault (*run)(struct hand *h);
} deeds[] = {
	{ "init", NULL, 1, 1, init },      { "add", NULL, 2, 2, add },          { "rotate", NULL, 2, 2, rotate },       { "retire", NULL, 2, 2, retire },
	{ "remove", NULL, 2, 2, take_out }, { "slot", "add", 3, 4, slot_add },   { "slot", "remove", 3, 3, slot_remove }, { "list", NULL, 1, 1, list },
	{ "names", NULL, 1, 1, names },    { "unlock", NULL, 1, 1, unlock },    { "reload", NULL, 1, 1, reload },
};

int cmd_vault(int argc, char **argv)
{
	struct session s;
	struct hand h;
	enum fault f;
	const char *word;
	int status = session_begin(argc, argv, TAKES_NOW | TAKES_VAULT | TAKES_DAYS, 0, 4, &s);

	if (status >= 0)
		return status;
	word = s.o.words ? s.o.word[0] : "list";
	for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++) {
		if (strcmp(deeds[i].word, word) || (deeds[i].second && (s.o.words < 2 || strcmp(deeds[i].second, s.o.word[1]))))
			continue;
		if ((s.o.words && s.o.words < deeds[i].words_min) || s.o.words > deeds[i].words_max)
			break;
		engine_fence(); /* no core, nobody looks in */
		looker_fence();
		hand_begin(&h, &s);
		f = deeds[i].run(&h);
		hand_end(&h);
		return session_end(&s, f);
	}
	return session_leave(&s, command_misused("vault", "that is none of its words, or one too few or too many"));
}
