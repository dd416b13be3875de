#include "trade/verbs.h"

#include <string.h>

static const struct {
	const char *name;
	bool writes;
} verbs[VERBS] = {
	[VERB_TOKEN] = { "token", false },
	[VERB_PING] = { "ping", false },
	[VERB_STATUS] = { "status", false },
	[VERB_ORDERS] = { "orders", false },
	[VERB_ORDER] = { "order", false },
	[VERB_PARCELS] = { "parcels", false },
	[VERB_ACK] = { "ack", true },
	[VERB_SHIP] = { "ship", true },
	[VERB_CANCEL] = { "cancel", true },
	[VERB_STOCK] = { "stock", true },
	[VERB_PREVIEW] = { "preview", false },
	[VERB_STOCK_READ] = { "stock-read", false },
	[VERB_STOCK_LIST] = { "stock-list", false },
	[VERB_FEEDS] = { "feeds", false },
	[VERB_FEED] = { "feed", false },
	[VERB_COUNTS] = { "counts", false },
	[VERB_OFFER] = { "offer", false },
	[VERB_PLACES] = { "places", false },
	[VERB_PRODUCTS] = { "products", false },
	[VERB_DISPATCHES] = { "dispatches", false },
	[VERB_POOL] = { "pool", false },
	[VERB_RUN] = { "run", false },
	[VERB_QUOTA] = { "quota", false },
	[VERB_BULK_OPEN] = { "bulk-open", false },
	[VERB_BULK_PUT] = { "bulk-put", true },
	[VERB_BULK] = { "bulk", true },
	[VERB_BULK_REPORT] = { "bulk-report", false },
	[VERB_BULK_RESULT] = { "bulk-result", false },
};

const char *verb_name(enum verb v)
{
	return v < VERBS ? verbs[v].name : "?";
}

enum verb verb_from_name(const char *name)
{
	for (int v = 0; v < VERBS; v++)
		if (!strcmp(verbs[v].name, name))
			return (enum verb)v;
	return VERBS;
}

bool verb_writes(enum verb v)
{
	return verbs[v].writes;
}
