/* shipments.c: what is told to have left: parcels and their labels, and the goods that go with them. */
#include "sandbox/world.h"

#include <stdio.h>
#include <string.h>

int line_find_ref(const struct world *w, int line, const char *ref)
{
	int s = w->line[line].shipment;

	while (s >= 0 && strcmp(world_str(w, w->label[w->shipment[s].label].ref), ref) != 0)
		s = w->shipment[s].next;
	return s;
}

int line_find_tracking(const struct world *w, int line, const char *tracking)
{
	char made[32];
	int s = w->line[line].shipment;

	while (s >= 0 && strcmp(shipment_tracking(w, s, made), tracking) != 0)
		s = w->shipment[s].next;
	return s;
}

bool line_told_again(struct world *w, int line, int qty, const char *tracking, const char *correlation)
{
	if (!*tracking || line_find_tracking(w, line, tracking) < 0)
		return false;
	w->count[SHIPS_AGAIN]++;
	order_effect(w, w->line[line].order, EFFECT_SHIP_AGAIN, tracking, qty, correlation);
	return true;
}

bool shipment_same(const struct world *w, int a, int b)
{
	uint32_t x = w->label[w->shipment[a].label].ref, y = w->label[w->shipment[b].label].ref;

	return a == b || (x && y && strcmp(world_str(w, x), world_str(w, y)) == 0);
}

bool shipment_first(const struct world *w, int shipment)
{
	const struct order *o = &w->order[w->line[w->shipment[shipment].line].order];

	for (int line = o->line; line < o->line + o->lines; line++)
		for (int s = w->line[line].shipment; s >= 0; s = w->shipment[s].next)
			if (s < shipment && shipment_same(w, s, shipment))
				return false;
	return true;
}

/* A USPS number has 22 digits, the last a check digit of the GS1 kind. */
const char *shipment_tracking(const struct world *w, int shipment, char *out)
{
	const struct label *label = &w->label[w->shipment[shipment].label];

	if (label->tracking)
		return world_str(w, label->tracking);
	snprintf(out, 32, "9400111%014llu", (unsigned long long)(number_scramble((uint64_t)shipment + 31) % 100000000000000u));
	out[21] = (char)('0' + gtin_check(out, 21));
	out[22] = '\0';
	return out;
}

static int label_add(struct world *w, const struct parcel *p)
{
	if (!*p->tracking && !*p->ref)
		return 0;
	w->label = world_room(w->label, w->labels, &w->label_cap, sizeof *w->label);
	w->label[w->labels] = (struct label){ world_text(w, p->carrier), world_text(w, p->other_carrier), world_text(w, p->tracking),
		                              world_text(w, p->url),     world_text(w, p->method),        world_text(w, p->ref) };
	return w->labels++;
}

int shipment_add(struct world *w, int line, int qty, const struct parcel *parcel)
{
	struct shipment *s;

	w->shipment = world_room(w->shipment, w->shipments, &w->shipment_cap, sizeof *w->shipment);
	s = &w->shipment[w->shipments];
	s->line = line;
	s->next = w->line[line].shipment;
	s->qty = (int16_t)qty;
	s->shipped_ms = parcel->shipped_ms;
	s->label = label_add(w, parcel);
	w->line[line].shipment = w->shipments;
	return w->shipments++;
}

void shipment_relabel(struct world *w, int shipment, const struct parcel *parcel)
{
	w->shipment[shipment].label = label_add(w, parcel);
	w->shipment[shipment].shipped_ms = parcel->shipped_ms;
	order_touch(w, w->line[w->shipment[shipment].line].order);
}

void shipment_seen(struct world *w, int shipment)
{
	struct shipment *s = &w->shipment[shipment];
	struct line *l = &w->line[s->line];

	if (s->seen)
		return;
	s->seen = 1;
	l->seen = (int16_t)(l->seen + s->qty);
	l->status_ms = w->now_ms;
	order_touch(w, l->order);
}

/*
 * What the platform is told has left: the goods are gone by now, or leave with this; and a reservation of them ends
 * together with the quantity it was taken from.
 */
static void goods_leave(struct world *w, int line, int qty)
{
	const struct line *l = &w->line[line];
	enum place place = (enum place)w->order[l->order].place;
	enum platform platform = place_facts[place].platform;
	struct listing *at = &w->listing[w->product[l->product].listing[place]];
	int gone = l->left - (l->shipped - qty); /* sent off, and nobody was told until now */

	if (platform == SHOPIFY)
		at->reserved -= qty;
	if (place_facts[place].apart)
		return;
	if (gone < qty)
		warehouse_take(w, line, qty - gone);
	if (platform == WALMART) {
		at->reserved -= qty;
		at->shown -= at->shown < qty ? at->shown : qty;
	}
	product_judge(w, l->product);
}

void line_ship(struct world *w, int line, int qty, const struct parcel *parcel, bool seen_later, const char *correlation)
{
	struct line *l = &w->line[line];
	const struct order *o = &w->order[l->order];
	int s = shipment_add(w, line, qty, parcel);
	int64_t wait = seen_later ? settle_ms(w, order_platform(o)) : 0;

	l->shipped = (int16_t)(l->shipped + qty);
	w->count[UNITS_SHIPPED] += qty;
	goods_leave(w, line, qty);
	if (!order_pool(o)) {
		w->count[SHIPS]++;
		w->count[SHIPS_LATE] += w->now_ms > o->ship_by_ms;
		order_effect(w, l->order, EFFECT_SHIP, *parcel->ref ? parcel->ref : parcel->tracking, qty, correlation);
	}
	if (wait > 0)
		world_later(w, w->now_ms + wait, EVENT_SHIP_SEEN, s);
	else
		shipment_seen(w, s);
	world_later(w, w->now_ms + DAY_MS + rng_below(&w->chance, 2 * (int64_t)DAY_MS), EVENT_DELIVER, s);
}

void shipment_deliver(struct world *w, int shipment)
{
	struct shipment *s = &w->shipment[shipment];
	struct line *l = &w->line[s->line];

	shipment_seen(w, shipment);
	s->delivered_ms = w->now_ms;
	l->delivered = (int16_t)(l->delivered + s->qty);
	l->status_ms = w->now_ms;
	w->count[UNITS_DELIVERED] += s->qty;
	order_touch(w, l->order);
	if (w->opt.depots && !place_facts[w->order[l->order].place].apart && rng_below(&w->chance, 100) < 4)
		world_later(w, w->now_ms + (2 + rng_below(&w->chance, 28)) * HOUR_MS, EVENT_RETURN, s->line);
}
