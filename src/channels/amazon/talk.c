/* talk.c: how Amazon is addressed, how it says no, and how a token is got. */
#include "channels/amazon/amazon.h"

#include "base/text.h"
#include "channels/token.h"

#include <string.h>

/* No signature of the request: the current clients send the token alone (model repository, clients, read 2026-11). */
void amazon_request(const struct account *acc, struct request *r, const char *method, const char *path)
{
	r->method = method;
	r->url = answer_url(r->arena, acc->base_url, path);
	request_header(r, "Accept", "application/json");
	request_header(r, "x-amz-access-token", acc->access_token ? acc->access_token : "");
}

void amazon_body(struct request *r, const struct buf *json)
{
	request_header(r, "Content-Type", "application/json");
	r->body = json->p;
	r->body_len = json->len;
}

/* {"errors":[{"code","message","details"}]} (every model) */
static bool refusal(const struct json *body, struct reason *out)
{
	const struct json *list = json_get(body, "errors");
	const struct json *e = json_is_array(list) ? json_first(list) : NULL;

	if (!json_is_object(e))
		return false;
	*out = (struct reason){
		.code = json_text_or(e, "code", NULL),
		.message = json_text_or(e, "message", NULL),
		.details = json_text_or(e, "details", NULL),
	};
	return out->code || out->message;
}

const struct manners amazon_manners = {
	.refusal = refusal,
	.auth_checks = "the token's age, the refresh token, the client secret (it ends after 180 days)",
};

enum fault amazon_open(const struct account *acc, const char *role, const struct reply *r, struct arena *a, const struct json **body,
                       struct err *err)
{
	struct asked q = { acc, acc->base_url, role };

	return answer_open(&amazon_manners, &q, r, a, body, err);
}

enum fault amazon_marketplace(const struct account *acc, const struct job *job, const char **out, struct err *err)
{
	const char *wanted = fields_get(&job->payload, "marketplace", "");

	if (!*wanted && acc->marketplaces == 1)
		wanted = acc->marketplace[0];
	for (int i = 0; i < acc->marketplaces; i++)
		if (!strcmp(acc->marketplace[i], wanted)) {
			*out = acc->marketplace[i];
			return OK;
		}
	return err_set(err, FAULT_REFUSED, "marketplace %.20s is none of account %.30s", *wanted ? wanted : "(none named)", acc->name);
}

/* ---- Login with Amazon ---- */

/* {"error":"invalid_grant","error_description":"..."} (RFC 6749 5.2) */
static bool lwa_refusal(const struct json *body, struct reason *out)
{
	*out = (struct reason){ .code = json_text_or(body, "error", NULL), .message = json_text_or(body, "error_description", NULL) };
	return json_is_object(body) && out->code;
}

static const struct manners lwa_manners = {
	.refusal = lwa_refusal,
	.auth_checks = "refresh token, client id and client secret (it ends after 180 days)",
};

enum fault amazon_token_ask(const struct account *acc, struct batch b, struct request *r, struct err *err)
{
	const char *part[][2] = { { "refresh_token", acc->refresh_token }, { "client_id", acc->client_id }, { "client_secret", acc->client_secret } };
	struct buf form = buf_new(r->arena);

	(void)b;
	buf_puts(&form, "grant_type=refresh_token");
	for (size_t i = 0; i < sizeof part / sizeof *part; i++) {
		if (!part[i][1] || !*part[i][1])
			return err_set(err, FAULT_REFUSED, "account %.30s has no %s", acc->name, part[i][0]);
		buf_printf(&form, "&%s=%s", part[i][0], path_piece(r->arena, part[i][1]));
	}
	r->method = "POST";
	r->url = acc->token_url;
	request_header(r, "Accept", "application/json");
	request_header(r, "Content-Type", "application/x-www-form-urlencoded;charset=UTF-8");
	r->body = form.p;
	r->body_len = form.len;
	return OK;
}

enum fault amazon_token_hear(const struct account *acc, struct batch b, const struct reply *r, struct news *n, struct err *err)
{
	struct asked q = { acc, acc->token_url, "Login with Amazon" };

	(void)b;
	return token_take(&lwa_manners, &q, r, n, err);
}
