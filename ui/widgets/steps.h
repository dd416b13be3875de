#ifndef TALLYMAN_STEPS_H
#define TALLYMAN_STEPS_H
/*
 * steps.h: the steps of a plan about quantities as the rows of a table: now and then, what it costs a day, what to think of first.
 */
#include "ui/canvas.h"

struct plan_row; /* trade/intents.h */

/* The names of the columns, and one row, from x to the right edge of c; what does not fit the width is left out, the check and the change last. */
void steps_head(struct canvas *c, int x, int y);
void steps_row(struct canvas *c, int x, int y, const struct plan_row *row, bool off);

#endif
