/* board_draw.c: a board laid out in the room there is, and painted as far as it is in sight. */
#include "ui/panes/board.h"

/* ---- laying out ---- */

struct slot {
	const struct board_block *block;
	int index, x, y, w, h;
	bool boxed;
};

struct layout {
	struct slot slot[BOARD_BLOCKS];
	int n, h;
};

static bool has_heading(const struct board_block *b)
{
	return b->columns > 0 && b->column[0].title;
}

static int column_width(const struct pane *p, const struct board_column *c)
{
	return p->room == ROOM_WIDE && c->wide ? c->wide : p->room == ROOM_TINY && c->tiny ? c->tiny : c->w;
}

/* The last column that is shown, if what is left over is its own: its text is broken into rows. */
static int flowing(const struct pane *p, const struct board_block *b)
{
	int last = -1;

	for (int i = 0; i < b->columns; i++)
		if (p->room >= b->column[i].from)
			last = i;
	return last >= 0 && b->column[last].w == 0 ? last : -1;
}

/* Columns that all but the flexible one take, blanks between them included. */
static int fixed_width(const struct pane *p, const struct board_block *b)
{
	int sum = 0;

	for (int i = 0; i < b->columns; i++)
		if (p->room >= b->column[i].from)
			sum += column_width(p, &b->column[i]) + 1;
	return sum > 0 ? sum - 1 : 0;
}

static int line_rows(const struct pane *p, const struct board_block *b, const struct board_line *l, struct canvas *c, int w)
{
	int flow = flowing(p, b), rows;

	if (b->clip || flow < 0 || l->bit[flow].kind != BIT_TEXT)
		return 1;
	rows = canvas_wrap(c, 0, c->h, w - fixed_width(p, b), 200, ROLE_FG, l->bit[flow].text);
	return rows > 1 ? rows : 1;
}

static int block_rows(const struct pane *p, const struct board_block *b, struct canvas *c, int w)
{
	int rows = has_heading(b);

	for (int i = 0; i < b->n; i++)
		rows += line_rows(p, b, &b->line[i], c, w);
	return rows;
}

/* Rows above its first line, without the heading: a box's edge or a rule with the title. */
static int top_rows(const struct slot *s)
{
	return s->boxed || s->block->title || s->block->remark;
}

/* Columns for its lines: a box has two at each side, another block one for the cursor. */
static int inner_width(const struct slot *s)
{
	return s->boxed ? s->w - 4 : s->w - 1;
}

static struct slot slot_of(const struct pane *p, const struct board *b, int i, struct canvas *c, int x, int w)
{
	bool boxed = p->room >= b->block[i].beside && !p->portrait;
	struct slot s = { .block = &b->block[i], .index = i, .x = x, .w = w, .boxed = boxed };

	s.h = block_rows(p, s.block, c, inner_width(&s)) + top_rows(&s) + boxed;
	return s;
}

static bool block_shown(const struct pane *p, const struct board *b, const struct board_place *at, int i)
{
	if (p->zoomed)
		return i == at->block;
	return b->block[i].n > 0 && p->room >= b->block[i].from;
}

static bool is_pair(const struct pane *p, const struct board *b, int i)
{
	return !p->zoomed && !p->portrait && p->room >= b->block[i].beside && b->block[i].half && i + 1 < b->n && b->block[i + 1].half;
}

/* Two halves that follow each other share a band, as high as the higher one. */
static struct layout board_layout(const struct pane *p, const struct board *b, const struct board_place *at, struct canvas *c)
{
	struct layout l = { .n = 0 };

	for (int i = 0; i < b->n; i++) {
		bool pair = is_pair(p, b, i);
		struct slot *s = &l.slot[l.n];

		if (!pair && !block_shown(p, b, at, i))
			continue;
		s[0] = slot_of(p, b, i, c, 0, pair ? c->w / 2 : c->w);
		s[0].y = l.h;
		if (pair) {
			s[1] = slot_of(p, b, ++i, c, c->w / 2, c->w - c->w / 2);
			s[1].y = l.h;
			s[0].h = s[1].h = s[0].h > s[1].h ? s[0].h : s[1].h;
		}
		l.h += s[0].h;
		l.n += pair ? 2 : 1;
	}
	return l;
}

/* ---- painting ---- */

static void paint_frame(const struct slot *s, struct canvas *strip, int y)
{
	int right = s->w - 1, bottom = y + s->h - 1;

	canvas_rule(strip, y, s->block->title, s->block->remark);
	canvas_rule(strip, bottom, NULL, NULL);
	for (int row = y + 1; row < bottom; row++) {
		canvas_glyph(strip, 0, row, ROLE_BORDER, GLYPH_V);
		canvas_glyph(strip, right, row, ROLE_BORDER, GLYPH_V);
	}
	canvas_glyph(strip, 0, y, ROLE_BORDER, GLYPH_TL);
	canvas_glyph(strip, right, y, ROLE_BORDER, GLYPH_TR);
	canvas_glyph(strip, 0, bottom, ROLE_BORDER, GLYPH_BL);
	canvas_glyph(strip, right, bottom, ROLE_BORDER, GLYPH_BR);
}

static void paint_bit(struct canvas *in, int x, int y, int w, enum align align, const struct bit *bit, int rows)
{
	switch (bit->kind) {
	case BIT_BAR:
		canvas_bar(in, x, y, w, bit->part, bit->whole);
		break;
	case BIT_SPARK:
		canvas_spark(in, x, y, w, bit->value, bit->n);
		break;
	case BIT_TEXT:
		if (rows > 1)
			canvas_wrap(in, x, y, w, rows, bit->role, bit->text);
		else
			canvas_field(in, x, y, w, bit->role, align, bit->text);
		break;
	}
}

/* heading: the columns' titles instead of a line. */
static void paint_line(const struct pane *p, const struct board_block *b, const struct board_line *l, struct canvas *in, int y, int rows)
{
	int flow = flowing(p, b), spare = in->w - fixed_width(p, b), x = 0;

	for (int i = 0; i < b->columns; i++) {
		const struct board_column *column = &b->column[i];
		int w = column_width(p, column);
		struct bit title = bit(ROLE_KEY, column->title);

		if (p->room < column->from)
			continue;
		w = w ? w : spare > 0 ? spare : 0;
		paint_bit(in, x, y, w, column->align, l ? &l->bit[i] : &title, i == flow ? rows : 1);
		x += w + 1;
	}
}

/* canvas_wrap cannot begin above its canvas, so rows that are scrolled away are painted on a piece of paper of their own. */
static void paint_rows(const struct pane *p, const struct board_block *b, const struct board_line *l, struct canvas *in, int y, int rows)
{
	if (y + rows <= 0 || y >= in->h)
		return;
	if (y >= 0 || rows == 1) {
		paint_line(p, b, l, in, y, rows);
		return;
	}
	struct canvas paper = canvas_new(in->w, rows);

	paint_line(p, b, l, &paper, 0, rows);
	for (int row = -y; row < rows; row++)
		for (int x = 0; x < in->w; x++) {
			const struct cell *cell = canvas_cell(&paper, x, row);

			if (cell->width && (unsigned char)cell->text[0] < GLYPHS)
				canvas_glyph(in, x, y + row, (enum role)cell->role, (enum glyph)cell->text[0]);
			else if (cell->width)
				canvas_put(in, x, y + row, (enum role)cell->role, cell->text);
		}
	canvas_free(&paper);
}

/* The cursor's bar stands on the first column alone: it is sent again with every key. 0: that one has no width of its own. */
static int first_width(const struct pane *p, const struct board_block *b)
{
	for (int i = 0; i < b->columns; i++)
		if (p->room >= b->column[i].from)
			return column_width(p, &b->column[i]);
	return 0;
}

static void paint_cursor(const struct pane *p, const struct slot *s, struct canvas *strip, struct canvas *in, int row)
{
	canvas_put(strip, s->boxed, row, ROLE_CURSOR, ">");
	canvas_role(in, 0, row, first_width(p, s->block), ROLE_CURSOR);
	canvas_cursor(strip, s->boxed, row, true);
}

static void paint_slot(const struct pane *p, const struct board_place *at, const struct slot *s, struct canvas *c, int y)
{
	struct canvas strip = canvas_part(c, s->x, 0, s->w, c->h);
	struct canvas in = canvas_part(&strip, s->boxed ? 2 : 1, 0, inner_width(s), c->h);
	int row = y;

	if (s->boxed)
		paint_frame(s, &strip, y);
	else if (top_rows(s))
		canvas_rule(&strip, y, s->block->title, s->block->remark);
	row += top_rows(s);
	if (has_heading(s->block))
		paint_line(p, s->block, NULL, &in, row++, 1);
	for (int i = 0; i < s->block->n; i++) {
		const struct board_line *l = &s->block->line[i];
		int rows = line_rows(p, s->block, l, &in, in.w);

		paint_rows(p, s->block, l, &in, row, rows);
		if (s->index == at->block && i == at->line)
			paint_cursor(p, s, &strip, &in, row);
		row += rows;
	}
}

/* ---- scrolling ---- */

/* Rows of the layout from which to which the current line stands. */
static void current_rows(const struct pane *p, const struct layout *l, const struct board_place *at, struct canvas *c, int *from, int *to)
{
	*from = *to = 0;
	for (int i = 0; i < l->n; i++) {
		const struct slot *s = &l->slot[i];
		int w = inner_width(s);

		if (s->index != at->block)
			continue;
		*from = s->y + top_rows(s) + has_heading(s->block);
		for (int j = 0; j < at->line && j < s->block->n; j++)
			*from += line_rows(p, s->block, &s->block->line[j], c, w);
		*to = *from + (at->line < s->block->n ? line_rows(p, s->block, &s->block->line[at->line], c, w) : 1);
		if (at->line == 0)
			*from = s->y; /* its title comes into sight with it */
		if (at->line == s->block->n - 1 && s->boxed)
			*to = s->y + s->h;
	}
}

static int scrolled(int top, int h, int whole, int from, int to)
{
	if (to - top > h)
		top = to - h;
	if (from < top)
		top = from;
	if (top > whole - h)
		top = whole - h;
	return top < 0 ? 0 : top;
}

void board_draw(const struct pane *p, const struct board *b, struct board_place *at, struct canvas *c)
{
	struct layout l = board_layout(p, b, at, c);
	int from, to;

	current_rows(p, &l, at, c, &from, &to);
	at->missed &= at->named;
	at->top = scrolled(at->top, c->h, l.h, from, to);
	for (int i = 0; i < l.n; i++)
		if (l.slot[i].y + l.slot[i].h > at->top && l.slot[i].y < at->top + c->h)
			paint_slot(p, at, &l.slot[i], c, l.slot[i].y - at->top);
	if (at->top + c->h < l.h && c->w > 12)
		canvas_put(c, c->w - 8, c->h - 1, ROLE_MUTED, " more v ");
}
