/* talk.c: how eBay is addressed, how it says no, and how a token is got. */
#include "channels/ebay/ebay.h"

#include "base/text.h"
#include "channels/token.h"
#include "net/sign.h"

#include <string.h>

void ebay_request(const struct account *acc, struct request *r, const char *method, const char *path)
{
	r->method = method;
	r->url = answer_url(r->arena, acc->base_url, path);
	request_header(r, "Accept", "application/json");
	request_header(r, "Authorization", arena_printf(r->arena, "Bearer %s", acc->access_token ? acc->access_token : ""));
}

void ebay_body(struct request *r, const struct buf *json)
{
	request_header(r, "Content-Type", "application/json");
	r->body = json->p;
	r->body_len = json->len;
}

/* What was wrong with it: {"parameters":[{"name","value"}]}. */
static const char *field_of(const struct json *error)
{
	const struct json *list = json_get(error, "parameters");

	return json_is_array(list) ? json_text_or(json_first(list), "name", NULL) : NULL;
}

/* {"errors":[{"errorId","domain","category","message","longMessage","parameters"}]} (schema Error of every contract). */
static bool refusal(const struct json *body, struct reason *out)
{
	const struct json *list = json_get(body, "errors");
	const struct json *e = json_is_array(list) ? json_first(list) : NULL;

	if (!json_is_object(e))
		return false;
	*out = (struct reason){
		.code = json_scalar(json_get(e, "errorId")),
		.field = field_of(e),
		.message = json_text_or(e, "message", NULL),
		.details = json_text_or(e, "longMessage", NULL),
	};
	return out->code || out->message;
}

const struct manners ebay_manners = {
	.refusal = refusal,
	.auth_checks = "the refresh token (18 months, and it dies with the seller's password); client id and secret",
};

enum fault ebay_open(const struct account *acc, const char *role, const struct reply *r, struct arena *a, const struct json **body,
                     struct err *err)
{
	struct asked q = { acc, acc->base_url, role };

	return answer_open(&ebay_manners, &q, r, a, body, err);
}

const char *ebay_error(const struct account *acc, struct arena *a, const struct json *error)
{
	const char *id = json_scalar(json_get(error, "errorId"));
	const char *text = json_text_or(error, "longMessage", json_text_or(error, "message", NULL));
	struct buf b = buf_new(a);

	if (!id && !text)
		return NULL;
	buf_printf(&b, "%s%s%s", id ? answer_word(a, id, 24) : "", id && text ? " " : "", text ? answer_word(a, text, 120) : "");
	while (b.p[b.len - 1] == '.')
		b.p[--b.len] = '\0';
	return answer_safe(acc, b.p);
}

int64_t ebay_money(struct spot amount, const char **currency)
{
	const char *code = need_id(amount, "currency", "", 3);

	if (!*currency)
		*currency = code;
	else if (strcmp(*currency, code))
		spot_wrong(amount, "currency", "a second currency in one order");
	return need_minor(amount, "value", code);
}

/* ---- OAuth: a refresh token for an access token of two hours ("OAuth tokens", read 2026-11) ---- */

/* {"error":"invalid_grant","error_description":"..."} (RFC 6749 5.2) */
static bool oauth_refusal(const struct json *body, struct reason *out)
{
	*out = (struct reason){ .code = json_text_or(body, "error", NULL), .message = json_text_or(body, "error_description", NULL) };
	return json_is_object(body) && out->code;
}

static const struct manners oauth_manners = {
	.refusal = oauth_refusal,
	.auth_checks = "the refresh token (18 months, and it dies with the seller's password); client id and secret",
};

/* No more than what is spoken here; they must be among those that the seller consented to. */
static const char scopes[] = "https://api.ebay.com/oauth/api_scope/sell.fulfillment https://api.ebay.com/oauth/api_scope/sell.inventory";

enum fault ebay_token_ask(const struct account *acc, struct batch b, struct request *r, struct err *err)
{
	const char *part[][2] = { { "client_id", acc->client_id }, { "client_secret", acc->client_secret }, { "refresh_token", acc->refresh_token } };
	struct buf form = buf_new(r->arena);

	(void)b;
	for (size_t i = 0; i < sizeof part / sizeof *part; i++)
		if (!part[i][1] || !*part[i][1])
			return err_set(err, FAULT_REFUSED, "account %.30s has no %s", acc->name, part[i][0]);
	buf_printf(&form, "grant_type=refresh_token&refresh_token=%s&scope=%s", path_piece(r->arena, acc->refresh_token), path_piece(r->arena, scopes));
	r->method = "POST";
	r->url = acc->token_url;
	request_header(r, "Authorization", sign_basic(r->arena, acc->client_id, acc->client_secret));
	request_header(r, "Accept", "application/json");
	request_header(r, "Content-Type", "application/x-www-form-urlencoded");
	r->body = form.p;
	r->body_len = form.len;
	return OK;
}

/* The refresh token is not rotated: an answer that brings another one changes nothing here. */
enum fault ebay_token_hear(const struct account *acc, struct batch b, const struct reply *r, struct news *n, struct err *err)
{
	struct asked q = { acc, acc->token_url, "OAuth refresh token" };

	(void)b;
	return token_take(&oauth_manners, &q, r, n, err);
}
