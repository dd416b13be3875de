#ifndef TALLYMAN_GROSS_H
#define TALLYMAN_GROSS_H
/*
 * gross.h: does a channel take its own open orders off the number that we say?
 *
 * Where it does (gross), saying what is available sells too little: its open units are off our number and off its own. By its documents it may; it is
 * believed only when its own readings show it: a quantity of ours stands, units are reserved, and what is for sale is less by just those, for at least
 * GROSS_SKUS SKUs and against none. Until then what is said may be too low and is never too high.
 */
#include "base/arena.h"
#include "base/err.h"
#include "trade/cause.h"
#include "trade/offers.h"

#include <stdint.h>

struct store;

enum { GROSS_SKUS = 20 };

/* A reading that shows our quantity, pushed, and units reserved by them: one piece of evidence a SKU, the newest. */
enum fault gross_note(struct store *s, int64_t account, const struct seen *seen, int64_t pushed, const struct cause *why, struct err *err);

/*
 * Of the listing's units, those to be said on top of what is available there: what it holds for its own buyers, as far as we know of those orders too; 0 while
 * it is not shown that the account counts so.
 */
enum fault gross_extra(struct store *s, int64_t offer, int64_t *units, struct err *err);

struct gross_row {
	int64_t account, gross, net; /* SKUs that say so */
	const char *name, *verdict;  /* "gross" "net" "": not decided */
};

/* Accounts of which there is any evidence. */
enum fault gross_list(struct store *s, struct arena *a, struct gross_row **out, int *n, struct err *err);

#endif
