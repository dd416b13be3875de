#ifndef TALLYMAN_CONFLICTS_H
#define TALLYMAN_CONFLICTS_H
/*
 * conflicts.h: several systems tell of the same place and differ. One number is believed meanwhile, by the rule of the configuration; the difference
 * is a row of its own with the likeliest cause (dispute.h): which document one of them is missing.
 */
#include "base/arena.h"
#include "base/err.h"
#include "trade/cause.h"
#include "trade/places.h"

#include <stdint.h>

struct store;

/* Whose number holds. */
struct chosen {
	int64_t account, free, valid_ms;
	int among; /* systems that tell this place of this item */
};

/*
 * Of all that is said of the item there, mine being new. A person's count holds until the next one of a system. min: the least, after each has
 * got back the open units that it took off for orders of ours (the rest of us subtract those from the others). Who is switched off, or was not heard for
 * longer than the place may age, decides nothing; where that is who owns the number, the least of the others holds.
 */
enum fault reading_choose(struct store *s, const struct truth *t, int64_t item, int64_t place, const struct chosen *mine, int64_t now_ms, struct chosen *out,
                          struct err *err);

/* ---- written and read ---- */

/* Do those who tell the place agree on the item? Opens, renews or ends its rows, and the alert of the place. */
enum fault conflict_weigh(struct store *s, const struct truth *t, int64_t item, int64_t place, const struct cause *why, struct err *err);

/* The account tells nothing of that place any more. */
enum fault conflicts_part(struct store *s, int64_t account, int64_t place, const struct cause *why, struct err *err);

/* The account is switched off: it differs from nobody any more. */
enum fault conflicts_leave(struct store *s, int64_t account, const struct cause *why, struct err *err);

struct conflict {
	int64_t id, item, free, other_free, decided, since_ms, known_ms, owner_ms, other_ms; /* *_ms: when each was so */
	int64_t owner_was, other_was, owner_committed, other_committed, owner_moved_ms, other_moved_ms; /* *_moved_ms: when its number last changed, 0: never */
	const char *sku, *title, *place, *owner, *other, *cause, *why;
	bool owner_kept, other_kept; /* what it said is known: in the past it is not, where it has said something since */
};

/* Which of the two moved last, in words: "warehouse moved last, from 40 to 37". */
const char *conflict_mover(const struct conflict *k, struct arena *a);

enum fault conflicts_count(struct store *s, int64_t *n, struct err *err);
/* Open ones, the largest difference first, at most n. item 0: of all. */
enum fault conflicts_list(struct store *s, int64_t item, int n, struct arena *a, struct conflict **out, int *got, struct err *err);

#endif
