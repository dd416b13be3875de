/* The simulated Shopify: tokens, GraphQL, orders, fulfilments, quantities. */
#include "sandbox_bench.h"

#include "sandbox/shopify.h"

#include <glob.h>
#include <stdlib.h>
#include <unistd.h>

#define DOOR "/admin/api/2026-10/graphql.json"
#define LOGIN "grant_type=client_credentials&client_id=sandbox-shopify-client&client_secret=sandbox-shopify-secret"

static void log_in_at_shopify(struct bench *b)
{
	assert_int_equal(ask_as(b, SHOPIFY, NULL, "POST", "/admin/oauth/access_token", LOGIN), 200);
	b->shopify = json_text_or(b->json, "access_token", "");
}

static struct bench shop_open(struct sandbox_options opt)
{
	struct bench b;

	opt.world.sells = SELLS_EVERYWHERE;
	b = bench_open(&opt);
	log_in_at_shopify(&b);
	return b;
}

static struct bench quiet_open(void)
{
	return shop_open(quiet());
}

/* A query with its variables (JSON, NULL for none). Returns the answer's data. */
static const struct json *ask(struct bench *b, const char *query, const char *variables)
{
	struct buf body = buf_new(b->a);
	struct json_out o = json_out(&body);

	json_put_object(&o, NULL);
	json_put_text(&o, "query", query);
	if (variables)
		json_put_raw(&o, "variables", variables);
	json_end_object(&o);
	ask_as(b, SHOPIFY, b->shopify, "POST", DOOR, body.p);
	return json_get(b->json, "data");
}

/* The code of the first error; "" when there is none, its message when it has no code. */
static const char *code_of(const struct bench *b)
{
	const struct json *e = json_first(json_get(b->json, "errors"));

	return json_text_or(e, "extensions.code", json_text_or(e, "message", ""));
}

static const char *gid(struct bench *b, const char *type, const char *digits)
{
	return arena_printf(b->a, "gid://shopify/%s/%s", type, digits);
}

/* ---- tokens ---- */

struct login_case {
	const char *why, *form;
	int status;
};

static const struct login_case login_cases[] = {
	{ "the client's credentials", LOGIN, 200 },
	{ "as JSON", "{\"grant_type\":\"client_credentials\",\"client_id\":\"sandbox-shopify-client\",\"client_secret\":\"sandbox-shopify-secret\"}", 200 },
	{ "a wrong secret", "grant_type=client_credentials&client_id=sandbox-shopify-client&client_secret=x", 400 },
	{ "another grant", "grant_type=refresh_token", 400 },
	{ "nothing", "", 400 },
};

static void shopify_knows_its_clients(void **state)
{
	struct bench b = quiet_open();

	(void)state;
	for (size_t i = 0; i < sizeof login_cases / sizeof *login_cases; i++)
		if (ask_as(&b, SHOPIFY, NULL, "POST", "/admin/oauth/access_token", login_cases[i].form) != login_cases[i].status)
			fail_msg("%s: %d %s", login_cases[i].why, b.out.reply.status, b.out.reply.body);
	bench_close(&b);
}

static void a_token_lives_a_day(void **state)
{
	struct bench b = quiet_open();

	(void)state;
	sandbox_advance(b.s, epoch_ms + 86398 * INT64_C(1000));
	assert_non_null(ask(&b, "{ shop { name } }", NULL));
	sandbox_advance(b.s, epoch_ms + 86399 * INT64_C(1000));
	assert_null(ask(&b, "{ shop { name } }", NULL));
	assert_int_equal(b.out.reply.status, 401);
	bench_close(&b);
}

/* ---- the language ---- */

struct query_case {
	const char *why, *query, *variables;
	const char *code; /* of the first error; "" none */
	const char *data; /* what the answer then holds somewhere, NULL: not asked */
};

static const struct query_case query_cases[] = {
	{ "a field", "{ shop { name } }", NULL, "", "{\"shop\":{\"name\":\"Harbor & Pine\"}}" },
	{ "nothing but what was selected", "{ shop { currencyCode } }", NULL, "", "{\"shop\":{\"currencyCode\":\"USD\"}}" },
	{ "in the order it was selected", "{ shop { currencyCode name } }", NULL, "", "{\"shop\":{\"currencyCode\":\"USD\",\"name\":\"Harbor & Pine\"}}" },
	{ "an alias", "{ mine: shop { called: name } }", NULL, "", "{\"mine\":{\"called\":\"Harbor & Pine\"}}" },
	{ "one field twice is one", "{ shop { name name } }", NULL, "", "{\"shop\":{\"name\":\"Harbor & Pine\"}}" },
	{ "an object twice is both selections", "{ shop { name } shop { currencyCode } }", NULL, "", "{\"shop\":{\"name\":\"Harbor & Pine\",\"currencyCode\":\"USD\"}}" },
	{ "the type's own name", "{ shop { __typename } }", NULL, "", "{\"shop\":{\"__typename\":\"Shop\"}}" },
	{ "a named operation", "query Who { shop { name } }", NULL, "", "\"shop\"" },
	{ "a fragment", "{ shop { ...x } } fragment x on Shop { name }", NULL, "", "\"name\"" },
	{ "a fragment in place", "{ shop { ... on Shop { name } } }", NULL, "", "\"name\"" },
	{ "a fragment of another type", "{ node(id: \"gid://shopify/Location/68201001\") { id ... on Order { name } } }", NULL, "", "{\"node\":{\"id\":\"gid://shopify/Location/68201001\"}}" },
	{ "a fragment of the node's type", "{ node(id: \"gid://shopify/Location/68201001\") { ... on Location { name } } }", NULL, "", "{\"node\":{\"name\":\"Portland\"}}" },
	{ "a comment and commas", "{ # who\n shop, { name, }, }", NULL, "", "\"name\"" },
	{ "a variable", "query ($id: ID!) { location(id: $id) { name } }", "{\"id\":\"gid://shopify/Location/68201002\"}", "", "{\"location\":{\"name\":\"Reno DC\"}}" },
	{ "a variable's own value", "query ($n: Int = 1) { locations(first: $n) { nodes { name } } }", NULL, "", "{\"locations\":{\"nodes\":[{\"name\":\"Portland\"}]}}" },
	{ "left out", "query ($no: Boolean!) { shop { name @skip(if: $no) id } }", "{\"no\":true}", "", "{\"shop\":{\"id\":\"gid://shopify/Shop/61000000001\"}}" },
	{ "taken in", "{ shop { name @include(if: false) id } }", NULL, "", "{\"shop\":{\"id\":\"gid://shopify/Shop/61000000001\"}}" },
	{ "what is not there is null", "{ order(id: \"gid://shopify/Order/1\") { name } }", NULL, "", "{\"order\":null}" },
	{ "a field that there is none of", "{ shop { shoeSize } }", NULL, "undefinedField", NULL },
	{ "a root that there is none of", "{ shops { name } }", NULL, "undefinedField", NULL },
	{ "an argument that there is none of", "{ shop(id: 1) { name } }", NULL, "argumentNotAccepted", NULL },
	{ "an argument that is missing", "{ order { name } }", NULL, "missingRequiredArguments", NULL },
	{ "an argument of another type", "{ locations(first: \"two\") { nodes { name } } }", NULL, "argumentLiteralsIncompatible", NULL },
	{ "a word that the enumeration has not", "{ orders(first: 1, sortKey: SHOESIZE) { nodes { name } } }", NULL, "argumentLiteralsIncompatible", NULL },
	{ "an enumeration in quotes", "{ orders(first: 1, sortKey: \"UPDATED_AT\") { nodes { name } } }", NULL, "argumentLiteralsIncompatible", NULL },
	{ "an object without a selection", "{ shop }", NULL, "selectionMismatch", NULL },
	{ "a selection of a scalar", "{ shop { name { first } } }", NULL, "selectionMismatch", NULL },
	{ "one key for two fields", "{ shop { a: name a: id } }", NULL, "fieldConflict", NULL },
	{ "a fragment that there is none of", "{ shop { ...x } }", NULL, "useAndDefineFragment", NULL },
	{ "a fragment that nobody uses", "{ shop { name } } fragment x on Shop { name }", NULL, "useAndDefineFragment", NULL },
	{ "a fragment within itself", "{ shop { ...x } } fragment x on Shop { name ...x }", NULL, "infiniteLoop", NULL },
	{ "a variable that is not declared", "{ location(id: $id) { name } }", NULL, "variableNotDefined", NULL },
	{ "a variable that nobody uses", "query ($id: ID) { shop { name } }", NULL, "variableNotUsed", NULL },
	{ "a variable of another type", "query ($id: Int!) { order(id: $id) { name } }", "{\"id\":1}", "variableMismatch", NULL },
	{ "a variable that may be missing where it must not", "query ($id: ID) { order(id: $id) { name } }", NULL, "variableMismatch", NULL },
	{ "a variable that was not sent", "query ($id: ID!) { order(id: $id) { name } }", "{}", "INVALID_VARIABLE", NULL },
	{ "a variable of another kind", "query ($n: Int!) { locations(first: $n) { nodes { name } } }", "{\"n\":\"1\"}", "INVALID_VARIABLE", NULL },
	{ "a directive that there is none of", "{ shop { name @shout } }", NULL, "undefinedDirective", NULL },
	{ "a list without a length", "{ locations { nodes { name } } }", NULL, "BAD_REQUEST", "\"data\":null" },
	{ "more than 250 at once", "{ locations(first: 251) { nodes { name } } }", NULL, "BAD_REQUEST", NULL },
	{ "a query that costs too much", "{ orders(first: 50) { nodes { lineItems(first: 50) { nodes { variant { id } } } } } }", NULL, "MAX_COST_EXCEEDED", NULL },
};

static void answers_as_graphql_does(void **state)
{
	struct bench b = quiet_open();

	(void)state;
	for (size_t i = 0; i < sizeof query_cases / sizeof *query_cases; i++) {
		const struct query_case *t = &query_cases[i];

		ask(&b, t->query, t->variables);
		if (b.out.reply.status != 200 || strcmp(code_of(&b), t->code) != 0 || (t->data && !body_has(&b, t->data)))
			fail_msg("%s: %d %s", t->why, b.out.reply.status, b.out.reply.body);
		if (!*t->code && json_get(b.json, "errors"))
			fail_msg("%s has errors", t->why);
	}
	bench_close(&b);
}

static const char *const no_graphql[] = { "", "{", "{ }", "{ shop { name }", "shop { name }", "{ shop { name } } }", "query ($id ID) { shop { name } }", "{ shop(id: ) { name } }",
	                                  "{ shop(id: \"x) { name } }", "subscription { shop { name } }", "{ shop { name } } fragment x { name }", "{ a(b: 1x) }", "{ a(b: \"\\q\") }" };

static void what_is_no_graphql_is_said_to_be_none(void **state)
{
	struct bench b = quiet_open();
	char deep[4096] = "";

	(void)state;
	for (size_t i = 0; i < sizeof no_graphql / sizeof *no_graphql; i++) {
		ask(&b, no_graphql[i], NULL);
		if (b.out.reply.status != 200 || !strstr(code_of(&b), "syntax error"))
			fail_msg("%s: %d %s", no_graphql[i], b.out.reply.status, b.out.reply.body);
	}
	for (int i = 0; i < 1000; i++)
		strcat(deep, "{a ");
	ask(&b, deep, NULL);
	assert_non_null(strstr(code_of(&b), "syntax error"));
	assert_int_equal(ask_as(&b, SHOPIFY, b.shopify, "POST", DOOR, "{}"), 400);
	assert_int_equal(ask_as(&b, SHOPIFY, b.shopify, "POST", DOOR, "no JSON"), 400);
	assert_int_equal(ask_as(&b, SHOPIFY, b.shopify, "GET", DOOR, NULL), 405);
	assert_int_equal(ask_as(&b, SHOPIFY, b.shopify, "POST", "/admin/api/2024-01/graphql.json", "{}"), 404);
	bench_close(&b);
}

/* Good documents, hurt in up to four places: whatever is left of them is answered, with data or with the reason. */
static void hurt_documents_are_answered(void **state)
{
	static const char *const whole[] = {
		"query ($n: Int = 1) { locations(first: $n) { nodes { name ...x } } } fragment x on Location { id }",
		"mutation { inventorySetQuantities(input: { name: \"available\", reason: \"correction\", quantities: [{ inventoryItemId: \"gid://shopify/InventoryItem/46200000000001\", locationId: \"gid://shopify/Location/68201001\", quantity: 5, changeFromQuantity: null }] }) @idempotent(key: \"a\") { userErrors { code } } }",
		"{ orders(first: 5, query: \"updated_at:>'2020-01-01T00:00:00Z' OR -status:open\", sortKey: UPDATED_AT, reverse: true) { edges { cursor node { id lineItems(first: 2) { nodes { sku } } } } } }",
		"{ nodes(ids: [\"gid://shopify/Location/68201001\"]) { id ... on Location { name @skip(if: false) } } }",
	};
	static const char *const bits[] = { "{", "}", "(", ")", "[", "]", "$", "!", "\"", "\\", "...", "@", ":", "null", "first", "-", "1e9", "\"\"\"", "on", "&", "#", "\xc3\xa9", "99999999999999", "" };
	struct sandbox_options opt = quiet();
	struct rng r = rng_seeded(11);
	struct bench b;

	(void)state;
	opt.world.sells = SELLS_EVERYWHERE;
	opt.world.orders = 60;
	b = shop_open(opt);
	for (int i = 0; i < 4000; i++) {
		const char *s = whole[rng_below(&r, 4)];

		for (int64_t k = rng_below(&r, 5); k > 0; k--) {
			int64_t at = rng_below(&r, (int64_t)strlen(s) + 1), gone = rng_below(&r, 6);
			const char *rest = s + at + ((int64_t)strlen(s + at) < gone ? (int64_t)strlen(s + at) : gone);

			s = arena_printf(b.a, "%.*s%s%s", (int)at, s, bits[rng_below(&r, 24)], rest);
		}
		b.s->service[SHOPIFY].purse[0].used = false; /* points are not what this is about */
		ask(&b, s, NULL);
		if ((b.out.reply.status != 200 && b.out.reply.status != 400) || !b.json || (!json_get(b.json, "data") && !json_get(b.json, "errors")))
			fail_msg("%s: %d %s", s, b.out.reply.status, b.out.reply.body);
	}
	bench_close(&b);
}

/* ---- points ---- */

#define EXPENSIVE "{ productVariants(first: 250) { nodes { id } } locations(first: 250) { nodes { id } } inventoryItems(first: 250) { nodes { id } } }"

static void points_run_out_and_come_back(void **state)
{
	struct sandbox_options opt = quiet();
	struct bench b;
	int through = 0;

	(void)state;
	opt.world.skus = 300;
	b = shop_open(opt);
	while (ask(&b, EXPENSIVE, NULL))
		through++;
	assert_in_range(through, 2, 4);
	assert_int_equal(b.out.reply.status, 200);
	assert_string_equal(code_of(&b), "THROTTLED");
	assert_null(json_get(b.json, "extensions.cost.actualQueryCost"));
	assert_int_equal(json_int_or(b.json, "extensions.cost.requestedQueryCost", 0), 756);
	assert_true(json_int_or(b.json, "extensions.cost.throttleStatus.currentlyAvailable", -1) < 756);
	assert_int_equal(b.w->count[THROTTLED], 1);
	sandbox_advance(b.s, epoch_ms + 8000); /* 100 a second */
	assert_non_null(ask(&b, EXPENSIVE, NULL));
	bench_close(&b);
}

/* ---- orders ---- */

static void populate(struct bench *b)
{
	struct world *w = b->w;

	w->now_ms = epoch_ms - 7 * (int64_t)HOUR_MS;
	for (int i = 0; i < 3; i++)
		buy(w, SHOPIFY_MAIN, 1 + i);
	buy(w, WALMART_MAIN, 1);
	w->now_ms = epoch_ms - 20 * MINUTE_MS;
	order_touch(w, 0);
	w->now_ms = epoch_ms - 10 * MINUTE_MS;
	w->order[buy(w, SHOPIFY_WEST, 1)].flags |= ORDER_PENDING;
	w->now_ms = epoch_ms;
	order_cancel_line(w, w->order[1].line, 2, 0, ORDER_BY_BUYER, "");
}

struct search_case {
	const char *why, *query;
	int orders;
};

static const struct search_case search_cases[] = {
	{ "everything", "", 4 },
	{ "those changed since", "updated_at:>'2025-11-21T07:30:00Z'", 3 },
	{ "those changed at or since", "updated_at:>=2025-11-21T07:40:00Z", 3 },
	{ "those changed since, in double quotes", "updated_at:>\\\"2025-11-21T07:40:00Z\\\"", 2 },
	{ "those changed between", "updated_at:>2025-11-21T00:00:00Z AND updated_at:<'2025-11-21T07:45:00Z'", 2 },
	{ "those placed before", "created_at:<2025-11-21T07:30:00Z", 3 },
	{ "those open", "status:open", 3 },
	{ "those cancelled", "status:cancelled", 1 },
	{ "either", "status:cancelled OR created_at:>2025-11-21T07:45:00Z", 2 },
	{ "all but the cancelled", "-status:cancelled", 3 },
	{ "those whose money is sure", "financial_status:paid status:open", 2 },
	{ "one by its name", "name:#1001", 1 },
	{ "those not shipped", "fulfillment_status:unfulfilled", 4 },
	{ "what it does not know it leaves out", "shoe_size:9", 4 },
};

static void finds_orders_as_asked(void **state)
{
	struct bench b = quiet_open();

	(void)state;
	populate(&b);
	for (size_t i = 0; i < sizeof search_cases / sizeof *search_cases; i++) {
		const struct search_case *t = &search_cases[i];

		for (int by_change = 0; by_change < 2; by_change++) {
			const struct json *data = ask(&b, arena_printf(b.a, "{ orders(first: 50, query: \"%s\"%s) { nodes { id } } }", t->query, by_change ? ", sortKey: UPDATED_AT" : ""), NULL);

			if (json_count(json_get(data, "orders.nodes")) != t->orders)
				fail_msg("%s: %s", t->why, b.out.reply.body);
		}
	}
	assert_true(body_has(&b, "shoe_size")); /* and says so */
	bench_close(&b);
}

static void a_walk_sees_each_order_once(void **state)
{
	struct sandbox_options opt = quiet();
	struct bench b;
	const char *after = NULL, *seen = "";
	int n = 0, total = 0;

	(void)state;
	opt.world.sells = SELLS_EVERYWHERE;
	opt.world.orders = 300;
	b = shop_open(opt);
	for (int i = 0; i < b.w->orders; i++)
		total += order_platform(&b.w->order[i]) == SHOPIFY;
	assert_true(total > 20);
	for (bool more = true; more;) {
		const struct json *data = ask(&b, "query ($after: String) { orders(first: 7, after: $after, sortKey: UPDATED_AT) { edges { cursor node { id updatedAt } } pageInfo { hasNextPage endCursor } } }",
		                              after ? arena_printf(b.a, "{\"after\":\"%s\"}", after) : "{\"after\":null}");
		const struct json *last = NULL;

		for (const struct json *e = json_first(json_get(data, "orders.edges")); e; e = json_next(e), n++) {
			assert_true(strcmp(json_text_or(e, "node.updatedAt", ""), seen) >= 0); /* upwards in time */
			seen = json_text_or(e, "node.updatedAt", "");
			last = e;
		}
		assert_string_equal(json_text_or(last, "cursor", ""), json_text_or(data, "orders.pageInfo.endCursor", "x"));
		after = json_text_or(data, "orders.pageInfo.endCursor", NULL);
		more = json_bool_or(data, "orders.pageInfo.hasNextPage", false);
	}
	assert_int_equal(n, total);
	bench_close(&b);
}

#define ONE_ORDER                                                                                                                              \
	"query ($id: ID!) { order(id: $id) { name displayFulfillmentStatus displayFinancialStatus totalPriceSet { shopMoney { amount } }"      \
	" shippingAddress { name address1 zip } lineItems(first: 5) { nodes { id sku quantity unfulfilledQuantity } }"                         \
	" fulfillmentOrders(first: 5) { nodes { id status fulfillBy assignedLocation { location { id } }"                                      \
	" lineItems(first: 5) { nodes { id remainingQuantity lineItem { id } } } } }"                                                          \
	" fulfillments { id trackingInfo { number company } fulfillmentLineItems(first: 5) { nodes { quantity } } } } }"

static const struct json *order_of(struct bench *b, int order)
{
	return json_get(ask(b, ONE_ORDER, arena_printf(b->a, "{\"id\":\"%s\"}", gid(b, "Order", id_of(b, order)))), "order");
}

static void an_order_tells_what_to_ship_it_by(void **state)
{
	struct bench b = quiet_open();
	int order = buy(b.w, SHOPIFY_WEST, 2);
	const struct json *o = order_of(&b, order), *fo = json_first(json_get(o, "fulfillmentOrders.nodes")), *line = json_first(json_get(fo, "lineItems.nodes"));

	(void)state;
	assert_string_equal(json_text_or(o, "displayFulfillmentStatus", ""), "UNFULFILLED");
	assert_string_equal(json_text_or(o, "displayFinancialStatus", ""), "PAID");
	assert_non_null(json_get(o, "shippingAddress.address1"));
	assert_string_equal(json_text_or(fo, "status", ""), "OPEN");
	assert_string_equal(json_text_or(fo, "assignedLocation.location.id", ""), "gid://shopify/Location/68201002");
	assert_int_equal(json_int_or(line, "remainingQuantity", 0), 2);
	assert_string_equal(json_text_or(line, "lineItem.id", ""), json_text_or(json_first(json_get(o, "lineItems.nodes")), "id", "x"));
	bench_close(&b);
}

/* ---- fulfilments ---- */

#define SHIP                                                                                                                                        \
	"mutation ($f: FulfillmentInput!) { fulfillmentCreate(fulfillment: $f) { fulfillment { id status } userErrors { field message } } }"

/* qty 0: all of it, without naming lines. */
static const char *ship(struct bench *b, int order, int qty)
{
	const struct json *fo = json_first(json_get(order_of(b, order), "fulfillmentOrders.nodes"));
	const char *lines = qty ? arena_printf(b->a, ",\"fulfillmentOrderLineItems\":[{\"id\":\"%s\",\"quantity\":%d}]",
	                                       json_text_or(json_first(json_get(fo, "lineItems.nodes")), "id", ""), qty)
	                        : "";
	const struct json *data = ask(b, SHIP,
	                              arena_printf(b->a, "{\"f\":{\"lineItemsByFulfillmentOrder\":[{\"fulfillmentOrderId\":\"%s\"%s}],\"trackingInfo\":{\"number\":\"1Z1\",\"company\":\"UPS\"}}}",
	                                           json_text_or(fo, "id", ""), lines));

	if (!data)
		fail_msg("%s", b->out.reply.body);
	return json_text_or(json_first(json_get(data, "fulfillmentCreate.userErrors")), "message", "");
}

static void ships_a_part_and_then_the_rest(void **state)
{
	struct bench b = quiet_open();
	int order = buy(b.w, SHOPIFY_MAIN, 3), product = b.w->line[b.w->order[order].line].product, shelf = b.w->product[product].shelf;
	const struct json *o;

	(void)state;
	assert_string_equal(ship(&b, order, 2), "");
	assert_string_equal(json_text_or(order_of(&b, order), "displayFulfillmentStatus", ""), "PARTIALLY_FULFILLED");
	assert_string_equal(ship(&b, order, 2), "Invalid fulfillment order line item quantity requested.");
	assert_string_equal(ship(&b, order, 0), "");
	o = order_of(&b, order);
	assert_string_equal(json_text_or(o, "displayFulfillmentStatus", ""), "FULFILLED");
	assert_string_equal(json_text_or(json_first(json_get(o, "fulfillmentOrders.nodes")), "status", ""), "CLOSED");
	assert_int_equal(json_count(json_get(o, "fulfillments")), 2);
	assert_string_equal(json_text_or(json_first(json_get(json_first(json_get(o, "fulfillments")), "trackingInfo")), "company", ""), "UPS");
	assert_int_equal(b.w->product[product].shelf, shelf - 3);
	assert_non_null(strstr(ship(&b, order, 1), "unfulfillable"));
	assert_int_equal(b.w->count[SHIPS], 2);
	assert_int_equal(b.w->count[SHIPS_REFUSED], 2);
	assert_int_equal(b.w->count[SHIPS_AGAIN], 3); /* the same number three times more, taken or refused */
	assert_int_equal(listing_of(b.w, product, SHOPIFY_MAIN)->reserved, 0);
	bench_close(&b);
}

static void what_is_not_paid_is_on_hold(void **state)
{
	struct bench b = quiet_open();
	int order = buy(b.w, SHOPIFY_MAIN, 1);

	(void)state;
	b.w->order[order].flags |= ORDER_PENDING;
	assert_non_null(strstr(ship(&b, order, 1), "unfulfillable"));
	order_clear(b.w, order);
	assert_string_equal(ship(&b, order, 1), "");
	bench_close(&b);
}

/* ---- quantities ---- */

#define SET                                                                                                                                      \
	"mutation ($input: InventorySetQuantitiesInput!) { inventorySetQuantities(input: $input) @idempotent(key: \"%s\") {"                     \
	" inventoryAdjustmentGroup { id changes { name delta quantityAfterChange } } userErrors { code field message } } }"

static const char *quantity_json(struct bench *b, int product, enum place place, int qty, const char *from)
{
	return arena_printf(b->a, "{\"inventoryItemId\":\"gid://shopify/InventoryItem/%lld\",\"locationId\":\"gid://shopify/Location/%s\",\"quantity\":%d%s}",
	                    46200000000000LL + product, place_facts[place].id, qty, from);
}

/* The code of the first user error; "" when it went well. */
static const char *set(struct bench *b, const char *key, const char *quantities)
{
	const struct json *data = ask(b, arena_printf(b->a, SET, key), arena_printf(b->a, "{\"input\":{\"name\":\"available\",\"reason\":\"correction\",\"quantities\":[%s]}}", quantities));

	if (!json_get(data, "inventorySetQuantities"))
		return code_of(b);
	return json_text_or(json_first(json_get(data, "inventorySetQuantities.userErrors")), "code", "");
}

static const char *from(struct bench *b, int qty)
{
	return arena_printf(b->a, ",\"changeFromQuantity\":%d", qty);
}

static void sets_what_was_expected_to_be_there(void **state)
{
	struct bench b = quiet_open();
	int product = product_at(b.w, SHOPIFY_WEST), before = listing_of(b.w, product, SHOPIFY_WEST)->shown;

	(void)state;
	assert_string_equal(set(&b, "k1", quantity_json(&b, product, SHOPIFY_WEST, 7, from(&b, before))), "");
	assert_int_equal(listing_of(b.w, product, SHOPIFY_WEST)->shown, 7);
	assert_true(body_has(&b, arena_printf(b.a, "{\"name\":\"available\",\"delta\":%d,\"quantityAfterChange\":7}", 7 - before)));
	assert_string_equal(set(&b, "k2", quantity_json(&b, product, SHOPIFY_WEST, 9, from(&b, 8))), "CHANGE_FROM_QUANTITY_STALE");
	assert_int_equal(listing_of(b.w, product, SHOPIFY_WEST)->shown, 7);
	assert_int_equal(b.w->count[STALE_WRITES], 1);
	assert_string_equal(set(&b, "k3", quantity_json(&b, product, SHOPIFY_WEST, 9, ",\"changeFromQuantity\":null")), "");
	assert_string_equal(set(&b, "k4", quantity_json(&b, product, SHOPIFY_WEST, 9, from(&b, 9))), ""); /* no change: no group */
	assert_true(body_has(&b, "\"inventoryAdjustmentGroup\":null"));
	bench_close(&b);
}

struct set_case {
	const char *why, *quantity, *code;
};

#define ITEM "\"inventoryItemId\":\"gid://shopify/InventoryItem/46200000000001\""
#define PORTLAND "\"locationId\":\"gid://shopify/Location/68201001\""
#define ANY "\"changeFromQuantity\":null"

static const struct set_case set_cases[] = {
	{ "changeFromQuantity left out", "{" ITEM "," PORTLAND ",\"quantity\":5}", "INVALID_FIELD_ARGUMENTS" },
	{ "an item that there is none of", "{\"inventoryItemId\":\"gid://shopify/InventoryItem/1\"," PORTLAND ",\"quantity\":5," ANY "}", "INVALID_INVENTORY_ITEM" },
	{ "a location that there is none of", "{" ITEM ",\"locationId\":\"gid://shopify/Location/1\",\"quantity\":5," ANY "}", "INVALID_LOCATION" },
	{ "a quantity below zero", "{" ITEM "," PORTLAND ",\"quantity\":-5," ANY "}", "INVALID_QUANTITY_NEGATIVE" },
	{ "a quantity in words", "{" ITEM "," PORTLAND ",\"quantity\":\"5\"," ANY "}", "INVALID_VARIABLE" },
	{ "a field that there is none of", "{" ITEM "," PORTLAND ",\"quantity\":5,\"compareQuantity\":1," ANY "}", "INVALID_VARIABLE" },
	{ "no quantity", "{" ITEM "," PORTLAND "," ANY "}", "INVALID_VARIABLE" },
	{ "the same one twice", "{" ITEM "," PORTLAND ",\"quantity\":5," ANY "},{" ITEM "," PORTLAND ",\"quantity\":6," ANY "}", "NO_DUPLICATE_INVENTORY_ITEM_ID_GROUP_ID_PAIR" },
	{ "one good and one bad", "{" ITEM "," PORTLAND ",\"quantity\":5," ANY "},{\"inventoryItemId\":\"gid://shopify/InventoryItem/1\"," PORTLAND ",\"quantity\":5," ANY "}", "INVALID_INVENTORY_ITEM" },
};

static void all_of_it_or_nothing(void **state)
{
	struct bench b = quiet_open();

	(void)state;
	for (size_t i = 0; i < sizeof set_cases / sizeof *set_cases; i++) {
		const char *code = set(&b, arena_printf(b.a, "key-%zu", i), set_cases[i].quantity);

		if (strcmp(code, set_cases[i].code) != 0)
			fail_msg("%s: %s %s", set_cases[i].why, code, b.out.reply.body);
	}
	assert_int_equal(b.w->count[PUSHES], 0);
	bench_close(&b);
}

static void without_a_key_it_is_refused(void **state)
{
	struct bench b = quiet_open();
	const char *variables = arena_printf(b.a, "{\"input\":{\"name\":\"available\",\"reason\":\"correction\",\"quantities\":[%s]}}", quantity_json(&b, 1, SHOPIFY_MAIN, 5, "," ANY));

	(void)state;
	ask(&b, "mutation ($input: InventorySetQuantitiesInput!) { inventorySetQuantities(input: $input) { userErrors { code } } }", variables);
	assert_string_equal(code_of(&b), "BAD_REQUEST");
	ask(&b, arena_printf(b.a, SET, " "), variables);
	assert_string_equal(code_of(&b), "BAD_REQUEST");
	assert_int_equal(b.w->count[PUSHES], 0);
	ask(&b, "mutation ($input: InventorySetQuantitiesInput!, $key: String!) { inventorySetQuantities(input: $input) @idempotent(key: $key) { userErrors { code } } }",
	    arena_printf(b.a, "{\"key\":\"k\",%s", variables + 1));
	assert_int_equal(b.w->count[PUSHES], 1); /* a key in a variable is a key */
	bench_close(&b);
}

static void a_key_is_good_for_one_change(void **state)
{
	struct bench b = quiet_open();
	int before = listing_of(b.w, 1, SHOPIFY_MAIN)->shown;
	const char *wish = quantity_json(&b, 1, SHOPIFY_MAIN, 5, from(&b, before)), *first;

	(void)state;
	assert_string_equal(set(&b, "once", wish), "");
	first = json_print(b.a, json_get(b.json, "data"));
	assert_string_equal(set(&b, "once", wish), ""); /* though 5 is not what it says it was */
	assert_string_equal(json_print(b.a, json_get(b.json, "data")), first);
	assert_int_equal(b.w->count[PUSHES], 1);
	assert_string_equal(set(&b, "once", quantity_json(&b, 1, SHOPIFY_MAIN, 6, from(&b, 5))), "IDEMPOTENCY_KEY_PARAMETER_MISMATCH");
	assert_string_equal(set(&b, "bad", quantity_json(&b, 1, SHOPIFY_MAIN, 6, from(&b, 99))), "CHANGE_FROM_QUANTITY_STALE");
	assert_string_equal(set(&b, "bad", quantity_json(&b, 1, SHOPIFY_MAIN, 6, from(&b, 99))), "IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED");
	assert_int_equal(listing_of(b.w, 1, SHOPIFY_MAIN)->shown, 5);
	bench_close(&b);
}

static void a_sale_is_committed_until_it_is_shipped(void **state)
{
	struct bench b = quiet_open();
	int product = product_at(b.w, SHOPIFY_MAIN), before = listing_of(b.w, product, SHOPIFY_MAIN)->shown, order;
	const char *query = arena_printf(b.a, "{ inventoryItem(id: \"gid://shopify/InventoryItem/%lld\") { inventoryLevel(locationId: \"gid://shopify/Location/68201001\") { quantities(names: [\"available\", \"on_hand\", \"committed\"]) { name quantity } } } }",
	                                 46200000000000LL + product);

	(void)state;
	order = order_place(b.w, b.w->product[product].listing[SHOPIFY_MAIN], 2, 5000);
	ask(&b, query, NULL);
	assert_true(body_has(&b, arena_printf(b.a, "\"available\",\"quantity\":%d},{\"name\":\"on_hand\",\"quantity\":%d},{\"name\":\"committed\",\"quantity\":2}", before - 2, before)));
	assert_string_equal(ship(&b, order, 0), "");
	ask(&b, query, NULL);
	assert_true(body_has(&b, arena_printf(b.a, "\"available\",\"quantity\":%d},{\"name\":\"on_hand\",\"quantity\":%d},{\"name\":\"committed\",\"quantity\":0}", before - 2, before - 2)));
	bench_close(&b);
}

static void some_goods_go_on_selling_at_zero(void **state)
{
	struct sandbox_options opt = quiet();
	struct bench b;
	struct listing *l;

	(void)state;
	opt.world.demo = true;
	b = shop_open(opt);
	ask(&b, "{ productVariants(first: 1, query: \"sku:'HP-SHEET-SLT'\") { nodes { inventoryPolicy } } }", NULL);
	assert_true(body_has(&b, "\"inventoryPolicy\":\"CONTINUE\"")); /* the seventh product */
	l = listing_of(b.w, product_by_sku(b.w, "HP-SHEET-SLT"), SHOPIFY_MAIN);
	l->shown = 0;
	assert_int_equal(listing_buyable(b.w, l), 4);
	l = listing_of(b.w, product_by_sku(b.w, "HP-MUG14-SLT"), SHOPIFY_MAIN);
	l->shown = 0;
	assert_int_equal(listing_buyable(b.w, l), 0);
	ask(&b, "{ productVariants(first: 1, query: \"sku:'HP-MUG14-SLT' OR sku:'HP-TOWEL-SLT'\") { nodes { sku inventoryPolicy } pageInfo { hasNextPage } } }", NULL);
	assert_true(body_has(&b, "\"inventoryPolicy\":\"DENY\""));
	assert_true(body_has(&b, "\"hasNextPage\":true"));
	bench_close(&b);
}

/* ---- cancelling ---- */

static void an_order_is_cancelled_by_a_job(void **state)
{
	struct bench b = quiet_open();
	int order = buy(b.w, SHOPIFY_MAIN, 2), product = b.w->line[b.w->order[order].line].product, before = listing_of(b.w, product, SHOPIFY_MAIN)->shown;
	const char *query = arena_printf(b.a, "mutation { orderCancel(orderId: \"%s\", reason: INVENTORY, restock: false) { job { id done } orderCancelUserErrors { code message } } }", gid(&b, "Order", id_of(&b, order)));
	const char *job;

	(void)state;
	job = json_text_or(ask(&b, query, NULL), "orderCancel.job.id", "");
	assert_true(body_has(&b, "\"done\":false"));
	ask(&b, arena_printf(b.a, "{ job(id: \"%s\") { done } order(id: \"%s\") { cancelledAt cancelReason } }", job, gid(&b, "Order", id_of(&b, order))), NULL);
	assert_true(body_has(&b, "\"done\":true"));
	assert_true(body_has(&b, "\"cancelReason\":\"INVENTORY\""));
	assert_int_equal(b.w->count[CANCELS], 1);
	assert_int_equal(b.w->product[product].owed, 0);
	assert_int_equal(listing_of(b.w, product, SHOPIFY_MAIN)->shown, before); /* not stocked again */
	ask(&b, query, NULL);
	assert_true(body_has(&b, "\"code\":\"INVALID\""));
	bench_close(&b);
}

/* ---- mishaps, restarts ---- */

static void mishaps_know_what_a_document_is_about(void **state)
{
	struct bench b = quiet_open();
	int before = listing_of(b.w, 1, SHOPIFY_MAIN)->shown;

	(void)state;
	assert_int_equal(sandbox_fault(b.s, "kind=error channel=shopify op=push", NULL), OK);
	assert_non_null(ask(&b, "{ shop { name } }", NULL));
	set(&b, "k1", quantity_json(&b, 1, SHOPIFY_MAIN, 5, "," ANY));
	assert_int_equal(b.out.reply.status, 503);
	b.s->faults.n = 0;
	assert_int_equal(sandbox_fault(b.s, "kind=dropped channel=shopify op=push count=1", NULL), OK);
	assert_string_equal(set(&b, "k2", quantity_json(&b, 1, SHOPIFY_MAIN, 5, "," ANY)), "");
	assert_int_equal(listing_of(b.w, 1, SHOPIFY_MAIN)->shown, before);
	assert_int_equal(sandbox_fault(b.s, "kind=lost-after channel=shopify op=push count=1", NULL), OK);
	set(&b, "k3", quantity_json(&b, 1, SHOPIFY_MAIN, 6, "," ANY));
	assert_int_equal(b.out.cut_at, 0); /* nobody heard, but it is done; the same key asks again in safety */
	assert_int_equal(listing_of(b.w, 1, SHOPIFY_MAIN)->shown, 6);
	assert_string_equal(set(&b, "k3", quantity_json(&b, 1, SHOPIFY_MAIN, 6, "," ANY)), "");
	assert_int_equal(b.w->count[PUSHES], 2);
	assert_int_equal(sandbox_fault(b.s, "kind=throttle channel=shopify count=1", NULL), OK);
	ask(&b, "{ shop { name } }", NULL);
	assert_string_equal(code_of(&b), "THROTTLED");
	bench_close(&b);
}

static void keys_and_colours_survive_a_restart(void **state)
{
	char path[] = "/tmp/tallyman-world-XXXXXX";
	struct sandbox_options opt = quiet();
	struct bench b, again;
	const char *wish;

	(void)state;
	close(mkstemp(path));
	opt.world.sells = SELLS_EVERYWHERE;
	opt.world.demo = true;
	b = shop_open(opt);
	wish = quantity_json(&b, 1, SHOPIFY_MAIN, 5, "," ANY);
	assert_string_equal(set(&b, "once", wish), "");
	b.w->endless = true;
	assert_int_equal(world_save(b.w, path, NULL), OK);
	opt.state = path;
	again = shop_open(opt);
	assert_string_equal(set(&again, "once", wish), "");
	assert_int_equal(again.w->count[PUSHES], 1);
	assert_true(again.w->endless);
	assert_int_equal(again.w->opt.sells, SELLS_EVERYWHERE);
	for (int i = 0; i < b.w->products; i++)
		assert_int_equal(again.w->product[i].group, b.w->product[i].group);
	bench_close(&again);
	bench_close(&b);
	unlink(path);
}

/* ---- the schema itself ---- */

/* Shopify's own description of its types, unpacked; NULL: it is not on this machine. */
static char *schema_read(void)
{
	const char *given = getenv("CONTRACTS");
	char pattern[512], command[1024];
	char *text = NULL;
	size_t n = 0, cap = 0;
	glob_t found;
	FILE *f;

	snprintf(pattern, sizeof pattern, "%s/specs/shopify/admin_2026-10.json.gz", given ? given : "../shared/contracts");
	if (glob(pattern, 0, NULL, &found) != 0)
		return NULL;
	snprintf(command, sizeof command, "gzip -dc '%s'", found.gl_pathv[0]);
	globfree(&found);
	f = popen(command, "r");
	assert_non_null(f);
	do {
		cap = n + 65536 + 1;
		text = realloc(text, cap);
		assert_non_null(text);
		n += fread(text + n, 1, cap - n - 1, f);
	} while (!feof(f) && !ferror(f));
	text[n] = '\0';
	if (pclose(f) != 0 || !n) {
		free(text);
		return NULL;
	}
	return text;
}

/* {"kind":"NON_NULL","ofType":{...}} to "[ID!]!". */
static const char *type_text(struct arena *a, const struct json *t)
{
	const char *kind = json_text_or(t, "kind", "");

	if (strcmp(kind, "NON_NULL") == 0)
		return arena_printf(a, "%s!", type_text(a, json_get(t, "ofType")));
	if (strcmp(kind, "LIST") == 0)
		return arena_printf(a, "[%s]", type_text(a, json_get(t, "ofType")));
	return json_text_or(t, "name", "");
}

static const struct json *named(const struct json *list, const char *name)
{
	const struct json *e = json_first(list);

	while (e && strcmp(json_text_or(e, "name", ""), name) != 0)
		e = json_next(e);
	return e;
}

static void args_compare(struct arena *a, const char *where, const struct gql_def *d, const struct json *field)
{
	for (const char *s = d->args; s && *s; s += strcspn(s, ","), s += strspn(s, ", ")) {
		const char *name = arena_strndup(a, s, strcspn(s, ":")), *want = gql_arg_type(a, d->args, name);
		const struct json *arg = named(json_get(field, "args"), name);

		if (!arg || strcmp(type_text(a, json_get(arg, "type")), want) != 0)
			fail_msg("%s.%s(%s: %s): Shopify has %s", where, d->name, name, want, arg ? type_text(a, json_get(arg, "type")) : "none");
	}
}

static void type_compare(struct arena *a, const struct gql_type *t, const struct json *theirs)
{
	if (!theirs)
		fail_msg("Shopify has no type %s", t->name);
	for (const struct gql_def *d = t->field; d && d->name; d++) {
		const struct json *field = named(json_get(theirs, t->sort == GQL_INPUT ? "inputFields" : "fields"), d->name);

		if (!field || strcmp(type_text(a, json_get(field, "type")), d->type) != 0)
			fail_msg("%s.%s: %s: Shopify has %s", t->name, d->name, d->type, field ? type_text(a, json_get(field, "type")) : "none");
		args_compare(a, t->name, d, field);
	}
	for (const char *const *w = t->words; w && *w; w++)
		if (!named(json_get(theirs, "enumValues"), *w))
			fail_msg("%s has no %s", t->name, *w);
}

/* The strict reader takes 16 MB at most; the description is larger, so each type is cut out of it by itself. */
static const char *type_cut(struct arena *a, const char *schema, const char *name)
{
	const char *kinds[] = { "OBJECT", "INPUT_OBJECT", "ENUM", "INTERFACE" };

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		const char *head = arena_printf(a, "{\"kind\":\"%s\",\"name\":\"%s\",\"description\"", kinds[i], name), *from = strstr(schema, head);
		bool quoted = false;
		int deep = 0;

		for (const char *s = from; s && *s; s++) {
			quoted ^= *s == '"';
			s += quoted && *s == '\\';
			deep += !quoted ? (*s == '{') - (*s == '}') : 0;
			if (!quoted && *s == '}' && deep == 0)
				return arena_strndup(a, from, (size_t)(s + 1 - from));
		}
	}
	return NULL;
}

static void every_field_is_one_of_shopifys(void **state)
{
	char *schema = schema_read();

	(void)state;
	if (!schema) {
		print_message("the description of Shopify's types is not on this machine: nothing compared\n");
		skip();
	}
	for (const struct gql_type *const *t = shop_schema.type; *t; t++) {
		struct arena *a = arena_new();
		const char *text = type_cut(a, schema, (*t)->name);
		const struct json *theirs = NULL;
		struct err err = { 0 };

		if (text && json_open(a, text, strlen(text), &theirs, &err) != OK)
			fail_msg("%s: %s", (*t)->name, err.text);
		type_compare(a, *t, theirs);
		arena_free(a);
	}
	free(schema);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shopify_knows_its_clients),
		cmocka_unit_test(a_token_lives_a_day),
		cmocka_unit_test(answers_as_graphql_does),
		cmocka_unit_test(what_is_no_graphql_is_said_to_be_none),
		cmocka_unit_test(hurt_documents_are_answered),
		cmocka_unit_test(points_run_out_and_come_back),
		cmocka_unit_test(finds_orders_as_asked),
		cmocka_unit_test(a_walk_sees_each_order_once),
		cmocka_unit_test(an_order_tells_what_to_ship_it_by),
		cmocka_unit_test(ships_a_part_and_then_the_rest),
		cmocka_unit_test(what_is_not_paid_is_on_hold),
		cmocka_unit_test(sets_what_was_expected_to_be_there),
		cmocka_unit_test(all_of_it_or_nothing),
		cmocka_unit_test(without_a_key_it_is_refused),
		cmocka_unit_test(a_key_is_good_for_one_change),
		cmocka_unit_test(a_sale_is_committed_until_it_is_shipped),
		cmocka_unit_test(some_goods_go_on_selling_at_zero),
		cmocka_unit_test(an_order_is_cancelled_by_a_job),
		cmocka_unit_test(mishaps_know_what_a_document_is_about),
		cmocka_unit_test(keys_and_colours_survive_a_restart),
		cmocka_unit_test(every_field_is_one_of_shopifys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
