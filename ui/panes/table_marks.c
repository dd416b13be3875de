/* table_marks.c: the rows of a list that a person chose: one by one, a range, all of them. */
#include "ui/panes/table_inside.h"

#include "ui/panes/wishes.h"

#include <stdlib.h>

enum { ASK_ALL_OVER = 50 };

bool table_is_marked(const struct table *t, int64_t id)
{
	for (int i = 0; i < t->marks; i++)
		if (t->mark[i].id == id)
			return true;
	return false;
}

void table_mark(struct table *t, const struct table_row *row)
{
	if (table_is_marked(t, row->id))
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

void table_mark_toggle(struct pane *p, struct table *t)
{
	const struct table_row *row = table_at(t);

	for (int i = 0; row && i < t->marks; i++)
		if (t->mark[i].id == row->id) {
			t->mark[i] = t->mark[--t->marks];
			table_move_by(p, t, 1);
			return;
		}
	if (row)
		table_mark(t, row);
	table_move_by(p, t, 1);
}

void table_mark_all(struct pane *p, struct table *t, struct wish *wish)
{
	static const struct choice sure[] = {
		{ .letter = 'n', .label = "no", .value = "no" },
		{ .letter = 'm', .label = "mark them", .value = "mark" },
	};

	if (t->shown >= 0 && t->shown <= ASK_ALL_OVER) {
		table_jump(p, t, JUMP_MARK_ALL);
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

void table_mark_range(struct pane *p, struct table *t, struct wish *wish)
{
	if (!table_at(t))
		return;
	if (t->range) {
		table_jump(p, t, JUMP_MARK_RANGE);
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
