/* tba.c: token-based authentication, which is OAuth 1.0a (RFC 5849) with HMAC-SHA256. */
#include "channels/netsuite/netsuite.h"

#include "net/sign.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { PARAMETERS = 32 };

struct parameter {
	const char *name, *value; /* percent-encoded both */
};

/* By name, then by value (RFC 5849 3.4.1.3.2). */
static int by_name(const void *x, const void *y)
{
	const struct parameter *a = x, *b = y;
	int c = strcmp(a->name, b->name);

	return c ? c : strcmp(a->value, b->value);
}

static int query_of(struct arena *a, const char *url, struct parameter *out, int room)
{
	const char *p = strchr(url, '?');
	int n = 0;

	for (p = p ? p + 1 : ""; *p && n < room; n++) {
		size_t whole = strcspn(p, "&"), name = strcspn(p, "=&");

		out[n].name = arena_strndup(a, p, name);
		out[n].value = name < whole ? arena_strndup(a, p + name + 1, whole - name - 1) : "";
		p += whole + (p[whole] == '&');
	}
	return n;
}

/* METHOD&address&parameters, each percent-encoded. */
static char *base_string(struct arena *a, const char *method, const char *url, const struct parameter *p, int n)
{
	struct buf b = buf_new(a);

	for (int i = 0; i < n; i++)
		buf_printf(&b, "%s%s=%s", i ? "&" : "", p[i].name, p[i].value);
	return arena_printf(a, "%s&%s&%s", method, path_piece(a, arena_strndup(a, url, strcspn(url, "?"))), path_piece(a, b.len ? b.p : ""));
}

char *netsuite_tba_header(struct arena *a, const char *method, const char *url, const struct netsuite_tba *by)
{
	const struct parameter oauth[] = {
		{ "oauth_consumer_key", path_piece(a, by->consumer) },
		{ "oauth_token", path_piece(a, by->token) },
		{ "oauth_signature_method", "HMAC-SHA256" },
		{ "oauth_timestamp", arena_printf(a, "%" PRId64, by->at_s) },
		{ "oauth_nonce", path_piece(a, by->nonce) },
		{ "oauth_version", "1.0" },
	};
	enum { OAUTH = sizeof oauth / sizeof *oauth };
	struct parameter all[PARAMETERS + OAUTH];
	unsigned char mac[SIGN_SHA256_BYTES];
	struct buf header = buf_new(a);
	char *key = arena_printf(a, "%s&%s", path_piece(a, by->consumer_secret), path_piece(a, by->token_secret)), *said;
	int n = query_of(a, url, all, PARAMETERS);

	memcpy(all + n, oauth, sizeof oauth);
	qsort(all, (size_t)n + OAUTH, sizeof *all, by_name);
	said = base_string(a, method, url, all, n + OAUTH);
	sign_hmac_sha256(key, strlen(key), said, strlen(said), mac);
	buf_printf(&header, "OAuth realm=\"%s\"", by->realm);
	for (size_t i = 0; i < OAUTH; i++)
		buf_printf(&header, ", %s=\"%s\"", oauth[i].name, oauth[i].value);
	buf_printf(&header, ", oauth_signature=\"%s\"", path_piece(a, sign_base64(a, mac, sizeof mac)));
	return header.p;
}
