/*
 * Zero-outs: what somebody holds at nothing, since when and why, and how much of it is not at zero yet.
 */
#include "trade/zero.h"
#include "ui/panes/all.h"
#include "ui/panes/list.h"
#include "ui/panes/wishes.h"
#include "ui/panes/words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { PREVIEW_ROWS = 8, READ_MOST = 2000 };

struct zeros_pane {
	struct list_pane base; /* first */
	const struct zero *preview;
	struct zero_row *row;
	int rows;
};

enum column { NUMBER, STATE, SINCE, OFFERS, PENDING, SCOPE, WHO, REASON, COLUMNS };

static const struct table_column columns[COLUMNS] = {
	[NUMBER] = { "ZERO", 6, 7, 0, ALIGN_LEFT, ROOM_TINY, true, true },
	[STATE] = { "STATE", 12, 12, 0, ALIGN_LEFT, ROOM_TINY, true, false },
	[SINCE] = { "SINCE", 10, 10, 7, ALIGN_LEFT, ROOM_TINY, false, false },
	[OFFERS] = { "OFFERS", 6, 6, 0, ALIGN_RIGHT, ROOM_COMPACT, false, false },
	[PENDING] = { "PENDING", 7, 7, 0, ALIGN_RIGHT, ROOM_COMPACT, false, false },
	[SCOPE] = { "SCOPE", 16, 24, 0, ALIGN_LEFT, ROOM_FULL, false, false },
	[WHO] = { "BY", 0, 20, 0, ALIGN_LEFT, ROOM_WIDE, false, false },
	[REASON] = { "WHY", 0, 0, 0, ALIGN_LEFT, ROOM_FULL, false, false },
};

static struct word say_zero(const struct pane *p, const struct zero *z, struct arena *a)
{
	int64_t minutes = (p->now_ms - z->made_ms) / 60000;

	if (z->lifted_ms)
		return z->pending ? (struct word){ ROLE_WARN, "LIFTED" } : (struct word){ ROLE_OK, "RESTORED" };
	if (!z->pending)
		return (struct word){ ROLE_WARN, "HELD" };
	return (struct word){ ROLE_CRIT, minutes < 100 ? arena_printf(a, "PENDING %" PRId64 "m", minutes) : arena_printf(a, "PENDING %" PRId64 "h", minutes / 60) };
}

static struct word zeros_cell(const struct pane *p, const struct table_row *row, int column, struct arena *a)
{
	const struct zero *z = row->data;

	switch ((enum column)column) {
	case NUMBER:
		return (struct word){ ROLE_VALUE, row->name };
	case STATE:
		return say_zero(p, z, a);
	case SINCE:
		return (struct word){ ROLE_FG, say_time(p, a, z->lifted_ms ? z->lifted_ms : z->made_ms) };
	case OFFERS:
		return (struct word){ ROLE_FG, arena_printf(a, "%" PRId64, z->offers) };
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

static struct table_row row_of(const struct zero *z, struct arena *a)
{
	return (struct table_row){ .id = z->id, .key = { .value = z->id, .id = z->id }, .name = arena_printf(a, "Z-%" PRId64, z->id), .data = z };
}

static bool has(const struct zero *z, const char *word)
{
	return !word || !*word || strcasestr(z->scope, word) || strcasestr(z->reason, word) || strcasestr(z->actor, word);
}

/* They are few: newest first, those that have the words and lie on the asked side of the key. */
static enum fault page_of_zeros(struct pane *p, struct store *s, const struct page_ask *ask, const char *find, struct arena *a, struct table_row **out,
                                int *got, struct err *err)
{
	bool upward = ask->before != ask->reverse; /* towards higher numbers */
	struct zero *z;
	int n, kept = 0;
	enum fault f = zeros_page(s, 0, ask->all, READ_MOST, a, &z, &n, err);

	(void)p;
	*out = arena_alloc(a, (size_t)(n + 1) * sizeof **out);
	for (int i = 0; i < n && !f; i++) {
		const struct zero *at = &z[upward ? n - 1 - i : i];

		if (kept < ask->n && has(at, ask->filter) && has(at, find) && (!ask->key.id || (upward ? at->id > ask->key.id : at->id < ask->key.id)))
			(*out)[kept++] = row_of(at, a);
	}
	*got = kept;
	return f;
}

static enum fault one_zero(struct pane *p, struct store *s, int64_t id, int sort, struct arena *a, struct table_row *out, struct err *err)
{
	struct zero *z = arena_alloc(a, sizeof *z);
	enum fault f = zero_get(s, id, a, z, err);

	(void)p;
	(void)sort;
	if (!f)
		*out = row_of(z, a);
	return f;
}

static enum fault count_zeros(struct store *s, const struct page_ask *ask, int64_t most, int64_t *out, struct err *err)
{
	struct arena *a = arena_new();
	struct zero *z;
	int n = 0;
	enum fault f = zeros_page(s, 0, ask->all, READ_MOST, a, &z, &n, err);

	*out = 0;
	for (int i = 0; i < n && *out < most && !f; i++)
		*out += has(&z[i], ask->filter);
	arena_free(a);
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
	.count = count_zeros,
	.cell = zeros_cell,
};

static enum fault preview_read(struct pane *p, struct store *s, struct err *err)
{
	struct zeros_pane *v = p->self;
	const struct table_row *row = table_at(&v->base.table);

	v->preview = NULL;
	if (p->room < ROOM_FULL || !row)
		return OK;
	if (zero_rows(s, row->id, 0, PREVIEW_ROWS, list_look(&v->base), &v->row, &v->rows, err))
		return err->fault;
	v->preview = row->data;
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

static void preview_draw(const struct pane *p, struct canvas *c)
{
	struct zeros_pane *v = p->self;
	struct arena *a = v->base.table.paint;
	const struct zero *z = v->preview;
	const char *title = arena_printf(a, "Z-%" PRId64 "   by %s%s%s", z->id, z->actor, *z->approver ? ", agreed by " : "", z->approver);
	struct canvas in = p->room == ROOM_WIDE ? canvas_box(c, title, "Enter all of it") : canvas_part(c, 1, 1, c->w - 2, c->h - 1);

	if (p->room != ROOM_WIDE)
		canvas_rule(c, 0, title, "Enter all of it");
	canvas_printf(&in, 0, 0, ROLE_FG, "why     %s", z->reason);
	for (int i = 0; i < v->rows && 1 + i < in.h; i++) {
		const struct zero_row *r = &v->row[i];

		canvas_printf(&in, 0, 1 + i, r->state == ZERO_PENDING ? ROLE_CRIT : ROLE_FG, "%-9s %-14s %s   %s before, they show %s (%s)", zero_state_name(r->state),
		              r->offer.account_name, r->offer.sku, say_units(a, r->prior), say_units(a, r->offer.seen), say_time(p, a, r->offer.seen_ms));
	}
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
	const struct zero **z = arena_alloc(a, (size_t)n * sizeof *z);

	for (int i = 0; i < n; i++)
		z[i] = row[i]->data;
	return deed_zero_choices(a, z, n, hidden, out);
}

static struct deed_row zeros_deed(const struct table_row *row)
{
	return (struct deed_row){ .id = row->id, .name = row->name };
}

static const struct list_kind kind = {
	.table = &zeros_table,
	.deed = DEED_ZERO,
	.one = "zero-out",
	.detail = &pane_zero,
	.subject = zeros_subject,
	.choices = zeros_choices,
	.deed_row = zeros_deed,
};

static bool zeros_act(struct pane *p, enum act act, struct wish *wish)
{
	struct zeros_pane *v = p->self;
	int64_t was = v->base.table.id;
	bool known = list_act(p, &kind, act, wish);

	if (v->base.table.id != was && p->room >= ROOM_FULL)
		p->peek = true;
	return known;
}

static void zeros_answer(struct pane *p, struct answer *answer, struct wish *wish)
{
	list_answer(p, &kind, answer, wish);
}

static bool zeros_step(struct pane *p, int by, char *subject, size_t cap)
{
	return list_step(p, &kind, by, subject, cap);
}

static void zeros_restore(struct pane *p, const char *(*get)(void *ctx, const char *key), void *ctx)
{
	list_restore(p, &kind, get, ctx);
}

const struct pane_type pane_zeros = {
	.name = "zeros",
	.help = "What somebody holds at zero. PENDING offers have not been seen at zero for so long: after a quarter of an hour set them to zero in the "
	        "channel's own portal; the zero-out's page says where, and `tallyman zero hand` lists them. A zero-out is begun on offers in Drift (a, z) and never ends by itself: lift it here (a, l).",
	.where = WHERE_LISTS | WHERE_ZERO,
	.size = sizeof(struct zeros_pane),
	.keys = (const enum act[]){ ACT_OPEN, ACT_ACTIONS, ACT_FILTER, ACT_OPTIONS, ACT_COPY, ACT_NONE },
	.load = zeros_load,
	.peek = preview_read,
	.draw = zeros_draw,
	.act = zeros_act,
	.strip = list_strip,
	.answer = zeros_answer,
	.step = zeros_step,
	.save = list_save,
	.restore = zeros_restore,
	.close = list_close,
};
