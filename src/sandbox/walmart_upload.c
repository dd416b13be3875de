/*
 * walmart_upload.c: quantities by the file: feeds of type inventory and MP_INVENTORY.
 *
 * The contract of 2024-12-25 says that the file is a part of a form and does not show these two types; their JSON is as
 * Walmart's guides have it: {"InventoryHeader":{"version":"1.4"},"Inventory":[{"sku","quantity"}]} for one quantity a
 * SKU, {"inventoryHeader":{"version":"1.5"},"inventory":[{"sku","shipNodes":[{"shipNode","quantity"}]}]} for the nodes.
 * A feed is taken whatever it holds; what is wrong with it is told item by item when it has been processed.
 */
#include "sandbox/walmart.h"

#include <string.h>

enum { NODES_MAX = 8 };

/* What a file wants of one SKU: quantities at places, or why not. */
struct item_wish {
	int listing[NODES_MAX], qty[NODES_MAX], n;
	const char *code, *why;
	bool pool;
};

/* ---- the form ---- */

/* "multipart/form-data; boundary=x" or "...; boundary=\"x\"". NULL: it is no form. */
static const char *boundary(struct call *c)
{
	const char *type = call_header(c, "Content-Type"), *at = type ? strstr(type, "boundary=") : NULL;

	if (!at || strncmp(type, "multipart/form-data", 19) != 0)
		return NULL;
	at += 9;
	return *at == '"' ? arena_strndup(c->arena, at + 1, strcspn(at + 1, "\"")) : arena_strndup(c->arena, at, strcspn(at, "; "));
}

/* The part that is called file; NULL: there is none. */
static const char *file_part(struct call *c, size_t *n)
{
	const char *mark = boundary(c), *text, *at, *end, *body;

	if (!mark || !c->req->body)
		return NULL;
	text = arena_strndup(c->arena, c->req->body, c->req->body_len);
	mark = arena_printf(c->arena, "--%s", mark);
	for (at = strstr(text, mark); at; at = end) {
		body = strstr(at, "\r\n\r\n");
		end = body ? strstr(body, arena_printf(c->arena, "\r\n%s", mark)) : NULL;
		if (!end)
			return NULL;
		*n = (size_t)(end - body - 4);
		end += 2;
		if (strstr(arena_strndup(c->arena, at, (size_t)(body - at)), "name=\"file\""))
			return body + 4;
	}
	return NULL;
}

/* ---- items ---- */

static void item_refuse(struct item_wish *wish, const char *code, const char *why)
{
	wish->code = code;
	wish->why = why;
}

static void node_wish(const struct world *w, struct item_wish *wish, const char *sku, enum place place, const struct json *quantity)
{
	int listing = place <= WALMART_WEST ? walmart_listing(w, sku, place) : -1, qty = walmart_units(quantity);

	if (wish->n == NODES_MAX || listing < 0) {
		item_refuse(wish, "ERR_EXT_DATA_0101215", "The ship node is not one of this item's.");
	} else if (qty < 0) {
		item_refuse(wish, "ERR_EXT_DATA_0101213", "quantity must be a whole number of EACH, from 0 to 999999.");
	} else {
		wish->listing[wish->n] = listing;
		wish->qty[wish->n++] = qty;
	}
}

static struct item_wish item_read(const struct world *w, const struct json *item, bool nodes)
{
	const char *sku = json_text_or(item, "sku", "");
	const struct json *list = json_get(item, "shipNodes");
	struct item_wish wish = { .pool = walmart_listing(w, sku, WALMART_WFS) >= 0 };

	if (wish.pool)
		item_refuse(&wish, "ERR_EXT_DATA_0101220", "The item is fulfilled by Walmart; its inventory cannot be updated.");
	else if (walmart_listing(w, sku, WALMART_MAIN) < 0 && walmart_listing(w, sku, WALMART_WEST) < 0)
		item_refuse(&wish, "ERR_EXT_DATA_0101211", "The SKU is not set up in this account.");
	else if (nodes && !json_count(list))
		item_refuse(&wish, "ERR_EXT_DATA_0101214", "shipNodes is required.");
	else if (!nodes)
		node_wish(w, &wish, sku, WALMART_MAIN, json_get(item, "quantity"));
	for (const struct json *n = nodes && !wish.code ? json_first(list) : NULL; n && !wish.code; n = json_next(n))
		node_wish(w, &wish, sku, place_named(json_text_or(n, "shipNode", "")), json_get(n, "quantity"));
	return wish;
}

/* All of an item or nothing of it. */
static void item_take(struct world *w, int feed, const struct json *item, bool nodes, const char *correlation)
{
	struct item_wish wish = item_read(w, item, nodes);
	struct feed_item *row;

	w->count[POOL_WRITES] += wish.pool;
	feed_item_add(w, feed, json_text_or(item, "sku", ""), wish.code ? ITEM_DATA_ERROR : ITEM_SUCCESS, wish.code, wish.why);
	row = &w->feed_item[w->feed_items - 1];
	for (int i = 0; !wish.code && i < wish.n; i++) {
		int push = listing_promise(w, wish.listing[i], wish.qty[i], correlation);

		row->push = i ? row->push : push;
		row->pushes++;
	}
}

/* Half a minute in the queue, then six to forty minutes: their promise is four hours. */
void walmart_upload(struct service *s, struct call *c)
{
	struct world *w = s->world;
	const char *type = call_param(c, "feedType"), *file;
	const struct json *body = NULL;
	bool nodes = type && strcmp(type, "MP_INVENTORY") == 0;
	struct buf b = buf_new(c->arena);
	struct json_out o = json_out(&b);
	size_t n = 0;
	int feed;

	service_write(s, WRITES_FEED, false);
	if (!nodes && (!type || strcmp(type, "inventory") != 0)) {
		walmart_refuse(c, 400, "INVALID_REQUEST_PARAM.GMP_FEED_API", "feedType is missing, or none that this simulation takes.");
		return;
	}
	file = file_part(c, &n);
	if (!file) {
		walmart_refuse(c, 400, "INVALID_REQUEST_CONTENT.GMP_FEED_API", "The request must be a form with a part called file.");
		return;
	}
	if (json_open(c->arena, file, n, &body, NULL) != OK)
		body = NULL;
	feed = feed_begin(w, WALMART, type, 30000, (6 + rng_below(&w->chance, 35)) * MINUTE_MS);
	for (const struct json *e = json_first(json_get(body, nodes ? "inventory" : "Inventory")); e; e = json_next(e))
		item_take(w, feed, e, nodes, c->correlation);
	json_put_object(&o, NULL);
	json_put_text(&o, "feedId", world_str(w, w->feed[feed].id));
	json_put_null(&o, "additionalAttributes");
	json_put_null(&o, "errors");
	json_end_object(&o);
	call_answer_json(c, 200, &b);
}
