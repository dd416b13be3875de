/* feeds.c: bulk uploads, at Walmart and at Amazon; in the demo one has failed. */
#include "sandbox/world.h"

#include <stdio.h>
#include <string.h>

int feed_add(struct world *w, const char *type, const char *file, int64_t at_ms, int64_t due_ms)
{
	static const char hex[] = "0123456789ABCDEF";
	char id[48];
	struct feed *f;
	int n = 0;

	for (; n < 32; n++)
		id[n] = hex[rng_below(&w->chance, 16)];
	snprintf(id + n, sizeof id - (size_t)n, "@A%cMBAgA", 'Q' + (char)rng_below(&w->chance, 6));
	w->feed = world_room(w->feed, w->feeds, &w->feed_cap, sizeof *w->feed);
	f = &w->feed[w->feeds];
	f->id = world_text(w, id);
	f->type = world_text(w, type);
	f->file = world_text(w, file);
	f->at_ms = f->modified_ms = at_ms;
	f->due_ms = due_ms;
	f->begin_ms = at_ms;
	f->state = due_ms <= w->now_ms ? FEED_PROCESSED : FEED_INPROGRESS;
	f->first = w->feed_items;
	if (due_ms > w->now_ms)
		world_later(w, due_ms, EVENT_FEED, w->feeds);
	else
		f->modified_ms = due_ms;
	return w->feeds++;
}

void feed_item_add(struct world *w, int feed, const char *sku, enum feed_fault fault, const char *code, const char *description)
{
	struct feed_item *i;

	w->feed_item = world_room(w->feed_item, w->feed_items, &w->feed_item_cap, sizeof *w->feed_item);
	i = &w->feed_item[w->feed_items++];
	i->sku = world_text(w, sku);
	i->type = (int32_t)fault;
	i->code = world_text(w, code);
	i->description = world_text(w, description);
	w->feed[feed].items++;
}

int feed_begin(struct world *w, enum platform platform, const char *type, int64_t wait_ms, int64_t work_ms)
{
	int64_t begin_ms = w->now_ms + wait_ms * w->opt.settle_pct / 100;
	int feed = feed_add(w, type, "", w->now_ms, begin_ms + work_ms * w->opt.settle_pct / 100 + 1);
	struct feed *f = &w->feed[feed];

	f->state = FEED_RECEIVED;
	f->begin_ms = begin_ms;
	f->platform = (int32_t)platform;
	if (platform == AMAZON)
		f->id = world_text(w, arena_printf(w->arena, "%d", 50017000 + 13 * feed));
	return feed;
}

enum feed_state feed_state(const struct world *w, const struct feed *f)
{
	return f->state == FEED_RECEIVED && w->now_ms >= f->begin_ms ? FEED_INPROGRESS : (enum feed_state)f->state;
}

/* It shows; where feeds write late, over anything that was said since it was handed in. */
static void feed_show(struct world *w, int push)
{
	struct push *p = &w->push[push];

	if (w->late_writes && p->seq < w->listing[p->listing].said_seq)
		p->seq = ++w->listing[p->listing].said_seq;
	listing_show(w, push);
}

void feed_finish(struct world *w, int feed)
{
	struct feed *f = &w->feed[feed];

	if (w->stuck) { /* looked at again in a while */
		world_later(w, w->now_ms + 5 * MINUTE_MS, EVENT_FEED, feed);
		return;
	}
	if (f->state == FEED_CANCELLED)
		return;
	f->state = f->items ? FEED_PROCESSED : FEED_ERROR; /* a file of which nothing could be read */
	f->modified_ms = w->now_ms;
	for (int i = f->first; i < f->first + f->items; i++)
		for (int k = 0; k < w->feed_item[i].pushes; k++)
			feed_show(w, w->feed_item[i].push + k);
	world_effect(w, EFFECT_FEED, f->platform == AMAZON ? AMAZON_US : WALMART_MAIN, world_str(w, f->id), f->items ? "processed" : "refused", f->items, 0,
	             NULL);
}

int feed_by_id(const struct world *w, const char *id)
{
	for (int i = 0; i < w->feeds; i++)
		if (strcmp(world_str(w, w->feed[i].id), id) == 0)
			return i;
	return -1;
}

static const char *sku_at(const struct world *w, int i)
{
	return world_str(w, w->product[i % w->products].sku);
}

/* Yesterday's and today's uploads from the seller's web pages: one fine, one partly refused, one rejected whole, one under way. */
void feed_demo(struct world *w)
{
	int64_t now = w->opt.epoch_ms;
	int f = feed_add(w, "MP_MAINTENANCE", "spring-titles.json", now - 20 * (int64_t)HOUR_MS, now - 17 * (int64_t)HOUR_MS);

	for (int i = 0; i < 24; i++)
		feed_item_add(w, f, sku_at(w, i), ITEM_SUCCESS, NULL, NULL);
	f = feed_add(w, "inventory", "recount-aisle-4.json", now - 95 * MINUTE_MS, now - 62 * MINUTE_MS);
	for (int i = 30; i < 42; i++) {
		if (i == 33)
			feed_item_add(w, f, sku_at(w, i), ITEM_DATA_ERROR, "ERR_EXT_DATA_0101119", "The UPC of this item belongs to another item. Check the product ID and submit the item again.");
		else if (i == 38)
			feed_item_add(w, f, "HP-MUG14-SLATE", ITEM_DATA_ERROR, "ERR_EXT_DATA_0101211", "The SKU is not set up in this account.");
		else if (i == 40)
			feed_item_add(w, f, sku_at(w, i), ITEM_SYSTEM_ERROR, "ERR_INT_SYS_0503009", "The item could not be processed. Submit it again.");
		else
			feed_item_add(w, f, sku_at(w, i), ITEM_SUCCESS, NULL, NULL);
	}
	f = feed_add(w, "price", "weekend-prices.csv", now - 40 * MINUTE_MS, now - 38 * MINUTE_MS);
	w->feed[f].state = FEED_ERROR;
	f = feed_add(w, "MP_INVENTORY", "west-node.json", now - 15 * MINUTE_MS, now + 25 * MINUTE_MS);
	for (int i = 50; i < 58; i++)
		feed_item_add(w, f, sku_at(w, i), ITEM_SUCCESS, NULL, NULL);
}
