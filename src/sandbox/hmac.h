#ifndef TALLYMAN_SANDBOX_HMAC_H
#define TALLYMAN_SANDBOX_HMAC_H
/*
 * hmac.h: HMAC-SHA256 of the simulated platforms' own.
 *
 * The client signs with a library; what checks the signature here is written from the standards (FIPS 180-4, RFC 2104), so
 * that the two cannot be wrong in the same way. It guards nothing: it is a witness.
 */
#include "base/arena.h"

#include <stddef.h>

enum { HMAC_DIGEST = 32 };

/* SHA-256 of n bytes. */
void hmac_digest(const void *data, size_t n, unsigned char out[HMAC_DIGEST]);

/* The signature in base64 of the ordinary alphabet, padded. */
const char *hmac_base64(struct arena *a, const char *key, const char *text);

#endif
