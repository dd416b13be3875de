/* What sources tell of one item at one place: pages, units of measure, several who differ. */
#include "trade_truth.h"

#include "trade/readings.h"

static void page(struct truth_world *t, const char *reading, const char *prefix, int n, int64_t qty, bool last)
{
	struct news news = news_new(t->w.a);

	for (int i = 0; i < n; i++)
		*news_count(&news) = (struct count){ .place = "dallas", .sku = arena_printf(t->w.a, "%s-%d", prefix, i), .qty = qty, .valid_ms = t->w.why.now_ms };
	news.reading = reading;
	news.counts_whole = last;
	truth_hear(t, t->wms, VERB_COUNTS, &news, t->w.why.now_ms);
}

static int64_t units(struct truth_world *t)
{
	return world_int(&t->w, "SELECT coalesce(sum(counted), 0) FROM item");
}

static void nothing_of_a_reading_is_half_applied(void **state)
{
	struct truth_world t = truth_new(CONFLICT_MIN);

	(void)state;
	page(&t, "run-1", "A", 10, 5, false);
	assert_int_equal(units(&t), 0);
	page(&t, "run-1", "A", 10, 5, false); /* the page is read once more after a crash */
	page(&t, "run-1", "B", 10, 5, true);
	assert_int_equal(units(&t), 100);
	assert_int_equal(world_int(&t.w, "SELECT count(*) FROM staged"), 0);
	t.w.why.now_ms += MINUTE;
	page(&t, "run-2", "A", 10, 7, false); /* never finished */
	t.w.why.now_ms += MINUTE;
	page(&t, "run-3", "A", 10, 6, false);
	page(&t, "run-3", "C", 0, 0, true); /* the last page is empty */
	assert_int_equal(units(&t), 110);
	world_free(&t.w);
}

/* Two warehouses' runs are read at the same time, page about page: neither is short of what came in between. */
static void readings_that_overlap_are_whole(void **state)
{
	struct truth_world t = truth_new(CONFLICT_MIN);

	(void)state;
	page(&t, "run-1", "A", 10, 5, false);
	page(&t, "run-2", "C", 10, 3, false);
	page(&t, "run-1", "B", 10, 5, true);
	assert_int_equal(units(&t), 100);
	page(&t, "run-2", "D", 10, 3, true);
	assert_int_equal(units(&t), 160);
	assert_int_equal(world_int(&t.w, "SELECT count(*) FROM staged"), 0);
	t.w.why.now_ms += 2 * 24 * HOUR;
	page(&t, "run-3", "A", 10, 5, false);
	t.w.why.now_ms += 2 * 24 * HOUR;
	page(&t, "run-4", "A", 10, 5, false);
	assert_int_equal(world_int(&t.w, "SELECT count(*) FROM staged WHERE reading = 'run-3'"), 0); /* never finished */
	world_free(&t.w);
}

/*
 * At its start an engine hears of orders before it hears what lies where. What looks short then is not told before each source has spoken of all
 * its places, or had its time.
 */
static void what_is_short_is_told_when_the_first_readings_are_here(void **state)
{
	static const char open[] = "SELECT count(*) FROM alert WHERE kind = 'oversold' AND closed_ms = 0";

	(void)state;
	for (int late = 0; late < 2; late++) {
		struct truth_world t = truth_new(CONFLICT_MIN);

		OKAY(&t.w, source_await(t.w.s, t.wms, 2, T0, &t.w.err));
		OKAY(&t.w, source_await(t.w.s, t.erp, 1, T0, &t.w.err));
		t.w.why.now_ms = T0 + MINUTE;
		truth_count(&t, t.wms, "dallas", "SKU-1", 1, T0 + MINUTE);
		world_order(&t.w, t.w.amazon, "A", ORDER_ACKED, 3, 0);
		assert_int_equal(world_int(&t.w, open), 0);
		truth_count(&t, t.erp, "reno", "SKU-1", 1, T0 + MINUTE);
		assert_int_equal(truth_item(&t, "SKU-1").available, -1);
		assert_int_equal(world_int(&t.w, open), 0); /* oakland was not heard yet */
		t.w.why.now_ms = T0 + (late ? 16 : 2) * MINUTE;
		if (late)
			world_order(&t.w, t.w.amazon, "B", ORDER_ACKED, 1, 0); /* it has had its time */
		else
			truth_count(&t, t.wms, "oakland", "SKU-2", 5, t.w.why.now_ms);
		assert_int_equal(world_int(&t.w, open), 1);
		world_free(&t.w);
	}
}

static const char *awaited(struct truth_world *t)
{
	const char *name;

	OKAY(&t->w, truth_awaits(t->w.s, t->w.why.now_ms, t->w.a, &name, &t->w.err));
	return name;
}

/* Two runs are asked for; the name of the second one's warehouse is learnt with its answer. Until then nothing is said for the first time. */
static void a_place_that_has_no_name_yet_is_waited_for(void **state)
{
	struct truth_world t = truth_new(CONFLICT_MIN);

	(void)state;
	OKAY(&t.w, truth_tells(t.w.s, t.wms, true, &t.w.err));
	OKAY(&t.w, source_await(t.w.s, t.wms, 2, T0, &t.w.err));
	OKAY(&t.w, source_await(t.w.s, t.erp, 1, T0, &t.w.err));
	truth_count(&t, t.erp, "reno", "SKU-1", 1, T0 + MINUTE);
	assert_string_equal(awaited(&t), "wms");
	truth_count(&t, t.wms, "dallas", "SKU-1", 1, T0 + MINUTE);
	assert_string_equal(awaited(&t), "wms");
	t.w.why.now_ms += 16 * MINUTE;
	assert_string_equal(awaited(&t), ""); /* nothing lies there, or there is no such place: it has had its time */
	t.w.why.now_ms -= 16 * MINUTE;
	truth_count(&t, t.wms, "oakland", "SKU-2", 5, T0 + 2 * MINUTE);
	assert_string_equal(awaited(&t), "");
	OKAY(&t.w, source_await(t.w.s, t.wms, 2, T0 + HOUR, &t.w.err)); /* the next engine knows both */
	assert_string_equal(awaited(&t), "");
	world_free(&t.w);
}

/* Each page alone takes a fifth; together they take 40 %. */
static void the_guard_sees_all_pages(void **state)
{
	struct truth_world t = truth_new(CONFLICT_MIN);

	(void)state;
	page(&t, "run-1", "A", 20, 5, false);
	page(&t, "run-1", "B", 20, 5, true);
	assert_int_equal(units(&t), 200);
	for (int again = 0; again < 2; again++) {
		t.w.why.now_ms += MINUTE;
		page(&t, again ? "run-3" : "run-2", "A", 20, 3, false);
		page(&t, again ? "run-3" : "run-2", "B", 20, 3, true);
		assert_int_equal(units(&t), again ? 120 : 200); /* the second reading is believed */
	}
	world_free(&t.w);
}

static void product(struct truth_world *t, const char *sku, const char *unit, int64_t eaches)
{
	struct news n = news_new(t->w.a);

	*news_product(&n) = (struct product){ .sku = sku, .unit = unit, .eaches = eaches, .active = true };
	truth_hear(t, t->wms, VERB_PRODUCTS, &n, t->w.why.now_ms);
}

static void counts_in_units(struct truth_world *t, const struct count *c, int n)
{
	struct news news = news_new(t->w.a);

	for (int i = 0; i < n; i++)
		*news_count(&news) = c[i];
	news.counts_whole = true;
	t->w.why.now_ms += MINUTE;
	truth_hear(t, t->wms, VERB_COUNTS, &news, t->w.why.now_ms);
}

static void units_of_measure_become_eaches(void **state)
{
	static const struct count mixed[] = { { .place = "dallas", .sku = "A", .qty = 3, .unit = "CTN", .committed = 1 },
		                              { .place = "dallas", .sku = "A", .qty = 5, .unit = "EA" },
		                              { .place = "dallas", .sku = "B", .qty = 9 } };
	static const struct count pallet[] = { { .place = "dallas", .sku = "A", .qty = 3, .unit = "CTN" },
		                               { .place = "dallas", .sku = "A", .qty = 1, .unit = "PLT" },
		                               { .place = "dallas", .sku = "B", .qty = 8 } };
	struct truth_world t = truth_new(CONFLICT_MIN);

	(void)state;
	product(&t, "A", "CTN", 12);
	product(&t, "A", "EA", 1);
	counts_in_units(&t, mixed, 3);
	assert_int_equal(truth_item(&t, "A").counted, 41);
	assert_int_equal(world_int(&t.w, "SELECT committed FROM reading WHERE free = 41"), 12);
	counts_in_units(&t, pallet, 3);
	assert_int_equal(truth_item(&t, "A").counted, 41); /* a pallet of how many? its last count stays */
	assert_int_equal(truth_item(&t, "B").counted, 8);
	assert_non_null(strstr(world_text(&t.w, "SELECT text FROM inbox WHERE class = 'UNIT' AND state = 'parked'"), "a PLT of A holds is not known"));
	product(&t, "A", "PLT", 40);
	counts_in_units(&t, pallet, 3);
	assert_int_equal(truth_item(&t, "A").counted, 76);
	assert_int_equal(world_int(&t.w, "SELECT count(*) FROM inbox WHERE state = 'parked'"), 0);
	world_free(&t.w);
}

static void a_unit_of_no_whole_number_is_parked(void **state)
{
	struct truth_world t = truth_new(CONFLICT_MIN);

	(void)state;
	product(&t, "A", "CTN", 0);
	product(&t, "", "CTN", 2);
	product(&t, "B", "CTN", 6);
	product(&t, "B", "CTN", 8); /* they packed it anew: on record */
	assert_int_equal(world_int(&t.w, "SELECT count(*) FROM product_unit"), 1);
	assert_int_equal(world_int(&t.w, "SELECT count(*) FROM inbox WHERE state = 'parked'"), 2);
	assert_string_equal(world_text(&t.w, "SELECT old || ' ' || new FROM change WHERE fact = 'product_unit' ORDER BY id DESC LIMIT 1"), "6 8");
	world_free(&t.w);
}

/* The warehouse says 37, the ERP 40. */
struct rule_case {
	const char *why;
	enum conflict_rule rule;
	int64_t wms, erp, want;
};

static const struct rule_case rule_cases[] = {
	{ "the least", CONFLICT_MIN, 37, 40, 37 },
	{ "the least is the ERP's", CONFLICT_MIN, 40, 37, 37 },
	{ "the one who counts the shelf", CONFLICT_WMS, 40, 37, 40 },
	{ "the one who knows what is promised", CONFLICT_ERP, 37, 40, 40 },
	{ "they agree", CONFLICT_MIN, 40, 40, 40 },
};

static void who_is_believed(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rule_cases / sizeof *rule_cases; i++)
		for (int erp_first = 0; erp_first < 2; erp_first++) {
			const struct rule_case *c = &rule_cases[i];
			struct truth_world t = truth_new(c->rule);

			truth_count(&t, erp_first ? t.erp : t.wms, "dallas", "SKU-1", erp_first ? c->erp : c->wms, T0);
			t.w.why.now_ms += MINUTE;
			truth_count(&t, erp_first ? t.wms : t.erp, "dallas", "SKU-1", erp_first ? c->wms : c->erp, t.w.why.now_ms);
			if (truth_item(&t, "SKU-1").counted != c->want)
				fail_msg("%s, the %s first: %lld", c->why, erp_first ? "ERP" : "warehouse", (long long)truth_item(&t, "SKU-1").counted);
			if (world_int(&t.w, "SELECT count(*) FROM conflict WHERE ended_ms = 0") != (c->wms != c->erp))
				fail_msg("%s, the %s first: the conflict", c->why, erp_first ? "ERP" : "warehouse");
			world_free(&t.w);
		}
}

enum gone { OFF, SILENT, AWAITED, NOT_GONE };

/* The warehouse and the ERP tell one place; then one of them no more, and the other goes on with what it said. */
static const struct gone_case {
	const char *why;
	enum conflict_rule rule;
	enum gone erp;
	bool timed; /* they say when they counted */
	int64_t wms_qty, erp_qty, want;
	int conflicts; /* that are open then */
} gone_cases[] = {
	{ "the ERP is there: the least holds", CONFLICT_MIN, NOT_GONE, true, 40, 35, 35, 1 },
	{ "it is switched off: its last number is nobody's", CONFLICT_MIN, OFF, true, 40, 35, 40, 0 },
	{ "and so it is where nobody says when he counted", CONFLICT_MIN, OFF, false, 40, 35, 40, 0 },
	{ "it is silent for more than an hour", CONFLICT_MIN, SILENT, true, 40, 35, 40, 1 },
	{ "it was, but the engine begins and waits for it", CONFLICT_MIN, AWAITED, true, 40, 35, 35, 1 },
	{ "who owns the number is silent: the other holds", CONFLICT_ERP, SILENT, true, 35, 40, 35, 1 },
	{ "who owns the number is switched off", CONFLICT_ERP, OFF, true, 35, 40, 35, 0 },
	{ "who owns the number is there", CONFLICT_ERP, NOT_GONE, true, 35, 40, 40, 1 },
	{ "who does not own it is silent", CONFLICT_WMS, SILENT, true, 40, 35, 40, 1 },
};

static void a_teller_that_is_gone_decides_nothing(void **state)
{
	(void)state;
	for (const struct gone_case *c = gone_cases; c < gone_cases + sizeof gone_cases / sizeof *gone_cases; c++) {
		struct truth_world t = truth_new(c->rule);

		truth_count(&t, t.wms, "dallas", "SKU-1", c->wms_qty, c->timed ? T0 : 0);
		truth_count(&t, t.erp, "dallas", "SKU-1", c->erp_qty, c->timed ? T0 : 0);
		t.w.why.now_ms += 61 * MINUTE;
		if (c->erp == OFF)
			OKAY(&t.w, accounts_leave(t.w.s, (int64_t[]){ t.wms, t.w.walmart, t.w.amazon }, 3, &t.w.why, &t.w.err));
		if (c->erp == AWAITED)
			OKAY(&t.w, source_await(t.w.s, t.erp, 1, t.w.why.now_ms, &t.w.err));
		if (c->erp == NOT_GONE)
			truth_count(&t, t.erp, "dallas", "SKU-1", c->erp_qty, t.w.why.now_ms);
		truth_count(&t, t.wms, "dallas", "SKU-1", c->wms_qty, c->timed ? t.w.why.now_ms : 0);
		if (truth_item(&t, "SKU-1").counted != c->want || world_int(&t.w, "SELECT count(*) FROM conflict WHERE ended_ms = 0") != c->conflicts)
			fail_msg("%s: %lld, %d conflicts", c->why, (long long)truth_item(&t, "SKU-1").counted, (int)world_int(&t.w, "SELECT count(*) FROM conflict WHERE ended_ms = 0"));
		world_free(&t.w);
	}
}

/* Whoever counted the shelf is switched off: the place is as old as the word of who goes on telling of it. */
static void a_place_whose_owner_is_switched_off_is_as_old_as_the_other_says(void **state)
{
	struct truth_world t = truth_new(CONFLICT_MIN);

	(void)state;
	truth_count(&t, t.wms, "dallas", "SKU-1", 5, T0);
	truth_count(&t, t.erp, "dallas", "SKU-1", 5, T0);
	OKAY(&t.w, accounts_leave(t.w.s, (int64_t[]){ t.erp, t.w.walmart, t.w.amazon }, 3, &t.w.why, &t.w.err));
	t.w.why.now_ms += 50 * MINUTE;
	truth_count(&t, t.erp, "dallas", "SKU-1", 5, t.w.why.now_ms);
	t.w.why.now_ms += 20 * MINUTE;
	OKAY(&t.w, places_watch(t.w.s, &t.w.why, &t.w.err));
	assert_int_equal(world_int(&t.w, "SELECT stale FROM place WHERE name = 'dallas'"), 0);
	world_free(&t.w);
}

/* Of one place, minute by minute: the conflict opens, is explained, ends; nobody's number is lost. */
static void a_conflict_has_a_row_of_its_own(void **state)
{
	struct truth_world t = truth_new(CONFLICT_MIN);
	struct conflict *k;
	int n;

	(void)state;
	truth_count(&t, t.wms, "dallas", "SKU-1", 40, T0);
	truth_count(&t, t.erp, "dallas", "SKU-1", 40, T0);
	world_order(&t.w, t.w.amazon, "A", ORDER_ACKED, 3, 0);
	t.w.why.now_ms += MINUTE;
	truth_dispatch(&t, t.wms, "A", "RELEASED", t.w.why.now_ms, t.w.why.now_ms);
	t.w.why.now_ms += MINUTE;
	truth_count(&t, t.wms, "dallas", "SKU-1", 37, t.w.why.now_ms);
	OKAY(&t.w, conflicts_list(t.w.s, 0, 10, t.w.a, &k, &n, &t.w.err));
	assert_int_equal(n, 1);
	assert_true(k[0].free == 37 && k[0].other_free == 40 && k[0].owner_was == 40);
	assert_string_equal(k[0].cause, "IN_FLIGHT");
	assert_string_equal(k[0].owner, "wms");
	assert_string_equal(conflict_mover(&k[0], t.w.a), "wms moved last, from 40 to 37");
	OKAY(&t.w, store_exec(t.w.s, &t.w.err, "SAVEPOINT past; DELETE FROM reading WHERE was_ms = 0")); /* as in a past in which one has said something else since */
	OKAY(&t.w, conflicts_list(t.w.s, 0, 10, t.w.a, &k, &n, &t.w.err));
	assert_string_equal(conflict_mover(&k[0], t.w.a), "which moved last is not kept");
	OKAY(&t.w, store_exec(t.w.s, &t.w.err, "ROLLBACK TO past; RELEASE past"));
	assert_int_equal(truth_item(&t, "SKU-1").available, 37); /* 37 without the three, or 40 less the three: the same */
	t.w.why.now_ms += MINUTE;
	truth_count(&t, t.erp, "dallas", "SKU-1", 37, t.w.why.now_ms);
	OKAY(&t.w, conflicts_list(t.w.s, 0, 10, t.w.a, &k, &n, &t.w.err));
	assert_int_equal(n, 0);
	assert_int_equal(world_int(&t.w, "SELECT count(*) FROM conflict WHERE ended_ms > 0"), 1);
	world_free(&t.w);
}

/* The number of conflicts that are open, and of alerts that tell of one. */
static void disputed(struct truth_world *t, const char *why, int64_t conflicts, int64_t alerts)
{
	int64_t c = world_int(&t->w, "SELECT count(*) FROM conflict WHERE ended_ms = 0"), a = world_int(&t->w, "SELECT count(*) FROM alert WHERE kind = 'conflict' AND closed_ms = 0");

	if (c != conflicts || a != alerts)
		fail_msg("%s: %lld conflicts, %lld alerts", why, (long long)c, (long long)a);
}

/* The warehouse says 40, the ERP a minute later 28. */
static struct truth_world world_of_two_who_differ(void)
{
	struct truth_world t = truth_new(CONFLICT_MIN);

	truth_count(&t, t.wms, "dallas", "SKU-1", 40, T0);
	t.w.why.now_ms += MINUTE;
	truth_count(&t, t.erp, "dallas", "SKU-1", 28, t.w.why.now_ms);
	return t;
}

static void who_tells_a_place_no_more_differs_from_nobody_there(void **state)
{
	struct truth_world t = world_of_two_who_differ();

	(void)state;
	truth_count(&t, t.wms, "reno", "SKU-2", 40, T0);
	disputed(&t, "they differ", 1, 1);
	OKAY(&t.w, place_set(t.w.s, "reno", "source", "wms:depot", &t.w.why, &t.w.err));
	disputed(&t, "the other place's source says nothing of this one", 1, 1);
	OKAY(&t.w, place_set(t.w.s, "reno", "source", "erp:dallas", &t.w.why, &t.w.err));
	disputed(&t, "one of the two tells another place", 0, 0);
	world_free(&t.w);
}

static void a_conflict_is_with_who_owns_the_number_now(void **state)
{
	struct truth_world t = world_of_two_who_differ();

	(void)state;
	OKAY(&t.w, truth_put(t.w.s, "erp", "wms", CONFLICT_MIN, HOUR, &t.w.err));
	t.w.why.now_ms += MINUTE;
	truth_count(&t, t.wms, "dallas", "SKU-1", 39, t.w.why.now_ms);
	disputed(&t, "the same two, the other way round", 1, 1);
	assert_int_equal(world_int(&t.w, "SELECT account_id FROM conflict WHERE ended_ms = 0"), t.erp);
	t.w.why.now_ms += MINUTE;
	truth_count(&t, t.wms, "dallas", "SKU-1", 28, t.w.why.now_ms);
	disputed(&t, "they agree", 0, 0);
	world_free(&t.w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_of_a_reading_is_half_applied),
		cmocka_unit_test(readings_that_overlap_are_whole),
		cmocka_unit_test(what_is_short_is_told_when_the_first_readings_are_here),
		cmocka_unit_test(a_place_that_has_no_name_yet_is_waited_for),
		cmocka_unit_test(the_guard_sees_all_pages),
		cmocka_unit_test(units_of_measure_become_eaches),
		cmocka_unit_test(a_unit_of_no_whole_number_is_parked),
		cmocka_unit_test(who_is_believed),
		cmocka_unit_test(a_teller_that_is_gone_decides_nothing),
		cmocka_unit_test(a_place_whose_owner_is_switched_off_is_as_old_as_the_other_says),
		cmocka_unit_test(a_conflict_has_a_row_of_its_own),
		cmocka_unit_test(who_tells_a_place_no_more_differs_from_nobody_there),
		cmocka_unit_test(a_conflict_is_with_who_owns_the_number_now),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
