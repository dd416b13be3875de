/*
 * cartoncloud.c: CartonCloud, its gateway: tokens, versions, tenants, refusals, pages.
 *
 * From the transcription of its API documentation of 2026-05-06 (specs/cartoncloud). The documentation states one limit, of
 * creating orders; there is none here for what it is silent about.
 */
#include "sandbox/cartoncloud.h"

#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { TOKEN_LIFE_S = 3600, PAGE_DEFAULT = 50 };

void cartoncloud_refuse(struct call *c, int status, const char *field, const char *message)
{
	struct buf b = buf_new(c->arena);
	struct json_out o = json_out(&b);

	json_put_array(&o, NULL);
	json_put_object(&o, NULL);
	if (field)
		json_put_text(&o, "field", field);
	json_put_text(&o, "message", message);
	json_end_object(&o);
	json_end_array(&o);
	call_answer_json(c, status, &b);
}

/* What faults say; the documentation knows no codes of ours. */
static void gateway_refuse(struct call *c, int status, const char *code, const char *message)
{
	(void)code;
	cartoncloud_refuse(c, status, NULL, status == 403 ? "Access to the resource is denied" : message);
}

/* ---- ids ---- */

const char *cartoncloud_id(struct arena *a, enum cartoncloud_id kind, int number)
{
	return arena_printf(a, "7c1d%04x-%04x-4e15-8a5e-%012x", (unsigned)kind, (unsigned)(kind ^ 0x5a5a), (unsigned)number);
}

int cartoncloud_number(enum cartoncloud_id kind, const char *id)
{
	char again[40];
	unsigned number;

	if (strlen(id) != 36 || sscanf(id + 24, "%12x", &number) != 1 || number > INT32_MAX)
		return -1;
	snprintf(again, sizeof again, "7c1d%04x-%04x-4e15-8a5e-%012x", (unsigned)kind, (unsigned)(kind ^ 0x5a5a), number);
	return strcasecmp(again, id) == 0 ? (int)number : -1;
}

/* ---- pages ---- */

bool cartoncloud_page(struct call *c, int64_t size_max, int64_t *page, int64_t *size)
{
	if (call_int(c, "page", 1, 1000000, 1, page) && call_int(c, "size", 1, size_max, size_max < PAGE_DEFAULT ? size_max : PAGE_DEFAULT, size))
		return true;
	cartoncloud_refuse(c, 400, NULL, "page or size is not valid");
	return false;
}

void cartoncloud_page_headers(struct call *c, int64_t page, int64_t size, int total)
{
	int64_t pages = (total + size - 1) / size;

	call_add_header(c, "Total-Pages", arena_printf(c->arena, "%" PRId64, pages));
	call_add_header(c, "Page-Size", arena_printf(c->arena, "%" PRId64, size));
	call_add_header(c, "Page-Number", arena_printf(c->arena, "%" PRId64, page));
	call_add_header(c, "Total-Elements", arena_printf(c->arena, "%d", total));
	if (page < pages)
		call_add_header(c, "Link", arena_printf(c->arena, "<https://api.cartoncloud.com%s?page=%" PRId64 "&size=%" PRId64 ">; rel=\"next\"", c->path, page + 1, size));
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

static bool bearer_known(const struct service *s, const struct call *c)
{
	const char *given = call_header(c, "Authorization");

	return given && strncasecmp(given, "Bearer ", 7) == 0 && access_find(s, given + 7);
}

/* Products have versions up to 8, all else has the first. False: it was refused. */
static bool version_ok(const struct route *route, struct call *c)
{
	const char *version = call_header(c, "Accept-Version");
	int64_t n;

	if (!version || !*version)
		cartoncloud_refuse(c, 400, NULL, "The Accept-Version header is required");
	else if (!text_int(version, 1, route->group == GROUP_PRODUCTS ? 8 : 1, &n))
		cartoncloud_refuse(c, 406, NULL, "The requested version is not supported");
	else
		return true;
	return false;
}

static bool cartoncloud_let_in(struct service *s, const struct route *route, struct call *c)
{
	if (!version_ok(route, c))
		return false;
	if (route->group == GROUP_TOKEN && strcmp(route->method, "POST") == 0 ? !basic_known(s, c) : !bearer_known(s, c)) {
		cartoncloud_refuse(c, 401, NULL, "Access token or credentials are not valid");
		return false;
	}
	if (strcmp(c->segment[0], "tenants") == 0 && strcmp(c->segment[1], s->tenant) != 0) {
		cartoncloud_refuse(c, 404, NULL, "The resource does not exist");
		return false;
	}
	return true;
}

static void cartoncloud_throttle(struct service *s, struct call *c, int64_t next_ms)
{
	(void)s;
	(void)next_ms;
	cartoncloud_refuse(c, 429, NULL, "Rate limiting has been applied");
}

/* ---- who is who ---- */

static void cartoncloud_token(struct service *s, struct call *c)
{
	const char *grant = call_form(c, "grant_type");

	if (!grant || strcmp(grant, "client_credentials") != 0) {
		cartoncloud_refuse(c, 400, NULL, "Request is invalid");
		return;
	}
	access_answer(s, c, "cc-", "bearer", TOKEN_LIFE_S);
}

static void cartoncloud_userinfo(struct service *s, struct call *c)
{
	struct buf b = buf_new(c->arena);
	struct json_out o = json_out(&b);

	json_put_object(&o, NULL);
	json_put_text(&o, "id", "0f5f7a52-2d61-4c1e-9b0e-5e7a15c3b1d4");
	json_put_text(&o, "name", "Harbor & Pine API");
	json_put_text(&o, "email", "api@harborandpine.example");
	json_put_array(&o, "tenants");
	json_put_object(&o, NULL);
	json_put_text(&o, "id", s->tenant);
	json_put_text(&o, "name", "Breakwater Logistics");
	json_end_object(&o);
	json_end_array(&o);
	json_end_object(&o);
	call_answer_json(c, 200, &b);
}

void cartoncloud_put_customer(struct call *c, struct json_out *o, const char *key)
{
	json_put_object(o, key);
	json_put_bool(o, "enabled", true);
	json_put_text(o, "name", "Harbor & Pine");
	json_put_object(o, "references");
	json_put_text(o, "code", "HARBORPINE");
	json_end_object(o);
	json_put_text(o, "id", cartoncloud_id(c->arena, ID_CUSTOMER, 1));
	json_end_object(o);
}

void cartoncloud_put_warehouse(struct call *c, struct json_out *o, const char *key, enum depot d)
{
	json_put_object(o, key);
	json_put_text(o, "name", depot_facts[d].title);
	json_put_text(o, "id", cartoncloud_id(c->arena, ID_WAREHOUSE, (int)d));
	json_end_object(o);
}

static void cartoncloud_customers(struct service *s, struct call *c)
{
	struct buf b = buf_new(c->arena);
	struct json_out o = json_out(&b);
	int64_t page, size;

	(void)s;
	if (!cartoncloud_page(c, 100, &page, &size))
		return;
	json_put_array(&o, NULL);
	if (page == 1)
		cartoncloud_put_customer(c, &o, NULL);
	json_end_array(&o);
	cartoncloud_page_headers(c, page, size, 1);
	call_answer_json(c, 200, &b);
}

static void cartoncloud_customer(struct service *s, struct call *c)
{
	struct buf b = buf_new(c->arena);
	struct json_out o = json_out(&b);

	(void)s;
	if (cartoncloud_number(ID_CUSTOMER, c->segment[3]) != 1) {
		cartoncloud_refuse(c, 404, NULL, "The resource does not exist");
		return;
	}
	cartoncloud_put_customer(c, &o, NULL);
	call_answer_json(c, 200, &b);
}

#define UNSTATED { 0, 1000, 0 }

static const struct route cartoncloud_routes[] = {
	{ "POST", "/uaa/oauth/token", GROUP_TOKEN, UNSTATED, cartoncloud_token },
	{ "GET", "/uaa/userinfo", GROUP_TOKEN, UNSTATED, cartoncloud_userinfo },
	{ "GET", "/tenants/{tenantId}/customers", GROUP_PRODUCTS, UNSTATED, cartoncloud_customers },
	{ "GET", "/tenants/{tenantId}/customers/{id}", GROUP_PRODUCTS, UNSTATED, cartoncloud_customer },
	{ "POST", "/tenants/{tenantId}/warehouse-products/search", GROUP_PRODUCTS, UNSTATED, cartoncloud_products },
	{ "POST", "/tenants/{tenantId}/outbound-orders/search", GROUP_DISPATCH, UNSTATED, cartoncloud_orders },
	{ "GET", "/tenants/{tenantId}/outbound-orders/{id}", GROUP_DISPATCH, UNSTATED, cartoncloud_order },
	{ "POST", "/tenants/{tenantId}/report-runs", GROUP_REPORT, UNSTATED, cartoncloud_report_start },
	{ "GET", "/tenants/{tenantId}/report-runs/{id}", GROUP_REPORT, UNSTATED, cartoncloud_report_get },
};

struct service cartoncloud_service(struct world *w)
{
	return (struct service){
		.platform = CARTONCLOUD,
		.world = w,
		.route = cartoncloud_routes,
		.routes = sizeof cartoncloud_routes / sizeof *cartoncloud_routes,
		.client_id = SANDBOX_CARTONCLOUD_ID,
		.client_secret = SANDBOX_CARTONCLOUD_SECRET,
		.tenant = SANDBOX_CARTONCLOUD_TENANT,
		.let_in = cartoncloud_let_in,
		.refuse = gateway_refuse,
		.throttle = cartoncloud_throttle,
	};
}
