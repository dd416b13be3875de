#include "ui/widgets/sheet.h"

#include "base/text.h"
#include "trade/intents.h"
#include "ui/widgets/sheet_lines.h"

#include <stdio.h>
#include <string.h>

static bool count_line(void *ctx, int at, const struct line *line)
{
	(void)line;
	*(int *)ctx = at + 1;
	return true;
}

static int count_lines(const struct sheet *s, int w)
{
	int n = 0;

	sheet_walk(s, w, count_line, &n);
	return n;
}

/* ---- opening ---- */

bool choice_is_danger(const struct choice *c)
{
	return act_writes(c->act);
}

/* A preview of what reaches a marketplace is a dry run, and everybody's. */
const char *choice_why_not(const struct choice *c, const struct sheet_facts *facts)
{
	enum rank takes;

	if (c->why_not || choice_is_danger(c) || rank_may(facts->rank, c->act, &takes))
		return c->why_not;
	if (facts->rank == RANK_NOBODY)
		return "not in what is past";
	return takes == RANK_PROGRAM ? "not a viewer's ([roles])" : takes == RANK_OPERATOR ? "takes an operator ([roles])" : "takes an approver ([roles])";
}

/* Safe choices first, each kind in the order given. */
static void choices_sort(struct sheet *s)
{
	int n = 0;

	s->choice = arena_alloc(s->wish.arena, (size_t)(s->wish.n_choices + 1) * sizeof *s->choice);
	for (int pass = 0; pass < 2; pass++)
		for (int i = 0; i < s->wish.n_choices; i++)
			if (choice_is_danger(&s->wish.choices[i]) == (pass == 1))
				s->choice[n++] = &s->wish.choices[i];
}

void sheet_open(struct sheet *s, const struct wish *wish)
{
	*s = (struct sheet){ .wish = *wish };
	s->kind = wish->kind == WISH_SHEET ? SHEET_ACTIONS : wish->kind == WISH_MENU ? SHEET_MENU : wish->kind == WISH_PLAN ? SHEET_PREVIEW : SHEET_PAGE;
	if (s->kind == SHEET_ACTIONS || s->kind == SHEET_MENU)
		choices_sort(s);
	if (s->kind == SHEET_PREVIEW)
		s->off = arena_alloc(wish->arena, (size_t)wish->proposal->plan->steps + 1);
}

void sheet_close(struct sheet *s)
{
	arena_free(s->wish.arena);
	arena_free(s->less.arena);
	*s = (struct sheet){ 0 };
}

/* ---- keys ---- */

const struct choice *sheet_choice(const struct sheet *s)
{
	return s->choice && s->cursor < s->wish.n_choices ? s->choice[s->cursor] : NULL;
}

const struct proposal *sheet_proposal(const struct sheet *s)
{
	return s->less.arena ? s->less.proposal : s->wish.proposal;
}

const char *sheet_line(const struct sheet *s)
{
	return sheet_proposal(s)->plan->line;
}

void sheet_replan(struct sheet *s, struct wish *less)
{
	arena_free(s->less.arena);
	s->less = less ? *less : (struct wish){ 0 };
	if (less)
		less->arena = NULL;
}

void sheet_changed(struct sheet *s, const char *text)
{
	s->changed = *text ? arena_strdup(s->wish.arena, text) : NULL;
}

struct copying {
	struct buf *out;
	const struct sheet *s;
};

static bool copy_line(void *ctx, int at, const struct line *line)
{
	const struct copying *c = ctx;

	(void)at;
	if (!line->head)
		buf_printf(c->out, "%s%.*s\n", line->step < 0 || !c->s->off ? "" : c->s->off[line->step] ? "[ ] " : "[x] ", line->n, line->text);
	return true;
}

void sheet_text(const struct sheet *s, struct buf *out)
{
	enum { WIDTH = 400 };
	struct copying c = { out, s };

	sheet_walk(s, WIDTH, copy_line, &c);
}

bool sheet_stale(const struct sheet *s, int64_t now_ms)
{
	return s->kind == SHEET_PREVIEW && now_ms >= s->wish.proposal->made_ms + PROPOSAL_MS;
}

const char *sheet_why(const struct sheet *s, const struct sheet_facts *facts)
{
	const struct choice *c = sheet_choice(s);

	if (s->kind == SHEET_PREVIEW)
		return sheet_stale(s, facts->now_ms) ? "this preview is older than ten minutes: make it again"
		       : facts->rank == RANK_NOBODY ? "a dry run: nothing can be decided in what is past"
		       : !rank_may(facts->rank, ACT_SHIP, NULL) ? "a dry run: who you are here may send nothing ([roles])"
		       : !facts->armed             ? "locked: :arm 15m REASON opens it"
		                                   : NULL;
	return c ? choice_why_not(c, facts) : NULL;
}

static enum sheet_said choose(struct sheet *s, const struct sheet_facts *facts)
{
	if (!sheet_choice(s))
		return SHEET_STAYS;
	return sheet_why(s, facts) ? SHEET_REFUSED : SHEET_CHOSEN;
}

/* A move in a list of n, or of a page's first line: where it leads. */
static int moved(enum act act, int at, int n, int page)
{
	switch (act) {
	case ACT_DOWN: at++; break;
	case ACT_UP: at--; break;
	case ACT_PAGE_DOWN: at += page; break;
	case ACT_PAGE_UP: at -= page; break;
	case ACT_HALF_DOWN: at += page / 2; break;
	case ACT_HALF_UP: at -= page / 2; break;
	case ACT_FIRST: at = 0; break;
	case ACT_LAST: at = n - 1; break;
	default: break;
	}
	return at >= n ? (n ? n - 1 : 0) : at < 0 ? 0 : at;
}

static bool is_move(enum act act)
{
	return act >= ACT_DOWN && act <= ACT_HALF_UP && act != ACT_LEFT && act != ACT_RIGHT;
}

static enum sheet_said choices_input(struct sheet *s, int32_t key, enum act act, const struct sheet_facts *facts, int h)
{
	for (int i = 0; i < s->wish.n_choices; i++) {
		if (s->choice[i]->letter && s->choice[i]->letter == key) {
			s->cursor = i;
			return choose(s, facts);
		}
	}
	if (act == ACT_OPEN)
		return choose(s, facts);
	if (!is_move(act))
		return SHEET_DEAF;
	s->cursor = moved(act, s->cursor, s->wish.n_choices, h);
	return SHEET_STAYS;
}

struct title_search {
	int from, by, found;
};

static bool find_title(void *ctx, int at, const struct line *line)
{
	struct title_search *t = ctx;

	if (line->title && t->by < 0 && at < t->from)
		t->found = at;
	if (line->title && t->by > 0 && at > t->from) {
		t->found = at;
		return false;
	}
	return true;
}

static enum sheet_said page_input(struct sheet *s, enum act act, int w, int h)
{
	int most = count_lines(s, w) - h;
	struct title_search title = { s->top, act == ACT_NEXT_EVENT ? 1 : -1, s->top };

	if (is_move(act)) {
		s->top = act == ACT_LAST ? most : moved(act, s->top, most + 1 > 0 ? most + 1 : 1, h);
	} else if (act == ACT_NEXT_EVENT || act == ACT_PREV_EVENT) {
		sheet_walk(s, w, find_title, &title);
		s->top = title.found;
	} else if (act == ACT_LEFT || act == ACT_RIGHT) {
		s->left += act == ACT_RIGHT ? 8 : s->left >= 8 ? -8 : 0;
	} else if (act == ACT_OPTIONS) {
		s->wrap = !s->wrap;
		s->left = 0;
	} else {
		return SHEET_DEAF;
	}
	s->top = s->top > most ? most : s->top;
	s->top = s->top < 0 ? 0 : s->top;
	return SHEET_STAYS;
}

struct step_search {
	int step, at;
};

static bool find_step(void *ctx, int at, const struct line *line)
{
	struct step_search *t = ctx;

	if (line->step != t->step)
		return true;
	t->at = at;
	return false;
}

static void step_show(struct sheet *s, int w, int h)
{
	struct step_search t = { s->cursor, 0 };

	sheet_walk(s, w, find_step, &t);
	if (t.at < s->top)
		s->top = t.at > 0 ? t.at - 1 : 0;
	if (t.at >= s->top + h)
		s->top = t.at - h + 1;
}

static enum sheet_said preview_input(struct sheet *s, enum act act, const struct sheet_facts *facts, int w, int h)
{
	bool ticks = s->wish.proposal->ids != NULL;
	int was;

	if (act == ACT_OPEN)
		return sheet_why(s, facts) ? SHEET_REFUSED : SHEET_NEXT;
	if (!ticks || act == ACT_OPTIONS || act == ACT_NEXT_EVENT || act == ACT_PREV_EVENT)
		return page_input(s, act, w, h);
	if (act == ACT_MARK && s->wish.proposal->plan->steps) {
		s->off[s->cursor] = !s->off[s->cursor];
		return SHEET_TICKED;
	}
	if (!is_move(act))
		return SHEET_DEAF;
	was = s->cursor;
	s->cursor = moved(act, s->cursor, s->wish.proposal->plan->steps, h);
	if (was == s->cursor) /* past the last step lies what else is to be read */
		return page_input(s, act, w, h);
	step_show(s, w, h);
	return SHEET_STAYS;
}

/* Rows of the lines themselves: a preview has its title above and the typed line below. */
int sheet_inner_h(const struct sheet *s, int h)
{
	return s->kind == SHEET_PREVIEW ? (h > 5 ? h - 4 : 1) : h;
}

enum sheet_said sheet_input(struct sheet *s, int32_t key, enum act act, const struct sheet_facts *facts, int w, int h)
{
	enum sheet_said said;

	switch (s->kind) {
	case SHEET_ACTIONS: case SHEET_MENU:
		said = choices_input(s, key, act, facts, h);
		break;
	case SHEET_PREVIEW:
		said = preview_input(s, act, facts, w, sheet_inner_h(s, h));
		break;
	default:
		said = page_input(s, act, w, sheet_inner_h(s, h));
	}
	if (said == SHEET_DEAF && act == ACT_CANCEL && *s->filter) {
		sheet_filter(s, "");
		return SHEET_STAYS;
	}
	if (said == SHEET_DEAF && (act == ACT_CANCEL || act == ACT_CLOSE))
		return SHEET_CLOSE;
	return said;
}

struct text_search {
	const char *text;
	int from, by, found;
};

static bool find_text(void *ctx, int at, const struct line *line)
{
	struct text_search *t = ctx;

	if (!line_has(line, t->text))
		return true;
	if (t->by < 0 ? at < t->from : at >= t->from + t->by) {
		t->found = at;
		return t->by < 0; /* backwards: the last one before */
	}
	return true;
}

bool sheet_find(struct sheet *s, const char *text, int from, int w, int h)
{
	struct text_search t = { text, s->top, from, -1 };
	int most = count_lines(s, w) - sheet_inner_h(s, h);

	if (s->kind != SHEET_PAGE || !*text)
		return false;
	snprintf(s->find, sizeof s->find, "%s", text);
	sheet_walk(s, w, find_text, &t);
	if (t.found < 0)
		return false;
	s->top = t.found > most && most >= 0 ? most : t.found;
	return true;
}

void sheet_filter(struct sheet *s, const char *text)
{
	if (s->kind != SHEET_PAGE)
		return;
	snprintf(s->filter, sizeof s->filter, "%s", text);
	s->top = 0;
}

int sheet_ticked(const struct sheet *s, int64_t *ids, int cap)
{
	int n = 0;

	for (int i = 0; i < s->wish.proposal->plan->steps && n < cap; i++)
		if (s->wish.proposal->ids && !s->off[i])
			ids[n++] = s->wish.proposal->ids[i];
	return n;
}

enum sheet_rows sheet_rows(const struct sheet *s)
{
	const struct plan *plan = s->kind == SHEET_PREVIEW ? s->wish.proposal->plan : NULL;

	if (!plan || (plan->steps != 1 && !s->wish.proposal->ids) || !plan->step_id || !plan->step_id[s->cursor])
		return ROWS_NONE;
	if (plan->kind == INTENT_ACK || plan->kind == INTENT_SHIP)
		return ROWS_ORDERS;
	return plan->row || plan->kind == INTENT_PUSH ? ROWS_OFFERS : ROWS_NONE;
}

/* What matters most stands first: what there is no room for is left out from the end, but for Esc. */
static const enum act *preview_keys(const struct sheet *s)
{
	static const enum act ticks[] = { ACT_MARK, ACT_EXPLAIN, ACT_DIFF, ACT_COPY, ACT_EXPORT, ACT_OPEN, ACT_DOWN, ACT_UP, ACT_NEXT_EVENT, ACT_CANCEL, ACT_NONE };
	static const enum act whole[] = { ACT_EXPLAIN, ACT_DIFF, ACT_COPY, ACT_EXPORT, ACT_OPEN, ACT_DOWN, ACT_UP, ACT_NEXT_EVENT, ACT_CANCEL, ACT_NONE };

	return s->wish.proposal->ids ? ticks : sheet_rows(s) ? whole : whole + 1;
}

const enum act *sheet_keys(const struct sheet *s)
{
	static const enum act choose_keys[] = { ACT_DOWN, ACT_UP, ACT_OPEN, ACT_CANCEL, ACT_NONE };
	static const enum act page_keys[] = { ACT_DOWN,      ACT_UP,   ACT_PREV_EVENT, ACT_NEXT_EVENT, ACT_FIND,
		                              ACT_FIND_NEXT, ACT_FILTER, ACT_OPTIONS, ACT_COPY, ACT_CANCEL, ACT_NONE };

	if (s->kind == SHEET_PAGE)
		return page_keys;
	return s->kind == SHEET_PREVIEW ? preview_keys(s) : choose_keys;
}
