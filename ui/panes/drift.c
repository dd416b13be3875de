/*
 * Offers that show something else than we last confirmed, the most dangerous first.
 */
#include "trade/drift_detail.h"
#include "trade/marketplaces.h"
#include "trade/offers.h"
#include "trade/views.h"
#include "ui/panes/all.h"
#include "ui/panes/differ.h"
#include "ui/panes/drift_lines.h"
#include "ui/panes/list.h"
#include "ui/panes/wishes.h"
#include "ui/panes/words.h"

#include <stdio.h>

enum { PREVIEW_ROWS = 8 };

struct drift_pane {
	struct list_pane base; /* first */
	struct differ differ;
	const struct drift_detail *preview; /* of the row under the cursor; NULL: none */
};

enum column { SKU, STATE, CHANNEL, AVAILABLE, TARGET, PUSHED, SEEN, DRIFT, SINCE, CAUSE, ITEM, COLUMNS };

static const struct table_column columns[COLUMNS] = {
	[SKU] = { "SKU", 13, 15, 12, ALIGN_LEFT, ROOM_TINY, true, true },
	[STATE] = { "STATE", 13, 13, 0, ALIGN_LEFT, ROOM_COMPACT, true, false },
	[CHANNEL] = { "CHANNEL", 11, 13, 8, ALIGN_LEFT, ROOM_TINY, false, false },
	[AVAILABLE] = { "AVAIL", 5, 5, 4, ALIGN_RIGHT, ROOM_TINY, false, false },
	[TARGET] = { "WANT", 4, 5, 0, ALIGN_RIGHT, ROOM_FULL, false, false },
	[PUSHED] = { "SAID", 4, 5, 0, ALIGN_RIGHT, ROOM_FULL, false, false },
	[SEEN] = { "SHOWN", 5, 5, 4, ALIGN_RIGHT, ROOM_TINY, false, false },
	[DRIFT] = { "DRIFT", 5, 5, 0, ALIGN_RIGHT, ROOM_COMPACT, false, false },
	[SINCE] = { "SINCE", 10, 10, 0, ALIGN_LEFT, ROOM_FULL, false, false },
	[CAUSE] = { "LIKELY CAUSE", 0, 27, 0, ALIGN_LEFT, ROOM_WIDE, false, false },
	[ITEM] = { "ITEM", 0, 0, 0, ALIGN_LEFT, ROOM_WIDE, false, false },
};

static struct word say_state(const struct offer *o, struct arena *a)
{
	if (o->risk > 0)
		return (struct word){ ROLE_CRIT, "CRIT OVERSELL" };
	if (!o->item)
		return (struct word){ ROLE_WARN, "WARN no map" };
	return (struct word){ ROLE_WARN, arena_printf(a, "WARN %+lld", (long long)o->drift) };
}

static struct word drift_cell(const struct pane *p, const struct table_row *row, int column, struct arena *a)
{
	const struct offer *o = row->data;

	switch ((enum column)column) {
	case SKU:
		return (struct word){ ROLE_VALUE, o->sku };
	case STATE:
		return say_state(o, a);
	case CHANNEL:
		return (struct word){ ROLE_FG, say_where(a, o->account_name, o->site, table_width(p, &columns[CHANNEL])) };
	case AVAILABLE:
		return (struct word){ o->item && o->available < 0 ? ROLE_CRIT : ROLE_FG,
			              o->item ? arena_printf(a, "%lld", (long long)o->available) : "-" };
	case TARGET:
		return (struct word){ ROLE_FG, say_units(a, o->target) };
	case PUSHED:
		return (struct word){ ROLE_FG, say_units(a, o->pushed) };
	case SEEN:
		return (struct word){ ROLE_FG, say_units(a, o->seen) };
	case DRIFT:
		return (struct word){ ROLE_FG, arena_printf(a, "%+lld", (long long)o->drift) };
	case SINCE:
		return (struct word){ ROLE_FG, say_time(p, a, o->drift_ms) };
	case CAUSE:
		return say_cause(o->cause);
	case ITEM:
	case COLUMNS:
		break;
	}
	return (struct word){ ROLE_FG, o->title };
}

static struct table_row row_of(const struct offer *o, int sort)
{
	return (struct table_row){ .id = o->id, .key = drift_key(o, sort), .name = o->sku, .data = o };
}

static enum fault page_of_drift(struct pane *p, struct store *s, const struct page_ask *ask, const char *find, struct arena *a,
                                struct table_row **out, int *got, struct err *err)
{
	struct page_ask with = *ask;
	struct offer *o;

	(void)p;
	with.filter = filter_and_find(a, ask->filter, find);
	if (drift_page(s, &with, a, &o, got, NULL, NULL, err))
		return err->fault;
	*out = arena_alloc(a, (size_t)(*got + 1) * sizeof **out);
	for (int i = 0; i < *got; i++)
		(*out)[i] = row_of(&o[i], ask->sort);
	return OK;
}

static enum fault one_offer(struct pane *p, struct store *s, int64_t id, int sort, struct arena *a, struct table_row *out, struct err *err)
{
	struct offer *o = arena_alloc(a, sizeof *o);
	enum fault bad = offer_get(s, id, a, o, err) || offers_site(s, o, 1, a, err) ? err->fault : OK;

	(void)p;
	if (!bad)
		*out = row_of(o, sort);
	return bad;
}

static const char *sort_name(int sort)
{
	return drift_sort_name((enum drift_sort)sort);
}

static const struct table_type drift_table = {
	.what = "offers",
	.empty = "nothing drifts: every channel shows what we last said",
	.column = columns,
	.columns = COLUMNS,
	.language = &drift_language,
	.sorts = DRIFT_SORTS,
	.sort_name = sort_name,
	.page = page_of_drift,
	.one = one_offer,
	.count = drift_count,
	.cell = drift_cell,
};

static enum fault preview_read(struct pane *p, struct store *s, struct err *err)
{
	struct drift_pane *v = p->self;
	const struct table_row *row = table_at(&v->base.table);
	struct drift_detail *d;
	struct arena *a;

	v->preview = NULL;
	if (p->room < ROOM_FULL || !row)
		return OK;
	a = list_look(&v->base); /* emptied by it */
	d = arena_alloc(a, sizeof *d);
	if (drift_detail(s, row->id, a, d, err))
		return err->fault;
	v->preview = d;
	return OK;
}

static enum fault drift_load(struct pane *p, struct store *s, struct arena *facts, struct err *err)
{
	struct drift_pane *v = p->self;

	(void)facts;
	v->preview = NULL;
	table_init(&v->base.table, &drift_table);
	return table_load(p, &v->base.table, s, err) || differ_read(p, s, &v->differ, err) ? err->fault : preview_read(p, s, err);
}

/* ---- the preview: what there is, what was said where, why, what it may cost ---- */

static void preview_draw(const struct pane *p, struct canvas *c)
{
	struct drift_pane *v = p->self;
	struct arena *a = v->base.table.paint;
	const struct offer *o = &v->preview->offer;
	struct word state = say_state(o, a);
	const char *title = arena_printf(a, "%s on %s   %s", o->sku, offer_where(o, a), state.text);
	struct canvas in = p->room == ROOM_WIDE ? canvas_box(c, title, "x explain  t timeline") : canvas_part(c, 1, 1, c->w - 2, c->h - 1);
	struct drift_line line[DRIFT_LINES];
	int n = drift_lines(p, v->preview, in.w - DRIFT_NAME, in.h - DRIFT_FIXED, line, a);

	if (p->room != ROOM_WIDE)
		canvas_rule(c, 0, title, "x explain");
	for (int i = 0; i < n && i < in.h; i++) {
		canvas_field(&in, 0, i, DRIFT_NAME, ROLE_KEY, ALIGN_LEFT, line[i].name);
		canvas_field(&in, DRIFT_NAME, i, in.w - DRIFT_NAME, line[i].role, ALIGN_LEFT, line[i].text);
	}
}

static void drift_draw(const struct pane *p, struct canvas *c)
{
	struct drift_pane *v = p->self;
	struct canvas own = differ_draw(p, &v->differ, v->base.table.paint, c);
	bool under = v->preview && own.h >= PREVIEW_ROWS + 8;
	struct canvas list = canvas_part(&own, 0, 0, own.w, own.h - (under ? PREVIEW_ROWS : 0));
	struct canvas rest = canvas_part(&own, 0, list.h, own.w, own.h - list.h);

	table_draw(p, &v->base.table, &list);
	if (under)
		preview_draw(p, &rest);
}

/* ---- keys ---- */

static void drift_subject(const struct table_row *row, char *out, size_t cap)
{
	snprintf(out, cap, "%lld", (long long)row->id);
}

static int drift_choices(struct arena *a, const struct table_row **row, int n, int hidden, struct choice **out)
{
	const struct offer **o = arena_alloc(a, (size_t)n * sizeof *o);

	for (int i = 0; i < n; i++)
		o[i] = row[i]->data;
	return deed_offer_choices(a, o, n, hidden, out);
}

static struct deed_row drift_deed(const struct table_row *row)
{
	return (struct deed_row){ .id = row->id, .name = row->name };
}

static const struct list_kind kind = {
	.table = &drift_table,
	.deed = DEED_OFFER,
	.one = "offer",
	.detail = &pane_offer,
	.subject = drift_subject,
	.choices = drift_choices,
	.deed_row = drift_deed,
};

static bool drift_act(struct pane *p, enum act act, struct wish *wish)
{
	struct drift_pane *v = p->self;
	const struct table_row *row = table_at(&v->base.table);
	const struct offer *o = row ? row->data : NULL;
	int64_t was = v->base.table.id;
	bool known;

	if (o && act == ACT_EXPLAIN) { /* the item says more: why its number is what it is, and where else it is offered */
		wish_open_id(wish, &pane_explain, o->item ? "item" : "offer", o->item ? o->item : o->id);
		return true;
	}
	if (o && act == ACT_TIMELINE) {
		wish_open_id(wish, o->item ? &pane_timeline : &pane_story, o->item ? "item" : "offer", o->item ? o->item : o->id);
		return true;
	}
	if (act == ACT_NEXT_PANE && v->differ.n) { /* the section below: the sources that differ */
		wish_open(wish, &pane_conflicts, "");
		return true;
	}
	known = list_act(p, &kind, act, wish);
	if (v->base.table.id != was && p->room >= ROOM_FULL)
		p->peek = true; /* the preview is of another row now */
	return known;
}

LIST_ANSWERS(drift)

const struct pane_type pane_drift = {
	.name = "drift",
	.help = "Offers whose channel shows something else than we last said, the most dangerous first. OVERSELL shows more than there is. x on a row "
	        "says why the number of its item is what it is.",
	.where = WHERE_LISTS | WHERE_DRIFT | WHERE_PANES,
	.size = sizeof(struct drift_pane),
	.keys = (const enum act[]){ ACT_OPEN, ACT_EXPLAIN, ACT_FILTER, ACT_FIND, ACT_MARK, ACT_ACTIONS, ACT_TIMELINE, ACT_THRESHOLDS, ACT_COPY, ACT_NONE },
	.load = drift_load,
	.peek = preview_read,
	.draw = drift_draw,
	.act = drift_act,
	.strip = list_strip,
	LIST_PANE(drift),
	.replan = deed_replan,
};
