/* token.c: who we are, and what we may do. */
#include "channels/walmart/walmart.h"

#include "channels/token.h"
#include "net/sign.h"

#include <string.h>

/* POST /v3/token, Basic with client id and secret, a form in the body; lives 900 s (contract). */
enum fault walmart_token_ask(const struct account *acc, struct batch b, struct request *r, struct err *err)
{
	(void)b;
	if (!acc->client_id || !*acc->client_id || !acc->client_secret || !*acc->client_secret)
		return err_set(err, FAULT_REFUSED, "account %.30s has no client id or no client secret", acc->name);
	r->method = "POST";
	r->url = acc->token_url;
	request_header(r, "Authorization", sign_basic(r->arena, acc->client_id, acc->client_secret));
	request_header(r, "Content-Type", "application/x-www-form-urlencoded");
	walmart_headers(acc, r);
	r->body = "grant_type=client_credentials";
	r->body_len = strlen(r->body);
	return OK;
}

enum fault walmart_token_hear(const struct account *acc, struct batch b, const struct reply *r, struct news *n, struct err *err)
{
	struct asked q = { acc, acc->token_url, "client credentials" };

	(void)b;
	return token_take(&walmart_manners, &q, r, n, err);
}

/* GET /v3/token/detail wants a Content-Type although it has no body (contract). */
enum fault walmart_ping_ask(const struct account *acc, struct batch b, struct request *r, struct err *err)
{
	(void)b;
	(void)err;
	walmart_request(acc, r, "GET", "/v3/token/detail");
	request_header(r, "Content-Type", "application/json");
	return OK;
}

enum fault walmart_ping_hear(const struct account *acc, struct batch b, const struct reply *r, struct news *n, struct err *err)
{
	struct buf scopes = buf_new(n->arena);
	const struct json *body;
	enum fault f = walmart_open(acc, "any scope", r, n->arena, &body, err);

	(void)b;
	if (f)
		return f;
	if (!json_is_object(json_get(body, "scopes")))
		return err_set(err, FAULT_FORMAT, "scopes: missing");
	if (!json_bool_or(body, "is_valid", true))
		return err_set(err, FAULT_AUTH, "Walmart says that the token is not valid any more");
	for (const struct json *s = json_first(json_get(body, "scopes")); s; s = json_next(s))
		buf_printf(&scopes, "%s%s=%s", scopes.len ? " " : "", answer_word(n->arena, json_key(s), 40), answer_word(n->arena, json_scalar(s), 40));
	n->scopes = scopes.p;
	token_clock(r, n);
	return OK;
}
