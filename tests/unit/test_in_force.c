/* What holds, what would hold without a line, and which line says so. */
#include "base/arena.h"
#include "base/config.h"
#include "store/store.h"
#include "trade/accounts.h"
#include "trade/in_force.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#define AT_MS INT64_C(1795161480000) /* 2026-11-20T07:58:00Z */

/* What the engine has read last. */
static const char record[] =
	"[store] profile = production\n"
	"[rec] alert = 3u/5%\n"
	"[rec] every_h = 2\n"
	"[account walmart-us] channel = walmart\n"
	"[account walmart-us] client_secret = file:/etc/tallyman/walmart.secret\n"
	"[account walmart-us] client_id = cmd:pass show --token=T0PS3CRET walmart\n"
	"[account walmart-us] old_key = T0PS3CRET\n";

/* The file by now. */
static const char ini[] =
	"[store]\n"
	"profile = production\n"
	"\n"
	"[rec]\n"
	"alert = 10u/5%\n"
	"[account walmart-us]\n"
	"channel = walmart\n"
	"client_secret = T0PS3CRET\n"
	"client_id = cmd:pass show --token=T0PS3CRET walmart\n";

static char path[64];

static struct store *world(void)
{
	struct store *s;
	struct err err = { 0 };
	int64_t id;
	int fd;

	strcpy(path, "/tmp/tallyman-force-XXXXXX");
	fd = mkstemp(path);
	assert_true(fd >= 0 && write(fd, ini, strlen(ini)) == (ssize_t)strlen(ini));
	close(fd);
	if (store_memory(&s, &err) || store_begin(s, &err) || config_put(s, record, AT_MS, &id, &err) || store_commit(s, &err))
		fail_msg("%s", err.text);
	return s;
}

static const struct force_case {
	const char *why, *section, *key, *value, *usual, *source, *file_says; /* source: % is the file */
	bool set;
} cases[] = {
	{ "a line that holds is named", "store", "profile", "production", "production", "%:2", "", true },
	{ "what no line says holds by default", "rec", "correct", "2u/5%", "2u/5%", "default", "", false },
	{ "an example is no default", "alloc", "fixed", "", "", "default", "", false },
	{ "a file that was changed since is told, and does not hold yet", "rec", "alert", "3u/5%", "10u/5%", "%:5", "10u/5%", true },
	{ "a line that is gone from the file still holds", "rec", "every_h", "2", "4", "the engine's, since 2026-11-20T07:58:00Z", "4", true },
	{ "of a secret where it is; a literal is never shown", "account walmart-us", "client_secret", "file:/etc/tallyman/walmart.secret", "", "%:8",
	  "(not shown: it should say where the secret is)", true },
	{ "nor the words of a command", "account walmart-us", "client_id", "cmd: (a command)", "", "%:9", "", true },
	{ "nor what nobody knows of an account", "account walmart-us", "old_key", "(not shown: it should say where the secret is)", "", "the engine's, since 2026-11-20T07:58:00Z", "", true },
};

static const struct in_force *find(const struct in_force *f, int n, const char *section, const char *key)
{
	for (int i = 0; i < n; i++)
		if (!strcmp(f[i].section, section) && !strcmp(f[i].key, key))
			return &f[i];
	fail_msg("[%s] %s is not told", section, key);
	return NULL;
}

/* What holds, read with a file (NULL: without one), of one section or (NULL) all. */
static struct in_force *read_with(struct arena *a, const char *file, const char *section, int *n)
{
	struct store *s = world();
	struct err err = { 0 };
	struct in_force *f;

	assert_int_equal(in_force_read(s, file, section, a, &f, n, &err), OK);
	store_close(s);
	unlink(path);
	return f;
}

static void each_setting_says_where_it_is_from(void **state)
{
	struct arena *a = arena_new();
	int n;
	struct in_force *f = read_with(a, path, NULL, &n);

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct force_case *c = &cases[i];
		const struct in_force *is = find(f, n, c->section, c->key);
		const char *source = *c->source == '%' ? arena_printf(a, "%s%s", path, c->source + 1) : c->source;

		if (strcmp(is->value, c->value) || strcmp(is->usual, c->usual) || strcmp(is->source, source) || strcmp(is->file_says, c->file_says) || is->set != c->set)
			fail_msg("%s: %s, without %s, %s, the file %s", c->why, is->value, is->usual, is->source, is->file_says);
	}
	for (int i = 0; i < n; i++)
		if (strstr(f[i].value, "T0PS3CRET") || strstr(f[i].file_says, "T0PS3CRET") || strstr(f[i].usual, "T0PS3CRET"))
			fail_msg("[%s] %s shows a secret", f[i].section, f[i].key);
	arena_free(a);
}

static void a_section_can_be_read_alone(void **state)
{
	struct arena *a = arena_new();
	int n;
	struct in_force *f = read_with(a, NULL, "rec", &n);

	(void)state;
	assert_true(n > 5);
	for (int i = 0; i < n; i++) {
		assert_string_equal(f[i].section, "rec");
		assert_true(*f[i].help || f[i].set); /* each is explained */
	}
	assert_string_equal(find(f, n, "rec", "alert")->source, "the engine's, since 2026-11-20T07:58:00Z"); /* without a file */
	assert_string_equal(find(f, n, "rec", "alert")->file_says, "");
	arena_free(a);
}

/* ---- what goes on record ---- */

static const struct {
	const char *why, *line, *record;
} records[] = {
	{ "a setting as it is", "[rec]\nalert = 3u/5%", "[rec] alert = 3u/5%\n" },
	{ "an account's too", "[account a]\nbuffer = 5u/12%", "[account a] buffer = 5u/12%\n" },
	{ "of a secret where it is", "[account a]\nclient_secret = file:/etc/a.secret", "[account a] client_secret = file:/etc/a.secret\n" },
	{ "and its name", "[account a]\nprivate_key = vault:netsuite", "[account a] private_key = vault:netsuite\n" },
	{ "of a command not its words", "[account a]\nclient_id = cmd:pass show --token=T0PS3CRET", "[account a] client_id = cmd:\n" },
	{ "of a literal nothing", "[account a]\nclient_secret = T0PS3CRET", "[account a] client_secret = ***\n" },
	{ "where nothing is said, nothing", "[account a]\nclient_secret =", "[account a] client_secret = \n" },
	{ "also under a name that is misspelt", "[account a]\nclient_secert = T0PS3CRET", "[account a] client_secert = ***\n" },
	{ "in a section that is", "[acount a]\nclient_secret = T0PS3CRET", "[acount a] client_secret = ***\n" },
	{ "and in another's", "[store]\nclient_secret = T0PS3CRET", "[store] client_secret = ***\n" },
	{ "an address that may be written to is one", "[hooks]\nwebhook = https://hooks.example/T0PS3CRET", "[hooks] webhook = ***\n" },
	{ "and a password", "[hooks]\nmail_password = T0PS3CRET", "[hooks] mail_password = ***\n" },
	{ "misspelt as well", "[hooks]\nmail_pasword = T0PS3CRET", "[hooks] mail_pasword = ***\n" },
	{ "who may do what is no secret", "[roles]\njo = operator", "[roles] jo = operator\n" },
	{ "nor what an event changes", "[profile prime]\nstrategy = shared", "[profile prime] strategy = shared\n" },
};

static void no_secret_goes_on_record(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof records / sizeof *records; i++) {
		struct config *c = config_new();
		struct err err;

		assert_int_equal(config_text(c, "tallyman.ini", records[i].line, &err), OK);
		if (strcmp(config_record(c, a), records[i].record))
			fail_msg("%s: %s", records[i].why, config_record(c, a));
		config_free(c);
	}
	arena_free(a);
}

/* What is not on record as it stands in the file is no other setting for that. */
static void what_is_masked_on_record_is_no_change(void **state)
{
	struct arena *a = arena_new();
	struct config *c = config_new();
	struct store *s = world();
	struct in_force *f = NULL;
	struct err err;
	int64_t id;
	int n = 0;

	(void)state;
	if (config_file(c, path, &err) || store_begin(s, &err) || config_put(s, config_record(c, a), AT_MS, &id, &err) || store_commit(s, &err) ||
	    in_force_read(s, path, NULL, a, &f, &n, &err))
		fail_msg("%s", err.text);
	for (int i = 0; i < n; i++)
		if (*f[i].file_says)
			fail_msg("[%s] %s = %s, the file %s", f[i].section, f[i].key, f[i].value, f[i].file_says);
	assert_string_equal(find(f, n, "account walmart-us", "client_id")->value, "cmd: (a command)");
	assert_string_equal(find(f, n, "account walmart-us", "client_secret")->value, "(not shown: it should say where the secret is)");
	store_close(s);
	config_free(c);
	unlink(path);
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_setting_says_where_it_is_from),
		cmocka_unit_test(a_section_can_be_read_alone),
		cmocka_unit_test(no_secret_goes_on_record),
		cmocka_unit_test(what_is_masked_on_record_is_no_change),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
