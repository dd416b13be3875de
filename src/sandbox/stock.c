/*
 * stock.c: what is listed, against what there is.
 *
 * A listing is wrong while it shows more than the warehouse could ship. What the seller can be blamed for is measured by
 * what was last said: the platform's own delay between accepting and showing is not the seller's.
 */
#include "sandbox/world.h"

#include <stdio.h>

int product_free(const struct product *p)
{
	return p->shelf > p->owed ? p->shelf - p->owed : 0;
}

int listing_sellable(const struct world *w, const struct listing *l)
{
	int left = l->shown - (place_facts[l->place].platform == WALMART ? l->reserved : 0);

	(void)w;
	return left > 0 ? left : 0;
}

static void mark_since(int64_t *since_ms, bool wrong, int64_t now_ms)
{
	if (!wrong)
		*since_ms = 0;
	else if (!*since_ms)
		*since_ms = now_ms;
}

static void judge_one(struct world *w, int product)
{
	const struct product *p = &w->product[product];
	int left = product_sellable(w, product);

	for (enum place place = 0; place < PLACES; place++) {
		struct listing *l = p->listing[place] < 0 ? NULL : &w->listing[p->listing[place]];

		if (!l || place_facts[place].apart)
			continue;
		bool settled = l->said_seq == l->shown_seq;
		int said = l->said - (place_facts[place].platform == WALMART ? l->reserved : 0);

		mark_since(&l->wrong_ms, listing_sellable(w, l) > left, w->now_ms);
		mark_since(&l->unsaid_ms, (settled ? listing_sellable(w, l) : said) > left, w->now_ms);
	}
}

/* Bundles stand behind all single goods. */
static void judge_bundles_with(struct world *w, int part)
{
	for (int i = w->products - 1; i >= 0 && product_bundled(&w->product[i]); i--)
		if (product_has_part(&w->product[i], part))
			judge_one(w, i);
}

void product_judge(struct world *w, int product)
{
	const struct product *p = &w->product[product];

	judge_one(w, product);
	judge_bundles_with(w, product);
	for (int k = 0; k < PARTS && p->each[k]; k++) {
		judge_one(w, p->part[k]);
		judge_bundles_with(w, p->part[k]);
	}
}

int listing_buyable(const struct world *w, const struct listing *l)
{
	int left = listing_sellable(w, l);

	return l->flags & LISTING_CONTINUE && left < 4 ? 4 : left;
}

/*
 * From accepted to visible, in minutes: Walmart's PUT 3..10, Amazon 5..15, eBay 1..3 (a seller's own measurements,
 * no published figure). What Shopify's Admin API has accepted it reads at once.
 */
int64_t settle_ms(struct world *w, enum platform platform)
{
	static const struct {
		int64_t low, span;
	} minutes[PLATFORMS] = { [WALMART] = { 3, 7 }, [AMAZON] = { 5, 10 }, [EBAY] = { 1, 2 } };

	if (!minutes[platform].span)
		return 0;
	return (minutes[platform].low * MINUTE_MS + rng_below(&w->chance, minutes[platform].span * MINUTE_MS)) * w->opt.settle_pct / 100;
}

static void listing_log(struct world *w, const struct listing *l, enum effect_kind kind, const char *detail, int before, const char *correlation)
{
	world_effect(w, kind, (enum place)l->place, world_str(w, w->product[l->product].sku), detail, l->shown, before, correlation);
}

void listing_show(struct world *w, int push)
{
	struct push p = w->push[push];
	struct listing *l = &w->listing[p.listing];
	int before = l->shown;

	if (p.seq <= l->shown_seq)
		return; /* a newer one overtook it */
	l->shown_seq = p.seq;
	if (p.dropped)
		return;
	l->shown = p.qty;
	l->changed_ms = w->now_ms;
	listing_log(w, l, EFFECT_SHOW, NULL, before, NULL);
	product_judge(w, l->product);
}

int listing_promise(struct world *w, int listing, int qty, const char *correlation)
{
	struct listing *l = &w->listing[listing];
	struct push *p;

	w->push = world_room(w->push, w->pushes, &w->push_cap, sizeof *w->push);
	p = &w->push[w->pushes++];
	p->listing = listing;
	p->qty = qty;
	p->seq = ++l->said_seq;
	p->dropped = w->dropping;
	w->count[PUSHES]++;
	w->count[PUSHES_DROPPED] += w->dropping;
	world_effect(w, EFFECT_PUSH, (enum place)l->place, world_str(w, w->product[l->product].sku), w->dropping ? "dropped" : NULL, qty, l->said,
	             correlation);
	l->said = qty;
	product_judge(w, l->product);
	return w->pushes - 1;
}

void listing_say(struct world *w, int listing, int qty, const char *correlation)
{
	int64_t wait = settle_ms(w, place_facts[w->listing[listing].place].platform);
	int push = listing_promise(w, listing, qty, correlation);

	if (wait <= 0)
		listing_show(w, push);
	else
		world_later(w, w->now_ms + wait, EVENT_SHOW, push);
}

void listing_edit(struct world *w, int listing, int qty, const char *who)
{
	struct listing *l = &w->listing[listing];
	int before = l->shown;

	l->shown = l->total = l->offered = qty;
	l->changed_ms = w->now_ms;
	w->count[EDITS]++;
	listing_log(w, l, EFFECT_EDIT, who, before, NULL);
	product_judge(w, l->product);
}

/* Walmart reserves what is sold until it is shipped, the others take it off the quantity at once; Shopify tells both. */
static void listing_take(struct listing *l, int qty)
{
	enum platform platform = place_facts[l->place].platform;
	bool walmart = platform == WALMART && !place_facts[l->place].pool;

	if (walmart || platform == SHOPIFY)
		l->reserved += qty;
	if (walmart)
		return;
	l->shown -= qty;
	l->total -= qty;
	l->offered -= qty;
}

void listing_sell(struct world *w, int listing, int qty)
{
	listing_take(&w->listing[listing], qty);
}

void listing_return(struct world *w, int order, int product, int qty, int there)
{
	enum place place = (enum place)w->order[order].place;
	struct listing *l = &w->listing[w->product[product].listing[place]];

	listing_take(l, -qty);
	if (!place_facts[place].apart)
		product_owe(w, product, -there);
	product_judge(w, product);
}
