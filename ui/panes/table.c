#include "ui/panes/table.h"

#include "base/text.h"
#include "ui/panes/wishes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ASK_ALL_OVER = 50 };

void table_init(struct table *t, const struct table_type *type)
{
	if (t->type)
		return;
	t->type = type;
	t->paint = arena_new();
}

void table_free(struct table *t)
{
	free(t->mark);
	arena_free(t->paint);
}

const struct table_row *table_at(const struct table *t)
{
	return t->at >= 0 && t->at < t->n ? &t->row[t->at] : NULL;
}

static bool is_marked(const struct table *t, int64_t id)
{
	for (int i = 0; i < t->marks; i++)
		if (t->mark[i].id == id)
			return true;
	return false;
}

/* ---- painting ---- */

struct place {
	int column, x, w;
};

static int column_width(const struct pane *p, const struct table_column *c)
{
	return p->room == ROOM_WIDE && c->wide ? c->wide : p->room == ROOM_TINY && c->tiny ? c->tiny : c->w;
}

/* Which columns stand where; the first `shift` of those that can be scrolled are not there. */
static int columns_place(const struct pane *p, struct table *t, int w, struct place *out)
{
	int x = 2, n = 0, skipped = 0;

	t->cols = t->cols_all = 0;
	for (int i = 0; i < t->type->columns; i++) {
		const struct table_column *c = &t->type->column[i];
		int cw = column_width(p, c), left = w - x;

		if (p->room < c->from)
			continue;
		t->cols_all++;
		if (!c->stays && skipped < t->shift) {
			skipped++;
			continue;
		}
		cw = cw ? cw : left;
		if (left < 4 || (cw > left && left < 8))
			continue;
		cw = cw > left ? left : cw;
		out[n++] = (struct place){ i, x, cw };
		t->cols++;
		x += cw + 1;
	}
	return n;
}

/*
 * The words of a row, in the pane's facts until the next load: the minute brings one, so no age is older. Only what a frame shows is
 * said, and a key then says nothing twice.
 */
static const struct word *say_row(const struct pane *p, struct table *t, int i)
{
	int columns = t->type->columns;

	if (!t->said || t->said_room != p->room || t->said_local != p->local_time) {
		t->said = arena_alloc(p->facts, (size_t)(t->n * columns) * sizeof *t->said);
		t->is_said = arena_alloc(p->facts, (size_t)t->n * sizeof *t->is_said);
		t->said_room = p->room;
		t->said_local = p->local_time;
	}
	for (int k = 0; !t->is_said[i] && k < columns; k++)
		t->said[i * columns + k] = t->type->cell(p, &t->row[i], k, p->facts);
	t->is_said[i] = true;
	return &t->said[i * columns];
}

/* In the gutter, and on what the row is called. */
static void paint_cursor(const struct table *t, const struct place *place, int n, struct canvas *c, int y)
{
	canvas_role(c, 0, y, 2, ROLE_CURSOR);
	for (int i = 0; i < n; i++)
		if (t->type->column[place[i].column].names)
			canvas_role(c, place[i].x, y, place[i].w, ROLE_CURSOR);
	canvas_cursor(c, 0, y, true);
}

static void paint_row(const struct pane *p, struct table *t, int at, const struct place *place, int n, struct canvas *c, int y)
{
	const struct table_row *row = &t->row[at];
	const struct word *said = say_row(p, t, at);
	bool here = at == t->at;

	canvas_put(c, 0, y, ROLE_CURSOR, here ? ">" : "");
	if (is_marked(t, row->id))
		canvas_put(c, 1, y, ROLE_MARK, "*");
	for (int i = 0; i < n; i++) {
		struct word w = said[place[i].column];

		canvas_field(c, place[i].x, y, place[i].w, w.role, t->type->column[place[i].column].align, w.text);
	}
	if (here)
		paint_cursor(t, place, n, c, y);
}

/* "-- end: 142 shown; 3,981 hidden by the filter (Esc clears it)" */
static void paint_end(struct table *t, struct canvas *c, int y)
{
	if (t->n == 0 && !t->filter[0])
		canvas_printf(c, 1, y, ROLE_MUTED, "-- %s", t->type->empty);
	else if (t->filter[0] && t->shown >= 0)
		canvas_printf(c, 1, y, ROLE_MUTED, "-- end: %s%s shown; %s hidden by the filter (Esc clears it)", say_count(t->paint, t->shown),
		              t->shown >= TABLE_COUNT ? " or more" : "", say_count(t->paint, t->total > t->shown ? t->total - t->shown : 0));
	else if (t->filter[0])
		canvas_printf(c, 1, y, ROLE_MUTED, "-- end; the rest of %s is hidden by the filter (Esc clears it)", say_count(t->paint, t->total));
	else
		canvas_printf(c, 1, y, ROLE_MUTED, "-- end: all %s shown", say_count(t->paint, t->shown));
}

static void scroll_to_cursor(struct table *t)
{
	if (t->at - t->top >= t->height)
		t->top = t->at - t->height + 1;
	if (t->top > t->at)
		t->top = t->at;
	if (t->last && t->top > t->n - t->height)
		t->top = t->n - t->height;
	if (t->top < 0)
		t->top = 0;
}

void table_draw(const struct pane *p, struct table *t, struct canvas *c)
{
	struct place place[24];
	int n, head = p->room > ROOM_TINY;

	arena_reset(t->paint);
	n = columns_place(p, t, c->w, place);
	for (int i = 0; head && i < n; i++)
		canvas_field(c, place[i].x, 0, place[i].w, ROLE_KEY, t->type->column[place[i].column].align, t->type->column[place[i].column].title);
	t->height = c->h - head > 0 ? c->h - head : 1;
	scroll_to_cursor(t);
	for (int i = 0; i < t->height && t->top + i < t->n; i++)
		paint_row(p, t, t->top + i, place, n, c, head + i);
	if (t->last && t->n - t->top < t->height)
		paint_end(t, c, head + t->n - t->top);
}

static void remark(struct table *t)
{
	t->remark[0] = '\0';
	if (t->trouble)
		snprintf(t->remark, sizeof t->remark, "%s", t->trouble);
	else if (t->range)
		snprintf(t->remark, sizeof t->remark, "range: v at its end");
	else if (t->cols < t->cols_all)
		snprintf(t->remark, sizeof t->remark, "cols %d/%d >", t->cols, t->cols_all);
}

/* ^ is the view's own order, _ the other way round. */
void table_strip(struct table *t, struct strip *strip)
{
	remark(t);
	if (t->type->sort_name)
		snprintf(t->sorted, sizeof t->sorted, "%s%s", t->type->sort_name(t->sort), t->reverse ? "_" : "^");
	strip->view = t->all ? "All" : "Open";
	strip->filter = t->filter[0] ? t->filter : NULL;
	strip->sort = t->type->sort_name ? t->sorted : NULL;
	strip->shown = t->shown;
	strip->total = t->total;
	strip->marks = t->marks - t->hidden;
	strip->hidden = t->hidden;
	strip->remark = t->remark[0] ? t->remark : NULL;
	strip->live = true;
}

/* ---- moving ---- */

static void owe(struct pane *p, struct table *t, int by)
{
	t->moved = true;
	t->owed += by;
	p->stale = true;
}

void table_take(struct table *t, const struct table_row *row)
{
	t->id = row->id;
	t->key = row->key;
	if (row->key.text) {
		snprintf(t->key_text, sizeof t->key_text, "%s", row->key.text);
		t->key.text = t->key_text;
	}
}

/* Within what is loaded at once; beyond it the next load goes on from the last row there is. */
static void move(struct pane *p, struct table *t, int by)
{
	int at = t->at + by;

	t->moved = true;
	if (t->owed || t->again) {
		owe(p, t, by);
		return;
	}
	if (at >= t->n) {
		if (!t->last)
			owe(p, t, at - (t->n - 1));
		at = t->n - 1;
	}
	if (at < 0) {
		if (!t->first)
			owe(p, t, at);
		at = 0;
	}
	t->at = at;
	if (table_at(t))
		table_take(t, table_at(t));
	if ((!t->last && t->n - at < t->height) || (!t->first && at < t->height))
		p->stale = true; /* more before it is needed */
}

static void jump(struct pane *p, struct table *t, enum jump to)
{
	t->jump = to;
	t->side = 0; /* it may be another order now */
	t->again = true;
	t->owed = 0;
	t->moved = to != JUMP_FIRST;
	p->stale = true;
}

static bool table_move(struct pane *p, struct table *t, enum act act)
{
	int page = t->height > 1 ? t->height - 1 : 1;

	switch (act) {
	case ACT_DOWN: move(p, t, 1); break;
	case ACT_UP: move(p, t, -1); break;
	case ACT_PAGE_DOWN: move(p, t, page); break;
	case ACT_PAGE_UP: move(p, t, -page); break;
	case ACT_HALF_DOWN: move(p, t, (page + 1) / 2); break;
	case ACT_HALF_UP: move(p, t, -(page + 1) / 2); break;
	case ACT_FIRST: jump(p, t, JUMP_FIRST); break;
	case ACT_LAST: jump(p, t, JUMP_LAST); break;
	case ACT_LEFT: t->shift -= t->shift > 0; break;
	case ACT_RIGHT: t->shift += t->cols < t->cols_all && t->cols > 2; break;
	default: return false;
	}
	return true;
}

bool table_step(struct pane *p, struct table *t, int by)
{
	int at = t->at + by;

	if (at < 0 || at >= t->n) {
		p->stale = true; /* there may be more by then */
		return false;
	}
	move(p, t, by);
	return true;
}

void table_go(struct pane *p, struct table *t, int64_t id)
{
	t->id = id;
	t->moved = true;
	t->owed = 0;
	p->stale = true;
}

/* ---- marks ---- */

void table_mark(struct table *t, const struct table_row *row)
{
	if (is_marked(t, row->id))
		return;
	if (t->marks == TABLE_MARKS) {
		t->trouble = "500 marks at most";
		return;
	}
	if (t->marks == t->marks_cap) {
		t->marks_cap = t->marks_cap ? 2 * t->marks_cap : 16;
		t->mark = realloc(t->mark, (size_t)t->marks_cap * sizeof *t->mark);
		if (!t->mark)
			abort();
	}
	t->mark[t->marks++] = (struct mark){ .id = row->id, .shown = true, .row = *row };
}

static void mark_toggle(struct pane *p, struct table *t)
{
	const struct table_row *row = table_at(t);

	for (int i = 0; row && i < t->marks; i++)
		if (t->mark[i].id == row->id) {
			t->mark[i] = t->mark[--t->marks];
			move(p, t, 1);
			return;
		}
	if (row)
		table_mark(t, row);
	move(p, t, 1);
}

static void mark_all(struct pane *p, struct table *t, struct wish *wish)
{
	static const struct choice sure[] = {
		{ .letter = 'n', .label = "no", .value = "no" },
		{ .letter = 'm', .label = "mark them", .value = "mark" },
	};

	if (t->shown >= 0 && t->shown <= ASK_ALL_OVER) {
		jump(p, t, JUMP_MARK_ALL);
		t->moved = true;
		return;
	}
	wish->kind = WISH_MENU;
	wish->ask = ASK_MARK_ALL;
	wish->text = t->shown < 0 || t->shown > TABLE_MARKS ? arena_printf(wish->arena, "Mark the first %d %s?", TABLE_MARKS, t->type->what)
	                                    : arena_printf(wish->arena, "Mark %s %s?", say_count(wish->arena, t->shown), t->type->what);
	wish->choices = sure;
	wish->n_choices = 2;
}

static void mark_range(struct pane *p, struct table *t, struct wish *wish)
{
	if (!table_at(t))
		return;
	if (t->range) {
		jump(p, t, JUMP_MARK_RANGE);
		return;
	}
	t->range = table_at(t)->id;
	wish_say(wish, LEVEL_INFO, "range begins at %s: go to its other end and press v again", table_at(t)->name);
}

int table_chosen(const struct table *t, struct arena *a, const struct table_row ***out)
{
	const struct table_row **row = arena_alloc(a, (size_t)(t->marks + 1) * sizeof *row);
	int n = 0;

	for (int i = 0; i < t->marks; i++)
		if ((t->mark[i].shown || t->hidden_too) && t->mark[i].row.data)
			row[n++] = &t->mark[i].row;
	if (t->marks == 0 && table_at(t))
		row[n++] = table_at(t);
	*out = row;
	return n;
}

int table_left_out(const struct table *t)
{
	return t->hidden_too ? 0 : t->hidden;
}

/* ---- filter, find, sort ---- */

static void ask_sort(const struct table *t, struct wish *wish)
{
	struct choice *c = arena_alloc(wish->arena, (size_t)t->type->sorts * sizeof *c);

	for (int i = 0; i < t->type->sorts; i++)
		c[i] = (struct choice){ .letter = t->type->sort_name(i)[0],
			                .label = t->type->sort_name(i),
			                .note = i == t->sort ? "now" : NULL,
			                .value = t->type->sort_name(i) };
	wish->kind = WISH_MENU;
	wish->ask = ASK_SORT;
	wish->text = "Sort by";
	wish->choices = c;
	wish->n_choices = t->type->sorts;
}

static const char *all_label(const struct table *t)
{
	const char *more = t->type->all_choice, *fewer = t->type->few_choice;

	return t->all ? fewer ? fewer : "open ones only" : more ? more : "closed ones too";
}

static void ask_options(const struct table *t, struct wish *wish)
{
	struct choice *c = arena_alloc(wish->arena, 2 * sizeof *c);
	int n = 0;

	if (t->type->has_closed)
		c[n++] = (struct choice){ .letter = 'a', .label = all_label(t), .value = "all" };
	c[n++] = (struct choice){ .letter = 'r', .label = "the other way round (S)", .value = "reverse" };
	wish->kind = WISH_MENU;
	wish->ask = ASK_OPTION;
	wish->text = "Options";
	wish->choices = c;
	wish->n_choices = n;
}

static void anchor_set(struct table *t)
{
	t->from.id = t->id;
	t->from.key = t->key;
	if (t->key.text) {
		memcpy(t->from.key_text, t->key_text, sizeof t->key_text);
		t->from.key.text = t->from.key_text;
	}
	t->from.moved = t->moved;
	t->from.line = t->at - t->top;
	t->from.typing = true;
}

static void anchor_back(struct table *t)
{
	t->id = t->from.id;
	t->key = t->from.key;
	if (t->key.text) {
		memcpy(t->key_text, t->from.key_text, sizeof t->key_text);
		t->key.text = t->key_text;
	}
	t->moved = t->from.moved;
	t->top = 0;
	t->at = t->from.line;
	t->owed = 0;
}

static void view_changed(struct pane *p, struct table *t, const char *filter)
{
	snprintf(t->filter, sizeof t->filter, "%s", filter);
	t->again = true;
	p->stale = true;
}

static bool cancel(struct pane *p, struct table *t)
{
	if (t->range) {
		t->range = 0;
	} else if (t->find[0]) {
		t->find[0] = '\0';
	} else if (t->filter[0]) {
		view_changed(p, t, "");
	} else {
		return false;
	}
	return true;
}

static void reverse(struct pane *p, struct table *t)
{
	t->reverse = !t->reverse;
	jump(p, t, JUMP_FIRST);
}

static bool find_again(struct pane *p, struct table *t, enum act act, struct wish *wish)
{
	if (!t->find[0])
		wish_say(wish, LEVEL_INFO, "nothing to find yet: f asks for it");
	else
		jump(p, t, act == ACT_FIND_NEXT ? JUMP_FIND_NEXT : JUMP_FIND_PREV);
	return true;
}

static bool copy(const struct pane *p, struct table *t, enum act act, struct wish *wish)
{
	const struct table_row *row = table_at(t);
	struct buf text = buf_new(wish->arena);

	if (!row)
		return false;
	if (act == ACT_COPY) {
		wish_copy_sheet(wish, false, false);
	} else if (act == ACT_COPY_ID) {
		wish_copy(wish, "id", row->name);
	} else {
		for (int i = 0; i < t->type->columns; i++)
			buf_printf(&text, "%s%s", i ? "\t" : "", t->type->cell(p, row, i, wish->arena).text);
		wish_copy(wish, "row", text.p);
	}
	return true;
}

bool table_act(struct pane *p, struct table *t, enum act act, struct wish *wish)
{
	switch (act) {
	case ACT_FILTER:
		snprintf(t->before, sizeof t->before, "%s", t->filter);
		anchor_set(t);
		wish_ask(wish, ASK_FILTER, "filter", t->filter);
		wish->live = true;
		return true;
	case ACT_FIND:
		wish_ask(wish, ASK_FIND, "find", t->find);
		wish->live = true;
		return true;
	case ACT_FIND_NEXT:
	case ACT_FIND_PREV:
		return find_again(p, t, act, wish);
	case ACT_SORT:
		if (t->type->sorts > 1)
			ask_sort(t, wish);
		return t->type->sorts > 1;
	case ACT_SORT_REVERSE:
		reverse(p, t);
		return true;
	case ACT_OPTIONS:
		ask_options(t, wish);
		return true;
	case ACT_REFRESH:
		wish->kind = WISH_LOAD;
		return true;
	case ACT_MARK:
		mark_toggle(p, t);
		return true;
	case ACT_MARK_ALL:
		mark_all(p, t, wish);
		return true;
	case ACT_MARK_RANGE:
		mark_range(p, t, wish);
		return true;
	case ACT_UNMARK_ALL:
		t->marks = t->hidden = 0;
		return true;
	case ACT_COPY:
	case ACT_COPY_ID:
	case ACT_COPY_ROW:
		return copy(p, t, act, wish);
	case ACT_CANCEL:
		return cancel(p, t);
	default:
		return table_move(p, t, act);
	}
}

/* ---- answers ---- */

/* A filter that is wrong leaves the rows as they are and is underlined. */
static void answer_filter(struct pane *p, struct table *t, struct answer *answer)
{
	struct arena *a = arena_new();
	struct filter f;

	if (t->type->language && answer->text)
		filter_compile(a, t->type->language, answer->text, p->now_ms, &f, &answer->at, &answer->len, &answer->err);
	arena_free(a);
	if (answer->err.fault)
		return;
	answer->len = 0;
	if (t->from.typing)
		anchor_back(t);
	t->from.typing = answer->text && !answer->done;
	view_changed(p, t, answer->text ? answer->text : t->before);
}

static void answer_find(struct pane *p, struct table *t, struct answer *answer)
{
	if (!answer->text)
		return;
	snprintf(t->find, sizeof t->find, "%s", answer->text);
	jump(p, t, JUMP_FIND);
}

/* By its name, as after :sort, or by its first letters. */
static void answer_sort(struct pane *p, struct table *t, struct answer *answer)
{
	for (int i = 0; i < t->type->sorts; i++)
		if (*answer->text && strncmp(t->type->sort_name(i), answer->text, strlen(answer->text)) == 0) {
			t->sort = i;
			jump(p, t, JUMP_FIRST);
			return;
		}
	err_set(&answer->err, FAULT_REFUSED, "this list is not sorted by %s", answer->text);
}

void table_answer(struct pane *p, struct table *t, struct answer *answer, struct wish *wish)
{
	(void)wish;
	switch (answer->ask) {
	case ASK_FILTER:
		answer_filter(p, t, answer);
		break;
	case ASK_FIND:
		answer_find(p, t, answer);
		break;
	case ASK_SORT:
		answer_sort(p, t, answer);
		break;
	case ASK_OPTION:
		if (strcmp(answer->text, "all") == 0)
			t->all = !t->all;
		else
			t->reverse = !t->reverse;
		jump(p, t, JUMP_FIRST);
		break;
	case ASK_MARK_ALL:
		if (strcmp(answer->text, "mark") == 0) {
			jump(p, t, JUMP_MARK_ALL);
		}
		break;
	default:
		break;
	}
}

/* ---- the person's own view ---- */

void table_save(const struct table *t, void (*put)(void *ctx, const char *key, const char *value), void *ctx)
{
	char number[24];

	put(ctx, "filter", t->filter);
	snprintf(number, sizeof number, "%d", t->sort);
	put(ctx, "sort", number);
	put(ctx, "reverse", t->reverse ? "yes" : "no");
	put(ctx, "closed", t->all ? "yes" : "no");
	snprintf(number, sizeof number, "%lld", t->moved ? (long long)t->id : 0);
	put(ctx, "row", number);
	snprintf(number, sizeof number, "%d", t->at - t->top);
	put(ctx, "line", number);
}

static int64_t number_of(const char *text, int64_t max)
{
	int64_t n;

	return text && text_int(text, 0, max, &n) ? n : 0;
}

static bool yes(const char *text)
{
	return text && strcmp(text, "yes") == 0;
}

void table_restore(struct table *t, const char *(*get)(void *ctx, const char *key), void *ctx)
{
	const char *filter = get(ctx, "filter");

	snprintf(t->filter, sizeof t->filter, "%s", filter ? filter : "");
	t->sort = (int)number_of(get(ctx, "sort"), t->type->sorts ? t->type->sorts - 1 : 0);
	t->reverse = yes(get(ctx, "reverse"));
	t->all = yes(get(ctx, "closed"));
	t->id = number_of(get(ctx, "row"), INT64_MAX);
	t->moved = t->id != 0;
	t->at = (int)number_of(get(ctx, "line"), 500);
}
