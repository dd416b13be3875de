/*
 * walmart.c: Walmart Marketplace US v3, its gateway: tokens, headers, quotas, refusals.
 *
 * From the contract of 2024-12-25 (specs/walmart); limits from Walmart's rate-limiting page as of 2026-08.
 */
#include "sandbox/walmart.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { TOKEN_LIFE_S = 900 };

static void error_put(struct json_out *o, const char *code, const char *field, const char *description, const char *info)
{
	json_put_object(o, NULL);
	json_put_text(o, "code", code);
	if (field)
		json_put_text(o, "field", field);
	json_put_text(o, "description", description);
	json_put_text(o, "info", info);
	json_put_text(o, "severity", "ERROR");
	json_put_text(o, "category", "DATA");
	json_put_array(o, "causes");
	json_end_array(o);
	json_put_object(o, "errorIdentifiers");
	json_end_object(o);
	json_end_object(o);
}

void walmart_gateway_refuse(struct call *c, int status, const char *code, const char *info)
{
	struct buf b = buf_new(c->arena);
	struct json_out o = json_out(&b);
	const char *word = status == 401 ? "UNAUTHORIZED" : code;

	json_put_object(&o, NULL);
	json_put_array(&o, "error");
	error_put(&o, arena_printf(c->arena, "%s.GMP_GATEWAY_API", code), word, status == 401 ? "Unauthorized" : info, info);
	json_end_array(&o);
	json_end_object(&o);
	call_answer_json(c, status, &b);
}

void walmart_order_refuse(struct call *c, int status, const char *field, const char *description)
{
	struct buf b = buf_new(c->arena);
	struct json_out o = json_out(&b);

	json_put_object(&o, NULL);
	json_put_object(&o, "errors");
	json_put_array(&o, "error");
	error_put(&o, status == 404 ? "CONTENT_NOT_FOUND.GMP_ORDER_API" : "INVALID_REQUEST_CONTENT.GMP_ORDER_API", field, description,
	          status == 404 ? "Requested content could not be found." : "Request content is invalid.");
	json_end_array(&o);
	json_end_object(&o);
	json_end_object(&o);
	call_answer_json(c, status, &b);
}

void walmart_refuse(struct call *c, int status, const char *code, const char *description)
{
	struct buf b = buf_new(c->arena);
	struct json_out o = json_out(&b);

	json_put_object(&o, NULL);
	json_put_array(&o, "errors");
	error_put(&o, code, NULL, description, description);
	json_end_array(&o);
	json_end_object(&o);
	call_answer_json(c, status, &b);
}

/* ---- who may come in ---- */

static bool basic_known(const struct service *s, const struct call *c)
{
	const char *given = call_header(c, "Authorization");
	const char *want = arena_printf(c->arena, "%s:%s", s->client_id, s->client_secret);

	if (!given || strncasecmp(given, "Basic ", 6) != 0)
		return false;
	given = base64_decode(c->arena, given + 6);
	return given && strcmp(given, want) == 0;
}

static bool walmart_let_in(struct service *s, const struct route *route, struct call *c)
{
	const char *correlation = call_header(c, "WM_QOS.CORRELATION_ID");

	if (correlation && *correlation)
		c->correlation = correlation;
	if (!correlation || !*correlation) {
		walmart_gateway_refuse(c, 400, "INVALID_REQUEST_HEADER", "WM_QOS.CORRELATION_ID set null or invalid.");
		return false;
	}
	if (!call_header(c, "WM_SVC.NAME")) {
		walmart_gateway_refuse(c, 400, "INVALID_REQUEST_HEADER", "WM_SVC.NAME set null or invalid.");
		return false;
	}
	if (route->group == GROUP_TOKEN && strcmp(route->method, "POST") == 0 ? basic_known(s, c)
	                                                                      : access_find(s, call_header(c, "WM_SEC.ACCESS_TOKEN")) != NULL)
		return true;
	walmart_gateway_refuse(c, 401, "UNAUTHORIZED", "Unauthorized token or incorrect authorization header.");
	return false;
}

/* The page that names the header does not state its form; clients have seen all three, and both spellings. */
static void walmart_mark(struct service *s, const struct route *route, struct call *c, int64_t left, int64_t next_ms)
{
	char iso[32];
	int form = (int)(route - s->route) % 3;

	time_iso(next_ms, iso);
	call_add_header(c, "X-Current-Token-Count", arena_printf(c->arena, "%" PRId64, left));
	call_add_header(c, form == 2 ? "x-next-replenish-time" : "X-Next-Replenishment-Time",
	                form == 0   ? arena_printf(c->arena, "%" PRId64, next_ms)
	                : form == 1 ? iso
	                            : arena_printf(c->arena, "%" PRId64, (next_ms - s->world->now_ms + 999) / 1000));
}

static void walmart_throttle(struct service *s, struct call *c, int64_t next_ms)
{
	(void)s;
	call_add_header(c, "X-Current-Token-Count", "0");
	call_add_header(c, "X-Next-Replenishment-Time", arena_printf(c->arena, "%" PRId64, next_ms));
	walmart_refuse(c, 429, "REQUEST_THRESHOLD_VIOLATED", "You have exceeded the allotted number of API calls in the current window.");
}

/* ---- tokens ---- */

static void walmart_token(struct service *s, struct call *c)
{
	const char *grant = call_form(c, "grant_type");

	if (!grant || strcmp(grant, "client_credentials") != 0) {
		walmart_gateway_refuse(c, 400, "INVALID_REQUEST_PARAM", "grant_type is missing or not supported for this client.");
		return;
	}
	access_answer(s, c, "eyJraWQiOiI", "Bearer", TOKEN_LIFE_S);
}

static void walmart_token_detail(struct service *s, struct call *c)
{
	static const char *const scopes[][2] = {
		{ "reports", "view_only" },    { "item", "full_access" },      { "shipping", "view_only" },  { "price", "full_access" },
		{ "lagtime", "full_access" },  { "feeds", "full_access" },     { "returns", "full_access" }, { "orders", "full_access" },
		{ "rules", "no_access" },      { "inventory", "full_access" }, { "content", "view_only" },
	};
	const struct access *a = access_find(s, call_header(c, "WM_SEC.ACCESS_TOKEN"));
	struct buf b = buf_new(c->arena);
	struct json_out o = json_out(&b);

	json_put_object(&o, NULL);
	json_put_text(&o, "expire_at", arena_printf(c->arena, "%" PRId64, a->until_ms));
	json_put_text(&o, "issued_at", arena_printf(c->arena, "%" PRId64, a->from_ms));
	json_put_bool(&o, "is_valid", true);
	json_put_bool(&o, "is_channel_match", true);
	json_put_object(&o, "scopes");
	for (size_t i = 0; i < sizeof scopes / sizeof *scopes; i++)
		json_put_text(&o, scopes[i][0], scopes[i][1]);
	json_end_object(&o);
	json_end_object(&o);
	call_answer_json(c, 200, &b);
}

/* ---- its own health ---- */

/* Which of our groups each of theirs is made of; the rest is well as long as anybody looks. */
static bool is_announced(const struct world *w, const char *group)
{
	static const struct {
		const char *name;
		unsigned groups;
	} made_of[] = {
		{ "Orders", 1u << GROUP_ORDERS | 1u << GROUP_ORDER | 1u << GROUP_ACK | 1u << GROUP_SHIP | 1u << GROUP_CANCEL },
		{ "Inventory", 1u << GROUP_STOCK | 1u << GROUP_PUSH | 1u << GROUP_POOL },
		{ "Authentication", 1u << GROUP_TOKEN },
	};

	for (size_t i = 0; i < sizeof made_of / sizeof *made_of; i++)
		if (!strcmp(group, made_of[i].name))
			return w->announced & made_of[i].groups;
	return false;
}

static void walmart_status(struct service *s, struct call *c)
{
	static const char *const groups[] = { "Returns", "Items", "Sandbox", "Lagtime", "Promos", "Orders", "Authentication", "Price", "Refunds", "Authorization", "Inventory" };
	struct buf b = buf_new(c->arena);
	struct json_out o = json_out(&b);
	char iso[32];

	time_iso(s->world->now_ms, iso);
	json_put_object(&o, NULL);
	json_put_array(&o, "apiStatuses");
	for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
		json_put_object(&o, NULL);
		json_put_text(&o, "apiGroup", groups[i]);
		json_put_text(&o, "status", is_announced(s->world, groups[i]) ? "SERVICE_OUTAGE" : "OPERATIONAL");
		json_put_text(&o, "lastUpdatedTime", iso);
		json_end_object(&o);
	}
	json_end_array(&o);
	json_end_object(&o);
	call_answer_json(c, 200, &b);
}

#define A_MINUTE(n) { n, MINUTE_MS, n }

static const struct route walmart_routes[] = {
	{ "POST", "/v3/token", GROUP_TOKEN, A_MINUTE(30), walmart_token },
	{ "GET", "/v3/token/detail", GROUP_TOKEN, A_MINUTE(30), walmart_token_detail },
	{ "GET", "/v3/utilities/apiStatus", GROUP_STATUS, A_MINUTE(100), walmart_status },
	{ "GET", "/v3/orders", GROUP_ORDERS, A_MINUTE(5000), walmart_orders },
	{ "GET", "/v3/orders/released", GROUP_ORDERS, A_MINUTE(60), walmart_released },
	{ "GET", "/v3/orders/{purchaseOrderId}", GROUP_ORDER, A_MINUTE(5000), walmart_order },
	{ "POST", "/v3/orders/{purchaseOrderId}/acknowledge", GROUP_ACK, A_MINUTE(60), walmart_ack },
	{ "POST", "/v3/orders/{purchaseOrderId}/shipping", GROUP_SHIP, A_MINUTE(60), walmart_ship },
	{ "POST", "/v3/orders/{purchaseOrderId}/cancel", GROUP_CANCEL, A_MINUTE(60), walmart_cancel },
	{ "GET", "/v3/inventory", GROUP_STOCK, A_MINUTE(200), walmart_inventory_get },
	{ "PUT", "/v3/inventory", GROUP_PUSH, A_MINUTE(200), walmart_inventory_put },
	{ "GET", "/v3/inventories", GROUP_STOCK, A_MINUTE(200), walmart_inventories },
	{ "GET", "/v3/inventories/{sku}", GROUP_STOCK, A_MINUTE(200), walmart_nodes_get },
	{ "PUT", "/v3/inventories/{sku}", GROUP_PUSH, A_MINUTE(200), walmart_nodes_put },
	{ "GET", "/v3/fulfillment/inventory", GROUP_POOL, A_MINUTE(200), walmart_wfs },
	{ "POST", "/v3/feeds", GROUP_BULK, { 10, HOUR_MS, 10 }, walmart_upload },
	{ "GET", "/v3/feeds", GROUP_FEEDS, A_MINUTE(5000), walmart_feeds },
	{ "GET", "/v3/feeds/{feedId}", GROUP_FEEDS, A_MINUTE(5000), walmart_feed },
};

struct service walmart_service(struct world *w)
{
	return (struct service){
		.platform = WALMART,
		.world = w,
		.route = walmart_routes,
		.routes = sizeof walmart_routes / sizeof *walmart_routes,
		.client_id = SANDBOX_WALMART_ID,
		.client_secret = SANDBOX_WALMART_SECRET,
		.broken = "SYSTEM_ERROR",
		.barred = "FORBIDDEN.GMP_GATEWAY_API",
		.let_in = walmart_let_in,
		.refuse = walmart_refuse,
		.mark = walmart_mark,
		.throttle = walmart_throttle,
	};
}
