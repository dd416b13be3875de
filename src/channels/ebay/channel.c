/*
 * channel.c: what can be said to eBay.
 *
 * There is no acknowledgement: a paid order is a promise already. Cancelling is left to Seller Hub: it is an operation of the Post-Order API, which
 * eBay publishes no contract for and has begun to retire, it cancels whole orders only, and it decides over the buyer's money.
 */
#include "channels/ebay/ebay.h"

/*
 * SETTLE: a quantity shows after 1 to 3 minutes. PATIENCE: how long an order may go on looking unchanged after a package whose answer was lost;
 * eBay states no figure, so it is long rather than short: a call may land minutes after its line broke, and eBay takes a package twice.
 */
enum { MINUTE = 60 * 1000, SETTLE = 3 * MINUTE, PATIENCE = 10 * MINUTE };

/* One job a request; saying it twice does no harm; nothing checks it. */
#define READS 1, true, VERBS, 0

static const char *const production[] = { "api.ebay.com", "apiz.ebay.com", NULL };

/* orders.c says what each holds. */
static const char *const pools[] = { "open", "shipped", "new", NULL };

const struct channel channel_ebay = {
	.name = "ebay",
	.title = "eBay",
	.base_url = "https://api.ebay.com",
	.token_url = "https://api.ebay.com/identity/v1/oauth2/token",
	.production_hosts = production,
	.pools = pools,
	.settle_ms = SETTLE,
	.poll_ms = 1 * MINUTE,
	.say = {
		[VERB_TOKEN] = { "ebay.token", ebay_token_ask, ebay_token_hear, READS },
		[VERB_PING] = { "ebay.locations.ping", ebay_ping_ask, ebay_ping_hear, READS },
		[VERB_ORDERS] = { "ebay.orders.list", ebay_orders_ask, ebay_orders_hear, READS },
		[VERB_ORDER] = { "ebay.orders.get", ebay_order_ask, ebay_order_hear, READS },
		[VERB_PARCELS] = { "ebay.orders.parcels", ebay_parcels_ask, ebay_parcels_hear, READS },
		[VERB_SHIP] = { "ebay.orders.ship", ebay_ship_ask, ebay_ship_hear, 1, false, VERB_ORDER, PATIENCE },
		[VERB_STOCK] = { "ebay.inventory.put", ebay_stock_ask, ebay_stock_hear, 1, true, VERB_STOCK_READ, SETTLE },
		[VERB_STOCK_READ] = { "ebay.offers.list", ebay_offer_ask, ebay_offer_hear, READS },
		[VERB_STOCK_LIST] = { "ebay.inventory.list", ebay_stock_list_ask, ebay_stock_list_hear, READS },
		[VERB_OFFER] = { "ebay.offers.list", ebay_offer_ask, ebay_offer_hear, READS },
		[VERB_PLACES] = { "ebay.locations.list", ebay_places_ask, ebay_places_hear, READS },
		[VERB_QUOTA] = { "ebay.limits.get", ebay_quota_ask, ebay_quota_hear, READS },
	},
};
