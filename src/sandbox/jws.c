#include "sandbox/jws.h"

#include "sandbox/call.h"
#include "sandbox/hmac.h"
#include "sandbox/modular.h"

#include <string.h>

enum { HASH = HMAC_DIGEST };

/* ---- RSASSA-PSS, RFC 8017 ---- */

/* Appendix B.2.1: as many bytes as are wanted, out of a seed; laid over what is there. */
static void mask(const unsigned char seed[HASH], unsigned char *over, size_t n)
{
	unsigned char block[HASH + 4], hash[HASH];

	memcpy(block, seed, HASH);
	for (size_t i = 0; i < n; i++) {
		size_t count = i / HASH;

		if (i % HASH == 0) {
			for (int k = 0; k < 4; k++)
				block[HASH + k] = (unsigned char)(count >> (24 - 8 * k));
			hmac_digest(block, sizeof block, hash);
		}
		over[i] ^= hash[i % HASH];
	}
}

/* 9.1.2, for a modulus whose highest bit is set, as all real ones have it: of the encoded message's bits one less. */
static bool encoding_fits(unsigned char *em, size_t n, const unsigned char digest[HASH])
{
	size_t db = n - HASH - 1;
	unsigned char last[8 + 2 * HASH] = { 0 }, hash[HASH];

	if (n < 2 * HASH + 2 || em[n - 1] != 0xbc || em[0] & 0x80)
		return false;
	mask(em + db, em, db);
	em[0] &= 0x7f;
	for (size_t i = 0; i < db - HASH - 1; i++)
		if (em[i])
			return false;
	if (em[db - HASH - 1] != 1)
		return false;
	memcpy(last + 8, digest, HASH);
	memcpy(last + 8 + HASH, em + db - HASH, HASH);
	hmac_digest(last, sizeof last, hash);
	return !memcmp(hash, em + db, HASH);
}

bool jws_pss(const unsigned char *n, size_t n_len, const void *said, size_t len, const unsigned char *sig, size_t sig_len)
{
	static const unsigned char exponent[] = { 1, 0, 1 };
	unsigned char em[NUMBER_BYTES], digest[HASH];
	struct modulus m;
	struct number x;

	if (!modulus_read(n, n_len, &m) || !(n[0] & 0x80) || sig_len != n_len || !number_read(&m, sig, sig_len, &x))
		return false;
	number_write(&m, mod_out(&m, mod_power(&m, mod_in(&m, x), exponent, sizeof exponent)), em, n_len);
	hmac_digest(said, len, digest);
	return encoding_fits(em, n_len, digest);
}

/* ---- ECDSA with P-256, FIPS 186-4, 6.4 and D.1.2.3 ---- */

static const unsigned char field[32] = {
	0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
};
static const unsigned char order[32] = {
	0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
};
static const unsigned char base_x[32] = {
	0x6b, 0x17, 0xd1, 0xf2, 0xe1, 0x2c, 0x42, 0x47, 0xf8, 0xbc, 0xe6, 0xe5, 0x63, 0xa4, 0x40, 0xf2,
	0x77, 0x03, 0x7d, 0x81, 0x2d, 0xeb, 0x33, 0xa0, 0xf4, 0xa1, 0x39, 0x45, 0xd8, 0x98, 0xc2, 0x96,
};
static const unsigned char base_y[32] = {
	0x4f, 0xe3, 0x42, 0xe2, 0xfe, 0x1a, 0x7f, 0x9b, 0x8e, 0xe7, 0xeb, 0x4a, 0x7c, 0x0f, 0x9e, 0x16,
	0x2b, 0xce, 0x33, 0x57, 0x6b, 0x31, 0x5e, 0xce, 0xcb, 0xb6, 0x40, 0x68, 0x37, 0xbf, 0x51, 0xf5,
};

/* In Jacobian coordinates: (X / Z^2, Y / Z^3); nowhere, where Z is zero. */
struct point {
	struct number x, y, z;
};

static struct point twice(const struct modulus *p, const struct point *a)
{
	struct number delta = mod_mul(p, a->z, a->z), gamma = mod_mul(p, a->y, a->y), beta = mod_mul(p, a->x, gamma);
	struct number slope = mod_mul(p, mod_sub(p, a->x, delta), mod_add(p, a->x, delta)), yz = mod_add(p, a->y, a->z);
	struct number beta4, gamma8 = mod_mul(p, gamma, gamma);
	struct point out;

	slope = mod_add(p, mod_add(p, slope, slope), slope);
	beta = mod_add(p, beta, beta);
	beta4 = mod_add(p, beta, beta);
	for (int i = 0; i < 3; i++)
		gamma8 = mod_add(p, gamma8, gamma8);
	out.x = mod_sub(p, mod_mul(p, slope, slope), mod_add(p, beta4, beta4));
	out.y = mod_sub(p, mod_mul(p, slope, mod_sub(p, beta4, out.x)), gamma8);
	out.z = mod_sub(p, mod_mul(p, yz, yz), mod_add(p, gamma, delta));
	return out;
}

static struct point sum(const struct modulus *p, const struct point *a, const struct point *b)
{
	struct number za = mod_mul(p, a->z, a->z), zb = mod_mul(p, b->z, b->z);
	struct number xa = mod_mul(p, a->x, zb), ya = mod_mul(p, a->y, mod_mul(p, b->z, zb));
	struct number h = mod_sub(p, mod_mul(p, b->x, za), xa), r = mod_sub(p, mod_mul(p, b->y, mod_mul(p, a->z, za)), ya);
	struct number h2 = mod_mul(p, h, h), h3 = mod_mul(p, h, h2), v = mod_mul(p, xa, h2);
	struct point out;

	if (number_is_zero(p, a->z))
		return *b;
	if (number_is_zero(p, b->z))
		return *a;
	if (number_is_zero(p, h) && number_is_zero(p, r))
		return twice(p, a);
	out.x = mod_sub(p, mod_sub(p, mod_mul(p, r, r), h3), mod_add(p, v, v));
	out.y = mod_sub(p, mod_mul(p, r, mod_sub(p, v, out.x)), mod_mul(p, ya, h3));
	out.z = mod_mul(p, h, mod_mul(p, a->z, b->z));
	return out;
}

static struct point times(const struct modulus *p, const struct point *a, const unsigned char by[32])
{
	struct point out = { .z = { { 0 } } };

	for (int bit = 0; bit < 256; bit++) {
		out = twice(p, &out);
		if (by[bit / 8] >> (7 - bit % 8) & 1)
			out = sum(p, &out, a);
	}
	return out;
}

static bool point_read(const struct modulus *p, const unsigned char x[32], const unsigned char y[32], struct point *out)
{
	struct number one = { { 1 } };

	if (!number_read(p, x, 32, &out->x) || !number_read(p, y, 32, &out->y))
		return false;
	out->x = mod_in(p, out->x);
	out->y = mod_in(p, out->y);
	out->z = mod_in(p, one);
	return true;
}

/* x to the power of the modulus less two, which is 1/x under a prime one. */
static struct number inverse(const struct modulus *m, const unsigned char prime[32], struct number x)
{
	unsigned char less[32];

	memcpy(less, prime, sizeof less);
	less[31] = (unsigned char)(less[31] - 2); /* neither prime ends in 0 or 1 */
	return mod_power(m, x, less, sizeof less);
}

/* A digest or a coordinate modulo the order, which neither is twice of. */
static struct number below_order(const struct modulus *n, const unsigned char bytes[32])
{
	struct number out;

	return number_read(n, bytes, 32, &out) ? out : mod_sub(n, out, n->m);
}

/* The two multiples of the base and the key that a signature of this digest asks for. */
static bool multiples(const unsigned char digest[HASH], const unsigned char *sig, unsigned char of_base[32], unsigned char of_key[32])
{
	struct modulus n;
	struct number r, s, e, w;

	modulus_read(order, sizeof order, &n);
	if (!number_read(&n, sig, 32, &r) || !number_read(&n, sig + 32, 32, &s) || number_is_zero(&n, r) || number_is_zero(&n, s))
		return false;
	e = below_order(&n, digest);
	w = inverse(&n, order, mod_in(&n, s));
	number_write(&n, mod_out(&n, mod_mul(&n, mod_in(&n, e), w)), of_base, 32);
	number_write(&n, mod_out(&n, mod_mul(&n, mod_in(&n, r), w)), of_key, 32);
	return true;
}

/* Is the point's x, modulo the order, the number that the signature begins with? */
static bool is_at(const struct modulus *p, const struct point *a, const unsigned char *sig)
{
	struct number z = inverse(p, field, a->z), is;
	unsigned char x[32];
	struct modulus n;

	modulus_read(order, sizeof order, &n);
	number_write(p, mod_out(p, mod_mul(p, a->x, mod_mul(p, z, z))), x, sizeof x);
	is = below_order(&n, x);
	number_write(&n, is, x, sizeof x);
	return !number_is_zero(p, a->z) && !memcmp(x, sig, sizeof x);
}

bool jws_ecdsa(const unsigned char x[32], const unsigned char y[32], const void *said, size_t len, const unsigned char *sig, size_t sig_len)
{
	unsigned char digest[HASH], of_base[32], of_key[32];
	struct point base, key, at;
	struct modulus p;

	modulus_read(field, sizeof field, &p);
	hmac_digest(said, len, digest);
	if (sig_len != 64 || !point_read(&p, base_x, base_y, &base) || !point_read(&p, x, y, &key) || !multiples(digest, sig, of_base, of_key))
		return false;
	base = times(&p, &base, of_base);
	key = times(&p, &key, of_key);
	at = sum(&p, &base, &key);
	return is_at(&p, &at, sig);
}

/* ---- JWS ---- */

static size_t hex_read(const char *s, unsigned char *out, size_t cap)
{
	static const char digits[] = "0123456789abcdef";
	size_t n = strlen(s) / 2;

	if (n > cap)
		return 0;
	for (size_t i = 0; i < n; i++) {
		const char *high = strchr(digits, s[2 * i]), *low = strchr(digits, s[2 * i + 1]);

		if (!high || !low)
			return 0;
		out[i] = (unsigned char)((high - digits) << 4 | (low - digits));
	}
	return n;
}

bool jws_fits(struct arena *a, const struct jws_key *key, const char *alg, const char *jwt)
{
	const char *claims = strchr(jwt, '.'), *dot = claims ? strchr(claims + 1, '.') : NULL;
	unsigned char n[NUMBER_BYTES], y[32];
	const unsigned char *sig;
	size_t n_len, sig_len;

	if (!dot || dot[1 + strspn(dot + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")])
		return false;
	sig = (const unsigned char *)base64_bytes(a, dot + 1, &sig_len);
	if (key->n && !strcmp(alg, "PS256")) {
		n_len = hex_read(key->n, n, sizeof n);
		return jws_pss(n, n_len, jwt, (size_t)(dot - jwt), sig, sig_len);
	}
	return key->x && !strcmp(alg, "ES256") && hex_read(key->x, n, 32) == 32 && hex_read(key->y, y, 32) == 32 &&
	       jws_ecdsa(n, y, jwt, (size_t)(dot - jwt), sig, sig_len);
}
