#ifndef TALLYMAN_WHEN_H
#define TALLYMAN_WHEN_H
/*
 * when.h: "come back later", in all the ways the platforms say it.
 *
 * What they send is a hint from a machine with a clock of its own, and sometimes nonsense. It is read
 * strictly, and what may come of it is bounded: never sooner than a second, never later than an hour.
 */
#include "net/http.h"

enum { HINT_MIN_MS = 1000, HINT_MAX_MS = 3600 * 1000 };

/* One of the three forms of RFC 9110 5.6.7: "Sun, 06 Nov 1994 08:49:37 GMT", RFC 850, asctime. */
bool when_http_date(const char *text, int64_t *at_ms);

/* Retry-After (RFC 9110 10.2.3): seconds from now (Shopify writes "2.0"), an HTTP date, or ISO 8601. */
bool when_retry_after(const char *text, int64_t now_ms, int64_t *at_ms);

/*
 * A moment whose form nobody wrote down, as in Walmart's X-Next-Replenishment-Time: seen were seconds, epoch
 * seconds, epoch milliseconds and ISO 8601; the size of a number tells which.
 */
bool when_moment(const char *text, int64_t now_ms, int64_t *at_ms);

/* A moment brought into [now + 1 s, now + 1 h]. */
int64_t when_clamped(int64_t at_ms, int64_t now_ms);

/*
 * The Retry-After of a reply, clamped; 0 when it has none. A date is measured by their own clock (the
 * Date header) where they show it.
 */
int64_t when_hint(const struct reply *r, int64_t now_ms);

#endif
