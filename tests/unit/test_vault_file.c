/* The vault's file: opened by each of its slots, refused when one bit of it is another, saved so that there is always a whole one. */
#include "engine/vault_file.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

struct place {
	char dir[64], path[96], key[96];
	struct vault_sealed v;
	struct vault_book *book;
};

static void add_slot(struct place *p, enum slot_kind kind, const char *passphrase)
{
	struct vault_slot *s = &p->v.slot[p->v.slots];
	struct err err;

	*s = (struct vault_slot){ .kind = kind };
	if (kind != SLOT_KEY_FILE)
		s->log2_n = SCRYPT_MIN, s->r = 8, s->p = 1;
	vault_random(s->salt, sizeof s->salt);
	if (kind == SLOT_KEY_FILE)
		assert_int_equal(vault_key_from_file(s, p->key, p->book->slot_key[p->v.slots], &err), OK);
	else
		assert_int_equal(vault_stretch(s, passphrase, p->book->slot_key[p->v.slots], &err), OK);
	p->v.slots++;
}

static int set_up(void **state)
{
	struct place *p = calloc(1, sizeof *p);
	struct err err;

	strcpy(p->dir, "/tmp/tallyman-vf-XXXXXX");
	assert_non_null(mkdtemp(p->dir));
	snprintf(p->path, sizeof p->path, "%s/vault.tly", p->dir);
	snprintf(p->key, sizeof p->key, "%s/key", p->dir);
	assert_int_equal(vault_key_file_make(p->key, &err), OK);
	p->book = vault_memory(sizeof *p->book);
	vault_random(p->book->seal_key, VAULT_KEY);
	add_slot(p, SLOT_PASSPHRASE, "correct horse");
	add_slot(p, SLOT_KEY_FILE, NULL);
	add_slot(p, SLOT_BREAK_GLASS, "in the safe");
	assert_int_equal(vault_entry_set(p->book, "walmart.secret", "first", false, 0, 1000, 0, &err), OK);
	assert_int_equal(vault_entry_set(p->book, "amazon.secret", "lwa", false, 0, 1000, 999, &err), OK);
	assert_int_equal(vault_file_save(p->path, &p->v, p->book, &err), OK);
	*state = p;
	return 0;
}

static int tear_down(void **state)
{
	struct place *p = *state;
	char command[120];

	vault_memory_free(p->book, sizeof *p->book);
	snprintf(command, sizeof command, "rm -rf '%s'", p->dir);
	free(p);
	return system(command);
}

/* Open the file at path with a key; the book is the caller's to free. */
static enum fault open_with(const char *path, int slot, const unsigned char *key, struct vault_book **out, struct err *err)
{
	struct vault_sealed v;
	unsigned char *bytes;
	size_t n;
	bool there;
	enum fault f = vault_file_load(path, &bytes, &n, &there, err);

	*out = vault_memory(sizeof **out);
	if (!f)
		f = vault_sealed_read(bytes, n, &v, err);
	if (!f)
		f = vault_sealed_open(&v, slot, key, *out, err);
	free(bytes);
	return f;
}

static void each_slot_opens_it(void **state)
{
	static const char *const words[] = { "correct horse", NULL, "in the safe" };
	struct place *p = *state;
	unsigned char key[VAULT_KEY];
	struct vault_book *b;
	struct err err;

	for (int i = 0; i < 3; i++) {
		if (words[i])
			assert_int_equal(vault_stretch(&p->v.slot[i], words[i], key, &err), OK);
		else
			assert_int_equal(vault_key_from_file(&p->v.slot[i], p->key, key, &err), OK);
		assert_int_equal(open_with(p->path, i, key, &b, &err), OK);
		assert_string_equal(vault_entry_find(b, "walmart.secret")->value, "first");
		assert_int_equal(vault_entry_find(b, "amazon.secret")->expires_ms, 999);
		assert_memory_equal(b->seal_key, p->book->seal_key, VAULT_KEY);
		vault_memory_free(b, sizeof *b);
	}
	assert_int_equal(vault_stretch(&p->v.slot[0], "correct horsf", key, &err), OK);
	assert_int_equal(open_with(p->path, 0, key, &b, &err), FAULT_AUTH);
	vault_memory_free(b, sizeof *b);
}

static unsigned char *bytes_of(const char *path, size_t *n)
{
	unsigned char *bytes;
	struct err err;
	bool there;

	assert_int_equal(vault_file_load(path, &bytes, n, &there, &err), OK);
	return bytes;
}

/* Head, slots, nonce and tag whole, and a share of the body: every bit of it turned once. */
static void no_bit_of_it_can_be_another(void **state)
{
	struct place *p = *state;
	size_t n, opened = 0;
	unsigned char *bytes = bytes_of(p->path, &n);
	struct vault_book *b = vault_memory(sizeof *b);

	for (size_t i = 0; i < n; i += i < 300 || i > n - 40 ? 1 : 61)
		for (int bit = 0; bit < 8; bit++) {
			struct vault_sealed v;
			struct err err;

			bytes[i] ^= (unsigned char)(1 << bit);
			/* slot 2's key does not change with the other slots' words: all of them are bound to the body */
			if (!vault_sealed_read(bytes, n, &v, &err) && v.slots > 1 && !vault_sealed_open(&v, 1, p->book->slot_key[1], b, &err))
				opened++;
			bytes[i] ^= (unsigned char)(1 << bit);
		}
	assert_int_equal(opened, 0);
	free(bytes);
	vault_memory_free(b, sizeof *b);
}

/* Who opens it is told whether his key is wrong or the file is. */
static void a_damaged_file_is_no_wrong_key(void **state)
{
	struct place *p = *state;
	size_t n;
	unsigned char *bytes = bytes_of(p->path, &n);
	struct vault_book *b = vault_memory(sizeof *b);
	struct vault_sealed v;
	struct err err;

	bytes[n / 2] ^= 1;
	assert_int_equal(vault_sealed_read(bytes, n, &v, &err), OK);
	assert_int_equal(vault_sealed_open(&v, 1, p->book->slot_key[1], b, &err), FAULT_FORMAT);
	assert_int_equal(vault_sealed_open(&v, 1, p->book->slot_key[0], b, &err), FAULT_AUTH);
	free(bytes);
	vault_memory_free(b, sizeof *b);
}

static void no_part_of_it_is_enough(void **state)
{
	struct place *p = *state;
	size_t n;
	unsigned char *bytes = bytes_of(p->path, &n);
	struct vault_sealed v;
	struct err err;

	for (size_t k = 0; k < n; k += k < 400 ? 1 : 97)
		assert_int_equal(vault_sealed_read(bytes, k, &v, &err), FAULT_FORMAT);
	free(bytes);
}

struct bad_head {
	const char *why;
	size_t at;
	unsigned char byte;
};

/* Where a slot's kind and costs stand: SLOT bytes each behind a head of 24. */
static const struct bad_head bad_heads[] = {
	{ "another file", 0, 'X' },         { "a later version", 11, 2 },        { "no slot", 15, 0 },
	{ "more slots than there may be", 15, 9 }, { "a slot of no kind", 24, 9 }, { "scrypt cheaper than it may be", 25, SCRYPT_MIN - 1 },
	{ "scrypt that takes all memory", 25, SCRYPT_MAX + 1 }, { "scrypt with a block of gigabytes", 26, 255 },
	{ "scrypt for ever", 27, 255 },     { "a key file that asks for scrypt", 24 + 80 + 1, 17 },
};

static void limits_are_checked_before_anything_is_spent(void **state)
{
	struct place *p = *state;

	for (size_t i = 0; i < sizeof bad_heads / sizeof *bad_heads; i++) {
		size_t n;
		unsigned char *bytes = bytes_of(p->path, &n);
		struct vault_sealed v;
		struct err err;

		bytes[bad_heads[i].at] = bad_heads[i].byte;
		if (vault_sealed_read(bytes, n, &v, &err) != FAULT_FORMAT)
			fail_msg("%s was read", bad_heads[i].why);
		free(bytes);
	}
}

static void a_save_leaves_the_one_before(void **state)
{
	struct place *p = *state;
	char bak[120], text[120];
	unsigned char old_wrapped[VAULT_KEY];
	struct vault_book *b;
	struct err err;
	struct stat st;

	memcpy(old_wrapped, p->v.slot[1].wrapped, sizeof old_wrapped);
	assert_int_equal(vault_entry_set(p->book, "walmart.secret", "second", true, 5000, 2000, 0, &err), OK);
	assert_int_equal(vault_file_save(p->path, &p->v, p->book, &err), OK);
	assert_int_equal(p->v.saves, 2);
	assert_true(memcmp(old_wrapped, p->v.slot[1].wrapped, sizeof old_wrapped) != 0); /* the file's key is new */
	assert_int_equal(open_with(p->path, 1, p->book->slot_key[1], &b, &err), OK);
	assert_string_equal(vault_entry_find(b, "walmart.secret")->value, "second");
	assert_string_equal(vault_entry_find(b, "walmart.secret")->old, "first");
	assert_int_equal(vault_entry_find(b, "walmart.secret")->old_until_ms, 5000);
	vault_memory_free(b, sizeof *b);
	snprintf(bak, sizeof bak, "%s.bak", p->path);
	assert_int_equal(open_with(bak, 1, p->book->slot_key[1], &b, &err), OK);
	assert_string_equal(vault_entry_find(b, "walmart.secret")->value, "first");
	vault_memory_free(b, sizeof *b);
	assert_int_equal(stat(p->path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(st.st_size % 4096 < 400, 1); /* whole pages of text: its length tells little */
	chmod(p->path, 0640);
	assert_int_equal(open_with(p->path, 1, p->book->slot_key[1], &b, &err), FAULT_STORE);
	assert_non_null(strstr(err.text, "chmod 600"));
	vault_memory_free(b, sizeof *b);
	/* a folder that cannot be written leaves what there is */
	snprintf(text, sizeof text, "%s/none/vault.tly", p->dir);
	assert_int_equal(vault_file_save(text, &p->v, p->book, &err), FAULT_STORE);
}

static void a_book_keeps_its_limits(void **state)
{
	struct place *p = *state;
	char big[VAULT_VALUE + 2], name[20];
	struct err err;

	memset(big, 'x', sizeof big - 1);
	big[sizeof big - 1] = '\0';
	assert_int_equal(vault_entry_set(p->book, "big", big, false, 0, 0, 0, &err), FAULT_REFUSED);
	assert_int_equal(vault_entry_set(p->book, "empty", "", false, 0, 0, 0, &err), FAULT_REFUSED);
	assert_int_equal(vault_entry_set(p->book, "a name", "x", false, 0, 0, 0, &err), FAULT_REFUSED);
	big[VAULT_VALUE] = '\0';
	for (int i = 0; i < 60; i++) {
		snprintf(name, sizeof name, "n%d", i);
		assert_int_equal(vault_entry_set(p->book, name, big, false, 0, 0, 0, &err), OK);
	}
	assert_int_equal(vault_file_save(p->path, &p->v, p->book, &err), OK);
	assert_true(vault_entry_drop(p->book, "n7"));
	assert_false(vault_entry_drop(p->book, "n7"));
	for (int i = 100; vault_entry_set(p->book, (snprintf(name, sizeof name, "n%d", i), name), "x", false, 0, 0, 0, &err) == OK; i++)
		assert_true(i < 100 + VAULT_ENTRIES);
	assert_int_equal(p->book->entries, VAULT_ENTRIES);
	assert_int_equal(vault_file_save(p->path, &p->v, p->book, &err), OK);
}

struct length_case {
	const char *why, *text, *secret;
};

static const struct length_case length_cases[] = {
	{ "a line", "hush\n", "hush" },
	{ "the first of two", "hush\nnot that\n", "hush" },
	{ "a line as Windows ends it", "hush\r\nx", "hush" },
	{ "nothing", "", "" },
	{ "a private key, all its lines", "-----BEGIN PRIVATE KEY-----\nMIGH\nAgEA\n-----END PRIVATE KEY-----\nnot that\n",
	  "-----BEGIN PRIVATE KEY-----\nMIGH\nAgEA\n-----END PRIVATE KEY-----" },
	{ "a private key that was cut short", "-----BEGIN PRIVATE KEY-----\nMIGH\n", "-----BEGIN PRIVATE KEY-----\nMIGH\n" },
};

static void a_secret_is_a_line_or_a_private_key(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof length_cases / sizeof *length_cases; i++) {
		const struct length_case *c = &length_cases[i];

		if (vault_secret_length(c->text) != strlen(c->secret) || strncmp(c->text, c->secret, strlen(c->secret)))
			fail_msg("%s: %d bytes", c->why, (int)vault_secret_length(c->text));
	}
}

static const struct {
	const char *why, *name; /* in a folder beside which others lie; CREDENTIALS_DIRECTORY is the one named cred */
	mode_t mode;
	enum fault f;
} privates[] = {
	{ "what is its owner's alone", "else/key", 0600, OK },
	{ "what a group may read", "else/key", 0440, FAULT_AUTH },
	{ "a credential, as systemd 252 hands it over", "cred/key", 0400, OK },
	{ "as 254 does, with an ACL behind the group's bit", "cred/key", 0440, OK },
	{ "one that all may read", "cred/key", 0444, FAULT_AUTH },
	{ "one that its group may write", "cred/key", 0460, FAULT_AUTH },
	{ "in a folder whose name only begins alike", "credible/key", 0440, FAULT_AUTH },
	{ "by a way through there and out again", "cred/../else/key", 0440, FAULT_AUTH },
};

static void who_may_read_a_secret_is_looked_at(void **state)
{
	static const char *const folders[] = { "else", "cred", "credible" };
	struct place *p = *state;
	char path[200];

	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
		snprintf(path, sizeof path, "%s/%s", p->dir, folders[i]);
		assert_int_equal(mkdir(path, 0700), 0);
		if (i == 1)
			setenv("CREDENTIALS_DIRECTORY", path, 1);
	}
	for (size_t i = 0; i < sizeof privates / sizeof *privates; i++) {
		struct err err = { .text = "" };
		int fd;

		snprintf(path, sizeof path, "%s/%s", p->dir, privates[i].name);
		fd = open(path, O_CREAT | O_RDONLY | O_CLOEXEC, 0600);
		assert_true(fd >= 0 && !fchmod(fd, privates[i].mode));
		if (vault_check_private(fd, path, FAULT_AUTH, &err) != privates[i].f)
			fail_msg("%s: %s", privates[i].why, err.text);
		close(fd);
		unlink(path);
	}
	unsetenv("CREDENTIALS_DIRECTORY");
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
		snprintf(path, sizeof path, "%s/%s", p->dir, folders[i]);
		rmdir(path);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_secret_is_a_line_or_a_private_key),
		cmocka_unit_test_setup_teardown(each_slot_opens_it, set_up, tear_down),
		cmocka_unit_test_setup_teardown(no_bit_of_it_can_be_another, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_damaged_file_is_no_wrong_key, set_up, tear_down),
		cmocka_unit_test_setup_teardown(no_part_of_it_is_enough, set_up, tear_down),
		cmocka_unit_test_setup_teardown(limits_are_checked_before_anything_is_spent, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_save_leaves_the_one_before, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_book_keeps_its_limits, set_up, tear_down),
		cmocka_unit_test_setup_teardown(who_may_read_a_secret_is_looked_at, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
