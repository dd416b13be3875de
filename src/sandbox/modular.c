#include "sandbox/modular.h"

#include <string.h>

/* Of n limbs: a - b, and whether something had to be borrowed. */
static bool subtract(uint32_t *out, const uint32_t *a, const uint32_t *b, int n)
{
	uint64_t borrow = 0;

	for (int i = 0; i < n; i++) {
		uint64_t x = (uint64_t)a[i] - b[i] - borrow;

		out[i] = (uint32_t)x;
		borrow = x >> 63;
	}
	return borrow;
}

/* x, which has one limb more at the top, less the modulus where it is not below it. */
static struct number reduced(const struct modulus *m, const uint32_t *x, uint32_t top)
{
	struct number out = { { 0 } };

	if (subtract(out.limb, x, m->m.limb, m->limbs) && !top)
		memcpy(out.limb, x, (size_t)m->limbs * sizeof *x);
	return out;
}

struct number mod_add(const struct modulus *m, struct number a, struct number b)
{
	uint64_t carry = 0;

	for (int i = 0; i < m->limbs; i++) {
		carry += (uint64_t)a.limb[i] + b.limb[i];
		a.limb[i] = (uint32_t)carry;
		carry >>= 32;
	}
	return reduced(m, a.limb, (uint32_t)carry);
}

struct number mod_sub(const struct modulus *m, struct number a, struct number b)
{
	uint64_t carry = 0;

	if (!subtract(a.limb, a.limb, b.limb, m->limbs))
		return a;
	for (int i = 0; i < m->limbs; i++) {
		carry += (uint64_t)a.limb[i] + m->m.limb[i];
		a.limb[i] = (uint32_t)carry;
		carry >>= 32;
	}
	return a;
}

struct number mod_mul(const struct modulus *m, struct number a, struct number b)
{
	uint32_t t[NUMBER_LIMBS + 2] = { 0 };
	int n = m->limbs;

	for (int i = 0; i < n; i++) {
		uint64_t carry = 0;
		uint32_t by;

		for (int k = 0; k < n; k++) {
			carry += (uint64_t)a.limb[k] * b.limb[i] + t[k];
			t[k] = (uint32_t)carry;
			carry >>= 32;
		}
		carry += t[n];
		t[n] = (uint32_t)carry;
		t[n + 1] = (uint32_t)(carry >> 32);
		by = t[0] * m->inverse;
		carry = ((uint64_t)by * m->m.limb[0] + t[0]) >> 32; /* so much of the modulus that the lowest limb is gone */
		for (int k = 1; k < n; k++) {
			carry += (uint64_t)by * m->m.limb[k] + t[k];
			t[k - 1] = (uint32_t)carry;
			carry >>= 32;
		}
		carry += t[n];
		t[n - 1] = (uint32_t)carry;
		t[n] = t[n + 1] + (uint32_t)(carry >> 32);
	}
	return reduced(m, t, t[n]);
}

struct number mod_power(const struct modulus *m, struct number x, const unsigned char *exponent, size_t n)
{
	struct number out = mod_in(m, (struct number){ { 1 } });

	for (size_t bit = 0; bit < 8 * n; bit++) {
		out = mod_mul(m, out, out);
		if (exponent[bit / 8] >> (7 - bit % 8) & 1)
			out = mod_mul(m, out, x);
	}
	return out;
}

struct number mod_in(const struct modulus *m, struct number plain)
{
	return mod_mul(m, plain, m->square);
}

struct number mod_out(const struct modulus *m, struct number x)
{
	return mod_mul(m, x, (struct number){ { 1 } });
}

static struct number from_bytes(const unsigned char *bytes, size_t n)
{
	struct number out = { { 0 } };

	for (size_t i = 0; i < n; i++)
		out.limb[i / 4] |= (uint32_t)bytes[n - 1 - i] << (8 * (i % 4));
	return out;
}

bool number_is_zero(const struct modulus *m, struct number x)
{
	uint32_t any = 0;

	for (int i = 0; i < m->limbs; i++)
		any |= x.limb[i];
	return !any;
}

bool number_read(const struct modulus *m, const unsigned char *bytes, size_t n, struct number *out)
{
	struct number less;

	if (n > (size_t)m->limbs * 4)
		return false;
	*out = from_bytes(bytes, n);
	return subtract(less.limb, out->limb, m->m.limb, m->limbs);
}

void number_write(const struct modulus *m, struct number x, unsigned char *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		bytes[n - 1 - i] = i < (size_t)m->limbs * 4 ? (unsigned char)(x.limb[i / 4] >> (8 * (i % 4))) : 0;
}

bool modulus_read(const unsigned char *bytes, size_t n, struct modulus *out)
{
	uint32_t x = 1;

	while (n && !*bytes) {
		bytes++;
		n--;
	}
	if (!n || n > NUMBER_BYTES || !(bytes[n - 1] & 1))
		return false;
	*out = (struct modulus){ .m = from_bytes(bytes, n), .limbs = (int)((n + 3) / 4) };
	for (int i = 0; i < 5; i++) /* each step of Newton's doubles the bits that are right */
		x *= 2 - out->m.limb[0] * x;
	out->inverse = -x;
	out->square.limb[0] = 1;
	for (int i = 0; i < 64 * out->limbs; i++)
		out->square = mod_add(out, out->square, out->square);
	return true;
}
