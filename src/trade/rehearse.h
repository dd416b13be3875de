#ifndef TALLYMAN_REHEARSE_H
#define TALLYMAN_REHEARSE_H
/*
 * rehearse.h: what an account in shadow mode would have been told, and what of it looks wrong: to be read before somebody makes it live.
 *
 * In shadow mode everything is read, reckoned and queued, and nothing is sent. What looks wrong is judged from what is wanted beside what they show.
 */
#include "base/arena.h"
#include "base/err.h"
#include "trade/offers.h"

#include <stdbool.h>
#include <stdint.h>

struct store;

enum rehearsal {
	REHEARSED_FINE,
	REHEARSED_SAME,    /* they show it already */
	REHEARSED_UNMAPPED, /* stands for nothing of ours: would go on selling what it shows */
	REHEARSED_BARRED,  /* may not be written: a pool of theirs, or what its block says */
	REHEARSED_UNREAD,  /* never read: nobody knows what a write would change */
	REHEARSED_EMPTIED, /* they show some, and we would say 0 though there are some */
	REHEARSED_FACTOR,  /* one number is a multiple of the other: a pack that was not said? */
	REHEARSED_FAR,     /* far from what they show: the wrong item, or a count that is not right? */
	REHEARSALS
};

const char *rehearsal_name(enum rehearsal r);  /* "factor" */
const char *rehearsal_words(enum rehearsal r); /* what to look at; "" when nothing */
bool rehearsal_is_wrong(enum rehearsal r);     /* looks wrong: a person should look before it is said */

/* Pure. far: over so many units and over half of the larger of the two. */
enum rehearsal rehearse(const struct offer *o);

struct rehearsed {
	struct offer offer;
	enum rehearsal is;
};

struct rehearsed_all {
	int64_t offers, of[REHEARSALS], wrong;
	int64_t writes;   /* that would have been sent since: quantities decided, each newer one too */
	int64_t since_ms; /* the first of them */
	int64_t sent;     /* that were sent all the same: 0, or something is very wrong; what was sent while it was live is not counted */
};

/* What was planned since and what was sent, alone: no offer is looked at. *sells: it has offers, so that there is something to rehearse. */
enum fault rehearse_writes(struct store *s, int64_t account, struct rehearsed_all *all, bool *sells, struct err *err);

/* Of one account; row: those that look wrong, at most n, the rest is counted. */
enum fault rehearse_account(struct store *s, int64_t account, int n, struct arena *a, struct rehearsed_all *all, struct rehearsed **row, int *got, struct err *err);

#endif
