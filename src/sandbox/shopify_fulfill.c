/*
 * shopify_fulfill.c: fulfillmentCreate.
 *
 * What is shipped is a line of a fulfilment order, never a line of the order. A fulfilment order that has nothing left is closed, so a
 * parcel told twice is refused the second time; while units are left it is two.
 */
#include "sandbox/shopify.h"

#include <inttypes.h>
#include <string.h>

static const struct gql_def fulfillment_input_fields[] = {
	{ "lineItemsByFulfillmentOrder", "[FulfillmentOrderLineItemsInput!]!", NULL, NULL },
	{ "notifyCustomer", "Boolean", NULL, NULL },
	{ "trackingInfo", "FulfillmentTrackingInput", NULL, NULL },
	SHOP_END,
};

static const struct gql_def by_order_input_fields[] = {
	{ "fulfillmentOrderId", "ID!", NULL, NULL },
	{ "fulfillmentOrderLineItems", "[FulfillmentOrderLineItemInput!]", NULL, NULL },
	SHOP_END,
};

static const struct gql_def order_line_input_fields[] = {
	{ "id", "ID!", NULL, NULL },
	{ "quantity", "Int!", NULL, NULL },
	SHOP_END,
};

static const struct gql_def tracking_input_fields[] = {
	{ "company", "String", NULL, NULL }, { "number", "String", NULL, NULL }, { "numbers", "[String!]", NULL, NULL },
	{ "url", "URL", NULL, NULL },        { "urls", "[URL!]", NULL, NULL },   SHOP_END,
};

const struct gql_type shop_fulfillment_input = { "FulfillmentInput", GQL_INPUT, fulfillment_input_fields, NULL };
const struct gql_type shop_by_order_input = { "FulfillmentOrderLineItemsInput", GQL_INPUT, by_order_input_fields, NULL };
const struct gql_type shop_order_line_input = { "FulfillmentOrderLineItemInput", GQL_INPUT, order_line_input_fields, NULL };
const struct gql_type shop_tracking_input = { "FulfillmentTrackingInput", GQL_INPUT, tracking_input_fields, NULL };

enum { ITEMS_MAX = 64 };

struct item {
	int line, qty;
};

/* The lines of one fulfilment order; all of it when none is named. NULL: fine. */
static const char *lines_read(struct gql_run *r, int order, const struct json *lines, struct item *out, int *n)
{
	const struct world *w = world_of(r);
	const struct order *o = &w->order[order];

	for (int i = o->line; !json_count(lines) && i < o->line + o->lines && *n < ITEMS_MAX; i++)
		if (line_left(&w->line[i]))
			out[(*n)++] = (struct item){ i, line_left(&w->line[i]) };
	for (const struct json *e = json_first(lines); e; e = json_next(e)) {
		int64_t line = shop_gid_read(r, GID_FULFILLMENT_ORDER_LINE, json_text_or(e, "id", "")), qty = json_int_or(e, "quantity", 0);

		if (line < 0 || w->line[line].order != order || *n == ITEMS_MAX)
			return "Fulfillment order line item does not exist.";
		for (int i = 0; i < *n; i++)
			qty += out[i].line == line ? INT32_MAX : 0;
		if (qty < 1 || qty > line_left(&w->line[line]))
			return "Invalid fulfillment order line item quantity requested.";
		out[(*n)++] = (struct item){ (int)line, (int)qty };
	}
	return NULL;
}

static const char *items_read(struct gql_run *r, const struct json *list, struct item *out, int *n, int64_t *order)
{
	*order = -1;
	for (const struct json *e = json_first(list); e; e = json_next(e)) {
		int64_t fo = shop_gid_read(r, GID_FULFILLMENT_ORDER, json_text_or(e, "fulfillmentOrderId", ""));
		const char *status = fo < 0 ? "" : shop_fulfillment_order_status(world_of(r), &world_of(r)->order[fo]), *wrong;

		if (fo < 0)
			return "Fulfillment order does not exist.";
		if (*order >= 0 && *order != fo)
			return "All fulfillment orders must belong to the same order.";
		if (strcmp(status, "OPEN") != 0 && strcmp(status, "IN_PROGRESS") != 0)
			return arena_printf(r->arena, "Fulfillment order %" PRId64 " has an unfulfillable status= %s.", fo, status);
		*order = fo;
		wrong = lines_read(r, (int)fo, json_get(e, "fulfillmentOrderLineItems"), out, n);
		if (wrong)
			return wrong;
	}
	return *n ? NULL : "Line items by fulfillment order can't be blank";
}

/* Also of what is refused because nothing of it is left: whole orders whose lines are not named, and the lines that are. */
static void count_repeats(struct gql_run *r, const struct json *list, const char *tracking)
{
	struct world *w = world_of(r);

	for (const struct json *e = json_first(list); e; e = json_next(e)) {
		int64_t fo = shop_gid_read(r, GID_FULFILLMENT_ORDER, json_text_or(e, "fulfillmentOrderId", ""));
		const struct json *lines = json_get(e, "fulfillmentOrderLineItems");

		for (int i = 0; fo >= 0 && !json_count(lines) && i < w->order[fo].lines; i++)
			line_told_again(w, w->order[fo].line + i, line_left(&w->line[w->order[fo].line + i]), tracking, shop_of(r)->call->correlation);
		for (const struct json *l = json_first(lines); l; l = json_next(l)) {
			int64_t line = shop_gid_read(r, GID_FULFILLMENT_ORDER_LINE, json_text_or(l, "id", ""));

			if (line >= 0)
				line_told_again(w, (int)line, (int)json_int_or(l, "quantity", 0), tracking, shop_of(r)->call->correlation);
		}
	}
}

static struct parcel parcel_read(struct gql_run *r, const struct json *tracking)
{
	const struct json *first = json_first(json_get(tracking, "numbers")), *url = json_first(json_get(tracking, "urls"));

	return (struct parcel){
		.carrier = json_text_or(tracking, "company", ""),
		.other_carrier = "",
		.tracking = json_text_or(tracking, "number", first ? json_scalar(first) : ""),
		.url = json_text_or(tracking, "url", url ? json_scalar(url) : ""),
		.method = "",
		.ref = arena_printf(r->arena, "%d", world_of(r)->shipments),
		.shipped_ms = world_of(r)->now_ms,
	};
}

/* What became of a fulfillmentCreate: the payload's node points here. */
struct made {
	int64_t shipment; /* -1: none */
	const char *wrong;
};

struct gql_answer shop_fulfill(struct gql_run *r, struct gql_node on, const struct json *args)
{
	struct world *w = world_of(r);
	const struct json *input = json_get(args, "fulfillment");
	struct parcel parcel = parcel_read(r, json_get(input, "trackingInfo"));
	struct made *made = arena_alloc(r->arena, sizeof *made);
	struct item item[ITEMS_MAX];
	int n = 0;
	int64_t order;

	(void)on;
	service_write(shop_of(r)->service, WRITES_SHIP, false);
	count_repeats(r, json_get(input, "lineItemsByFulfillmentOrder"), parcel.tracking);
	*made = (struct made){ -1, items_read(r, json_get(input, "lineItemsByFulfillmentOrder"), item, &n, &order) };
	w->count[SHIPS_REFUSED] += made->wrong != NULL;
	if (!made->wrong && !w->dropping) {
		made->shipment = w->shipments;
		for (int i = 0; i < n; i++)
			line_ship(w, item[i].line, item[i].qty, &parcel, false, shop_of(r)->call->correlation);
	}
	return gql_object(&shop_fulfillment_payload, 0, 0, made);
}

SHOP_GET(payload_fulfillment)
{
	const struct made *made = on.more;

	return made->shipment < 0 ? gql_null() : gql_object(&shop_fulfillment, made->shipment, 0, NULL);
}

SHOP_GET(payload_errors)
{
	const struct made *made = on.more;
	struct gql_node *one = arena_alloc(r->arena, sizeof *one);

	*one = (struct gql_node){ .type = &shop_user_error, .more = made->wrong };
	return gql_objects(one, made->wrong != NULL);
}

static const struct gql_def fulfillment_payload_fields[] = {
	{ "fulfillment", "Fulfillment", NULL, payload_fulfillment },
	{ "userErrors", "[UserError!]!", NULL, payload_errors },
	SHOP_END,
};

const struct gql_type shop_fulfillment_payload = { "FulfillmentCreatePayload", GQL_TYPE, fulfillment_payload_fields, NULL };

SHOP_GET(error_message) { return gql_text(on.more); }

SHOP_GET(error_field)
{
	static const char *const field[] = { "fulfillment" };

	return gql_texts(field, 1);
}

static const struct gql_def user_error_fields[] = {
	{ "field", "[String!]", NULL, error_field },
	{ "message", "String!", NULL, error_message },
	SHOP_END,
};

const struct gql_type shop_user_error = { "UserError", GQL_TYPE, user_error_fields, NULL };
