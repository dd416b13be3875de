/* Counts: all of a reading or nothing, older ones without effect, the sum of moves always what is believed. */
#include "trade_world.h"

#include "base/clock.h"
#include "trade/inventory.h"

static struct item item(struct world *w, const char *sku)
{
	struct item i;

	OKAY(w, item_get(w->s, sku, w->a, &i, &w->err));
	return i;
}

static enum fault take(struct world *w, const struct count *c, int n, bool whole, bool again)
{
	return counts_take(w->s, c, n, whole, again, &w->why, &w->err);
}

static void places_are_summed(void **state)
{
	static const struct count counts[] = { { .place = "A", .sku = "SKU-1", .title = "Box", .qty = 5 }, { .place = "B", .sku = "SKU-1", .qty = 7 } };
	struct world w = world_new();
	int64_t fba;

	(void)state;
	OKAY(&w, place_id(w.s, "fba", "fba", w.amazon, &fba, &w.err)); /* a pool of theirs: shown, not for sale by us */
	OKAY(&w, take(&w, counts, 2, false, false));
	assert_true(item(&w, "SKU-1").counted == 12 && item(&w, "SKU-1").available == 12);
	assert_string_equal(item(&w, "SKU-1").title, "Box");
	OKAY(&w, take(&w, &(struct count){ .place = "fba", .sku = "SKU-1", .qty = 100 }, 1, false, false));
	assert_int_equal(item(&w, "SKU-1").counted, 12);
	assert_int_equal(world_int(&w, "SELECT count(*) FROM place"), 3);
	world_free(&w);
}

struct reading {
	const char *why;
	struct count c[3];
	int n;
	enum fault want;
	const char *says;
};

static const struct reading readings[] = {
	{ "sound", { { .sku = "A", .qty = 1 }, { .sku = "B", .qty = 2 } }, 2, OK, "" },
	{ "empty", { { 0 } }, 0, OK, "" },
	{ "no SKU", { { .sku = "A", .qty = 1 }, { .sku = "", .qty = 2 } }, 2, FAULT_FORMAT, "count 2 has no SKU" },
	{ "below zero", { { .sku = "A", .qty = 1 }, { .sku = "B", .qty = -2 } }, 2, FAULT_FORMAT, "B: -2 is no quantity" },
	{ "over a million", { { .sku = "A", .qty = 1000000 } }, 1, FAULT_FORMAT, "A: 1000000 is no quantity" },
	{ "twice", { { .sku = "A", .qty = 1 }, { .sku = "B", .qty = 2 }, { .sku = "A", .qty = 3 } }, 3, FAULT_FORMAT, "A stands twice" },
	{ "twice, once by the place's name", { { .sku = "A", .qty = 1 }, { .place = "warehouse", .sku = "A", .qty = 3 } }, 2, FAULT_FORMAT,
	  "A stands twice" },
	{ "once in each of two places", { { .place = "X", .sku = "A", .qty = 1 }, { .place = "Y", .sku = "A", .qty = 3 } }, 2, OK, "" },
};

static void all_of_a_reading_or_nothing(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof readings / sizeof *readings; i++) {
		struct world w = world_new();
		enum fault f = take(&w, readings[i].c, readings[i].n, false, false);

		if (f != readings[i].want || (f && !strstr(w.err.text, readings[i].says)))
			fail_msg("%s: %s", readings[i].why, f ? w.err.text : "taken");
		if (f)
			assert_int_equal(world_int(&w, "SELECT (SELECT count(*) FROM item) + (SELECT count(*) FROM move)"), 0);
		world_free(&w);
	}
}

/* Ten SKUs of ten units; what a reading of them may do at once. */
static void the_mass_drop_guard(void **state)
{
	static const struct {
		const char *why;
		int skus;      /* how many of the ten the reading speaks of */
		int64_t qty;   /* of each */
		bool again;
		enum fault want;
	} cases[] = {
		{ "three of ten to zero: thirty percent is allowed", 3, 0, false, OK },
		{ "four of ten to zero", 4, 0, false, FAULT_REFUSED },
		{ "four of ten to zero, read twice", 4, 0, true, OK },
		{ "every SKU loses three of ten", 10, 7, false, OK },
		{ "every SKU loses four of ten", 10, 6, false, FAULT_REFUSED },
		{ "every SKU doubles", 10, 20, false, OK },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct world w = world_new();
		struct count c[10];
		enum fault f;

		for (int k = 0; k < 10; k++)
			c[k] = (struct count){ .sku = arena_printf(w.a, "SKU-%d", k), .qty = 10 };
		OKAY(&w, take(&w, c, 10, true, false));
		for (int k = 0; k < 10; k++)
			c[k].qty = cases[i].qty;
		w.why.now_ms += MINUTE;
		f = take(&w, c, cases[i].skus, false, cases[i].again);
		if (f != cases[i].want)
			fail_msg("%s: %s", cases[i].why, f ? w.err.text : "taken");
		if (f)
			assert_int_equal(world_int(&w, "SELECT sum(counted) FROM item"), 100); /* not one unit of it */
		world_free(&w);
	}
}

static void the_guard_says_its_arithmetic(void **state)
{
	static const struct count full[] = { { .sku = "A", .qty = 60 }, { .sku = "B", .qty = 40 } }, drop[] = { { .sku = "A", .qty = 10 }, { .sku = "B", .qty = 0 } };
	struct world w = world_new();

	(void)state;
	OKAY(&w, take(&w, full, 2, true, false));
	assert_int_equal(take(&w, drop, 2, true, false), FAULT_REFUSED);
	assert_string_equal(w.err.text, "this reading takes 90 of 100 units and brings 1 of 2 SKUs to zero; more than 30 % at once wants a second "
	                                "reading or a person");
	world_free(&w);
}

static void a_sku_that_is_missing_is_not_zeroed(void **state)
{
	static const struct count full[] = { { .sku = "A", .qty = 60 }, { .sku = "B", .qty = 40 }, { .sku = "C", .qty = 0 } };
	struct world w = world_new();

	(void)state;
	OKAY(&w, take(&w, full, 3, true, false));
	OKAY(&w, take(&w, full, 1, false, false)); /* a partial list says nothing about the others */
	assert_int_equal(world_int(&w, "SELECT count(*) FROM alert"), 0);
	OKAY(&w, take(&w, full, 1, true, false));
	assert_int_equal(item(&w, "B").counted, 40);
	assert_string_equal(world_text(&w, "SELECT text FROM alert WHERE closed_ms = 0"),
	                    "warehouse: 1 SKU is missing from a complete reading, the first is B"); /* C has none to lose */
	OKAY(&w, take(&w, full, 3, true, false));
	assert_int_equal(world_int(&w, "SELECT count(*) FROM alert WHERE closed_ms = 0"), 0);
	world_free(&w);
}

static void time_of_counting(void **state)
{
	static const struct {
		const char *why;
		int64_t valid_ms, qty, want;
	} cases[] = {
		{ "the first", T0 - HOUR, 10, 10 },
		{ "an older one, arriving later", T0 - 2 * HOUR, 99, 10 },
		{ "the same moment, corrected", T0 - HOUR, 11, 11 },
		{ "a newer one", T0 - MINUTE, 12, 12 },
		{ "one from the future counts as of now", T0 + 9 * HOUR, 13, 13 },
		{ "so that the next one is not shut out", 0, 14, 14 },
	};
	struct world w = world_new();

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		OKAY(&w, take(&w, &(struct count){ .sku = "A", .qty = cases[i].qty, .valid_ms = cases[i].valid_ms }, 1, false, true));
		if (item(&w, "A").counted != cases[i].want)
			fail_msg("%s: %d", cases[i].why, (int)item(&w, "A").counted);
		assert_int_equal(world_int(&w, "SELECT sum(qty) FROM move"), cases[i].want);
	}
	world_refuses(&w, "UPDATE move SET qty = 0", "append-only");
	world_refuses(&w, "DELETE FROM move", "append-only");
	world_refuses(&w, "UPDATE stock SET counted = -1", "CHECK");
	world_free(&w);
}

static void a_file_read_again_puts_nothing_back(void **state)
{
	static const struct {
		const char *why;
		int64_t valid_ms, qty, want;
	} cases[] = {
		{ "the same file once more", 0, 10, 8 },
		{ "the same number, but counted now", T0 + HOUR, 10, 10 },
		{ "another number", 0, 9, 9 },
		{ "and that one again", 0, 9, 9 },
	};
	struct world w = world_new();

	(void)state;
	OKAY(&w, take(&w, &(struct count){ .sku = "A", .qty = 10 }, 1, false, true));
	OKAY(&w, item_dispatch(w.s, 1, NULL, 2, T0 + MINUTE, "P-1", &w.why, &w.err));
	w.why.now_ms = T0 + 2 * HOUR;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		OKAY(&w, take(&w, &(struct count){ .sku = "A", .qty = cases[i].qty, .valid_ms = cases[i].valid_ms }, 1, false, true));
		if (item(&w, "A").counted != cases[i].want)
			fail_msg("%s: %d", cases[i].why, (int)item(&w, "A").counted);
	}
	world_free(&w);
}

static void the_oldest_mark_is_thought_over_first(void **state)
{
	static const char *const skus[] = { "C", "A", "B" };
	struct world w = world_new();
	int64_t out[8];
	int n;

	(void)state;
	for (int i = 0; i < 3; i++, w.why.now_ms++)
		OKAY(&w, take(&w, &(struct count){ .sku = skus[i], .qty = 5 }, 1, false, true));
	OKAY(&w, take(&w, &(struct count){ .sku = "C", .qty = 6 }, 1, false, true)); /* marked already: it keeps its place */
	OKAY(&w, items_dirty(w.s, out, 8, &n, &w.err));
	assert_int_equal(n, 3);
	for (int i = 0; i < 3; i++)
		assert_int_equal(out[i], item(&w, skus[i]).id);
	OKAY(&w, item_clean(w.s, out[0], &w.err));
	OKAY(&w, items_dirty(w.s, out, 1, &n, &w.err));
	assert_true(n == 1 && out[0] == item(&w, "A").id);
	world_free(&w);
}

/* Whatever happens to it: believed = sum of its moves, available = counted - reserved, and reckoning anew finds nothing to mend. */
static void the_books_balance(void **state)
{
	struct rng rng = rng_seeded(3);
	struct world w = world_new();
	int64_t id, reserved = 0;

	(void)state;
	OKAY(&w, take(&w, &(struct count){ .sku = "A", .qty = 50 }, 1, false, true));
	id = item(&w, "A").id;
	for (int i = 0; i < 2000; i++) {
		int64_t n = rng_below(&rng, 9);
		struct item it;

		w.why.now_ms += 1000;
		switch (rng_below(&rng, 3)) {
		case 0:
			OKAY(&w, take(&w, &(struct count){ .sku = "A", .qty = rng_below(&rng, 90), .valid_ms = w.why.now_ms - rng_below(&rng, 20000) }, 1, false, true));
			break;
		case 1:
			OKAY(&w, item_dispatch(w.s, id, NULL, n, w.why.now_ms - rng_below(&rng, 20000), "P", &w.why, &w.err));
			break;
		default:
			n = n > reserved || rng_below(&rng, 2) ? n : -n;
			OKAY(&w, item_reserve(w.s, id, n, &w.why, &w.err));
			reserved += n;
		}
		it = item(&w, "A");
		assert_true(it.available == it.counted - it.reserved && it.reserved == reserved && it.counted >= 0);
	}
	assert_int_equal(world_int(&w, "SELECT sum(qty) FROM move"), item(&w, "A").counted);
	assert_int_equal(world_int(&w, "SELECT counted FROM stock"), item(&w, "A").counted);
	OKAY(&w, item_reserve(w.s, id, -reserved, &w.why, &w.err));
	OKAY(&w, item_reckon(w.s, id, &w.why, &w.err));
	assert_true(item(&w, "A").reserved == 0 && item(&w, "A").counted == world_int(&w, "SELECT counted FROM stock"));
	world_free(&w);
}

static void reckoning_mends_what_is_wrong(void **state)
{
	struct world w = world_new();

	(void)state;
	OKAY(&w, take(&w, &(struct count){ .sku = "A", .qty = 50 }, 1, false, true));
	OKAY(&w, store_exec(w.s, &w.err, "UPDATE item SET counted = 7, reserved = 3, available = 4; DELETE FROM dirty"));
	OKAY(&w, item_reckon(w.s, 1, &w.why, &w.err));
	assert_true(item(&w, "A").counted == 50 && item(&w, "A").reserved == 0 && item(&w, "A").available == 50);
	assert_int_equal(world_int(&w, "SELECT count(*) FROM dirty"), 1);
	assert_int_equal(item_get(w.s, "Z", w.a, &(struct item){ 0 }, &w.err), FAULT_REFUSED);
	assert_int_equal(item_get_id(w.s, 99, w.a, &(struct item){ 0 }, &w.err), FAULT_REFUSED);
	world_free(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(places_are_summed),
		cmocka_unit_test(all_of_a_reading_or_nothing),
		cmocka_unit_test(the_mass_drop_guard),
		cmocka_unit_test(the_guard_says_its_arithmetic),
		cmocka_unit_test(a_sku_that_is_missing_is_not_zeroed),
		cmocka_unit_test(time_of_counting),
		cmocka_unit_test(a_file_read_again_puts_nothing_back),
		cmocka_unit_test(the_oldest_mark_is_thought_over_first),
		cmocka_unit_test(the_books_balance),
		cmocka_unit_test(reckoning_mends_what_is_wrong),
	};

	return cmocka_run_group_tests_name("inventory", tests, NULL, NULL);
}
