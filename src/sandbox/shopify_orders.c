/* shopify_orders.c: orders, their lines, their people; and the search for them. */
#include "sandbox/shopify.h"

#include "base/text.h"
#include "sandbox/people.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const struct order *order_at(struct gql_run *r, struct gql_node on)
{
	return &world_of(r)->order[on.id];
}

static const struct line *line_at(struct gql_run *r, struct gql_node on)
{
	return &world_of(r)->line[on.id];
}

static const struct product *line_product(struct gql_run *r, struct gql_node on)
{
	return &world_of(r)->product[line_at(r, on)->product];
}

static bool cancelled(const struct world *w, const struct order *o)
{
	return order_view(w, o) == VIEW_CANCELLED;
}

/* Shipped whole: Shopify files it away by itself. */
static bool closed(const struct world *w, const struct order *o)
{
	enum order_view view = order_view(w, o);

	return view == VIEW_SHIPPED || view == VIEW_DELIVERED || view == VIEW_CANCELLED;
}

static const char *fulfillment_status(const struct world *w, const struct order *o)
{
	enum order_view view = order_view(w, o);

	return view == VIEW_PARTLY ? "PARTIALLY_FULFILLED" : view == VIEW_SHIPPED || view == VIEW_DELIVERED ? "FULFILLED" : "UNFULFILLED";
}

static const char *financial_status(const struct world *w, const struct order *o)
{
	return cancelled(w, o) ? "REFUNDED" : o->flags & ORDER_PENDING ? "AUTHORIZED" : "PAID";
}

static int64_t order_total(struct gql_run *r, const struct order *o)
{
	int64_t sum = 0;

	for (int i = o->line; i < o->line + o->lines; i++)
		sum += (int64_t)world_of(r)->line[i].price_minor * world_of(r)->line[i].qty;
	return sum;
}

static int64_t current_total(struct gql_run *r, const struct order *o)
{
	int64_t sum = 0;

	for (int i = o->line; i < o->line + o->lines; i++)
		sum += (int64_t)world_of(r)->line[i].price_minor * (world_of(r)->line[i].qty - world_of(r)->line[i].cancelled);
	return sum;
}

static const char *order_name(struct gql_run *r, int64_t order)
{
	return arena_printf(r->arena, "#%" PRId64, 1001 + order);
}

SHOP_GET(order_gid) { return shop_gid(r, GID_ORDER, on.id); }
SHOP_GET(order_legacy) { return shop_legacy_id(r, GID_ORDER, on.id); }
SHOP_GET(order_named) { return gql_text(order_name(r, on.id)); }
SHOP_GET(order_number) { return gql_int(1001 + on.id); }
SHOP_GET(order_created) { return shop_time(r, order_at(r, on)->placed_ms); }
SHOP_GET(order_updated) { return shop_time(r, order_at(r, on)->touched_ms); }
SHOP_GET(order_cancelled) { return shop_time(r, cancelled(world_of(r), order_at(r, on)) ? order_at(r, on)->touched_ms : 0); }
SHOP_GET(order_closed) { return gql_bool(closed(world_of(r), order_at(r, on))); }
SHOP_GET(order_closed_at) { return shop_time(r, closed(world_of(r), order_at(r, on)) ? order_at(r, on)->touched_ms : 0); }
SHOP_GET(order_financial) { return gql_text(financial_status(world_of(r), order_at(r, on))); }
SHOP_GET(order_fulfillment) { return gql_text(fulfillment_status(world_of(r), order_at(r, on))); }
SHOP_GET(order_total_set) { return shop_money_of(order_total(r, order_at(r, on))); }
SHOP_GET(order_current_set) { return shop_money_of(current_total(r, order_at(r, on))); }
SHOP_GET(order_refunded_set) { return shop_money_of(order_total(r, order_at(r, on)) - current_total(r, order_at(r, on))); }
SHOP_GET(order_total_text) { return gql_text(shop_amount(r, order_total(r, order_at(r, on)))); }
SHOP_GET(nothing_set) { return shop_money_of(0); }
SHOP_GET(usd) { return gql_text("USD"); }
SHOP_GET(yes) { return gql_bool(true); }
SHOP_GET(no) { return gql_bool(false); }
SHOP_GET(nothing) { return gql_null(); }
SHOP_GET(order_unpaid) { return gql_bool(order_at(r, on)->flags & ORDER_PENDING); }
SHOP_GET(order_fulfillable) { return gql_bool(!closed(world_of(r), order_at(r, on))); }
SHOP_GET(order_tags) { return gql_texts(NULL, 0); }
SHOP_GET(order_source) { return gql_text("web"); }
SHOP_GET(order_returns) { return gql_text("NO_RETURN"); }
SHOP_GET(order_customer) { return gql_object(&shop_customer, order_at(r, on)->buyer, 0, NULL); }
SHOP_GET(order_address) { return gql_object(&shop_address, order_at(r, on)->buyer, 0, NULL); }
SHOP_GET(order_shipping) { return gql_object(&shop_shipping_line, on.id, 0, NULL); }

SHOP_GET(order_reason)
{
	static const char *const reasons[] = { "OTHER", "CUSTOMER", "DECLINED", "FRAUD", "INVENTORY", "OTHER", "STAFF" };
	const struct order *o = order_at(r, on);

	return cancelled(world_of(r), o) ? gql_text(reasons[o->reason < 7 ? o->reason : 0]) : gql_null();
}

SHOP_GET(order_gateways)
{
	static const char *const gateways[] = { "shopify_payments" };

	return gql_texts(gateways, 1);
}

static struct person person_of(struct gql_run *r, struct gql_node on)
{
	return person_make(r->arena, (uint32_t)on.id, "US", "mail.example.com");
}

SHOP_GET(order_email) { return gql_text(person_make(r->arena, order_at(r, on)->buyer, "US", "mail.example.com").email); }
SHOP_GET(order_phone) { return gql_text(person_make(r->arena, order_at(r, on)->buyer, "US", "mail.example.com").phone); }

SHOP_GET(order_units)
{
	const struct order *o = order_at(r, on);
	int64_t n = 0;

	for (int i = o->line; i < o->line + o->lines; i++)
		n += world_of(r)->line[i].qty;
	return gql_int(n);
}

SHOP_GET(order_lines)
{
	const struct order *o = order_at(r, on);
	struct gql_node *all = arena_alloc(r->arena, o->lines * sizeof *all);

	for (int i = 0; i < o->lines; i++)
		all[i] = (struct gql_node){ .type = &shop_line, .id = o->line + i };
	return shop_page(r, &shop_lines, all, o->lines, args);
}

/* One for an order: each of the world's orders is of one place. */
SHOP_GET(order_fulfillment_orders)
{
	struct gql_node *one = arena_alloc(r->arena, sizeof *one);

	*one = (struct gql_node){ .type = &shop_fulfillment_order, .id = on.id };
	return shop_page(r, &shop_fulfillment_orders, one, 1, args);
}

SHOP_GET(order_fulfillments)
{
	const struct world *w = world_of(r);
	const struct order *o = order_at(r, on);
	int64_t first = json_int_or(args, "first", INT32_MAX);
	struct gql_node *all = NULL;
	int n = 0, cap = 0;

	for (int line = o->line; line < o->line + o->lines; line++)
		for (int s = w->line[line].shipment; s >= 0; s = w->shipment[s].next)
			if (shipment_first(w, s)) {
				all = arena_grow(r->arena, all, n, &cap, sizeof *all);
				all[n++] = (struct gql_node){ .type = &shop_fulfillment, .id = s };
			}
	return gql_objects(all, n < first ? n : (int)first);
}

static const struct gql_def order_fields[] = {
	{ "id", "ID!", NULL, order_gid },
	{ "legacyResourceId", "UnsignedInt64!", NULL, order_legacy },
	{ "name", "String!", NULL, order_named },
	{ "number", "Int!", NULL, order_number },
	{ "createdAt", "DateTime!", NULL, order_created },
	{ "processedAt", "DateTime!", NULL, order_created },
	{ "updatedAt", "DateTime!", NULL, order_updated },
	{ "cancelledAt", "DateTime", NULL, order_cancelled },
	{ "cancelReason", "OrderCancelReason", NULL, order_reason },
	{ "closed", "Boolean!", NULL, order_closed },
	{ "closedAt", "DateTime", NULL, order_closed_at },
	{ "confirmed", "Boolean!", NULL, yes },
	{ "test", "Boolean!", NULL, no },
	{ "currencyCode", "CurrencyCode!", NULL, usd },
	{ "presentmentCurrencyCode", "CurrencyCode!", NULL, usd },
	{ "displayFinancialStatus", "OrderDisplayFinancialStatus", NULL, order_financial },
	{ "displayFulfillmentStatus", "OrderDisplayFulfillmentStatus!", NULL, order_fulfillment },
	{ "unpaid", "Boolean!", NULL, order_unpaid },
	{ "fulfillable", "Boolean!", NULL, order_fulfillable },
	{ "requiresShipping", "Boolean!", NULL, yes },
	{ "returnStatus", "OrderReturnStatus!", NULL, order_returns },
	{ "sourceName", "String", NULL, order_source },
	{ "note", "String", NULL, nothing },
	{ "tags", "[String!]!", NULL, order_tags },
	{ "email", "String", NULL, order_email },
	{ "phone", "String", NULL, order_phone },
	{ "customer", "Customer", NULL, order_customer },
	{ "shippingAddress", "MailingAddress", NULL, order_address },
	{ "billingAddress", "MailingAddress", NULL, order_address },
	{ "shippingLine", "ShippingLine", NULL, order_shipping },
	{ "paymentGatewayNames", "[String!]!", NULL, order_gateways },
	{ "subtotalLineItemsQuantity", "Int!", NULL, order_units },
	{ "totalPrice", "Money!", NULL, order_total_text },
	{ "totalPriceSet", "MoneyBag!", NULL, order_total_set },
	{ "currentTotalPriceSet", "MoneyBag!", NULL, order_current_set },
	{ "subtotalPriceSet", "MoneyBag", NULL, order_total_set },
	{ "totalShippingPriceSet", "MoneyBag!", NULL, nothing_set },
	{ "totalTaxSet", "MoneyBag", NULL, nothing_set },
	{ "totalRefundedSet", "MoneyBag!", NULL, order_refunded_set },
	{ "lineItems", "LineItemConnection!", SHOP_LIST_ARGS, order_lines },
	{ "fulfillmentOrders", "FulfillmentOrderConnection!", SHOP_LIST_ARGS ", displayable: Boolean, query: String", order_fulfillment_orders },
	{ "fulfillments", "[Fulfillment!]!", "first: Int, query: String", order_fulfillments },
	SHOP_END,
};

const struct gql_type shop_order = { "Order", GQL_TYPE, order_fields, NULL };
SHOP_CONNECTION(orders, order, "Order");

/* ---- lines ---- */

SHOP_GET(line_gid) { return shop_gid(r, GID_LINE, on.id); }
SHOP_GET(line_name) { return gql_text(world_str(world_of(r), line_product(r, on)->name)); }
SHOP_GET(line_sku) { return gql_text(world_str(world_of(r), line_product(r, on)->sku)); }
SHOP_GET(line_quantity) { return gql_int(line_at(r, on)->qty); }
SHOP_GET(line_current) { return gql_int(line_at(r, on)->qty - line_at(r, on)->cancelled); }
SHOP_GET(line_open) { return gql_int(line_left(line_at(r, on))); }
SHOP_GET(line_unfulfillable) { return gql_int(line_at(r, on)->qty - line_left(line_at(r, on))); }
SHOP_GET(line_variant) { return gql_object(&shop_variant, line_at(r, on)->product, 0, NULL); }
SHOP_GET(line_product_of) { return gql_object(&shop_product, line_product(r, on)->group >= 0 ? line_product(r, on)->group : line_at(r, on)->product, 0, NULL); }
SHOP_GET(line_unit_set) { return shop_money_of(line_at(r, on)->price_minor); }
SHOP_GET(line_total_set) { return shop_money_of((int64_t)line_at(r, on)->price_minor * line_at(r, on)->qty); }
SHOP_GET(line_vendor) { return gql_text("Harbor & Pine"); }

SHOP_GET(line_status)
{
	const struct line *l = line_at(r, on);

	return gql_text(!l->shipped ? "unfulfilled" : line_left(l) ? "partial" : "fulfilled");
}

static const struct gql_def line_fields[] = {
	{ "id", "ID!", NULL, line_gid },
	{ "name", "String!", NULL, line_name },
	{ "title", "String!", NULL, line_name },
	{ "variantTitle", "String", NULL, nothing },
	{ "vendor", "String", NULL, line_vendor },
	{ "sku", "String", NULL, line_sku },
	{ "quantity", "Int!", NULL, line_quantity },
	{ "currentQuantity", "Int!", NULL, line_current },
	{ "refundableQuantity", "Int!", NULL, line_current },
	{ "unfulfilledQuantity", "Int!", NULL, line_open },
	{ "fulfillableQuantity", "Int!", NULL, line_open },
	{ "nonFulfillableQuantity", "Int!", NULL, line_unfulfillable },
	{ "fulfillmentStatus", "String!", NULL, line_status },
	{ "requiresShipping", "Boolean!", NULL, yes },
	{ "taxable", "Boolean!", NULL, yes },
	{ "restockable", "Boolean!", NULL, yes },
	{ "isGiftCard", "Boolean!", NULL, no },
	{ "variant", "ProductVariant", NULL, line_variant },
	{ "product", "Product", NULL, line_product_of },
	{ "originalUnitPriceSet", "MoneyBag!", NULL, line_unit_set },
	{ "discountedUnitPriceSet", "MoneyBag!", NULL, line_unit_set },
	{ "discountedUnitPriceAfterAllDiscountsSet", "MoneyBag!", NULL, line_unit_set },
	{ "originalTotalSet", "MoneyBag!", NULL, line_total_set },
	{ "discountedTotalSet", "MoneyBag!", "withCodeDiscounts: Boolean", line_total_set },
	{ "totalDiscountSet", "MoneyBag!", NULL, nothing_set },
	SHOP_END,
};

const struct gql_type shop_line = { "LineItem", GQL_TYPE, line_fields, NULL };
SHOP_CONNECTION(lines, line, "LineItem");

/* ---- people ---- */

SHOP_GET(customer_gid) { return shop_gid(r, GID_CUSTOMER, on.id); }
SHOP_GET(person_name) { return gql_text(person_of(r, on).name); }
SHOP_GET(person_email) { return gql_text(person_of(r, on).email); }
SHOP_GET(person_phone) { return gql_text(person_of(r, on).phone); }
SHOP_GET(person_address1) { return gql_text(person_of(r, on).address1); }
SHOP_GET(person_address2) { return gql_text(person_of(r, on).address2); }
SHOP_GET(person_city) { return gql_text(person_of(r, on).city); }
SHOP_GET(person_state) { return gql_text(person_of(r, on).state); }
SHOP_GET(person_zip) { return gql_text(person_of(r, on).postal_code); }
SHOP_GET(person_country) { return gql_text("United States"); }
SHOP_GET(person_country_code) { return gql_text("US"); }

/* Shopify keeps two names; the last word is taken for the last name. */
SHOP_GET(person_first)
{
	const char *name = person_of(r, on).name, *blank = strrchr(name, ' ');

	return gql_text(blank ? arena_strndup(r->arena, name, (size_t)(blank - name)) : name);
}

SHOP_GET(person_last)
{
	const char *blank = strrchr(person_of(r, on).name, ' ');

	return gql_text(blank ? blank + 1 : "");
}

static const struct gql_def customer_fields[] = {
	{ "id", "ID!", NULL, customer_gid },
	{ "displayName", "String!", NULL, person_name },
	{ "firstName", "String", NULL, person_first },
	{ "lastName", "String", NULL, person_last },
	{ "email", "String", NULL, person_email },
	{ "phone", "String", NULL, person_phone },
	SHOP_END,
};

const struct gql_type shop_customer = { "Customer", GQL_TYPE, customer_fields, NULL };

/* An address has an id in Shopify's schema; here it is left out, for it is a part of its order. */
static const struct gql_def address_fields[] = {
	{ "name", "String", NULL, person_name },
	{ "firstName", "String", NULL, person_first },
	{ "lastName", "String", NULL, person_last },
	{ "company", "String", NULL, nothing },
	{ "address1", "String", NULL, person_address1 },
	{ "address2", "String", NULL, person_address2 },
	{ "city", "String", NULL, person_city },
	{ "province", "String", NULL, person_state },
	{ "provinceCode", "String", NULL, person_state },
	{ "zip", "String", NULL, person_zip },
	{ "country", "String", NULL, person_country },
	{ "countryCode", "String", NULL, person_country_code },
	{ "countryCodeV2", "CountryCode", NULL, person_country_code },
	{ "phone", "String", NULL, person_phone },
	SHOP_END,
};

const struct gql_type shop_address = { "MailingAddress", GQL_TYPE, address_fields, NULL };

SHOP_GET(shipping_title) { return gql_text(order_at(r, on)->flags & ORDER_TWO_DAY ? "2-Day" : "Standard"); }
SHOP_GET(shipping_code) { return gql_text(order_at(r, on)->flags & ORDER_TWO_DAY ? "2day" : "standard"); }

static const struct gql_def shipping_line_fields[] = {
	{ "title", "String!", NULL, shipping_title },
	{ "code", "String", NULL, shipping_code },
	{ "originalPriceSet", "MoneyBag!", NULL, nothing_set },
	{ "discountedPriceSet", "MoneyBag!", NULL, nothing_set },
	SHOP_END,
};

const struct gql_type shop_shipping_line = { "ShippingLine", GQL_TYPE, shipping_line_fields, NULL };

/* ---- the search ---- */

static bool time_matches(const struct shop_term *t, int64_t ms)
{
	int64_t want;

	return time_parse(t->value, &want) == 0 && shop_compare(t, ms / 1000, want / 1000);
}

static bool status_matches(const struct world *w, const struct order *o, const char *status)
{
	if (strcmp(status, "any") == 0)
		return true;
	if (strcmp(status, "cancelled") == 0)
		return cancelled(w, o);
	if (strcmp(status, "closed") == 0)
		return closed(w, o) && !cancelled(w, o);
	return closed(w, o) == (strcmp(status, "open") != 0 && strcmp(status, "not_closed") != 0);
}

static bool fulfillment_matches(const struct world *w, const struct order *o, const char *value)
{
	const char *status = fulfillment_status(w, o);

	if (strcmp(value, "shipped") == 0 || strcmp(value, "fulfilled") == 0)
		return strcmp(status, "FULFILLED") == 0;
	if (strcmp(value, "partial") == 0)
		return strcmp(status, "PARTIALLY_FULFILLED") == 0;
	return strcmp(status, "UNFULFILLED") == 0 || (strcmp(value, "unfulfilled") == 0 && strcmp(status, "FULFILLED") != 0);
}

static bool order_matches(struct gql_run *r, const struct shop_term *t, int64_t order)
{
	const struct world *w = world_of(r);
	const struct order *o = &w->order[order];
	char id[24];

	if (strcmp(t->field, "updated_at") == 0)
		return time_matches(t, o->touched_ms);
	if (strcmp(t->field, "created_at") == 0 || strcmp(t->field, "processed_at") == 0)
		return time_matches(t, o->placed_ms);
	if (strcmp(t->field, "status") == 0)
		return status_matches(w, o, t->value);
	if (strcmp(t->field, "fulfillment_status") == 0)
		return fulfillment_matches(w, o, t->value);
	if (strcmp(t->field, "financial_status") == 0)
		return strcasecmp(financial_status(w, o), t->value) == 0;
	if (strcmp(t->field, "name") == 0)
		return strcmp(order_name(r, order) + (*t->value != '#'), t->value) == 0;
	if (strcmp(t->field, "id") != 0)
		return shop_ignore(r, t->field);
	order_id(w, (int)order, id);
	return shop_compare(t, strtoll(id, NULL, 10), strtoll(t->value, NULL, 10));
}

/* A walk through the orders: by the log of changes, or by birth. */
struct walk {
	bool by_change, reverse;
	int64_t at, after; /* after: the cursor, -1 for none */
	const struct shop_term *term;
	int terms, want;
};

/* The earliest time that the search can want, so that a walk need not begin at the beginning. */
static int64_t earliest(const struct walk *k)
{
	int64_t from = 0, ms;

	for (int i = 0; i < k->terms; i++) {
		const struct shop_term *t = &k->term[i];

		if (t->or_)
			return 0;
		if (!t->not_ && (t->op == ABOVE || t->op == AT_LEAST) && strcmp(t->field, k->by_change ? "updated_at" : "created_at") == 0 && time_parse(t->value, &ms) == 0)
			from = ms - 1000;
	}
	return from;
}

/* Where a page begins: behind the cursor, or at the end that the walk comes from. */
static int row_of(const struct world *w, const struct walk *k)
{
	int64_t next = k->after + (k->reverse ? 0 : 1);
	int first = k->by_change ? touches_from_serial(w, (uint32_t)next) : (int)next;

	if (k->after >= 0)
		return k->reverse ? first - 1 : first;
	if (k->reverse)
		return (k->by_change ? w->touches : w->orders) - 1;
	return k->by_change ? touches_from(w, earliest(k)) : orders_from(w, earliest(k));
}

/* The rows of a page, and one more to know whether there is a next. Returns how many were found. */
static int walk_page(struct gql_run *r, const struct walk *k, struct gql_node *nodes, const char **cursors)
{
	struct world *w = world_of(r);
	int end = k->by_change ? w->touches : w->orders, n = 0;

	for (int i = row_of(w, k); i >= 0 && i < end && n <= k->want; i += k->reverse ? -1 : 1) {
		int order = k->by_change ? w->touch[i].order : i;

		w->count[ROWS_LOOKED_AT]++;
		if ((k->by_change && w->order[order].touch != i) || order_platform(&w->order[order]) != SHOPIFY)
			continue;
		if (!shop_matches(r, k->term, k->terms, order_matches, order))
			continue;
		if (n < k->want) {
			nodes[n] = (struct gql_node){ .type = &shop_order, .id = order };
			cursors[n] = shop_cursor(r, k->by_change ? (int64_t)w->touch[i].serial : (int64_t)i);
		}
		n++;
	}
	return n;
}

struct gql_answer shop_find_orders(struct gql_run *r, struct gql_node on, const struct json *args)
{
	struct shop_term term[SHOP_TERMS_MAX];
	const char *after = json_text_or(args, "after", NULL);
	struct walk k = { .by_change = strcmp(json_text_or(args, "sortKey", ""), "UPDATED_AT") == 0, .reverse = json_bool_or(args, "reverse", false), .after = -1, .term = term };
	struct gql_node *nodes;
	const char **cursors;
	int n;

	(void)on;
	k.want = shop_first(r, args);
	if (!k.want)
		return gql_null();
	if (after)
		k.after = shop_cursor_read(r, after);
	if ((after && k.after < 0) || json_get(args, "before") || json_get(args, "last")) {
		gql_error(r, "BAD_REQUEST", "Invalid cursor for current pagination sort.");
		return gql_null();
	}
	k.terms = shop_search(r->arena, json_text_or(args, "query", ""), term);
	nodes = arena_alloc(r->arena, (size_t)k.want * sizeof *nodes);
	cursors = arena_alloc(r->arena, (size_t)k.want * sizeof *cursors);
	n = walk_page(r, &k, nodes, cursors);
	return shop_page_made(r, &shop_orders, nodes, cursors, n < k.want ? n : k.want, after != NULL, n > k.want);
}
