/*
 * One order, whole: its story, its state and deadlines, its lines and packages, and why each is as it is. Every
 * line that was learnt from a reply leads to it.
 */
#include "trade/orders.h"
#include "trade/shipments.h"
#include "trade/views.h"
#include "ui/panes/all.h"
#include "ui/panes/board.h"
#include "ui/panes/deeds.h"
#include "ui/panes/trail.h"
#include "ui/panes/wishes.h"
#include "ui/panes/words.h"

#include <stdio.h>
#include <string.h>

struct order_pane {
	struct board_pane base; /* first */
	struct order_detail o;
	struct deed *deed;
};

static void deadline_pair(struct pane *p, struct board_block *b, const char *name, int64_t ms, bool open)
{
	bool past = open && ms < p->now_ms;

	if (ms == 0 || ms == NO_DEADLINE)
		return;
	trail_pair(b, name, past ? ROLE_CRIT : ROLE_FG,
	           arena_printf(p->facts, "%s   %s%s", say_time(p, p->facts, ms), say_due(p, p->facts, ms), past ? "  PAST" : ""));
}

static void facts_block(struct pane *p)
{
	struct order_pane *v = p->self;
	const struct order_detail *o = &v->o;
	struct arena *a = p->facts;
	struct board_block *b = board_block(&v->base.board, "Order", "V buyer", pair_columns, 2);
	struct word state = say_order(p, &o->row);

	b->half = true;
	trail_pair(b, "id", ROLE_VALUE, arena_printf(a, "%s   %s %s", o->row.ref, o->row.account_name, o->row.marketplace));
	if (*o->row.other_ref)
		trail_pair(b, "buyer's id", ROLE_FG, o->row.other_ref);
	trail_pair(b, "state", state.role, arena_printf(a, "%s   (%s, theirs: %s)", state.text, order_state_name(o->row.state), o->row.raw_state));
	if (o->none_ms)
		trail_pair(b, "denied", ROLE_WARN, arena_printf(a, "since %s they say that they have no such order: %s", say_time(p, a, o->none_ms),
		                                                o->struck_ms ? arena_printf(a, "struck %s", say_time(p, a, o->struck_ms)) : "asked for again by itself"));
	trail_pair(b, "placed", ROLE_FG, say_time(p, a, o->row.placed_ms));
	deadline_pair(p, b, "ack by", o->row.state == ORDER_NEW ? o->row.ack_by_ms : 0, o->row.open);
	deadline_pair(p, b, "ship by", o->row.ship_by_ms, o->row.open);
	deadline_pair(p, b, "deliver by", o->deliver_by_ms, o->row.open);
	deadline_pair(p, b, "cancels at", o->row.cancel_by_ms, o->row.open);
	trail_pair(b, "total", ROLE_VALUE, say_money(a, o->row.total_minor, o->row.currency));
	trail_pair(b, "buyer", ROLE_MUTED, *o->person ? o->person : "not kept here");
	trail_pair(b, "service", ROLE_FG, arena_printf(a, "%s to %s", o->row.service, o->row.country));
	if (*o->row.confirm)
		trail_pair(b, "confirmed", ROLE_FG, arena_printf(a, "%s  %s %s", o->row.confirm, o->row.carrier, o->row.tracking));
	trail_lead(trail_pair(b, "learnt", ROLE_FG, arena_printf(a, "%s ago, %s", say_age(p, a, o->row.known_ms), o->path)), a, o->row.attempt_id);
}

static const char *line_buckets(struct arena *a, const struct order_line_row *l)
{
	struct buf b = buf_new(a);

	for (int i = 0; i < ORDER_STATES; i++)
		if (l->bucket[i])
			buf_printf(&b, "%s%lld %s", b.len ? ", " : "", (long long)l->bucket[i], order_state_name((enum order_state)i));
	return b.p ? b.p : "";
}

static void lines_block(struct pane *p)
{
	static const struct board_column column[] = {
		{ "qty", 4, 4, 0, ALIGN_RIGHT, ROOM_TINY },    { "sku", 14, 18, 0, ALIGN_LEFT, ROOM_TINY },   { "price", 12, 14, 0, ALIGN_RIGHT, ROOM_FULL },
		{ "avail", 6, 7, 0, ALIGN_RIGHT, ROOM_TINY }, { "state", 16, 24, 0, ALIGN_LEFT, ROOM_COMPACT }, { "title", 0, 0, 0, ALIGN_LEFT, ROOM_FULL },
	};
	struct order_pane *v = p->self;
	struct arena *a = p->facts;
	struct board_block *b = board_block(&v->base.board, "Lines", NULL, column, 6);

	for (int i = 0; i < v->o.lines; i++) {
		const struct order_line_row *l = &v->o.line[i];
		bool mapped = l->available != INT64_MIN;
		const char *left = mapped ? arena_printf(a, "%lld", (long long)l->available) : "no map";
		struct board_line *line =
			LINE(b, bit(ROLE_VALUE, arena_printf(a, "%lld", (long long)l->qty)), bit(ROLE_VALUE, l->sku),
			     bit(ROLE_FG, say_money(a, l->price_minor, v->o.row.currency)),
			     bit(mapped && l->available >= 0 ? ROLE_FG : ROLE_CRIT, left), bit(ROLE_FG, line_buckets(a, l)), bit(ROLE_FG, l->title));

		line->key = l->ref;
		if (l->item_id > 0) {
			line->open = &pane_explain;
			line->subject = arena_printf(a, "item:%lld", (long long)l->item_id);
		}
	}
}

static enum fault packages_block(struct pane *p, struct store *s, struct err *err)
{
	static const struct board_column column[] = {
		{ NULL, 10, 12, 0, ALIGN_LEFT, ROOM_TINY },
		{ NULL, 24, 28, 0, ALIGN_LEFT, ROOM_TINY },
		{ NULL, 9, 9, 0, ALIGN_LEFT, ROOM_COMPACT },
		{ NULL, 0, 0, 0, ALIGN_LEFT, ROOM_COMPACT },
	};
	struct order_pane *v = p->self;
	struct arena *a = p->facts;
	struct shipment *sh;
	struct board_block *b;
	int n;

	if (shipments_of(s, v->o.row.id, a, &sh, &n, err))
		return err->fault;
	b = board_block(&v->base.board, "Packages", NULL, column, 4);
	for (int i = 0; i < n; i++) {
		enum role role = strcmp(sh[i].confirm, "REJECTED") == 0 ? ROLE_CRIT : strcmp(sh[i].confirm, "UNKNOWN") == 0 ? ROLE_WARN : ROLE_FG;

		LINE(b, bit(ROLE_FG, sh[i].carrier), bit(ROLE_VALUE, sh[i].tracking), bit(role, sh[i].confirm),
		     bit(ROLE_FG, arena_printf(a, "%s by %s  %s", say_time(p, a, sh[i].shipped_ms), sh[i].source, sh[i].url)));
	}
	return OK;
}

static void next_block(struct pane *p)
{
	static const struct board_column column[] = {
		{ NULL, 4, 4, 0, ALIGN_LEFT, ROOM_TINY },
		{ NULL, 0, 0, 0, ALIGN_LEFT, ROOM_TINY },
	};
	struct order_pane *v = p->self;
	const struct order_row *row = &v->o.row;
	struct board_block *b = board_block(&v->base.board, "Do next (a, then the letter)", NULL, column, 2);
	struct choice *c;
	int n = deed_order_choices(p->facts, &row, 1, 0, &c);

	for (int i = 0; i < n; i++) {
		const char *note = c[i].why_not ? c[i].why_not : c[i].note ? c[i].note : "";

		LINE(b, bit(ROLE_KEY, arena_printf(p->facts, "a %c", c[i].letter)),
		     bit(c[i].why_not ? ROLE_MUTED : ROLE_FG, arena_printf(p->facts, "%s%s%s", c[i].label, *note ? "   " : "", note)));
	}
}

static enum fault order_load(struct pane *p, struct store *s, struct arena *facts, struct err *err)
{
	struct order_pane *v = p->self;
	struct event *event;
	struct term *term;
	int64_t id;
	int events, terms;

	v->base.board = board_new(facts);
	if (!subject_id(p->subject, "order", &id))
		return err_set(err, FAULT_REFUSED, "%s is no order's number", p->subject);
	if (order_get(s, id, facts, &v->o, err) || order_story(s, id, facts, &event, &events, err) ||
	    order_explain(s, id, p->now_ms, facts, &term, &terms, err))
		return err->fault;
	trail_events(p, &v->base.board, "Timeline", event, events, false)->half = true;
	facts_block(p);
	lines_block(p);
	trail_terms(p, &v->base.board, "Why it is so", term, terms);
	if (packages_block(p, s, err))
		return err->fault;
	next_block(p);
	snprintf(v->base.strip, sizeof v->base.strip, "Orders > %s of %s", v->o.row.ref, v->o.row.account_name);
	v->base.hint = "[ ] prev/next";
	if (!p->loaded_ms && !v->base.at.key[0])
		board_go(&v->base.board, &v->base.at, arena_printf(facts, "%lld", (long long)v->o.row.attempt_id));
	board_settle(&v->base.board, &v->base.at);
	return OK;
}

static bool order_act(struct pane *p, enum act act, struct wish *wish)
{
	struct order_pane *v = p->self;
	const struct order_row *row = &v->o.row;
	struct deed_row one = { .id = row->id, .name = row->ref };
	struct choice *c;

	if (!row->id)
		return false;
	switch (act) {
	case ACT_ACTIONS:
		wish->kind = WISH_SHEET;
		wish->text = arena_printf(wish->arena, "order %s", row->ref);
		wish->n_choices = deed_order_choices(wish->arena, &row, 1, 0, &c);
		wish->choices = c;
		return true;
	case ACT_EXPLAIN:
		wish_open_id(wish, &pane_explain, "order", row->id);
		return true;
	case ACT_TIMELINE:
		wish_open_id(wish, &pane_story, "order", row->id);
		return true;
	case ACT_REVEAL:
		wish_reveal_order(wish, row->id);
		return true;
	case ACT_COPY_ID:
		wish_copy(wish, "order id", row->ref);
		return true;
	default:
		return deed_act(p, &v->deed, act, DEED_ORDER, &one, 1, wish) || board_pane_act(p, act, wish);
	}
}

static void order_answer(struct pane *p, struct answer *answer, struct wish *wish)
{
	struct order_pane *v = p->self;
	struct deed_row one = { .id = v->o.row.id, .name = v->o.row.ref };

	if (answer->ask == ASK_FIND)
		board_pane_answer(p, answer, wish);
	else if (answer->ask == ASK_NOTE && !answer->asked)
		deed_note(DEED_ORDER, &one, answer, wish);
	else
		deed_answer(p, v->deed, answer, wish);
}

static void order_close(struct pane *p)
{
	struct order_pane *v = p->self;

	deed_free(v->deed);
}

const struct pane_type pane_order = {
	.name = "order",
	.help = "One order, whole. Enter on a line opens the request it was learnt from; x says why it is so; a lists what can be done.",
	.where = WHERE_DETAILS | WHERE_ORDERS,
	.size = sizeof(struct order_pane),
	.keys = (const enum act[]){ ACT_OPEN, ACT_PREV_ITEM, ACT_NEXT_ITEM, ACT_ACTIONS, ACT_EXPLAIN, ACT_TIMELINE, ACT_COPY, ACT_NOTE, ACT_REVEAL, ACT_NONE },
	.load = order_load,
	.draw = board_pane_draw,
	.act = order_act,
	.strip = board_pane_strip,
	.answer = order_answer,
	.save = board_pane_save,
	.restore = board_pane_restore,
	.close = order_close,
};
