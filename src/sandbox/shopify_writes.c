/*
 * shopify_writes.c: inventorySetQuantities and orderCancel.
 *
 * Two rules of 2026-04 stand in no schema: the mutation wants @idempotent(key:), and changeFromQuantity must be sent, if only as
 * null. A key that is known gives the answer of the first time; with other words beside it, it is refused. All or nothing.
 */
#include "sandbox/shopify.h"

#include "base/text.h"

#include <inttypes.h>
#include <string.h>

enum { QUANTITIES_MAX = 250, QTY_TOO_HIGH = 1000000000, KEY_LIFE_MS = DAY_MS };

/* ---- inputs ---- */

static const struct gql_def set_input_fields[] = {
	{ "name", "String!", NULL, NULL },
	{ "quantities", "[InventoryQuantityInput!]!", NULL, NULL },
	{ "reason", "String!", NULL, NULL },
	{ "referenceDocumentUri", "String", NULL, NULL },
	SHOP_END,
};

static const struct gql_def set_quantity_input_fields[] = {
	{ "changeFromQuantity", "Int", NULL, NULL },
	{ "inventoryItemId", "ID!", NULL, NULL },
	{ "locationId", "ID!", NULL, NULL },
	{ "quantity", "Int!", NULL, NULL },
	SHOP_END,
};

const struct gql_type shop_set_input = { "InventorySetQuantitiesInput", GQL_INPUT, set_input_fields, NULL };
const struct gql_type shop_set_quantity_input = { "InventoryQuantityInput", GQL_INPUT, set_quantity_input_fields, NULL };

/* ---- what a call asks ---- */

struct wish {
	int listing, quantity; /* quantity: of available */
};

struct fault_at {
	const char *code, *message, *field; /* field: of the element; NULL: of the input */
	int index;                          /* of the element, -1: none */
};

/* What became of it: the payload's node points here. */
struct set {
	struct wish wish[QUANTITIES_MAX];
	struct fault_at fault[QUANTITIES_MAX];
	int wishes, faults;
	int once; /* its row of world.once; -1: none */
};

static void set_fault(struct set *s, const char *code, int index, const char *field, const char *message)
{
	if (s->faults < QUANTITIES_MAX)
		s->fault[s->faults++] = (struct fault_at){ code, message, field, index };
}

static bool listed(const char *word, const char *const *words)
{
	while (*words && strcmp(*words, word) != 0)
		words++;
	return *words != NULL;
}

/* Their page "Set inventory quantities on hand" as of 2026: the reasons there are. */
static const char *const reasons[] = { "correction", "cycle_count_available", "damaged", "movement_created", "movement_updated", "movement_received", "movement_canceled",
	                               "other", "promotion", "quality_control", "received", "reservation_created", "reservation_deleted", "reservation_updated",
	                               "restock", "safety_stock", "shrinkage", NULL };

static const char *const names[] = { "available", "on_hand", NULL };

/* Was changeFromQuantity sent? A null is sent as well. */
static bool from_sent(const struct json *e)
{
	for (const struct json *m = json_first(e); m; m = json_next(m))
		if (strcmp(json_key(m), "changeFromQuantity") == 0)
			return true;
	return false;
}

static void wish_read(struct gql_run *r, struct set *s, const struct json *e, int i, bool on_hand)
{
	struct world *w = world_of(r);
	int64_t item = shop_gid_read(r, GID_ITEM, json_text_or(e, "inventoryItemId", "")), place = shop_gid_read(r, GID_LOCATION, json_text_or(e, "locationId", ""));
	int64_t qty = json_int_or(e, "quantity", -1);
	int listing = item >= 0 && place >= 0 ? w->product[item].listing[place] : -1;
	const struct listing *l = listing >= 0 ? &w->listing[listing] : NULL;

	if (item < 0)
		set_fault(s, "INVALID_INVENTORY_ITEM", i, "inventoryItemId", "The specified inventory item could not be found.");
	else if (!l)
		set_fault(s, "INVALID_LOCATION", i, "locationId", "The specified location could not be found.");
	else if (qty < 0)
		set_fault(s, "INVALID_QUANTITY_NEGATIVE", i, "quantity", "The quantity can't be negative.");
	else if (qty > QTY_TOO_HIGH)
		set_fault(s, "INVALID_QUANTITY_TOO_HIGH", i, "quantity", "The total quantity can't be higher than 1,000,000,000.");
	else if (json_get(e, "changeFromQuantity") && json_int_or(e, "changeFromQuantity", 0) != l->shown + (on_hand ? l->reserved : 0))
		set_fault(s, "CHANGE_FROM_QUANTITY_STALE", i, "changeFromQuantity", "The changeFromQuantity argument no longer matches the persisted quantity.");
	else
		s->wish[s->wishes++] = (struct wish){ listing, (int)qty - (on_hand ? l->reserved : 0) };
	for (int k = 0; listing >= 0 && k + 1 < s->wishes; k++)
		if (s->wish[k].listing == listing)
			set_fault(s, "NO_DUPLICATE_INVENTORY_ITEM_ID_GROUP_ID_PAIR", i, "inventoryItemId", "The combination of inventoryItemId and locationId must be unique.");
}

static void input_read(struct gql_run *r, struct set *s, const struct json *input)
{
	const char *name = json_text_or(input, "name", "");
	int i = 0;

	if (!listed(name, names))
		set_fault(s, "INVALID_NAME", -1, "name", "The quantity name must be either 'available' or 'on_hand'.");
	if (!listed(json_text_or(input, "reason", ""), reasons))
		set_fault(s, "INVALID_REASON", -1, "reason", "The specified reason is invalid.");
	for (const struct json *e = json_first(json_get(input, "quantities")); e; e = json_next(e))
		wish_read(r, s, e, i++, strcmp(name, "on_hand") == 0);
	for (i = 0; i < s->faults; i++)
		if (strcmp(s->fault[i].code, "CHANGE_FROM_QUANTITY_STALE") == 0) {
			world_of(r)->count[STALE_WRITES]++;
			break;
		}
}

/* ---- keys ---- */

static int64_t digest(const char *s)
{
	uint64_t h = 1469598103934665603u;

	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * 1099511628211u;
	return (int64_t)h;
}

static int once_find(const struct world *w, const char *key)
{
	for (int i = w->onces - 1; i >= 0 && w->once[i].at_ms > w->now_ms - KEY_LIFE_MS; i--)
		if (strcmp(world_str(w, w->once[i].key), key) == 0)
			return i;
	return -1;
}

static int once_add(struct world *w, const char *key, int64_t words, bool failed)
{
	w->once = world_room(w->once, w->onces, &w->once_cap, sizeof *w->once);
	w->once[w->onces] = (struct once){ world_text(w, key), w->now_ms, words, w->once_changes, 0, failed };
	return w->onces++;
}

static void once_change(struct world *w, int listing, int delta, int after)
{
	w->once_change = world_room(w->once_change, w->once_changes, &w->once_change_cap, sizeof *w->once_change);
	w->once_change[w->once_changes++] = (struct once_change){ listing, delta, after };
	w->once[w->onces - 1].n++;
}

static void set_again(const struct world *w, struct set *s, int once, int64_t words)
{
	if (w->once[once].digest != words)
		set_fault(s, "IDEMPOTENCY_KEY_PARAMETER_MISMATCH", -1, NULL, "The same idempotency key cannot be used with different operation parameters.");
	else if (w->once[once].failed)
		set_fault(s, "IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED", -1, NULL, "A previous request with this idempotency key failed. Retry with a new idempotency key.");
	else
		s->once = once;
}

static void set_do(struct gql_run *r, struct set *s, const char *key, int64_t words)
{
	struct world *w = world_of(r);

	s->once = once_add(w, key, words, s->faults > 0);
	for (int i = 0; i < s->wishes && !s->faults; i++) {
		int before = w->listing[s->wish[i].listing].shown;

		listing_say(w, s->wish[i].listing, s->wish[i].quantity, shop_of(r)->call->correlation);
		if (before != s->wish[i].quantity)
			once_change(w, s->wish[i].listing, s->wish[i].quantity - before, s->wish[i].quantity);
	}
}

/* What is wrong with the call itself, beside what its words say. NULL: nothing. */
static const char *call_wrong(const struct json *quantities, const char *key, const char **code)
{
	*code = "BAD_REQUEST";
	if (!key || !key[strspn(key, " \t\r\n")])
		return "The @idempotent directive is required for this mutation but was not provided.";
	*code = "MAX_INPUT_SIZE_EXCEEDED";
	if (json_count(quantities) > QUANTITIES_MAX)
		return "The input array size is greater than the maximum allowed of 250.";
	*code = "INVALID_FIELD_ARGUMENTS";
	for (const struct json *e = json_first(quantities); e; e = json_next(e))
		if (!from_sent(e))
			return "InventoryQuantityInput must include the following argument: changeFromQuantity.";
	return NULL;
}

struct gql_answer shop_set(struct gql_run *r, struct gql_node on, const struct json *args)
{
	struct world *w = world_of(r);
	const struct json *input = json_get(args, "input");
	const char *key = gql_directive(r, "idempotent", "key"), *code, *wrong = call_wrong(json_get(input, "quantities"), key, &code);
	struct set *s = arena_alloc(r->arena, sizeof *s);
	int64_t words = digest(json_print(r->arena, args));
	int again = key ? once_find(w, key) : -1;

	(void)on;
	service_write(shop_of(r)->service, WRITES_PUSH, false);
	if (wrong) {
		gql_error(r, code, wrong);
		return gql_null();
	}
	s->once = -1;
	if (again >= 0) {
		set_again(w, s, again, words);
	} else {
		input_read(r, s, input);
		set_do(r, s, key, words);
	}
	return gql_object(&shop_set_payload, 0, 0, s);
}

/* ---- its answer ---- */

static const struct once *once_at(struct gql_run *r, struct gql_node on)
{
	return &world_of(r)->once[on.id];
}

/* Nothing changed: there is no group. */
SHOP_GET(set_group)
{
	const struct set *s = on.more;

	if (s->faults || s->once < 0 || !world_of(r)->once[s->once].n)
		return gql_null();
	return gql_object(&shop_adjustment, s->once, 0, NULL);
}

SHOP_GET(set_errors)
{
	const struct set *s = on.more;
	struct gql_node *all = arena_alloc(r->arena, ((size_t)s->faults + 1) * sizeof *all);

	for (int i = 0; i < s->faults; i++)
		all[i] = (struct gql_node){ .type = &shop_set_error, .more = &s->fault[i] };
	return gql_objects(all, s->faults);
}

static const struct gql_def set_payload_fields[] = {
	{ "inventoryAdjustmentGroup", "InventoryAdjustmentGroup", NULL, set_group },
	{ "userErrors", "[InventorySetQuantitiesUserError!]!", NULL, set_errors },
	SHOP_END,
};

const struct gql_type shop_set_payload = { "InventorySetQuantitiesPayload", GQL_TYPE, set_payload_fields, NULL };

SHOP_GET(fault_code) { return gql_text(((const struct fault_at *)on.more)->code); }
SHOP_GET(fault_message) { return gql_text(((const struct fault_at *)on.more)->message); }

SHOP_GET(fault_field)
{
	const struct fault_at *f = on.more;
	const char **path = arena_alloc(r->arena, 4 * sizeof *path);

	path[0] = "input";
	path[1] = f->index < 0 ? f->field : "quantities";
	path[2] = arena_printf(r->arena, "%d", f->index);
	path[3] = f->field;
	return f->field ? gql_texts(path, f->index < 0 ? 2 : 4) : gql_null();
}

static const struct gql_def set_error_fields[] = {
	{ "code", "InventorySetQuantitiesUserErrorCode", NULL, fault_code },
	{ "field", "[String!]", NULL, fault_field },
	{ "message", "String!", NULL, fault_message },
	SHOP_END,
};

const struct gql_type shop_set_error = { "InventorySetQuantitiesUserError", GQL_TYPE, set_error_fields, NULL };

static const char *const set_error_codes[] = { "CHANGE_FROM_QUANTITY_STALE", "IDEMPOTENCY_KEY_PARAMETER_MISMATCH", "IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED", "INVALID_INVENTORY_ITEM",
	                                       "INVALID_LOCATION", "INVALID_NAME", "INVALID_QUANTITY_NEGATIVE", "INVALID_QUANTITY_TOO_HIGH", "INVALID_REASON",
	                                       "NO_DUPLICATE_INVENTORY_ITEM_ID_GROUP_ID_PAIR", NULL };

const struct gql_type shop_set_error_code = { "InventorySetQuantitiesUserErrorCode", GQL_WORDS, NULL, set_error_codes };

SHOP_GET(group_gid) { return shop_gid(r, GID_ADJUSTMENT, on.id); }
SHOP_GET(group_created) { return shop_time(r, once_at(r, on)->at_ms); }
SHOP_GET(group_reason) { return gql_text("correction"); }

/* Two changes of each: what is available, and with it what is on hand. */
SHOP_GET(group_changes)
{
	const struct once *o = once_at(r, on);
	struct gql_node *all = arena_alloc(r->arena, ((size_t)o->n * 2 + 1) * sizeof *all);

	for (int i = 0; i < o->n * 2; i++)
		all[i] = (struct gql_node){ .type = &shop_change, .id = o->first + i / 2, .sub = i % 2 };
	return gql_objects(all, o->n * 2);
}

static const struct gql_def adjustment_fields[] = {
	{ "id", "ID!", NULL, group_gid },
	{ "createdAt", "DateTime!", NULL, group_created },
	{ "reason", "String!", NULL, group_reason },
	{ "changes", "[InventoryChange!]!", "inventoryItemIds: [ID!], locationIds: [ID!], quantityNames: [String!]", group_changes },
	SHOP_END,
};

const struct gql_type shop_adjustment = { "InventoryAdjustmentGroup", GQL_TYPE, adjustment_fields, NULL };

static const struct once_change *change_at(struct gql_run *r, struct gql_node on)
{
	return &world_of(r)->once_change[on.id];
}

SHOP_GET(change_name) { return gql_text(names[on.sub]); }
SHOP_GET(change_delta) { return gql_int(change_at(r, on)->delta); }
SHOP_GET(change_item) { return gql_object(&shop_item, world_of(r)->listing[change_at(r, on)->listing].product, 0, NULL); }
SHOP_GET(change_location) { return gql_object(&shop_location_type, world_of(r)->listing[change_at(r, on)->listing].place, 0, NULL); }

/* Shopify tells it for what is available only. */
SHOP_GET(change_after) { return on.sub ? gql_null() : gql_int(change_at(r, on)->after); }

static const struct gql_def change_fields[] = {
	{ "name", "String!", NULL, change_name },
	{ "delta", "Int!", NULL, change_delta },
	{ "quantityAfterChange", "Int", NULL, change_after },
	{ "item", "InventoryItem", NULL, change_item },
	{ "location", "Location", NULL, change_location },
	SHOP_END,
};

const struct gql_type shop_change = { "InventoryChange", GQL_TYPE, change_fields, NULL };

/* ---- cancelling ---- */

static const char *const cancel_reasons[] = { "CUSTOMER", "DECLINED", "FRAUD", "INVENTORY", "OTHER", "STAFF", NULL };

const struct gql_type shop_cancel_reason = { "OrderCancelReason", GQL_WORDS, NULL, cancel_reasons };

struct cancel {
	const char *code, *message; /* NULL: it is under way */
	int64_t order;
};

static int reason_of(const char *word)
{
	int i = 0;

	while (cancel_reasons[i] && strcmp(cancel_reasons[i], word) != 0)
		i++;
	return i + 1;
}

/* Units that are not to be stocked again leave what is available as it was. */
static void cancel_do(struct gql_run *r, int64_t order, const char *reason, bool restock)
{
	struct world *w = world_of(r);
	const struct order *o = &w->order[order];

	for (int i = o->line; i < o->line + o->lines; i++) {
		int qty = line_left(&w->line[i]);

		order_cancel_line(w, i, qty, reason_of(reason), 0, shop_of(r)->call->correlation);
		if (!restock)
			w->listing[w->product[w->line[i].product].listing[o->place]].shown -= qty;
	}
}

struct gql_answer shop_cancel(struct gql_run *r, struct gql_node on, const struct json *args)
{
	struct world *w = world_of(r);
	struct cancel *c = arena_alloc(r->arena, sizeof *c);
	enum order_view view;

	(void)on;
	service_write(shop_of(r)->service, WRITES_CANCEL, false);
	c->order = shop_gid_read(r, GID_ORDER, json_text_or(args, "orderId", ""));
	view = c->order < 0 ? VIEW_CANCELLED : order_view(w, &w->order[c->order]);
	if (c->order < 0)
		*c = (struct cancel){ "NOT_FOUND", "Order does not exist", -1 };
	else if (view == VIEW_CANCELLED)
		*c = (struct cancel){ "INVALID", "Order has already been cancelled", c->order };
	else if (view > VIEW_ACKED)
		*c = (struct cancel){ "INVALID", "Cannot cancel an order that has fulfillments", c->order };
	w->count[CANCELS_AGAIN] += c->order >= 0 && view == VIEW_CANCELLED;
	if (!c->code && !w->dropping)
		cancel_do(r, c->order, json_text_or(args, "reason", "OTHER"), json_bool_or(args, "restock", true));
	return gql_object(&shop_cancel_payload, 0, 0, c);
}

SHOP_GET(cancel_job)
{
	const struct cancel *c = on.more;

	return c->code ? gql_null() : gql_object(&shop_job, c->order, 0, NULL);
}

SHOP_GET(cancel_errors)
{
	const struct cancel *c = on.more;
	struct gql_node *one = arena_alloc(r->arena, sizeof *one);

	*one = (struct gql_node){ .type = &shop_cancel_error, .more = c };
	return gql_objects(one, c->code != NULL);
}

static const struct gql_def cancel_payload_fields[] = {
	{ "job", "Job", NULL, cancel_job },
	{ "orderCancelUserErrors", "[OrderCancelUserError!]!", NULL, cancel_errors },
	SHOP_END,
};

const struct gql_type shop_cancel_payload = { "OrderCancelPayload", GQL_TYPE, cancel_payload_fields, NULL };

SHOP_GET(cancel_code) { return gql_text(((const struct cancel *)on.more)->code); }
SHOP_GET(cancel_message) { return gql_text(((const struct cancel *)on.more)->message); }

SHOP_GET(cancel_field)
{
	static const char *const field[] = { "orderId" };

	return gql_texts(field, 1);
}

static const struct gql_def cancel_error_fields[] = {
	{ "code", "OrderCancelUserErrorCode", NULL, cancel_code },
	{ "field", "[String!]", NULL, cancel_field },
	{ "message", "String!", NULL, cancel_message },
	SHOP_END,
};

const struct gql_type shop_cancel_error = { "OrderCancelUserError", GQL_TYPE, cancel_error_fields, NULL };

static const char *const cancel_error_codes[] = { "INVALID", "NOT_FOUND", NULL };

const struct gql_type shop_cancel_error_code = { "OrderCancelUserErrorCode", GQL_WORDS, NULL, cancel_error_codes };

/* ---- the root ---- */

static const struct gql_def mutation_fields[] = {
	{ "fulfillmentCreate", "FulfillmentCreatePayload", "fulfillment: FulfillmentInput!, message: String", shop_fulfill },
	{ "inventorySetQuantities", "InventorySetQuantitiesPayload", "input: InventorySetQuantitiesInput!", shop_set },
	{ "orderCancel", "OrderCancelPayload", "notifyCustomer: Boolean, orderId: ID!, reason: OrderCancelReason!, refund: Boolean, restock: Boolean!, staffNote: String", shop_cancel },
	SHOP_END,
};

const struct gql_type shop_mutation = { "Mutation", GQL_TYPE, mutation_fields, NULL };
