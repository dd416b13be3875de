#include "trade/allocation.h"

#include "base/text.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

int64_t buffer_of(const struct buffer *b, int64_t qty)
{
	int64_t share = qty > 0 ? (qty * b->bp + 9999) / 10000 : 0;

	assert(b->units >= 0 && b->bp >= 0 && b->bp <= 10000);
	return share > b->units ? share : b->units;
}

/* Eaches to the listing's units: whole packs, not more than the cap, not more than anybody takes. */
static int64_t in_packs(const struct buffer *b, int64_t eaches)
{
	int64_t packs = eaches > 0 ? eaches / b->pack : 0;

	assert(b->pack >= 1);
	if (b->cap >= 0 && packs > b->cap)
		packs = b->cap;
	return packs > PUBLISH_MOST ? PUBLISH_MOST : packs;
}

int buffer_parse(const char *s, struct buffer *out)
{
	char units[12], percent[12];
	int64_t u, bp;
	int n = 0;

	if (sscanf(s, "%11[0-9]u/%11[0-9.]%%%n", units, percent, &n) != 2 || !n || s[n])
		return -1;
	if (!text_int(units, 0, 999999, &u) || !text_minor(percent, 2, &bp) || bp > 10000)
		return -1;
	out->units = u;
	out->bp = bp;
	out->pack = out->pack ? out->pack : 1;
	return 0;
}

/* ---- who gets how much ---- */

static int64_t base_of(const struct outlet *o)
{
	int64_t left = o->available - o->unseen - o->tied - o->reserve;

	return left > 0 ? left : 0;
}

static bool is_split(const struct alloc_rule *r)
{
	return r->split.strategy != ALLOC_SHARED;
}

/* What dark accounts may still show is nobody else's; and they keep it as far as there is so much: each counts the dark ones before it. */
static void note_dark(const struct alloc_rule *r, struct outlet *o, int n)
{
	int64_t dark = 0;

	for (int i = 0; i < n; i++)
		if (o[i].dark) {
			o[i].unseen = dark;
			dark += o[i].exposure;
		}
	for (int i = 0; i < n; i++)
		if (!o[i].dark)
			o[i].unseen = is_split(r) || r->keep_dark ? dark : 0;
}

/* One listing shows the last units; where the account meant for them has none, or is dark, the rule does not hold. */
static bool choose_last(struct outlet *o, int n)
{
	int shelf = -1;

	for (int i = 0; i < n; i++) {
		if (shelf < 0 && o[i].last && !o[i].dark)
			shelf = o[i].shelf;
		o[i].last = shelf >= 0 && o[i].shelf == shelf;
	}
	return shelf >= 0;
}

static void note_supply(const struct alloc_rule *r, int64_t available, struct outlet *o, int n)
{
	bool last = choose_last(o, n) && r->last_units > 0;

	note_dark(r, o, n);
	for (int i = 0; i < n; i++) {
		o[i].available = available;
		o[i].reserve = o[i].dark ? 0 : r->reserve;
		o[i].tied = o[i].dark ? 0 : r->tied;
		o[i].steps = last && !o[i].dark && base_of(&o[i]) <= r->last_units ? STEP_LAST : 0;
		o[i].group = o[i].own = (struct side){ 0 };
		o[i].pace = o[i].own_pace = 0;
		o[i].nodes = o[i].node = 0;
	}
}

static int64_t pace_of(const struct outlet *o)
{
	return o->velocity > VELOCITY_LEAST ? o->velocity : VELOCITY_LEAST;
}

/* Accounts first; a dark one, and one without offers, takes no part. */
static void split_accounts(const struct alloc_rule *r, struct outlet *o, int n)
{
	struct side side[SIDES];
	int of[SIDES], sides = 0, last = -1;
	int64_t pace = 0;

	for (int i = 0; i < n; i++) {
		if (o[i].dark)
			continue;
		if (o[i].account != last) {
			last = o[i].account;
			of[sides] = i;
			side[sides++] = (struct side){ .share_bp = o[i].share_bp, .margin = o[i].margin };
		}
		side[sides - 1].velocity += pace_of(&o[i]);
	}
	if (!sides)
		return;
	split_make(&r->split, base_of(&o[of[0]]), side, sides);
	for (int k = 0; k < sides; k++)
		pace += side[k].velocity;
	for (int k = 0; k < sides; k++)
		for (int i = of[k]; i < n && o[i].account == o[of[k]].account; i++) {
			o[i].group = side[k];
			o[i].pace = pace;
		}
}

/* An account's part among its offers, by what each sells. */
static void split_offers(struct outlet *o, int n)
{
	static const struct split by_velocity = { .strategy = ALLOC_VELOCITY };
	struct side side[SIDES];
	int64_t pace = 0;

	for (int i = 0; i < n; i++) {
		side[i] = (struct side){ .velocity = o[i].velocity };
		pace += pace_of(&o[i]);
	}
	split_make(&by_velocity, o->group.part + o->group.rest, side, n);
	for (int i = 0; i < n; i++) {
		o[i].own = side[i];
		o[i].own_pace = pace;
		o[i].steps |= n > 1 ? STEP_OFFERS : 0;
	}
}

static void split_all(const struct alloc_rule *r, struct outlet *o, int n)
{
	split_accounts(r, o, n);
	for (int i = 0, k; i < n; i = k) {
		for (k = i + 1; k < n && o[k].account == o[i].account;)
			k++;
		split_offers(o + i, k - i);
	}
}

/* The same listing at several nodes: buyers see the sum. */
static void count_nodes(struct outlet *o, int n)
{
	for (int i = 0; i < n; i++) {
		o[i].node_sum = 0;
		for (int k = 0; k < n; k++)
			if (o[k].shelf == o[i].shelf) {
				o[i].nodes++;
				o[i].node += k <= i;
				o[i].node_sum = o[i].node_sum < 0 || o[k].at_node < 0 ? -1 : o[i].node_sum + o[k].at_node;
			}
	}
}

/* ---- from what it was allotted to what it wants shown ---- */

static bool has(const struct outlet *o, enum step step)
{
	return (o->steps & step) != 0;
}

static int64_t allotted(const struct alloc_rule *r, struct outlet *o)
{
	int64_t qty = base_of(o);

	if (o->available <= 0 || (has(o, STEP_LAST) && !o->last))
		return 0;
	if (is_split(r) && !o->dark && !has(o, STEP_LAST)) {
		o->steps |= STEP_SPLIT;
		qty = o->own.part + o->own.rest;
	}
	if (o->reach >= 0 && o->reach < o->available && !o->dark) {
		o->steps |= STEP_REACH;
		qty = qty > o->reach ? o->reach : qty;
	}
	return qty;
}

/* A dark one goes on showing what it shows, the last units stand on one account alone, a split has parted the stock already. */
static int64_t keep_back(const struct alloc_rule *r, struct outlet *o, int64_t qty)
{
	if (o->dark || has(o, STEP_LAST) || (is_split(r) && !r->buffers))
		return qty;
	o->steps |= STEP_BUFFER;
	o->back = buffer_of(&o->buffer, qty);
	return qty > o->back ? qty - o->back : 0;
}

static int64_t leave_one(const struct alloc_rule *r, struct outlet *o, int64_t qty)
{
	if (!r->never_full || o->dark || has(o, STEP_LAST) || qty < o->available || qty <= 0)
		return qty;
	o->steps |= STEP_NEVER_FULL;
	return o->available - 1;
}

/*
 * With a split every offer has its own part; otherwise nodes share what the listing shows, by what lies at each where that is known. A dark one's exposure is
 * its own.
 */
static int64_t at_node(const struct alloc_rule *r, struct outlet *o, int64_t qty)
{
	bool known = o->node_sum >= 0, shares = !is_split(r) || has(o, STEP_LAST);

	if (o->dark || (o->nodes < 2 && !known))
		return qty;
	if (shares && !known) {
		o->steps |= STEP_NODES;
		return qty / o->nodes + (o->node <= qty % o->nodes);
	}
	if (shares)
		qty = o->node_sum ? qty * o->at_node / o->node_sum : 0;
	o->steps |= !known ? 0 : shares ? STEP_LYING : STEP_NODE_MOST;
	return known && qty > o->at_node ? o->at_node : qty;
}

/*
 * What another pool would send stands beside ours: it has to make up first what ours is short of, and the same share of it is kept back. Its places are not ours,
 * so a listing of several nodes shows it at the first; a parted stock has no part of it.
 */
static int64_t besides(const struct alloc_rule *r, struct outlet *o)
{
	int64_t left = o->pool + (o->available < 0 ? o->available : 0);

	o->besides = 0;
	if (left <= 0 || o->dark || is_split(r) || o->node > 1)
		return 0;
	o->steps |= STEP_POOL;
	o->besides = left - (left * o->buffer.bp + 9999) / 10000;
	return o->besides;
}

static int64_t wanted(const struct alloc_rule *r, struct outlet *o)
{
	int64_t qty = o->base = allotted(r, o);

	o->back = 0;
	qty = keep_back(r, o, qty);
	qty = leave_one(r, o, qty);
	qty = at_node(r, o, qty);
	qty = in_packs(&o->buffer, qty + besides(r, o));
	return qty < o->least ? 0 : qty;
}

void allocate(const struct alloc_rule *r, int64_t available, struct outlet *o, int n)
{
	assert(n >= 0 && n <= SIDES);
	note_supply(r, available, o, n);
	if (is_split(r))
		split_all(r, o, n);
	count_nodes(o, n);
	for (int i = 0; i < n; i++) {
		o[i].want = wanted(r, &o[i]);
		o[i].qty = o[i].want;
	}
}

/* ---- the rest of the way ---- */

static int64_t limited(struct outlet *o, int64_t qty)
{
	int64_t eaches = o->dark ? o->surely : o->limit;

	o->most = eaches / o->buffer.pack;
	if (eaches < 0 || qty <= o->most)
		return qty;
	o->steps |= STEP_LIMIT;
	return o->most;
}

/* R22: decreases at once, increases from max(1, 2 %). Out of zero every unit counts. */
static int64_t steadied(const struct alloc_rule *r, struct outlet *o, int64_t qty)
{
	int64_t share = (o->shown * r->hysteresis_bp + 9999) / 10000;

	o->raise = share > 1 ? share : 1;
	if (o->shown <= 0 || qty <= o->shown || qty - o->shown >= o->raise)
		return qty;
	o->steps |= STEP_STAYS;
	return o->shown;
}

void outlet_settle(const struct alloc_rule *r, struct outlet *o)
{
	o->steps &= ~(unsigned)(STEP_LIMIT | STEP_STAYS);
	o->qty = steadied(r, o, limited(o, o->want));
	if (*o->hold)
		o->qty = 0;
}
