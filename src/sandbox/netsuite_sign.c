/*
 * netsuite_sign.c: token-based authentication, checked.
 *
 * OAuth 1.0a with HMAC-SHA256. The realm is the account and is not signed, nor is a JSON body. A request is good
 * for five minutes, and once.
 */
#include "sandbox/netsuite.h"

#include "base/text.h"
#include "sandbox/hmac.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { FIELDS_MAX = 48, WINDOW_MS = 5 * MINUTE_MS };

/* RFC 3986: all but the unreserved characters, in capitals. */
static const char *percent(struct arena *a, const char *s)
{
	struct buf b = buf_new(a);

	for (; *s; s++) {
		bool plain = (*s >= 'A' && *s <= 'Z') || (*s >= 'a' && *s <= 'z') || (*s >= '0' && *s <= '9') || strchr("-._~", *s);

		if (plain)
			buf_putc(&b, *s);
		else
			buf_printf(&b, "%%%02X", (unsigned)(unsigned char)*s);
	}
	return b.p ? b.p : "";
}

static int hex(char c)
{
	const char *digits = "0123456789abcdef", *at = c ? strchr(digits, c | 0x20) : NULL;

	return c >= '0' && c <= '9' ? c - '0' : at ? (int)(at - digits) : -1;
}

static const char *unpercent(struct arena *a, const char *s, size_t n)
{
	char *out = arena_strndup(a, s, n), *to = out;

	for (size_t i = 0; i < n; i++) {
		if (s[i] == '%' && i + 2 < n && hex(s[i + 1]) >= 0 && hex(s[i + 2]) >= 0) {
			*to++ = (char)(hex(s[i + 1]) * 16 + hex(s[i + 2]));
			i += 2;
		} else {
			*to++ = s[i];
		}
	}
	*to = '\0';
	return out;
}

static int by_name(const void *a, const void *b)
{
	const struct param *x = a, *y = b;
	int names = strcmp(x->name, y->name);

	return names ? names : strcmp(x->value, y->value);
}

const char *oauth_base_string(struct arena *a, const char *method, const char *url, const struct param *param, int n)
{
	struct param sorted[FIELDS_MAX] = { { NULL, NULL } };
	struct buf b = buf_new(a);

	n = n < FIELDS_MAX ? n : FIELDS_MAX;
	for (int i = 0; i < n; i++)
		sorted[i] = (struct param){ percent(a, param[i].name), percent(a, param[i].value) };
	qsort(sorted, (size_t)n, sizeof *sorted, by_name);
	for (int i = 0; i < n; i++)
		buf_printf(&b, "%s%s=%s", i ? "&" : "", sorted[i].name, sorted[i].value);
	return arena_printf(a, "%s&%s&%s", method, percent(a, arena_strndup(a, url, strcspn(url, "?#"))), percent(a, n ? b.p : ""));
}

const char *oauth_key(struct arena *a, const char *consumer_secret, const char *token_secret)
{
	return arena_printf(a, "%s&%s", percent(a, consumer_secret), percent(a, token_secret));
}

/* OAuth realm="...", oauth_nonce="...", ... -1: it is no such header. */
static int header_split(struct arena *a, const char *s, struct param *out, int cap)
{
	int n = 0;

	if (!s || strncasecmp(s, "OAuth ", 6) != 0)
		return -1;
	for (s += 6; *s; s += strspn(s, ", ")) {
		size_t name = strcspn(s, "="), value;

		if (s[name] != '=' || s[name + 1] != '"' || n == cap)
			return -1;
		value = strcspn(s + name + 2, "\"");
		if (s[name + 2 + value] != '"')
			return -1;
		out[n++] = (struct param){ unpercent(a, s, name), unpercent(a, s + name + 2, value) };
		s += name + value + 3;
	}
	return n;
}

static const char *field(const struct param *p, int n, const char *name)
{
	for (int i = 0; i < n; i++)
		if (strcmp(p[i].name, name) == 0)
			return p[i].value;
	return "";
}

static uint64_t mix(const char *s, uint64_t h)
{
	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * 1099511628211u; /* FNV-1a */
	return h;
}

/* Has this nonce been seen with this timestamp? It has from now on. */
static bool nonce_used(struct service *s, const char *nonce, const char *timestamp)
{
	uint64_t seen = mix(timestamp, mix(nonce, 14695981039346656037u));

	for (int i = 0; i < NONCES_MAX; i++)
		if (s->nonce[i] == seen)
			return true;
	s->nonce[s->nonces++ % NONCES_MAX] = seen;
	return false;
}

static const char *stamp_wrong(const struct service *s, const char *timestamp)
{
	int64_t at_s;

	if (!text_int(timestamp, 0, 99999999999, &at_s))
		return "oauth_timestamp is no number of seconds";
	if (at_s * 1000 < s->world->now_ms - WINDOW_MS || at_s * 1000 > s->world->now_ms + WINDOW_MS)
		return "oauth_timestamp is more than five minutes off";
	return NULL;
}

static bool signature_fits(const struct service *s, struct call *c, const struct param *given, int n)
{
	struct param signs[FIELDS_MAX];
	int m = 0;

	for (int i = 0; i < n; i++)
		if (strcmp(given[i].name, "realm") != 0 && strcmp(given[i].name, "oauth_signature") != 0)
			signs[m++] = given[i];
	for (int i = 0; i < c->params && m < FIELDS_MAX; i++)
		signs[m++] = c->param[i];
	return strcmp(field(given, n, "oauth_signature"), hmac_base64(c->arena, oauth_key(c->arena, s->client_secret, s->token_secret),
	                                                              oauth_base_string(c->arena, c->req->method, c->req->url, signs, m))) == 0;
}

const char *netsuite_signed(struct service *s, struct call *c)
{
	struct param p[16];
	int n = header_split(c->arena, call_header(c, "Authorization"), p, 16);

	if (n < 0)
		return "Authorization is no OAuth header";
	if (strcmp(field(p, n, "realm"), s->tenant) != 0)
		return "realm is not the account";
	if (strcmp(field(p, n, "oauth_consumer_key"), s->client_id) != 0 || strcmp(field(p, n, "oauth_token"), s->token_id) != 0)
		return "nobody has this key or token";
	if (strcmp(field(p, n, "oauth_signature_method"), "HMAC-SHA256") != 0)
		return "oauth_signature_method must be HMAC-SHA256";
	if (strcmp(field(p, n, "oauth_version"), "1.0") != 0)
		return "oauth_version must be 1.0";
	if (strlen(field(p, n, "oauth_nonce")) < 6)
		return "oauth_nonce is missing or too short";
	if (stamp_wrong(s, field(p, n, "oauth_timestamp")))
		return stamp_wrong(s, field(p, n, "oauth_timestamp"));
	if (!signature_fits(s, c, p, n))
		return "oauth_signature does not fit";
	return nonce_used(s, field(p, n, "oauth_nonce"), field(p, n, "oauth_timestamp")) ? "oauth_nonce was used before" : NULL;
}
