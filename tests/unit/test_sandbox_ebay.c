/* The simulated eBay: tokens, orders, fulfilments, the Inventory API. */
#include "sandbox_bench.h"

#define ORDERS "/sell/fulfillment/v1/order"
#define ITEMS "/sell/inventory/v1/inventory_item"
#define OFFERS "/sell/inventory/v1/offer"
#define BULK "/sell/inventory/v1/bulk_update_price_quantity"

static struct bench ebay_open(struct sandbox_options opt)
{
	struct bench b;

	opt.world.sells = SELLS_EVERYWHERE;
	b = bench_open(&opt);
	log_in_at_ebay(&b);
	return b;
}

/* With pools, auctions and old listings. */
static struct bench demo_open(void)
{
	struct sandbox_options opt = quiet();

	opt.world.demo = true;
	opt.world.skus = 120;
	return ebay_open(opt);
}

static int64_t error_of(const struct bench *b)
{
	return json_int_or(json_first(json_get(b->json, "errors")), "errorId", 0);
}

/* ---- tokens ---- */

struct login_case {
	const char *why, *form;
	int status;
	const char *error;
};

static const struct login_case login_cases[] = {
	{ "a refresh token of ours", EBAY_LOGIN, 200, NULL },
	{ "with its scopes", EBAY_LOGIN "&scope=https%3A%2F%2Fapi.ebay.com%2Foauth%2Fapi_scope%2Fsell.inventory", 200, NULL },
	{ "the application's own", "grant_type=client_credentials&scope=x", 200, NULL },
	{ "a foreign refresh token", "grant_type=refresh_token&refresh_token=v%5E1.1%23other", 400, "invalid_grant" },
	{ "a grant that there is none of", "grant_type=password", 400, "unsupported_grant_type" },
	{ "nothing", "", 400, "unsupported_grant_type" },
};

static void ebay_knows_its_clients(void **state)
{
	struct bench b = ebay_open(quiet());

	(void)state;
	for (size_t i = 0; i < sizeof login_cases / sizeof *login_cases; i++) {
		const struct login_case *t = &login_cases[i];
		int status = ask_as(&b, EBAY, NULL, "POST", "/identity/v1/oauth2/token", t->form);

		if (status != t->status || (t->error && strcmp(json_text_or(b.json, "error", ""), t->error) != 0))
			fail_msg("%s: %d %s", t->why, status, b.out.reply.body);
	}
	assert_int_equal(ask_as(&b, EBAY, "no basic", "POST", "/identity/v1/oauth2/token", EBAY_LOGIN), 401);
	bench_close(&b);
}

static void a_token_lives_two_hours(void **state)
{
	struct bench b = ebay_open(quiet());

	(void)state;
	sandbox_advance(b.s, epoch_ms + 7199 * 1000);
	assert_int_equal(ebay(&b, "GET", ORDERS, NULL), 200);
	sandbox_advance(b.s, epoch_ms + 7200 * 1000);
	assert_int_equal(ebay(&b, "GET", ORDERS, NULL), 401);
	assert_int_equal(error_of(&b), 1001);
	bench_close(&b);
}

/* ---- orders ---- */

struct search_case {
	const char *why, *query;
	int status, orders; /* -1: not asked */
	int64_t error;
};

static const struct search_case search_cases[] = {
	{ "without a filter the last 90 days", "", 200, 5, 0 },
	{ "those placed since", "filter=creationdate:%5B2025-11-21T07:30:00.000Z..%5D", 200, 1, 0 },
	{ "those placed between", "filter=creationdate:%5B2025-11-20T00:00:00Z..2025-11-21T07:30:00Z%5D", 200, 4, 0 },
	{ "those changed since", "filter=lastmodifieddate:%5B2025-11-21T07:30:00.000Z..%5D", 200, 3, 0 },
	{ "with both dates only the one of creation counts", "filter=creationdate:%5B2025-11-21T07:30:00.000Z..%5D,lastmodifieddate:%5B2025-11-20T00:00:00Z..%5D", 200, 1, 0 },
	{ "those not shipped whole", "filter=orderfulfillmentstatus:%7BNOT_STARTED%7CIN_PROGRESS%7D", 200, 4, 0 },
	{ "those shipped, or partly", "filter=orderfulfillmentstatus:%7BFULFILLED%7CIN_PROGRESS%7D", 200, 1, 0 },
	{ "a date and a set", "filter=lastmodifieddate:%5B2025-11-21T07:30:00.000Z..%5D,orderfulfillmentstatus:%7BFULFILLED%7CIN_PROGRESS%7D", 200, 1, 0 },
	{ "a set that is not supported", "filter=orderfulfillmentstatus:%7BNOT_STARTED%7D", 400, -1, 30800 },
	{ "all three states", "filter=orderfulfillmentstatus:%7BNOT_STARTED%7CIN_PROGRESS%7CFULFILLED%7D", 400, -1, 30800 },
	{ "a filter that there is none of", "filter=buyer:me", 400, -1, 30700 },
	{ "a date that is none", "filter=creationdate:%5Byesterday..%5D", 400, -1, 30810 },
	{ "no brackets", "filter=creationdate:2025-11-20T00:00:00Z", 400, -1, 30810 },
	{ "an end without a start", "filter=creationdate:%5B..2025-11-20T00:00:00Z%5D", 400, -1, 30820 },
	{ "an end before the start", "filter=creationdate:%5B2025-11-20T00:00:00Z..2025-11-19T00:00:00Z%5D", 400, -1, 30840 },
	{ "a start three years ago", "filter=creationdate:%5B2022-11-20T00:00:00Z..%5D", 400, -1, 30830 },
	{ "an end tomorrow", "filter=creationdate:%5B2025-11-20T00:00:00Z..2025-11-22T00:00:00Z%5D", 400, -1, 30850 },
	{ "a page of 201", "limit=201", 400, -1, 31100 },
	{ "an offset below zero", "offset=-1", 400, -1, 31000 },
	{ "a field group that there is none of", "fieldGroups=SHOESIZE", 400, -1, 32800 },
};

/* Four orders of this night, one of them shipped just now and one touched; and one of ten minutes ago. */
static void populate(struct bench *b)
{
	struct world *w = b->w;
	const struct parcel parcel = { .carrier = "UPS", .other_carrier = "", .tracking = "1Z1", .url = "", .method = "", .ref = "a", .shipped_ms = epoch_ms };

	w->now_ms = epoch_ms - 7 * (int64_t)HOUR_MS;
	for (int i = 0; i < 4; i++)
		buy(w, EBAY_US, 1 + i);
	buy(w, WALMART_MAIN, 1);
	w->now_ms = epoch_ms - 20 * MINUTE_MS;
	order_touch(w, 0);
	line_ship(w, w->order[1].line, 2, &parcel, false, "");
	w->now_ms = epoch_ms - 10 * MINUTE_MS;
	buy(w, EBAY_US, 1);
	w->now_ms = epoch_ms;
}

static void lists_orders_as_asked(void **state)
{
	struct bench b = ebay_open(quiet());

	(void)state;
	populate(&b);
	for (size_t i = 0; i < sizeof search_cases / sizeof *search_cases; i++) {
		const struct search_case *t = &search_cases[i];
		int status = ebay(&b, "GET", arena_printf(b.a, ORDERS "?%s", t->query), NULL), n = json_count(json_get(b.json, "orders"));

		if (status != t->status || (t->orders >= 0 && (n != t->orders || json_int_or(b.json, "total", -1) != n)) || error_of(&b) != t->error)
			fail_msg("%s: status %d, %d orders %s", t->why, status, n, b.out.reply.body);
	}
	bench_close(&b);
}

static void a_walk_skips_records_not_pages(void **state)
{
	struct sandbox_options opt = quiet();
	struct bench b;
	const char *next = ORDERS "?limit=7";
	int seen = 0, total = 0;

	(void)state;
	opt.world.sells = SELLS_EVERYWHERE;
	opt.world.orders = 300;
	b = ebay_open(opt);
	for (int i = 0; i < b.w->orders; i++)
		total += order_platform(&b.w->order[i]) == EBAY;
	assert_true(total > 20);
	for (; next; next = json_text_or(b.json, "next", NULL)) {
		assert_int_equal(ebay(&b, "GET", strstr(next, "/sell"), NULL), 200);
		assert_int_equal(json_int_or(b.json, "offset", -1), seen);
		assert_int_equal(json_int_or(b.json, "total", -1), total);
		seen += json_count(json_get(b.json, "orders"));
	}
	assert_int_equal(seen, total);
	bench_close(&b);
}

static void orders_by_number_ignore_the_rest(void **state)
{
	struct bench b = ebay_open(quiet());
	int first, second;

	(void)state;
	first = buy(b.w, EBAY_US, 1);
	second = buy(b.w, EBAY_US, 1);
	assert_int_equal(ebay(&b, "GET", arena_printf(b.a, ORDERS "?orderIds=%s,%s,00-00000-00000&filter=nonsense&limit=1", id_of(&b, first), id_of(&b, second)), NULL), 200);
	assert_int_equal(json_count(json_get(b.json, "orders")), 2);
	bench_close(&b);
}

static const struct json *first_line(const struct bench *b)
{
	return json_first(json_get(b->json, "lineItems"));
}

static void an_order_tells_all(void **state)
{
	struct bench b = ebay_open(quiet());
	int order = buy(b.w, EBAY_US, 2), product = b.w->line[b.w->order[order].line].product;
	const struct json *line;

	(void)state;
	assert_int_equal(ebay(&b, "GET", arena_printf(b.a, ORDERS "/%s", id_of(&b, order)), NULL), 200);
	line = first_line(&b);
	assert_string_equal(json_text_or(line, "sku", ""), sku_of(b.w, product));
	assert_int_equal(json_int_or(line, "quantity", 0), 2);
	assert_string_equal(json_text_or(line, "lineItemFulfillmentStatus", ""), "NOT_STARTED");
	assert_non_null(json_get(line, "lineItemFulfillmentInstructions.shipByDate"));
	assert_string_equal(json_text_or(b.json, "orderPaymentStatus", ""), "PAID");
	assert_string_equal(json_text_or(b.json, "pricingSummary.total.currency", ""), "USD");
	assert_non_null(json_get(json_first(json_get(b.json, "fulfillmentStartInstructions")), "shippingStep.shipTo.fullName"));
	assert_int_equal(ebay(&b, "GET", ORDERS "/11-11111-11111", NULL), 404);
	bench_close(&b);
}

static void only_the_order_itself_tells_that_its_buyer_wants_out(void **state)
{
	struct bench b = ebay_open(quiet());
	int order = buy(b.w, EBAY_US, 1);
	const struct json *listed;

	(void)state;
	b.w->order[order].flags |= ORDER_ASKED;
	assert_int_equal(ebay(&b, "GET", ORDERS, NULL), 200);
	listed = json_first(json_get(b.json, "orders"));
	assert_string_equal(json_text_or(listed, "cancelStatus.cancelState", ""), "IN_PROGRESS");
	assert_int_equal(json_count(json_get(listed, "cancelStatus.cancelRequests")), 0);
	assert_int_equal(ebay(&b, "GET", arena_printf(b.a, ORDERS "/%s", id_of(&b, order)), NULL), 200);
	assert_int_equal(json_count(json_get(b.json, "cancelStatus.cancelRequests")), 1);
	bench_close(&b);
}

/* ---- fulfilments ---- */

static const char *item_id(struct bench *b, int order)
{
	char *id = arena_alloc(b->a, 24);

	line_item_id(b->w->order[order].line, id);
	return id;
}

static int ship(struct bench *b, int order, const char *qty, const char *more)
{
	return ebay(b, "POST", arena_printf(b->a, ORDERS "/%s/shipping_fulfillment", id_of(b, order)),
	            arena_printf(b->a, "{\"lineItems\":[{\"lineItemId\":\"%s\",\"quantity\":%s}]%s}", item_id(b, order), qty, more));
}

#define UPS ",\"shippingCarrierCode\":\"UPS\",\"trackingNumber\":\"1Z999AA10123456784\""

struct ship_case {
	const char *why, *qty, *more;
	int status;
	int64_t error;
};

static const struct ship_case ship_cases[] = {
	{ "a part of it", "1", UPS, 201, 0 },
	{ "without a carrier and a number", "1", "", 201, 0 },
	{ "when it was shipped", "1", UPS ",\"shippedDate\":\"2025-11-21T07:59:00.000Z\"", 201, 0 },
	{ "a number without a carrier", "1", ",\"trackingNumber\":\"1Z999\"", 400, 32300 },
	{ "a carrier without a number", "1", ",\"shippingCarrierCode\":\"UPS\"", 400, 32300 },
	{ "a number with a hyphen", "1", ",\"shippingCarrierCode\":\"UPS\",\"trackingNumber\":\"1Z-999\"", 400, 32300 },
	{ "a date that is none", "1", UPS ",\"shippedDate\":\"today\"", 400, 32500 },
	{ "none of it", "0", UPS, 400, 32600 },
	{ "more than was bought", "9", UPS, 400, 32600 },
	{ "a quantity in words", "\"1\"", UPS, 400, 32600 },
};

static void ships_what_is_whole(void **state)
{
	struct bench b = ebay_open(quiet());

	(void)state;
	for (size_t i = 0; i < sizeof ship_cases / sizeof *ship_cases; i++) {
		const struct ship_case *t = &ship_cases[i];
		int order = buy(b.w, EBAY_US, 3), status = ship(&b, order, t->qty, t->more);

		if (status != t->status || error_of(&b) != t->error)
			fail_msg("%s: %d %s", t->why, status, b.out.reply.body);
		assert_int_equal(b.w->line[b.w->order[order].line].shipped, status == 201);
	}
	bench_close(&b);
}

static void the_number_stands_in_the_header_alone(void **state)
{
	struct bench b = ebay_open(quiet());
	int order = buy(b.w, EBAY_US, 3), product = b.w->line[b.w->order[order].line].product, shelf = b.w->product[product].shelf;
	const char *path;

	(void)state;
	assert_int_equal(ship(&b, order, "2", UPS), 201);
	assert_int_equal(b.out.reply.body_len, 0);
	path = strstr(reply_header(&b.out.reply, "Location"), "/sell");
	assert_int_equal(ebay(&b, "GET", path, NULL), 200);
	assert_string_equal(json_text_or(b.json, "fulfillmentId", ""), "1Z999AA10123456784");
	assert_int_equal(json_int_or(first_line(&b), "quantity", 0), 2);
	assert_int_equal(b.w->product[product].shelf, shelf - 2);
	ebay(&b, "GET", arena_printf(b.a, ORDERS "/%s", id_of(&b, order)), NULL);
	assert_string_equal(json_text_or(b.json, "orderFulfillmentStatus", ""), "IN_PROGRESS");
	assert_int_equal(json_count(json_get(b.json, "fulfillmentHrefs")), 1);
	bench_close(&b);
}

static void told_twice_it_is_two(void **state)
{
	struct bench b = ebay_open(quiet());
	int order = buy(b.w, EBAY_US, 1), product = b.w->line[b.w->order[order].line].product, shelf = b.w->product[product].shelf;

	(void)state;
	assert_int_equal(ship(&b, order, "1", UPS), 201);
	assert_int_equal(ship(&b, order, "1", UPS), 201);
	assert_int_equal(b.w->count[SHIPS], 1);
	assert_int_equal(b.w->count[SHIPS_AGAIN], 1);
	assert_int_equal(b.w->product[product].shelf, shelf - 1); /* the goods left once */
	ebay(&b, "GET", arena_printf(b.a, ORDERS "/%s/shipping_fulfillment", id_of(&b, order)), NULL);
	assert_int_equal(json_int_or(b.json, "total", 0), 2);
	bench_close(&b);
}

/* Of a part, while units are left: they leave as well, and the judge hears of it. */
static void a_part_told_twice_is_counted(void **state)
{
	struct bench b = ebay_open(quiet());
	int order = buy(b.w, EBAY_US, 3);

	(void)state;
	assert_int_equal(ship(&b, order, "1", UPS), 201);
	assert_int_equal(b.w->count[SHIPS_AGAIN], 0);
	assert_int_equal(ship(&b, order, "1", UPS), 201);
	assert_int_equal(b.w->count[SHIPS], 2);
	assert_int_equal(b.w->count[SHIPS_AGAIN], 1);
	assert_int_equal(ship(&b, order, "2", UPS), 201); /* one is left, and one is too much */
	assert_int_equal(b.w->count[SHIPS_AGAIN], 2);
	bench_close(&b);
}

/* ---- reading the inventory ---- */

static void items_are_paged_by_page(void **state)
{
	struct bench b = demo_open();
	int seen = 0, want = 0;
	int64_t pages = 0;

	(void)state;
	for (int i = 0; i < b.w->products; i++)
		want += b.w->product[i].listing[EBAY_US] >= 0 || b.w->product[i].listing[EBAY_AUCTION] >= 0;
	for (const char *next = ITEMS "?limit=20"; next; next = json_text_or(b.json, "next", NULL), pages++) {
		assert_int_equal(ebay(&b, "GET", strstr(next, "/sell"), NULL), 200);
		seen += json_count(json_get(b.json, "inventoryItems"));
	}
	assert_int_equal(seen, want);
	assert_int_equal(pages, (want + 19) / 20);
	assert_int_equal(ebay(&b, "GET", ITEMS "?limit=20&offset=99", NULL), 200);
	assert_int_equal(json_count(json_get(b.json, "inventoryItems")), 0);
	assert_int_equal(ebay(&b, "GET", ITEMS "?limit=201", NULL), 400);
	assert_int_equal(error_of(&b), 25706);
	bench_close(&b);
}

static void what_was_listed_long_ago_is_not_in_it(void **state)
{
	struct bench b = demo_open();
	const char *sku = sku_of(b.w, product_at(b.w, EBAY_OLD));
	int order = buy(b.w, EBAY_OLD, 1);

	(void)state;
	assert_int_equal(ebay(&b, "GET", arena_printf(b.a, ITEMS "/%s", sku), NULL), 404);
	assert_int_equal(error_of(&b), 25702);
	assert_int_equal(ebay(&b, "GET", arena_printf(b.a, OFFERS "?sku=%s", sku), NULL), 404);
	assert_int_equal(ebay(&b, "GET", arena_printf(b.a, ORDERS "/%s", id_of(&b, order)), NULL), 200); /* but it sells */
	assert_string_equal(json_text_or(first_line(&b), "sku", ""), sku);
	bench_close(&b);
}

static void an_auction_is_an_offer_of_its_own(void **state)
{
	struct bench b = demo_open();
	int product = product_at(b.w, EBAY_AUCTION);
	const struct json *offer;

	(void)state;
	assert_int_equal(ebay(&b, "GET", arena_printf(b.a, OFFERS "?sku=%s&format=AUCTION", sku_of(b.w, product)), NULL), 200);
	offer = json_first(json_get(b.json, "offers"));
	assert_string_equal(json_text_or(offer, "format", ""), "AUCTION");
	assert_int_equal(ebay(&b, "GET", arena_printf(b.a, ITEMS "/%s", sku_of(b.w, product)), NULL), 200);
	assert_int_equal(json_int_or(b.json, "availability.shipToLocationAvailability.allocationByFormat.auction", -1), 1);
	bench_close(&b);
}

static void colours_are_variations_of_one_listing(void **state)
{
	struct bench b = demo_open();
	int first = product_by_sku(b.w, "HP-MUG14-SLT"), second = product_by_sku(b.w, "HP-MUG14-OAT");
	const char *listing;

	(void)state;
	assert_true(first >= 0 && second >= 0);
	assert_int_equal(ebay(&b, "GET", OFFERS "?sku=HP-MUG14-SLT", NULL), 200);
	listing = json_text_or(json_first(json_get(b.json, "offers")), "listing.listingId", "");
	assert_int_equal(ebay(&b, "GET", OFFERS "?sku=HP-MUG14-OAT", NULL), 200);
	assert_string_equal(json_text_or(json_first(json_get(b.json, "offers")), "listing.listingId", "x"), listing);
	assert_int_equal(ebay(&b, "GET", ITEMS "/HP-MUG14-OAT", NULL), 200);
	assert_string_equal(json_scalar(json_first(json_get(b.json, "groupIds"))), "HP-MUG14");
	assert_int_equal(ebay(&b, "GET", "/sell/inventory/v1/inventory_item_group/HP-MUG14", NULL), 200);
	assert_true(json_count(json_get(b.json, "variantSKUs")) >= 2);
	assert_int_equal(ebay(&b, "GET", ITEMS "/HP-MUG14", NULL), 404); /* the parent has no stock */
	bench_close(&b);
}

static void there_is_one_location(void **state)
{
	struct bench b = ebay_open(quiet());

	(void)state;
	assert_int_equal(ebay(&b, "GET", "/sell/inventory/v1/location", NULL), 200);
	assert_string_equal(json_text_or(json_first(json_get(b.json, "locations")), "merchantLocationStatus", ""), "ENABLED");
	bench_close(&b);
}

/* ---- quantities ---- */

static const char *offer_json(struct bench *b, enum place place, int product, int qty)
{
	return arena_printf(b->a, "{\"offerId\":\"82090%06d\",\"availableQuantity\":%d}", b->w->product[product].listing[place], qty);
}

/* Item and offer alike, as a careful client does it. */
static int set(struct bench *b, int product, int qty)
{
	return ebay(b, "POST", BULK,
	            arena_printf(b->a, "{\"requests\":[{\"sku\":\"%s\",\"shipToLocationAvailability\":{\"quantity\":%d},\"offers\":[%s]}]}", sku_of(b->w, product), qty,
	                         offer_json(b, EBAY_US, product, qty)));
}

static void a_quantity_shows_within_three_minutes(void **state)
{
	struct sandbox_options opt = quiet();
	struct bench b;
	int product;

	(void)state;
	opt.world.settle_pct = 100;
	b = ebay_open(opt);
	product = product_at(b.w, EBAY_US);
	assert_int_equal(set(&b, product, 4321), 200);
	assert_int_equal(json_int_or(json_first(json_get(b.json, "responses")), "statusCode", 0), 200);
	sandbox_advance(b.s, epoch_ms + 59 * 1000);
	assert_true(listing_of(b.w, product, EBAY_US)->shown != 4321);
	ebay(&b, "GET", arena_printf(b.a, ITEMS "/%s", sku_of(b.w, product)), NULL);
	assert_true(json_int_or(b.json, "availability.shipToLocationAvailability.quantity", -1) != 4321);
	sandbox_advance(b.s, epoch_ms + 3 * MINUTE_MS);
	assert_int_equal(listing_of(b.w, product, EBAY_US)->shown, 4321);
	ebay(&b, "GET", arena_printf(b.a, ITEMS "/%s", sku_of(b.w, product)), NULL);
	assert_int_equal(json_int_or(b.json, "availability.shipToLocationAvailability.quantity", -1), 4321);
	bench_close(&b);
}

static void a_listing_shows_the_smaller_of_item_and_offer(void **state)
{
	struct bench b = ebay_open(quiet());
	int product = product_at(b.w, EBAY_US);

	(void)state;
	assert_int_equal(set(&b, product, 50), 200);
	ebay(&b, "POST", BULK, arena_printf(b.a, "{\"requests\":[{\"offers\":[%s]}]}", offer_json(&b, EBAY_US, product, 80)));
	assert_int_equal(b.out.reply.status, 200);
	assert_int_equal(listing_of(b.w, product, EBAY_US)->shown, 50);
	ebay(&b, "POST", BULK, arena_printf(b.a, "{\"requests\":[{\"sku\":\"%s\",\"shipToLocationAvailability\":{\"quantity\":60}}]}", sku_of(b.w, product)));
	assert_int_equal(listing_of(b.w, product, EBAY_US)->shown, 60);
	ebay(&b, "POST", BULK, arena_printf(b.a, "{\"requests\":[{\"offers\":[%s]}]}", offer_json(&b, EBAY_US, product, 7)));
	assert_int_equal(listing_of(b.w, product, EBAY_US)->shown, 7);
	bench_close(&b);
}

static const struct json *response(const struct bench *b, int i)
{
	const struct json *e = json_first(json_get(b->json, "responses"));

	while (i-- > 0)
		e = json_next(e);
	return e;
}

static void each_of_a_bulk_is_answered_for_itself(void **state)
{
	struct bench b = demo_open();
	int good = product_at(b.w, EBAY_US), auction = product_at(b.w, EBAY_AUCTION);

	(void)state;
	assert_int_equal(ebay(&b, "POST", BULK,
	                      arena_printf(b.a,
	                                   "{\"requests\":[{\"sku\":\"%s\",\"shipToLocationAvailability\":{\"quantity\":5}},{\"sku\":\"none\",\"shipToLocationAvailability\":"
	                                   "{\"quantity\":5}},{\"offers\":[%s]},{\"offers\":[{\"offerId\":\"82090999999\",\"availableQuantity\":1}]},{\"offers\":[{"
	                                   "\"offerId\":\"%s\",\"availableQuantity\":-1}]}]}",
	                                   sku_of(b.w, good), offer_json(&b, EBAY_AUCTION, auction, 3), "82090000001")),
	                 207);
	assert_int_equal(json_count(json_get(b.json, "responses")), 5);
	assert_int_equal(json_int_or(response(&b, 0), "statusCode", 0), 200);
	assert_int_equal(json_int_or(json_first(json_get(response(&b, 1), "errors")), "errorId", 0), 25702);
	assert_int_equal(json_int_or(json_first(json_get(response(&b, 2), "errors")), "errorId", 0), 25002);
	assert_int_equal(json_int_or(json_first(json_get(response(&b, 3), "errors")), "errorId", 0), 25713);
	assert_int_equal(json_int_or(response(&b, 4), "statusCode", 0) / 100, 4);
	assert_int_equal(b.w->count[POOL_WRITES], 1); /* the auction was meant */
	assert_int_equal(listing_of(b.w, good, EBAY_US)->shown, 5);
	bench_close(&b);
}

struct body_case {
	const char *why, *body;
};

static const struct body_case body_cases[] = {
	{ "no body", "" },
	{ "no requests", "{}" },
	{ "an empty list", "{\"requests\":[]}" },
	{ "a list that is none", "{\"requests\":{}}" },
};

static void a_body_that_asks_nothing_is_refused(void **state)
{
	struct bench b = ebay_open(quiet());

	(void)state;
	for (size_t i = 0; i < sizeof body_cases / sizeof *body_cases; i++)
		if (ebay(&b, "POST", BULK, body_cases[i].body) != 400 || error_of(&b) != 25709)
			fail_msg("%s: %d %s", body_cases[i].why, b.out.reply.status, b.out.reply.body);
	assert_int_equal(b.w->count[PUSHES], 0);
	bench_close(&b);
}

static void a_written_zero_ends_a_listing_without_the_control(void **state)
{
	struct bench b = ebay_open(quiet());
	int product = product_by_sku(b.w, "HP-FILTER-1");

	(void)state;
	assert_int_equal(set(&b, product, 0), 200);
	assert_int_equal(b.w->count[LISTINGS_ENDED], 0); /* the control is on: out of stock, not over */
	assert_int_equal(set(&b, product, 9), 200);
	assert_int_equal(ebay(&b, "POST", "/sandbox/endless?on=1", NULL), 200);
	assert_int_equal(set(&b, product, 0), 200);
	assert_int_equal(b.w->count[LISTINGS_ENDED], 1);
	assert_int_equal(set(&b, product, 9), 207);
	assert_int_equal(json_int_or(json_first(json_get(response(&b, 0), "errors")), "errorId", 0), 25713);
	assert_int_equal(ebay(&b, "GET", arena_printf(b.a, OFFERS "?sku=%s", sku_of(b.w, product)), NULL), 200);
	assert_string_equal(json_text_or(json_first(json_get(b.json, "offers")), "listing.listingStatus", ""), "ENDED");
	bench_close(&b);
}

static void one_colour_at_zero_does_not_end_the_others(void **state)
{
	struct bench b = demo_open();

	(void)state;
	b.w->endless = true;
	assert_int_equal(set(&b, product_by_sku(b.w, "HP-MUG14-SLT"), 0), 200);
	assert_int_equal(b.w->count[LISTINGS_ENDED], 0);
	bench_close(&b);
}

static void a_listing_is_revised_250_times_a_day(void **state)
{
	struct bench b = demo_open();
	int first = product_by_sku(b.w, "HP-MUG14-SLT"), second = product_by_sku(b.w, "HP-MUG14-OAT");

	(void)state;
	for (int i = 0; i < 250; i++)
		assert_int_equal(set(&b, i % 2 ? first : second, 20 + i), 200); /* two colours, one listing */
	assert_int_equal(set(&b, first, 7), 207);
	assert_int_equal(json_int_or(json_first(json_get(response(&b, 0), "errors")), "errorId", 0), 25002);
	assert_int_equal(b.w->count[REVISIONS_REFUSED], 1);
	assert_int_equal(listing_of(b.w, first, EBAY_US)->shown, 269);
	sandbox_advance(b.s, epoch_ms + 16 * (int64_t)HOUR_MS); /* midnight */
	log_in_at_ebay(&b);
	assert_int_equal(set(&b, first, 7), 200);
	bench_close(&b);
}

/* ---- budgets ---- */

static void a_budget_is_of_an_api_and_a_day(void **state)
{
	struct bench b = ebay_open(quiet());
	const struct json *limit;

	(void)state;
	ebay(&b, "GET", ORDERS, NULL);
	ebay(&b, "GET", ORDERS "/11-11111-11111", NULL);
	assert_int_equal(ebay(&b, "GET", "/developer/analytics/v1_beta/rate_limit/?api_name=Fulfillment", NULL), 200);
	limit = json_first(json_get(json_first(json_get(json_first(json_get(b.json, "rateLimits")), "resources")), "rates"));
	assert_int_equal(json_int_or(limit, "limit", 0), 100000);
	assert_int_equal(json_int_or(limit, "remaining", 0), 99998);
	assert_string_equal(json_text_or(limit, "reset", ""), "2025-11-22T00:00:00.000Z");
	b.s->service[EBAY].purse[1].level = 0;
	assert_int_equal(ebay(&b, "GET", ORDERS, NULL), 429);
	assert_int_equal(error_of(&b), 2001);
	assert_int_equal(ebay(&b, "GET", ITEMS, NULL), 200); /* another API's budget is another one */
	sandbox_advance(b.s, epoch_ms + 16 * (int64_t)HOUR_MS);
	log_in_at_ebay(&b);
	assert_int_equal(ebay(&b, "GET", ORDERS, NULL), 200);
	bench_close(&b);
}

/* ---- buyers, mishaps ---- */

static void buyers_come_to_ebay_as_well(void **state)
{
	struct sandbox_options opt = sandbox_defaults(3, epoch_ms);
	struct bench b;

	(void)state;
	opt.world.sells = SELLS_EVERYWHERE;
	opt.world.orders_a_day = 1000;
	b = bench_open(&opt);
	sandbox_advance(b.s, epoch_ms + DAY_MS);
	assert_true(b.w->count[ORDERS_EBAY] > 50);
	assert_int_equal(b.w->count[ORDERS_EBAY] + b.w->count[ORDERS_SHOPIFY] + b.w->count[ORDERS_WALMART] + b.w->count[ORDERS_AMAZON], b.w->orders);
	bench_close(&b);
}

static void mishaps_reach_it_by_its_name(void **state)
{
	struct bench b = ebay_open(quiet());
	int product = product_at(b.w, EBAY_US), shown = listing_of(b.w, product, EBAY_US)->shown;

	(void)state;
	assert_int_equal(sandbox_fault(b.s, "kind=error channel=ebay op=orders count=1 status=503", NULL), OK);
	assert_int_equal(ebay(&b, "GET", ORDERS, NULL), 503);
	assert_int_equal(error_of(&b), 2003);
	assert_int_equal(sandbox_fault(b.s, "kind=dropped channel=ebay op=push count=1", NULL), OK);
	assert_int_equal(set(&b, product, 777), 200);
	sandbox_advance(b.s, epoch_ms + 5 * MINUTE_MS);
	assert_int_equal(listing_of(b.w, product, EBAY_US)->shown, shown);
	assert_int_equal(b.w->count[PUSHES_DROPPED], 1);
	assert_int_equal(sandbox_fault(b.s, arena_printf(b.a, "kind=edit place=ebay/us sku=%s to=88", sku_of(b.w, product)), NULL), OK);
	assert_int_equal(listing_of(b.w, product, EBAY_US)->shown, 88);
	bench_close(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ebay_knows_its_clients),
		cmocka_unit_test(a_token_lives_two_hours),
		cmocka_unit_test(lists_orders_as_asked),
		cmocka_unit_test(a_walk_skips_records_not_pages),
		cmocka_unit_test(orders_by_number_ignore_the_rest),
		cmocka_unit_test(an_order_tells_all),
		cmocka_unit_test(only_the_order_itself_tells_that_its_buyer_wants_out),
		cmocka_unit_test(ships_what_is_whole),
		cmocka_unit_test(the_number_stands_in_the_header_alone),
		cmocka_unit_test(told_twice_it_is_two),
		cmocka_unit_test(a_part_told_twice_is_counted),
		cmocka_unit_test(items_are_paged_by_page),
		cmocka_unit_test(what_was_listed_long_ago_is_not_in_it),
		cmocka_unit_test(an_auction_is_an_offer_of_its_own),
		cmocka_unit_test(colours_are_variations_of_one_listing),
		cmocka_unit_test(there_is_one_location),
		cmocka_unit_test(a_quantity_shows_within_three_minutes),
		cmocka_unit_test(a_listing_shows_the_smaller_of_item_and_offer),
		cmocka_unit_test(each_of_a_bulk_is_answered_for_itself),
		cmocka_unit_test(a_body_that_asks_nothing_is_refused),
		cmocka_unit_test(a_written_zero_ends_a_listing_without_the_control),
		cmocka_unit_test(one_colour_at_zero_does_not_end_the_others),
		cmocka_unit_test(a_listing_is_revised_250_times_a_day),
		cmocka_unit_test(a_budget_is_of_an_api_and_a_day),
		cmocka_unit_test(buyers_come_to_ebay_as_well),
		cmocka_unit_test(mishaps_reach_it_by_its_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
