/* A raw body as anybody may see it: nobody's name, address or words are in it, nor what opens an account. */
#include "base/json.h"
#include "engine/redact.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static const struct {
	const char *why, *in, *out;
} bodies[] = {
	{ "what an order is stays", "{\"orderId\":\"P-1\",\"sku\":\"A-1\",\"qty\":3,\"open\":true,\"note2\":null}", "{\"orderId\":\"P-1\",\"sku\":\"A-1\",\"qty\":3,\"open\":true,\"note2\":null}" },
	{ "who it is for does not", "{\"name\":\"Jane Doe\",\"phone\":\"+12175550123\"}", "{\"name\":\"J***\",\"phone\":\"+***\"}" },
	{ "a number neither", "{\"zip\":62704}", "{\"zip\":\"***\"}" },
	{ "nor a list's lines", "{\"formatted\":[\"Jane Doe\",\"12 Elm Street\"]}", "{\"formatted\":[\"J***\",\"1***\"]}" },
	{ "what stands in an address is hers, whatever it is called", "{\"deliveryAddress\":{\"floor\":\"Third\",\"more\":{\"door\":[7,\"Left\"]}},\"qty\":1}",
	  "{\"deliveryAddress\":{\"floor\":\"T***\",\"more\":{\"door\":[\"***\",\"L***\"]}},\"qty\":1}" },
	{ "so is what is said of a buyer", "{\"buyer\":{\"taxIdentifier\":{\"taxpayerId\":\"DE1\",\"taxIdentifierType\":\"VAT\"}}}", "{\"buyer\":{\"taxIdentifier\":{\"taxpayerId\":\"D***\",\"taxIdentifierType\":\"V***\"}}}" },
	{ "and what she wrote", "{\"buyerCheckoutNotes\":\"ring twice\",\"giftDetails\":{\"message\":\"Love\",\"senderName\":\"Joe\"}}",
	  "{\"buyerCheckoutNotes\":\"r***\",\"giftDetails\":{\"message\":\"L***\",\"senderName\":\"J***\"}}" },
	{ "an address in one row is one", "{\"billcity\":\"Reno\",\"shipzip\":\"89501\",\"billAddr1\":\"12 Elm\",\"shipMethod\":\"Ground\"}",
	  "{\"billcity\":\"R***\",\"shipzip\":\"8***\",\"billAddr1\":\"1***\",\"shipMethod\":\"Ground\"}" },
	{ "Walmart's number of an order is nobody's", "{\"customerOrderId\":\"200046257376\",\"shipNode\":{\"id\":\"39931104\"}}", "{\"customerOrderId\":\"200046257376\",\"shipNode\":{\"id\":\"39931104\"}}" },
	{ "what they say of an error stays", "{\"errors\":[{\"code\":\"X\",\"message\":\"no such order\"}]}", "{\"errors\":[{\"code\":\"X\",\"message\":\"no such order\"}]}" },
	{ "of a token not a letter is shown", "{\"access_token\":\"hunter2\",\"clientSecret\":42,\"passwords\":[\"hunter2\"]}", "{\"access_token\":\"***\",\"clientSecret\":\"***\",\"passwords\":[\"***\"]}" },
	{ "not even below a buyer's", "{\"buyer\":{\"token\":\"hunter2\"}}", "{\"buyer\":{\"token\":\"***\"}}" },
};

static void people_and_secrets_are_blotted_out(void **state)
{
	struct arena *a = arena_new();
	const char *out;

	(void)state;
	for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++)
		if (!redact_body(a, bodies[i].in, strlen(bodies[i].in), &out) || strcmp(out, bodies[i].out))
			fail_msg("%s: %s", bodies[i].why, out);
	arena_free(a);
}

static const struct {
	const char *why, *body;
} none[] = {
	{ "a page that broke off", "{\"order\":{\"name\":\"Jane Doe\",\"street\":\"12 Elm" },
	{ "a page with something behind it", "{\"name\":\"Jane Doe\"} 12 Elm Street" },
	{ "a page that says a thing twice", "{\"name\":\"Jane Doe\",\"name\":\"12 Elm\"}" },
	{ "bytes that are no UTF-8", "{\"city\":\"Jane\xff\"}" },
	{ "a page with a mark in front of it", "\xef\xbb\xbf)]}' {\"name\":\"Jane Doe\"}" },
	{ "XML", "<order><name>Jane Doe</name></order>" },
	{ "a table", "order,name\nP-1,Jane Doe\n" },
	{ "a text alone, which is JSON and says not what it is", "\"Jane Doe, 12 Elm Street\"" },
	{ "nothing", "" },
};

static void what_is_no_json_is_not_shown_at_all(void **state)
{
	struct arena *a = arena_new();
	const char *out;

	(void)state;
	for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
		size_t n = strlen(none[i].body);

		if (redact_body(a, none[i].body, n, &out) || strncmp(out, arena_printf(a, "%zu bytes that are no JSON", n), 12) || strstr(out, "Jane") || strstr(out, "Elm"))
			fail_msg("%s: %s", none[i].why, out);
	}
	arena_free(a);
}

/* ---- each field that the platforms' own contracts have for a person ---- */

#define CANARY "Zoe of 9 Quince Row"

/* A platform's order, and the keys below which everything is a person's. */
static const struct contract {
	const char *file, *root;
	const char *person[16];
	int least; /* so many fields at the least: else the walk has lost its way */
} contracts[] = {
	{ "amazon/models/orders_2026-01-01.json", "definitions.Order", { "buyer", "recipient", "giftMessage" }, 20 },
	{ "ebay/ebay_sell_fulfillment_v1_oas3.json", "components.schemas.Order", { "buyer", "shipTo", "finalDestinationAddress", "giftDetails", "buyerCheckoutNotes" }, 30 },
	{ "walmart/walmart_us_merged.json", "components.schemas.orders__Order", { "postalAddress", "phone", "customerEmailId", "buyerId", "pickupPersons" }, 15 },
	{ "cartoncloud/cartoncloud_subset.openapi.json", "components.schemas.OutboundOrderCreate", { "address", "instructions" }, 10 },
	{ "netsuite/netsuite_rest_subset.openapi.json", "components.schemas.salesOrder",
	  { "billingAddress", "shippingAddress", "billAddr1", "billAddr2", "billAddress", "billAddressee", "billCity", "billPhone", "billZip", "email", "memo" }, 9 },
};

struct walk {
	const struct json *all;
	const struct contract *c;
	struct json_out out;
	int fields;
};

static bool is_person(const struct contract *c, const char *key)
{
	for (size_t i = 0; key && i < sizeof c->person / sizeof *c->person && c->person[i]; i++)
		if (!strcmp(c->person[i], key))
			return true;
	return false;
}

static const struct json *resolved(struct arena *a, const struct walk *w, const struct json *schema)
{
	const char *ref = json_text_or(schema, "$ref", NULL);
	char *path = ref && !strncmp(ref, "#/", 2) ? arena_strdup(a, ref + 2) : NULL;

	for (char *p = path; p && *p; p++)
		if (*p == '/')
			*p = '.';
	return path ? json_get(w->all, path) : schema;
}

/* A value as the schema has it: with the canary where a person is told, and something else elsewhere. */
static void put_sample(struct arena *a, struct walk *w, const char *key, const struct json *schema, bool person, int deep)
{
	const struct json *s = resolved(a, w, schema), *properties = json_get(s, "properties"), *items = json_get(s, "items");
	const char *type = json_text_or(s, "type", "string");

	person |= is_person(w->c, key);
	if (deep > 12) {
		json_put_text(&w->out, key, "deep");
	} else if (properties) {
		json_put_object(&w->out, key);
		for (const struct json *p = json_first(properties); p; p = json_next(p))
			put_sample(a, w, json_key(p), p, person, deep + 1);
		json_end_object(&w->out);
	} else if (items) {
		json_put_array(&w->out, key);
		put_sample(a, w, NULL, items, person, deep + 1);
		json_end_array(&w->out);
	} else if (strcmp(type, "boolean")) {
		w->fields += person;
		json_put_text(&w->out, key, person ? CANARY : "else");
	}
}

static const struct json *contract_read(struct arena *a, const char *file)
{
	const char *dir = getenv("CONTRACTS");
	FILE *f = fopen(arena_printf(a, "%s/specs/%s", dir ? dir : "../shared/contracts", file), "rb");
	struct buf b = buf_new(a);
	const struct json *v = NULL;
	char chunk[65536];
	struct err err;
	size_t n;

	if (!f)
		return NULL;
	while ((n = fread(chunk, 1, sizeof chunk, f)) > 0)
		buf_add(&b, chunk, n);
	fclose(f);
	if (json_open(a, b.p, b.len, &v, &err))
		fail_msg("%s: %s", file, err.text);
	return v;
}

static void each_field_of_a_person_is_known(void **state)
{
	struct arena *a = arena_new();
	int read = 0;

	(void)state;
	for (size_t i = 0; i < sizeof contracts / sizeof *contracts; i++) {
		struct buf b = buf_new(a);
		struct walk w = { .all = contract_read(a, contracts[i].file), .c = &contracts[i], .out = json_out(&b) };
		const char *out, *shown;

		if (!w.all)
			continue;
		read++;
		assert_non_null(json_get(w.all, contracts[i].root));
		put_sample(a, &w, NULL, json_get(w.all, contracts[i].root), false, 0);
		if (w.fields < contracts[i].least)
			fail_msg("%s: %d fields of a person are found", contracts[i].file, w.fields);
		assert_true(redact_body(a, b.p, b.len, &out));
		shown = strstr(out, CANARY);
		if (shown)
			fail_msg("%s: ...%.*s is shown", contracts[i].file, 60 + (int)strlen(CANARY), shown - 60);
	}
	arena_free(a);
	if (!read) {
		print_message("skipped: no contracts here (CONTRACTS says where)\n");
		skip();
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(people_and_secrets_are_blotted_out),
		cmocka_unit_test(what_is_no_json_is_not_shown_at_all),
		cmocka_unit_test(each_field_of_a_person_is_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
