/*
 * ebay.c: eBay's Sell APIs, their gateway: tokens, budgets of a day, refusals.
 *
 * From eBay's contracts of 2025-12 (specs/ebay): Inventory 1.18.4, Fulfillment 1.20.7. Their OAuth and the API that tells what is
 * left of a budget are in no contract file: as their pages have them. eBay sends no header about a budget; who wants to know asks.
 */
#include "sandbox/ebay.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { TOKEN_LIFE_S = 7200 };

void ebay_put_errors(struct json_out *o, const struct ebay_error *e, const char *category)
{
	json_put_array(o, "errors");
	json_put_object(o, NULL);
	json_put_int(o, "errorId", e->id);
	json_put_text(o, "domain", e->domain);
	json_put_text(o, "category", category);
	json_put_text(o, "message", e->message);
	json_put_text(o, "longMessage", e->message);
	if (e->name) {
		json_put_array(o, "parameters");
		json_put_object(o, NULL);
		json_put_text(o, "name", e->name);
		json_put_text(o, "value", e->value);
		json_end_object(o);
		json_end_array(o);
	}
	json_end_object(o);
	json_end_array(o);
}

void ebay_say_no(struct call *c, int status, struct ebay_error e)
{
	struct buf b = buf_new(c->arena);
	struct json_out o = json_out(&b);

	json_put_object(&o, NULL);
	ebay_put_errors(&o, &e, status >= 500 ? "APPLICATION" : "REQUEST");
	json_end_object(&o);
	call_answer_json(c, status, &b);
}

/* For what is no business of one API: code is an errorId in digits. */
static void ebay_refuse(struct call *c, int status, const char *code, const char *message)
{
	int64_t id = strtoll(code, NULL, 10);

	ebay_say_no(c, status, (struct ebay_error){ id ? id : 2002, status == 404 ? "ACCESS" : "API", message, NULL, NULL });
}

bool ebay_page(struct call *c, int64_t max, int64_t otherwise, int64_t *limit, int64_t *offset, int64_t error, const char *domain)
{
	if (call_int(c, "limit", 1, max, otherwise, limit) && call_int(c, "offset", 0, INT32_MAX, 0, offset))
		return true;
	ebay_say_no(c, 400, (struct ebay_error){ error, domain, "You have provided invalid pagination values.", "limit", call_param(c, "limit") ? call_param(c, "limit") : "" });
	return false;
}

const char *ebay_href(struct call *c, int64_t limit, int64_t offset)
{
	struct buf b = buf_new(c->arena);
	const char *url = c->req->url, *query = strchr(url, '?');

	buf_add(&b, url, query ? (size_t)(query - url) : strlen(url));
	buf_putc(&b, '?');
	for (const char *s = query ? query + 1 : ""; *s; s += strcspn(s, "&"), s += *s == '&') {
		if (strncmp(s, "limit=", 6) == 0 || strncmp(s, "offset=", 7) == 0)
			continue;
		buf_add(&b, s, strcspn(s, "&"));
		buf_putc(&b, '&');
	}
	buf_printf(&b, "limit=%" PRId64 "&offset=%" PRId64, limit, offset);
	return b.p;
}

void ebay_put_amount(struct json_out *o, struct arena *a, const char *key, int64_t minor, const char *currency)
{
	struct buf b = buf_new(a);
	struct json_out number = json_out(&b);

	json_put_minor(&number, NULL, minor, currency);
	json_put_object(o, key);
	json_put_text(o, "value", b.p);
	json_put_text(o, "currency", currency);
	json_end_object(o);
}

/* ---- who may come in ---- */

static void request_id(struct service *s, struct call *c)
{
	const char *id = arena_printf(c->arena, "1-%08" PRIx64 "-sandbox", (uint64_t)++s->next_request);

	call_add_header(c, "x-ebay-c-request-id", id);
	if (!*c->correlation)
		c->correlation = id;
}

static bool ebay_let_in(struct service *s, const struct route *route, struct call *c)
{
	const char *given = call_header(c, "Authorization");

	request_id(s, c);
	if (route->group == GROUP_TOKEN)
		return true; /* its own answers say what is wrong */
	if (given && strncasecmp(given, "Bearer ", 7) == 0 && access_find(s, given + 7))
		return true;
	ebay_say_no(c, 401, (struct ebay_error){ given ? 1001 : 1002, "OAuth",
	                                         given ? "Invalid access token. Check the value of the Authorization HTTP request header." : "Missing access token.",
	                                         NULL, NULL });
	return false;
}

static void ebay_throttle(struct service *s, struct call *c, int64_t next_ms)
{
	(void)s;
	(void)next_ms; /* eBay does not say when */
	ebay_say_no(c, 429, (struct ebay_error){ 2001, "ACCESS", "The request limit has been reached for the resource.", NULL, NULL });
}

/* ---- tokens ---- */

static void oauth_refuse(struct call *c, int status, const char *error, const char *description)
{
	struct buf b = buf_new(c->arena);
	struct json_out o = json_out(&b);

	json_put_object(&o, NULL);
	json_put_text(&o, "error", error);
	json_put_text(&o, "error_description", description);
	json_end_object(&o);
	call_answer_json(c, status, &b);
}

static bool basic_known(const struct service *s, const struct call *c)
{
	const char *given = call_header(c, "Authorization");

	if (!given || strncasecmp(given, "Basic ", 6) != 0)
		return false;
	given = base64_decode(c->arena, given + 6);
	return given && strcmp(given, arena_printf(c->arena, "%s:%s", s->client_id, s->client_secret)) == 0;
}

static void ebay_token(struct service *s, struct call *c)
{
	const char *grant = call_form(c, "grant_type"), *refresh = call_form(c, "refresh_token");
	bool client = grant && strcmp(grant, "client_credentials") == 0;
	struct buf b = buf_new(c->arena);
	struct json_out o = json_out(&b);

	if (!basic_known(s, c)) {
		oauth_refuse(c, 401, "invalid_client", "client authentication failed");
		return;
	}
	if (!client && (!grant || strcmp(grant, "refresh_token") != 0)) {
		oauth_refuse(c, 400, "unsupported_grant_type", "grant type in request is not supported by the authorization server");
		return;
	}
	if (!client && (!refresh || strcmp(refresh, s->refresh_token) != 0)) {
		oauth_refuse(c, 400, "invalid_grant", "the provided authorization refresh token is invalid or was issued to another client");
		return;
	}
	json_put_object(&o, NULL);
	json_put_text(&o, "access_token", access_give(s, "v^1.1#i^1#", TOKEN_LIFE_S * 1000)->value);
	json_put_int(&o, "expires_in", TOKEN_LIFE_S);
	json_put_text(&o, "token_type", client ? "Application Access Token" : "User Access Token");
	json_end_object(&o);
	call_answer_json(c, 200, &b);
}

/* ---- budgets: so many calls of an API a day (their page "API call limits", a copy of 2026-08) ---- */

enum purse { INVENTORY, FULFILLMENT, ANALYTICS, OAUTH };

#define A_DAY(n) { n, DAY_MS, 0 }

static void ebay_limits(struct service *s, struct call *c);

static const struct route ebay_routes[] = {
	{ "POST", "/identity/v1/oauth2/token", GROUP_TOKEN, A_DAY(50000), ebay_token },
	{ "GET", "/sell/fulfillment/v1/order", GROUP_ORDERS, A_DAY(100000), ebay_orders },
	{ "GET", "/sell/fulfillment/v1/order/{orderId}", GROUP_ORDER, A_DAY(100000), ebay_order },
	{ "POST", "/sell/fulfillment/v1/order/{orderId}/shipping_fulfillment", GROUP_SHIP, A_DAY(100000), ebay_ship },
	{ "GET", "/sell/fulfillment/v1/order/{orderId}/shipping_fulfillment", GROUP_ORDER, A_DAY(100000), ebay_fulfillments },
	{ "GET", "/sell/fulfillment/v1/order/{orderId}/shipping_fulfillment/{fulfillmentId}", GROUP_ORDER, A_DAY(100000), ebay_fulfillment },
	{ "GET", "/sell/inventory/v1/inventory_item", GROUP_STOCK, A_DAY(2000000), ebay_items },
	{ "GET", "/sell/inventory/v1/inventory_item/{sku}", GROUP_STOCK, A_DAY(2000000), ebay_item },
	{ "POST", "/sell/inventory/v1/bulk_get_inventory_item", GROUP_STOCK, A_DAY(2000000), ebay_items_bulk },
	{ "GET", "/sell/inventory/v1/inventory_item_group/{inventoryItemGroupKey}", GROUP_STOCK, A_DAY(2000000), ebay_group },
	{ "GET", "/sell/inventory/v1/offer", GROUP_STOCK, A_DAY(2000000), ebay_offers },
	{ "GET", "/sell/inventory/v1/offer/{offerId}", GROUP_STOCK, A_DAY(2000000), ebay_offer },
	{ "GET", "/sell/inventory/v1/location", GROUP_STOCK, A_DAY(2000000), ebay_locations },
	{ "POST", "/sell/inventory/v1/bulk_update_price_quantity", GROUP_PUSH, A_DAY(2000000), ebay_update },
	{ "GET", "/developer/analytics/v1_beta/rate_limit", GROUP_STOCK, A_DAY(5000), ebay_limits },
	{ "GET", "/developer/analytics/v1_beta/user_rate_limit", GROUP_STOCK, A_DAY(5000), ebay_limits },
};

/* Of the same API, the same budget. */
static int purse_of(const struct route *route)
{
	static const char *const prefixes[] = { [INVENTORY] = "/sell/inventory/", [FULFILLMENT] = "/sell/fulfillment/", [ANALYTICS] = "/developer/", [OAUTH] = "/identity/" };
	int p = 0;

	while (strncmp(route->path, prefixes[p], strlen(prefixes[p])) != 0)
		p++;
	return p;
}

static int64_t purse_limit(int purse)
{
	size_t i = 0;

	while (purse_of(&ebay_routes[i]) != purse)
		i++;
	return ebay_routes[i].quota.tokens;
}

static void put_limit(struct service *s, struct json_out *o, enum purse purse, const char *context, const char *api, const char *resource)
{
	const struct quota *q = &s->purse[purse];
	int64_t now = s->world->now_ms, limit = purse_limit((int)purse);
	bool fresh = !q->used || q->at_ms / DAY_MS != now / DAY_MS;
	char iso[32];

	time_iso((now / DAY_MS + 1) * DAY_MS, iso);
	json_put_object(o, NULL);
	json_put_text(o, "apiContext", context);
	json_put_text(o, "apiName", api);
	json_put_text(o, "apiVersion", purse == ANALYTICS ? "v1_beta" : "v1");
	json_put_array(o, "resources");
	json_put_object(o, NULL);
	json_put_text(o, "name", resource);
	json_put_array(o, "rates");
	json_put_object(o, NULL);
	json_put_int(o, "count", fresh ? 0 : limit - q->level);
	json_put_int(o, "limit", limit);
	json_put_int(o, "remaining", fresh ? limit : q->level);
	json_put_text(o, "reset", iso);
	json_put_int(o, "timeWindow", DAY_MS / 1000);
	json_end_object(o);
	json_end_array(o);
	json_end_object(o);
	json_end_array(o);
	json_end_object(o);
}

static void ebay_limits(struct service *s, struct call *c)
{
	static const struct {
		enum purse purse;
		const char *context, *api, *resource;
	} limits[] = {
		{ INVENTORY, "sell", "Inventory", "sell.inventory" },
		{ FULFILLMENT, "sell", "Fulfillment", "sell.fulfillment" },
		{ ANALYTICS, "developer", "Analytics", "developer.analytics.rate_limit" },
	};
	const char *api = call_param(c, "api_name"), *context = call_param(c, "api_context");
	struct buf b = buf_new(c->arena);
	struct json_out o = json_out(&b);

	json_put_object(&o, NULL);
	json_put_array(&o, "rateLimits");
	for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
		if ((!api || strcasecmp(api, limits[i].api) == 0) && (!context || strcasecmp(context, limits[i].context) == 0))
			put_limit(s, &o, limits[i].purse, limits[i].context, limits[i].api, limits[i].resource);
	json_end_array(&o);
	json_end_object(&o);
	call_answer_json(c, 200, &b);
}

struct service ebay_service(struct world *w)
{
	return (struct service){
		.platform = EBAY,
		.world = w,
		.route = ebay_routes,
		.routes = sizeof ebay_routes / sizeof *ebay_routes,
		.client_id = SANDBOX_EBAY_ID,
		.client_secret = SANDBOX_EBAY_SECRET,
		.refresh_token = SANDBOX_EBAY_REFRESH,
		.broken = "2003",
		.barred = "1100",
		.let_in = ebay_let_in,
		.purse_of = purse_of,
		.refuse = ebay_refuse,
		.throttle = ebay_throttle,
	};
}
