/*
 * warehouse.c: where the goods stand, and the people who send them off.
 *
 * A marketplace order reaches its warehouse some minutes after it was placed; there stock is set aside for it, it is
 * picked, packed and sent, whether or not the seller's software has looked. From the moment that stock is set aside the
 * warehouse's own number excludes the goods. What is kept in a file has nobody like that: it leaves when the seller ships.
 */
#include "sandbox/world.h"

#include <stdio.h>
#include <string.h>

const struct depot_fact depot_facts[DEPOTS] = {
	[DEPOT_FILE] = { "file", "Back room", KEPT_IN_FILE, 8 },
	[DEPOT_RENO] = { "reno", "Reno DC", KEPT_IN_ERP, 30 },
	[DEPOT_OHIO] = { "ohio", "Columbus DC", KEPT_IN_ERP, 17 },
	[DEPOT_HARBOR] = { "harbor", "Default", KEPT_IN_WMS, 30 },
	[DEPOT_OAKLAND] = { "oakland", "Oakland", KEPT_IN_WMS, 15 },
};

enum depot depot_named(const char *s)
{
	enum depot d = 0;

	while (d < DEPOTS && strcmp(s, depot_facts[d].name) != 0 && strcmp(s, depot_facts[d].title) != 0)
		d++;
	return d;
}

int depot_free(const struct product *p, enum depot d)
{
	return p->at[d] > p->busy[d] ? p->at[d] - p->busy[d] : 0;
}

/* Most goods stand in several places, every fifth in one alone. */
void depots_stock(struct world *w, int product)
{
	struct product *p = &w->product[product];
	int left = p->shelf;

	memset(p->at, 0, sizeof p->at);
	if (!w->opt.depots) {
		p->at[DEPOT_FILE] = p->shelf;
		return;
	}
	for (enum depot d = DEPOT_RENO; d < DEPOTS && product % 5 != 4; d++) {
		p->at[d] = p->shelf * depot_facts[d].share / 100;
		left -= p->at[d];
	}
	if (product % 5 == 4)
		p->at[DEPOT_FILE + product / 5 % DEPOTS] = left;
	else
		p->at[product % 3 ? DEPOT_HARBOR : DEPOT_FILE] += left;
	p->damaged = product % 9 == 2 ? 3 : 0;
	p->held = product % 13 == 5 ? 7 : 0;
}

void warehouse_tell_erp(struct world *w)
{
	for (int i = 0; i < w->products && !w->erp_deaf; i++) {
		struct product *p = &w->product[i];

		p->believed[DEPOT_HARBOR] = p->at[DEPOT_HARBOR];
		p->believed[DEPOT_OAKLAND] = p->at[DEPOT_OAKLAND];
	}
	world_later(w, w->now_ms + HOUR_MS, EVENT_ERP, 0);
}

void depots_start(struct world *w)
{
	if (w->opt.depots)
		warehouse_tell_erp(w);
}

void depot_count(struct world *w, int product, enum depot d, int qty)
{
	struct product *p = &w->product[product];

	p->shelf += qty - p->at[d];
	p->at[d] = qty;
	product_judge(w, product);
}

/* ---- an order reaches a warehouse ---- */

static int line_wanted(const struct line *l)
{
	return l->qty - l->cancelled - l->left;
}

/* A depot that has the goods, the larger ones oftener; when none has, the one that has most. */
static enum depot route(const struct world *w, const struct line *l, int want)
{
	const struct product *p = &w->product[l->product];
	int at = (int)((uint32_t)l->order * 2654435761u >> 8) % 100;
	enum depot first = 0, best = 0;

	for (; first < DEPOTS - 1 && at >= depot_facts[first].share; first++)
		at -= depot_facts[first].share;
	for (int i = 0; i < DEPOTS; i++) {
		enum depot d = (enum depot)(((int)first + i) % DEPOTS);

		if (depot_free(p, d) >= want)
			return d;
		if (depot_free(p, d) > depot_free(p, best))
			best = d;
	}
	return best;
}

static void line_hold(struct world *w, struct line *l, int qty)
{
	w->product[l->product].busy[l->depot] += qty;
	l->busy = (int16_t)(l->busy + qty);
}

bool outbound_has(const struct outbound *o, const struct line *l)
{
	return l->depot == o->depot && l->qty > l->cancelled;
}

int outbound_units(const struct line *l)
{
	return l->qty - l->cancelled;
}

/* All of it or nothing is set aside. */
static bool outbound_hold(struct world *w, struct outbound *o)
{
	const struct order *order = &w->order[o->order];

	for (int i = order->line; i < order->line + order->lines; i++) {
		const struct line *l = &w->line[i];

		if (outbound_has(o, l) && depot_free(&w->product[l->product], (enum depot)o->depot) < line_wanted(l))
			return false;
	}
	for (int i = order->line; i < order->line + order->lines; i++)
		if (outbound_has(o, &w->line[i]))
			line_hold(w, &w->line[i], line_wanted(&w->line[i]));
	return true;
}

static void outbound_turn(struct world *w, struct outbound *o, enum outbound_status status)
{
	o->status = (int32_t)status;
	o->changed_ms = w->now_ms;
}

static void outbound_add(struct world *w, int order, enum depot d)
{
	struct outbound *o;

	w->outbound = world_room(w->outbound, w->outbounds, &w->outbound_cap, sizeof *w->outbound);
	o = &w->outbound[w->outbounds];
	o->order = order;
	o->depot = (int32_t)d;
	o->made_ms = w->now_ms;
	outbound_turn(w, o, outbound_hold(w, o) ? OUT_READY : OUT_AWAITING_STOCK);
	if (w->order[order].outbound < 0)
		w->order[order].outbound = w->outbounds;
	world_later(w, w->now_ms + 15 * MINUTE_MS + rng_below(&w->chance, 45 * MINUTE_MS), EVENT_OUTBOUND, w->outbounds++);
}

/* An order that is not paid for is not told; nobody is told of one that is done. */
void warehouse_hear(struct world *w, int order)
{
	const struct order *o = &w->order[order];
	unsigned depots = 0;

	if (o->flags & ORDER_PENDING) {
		world_later(w, w->now_ms + 5 * MINUTE_MS, EVENT_HEARD, order);
		return;
	}
	for (int i = o->line; i < o->line + o->lines; i++) {
		struct line *l = &w->line[i];
		int want = line_wanted(l);

		if (want <= 0 || l->depot >= 0)
			continue;
		l->depot = (int16_t)(product_bundled(&w->product[l->product]) ? DEPOT_FILE : route(w, l, want)); /* put together where the seller packs */
		if (depot_facts[l->depot].kind == KEPT_IN_FILE)
			line_hold(w, l, want);
		else
			depots |= 1u << l->depot;
	}
	for (enum depot d = 0; d < DEPOTS; d++)
		if (depots >> d & 1)
			outbound_add(w, order, d);
}

/* ---- goods leave, or are not wanted any more ---- */

static struct outbound *outbound_of(struct world *w, const struct line *l)
{
	for (int i = w->order[l->order].outbound; i >= 0 && i < w->outbounds && w->outbound[i].order == l->order; i++)
		if (w->outbound[i].depot == l->depot)
			return &w->outbound[i];
	return NULL;
}

/* A number of the postal service: 22 digits, the last a check digit of the GS1 kind. */
static uint32_t tracking_make(struct world *w)
{
	char number[24];

	snprintf(number, sizeof number, "9405511%014lld", (long long)rng_below(&w->chance, 100000000000000));
	number[21] = (char)('0' + gtin_check(number, 21));
	number[22] = '\0';
	return world_text(w, number);
}

/* When nothing of it is left to send, it is done, or was for nothing. */
static void outbound_close(struct world *w, struct outbound *o)
{
	const struct order *order = &w->order[o->order];
	int left = 0;

	for (int i = order->line; i < order->line + order->lines; i++) {
		if (w->line[i].depot != o->depot)
			continue;
		if (line_wanted(&w->line[i]) > 0)
			return;
		left += w->line[i].left;
	}
	outbound_turn(w, o, left ? OUT_DISPATCHED : OUT_DELETED);
	if (!left)
		return;
	o->packed_ms = o->packed_ms ? o->packed_ms : w->now_ms;
	o->dispatched_ms = w->now_ms;
	o->tracking = o->tracking ? o->tracking : tracking_make(w);
}

static void line_unhold(struct world *w, struct line *l, int qty)
{
	int held = l->busy < qty ? l->busy : qty;

	if (l->depot < 0)
		return;
	w->product[l->product].busy[l->depot] -= held;
	l->busy = (int16_t)(l->busy - held);
}

void warehouse_release(struct world *w, int line, int qty)
{
	struct line *l = &w->line[line];
	struct outbound *o = outbound_of(w, l);

	line_unhold(w, l, qty);
	if (o && o->status != OUT_DISPATCHED)
		outbound_close(w, o);
}

/* What one place lacks another gives, as far as there is anything. */
static void shelf_take(struct product *p, enum depot first, int qty)
{
	for (int i = 0; i < DEPOTS && qty > 0; i++) {
		enum depot d = (enum depot)(((int)first + i) % DEPOTS);
		int n = p->at[d] < qty ? p->at[d] : qty;

		p->at[d] -= n;
		p->shelf -= n;
		qty -= n;
	}
}

void warehouse_take(struct world *w, int line, int qty)
{
	struct line *l = &w->line[line];
	struct outbound *o = outbound_of(w, l);
	struct product *p = &w->product[l->product];

	line_unhold(w, l, qty);
	if (!product_bundled(p))
		shelf_take(p, l->depot < 0 ? DEPOT_FILE : (enum depot)l->depot, qty);
	for (int k = 0; k < PARTS && p->each[k]; k++)
		shelf_take(&w->product[p->part[k]], DEPOT_FILE, qty * p->each[k]);
	product_owe(w, l->product, -qty);
	l->left = (int16_t)(l->left + qty);
	if (o && o->status != OUT_DISPATCHED)
		outbound_close(w, o);
}

static void outbound_dispatch(struct world *w, const struct outbound *o)
{
	int first = w->order[o->order].line, end = first + w->order[o->order].lines;

	for (int i = first; i < end; i++) {
		const struct line *l = &w->line[i];
		int want = line_wanted(l);

		if (!outbound_has(o, l) || want <= 0)
			continue;
		warehouse_take(w, i, want);
		w->count[DISPATCHES] += want;
		product_judge(w, l->product);
	}
}

/* The next stage, and when the one after it comes. */
void warehouse_step(struct world *w, int outbound)
{
	struct outbound *o = &w->outbound[outbound];
	int64_t wait = 5 * MINUTE_MS + rng_below(&w->chance, 20 * MINUTE_MS);

	switch ((enum outbound_status)o->status) {
	case OUT_AWAITING_STOCK:
		if (outbound_hold(w, o))
			outbound_turn(w, o, OUT_READY);
		wait = 20 * MINUTE_MS;
		break;
	case OUT_READY:
		outbound_turn(w, o, OUT_PACKING);
		break;
	case OUT_PACKING:
		outbound_turn(w, o, OUT_PICKED);
		break;
	case OUT_PICKED:
		outbound_turn(w, o, OUT_PACKED);
		o->packed_ms = w->now_ms;
		break;
	case OUT_PACKED:
		outbound_dispatch(w, o);
		return;
	case OUT_DISPATCHED:
	case OUT_DELETED:
		return;
	}
	world_later(w, w->now_ms + wait, EVENT_OUTBOUND, outbound);
}

/* One in four is broken or must be looked at first. */
void warehouse_back(struct world *w, int line)
{
	const struct line *l = &w->line[line];
	struct product *p = &w->product[l->product];
	enum depot d = l->depot < 0 ? DEPOT_HARBOR : (enum depot)l->depot;

	w->count[RETURNS_COUNTED]++;
	if (rng_below(&w->chance, 4) == 0) {
		p->held++;
		return;
	}
	p->at[d]++;
	p->shelf++;
	product_judge(w, l->product);
}
