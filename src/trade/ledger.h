#ifndef TALLYMAN_LEDGER_H
#define TALLYMAN_LEDGER_H
/*
 * ledger.h: the only two ways in which an item's numbers move.
 *
 * What is on a shelf changes by a move with its cause; what is owed changes with the orders. Both go through
 * here, so that available, the dirty mark and the oversold alert can never be forgotten.
 */
#include "base/err.h"
#include "trade/cause.h"

#include <stdbool.h>
#include <stdint.h>

struct store;

/* One item at one place, as we believe it to be. */
struct shelf {
	int64_t item, place, counted, valid_ms;
	int64_t told; /* what the last count said, before anything left */
	int64_t account; /* whose reading it is, 0: a person's */
	bool known;  /* it was counted there before */
	bool counts; /* the place's stock is for sale */
};

/* By how much the numbers of an item change. lent: what kits are short of that it is a part of (trade/kits.h). */
struct shift {
	int64_t counted, reserved, held, lent;
};

/* Of a kit that is short of more or less now its parts follow; kits that it is a part of are marked. */
enum fault ledger_shift(struct store *s, int64_t item, struct shift by, const struct cause *why, struct err *err);

/* What is available of it became another by itself: is it oversold? It is thought over again, with the kits that it is a part of. */
enum fault ledger_weigh(struct store *s, int64_t item, const struct cause *why, struct err *err);

/* Its offers must be thought over again. */
enum fault ledger_dirty(struct store *s, int64_t item, int64_t now_ms, struct err *err);

/*
 * From now on `counted` is believed to be on this shelf; the move is the difference. what: "count" "dispatch" ...; only a count
 * makes the shelf's own time younger. at->told is kept as it is given.
 */
enum fault ledger_set(struct store *s, const struct shelf *at, int64_t counted, int64_t valid_ms, const char *what, const char *ref,
                      const struct cause *why, struct err *err);

#endif
