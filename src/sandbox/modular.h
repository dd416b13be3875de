#ifndef TALLYMAN_SANDBOX_MODULAR_H
#define TALLYMAN_SANDBOX_MODULAR_H
/*
 * modular.h: arithmetic with large numbers under an odd modulus, after Montgomery.
 *
 * A number is kept times R, a power of two above the modulus, so that a product needs no division ("Modular Multiplication Without Trial
 * Division", 1985). It takes as long as it takes: nothing here is a secret.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { NUMBER_LIMBS = 128, NUMBER_BYTES = NUMBER_LIMBS * 4 }; /* 4096 bits */

struct number {
	uint32_t limb[NUMBER_LIMBS]; /* the smallest first; of a modulus' own count */
};

struct modulus {
	struct number m, square; /* square: R * R, which brings a number in */
	uint32_t inverse;        /* of -m, modulo 2^32 */
	int limbs;
};

/* From big-endian bytes; false: it is even, zero, or too long. */
bool modulus_read(const unsigned char *bytes, size_t n, struct modulus *out);

/* A plain number below the modulus, from big-endian bytes; false: it is not below it. */
bool number_read(const struct modulus *m, const unsigned char *bytes, size_t n, struct number *out);
void number_write(const struct modulus *m, struct number x, unsigned char *bytes, size_t n);

struct number mod_in(const struct modulus *m, struct number plain);
struct number mod_out(const struct modulus *m, struct number x);

struct number mod_add(const struct modulus *m, struct number a, struct number b);
struct number mod_sub(const struct modulus *m, struct number a, struct number b);
struct number mod_mul(const struct modulus *m, struct number a, struct number b); /* of two that are in */
struct number mod_power(const struct modulus *m, struct number x, const unsigned char *exponent, size_t n);

bool number_is_zero(const struct modulus *m, struct number x);

#endif
