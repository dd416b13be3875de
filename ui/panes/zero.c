/*
 * One zero-out: each offer it holds, what was shown before, what is shown now.
 */
#include "trade/portals.h"
#include "trade/zero.h"
#include "ui/panes/all.h"
#include "ui/panes/list.h"
#include "ui/panes/wishes.h"
#include "ui/panes/words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct zero_pane {
	struct list_pane base; /* first */
	int64_t id;
	struct zero zero;
	const char *channel; /* of the first that is pending so long that a person has to do it; NULL: none is */
};

enum { HAND_ROWS = 4, HAND_MOST = 2000 };

enum column { SKU, STATE, CHANNEL, BEFORE, SEEN, READ, TARGET, AVAILABLE, ITEM, COLUMNS };

static const struct table_column columns[COLUMNS] = {
	[SKU] = { "SKU", 13, 15, 12, ALIGN_LEFT, ROOM_TINY, true, true },
	[STATE] = { "STATE", 12, 12, 0, ALIGN_LEFT, ROOM_TINY, true, false },
	[CHANNEL] = { "CHANNEL", 11, 13, 8, ALIGN_LEFT, ROOM_TINY, false, false },
	[BEFORE] = { "BEFORE", 6, 6, 0, ALIGN_RIGHT, ROOM_COMPACT, false, false },
	[SEEN] = { "SHOWN", 5, 5, 0, ALIGN_RIGHT, ROOM_COMPACT, false, false },
	[READ] = { "READ", 10, 10, 0, ALIGN_LEFT, ROOM_FULL, false, false },
	[TARGET] = { "WANT", 5, 5, 0, ALIGN_RIGHT, ROOM_FULL, false, false },
	[AVAILABLE] = { "AVAIL", 5, 5, 0, ALIGN_RIGHT, ROOM_FULL, false, false },
	[ITEM] = { "ITEM", 0, 0, 0, ALIGN_LEFT, ROOM_WIDE, false, false },
};

static struct word zero_cell(const struct pane *p, const struct table_row *row, int column, struct arena *a)
{
	const struct zero_row *r = row->data;

	switch ((enum column)column) {
	case SKU:
		return (struct word){ ROLE_VALUE, r->offer.sku };
	case STATE:
		return (struct word){ r->state == ZERO_PENDING || r->state == ZERO_MOVED ? ROLE_CRIT : r->state == ZERO_RETURNS ? ROLE_WARN : ROLE_FG,
			              r->state == ZERO_PENDING ? "CRIT PENDING" : zero_state_name(r->state) };
	case CHANNEL:
		return (struct word){ ROLE_FG, r->offer.account_name };
	case BEFORE:
		return (struct word){ ROLE_FG, say_units(a, r->prior) };
	case SEEN:
		return (struct word){ ROLE_FG, say_units(a, r->offer.seen) };
	case READ:
		return (struct word){ ROLE_FG, say_time(p, a, r->offer.seen_ms) };
	case TARGET:
		return (struct word){ ROLE_FG, say_units(a, r->offer.target) };
	case AVAILABLE:
		return (struct word){ r->offer.available < 0 ? ROLE_CRIT : ROLE_FG, arena_printf(a, "%" PRId64, r->offer.available) };
	case ITEM:
	case COLUMNS:
		break;
	}
	return (struct word){ ROLE_FG, r->offer.title };
}

static struct table_row row_of(const struct zero_row *r)
{
	return (struct table_row){ .id = r->offer.id, .key = { .value = r->offer.id, .id = r->offer.id }, .name = r->offer.sku, .data = r };
}

enum { READ_MOST = 5000 };

/* By number; words and the way back are looked for in what is read, which a person's own choice keeps short. */
static enum fault page_of_rows(struct pane *p, struct store *s, const struct page_ask *ask, const char *find, struct arena *a, struct table_row **out,
                               int *got, struct err *err)
{
	const struct zero_pane *v = p->self;
	bool down = ask->before != ask->reverse;
	struct zero_row *r;
	int n, kept = 0;
	enum fault f = zero_rows(s, v->id, 0, READ_MOST, a, &r, &n, err);

	*out = arena_alloc(a, (size_t)(n + 1) * sizeof **out);
	for (int i = 0; i < n && !f; i++) {
		const struct zero_row *at = &r[down ? n - 1 - i : i];
		bool fits = (!ask->filter || !*ask->filter || strcasestr(at->offer.sku, ask->filter) || strcasestr(at->offer.account_name, ask->filter)) &&
		            (!find || strcasestr(at->offer.sku, find));

		if (kept < ask->n && fits && (!ask->key.id || (down ? at->offer.id < ask->key.id : at->offer.id > ask->key.id)))
			(*out)[kept++] = row_of(at);
	}
	*got = kept;
	return f;
}

static enum fault one_row(struct pane *p, struct store *s, int64_t id, int sort, struct arena *a, struct table_row *out, struct err *err)
{
	const struct zero_pane *v = p->self;
	struct zero_row *r;
	int n;

	(void)sort;
	if (zero_rows(s, v->id, id - 1, 1, a, &r, &n, err))
		return err->fault;
	if (!n || r->offer.id != id)
		return err_set(err, FAULT_REFUSED, "it is no longer there");
	*out = row_of(r);
	return OK;
}

static const char *sort_name(int sort)
{
	(void)sort;
	return "number";
}

static const struct table_type zero_table = {
	.what = "offers",
	.empty = "it holds nothing",
	.column = columns,
	.columns = COLUMNS,
	.sorts = 1,
	.sort_name = sort_name,
	.page = page_of_rows,
	.one = one_row,
	.cell = zero_cell,
};

static enum fault by_hand(struct zero_pane *v, struct store *s, struct arena *facts, int64_t now_ms, struct err *err)
{
	struct zero_hand *h;
	int n;
	enum fault f = zero_by_hand(s, now_ms - ZERO_BY_HAND_MS, HAND_MOST, facts, &h, &n, err);

	v->channel = NULL;
	for (int i = 0; i < n && !f && !v->channel; i++)
		v->channel = h[i].zero == v->id ? h[i].channel : NULL;
	return f;
}

static enum fault zero_load(struct pane *p, struct store *s, struct arena *facts, struct err *err)
{
	struct zero_pane *v = p->self;

	table_init(&v->base.table, &zero_table);
	if (!subject_id(p->subject, "zero", &v->id))
		return err_set(err, FAULT_REFUSED, "that is no zero-out");
	if (zero_get(s, v->id, facts, &v->zero, err) || by_hand(v, s, facts, p->now_ms, err))
		return err->fault;
	return table_load(p, &v->base.table, s, err);
}

/* What a person has to do himself, where there is a person. */
static void hand_draw(const struct pane *p, struct canvas *c)
{
	const struct zero_pane *v = p->self;
	struct arena *a = v->base.table.paint;
	struct portal at = portal_of(a, v->channel);
	char age[16];

	time_age(p->now_ms - v->zero.made_ms, age);
	canvas_rule(c, 0, arena_printf(a, "BY HAND NOW: %" PRId64 " PENDING for %s", v->zero.pending, age), "");
	canvas_wrap(c, 0, 1, c->w, c->h - 1, ROLE_CRIT, arena_printf(a, "Set the PENDING ones to 0 in %s: %s. %s", at.name, at.how, at.url));
}

static void zero_draw(const struct pane *p, struct canvas *c)
{
	struct zero_pane *v = p->self;
	int rows = v->channel && c->h > 3 * HAND_ROWS ? HAND_ROWS : 0;
	struct canvas list = canvas_part(c, 0, 0, c->w, c->h - rows), rest = canvas_part(c, 0, list.h, c->w, rows);

	table_draw(p, &v->base.table, &list);
	if (rows)
		hand_draw(p, &rest);
}

static void zero_subject(const struct table_row *row, char *out, size_t cap)
{
	snprintf(out, cap, "%" PRId64, row->id);
}

static int zero_choices(struct arena *a, const struct table_row **row, int n, int hidden, struct choice **out)
{
	const struct offer **o = arena_alloc(a, (size_t)n * sizeof *o);

	for (int i = 0; i < n; i++)
		o[i] = &((const struct zero_row *)row[i]->data)->offer;
	return deed_offer_choices(a, o, n, hidden, out);
}

static struct deed_row zero_deed(const struct table_row *row)
{
	return (struct deed_row){ .id = row->id, .name = row->name };
}

static const struct list_kind kind = {
	.table = &zero_table,
	.deed = DEED_OFFER,
	.one = "offer",
	.detail = &pane_offer,
	.subject = zero_subject,
	.choices = zero_choices,
	.deed_row = zero_deed,
};

static bool zero_act(struct pane *p, enum act act, struct wish *wish)
{
	struct zero_pane *v = p->self;
	const struct table_row *row = table_at(&v->base.table);

	if (row && act == ACT_TIMELINE) {
		wish_open_id(wish, &pane_story, "offer", row->id);
		return true;
	}
	return list_act(p, &kind, act, wish);
}

static void zero_answer(struct pane *p, struct answer *answer, struct wish *wish)
{
	list_answer(p, &kind, answer, wish);
}

static bool zero_step(struct pane *p, int by, char *subject, size_t cap)
{
	return list_step(p, &kind, by, subject, cap);
}

const struct pane_type pane_zero = {
	.name = "zero",
	.help = "One zero-out: each offer it holds, what was shown before and what is shown now. MOVED: just before its zero was said they showed more than when it was looked at; tallyman zero go. PENDING: no reading made since shows zero; after a quarter of an hour the page says where to do it by hand. RETURNS: it was "
	        "lifted, and today's number is on its way.",
	.where = WHERE_LISTS | WHERE_ZERO,
	.size = sizeof(struct zero_pane),
	.keys = (const enum act[]){ ACT_OPEN, ACT_FILTER, ACT_ACTIONS, ACT_TIMELINE, ACT_COPY, ACT_NONE },
	.load = zero_load,
	.draw = zero_draw,
	.act = zero_act,
	.strip = list_strip,
	.answer = zero_answer,
	.step = zero_step,
	.replan = deed_replan,
	.close = list_close,
};
