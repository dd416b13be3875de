#ifndef TALLYMAN_SANDBOX_JWS_H
#define TALLYMAN_SANDBOX_JWS_H
/*
 * jws.h: signatures of public-key cryptography, checked: PS256 and ES256 of RFC 7518.
 *
 * The client signs with a library; what checks it here is written from the standards (RFC 8017, FIPS 186-4), so that the two cannot be wrong in the
 * same way. It guards nothing: it is a witness.
 */
#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>

struct jws_key {
	const char *kid;
	const char *n;      /* RSA: the modulus in hex; its exponent is 65537 */
	const char *x, *y;  /* P-256: the point in hex */
};

/* RSASSA-PSS with SHA-256, MGF1 of it, and a salt of 32 bytes, as RFC 7518 3.5 wants it. */
bool jws_pss(const unsigned char *n, size_t n_len, const void *said, size_t len, const unsigned char *sig, size_t sig_len);

/* ECDSA with P-256 and SHA-256; the signature is r and s, 32 bytes each (RFC 7518 3.4). */
bool jws_ecdsa(const unsigned char x[32], const unsigned char y[32], const void *said, size_t len, const unsigned char *sig, size_t sig_len);

/* Is the third part of "header.claims.signature" this key's signature of the others, by the algorithm that the key is for? */
bool jws_fits(struct arena *a, const struct jws_key *key, const char *alg, const char *jwt);

#endif
