/*
 * orders.c: the list of orders, one of them, and the confirmation of a package.
 *
 * The list is asked by last update, up to a moment at least two minutes ago, for Amazon refuses a fresher end (model). A next page wants
 * the same parameters again beside its token ("Pagination", orders 2026-01-01).
 */
#include "channels/amazon/amazon.h"

#include "base/text.h"
#include "channels/parcel.h"

#include <string.h>

enum { PAGE_ORDERS = 100 };

static const char included[] = "BUYER,RECIPIENT,PROCEEDS,CANCELLATION,FULFILLMENT,PACKAGES";

static const char *all_marketplaces(const struct account *acc, struct arena *a)
{
	struct buf b = buf_new(a);

	for (int i = 0; i < acc->marketplaces; i++)
		buf_printf(&b, "%s%s", i ? "," : "", acc->marketplace[i]);
	return b.p;
}

enum fault amazon_orders_ask(const struct account *acc, struct batch b, struct request *r, struct err *err)
{
	const struct cursor *c = &b.job->cursor;
	char since[32], until[32];

	if (!acc->marketplaces)
		return err_set(err, FAULT_REFUSED, "account %.30s names no marketplace", acc->name);
	time_iso_s(c->since_ms, since);
	time_iso_s(c->until_ms, until);
	amazon_request(acc, r, "GET", "/orders/2026-01-01/orders");
	request_query(r, "lastUpdatedAfter", since);
	request_query(r, "lastUpdatedBefore", c->until_ms > c->since_ms ? until : NULL);
	request_query(r, "marketplaceIds", all_marketplaces(acc, r->arena));
	request_query_int(r, "maxResultsPerPage", PAGE_ORDERS);
	request_query(r, "includedData", included);
	request_query(r, "paginationToken", c->page && *c->page ? c->page : NULL);
	return OK;
}

enum fault amazon_orders_hear(const struct account *acc, struct batch b, const struct reply *r, struct news *n, struct err *err)
{
	const struct json *body, *list;
	struct deadlines deadlines = deadlines_of(n->arena, "amazon");
	const char *next;
	int i = 0;
	enum fault f = amazon_open(acc, AMAZON_ORDERS, r, n->arena, &body, err);

	if (f)
		return f;
	list = json_get(body, "orders");
	if (!json_is_array(list))
		return err_set(err, FAULT_FORMAT, "orders: not a list of orders");
	for (const struct json *o = json_first(list); o; o = json_next(o))
		amazon_order_take(n, o, arena_printf(n->arena, "orders[%d]", i++), &deadlines);
	n->has_page = true;
	next = json_text_or(body, "pagination.nextToken", "");
	if (!*next)
		return OK;
	if (b.job->cursor.page && !strcmp(next, b.job->cursor.page)) /* going on would never end, stopping would lose what follows */
		return err_set(err, FAULT_FORMAT, "pagination.nextToken: the next page is this page again");
	n->next_page = next;
	return OK;
}

static enum fault order_path(const struct job *job, struct arena *a, const char *format, const char **path, struct err *err)
{
	const char *ref = fields_get(&job->payload, "ref", "");

	if (!text_id(ref, "-_", 40))
		return err_set(err, FAULT_REFUSED, "the job names no order: its ref is no identifier");
	*path = arena_printf(a, "%s/%s", format, ref);
	return OK;
}

enum fault amazon_order_ask(const struct account *acc, struct batch b, struct request *r, struct err *err)
{
	const char *path;
	enum fault f = order_path(b.job, r->arena, "/orders/2026-01-01/orders", &path, err);

	if (f)
		return f;
	amazon_request(acc, r, "GET", path);
	request_query(r, "includedData", included);
	return OK;
}

enum fault amazon_order_hear(const struct account *acc, struct batch b, const struct reply *r, struct news *n, struct err *err)
{
	struct deadlines deadlines;
	const struct json *body;
	enum fault f = amazon_open(acc, AMAZON_ORDERS, r, n->arena, &body, err);

	(void)b;
	n->no_order = f == FAULT_REFUSED && answer_is_none(&amazon_manners, r, n->arena);
	if (f)
		return f;
	if (!json_is_object(json_get(body, "order")))
		return err_set(err, FAULT_FORMAT, "order: missing");
	deadlines = deadlines_of(n->arena, "amazon");
	amazon_order_take(n, json_get(body, "order"), "order", &deadlines);
	return OK;
}

/* ---- confirmShipment: still version 0, there is no newer one ---- */

/* "Only positive numeric values are supported" (model, packageReferenceId). */
static bool is_package_number(const char *s)
{
	int64_t n;

	return text_int(s, 1, INT64_MAX, &n);
}

static void put_package(struct json_out *o, struct arena *a, const struct job *job, const struct parcel *p)
{
	const char *code = fields_get(&job->payload, "carrier.amazon", "");
	char *when = arena_alloc(a, 32);

	time_iso(p->shipped_ms, when);
	json_put_object(o, "packageDetail");
	json_put_text(o, "packageReferenceId", p->package);
	json_put_text(o, "carrierCode", *code ? code : "Other");
	if (!*code || !strcmp(code, "Other"))
		json_put_text(o, "carrierName", p->carrier_name);
	if (*p->service)
		json_put_text(o, "shippingMethod", p->service);
	json_put_text(o, "trackingNumber", p->tracking);
	json_put_text(o, "shipDate", when);
	json_put_array(o, "orderItems");
	for (int i = 0; i < p->lines; i++) {
		json_put_object(o, NULL);
		json_put_text(o, "orderItemId", p->line[i].ref);
		json_put_int(o, "quantity", p->line[i].qty);
		json_end_object(o);
	}
	json_end_array(o);
	json_end_object(o);
}

enum fault amazon_ship_ask(const struct account *acc, struct batch b, struct request *r, struct err *err)
{
	struct buf body = buf_new(r->arena);
	struct json_out o = json_out(&body);
	const char *marketplace, *path;
	struct parcel p;

	if (parcel_read(b.job, b.now_ms, r->arena, &p, err) || amazon_marketplace(acc, b.job, &marketplace, err) ||
	    order_path(b.job, r->arena, "/orders/v0/orders", &path, err))
		return FAULT_REFUSED;
	if (!is_package_number(p.package))
		return err_set(err, FAULT_REFUSED, "order %.40s: Amazon wants packages numbered 1, 2, 3, and not %.40s", p.ref,
		               *p.package ? p.package : "without a number");
	json_put_object(&o, NULL);
	json_put_text(&o, "marketplaceId", marketplace);
	put_package(&o, r->arena, b.job, &p);
	json_end_object(&o);
	amazon_request(acc, r, "POST", arena_printf(r->arena, "%s/shipmentConfirmation", path));
	amazon_body(r, &body);
	return OK;
}

/* 204 without a body. */
enum fault amazon_ship_hear(const struct account *acc, struct batch b, const struct reply *r, struct news *n, struct err *err)
{
	const struct json *body;
	enum fault f = amazon_open(acc, AMAZON_ORDERS " or Direct to Consumer Shipping", r, n->arena, &body, err);

	(void)b;
	if (!f)
		news_receipt(n, 0, OK, NULL, NULL);
	return f;
}
