#ifndef TALLYMAN_PANES_LIMITS_H
#define TALLYMAN_PANES_LIMITS_H
/*
 * limits.h: accounts with their buckets and breakers, as Overview and Engine show them.
 */
#include "trade/accounts.h"
#include "ui/panes/words.h"

struct limits {
	struct account_row *account;
	int accounts;
	struct bucket_row *bucket;
	int buckets;
	struct breaker_row *breaker;
	int breakers;
};

enum fault limits_read(struct store *s, struct arena *a, struct limits *out, struct err *err);

/* Part of a whole; whole 0: not known. */
struct share {
	int64_t part, whole;
};

/* What a bucket holds by now: what it held when it was last written, and what it has gained since. */
struct share bucket_left(const struct bucket_row *b, int64_t now_ms);

/* The emptiest bucket of an account. */
struct share limits_worst(const struct limits *l, int64_t account, int64_t now_ms);

/* The worst breaker of an account: "OPEN", "half", "closed"; "-" when it has none. */
struct word limits_breaker(const struct limits *l, int64_t account);
struct word breaker_word(const char *state);

/* "74%"; "-" when not known. */
const char *say_share(struct arena *a, struct share s);

#endif
