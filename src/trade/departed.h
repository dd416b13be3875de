#ifndef TALLYMAN_DEPARTED_H
#define TALLYMAN_DEPARTED_H
/*
 * departed.h: what left a warehouse and cannot be confirmed to its channel: no tracking number is told, or it is with a carrier that the channel does not take.
 */
#include "base/err.h"

#include <stdint.h>

struct store;

enum { UNTRACKED_RINGS_MS = 3600 * 1000 }; /* that long after it left without a number */

/* Raise and close: a warehouse that tells no numbers, a carrier that cannot be named. Inside the caller's transaction. */
enum fault departed_watch(struct store *s, int64_t now_ms, struct err *err);

#endif
