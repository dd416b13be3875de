#ifndef TALLYMAN_SINCE_PANE_H
#define TALLYMAN_SINCE_PANE_H
/*
 * since.h: when the person who sits here was last here, and what has become another since: the overview's block of it.
 */
#include "trade/since.h"
#include "ui/panes/board.h"

/* When he was last here does not change while he sits here: it is looked for once. */
struct since_cursor {
	bool known;
	int64_t at_ms; /* 0: never */
};

enum fault since_find(struct pane *p, struct store *s, struct since_cursor *c, struct err *err);

/* "Since your last session (Thu 23:58Z, 8h00m ago)": what became of what was open, and the figures. Nothing where nobody knows who sits here. */
enum fault since_block(struct pane *p, struct store *s, struct board *b, struct since_cursor *c, struct err *err);

#endif
