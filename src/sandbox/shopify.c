/*
 * shopify.c: the Admin API of 2026-10, its gateway: tokens, points, one door for everything.
 *
 * From Shopify's schema (specs/shopify). What no schema says is from their pages: a token lives 24 hours; 2,000 points, of which 100 come
 * back a second on the standard plan; a query may cost 1,000; an error is a 200 all the same.
 */
#include "sandbox/shopify.h"

#include <inttypes.h>
#include <string.h>

enum { TOKEN_LIFE_S = 86399, POINTS_MAX = 2000, POINTS_A_SECOND = 100, COST_MAX = 1000 };

#define VERSION "2026-10"

/* ---- what belongs to nothing else ---- */

SHOP_GET(money_both) { return gql_object(&shop_money, on.id, 0, NULL); }
SHOP_GET(money_amount) { return gql_text(shop_amount(r, on.id)); }
SHOP_GET(usd) { return gql_text("USD"); }

static const struct gql_def money_bag_fields[] = {
	{ "shopMoney", "MoneyV2!", NULL, money_both },
	{ "presentmentMoney", "MoneyV2!", NULL, money_both },
	SHOP_END,
};

static const struct gql_def money_fields[] = {
	{ "amount", "Decimal!", NULL, money_amount },
	{ "currencyCode", "CurrencyCode!", NULL, usd },
	SHOP_END,
};

const struct gql_type shop_money_bag = { "MoneyBag", GQL_TYPE, money_bag_fields, NULL };
const struct gql_type shop_money = { "MoneyV2", GQL_TYPE, money_fields, NULL };

SHOP_GET(shop_gid_get) { return gql_text("gid://shopify/Shop/61000000001"); }
SHOP_GET(shop_name) { return gql_text("Harbor & Pine"); }
SHOP_GET(shop_domain) { return gql_text("harbor-and-pine.myshopify.com"); }
SHOP_GET(shop_email) { return gql_text("shop@harbor-and-pine.example"); }
SHOP_GET(shop_zone) { return gql_text("America/Los_Angeles"); }

static const struct gql_def shop_fields[] = {
	{ "id", "ID!", NULL, shop_gid_get },
	{ "name", "String!", NULL, shop_name },
	{ "myshopifyDomain", "String!", NULL, shop_domain },
	{ "email", "String!", NULL, shop_email },
	{ "currencyCode", "CurrencyCode!", NULL, usd },
	{ "ianaTimezone", "String!", NULL, shop_zone },
	SHOP_END,
};

const struct gql_type shop_shop = { "Shop", GQL_TYPE, shop_fields, NULL };

/* What the app may do: the words that its token came with. */
static const char *const scopes[] = { "read_orders", "read_all_orders", "read_products", "read_inventory", "write_inventory", "read_locations",
	                              "read_merchant_managed_fulfillment_orders", "write_merchant_managed_fulfillment_orders", "write_orders" };

enum { SCOPES = sizeof scopes / sizeof *scopes };

SHOP_GET(scope_handle) { return gql_text(scopes[on.id]); }

SHOP_GET(installation_scopes)
{
	struct gql_node *all = arena_alloc(r->arena, SCOPES * sizeof *all);

	for (int i = 0; i < SCOPES; i++)
		all[i] = (struct gql_node){ .type = &shop_scope, .id = i };
	return gql_objects(all, SCOPES);
}

SHOP_GET(installation_gid) { return gql_text("gid://shopify/AppInstallation/510000000001"); }

static const struct gql_def installation_fields[] = {
	{ "id", "ID!", NULL, installation_gid },
	{ "accessScopes", "[AccessScope!]!", NULL, installation_scopes },
	SHOP_END,
};

static const struct gql_def scope_fields[] = {
	{ "handle", "String!", NULL, scope_handle },
	{ "description", "String!", NULL, scope_handle },
	SHOP_END,
};

const struct gql_type shop_installation = { "AppInstallation", GQL_TYPE, installation_fields, NULL };
const struct gql_type shop_scope = { "AccessScope", GQL_TYPE, scope_fields, NULL };

static const struct gql_def node_fields[] = {
	{ "id", "ID!", NULL, NULL },
	SHOP_END,
};

const struct gql_type shop_node = { "Node", GQL_INTERFACE, node_fields, NULL };

SHOP_GET(count_number) { return gql_int(on.id); }
SHOP_GET(count_precision) { return gql_text("EXACT"); }

static const struct gql_def count_fields[] = {
	{ "count", "Int!", NULL, count_number },
	{ "precision", "CountPrecision!", NULL, count_precision },
	SHOP_END,
};

const struct gql_type shop_count = { "Count", GQL_TYPE, count_fields, NULL };

SHOP_GET(job_gid) { return shop_gid(r, GID_JOB, on.id); }
SHOP_GET(job_done) { return gql_bool(strcmp(r->operation->kind, "query") == 0); }

static const struct gql_def job_fields[] = {
	{ "id", "ID!", NULL, job_gid },
	{ "done", "Boolean!", NULL, job_done },
	SHOP_END,
};

const struct gql_type shop_job = { "Job", GQL_TYPE, job_fields, NULL };

static const char *const order_sorts[] = { "CREATED_AT", "ID", "ORDER_NUMBER", "PROCESSED_AT", "UPDATED_AT", NULL };

const struct gql_type shop_order_sort = { "OrderSortKeys", GQL_WORDS, NULL, order_sorts };

static const struct gql_type *const types[] = {
	&shop_query, &shop_mutation, &shop_shop, &shop_node, &shop_count, &shop_job, &shop_page_info_type, &shop_money_bag, &shop_money, &shop_address, &shop_customer,
	&shop_shipping_line, &shop_order, &shop_orders, &shop_order_edge, &shop_line, &shop_lines, &shop_line_edge, &shop_fulfillment_order, &shop_fulfillment_orders,
	&shop_fulfillment_order_edge, &shop_fulfillment_order_line, &shop_fulfillment_order_lines, &shop_fulfillment_order_line_edge, &shop_assigned_location, &shop_action,
	&shop_hold, &shop_fulfillment, &shop_fulfillments, &shop_fulfillment_edge, &shop_fulfillment_line, &shop_fulfillment_lines, &shop_fulfillment_line_edge, &shop_tracking,
	&shop_product, &shop_products, &shop_product_edge, &shop_variant, &shop_variants, &shop_variant_edge, &shop_option, &shop_item, &shop_items, &shop_item_edge,
	&shop_level, &shop_levels, &shop_level_edge, &shop_quantity, &shop_location_type, &shop_locations, &shop_location_edge, &shop_location_address, &shop_user_error,
	&shop_fulfillment_payload, &shop_set_payload, &shop_set_error, &shop_set_error_code, &shop_adjustment, &shop_change, &shop_cancel_payload, &shop_cancel_error,
	&shop_cancel_error_code, &shop_cancel_reason, &shop_fulfillment_input, &shop_by_order_input, &shop_order_line_input, &shop_tracking_input, &shop_set_input,
	&shop_set_quantity_input, &shop_order_sort, &shop_product_sort, &shop_variant_sort, &shop_location_sort, &shop_installation, &shop_scope, NULL,
};

const struct gql_schema shop_schema = { types };

/* ---- who may come in ---- */

static void say_text(struct call *c, int status, const char *errors)
{
	struct buf b = buf_new(c->arena);
	struct json_out o = json_out(&b);

	json_put_object(&o, NULL);
	json_put_text(&o, "errors", errors);
	json_end_object(&o);
	call_answer_json(c, status, &b);
}

static void shopify_refuse(struct call *c, int status, const char *code, const char *message)
{
	(void)code;
	say_text(c, status, message);
}

static bool shopify_let_in(struct service *s, const struct route *route, struct call *c)
{
	const char *id = arena_printf(c->arena, "%08" PRIx64 "-sandbox", (uint64_t)++s->next_request);

	call_add_header(c, "X-Request-Id", id);
	if (!*c->correlation)
		c->correlation = id;
	if (route->group == GROUP_TOKEN || access_find(s, call_header(c, "X-Shopify-Access-Token")))
		return true;
	say_text(c, 401, "[API] Invalid API key or access token (unrecognized login or wrong password)");
	return false;
}

static void shopify_mark(struct service *s, const struct route *route, struct call *c, int64_t left, int64_t next_ms)
{
	(void)s;
	(void)left;
	(void)next_ms;
	if (route->group != GROUP_TOKEN)
		call_add_header(c, "X-Shopify-API-Version", VERSION);
}

static bool form_is(const struct call *c, const char *name, const char *value)
{
	const char *given = call_form(c, name);
	const struct json *body = given ? NULL : call_json(c);

	given = given ? given : json_text_or(body, name, NULL);
	return given && strcmp(given, value) == 0;
}

static const char *scopes_text(struct arena *a)
{
	struct buf b = buf_new(a);

	for (int i = 0; i < SCOPES; i++)
		buf_printf(&b, "%s%s", i ? "," : "", scopes[i]);
	return b.p;
}

static void shopify_token(struct service *s, struct call *c)
{
	bool grant = form_is(c, "grant_type", "client_credentials"), known = form_is(c, "client_id", s->client_id) && form_is(c, "client_secret", s->client_secret);
	struct buf b = buf_new(c->arena);
	struct json_out o = json_out(&b);

	json_put_object(&o, NULL);
	if (grant && known) {
		json_put_text(&o, "access_token", access_give(s, "shpat_", TOKEN_LIFE_S * INT64_C(1000))->value);
		json_put_text(&o, "scope", scopes_text(c->arena));
		json_put_int(&o, "expires_in", TOKEN_LIFE_S);
	} else {
		json_put_text(&o, "error", grant ? "invalid_client" : "unsupported_grant_type");
		json_put_text(&o, "error_description", grant ? "The client is not known." : "The grant type is not supported.");
	}
	json_end_object(&o);
	call_answer_json(c, grant && known ? 200 : 400, &b);
}

/* ---- points: a bucket that fills by the millisecond; in thousandths ---- */

static int64_t points_now(struct service *s)
{
	struct quota *q = &s->purse[0];
	int64_t full = POINTS_MAX * INT64_C(1000), gone = s->world->now_ms - q->at_ms;

	if (!q->used || gone > full)
		q->level = full;
	else if (gone > 0)
		q->level = q->level + gone * POINTS_A_SECOND < full ? q->level + gone * POINTS_A_SECOND : full;
	q->used = true;
	q->at_ms = s->world->now_ms;
	return q->level / 1000;
}

/* actual -1: nothing was done. */
static void put_extensions(struct gql_run *r, struct json_out *o, int64_t requested, int64_t actual)
{
	const struct shop *shop = shop_of(r);

	json_put_object(o, "extensions");
	json_put_object(o, "cost");
	json_put_int(o, "requestedQueryCost", requested);
	if (actual < 0)
		json_put_null(o, "actualQueryCost");
	else
		json_put_int(o, "actualQueryCost", actual);
	json_put_object(o, "throttleStatus");
	json_put_raw(o, "maximumAvailable", arena_printf(r->arena, "%d.0", POINTS_MAX));
	json_put_int(o, "currentlyAvailable", points_now(shop->service));
	json_put_raw(o, "restoreRate", arena_printf(r->arena, "%d.0", POINTS_A_SECOND));
	json_end_object(o);
	json_end_object(o);
	if (shop->warnings) {
		json_put_array(o, "search");
		for (int i = 0; i < shop->warnings; i++) {
			json_put_object(o, NULL);
			json_put_text(o, "field", shop->ignored[i]);
			json_put_text(o, "message", "This field is not searchable and was ignored.");
			json_end_object(o);
		}
		json_end_array(o);
	}
	json_end_object(o);
}

/* Only errors; cost -1: not even that is known. */
static void answer_errors(struct gql_run *r, int64_t cost)
{
	struct buf b = buf_new(r->arena);
	struct json_out o = json_out(&b);

	json_put_object(&o, NULL);
	gql_put_errors(r, &o);
	if (cost >= 0)
		put_extensions(r, &o, cost, -1);
	json_end_object(&o);
	call_answer_json(shop_of(r)->call, 200, &b);
}

static void throttled(struct gql_run *r, int64_t cost)
{
	r->at = NULL;
	gql_error(r, "THROTTLED", "Throttled");
	world_of(r)->count[THROTTLED]++;
	answer_errors(r, cost);
}

static void shopify_throttle(struct service *s, struct call *c, int64_t next_ms)
{
	struct shop shop = { .service = s, .call = c, .world = s->world };
	struct gql_run r = { .arena = c->arena, .schema = &shop_schema, .ctx = &shop };

	(void)next_ms; /* the points say when */
	s->world->count[THROTTLED]--; /* who called has counted it */
	throttled(&r, 10);
}

/* ---- the one door ---- */

static struct gql_document *document_of(const struct call *c, const struct json *body, const char **wrong)
{
	const char *query = json_text_or(body, "query", NULL);

	*wrong = NULL;
	return query ? gql_parse(c->arena, query, wrong) : NULL;
}

static void run(struct gql_run *r)
{
	struct shop *shop = shop_of(r);
	int64_t cost = gql_cost(r), actual;
	bool mutation = strcmp(r->operation->kind, "mutation") == 0;
	struct buf b = buf_new(r->arena);
	struct json_out o = json_out(&b);

	if (cost > COST_MAX) {
		gql_error(r, "MAX_COST_EXCEEDED", arena_printf(r->arena, "Query cost is %" PRId64 ", which exceeds the single query max cost limit (%d).", cost, COST_MAX));
		answer_errors(r, cost);
		return;
	}
	if (points_now(shop->service) < cost) {
		throttled(r, cost);
		return;
	}
	shop->world->count[READS] += !mutation;
	json_put_object(&o, NULL);
	gql_execute(r, &o);
	actual = mutation ? cost : r->objects < cost ? r->objects : cost;
	shop->service->purse[0].level -= actual * 1000;
	if (r->errors)
		gql_put_errors(r, &o);
	put_extensions(r, &o, cost, actual);
	json_end_object(&o);
	call_answer_json(shop->call, 200, &b);
}

static void shopify_graphql(struct service *s, struct call *c)
{
	const struct json *body = call_json(c);
	const char *wrong;
	struct gql_document *document = document_of(c, body, &wrong);
	struct shop shop = { .service = s, .call = c, .world = s->world };
	struct gql_run r = { .arena = c->arena, .schema = &shop_schema, .document = document, .variables = json_get(body, "variables"), .ctx = &shop };

	if (!json_is_text(json_get(body, "query"))) {
		say_text(c, 400, "Required parameter missing or invalid: query");
		return;
	}
	if (!document)
		gql_error(&r, NULL, wrong);
	if (r.errors || !gql_check(&r, json_text_or(body, "operationName", NULL)))
		answer_errors(&r, -1);
	else
		run(&r);
}

/* What a document is about, by its first field: mishaps are asked for by that. */
static enum group shopify_group(const struct call *c)
{
	static const struct {
		const char *field;
		enum group group;
	} groups[] = {
		{ "orders", GROUP_ORDERS },         { "order", GROUP_ORDER },
		{ "fulfillmentOrder", GROUP_ORDER }, { "fulfillment", GROUP_ORDER },
		{ "fulfillmentCreate", GROUP_SHIP }, { "orderCancel", GROUP_CANCEL },
		{ "inventorySetQuantities", GROUP_PUSH },
	};
	const char *wrong;
	const struct gql_document *d = document_of(c, call_json(c), &wrong);
	const char *first = d ? d->operations->first->name : NULL;

	for (size_t i = 0; first && i < sizeof groups / sizeof *groups; i++)
		if (strcmp(groups[i].field, first) == 0)
			return groups[i].group;
	return GROUP_STOCK;
}

#define DOOR "/admin/api/" VERSION "/graphql.json"
#define NO_QUOTA { 0, 1000, 0 } /* points are counted by what is asked */

static const struct route shopify_routes[] = {
	{ "POST", "/admin/oauth/access_token", GROUP_TOKEN, NO_QUOTA, shopify_token },
	{ "POST", DOOR, GROUP_ORDERS, NO_QUOTA, shopify_graphql },
	{ "POST", DOOR, GROUP_ORDER, NO_QUOTA, shopify_graphql },
	{ "POST", DOOR, GROUP_STOCK, NO_QUOTA, shopify_graphql },
	{ "POST", DOOR, GROUP_SHIP, NO_QUOTA, shopify_graphql },
	{ "POST", DOOR, GROUP_CANCEL, NO_QUOTA, shopify_graphql },
	{ "POST", DOOR, GROUP_PUSH, NO_QUOTA, shopify_graphql },
};

struct service shopify_service(struct world *w)
{
	return (struct service){
		.platform = SHOPIFY,
		.world = w,
		.route = shopify_routes,
		.routes = sizeof shopify_routes / sizeof *shopify_routes,
		.client_id = SANDBOX_SHOPIFY_ID,
		.client_secret = SANDBOX_SHOPIFY_SECRET,
		.broken = "INTERNAL_SERVER_ERROR",
		.barred = "ACCESS_DENIED",
		.group_of = shopify_group,
		.let_in = shopify_let_in,
		.refuse = shopify_refuse,
		.mark = shopify_mark,
		.throttle = shopify_throttle,
	};
}
