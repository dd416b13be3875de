/* canvas_shapes.c: what is drawn of glyphs: boxes, rules, bars, sparks, charts. */
#include "ui/canvas.h"

static void line_across(struct canvas *c, int x, int y, int w)
{
	for (int i = 0; i < w; i++)
		canvas_glyph(c, x + i, y, ROLE_BORDER, GLYPH_H);
}

/* " Title " from column x and " remark " ending before column end; the remark goes first when both do not fit. */
static void titles(struct canvas *c, int x, int y, int end, const char *title, const char *remark)
{
	int room = end - x, title_w = title && *title ? canvas_width(title, room) : 0;
	int remark_w = remark && *remark ? canvas_width(remark, room) : 0;

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
			canvas_glyph(c, x + i - from, y, ROLE_SPARK, (enum glyph)(GLYPH_RAMP + (height < 7 ? height : 7)));
	}
}
