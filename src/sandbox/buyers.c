/* buyers.c: who comes, what he finds and takes, and what follows from it by itself. */
#include "sandbox/world.h"

#include "sandbox/people.h"

/* Units that were promised and are not there, and whether the seller could have known. */
static void oversold_note(struct world *w, struct line *line, const struct listing *l, int free)
{
	int over = line->qty > free ? line->qty - free : 0;
	int64_t shown_ms = l->wrong_ms ? w->now_ms - l->wrong_ms : 0;

	if (!over)
		return;
	line->oversold = (int16_t)over;
	w->count[OVERSOLD] += over;
	if (l->unsaid_ms && w->now_ms - l->unsaid_ms > MINUTE_MS)
		w->count[OVERSOLD_AVOIDABLE] += over;
	if (shown_ms > w->count[OVERSOLD_WORST_MS])
		w->count[OVERSOLD_WORST_MS] = shown_ms;
}

/* When the shelf covers less than three days' demand, two weeks' worth is ordered and comes within a day. */
static void reorder(struct world *w, int product)
{
	struct product *p = &w->product[product];
	int daily = product_daily(w, product);

	for (int k = 0; k < PARTS && p->each[k]; k++)
		reorder(w, p->part[k]);
	if (!w->opt.demo || product_bundled(p) || w->now_ms < w->opt.epoch_ms || p->coming || p->shelf - p->owed > 3 * daily)
		return;
	p->coming = 14 * daily;
	p->coming_to = !w->opt.depots ? DEPOT_FILE : rng_below(&w->chance, 2) ? DEPOT_HARBOR : DEPOT_RENO;
	world_later(w, w->now_ms + (6 + rng_below(&w->chance, 18)) * HOUR_MS, EVENT_RESTOCK, product);
}

static void line_add(struct world *w, int listing, int qty)
{
	const struct listing *l = &w->listing[listing];
	int free = product_sellable(w, l->product);
	struct line *line;

	w->line = world_room(w->line, w->lines, &w->line_cap, sizeof *w->line);
	line = &w->line[w->lines++];
	line->product = l->product;
	line->order = w->orders - 1;
	line->qty = (int16_t)qty;
	line->price_minor = (int32_t)price_at(w, l->product, (enum place)l->place);
	line->shipment = -1;
	line->depot = -1;
	line->status_ms = w->now_ms;
	w->order[w->orders - 1].lines++;
	w->count[UNITS_SOLD] += qty;
	if (!place_facts[l->place].apart) {
		oversold_note(w, line, l, free);
		product_owe(w, l->product, qty);
	}
	listing_sell(w, listing, qty);
	product_judge(w, l->product);
	reorder(w, l->product);
}

/* Due a day to a day and a half later: with orders at all hours, some are always due soon. */
static int64_t ship_by(int64_t placed_ms, uint32_t buyer, bool two_day)
{
	return placed_ms + (two_day ? 12 : 24) * (int64_t)HOUR_MS + (int64_t)(number_scramble(buyer + 99u) % 12) * HOUR_MS;
}

static const enum count orders_of[PLATFORMS] = { ORDERS_WALMART, ORDERS_AMAZON, ORDERS_EBAY, ORDERS_SHOPIFY };

int order_place(struct world *w, int listing, int qty, uint32_t buyer)
{
	enum place place = (enum place)w->listing[listing].place;
	struct order *o;
	int number = w->orders;

	w->order = world_room(w->order, w->orders, &w->order_cap, sizeof *w->order);
	o = &w->order[w->orders++];
	o->placed_ms = w->now_ms;
	o->buyer = buyer;
	o->line = w->lines;
	o->outbound = -1;
	o->place = (uint8_t)place;
	if (number_scramble(buyer + 5u) % 6 == 0)
		o->flags = ORDER_TWO_DAY;
	o->ship_by_ms = ship_by(w->now_ms, buyer, o->flags & ORDER_TWO_DAY);
	w->count[orders_of[place_facts[place].platform]]++;
	line_add(w, listing, qty);
	order_touch(w, number);
	if (w->opt.depots && !place_facts[place].apart)
		world_later(w, w->now_ms + 3 * MINUTE_MS + rng_below(&w->chance, 9 * MINUTE_MS), EVENT_HEARD, number);
	return number;
}

/*
 * What follows by itself: payment clears, a platform's warehouse ships, an order that nobody ships is cancelled: by
 * Walmart 4 days after the expected ship date, by Amazon 7 business days after the latest (their seller help, 2026). eBay and
 * Shopify leave it to the seller.
 */
static void order_foresee(struct world *w, int order, struct rng *r)
{
	static const int64_t patience_days[PLATFORMS] = { [WALMART] = 4, [AMAZON] = 9 };
	struct order *o = &w->order[order];
	enum platform platform = order_platform(o);

	if (platform != WALMART && rng_below(r, 100) < 12) {
		o->flags |= ORDER_PENDING;
		world_later(w, w->now_ms + (4 + rng_below(r, 36)) * MINUTE_MS, EVENT_CLEAR, order);
	}
	if (rng_below(r, 100) < 2)
		world_later(w, w->now_ms + (10 + rng_below(r, 240)) * MINUTE_MS, EVENT_ASK_CANCEL, order);
	if (order_pool(o))
		world_later(w, w->now_ms + (2 + rng_below(r, 6)) * HOUR_MS, EVENT_DEADLINE, order);
	else if (patience_days[platform])
		world_later(w, o->ship_by_ms + patience_days[platform] * DAY_MS, EVENT_DEADLINE, order);
}

int listing_pick(const struct world *w, int64_t at)
{
	int low = 0, high = w->listings - 1;

	while (low < high) {
		int mid = low + (high - low) / 2;

		if (w->weight[mid] <= at)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static int basket(struct rng *r, int left)
{
	static const int sizes[] = { 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 1, 1, 3, 1, 4 };
	int want = sizes[rng_below(r, 16)];

	return want < left ? want : left;
}

/* A second or third product from the same place goes into the same order now and then. */
static void buy_more(struct world *w, int order, struct rng *r)
{
	for (int tries = 0; tries < 2 && rng_below(r, 100) < 14; tries++) {
		int product = (int)rng_below(r, w->products), listing = w->product[product].listing[w->order[order].place];

		if (listing < 0 || product == w->line[w->lines - 1].product || listing_sellable(w, &w->listing[listing]) < 1)
			continue;
		line_add(w, listing, 1);
	}
}

/*
 * Each buyer is a random source of his own, drawn from the one of demand: what the seller's
 * software says changes what a buyer finds, never who comes when and wants what.
 */
void buyer_comes(struct world *w)
{
	struct rng r = rng_seeded(rng_next(&w->demand));
	int listing, left, order;

	if (!w->listings)
		return;
	listing = listing_pick(w, rng_below(&r, w->weight[w->listings - 1]));
	left = listing_buyable(w, &w->listing[listing]);
	if (left < 1) {
		w->count[UNITS_REFUSED]++;
		return;
	}
	order = order_place(w, listing, basket(&r, left), (uint32_t)(rng_next(&r) >> 40) + ODD_PEOPLE);
	if (w->opt.demo && rng_below(&r, 25) == 0)
		w->order[order].buyer = (uint32_t)rng_below(&r, ODD_PEOPLE);
	buy_more(w, order, &r);
	order_foresee(w, order, &r);
}
