/* The simulated Selling Partner API: tokens, searches, confirmations, patches. */
#include "sandbox_bench.h"

#define ALL "&includedData=BUYER,RECIPIENT,PROCEEDS,CANCELLATION,FULFILLMENT,PACKAGES"
#define US "marketplaceIds=ATVPDKIKX0DER"

/* ---- Login with Amazon ---- */

struct login_case {
	const char *why, *form;
	int status;
	const char *error;
};

static const struct login_case login_cases[] = {
	{ "a refresh token of ours", AMAZON_LOGIN, 200, NULL },
	{ "a foreign refresh token",
	  "grant_type=refresh_token&refresh_token=Atzr%7Cother&client_id=amzn1.application-oa2-client.sandbox&client_secret=sandbox-amazon-secret", 400,
	  "invalid_grant" },
	{ "a wrong secret", "grant_type=refresh_token&refresh_token=Atzr%7Csandbox-refresh-token&client_id=amzn1.application-oa2-client.sandbox&client_secret=x",
	  401, "invalid_client" },
	{ "a grant that there is none of", "grant_type=password", 400, "unsupported_grant_type" },
	{ "nothing", "", 400, "unsupported_grant_type" },
};

static void amazon_knows_its_clients(void **state)
{
	struct sandbox_options opt = quiet();
	struct bench b = bench_open(&opt);

	(void)state;
	for (size_t i = 0; i < sizeof login_cases / sizeof *login_cases; i++) {
		const struct login_case *t = &login_cases[i];
		int status = amazon(&b, "POST", "/auth/o2/token", t->form);

		if (status != t->status || (t->error && strcmp(json_text_or(b.json, "error", ""), t->error) != 0))
			fail_msg("%s: %d %s", t->why, status, b.out.reply.body);
	}
	bench_close(&b);
}

static void a_token_lives_an_hour(void **state)
{
	struct sandbox_options opt = quiet();
	struct bench b = bench_open(&opt);

	(void)state;
	sandbox_advance(b.s, epoch_ms + 3599 * 1000);
	assert_int_equal(amazon(&b, "GET", "/orders/2026-01-01/orders?createdAfter=2025-11-20T00:00:00Z", NULL), 200);
	assert_string_equal(reply_header(&b.out.reply, "x-amzn-RateLimit-Limit"), "0.0056");
	assert_non_null(reply_header(&b.out.reply, "x-amzn-RequestId"));
	sandbox_advance(b.s, epoch_ms + 3600 * 1000);
	assert_int_equal(amazon(&b, "GET", "/orders/2026-01-01/orders?createdAfter=2025-11-20T00:00:00Z", NULL), 403);
	assert_null(reply_header(&b.out.reply, "x-amzn-RateLimit-Limit"));
	assert_string_equal(json_text_or(json_first(json_get(b.json, "errors")), "code", ""), "Unauthorized");
	assert_int_equal(ask_as(&b, AMAZON, NULL, "GET", "/orders/2026-01-01/orders", NULL), 403);
	bench_close(&b);
}

/* ---- searching orders ---- */

struct search_case {
	const char *why, *query;
	int status, orders;
};

static const struct search_case search_cases[] = {
	{ "everything up to two minutes ago", "createdAfter=2025-11-20T00:00:00Z", 200, 5 },
	{ "one marketplace", "createdAfter=2025-11-20T00:00:00Z&" US, 200, 4 },
	{ "another one", "createdAfter=2025-11-20T00:00:00Z&marketplaceIds=A2EUQ1WTGCTBG2", 200, 1 },
	{ "two of them, by comma", "createdAfter=2025-11-20T00:00:00Z&marketplaceIds=A2EUQ1WTGCTBG2,ATVPDKIKX0DER", 200, 5 },
	{ "two of them, repeated", "createdAfter=2025-11-20T00:00:00Z&marketplaceIds=A2EUQ1WTGCTBG2&marketplaceIds=ATVPDKIKX0DER", 200, 5 },
	{ "shipped by the merchant", "createdAfter=2025-11-20T00:00:00Z&fulfilledBy=MERCHANT", 200, 4 },
	{ "shipped by Amazon", "createdAfter=2025-11-20T00:00:00Z&fulfilledBy=AMAZON", 200, 1 },
	{ "those whose payment is pending", "createdAfter=2025-11-20T00:00:00Z&fulfillmentStatuses=PENDING", 200, 1 },
	{ "two states", "createdAfter=2025-11-20T00:00:00Z&fulfillmentStatuses=PENDING,UNSHIPPED", 200, 5 },
	{ "by their last change", "lastUpdatedAfter=2025-11-21T07:30:00Z", 200, 1 },
	{ "up to an end", "createdAfter=2025-11-20T00:00:00Z&createdBefore=2025-11-21T00:00:00Z", 200, 0 },
	{ "neither of the two dates", US, 400, -1 },
	{ "both of them", "createdAfter=2025-11-20T00:00:00Z&lastUpdatedAfter=2025-11-20T00:00:00Z", 400, -1 },
	{ "an end of the other kind", "createdAfter=2025-11-20T00:00:00Z&lastUpdatedBefore=2025-11-21T00:00:00Z", 400, -1 },
	{ "an end closer than two minutes", "createdAfter=2025-11-20T00:00:00Z&createdBefore=2025-11-21T07:59:00Z", 400, -1 },
	{ "an end before the start", "createdAfter=2025-11-20T00:00:00Z&createdBefore=2025-11-19T00:00:00Z", 400, -1 },
	{ "a page of 101", "createdAfter=2025-11-20T00:00:00Z&maxResultsPerPage=101", 400, -1 },
	{ "a date that is none", "createdAfter=TEST_CASE_400", 400, -1 },
	{ "a state that is none", "createdAfter=2025-11-20T00:00:00Z&fulfillmentStatuses=LOST", 400, -1 },
	{ "a dataset that is none", "createdAfter=2025-11-20T00:00:00Z&includedData=BUYER,SHOESIZE", 400, -1 },
	{ "a marketplace that is not ours", "createdAfter=2025-11-20T00:00:00Z&marketplaceIds=A1F83G8C2ARO7P", 400, -1 },
	{ "a token that is none", "createdAfter=2025-11-20T00:00:00Z&paginationToken=aGVsbG8", 400, -1 },
};

/* Five orders of the last eight hours, one of them in Canada, one of Amazon's own, one pending; and one of a minute ago. */
static void populate(struct bench *b)
{
	struct world *w = b->w;

	w->now_ms = epoch_ms - 7 * (int64_t)HOUR_MS;
	buy(w, AMAZON_US, 1);
	buy(w, AMAZON_CA, 2);
	buy(w, AMAZON_FBA, 1);
	w->order[buy(w, AMAZON_US, 1)].flags |= ORDER_PENDING;
	buy(w, AMAZON_US, 3);
	w->now_ms = epoch_ms - 20 * MINUTE_MS;
	order_touch(w, 0);
	w->now_ms = epoch_ms - MINUTE_MS;
	buy(w, AMAZON_US, 1);
	w->now_ms = epoch_ms;
}

static void searches_as_asked(void **state)
{
	struct sandbox_options opt = quiet();
	struct bench b;

	(void)state;
	opt.world.demo = true;
	b = bench_open(&opt);
	populate(&b);
	for (size_t i = 0; i < sizeof search_cases / sizeof *search_cases; i++) {
		const struct search_case *t = &search_cases[i];
		int status = amazon(&b, "GET", arena_printf(b.a, "/orders/2026-01-01/orders?%s", t->query), NULL), n = json_count(json_get(b.json, "orders"));

		if (status != t->status || (t->orders >= 0 && n != t->orders))
			fail_msg("%s: status %d, %d orders %s", t->why, status, n, b.out.reply.body);
		b.s->service[AMAZON].quota[1].used = false; /* searches are few: this is not about that */
	}
	bench_close(&b);
}

static void twenty_searches_then_one_in_three_minutes(void **state)
{
	struct sandbox_options opt = quiet();
	struct bench b = bench_open(&opt);
	int through = 0;

	(void)state;
	while (amazon(&b, "GET", "/orders/2026-01-01/orders?createdAfter=2025-11-20T00:00:00Z", NULL) == 200)
		through++;
	assert_int_equal(through, 20);
	assert_int_equal(b.out.reply.status, 429);
	assert_true(body_has(&b, "QuotaExceeded"));
	sandbox_advance(b.s, epoch_ms + 178 * 1000);
	assert_int_equal(amazon(&b, "GET", "/orders/2026-01-01/orders?createdAfter=2025-11-20T00:00:00Z", NULL), 429);
	sandbox_advance(b.s, epoch_ms + 179 * 1000);
	assert_int_equal(amazon(&b, "GET", "/orders/2026-01-01/orders?createdAfter=2025-11-20T00:00:00Z", NULL), 200);
	bench_close(&b);
}

static void a_walk_sees_each_order_once(void **state)
{
	struct sandbox_options opt = quiet();
	struct bench b;
	const char *token = NULL;
	int seen = 0, total = 0, last = -1;

	(void)state;
	opt.world.orders = 300;
	b = bench_open(&opt);
	for (int i = 0; i < b.w->orders; i++)
		total += order_platform(&b.w->order[i]) == AMAZON && b.w->order[i].placed_ms <= epoch_ms - 2 * MINUTE_MS;
	do {
		assert_int_equal(amazon(&b, "GET", arena_printf(b.a, "/orders/2026-01-01/orders?createdAfter=2025-11-01T00:00:00Z&maxResultsPerPage=9%s%s",
		                                                token ? "&paginationToken=" : "", token ? token : ""), NULL), 200);
		for (const struct json *e = json_first(json_get(b.json, "orders")); e; e = json_next(e), seen++) {
			int order = order_by_id(b.w, AMAZON, json_text_or(e, "orderId", ""));

			assert_true(order > last); /* upwards in time */
			last = order;
		}
		token = json_text_or(b.json, "pagination.nextToken", NULL);
		sandbox_advance(b.s, b.w->now_ms + 179 * 1000);
		buy(b.w, AMAZON_US, 1);
		log_in(&b);
	} while (token);
	assert_int_equal(seen, total);
	bench_close(&b);
}

static void an_order_that_changed_twice_is_listed_once(void **state)
{
	struct sandbox_options opt = quiet();
	struct bench b = bench_open(&opt);
	int first = buy(b.w, AMAZON_US, 1);

	(void)state;
	buy(b.w, AMAZON_US, 1);
	order_touch(b.w, first);
	sandbox_advance(b.s, epoch_ms + MINUTE_MS);
	order_touch(b.w, first);
	sandbox_advance(b.s, epoch_ms + 10 * MINUTE_MS);
	assert_int_equal(amazon(&b, "GET", "/orders/2026-01-01/orders?lastUpdatedAfter=2025-11-20T00:00:00Z", NULL), 200);
	assert_int_equal(json_count(json_get(b.json, "orders")), 2);
	assert_string_equal(json_text_or(json_next(json_first(json_get(b.json, "orders"))), "orderId", ""), id_of(&b, first));
	bench_close(&b);
}

static void a_token_belongs_to_its_search(void **state)
{
	struct sandbox_options opt = quiet();
	struct bench b;
	const char *token;

	(void)state;
	opt.world.orders = 300;
	b = bench_open(&opt);
	amazon(&b, "GET", "/orders/2026-01-01/orders?createdAfter=2025-11-01T00:00:00Z&maxResultsPerPage=9", NULL);
	token = json_text_or(b.json, "pagination.nextToken", "");
	assert_int_equal(amazon(&b, "GET", arena_printf(b.a, "/orders/2026-01-01/orders?createdAfter=2025-11-02T00:00:00Z&paginationToken=%s", token), NULL), 400);
	bench_close(&b);
}

static void paging_costs_a_page(void **state)
{
	struct sandbox_options opt = quiet();
	const char *starts[] = { "createdAfter=2025-06-01T00:00:00Z", "lastUpdatedAfter=2025-06-01T00:00:00Z" };
	struct bench b;

	(void)state;
	opt.world.orders = 100000;
	b = bench_open(&opt);
	for (int i = 0; i < 2; i++) {
		const char *token = "";

		for (int page = 0; page < 40; page++) {
			int64_t before = b.w->count[ROWS_LOOKED_AT];

			assert_int_equal(amazon(&b, "GET", arena_printf(b.a, "/orders/2026-01-01/orders?%s%s%s", starts[i], *token ? "&paginationToken=" : "", token), NULL), 200);
			assert_int_equal(json_count(json_get(b.json, "orders")), 100);
			if (b.w->count[ROWS_LOOKED_AT] - before > 1000)
				fail_msg("page %d looked at %lld orders", page, (long long)(b.w->count[ROWS_LOOKED_AT] - before));
			token = json_text_or(b.json, "pagination.nextToken", "");
			b.s->service[AMAZON].quota[1].used = false;
		}
	}
	bench_close(&b);
}

/* ---- one order ---- */

static void people_and_states_only_when_asked_for(void **state)
{
	struct sandbox_options opt = quiet();
	struct bench b = bench_open(&opt);
	int order = buy(b.w, AMAZON_US, 2);
	const char *path = arena_printf(b.a, "/orders/2026-01-01/orders/%s", id_of(&b, order));

	(void)state;
	assert_int_equal(amazon(&b, "GET", path, NULL), 200);
	assert_null(json_get(b.json, "order.buyer"));
	assert_null(json_get(b.json, "order.fulfillment"));
	assert_int_equal(amazon(&b, "GET", arena_printf(b.a, "%s?x=1" ALL, path), NULL), 200);
	assert_non_null(json_get(b.json, "order.recipient.deliveryAddress.name"));
	assert_string_equal(json_text_or(b.json, "order.fulfillment.fulfillmentStatus", ""), "UNSHIPPED");
	assert_true(json_is_text(json_get(b.json, "order.proceeds.grandTotal.amount")));
	assert_int_equal(amazon(&b, "GET", "/orders/2026-01-01/orders/111-0000000-0000000", NULL), 404);
	bench_close(&b);
}

static void a_pending_order_hides_its_buyer_until_it_clears(void **state)
{
	struct sandbox_options opt = sandbox_defaults(4, epoch_ms);
	struct bench b;
	int order = -1;

	(void)state;
	opt.world.orders_a_day = 3000;
	b = bench_open(&opt);
	for (int64_t at = epoch_ms; order < 0; at += MINUTE_MS) {
		sandbox_advance(b.s, at);
		for (int i = 0; i < b.w->orders && order < 0; i++)
			order = b.w->order[i].flags & ORDER_PENDING ? i : -1;
	}
	assert_int_equal(amazon(&b, "GET", arena_printf(b.a, "/orders/2026-01-01/orders/%s?x=1" ALL, id_of(&b, order)), NULL), 200);
	assert_string_equal(json_text_or(b.json, "order.fulfillment.fulfillmentStatus", ""), "PENDING");
	assert_null(json_get(b.json, "order.buyer"));
	sandbox_advance(b.s, b.w->now_ms + 41 * MINUTE_MS);
	assert_int_equal(amazon(&b, "GET", arena_printf(b.a, "/orders/2026-01-01/orders/%s?x=1" ALL, id_of(&b, order)), NULL), 200);
	assert_string_equal(json_text_or(b.json, "order.fulfillment.fulfillmentStatus", ""), "UNSHIPPED");
	assert_non_null(json_get(b.json, "order.buyer.buyerName"));
	bench_close(&b);
}

/* ---- confirming shipments ---- */

static const char *confirmation(struct bench *b, int line, const char *market, const char *ref, const char *carrier, const char *tracking, const char *date,
                                const char *qty)
{
	char item[24];

	line_item_id(line, item);
	return arena_printf(b->a,
	                    "{\"marketplaceId\":\"%s\",\"packageDetail\":{\"packageReferenceId\":\"%s\",\"carrierCode\":%s,\"trackingNumber\":\"%s\",\"shipDate\":"
	                    "\"%s\",\"orderItems\":[{\"orderItemId\":\"%s\",\"quantity\":%s}]}}",
	                    market, ref, carrier, tracking, date, item, qty);
}

struct confirm_case {
	const char *why, *market, *ref, *carrier, *tracking, *date, *qty;
	int line; /* after the order's first */
	int status;
};

#define MARKET "ATVPDKIKX0DER"
#define DATE "2025-11-21T07:00:00Z"

static const struct confirm_case confirm_cases[] = {
	{ "a whole confirmation", MARKET, "1", "\"UPS\"", "1Z1", DATE, "1", 0, 204 },
	{ "the marketplace of the order", "A2EUQ1WTGCTBG2", "1", "\"UPS\"", "1Z1", DATE, "1", 0, 400 },
	{ "a reference is a positive number", MARKET, "PKG-1", "\"UPS\"", "1Z1", DATE, "1", 0, 400 },
	{ "a carrier there must be", MARKET, "1", "\"\"", "1Z1", DATE, "1", 0, 400 },
	{ "Other has a name", MARKET, "1", "\"Other\"", "1Z1", DATE, "1", 0, 400 },
	{ "Other with its name", MARKET, "1", "\"Other\",\"carrierName\":\"Bike\"", "1Z1", DATE, "1", 0, 204 },
	{ "a tracking number there must be", MARKET, "1", "\"UPS\"", "", DATE, "1", 0, 400 },
	{ "an American date is none", MARKET, "1", "\"UPS\"", "1Z1", "02/21/2022", "1", 0, 400 },
	{ "a quantity is a number", MARKET, "1", "\"UPS\"", "1Z1", DATE, "\"1\"", 0, 400 },
	{ "and not more than was ordered", MARKET, "1", "\"UPS\"", "1Z1", DATE, "3", 0, 400 },
	{ "an item of somebody else's order", MARKET, "1", "\"UPS\"", "1Z1", DATE, "1", 1, 400 },
};

static void confirming_wants_it_right(void **state)
{
	struct sandbox_options opt = quiet();
	struct bench b = bench_open(&opt);

	(void)state;
	for (size_t i = 0; i < sizeof confirm_cases / sizeof *confirm_cases; i++) {
		const struct confirm_case *t = &confirm_cases[i];
		int order = buy(b.w, AMAZON_US, 2), line = b.w->order[order].line, status;

		status = amazon(&b, "POST", arena_printf(b.a, "/orders/v0/orders/%s/shipmentConfirmation", id_of(&b, order)),
		                confirmation(&b, line + t->line, t->market, t->ref, t->carrier, t->tracking, t->date, t->qty));
		if (status != t->status)
			fail_msg("%s: %d %s", t->why, status, b.out.reply.body);
		assert_int_equal(b.w->line[line].shipped, status == 204);
		assert_int_equal(b.out.reply.body_len == 0, status == 204);
		b.w->now_ms += 1000;
	}
	bench_close(&b);
}

static void a_package_is_confirmed_once_and_then_updated(void **state)
{
	struct sandbox_options opt = quiet();
	struct bench b = bench_open(&opt);
	int order = buy(b.w, AMAZON_US, 2), line = b.w->order[order].line;
	const char *path = arena_printf(b.a, "/orders/v0/orders/%s/shipmentConfirmation", id_of(&b, order));

	(void)state;
	assert_int_equal(amazon(&b, "POST", path, confirmation(&b, line, MARKET, "1", "\"UPS\"", "1Z1", DATE, "1")), 204);
	assert_int_equal(amazon(&b, "POST", path, confirmation(&b, line, MARKET, "1", "\"UPS\"", "1Z1", DATE, "1")), 204);
	assert_int_equal(b.w->count[SHIPS_AGAIN], 1);
	assert_int_equal(amazon(&b, "POST", path, confirmation(&b, line, MARKET, "1", "\"UPS\"", "1Z2", DATE, "1")), 204);
	assert_int_equal(b.w->count[SHIPS_UPDATED], 1);
	assert_int_equal(amazon(&b, "POST", path, confirmation(&b, line, MARKET, "1", "\"UPS\"", "1Z2", DATE, "2")), 400);
	assert_int_equal(b.w->line[line].shipped, 1);
	assert_int_equal(b.w->count[SHIPS], 1);
	assert_int_equal(amazon(&b, "POST", path, confirmation(&b, line, MARKET, "2", "\"UPS\"", "1Z3", DATE, "1")), 204);
	assert_int_equal(amazon(&b, "GET", arena_printf(b.a, "/orders/2026-01-01/orders/%s?x=1" ALL, id_of(&b, order)), NULL), 200);
	assert_string_equal(json_text_or(b.json, "order.fulfillment.fulfillmentStatus", ""), "SHIPPED");
	assert_int_equal(json_count(json_get(b.json, "order.packages")), 2);
	assert_true(body_has(&b, "\"trackingNumber\":\"1Z2\""));
	assert_false(body_has(&b, "\"trackingNumber\":\"1Z1\""));
	bench_close(&b);
}

static void a_confirmation_shows_minutes_later(void **state)
{
	struct sandbox_options opt = quiet();
	struct bench b;
	int order;
	const char *path;

	(void)state;
	opt.world.settle_pct = 100;
	b = bench_open(&opt);
	order = buy(b.w, AMAZON_US, 1);
	path = arena_printf(b.a, "/orders/2026-01-01/orders/%s?x=1" ALL, id_of(&b, order));
	assert_int_equal(amazon(&b, "POST", arena_printf(b.a, "/orders/v0/orders/%s/shipmentConfirmation", id_of(&b, order)),
	                        confirmation(&b, b.w->order[order].line, MARKET, "1", "\"UPS\"", "1Z1", DATE, "1")),
	                 204);
	sandbox_advance(b.s, epoch_ms + 5 * MINUTE_MS - 1);
	amazon(&b, "GET", path, NULL);
	assert_string_equal(json_text_or(b.json, "order.fulfillment.fulfillmentStatus", ""), "UNSHIPPED");
	assert_int_equal(json_count(json_get(b.json, "order.packages")), 0);
	sandbox_advance(b.s, epoch_ms + 15 * MINUTE_MS);
	amazon(&b, "GET", path, NULL);
	assert_string_equal(json_text_or(b.json, "order.fulfillment.fulfillmentStatus", ""), "SHIPPED");
	bench_close(&b);
}

/* ---- listings ---- */

#define PATCH(op, value) "{\"productType\":\"PRODUCT\",\"patches\":[{\"op\":\"" op "\",\"path\":\"/attributes/fulfillment_availability\",\"value\":[" value "]}]}"
#define QTY(n) "{\"fulfillment_channel_code\":\"DEFAULT\",\"quantity\":" n "}"

struct patch_case {
	const char *why, *query, *body;
	int status;
	const char *says;
	int shown; /* afterwards */
};

static const struct patch_case patch_cases[] = {
	{ "a preview changes nothing", US "&mode=VALIDATION_PREVIEW", PATCH("merge", QTY("33")), 200, "VALID", 100 },
	{ "a merge sets the quantity", US, PATCH("merge", QTY("33")), 200, "ACCEPTED", 33 },
	{ "a replace as well", US, PATCH("replace", QTY("44")), 200, "ACCEPTED", 44 },
	{ "the listing's own product type", US, "{\"productType\":\"DRINKING_CUP\",\"patches\":[{\"op\":\"merge\",\"path\":\"/attributes/fulfillment_availability\",\"value\":[" QTY("5") "]}]}", 200, "ACCEPTED", 5 },
	{ "another one is INVALID, with a 200", US, "{\"productType\":\"SHOES\",\"patches\":[{\"op\":\"merge\",\"path\":\"/attributes/fulfillment_availability\",\"value\":[" QTY("5") "]}]}", 200, "INVALID", 100 },
	{ "less than nothing is INVALID", US, PATCH("merge", QTY("-1")), 200, "INVALID", 100 },
	{ "a string is INVALID", US, PATCH("merge", QTY("\"7\"")), 200, "INVALID", 100 },
	{ "half a unit is INVALID", US, PATCH("merge", QTY("7.5")), 200, "INVALID", 100 },
	{ "a preview of it says so too", US "&mode=VALIDATION_PREVIEW", PATCH("merge", QTY("-1")), 200, "INVALID", 100 },
	{ "no quantity is INVALID", US, PATCH("merge", "{\"fulfillment_channel_code\":\"DEFAULT\"}"), 200, "INVALID", 100 },
	{ "Amazon's channel is INVALID", US, PATCH("merge", "{\"fulfillment_channel_code\":\"AMAZON_NA\",\"quantity\":3}"), 200, "INVALID", 100 },
	{ "an attribute that is not kept is INVALID", US, "{\"productType\":\"PRODUCT\",\"patches\":[{\"op\":\"merge\",\"path\":\"/attributes/fake\",\"value\":[{}]}]}", 200, "INVALID", 100 },
	{ "an operation that there is none of", US, PATCH("set", QTY("3")), 400, NULL, 100 },
	{ "no patches", US, "{\"productType\":\"PRODUCT\",\"patches\":[]}", 400, NULL, 100 },
	{ "no marketplace", "x=1", PATCH("merge", QTY("3")), 400, NULL, 100 },
	{ "no JSON", US, "{", 400, NULL, 100 },
};

static void patches_as_asked(void **state)
{
	struct sandbox_options opt = quiet();
	struct bench b = bench_open(&opt);
	const char *sku = "HP-MUG14-SLT";
	int product = product_by_sku(b.w, sku);

	(void)state;
	for (size_t i = 0; i < sizeof patch_cases / sizeof *patch_cases; i++) {
		const struct patch_case *t = &patch_cases[i];
		struct listing *l = listing_of(b.w, product, AMAZON_US);
		int status;

		l->shown = 100;
		status = amazon(&b, "PATCH", arena_printf(b.a, "/listings/2021-08-01/items/A2SANDBOXSELLER/%s?%s", sku, t->query), t->body);
		if (status != t->status || (t->says && strcmp(json_text_or(b.json, "status", ""), t->says) != 0) || l->shown != t->shown)
			fail_msg("%s: %d %s, shown %d", t->why, status, b.out.reply.body, l->shown);
		if (t->says && strcmp(t->says, "INVALID") == 0)
			assert_int_equal(json_count(json_get(b.json, "issues")), 1);
		b.w->now_ms += 1000;
	}
	assert_int_equal(b.w->count[PREVIEWS], 2);
	bench_close(&b);
}

/* What a patch does not name survives a merge and is lost in a replace. */
static void a_merge_keeps_the_lead_time(void **state)
{
	static const char *const bodies[] = { PATCH("merge", QTY("33")), PATCH("replace", QTY("44")),
		                              PATCH("replace", "{\"fulfillment_channel_code\":\"DEFAULT\",\"quantity\":4,\"lead_time_to_ship_max_days\":2}") };
	static const int days[] = { 1, 0, 2 };
	struct sandbox_options opt = quiet();
	struct bench b = bench_open(&opt);
	int product = product_by_sku(b.w, "HP-MUG14-SLT");

	(void)state;
	for (int i = 0; i < 3; i++) {
		assert_int_equal(amazon(&b, "PATCH", "/listings/2021-08-01/items/A2SANDBOXSELLER/HP-MUG14-SLT?" US, bodies[i]), 200);
		assert_int_equal(listing_of(b.w, product, AMAZON_US)->lead_days, days[i]);
	}
	assert_int_equal(b.w->count[LEADS_LOST], 1);
	bench_close(&b);
}

static void marketplaces_are_apart(void **state)
{
	struct sandbox_options opt = quiet();
	struct bench b = bench_open(&opt);
	int product = product_at(b.w, AMAZON_CA), us = listing_of(b.w, product, AMAZON_US)->shown;
	const char *path = arena_printf(b.a, "/listings/2021-08-01/items/A2SANDBOXSELLER/%s", sku_of(b.w, product));

	(void)state;
	assert_int_equal(amazon(&b, "PATCH", arena_printf(b.a, "%s?marketplaceIds=A2EUQ1WTGCTBG2", path), PATCH("merge", QTY("12"))), 200);
	assert_int_equal(amazon(&b, "GET", arena_printf(b.a, "%s?marketplaceIds=A2EUQ1WTGCTBG2&includedData=fulfillmentAvailability", path), NULL), 200);
	assert_int_equal(json_int_or(json_first(json_get(b.json, "fulfillmentAvailability")), "quantity", -1), 12);
	assert_null(json_get(b.json, "summaries"));
	assert_int_equal(amazon(&b, "GET", arena_printf(b.a, "%s?" US "&includedData=fulfillmentAvailability", path), NULL), 200);
	assert_int_equal(json_int_or(json_first(json_get(b.json, "fulfillmentAvailability")), "quantity", -1), us);
	assert_int_equal(amazon(&b, "GET", arena_printf(b.a, "%s?" US, path), NULL), 200);
	assert_non_null(json_get(b.json, "summaries"));
	assert_int_equal(amazon(&b, "GET", "/listings/2021-08-01/items/A2SANDBOXSELLER/none?" US, NULL), 404);
	assert_int_equal(amazon(&b, "GET", "/listings/2021-08-01/items/SOMEBODY/none?" US, NULL), 403);
	bench_close(&b);
}

static void what_amazon_ships_is_not_ours_to_write(void **state)
{
	struct sandbox_options opt = quiet();
	struct bench b;
	int product, order, shown;

	(void)state;
	opt.world.demo = true;
	b = bench_open(&opt);
	product = product_at(b.w, AMAZON_FBA);
	shown = listing_of(b.w, product, AMAZON_FBA)->shown;
	assert_int_equal(amazon(&b, "PATCH", arena_printf(b.a, "/listings/2021-08-01/items/A2SANDBOXSELLER/%s?" US, sku_of(b.w, product)), PATCH("merge", QTY("0"))), 200);
	assert_string_equal(json_text_or(b.json, "status", ""), "INVALID");
	assert_int_equal(listing_of(b.w, product, AMAZON_FBA)->shown, shown);
	order = buy(b.w, AMAZON_FBA, 1);
	assert_int_equal(amazon(&b, "POST", arena_printf(b.a, "/orders/v0/orders/%s/shipmentConfirmation", id_of(&b, order)),
	                        confirmation(&b, b.w->order[order].line, MARKET, "1", "\"UPS\"", "1Z1", DATE, "1")),
	                 400);
	assert_int_equal(b.w->count[POOL_WRITES], 2);
	sandbox_advance(b.s, epoch_ms + 5 * (int64_t)DAY_MS);
	bench_close(&b);
}

static void a_search_of_listings_pages_through_all(void **state)
{
	struct sandbox_options opt = quiet();
	struct bench b = bench_open(&opt);
	const char *token = "";
	int items = 0, total;

	(void)state;
	do {
		assert_int_equal(amazon(&b, "GET", arena_printf(b.a, "/listings/2021-08-01/items/A2SANDBOXSELLER?" US "&pageSize=7&includedData=fulfillmentAvailability%s%s", *token ? "&pageToken=" : "", token), NULL), 200);
		items += json_count(json_get(b.json, "items"));
		total = (int)json_int_or(b.json, "numberOfResults", 0);
		token = json_text_or(b.json, "pagination.nextToken", "");
		b.w->now_ms += 1000;
	} while (*token);
	assert_int_equal(items, total);
	assert_int_equal(amazon(&b, "GET", "/listings/2021-08-01/items/A2SANDBOXSELLER?" US "&pageSize=21", NULL), 400);
	bench_close(&b);
}

/* Of many a search pages through a thousand, and tells the number of all; the rest is found by a date of creation. */
static void a_search_of_listings_ends_at_the_thousandth(void **state)
{
	struct sandbox_options opt = quiet();
	const char *token = "", *last = "";
	struct bench b;
	int items = 0;

	(void)state;
	opt.world.skus = 1100;
	b = bench_open(&opt);
	do {
		const struct json *v;

		assert_int_equal(amazon(&b, "GET", arena_printf(b.a, "/listings/2021-08-01/items/A2SANDBOXSELLER?" US "&pageSize=20%s%s", *token ? "&pageToken=" : "", token), NULL), 200);
		for (v = json_first(json_get(b.json, "items")); v; v = json_next(v), items++) {
			const char *date = json_text_or(json_first(json_get(v, "summaries")), "createdDate", "");

			assert_true(strcmp(date, last) > 0);
			last = arena_strdup(b.a, date);
		}
		assert_int_equal(json_int_or(b.json, "numberOfResults", 0), 1100);
		token = json_text_or(b.json, "pagination.nextToken", "");
		b.w->now_ms += 1000;
	} while (*token);
	assert_int_equal(items, 1000);
	assert_int_equal(amazon(&b, "GET", arena_printf(b.a, "/listings/2021-08-01/items/A2SANDBOXSELLER?" US "&createdAfter=%s", last), NULL), 200);
	assert_int_equal(json_int_or(b.json, "numberOfResults", 0), 101);
	assert_int_equal(amazon(&b, "GET", "/listings/2021-08-01/items/A2SANDBOXSELLER?" US "&createdAfter=lately", NULL), 400);
	bench_close(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(amazon_knows_its_clients),
		cmocka_unit_test(a_token_lives_an_hour),
		cmocka_unit_test(searches_as_asked),
		cmocka_unit_test(twenty_searches_then_one_in_three_minutes),
		cmocka_unit_test(a_walk_sees_each_order_once),
		cmocka_unit_test(an_order_that_changed_twice_is_listed_once),
		cmocka_unit_test(a_token_belongs_to_its_search),
		cmocka_unit_test(paging_costs_a_page),
		cmocka_unit_test(people_and_states_only_when_asked_for),
		cmocka_unit_test(a_pending_order_hides_its_buyer_until_it_clears),
		cmocka_unit_test(confirming_wants_it_right),
		cmocka_unit_test(a_package_is_confirmed_once_and_then_updated),
		cmocka_unit_test(a_confirmation_shows_minutes_later),
		cmocka_unit_test(patches_as_asked),
		cmocka_unit_test(a_merge_keeps_the_lead_time),
		cmocka_unit_test(marketplaces_are_apart),
		cmocka_unit_test(what_amazon_ships_is_not_ours_to_write),
		cmocka_unit_test(a_search_of_listings_pages_through_all),
		cmocka_unit_test(a_search_of_listings_ends_at_the_thousandth),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
