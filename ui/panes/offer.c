/*
 * One offer: what we want said, what they took, what they show, why they differ, and what can be done.
 */
#include "trade/drift_detail.h"
#include "trade/offers.h"
#include "trade/views.h"
#include "ui/panes/all.h"
#include "ui/panes/board.h"
#include "ui/panes/deeds.h"
#include "ui/panes/drift_lines.h"
#include "ui/panes/trail.h"
#include "ui/panes/wishes.h"
#include "ui/panes/words.h"

#include <stdio.h>

struct offer_pane {
	struct board_pane base; /* first */
	struct offer o;
	struct deed *deed;
};

static void quantity_pair(struct pane *p, struct board_block *b, const char *name, int64_t n, int64_t at_ms, const char *note)
{
	struct arena *a = p->facts;

	trail_pair(b, name, ROLE_VALUE,
	           arena_printf(a, "%-6s %s%s%s", say_units(a, n), at_ms ? say_time(p, a, at_ms) : "", *note ? "   " : "", note));
}

static void state_block(struct pane *p)
{
	struct offer_pane *v = p->self;
	const struct offer *o = &v->o;
	struct arena *a = p->facts;
	struct board_block *b = board_block(&v->base.board, "Offer", o->live ? NULL : "shadow: nothing is said", pair_columns, 2);

	trail_pair(b, "sku", ROLE_VALUE, arena_printf(a, "%s   %s %s %s", o->sku, o->account_name, o->marketplace, o->node));
	if (!*o->item_sku)
		trail_pair(b, "item", ROLE_WARN, "not mapped: never written");
	else
		trail_pair(b, "item", ROLE_FG, arena_printf(a, "%s %s", o->item_sku, o->title));
	if (*o->item_sku)
		trail_pair(b, "available", o->available < 0 ? ROLE_CRIT : ROLE_VALUE, arena_printf(a, "%lld", (long long)o->available));
	quantity_pair(p, b, "target", o->target, o->target_ms, o->why);
	quantity_pair(p, b, "pushed", o->pushed, o->pushed_ms, o->push_state);
	quantity_pair(p, b, "seen", o->seen, o->seen_ms, "");
	trail_lead(&b->line[b->n - 1], a, o->seen_attempt);
	if (o->drift)
		trail_pair(b, "drift", ROLE_WARN,
		           arena_printf(a, "%+lld since %s   likely cause %s", (long long)o->drift, say_time(p, a, o->drift_ms), say_cause(o->cause).text));
	if (o->risk > 0)
		trail_pair(b, "risk", ROLE_CRIT, arena_printf(a, "shows %lld more than is available", (long long)o->risk));
	if (*o->hold)
		trail_pair(b, "held", ROLE_WARN, o->hold);
}

/* Why it drifts, and what can be done: only where it does. */
static enum fault drift_block(struct pane *p, struct store *s, struct err *err)
{
	struct offer_pane *v = p->self;
	struct drift_line line[DRIFT_LINES];
	struct drift_detail d;
	struct board_block *b;
	int n;

	if (!v->o.drift && !v->o.risk)
		return OK;
	if (drift_detail(s, v->o.id, p->facts, &d, err))
		return err->fault;
	b = board_block(&v->base.board, "Why it drifts", NULL, pair_columns, 2);
	n = drift_lines(p, &d, 1, DRIFT_LINES - DRIFT_FIXED, line, p->facts);
	for (int i = 0; i < n; i++) {
		trail_pair(b, line[i].name, line[i].role, line[i].text);
		trail_lead(&b->line[b->n - 1], p->facts, line[i].attempt_id);
	}
	return OK;
}

static enum fault offer_load(struct pane *p, struct store *s, struct arena *facts, struct err *err)
{
	struct offer_pane *v = p->self;
	struct event *event;
	struct term *term;
	int64_t id;
	int events, terms;

	v->base.board = board_new(facts);
	if (!subject_id(p->subject, "offer", &id))
		return err_set(err, FAULT_REFUSED, "%s is no offer's number", p->subject);
	if (offer_get(s, id, facts, &v->o, err) || offer_story(s, id, facts, &event, &events, err) ||
	    offer_explain(s, id, p->now_ms, facts, &term, &terms, err))
		return err->fault;
	state_block(p);
	if (drift_block(p, s, err))
		return err->fault;
	trail_terms(p, &v->base.board, "Why the target is what it is", term, terms);
	trail_events(p, &v->base.board, "Timeline", event, events, false);
	snprintf(v->base.strip, sizeof v->base.strip, "Drift > %s on %s", v->o.sku, v->o.account_name);
	v->base.hint = "[ ] prev/next";
	if (!p->loaded_ms && !v->base.at.key[0])
		board_go(&v->base.board, &v->base.at, arena_printf(facts, "%lld", (long long)v->o.seen_attempt));
	board_settle(&v->base.board, &v->base.at);
	return OK;
}

static bool offer_act(struct pane *p, enum act act, struct wish *wish)
{
	struct offer_pane *v = p->self;
	const struct offer *o = &v->o;
	struct deed_row one = { .id = o->id, .name = o->sku };
	struct choice *c;

	if (!o->id)
		return false;
	switch (act) {
	case ACT_ACTIONS:
		wish->kind = WISH_SHEET;
		wish->text = arena_printf(wish->arena, "%s on %s", o->sku, o->account_name);
		wish->n_choices = deed_offer_choices(wish->arena, &o, 1, 0, &c);
		wish->choices = c;
		return true;
	case ACT_EXPLAIN:
		wish_open_id(wish, &pane_explain, o->item ? "item" : "offer", o->item ? o->item : o->id);
		return true;
	case ACT_TIMELINE:
		wish_open_id(wish, o->item ? &pane_timeline : &pane_story, o->item ? "item" : "offer", o->item ? o->item : o->id);
		return true;
	case ACT_COPY_ID:
		wish_copy(wish, "SKU", o->sku);
		return true;
	default:
		return deed_act(p, &v->deed, act, DEED_OFFER, &one, 1, wish) || board_pane_act(p, act, wish);
	}
}

static void offer_answer(struct pane *p, struct answer *answer, struct wish *wish)
{
	struct offer_pane *v = p->self;
	struct deed_row one = { .id = v->o.id, .name = v->o.sku };

	if (answer->ask == ASK_FIND)
		board_pane_answer(p, answer, wish);
	else if (answer->ask == ASK_NOTE && !answer->asked)
		deed_note(DEED_OFFER, &one, answer, wish);
	else
		deed_answer(p, v->deed, answer, wish);
}

static void offer_close(struct pane *p)
{
	struct offer_pane *v = p->self;

	deed_free(v->deed);
}

const struct pane_type pane_offer = {
	.name = "offer",
	.help = "One offer: what we want said, what they took, what they show, and why they differ. x explains the item behind it.",
	.where = WHERE_DETAILS | WHERE_DRIFT,
	.size = sizeof(struct offer_pane),
	.keys = (const enum act[]){ ACT_OPEN, ACT_PREV_ITEM, ACT_NEXT_ITEM, ACT_ACTIONS, ACT_EXPLAIN, ACT_TIMELINE, ACT_COPY, ACT_NOTE, ACT_NONE },
	.load = offer_load,
	.draw = board_pane_draw,
	.act = offer_act,
	.strip = board_pane_strip,
	.answer = offer_answer,
	.save = board_pane_save,
	.restore = board_pane_restore,
	.close = offer_close,
};
