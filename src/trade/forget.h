#ifndef TALLYMAN_FORGET_H
#define TALLYMAN_FORGET_H
/*
 * forget.h: what else tells of somebody who was forgotten (order_redact): the raw replies, which hold him as the platform told him.
 *
 * A list tells an order a dozen times, and pages that differ in anything else are bodies of their own; facts point to the one reply that they were learnt from.
 * So the replies themselves are searched for the order's numbers, as they are written in JSON. One that has them goes whole, with the others on its page.
 */
#include "base/err.h"
#include "trade/cause.h"

#include <stddef.h>
#include <stdint.h>

struct store;

enum { FORGET_MOST = 10 }; /* orders in one word: the engine looks through all kept replies for each of them, and does nothing else meanwhile */

/*
 * Empty each reply about orders that is kept and has this order in it, whatever account told it, and each piece that was not understood. They are unsealed for it, and
 * the engine does nothing else meanwhile: 10,000 replies of 50 kB took a quarter of a second on 2026-11-22, from memory. n: how many were emptied. Engine only (it has
 * the key); within a transaction.
 */
enum fault replies_forget(struct store *s, int64_t order, const struct sealer *seal, int *n, struct err *err);

/*
 * A reply about orders was just kept with its attempt, and what of it was parked: empty them when anybody who was forgotten is in it, for platforms go on to tell
 * him. Asked for half a year after his order moved last.
 */
enum fault reply_forget(struct store *s, int64_t attempt, const char *bytes, size_t n, int64_t now_ms, struct err *err);

#endif
