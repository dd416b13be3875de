/*
 * parcels.c: the packages of an order (getShippingFulfillments): how many units of each line have left.
 *
 * A line in progress says that some of it left and some did not. Its fulfilments say how many each; they add up. A fulfilment that was created twice
 * is two with one number (its tracking number is its id; contract, createShippingFulfillment), and is counted once. Without a tracking number
 * the id is "an arbitrary number such as 999" (contract, ShippingFulfillmentDetails), so that two with one id may be two.
 */
#include "channels/ebay/ebay.h"

#include "base/text.h"

#include <inttypes.h>
#include <string.h>

void ebay_follow_parcels(struct news *n, const struct order *o)
{
	struct fields *payload = arena_alloc(n->arena, sizeof *payload);
	struct job_plan *p;

	*payload = fields_new(n->arena);
	fields_put(payload, "ref", o->ref);
	p = news_follow(n, VERB_PARCELS, arena_printf(n->arena, "parcels:%s %" PRId64, o->ref, o->updated_ms));
	p->payload = payload;
	p->lane = LANE_ORDERS;
}

enum fault ebay_parcels_ask(const struct account *acc, struct batch b, struct request *r, struct err *err)
{
	const char *ref = fields_get(&b.job->payload, "ref", "");

	if (!text_id(ref, "-_", 40))
		return err_set(err, FAULT_REFUSED, "the job names no order: its ref is no identifier");
	ebay_request(acc, r, "GET", arena_printf(r->arena, "/sell/fulfillment/v1/order/%s/shipping_fulfillment", ref));
	return OK;
}

static struct order_gone *gone_of(struct news *n, const char *line)
{
	struct order_gone *g;

	for (int i = 0; i < n->gones; i++)
		if (!strcmp(n->gone[i].line, line))
			return &n->gone[i];
	g = news_gone(n);
	g->line = line;
	return g;
}

static void take_parcel(struct news *n, struct spot parcel)
{
	for (struct spot item = spot_first(spot_get(parcel, "lineItems")); item.v && !parcel.r->path; item = spot_next(item)) {
		const char *line = need_id(item, "lineItemId", "-_", 60);
		int64_t units = need_int(item, "quantity", 0, QTY_MAX);

		if (!parcel.r->path)
			gone_of(n, line)->units += units;
	}
}

static bool is_told(const struct json *first, const struct json *this)
{
	const char *id = json_text_or(this, "fulfillmentId", ""), *number = json_text_or(this, "shipmentTrackingNumber", "");

	for (const struct json *f = first; f && f != this; f = json_next(f))
		if (*id && *number && !strcmp(json_text_or(f, "fulfillmentId", ""), id) && !strcmp(json_text_or(f, "shipmentTrackingNumber", ""), number))
			return true;
	return false;
}

enum fault ebay_parcels_hear(const struct account *acc, struct batch b, const struct reply *r, struct news *n, struct err *err)
{
	struct reading w = { .arena = n->arena };
	const struct json *body, *list;
	enum fault f = ebay_open(acc, EBAY_FULFILLMENT, r, n->arena, &body, err);

	if (f)
		return f;
	list = json_get(body, "fulfillments");
	if (!json_is_array(list))
		return err_set(err, FAULT_FORMAT, "fulfillments: not a list of packages");
	n->gone_of = fields_get(&b.job->payload, "ref", "");
	for (struct spot p = spot_first(spot_get(spot_top(&w, body), "fulfillments")); p.v && !w.path; p = spot_next(p))
		if (!is_told(json_first(list), p.v))
			take_parcel(n, p);
	if (w.path)
		n->gones = 0;
	return answer_wrong(&w, err);
}
