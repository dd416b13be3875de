/*
 * order.c: Walmart's purchase order as struct order.
 *
 * A line's units stand in orderLineStatuses, one entry for each state they are in. "Refund" there is about money and moves no
 * goods: units of which nothing else is told had been shipped. Walmart charges a line as a whole ("information relating to
 * the charge for the orderLine", contract), so amounts are those of all its units.
 */
#include "channels/rules.h"
#include "channels/walmart/walmart.h"

#include <string.h>
#include <strings.h>

static const struct {
	const char *theirs;
	enum order_state state;
} states[] = {
	{ "Created", ORDER_NEW },       { "Acknowledged", ORDER_ACKED },  { "Shipped", ORDER_SHIPPED },
	{ "Delivered", ORDER_DELIVERED }, { "Cancelled", ORDER_CANCELLED },
};

struct telling {
	struct news *news;
	struct reading *r;
	struct order *order;
	const char *pool;
	const struct deadlines *deadlines;
};

static enum order_state state_of(struct telling *t, struct spot status, const char *word)
{
	for (size_t i = 0; i < sizeof states / sizeof *states; i++)
		if (!strcmp(states[i].theirs, word))
			return states[i].state;
	news_odd(t->news, arena_printf(t->r->arena, "%s.status", status.path), word, t->order->ref);
	return ORDER_UNKNOWN;
}

static void take_tracking(struct spot status, struct order_line *l)
{
	struct spot info = spot_get(status, "trackingInfo");
	const char *carrier = may_text(info, "carrierName.carrier");

	if (!info.v)
		return;
	l->carrier = carrier ? carrier : may_text(info, "carrierName.otherCarrier");
	l->tracking = may_text(info, "trackingNumber");
}

/* The words of all its states, "Shipped, Cancelled": what a person compares with Walmart's own screen. */
static void take_word(struct arena *a, struct order_line *l, const char *word)
{
	if (!l->raw_state)
		l->raw_state = word;
	else if (!strstr(l->raw_state, word))
		l->raw_state = arena_printf(a, "%s, %s", l->raw_state, word);
}

/* Units that no status speaks for. */
static void take_rest(struct telling *t, struct spot line, struct order_line *l, int64_t told, int64_t refunded)
{
	int64_t rest = l->qty - told;

	if (rest < 0) {
		spot_wrong(line, "orderLineStatuses", "more units have a status than were ordered");
		return;
	}
	if (refunded > 0) {
		int64_t gone = rest < refunded ? rest : refunded;

		l->bucket[ORDER_SHIPPED] += gone;
		rest -= gone;
		l->money = refunded < l->qty ? "PART_REFUNDED" : "REFUNDED";
	}
	if (rest > 0) {
		l->bucket[ORDER_UNKNOWN] += rest;
		news_odd(t->news, arena_printf(t->r->arena, "%s.orderLineStatuses", line.path), "units without a status", t->order->ref);
	}
}

static void take_statuses(struct telling *t, struct spot line, struct order_line *l)
{
	int64_t told = 0, refunded = 0;

	for (struct spot s = spot_first(spot_get(line, "orderLineStatuses.orderLineStatus")); s.v; s = spot_next(s)) {
		const char *word = need_plain(s, "status", 60);
		int64_t units = need_int(s, "statusQuantity.amount", 0, QTY_MAX);

		if (t->r->path)
			return;
		take_word(t->r->arena, l, word);
		take_tracking(s, l);
		if (!strcmp(word, "Refund")) {
			refunded += units;
			continue;
		}
		l->bucket[state_of(t, s, word)] += units;
		told += units;
	}
	take_rest(t, line, l, told, refunded);
}

static void take_charges(struct telling *t, struct spot line, struct order_line *l)
{
	for (struct spot c = spot_first(spot_get(line, "charges.charge")); c.v && !t->r->path; c = spot_next(c)) {
		const char *type = may_text(c, "chargeType");
		int64_t minor = need_money(spot_get(c, "chargeAmount"), "currency", &t->order->currency);

		*(type && !strcmp(type, "SHIPPING") ? &l->ship_minor : &l->price_minor) += minor;
		if (json_get(c.v, "tax.taxAmount"))
			l->tax_minor += need_money(spot_get(c, "tax.taxAmount"), "currency", &t->order->currency);
	}
}

/* Undocumented text; in the field it is "true", a date or a reason: anything but a no is a yes. */
static bool wants_cancel(struct spot line)
{
	const char *word = may_text(line, "intentToCancel");

	return word && strcasecmp(word, "false") && strcasecmp(word, "no") && strcasecmp(word, "n");
}

static void take_line(struct telling *t, struct spot line, struct order_line *l)
{
	struct order *o = t->order;
	int64_t changed;

	l->ref = need_id(line, "lineNumber", "-_.", 30);
	l->sku = need_plain(line, "item.sku", 100);
	l->title = may_text(line, "item.productName");
	l->qty = need_int(line, "orderLineQuantity.amount", 0, QTY_MAX);
	take_statuses(t, line, l);
	take_charges(t, line, l);
	changed = may_time(line, "statusDate");
	if (changed > o->updated_ms)
		o->updated_ms = changed;
	if (wants_cancel(line))
		o->flags |= ORDER_CANCEL_REQ;
	o->total_minor += l->price_minor + l->ship_minor + l->tax_minor;
	o->tax_minor += l->tax_minor;
	o->ship_minor += l->ship_minor;
}

static enum order_state least(const struct order_line *l)
{
	for (int s = 0; s < ORDER_STATES; s++)
		if (l->bucket[s])
			return (enum order_state)s;
	return ORDER_STATES;
}

static void take_lines(struct telling *t, struct spot order)
{
	struct spot list = spot_get(order, "orderLines.orderLine");
	struct order *o = t->order;
	int n = json_count(list.v);

	if (!json_is_array(list.v) || !n)
		spot_wrong(order, "orderLines.orderLine", "an order without lines");
	o->line = arena_alloc(t->r->arena, (size_t)(n + 1) * sizeof *o->line);
	for (struct spot l = spot_first(list); l.v && !t->r->path; l = spot_next(l))
		take_line(t, l, &o->line[o->lines++]);
	for (int i = 0, open = ORDER_STATES; i < o->lines; i++)
		if (!o->raw_state || least(&o->line[i]) < (enum order_state)open) {
			o->raw_state = o->line[i].raw_state;
			open = (int)least(&o->line[i]);
		}
}

static void take_person(struct telling *t, struct spot order)
{
	struct spot at = spot_get(order, "shippingInfo.postalAddress");
	struct person *p = arena_alloc(t->r->arena, sizeof *p);
	const char *country = may_text(at, "country");

	*p = (struct person){
		.name = may_text(at, "name"),
		.email = may_text(order, "customerEmailId"),
		.phone = may_text(order, "shippingInfo.phone"),
		.address1 = may_text(at, "address1"),
		.address2 = may_text(at, "address2"),
		.city = may_text(at, "city"),
		.state = may_text(at, "state"),
		.postal = may_text(at, "postalCode"),
		.country = country,
	};
	t->order->person = p;
	t->order->country = country && !strcmp(country, "USA") ? "US" : country; /* theirs is ISO 3166 alpha-3, everybody else's alpha-2 */
}

/*
 * What Walmart fulfils itself is never written, and no deadline of it is ours. An order by itself may come without its node (the contract does not require
 * shipNode), and is then what the list of its kind told.
 */
static void take_node(struct telling *t, struct spot order)
{
	static const char *const known[] = { "SellerFulfilled", "WFSFulfilled", "3PLFulfilled" };
	const char *type = may_text(order, "shipNode.type");
	struct order *o = t->order;
	bool odd = type != NULL;

	o->node = may_text(order, "shipNode.id");
	if (!o->node)
		o->node = may_text(order, "shipNode.name");
	type = type ? type : t->pool;
	o->whose_untold = !type;
	for (size_t i = 0; type && i < sizeof known / sizeof *known; i++)
		odd &= strcmp(type, known[i]) != 0;
	if (odd) {
		o->flags |= ORDER_EXCEPTION;
		news_odd(t->news, arena_printf(t->r->arena, "%s.shipNode.type", order.path), type, o->ref);
	}
	if (type && !strcmp(type, "WFSFulfilled"))
		o->flags |= ORDER_READ_ONLY;
}

static void take_deadlines(struct telling *t, struct spot order)
{
	struct order *o = t->order;
	int64_t ship_by = may_time(order, "shippingInfo.estimatedShipDate");

	o->deliver_by_ms = may_time(order, "shippingInfo.estimatedDeliveryDate");
	if (o->flags & ORDER_READ_ONLY)
		return;
	o->ack_by_ms = rule_after(&t->deadlines->ack, o->placed_ms);
	o->ship_by_ms = ship_by;
	o->cancel_by_ms = rule_after(&t->deadlines->cancel, ship_by);
}

static void take_order(struct telling *t, struct spot order)
{
	struct order *o = t->order;

	o->path = order.path;
	o->ref = need_id(order, "purchaseOrderId", "-_", 40);
	o->other_ref = may_text(order, "customerOrderId");
	o->placed_ms = o->updated_ms = need_time(order, "orderDate");
	o->service = may_text(order, "shippingInfo.methodCode");
	take_lines(t, order);
	take_person(t, order);
	take_node(t, order);
	take_deadlines(t, order);
}

void walmart_order_take(struct news *n, const struct json *root, const char *path, const char *pool,
                        const struct deadlines *deadlines)
{
	struct reading r = { .arena = n->arena };
	struct spot order = { .r = &r, .v = root, .path = path };
	int odds = n->odds;
	struct telling t = { n, &r, news_order(n), pool, deadlines };

	take_order(&t, order);
	if (!r.path)
		return;
	answer_park(n, &r, &order, "SCHEMA", json_text_or(root, "purchaseOrderId", ""));
	n->orders--;
	n->odds = odds; /* they would be about an order that is not there */
}
