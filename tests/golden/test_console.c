/* The console itself at a terminal, over a store on disk: what is shown, what a cut line leaves, what rest costs. */
#include "golden/fixture.h"
#include "golden/golden.h"
#include "golden/harness.h"
#include "net/ask.h"
#include "ui/console.h"
#include "ui/state.h"

#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#ifdef __SANITIZE_ADDRESS__
enum { GONE_MS = 2000 }; /* the sanitizer looks for leaks before it lets go */
#else
enum { GONE_MS = 500 };
#endif

static char self[256], folder[64], store[96], state_env[96];
static const char *const argv_console[] = { self, "--console", store, NULL };

/* The same moment for ever; the person's time is real. */
static int run_console(const char *dir, bool plain)
{
	int64_t now = FIXTURE_NOW;

	return console_run(&(struct console_options){ .store = dir, .plain = plain, .name = "prod-eu", .person = "ops-a", .at = "@ops1", .clock = clock_manual(&now) });
}

/* Forty minutes earlier: nobody had oversold anything yet. */
enum { EARLIER_MS = 40 * 60000 };

static int run_past(const char *dir)
{
	int64_t then = FIXTURE_NOW - EARLIER_MS;

	return console_run(&(struct console_options){ .store = dir, .name = "prod-eu", .person = "ops-a", .at = "@ops1", .clock = clock_manual(&then), .past_ms = then,
	                                              .readonly = true });
}

static struct screen *start_with(const char *term, int w, int h, const char *extra)
{
	const char *const env[] = { state_env, extra ? extra : "NO_COLOR", NULL };
	struct screen *s = screen_start(&(struct screen_setup){ argv_console, term, env, w, h, NULL });

	screen_wait(s, w >= 60 ? "prod-eu" : "CRIT");
	screen_settle(s);
	return s;
}

static struct screen *start(int w, int h)
{
	return start_with(NULL, w, h, NULL);
}

/* Begin as somebody who was never here. */
static void forget_views(void)
{
	char path[512], dir[160];
	struct err err;

	snprintf(dir, sizeof dir, "%s/state", folder);
	setenv("XDG_STATE_HOME", dir, 1);
	if (state_path(store, path, sizeof path, &err))
		fail_msg("%s", err.text);
	unlink(path);
}

struct look {
	const char *name, *keys, *extra;
	int w, h;
};

static const struct look looks[] = {
	{ "console-overview-120x40", "1", NULL, 120, 40 },  { "console-orders-120x40", "2 j j", NULL, 120, 40 },
	{ "console-orders-80x24", "2 j j", NULL, 80, 24 },  { "console-orders-60x15", "2 j j", NULL, 60, 15 },
	{ "console-orders-40x10", "2 j j", NULL, 40, 10 },  { "console-orders-mono", "2 j j Space", "NO_COLOR=1", 80, 24 },
	{ "console-drift-80x24", "3 j", NULL, 80, 24 },     { "console-failed-80x24", "5", NULL, 80, 24 },
	{ "console-failed-mono", "5", "NO_COLOR=1", 80, 24 }, { "console-engine-80x24", "8", NULL, 80, 24 },
	{ "console-order-80x24", "2 j Enter", NULL, 80, 24 }, { "console-why-80x24", "3 j x", NULL, 80, 24 },
	{ "console-sheet-80x24", "2 j j j a", NULL, 80, 24 }, { "console-help-80x24", "2 ?", NULL, 80, 24 },
};

static void screens_look_as_they_should(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof looks / sizeof *looks; i++) {
		struct screen *s;

		forget_views();
		s = start_with(NULL, looks[i].w, looks[i].h, looks[i].extra);
		screen_keys(s, looks[i].keys);
		golden_check(looks[i].name, screen_dump(s));
		assert_int_equal(screen_questions(s), 0);
		screen_end(s);
	}
}

/* Each screen says that it is the past, the numbers are those of then, and nothing can be armed, sent or written down. */
static void the_past_is_only_looked_at(void **unused)
{
	static const struct { const char *name; int w, h; } sizes[] = { { "console-past-80x24", 80, 24 }, { "console-past-40x10", 40, 10 }, { "console-past-120x40", 120, 40 } };
	const char *const argv[] = { self, "--past", store, NULL }, *const env[] = { state_env, "NO_COLOR", NULL };

	(void)unused;
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		struct screen *s;

		forget_views();
		s = screen_start(&(struct screen_setup){ argv, NULL, env, sizes[i].w, sizes[i].h, NULL });
		screen_wait(s, "PAST");
		screen_settle(s);
		screen_keys(s, "3");
		screen_settle(s);
		golden_check(sizes[i].name, screen_dump(s));
		for (int screen = 1; screen < 9; screen++) {
			screen_keys(s, (char[]){ (char)('0' + screen), '\0' });
			if (!strstr(screen_dump(s), "PAST"))
				fail_msg("screen %d does not say that it is the past", screen);
		}
		screen_keys(s, "3 : \"arm 15m for fun\" Enter");
		if (!strstr(screen_dump(s), "[R") || strstr(screen_dump(s), "[ARM"))
			fail_msg("it was armed in the past:\n%s", screen_dump(s));
		screen_end(s);
	}
}

/* Wherever the line is cut: gone in half a second, and the next start is in the same place. */
static const struct { const char *where, *keys, *then; } cuts[] = {
	{ "a list", "2 j j", "[2Orders]" },
	{ "a detail", "2 j j Enter", "Orders > 306-9020551-3" },
	{ "a filter being typed", "2 / \"la", "[2Orders]" },
	{ "an action sheet", "2 j a", "[2Orders]" },
	{ "the command line", "3 : \"arm 15", "[3Drift]" },
	{ "help", "5 ?", "[5Failed]" },
	{ "the explanation", "3 j x", "Explain > SKU-0042" },
};

static void a_cut_line_ends_it_and_the_next_start_is_in_the_same_place(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
		struct screen *s;
		int ms;

		forget_views();
		s = start(80, 24);
		screen_keys(s, cuts[i].keys);
		ms = screen_hang_up(s);
		if (ms < 0 || ms > GONE_MS)
			fail_msg("%s: gone after %d ms", cuts[i].where, ms);
		screen_forgive(s);
		screen_end(s);
		s = start(80, 24);
		if (!screen_shows(s, cuts[i].then) || !screen_shows(s, "READ-ONLY"))
			fail_msg("%s: \"%s\" is not on\n%s", cuts[i].where, cuts[i].then, screen_text(s));
		screen_end(s);
	}
}

static void a_filter_and_its_row_are_there_again(void **unused)
{
	struct screen *s;

	(void)unused;
	forget_views();
	s = start(80, 24);
	screen_keys(s, "2 / \"state:acked\" Enter j j");
	screen_keys(s, "q");
	screen_keys(s, "q");
	assert_true(screen_ended(s, SCREEN_PATIENCE_MS, &(int){ 0 }));
	screen_end(s);
	s = start(80, 24);
	screen_keys(s, "2");
	assert_true(screen_shows(s, "state:acked"));
	screen_keys(s, "Enter");
	assert_true(screen_shows(s, "Orders > 1796277083009"));
	screen_end(s);
}

/* No size, and no storm of them, ends it or submits what is being typed. */
static void resizes_submit_nothing(void **unused)
{
	static const struct { int w, h; } to[] = { { 120, 40 }, { 40, 10 }, { 20, 5 }, { 5, 2 }, { 1, 1 }, { 200, 60 }, { 60, 15 }, { 80, 24 } };
	struct screen *s;

	(void)unused;
	forget_views();
	s = start(80, 24);
	screen_keys(s, "2 / \"late");
	for (size_t i = 0; i < sizeof to / sizeof *to; i++)
		screen_resize(s, to[i].w, to[i].h);
	screen_wait(s, "late");
	screen_keys(s, "Enter");
	assert_true(screen_shows(s, "3 shown; 8 hidden"));
	screen_end(s);
}

/* A terminal that takes nothing holds nobody up; when it takes again, one frame says it all. */
static void a_stalled_line_is_waited_for_by_nobody(void **unused)
{
	struct screen *s;

	(void)unused;
	forget_views();
	s = start(120, 40);
	screen_stall(s, true);
	for (int i = 0; i < 30; i++)
		screen_keys(s, "1 2 3 5 8");
	screen_keys(s, "2 j j");
	screen_stall(s, false);
	screen_wait(s, "306-9020551-3  preview");
	screen_end(s);
}

static void rest_and_a_cursor_move_cost_little(void **unused)
{
	struct screen *s;
	long before;

	(void)unused;
	forget_views();
	s = start(120, 40);
	screen_keys(s, "2 j");
	before = screen_sent(s);
	screen_settle(s);
	assert_int_equal(screen_sent(s), before);
	screen_keys(s, "j");
	if (screen_sent(s) - before > 1200)
		fail_msg("a cursor move with its preview cost %ld bytes", screen_sent(s) - before);
	screen_end(s);
}

static void without_an_engine_it_says_so(void **unused)
{
	struct screen *s;

	(void)unused;
	forget_views();
	s = start(100, 30);
	assert_true(screen_shows(s, "NO ENGINE"));
	screen_keys(s, "2 Enter Enter Enter");
	screen_wait(s, "no engine runs for this store");
	screen_keys(s, ": \"arm 15m x\" Enter");
	screen_wait(s, "READ-ONLY");
	screen_end(s);
}

static void store_says(const char *sql)
{
	struct store *s;
	struct err err = { 0 };

	if (store_open(store, STORE_WRITE, &s, &err) || store_begin(s, &err) || store_exec(s, &err, sql) || store_commit(s, &err))
		fail_msg("%s", err.text);
	store_close(s);
}

/* Somebody at the engine's socket who says yes to all, and does nothing else. */
static pid_t begin_answering(struct ask_server **out)
{
	static const char yes[] = "result=ok\ntext=done\nrole=approver\n";
	char path[160];
	struct err err;
	struct ask_server *ask;
	pid_t pid;

	snprintf(path, sizeof path, "%s/engine.sock", store);
	ask = ask_listen(path, 0600, &err);
	if (!ask)
		fail_msg("%s", err.text);
	*out = ask;
	pid = fork();
	while (!pid) {
		struct pollfd fd = { .fd = ask_fd(ask), .events = POLLIN };
		struct ask_question q;

		poll(&fd, 1, -1);
		while (ask_next(ask, &q))
			ask_answer(ask, q.from, yes, sizeof yes - 1);
	}
	return pid;
}

/* Its socket is open, and that is all: who has noted for two minutes nothing is no engine. */
static void an_engine_that_hangs_is_none(void **unused)
{
	static const struct {
		const char *why, *sql;
		bool there;
	} rows[] = {
		{ "it was there a moment ago", "UPDATE lease SET beat_ms = beat_ms", true },
		{ "it was there three minutes ago", "UPDATE lease SET beat_ms = beat_ms - 180000", false },
		{ "a disk that fills up is no excuse", "INSERT INTO alert (key, kind, severity, subject, text, opened_ms, last_ms) VALUES ('disk', 'disk', 'WARN', 'disk', 'a tenth', 1, 1)", false },
		{ "one that is full is", "INSERT INTO alert (key, kind, severity, subject, text, opened_ms, last_ms) VALUES ('held', 'held', 'CRIT', 'store', 'nothing is written to any marketplace: the disk is full', 1, 1)", true },
		{ "and so is a vault that is locked", "UPDATE alert SET key = 'vault locked' WHERE key = 'held'", true },
		{ "it is open again", "UPDATE alert SET closed_ms = 2 WHERE key IN ('disk', 'vault locked')", false },
		{ "it has come to itself", "UPDATE lease SET beat_ms = beat_ms + 180000", true },
	};
	struct ask_server *ask;
	pid_t pid;

	(void)unused;
	forget_views();
	pid = begin_answering(&ask);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct screen *s;

		store_says(rows[i].sql);
		s = start(120, 30);
		if (rows[i].there == screen_shows(s, "NO ENGINE"))
			fail_msg("%s: the frame says another thing", rows[i].why);
		screen_end(s);
	}
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	ask_close(ask);
}

/* Goods that are still on sale are never "at zero" in the line that stands on every screen, whoever holds them. */
static void a_zero_that_was_not_told_is_pending(void **unused)
{
	static const struct {
		const char *why, *sql, *want;
	} rows[] = {
		{ "a rule holds what no reading shows at zero", "UPDATE offer SET hold = 'zero-out Z-91: x', target = 0 WHERE id = 1", "ZERO PENDING 16m" },
		{ "a rule has nothing to hold, and what a person holds there, and stopped, is on sale",
		  "UPDATE zero_out SET stopped_ms = made_ms, stopped_by = 'jo' WHERE id = 91; INSERT INTO zero_out (id, scope, reason, rule, actor, intent_id, made_ms) "
		  "SELECT 92, scope, reason, 'platform', actor, intent_id, made_ms FROM zero_out WHERE id = 91; UPDATE lapse SET zero_id = 92 WHERE id = 70", "ZERO PENDING 16m" },
		{ "all is seen at zero", "UPDATE offer SET seen = 0, seen_ms = (SELECT made_ms FROM zero_out WHERE id = 92) WHERE id = 1", "AT ZERO" },
		{ "a person has lifted the rule's", "UPDATE zero_out SET lifted_ms = made_ms + 1 WHERE id = 92", "OUT OF STEP" },
	};

	(void)unused;
	forget_views();
	store_says("INSERT INTO lapse (id, account_id, cause, state, since_ms, looked_ms, steady_ms, bad_ms, zero_id) "
	           "SELECT 70, account_id, 'platform', 'ZEROED', made_ms - 1800000, made_ms, made_ms, made_ms, z.id FROM zero_out z, offer f WHERE z.id = 91 AND f.id = 1");
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct screen *s;

		store_says(rows[i].sql);
		s = start(120, 30);
		if (!screen_shows(s, rows[i].want))
			fail_msg("%s: there is no %s", rows[i].why, rows[i].want);
		screen_end(s);
	}
}

/* A colleague's incident is not taken for one's own shop. */
static void a_bundle_says_that_it_is_one(void **unused)
{
	struct screen *s;

	(void)unused;
	forget_views();
	store_says("INSERT INTO meta (key, value) VALUES ('bundle.now_ms', '1793001600000')"); /* 2026-10-26T08:00:00Z */
	s = start(120, 30);
	assert_true(screen_shows(s, "A BUNDLE OF 2026-10-26 08:00Z"));
	assert_false(screen_shows(s, "NO ENGINE"));
	screen_end(s);
	store_says("DELETE FROM meta WHERE key = 'bundle.now_ms'");
}

/* Sentences, line after line: nothing is painted, so that it can be read aloud. */
static void plain_mode_speaks_in_sentences(void **unused)
{
	static const char said[] = "orders late\nopen 2\ndrift\nfailed\nengine\nnonsense\nopen 77\norders colour:red\nhelp\nquit\n";
	char heard[16384] = "";
	size_t n = 0;
	ssize_t got;
	int in[2], out[2];
	pid_t pid;

	(void)unused;
	assert_int_equal(pipe(in), 0);
	assert_int_equal(pipe(out), 0);
	pid = fork();
	if (pid == 0) {
		dup2(in[0], 0);
		dup2(out[1], 1);
		close(in[1]);
		close(out[0]);
		execl(self, self, "--plain", store, (char *)NULL);
		_exit(127);
	}
	close(in[0]);
	close(out[1]);
	assert_int_equal(write(in[1], said, sizeof said - 1), (ssize_t)(sizeof said - 1));
	close(in[1]);
	while ((got = read(out[0], heard + n, sizeof heard - 1 - n)) > 0)
		n += (size_t)got;
	close(out[0]);
	assert_int_equal(waitpid(pid, &(int){ 0 }, 0), pid);
	assert_null(strchr(heard, '\033'));
	golden_check("console-plain", heard);
}

static int make_world(void **unused)
{
	(void)unused;
	snprintf(folder, sizeof folder, "/tmp/tallyman-console-XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	snprintf(store, sizeof store, "%s/store", folder);
	snprintf(state_env, sizeof state_env, "XDG_STATE_HOME=%s/state", folder);
	fixture_make(store);
	return 0;
}

static int end_world(void **unused)
{
	static const char *const files[] = { "store/tallyman.db", "store/tallyman.db-wal", "store/tallyman.db-shm", "store", "state/tallyman", "state" };
	char path[200];

	(void)unused;
	forget_views();
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		snprintf(path, sizeof path, "%s/%s", folder, files[i]);
		remove(path);
	}
	return rmdir(folder);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(screens_look_as_they_should),
		cmocka_unit_test(the_past_is_only_looked_at),
		cmocka_unit_test(a_cut_line_ends_it_and_the_next_start_is_in_the_same_place),
		cmocka_unit_test(a_filter_and_its_row_are_there_again),
		cmocka_unit_test(resizes_submit_nothing),
		cmocka_unit_test(a_stalled_line_is_waited_for_by_nobody),
		cmocka_unit_test(rest_and_a_cursor_move_cost_little),
		cmocka_unit_test(without_an_engine_it_says_so),
		cmocka_unit_test(an_engine_that_hangs_is_none),
		cmocka_unit_test(plain_mode_speaks_in_sentences),
		cmocka_unit_test(a_zero_that_was_not_told_is_pending),
		cmocka_unit_test(a_bundle_says_that_it_is_one),
	};

	if (argc == 3 && (strcmp(argv[1], "--console") == 0 || strcmp(argv[1], "--plain") == 0))
		return run_console(argv[2], strcmp(argv[1], "--plain") == 0);
	if (argc == 3 && strcmp(argv[1], "--past") == 0)
		return run_past(argv[2]);
	if (readlink("/proc/self/exe", self, sizeof self - 1) < 0)
		return 1;
	return cmocka_run_group_tests(tests, make_world, end_world);
}
