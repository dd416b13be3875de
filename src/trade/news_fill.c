/* news_fill.c: the half of news.h that adapters use: arena only, no SQL. */
#include "trade/news.h"

#include <string.h>

struct news news_new(struct arena *a)
{
	return (struct news){ .arena = a, .total = -1 };
}

/* Each filler gives a zeroed slot; a pointer to it is good until the next one is asked for. */

struct order *news_order(struct news *n)
{
	n->order = arena_grow(n->arena, n->order, n->orders, &n->orders_cap, sizeof *n->order);
	n->order[n->orders] = (struct order){ 0 };
	return &n->order[n->orders++];
}

struct order_gone *news_gone(struct news *n)
{
	n->gone = arena_grow(n->arena, n->gone, n->gones, &n->gones_cap, sizeof *n->gone);
	n->gone[n->gones] = (struct order_gone){ 0 };
	return &n->gone[n->gones++];
}

struct count *news_count(struct news *n)
{
	n->count = arena_grow(n->arena, n->count, n->counts, &n->counts_cap, sizeof *n->count);
	n->count[n->counts] = (struct count){ 0 };
	return &n->count[n->counts++];
}

struct seen *news_seen(struct news *n)
{
	n->seen = arena_grow(n->arena, n->seen, n->seens, &n->seens_cap, sizeof *n->seen);
	n->seen[n->seens] = (struct seen){ 0 };
	return &n->seen[n->seens++];
}

void news_receipt(struct news *n, int job, enum fault fault, const char *ref, const char *text)
{
	n->receipt = arena_grow(n->arena, n->receipt, n->receipts, &n->receipts_cap, sizeof *n->receipt);
	n->receipt[n->receipts++] = (struct receipt){ .job = job, .fault = fault, .ref = ref, .text = text };
}

void news_parked(struct news *n, const char *class, const char *subject, const char *path, const char *text, const char *fragment)
{
	n->parked = arena_grow(n->arena, n->parked, n->parkeds, &n->parkeds_cap, sizeof *n->parked);
	n->parked[n->parkeds++] = (struct parked){
		.class = class,
		.subject = subject ? subject : "",
		.path = path,
		.text = text,
		.fragment = fragment,
		.fragment_n = fragment ? strlen(fragment) : 0,
	};
}

void news_odd(struct news *n, const char *path, const char *word, const char *subject)
{
	n->odd = arena_grow(n->arena, n->odd, n->odds, &n->odds_cap, sizeof *n->odd);
	n->odd[n->odds++] = (struct odd){ path, word, subject };
}

struct feed *news_feed(struct news *n)
{
	n->feed = arena_grow(n->arena, n->feed, n->feeds, &n->feeds_cap, sizeof *n->feed);
	n->feed[n->feeds] = (struct feed){ 0 };
	return &n->feed[n->feeds++];
}

struct item_told *news_item(struct news *n)
{
	n->item = arena_grow(n->arena, n->item, n->items, &n->items_cap, sizeof *n->item);
	n->item[n->items] = (struct item_told){ 0 };
	return &n->item[n->items++];
}

struct job_plan *news_follow(struct news *n, enum verb verb, const char *subject)
{
	n->follow = arena_grow(n->arena, n->follow, n->follows, &n->follows_cap, sizeof *n->follow);
	n->follow[n->follows] = (struct job_plan){ .verb = verb, .lane = LANE_REST, .subject = subject };
	return &n->follow[n->follows++];
}

struct identity *news_identity(struct news *n)
{
	n->identity = arena_grow(n->arena, n->identity, n->identities, &n->identities_cap, sizeof *n->identity);
	n->identity[n->identities] = (struct identity){ 0 };
	return &n->identity[n->identities++];
}

struct product *news_product(struct news *n)
{
	n->product = arena_grow(n->arena, n->product, n->products, &n->products_cap, sizeof *n->product);
	n->product[n->products] = (struct product){ 0 };
	return &n->product[n->products++];
}

struct site *news_site(struct news *n)
{
	n->site = arena_grow(n->arena, n->site, n->sites, &n->sites_cap, sizeof *n->site);
	n->site[n->sites] = (struct site){ 0 };
	return &n->site[n->sites++];
}

struct dispatch *news_dispatch(struct news *n)
{
	n->dispatch = arena_grow(n->arena, n->dispatch, n->dispatches, &n->dispatches_cap, sizeof *n->dispatch);
	n->dispatch[n->dispatches] = (struct dispatch){ 0 };
	return &n->dispatch[n->dispatches++];
}

struct quota *news_quota(struct news *n)
{
	n->quota = arena_grow(n->arena, n->quota, n->quotas, &n->quotas_cap, sizeof *n->quota);
	n->quota[n->quotas] = (struct quota){ 0 };
	return &n->quota[n->quotas++];
}
