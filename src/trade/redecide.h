#ifndef TALLYMAN_REDECIDE_H
#define TALLYMAN_REDECIDE_H
/*
 * redecide.h: decisions of the past once more, from what was known then, by rules that may be others: which would have come out differently.
 *
 * It walks a copy of the store backwards (trade/past.h), from decision to decision: each quantity that a rule set, and each time when what is available of an
 * item had changed and no quantity did. Rules are the configuration that is given, the overrides and tags of today, and this program. What the past does not
 * keep is as it is now: kits, and which account was switched off.
 */
#include "base/arena.h"
#include "base/err.h"
#include "trade/policy.h"

#include <stdbool.h>
#include <stdint.h>

struct store;

/* One quantity that would be another. */
struct redecision {
	int64_t at_ms, offer;
	const char *sku, *account, *marketplace;
	int64_t available;      /* of the item, then */
	int64_t was, would;     /* was: what was decided, -1: nothing */
	const char *words;      /* the equation by these rules */
};

struct redecided {
	int64_t moments;        /* items thought over again, each once a moment */
	int64_t decisions;      /* offers looked at there */
	int64_t same;
	struct redecision *of;  /* the others, oldest first; the newest `most` of them */
	int n;
	bool cut;               /* there were more */
};

/*
 * scratch: a copy of the store as it is now, which is used up. item: of one only; 0: of all. Holds and numbers that a person set are no decision of a
 * rule. FAULT_REFUSED: nothing is known of so early a time.
 */
enum fault redecide(struct store *scratch, const struct policy_book *book, int64_t item, int64_t from_ms, int64_t until_ms, int most, struct arena *a,
                    struct redecided *out, struct err *err);

#endif
