/*
 * netsuite.c: NetSuite's REST services, their gateway: who calls, how many at once, refusals.
 *
 * From documentation (specs/netsuite). The limit is no rate: so many requests of an account are under way at
 * once, and one more is refused.
 */
#include "sandbox/netsuite.h"

#include "base/text.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

enum { AT_ONCE = 5 };

static const char media_error[] = "application/vnd.oracle.resource+json; type=error; charset=UTF-8";

static const char *title_of(int status)
{
	static const struct {
		int status;
		const char *title;
	} titles[] = { { 400, "Bad Request" }, { 401, "Unauthorized" }, { 403, "Forbidden" }, { 404, "Not Found" }, { 405, "Method Not Allowed" },
		       { 429, "Too Many Requests" } };

	for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
		if (titles[i].status == status)
			return titles[i].title;
	return "Internal Server Error";
}

void netsuite_refuse(struct call *c, int status, const char *code, const char *detail)
{
	struct buf b = buf_new(c->arena);
	struct json_out o = json_out(&b);

	json_put_object(&o, NULL);
	json_put_text(&o, "type", "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5");
	json_put_text(&o, "title", title_of(status));
	json_put_int(&o, "status", status);
	json_put_array(&o, "o:errorDetails");
	json_put_object(&o, NULL);
	json_put_text(&o, "detail", detail);
	json_put_text(&o, "o:errorCode", status >= 500 ? "UNEXPECTED_ERROR" : status == 403 ? "INSUFFICIENT_PERMISSION" : code);
	json_end_object(&o);
	json_end_array(&o);
	json_end_object(&o);
	call_answer(c, status, media_error, b.p, b.len);
}

/* ---- who may come in ---- */

/* It does not say what was wrong with a login; s->why does, to a test. */
static void login_refuse(struct service *s, struct call *c, const char *why)
{
	s->why = why;
	netsuite_refuse(c, 401, "INVALID_LOGIN", "Invalid login attempt. For more details, see the Login Audit Trail in the NetSuite UI at Setup > Users/Roles > User "
	                                         "Management > View Login Audit Trail.");
}

static bool bearer_known(const struct service *s, const char *given)
{
	return strncasecmp(given, "Bearer ", 7) == 0 && access_find(s, given + 7);
}

/* One more under way, until its answer has left. False: there are too many. */
static bool place_take(struct service *s, const struct call *c)
{
	int free = -1, taken = 0;

	for (int i = 0; i < UNDER_WAY_MAX; i++) {
		if (s->under_way[i] > s->world->now_ms)
			taken++;
		else
			free = i;
	}
	if (taken >= AT_ONCE || free < 0)
		return false;
	s->under_way[free] = s->world->now_ms + c->out->delay_ms;
	return true;
}

static bool netsuite_let_in(struct service *s, const struct route *route, struct call *c)
{
	const char *given = call_header(c, "Authorization"), *why;

	s->why = NULL;
	if (route->group == GROUP_TOKEN)
		return true;
	why = given && strncasecmp(given, "Bearer ", 7) == 0 ? (bearer_known(s, given) ? NULL : "the token is not known") : netsuite_signed(s, c);
	if (why) {
		login_refuse(s, c, why);
		return false;
	}
	if (place_take(s, c))
		return true;
	s->world->count[THROTTLED]++;
	s->world->count[UNKNOWN_CALLERS]--; /* known, and too many */
	s->throttle(s, c, 0);
	return false;
}

static void netsuite_throttle(struct service *s, struct call *c, int64_t next_ms)
{
	(void)s;
	(void)next_ms; /* it does not say when */
	netsuite_refuse(c, 429, "SSS_REQUEST_LIMIT_EXCEEDED", "Request limit exceeded. Concurrent request limit for the account has been reached. Try again later.");
}

static void netsuite_limits(struct service *s, struct call *c)
{
	(void)s;
	netsuite_refuse(c, 403, "INSUFFICIENT_PERMISSION", "You do not have permissions to access this resource: it is for administrators.");
}

#define NO_RATE { 0, 1000, 0 }

static const struct route netsuite_routes[] = {
	{ "POST", "/services/rest/auth/oauth2/v1/token", GROUP_TOKEN, NO_RATE, netsuite_token },
	{ "POST", "/services/rest/query/v1/suiteql", GROUP_REPORT, NO_RATE, netsuite_suiteql },
	{ "GET", "/services/rest/system/v1/governanceLimits", GROUP_PRODUCTS, NO_RATE, netsuite_limits },
};

struct service netsuite_service(struct world *w)
{
	return (struct service){
		.platform = NETSUITE,
		.world = w,
		.route = netsuite_routes,
		.routes = sizeof netsuite_routes / sizeof *netsuite_routes,
		.client_id = SANDBOX_NETSUITE_ID,
		.client_secret = SANDBOX_NETSUITE_SECRET,
		.token_id = SANDBOX_NETSUITE_TOKEN,
		.token_secret = SANDBOX_NETSUITE_TOKEN_SECRET,
		.refresh_token = SANDBOX_NETSUITE_REFRESH,
		.tenant = SANDBOX_NETSUITE_ACCOUNT,
		.certificate = netsuite_certificates,
		.let_in = netsuite_let_in,
		.refuse = netsuite_refuse,
		.throttle = netsuite_throttle,
	};
}
