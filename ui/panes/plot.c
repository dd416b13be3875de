#include "ui/panes/plot.h"

#include "base/text.h"
#include "ui/panes/words.h"

#include <inttypes.h>

enum { TICK = 10, TICK_WIDE = 16, MARKS_FROM = 10 };

struct scale {
	int64_t low, high;
	int rows;
};

/* From zero or below to the greatest, so that a line's height is its number. */
static struct scale scale_of(const struct plot *plot, int rows)
{
	struct scale s = { 0, 1, rows };

	for (int i = 0; i < plot->lines; i++)
		for (int k = 0; k < PLOT_POINTS; k++) {
			int64_t v = plot->line[i].value[k];

			if (v == INT64_MIN)
				continue;
			s.low = v < s.low ? v : s.low;
			s.high = v > s.high ? v : s.high;
		}
	return s;
}

static int row_of(const struct scale *s, int64_t v)
{
	return (int)(((s->high - v) * (s->rows - 1) * 2 + (s->high - s->low)) / ((s->high - s->low) * 2));
}

static int column_of(const struct plot *plot, int64_t at_ms, int w)
{
	return (int)((at_ms - plot->from_ms) * w / (plot->until_ms - plot->from_ms));
}

static void axis_draw(const struct scale *s, struct canvas *c, int left, struct arena *a)
{
	int zero = row_of(s, 0);
	const int64_t named[] = { s->high, (s->high + s->low) / 2, 0, s->low };

	for (int y = 0; y < s->rows; y++)
		canvas_put(c, left - 1, y, ROLE_AXIS, "|");
	for (int x = left; x < c->w; x++)
		canvas_put(c, x, zero, ROLE_AXIS, "-");
	for (int i = 3; i >= 0; i--)
		if (i != 1 || s->rows > 6)
			canvas_field(c, 0, row_of(s, named[i]), left - 1, ROLE_AXIS, ALIGN_RIGHT, arena_printf(a, "%" PRId64, named[i]));
}

/* A column stands for several points: the newest that is known of them. */
static void line_draw(const struct plot_line *line, const struct scale *s, struct canvas *c, int left)
{
	char sign[2] = { line->sign, '\0' };
	int w = c->w - left;

	for (int x = 0; x < w; x++) {
		int from = x * PLOT_POINTS / w, to = (x + 1) * PLOT_POINTS / w;
		int64_t v = line->value[to > from ? to - 1 : from];

		if (v != INT64_MIN)
			canvas_put(c, left + x, row_of(s, v), line->role, sign);
	}
}

static void times_draw(const struct pane *p, const struct plot *plot, struct canvas *c, int y, int left, struct arena *a)
{
	int w = c->w - left, tick = p->room == ROOM_WIDE ? TICK_WIDE : TICK;

	for (int x = 0; x + 6 <= w; x += tick)
		canvas_put(c, left + x, y, ROLE_AXIS, say_short(p, a, plot->from_ms + (plot->until_ms - plot->from_ms) * x / w));
}

static void marks_draw(const struct plot *plot, struct canvas *c, int y, int left)
{
	for (int i = 0; i < plot->marks; i++) {
		char sign[2] = { plot->mark[i].sign, '\0' };
		int x = column_of(plot, plot->mark[i].at_ms, c->w - left);

		if (x >= 0 && left + x < c->w)
			canvas_put(c, left + x, y, ROLE_KEY, sign);
	}
}

void plot_draw(const struct pane *p, const struct plot *plot, struct canvas *c, struct arena *a)
{
	bool marks = c->h >= MARKS_FROM;
	struct scale s = scale_of(plot, c->h - 1 - marks);
	int left = 1 + text_width(arena_printf(a, "%" PRId64, s.high));

	left = text_width(arena_printf(a, "%" PRId64, s.low)) + 1 > left ? text_width(arena_printf(a, "%" PRId64, s.low)) + 1 : left;
	left = left < 4 ? 4 : left;
	if (s.rows < 2 || c->w < left + 20)
		return;
	axis_draw(&s, c, left, a);
	for (int i = plot->lines - 1; i >= 0; i--)
		line_draw(&plot->line[i], &s, c, left);
	times_draw(p, plot, c, s.rows, left, a);
	if (marks)
		marks_draw(plot, c, s.rows + 1, left);
}
