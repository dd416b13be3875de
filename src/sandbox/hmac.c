#include "sandbox/hmac.h"

#include <stdint.h>
#include <string.h>

enum { BLOCK = 64, DIGEST = HMAC_DIGEST };

/* FIPS 180-4, 4.2.2: the fractional parts of the cube roots of the first 64 primes. */
static const uint32_t rounds[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be,
	0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa,
	0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85,
	0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3,
	0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f,
	0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t turn(uint32_t x, int n)
{
	return x >> n | x << (32 - n);
}

static void schedule(const unsigned char *block, uint32_t w[64])
{
	for (int i = 0; i < 16; i++)
		w[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 | (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
	for (int i = 16; i < 64; i++) {
		uint32_t s0 = turn(w[i - 15], 7) ^ turn(w[i - 15], 18) ^ w[i - 15] >> 3;
		uint32_t s1 = turn(w[i - 2], 17) ^ turn(w[i - 2], 19) ^ w[i - 2] >> 10;

		w[i] = w[i - 16] + s0 + w[i - 7] + s1;
	}
}

static void compress(uint32_t h[8], const unsigned char *block)
{
	uint32_t w[64], v[8];

	schedule(block, w);
	memcpy(v, h, sizeof v);
	for (int i = 0; i < 64; i++) {
		uint32_t s1 = turn(v[4], 6) ^ turn(v[4], 11) ^ turn(v[4], 25), choose = (v[4] & v[5]) ^ (~v[4] & v[6]);
		uint32_t s0 = turn(v[0], 2) ^ turn(v[0], 13) ^ turn(v[0], 22), most = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]);
		uint32_t t = v[7] + s1 + choose + rounds[i] + w[i];

		memmove(v + 1, v, 7 * sizeof *v);
		v[4] += t;
		v[0] = t + s0 + most;
	}
	for (int i = 0; i < 8; i++)
		h[i] += v[i];
}

void hmac_digest(const void *data, size_t n, unsigned char out[DIGEST])
{
	uint32_t h[8] = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19 };
	const unsigned char *from = data;
	unsigned char last[2 * BLOCK] = { 0 };
	size_t left = n % BLOCK, blocks = left < BLOCK - 8 ? 1 : 2;
	uint64_t bits = (uint64_t)n * 8;

	for (size_t at = 0; at + BLOCK <= n; at += BLOCK)
		compress(h, from + at);
	if (left)
		memcpy(last, from + n - left, left);
	last[left] = 0x80;
	for (size_t i = 0; i < 8; i++)
		last[blocks * BLOCK - 1 - i] = (unsigned char)(bits >> (8 * i));
	for (size_t i = 0; i < blocks; i++)
		compress(h, last + i * BLOCK);
	for (int i = 0; i < DIGEST; i++)
		out[i] = (unsigned char)(h[i / 4] >> (24 - 8 * (i % 4)));
}

/* RFC 2104, with keys of any length. */
static void hmac(struct arena *a, const char *key, const char *text, unsigned char out[DIGEST])
{
	unsigned char pad[BLOCK] = { 0 }, digest[DIGEST];
	size_t n = strlen(text);
	unsigned char *message = arena_alloc(a, BLOCK + (n > DIGEST ? n : DIGEST));

	if (strlen(key) > BLOCK)
		hmac_digest(key, strlen(key), pad);
	else
		memcpy(pad, key, strlen(key));
	for (int i = 0; i < BLOCK; i++)
		message[i] = pad[i] ^ 0x36;
	memcpy(message + BLOCK, text, n);
	hmac_digest(message, BLOCK + n, digest);
	for (int i = 0; i < BLOCK; i++)
		message[i] = pad[i] ^ 0x5c;
	memcpy(message + BLOCK, digest, DIGEST);
	hmac_digest(message, BLOCK + DIGEST, out);
}

const char *hmac_base64(struct arena *a, const char *key, const char *text)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	unsigned char d[DIGEST + 1] = { 0 };
	char *out = arena_alloc(a, 45);

	hmac(a, key, text, d);
	for (int i = 0; i < 11; i++) {
		unsigned bits = (unsigned)d[3 * i] << 16 | (unsigned)d[3 * i + 1] << 8 | (i < 10 ? d[3 * i + 2] : 0);

		for (int k = 0; k < 4; k++)
			out[4 * i + k] = digits[bits >> (18 - 6 * k) & 63];
	}
	out[43] = '=';
	out[44] = '\0';
	return out;
}
