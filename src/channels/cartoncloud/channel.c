/* channel.c: what can be asked of CartonCloud. */
#include "channels/cartoncloud/cartoncloud.h"

enum { MINUTE = 60 * 1000 };

/* One job a request; saying it twice does no harm; nothing checks it. */
#define READS 1, true, VERBS, 0

static const char *const production[] = { "api.cartoncloud.com", "api.na.cartoncloud.com", NULL };

const struct channel channel_cartoncloud = {
	.name = "cartoncloud",
	.title = "CartonCloud",
	.base_url = "https://api.cartoncloud.com",
	.token_url = "https://api.cartoncloud.com/uaa/oauth/token",
	.production_hosts = production,
	.is_truth = true,
	.poll_ms = 1 * MINUTE,
	.say = {
		[VERB_TOKEN] = { "cartoncloud.token", cartoncloud_token_ask, cartoncloud_token_hear, READS },
		[VERB_PING] = { "cartoncloud.userinfo", cartoncloud_ping_ask, cartoncloud_ping_hear, READS },
		[VERB_RUN] = { "cartoncloud.stock.report", cartoncloud_run_ask, cartoncloud_run_hear, READS },
		[VERB_COUNTS] = { "cartoncloud.stock.get", cartoncloud_counts_ask, cartoncloud_counts_hear, READS },
		[VERB_PRODUCTS] = { "cartoncloud.products.search", cartoncloud_products_ask, cartoncloud_products_hear, READS },
		[VERB_DISPATCHES] = { "cartoncloud.orders.search", cartoncloud_dispatches_ask, cartoncloud_dispatches_hear, READS },
	},
};
