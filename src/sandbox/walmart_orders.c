/*
 * walmart_orders.c: reading orders: lists with their cursor, and one order.
 *
 * A list is newest first. Its cursor is a query string of its own, to be put in place of the whole
 * query; it keeps the window as it was when the walk began.
 */
#include "sandbox/walmart.h"

#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { LIMIT_DEFAULT = 100, LIMIT_MAX = 200 };

struct window {
	int64_t created_from, created_to, modified_from, modified_to, ship_from, ship_to; /* modified_from -1: by creation */
	int64_t limit, total, given, at; /* at: where the walk goes on; -1: this is its first page */
	const char *status, *sku, *customer_order, *purchase_order, *node_type, *program, *order_type;
	bool replacement;
};

/* createdStartDate defaults to seven days ago, with lastModifiedStartDate as well: so the contract words it. */
static bool window_times(struct window *q, const struct call *c, int64_t now_ms)
{
	bool by_id = call_given(c, "purchaseOrderId") || call_given(c, "customerOrderId");
	int64_t oldest = now_ms - 180 * (int64_t)DAY_MS;
	bool ok = call_time(c, "createdStartDate", by_id ? oldest : now_ms - 7 * (int64_t)DAY_MS, &q->created_from) &&
	          call_time(c, "createdEndDate", now_ms, &q->created_to) && call_time(c, "lastModifiedStartDate", -1, &q->modified_from) &&
	          call_time(c, "lastModifiedEndDate", now_ms, &q->modified_to) && call_time(c, "fromExpectedShipDate", 0, &q->ship_from) &&
	          call_time(c, "toExpectedShipDate", INT64_MAX, &q->ship_to);

	if (q->created_from < oldest) /* older ones are not listed any more; asking is no error */
		q->created_from = oldest;
	return ok;
}

/* NULL when the question is a good one, else the parameter that is not. */
static const char *window_read(struct window *q, const struct call *c, const struct world *w, bool released)
{
	static const char *const statuses[] = { "Created", "Acknowledged", "Shipped", "Delivered", "Cancelled", NULL };
	static const char *const types[] = { "SellerFulfilled", "WFSFulfilled", "3PLFulfilled", NULL };
	const char *node = call_param(c, "shipNodeType"), *replacement = call_param(c, "replacementInfo");

	*q = (struct window){ .status = released ? "Created" : call_param(c, "status"), .sku = call_param(c, "sku") };
	q->customer_order = call_param(c, "customerOrderId");
	q->purchase_order = call_param(c, "purchaseOrderId");
	q->program = call_param(c, "shippingProgramType");
	q->order_type = call_param(c, "orderType");
	q->node_type = node ? node : "SellerFulfilled";
	q->replacement = replacement && strcmp(replacement, "true") == 0;
	if (!window_times(q, c, w->now_ms))
		return "date";
	if (!call_int(c, "limit", 1, LIMIT_MAX, LIMIT_DEFAULT, &q->limit))
		return "limit";
	if (!call_int(c, "soIndex", 0, INT32_MAX, 0, &q->total) || !call_int(c, "poIndex", 0, INT32_MAX, 0, &q->given) ||
	    !call_int(c, "at", 0, UINT32_MAX, -1, &q->at))
		return "nextCursor";
	if (q->status && !text_one_of(q->status, statuses))
		return "status";
	return text_one_of(q->node_type, types) ? NULL : "shipNodeType";
}

static bool line_in(const struct order *o, const struct line *l, const char *status)
{
	switch (*status) {
	case 'A':
		return line_left(l) && o->acked_ms;
	case 'S':
		return l->seen > l->delivered;
	case 'D':
		return l->delivered > 0;
	default:
		return status[1] == 'r' ? line_left(l) && !o->acked_ms : l->cancelled > 0; /* Created, Cancelled */
	}
}

static bool lines_match(const struct window *q, const struct world *w, const struct order *o)
{
	bool status = !q->status, sku = !q->sku;

	for (int i = o->line; i < o->line + o->lines; i++) {
		status = status || line_in(o, &w->line[i], q->status);
		sku = sku || strcmp(world_str(w, w->product[w->line[i].product].sku), q->sku) == 0;
	}
	return status && sku;
}

static bool ids_match(const struct window *q, const struct world *w, int order)
{
	char po[24], customer[24];

	if (!q->purchase_order && !q->customer_order)
		return true;
	order_id(w, order, po);
	order_customer_id(order, customer);
	return (!q->purchase_order || strcmp(po, q->purchase_order) == 0) && (!q->customer_order || strcmp(customer, q->customer_order) == 0);
}

static bool window_has(const struct window *q, struct world *w, int order)
{
	const struct order *o = &w->order[order];
	const char *type = o->place == WALMART_WFS ? "WFSFulfilled" : "SellerFulfilled";

	w->count[ROWS_LOOKED_AT]++;
	if (order_platform(o) != WALMART || strcmp(type, q->node_type) != 0)
		return false;
	if (o->placed_ms < q->created_from || o->placed_ms > q->created_to || o->ship_by_ms < q->ship_from || o->ship_by_ms > q->ship_to)
		return false;
	if (q->program && !(strcmp(q->program, "TWO_DAY") == 0 && o->flags & ORDER_TWO_DAY))
		return false;
	if (q->order_type && strcmp(q->order_type, "REGULAR") != 0)
		return false;
	return lines_match(q, w, o) && ids_match(q, w, order);
}

/* The walk: orders by creation, or living rows of the log of changes, downwards from *at. -1: at its end. */
static int window_next(const struct window *q, struct world *w, int64_t *at)
{
	if (q->modified_from < 0) {
		for (int low = orders_from(w, q->created_from); *at > low;)
			if (window_has(q, w, (int)--*at))
				return (int)*at;
		return -1;
	}
	for (int i = touches_from_serial(w, (uint32_t)*at), low = touches_from(w, q->modified_from); i > low;) {
		const struct touch *t = &w->touch[--i];

		*at = t->serial;
		if (w->order[t->order].touch == i && window_has(q, w, t->order))
			return t->order;
	}
	return -1;
}

static int64_t window_start(const struct window *q, const struct world *w)
{
	int i;

	if (q->modified_from < 0)
		return orders_from(w, q->created_to + 1);
	i = touches_from(w, q->modified_to + 1);
	return i < w->touches ? w->touch[i].serial : w->serial;
}

static void cursor_add(struct buf *b, const char *name, const char *value)
{
	char safe[200];

	if (value && text_percent(safe, sizeof safe, value))
		buf_printf(b, "&%s=%s", name, safe);
}

static void cursor_time(struct buf *b, const char *name, int64_t ms)
{
	char iso[32];

	time_iso(ms, iso);
	buf_printf(b, "&%s=%s", name, iso);
}

static const char *cursor_make(struct arena *a, const struct window *q)
{
	struct buf b = buf_new(a);

	buf_printf(&b, "?limit=%" PRId64 "&hasMoreElements=true&soIndex=%" PRId64 "&poIndex=%" PRId64, q->limit, q->total, q->given);
	buf_puts(&b, "&partnerId=10000012045&sellerId=101204");
	cursor_add(&b, "status", q->status);
	cursor_add(&b, "sku", q->sku);
	cursor_add(&b, "shipNodeType", q->node_type);
	cursor_add(&b, "shippingProgramType", q->program);
	if (q->replacement)
		cursor_add(&b, "replacementInfo", "true");
	cursor_time(&b, "createdStartDate", q->created_from);
	cursor_time(&b, "createdEndDate", q->created_to);
	if (q->modified_from >= 0) {
		cursor_time(&b, "lastModifiedStartDate", q->modified_from);
		cursor_time(&b, "lastModifiedEndDate", q->modified_to);
	}
	if (q->ship_from)
		cursor_time(&b, "fromExpectedShipDate", q->ship_from);
	if (q->ship_to != INT64_MAX)
		cursor_time(&b, "toExpectedShipDate", q->ship_to);
	buf_printf(&b, "&at=%" PRId64, q->at);
	return b.p;
}

static void window_answer(struct window *q, struct world *w, struct call *c)
{
	struct buf orders = buf_new(c->arena), b = buf_new(c->arena);
	struct json_out list = json_out(&orders), o = json_out(&b);
	int order = 0;

	json_put_array(&list, NULL);
	for (int64_t n = 0; n < q->limit && (order = window_next(q, w, &q->at)) >= 0; n++, q->given++)
		walmart_put_order(w, c->arena, &list, NULL, order, q->replacement);
	json_end_array(&list);
	json_put_object(&o, NULL);
	json_put_object(&o, "list");
	json_put_object(&o, "meta");
	json_put_int(&o, "totalCount", q->total);
	json_put_int(&o, "limit", q->limit);
	json_put_text(&o, "nextCursor", order >= 0 && q->given < q->total ? cursor_make(c->arena, q) : NULL);
	json_end_object(&o);
	json_put_object(&o, "elements");
	json_put_raw(&o, "order", orders.p);
	json_end_object(&o);
	json_end_object(&o);
	json_end_object(&o);
	call_answer_json(c, 200, &b);
}

static void orders_list(struct service *s, struct call *c, bool released)
{
	struct world *w = s->world;
	struct window q;
	const char *wrong = window_read(&q, c, w, released);

	if (wrong) {
		walmart_order_refuse(c, 400, wrong, arena_printf(c->arena, "Invalid request parameter: %s", wrong));
		return;
	}
	if (w->opt.list_cap && q.given >= w->opt.list_cap) {
		walmart_order_refuse(c, 400, "nextCursor", arena_printf(c->arena, "A maximum of %d orders can be fetched at a time.", w->opt.list_cap));
		return;
	}
	if (q.at < 0) {
		q.at = window_start(&q, w);
		q.total = 0;
		for (int64_t at = q.at; window_next(&q, w, &at) >= 0;)
			q.total++;
	}
	window_answer(&q, w, c);
}

void walmart_orders(struct service *s, struct call *c)
{
	orders_list(s, c, false);
}

void walmart_released(struct service *s, struct call *c)
{
	orders_list(s, c, true);
}

/* The contract's schema shows the order bare, its example and the service wrap it in "order": so does this. */
void walmart_order(struct service *s, struct call *c)
{
	int order = order_by_id(s->world, WALMART, c->segment[2]);
	const char *replacement = call_param(c, "replacementInfo");
	struct buf b = buf_new(c->arena);
	struct json_out o = json_out(&b);

	if (order < 0) {
		walmart_order_refuse(c, 404, "purchaseOrderId", arena_printf(c->arena, "The purchase order %s was not found.", c->segment[2]));
		return;
	}
	s->world->count[ROWS_LOOKED_AT]++;
	json_put_object(&o, NULL);
	walmart_put_order(s->world, c->arena, &o, "order", order, replacement && strcmp(replacement, "true") == 0);
	json_end_object(&o);
	call_answer_json(c, 200, &b);
}
