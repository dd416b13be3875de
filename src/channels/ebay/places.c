/* places.c: their locations; the heartbeat; what is left of the day's calls. */
#include "channels/ebay/ebay.h"

#include "base/text.h"
#include "channels/token.h"

#include <inttypes.h>
#include <string.h>

enum { PAGE_PLACES = 100 };

/* Here the offset counts records (contract, getInventoryLocations). */
enum fault ebay_places_ask(const struct account *acc, struct batch b, struct request *r, struct err *err)
{
	const char *page = b.job->cursor.page;

	(void)err;
	ebay_request(acc, r, "GET", "/sell/inventory/v1/location");
	request_query_int(r, "limit", PAGE_PLACES);
	request_query(r, "offset", page && *page ? page : NULL);
	return OK;
}

static void take_place(struct news *n, const struct spot *place)
{
	const char *key = need_plain(*place, "merchantLocationKey", 40), *status = may_text(*place, "merchantLocationStatus");
	const char *name = may_text(*place, "name");

	if (place->r->path) {
		answer_park(n, place->r, place, "PLACE", key);
		return;
	}
	*news_site(n) = (struct site){ .code = key, .name = name ? name : key, .kind = "own", .active = !status || !strcmp(status, "ENABLED") };
}

enum fault ebay_places_hear(const struct account *acc, struct batch b, const struct reply *r, struct news *n, struct err *err)
{
	const char *page = b.job->cursor.page;
	const struct json *body, *list;
	int64_t from = 0, total;
	int i = 0;
	enum fault f = ebay_open(acc, EBAY_INVENTORY, r, n->arena, &body, err);

	if (f)
		return f;
	list = json_get(body, "locations");
	total = json_int_or(body, "total", -1);
	if (!json_is_array(list) && (list || total != 0))
		return err_set(err, FAULT_FORMAT, "locations: not a list of locations");
	for (const struct json *v = json_first(list); v; v = json_next(v)) {
		struct reading w = { .arena = n->arena };
		struct spot place = { .r = &w, .v = v, .path = arena_printf(n->arena, "locations[%d]", i++) };

		take_place(n, &place);
	}
	n->has_page = true;
	if (page && *page && !text_int(page, 0, INT32_MAX, &from))
		from = 0;
	if (i && *json_text_or(body, "next", "") && (total < 0 || from + i < total))
		n->next_page = arena_printf(n->arena, "%" PRId64, from + i);
	return OK;
}

/* ---- the heartbeat: the cheapest read that proves token, seller and scope at once ---- */

enum fault ebay_ping_ask(const struct account *acc, struct batch b, struct request *r, struct err *err)
{
	(void)b;
	(void)err;
	ebay_request(acc, r, "GET", "/sell/inventory/v1/location");
	request_query_int(r, "limit", 1);
	return OK;
}

enum fault ebay_ping_hear(const struct account *acc, struct batch b, const struct reply *r, struct news *n, struct err *err)
{
	const struct json *body;
	enum fault f = ebay_open(acc, EBAY_INVENTORY, r, n->arena, &body, err);

	(void)b;
	if (f)
		return f;
	if (!json_is_object(body))
		return err_set(err, FAULT_FORMAT, "locations: missing");
	n->scopes = "sell.inventory=readable";
	token_clock(r, n);
	return OK;
}

/*
 * ---- the day's calls, in their own words ----
 *
 * No header tells what is left. getUserRateLimits does, with the seller's own token ("Analytics API", read 2026-11; it is in no contract file); who has
 * not been given it is told so, and our own count stands.
 */

enum fault ebay_quota_ask(const struct account *acc, struct batch b, struct request *r, struct err *err)
{
	(void)b;
	(void)err;
	ebay_request(acc, r, "GET", "/developer/analytics/v1_beta/user_rate_limit/");
	return OK;
}

static const struct {
	const char *theirs, *bucket; /* bucket: data/limits.csv */
} resources[] = {
	{ "sell.fulfillment", "ebay.fulfillment" },
	{ "sell.inventory", "ebay.inventory" },
};

static void take_rate(struct news *n, const char *bucket, struct spot rate)
{
	enum { DAY_S = 86400 };
	int64_t window_s = need_int(rate, "timeWindow", 1, INT32_MAX), limit = need_int(rate, "limit", 0, INT32_MAX);
	int64_t left = need_int(rate, "remaining", 0, INT32_MAX), reset_ms = may_time(rate, "reset");

	if (!rate.r->path && window_s == DAY_S)
		*news_quota(n) = (struct quota){ .bucket = bucket, .limit = limit, .left = left, .reset_ms = reset_ms };
}

static void take_resource(struct news *n, struct spot resource)
{
	const char *name = may_text(resource, "name");

	for (size_t i = 0; name && i < sizeof resources / sizeof *resources; i++)
		if (!strcmp(name, resources[i].theirs))
			for (struct spot rate = spot_first(spot_get(resource, "rates")); rate.v; rate = spot_next(rate))
				take_rate(n, resources[i].bucket, rate);
}

enum fault ebay_quota_hear(const struct account *acc, struct batch b, const struct reply *r, struct news *n, struct err *err)
{
	struct reading w = { .arena = n->arena };
	const struct json *body;
	enum fault f;

	(void)b;
	if (!r->fault && (r->status == 403 || r->status == 404 || r->status == 204))
		return OK;
	f = ebay_open(acc, "api_scope", r, n->arena, &body, err);
	if (f)
		return f;
	if (!json_is_array(json_get(body, "rateLimits")))
		return err_set(err, FAULT_FORMAT, "rateLimits: not a list of limits");
	for (struct spot api = spot_first(spot_get(spot_top(&w, body), "rateLimits")); api.v; api = spot_next(api))
		for (struct spot resource = spot_first(spot_get(api, "resources")); resource.v; resource = spot_next(resource))
			take_resource(n, resource);
	return answer_wrong(&w, err);
}
