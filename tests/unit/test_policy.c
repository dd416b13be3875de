/* Which rule holds for an item and an account: layer over layer, each value with the name of who said it. */
#include "trade_world.h"

#include "base/clock.h"
#include "base/config.h"
#include "trade/overrides.h"
#include "trade/policy.h"

#define ACCOUNTS "[account walmart-us]\nchannel = walmart\n[account amazon-us]\nchannel = amazon\n[account shop]\nchannel = shopify\n"
#define EVENT "[profile fair]\nstart = 2027-07-13T00:00:00Z\nend = 2027-07-15T00:00:00Z\n"

static int64_t at(const char *time)
{
	int64_t ms = 0;

	assert_int_equal(time_parse(time, &ms), 0);
	return ms;
}

static enum fault book(struct arena *a, const char *text, struct policy_book *out, struct err *err)
{
	struct config *c = config_new();
	enum fault f = config_text(c, "tallyman.ini", text, err);

	if (!f)
		f = policy_book_read(a, c, out, err);
	config_free(c); /* nothing of the book points into it */
	return f;
}

/* ---- from one layer to the next ---- */

struct layer_case {
	const char *why, *config, *tag, *sku; /* tag, sku: "key=value", on all accounts; sku may be "ACCOUNT key=value" */
	const char *channel, *account, *when;
	enum policy_key key;
	const char *want, *layer;
};

static const struct layer_case layer_cases[] = {
	{ "a channel's default", ACCOUNTS, NULL, NULL, "walmart", "walmart-us", NULL, POLICY_BUFFER, "5u/12%", "default" },
	{ "a channel without a row keeps nothing back", ACCOUNTS, NULL, NULL, "local", "w", NULL, POLICY_BUFFER, "0u/0%", "default" },
	{ "a preset stands over the default", "[buffer]\npreset = simple\n" ACCOUNTS, NULL, NULL, "walmart", "walmart-us", NULL, POLICY_BUFFER, "0u/5%", "preset simple" },
	{ "an account's section over the preset", "[buffer]\npreset = simple\n" ACCOUNTS "buffer = 1u/2%\n", NULL, NULL, "shopify", "shop", NULL, POLICY_BUFFER, "1u/2%",
	  "[account shop]" },
	{ "and not over another account", "[buffer]\npreset = simple\n" ACCOUNTS "buffer = 1u/2%\n", NULL, NULL, "amazon", "amazon-us", NULL, POLICY_BUFFER, "0u/15%",
	  "preset simple" },
	{ "a share of the list", "[alloc]\nfixed = walmart-us 25%, shop 12.5%\n" ACCOUNTS, NULL, NULL, "shopify", "shop", NULL, POLICY_SHARE, "12.50%", "[alloc]" },
	{ "a margin of the list", "[alloc]\nmargin = walmart-us 7.10\n" ACCOUNTS, NULL, NULL, "walmart", "walmart-us", NULL, POLICY_MARGIN, "7.10", "[alloc]" },
	{ "a strategy", "[alloc]\nstrategy = margin\n" ACCOUNTS, NULL, NULL, "", "", NULL, POLICY_STRATEGY, "margin", "[alloc]" },
	{ "an event over the configuration", "[alloc]\nreserve = 1\n" ACCOUNTS EVENT "reserve = 9\n", NULL, NULL, "", "", "2027-07-13T00:00:00Z", POLICY_RESERVE, "9",
	  "profile fair" },
	{ "until it ends", "[alloc]\nreserve = 1\n" ACCOUNTS EVENT "reserve = 9\n", NULL, NULL, "", "", "2027-07-15T00:00:00Z", POLICY_RESERVE, "1", "[alloc]" },
	{ "and not before", "[alloc]\nreserve = 1\n" ACCOUNTS EVENT "reserve = 9\n", NULL, NULL, "", "", "2027-07-12T23:59:59Z", POLICY_RESERVE, "1", "[alloc]" },
	{ "an event for a tag is not for an item without it", ACCOUNTS EVENT "tag = other\nreserve = 9\n", "cap=3", NULL, "", "", "2027-07-14T00:00:00Z", POLICY_RESERVE,
	  "0", "default" },
	{ "an event for a tag", ACCOUNTS EVENT "tag = fragile\nreserve = 9\n", "cap=3", NULL, "", "", "2027-07-14T00:00:00Z", POLICY_RESERVE, "9", "profile fair" },
	{ "a tag over an event", ACCOUNTS EVENT "reserve = 9\n", "reserve=4", NULL, "", "", "2027-07-14T00:00:00Z", POLICY_RESERVE, "4", "tag fragile" },
	{ "a SKU over its tag", ACCOUNTS, "cap=3", "cap=7", "walmart", "walmart-us", NULL, POLICY_CAP, "7", "SKU SKU-1" },
	{ "a SKU on one account", ACCOUNTS, "cap=3", "walmart-us cap=7", "walmart", "walmart-us", NULL, POLICY_CAP, "7", "SKU SKU-1" },
	{ "and the tag on the others", ACCOUNTS, "cap=3", "walmart-us cap=7", "amazon", "amazon-us", NULL, POLICY_CAP, "3", "tag fragile" },
	{ "where overselling costs most", ACCOUNTS, NULL, NULL, "walmart", "walmart-us", NULL, POLICY_COST, "3", "default" },
	{ "the seller may think otherwise", ACCOUNTS "oversell_cost = 9\n", NULL, NULL, "shopify", "shop", NULL, POLICY_COST, "9", "[account shop]" },
	{ "never all of it", ACCOUNTS, NULL, NULL, "", "", NULL, POLICY_NEVER_FULL, "on", "default" },
	{ "unless somebody says so", "[buffer]\nnever_full = off\n" ACCOUNTS, NULL, NULL, "", "", NULL, POLICY_NEVER_FULL, "off", "[buffer]" },
};

static void set(struct world *w, const char *scope, const char *name, const char *text)
{
	struct override o = { .scope = scope, .name = name, .account = "", .cause = "test" };
	char *copy;

	if (!text)
		return;
	copy = arena_strdup(w->a, text);
	if (strchr(copy, ' ')) {
		o.account = copy;
		copy = strchr(copy, ' ');
		*copy++ = '\0';
	}
	o.key = copy;
	copy = strchr(copy, '=');
	*copy++ = '\0';
	o.value = copy;
	OKAY(w, override_set(w->s, &o, &w->why, &w->err));
}

static struct world with_item(void)
{
	struct world w = world_new();

	OKAY(&w, store_exec(w.s, &w.err, "INSERT INTO item (id, sku, made_ms) VALUES (1, 'SKU-1', 1), (2, 'SKU-2', 1)"));
	return w;
}

static void layer_over_layer(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof layer_cases / sizeof *layer_cases; i++) {
		const struct layer_case *c = &layer_cases[i];
		struct world w = with_item();
		struct policy_subject subject;
		struct policy_book b;
		struct policy p;

		if (book(w.a, c->config, &b, &w.err))
			fail_msg("%s: %s", c->why, w.err.text);
		OKAY(&w, item_tag(w.s, "SKU-1", "fragile", true, &w.why, &w.err));
		set(&w, "tag", "fragile", c->tag);
		set(&w, "sku", "SKU-1", c->sku);
		OKAY(&w, policy_subject_load(w.s, 1, w.a, &subject, &w.err));
		p = policy_resolve(&b, &subject, c->channel, c->account, c->when ? at(c->when) : T0);
		if (strcmp(policy_value_text(w.a, c->key, &p.value[c->key]), c->want) || strcmp(p.value[c->key].layer, c->layer))
			fail_msg("%s: %s by %s", c->why, policy_value_text(w.a, c->key, &p.value[c->key]), p.value[c->key].layer);
		world_free(&w);
	}
}

static void an_event_multiplies_buffers(void **state)
{
	struct policy_subject nobody = { 0 };
	struct arena *a = arena_new();
	struct policy_book b;
	struct policy p;
	struct err err;

	(void)state;
	assert_int_equal(book(a, ACCOUNTS EVENT "buffers = 250%\n", &b, &err), OK);
	p = policy_resolve(&b, &nobody, "walmart", "walmart-us", at("2027-07-14T00:00:00Z"));
	assert_int_equal(policy_buffer(&p).units, 13); /* 12.5, up */
	assert_int_equal(policy_buffer(&p).bp, 3000);
	assert_string_equal(p.buffer_layer, "profile fair");
	assert_string_equal(policy_events(&b, at("2027-07-14T00:00:00Z"), a), "profile fair");
	p = policy_resolve(&b, &nobody, "walmart", "walmart-us", T0);
	assert_int_equal(policy_buffer(&p).units, 5);
	assert_string_equal(policy_events(&b, T0, a), "");
	arena_free(a);
}

static void a_preset_warns(void **state)
{
	struct arena *a = arena_new();
	struct policy_book b;
	struct err err;

	(void)state;
	assert_int_equal(book(a, "[buffer]\npreset = simple\n" ACCOUNTS, &b, &err), OK);
	assert_non_null(strstr(b.warning, "walmart 0u/5% instead of 5u/12%"));
	assert_int_equal(book(a, ACCOUNTS, &b, &err), OK);
	assert_string_equal(b.warning, "");
	arena_free(a);
}

static void what_is_refused(void **state)
{
	static const struct {
		const char *why, *config, *says;
	} cases[] = {
		{ "shares of more than all", "[alloc]\nfixed = walmart-us 60%, shop 41%\n" ACCOUNTS, "the shares come to 101.00%" },
		{ "in a section of its own as well", "[alloc]\nfixed = walmart-us 60%\n" ACCOUNTS "share = 50%\n", "the shares come to 110.00%" },
		{ "a share for nobody", "[alloc]\nfixed = ebay 5%\n" ACCOUNTS, "tallyman.ini:2: [alloc] fixed: there is no [account ebay]" },
		{ "a share without a percent sign", "[alloc]\nfixed = shop 5\n" ACCOUNTS, "share wants a share as 40%" },
		{ "a strategy that is none", "[alloc]\nstrategy = fair\n" ACCOUNTS, "strategy wants shared, fixed, velocity or margin" },
		{ "a preset that is none", "[buffer]\npreset = bold\n" ACCOUNTS, "[buffer] preset: default or simple" },
		{ "nobody's FBA", ACCOUNTS "include_fba = ebay\n", "include_fba: off, or another account whose FBA stock" },
		{ "the last units for nobody", "[alloc]\nlast_account = ebay\n" ACCOUNTS, "[alloc] last_account: there is no such account" },
		{ "an event that ends before it starts", ACCOUNTS "[profile x]\nstart = 2027-07-15T00:00:00Z\nend = 2027-07-13T00:00:00Z\n", "it ends before it starts" },
		{ "an event without its zone", ACCOUNTS "[profile x]\nstart = 2027-07-13T00:00:00\nend = 2027-07-15T00:00:00Z\n", "a time with its zone" },
		{ "hysteresis without a percent sign", "[alloc]\nhysteresis = 2\n" ACCOUNTS, "expected a percentage" },
		{ "a word for a switch", "[alloc]\nremainder = some\n" ACCOUNTS, "largest or reserve" },
		{ "a negative reserve", "[alloc]\nreserve = -1\n" ACCOUNTS, "reserve wants a whole number" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena *a = arena_new();
		struct policy_book b;
		struct err err = { 0 };

		if (book(a, cases[i].config, &b, &err) != FAULT_REFUSED || !strstr(err.text, cases[i].says))
			fail_msg("%s: %s", cases[i].why, err.text);
		arena_free(a);
	}
}

/* ---- set by a person ---- */

static void an_override_ends_and_stays(void **state)
{
	struct world w = with_item();
	struct override clear = { .scope = "sku", .name = "SKU-1", .account = "", .key = "cap" }, *list;
	int n;

	(void)state;
	set(&w, "sku", "SKU-1", "cap=7");
	set(&w, "sku", "SKU-1", "cap=8");
	OKAY(&w, overrides_list(w.s, NULL, NULL, w.a, &list, &n, &w.err));
	assert_int_equal(n, 1);
	assert_string_equal(list[0].value, "8");
	assert_string_equal(list[0].cause, "test");
	assert_int_equal(world_int(&w, "SELECT count(*) FROM policy_override"), 2);
	assert_int_equal(world_int(&w, "SELECT count(*) FROM dirty WHERE item_id = 1"), 1);
	OKAY(&w, override_clear(w.s, &clear, &w.why, &w.err));
	assert_int_equal(world_int(&w, "SELECT count(*) FROM policy_override WHERE ended_ms = 0"), 0);
	assert_int_equal(override_clear(w.s, &clear, &w.why, &w.err), FAULT_REFUSED);
	world_free(&w);
}

static void a_tag_touches_its_items(void **state)
{
	struct world w = with_item();

	(void)state;
	OKAY(&w, item_tag(w.s, "SKU-2", "fragile", true, &w.why, &w.err));
	OKAY(&w, item_tag(w.s, "SKU-2", "fragile", true, &w.why, &w.err));
	OKAY(&w, store_exec(w.s, &w.err, "DELETE FROM dirty"));
	set(&w, "tag", "fragile", "cap=7");
	assert_int_equal(world_int(&w, "SELECT item_id FROM dirty"), 2);
	assert_int_equal(world_int(&w, "SELECT count(*) FROM change WHERE field = 'tag'"), 1);
	OKAY(&w, item_tag(w.s, "SKU-2", "fragile", false, &w.why, &w.err));
	assert_int_equal(world_int(&w, "SELECT count(*) FROM item_tag"), 0);
	world_free(&w);
}

static void what_cannot_be_set(void **state)
{
	static const struct {
		const char *why;
		struct override o;
		const char *says;
	} cases[] = {
		{ "for an item that is none", { .scope = "sku", .name = "NO", .account = "", .key = "cap", .value = "1" }, "no item NO" },
		{ "for a thing that is none", { .scope = "brand", .name = "X", .account = "", .key = "cap", .value = "1" }, "a tag or a sku" },
		{ "a policy that is none", { .scope = "sku", .name = "SKU-1", .account = "", .key = "colour", .value = "1" }, "no policy colour" },
		{ "a value that is none", { .scope = "sku", .name = "SKU-1", .account = "", .key = "cap", .value = "many" }, "cap wants a whole number" },
		{ "an account that is none", { .scope = "sku", .name = "SKU-1", .account = "etsy", .key = "cap", .value = "1" }, "no account etsy" },
		{ "an item's rule on one account", { .scope = "sku", .name = "SKU-1", .account = "walmart-us", .key = "strategy", .value = "fixed" }, "on all accounts" },
		{ "a tag with a space", { .scope = "tag", .name = "very fragile", .account = "", .key = "cap", .value = "1" }, "a tag is" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct world w = with_item();

		if (override_set(w.s, &cases[i].o, &w.why, &w.err) != FAULT_REFUSED || !strstr(w.err.text, cases[i].says))
			fail_msg("%s: %s", cases[i].why, w.err.text);
		world_free(&w);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(layer_over_layer),
		cmocka_unit_test(an_event_multiplies_buffers),
		cmocka_unit_test(a_preset_warns),
		cmocka_unit_test(what_is_refused),
		cmocka_unit_test(an_override_ends_and_stays),
		cmocka_unit_test(a_tag_touches_its_items),
		cmocka_unit_test(what_cannot_be_set),
	};

	return cmocka_run_group_tests_name("policy", tests, NULL, NULL);
}
