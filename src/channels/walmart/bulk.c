/*
 * bulk.c: many quantities at once, as a file handed in at Walmart.
 *
 * Where each quantity names its ship node the feed is MP_INVENTORY, else inventory. The file is JSON in one part of a form (the contract
 * has the form; what stands in the file is Walmart's guides', "Bulk inventory update" and "Multi node inventory", read 2026-11).
 * Its name is ours, so that a feed whose answer was lost is known again in their list.
 */
#include "base/text.h"
#include "channels/lot.h"
#include "channels/walmart/walmart.h"

#include <string.h>

static const char *node_of(const struct account *acc, const struct lot_item *item)
{
	return *item->node ? item->node : acc->ship_node ? acc->ship_node : "";
}

static void put_quantity(struct json_out *o, int64_t qty)
{
	json_put_object(o, "quantity");
	json_put_text(o, "unit", "EACH");
	json_put_int(o, "amount", qty);
	json_end_object(o);
}

static void put_item(struct json_out *o, const struct lot_item *item, const char *node)
{
	json_put_object(o, NULL);
	json_put_text(o, "sku", item->sku);
	if (*node) {
		json_put_array(o, "shipNodes");
		json_put_object(o, NULL);
		json_put_text(o, "shipNode", node);
		put_quantity(o, item->qty);
		json_end_object(o);
		json_end_array(o);
	} else {
		put_quantity(o, item->qty);
	}
	json_end_object(o);
}

/* The file. *nodes: do its quantities name theirs? All of them, or none. */
static enum fault put_file(const struct account *acc, const struct job *job, struct buf *file, bool *nodes, struct err *err)
{
	struct json_out o = json_out(file);
	struct lot_item item;
	int n = 0;

	*nodes = acc->ship_node && *acc->ship_node;
	json_put_object(&o, NULL);
	for (int at = 0; lot_next(job, &at, file->arena, &item, err); n++) {
		const char *node = node_of(acc, &item);

		if (!n) {
			*nodes = *node != '\0';
			json_put_object(&o, *nodes ? "inventoryHeader" : "InventoryHeader");
			json_put_text(&o, "version", *nodes ? "1.5" : "1.4");
			json_end_object(&o);
			json_put_array(&o, *nodes ? "inventory" : "Inventory");
		}
		if (*nodes != (*node != '\0'))
			return err_set(err, FAULT_REFUSED, "SKU %.60s: one feed holds quantities of ship nodes or of none, not both", item.sku);
		put_item(&o, &item, node);
	}
	if (err->fault)
		return FAULT_REFUSED;
	if (!n)
		return err_set(err, FAULT_REFUSED, "the job names no item");
	json_end_array(&o);
	json_end_object(&o);
	return OK;
}

enum fault walmart_bulk_ask(const struct account *acc, struct batch b, struct request *r, struct err *err)
{
	struct buf file = buf_new(r->arena), form = buf_new(r->arena);
	const char *edge = arena_printf(r->arena, "tallyman-%s", r->correlation); /* in no file: it is new for each request */
	bool nodes;

	if (put_file(acc, b.job, &file, &nodes, err))
		return FAULT_REFUSED;
	buf_printf(&form, "--%s\r\nContent-Disposition: form-data; name=\"file\"; filename=\"%s\"\r\nContent-Type: application/json\r\n\r\n", edge,
	           lot_name(b.job, r->arena));
	buf_add(&form, file.p, file.len);
	buf_printf(&form, "\r\n--%s--\r\n", edge);
	walmart_request(acc, r, "POST", "/v3/feeds");
	request_query(r, "feedType", nodes ? "MP_INVENTORY" : "inventory");
	request_header(r, "Content-Type", arena_printf(r->arena, "multipart/form-data; boundary=%s", edge));
	r->body = form.p;
	r->body_len = form.len;
	return OK;
}

enum fault walmart_bulk_hear(const struct account *acc, struct batch b, const struct reply *r, struct news *n, struct err *err)
{
	struct reading w = { .arena = n->arena };
	const struct json *body;
	enum fault f = walmart_open(acc, WALMART_FEEDS, r, n->arena, &body, err);
	const char *id;

	(void)b;
	if (f)
		return f;
	id = need_id(spot_top(&w, body), "feedId", "-_@.", 120);
	if (answer_wrong(&w, err))
		return FAULT_FORMAT;
	news_receipt(n, 0, OK, id, NULL);
	return OK;
}
