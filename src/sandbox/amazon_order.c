/* amazon_order.c: one order as Orders 2026-01-01 writes it; most of it only when includedData asks for it. */
#include "sandbox/amazon.h"

#include "sandbox/people.h"

#include <stdlib.h>
#include <string.h>

int amazon_datasets(const struct call *c)
{
	static const struct {
		const char *word;
		int set;
	} words[] = {
		{ "BUYER", DATA_BUYER },       { "RECIPIENT", DATA_RECIPIENT }, { "PROCEEDS", DATA_PROCEEDS }, { "CANCELLATION", DATA_CANCELLATION },
		{ "FULFILLMENT", DATA_FULFILLMENT }, { "PACKAGES", DATA_PACKAGES }, { "EXPENSE", 0 },          { "PROMOTION", 0 },
		{ "TAX", 0 },                  { "PAYMENT", 0 },                { "FULFILLMENT_ORDERS", 0 },
	};
	int set = 0, known = 0, asked = 0;

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (call_lists(c, "includedData", words[i].word)) {
			set |= words[i].set;
			known++;
		}
	for (int i = 0; i < c->params; i++)
		if (strcmp(c->param[i].name, "includedData") == 0)
			for (const char *s = c->param[i].value; s && *s; s = strchr(s, ','), s += s != NULL)
				asked++;
	return asked > known ? -1 : set;
}

const char *amazon_status(const struct world *w, const struct order *o)
{
	static const char *const words[] = {
		[VIEW_PENDING] = "PENDING",          [VIEW_NEW] = "UNSHIPPED",    [VIEW_ACKED] = "UNSHIPPED",
		[VIEW_PARTLY] = "PARTIALLY_SHIPPED", [VIEW_SHIPPED] = "SHIPPED",  [VIEW_DELIVERED] = "SHIPPED",
		[VIEW_CANCELLED] = "CANCELLED",
	};

	return words[order_view(w, o)];
}

static void put_time(struct json_out *o, const char *key, int64_t ms)
{
	char iso[32];

	time_iso(ms, iso);
	json_put_text(o, key, iso);
}

static void put_money(struct json_out *o, struct arena *a, const char *key, int64_t minor, const char *currency)
{
	struct buf b = buf_new(a);
	struct json_out number = json_out(&b);

	json_put_minor(&number, NULL, minor, currency);
	json_put_object(o, key);
	json_put_text(o, "amount", b.p);
	json_put_text(o, "currencyCode", currency);
	json_end_object(o);
}

static void put_window(struct json_out *o, const char *key, int64_t from_ms, int64_t to_ms)
{
	json_put_object(o, key);
	put_time(o, "earliestDateTime", from_ms);
	put_time(o, "latestDateTime", to_ms);
	json_end_object(o);
}

static void put_fulfillment(const struct world *w, struct json_out *o, const struct order *order)
{
	json_put_object(o, "fulfillment");
	json_put_text(o, "fulfillmentStatus", amazon_status(w, order));
	json_put_text(o, "fulfilledBy", place_facts[order->place].pool ? "AMAZON" : "MERCHANT");
	json_put_text(o, "fulfillmentServiceLevel", order->flags & ORDER_TWO_DAY ? "SECOND_DAY" : "STANDARD");
	if (!(order->flags & ORDER_PENDING)) {
		put_window(o, "shipByWindow", order->placed_ms, order->ship_by_ms);
		put_window(o, "deliverByWindow", order->ship_by_ms + DAY_MS, order->ship_by_ms + 4 * (int64_t)DAY_MS);
	}
	json_end_object(o);
}

static void put_channel(struct json_out *o, const struct order *order)
{
	static const char *const names[PLACES] = { [AMAZON_US] = "Amazon.com", [AMAZON_CA] = "Amazon.ca", [AMAZON_MX] = "Amazon.com.mx",
		                                   [AMAZON_FBA] = "Amazon.com" };

	json_put_object(o, "salesChannel");
	json_put_text(o, "channelName", "AMAZON");
	json_put_text(o, "marketplaceId", place_facts[order->place].id);
	json_put_text(o, "marketplaceName", names[order->place]);
	json_end_object(o);
}

/* While payment is pending nobody learns who bought. */
static void put_people(struct arena *a, struct json_out *o, const struct order *order, int datasets)
{
	const char *country = place_facts[order->place].country;
	struct person who = person_make(a, order->buyer, country, "marketplace.amazon.com");

	if (order->flags & ORDER_PENDING)
		return;
	if (datasets & DATA_BUYER) {
		json_put_object(o, "buyer");
		json_put_text(o, "buyerName", who.name);
		if (!place_facts[order->place].pool)
			json_put_text(o, "buyerEmail", who.email);
		json_end_object(o);
	}
	if (datasets & DATA_RECIPIENT && !place_facts[order->place].pool) {
		json_put_object(o, "recipient");
		json_put_object(o, "deliveryAddress");
		json_put_text(o, "name", who.name);
		json_put_text(o, "addressLine1", who.address1);
		if (who.address2)
			json_put_text(o, "addressLine2", who.address2);
		json_put_text(o, "city", who.city);
		json_put_text(o, "stateOrRegion", who.state);
		json_put_text(o, "postalCode", who.postal_code);
		json_put_text(o, "countryCode", country);
		json_put_text(o, "phone", who.phone);
		json_put_text(o, "addressType", "RESIDENTIAL");
		json_end_object(o);
		json_end_object(o);
	}
}

static void put_cancellation(struct json_out *o, const struct order *order, const struct line *l)
{
	bool asked = order->flags & ORDER_ASKED;

	if (!asked && !l->cancelled)
		return;
	json_put_object(o, "cancellation");
	if (asked) {
		json_put_object(o, "cancellationRequest");
		json_put_text(o, "requester", "BUYER");
		json_put_text(o, "cancelReason", "Ordered by mistake");
		json_end_object(o);
	}
	if (l->cancelled) {
		json_put_object(o, "cancellationExecution");
		json_put_text(o, "cancelledBy", order->flags & ORDER_BY_PLATFORM ? "AMAZON" : "BUYER");
		json_put_text(o, "cancelReason", order->flags & ORDER_BY_PLATFORM ? "Not shipped in time" : "Ordered by mistake");
		json_end_object(o);
	}
	json_end_object(o);
}

static void put_product(const struct world *w, struct arena *a, struct json_out *o, const struct order *order, const struct line *l)
{
	const struct product *p = &w->product[l->product];

	json_put_object(o, "product");
	json_put_text(o, "asin", world_str(w, p->asin));
	json_put_text(o, "title", world_str(w, p->name));
	json_put_text(o, "sellerSku", world_str(w, p->sku));
	json_put_object(o, "condition");
	json_put_text(o, "conditionType", "NEW");
	json_put_text(o, "conditionSubtype", "NEW");
	json_end_object(o);
	json_put_object(o, "price");
	put_money(o, a, "unitPrice", l->price_minor, place_facts[order->place].currency);
	json_end_object(o);
	json_end_object(o);
}

static void put_item(const struct world *w, struct arena *a, struct json_out *o, const struct order *order, int line, int datasets)
{
	const struct line *l = &w->line[line];
	const char *currency = place_facts[order->place].currency;
	char id[24];

	line_item_id(line, id);
	json_put_object(o, NULL);
	json_put_text(o, "orderItemId", id);
	json_put_int(o, "quantityOrdered", l->qty);
	put_product(w, a, o, order, l);
	if (datasets & DATA_PROCEEDS) {
		json_put_object(o, "proceeds");
		put_money(o, a, "proceedsTotal", (int64_t)l->price_minor * l->qty, currency);
		json_put_array(o, "breakdowns");
		json_put_object(o, NULL);
		json_put_text(o, "type", "ITEM");
		put_money(o, a, "subtotal", (int64_t)l->price_minor * l->qty, currency);
		json_end_object(o);
		json_end_array(o);
		json_end_object(o);
	}
	if (datasets & DATA_CANCELLATION)
		put_cancellation(o, order, l);
	if (datasets & DATA_FULFILLMENT) {
		json_put_object(o, "fulfillment");
		json_put_int(o, "quantityFulfilled", l->seen);
		json_put_int(o, "quantityUnfulfilled", l->qty - l->seen - l->cancelled);
		json_end_object(o);
	}
	json_end_object(o);
}

/* ---- packages: the shipments of an order's lines that share a reference ---- */

static const char *ref_of(const struct world *w, struct arena *a, int shipment)
{
	uint32_t ref = w->label[w->shipment[shipment].label].ref;

	return ref ? world_str(w, ref) : arena_printf(a, "%d", 100000 + shipment);
}

static void put_package_items(const struct world *w, struct arena *a, struct json_out *o, const struct order *order, const char *ref)
{
	json_put_array(o, "packageItems");
	for (int line = order->line; line < order->line + order->lines; line++)
		for (int s = w->line[line].shipment; s >= 0; s = w->shipment[s].next) {
			char id[24];

			if (!w->shipment[s].seen || strcmp(ref_of(w, a, s), ref) != 0)
				continue;
			line_item_id(line, id);
			json_put_object(o, NULL);
			json_put_text(o, "orderItemId", id);
			json_put_int(o, "quantity", w->shipment[s].qty);
			json_end_object(o);
		}
	json_end_array(o);
}

static void put_package(const struct world *w, struct arena *a, struct json_out *o, const struct order *order, int shipment)
{
	const struct shipment *s = &w->shipment[shipment];
	const struct label *label = &w->label[s->label];
	const char *ref = ref_of(w, a, shipment);
	bool other = label->carrier && strcmp(world_str(w, label->carrier), "Other") == 0;

	json_put_object(o, NULL);
	json_put_text(o, "packageReferenceId", ref);
	put_time(o, "createdTime", s->shipped_ms);
	json_put_object(o, "packageStatus");
	json_put_text(o, "status", s->delivered_ms ? "DELIVERED" : "SHIPPED");
	json_end_object(o);
	json_put_text(o, "carrier", other ? world_str(w, label->other_carrier) : label->carrier ? world_str(w, label->carrier) : "USPS");
	put_time(o, "shipTime", s->shipped_ms);
	if (label->method)
		json_put_text(o, "shippingService", world_str(w, label->method));
	json_put_text(o, "trackingNumber", shipment_tracking(w, shipment, arena_alloc(a, 32)));
	put_package_items(w, a, o, order, ref);
	json_end_object(o);
}

/* Is there an earlier shipment of this order in the same package? Then the package has been written. */
static bool package_seen(const struct world *w, struct arena *a, const struct order *order, int line, int shipment)
{
	const char *ref = ref_of(w, a, shipment);

	for (int l = order->line; l <= line; l++)
		for (int s = w->line[l].shipment; s >= 0 && !(l == line && s == shipment); s = w->shipment[s].next)
			if (w->shipment[s].seen && strcmp(ref_of(w, a, s), ref) == 0)
				return true;
	return false;
}

static void put_packages(const struct world *w, struct arena *a, struct json_out *o, const struct order *order)
{
	json_put_array(o, "packages");
	for (int line = order->line; line < order->line + order->lines; line++)
		for (int s = w->line[line].shipment; s >= 0; s = w->shipment[s].next)
			if (w->shipment[s].seen && !package_seen(w, a, order, line, s))
				put_package(w, a, o, order, s);
	json_end_array(o);
}

void amazon_put_order(const struct world *w, struct arena *a, struct json_out *o, const char *key, int order, int datasets)
{
	const struct order *it = &w->order[order];
	int64_t total = 0;
	char id[24];

	order_id(w, order, id);
	json_put_object(o, key);
	json_put_text(o, "orderId", id);
	put_time(o, "createdTime", it->placed_ms);
	put_time(o, "lastUpdatedTime", it->touched_ms);
	json_put_array(o, "programs");
	if (place_facts[it->place].pool)
		json_put_text(o, NULL, "PRIME");
	json_end_array(o);
	put_channel(o, it);
	put_people(a, o, it, datasets);
	for (int i = it->line; i < it->line + it->lines; i++)
		total += (int64_t)w->line[i].price_minor * w->line[i].qty;
	if (datasets & DATA_PROCEEDS) {
		json_put_object(o, "proceeds");
		put_money(o, a, "grandTotal", total, place_facts[it->place].currency);
		json_end_object(o);
	}
	if (datasets & DATA_FULFILLMENT)
		put_fulfillment(w, o, it);
	json_put_array(o, "orderItems");
	for (int i = it->line; i < it->line + it->lines; i++)
		put_item(w, a, o, it, i, datasets);
	json_end_array(o);
	if (datasets & DATA_PACKAGES)
		put_packages(w, a, o, it);
	json_end_object(o);
}
