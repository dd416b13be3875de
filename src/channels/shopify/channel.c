/*
 * channel.c: what can be said to a shop of Shopify's.
 *
 * There is no acknowledgement. Cancelling is left to Shopify's own admin: orderCancel cancels a whole order, never a line, as a job that ends
 * later, and decides in the same breath whether the buyer gets the money back and whether the goods go back on the shelf (restock has no
 * default). Those are three questions to a person, and nothing here asks them.
 */
#include "channels/shopify/shopify.h"

/*
 * SETTLE: two minutes until buyers see a quantity (house figure). PATIENCE: how long an order may go on looking unchanged after a package whose
 * answer was lost; no figure is published, so it is long rather than short: a call may land minutes after its line broke.
 */
enum { MINUTE = 60 * 1000, SETTLE = 2 * MINUTE, PATIENCE = 10 * MINUTE, POLL = MINUTE };

/* One job a request; saying it twice does no harm; nothing checks it. */
#define READS 1, true, VERBS, 0

static const char *const production[] = { "myshopify.com", NULL };

const struct channel channel_shopify = {
	.name = "shopify",
	.title = "Shopify Admin GraphQL",
	.base_url = "", /* each shop has its own: https://SHOP.myshopify.com */
	.token_url = "",
	.production_hosts = production,
	.settle_ms = SETTLE,
	.poll_ms = POLL,
	.say = {
		[VERB_TOKEN] = { "shopify.token", shopify_token_ask, shopify_token_hear, READS },
		[VERB_PING] = { "shopify.shop", shopify_ping_ask, shopify_ping_hear, READS },
		[VERB_ORDERS] = { "shopify.orders.list", shopify_orders_ask, shopify_orders_hear, READS },
		[VERB_ORDER] = { "shopify.orders.get", shopify_order_ask, shopify_order_hear, READS },
		[VERB_SHIP] = { "shopify.fulfillments.create", shopify_ship_ask, shopify_ship_hear, 1, false, VERB_ORDER, PATIENCE },
		[VERB_STOCK] = { "shopify.inventory.set", shopify_stock_ask, shopify_stock_hear, 1, true, VERB_STOCK_READ, SETTLE },
		[VERB_STOCK_READ] = { "shopify.inventory.get", shopify_stock_read_ask, shopify_stock_read_hear, READS },
		[VERB_STOCK_LIST] = { "shopify.inventory.list", shopify_stock_list_ask, shopify_stock_list_hear, READS },
		[VERB_PLACES] = { "shopify.locations.list", shopify_places_ask, shopify_places_hear, READS },
	},
};
