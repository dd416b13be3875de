#ifndef TALLYMAN_UNLIKE_H
#define TALLYMAN_UNLIKE_H
/*
 * unlike.h: what a piece that was not understood has different from those that were: keys that are missing or new, other types.
 *
 * The engine compares it once, soon after it was parked (engine/unlike.c), for the bytes are sealed and do not stay for ever. What it found holds
 * paths and types and no value, so it stands in the open: on a screen, in a file, in a bundle.
 */
#include "base/arena.h"
#include "base/err.h"
#include "base/json_shape.h"

#include <stdint.h>

struct store;

/* A piece of which nothing was found out yet, with its own bytes and the reply that it came in. */
struct unlike_due {
	int64_t id, account, attempt, fragment;
	const char *path;
};
enum fault unlike_due(struct store *s, int n, struct arena *a, struct unlike_due **out, int *got, struct err *err);

/*
 * Replies of the same operation that were understood, before that attempt, newest first, none larger than `most` bytes; telling: only those that told anything
 * new. Their numbers, at most n.
 */
enum fault unlike_good(struct store *s, int64_t attempt, bool telling, int64_t most, int64_t *out, int n, int *got, struct err *err);

/* What was found; to: with what it was compared, "12 others of the same reply"; attempt: the newest of those replies, 0: none but its own. */
enum fault unlike_put(struct store *s, int64_t id, const struct json_difference *d, int n, const char *to, int64_t attempt, struct err *err);

struct unlike {
	const char *to; /* "": not compared yet, or there was nothing to compare it with */
	int64_t attempt;
	struct json_difference *difference;
	int n;
};

/* Of an inbox row. */
enum fault unlike_get(struct store *s, int64_t id, struct arena *a, struct unlike *out, struct err *err);

/* "missing orderDate (was text); new shipping_upgrade (text); and 3 more", at most so many by name; "" when nothing was compared. */
const char *unlike_said(const struct unlike *u, int most, struct arena *a);

const char *unlike_word(enum difference kind);                                /* "missing" "new" "other" */
const char *unlike_types(const struct json_difference *d, struct arena *a); /* "was text", "text", "null, was number" */

#endif
