#ifndef TALLYMAN_CHANGE_H
#define TALLYMAN_CHANGE_H
/*
 * change.h: the append-only history of every fact: which field became what, when it was so, when we learnt it, who, why.
 */
#include "base/arena.h"
#include "base/err.h"
#include "trade/cause.h"

#include <stdint.h>

struct store;

/* old, new: NULL for none. Equal values write nothing. */
enum fault change_text(struct store *s, const char *fact, int64_t id, const char *field, const char *old, const char *new, int64_t valid_ms,
                       const struct cause *why, struct err *err);
enum fault change_int(struct store *s, const char *fact, int64_t id, const char *field, int64_t old, int64_t new, int64_t valid_ms,
                      const struct cause *why, struct err *err);

struct change {
	int64_t id, valid_ms, known_ms;
	const char *field, *old, *new, *actor, *trace;
	int64_t attempt_id; /* the reply it was learnt from; 0: none */
};

/* The history of one fact, oldest first. */
enum fault change_last(struct store *s, int64_t *id, struct err *err); /* the newest row of history, 0: none */

enum fault changes_of(struct store *s, const char *fact, int64_t id, struct arena *a, struct change **out, int *n, struct err *err);

#endif
