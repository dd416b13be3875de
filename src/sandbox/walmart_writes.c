/* walmart_writes.c: acknowledge, ship, cancel. All or nothing: a request with one bad line changes nothing. */
#include "sandbox/walmart.h"

#include "base/text.h"

#include <string.h>

/* The carriers of the contract of 2024-12-25 (orders, carrierType): a closed list. */
static const char *const carriers[] = {
	"UPS", "USPS", "FedEx", "Airborne", "OnTrac", "DHL Ecommerce - US", "DHL", "LS", "UDS", "UPSMI", "FDX", "PILOT", "ESTES", "SAIA",
	"FDS Express", "Seko Worldwide", "HIT Delivery", "FEDEXSP", "RL Carriers", "Metropolitan Warehouse & Delivery", "China Post", "YunExpress",
	"Yellow Freight Sys", "AIT Worldwide Logistics", "Chukou1", "Sendle", "Landmark Global", "Sunyou", "Yanwen", "4PX", "GLS", "OSM Worldwide",
	"FIRST MILE", "AM Trucking", "CEVA", "India Post", "SF Express", "CNE", "TForce Freight", "AxleHire", "LSO", "Royal Mail",
	"ABF Freight System", "WanB", "Roadrunner Freight", "Meyer Distribution", "AAA Cooper", "Canada Post", "Southeastern Freight Lines",
	"Japan Post", "Correos de Mexico", "XPO Logistics", "JD Logistics", "YDH", "JCEX", "Flyt", "Deutsche Post", "Better Trucks", "Asendia",
	"SFC", "UBI", "ePost Global", "YF Logistics", "RXO", "Estes Express", "Shypmax", "WIN.IT America", "PITT OHIO", "PostNord Sweden",
	"Equick", "Whistl", "Tusou", "Shiprocket", "DTDC", "PTS", NULL,
};

static const char *const methods[] = { "Standard", "Express", "OneDay", "Freight", "WhiteGlove", "Value", NULL };

static const char *const reasons[] = { "CUSTOMER_REQUESTED_SELLER_TO_CANCEL", "SELLER_CANCEL_PRICING_ERROR", "SELLER_CANCEL_OUT_OF_STOCK",
	                               "SELLER_CANCEL_FRAUD_STOP_SHIPMENT", "SELLER_CANCEL_ADDRESS_NOT_SERVICEABLE", NULL };

enum { SAID_MAX = 16 };

/* One line status of a request, understood. */
struct said {
	int line, qty, reason, update; /* update: the shipment whose tracking is corrected, -1: a new one */
	bool override;
	struct parcel parcel;
};

static int word_at(const char *s, const char *const *words)
{
	for (int i = 0; s && words[i]; i++)
		if (strcmp(s, words[i]) == 0)
			return i;
	return -1;
}

static int find_order(struct service *s, struct call *c, enum count kind)
{
	int order = order_by_id(s->world, WALMART, c->segment[2]);

	service_write(s, kind, order >= 0 && s->world->order[order].place == WALMART_WFS);
	if (order < 0)
		walmart_order_refuse(c, 404, "purchaseOrderId", arena_printf(c->arena, "The purchase order %s was not found.", c->segment[2]));
	else if (s->world->order[order].place == WALMART_WFS)
		walmart_order_refuse(c, 400, "purchaseOrderId", "The purchase order is fulfilled by Walmart and cannot be changed by the seller.");
	else
		return order;
	return -1;
}

static void answer_order(struct service *s, struct call *c, int order)
{
	struct buf b = buf_new(c->arena);
	struct json_out o = json_out(&b);

	json_put_object(&o, NULL);
	walmart_put_order(s->world, c->arena, &o, "order", order, false);
	json_end_object(&o);
	call_answer_json(c, 200, &b);
}

static void refuse_field(struct call *c, const char *field)
{
	walmart_order_refuse(c, 400, field, arena_printf(c->arena, "The field %s is missing or not valid.", field));
}

/* Acknowledging twice is answered like once; what is shipped or cancelled already is refused (as clients have reported). */
void walmart_ack(struct service *s, struct call *c)
{
	int order = find_order(s, c, WRITES_ACK);
	struct world *w = s->world;

	if (order < 0)
		return;
	if (order_view(w, &w->order[order]) >= VIEW_PARTLY) {
		w->count[ACKS_AGAIN] += w->order[order].acked_ms != 0;
		walmart_order_refuse(c, 400, "data",
		                     arena_printf(c->arena, "INVALID_REQUEST_CONTENT :: Failed when called acknowledge API for '%s'.  Some or all qty in higher status",
		                                  c->segment[2]));
		return;
	}
	if (!w->dropping)
		order_ack(w, order, c->correlation);
	answer_order(s, c, order);
}

/* ---- reading a request's lines ---- */

/* "1" to 1; the contract says a string, and a number is refused. -1: it is no quantity. */
static int quantity_read(const struct json *status)
{
	const struct json *amount = json_get(status, "statusQuantity.amount");
	const char *unit = json_text_or(status, "statusQuantity.unitOfMeasurement", "");
	int64_t n = 0;

	if (!json_is_text(amount) || !text_int(json_scalar(amount), 1, 9999, &n) || (strcmp(unit, "EACH") != 0 && strcmp(unit, "EA") != 0))
		return -1;
	return (int)n;
}

/* The carrier: one of the list, or another one by name with a URL to follow the parcel; not both. */
static const char *carrier_read(const struct json *tracking, struct parcel *p)
{
	p->carrier = json_text_or(tracking, "carrierName.carrier", "");
	p->other_carrier = json_text_or(tracking, "carrierName.otherCarrier", "");
	p->url = json_text_or(tracking, "trackingURL", "");
	if (!*p->carrier == !*p->other_carrier)
		return "carrierName";
	if (*p->carrier && word_at(p->carrier, carriers) < 0)
		return "carrier";
	return *p->other_carrier && !*p->url ? "trackingURL" : NULL;
}

/* NULL when whole, else the field that is missing or wrong. */
static const char *parcel_read(const struct json *status, struct parcel *p)
{
	const struct json *tracking = json_get(status, "trackingInfo");
	const struct json *at = json_get(tracking, "shipDateTime");
	const char *wrong = carrier_read(tracking, p);

	p->ref = "";
	p->method = json_text_or(tracking, "methodCode", "");
	p->tracking = json_text_or(tracking, "trackingNumber", "");
	p->shipped_ms = json_int_or(tracking, "shipDateTime", 0);
	if (!tracking)
		return "trackingInfo";
	if (!json_is_number(at) || p->shipped_ms < 1000000000000)
		return "shipDateTime";
	if (wrong)
		return wrong;
	if (word_at(p->method, methods) < 0)
		return "methodCode";
	return *p->tracking && strlen(p->tracking) <= 100 ? NULL : "trackingNumber";
}

static const char *ship_read(const struct world *w, const struct json *root, const struct json *line, const struct json *status, struct said *out)
{
	const char *wrong = parcel_read(status, &out->parcel);

	if (wrong)
		return wrong;
	if (!*json_text_or(line, "sellerOrderId", ""))
		return "sellerOrderId";
	out->override = json_bool_or(line, "intentToCancelOverride", false);
	if (strcmp(json_text_or(root, "processMode", ""), "PARTIAL_UPDATE") == 0)
		out->update = line_find_tracking(w, out->line, json_text_or(status, "currentTrackingInfo.trackingNumber", ""));
	return NULL;
}

static const char *status_read(const struct world *w, const struct json *root, const struct json *line, const struct json *status, struct said *out)
{
	bool shipping = strcmp(json_text_or(status, "status", ""), "Shipped") == 0;

	out->qty = quantity_read(status);
	if (out->qty < 0)
		return "statusQuantity";
	if (shipping)
		return ship_read(w, root, line, status, out);
	out->reason = word_at(json_text_or(status, "cancellationReason", ""), reasons) + 1;
	return out->reason ? NULL : "cancellationReason";
}

/* Every line status of the request, which must all be want, into out. Returns how many, or -1 with the wrong field. */
static int lines_read(const struct world *w, const struct json *root, int order, const char *want, struct said *out, const char **wrong)
{
	const struct order *o = &w->order[order];
	int n = 0;

	*wrong = "orderLines";
	for (const struct json *line = json_first(json_get(root, "orderLines.orderLine")); line; line = json_next(line)) {
		const struct json *number = json_get(line, "lineNumber");
		int64_t i = 0;

		*wrong = "lineNumber";
		if (!json_is_text(number) || !text_int(json_scalar(number), 1, o->lines, &i))
			return -1;
		*wrong = "orderLineStatuses";
		for (const struct json *e = json_first(json_get(line, "orderLineStatuses.orderLineStatus")); e; e = json_next(e), n++) {
			if (n == SAID_MAX)
				return -1;
			out[n] = (struct said){ .line = o->line + (int)i - 1, .update = -1 };
			*wrong = strcmp(json_text_or(e, "status", ""), want) == 0 ? status_read(w, root, line, e, &out[n]) : "status";
			if (*wrong)
				return -1;
			*wrong = "orderLineStatuses";
		}
	}
	return n ? n : -1;
}

/* Units that the request asks of one line, over all its statuses. */
static int asked_of(const struct said *said, int n, int line)
{
	int qty = 0;

	for (int i = 0; i < n; i++)
		qty += said[i].line == line && said[i].update < 0 ? said[i].qty : 0;
	return qty;
}

/* The first line of which more is asked than is left; -1: none. */
static int too_much(const struct world *w, const struct said *said, int n)
{
	for (int i = 0; i < n; i++)
		if (asked_of(said, n, said[i].line) > line_left(&w->line[said[i].line]))
			return said[i].line;
	return -1;
}

/* ---- shipping ---- */

static void count_repeats(struct world *w, const struct said *said, int n, const char *correlation)
{
	for (int i = 0; i < n; i++)
		if (said[i].update < 0)
			line_told_again(w, said[i].line, said[i].qty, said[i].parcel.tracking, correlation);
}

static void ship_all(struct world *w, const struct said *said, int n, const char *correlation)
{
	for (int i = 0; i < n; i++) {
		if (said[i].update < 0) {
			line_ship(w, said[i].line, said[i].qty, &said[i].parcel, false, correlation);
			continue;
		}
		shipment_relabel(w, said[i].update, &said[i].parcel);
		w->count[SHIPS_UPDATED]++;
	}
}

void walmart_ship(struct service *s, struct call *c)
{
	int order = find_order(s, c, WRITES_SHIP), n;
	struct world *w = s->world;
	struct said said[SAID_MAX];
	const char *wrong;

	if (order < 0)
		return;
	n = lines_read(w, json_get(call_json(c), "orderShipment"), order, "Shipped", said, &wrong);
	if (n < 0) {
		refuse_field(c, wrong);
		return;
	}
	count_repeats(w, said, n, c->correlation);
	if (w->order[order].flags & ORDER_ASKED && !said[0].override) {
		w->count[SHIPS_REFUSED]++;
		walmart_order_refuse(c, 400, "intentToCancelOverride", "The customer has asked to cancel this order.");
		return;
	}
	if (too_much(w, said, n) >= 0) {
		w->count[SHIPS_REFUSED]++;
		walmart_order_refuse(c, 400, "data",
		                     arena_printf(c->arena,
		                                  "INVALID_REQUEST_CONTENT :: Failed when called shipConfirm API for %s. Qty OverShipped : Some or All "
		                                  "Line(s)/Qty cannot be Shipped due to invalid Lines Or invalid Qty Or Qty more than allowed",
		                                  c->segment[2]));
		return;
	}
	if (!w->dropping)
		ship_all(w, said, n, c->correlation);
	answer_order(s, c, order);
}

/* ---- cancelling ---- */

void walmart_cancel(struct service *s, struct call *c)
{
	int order = find_order(s, c, WRITES_CANCEL), n, line;
	struct world *w = s->world;
	struct said said[SAID_MAX];
	const char *wrong;

	if (order < 0)
		return;
	n = lines_read(w, json_get(call_json(c), "orderCancellation"), order, "Cancelled", said, &wrong);
	if (n < 0) {
		refuse_field(c, wrong);
		return;
	}
	line = too_much(w, said, n);
	if (line >= 0) {
		w->count[CANCELS_AGAIN] += w->line[line].cancelled > 0;
		walmart_order_refuse(c, 400, "data",
		                     arena_printf(c->arena, "Unable to process this request. The Line: %d of PO: %s is in %s status",
		                                  line - w->order[order].line + 1, c->segment[2], w->line[line].cancelled ? "CANCELLED" : "SHIPPED"));
		return;
	}
	for (int i = 0; i < n && !w->dropping; i++)
		order_cancel_line(w, said[i].line, said[i].qty, said[i].reason, 0, c->correlation);
	answer_order(s, c, order);
}
