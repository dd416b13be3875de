#ifndef TALLYMAN_HISTORY_H
#define TALLYMAN_HISTORY_H
/*
 * history.h: an item's recorded sales and receipts, as replay.h takes them.
 *
 * The stock at the beginning is what makes the end come out: what there is now, and what was sold since, less what came in. Counts that went down
 * are taken for goods that left with orders. Before it was first counted nothing is known.
 */
#include "trade/aim.h"
#include "trade/replay.h"

struct history {
	struct replay_event *event; /* outlet: index into item->of; sales of offers that are not there any more are left out */
	int events;
	int64_t stock;
	int64_t from_ms;            /* later than asked for when nothing is known of the item before */
};

/*
 * Receipts, sales and counts of one item between two times, oldest first, as replay_run takes them; sales lead to the offers of item->of. Lives in a.
 */
enum fault history_of(struct store *s, int64_t id, const struct aimed_item *item, int64_t from_ms, int64_t until_ms, struct arena *a, struct history *out,
                      struct err *err);

#endif
