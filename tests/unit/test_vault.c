/* Secrets are opened from where they are kept, never from where they are named; sealed bytes show tampering. */
#include "engine/vault_inside.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

struct place {
	char dir[64];
	struct vault *vault;
};

static void put(const char *dir, const char *name, const char *text, mode_t mode)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", dir, name);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
	chmod(path, mode);
}

static int set_up(void **state)
{
	struct place *p = calloc(1, sizeof *p);
	struct err err;

	strcpy(p->dir, "/tmp/tallyman-vault-XXXXXX");
	assert_non_null(mkdtemp(p->dir));
	assert_int_equal(vault_open(p->dir, true, &p->vault, &err), OK);
	*state = p;
	return 0;
}

static int tear_down(void **state)
{
	static const char *const names[] = { "seal.key", "day.keys", "good", "open", "empty", "two-lines" };
	struct place *p = *state;
	char path[128];

	vault_close(p->vault);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		snprintf(path, sizeof path, "%s/%s", p->dir, names[i]);
		unlink(path);
	}
	rmdir(p->dir);
	free(p);
	return 0;
}

static void sealed_bytes_open_again(void **state)
{
	struct place *p = *state;
	struct sealer s = vault_sealer(p->vault);
	struct arena *a = arena_new();
	size_t n, m;
	unsigned char *sealed = s.seal(s.ctx, a, 20000, "Jane Doe", 8, "order:7", &n);
	char *plain = s.unseal(s.ctx, a, 20000, sealed, n, "order:7", &m);

	assert_int_equal(m, 8);
	assert_memory_equal(plain, "Jane Doe", 8);
	assert_null(memmem(sealed, n, "Jane", 4));
	assert_null(s.unseal(s.ctx, a, 20000, sealed, n, "order:8", &m)); /* moved to another row */
	sealed[n / 2] ^= 1;
	assert_null(s.unseal(s.ctx, a, 20000, sealed, n, "order:7", &m)); /* one bit */
	assert_null(s.unseal(s.ctx, a, 20000, sealed, 5, "order:7", &m)); /* cut */
	arena_free(a);
}

/* A copy of everything sealed, and of the store, does not open any more when its day is over; the other days' do. */
static void a_day_that_is_over_is_gone(void **state)
{
	struct place *p = *state;
	struct sealer s = vault_sealer(p->vault);
	struct arena *a = arena_new();
	struct vault *again;
	struct err err;
	size_t n, m, k;
	int gone;
	void *one = s.seal(s.ctx, a, 20000, "Jane Doe", 8, "order:7", &n), *two = s.seal(s.ctx, a, 20001, "John Roe", 8, "order:8", &m);

	assert_memory_equal(s.unseal(s.ctx, a, 20000, one, n, "order:7", &k), "Jane Doe", 8);
	assert_null(s.unseal(s.ctx, a, 20001, one, n, "order:7", &k)); /* each day has its own */
	assert_int_equal(vault_forget(p->vault, 20000, &gone, &err), OK);
	assert_int_equal(gone, 0);
	assert_int_equal(vault_forget(p->vault, 20001, &gone, &err), OK);
	assert_int_equal(gone, 1);
	assert_null(s.unseal(s.ctx, a, 20000, one, n, "order:7", &k));
	assert_memory_equal(s.unseal(s.ctx, a, 20001, two, m, "order:8", &k), "John Roe", 8);
	assert_int_equal(vault_open(p->dir, false, &again, &err), OK); /* nor after a restart */
	s = vault_sealer(again);
	assert_null(s.unseal(s.ctx, a, 20000, one, n, "order:7", &k));
	assert_memory_equal(s.unseal(s.ctx, a, 20001, two, m, "order:8", &k), "John Roe", 8);
	vault_close(again);
	arena_free(a);
}

/* A crash in the midst of writing a day's key leaves half a record: the others open, and the next one takes its place. */
static void half_a_day_is_none(void **state)
{
	struct place *p = *state;
	struct sealer s = vault_sealer(p->vault);
	struct arena *a = arena_new();
	struct vault *again;
	struct err err;
	char path[128];
	size_t n, m, k;
	void *one = s.seal(s.ctx, a, 20000, "Jane Doe", 8, "order:7", &n), *two;
	FILE *f;

	snprintf(path, sizeof path, "%s/day.keys", p->dir);
	f = fopen(path, "a");
	assert_int_equal(fwrite("half of one", 1, 11, f), 11);
	fclose(f);
	assert_int_equal(vault_open(p->dir, false, &again, &err), OK);
	s = vault_sealer(again);
	two = s.seal(s.ctx, a, 20001, "John Roe", 8, "order:8", &m);
	vault_close(again);
	assert_int_equal(vault_open(p->dir, false, &again, &err), OK);
	s = vault_sealer(again);
	assert_memory_equal(s.unseal(s.ctx, a, 20000, one, n, "order:7", &k), "Jane Doe", 8);
	assert_memory_equal(s.unseal(s.ctx, a, 20001, two, m, "order:8", &k), "John Roe", 8);
	vault_close(again);
	arena_free(a);
}

static void a_lost_key_is_not_replaced(void **state)
{
	struct place *p = *state;
	struct vault *again;
	struct err err;
	char path[128];
	struct stat st;

	snprintf(path, sizeof path, "%s/seal.key", p->dir);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	unlink(path);
	assert_int_equal(vault_open(p->dir, false, &again, &err), FAULT_STORE);
	assert_non_null(strstr(err.text, "restore it"));
	assert_int_not_equal(stat(path, &st), 0);
}

static void a_key_that_others_can_read_is_refused(void **state)
{
	struct place *p = *state;
	struct vault *again;
	struct err err;
	char path[128];

	snprintf(path, sizeof path, "%s/seal.key", p->dir);
	chmod(path, 0640);
	assert_int_equal(vault_open(p->dir, true, &again, &err), FAULT_STORE);
	assert_non_null(strstr(err.text, "chmod 600"));
}

struct ref_case {
	const char *why, *ref; /* DIR stands for the folder */
	const char *secret;    /* NULL: refused */
	const char *words;     /* of the refusal */
};

static const struct ref_case refs[] = {
	{ "a file of mode 0600 gives its first line", "file:DIR/good", "s3cret", NULL },
	{ "the rest of a file is not part of it", "file:DIR/two-lines", "first", NULL },
	{ "a file that others can read is refused", "file:DIR/open", NULL, "chmod 600" },
	{ "an empty one too", "file:DIR/empty", NULL, "is empty" },
	{ "a file that is not there is named", "file:DIR/none", NULL, "No such file" },
	{ "a folder is no secret", "file:DIR", NULL, "" },
	{ "a variable of the environment", "env:TALLYMAN_TEST_SECRET", "fromenv", NULL },
	{ "a variable that is not there", "env:TALLYMAN_TEST_NONE", NULL, "no such variable" },
	{ "a command's first line", "cmd:echo fromcmd; echo more", "fromcmd", NULL },
	{ "a command that says nothing", "cmd:true", NULL, "printed nothing" },
	{ "a literal is refused, and not repeated in the error", "hunter2", NULL, "in the configuration itself" },
};

static void kill_by_file(const struct place *p, const char *name)
{
	char path[128];
	long pid = 0;
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", p->dir, name);
	f = fopen(path, "r");
	assert_non_null(f);
	assert_int_equal(fscanf(f, "%ld", &pid), 1);
	fclose(f);
	assert_true(pid > 1);
	kill((pid_t)pid, SIGKILL);
}

static const struct ref_case commands[] = {
	{ "it hangs, and so does what it began", "sleep 600 & trap '' TERM; while :; do sleep 600; done", NULL, "did not end within 0 s" },
	{ "it prints a secret and does not end", "echo s3cret; exec sleep 600", NULL, "did not end within 0 s" },
	{ "what it leaves running is not waited for", "(exec sleep 600) & echo $! > DIR/good; echo s3cret", "s3cret", NULL },
	{ "it failed, whatever it printed", "echo not-the-secret; exit 3", NULL, "ended with status 3" },
	{ "it is not there", "exec /nowhere/at/all 2>/dev/null", NULL, "ended with status 127" },
	{ "it was ended", "echo s3cret; kill -TERM $$", NULL, "ended by signal 15" },
	{ "it prints more than a secret may have", "echo s3cret; head -c 300000 /dev/zero", "s3cret", NULL },
	{ "another's secret is not its business", "echo ${TALLYMAN_TEST_HIDDEN-nothing}", "nothing", NULL },
	{ "it has signals as everybody has", "trap 'echo heard' TERM; kill -TERM $$", "heard", NULL },
};

/* As the engine calls it: with signals blocked, which is how it waits for them. */
static void a_command_has_its_time(void **state)
{
	struct place *p = *state;
	struct config *hides = config_new();
	struct err none;
	sigset_t set, was;

	setenv("TALLYMAN_TEST_HIDDEN", "of-another", 1);
	assert_int_equal(config_text(hides, "t.ini", "[account a]\nclient_secret = env:TALLYMAN_TEST_HIDDEN\n", &none), OK);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, &was);
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
		const struct ref_case *c = &commands[i];
		const char *at = strstr(c->ref, "DIR");
		struct err err = { 0 };
		char command[256], out[64];
		enum fault f;

		snprintf(command, sizeof command, "%.*s%s%s", (int)(at ? at - c->ref : 0), c->ref, at ? p->dir : "", at ? at + 3 : c->ref);
		f = vault_command(hides, command, c->words && strstr(c->words, "within") ? 400 : 10000, out, sizeof out, &err);
		if ((f == OK) != (c->secret != NULL) || strcmp(out, c->secret ? c->secret : ""))
			fail_msg("%s: %s %s", c->why, out, err.text);
		if (f && !strstr(err.text, c->words))
			fail_msg("%s: says %s", c->why, err.text);
	}
	sigprocmask(SIG_SETMASK, &was, NULL);
	assert_string_equal(getenv("TALLYMAN_TEST_HIDDEN"), "of-another");
	config_free(hides);
	kill_by_file(p, "good");
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

static void references_are_followed(void **state)
{
	struct place *p = *state;

	put(p->dir, "good", "s3cret\n", 0600);
	put(p->dir, "two-lines", "first\nsecond\n", 0600);
	put(p->dir, "open", "s3cret\n", 0644);
	put(p->dir, "empty", "", 0600);
	setenv("TALLYMAN_TEST_SECRET", "fromenv", 1);
	for (size_t i = 0; i < sizeof refs / sizeof *refs; i++) {
		const struct ref_case *c = &refs[i];
		const char *at = strstr(c->ref, "DIR"), *secret;
		char ref[256];
		struct err err = { 0 };
		enum fault f;

		if (at)
			snprintf(ref, sizeof ref, "%.*s%s%s", (int)(at - c->ref), c->ref, p->dir, at + 3);
		else
			snprintf(ref, sizeof ref, "%s", c->ref);
		f = vault_secret(p->vault, ref, &secret, &err);
		if ((f == OK) != (c->secret != NULL))
			fail_msg("%s: %s", c->why, err.text);
		if (c->secret)
			assert_string_equal(secret, c->secret);
		else if (!strstr(err.text, c->words))
			fail_msg("%s: says %s", c->why, err.text);
		assert_null(strstr(err.text, "hunter2"));
	}
	assert_null(getenv("TALLYMAN_TEST_SECRET"));
}

static void a_token_takes_the_place_of_the_last(void **state)
{
	struct place *p = *state;
	const char *slot = "";
	char big[5000];

	assert_true(vault_token(p->vault, &slot, "first-token-of-some-length"));
	assert_string_equal(slot, "first-token-of-some-length");
	for (int i = 0; i < 100000; i++) /* years of refreshing every 13 minutes do not use up the pool */
		assert_true(vault_token(p->vault, &slot, i % 2 ? "a" : "another-token-that-is-longer-than-that"));
	assert_string_equal(slot, "a");
	memset(big, 'x', sizeof big - 1);
	big[sizeof big - 1] = '\0';
	assert_false(vault_token(p->vault, &slot, big));
	assert_string_equal(slot, "a");
}

static void a_fingerprint_names_without_telling(void **state)
{
	char one[13], two[13];

	(void)state;
	vault_fingerprint("s3cret", one);
	vault_fingerprint("s3cret2", two);
	assert_int_equal(strlen(one), 12);
	assert_string_not_equal(one, two);
	assert_null(strstr(one, "s3c"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(sealed_bytes_open_again, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_day_that_is_over_is_gone, set_up, tear_down),
		cmocka_unit_test_setup_teardown(half_a_day_is_none, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_lost_key_is_not_replaced, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_key_that_others_can_read_is_refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_command_has_its_time, set_up, tear_down),
		cmocka_unit_test_setup_teardown(references_are_followed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_token_takes_the_place_of_the_last, set_up, tear_down),
		cmocka_unit_test(a_fingerprint_names_without_telling),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
