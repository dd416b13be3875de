/* table_draw.c: how a list looks: its columns, the rows that fit, its end, and what the strip says of it. */
#include "ui/panes/table_inside.h"

#include <stdio.h>

struct place {
	int column, x, w;
};

int table_width(const struct pane *p, const struct table_column *c)
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
		int cw = table_width(p, c), left = w - x;

		if (p->room < c->from)
			continue;
		t->cols_all++;
		if (table_hides(t, i))
			continue;
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
	if (table_is_marked(t, row->id))
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
	else if (t->part)
		canvas_printf(c, 1, y, ROLE_MUTED, "-- end of %s%s", t->part, t->filter[0] ? " that the filter lets through (Esc clears it)" : "; as these are done the older ones follow");
	else if (t->filter[0] && t->shown >= 0)
		canvas_printf(c, 1, y, ROLE_MUTED, "-- end: %s%s shown; %s hidden by the filter (Esc clears it)", say_count(t->paint, t->shown),
		              t->shown >= TABLE_COUNT ? " or more" : "", say_count(t->paint, t->total > t->shown ? t->total - t->shown : 0));
	else if (t->filter[0])
		canvas_printf(c, 1, y, ROLE_MUTED, "-- end; the rest of %s is hidden by the filter (Esc clears it)", say_count(t->paint, t->total));
	else if (t->shown >= 0)
		canvas_printf(c, 1, y, ROLE_MUTED, "-- end: all %s shown", say_count(t->paint, t->shown));
	else
		canvas_put(c, 1, y, ROLE_MUTED, "-- end");
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
	if (!p->covered)
		table_aim(t);
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
	strip->view = *t->view ? t->view : t->all ? "All" : "Open";
	strip->changed = *t->view && table_view_changed(t);
	strip->filter = t->filter[0] ? t->filter : NULL;
	strip->sort = t->type->sort_name ? t->sorted : NULL;
	strip->shown = t->shown;
	strip->total = t->total;
	strip->marks = t->marks - t->hidden;
	strip->hidden = t->hidden;
	strip->remark = t->remark[0] ? t->remark : NULL;
	strip->live = true;
}
