/* What a SKU stands for: nobody guesses, and what open orders owe follows. */
#include "trade_world.h"

#include "trade/intents.h"
#include "trade/inventory.h"
#include "trade/jobs.h"
#include "trade/mapping.h"
#include "trade/news.h"
#include "trade/offers.h"
#include "trade_orders.h"

static int64_t counted(struct world *w, const char *sku, int64_t qty)
{
	struct count c = { .sku = sku, .qty = qty, .valid_ms = w->why.now_ms };
	int64_t id;

	OKAY(w, counts_take(w->s, &c, 1, false, true, &w->why, &w->err));
	OKAY(w, item_id(w->s, sku, NULL, &w->why, &id, &w->err));
	return id;
}

static void listed(struct world *w, int64_t account, const char *sku, int64_t qty)
{
	struct seen seen = { .sku = sku, .qty = qty };

	OKAY(w, offers_seen(w->s, account, &seen, 1, w->why.now_ms, &w->why, &w->err));
}

static int64_t available(struct world *w, int64_t item)
{
	struct item i;

	OKAY(w, item_get_id(w->s, item, w->a, &i, &w->err));
	return i.available;
}

static int set(struct world *w, const char *sku, int64_t item, int64_t pack)
{
	int changed;

	OKAY(w, mapping_set(w->s, w->walmart, sku, item, pack, "person", &w->why, &changed, &w->err));
	return changed;
}

static struct mapped of(struct world *w, const char *sku)
{
	struct mapped m;

	OKAY(w, mapping_of(w->s, w->walmart, sku, &m, &w->err));
	return m;
}

static void a_sku_stands_for_what_was_said_else_for_what_is_spelled_alike(void **state)
{
	struct world w = world_new();
	int64_t one = counted(&w, "SKU-1", 40), two = counted(&w, "SKU-2", 10);

	(void)state;
	assert_int_equal(of(&w, "SKU-1").item, one);
	assert_string_equal(of(&w, "SKU-1").by, "spelling");
	assert_int_equal(of(&w, "sku-1").item, 0); /* nearly alike is not alike */
	set(&w, "SKU-1", two, 1);
	assert_int_equal(of(&w, "SKU-1").item, two);
	set(&w, "SKU-1", 0, 1);
	assert_int_equal(of(&w, "SKU-1").item, one);
	world_free(&w);
}

static void what_open_orders_owe_moves_with_it_in_eaches(void **state)
{
	struct world w = world_new();
	int64_t one = counted(&w, "SKU-1", 40), six = counted(&w, "LOOSE", 100);

	(void)state;
	world_order(&w, w.walmart, "77", ORDER_NEW, 2, 0);
	listed(&w, w.walmart, "SKU-1", 9);
	assert_int_equal(available(&w, one), 38);
	assert_int_equal(set(&w, "SKU-1", six, 6), 2); /* the offer and the line */
	assert_int_equal(available(&w, one), 40);
	assert_int_equal(available(&w, six), 88);
	w.why.now_ms += MINUTE;
	world_order(&w, w.walmart, "77", ORDER_SHIPPED, 2, 0); /* two packs left: twelve eaches off the shelf, and nothing owed any more */
	assert_int_equal(available(&w, six), 88);
	assert_int_equal(world_int(&w, "SELECT counted FROM item WHERE sku = 'LOOSE'"), 88);
	world_free(&w);
}

static void what_waits_to_be_said_of_another_item_is_not_said(void **state)
{
	struct world w = world_new();
	struct fields payload = fields_new(w.a);
	struct job_plan p = { .account = w.walmart, .verb = VERB_STOCK, .lane = LANE_INCREASE, .subject = "offer:1", .subject_id = 1, .payload = &payload, .ver = 1 };
	int64_t two, job;

	(void)state;
	counted(&w, "SKU-1", 40);
	two = counted(&w, "SKU-2", 3);
	listed(&w, w.walmart, "SKU-1", 9);
	OKAY(&w, job_plan(w.s, &p, &w.why, &job, &w.err));
	set(&w, "SKU-1", two, 1);
	assert_string_equal(world_text(&w, "SELECT state FROM job WHERE verb = 'stock'"), "superseded");
	assert_int_equal(world_int(&w, "SELECT count(*) FROM dirty"), 2);
	world_free(&w);
}

static void an_unmapped_offer_is_put_before_a_person_and_a_mapping_closes_it(void **state)
{
	struct world w = world_new();
	int64_t one = counted(&w, "SKU-1", 40);

	(void)state;
	listed(&w, w.walmart, "sku-1 ", 9);
	OKAY(&w, mapping_sweep(w.s, &w.why, 10, &w.err));
	assert_int_equal(world_int(&w, "SELECT count(*) FROM inbox"), 0); /* the warehouse may tell it in a moment */
	w.why.now_ms += 11 * MINUTE;
	OKAY(&w, mapping_sweep(w.s, &w.why, 10, &w.err));
	OKAY(&w, mapping_sweep(w.s, &w.why, 10, &w.err));
	assert_string_equal(world_text(&w, "SELECT class || ' ' || count || ' ' || state FROM inbox"), "MAPPING 1 parked");
	set(&w, "sku-1 ", one, 1);
	assert_string_equal(world_text(&w, "SELECT state FROM inbox"), "understood");
	world_free(&w);
}

/* ---- what is wrong ---- */

static void tell_number(struct world *w, int64_t account, const char *sku, const char *kind, const char *value)
{
	struct identity i = { .sku = sku, .kind = kind, .value = value };

	OKAY(w, identity_tell(w->s, account, &i, &w->why, &w->err));
}

static const char *found(struct world *w, enum finding_kind k)
{
	struct buf b = buf_new(w->a);
	struct finding *f;
	bool more;
	int n;

	OKAY(w, findings_of(w->s, k, w->why.now_ms, 20, w->a, &f, &n, &more, &w->err));
	for (int i = 0; i < n; i++)
		buf_printf(&b, "%s%s:%s", i ? " " : "", f[i].sku, f[i].candidates);
	return b.p;
}

static void what_is_wrong_is_found_by_name(void **state)
{
	struct world w = world_new();
	int64_t two;

	(void)state;
	counted(&w, "SKU-1", 40);
	two = counted(&w, "SKU-2", 40);
	counted(&w, "NOWHERE", 7);
	listed(&w, w.walmart, "sku-1", 9);
	listed(&w, w.walmart, "WM-9", 9);
	listed(&w, w.walmart, "SKU-2", 9);
	listed(&w, w.walmart, "SKU-2-OLD", 9);
	set(&w, "SKU-2-OLD", two, 1);
	set(&w, "GONE", two, 1);
	tell_number(&w, w.amazon, "SKU-1", "upc", "036000291452");
	tell_number(&w, w.amazon, "SKU-2", "ean", "0036000291452");
	tell_number(&w, w.walmart, "WM-9", "gtin", "00036000291452");
	tell_number(&w, w.walmart, "SKU-2", "upc", "1.23457E+12");
	assert_string_equal(found(&w, FINDING_UNMAPPED), "sku-1:SKU-1 WM-9:SKU-1, SKU-2");
	assert_string_equal(found(&w, FINDING_AMBIGUOUS), "WM-9:SKU-1, SKU-2");
	assert_string_equal(found(&w, FINDING_CASE), "sku-1:SKU-1");
	assert_string_equal(found(&w, FINDING_DUPLICATE), "SKU-2:SKU-2-OLD");
	assert_string_equal(found(&w, FINDING_ORPHAN), "GONE: SKU-1: NOWHERE:");
	assert_string_equal(found(&w, FINDING_NUMBER), "SKU-2:");
	assert_string_equal(found(&w, FINDING_YOUNG), "SKU-2:SKU-2 SKU-2-OLD:SKU-2");
	w.why.now_ms += 8 * 24 * HOUR;
	assert_string_equal(found(&w, FINDING_YOUNG), "");
	world_free(&w);
}

static void a_line_of_an_intent(void **state)
{
	static const struct {
		const char *text;
		bool good;
	} rows[] = { { "1:6:4:A:B", true }, { "1:1:0:A", true }, { "0:1:4:A", false }, { "1:0:4:A", false }, { "1:10001:4:A", false },
		     { "1:1:4:", false },   { "1:1:4", false },  { "x:1:4:A", false }, { "1:-1:4:A", false }, { "", false } };
	struct map_line m;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (map_line_read(rows[i].text, &m) != rows[i].good)
			fail_msg("%s", rows[i].text);
	assert_true(map_line_read("1:6:4:A:B", &m));
	assert_string_equal(m.sku, "A:B");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sku_stands_for_what_was_said_else_for_what_is_spelled_alike),
		cmocka_unit_test(what_open_orders_owe_moves_with_it_in_eaches),
		cmocka_unit_test(what_waits_to_be_said_of_another_item_is_not_said),
		cmocka_unit_test(an_unmapped_offer_is_put_before_a_person_and_a_mapping_closes_it),
		cmocka_unit_test(what_is_wrong_is_found_by_name),
		cmocka_unit_test(a_line_of_an_intent),
	};

	return cmocka_run_group_tests_name("mapping", tests, NULL, NULL);
}
