/*
 * ebay_ship.c: shipping fulfilments. A POST makes a new one each time: told twice it is two, and eBay does not mind.
 *
 * The answer is a 201 without a body; the number stands in the Location header alone, and is the tracking number.
 */
#include "sandbox/ebay.h"

#include "base/text.h"

#include <string.h>

enum { ITEMS_MAX = 16 };

struct item {
	int line, qty;
};

static void say_no(struct call *c, int64_t id, const char *message)
{
	ebay_say_no(c, 400, (struct ebay_error){ id, "API_FULFILLMENT", message, NULL, NULL });
}

/* The order of the path; -1: it has answered. */
static int order_of(const struct world *w, struct call *c)
{
	int order = order_by_id(w, EBAY, c->segment[4]);

	if (order < 0)
		ebay_say_no(c, 404, (struct ebay_error){ 32100, "API_FULFILLMENT", "Invalid order ID", "orderId", c->segment[4] });
	return order;
}

/* ---- reading ---- */

const char *ebay_fulfillment_id(const struct world *w, struct arena *a, int shipment)
{
	const struct label *label = &w->label[w->shipment[shipment].label];

	if (w->shipment[shipment].label && !label->tracking)
		return arena_printf(a, "999%07d", shipment);
	return shipment_tracking(w, shipment, arena_alloc(a, 32));
}

static void put_items(const struct world *w, struct json_out *o, const struct order *order, int shipment)
{
	json_put_array(o, "lineItems");
	for (int line = order->line; line < order->line + order->lines; line++)
		for (int s = w->line[line].shipment; s >= 0; s = w->shipment[s].next) {
			char id[24];

			if (!shipment_same(w, s, shipment))
				continue;
			line_item_id(line, id);
			json_put_object(o, NULL);
			json_put_text(o, "lineItemId", id);
			json_put_int(o, "quantity", w->shipment[s].qty);
			json_end_object(o);
		}
	json_end_array(o);
}

static void put_fulfillment(const struct world *w, struct arena *a, struct json_out *o, const struct order *order, int shipment)
{
	const struct shipment *s = &w->shipment[shipment];
	const struct label *label = &w->label[s->label];
	char iso[32];

	json_put_object(o, NULL);
	json_put_text(o, "fulfillmentId", ebay_fulfillment_id(w, a, shipment));
	if (!s->label || label->tracking) {
		json_put_text(o, "shipmentTrackingNumber", shipment_tracking(w, shipment, arena_alloc(a, 32)));
		json_put_text(o, "shippingCarrierCode", label->carrier ? world_str(w, label->carrier) : "USPS");
	}
	time_iso(s->shipped_ms, iso);
	json_put_text(o, "shippedDate", iso);
	put_items(w, o, order, shipment);
	json_end_object(o);
}

/* Each fulfilment of an order, oldest first is not promised: as the rows are chained. */
static int fulfillments_put(const struct world *w, struct arena *a, struct json_out *o, const struct order *order, const char *only)
{
	int n = 0;

	for (int line = order->line; line < order->line + order->lines; line++)
		for (int s = w->line[line].shipment; s >= 0; s = w->shipment[s].next) {
			if (!shipment_first(w, s) || (only && (n || strcmp(ebay_fulfillment_id(w, a, s), only) != 0)))
				continue;
			put_fulfillment(w, a, o, order, s);
			n++;
		}
	return n;
}

void ebay_fulfillments(struct service *s, struct call *c)
{
	int order = order_of(s->world, c), n;
	struct buf b = buf_new(c->arena);
	struct json_out o = json_out(&b);

	if (order < 0)
		return;
	json_put_object(&o, NULL);
	json_put_array(&o, "fulfillments");
	n = fulfillments_put(s->world, c->arena, &o, &s->world->order[order], NULL);
	json_end_array(&o);
	json_put_int(&o, "total", n);
	json_end_object(&o);
	call_answer_json(c, 200, &b);
}

void ebay_fulfillment(struct service *s, struct call *c)
{
	int order = order_of(s->world, c);
	struct buf b = buf_new(c->arena);
	struct json_out o = json_out(&b);

	if (order < 0)
		return;
	if (fulfillments_put(s->world, c->arena, &o, &s->world->order[order], c->segment[6]))
		call_answer_json(c, 200, &b);
	else
		ebay_say_no(c, 404, (struct ebay_error){ 32110, "API_FULFILLMENT", "Invalid fulfillment ID", "fulfillmentId", c->segment[6] });
}

/* ---- creating ---- */

/* False: it has answered. A line may be shipped again and again, but never more of it at once than was bought. */
static bool items_read(const struct world *w, struct call *c, const struct order *o, const struct json *items, struct item *out, int *n)
{
	for (const struct json *e = json_first(items); e; e = json_next(e)) {
		const struct json *qty = json_get(e, "quantity");
		int line = line_by_item(o, json_text_or(e, "lineItemId", ""));
		int64_t units = 0;

		if (line < 0)
			return say_no(c, 32200, "Invalid line item id"), false;
		for (int i = 0; i < *n; i++)
			if (out[i].line == line)
				return say_no(c, 32210, "Duplicate line item in the request"), false;
		if (!json_is_number(qty) || !text_int(json_scalar(qty), 1, w->line[line].qty - w->line[line].cancelled, &units) || *n == ITEMS_MAX)
			return say_no(c, 32600, "Invalid input data"), false;
		out[(*n)++] = (struct item){ line, (int)units };
	}
	if (!*n)
		say_no(c, 32600, "Invalid input data");
	return *n > 0;
}

/* Carrier and tracking number come together or not at all, and the number is letters and digits. */
static bool parcel_read(struct call *c, const struct order *o, const struct json *body, int64_t now_ms, struct parcel *p)
{
	const char *shipped = json_text_or(body, "shippedDate", NULL);

	p->carrier = json_text_or(body, "shippingCarrierCode", "");
	p->tracking = json_text_or(body, "trackingNumber", "");
	if (!*p->carrier != !*p->tracking || (*p->tracking && !text_id(p->tracking, "", 50)))
		return say_no(c, 32300, "Invalid shipment tracking number or carrier"), false;
	p->shipped_ms = now_ms;
	if (shipped && (time_parse(shipped, &p->shipped_ms) != 0 || p->shipped_ms < o->placed_ms - DAY_MS || p->shipped_ms > now_ms + DAY_MS))
		return say_no(c, 32500, "Invalid shipped date"), false;
	return true;
}

/* What is left of the line leaves the warehouse; what is not is a second fulfilment of goods that left before. */
static void item_ship(struct world *w, const struct item *item, const struct parcel *parcel, const char *correlation)
{
	int left = line_left(&w->line[item->line]), now = item->qty < left ? item->qty : left, again = item->qty - now, s;
	bool told = line_told_again(w, item->line, item->qty, parcel->tracking, correlation);

	if (now)
		line_ship(w, item->line, now, parcel, false, correlation);
	if (!again)
		return;
	s = shipment_add(w, item->line, again, parcel);
	w->shipment[s].seen = 1;
	w->count[SHIPS_AGAIN] += !told;
	if (!told)
		order_effect(w, w->line[item->line].order, EFFECT_SHIP_AGAIN, parcel->tracking, again, correlation);
	order_touch(w, w->line[item->line].order);
}

void ebay_ship(struct service *s, struct call *c)
{
	struct world *w = s->world;
	const struct json *body = call_json(c);
	struct parcel parcel = { .other_carrier = "", .url = "", .method = "" };
	struct item item[ITEMS_MAX];
	int order, n = 0, first = w->shipments;

	service_write(s, WRITES_SHIP, false);
	order = order_of(w, c);
	if (order < 0 || !items_read(w, c, &w->order[order], json_get(body, "lineItems"), item, &n) ||
	    !parcel_read(c, &w->order[order], body, w->now_ms, &parcel)) {
		w->count[SHIPS_REFUSED]++;
		return;
	}
	parcel.ref = arena_printf(c->arena, "%d", first);
	for (int i = 0; i < n && !w->dropping; i++)
		item_ship(w, &item[i], &parcel, c->correlation);
	call_add_header(c, "Location",
	                arena_printf(c->arena, "https://api.ebay.com/sell/fulfillment/v1/order/%s/shipping_fulfillment/%s", c->segment[4],
	                             *parcel.tracking ? parcel.tracking : arena_printf(c->arena, "999%07d", first)));
	call_answer(c, 201, NULL, "", 0);
}
