/*
 * orders.c: our orders as the warehouse has them (outbound orders, sale orders in their own screens).
 *
 * Asked for by last change, with an open end: an order that changes while the pages are read would leave a closed window, and those behind
 * it would move up past the page that is read next. What is told twice changes nothing.
 *
 * Units are off quantityFree once the order is past DRAFT and AWAITING_STOCK and was not REJECTED. When that happened is not told; it
 * was not later than the last change of an order that has got no further yet, and before that of one that has.
 */
#include "channels/cartoncloud/cartoncloud.h"

#include "base/clock.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

enum fault cartoncloud_dispatches_ask(const struct account *acc, struct batch b, struct request *r, struct err *err)
{
	struct buf body = buf_new(r->arena);
	struct json_out o = json_out(&body);
	char since[32];
	int64_t page;

	if (cartoncloud_stored_page(b.job->cursor.page, &page, err) || cartoncloud_request(acc, r, "POST", "/outbound-orders/search", err))
		return FAULT_REFUSED;
	request_query_int(r, "page", page);
	request_query_int(r, "size", CARTONCLOUD_PAGE);
	time_iso_s(b.job->cursor.since_ms, since);
	cartoncloud_search_begin(&o);
	cartoncloud_condition(&o, "TextComparisonCondition", "/customer/id", "EQUAL_TO", acc->customer);
	cartoncloud_condition(&o, "DateTimeComparisonCondition", "/timestamps/modified/time", "GREATER_THAN_OR_EQUAL_TO", since);
	cartoncloud_search_end(&o);
	cartoncloud_body(r, &body);
	return OK;
}

static const struct {
	const char *theirs, *ours;
	bool taken;
} states[] = {
	{ "DRAFT", "RELEASED", false },
	{ "AWAITING_STOCK", "RELEASED", false },
	{ "AWAITING_PICK_AND_PACK", "RELEASED", true },
	{ "PACKING_IN_PROGRESS", "PICKING", true },
	{ "PICKED", "PICKING", true },
	{ "PACKED", "PACKED", true },
	{ "DISPATCHED", "SHIPPED", true },
	{ "REJECTED", "UNKNOWN", false }, /* details.errors says why: nothing of it is theirs to pack */
};

/* A word that we do not know takes nothing: to subtract too much is mended by the next reading, to sell too much is not. */
static void take_state(struct news *n, struct spot order, struct dispatch *d)
{
	d->raw_state = need_plain(order, "status", 40);
	d->state = "UNKNOWN";
	for (size_t i = 0; i < sizeof states / sizeof *states; i++)
		if (!strcmp(states[i].theirs, d->raw_state)) {
			d->state = states[i].ours;
			d->taken = states[i].taken;
			return;
		}
	if (!order.r->path)
		news_odd(n, arena_printf(n->arena, "%s.status", order.path), d->raw_state, d->ref);
}

/* The account's own name for it, where it has one. */
static const char *place_of(const struct account *acc, struct spot order)
{
	const char *id = may_text(order, "warehouse.id"), *name = may_text(order, "warehouse.name");

	for (int i = 0; i < acc->places; i++)
		if ((id && !strcasecmp(acc->place[i], id)) || (name && !strcasecmp(acc->place[i], name)))
			return acc->place[i];
	return name ? name : id;
}

static void take_line(struct news *n, struct spot item, struct dispatch_line *out)
{
	const char *unit = need_id(item, "details.unitOfMeasure.type", " -_./", 60);

	*out = (struct dispatch_line){ need_plain(item, "details.product.references.code", 100), cartoncloud_unit(n->arena, unit),
		                       need_units(item, "measures.quantity", 0, QTY_MAX) };
}

/* What of it stands in another warehouse's order of the same number is that one's. A line that cannot be read leaves all of them untold. */
static void take_lines(struct news *n, struct spot order, struct dispatch *d)
{
	const struct json *items = json_get(order.v, "items");
	struct dispatch_line *line = arena_alloc(n->arena, (size_t)(json_count(items) + 1) * sizeof *line);
	int lines = 0;

	for (const struct json *v = json_first(items); v; v = json_next(v)) {
		struct reading w = { .arena = n->arena };

		take_line(n, (struct spot){ .r = &w, .v = v, .path = order.path }, &line[lines++]);
		if (w.path)
			return;
	}
	d->line = line;
	d->lines = lines;
}

static void take_order(const struct account *acc, struct news *n, struct spot order, const char *ref)
{
	int odds = n->odds;
	struct dispatch *d = news_dispatch(n);

	d->ref = need_plain(order, "references.customer", 100);
	d->their_ref = need_id(order, "id", "-", 36);
	take_state(n, order, d);
	d->place = place_of(acc, order);
	d->made_ms = need_time(order, "timestamps.created.time");
	d->updated_ms = need_time(order, "timestamps.modified.time");
	d->gone_ms = may_time(order, "timestamps.dispatched.time");
	if (d->taken && !strcmp(d->state, "RELEASED") && d->updated_ms > d->made_ms)
		d->made_ms = d->updated_ms;
	d->tracking = may_text(order, "references.tracking");
	d->carrier = may_text(order, "details.tracking.companyName");
	d->path = order.path;
	take_lines(n, order, d);
	if (!order.r->path)
		return;
	n->dispatches--;
	n->odds = odds;
	answer_park(n, order.r, &order, "SCHEMA", ref);
}

enum fault cartoncloud_dispatches_hear(const struct account *acc, struct batch b, const struct reply *r, struct news *n, struct err *err)
{
	const struct json *body;
	enum fault f = cartoncloud_list(acc, CARTONCLOUD_ORDERS, "orders", b, r, n, &body, err);
	int i = 0;

	if (f)
		return f;
	for (const struct json *v = json_first(body); v; v = json_next(v)) {
		struct reading w = { .arena = n->arena };
		struct spot order = { .r = &w, .v = v, .path = arena_printf(n->arena, "[%d]", i++) };
		const char *ref = may_text(order, "references.customer");

		if (ref) /* an order without our number is none of a marketplace's */
			take_order(acc, n, order, ref);
	}
	return OK;
}
