/* channel.c: what can be said to Amazon. */
#include "channels/amazon/amazon.h"

/*
 * SETTLE: a quantity shows to buyers after 5 to 15 minutes. PATIENCE: how long an order may go on looking unchanged after a confirm whose
 * answer was lost; Amazon states no figure, so it is the same and ten minutes more: a call may land minutes after its line broke. POLL: the list may be asked once in 179 s on
 * the long run (0.0056 a second, model).
 */
enum { MINUTE = 60 * 1000, SETTLE = 15 * MINUTE, PATIENCE = 25 * MINUTE, POLL = 180 * 1000 };

/* Of feeds: five minutes later than a single call as a rule; Amazon gives no SLA, an hour is ours; older than FEED_STUCK it counts as stuck (house figures). */
enum { FEED_LATER = 5 * MINUTE, FEED_SETTLE = 60 * MINUTE, FEED_STUCK = 10 * MINUTE };

/* One job a request; saying it twice does no harm; nothing checks it. */
#define READS 1, true, VERBS, 0

/* The three regions, and Login with Amazon for each ("SP-API Endpoints", read 2026-11). */
static const char *const production[] = {
	"sellingpartnerapi-na.amazon.com", "sellingpartnerapi-eu.amazon.com", "sellingpartnerapi-fe.amazon.com",
	"api.amazon.com", "api.amazon.co.uk", "api.amazon.co.jp", NULL,
};

const struct channel channel_amazon = {
	.name = "amazon",
	.title = "Amazon Selling Partner API",
	.base_url = "https://sellingpartnerapi-na.amazon.com",
	.token_url = "https://api.amazon.com/auth/o2/token",
	.production_hosts = production,
	.lists_by_market = true,
	.settle_ms = SETTLE,
	.poll_ms = POLL,
	.bulk = { .type = "JSON_LISTINGS_FEED", .later_ms = FEED_LATER, .settle_ms = FEED_SETTLE, .stuck_ms = FEED_STUCK, .lost_ms = SETTLE, .by_market = true },
	.say = {
		[VERB_TOKEN] = { "amazon.token", amazon_token_ask, amazon_token_hear, READS },
		[VERB_PING] = { "amazon.listings.search", amazon_ping_ask, amazon_ping_hear, READS },
		[VERB_ORDERS] = { "amazon.orders.search", amazon_orders_ask, amazon_orders_hear, READS },
		[VERB_ORDER] = { "amazon.orders.get", amazon_order_ask, amazon_order_hear, READS },
		[VERB_SHIP] = { "amazon.orders.confirm", amazon_ship_ask, amazon_ship_hear, 1, false, VERB_ORDER, PATIENCE },
		[VERB_STOCK] = { "amazon.listings.patch", amazon_stock_ask, amazon_stock_hear, 1, true, VERB_STOCK_READ, SETTLE },
		[VERB_PREVIEW] = { "amazon.listings.patch", amazon_stock_ask, amazon_stock_hear, READS },
		[VERB_STOCK_READ] = { "amazon.listings.get", amazon_stock_read_ask, amazon_stock_read_hear, READS },
		[VERB_STOCK_LIST] = { "amazon.listings.search", amazon_stock_list_ask, amazon_stock_list_hear, READS },
		[VERB_POOL] = { "amazon.fba.summaries", amazon_pool_ask, amazon_pool_hear, READS },
		[VERB_FEEDS] = { "amazon.feeds.list", amazon_feeds_ask, amazon_feeds_hear, READS },
		[VERB_BULK_OPEN] = { "amazon.feeds.open", amazon_bulk_open_ask, amazon_bulk_open_hear, READS },
		[VERB_BULK_PUT] = { "amazon.feeds.put", amazon_bulk_put_ask, amazon_bulk_put_hear, READS },
		[VERB_BULK] = { "amazon.feeds.create", amazon_bulk_ask, amazon_bulk_hear, 1, false, VERB_FEEDS, SETTLE },
		[VERB_FEED] = { "amazon.feeds.get", amazon_feed_ask, amazon_feed_hear, READS },
		[VERB_BULK_REPORT] = { "amazon.feeds.report", amazon_bulk_report_ask, amazon_bulk_report_hear, READS },
		[VERB_BULK_RESULT] = { "amazon.feeds.download", amazon_bulk_result_ask, amazon_bulk_result_hear, READS },
	},
};
