/* The recorded sales once more: what comes out for stocks whose answer is known, and that sums hold for any. */
#include "base/clock.h"
#include "trade/replay.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { MINUTE = 60000, HOUR = 60 * MINUTE };

struct replay_case {
	const char *why;
	int64_t stock, buffer[2], minutes[2]; /* two accounts: units kept back, latency */
	enum strategy strategy;
	struct replay_event event[6];
	int events;
	int64_t sold[2], oversold[2], lost[2];
};

static const struct replay_case cases[] = {
	{ "one after the other, heard at once", 6, { 0, 0 }, { 0, 0 }, ALLOC_SHARED, { { 1, 0, 4 }, { 2, 1, 4 } }, 2, { 4, 2 }, { 0, 0 }, { 0, 0 } },
	{ "ten minutes apart, heard after fifteen", 6, { 0, 0 }, { 15, 15 }, ALLOC_SHARED, { { 1, 0, 4 }, { 10 * MINUTE, 1, 4 } }, 2, { 4, 4 }, { 0, 2 }, { 0, 0 } },
	{ "ten minutes apart, heard after five", 6, { 0, 0 }, { 5, 5 }, ALLOC_SHARED, { { 1, 0, 4 }, { 10 * MINUTE, 1, 4 } }, 2, { 4, 2 }, { 0, 0 }, { 0, 0 } },
	{ "a buffer where it is heard late", 6, { 0, 4 }, { 15, 15 }, ALLOC_SHARED, { { 1, 0, 4 }, { 10 * MINUTE, 1, 4 } }, 2, { 4, 2 }, { 0, 0 }, { 0, 0 } },
	{ "its own sales it knows at once", 6, { 0, 0 }, { 600, 600 }, ALLOC_SHARED, { { 1, 0, 4 }, { 2, 0, 4 } }, 2, { 6, 0 }, { 0, 0 }, { 0, 0 } },
	{ "a buffer loses what somebody wanted", 6, { 3, 0 }, { 0, 0 }, ALLOC_SHARED, { { 1, 0, 5 } }, 1, { 3, 0 }, { 0, 0 }, { 2, 0 } },
	{ "parted, nothing is promised twice", 6, { 0, 0 }, { 600, 600 }, ALLOC_VELOCITY, { { 1, 0, 6 }, { 2, 1, 6 } }, 2, { 3, 3 }, { 0, 0 }, { 3, 0 } },
	{ "what came in is there when it is heard of", 0, { 0, 0 }, { 15, 15 }, ALLOC_SHARED, { { 1, -1, 5 }, { 2, 0, 3 }, { 16 * MINUTE, 0, 3 } }, 3, { 3, 0 },
	  { 0, 0 }, { 3, 0 } },
};

static struct replay of_case(const struct replay_case *c, struct outlet *o, int64_t *latency)
{
	for (int i = 0; i < 2; i++) {
		o[i] = (struct outlet){ .account = i, .shelf = i, .buffer = { c->buffer[i], 0, 1, -1 }, .reach = -1, .at_node = -1, .hold = "" };
		latency[i] = c->minutes[i] * MINUTE;
	}
	return (struct replay){ .rule = { .split = { .strategy = c->strategy } }, .outlet = o, .latency_ms = latency, .n = 2, .event = c->event,
		                .events = c->events, .stock = c->stock, .until_ms = 24 * (int64_t)HOUR };
}

static void known_answers(void **state)
{
	(void)state;
	for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
		struct replayed out[2];
		struct outlet o[2];
		int64_t latency[2];
		struct replay r = of_case(&cases[k], o, latency);

		replay_run(&r, out);
		for (int i = 0; i < 2; i++)
			if (out[i].sold != cases[k].sold[i] || out[i].oversold != cases[k].oversold[i] || out[i].lost != cases[k].lost[i])
				fail_msg("%s: account %d sold %" PRId64 ", %" PRId64 " too many, lost %" PRId64, cases[k].why, i, out[i].sold, out[i].oversold, out[i].lost);
	}
}

static void what_is_kept_back_on_average(void **state)
{
	struct outlet o = { .buffer = { 4, 0, 1, -1 }, .reach = -1, .at_node = -1, .hold = "" };
	struct replay_event e = { 12 * HOUR, 0, 6 }; /* half a day 4 of 10 are kept back, half a day 4 of 4 */
	int64_t latency = 0;
	struct replay r = { .outlet = &o, .latency_ms = &latency, .n = 1, .event = &e, .events = 1, .stock = 10, .until_ms = 24 * (int64_t)HOUR };
	struct replayed out;

	(void)state;
	replay_run(&r, &out);
	assert_int_equal(out.sold, 6);
	assert_int_equal(out.kept, 4000);
}

/* Whatever is sold: nobody sells what he does not show, a split never sells twice, no latency and one account never does. */
static void sums_hold(void **state)
{
	struct rng rng = rng_seeded(11);

	(void)state;
	for (int k = 0; k < 3000; k++) {
		struct replay_event e[30];
		struct outlet o[3];
		struct replayed out[3];
		int64_t latency[3], wanted = 0, sold = 0, over = 0, stock = rng_below(&rng, 40), came = 0, at = 0;
		struct replay r = { .rule = { .split = { .strategy = (enum strategy)rng_below(&rng, STRATEGIES) }, .hysteresis_bp = 200 }, .outlet = o, .latency_ms = latency,
			            .n = 1 + (int)rng_below(&rng, 3), .event = e, .events = (int)rng_below(&rng, 30), .stock = stock, .until_ms = 10 * HOUR };
		bool quick = !rng_below(&rng, 3);

		for (int i = 0; i < r.n; i++) {
			o[i] = (struct outlet){ .account = i, .shelf = i, .share_bp = 3333, .velocity = rng_below(&rng, 5000), .margin = rng_below(&rng, 9),
				                .buffer = { rng_below(&rng, 6), 0, 1, -1 }, .reach = -1, .at_node = -1, .hold = "" };
			latency[i] = quick ? 0 : rng_below(&rng, 2 * HOUR);
		}
		for (int i = 0; i < r.events; i++) {
			at += rng_below(&rng, 20 * MINUTE);
			e[i] = (struct replay_event){ at, (int)rng_below(&rng, r.n + 1) - 1, 1 + rng_below(&rng, 6) };
			*(e[i].outlet < 0 ? &came : &wanted) += e[i].qty;
		}
		replay_run(&r, out);
		for (int i = 0; i < r.n; i++) {
			sold += out[i].sold;
			over += out[i].oversold;
			assert_true(out[i].lost >= 0 && out[i].kept >= 0 && out[i].oversold <= out[i].sold);
		}
		assert_true(sold <= wanted);
		assert_true(sold - over <= stock + came);
		if (quick || r.n == 1 || r.rule.split.strategy != ALLOC_SHARED)
			assert_int_equal(over, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_answers),
		cmocka_unit_test(what_is_kept_back_on_average),
		cmocka_unit_test(sums_hold),
	};

	return cmocka_run_group_tests_name("replay", tests, NULL, NULL);
}
