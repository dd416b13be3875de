/*
 * tallyman orders, order: the queue, and one order whole.
 */
#include "cmd/session.h"

#include "base/text.h"
#include "cmd/print.h"
#include "trade/orders.h"
#include "trade/shipments.h"
#include "trade/views.h"

#include <stdio.h>
#include <string.h>

/* ---- the queue ---- */

static const struct column order_columns[] = {
	{ "state", CELL_TEXT, false },
	{ "due", CELL_TIME, false },        /* the next deadline that costs something */
	{ "late", CELL_FLAG, true },
	{ "account", CELL_TEXT, false },
	{ "order", CELL_TEXT, false },      /* the channel's number */
	{ "other_order", CELL_TEXT, true }, /* the buyer's, where it is another */
	{ "sku", CELL_TEXT, false },        /* of the first line */
	{ "units", CELL_INT, false },
	{ "total", CELL_MONEY, false },
	{ "country", CELL_TEXT, false },
	{ "carrier", CELL_TEXT, false },
	{ "tracking", CELL_TEXT, true },
	{ "confirm", CELL_TEXT, false },
	{ "flags", CELL_TEXT, true },
	{ "channel", CELL_TEXT, true },
	{ "marketplace", CELL_TEXT, true },
	{ "service", CELL_TEXT, true },
	{ "raw_state", CELL_TEXT, true },
	{ "open", CELL_FLAG, true },
	{ "ack_by", CELL_TIME, true },
	{ "ship_by", CELL_TIME, true },
	{ "cancel_by", CELL_TIME, true },
	{ "placed", CELL_TIME, true },
	{ "updated", CELL_TIME, true },
	{ "known", CELL_TIME, true },
	{ "id", CELL_INT, true },
	{ "attempt", CELL_INT, true },      /* the reply it was learnt from: find attempt:N */
};

static void put_flags(struct sheet *t, int flags)
{
	char text[40];

	snprintf(text, sizeof text, "%s%s%s%s", flags & ORDER_HOLD ? " hold" : "", flags & ORDER_CANCEL_REQ ? " cancel" : "",
	         flags & ORDER_EXCEPTION ? " exception" : "", flags & ORDER_READ_ONLY ? " readonly" : "");
	put_text(t, text + (*text != '\0'));
}

static void put_order(struct session *s, const struct order_row *r)
{
	struct sheet *t = s->sheet;

	put_text(t, order_state_name(r->state));
	put_time(t, r->due_ms);
	put_flag(t, r->open && r->due_ms < s->now_ms);
	put_text(t, r->account_name);
	put_text(t, r->ref);
	put_text(t, r->other_ref);
	put_text(t, r->sku);
	put_int(t, r->units);
	put_money(t, r->total_minor, r->currency);
	put_text(t, r->country);
	put_text(t, r->carrier);
	put_text(t, r->tracking);
	put_text(t, r->confirm);
	put_flags(t, r->flags);
	put_text(t, r->channel);
	put_text(t, r->marketplace);
	put_text(t, r->service);
	put_text(t, r->raw_state);
	put_flag(t, r->open);
	put_time(t, r->ack_by_ms);
	put_time(t, r->ship_by_ms);
	put_time(t, r->cancel_by_ms);
	put_time(t, r->placed_ms);
	put_time(t, r->updated_ms);
	put_time(t, r->known_ms);
	put_int(t, r->id);
	put_id(t, r->attempt_id);
}

static enum fault print_orders(struct session *s, struct page_ask *ask)
{
	struct pager p = pager_new(s->o.limit);
	struct order_row *row;
	enum fault f = OK;
	int n = 0;

	while (!f && pager_more(&p, n)) {
		ask->n = p.want;
		f = orders_page(s->store, ask, p.page, &row, &n, NULL, NULL, &s->err);
		for (int i = 0; i < n; i++)
			put_order(s, &row[i]);
		if (n)
			ask->key = order_key(&row[n - 1], ask->sort);
	}
	pager_end(&p);
	return f;
}

int cmd_orders(int argc, char **argv)
{
	struct session s;
	struct page_ask ask = { 0 };
	int status = session_begin(argc, argv, TAKES_SHAPE | TAKES_LIMIT | TAKES_ALL | TAKES_SORT, 0, -1, &s);

	if (status >= 0)
		return status;
	ask = (struct page_ask){ .filter = words_joined(&s), .all = s.o.all, .reverse = s.o.reverse, .now_ms = s.now_ms };
	status = sort_chosen(&s, ORDER_SORTS, order_sort_word, &ask.sort);
	if (status < 0)
		status = filter_checked(&s, &order_language, ask.filter);
	if (status >= 0)
		return session_leave(&s, status);
	status = session_store(&s);
	if (status >= 0)
		return status;
	sheet_table(session_sheet(&s, false), "orders", COLUMNS(order_columns));
	return session_end(&s, print_orders(&s, &ask));
}

/* ---- one order ---- */

static const struct column line_columns[] = {
	{ "line", CELL_TEXT, false },    { "sku", CELL_TEXT, false },     { "title", CELL_TEXT, false },    { "qty", CELL_INT, false },
	{ "state", CELL_TEXT, false },   { "owed", CELL_INT, false },     { "available", CELL_INT, false }, { "price", CELL_MONEY, false },
	{ "tax", CELL_MONEY, true },     { "money", CELL_TEXT, true },    { "after_sale", CELL_TEXT, true }, { "raw_state", CELL_TEXT, true },
};

static const struct column package_columns[] = {
	{ "package", CELL_TEXT, false }, { "carrier", CELL_TEXT, false }, { "tracking", CELL_TEXT, false }, { "shipped", CELL_TIME, false },
	{ "confirm", CELL_TEXT, false }, { "source", CELL_TEXT, false },  { "service", CELL_TEXT, true },   { "url", CELL_TEXT, true },
};

/* "2 ACKED, 1 SHIPPED" */
static const char *buckets_of(struct session *s, const int64_t bucket[ORDER_STATES])
{
	struct buf b = buf_new(s->a);

	for (int k = 0; k < ORDER_STATES; k++)
		if (bucket[k])
			buf_printf(&b, "%s%lld %s", b.len ? ", " : "", (long long)bucket[k], order_state_name((enum order_state)k));
	return b.len ? b.p : "";
}

static void put_lines(struct session *s, const struct order_detail *o)
{
	struct sheet *t = s->sheet;

	sheet_table(t, "lines", COLUMNS(line_columns));
	for (int i = 0; i < o->lines; i++) {
		const struct order_line_row *l = &o->line[i];

		put_text(t, l->ref);
		put_text(t, l->sku);
		put_text(t, l->title);
		put_int(t, l->qty);
		put_text(t, buckets_of(s, l->bucket));
		put_int(t, l->reserves);
		if (l->available == INT64_MIN)
			put_none(t);
		else
			put_int(t, l->available);
		put_money(t, l->price_minor, o->row.currency);
		put_money(t, l->tax_minor, o->row.currency);
		put_text(t, l->money);
		put_text(t, l->post);
		put_text(t, l->raw_state);
	}
}

static enum fault put_packages(struct session *s, int64_t order)
{
	struct sheet *t = s->sheet;
	struct shipment *p;
	int n;
	enum fault f = shipments_of(s->store, order, s->a, &p, &n, &s->err);

	sheet_table(t, "packages", COLUMNS(package_columns));
	for (int i = 0; i < n && !f; i++) {
		put_text(t, p[i].package);
		put_text(t, p[i].carrier);
		put_text(t, p[i].tracking);
		put_time(t, p[i].shipped_ms);
		put_text(t, p[i].confirm);
		put_text(t, p[i].source);
		put_text(t, p[i].service);
		put_text(t, p[i].url);
	}
	return f;
}

static const struct column detail_columns[] = {
	{ "buyer", CELL_TEXT, false },    { "tax", CELL_MONEY, false },      { "shipping", CELL_MONEY, false },
	{ "deliver_by", CELL_TIME, false }, { "node", CELL_TEXT, false }, { "path", CELL_TEXT, false },
	{ "trace", CELL_TEXT, false },
};

static enum fault print_order(struct session *s, int64_t id)
{
	struct order_detail o;
	struct sheet *t;
	struct event *event;
	int n;
	enum fault f = order_get(s->store, id, s->a, &o, &s->err);

	if (f)
		return f;
	t = session_sheet(s, true);
	sheet_record(t, "order", COLUMNS(order_columns));
	put_order(s, &o.row);
	sheet_record(t, "detail", COLUMNS(detail_columns));
	put_text(t, o.person); /* masked */
	put_money(t, o.tax_minor, o.row.currency);
	put_money(t, o.ship_minor, o.row.currency);
	put_time(t, o.deliver_by_ms);
	put_text(t, o.node);
	put_text(t, o.path);
	put_text(t, o.trace);
	put_lines(s, &o);
	f = put_packages(s, id);
	if (!f)
		f = order_story(s->store, id, s->a, &event, &n, &s->err);
	if (!f)
		put_events(t, event, n);
	return f;
}

int cmd_order(int argc, char **argv)
{
	struct session s;
	int64_t id;
	int status = session_open(argc, argv, TAKES_SHAPE, 1, 1, &s);

	if (status >= 0)
		return status;
	if (one_found(&s, s.o.word[0], FOUND_ORDER, "order", &id))
		return session_end(&s, FAULT_REFUSED);
	return session_end(&s, print_order(&s, id));
}
