/*
 * order.c: Shopify's order as struct order.
 *
 * An order's own words tell little; its units are told three times. What left stands in its fulfilments; what is to leave stands in
 * its fulfilment orders, one for each place it leaves from; the rest was removed or refunded. A shipment names fulfilment orders and
 * never order lines, so each line keeps where its open units lie: its handle, "FULFILMENT-ORDER:ITS-LINE:UNITS:LOCATION", with commas between; without a
 * location where none is told.
 */
#include "channels/shopify/shopify.h"

#include "base/text.h"

#include <inttypes.h>
#include <string.h>

struct telling {
	struct news *news;
	struct reading *r;
	struct order *order;
	bool cut;         /* a list below the order was longer than we asked for */
	bool unpaid;      /* nothing is to be shipped before it is paid */
};

/* ---- words ---- */

/* displayFinancialStatus (OrderDisplayFinancialStatus); unpaid: the goods wait for the money. */
static const struct {
	const char *theirs, *ours;
	bool unpaid;
} moneys[] = {
	{ "PENDING", "UNPAID", true },        { "EXPIRED", "UNPAID", true },  { "PARTIALLY_PAID", "UNPAID", false },
	{ "AUTHORIZED", "AUTHORISED", false }, { "PAID", "PAID", false },      { "PARTIALLY_REFUNDED", "PART_REFUNDED", false },
	{ "REFUNDED", "REFUNDED", false },    { "VOIDED", "VOIDED", true },
};

/* FulfillmentOrderStatus: what it means for its units, and whether a package may be told of it. */
static const struct {
	const char *theirs;
	enum order_state open; /* ORDER_STATES: nothing of it is open */
	bool takes;
} works[] = {
	{ "OPEN", ORDER_NEW, true },           { "IN_PROGRESS", ORDER_ACKED, true }, { "INCOMPLETE", ORDER_ACKED, false },
	{ "SCHEDULED", ORDER_PENDING, false }, { "ON_HOLD", ORDER_NEW, false },      { "CLOSED", ORDER_STATES, false },
	{ "CANCELLED", ORDER_STATES, false },
};

static void check_word(struct telling *t, struct spot order, const char *path)
{
	static const char *const known[] = { "FULFILLED", "FULFILLMENT_NOT_REQUIRED", "IN_PROGRESS", "ON_HOLD", "OPEN", "PARTIALLY_FULFILLED",
		                             "PENDING_FULFILLMENT", "REQUEST_DECLINED", "RESTOCKED", "SCHEDULED", "UNFULFILLED" };
	const char *word = need_plain(order, path, 60);

	t->order->raw_state = word;
	if (!strcmp(word, "REQUEST_DECLINED"))
		t->order->flags |= ORDER_EXCEPTION;
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (!strcmp(word, known[i]))
			return;
	news_odd(t->news, arena_printf(t->r->arena, "%s.%s", order.path, path), word, t->order->ref);
}

/* NULL: an order that costs nothing has no such word. */
static const char *money_of(struct telling *t, struct spot order)
{
	const char *word = may_text(order, "displayFinancialStatus");

	for (size_t i = 0; word && i < sizeof moneys / sizeof *moneys; i++)
		if (!strcmp(word, moneys[i].theirs)) {
			t->unpaid = moneys[i].unpaid;
			return moneys[i].ours;
		}
	if (word)
		news_odd(t->news, arena_printf(t->r->arena, "%s.displayFinancialStatus", order.path), word, t->order->ref);
	return NULL;
}

/* ---- lines ---- */

static int64_t money_at(struct telling *t, struct spot s, const char *path)
{
	struct spot amount = spot_get(s, path);

	return amount.v ? need_money(amount, "currencyCode", &t->order->currency) : 0;
}

static struct order_line *line_of(struct telling *t, struct spot s)
{
	const char *number = shopify_number(spot_get(s, "lineItem"), "id", "LineItem");

	for (int i = 0; i < t->order->lines; i++)
		if (!strcmp(t->order->line[i].ref, number))
			return &t->order->line[i];
	return NULL; /* of a line beyond those that were asked for */
}

static void take_line(struct telling *t, struct spot item, const char *money, struct order_line *l)
{
	const char *sku = may_text(item, "sku");

	l->ref = shopify_number(item, "id", "LineItem");
	l->sku = sku ? need_plain(item, "sku", 100) : arena_printf(t->r->arena, "no-sku-%s", l->ref); /* a tip, a custom item */
	l->title = may_text(item, "title");
	l->qty = need_int(item, "quantity", 0, QTY_MAX);
	l->price_minor = money_at(t, item, "discountedTotalSet.shopMoney");
	l->raw_state = t->order->raw_state;
	l->money = money;
	l->handle = "";
}

static void take_lines(struct telling *t, struct spot order, const char *money)
{
	struct spot list = spot_get(order, "lineItems.nodes");
	int n = json_count(list.v);

	if (!json_is_array(list.v) || !n)
		spot_wrong(order, "lineItems.nodes", "an order without items");
	t->cut |= shopify_cut(spot_get(order, "lineItems"));
	t->order->line = arena_alloc(t->r->arena, (size_t)(n + 1) * sizeof *t->order->line);
	for (struct spot i = spot_first(list); i.v && !t->r->path; i = spot_next(i))
		take_line(t, i, money, &t->order->line[t->order->lines++]);
}

/* ---- what left ---- */

static bool has_left(struct telling *t, struct spot f, const char *status)
{
	static const char *const gone[] = { "SUCCESS", "OPEN", "PENDING" }, *const none[] = { "CANCELLED", "ERROR", "FAILURE" };

	for (size_t i = 0; i < sizeof gone / sizeof *gone; i++)
		if (!strcmp(status, gone[i]))
			return true;
	for (size_t i = 0; i < sizeof none / sizeof *none; i++)
		if (!strcmp(status, none[i]))
			return false;
	news_odd(t->news, arena_printf(t->r->arena, "%s.status", f.path), status, t->order->ref);
	return true;
}

/* Of several packages the numbers stand with a space between. */
static void note_tracking(struct telling *t, struct spot f, struct order_line *l)
{
	for (struct spot i = spot_first(spot_get(f, "trackingInfo")); i.v; i = spot_next(i)) {
		const char *number = may_text(i, "number"), *company = may_text(i, "company");

		if (!number)
			continue;
		l->carrier = company ? company : l->carrier;
		l->tracking = l->tracking ? arena_printf(t->r->arena, "%s %s", l->tracking, number) : number;
	}
}

static void take_package(struct telling *t, struct spot f)
{
	const char *status = need_plain(f, "status", 40), *shown = may_text(f, "displayStatus");
	bool arrived = shown && (!strcmp(shown, "DELIVERED") || !strcmp(shown, "PICKED_UP"));

	t->cut |= shopify_cut(spot_get(f, "fulfillmentLineItems"));
	if (!has_left(t, f, status))
		return;
	if (shown && !strcmp(shown, "NOT_DELIVERED"))
		t->order->flags |= ORDER_EXCEPTION;
	for (struct spot i = spot_first(spot_get(f, "fulfillmentLineItems.nodes")); i.v && !t->r->path; i = spot_next(i)) {
		struct order_line *l = line_of(t, i);
		int64_t units = may_int(i, "quantity", 0, QTY_MAX, 0);

		if (!l)
			continue;
		l->bucket[arrived ? ORDER_DELIVERED : ORDER_SHIPPED] += units;
		note_tracking(t, f, l);
	}
}

static void take_packages(struct telling *t, struct spot order, int asked)
{
	struct spot list = spot_get(order, "fulfillments");

	t->cut |= json_count(list.v) >= asked; /* a plain list: that it ends is not told */
	for (struct spot f = spot_first(list); f.v && !t->r->path; f = spot_next(f))
		take_package(t, f);
}

/* ---- what is to leave ---- */

static enum order_state state_of(struct telling *t, struct spot work, const char *status, bool *takes)
{
	*takes = false;
	for (size_t i = 0; i < sizeof works / sizeof *works; i++)
		if (!strcmp(status, works[i].theirs)) {
			*takes = works[i].takes;
			return works[i].open != ORDER_STATES && t->unpaid ? ORDER_PENDING : works[i].open;
		}
	news_odd(t->news, arena_printf(t->r->arena, "%s.status", work.path), status, t->order->ref);
	return ORDER_UNKNOWN;
}

/* place: ":LOCATION", or "". */
static void take_open(struct telling *t, struct spot entry, const char *work, const char *place, enum order_state state, bool takes)
{
	struct order_line *l = line_of(t, entry);
	int64_t units = need_int(entry, "remainingQuantity", 0, QTY_MAX);
	const char *number = shopify_number(entry, "id", "FulfillmentOrderLineItem");

	if (!l || !units)
		return;
	l->bucket[state] += units;
	if (takes)
		l->handle = arena_printf(t->r->arena, "%s%s%s:%s:%" PRId64 "%s", l->handle, *l->handle ? "," : "", work, number, units, place);
}

static void take_work(struct telling *t, struct spot work)
{
	const char *number = shopify_number(work, "id", "FulfillmentOrder"), *status = need_plain(work, "status", 40);
	const char *node = NULL, *place;
	int64_t by = may_time(work, "fulfillBy");
	bool takes;
	enum order_state state = state_of(t, work, status, &takes);

	t->cut |= shopify_cut(spot_get(work, "lineItems"));
	if (state == ORDER_STATES)
		return;
	if (!strcmp(status, "ON_HOLD"))
		t->order->flags |= ORDER_HOLD;
	if (by && (!t->order->ship_by_ms || by < t->order->ship_by_ms))
		t->order->ship_by_ms = by;
	if (json_get(work.v, "assignedLocation.location"))
		node = shopify_number(work, "assignedLocation.location.id", "Location");
	if (!t->order->node)
		t->order->node = node;
	place = node ? arena_printf(t->r->arena, ":%s", node) : "";
	for (struct spot i = spot_first(spot_get(work, "lineItems.nodes")); i.v && !t->r->path; i = spot_next(i))
		take_open(t, i, number, place, state, takes);
}

/*
 * What is neither gone nor in a fulfilment order was removed or refunded, unless the line itself says that it is still to be fulfilled: an app
 * that may not read fulfilment orders is shown none, without a word. Such units are owed, and somebody must look. What needs no
 * shipping (a gift card) is nobody's to ship.
 */
static void take_rest(struct telling *t, struct spot item, struct order_line *l, bool cancelled)
{
	int64_t known = 0, open = may_int(item, "unfulfilledQuantity", 0, QTY_MAX, 0), current = may_int(item, "currentQuantity", 0, QTY_MAX, l->qty);
	int64_t gone = l->bucket[ORDER_SHIPPED] + l->bucket[ORDER_DELIVERED], rest;

	for (int s = 0; s < ORDER_STATES; s++)
		known += l->bucket[s];
	rest = l->qty - known;
	if (rest < 0) {
		spot_wrong(item, "quantity", "more units have a state than were ordered");
		return;
	}
	open = (open < current ? open : current) - (known - gone);
	open = open < 0 || cancelled ? 0 : open < rest ? open : rest;
	if (open && json_is_bool(json_get(item.v, "requiresShipping")) && !json_bool_or(item.v, "requiresShipping", true)) {
		l->bucket[ORDER_SHIPPED] += open;
	} else if (open) {
		l->bucket[ORDER_UNKNOWN] += open;
		t->order->flags |= ORDER_EXCEPTION;
		news_odd(t->news, arena_printf(t->r->arena, "%s.unfulfilledQuantity", item.path), "units in no fulfilment order", t->order->ref);
	}
	l->bucket[ORDER_CANCELLED] += rest - open;
}

static void take_units(struct telling *t, struct spot order, int packages)
{
	bool cancelled = json_get(order.v, "cancelledAt") != NULL;
	int i = 0;

	t->cut |= shopify_cut(spot_get(order, "fulfillmentOrders"));
	take_packages(t, order, packages);
	for (struct spot w = spot_first(spot_get(order, "fulfillmentOrders.nodes")); w.v && !t->r->path; w = spot_next(w))
		take_work(t, w);
	for (struct spot l = spot_first(spot_get(order, "lineItems.nodes")); l.v && !t->r->path && !t->cut; l = spot_next(l))
		take_rest(t, l, &t->order->line[i++], cancelled);
}

/* ---- the rest ---- */

static void take_person(struct telling *t, struct spot order)
{
	struct spot at = spot_get(order, "shippingAddress");
	const char *phone = may_text(at, "phone");
	struct person *p = arena_alloc(t->r->arena, sizeof *p);

	if (!at.v && !may_text(order, "email") && !may_text(order, "phone"))
		return; /* nothing to be sent, or the app may not see people's data */
	*p = (struct person){
		.name = may_text(at, "name"),
		.email = may_text(order, "email"),
		.phone = phone ? phone : may_text(order, "phone"),
		.address1 = may_text(at, "address1"),
		.address2 = may_text(at, "address2"),
		.city = may_text(at, "city"),
		.state = may_text(at, "provinceCode"),
		.postal = may_text(at, "zip"),
		.country = may_text(at, "countryCodeV2"),
	};
	t->order->person = p;
	t->order->country = p->country;
}

static void take_order(struct telling *t, struct spot order, int packages)
{
	struct order *o = t->order;

	o->path = order.path;
	o->ref = shopify_number(order, "id", "Order");
	o->other_ref = need_plain(order, "name", 60); /* "#1001": what the buyer sees */
	o->placed_ms = need_time(order, "createdAt");
	o->updated_ms = need_time(order, "updatedAt");
	check_word(t, order, "displayFulfillmentStatus");
	take_lines(t, order, money_of(t, order));
	if (t->r->path)
		return;
	take_units(t, order, packages);
	o->total_minor = money_at(t, order, "totalPriceSet.shopMoney");
	o->tax_minor = money_at(t, order, "totalTaxSet.shopMoney");
	o->ship_minor = money_at(t, order, "totalShippingPriceSet.shopMoney");
	o->service = may_text(order, "shippingLine.title");
	take_person(t, order);
}

/* Its lists are longer than a page of orders has room for: it is asked for by itself. */
static void ask_whole(struct news *n, const char *ref)
{
	struct fields *payload = arena_alloc(n->arena, sizeof *payload);
	struct job_plan *p = news_follow(n, VERB_ORDER, arena_printf(n->arena, "whole:%s", ref));

	*payload = fields_new(n->arena);
	fields_put(payload, "ref", ref);
	p->payload = payload;
	p->lane = LANE_ORDERS;
}

void shopify_order_take(struct news *n, const struct json *root, const char *path, bool whole)
{
	struct reading r = { .arena = n->arena };
	struct spot order = { .r = &r, .v = root, .path = path };
	int odds = n->odds;
	struct telling t = { .news = n, .r = &r, .order = news_order(n) };

	take_order(&t, order, whole ? SHOPIFY_PACKAGES_WHOLE : SHOPIFY_PACKAGES);
	if (!r.path && t.cut && whole)
		spot_wrong(order, "", "more lines or packages than one question can hold: look at it in Shopify's own admin");
	if (!r.path && !t.cut)
		return;
	if (r.path)
		answer_park(n, &r, &order, "SCHEMA", t.order->ref && *t.order->ref ? t.order->ref : json_text_or(root, "name", "")); /* by what closes it: its number */
	else
		ask_whole(n, t.order->ref);
	n->orders--;
	n->odds = odds;
}
