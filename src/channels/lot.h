#ifndef TALLYMAN_LOT_H
#define TALLYMAN_LOT_H
/*
 * lot.h: what a job to hand in a feed says, item by item, checked before a platform's words are put to it.
 */
#include "channels/channel.h"

struct lot_item {
	int64_t msg, qty;
	const char *node, *type, *sku; /* "" where there is none */
};

/*
 * The next item of a payload, from *at on: for (int at = 0; lot_next(job, &at, a, &item, err);). false: there is none, or one would not do
 * and err->fault is FAULT_REFUSED; err is cleared before the first.
 */
bool lot_next(const struct job *job, int *at, struct arena *a, struct lot_item *out, struct err *err);

/* "quantities-12.json": what feed 12 of ours is called in their list. */
const char *lot_name(const struct job *job, struct arena *a);

/* The same job's payload with what the step taught added; for the step that follows. */
struct fields *lot_carry(struct news *n, const struct job *job, const char *const *keys);

#endif
