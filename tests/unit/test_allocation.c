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
 * Golden rows for four accounts: Amazon 5u/15 %, share 40 %, 6 a day, 6.20 an each; Walmart 5u/12 %, 25 %, 3, 7.10; eBay 3u/10 %, 15 %, 1.5,
 * 5.40; Shopify 0u/5 %, 20 %, 2.5, 9.80. Cover for margin: 3 days and 1.28 deviations. Reckoned apart from this program (2026-11-20).
 */
enum { CHANNELS = 4 };

static const char *const channels[CHANNELS] = { "amazon", "walmart", "ebay", "shopify" };
static const struct buffer buffers[CHANNELS] = { { 5, 1500, 1, -1 }, { 5, 1200, 1, -1 }, { 3, 1000, 1, -1 }, { 0, 500, 1, -1 } };
static const struct side sides[CHANNELS] = {
	{ .share_bp = 4000, .velocity = 6000, .margin = 620 },
	{ .share_bp = 2500, .velocity = 3000, .margin = 710 },
	{ .share_bp = 1500, .velocity = 1500, .margin = 540 },
	{ .share_bp = 2000, .velocity = 2500, .margin = 980 },
};

static const struct {
	int64_t available, shared[CHANNELS], fixed[CHANNELS], fixed_all[CHANNELS], velocity[CHANNELS], margin[CHANNELS];
} golden[] = {
	{ 0, { 0, 0, 0, 0 }, { 0, 0, 0, 0 }, { 0, 0, 0, 0 }, { 0, 0, 0, 0 }, { 0, 0, 0, 0 } },
	{ 1, { 0, 0, 0, 0 }, { 0, 0, 0, 0 }, { 1, 0, 0, 0 }, { 1, 0, 0, 0 }, { 0, 0, 0, 1 } },
	{ 3, { 0, 0, 0, 2 }, { 1, 0, 0, 0 }, { 1, 1, 0, 1 }, { 1, 1, 0, 1 }, { 0, 0, 0, 3 } },
	{ 5, { 0, 0, 2, 4 }, { 2, 1, 0, 1 }, { 2, 1, 1, 1 }, { 2, 1, 1, 1 }, { 0, 0, 0, 5 } },
	{ 6, { 1, 1, 3, 5 }, { 2, 1, 0, 1 }, { 2, 2, 1, 1 }, { 3, 1, 1, 1 }, { 0, 0, 0, 6 } },
	{ 7, { 2, 2, 4, 6 }, { 2, 1, 1, 1 }, { 3, 2, 1, 1 }, { 3, 2, 1, 1 }, { 0, 0, 0, 7 } },
	{ 20, { 15, 15, 17, 19 }, { 8, 5, 3, 4 }, { 8, 5, 3, 4 }, { 9, 5, 2, 4 }, { 0, 8, 0, 12 } },
	{ 47, { 39, 41, 42, 44 }, { 18, 11, 7, 9 }, { 19, 12, 7, 9 }, { 22, 11, 5, 9 }, { 22, 13, 0, 12 } },
	{ 100, { 85, 88, 90, 95 }, { 40, 25, 15, 20 }, { 40, 25, 15, 20 }, { 46, 23, 12, 19 }, { 44, 23, 13, 20 } },
	{ 333, { 283, 293, 299, 316 }, { 133, 83, 49, 66 }, { 133, 83, 50, 67 }, { 154, 77, 38, 64 }, { 151, 77, 40, 65 } },
	{ 1000, { 850, 880, 900, 950 }, { 400, 250, 150, 200 }, { 400, 250, 150, 200 }, { 462, 231, 115, 192 }, { 459, 231, 117, 193 } },
};

/* One offer on each of the four. */
static void four(struct outlet *o)
{
	for (int i = 0; i < CHANNELS; i++)
		o[i] = (struct outlet){
			.account = i,
			.shelf = i,
			.share_bp = sides[i].share_bp,
			.velocity = sides[i].velocity,
			.margin = sides[i].margin,
			.buffer = buffers[i],
			.shown = -1,
			.limit = -1,
			.reach = -1, .at_node = -1, .hold = "",
		};
}

static struct alloc_rule rule_of(enum strategy s, bool all)
{
	return (struct alloc_rule){ .split = { .strategy = s, .all = all, .days = 3, .z_milli = 1280 }, .hysteresis_bp = 200 };
}

static void hold_to(const char *name, const struct alloc_rule *r, int64_t available, const int64_t *want)
{
	struct outlet o[CHANNELS];

	four(o);
	allocate(r, available, o, CHANNELS);
	for (int i = 0; i < CHANNELS; i++)
		if (o[i].want != want[i])
			fail_msg("%s: %s gets %" PRId64 " of %" PRId64 ", not %" PRId64, name, channels[i], o[i].want, available, want[i]);
}

static void golden_rows(void **state)
{
	struct alloc_rule shared = rule_of(ALLOC_SHARED, false), fixed = rule_of(ALLOC_FIXED, false), all = rule_of(ALLOC_FIXED, true),
		    velocity = rule_of(ALLOC_VELOCITY, false), margin = rule_of(ALLOC_MARGIN, false);

	(void)state;
	for (size_t i = 0; i < sizeof golden / sizeof *golden; i++) {
		hold_to("shared", &shared, golden[i].available, golden[i].shared);
		hold_to("fixed", &fixed, golden[i].available, golden[i].fixed);
		hold_to("fixed, all of it", &all, golden[i].available, golden[i].fixed_all);
		hold_to("velocity", &velocity, golden[i].available, golden[i].velocity);
		hold_to("margin", &margin, golden[i].available, golden[i].margin);
	}
}

static void cover_is_exact(void **state)
{
	static const struct {
		const char *why;
		int64_t velocity, days, z, want;
	} cases[] = {
		{ "6 a day for 3 days: 18 + 5.43", 6000, 3, 1280, 24 },  { "3 a day: 9 + 3.84", 3000, 3, 1280, 13 },
		{ "1.5 a day: 4.5 + 2.72", 1500, 3, 1280, 8 },           { "2.5 a day: 7.5 + 3.51", 2500, 3, 1280, 12 },
		{ "a whole number stays one: 4 + 2", 4000, 1, 1000, 6 }, { "one thousandth over it is one more", 4001, 1, 1000, 7 },
		{ "no deviation: rounded up", 1001, 1, 0, 2 },           { "nothing sold", 0, 3, 1280, 0 },
		{ "a million a day", 1000000000, 1, 10000, 1010000 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		if (split_cover(cases[i].velocity, cases[i].days, cases[i].z) != cases[i].want)
			fail_msg("%s: %" PRId64, cases[i].why, split_cover(cases[i].velocity, cases[i].days, cases[i].z));
}

/* One offer alone in a shared pool: the buffer's rule and nothing else. */
static struct outlet alone(const struct buffer *b, int64_t available)
{
	struct alloc_rule rule = { .split = { .strategy = ALLOC_SHARED } };
	struct outlet o = { .buffer = *b, .shown = -1, .limit = -1, .reach = -1, .at_node = -1, .hold = "" };

	allocate(&rule, available, &o, 1);
	outlet_settle(&rule, &o);
	return o;
}

static int64_t publish(const struct buffer *b, int64_t available)
{
	return alone(b, available).qty;
}

/* Published = max(0, available - max(units, ceil(percent))); with a buffer never all of it. */
static void buffers_hold_for_any_stock(void **state)
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
		if (publish(&b, available) != want)
			fail_msg("%" PRId64 "u/%" PRId64 "bp of %" PRId64 ": %" PRId64 " instead of %" PRId64, b.units, b.bp, available,
			         publish(&b, available), want);
		if (available > 0 && (b.units || b.bp))
			assert_true(publish(&b, available) < available);
		assert_true(available > 0 || publish(&b, available) == 0);
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
		if (publish(&cases[i].b, cases[i].available) != cases[i].want)
			fail_msg("%s: %d", cases[i].why, (int)publish(&cases[i].b, cases[i].available));
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
		struct alloc_rule rule = { .split = { .strategy = ALLOC_SHARED } };
		struct outlet o = alone(&cases[i].b, cases[i].available);
		char out[EQUATION];

		outlet_explain(&rule, &o, out, sizeof out);
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
}

/* ---- every term, in its order ---- */

struct words_case {
	const char *why, *want;
	int64_t available;
	struct alloc_rule rule;
	struct outlet o[3];
	int n, which;
};

#define FIXED .split = { .strategy = ALLOC_FIXED }

static const struct words_case words_cases[] = {
	{ "a shared pool is said as before", "40 available - 5 buffer (5u/12%) = 35", 40, { .never_full = true },
	  { { .buffer = { 5, 1200, 1, -1 } } }, 1, 0 },
	{ "what nobody may write goes on selling what it shows", "40 available - 6 unwritable - 10 reserve - 5 buffer (5u/12%) = 19", 40,
	  { .reserve = 10, .tied = 6 }, { { .buffer = { 5, 1200, 1, -1 } } }, 1, 0 },
	{ "and a share is one of the rest", "47 available - 7 unwritable, 16 by share (40%) = 16", 47, { FIXED, .tied = 7 }, { { .share_bp = 4000 } }, 1, 0 },
	{ "the reserve goes first", "40 available - 10 reserve - 5 buffer (5u/12%) = 25", 40, { .reserve = 10 },
	  { { .buffer = { 5, 1200, 1, -1 } } }, 1, 0 },
	{ "what another pool would send, less the same share", "40 available - 5 buffer (5u/12%), and 8 of fba, packs of 4 = 10", 40, { .reserve = 0 },
	  { { .buffer = { 5, 1200, 4, -1 }, .pool = 10 } }, 1, 0 },
	{ "it makes up first what ours is short of", "-3 available, none of ours, and 6 of fba, at most 5 = 5", -3, { .reserve = 0 }, { { .buffer = { 5, 1200, 1, 5 }, .pool = 10 } }, 1, 0 },
	{ "no buffer, but never all of it", "40 available - 0 buffer (0u/0%), never all of it = 39", 40, { .never_full = true }, { { .shelf = 0 } }, 1, 0 },
	{ "a share, in packs, up to a cap", "47 available, 18 by share (40%), packs of 6, at most 2 = 2", 47, { FIXED },
	  { { .share_bp = 4000, .buffer = { 5, 1200, 6, 2 } } }, 1, 0 },
	{ "a buffer after a share when it is wanted", "47 available, 18 by share (40%) - 5 buffer (5u/12%) = 13", 47, { FIXED, .buffers = true },
	  { { .share_bp = 4000, .buffer = { 5, 1200, 1, -1 } } }, 1, 0 },
	{ "fewer than the least are none", "47 available, 18 by share (40%), under 20 none = 0", 47, { FIXED }, { { .share_bp = 4000, .least = 20 } }, 1, 0 },
	{ "an account's part among its two offers", "20 available, 15 by pace (3.000 of 4.000 a day), 5 of it here (1.000 of 3.000 a day) = 5", 20,
	  { .split = { .strategy = ALLOC_VELOCITY } }, { { .velocity = 2000 }, { .velocity = 1000, .shelf = 1 }, { .account = 1, .shelf = 2, .velocity = 1000 } }, 3, 1 },
	{ "the margin's cover, what better earners left, and the rest", "20 available, 3 + 7 by margin (cover 3; 20 left) = 10", 20,
	  { .split = { .strategy = ALLOC_MARGIN, .days = 3 } }, { { .velocity = 1000, .margin = 5 }, { .account = 1, .shelf = 1, .velocity = 1000, .margin = 4 } }, 2, 0 },
	{ "who earns too little gets nothing", "20 available, 0 by margin (cover 0; 17 left) = 0", 20,
	  { .split = { .strategy = ALLOC_MARGIN, .days = 3, .margin_min = 4 } },
	  { { .velocity = 1000, .margin = 5 }, { .account = 1, .shelf = 1, .velocity = 1000, .margin = 4 } }, 2, 1 },
	{ "the last units on one account", "2 available, the last ones are shown here = 2", 2, { .last_units = 2, .never_full = true },
	  { { .last = true, .buffer = { 5, 1200, 1, -1 } }, { .account = 1, .shelf = 1 } }, 2, 0 },
	{ "and on no other", "2 available, the last ones are shown elsewhere = 0", 2, { .last_units = 2 }, { { .last = true }, { .account = 1, .shelf = 1 } }, 2, 1 },
	{ "where that account has no offer the rule does not hold", "2 available - 0 buffer (0u/0%) = 2", 2, { .last_units = 2 }, { { .shelf = 0 } }, 1, 0 },
	{ "nodes of one listing divide it", "41 available - 0 buffer (0u/0%), node 1 of 2 = 21", 41, { .reserve = 0 }, { { .shelf = 0 }, { .shelf = 0 } }, 2, 0 },
	{ "by what lies at each, when that is known", "41 available - 0 buffer (0u/0%), 10 of 40 at its node = 10", 41, { .reserve = 0 },
	  { { .at_node = 10 }, { .at_node = 30 } }, 2, 0 },
	{ "and never more than that", "41 available - 0 buffer (0u/0%), 10 of 10 at its node = 10", 41, { .reserve = 0 }, { { .at_node = 10 } }, 1, 0 },
	{ "nor with a split", "41 available, 20 by share (50%), at most 10 at its node = 10", 41, { FIXED }, { { .share_bp = 5000, .at_node = 10 } }, 1, 0 },
	{ "some places do not serve an account", "41 available, at most 12 where it is served from - 5 buffer (5u/12%) = 7", 41, { .reserve = 0 },
	  { { .reach = 12, .buffer = { 5, 1200, 1, -1 } } }, 1, 0 },
	{ "what a dark account may show is nobody else's", "40 available - 30 dark, 5 by share (50%) = 5", 40, { FIXED },
	  { { .dark = true, .exposure = 30, .surely = 30 }, { .account = 1, .shelf = 1, .share_bp = 5000 } }, 2, 1 },
	{ "and it keeps that", "40 available, 30 shown while it is dark = 30", 40, { FIXED },
	  { { .dark = true, .exposure = 30, .surely = 30 }, { .account = 1, .shelf = 1, .share_bp = 5000 } }, 2, 0 },
	{ "as far as there is so much", "20 available = 20", 20, { FIXED }, { { .dark = true, .exposure = 30, .surely = 30 } }, 1, 0 },
	{ "up only as far as others leave", "47 available, 18 by share (40%), 11 until others show less = 11", 47, { FIXED }, { { .share_bp = 4000, .limit = 11 } }, 1, 0 },
	{ "one of a hundred more is not worth a call", "106 available - 5 buffer (5u/0%), 100 stays for less than 2 more = 100", 106, { .hysteresis_bp = 200 },
	  { { .buffer = { 5, 0, 1, -1 }, .shown = 100 } }, 1, 0 },
	{ "two of a hundred are", "107 available - 5 buffer (5u/0%) = 102", 107, { .hysteresis_bp = 200 }, { { .buffer = { 5, 0, 1, -1 }, .shown = 100 } }, 1, 0 },
	{ "one of few is as well", "16 available - 5 buffer (5u/0%) = 11", 16, { .hysteresis_bp = 200 }, { { .buffer = { 5, 0, 1, -1 }, .shown = 10 } }, 1, 0 },
	{ "a hold is the last word", "held at zero: feed unconfirmed", 47, { .reserve = 0 }, { { .hold = "feed unconfirmed" } }, 1, 0 },
	{ "oversold", "-2 available, so 0", -2, { FIXED, .reserve = 5 }, { { .share_bp = 10000 } }, 1, 0 },
	{ "all of it reserved", "3 available - 5 reserve - 0 buffer (0u/0%) = 0", 3, { .reserve = 5 }, { { .shelf = 0 } }, 1, 0 },
};

/* What a row leaves out: no pack, no cap, nothing shown, no limit, no hold. */
static struct outlet completed(struct outlet o)
{
	if (!o.buffer.pack)
		o.buffer = (struct buffer){ o.buffer.units, o.buffer.bp, 1, -1 };
	o.shown = o.shown ? o.shown : -1;
	o.limit = o.limit ? o.limit : -1;
	o.hold = o.hold ? o.hold : "";
	o.reach = o.reach ? o.reach : -1;
	o.at_node = o.at_node ? o.at_node : -1;
	return o;
}

static void every_term_is_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof words_cases / sizeof *words_cases; i++) {
		struct words_case c = words_cases[i];
		char out[EQUATION];

		for (int k = 0; k < c.n; k++)
			c.o[k] = completed(c.o[k]);
		allocate(&c.rule, c.available, c.o, c.n);
		outlet_settle(&c.rule, &c.o[c.which]);
		outlet_explain(&c.rule, &c.o[c.which], out, sizeof out);
		if (strcmp(out, c.want))
			fail_msg("%s: \"%s\"", c.why, out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(golden_rows),
		cmocka_unit_test(cover_is_exact),
		cmocka_unit_test(every_term_is_told),
		cmocka_unit_test(buffers_hold_for_any_stock),
		cmocka_unit_test(packs_and_caps),
		cmocka_unit_test(the_equation_is_told),
		cmocka_unit_test(buffers_are_read_as_they_are_written),
	};

	return cmocka_run_group_tests_name("allocation", tests, NULL, NULL);
}
