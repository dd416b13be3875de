#ifndef TALLYMAN_ATP_H
#define TALLYMAN_ATP_H
/*
 * atp.h: what is available of an item, as a sum of which every term says where it was learnt and when.
 *
 *	available = sum over the places that sell of max(0, counted - held - moving) - open units that no warehouse took off its own number
 *
 * What one place is short of is not forgotten: it is owed by the others. Pools that a channel holds stand beside it and are never part of it.
 */
#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct store;

struct atp_place {
	int64_t id;
	const char *name, *kind, *serves, *told_by; /* told_by: who told the number that is believed */
	int64_t told, counted;                      /* what was said; less what left since */
	int64_t committed;                          /* what they took off for orders that they have: in told already */
	int64_t held, moving;
	int64_t valid_ms, known_ms, heard_ms, attempt_id;
	bool sells, stale;
	const char *out;                            /* why it is no part of the sum; "" */
	bool serving;                               /* the account that was asked for */
};

/* What somebody else says of the item at a place: shown beside the number that is believed. */
struct atp_other {
	const char *place, *account;
	int64_t free, valid_ms, attempt_id;
};

struct atp_owed {
	const char *account, *ref, *state;
	const char *taken_by; /* the warehouse whose number is without it; "": subtracted by us */
	int64_t units, placed_ms, attempt_id;
};

struct atp {
	int64_t item, known_ms;
	const char *sku;
	struct atp_place *place;
	int places;
	struct atp_other *other;
	int others;
	struct atp_owed *owed; /* the largest, subtracted ones first */
	int oweds;
	int64_t reserved, taken; /* of all orders: subtracted by us, by warehouses */
	int64_t lent, made;      /* what orders of kits want of it; of a kit what it is short of, and what its parts allow besides (trade/kits.h) */
	/* the answer, by atp_sum */
	int64_t counted, held, elsewhere; /* elsewhere: at places that do not serve the account asked for */
	int64_t available;                /* below zero: oversold */
};

/* account, channel: for whom; NULL: of the whole item. FAULT_REFUSED: no such item. */
enum fault atp_of(struct store *s, int64_t item, const char *account, const char *channel, struct arena *a, struct atp *out, struct err *err);

/* The answer from the terms. Pure. */
void atp_sum(struct atp *a);

/* "47 at dallas - 3 held - 4 owed = 40". */
const char *atp_words(const struct atp *a, struct arena *arena);

/* How many packs of so many eaches. */
int64_t atp_packs(int64_t available, int64_t pack);

#endif
