/*
 * Never promise what is not there: 100,000 random stocks a sentence, shared or split, with packs, caps, dark accounts and nodes; and the
 * printed sums recomputed by a script that has none of our lines in it.
 */
#include "base/clock.h"
#include "trade/allocation.h"
#include "trade/exposure.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { CASES = 100000, OFFERS = 8 };

struct stock {
	struct alloc_rule rule;
	struct outlet o[OFFERS];
	struct visible s[OFFERS];
	int64_t available;
	int n;
};

static int64_t sometimes(struct rng *r, int one_in, int64_t below)
{
	return rng_below(r, one_in) ? 0 : rng_below(r, below);
}

static struct visible random_shown(struct rng *r)
{
	int64_t most = sometimes(r, 4, 60) - 1;

	return (struct visible){
		.seen = rng_below(r, 60) - 1,
		.sold = sometimes(r, 3, 10),
		.confirmed = sometimes(r, 2, 60) - 1,
		.inflight_most = most,
		.inflight_least = most < 0 ? -1 : rng_below(r, most + 1),
		.dark = !rng_below(r, 8),
	};
}

static struct outlet random_outlet(struct rng *r, int account, int shelf)
{
	return (struct outlet){
		.account = account,
		.shelf = shelf,
		.velocity = sometimes(r, 2, 20000),
		.margin = rng_below(r, 1000),
		.buffer = { sometimes(r, 2, 12), sometimes(r, 2, 10001), 1 + sometimes(r, 3, 12), rng_below(r, 5) ? -1 : rng_below(r, 50) },
		.least = sometimes(r, 4, 5),
		.last = !rng_below(r, 3),
		.limit = -1,
		.reach = rng_below(r, 4) ? -1 : rng_below(r, 300),
		.at_node = -1,
		.hold = rng_below(r, 20) ? "" : "a person said so, 5 - 3 = 2",
	};
}

static struct stock random_stock(struct rng *r)
{
	struct stock k = {
		.rule = { .split = { .strategy = (enum strategy)rng_below(r, STRATEGIES), .all = rng_below(r, 2) != 0, .days = 1 + rng_below(r, 9),
		                     .z_milli = rng_below(r, 3000), .margin_min = sometimes(r, 2, 600) },
		          .reserve = sometimes(r, 4, 20), .last_units = sometimes(r, 5, 8), .hysteresis_bp = 200, .buffers = !rng_below(r, 4),
		          .never_full = rng_below(r, 4) != 0, .keep_dark = rng_below(r, 2) != 0 },
		.available = rng_below(r, 10) ? rng_below(r, 400) - 20 : rng_below(r, 2000000),
		.n = 1 + (int)rng_below(r, OFFERS),
	};
	int account = 0, shelf = 0;
	int64_t shares = 10000;

	bool nodes = rng_below(r, 2) != 0;

	for (int i = 0; i < k.n; i++) {
		if (i && rng_below(r, 3)) {
			account++;
			shelf++;
		} else if (i && rng_below(r, 2)) {
			shelf++;
		}
		k.o[i] = random_outlet(r, account, shelf);
		k.s[i] = random_shown(r);
		k.o[i].at_node = nodes ? rng_below(r, 200) : -1;
		if (i && k.o[i].account == k.o[i - 1].account) { /* of an account */
			k.o[i].share_bp = k.o[i - 1].share_bp;
			k.o[i].margin = k.o[i - 1].margin;
			k.s[i].dark = k.s[i - 1].dark;
		} else {
			shares -= k.o[i].share_bp = rng_below(r, shares + 1);
		}
		k.o[i].dark = k.s[i].dark;
		k.o[i].exposure = exposure_of(&k.s[i]);
		k.o[i].surely = exposure_least(&k.s[i]);
		k.o[i].shown = rng_below(r, 60) - 1;
	}
	return k;
}

/* As the planner does it: all wants, the limits of what goes up when the stock is split, the rest of the way. */
static void decide(struct stock *k)
{
	int64_t want[OFFERS], limit[OFFERS];
	int turn[OFFERS];

	allocate(&k->rule, k->available, k->o, k->n);
	for (int i = 0; i < k->n; i++) {
		want[i] = k->o[i].want * k->o[i].buffer.pack;
		turn[i] = k->n - 1 - i;
	}
	exposure_limits(k->s, want, turn, k->n, k->available, limit);
	for (int i = 0; i < k->n; i++) {
		if (k->rule.split.strategy != ALLOC_SHARED)
			k->o[i].limit = limit[i];
		outlet_settle(&k->rule, &k->o[i]);
	}
}

static int64_t eaches(const struct outlet *o, int64_t qty)
{
	return qty * o->buffer.pack;
}

static int64_t positive(int64_t x)
{
	return x > 0 ? x : 0;
}

static void never_above_what_is_available_on_one_channel(void **state)
{
	struct rng rng = rng_seeded(1);

	(void)state;
	for (int c = 0; c < CASES; c++) {
		struct stock k = random_stock(&rng);

		decide(&k);
		for (int i = 0; i < k.n; i++) {
			const struct outlet *o = &k.o[i];

			if (o->want > positive(k.available) / o->buffer.pack || o->qty > positive(k.available) / o->buffer.pack)
				fail_msg("case %d: offer %d shows %" PRId64 " packs of %" PRId64 " of %" PRId64, c, i, o->qty, o->buffer.pack, k.available);
			if (!o->dark && ((o->reach >= 0 && eaches(o, o->want) > o->reach) || (o->at_node >= 0 && eaches(o, o->want) > o->at_node)))
				fail_msg("case %d: offer %d shows what does not lie where it is served from", c, i);
			if (k.rule.never_full && k.available > 0 && !(o->steps & STEP_LAST) && !o->dark && eaches(o, o->want) >= k.available)
				fail_msg("case %d: offer %d shows all of %" PRId64, c, i, k.available);
		}
	}
}

/* The nodes of a listing are one channel's. */
static void never_above_it_over_the_nodes_of_a_listing(void **state)
{
	struct rng rng = rng_seeded(2);

	(void)state;
	for (int c = 0; c < CASES; c++) {
		struct stock k = random_stock(&rng);

		decide(&k);
		for (int i = 0; i < k.n; i++) {
			int64_t sum = 0;

			for (int j = 0; j < k.n; j++)
				if (k.o[j].shelf == k.o[i].shelf)
					sum += eaches(&k.o[j], k.o[j].want);
			if (!k.o[i].dark && sum > positive(k.available))
				fail_msg("case %d: listing %d shows %" PRId64 " of %" PRId64, c, k.o[i].shelf, sum, k.available);
		}
	}
}

static void never_above_it_in_sum_under_a_split(void **state)
{
	struct rng rng = rng_seeded(3);

	(void)state;
	for (int c = 0; c < CASES; c++) {
		struct stock k = random_stock(&rng);
		int64_t sum = 0;

		if (k.rule.split.strategy == ALLOC_SHARED)
			k.rule.split.strategy = ALLOC_FIXED;
		decide(&k);
		for (int i = 0; i < k.n; i++)
			sum += eaches(&k.o[i], k.o[i].qty);
		if (sum > positive(k.available))
			fail_msg("case %d: %s: %" PRId64 " of %" PRId64, c, strategy_name(k.rule.split.strategy), sum, k.available);
	}
}

/*
 * 4.5: whatever is really shown, as long as it is within what we know and within what there is, stays within it while the new numbers take effect, each sooner or
 * later or never.
 */
static void never_visible_above_it_while_numbers_move(void **state)
{
	struct rng rng = rng_seeded(4);
	int moved = 0;

	(void)state;
	for (int c = 0; c < CASES; c++) {
		struct stock k = random_stock(&rng);
		int64_t now = 0, most = 0;

		if (k.rule.split.strategy == ALLOC_SHARED)
			k.rule.split.strategy = ALLOC_VELOCITY;
		decide(&k);
		for (int i = 0; i < k.n; i++) {
			int64_t least = exposure_least(&k.s[i]), shown = least + rng_below(&rng, exposure_of(&k.s[i]) - least + 1), said = eaches(&k.o[i], k.o[i].qty);

			now += shown;
			most += said > shown ? said : shown;
		}
		moved += most > now && now <= positive(k.available);
		if (now <= positive(k.available) && most > positive(k.available))
			fail_msg("case %d: from %" PRId64 " to %" PRId64 " of %" PRId64, c, now, most, k.available);
	}
	assert_true(moved > 5000); /* there were increases to watch */
}

static void add_pools(struct rng *r, struct stock *k)
{
	for (int i = 0; i < k->n; i++)
		k->o[i].pool = sometimes(r, 2, 40);
}

/* With another pool beside ours a listing never shows more than both, less what ours is short of. */
static void never_above_it_and_a_pool_beside_it(void **state)
{
	struct rng rng = rng_seeded(6);
	int with = 0;

	(void)state;
	for (int c = 0; c < CASES; c++) {
		struct stock k = random_stock(&rng);

		add_pools(&rng, &k);
		decide(&k);
		for (int i = 0; i < k.n; i++) {
			int64_t sum = 0, pool = 0;

			for (int j = 0; j < k.n; j++)
				if (k.o[j].shelf == k.o[i].shelf) {
					sum += eaches(&k.o[j], k.o[j].want);
					pool += k.o[j].node == 1 && k.rule.split.strategy == ALLOC_SHARED ? k.o[j].pool : 0;
				}
			with += k.o[i].besides > 0;
			if (!k.o[i].dark && sum > positive(positive(k.available) + (pool ? positive(pool + (k.available < 0 ? k.available : 0)) : 0)))
				fail_msg("case %d: listing %d shows %" PRId64 " of %" PRId64 " and %" PRId64, c, k.o[i].shelf, sum, k.available, pool);
		}
	}
	assert_true(with > 5000);
}

/* ---- the equation ---- */

static void the_printed_equation_comes_to_its_number(void **state)
{
	struct rng rng = rng_seeded(5);
	FILE *awk = popen("awk -f tests/unit/equation.awk >&2", "w");
	int status;

	(void)state;
	assert_non_null(awk);
	for (int c = 0; c < CASES; c++) {
		struct stock k = random_stock(&rng);
		const struct outlet *o;
		char words[EQUATION];

		if (c % 2)
			add_pools(&rng, &k);
		decide(&k);
		o = &k.o[rng_below(&rng, k.n)];
		outlet_explain(&k.rule, o, words, sizeof words);
		fprintf(awk, "%s -> %" PRId64 "\n", words, o->qty);
	}
	status = pclose(awk);
	assert_int_equal(status, 0);
}

/* A script that finds nothing proves nothing: it is told wrong sums. */
static void the_script_finds_a_wrong_sum(void **state)
{
	static const char *const wrong[] = {
		"40 available - 5 buffer (5u/12%) = 36 -> 36",       "40 available - 4 buffer (5u/12%) = 36 -> 36",
		"40 available - 5 buffer (5u/12%) = 35 -> 34",       "47 available, 19 by share (40%) = 19 -> 19",
		"47 available, 18 + 2 by share (40%) = 20 -> 20",    "47 available, 22 by margin (cover 24; 48 left) = 22 -> 22",
		"5 available, so 0 -> 0",                            "47 available, packs of 6 = 8 -> 8",
		"47 available, 40 stays for less than 2 more = 40 -> 40", "47 available, magic = 47 -> 47",
		"-3 available, none of ours, and 6 of fba = 3 -> 3", "40 available, and 8 of fba = 40 -> 40",
		"held at zero: x -> 3",                              "47 available, node 2 of 2 = 24 -> 24",
	};

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		FILE *awk = popen("awk -f tests/unit/equation.awk >/dev/null", "w");

		assert_non_null(awk);
		fprintf(awk, "%s\n", wrong[i]);
		if (pclose(awk) == 0)
			fail_msg("taken for right: %s", wrong[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(never_above_what_is_available_on_one_channel),
		cmocka_unit_test(never_above_it_over_the_nodes_of_a_listing),
		cmocka_unit_test(never_above_it_in_sum_under_a_split),
		cmocka_unit_test(never_visible_above_it_while_numbers_move),
		cmocka_unit_test(never_above_it_and_a_pool_beside_it),
		cmocka_unit_test(the_printed_equation_comes_to_its_number),
		cmocka_unit_test(the_script_finds_a_wrong_sum),
	};

	return cmocka_run_group_tests_name("promise", tests, NULL, NULL);
}
