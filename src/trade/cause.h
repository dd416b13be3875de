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
 * Sealing is done by who holds the keys (engine/vault.c); trade only carries it. aad binds the
 * sealed bytes to their row. seal returns bytes in a, never NULL.
 */
struct sealer {
	void *(*seal)(void *ctx, struct arena *a, const void *plain, size_t n, const char *aad, size_t *sealed_n);
	/* NULL when they were tampered with or the key is gone. */
	void *(*unseal)(void *ctx, struct arena *a, const void *sealed, size_t n, const char *aad, size_t *plain_n);
	void *ctx;
	int64_t key_id;
};

#endif
