/*
 * cartoncloud_orders.c: what the logistics provider knows of the seller's orders.
 *
 * Their customer's reference is the marketplace's order id. An order is known here some minutes after it was placed, and
 * from then on the stock report leaves out what it needs, unless it waits for stock.
 */
#include "sandbox/cartoncloud.h"

#include <stdio.h>
#include <string.h>

enum { PAGE_MAX = 100 };

static const char *const states[] = {
	[OUT_AWAITING_STOCK] = "AWAITING_STOCK",
	[OUT_READY] = "AWAITING_PICK_AND_PACK",
	[OUT_PACKING] = "PACKING_IN_PROGRESS",
	[OUT_PICKED] = "PICKED",
	[OUT_PACKED] = "PACKED",
	[OUT_DISPATCHED] = "DISPATCHED",
	[OUT_DELETED] = "REJECTED",
};

/* Their stamps are in the account's own time, with its offset. NULL: it has not happened. */
static const char *stamp(struct arena *a, int64_t ms)
{
	char iso[32];

	if (!ms)
		return NULL;
	time_iso_s(ms + CARTONCLOUD_ZONE_MS, iso);
	return arena_printf(a, "%.19s-08:00", iso);
}

static const char *reference(const struct world *w, struct arena *a, int order)
{
	char *id = arena_alloc(a, 24);

	order_id(w, order, id);
	return id;
}

static const char *order_look(const struct searched *it, const char *pointer, bool *known)
{
	const struct outbound *o = &it->world->outbound[it->number];

	if (strcmp(pointer, "/status") == 0)
		return states[o->status];
	if (strcmp(pointer, "/references/customer") == 0)
		return reference(it->world, it->arena, o->order);
	if (strcmp(pointer, "/timestamps/created/time") == 0)
		return stamp(it->arena, o->made_ms);
	if (strcmp(pointer, "/timestamps/modified/time") == 0)
		return stamp(it->arena, o->changed_ms);
	if (strcmp(pointer, "/timestamps/packed/time") == 0)
		return stamp(it->arena, o->packed_ms);
	if (strcmp(pointer, "/timestamps/dispatched/time") == 0)
		return stamp(it->arena, o->dispatched_ms);
	if (strcmp(pointer, "/warehouse/name") == 0)
		return depot_facts[o->depot].title;
	if (strcmp(pointer, "/warehouse/id") == 0)
		return cartoncloud_id(it->arena, ID_WAREHOUSE, o->depot);
	if (strcmp(pointer, "/customer/id") == 0)
		return cartoncloud_id(it->arena, ID_CUSTOMER, 1);
	if (strcmp(pointer, "/id") == 0)
		return cartoncloud_id(it->arena, ID_ORDER, it->number);
	if (strcmp(pointer, "/type") == 0)
		return "OUTBOUND";
	*known = false;
	return NULL;
}

static void put_item(const struct world *w, struct call *c, struct json_out *o, const struct line *l)
{
	json_put_object(o, NULL);
	json_put_object(o, "details");
	json_put_object(o, "product");
	json_put_text(o, "id", cartoncloud_id(c->arena, ID_PRODUCT, l->product));
	json_put_text(o, "name", world_str(w, w->product[l->product].name));
	json_put_object(o, "references");
	json_put_text(o, "code", world_str(w, w->product[l->product].sku));
	json_end_object(o);
	json_end_object(o);
	json_put_object(o, "unitOfMeasure");
	json_put_text(o, "type", unit_names[UNIT_EA]);
	json_end_object(o);
	json_end_object(o);
	json_put_object(o, "measures");
	json_put_int(o, "quantity", outbound_units(l));
	json_end_object(o);
	json_end_object(o);
}

static void put_stamp(struct call *c, struct json_out *o, const char *key, int64_t ms)
{
	if (!ms)
		return;
	json_put_object(o, key);
	json_put_text(o, "time", stamp(c->arena, ms));
	json_end_object(o);
}

static void put_references(const struct world *w, struct call *c, struct json_out *o, const struct outbound *it)
{
	json_put_object(o, "references");
	json_put_text(o, "customer", reference(w, c->arena, it->order));
	if (it->tracking)
		json_put_text(o, "tracking", world_str(w, it->tracking));
	json_end_object(o);
}

static void put_details(struct json_out *o)
{
	json_put_object(o, "details");
	json_put_bool(o, "urgent", false);
	json_put_text(o, "instructions", "");
	json_put_bool(o, "allowSplitting", true);
	json_put_object(o, "deliver");
	json_put_object(o, "method");
	json_put_text(o, "type", "SHIPPING");
	json_put_text(o, "requestedService", "USPS");
	json_end_object(o);
	json_end_object(o);
	json_end_object(o);
}

static void put_order(const struct world *w, struct call *c, struct json_out *o, int number)
{
	const struct outbound *it = &w->outbound[number];
	const struct order *order = &w->order[it->order];

	json_put_object(o, NULL);
	json_put_text(o, "id", cartoncloud_id(c->arena, ID_ORDER, number));
	json_put_text(o, "type", "OUTBOUND");
	put_references(w, c, o, it);
	cartoncloud_put_customer(c, o, "customer");
	cartoncloud_put_warehouse(c, o, "warehouse", (enum depot)it->depot);
	put_details(o);
	json_put_text(o, "status", states[it->status]);
	json_put_object(o, "properties");
	json_end_object(o);
	json_put_array(o, "items");
	for (int i = order->line; i < order->line + order->lines; i++)
		if (outbound_has(it, &w->line[i]))
			put_item(w, c, o, &w->line[i]);
	json_end_array(o);
	json_put_int(o, "version", it->status + 1);
	json_put_object(o, "timestamps");
	put_stamp(c, o, "created", it->made_ms);
	put_stamp(c, o, "modified", it->changed_ms);
	put_stamp(c, o, "packed", it->packed_ms);
	put_stamp(c, o, "dispatched", it->dispatched_ms);
	json_end_object(o);
	json_end_object(o);
}

/* What was cancelled before it was sent was deleted here, and is not found any more. */
static bool is_theirs(const struct world *w, int number)
{
	const struct outbound *o = &w->outbound[number];

	return depot_facts[o->depot].kind == KEPT_IN_WMS && o->status != OUT_DELETED;
}

void cartoncloud_orders(struct service *s, struct call *c)
{
	static const struct search orders = { .page_max = PAGE_MAX, .is_one = is_theirs, .look = order_look, .put = put_order };

	cartoncloud_search(s->world, c, &orders, s->world->outbounds);
}

void cartoncloud_order(struct service *s, struct call *c)
{
	int number = cartoncloud_number(ID_ORDER, c->segment[3]);
	struct buf b = buf_new(c->arena);
	struct json_out o = json_out(&b);

	if (number < 0 || number >= s->world->outbounds || !is_theirs(s->world, number)) {
		cartoncloud_refuse(c, 404, NULL, "The resource does not exist");
		return;
	}
	put_order(s->world, c, &o, number);
	call_answer_json(c, 200, &b);
}
