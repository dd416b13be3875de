#ifndef TALLYMAN_SIGN_H
#define TALLYMAN_SIGN_H
/*
 * sign.h: what proves who speaks, and what was said. OpenSSL behind five functions.
 */
#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>

enum { SIGN_SHA256_BYTES = 32 };

/* RFC 4648 base64 with padding, on one line; lives in a. */
char *sign_base64(struct arena *a, const void *p, size_t n);

/* "Basic " and base64 of "id:secret" (RFC 7617): the value of an Authorization header. */
char *sign_basic(struct arena *a, const char *id, const char *secret);

void sign_hmac_sha256(const void *key, size_t key_len, const void *p, size_t n, unsigned char out[SIGN_SHA256_BYTES]);

/* Lower case; out holds at least 65 bytes. */
void sign_sha256_hex(const void *p, size_t n, char *out);

/*
 * A name-based UUID (RFC 9562 version 5): the same decision always has the same key. space is a UUID as text; out holds
 * at least 37 bytes. false: space is no UUID.
 */
bool sign_uuid5(const char *space, const char *name, char *out);

#endif
