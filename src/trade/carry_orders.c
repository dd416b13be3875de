#include "trade/carry.h"

#include "base/text.h"
#include "trade/aim.h"
#include "trade/inventory.h"
#include "trade/jobs.h"
#include "trade/orders.h"
#include "trade/shipments.h"

#include <inttypes.h>
#include <string.h>

static enum fault ack_one(struct work *w, const struct order_detail *o, struct err *err)
{
	struct fields payload = fields_new(w->a);
	struct job_plan p = { .account = o->row.account, .verb = VERB_ACK, .subject_id = o->row.id, .payload = &payload };

	p.subject = arena_printf(w->a, "order:%" PRId64, o->row.id);
	fields_put(&payload, "ref", o->row.ref);
	return carry_queue(w, &p, err);
}

/* "https://...{n}" with the number in its place; "" when the table has no page for the carrier. */
static const char *tracking_url(struct arena *a, const struct carrier *c, const char *tracking)
{
	const char *at = strstr(c->url, "{n}");
	char number[256];

	if (!at || !text_percent(number, sizeof number, tracking))
		return "";
	return arena_printf(a, "%.*s%s%s", (int)(at - c->url), c->url, number, at + 3);
}

static void put_lines(struct work *w, struct fields *payload, const struct order_detail *o, const struct shipment *sh)
{
	for (int i = 0; i < sh->lines; i++)
		for (int k = 0; k < o->lines; k++)
			if (o->line[k].id == sh->line[i].line_id)
				fields_put(payload, "line", arena_printf(w->a, "%" PRId64 ":%s", sh->line[i].qty,
				                                           *o->line[k].handle ? o->line[k].handle : o->line[k].ref));
}

/* What is told of a package today. */
enum fault carry_package(struct work *w, const struct order_detail *o, int64_t shipment, struct fields *payload, struct err *err)
{
	struct shipment sh;
	struct carrier c = { .name = "", .walmart = "", .amazon = "", .ebay = "", .shopify = "", .url = "" };
	enum fault f = shipment_get(w->s, shipment, w->a, &sh, err);

	if (f)
		return f;
	*payload = fields_new(w->a);
	if (!carrier_find(w->a, sh.carrier, &c))
		c.name = sh.carrier;
	fields_put_int(payload, "shipment", shipment);
	fields_put(payload, "ref", o->row.ref);
	fields_put(payload, "marketplace", o->row.marketplace);
	fields_put(payload, "package", sh.package);
	fields_put(payload, "carrier", sh.carrier);
	fields_put(payload, "carrier.name", c.name);
	fields_put(payload, "carrier.walmart", c.walmart);
	fields_put(payload, "carrier.amazon", c.amazon);
	fields_put(payload, "carrier.ebay", c.ebay);
	fields_put(payload, "carrier.shopify", c.shopify);
	fields_put(payload, "tracking", sh.tracking);
	fields_put(payload, "url", *sh.url ? sh.url : tracking_url(w->a, &c, sh.tracking));
	fields_put(payload, "service", sh.service);
	fields_put_int(payload, "shipped_ms", sh.shipped_ms);
	if (o->row.flags & ORDER_CANCEL_REQ) /* Walmart refuses it otherwise */
		fields_put(payload, "override_cancel", "1");
	put_lines(w, payload, o, &sh);
	return OK;
}

enum fault carry_told(struct work *w, const struct order_detail *o, int64_t shipment, struct fields *payload, struct err *err)
{
	struct job_plan p = { .account = o->row.account, .verb = VERB_SHIP, .subject_id = o->row.id, .payload = payload };

	p.subject = arena_printf(w->a, "shipment:%" PRId64, shipment);
	return carry_queue(w, &p, err);
}

static enum fault ship_one(struct work *w, const struct order_detail *o, struct err *err)
{
	const char *word = intent_word(w->in, "carrier", o->row.id);
	struct carrier c;
	struct shipment sh = {
		.order_id = o->row.id,
		.carrier = carrier_find(w->a, word, &c) ? c.code : word,
		.tracking = intent_word(w->in, "tracking", o->row.id),
		.url = intent_word(w->in, "url", o->row.id),
		.service = intent_word(w->in, "service", o->row.id),
		.shipped_ms = fields_int(&w->in->payload, "shipped_ms", w->why->now_ms),
		.source = "operator",
		.intent_id = w->in->id,
	};
	struct fields payload;
	int64_t id;
	enum fault f = shipment_note(w->s, &sh, w->why, &id, err);

	if (!f)
		f = carry_package(w, o, id, &payload, err);
	return f ? f : carry_told(w, o, id, &payload, err);
}

static enum fault cancel_one(struct work *w, const struct order_detail *o, struct err *err)
{
	struct fields payload = fields_new(w->a);
	struct job_plan p = { .account = o->row.account, .verb = VERB_CANCEL, .subject_id = o->row.id, .payload = &payload };

	fields_put(&payload, "ref", o->row.ref);
	fields_put(&payload, "marketplace", o->row.marketplace);
	fields_put(&payload, "reason", fields_get(&w->in->payload, "reason", "SELLER_CANCEL_OUT_OF_STOCK"));
	for (int i = 0; i < o->lines; i++) {
		int64_t open = 0;

		for (int b = ORDER_NEW; b <= ORDER_PACKED; b++)
			open += o->line[i].bucket[b];
		if (open)
			fields_put(&payload, "line", arena_printf(w->a, "%" PRId64 ":%s", open, o->line[i].ref));
	}
	p.subject = arena_printf(w->a, "order:%" PRId64, o->row.id);
	return carry_queue(w, &p, err);
}

/* What the plan skipped is skipped here for the same reason: a step's text begins with the account and reference. */
static bool in_plan(const struct work *w, const struct order_detail *o)
{
	const char *name = arena_printf(w->a, "%s %s: ", o->row.account_name, o->row.ref);

	for (int i = 0; i < w->plan->steps; i++)
		if (!strncmp(w->plan->step[i], name, strlen(name)))
			return true;
	return false;
}

static enum fault each_order(struct work *w, enum fault (*one)(struct work *, const struct order_detail *, struct err *), struct err *err)
{
	int64_t id;
	enum fault f = OK;

	for (int i = 0; !f && carry_each(w, "order", i, &id); i++) {
		struct order_detail o;

		if (!order_get(w->s, id, w->a, &o, err) && in_plan(w, &o))
			f = one(w, &o, err);
	}
	return f;
}

enum fault carry_acks(struct work *w, struct err *err)
{
	return each_order(w, ack_one, err);
}

enum fault carry_ships(struct work *w, struct err *err)
{
	return each_order(w, ship_one, err);
}

enum fault carry_cancels(struct work *w, struct err *err)
{
	return each_order(w, cancel_one, err);
}

enum fault carry_push(struct work *w, struct err *err)
{
	int64_t id, job;
	enum fault f = OK;

	for (int i = 0; !f && carry_each(w, "offer", i, &id); i++) {
		f = offer_say(w->s, id, true, w->in->id, w->why, &job, err);
		w->done += job != 0;
	}
	return f;
}

enum fault intent_refresh(struct store *s, const struct intent *in, const struct cause *why, struct err *err)
{
	struct intent copy = *in;
	struct work w = { .s = s, .in = &copy, .why = why, .a = arena_new() };
	int64_t id;
	enum fault f = OK;

	for (int i = 0; !f && carry_each(&w, "order", i, &id); i++) {
		struct order_detail o;

		f = order_get(s, id, w.a, &o, err);
		if (!f) {
			struct fields payload = fields_new(w.a);
			struct job_plan p = { .account = o.row.account, .verb = VERB_ORDER, .subject_id = id, .payload = &payload };

			fields_put(&payload, "ref", o.row.ref);
			p.subject = arena_printf(w.a, "order:%" PRId64, id);
			f = carry_queue(&w, &p, err);
		}
	}
	for (int i = 0; !f && carry_each(&w, "offer", i, &id); i++) {
		struct offer o;

		f = offer_get(s, id, w.a, &o, err);
		if (!f) {
			struct fields payload = fields_new(w.a);
			struct job_plan p = { .account = o.account, .verb = VERB_STOCK_READ, .subject_id = id, .payload = &payload };

			fields_put(&payload, "sku", o.sku);
			fields_put(&payload, "marketplace", o.marketplace);
			fields_put(&payload, "node", o.node);
			p.subject = arena_printf(w.a, "offer:%" PRId64, id);
			f = carry_queue(&w, &p, err);
		}
	}
	arena_free(w.a);
	return f;
}
