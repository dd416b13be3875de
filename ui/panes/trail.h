#ifndef TALLYMAN_TRAIL_H
#define TALLYMAN_TRAIL_H
/*
 * trail.h: blocks that lead from a value to the reply it was learnt from: stories and explanations.
 */
#include "trade/views.h"
#include "ui/panes/board.h"

/* A line an event, oldest first; Enter opens the request behind it. */
struct board_block *trail_events(const struct pane *p, struct board *b, const char *title, const struct event *e, int n, bool who);

/* A line a term: name, value, where from and how old. */
struct board_block *trail_terms(const struct pane *p, struct board *b, const char *title, const struct term *t, int n);

/* "name   value" lines. */
extern const struct board_column pair_columns[2];
struct board_line *trail_pair(struct board_block *b, const char *name, enum role role, const char *value);

/* Enter on the line opens this attempt; 0: nothing. */
void trail_lead(struct board_line *l, struct arena *a, int64_t attempt);

#endif
