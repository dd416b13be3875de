/*
 * The queue: open orders by their next deadline, a page at a time.
 */
#include "trade/orders.h"
#include "trade/views.h"
#include "ui/panes/all.h"
#include "ui/panes/list.h"
#include "ui/panes/wishes.h"
#include "ui/panes/words.h"

#include <stdio.h>
#include <string.h>

enum { PREVIEW_ROWS = 6 };

struct orders_pane {
	struct list_pane base; /* first */
	const struct order_detail *preview; /* of the row under the cursor; NULL: none */
	const struct term *term;            /* why it is so */
	int terms;
};

enum column { STATE, DUE, CHANNEL, ORDER, SKU, UNITS, TOTAL, TO, NOTE, COLUMNS };

static const struct table_column columns[COLUMNS] = {
	[STATE] = { "STATE", 8, 9, 7, ALIGN_LEFT, ROOM_TINY, true, false },
	[DUE] = { "DUE", 7, 7, 0, ALIGN_RIGHT, ROOM_TINY, true, false },
	[CHANNEL] = { "CHANNEL", 11, 13, 6, ALIGN_LEFT, ROOM_TINY, false, false },
	[ORDER] = { "ORDER", 14, 19, 13, ALIGN_LEFT, ROOM_TINY, false, true },
	[SKU] = { "SKU", 11, 14, 0, ALIGN_LEFT, ROOM_COMPACT, false, false },
	[UNITS] = { "QTY", 4, 4, 0, ALIGN_RIGHT, ROOM_FULL, false, false },
	[TOTAL] = { "TOTAL", 12, 13, 0, ALIGN_RIGHT, ROOM_FULL, false, false },
	[TO] = { "TO", 3, 3, 0, ALIGN_LEFT, ROOM_FULL, false, false },
	[NOTE] = { "NOTE", 0, 0, 0, ALIGN_LEFT, ROOM_WIDE, false, false },
};

/* What a person should know of the row that no other column says. */
static struct word say_note(const struct pane *p, const struct order_row *o, struct arena *a)
{
	static const struct {
		const char *confirm;
		struct word word;
	} table[] = {
		{ "REJECTED", { ROLE_CRIT, "confirmation refused, see 5" } },
		{ "UNKNOWN", { ROLE_WARN, "confirmation without answer" } },
		{ "ACCEPTED", { ROLE_FG, "confirmed, not shown yet" } },
		{ "SENDING", { ROLE_FG, "confirmation under way" } },
		{ "NOT_SENT", { ROLE_FG, "shipped, not confirmed yet" } },
	};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (strcmp(o->confirm, table[i].confirm) == 0)
			return table[i].word;
	if (o->flags & ORDER_CANCEL_REQ)
		return (struct word){ ROLE_WARN, "the buyer asks to cancel" };
	if (o->flags & ORDER_READ_ONLY)
		return (struct word){ ROLE_MUTED, "shipped by the channel" };
	if (o->open && o->state == ORDER_NEW && o->ack_by_ms && o->ack_by_ms == o->due_ms)
		return (struct word){ ROLE_FG, arena_printf(a, "ack by %s", say_time(p, a, o->ack_by_ms)) };
	return (struct word){ ROLE_FG, o->service };
}

static struct word orders_cell(const struct pane *p, const struct table_row *row, int column, struct arena *a)
{
	const struct order_row *o = row->data;
	struct word state = say_order(p, o);

	switch ((enum column)column) {
	case STATE:
		return state;
	case DUE:
		return (struct word){ state.role == ROLE_MUTED ? ROLE_MUTED : ROLE_FG, o->open ? say_due(p, a, o->due_ms) : "-" };
	case CHANNEL:
		return (struct word){ ROLE_FG, o->account_name };
	case ORDER:
		return (struct word){ ROLE_VALUE, o->ref };
	case SKU:
		return (struct word){ ROLE_FG, o->sku };
	case UNITS:
		return (struct word){ ROLE_FG, arena_printf(a, "x%lld", (long long)o->units) };
	case TOTAL:
		return (struct word){ ROLE_FG, say_money(a, o->total_minor, o->currency) };
	case TO:
		return (struct word){ ROLE_FG, o->country };
	case NOTE:
	case COLUMNS:
		break;
	}
	return say_note(p, o, a);
}

static struct table_row row_of(const struct order_row *o, int sort)
{
	return (struct table_row){ .id = o->id, .key = order_key(o, sort), .name = o->ref, .data = o };
}

static enum fault page_of_orders(struct pane *p, struct store *s, const struct page_ask *ask, const char *find, struct arena *a,
                                 struct table_row **out, int *got, struct err *err)
{
	struct page_ask with = *ask;
	struct order_row *o;

	(void)p;
	with.filter = filter_and_find(a, ask->filter, find);
	if (orders_page(s, &with, a, &o, got, NULL, NULL, err))
		return err->fault;
	*out = arena_alloc(a, (size_t)(*got + 1) * sizeof **out);
	for (int i = 0; i < *got; i++)
		(*out)[i] = row_of(&o[i], ask->sort);
	return OK;
}

static enum fault one_order(struct pane *p, struct store *s, int64_t id, int sort, struct arena *a, struct table_row *out, struct err *err)
{
	struct order_detail *o = arena_alloc(a, sizeof *o);
	enum fault bad = order_get(s, id, a, o, err);

	(void)p;
	if (!bad)
		*out = row_of(&o->row, sort);
	return bad;
}

static enum fault order_by_ref(struct store *s, const char *name, struct arena *a, int64_t *id, struct err *err)
{
	struct account_row *account;
	int n;
	enum fault bad = accounts_all(s, a, &account, &n, err);

	*id = 0;
	for (int i = 0; i < n && !bad && !*id; i++)
		bad = order_find(s, account[i].id, name, id, err);
	return bad;
}

static const char *sort_name(int sort)
{
	return order_sort_name((enum order_sort)sort);
}

static const struct table_type orders_table = {
	.what = "orders",
	.empty = "no order is open",
	.column = columns,
	.columns = COLUMNS,
	.language = &order_language,
	.sorts = ORDER_SORTS,
	.sort_name = sort_name,
	.has_closed = true,
	.page = page_of_orders,
	.one = one_order,
	.exact = order_by_ref,
	.count = orders_count,
	.cell = orders_cell,
};

static enum fault preview_read(struct pane *p, struct store *s, struct err *err)
{
	struct orders_pane *v = p->self;
	const struct table_row *row = table_at(&v->base.table);
	struct arena *a = list_look(&v->base);
	struct order_detail *o;
	struct term *term;

	v->preview = NULL;
	if (p->room != ROOM_WIDE || !row)
		return OK;
	o = arena_alloc(a, sizeof *o);
	switch (order_get(s, row->id, a, o, err)) {
	case OK:
		break;
	case FAULT_REFUSED:
		return OK; /* gone meanwhile: the rows are read again in a moment */
	default:
		return err->fault;
	}
	if (order_explain(s, row->id, p->now_ms, a, &term, &v->terms, err))
		return err->fault;
	v->term = term;
	v->preview = o;
	return OK;
}

static enum fault orders_load(struct pane *p, struct store *s, struct arena *facts, struct err *err)
{
	struct orders_pane *v = p->self;

	(void)facts;
	v->preview = NULL;
	table_init(&v->base.table, &orders_table);
	return table_load(p, &v->base.table, s, err) ? err->fault : preview_read(p, s, err);
}

/* ---- the preview under the list: what the detail says first ---- */

static void preview_lines(const struct pane *p, const struct order_detail *o, struct canvas *c, int from, int to)
{
	struct orders_pane *v = p->self;
	struct arena *a = v->base.table.paint;

	for (int i = 0; i < o->lines && from + i < to; i++) {
		const struct order_line_row *l = &o->line[i];
		const char *left = l->available == INT64_MIN ? "not mapped" : arena_printf(a, "available %lld", (long long)l->available);

		canvas_printf(c, 0, from + i, ROLE_FG, "%3lld x %-18s %-38s  %s", (long long)l->qty, l->sku, l->title, left);
	}
}

static void preview_draw(const struct pane *p, struct canvas *c)
{
	struct orders_pane *v = p->self;
	const struct order_detail *o = v->preview;
	struct arena *a = v->base.table.paint;
	struct canvas in = canvas_box(c, arena_printf(a, "%s  preview", o->row.ref), "Enter full detail");
	struct word state = say_order(p, &o->row);
	int x = canvas_printf(&in, 0, 0, ROLE_FG, "%s  placed %s  ", o->row.account_name, say_time(p, a, o->row.placed_ms));

	x = canvas_put(&in, x, 0, state.role, state.text);
	canvas_printf(&in, x, 0, ROLE_FG, "  ship by %s (%s)   buyer %s", say_time(p, a, o->row.ship_by_ms), say_due(p, a, o->row.ship_by_ms),
	              *o->person ? o->person : "[hidden, V shows]");
	for (int i = 0; i < v->terms && i < 2; i++)
		canvas_printf(&in, 0, 1 + i, ROLE_FG, "%s: %s   %s", v->term[i].name, v->term[i].value, v->term[i].origin);
	preview_lines(p, o, &in, 1 + (v->terms < 2 ? v->terms : 2), in.h);
}

static void orders_draw(const struct pane *p, struct canvas *c)
{
	struct orders_pane *v = p->self;
	bool under = v->preview && c->h >= PREVIEW_ROWS + 12;
	struct canvas list = canvas_part(c, 0, 0, c->w, c->h - (under ? PREVIEW_ROWS : 0));
	struct canvas rest = canvas_part(c, 0, list.h, c->w, c->h - list.h);

	table_draw(p, &v->base.table, &list);
	if (under)
		preview_draw(p, &rest);
}

/* ---- keys ---- */

static void orders_subject(const struct table_row *row, char *out, size_t cap)
{
	snprintf(out, cap, "%lld", (long long)row->id);
}

static int orders_choices(struct arena *a, const struct table_row **row, int n, int hidden, struct choice **out)
{
	const struct order_row **o = arena_alloc(a, (size_t)n * sizeof *o);

	for (int i = 0; i < n; i++)
		o[i] = row[i]->data;
	return deed_order_choices(a, o, n, hidden, out);
}

static struct deed_row orders_deed(const struct table_row *row)
{
	return (struct deed_row){ .id = row->id, .name = row->name };
}

static const struct list_kind kind = {
	.table = &orders_table,
	.deed = DEED_ORDER,
	.one = "order",
	.detail = &pane_order,
	.subject = orders_subject,
	.choices = orders_choices,
	.deed_row = orders_deed,
};

static bool orders_act(struct pane *p, enum act act, struct wish *wish)
{
	struct orders_pane *v = p->self;
	const struct table_row *row = table_at(&v->base.table);
	int64_t was = v->base.table.id;
	bool known;

	if (row && act == ACT_EXPLAIN) {
		wish_open_id(wish, &pane_explain, "order", row->id);
		return true;
	}
	if (row && act == ACT_TIMELINE) {
		wish_open_id(wish, &pane_story, "order", row->id);
		return true;
	}
	if (row && act == ACT_REVEAL) {
		wish_reveal_order(wish, row->id);
		return true;
	}
	known = list_act(p, &kind, act, wish);
	if (v->base.table.id != was && p->room == ROOM_WIDE)
		p->peek = true; /* the preview is of another row now */
	return known;
}

LIST_ANSWERS(orders)

const struct pane_type pane_orders = {
	.name = "orders",
	.help = "Open orders, the next deadline first. LATE is past it, due is within four hours. Space marks, a lists what can be done with the row "
	        "or the marks; acknowledging and shipping need :arm, a preview and a typed line.",
	.where = WHERE_LISTS | WHERE_ORDERS,
	.size = sizeof(struct orders_pane),
	.keys = (const enum act[]){ ACT_OPEN, ACT_FILTER, ACT_FIND, ACT_MARK, ACT_ACTIONS, ACT_SORT, ACT_EXPLAIN, ACT_COPY, ACT_NONE },
	.load = orders_load,
	.peek = preview_read,
	.draw = orders_draw,
	.act = orders_act,
	.strip = list_strip,
	LIST_PANE(orders),
	.replan = deed_replan,
};
