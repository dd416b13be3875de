/* Row numbers as a short text, and back. */
#include "base/runs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

enum { MOST = 8 };

static const struct {
	const char *why;
	int64_t id[MOST]; /* up to the first 0 */
	const char *want;
} packs[] = {
	{ "none", { 0 }, "" },
	{ "one", { 7 }, "7" },
	{ "those beside each other are a run", { 3, 4, 5 }, "3-5" },
	{ "two are one as well", { 3, 4 }, "3-4" },
	{ "in any order", { 9, 4, 3, 12, 5 }, "3-5,9,12" },
	{ "one that stands twice counts once", { 4, 4, 5, 5, 9, 9 }, "4-5,9" },
	{ "a number as large as no store has one", { INT64_C(900000000000000000), 1 }, "1,900000000000000000" },
};

static void sets_are_written(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof packs / sizeof *packs; i++) {
		int64_t id[MOST];
		struct run *run;
		int n = 0, runs;
		const char *got;

		for (; n < MOST && packs[i].id[n]; n++)
			id[n] = packs[i].id[n];
		got = runs_pack(a, id, n);
		if (strcmp(got, packs[i].want))
			fail_msg("%s: '%s'", packs[i].why, got);
		runs = runs_unpack(a, got, &run);
		for (int k = 0; k < n; k++)
			assert_true(runs_have(run, runs, packs[i].id[k]));
		assert_false(runs_have(run, runs, 2));
		assert_false(runs_have(run, runs, 1000));
	}
	arena_free(a);
}

static const struct {
	const char *why, *text;
	int want;
} reads[] = {
	{ "what is no number ends it", "1-3,x,9", 1 },
	{ "and what stands behind a number", "1-3;9", 0 },
	{ "a run that goes down", "9-3", 0 },
	{ "one that goes on below the last", "5-9,7-12", 1 },
	{ "no row has the number nought", "0-5", 0 },
	{ "nor a number that no row has", "99999999999999999999", 0 },
	{ "an end that is missing", "5-", 0 },
	{ "a run is no longer in memory for all that it holds", "1-900000000000000000", 1 },
};

static void a_damaged_text_is_read_as_far_as_it_makes_sense(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof reads / sizeof *reads; i++) {
		struct run *run;
		int got = runs_unpack(a, reads[i].text, &run);

		if (got != reads[i].want)
			fail_msg("%s: %d runs", reads[i].why, got);
	}
	arena_free(a);
}

static void runs_in_any_order_are_joined(void **state)
{
	struct run run[] = { { 20, 30 }, { 3, 5 }, { 4, 9 }, { 10, 10 }, { 25, 26 }, { 12, 12 } };
	int n = runs_join(run, 6);

	(void)state;
	assert_int_equal(n, 3);
	assert_true(run[0].from == 3 && run[0].to == 10 && run[1].from == 12 && run[1].to == 12 && run[2].from == 20 && run[2].to == 30);
	assert_int_equal(runs_join(run, 0), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sets_are_written),
		cmocka_unit_test(runs_in_any_order_are_joined),
		cmocka_unit_test(a_damaged_text_is_read_as_far_as_it_makes_sense),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
