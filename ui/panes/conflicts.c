/*
 * Where two systems tell the same place of the same item and differ: ERP 40, warehouse 37. Which of them moved last, the likeliest missing document,
 * what is believed meanwhile, and what to do.
 */
#include "trade/conflicts.h"
#include "trade/dispute.h"
#include "trade/inventory.h"
#include "trade/offers.h"
#include "ui/panes/all.h"
#include "ui/panes/board.h"
#include "ui/panes/differ.h"
#include "ui/panes/trail.h"
#include "ui/panes/wishes.h"
#include "ui/panes/words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { SECTION = 3, SECTION_WIDE = 6, LISTED = 500, LOUD = 10, OFFERS = 100 };

static enum role role_of(const struct conflict *k)
{
	int64_t delta = k->free - k->other_free;

	return delta > LOUD || delta < -LOUD ? ROLE_WARN : ROLE_FG;
}

/* ---- the section of Drift ---- */

enum fault differ_read(const struct pane *p, struct store *s, struct differ *out, struct err *err)
{
	*out = (struct differ){ 0 };
	return conflicts_list(s, 0, p->room == ROOM_WIDE ? SECTION_WIDE : SECTION, p->facts, &out->k, &out->n, err) ? err->fault : conflicts_count(s, &out->total, err);
}

struct canvas differ_draw(const struct pane *p, const struct differ *d, struct arena *paint, struct canvas *c)
{
	struct canvas below;

	(void)p;
	if (!d->n || c->h < d->n + 8)
		return canvas_part(c, 0, 0, c->w, c->h);
	below = canvas_part(c, 0, c->h - d->n - 1, c->w, d->n + 1);
	canvas_rule(&below, 0, arena_printf(paint, "Sources of truth that differ: %s", say_count(paint, d->total)), "Tab: all of them");
	for (int i = 0; i < d->n; i++) {
		const struct conflict *k = &d->k[i];
		const char *text = arena_printf(paint, "%s %s %" PRId64 ", %s %" PRId64 ": %s", k->place, k->owner, k->free, k->other, k->other_free, k->why);

		canvas_field(&below, 2, 1 + i, 13, ROLE_VALUE, ALIGN_LEFT, k->sku);
		canvas_field(&below, 16, 1 + i, below.w - 16, role_of(k), ALIGN_LEFT, text);
	}
	return canvas_part(c, 0, 0, c->w, c->h - d->n - 1);
}

/* ---- all of them ---- */

static enum fault list_load(struct pane *p, struct store *s, struct arena *facts, struct err *err)
{
	static const struct board_column column[] = {
		{ "sku", 13, 16, 12, ALIGN_LEFT, ROOM_TINY },         { "place", 10, 14, 0, ALIGN_LEFT, ROOM_WIDE }, { "says", 9, 18, 0, ALIGN_LEFT, ROOM_COMPACT },
		{ "says", 0, 18, 0, ALIGN_LEFT, ROOM_WIDE }, { "by", 5, 5, 5, ALIGN_RIGHT, ROOM_TINY }, { "likeliest cause", 0, 0, 0, ALIGN_LEFT, ROOM_TINY },
	};
	struct board_pane *v = p->self;
	struct board_block *b;
	struct conflict *k;
	int n;

	v->board = board_new(facts);
	if (conflicts_list(s, 0, LISTED, facts, &k, &n, err))
		return err->fault;
	b = board_block(&v->board, "Sources of truth that differ", "Enter: what to do", column, 6);
	for (int i = 0; i < n; i++) {
		const char *says = p->room == ROOM_WIDE ? arena_printf(facts, "%s %" PRId64, k[i].owner, k[i].free) : arena_printf(facts, "%" PRId64 ", %" PRId64, k[i].free, k[i].other_free);
		struct board_line *l = LINE(b, bit(ROLE_VALUE, k[i].sku), bit(ROLE_FG, k[i].place), bit(ROLE_FG, says),
		                            bit(ROLE_FG, arena_printf(facts, "%s %" PRId64, k[i].other, k[i].other_free)),
		                            bit(role_of(&k[i]), arena_printf(facts, "%+" PRId64, k[i].free - k[i].other_free)),
		                            bit(ROLE_FG, arena_printf(facts, "%s: %s", k[i].cause, k[i].why)));

		l->open = &pane_conflict;
		l->subject = l->key = arena_printf(facts, "%" PRId64, k[i].id);
		l->why = dispute_remedy(k[i].cause);
	}
	if (n == 0)
		LINE(b, bit(ROLE_OK, "none"), bit(ROLE_FG, ""), bit(ROLE_FG, ""), bit(ROLE_FG, ""), bit(ROLE_FG, ""), bit(ROLE_FG, "all that tell a place agree on it"));
	snprintf(v->strip, sizeof v->strip, "Drift > sources that differ   %d%s", n, n == LISTED ? " or more" : "");
	board_settle(&v->board, &v->at);
	return OK;
}

/* ---- one ---- */

static void side(struct pane *p, struct board_block *b, const char *name, int64_t free, int64_t committed, int64_t was, int64_t moved_ms, int64_t at_ms, bool kept)
{
	struct arena *a = p->facts;
	const char *took = committed ? arena_printf(a, ", %" PRId64 " taken off as promised", committed) : "";
	const char *before = moved_ms ? arena_printf(a, "   %" PRId64 " before %s", was, say_time(p, a, moved_ms)) : "   never another since it was first read";

	if (!kept) {
		trail_pair(b, name, ROLE_VALUE, arena_printf(a, "%" PRId64 " free by the last weighing; since when is not kept", free));
		return;
	}
	trail_pair(b, name, ROLE_VALUE, arena_printf(a, "%" PRId64 " free%s, as of %s%s", free, took, say_time(p, a, at_ms), before));
}

static enum fault shown_block(struct pane *p, struct store *s, const struct conflict *k, struct err *err)
{
	static const struct board_column column[] = {
		{ "shown on", 14, 18, 12, ALIGN_LEFT, ROOM_TINY }, { "sku", 16, 20, 0, ALIGN_LEFT, ROOM_COMPACT }, { "now", 6, 6, 6, ALIGN_RIGHT, ROOM_TINY },
		{ "want", 6, 6, 0, ALIGN_RIGHT, ROOM_COMPACT },    { "read", 0, 0, 0, ALIGN_LEFT, ROOM_COMPACT },
	};
	struct board_pane *v = p->self;
	struct board_block *b;
	struct offer *o;
	int n;

	if (offers_list(s, k->item, 0, 0, OFFERS, p->facts, &o, &n, err))
		return err->fault;
	b = board_block(&v->board, "What is shown of it", "Enter: the offer", column, 5);
	for (int i = 0; i < n; i++) {
		struct board_line *l = LINE(b, bit(ROLE_FG, o[i].account_name), bit(ROLE_VALUE, o[i].sku), bit(ROLE_VALUE, say_units(p->facts, o[i].seen)),
		                            bit(ROLE_FG, say_units(p->facts, o[i].target)), bit(ROLE_FG, say_time(p, p->facts, o[i].seen_ms)));

		l->open = &pane_offer;
		l->subject = arena_printf(p->facts, "%" PRId64, o[i].id);
	}
	if (n == 0)
		LINE(b, bit(ROLE_MUTED, "nowhere"));
	return OK;
}

static void said_block(struct pane *p, const struct conflict *k)
{
	struct board_pane *v = p->self;
	struct arena *a = p->facts;
	struct board_block *b = board_block(&v->board, arena_printf(a, "%s at %s", k->sku, k->place), k->title, pair_columns, 2);
	struct board_line *l;

	side(p, b, k->owner, k->free, k->owner_committed, k->owner_was, k->owner_moved_ms, k->owner_ms, k->owner_kept);
	side(p, b, k->other, k->other_free, k->other_committed, k->other_was, k->other_moved_ms, k->other_ms, k->other_kept);
	trail_pair(b, "differ by", role_of(k), arena_printf(a, "%+" PRId64 " since %s; %s", k->free - k->other_free, say_time(p, a, k->since_ms), conflict_mover(k, a)));
	trail_pair(b, "believed", ROLE_VALUE, arena_printf(a, "%" PRId64 " meanwhile ([atp] conflict of the configuration says whose)", k->decided));
	trail_pair(b, "likeliest", ROLE_WARN, arena_printf(a, "%s: %s", k->cause, k->why));
	trail_pair(b, "to do", ROLE_KEY, dispute_remedy(k->cause));
	trail_pair(b, "ends", ROLE_FG, "by itself, with the first readings of both that agree");
	l = trail_pair(b, "why", ROLE_FG, "Enter: the item's whole equation");
	l->open = &pane_explain;
	l->subject = arena_printf(a, "item:%" PRId64, k->item);
}

static enum fault one_load(struct pane *p, struct store *s, struct arena *facts, struct err *err)
{
	struct board_pane *v = p->self;
	const struct conflict *found = NULL;
	struct conflict *k;
	struct event *event;
	int64_t id;
	int n;

	v->board = board_new(facts);
	if (!subject_id(p->subject, "conflict", &id) || conflicts_list(s, 0, LISTED, facts, &k, &n, err))
		return err_set(err, FAULT_REFUSED, "%s is no difference between two sources", p->subject);
	for (int i = 0; i < n; i++)
		if (k[i].id == id)
			found = &k[i];
	if (!found)
		return err_set(err, FAULT_REFUSED, "they agree again");
	said_block(p, found);
	if (shown_block(p, s, found, err) || item_story(s, found->item, facts, &event, &n, err))
		return err->fault;
	trail_events(p, &v->board, "What happened to it", n > 40 ? event + n - 40 : event, n > 40 ? 40 : n, true);
	snprintf(v->strip, sizeof v->strip, "Drift > %s: %s %" PRId64 ", %s %" PRId64, found->sku, found->owner, found->free, found->other, found->other_free);
	board_settle(&v->board, &v->at);
	return OK;
}

const struct pane_type pane_conflicts = {
	.name = "conflicts",
	.says = "where two sources of truth differ, the likeliest cause, and what to do",
	.help = "Two systems tell the same place of the same item and differ. The likeliest cause is the document that one of them is missing; meanwhile the rule of the "
	        "configuration says which number is believed. Enter shows which moved last, and what to do.",
	.where = WHERE_DETAILS | WHERE_DRIFT,
	.size = sizeof(struct board_pane),
	.keys = (const enum act[]){ ACT_OPEN, ACT_EXPLAIN, ACT_FIND, ACT_COPY, ACT_REFRESH, ACT_NONE },
	.load = list_load,
	BOARD_PANE,
};

const struct pane_type pane_conflict = {
	.name = "conflict",
	.help = "Two sources of truth that differ on one item: what each says and when it moved, the likeliest missing document, what to do, what the channels show, "
	        "and what happened around it.",
	.where = WHERE_DETAILS | WHERE_DRIFT,
	.size = sizeof(struct board_pane),
	.keys = (const enum act[]){ ACT_OPEN, ACT_NEXT_PANE, ACT_FIND, ACT_COPY, ACT_REFRESH, ACT_NONE },
	.load = one_load,
	BOARD_PANE,
};
