#include "trade/allocation.h"

#include "base/text.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
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
	int64_t left = o->available - o->unseen - o->reserve;

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
		o[i].few = last && !o[i].dark && base_of(&o[i]) <= r->last_units;
		o[i].group = o[i].own = (struct side){ 0 };
		o[i].pace = o[i].own_pace = 0;
		o[i].alone = true;
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
		o[i].alone = n == 1;
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

static bool is_bounded(const struct outlet *o)
{
	return o->reach >= 0 && o->reach < o->available && !o->dark;
}

static int64_t allotted(const struct alloc_rule *r, const struct outlet *o)
{
	int64_t qty = is_split(r) && !o->dark && !o->few ? o->own.part + o->own.rest : base_of(o);

	if (o->available <= 0 || (o->few && !o->last))
		return 0;
	return is_bounded(o) && qty > o->reach ? o->reach : qty;
}

/* A dark one goes on showing what it shows, the last units stand on one account alone, a split has parted the stock already. */
static bool keeps_back(const struct alloc_rule *r, const struct outlet *o)
{
	return !o->dark && !o->few && (!is_split(r) || r->buffers);
}

/* Its node is a place of ours: what lies there is the most it shows. */
static bool knows_node(const struct outlet *o)
{
	return o->node_sum >= 0 && !o->dark;
}

/* With a split every offer has its own part; otherwise nodes share what the listing shows. A dark one's exposure is its own. */
static bool shares_nodes(const struct alloc_rule *r, const struct outlet *o)
{
	return !o->dark && (o->nodes > 1 || knows_node(o)) && (!is_split(r) || o->few);
}

static bool leaves_one(const struct alloc_rule *r, const struct outlet *o, int64_t qty)
{
	return r->never_full && !o->dark && !o->few && qty >= o->available && qty > 0;
}

static int64_t at_node(const struct alloc_rule *r, const struct outlet *o, int64_t qty)
{
	if (shares_nodes(r, o))
		qty = !knows_node(o) ? qty / o->nodes + (o->node <= qty % o->nodes) : o->node_sum ? qty * o->at_node / o->node_sum : 0;
	return knows_node(o) && qty > o->at_node ? o->at_node : qty;
}

static int64_t wanted(const struct alloc_rule *r, struct outlet *o)
{
	int64_t qty = o->base = allotted(r, o);

	o->back = keeps_back(r, o) ? buffer_of(&o->buffer, qty) : 0;
	qty = qty > o->back ? qty - o->back : 0;
	if (leaves_one(r, o, qty))
		qty = o->available - 1;
	qty = in_packs(&o->buffer, at_node(r, o, qty));
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

/* The listing's units that exposure leaves; -1: as many as wanted. */
static int64_t limit_of(const struct outlet *o)
{
	int64_t limit = o->dark ? o->surely : o->limit;

	return limit < 0 || o->want <= limit / o->buffer.pack ? -1 : limit / o->buffer.pack;
}

/* R22: decreases at once, increases from max(1, 2 %). Out of zero every unit counts. */
static int64_t least_raise(const struct alloc_rule *r, const struct outlet *o)
{
	int64_t least = (o->shown * r->hysteresis_bp + 9999) / 10000;

	return least > 1 ? least : 1;
}

static bool stays(const struct alloc_rule *r, const struct outlet *o, int64_t qty)
{
	return o->shown > 0 && qty > o->shown && qty - o->shown < least_raise(r, o);
}

void outlet_settle(const struct alloc_rule *r, struct outlet *o)
{
	int64_t limit = limit_of(o);

	o->qty = limit >= 0 ? limit : o->want;
	if (stays(r, o, o->qty))
		o->qty = o->shown;
	if (*o->hold)
		o->qty = 0;
}

/* ---- in words ---- */

struct words {
	char *p;
	size_t n, cap;
};

static void put(struct words *w, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void put(struct words *w, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(w->p + w->n, w->cap - w->n, fmt, ap);
	va_end(ap);
	w->n = n > 0 && (size_t)n < w->cap - w->n ? w->n + (size_t)n : w->cap - 1;
}

/* 1250 as 12.50, 1200 as 12 */
static void put_percent(struct words *w, int64_t bp)
{
	put(w, "%" PRId64, bp / 100);
	if (bp % 100)
		put(w, ".%02d", (int)(bp % 100));
	put(w, "%%");
}

static void put_pace(struct words *w, int64_t milli)
{
	put(w, "%" PRId64 ".%03d", milli / 1000, (int)(milli % 1000));
}

static void put_buffer(struct words *w, const struct buffer *b, int64_t back)
{
	put(w, " - %" PRId64 " buffer (%" PRId64 "u/", back, b->units);
	put_percent(w, b->bp);
	put(w, ")");
}

static void put_form(struct words *w, const struct buffer *b)
{
	if (b->pack > 1)
		put(w, ", packs of %" PRId64, b->pack);
	if (b->cap >= 0)
		put(w, ", at most %" PRId64, b->cap);
}

static void put_sum(struct words *w, const struct side *s)
{
	put(w, ", %" PRId64, s->part);
	if (s->rest)
		put(w, " + %" PRId64, s->rest);
}

/* What its account got, and by which rule. */
static void put_group(struct words *w, const struct alloc_rule *r, const struct outlet *o)
{
	put_sum(w, &o->group);
	if (r->split.strategy == ALLOC_FIXED) {
		put(w, " by share (");
		put_percent(w, o->share_bp);
		put(w, ")");
	} else if (r->split.strategy == ALLOC_VELOCITY) {
		put(w, " by pace (");
		put_pace(w, o->group.velocity);
		put(w, " of ");
		put_pace(w, o->pace);
		put(w, " a day)");
	} else {
		put(w, " by margin (cover %" PRId64 "; %" PRId64 " left)", o->group.target, o->group.left);
	}
}

static void put_own(struct words *w, const struct outlet *o)
{
	put_sum(w, &o->own);
	put(w, " of it here (");
	put_pace(w, pace_of(o));
	put(w, " of ");
	put_pace(w, o->own_pace);
	put(w, " a day)");
}

static void put_allotted(struct words *w, const struct alloc_rule *r, const struct outlet *o)
{
	if (o->unseen)
		put(w, " - %" PRId64 " dark", o->unseen);
	if (o->reserve)
		put(w, " - %" PRId64 " reserve", o->reserve);
	if (o->few)
		put(w, o->last ? ", the last ones are shown here" : ", the last ones are shown elsewhere");
	else if (is_split(r) && !o->dark) {
		put_group(w, r, o);
		if (!o->alone)
			put_own(w, o);
	}
}

static void put_node(struct words *w, const struct alloc_rule *r, const struct outlet *o)
{
	if (shares_nodes(r, o) && knows_node(o))
		put(w, ", %" PRId64 " of %" PRId64 " at its node", o->at_node, o->node_sum);
	else if (shares_nodes(r, o))
		put(w, ", node %d of %d", o->node, o->nodes);
	else if (knows_node(o))
		put(w, ", at most %" PRId64 " at its node", o->at_node);
}

static void put_steps(struct words *w, const struct alloc_rule *r, const struct outlet *o)
{
	int64_t left = o->base > o->back ? o->base - o->back : 0, limit = limit_of(o), qty = limit >= 0 ? limit : o->want;

	if (is_bounded(o) && !(o->few && !o->last))
		put(w, ", at most %" PRId64 " where it is served from", o->reach);
	if (keeps_back(r, o))
		put_buffer(w, &o->buffer, o->back);
	if (leaves_one(r, o, left))
		put(w, ", never all of it");
	put_node(w, r, o);
	put_form(w, &o->buffer);
	if (o->least > 1)
		put(w, ", under %" PRId64 " none", o->least);
	if (limit >= 0 && o->dark)
		put(w, ", %" PRId64 " shown while it is dark", limit);
	else if (limit >= 0)
		put(w, ", %" PRId64 " until others show less", limit);
	if (stays(r, o, qty))
		put(w, ", %" PRId64 " stays for less than %" PRId64 " more", o->shown, least_raise(r, o));
}

void outlet_explain(const struct alloc_rule *r, const struct outlet *o, char *out, size_t cap)
{
	struct words w = { out, 0, cap };

	if (*o->hold) {
		put(&w, "held at zero: %.120s", o->hold);
	} else if (o->available <= 0) {
		put(&w, "%" PRId64 " available, so 0", o->available);
	} else {
		put(&w, "%" PRId64 " available", o->available);
		put_allotted(&w, r, o);
		put_steps(&w, r, o);
		put(&w, " = %" PRId64, o->qty);
	}
}
