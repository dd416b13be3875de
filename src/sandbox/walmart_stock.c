/*
 * walmart_stock.c: quantities, of one SKU and per ship node.
 *
 * By the contract inputQty is what the seller gave and availToSellQty = inputQty - reservedQty; GET /v3/inventory
 * shows the former.
 */
#include "sandbox/walmart.h"

#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { QTY_MAX = 999999, PAGE_DEFAULT = 10, PAGE_MAX = 50, WFS_MAX = 300 };

int walmart_listing(const struct world *w, const char *sku, enum place place)
{
	int product = product_by_sku(w, sku);

	return product < 0 || place >= PLACES ? -1 : w->product[product].listing[place];
}

/* The node asked for; the main one when none is named. PLACES: a node we do not have. */
static enum place node_of(const struct call *c)
{
	const char *node = call_param(c, "shipNode");
	enum place p = node ? place_named(node) : WALMART_MAIN;

	return p < PLACES && place_facts[p].platform == WALMART ? p : PLACES;
}

static void put_units(struct json_out *o, const char *key, int qty)
{
	json_put_object(o, key);
	json_put_text(o, "unit", "EACH");
	json_put_int(o, "amount", qty);
	json_end_object(o);
}

/* A whole number of eaches; -1: it is none. */
int walmart_units(const struct json *v)
{
	const struct json *amount = json_get(v, "amount");
	int64_t n;

	if (!json_is_number(amount) || strcmp(json_text_or(v, "unit", ""), "EACH") != 0)
		return -1;
	return text_int(json_scalar(amount), 0, QTY_MAX, &n) ? (int)n : -1;
}

static void answer_units(struct call *c, const char *sku, int qty)
{
	struct buf b = buf_new(c->arena);
	struct json_out o = json_out(&b);

	json_put_object(&o, NULL);
	json_put_text(&o, "sku", sku);
	put_units(&o, "quantity", qty);
	json_end_object(&o);
	call_answer_json(c, 200, &b);
}

void walmart_inventory_get(struct service *s, struct call *c)
{
	const char *sku = call_param(c, "sku");
	int listing = sku ? walmart_listing(s->world, sku, node_of(c)) : -1;

	if (!sku)
		walmart_refuse(c, 400, "INVALID_REQUEST_PARAM.GMP_INVENTORY_API", "sku is required.");
	else if (listing < 0)
		walmart_refuse(c, 404, "CONTENT_NOT_FOUND.GMP_INVENTORY_API", "The SKU was not found.");
	else
		answer_units(c, sku, s->world->listing[listing].shown);
}

void walmart_inventory_put(struct service *s, struct call *c)
{
	const char *sku = call_param(c, "sku");
	const struct json *body = call_json(c);
	enum place node = node_of(c);
	int listing = sku ? walmart_listing(s->world, sku, node) : -1, qty = walmart_units(json_get(body, "quantity"));
	bool pool = node == WALMART_WFS || (sku && listing < 0 && walmart_listing(s->world, sku, WALMART_WFS) >= 0);

	service_write(s, WRITES_PUSH, pool);
	if (!sku || strcmp(json_text_or(body, "sku", ""), sku) != 0) {
		walmart_refuse(c, 400, "INVALID_REQUEST_PARAM.GMP_INVENTORY_API", "sku in the query and in the body must be the same.");
	} else if (pool) {
		walmart_refuse(c, 400, "INVALID_REQUEST_CONTENT.GMP_INVENTORY_API", "The item is fulfilled by Walmart; its inventory cannot be updated.");
	} else if (listing < 0) {
		walmart_refuse(c, 404, "CONTENT_NOT_FOUND.GMP_INVENTORY_API", "The SKU was not found.");
	} else if (qty < 0) {
		walmart_refuse(c, 400, "INVALID_REQUEST_CONTENT.GMP_INVENTORY_API", "quantity must be a whole number of EACH, from 0 to 999999.");
	} else {
		listing_say(s->world, listing, qty, c->correlation);
		answer_units(c, sku, qty);
	}
}

/* ---- per node ---- */

static void put_node(const struct world *w, struct json_out *o, int listing)
{
	const struct listing *l = &w->listing[listing];

	json_put_object(o, NULL);
	json_put_text(o, "shipNode", place_facts[l->place].id);
	put_units(o, "inputQty", l->shown);
	put_units(o, "availToSellQty", listing_sellable(w, l));
	put_units(o, "reservedQty", l->reserved);
	json_end_object(o);
}

/* only PLACES: all nodes of the seller. */
static void put_nodes(const struct world *w, struct json_out *o, int product, enum place only)
{
	for (enum place p = WALMART_MAIN; p <= WALMART_WEST; p++)
		if (w->product[product].listing[p] >= 0 && (only == PLACES || only == p))
			put_node(w, o, w->product[product].listing[p]);
}

static bool at_seller_node(const struct world *w, int product)
{
	return w->product[product].listing[WALMART_MAIN] >= 0 || w->product[product].listing[WALMART_WEST] >= 0;
}

void walmart_nodes_get(struct service *s, struct call *c)
{
	int product = product_by_sku(s->world, c->segment[2]);
	bool named = call_given(c, "shipNode");
	enum place only = named ? node_of(c) : PLACES;
	struct buf b = buf_new(c->arena);
	struct json_out o = json_out(&b);

	if (product < 0 || !at_seller_node(s->world, product) || (named && only == PLACES)) {
		walmart_refuse(c, 404, "CONTENT_NOT_FOUND.GMP_INVENTORY_API", "The SKU was not found.");
		return;
	}
	json_put_object(&o, NULL);
	json_put_text(&o, "sku", c->segment[2]);
	json_put_array(&o, "nodes");
	put_nodes(s->world, &o, product, only);
	json_end_array(&o);
	json_end_object(&o);
	call_answer_json(c, 200, &b);
}

/* The answer is 200 even when a node refused: each node has its own status. */
static void put_node_status(struct json_out *o, const char *node, const char *wrong)
{
	json_put_object(o, NULL);
	json_put_text(o, "shipNode", node);
	json_put_text(o, "status", wrong ? "Failure" : "Success");
	if (wrong) {
		json_put_array(o, "errors");
		json_put_object(o, NULL);
		json_put_text(o, "code", "INVALID_REQUEST_CONTENT.GMP_INVENTORY_API");
		json_put_text(o, "field", "shipNode");
		json_put_text(o, "description", wrong);
		json_put_text(o, "severity", "ERROR");
		json_put_text(o, "category", "DATA");
		json_end_object(o);
		json_end_array(o);
	}
	json_end_object(o);
}

static const char *node_say(struct world *w, const char *sku, const struct json *node, const char *correlation)
{
	enum place place = place_named(json_text_or(node, "shipNode", ""));
	int listing = place <= WALMART_WEST ? walmart_listing(w, sku, place) : -1, qty = walmart_units(json_get(node, "inputQty"));

	if (listing < 0)
		return "The ship node is not one of this item's.";
	if (qty < 0)
		return "inputQty must be a whole number of EACH, from 0 to 999999.";
	listing_say(w, listing, qty, correlation);
	return NULL;
}

void walmart_nodes_put(struct service *s, struct call *c)
{
	const struct json *nodes = json_get(call_json(c), "inventories.nodes");
	int product = product_by_sku(s->world, c->segment[2]);
	bool pool = product >= 0 && !at_seller_node(s->world, product);
	struct buf b = buf_new(c->arena);
	struct json_out o = json_out(&b);

	service_write(s, WRITES_PUSH, pool);
	if (!json_count(nodes)) {
		walmart_refuse(c, 400, "INVALID_REQUEST_CONTENT.GMP_INVENTORY_API", "inventories.nodes is required.");
		return;
	}
	if (product < 0 || pool) {
		walmart_refuse(c, 404, "CONTENT_NOT_FOUND.GMP_INVENTORY_API", "The SKU was not found.");
		return;
	}
	json_put_object(&o, NULL);
	json_put_text(&o, "sku", c->segment[2]);
	json_put_array(&o, "nodes");
	for (const struct json *n = json_first(nodes); n; n = json_next(n))
		put_node_status(&o, json_text_or(n, "shipNode", ""), node_say(s->world, c->segment[2], n, c->correlation));
	json_end_array(&o);
	json_end_object(&o);
	call_answer_json(c, 200, &b);
}

/* ---- all items ---- */

/*
 * The cursor is another one each time and must come from the call before; the walk ends with an empty page, never
 * with a missing cursor (as clients have reported).
 */
static const char *cursor_make(struct arena *a, struct world *w, int at)
{
	return base64_encode(a, arena_printf(a, "%012" PRIx64 "-%d", rng_next(&w->chance) >> 16, at));
}

static int cursor_read(const struct call *c)
{
	const char *s = call_param(c, "nextCursor"), *plain, *at;
	int n = -1;

	if (!s || !*s)
		return 0;
	plain = base64_decode(c->arena, s);
	at = plain ? strchr(plain, '-') : NULL;
	return at && sscanf(at, "-%9d", &n) == 1 && n >= 0 ? n : -1;
}

/* Items from *at on, at most limit of them. */
static void put_items(const struct world *w, struct json_out *o, int *at, int64_t limit)
{
	for (int64_t n = 0; *at < w->products && n < limit; ++*at) {
		if (!at_seller_node(w, *at))
			continue;
		json_put_object(o, NULL);
		json_put_text(o, "sku", world_str(w, w->product[*at].sku));
		json_put_array(o, "nodes");
		put_nodes(w, o, *at, PLACES);
		json_end_array(o);
		json_end_object(o);
		n++;
	}
}

void walmart_inventories(struct service *s, struct call *c)
{
	struct world *w = s->world;
	struct buf items = buf_new(c->arena), b = buf_new(c->arena);
	struct json_out list = json_out(&items), o = json_out(&b);
	int64_t limit;
	int at = cursor_read(c), total = 0;

	if (at < 0 || !call_int(c, "limit", 1, PAGE_MAX, PAGE_DEFAULT, &limit)) {
		walmart_refuse(c, 400, "INVALID_REQUEST_PARAM.GMP_INVENTORY_API", at < 0 ? "nextCursor is not valid." : "limit must be from 1 to 50.");
		return;
	}
	for (int i = 0; i < w->products; i++)
		total += at_seller_node(w, i);
	json_put_array(&list, NULL);
	put_items(w, &list, &at, limit);
	json_end_array(&list);
	json_put_object(&o, NULL);
	json_put_object(&o, "meta");
	json_put_int(&o, "totalCount", total);
	json_put_text(&o, "nextCursor", cursor_make(c->arena, w, at));
	json_end_object(&o);
	json_put_object(&o, "elements");
	json_put_raw(&o, "inventories", items.p);
	json_end_object(&o);
	json_end_object(&o);
	call_answer_json(c, 200, &b);
}

/* ---- Walmart's own warehouse ---- */

static void put_wfs(const struct world *w, struct json_out *o, int product)
{
	const struct listing *l = &w->listing[w->product[product].listing[WALMART_WFS]];
	char iso[32];

	time_iso(l->changed_ms, iso);
	json_put_object(o, NULL);
	json_put_text(o, "sku", world_str(w, w->product[product].sku));
	json_put_array(o, "shipNodes");
	json_put_object(o, NULL);
	json_put_text(o, "modifiedDate", iso);
	json_put_int(o, "availToSellQty", listing_sellable(w, l));
	json_put_int(o, "onHandQty", listing_sellable(w, l));
	json_put_text(o, "shipNodeType", "WFSFulfilled");
	json_end_object(o);
	json_end_array(o);
	json_end_object(o);
}

static bool wfs_asked(const struct world *w, const struct call *c, int product, int64_t from_ms)
{
	int listing = w->product[product].listing[WALMART_WFS];
	const char *sku = call_param(c, "sku");

	return listing >= 0 && w->listing[listing].changed_ms >= from_ms && (!sku || strcmp(sku, world_str(w, w->product[product].sku)) == 0);
}

void walmart_wfs(struct service *s, struct call *c)
{
	const struct world *w = s->world;
	struct buf items = buf_new(c->arena), b = buf_new(c->arena);
	struct json_out list = json_out(&items), o = json_out(&b);
	int64_t limit, offset, from_ms, n = 0;

	if (!call_int(c, "limit", 1, WFS_MAX, PAGE_DEFAULT, &limit) || !call_int(c, "offset", 0, INT32_MAX, 0, &offset) ||
	    !call_time(c, "fromModifiedDate", 0, &from_ms)) {
		walmart_refuse(c, 400, "INVALID_REQUEST_PARAM.GMP_INVENTORY_API", "limit, offset or fromModifiedDate is not valid.");
		return;
	}
	json_put_array(&list, NULL);
	for (int i = 0; i < w->products; i++) {
		if (!wfs_asked(w, c, i, from_ms))
			continue;
		if (n >= offset && n < offset + limit)
			put_wfs(w, &list, i);
		n++;
	}
	json_end_array(&list);
	json_put_object(&o, NULL);
	json_put_object(&o, "headers");
	json_put_int(&o, "totalCount", n);
	json_put_int(&o, "limit", limit);
	json_put_int(&o, "offset", offset);
	json_end_object(&o);
	json_put_object(&o, "payload");
	json_put_raw(&o, "inventory", items.p);
	json_end_object(&o);
	json_end_object(&o);
	call_answer_json(c, 200, &b);
}
