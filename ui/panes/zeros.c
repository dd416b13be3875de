/*
 * Zero-outs: what somebody holds at nothing, since when, why and until when, and how much of it is not at zero yet; before them what waits for a person's word.
 */
#include "trade/standing.h"
#include "ui/panes/all.h"
#include "ui/panes/list.h"
#include "ui/panes/wishes.h"
#include "ui/panes/words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* GOES_MIN: so long after it was begun it is no wonder that not all of it is seen yet. */
enum { PREVIEW_ROWS = 8, READ_MOST = 2000, GOES_MIN = 2 };

struct zeros_pane {
	struct list_pane base; /* first */
	const struct stand *preview;
	const char *tally;
	struct zero_row *row;
	int rows;
};

enum column { NUMBER, STATE, SINCE, ENDS, OFFERS, PENDING, SCOPE, WHO, REASON, COLUMNS };

static const struct table_column columns[COLUMNS] = {
	[NUMBER] = { "ZERO", 6, 7, 0, ALIGN_LEFT, ROOM_TINY, true, true },
	[STATE] = { "STATE", 12, 12, 0, ALIGN_LEFT, ROOM_TINY, true, false },
	[SINCE] = { "SINCE", 10, 10, 7, ALIGN_LEFT, ROOM_TINY, false, false },
	[ENDS] = { "ENDS", 10, 12, 0, ALIGN_LEFT, ROOM_COMPACT, false, false },
	[OFFERS] = { "OFFERS", 6, 6, 0, ALIGN_RIGHT, ROOM_COMPACT, false, false },
	[PENDING] = { "PENDING", 7, 7, 0, ALIGN_RIGHT, ROOM_WIDE, false, false },
	[SCOPE] = { "SCOPE", 15, 22, 0, ALIGN_LEFT, ROOM_FULL, false, false },
	[WHO] = { "BY", 0, 20, 0, ALIGN_LEFT, ROOM_WIDE, false, false },
	[REASON] = { "WHY", 0, 0, 0, ALIGN_LEFT, ROOM_FULL, false, false },
};

static struct word say_stand(const struct pane *p, const struct stand *d, struct arena *a)
{
	const struct zero *z = &d->zero;
	int64_t minutes = (p->now_ms - z->made_ms) / 60000;

	if (d->kind == STAND_PROPOSED)
		return (struct word){ ROLE_WARN, "2ND PERSON" };
	if (d->kind == STAND_PLANNED)
		return (struct word){ ROLE_CRIT, "CRIT WAITS" };
	if (z->lifted_ms)
		return z->pending ? (struct word){ ROLE_WARN, "LIFTED" } : (struct word){ ROLE_OK, "RESTORED" };
	if (!z->pending)
		return (struct word){ ROLE_WARN, "HELD" };
	if (z->stopped_ms)
		return (struct word){ ROLE_WARN, "STOPPED" };
	if (minutes < GOES_MIN)
		return (struct word){ ROLE_WARN, "GOING" };
	return (struct word){ ROLE_CRIT, minutes < 100 ? arena_printf(a, "PENDING %" PRId64 "m", minutes) : arena_printf(a, "PENDING %" PRId64 "h", minutes / 60) };
}

static const char *say_end(const struct pane *p, const struct stand *d, struct arena *a)
{
	const struct zero *z = &d->zero;

	if (d->kind == STAND_PLANNED)
		return "by hand";
	if (d->kind == STAND_PROPOSED)
		return arena_printf(a, "by %s", say_time(p, a, z->until_ms));
	if (z->lifted_ms)
		return "-";
	return z->until_ms ? say_time(p, a, z->until_ms) : z->counted ? "counted" : *z->rule ? "recovery" : "by hand";
}

static struct word zeros_cell(const struct pane *p, const struct table_row *row, int column, struct arena *a)
{
	const struct stand *d = row->data;
	const struct zero *z = &d->zero;

	switch ((enum column)column) {
	case NUMBER:
		return (struct word){ ROLE_VALUE, row->name };
	case STATE:
		return say_stand(p, d, a);
	case SINCE:
		return (struct word){ ROLE_FG, say_time(p, a, z->lifted_ms ? z->lifted_ms : z->made_ms) };
	case ENDS:
		return (struct word){ ROLE_FG, say_end(p, d, a) };
	case OFFERS:
		return (struct word){ ROLE_FG, d->kind == STAND_PROPOSED ? "-" : arena_printf(a, "%" PRId64, z->offers) };
	case PENDING:
		return (struct word){ z->pending && !z->lifted_ms ? ROLE_CRIT : ROLE_FG, arena_printf(a, "%" PRId64, z->pending) };
	case SCOPE:
		return (struct word){ ROLE_FG, z->scope };
	case WHO:
		return (struct word){ ROLE_FG, z->actor };
	case REASON:
	case COLUMNS:
		break;
	}
	return (struct word){ ROLE_FG, z->reason };
}

static const char *name_of(const struct stand *d, struct arena *a)
{
	return d->kind == STAND_ZERO ? arena_printf(a, "Z-%" PRId64, d->id) : d->kind == STAND_PROPOSED ? arena_printf(a, "P-%" PRId64, d->id) : "PLAN";
}

static struct table_row row_of(const struct stand *d, struct arena *a)
{
	return (struct table_row){ .id = d->key, .key = { .value = d->key, .id = d->key }, .name = name_of(d, a), .data = d };
}

/* They are few: newest first, those that have the words and lie on the asked side of the key. */
static enum fault page_of_zeros(struct pane *p, struct store *s, const struct page_ask *ask, const char *find, struct arena *a, struct table_row **out,
                                int *got, struct err *err)
{
	bool upward = ask->before != ask->reverse; /* towards higher numbers */
	struct stand *d;
	int n, kept = 0;
	enum fault f = stands_page(s, ask->all, READ_MOST, p->now_ms, a, &d, &n, err);

	*out = arena_alloc(a, (size_t)(n + 1) * sizeof **out);
	for (int i = 0; i < n && !f; i++) {
		const struct stand *at = &d[upward ? n - 1 - i : i];

		if (kept < ask->n && stand_has(at, ask->filter) && stand_has(at, find) && (!ask->key.id || (upward ? at->key > ask->key.id : at->key < ask->key.id)))
			(*out)[kept++] = row_of(at, a);
	}
	*got = kept;
	return f;
}

static enum fault one_zero(struct pane *p, struct store *s, int64_t id, int sort, struct arena *a, struct table_row *out, struct err *err)
{
	struct stand *d = arena_alloc(a, sizeof *d);
	enum fault f = stand_get(s, id, p->now_ms, a, d, err);

	(void)sort;
	if (!f)
		*out = row_of(d, a);
	return f;
}

static const char *sort_name(int sort)
{
	(void)sort;
	return "since";
}

static const struct table_type zeros_table = {
	.what = "zero-outs",
	.empty = "nothing is held at zero",
	.column = columns,
	.columns = COLUMNS,
	.sorts = 1,
	.sort_name = sort_name,
	.has_closed = true,
	.page = page_of_zeros,
	.one = one_zero,
	.cell = zeros_cell,
};

static enum fault preview_read(struct pane *p, struct store *s, struct err *err)
{
	struct zeros_pane *v = p->self;
	const struct table_row *row = table_at(&v->base.table);
	const struct stand *d = row ? row->data : NULL;
	struct arena *a = list_look(&v->base);
	int64_t of[ZERO_STATES];

	v->preview = NULL;
	v->rows = 0;
	v->tally = "";
	if (p->room < ROOM_FULL || !d)
		return OK;
	if (d->kind == STAND_ZERO && (zero_rows(s, d->id, 0, PREVIEW_ROWS, a, &v->row, &v->rows, err) || zero_tally(s, d->id, of, err)))
		return err->fault;
	if (d->kind == STAND_ZERO)
		v->tally = zero_tally_words(of, a);
	v->preview = d;
	return OK;
}

static enum fault zeros_load(struct pane *p, struct store *s, struct arena *facts, struct err *err)
{
	struct zeros_pane *v = p->self;

	(void)facts;
	v->preview = NULL;
	table_init(&v->base.table, &zeros_table);
	return table_load(p, &v->base.table, s, err) ? err->fault : preview_read(p, s, err);
}

/* ---- the preview: the first offers of it ---- */

static void row_draw(const struct pane *p, struct canvas *c, int y, const struct zero_row *r)
{
	const struct zeros_pane *v = p->self;
	struct arena *a = v->base.table.paint;
	bool bad = r->state == ZERO_PENDING || r->state == ZERO_FAILED || r->state == ZERO_MOVED;

	canvas_printf(c, 0, y, bad ? ROLE_CRIT : ROLE_FG, "%-9s %-14s %s   %s before, they show %s (%s)", zero_state_name(r->state), r->offer.account_name, r->offer.sku,
	              say_units(a, r->prior), say_units(a, r->offer.seen), say_time(p, a, r->offer.seen_ms));
}

static void preview_draw(const struct pane *p, struct canvas *c)
{
	struct zeros_pane *v = p->self;
	struct arena *a = v->base.table.paint;
	const struct zero *z = &v->preview->zero;
	const char *title = arena_printf(a, "%s   by %s%s%s", name_of(v->preview, a), z->actor, *z->approver ? ", agreed by " : "", z->approver);
	const char *enter = v->preview->kind == STAND_ZERO ? "Enter all of it" : "Enter its preview";
	struct canvas in = p->room == ROOM_WIDE ? canvas_box(c, title, enter) : canvas_part(c, 1, 1, c->w - 2, c->h - 1);

	if (p->room != ROOM_WIDE)
		canvas_rule(c, 0, title, enter);
	canvas_printf(&in, 0, 0, ROLE_FG, "why     %s", z->reason);
	if (v->preview->kind == STAND_PROPOSED)
		canvas_put(&in, 0, 1, ROLE_WARN, "a second person has to agree within ten minutes of its proposal: a y");
	else if (v->preview->kind == STAND_PLANNED)
		canvas_put(&in, 0, 1, ROLE_WARN, "undo what caused it, or let them go: a o");
	else
		canvas_printf(&in, 0, 1, ROLE_FG, "so far  %s%s%s", v->tally, z->stopped_ms ? "; stopped by " : "", z->stopped_by);
	for (int i = 0; i < v->rows && 2 + i < in.h; i++)
		row_draw(p, &in, 2 + i, &v->row[i]);
}

static void zeros_draw(const struct pane *p, struct canvas *c)
{
	struct zeros_pane *v = p->self;
	bool under = v->preview && c->h >= PREVIEW_ROWS + 8;
	struct canvas list = canvas_part(c, 0, 0, c->w, c->h - (under ? PREVIEW_ROWS : 0));
	struct canvas rest = canvas_part(c, 0, list.h, c->w, c->h - list.h);

	table_draw(p, &v->base.table, &list);
	if (under)
		preview_draw(p, &rest);
}

/* ---- keys ---- */

static void zeros_subject(const struct table_row *row, char *out, size_t cap)
{
	snprintf(out, cap, "%" PRId64, row->id);
}

static int zeros_choices(struct arena *a, const struct table_row **row, int n, int hidden, struct choice **out)
{
	const struct stand **d = arena_alloc(a, (size_t)(n + 1) * sizeof *d);

	for (int i = 0; i < n; i++)
		d[i] = row[i]->data;
	return deed_zero_choices(a, d, n, hidden, out);
}

static struct deed_row zeros_deed(const struct table_row *row)
{
	const struct stand *d = row->data;

	return (struct deed_row){ .id = d->id, .name = row->name };
}

/* A proposal may be of anything that wants a second person. */
static const char *one_of(const struct table_row *row)
{
	const struct stand *d = row->data;

	return d->kind == STAND_PROPOSED ? "proposal" : "zero-out";
}

static const struct list_kind kind = {
	.table = &zeros_table,
	.deed = DEED_ZERO,
	.one = "zero-out",
	.one_of = one_of,
	.detail = &pane_zero,
	.subject = zeros_subject,
	.choices = zeros_choices,
	.deed_row = zeros_deed,
};

/* The sheet is there with nothing in the list as well: something may be held. */
static void empty_sheet(struct wish *wish)
{
	struct choice *c;

	wish->kind = WISH_SHEET;
	wish->text = "Zero-out";
	wish->n_choices = deed_zero_choices(wish->arena, NULL, 0, 0, &c);
	wish->choices = c;
}

/* What waits for a word is no zero-out yet: its own deed. */
static bool waiting_act(struct pane *p, enum act act, const struct stand *d, struct wish *wish)
{
	struct zeros_pane *v = p->self;
	bool proposed = d->kind == STAND_PROPOSED;
	struct deed_row row = { .id = d->id, .name = proposed ? "what was proposed" : "the plan" };

	if (act == ACT_OPEN || act == ACT_DETAILS)
		act = proposed ? ACT_APPROVE : ACT_LET;
	return deed_act(p, &v->base.deed, act, proposed ? DEED_PROPOSED : DEED_PLANNED, &row, 1, wish);
}

static bool zeros_act(struct pane *p, enum act act, struct wish *wish)
{
	struct zeros_pane *v = p->self;
	int64_t was = v->base.table.id;
	const struct table_row *row = table_at(&v->base.table);
	const struct stand *d = row ? row->data : NULL;
	bool known;

	if (act == ACT_ACTIONS && !d) {
		empty_sheet(wish);
		return true;
	}
	if (act == ACT_ZERO)
		return deed_act(p, &v->base.deed, act, DEED_SCOPE, NULL, 0, wish);
	if (d && d->kind != STAND_ZERO && (act == ACT_OPEN || act == ACT_DETAILS || act == ACT_APPROVE || act == ACT_LET || act == ACT_DIFF))
		return waiting_act(p, act, d, wish);
	known = list_act(p, &kind, act == ACT_UNDO ? ACT_LIFT : act, wish);
	if (v->base.table.id != was && p->room >= ROOM_FULL)
		p->peek = true;
	return known;
}

LIST_ANSWERS(zeros)

const struct pane_type pane_zeros = {
	.name = "zeros",
	.help = "What somebody holds at zero, until when, and what waits for a person's word. PENDING offers cannot be told: after a quarter of an hour set them to zero in the "
	        "channel's own portal; the zero-out's page says where, and `tallyman zero hand` lists them. 2ND PERSON: somebody else has to agree (a, y). WAITS: a plan takes so "
	        "many off sale that a person lets them go (a, o), or undoes what caused it. A zero-out is begun here (a, z: SKU, list, tag, node, channel, all) or on rows in "
	        "Drift; it is lifted here (u; d shows what that would say), and ends by itself only where ENDS says so.",
	.where = WHERE_LISTS | WHERE_ZERO,
	.size = sizeof(struct zeros_pane),
	.keys = (const enum act[]){ ACT_OPEN, ACT_ACTIONS, ACT_UNDO, ACT_DIFF, ACT_FILTER, ACT_OPTIONS, ACT_COPY, ACT_NONE },
	.load = zeros_load,
	.peek = preview_read,
	.draw = zeros_draw,
	.act = zeros_act,
	.strip = list_strip,
	LIST_PANE(zeros),
	.replan = deed_replan,
};
