/*
 * amazon_orders.c: searchOrders and getOrder of Orders 2026-01-01.
 *
 * A search walks upwards in time to a fixed end, at the latest two minutes ago; its token carries the
 * window, so that a walk ends even while orders keep coming.
 */
#include "sandbox/amazon.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { PAGE_MAX = 100, BEHIND_MS = 2 * MINUTE_MS };

struct search {
	bool by_update;
	int64_t from_ms, to_ms, at, limit; /* at: an order's number, or a serial of the log of changes; -1: the first page */
	int datasets;
	const struct call *call;
};

static void refuse_input(struct call *c, const char *message)
{
	amazon_refuse(c, 400, "InvalidInput", message);
}

/* The window of a first page. NULL: it is a good one. */
static const char *window_read(struct search *q, const struct call *c, int64_t now_ms)
{
	bool created = call_given(c, "createdAfter"), updated = call_given(c, "lastUpdatedAfter");
	const char *before = created ? "createdBefore" : "lastUpdatedBefore", *other = created ? "lastUpdatedBefore" : "createdBefore";

	if (created == updated)
		return "Exactly one of createdAfter and lastUpdatedAfter is required.";
	if (call_given(c, other))
		return "createdAfter and lastUpdatedBefore, or lastUpdatedAfter and createdBefore, cannot be combined.";
	q->by_update = updated;
	if (!call_time(c, created ? "createdAfter" : "lastUpdatedAfter", 0, &q->from_ms) || !call_time(c, before, now_ms - BEHIND_MS, &q->to_ms))
		return "A date is not in ISO 8601 format.";
	if (call_given(c, before) && q->to_ms > now_ms - BEHIND_MS)
		return "The end of the window must be at least two minutes before the time of the request.";
	if (call_given(c, before) && q->to_ms < q->from_ms)
		return "The end of the window must not be before its start.";
	return NULL;
}

static unsigned digest(const struct call *c, int64_t a, int64_t b, int64_t at)
{
	uint64_t h = (uint64_t)a * 31 + (uint64_t)b * 1009 + (uint64_t)at * 2654435761u;

	for (int i = 0; i < c->params; i++)
		if (strcmp(c->param[i].name, "paginationToken") != 0 && strncmp(c->param[i].name, "maxResults", 10) != 0)
			for (const char *s = c->param[i].value; *s; s++)
				h = h * 1099511628211u + (unsigned char)*s;
	return (unsigned)(h >> 32);
}

static const char *token_make(const struct call *c, const struct search *q)
{
	char *plain = arena_printf(c->arena, "%c.%" PRId64 ".%" PRId64 ".%" PRId64 ".%08x", q->by_update ? 'u' : 'c', q->from_ms, q->to_ms, q->at,
	                           digest(c, q->from_ms, q->to_ms, q->at));

	return base64_encode(c->arena, plain);
}

/* A token continues the search that it came from: with other parameters, or damaged, it is refused. */
static bool token_read(struct search *q, const struct call *c, const char *token)
{
	const char *plain = base64_decode(c->arena, token);
	unsigned given = 0;
	char mode = 0;

	if (!plain || sscanf(plain, "%c.%" SCNd64 ".%" SCNd64 ".%" SCNd64 ".%8x", &mode, &q->from_ms, &q->to_ms, &q->at, &given) != 5)
		return false;
	q->by_update = mode == 'u';
	return q->at >= 0 && given == digest(c, q->from_ms, q->to_ms, q->at);
}

static const char *filters_check(const struct call *c)
{
	static const char *const statuses[] = { "PENDING_AVAILABILITY", "PENDING",   "UNSHIPPED",    "PARTIALLY_SHIPPED",
		                                "SHIPPED",              "CANCELLED", "UNFULFILLABLE" };
	const char *status = call_param(c, "fulfillmentStatuses"), *by = call_param(c, "fulfilledBy");
	bool known = !status;

	for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++)
		known = known || call_lists(c, "fulfillmentStatuses", statuses[i]);
	if (!known)
		return "fulfillmentStatuses is not valid.";
	if (by && !call_lists(c, "fulfilledBy", "MERCHANT") && !call_lists(c, "fulfilledBy", "AMAZON"))
		return "fulfilledBy is not valid.";
	if (call_given(c, "marketplaceIds") && amazon_place(c) == PLACES)
		return "marketplaceIds is not valid.";
	return NULL;
}

static bool search_has(const struct search *q, struct world *w, const struct order *o)
{
	const struct call *c = q->call;

	w->count[ROWS_LOOKED_AT]++;
	if (order_platform(o) != AMAZON)
		return false;
	if (call_given(c, "marketplaceIds") && !call_lists(c, "marketplaceIds", place_facts[o->place].id))
		return false;
	if (call_given(c, "fulfilledBy") && !call_lists(c, "fulfilledBy", place_facts[o->place].pool ? "AMAZON" : "MERCHANT"))
		return false;
	return !call_given(c, "fulfillmentStatuses") || call_lists(c, "fulfillmentStatuses", amazon_status(w, o));
}

/* The next order at or after *at, and *at behind it; -1: the walk is over. */
static int search_next(const struct search *q, struct world *w, int64_t *at)
{
	if (!q->by_update) {
		for (int64_t i = *at; i < w->orders && w->order[i].placed_ms <= q->to_ms; i++)
			if (search_has(q, w, &w->order[i])) {
				*at = i + 1;
				return (int)i;
			}
		return -1;
	}
	for (int i = touches_from_serial(w, (uint32_t)*at); i < w->touches && w->touch[i].at_ms <= q->to_ms; i++) {
		int order = w->touch[i].order;

		if (w->order[order].touch != i || !search_has(q, w, &w->order[order]))
			continue;
		*at = (int64_t)w->touch[i].serial + 1;
		return order;
	}
	return -1;
}

static int64_t search_start(const struct search *q, const struct world *w)
{
	int i;

	if (!q->by_update)
		return orders_from(w, q->from_ms);
	i = touches_from(w, q->from_ms);
	return i < w->touches ? w->touch[i].serial : w->serial;
}

static void search_answer(struct search *q, struct world *w, struct call *c)
{
	struct buf b = buf_new(c->arena);
	struct json_out o = json_out(&b);
	char iso[32];
	int64_t ahead;

	json_put_object(&o, NULL);
	json_put_array(&o, "orders");
	for (int64_t n = 0; n < q->limit; n++) {
		int order = search_next(q, w, &q->at);

		if (order < 0)
			break;
		amazon_put_order(w, c->arena, &o, NULL, order, q->datasets);
	}
	json_end_array(&o);
	ahead = q->at;
	if (search_next(q, w, &ahead) >= 0) {
		json_put_object(&o, "pagination");
		json_put_text(&o, "nextToken", token_make(c, q));
		json_end_object(&o);
	}
	time_iso(q->to_ms, iso);
	json_put_text(&o, q->by_update ? "lastUpdatedBefore" : "createdBefore", iso);
	json_end_object(&o);
	call_answer_json(c, 200, &b);
}

void amazon_search(struct service *s, struct call *c)
{
	struct search q = { .at = -1, .call = c, .datasets = amazon_datasets(c) };
	const char *token = call_param(c, "paginationToken"), *wrong = filters_check(c);

	if (!wrong && !call_int(c, "maxResultsPerPage", 1, PAGE_MAX, PAGE_MAX, &q.limit))
		wrong = "maxResultsPerPage must be between 1 and 100.";
	if (!wrong && q.datasets < 0)
		wrong = "includedData is not valid.";
	if (!wrong && !token)
		wrong = window_read(&q, c, s->world->now_ms);
	if (!wrong && token && !token_read(&q, c, token))
		wrong = "paginationToken is not valid for this request.";
	if (wrong) {
		refuse_input(c, wrong);
		return;
	}
	if (q.at < 0)
		q.at = search_start(&q, s->world);
	search_answer(&q, s->world, c);
}

void amazon_order(struct service *s, struct call *c)
{
	int order = order_by_id(s->world, AMAZON, c->segment[3]), datasets = amazon_datasets(c);
	struct buf b = buf_new(c->arena);
	struct json_out o = json_out(&b);

	if (datasets < 0) {
		refuse_input(c, "includedData is not valid.");
		return;
	}
	if (order < 0) {
		amazon_refuse(c, 404, "NotFound", "The requested order was not found.");
		return;
	}
	s->world->count[ROWS_LOOKED_AT]++;
	json_put_object(&o, NULL);
	amazon_put_order(s->world, c->arena, &o, "order", order, datasets);
	json_end_object(&o);
	call_answer_json(c, 200, &b);
}
