#ifndef TALLYMAN_RADIUS_H
#define TALLYMAN_RADIUS_H
/*
 * radius.h: what a zero-out would cost and touch besides the quantities: sales lost a day, open orders that stay, calls and what is left of their limit. For the
 * person who confirms it; no part of the plan's digest, for it moves with every sale.
 */
#include "base/arena.h"
#include "base/err.h"

#include <stdint.h>

struct store;
struct offer;
struct plan_row;

/* Of one offer: open, sold, lost, value, currency. */
enum fault radius_row(struct store *s, const struct offer *o, int64_t now_ms, struct arena *a, struct plan_row *row, struct err *err);

/* Of all of them, whose offers are offer[]: a sentence each. */
enum fault radius_notes(struct store *s, const struct plan_row *row, int n, const int64_t *offer, int64_t now_ms, struct arena *a, const char ***note, int *notes,
                        struct err *err);

#endif
