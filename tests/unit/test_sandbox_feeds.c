/* Quantities by the file, at Walmart and at Amazon, and stock in the platforms' own warehouses. */
#include "sandbox_bench.h"

#include <stdlib.h>
#include <unistd.h>

#define FORM "multipart/form-data; boundary=XyZ"

/* One call with a content type and a header more; url may be a whole address. */
static int say(struct bench *b, enum platform p, const char *method, const char *url, const char *type, struct header more, const char *body)
{
	struct request r = { .arena = b->a, .method = method, .body = body, .body_len = body ? strlen(body) : 0 };
	struct handler h = sandbox_handler(b->s, p);

	r.url = *url == '/' ? arena_printf(b->a, "http://127.0.0.1:1%s", url) : url;
	if (p == WALMART) {
		r.header[r.headers++] = (struct header){ "WM_SVC.NAME", "tallyman test" };
		r.header[r.headers++] = (struct header){ "WM_QOS.CORRELATION_ID", "corr-7" };
		r.header[r.headers++] = (struct header){ "WM_SEC.ACCESS_TOKEN", b->walmart };
	}
	if (type)
		r.header[r.headers++] = (struct header){ "Content-Type", type };
	if (more.name)
		r.header[r.headers++] = more;
	h.serve(h.ctx, b->a, &r, &b->out);
	b->json = NULL;
	json_open(b->a, b->out.reply.body, b->out.reply.body_len, &b->json, NULL);
	return b->out.reply.status;
}

static struct bench bench_demo(void)
{
	struct sandbox_options opt = quiet();
	struct bench b;

	opt.world.demo = true; /* with goods in the platforms' warehouses */
	opt.world.settle_pct = 100;
	opt.world.skus = 300;
	b = bench_open(&opt);
	b.s->faults.n = 0;
	b.walmart = access_give(&b.s->service[WALMART], "w-", 2 * (int64_t)DAY_MS)->value; /* not what this is about */
	b.amazon = access_give(&b.s->service[AMAZON], "a-", 2 * (int64_t)DAY_MS)->value;
	return b;
}

/* ---- Walmart ---- */

static int upload(struct bench *b, const char *type, const char *json)
{
	return say(b, WALMART, "POST", arena_printf(b->a, "/v3/feeds?feedType=%s", type), FORM, (struct header){ NULL, NULL },
	           arena_printf(b->a, "--XyZ\r\nContent-Disposition: form-data; name=\"file\"; filename=\"q.json\"\r\nContent-Type: application/json\r\n\r\n%s\r\n--XyZ--\r\n", json));
}

static const char *node_item(struct bench *b, const char *sku, const char *node, int qty)
{
	return arena_printf(b->a, "{\"sku\":\"%s\",\"shipNodes\":[{\"shipNode\":\"%s\",\"quantity\":{\"unit\":\"EACH\",\"amount\":%d}}]}", sku, node, qty);
}

static void a_walmart_feed_is_worked_at_and_then_shows(void **state)
{
	struct bench b = bench_demo();
	int product = product_at(b.w, WALMART_WEST), wfs = product_at(b.w, WALMART_WFS), before = listing_of(b.w, product, WALMART_WEST)->shown;
	const char *json = arena_printf(b.a, "{\"inventoryHeader\":{\"version\":\"1.5\"},\"inventory\":[%s,%s,%s,%s]}", node_item(&b, sku_of(b.w, product), "10001204502", 17),
	                                node_item(&b, "NO-SUCH", "10001204501", 1), node_item(&b, sku_of(b.w, wfs), "10001204501", 1),
	                                node_item(&b, sku_of(b.w, product), "10001204501", -1));
	const char *feed;
	int seen[3] = { 0 };

	(void)state;
	assert_int_equal(upload(&b, "MP_INVENTORY", json), 200);
	feed = arena_printf(b.a, "/v3/feeds/%s?includeDetails=true", json_text_or(b.json, "feedId", ""));
	assert_int_equal(walmart(&b, "GET", feed, NULL), 200);
	assert_string_equal(json_text_or(b.json, "feedStatus", ""), "RECEIVED");
	for (int minute = 1; minute <= 42; minute++) {
		const char *status;

		sandbox_advance(b.s, epoch_ms + minute * MINUTE_MS);
		assert_int_equal(walmart(&b, "GET", feed, NULL), 200);
		status = json_text_or(b.json, "feedStatus", "");
		seen[strcmp(status, "INPROGRESS") == 0 ? 0 : strcmp(status, "PROCESSED") == 0 ? 1 : 2]++;
		if (strcmp(status, "INPROGRESS") == 0)
			assert_int_equal(listing_of(b.w, product, WALMART_WEST)->shown, before);
	}
	assert_true(seen[0] > 4 && seen[1] > 0 && seen[2] == 0);
	assert_int_equal(listing_of(b.w, product, WALMART_WEST)->shown, 17);
	assert_int_equal(json_int_or(b.json, "itemsReceived", 0), 4);
	assert_int_equal(json_int_or(b.json, "itemsSucceeded", 0), 1);
	assert_int_equal(json_int_or(b.json, "itemsFailed", 0), 3);
	assert_int_equal(b.w->count[POOL_WRITES], 1);
	assert_int_equal(b.w->count[WRITES_FEED], 1);
	bench_close(&b);
}

static void what_is_said_later_is_not_undone_by_a_feed(void **state)
{
	struct bench b = bench_demo();
	int product = product_at(b.w, WALMART_MAIN);
	const char *sku = sku_of(b.w, product);

	(void)state;
	assert_int_equal(upload(&b, "inventory",
	                        arena_printf(b.a, "{\"InventoryHeader\":{\"version\":\"1.4\"},\"Inventory\":[{\"sku\":\"%s\",\"quantity\":{\"unit\":\"EACH\",\"amount\":40}}]}", sku)),
	                 200);
	assert_int_equal(walmart(&b, "PUT", arena_printf(b.a, "/v3/inventory?sku=%s", sku),
	                         arena_printf(b.a, "{\"sku\":\"%s\",\"quantity\":{\"unit\":\"EACH\",\"amount\":3}}", sku)),
	                 200);
	sandbox_advance(b.s, epoch_ms + HOUR_MS);
	assert_int_equal(listing_of(b.w, product, WALMART_MAIN)->shown, 3);
	bench_close(&b);
}

struct upload_case {
	const char *why, *type, *content_type, *body;
	int status;
};

static const struct upload_case upload_cases[] = {
	{ "no type", "", FORM, "--XyZ\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n{}\r\n--XyZ--", 400 },
	{ "a type that is not taken", "MP_ITEM", FORM, "--XyZ\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n{}\r\n--XyZ--", 400 },
	{ "JSON that is no form", "MP_INVENTORY", "application/json", "{\"inventory\":[]}", 400 },
	{ "a form without the part", "MP_INVENTORY", FORM, "--XyZ\r\nContent-Disposition: form-data; name=\"photo\"\r\n\r\n{}\r\n--XyZ--", 400 },
	{ "a form without an end", "MP_INVENTORY", FORM, "--XyZ\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n{}", 400 },
	{ "a form with other parts before", "MP_INVENTORY", "multipart/form-data; boundary=\"XyZ\"",
	  "--XyZ\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nhello\r\n--XyZ\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n{}\r\n--XyZ--", 200 },
};

static void uploads_are_forms(void **state)
{
	struct bench b = bench_demo();

	(void)state;
	for (size_t i = 0; i < sizeof upload_cases / sizeof *upload_cases; i++) {
		const struct upload_case *t = &upload_cases[i];
		int status = say(&b, WALMART, "POST", arena_printf(b.a, "/v3/feeds?feedType=%s", t->type), t->content_type, (struct header){ NULL, NULL }, t->body);

		if (status != t->status)
			fail_msg("%s: %d %s", t->why, status, b.out.reply.body);
	}
	/* nothing could be read of the last one: it ends in an error */
	sandbox_advance(b.s, epoch_ms + HOUR_MS);
	assert_int_equal(walmart(&b, "GET", "/v3/feeds?limit=1", NULL), 200);
	assert_string_equal(json_text_or(json_first(json_get(b.json, "results.feed")), "feedStatus", ""), "ERROR");
	bench_close(&b);
}

static void ten_feeds_an_hour(void **state)
{
	struct bench b = bench_demo();
	int taken = 0;

	(void)state;
	while (upload(&b, "MP_INVENTORY", "{\"inventory\":[]}") == 200)
		taken++;
	assert_int_equal(taken, 10);
	assert_int_equal(b.out.reply.status, 429);
	sandbox_advance(b.s, epoch_ms + 6 * MINUTE_MS);
	assert_int_equal(upload(&b, "MP_INVENTORY", "{\"inventory\":[]}"), 200);
	bench_close(&b);
}

static void wfs_is_read_page_by_page(void **state)
{
	struct bench b = bench_demo();
	int all, seen = 0, product = product_at(b.w, WALMART_WFS);

	(void)state;
	assert_int_equal(walmart(&b, "GET", "/v3/fulfillment/inventory?limit=300", NULL), 200);
	all = (int)json_int_or(b.json, "headers.totalCount", 0);
	assert_true(all > 10);
	assert_int_equal(json_count(json_get(b.json, "payload.inventory")), all);
	for (int offset = 0; offset < all; offset += 5) {
		assert_int_equal(walmart(&b, "GET", arena_printf(b.a, "/v3/fulfillment/inventory?limit=5&offset=%d", offset), NULL), 200);
		seen += json_count(json_get(b.json, "payload.inventory"));
	}
	assert_int_equal(seen, all);
	assert_int_equal(walmart(&b, "GET", arena_printf(b.a, "/v3/fulfillment/inventory?sku=%s", sku_of(b.w, product)), NULL), 200);
	assert_int_equal(json_int_or(json_first(json_get(json_first(json_get(b.json, "payload.inventory")), "shipNodes")), "availToSellQty", -1),
	                 listing_of(b.w, product, WALMART_WFS)->shown);
	assert_int_equal(walmart(&b, "GET", "/v3/fulfillment/inventory?limit=301", NULL), 400);
	bench_close(&b);
}

/* ---- Amazon ---- */

#define JSON_TYPE "application/json; charset=UTF-8"
#define MARKET "\"marketplaceIds\":[\"ATVPDKIKX0DER\"]"

/* A document with these bytes: its id. */
static const char *document(struct bench *b, const char *body)
{
	const char *id;

	assert_int_equal(amazon(b, "POST", "/feeds/2021-06-30/documents", "{\"contentType\":\"" JSON_TYPE "\"}"), 201);
	id = json_text_or(b->json, "feedDocumentId", "");
	if (body)
		assert_int_equal(say(b, AMAZON, "PUT", json_text_or(b->json, "url", ""), JSON_TYPE, (struct header){ NULL, NULL }, body), 200);
	return id;
}

static const char *feed_body(struct bench *b, const char *messages)
{
	return arena_printf(b->a, "{\"header\":{\"sellerId\":\"%s\",\"version\":\"2.0\"},\"messages\":[%s]}", SANDBOX_AMAZON_SELLER, messages);
}

static const char *message(struct bench *b, int number, const char *sku, int qty)
{
	return arena_printf(b->a,
	                    "{\"messageId\":%d,\"sku\":\"%s\",\"operationType\":\"PATCH\",\"productType\":\"PRODUCT\",\"patches\":[{\"op\":\"merge\",\"path\":"
	                    "\"/attributes/fulfillment_availability\",\"value\":[{\"fulfillment_channel_code\":\"DEFAULT\",\"quantity\":%d}]}]}",
	                    number, sku, qty);
}

static const char *submit(struct bench *b, const char *document_id)
{
	assert_int_equal(amazon(b, "POST", "/feeds/2021-06-30/feeds",
	                        arena_printf(b->a, "{\"feedType\":\"JSON_LISTINGS_FEED\"," MARKET ",\"inputFeedDocumentId\":\"%s\"}", document_id)),
	                 202);
	return arena_printf(b->a, "/feeds/2021-06-30/feeds/%s", json_text_or(b->json, "feedId", ""));
}

static uint32_t little(const char *p, int n)
{
	uint32_t v = 0;

	for (int i = n - 1; i >= 0; i--)
		v = v << 8 | (unsigned char)p[i];
	return v;
}

/* The report of a feed that is done, unpacked when it came packed. */
static const struct json *report(struct bench *b, bool *packed)
{
	const char *id = json_text_or(b->json, "resultFeedDocumentId", ""), *p;
	const struct json *v = NULL;

	assert_int_equal(amazon(b, "GET", arena_printf(b->a, "/feeds/2021-06-30/documents/%s", id), NULL), 200);
	*packed = strcmp(json_text_or(b->json, "compressionAlgorithm", ""), "GZIP") == 0;
	assert_int_equal(say(b, AMAZON, "GET", json_text_or(b->json, "url", ""), NULL, (struct header){ NULL, NULL }, NULL), 200);
	p = b->out.reply.body;
	if (*packed) { /* one stored block */
		assert_memory_equal(p, "\x1f\x8b\x08", 3);
		assert_int_equal(p[10], 1);
		assert_int_equal(little(p + 11, 2), b->out.reply.body_len - 23);
		assert_int_equal(little(p + 11, 2) ^ little(p + 13, 2), 0xffff);
		assert_int_equal(little(p + b->out.reply.body_len - 4, 4), b->out.reply.body_len - 23);
		assert_int_equal(json_open(b->a, p + 15, b->out.reply.body_len - 23, &v, NULL), OK);
	} else {
		assert_int_equal(json_open(b->a, p, b->out.reply.body_len, &v, NULL), OK);
	}
	return v;
}

static void an_amazon_feed_goes_its_whole_way(void **state)
{
	struct bench b = bench_demo();
	int product = product_at(b.w, AMAZON_US), fba = product_at(b.w, AMAZON_FBA), packed_once = 0;

	(void)state;
	for (int round = 0; round < 2; round++) {
		const char *body = feed_body(&b, arena_printf(b.a, "%s,%s,%s", message(&b, 1, sku_of(b.w, product), 21 + round), message(&b, 2, "NO-SUCH", 1),
		                                              message(&b, 3, sku_of(b.w, fba), 5)));
		const char *feed = submit(&b, document(&b, body));
		const struct json *r;
		int64_t now = b.w->now_ms;
		bool packed;

		assert_int_equal(amazon(&b, "GET", feed, NULL), 200);
		assert_string_equal(json_text_or(b.json, "processingStatus", ""), "IN_QUEUE");
		sandbox_advance(b.s, now + 2 * MINUTE_MS + 1000);
		assert_int_equal(amazon(&b, "GET", feed, NULL), 200);
		assert_string_equal(json_text_or(b.json, "processingStatus", ""), "IN_PROGRESS");
		assert_true(listing_of(b.w, product, AMAZON_US)->shown != 21 + round);
		sandbox_advance(b.s, now + 20 * MINUTE_MS);
		assert_int_equal(amazon(&b, "GET", feed, NULL), 200);
		assert_string_equal(json_text_or(b.json, "processingStatus", ""), "DONE");
		assert_int_equal(listing_of(b.w, product, AMAZON_US)->shown, 21 + round);
		r = report(&b, &packed);
		packed_once += packed;
		assert_int_equal(json_int_or(r, "summary.messagesProcessed", 0), 3);
		assert_int_equal(json_int_or(r, "summary.messagesAccepted", 0), 1);
		assert_int_equal(json_int_or(json_first(json_get(r, "issues")), "messageId", 0), 2);
		assert_string_equal(json_text_or(json_first(json_get(r, "issues")), "sku", ""), "NO-SUCH");
	}
	assert_int_equal(packed_once, 1); /* one of two came packed */
	assert_int_equal(b.w->count[POOL_WRITES], 2);
	assert_int_equal(b.w->count[LEADS_LOST], 0);
	assert_int_equal(amazon(&b, "GET", "/feeds/2021-06-30/feeds?feedTypes=JSON_LISTINGS_FEED&pageSize=1", NULL), 200);
	assert_int_equal(json_count(json_get(b.json, "feeds")), 1);
	assert_int_equal(amazon(&b, "GET", arena_printf(b.a, "/feeds/2021-06-30/feeds?pageSize=1&nextToken=%s", json_text_or(b.json, "nextToken", "")), NULL), 200);
	assert_int_equal(json_count(json_get(b.json, "feeds")), 1);
	assert_null(json_get(b.json, "nextToken"));
	assert_int_equal(walmart(&b, "GET", "/v3/feeds", NULL), 200);
	assert_false(body_has(&b, "JSON_LISTINGS_FEED"));
	bench_close(&b);
}

static void a_partial_update_replaces(void **state)
{
	struct bench b = bench_demo();
	int product = product_at(b.w, AMAZON_US);

	(void)state;
	submit(&b, document(&b, feed_body(&b, arena_printf(b.a, "{\"messageId\":1,\"sku\":\"%s\",\"operationType\":\"PARTIAL_UPDATE\",\"productType\":\"PRODUCT\","
	                                                        "\"attributes\":{\"fulfillment_availability\":[{\"fulfillment_channel_code\":\"DEFAULT\",\"quantity\":9}]}}",
	                                                   sku_of(b.w, product)))));
	assert_int_equal(b.w->count[LEADS_LOST], 1);
	sandbox_advance(b.s, epoch_ms + 20 * MINUTE_MS);
	assert_int_equal(listing_of(b.w, product, AMAZON_US)->shown, 9);
	bench_close(&b);
}

static void an_address_carries_its_own_right(void **state)
{
	struct bench b = bench_demo();
	const char *url;

	(void)state;
	assert_int_equal(amazon(&b, "POST", "/feeds/2021-06-30/documents", "{\"contentType\":\"" JSON_TYPE "\"}"), 201);
	url = json_text_or(b.json, "url", "");
	assert_int_equal(say(&b, AMAZON, "PUT", url, JSON_TYPE, (struct header){ "x-amz-access-token", b.amazon }, "{}"), 400);
	assert_true(body_has(&b, "Only one auth mechanism"));
	assert_int_equal(say(&b, AMAZON, "PUT", url, JSON_TYPE, (struct header){ "Authorization", "Bearer x" }, "{}"), 400);
	assert_int_equal(say(&b, AMAZON, "PUT", url, "text/plain", (struct header){ NULL, NULL }, "{}"), 403);
	assert_int_equal(say(&b, AMAZON, "GET", url, NULL, (struct header){ NULL, NULL }, NULL), 403); /* it is for putting */
	assert_int_equal(say(&b, AMAZON, "PUT", arena_printf(b.a, "%sx", url), JSON_TYPE, (struct header){ NULL, NULL }, "{}"), 403);
	sandbox_advance(b.s, epoch_ms + 299 * 1000);
	assert_int_equal(say(&b, AMAZON, "PUT", url, JSON_TYPE, (struct header){ NULL, NULL }, "{}"), 200);
	sandbox_advance(b.s, epoch_ms + 300 * 1000);
	assert_int_equal(say(&b, AMAZON, "PUT", url, JSON_TYPE, (struct header){ NULL, NULL }, "{}"), 403);
	assert_true(body_has(&b, "expired"));
	bench_close(&b);
}

struct fatal_case {
	const char *why, *body;
};

static const struct fatal_case fatal_cases[] = {
	{ "no JSON", "quantity,sku\n" },
	{ "somebody else's", "{\"header\":{\"sellerId\":\"A1\",\"version\":\"2.0\"},\"messages\":[{\"messageId\":1}]}" },
	{ "another version", "{\"header\":{\"sellerId\":\"" SANDBOX_AMAZON_SELLER "\",\"version\":\"1.0\"},\"messages\":[{\"messageId\":1}]}" },
	{ "nothing was put there", NULL },
};

static void a_file_that_is_none_is_fatal(void **state)
{
	struct bench b = bench_demo();

	(void)state;
	for (size_t i = 0; i < sizeof fatal_cases / sizeof *fatal_cases; i++) {
		const char *feed = submit(&b, document(&b, fatal_cases[i].body));

		sandbox_advance(b.s, b.w->now_ms + 20 * MINUTE_MS);
		assert_int_equal(amazon(&b, "GET", feed, NULL), 200);
		if (strcmp(json_text_or(b.json, "processingStatus", ""), "FATAL") != 0)
			fail_msg("%s: %s", fatal_cases[i].why, b.out.reply.body);
	}
	assert_int_equal(amazon(&b, "POST", "/feeds/2021-06-30/feeds", "{\"feedType\":\"JSON_LISTINGS_FEED\"," MARKET ",\"inputFeedDocumentId\":\"x\"}"), 400);
	assert_int_equal(amazon(&b, "GET", "/feeds/2021-06-30/feeds/1", NULL), 404);
	bench_close(&b);
}

static void a_feed_that_waits_can_be_called_back(void **state)
{
	struct bench b = bench_demo();
	int product = product_at(b.w, AMAZON_US), before = listing_of(b.w, product, AMAZON_US)->shown;
	const char *feed = submit(&b, document(&b, feed_body(&b, message(&b, 1, sku_of(b.w, product), before + 50))));

	(void)state;
	assert_int_equal(amazon(&b, "DELETE", feed, NULL), 200);
	sandbox_advance(b.s, epoch_ms + HOUR_MS);
	assert_int_equal(amazon(&b, "GET", feed, NULL), 200);
	assert_string_equal(json_text_or(b.json, "processingStatus", ""), "CANCELLED");
	assert_int_equal(listing_of(b.w, product, AMAZON_US)->shown, before);
	bench_close(&b);
}

static void feeds_get_stuck_on_request(void **state)
{
	struct bench b = bench_demo();
	struct err err = { 0 };
	int product = product_at(b.w, AMAZON_US);
	const char *feed = submit(&b, document(&b, feed_body(&b, message(&b, 1, sku_of(b.w, product), 31))));

	(void)state;
	assert_int_equal(sandbox_fault(b.s, "kind=stuck for=3h", &err), OK);
	sandbox_advance(b.s, epoch_ms + 2 * (int64_t)HOUR_MS);
	assert_int_equal(amazon(&b, "GET", feed, NULL), 200);
	assert_string_equal(json_text_or(b.json, "processingStatus", ""), "IN_PROGRESS");
	sandbox_advance(b.s, epoch_ms + 4 * (int64_t)HOUR_MS);
	assert_int_equal(amazon(&b, "GET", feed, NULL), 200);
	assert_string_equal(json_text_or(b.json, "processingStatus", ""), "DONE");
	assert_int_equal(listing_of(b.w, product, AMAZON_US)->shown, 31);
	bench_close(&b);
}

/* ---- FBA ---- */

#define FBA "/fba/inventory/v1/summaries?details=true&granularityType=Marketplace&granularityId=ATVPDKIKX0DER&marketplaceIds=ATVPDKIKX0DER"

static void fba_is_read_within_half_a_minute(void **state)
{
	struct bench b = bench_demo();
	int product = product_at(b.w, AMAZON_FBA), first, shown = listing_of(b.w, product, AMAZON_FBA)->shown;
	const struct json *e;
	const char *next;

	(void)state;
	buy(b.w, AMAZON_FBA, 2);
	assert_int_equal(amazon(&b, "GET", FBA, NULL), 200);
	e = json_first(json_get(b.json, "payload.inventorySummaries"));
	assert_string_equal(json_text_or(e, "sellerSku", ""), sku_of(b.w, product));
	assert_int_equal(json_int_or(e, "inventoryDetails.fulfillableQuantity", -1), shown - 2);
	assert_int_equal(json_int_or(e, "inventoryDetails.reservedQuantity.pendingCustomerOrderQuantity", -1), 2);
	assert_int_equal(json_int_or(e, "totalQuantity", -1), shown);
	first = json_count(json_get(b.json, "payload.inventorySummaries"));
	next = arena_printf(b.a, FBA "&nextToken=%s", json_text_or(b.json, "pagination.nextToken", ""));
	sandbox_advance(b.s, epoch_ms + 29 * 1000);
	assert_int_equal(amazon(&b, "GET", next, NULL), 200);
	assert_int_equal(json_count(json_get(b.json, "payload.inventorySummaries")) + first, 27); /* each eleventh of 300 */
	assert_null(json_get(b.json, "pagination"));
	sandbox_advance(b.s, epoch_ms + 30 * 1000);
	assert_int_equal(amazon(&b, "GET", next, NULL), 400);
	assert_int_equal(amazon(&b, "GET", arena_printf(b.a, FBA "&sellerSkus=%s", sku_of(b.w, product)), NULL), 200);
	assert_int_equal(json_count(json_get(b.json, "payload.inventorySummaries")), 1);
	sandbox_advance(b.s, epoch_ms + 60 * 1000);
	assert_int_equal(amazon(&b, "GET", "/fba/inventory/v1/summaries?marketplaceIds=ATVPDKIKX0DER", NULL), 400);
	bench_close(&b);
}

static void a_role_may_be_missing(void **state)
{
	struct bench b = bench_demo();
	struct err err = { 0 };

	(void)state;
	assert_int_equal(sandbox_fault(b.s, "kind=no-role channel=amazon op=pool,bulk", &err), OK);
	assert_int_equal(amazon(&b, "GET", FBA, NULL), 403);
	assert_string_equal(json_text_or(json_first(json_get(b.json, "errors")), "code", ""), "Unauthorized");
	assert_int_equal(amazon(&b, "POST", "/feeds/2021-06-30/documents", "{\"contentType\":\"" JSON_TYPE "\"}"), 403);
	assert_int_equal(amazon(&b, "GET", "/orders/2026-01-01/orders?createdAfter=2025-11-20T00:00:00Z", NULL), 200);
	bench_close(&b);
}

static void feeds_survive_a_restart(void **state)
{
	char path[] = "/tmp/tallyman-world-XXXXXX";
	struct bench b = bench_demo();
	int product = product_at(b.w, AMAZON_US);
	struct err err = { 0 };
	struct world *again = NULL;

	(void)state;
	submit(&b, document(&b, feed_body(&b, message(&b, 1, sku_of(b.w, product), 33))));
	close(mkstemp(path));
	assert_int_equal(world_save(b.w, path, &err), OK);
	assert_int_equal(world_load(path, &again, &err), OK);
	unlink(path);
	world_advance(again, epoch_ms + HOUR_MS);
	assert_int_equal(listing_of(again, product, AMAZON_US)->shown, 33);
	assert_int_equal(again->documents, 1);
	world_close(again);
	bench_close(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_walmart_feed_is_worked_at_and_then_shows),
		cmocka_unit_test(what_is_said_later_is_not_undone_by_a_feed),
		cmocka_unit_test(uploads_are_forms),
		cmocka_unit_test(ten_feeds_an_hour),
		cmocka_unit_test(wfs_is_read_page_by_page),
		cmocka_unit_test(an_amazon_feed_goes_its_whole_way),
		cmocka_unit_test(a_partial_update_replaces),
		cmocka_unit_test(an_address_carries_its_own_right),
		cmocka_unit_test(a_file_that_is_none_is_fatal),
		cmocka_unit_test(a_feed_that_waits_can_be_called_back),
		cmocka_unit_test(feeds_get_stuck_on_request),
		cmocka_unit_test(fba_is_read_within_half_a_minute),
		cmocka_unit_test(a_role_may_be_missing),
		cmocka_unit_test(feeds_survive_a_restart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
