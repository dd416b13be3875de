/*
 * Why a number is what it is: the equation, a term a line, each with its age and the reply it was learnt from. And
 * the story of an order or offer, whole.
 */
#include "trade/inventory.h"
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

static enum fault item_offers(struct pane *p, struct store *s, int64_t item, struct err *err)
{
	static const struct board_column column[] = {
		{ "account", 14, 18, 0, ALIGN_LEFT, ROOM_TINY },  { "target", 6, 8, 0, ALIGN_RIGHT, ROOM_TINY }, { "pushed", 6, 8, 0, ALIGN_RIGHT, ROOM_TINY },
		{ "seen", 6, 8, 0, ALIGN_RIGHT, ROOM_TINY }, { "push", 11, 12, 0, ALIGN_LEFT, ROOM_FULL },  { "likely cause", 0, 0, 0, ALIGN_LEFT, ROOM_FULL },
	};
	struct board_pane *v = p->self;
	struct arena *a = p->facts;
	struct board_block *b;
	struct offer *o;
	int n;

	if (offers_list(s, item, 0, 0, 100, a, &o, &n, err))
		return err->fault;
	b = board_block(&v->board, "Where it is offered", NULL, column, 6);
	for (int i = 0; i < n; i++) {
		struct board_line *l = LINE(b, bit(ROLE_FG, o[i].account_name), bit(ROLE_FG, say_units(a, o[i].target)),
		                            bit(ROLE_FG, say_units(a, o[i].pushed)), bit(o[i].drift ? ROLE_WARN : ROLE_FG, say_units(a, o[i].seen)),
		                            bit(role_of_push(o[i].push_state), o[i].push_state), bit(ROLE_FG, say_cause(o[i].cause).text));

		l->open = &pane_offer;
		l->subject = arena_printf(a, "%lld", (long long)o[i].id);
	}
	return OK;
}

static enum fault explain_terms(struct pane *p, struct store *s, int64_t id, struct term **term, int *n, struct err *err)
{
	switch (p->subject[1]) {
	case 'r':
		return order_explain(s, id, p->now_ms, p->facts, term, n, err);
	case 'f':
		return offer_explain(s, id, p->now_ms, p->facts, term, n, err);
	default:
		return item_explain(s, id, p->now_ms, p->facts, term, n, err);
	}
}

static enum fault explain_load(struct pane *p, struct store *s, struct arena *facts, struct err *err)
{
	struct board_pane *v = p->self;
	struct term *term;
	const char *name;
	int64_t id;
	int n;

	v->board = board_new(facts);
	if (subject_name(p, s, &name, &id, err) || explain_terms(p, s, id, &term, &n, err))
		return err->fault;
	trail_terms(p, &v->board, arena_printf(facts, "Why: %s", name), term, n);
	if (strncmp(p->subject, "item:", 5) == 0 && item_offers(p, s, id, err))
		return err->fault;
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
	.draw = board_pane_draw,
	.act = board_pane_act,
	.strip = board_pane_strip,
	.answer = board_pane_answer,
	.save = board_pane_save,
	.restore = board_pane_restore,
};

const struct pane_type pane_story = {
	.name = "story",
	.help = "Everything that happened, oldest first: what they told, what was decided, what we said. Enter on a line opens the request.",
	.where = WHERE_DETAILS | WHERE_TIMELINE,
	.size = sizeof(struct board_pane),
	.keys = (const enum act[]){ ACT_OPEN, ACT_FIND, ACT_COPY, ACT_REFRESH, ACT_NONE },
	.load = story_load,
	.draw = board_pane_draw,
	.act = board_pane_act,
	.strip = board_pane_strip,
	.answer = board_pane_answer,
	.save = board_pane_save,
	.restore = board_pane_restore,
};
