#ifndef TALLYMAN_BULK_INSIDE_H
#define TALLYMAN_BULK_INSIDE_H
/* bulk_inside.h: what bulk.c, bulk_heard.c, bulk_late.c and doubt.c share. Nobody else includes it. */
#include "engine/parts.h"
#include "trade/feeds.h"

enum { BULK_HOLD_MS = 10 * 60 * 1000 }; /* after one that came to nothing: single calls meanwhile */

/* The next call about a feed becomes a job, as urgent as what is most urgent in it. Inside the caller's transaction. */
enum fault bulk_step(struct engine *e, const struct bulk *b, enum verb verb, int64_t due_ms, const struct cause *why, struct err *err);

/* Offers that a feed does not say, or said too late: decided again and said by calls of their own, for this reason. Inside the caller's transaction. */
enum fault bulk_say_singly(struct engine *e, const int64_t *offers, int n, const char *reason, const struct cause *why, struct err *err);

#endif
