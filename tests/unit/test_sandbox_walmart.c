/* The simulated Walmart: tokens, lists and their cursors, writes and refusals. */
#include "sandbox_bench.h"

/* ---- tokens and headers ---- */

static void a_token_lives_900_seconds(void **state)
{
	struct sandbox_options opt = quiet();
	struct bench b = bench_open(&opt);

	(void)state;
	assert_int_equal(walmart(&b, "GET", "/v3/orders", NULL), 200);
	sandbox_advance(b.s, epoch_ms + 899 * 1000);
	assert_int_equal(walmart(&b, "GET", "/v3/token/detail", NULL), 200);
	assert_string_equal(json_text_or(b.json, "expire_at", ""), "1763712900000");
	sandbox_advance(b.s, epoch_ms + 900 * 1000);
	assert_int_equal(walmart(&b, "GET", "/v3/orders", NULL), 401);
	assert_non_null(json_get(b.json, "error"));
	assert_true(body_has(&b, "UNAUTHORIZED.GMP_GATEWAY_API"));
	assert_int_equal(b.w->count[UNKNOWN_CALLERS], 1);
	bench_close(&b);
}

struct header_case {
	const char *why;
	struct header header[3];
	int status;
};

static const struct header_case header_cases[] = {
	{ "all headers and the right secret", { { "WM_SVC.NAME", "x" }, { "WM_QOS.CORRELATION_ID", "c" }, { "Authorization", "Basic c2FuZGJveC13YWxtYXJ0LWNsaWVudDpzYW5kYm94LXdhbG1hcnQtc2VjcmV0" } }, 200 },
	{ "another secret", { { "WM_SVC.NAME", "x" }, { "WM_QOS.CORRELATION_ID", "c" }, { "Authorization", "Basic c2FuZGJveDp3cm9uZw==" } }, 401 },
	{ "no base64 at all", { { "WM_SVC.NAME", "x" }, { "WM_QOS.CORRELATION_ID", "c" }, { "Authorization", "Basic {}" } }, 401 },
	{ "no authorization", { { "WM_SVC.NAME", "x" }, { "WM_QOS.CORRELATION_ID", "c" }, { "X", "y" } }, 401 },
	{ "no service name", { { "X", "x" }, { "WM_QOS.CORRELATION_ID", "c" }, { "Authorization", "Basic c2FuZGJveC13YWxtYXJ0LWNsaWVudDpzYW5kYm94LXdhbG1hcnQtc2VjcmV0" } }, 400 },
	{ "no correlation id", { { "WM_SVC.NAME", "x" }, { "X", "c" }, { "Authorization", "Basic c2FuZGJveC13YWxtYXJ0LWNsaWVudDpzYW5kYm94LXdhbG1hcnQtc2VjcmV0" } }, 400 },
};

static void headers_open_the_door(void **state)
{
	struct sandbox_options opt = quiet();
	struct bench b = bench_open(&opt);
	struct handler h = sandbox_handler(b.s, WALMART);

	(void)state;
	for (size_t i = 0; i < sizeof header_cases / sizeof *header_cases; i++) {
		struct request r = { .arena = b.a, .method = "POST", .url = "/v3/token", .body = "grant_type=client_credentials", .body_len = 29, .headers = 3 };

		memcpy(r.header, header_cases[i].header, sizeof header_cases[i].header);
		h.serve(h.ctx, b.a, &r, &b.out);
		if (b.out.reply.status != header_cases[i].status)
			fail_msg("%s: %d", header_cases[i].why, b.out.reply.status);
	}
	bench_close(&b);
}

/* ---- reading orders ---- */

struct list_case {
	const char *why, *query;
	int status, orders; /* orders -1: not looked at */
};

/* Three orders: one 10 days old, one of yesterday that is shipped, one of an hour ago in WFS; and two new ones, one of them acknowledged. */
static const struct list_case list_cases[] = {
	{ "without a date the last seven days of the seller's own", "", 200, 3 },
	{ "further back when asked", "?createdStartDate=2025-11-01", 200, 4 },
	{ "a date with time and zone", "?createdStartDate=2025-11-01T10:30:15Z", 200, 4 },
	{ "older than 180 days is no error", "?createdStartDate=2020-03-16", 200, 4 },
	{ "up to an end", "?createdStartDate=2025-11-01&createdEndDate=2025-11-15", 200, 1 },
	{ "Walmart's own warehouse apart", "?shipNodeType=WFSFulfilled", 200, 1 },
	{ "a third party's has none", "?shipNodeType=3PLFulfilled", 200, 0 },
	{ "Created", "?status=Created", 200, 1 },
	{ "Acknowledged", "?status=Acknowledged", 200, 1 },
	{ "Shipped", "?status=Shipped", 200, 1 },
	{ "Delivered", "?status=Delivered", 200, 0 },
	{ "Cancelled", "?status=Cancelled", 200, 0 },
	{ "changed in the last half hour", "?lastModifiedStartDate=2025-11-21T07:30:00Z", 200, 3 },
	{ "the old one changed as well, but was created before the default window", "?lastModifiedStartDate=2025-11-21T07:30:00Z&createdStartDate=2025-11-01", 200, 4 },
	{ "a word that is no status", "?status=Lost", 400, -1 },
	{ "a word that is no kind of node", "?shipNodeType=Mine", 400, -1 },
	{ "a page of 201", "?limit=201", 400, -1 },
	{ "a date that is none", "?createdStartDate=yesterday", 400, -1 },
	{ "a time without its zone", "?createdStartDate=2025-11-01T10:30:15", 400, -1 },
};

static void populate(struct bench *b)
{
	static const struct parcel parcel = { "UPS", "", "1Z999AA10123456784", "", "Standard", "", 1763700000000 };
	struct world *w = b->w;

	w->now_ms = epoch_ms - 10 * (int64_t)DAY_MS;
	buy(w, WALMART_MAIN, 1);
	w->now_ms = epoch_ms - DAY_MS;
	buy(w, WALMART_MAIN, 2);
	w->now_ms = epoch_ms - HOUR_MS;
	buy(w, WALMART_WFS, 1);
	buy(w, WALMART_MAIN, 1);
	buy(w, WALMART_MAIN, 1);
	w->now_ms = epoch_ms;
	order_ack(w, 4, "c");
	line_ship(w, w->order[1].line, 2, &parcel, false, "c");
	order_touch(w, 0);
	order_touch(w, 3);
	order_cancel_line(w, w->order[0].line, 1, 1, 0, "c");
}

static void lists_as_asked(void **state)
{
	struct sandbox_options opt = quiet();
	struct bench b;

	(void)state;
	opt.world.demo = true; /* with WFS goods */
	b = bench_open(&opt);
	populate(&b);
	for (size_t i = 0; i < sizeof list_cases / sizeof *list_cases; i++) {
		const struct list_case *t = &list_cases[i];
		int status = walmart(&b, "GET", arena_printf(b.a, "/v3/orders%s", t->query), NULL), n = json_count(json_get(b.json, "list.elements.order"));

		if (status != t->status || (t->orders >= 0 && n != t->orders))
			fail_msg("%s: status %d, %d orders", t->why, status, n);
	}
	bench_close(&b);
}

static void an_order_is_written_as_the_contract_has_it(void **state)
{
	struct sandbox_options opt = quiet();
	struct bench b = bench_open(&opt);
	const struct json *o, *line;
	int order = buy(b.w, WALMART_MAIN, 2);

	(void)state;
	assert_int_equal(walmart(&b, "GET", arena_printf(b.a, "/v3/orders/%s", id_of(&b, order)), NULL), 200);
	o = json_get(b.json, "order");
	line = json_first(json_get(o, "orderLines.orderLine"));
	assert_int_equal(strlen(json_text_or(o, "purchaseOrderId", "")), 13);
	assert_true(json_is_number(json_get(o, "orderDate")));
	assert_true(json_is_text(json_get(line, "lineNumber")));
	assert_true(json_is_text(json_get(line, "orderLineQuantity.amount")));
	assert_string_equal(json_text_or(line, "orderLineQuantity.amount", ""), "2");
	assert_true(json_is_number(json_get(json_first(json_get(line, "charges.charge")), "chargeAmount.amount")));
	assert_string_equal(json_text_or(json_first(json_get(line, "orderLineStatuses.orderLineStatus")), "status", ""), "Created");
	assert_int_equal(walmart(&b, "GET", "/v3/orders/1088000000000", NULL), 404);
	assert_int_equal(walmart(&b, "GET", "/v3/orders/'%20or%201=1", NULL), 404);
	bench_close(&b);
}

/* Every order of the window once, whatever arrives while it is walked. */
static void a_walk_sees_each_order_once(void **state)
{
	struct sandbox_options opt = quiet();
	struct bench b;
	const char *query = "?limit=7&createdStartDate=2025-11-01";
	int seen = 0, pages = 0, total = 0;
	bool met[400] = { false };

	(void)state;
	opt.world.orders = 300;
	b = bench_open(&opt);
	for (int i = 0; i < b.w->orders; i++)
		total += order_platform(&b.w->order[i]) == WALMART;
	while (query) {
		assert_int_equal(walmart(&b, "GET", arena_printf(b.a, "/v3/orders%s", query), NULL), 200);
		assert_int_equal(json_int_or(b.json, "list.meta.totalCount", 0), total);
		for (const struct json *e = json_first(json_get(b.json, "list.elements.order")); e; e = json_next(e), seen++) {
			int order = order_by_id(b.w, WALMART, json_text_or(e, "purchaseOrderId", ""));

			assert_true(order >= 0 && !met[order]);
			met[order] = true;
		}
		query = json_text_or(b.json, "list.meta.nextCursor", NULL);
		sandbox_advance(b.s, b.w->now_ms + 1000);
		if (pages++ % 3 == 0)
			buy(b.w, WALMART_MAIN, 1); /* arrives during the walk */
	}
	assert_int_equal(seen, total);
	assert_int_equal(pages, (total + 6) / 7);
	bench_close(&b);
}

/* After the first page, which counts, a page looks at little more than it shows, by creation and by change. */
static void paging_costs_a_page(void **state)
{
	struct sandbox_options opt = quiet();
	const char *starts[] = { "?limit=200&createdStartDate=2025-06-01", "?limit=200&createdStartDate=2025-06-01&lastModifiedStartDate=2025-06-01" };
	struct bench b;

	(void)state;
	opt.world.orders = 100000;
	opt.world.list_cap = 0;
	b = bench_open(&opt);
	for (int i = 0; i < 2; i++) {
		const char *query = starts[i];

		for (int page = 0; page < 40; page++) {
			int64_t before = b.w->count[ROWS_LOOKED_AT];

			assert_int_equal(walmart(&b, "GET", arena_printf(b.a, "/v3/orders%s", query), NULL), 200);
			assert_int_equal(json_count(json_get(b.json, "list.elements.order")), 200);
			if (page && b.w->count[ROWS_LOOKED_AT] - before > 2000)
				fail_msg("page %d looked at %lld orders", page, (long long)(b.w->count[ROWS_LOOKED_AT] - before));
			query = arena_strdup(b.a, json_text_or(b.json, "list.meta.nextCursor", ""));
		}
	}
	bench_close(&b);
}

static void twenty_thousand_at_most(void **state)
{
	struct sandbox_options opt = quiet();
	struct bench b;

	(void)state;
	opt.world.orders = 300;
	opt.world.list_cap = 40;
	b = bench_open(&opt);
	assert_int_equal(walmart(&b, "GET", "/v3/orders?limit=40", NULL), 200);
	assert_int_equal(walmart(&b, "GET", arena_printf(b.a, "/v3/orders%s", json_text_or(b.json, "list.meta.nextCursor", "")), NULL), 400);
	assert_true(body_has(&b, "A maximum of 40"));
	bench_close(&b);
}

/* ---- writing orders ---- */

static void acknowledging_is_counted(void **state)
{
	struct sandbox_options opt = quiet();
	struct bench b = bench_open(&opt);
	int order = buy(b.w, WALMART_MAIN, 1);
	const char *path = arena_printf(b.a, "/v3/orders/%s/acknowledge", id_of(&b, order));

	(void)state;
	b.correlation = "attempt-1";
	assert_int_equal(walmart(&b, "POST", path, NULL), 200);
	assert_true(body_has(&b, "\"status\":\"Acknowledged\""));
	assert_int_equal(b.w->count[ACKS], 1);
	assert_string_equal(world_str(b.w, b.w->effect[0].correlation), "attempt-1");
	assert_int_equal(walmart(&b, "POST", path, NULL), 200);
	assert_int_equal(b.w->count[ACKS], 1);
	assert_int_equal(b.w->count[ACKS_AGAIN], 1);
	assert_int_equal(walmart(&b, "POST", "/v3/orders/1234567890123/acknowledge", NULL), 404);
	assert_int_equal(b.w->count[WRITES_ACK], 3);
	bench_close(&b);
}

#define SHIP(line, seller, qty, carrier, method, number, url)                                                                       \
	"{\"orderShipment\":{\"orderLines\":{\"orderLine\":[{\"lineNumber\":" line ",\"sellerOrderId\":" seller                     \
	",\"orderLineStatuses\":{\"orderLineStatus\":[{\"status\":\"Shipped\",\"statusQuantity\":{\"unitOfMeasurement\":\"EACH\"," \
	"\"amount\":" qty "},\"trackingInfo\":{\"shipDateTime\":1763712000000,\"carrierName\":{" carrier "},\"methodCode\":\"" method \
	"\",\"trackingNumber\":\"" number "\"" url "}}]}}]}}}"

#define UPS "\"carrier\":\"UPS\""
#define URL ",\"trackingURL\":\"https://track.example/1\""

struct ship_case {
	const char *why, *body;
	int status;
	const char *field; /* in the refusal */
};

static const struct ship_case ship_cases[] = {
	{ "a whole confirmation", SHIP("\"1\"", "\"S1\"", "\"1\"", UPS, "Standard", "1Z1", ""), 200, NULL },
	{ "the quantity is a string", SHIP("\"1\"", "\"S1\"", "1", UPS, "Standard", "1Z1", ""), 400, "statusQuantity" },
	{ "the line number is a string", SHIP("1", "\"S1\"", "\"1\"", UPS, "Standard", "1Z1", ""), 400, "lineNumber" },
	{ "a line that the order does not have", SHIP("\"9\"", "\"S1\"", "\"1\"", UPS, "Standard", "1Z1", ""), 400, "lineNumber" },
	{ "sellerOrderId is required", SHIP("\"1\"", "\"\"", "\"1\"", UPS, "Standard", "1Z1", ""), 400, "sellerOrderId" },
	{ "a carrier outside the list", SHIP("\"1\"", "\"S1\"", "\"1\"", "\"carrier\":\"Ups\"", "Standard", "1Z1", ""), 400, "carrier" },
	{ "another carrier needs its URL", SHIP("\"1\"", "\"S1\"", "\"1\"", "\"otherCarrier\":\"Bike\"", "Standard", "B1", ""), 400, "trackingURL" },
	{ "another carrier with its URL", SHIP("\"1\"", "\"S1\"", "\"1\"", "\"otherCarrier\":\"Bike\"", "Standard", "B1", URL), 200, NULL },
	{ "not both carriers", SHIP("\"1\"", "\"S1\"", "\"1\"", UPS ",\"otherCarrier\":\"Bike\"", "Standard", "B1", URL), 400, "carrierName" },
	{ "no carrier at all", SHIP("\"1\"", "\"S1\"", "\"1\"", "", "Standard", "B1", ""), 400, "carrierName" },
	{ "a method outside the list", SHIP("\"1\"", "\"S1\"", "\"1\"", UPS, "Ground", "1Z1", ""), 400, "methodCode" },
	{ "no tracking number", SHIP("\"1\"", "\"S1\"", "\"1\"", UPS, "Standard", "", ""), 400, "trackingNumber" },
	{ "more than was ordered", SHIP("\"1\"", "\"S1\"", "\"4\"", UPS, "Standard", "1Z1", ""), 400, "OverShipped" },
	{ "no JSON", "{\"orderShipment\":", 400, "orderLines" },
	{ "nothing", NULL, 400, "orderLines" },
};

static void shipping_wants_it_right(void **state)
{
	struct sandbox_options opt = quiet();
	struct bench b = bench_open(&opt);

	(void)state;
	for (size_t i = 0; i < sizeof ship_cases / sizeof *ship_cases; i++) {
		const struct ship_case *t = &ship_cases[i];
		int order = buy(b.w, WALMART_MAIN, 3), status;

		status = walmart(&b, "POST", arena_printf(b.a, "/v3/orders/%s/shipping", id_of(&b, order)), t->body);
		if (status != t->status || (t->field && !body_has(&b, t->field)))
			fail_msg("%s: %d %s", t->why, status, b.out.reply.body);
		assert_int_equal(b.w->line[b.w->order[order].line].shipped, status == 200 ? 1 : 0);
		b.w->now_ms += 2000;
	}
	bench_close(&b);
}

static void a_line_ships_in_parts_and_never_twice(void **state)
{
	static const char first[] = SHIP("\"1\"", "\"S1\"", "\"1\"", UPS, "Standard", "1Z1", ""), rest[] = SHIP("\"1\"", "\"S1\"", "\"2\"", UPS, "Standard", "1Z2", "");
	struct sandbox_options opt = quiet();
	struct bench b = bench_open(&opt);
	int order = buy(b.w, WALMART_MAIN, 3), product = product_at(b.w, WALMART_MAIN), shelf = b.w->product[product].shelf;
	const char *path = arena_printf(b.a, "/v3/orders/%s/shipping", id_of(&b, order));

	(void)state;
	assert_int_equal(walmart(&b, "POST", path, first), 200);
	assert_true(body_has(&b, "\"trackingNumber\":\"1Z1\""));
	assert_true(body_has(&b, "\"status\":\"Created\""));
	assert_int_equal(b.w->product[product].shelf, shelf - 1);
	assert_int_equal(b.w->product[product].owed, 2);
	assert_int_equal(listing_of(b.w, product, WALMART_MAIN)->reserved, 2);
	assert_int_equal(walmart(&b, "POST", path, rest), 200);
	assert_int_equal(b.w->count[SHIPS_AGAIN], 0);
	assert_int_equal(walmart(&b, "POST", path, rest), 400);
	assert_int_equal(b.w->count[SHIPS_AGAIN], 1);
	assert_int_equal(b.w->count[SHIPS], 2);
	assert_int_equal(b.w->product[product].shelf, shelf - 3);
	assert_int_equal(b.w->product[product].owed, 0);
	assert_int_equal(walmart(&b, "POST", arena_printf(b.a, "/v3/orders/%s/acknowledge", id_of(&b, order)), NULL), 400);
	assert_true(body_has(&b, "higher status"));
	bench_close(&b);
}

/* Two parcels of one line in one request: together they are more than was ordered, so nothing of it happens. */
static void parcels_of_one_request_are_added_up(void **state)
{
#define STATUS(qty, number)                                                                                                             \
	"{\"status\":\"Shipped\",\"statusQuantity\":{\"unitOfMeasurement\":\"EACH\",\"amount\":\"" qty                                        \
	"\"},\"trackingInfo\":{\"shipDateTime\":1763712000000,\"carrierName\":{" UPS "},\"methodCode\":\"Standard\",\"trackingNumber\":\"" number \
	"\"}}"
#define BOTH(a, b)                                                                                                                \
	"{\"orderShipment\":{\"orderLines\":{\"orderLine\":[{\"lineNumber\":\"1\",\"sellerOrderId\":\"S1\",\"orderLineStatuses\":{" \
	"\"orderLineStatus\":[" a "," b "]}}]}}}"
	struct sandbox_options opt = quiet();
	struct bench b = bench_open(&opt);
	int order = buy(b.w, WALMART_MAIN, 3);
	const char *path = arena_printf(b.a, "/v3/orders/%s/shipping", id_of(&b, order));

	(void)state;
	assert_int_equal(walmart(&b, "POST", path, BOTH(STATUS("2", "1Z1"), STATUS("2", "1Z2"))), 400);
	assert_int_equal(b.w->line[b.w->order[order].line].shipped, 0);
	assert_int_equal(walmart(&b, "POST", path, BOTH(STATUS("2", "1Z1"), STATUS("1", "1Z2"))), 200);
	assert_int_equal(b.w->line[b.w->order[order].line].shipped, 3);
	bench_close(&b);
}

static void orders_older_than_180_days_are_gone(void **state)
{
	struct sandbox_options opt = quiet();
	struct bench b = bench_open(&opt);

	(void)state;
	b.w->now_ms = epoch_ms - 181 * (int64_t)DAY_MS;
	buy(b.w, WALMART_MAIN, 1);
	b.w->now_ms = epoch_ms - 179 * (int64_t)DAY_MS;
	buy(b.w, WALMART_MAIN, 1);
	b.w->now_ms = epoch_ms;
	assert_int_equal(walmart(&b, "GET", "/v3/orders?createdStartDate=2020-03-16", NULL), 200);
	assert_int_equal(json_int_or(b.json, "list.meta.totalCount", -1), 1);
	bench_close(&b);
}

static void a_buyer_who_asked_to_cancel_stops_the_parcel(void **state)
{
	struct sandbox_options opt = quiet();
	struct bench b = bench_open(&opt);
	int order = buy(b.w, WALMART_MAIN, 3);
	const char *path = arena_printf(b.a, "/v3/orders/%s/shipping", id_of(&b, order));

	(void)state;
	b.w->order[order].flags |= ORDER_ASKED;
	assert_int_equal(walmart(&b, "POST", path, SHIP("\"1\"", "\"S1\"", "\"3\"", UPS, "Standard", "1Z1", "")), 400);
	assert_int_equal(walmart(&b, "POST", path, SHIP("\"1\"", "\"S1\",\"intentToCancelOverride\":true", "\"3\"", UPS, "Standard", "1Z1", "")), 200);
	bench_close(&b);
}

#define CANCEL(qty, reason)                                                                                                                  \
	"{\"orderCancellation\":{\"orderLines\":{\"orderLine\":[{\"lineNumber\":\"1\",\"orderLineStatuses\":{\"orderLineStatus\":[{\"status\":" \
	"\"Cancelled\",\"cancellationReason\":\"" reason "\",\"statusQuantity\":{\"unitOfMeasurement\":\"EA\",\"amount\":\"" qty "\"}}]}}]}}}"

static void cancelling_gives_the_units_back(void **state)
{
	struct sandbox_options opt = quiet();
	struct bench b = bench_open(&opt);
	int order = buy(b.w, WALMART_MAIN, 3), product = product_at(b.w, WALMART_MAIN);
	const char *path = arena_printf(b.a, "/v3/orders/%s/cancel", id_of(&b, order));

	(void)state;
	assert_int_equal(walmart(&b, "POST", path, CANCEL("1", "CANCEL_BY_SELLER")), 400);
	assert_int_equal(walmart(&b, "POST", path, CANCEL("1", "SELLER_CANCEL_OUT_OF_STOCK")), 200);
	assert_true(body_has(&b, "\"cancellationReason\":\"SELLER_CANCEL_OUT_OF_STOCK\""));
	assert_int_equal(b.w->product[product].owed, 2);
	assert_int_equal(walmart(&b, "POST", path, CANCEL("3", "SELLER_CANCEL_OUT_OF_STOCK")), 400);
	assert_int_equal(b.w->count[CANCELS_AGAIN], 1);
	assert_int_equal(walmart(&b, "POST", path, CANCEL("2", "SELLER_CANCEL_OUT_OF_STOCK")), 200);
	assert_int_equal(order_view(b.w, &b.w->order[order]), VIEW_CANCELLED);
	assert_int_equal(listing_of(b.w, product, WALMART_MAIN)->reserved, 0);
	bench_close(&b);
}

/* ---- stock ---- */

struct put_case {
	const char *why, *sku, *body; /* %s: the SKU */
	int status;
};

static const struct put_case put_cases[] = {
	{ "a number of eaches", "%s", "{\"sku\":\"%s\",\"quantity\":{\"unit\":\"EACH\",\"amount\":17}}", 200 },
	{ "a string is no number", "%s", "{\"sku\":\"%s\",\"quantity\":{\"unit\":\"EACH\",\"amount\":\"17\"}}", 400 },
	{ "a fraction is no quantity", "%s", "{\"sku\":\"%s\",\"quantity\":{\"unit\":\"EACH\",\"amount\":1.5}}", 400 },
	{ "nor is less than nothing", "%s", "{\"sku\":\"%s\",\"quantity\":{\"unit\":\"EACH\",\"amount\":-1}}", 400 },
	{ "the unit is EACH", "%s", "{\"sku\":\"%s\",\"quantity\":{\"unit\":\"EA\",\"amount\":17}}", 400 },
	{ "the SKU stands in the query and in the body", "%s", "{\"sku\":\"other\",\"quantity\":{\"unit\":\"EACH\",\"amount\":17}}", 400 },
	{ "a SKU that is not listed", "nope", "{\"sku\":\"nope\",\"quantity\":{\"unit\":\"EACH\",\"amount\":17}}", 404 },
};

static const char *with_sku(struct bench *b, const char *text, const char *sku)
{
	const char *at = strstr(text, "%s");

	return at ? arena_printf(b->a, "%.*s%s%s", (int)(at - text), text, sku, at + 2) : text;
}

static void quantities_are_numbers_here(void **state)
{
	struct sandbox_options opt = quiet();
	struct bench b = bench_open(&opt);
	const char *sku = sku_of(b.w, product_at(b.w, WALMART_MAIN));

	(void)state;
	for (size_t i = 0; i < sizeof put_cases / sizeof *put_cases; i++) {
		const struct put_case *t = &put_cases[i];
		int status = walmart(&b, "PUT", arena_printf(b.a, "/v3/inventory?sku=%s", with_sku(&b, t->sku, sku)), with_sku(&b, t->body, sku));

		if (status != t->status)
			fail_msg("%s: %d", t->why, status);
	}
	assert_int_equal(b.w->count[PUSHES], 1);
	assert_int_equal(b.w->count[WRITES_PUSH], sizeof put_cases / sizeof *put_cases);
	assert_int_equal(walmart(&b, "GET", arena_printf(b.a, "/v3/inventory?sku=%s", sku), NULL), 200);
	assert_int_equal(json_int_or(b.json, "quantity.amount", -1), 17);
	bench_close(&b);
}

static void a_quantity_shows_after_three_to_ten_minutes(void **state)
{
	struct sandbox_options opt = quiet();
	struct bench b;
	const char *sku, *path;

	(void)state;
	opt.world.settle_pct = 100;
	b = bench_open(&opt);
	sku = sku_of(b.w, product_at(b.w, WALMART_MAIN));
	path = arena_printf(b.a, "/v3/inventory?sku=%s", sku);
	assert_int_equal(walmart(&b, "PUT", path, arena_printf(b.a, "{\"sku\":\"%s\",\"quantity\":{\"unit\":\"EACH\",\"amount\":7777}}", sku)), 200);
	sandbox_advance(b.s, epoch_ms + 179 * 1000);
	walmart(&b, "GET", path, NULL);
	assert_int_not_equal(json_int_or(b.json, "quantity.amount", -1), 7777);
	sandbox_advance(b.s, epoch_ms + 10 * MINUTE_MS);
	walmart(&b, "GET", path, NULL);
	assert_int_equal(json_int_or(b.json, "quantity.amount", -1), 7777);
	bench_close(&b);
}

static void each_node_has_its_own(void **state)
{
	struct sandbox_options opt = quiet();
	struct bench b = bench_open(&opt);
	int product = product_at(b.w, WALMART_WEST);
	const char *path = arena_printf(b.a, "/v3/inventories/%s", sku_of(b.w, product));
	const struct json *node;

	(void)state;
	buy(b.w, WALMART_WEST, 2);
	assert_int_equal(walmart(&b, "PUT", path, "{\"inventories\":{\"nodes\":[{\"shipNode\":\"10001204502\",\"inputQty\":{\"unit\":\"EACH\",\"amount\":9}},"
	                                          "{\"shipNode\":\"77\",\"inputQty\":{\"unit\":\"EACH\",\"amount\":1}}]}}"),
	                 200);
	node = json_first(json_get(b.json, "nodes"));
	assert_string_equal(json_text_or(node, "status", ""), "Success");
	assert_string_equal(json_text_or(json_next(node), "status", ""), "Failure");
	assert_int_equal(walmart(&b, "GET", arena_printf(b.a, "%s?shipNode=10001204502", path), NULL), 200);
	node = json_first(json_get(b.json, "nodes"));
	assert_int_equal(json_int_or(node, "inputQty.amount", -1), 9);
	assert_int_equal(json_int_or(node, "reservedQty.amount", -1), 2);
	assert_int_equal(json_int_or(node, "availToSellQty.amount", -1), 7);
	bench_close(&b);
}

static void all_items_end_on_an_empty_page(void **state)
{
	struct sandbox_options opt = quiet();
	struct bench b = bench_open(&opt);
	const char *cursor = "", *before;
	int items = 0, n;

	(void)state;
	do {
		before = cursor;
		assert_int_equal(walmart(&b, "GET", arena_printf(b.a, "/v3/inventories?limit=7%s%s", *cursor ? "&nextCursor=" : "", cursor), NULL), 200);
		n = json_count(json_get(b.json, "elements.inventories"));
		items += n;
		cursor = json_text_or(b.json, "meta.nextCursor", "");
		assert_string_not_equal(cursor, before);
	} while (n);
	assert_int_equal(items, json_int_or(b.json, "meta.totalCount", 0));
	assert_int_equal(walmart(&b, "GET", "/v3/inventories?nextCursor=wrong", NULL), 400);
	assert_int_equal(walmart(&b, "GET", "/v3/inventories?limit=51", NULL), 400);
	bench_close(&b);
}

static void what_walmart_ships_is_not_ours_to_write(void **state)
{
	struct sandbox_options opt = quiet();
	struct bench b;
	const char *sku;

	(void)state;
	opt.world.demo = true;
	b = bench_open(&opt);
	sku = sku_of(b.w, product_at(b.w, WALMART_WFS));
	assert_int_equal(walmart(&b, "PUT", arena_printf(b.a, "/v3/inventory?sku=%s", sku), arena_printf(b.a, "{\"sku\":\"%s\",\"quantity\":{\"unit\":\"EACH\",\"amount\":0}}", sku)), 400);
	assert_int_equal(walmart(&b, "POST", arena_printf(b.a, "/v3/orders/%s/acknowledge", id_of(&b, buy(b.w, WALMART_WFS, 1))), NULL), 400);
	assert_int_equal(b.w->count[POOL_WRITES], 2);
	bench_close(&b);
}

/* ---- feeds and quotas ---- */

static void a_feed_failed_in_the_demo(void **state)
{
	struct sandbox_options opt = sandbox_demo(3, epoch_ms);
	struct bench b = bench_open(&opt);
	const struct json *feed, *bad = NULL;
	int failed = 0, errors = 0;

	(void)state;
	assert_int_equal(walmart(&b, "GET", "/v3/feeds", NULL), 200);
	for (feed = json_first(json_get(b.json, "results.feed")); feed; feed = json_next(feed))
		if (json_int_or(feed, "itemsFailed", 0)) {
			bad = feed;
			failed++;
		}
	assert_int_equal(failed, 1);
	assert_int_equal(walmart(&b, "GET", with_sku(&b, "/v3/feeds/%s?includeDetails=true", json_text_or(bad, "feedId", "")), NULL), 200);
	for (feed = json_first(json_get(b.json, "itemDetails.itemIngestionStatus")); feed; feed = json_next(feed))
		errors += json_get(feed, "ingestionErrors") != NULL;
	assert_int_equal(errors, 3);
	assert_int_equal(walmart(&b, "GET", "/v3/feeds/NONE%40A", NULL), 404);
	bench_close(&b);
}

static void sixty_acknowledgements_a_minute(void **state)
{
	struct sandbox_options opt = quiet();
	struct bench b = bench_open(&opt);
	int order = buy(b.w, WALMART_MAIN, 1), through = 0;
	const char *path = arena_printf(b.a, "/v3/orders/%s/acknowledge", id_of(&b, order));

	(void)state;
	while (walmart(&b, "POST", path, NULL) == 200)
		through++;
	assert_int_equal(through, 60);
	assert_int_equal(b.out.reply.status, 429);
	assert_true(body_has(&b, "REQUEST_THRESHOLD_VIOLATED"));
	assert_string_equal(reply_header(&b.out.reply, "x-current-token-count"), "0");
	assert_non_null(reply_header(&b.out.reply, "X-Next-Replenishment-Time"));
	assert_int_equal(b.w->count[WRITES_ACK], 60); /* a throttled call is no write */
	sandbox_advance(b.s, epoch_ms + 1000);
	assert_int_equal(walmart(&b, "POST", path, NULL), 200);
	assert_int_equal(walmart(&b, "POST", path, NULL), 429);
	bench_close(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_token_lives_900_seconds),
		cmocka_unit_test(headers_open_the_door),
		cmocka_unit_test(lists_as_asked),
		cmocka_unit_test(an_order_is_written_as_the_contract_has_it),
		cmocka_unit_test(a_walk_sees_each_order_once),
		cmocka_unit_test(paging_costs_a_page),
		cmocka_unit_test(twenty_thousand_at_most),
		cmocka_unit_test(acknowledging_is_counted),
		cmocka_unit_test(shipping_wants_it_right),
		cmocka_unit_test(a_line_ships_in_parts_and_never_twice),
		cmocka_unit_test(parcels_of_one_request_are_added_up),
		cmocka_unit_test(orders_older_than_180_days_are_gone),
		cmocka_unit_test(a_buyer_who_asked_to_cancel_stops_the_parcel),
		cmocka_unit_test(cancelling_gives_the_units_back),
		cmocka_unit_test(quantities_are_numbers_here),
		cmocka_unit_test(a_quantity_shows_after_three_to_ten_minutes),
		cmocka_unit_test(each_node_has_its_own),
		cmocka_unit_test(all_items_end_on_an_empty_page),
		cmocka_unit_test(what_walmart_ships_is_not_ours_to_write),
		cmocka_unit_test(a_feed_failed_in_the_demo),
		cmocka_unit_test(sixty_acknowledgements_a_minute),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
