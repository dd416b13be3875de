/* Which orders ring, with which bell and how long before: due, past it, and about to be cancelled by the channel. */
#include "trade_orders.h"

#include "trade/alert_rules.h"
#include "trade/deadlines.h"

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
		cmocka_unit_test(hooks_hear_of_what_is_lost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
