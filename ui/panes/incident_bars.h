#ifndef TALLYMAN_PANES_INCIDENT_BARS_H
#define TALLYMAN_PANES_INCIDENT_BARS_H
/*
 * incident_bars.h: incidents over time in characters: how often one was seen of late, and which lasted from when to when.
 */
#include "trade/incidents.h"
#include "ui/pane.h"

/* "  ..:=##    ": the last hour, a column for five minutes, each against the busiest. Lives in a. */
const char *incident_spark(struct arena *a, const int64_t rate[RATE_PARTS]);

/* Those of the last 24 hours, a row each as far as c goes, over a row of hours. */
void incident_bars_draw(const struct pane *p, const struct incident *in, int n, struct canvas *c, struct arena *a);

#endif
