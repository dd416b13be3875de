/*
 * netsuite_token.c: OAuth 2.0 of the simulated NetSuite: tokens for an hour, for a signed assertion or a refresh token.
 *
 * "POST Request to the Token Endpoint", "The Request Token Structure", "Response Errors in Step Two" of Oracle's NetSuite help, read 2026-11: an
 * assertion is signed by the certificate that kid names, lives for less than an hour, and is for this very address. What is wrong with one is
 * not told (their Login Audit Trail has it); s->why has it here, for a test.
 */
#include "sandbox/netsuite.h"

#include "base/text.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

enum { TOKEN_LIFE_S = 3600, AHEAD_S = 300 };

/* The public halves of keys that RFC 7515 prints (A.2.1, A.3.1). */
const struct jws_key netsuite_certificates[] = {
	{ .kid = SANDBOX_NETSUITE_RSA,
	  .n = "a1f8160ae2e3c9b465ce8d2d656263362b927dbe29e1f02477fc1625cc90a136e38bd93497c5b6ea63dd7711e67c7429"
	       "f956b0fb8a8f089adc4b69893cc1333f53edd019b87784252fec914fe4857769594bea4280d32c0f55bf62944f130396"
	       "bc6e9bdf6ebdd2bda3678eeca0c668f701b38dbffb38c8342ce2fe6d27fade4a5a4874979dd4b9cf9adec4c75b05852c"
	       "2c0f5ef8a5c1750392f944e8ed64c110c6b647609aa4783aeb9c6c9ad755313050638b83665c6f6f7a82a396702a1f64"
	       "1b82d3ebf2392219491fb686872c5716f50af8358d9a8b9d17c340728f7f87d89a18d8fcab67ad84590c2ecf75933936"
	       "3c07034d6f606f9e21e05456cae5e9a1" },
	{ .kid = SANDBOX_NETSUITE_EC,
	  .x = "7fcdce2770f6c45d4183cbee6fdb4b7b580733357be9ef13bacf6e3c7bd15445",
	  .y = "c7f144cd1bbd9b7e872cdfedb9eeb9f4b3695d6ea90b24ad8a4623288588e5ad" },
	{ .kid = NULL },
};

/* The first (0) or second part of "header.claims.signature" as JSON; NULL: it is none. */
static const struct json *part_read(struct call *c, const char *jwt, int part)
{
	const struct json *v = NULL;
	const char *plain;

	if (part)
		jwt = strchr(jwt, '.') ? strchr(jwt, '.') + 1 : "";
	plain = base64_decode(c->arena, arena_strndup(c->arena, jwt, strcspn(jwt, ".")));
	return plain && json_open(c->arena, plain, strlen(plain), &v, NULL) == OK ? v : NULL;
}

/* The account's own address: its number in small letters, with a stroke. */
static const char *audience(struct call *c, const char *tenant)
{
	char *host = arena_strdup(c->arena, tenant);

	for (char *p = host; *p; p++)
		*p = *p == '_' ? '-' : (char)tolower((unsigned char)*p);
	return arena_printf(c->arena, "https://%s.suitetalk.api.netsuite.com/services/rest/auth/oauth2/v1/token", host);
}

/* restlets, rest_webservices, suite_analytics: one, or several with commas between. */
static bool in_scope(const char *list, const char *word)
{
	size_t n = strlen(word);

	for (; *list; list += strspn(list, ", ")) {
		size_t len = strcspn(list, ", ");

		if (len == n && strncmp(list, word, n) == 0)
			return true;
		list += len;
	}
	return false;
}

static const char *times_wrong(const struct service *s, const struct json *claims)
{
	int64_t now_s = s->world->now_ms / 1000, until = json_int_or(claims, "exp", 0), from = json_int_or(claims, "iat", 0);

	if (until - from >= 3600)
		return "exp is an hour or more after iat";
	if (until <= now_s)
		return "exp is past";
	return from > now_s + AHEAD_S ? "iat is to come" : NULL;
}

static const char *assertion_wrong(struct service *s, struct call *c, const char *jwt)
{
	const struct json *head = part_read(c, jwt, 0), *claims = part_read(c, jwt, 1);
	const char *kid = json_text_or(head, "kid", ""), *alg = json_text_or(head, "alg", "");
	const struct jws_key *key = s->certificate;

	if (strcmp(json_text_or(head, "typ", ""), "JWT") != 0)
		return "typ is not JWT";
	if (strcmp(alg, "PS256") != 0 && strcmp(alg, "ES256") != 0)
		return "alg is none that this simulation knows";
	while (key->kid && strcmp(key->kid, kid) != 0)
		key++;
	if (!key->kid)
		return "kid is no certificate's";
	if (!in_scope(json_text_or(claims, "scope", ""), "rest_webservices"))
		return "scope lacks rest_webservices";
	if (strcmp(json_text_or(claims, "aud", ""), audience(c, s->tenant)) != 0)
		return "aud is another address";
	if (times_wrong(s, claims))
		return times_wrong(s, claims);
	return jws_fits(c->arena, key, alg, jwt) ? NULL : "the signature is not this certificate's";
}

static bool basic_known(const struct service *s, const struct call *c)
{
	const char *given = call_header(c, "Authorization");

	if (!given || strncasecmp(given, "Basic ", 6) != 0)
		return false;
	given = base64_decode(c->arena, given + 6);
	return given && strcmp(given, arena_printf(c->arena, "%s:%s", s->client_id, s->client_secret)) == 0;
}

/* Their word for what is wrong; NULL: it may have a token. */
static const char *by_assertion(struct service *s, struct call *c)
{
	const char *type = call_form(c, "client_assertion_type"), *jwt = call_form(c, "client_assertion");

	if (!type || strcmp(type, "urn:ietf:params:oauth:client-assertion-type:jwt-bearer") != 0 || !jwt)
		return "invalid_request";
	if (strcmp(json_text_or(part_read(c, jwt, 1), "iss", ""), s->client_id) != 0)
		return "invalid_client";
	s->why = assertion_wrong(s, c, jwt);
	return s->why ? "invalid_grant" : NULL;
}

static const char *grant_wrong(struct service *s, struct call *c)
{
	const char *grant = call_form(c, "grant_type"), *refresh = call_form(c, "refresh_token");

	if (grant && strcmp(grant, "client_credentials") == 0)
		return by_assertion(s, c);
	if (!grant || strcmp(grant, "refresh_token") != 0 || !refresh)
		return "invalid_request";
	if (!basic_known(s, c))
		return "invalid_client";
	return strcmp(refresh, s->refresh_token) == 0 ? NULL : "invalid_grant";
}

void netsuite_token(struct service *s, struct call *c)
{
	struct buf b = buf_new(c->arena);
	struct json_out o = json_out(&b);
	const char *wrong = grant_wrong(s, c);

	json_put_object(&o, NULL);
	if (!wrong) {
		json_put_text(&o, "access_token", access_give(s, "eyJraWQiOi", TOKEN_LIFE_S * 1000)->value);
		json_put_text(&o, "expires_in", "3600"); /* a string, as their samples have it */
		json_put_text(&o, "token_type", "bearer");
	} else {
		json_put_text(&o, "error", wrong);
	}
	json_end_object(&o);
	call_answer_json(c, !wrong ? 200 : strcmp(wrong, "invalid_client") == 0 ? 401 : 400, &b);
}
