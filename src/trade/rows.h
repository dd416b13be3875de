#ifndef TALLYMAN_ROWS_H
#define TALLYMAN_ROWS_H
/*
 * rows.h: the columns of an order and of an offer, and how they are read; one place for lists, details and writers.
 *
 * Aliases: o orders, c account; f offer, c account, i item (outer joined).
 */
#include "store/store.h"
#include "trade/offers.h"
#include "trade/orders.h"

#define ORDER_COLUMNS                                                                                                         \
	"o.id, o.account_id, c.name, c.channel, o.ref, o.other_ref, o.marketplace, o.sku, o.currency, o.service, o.country, " \
	"o.carrier, o.tracking, o.confirm, o.raw_state, o.state, o.open, o.flags, o.due_ms, o.ack_by_ms, o.ship_by_ms, "      \
	"o.cancel_by_ms, o.placed_ms, o.updated_ms, o.known_ms, o.total_minor, o.units, o.attempt_id"
enum { ORDER_COLUMNS_N = 28 }; /* what stands behind them in a SELECT begins here */

/* Which place an offer's node stands for: the one that goods were counted at and that its account calls so, or that a person gave that node. */
#define OFFER_PLACE                                                                                                                 \
	"CASE WHEN f.node = '' THEN 0 ELSE coalesce((SELECT k.place_id FROM place_source k WHERE k.account_id = f.account_id AND k.code = f.node " \
	"AND EXISTS (SELECT 1 FROM stock t WHERE t.place_id = k.place_id)), (SELECT min(p.id) FROM place p WHERE p.node = f.node), 0) END"
#define OFFER_COLUMNS                                                                                                               \
	"f.id, f.account_id, f.item_id, c.name, c.channel, f.marketplace, f.node, f.sku, i.sku, f.product_type, f.title, f.pool, " \
	"f.hold, f.why, f.push_state, f.cause, coalesce(f.target, -1), coalesce(f.pushed, -1), coalesce(f.seen, -1), f.target_ms, " \
	"f.pushed_ms, f.seen_ms, f.settle_ms, f.drift, f.drift_ms, f.risk, f.ver, coalesce(i.available, 0), f.seen_attempt, c.mode = 'live', " \
	"f.ref, f.listing, f.item_ref, f.block, f.flags, f.pack, f.mapped_ms, f.mapped_by, " OFFER_PLACE

/* The row of a question with these columns, and no others before them; its texts live in a. */
struct order_row order_row_read(const struct rows *r, struct arena *a);
struct offer offer_read(const struct rows *r, struct arena *a);

#endif
