#ifndef TALLYMAN_PRINTS_H
#define TALLYMAN_PRINTS_H
/*
 * prints.h: which command prints what a pane shows; one table for all of them.
 */
#include "ui/pane.h"

/* With the pane's filter, sort and window. false: none does, because the pane is no list (the overview, one call). */
bool pane_prints(const struct pane *p, struct printing *out);

#endif
