/* What a person's own folders hold: where they are, and that a file there is taken whole or told of. */
#include "base/asset.h"
#include "base/file.h"
#include "base/home.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

struct home_case {
	const char *why, *xdg, *home; /* NULL: not set */
	const char *want;             /* NULL: nowhere */
};

static const struct home_case homes[] = {
	{ "the variable says it", "/srv/conf", "/u/ops", "/srv/conf/tallyman" },
	{ "a relative one is ignored", "conf", "/u/ops", "/u/ops/.config/tallyman" },
	{ "an empty one as well", "", "/u/ops", "/u/ops/.config/tallyman" },
	{ "without it, below home", NULL, "/u/ops", "/u/ops/.config/tallyman" },
	{ "without either, nowhere", NULL, NULL, NULL },
	{ "a home that is no path is none", NULL, "ops", NULL },
	{ "nor is an empty one", NULL, "", NULL },
	{ "what does not fit is nowhere, not somewhere else", "/a/folder/with/a/name/that/is/longer/than/there/is/room/for", NULL, NULL },
};

static void set(const char *name, const char *value)
{
	if (value)
		setenv(name, value, 1);
	else
		unsetenv(name);
}

static void where_home_is(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof homes / sizeof *homes; i++) {
		const struct home_case *c = &homes[i];
		char out[48] = "before";

		set("XDG_CONFIG_HOME", c->xdg);
		set("HOME", c->home);
		if (home_of(HOME_CONFIG, out, sizeof out) != (c->want != NULL) || strcmp(out, c->want ? c->want : ""))
			fail_msg("%s: %s", c->why, out);
	}
}

static char dir[] = "/tmp/tallyman-home-XXXXXX", path[64];

static int make_folder(void **state)
{
	(void)state;
	if (!mkdtemp(dir))
		return -1;
	snprintf(path, sizeof path, "%s/data", dir);
	setenv("TALLYMAN_ASSETS", dir, 1);
	return mkdir(path, 0700);
}

static int end_folder(void **state)
{
	char command[80];

	(void)state;
	snprintf(command, sizeof command, "rm -rf %s", dir);
	return system(command);
}

static void write_file(const char *text)
{
	FILE *f;

	snprintf(path, sizeof path, "%s/data/tasks.csv", dir);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void what_a_folder_has_wins(void **state)
{
	struct arena *a = arena_new();
	struct err err;
	size_t n = 7;

	(void)state;
	assert_non_null(strstr(asset_get(a, "data/tasks.csv", NULL), "discrepancies"));
	write_file("name,on\n");
	assert_string_equal(asset_get(a, "data/tasks.csv", &n), "name,on\n");
	assert_int_equal(n, 8);
	write_file("");
	assert_string_equal(asset_get(a, "data/tasks.csv", &n), "");
	assert_int_equal(n, 0);
	assert_int_equal(assets_check(&err), OK);
	unlink(path);
	arena_free(a);
}

/* A folder in its place: even root cannot read that. */
static void what_cannot_be_read_is_not_what_is_built_in(void **state)
{
	struct arena *a = arena_new();
	struct err err = { 0 };
	const char *text;

	(void)state;
	snprintf(path, sizeof path, "%s/data/tasks.csv", dir);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(assets_check(&err), FAULT_REFUSED);
	assert_non_null(strstr(err.text, path));
	assert_null(asset_get(a, "data/tasks.csv", NULL));
	rmdir(path);
	assert_int_equal(file_read(a, path, 10, &text, NULL, &err), OK);
	assert_null(text);
	write_file("eleven long");
	assert_int_equal(file_read(a, path, 10, &text, NULL, &err), FAULT_REFUSED);
	assert_int_equal(file_read(a, path, 11, &text, NULL, &err), OK);
	assert_string_equal(text, "eleven long");
	unlink(path);
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(where_home_is),
		cmocka_unit_test(what_a_folder_has_wins),
		cmocka_unit_test(what_cannot_be_read_is_not_what_is_built_in),
	};

	return cmocka_run_group_tests(tests, make_folder, end_folder);
}
