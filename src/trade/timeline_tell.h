#ifndef TALLYMAN_TIMELINE_TELL_H
#define TALLYMAN_TIMELINE_TELL_H
/*
 * timeline_tell.h: a row of a log on its way to an event, for timeline.c and timeline_tell.c; and which number a moment has, for past.c and redecide.c.
 */
#include "trade/timeline.h"

#include "store/store.h"

enum { TIMELINE_OFFERS = 64 }; /* of one item: those with the lowest numbers */

struct timeline_offer {
	int64_t id, seen_ms;
	const char *account, *marketplace;
};

struct timeline {
	struct store *s;
	struct arena *a;
	int64_t item;
	struct timeline_offer offer[TIMELINE_OFFERS];
	int offers;
	struct err *err;
};

/* field, old and new are words of its log: a change's own; a move's cause, reference and place; an observation's verdict; a job's state, fault and payload. */
struct log_row {
	enum timeline_log log;
	int64_t id;
	struct moment m;
	const char *field, *old, *new;
	int64_t qty, pushed, tries;
	bool sells; /* a move's place */
};

/* The offers that make the item's life. */
enum fault timeline_open(struct timeline *t, struct store *s, int64_t item, struct arena *a, struct err *err);

/* The first row of a log that was written after a moment. near: a number that it is not below, best one that is close; 0: none is known. */
enum fault timeline_number(struct store *s, enum timeline_log log, int64_t ms, int64_t near, int64_t *out, struct err *err);

/* Put it into words. *said: another row tells it already. */
enum fault timeline_tell(const struct timeline *t, struct log_row *r, bool *said);

#endif
