/*
 * order.c: eBay's order as struct order.
 *
 * A line says NOT_STARTED, IN_PROGRESS or FULFILLED and not how many units of it have left: of one in progress that is one unit at least, and its packages
 * are asked how many (parcels.c). Until they answer the others stay open, for to count them as gone would give out stock that still lies here. Cancelling is the whole order's. There is no acknowledgement: a paid
 * order is new until something of it leaves.
 */
#include "channels/ebay/ebay.h"

#include "base/text.h"

#include <string.h>

struct telling {
	struct news *news;
	struct reading *r;
	struct order *order;
	struct spot instruction;  /* how it is to reach the buyer: the first of them */
	const char *numbers;      /* of its packages, with a space between; NULL: none */
	const char *money;        /* of every line; NULL: paid */
	bool unpaid, cancelled;
	bool in_part;             /* a line of it left in part, and how much of it is not told */
};

static void odd(struct telling *t, struct spot s, const char *path, const char *word)
{
	news_odd(t->news, arena_printf(t->r->arena, "%s.%s", s.path, path), word, t->order->ref);
}

/* ---- of the whole order ---- */

static void take_payment(struct telling *t, struct spot order)
{
	static const char *const waiting[] = { "PENDING", "FAILED", NULL };
	const char *word = may_text(order, "orderPaymentStatus");

	if (!word || !strcmp(word, "PAID"))
		return;
	if (text_one_of(word, waiting)) {
		t->unpaid = true;
		t->money = "UNPAID";
	} else if (!strcmp(word, "PARTIALLY_REFUNDED")) {
		t->money = "PART_REFUNDED";
	} else if (!strcmp(word, "FULLY_REFUNDED")) {
		t->money = "REFUNDED";
	} else {
		odd(t, order, "orderPaymentStatus", word);
		t->order->flags |= ORDER_EXCEPTION;
	}
}

/* cancelRequests holds who asked for it, and only in the reading of one order (contract): the state is enough here. */
static void take_cancel(struct telling *t, struct spot order)
{
	const char *word = may_text(order, "cancelStatus.cancelState");

	if (!word || !strcmp(word, "NONE_REQUESTED"))
		return;
	if (!strcmp(word, "CANCELED"))
		t->cancelled = true;
	else if (!strcmp(word, "IN_PROGRESS"))
		t->order->flags |= ORDER_CANCEL_REQ;
	else {
		odd(t, order, "cancelStatus.cancelState", word);
		t->order->flags |= ORDER_EXCEPTION;
	}
}

/* What eBay ships from its own shelves or its vault is never written, and no deadline of it is ours. */
static void take_fulfiller(struct telling *t, struct spot order)
{
	static const char *const ours[] = { "SHIP_TO", "SELLER_DEFINED", "PREPARE_FOR_PICKUP", "DIGITAL", NULL };
	static const char *const vaults[] = { "VAULT_TO_VAULT", "VAULT_TO_BUYER", NULL };
	const char *type = may_text(t->instruction, "fulfillmentInstructionsType");
	const char *vault = may_text(order, "program.ebayVault.fulfillmentType");
	const char *by = may_text(order, "program.fulfillmentProgram.fulfilledBy");

	if ((type && !strcmp(type, "FULFILLED_BY_EBAY")) || (by && !strcmp(by, "EBAY")) || (vault && text_one_of(vault, vaults)))
		t->order->flags |= ORDER_READ_ONLY;
	else if (type && !text_one_of(type, ours)) {
		odd(t, t->instruction, "fulfillmentInstructionsType", type);
		t->order->flags |= ORDER_EXCEPTION;
	}
}

/* ".../shipping_fulfillment/9405509699937003457459": the number of a package that was told with one (contract, createShippingFulfillment). */
static void take_packages(struct telling *t, struct spot order)
{
	struct buf b = buf_new(t->r->arena);

	for (const struct json *h = json_first(json_get(order.v, "fulfillmentHrefs")); h; h = json_next(h)) {
		const char *href = json_scalar(h), *last = href ? strrchr(href, '/') : NULL;

		if (last && last[1] && b.len < 400)
			buf_printf(&b, "%s%s", b.len ? " " : "", answer_word(t->r->arena, last + 1, 60));
	}
	t->numbers = b.len ? b.p : NULL;
}

/* ---- lines ---- */

static enum order_state state_of(struct telling *t, struct spot line, const char *word)
{
	if (t->cancelled)
		return ORDER_CANCELLED;
	if (!strcmp(word, "FULFILLED"))
		return ORDER_SHIPPED;
	if (!strcmp(word, "IN_PROGRESS"))
		return ORDER_ACKED;
	if (!strcmp(word, "NOT_STARTED"))
		return t->unpaid ? ORDER_PENDING : ORDER_NEW;
	odd(t, line, "lineItemFulfillmentStatus", word);
	return ORDER_UNKNOWN;
}

static void take_taxes(struct telling *t, struct spot list, struct order_line *l)
{
	for (struct spot x = spot_first(list); x.v && !t->r->path; x = spot_next(x))
		if (json_get(x.v, "amount"))
			l->tax_minor += ebay_money(spot_get(x, "amount"), &t->order->currency);
}

/* taxes: the seller's; ebayCollectAndRemitTaxes: what passes through eBay's hands alone, and is never ours. */
static void take_money(struct telling *t, struct spot line, struct order_line *l)
{
	const char *cost = json_get(line.v, "discountedLineItemCost") ? "discountedLineItemCost" : "lineItemCost";

	if (json_get(line.v, cost))
		l->price_minor = ebay_money(spot_get(line, cost), &t->order->currency);
	if (json_get(line.v, "deliveryCost.shippingCost"))
		l->ship_minor = ebay_money(spot_get(line, "deliveryCost.shippingCost"), &t->order->currency);
	take_taxes(t, spot_get(line, "taxes"), l);
	l->money = t->money;
	t->order->tax_minor += l->tax_minor;
	t->order->ship_minor += l->ship_minor;
}

/*
 * SKUs are optional for a listing that was not made through the Inventory API (contract, LineItem.sku). Such a line goes by its listing's
 * number, and the listing is shown as one that cannot be written: nothing is guessed by its title.
 */
static const char *sku_of(struct telling *t, struct spot line)
{
	const char *variation = may_text(line, "legacyVariationId"), *listing;
	struct seen *s;

	if (may_text(line, "sku"))
		return need_plain(line, "sku", 100);
	listing = need_id(line, "legacyItemId", "-_|", 40);
	if (t->r->path)
		return "";
	s = news_seen(t->news);
	*s = (struct seen){ .pool = "own", .qty = -1, .listing = listing, .title = may_text(line, "title"), .path = line.path };
	s->sku = variation ? arena_printf(t->r->arena, "listing %s %s", listing, answer_word(t->r->arena, variation, 30))
	                   : arena_printf(t->r->arena, "listing %s", listing);
	s->block = "MIGRATION_NEEDED: listed without a SKU and not through the Inventory API: give it one and migrate it in Seller Hub";
	return s->sku;
}

static void earliest(int64_t *at_ms, int64_t candidate_ms)
{
	if (candidate_ms && (!*at_ms || candidate_ms < *at_ms))
		*at_ms = candidate_ms;
}

static void take_line(struct telling *t, struct spot line, struct order_line *l)
{
	struct order *o = t->order;
	const char *word;
	enum order_state state;

	l->ref = need_id(line, "lineItemId", "-_", 60);
	l->sku = sku_of(t, line);
	l->title = may_text(line, "title");
	l->qty = need_int(line, "quantity", 0, QTY_MAX);
	word = need_plain(line, "lineItemFulfillmentStatus", 60);
	if (t->r->path)
		return;
	state = state_of(t, line, word);
	l->bucket[state] = l->qty;
	if (!strcmp(word, "IN_PROGRESS") && state == ORDER_ACKED && l->qty > 1) {
		l->bucket[ORDER_SHIPPED] = 1;
		l->bucket[ORDER_ACKED]--;
		l->least = l->qty > 2; /* of two it is one */
		t->in_part |= l->least;
	}
	l->raw_state = word;
	if (state == ORDER_SHIPPED || !strcmp(word, "IN_PROGRESS"))
		l->tracking = t->numbers;
	take_money(t, line, l);
	if (state != ORDER_SHIPPED && state != ORDER_CANCELLED)
		earliest(&o->ship_by_ms, may_time(line, "lineItemFulfillmentInstructions.shipByDate"));
	earliest(&o->deliver_by_ms, may_time(line, "lineItemFulfillmentInstructions.maxEstimatedDeliveryDate"));
	if (may_text(line, "sku") && !t->r->path)
		ebay_follow_offer(t->news, l->sku, -1, json_text_or(line.v, "legacyItemId", ""));
}

static void take_lines(struct telling *t, struct spot order)
{
	struct spot list = spot_get(order, "lineItems");
	struct order *o = t->order;
	int n = json_count(list.v);

	if (!json_is_array(list.v) || !n)
		spot_wrong(order, "lineItems", "an order without lines");
	o->line = arena_alloc(t->r->arena, (size_t)(n + 1) * sizeof *o->line);
	for (struct spot l = spot_first(list); l.v && !t->r->path; l = spot_next(l))
		take_line(t, l, &o->line[o->lines++]);
	if (o->flags & ORDER_READ_ONLY)
		o->ship_by_ms = 0;
}

/* What the buyer pays; where it is not told, what the lines come to. */
static void take_total(struct telling *t, struct spot order)
{
	struct order *o = t->order;

	if (json_get(order.v, "pricingSummary.total")) {
		o->total_minor = ebay_money(spot_get(order, "pricingSummary.total"), &o->currency);
		return;
	}
	for (int i = 0; i < o->lines; i++)
		o->total_minor += o->line[i].price_minor + o->line[i].tax_minor + o->line[i].ship_minor;
}

/*
 * The parcel goes to shipTo and nowhere else: with ebaySupportedFulfillment that is eBay's own hub or authenticator, and
 * finalDestinationAddress, where the buyer lives, is not to be shipped to (contract, FulfillmentStartInstruction).
 */
static void take_person(struct telling *t, struct spot order)
{
	struct spot to = spot_get(t->instruction, "shippingStep.shipTo"), at = spot_get(to, "contactAddress");
	const char *reference = may_text(t->instruction, "shippingStep.shipToReferenceId"), *user = may_text(order, "buyer.username");
	struct person *p = arena_alloc(t->r->arena, sizeof *p);

	if (!to.v && !user)
		return;
	*p = (struct person){
		.name = may_text(to, "fullName"),
		.email = may_text(to, "email"),
		.phone = may_text(to, "primaryPhone.phoneNumber"),
		.address1 = may_text(at, "addressLine1"),
		.address2 = may_text(at, "addressLine2"),
		.city = may_text(at, "city"),
		.state = may_text(at, "stateOrProvince"),
		.postal = may_text(at, "postalCode"),
		.country = may_text(at, "countryCode"),
	};
	if (p->name)
		p->buyer = user;
	else
		p->name = user; /* nothing is sent to who fetches it or has not paid, but he may want to be forgotten */
	if (to.v && reference) /* "must include this value on the shipping label immediately above the street address" (contract) */
		p->address1 = arena_printf(t->r->arena, "Reference #%s%s%s", answer_word(t->r->arena, reference, 60), p->address1 ? ", " : "",
		                           p->address1 ? p->address1 : "");
	t->order->person = p;
	t->order->country = p->country;
}

static void take_order(struct telling *t, struct spot order)
{
	struct order *o = t->order;

	o->path = order.path;
	o->ref = need_id(order, "orderId", "-_", 40);
	o->other_ref = may_text(order, "salesRecordReference");
	o->placed_ms = need_time(order, "creationDate");
	o->updated_ms = need_time(order, "lastModifiedDate");
	o->raw_state = may_text(order, "orderFulfillmentStatus");
	o->service = may_text(t->instruction, "shippingStep.shippingServiceCode");
	take_payment(t, order);
	take_cancel(t, order);
	take_fulfiller(t, order);
	take_packages(t, order);
	take_lines(t, order);
	take_total(t, order);
	take_person(t, order);
	if (t->money && !strcmp(t->money, "REFUNDED") && order_state_of(o) < ORDER_SHIPPED)
		o->flags |= ORDER_EXCEPTION; /* the money went back and the goods are still here: somebody has to look */
	if (t->cancelled)
		o->raw_state = "CANCELED";
}

void ebay_order_take(struct news *n, const struct json *root, const char *path)
{
	struct reading r = { .arena = n->arena };
	struct spot order = { .r = &r, .v = root, .path = path };
	int odds = n->odds, seens = n->seens, follows = n->follows;
	struct telling t = { .news = n, .r = &r, .order = news_order(n), .instruction = spot_first(spot_get(order, "fulfillmentStartInstructions")) };

	take_order(&t, order);
	if (!r.path) {
		if (t.in_part)
			ebay_follow_parcels(n, t.order);
		return;
	}
	answer_park(n, &r, &order, "SCHEMA", json_text_or(root, "orderId", ""));
	n->orders--;
	n->odds = odds;
	n->seens = seens;
	n->follows = follows;
}
