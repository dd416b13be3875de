#ifndef TALLYMAN_DRIFT_DETAIL_H
#define TALLYMAN_DRIFT_DETAIL_H
/*
 * drift_detail.h: all that a person needs for one offer that shows something else: what there is, what was said where and what became of it, why, whose orders
 * and how much money it may cost, and what can be done.
 */
#include "base/arena.h"
#include "base/err.h"
#include "trade/offers.h"

#include <stdint.h>

struct store;

/* One offer of the item, and the last that was said of it. */
struct drift_said {
	const struct offer *offer;
	const char *state, *fault, *text; /* of its newest stock job; "": none was ever planned */
	int64_t tries, due_ms, made_ms, attempt_id;
};

struct drift_detail {
	struct offer offer;
	const char *sum;           /* "47 at dallas - 4 owed = 43"; "" when it stands for no item */
	struct drift_said *said;   /* of every offer of the item; of an unmapped one itself alone */
	int n;
	const char *cause;         /* in words, with what is known of it */
	int64_t since_ms;          /* the number changed between then and seen_ms; 0: not known */
	int64_t orders, units;     /* that cannot be filled: newest first, until what is missing is covered */
	const char *money;         /* their worth by currency: "87.60 USD, 12.00 EUR"; "" */
	const char *refs;          /* the first three of them */
	const char *next;          /* what can be done, the likeliest first */
};

/* FAULT_REFUSED: there is no such offer. All of it lives in a. */
enum fault drift_detail(struct store *s, int64_t offer, struct arena *a, struct drift_detail *out, struct err *err);

#endif
