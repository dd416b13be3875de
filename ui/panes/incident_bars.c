#include "ui/panes/incident_bars.h"

#include "ui/panes/words.h"

#include <inttypes.h>
#include <string.h>

enum { NAMES = 8, HOURS = 24, HOUR_MS = 3600000 };

const char *incident_spark(struct arena *a, const int64_t rate[RATE_PARTS])
{
	static const char steps[] = " .:-=+*#";
	int64_t most = 0;
	char *out = arena_alloc(a, RATE_PARTS + 1);

	for (int i = 0; i < RATE_PARTS; i++)
		most = rate[i] > most ? rate[i] : most;
	for (int i = 0; i < RATE_PARTS; i++)
		out[i] = steps[most ? (rate[i] * 7 + most - 1) / most : 0]; /* once is a dot, never nothing */
	out[RATE_PARTS] = '\0';
	return out;
}

static int64_t end_of(const struct pane *p, const struct incident *in)
{
	return in->closed_ms ? in->closed_ms : in->over_ms ? in->over_ms : p->now_ms;
}

static void draw_one(const struct pane *p, const struct incident *in, int64_t from_ms, struct canvas *c, int y, struct arena *a)
{
	int w = c->w - NAMES, part = (HOURS * HOUR_MS) / (w > 0 ? w : 1);
	int64_t end = end_of(p, in), begin = in->opened_ms > from_ms ? in->opened_ms : from_ms;
	int x = (int)((begin - from_ms) / part), last = (int)((end - from_ms) / part);
	enum role role = in->closed_ms || in->over_ms ? ROLE_MUTED : role_of_severity(in->severity);

	canvas_put(c, 0, y, ROLE_VALUE, arena_printf(a, "I-%" PRId64, in->id));
	for (; x <= last && x < w; x++)
		canvas_put(c, NAMES + x, y, role, in->closed_ms || in->over_ms ? "-" : "#");
}

/* Each sixth hour by its time, and a line at the end, which is now. */
static void draw_hours(const struct pane *p, int64_t from_ms, struct canvas *c, int y, struct arena *a)
{
	int w = c->w - NAMES;

	for (int h = 0; h < HOURS; h += 6)
		canvas_put(c, NAMES + w * h / HOURS, y, ROLE_MUTED, say_time(p, a, from_ms + (int64_t)h * HOUR_MS));
}

void incident_bars_draw(const struct pane *p, const struct incident *in, int n, struct canvas *c, struct arena *a)
{
	int64_t from_ms = p->now_ms - (int64_t)HOURS * HOUR_MS;
	int y = 0;

	for (int i = 0; i < n && y < c->h - 1; i++)
		if (end_of(p, &in[i]) >= from_ms)
			draw_one(p, &in[i], from_ms, c, y++, a);
	draw_hours(p, from_ms, c, y, a);
}
