#ifndef TALLYMAN_FRAME_ROW_H
#define TALLYMAN_FRAME_ROW_H
/*
 * frame_row.h: a row of words of which those that matter least give way where there is no room. Part of frame.c.
 */
#include "ui/canvas.h"

enum { PARTS_MAX = 16 };

struct part {
	char text[160];
	enum role role;
	int rank, gap; /* gap: blanks before it */
	bool right;    /* from here on at the right edge */
	bool shrinks;  /* cut to what is left rather than dropped */
};

struct frame_row {
	struct part part[PARTS_MAX];
	int n;
};

/* rank: what has the highest goes first, 0 never; gap: blanks before it. Text is cleaned; nothing is added for "". */
void row_add(struct frame_row *r, enum role role, int rank, int gap, const char *text);
void row_addf(struct frame_row *r, enum role role, int rank, int gap, const char *fmt, ...) __attribute__((format(printf, 5, 6)));
void row_draw(struct frame_row *r, struct canvas *c, int y, int left, int right); /* blanks at both edges */

#endif
