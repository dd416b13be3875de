/*
 * orders.c: the orders that changed, one order, and a package told.
 *
 * A question may cost 1000 points, and a shop of the smallest plan gains 100 a second, so a page is small: an object is one
 * point, a list its length times what stands in it (shopify.dev "API limits", read 2026-11). An order of a page comes to 108 points, eight to
 * 870; one by itself, with room for 40 lines, to some 910.
 */
#include "channels/shopify/shopify.h"

#include "base/clock.h"
#include "base/text.h"
#include "channels/parcel.h"

#include <inttypes.h>
#include <string.h>

enum { PAGE_ORDERS = 8 };

#define MONEY "{ shopMoney { amount currencyCode } }"
#define MORE "pageInfo { hasNextPage } "

/* lines, fulfilment orders with lines each, packages with lines each */
#define ORDER(lines, works, each, packages, in)                                                                                      \
	"id name createdAt updatedAt cancelledAt displayFinancialStatus displayFulfillmentStatus email phone "                       \
	"totalPriceSet " MONEY " totalTaxSet " MONEY " totalShippingPriceSet " MONEY " shippingLine { title } "                      \
	"shippingAddress { name address1 address2 city provinceCode zip countryCodeV2 phone } "                                      \
	"lineItems(first: " lines ") { " MORE "nodes { id sku title quantity currentQuantity unfulfilledQuantity requiresShipping "  \
	"discountedTotalSet " MONEY " } } "                                                                                          \
	"fulfillmentOrders(first: " works ") { " MORE "nodes { id status fulfillBy assignedLocation { location { id } } "            \
	"lineItems(first: " each ") { " MORE "nodes { id remainingQuantity lineItem { id } } } } } "                                  \
	"fulfillments(first: " packages ") { id status displayStatus trackingInfo(first: 2) { company number } "                     \
	"fulfillmentLineItems(first: " in ") { " MORE "nodes { quantity lineItem { id } } } } "

/* packages: SHOPIFY_PACKAGES and SHOPIFY_PACKAGES_WHOLE */
#define ORDER_IN_LIST ORDER("5", "3", "5", "4", "3")
#define ORDER_WHOLE ORDER("40", "4", "40", "10", "20")

enum fault shopify_orders_ask(const struct account *acc, struct batch b, struct request *r, struct err *err)
{
	static const char document[] =
		"query Orders($first: Int!, $after: String, $query: String!) { orders(first: $first, after: $after, query: $query, "
		"sortKey: UPDATED_AT) { pageInfo { hasNextPage endCursor } nodes { " ORDER_IN_LIST "} } }";
	const struct cursor *c = &b.job->cursor;
	char since[32];
	struct said s;

	(void)err;
	time_iso_s(c->since_ms, since);
	shopify_begin(&s, r->arena, "Orders", document);
	json_put_int(&s.vars, "first", PAGE_ORDERS);
	if (c->page && *c->page)
		json_put_text(&s.vars, "after", c->page);
	json_put_text(&s.vars, "query", arena_printf(r->arena, "updated_at:>='%s'", since));
	shopify_end(&s, acc, r);
	return OK;
}

enum fault shopify_orders_hear(const struct account *acc, struct batch b, const struct reply *r, struct news *n, struct err *err)
{
	const struct json *data, *list;
	int i = 0;
	enum fault f = shopify_open(acc, SHOPIFY_ORDERS, r, n, &data, err);

	if (f)
		return f;
	list = json_get(data, "orders.nodes");
	if (!json_is_array(list))
		return err_set(err, FAULT_FORMAT, "orders.nodes: not a list of orders");
	for (const struct json *o = json_first(list); o; o = json_next(o))
		shopify_order_take(n, o, arena_printf(n->arena, "orders.nodes[%d]", i++), false);
	return shopify_page(n, b.job, json_get(data, "orders"), "orders", err);
}

static enum fault order_number(const struct job *job, const char **out, struct err *err)
{
	*out = fields_get(&job->payload, "ref", "");
	if (!shopify_is_number(*out))
		return err_set(err, FAULT_REFUSED, "the job names no order: its ref is no number");
	return OK;
}

enum fault shopify_order_ask(const struct account *acc, struct batch b, struct request *r, struct err *err)
{
	static const char document[] = "query Order($id: ID!) { order(id: $id) { " ORDER_WHOLE "} }";
	const char *number;
	struct said s;

	if (order_number(b.job, &number, err))
		return FAULT_REFUSED;
	shopify_begin(&s, r->arena, "Order", document);
	json_put_text(&s.vars, "id", shopify_gid(r->arena, "Order", number));
	shopify_end(&s, acc, r);
	return OK;
}

enum fault shopify_order_hear(const struct account *acc, struct batch b, const struct reply *r, struct news *n, struct err *err)
{
	const struct json *data;
	enum fault f = shopify_open(acc, SHOPIFY_ORDERS, r, n, &data, err);

	if (f)
		return f;
	n->no_order = !json_get(data, "order");
	if (!json_is_object(json_get(data, "order")))
		return err_set(err, FAULT_REFUSED, "order %.20s: they have no such order", fields_get(&b.job->payload, "ref", ""));
	shopify_order_take(n, json_get(data, "order"), "order", true);
	return OK;
}

/* ---- a package: of fulfilment orders, not of lines ---- */

/* Units to take of one line of one fulfilment order, at a location of theirs ("": not told). */
struct take {
	const char *work, *line, *place;
	int64_t qty;
	bool told;
};

struct takes {
	struct take *take;
	int n, cap;
};

/* "FULFILMENT-ORDER:ITS-LINE:UNITS:LOCATION", or without a location; advances past it and the comma. */
static bool next_take(struct arena *a, const char **p, struct take *out)
{
	size_t n = strcspn(*p, ",");
	char *word = arena_strndup(a, *p, n), *line = strchr(word, ':'), *units = line ? strchr(line + 1, ':') : NULL, *place = units ? strchr(units + 1, ':') : NULL;

	*p += n + ((*p)[n] == ',');
	if (!units)
		return false;
	*line++ = '\0';
	*units++ = '\0';
	if (place)
		*place++ = '\0';
	*out = (struct take){ .work = word, .line = line, .place = place ? place : "" };
	return (!place || shopify_is_number(place)) && shopify_is_number(word) && shopify_is_number(line) && text_int(units, 1, QTY_MAX, &out->qty);
}

/* The units of a line, out of the fulfilment orders that had them when the order was last read. place: of that location alone; NULL: of any. */
static enum fault take_units(struct arena *a, const struct parcel *p, const struct parcel_line *l, const char *place, struct takes *out, struct err *err)
{
	int64_t left = l->qty;
	struct take t;

	if (!strchr(l->ref, ':'))
		return err_set(err, FAULT_REFUSED, "order %.40s: line %.20s lies in no fulfilment order that takes packages: it is on hold, scheduled, closed, "
		               "or the app may not read it", p->ref, l->ref);
	for (const char *q = l->ref; *q && left;) {
		if (!next_take(a, &q, &t))
			return err_set(err, FAULT_REFUSED, "order %.40s: a line of the job names no fulfilment order", p->ref);
		if (place && strcmp(t.place, place) != 0)
			continue;
		t.qty = t.qty < left ? t.qty : left;
		left -= t.qty;
		out->take = arena_grow(a, out->take, out->n, &out->cap, sizeof *out->take);
		out->take[out->n++] = t;
	}
	return !left ? OK : err_set(err, FAULT_REFUSED, "order %.40s: %" PRId64 " units more than its open fulfilment orders hold", p->ref, left);
}

static enum fault take_lines(struct arena *a, const struct parcel *p, const char *place, struct takes *out, struct err *err)
{
	enum fault f = OK;

	*out = (struct takes){ 0 };
	for (int i = 0; i < p->lines && !f; i++)
		f = take_units(a, p, &p->line[i], place, out, err);
	return f;
}

/* "655441491, 655441492": where its units lie, each once; NULL: in one place. */
static const char *places_of(struct arena *a, const struct takes *all)
{
	struct buf b = buf_new(a);
	int places = 0;

	for (int i = 0; i < all->n; i++) {
		bool known = false;

		for (int k = 0; k < i; k++)
			known |= !strcmp(all->take[k].place, all->take[i].place);
		if (!known)
			buf_printf(&b, "%s%s", places++ ? ", " : "", *all->take[i].place ? all->take[i].place : "an untold one");
	}
	return places > 1 ? b.p : NULL;
}

/*
 * A package is of fulfilment orders that "are assigned to the same location" (contract, fulfillmentCreate): of the first location that has all of it, for
 * a line may lie at several. One that lies apart would be refused each time, so it is not said.
 */
static enum fault take_package(struct arena *a, const struct parcel *p, struct takes *out, struct err *err)
{
	enum fault f = take_lines(a, p, NULL, out, err);
	const char *places = f ? NULL : places_of(a, out);
	struct take t;

	if (!places)
		return f;
	for (int i = 0; i < p->lines; i++)
		for (const char *q = p->line[i].ref; *q && next_take(a, &q, &t);)
			if (!take_lines(a, p, t.place, out, err))
				return OK;
	return err_set(err, FAULT_REFUSED, "order %.20s: it leaves from locations %.60s, a package from one: fulfil each part in Shopify's admin, or have the warehouse "
	               "tell its packages", p->ref, places);
}

static void put_work(struct json_out *o, struct arena *a, struct takes *all, int from)
{
	const char *work = all->take[from].work;

	json_put_object(o, NULL);
	json_put_text(o, "fulfillmentOrderId", shopify_gid(a, "FulfillmentOrder", work));
	json_put_array(o, "fulfillmentOrderLineItems");
	for (int i = from; i < all->n; i++) {
		struct take *t = &all->take[i];

		if (strcmp(t->work, work))
			continue;
		t->told = true;
		json_put_object(o, NULL);
		json_put_text(o, "id", shopify_gid(a, "FulfillmentOrderLineItem", t->line));
		json_put_int(o, "quantity", t->qty);
		json_end_object(o);
	}
	json_end_array(o);
	json_end_object(o);
}

static void put_package(struct json_out *o, struct arena *a, const struct account *acc, const struct job *job, const struct parcel *p,
                        struct takes *all)
{
	const char *company = fields_get(&job->payload, "carrier.shopify", "");

	json_put_object(o, "fulfillment");
	json_put_array(o, "lineItemsByFulfillmentOrder");
	for (int i = 0; i < all->n; i++)
		if (!all->take[i].told)
			put_work(o, a, all, i);
	json_end_array(o);
	json_put_object(o, "trackingInfo");
	json_put_text(o, "company", *company ? company : p->carrier_name);
	json_put_text(o, "number", p->tracking);
	if (*p->url) /* a company they know makes the address itself; ours stands for the others */
		json_put_text(o, "url", p->url);
	json_end_object(o);
	json_put_bool(o, "notifyCustomer", acc->notify_customer);
	json_end_object(o);
}

enum fault shopify_ship_ask(const struct account *acc, struct batch b, struct request *r, struct err *err)
{
	static const char document[] = "mutation Ship($fulfillment: FulfillmentInput!) { fulfillmentCreate(fulfillment: $fulfillment) { "
				       "fulfillment { id status } userErrors { field message } } }";
	struct takes all = { 0 };
	struct parcel p;
	struct said s;

	if (parcel_read(b.job, b.now_ms, r->arena, &p, err))
		return FAULT_REFUSED;
	if (take_package(r->arena, &p, &all, err))
		return FAULT_REFUSED;
	shopify_begin(&s, r->arena, "Ship", document);
	put_package(&s.vars, r->arena, acc, b.job, &p, &all);
	shopify_end(&s, acc, r);
	return OK;
}

/*
 * A payload beside errors: the mutation was carried out, and what went wrong may be its telling (GraphQL, October 2021,
 * 7.1.2: errors beside data were raised while it was carried out). To say it again could send a second package, so the order is read first.
 */
static enum fault carried_out(struct arena *a, enum fault f, const struct json *data, struct err *err)
{
	if (!f || !json_is_object(json_get(data, "fulfillmentCreate")))
		return f;
	return err_set(err, FAULT_UNSURE, "they may have done it: %s", arena_strdup(a, err->text));
}

/*
 * They object in words alone, without a code. Whatever it is, what we know of the fulfilment orders may be old: they were moved, split, put on hold or
 * closed. So the order is read again, and a package that is told once more names them as they are then.
 */
enum fault shopify_ship_hear(const struct account *acc, struct batch b, const struct reply *r, struct news *n, struct err *err)
{
	const struct json *data, *payload;
	const char *code, *words, *id;
	struct reading w = { .arena = n->arena };
	struct job_plan *again;
	enum fault f = shopify_open(acc, SHOPIFY_FULFILL, r, n, &data, err);

	if (f)
		return carried_out(n->arena, f, data, err);
	payload = json_get(data, "fulfillmentCreate");
	if (shopify_objection(acc, n->arena, payload, "userErrors", &code, &words, err))
		return FAULT_FORMAT;
	if (words) {
		news_receipt(n, 0, FAULT_REFUSED, NULL,
		             arena_printf(n->arena, "%s (the order is read again; retry names its fulfilment orders anew)", words));
		again = news_follow(n, VERB_ORDER, b.job->subject);
		again->payload = &b.job->payload;
		again->subject_id = b.job->subject_id;
		again->lane = LANE_CONFIRM;
		return OK;
	}
	id = need_text(spot_get(spot_top(&w, payload), "fulfillment"), "id");
	if (answer_wrong(&w, err))
		return FAULT_FORMAT;
	news_receipt(n, 0, OK, answer_word(n->arena, id, 80), NULL);
	return OK;
}
