#ifndef TALLYMAN_RADIUS_H
#define TALLYMAN_RADIUS_H
/*
 * radius.h: what a zero-out would cost and touch besides the quantities: sales lost a day, open orders that stay, calls. For the person who confirms it; no
 * part of the plan's digest, for it moves with every sale.
 */
#include "base/arena.h"
#include "base/err.h"

#include <stdint.h>

struct store;

/* A sentence each. */
enum fault radius_notes(struct store *s, const int64_t *offer, int n, int64_t now_ms, struct arena *a, const char ***note, int *notes, struct err *err);

#endif
