/* channel.c: what can be said to Walmart. */
#include "channels/walmart/walmart.h"

/*
 * SETTLE: a quantity shows after 3 to 10 minutes. PATIENCE: how long an order may go on looking unchanged after a write whose answer
 * was lost; Walmart states no figure, so it is ours, and long rather than short: a call may land minutes after its line broke, and a ship confirm said
 * twice is worse than one said late. ACK_PATIENCE: an acknowledgement said twice is none the worse, and four hours are all there is.
 */
enum { MINUTE = 60 * 1000, SETTLE = 10 * MINUTE, PATIENCE = 10 * MINUTE, ACK_PATIENCE = 5 * MINUTE };

/*
 * Of feeds of quantities: within 4 hours by Walmart's own word ("Rate limiting", feeds; read 2026-08), half an hour as a rule; older than that
 * it counts as stuck (house figures).
 */
enum { FEED_LATER = 30 * MINUTE, FEED_SETTLE = 240 * MINUTE, FEED_STUCK = 30 * MINUTE };

/* One job a request; saying it twice does no harm; nothing checks it. */
#define READS 1, true, VERBS, 0

static const char *const production[] = { "marketplace.walmartapis.com", NULL };

/* GET /v3/orders shows SellerFulfilled alone unless it is asked for the others by name (contract). */
static const char *const pools[] = { "SellerFulfilled", "WFSFulfilled", "3PLFulfilled", NULL };

const struct channel channel_walmart = {
	.name = "walmart",
	.title = "Walmart Marketplace US",
	.base_url = "https://marketplace.walmartapis.com",
	.token_url = "https://marketplace.walmartapis.com/v3/token",
	.production_hosts = production,
	.acknowledges = true,
	.pools = pools,
	.settle_ms = SETTLE,
	.poll_ms = 1 * MINUTE,
	.window_ms = 1 * MINUTE,
	.bulk = { .type = "", .later_ms = FEED_LATER, .settle_ms = FEED_SETTLE, .stuck_ms = FEED_STUCK, .lost_ms = SETTLE },
	.say = {
		[VERB_TOKEN] = { "walmart.token", walmart_token_ask, walmart_token_hear, READS },
		[VERB_PING] = { "walmart.token.detail", walmart_ping_ask, walmart_ping_hear, READS },
		[VERB_STATUS] = { "walmart.status", walmart_status_ask, walmart_status_hear, READS },
		[VERB_ORDERS] = { "walmart.orders.list", walmart_orders_ask, walmart_orders_hear, READS },
		[VERB_ORDER] = { "walmart.orders.get", walmart_order_ask, walmart_order_hear, READS },
		[VERB_ACK] = { "walmart.orders.ack", walmart_ack_ask, walmart_change_hear, 1, false, VERB_ORDER, ACK_PATIENCE },
		[VERB_SHIP] = { "walmart.orders.ship", walmart_ship_ask, walmart_change_hear, 1, false, VERB_ORDER, PATIENCE },
		[VERB_CANCEL] = { "walmart.orders.cancel", walmart_cancel_ask, walmart_change_hear, 1, false, VERB_ORDER, PATIENCE },
		[VERB_STOCK] = { "walmart.inventory.put", walmart_stock_ask, walmart_stock_hear, 1, true, VERB_STOCK_READ, SETTLE },
		[VERB_STOCK_READ] = { "walmart.inventory.get", walmart_stock_read_ask, walmart_stock_read_hear, READS },
		[VERB_STOCK_LIST] = { "walmart.inventories.list", walmart_stock_list_ask, walmart_stock_list_hear, READS },
		[VERB_POOL] = { "walmart.fulfillment.list", walmart_pool_ask, walmart_pool_hear, READS },
		[VERB_BULK] = { "walmart.feeds.create", walmart_bulk_ask, walmart_bulk_hear, 1, false, VERB_FEEDS, SETTLE },
		[VERB_FEEDS] = { "walmart.feeds.list", walmart_feeds_ask, walmart_feeds_hear, READS },
		[VERB_FEED] = { "walmart.feeds.get", walmart_feed_ask, walmart_feed_hear, READS },
	},
};
