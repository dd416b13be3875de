/* What one reply taught us, written whole: one bad element parks itself, never its page. */
#include "trade_seal.h"
#include "trade_world.h"

#include "trade/news.h"

static struct tally apply(struct world *w, const struct news *n, enum verb verb)
{
	struct tally t;

	OKAY(w, news_apply(w->s, w->walmart, verb, n, w->why.now_ms, &seal, &w->why, &t, &w->err));
	return t;
}

static void add_order(struct news *n, const char *ref, int64_t qty, int64_t units_told)
{
	struct order *o = news_order(n);

	*o = (struct order){ .ref = ref, .placed_ms = T0 - HOUR, .updated_ms = T0, .ack_by_ms = T0 + HOUR, .lines = 1,
		             .path = arena_printf(n->arena, "list.elements.order[%d]", n->orders - 1) };
	o->line = arena_alloc(n->arena, sizeof *o->line);
	o->line[0] = (struct order_line){ .ref = "1", .sku = "SKU-1", .qty = qty };
	o->line[0].bucket[ORDER_NEW] = units_told;
}

/* T9: a poison order in the middle: the others are imported, the poison is kept, and let go when it can be read. */
static void T9_a_poison_order_stops_nothing(void **state)
{
	struct world w = world_new();
	struct news n = news_new(w.a), mended = news_new(w.a);
	struct tally t;

	(void)state;
	for (int i = 0; i < 5; i++)
		add_order(&n, arena_printf(w.a, "P-%d", i), 2, i == 2 ? 3 : 2);
	news_parked(&n, "SCHEMA", "", "list.elements.order[5]", "orderLines is missing", "{\"purchaseOrderId\":");
	t = apply(&w, &n, VERB_ORDERS);
	assert_true(t.orders_new == 4 && t.orders_parked == 1 && t.parked == 2);
	assert_int_equal(world_int(&w, "SELECT count(*) FROM orders"), 4);
	assert_string_equal(world_text(&w, "SELECT path || ' ' || text FROM inbox WHERE subject = 'P-2'"),
	                    "list.elements.order[2] line 1: 3 of 2 units are NEW");
	t = apply(&w, &n, VERB_ORDERS); /* the page again: nothing is doubled */
	assert_true(t.orders_same == 4 && t.orders_parked == 1);
	assert_int_equal(world_int(&w, "SELECT count(*) FROM inbox"), 2);
	add_order(&mended, "P-2", 2, 2);
	t = apply(&w, &mended, VERB_ORDER);
	assert_int_equal(t.orders_new, 1);
	assert_string_equal(world_text(&w, "SELECT state FROM inbox WHERE subject = 'P-2'"), "understood");
	world_free(&w);
}

static void a_bad_listing_stops_nothing(void **state)
{
	static const int64_t qty[] = { 5, 1000000, 7 };
	struct world w = world_new();
	struct news n = news_new(w.a);
	struct tally t;

	(void)state;
	for (int i = 0; i < 3; i++)
		*news_seen(&n) = (struct seen){ .sku = arena_printf(w.a, "SKU-%d", i), .qty = qty[i], .path = "elements.inventories[1]" };
	t = apply(&w, &n, VERB_STOCK_LIST);
	assert_true(t.seen == 2 && t.parked == 1);
	assert_int_equal(world_int(&w, "SELECT count(*) FROM offer"), 2);
	assert_string_equal(world_text(&w, "SELECT subject FROM inbox"), "SKU-1");
	world_free(&w);
}

static void a_word_we_do_not_know_is_told_once(void **state)
{
	struct world w = world_new();

	(void)state;
	for (int page = 0; page < 3; page++) {
		struct news n = news_new(w.a);

		for (int i = 0; i < 4; i++)
			news_odd(&n, arena_printf(w.a, "list.elements.order[%d].orderLines.orderLine[%d].status", i + page, page), "OnTheMoon", "P-1");
		apply(&w, &n, VERB_ORDERS);
	}
	assert_int_equal(world_int(&w, "SELECT count(*) FROM alert"), 1);
	assert_int_equal(world_int(&w, "SELECT count FROM alert"), 12);
	assert_int_equal(world_int(&w, "SELECT count(*) FROM message"), 1);
	world_free(&w);
}

static void orders_that_come_late_are_counted(void **state)
{
	struct world w = world_new();
	struct news n = news_new(w.a);

	(void)state;
	add_order(&n, "P-1", 1, 1);
	n.order[0].ack_by_ms = T0 - 1;
	add_order(&n, "P-2", 1, 1);
	assert_int_equal(apply(&w, &n, VERB_ORDERS).orders_late, 1);
	assert_int_equal(apply(&w, &n, VERB_ORDERS).orders_late, 0);
	world_free(&w);
}

static struct news counts(struct world *w, int64_t a, int64_t b)
{
	struct news n = news_new(w->a);

	*news_count(&n) = (struct count){ .sku = "SKU-1", .qty = a };
	*news_count(&n) = (struct count){ .sku = "SKU-2", .qty = b };
	n.counts_whole = true;
	w->why.now_ms += MINUTE;
	return n;
}

static void a_mass_drop_wants_a_second_reading(void **state)
{
	static const struct {
		const char *why;
		int64_t a, b, applied, stands;
	} readings[] = {
		{ "the first count", 60, 40, 2, 100 },
		{ "a little less", 50, 40, 2, 90 },
		{ "a mass drop is held back", 0, 40, 0, 90 },
		{ "one of other goods is no second reading of it", 50, 0, 0, 90 },
		{ "nor is a harmless one", 50, 40, 2, 90 },
		{ "the mass drop", 0, 40, 0, 90 },
		{ "and once more: it is believed", 0, 40, 2, 40 },
		{ "it is not a licence for the next", 0, 0, 0, 40 },
		{ "nor does one in between, that was believed, make it one", 0, 40, 2, 40 },
		{ "so that it is the first again", 0, 10, 0, 40 },
		{ "one more has left meanwhile: it is the same drop still", 0, 9, 2, 9 },
	};
	struct world w = world_new();

	(void)state;
	for (size_t i = 0; i < sizeof readings / sizeof *readings; i++) {
		struct news n = counts(&w, readings[i].a, readings[i].b);
		struct tally t = apply(&w, &n, VERB_COUNTS);

		if (t.counts != readings[i].applied || world_int(&w, "SELECT sum(counted) FROM item") != readings[i].stands)
			fail_msg("%s: %d units", readings[i].why, (int)world_int(&w, "SELECT sum(counted) FROM item"));
		assert_int_equal(world_int(&w, "SELECT count(*) FROM inbox WHERE class = 'FILE' AND state = 'parked'"), !readings[i].applied);
	}
	world_free(&w);
}

/* Each warehouse has a reading of its own: what comes of one in between says nothing of the other. */
static void a_mass_drop_of_one_warehouse_is_believed_by_itself(void **state)
{
	static const struct {
		const char *why, *place;
		int64_t qty, applied, stands, parked;
	} readings[] = {
		{ "the first of one", "W1", 50, 1, 50, 0 },
		{ "the first of the other", "W2", 40, 1, 90, 0 },
		{ "a mass drop of the one is held back", "W1", 0, 0, 90, 1 },
		{ "the other is read meanwhile, and that it is held back stands", "W2", 40, 1, 90, 1 },
		{ "a second reading: it is believed", "W1", 0, 1, 40, 0 },
		{ "that is no licence for the other", "W2", 0, 0, 40, 1 },
	};
	struct world w = world_new();

	(void)state;
	OKAY(&w, truth_tells(w.s, w.walmart, true, &w.err));
	for (size_t i = 0; i < sizeof readings / sizeof *readings; i++) {
		struct news n = news_new(w.a);
		struct tally t;

		*news_count(&n) = (struct count){ .place = readings[i].place, .sku = "SKU-1", .qty = readings[i].qty };
		n.counts_whole = true;
		w.why.now_ms += MINUTE;
		t = apply(&w, &n, VERB_COUNTS);
		if (t.counts != readings[i].applied || world_int(&w, "SELECT sum(counted) FROM item") != readings[i].stands ||
		    world_int(&w, "SELECT count(*) FROM inbox WHERE class = 'FILE' AND state = 'parked'") != readings[i].parked)
			fail_msg("%s: %d units", readings[i].why, (int)world_int(&w, "SELECT sum(counted) FROM item"));
	}
	world_free(&w);
}

static void a_count_that_cannot_be_applies_nothing(void **state)
{
	struct world w = world_new();
	struct news n = counts(&w, 10, -3);

	(void)state;
	assert_int_equal(apply(&w, &n, VERB_COUNTS).counts, 0);
	assert_int_equal(world_int(&w, "SELECT count(*) FROM item"), 0); /* not even the first line */
	assert_string_equal(world_text(&w, "SELECT text FROM inbox"), "SKU-2: -3 is no quantity between 0 and 999999");
	world_free(&w);
}

static void feeds_with_errors_are_shown(void **state)
{
	static const struct {
		const char *id, *state;
		int64_t bad;
		bool parked;
	} feeds[] = { { "F-1", "PROCESSED", 0, false }, { "F-2", "PROCESSED", 3, true }, { "F-3", "ERROR", 0, true }, { "F-4", "INPROGRESS", 0, false } };
	struct world w = world_new();
	struct news n = news_new(w.a);

	(void)state;
	for (int i = 0; i < 4; i++)
		*news_feed(&n) = (struct feed){ .id = feeds[i].id, .type = "inventory", .state = feeds[i].state, .items = 10, .bad = feeds[i].bad,
		                                 .ended = feeds[i].parked, .lost = !strcmp(feeds[i].state, "ERROR") };
	assert_int_equal(apply(&w, &n, VERB_FEEDS).parked, 2);
	n.feed[1].type = NULL; /* its own status tells it again, and does not name the type */
	apply(&w, &n, VERB_FEED);
	assert_int_equal(world_int(&w, "SELECT count(*) FROM inbox"), 2);
	assert_string_equal(world_text(&w, "SELECT verb || ' ' || count || ' ' || text FROM inbox WHERE subject = 'F-2'"),
	                    "feeds 1 3 of its 10 items failed");
	for (int i = 0; i < 4; i++)
		assert_int_equal(world_int(&w, arena_printf(w.a, "SELECT count(*) FROM inbox WHERE subject = '%s'", feeds[i].id)), feeds[i].parked);
	world_free(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(T9_a_poison_order_stops_nothing),
		cmocka_unit_test(a_bad_listing_stops_nothing),
		cmocka_unit_test(a_word_we_do_not_know_is_told_once),
		cmocka_unit_test(orders_that_come_late_are_counted),
		cmocka_unit_test(a_mass_drop_wants_a_second_reading),
		cmocka_unit_test(a_mass_drop_of_one_warehouse_is_believed_by_itself),
		cmocka_unit_test(a_count_that_cannot_be_applies_nothing),
		cmocka_unit_test(feeds_with_errors_are_shown),
	};

	return cmocka_run_group_tests_name("news", tests, NULL, NULL);
}
