/* Reconciliation's rule: what is over a threshold, what follows from a difference, whether a schedule fits. A sentence a row. */
#include "trade_world.h"

#include "trade/reconcile.h"

struct over_case {
	const char *why;
	struct rec_limit limit;
	int64_t min_units, expected, delta;
	bool want;
};

#define ALERT { 10, 500 }
#define CORRECT { 2, 500 }

static const struct over_case overs[] = {
	{ "10 units of 1000 are not over 10 units", ALERT, 2, 1000, 10, false },
	{ "11 units of 1000 are", ALERT, 2, 1000, 11, true },
	{ "11 fewer are as many", ALERT, 2, 1000, -11, true },
	{ "10 of 200 are 5.00 %: not over it", ALERT, 2, 200, 10, false },
	{ "10 of 199 are 5.02 %: over it", ALERT, 2, 199, 10, true },
	{ "5.01 % exactly", { 1000, 500 }, 2, 10000, 501, true },
	{ "5.00 % exactly", { 1000, 500 }, 2, 10000, 500, false },
	{ "one of ten is 10 %, and percent count from two units on", ALERT, 2, 10, 1, false },
	{ "two of ten are 20 %", ALERT, 2, 10, 2, true },
	{ "one of ten, with the source taken at its word", ALERT, 0, 10, 1, true },
	{ "none is never over", ALERT, 0, 10, 0, false },
	{ "any of nothing is, from two units on", CORRECT, 2, 0, 2, true },
	{ "two units of 100 are tolerated", CORRECT, 2, 100, 2, false },
	{ "three are corrected", CORRECT, 2, 100, 3, true },
};

static void thresholds_are_exact(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof overs / sizeof *overs; i++)
		if (rec_over(&overs[i].limit, overs[i].min_units, overs[i].expected, overs[i].delta) != overs[i].want)
			fail_msg("%s", overs[i].why);
	assert_int_equal(rec_pct(199, -10), 502);
	assert_int_equal(rec_pct(0, 1), 1000000);
	assert_int_equal(rec_pct(0, 0), 0);
}

struct follows_case {
	const char *why;
	struct rec_facts f;
	bool by_hand; /* rec.autocorrect = off */
	enum rec_action want;
};

#define FOUND .expected = 50, .account = "a", .said = "", .mapped = true, .wanted = true

static const struct follows_case follows[] = {
	{ "somebody typed more: said again", { FOUND, .delta = 40, .cause = "CHANNEL_EDIT" }, false, REC_PUSH },
	{ "somebody typed less: said again", { FOUND, .delta = -40, .cause = "CHANNEL_EDIT" }, false, REC_PUSH },
	{ "it never took: said again", { FOUND, .delta = 40, .cause = "NOT_APPLIED" }, false, REC_PUSH },
	{ "they put units back before we did: what they show is too much until we do", { FOUND, .delta = 3, .cause = "RETURN_FIRST" }, false, REC_PUSH },
	{ "nobody knows why: said again", { FOUND, .delta = 9, .cause = "UNKNOWN" }, false, REC_PUSH },
	{ "two of fifty: tolerated", { FOUND, .delta = 2, .cause = "CHANNEL_EDIT" }, false, REC_NONE },
	{ "one unit of what is held at zero is not", { .expected = 0, .account = "a", .said = "", .mapped = true, .wanted = true, .delta = 1, .cause = "NOT_APPLIED", .held = true }, false, REC_PUSH },
	{ "most likely sold: raising it again would sell it twice", { FOUND, .delta = -5, .cause = "IN_FLIGHT_ORDER" }, false, REC_WAIT },
	{ "our count is old: nothing is raised by it", { FOUND, .delta = -9, .cause = "TRUTH_STALE" }, false, REC_LOOK },
	{ "our count is old: lowering is safe", { FOUND, .delta = 9, .cause = "TRUTH_STALE" }, false, REC_PUSH },
	{ "it stands for nothing of ours", { .expected = 5, .delta = 90, .cause = "MAPPING", .said = "" }, false, REC_MAP },
	{ "what they hold for us is theirs to say", { FOUND, .delta = 9, .cause = "CHANNEL_EDIT", .unwritable = "fulfilled by Amazon" }, false, REC_NONE },
	{ "corrected already, not proved yet", { FOUND, .delta = 9, .cause = "CHANNEL_EDIT", .pending = true }, false, REC_WAIT },
	{ "a person spoke: his word stands", { .expected = 50, .delta = 9, .cause = "CHANNEL_EDIT", .said = "hold", .mapped = true, .wanted = true }, false, REC_NONE },
	{ "correcting is a person's here", { FOUND, .delta = 9, .cause = "CHANNEL_EDIT" }, true, REC_LOOK },
	{ "no quantity was reckoned yet", { .expected = 50, .delta = 9, .cause = "CHANNEL_EDIT", .said = "", .mapped = true }, false, REC_LOOK },
};

static void each_difference_has_one_consequence(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof follows / sizeof *follows; i++) {
		struct rec_rule r = rec_usual();
		const char *why;

		r.autocorrect = !follows[i].by_hand;
		if (rec_decide(&r, &follows[i].f, &why) != follows[i].want || !*why)
			fail_msg("%s: %s, %s", follows[i].why, rec_action_name(rec_decide(&r, &follows[i].f, &why)), why);
	}
}

struct fit_case {
	const char *why;
	struct rec_need n;
	bool want;
	const char *words; /* in what is said of it */
};

#define USUAL .account = "ebay-us", .bucket = "ebay.inventory", .every_ms = 4 * HOUR, .read_ms = 15 * MINUTE, .cost = 1

static const struct fit_case fits[] = {
	{ "ten thousand single reads, six times a day, of five thousand calls", { USUAL, .pull = 10000, .daily = 5000 }, false,
	  "a pull takes 10000 calls; 6 runs and 96 usual readings a day are 1020000, and ebay.inventory allows 5000 a day, 4500 of them for reading" },
	{ "the same in pages of two hundred", { USUAL, .pull = 50, .daily = 5000 }, false, "are 5100" },
	{ "and with a reading an hour", { .account = "ebay-us", .bucket = "b", .every_ms = 4 * HOUR, .read_ms = HOUR, .cost = 1, .pull = 50, .daily = 5000 }, true, "1500 a day of 5000" },
	{ "it would, but today's calls are used", { .account = "e", .bucket = "b", .every_ms = 4 * HOUR, .read_ms = HOUR, .cost = 1, .pull = 50, .daily = 5000, .used = 4451 }, false,
	  "4451 of today's 5000" },
	{ "the pages would fit, and each offer is read by itself once a day besides", { .account = "e", .bucket = "b", .every_ms = 4 * HOUR, .read_ms = HOUR, .cost = 1, .pull = 50, .daily = 5000, .singles = 3001 }, false,
	  "a day, with 3001 offers one by one, are 4501, and b allows 5000 a day" },
	{ "the last that fits today", { .account = "e", .bucket = "b", .every_ms = 4 * HOUR, .read_ms = HOUR, .cost = 1, .pull = 50, .daily = 5000, .used = 4450 }, true, "" },
	{ "no limit but a rate that is ample", { USUAL, .pull = 200, .rate = 200, .window_ms = MINUTE }, true, "20400 a day" },
	{ "a pull that takes longer than the time between two", { .account = "a", .bucket = "b", .every_ms = HOUR, .read_ms = 24 * HOUR, .cost = 1, .pull = 100, .rate = 1, .window_ms = MINUTE }, false,
	  "100 calls, which b lets through in 1h40m" },
	{ "readings that take more than the day has", { USUAL, .pull = 200, .rate = 10, .window_ms = MINUTE }, false, "do not fit" },
};

static void a_schedule_is_reckoned_before_it_begins(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof fits / sizeof *fits; i++) {
		const char *text;

		if (rec_fits(&fits[i].n, a, &text) != fits[i].want || !strstr(text, fits[i].words))
			fail_msg("%s: %s", fits[i].why, text);
	}
	arena_free(a);
}

/* Four weeks, looked at each minute; a run ends as soon as it began. Then the machine sleeps for ten days, and its clock is set back once. */
static void runs_keep_to_their_grid_and_one_a_week_is_whole(void **state)
{
	static const char *const list[] = { "stock" };
	struct world w = world_new();
	struct rec_rule r = rec_usual();
	int64_t runs = 0, wholes = 0, planned, id, last_whole = 0;
	bool due, whole;

	(void)state;
	w.why.actor = "rule:reconcile";
	for (int64_t at = T0; at < T0 + 28 * 24 * HOUR; at += MINUTE) {
		OKAY(&w, rec_due(w.s, w.walmart, &r, at, &due, &whole, &planned, &w.err));
		if (!due)
			continue;
		assert_int_equal(planned, T0 + runs * 4 * HOUR);
		w.why.now_ms = at;
		OKAY(&w, rec_begin(w.s, w.walmart, list, 1, whole, planned, &w.why, &id, &w.err));
		OKAY(&w, store_exec(w.s, &w.err, "UPDATE rec_run SET state = 'COMPARING' WHERE state = 'PULLING'"));
		OKAY(&w, store_exec(w.s, &w.err, "UPDATE rec_run SET state = 'COMPLETE' WHERE state = 'COMPARING'"));
		runs++;
		wholes += whole;
		if (whole && last_whole)
			assert_int_equal(planned - last_whole, 7 * 24 * HOUR);
		last_whole = whole ? planned : last_whole;
	}
	assert_int_equal(runs, 28 * 6);
	assert_int_equal(wholes, 4); /* after the first day, and then three weeks */
	OKAY(&w, rec_due(w.s, w.walmart, &r, T0 + 38 * 24 * HOUR, &due, &whole, &planned, &w.err));
	assert_true(due && whole && planned == T0 + 38 * 24 * HOUR); /* sixty were missed: one, now */
	OKAY(&w, rec_due(w.s, w.walmart, &r, T0 - HOUR, &due, &whole, &planned, &w.err));
	assert_true(due && planned == T0 - HOUR); /* the clock was set back: nobody waits four weeks for the next */
	world_free(&w);
}

static enum fault read_rule(const char *text, struct rec_rule *r, struct err *err)
{
	struct config *c = config_new();
	enum fault f = config_text(c, "t.ini", text, err);

	if (!f)
		f = rec_rule_read(c, r, err);
	config_free(c);
	return f;
}

static void the_configuration_says_it(void **state)
{
	static const char *const wrong[][2] = {
		{ "[rec]\nevery_h = 0\n", "every_h" },
		{ "[rec]\ncorrect = 5\n", "units and percent" },
		{ "[rec]\nalert = 10u/\n", "units and percent" },
		{ "[rec]\nalert = u/5%\n", "units and percent" },
		{ "[rec]\npattern = 3\n", "3in7d" },
		{ "[rec]\npattern = 1in7d\n", "3in7d" },
		{ "[rec]\nfull = daily\n", "weekly or off" },
	};
	struct world w = world_new();
	struct rec_rule r, back;

	(void)state;
	assert_int_equal(read_rule("", &r, &w.err), OK);
	assert_true(r.every_ms == 4 * HOUR && r.correct.units == 2 && r.correct.bp == 500 && r.alert.units == 10 && r.alert.bp == 500 && r.pct_min_units == 2);
	assert_int_equal(read_rule("[rec]\nevery_h = 2\ncorrect = 0u/2.5%\nalert = 7u/1%\nautocorrect = off\nghosts = off\nfull = off\noversell = in-run\npattern = 2in14d\n", &r, &w.err), OK);
	OKAY(&w, rec_rule_put(w.s, &r, &w.err));
	OKAY(&w, rec_rule_get(w.s, &back, &w.err));
	assert_true(back.every_ms == 2 * HOUR && back.correct.units == 0 && back.correct.bp == 250 && back.alert.units == 7 && !back.autocorrect && !back.ghosts &&
	            !back.weekly && !back.at_once && back.pattern_n == 2 && back.pattern_ms == 14 * 24 * HOUR);
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		if (read_rule(wrong[i][0], &r, &w.err) != FAULT_REFUSED || !strstr(w.err.text, wrong[i][1]))
			fail_msg("%s: %s", wrong[i][0], w.err.text);
	world_free(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(thresholds_are_exact),
		cmocka_unit_test(each_difference_has_one_consequence),
		cmocka_unit_test(a_schedule_is_reckoned_before_it_begins),
		cmocka_unit_test(runs_keep_to_their_grid_and_one_a_week_is_whole),
		cmocka_unit_test(the_configuration_says_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
