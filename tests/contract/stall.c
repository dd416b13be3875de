#include "tests/contract/stall.h"

#include "sandbox/ebay.h"
#include "sandbox/sandbox.h"
#include "sandbox/shopify.h"
#include "tests/published_keys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct stall {
	struct sandbox *sandbox;
};

static enum platform platform_of(const char *channel)
{
	enum platform p = 0;

	while (p < PLATFORMS && strcmp(platform_names[p], channel) != 0)
		p++;
	return p;
}

static struct stall *stall_with(unsigned sells)
{
	struct sandbox_options o = sandbox_demo(7, INT64_C(1795176000000));
	struct stall *s = calloc(1, sizeof *s);
	struct err err;

	o.delays = false;
	o.world.skus = 40;
	o.world.orders = 300;
	o.world.sells = sells;
	if (!s || sandbox_open(&o, &s->sandbox, &err))
		abort();
	return s;
}

/* Half an hour on, when the warehouses have heard of the orders. */
static struct stall *stall_with_depots(void)
{
	struct sandbox_options o = sandbox_demo(7, INT64_C(1795176000000));
	struct stall *s = calloc(1, sizeof *s);
	struct err err;

	o.delays = false;
	o.world.depots = true;
	o.world.skus = 40;
	o.world.orders = 300;
	if (!s || sandbox_open(&o, &s->sandbox, &err))
		abort();
	sandbox_advance(s->sandbox, o.world.epoch_ms + 30 * MINUTE_MS);
	return s;
}

/* Where nobody sells at eBay and Shopify the world of the first two is as it was before there were more. */
struct stall *stall_open(const char *channel)
{
	if (platform_of(channel) >= MARKETS)
		return stall_with_depots();
	return stall_with(platform_of(channel) > AMAZON ? SELLS_EVERYWHERE : 1u << WALMART | 1u << AMAZON);
}

void stall_close(struct stall *s)
{
	sandbox_close(s->sandbox);
	free(s);
}

bool stall_knows(const char *channel)
{
	return platform_of(channel) < PLATFORMS;
}

void stall_ask(struct stall *s, const char *channel, struct arena *a, const struct request *r, struct served *out)
{
	struct handler h = sandbox_handler(s->sandbox, platform_of(channel));

	h.serve(h.ctx, a, r, out);
}

void stall_fault(struct stall *s, const char *text)
{
	struct err err;

	if (sandbox_fault(s->sandbox, text, &err))
		abort();
}

/* The newest order that has one line and nothing done to it; -1: none. */
static int order_find(const struct world *w, enum platform platform, bool acked)
{
	for (int i = w->orders - 1; i >= 0; i--) {
		const struct order *o = &w->order[i];
		enum order_view view = order_view(w, o);
		bool fresh = platform == WALMART ? view == (acked ? VIEW_ACKED : VIEW_NEW) : platform == AMAZON ? view == VIEW_NEW : view == VIEW_NEW || view == VIEW_ACKED;

		if (order_platform(o) == platform && !place_facts[o->place].apart && o->lines == 1 && fresh && o->place != AMAZON_CA && o->place != AMAZON_MX)
			return i;
	}
	abort();
}

const char *stall_order(struct stall *s, const char *channel, bool acked, struct arena *a, const char **line)
{
	const struct world *w = s->sandbox->world;
	int order = order_find(w, platform_of(channel), acked);
	char id[24], item[24];

	order_id(w, order, id);
	line_item_id(w->order[order].line, item);
	*line = platform_of(channel) == WALMART ? "1" : arena_strdup(a, item);
	return arena_strdup(a, id);
}

/* The first product that the seller ships there himself. */
static int product_at(const struct world *w, const char *channel)
{
	static const enum place places[MARKETS] = { WALMART_MAIN, AMAZON_US, EBAY_US, SHOPIFY_MAIN };

	for (int i = 0; i < w->products; i++)
		if (w->product[i].listing[places[platform_of(channel)]] >= 0)
			return i;
	abort();
}

const char *stall_sku(struct stall *s, const char *channel)
{
	const struct world *w = s->sandbox->world;

	return world_str(w, w->product[product_at(w, channel)].sku);
}

const char *stall_type(struct stall *s, const char *channel)
{
	const struct world *w = s->sandbox->world;

	return world_str(w, w->product[product_at(w, channel)].kind);
}

const char *stall_feed(struct stall *s)
{
	const struct world *w = s->sandbox->world;

	return w->feeds ? world_str(w, w->feed[0].id) : "";
}

const char *stall_offer(struct stall *s, struct arena *a)
{
	const struct world *w = s->sandbox->world;

	return ebay_offer_id(a, w->product[product_at(w, "ebay")].listing[EBAY_US]);
}

const char *stall_number(struct stall *s, struct arena *a, const char *kind)
{
	struct shop shop = { .service = &s->sandbox->service[SHOPIFY], .world = s->sandbox->world };
	struct gql_run r = { .arena = a, .schema = &shop_schema, .ctx = &shop };
	int order = order_find(shop.world, SHOPIFY, false), line = shop.world->order[order].line, product = product_at(shop.world, "shopify");
	const struct {
		const char *name;
		enum shop_gid gid;
		int id;
	} kinds[] = { { "Order", GID_ORDER, order },
		      { "FulfillmentOrder", GID_FULFILLMENT_ORDER, order },
		      { "FulfillmentOrderLineItem", GID_FULFILLMENT_ORDER_LINE, line },
		      { "ProductVariant", GID_VARIANT, product },
		      { "InventoryItem", GID_ITEM, product },
		      { "Location", GID_LOCATION, SHOPIFY_MAIN } };

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (strcmp(kinds[i].name, kind) == 0)
			return shop_legacy_id(&r, kinds[i].gid, kinds[i].id).text;
	abort();
}

int stall_shown(struct stall *s)
{
	const struct world *w = s->sandbox->world;

	return w->listing[w->product[product_at(w, "shopify")].listing[SHOPIFY_MAIN]].shown;
}

static const struct {
	const char *id, *secret, *refresh;
} keys[PLATFORMS + 1] = {
	[WALMART] = { SANDBOX_WALMART_ID, SANDBOX_WALMART_SECRET, "" },
	[AMAZON] = { SANDBOX_AMAZON_ID, SANDBOX_AMAZON_SECRET, SANDBOX_AMAZON_REFRESH },
	[EBAY] = { SANDBOX_EBAY_ID, SANDBOX_EBAY_SECRET, SANDBOX_EBAY_REFRESH },
	[SHOPIFY] = { SANDBOX_SHOPIFY_ID, SANDBOX_SHOPIFY_SECRET, "" },
	[CARTONCLOUD] = { SANDBOX_CARTONCLOUD_ID, SANDBOX_CARTONCLOUD_SECRET, "" },
	[NETSUITE] = { SANDBOX_NETSUITE_ID, SANDBOX_NETSUITE_SECRET, SANDBOX_NETSUITE_REFRESH },
};

const char *stall_id(const char *channel)
{
	return keys[platform_of(channel)].id;
}

const char *stall_secret(const char *channel)
{
	return keys[platform_of(channel)].secret;
}

const char *stall_refresh(const char *channel)
{
	return keys[platform_of(channel)].refresh;
}

const char *stall_seller(void)
{
	return SANDBOX_AMAZON_SELLER;
}

const char *stall_token(struct stall *s, const char *channel)
{
	return access_give(&s->sandbox->service[platform_of(channel)], "token-", 900000)->value;
}

const char *stall_tenant(const char *channel)
{
	return platform_of(channel) == CARTONCLOUD ? SANDBOX_CARTONCLOUD_TENANT : SANDBOX_NETSUITE_ACCOUNT;
}

const char *stall_token_id(void)
{
	return SANDBOX_NETSUITE_TOKEN;
}

const char *stall_token_secret(void)
{
	return SANDBOX_NETSUITE_TOKEN_SECRET;
}

const char *stall_certificate(const char *private_key)
{
	return !strcmp(private_key, PUBLISHED_RSA) ? SANDBOX_NETSUITE_RSA : SANDBOX_NETSUITE_EC;
}

void stall_lack(struct stall *s, const char *record)
{
	s->sandbox->service[NETSUITE].lacks = record;
}

int64_t stall_offset(const struct stall *s, int64_t now_ms)
{
	return s->sandbox->world->now_ms - now_ms;
}

const char *stall_customer(void)
{
	return SANDBOX_CARTONCLOUD_CUSTOMER;
}

const char *stall_run(struct stall *s, struct arena *a, const char *token, bool ready)
{
	static const char wish[] = "{\"type\":\"STOCK_ON_HAND\",\"parameters\":{\"customer\":{\"id\":\"" SANDBOX_CARTONCLOUD_CUSTOMER
	                           "\"},\"warehouse\":{\"name\":\"Default\"},\"aggregateBy\":[\"unitOfMeasure\",\"productStatus\"]}}";
	struct request r = { .arena = a, .method = "POST", .url = "http://127.0.0.1/tenants/" SANDBOX_CARTONCLOUD_TENANT "/report-runs", .body = wish, .body_len = sizeof wish - 1 };
	struct served out;
	const char *id;

	r.header[r.headers++] = (struct header){ "Authorization", arena_printf(a, "Bearer %s", token) };
	r.header[r.headers++] = (struct header){ "Accept-Version", "1" };
	stall_ask(s, "cartoncloud", a, &r, &out);
	id = strstr(out.reply.body, "\"id\":\"7c1d4e90");
	if (ready)
		sandbox_advance(s->sandbox, s->sandbox->world->now_ms + MINUTE_MS);
	return id ? arena_strndup(a, id + 6, 36) : "";
}
