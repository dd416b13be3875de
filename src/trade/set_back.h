#ifndef TALLYMAN_SET_BACK_H
#define TALLYMAN_SET_BACK_H
/*
 * set_back.h: a clock that ran ahead is right again.
 *
 * What was noted meanwhile is from a time that is to come: each reading after it would be an older one and not be taken, a place would stay fresh, and
 * what left a shelf would have left before it was counted. It counts as noted now; what waits for a moment waits as long as it was to.
 */
#include "base/err.h"

#include <stdint.h>

struct store;

/* Inside the caller's transaction. by_ms: how far it was set, below 0. */
enum fault facts_set_back(struct store *s, int64_t now_ms, int64_t by_ms, struct err *err);

#endif
