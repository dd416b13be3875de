/* Places: who tells of them, what is part of the sum, what is stale and comes back, what a person sets. */
#include "trade_truth.h"

#include "trade/alerts.h"

static void tell_site(struct truth_world *t, int64_t account, const char *code, const char *name, const char *kind, bool active)
{
	struct news n = news_new(t->w.a);

	*news_site(&n) = (struct site){ .code = code, .name = name, .kind = kind, .active = active };
	truth_hear(t, account, VERB_PLACES, &n, t->w.why.now_ms);
}

static void two_systems_may_tell_of_one_place(void **state)
{
	struct truth_world t = truth_new(CONFLICT_MIN);
	struct place_row *p;
	int n;

	(void)state;
	tell_site(&t, t.wms, "w-1", "dallas", "own", true);
	tell_site(&t, t.erp, "2", "dallas", "own", true);
	tell_site(&t, t.erp, "3", "reno", "3pl", true);
	tell_site(&t, t.wms, "w-1", "dallas", "own", true); /* a second telling makes no second place */
	OKAY(&t.w, places_list(t.w.s, t.w.a, &p, &n, &t.w.err));
	assert_int_equal(n, 2);
	assert_string_equal(p[0].name, "dallas");
	assert_string_equal(p[0].told_by, "wms:w-1 erp:2");
	assert_string_equal(p[1].kind, "3pl");
	truth_count(&t, t.wms, "w-1", "SKU-1", 5, T0);
	truth_count(&t, t.erp, "3", "SKU-1", 7, T0);
	assert_int_equal(truth_item(&t, "SKU-1").available, 12);
	assert_int_equal(world_int(&t.w, "SELECT count(*) FROM place"), 2);
	world_free(&t.w);
}

static void a_place_that_cannot_be_is_parked_alone(void **state)
{
	struct truth_world t = truth_new(CONFLICT_MIN);
	struct news n = news_new(t.w.a);

	(void)state;
	*news_site(&n) = (struct site){ .code = "", .name = "nowhere", .kind = "own", .active = true };
	*news_site(&n) = (struct site){ .code = "x", .name = "moon", .kind = "moonbase", .active = true };
	*news_site(&n) = (struct site){ .code = "y", .name = "reno", .kind = "own", .active = true };
	truth_hear(&t, t.wms, VERB_PLACES, &n, T0);
	assert_int_equal(world_int(&t.w, "SELECT count(*) FROM place"), 1);
	assert_int_equal(world_int(&t.w, "SELECT count(*) FROM inbox WHERE state = 'parked'"), 2);
	world_free(&t.w);
}

static void reckon_dirty(struct truth_world *t)
{
	int64_t item[10];
	bool more = true;
	int n;

	while (more)
		OKAY(&t->w, places_sweep(t->w.s, 1, t->w.why.now_ms, &more, &t->w.err));
	OKAY(&t->w, items_dirty(t->w.s, item, 10, &n, &t->w.err));
	for (int i = 0; i < n; i++) {
		OKAY(&t->w, item_reckon(t->w.s, item[i], &t->w.why, &t->w.err));
		OKAY(&t->w, item_clean(t->w.s, item[i], &t->w.err));
	}
}

static void a_stale_place_is_left_out_named_and_comes_back(void **state)
{
	static const struct {
		const char *why;
		int64_t after_ms;
		bool heard;
		int64_t want;
		const char *severity;
	} steps[] = {
		{ "fresh", 0, false, 12, NULL },
		{ "six minutes before", HOUR - 6 * MINUTE, false, 12, NULL },
		{ "an hour later to the minute: its end is told", HOUR, false, 12, "WARN" },
		{ "a minute more", HOUR + MINUTE, false, 5, "WARN" },
		{ "after twice its age", 2 * HOUR + MINUTE, false, 5, "CRIT" },
		{ "its next reading", 2 * HOUR + 2 * MINUTE, true, 13, NULL },
	};
	struct truth_world t = truth_new(CONFLICT_MIN);

	(void)state;
	truth_count(&t, 0, "shop", "SKU-1", 5, T0); /* a person's: nobody is expected to tell of it every hour */
	truth_count(&t, t.wms, "dallas", "SKU-1", 7, T0);
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		const char *severity = "(no row)";

		t.w.why.now_ms = T0 + steps[i].after_ms;
		if (steps[i].heard)
			truth_count(&t, t.wms, "dallas", "SKU-1", 8, t.w.why.now_ms);
		OKAY(&t.w, places_watch(t.w.s, &t.w.why, &t.w.err));
		reckon_dirty(&t);
		severity = world_text(&t.w, "SELECT severity FROM alert WHERE kind = 'stale' AND closed_ms = 0");
		if (truth_item(&t, "SKU-1").available != steps[i].want || strcmp(severity, steps[i].severity ? steps[i].severity : "(no row)"))
			fail_msg("%s: %lld available, alert %s", steps[i].why, (long long)truth_item(&t, "SKU-1").available, severity);
	}
	world_free(&t.w);
}

struct off_case {
	const char *why;
	int64_t at_ms, hold_min; /* -1: nobody says anything; 0: no longer */
	enum fault want;
	int64_t due_ms, available; /* due_ms: when its stock goes off sale, 0: not told */
};

static const struct off_case offs[] = {
	{ "nobody holds off what is heard", 30 * MINUTE, 30, FAULT_REFUSED, 0, 12 },
	{ "five minutes before its end it is told", 55 * MINUTE, -1, OK, HOUR, 12 },
	{ "a person knows that the numbers hold", 56 * MINUTE, 30, OK, 86 * MINUTE, 12 },
	{ "they count until then", 86 * MINUTE, -1, OK, 86 * MINUTE, 12 },
	{ "and not longer", 87 * MINUTE, -1, OK, 0, 5 },
	{ "what is off sale already is put back on by a person's word", 90 * MINUTE, 20, OK, 110 * MINUTE, 12 },
	{ "which may be taken back", 91 * MINUTE, 0, OK, 0, 5 },
	{ "once", 92 * MINUTE, 0, FAULT_REFUSED, 0, 5 },
};

/* Its file is looked at each minute; a person alone tells of a warehouse without one, and is waited for nowhere. */
static void what_a_reading_left_out_ages_though_the_rest_is_unchanged(void **state)
{
	static const struct {
		const char *why;
		bool all;
		const char *want;
	} rows[] = {
		{ "unchanged: what it named", false, "1 0" },
		{ "all that the account tells of", true, "0 0" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct truth_world t = truth_new(CONFLICT_MIN);
		int64_t since = T0 + MINUTE;

		truth_count(&t, t.wms, "gone", "SKU-1", 7, T0);
		t.w.why.now_ms = since;
		truth_count(&t, t.wms, "here", "SKU-1", 5, since);
		for (int m = 2; m < 70; m++) {
			t.w.why.now_ms = T0 + m * MINUTE;
			if (rows[i].all)
				OKAY(&t.w, place_heard(t.w.s, t.wms, 0, &t.w.why, &t.w.err));
			else
				OKAY(&t.w, place_unchanged(t.w.s, t.wms, since, &t.w.why, &t.w.err));
			since = t.w.why.now_ms;
		}
		OKAY(&t.w, places_watch(t.w.s, &t.w.why, &t.w.err));
		if (strcmp(world_text(&t.w, "SELECT group_concat(stale, ' ') FROM (SELECT stale FROM place ORDER BY name) AS x"), rows[i].want))
			fail_msg("%s: stale are %s", rows[i].why, world_text(&t.w, "SELECT group_concat(stale, ' ') FROM (SELECT stale FROM place ORDER BY name) AS x"));
		world_free(&t.w);
	}
}

static void a_person_holds_off_the_end_of_a_places_stock(void **state)
{
	struct truth_world t = truth_new(CONFLICT_MIN);

	(void)state;
	truth_count(&t, 0, "shop", "SKU-1", 5, T0);
	truth_count(&t, t.wms, "dallas", "SKU-1", 7, T0);
	for (size_t i = 0; i < sizeof offs / sizeof *offs; i++) {
		const struct off_case *c = &offs[i];
		enum fault f = OK;
		int64_t due;

		t.w.why.now_ms = T0 + c->at_ms;
		OKAY(&t.w, places_watch(t.w.s, &t.w.why, &t.w.err));
		if (c->hold_min >= 0)
			f = place_hold_off(t.w.s, "dallas", c->hold_min ? t.w.why.now_ms + c->hold_min * MINUTE : 0, &t.w.why, &t.w.err);
		reckon_dirty(&t);
		due = world_int(&t.w, "SELECT due_ms FROM place WHERE name = 'dallas'");
		if (f != c->want || due != (c->due_ms ? T0 + c->due_ms : 0) || truth_item(&t, "SKU-1").available != c->available)
			fail_msg("%s: fault %d (%s), due %lld, %lld available", c->why, f, f ? t.w.err.text : "", (long long)(due ? due - T0 : 0), (long long)truth_item(&t, "SKU-1").available);
	}
	truth_count(&t, t.wms, "dallas", "SKU-1", 8, t.w.why.now_ms); /* its next reading ends all of it */
	assert_int_equal(world_int(&t.w, "SELECT held_ms + due_ms + stale FROM place WHERE name = 'dallas'"), 0);
	world_free(&t.w);
}

struct setting_case {
	const char *why, *key, *value;
	enum fault want;
	int64_t available;
};

static const struct setting_case settings[] = {
	{ "left out by a person", "include", "off", OK, 5 },
	{ "and taken in again", "include", "on", OK, 12 },
	{ "neither on nor off", "include", "maybe", FAULT_REFUSED, 12 },
	{ "a pool of the channel's is never ours", "kind", "fba", OK, 5 },
	{ "ours again, but not taken in by itself", "kind", "own", OK, 5 },
	{ "until a person says so", "include", "on", OK, 12 },
	{ "no kind of place", "kind", "moon", FAULT_REFUSED, 12 },
	{ "an age of no minutes", "max_age", "0", FAULT_REFUSED, 12 },
	{ "an age", "max_age", "90", OK, 12 },
	{ "accounts and channels", "serves", "walmart-us amazon", OK, 12 },
	{ "somebody that there is not", "serves", "walmart-us nobody", FAULT_REFUSED, 12 },
	{ "a node", "node", "10000001", OK, 12 },
	{ "an account that there is not", "source", "nobody:1", FAULT_REFUSED, 12 },
	{ "no word", "source", "wms:", FAULT_REFUSED, 12 },
	{ "something else", "colour", "red", FAULT_REFUSED, 12 },
};

static void what_a_person_sets(void **state)
{
	struct truth_world t = truth_new(CONFLICT_MIN);

	(void)state;
	truth_count(&t, 0, "shop", "SKU-1", 5, T0);
	truth_count(&t, t.wms, "dallas", "SKU-1", 7, T0);
	for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
		enum fault f = place_set(t.w.s, "dallas", settings[i].key, settings[i].value, &t.w.why, &t.w.err);

		reckon_dirty(&t);
		if (f != settings[i].want || truth_item(&t, "SKU-1").available != settings[i].available)
			fail_msg("%s: %s, %lld available", settings[i].why, f ? t.w.err.text : "done", (long long)truth_item(&t, "SKU-1").available);
	}
	assert_int_equal(place_set(t.w.s, "nowhere", "include", "off", &t.w.why, &t.w.err), FAULT_REFUSED);
	assert_int_equal(world_int(&t.w, "SELECT count(*) FROM change WHERE fact = 'place' AND field = 'include'"), 3);
	world_free(&t.w);
}

/* What the ERP calls 2 is what the warehouse calls dallas: a person says so, and the two are one from then on. */
static void a_person_says_that_two_words_are_one_place(void **state)
{
	struct truth_world t = truth_new(CONFLICT_MIN);

	(void)state;
	truth_count(&t, t.wms, "dallas", "SKU-1", 7, T0);
	truth_count(&t, t.erp, "2", "SKU-1", 7, T0);
	assert_int_equal(truth_item(&t, "SKU-1").available, 14); /* counted twice: two places, for all that anybody said */
	OKAY(&t.w, place_set(t.w.s, "dallas", "source", "erp:2", &t.w.why, &t.w.err));
	reckon_dirty(&t);
	assert_int_equal(truth_item(&t, "SKU-1").available, 7);
	t.w.why.now_ms += MINUTE;
	truth_count(&t, t.erp, "2", "SKU-1", 6, t.w.why.now_ms);
	assert_int_equal(truth_item(&t, "SKU-1").available, 6); /* the safer of the two */
	world_free(&t.w);
}

static void units_kept_back(void **state)
{
	struct truth_world t = truth_new(CONFLICT_MIN);

	(void)state;
	truth_count(&t, t.wms, "dallas", "SKU-1", 7, T0);
	OKAY(&t.w, place_hold(t.w.s, "dallas", "SKU-1", "held", 3, &t.w.why, &t.w.err));
	assert_int_equal(truth_item(&t, "SKU-1").available, 4);
	OKAY(&t.w, place_hold(t.w.s, "dallas", "SKU-1", "moving", 2, &t.w.why, &t.w.err));
	assert_int_equal(truth_item(&t, "SKU-1").available, 2);
	OKAY(&t.w, place_hold(t.w.s, "dallas", "SKU-1", "held", 0, &t.w.why, &t.w.err));
	assert_int_equal(truth_item(&t, "SKU-1").available, 5);
	reckon_dirty(&t);
	assert_int_equal(truth_item(&t, "SKU-1").available, 5); /* reckoned anew it is the same */
	assert_int_equal(place_hold(t.w.s, "dallas", "SKU-9", "held", 1, &t.w.why, &t.w.err), FAULT_REFUSED);
	assert_int_equal(place_hold(t.w.s, "dallas", "SKU-1", "held", -1, &t.w.why, &t.w.err), FAULT_REFUSED);
	world_free(&t.w);
}

static void whom_a_place_serves(void **state)
{
	static const struct {
		const char *serves, *account, *channel;
		bool want;
	} cases[] = {
		{ "", "walmart-us", "walmart", true },
		{ "  ", "walmart-us", "walmart", true },
		{ "walmart-us", "walmart-us", "walmart", true },
		{ "walmart", "walmart-us", "walmart", true },
		{ "amazon walmart", "walmart-us", "walmart", true },
		{ "walmart-us2", "walmart-us", "walmart", false },
		{ "walmart-u", "walmart-us", "walmart", false },
		{ "amazon", "walmart-us", "walmart", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		if (place_serves(cases[i].serves, cases[i].account, cases[i].channel) != cases[i].want)
			fail_msg("'%s' and %s", cases[i].serves, cases[i].account);
}

/* Configuration says another age: it holds for every place that nobody gave one of its own. */
static void a_changed_age_holds_for_places_that_are_there(void **state)
{
	struct truth_world t = truth_new(CONFLICT_MIN);

	(void)state;
	truth_count(&t, t.wms, "dallas", "SKU-1", 10, T0);
	truth_count(&t, t.erp, "reno", "SKU-1", 5, T0);
	OKAY(&t.w, place_set(t.w.s, "reno", "max_age", "90", &t.w.why, &t.w.err));
	OKAY(&t.w, truth_put(t.w.s, "wms", "erp", CONFLICT_MIN, 10 * MINUTE, &t.w.err));
	assert_string_equal(world_text(&t.w, "SELECT group_concat(name || ' ' || (max_age_ms / 60000)) FROM (SELECT * FROM place ORDER BY name)"), "dallas 10,reno 90");
	world_free(&t.w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_systems_may_tell_of_one_place),
		cmocka_unit_test(a_place_that_cannot_be_is_parked_alone),
		cmocka_unit_test(a_stale_place_is_left_out_named_and_comes_back),
		cmocka_unit_test(what_a_reading_left_out_ages_though_the_rest_is_unchanged),
		cmocka_unit_test(a_person_holds_off_the_end_of_a_places_stock),
		cmocka_unit_test(what_a_person_sets),
		cmocka_unit_test(a_person_says_that_two_words_are_one_place),
		cmocka_unit_test(units_kept_back),
		cmocka_unit_test(a_changed_age_holds_for_places_that_are_there),
		cmocka_unit_test(whom_a_place_serves),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
