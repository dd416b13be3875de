/*
 * wfs.c: what lies in Walmart's own warehouses: a pool that is shown and never written.
 */
#include "base/text.h"
#include "channels/walmart/walmart.h"

#include <inttypes.h>
#include <string.h>

enum { PAGE_SKUS = 300, REACH = 10000000 }; /* most of a page (contract) */

static enum fault offset_of(const struct job *job, int64_t *out, struct err *err)
{
	const char *page = job->cursor.page;

	*out = 0;
	if (page && *page && !text_int(page, 0, REACH, out))
		return err_set(err, FAULT_REFUSED, "the stored page is no offset");
	return OK;
}

enum fault walmart_pool_ask(const struct account *acc, struct batch b, struct request *r, struct err *err)
{
	int64_t offset;

	if (offset_of(b.job, &offset, err))
		return FAULT_REFUSED;
	walmart_request(acc, r, "GET", "/v3/fulfillment/inventory");
	request_query_int(r, "limit", PAGE_SKUS);
	request_query_int(r, "offset", offset);
	return OK;
}

/* One SKU, over all of their warehouses. */
static void take_item(struct news *n, const struct json *v, const char *path)
{
	struct reading w = { .arena = n->arena };
	struct spot item = { .r = &w, .v = v, .path = path }, nodes = spot_get(item, "shipNodes");
	struct seen *s = news_seen(n);

	s->sku = need_plain(item, "sku", 100);
	s->pool = "wfs";
	s->pooled = true;
	s->path = path;
	if (!json_is_array(nodes.v))
		spot_wrong(item, "shipNodes", "missing");
	for (struct spot node = spot_first(nodes); node.v; node = spot_next(node))
		s->qty += need_int(node, "availToSellQty", 0, QTY_MAX);
	if (s->qty > QTY_MAX)
		spot_wrong(item, "shipNodes", "more than anybody has");
	if (!w.path)
		return;
	answer_park(n, &w, &item, *s->sku ? "ITEM" : "SCHEMA", json_text_or(v, "sku", ""));
	n->seens--;
}

enum fault walmart_pool_hear(const struct account *acc, struct batch b, const struct reply *r, struct news *n, struct err *err)
{
	const struct json *body, *list;
	int64_t offset;
	int i = 0;
	enum fault f;

	n->has_page = true;
	if (walmart_is_none(b.job, r, n->arena))
		return OK;
	f = walmart_open(acc, WALMART_INVENTORY, r, n->arena, &body, err);
	if (f || (f = offset_of(b.job, &offset, err)))
		return f;
	list = json_get(body, "payload.inventory");
	if (!json_get(body, "payload") || (list && !json_is_array(list)))
		return err_set(err, FAULT_FORMAT, "payload.inventory: not a list");
	for (const struct json *v = json_first(list); v; v = json_next(v))
		take_item(n, v, arena_printf(n->arena, "payload.inventory[%d]", i++));
	if (i && offset + i < json_int_or(body, "headers.totalCount", i == PAGE_SKUS ? REACH : 0))
		n->next_page = arena_printf(n->arena, "%" PRId64, offset + i);
	return OK;
}
