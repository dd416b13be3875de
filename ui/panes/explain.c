/*
 * Why a number is what it is: the equation, a term a line, each with its age and the reply it was learnt from. And
 * the story of an order or offer, whole.
 */
#include "trade/inventory.h"
#include "trade/marketplaces.h"
#include "trade/offers.h"
#include "trade/orders.h"
#include "trade/views.h"
#include "ui/panes/all.h"
#include "ui/panes/board.h"
#include "ui/panes/trail.h"
#include "ui/panes/words.h"

#include <stdio.h>
#include <string.h>

/* What the subject is called: "302-118", "SKU-0042 on walmart-us". */
static enum fault subject_name(struct pane *p, struct store *s, const char **name, int64_t *id, struct err *err)
{
	struct order_detail o;
	struct offer f;
	struct item i;

	if (strncmp(p->subject, "order:", 6) == 0 && subject_id(p->subject, "order", id)) {
		if (order_get(s, *id, p->facts, &o, err))
			return err->fault;
		*name = arena_printf(p->facts, "order %s", o.row.ref);
	} else if (strncmp(p->subject, "offer:", 6) == 0 && subject_id(p->subject, "offer", id)) {
		if (offer_get(s, *id, p->facts, &f, err))
			return err->fault;
		*name = arena_printf(p->facts, "%s on %s", f.sku, f.account_name);
	} else if (subject_id(p->subject, "item", id)) {
		if (item_get_id(s, *id, p->facts, &i, err))
			return err->fault;
		*name = arena_printf(p->facts, "%s %s", i.sku, i.title);
	} else {
		return err_set(err, FAULT_REFUSED, "%s is nothing that can be explained", p->subject);
	}
	return OK;
}

/* ---- every channel side by side ---- */

enum { ROWS_MOST = 32 };

/* How a channel's column is headed: by its account, and by its marketplace where the account is in several. */
static const char *offer_head(const struct pane *p, const struct reasons *why, int i)
{
	const struct offer *o = why->of[i].offer;
	bool several = false;

	for (int k = 0; k < why->offers; k++)
		several |= k != i && why->of[k].offer->account == o->account;
	if (!several)
		return o->account_name;
	return *o->site ? offer_where(o, p->facts) : arena_printf(p->facts, "%s %s", o->account_name, o->sku);
}

static const struct term *term_in(const struct reason *r, int row)
{
	for (int i = 0; i < r->n; i++)
		if (r->term[i].row == row)
			return &r->term[i];
	return NULL;
}

/* Any of the terms of a row: they share its name. */
static const struct term *term_of_row(const struct reasons *why, int from, int n, int row)
{
	const struct term *t = NULL;

	for (int i = from; i < from + n && !t; i++)
		t = term_in(&why->of[i], row);
	return t;
}

static enum role role_of_term(const struct offer *o, const struct term *t)
{
	if (!strcmp(t->name, "push"))
		return role_of_push(t->value);
	if (!strcmp(t->name, "seen"))
		return o->risk > 0 ? ROLE_CRIT : o->drift ? ROLE_WARN : ROLE_VALUE;
	return t->name[0] == '=' || !strcmp(t->name, "target") ? ROLE_VALUE : ROLE_FG;
}

/* What each of them says of this row, for x. */
static const char *row_words(const struct pane *p, const struct reasons *why, int row)
{
	struct buf b = buf_new(p->facts);

	for (int i = 0; i < why->offers; i++) {
		const struct term *t = term_in(&why->of[i], row);

		if (t)
			buf_printf(&b, "%s  %s\n  %s%s%s\n", offer_head(p, why, i), t->value, t->origin, t->at_ms ? ", " : "",
			           t->at_ms ? say_time(p, p->facts, t->at_ms) : "");
	}
	return b.p;
}

/* The columns of n offers: as wide as the longest name among them needs, and no wider. */
static const struct board_column *side_columns(const struct pane *p, const struct reasons *why, int from, int n)
{
	struct board_column *c = arena_alloc(p->facts, (size_t)(n + 1) * sizeof *c);

	c[0] = (struct board_column){ "", 23, 25, 18, ALIGN_LEFT, ROOM_TINY, };
	for (int i = 0; i < n; i++)
		c[i + 1] = (struct board_column){ offer_head(p, why, from + i), 12, 14, 10, ALIGN_RIGHT, ROOM_TINY };
	return c;
}

static void side_row(struct pane *p, struct board_block *b, const struct reasons *why, int from, int n, int row)
{
	const struct term *any = term_of_row(why, from, n, row);
	struct bit bit_of[BOARD_BITS];
	struct board_line *l;

	if (!any)
		return;
	bit_of[0] = bit(ROLE_KEY, any->name);
	for (int i = 0; i < n; i++) {
		const struct term *t = term_in(&why->of[from + i], row);

		bit_of[i + 1] = bit(t ? role_of_term(why->of[from + i].offer, t) : ROLE_FG, t ? t->value : "");
		if (t && t->attempt_id > any->attempt_id)
			any = t;
	}
	l = block_line(b, bit_of, n + 1);
	l->why = row_words(p, why, row);
	l->key = any->name;
	trail_lead(l, p->facts, any->attempt_id);
}

/* As many columns as fit; the rest follow below. */
static void side_by_side(struct pane *p, const struct reasons *why)
{
	struct board_pane *v = p->self;
	int most = p->room == ROOM_WIDE ? 6 : p->room >= ROOM_FULL ? 4 : p->room >= ROOM_COMPACT ? 2 : 1;

	for (int from = 0; from < why->offers && v->board.n < BOARD_BLOCKS - 2; from += most) {
		int n = why->offers - from < most ? why->offers - from : most;
		struct board_block *b = board_block(&v->board, from ? "and" : "On every channel", from ? NULL : "x: who says so",
		                                    side_columns(p, why, from, n), n + 1);

		for (int row = 1; row < ROWS_MOST; row++)
			side_row(p, b, why, from, n, row);
	}
}

/* The sum of each in one line, as it was decided: each term can be reckoned from those before it. */
static void equations(struct pane *p, const struct reasons *why)
{
	static const struct board_column column[] = {
		{ NULL, 16, 20, 12, ALIGN_LEFT, ROOM_TINY },
		{ NULL, 6, 7, 0, ALIGN_RIGHT, ROOM_FULL },
		{ NULL, 0, 0, 0, ALIGN_LEFT, ROOM_TINY },
	};
	struct board_pane *v = p->self;
	struct board_block *b = board_block(&v->board, "As it was decided", "Enter: the offer", column, 3);

	for (int i = 0; i < why->offers; i++) {
		const struct offer *o = why->of[i].offer;
		const char *no = offer_unwritable(o);
		struct board_line *l = LINE(b, bit(ROLE_KEY, offer_head(p, why, i)), bit(ROLE_MUTED, o->target_ms ? say_age(p, p->facts, o->target_ms) : ""),
		                            bit(no ? ROLE_MUTED : ROLE_FG, no ? no : *o->why ? o->why : "nobody has reckoned it"));

		l->open = &pane_offer;
		l->subject = arena_printf(p->facts, "%lld", (long long)o->id);
	}
}

static enum fault item_load(struct pane *p, struct store *s, const char *name, int64_t item, struct err *err)
{
	struct board_pane *v = p->self;
	struct reasons why;

	if (item_reasons(s, item, p->now_ms, p->facts, &why, err))
		return err->fault;
	trail_terms(p, &v->board, arena_printf(p->facts, "Why: %s", name), why.term, why.n);
	side_by_side(p, &why);
	equations(p, &why);
	return OK;
}

static enum fault explain_terms(struct pane *p, struct store *s, int64_t id, struct term **term, int *n, struct err *err)
{
	if (p->subject[1] == 'r')
		return order_explain(s, id, p->now_ms, p->facts, term, n, err);
	return offer_explain(s, id, p->now_ms, p->facts, term, n, err);
}

static enum fault explain_load(struct pane *p, struct store *s, struct arena *facts, struct err *err)
{
	struct board_pane *v = p->self;
	struct term *term;
	const char *name;
	int64_t id;
	int n;

	v->board = board_new(facts);
	if (subject_name(p, s, &name, &id, err))
		return err->fault;
	if (!strncmp(p->subject, "item:", 5) ? item_load(p, s, name, id, err) : explain_terms(p, s, id, &term, &n, err))
		return err->fault;
	if (strncmp(p->subject, "item:", 5))
		trail_terms(p, &v->board, arena_printf(facts, "Why: %s", name), term, n);
	snprintf(v->strip, sizeof v->strip, "Explain > %s", name);
	board_settle(&v->board, &v->at);
	return OK;
}

static enum fault story_load(struct pane *p, struct store *s, struct arena *facts, struct err *err)
{
	struct board_pane *v = p->self;
	struct event *event;
	const char *name;
	bool first = p->loaded_ms == 0 && !v->at.key[0];
	int64_t id;
	int n;

	v->board = board_new(facts);
	if (subject_name(p, s, &name, &id, err))
		return err->fault;
	if (p->subject[1] == 'r' ? order_story(s, id, facts, &event, &n, err) : offer_story(s, id, facts, &event, &n, err))
		return err->fault;
	trail_events(p, &v->board, name, event, n, true);
	snprintf(v->strip, sizeof v->strip, "Timeline > %s", name);
	if (first)
		v->at.line = n - 1; /* the newest is what one came for */
	board_settle(&v->board, &v->at);
	return OK;
}

const struct pane_type pane_explain = {
	.name = "explain",
	.help = "Why a number is what it is: each term of it with its age and where it was learnt. Enter on a term opens the request behind it.",
	.where = WHERE_DETAILS,
	.size = sizeof(struct board_pane),
	.keys = (const enum act[]){ ACT_OPEN, ACT_COPY, ACT_REFRESH, ACT_NONE },
	.load = explain_load,
	BOARD_PANE,
};

const struct pane_type pane_story = {
	.name = "story",
	.help = "Everything that happened, oldest first: what they told, what was decided, what we said. Enter on a line opens the request.",
	.where = WHERE_DETAILS | WHERE_TIMELINE,
	.size = sizeof(struct board_pane),
	.keys = (const enum act[]){ ACT_OPEN, ACT_FIND, ACT_COPY, ACT_REFRESH, ACT_NONE },
	.load = story_load,
	BOARD_PANE,
};
