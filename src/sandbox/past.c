/*
 * past.c: the days before the simulation begins.
 *
 * Orders are written in order of time with what had become of them by the epoch; stock is set afterwards,
 * so that what they still owe is on the shelf.
 */
#include "sandbox/world.h"

#include "sandbox/people.h"

#include <stdlib.h>

enum { LONGEST_DAYS = 170 }; /* inside Walmart's 180-day window */

/* An order of the past stands where its buyer would have found goods; nothing is reserved yet. */
static int past_order(struct world *w, struct rng *r, int64_t placed_ms)
{
	int listing = listing_pick(w, rng_below(r, w->weight[w->listings - 1]));

	w->now_ms = placed_ms;
	return order_place(w, listing, rng_below(r, 9) == 0 ? 2 : 1, (uint32_t)(rng_next(r) >> 40) + ODD_PEOPLE);
}

/* The fate of an order by its age in hours, in per mille of orders: acknowledged, shipped. */
static int acked_share(int64_t hours)
{
	return hours < 1 ? 150 : hours < 3 ? 550 : hours < 4 ? 800 : 990;
}

static int shipped_share(int64_t hours)
{
	return hours < 6 ? 20 : hours < 12 ? 250 : hours < 20 ? 600 : hours < 28 ? 900 : hours < 36 ? 965 : 990;
}

static void past_ship(struct world *w, int order, struct rng *r)
{
	struct order *o = &w->order[order];
	struct parcel parcel = { "", "", "", "", "", "", o->acked_ms ? o->acked_ms : o->placed_ms };
	struct line *l = &w->line[o->line];
	int64_t room = w->opt.epoch_ms - parcel.shipped_ms, longest = 30 * (int64_t)HOUR_MS, arrives_ms;
	int s, qty = l->qty > 1 && rng_below(r, 4) == 0 ? 1 : l->qty; /* now and then only a part */

	parcel.shipped_ms += rng_below(r, (room < longest ? room : longest) + 1);
	arrives_ms = parcel.shipped_ms + 20 * (int64_t)HOUR_MS + rng_below(r, 40 * (int64_t)HOUR_MS);
	s = shipment_add(w, o->line, qty, &parcel);
	w->shipment[s].seen = 1;
	l->shipped = l->seen = l->left = (int16_t)qty;
	l->status_ms = parcel.shipped_ms;
	w->count[UNITS_SHIPPED] += qty;
	if (arrives_ms < w->opt.epoch_ms) {
		w->shipment[s].delivered_ms = l->status_ms = arrives_ms;
		l->delivered = (int16_t)qty;
		w->count[UNITS_DELIVERED] += qty;
	} else {
		world_later(w, arrives_ms, EVENT_DELIVER, s);
	}
}

static void past_cancel(struct world *w, int order, struct rng *r)
{
	struct order *o = &w->order[order];
	struct line *l = &w->line[o->line];

	l->cancelled = l->qty;
	l->status_ms = o->placed_ms + rng_below(r, (w->opt.epoch_ms - o->placed_ms) / 2 + 1);
	o->flags |= ORDER_BY_BUYER;
	w->count[UNITS_CANCELLED] += l->qty;
}

/* What became of an order by the epoch. */
static void past_fate(struct world *w, int order, struct rng *r)
{
	struct order *o = &w->order[order];
	int64_t age = w->opt.epoch_ms - o->placed_ms, hours = age / HOUR_MS, draw = rng_below(r, 1000);
	bool pool = place_facts[o->place].pool;

	if (w->opt.open)
		return;
	if (place_facts[o->place].platform != WALMART && age < 40 * MINUTE_MS && draw % 4 == 0) {
		o->flags |= ORDER_PENDING;
		world_later(w, w->opt.epoch_ms + (1 + draw % 30) * MINUTE_MS, EVENT_CLEAR, order);
		return;
	}
	if (hours >= 1 && draw < 22) {
		past_cancel(w, order, r);
		return;
	}
	if (draw % 100 < acked_share(hours) / 10) {
		o->acked_ms = o->placed_ms + rng_below(r, age < 200 * MINUTE_MS ? age + 1 : 200 * MINUTE_MS);
		w->line[o->line].status_ms = o->acked_ms;
	}
	if (pool ? hours >= 5 : o->acked_ms && rng_below(r, 1000) < (hours > 100 ? 1000 : shipped_share(hours)))
		past_ship(w, order, r);
	else if (hours > 100)
		past_cancel(w, order, r);
}

/* Stock and deadlines of what is still open. */
static void past_owe(struct world *w, int order)
{
	struct order *o = &w->order[order];
	enum platform platform = place_facts[o->place].platform;
	bool pool = place_facts[o->place].pool, open = false;

	for (int i = o->line; i < o->line + o->lines; i++) {
		const struct line *l = &w->line[i];
		struct product *p = &w->product[l->product];
		int done = l->qty - line_left(l);

		o->touched_ms = l->status_ms > o->touched_ms ? l->status_ms : o->touched_ms;
		open |= line_left(l) > 0;
		if (platform == SHOPIFY)
			w->listing[p->listing[o->place]].reserved -= done;
		if (place_facts[o->place].apart || !done)
			continue;
		product_owe(w, l->product, -done);
		if (platform == WALMART)
			w->listing[p->listing[o->place]].reserved -= done;
	}
	if (open && (pool || platform == WALMART || platform == AMAZON))
		world_later(w, pool ? w->opt.epoch_ms + HOUR_MS : o->ship_by_ms + 4 * (int64_t)DAY_MS, EVENT_DEADLINE, order);
}

static int touch_order(const void *a, const void *b)
{
	const struct touch *x = a, *y = b;

	if (x->at_ms != y->at_ms)
		return x->at_ms < y->at_ms ? -1 : 1;
	return (x->order > y->order) - (x->order < y->order);
}

/* The log of changes, as it would have been written. */
static void past_log(struct world *w)
{
	for (int i = 0; i < w->orders; i++)
		w->touch[i] = (struct touch){ w->order[i].touched_ms, i, 0 };
	w->touches = w->orders;
	qsort(w->touch, (size_t)w->touches, sizeof *w->touch, touch_order);
	for (int i = 0; i < w->touches; i++) {
		w->order[w->touch[i].order].touch = i;
		w->touch[i].serial = (uint32_t)i;
	}
	w->serial = (uint32_t)w->touches;
}

/* Each person whose name is hard on a terminal has an order among the newest that are open. */
static void past_odd(struct world *w)
{
	uint32_t odd = 0;

	for (int i = w->orders - 1; i >= 0 && odd < ODD_PEOPLE; i--)
		if (order_view(w, &w->order[i]) <= VIEW_ACKED)
			w->order[i].buyer = odd++;
}

void past_fill(struct world *w)
{
	struct rng r = rng_seeded(w->opt.seed ^ 0xbe5eed);
	int64_t span = w->opt.orders_a_day > 0 ? (int64_t)w->opt.orders * DAY_MS / w->opt.orders_a_day : 0;

	if (!w->listings || w->opt.orders <= 0)
		return;
	span = span < 3 * (int64_t)DAY_MS ? 3 * (int64_t)DAY_MS : span;
	span = span > LONGEST_DAYS * (int64_t)DAY_MS ? LONGEST_DAYS * (int64_t)DAY_MS : span;
	for (int i = 0; i < w->opt.orders; i++)
		past_order(w, &r, w->opt.epoch_ms - span + span / w->opt.orders * i + rng_below(&r, span / w->opt.orders + 1));
	w->now_ms = w->opt.epoch_ms;
	for (int i = 0; i < w->orders; i++) {
		past_fate(w, i, &r);
		past_owe(w, i);
	}
	past_log(w);
	if (w->opt.demo)
		past_odd(w);
	w->count[OVERSOLD] = w->count[OVERSOLD_AVOIDABLE] = w->count[OVERSOLD_WORST_MS] = 0; /* there was no stock yet */
	for (int i = 0; i < w->lines; i++)
		w->line[i].oversold = 0;
	if (w->opt.demo)
		feed_demo(w);
}
