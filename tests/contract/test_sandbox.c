/*
 * test_sandbox.c: the simulated marketplaces are held to the contract cases: the same request must get the same status, and an
 * answer that lacks nothing of the case's, or days lived in the simulation would prove nothing about the platforms.
 *
 * A case speaks of orders and SKUs that exist nowhere; they are exchanged for what the simulation has. What needs a state that it
 * cannot be put in from here is left out, by name.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/contract/case.h"
#include "tests/contract/stall.h"

#include <glob.h>
#include <stdio.h>
#include <string.h>

/* Pages whose marks are the platform's own; refusals of a rule that the simulation does not keep. */
static const char *const left_out[] = { "next-page", "stock-list-next", "stock-list-end", "-invalid", "orders-none", "token-revoked", "timed-out", "orders-fba", NULL };

/* What an answer has or has not by the order it tells of, not by the platform. */
static const char *const by_order[] = {
	"addressLine3",  /* few addresses have one */
	".phone", ".email", ".barcode", "cancelledAt", /* theirs had none; ours was cancelled, or was not */
	"orders[0].buyer", /* nobody's, while the payment is pending */
	"list.meta.nextCursor", /* none, when one page held all */
	"items[0].createdage", "items[0].changedage", /* SuiteQL writes a number now as one, now as text: the adapter takes both */
	"unitOfMeasures.units", /* each product has units of its own */
	NULL,
};

/* Only the first of several keeps its place: our order has one line. */
static void set(struct fields *f, const char *key, const char *value)
{
	int kept = 0, found = 0;

	for (int i = 0; i < f->n; i++) {
		struct field is = f->field[i];

		if (!strcmp(is.key, key) && found++)
			continue;
		f->field[kept] = is;
		if (!strcmp(is.key, key))
			f->field[kept].value = value;
		kept++;
	}
	f->n = kept;
}

static bool goes_by_order(const char *lack)
{
	bool yes = false;

	for (const char *const *p = by_order; *p; p++)
		yes |= strstr(lack, *p) != NULL;
	return yes;
}

static bool of_offer(const struct contract_case *c)
{
	return c->verb == VERB_STOCK || c->verb == VERB_STOCK_READ || c->verb == VERB_OFFER;
}

/* The marketplace's own numbers for a job: an order's and its line's, or an offer's. */
static void numbers_set(struct stall *s, struct contract_case *c)
{
	const char *channel = c->channel->name, *line = "", *order = stall_order(s, channel, c->verb == VERB_SHIP || c->verb == VERB_CANCEL, c->arena, &line);
	bool shopify = !strcmp(channel, "shopify");
	struct fields *f = &c->job.payload;

	if (shopify)
		line = arena_printf(c->arena, "%s:%s:1", stall_number(s, c->arena, "FulfillmentOrder"), stall_number(s, c->arena, "FulfillmentOrderLineItem"));
	set(f, "line", arena_printf(c->arena, "1:%s", line));
	set(f, "ref", !of_offer(c) ? order : shopify ? stall_number(s, c->arena, "InventoryItem") : !strcmp(channel, "ebay") ? stall_offer(s, c->arena) : order);
	set(f, "node", shopify ? stall_number(s, c->arena, "Location") : "");
	if (!shopify)
		return;
	set(f, "item_ref", stall_number(s, c->arena, "InventoryItem"));
	set(f, "listing", stall_number(s, c->arena, "ProductVariant"));
	set(f, "seen", arena_printf(c->arena, "%d", stall_shown(s)));
}

/* A source of truth sells nothing: it is known by its tenant, and its reports by their runs. */
static void exchange_truth(struct stall *s, struct contract_case *c)
{
	const char *channel = c->channel->name;

	c->account.client_id = stall_id(channel);
	c->account.client_secret = c->verb == VERB_TOKEN && strstr(c->file, "refused") ? "wrong" : stall_secret(channel);
	c->account.tenant = stall_tenant(channel);
	c->account.customer = stall_customer();
	c->account.access_token = c->reply.status == 401 ? "nobody's" : stall_token(s, channel);
	c->account.refresh_token = strstr(c->file, "ended") ? "of last week" : stall_refresh(channel);
	c->account.offset_ms = stall_offset(s, c->now_ms);
	if (*c->account.private_key)
		c->account.certificate_id = stall_certificate(c->account.private_key);
	if (strstr(c->file, "sql-refused"))
		stall_lack(s, "aggregateitemlocation");
	if (*c->account.token_id) {
		c->account.token_id = stall_token_id();
		c->account.token_secret = c->reply.status == 401 ? "another" : stall_token_secret();
	}
	if (c->verb == VERB_COUNTS && c->reply.status == 200)
		set(&c->job.payload, "run", stall_run(s, c->arena, c->account.access_token, !strstr(c->file, "in-process")));
}

/* Our order, SKU or feed for theirs; a case that says "not found" keeps the one that does not exist. */
static void exchange(struct stall *s, struct contract_case *c)
{
	const char *channel = c->channel->name;

	c->account.client_id = stall_id(channel);
	c->account.client_secret = strstr(c->file, "wrong-secret") ? "wrong" : stall_secret(channel);
	c->account.refresh_token = stall_refresh(channel);
	c->account.seller_id = stall_seller();
	c->account.access_token = c->reply.status == 401 ? "nobody's" : stall_token(s, channel);
	if (strstr(c->file, "not-found") || strstr(c->file, "unknown-sku"))
		return;
	numbers_set(s, c);
	set(&c->job.payload, "sku", stall_sku(s, channel));
	set(&c->job.payload, "product_type", stall_type(s, channel));
	set(&c->job.payload, "marketplace", !strcmp(channel, "amazon") ? "ATVPDKIKX0DER" : "");
	set(&c->job.payload, "id", stall_feed(s));
}

/* NULL: the simulation answers as the platform does. */
static const char *answers_differ(struct contract_case *c)
{
	struct stall *s = stall_open(c->channel->name);
	struct request r;
	struct served out = { .reply = { .status = 500, .body = "" }, .cut_at = -1 };
	struct err err = { 0 };
	const char *lack = NULL;

	if (c->channel->is_truth)
		exchange_truth(s, c);
	else
		exchange(s, c);
	if (c->reply.status == 429)
		stall_fault(s, "kind=throttle");
	if (c->reply.status >= 500)
		stall_fault(s, arena_printf(c->arena, "kind=error status=%d", c->reply.status));
	if (case_ask(c, &r, &err)) {
		lack = arena_strdup(c->arena, err.text);
	} else {
		stall_ask(s, c->channel->name, c->arena, &r, &out);
		if (out.reply.status != c->reply.status)
			lack = arena_printf(c->arena, "%d instead of %d: %.300s", out.reply.status, c->reply.status, out.reply.body);
		else if (c->reply.body_len && c->reply.status < 400)
			lack = case_lacks(c->arena, c->reply.body, arena_strndup(c->arena, out.reply.body, out.reply.body_len));
	}
	stall_close(s);
	return lack && goes_by_order(lack) ? NULL : lack;
}

static bool is_left_out(const char *file)
{
	bool out = false;

	for (const char *const *p = left_out; *p; p++)
		out |= strstr(file, *p) != NULL;
	return out;
}

static void the_simulation_answers_as_the_cases_do(void **state)
{
	int bad = 0, said = 0;
	glob_t g;

	(void)state;
	assert_int_equal(glob("tests/contract/*/*.case", 0, NULL, &g), 0);
	for (size_t i = 0; i < g.gl_pathc; i++) {
		struct arena *a = arena_new();
		struct contract_case c;
		const char *wrong;

		case_read(a, g.gl_pathv[i], &c);
		if (c.sandbox && stall_knows(c.channel->name) && !is_left_out(g.gl_pathv[i])) {
			said++;
			wrong = c.broken ? c.broken : answers_differ(&c);
			if (wrong) {
				print_error("%s: %s\n   %s\n", g.gl_pathv[i], c.why, wrong);
				bad++;
			}
		}
		arena_free(a);
	}
	globfree(&g);
	print_message("%d cases said to the simulation\n", said);
	assert_true(said >= 30);
	assert_int_equal(bad, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(the_simulation_answers_as_the_cases_do) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
