#ifndef TALLYMAN_DRIFT_LINES_H
#define TALLYMAN_DRIFT_LINES_H
/*
 * drift_lines.h: a drift's detail as lines of a name and a text, for the preview in the list and the offer's own page.
 */
#include "trade/drift_detail.h"
#include "ui/panes/words.h"

enum { DRIFT_NAME = 8, DRIFT_LINES = 24, DRIFT_FIXED = 4 /* what there is, why, the money, what next */ };

struct drift_line {
	const char *name, *text;
	enum role role;
	int64_t attempt_id; /* the call behind it; 0: none */
};

/* What was said on as many channels beside each other as w columns take, in at most rows lines; the others are counted. Returns how many lines. */
int drift_lines(const struct pane *p, const struct drift_detail *d, int w, int rows, struct drift_line line[DRIFT_LINES], struct arena *a);

#endif
