#ifndef TALLYMAN_SUPPRESSED_H
#define TALLYMAN_SUPPRESSED_H
/*
 * suppressed.h: offers that show nothing although there is stock, because a rule keeps the last units back: which rule, since when, what it is worth, and what would
 * put one on sale. Only rules that a person can change are named; who holds an offer at zero, or waits for others, is another story.
 */
#include "base/arena.h"
#include "base/err.h"
#include "trade/offers.h"
#include "trade/policy.h"

#include <stdint.h>

struct store;

struct suppressed {
	struct offer offer;
	enum policy_key key;     /* the rule without which at least one would be shown; POLICY_KEYS: no single one */
	const char *by;          /* "5u/15%, by default": what it says and who said so */
	const char *propose;     /* "buffer 2u/0%": the mildest value of it that shows at least one; "" */
	int64_t would;           /* how many would be shown then */
	int64_t since_ms;        /* nothing is wanted since then */
	int64_t price_minor;     /* of one, as it was sold last on any account; 0: never */
	const char *currency;
};

/*
 * Offers by number after `after`, at most n rows looked at that want nothing; got may be less, for some are zero for another reason. *upto: the last one looked
 * at, 0 when there are no more.
 */
enum fault suppressed_page(struct store *s, int64_t after, int n, int64_t now_ms, struct arena *a, struct suppressed **out, int *got, int64_t *upto, struct err *err);

#endif
