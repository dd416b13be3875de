/*
 * amazon.c: the Selling Partner API of North America, its gateway: tokens, quotas, refusals.
 *
 * From Amazon's models of 2026-08 (specs/amazon), rates from their usage plans. Login with Amazon is in no model; its
 * replies are as Amazon's client libraries and the OAuth standard (RFC 6749, 5.2) have them.
 */
#include "sandbox/amazon.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { TOKEN_LIFE_S = 3600 };

void amazon_refuse(struct call *c, int status, const char *code, const char *message)
{
	struct buf b = buf_new(c->arena);
	struct json_out o = json_out(&b);

	json_put_object(&o, NULL);
	json_put_array(&o, "errors");
	json_put_object(&o, NULL);
	json_put_text(&o, "code", code);
	json_put_text(&o, "message", message);
	json_put_text(&o, "details", "");
	json_end_object(&o);
	json_end_array(&o);
	json_end_object(&o);
	call_answer_json(c, status, &b);
}

enum place amazon_place(const struct call *c)
{
	static const enum place ours[] = { AMAZON_US, AMAZON_CA, AMAZON_MX };

	for (int i = 0; i < 3; i++)
		if (call_lists(c, "marketplaceIds", place_facts[ours[i]].id))
			return ours[i];
	return PLACES;
}

/* Every answer has a number of Amazon's, which is all that a seller can quote afterwards. */
static void request_id(struct service *s, struct call *c)
{
	uint64_t n = (uint64_t)++s->next_request;
	const char *id = arena_printf(c->arena, "%08" PRIx64 "-5a0d-4b0c-9d1f-%012" PRIx64, n & 0xffffffff, n * 2654435761u & 0xffffffffffff);

	call_add_header(c, "x-amzn-RequestId", id);
	if (!*c->correlation)
		c->correlation = id;
}

static bool amazon_let_in(struct service *s, const struct route *route, struct call *c)
{
	const char *token = call_header(c, "x-amz-access-token");

	request_id(s, c);
	if (route->group == GROUP_TOKEN || strncmp(route->path, AMAZON_STORE, strlen(AMAZON_STORE)) == 0 || access_find(s, token))
		return true;
	amazon_refuse(c, 403, "Unauthorized",
	              !token ? "Access to requested resource is denied. Access token is missing in the request header."
	                     : "Access to requested resource is denied. The access token you provided is revoked, malformed or has expired.");
	return false;
}

/* "0.0056": requests a second, as far as they go. */
static const char *rate_text(struct arena *a, const struct quota_rule *q)
{
	char *s = arena_printf(a, "%" PRId64 ".%04" PRId64, q->tokens * 1000 / q->window_ms, q->tokens * 10000000 / q->window_ms % 10000);

	for (size_t n = strlen(s); s[n - 1] == '0' && s[n - 2] != '.'; n--)
		s[n - 1] = '\0';
	return s;
}

static void amazon_mark(struct service *s, const struct route *route, struct call *c, int64_t left, int64_t next_ms)
{
	(void)s;
	(void)left;
	(void)next_ms;
	if (route->quota.tokens)
		call_add_header(c, "x-amzn-RateLimit-Limit", rate_text(c->arena, &route->quota));
}

static void amazon_throttle(struct service *s, struct call *c, int64_t next_ms)
{
	(void)s;
	(void)next_ms; /* Amazon does not say when */
	amazon_refuse(c, 429, "QuotaExceeded", "You exceeded your quota for the requested resource.");
}

/* ---- Login with Amazon ---- */

static void lwa_refuse(struct call *c, int status, const char *error, const char *description)
{
	struct buf b = buf_new(c->arena);
	struct json_out o = json_out(&b);

	json_put_object(&o, NULL);
	json_put_text(&o, "error", error);
	json_put_text(&o, "error_description", description);
	json_end_object(&o);
	call_answer_json(c, status, &b);
}

static bool form_is(const struct call *c, const char *name, const char *value)
{
	const char *given = call_form(c, name);

	return given && strcmp(given, value) == 0;
}

static void amazon_token(struct service *s, struct call *c)
{
	struct buf b = buf_new(c->arena);
	struct json_out o = json_out(&b);
	bool client = form_is(c, "grant_type", "client_credentials");

	if (!client && !form_is(c, "grant_type", "refresh_token")) {
		lwa_refuse(c, 400, "unsupported_grant_type", "The authorization grant type is not supported by the authorization server");
		return;
	}
	if (!form_is(c, "client_id", s->client_id) || !form_is(c, "client_secret", s->client_secret)) {
		lwa_refuse(c, 401, "invalid_client", "Client authentication failed");
		return;
	}
	if (!client && !form_is(c, "refresh_token", s->refresh_token)) {
		lwa_refuse(c, 400, "invalid_grant", "The request has an invalid grant parameter : refresh_token");
		return;
	}
	if (client && !call_form(c, "scope")) {
		lwa_refuse(c, 400, "invalid_scope", "The request has an invalid scope parameter");
		return;
	}
	json_put_object(&o, NULL);
	json_put_text(&o, "access_token", access_give(s, "Atza|", TOKEN_LIFE_S * 1000)->value);
	if (!client)
		json_put_text(&o, "refresh_token", s->refresh_token);
	json_put_text(&o, "token_type", "bearer");
	json_put_int(&o, "expires_in", TOKEN_LIFE_S);
	json_end_object(&o);
	call_answer_json(c, 200, &b);
}

static const struct route amazon_routes[] = {
	{ "POST", "/auth/o2/token", GROUP_TOKEN, { 0, 1000, 0 }, amazon_token },
	{ "GET", "/orders/2026-01-01/orders", GROUP_ORDERS, { 56, 10000000, 20 }, amazon_search },
	{ "GET", "/orders/2026-01-01/orders/{orderId}", GROUP_ORDER, { 1, 2000, 30 }, amazon_order },
	{ "POST", "/orders/v0/orders/{orderId}/shipmentConfirmation", GROUP_SHIP, { 2, 1000, 10 }, amazon_confirm },
	{ "GET", "/listings/2021-08-01/items/{sellerId}/{sku}", GROUP_STOCK, { 5, 1000, 10 }, amazon_listing_get },
	{ "PATCH", "/listings/2021-08-01/items/{sellerId}/{sku}", GROUP_PUSH, { 5, 1000, 5 }, amazon_listing_patch },
	{ "GET", "/listings/2021-08-01/items/{sellerId}", GROUP_STOCK, { 5, 1000, 5 }, amazon_listing_search },
	{ "POST", "/feeds/2021-06-30/documents", GROUP_BULK, { 5, 10000, 15 }, amazon_document_make },
	{ "PUT", AMAZON_STORE "{documentId}", GROUP_BULK, { 0, 1000, 0 }, amazon_document_put },
	{ "POST", "/feeds/2021-06-30/feeds", GROUP_BULK, { 83, 10000000, 15 }, amazon_feed_make },
	{ "GET", "/feeds/2021-06-30/feeds", GROUP_FEEDS, { 222, 10000000, 10 }, amazon_feeds },
	{ "GET", "/feeds/2021-06-30/feeds/{feedId}", GROUP_FEEDS, { 2, 1000, 15 }, amazon_feed },
	{ "DELETE", "/feeds/2021-06-30/feeds/{feedId}", GROUP_FEEDS, { 2, 1000, 15 }, amazon_feed_cancel },
	{ "GET", "/feeds/2021-06-30/documents/{feedDocumentId}", GROUP_FEEDS, { 222, 10000000, 10 }, amazon_report },
	{ "GET", AMAZON_STORE "{documentId}", GROUP_FEEDS, { 0, 1000, 0 }, amazon_report_get },
	{ "GET", "/fba/inventory/v1/summaries", GROUP_POOL, { 2, 1000, 2 }, amazon_fba },
};

struct service amazon_service(struct world *w)
{
	return (struct service){
		.platform = AMAZON,
		.world = w,
		.route = amazon_routes,
		.routes = sizeof amazon_routes / sizeof *amazon_routes,
		.client_id = SANDBOX_AMAZON_ID,
		.client_secret = SANDBOX_AMAZON_SECRET,
		.refresh_token = SANDBOX_AMAZON_REFRESH,
		.seller_id = SANDBOX_AMAZON_SELLER,
		.broken = "InternalFailure",
		.barred = "Unauthorized",
		.let_in = amazon_let_in,
		.refuse = amazon_refuse,
		.mark = amazon_mark,
		.throttle = amazon_throttle,
	};
}
