/*
 * A session: frozen differences, one row after another. A decision is written at once and the next undecided row comes under the cursor; nothing is said
 * to any channel before all of it is carried out by one typed line. Whoever lost the line goes on where he was.
 */
#include "base/text.h"
#include "trade/inventory.h"
#include "trade/sitting.h"
#include "ui/panes/all.h"
#include "ui/panes/board.h"
#include "ui/panes/wishes.h"
#include "ui/panes/words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { CARD_ROWS = 7, CARD_ROOM = 15 };

struct session_pane {
	struct board_pane base; /* first */
	struct sitting it;
	struct sitting_row *row;
	int rows;
	struct arena *paint;

	/* what is being decided; outlives loads */
	int64_t asked;        /* row */
	const char *verdict;  /* a literal */
	char item[200];
	bool pack;            /* the item is known */
	int64_t passed;       /* that row was decided: on to the next when it is read so */
};

/* ---- reading ---- */

static void row_line(struct pane *p, struct board_block *b, const struct sitting_row *r)
{
	struct arena *a = p->facts;
	bool moved = r->now_seen != r->observed;
	const char *decided = *r->result ? arena_printf(a, "%s: %s", r->decision, r->result)
	                      : *r->decision ? arena_printf(a, "%s%s%s%s%s", r->decision, *r->item ? " " : "", r->item, *r->reason ? ", " : "", r->reason) : "";
	struct board_line *l = LINE(b, bit(ROLE_FG, arena_printf(a, "%" PRId64, r->n)), bit(ROLE_VALUE, r->sku), bit(ROLE_FG, r->account_name), bit(ROLE_FG, say_units(a, r->expected)),
	                            bit(ROLE_FG, say_units(a, r->observed)), bit(r->delta > 0 ? ROLE_WARN : ROLE_FG, arena_printf(a, "%+" PRId64, r->delta)),
	                            bit(moved ? ROLE_KEY : ROLE_MUTED, moved ? say_units(a, r->now_seen) : "="), bit(ROLE_FG, say_cause(r->cause).text),
	                            bit(*r->decision ? ROLE_OK : ROLE_WARN, *decided ? decided : "?"));

	l->open = &pane_offer;
	l->subject = arena_printf(a, "%" PRId64, r->offer);
	l->key = arena_printf(a, "row %" PRId64, r->n);
}

static int line_of_row(const struct session_pane *v, int64_t n)
{
	for (int i = 0; i < v->rows; i++)
		if (v->row[i].n == n)
			return i;
	return 0;
}

/* The next row without a decision after this one, else the first there is. */
static int next_open(const struct session_pane *v, int after)
{
	for (int k = 1; k <= v->rows; k++)
		if (!*v->row[(after + k) % v->rows].decision)
			return (after + k) % v->rows;
	return after;
}

static void go_on(struct session_pane *v, bool first)
{
	int at = v->passed ? line_of_row(v, v->passed) : 0;

	if (v->rows == 0)
		return;
	if (first && v->it.next)
		v->base.at.line = line_of_row(v, v->it.next);
	else if (v->passed && *v->row[at].decision)
		v->base.at.line = next_open(v, at);
	else
		return;
	v->base.at.block = 0;
	v->base.at.key[0] = '\0';
	v->base.at.missed = !first; /* nobody has seen the next one yet */
	v->passed = 0;
}

static enum fault session_load(struct pane *p, struct store *s, struct arena *facts, struct err *err)
{
	static const struct board_column column[] = {
		{ "", 4, 4, 0, ALIGN_RIGHT, ROOM_COMPACT },      { "sku", 13, 16, 12, ALIGN_LEFT, ROOM_TINY },  { "channel", 11, 13, 0, ALIGN_LEFT, ROOM_COMPACT },
		{ "should", 6, 6, 0, ALIGN_RIGHT, ROOM_FULL },   { "showed", 6, 6, 6, ALIGN_RIGHT, ROOM_TINY }, { "by", 4, 5, 0, ALIGN_RIGHT, ROOM_COMPACT },
		{ "now", 4, 5, 0, ALIGN_RIGHT, ROOM_FULL },      { "cause", 0, 26, 0, ALIGN_LEFT, ROOM_WIDE },  { "decision", 0, 0, 0, ALIGN_LEFT, ROOM_TINY },
	};
	struct session_pane *v = p->self;
	bool first = !p->loaded_ms && !v->base.at.key[0];
	struct board_block *b;
	int64_t id;

	v->base.board = board_new(facts);
	if (!subject_id(p->subject, "session", &id))
		return err_set(err, FAULT_REFUSED, "%s is no session's number", p->subject);
	if (sitting_get(s, id, facts, &v->it, err) || sitting_rows(s, id, 0, SITTING_MOST, facts, &v->row, &v->rows, err))
		return err->fault;
	b = board_block(&v->base.board, arena_printf(facts, "S-%" PRId64 " %s: as it was %s", v->it.id, *v->it.account_name ? v->it.account_name : "all accounts", say_time(p, facts, v->it.made_ms)),
	                arena_printf(facts, "%" PRId64 " of %" PRId64 " decided", v->it.decided, v->it.rows), column, 9);
	b->clip = true;
	for (int i = 0; i < v->rows; i++)
		row_line(p, b, &v->row[i]);
	go_on(v, first);
	snprintf(v->base.strip, sizeof v->base.strip, "Reconciliation > S-%" PRId64 " %s %s, %" PRId64 " of %" PRId64 " carried out", v->it.id, v->it.kind, v->it.state, v->it.done, v->it.rows);
	board_settle(&v->base.board, &v->base.at);
	return OK;
}

/* ---- the card of the row at hand ---- */

static const struct sitting_row *row_at(const struct session_pane *v)
{
	int at = v->base.at.line;

	return v->base.board.n && at >= 0 && at < v->rows ? &v->row[at] : NULL;
}

static const char *decided_words(const struct pane *p, const struct sitting_row *r, struct arena *a)
{
	if (r->done_ms)
		return arena_printf(a, "%s, carried out %s: %s", r->decision, say_time(p, a, r->done_ms), r->result);
	if (*r->decision)
		return arena_printf(a, "%s%s%s%s%s by %s, not carried out yet", r->decision, *r->item ? " " : "", r->item, *r->reason ? ": " : "", r->reason, r->decided_by);
	return "nothing yet:  P ours  C theirs  O hold  R remap  I ignore";
}

static void card_draw(const struct pane *p, const struct sitting_row *r, struct arena *a, struct canvas *c)
{
	const char *title = arena_printf(a, "Row %" PRId64 ": %s on %s %s %s", r->n, r->sku, r->account_name, r->marketplace, r->node);
	const char *moved = r->now_seen == r->observed ? "and still do" : arena_printf(a, "and show %s now", say_units(a, r->now_seen));
	struct canvas in = p->room == ROOM_WIDE ? canvas_box(c, title, "x explain  t timeline") : canvas_part(c, 1, 1, c->w - 2, c->h - 1);

	if (p->room != ROOM_WIDE)
		canvas_rule(c, 0, title, "x explain");
	canvas_printf(&in, 0, 0, ROLE_FG, "item      %s", *r->item_sku ? arena_printf(a, "%s  %s", r->item_sku, r->title) : arena_printf(a, "none of ours  %s", r->title));
	canvas_printf(&in, 0, 1, ROLE_VALUE, "should    %s, we want %s; %s are available", say_units(a, r->expected), say_units(a, r->target), say_count(a, r->available));
	canvas_printf(&in, 0, 2, r->delta > 0 ? ROLE_WARN : ROLE_VALUE, "they      showed %s (%s), %+" PRId64 ", %s", say_units(a, r->observed), say_time(p, a, r->seen_ms), r->delta, moved);
	canvas_printf(&in, 0, 3, ROLE_FG, "cause     %s", say_cause(r->cause).text);
	canvas_printf(&in, 0, 4, *r->decision ? ROLE_OK : ROLE_KEY, "decision  %s", decided_words(p, r, a));
}

static void session_draw(const struct pane *p, struct canvas *c)
{
	struct session_pane *v = p->self;
	const struct sitting_row *r = row_at(v);
	bool card = r && p->room >= ROOM_FULL && c->h >= CARD_ROOM;
	int h = card ? CARD_ROWS - (p->room != ROOM_WIDE) : 0;
	struct canvas list = canvas_part(c, 0, 0, c->w, c->h - h), low = canvas_part(c, 0, c->h - h, c->w, h);

	if (!v->paint)
		v->paint = arena_new();
	arena_reset(v->paint);
	board_draw(p, &v->base.board, &v->base.at, &list);
	if (card)
		card_draw(p, r, v->paint, &low);
}

/* ---- deciding ---- */

static struct intent *decision(struct session_pane *v, const char *action, struct wish *wish)
{
	struct intent *in = intent_new(wish, INTENT_SITTING);

	fields_put(&in->payload, "action", action);
	fields_put_int(&in->payload, "session", v->it.id);
	fields_put(&in->payload, "whence", "console");
	in->subject = arena_printf(wish->arena, "session:%" PRId64, v->it.id);
	return in;
}

static void decide(struct session_pane *v, const char *reason, int64_t pack, struct wish *wish)
{
	struct intent *in = decision(v, "decide", wish);

	fields_put_int(&in->payload, "row", v->asked);
	fields_put(&in->payload, "verdict", v->verdict);
	if (*reason)
		fields_put(&in->payload, "reason", arena_strdup(wish->arena, reason));
	if (!strcmp(v->verdict, "remap")) {
		fields_put(&in->payload, "item", arena_strdup(wish->arena, v->item));
		fields_put_int(&in->payload, "pack", pack);
	}
	v->passed = strcmp(v->verdict, "none") ? v->asked : 0;
	wish_file(wish, in);
}

static bool begin(struct session_pane *v, enum act act, struct wish *wish)
{
	static const char *const words[] = {
		[ACT_DECIDE_PUSH - ACT_DECIDE_PUSH] = "push",   [ACT_DECIDE_ACCEPT - ACT_DECIDE_PUSH] = "accept", [ACT_DECIDE_HOLD - ACT_DECIDE_PUSH] = "hold",
		[ACT_DECIDE_REMAP - ACT_DECIDE_PUSH] = "remap", [ACT_DECIDE_IGNORE - ACT_DECIDE_PUSH] = "ignore", [ACT_DECIDE_NONE - ACT_DECIDE_PUSH] = "none",
	};
	const struct sitting_row *r = row_at(v);

	if (!r || strcmp(v->it.state, "OPEN")) {
		wish_say(wish, LEVEL_INFO, r ? "this session has ended: begin another in :reconcile" : "there is no row here");
		return true;
	}
	if (board_missed(&v->base.at, wish))
		return true;
	v->asked = r->n;
	v->verdict = words[act - ACT_DECIDE_PUSH];
	v->pack = false;
	if (act == ACT_DECIDE_HOLD || act == ACT_DECIDE_IGNORE)
		wish_ask(wish, ASK_VALUE, arena_printf(wish->arena, "why %s %s", v->verdict, r->sku), r->reason);
	else if (act == ACT_DECIDE_REMAP)
		wish_ask(wish, ASK_VALUE, arena_printf(wish->arena, "our SKU that %s stands for", r->sku), r->item);
	else
		decide(v, "", 1, wish);
	return true;
}

static void item_answer(struct pane *p, struct answer *answer, struct wish *wish)
{
	struct session_pane *v = p->self;
	struct item item;

	if (!p->store || strlen(answer->text) >= sizeof v->item || item_get(p->store, answer->text, wish->arena, &item, &answer->err)) {
		err_set(&answer->err, FAULT_REFUSED, "no item of ours is spelled exactly so");
		return;
	}
	snprintf(v->item, sizeof v->item, "%s", answer->text);
	v->pack = true;
	wish_ask(wish, ASK_VALUE, arena_printf(wish->arena, "how many of %s are in one", item.sku), "1");
}

static void leave_answer(struct session_pane *v, const char *said, struct wish *wish)
{
	v->verdict = NULL;
	if (!strcmp(said, "leave"))
		wish_file(wish, decision(v, "leave", wish));
}

static void session_answer(struct pane *p, struct answer *answer, struct wish *wish)
{
	struct session_pane *v = p->self;
	int64_t pack;

	if (answer->ask != ASK_VALUE)
		board_pane_answer(p, answer, wish);
	else if (!answer->done || !v->verdict)
		return;
	else if (!strcmp(v->verdict, "leave"))
		leave_answer(v, answer->text, wish);
	else if (strcmp(v->verdict, "remap") && !*answer->text)
		err_set(&answer->err, FAULT_REFUSED, "why? It stands in the summary");
	else if (strcmp(v->verdict, "remap"))
		decide(v, answer->text, 1, wish);
	else if (!v->pack)
		item_answer(p, answer, wish);
	else if (!text_int(answer->text, 1, 10000, &pack))
		err_set(&answer->err, FAULT_REFUSED, "1 to 10000 eaches in one");
	else
		decide(v, "", pack, wish);
}

/* ---- the end ---- */

static void sheet(const struct session_pane *v, struct wish *wish)
{
	struct choice *c = arena_alloc(wish->arena, 10 * sizeof *c);
	const char *ended = strcmp(v->it.state, "OPEN") ? "(the session has ended)" : NULL;
	int64_t left = v->it.decided - v->it.done;
	int n = 0;

	c[n++] = (struct choice){ .letter = 'p', .label = "push ours", .act = ACT_DECIDE_PUSH, .why_not = ended };
	c[n++] = (struct choice){ .letter = 'c', .label = "accept theirs", .note = "until our own number moves", .act = ACT_DECIDE_ACCEPT, .why_not = ended };
	c[n++] = (struct choice){ .letter = 'o', .label = "hold at zero", .note = "asks why", .act = ACT_DECIDE_HOLD, .why_not = ended };
	c[n++] = (struct choice){ .letter = 'r', .label = "remap: it stands for another item", .act = ACT_DECIDE_REMAP, .why_not = ended };
	c[n++] = (struct choice){ .letter = 'i', .label = "ignore this difference", .note = "asks why", .act = ACT_DECIDE_IGNORE, .why_not = ended };
	c[n++] = (struct choice){ .letter = 'x', .label = "take the decision back", .act = ACT_DECIDE_NONE, .why_not = ended };
	c[n++] = (struct choice){ .letter = 's', .label = "the summary, as it is digested", .act = ACT_SUMMARY };
	c[n++] = (struct choice){ .letter = 'X', .label = "leave the session", .note = "drops what is not carried out", .act = ACT_LEAVE, .why_not = ended };
	c[n++] = (struct choice){ .letter = 'e', .label = left == 1 ? "carry out the decision" : arena_printf(wish->arena, "carry out the %" PRId64 " decisions", left), .act = ACT_SETTLE,
		                  .why_not = ended ? ended : left ? NULL : "(nothing is decided yet)" };
	wish->kind = WISH_SHEET;
	wish->text = arena_printf(wish->arena, "Session S-%" PRId64, v->it.id);
	wish->choices = c;
	wish->n_choices = n;
}

static void settle(struct pane *p, struct wish *wish)
{
	struct session_pane *v = p->self;
	struct intent *in = intent_new(wish, INTENT_SETTLE);

	fields_put_int(&in->payload, "session", v->it.id);
	in->subject = arena_printf(wish->arena, "session:%" PRId64, v->it.id);
	wish_plan(p, in, "CARRY OUT PREVIEW",
	          "Each row is looked at once more as it is now. What is pushed or held is read back; with the last row the session ends, and its digest goes into the audit.", wish);
}

static void summary(struct pane *p, struct wish *wish)
{
	struct session_pane *v = p->self;
	const char *text, *seal;
	struct err err;

	if (!p->store || sitting_text(p->store, v->it.id, wish->arena, &text, &err)) {
		wish_say(wish, LEVEL_WARN, "%s", p->store ? err.text : "there is no store to read from");
		return;
	}
	seal = *v->it.digest ? arena_printf(wish->arena, "sha256 %s\naudit row %" PRId64 ", head %s", v->it.digest, v->it.audit_n, v->it.audit_head)
	                     : "not at its end: no digest yet. To a file: tallyman session export N";
	wish_read_text(wish, "Summary", arena_printf(wish->arena, "%s\n%s", text, seal));
}

/* There is no way back into one: with decisions in it, it is asked first. */
static void leave(struct session_pane *v, struct wish *wish)
{
	static const struct choice choices[] = {
		{ .letter = 'n', .label = "no, stay in it", .value = "stay" },
		{ .letter = 'y', .label = "yes, leave it; there is no way back into it", .value = "leave" },
	};
	int64_t left = v->it.decided - v->it.done, open = v->it.rows - v->it.decided;

	if (strcmp(v->it.state, "OPEN") || !v->it.decided) {
		wish_file(wish, decision(v, "leave", wish));
		return;
	}
	v->verdict = "leave";
	wish->kind = WISH_MENU;
	wish->ask = ASK_VALUE;
	wish->text = arena_printf(wish->arena, "Leave S-%" PRId64 "? %" PRId64 " decision%s dropped, %" PRId64 " row%s undecided", v->it.id, left, left == 1 ? " is" : "s are", open,
	                          open == 1 ? " is" : "s are");
	wish->choices = choices;
	wish->n_choices = 2;
}

static bool session_act(struct pane *p, enum act act, struct wish *wish)
{
	struct session_pane *v = p->self;
	const struct sitting_row *r = row_at(v);

	if (act >= ACT_DECIDE_PUSH && act <= ACT_DECIDE_NONE)
		return begin(v, act, wish);
	switch (act) {
	case ACT_ACTIONS:
		board_name(&v->base.at);
		sheet(v, wish);
		return true;
	case ACT_SETTLE:
		settle(p, wish);
		return true;
	case ACT_SUMMARY:
		summary(p, wish);
		return true;
	case ACT_LEAVE:
		leave(v, wish);
		return true;
	case ACT_EXPLAIN:
		if (r)
			wish_open_id(wish, &pane_explain, "offer", r->offer);
		return r != NULL;
	case ACT_TIMELINE:
		if (r)
			wish_open_id(wish, &pane_story, "offer", r->offer);
		return r != NULL;
	default:
		return board_pane_act(p, act, wish);
	}
}

static void session_close(struct pane *p)
{
	struct session_pane *v = p->self;

	if (v->paint)
		arena_free(v->paint);
}

const struct pane_type pane_session = {
	.name = "session",
	.help = "A session: differences as they were when it began, one after another. P says ours again, C accepts what they show, O holds at zero, R says that it stands for another "
	        "item, I leaves it; X takes that back. Each decision is kept at once and the next row comes. a, e carries all of it out by one typed line.",
	.where = WHERE_DETAILS | WHERE_SESSION | WHERE_DRIFT,
	.size = sizeof(struct session_pane),
	.keys = (const enum act[]){ ACT_DECIDE_PUSH, ACT_DECIDE_ACCEPT, ACT_DECIDE_HOLD, ACT_DECIDE_REMAP, ACT_DECIDE_IGNORE, ACT_ACTIONS, ACT_EXPLAIN, ACT_OPEN, ACT_NONE },
	.load = session_load,
	.draw = session_draw,
	.act = session_act,
	.strip = board_pane_strip,
	.answer = session_answer,
	.save = board_pane_save,
	.restore = board_pane_restore,
	.close = session_close,
};
