/* split.c: a quantity divided among several. The interface is in allocation.h. */
#include "trade/allocation.h"

#include <assert.h>
#include <string.h>

/* Far above any stock or pace; products of two stay within 64 bits. */
#define MOST ((int64_t)1000000000)

static const char *const names[STRATEGIES] = { "shared", "fixed", "velocity", "margin" };

const char *strategy_name(enum strategy s)
{
	return s < STRATEGIES ? names[s] : "";
}

enum strategy strategy_from_name(const char *name)
{
	enum strategy s = ALLOC_SHARED;

	while (s < STRATEGIES && strcmp(names[s], name))
		s++;
	return s;
}

static int64_t within(int64_t x, int64_t low, int64_t high)
{
	return x < low ? low : x > high ? high : x;
}

/* The largest r with r * r <= x, by Newton's steps from above. */
static int64_t root(int64_t x)
{
	int64_t r = x, next = (x + 1) / 2;

	while (next < r) {
		r = next;
		next = (r + x / r) / 2;
	}
	return r;
}

int64_t split_cover(int64_t velocity, int64_t days, int64_t z_milli)
{
	int64_t sold = within(within(velocity, 0, MOST) * within(days, 0, 365), 0, MOST); /* thousandths */
	int64_t z2 = within(z_milli, 0, 10000) * within(z_milli, 0, 10000);
	int64_t cover = (sold + root(z2 * sold / 1000)) / 1000;

	/* the root was cut, so this is at most one too few: (cover - sold)^2 >= z^2 * sold, all in thousandths */
	while (cover * 1000 < sold || (cover * 1000 - sold) * (cover * 1000 - sold) * 1000 < z2 * sold)
		cover++;
	return cover;
}

/* ---- by weights ---- */

struct weights {
	int64_t w[SIDES], whole; /* a side's share is w / whole */
	int64_t left[SIDES];     /* what its division left over; -1: served */
};

/* One unit each to those with the largest remainders; the earlier one when they are alike. */
static void hand_out(struct weights *w, int64_t units, struct side *side, int n)
{
	while (units-- > 0) {
		int best = -1;

		for (int i = 0; i < n; i++)
			if (w->w[i] && w->left[i] >= 0 && (best < 0 || w->left[i] > w->left[best]))
				best = i;
		if (best < 0)
			return;
		w->left[best] = -1;
		side[best].rest++;
	}
}

/* qty times w over whole, rounded down; what that leaves of `of` is handed out when all is. */
static void divide(struct weights *w, int64_t qty, int64_t of, bool all, bool parts, struct side *side, int n)
{
	int64_t given = 0;

	for (int i = 0; i < n; i++) {
		int64_t share = w->whole ? qty * w->w[i] / w->whole : 0;

		*(parts ? &side[i].part : &side[i].rest) += share;
		w->left[i] = w->whole ? qty * w->w[i] % w->whole : -1;
		given += share;
	}
	if (all)
		hand_out(w, of - given, side, n);
}

static void by_share(const struct split *s, int64_t qty, struct side *side, int n)
{
	struct weights w = { .whole = 10000 };
	int64_t sum = 0;

	for (int i = 0; i < n; i++) {
		w.w[i] = within(side[i].share_bp, 0, 10000 - sum); /* the configuration refuses more than 100 %; here nothing is promised twice */
		sum += w.w[i];
	}
	divide(&w, qty, qty * sum / 10000, s->all, true, side, n);
}

static void by_velocity(int64_t qty, bool parts, const bool *in, struct side *side, int n)
{
	struct weights w = { .whole = 0 };

	for (int i = 0; i < n; i++) {
		w.w[i] = in && !in[i] ? 0 : within(side[i].velocity, VELOCITY_LEAST, MOST / n);
		w.whole += w.w[i];
	}
	divide(&w, qty, w.whole ? qty : 0, true, parts, side, n);
}

/* Cover for who earns most, then for the next; what is left when all have theirs goes by velocity. */
static void by_margin(const struct split *s, int64_t qty, struct side *side, int n)
{
	bool in[SIDES], served[SIDES] = { false };
	int64_t left = qty;

	for (int i = 0; i < n; i++) {
		in[i] = side[i].margin > s->margin_min;
		side[i].target = in[i] ? split_cover(side[i].velocity, s->days, s->z_milli) : 0;
	}
	for (int turn = 0; turn < n; turn++) {
		int best = 0;

		while (served[best])
			best++;
		for (int i = best + 1; i < n; i++)
			if (!served[i] && side[i].margin > side[best].margin)
				best = i;
		served[best] = true;
		side[best].left = left;
		side[best].part = side[best].target < left ? side[best].target : left;
		left -= side[best].part;
	}
	by_velocity(left, false, in, side, n);
}

void split_make(const struct split *s, int64_t qty, struct side *side, int n)
{
	assert(n >= 0 && n <= SIDES && s->strategy != ALLOC_SHARED);
	qty = within(qty, 0, MOST);
	for (int i = 0; i < n; i++)
		side[i].target = side[i].left = side[i].part = side[i].rest = 0;
	if (s->strategy == ALLOC_FIXED)
		by_share(s, qty, side, n);
	else if (s->strategy == ALLOC_VELOCITY)
		by_velocity(qty, true, NULL, side, n);
	else
		by_margin(s, qty, side, n);
}
