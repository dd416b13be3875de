#include "trade/history.h"

#include "store/store.h"

#include <stdlib.h>
#include <string.h>

struct events {
	struct arena *a;
	struct history *out;
	int cap;
};

static void add(struct events *e, int64_t at_ms, int outlet, int64_t qty)
{
	e->out->event = arena_grow(e->a, e->out->event, e->out->events, &e->cap, sizeof *e->out->event);
	e->out->event[e->out->events++] = (struct replay_event){ at_ms, outlet, qty };
}

/* The first offer that an order line was sold by: of several nodes it could be any. */
static int outlet_of(const struct aimed_item *item, int64_t account, const char *marketplace, const char *sku)
{
	for (int i = 0; i < item->n; i++) {
		const struct offer *o = item->of[i].offer;

		if (o->account == account && !strcmp(o->marketplace, marketplace) && !strcmp(o->sku, sku))
			return i;
	}
	return -1;
}

static enum fault read_sales(struct store *s, int64_t id, const struct aimed_item *item, int64_t from_ms, int64_t until_ms, struct events *e, struct err *err)
{
	static const char sql[] = "SELECT o.placed_ms, o.account_id, o.marketplace, l.sku, (l.qty - l.q_cancelled) * l.pack FROM order_line l JOIN orders o ON o.id = l.order_id "
				  "WHERE l.item_id = ? AND o.placed_ms >= ? AND o.placed_ms < ? AND l.qty > l.q_cancelled ORDER BY o.placed_ms, l.id";
	struct rows *r = ASK(s, sql, V(id), V(from_ms), V(until_ms));

	while (rows_next(r)) {
		int i = outlet_of(item, rows_int(r, 1), rows_text(r, 2), rows_text(r, 3));

		if (i < 0)
			continue;
		add(e, rows_int(r, 0), i, rows_int(r, 4));
		e->out->stock += rows_int(r, 4);
	}
	return rows_end(r, err);
}

static enum fault read_receipts(struct store *s, int64_t id, int64_t from_ms, int64_t until_ms, struct events *e, struct err *err)
{
	static const char sql[] = "SELECT m.valid_ms, m.qty FROM move m LEFT JOIN place p ON p.id = m.place_id WHERE m.item_id = ? AND m.valid_ms >= ? AND m.valid_ms < ? "
				  "AND m.qty > 0 AND m.cause IN ('count', 'return', 'correction') AND coalesce(p.counts, 1) = 1 ORDER BY m.valid_ms, m.id";
	struct rows *r = ASK(s, sql, V(id), V(from_ms), V(until_ms));

	while (rows_next(r)) {
		add(e, rows_int(r, 0), -1, rows_int(r, 1));
		e->out->stock -= rows_int(r, 1);
	}
	return rows_end(r, err);
}

static int by_time(const void *p, const void *q)
{
	const struct replay_event *a = p, *b = q;

	if (a->at_ms != b->at_ms)
		return a->at_ms < b->at_ms ? -1 : 1;
	return a->outlet - b->outlet; /* goods first */
}

enum fault history_of(struct store *s, int64_t id, const struct aimed_item *item, int64_t from_ms, int64_t until_ms, struct arena *a, struct history *out,
                      struct err *err)
{
	static const char counted[] = "SELECT coalesce(min(valid_ms), 0) FROM move WHERE item_id = ? AND cause = 'count'";
	struct events e = { a, out, 0 };
	int64_t first_ms;

	*out = (struct history){ .stock = item->available, .from_ms = from_ms };
	if (GET_INT(s, err, 0, &first_ms, counted, V(id)))
		return FAULT_STORE;
	if (first_ms > from_ms)
		from_ms = out->from_ms = first_ms;
	if (read_sales(s, id, item, from_ms, until_ms, &e, err) || read_receipts(s, id, from_ms, until_ms, &e, err))
		return FAULT_STORE;
	if (out->events)
		qsort(out->event, (size_t)out->events, sizeof *out->event, by_time);
	if (out->stock < 0)
		out->stock = 0;
	return OK;
}
