/* What is available of an item as a sum: every term with its origin; kits and packs; what a channel does never reaches the truth's tables. */
#include "trade_truth.h"

#include "trade/atp.h"
#include "trade/audit.h"
#include "trade/offers.h"
#include "trade/views.h"

struct sum_case {
	const char *why;
	struct atp_place place[3];
	int places;
	int64_t reserved, want;
	const char *words;
};

static const struct sum_case sums[] = {
	{ "one place", { { .name = "dallas", .counted = 47, .held = 3, .sells = true, .serving = true } }, 1, 4, 40, "47 at dallas - 3 held - 4 owed = 40" },
	{ "two places",
	  { { .name = "dallas", .counted = 5, .sells = true, .serving = true }, { .name = "reno", .counted = 7, .moving = 2, .sells = true, .serving = true } },
	  2,
	  0,
	  10,
	  "5 at dallas + 7 at reno - 2 held = 10" },
	{ "one that sells nothing", { { .name = "dallas", .counted = 5, .sells = true, .serving = true }, { .name = "fba", .counted = 99 } }, 2, 0, 5, "5 at dallas = 5" },
	{ "more kept back than lies there: no place gives less than nothing",
	  { { .name = "dallas", .counted = 5, .held = 9, .sells = true, .serving = true }, { .name = "reno", .counted = 7, .sells = true, .serving = true } },
	  2,
	  0,
	  7,
	  "5 at dallas + 7 at reno - 5 held = 7" },
	{ "a place that does not serve them",
	  { { .name = "dallas", .counted = 5, .sells = true, .serving = true }, { .name = "reno", .counted = 7, .sells = true } },
	  2,
	  2,
	  3,
	  "5 at dallas + 7 at reno - 7 elsewhere - 2 owed = 3" },
	{ "oversold", { { .name = "dallas", .counted = 1, .sells = true, .serving = true } }, 1, 3, -2, "1 at dallas - 3 owed = -2" },
	{ "nowhere at all", { { 0 } }, 0, 0, 0, "nothing = 0" },
};

static void the_sum(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof sums / sizeof *sums; i++) {
		struct atp_place place[3];
		struct atp atp = { .place = place, .places = sums[i].places, .reserved = sums[i].reserved };

		memcpy(place, sums[i].place, sizeof place);
		atp_sum(&atp);
		if (atp.available != sums[i].want || strcmp(atp_words(&atp, a), sums[i].words))
			fail_msg("%s: %s", sums[i].why, atp_words(&atp, a));
	}
	arena_free(a);
}

static void packs_are_whole(void **state)
{
	(void)state;
	assert_true(atp_packs(-1, 6) == 0 && atp_packs(5, 6) == 0 && atp_packs(6, 6) == 1 && atp_packs(47, 6) == 7);
}

static const char *said(const struct term *t, int n, const char *name)
{
	for (int i = 0; i < n; i++)
		if (!strcmp(t[i].name, name))
			return t[i].value;
	return "(not said)";
}

/* Two systems, a hold, a warehouse's order, a stale place: each is a line of its own. */
static void each_term_is_told(void **state)
{
	struct truth_world t = truth_new(CONFLICT_MIN);
	struct term *term;
	struct atp atp;
	int n;

	(void)state;
	truth_count(&t, t.wms, "dallas", "SKU-1", 20, T0);
	truth_count(&t, t.erp, "dallas", "SKU-1", 22, T0);
	truth_count(&t, t.wms, "reno", "SKU-1", 9, T0);
	OKAY(&t.w, place_hold(t.w.s, "dallas", "SKU-1", "held", 3, &t.w.why, &t.w.err));
	world_order(&t.w, t.w.amazon, "A", ORDER_ACKED, 2, 0);
	world_order(&t.w, t.w.walmart, "B", ORDER_NEW, 1, 0);
	truth_dispatch(&t, t.wms, "A", "RELEASED", T0 + MINUTE, T0 + MINUTE);
	t.w.why.now_ms = T0 + 2 * MINUTE;
	truth_count(&t, t.wms, "dallas", "SKU-1", 18, T0 + 2 * MINUTE);
	OKAY(&t.w, place_set(t.w.s, "reno", "include", "off", &t.w.why, &t.w.err));
	OKAY(&t.w, item_reckon(t.w.s, 1, &t.w.why, &t.w.err));
	OKAY(&t.w, atp_of(t.w.s, 1, NULL, NULL, t.w.a, &atp, &t.w.err));
	assert_int_equal(atp.available, truth_item(&t, "SKU-1").available);
	assert_string_equal(atp_words(&atp, t.w.a), "18 at dallas - 3 held - 1 owed = 14");
	OKAY(&t.w, item_explain(t.w.s, 1, t.w.why.now_ms, t.w.a, &term, &n, &t.w.err));
	assert_string_equal(said(term, n, "counted at dallas"), "18");
	assert_string_equal(said(term, n, "  at dallas by erp"), "22");
	assert_string_equal(said(term, n, "counted at reno"), "9");
	assert_string_equal(said(term, n, "- held at dallas"), "-3");
	assert_string_equal(said(term, n, "- owed to B"), "-1");
	assert_string_equal(said(term, n, "  taken for A"), "2");
	assert_string_equal(said(term, n, "- owed to other orders"), "(not said)");
	assert_string_equal(said(term, n, "= available"), "14");
	world_free(&t.w);
}

static void the_orders_that_cannot_be_filled_are_named(void **state)
{
	struct truth_world t = truth_new(CONFLICT_MIN);

	(void)state;
	truth_count(&t, t.wms, "dallas", "SKU-1", 3, T0);
	world_order(&t.w, t.w.amazon, "OLD", ORDER_ACKED, 2, 0);
	world_order(&t.w, t.w.walmart, "NEW", ORDER_ACKED, 2, 0);
	assert_string_equal(world_text(&t.w, "SELECT text FROM alert WHERE kind = 'oversold'"),
	                    "SKU-1: 1 unit more is owed than there are: cannot be filled: NEW"); /* the newest; one that waited longer is filled */
	world_free(&t.w);
}

/* Everything that is said of what there is. */
static const char *truth_of(struct truth_world *t)
{
	static const char *const tables[] = { "item", "place", "place_source", "stock", "reading", "move", "source", "warehouse_order" };
	struct buf b = buf_new(t->w.a);
	char *hex = arena_alloc(t->w.a, 65);

	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
		char sql[80];
		struct rows *r;

		snprintf(sql, sizeof sql, "SELECT * FROM %s ORDER BY 1, 2", tables[i]);
		r = store_ask_text(t->w.s, sql, NULL, 0);
		while (rows_next(r))
			for (int c = 0; c < 6; c++)
				buf_printf(&b, "%s|", rows_text(r, c));
		OKAY(&t->w, rows_end(r, &t->w.err));
	}
	sha256_hex(b.p, b.len, hex);
	return hex;
}

/* Somebody edits the quantity in the channel's own portal: the truth's tables stay as they are, to the byte, and one drift row appears. */
static void a_channels_edit_changes_no_truth(void **state)
{
	struct truth_world t = truth_new(CONFLICT_MIN);
	struct seen seen = { .sku = "SKU-1", .pool = "own", .qty = 10 };
	const char *before;

	(void)state;
	truth_count(&t, t.wms, "dallas", "SKU-1", 10, T0);
	OKAY(&t.w, offers_seen(t.w.s, t.w.walmart, &seen, 1, T0, &t.w.why, &t.w.err));
	OKAY(&t.w, store_exec(t.w.s, &t.w.err, "UPDATE offer SET target = 10, ver = 1; UPDATE account SET heard_ms = 1")); /* its orders are read */
	OKAY(&t.w, offer_accepted(t.w.s, 1, 10, 1, MINUTE, &t.w.why, &t.w.err));
	t.w.why.now_ms = T0 + 10 * MINUTE;
	OKAY(&t.w, offers_seen(t.w.s, t.w.walmart, &seen, 1, t.w.why.now_ms, &t.w.why, &t.w.err));
	before = truth_of(&t);
	t.w.why.now_ms += MINUTE;
	seen.qty = 500;
	OKAY(&t.w, offers_seen(t.w.s, t.w.walmart, &seen, 1, t.w.why.now_ms, &t.w.why, &t.w.err));
	assert_string_equal(truth_of(&t), before);
	assert_int_equal(world_int(&t.w, "SELECT count(*) FROM offer WHERE drift <> 0"), 1);
	assert_string_equal(world_text(&t.w, "SELECT cause FROM offer WHERE drift <> 0"), "CHANNEL_EDIT");
	world_free(&t.w);
}

/* Whatever changes what is on a shelf is one row that stays. */
static void each_change_of_a_shelf_is_one_row(void **state)
{
	struct truth_world t = truth_new(CONFLICT_MIN);

	(void)state;
	truth_count(&t, t.wms, "dallas", "SKU-1", 10, T0);
	truth_count(&t, t.wms, "dallas", "SKU-1", 10, T0 + 1); /* the same again is no change */
	t.w.why.now_ms = T0 + MINUTE;
	truth_count(&t, t.wms, "dallas", "SKU-1", 8, T0 + MINUTE);
	assert_int_equal(world_int(&t.w, "SELECT count(*) FROM move"), 2);
	assert_int_equal(world_int(&t.w, "SELECT sum(m.qty) = max(st.counted) FROM move m, stock st"), 1);
	world_refuses(&t.w, "DELETE FROM move", "append-only");
	world_free(&t.w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_sum),
		cmocka_unit_test(packs_are_whole),
		cmocka_unit_test(each_term_is_told),
		cmocka_unit_test(the_orders_that_cannot_be_filled_are_named),
		cmocka_unit_test(a_channels_edit_changes_no_truth),
		cmocka_unit_test(each_change_of_a_shelf_is_one_row),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
