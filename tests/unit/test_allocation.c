/* How much of what is available a listing shows: the golden rows, and the rule held against 100,000 random cases. */
#include "base/clock.h"
#include "trade/allocation.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/*
 * Golden rows: what each channel shows of a shared pool under the default buffers, Amazon 5u/15 %, Walmart 5u/12 %, eBay 3u/10 %,
 * Shopify 0u/5 %. Reckoned apart from this program with whole numbers, percent rounded up (2026-11-20).
 */
static const struct {
	int64_t available, amazon, walmart, ebay, shopify;
} golden[] = {
	{ 0, 0, 0, 0, 0 },      { 1, 0, 0, 0, 0 },      { 3, 0, 0, 0, 2 },        { 5, 0, 0, 2, 4 },
	{ 6, 1, 1, 3, 5 },      { 7, 2, 2, 4, 6 },      { 20, 15, 15, 17, 19 },   { 47, 39, 41, 42, 44 },
	{ 100, 85, 88, 90, 95 }, { 333, 283, 293, 299, 316 }, { 1000, 850, 880, 900, 950 },
};

static void golden_rows(void **state)
{
	static const char *const channels[] = { "amazon", "walmart", "ebay", "shopify" };

	(void)state;
	for (size_t i = 0; i < sizeof golden / sizeof *golden; i++) {
		const int64_t want[] = { golden[i].amazon, golden[i].walmart, golden[i].ebay, golden[i].shopify };

		for (int c = 0; c < 4; c++) {
			struct buffer b = buffer_default(channels[c]);

			if (buffer_publish(&b, golden[i].available) != want[c])
				fail_msg("%s shows %d of %d", channels[c], (int)buffer_publish(&b, golden[i].available), (int)golden[i].available);
		}
	}
}

/* BUF-01: published = max(0, available - max(units, ceil(percent))); BUF-02: with a buffer never all of it. */
static void BUF_01_BUF_02_hold_for_any_stock(void **state)
{
	struct rng rng = rng_seeded(2026);

	(void)state;
	for (int i = 0; i < 100000; i++) {
		struct buffer b = { rng_below(&rng, 4) ? rng_below(&rng, 50) : 0, rng_below(&rng, 3) ? rng_below(&rng, 10001) : 0, 1, -1 };
		int64_t available = rng_below(&rng, 10) ? rng_below(&rng, 2000) - 50 : rng_below(&rng, 999999), back, want;

		back = available * b.bp / 10000;
		back += back * 10000 < available * b.bp; /* the share, rounded up */
		back = back > b.units ? back : b.units;
		want = available - back > 0 && available > 0 ? available - back : 0;
		if (buffer_publish(&b, available) != want)
			fail_msg("%" PRId64 "u/%" PRId64 "bp of %" PRId64 ": %" PRId64 " instead of %" PRId64, b.units, b.bp, available,
			         buffer_publish(&b, available), want);
		if (available > 0 && (b.units || b.bp))
			assert_true(buffer_publish(&b, available) < available);
		assert_true(available > 0 || buffer_publish(&b, available) == 0);
	}
}

static void packs_and_caps(void **state)
{
	static const struct {
		const char *why;
		struct buffer b;
		int64_t available, want;
	} cases[] = {
		{ "packs of six: whole packs only", { 5, 0, 6, -1 }, 40, 5 },
		{ "not one whole pack", { 5, 0, 6, -1 }, 10, 0 },
		{ "never more than the cap", { 0, 500, 1, 20 }, 100, 20 },
		{ "a cap of none", { 0, 0, 1, 0 }, 100, 0 },
		{ "oversold", { 0, 0, 1, -1 }, -4, 0 },
		{ "no buffer at all is an override: all of it", { 0, 0, 1, -1 }, 7, 7 },
		{ "no platform takes more than a million", { 0, 0, 1, -1 }, 5000000, 999999 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		if (buffer_publish(&cases[i].b, cases[i].available) != cases[i].want)
			fail_msg("%s: %d", cases[i].why, (int)buffer_publish(&cases[i].b, cases[i].available));
}

static void the_equation_is_told(void **state)
{
	static const struct {
		struct buffer b;
		int64_t available;
		const char *want;
	} cases[] = {
		{ { 5, 1500, 1, -1 }, 40, "40 available - 6 buffer (5u/15%) = 34" },
		{ { 5, 1500, 1, -1 }, 6, "6 available - 5 buffer (5u/15%) = 1" },
		{ { 5, 1500, 1, -1 }, 3, "3 available - 5 buffer (5u/15%) = 0" },
		{ { 0, 1250, 6, 20 }, 100, "100 available - 13 buffer (0u/12.50%), packs of 6, at most 20 = 14" },
		{ { 5, 1500, 1, -1 }, -2, "-2 available, so 0" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char out[120];

		buffer_explain(&cases[i].b, cases[i].available, out, sizeof out);
		assert_string_equal(out, cases[i].want);
	}
}

static void buffers_are_read_as_they_are_written(void **state)
{
	static const struct {
		const char *text;
		int result;
		int64_t units, bp;
	} cases[] = {
		{ "5u/15%", 0, 5, 1500 }, { "0u/5%", 0, 0, 500 },  { "3u/12.5%", 0, 3, 1250 }, { "0u/100%", 0, 0, 10000 }, { "5/15", -1, 0, 0 },
		{ "5u/101%", -1, 0, 0 },  { "-1u/5%", -1, 0, 0 },  { "5u/15% ", -1, 0, 0 },    { "", -1, 0, 0 },           { "5u/1.555%", -1, 0, 0 },
		{ "u/5%", -1, 0, 0 },     { "5u/%", -1, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct buffer b = { 0, 0, 1, -1 };

		if (buffer_parse(cases[i].text, &b) != cases[i].result || b.units != cases[i].units || b.bp != cases[i].bp)
			fail_msg("\"%s\": %d %d", cases[i].text, (int)b.units, (int)b.bp);
	}
	assert_true(buffer_default("local").units == 0 && buffer_default("local").bp == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(golden_rows),
		cmocka_unit_test(BUF_01_BUF_02_hold_for_any_stock),
		cmocka_unit_test(packs_and_caps),
		cmocka_unit_test(the_equation_is_told),
		cmocka_unit_test(buffers_are_read_as_they_are_written),
	};

	return cmocka_run_group_tests_name("allocation", tests, NULL, NULL);
}
