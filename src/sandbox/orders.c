/* orders.c: what buyers do, and what the seller's software does to their orders. */
#include "sandbox/world.h"

#include "sandbox/people.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Walmart wants an acknowledgement within 4 h (Walmart Marketplace Learn, 2026). */
enum { ACK_LIMIT_MS = 4 * HOUR_MS };

enum platform order_platform(const struct order *o)
{
	return place_facts[o->place].platform;
}

int line_left(const struct line *l)
{
	return l->qty - l->shipped - l->cancelled;
}

static bool order_pool(const struct order *o)
{
	return place_facts[o->place].pool;
}

/* ---- numbers: an order's id follows from its number and leads back to it ---- */

enum { WALMART_STEP = 387420489, WALMART_BACK = 513180409, AMAZON_STEP = 1594323, AMAZON_BACK = 2839387 };

static uint64_t scramble(uint64_t x)
{
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
	return x ^ (x >> 31);
}

void order_id(const struct world *w, int order, char out[24])
{
	uint64_t i = (uint64_t)order;

	unsigned long long nine = (i * WALMART_STEP + 271828182) % 1000000000;

	switch (order_platform(&w->order[order])) {
	case AMAZON:
		snprintf(out, 24, "11%u-%07u-%07u", (unsigned)(scramble(i + 1) % 5), (unsigned)(scramble(i + 77) % 10000000),
		         (unsigned)((i * AMAZON_STEP + 3141592) % 10000000));
		break;
	case EBAY:
		snprintf(out, 24, "%02u-1%04llu-%05llu", (unsigned)(scramble(i + 3) % 27 + 1), nine / 100000, nine % 100000);
		break;
	case SHOPIFY:
		snprintf(out, 24, "5%03u%09llu", (unsigned)(scramble(i + 9) % 1000), nine);
		break;
	default:
		snprintf(out, 24, "1088%09llu", nine);
	}
}

/* The digits at the end of an id, of which the order's number can be told. */
static uint64_t tail_number(const char *id, size_t digits)
{
	size_t at = strlen(id), have = 0;
	uint64_t n = 0;

	while (at > 0 && have < digits)
		have += id[--at] != '-';
	for (; id[at]; at++)
		n = id[at] == '-' ? n : n * 10 + (uint64_t)(id[at] - '0');
	return n;
}

int order_by_id(const struct world *w, enum platform platform, const char *id)
{
	static const size_t length[PLATFORMS] = { [WALMART] = 13, [AMAZON] = 19, [EBAY] = 14, [SHOPIFY] = 13 };
	bool amazon = platform == AMAZON;
	uint64_t base = amazon ? 10000000 : 1000000000, number, order;
	char again[24];

	if (strlen(id) != length[platform] || strspn(id, "0123456789-") != strlen(id))
		return -1;
	number = tail_number(id, amazon ? 7 : 9);
	order = amazon ? (number + base - 3141592) % base * AMAZON_BACK % base : (number + base - 271828182) % base * WALMART_BACK % base;
	if (order >= (uint64_t)w->orders || order_platform(&w->order[order]) != platform)
		return -1;
	order_id(w, (int)order, again);
	return strcmp(id, again) == 0 ? (int)order : -1;
}

void order_customer_id(int order, char out[24])
{
	snprintf(out, 24, "2000%011llu", (unsigned long long)(scramble((uint64_t)order + 4242) % 100000000000u));
}

void line_item_id(int line, char out[24])
{
	snprintf(out, 24, "%05u%09u", (unsigned)(10000 + scramble((uint64_t)line) % 90000),
	         (unsigned)(((uint64_t)line * WALMART_STEP + 57721566) % 1000000000));
}

/* ---- the log of changes: lists by last modification page through it ---- */

/* Rows of orders that changed again are dead; when half are, they are swept out. */
static void touches_sweep(struct world *w)
{
	int n = 0;

	if (w->touches < 4096 || w->touches < 2 * w->orders)
		return;
	for (int i = 0; i < w->touches; i++) {
		struct touch t = w->touch[i];

		if (w->order[t.order].touch != i)
			continue;
		w->order[t.order].touch = n;
		w->touch[n++] = t;
	}
	w->touches = n;
}

void order_touch(struct world *w, int order)
{
	w->touch = world_room(w->touch, w->touches, &w->touch_cap, sizeof *w->touch);
	w->touch[w->touches] = (struct touch){ w->now_ms, order, w->serial++ };
	w->order[order].touch = w->touches++;
	w->order[order].touched_ms = w->now_ms;
	touches_sweep(w);
}

int orders_from(const struct world *w, int64_t at_ms)
{
	int low = 0, high = w->orders;

	while (low < high) {
		int mid = low + (high - low) / 2;

		if (w->order[mid].placed_ms < at_ms)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

int touches_from(const struct world *w, int64_t at_ms)
{
	int low = 0, high = w->touches;

	while (low < high) {
		int mid = low + (high - low) / 2;

		if (w->touch[mid].at_ms < at_ms)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

int touches_from_serial(const struct world *w, uint32_t serial)
{
	int low = 0, high = w->touches;

	while (low < high) {
		int mid = low + (high - low) / 2;

		if (w->touch[mid].serial < serial)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* ---- placing ---- */

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
	return placed_ms + (two_day ? 12 : 24) * (int64_t)HOUR_MS + (int64_t)(scramble(buyer + 99u) % 12) * HOUR_MS;
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
	if (scramble(buyer + 5u) % 6 == 0)
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

int line_by_item(const struct order *o, const char *id)
{
	for (int i = o->line; i < o->line + o->lines; i++) {
		char want[24];

		line_item_id(i, want);
		if (strcmp(id, want) == 0)
			return i;
	}
	return -1;
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

void order_clear(struct world *w, int order)
{
	struct order *o = &w->order[order];

	if (!(o->flags & ORDER_PENDING))
		return;
	o->flags &= (uint8_t)~ORDER_PENDING;
	order_touch(w, order);
}

enum order_view order_view(const struct world *w, const struct order *o)
{
	int qty = 0, seen = 0, cancelled = 0, delivered = 0;

	for (int i = o->line; i < o->line + o->lines; i++) {
		qty += w->line[i].qty;
		seen += w->line[i].seen;
		cancelled += w->line[i].cancelled;
		delivered += w->line[i].delivered;
	}
	if (cancelled == qty)
		return VIEW_CANCELLED;
	if (o->flags & ORDER_PENDING)
		return VIEW_PENDING;
	if (seen + cancelled == qty)
		return delivered == seen ? VIEW_DELIVERED : VIEW_SHIPPED;
	if (seen)
		return VIEW_PARTLY;
	return o->acked_ms ? VIEW_ACKED : VIEW_NEW;
}

/* ---- acknowledging and cancelling ---- */

static void order_effect(struct world *w, int order, enum effect_kind kind, const char *detail, int qty, const char *correlation)
{
	char id[24];

	order_id(w, order, id);
	world_effect(w, kind, (enum place)w->order[order].place, id, detail, qty, 0, correlation);
}

bool order_ack(struct world *w, int order, const char *correlation)
{
	struct order *o = &w->order[order];

	if (o->acked_ms) {
		w->count[ACKS_AGAIN]++;
		order_effect(w, order, EFFECT_ACK_AGAIN, NULL, 0, correlation);
		return false;
	}
	o->acked_ms = w->now_ms;
	w->count[ACKS]++;
	w->count[ACKS_LATE] += w->now_ms - o->placed_ms > ACK_LIMIT_MS;
	for (int i = o->line; i < o->line + o->lines; i++)
		w->line[i].status_ms = w->now_ms;
	order_effect(w, order, EFFECT_ACK, NULL, 0, correlation);
	order_touch(w, order);
	return true;
}

void order_cancel_line(struct world *w, int line, int qty, int reason, uint8_t by, const char *correlation)
{
	struct line *l = &w->line[line];
	struct order *o = &w->order[l->order];
	int there = l->qty - l->cancelled - l->left;

	there = there < qty ? there : qty;
	l->cancelled = (int16_t)(l->cancelled + qty);
	l->status_ms = w->now_ms;
	o->reason = (uint8_t)reason;
	o->flags |= by;
	w->count[UNITS_CANCELLED] += qty;
	w->count[CANCELS] += by == 0;
	warehouse_release(w, line, there);
	listing_return(w, l->order, l->product, qty, there);
	order_effect(w, l->order, EFFECT_CANCEL, by ? "by the platform" : NULL, qty, correlation);
	order_touch(w, l->order);
}

/* ---- shipping ---- */

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
	snprintf(out, 32, "9400111%014llu", (unsigned long long)(scramble((uint64_t)shipment + 31) % 100000000000000u));
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

/* Their own warehouse ships what is theirs; what the seller left lying is cancelled. */
void order_deadline(struct world *w, int order)
{
	struct order *o = &w->order[order];
	const struct parcel theirs = { "USPS", "", "", "", "Standard", "", w->now_ms };

	for (int i = o->line; i < o->line + o->lines; i++) {
		int left = line_left(&w->line[i]);

		if (!left)
			continue;
		if (order_pool(o)) {
			line_ship(w, i, left, &theirs, false, NULL);
		} else {
			order_cancel_line(w, i, left, 0, ORDER_BY_PLATFORM, NULL);
			w->count[AUTO_CANCELS]++;
		}
	}
}
