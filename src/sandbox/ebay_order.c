/* ebay_order.c: one order as Fulfillment v1 writes it. */
#include "sandbox/ebay.h"

#include "sandbox/people.h"

#include <string.h>

static void put_time(struct json_out *o, const char *key, int64_t ms)
{
	char iso[32];

	time_iso(ms, iso);
	json_put_text(o, key, iso);
}

const char *ebay_order_status(const struct world *w, const struct order *o)
{
	int left = 0, seen = 0;

	for (int i = o->line; i < o->line + o->lines; i++) {
		left += w->line[i].qty - w->line[i].seen - w->line[i].cancelled;
		seen += w->line[i].seen;
	}
	return !seen ? "NOT_STARTED" : left ? "IN_PROGRESS" : "FULFILLED";
}

static const char *line_status(const struct line *l)
{
	return !l->seen ? "NOT_STARTED" : l->seen + l->cancelled < l->qty ? "IN_PROGRESS" : "FULFILLED";
}

static const char *payment_status(const struct world *w, const struct order *o)
{
	if (order_view(w, o) == VIEW_CANCELLED)
		return "FULLY_REFUNDED";
	return o->flags & ORDER_PENDING ? "PENDING" : "PAID";
}

static int64_t items_total(const struct world *w, const struct order *o)
{
	int64_t total = 0;

	for (int i = o->line; i < o->line + o->lines; i++)
		total += (int64_t)w->line[i].price_minor * w->line[i].qty;
	return total;
}

/* The list of orders never tells what was requested: only the order by itself does (their contract says so). */
static void put_cancel(const struct world *w, struct call *c, struct json_out *o, const struct order *order, bool alone)
{
	bool cancelled = order_view(w, order) == VIEW_CANCELLED, asked = order->flags & ORDER_ASKED;

	json_put_object(o, "cancelStatus");
	json_put_text(o, "cancelState", cancelled ? "CANCELED" : asked ? "IN_PROGRESS" : "NONE_REQUESTED");
	if (cancelled)
		put_time(o, "cancelledDate", order->touched_ms);
	json_put_array(o, "cancelRequests");
	if (alone && asked) {
		json_put_object(o, NULL);
		json_put_text(o, "cancelInitiator", "Buyer");
		json_put_text(o, "cancelReason", "ORDER_PLACED_BY_MISTAKE");
		put_time(o, "cancelRequestedDate", order->touched_ms);
		json_put_text(o, "cancelRequestId", arena_printf(c->arena, "5%09d", (int)(order - w->order)));
		json_put_text(o, "cancelRequestState", cancelled ? "CLOSED" : "REQUESTED");
		json_end_object(o);
	}
	json_end_array(o);
	json_end_object(o);
}

static void put_buyer(struct json_out *o, struct call *c, const struct order *order, const struct person *who)
{
	json_put_object(o, "buyer");
	json_put_text(o, "username", arena_printf(c->arena, "buyer_%u", (unsigned)order->buyer));
	json_put_object(o, "taxAddress");
	json_put_text(o, "city", who->city);
	json_put_text(o, "stateOrProvince", who->state);
	json_put_text(o, "postalCode", who->postal_code);
	json_put_text(o, "countryCode", "US");
	json_end_object(o);
	json_end_object(o);
}

static void put_instructions(struct json_out *o, const struct order *order, const struct person *who)
{
	json_put_array(o, "fulfillmentStartInstructions");
	json_put_object(o, NULL);
	json_put_text(o, "fulfillmentInstructionsType", "SHIP_TO");
	put_time(o, "minEstimatedDeliveryDate", order->ship_by_ms + DAY_MS);
	put_time(o, "maxEstimatedDeliveryDate", order->ship_by_ms + 4 * (int64_t)DAY_MS);
	json_put_bool(o, "ebaySupportedFulfillment", false);
	json_put_object(o, "shippingStep");
	json_put_object(o, "shipTo");
	json_put_text(o, "fullName", who->name);
	json_put_object(o, "contactAddress");
	json_put_text(o, "addressLine1", who->address1);
	if (who->address2)
		json_put_text(o, "addressLine2", who->address2);
	json_put_text(o, "city", who->city);
	json_put_text(o, "stateOrProvince", who->state);
	json_put_text(o, "postalCode", who->postal_code);
	json_put_text(o, "countryCode", "US");
	json_end_object(o);
	json_put_object(o, "primaryPhone");
	json_put_text(o, "phoneNumber", who->phone);
	json_end_object(o);
	json_put_text(o, "email", who->email);
	json_end_object(o);
	json_put_text(o, "shippingCarrierCode", "USPS");
	json_put_text(o, "shippingServiceCode", order->flags & ORDER_TWO_DAY ? "USPSPriority" : "USPSGround");
	json_end_object(o);
	json_end_object(o);
	json_end_array(o);
}

static void put_line_times(struct json_out *o, const struct order *order)
{
	json_put_object(o, "lineItemFulfillmentInstructions");
	put_time(o, "minEstimatedDeliveryDate", order->ship_by_ms + DAY_MS);
	put_time(o, "maxEstimatedDeliveryDate", order->ship_by_ms + 4 * (int64_t)DAY_MS);
	put_time(o, "shipByDate", order->ship_by_ms);
	json_put_bool(o, "guaranteedDelivery", false);
	json_end_object(o);
}

static void put_empty(struct json_out *o, const char *key)
{
	json_put_array(o, key);
	json_end_array(o);
}

static void put_line(const struct world *w, struct call *c, struct json_out *o, const struct order *order, int line)
{
	const struct line *l = &w->line[line];
	const struct product *p = &w->product[l->product];
	int listing = p->listing[order->place];
	const char *currency = place_facts[order->place].currency;
	int64_t cost = (int64_t)l->price_minor * l->qty;
	char id[24];

	line_item_id(line, id);
	json_put_object(o, NULL);
	json_put_text(o, "lineItemId", id);
	json_put_text(o, "legacyItemId", ebay_listing_id(w, c->arena, listing));
	if (ebay_head(w, listing) != listing || p->group >= 0)
		json_put_text(o, "legacyVariationId", arena_printf(c->arena, "4102%08d", listing));
	json_put_text(o, "sku", world_str(w, p->sku));
	json_put_text(o, "title", world_str(w, p->name));
	ebay_put_amount(o, c->arena, "lineItemCost", cost, currency);
	json_put_int(o, "quantity", l->qty);
	json_put_text(o, "soldFormat", order->place == EBAY_AUCTION ? "AUCTION" : "FIXED_PRICE");
	json_put_text(o, "listingMarketplaceId", place_facts[order->place].id);
	json_put_text(o, "purchaseMarketplaceId", place_facts[order->place].id);
	json_put_text(o, "lineItemFulfillmentStatus", line_status(l));
	ebay_put_amount(o, c->arena, "total", cost, currency);
	json_put_object(o, "deliveryCost");
	ebay_put_amount(o, c->arena, "shippingCost", 0, currency);
	json_end_object(o);
	put_empty(o, "appliedPromotions");
	put_empty(o, "taxes");
	put_empty(o, "refunds");
	json_put_object(o, "properties");
	json_put_bool(o, "buyerProtection", true);
	json_end_object(o);
	put_line_times(o, order);
	json_end_object(o);
}

static void put_payment(const struct world *w, struct call *c, struct json_out *o, const struct order *order)
{
	const char *currency = place_facts[order->place].currency;
	int64_t total = items_total(w, order);
	bool paid = !(order->flags & ORDER_PENDING);

	json_put_object(o, "pricingSummary");
	ebay_put_amount(o, c->arena, "priceSubtotal", total, currency);
	ebay_put_amount(o, c->arena, "deliveryCost", 0, currency);
	ebay_put_amount(o, c->arena, "total", total, currency);
	json_end_object(o);
	json_put_object(o, "paymentSummary");
	ebay_put_amount(o, c->arena, "totalDueSeller", total, currency);
	put_empty(o, "refunds");
	json_put_array(o, "payments");
	json_put_object(o, NULL);
	json_put_text(o, "paymentMethod", "EBAY");
	if (paid)
		put_time(o, "paymentDate", order->placed_ms);
	ebay_put_amount(o, c->arena, "amount", total, currency);
	json_put_text(o, "paymentStatus", paid ? "PAID" : "PENDING");
	json_end_object(o);
	json_end_array(o);
	json_end_object(o);
}

static void put_hrefs(const struct world *w, struct call *c, struct json_out *o, const struct order *order, const char *id)
{
	json_put_array(o, "fulfillmentHrefs");
	for (int line = order->line; line < order->line + order->lines; line++)
		for (int s = w->line[line].shipment; s >= 0; s = w->shipment[s].next)
			if (shipment_first(w, s))
				json_put_text(o, NULL, arena_printf(c->arena, "https://api.ebay.com/sell/fulfillment/v1/order/%s/shipping_fulfillment/%s", id,
				                                    ebay_fulfillment_id(w, c->arena, s)));
	json_end_array(o);
}

void ebay_put_order(const struct world *w, struct call *c, struct json_out *o, int order, bool alone)
{
	const struct order *it = &w->order[order];
	struct person who = person_make(c->arena, it->buyer, "US", "members.ebay.com");
	char id[24];

	order_id(w, order, id);
	json_put_object(o, NULL);
	json_put_text(o, "orderId", id);
	put_time(o, "creationDate", it->placed_ms);
	put_time(o, "lastModifiedDate", it->touched_ms);
	json_put_text(o, "orderFulfillmentStatus", ebay_order_status(w, it));
	json_put_text(o, "orderPaymentStatus", payment_status(w, it));
	json_put_text(o, "sellerId", "harbor_and_pine");
	put_buyer(o, c, it, &who);
	put_payment(w, c, o, it);
	put_cancel(w, c, o, it, alone);
	put_instructions(o, it, &who);
	put_hrefs(w, c, o, it, id);
	json_put_array(o, "lineItems");
	for (int i = it->line; i < it->line + it->lines; i++)
		put_line(w, c, o, it, i);
	json_end_array(o);
	json_put_text(o, "salesRecordReference", arena_printf(c->arena, "%d", 1000 + order));
	json_end_object(o);
}
