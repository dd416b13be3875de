/*
 * test_examples.c: every reply that the platforms' own contracts show, given to the adapter that would hear it.
 *
 * Each is understood, or parked with its place, or refused in words; none is a crash. The orders in them become struct order. The contracts
 * are not ours to carry along: CONTRACTS says where they are (../shared/contracts otherwise), and without them the tests are skipped.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/json.h"
#include "channels/channel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct operation {
	const char *spec, *path, *method;
	const struct channel *channel;
	enum verb verb;
};

#define WALMART "walmart/walmart_us_merged.json"
#define ORDERS "amazon/models/orders_2026-01-01.json"
#define ORDERS_V0 "amazon/models/ordersV0.json"
#define CARTONCLOUD "cartoncloud/cartoncloud_subset.openapi.json"
#define NETSUITE "netsuite/netsuite_rest_subset.openapi.json"
#define LISTINGS "amazon/models/listingsItems_2021-08-01.json"

static const struct operation operations[] = {
	{ WALMART, "/v3/token", "post", &channel_walmart, VERB_TOKEN },
	{ WALMART, "/v3/token/detail", "get", &channel_walmart, VERB_PING },
	{ WALMART, "/v3/utilities/apiStatus", "get", &channel_walmart, VERB_STATUS },
	{ WALMART, "/v3/orders", "get", &channel_walmart, VERB_ORDERS },
	{ WALMART, "/v3/orders/released", "get", &channel_walmart, VERB_ORDERS },
	{ WALMART, "/v3/orders/{purchaseOrderId}", "get", &channel_walmart, VERB_ORDER },
	{ WALMART, "/v3/orders/{purchaseOrderId}/acknowledge", "post", &channel_walmart, VERB_ACK },
	{ WALMART, "/v3/orders/{purchaseOrderId}/shipping", "post", &channel_walmart, VERB_SHIP },
	{ WALMART, "/v3/orders/{purchaseOrderId}/cancel", "post", &channel_walmart, VERB_CANCEL },
	{ WALMART, "/v3/orders/{purchaseOrderId}/refund", "post", &channel_walmart, VERB_ORDER },
	{ WALMART, "/v3/inventory", "put", &channel_walmart, VERB_STOCK },
	{ WALMART, "/v3/inventory", "get", &channel_walmart, VERB_STOCK_READ },
	{ WALMART, "/v3/inventories", "get", &channel_walmart, VERB_STOCK_LIST },
	{ WALMART, "/v3/feeds", "get", &channel_walmart, VERB_FEEDS },
	{ WALMART, "/v3/feeds/{feedId}", "get", &channel_walmart, VERB_FEED },
	{ ORDERS, "/orders/2026-01-01/orders", "get", &channel_amazon, VERB_ORDERS },
	{ ORDERS, "/orders/2026-01-01/orders/{orderId}", "get", &channel_amazon, VERB_ORDER },
	{ ORDERS_V0, "/orders/v0/orders/{orderId}/shipmentConfirmation", "post", &channel_amazon, VERB_SHIP },
	{ LISTINGS, "/listings/2021-08-01/items/{sellerId}/{sku}", "patch", &channel_amazon, VERB_STOCK },
	{ LISTINGS, "/listings/2021-08-01/items/{sellerId}/{sku}", "patch", &channel_amazon, VERB_PREVIEW },
	{ LISTINGS, "/listings/2021-08-01/items/{sellerId}/{sku}", "get", &channel_amazon, VERB_STOCK_READ },
	{ LISTINGS, "/listings/2021-08-01/items/{sellerId}", "get", &channel_amazon, VERB_STOCK_LIST },
	{ LISTINGS, "/listings/2021-08-01/items/{sellerId}", "get", &channel_amazon, VERB_PING },
	{ CARTONCLOUD, "/uaa/oauth/token", "post", &channel_cartoncloud, VERB_TOKEN },
	{ CARTONCLOUD, "/uaa/userinfo", "get", &channel_cartoncloud, VERB_PING },
	{ CARTONCLOUD, "/tenants/{tenantId}/report-runs", "post", &channel_cartoncloud, VERB_RUN },
	{ CARTONCLOUD, "/tenants/{tenantId}/report-runs/{id}", "get", &channel_cartoncloud, VERB_COUNTS },
	{ CARTONCLOUD, "/tenants/{tenantId}/outbound-orders/search", "post", &channel_cartoncloud, VERB_DISPATCHES },
	{ NETSUITE, "/services/rest/query/v1/suiteql", "post", &channel_netsuite, VERB_PLACES },
};

struct heard {
	const struct operation *op;
	int status;
	struct news news;
	enum fault fault;
	struct err err;
};

struct run {
	struct arena *arena;
	const char *dir;
	const struct json *spec; /* the one read last */
	const char *spec_name;
	struct heard *heard;
	int n, cap;
};

/* ---- finding the examples ---- */

/* json_get splits at dots and these keys hold some; so, member by member. */
static const struct json *member(const struct json *v, const char *key)
{
	const struct json *m = json_is_object(v) ? json_first(v) : NULL;

	while (m && strcmp(json_key(m), key))
		m = json_next(m);
	return m;
}

static const struct json *open_spec(struct run *run, const char *name)
{
	char path[512];
	struct buf b = buf_new(run->arena);
	char chunk[65536];
	struct err err;
	size_t n;
	FILE *f;

	if (run->spec_name && !strcmp(run->spec_name, name))
		return run->spec;
	snprintf(path, sizeof path, "%s/specs/%s", run->dir, name);
	f = fopen(path, "rb");
	if (!f)
		return NULL;
	while ((n = fread(chunk, 1, sizeof chunk, f)) > 0)
		buf_add(&b, chunk, n);
	fclose(f);
	if (json_open(run->arena, b.p, b.len, &run->spec, &err))
		fail_msg("%s: %s", path, err.text);
	run->spec_name = name;
	return run->spec;
}

static void hear(struct run *run, const struct operation *op, int status, const char *body)
{
	static const char *const market[] = { "ATVPDKIKX0DER", "A2EUQ1WTGCTBG2" }, *const place[] = { "Default" };
	static const struct header header[] = { { "Total-Pages", "1" } };
	struct account acc = { .id = 1, .name = "example", .base_url = "https://api.example", .token_url = "https://api.example/token", .access_token = "",
		               .client_secret = "", .refresh_token = "", .seller_id = "SELLER1", .marketplace = market, .marketplaces = 2, .ship_node = "",
		               .tenant = "123456", .customer = "791a3061-383d-4759-a3b4-0bc89d48608d", .place = place, .places = 1 };
	struct job job = { .verb = op->verb, .subject = "", .payload = fields_new(run->arena), .cursor = { .page = "" } };
	struct reply r = { .status = status, .header = header, .headers = 1, .body = body, .body_len = strlen(body), .received_ms = 1795176000000 };
	struct heard *h;

	fields_put(&job.payload, "marketplace", market[0]);
	fields_put(&job.payload, "run", "8d0ada6a-9414-4cfe-83b6-ac09689373cd");
	fields_put(&job.payload, "place", place[0]);
	run->heard = arena_grow(run->arena, run->heard, run->n, &run->cap, sizeof *run->heard);
	h = &run->heard[run->n++];
	*h = (struct heard){ .op = op, .status = status, .news = news_new(run->arena) };
	h->fault = op->channel->say[op->verb].hear(&acc, (struct batch){ &job, 1, 1795176000000 }, &r, &h->news, &h->err);
}

static void hear_value(struct run *run, const struct operation *op, int status, const struct json *v)
{
	bool nothing = json_is_object(v) && !json_first(v); /* a 204 is shown as {} */

	if (json_is_text(v))
		hear(run, op, status, json_scalar(v));
	else if (v)
		hear(run, op, status, nothing && status == 204 ? "" : json_print(run->arena, v));
}

/* OpenAPI 3: responses.200.content.TYPE.example, or .examples.NAME.value; JSON and XML. */
static void hear_openapi(struct run *run, const struct operation *op, int status, const struct json *reply)
{
	for (const struct json *type = json_first(member(reply, "content")); type; type = json_next(type)) {
		hear_value(run, op, status, member(type, "example"));
		for (const struct json *e = json_first(member(type, "examples")); e; e = json_next(e))
			hear_value(run, op, status, member(e, "value"));
	}
}

/* Amazon: responses.STATUS.x-amzn-api-sandbox.static[].response. */
static void hear_sandbox(struct run *run, const struct operation *op, int status, const struct json *reply)
{
	for (const struct json *s = json_first(member(member(reply, "x-amzn-api-sandbox"), "static")); s; s = json_next(s))
		hear_value(run, op, status, member(s, "response"));
}

static void hear_operation(struct run *run, const struct operation *op)
{
	const struct json *spec = open_spec(run, op->spec);
	const struct json *replies = member(member(member(member(spec, "paths"), op->path), op->method), "responses");
	int before = run->n;

	for (const struct json *r = json_first(replies); r; r = json_next(r)) {
		hear_openapi(run, op, atoi(json_key(r)), r);
		hear_sandbox(run, op, atoi(json_key(r)), r);
	}
	if (run->n == before)
		fail_msg("%s %s shows no reply", op->method, op->path);
}

static int hear_all(void **state)
{
	struct run *run = calloc(1, sizeof *run);
	const char *dir = getenv("CONTRACTS");

	run->arena = arena_new();
	run->dir = dir ? dir : "../shared/contracts";
	*state = run;
	if (!open_spec(run, WALMART)) {
		print_message("skipped: there are no contracts in %s (CONTRACTS=DIR says where)\n", run->dir);
		return 0;
	}
	for (size_t i = 0; i < sizeof operations / sizeof *operations; i++)
		hear_operation(run, &operations[i]);
	print_message("%d replies of the contracts' own examples\n", run->n);
	return 0;
}

static int forget(void **state)
{
	struct run *run = *state;

	arena_free(run->arena);
	free(run);
	return 0;
}

/* ---- what came of them ---- */

static void each_success_is_understood_or_parked_with_its_place(void **state)
{
	struct run *run = *state;

	if (!run->n)
		skip();
	for (int i = 0; i < run->n; i++) {
		const struct heard *h = &run->heard[i];
		bool invalid = h->fault == FAULT_REFUSED && !strncmp(h->err.text, "INVALID", 7); /* a 200 that says so */
		bool xml = h->fault == FAULT_FORMAT && strstr(h->err.text, "not strict JSON at byte 0"); /* we ask for JSON; it is told, not guessed at */

		if (h->status >= 300)
			continue;
		if (h->fault && !invalid && !xml)
			fail_msg("%s %s: %s", h->op->method, h->op->path, h->err.text);
		for (int k = 0; k < h->news.parkeds; k++) {
			print_message("parked: %s %s at %s: %s\n", h->op->method, h->op->path, h->news.parked[k].path, h->news.parked[k].text);
			assert_true(*h->news.parked[k].path && *h->news.parked[k].text);
		}
	}
}

/* A token that is not given is a matter of who we are, whatever the status. */
static enum fault expected_fault(const struct heard *h)
{
	if (h->status == 401 || (h->op->verb == VERB_TOKEN && h->status < 404))
		return FAULT_AUTH;
	return h->status == 429 ? FAULT_BUSY : FAULT_REFUSED;
}

static void each_refusal_is_refused_in_words(void **state)
{
	struct run *run = *state;
	int refusals = 0;

	if (!run->n)
		skip();
	for (int i = 0; i < run->n; i++) {
		const struct heard *h = &run->heard[i];

		if (h->status < 400)
			continue;
		refusals++;
		assert_int_equal(h->fault, expected_fault(h));
		if (h->op->channel == &channel_amazon)
			assert_non_null(strstr(h->err.text, "nvalid")); /* "Invalid Input", "Invalid input" */
		else
			assert_null(strstr(h->err.text, "without a reason"));
	}
	assert_true(refusals >= 5);
}

static const struct order *find_order(const struct run *run, const char *ref)
{
	for (int i = 0; i < run->n; i++)
		for (int k = 0; k < run->heard[i].news.orders; k++)
			if (!strcmp(run->heard[i].news.order[k].ref, ref))
				return &run->heard[i].news.order[k];
	return NULL;
}

struct wanted {
	const char *why, *ref, *sku;
	int lines;
	int64_t qty;
	enum order_state state;
	const char *currency;
	int64_t total_minor;
	int flags;
};

static const struct wanted wanted[] = {
	{ "Walmart's list of orders", "1796277083022", "test1", 1, 1, ORDER_NEW, "USD", 1080, 0 },
	{ "one order of Walmart's, shipped", "1815367951431", "YHY-FN25200B2", 1, 1, ORDER_SHIPPED, "USD", 534, 0 },
	{ "a cancelled one", "1577914061094", "NJ_WITHOUT_RCA_003", 1, 1, ORDER_CANCELLED, "USD", 0, 0 },
	{ "a refunded one stays shipped", "2577573191435", "NJ_WITHOUT_RCA_003", 1, 1, ORDER_SHIPPED, "USD", 2199, 0 },
	{ "Amazon's list: Japan, fulfilled by Amazon", "250-1234567-8901234", "ECHO-DOT-4-JP-CHARCOAL", 2, 1, ORDER_SHIPPED, "JPY", 19940, ORDER_READ_ONLY },
	{ "the United Kingdom, in a package under way", "202-7654321-1098765", "ECHO-DOT-4-UK-CHARCOAL-SINGLE", 1, 1, ORDER_SHIPPED, "GBP", 3499, 0 },
	{ "Brazil, to be shipped", "171-2345678-9012345", "DELL-I15-BR-001", 1, 1, ORDER_NEW, "BRL", 159990, 0 },
	{ "one order of Amazon's", "171-9876543-2109876", "ECHO-DOT-4-BR-PRETO", 1, 1, ORDER_NEW, "BRL", 29990, 0 },
	{ "Turkey, two units shipped", "028-1234567-8901234", "FIRE-HD10-TR-BLK", 1, 2, ORDER_SHIPPED, "TRY", 12500, 0 },
	{ "the United States, with tax", "114-9876543-1234567", "ECHO-POP-US-BLK", 1, 1, ORDER_NEW, "USD", 4999, 0 },
};

static void their_orders_become_ours(void **state)
{
	struct run *run = *state;

	if (!run->n)
		skip();
	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
		const struct wanted *w = &wanted[i];
		const struct order *o = find_order(run, w->ref);

		if (!o)
			fail_msg("%s: order %s is not there", w->why, w->ref);
		if (o->lines != w->lines || strcmp(o->line[0].sku, w->sku) || o->line[0].qty != w->qty || o->line[0].bucket[w->state] != w->qty ||
		    strcmp(o->currency, w->currency) || o->total_minor != w->total_minor || o->flags != w->flags)
			fail_msg("%s: order %s was told otherwise: %d lines, %s x%d, %d %s, flags %d", w->why, w->ref, o->lines, o->line[0].sku,
			         (int)o->line[0].qty, (int)o->total_minor, o->currency, o->flags);
		assert_true(o->placed_ms > 0 && o->updated_ms >= o->placed_ms);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_success_is_understood_or_parked_with_its_place),
		cmocka_unit_test(each_refusal_is_refused_in_words),
		cmocka_unit_test(their_orders_become_ours),
	};

	return cmocka_run_group_tests(tests, hear_all, forget);
}
