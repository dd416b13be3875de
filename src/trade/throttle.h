#ifndef TALLYMAN_THROTTLE_H
#define TALLYMAN_THROTTLE_H
/*
 * throttle.h: an account that is told to slow down again and again. One such answer is noise, and a bucket that is used to its limit is as it should be: it
 * is their answers that count. When it is told stands in data/alerts.csv.
 */
#include "base/err.h"

#include <stdint.h>

struct store;

enum { THROTTLE_LOOK_MS = 5 * 60000, THROTTLE_PCT = 20, THROTTLE_LEAST = 3 };

/* Raise and close, account by account: more than a fifth of the answers of the last five minutes, and three at least. Inside the caller's transaction. */
enum fault throttle_watch(struct store *s, int64_t now_ms, struct err *err);

#endif
