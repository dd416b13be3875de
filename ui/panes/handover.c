/*
 * What this shift leaves to the next, made from what is on record; signed over by who goes, taken by who comes.
 */
#include "trade/handover.h"
#include "trade/logins.h"
#include "ui/panes/all.h"
#include "ui/panes/board.h"
#include "ui/panes/wishes.h"
#include "ui/panes/words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { SIGNED = 4 };

struct handover_pane {
	struct board_pane base; /* first */
	struct handed *handed;  /* newest first, with what was signed */
	int n;
	int64_t offered; /* the one that the sheet offers to take; 0: none */
};

static enum role role_of_level(const char *level)
{
	return !strcmp(level, "ok") ? ROLE_OK : *level ? role_of_severity(level) : ROLE_FG;
}

/* Where Enter leads; what was signed is read here. */
static void lead(struct pane *p, struct board_line *l, const struct hand_line *h)
{
	if (!strcmp(h->pane, "handed"))
		l->key = arena_printf(p->facts, "handed:%s", h->subject);
	else if (*h->pane && (l->open = pane_by_name(h->pane)))
		l->subject = h->subject;
}

static void put_line(struct pane *p, struct board_block *b, const struct hand_line *h)
{
	struct board_line *l = LINE(b, bit(role_of_level(h->level), h->level), bit(ROLE_MUTED, h->at_ms ? say_time(p, p->facts, h->at_ms) : ""), bit(ROLE_FG, h->text));

	l->key = arena_printf(p->facts, "%d %.80s", (int)h->part, h->text);
	lead(p, l, h);
}

static struct board_block *part_block(struct pane *p, enum hand_part part, const char *remark)
{
	static const struct board_column column[] = {
		{ NULL, 4, 4, 0, ALIGN_LEFT, ROOM_TINY }, { NULL, 10, 12, 0, ALIGN_LEFT, ROOM_FULL }, { NULL, 0, 0, 0, ALIGN_LEFT, ROOM_TINY },
	};
	struct handover_pane *v = p->self;
	char *title = arena_printf(p->facts, "%d %s", (int)part + 1, hand_part_title(part));

	return board_block(&v->base.board, title, remark, column, 3);
}

static void figures_block(struct pane *p, const struct handover *h)
{
	static const struct board_column column[] = {
		{ "", 20, 24, 14, ALIGN_LEFT, ROOM_TINY }, { "this shift", 10, 14, 7, ALIGN_RIGHT, ROOM_TINY }, { "the last", 10, 14, 7, ALIGN_RIGHT, ROOM_TINY },
		{ "a week ago", 10, 14, 0, ALIGN_RIGHT, ROOM_COMPACT }, { "", 0, 0, 0, ALIGN_LEFT, ROOM_COMPACT },
	};
	struct handover_pane *v = p->self;
	struct board_block *b = board_block(&v->base.board, arena_printf(p->facts, "%d %s", HAND_NUMBERS + 1, hand_part_title(HAND_NUMBERS)), "as long before, and a week before", column, 5);

	for (int i = 0; i < HAND_FIGURES; i++)
		LINE(b, bit(ROLE_FG, h->figure[i].name), bit(ROLE_VALUE, say_count(p->facts, h->figure[i].now)), bit(ROLE_FG, say_count(p->facts, h->figure[i].before)),
		     bit(ROLE_FG, say_count(p->facts, h->figure[i].week)), bit(ROLE_FG, ""));
}

static const char *remark_of(enum hand_part part)
{
	static const char *const remarks[HAND_PARTS] = { [HAND_NOW] = "Enter jumps", [HAND_TASKS] = "tasks", [HAND_NOTES] = "m writes one", [HAND_SIGN] = "H hands over" };

	return remarks[part];
}

static void all_blocks(struct pane *p, const struct handover *h)
{
	for (int part = 0; part < HAND_PARTS; part++) {
		struct board_block *b;

		if (part == HAND_NUMBERS) {
			figures_block(p, h);
			continue;
		}
		b = part_block(p, (enum hand_part)part, remark_of((enum hand_part)part));
		for (int i = 0; i < h->n; i++)
			if ((int)h->line[i].part == part)
				put_line(p, b, &h->line[i]);
		if (!b->n)
			LINE(b, bit(ROLE_MUTED, ""), bit(ROLE_MUTED, ""), bit(ROLE_MUTED, "nothing"));
	}
}

static enum fault handover_load(struct pane *p, struct store *s, struct arena *facts, struct err *err)
{
	struct handover_pane *v = p->self;
	struct handover h;
	enum fault f;

	v->base.board = board_new(facts);
	if (handover_read(s, p->now_ms, facts, &h, err) || handed_page(s, SIGNED, facts, &v->handed, &v->n, err))
		return err->fault;
	for (int i = 0; i < v->n; i++)
		if ((f = handed_get(s, v->handed[i].id, facts, &v->handed[i], err)))
			return f;
	all_blocks(p, &h);
	snprintf(v->base.strip, sizeof v->base.strip, "SHIFT HANDOVER  %s to %s (%s)  draft", say_time(p, facts, h.from_ms), say_time(p, facts, h.to_ms),
	         say_span(facts, h.to_ms - h.from_ms));
	board_settle(&v->base.board, &v->base.at);
	return OK;
}

/* ---- acting ---- */

static const struct handed *handed_at(const struct handover_pane *v)
{
	const struct board_line *l = board_at(&v->base.board, &v->base.at);
	int64_t id;

	for (int i = 0; i < v->n && l && l->key && subject_id(l->key, "handed", &id); i++)
		if (v->handed[i].id == id)
			return &v->handed[i];
	return NULL;
}

/* The newest that nobody took. */
static const struct handed *untaken(const struct handover_pane *v)
{
	for (int i = 0; i < v->n; i++)
		if (!v->handed[i].taken_ms)
			return &v->handed[i];
	return NULL;
}

static void read_signed(const struct handed *h, struct wish *wish)
{
	struct section *s = arena_alloc(wish->arena, 2 * sizeof *s);

	s[0] = (struct section){ .title = "Signed", .text = arena_printf(wish->arena, "by %s, to %s\n%s%s\nSHA-256 of the report %s\naudit row %" PRId64 " %s", h->actor, h->heir,
	                         h->taken_ms ? "taken by " : "not taken yet", h->taken_by, h->hash, h->audit_n, h->audit_head) };
	s[1] = (struct section){ .title = "Report", .text = arena_strdup(wish->arena, h->report), .raw = true };
	wish->kind = WISH_READ;
	wish->text = arena_printf(wish->arena, "H-%" PRId64, h->id);
	wish->sections = s;
	wish->n_sections = 2;
}

static void sheet(const struct handover_pane *v, struct wish *wish)
{
	const struct handed *h = untaken(v);
	struct choice *c = arena_alloc(wish->arena, 3 * sizeof *c);

	c[0] = (struct choice){ .letter = 'o', .label = "hand over", .note = "asks to whom; the engine signs it", .act = ACT_HANDOVER };
	c[1] = (struct choice){ .letter = 't', .label = h ? arena_printf(wish->arena, "take H-%" PRId64 " from %s", h->id, login_name(h->actor, wish->arena)) : "take a shift", .note = "your name stands beside it",
	                        .act = ACT_TAKE_SHIFT, .why_not = h ? NULL : "(none waits)" };
	c[2] = (struct choice){ .letter = 'n', .label = "a note for the next shift", .act = ACT_NOTE };
	wish->kind = WISH_SHEET;
	wish->text = "Handover";
	wish->choices = c;
	wish->n_choices = 3;
}

static void file(struct wish *wish, const char *key, const char *value)
{
	struct intent *in = intent_new(wish, INTENT_HANDOVER);

	fields_put(&in->payload, key, arena_strdup(wish->arena, value));
	wish_file(wish, in);
}

/* The one that was offered, and no other that was signed meanwhile. */
static void take(const struct handover_pane *v, struct wish *wish)
{
	const struct handed *h = untaken(v);

	if (!h)
		wish_say(wish, LEVEL_INFO, "no shift waits to be taken");
	else if (h->id != v->offered)
		wish_say(wish, LEVEL_WARN, "H-%" PRId64 " from %s waits now: a, t takes it", h->id, login_name(h->actor, wish->arena));
	else
		file(wish, "take", arena_printf(wish->arena, "%" PRId64, h->id));
}

static bool handover_act(struct pane *p, enum act act, struct wish *wish)
{
	struct handover_pane *v = p->self;

	switch (act) {
	case ACT_HANDOVER:
		wish_ask(wish, ASK_VALUE, "hand over to (a name; both stand in the audit)", "");
		return true;
	case ACT_TAKE_SHIFT:
		take(v, wish);
		return true;
	case ACT_NOTE:
		wish_ask(wish, ASK_NOTE, "note for the next shift", "");
		return true;
	case ACT_ACTIONS:
		v->offered = untaken(v) ? untaken(v)->id : 0;
		sheet(v, wish);
		return true;
	case ACT_OPEN:
		if (handed_at(v)) {
			read_signed(handed_at(v), wish);
			return true;
		}
		return board_pane_act(p, act, wish);
	default:
		return board_pane_act(p, act, wish);
	}
}

static void handover_answer(struct pane *p, struct answer *answer, struct wish *wish)
{
	if (answer->ask == ASK_FIND)
		board_pane_answer(p, answer, wish);
	else if (answer->done && !*answer->text)
		err_set(&answer->err, FAULT_REFUSED, answer->ask == ASK_NOTE ? "nothing is written yet" : "to whom?");
	else if (answer->done && answer->ask == ASK_NOTE)
		wish_note(wish, "handover", answer->text);
	else if (answer->done)
		file(wish, "to", answer->text);
}

const struct pane_type pane_handover = {
	.name = "handover",
	.help = "What this shift leaves to the next: what needs somebody now, what is held, who did what, the routines, and the audit's head. Nothing has to be typed but notes (m). "
	        "H signs it over to somebody by name: the engine makes the report once more and keeps it with its hash; who comes takes it with a, t, under a login of his own.",
	.where = WHERE_HANDOVER | WHERE_PANES,
	.size = sizeof(struct handover_pane),
	.keys = (const enum act[]){ ACT_OPEN, ACT_NOTE, ACT_HANDOVER, ACT_ACTIONS, ACT_NEXT_PANE, ACT_FIND, ACT_COPY, ACT_NONE },
	.load = handover_load,
	.draw = board_pane_draw,
	.act = handover_act,
	.strip = board_pane_strip,
	.answer = handover_answer,
	.save = board_pane_save,
	.restore = board_pane_restore,
};
