/* orders.c: an order from its placing on: what changes it, and the lists by last modification that page through the log of changes. */
#include "sandbox/world.h"

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

bool order_pool(const struct order *o)
{
	return place_facts[o->place].pool;
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

void order_clear(struct world *w, int order)
{
	struct order *o = &w->order[order];

	if (!(o->flags & ORDER_PENDING))
		return;
	o->flags &= (uint8_t)~ORDER_PENDING;
	order_touch(w, order);
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

/* The first of n rows that does not come before at; the rows that do stand first. */
static int first_from(const struct world *w, int n, bool (*before)(const struct world *w, int row, int64_t at), int64_t at)
{
	int low = 0, high = n;

	while (low < high) {
		int mid = low + (high - low) / 2;

		if (before(w, mid, at))
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static bool placed_before(const struct world *w, int order, int64_t at_ms)
{
	return w->order[order].placed_ms < at_ms;
}

static bool touched_before(const struct world *w, int touch, int64_t at_ms)
{
	return w->touch[touch].at_ms < at_ms;
}

static bool logged_before(const struct world *w, int touch, int64_t serial)
{
	return w->touch[touch].serial < serial;
}

int orders_from(const struct world *w, int64_t at_ms)
{
	return first_from(w, w->orders, placed_before, at_ms);
}

int touches_from(const struct world *w, int64_t at_ms)
{
	return first_from(w, w->touches, touched_before, at_ms);
}

int touches_from_serial(const struct world *w, uint32_t serial)
{
	return first_from(w, w->touches, logged_before, serial);
}

/* ---- acknowledging and cancelling ---- */

void order_effect(struct world *w, int order, enum effect_kind kind, const char *detail, int qty, const char *correlation)
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
