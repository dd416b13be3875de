#ifndef TALLYMAN_DEADLINES_H
#define TALLYMAN_DEADLINES_H
/*
 * deadlines.h: orders whose deadline rings, whatever became of what was said about them (a confirmation that fails for ever must not be silent), and those
 * that a buyer wants cancelled before they leave.
 */
#include "base/err.h"

#include <stdint.h>

struct store;

enum { DUE_RINGS_MS = 3600 * 1000, LOST_RINGS_MS = 24 * 3600 * 1000 }; /* that long before it is due, and before the channel cancels it */

/*
 * Raise and close, account by account: past a deadline that costs something, within the hour before one, within the day before an order is lost, and while
 * an open order is to be cancelled. Inside the caller's transaction.
 */
enum fault deadlines_watch(struct store *s, int64_t now_ms, struct err *err);

#endif
