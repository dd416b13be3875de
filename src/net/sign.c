#include "net/sign.h"

#include <assert.h>
#include <limits.h>
#include <openssl/crypto.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <stdlib.h>
#include <string.h>

char *sign_base64(struct arena *a, const void *p, size_t n)
{
	char *out;

	assert(n < INT_MAX / 2);
	out = arena_alloc(a, (n + 2) / 3 * 4 + 1);
	EVP_EncodeBlock((unsigned char *)out, p, (int)n);
	return out;
}

char *sign_base64url(struct arena *a, const void *p, size_t n)
{
	char *out = sign_base64(a, p, n), *q = out;

	for (; *q && *q != '='; q++)
		*q = *q == '+' ? '-' : *q == '/' ? '_' : *q;
	*q = '\0';
	return out;
}

char *sign_basic(struct arena *a, const char *id, const char *secret)
{
	char *pair = arena_printf(a, "%s:%s", id, secret);
	char *encoded = sign_base64(a, pair, strlen(pair));

	OPENSSL_cleanse(pair, strlen(pair));
	return arena_printf(a, "Basic %s", encoded);
}

/*
 * OpenSSL 3 looks an algorithm up by name at each use. That costs a third of a microsecond, and we make some tens
 * of requests a second.
 */
void sign_hmac_sha256(const void *key, size_t key_len, const void *p, size_t n, unsigned char out[SIGN_SHA256_BYTES])
{
	size_t written;

	if (!EVP_Q_mac(NULL, "HMAC", NULL, "SHA256", NULL, key, key_len, p, n, out, SIGN_SHA256_BYTES, &written))
		abort(); /* no memory, or an OpenSSL without it: nothing true could be said any more */
}

/* ---- JWS ---- */

enum { RSA_BITS_MIN = 2048, P256_BYTES = 32 };

/* Never asks anybody: without this a terminal would be asked. */
static int no_passphrase(char *buf, int size, int writing, void *asked)
{
	(void)buf;
	(void)size;
	(void)writing;
	*(bool *)asked = true;
	return -1;
}

static EVP_PKEY *key_read(const char *pem, struct err *err)
{
	size_t n = strlen(pem);
	BIO *b = n < INT_MAX ? BIO_new_mem_buf(pem, (int)n) : NULL;
	bool asked = false;
	EVP_PKEY *key = b ? PEM_read_bio_PrivateKey(b, NULL, no_passphrase, &asked) : NULL;

	BIO_free(b);
	if (key)
		return key;
	err_set(err, FAULT_REFUSED, asked                                       ? "the private key has a passphrase: write it without one, into a vault or a file of mode 0600"
	                            : strncmp(pem, "-----BEGIN ", 11)           ? "the private key is no PEM: it begins with -----BEGIN PRIVATE KEY-----"
	                            : strstr(pem, "-----BEGIN CERTIFICATE----") ? "that is the certificate: what signs is its private key"
	                                                                        : "the private key cannot be read as one");
	return NULL;
}

/* By the kind of key; NULL with err. */
static const char *algorithm_of(EVP_PKEY *key, struct err *err)
{
	char curve[40] = "";

	if (EVP_PKEY_is_a(key, "RSA") || EVP_PKEY_is_a(key, "RSA-PSS")) {
		if (EVP_PKEY_get_bits(key) >= RSA_BITS_MIN)
			return "PS256";
		err_set(err, FAULT_REFUSED, "the private key has %d bits: RSA of 3072 or 4096, or P-256", EVP_PKEY_get_bits(key));
		return NULL;
	}
	if (EVP_PKEY_is_a(key, "EC") && EVP_PKEY_get_group_name(key, curve, sizeof curve, NULL) && !strcmp(curve, "prime256v1"))
		return "ES256";
	err_set(err, FAULT_REFUSED, "the private key is of another kind (%.30s%s%.30s): RSA of 3072 or 4096 bits, or P-256", EVP_PKEY_get0_type_name(key),
	        *curve ? " " : "", curve);
	return NULL;
}

const char *sign_jws_algorithm(const char *pem, struct err *err)
{
	EVP_PKEY *key = key_read(pem, err);
	const char *name = key ? algorithm_of(key, err) : NULL;

	EVP_PKEY_free(key);
	return name;
}

/* RSASSA-PSS with a salt as long as the hash (RFC 7518 3.5). */
static bool set_pss(EVP_PKEY_CTX *c)
{
	return EVP_PKEY_CTX_set_rsa_padding(c, RSA_PKCS1_PSS_PADDING) > 0 && EVP_PKEY_CTX_set_rsa_pss_saltlen(c, RSA_PSS_SALTLEN_DIGEST) > 0;
}

/* OpenSSL writes ECDSA as DER; a JWS has r and s, 32 bytes each (RFC 7518 3.4). */
static size_t bare_ecdsa(const unsigned char *der, size_t n, unsigned char out[2 * P256_BYTES])
{
	ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &der, (long)n);
	bool fits = sig && BN_bn2binpad(ECDSA_SIG_get0_r(sig), out, P256_BYTES) > 0 && BN_bn2binpad(ECDSA_SIG_get0_s(sig), out + P256_BYTES, P256_BYTES) > 0;

	ECDSA_SIG_free(sig);
	return fits ? 2 * P256_BYTES : 0;
}

/* The signature's length; 0: OpenSSL would not. */
static size_t signature(EVP_PKEY *key, bool rsa, const char *said, unsigned char *out, size_t cap)
{
	EVP_MD_CTX *c = EVP_MD_CTX_new();
	unsigned char der[160];
	EVP_PKEY_CTX *how;
	size_t n = rsa ? cap : sizeof der;
	bool done;

	if (!c)
		abort();
	done = EVP_DigestSignInit_ex(c, &how, "SHA256", NULL, NULL, key, NULL) == 1 && (!rsa || set_pss(how)) &&
	       EVP_DigestSign(c, rsa ? out : der, &n, (const unsigned char *)said, strlen(said)) == 1;
	EVP_MD_CTX_free(c);
	return !done ? 0 : rsa ? n : bare_ecdsa(der, n, out);
}

char *sign_jws(struct arena *a, const char *pem, const char *said, struct err *err)
{
	EVP_PKEY *key = key_read(pem, err);
	const char *name = key ? algorithm_of(key, err) : NULL;
	size_t cap = name ? (size_t)EVP_PKEY_get_size(key) : 0, n = 0;
	unsigned char *out = arena_alloc(a, cap + 2 * P256_BYTES);

	if (name && !(n = signature(key, !strcmp(name, "PS256"), said, out, cap)))
		err_set(err, FAULT_REFUSED, "the private key does not sign by %s", name);
	EVP_PKEY_free(key);
	return n ? arena_printf(a, "%s.%s", said, sign_base64url(a, out, n)) : NULL;
}
