/* Does an account take its open units off the number that we say? Shown by its own readings, never assumed. */
#include "trade_truth.h"

#include "trade/gross.h"

static struct seen shows(const char *sku, int64_t qty, int64_t reserved, int64_t sellable)
{
	return (struct seen){ .sku = sku, .pool = "own", .qty = qty, .reserved = reserved, .sellable = sellable };
}

/* n SKUs say gross, then m say net. */
static const struct {
	const char *why;
	int gross, net;
	const char *want;
} cases[] = {
	{ "nothing was seen", 0, 0, "" },
	{ "nineteen are not enough", 19, 0, "" },
	{ "twenty are", 20, 0, "gross" },
	{ "twenty the other way", 0, 20, "net" },
	{ "one against it undoes it", 20, 1, "" },
	{ "and the other way round", 1, 30, "" },
};

static void twenty_skus_decide(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct world w = world_new();

		for (int k = 0; k < cases[i].gross + cases[i].net; k++) {
			struct seen seen = shows(arena_printf(w.a, "SKU-%d", k), 10, 3, k < cases[i].gross ? 7 : 10);

			OKAY(&w, gross_note(w.s, w.walmart, &seen, 10, &w.why, &w.err));
			OKAY(&w, gross_note(w.s, w.walmart, &seen, 10, &w.why, &w.err)); /* the same SKU again is no second witness */
		}
		if (strcmp(world_text(&w, "SELECT gross FROM account WHERE name = 'walmart-us'"), cases[i].want))
			fail_msg("%s: '%s'", cases[i].why, world_text(&w, "SELECT gross FROM account WHERE name = 'walmart-us'"));
		assert_string_equal(world_text(&w, "SELECT gross FROM account WHERE name = 'amazon-us'"), "");
		world_free(&w);
	}
}

static void what_is_no_evidence(void **state)
{
	static const struct {
		const char *why;
		int64_t reserved, sellable;
	} none[] = { { "nothing is reserved", 0, 10 }, { "something else is on its way", 3, 8 }, { "more is for sale than was said", 3, 13 } };
	struct world w = world_new();

	(void)state;
	for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
		struct seen seen = shows("SKU-1", 10, none[i].reserved, none[i].sellable);

		OKAY(&w, gross_note(w.s, w.walmart, &seen, 10, &w.why, &w.err));
		if (world_int(&w, "SELECT count(*) FROM gross_evidence"))
			fail_msg("%s", none[i].why);
	}
	world_free(&w);
}

/* What is added is what both they and we know to be open there. */
static void what_is_said_on_top(void **state)
{
	static const struct {
		const char *why, *gross;
		int64_t reserved, open, want;
	} rows[] = {
		{ "not decided", "", 3, 3, 0 },
		{ "net", "net", 3, 3, 0 },
		{ "gross", "gross", 3, 3, 3 },
		{ "an order that they have and we have not heard of", "gross", 5, 3, 3 },
		{ "an order newer than their reading", "gross", 1, 3, 1 },
		{ "all of it left since their reading", "gross", 3, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct truth_world t = truth_new(CONFLICT_MIN);
		struct seen seen = shows("SKU-1", 10, rows[i].reserved, 7);
		int64_t units;

		truth_count(&t, 0, "shop", "SKU-1", 10, T0);
		OKAY(&t.w, offers_seen(t.w.s, t.w.walmart, &seen, 1, T0, &t.w.why, &t.w.err));
		t.w.why.now_ms += MINUTE;
		OKAY(&t.w, offers_seen(t.w.s, t.w.walmart, &seen, 1, t.w.why.now_ms, &t.w.why, &t.w.err));
		if (rows[i].open)
			world_order(&t.w, t.w.walmart, "A", ORDER_ACKED, rows[i].open, 0);
		OKAY(&t.w, store_exec(t.w.s, &t.w.err, arena_printf(t.w.a, "UPDATE account SET gross = '%s' WHERE name = 'walmart-us'", rows[i].gross)));
		OKAY(&t.w, gross_extra(t.w.s, 1, &units, &t.w.err));
		if (units != rows[i].want)
			fail_msg("%s: %" PRId64, rows[i].why, units);
		world_free(&t.w);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(twenty_skus_decide),
		cmocka_unit_test(what_is_no_evidence),
		cmocka_unit_test(what_is_said_on_top),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
