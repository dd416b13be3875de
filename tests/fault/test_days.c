/*
 * test_days.c: simulated days by seed, and what came of them.
 *
 * One of each kind in `make test`; as many as DAYS says, sixty in `make soak`. A seed that failed is printed; SEED=n KIND=k lives
 * through that day alone, and DAY_KEEP=1 leaves its store to look at.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "sandbox/sandbox.h"
#include "tests/fault/child.h"
#include "tests/fault/day.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct kind {
	const char *name;
	int hours;         /* with buyers; an hour and a half of rest follows */
	int crashes;       /* an hour */
	bool mishaps;      /* sown in every second hour */
	bool shadow;
	bool feeds;        /* what changes goes by feed */
	bool whole;        /* four marketplaces, five depots */
	int first;         /* of its seeds; so many lives it gets in make test */
	int lives;
};

static const struct kind kinds[] = {
	{ "all well", 4, 0, false, false, false, false, 100, 1 },
	{ "mishaps every other hour", 4, 0, true, false, false, false, 200, 1 },
	{ "killed again and again", 3, 12, false, false, false, false, 300, 1 },
	{ "mishaps and killed", 3, 6, true, false, false, false, 400, 1 },
	{ "shadow: nothing is said", 2, 0, true, true, false, false, 500, 1 },
	{ "the whole business", 4, 0, false, false, false, true, 1, 1 },
	{ "the whole business, mishaps and killed", 3, 4, true, false, false, true, 600, 1 },
	{ "by feed: all well", 4, 0, false, false, true, false, 601, 1 },
	{ "by feed: mishaps and killed", 3, 6, true, false, true, false, 650, 2 }, /* 650: three feeds of one second in doubt, and no list tells which is whose */
};

static const char *live(const struct kind *k, uint64_t seed, char *told, size_t cap)
{
	struct day_plan plan = { .seed = seed, .skus = 36, .past = 60, .orders_a_day = 240, .demo = true, .jitter = true, .settle_pct = 100 };
	struct day *d;
	const char *why;

	plan.shadow = k->shadow;
	plan.whole = k->whole;
	plan.config = k->feeds ? "[account walmart-us]\nbulk_over = 1\n[account amazon-na]\nbulk_over = 1\n" : NULL;
	plan.crashes_an_hour = k->crashes;
	d = day_open(&plan);
	for (int hour = 0; hour < k->hours; hour++) {
		char fault[80];

		snprintf(fault, sizeof fault, "for=60m seed=%d", (int)seed * 100 + hour);
		if (k->mishaps && hour % 2)
			day_fault(d, fault);
		day_run(d, d->now_ms + HOUR);
	}
	day_no_buyers(d);
	day_run(d, d->now_ms + HOUR);
	d->plan.idle = true; /* the last count is true for ever */
	day_run(d, d->now_ms + 30 * MINUTE);
	why = day_verdict(d);
	if (!why && k->shadow && day_count(d, "writes_push") + day_count(d, "writes_ack") + day_count(d, "writes_ship") + day_count(d, "writes_cancel"))
		why = "a shadow account wrote";
	snprintf(told, cap, "%s", why ? why : "");
	print_message("%s, seed %d: %d orders, %d turns, %d times killed%s%s\n", k->name, (int)seed, d->sandbox->world->orders, d->turns, d->crashes,
	              why ? ": " : "", told);
	day_close(d);
	return *told ? told : NULL;
}

static int lives_of(const struct kind *k)
{
	const char *days = getenv("DAYS");

	return days ? atoi(days) : getenv("SOAK") ? 60 : k->lives;
}

static void days_of(const struct kind *k)
{
	const char *seed = getenv("SEED"), *only = getenv("KIND");
	char told[500];
	int bad = 0;

	if (only && atoi(only) != (int)(k - kinds))
		return;
	for (int i = 0; i < (seed ? 1 : lives_of(k)); i++)
		bad += live(k, seed ? (uint64_t)atoll(seed) : (uint64_t)(k->first + i), told, sizeof told) != NULL;
	assert_int_equal(bad, 0);
}

static void a_day_on_which_all_is_well(void **state)
{
	(void)state;
	days_of(&kinds[0]);
}

static void days_of_mishaps(void **state)
{
	(void)state;
	days_of(&kinds[1]);
}

static void days_of_sudden_death(void **state)
{
	(void)state;
	days_of(&kinds[2]);
}

static void days_of_both(void **state)
{
	(void)state;
	days_of(&kinds[3]);
}

static void a_shadow_account_writes_nothing(void **state)
{
	(void)state;
	days_of(&kinds[4]);
}

static void days_of_a_whole_business(void **state)
{
	(void)state;
	days_of(&kinds[5]);
}

static void days_of_a_whole_business_with_everything_against_it(void **state)
{
	(void)state;
	days_of(&kinds[6]);
}

static void days_of_feeds(void **state)
{
	(void)state;
	days_of(&kinds[7]);
}

static void days_of_feeds_and_all_of_it(void **state)
{
	(void)state;
	days_of(&kinds[8]);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_day_on_which_all_is_well), cmocka_unit_test(days_of_mishaps), cmocka_unit_test(days_of_sudden_death),
		cmocka_unit_test(days_of_both), cmocka_unit_test(a_shadow_account_writes_nothing),
		cmocka_unit_test(days_of_a_whole_business), cmocka_unit_test(days_of_a_whole_business_with_everything_against_it),
		cmocka_unit_test(days_of_feeds), cmocka_unit_test(days_of_feeds_and_all_of_it),
	};

	child_main(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
