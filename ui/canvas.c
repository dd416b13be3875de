#include "ui/canvas.h"

#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct grid {
	int w, h;
	int cursor_x, cursor_y;
	bool cursor;
	struct cell cells[];
};

static const struct cell blank = { .text = " ", .width = 1, .role = ROLE_BG };

struct canvas canvas_new(int w, int h)
{
	struct grid *g;

	w = w < 0 ? 0 : w;
	h = h < 0 ? 0 : h;
	g = calloc(1, sizeof *g + (size_t)w * (size_t)h * sizeof *g->cells);
	if (!g)
		abort();
	g->w = w;
	g->h = h;
	for (int i = 0; i < w * h; i++)
		g->cells[i] = blank;
	return (struct canvas){ g, 0, 0, w, h };
}

void canvas_free(struct canvas *c)
{
	free(c->grid);
	*c = (struct canvas){ 0 };
}

static int clamp(int v, int low, int high)
{
	return v < low ? low : v > high ? high : v;
}

struct canvas canvas_part(const struct canvas *c, int x, int y, int w, int h)
{
	struct canvas part = { .grid = c->grid };

	x = clamp(x, 0, c->w);
	y = clamp(y, 0, c->h);
	part.x = c->x + x;
	part.y = c->y + y;
	part.w = clamp(w, 0, c->w - x);
	part.h = clamp(h, 0, c->h - y);
	return part;
}

static struct cell *at(const struct canvas *c, int x, int y)
{
	if (x < 0 || y < 0 || x >= c->w || y >= c->h)
		return NULL;
	return &c->grid->cells[(c->y + y) * c->grid->w + c->x + x];
}

const struct cell *canvas_cell(const struct canvas *c, int x, int y)
{
	return at(c, x, y);
}

/* Put a cell down; what it cuts a wide character's half from becomes blank. */
static void cell_set(const struct canvas *c, int x, int y, const struct cell *new)
{
	struct cell *cell = at(c, x, y);
	int column = c->x + x;

	if (!cell)
		return;
	if (cell->width == 0 && column > 0)
		cell[-1] = (struct cell){ .text = " ", .width = 1, .role = cell[-1].role };
	if (cell->width == 2 && column + 1 < c->grid->w)
		cell[1] = (struct cell){ .text = " ", .width = 1, .role = cell[1].role };
	*cell = *new;
}

void canvas_fill(struct canvas *c, enum role role)
{
	struct cell cell = blank;

	cell.role = (uint8_t)role;
	for (int y = 0; y < c->h && c->w > 0; y++) {
		struct cell *row = at(c, 0, y);

		cell_set(c, 0, y, &cell); /* wide characters can be cut at the edges only */
		cell_set(c, c->w - 1, y, &cell);
		for (int x = 1; x < c->w - 1; x++)
			row[x] = cell;
	}
}

/* ---- text ---- */

/*
 * The next character of anybody's text as it may be shown: itself, or an ASCII mark in its place. Returns the
 * columns it takes, 0 for a combining mark.
 */
static int unit_next(const char **p, char out[16])
{
	char one[5] = { 0 };
	int n;

	if ((unsigned char)**p >= 0x20 && (unsigned char)**p < 0x7f) {
		out[0] = *(*p)++;
		out[1] = '\0';
		return 1;
	}
	text_next(*p, &n);
	memcpy(one, *p, (size_t)n);
	*p += n;
	text_clean(out, 16, one);
	return text_width(out);
}

static void put_wide(struct canvas *c, int x, int y, struct cell *cell)
{
	static const struct cell half = { .width = 0 };
	struct cell right = half;

	if (!at(c, x, y) || !at(c, x + 1, y)) { /* half of it would stick out */
		struct cell space = blank;

		space.role = cell->role;
		cell_set(c, at(c, x, y) ? x : x + 1, y, &space);
		return;
	}
	right.role = cell->role;
	cell->width = 2;
	cell_set(c, x, y, cell);
	cell_set(c, x + 1, y, &right);
}

static void combine(struct canvas *c, int x, int y, const char *mark)
{
	struct cell *cell = at(c, x, y);

	if (cell && cell->width == 0)
		cell = at(c, x - 1, y);
	if (cell && strlen(cell->text) + strlen(mark) < sizeof cell->text)
		memcpy(cell->text + strlen(cell->text), mark, strlen(mark) + 1);
}

/* One unit at (x, y); started: a base character of this text stands to the left. Returns the column after it. */
static int put_unit(struct canvas *c, int x, int y, enum role role, const char *unit, int columns, bool started)
{
	struct cell cell = { .width = 1, .role = (uint8_t)role };

	if (columns == 0) {
		if (started)
			combine(c, x - 1, y, unit);
		return x;
	}
	if ((unsigned char)unit[0] >= 0x80) {
		memcpy(cell.text, unit, strnlen(unit, sizeof cell.text - 1));
		if (columns == 2)
			put_wide(c, x, y, &cell);
		else
			cell_set(c, x, y, &cell);
		return x + columns;
	}
	for (; *unit; unit++, x++) {
		cell.text[0] = *unit;
		cell_set(c, x, y, &cell);
	}
	return x;
}

/* Most text is plain ASCII over plain cells, and a frame is thousands of them. Returns how many were put. */
static int put_plain(struct canvas *c, int x, int y, enum role role, const char *text)
{
	struct cell *cell = at(c, x, y), new = { .width = 1, .role = (uint8_t)role };
	int n = 0;

	for (; cell && x + n < c->w && text[n] >= 0x20 && text[n] < 0x7f && cell[n].width == 1; n++) {
		new.text[0] = text[n];
		cell[n] = new;
	}
	return n;
}

int canvas_put(struct canvas *c, int x, int y, enum role role, const char *text)
{
	bool started = false;
	char unit[16];

	while (*text && x < c->w) {
		int plain = put_plain(c, x, y, role, text), columns;

		if (plain) {
			text += plain;
			x += plain;
			started = true;
			continue;
		}
		columns = unit_next(&text, unit);
		x = put_unit(c, x, y, role, unit, columns, started);
		started |= columns > 0;
	}
	return x;
}

int canvas_printf(struct canvas *c, int x, int y, enum role role, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	return canvas_put(c, x, y, role, text);
}

int canvas_width(const char *text, int limit)
{
	char unit[16];
	int w = 0;

	while (*text && w <= limit) {
		if (*text >= 0x20 && *text < 0x7f) {
			text++;
			w++;
		} else {
			w += unit_next(&text, unit);
		}
	}
	return w;
}

void canvas_field(struct canvas *c, int x, int y, int w, enum role role, enum align align, const char *text)
{
	struct canvas field;
	int width;

	if (x < 0 || y < 0 || w <= 0)
		return;
	field = canvas_part(c, x, y, w, 1);
	canvas_fill(&field, role);
	width = canvas_width(text, w);
	if (width <= w) {
		canvas_put(&field, align == ALIGN_RIGHT ? w - width : 0, 0, role, text);
		return;
	}
	canvas_put(&field, 0, 0, role, text);
	canvas_put(&field, w - 1, 0, role, "~");
}

/* Up to a newline, else the last space that fits, else what fits; always something of what is not empty. */
size_t canvas_break(const char *text, int w)
{
	const char *p = text, *space = NULL;
	char unit[16];
	int used = 0;

	while (*p && *p != '\n') {
		const char *before = p;

		if (*p == ' ')
			space = p;
		used += unit_next(&p, unit);
		if (used > w)
			return (size_t)((space && space > text ? space : before > text ? before : p) - text);
	}
	return (size_t)(p - text);
}

int canvas_wrap(struct canvas *c, int x, int y, int w, int h, enum role role, const char *text)
{
	struct canvas box = canvas_part(c, x, y, w, h);
	int lines = 0;

	while (*text && lines < h && w > 0) {
		size_t n = canvas_break(text, w);
		char line[1024];

		snprintf(line, sizeof line, "%.*s", (int)(n < sizeof line ? n : sizeof line - 1), text);
		canvas_put(&box, 0, lines++, role, line);
		text += n;
		text += *text == '\n' || *text == ' ';
	}
	return lines;
}

/* ---- single cells ---- */

void canvas_glyph(struct canvas *c, int x, int y, enum role role, enum glyph glyph)
{
	struct cell cell = { .text = { (char)glyph }, .width = 1, .role = (uint8_t)role };

	cell_set(c, x, y, &cell);
}

void canvas_role(struct canvas *c, int x, int y, int w, enum role role)
{
	for (int i = 0; i < w; i++) {
		struct cell *cell = at(c, x + i, y);

		if (cell)
			cell->role = (uint8_t)role;
	}
}

void canvas_attr(struct canvas *c, int x, int y, int w, unsigned attr)
{
	for (int i = 0; i < w; i++) {
		struct cell *cell = at(c, x + i, y);

		if (cell)
			cell->attr |= (uint8_t)attr;
	}
}

void canvas_cursor(struct canvas *c, int x, int y, bool visible)
{
	if (!c->grid || !at(c, x, y))
		return;
	c->grid->cursor_x = c->x + x;
	c->grid->cursor_y = c->y + y;
	c->grid->cursor = visible;
}

bool canvas_cursor_at(const struct canvas *c, int *x, int *y)
{
	*x = c->grid->cursor_x;
	*y = c->grid->cursor_y;
	return c->grid->cursor;
}
