#ifndef TALLYMAN_SINCE_PANE_H
#define TALLYMAN_SINCE_PANE_H
/*
 * since.h: when the person who sits here was last here, and what has become another since: the overview's block of it.
 */
#include "trade/since.h"
#include "ui/panes/board.h"

/* When he was last here does not change while he sits here: it is looked for once. What has become another since is reckoned once a minute. */
struct since_cursor {
	bool known;
	int64_t at_ms;     /* 0: never */
	struct arena *own; /* what was reckoned lives here; NULL: nothing was */
	int64_t minute;    /* when */
	struct since since;
};

void since_forget(struct since_cursor *c);

/* "Since your last session (Thu 23:58Z, 8h00m ago)": what became of what was open, and the figures. Nothing where nobody knows who sits here. */
enum fault since_block(struct pane *p, struct store *s, struct board *b, struct since_cursor *c, struct err *err);

#endif
