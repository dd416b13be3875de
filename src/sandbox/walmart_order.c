/* walmart_order.c: one order as Walmart writes it (components of the orders contract, 2024-12-25). */
#include "sandbox/walmart.h"

#include "sandbox/people.h"

#include <string.h>

static const char *method_of(const struct order *o)
{
	return o->flags & ORDER_TWO_DAY ? "Express" : "Value";
}

static void put_amount(struct json_out *o, const char *key, int64_t minor)
{
	json_put_object(o, key);
	json_put_text(o, "currency", "USD");
	json_put_minor(o, "amount", minor, "USD");
	json_end_object(o);
}

static void put_charge(struct json_out *o, const char *type, const char *name, int64_t minor, int64_t tax_minor)
{
	json_put_object(o, NULL);
	json_put_text(o, "chargeType", type);
	json_put_text(o, "chargeName", name);
	put_amount(o, "chargeAmount", minor);
	if (tax_minor) {
		json_put_object(o, "tax");
		json_put_text(o, "taxName", "Tax1");
		put_amount(o, "taxAmount", tax_minor);
		json_end_object(o);
	}
	json_end_object(o);
}

/* Quantities are strings in orders, numbers in inventory: so the contract says. */
static void put_quantity(struct arena *a, struct json_out *o, const char *key, int qty)
{
	json_put_object(o, key);
	json_put_text(o, "unitOfMeasurement", "EACH");
	json_put_text(o, "amount", arena_printf(a, "%d", qty));
	json_end_object(o);
}

static void put_tracking(const struct world *w, struct arena *a, struct json_out *o, const struct order *order, const char *po, int shipment)
{
	const struct shipment *s = &w->shipment[shipment];
	const struct label *label = &w->label[s->label];
	const char *tracking = shipment_tracking(w, shipment, arena_alloc(a, 32));

	json_put_object(o, "trackingInfo");
	json_put_int(o, "shipDateTime", s->shipped_ms);
	json_put_object(o, "carrierName");
	if (label->other_carrier)
		json_put_text(o, "otherCarrier", world_str(w, label->other_carrier));
	else
		json_put_text(o, "carrier", label->carrier ? world_str(w, label->carrier) : "USPS");
	json_end_object(o);
	json_put_text(o, "methodCode", label->method ? world_str(w, label->method) : method_of(order));
	json_put_text(o, "trackingNumber", tracking);
	json_put_text(o, "trackingURL",
	              label->url ? world_str(w, label->url)
	                         : arena_printf(a, "https://www.walmart.com/tracking?tracking_id=%s&order_id=%s", tracking, po));
	json_end_object(o);
}

static void put_status(struct arena *a, struct json_out *o, const char *status, int qty)
{
	json_put_object(o, NULL);
	json_put_text(o, "status", status);
	put_quantity(a, o, "statusQuantity", qty);
}

/* A line stands in as many states as its units do. */
static void put_statuses(const struct world *w, struct arena *a, struct json_out *o, const struct order *order, const char *po, int line)
{
	static const char *const reasons[] = { "CANCEL_BY_SELLER", "CUSTOMER_REQUESTED_SELLER_TO_CANCEL", "SELLER_CANCEL_PRICING_ERROR",
		                               "SELLER_CANCEL_OUT_OF_STOCK", "SELLER_CANCEL_FRAUD_STOP_SHIPMENT",
		                               "SELLER_CANCEL_ADDRESS_NOT_SERVICEABLE" };
	const struct line *l = &w->line[line];

	json_put_object(o, "orderLineStatuses");
	json_put_array(o, "orderLineStatus");
	if (line_left(l)) {
		put_status(a, o, order->acked_ms ? "Acknowledged" : "Created", line_left(l));
		json_end_object(o);
	}
	for (int s = l->shipment; s >= 0; s = w->shipment[s].next) {
		put_status(a, o, w->shipment[s].delivered_ms ? "Delivered" : "Shipped", w->shipment[s].qty);
		put_tracking(w, a, o, order, po, s);
		json_end_object(o);
	}
	if (l->cancelled) {
		put_status(a, o, "Cancelled", l->cancelled);
		if (order->flags & ORDER_BY_BUYER)
			json_put_text(o, "cancellationReason", "CUSTOMER_REQUESTED_SELLER_TO_CANCEL");
		else if (order->reason)
			json_put_text(o, "cancellationReason", reasons[order->reason]);
		json_end_object(o);
	}
	json_end_array(o);
	json_end_object(o);
}

static void put_fulfillment(const struct order *order, struct json_out *o)
{
	json_put_object(o, "fulfillment");
	json_put_text(o, "fulfillmentOption", "S2H");
	json_put_text(o, "shipMethod", order->flags & ORDER_TWO_DAY ? "EXPEDITED" : "VALUE");
	json_put_null(o, "storeId");
	json_put_int(o, "pickUpDateTime", order->ship_by_ms + 4 * (int64_t)DAY_MS);
	if (order->flags & ORDER_TWO_DAY)
		json_put_text(o, "shippingProgramType", "TWO_DAY");
	json_end_object(o);
}

static void put_line(const struct world *w, struct arena *a, struct json_out *o, const struct order *order, const char *po, int line)
{
	const struct line *l = &w->line[line];
	const struct product *p = &w->product[l->product];
	int64_t price = (int64_t)l->price_minor * l->qty;

	json_put_object(o, NULL);
	json_put_text(o, "lineNumber", arena_printf(a, "%d", line - order->line + 1));
	json_put_object(o, "item");
	json_put_text(o, "productName", world_str(w, p->name));
	json_put_text(o, "sku", world_str(w, p->sku));
	json_put_text(o, "condition", "New");
	json_end_object(o);
	json_put_object(o, "charges");
	json_put_array(o, "charge");
	put_charge(o, "PRODUCT", "ItemPrice", price, price * 7 / 100);
	if (order->flags & ORDER_TWO_DAY && price < 3500)
		put_charge(o, "SHIPPING", "Shipping", 699, 0);
	json_end_array(o);
	json_end_object(o);
	put_quantity(a, o, "orderLineQuantity", l->qty);
	json_put_int(o, "statusDate", l->status_ms);
	put_statuses(w, a, o, order, po, line);
	put_fulfillment(order, o);
	if (order->flags & ORDER_ASKED)
		json_put_text(o, "intentToCancel", "TRUE");
	json_end_object(o);
}

static void put_shipping(struct json_out *o, const struct order *order, const struct person *who)
{
	json_put_object(o, "shippingInfo");
	json_put_text(o, "phone", who->phone);
	json_put_int(o, "estimatedDeliveryDate", order->ship_by_ms + 4 * (int64_t)DAY_MS);
	json_put_int(o, "estimatedShipDate", order->ship_by_ms);
	json_put_text(o, "methodCode", method_of(order));
	json_put_object(o, "postalAddress");
	json_put_text(o, "name", who->name);
	json_put_text(o, "address1", who->address1);
	if (who->address2)
		json_put_text(o, "address2", who->address2);
	json_put_text(o, "city", who->city);
	json_put_text(o, "state", who->state);
	json_put_text(o, "postalCode", who->postal_code);
	json_put_text(o, "country", "USA");
	json_put_text(o, "addressType", "RESIDENTIAL");
	json_end_object(o);
	json_end_object(o);
}

static void put_node(const struct order *order, struct json_out *o)
{
	static const char *const names[] = { [WALMART_MAIN] = "Harbor & Pine, Columbus", [WALMART_WEST] = "Harbor & Pine, Reno",
		                             [WALMART_WFS] = "WFS" };

	json_put_object(o, "shipNode");
	json_put_text(o, "type", order->place == WALMART_WFS ? "WFSFulfilled" : "SellerFulfilled");
	json_put_text(o, "name", names[order->place]);
	json_put_text(o, "id", place_facts[order->place].id);
	json_end_object(o);
}

void walmart_put_order(const struct world *w, struct arena *a, struct json_out *o, const char *key, int order, bool replacement)
{
	const struct order *it = &w->order[order];
	struct person who = person_make(a, it->buyer, "USA", "relay.walmart.com");
	char po[24], customer[24];

	order_id(w, order, po);
	order_customer_id(order, customer);
	json_put_object(o, key);
	json_put_text(o, "purchaseOrderId", po);
	json_put_text(o, "customerOrderId", customer);
	json_put_text(o, "customerEmailId", who.email);
	if (replacement)
		json_put_text(o, "orderType", "REGULAR");
	json_put_int(o, "orderDate", it->placed_ms);
	put_shipping(o, it, &who);
	json_put_object(o, "orderLines");
	json_put_array(o, "orderLine");
	for (int i = 0; i < it->lines; i++)
		put_line(w, a, o, it, po, it->line + i);
	json_end_array(o);
	json_end_object(o);
	put_node(it, o);
	json_end_object(o);
}
