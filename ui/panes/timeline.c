/*
 * The life of one SKU: what was available and what a channel showed over time, every event that made it so, and the call behind the one under the cursor.
 */
#include "base/clock.h"
#include "base/text.h"
#include "trade/inventory.h"
#include "trade/offers.h"
#include "trade/timeline.h"
#include "ui/panes/all.h"
#include "ui/panes/board.h"
#include "ui/panes/plot.h"
#include "ui/panes/trail.h"
#include "ui/panes/wishes.h"
#include "ui/panes/words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { PAGE = 200, AIM = 12, LINES_MOST = 13, EVIDENCE_ROWS = 4, MINUTE_MS = 60000 };

/* How much time a window may hold. */
static const struct {
	const char *word;
	int64_t ms;
} spans[] = {
	{ "15 minutes", 15 * MINUTE_MS },         { "1 hour", 60 * MINUTE_MS },          { "2 hours", 120 * MINUTE_MS },
	{ "6 hours", 360 * MINUTE_MS },           { "1 day", 1440 * MINUTE_MS },         { "3 days", INT64_C(3) * 1440 * MINUTE_MS },
	{ "1 week", INT64_C(7) * 1440 * MINUTE_MS }, { "30 days", INT64_C(30) * 1440 * MINUTE_MS }, { "1 year", INT64_C(365) * 1440 * MINUTE_MS },
};

enum { SPANS = sizeof spans / sizeof *spans, TWO_HOURS = 2 };

struct timeline_pane {
	struct board_pane base; /* first: the events */
	struct item item;
	struct moment *moment;  /* oldest first: line i of the board is moment i */
	int moments;
	bool more;              /* the window has older ones that are not listed */
	struct curve *curve;    /* [0] is what is available */
	int curves, drawn;      /* drawn: the other one that is drawn; 0: none */
	int64_t offer;          /* the person's choice of it; 0: the most dangerous */
	int span;               /* of spans[] */
	int64_t until_ms;       /* the window's end; 0: now, and it goes on */
	bool begun;
};

static int64_t window_end(const struct pane *p)
{
	const struct timeline_pane *v = p->self;

	return v->until_ms ? v->until_ms : p->now_ms;
}

static int64_t window_begin(const struct pane *p)
{
	const struct timeline_pane *v = p->self;

	return window_end(p) - spans[v->span].ms;
}

/* ---- reading ---- */

static enum fault read_moments(struct pane *p, struct store *s, int64_t since_ms, int most, struct moment **out, int *n, bool *more, struct err *err)
{
	struct timeline_key key, from;
	struct moment *page;
	int got;
	enum fault f = timeline_at(s, window_end(p), &key, err);

	*out = arena_alloc(p->facts, (size_t)(most + 1) * sizeof **out);
	*n = 0;
	*more = true;
	if (!f)
		f = timeline_at(s, since_ms - 1, &from, err);
	while (!f && *more && *n < most) {
		f = timeline_page(s, ((struct timeline_pane *)p->self)->item.id, &key, &from, most - *n, p->facts, &page, &got, more, err);
		for (int i = 0; i < got && !f; i++)
			(*out)[(*n)++] = page[i];
	}
	return f;
}

/* At first as much time as the newest dozen of events took. */
static enum fault begin(struct pane *p, struct store *s, struct err *err)
{
	struct timeline_pane *v = p->self;
	struct moment *m;
	bool more;
	int n;
	enum fault f = read_moments(p, s, 0, AIM, &m, &n, &more, err);

	v->begun = true;
	v->span = TWO_HOURS;
	while (!f && n && v->span < SPANS - 1 && m[n - 1].e.known_ms < window_begin(p))
		v->span++;
	return f;
}

static enum fault read_window(struct pane *p, struct store *s, struct err *err)
{
	struct timeline_pane *v = p->self;
	enum fault f = read_moments(p, s, window_begin(p), PAGE, &v->moment, &v->moments, &v->more, err);

	for (int i = 0; i < v->moments / 2; i++) {
		struct moment m = v->moment[i];

		v->moment[i] = v->moment[v->moments - 1 - i];
		v->moment[v->moments - 1 - i] = m;
	}
	if (f)
		return f;
	return timeline_curves(s, v->item.id, window_begin(p), window_end(p), p->now_ms, PLOT_POINTS, p->facts, &v->curve, &v->curves, err);
}

/* The one that was asked for, else the one that is in most danger. */
static enum fault choose_curve(struct pane *p, struct store *s, struct err *err)
{
	struct timeline_pane *v = p->self;
	struct offer *offer;
	int n, best = -1;
	enum fault f = offers_list(s, v->item.id, 0, 0, 64, p->facts, &offer, &n, err);

	v->drawn = 0;
	for (int i = 0; i < n && !f; i++)
		if (offer[i].id == v->offer || (best < 0 && offer[i].seen >= 0) || (best >= 0 && offer[best].id != v->offer && offer[i].risk > offer[best].risk))
			best = i;
	for (int k = 1; best >= 0 && k < v->curves; k++)
		if (v->curve[k].offer == offer[best].id)
			v->drawn = k;
	return f;
}

static const char *where_of(const struct moment *m, struct arena *a)
{
	return arena_printf(a, "%s%s%s", m->account, *m->marketplace ? " " : "", m->marketplace);
}

static void put_events(struct pane *p)
{
	static const struct board_column column[] = {
		{ NULL, 9, 14, 9, ALIGN_LEFT, ROOM_TINY },  { NULL, 1, 1, 1, ALIGN_LEFT, ROOM_TINY },  { NULL, 20, 22, 20, ALIGN_LEFT, ROOM_TINY },
		{ NULL, 13, 24, 0, ALIGN_LEFT, ROOM_FULL }, { NULL, 0, 0, 0, ALIGN_LEFT, ROOM_COMPACT },
	};
	struct timeline_pane *v = p->self;
	struct arena *a = p->facts;
	const char *title = arena_printf(a, "Events (%d%s)", v->moments, v->more ? ", and older ones" : "");
	struct board_block *b = board_block(&v->base.board, title, "{ } previous, next   Enter evidence", column, 5);

	b->beside = ROOM_WIDE;
	b->clip = true;
	for (int i = 0; i < v->moments; i++) {
		const struct moment *m = &v->moment[i];
		enum role role = m->mark == 'F' || m->mark == 'E' ? ROLE_WARN : m->new < 0 && m->new != UNTOLD && !m->offer ? ROLE_CRIT : ROLE_VALUE;
		struct board_line *l = LINE(b, bit(ROLE_FG, say_clock(p, a, m->e.known_ms)), bit(role, arena_printf(a, "%c", m->mark)), bit(role, m->e.what), bit(ROLE_FG, where_of(m, a)),
		                            bit(ROLE_FG, m->e.detail));

		l->key = arena_printf(a, "%" PRId64 " %s %" PRId64, m->e.known_ms, m->e.what, m->offer);
		trail_lead(l, a, m->e.attempt_id);
	}
	if (!v->moments)
		LINE(b, bit(ROLE_MUTED, ""), bit(ROLE_MUTED, ""), bit(ROLE_MUTED, "nothing happened"), bit(ROLE_MUTED, ""), bit(ROLE_MUTED, "in this window"));
}

static enum fault timeline_load(struct pane *p, struct store *s, struct arena *facts, struct err *err)
{
	struct timeline_pane *v = p->self;
	bool first = p->loaded_ms == 0 && !v->base.at.key[0];
	int64_t id;

	v->base.board = board_new(facts);
	v->moments = v->curves = v->drawn = 0;
	if (!subject_id(p->subject, "item", &id))
		return err_set(err, FAULT_REFUSED, "%s is no item's number", p->subject);
	if (item_get_id(s, id, facts, &v->item, err) || (!v->begun && begin(p, s, err)) || read_window(p, s, err) || choose_curve(p, s, err))
		return err->fault;
	put_events(p);
	snprintf(v->base.strip, sizeof v->base.strip, "Drift > %.100s > timeline", v->item.sku);
	v->base.hint = "{ } event   z zoom   h l scroll time   o series";
	if (first)
		v->base.at.line = v->moments - 1;
	board_settle(&v->base.board, &v->base.at);
	return OK;
}

/* ---- painting ---- */

static const struct moment *moment_at(const struct timeline_pane *v)
{
	return v->base.at.line >= 0 && v->base.at.line < v->moments ? &v->moment[v->base.at.line] : NULL;
}

static void head_draw(const struct pane *p, struct canvas *c, struct arena *a)
{
	const struct timeline_pane *v = p->self;
	const char *window = arena_printf(a, "%s to %s", say_time(p, a, window_begin(p)), v->until_ms ? say_time(p, a, v->until_ms) : "now");
	int w = text_width(window);

	canvas_field(c, 1, 0, c->w - w - 3, ROLE_TITLE, ALIGN_LEFT,
	             arena_printf(a, "%s %s", v->item.sku, p->room >= ROOM_FULL ? v->item.title : ""));
	canvas_put(c, c->w - w - 1, 0, ROLE_FG, window);
	if (c->h < 2)
		return;
	canvas_printf(c, 1, 1, v->item.available < 0 ? ROLE_CRIT : ROLE_VALUE, "available %" PRId64 "%s", v->item.available,
	              v->item.available < 0 ? "   CRIT OVERSOLD" : "");
}

/* Line 2 of the head, on the right: what is drawn with which sign. */
static void legend_draw(const struct pane *p, struct canvas *c, struct arena *a)
{
	const struct timeline_pane *v = p->self;
	const struct curve *o = v->drawn ? &v->curve[v->drawn] : NULL;
	const char *text = arena_printf(a, "# available%s%s%s%s   blank: unknown", o ? "   o shown on " : "", o ? o->account : "", o && *o->marketplace ? " " : "",
	                                o ? o->marketplace : "");

	if (c->w - text_width(text) > 30)
		canvas_put(c, c->w - text_width(text) - 1, 1, ROLE_MUTED, text);
}

static void plot_paint(const struct pane *p, struct canvas *c, struct arena *a)
{
	const struct timeline_pane *v = p->self;
	struct plot plot = { .from_ms = window_begin(p), .until_ms = window_end(p) };

	if (!v->curves || c->h < 4)
		return;
	plot.line[plot.lines++] = (struct plot_line){ v->curve[0].value, '#', ROLE_VALUE };
	if (v->drawn)
		plot.line[plot.lines++] = (struct plot_line){ v->curve[v->drawn].value, 'o', ROLE_SPARK };
	plot.mark = arena_alloc(a, (size_t)(v->moments + 1) * sizeof *plot.mark);
	for (int i = 0; i < v->moments; i++)
		if (v->moment[i].mark != ' ')
			plot.mark[plot.marks++] = (struct plot_mark){ v->moment[i].e.known_ms, v->moment[i].mark };
	plot_draw(p, &plot, c, a);
}

/* The call that the event was learnt from or made by. */
static const char *call_of(const struct moment *m, struct arena *a)
{
	if (!m->e.attempt_id)
		return "no call: it was decided or told here";
	if (!*m->op)
		return "the call's row is gone: an old poll";
	return arena_printf(a, "%s  %s%s%s%s%s", m->op, m->status ? arena_printf(a, "%" PRId64, m->status) : "no answer", *m->fault ? " " : "", m->fault,
	                    *m->said ? ": " : "", m->said);
}

static void evidence_draw(const struct pane *p, struct canvas *c, struct arena *a)
{
	const struct timeline_pane *v = p->self;
	const struct moment *m = moment_at(v);
	const char *title = m ? arena_printf(a, "Evidence for %s", say_clock(p, a, m->e.known_ms)) : "Evidence";
	struct canvas in = canvas_box(c, title, m && m->e.attempt_id ? arena_printf(a, "Enter: attempt %" PRId64, m->e.attempt_id) : NULL);

	if (!m)
		return;
	canvas_printf(&in, 0, 0, ROLE_FG, "%s%s%s", call_of(m, a), m->took_ms ? "   " : "", m->took_ms ? say_span(a, m->took_ms) : "");
	canvas_printf(&in, 0, 1, ROLE_FG, "by %s%s%s   %s%s%s%s", m->e.actor, *m->e.trace ? "   trace " : "", m->e.trace, *m->correlation ? "correlation " : "",
	              m->correlation, *m->their_id ? "   theirs " : "", m->their_id);
}

static void evidence_line(const struct pane *p, struct canvas *c, struct arena *a)
{
	const struct timeline_pane *v = p->self;
	const struct moment *m = moment_at(v);

	if (m)
		canvas_field(c, 1, c->h - 1, c->w - 1, ROLE_MUTED, ALIGN_LEFT,
		             arena_printf(a, "cursor on %s: %s%s%s", say_clock(p, a, m->e.known_ms), call_of(m, a), *m->their_id ? ", " : *m->correlation ? ", " : "",
		                          *m->their_id ? m->their_id : m->correlation));
}

static int plot_rows(const struct pane *p, const struct canvas *c)
{
	if (p->zoomed || p->room < ROOM_COMPACT)
		return 0;
	return c->h >= 30 ? LINES_MOST : c->h >= 19 ? 8 : 4;
}

static void timeline_draw(const struct pane *p, struct canvas *c)
{
	struct timeline_pane *v = p->self;
	struct arena *a = arena_new();
	int head = c->h >= 14 ? 2 : c->h >= 8, plot = plot_rows(p, c), foot = p->room == ROOM_WIDE ? EVIDENCE_ROWS : p->room == ROOM_FULL;
	struct canvas top = canvas_part(c, 0, 0, c->w, head), middle = canvas_part(c, 0, head, c->w, plot);
	struct canvas events = canvas_part(c, 0, head + plot, c->w, c->h - head - plot - foot), bottom = canvas_part(c, 0, c->h - foot, c->w, foot);

	head_draw(p, &top, a);
	if (head > 1)
		legend_draw(p, &top, a);
	plot_paint(p, &middle, a);
	board_draw(p, &v->base.board, &v->base.at, &events);
	if (foot > 1)
		evidence_draw(p, &bottom, a);
	else if (foot)
		evidence_line(p, &bottom, a);
	arena_free(a);
}

/* ---- keys ---- */

static void scroll_by(struct pane *p, int thirds, struct wish *wish)
{
	struct timeline_pane *v = p->self;
	int64_t end_ms = window_end(p) + spans[v->span].ms / 3 * thirds;

	v->until_ms = end_ms >= p->now_ms ? 0 : end_ms;
	wish->kind = WISH_LOAD;
}

/* Another length of window, round the event under the cursor where there is one. */
static void zoom_to(struct pane *p, int span, struct wish *wish)
{
	struct timeline_pane *v = p->self;
	const struct moment *m = moment_at(v);
	int64_t middle_ms = m ? m->e.known_ms : window_end(p);

	v->span = span;
	v->until_ms = middle_ms + spans[span].ms / 2 >= p->now_ms ? 0 : middle_ms + spans[span].ms / 2;
	wish->kind = WISH_LOAD;
}

static void options_open(const struct pane *p, struct wish *wish)
{
	const struct timeline_pane *v = p->self;
	struct choice *c = arena_alloc(wish->arena, (size_t)(SPANS + v->curves + 1) * sizeof *c);
	int n = 0;

	for (int i = 0; i < SPANS; i++)
		c[n++] = (struct choice){ .letter = (char)('a' + i), .label = arena_printf(wish->arena, "window of %s", spans[i].word), .note = i == v->span ? "now" : NULL,
			                  .value = arena_printf(wish->arena, "span %d", i) };
	for (int k = 1; k < v->curves && k <= 9; k++)
		c[n++] = (struct choice){ .letter = (char)('0' + k), .label = arena_printf(wish->arena, "draw %s %s", v->curve[k].account, v->curve[k].marketplace),
			                  .note = k == v->drawn ? "now" : NULL, .value = arena_printf(wish->arena, "offer %" PRId64, v->curve[k].offer) };
	wish->kind = WISH_MENU;
	wish->ask = ASK_OPTION;
	wish->text = "Window and series";
	wish->choices = c;
	wish->n_choices = n;
}

/* Before the first event and after the last one the window moves. */
static bool step_event(struct pane *p, int by, struct wish *wish)
{
	struct timeline_pane *v = p->self;

	if (v->base.at.line + by < 0 || v->base.at.line + by >= v->moments) {
		if (by < 0 || v->until_ms)
			scroll_by(p, by < 0 ? -1 : 1, wish);
		return true;
	}
	return board_act(p, &v->base.board, &v->base.at, by < 0 ? ACT_UP : ACT_DOWN, wish);
}

static bool timeline_act(struct pane *p, enum act act, struct wish *wish)
{
	struct timeline_pane *v = p->self;

	switch (act) {
	case ACT_LEFT: scroll_by(p, -1, wish); return true;
	case ACT_RIGHT: scroll_by(p, 1, wish); return true;
	case ACT_PREV_EVENT: return step_event(p, -1, wish);
	case ACT_NEXT_EVENT: return step_event(p, 1, wish);
	case ACT_OPTIONS: options_open(p, wish); return true;
	case ACT_ZOOM:
		p->zoomed = false;
		zoom_to(p, v->span ? v->span - 1 : SPANS - 1, wish);
		return true;
	case ACT_EXPLAIN: wish_open_id(wish, &pane_explain, "item", v->item.id); return true;
	case ACT_COPY_ID: wish_copy(wish, "SKU", v->item.sku); return true;
	default: return board_pane_act(p, act, wish);
	}
}

static void timeline_answer(struct pane *p, struct answer *answer, struct wish *wish)
{
	struct timeline_pane *v = p->self;
	int64_t n;

	if (answer->ask != ASK_OPTION) {
		board_pane_answer(p, answer, wish);
	} else if (!strncmp(answer->text, "span ", 5) && text_int(answer->text + 5, 0, SPANS - 1, &n)) {
		zoom_to(p, (int)n, wish);
	} else if (!strncmp(answer->text, "offer ", 6) && text_int(answer->text + 6, 1, INT64_MAX, &n)) {
		v->offer = n;
		wish->kind = WISH_LOAD;
	}
}

void timeline_window(const struct pane *p, int64_t *from_ms, int64_t *to_ms)
{
	*to_ms = window_end(p);
	*from_ms = window_begin(p);
}

const struct pane_type pane_timeline = {
	.name = "timeline",
	.help = "The life of one SKU: # is what was available, o what a channel showed, nothing is drawn where nobody knows. C counted, S sold, P said, F not taken, "
	        "E changed by somebody else, B given back, D left, R returned, H held or let go. Enter on an event opens the call behind it; z shortens the window, "
	        "o chooses its length and the channel, e writes the window's events to a file.",
	.where = WHERE_DETAILS | WHERE_TIMELINE,
	.size = sizeof(struct timeline_pane),
	.keys = (const enum act[]){ ACT_OPEN, ACT_LEFT, ACT_RIGHT, ACT_PREV_EVENT, ACT_ZOOM, ACT_OPTIONS, ACT_EXPLAIN, ACT_COPY, ACT_EXPORT, ACT_NONE },
	.load = timeline_load,
	.draw = timeline_draw,
	.act = timeline_act,
	.strip = board_pane_strip,
	.answer = timeline_answer,
	.save = board_pane_save,
	.restore = board_pane_restore,
};
