/* trade_seal.h: a seal for tests: not secret, but bound to its row and breakable. */
#ifndef TALLYMAN_TESTS_TRADE_SEAL_H
#define TALLYMAN_TESTS_TRADE_SEAL_H
#include "base/arena.h"
#include "trade/cause.h"

#include <string.h>

static inline void *test_seal(void *ctx, struct arena *a, int64_t day, const void *p, size_t n, const char *aad, size_t *out_n)
{
	size_t k = strlen(aad);
	unsigned char *out = arena_alloc(a, n + k + 1);

	(void)ctx, (void)day;
	memcpy(out, aad, k);
	for (size_t i = 0; i < n; i++)
		out[k + i] = ((const unsigned char *)p)[i] ^ 0x5a;
	*out_n = n + k;
	return out;
}

static inline void *test_unseal(void *ctx, struct arena *a, int64_t day, const void *p, size_t n, const char *aad, size_t *out_n)
{
	size_t k = strlen(aad);
	unsigned char *out = arena_alloc(a, n + 1);

	(void)ctx, (void)day;
	if (n < k || memcmp(p, aad, k))
		return NULL;
	for (size_t i = 0; i < n - k; i++)
		out[i] = ((const unsigned char *)p)[k + i] ^ 0x5a;
	*out_n = n - k;
	return out;
}

static const struct sealer seal = { test_seal, test_unseal, NULL };

#endif
