/* Advice: how fast it sells, what may go wrong with one shared stock, which buffer would make it rare. */
#include "base/clock.h"
#include "trade/exposure.h"
#include "trade/risk.h"
#include "trade/velocity.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

enum { MINUTE = 60000 };

/* ---- velocity ---- */

static const struct sales_day week[] = { { 4, 1000 }, { 0, 0 }, { 1, 250 }, { 6, 1000 }, { 5, 1000 }, { 3, 1000 }, { 7, 1000 } };

static void a_day_without_stock_says_nothing(void **state)
{
	static const struct sales_day none[] = { { 0, 0 }, { 0, 0 } }, dull[] = { { 0, 1000 }, { 0, 1000 } }, one[] = { { 3, 1000 } };
	struct sales_day year[400];

	(void)state;
	assert_int_equal(velocity_of(week, 7, 0, 0), 4847);     /* 3.71 if empty shelves counted as days */
	assert_int_equal(velocity_of(week, 7, 4000, 3), 4473);
	assert_int_equal(velocity_of(none, 2, 4000, 3), 4000);
	assert_int_equal(velocity_of(none, 2, 0, 0), 0);
	assert_int_equal(velocity_of(dull, 2, 0, 3), 0);
	assert_int_equal(velocity_of(one, 1, 0, 0), 3000);
	for (int i = 0; i < 400; i++)
		year[i] = (struct sales_day){ 1000000, 1000 };
	assert_in_range(velocity_of(year, 400, 1000000000, 365), 999999000, 1000001000);
}

static void a_week_weighs_half(void **state)
{
	struct sales_day d[8] = { { 0, 1000 } };

	(void)state;
	d[7] = (struct sales_day){ 9, 1000 };
	assert_int_equal(velocity_of(d, 8, 0, 0), 3000); /* (0 + 9 / 2) / (1 + 1 / 2) */
}

/* ---- risk ---- */

/* Recommended buffers by what others sell a day and the latency, alpha 1 % and 0.1 %. Reckoned apart with floating point (2026-11-20). */
static void recommended_buffers(void **state)
{
	static const int64_t minutes[] = { 2, 5, 15, 30, 60, 240 };
	static const struct {
		int64_t others, one_percent[6], one_permille[6];
	} rows[] = {
		{ 1, { 1, 1, 2, 2, 2, 3 }, { 2, 2, 2, 2, 2, 3 } },        { 5, { 1, 2, 2, 2, 3, 5 }, { 2, 2, 3, 3, 4, 6 } },
		{ 20, { 2, 2, 3, 3, 5, 9 }, { 2, 3, 4, 4, 6, 11 } },      { 50, { 2, 3, 4, 5, 7, 17 }, { 3, 3, 5, 6, 9, 20 } },
		{ 100, { 2, 3, 5, 7, 11, 28 }, { 3, 4, 6, 9, 13, 32 } },  { 300, { 3, 5, 9, 14, 22, 68 }, { 4, 6, 11, 16, 26, 74 } },
		{ 1000, { 6, 9, 20, 33, 58, 198 }, { 7, 11, 23, 37, 64, 209 } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		for (int k = 0; k < 6; k++) {
			int64_t mean = risk_mean(rows[i].others * 1000, minutes[k] * MINUTE);

			if (risk_buffer(mean, 10000) != rows[i].one_percent[k] || risk_buffer(mean, 1000) != rows[i].one_permille[k])
				fail_msg("%" PRId64 " a day, %" PRId64 " min: %" PRId64 "/%" PRId64, rows[i].others, minutes[k], risk_buffer(mean, 10000),
				         risk_buffer(mean, 1000));
		}
}

/* 130 units a day over four channels, latencies Amazon 15, Walmart 10 or 240, eBay 3, Shopify 2 minutes: the sum of the bounds. */
static void bounds_of_a_sell_out(void **state)
{
	static const struct {
		const char *why;
		int64_t tenths, walmart, buffer[4], want; /* ppm */
	} rows[] = {
		{ "no buffers", 10, 10, { 0, 0, 0, 0 }, 717700 },          { "5/5/3/1", 10, 10, { 5, 5, 3, 1 }, 5300 },
		{ "4/4/3/2", 10, 10, { 4, 4, 3, 2 }, 4500 },               { "a feed of 4 h with 5/5/3/1", 10, 240, { 5, 5, 3, 1 }, 998200 },
		{ "a feed of 4 h with 4/28/3/2", 10, 240, { 4, 28, 3, 2 }, 10300 }, { "13 a day, no buffers", 1, 10, { 0, 0, 0, 0 }, 87800 },
		{ "13 a day, one each", 1, 10, { 1, 1, 1, 1 }, 5800 },     { "13 a day, two each", 1, 10, { 2, 2, 2, 2 }, 200 },
	};
	static const int64_t pace[] = { 6000, 3000, 1500, 2500 };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const int64_t latency[] = { 15, rows[i].walmart, 3, 2 };
		int64_t sum = 0;

		for (int k = 0; k < 4; k++) {
			int64_t own = pace[k] * rows[i].tenths, others = 13000 * rows[i].tenths - own;

			sum += risk_bound(risk_mean(others, latency[k] * MINUTE), risk_mean(own, latency[k] * MINUTE), rows[i].buffer[k]);
		}
		if (llabs(sum - rows[i].want) > 60)
			fail_msg("%s: %" PRId64 " ppm", rows[i].why, sum);
	}
}

static void tails_are_in_order(void **state)
{
	struct rng rng = rng_seeded(7);

	(void)state;
	assert_int_equal(risk_tail(0, 0), PPM);
	assert_int_equal(risk_tail(0, 1), 0);
	assert_int_equal(risk_tail(PPM, 1), 632121); /* 1 - 1/e, rounded up */
	assert_int_equal(risk_tail(INT64_MAX, 0), PPM);
	assert_in_range(risk_tail((int64_t)4000 * PPM, 4000), 490000, 515000);
	for (int i = 0; i < 2000; i++) {
		int64_t mean = rng_below(&rng, (int64_t)300 * PPM), n = rng_below(&rng, 400);

		assert_true(risk_tail(mean, n + 1) <= risk_tail(mean, n));
		assert_true(risk_tail(mean, n) <= risk_tail(mean + PPM, n));
		assert_true(risk_tail(mean, risk_buffer(mean, 10000)) <= 10000);
		assert_true(risk_buffer(mean, 1000) >= risk_buffer(mean, 10000));
	}
}

static void units_at_risk(void **state)
{
	int64_t sure = (int64_t)1000 * PPM; /* it certainly sells something itself */

	(void)state;
	assert_in_range(risk_units(0, sure, 0), 999, 1001);               /* the one that emptied the shelf */
	assert_in_range(risk_units((int64_t)10 * PPM, sure, 0), 10990, 11010); /* and ten more */
	assert_int_equal(risk_units((int64_t)10 * PPM, 0, 0), 0);
	assert_in_range(risk_units(PPM, sure, 1), 990, 1010); /* E[max(0, X)] */
	assert_true(risk_units((int64_t)10 * PPM, sure, 30) == 0);
}

/* ---- exposure ---- */

static void what_may_be_visible(void **state)
{
	static const struct {
		const char *why;
		struct visible s;
		int64_t most, least;
	} cases[] = {
		{ "nothing known, nothing said", { -1, 0, -1, -1, -1, false }, 0, 0 },
		{ "what they showed, less what they sold", { 20, 3, -1, -1, -1, false }, 17, 17 },
		{ "a decrease that was accepted and not seen yet", { 20, 0, 5, -1, -1, false }, 20, 5 },
		{ "and something was sold there", { 20, 2, 5, -1, -1, false }, 18, 3 },
		{ "an increase that nobody has answered", { 5, 0, -1, 12, 12, false }, 12, 5 },
		{ "sales do not lessen what may still take effect", { 5, 9, -1, 12, 12, false }, 12, 0 },
		{ "two in doubt", { 5, 0, -1, 12, 3, false }, 12, 3 },
		{ "more sold than was shown", { 5, 9, -1, -1, -1, false }, 0, 0 },
		{ "accepted and never read", { -1, 0, 7, -1, -1, false }, 7, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		if (exposure_of(&cases[i].s) != cases[i].most || exposure_least(&cases[i].s) != cases[i].least)
			fail_msg("%s: %" PRId64 " to %" PRId64, cases[i].why, exposure_least(&cases[i].s), exposure_of(&cases[i].s));
}

static void down_before_up(void **state)
{
	struct visible s[] = { { 20, 0, -1, -1, -1, false }, { 10, 0, -1, -1, -1, false }, { 10, 0, -1, -1, -1, false } };
	static const int turn[] = { 0, 1, 2 };
	int64_t want[] = { 5, 25, 10 }, limit[3];

	(void)state;
	exposure_limits(s, want, turn, 3, 40, limit);
	assert_int_equal(limit[0], -1); /* down: at once */
	assert_int_equal(limit[1], 10); /* up: not while 20 + 10 may still be visible elsewhere */
	s[0].confirmed = 5;
	exposure_limits(s, want, turn, 3, 40, limit);
	assert_int_equal(limit[1], 10); /* accepted is not seen */
	s[0].seen = 5;
	s[0].confirmed = -1;
	exposure_limits(s, want, turn, 3, 40, limit);
	assert_int_equal(limit[1], 25);
	want[2] = 20; /* two want to go up: what the first takes the second has not */
	exposure_limits(s, want, turn, 3, 40, limit);
	assert_int_equal(limit[1], 25);
	assert_int_equal(limit[2], 10);
}

/* Ten were sent to it and may be shown; four of them were sold since: to say nine now would raise it from six. */
static void less_than_was_sent_may_be_more_than_is_shown(void **state)
{
	struct visible s[] = { { 10, 4, -1, 10, 10, false }, { 6, 0, -1, -1, -1, false } };
	static const int turn[] = { 0, 1 };
	int64_t want[] = { 9, 6 }, limit[2];

	(void)state;
	exposure_limits(s, want, turn, 2, 12, limit);
	assert_int_equal(limit[0], 6);
	assert_int_equal(limit[1], -1);
}

static void a_dark_one_keeps_what_it_shows(void **state)
{
	struct visible s[] = { { 30, 2, -1, -1, -1, true }, { 5, 0, -1, -1, -1, false } };
	static const int turn[] = { 1, 0 };
	int64_t want[] = { 0, 38 }, limit[2];

	(void)state;
	exposure_limits(s, want, turn, 2, 38, limit);
	assert_int_equal(limit[0], 28);
	assert_int_equal(limit[1], 10);
	assert_int_equal(exposure_sum(s, 2), 33);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_day_without_stock_says_nothing),
		cmocka_unit_test(a_week_weighs_half),
		cmocka_unit_test(recommended_buffers),
		cmocka_unit_test(bounds_of_a_sell_out),
		cmocka_unit_test(tails_are_in_order),
		cmocka_unit_test(units_at_risk),
		cmocka_unit_test(what_may_be_visible),
		cmocka_unit_test(down_before_up),
		cmocka_unit_test(less_than_was_sent_may_be_more_than_is_shown),
		cmocka_unit_test(a_dark_one_keeps_what_it_shows),
	};

	return cmocka_run_group_tests_name("risk", tests, NULL, NULL);
}
