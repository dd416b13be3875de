#include "ui/panes/table_inside.h"

#include "base/text.h"
#include "ui/panes/wishes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
	free(t->views);
	arena_free(t->paint);
}

const struct table_row *table_at(const struct table *t)
{
	return t->at >= 0 && t->at < t->n ? &t->row[t->at] : NULL;
}

void table_aim(struct table *t)
{
	t->aim = table_at(t) ? table_at(t)->id : TABLE_NO_ROW;
	t->named = false;
}

bool table_missed(const struct table *t)
{
	return t->aim && t->aim != (table_at(t) ? table_at(t)->id : TABLE_NO_ROW);
}

/* ---- moving ---- */

static void aim_blindly(struct table *t)
{
	t->aim = 0;
	t->named = false;
}

static void owe(struct pane *p, struct table *t, int by)
{
	aim_blindly(t);
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

void table_move_by(struct pane *p, struct table *t, int by)
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
	if (!t->owed)
		table_aim(t);
	if ((!t->last && t->n - at < t->height) || (!t->first && at < t->height))
		p->stale = true; /* more before it is needed */
}

void table_jump(struct pane *p, struct table *t, enum jump to)
{
	aim_blindly(t);
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
	case ACT_DOWN: table_move_by(p, t, 1); break;
	case ACT_UP: table_move_by(p, t, -1); break;
	case ACT_PAGE_DOWN: table_move_by(p, t, page); break;
	case ACT_PAGE_UP: table_move_by(p, t, -page); break;
	case ACT_HALF_DOWN: table_move_by(p, t, (page + 1) / 2); break;
	case ACT_HALF_UP: table_move_by(p, t, -(page + 1) / 2); break;
	case ACT_FIRST: table_jump(p, t, JUMP_FIRST); break;
	case ACT_LAST: table_jump(p, t, JUMP_LAST); break;
	case ACT_LEFT: t->shift -= t->shift > 0; break;
	case ACT_RIGHT: t->shift += t->cols < t->cols_all && t->cols > 2; break;
	default: return false;
	}
	return true;
}

bool table_step(struct pane *p, struct table *t, int by)
{
	int at = t->at + by;

	if (at < 0 || at >= t->n || t->owed || t->again || !table_at(t)) {
		p->stale = true; /* there may be more by then, or what was jumped to is to be read first */
		return false;
	}
	table_move_by(p, t, by);
	return true;
}

void table_go(struct pane *p, struct table *t, int64_t id)
{
	aim_blindly(t);
	t->id = id;
	t->moved = true;
	t->owed = 0;
	p->stale = true;
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
	aim_blindly(t);
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
	table_jump(p, t, JUMP_FIRST);
}

static bool find_again(struct pane *p, struct table *t, enum act act, struct wish *wish)
{
	if (!t->find[0])
		wish_say(wish, LEVEL_INFO, "nothing to find yet: f asks for it");
	else
		table_jump(p, t, act == ACT_FIND_NEXT ? JUMP_FIND_NEXT : JUMP_FIND_PREV);
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
	case ACT_COLUMNS:
	case ACT_VIEW_SAVE:
	case ACT_VIEWS:
		return table_view_act(t, act, wish);
	case ACT_REFRESH:
		wish->kind = WISH_LOAD;
		return true;
	case ACT_MARK:
		table_mark_toggle(p, t);
		return true;
	case ACT_MARK_ALL:
		table_mark_all(p, t, wish);
		return true;
	case ACT_MARK_RANGE:
		table_mark_range(p, t, wish);
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
	table_jump(p, t, JUMP_FIND);
}

/* By its name, as after :sort, or by its first letters. */
static void answer_sort(struct pane *p, struct table *t, struct answer *answer)
{
	for (int i = 0; i < t->type->sorts; i++)
		if (*answer->text && strncmp(t->type->sort_name(i), answer->text, strlen(answer->text)) == 0) {
			t->sort = i;
			table_jump(p, t, JUMP_FIRST);
			return;
		}
	err_set(&answer->err, FAULT_REFUSED, "this list is not sorted by %s", answer->text);
}

void table_answer(struct pane *p, struct table *t, struct answer *answer, struct wish *wish)
{
	switch (answer->ask) {
	case ASK_COLUMNS:
	case ASK_VIEW_NAME:
	case ASK_VIEW:
	case ASK_VIEW_DROP:
		if (table_view_answer(t, answer, wish))
			table_jump(p, t, JUMP_FIRST);
		break;
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
		table_jump(p, t, JUMP_FIRST);
		break;
	case ASK_MARK_ALL:
		if (strcmp(answer->text, "mark") == 0) {
			table_jump(p, t, JUMP_MARK_ALL);
		}
		break;
	default:
		break;
	}
}
