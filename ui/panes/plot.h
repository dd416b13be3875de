#ifndef TALLYMAN_PLOT_H
#define TALLYMAN_PLOT_H
/*
 * plot.h: numbers over time in characters: lines, a zero, times under it, marks of events. What nobody knows is not drawn.
 */
#include "ui/pane.h"

enum { PLOT_POINTS = 240, PLOT_LINES = 2 };

struct plot_line {
	const int64_t *value; /* PLOT_POINTS of them, each at the end of its part of the window; INT64_MIN: unknown */
	char sign;
	enum role role;
};

struct plot_mark {
	int64_t at_ms;
	char sign;
};

struct plot {
	int64_t from_ms, until_ms;
	struct plot_line line[PLOT_LINES]; /* the first lies on top */
	int lines;
	struct plot_mark *mark;
	int marks;
};

void plot_draw(const struct pane *p, const struct plot *plot, struct canvas *c, struct arena *a);

#endif
