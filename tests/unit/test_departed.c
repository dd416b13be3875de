/* What left a warehouse and cannot be confirmed to its channel: which of it rings, when, and what ends it. */
#include "trade_truth.h"

#include "trade/alerts.h"
#include "trade/departed.h"
#include "trade/shipments.h"

#define UPS "1Z999AA10123456784"

struct left {
	const char *why;
	const char *state, *carrier, *tracking;
	int64_t gone_ms, now_ms;
	const char *rings; /* kinds that are open, by name */
};

static const struct left lefts[] = {
	{ "it is there still", "PACKED", NULL, NULL, 0, T0 + 5 * HOUR, "" },
	{ "it left a moment ago", "SHIPPED", NULL, NULL, T0, T0 + HOUR - 1, "" },
	{ "it left an hour ago", "SHIPPED", NULL, NULL, T0, T0 + HOUR, "tracking_missing" },
	{ "its carrier is told, and no number", "SHIPPED", "ups", NULL, T0, T0 + HOUR, "tracking_missing" },
	{ "it was called back", "CANCELLED", NULL, NULL, T0, T0 + HOUR, "" },
	{ "it left so long ago that it is no news", "SHIPPED", NULL, NULL, T0, T0 + 31 * 24 * HOUR, "" },
	{ "a number of a carrier that we know", "SHIPPED", "ups", UPS, T0, T0 + HOUR, "" },
	{ "a number that tells its carrier", "SHIPPED", NULL, UPS, T0, T0 + HOUR, "" },
	{ "a carrier in no table", "SHIPPED", "a man with a van", "1", T0, T0, "carrier_unmapped" },
	{ "which has not left yet", "PACKED", "a man with a van", "1", 0, T0, "" },
	{ "a carrier that nobody names, and a number that may be anybody's", "SHIPPED", NULL, "1", T0, T0, "carrier_unmapped" },
	{ "one that the channel forbids", "SHIPPED", "amzl", "TBA000000000001", T0, T0, "carrier_unmapped" },
	{ "one that it has no word for, and no tracking page is known of", "SHIPPED", "tnt", "1", T0, T0, "carrier_unmapped" },
	{ "one that it has no word for, but there is a page", "SHIPPED", "speedee", "SP000000000000000001", T0, T0, "" },
};

static void leave(struct truth_world *t, const char *ref, const struct left *l)
{
	struct news n = news_new(t->w.a);

	*news_dispatch(&n) = (struct dispatch){ .ref = ref, .their_ref = arena_printf(t->w.a, "D-%s", ref), .state = l->state, .taken = true, .raw_state = "", .made_ms = T0,
		                                .updated_ms = t->w.why.now_ms, .gone_ms = l->gone_ms, .carrier = l->carrier, .tracking = l->tracking };
	truth_hear(t, t->wms, VERB_DISPATCHES, &n, t->w.why.now_ms);
}

static void look(struct truth_world *t, int64_t now_ms)
{
	OKAY(&t->w, departed_watch(t->w.s, now_ms, &t->w.err));
	OKAY(&t->w, alerts_watch(t->w.s, now_ms, &t->w.err));
}

static const char *ringing(struct truth_world *t)
{
	return world_text(&t->w, "SELECT coalesce(group_concat(kind), '') FROM (SELECT kind FROM alert WHERE closed_ms = 0 AND kind <> 'oversold' ORDER BY kind)");
}

static const char *told(struct truth_world *t, const char *kind)
{
	return world_text(&t->w, arena_printf(t->w.a, "SELECT severity || ' ' || text FROM alert WHERE closed_ms = 0 AND kind = '%s'", kind));
}

static void each_rings_when_it_cannot_be_confirmed(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof lefts / sizeof *lefts; i++) {
		struct truth_world t = truth_new(CONFLICT_MIN);

		world_order(&t.w, t.w.walmart, "W-1", ORDER_ACKED, 1, 0);
		leave(&t, "W-1", &lefts[i]);
		look(&t, lefts[i].now_ms);
		if (strcmp(ringing(&t), lefts[i].rings))
			fail_msg("%s: \"%s\" rings", lefts[i].why, ringing(&t));
		world_free(&t.w);
	}
}

/* The same carrier is good enough for one channel and not for another. */
static void what_one_channel_forbids_another_takes(void **state)
{
	static const struct left by_amazon = { .state = "SHIPPED", .carrier = "amzl", .tracking = "TBA000000000001", .gone_ms = T0 };
	struct truth_world t = truth_new(CONFLICT_MIN);

	(void)state;
	world_order(&t.w, t.w.amazon, "A-1", ORDER_ACKED, 1, 0);
	leave(&t, "A-1", &by_amazon);
	look(&t, T0);
	assert_string_equal(ringing(&t), "");
	world_order(&t.w, t.w.walmart, "W-1", ORDER_ACKED, 1, 0);
	leave(&t, "W-1", &by_amazon);
	look(&t, T0);
	assert_string_equal(told(&t, "carrier_unmapped"), "WARN Amazon Logistics: 1 package cannot be confirmed, such as that of W-1: walmart forbids Amazon Logistics");
	world_free(&t.w);
}

static void a_missing_number_ends_with_what_cures_it(void **state)
{
	static const struct left gone = { .state = "SHIPPED", .gone_ms = T0 }, with_number = { .state = "SHIPPED", .carrier = "ups", .tracking = UPS, .gone_ms = T0 };
	enum { TOLD, BY_HAND, SHOWN_SHIPPED, CANCELLED, ENDS };

	(void)state;
	for (int end = 0; end < ENDS; end++) {
		struct truth_world t = truth_new(CONFLICT_MIN);
		int64_t order = world_order(&t.w, t.w.walmart, "W-1", ORDER_ACKED, 1, 0), id;
		struct shipment by_hand = { .order_id = order, .carrier = "ups", .tracking = "1Z999AA10123456784", .shipped_ms = T0, .source = "operator" };

		world_order(&t.w, t.w.walmart, "W-2", ORDER_ACKED, 1, 0);
		leave(&t, "W-1", &gone);
		leave(&t, "W-2", &gone);
		look(&t, T0 + HOUR);
		assert_string_equal(told(&t, "tracking_missing"), "WARN wms: 2 orders left more than an hour ago without a tracking number, first W-1");
		t.w.why.now_ms = T0 + HOUR + MINUTE;
		world_order(&t.w, t.w.walmart, "W-2", ORDER_SHIPPED, 1, 0);
		look(&t, t.w.why.now_ms);
		assert_string_equal(told(&t, "tracking_missing"), "WARN wms: 1 order left more than an hour ago without a tracking number, first W-1");
		if (end == TOLD)
			leave(&t, "W-1", &with_number);
		else if (end == BY_HAND)
			OKAY(&t.w, shipment_note(t.w.s, &by_hand, &t.w.why, &id, &t.w.err));
		else
			world_order(&t.w, t.w.walmart, "W-1", end == CANCELLED ? ORDER_CANCELLED : ORDER_SHIPPED, 1, 0);
		look(&t, t.w.why.now_ms + MINUTE);
		assert_string_equal(ringing(&t), "");
		assert_int_equal(world_int(&t.w, "SELECT count(*) FROM alert WHERE kind = 'tracking_missing'"), 1);
		world_free(&t.w);
	}
}

static void a_carrier_is_told_once_with_a_count_and_ends_when_nothing_waits_for_it(void **state)
{
	static const struct left van = { .state = "SHIPPED", .carrier = "a man with a van", .tracking = "1", .gone_ms = T0 };
	static const struct left Van = { .state = "SHIPPED", .carrier = "A Man with a Van", .tracking = "2", .gone_ms = T0 };
	static const struct left bike = { .state = "SHIPPED", .carrier = "a bicycle", .tracking = "3", .gone_ms = T0 };
	static const char left[] = "SELECT group_concat(text, '; ') FROM (SELECT text FROM alert WHERE kind = 'carrier_unmapped' AND closed_ms = 0 ORDER BY text)";
	struct truth_world t = truth_new(CONFLICT_MIN);

	(void)state;
	world_order(&t.w, t.w.walmart, "W-1", ORDER_ACKED, 1, 0);
	world_order(&t.w, t.w.walmart, "W-2", ORDER_ACKED, 1, 0);
	world_order(&t.w, t.w.amazon, "A-1", ORDER_ACKED, 1, 0);
	leave(&t, "W-1", &van);
	leave(&t, "W-2", &Van);
	leave(&t, "A-1", &bike);
	look(&t, T0);
	assert_string_equal(world_text(&t.w, left), "a bicycle: 1 package cannot be confirmed, such as that of A-1: the carrier is not in the table: "
	                                            "a tracking URL (https://...) is required with it; a man with a van: 2 packages cannot be confirmed, such as that of W-1: "
	                                            "the carrier is not in the table: a tracking URL (https://...) is required with it");
	t.w.why.now_ms = T0 + MINUTE;
	world_order(&t.w, t.w.walmart, "W-1", ORDER_SHIPPED, 1, 0);
	world_order(&t.w, t.w.amazon, "A-1", ORDER_SHIPPED, 1, 0);
	for (int i = 1; i <= 6; i++)
		look(&t, T0 + i * MINUTE);
	assert_string_equal(world_text(&t.w, left), "a man with a van: 1 package cannot be confirmed, such as that of W-2: the carrier is not in the table: "
	                                            "a tracking URL (https://...) is required with it");
	world_free(&t.w);
}

/* A warehouse that writes another word on each package is one thing to mend: ten by name, and one for all others. */
static void of_many_names_ten_are_told_and_the_rest_as_one(void **state)
{
	struct truth_world t = truth_new(CONFLICT_MIN);

	(void)state;
	for (int i = 0; i < 25; i++) {
		const char *ref = arena_printf(t.w.a, "M-%02d", i);
		struct left l = { .state = "SHIPPED", .carrier = arena_printf(t.w.a, "driver %02d", i), .tracking = arena_printf(t.w.a, "%d", i + 1), .gone_ms = T0 };

		world_order(&t.w, t.w.walmart, ref, ORDER_ACKED, 1, 0);
		leave(&t, ref, &l);
	}
	look(&t, T0);
	assert_int_equal(world_int(&t.w, "SELECT count(*) FROM alert WHERE kind = 'carrier_unmapped' AND closed_ms = 0"), 11);
	assert_int_equal(world_int(&t.w, "SELECT count(*) FROM alert WHERE text LIKE 'others: 15 packages cannot be confirmed, %: 15 more names that no channel takes'"), 1);
	world_free(&t.w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_rings_when_it_cannot_be_confirmed),
		cmocka_unit_test(what_one_channel_forbids_another_takes),
		cmocka_unit_test(a_missing_number_ends_with_what_cures_it),
		cmocka_unit_test(of_many_names_ten_are_told_and_the_rest_as_one),
		cmocka_unit_test(a_carrier_is_told_once_with_a_count_and_ends_when_nothing_waits_for_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
