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

/* Columns of text as it may be shown, counted no further than limit + 1. */
static int shown_width(const char *text, int limit)
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
	width = shown_width(text, w);
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

static void line_across(struct canvas *c, int x, int y, int w)
{
	for (int i = 0; i < w; i++)
		canvas_glyph(c, x + i, y, ROLE_BORDER, GLYPH_H);
}

/* " Title " from column x and " remark " ending before column end; the remark goes first when both do not fit. */
static void titles(struct canvas *c, int x, int y, int end, const char *title, const char *remark)
{
	int room = end - x, title_w = title && *title ? shown_width(title, room) : 0;
	int remark_w = remark && *remark ? shown_width(remark, room) : 0;

	if (remark_w && title_w + remark_w + 5 <= room) {
		canvas_field(c, end - remark_w - 2, y, remark_w + 2, ROLE_MUTED, ALIGN_LEFT, "");
		canvas_put(c, end - remark_w - 1, y, ROLE_MUTED, remark);
	}
	if (!title_w || room < 3)
		return;
	title_w = title_w + 2 <= room ? title_w : room - 2;
	canvas_field(c, x, y, title_w + 2, ROLE_TITLE, ALIGN_LEFT, "");
	canvas_field(c, x + 1, y, title_w, ROLE_TITLE, ALIGN_LEFT, title);
}

struct canvas canvas_box(struct canvas *c, const char *title, const char *remark)
{
	int right = c->w - 1, bottom = c->h - 1;

	if (c->w < 2 || c->h < 2)
		return canvas_part(c, 0, 0, 0, 0);
	line_across(c, 1, 0, right - 1);
	line_across(c, 1, bottom, right - 1);
	for (int y = 1; y < bottom; y++) {
		canvas_glyph(c, 0, y, ROLE_BORDER, GLYPH_V);
		canvas_glyph(c, right, y, ROLE_BORDER, GLYPH_V);
	}
	canvas_glyph(c, 0, 0, ROLE_BORDER, GLYPH_TL);
	canvas_glyph(c, right, 0, ROLE_BORDER, GLYPH_TR);
	canvas_glyph(c, 0, bottom, ROLE_BORDER, GLYPH_BL);
	canvas_glyph(c, right, bottom, ROLE_BORDER, GLYPH_BR);
	titles(c, 2, 0, right - 1, title, remark);
	return c->w >= 6 ? canvas_part(c, 2, 1, c->w - 4, c->h - 2) : canvas_part(c, 1, 1, c->w - 2, c->h - 2);
}

void canvas_rule(struct canvas *c, int y, const char *title, const char *remark)
{
	line_across(c, 0, y, c->w);
	titles(c, 2, y, c->w - 2, title, remark);
}

void canvas_bar(struct canvas *c, int x, int y, int w, int64_t part, int64_t whole)
{
	int inside = w - 2;
	int64_t full;

	if (inside < 1)
		return;
	while (whole > INT64_MAX / 4096) { /* keep the product below in range */
		whole /= 4096;
		part /= 4096;
	}
	part = part < 0 || whole <= 0 ? 0 : part > whole ? whole : part;
	full = whole > 0 ? (part * inside + whole / 2) / whole : 0;
	if (part > 0 && full == 0)
		full = 1;
	if (part < whole && full == inside && inside > 1)
		full = inside - 1;
	canvas_put(c, x, y, ROLE_FG, "[");
	for (int i = 0; i < inside; i++)
		canvas_glyph(c, x + 1 + i, y, i < full ? ROLE_BAR_FULL : ROLE_BAR_EMPTY, i < full ? GLYPH_FULL : GLYPH_EMPTY);
	canvas_put(c, x + w - 1, y, ROLE_FG, "]");
}

void canvas_spark(struct canvas *c, int x, int y, int w, const int64_t *values, int n)
{
	int from = n > w ? n - w : 0;
	int64_t top = 1;

	for (int i = from; i < n; i++)
		top = values[i] > top ? values[i] : top;
	for (int i = from; i < n; i++) {
		int64_t v = values[i];
		int height = v <= 0 ? 0 : top > INT64_MAX / 8 ? (int)(v / (top / 7)) : (int)((v * 7 + top - 1) / top);

		if (v >= 0)
			canvas_glyph(c, x + i - from, y, ROLE_SPARK, (enum glyph)(GLYPH_RAMP + clamp(height, 0, 7)));
	}
}

/* The row of a value in a chart h rows high; -1 when it is outside. */
static int chart_row(int64_t v, int64_t low, int64_t high, int h)
{
	uint64_t range = (uint64_t)high - (uint64_t)low, up = (uint64_t)v - (uint64_t)low;

	if (v < low || v > high || h <= 0)
		return -1;
	while (range > UINT64_MAX / 65536) {
		range /= 2;
		up /= 2;
	}
	return h - 1 - (range ? (int)((up * (uint64_t)(h - 1) + range / 2) / range) : 0);
}

void canvas_chart(struct canvas *c, const int64_t *values, int n, int64_t low, int64_t high, int64_t limit)
{
	int from = n > c->w ? n - c->w : 0, line = chart_row(limit, low, high, c->h);

	for (int x = 0; line >= 0 && x < c->w; x += 2)
		canvas_put(c, x, line, ROLE_LIMIT, ".");
	for (int i = from; i < n; i++) {
		int64_t v = values[i] < low ? low : values[i] > high ? high : values[i];

		if (values[i] >= 0 || low < 0)
			canvas_glyph(c, i - from, chart_row(v, low, high, c->h), ROLE_SPARK, GLYPH_FULL);
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

static const struct {
	char ascii;
	const char *utf8;
} glyphs[GLYPHS] = {
	[GLYPH_NONE] = { ' ', " " },
	[GLYPH_H] = { '-', "\u2500" },
	[GLYPH_V] = { '|', "\u2502" },
	[GLYPH_TL] = { '+', "\u250c" },
	[GLYPH_TR] = { '+', "\u2510" },
	[GLYPH_BL] = { '+', "\u2514" },
	[GLYPH_BR] = { '+', "\u2518" },
	[GLYPH_FULL] = { '#', "\u2588" },
	[GLYPH_EMPTY] = { '-', "\u2591" },
	[GLYPH_RAMP] = { '_', "\u2581" },
	[GLYPH_RAMP + 1] = { '.', "\u2582" },
	[GLYPH_RAMP + 2] = { ':', "\u2583" },
	[GLYPH_RAMP + 3] = { '-', "\u2584" },
	[GLYPH_RAMP + 4] = { '=', "\u2585" },
	[GLYPH_RAMP + 5] = { '+', "\u2586" },
	[GLYPH_RAMP + 6] = { '*', "\u2587" },
	[GLYPH_RAMP + 7] = { '#', "\u2588" },
};

/* A letter that reads like it: Latin-1 and Latin Extended-A, and the punctuation that texts are full of. */
static char likeness(uint32_t c)
{
	static const char latin[] = "AAAAAAACEEEEIIIIDNOOOOOxOUUUUYTsaaaaaaaceeeeiiiidnooooo/ouuuuyty"
	                            "AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIiIiJjKkkLlLlLlL"
	                            "lLlNnNnNnnNnOoOoOoOoRrRrRrSsSsSsSsTtTtTtUuUuUuUuUuUuWwYyYZzZzZzs";
	static const struct { uint32_t c; char like; } marks[] = {
		{ 0xa0, ' ' }, { 0xb7, '.' }, { 0x2010, '-' }, { 0x2013, '-' }, { 0x2014, '-' }, { 0x2018, '\'' },
		{ 0x2019, '\'' }, { 0x201c, '"' }, { 0x201d, '"' }, { 0x2022, '*' }, { 0x2026, '.' }, { 0x2212, '-' },
	};

	_Static_assert(sizeof latin == 0x180 - 0xc0 + 1, "one letter for each of U+00C0..U+017F");
	if (c >= 0xc0 && c < 0x180)
		return latin[c - 0xc0];
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		if (marks[i].c == c)
			return marks[i].like;
	return '?';
}

int cell_show(const struct cell *cell, enum rendition rendition, char *out)
{
	unsigned char first = (unsigned char)cell->text[0];
	int n;

	if (cell->width == 0) {
		out[0] = '\0';
	} else if (first < GLYPHS) {
		snprintf(out, 16, "%s", rendition == RENDITION_UTF8 ? glyphs[first].utf8 : (char[]){ glyphs[first].ascii, '\0' });
	} else if (rendition == RENDITION_UTF8) {
		memcpy(out, cell->text, sizeof cell->text);
	} else {
		out[0] = first < 0x80 ? (char)first : likeness(text_next(cell->text, &n));
		out[1] = cell->width == 2 ? '?' : '\0';
		out[2] = '\0';
	}
	return cell->width;
}

void canvas_dump_text(const struct canvas *c, enum rendition rendition, struct buf *out)
{
	char show[16];

	for (int y = 0; y < c->h; y++) {
		size_t end = out->len;

		for (int x = 0; x < c->w; x++) {
			cell_show(at(c, x, y), rendition, show);
			buf_puts(out, show);
			if (*show && strcmp(show, " "))
				end = out->len;
		}
		out->p[out->len = end] = '\0';
		buf_putc(out, '\n');
	}
}

void canvas_dump_roles(const struct canvas *c, struct buf *out)
{
	for (int y = 0; y < c->h; y++) {
		size_t end = out->len;

		for (int x = 0; x < c->w; x++) {
			buf_putc(out, role_letter(at(c, x, y)->role));
			if (out->p[out->len - 1] != ' ')
				end = out->len;
		}
		out->p[out->len = end] = '\0';
		buf_putc(out, '\n');
	}
}
