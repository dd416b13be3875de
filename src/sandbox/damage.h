#ifndef TALLYMAN_SANDBOX_DAMAGE_H
#define TALLYMAN_SANDBOX_DAMAGE_H
/*
 * damage.h: JSON text, hurt in one place.
 *
 * Each returns the damaged text, or the text itself when it has no place for that damage. n: bytes, in and out.
 */
#include "base/arena.h"
#include "base/clock.h"

const char *damage_flip(struct arena *a, struct rng *r, const char *json, size_t *n);
const char *damage_nul(struct arena *a, struct rng *r, const char *json, size_t *n);
const char *damage_duplicate(struct arena *a, struct rng *r, const char *json, size_t *n);
const char *damage_unknown(struct arena *a, struct rng *r, const char *json, size_t *n);
const char *damage_missing(struct arena *a, struct rng *r, const char *json, size_t *n);
const char *damage_mistype(struct arena *a, struct rng *r, const char *json, size_t *n);

#endif
