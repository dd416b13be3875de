#ifndef TALLYMAN_SIGN_H
#define TALLYMAN_SIGN_H
/*
 * sign.h: what proves who speaks, and what was said. OpenSSL behind a few functions.
 */
#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

enum { SIGN_SHA256_BYTES = 32 };

/* RFC 4648 base64 with padding, on one line; lives in a. */
char *sign_base64(struct arena *a, const void *p, size_t n);

/* The same with the other alphabet and no padding: a piece of a JWT (RFC 7515 section 2). */
char *sign_base64url(struct arena *a, const void *p, size_t n);

/* "Basic " and base64 of "id:secret" (RFC 7617): the value of an Authorization header. */
char *sign_basic(struct arena *a, const char *id, const char *secret);

void sign_hmac_sha256(const void *key, size_t key_len, const void *p, size_t n, unsigned char out[SIGN_SHA256_BYTES]);

/*
 * What a private key signs by (RFC 7518 section 3): "PS256" for one of RSA, "ES256" for one of P-256. pem: PKCS#8 or the kinds before it, without a
 * passphrase. NULL: it will not do, and err says why without a byte of it.
 */
const char *sign_jws_algorithm(const char *pem, struct err *err);

/* "HEADER.CLAIMS", base64url both, with its signature behind it; NULL with err. A new one each time: both algorithms draw a random number. */
char *sign_jws(struct arena *a, const char *pem, const char *said, struct err *err);

#endif
