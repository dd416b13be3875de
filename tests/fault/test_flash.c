/*
 * test_flash.c: a business with everything in it, four marketplaces and five depots, through an hour of ten times the orders.
 *
 * The marketplaces' own ledger says what was oversold. One seed in `make test`; as many as DAYS says, twenty in `make soak`; a seed that failed is
 * printed, and SEED=n lives through it alone.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "sandbox/sandbox.h"
#include "tests/fault/child.h"
#include "tests/fault/steps.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { A_DAY = 500, TIMES = 10, FIRST_SEED = 700, EACH = 4 };

/* What must not be, whatever the marketplaces' ledger counted besides. */
static const enum count never[] = { OVERSOLD_AVOIDABLE, POOL_WRITES, FORBIDDEN_WRITES, ACKS_AGAIN, LEADS_LOST, LISTINGS_ENDED, REVISIONS_REFUSED, THROTTLED,
	                            BAD_REQUESTS, UNKNOWN_CALLERS };

static int judge(struct day *d)
{
	int64_t odd = day_int(d, "SELECT (SELECT count(*) FROM inbox WHERE state IN ('parked', 'retried')) + (SELECT count(*) FROM job WHERE state IN ('failed', 'unsure'))");
	int bad = *d->trouble != '\0';

	for (size_t i = 0; i < sizeof never / sizeof *never; i++)
		if (d->sandbox->world->count[never[i]] && ++bad)
			print_message("seed %" PRIu64 ": %s: %" PRId64 "\n", d->plan.seed, count_names[never[i]], d->sandbox->world->count[never[i]]);
	if (odd && ++bad)
		print_message("seed %" PRIu64 ": %" PRId64 " replies not understood and jobs left\n", d->plan.seed, odd);
	if (*d->trouble)
		print_message("%s\n", d->trouble);
	return bad;
}

/* Little of everything: buyers find that it sells out. */
static void empty_shelves(struct day *d)
{
	struct world *w = d->sandbox->world;

	for (int i = 0; i < w->products; i++)
		for (enum depot at = 0; at < DEPOTS; at++)
			if (w->product[i].at[at] > EACH)
				depot_count(w, i, at, EACH);
	day_count_shelf(d);
}

static void buy(struct day *d, int a_day, int64_t for_ms)
{
	d->sandbox->world->opt.orders_a_day = a_day;
	d->sandbox->world->next_buyer_ms = d->now_ms;
	day_run(d, d->now_ms + for_ms);
}

static int live(uint64_t seed)
{
	struct day_plan plan = { .seed = seed, .skus = 30, .jitter = true, .settle_pct = 100, .whole = true };
	struct day *d = day_open(&plan);
	int bad;

	empty_shelves(d);
	day_run(d, d->now_ms + 40 * MINUTE); /* nobody comes before all of it is said */
	buy(d, A_DAY, HOUR);
	buy(d, A_DAY * TIMES, HOUR);
	buy(d, A_DAY, HOUR);
	day_no_buyers(d);
	day_run(d, d->now_ms + HOUR);
	print_message("seed %" PRIu64 ": %d orders, %d turns, sold %" PRId64 ", refused %" PRId64 ", oversold %" PRId64 "\n", seed, d->sandbox->world->orders, d->turns, day_count(d, "units_sold"), day_count(d, "units_refused"), day_count(d, "oversold"));
	bad = judge(d);
	day_close(d);
	return bad;
}

static void an_hour_of_ten_times_the_orders_oversells_nothing_that_could_be_avoided(void **state)
{
	const char *seed = getenv("SEED"), *days = getenv("DAYS");
	int lives = seed ? 1 : days ? atoi(days) : getenv("SOAK") ? 20 : 1, bad = 0;

	(void)state;
	for (int i = 0; i < lives; i++)
		bad += live(seed ? (uint64_t)atoll(seed) : (uint64_t)(FIRST_SEED + i)) != 0;
	assert_int_equal(bad, 0);
}

static int64_t item(struct day *d, const char *sku)
{
	return day_int(d, arena_printf(d->arena, "SELECT id FROM item WHERE sku = '%s'", sku));
}

/* What the seller says of his case and his set, as the demo does. */
static void say_bundles(struct day *d)
{
	struct buf b = buf_new(d->arena);
	int64_t accounts = day_int(d, "SELECT max(id) FROM account");

	for (int64_t a = 1; a <= accounts; a++)
		if (day_int(d, arena_printf(d->arena, "SELECT count(*) FROM offer WHERE account_id = %" PRId64 " AND sku = 'HP-PRUNER-CASE6'", a)))
			buf_printf(&b, "map=%" PRId64 ":6:%" PRId64 ":HP-PRUNER-CASE6\n", a, item(d, "HP-PRUNER-1"));
	must(day_intend(d, "map", "", b.p));
	must(day_intend(d, "kit", "", arena_printf(d->arena, "kit=1:%" PRId64 ":HP-GIFT-BATH\nkit=2:%" PRId64 ":HP-GIFT-BATH\n", item(d, "HP-TOWEL-SLT"), item(d, "HP-SOAP-CDR"))));
}

/* Single ones and bundles of them want the same units. */
static void bundles_and_their_parts_are_not_promised_twice(void **state)
{
	struct day_plan plan = { .seed = 741, .skus = 44, .prompt = true, .settle_pct = 100, .whole = true, .bundles = true };
	struct day *d = day_open(&plan);
	struct world *w = d->sandbox->world;

	(void)state;
	for (int i = 0; i < w->products; i++)
		w->product[i].rate = product_bundled(&w->product[i]) || !strcmp(world_str(w, w->product[i].sku), "HP-PRUNER-1") ? 400 : 1;
	catalog_weigh(w);
	day_no_buyers(d);
	day_run(d, d->now_ms + 10 * MINUTE);
	say_bundles(d);
	day_run(d, d->now_ms + 40 * MINUTE);
	assert_int_equal(day_int(d, "SELECT max(seen) FROM offer WHERE sku = 'HP-PRUNER-CASE6'"), 3); /* of twenty eaches, at the shop without a buffer of its own */
	depot_count(w, product_by_sku(w, "HP-PRUNER-1"), DEPOT_FILE, 60); /* a case is six at once: buffers of three or five eaches are for single ones */
	day_count_shelf(d);
	buy(d, A_DAY, 2 * HOUR);
	day_no_buyers(d);
	day_run(d, d->now_ms + HOUR);
	print_message("%d orders, of them %" PRId64 " of bundles\n", w->orders, day_int(d, "SELECT count(*) FROM order_line WHERE sku IN ('HP-PRUNER-CASE6', 'HP-GIFT-BATH')"));
	assert_true(day_int(d, "SELECT count(DISTINCT sku) FROM order_line WHERE sku IN ('HP-PRUNER-CASE6', 'HP-GIFT-BATH', 'HP-PRUNER-1')") == 3);
	assert_int_equal(judge(d), 0);
	day_close(d);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_hour_of_ten_times_the_orders_oversells_nothing_that_could_be_avoided),
		cmocka_unit_test(bundles_and_their_parts_are_not_promised_twice),
	};

	child_main(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
