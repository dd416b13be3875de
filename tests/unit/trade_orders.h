/* trade_orders.h: orders for the tests of what is done with them. */
#ifndef TALLYMAN_TESTS_TRADE_ORDERS_H
#define TALLYMAN_TESTS_TRADE_ORDERS_H
#include "trade_seal.h"
#include "trade_world.h"

#include "trade/orders.h"

/* One line of qty units in a state; returns the order's id. */
static inline int64_t world_order(struct world *w, int64_t account, const char *ref, enum order_state is, int64_t qty, int flags)
{
	struct order_line l = { .ref = "1", .sku = "SKU-1", .title = "Box", .qty = qty };
	struct order o = { .ref = ref, .placed_ms = T0 - HOUR, .updated_ms = w->why.now_ms, .ship_by_ms = T0 + 24 * HOUR, .flags = flags,
		           .marketplace = "M-1", .line = &l, .lines = 1 };
	enum told told;
	int64_t id;

	l.bucket[is] = qty;
	o.ack_by_ms = account == w->amazon ? 0 : T0 + 3 * HOUR;
	OKAY(w, orders_tell(w->s, account, &o, &seal, &w->why, &told, &w->err));
	OKAY(w, order_find(w->s, account, ref, &id, &w->err));
	return id;
}

#endif
