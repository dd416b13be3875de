/*
 * Since I last looked: what was opened, got worse, was left alone, was closed while the person was away; who did what, and what was promised.
 */
#include "ui/panes/since.h"

#include "trade/handover.h"
#include "trade/logins.h"
#include "trade/scores.h"
#include "ui/panes/all.h"
#include "ui/panes/words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static enum fault since_find(struct pane *p, struct store *s, const struct looker *who, struct since_cursor *c, struct err *err)
{
	struct last_look last;
	enum fault f = c->known ? OK : last_look(s, who, p->facts, &last, err);

	if (!f && !c->known) {
		c->known = true;
		c->at_ms = last.at_ms;
	}
	return f;
}

static enum fault since_reckon(struct pane *p, struct store *s, struct since_cursor *c, struct err *err)
{
	int64_t minute = p->now_ms / 60000;
	enum fault f;

	if (c->own && c->minute == minute)
		return OK;
	if (c->own)
		arena_reset(c->own);
	else
		c->own = arena_new();
	f = since_read(s, c->at_ms, p->now_ms, c->own, &c->since, err);
	c->minute = f ? -1 : minute;
	return f;
}

void since_forget(struct since_cursor *c)
{
	if (c->own)
		arena_free(c->own);
	c->own = NULL;
}

static enum role role_of_fate(enum fate fate, const struct since_thing *first)
{
	if (fate == FATE_CLOSED || fate == FATE_PASSED)
		return ROLE_OK;
	return first ? role_of_severity(first->severity) : ROLE_FG;
}

static const struct since_thing *first_of(const struct since *x, enum fate fate)
{
	for (int i = 0; i < x->n; i++)
		if (x->thing[i].fate == fate)
			return &x->thing[i];
	return NULL;
}

/* ---- on the overview ---- */

/* How many, and the gravest of them. */
static void put_fate(struct pane *p, struct board_block *b, const struct since *x, enum fate fate)
{
	const struct since_thing *t = first_of(x, fate);
	bool open = fate != FATE_CLOSED && fate != FATE_PASSED;

	LINE(b, bit(ROLE_FG, fate_name(fate)), bit(ROLE_VALUE, say_count(p->facts, x->count[fate])), bit(role_of_fate(fate, t), t && open ? t->severity : ""),
	     bit(ROLE_FG, t ? arena_printf(p->facts, "%s %s", t->name, t->text) : ""))->key = fate_name(fate);
}

static void put_figures(struct pane *p, struct board_block *b, const struct since *x)
{
	struct buf text = buf_new(p->facts);

	for (int i = 0; i < SINCE_FIGURES; i++)
		if (x->figure[i] || i == SINCE_ORDERS)
			buf_printf(&text, "%s%s %s", text.len ? ", " : "", say_count(p->facts, x->figure[i]), since_figure_name((enum since_figure)i));
	LINE(b, bit(ROLE_FG, "in figures"), bit(ROLE_FG, ""), bit(ROLE_FG, ""), bit(ROLE_FG, text.p));
}

enum fault since_block(struct pane *p, struct store *s, struct board *board, struct since_cursor *c, struct err *err)
{
	static const struct board_column column[] = {
		{ NULL, 13, 16, 0, ALIGN_LEFT, ROOM_TINY }, { NULL, 5, 7, 0, ALIGN_RIGHT, ROOM_TINY }, { NULL, 4, 4, 0, ALIGN_LEFT, ROOM_TINY }, { NULL, 0, 0, 0, ALIGN_LEFT, ROOM_TINY },
	};
	const struct looker who = { .actor = p->person, .before_ms = p->began_ms };
	const struct since *x = &c->since;
	struct board_block *b;

	if (!p->person)
		return OK;
	if (since_find(p, s, &who, c, err))
		return err->fault;
	if (!c->at_ms) {
		b = board_block(board, "Since your last session", "9", column, 4);
		b->clip = true;
		LINE(b, bit(ROLE_MUTED, "none yet"), bit(ROLE_FG, ""), bit(ROLE_FG, ""), bit(ROLE_MUTED, "next time: what changed while you were away"));
		b->open = &pane_handover;
		return OK;
	}
	if (since_reckon(p, s, c, err))
		return err->fault;
	b = board_block(board, arena_printf(p->facts, "Since your last session (%s, %s ago)", say_time(p, p->facts, c->at_ms), say_age(p, p->facts, c->at_ms)), ":since", column, 4);
	b->clip = true;
	b->open = &pane_since;
	for (int fate = 0; fate < FATES; fate++)
		if (x->count[fate])
			put_fate(p, b, x, (enum fate)fate);
	if (!b->n)
		LINE(b, bit(ROLE_OK, "ok"), bit(ROLE_FG, ""), bit(ROLE_FG, ""), bit(ROLE_FG, "nothing was opened, nothing is left from then"));
	put_figures(p, b, x);
	return OK;
}

/* ---- the whole of it ---- */

struct since_pane {
	struct board_pane base; /* first */
	struct since_cursor cursor;
};

static void put_thing(struct pane *p, struct board_block *b, const struct since_thing *t)
{
	struct board_line *l = LINE(b, bit(ROLE_FG, fate_name(t->fate)), bit(ROLE_VALUE, t->name), bit(t->closed_ms ? ROLE_OK : role_of_severity(t->severity), t->closed_ms ? "ok" : t->severity),
	                            bit(ROLE_FG, say_time(p, p->facts, t->closed_ms ? t->closed_ms : t->opened_ms)), bit(ROLE_FG, t->who), bit(ROLE_FG, t->text));

	l->open = pane_by_name(t->pane);
	l->subject = t->subject;
	l->key = t->name;
}

static void things_block(struct pane *p, const struct since *x)
{
	static const struct board_column column[] = {
		{ NULL, 13, 14, 9, ALIGN_LEFT, ROOM_TINY }, { NULL, 6, 8, 0, ALIGN_LEFT, ROOM_TINY }, { NULL, 4, 4, 0, ALIGN_LEFT, ROOM_TINY }, { NULL, 10, 12, 0, ALIGN_LEFT, ROOM_FULL },
		{ NULL, 12, 16, 0, ALIGN_LEFT, ROOM_WIDE }, { NULL, 0, 0, 0, ALIGN_LEFT, ROOM_TINY },
	};
	struct since_pane *v = p->self;
	struct buf counts = buf_new(p->facts);
	struct board_block *b;

	for (int i = 0; i < FATES; i++)
		buf_printf(&counts, "%s%s %" PRId64, i ? ", " : "", fate_name((enum fate)i), x->count[i]);
	b = board_block(&v->base.board, counts.p, NULL, column, 6);
	for (int i = 0; i < x->n; i++)
		put_thing(p, b, &x->thing[i]);
	if (!b->n)
		LINE(b, bit(ROLE_MUTED, "nothing"), bit(ROLE_FG, ""), bit(ROLE_FG, ""), bit(ROLE_FG, ""), bit(ROLE_FG, ""), bit(ROLE_MUTED, "was open then, or has been since"));
}

static void figures_block(struct pane *p, const struct since *x)
{
	static const struct board_column column[] = { { NULL, 24, 28, 20, ALIGN_LEFT, ROOM_TINY }, { NULL, 9, 9, 0, ALIGN_RIGHT, ROOM_TINY }, { NULL, 0, 0, 0, ALIGN_LEFT, ROOM_TINY } };
	struct since_pane *v = p->self;
	struct board_block *b = board_block(&v->base.board, "in figures", NULL, column, 3);

	for (int i = 0; i < SINCE_FIGURES; i++)
		LINE(b, bit(ROLE_FG, since_figure_name((enum since_figure)i)), bit(ROLE_VALUE, say_count(p->facts, x->figure[i])), bit(ROLE_FG, ""));
}

static char *say_rate(struct arena *a, const struct score *x)
{
	return arena_printf(a, "%" PRId64 ".%02" PRId64 "%%", score_rate(x) / 100, score_rate(x) % 100);
}

/* What platforms hold a seller to, where it moved. */
static enum fault scores_block(struct pane *p, struct store *s, int64_t from_ms, struct err *err)
{
	static const struct board_column column[] = { { NULL, 14, 18, 0, ALIGN_LEFT, ROOM_TINY }, { NULL, 0, 0, 0, ALIGN_LEFT, ROOM_TINY } };
	struct since_pane *v = p->self;
	struct board_block *b;
	struct score_move *m;
	int n;

	if (scores_moved(s, from_ms, p->now_ms, p->facts, &m, &n, err))
		return err->fault;
	b = board_block(&v->base.board, "seller health, moved", "4", column, 2);
	b->open = &pane_health;
	for (int i = 0; i < n; i++)
		LINE(b, bit(ROLE_FG, m[i].now.account_name), bit(role_of_severity(score_verdict(&m[i].now)),
		     arena_printf(p->facts, "%s %s -> %s", m[i].now.name, say_rate(p->facts, &m[i].then), say_rate(p->facts, &m[i].now))));
	if (!b->n)
		LINE(b, bit(ROLE_MUTED, "none"));
	return OK;
}

/* Who did what, what was changed, what is held and until when, what was noted: as a handover of that time tells it. */
static enum fault told_blocks(struct pane *p, struct store *s, int64_t from_ms, struct err *err)
{
	static const struct board_column column[] = { { NULL, 4, 4, 0, ALIGN_LEFT, ROOM_TINY }, { NULL, 10, 12, 0, ALIGN_LEFT, ROOM_FULL }, { NULL, 0, 0, 0, ALIGN_LEFT, ROOM_TINY } };
	static const struct {
		enum hand_part part;
		const char *title;
	} parts[] = { { HAND_DONE, "who did what" }, { HAND_CHANGES, "changed" }, { HAND_HELD, "promised: held, and until when" }, { HAND_NOTES, "notes" } };
	struct since_pane *v = p->self;
	struct handover h = { .n = 0 };
	enum fault f = handover_from(s, from_ms, p->now_ms, p->facts, &h, err);

	for (size_t k = 0; k < sizeof parts / sizeof *parts && !f; k++) {
		struct board_block *b = board_block(&v->base.board, parts[k].title, NULL, column, 3);

		for (int i = 0; i < h.n; i++) {
			const struct hand_line *l = &h.line[i];
			struct board_line *line;

			if (l->part != parts[k].part)
				continue;
			line = LINE(b, bit(*l->level ? role_of_severity(l->level) : ROLE_FG, l->level), bit(ROLE_MUTED, l->at_ms ? say_time(p, p->facts, l->at_ms) : ""), bit(ROLE_FG, l->text));
			line->key = arena_printf(p->facts, "%d %.80s", (int)l->part, l->text);
			if (*l->pane && (line->open = pane_by_name(l->pane)))
				line->subject = l->subject;
		}
		if (!b->n)
			LINE(b, bit(ROLE_MUTED, ""), bit(ROLE_MUTED, ""), bit(ROLE_MUTED, "nothing"));
	}
	return f;
}

static enum fault since_load(struct pane *p, struct store *s, struct arena *facts, struct err *err)
{
	struct since_pane *v = p->self;
	const struct looker who = { .actor = *p->subject ? NULL : p->person, .name = p->subject, .before_ms = *p->subject ? p->now_ms : p->began_ms, .sits = *p->subject };

	v->base.board = board_new(facts);
	if ((*p->subject || p->person) && since_find(p, s, &who, &v->cursor, err))
		return err->fault;
	if (!v->cursor.at_ms) {
		static const struct board_column column[] = { { NULL, 0, 0, 0, ALIGN_LEFT, ROOM_TINY } };
		struct board_block *b = board_block(&v->base.board, "Since the last session", NULL, column, 1);

		LINE(b, bit(ROLE_MUTED, arena_printf(facts, "%s not here before: there is nothing to compare with", *p->subject ? arena_printf(facts, "%s was", p->subject) : "you were")));
		snprintf(v->base.strip, sizeof v->base.strip, "SINCE the last session: none");
		board_settle(&v->base.board, &v->base.at);
		return OK;
	}
	if (since_reckon(p, s, &v->cursor, err))
		return err->fault;
	things_block(p, &v->cursor.since);
	figures_block(p, &v->cursor.since);
	if (told_blocks(p, s, v->cursor.at_ms, err) || scores_block(p, s, v->cursor.at_ms, err))
		return err->fault;
	snprintf(v->base.strip, sizeof v->base.strip, "SINCE %s last here: %s, %s ago", *p->subject ? arena_printf(facts, "%s was", p->subject) : "you were", say_time(p, facts, v->cursor.at_ms), say_age(p, facts, v->cursor.at_ms));
	board_settle(&v->base.board, &v->base.at);
	return OK;
}

static void since_close(struct pane *p)
{
	struct since_pane *v = p->self;

	since_forget(&v->cursor);
}

const struct pane_type pane_since = {
	.name = "since",
	.help = "What has become another since you were last here, by the audit's word of when that was: what was opened, got worse, was left alone, worked on, closed; who did what, "
	        "and what was promised. Sessions less than half an hour apart count as one: a line that broke is no night. :since NAME shows it as NAME would see it.",
	.where = WHERE_DETAILS,
	.size = sizeof(struct since_pane),
	.says = "what changed since you were last here",
	.keys = (const enum act[]){ ACT_OPEN, ACT_NEXT_PANE, ACT_FIND, ACT_COPY, ACT_NONE },
	.load = since_load,
	.close = since_close,
	BOARD_PANE,
};
