#ifndef TALLYMAN_STEPS_H
#define TALLYMAN_STEPS_H
/*
 * steps.h: the steps of a plan about quantities as the rows of a table: now and then, what it costs a day, what to think of first.
 */
#include "ui/canvas.h"

struct plan_row; /* trade/intents.h */

/*
 * The names of the columns over rows like this one, and one row, from x to the right edge of c; what does not fit the width is left out, the check and
 * the change last. A row that comes back to what is right then has no quantity yet, and costs nothing: it is shown by what is there now and its check.
 */
void steps_head(struct canvas *c, int x, int y, const struct plan_row *row);
void steps_row(struct canvas *c, int x, int y, const struct plan_row *row, bool off);

#endif
