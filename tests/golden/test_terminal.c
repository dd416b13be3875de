/* The loop and the terminal as a person has them: a real pty, a small program, libvterm. */
#include "golden/demo.h"
#include "golden/golden.h"
#include "golden/harness.h"

#include "base/clock.h"
#include "ui/loop.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

enum { FRAMES = 30, HANG_UP_MS = 2500 /* less than it waits for a line that stands still */ };

static char self[256];
static const char *const demo[] = { self, "--demo", NULL };

static struct screen *start(const char *term, int w, int h, const char *const *env)
{
	struct screen *s = screen_start(&(struct screen_setup){ demo, term, env, w, h, NULL });

	screen_settle(s);
	return s;
}

struct shown {
	const char *name, *term;
	int w, h;
	const char *env[3];
};

static const struct shown shown[] = {
	{ "demo-120x40", "xterm-256color", 120, 40, { NULL } },
	{ "demo-80x24", "xterm-256color", 80, 24, { NULL } },
	{ "demo-40x10", "xterm-256color", 40, 10, { NULL } },
	{ "demo-20x5", "xterm-256color", 20, 5, { NULL } },
	{ "demo-nocolor", "xterm-256color", 80, 24, { "NO_COLOR=1", NULL } },
	{ "demo-8", "xterm", 80, 24, { NULL } },
	{ "demo-linux-c", "linux", 80, 24, { "LC_ALL=C", NULL } },
	{ "demo-vt100", "vt100", 80, 24, { "LC_ALL=C", NULL } },
	{ "demo-unknown", "xterm-bogus", 80, 24, { NULL } },
};

static void screens_look_as_they_should(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
		struct screen *s = start(shown[i].term, shown[i].w, shown[i].h, shown[i].env);

		screen_keys(s, "j j");
		golden_check(shown[i].name, screen_dump(s));
		assert_int_equal(screen_questions(s), 0);
		screen_end(s);
	}
}

static void scripts_of_keys(void **state)
{
	(void)state;
	screen_play("demo-filter", demo);
	screen_play("demo-resize", demo);
}

static void other_terminals_show_the_same_text(void **state)
{
	static const char *const terms[] = { "screen-256color", "tmux-256color", "linux", "xterm", "ansi" };
	struct screen *s = start("xterm-256color", 80, 24, NULL);
	char *want;

	(void)state;
	screen_keys(s, "j PgDn / \"late\" Enter");
	want = strdup(screen_text(s));
	screen_end(s);
	for (size_t i = 0; i < sizeof terms / sizeof *terms; i++) {
		s = start(terms[i], 80, 24, NULL);
		screen_keys(s, "j PgDn"); /* as a hand types: where pastes are not marked, all in one breath are none */
		screen_keys(s, "/");
		screen_keys(s, "\"late\" Enter");
		if (strcmp(screen_text(s), want))
			fail_msg("TERM=%s shows\n%s", terms[i], screen_text(s));
		screen_end(s);
	}
	free(want);
}

static void leaves_the_terminal_as_it_was(void **state)
{
	struct screen *s = start(NULL, 80, 24, NULL);
	int status = -1;

	(void)state;
	assert_true(screen_is_alt(s));
	assert_true(screen_takes_pastes(s));
	assert_string_equal(screen_title(s), "DEMO CRIT 1 WARN 3 tallyman demo");
	screen_keys(s, "q");
	assert_true(screen_ended(s, SCREEN_PATIENCE_MS, &status));
	assert_int_equal(status, 0);
	assert_false(screen_is_alt(s));
	assert_false(screen_takes_pastes(s));
	screen_end(s);
}

struct death {
	const char *word;
	int status;
};

static void a_crash_puts_the_terminal_back(void **state)
{
	static const struct death deaths[] = { { "crash", 128 + SIGSEGV }, { "abort", 128 + SIGABRT } };

	(void)state;
#ifdef __SANITIZE_ADDRESS__
	skip(); /* the sanitizer has its own way to die */
#endif
	for (size_t i = 0; i < 2; i++) {
		const char *const argv[] = { self, "--demo", deaths[i].word, NULL };
		struct screen *s = screen_start(&(struct screen_setup){ argv, NULL, NULL, 80, 24, NULL });
		int status = 0;

		screen_keys(s, "A");
		assert_true(screen_ended(s, SCREEN_PATIENCE_MS, &status));
		assert_int_equal(status, deaths[i].status);
		screen_settle(s);
		assert_false(screen_is_alt(s));
		assert_false(screen_takes_pastes(s));
		screen_forgive(s);
		screen_end(s);
	}
}

/* ---- a frame painted by difference is the frame painted anew ---- */

static void check_anew(struct screen *s, const char *term, int frame)
{
	const char *why = screen_anew(s);

	if (*why)
		fail_msg("TERM=%s, frame %d: %s", term, frame, why);
}

static void differences_leave_nothing_behind(void **state)
{
	static const char *const terms[] = { "xterm-256color", "tmux-256color", "linux", "vt100" };
	static const int sizes[][2] = { { 80, 24 }, { 40, 10 }, { 120, 40 }, { 61, 15 }, { 83, 50 }, { 79, 23 } };

	(void)state;
	for (size_t i = 0; i < sizeof terms / sizeof *terms; i++) {
		struct screen *s = start(terms[i], 80, 24, NULL);

		screen_keys(s, "2");
		for (int frame = 1; frame <= FRAMES; frame++) {
			screen_keys(s, "j");
			if (frame % 3 == 0)
				check_anew(s, terms[i], frame);
			if (frame % 10 == 0) {
				screen_resize(s, sizes[frame / 10 % 6][0], sizes[frame / 10 % 6][1]);
				check_anew(s, terms[i], frame);
			}
		}
		screen_end(s);
	}
}

/* ---- what it costs ---- */

static void a_key_costs_little_and_rest_costs_nothing(void **state)
{
	struct screen *s = start(NULL, 120, 40, NULL);
	long before, most = 0;

	(void)state;
	for (int i = 0; i < 20; i++) {
		before = screen_sent(s);
		screen_keys(s, "j");
		most = screen_sent(s) - before > most ? screen_sent(s) - before : most;
	}
	if (most > 300)
		fail_msg("a cursor move sent %ld bytes", most);
	before = screen_sent(s);
	for (int i = 0; i < 5; i++)
		screen_settle(s);
	assert_int_equal(screen_sent(s) - before, 0);
	screen_keys(s, "K"); /* a key that means nothing */
	assert_int_equal(screen_sent(s) - before, 0);
	screen_end(s);
}

static void many_keys_at_once_make_one_frame(void **state)
{
	struct screen *s = start(NULL, 80, 24, NULL);
	char keys[200];
	long before = screen_sent(s);

	(void)state;
	memset(keys, 'j', sizeof keys);
	screen_bytes(s, keys, sizeof keys);
	screen_settle(s);
	assert_true(screen_shows(s, "> order 0200"));
	assert_true(screen_sent(s) - before < 8000);
	screen_end(s);
}

/* ---- lines that stall, end and are stopped ---- */

static void a_stalled_line_skips_frames_and_recovers(void **state)
{
	struct screen *s = start(NULL, 120, 40, NULL);

	(void)state;
	screen_stall(s, true);
	for (int i = 0; i < 60; i++) /* far more frames than a pty holds */
		screen_keys(s, "PgDn");
	screen_keys(s, "g j");
	screen_stall(s, false);
	screen_wait(s, "SLOW LINK"); /* first: it is taken away after half a second */
	screen_wait(s, "> order 0001");
	screen_keys(s, "j");
	assert_true(screen_shows(s, "> order 0002"));
	assert_false(screen_shows(s, "SLOW LINK"));
	screen_end(s);
}

static void leaving_over_a_stalled_line_puts_the_terminal_back(void **state)
{
	struct screen *s = start(NULL, 120, 40, NULL);
	int status = -1;

	(void)state;
	screen_stall(s, true);
	for (int i = 0; i < 60; i++)
		screen_keys(s, "PgDn");
	screen_keys(s, "q");
	assert_false(screen_ended(s, 400, &status)); /* its last words wait */
	screen_stall(s, false);
	screen_settle(s);
	assert_true(screen_ended(s, SCREEN_PATIENCE_MS, &status));
	assert_int_equal(status, 0);
	assert_false(screen_is_alt(s));
	assert_false(screen_takes_pastes(s));
	screen_end(s);
}

static void a_hang_up_ends_it_with_the_place_kept(void **state)
{
	char file[64], word[80];
	const char *const argv[] = { self, "--demo", word, NULL };
	struct screen *s;
	int ms, status;

	(void)state;
	snprintf(file, sizeof file, "/tmp/tallyman-demo-%d.view", (int)getpid());
	snprintf(word, sizeof word, "state=%s", file);
	s = screen_start(&(struct screen_setup){ argv, NULL, NULL, 80, 24, NULL });
	screen_keys(s, "j j j j j / \"half typed");
	ms = screen_hang_up(s);
	assert_in_range(ms, 0, HANG_UP_MS);
	assert_true(screen_ended(s, 0, &status));
	assert_int_equal(status, 3);
	screen_end(s);

	s = screen_start(&(struct screen_setup){ argv, NULL, NULL, 80, 24, NULL });
	screen_wait(s, "> order 0005");
	assert_true(screen_shows(s, "the last session was cut off"));
	screen_keys(s, "q");
	screen_end(s);
	unlink(file);
}

/* Not with every key: a key alone writes no file, leaving does, however it comes about. */
static void the_place_is_written_when_it_is_left(void **state)
{
	char file[64], word[80];
	const char *const argv[] = { self, "--demo", word, NULL };
	struct clock clock = clock_real();
	struct screen *s;
	int64_t began_ms;
	int status;

	(void)state;
	snprintf(file, sizeof file, "/tmp/tallyman-place-%d.view", (int)getpid());
	snprintf(word, sizeof word, "state=%s", file);
	s = screen_start(&(struct screen_setup){ argv, NULL, NULL, 80, 24, NULL });
	assert_int_equal(unlink(file), 0); /* the start wrote it */
	began_ms = clock_now(&clock);
	screen_keys(s, "j j j");
	if (access(file, F_OK) == 0 && clock_now(&clock) - began_ms < LOOP_SAVE_MS)
		fail_msg("a key alone writes the place");
	screen_keys(s, "2");
	assert_int_equal(access(file, F_OK), 0);
	assert_int_equal(unlink(file), 0);
	screen_keys(s, "1");
	assert_int_equal(unlink(file), 0);
	screen_keys(s, "j");
	screen_signal(s, SIGTERM);
	assert_true(screen_ended(s, SCREEN_PATIENCE_MS, &status));
	screen_end(s);

	s = screen_start(&(struct screen_setup){ argv, NULL, NULL, 80, 24, NULL });
	screen_wait(s, "> order 0004");
	screen_end(s);
	unlink(file);
}

static void signals_are_inputs(void **state)
{
	struct screen *s = start(NULL, 80, 24, NULL);
	int status = -1;

	(void)state;
	screen_keys(s, "/ \"late\"");
	screen_signal(s, SIGWINCH);
	screen_signal(s, SIGCONT);
	screen_settle(s);
	assert_true(screen_shows(s, "/late"));
	screen_signal(s, SIGINT); /* as ^C: leaves the prompt, never quits */
	screen_settle(s);
	assert_false(screen_shows(s, "/late"));
	screen_signal(s, SIGTERM);
	assert_true(screen_ended(s, SCREEN_PATIENCE_MS, &status));
	assert_int_equal(status, 0);
	screen_settle(s);
	assert_false(screen_is_alt(s));
	screen_end(s);
}

static void without_job_control_it_is_not_suspended(void **state)
{
	struct screen *s = start(NULL, 80, 24, NULL);

	(void)state;
	screen_keys(s, "^Z");
	assert_true(screen_shows(s, "not suspended"));
	screen_end(s);
}

static void a_shell_can_stop_it_and_go_on(void **state)
{
	const char *const argv[] = { self, "--shell", NULL };
	struct screen *s = screen_start(&(struct screen_setup){ argv, NULL, NULL, 80, 24, NULL });
	int status = -1;

	(void)state;
	screen_wait(s, "> order 0000");
	screen_keys(s, "j / \"la\"");
	screen_keys(s, "Esc ^Z");
	screen_wait(s, "STOPPED");
	assert_false(screen_is_alt(s));
	assert_false(screen_takes_pastes(s));
	screen_bytes(s, "\n", 1);
	screen_wait(s, "> order 0001");
	assert_true(screen_is_alt(s));
	assert_true(screen_takes_pastes(s));
	screen_keys(s, "j j");
	assert_true(screen_shows(s, "> order 0003"));
	screen_keys(s, "q");
	assert_true(screen_ended(s, SCREEN_PATIENCE_MS, &status));
	assert_int_equal(status, 0);
	screen_end(s);
}

static void a_paste_is_dropped_or_typed(void **state)
{
	struct screen *s = start(NULL, 80, 24, NULL);

	(void)state;
	screen_paste(s, "qqqj\rq");
	assert_true(screen_shows(s, "a paste was dropped"));
	assert_true(screen_shows(s, "> order 0000"));
	screen_keys(s, "/");
	screen_paste(s, "late\rq");
	assert_true(screen_shows(s, "/late"));
	screen_end(s);
}

static void copying_reaches_the_clipboard(void **state)
{
	struct screen *s = start(NULL, 80, 24, NULL);

	(void)state;
	screen_keys(s, "y");
	assert_string_equal(screen_clipboard(s), "b3JkZXI=");
	assert_true(screen_shows(s, "copied the id by OSC 52"));
	screen_end(s);
}

static void inside_tmux_the_clipboard_is_tmuxs(void **state)
{
	char dir[] = "/tmp/tallyman-tmux-XXXXXX", path[80], out[80], command[200], got[64] = "";
	const char *env[] = { path, "TMUX=/tmp/none,1,0", NULL };
	struct screen *s;
	FILE *f;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof path, "PATH=%s:/usr/bin:/bin", dir);
	snprintf(out, sizeof out, "%s/tmux", dir);
	f = fopen(out, "w"); /* a tmux that writes down what it was given */
	fprintf(f, "#!/bin/sh\necho \"$*\" > %s/said\ncat >> %s/said\n", dir, dir);
	fclose(f);
	snprintf(command, sizeof command, "chmod +x %s", out);
	assert_int_equal(system(command), 0);
	s = start(NULL, 80, 24, env);
	screen_keys(s, "y");
	screen_wait(s, "copied the id by tmux");
	assert_string_equal(screen_clipboard(s), "");
	screen_end(s);
	snprintf(out, sizeof out, "%s/said", dir);
	f = fopen(out, "r");
	assert_non_null(f);
	assert_true(fread(got, 1, sizeof got - 1, f) > 0);
	fclose(f);
	assert_string_equal(got, "load-buffer -w -\norder");
	snprintf(command, sizeof command, "rm -rf %s", dir);
	assert_int_equal(system(command), 0);
}

static void any_size_and_any_storm_is_survived(void **state)
{
	struct screen *s = start(NULL, 80, 24, NULL);
	static const int sizes[][2] = { { 1, 1 }, { 5, 2 }, { 2, 40 }, { 300, 1 }, { 20, 5 }, { 40, 10 }, { 200, 60 }, { 3, 3 }, { 80, 24 } };

	(void)state;
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		screen_resize(s, sizes[i][0], sizes[i][1]);
		screen_keys(s, "j");
	}
	assert_true(screen_shows(s, "DEMO"));
	screen_keys(s, "j");
	assert_true(screen_shows(s, "> order 000"));
	screen_end(s);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(screens_look_as_they_should),
		cmocka_unit_test(scripts_of_keys),
		cmocka_unit_test(other_terminals_show_the_same_text),
		cmocka_unit_test(leaves_the_terminal_as_it_was),
		cmocka_unit_test(a_crash_puts_the_terminal_back),
		cmocka_unit_test(differences_leave_nothing_behind),
		cmocka_unit_test(a_key_costs_little_and_rest_costs_nothing),
		cmocka_unit_test(many_keys_at_once_make_one_frame),
		cmocka_unit_test(a_stalled_line_skips_frames_and_recovers),
		cmocka_unit_test(leaving_over_a_stalled_line_puts_the_terminal_back),
		cmocka_unit_test(a_hang_up_ends_it_with_the_place_kept),
		cmocka_unit_test(the_place_is_written_when_it_is_left),
		cmocka_unit_test(signals_are_inputs),
		cmocka_unit_test(without_job_control_it_is_not_suspended),
		cmocka_unit_test(a_shell_can_stop_it_and_go_on),
		cmocka_unit_test(a_paste_is_dropped_or_typed),
		cmocka_unit_test(copying_reaches_the_clipboard),
		cmocka_unit_test(inside_tmux_the_clipboard_is_tmuxs),
		cmocka_unit_test(any_size_and_any_storm_is_survived),
	};

	if (argc > 1 && !strcmp(argv[1], "--demo"))
		return demo_main(argc - 1, argv + 1);
	if (argc > 1 && !strcmp(argv[1], "--shell"))
		return demo_shell("/proc/self/exe");
	snprintf(self, sizeof self, "/proc/%d/exe", (int)getpid());
	return cmocka_run_group_tests(tests, NULL, NULL);
}
