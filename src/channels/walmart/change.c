/*
 * change.c: what changes an order of Walmart's: acknowledge, ship, cancel. Each is answered with the order as it is then.
 *
 * The ship confirm charges the buyer and is said once. Its carrier is a word of Walmart's closed list (data/walmart_carriers.csv), or
 * else otherCarrier with a tracking URL: no URL, no confirm, and a person is asked.
 */
#include "base/text.h"
#include "channels/parcel.h"
#include "channels/walmart/walmart.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

/* ---- acknowledge ---- */

enum fault walmart_ack_ask(const struct account *acc, struct batch b, struct request *r, struct err *err)
{
	const char *path;
	enum fault f = walmart_order_path(b.job, r->arena, "/acknowledge", &path, err);

	if (!f)
		walmart_request(acc, r, "POST", path);
	return f;
}

/* ---- ship ---- */

/* Which of the two ways the carrier is named: *word on the list, or NULL for otherCarrier. */
static enum fault carrier_word(struct arena *a, const struct job *job, const struct parcel *p, const char **word, struct err *err)
{
	const char *wanted = fields_get(&job->payload, "carrier.walmart", "");

	*word = parcel_carrier(a, "data/walmart_carriers.csv", *wanted ? wanted : p->carrier);
	/* delivery by a competitor's own carrier is prohibited: Walmart seller fulfilment policy, read 2026-11 */
	if (!strcasecmp(p->carrier, "amzl") || strcasestr(p->carrier_name, "amazon"))
		return err_set(err, FAULT_REFUSED, "order %.40s: Walmart forbids delivery by Amazon's carrier: nothing is confirmed", p->ref);
	if (*word && *wanted && strcmp(*word, wanted))
		return err_set(err, FAULT_REFUSED, "order %.40s: Walmart spells the carrier %s, not %.40s: correct data/carriers.csv", p->ref, *word, wanted);
	if (!*word && !*p->url)
		return err_set(err, FAULT_REFUSED, "order %.40s: Walmart does not list the carrier %.50s: a tracking URL is needed with it", p->ref,
		               p->carrier_name);
	return OK;
}

/* Walmart's own words for how fast; "Standard" when the job says nothing, as in the contract's example. */
static enum fault method_word(const struct parcel *p, const char **word, struct err *err)
{
	static const char *const words[] = { "Standard", "Express", "OneDay", "Freight", "WhiteGlove", "Value" };

	*word = *p->service ? NULL : words[0];
	for (size_t i = 0; !*word && i < sizeof words / sizeof *words; i++)
		if (!strcasecmp(words[i], p->service))
			*word = words[i];
	return *word ? OK : err_set(err, FAULT_REFUSED, "order %.40s: service %.40s is none of Standard, Express, OneDay, Freight, WhiteGlove, Value",
	                            p->ref, p->service);
}

/* {"unitOfMeasurement":"EACH","amount":"2"}: the amount is a text here, a number for inventory (contract). */
static void put_units(struct json_out *o, struct arena *a, int64_t qty)
{
	json_put_object(o, "statusQuantity");
	json_put_text(o, "unitOfMeasurement", "EACH");
	json_put_text(o, "amount", arena_printf(a, "%" PRId64, qty));
	json_end_object(o);
}

static void put_tracking(struct json_out *o, const struct parcel *p, const char *carrier, const char *method)
{
	json_put_object(o, "trackingInfo");
	json_put_int(o, "shipDateTime", p->shipped_ms);
	json_put_object(o, "carrierName");
	json_put_text(o, carrier ? "carrier" : "otherCarrier", carrier ? carrier : p->carrier_name);
	json_end_object(o);
	json_put_text(o, "methodCode", method);
	json_put_text(o, "trackingNumber", p->tracking);
	if (*p->url)
		json_put_text(o, "trackingURL", p->url);
	json_end_object(o);
}

/* orderLine.orderLineStatuses.orderLineStatus is a list with the one entry that is opened here. */
static void open_status(struct json_out *o, const char *status)
{
	json_put_object(o, "orderLineStatuses");
	json_put_array(o, "orderLineStatus");
	json_put_object(o, NULL);
	json_put_text(o, "status", status);
}

static void close_status(struct json_out *o)
{
	json_end_object(o);
	json_end_array(o);
	json_end_object(o);
}

static void open_lines(struct json_out *o, const char *root)
{
	json_put_object(o, NULL);
	json_put_object(o, root);
	json_put_object(o, "orderLines");
	json_put_array(o, "orderLine");
}

static void close_lines(struct json_out *o)
{
	json_end_array(o);
	json_end_object(o);
	json_end_object(o);
	json_end_object(o);
}

enum fault walmart_ship_ask(const struct account *acc, struct batch b, struct request *r, struct err *err)
{
	struct buf body = buf_new(r->arena);
	struct json_out o = json_out(&body);
	const char *carrier, *method, *path, *own;
	bool override = fields_int(&b.job->payload, "override_cancel", 0) == 1;
	struct parcel p;

	if (parcel_read(b.job, b.now_ms, r->arena, &p, err) || carrier_word(r->arena, b.job, &p, &carrier, err) ||
	    method_word(&p, &method, err) || walmart_order_path(b.job, r->arena, "/shipping", &path, err))
		return FAULT_REFUSED;
	own = fields_get(&b.job->payload, "seller_order", p.ref); /* required, at most 30 characters; ours where the seller has one */
	open_lines(&o, "orderShipment");
	for (int i = 0; i < p.lines; i++) {
		json_put_object(&o, NULL);
		json_put_text(&o, "lineNumber", p.line[i].ref);
		if (override)
			json_put_bool(&o, "intentToCancelOverride", true);
		json_put_text(&o, "sellerOrderId", arena_strndup(r->arena, own, 30));
		open_status(&o, "Shipped");
		put_units(&o, r->arena, p.line[i].qty);
		put_tracking(&o, &p, carrier, method);
		close_status(&o);
		json_end_object(&o);
	}
	close_lines(&o);
	walmart_request(acc, r, "POST", path);
	walmart_body(r, &body);
	return OK;
}

/* ---- cancel ---- */

/* Ours to theirs; theirs is understood as well. CANCEL_BY_SELLER of older pages is refused by now (contract). */
static const char *cancel_word(const char *reason)
{
	static const char *const words[][2] = {
		{ "stock", "SELLER_CANCEL_OUT_OF_STOCK" },
		{ "price", "SELLER_CANCEL_PRICING_ERROR" },
		{ "buyer", "CUSTOMER_REQUESTED_SELLER_TO_CANCEL" },
		{ "fraud", "SELLER_CANCEL_FRAUD_STOP_SHIPMENT" },
		{ "address", "SELLER_CANCEL_ADDRESS_NOT_SERVICEABLE" },
	};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (!strcasecmp(reason, words[i][0]) || !strcmp(reason, words[i][1]))
			return words[i][1];
	return NULL;
}

enum fault walmart_cancel_ask(const struct account *acc, struct batch b, struct request *r, struct err *err)
{
	const char *reason = cancel_word(fields_get(&b.job->payload, "reason", "")), *path;
	struct buf body = buf_new(r->arena);
	struct json_out o = json_out(&body);
	struct parcel p;

	if (parcel_lines(b.job, r->arena, &p, err) || walmart_order_path(b.job, r->arena, "/cancel", &path, err))
		return FAULT_REFUSED;
	if (!reason)
		return err_set(err, FAULT_REFUSED, "order %.40s: Walmart wants one of the reasons stock, price, buyer, fraud, address", p.ref);
	open_lines(&o, "orderCancellation");
	for (int i = 0; i < p.lines; i++) {
		json_put_object(&o, NULL);
		json_put_text(&o, "lineNumber", p.line[i].ref);
		open_status(&o, "Cancelled");
		json_put_text(&o, "cancellationReason", reason);
		put_units(&o, r->arena, p.line[i].qty);
		close_status(&o);
		json_end_object(&o);
	}
	close_lines(&o);
	walmart_request(acc, r, "POST", path);
	walmart_body(r, &body);
	return OK;
}

/* ---- the answer to each of them ---- */

enum fault walmart_change_hear(const struct account *acc, struct batch b, const struct reply *r, struct news *n, struct err *err)
{
	struct deadlines deadlines;
	const struct json *body;
	enum fault f = walmart_open(acc, WALMART_ORDERS, r, n->arena, &body, err);

	if (f)
		return f;
	if (!json_is_object(json_get(body, "order")))
		return err_set(err, FAULT_FORMAT, "order: missing in the answer to %s", verb_name(b.job->verb));
	deadlines = deadlines_of(n->arena, "walmart");
	walmart_order_take(n, json_get(body, "order"), "order", NULL, &deadlines);
	news_receipt(n, 0, OK, NULL, NULL);
	return OK;
}
