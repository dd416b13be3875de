/* trade_truth.h: a warehouse system and an ERP beside the world's marketplaces, for the tests of what they tell. */
#ifndef TALLYMAN_TESTS_TRADE_TRUTH_H
#define TALLYMAN_TESTS_TRADE_TRUTH_H
#include "trade_orders.h"

#include "trade/conflicts.h"
#include "trade/dispatches.h"
#include "trade/inventory.h"
#include "trade/ledger.h"
#include "trade/news.h"
#include "trade/places.h"

struct truth_world {
	struct world w;
	int64_t wms, erp;
};

static inline struct truth_world truth_new(enum conflict_rule rule)
{
	struct truth_world t = { .w = world_new() };

	t.wms = world_account(&t.w, "wms", "cartoncloud", false);
	t.erp = world_account(&t.w, "erp", "netsuite", false);
	OKAY(&t.w, truth_put(t.w.s, "wms", "erp", rule, HOUR, &t.w.err));
	return t;
}

/* A reply of one account, told at the world's now, asked for at begun_ms. */
static inline void truth_hear(struct truth_world *t, int64_t account, enum verb verb, const struct news *n, int64_t begun_ms)
{
	struct tally tally;

	OKAY(&t->w, news_apply(t->w.s, account, verb, n, begun_ms, &seal, &t->w.why, &tally, &t->w.err));
}

/* One SKU's free quantity at a place, as it was at valid_ms (0: they do not say). */
static inline void truth_count(struct truth_world *t, int64_t account, const char *place, const char *sku, int64_t qty, int64_t valid_ms)
{
	struct news n = news_new(t->w.a);

	*news_count(&n) = (struct count){ .place = place, .sku = sku, .qty = qty, .valid_ms = valid_ms };
	truth_hear(t, account, VERB_COUNTS, &n, t->w.why.now_ms);
}

/* Several at one place, in one whole reading, so that the guard sees a large list. */
static inline void truth_dispatch(struct truth_world *t, int64_t account, const char *ref, const char *state, int64_t made_ms, int64_t updated_ms)
{
	struct news n = news_new(t->w.a);
	bool taken = strcmp(state, "UNKNOWN") && strcmp(state, "CANCELLED");

	*news_dispatch(&n) = (struct dispatch){ .ref = ref, .their_ref = arena_printf(t->w.a, "W-%s", ref), .state = state, .raw_state = state, .place = "dallas", .taken = taken,
		                                .made_ms = made_ms, .updated_ms = updated_ms };
	truth_hear(t, account, VERB_DISPATCHES, &n, t->w.why.now_ms);
}

static inline struct item truth_item(struct truth_world *t, const char *sku)
{
	struct item i;

	OKAY(&t->w, item_get(t->w.s, sku, t->w.a, &i, &t->w.err));
	return i;
}

#endif
