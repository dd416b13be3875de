/*
 * talk.c: how a shop is addressed, how it says no, and how a token is got.
 *
 * A no has three places: the HTTP status, `errors` beside the data of a 200, and userErrors inside a mutation's payload. Points
 * are what a shop counts; each answer says how many are left.
 */
#include "channels/shopify/shopify.h"

#include "base/text.h"
#include "channels/token.h"

#include <string.h>

#define VERSION "2026-10"

/* ---- said ---- */

void shopify_begin(struct said *s, struct arena *a, const char *operation, const char *document)
{
	s->body = buf_new(a);
	s->vars = json_out(&s->body);
	json_put_object(&s->vars, NULL);
	json_put_text(&s->vars, "operationName", operation);
	json_put_text(&s->vars, "query", document);
	json_put_object(&s->vars, "variables");
}

void shopify_end(struct said *s, const struct account *acc, struct request *r)
{
	json_end_object(&s->vars);
	json_end_object(&s->vars);
	r->method = "POST";
	r->url = answer_url(r->arena, acc->base_url, "/admin/api/" VERSION "/graphql.json");
	request_header(r, "Accept", "application/json");
	request_header(r, "Content-Type", "application/json");
	request_header(r, "X-Shopify-Access-Token", acc->access_token ? acc->access_token : "");
	r->body = s->body.p;
	r->body_len = s->body.len;
}

/* ---- refused ---- */

/* {"errors":"[API] Invalid API key or access token"}, or {"errors":[{"message","extensions":{"code"}}]} */
static bool refusal(const struct json *body, struct reason *out)
{
	const struct json *errors = json_get(body, "errors");
	const struct json *first = json_is_array(errors) ? json_first(errors) : NULL;

	*out = (struct reason){ 0 };
	if (json_is_text(errors))
		out->message = json_scalar(errors);
	else if (json_is_object(first)) {
		out->code = json_text_or(first, "extensions.code", NULL);
		out->message = json_text_or(first, "message", NULL);
	}
	return out->code || out->message;
}

static const struct manners manners = {
	.refusal = refusal,
	.auth_checks = "the app's client id and secret, and that it is still installed in this shop",
};

/* "2000.0" and "1988" alike: points are told with a fraction or without. -1: not told. */
static int64_t points(const struct json *cost, const char *path)
{
	const char *s = json_scalar(json_get(cost, path));
	size_t n = s ? strspn(s, "0123456789") : 0;
	char whole[12];
	int64_t out;

	if (!n || n >= sizeof whole || (s[n] && s[n] != '.'))
		return -1;
	memcpy(whole, s, n);
	whole[n] = '\0';
	return text_int(whole, 0, 100000000, &out) ? out : -1;
}

static void take_quota(struct news *n, const struct json *body)
{
	const struct json *status = json_get(body, "extensions.cost.throttleStatus");
	int64_t left = points(status, "currentlyAvailable");
	struct quota *q;

	if (left < 0)
		return;
	q = news_quota(n);
	q->bucket = "shopify.graphql";
	q->limit = points(status, "maximumAvailable");
	q->left = left;
	q->restore = points(status, "restoreRate");
}

/* When what the question costs will be there again; the wait of an empty bucket when they do not say. */
static enum fault throttled(const struct json *body, const struct reply *r, struct err *err)
{
	const struct json *cost = json_get(body, "extensions.cost");
	int64_t wants = points(cost, "requestedQueryCost"), has = points(cost, "throttleStatus.currentlyAvailable");
	int64_t rate = points(cost, "throttleStatus.restoreRate");

	err_set(err, FAULT_BUSY, "THROTTLED: the question costs %d points, %d are there", (int)wants, (int)has);
	if (wants < 0 || has < 0)
		err_set(err, FAULT_BUSY, "THROTTLED: the shop's points are spent");
	else if (rate > 0 && wants > has && r->received_ms)
		err->retry_ms = r->received_ms + (wants - has) * 1000 / rate + 1;
	return FAULT_BUSY;
}

/* `errors` beside or instead of data: the document was not carried out, or not all of it. */
static enum fault top_errors(const struct account *acc, const char *needs, const struct json *body, struct arena *a, struct err *err)
{
	struct reason why = { 0 };
	const char *words;

	if (!refusal(body, &why))
		return err_set(err, FAULT_FORMAT, "errors: without a reason");
	words = answer_safe(acc, answer_word(a, why.message ? why.message : "no reason", 130));
	if (why.code && !strcmp(why.code, "ACCESS_DENIED"))
		return err_set(err, FAULT_REFUSED, "ROLE_MISSING: they do not let this app do it. Needed: %s. They say %s", needs, words);
	if (why.code && (!strcmp(why.code, "INTERNAL_SERVER_ERROR") || !strcmp(why.code, "TIMEOUT")))
		return err_set(err, FAULT_REMOTE, "%s: %s", why.code, words);
	return err_set(err, FAULT_REFUSED, "%s: %s", why.code ? answer_word(a, why.code, 48) : "no code", words);
}

static bool is_throttled(const struct json *body)
{
	struct reason why;

	if (!refusal(body, &why))
		return false;
	return why.code ? !strcmp(why.code, "THROTTLED") : why.message && !strcmp(why.message, "Throttled");
}

enum fault shopify_open(const struct account *acc, const char *needs, const struct reply *r, struct news *n, const struct json **data,
                        struct err *err)
{
	struct asked q = { acc, acc->base_url, needs };
	const struct json *body = NULL;
	enum fault f;

	*data = NULL;
	/* whether a throttled question is a 200 or a 429 is told both ways: the words decide */
	if (!r->fault && (r->status == 200 || r->status == 429) && !json_open(n->arena, r->body, r->body_len, &body, NULL)) {
		take_quota(n, body);
		if (is_throttled(body))
			return throttled(body, r, err);
	}
	f = answer_open(&manners, &q, r, n->arena, &body, err);
	if (f)
		return f;
	*data = json_get(body, "data");
	if (json_get(body, "errors") && (!json_is_array(json_get(body, "errors")) || json_first(json_get(body, "errors"))))
		return top_errors(acc, needs, body, n->arena, err);
	return json_is_object(*data) ? OK : err_set(err, FAULT_FORMAT, "data: missing");
}

enum fault shopify_objection(const struct account *acc, struct arena *a, const struct json *payload, const char *list, const char **code,
                             const char **words, struct err *err)
{
	const struct json *errors = json_get(payload, list), *first = json_is_array(errors) ? json_first(errors) : NULL;
	int more = json_count(errors) - 1;
	struct buf b = buf_new(a);

	*code = "";
	*words = NULL;
	if (!json_is_array(errors))
		return err_set(err, FAULT_FORMAT, "%s: missing", list);
	if (!first)
		return OK;
	*code = answer_word(a, json_text_or(first, "code", ""), 48);
	buf_printf(&b, "%s%s%s", *code, **code ? ": " : "", answer_word(a, json_text_or(first, "message", "no reason"), 150));
	if (more > 0)
		buf_printf(&b, "; and %d more", more);
	*words = answer_safe(acc, b.p);
	return OK;
}

/* ---- numbers, pages ---- */

const char *shopify_gid(struct arena *a, const char *type, const char *number)
{
	return arena_printf(a, "gid://shopify/%s/%s", type, number);
}

bool shopify_is_number(const char *s)
{
	return *s && strlen(s) <= 20 && strspn(s, "0123456789") == strlen(s);
}

const char *shopify_number(struct spot s, const char *path, const char *type)
{
	const char *id = need_text(s, path), *prefix = shopify_gid(s.r->arena, type, "");
	size_t n = strlen(prefix);

	if (!strncmp(id, prefix, n) && shopify_is_number(id + n))
		return id + n;
	spot_wrong(s, path, arena_printf(s.r->arena, "not the id of their %s", type));
	return "";
}

bool shopify_cut(struct spot list)
{
	return json_bool_or(list.v, "pageInfo.hasNextPage", false);
}

enum fault shopify_page(struct news *n, const struct job *job, const struct json *list, const char *name, struct err *err)
{
	const char *next;

	n->has_page = true;
	if (!json_is_bool(json_get(list, "pageInfo.hasNextPage")))
		return err_set(err, FAULT_FORMAT, "%s.pageInfo.hasNextPage: missing", name);
	if (!json_bool_or(list, "pageInfo.hasNextPage", false))
		return OK;
	next = json_text_or(list, "pageInfo.endCursor", "");
	if (!*next)
		return err_set(err, FAULT_FORMAT, "%s.pageInfo.endCursor: there is a next page, but no mark of it", name);
	if (job->cursor.page && !strcmp(next, job->cursor.page)) /* going on would never end, stopping would lose what follows */
		return err_set(err, FAULT_FORMAT, "%s.pageInfo.endCursor: the next page is this page again", name);
	n->next_page = next;
	return OK;
}

/* ---- the token: client credentials, good for a day ---- */

/* {"error":"invalid_client","error_description":"..."} (RFC 6749 5.2), or the API's own {"errors":...} */
static bool token_refusal(const struct json *body, struct reason *out)
{
	*out = (struct reason){ .code = json_text_or(body, "error", NULL), .message = json_text_or(body, "error_description", NULL) };
	return (json_is_object(body) && out->code) || refusal(body, out);
}

static const struct manners token_manners = {
	.refusal = token_refusal,
	.auth_checks = "client id and client secret, and that the app and the shop belong to one organisation",
};

static const char *token_url(const struct account *acc, struct arena *a)
{
	return acc->token_url && *acc->token_url ? acc->token_url : answer_url(a, acc->base_url, "/admin/oauth/access_token");
}

enum fault shopify_token_ask(const struct account *acc, struct batch b, struct request *r, struct err *err)
{
	const char *part[][2] = { { "client_id", acc->client_id }, { "client_secret", acc->client_secret } };
	struct buf form = buf_new(r->arena);

	(void)b;
	buf_puts(&form, "grant_type=client_credentials");
	for (size_t i = 0; i < sizeof part / sizeof *part; i++) {
		if (!part[i][1] || !*part[i][1])
			return err_set(err, FAULT_REFUSED, "account %.30s has no %s", acc->name, part[i][0]);
		buf_printf(&form, "&%s=%s", part[i][0], path_piece(r->arena, part[i][1]));
	}
	r->method = "POST";
	r->url = token_url(acc, r->arena);
	request_header(r, "Accept", "application/json");
	request_header(r, "Content-Type", "application/x-www-form-urlencoded");
	r->body = form.p;
	r->body_len = form.len;
	return OK;
}

enum fault shopify_token_hear(const struct account *acc, struct batch b, const struct reply *r, struct news *n, struct err *err)
{
	struct asked q = { acc, token_url(acc, n->arena), "an app of the shop's own organisation" };

	(void)b;
	return token_take(&token_manners, &q, r, n, err);
}

/* ---- the heartbeat: the cheapest question that proves token and shop; a scope that is missing is named by the operation that needs it ---- */

enum fault shopify_ping_ask(const struct account *acc, struct batch b, struct request *r, struct err *err)
{
	static const char document[] = "query Shop { shop { name } }";
	struct said s;

	(void)b;
	(void)err;
	shopify_begin(&s, r->arena, "Shop", document);
	shopify_end(&s, acc, r);
	return OK;
}

enum fault shopify_ping_hear(const struct account *acc, struct batch b, const struct reply *r, struct news *n, struct err *err)
{
	const struct json *data;
	enum fault f = shopify_open(acc, "any scope", r, n, &data, err);

	(void)b;
	if (f)
		return f;
	if (!json_is_object(json_get(data, "shop")))
		return err_set(err, FAULT_FORMAT, "shop: missing");
	n->scopes = "shop=readable";
	token_clock(r, n);
	return OK;
}
