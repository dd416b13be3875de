/* The view state: what is remembered, and that damage is survived. */
#include "ui/state.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

static char dir[] = "/tmp/tallyman-state-XXXXXX";

static int in_a_folder(void **state)
{
	(void)state;
	return mkdtemp(dir) ? setenv("XDG_STATE_HOME", dir, 1) : -1;
}

static int leave_it(void **state)
{
	char command[100];

	(void)state;
	snprintf(command, sizeof command, "rm -rf %s", dir);
	return system(command);
}

static void write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	fputs(text, f);
	fclose(f);
}

static void comes_back_as_it_was(void **state)
{
	char path[256];
	struct stat st;
	struct state *s;
	int odd;

	(void)state;
	assert_int_equal(state_path("/srv/ops/store one", path, sizeof path, NULL), OK);
	s = state_open(path, &odd);
	assert_int_equal(odd, 0);
	assert_null(state_get(s, "orders", "filter"));
	state_put(s, "orders", "filter", "late or sku:AB*  50% \n odd=1 ; x");
	state_put(s, "desk", "screen", "2");
	state_put(s, "orders", "cursor", "17");
	state_put(s, "orders", "cursor", "18");
	state_put(s, "orders", "gone", "x");
	state_put(s, "orders", "gone", NULL);
	assert_int_equal(state_flush(s, NULL), OK);
	state_close(s);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);

	s = state_open(path, &odd);
	assert_int_equal(odd, 0);
	assert_string_equal(state_get(s, "orders", "filter"), "late or sku:AB*  50% \n odd=1 ; x");
	assert_string_equal(state_get(s, "orders", "cursor"), "18");
	assert_null(state_get(s, "orders", "gone"));
	state_close(s);
}

static void writes_only_what_changed(void **state)
{
	char path[256];
	struct stat before, after;
	struct state *s;

	(void)state;
	state_path("/b", path, sizeof path, NULL);
	s = state_open(path, NULL);
	state_put(s, "desk", "screen", "2");
	state_flush(s, NULL);
	stat(path, &before);
	state_put(s, "desk", "screen", "2");
	assert_int_equal(state_flush(s, NULL), OK);
	stat(path, &after);
	assert_true(before.st_ino == after.st_ino);
	state_put(s, "desk", "screen", "3");
	state_flush(s, NULL);
	stat(path, &after);
	assert_true(before.st_ino != after.st_ino); /* a new file in its place, never half of one */
	state_close(s);
}

struct damage_case {
	const char *why, *text;
	int odd;
	const char *screen;
};

static const struct damage_case damages[] = {
	{ "an empty file", "", 0, NULL },
	{ "another program's file", "#!/bin/sh\ndesk.screen=2\n", 1, NULL },
	{ "a newer format", "tallyman=view 2\ndesk.screen=2\n", 1, NULL },
	{ "a line that is none", "tallyman=view 1\nrubbish\ndesk.screen=2\n", 1, "2" },
	{ "a file that breaks off", "tallyman=view 1\ndesk.screen=2\norders.fil", 1, "2" },
	{ "bytes that are no text", "tallyman=view 1\n\xff\xfe\x01=3\ndesk.screen=2\n", 1, "2" },
	{ "the same key twice: the last", "tallyman=view 1\ndesk.screen=1\ndesk.screen=2\n", 0, "2" },
};

static void damage_is_survived(void **state)
{
	char path[256];

	(void)state;
	state_path("/damaged", path, sizeof path, NULL);
	for (size_t i = 0; i < sizeof damages / sizeof *damages; i++) {
		struct state *s;
		const char *screen;
		int odd;

		write_file(path, damages[i].text);
		s = state_open(path, &odd);
		screen = state_get(s, "desk", "screen");
		if (odd != damages[i].odd || !screen != !damages[i].screen || (screen && strcmp(screen, damages[i].screen)))
			fail_msg("%s: %d odd, %s", damages[i].why, odd, screen ? screen : "nothing");
		state_close(s);
	}
}

static void names_and_sizes_are_checked(void **state)
{
	enum { TOO_MUCH = 4 * 1024 * 1024 + 1 };
	struct state *s = state_open(NULL, NULL);
	char *much = calloc(1, TOO_MUCH + 1);

	(void)state;
	memset(much, 'x', TOO_MUCH);
	state_put(s, "orders", "filter", much);
	state_put(s, "orders", "a=b", "x");
	state_put(s, "a\nb", "c", "x");
	assert_null(state_get(s, "orders", "filter"));
	assert_null(state_get(s, "orders", "a=b"));
	assert_null(state_get(s, "a\nb", "c"));
	for (int i = 0; i < 1000; i++) {
		char key[16];

		snprintf(key, sizeof key, "k%d", i);
		state_put(s, "many", key, "v");
	}
	assert_int_equal(state_flush(s, NULL), OK); /* nowhere to write: nothing to do */
	state_close(s);
	free(much);
}

static void a_folder_that_cannot_be_written_is_said(void **state)
{
	struct state *s = state_open("/proc/nowhere/x.view", NULL);
	struct err err = { 0 };

	(void)state;
	state_put(s, "desk", "screen", "2");
	assert_int_equal(state_flush(s, &err), FAULT_STORE);
	assert_non_null(strstr(err.text, "not remembered"));
	state_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(comes_back_as_it_was),
		cmocka_unit_test(writes_only_what_changed),
		cmocka_unit_test(damage_is_survived),
		cmocka_unit_test(names_and_sizes_are_checked),
		cmocka_unit_test(a_folder_that_cannot_be_written_is_said),
	};

	return cmocka_run_group_tests(tests, in_a_folder, leave_it);
}
