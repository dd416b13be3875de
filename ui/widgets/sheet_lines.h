#ifndef TALLYMAN_SHEET_LINES_H
#define TALLYMAN_SHEET_LINES_H
/*
 * sheet_lines.h: a page and a preview as lines, made again for the width at hand. For sheet.c, which hears keys, and sheet_draw.c alone.
 */
#include "ui/widgets/sheet.h"

struct plan_row; /* trade/intents.h */

struct line {
	const char *text;
	int n; /* bytes */
	enum role role;
	bool title, broken; /* broken: goes on in the next line */
	int step;           /* preview: the step it belongs to, -1: none */
	bool head;          /* preview: the names of the rows' columns */
	const struct plan_row *row; /* preview: the step as a row; NULL: words */
};

/* Called for each line; false ends the walk. */
typedef bool line_fn(void *ctx, int at, const struct line *line);

/* Every line that the sheet's filter lets through, w columns wide. */
void sheet_walk(const struct sheet *s, int w, line_fn *fn, void *ctx);

bool choice_is_danger(const struct choice *c);       /* it reaches a marketplace */
const char *choice_why_not(const struct choice *c, const struct sheet_facts *facts); /* NULL: it may be chosen */
int sheet_inner_h(const struct sheet *s, int h); /* of a sheet so high, what lines have */

bool line_has(const struct line *line, const char *text);

#endif
