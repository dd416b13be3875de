/* test_channels.c: what holds for every channel's table, and the small rules behind deadlines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/clock.h"
#include "channels/channel.h"
#include "channels/rules.h"
#include "net/registry.h"
#include "trade/will_send.h"

#include <string.h>
#include <strings.h>

static const char *const market[] = { "ATVPDKIKX0DER" };
static const char *const place[] = { "1" };

static struct account account_of(const struct channel *c)
{
	return (struct account){
		.id = 1, .name = "test", .channel = c->name, .token_url = c->token_url, .client_id = "id",
		.base_url = *c->base_url || c->is_truth ? c->base_url : "https://example.myshopify.com", /* each shop has its own */
		.client_secret = "secret", .refresh_token = "refresh", .access_token = "token", .seller_id = "SELLER1", .marketplace = market,
		.marketplaces = 1, .ship_node = "", .service_name = "Walmart Marketplace", .channel_type = "", .counts_file = "/srv/counts.csv",
		.tenant = "4f1c6c2e-2b52-4a7e-9a35-6f0b6a7d1c01", .customer = "791a3061-383d-4759-a3b4-0bc89d48608d", .place = place, .places = 1,
	};
}

/* A payload that every verb can say something with. */
static struct job any_job(struct arena *a, const struct channel *c, enum verb v)
{
	static const char *const pairs[][2] = {
		{ "ref", "109007446257351" }, { "marketplace", "ATVPDKIKX0DER" }, { "package", "1" }, { "carrier", "ups" }, { "carrier.name", "UPS" },
		{ "carrier.walmart", "UPS" }, { "carrier.amazon", "UPS" }, { "tracking", "1Z999AA10123456784" }, { "reason", "stock" },
		{ "sku", "CW-0412-BLK" }, { "qty", "41" }, { "id", "882DAFBDCAA0480786D1E0435FBC86D7@AU8BAgA" }, 
		{ "run", "8d0ada6a-9414-4cfe-83b6-ac09689373cd" }, { "place", "Default" },
	};
	struct job j = { .id = 1, .verb = v, .subject = "", .payload = fields_new(a), .cursor = { .since_ms = 1795174800000, .until_ms = 1795175880000, .page = "" } };

	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
		fields_put(&j.payload, pairs[i][0], pairs[i][1]);
	fields_put(&j.payload, "line", strcmp(c->name, "shopify") ? "1:1" : "1:7001:9001:5");
	fields_put(&j.payload, "item_ref", "43729076");
	fields_put(&j.payload, "item", "1:7:::SKU-1");
	fields_put(&j.payload, "document", "D-1");
	fields_put(&j.payload, "url", "https://bytes.example/D-1");
	fields_put(&j.payload, "until_ms", "1795176300000");
	fields_put(&j.payload, "seen", "12");
	if (c->pools)
		fields_put(&j.payload, "pool", c->pools[0]);
	if (!strcmp(c->name, "shopify"))
		fields_put(&j.payload, "node", "655441491");
	return j;
}

static bool sends(const struct request *r, const char *name)
{
	for (int i = 0; i < r->headers; i++)
		if (!strcasecmp(r->header[i].name, name) && *r->header[i].value)
			return true;
	return false;
}

static void each_channel_is_found_by_name(void **state)
{
	(void)state;
	assert_ptr_equal(channel_find("walmart"), &channel_walmart);
	assert_ptr_equal(channel_find("amazon"), &channel_amazon);
	assert_ptr_equal(channel_find("ebay"), &channel_ebay);
	assert_ptr_equal(channel_find("shopify"), &channel_shopify);
	assert_ptr_equal(channel_find("netsuite"), &channel_netsuite);
	assert_ptr_equal(channel_find("cartoncloud"), &channel_cartoncloud);
	assert_ptr_equal(channel_find("local"), &channel_local);
	assert_null(channel_find("woolworth"));
	assert_null(channel_at(-1));
}

static void each_operation_has_a_limit(void **state)
{
	struct arena *a = arena_new();
	struct limit_registry limits;
	const struct operation *op;
	struct err err;

	(void)state;
	assert_int_equal(limit_registry_load(a, &limits, &err), OK);
	for (int i = 0; channel_at(i); i++)
		for (int v = 0; v < VERBS; v++)
			if (channel_at(i)->say[v].op && limit_registry_find(&limits, channel_at(i)->say[v].op, &op, &err))
				fail_msg("%s %s: %s", channel_at(i)->name, verb_name((enum verb)v), err.text);
	arena_free(a);
}

/* A write that may not be repeated must have a read that resolves it, and patience; a read never has. */
static void each_row_is_whole(void **state)
{
	(void)state;
	for (int i = 0; channel_at(i); i++)
		for (int v = 0; v < VERBS; v++) {
			const struct speech *s = &channel_at(i)->say[v];

			if (!s->op)
				continue;
			assert_non_null(s->ask);
			assert_non_null(s->hear);
			assert_true(s->batch_max >= 1);
			if (!verb_writes((enum verb)v)) {
				assert_true(s->repeatable);
				assert_int_equal(s->check, VERBS);
			} else if (v == VERB_BULK_PUT) { /* bytes that nobody looks at before the feed is handed in: in doubt they are put again */
				assert_true(s->repeatable);
				assert_int_equal(s->check, VERBS);
			} else {
				assert_int_equal(s->check, v == VERB_BULK ? VERB_FEEDS : v == VERB_STOCK ? VERB_STOCK_READ : VERB_ORDER);
				assert_true(v != VERB_BULK || !s->repeatable);
				assert_non_null(channel_at(i)->say[s->check].ask);
				assert_true(s->patience_ms > 0);
			}
		}
	assert_false(channel_walmart.say[VERB_SHIP].repeatable);
	assert_false(channel_walmart.say[VERB_CANCEL].repeatable);
	assert_false(channel_amazon.say[VERB_SHIP].repeatable);
	assert_null(channel_amazon.say[VERB_ACK].ask);
	assert_null(channel_amazon.say[VERB_CANCEL].ask);
}

/* A source of truth is read, and no marketplace's verb is there to be said to it. */
static void nothing_is_written_to_a_source_of_truth(void **state)
{
	int sources = 0;

	(void)state;
	for (int i = 0; channel_at(i); i++) {
		const struct channel *c = channel_at(i);

		sources += c->is_truth;
		for (int v = 0; v < VERBS && c->is_truth; v++)
			if (c->say[v].ask && (verb_writes((enum verb)v) || v == VERB_ORDERS || v == VERB_STOCK_LIST))
				fail_msg("%s: %s", c->name, verb_name((enum verb)v));
		assert_true(!c->is_truth || c->say[VERB_COUNTS].ask);
	}
	assert_true(sources >= 2);
}

/* Every header is there; and nothing in the request may point into the caller's struct, which is moved. */
static void every_walmart_request_has_its_headers(void **state)
{
	static const char *const wanted[] = { "WM_QOS.CORRELATION_ID", "WM_SVC.NAME", "Accept" };
	struct arena *a = arena_new();
	struct account acc = account_of(&channel_walmart);

	(void)state;
	for (int v = 0; v < VERBS; v++) {
		struct request r = { .arena = a, .correlation = "3f2b0c1a-0000-4000-8000-000000000001" };
		struct job j = any_job(a, &channel_walmart, (enum verb)v);
		struct err err = { 0 };

		if (!channel_walmart.say[v].ask)
			continue;
		if (channel_walmart.say[v].ask(&acc, (struct batch){ &j, 1, 1795176000000 }, &r, &err))
			fail_msg("%s: %s", verb_name((enum verb)v), err.text);
		for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
			assert_true(sends(&r, wanted[i]));
		assert_true(sends(&r, v == VERB_TOKEN ? "Authorization" : "WM_SEC.ACCESS_TOKEN"));
		for (int i = 0; i < r.headers; i++)
			assert_false((const char *)&r <= r.header[i].value && r.header[i].value < (const char *)(&r + 1));
		assert_int_equal(!r.body, !sends(&r, "Content-Type") || v == VERB_PING);
	}
	arena_free(a);
}

static void no_secret_is_in_an_address(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (int i = 0; channel_at(i); i++) {
		struct account acc = account_of(channel_at(i));

		for (int v = 0; v < VERBS; v++) {
			struct request r = { .arena = a };
			struct job j = any_job(a, channel_at(i), (enum verb)v);
			struct err err = { 0 };

			if (!channel_at(i)->say[v].ask)
				continue;
			if (channel_at(i)->say[v].ask(&acc, (struct batch){ &j, 1, 1795176000000 }, &r, &err))
				fail_msg("%s %s: %s", channel_at(i)->name, verb_name((enum verb)v), err.text);
			assert_null(strstr(r.url, "secret"));
			assert_null(strstr(r.url, "refresh"));
			assert_null(strstr(r.url, "=token"));
		}
	}
	arena_free(a);
}

struct rule_case {
	const char *why, *rule, *from, *want;
};

static const struct rule_case rule_cases[] = {
	{ "four hours to acknowledge", "walmart.ack_within", "2026-11-20T22:30:00Z", "2026-11-21T02:30:00.000Z" },
	{ "four calendar days over a weekend", "walmart.cancel_after", "2026-11-20T06:00:00Z", "2026-11-24T06:00:00.000Z" },
	{ "seven business days from a Monday end on the Wednesday of the next week", "amazon.cancel_after", "2026-11-16T08:00:00Z", "2026-11-25T08:00:00.000Z" },
	{ "from a Friday they pass two weekends", "amazon.cancel_after", "2026-11-20T08:00:00Z", "2026-12-01T08:00:00.000Z" },
	{ "a Saturday counts as the Friday before it", "amazon.cancel_after", "2026-11-21T08:00:00Z", "2026-12-01T08:00:00.000Z" },
};

static void rules_give_deadlines(void **state)
{
	struct arena *a = arena_new();
	char got[32];
	int64_t from;

	(void)state;
	for (size_t i = 0; i < sizeof rule_cases / sizeof *rule_cases; i++) {
		struct rule r = rule_find(a, rule_cases[i].rule);

		assert_int_equal(time_parse(rule_cases[i].from, &from), 0);
		time_iso(rule_after(&r, from), got);
		if (strcmp(got, rule_cases[i].want))
			fail_msg("%s: %s", rule_cases[i].why, got);
	}
	arena_free(a);
}

static void no_rule_is_no_deadline(void **state)
{
	struct arena *a = arena_new();
	struct rule none = rule_find(a, "walmart.nothing"), ack = rule_find(a, "walmart.ack_within");

	(void)state;
	assert_int_equal(rule_after(&none, 1795176000000), 0);
	assert_int_equal(rule_after(&ack, 0), 0);
	arena_free(a);
}

/* Bytes that no case file should hold. */
static void a_count_with_escapes_is_refused(void **state)
{
	static const char *const bodies[] = { "sku,qty\nA\x1b[2J,41\n", "sku,qty\nA\xe2\x80\xae" "B,41\n", "sku,qty,place\nA,41,\x07\n", "sku,qty\n\xff,41\n" };
	struct account acc = account_of(&channel_local);

	(void)state;
	for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
		struct arena *a = arena_new();
		struct job j = any_job(a, &channel_local, VERB_COUNTS);
		struct reply r = { .status = 200, .body = bodies[i], .body_len = strlen(bodies[i]) };
		struct news n = news_new(a);
		struct err err = { 0 };

		assert_int_equal(channel_local.say[VERB_COUNTS].hear(&acc, (struct batch){ &j, 1, 1795176000000 }, &r, &n, &err), FAULT_FORMAT);
		assert_int_equal(n.counts, 0);
		assert_true(!strncmp(err.text, "counts.csv", 10));
		arena_free(a);
	}
}

/* Twelve units that would be off sale because their SKU starts with the remarks' sign. */
static void a_counted_sku_may_start_with_the_remarks_sign(void **state)
{
	static const struct { const char *body, *says; } files[] = {
		{ "sku,qty\n\"#A\",12\nB,1\n", NULL },
		{ "sku,qty\n# counted by Ann, aisle 4\nA,12\nB,1\n", NULL },
		{ "sku,qty\nB,1\n#A,12\n", "counts.csv:3: a row that starts with #" },
	};
	struct account acc = account_of(&channel_local);

	(void)state;
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		struct arena *a = arena_new();
		struct job j = any_job(a, &channel_local, VERB_COUNTS);
		struct reply r = { .status = 200, .body = files[i].body, .body_len = strlen(files[i].body) };
		struct news n = news_new(a);
		struct err err = { .text = "" };
		enum fault f = channel_local.say[VERB_COUNTS].hear(&acc, (struct batch){ &j, 1, 1795176000000 }, &r, &n, &err);

		if (f != (files[i].says ? FAULT_FORMAT : OK) || n.counts != (files[i].says ? 0 : 2) || (f && strncmp(err.text, files[i].says, strlen(files[i].says))))
			fail_msg("%s: %d counts, %s", files[i].body, n.counts, err.text);
		arena_free(a);
	}
}

/* A preview names by the limit what the engine says by the channel's table: they must be one operation, and a quantity one call. */
static void a_limit_names_the_operation_of_quantities(void **state)
{
	static const enum verb verbs[] = { VERB_STOCK, VERB_BULK };
	struct arena *a = arena_new();
	struct limit_registry r;
	struct err err;

	(void)state;
	assert_int_equal(limit_registry_load(a, &r, &err), OK);
	for (int i = 0; channel_at(i); i++)
		for (int v = 0; v < 2; v++) {
			const struct speech *say = &channel_at(i)->say[verbs[v]];
			const struct operation *o;

			if (!say->ask)
				continue;
			assert_int_equal(limit_registry_find(&r, say->op, &o, &err), OK);
			assert_int_equal(say->batch_max, 1);
			assert_string_equal(will_send_by(a, o->bucket), arena_printf(a, "%s %s", o->method, o->path));
		}
	assert_null(will_send_by(a, "walmart.orders.list"));
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_channel_is_found_by_name),
		cmocka_unit_test(each_operation_has_a_limit),
		cmocka_unit_test(each_row_is_whole),
		cmocka_unit_test(nothing_is_written_to_a_source_of_truth),
		cmocka_unit_test(every_walmart_request_has_its_headers),
		cmocka_unit_test(no_secret_is_in_an_address),
		cmocka_unit_test(a_count_with_escapes_is_refused),
		cmocka_unit_test(a_counted_sku_may_start_with_the_remarks_sign),
		cmocka_unit_test(rules_give_deadlines),
		cmocka_unit_test(no_rule_is_no_deadline),
		cmocka_unit_test(a_limit_names_the_operation_of_quantities),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
