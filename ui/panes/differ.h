#ifndef TALLYMAN_PANES_DIFFER_H
#define TALLYMAN_PANES_DIFFER_H
/*
 * differ.h: the section of Drift that says where two sources of truth differ.
 */
#include "trade/conflicts.h"
#include "ui/pane.h"

struct differ {
	struct conflict *k;
	int n;          /* read: the largest first */
	int64_t total;
};

enum fault differ_read(const struct pane *p, struct store *s, struct differ *out, struct err *err);

/* Below the rest of c, where there are any and room enough; returns what is left above it. */
struct canvas differ_draw(const struct pane *p, const struct differ *d, struct arena *paint, struct canvas *c);

#endif
