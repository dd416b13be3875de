/*
 * ship.c: a package of an order is told.
 *
 * One call a package; it is said once, for a second would be another package, and nothing of it can be corrected by REST later. The answer
 * is a 201 whose Location names it. Reading the order proves it: fulfillmentHrefs ends with the tracking number.
 */
#include "base/text.h"
#include "channels/ebay/ebay.h"
#include "channels/parcel.h"

#include <string.h>

/* On the list by our table, or as it was typed; else Other, which is on the list as well: a buyer still finds the number. */
static const char *carrier_word(struct arena *a, const struct job *job, const struct parcel *p)
{
	const char *ours = fields_get(&job->payload, "carrier.ebay", "");
	const char *word = parcel_carrier(a, "data/ebay_carriers.csv", *ours ? ours : p->carrier);

	return word ? word : "Other";
}

static void put_lines(struct json_out *o, const struct parcel *p)
{
	json_put_array(o, "lineItems");
	for (int i = 0; i < p->lines; i++) {
		json_put_object(o, NULL);
		json_put_text(o, "lineItemId", p->line[i].ref);
		json_put_int(o, "quantity", p->line[i].qty);
		json_end_object(o);
	}
	json_end_array(o);
}

enum fault ebay_ship_ask(const struct account *acc, struct batch b, struct request *r, struct err *err)
{
	struct buf body = buf_new(r->arena);
	struct json_out o = json_out(&body);
	struct parcel p;
	char when[32];

	if (parcel_read(b.job, b.now_ms, r->arena, &p, err))
		return FAULT_REFUSED;
	/* "Only alphanumeric characters are supported for shipment tracking numbers" (contract, ShippingFulfillmentDetails) */
	if (!text_id(p.tracking, "", 100))
		return err_set(err, FAULT_REFUSED, "order %.40s: eBay takes a tracking number of letters and digits alone: ship it again without the rest", p.ref);
	time_iso(p.shipped_ms < b.now_ms ? p.shipped_ms : b.now_ms, when);
	json_put_object(&o, NULL);
	put_lines(&o, &p);
	json_put_text(&o, "shippedDate", when);
	json_put_text(&o, "shippingCarrierCode", carrier_word(r->arena, b.job, &p));
	json_put_text(&o, "trackingNumber", p.tracking);
	json_end_object(&o);
	ebay_request(acc, r, "POST", arena_printf(r->arena, "/sell/fulfillment/v1/order/%s/shipping_fulfillment", p.ref));
	ebay_body(r, &body);
	return OK;
}

/* The end of the Location, or what the body calls it: in the field the body is empty, in the contract an object. */
static const char *number_of(struct arena *a, const struct reply *r, const struct json *body)
{
	const char *at = reply_header(r, "Location"), *last = at ? strrchr(at, '/') : NULL;
	const char *id = last && last[1] ? last + 1 : json_text_or(body, "fulfillmentId", NULL);

	return id ? answer_word(a, id, 60) : NULL;
}

enum fault ebay_ship_hear(const struct account *acc, struct batch b, const struct reply *r, struct news *n, struct err *err)
{
	const struct json *body;
	enum fault f;

	(void)b;
	if (!r->fault && r->status == 409) /* declared without a word of what conflicts: it may be this very package */
		return err_set(err, FAULT_UNSURE, "409: something of the kind is there already: the order is read before anything is said again");
	f = ebay_open(acc, EBAY_FULFILLMENT, r, n->arena, &body, err);
	if (!f)
		news_receipt(n, 0, OK, number_of(n->arena, r, body), NULL);
	return f;
}
