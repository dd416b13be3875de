#ifndef TALLYMAN_WILL_SEND_H
#define TALLYMAN_WILL_SEND_H
/*
 * will_send.h: what a zero-out says to one account, before it is said: by which operation, in how many calls, singly or by a feed too.
 *
 * The engine chooses the way when it is said, by what waits by then (engine/route.h). Told is what holds of it whatever waits: as many as the limit has tokens for go
 * singly and at once; of more a feed may take a part, where the account has one.
 */
#include "base/arena.h"
#include "base/err.h"

#include <stdint.h>

struct store;

struct will_send {
	const char *account;
	int64_t calls;    /* quantities to be said, one a call */
	int64_t readings; /* of them those that are read once more before it */
};

/* "walmart-us: 2 x PUT /v3/inventory, a single call an offer, at once; each is read once more before its call" */
enum fault will_send_words(struct store *s, const struct will_send *w, int64_t now_ms, struct arena *a, const char **out, struct err *err);

/* "PUT /v3/inventory": the operation by which quantities are said under a limit of this name; NULL: none is. */
const char *will_send_by(struct arena *a, const char *bucket);

#endif
