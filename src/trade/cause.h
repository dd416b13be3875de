#ifndef TALLYMAN_CAUSE_H
#define TALLYMAN_CAUSE_H
/*
 * cause.h: who and what stands behind a fact that is being written.
 *
 * Every writer of trade/ takes one. Valid time (when it was so) is told with the fact itself;
 * the rest is here.
 */
#include <stddef.h>
#include <stdint.h>

struct cause {
	int64_t now_ms;     /* known time */
	const char *actor;  /* "channel:walmart-us", "uid:1000 jo", "rule:stock", "file:counts.csv" */
	const char *trace;  /* links the intent, job, attempts and read-back of one story */
	int64_t config_id;  /* configuration in force; 0: none */
	int64_t attempt_id; /* the reply it was learnt from; 0: none */
};

struct arena;

/*
 * Sealing is done by who holds the keys (engine/vault.h); trade only carries it. What is sealed until a moment is sealed with the key of that day
 * (day_of, UTC), which is destroyed when the day is over: then no copy of it can be opened, in a backup either. aad binds the sealed bytes to
 * their row. seal returns bytes in a; NULL when that day's key could not be written down (a full disk), for then nothing may be sealed with it.
 */
struct sealer {
	void *(*seal)(void *ctx, struct arena *a, int64_t day, const void *plain, size_t n, const char *aad, size_t *sealed_n);
	/* NULL when they were tampered with or the day's key is gone. */
	void *(*unseal)(void *ctx, struct arena *a, int64_t day, const void *sealed, size_t n, const char *aad, size_t *plain_n);
	void *ctx;
};

enum { PURGE_SLICE = 500 }; /* rows purged at once */

static inline int64_t day_of(int64_t ms)
{
	return ms / INT64_C(86400000);
}

#endif
