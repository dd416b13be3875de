#ifndef TALLYMAN_CONFLICTS_H
#define TALLYMAN_CONFLICTS_H
/*
 * conflicts.h: several systems tell of the same place and differ. One number is believed meanwhile, by the rule of the configuration; the difference
 * is a row of its own with the likeliest cause: which document one of them is missing.
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

/* ---- the likeliest cause, purely ---- */

enum dispute_cause {
	DISPUTE_NONE,        /* they agree */
	DISPUTE_STALE,       /* one of them was not read for too long */
	DISPUTE_UNIT,        /* one counts cartons, the other eaches */
	DISPUTE_ON_HAND,     /* one tells what lies there, the other what is free */
	DISPUTE_IN_FLIGHT,   /* the owner has orders that the other has not yet */
	DISPUTE_NOT_RELEASED, /* the other has orders that the owner has not yet */
	DISPUTE_SHIPPED,     /* it left; the other has not booked that */
	DISPUTE_RETURN,      /* it came back; one of them has not booked that */
	DISPUTE_TRANSFER,    /* another place differs by as much the other way */
	DISPUTE_RECEIPT,     /* the owner received; the other has not booked that */
	DISPUTE_BOOKED_EARLY, /* the other booked goods in that the owner has not received */
	DISPUTE_CYCLE_COUNT, /* the owner counted; the other has no adjustment */
	DISPUTE_ADJUSTED,    /* the other wrote units off without the owner */
	DISPUTE_UNKNOWN,
	DISPUTE_CAUSES
};

const char *dispute_name(enum dispute_cause c); /* "IN_FLIGHT" */
const char *dispute_words(enum dispute_cause c); /* the document that is likely missing */
const char *dispute_remedy(const char *cause);   /* what to do about it, by its name */

/* One side of it, and what happened around. */
struct dispute_side {
	int64_t free, committed; /* committed: by its own word taken off free */
	int64_t was, was_ms;     /* what it said before its number last changed, and when that was; was_ms 0: it never changed */
	int64_t valid_ms;
	bool stale;
};

struct dispute {
	struct dispute_side owner, other;
	int64_t owner_took, other_took; /* open units of ours that each had taken off */
	int64_t open;                   /* open units of ours in all */
	int64_t gone;                   /* units that left lately by orders of ours */
	int64_t back;                   /* units cancelled or returned lately */
	int64_t elsewhere;              /* owner less other at another place, 0: none differs */
	const int64_t *eaches;          /* of the units of measure that are known of it */
	int units;
};

enum dispute_cause dispute_judge(const struct dispute *d);

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
