#include "ui/widgets/sheet_lines.h"

#include "base/text.h"
#include "trade/intents.h"
#include "ui/widgets/steps.h"

#include <stdio.h>
#include <string.h>

enum { LABEL_MIN = 20, LABEL_X = 3, NOTE_X = 5, BORDERS = 4 };

static const char *what_it_needs(const struct choice *c, const struct sheet_facts *facts)
{
	const char *why = choice_why_not(c, facts);

	if (why)
		return why;
	if (choice_is_danger(c))
		return facts->rank == RANK_NOBODY ? "preview only, of what is past" : !rank_may(facts->rank, c->act, NULL) ? "preview only, for who you are here" : facts->armed ? "preview, then a typed line" : "preview; sending needs :arm";
	return c->note ? c->note : "";
}

/* A choice in w columns: its note stands beside it, or under it where that would cut a word. */
struct laid {
	const char *note; /* "": there is none, or no room for any */
	bool beside;
	int label_rows, rows;
};

static int rows_of(const char *text, int w)
{
	int n = 0;

	do {
		size_t step = w > 0 ? canvas_break(text, w) : 0;

		text += step ? step : strlen(text); /* no room for a single character */
		text += *text == ' ' || *text == '\n';
		n++;
	} while (*text);
	return n;
}

static struct laid lay(const struct choice *c, const struct sheet_facts *facts, int w)
{
	struct laid l = { .note = w > LABEL_MIN * 2 ? what_it_needs(c, facts) : "" };

	l.beside = *l.note && text_width(c->label) + 1 + text_width(l.note) <= w - LABEL_X;
	l.label_rows = rows_of(c->label, w - LABEL_X);
	l.rows = l.label_rows + (*l.note && !l.beside ? rows_of(l.note, w - NOTE_X) : 0);
	return l;
}

static void draw_choice(const struct choice *c, bool current, const struct sheet_facts *facts, struct canvas *in, int y)
{
	struct laid l = lay(c, facts, in->w);
	bool barred = choice_why_not(c, facts);
	enum role role = barred ? ROLE_MUTED : choice_is_danger(c) ? ROLE_WARN : ROLE_FG;
	char letter[2] = { c->letter ? c->letter : ' ', '\0' };
	int note_w = text_width(l.note);

	canvas_put(in, 0, y, ROLE_CURSOR, current ? ">" : "");
	canvas_put(in, 1, y, barred ? ROLE_MUTED : ROLE_KEY, letter);
	canvas_wrap(in, LABEL_X, y, in->w - LABEL_X, in->h - y, role, c->label);
	if (l.beside)
		canvas_field(in, in->w - note_w, y, note_w, ROLE_MUTED, ALIGN_LEFT, l.note);
	else if (*l.note && y + l.label_rows < in->h)
		canvas_wrap(in, NOTE_X, y + l.label_rows, in->w - NOTE_X, in->h - y - l.label_rows, ROLE_MUTED, l.note);
	if (current)
		canvas_cursor(in, 0, y, false);
}

static bool begins_danger(const struct sheet *s, int i)
{
	return i > 0 && choice_is_danger(s->choice[i]) && !choice_is_danger(s->choice[i - 1]);
}

/* With the rule above it, where what reaches a marketplace begins. */
static int rows_at(const struct sheet *s, const struct sheet_facts *facts, int i, int w, bool ruled)
{
	return lay(s->choice[i], facts, w).rows + (ruled && begins_danger(s, i));
}

/* The first one shown, so that all of the one under the cursor is. */
static int first_shown(const struct sheet *s, const struct sheet_facts *facts, const struct canvas *in, bool ruled)
{
	int top = s->cursor, rows = rows_at(s, facts, top, in->w, ruled);

	while (top > 0 && (rows += rows_at(s, facts, top - 1, in->w, ruled)) <= in->h)
		top--;
	return top;
}

static void draw_choices(const struct sheet *s, const struct sheet_facts *facts, struct canvas *c)
{
	enum { ROOM_FOR_RULE = 6 };
	int n = s->wish.n_choices, want = 2, h, top;
	struct canvas box, in;
	bool ruled;

	for (int i = 0; i < n; i++)
		want += rows_at(s, facts, i, c->w - BORDERS, true);
	h = want < c->h ? want : c->h;
	box = canvas_part(c, 0, c->h - h, c->w, h);
	canvas_fill(&box, ROLE_BG);
	in = canvas_box(&box, s->wish.text, NULL);
	ruled = want <= c->h || in.h >= ROOM_FOR_RULE;
	top = want <= c->h || !n ? 0 : first_shown(s, facts, &in, ruled);
	for (int i = top, y = 0; i < n && y < in.h; i++) {
		if (begins_danger(s, i) && ruled)
			canvas_rule(&in, y++, "reaches a marketplace", NULL);
		draw_choice(s->choice[i], i == s->cursor, facts, &in, y);
		y += lay(s->choice[i], facts, in.w).rows;
	}
}

struct painting {
	const struct sheet *s;
	struct canvas *c;
	int h;
};

static bool draw_line(void *ctx, int at, const struct line *line)
{
	const struct painting *p = ctx;
	int y = at - p->s->top;
	bool preview = p->s->kind == SHEET_PREVIEW, current = preview && p->s->wish.proposal->ids && line->step == p->s->cursor;
	int x = preview && !line->title ? 4 : 0;
	char text[1024];

	if (y < 0 || y >= p->h)
		return y < p->h;
	snprintf(text, sizeof text, "%.*s", line->n < (int)sizeof text ? line->n : (int)sizeof text - 1, line->text);
	if (line->head) {
		steps_head(p->c, x, y, line->row);
		return true;
	}
	if (line->title) {
		canvas_rule(p->c, y, text, NULL);
		return true;
	}
	if (preview && line->step >= 0) {
		canvas_put(p->c, 0, y, ROLE_MARK, p->s->off[line->step] ? "[ ]" : "[x]");
		canvas_role(p->c, 0, y, 3, current ? ROLE_CURSOR : p->s->off[line->step] ? ROLE_MUTED : ROLE_MARK);
	}
	if (line->row)
		steps_row(p->c, x, y, line->row, p->s->off[line->step]);
	else
		canvas_put(p->c, x - (line->role == ROLE_VALUE ? p->s->left : 0), y, line->role, text);
	if (current)
		canvas_cursor(p->c, 0, y, false);
	return true;
}

static void draw_page(const struct sheet *s, struct canvas *c)
{
	struct painting p = { s, c, c->h };

	sheet_walk(s, c->w, draw_line, &p);
	canvas_cursor(c, 0, 0, false);
}

static void draw_typing(const struct sheet *s, const struct sheet_facts *facts, struct canvas *c)
{
	const struct plan *plan = sheet_proposal(s)->plan;
	const char *why = sheet_why(s, facts);
	int x;

	canvas_rule(c, 0, facts->confirming ? "Type this exactly, then Enter. Paste is off here" : "Next", NULL);
	if (facts->confirming) {
		canvas_put(c, 4, 1, ROLE_VALUE, plan->line);
		if (s->changed)
			canvas_printf(c, 0, 2, ROLE_WARN, "changed since preview: %s", s->changed);
		else
			canvas_put(c, 0, 2, ROLE_MUTED, "Keys typed before this appeared were thrown away. Esc leaves, nothing is sent.");
		return;
	}
	x = canvas_put(c, 0, 1, ROLE_FG, "Enter, then type:  ");
	canvas_put(c, x, 1, ROLE_VALUE, plan->line);
	canvas_put(c, 0, 2, why ? ROLE_WARN : ROLE_MUTED, why ? why : "nothing has been sent");
}

static void draw_preview(const struct sheet *s, const struct sheet_facts *facts, struct canvas *c)
{
	const struct proposal *p = sheet_proposal(s);
	int body_h = sheet_inner_h(s, c->h);
	struct canvas body = canvas_part(c, 0, 1, c->w, body_h), foot = canvas_part(c, 0, 1 + body_h, c->w, c->h);
	struct painting painting = { s, &body, body.h };
	int64_t left = s->wish.proposal->made_ms + PROPOSAL_MS - facts->now_ms;
	int x = canvas_put(c, 0, 0, ROLE_TITLE, p->title);

	x = canvas_printf(c, x + 2, 0, ROLE_FG, "%d step%s, nothing has been sent", p->plan->steps, p->plan->steps == 1 ? "" : "s");
	if (left > 0)
		canvas_printf(c, x + 2, 0, ROLE_MUTED, "good for %d min, plan %.8s", (int)((left + 59999) / 60000), p->plan->digest);
	else
		canvas_printf(c, x + 2, 0, ROLE_MUTED, "too old, plan %.8s", p->plan->digest);
	sheet_walk(s, body.w, draw_line, &painting);
	draw_typing(s, facts, &foot);
}

void sheet_draw(const struct sheet *s, const struct sheet_facts *facts, struct canvas *c)
{
	if (s->kind == SHEET_ACTIONS || s->kind == SHEET_MENU) {
		draw_choices(s, facts, c);
		return;
	}
	canvas_fill(c, ROLE_BG);
	if (s->kind == SHEET_PREVIEW)
		draw_preview(s, facts, c);
	else
		draw_page(s, c);
}

void sheet_strip(const struct sheet *s, const struct sheet_facts *facts, char *out, size_t cap)
{
	const char *title = s->wish.text ? s->wish.text : "";
	int n = 0, on = 0;

	if (s->kind != SHEET_PREVIEW) {
		snprintf(out, cap, *s->filter ? "%s   only lines with %s" : "%s", title, s->filter);
		return;
	}
	n = s->wish.proposal->plan->steps;
	for (int i = 0; i < n; i++)
		on += !s->off[i];
	snprintf(out, cap, "1 pick  2 %s  3 %s  4 result    %d of %d ticked    %s", facts->confirming ? "preview" : "PREVIEW",
	         facts->confirming ? "CONFIRM" : "confirm", on, n, !rank_may(facts->rank, ACT_SHIP, NULL) ? "dry run" : facts->armed ? "" : "locked: :arm");
}
