/*
 * order.c: Amazon's order (version 2026-01-01) as struct order.
 *
 * The state stands on the order, the units on its items: quantityFulfilled and quantityUnfulfilled ("remain to be processed and
 * shipped"; contract, ItemFulfillment); what is in neither was cancelled, be it all of an item. Only a pending order has no numbers
 * yet: there all units follow the order's word. Delivery stands on the packages.
 */
#include "channels/amazon/amazon.h"
#include "channels/rules.h"

#include <string.h>

/* What the order's word means for units that have not left. */
static const struct {
	const char *theirs;
	enum order_state open;
} states[] = {
	{ "PENDING_AVAILABILITY", ORDER_PENDING },
	{ "PENDING", ORDER_PENDING },            /* not to be shipped: the payment is not through */
	{ "UNSHIPPED", ORDER_NEW },
	{ "PARTIALLY_SHIPPED", ORDER_ACKED },
	{ "SHIPPED", ORDER_SHIPPED },
	{ "CANCELLED", ORDER_CANCELLED },
	{ "UNFULFILLABLE", ORDER_UNKNOWN },      /* Amazon's multi-channel orders only: a person must look */
};

struct telling {
	struct news *news;
	struct reading *r;
	struct order *order;
	struct spot packages;
	const char *word;
	enum order_state open;
	const struct deadlines *deadlines;
};

/* Units of one item in the packages that left, and of those how many arrived. */
struct sent {
	int64_t left, arrived;
};

/* ---- state ---- */

static void take_state(struct telling *t, struct spot order)
{
	t->word = need_plain(order, "fulfillment.fulfillmentStatus", 60);
	t->open = ORDER_STATES;
	for (size_t i = 0; i < sizeof states / sizeof *states; i++)
		if (!strcmp(states[i].theirs, t->word))
			t->open = states[i].open;
	if (t->open == ORDER_STATES) {
		t->open = ORDER_UNKNOWN;
		news_odd(t->news, arena_printf(t->r->arena, "%s.fulfillment.fulfillmentStatus", order.path), t->word, t->order->ref);
	}
	if (!strcmp(t->word, "UNFULFILLABLE"))
		t->order->flags |= ORDER_EXCEPTION;
	if (!strcmp(t->word, "PENDING_AVAILABILITY")) /* a preorder: nothing of our stock is owed yet */
		t->order->flags |= ORDER_PREORDER;
	t->order->raw_state = t->word;
}

/* What Amazon fulfils is never written, and no deadline of it is ours. */
static void take_fulfiller(struct telling *t, struct spot order)
{
	const char *by = may_text(order, "fulfillment.fulfilledBy");

	if (by && !strcmp(by, "AMAZON"))
		t->order->flags |= ORDER_READ_ONLY;
	else if (!by || strcmp(by, "MERCHANT") != 0) {
		t->order->flags |= ORDER_EXCEPTION;
		news_odd(t->news, arena_printf(t->r->arena, "%s.fulfillment.fulfilledBy", order.path), by ? by : "not told", t->order->ref);
	}
}

/* ---- packages ---- */

static bool has_left(const char *status)
{
	return strcmp(status, "PENDING") != 0 && strcmp(status, "CANCELLED") != 0;
}

static void check_package(struct telling *t, struct spot p, const char *status)
{
	static const char *const known[] = { "PENDING", "IN_TRANSIT", "SHIPPED", "DELIVERED", "CANCELLED", "UNDELIVERABLE" };

	if (!strcmp(status, "UNDELIVERABLE"))
		t->order->flags |= ORDER_EXCEPTION;
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (!strcmp(status, known[i]))
			return;
	news_odd(t->news, arena_printf(t->r->arena, "%s.packageStatus.status", p.path), status, t->order->ref);
}

/* The item's units in package p; the line shows the carrier and number of the last one that left. */
static void look_into(struct telling *t, struct spot p, struct order_line *l, struct sent *s)
{
	const char *status = json_text_or(p.v, "packageStatus.status", "");

	for (struct spot i = spot_first(spot_get(p, "packageItems")); i.v; i = spot_next(i)) {
		const char *id = json_text_or(i.v, "orderItemId", "");
		int64_t units = may_int(i, "quantity", 0, QTY_MAX, 0);

		if (t->r->path || strcmp(id, l->ref) != 0 || !has_left(status))
			continue;
		s->left += units;
		s->arrived += strcmp(status, "DELIVERED") ? 0 : units;
		l->carrier = may_text(p, "carrier");
		l->tracking = may_text(p, "trackingNumber");
	}
}

static struct sent sent_of(struct telling *t, struct order_line *l)
{
	struct sent s = { 0, 0 };

	for (struct spot p = spot_first(t->packages); p.v; p = spot_next(p))
		look_into(t, p, l, &s);
	return s;
}

/* ---- items ---- */

/* gone units have left, of them arrived ones have arrived. */
static void put_gone(struct order_line *l, int64_t gone, const struct sent *s)
{
	int64_t arrived = s->arrived < gone ? s->arrived : gone;

	l->bucket[ORDER_DELIVERED] += arrived;
	l->bucket[ORDER_SHIPPED] += gone - arrived;
}

/* All that the item does not say itself: the order's word, and for a part shipment its packages. */
static void take_untold(struct telling *t, struct spot item, struct order_line *l, const struct sent *s)
{
	if (!strcmp(t->word, "PARTIALLY_SHIPPED")) {
		int64_t gone = s->left < l->qty ? s->left : l->qty;

		put_gone(l, gone, s);
		l->bucket[t->packages.v ? ORDER_ACKED : ORDER_UNKNOWN] += l->qty - gone;
		if (!t->packages.v)
			news_odd(t->news, arena_printf(t->r->arena, "%s.fulfillment", item.path), "units without a state", t->order->ref);
	} else if (t->open == ORDER_SHIPPED) {
		put_gone(l, l->qty, s);
	} else {
		l->bucket[t->open] += l->qty;
	}
}

/* They carried out a cancellation of it (contract, ItemCancellationExecution): how many units are left of it, its numbers say. */
static bool is_cancelled(struct spot item)
{
	return json_get(item.v, "cancellation.cancellationExecution");
}

/*
 * Are the item's numbers none? Those of a pending order are zeros until it is through. Beside a word that we do not know, or packages
 * that left with the item, two zeros do not say that it was cancelled.
 */
static bool is_untold(const struct telling *t, struct spot item, int64_t counted, const struct sent *s)
{
	if (!counted && (t->open == ORDER_UNKNOWN || s->left))
		return true;
	return !is_cancelled(item) && (t->open == ORDER_PENDING || !json_get(item.v, "fulfillment"));
}

static void take_units(struct telling *t, struct spot item, struct order_line *l)
{
	int64_t gone = may_int(item, "fulfillment.quantityFulfilled", 0, QTY_MAX, 0);
	int64_t open = may_int(item, "fulfillment.quantityUnfulfilled", 0, QTY_MAX, is_cancelled(item) ? 0 : l->qty - gone);
	struct sent s = sent_of(t, l);

	if (gone + open > l->qty || open < 0) {
		spot_wrong(item, "fulfillment", "more units have a state than were ordered");
		return;
	}
	if (is_untold(t, item, gone + open, &s)) {
		take_untold(t, item, l, &s);
		return;
	}
	put_gone(l, gone, &s);
	if (t->open == ORDER_SHIPPED)
		put_gone(l, open, &(struct sent){ 0, 0 });
	else
		l->bucket[t->open] += open;
	l->bucket[ORDER_CANCELLED] += l->qty - gone - open;
}

/* Breakdowns of a line: what the goods, the tax and the carriage come to; the rest of its types is in the order's total only. */
static void take_money(struct telling *t, struct spot item, struct order_line *l)
{
	bool priced = false;

	for (struct spot b = spot_first(spot_get(item, "proceeds.breakdowns")); b.v && !t->r->path; b = spot_next(b)) {
		const char *type = json_text_or(b.v, "type", "");
		int64_t minor = need_money(spot_get(b, "subtotal"), "currencyCode", &t->order->currency);

		if (!strcmp(type, "ITEM"))
			l->price_minor += minor;
		else if (!strcmp(type, "TAX"))
			l->tax_minor += minor;
		else if (!strcmp(type, "SHIPPING"))
			l->ship_minor += minor;
		priced |= !strcmp(type, "ITEM");
	}
	if (priced || !json_get(item.v, "product.price.unitPrice") || t->r->path)
		return;
	if (__builtin_mul_overflow(need_money(spot_get(item, "product.price.unitPrice"), "currencyCode", &t->order->currency), l->qty, &l->price_minor))
		spot_wrong(item, "product.price.unitPrice", "a price beyond reason");
}

static void take_item(struct telling *t, struct spot item, struct order_line *l)
{
	l->ref = need_id(item, "orderItemId", "-_.", 60);
	l->sku = need_plain(item, "product.sellerSku", 100);
	l->title = may_text(item, "product.title");
	l->qty = need_int(item, "quantityOrdered", 0, QTY_MAX);
	l->raw_state = t->word;
	if (t->r->path)
		return;
	take_units(t, item, l);
	take_money(t, item, l);
	if (json_get(item.v, "cancellation.cancellationRequest") && !is_cancelled(item)) /* else the wish was granted */
		t->order->flags |= ORDER_CANCEL_REQ;
	t->order->tax_minor += l->tax_minor;
	t->order->ship_minor += l->ship_minor;
}

static void take_items(struct telling *t, struct spot order)
{
	struct spot list = spot_get(order, "orderItems");
	struct order *o = t->order;
	int n = json_count(list.v);
	int64_t sum = 0;

	if (!json_is_array(list.v) || !n)
		spot_wrong(order, "orderItems", "an order without items");
	o->line = arena_alloc(t->r->arena, (size_t)(n + 1) * sizeof *o->line);
	for (struct spot i = spot_first(list); i.v && !t->r->path; i = spot_next(i))
		take_item(t, i, &o->line[o->lines++]);
	for (int i = 0; i < o->lines; i++)
		sum += o->line[i].price_minor + o->line[i].tax_minor + o->line[i].ship_minor;
	o->total_minor = json_get(order.v, "proceeds.grandTotal") && !t->r->path
	                         ? need_money(spot_get(order, "proceeds.grandTotal"), "currencyCode", &o->currency)
	                         : sum;
}

/* ---- the rest ---- */

static void take_person(struct telling *t, struct spot order)
{
	struct spot at = spot_get(order, "recipient.deliveryAddress");
	struct person *p = arena_alloc(t->r->arena, sizeof *p);
	const char *name = may_text(at, "name"), *buyer = may_text(order, "buyer.buyerName");

	if (!at.v && !json_get(order.v, "buyer"))
		return; /* the role for people's data is not granted, or the order is pending */
	*p = (struct person){
		.name = name ? name : buyer,
		.email = may_text(order, "buyer.buyerEmail"),
		.phone = may_text(at, "phone"),
		.address1 = may_text(at, "addressLine1"),
		.address2 = may_text(at, "addressLine2"),
		.city = may_text(at, "city"),
		.state = may_text(at, "stateOrRegion"),
		.postal = may_text(at, "postalCode"),
		.country = may_text(at, "countryCode"),
		.buyer = name && buyer && strcmp(name, buyer) ? buyer : NULL,
	};
	if (p->address2 && may_text(at, "addressLine3"))
		p->address2 = arena_printf(t->r->arena, "%s, %s", p->address2, may_text(at, "addressLine3"));
	t->order->person = p;
	t->order->country = p->country;
}

static void take_deadlines(struct telling *t, struct spot order)
{
	int64_t ship_by = may_time(order, "fulfillment.shipByWindow.latestDateTime");

	t->order->deliver_by_ms = may_time(order, "fulfillment.deliverByWindow.latestDateTime");
	if (t->order->flags & ORDER_READ_ONLY)
		return;
	t->order->ship_by_ms = ship_by;
	t->order->cancel_by_ms = rule_after(&t->deadlines->cancel, ship_by);
}

static const char *alias_of(struct spot order)
{
	for (struct spot a = spot_first(spot_get(order, "orderAliases")); a.v; a = spot_next(a))
		if (!strcmp(json_text_or(a.v, "aliasType", ""), "SELLER_ORDER_ID"))
			return may_text(a, "aliasId");
	return NULL;
}

static void take_order(struct telling *t, struct spot order)
{
	struct order *o = t->order;

	o->path = order.path;
	o->ref = need_id(order, "orderId", "-_", 40);
	o->other_ref = alias_of(order);
	o->placed_ms = need_time(order, "createdTime");
	o->updated_ms = need_time(order, "lastUpdatedTime");
	o->marketplace = may_text(order, "salesChannel.marketplaceId");
	o->service = may_text(order, "fulfillment.fulfillmentServiceLevel");
	take_state(t, order);
	take_fulfiller(t, order);
	for (struct spot p = spot_first(t->packages); p.v; p = spot_next(p))
		check_package(t, p, json_text_or(p.v, "packageStatus.status", "not told"));
	take_items(t, order);
	take_person(t, order);
	take_deadlines(t, order);
}

void amazon_order_take(struct news *n, const struct json *root, const char *path, const struct deadlines *deadlines)
{
	struct reading r = { .arena = n->arena };
	struct spot order = { .r = &r, .v = root, .path = path };
	int odds = n->odds;
	struct telling t = { .news = n, .r = &r, .order = news_order(n), .packages = spot_get(order, "packages"), .deadlines = deadlines };

	take_order(&t, order);
	if (!r.path)
		return;
	answer_park(n, &r, &order, "SCHEMA", json_text_or(root, "orderId", ""));
	n->orders--;
	n->odds = odds;
}
