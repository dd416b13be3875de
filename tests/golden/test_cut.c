/*
 * The line is cut while the sentence that sends something is being typed: at a business at work, with an engine that would
 * obey. Nothing is sent, and the next start is in the same place.
 */
#include "golden/harness.h"
#include "golden/seller.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static struct seller *seller;

static struct screen *sit_down(void)
{
	const char *program = getenv("TALLYMAN"), *dir = seller_dir(seller);
	const char *const argv[] = { program ? program : "build/tallyman", "--store", dir, "--config", seller_still(seller), "--no-engine", NULL };
	char state[120], config[120];
	const char *const env[] = { state, config, NULL };
	struct screen *s;

	snprintf(state, sizeof state, "XDG_STATE_HOME=%s/state", dir);
	snprintf(config, sizeof config, "XDG_CONFIG_HOME=%s/config", dir);
	s = screen_start(&(struct screen_setup){ argv, NULL, env, 80, 24, NULL });
	screen_wait(s, "[READ-ONLY]");
	return s;
}

/* The order under the cursor: the row that begins with ">". */
static void row_of(struct screen *s, char *out, size_t cap)
{
	const char *at = strstr(screen_text(s), "\n>");
	char state[32], due[32], channel[32], order[32];

	if (!at)
		fail_msg("no row of\n%s", screen_text(s));
	if (sscanf(at + 2, " %31s %31s %31s %31s", state, due, channel, order) != 4)
		fail_msg("there is no order under the cursor of\n%s", screen_text(s));
	snprintf(out, cap, "%s", order);
}

/* What the preview says is to be typed. */
static void line_of(struct screen *s, char *out, size_t cap)
{
	const char *at = strstr(screen_text(s), "Enter, then type:");

	assert_non_null(at);
	at += strlen("Enter, then type:");
	at += strspn(at, " ");
	snprintf(out, cap, "%.*s", (int)strcspn(at, "\n"), at);
}

struct cut {
	const char *why;
	int typed;   /* of a hundred parts of the line; Enter never */
	bool signal; /* SIGHUP comes before the terminal is gone */
	bool killed; /* kill -9, two seconds after the last key: the place was written by then */
};

static const struct cut cuts[] = {
	{ "nothing typed yet", 0, false, false },
	{ "half of it", 50, true, false },
	{ "all of it but Enter", 100, false, false },
	{ "all of it, and killed", 100, false, true },
};

static void open_the_line(struct screen *s, char *row, size_t cap, char *line, size_t room)
{
	screen_keys(s, "2");
	screen_wait(s, "walmart-us");
	screen_keys(s, ": \"arm 15m proof\" Enter");
	screen_keys(s, "/ ^U \"state:new channel:walmart-us\" Enter");
	screen_keys(s, "g j j");
	row_of(s, row, cap);
	screen_keys(s, "a A");
	screen_wait(s, "Enter, then type:");
	line_of(s, line, room);
	screen_keys(s, "Enter");
	while (!screen_shows(s, "type it > a")) /* deaf at first */
		screen_keys(s, "a");
	screen_keys(s, "^U");
}

static int armed_for_s(struct screen *s)
{
	const char *at = strstr(screen_text(s), "[ARMED ");
	int minutes = 0, seconds = 0;

	if (!at || sscanf(at, "[ARMED %d:%d]", &minutes, &seconds) != 2)
		fail_msg("it is not armed:\n%s", screen_text(s));
	return minutes * 60 + seconds;
}

/* Two seconds after a key the place is written: the countdown of being armed says when they are over. */
static void wait_for_the_place(struct screen *s)
{
	for (int over_s = armed_for_s(s) - 4; armed_for_s(s) > over_s;)
		screen_settle(s);
}

static void go(struct screen *s, const struct cut *cut)
{
	if (cut->killed) {
		wait_for_the_place(s);
		screen_signal(s, SIGKILL);
		assert_true(screen_ended(s, SCREEN_PATIENCE_MS, NULL));
	} else {
		if (cut->signal)
			screen_signal(s, SIGHUP);
		if (screen_hang_up(s) < 0)
			fail_msg("%s: it is still there", cut->why);
	}
	screen_forgive(s);
	screen_end(s);
}

static void a_line_cut_at_the_typed_sentence_sends_nothing(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
		char row[32], again[32], line[200];
		struct screen *s = sit_down();

		open_the_line(s, row, sizeof row, line, sizeof line);
		screen_bytes(s, line, strlen(line) * (size_t)cuts[i].typed / 100);
		screen_settle(s);
		go(s, &cuts[i]);
		s = sit_down();
		if (!screen_shows(s, "[READ-ONLY]") || !screen_shows(s, "state:new channel:walmart-us") || !screen_shows(s, "[2Orders"))
			fail_msg("%s: afterwards it is not where it was:\n%s", cuts[i].why, screen_text(s));
		row_of(s, again, sizeof again);
		assert_string_equal(again, row);
		screen_keys(s, "Enter"); /* not an answer to a question that is gone */
		assert_true(screen_shows(s, row));
		screen_keys(s, "- Esc");
		assert_int_equal(seller_count(seller, "writes_ack"), 0);
		assert_int_equal(seller_ask(seller, "SELECT count(*) FROM intent WHERE kind IN ('ack', 'ship', 'cancel', 'push')"), 0);
		screen_end(s);
	}
}

static int set_up(void **state)
{
	(void)state;
	seller = seller_start();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	seller_end(seller);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(a_line_cut_at_the_typed_sentence_sends_nothing) };

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
