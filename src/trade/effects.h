#ifndef TALLYMAN_EFFECTS_H
#define TALLYMAN_EFFECTS_H
/*
 * effects.h: what was said to marketplaces, in the audit's chain.
 *
 * Each request that writes has its row of `attempt`, written before the first byte leaves. Once a minute those that have ended since are hashed together,
 * with what was asked (by the hash of its bytes), under which id, with which credential, and what became of it; the audit gets one row with their number and that
 * hash. Whoever changes or removes one of them later breaks it.
 */
#include "base/err.h"
#include "trade/cause.h"

#include <stdbool.h>
#include <stdint.h>

struct store;

/* Those that have ended and stand before the first one under way; most of them at most: the rest has its turn. Inside the caller's transaction. */
enum { EFFECTS_MOST = 2000 };
enum fault effects_seal(struct store *s, const struct cause *why, struct err *err);

/* Reckon each such row of the audit anew. *n: effects that fit. FAULT_REFUSED names the first that does not. */
enum fault effects_verify(struct store *s, int64_t *n, struct err *err);

#endif
