/* channel.c: what can be asked of NetSuite. */
#include "channels/netsuite/netsuite.h"

enum { MINUTE = 60 * 1000 };

/* One job a request; saying it twice does no harm; nothing checks it. */
#define READS 1, true, VERBS, 0

/* And what stands before it: each account's host is below it. */
static const char *const production[] = { "suitetalk.api.netsuite.com", NULL };

const struct channel channel_netsuite = {
	.name = "netsuite",
	.title = "NetSuite",
	.base_url = netsuite_base_url,
	.token_url = netsuite_token_url,
	.production_hosts = production,
	.crowd_refuses_login = true, /* julbrs/netsuite-api-client issue 26: "Invalid login attempt" over the limit */
	.is_truth = true,
	.signs = true,
	.poll_ms = 1 * MINUTE,
	.say = {
		[VERB_TOKEN] = { "netsuite.token", netsuite_token_ask, netsuite_token_hear, READS },
		[VERB_PING] = { "netsuite.suiteql.query", netsuite_ping_ask, netsuite_ping_hear, READS },
		[VERB_PLACES] = { "netsuite.suiteql.query", netsuite_places_ask, netsuite_places_hear, READS },
		[VERB_PRODUCTS] = { "netsuite.suiteql.query", netsuite_products_ask, netsuite_products_hear, READS },
		[VERB_COUNTS] = { "netsuite.suiteql.query", netsuite_counts_ask, netsuite_counts_hear, READS },
		[VERB_DISPATCHES] = { "netsuite.suiteql.query", netsuite_dispatches_ask, netsuite_dispatches_hear, READS },
	},
};
