#ifndef TALLYMAN_TIMELINE_CSV_H
#define TALLYMAN_TIMELINE_CSV_H
/* timeline_csv.h: the events of a SKU's life as a table for a spreadsheet: the columns of `tallyman timeline --csv`, and nothing that it would take for a formula. */
#include "trade/timeline.h"

const char *timeline_csv(const struct moment *m, int n, struct arena *a);

#endif
