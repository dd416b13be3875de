#ifndef TALLYMAN_DISPUTE_H
#define TALLYMAN_DISPUTE_H
/* dispute.h: why two systems that tell one place differ: the likeliest cause, from the numbers of both and what happened around. No store, no clock. */
#include <stdbool.h>
#include <stdint.h>

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

#endif
