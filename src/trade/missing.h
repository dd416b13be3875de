#ifndef TALLYMAN_MISSING_H
#define TALLYMAN_MISSING_H
/*
 * missing.h: what a source's complete reading of a place leaves out.
 *
 * Goods of which the warehouse does not speak any more must not be sold on for ever, and one list that lacks a line is not yet a shelf that is empty. So
 * the first complete reading without a SKU warns and keeps its last count; the second one in a row counts it as none, through the same guard
 * against nonsense as any other reading. An alert names it as long as it is offered anywhere. A row that could not be read is not left out.
 */
#include "base/arena.h"
#include "base/err.h"
#include "trade/cause.h"

#include <stdbool.h>
#include <stdint.h>

struct store;

/* A complete reading of one place by one account, as it was at valid_ms: the SKUs that it names, in order. */
struct complete {
	int64_t account;
	const char *place;
	const char *const *sku;
	int n;
	int64_t valid_ms;
	bool again; /* it says nothing new, nor of when it is: for all we know the list that was read before */
};

/* SKUs that it leaves out as the complete reading before it did, and that still count for something. In the arena. */
enum fault missing_again(struct store *s, const struct complete *c, struct arena *a, const char *const **sku, int *n, struct err *err);

/* Remember what it leaves out, and tell. */
enum fault missing_note(struct store *s, const struct complete *c, const struct cause *why, struct err *err);

#endif
