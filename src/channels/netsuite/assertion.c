/*
 * assertion.c: how a bearer token is got: OAuth 2.0, by a certificate or by a refresh token.
 *
 * Machine to machine, the client proves itself with a JWT that it signs itself (Oracle NetSuite help, "The Request Token Structure" and "POST Request
 * to the Token Endpoint and the Access Token Response", docs.oracle.com section_162790605110 and section_162755359851, read 2026-11). The token lives for
 * an hour and there is no refresh token: the next one is asked for with a new assertion. Without a certificate there is the refresh token of the
 * authorization code grant, which ends after seven days.
 */
#include "base/text.h"
#include "channels/netsuite/netsuite.h"
#include "channels/token.h"
#include "net/sign.h"

#include <string.h>

/* An assertion may be good for less than an hour; this one is used at once. Its birth is told a little early, for a clock that runs ahead. */
enum { GOOD_S = 600, EARLY_S = 30 };

static const char *piece(struct arena *a, const struct buf *b)
{
	return sign_base64url(a, b->p, b->len);
}

static const char *header_of(struct arena *a, const struct account *acc, const char *algorithm)
{
	struct buf b = buf_new(a);
	struct json_out o = json_out(&b);

	json_put_object(&o, NULL);
	json_put_text(&o, "typ", "JWT");
	json_put_text(&o, "alg", algorithm);
	json_put_text(&o, "kid", acc->certificate_id);
	json_end_object(&o);
	return piece(a, &b);
}

/* aud is the platform's own address, whatever address the account was told to ask at. */
static const char *claims_of(struct arena *a, const struct account *acc, int64_t now_ms)
{
	int64_t now_s = (now_ms + acc->offset_ms) / 1000;
	struct buf b = buf_new(a);
	struct json_out o = json_out(&b);

	json_put_object(&o, NULL);
	json_put_text(&o, "iss", acc->client_id);
	json_put_text(&o, "scope", "rest_webservices");
	json_put_text(&o, "aud", netsuite_host(a, acc, netsuite_token_url, netsuite_token_url));
	json_put_int(&o, "iat", now_s - EARLY_S);
	json_put_int(&o, "exp", now_s + GOOD_S);
	json_end_object(&o);
	return piece(a, &b);
}

char *netsuite_assertion(struct arena *a, const struct account *acc, int64_t now_ms, struct err *err)
{
	const char *algorithm;
	struct err why;
	char *jwt;

	if (!netsuite_given(acc->client_id) || !acc->certificate_id || !text_id(acc->certificate_id, "-_.", 100)) {
		err_set(err, FAULT_REFUSED, "account %.30s: private_key signs with client_id and certificate_id, which NetSuite shows where the certificate was uploaded",
		        acc->name);
		return NULL;
	}
	algorithm = sign_jws_algorithm(acc->private_key, &why);
	jwt = algorithm ? sign_jws(a, acc->private_key, arena_printf(a, "%s.%s", header_of(a, acc, algorithm), claims_of(a, acc, now_ms)), &why) : NULL;
	if (!jwt)
		err_set(err, FAULT_REFUSED, "account %.30s: %.150s", acc->name, why.text);
	return jwt;
}

/* ---- the token ---- */

static enum fault by_certificate(const struct account *acc, struct batch b, struct request *r, struct err *err)
{
	const char *jwt = netsuite_assertion(r->arena, acc, b.now_ms, err);

	if (!jwt)
		return FAULT_REFUSED;
	r->body = arena_printf(r->arena,
	                       "grant_type=client_credentials&client_assertion_type=urn%%3Aietf%%3Aparams%%3Aoauth%%3Aclient-assertion-type%%3Ajwt-bearer"
	                       "&client_assertion=%s",
	                       jwt);
	return OK;
}

static enum fault by_refresh(const struct account *acc, struct request *r, struct err *err)
{
	if (!netsuite_given(acc->client_id) || !netsuite_given(acc->client_secret) || !netsuite_given(acc->refresh_token))
		return err_set(err, FAULT_REFUSED,
		               "account %.30s: token_id and token_secret (token-based), or private_key and certificate_id (OAuth 2.0), with client_id", acc->name);
	request_header(r, "Authorization", sign_basic(r->arena, acc->client_id, acc->client_secret));
	r->body = arena_printf(r->arena, "grant_type=refresh_token&refresh_token=%s", path_piece(r->arena, acc->refresh_token));
	return OK;
}

enum fault netsuite_token_ask(const struct account *acc, struct batch b, struct request *r, struct err *err)
{
	if (netsuite_check(acc, err) || (netsuite_given(acc->private_key) ? by_certificate(acc, b, r, err) : by_refresh(acc, r, err)))
		return FAULT_REFUSED;
	r->method = "POST";
	r->url = netsuite_host(r->arena, acc, acc->token_url, netsuite_token_url);
	request_header(r, "Accept", "application/json");
	request_header(r, "Content-Type", "application/x-www-form-urlencoded");
	r->body_len = strlen(r->body);
	return OK;
}

/* RFC 6749 section 5.2. */
static bool token_refusal(const struct json *body, struct reason *out)
{
	*out = (struct reason){ .code = json_text_or(body, "error", NULL), .message = json_text_or(body, "error_description", NULL) };
	return json_is_object(body) && out->code;
}

/* Of an assertion they say no more than a word, and the rest to their own login audit trail. */
enum fault netsuite_token_hear(const struct account *acc, struct batch b, const struct reply *r, struct news *n, struct err *err)
{
	static const struct manners manners = {
		.refusal = token_refusal,
		.auth_checks = "client id and secret; the refresh token, which ends after seven days",
	};
	struct asked q = { acc, netsuite_host(n->arena, acc, acc->token_url, netsuite_token_url), "REST Web Services" };
	enum fault f = token_take(&manners, &q, r, n, err);

	(void)b;
	if (f != FAULT_AUTH || !netsuite_given(acc->private_key))
		return f;
	return err_set(err, FAULT_AUTH,
	               "%s: does private_key belong to the certificate of certificate_id, is that neither revoked nor over (two years), and of client_id? "
	               "Their Login Audit Trail says which",
	               answer_word(n->arena, err->text, 42));
}
