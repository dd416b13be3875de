/*
 * orders.c: the list of orders, and one of them.
 *
 * The list is asked for by lastModified with an open end: Walmart shows an order at once, and what is told twice
 * changes nothing. createdStartDate is sent along, because without it Walmart would take seven days back (contract, GET
 * /v3/orders) and never show a later change of an older order. A list without a hit is a 404 in Walmart's own shape
 * (fulfilio/python-walmart#14, read 2026-11). A page of which a part is missing says so by its status, 206, or in list.errors.
 */
#include "channels/rules.h"
#include "channels/walmart/walmart.h"

#include "base/text.h"

#include <string.h>

enum { PAGE_ORDERS = 200 };

/*
 * nextCursor is a whole query string to be appended ("?limit=10&hasMoreElements=true&soIndex=31..."). What no URL may hold is
 * encoded; the ship node type is added where the cursor forgets it, for then Walmart would fall back to SellerFulfilled.
 */
static const char *next_url(struct arena *a, const char *page, const char *pool)
{
	struct buf b = buf_new(a);

	buf_puts(&b, "/v3/orders");
	for (const unsigned char *p = (const unsigned char *)page; *p; p++)
		if (*p > 0x20 && *p < 0x7f && !strchr("\"#<>\\^`{|}", *p))
			buf_putc(&b, (char)*p);
		else
			buf_printf(&b, "%%%02X", *p);
	if (*pool && !strstr(page, "shipNodeType="))
		buf_printf(&b, "&shipNodeType=%s", path_piece(a, pool));
	return b.p;
}

/* The oldest creation date that may be listed, a day inside, for their clock is not ours; 0: no such rule, nothing is sent. */
static int64_t reach_back(struct arena *a, int64_t now_ms)
{
	struct rule reach = rule_find(a, "walmart.orders_reach");
	int64_t ahead = rule_after(&reach, now_ms);

	return ahead ? now_ms - (ahead - now_ms) + 24 * 3600000 : 0;
}

enum fault walmart_orders_ask(const struct account *acc, struct batch b, struct request *r, struct err *err)
{
	const struct cursor *c = &b.job->cursor;
	const char *pool = fields_get(&b.job->payload, "pool", "");
	int64_t oldest = reach_back(r->arena, b.now_ms);
	char since[32], created[32];

	if (*pool && !text_id(pool, "", 30))
		return err_set(err, FAULT_REFUSED, "the job's pool is no ship node type");
	if (c->page && *c->page) {
		if (*c->page != '?')
			return err_set(err, FAULT_REFUSED, "the stored cursor is no query string: the window must be read anew");
		walmart_request(acc, r, "GET", next_url(r->arena, c->page, pool));
		return OK;
	}
	walmart_request(acc, r, "GET", "/v3/orders");
	time_iso_s(c->since_ms, since);
	time_iso_s(oldest, created);
	request_query(r, "shipNodeType", *pool ? pool : NULL);
	request_query(r, "lastModifiedStartDate", since);
	request_query(r, "createdStartDate", oldest ? created : NULL);
	request_query_int(r, "limit", PAGE_ORDERS);
	return OK;
}

/* Why a page is not all of its orders (developer pages, "Error codes": SOME_CONTENT_NOT_FOUND is a partial success, 206); NULL: it is. */
static const char *part_of(const struct reply *r, const struct json *list, struct arena *a)
{
	const struct json *errors = json_get(list, "errors");

	for (const struct json *e = json_is_array(errors) ? json_first(errors) : NULL; e; e = json_next(e))
		if (strcmp(json_text_or(e, "severity", ""), "INFO") != 0)
			return answer_word(a, json_text_or(e, "code", "no code"), 60);
	return r->status == 206 ? "206" : NULL;
}

/* A part of a page: its orders are facts, but the window stays where it is, and the page is read again at its next turn. */
static enum fault take_part(struct news *n, const struct job *job, const char *part)
{
	news_odd(n, "list.errors", part, fields_get(&job->payload, "pool", "orders"));
	return OK;
}

static enum fault take_page(struct news *n, const struct job *job, const struct reply *r, const struct json *body, struct err *err)
{
	const struct json *list = json_get(body, "list"), *orders = json_get(list, "elements.order");
	const char *next = json_text_or(list, "meta.nextCursor", ""), *pool = fields_get(&job->payload, "pool", NULL);
	const char *part = part_of(r, list, n->arena);
	struct deadlines deadlines = deadlines_of(n->arena, "walmart");
	int i = 0;

	if (!json_get(list, "elements") || (orders && !json_is_array(orders)))
		return err_set(err, FAULT_FORMAT, "list.elements.order: not a list of orders");
	for (const struct json *o = json_first(orders); o; o = json_next(o))
		walmart_order_take(n, o, arena_printf(n->arena, "list.elements.order[%d]", i++), pool, &deadlines);
	if (part)
		return take_part(n, job, part);
	n->has_page = true;
	if (!i || !*next)
		return OK;
	if (*next != '?')
		return err_set(err, FAULT_FORMAT, "list.meta.nextCursor: not the query string it should be");
	if (job->cursor.page && !strcmp(next, job->cursor.page)) /* going on would never end, stopping would lose what follows */
		return err_set(err, FAULT_FORMAT, "list.meta.nextCursor: the next page is this page again");
	n->next_page = next;
	return OK;
}

enum fault walmart_orders_hear(const struct account *acc, struct batch b, const struct reply *r, struct news *n, struct err *err)
{
	const struct json *body;
	enum fault f;

	if (walmart_is_none(b.job, r, n->arena)) {
		n->has_page = true;
		return OK;
	}
	f = walmart_open(acc, WALMART_ORDERS, r, n->arena, &body, err);
	return f ? f : take_page(n, b.job, r, body, err);
}

enum fault walmart_order_ask(const struct account *acc, struct batch b, struct request *r, struct err *err)
{
	const char *path;
	enum fault f = walmart_order_path(b.job, r->arena, "", &path, err);

	if (!f)
		walmart_request(acc, r, "GET", path);
	return f;
}

enum fault walmart_order_hear(const struct account *acc, struct batch b, const struct reply *r, struct news *n, struct err *err)
{
	struct deadlines deadlines;
	const struct json *body;
	enum fault f = walmart_open(acc, WALMART_ORDERS, r, n->arena, &body, err);

	(void)b;
	n->no_order = f == FAULT_REFUSED && answer_is_none(&walmart_manners, r, n->arena);
	if (f)
		return f;
	if (!json_is_object(json_get(body, "order")))
		return err_set(err, FAULT_FORMAT, "order: missing");
	deadlines = deadlines_of(n->arena, "walmart");
	walmart_order_take(n, json_get(body, "order"), "order", NULL, &deadlines);
	return OK;
}
