/* channel.c: what can be said to Walmart. */
#include "channels/walmart/walmart.h"

enum { MINUTE = 60 * 1000 };

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
	.settle_ms = 10 * MINUTE, /* a quantity shows after 3 to 10 minutes */
	.poll_ms = 1 * MINUTE,
	.say = {
		[VERB_ORDERS] = { "walmart.orders.list", walmart_orders_ask, walmart_orders_hear, .batch_max = 1, .repeatable = true, .check = VERBS },
		[VERB_ORDER] = { "walmart.orders.get", walmart_order_ask, walmart_order_hear, .batch_max = 1, .repeatable = true, .check = VERBS },
	},
};
