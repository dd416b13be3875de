/*
 * inventory.c: quantities at Walmart.
 *
 * What is said and what is compared is the seller's own number (inputQty; "quantity" of the single read), not what is left of
 * it after Walmart's reservations. A quantity stands at a ship node. An account that names its node (ship_node) speaks of that
 * node and hears of no other. One that names none speaks of the default node: a SKU with one node is taken to stand there; which
 * of several it is no list tells, so such a SKU is asked for by itself. To take each node for ours would offer the same units twice.
 */
#include "channels/walmart/walmart.h"

#include "base/text.h"

#include <inttypes.h>
#include <string.h>

enum { PAGE_SKUS = 50 }; /* most that GET /v3/inventories gives (contract) */

/* A SKU may hold nearly anything that can be seen; in a URL it is percent-encoded. */
static enum fault sku_of(const struct job *job, const char **sku, struct err *err)
{
	*sku = fields_get(&job->payload, "sku", "");
	if (!**sku || strlen(*sku) > 100)
		return err_set(err, FAULT_REFUSED, "the job names no SKU of 1 to 100 characters");
	return OK;
}

static const char *node_of(const struct account *acc, const struct job *job)
{
	const char *node = fields_get(&job->payload, "node", "");

	return *node ? node : acc->ship_node && *acc->ship_node ? acc->ship_node : NULL;
}

/* "Not found" of a SKU that stands at another node than the default one is no news to a person without that word. */
static enum fault open_sku(const struct account *acc, const struct job *job, const struct reply *r, struct arena *a, const struct json **body,
                           struct err *err)
{
	enum fault f = walmart_open(acc, WALMART_INVENTORY, r, a, body, err);
	const char *said;

	if (f != FAULT_REFUSED || r->status != 404 || node_of(acc, job))
		return f;
	said = answer_word(a, err->text, 120);
	return err_set(err, f, "%s. No ship node was named: if the SKU stands at another than the default one, set ship_node", said);
}

enum fault walmart_stock_ask(const struct account *acc, struct batch b, struct request *r, struct err *err)
{
	struct buf body = buf_new(r->arena);
	struct json_out o = json_out(&body);
	int64_t qty = fields_int(&b.job->payload, "qty", -1);
	const char *sku;

	if (sku_of(b.job, &sku, err))
		return FAULT_REFUSED;
	if (qty < 0 || qty > QTY_MAX)
		return err_set(err, FAULT_REFUSED, "SKU %.60s: the quantity is not within 0..%d", sku, QTY_MAX);
	json_put_object(&o, NULL);
	json_put_text(&o, "sku", sku);
	json_put_object(&o, "quantity");
	json_put_text(&o, "unit", "EACH");
	json_put_int(&o, "amount", qty);
	json_end_object(&o);
	json_end_object(&o);
	walmart_request(acc, r, "PUT", "/v3/inventory");
	request_query(r, "sku", sku);
	request_query(r, "shipNode", node_of(acc, b.job));
	walmart_body(r, &body);
	return OK;
}

/* They repeat what they took. Another number is worth a word; the read-back decides. */
enum fault walmart_stock_hear(const struct account *acc, struct batch b, const struct reply *r, struct news *n, struct err *err)
{
	struct reading w = { .arena = n->arena };
	int64_t said = fields_int(&b.job->payload, "qty", -1), got;
	const struct json *body;
	enum fault f = open_sku(acc, b.job, r, n->arena, &body, err);
	const char *text = NULL;

	if (f)
		return f;
	got = need_int(spot_top(&w, body), "quantity.amount", 0, QTY_MAX);
	if (answer_wrong(&w, err))
		return FAULT_FORMAT;
	if (got != said)
		text = arena_printf(n->arena, "they answer %" PRId64 " to our %" PRId64 ": the next read tells which stands", got, said);
	news_receipt(n, 0, OK, NULL, text);
	return OK;
}

enum fault walmart_stock_read_ask(const struct account *acc, struct batch b, struct request *r, struct err *err)
{
	const char *sku;

	if (sku_of(b.job, &sku, err))
		return FAULT_REFUSED;
	walmart_request(acc, r, "GET", "/v3/inventory");
	request_query(r, "sku", sku);
	request_query(r, "shipNode", node_of(acc, b.job));
	return OK;
}

static void see(struct news *n, const char *sku, const char *node, int64_t qty, const char *path)
{
	*news_seen(n) = (struct seen){ .sku = sku, .node = node, .pool = "own", .qty = qty, .path = path };
}

enum fault walmart_stock_read_hear(const struct account *acc, struct batch b, const struct reply *r, struct news *n, struct err *err)
{
	struct reading w = { .arena = n->arena };
	const struct json *body;
	enum fault f = open_sku(acc, b.job, r, n->arena, &body, err);
	struct spot top = spot_top(&w, body);
	const char *sku;
	int64_t qty;

	if (f)
		return f;
	sku = need_plain(top, "sku", 100);
	qty = need_int(top, "quantity.amount", 0, QTY_MAX);
	if (answer_wrong(&w, err))
		return FAULT_FORMAT;
	see(n, sku, fields_get(&b.job->payload, "node", ""), qty, "quantity.amount");
	return OK;
}

/* ---- all SKUs, node by node ---- */

enum fault walmart_stock_list_ask(const struct account *acc, struct batch b, struct request *r, struct err *err)
{
	const char *page = b.job->cursor.page;

	(void)err;
	walmart_request(acc, r, "GET", "/v3/inventories");
	request_query_int(r, "limit", PAGE_SKUS);
	request_query(r, "nextCursor", page && *page ? page : NULL);
	return OK;
}

/* What stands at the default node is asked of it: the answer to a read that names no node. */
static void ask_default(struct news *n, const char *sku)
{
	struct fields *payload = arena_alloc(n->arena, sizeof *payload);

	*payload = fields_new(n->arena);
	fields_put(payload, "sku", sku);
	fields_put(payload, "marketplace", "");
	fields_put(payload, "node", "");
	news_follow(n, VERB_STOCK_READ, arena_printf(n->arena, "sku:%s", sku))->payload = payload;
}

/* The nodes of one SKU. own: the account's node, "" when it names none. */
static void take_nodes(struct news *n, struct spot item, const char *sku, const char *own)
{
	struct spot nodes = spot_get(item, "nodes");
	bool which = !*own && json_count(nodes.v) > 1;

	if (!json_is_array(nodes.v))
		spot_wrong(item, "nodes", "missing");
	for (struct spot node = spot_first(nodes); node.v; node = spot_next(node)) {
		const char *id = need_id(node, "shipNode", "-_.", 60);
		int64_t qty = need_int(node, "inputQty.amount", 0, QTY_MAX);

		if (!item.r->path && !which && (!*own || !strcmp(id, own)))
			see(n, sku, own, qty, node.path);
	}
	if (!which || item.r->path)
		return;
	see(n, sku, "", -1, nodes.path);
	ask_default(n, sku);
}

static void take_item(struct news *n, const struct spot *item, const char *own)
{
	int seens = n->seens;
	const char *sku = need_plain(*item, "sku", 100);

	if (!item->r->path)
		take_nodes(n, *item, sku, own);
	if (!item->r->path)
		return;
	n->seens = seens;
	answer_park(n, item->r, item, *sku ? "ITEM" : "SCHEMA", sku);
}

/* The list ends with an empty page; its cursor is another one each time (contract: "NextCursor value changes"). */
static enum fault take_list(struct news *n, const struct job *job, const struct json *body, const char *own, struct err *err)
{
	const struct json *list = json_get(body, "elements.inventories");
	const char *next = json_text_or(body, "meta.nextCursor", "");
	int i = 0;

	if (!json_get(body, "elements") || (list && !json_is_array(list)))
		return err_set(err, FAULT_FORMAT, "elements.inventories: not a list");
	for (const struct json *v = json_first(list); v; v = json_next(v)) {
		struct reading w = { .arena = n->arena };
		struct spot item = { .r = &w, .v = v, .path = arena_printf(n->arena, "elements.inventories[%d]", i++) };

		take_item(n, &item, own);
	}
	n->has_page = true;
	if (i && *next && job->cursor.page && !strcmp(next, job->cursor.page))
		return err_set(err, FAULT_FORMAT, "meta.nextCursor: the next page is this page again");
	n->next_page = i && *next ? next : NULL;
	return OK;
}

enum fault walmart_stock_list_hear(const struct account *acc, struct batch b, const struct reply *r, struct news *n, struct err *err)
{
	const struct json *body;
	enum fault f;

	if (answer_is_none(&walmart_manners, r, n->arena)) {
		n->has_page = true;
		return OK;
	}
	f = walmart_open(acc, WALMART_INVENTORY, r, n->arena, &body, err);
	return f ? f : take_list(n, b.job, body, acc->ship_node ? acc->ship_node : "", err);
}
