/*
 * orders.c: the lists of orders, and one of them.
 *
 * Three lists are kept up with. What changed, by lastmodifieddate, in the two sets of states that may be asked for: what is still to be shipped,
 * and what left; they overlap in IN_PROGRESS, so an order that moves on while they are read is in the other. And what is new, by creationdate
 * and in any state: a word for a state that nobody has heard of is told at least once. Both dates in one filter would be the creation
 * date alone (contract), so each list has one.
 *
 * Their ends are open: an order that changes while pages are read stays in the list. It may still change its place and shift the others, and
 * a page is "so many records on"; so each page begins a few records before the last one's end and must hold its last order. If it does not, the
 * list has moved further than that, and it is read from its start.
 */
#include "channels/ebay/ebay.h"

#include "base/text.h"

#include <inttypes.h>
#include <string.h>

enum { PAGE_ORDERS = 200, OVERLAP = 10 }; /* most of a page (contract); records read twice */

static const struct list {
	const char *pool, *date, *states;
} lists[] = {
	{ "open", "lastmodifieddate", ",orderfulfillmentstatus:{NOT_STARTED|IN_PROGRESS}" },
	{ "shipped", "lastmodifieddate", ",orderfulfillmentstatus:{FULFILLED|IN_PROGRESS}" },
	{ "new", "creationdate", "" },
};

/* Where a page begins, and the order that it must hold; "180:12-03955-36441" in the store. */
struct place {
	int64_t offset;
	const char *last; /* "" for the first page */
};

static struct place place_of(struct arena *a, const char *page)
{
	struct place p = { 0, "" };
	const char *colon = page ? strchr(page, ':') : NULL;

	if (colon && text_int(arena_strndup(a, page, (size_t)(colon - page)), 0, INT32_MAX, &p.offset))
		p.last = colon + 1;
	return p;
}

/* Nothing older can be asked for (contract: "Do not set the creationdate filter to a date beyond two years in the past"). */
static int64_t within_reach(struct arena *a, int64_t since_ms, int64_t now_ms)
{
	struct rule reach = rule_find(a, "ebay.orders_reach");
	int64_t oldest = reach.n ? 2 * now_ms - rule_after(&reach, now_ms) : 0;

	return since_ms > oldest ? since_ms : oldest;
}

enum fault ebay_orders_ask(const struct account *acc, struct batch b, struct request *r, struct err *err)
{
	const char *pool = fields_get(&b.job->payload, "pool", lists[0].pool);
	struct place at = place_of(r->arena, b.job->cursor.page);
	const struct list *list = NULL;
	char since[32];

	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
		if (!strcmp(lists[i].pool, pool))
			list = &lists[i];
	if (!list)
		return err_set(err, FAULT_REFUSED, "%.30s is none of eBay's lists of orders: open, shipped, new", pool);
	time_iso(within_reach(r->arena, b.job->cursor.since_ms, b.now_ms), since);
	ebay_request(acc, r, "GET", "/sell/fulfillment/v1/order");
	request_query(r, "filter", arena_printf(r->arena, "%s:[%s..]%s", list->date, since, list->states));
	request_query_int(r, "limit", PAGE_ORDERS);
	request_query_int(r, "offset", at.offset);
	return OK;
}

static bool holds(const struct json *orders, const char *ref)
{
	for (const struct json *o = json_first(orders); o; o = json_next(o))
		if (!strcmp(json_text_or(o, "orderId", ""), ref))
			return true;
	return false;
}

/* Is there more? next says so; total and their own count must not contradict it. */
static enum fault turn(struct news *n, const struct json *body, const struct json *orders, struct place at, int got, struct err *err)
{
	int64_t total = json_int_or(body, "total", -1), behind = got > OVERLAP ? OVERLAP : 0;
	const char *last = "";

	for (const struct json *o = json_first(orders); o; o = json_next(o))
		last = json_text_or(o, "orderId", "");
	if (*at.last && !holds(orders, at.last)) {
		n->next_page = "0:";
		return OK;
	}
	if (!*json_text_or(body, "next", "")) {
		if (total > at.offset + got)
			return err_set(err, FAULT_FORMAT, "next: missing, though %" PRId64 " of %" PRId64 " orders were told", at.offset + got, total);
		return OK;
	}
	if (total >= 0 && total <= at.offset + got)
		return OK;
	if (!got || !*last || (*at.last && got <= behind))
		return err_set(err, FAULT_FORMAT, "next: there is a next page, and this one leads nowhere");
	n->next_page = arena_printf(n->arena, "%" PRId64 ":%s", at.offset + got - behind, last);
	return OK;
}

enum fault ebay_orders_hear(const struct account *acc, struct batch b, const struct reply *r, struct news *n, struct err *err)
{
	struct place at = place_of(n->arena, b.job->cursor.page);
	const struct json *body, *orders;
	int i = 0;
	enum fault f = ebay_open(acc, EBAY_FULFILLMENT, r, n->arena, &body, err);

	if (f)
		return f;
	orders = json_get(body, "orders");
	if (!json_is_array(orders) && (orders || json_int_or(body, "total", -1) != 0))
		return err_set(err, FAULT_FORMAT, "orders: not a list of orders");
	if (json_int_or(body, "offset", at.offset) != at.offset)
		return err_set(err, FAULT_FORMAT, "offset: another page than the one that was asked for");
	for (const struct json *o = json_first(orders); o; o = json_next(o))
		ebay_order_take(n, o, arena_printf(n->arena, "orders[%d]", i++));
	n->has_page = true;
	return turn(n, body, orders, at, i, err);
}

/* ---- one order: the only reading that tells who asked to cancel ---- */

enum fault ebay_order_ask(const struct account *acc, struct batch b, struct request *r, struct err *err)
{
	const char *ref = fields_get(&b.job->payload, "ref", "");

	if (!text_id(ref, "-_", 40))
		return err_set(err, FAULT_REFUSED, "the job names no order: its ref is no identifier");
	ebay_request(acc, r, "GET", arena_printf(r->arena, "/sell/fulfillment/v1/order/%s", ref));
	return OK;
}

enum fault ebay_order_hear(const struct account *acc, struct batch b, const struct reply *r, struct news *n, struct err *err)
{
	const struct json *body;
	enum fault f = ebay_open(acc, EBAY_FULFILLMENT, r, n->arena, &body, err);

	(void)b;
	n->no_order = f == FAULT_REFUSED && answer_is_none(&ebay_manners, r, n->arena);
	if (f)
		return f;
	if (!json_is_object(body))
		return err_set(err, FAULT_FORMAT, "orderId: missing");
	ebay_order_take(n, body, "");
	return OK;
}
