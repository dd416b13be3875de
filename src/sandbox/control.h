#ifndef TALLYMAN_SANDBOX_CONTROL_H
#define TALLYMAN_SANDBOX_CONTROL_H
/*
 * control.h: looking behind the curtain, for tests and for `tallyman sandbox`.
 *
 *     GET    /sandbox/report          what the ledger counts, and since when
 *     GET    /sandbox/orders?from=N   every order as it truly is, 500 at a time
 *     GET    /sandbox/stock           every product: shelf, owed, each depot and each listing of it
 *     GET    /sandbox/effects?from=N  what the seller's software did, 1000 at a time
 *     GET    /sandbox/counts.csv      the warehouse's own count: sku, quantity, name
 *     GET    /sandbox/faults          the mishaps there are, and how often each has hit
 *     POST   /sandbox/faults          one more: a line of text
 *     DELETE /sandbox/faults          none any more
 *     POST   /sandbox/edit?place=amazon/us&sku=S&qty=N   somebody edits a listing by hand
 *     POST   /sandbox/endless?on=1    eBay's out-of-stock control is off: a written zero ends the listing (on=0: it is on)
 *     POST   /sandbox/count?depot=harbor&sku=S&qty=N     somebody counts the goods at a depot
 *     POST   /sandbox/forbid?on=1     from now on any write is counted as forbidden (on=0: no longer)
 */
#include "sandbox/sandbox.h"

/* Is it a call for the control surface? */
bool control_means(const struct call *c);

void control_serve(struct sandbox *s, struct call *c);

/* The warehouse's count as CSV, as GET /sandbox/counts.csv has it. */
const char *control_counts(struct arena *a, const struct world *w);

#endif
