/* world.c: birth, time and the log of the simulated business. */
#include "sandbox/world.h"

#include "sandbox/people.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const platform_names[PLATFORMS] = { "walmart", "amazon", "ebay", "shopify", "cartoncloud", "netsuite" };

/* Amazon's marketplace ids: developer-docs.amazon.com, "Marketplace IDs"; the ship nodes, locations and names are invented. */
const struct place_fact place_facts[PLACES] = {
	[WALMART_MAIN] = { WALMART, "10001204501", "walmart/main", "USD", "USA", false, false, 26, 100 },
	[WALMART_WEST] = { WALMART, "10001204502", "walmart/west", "USD", "USA", false, false, 10, 100 },
	[WALMART_WFS] = { WALMART, "10009900017", "walmart/wfs", "USD", "USA", true, true, 30, 100 },
	[AMAZON_US] = { AMAZON, "ATVPDKIKX0DER", "amazon/us", "USD", "US", false, false, 44, 104 },
	[AMAZON_CA] = { AMAZON, "A2EUQ1WTGCTBG2", "amazon/ca", "CAD", "CA", false, false, 8, 142 },
	[AMAZON_MX] = { AMAZON, "A1AM78C64UM0Y8", "amazon/mx", "MXN", "MX", false, false, 5, 1890 },
	[AMAZON_FBA] = { AMAZON, "ATVPDKIKX0DER", "amazon/fba", "USD", "US", true, true, 40, 104 },
	[EBAY_US] = { EBAY, "EBAY_US", "ebay/us", "USD", "US", false, false, 16, 102 },
	[EBAY_AUCTION] = { EBAY, "EBAY_US", "ebay/auction", "USD", "US", false, true, 1, 80 },
	[EBAY_OLD] = { EBAY, "EBAY_US", "ebay/old", "USD", "US", false, true, 2, 98 },
	[SHOPIFY_MAIN] = { SHOPIFY, "68201001", "shopify/main", "USD", "US", false, false, 18, 99 },
	[SHOPIFY_WEST] = { SHOPIFY, "68201002", "shopify/west", "USD", "US", false, false, 6, 99 },
};

const char *const effect_names[EFFECTS] = {
	[EFFECT_ACK] = "ack",
	[EFFECT_ACK_AGAIN] = "ack-again",
	[EFFECT_SHIP] = "ship",
	[EFFECT_SHIP_AGAIN] = "ship-again",
	[EFFECT_SHIP_UPDATE] = "ship-update",
	[EFFECT_CANCEL] = "cancel",
	[EFFECT_PUSH] = "push",
	[EFFECT_SHOW] = "show",
	[EFFECT_EDIT] = "edit",
	[EFFECT_FEED] = "feed",
};

const char *const count_names[COUNTS] = {
	[ORDERS_WALMART] = "orders_walmart",
	[ORDERS_AMAZON] = "orders_amazon",
	[ORDERS_EBAY] = "orders_ebay",
	[ORDERS_SHOPIFY] = "orders_shopify",
	[UNITS_SOLD] = "units_sold",
	[UNITS_REFUSED] = "units_refused",
	[UNITS_SHIPPED] = "units_shipped",
	[UNITS_CANCELLED] = "units_cancelled",
	[UNITS_DELIVERED] = "units_delivered",
	[OVERSOLD] = "oversold",
	[OVERSOLD_AVOIDABLE] = "oversold_avoidable",
	[OVERSOLD_WORST_MS] = "oversold_worst_ms",
	[ACKS] = "acks",
	[ACKS_AGAIN] = "acks_again",
	[ACKS_LATE] = "acks_late",
	[SHIPS] = "ships",
	[SHIPS_AGAIN] = "ships_again",
	[SHIPS_UPDATED] = "ships_updated",
	[SHIPS_LATE] = "ships_late",
	[SHIPS_REFUSED] = "ships_refused",
	[CANCELS] = "cancels",
	[CANCELS_AGAIN] = "cancels_again",
	[AUTO_CANCELS] = "auto_cancels",
	[PUSHES] = "pushes",
	[PUSHES_DROPPED] = "pushes_dropped",
	[LEADS_LOST] = "leads_lost",
	[EDITS] = "edits",
	[LISTINGS_ENDED] = "listings_ended",
	[REVISIONS_REFUSED] = "revisions_refused",
	[STALE_WRITES] = "stale_writes",
	[POOL_WRITES] = "pool_writes",
	[FORBIDDEN_WRITES] = "forbidden_writes",
	[WRITES_ACK] = "writes_ack",
	[WRITES_SHIP] = "writes_ship",
	[WRITES_CANCEL] = "writes_cancel",
	[WRITES_PUSH] = "writes_push",
	[WRITES_FEED] = "writes_feed",
	[PREVIEWS] = "previews",
	[READS] = "reads",
	[TOKENS] = "tokens",
	[UNKNOWN_CALLERS] = "unknown_callers",
	[THROTTLED] = "throttled",
	[BAD_REQUESTS] = "bad_requests",
	[DISPATCHES] = "dispatches",
	[RETURNS_COUNTED] = "returns_counted",
	[REPORTS] = "reports",
	[QUERIES_UNORDERED] = "queries_unordered",
	[ROWS_LOOKED_AT] = "rows_looked_at",
};

enum place place_named(const char *s)
{
	enum place p = 0;

	while (p < PLACES && strcmp(s, place_facts[p].name) != 0)
		p++;
	for (enum place q = 0; p == PLACES && q < PLACES; q++)
		if (strcmp(s, place_facts[q].id) == 0)
			return q;
	return p;
}

void *world_room(void *items, int n, int *cap, size_t size)
{
	if (n >= *cap) {
		int more = *cap ? *cap + *cap / 2 : 64;

		items = realloc(items, (size_t)more * size);
		if (!items)
			abort();
		*cap = more;
	}
	memset((char *)items + (size_t)n * size, 0, size);
	return items;
}

uint32_t world_text(struct world *w, const char *s)
{
	if (!s || !*s)
		return 0;
	w->text = world_room(w->text, w->texts, &w->text_cap, sizeof *w->text);
	w->text[w->texts] = arena_strdup(w->arena, s);
	return (uint32_t)w->texts++;
}

const char *world_str(const struct world *w, uint32_t text)
{
	assert(text < (uint32_t)w->texts);
	return w->text[text];
}

/* ---- what happens later: a binary heap ---- */

static bool event_before(const struct event *a, const struct event *b)
{
	return a->at_ms != b->at_ms ? a->at_ms < b->at_ms : a->seq < b->seq;
}

void world_later(struct world *w, int64_t at_ms, enum event_kind kind, int subject)
{
	struct event e = { at_ms, w->seq++, (int32_t)kind, subject };
	int i = w->events;

	w->event = world_room(w->event, w->events, &w->event_cap, sizeof *w->event);
	w->events++;
	for (; i > 0 && event_before(&e, &w->event[(i - 1) / 2]); i = (i - 1) / 2)
		w->event[i] = w->event[(i - 1) / 2];
	w->event[i] = e;
}

static struct event event_pop(struct world *w)
{
	struct event top = w->event[0], last = w->event[--w->events];
	int i = 0;

	for (int child = 1; child < w->events; child = 2 * i + 1) {
		if (child + 1 < w->events && event_before(&w->event[child + 1], &w->event[child]))
			child++;
		if (!event_before(&w->event[child], &last))
			break;
		w->event[i] = w->event[child];
		i = child;
	}
	w->event[i] = last;
	return top;
}

static void restock(struct world *w, int product)
{
	struct product *p = &w->product[product];

	p->shelf += p->coming;
	p->at[p->coming_to] += p->coming;
	p->coming = 0;
	product_judge(w, product);
}

/* The buyer changed his mind; the seller may still ship. */
static void ask_cancel(struct world *w, int order)
{
	struct order *o = &w->order[order];

	if (order_view(w, o) > VIEW_ACKED)
		return;
	o->flags |= ORDER_ASKED;
	order_touch(w, order);
}

static void event_happen(struct world *w, struct event e)
{
	switch ((enum event_kind)e.kind) {
	case EVENT_SHOW:
		listing_show(w, e.subject);
		break;
	case EVENT_CLEAR:
		order_clear(w, e.subject);
		break;
	case EVENT_DELIVER:
		shipment_deliver(w, e.subject);
		break;
	case EVENT_SHIP_SEEN:
		shipment_seen(w, e.subject);
		break;
	case EVENT_DEADLINE:
		order_deadline(w, e.subject);
		break;
	case EVENT_RESTOCK:
		restock(w, e.subject);
		break;
	case EVENT_ASK_CANCEL:
		ask_cancel(w, e.subject);
		break;
	case EVENT_FEED:
		feed_finish(w, e.subject);
		break;
	case EVENT_HEARD:
		warehouse_hear(w, e.subject);
		break;
	case EVENT_OUTBOUND:
		warehouse_step(w, e.subject);
		break;
	case EVENT_RETURN:
		warehouse_back(w, e.subject);
		break;
	case EVENT_ERP:
		warehouse_tell_erp(w);
		break;
	}
}

/* Buyers arrive as a Poisson process: the time to the next one is exponential. Times only, so floating point is harmless. */
static void next_buyer(struct world *w)
{
	double u = ((double)(rng_next(&w->demand) >> 11) + 1.0) / 9007199254740993.0; /* 0 < u <= 1 */

	if (w->opt.orders_a_day <= 0) {
		w->next_buyer_ms = INT64_MAX;
		return;
	}
	w->next_buyer_ms += 1 + (int64_t)(-log(u) * (double)DAY_MS / (double)w->opt.orders_a_day);
}

void world_advance(struct world *w, int64_t now_ms)
{
	for (;;) {
		int64_t event_ms = w->events ? w->event[0].at_ms : INT64_MAX;
		int64_t next = event_ms < w->next_buyer_ms ? event_ms : w->next_buyer_ms;

		if (next > now_ms)
			break;
		if (next > w->now_ms)
			w->now_ms = next;
		if (event_ms <= w->next_buyer_ms) {
			event_happen(w, event_pop(w));
		} else {
			buyer_comes(w);
			next_buyer(w);
		}
	}
	if (now_ms > w->now_ms)
		w->now_ms = now_ms;
}

void world_effect(struct world *w, enum effect_kind kind, enum place place, const char *subject, const char *detail, int qty, int before,
                  const char *correlation)
{
	struct effect *e;

	w->effect = world_room(w->effect, w->effects, &w->effect_cap, sizeof *w->effect);
	e = &w->effect[w->effects++];
	e->at_ms = w->now_ms;
	e->kind = (int32_t)kind;
	e->place = (int32_t)place;
	e->subject = world_text(w, subject);
	e->detail = world_text(w, detail);
	e->correlation = world_text(w, correlation);
	e->qty = qty;
	e->before = before;
}

struct world *world_open(const struct world_options *opt)
{
	struct world *w = calloc(1, sizeof *w);

	if (!w)
		abort();
	w->opt = *opt;
	w->now_ms = w->next_buyer_ms = opt->epoch_ms;
	w->demand = rng_seeded(opt->seed);
	w->chance = rng_seeded(opt->seed ^ 0x5ca1ab1e);
	w->arena = arena_new();
	w->text = world_room(w->text, 0, &w->text_cap, sizeof *w->text);
	w->text[w->texts++] = "";
	w->label = world_room(w->label, w->labels++, &w->label_cap, sizeof *w->label);
	catalog_fill(w);
	past_fill(w);
	catalog_stock(w);
	depots_start(w);
	next_buyer(w);
	return w;
}

void world_close(struct world *w)
{
	if (!w)
		return;
	void *arrays[] = { w->text,     w->product, w->listing, w->weight, w->push, w->order,    w->line,
		           w->shipment, w->label,   w->touch,   w->event,  w->effect, w->feed,  w->feed_item,
		           w->outbound, w->report,  w->report_item, w->once, w->once_change, w->document };

	for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
		free(arrays[i]);
	arena_free(w->arena);
	free(w);
}
