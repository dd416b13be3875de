/* talk.c: how CartonCloud is addressed, how it says no, how its lists turn their pages, and who we are to it. */
#include "channels/cartoncloud/cartoncloud.h"

#include "base/text.h"
#include "channels/token.h"
#include "net/sign.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>
#include <strings.h>

bool cartoncloud_is_uuid(const char *s)
{
	for (int i = 0; i < 36; i++)
		if (i == 8 || i == 13 || i == 18 || i == 23 ? s[i] != '-' : !isxdigit((unsigned char)s[i]))
			return false;
	return !s[36];
}

const char *cartoncloud_unit(struct arena *a, const char *code)
{
	char *out = arena_strdup(a, code);

	for (char *p = out; *p; p++)
		*p = (char)toupper((unsigned char)*p);
	return out;
}

/* ---- asking ---- */

/* Accept-Version is on every call; without it they answer 400. */
static void headers(struct request *r)
{
	request_header(r, "Accept", "application/json");
	request_header(r, "Accept-Version", "1");
}

static void authorized(const struct account *acc, struct request *r, const char *method, const char *path)
{
	r->method = method;
	r->url = answer_url(r->arena, acc->base_url, path);
	request_header(r, "Authorization", arena_printf(r->arena, "Bearer %s", acc->access_token ? acc->access_token : ""));
	headers(r);
}

enum fault cartoncloud_request(const struct account *acc, struct request *r, const char *method, const char *tail, struct err *err)
{
	if (!acc->tenant || !cartoncloud_is_uuid(acc->tenant))
		return err_set(err, FAULT_REFUSED, "account %.30s has no tenant: its UUID stands in every address of theirs", acc->name);
	if (!acc->customer || !cartoncloud_is_uuid(acc->customer))
		return err_set(err, FAULT_REFUSED, "account %.30s has no customer: whose stock it is, by UUID", acc->name);
	authorized(acc, r, method, arena_printf(r->arena, "/tenants/%s%s", acc->tenant, tail));
	return OK;
}

void cartoncloud_body(struct request *r, const struct buf *json)
{
	request_header(r, "Content-Type", "application/json");
	r->body = json->p;
	r->body_len = json->len;
}

static void field(struct json_out *o, const char *key, const char *type, const char *name, const char *value)
{
	json_put_object(o, key);
	json_put_text(o, "type", type);
	json_put_text(o, name, value);
	json_end_object(o);
}

void cartoncloud_condition(struct json_out *o, const char *kind, const char *pointer, const char *method, const char *value)
{
	json_put_object(o, NULL);
	json_put_text(o, "type", kind);
	field(o, "field", "JsonField", "pointer", pointer);
	field(o, "value", "ValueField", "value", value);
	json_put_text(o, "method", method);
	json_end_object(o);
}

void cartoncloud_search_begin(struct json_out *o)
{
	json_put_object(o, NULL);
	json_put_object(o, "condition");
	json_put_text(o, "type", "AndCondition");
	json_put_array(o, "conditions");
}

void cartoncloud_search_end(struct json_out *o)
{
	json_end_array(o);
	json_end_object(o);
	json_end_object(o);
}

/* ---- hearing ---- */

/* A bare array: [{"field": "/name", "message", "code" or "type", "details": {"duplicateId"}}]. */
static bool refusal(const struct json *body, struct reason *out)
{
	const struct json *e = json_is_array(body) ? json_first(body) : NULL;

	if (!json_is_object(e))
		return false;
	*out = (struct reason){
		.code = json_scalar(json_get(e, "code")) ? json_scalar(json_get(e, "code")) : json_text_or(e, "type", NULL),
		.field = json_text_or(e, "field", NULL),
		.message = json_text_or(e, "message", NULL),
		.details = json_text_or(e, "details.duplicateId", NULL),
	};
	return out->code || out->message;
}

static const struct manners manners = {
	.refusal = refusal,
	.auth_checks = "client id and secret of the API client; that it has not been deactivated",
};

enum fault cartoncloud_open(const struct account *acc, const char *role, const struct reply *r, struct arena *a, const struct json **body,
                            struct err *err)
{
	struct asked q = { acc, acc->base_url, role };
	enum fault f = answer_open(&manners, &q, r, a, body, err);
	const struct json *first;

	if (f || r->status != 228)
		return f;
	first = json_first(json_get(*body, "details.errors"));
	return err_set(err, FAULT_REFUSED, "228 created with issues: %s",
	               answer_safe(acc, answer_word(a, json_text_or(first, "message", "no reason given"), 150)));
}

enum fault cartoncloud_stored_page(const char *stored, int64_t *page, struct err *err)
{
	*page = 1;
	if (stored && *stored && !text_int(stored, 1, 1000000, page))
		return err_set(err, FAULT_REFUSED, "the stored page is no page number");
	return OK;
}

enum fault cartoncloud_more(const struct reply *r, int64_t page, bool *more, struct err *err)
{
	const char *total = reply_header(r, "Total-Pages"), *number = reply_header(r, "Page-Number"), *link = reply_header(r, "Link");
	int64_t pages, is;

	if (number && (!text_int(number, 0, INT64_MAX, &is) || is != page))
		return err_set(err, FAULT_FORMAT, "Page-Number: page %" PRId64 " was asked for, and another came", page);
	if (total && !text_int(total, 0, INT64_MAX, &pages))
		return err_set(err, FAULT_FORMAT, "Total-Pages: not a number of pages");
	if (!total && !link)
		return err_set(err, FAULT_FORMAT, "Total-Pages: missing: nobody says whether this was the last page");
	*more = total ? page < pages : strcasestr(link, "rel=\"next\"") || strcasestr(link, "rel=next");
	return OK;
}

enum fault cartoncloud_list(const struct account *acc, const char *role, const char *what, struct batch b, const struct reply *r, struct news *n,
                            const struct json **list, struct err *err)
{
	enum fault f = cartoncloud_open(acc, role, r, n->arena, list, err);
	int64_t page;
	bool more;

	if (f || (f = cartoncloud_stored_page(b.job->cursor.page, &page, err)))
		return f;
	if (!json_is_array(*list))
		return err_set(err, FAULT_FORMAT, "not a list of %s", what);
	if (cartoncloud_more(r, page, &more, err))
		return FAULT_FORMAT;
	n->has_page = true;
	n->next_page = more ? arena_printf(n->arena, "%" PRId64, page + 1) : NULL;
	return OK;
}

/* ---- who we are ---- */

/* POST /uaa/oauth/token, Basic with client id and secret; lives 3600 s. */
enum fault cartoncloud_token_ask(const struct account *acc, struct batch b, struct request *r, struct err *err)
{
	(void)b;
	if (!acc->client_id || !*acc->client_id || !acc->client_secret || !*acc->client_secret)
		return err_set(err, FAULT_REFUSED, "account %.30s has no client id or no client secret", acc->name);
	r->method = "POST";
	r->url = acc->token_url;
	request_header(r, "Authorization", sign_basic(r->arena, acc->client_id, acc->client_secret));
	request_header(r, "Content-Type", "application/x-www-form-urlencoded");
	headers(r);
	r->body = "grant_type=client_credentials";
	r->body_len = strlen(r->body);
	return OK;
}

/* Their own array, or what RFC 6749 section 5.2 has. */
static bool token_refusal(const struct json *body, struct reason *out)
{
	if (refusal(body, out))
		return true;
	*out = (struct reason){ .code = json_text_or(body, "error", NULL), .message = json_text_or(body, "error_description", NULL) };
	return json_is_object(body) && out->code;
}

enum fault cartoncloud_token_hear(const struct account *acc, struct batch b, const struct reply *r, struct news *n, struct err *err)
{
	static const struct manners token_manners = { .refusal = token_refusal, .auth_checks = "client id and secret of the API client" };
	struct asked q = { acc, acc->token_url, "client credentials" };

	(void)b;
	return token_take(&token_manners, &q, r, n, err);
}

/* GET /uaa/userinfo: whose client it is, and in which tenants. The cheapest read that proves both. */
enum fault cartoncloud_ping_ask(const struct account *acc, struct batch b, struct request *r, struct err *err)
{
	(void)b;
	(void)err;
	authorized(acc, r, "GET", "/uaa/userinfo");
	return OK;
}

enum fault cartoncloud_ping_hear(const struct account *acc, struct batch b, const struct reply *r, struct news *n, struct err *err)
{
	const struct json *body, *tenants;
	struct buf others = buf_new(n->arena);
	enum fault f = cartoncloud_open(acc, "any role", r, n->arena, &body, err);

	(void)b;
	if (f)
		return f;
	tenants = json_get(body, "tenants");
	if (!json_is_array(tenants))
		return err_set(err, FAULT_FORMAT, "tenants: not a list of tenants");
	token_clock(r, n);
	for (const struct json *t = json_first(tenants); t; t = json_next(t)) {
		const char *id = json_text_or(t, "id", "");

		if (acc->tenant && !strcasecmp(id, acc->tenant))
			return OK;
		buf_printf(&others, "%s%s", others.len ? ", " : "", answer_word(n->arena, id, 40));
	}
	return err_set(err, FAULT_REFUSED, "the API client of account %.30s has no access to its tenant; it has access to: %.120s", acc->name,
	               others.len ? others.p : "none");
}
