#ifndef TALLYMAN_COUNTS_HELD_H
#define TALLYMAN_COUNTS_HELD_H
/*
 * counts_held.h: numbers of stock that are not believed in full before their teller's dispatches are read anew. counts_weigh.c says when; used by it, and by what
 * explains a number.
 */
#include "trade/ledger.h"
#include "trade/conflicts.h"

/* Units that left after the count was made are no longer on the shelf it speaks of; those of orders that it had were off it before. <= 0 */
enum fault count_left_since(struct store *s, const struct shelf *at, const struct chosen *use, int64_t now_ms, int64_t *left, struct err *err);

/* A place whose number was there before the dispatches of who told it were asked for. */
struct held_count {
	const char *place, *account;
	int64_t held;     /* of its number not believed yet */
	int64_t aside;    /* open units of ours that count as set aside there */
	int64_t known_ms; /* the number's */
	int64_t upto_ms;  /* of when its dispatches are */
	int64_t due_ms;   /* they are asked for again then; 0: nobody knows */
};

/* Of an item, in the arena. */
enum fault counts_held(struct store *s, int64_t item, int64_t now_ms, struct arena *a, struct held_count **out, int *n, struct err *err);

#endif
