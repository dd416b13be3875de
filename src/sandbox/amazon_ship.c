/*
 * amazon_ship.c: confirmShipment. The package reference is the natural key: told again with the same
 * reference it is an update of that package, never a second one.
 */
#include "sandbox/amazon.h"

#include "base/text.h"

#include <string.h>

enum { ITEMS_MAX = 16 };

struct item {
	int line, qty, again; /* again: the shipment of this line that has the reference already, -1: none */
};

static const char *text_at(const struct json *v, const char *path)
{
	return json_is_text(json_get(v, path)) ? json_text_or(v, path, "") : "";
}

/* NULL when whole, else what is wrong with it. */
static const char *package_read(const struct json *p, struct parcel *out)
{
	int64_t number;

	*out = (struct parcel){ text_at(p, "carrierCode"), text_at(p, "carrierName"),        text_at(p, "trackingNumber"), "",
		                text_at(p, "shippingMethod"), text_at(p, "packageReferenceId"), 0 };
	if (!text_int(out->ref, 1, INT64_MAX, &number))
		return "packageReferenceId must be a positive number.";
	if (!*out->carrier)
		return "carrierCode is required.";
	if (strcmp(out->carrier, "Other") == 0 && !*out->other_carrier)
		return "carrierName is required when carrierCode is Other.";
	if (!*out->tracking)
		return "trackingNumber is required.";
	return time_parse(text_at(p, "shipDate"), &out->shipped_ms) == 0 ? NULL : "shipDate is not in ISO 8601 format.";
}

static const char *items_read(const struct world *w, const struct order *o, const struct json *items, const char *ref, struct item *out, int *n)
{
	for (const struct json *e = json_first(items); e; e = json_next(e)) {
		const struct json *qty = json_get(e, "quantity");
		int64_t units = 0;

		if (*n == ITEMS_MAX)
			return "orderItems has too many items.";
		out[*n].line = line_by_item(o, text_at(e, "orderItemId"));
		if (out[*n].line < 0)
			return "An orderItemId does not belong to this order.";
		if (!json_is_number(qty) || !text_int(json_scalar(qty), 1, 9999, &units))
			return "quantity must be a whole number of at least 1.";
		out[*n].qty = (int)units;
		out[*n].again = line_find_ref(w, out[*n].line, ref);
		++*n;
	}
	return *n ? NULL : "orderItems is required.";
}

static const char *items_check(const struct world *w, const struct item *item, int n)
{
	for (int i = 0; i < n; i++) {
		if (item[i].again >= 0 && w->shipment[item[i].again].qty != item[i].qty)
			return "The quantity of a confirmed package cannot be changed.";
		if (item[i].again < 0 && item[i].qty > line_left(&w->line[item[i].line]))
			return "The quantity exceeds what is left to ship of this item.";
		for (int k = 0; k < i; k++)
			if (item[k].line == item[i].line)
				return "An orderItemId is given twice.";
	}
	return NULL;
}

static void item_again(struct world *w, const struct item *item, const struct parcel *parcel, const char *correlation)
{
	const struct label *label = &w->label[w->shipment[item->again].label];
	bool same = strcmp(world_str(w, label->tracking), parcel->tracking) == 0 && strcmp(world_str(w, label->carrier), parcel->carrier) == 0;
	char id[24];

	order_id(w, w->line[item->line].order, id);
	w->count[same ? SHIPS_AGAIN : SHIPS_UPDATED]++;
	world_effect(w, same ? EFFECT_SHIP_AGAIN : EFFECT_SHIP_UPDATE, (enum place)w->order[w->line[item->line].order].place, id, parcel->ref, item->qty, 0,
	             correlation);
	if (!same)
		shipment_relabel(w, item->again, parcel);
}

/* Why this order cannot be confirmed at all; NULL: it can. */
static const char *order_check(const struct world *w, const struct order *o, const struct json *body)
{
	enum order_view view = order_view(w, o);

	if (strcmp(text_at(body, "marketplaceId"), place_facts[o->place].id) != 0)
		return "marketplaceId is not the marketplace of this order.";
	if (place_facts[o->place].pool)
		return "The order is fulfilled by Amazon.";
	if (view == VIEW_PENDING)
		return "The order is pending and cannot be shipped.";
	return view == VIEW_CANCELLED ? "The order is cancelled." : NULL;
}

void amazon_confirm(struct service *s, struct call *c)
{
	struct world *w = s->world;
	int order = order_by_id(w, AMAZON, c->segment[3]), n = 0;
	const struct json *body = call_json(c), *package = json_get(body, "packageDetail");
	struct parcel parcel;
	struct item item[ITEMS_MAX];
	const char *wrong;

	service_write(s, WRITES_SHIP, order >= 0 && place_facts[w->order[order].place].pool);
	if (order < 0) {
		amazon_refuse(c, 404, "NotFound", "The requested order was not found.");
		return;
	}
	wrong = package_read(package, &parcel);
	wrong = wrong ? wrong : order_check(w, &w->order[order], body);
	wrong = wrong ? wrong : items_read(w, &w->order[order], json_get(package, "orderItems"), parcel.ref, item, &n);
	wrong = wrong ? wrong : items_check(w, item, n);
	if (wrong) {
		w->count[SHIPS_REFUSED]++;
		amazon_refuse(c, 400, "InvalidInput", wrong);
		return;
	}
	for (int i = 0; i < n && !w->dropping; i++) {
		if (item[i].again >= 0)
			item_again(w, &item[i], &parcel, c->correlation);
		else
			line_ship(w, item[i].line, item[i].qty, &parcel, true, c->correlation);
	}
	call_answer(c, 204, NULL, "", 0);
}
