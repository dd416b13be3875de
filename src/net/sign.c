#include "net/sign.h"

#include <assert.h>
#include <limits.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * OpenSSL 3 looks an algorithm up by name at each use. That costs a third of a microsecond, and we make some tens
 * of requests a second; the audit chain, which hashes millions of rows in one go, keeps its own.
 */
static void digest(const char *algorithm, const void *p, size_t n, unsigned char *out)
{
	if (!EVP_Q_digest(NULL, algorithm, NULL, p, n, out, NULL))
		abort(); /* no memory, or an OpenSSL without it: nothing true could be said any more */
}

char *sign_base64(struct arena *a, const void *p, size_t n)
{
	char *out;

	assert(n < INT_MAX / 2);
	out = arena_alloc(a, (n + 2) / 3 * 4 + 1);
	EVP_EncodeBlock((unsigned char *)out, p, (int)n);
	return out;
}

char *sign_basic(struct arena *a, const char *id, const char *secret)
{
	char *pair = arena_printf(a, "%s:%s", id, secret);
	char *encoded = sign_base64(a, pair, strlen(pair));

	OPENSSL_cleanse(pair, strlen(pair));
	return arena_printf(a, "Basic %s", encoded);
}

void sign_hmac_sha256(const void *key, size_t key_len, const void *p, size_t n, unsigned char out[SIGN_SHA256_BYTES])
{
	size_t written;

	if (!EVP_Q_mac(NULL, "HMAC", NULL, "SHA256", NULL, key, key_len, p, n, out, SIGN_SHA256_BYTES, &written))
		abort();
}

static void hex(const unsigned char *p, size_t n, char *out)
{
	for (size_t i = 0; i < n; i++)
		snprintf(out + 2 * i, 3, "%02x", p[i]);
}

void sign_sha256_hex(const void *p, size_t n, char *out)
{
	unsigned char sum[SIGN_SHA256_BYTES];

	digest("SHA256", p, n, sum);
	hex(sum, sizeof sum, out);
}

static int nibble(char c)
{
	static const char digits[] = "0123456789abcdef0123456789ABCDEF";
	const char *p = c ? strchr(digits, c) : NULL;

	return p ? (int)(p - digits) % 16 : -1;
}

/* "6ba7b810-9dad-11d1-80b4-00c04fd430c8" to its sixteen bytes. */
static bool uuid_bytes(const char *text, unsigned char *out)
{
	if (strlen(text) != 36)
		return false;
	for (int i = 0, k = 0; i < 36; i++) {
		if (i == 8 || i == 13 || i == 18 || i == 23) {
			if (text[i] != '-')
				return false;
			continue;
		}
		if (nibble(text[i]) < 0 || nibble(text[i + 1]) < 0)
			return false;
		out[k++] = (unsigned char)(nibble(text[i]) << 4 | nibble(text[i + 1]));
		i++;
	}
	return true;
}

static void uuid_text(const unsigned char *b, char *out)
{
	char digits[33];

	hex(b, 16, digits);
	snprintf(out, 37, "%.8s-%.4s-%.4s-%.4s-%.12s", digits, digits + 8, digits + 12, digits + 16, digits + 20);
}

bool sign_uuid5(const char *space, const char *name, char *out)
{
	size_t n = strlen(name);
	unsigned char *text = malloc(16 + n), sum[20];

	if (!text)
		abort();
	if (!uuid_bytes(space, text)) {
		free(text);
		return false;
	}
	memcpy(text + 16, name, n);
	digest("SHA1", text, 16 + n, sum);
	free(text);
	sum[6] = (unsigned char)((sum[6] & 0x0f) | 0x50);
	sum[8] = (unsigned char)((sum[8] & 0x3f) | 0x80);
	uuid_text(sum, out);
	return true;
}
