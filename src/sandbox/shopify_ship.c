/* shopify_ship.c: fulfilment orders, their lines, and the fulfilments of them. */
#include "sandbox/shopify.h"

#include <inttypes.h>
#include <string.h>

static const struct order *order_at(struct gql_run *r, struct gql_node on)
{
	return &world_of(r)->order[on.id];
}

static const struct line *line_at(struct gql_run *r, struct gql_node on)
{
	return &world_of(r)->line[on.id];
}

static const struct shipment *shipment_at(struct gql_run *r, struct gql_node on)
{
	return &world_of(r)->shipment[on.id];
}

static const struct label *label_at(struct gql_run *r, struct gql_node on)
{
	return &world_of(r)->label[shipment_at(r, on)->label];
}

static const char *label_text(struct gql_run *r, uint32_t text)
{
	return text ? world_str(world_of(r), text) : NULL;
}

/* ---- fulfilment orders ---- */

static int left_of(const struct world *w, const struct order *o)
{
	int left = 0;

	for (int i = o->line; i < o->line + o->lines; i++)
		left += line_left(&w->line[i]);
	return left;
}

const char *shop_fulfillment_order_status(const struct world *w, const struct order *o)
{
	enum order_view view = order_view(w, o);

	if (view == VIEW_CANCELLED)
		return "CANCELLED";
	if (!left_of(w, o))
		return "CLOSED";
	return o->flags & ORDER_PENDING ? "ON_HOLD" : view == VIEW_PARTLY ? "IN_PROGRESS" : "OPEN";
}

SHOP_GET(fo_gid) { return shop_gid(r, GID_FULFILLMENT_ORDER, on.id); }
SHOP_GET(fo_status) { return gql_text(shop_fulfillment_order_status(world_of(r), order_at(r, on))); }
SHOP_GET(fo_request) { return gql_text("UNSUBMITTED"); }
SHOP_GET(fo_created) { return shop_time(r, order_at(r, on)->placed_ms); }
SHOP_GET(fo_updated) { return shop_time(r, order_at(r, on)->touched_ms); }
SHOP_GET(fo_by) { return shop_time(r, order_at(r, on)->ship_by_ms); }
SHOP_GET(fo_order) { return gql_object(&shop_order, on.id, 0, NULL); }
SHOP_GET(fo_order_gid) { return shop_gid(r, GID_ORDER, on.id); }
SHOP_GET(fo_order_name) { return gql_text(arena_printf(r->arena, "#%" PRId64, 1001 + on.id)); }
SHOP_GET(fo_location) { return gql_object(&shop_assigned_location, order_at(r, on)->place, 0, NULL); }

SHOP_GET(fo_lines)
{
	const struct order *o = order_at(r, on);
	struct gql_node *all = arena_alloc(r->arena, o->lines * sizeof *all);

	for (int i = 0; i < o->lines; i++)
		all[i] = (struct gql_node){ .type = &shop_fulfillment_order_line, .id = o->line + i };
	return shop_page(r, &shop_fulfillment_order_lines, all, o->lines, args);
}

SHOP_GET(fo_actions)
{
	const char *status = shop_fulfillment_order_status(world_of(r), order_at(r, on));
	struct gql_node *one = arena_alloc(r->arena, sizeof *one);
	bool may = strcmp(status, "OPEN") == 0 || strcmp(status, "IN_PROGRESS") == 0;

	*one = (struct gql_node){ .type = &shop_action };
	return gql_objects(one, may);
}

/* While payment is not sure it is on hold. */
SHOP_GET(fo_holds)
{
	struct gql_node *one = arena_alloc(r->arena, sizeof *one);

	*one = (struct gql_node){ .type = &shop_hold };
	return gql_objects(one, strcmp(shop_fulfillment_order_status(world_of(r), order_at(r, on)), "ON_HOLD") == 0);
}

/* Every fulfilment of an order. */
static struct gql_node *fulfillments_of(struct gql_run *r, const struct order *o, int *n)
{
	const struct world *w = world_of(r);
	struct gql_node *all = NULL;
	int cap = 0;

	*n = 0;
	for (int line = o->line; line < o->line + o->lines; line++)
		for (int s = w->line[line].shipment; s >= 0; s = w->shipment[s].next)
			if (shipment_first(w, s)) {
				all = arena_grow(r->arena, all, *n, &cap, sizeof *all);
				all[(*n)++] = (struct gql_node){ .type = &shop_fulfillment, .id = s };
			}
	return all;
}

SHOP_GET(fo_fulfillments)
{
	int n;
	struct gql_node *all = fulfillments_of(r, order_at(r, on), &n);

	return shop_page(r, &shop_fulfillments, all, n, args);
}

static const struct gql_def fulfillment_order_fields[] = {
	{ "id", "ID!", NULL, fo_gid },
	{ "status", "FulfillmentOrderStatus!", NULL, fo_status },
	{ "requestStatus", "FulfillmentOrderRequestStatus!", NULL, fo_request },
	{ "createdAt", "DateTime!", NULL, fo_created },
	{ "updatedAt", "DateTime!", NULL, fo_updated },
	{ "fulfillAt", "DateTime", NULL, fo_created },
	{ "fulfillBy", "DateTime", NULL, fo_by },
	{ "order", "Order!", NULL, fo_order },
	{ "orderId", "ID!", NULL, fo_order_gid },
	{ "orderName", "String!", NULL, fo_order_name },
	{ "orderProcessedAt", "DateTime!", NULL, fo_created },
	{ "assignedLocation", "FulfillmentOrderAssignedLocation!", NULL, fo_location },
	{ "supportedActions", "[FulfillmentOrderSupportedAction!]!", NULL, fo_actions },
	{ "fulfillmentHolds", "[FulfillmentHold!]!", NULL, fo_holds },
	{ "lineItems", "FulfillmentOrderLineItemConnection!", SHOP_LIST_ARGS, fo_lines },
	{ "fulfillments", "FulfillmentConnection!", SHOP_LIST_ARGS, fo_fulfillments },
	SHOP_END,
};

const struct gql_type shop_fulfillment_order = { "FulfillmentOrder", GQL_TYPE, fulfillment_order_fields, NULL };
SHOP_CONNECTION(fulfillment_orders, fulfillment_order, "FulfillmentOrder");

SHOP_GET(action_word) { return gql_text("CREATE_FULFILLMENT"); }
SHOP_GET(nothing) { return gql_null(); }

static const struct gql_def action_fields[] = {
	{ "action", "FulfillmentOrderAction!", NULL, action_word },
	{ "externalUrl", "URL", NULL, nothing },
	SHOP_END,
};

const struct gql_type shop_action = { "FulfillmentOrderSupportedAction", GQL_TYPE, action_fields, NULL };

SHOP_GET(hold_reason) { return gql_text("AWAITING_PAYMENT"); }

static const struct gql_def hold_fields[] = {
	{ "reason", "FulfillmentHoldReason!", NULL, hold_reason },
	{ "reasonNotes", "String", NULL, nothing },
	SHOP_END,
};

const struct gql_type shop_hold = { "FulfillmentHold", GQL_TYPE, hold_fields, NULL };

SHOP_GET(assigned_name) { return gql_text(on.id == SHOPIFY_MAIN ? "Portland" : "Reno DC"); }
SHOP_GET(assigned_country) { return gql_text("US"); }
SHOP_GET(assigned_location) { return gql_object(&shop_location_type, on.id, 0, NULL); }

static const struct gql_def assigned_location_fields[] = {
	{ "name", "String!", NULL, assigned_name },
	{ "countryCode", "CountryCode!", NULL, assigned_country },
	{ "location", "Location", NULL, assigned_location },
	SHOP_END,
};

const struct gql_type shop_assigned_location = { "FulfillmentOrderAssignedLocation", GQL_TYPE, assigned_location_fields, NULL };

/* ---- their lines ---- */

SHOP_GET(fol_gid) { return shop_gid(r, GID_FULFILLMENT_ORDER_LINE, on.id); }
SHOP_GET(fol_total) { return gql_int(line_at(r, on)->qty); }
SHOP_GET(fol_left) { return gql_int(line_left(line_at(r, on))); }
SHOP_GET(fol_line) { return gql_object(&shop_line, on.id, 0, NULL); }
SHOP_GET(fol_sku) { return gql_text(world_str(world_of(r), world_of(r)->product[line_at(r, on)->product].sku)); }
SHOP_GET(fol_title) { return gql_text(world_str(world_of(r), world_of(r)->product[line_at(r, on)->product].name)); }
SHOP_GET(fol_item) { return shop_gid(r, GID_ITEM, line_at(r, on)->product); }
SHOP_GET(fol_variant) { return gql_object(&shop_variant, line_at(r, on)->product, 0, NULL); }
SHOP_GET(fol_ships) { return gql_bool(true); }

static const struct gql_def fulfillment_order_line_fields[] = {
	{ "id", "ID!", NULL, fol_gid },
	{ "totalQuantity", "Int!", NULL, fol_total },
	{ "remainingQuantity", "Int!", NULL, fol_left },
	{ "lineItem", "LineItem!", NULL, fol_line },
	{ "sku", "String", NULL, fol_sku },
	{ "productTitle", "String!", NULL, fol_title },
	{ "variantTitle", "String", NULL, nothing },
	{ "inventoryItemId", "ID", NULL, fol_item },
	{ "variant", "ProductVariant", NULL, fol_variant },
	{ "requiresShipping", "Boolean!", NULL, fol_ships },
	SHOP_END,
};

const struct gql_type shop_fulfillment_order_line = { "FulfillmentOrderLineItem", GQL_TYPE, fulfillment_order_line_fields, NULL };
SHOP_CONNECTION(fulfillment_order_lines, fulfillment_order_line, "FulfillmentOrderLineItem");

/* ---- fulfilments ---- */

SHOP_GET(f_gid) { return shop_gid(r, GID_FULFILLMENT, on.id); }
SHOP_GET(f_legacy) { return shop_legacy_id(r, GID_FULFILLMENT, on.id); }
SHOP_GET(f_name) { return gql_text(arena_printf(r->arena, "#%d.%" PRId64, 1001 + line_at(r, (struct gql_node){ .id = shipment_at(r, on)->line })->order, on.id)); }
SHOP_GET(f_status) { return gql_text("SUCCESS"); }
SHOP_GET(f_display) { return gql_text(shipment_at(r, on)->delivered_ms ? "DELIVERED" : "FULFILLED"); }
SHOP_GET(f_created) { return shop_time(r, shipment_at(r, on)->shipped_ms); }
SHOP_GET(f_updated) { return shop_time(r, shipment_at(r, on)->delivered_ms ? shipment_at(r, on)->delivered_ms : shipment_at(r, on)->shipped_ms); }
SHOP_GET(f_delivered) { return shop_time(r, shipment_at(r, on)->delivered_ms); }
SHOP_GET(f_order) { return gql_object(&shop_order, world_of(r)->line[shipment_at(r, on)->line].order, 0, NULL); }
SHOP_GET(f_location) { return gql_object(&shop_location_type, world_of(r)->order[world_of(r)->line[shipment_at(r, on)->line].order].place, 0, NULL); }

SHOP_GET(f_fulfillment_orders)
{
	struct gql_node *one = arena_alloc(r->arena, sizeof *one);

	*one = (struct gql_node){ .type = &shop_fulfillment_order, .id = world_of(r)->line[shipment_at(r, on)->line].order };
	return shop_page(r, &shop_fulfillment_orders, one, 1, args);
}

/* The rows of one package: a line each. */
static struct gql_node *package(struct gql_run *r, int64_t shipment, int *n)
{
	const struct world *w = world_of(r);
	const struct order *o = &w->order[w->line[w->shipment[shipment].line].order];
	struct gql_node *all = NULL;
	int cap = 0;

	*n = 0;
	for (int line = o->line; line < o->line + o->lines; line++)
		for (int s = w->line[line].shipment; s >= 0; s = w->shipment[s].next)
			if (shipment_same(w, s, (int)shipment)) {
				all = arena_grow(r->arena, all, *n, &cap, sizeof *all);
				all[(*n)++] = (struct gql_node){ .type = &shop_fulfillment_line, .id = s };
			}
	return all;
}

SHOP_GET(f_lines)
{
	int n;
	struct gql_node *all = package(r, on.id, &n);

	return shop_page(r, &shop_fulfillment_lines, all, n, args);
}

SHOP_GET(f_total)
{
	int n;
	int64_t sum = 0;
	const struct gql_node *all = package(r, on.id, &n);

	for (int i = 0; i < n; i++)
		sum += world_of(r)->shipment[all[i].id].qty;
	return gql_int(sum);
}

SHOP_GET(f_tracking)
{
	struct gql_node *one = arena_alloc(r->arena, sizeof *one);

	*one = (struct gql_node){ .type = &shop_tracking, .id = on.id };
	return gql_objects(one, !shipment_at(r, on)->label || label_at(r, on)->tracking);
}

static const struct gql_def fulfillment_fields[] = {
	{ "id", "ID!", NULL, f_gid },
	{ "legacyResourceId", "UnsignedInt64!", NULL, f_legacy },
	{ "name", "String!", NULL, f_name },
	{ "status", "FulfillmentStatus!", NULL, f_status },
	{ "displayStatus", "FulfillmentDisplayStatus", NULL, f_display },
	{ "createdAt", "DateTime!", NULL, f_created },
	{ "updatedAt", "DateTime!", NULL, f_updated },
	{ "deliveredAt", "DateTime", NULL, f_delivered },
	{ "requiresShipping", "Boolean!", NULL, fol_ships },
	{ "totalQuantity", "Int!", NULL, f_total },
	{ "trackingInfo", "[FulfillmentTrackingInfo!]!", "first: Int", f_tracking },
	{ "order", "Order!", NULL, f_order },
	{ "location", "Location", NULL, f_location },
	{ "fulfillmentLineItems", "FulfillmentLineItemConnection!", SHOP_LIST_ARGS, f_lines },
	{ "fulfillmentOrders", "FulfillmentOrderConnection!", SHOP_LIST_ARGS, f_fulfillment_orders },
	SHOP_END,
};

const struct gql_type shop_fulfillment = { "Fulfillment", GQL_TYPE, fulfillment_fields, NULL };
SHOP_CONNECTION(fulfillments, fulfillment, "Fulfillment");

SHOP_GET(fl_gid) { return shop_gid(r, GID_FULFILLMENT_LINE, on.id); }
SHOP_GET(fl_quantity) { return gql_int(shipment_at(r, on)->qty); }
SHOP_GET(fl_line) { return gql_object(&shop_line, shipment_at(r, on)->line, 0, NULL); }

static const struct gql_def fulfillment_line_fields[] = {
	{ "id", "ID!", NULL, fl_gid },
	{ "quantity", "Int", NULL, fl_quantity },
	{ "lineItem", "LineItem!", NULL, fl_line },
	SHOP_END,
};

const struct gql_type shop_fulfillment_line = { "FulfillmentLineItem", GQL_TYPE, fulfillment_line_fields, NULL };
SHOP_CONNECTION(fulfillment_lines, fulfillment_line, "FulfillmentLineItem");

SHOP_GET(tracking_number) { return gql_text(shipment_tracking(world_of(r), (int)on.id, arena_alloc(r->arena, 32))); }
SHOP_GET(tracking_company) { return gql_text(shipment_at(r, on)->label ? label_text(r, label_at(r, on)->carrier) : "USPS"); }
SHOP_GET(tracking_url) { return gql_text(label_text(r, label_at(r, on)->url)); }

static const struct gql_def tracking_fields[] = {
	{ "number", "String", NULL, tracking_number },
	{ "company", "String", NULL, tracking_company },
	{ "url", "URL", NULL, tracking_url },
	SHOP_END,
};

const struct gql_type shop_tracking = { "FulfillmentTrackingInfo", GQL_TYPE, tracking_fields, NULL };
