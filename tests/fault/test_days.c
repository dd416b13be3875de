/*
 * test_days.c: simulated days by seed, and what came of them.
 *
 * Ten in `make test`: one of each kind, two of the last; of each as many as DAYS says, sixty in `make soak`. A seed that failed is printed; SEED=n KIND=k lives
 * through that day alone, and DAY_KEEP=1 leaves its store to look at.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/fault/child.h"
#include "tests/fault/life.h"

#include <stdio.h>
#include <stdlib.h>

#define LONG .skus = 36, .past = 60, .orders_a_day = 240, .stretch_min = 60, .quiet_min = 60, .still_min = 30, .settle_pct = 100

static const struct life_kind kinds[] = {
	{ .name = "all well", LONG, .stretches = 4, .first = 100, .lives = 1 },
	{ .name = "mishaps every other hour", LONG, .stretches = 4, .mishaps = true, .first = 200, .lives = 1 },
	{ .name = "killed again and again", LONG, .stretches = 3, .crashes = 12, .first = 300, .lives = 1 },
	{ .name = "mishaps and killed", LONG, .stretches = 3, .crashes = 6, .mishaps = true, .first = 400, .lives = 1 },
	{ .name = "shadow: nothing is said", LONG, .stretches = 2, .mishaps = true, .shadow = true, .first = 500, .lives = 1 },
	{ .name = "the whole business", LONG, .stretches = 4, .whole = true, .first = 1, .lives = 1 },
	{ .name = "the whole business, mishaps and killed", LONG, .stretches = 3, .crashes = 4, .mishaps = true, .whole = true, .first = 600, .lives = 1 },
	{ .name = "by feed: all well", LONG, .stretches = 4, .feeds = true, .first = 601, .lives = 1 },
	{ .name = "by feed: mishaps and killed", LONG, .stretches = 3, .crashes = 6, .mishaps = true, .feeds = true, .first = 650,
	  .lives = 2 }, /* 650: three feeds of one second in doubt, and no list tells which is whose */
};

static bool live(const struct life_kind *k, uint64_t seed)
{
	struct life life;

	life_live(k, seed, &life);
	print_message("%s, seed %d: %d orders, %d turns, %d times killed%s%s\n", k->name, (int)seed, life.orders, life.turns, life.crashes, *life.why ? ": " : "", life.why);
	return !*life.why;
}

static int lives_of(const struct life_kind *k)
{
	const char *days = getenv("DAYS");

	return days ? atoi(days) : getenv("SOAK") ? 60 : k->lives;
}

static void days_of(const struct life_kind *k)
{
	const char *seed = getenv("SEED"), *only = getenv("KIND");
	int bad = 0;

	if (only && atoi(only) != (int)(k - kinds))
		return;
	for (int i = 0; i < (seed ? 1 : lives_of(k)); i++)
		bad += !live(k, seed ? (uint64_t)atoll(seed) : (uint64_t)(k->first + i));
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
