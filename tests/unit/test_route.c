/* Which way quantities go. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/route.h"

#include <string.h>

#define SECOND 1000
#define MINUTE (60 * SECOND)

/* Full buckets: Amazon's patch 5 a second and 5 at once, Walmart's PUT 200 a minute. */
#define AMAZON(n, tokens, wait, over) { n, tokens, 5, SECOND, 1, 25000, wait, 5 * MINUTE, over, 0, 0, 0 }
#define WALMART(n, later, over) { n, 200, 200, MINUTE, 1, 4500, 0, later, over, 0, 0, 0 }

/* Slow answers: two seconds each, so many at once; and as many as that wait in other marketplaces. */
#define SLOW(n, lines, others) { n, 5, 5, SECOND, 1, 25000, 0, 5 * MINUTE, -1, n + (others), 2 * SECOND, lines }

static const struct {
	const char *why;
	struct route_case c;
	bool feed;
	const char *says;
} cases[] = {
	{ "one change is a call", AMAZON(1, 5, 0, -1), false, "1 wait: single calls are through in 1 s, a feed would be live 5 min later" },
	{ "a thousand at Amazon go by calls: the feed is slower", AMAZON(1000, 5, 0, -1), false,
	  "1000 wait: single calls are through in 4 min, a feed would be live 5 min later" },
	{ "up to tokens + rate * later", AMAZON(1505, 5, 0, -1), false, NULL },
	{ "one more, and the feed is quicker", AMAZON(1506, 5, 0, -1), true, "1506 wait: single calls would take 6 min, a feed is live 5 min later than a call" },
	{ "an empty bucket makes it earlier", AMAZON(1501, 0, 0, -1), true, NULL },
	{ "a feed that may not be handed in yet is later", AMAZON(1506, 5, 2 * MINUTE, -1), false, NULL },
	{ "Walmart: six thousand two hundred", WALMART(6200, 30 * MINUTE, -1), false, NULL },
	{ "and one", WALMART(6201, 30 * MINUTE, -1), true, NULL },
	{ "a feed that was measured to be quicker is taken earlier", WALMART(1201, 5 * MINUTE, -1), true, NULL },
	{ "1,000 are patches", AMAZON(1000, 5, 0, 1000), false, "1000 wait, bulk_over is 1000: single calls" },
	{ "1,001 are a feed", AMAZON(1001, 5, 0, 1000), true, "1001 wait, bulk_over is 1000: a feed" },
	{ "25 at Walmart are calls", WALMART(25, 30 * MINUTE, 25), false, NULL },
	{ "26 are a feed", WALMART(26, 30 * MINUTE, 25), true, NULL },
	{ "0 is: always a feed", WALMART(1, 30 * MINUTE, 0), true, NULL },
	{ "where nothing limits calls, calls", { 1000, 5, 0, SECOND, 1, 25000, 0, 5 * MINUTE, -1, 0, 0, 0 }, false, NULL },
	{ "answers so slow that the lines are full before the bucket is empty", SLOW(601, 4, 0), true, "601 wait: single calls would take 6 min, a feed is live 5 min later than a call" },
	{ "with more lines they are not", SLOW(601, 12, 0), false, NULL },
	{ "what waits for other marketplaces stands in the same queue", SLOW(601, 12, 905), true, NULL },
};

static void the_quicker_way_is_taken(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct route r;

		route_choose(&cases[i].c, &r);
		if (r.feed != cases[i].feed || (cases[i].says && strcmp(r.why, cases[i].says)))
			fail_msg("%s: %s (%s)", cases[i].why, r.feed ? "feed" : "calls", r.why);
	}
}

/* 0 requests over a limit, and none later than it must be: the last of n goes when the bucket has given it. */
static void calls_take_as_long_as_the_bucket(void **state)
{
	const struct route_case amazon = AMAZON(0, 5, 0, -1);
	const struct route_case walmart = WALMART(0, 30 * MINUTE, -1);

	(void)state;
	assert_int_equal(route_single_ms(&amazon, 5), 200); /* as many at once as there are lines */
	assert_int_equal(route_single_ms(&amazon, 105), 20 * SECOND);
	assert_int_equal(route_single_ms(&walmart, 1400), 6 * MINUTE);
}

/* Of many zeros the single calls take as many as are through when the feed is live. */
static void calls_go_on_beside_the_feed(void **state)
{
	static const struct {
		const char *why;
		struct route_case c;
		int64_t singles;
	} cases[] = {
		{ "Amazon: five minutes of its bucket", AMAZON(5000, 5, 0, -1), 1505 },
		{ "Walmart: half an hour of it", WALMART(10000, 30 * MINUTE, -1), 6200 },
		{ "a feed that must wait leaves them more time", AMAZON(5000, 5, MINUTE, -1), 1805 },
		{ "where answers are slow, what the lines carry", SLOW(5000, 4, 0), 600 },
		{ "a seller's own number: what the bucket holds", AMAZON(5000, 5, 0, 1000), 5 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct route r;

		route_choose(&cases[i].c, &r);
		if (r.singles != cases[i].singles)
			fail_msg("%s: %d", cases[i].why, (int)r.singles);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(the_quicker_way_is_taken), cmocka_unit_test(calls_take_as_long_as_the_bucket),
		                            cmocka_unit_test(calls_go_on_beside_the_feed) };

	return cmocka_run_group_tests_name("route", tests, NULL, NULL);
}
