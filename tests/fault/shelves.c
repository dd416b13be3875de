#include "tests/fault/shelves.h"

#include "sandbox/sandbox.h"

#include <inttypes.h>
#include <string.h>

const char *shelf_place(const char *channel)
{
	for (enum place p = 0; p < PLACES; p++)
		if (!strcmp(platform_names[place_facts[p].platform], channel) && !place_facts[p].apart)
			return place_facts[p].name;
	return NULL;
}

static const struct listing *listing_at(struct day *d, const char *place, int product)
{
	const struct world *w = d->sandbox->world;
	int at = w->product[product].listing[place_named(place)];

	return at < 0 ? NULL : &w->listing[at];
}

int shelf_offered(struct day *d, const char *place)
{
	int i = 0;

	while (i < d->sandbox->world->products - 1 && !listing_at(d, place, i))
		i++;
	return i;
}

int64_t shelf_shown(struct day *d, const char *place, int product)
{
	const struct listing *l = listing_at(d, place, product);

	return l ? l->shown : -1;
}

bool shelf_settled(struct day *d, const char *place, int product)
{
	const struct listing *l = listing_at(d, place, product);

	return !l || l->said_seq == l->shown_seq;
}

const char *shelf_sku(struct day *d, int product)
{
	return world_str(d->sandbox->world, d->sandbox->world->product[product].sku);
}

bool shelf_recount(struct day *d, const char *channel, int product, int qty)
{
	static const struct {
		const char *channel;
		enum depot_kind kind;
	} keepers[] = { { "local", KEPT_IN_FILE }, { "netsuite", KEPT_IN_ERP }, { "cartoncloud", KEPT_IN_WMS } };

	for (size_t k = 0; k < sizeof keepers / sizeof *keepers; k++)
		for (enum depot at = 0; at < DEPOTS && !strcmp(keepers[k].channel, channel); at++)
			if (depot_facts[at].kind == keepers[k].kind) {
				depot_count(d->sandbox->world, product, at, qty);
				day_count_shelf(d);
				return true;
			}
	return false;
}

int shelf_ordered(struct day *d, int order)
{
	const struct world *w = d->sandbox->world;

	return w->line[w->order[order].line].product;
}

void shelf_cancel(struct day *d, int order)
{
	struct world *w = d->sandbox->world;

	order_cancel_line(w, w->order[order].line, line_left(&w->line[w->order[order].line]), 0, ORDER_BY_BUYER, NULL);
}

int shelf_unsent(struct day *d, int order)
{
	return line_left(&d->sandbox->world->line[d->sandbox->world->order[order].line]);
}

void shelf_send(struct day *d, int order, int qty, const char *tracking)
{
	struct world *w = d->sandbox->world;
	struct parcel parcel = { .carrier = "USPS", .other_carrier = "", .tracking = tracking, .url = "", .method = "", .ref = tracking, .shipped_ms = d->now_ms };

	line_ship(w, w->order[order].line, qty, &parcel, false, NULL);
}

void shelf_delist(struct day *d, const char *channel, int product)
{
	for (enum place p = 0; p < PLACES; p++)
		if (!strcmp(platform_names[place_facts[p].platform], channel))
			d->sandbox->world->product[product].listing[p] = -1;
}

void shelf_retire(struct day *d, int product)
{
	d->sandbox->world->product[product].retired = 1;
}

const char *shelf_differs(struct day *d)
{
	const struct world *w = d->sandbox->world;

	for (int i = 0; i < w->products; i++) {
		const struct product *p = &w->product[i];
		int64_t is = day_int(d, arena_printf(d->arena, "SELECT available FROM item WHERE sku = '%s'", shelf_sku(d, i)));

		if (is != p->shelf - p->owed)
			return arena_printf(d->arena, "%s: %d on the shelves, %d owed, and the store says %" PRId64, shelf_sku(d, i), p->shelf, p->owed, is);
	}
	return NULL;
}
