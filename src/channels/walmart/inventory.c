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
#include <strings.h>

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

static void put_quantity(struct json_out *o, const char *key, int64_t qty)
{
	json_put_object(o, key);
	json_put_text(o, "unit", "EACH");
	json_put_int(o, "amount", qty);
	json_end_object(o);
}

/* At the default node: {"sku", "quantity"}. */
static void ask_default(const struct account *acc, struct request *r, const char *sku, int64_t qty)
{
	struct buf body = buf_new(r->arena);
	struct json_out o = json_out(&body);

	json_put_object(&o, NULL);
	json_put_text(&o, "sku", sku);
	put_quantity(&o, "quantity", qty);
	json_end_object(&o);
	walmart_request(acc, r, "PUT", "/v3/inventory");
	request_query(r, "sku", sku);
	walmart_body(r, &body);
}

/* At a node by name: {"inventories": {"nodes": [{"shipNode", "inputQty"}]}}; the SKU stands in the address alone. */
static void ask_node(const struct account *acc, struct request *r, const char *sku, const char *node, int64_t qty)
{
	struct buf body = buf_new(r->arena);
	struct json_out o = json_out(&body);

	json_put_object(&o, NULL);
	json_put_object(&o, "inventories");
	json_put_array(&o, "nodes");
	json_put_object(&o, NULL);
	json_put_text(&o, "shipNode", node);
	put_quantity(&o, "inputQty", qty);
	json_end_object(&o);
	json_end_array(&o);
	json_end_object(&o);
	json_end_object(&o);
	walmart_request(acc, r, "PUT", arena_printf(r->arena, "/v3/inventories/%s", path_piece(r->arena, sku)));
	walmart_body(r, &body);
}

enum fault walmart_stock_ask(const struct account *acc, struct batch b, struct request *r, struct err *err)
{
	int64_t qty = fields_int(&b.job->payload, "qty", -1);
	const char *sku, *node = node_of(acc, b.job);

	if (sku_of(b.job, &sku, err))
		return FAULT_REFUSED;
	if (qty < 0 || qty > QTY_MAX)
		return err_set(err, FAULT_REFUSED, "SKU %.60s: the quantity is not within 0..%d", sku, QTY_MAX);
	if (node)
		ask_node(acc, r, sku, node, qty);
	else
		ask_default(acc, r, sku, qty);
	return OK;
}

/* A 200 holds a verdict for each node: "Success", or errors. */
static enum fault hear_node(struct spot top, const char *node, struct news *n, struct err *err)
{
	struct spot at = spot_first(spot_get(top, "nodes"));
	const struct json *why;
	const char *status;

	while (at.v && strcmp(json_text_or(at.v, "shipNode", ""), node))
		at = spot_next(at);
	if (!at.v)
		return err_set(err, FAULT_FORMAT, "nodes: no word about node %.60s", node);
	status = json_text_or(at.v, "status", "");
	why = json_first(json_get(at.v, "errors"));
	if (!why && !strcasecmp(status, "Success")) {
		news_receipt(n, 0, OK, NULL, NULL);
		return OK;
	}
	if (why)
		return err_set(err, FAULT_REFUSED, "node %.40s: %.48s: %.120s", node, answer_word(n->arena, json_text_or(why, "code", "no code"), 48),
		               answer_word(n->arena, json_text_or(why, "description", json_text_or(why, "info", "no reason given")), 120));
	return err_set(err, FAULT_FORMAT, "nodes: status %.40s of node %.60s is no word of theirs that we know", answer_word(n->arena, status, 40), node);
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
	if (node_of(acc, b.job))
		return hear_node(spot_top(&w, body), node_of(acc, b.job), n, err);
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

static struct seen *see(struct news *n, const char *sku, const char *node, int64_t qty, const char *path)
{
	struct seen *s = news_seen(n);

	*s = (struct seen){ .sku = sku, .node = node, .pool = "own", .qty = qty, .path = path };
	return s;
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
static void follow_default(struct news *n, const char *sku)
{
	struct fields *payload = arena_alloc(n->arena, sizeof *payload);

	*payload = fields_new(n->arena);
	fields_put(payload, "sku", sku);
	fields_put(payload, "marketplace", "");
	fields_put(payload, "node", "");
	news_follow(n, VERB_STOCK_READ, arena_printf(n->arena, "sku:%s", sku))->payload = payload;
}

/* What they hold of it for their buyers, and what is left for sale: whether our number is before or after that is told by both together. */
static void see_reserved(struct seen *s, struct spot node)
{
	int64_t units = json_int_or(node.v, "reservedQty.amount", -1), sells = json_int_or(node.v, "availToSellQty.amount", -1);

	if (units < 0 || units > QTY_MAX || sells < 0 || sells > QTY_MAX)
		return;
	s->reserved = units;
	s->sellable = sells;
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
			see_reserved(see(n, sku, own, qty, node.path), node);
	}
	if (!which || item.r->path)
		return;
	see(n, sku, "", -1, nodes.path);
	follow_default(n, sku);
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

/*
 * The list ends with an empty page; its cursor is another one each time (contract: "NextCursor value changes"). What a part of a page (206) lacks is missing in
 * the sum of its pages, which is compared with their total; but one of which nothing is there ends nothing.
 */
static enum fault take_list(struct news *n, const struct job *job, const struct reply *r, const struct json *body, const char *own, struct err *err)
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
	if (!i && r->status == 206)
		return err_set(err, FAULT_FORMAT, "elements.inventories: 206, and nothing of the page is there");
	n->listed = i;
	n->total = json_int_or(body, "meta.totalCount", -1);
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

	if (walmart_is_none(b.job, r, n->arena)) {
		n->has_page = true;
		return OK;
	}
	f = walmart_open(acc, WALMART_INVENTORY, r, n->arena, &body, err);
	return f ? f : take_list(n, b.job, r, body, acc->ship_node ? acc->ship_node : "", err);
}
