/* plan_orders: what confirming, shipping or cancelling orders would say, and why one is left out. */
#include "trade/plan.h"

#include "base/text.h"
#include "store/store.h"
#include "trade/jobs.h"
#include "trade/orders.h"
#include "trade/shipments.h"

#include <inttypes.h>
#include <string.h>

static const char *not_for_us(const struct order_detail *o)
{
	if (o->row.flags & ORDER_READ_ONLY)
		return "the channel fulfils it itself";
	if (!o->row.open)
		return "it is closed";
	if (o->row.state == ORDER_PENDING)
		return "its payment is pending: it must not be shipped or acknowledged yet";
	return NULL;
}

static int64_t units_in(const struct order_detail *o, enum order_state from, enum order_state to)
{
	int64_t n = 0;

	for (int i = 0; i < o->lines; i++)
		for (int b = (int)from; b <= (int)to; b++)
			n += o->line[i].bucket[b];
	return n;
}

static const char *order_name(struct draft *d, const struct order_detail *o)
{
	return arena_printf(d->a, "%s %s", o->row.account_name, o->row.ref);
}

/* The same was asked for before and is under way: once is enough. NULL: it was not. */
static const char *under_way(struct draft *d, enum verb verb, int64_t order)
{
	static const char sql[] = "SELECT id, state FROM job WHERE subject_id = ? AND subject_id <> 0 AND verb = ? AND state IN ('waiting', 'inflight', 'sent', 'unsure') "
				  "ORDER BY id DESC LIMIT 1";
	struct rows *r = ASK(d->s, sql, V(order), V(verb_name(verb)));
	const char *text = NULL;

	if (rows_next(r))
		text = arena_printf(d->a, "it was asked for already: job %" PRId64 " is %s", rows_int(r, 0), rows_text(r, 1));
	return rows_end(r, NULL) ? NULL : text;
}

static void ack_one(struct draft *d, const struct order_detail *o)
{
	const char *already = under_way(d, VERB_ACK, o->row.id);

	if (already) {
		draft_skip(d, order_name(d, o), already);
	} else if (!o->row.ack_by_ms) {
		draft_skip(d, order_name(d, o), "this channel has no acknowledgement");
	} else if (!units_in(o, ORDER_NEW, ORDER_NEW)) {
		draft_skip(d, order_name(d, o), "it is acknowledged already");
	} else {
		if (o->row.flags & ORDER_CANCEL_REQ)
			draft_warn(d, arena_printf(d->a, "%s: the buyer asked to cancel", order_name(d, o)));
		draft_step(d, o->row.account_name, o->row.id, arena_printf(d->a, "%s: acknowledge, %" PRId64 " %s", order_name(d, o), o->row.units, draft_units(o->row.units)));
	}
}

static bool has_package(struct draft *d, int64_t order, const char *tracking)
{
	struct shipment *list;
	int n = 0;
	struct err err;

	if (shipments_of(d->s, order, d->a, &list, &n, &err))
		return false;
	for (int i = 0; i < n; i++)
		if (!strcmp(list[i].tracking, tracking) && strcmp(list[i].confirm, "REJECTED") && !shipment_is_draft(&list[i]))
			return true;
	return false;
}

/* Why it cannot be confirmed with these words; NULL when it can. c NULL: not in the table. */
static const char *ship_obstacle(struct draft *d, const struct order_detail *o, const struct carrier *c, const char *carrier,
                                 const char *tracking, const char *url)
{
	const char *refused = carrier_obstacle(d->a, c, o->row.channel, !strncmp(url, "https://", 8));

	if (!*carrier || !*tracking)
		return "carrier or tracking number is missing";
	if (!text_id(tracking, " -_.", 60))
		return "that is no tracking number (1 to 60 letters, digits, spaces, - _ .)";
	if (refused)
		return refused;
	if (!units_in(o, ORDER_NEW, ORDER_PACKED))
		return "nothing of it is left to ship";
	return has_package(d, o->row.id, tracking) ? "a package with this tracking number is noted already" : NULL;
}

static void ship_one(struct draft *d, const struct order_detail *o)
{
	const char *carrier = intent_word(d->in, "carrier", o->row.id), *tracking = intent_word(d->in, "tracking", o->row.id), *url = intent_word(d->in, "url", o->row.id);
	int64_t units = units_in(o, ORDER_NEW, ORDER_PACKED);
	struct carrier c;
	bool known = carrier_find(d->a, carrier, &c);
	const char *obstacle = ship_obstacle(d, o, known ? &c : NULL, carrier, tracking, url);

	if (obstacle) {
		draft_skip(d, order_name(d, o), obstacle);
		return;
	}
	if (known && !carrier_fits(&c, tracking))
		draft_warn(d, arena_printf(d->a, "%s: %s does not look like a number of %s", order_name(d, o), tracking, c.name));
	if (o->row.flags & ORDER_CANCEL_REQ)
		draft_warn(d, arena_printf(d->a, "%s: the buyer asked to cancel", order_name(d, o)));
	draft_step(d, o->row.account_name, o->row.id,
	     arena_printf(d->a, "%s: confirm %" PRId64 " %s of %s with %s %s", order_name(d, o), units, draft_units(units), o->row.sku, known ? c.name : carrier, tracking));
}

static void cancel_one(struct draft *d, const struct order_detail *o)
{
	int64_t units = units_in(o, ORDER_NEW, ORDER_PACKED);
	const char *already = under_way(d, VERB_CANCEL, o->row.id);

	if (!units || already) {
		draft_skip(d, order_name(d, o), units ? already : "nothing of it is left to cancel");
		return;
	}
	if (!(o->row.flags & ORDER_CANCEL_REQ))
		draft_warn(d, arena_printf(d->a, "%s: the buyer did not ask for it: it counts against the seller's cancellation rate", order_name(d, o)));
	draft_step(d, o->row.account_name, o->row.id,
	     arena_printf(d->a, "%s: cancel %" PRId64 " %s, reason %s", order_name(d, o), units, draft_units(units),
	                  fields_get(&d->in->payload, "reason", "SELLER_CANCEL_OUT_OF_STOCK")));
}

static enum fault each_order(struct draft *d, void (*one)(struct draft *, const struct order_detail *), struct err *err)
{
	const char *id;

	for (int i = 0; (id = fields_each(&d->in->payload, "order", i)); i++) {
		struct order_detail o;
		int64_t n;
		enum fault f = text_int(id, 1, INT64_MAX, &n) ? order_get(d->s, n, d->a, &o, err) : err_set(err, FAULT_REFUSED, "no order's number");

		if (f == FAULT_STORE)
			return f;
		if (f) {
			draft_skip(d, "an order", err->text);
			continue;
		}
		buf_printf(&d->bound, "%d %d %" PRId64 "\n", (int)o.row.state, o.row.flags, units_in(&o, ORDER_NEW, ORDER_PACKED));
		if (d->in->kind != INTENT_REDACT && not_for_us(&o)) /* people are forgotten whatever became of the order */
			draft_skip(d, order_name(d, &o), not_for_us(&o));
		else
			one(d, &o);
	}
	return OK;
}

enum fault plan_acks(struct draft *d, struct err *err)
{
	return each_order(d, ack_one, err);
}

enum fault plan_ships(struct draft *d, struct err *err)
{
	return each_order(d, ship_one, err);
}

enum fault plan_cancels(struct draft *d, struct err *err)
{
	return each_order(d, cancel_one, err);
}

static void redact_one(struct draft *d, const struct order_detail *o)
{
	if (o->row.open)
		draft_warn(d, arena_printf(d->a, "%s is not shipped yet: where it goes will be known to nobody here", order_name(d, o)));
	draft_step(d, o->row.account_name, o->row.id, arena_printf(d->a, "%s: forget who ordered it, for good%s%s", order_name(d, o), *o->person ? ": " : "", o->person));
}

enum fault plan_redact(struct draft *d, struct err *err)
{
	return each_order(d, redact_one, err);
}
