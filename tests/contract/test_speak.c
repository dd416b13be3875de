/*
 * test_speak.c: each operation, said over the wire to the platforms' published contracts.
 *
 * MOCK=1 when the mock of `make contract` listens on 127.0.0.1:4101 (Amazon), :4102 (Walmart), :4103 (eBay), :4104 (Shopify), :4105 (NetSuite) and :4106 (CartonCloud); without it
 * this is skipped. What is said is what the contract cases say, by the real transport; what the mock answers (the contract's
 * own examples) must be understood. Whether a request keeps to its contract is in the mock's log, which run.sh reads.
 */
#include "base/clock.h"
#include "net/http.h"
#include "tests/contract/case.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PATIENCE_MS = 20000 };

static const struct {
	const char *file, *what;
} said[] = {
	{ "walmart/token", "a token" },
	{ "walmart/ping", "what the token may do" },
	{ "walmart/orders-first-page", "the first page of orders" },
	{ "walmart/orders-next-page", "the page after it, by its query string" },
	{ "walmart/order-one", "one order" },
	{ "walmart/ack", "an acknowledgement" },
	{ "walmart/ship", "a package by a carrier of the enumeration" },
	{ "walmart/ship-other-carrier", "a package by another carrier, with its address" },
	{ "walmart/cancel", "a cancellation" },
	{ "walmart/stock-read", "the quantity of one SKU" },
	{ "walmart/stock", "a quantity" },
	{ "walmart/stock-list", "all quantities, node by node" },
	{ "walmart/feeds", "the feeds" },
	{ "walmart/feed-items", "one feed, item by item" },
	{ "walmart/stock-node-among-others", "a quantity at a node" },
	{ "walmart/bulk", "many quantities as a file" },
	{ "walmart/pool", "what lies in their warehouses" },
	{ "amazon/token", "Login with Amazon" },
	{ "amazon/orders-first-page", "the first page of orders" },
	{ "amazon/orders-next-page", "the page after it" },
	{ "amazon/order-one", "one order" },
	{ "amazon/ship", "a package by a carrier they know" },
	{ "amazon/ship-other-carrier", "a package by another carrier" },
	{ "amazon/stock-read", "one listing" },
	{ "amazon/stock", "a quantity, merged" },
	{ "amazon/preview", "a quantity, to be looked at only" },
	{ "amazon/stock-list", "all listings of a marketplace" },
	{ "amazon/ping", "the heartbeat" },
	{ "amazon/pool", "what lies in their warehouses" },
	{ "amazon/feeds", "the feeds" },
	{ "amazon/bulk-open", "a place for a feed's bytes" },
	{ "amazon/bulk", "a feed" },
	{ "amazon/feed-done", "a feed's state" },
	{ "amazon/bulk-report", "where its report lies" },
	{ "ebay/token", "a token for a refresh token" },
	{ "ebay/ping", "the heartbeat" },
	{ "ebay/orders-first-page", "orders to be shipped" },
	{ "ebay/orders-shipped", "orders that left" },
	{ "ebay/orders-new", "new orders" },
	{ "ebay/orders-next-page", "the page after the first" },
	{ "ebay/order-one", "one order" },
	{ "ebay/ship", "a package" },
	{ "ebay/ship-two-lines", "a package of two lines" },
	{ "ebay/stock-list", "all items" },
	{ "ebay/stock-list-next", "a page by its number" },
	{ "ebay/offer", "the offers of a SKU" },
	{ "ebay/stock-read", "one offer" },
	{ "ebay/stock", "a quantity" },
	{ "ebay/eby05-zero-attested", "a zero" },
	{ "ebay/places", "the locations" },
	{ "shopify/token", "a token of client credentials" },
	{ "shopify/ping", "the heartbeat" },
	{ "shopify/orders-first-page", "the first page of orders" },
	{ "shopify/orders-next-page", "the page after it" },
	{ "shopify/order-one", "one order" },
	{ "shopify/ship", "a package of a fulfilment order" },
	{ "shopify/ship-several", "a package of several" },
	{ "shopify/shp01-stock", "a quantity at a location, from a number" },
	{ "shopify/stock-zero", "a zero, whatever stands there" },
	{ "shopify/stock-list", "all variants" },
	{ "shopify/stock-list-last", "the page after it" },
	{ "shopify/stock-read", "one inventory item" },
	{ "shopify/places", "the locations" },
	{ "netsuite/token", "OAuth 2.0 with a refresh token" },
	{ "netsuite/ping", "the heartbeat, signed" },
	{ "netsuite/ping-bearer", "the heartbeat, with a bearer token" },
	{ "netsuite/places", "locations" },
	{ "netsuite/products", "items" },
	{ "netsuite/products-next", "the page after them" },
	{ "netsuite/counts", "what is available" },
	{ "netsuite/dispatches", "our orders there" },
	{ "cartoncloud/token", "client credentials" },
	{ "cartoncloud/ping", "who we are" },
	{ "cartoncloud/run", "a stock report, by the warehouse's name" },
	{ "cartoncloud/run-by-uuid", "a stock report, by its number" },
	{ "cartoncloud/counts", "the report's result" },
	{ "cartoncloud/products", "products" },
	{ "cartoncloud/dispatches", "our orders there" },
};

static const struct {
	const char *channel, *base_url, *token;
} listens[] = {
	{ "amazon", "http://127.0.0.1:4101", "/auth/o2/token" },
	{ "walmart", "http://127.0.0.1:4102", "/v3/token" },
	{ "netsuite", "http://127.0.0.1:4105", "/services/rest/auth/oauth2/v1/token" },
	{ "cartoncloud", "http://127.0.0.1:4106", "/uaa/oauth/token" },
	{ "ebay", "http://127.0.0.1:4103", "/identity/v1/oauth2/token" },
	{ "shopify", "http://127.0.0.1:4104", "/admin/oauth/access_token" },
};

static bool fetch(struct transport *t, const struct clock *clock, const struct request *r, struct finished *out, struct err *err)
{
	int64_t until_ms = clock_now(clock) + PATIENCE_MS;

	if (t->start(t, 1, r, err))
		return false;
	while (!t->next(t, out)) {
		if (clock_now(clock) > until_ms) {
			err_set(err, FAULT_NET, "no answer");
			return false;
		}
		t->wait(t, NULL, 0, until_ms);
	}
	return true;
}

/*
 * What no real platform says: the mock has one page and gives it out for ever, one row for every query, a page number of 0, a tenant of
 * its own, addresses of 2011, when http would do, and where a contract shows no example the smallest number there is. That it is told and not swallowed is as it must be; the request was in order all the same.
 */
static bool is_the_mocks(const char *text)
{
	static const char *const said_of_it[] = { "this page again", "no https address", "items[0].item: missing", "items[0].line: missing", "Page-Number: page 1 was asked for",
		                                  "it has access to: 497f6eca-6276-4993-bfeb-53cbbbba6f08",
		                                  "offset: another page than", "responses[0].statusCode: not within 100..599" };

	for (size_t i = 0; i < sizeof said_of_it / sizeof *said_of_it; i++)
		if (strstr(text, said_of_it[i]))
			return true;
	return false;
}

/* NULL: said, and their answer was understood. */
static const char *speak(struct transport *t, const struct clock *clock, struct contract_case *c)
{
	struct request r;
	struct err err = { 0 };
	struct news n = { 0 };
	struct finished done;
	enum fault f;

	if (c->broken)
		return c->broken;
	for (size_t i = 0; i < sizeof listens / sizeof *listens; i++)
		if (!strcmp(c->channel->name, listens[i].channel)) {
			c->account.base_url = listens[i].base_url;
			c->account.token_url = arena_printf(c->arena, "%s%s", listens[i].base_url, listens[i].token);
		}
	if (case_ask(c, &r, &err))
		return arena_strdup(c->arena, err.text);
	if (!fetch(t, clock, &r, &done, &err))
		return arena_strdup(c->arena, err.text);
	n = news_new(c->arena);
	f = done.reply.fault ? err_set(&err, done.reply.fault, "%s", done.reply.text) : case_hear(c, &done.reply, &n, &err);
	printf("   %-28s %-6s %.90s -> %d%s\n", r.op, r.method, r.url + strlen("http://127.0.0.1:410x"), done.reply.status, f ? ", not understood" : "");
	arena_free(done.arena);
	if (!f || is_the_mocks(err.text))
		return NULL;
	return arena_printf(c->arena, "%s: %s", fault_name(f), err.text);
}

int main(void)
{
	struct clock clock = clock_real();
	struct transport *t;
	int failed = 0;

	if (!getenv("MOCK")) {
		printf("skip speak: the contracts' mock is not running (make contract)\n");
		return 0;
	}
	t = http_open(&clock, true);
	for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
		struct arena *a = arena_new();
		struct contract_case c;
		const char *wrong;
		char path[120];

		snprintf(path, sizeof path, "tests/contract/%s.case", said[i].file);
		case_read(a, path, &c);
		wrong = speak(t, &clock, &c);
		printf("%s %s: %s%s%s\n", wrong ? "not ok" : "ok", c.channel ? c.channel->name : path, said[i].what, wrong ? ": " : "", wrong ? wrong : "");
		failed += wrong != NULL;
		arena_free(a);
	}
	t->close(t);
	return failed != 0;
}
