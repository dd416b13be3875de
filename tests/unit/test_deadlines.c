/* Which orders ring, with which bell and how long before: due, past it, and about to be cancelled by the channel. */
#include "trade_orders.h"

#include "trade/alert_rules.h"
#include "trade/deadlines.h"
#include "trade/dispatches.h"
#include "trade/news.h"

#define CANCELS (T0 + 96 * HOUR)

struct bell {
	const char *why;
	enum order_state is;
	int flags;
	int64_t cancel_by_ms, now_ms;
	const char *rings; /* kinds that are open, by name */
};

static const struct bell bells[] = {
	{ "long before its time", ORDER_ACKED, 0, CANCELS, T0, "" },
	{ "within the hour", ORDER_ACKED, 0, CANCELS, T0 + 23 * HOUR, "ship_due" },
	{ "past what was promised", ORDER_ACKED, 0, CANCELS, T0 + 24 * HOUR, "late" },
	{ "a minute more than a day before it is lost", ORDER_ACKED, 0, CANCELS, CANCELS - 24 * HOUR - MINUTE, "late" },
	{ "a day before it is lost", ORDER_ACKED, 0, CANCELS, CANCELS - 24 * HOUR, "autocancel_due,late" },
	{ "and as long as they have not cancelled it", ORDER_NEW, 0, CANCELS, CANCELS + HOUR, "autocancel_due,late" },
	{ "a channel that cancels nothing", ORDER_ACKED, 0, 0, CANCELS, "late" },
	{ "what is paid for some day", ORDER_PENDING, 0, CANCELS, CANCELS, "" },
	{ "what the channel ships itself", ORDER_ACKED, ORDER_READ_ONLY, CANCELS, CANCELS, "" },
	{ "what has left", ORDER_SHIPPED, 0, CANCELS, CANCELS, "" },
	{ "what was cancelled", ORDER_CANCELLED, 0, CANCELS, CANCELS, "" },
	{ "what its buyer wants cancelled", ORDER_ACKED, ORDER_CANCEL_REQ, CANCELS, T0, "cancel_req" },
	{ "though it is not paid for yet", ORDER_PENDING, ORDER_CANCEL_REQ, CANCELS, T0, "cancel_req" },
	{ "but the channel ships it", ORDER_ACKED, ORDER_CANCEL_REQ | ORDER_READ_ONLY, CANCELS, T0, "" },
	{ "but it has left", ORDER_SHIPPED, ORDER_CANCEL_REQ, CANCELS, T0, "" },
	{ "and it was", ORDER_CANCELLED, ORDER_CANCEL_REQ, CANCELS, T0, "" },
};

static void put(struct world *w, const struct bell *b, enum order_state is)
{
	struct order_line l = { .ref = "1", .sku = "SKU-1", .title = "Box", .qty = 1 };
	struct order o = { .ref = "W-1", .placed_ms = T0 - HOUR, .updated_ms = w->why.now_ms, .ship_by_ms = T0 + 24 * HOUR, .cancel_by_ms = b->cancel_by_ms, .flags = b->flags,
		           .marketplace = "M-1", .line = &l, .lines = 1 };
	enum told told;

	l.bucket[is] = 1;
	OKAY(w, orders_tell(w->s, w->walmart, &o, &seal, &w->why, &told, &w->err));
}

static const char *ringing(struct world *w)
{
	return world_text(w, "SELECT coalesce(group_concat(kind), '') FROM (SELECT kind FROM alert WHERE closed_ms = 0 ORDER BY kind)");
}

static void each_rings_in_its_time(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof bells / sizeof *bells; i++) {
		struct world w = world_new();

		put(&w, &bells[i], bells[i].is);
		OKAY(&w, deadlines_watch(w.s, bells[i].now_ms, &w.err));
		if (strcmp(ringing(&w), bells[i].rings))
			fail_msg("%s: \"%s\" rings", bells[i].why, ringing(&w));
		world_free(&w);
	}
}

static void it_ends_with_what_becomes_of_the_order(void **state)
{
	static const struct bell lost = { .cancel_by_ms = CANCELS };
	static const enum order_state ends[] = { ORDER_SHIPPED, ORDER_CANCELLED };

	(void)state;
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		struct world w = world_new();

		put(&w, &lost, ORDER_ACKED);
		OKAY(&w, deadlines_watch(w.s, CANCELS - HOUR, &w.err));
		assert_string_equal(world_text(&w, "SELECT severity || ' ' || text FROM alert WHERE kind = 'autocancel_due'"),
		                    "CRIT walmart-us: 1 order will be cancelled by the channel within the day, first W-1");
		w.why.now_ms += 1000;
		put(&w, &lost, ends[i]);
		OKAY(&w, deadlines_watch(w.s, CANCELS - HOUR + MINUTE, &w.err));
		assert_string_equal(ringing(&w), "");
		world_free(&w);
	}
}

struct wish {
	const char *why;
	enum order_state is;
	const char *there; /* by the warehouse; NULL: it has not told of the order */
	bool taken;
	const char *severity;
};

static const struct wish wishes[] = {
	{ "nobody has begun with it", ORDER_ACKED, NULL, false, "info" },
	{ "it waits for stock in the warehouse", ORDER_ACKED, "RELEASED", false, "info" },
	{ "the warehouse gave it up", ORDER_ACKED, "CANCELLED", false, "info" },
	{ "the warehouse has set goods aside", ORDER_ACKED, "RELEASED", true, "WARN" },
	{ "it is picked there", ORDER_ACKED, "PICKING", true, "WARN" },
	{ "the marketplace says that it is picked", ORDER_PICKING, NULL, false, "WARN" },
	{ "and that it is packed", ORDER_PACKED, NULL, false, "WARN" },
};

static void a_wish_to_cancel_is_graver_once_a_warehouse_has_begun(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof wishes / sizeof *wishes; i++) {
		const struct wish *x = &wishes[i];
		struct bell b = { .flags = ORDER_CANCEL_REQ };
		struct world w = world_new();
		struct dispatch d = { .ref = "W-1", .their_ref = "D-1", .state = x->there, .taken = x->taken, .made_ms = T0, .updated_ms = T0 };
		const char *told;

		put(&w, &b, x->is);
		if (x->there)
			OKAY(&w, dispatch_tell(w.s, w.shadow, &d, &w.why, &w.err));
		OKAY(&w, deadlines_watch(w.s, T0, &w.err));
		told = world_text(&w, "SELECT severity FROM alert WHERE kind = 'cancel_req'");
		if (strcmp(told, x->severity))
			fail_msg("%s: %s", x->why, told);
		world_free(&w);
	}
}

/* Two, then one of them is with the warehouse, then that one leaves all the same, then the other is cancelled. */
static void wishes_are_counted_and_end_by_themselves(void **state)
{
	static const char says[] = "SELECT severity || ' ' || text FROM alert WHERE kind = 'cancel_req' AND closed_ms = 0";
	struct world w = world_new();

	(void)state;
	world_order(&w, w.walmart, "W-1", ORDER_ACKED, 1, ORDER_CANCEL_REQ);
	world_order(&w, w.walmart, "W-2", ORDER_ACKED, 1, ORDER_CANCEL_REQ);
	OKAY(&w, deadlines_watch(w.s, T0, &w.err));
	assert_string_equal(world_text(&w, says), "info walmart-us: 2 orders whose buyer asks to cancel, first W-1");
	w.why.now_ms += MINUTE;
	world_order(&w, w.walmart, "W-2", ORDER_PICKING, 1, ORDER_CANCEL_REQ);
	OKAY(&w, deadlines_watch(w.s, T0 + MINUTE, &w.err));
	assert_string_equal(world_text(&w, says), "WARN walmart-us: 2 orders whose buyer asks to cancel, 1 with the warehouse already, first W-2");
	w.why.now_ms += MINUTE;
	world_order(&w, w.walmart, "W-2", ORDER_SHIPPED, 1, ORDER_CANCEL_REQ);
	OKAY(&w, deadlines_watch(w.s, T0 + 2 * MINUTE, &w.err));
	assert_string_equal(world_text(&w, says), "info walmart-us: 1 order whose buyer asks to cancel, first W-1");
	w.why.now_ms += MINUTE;
	world_order(&w, w.walmart, "W-1", ORDER_CANCELLED, 1, ORDER_CANCEL_REQ);
	OKAY(&w, deadlines_watch(w.s, T0 + 3 * MINUTE, &w.err));
	assert_string_equal(world_text(&w, says), "(no row)");
	assert_int_equal(world_int(&w, "SELECT count(*) FROM alert WHERE kind = 'cancel_req'"), 1);
	world_free(&w);
}

/* Somebody who does not look at a screen hears of what costs him the order or his standing. */
static void hooks_hear_of_what_is_lost(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	assert_true(alert_rule_of(a, "late").tells);
	assert_true(alert_rule_of(a, "autocancel_due").tells);
	assert_string_equal(alert_rule_of(a, "autocancel_due").severity, "CRIT");
	assert_false(alert_rule_of(a, "ship_due").tells);
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_rings_in_its_time),
		cmocka_unit_test(it_ends_with_what_becomes_of_the_order),
		cmocka_unit_test(a_wish_to_cancel_is_graver_once_a_warehouse_has_begun),
		cmocka_unit_test(wishes_are_counted_and_end_by_themselves),
		cmocka_unit_test(hooks_hear_of_what_is_lost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
