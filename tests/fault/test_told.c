/*
 * test_told.c: what goes wrong is told by a kind of its own, at a threshold of its own, and what is not wrong is not told.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "sandbox/sandbox.h"
#include "tests/fault/day.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Without buyers, all targets said and seen. */
static struct day *quiet(uint64_t seed)
{
	struct day_plan plan = day_plain(seed);
	struct day *d;

	plan.skus = 8;
	plan.idle = true;
	plan.settle_pct = 4;
	d = day_open(&plan);
	day_no_buyers(d);
	assert_true(day_run(d, d->now_ms + 40 * MINUTE));
	return d;
}

static int64_t told(struct day *d, const char *kind)
{
	return day_int(d, arena_printf(d->arena, "SELECT count(*) FROM alert WHERE kind = '%s'", kind));
}

static int64_t open_now(struct day *d, const char *kind)
{
	return day_int(d, arena_printf(d->arena, "SELECT count(*) FROM alert WHERE kind = '%s' AND closed_ms = 0", kind));
}

/* ---- three consequences, three kinds ---- */

static void a_read_fails(struct day *d)
{
	day_fault(d, "for=6h channel=walmart op=feeds kind=error");
}

static void nobody_works_at_an_order(struct day *d)
{
	day_order(d, "walmart/main", 1);
}

static void somebody_edits_a_count_there(struct day *d)
{
	const char *sku = day_text(d, "SELECT f.sku FROM offer f JOIN account a ON a.id = f.account_id WHERE a.channel = 'walmart' AND f.seen > 0 ORDER BY f.id LIMIT 1");

	day_fault(d, arena_printf(d->arena, "kind=edit place=walmart/main sku=%s to=400", sku));
}

struct consequence {
	const char *why;
	void (*begin)(struct day *d);
	const char *kind; /* what is told; the kinds of the other rows are not */
	int64_t not_before_ms, by_ms;
};

static const struct consequence consequences[] = {
	{ "reads fail: after the third in a row", a_read_fails, "sync", 0, 10 * MINUTE },
	{ "fulfilment is delayed: an hour before a deadline", nobody_works_at_an_order, "ship_due", 2 * HOUR, 4 * HOUR },
	{ "and past it", nobody_works_at_an_order, "late", 3 * HOUR + 30 * MINUTE, 5 * HOUR },
	{ "a count is wrong: ten units or a tenth off", somebody_edits_a_count_there, "drift", 0, 5 * HOUR },
};

enum { CONSEQUENCES = sizeof consequences / sizeof *consequences };

static void each_consequence_is_a_kind_of_its_own(void **state)
{
	(void)state;
	for (size_t i = 0; i < CONSEQUENCES; i++) {
		const struct consequence *c = &consequences[i];
		struct day *d = quiet(71);
		int64_t from = d->now_ms;

		c->begin(d);
		assert_true(day_run(d, from + c->not_before_ms));
		if (told(d, c->kind))
			fail_msg("%s: %s was told too early", c->why, c->kind);
		assert_true(day_run(d, from + c->by_ms));
		if (!told(d, c->kind))
			fail_msg("%s: no %s was told: %s", c->why, c->kind, day_text(d, "SELECT group_concat(DISTINCT kind) FROM alert"));
		for (size_t k = 0; k < CONSEQUENCES; k++)
			if (consequences[k].begin != c->begin && told(d, consequences[k].kind))
				fail_msg("%s: %s was told as well: %s", c->why, consequences[k].kind,
				         day_text(d, arena_printf(d->arena, "SELECT text FROM alert WHERE kind = '%s'", consequences[k].kind)));
		day_close(d);
	}
}

/* ---- what is kept and not read any more ---- */

/* What they show is read each quarter of an hour: three rounds may be missed, and a quarter of an hour is for the one under way. */
static void what_is_kept_longer_than_its_life_is_told(void **state)
{
	struct day *d = quiet(72);
	int64_t from = d->now_ms;

	(void)state;
	day_fault(d, "for=100m channel=walmart op=stock kind=error");
	assert_true(day_run(d, from + 40 * MINUTE));
	assert_int_equal(told(d, "cache"), 0);
	assert_true(day_run(d, from + 80 * MINUTE));
	assert_int_equal(open_now(d, "cache"), 1);
	assert_non_null(strstr(day_text(d, "SELECT text FROM alert WHERE kind = 'cache'"), "walmart-us: what it shows is known as it was"));
	assert_true(day_run(d, from + 130 * MINUTE));
	assert_int_equal(open_now(d, "cache"), 0);
	assert_int_equal(day_int(d, "SELECT count(*) FROM lapse"), 0);
	day_close(d);
}

/* ---- told to slow down ---- */

static void a_storm_of_throttles_is_told_and_ends(void **state)
{
	struct day *d = quiet(73);
	int64_t from = d->now_ms;

	(void)state;
	day_fault(d, "for=20m channel=walmart kind=throttle");
	assert_true(day_run(d, from + 5 * MINUTE));
	assert_int_equal(told(d, "throttle_storm"), 0);
	assert_true(day_run(d, from + 15 * MINUTE));
	assert_int_equal(open_now(d, "throttle_storm"), 1);
	assert_int_equal(day_int(d, "SELECT count(*) FROM alert l JOIN account c ON c.id = l.account_id WHERE l.kind = 'throttle_storm' AND c.channel <> 'walmart'"), 0);
	assert_true(day_run(d, from + 40 * MINUTE));
	assert_int_equal(open_now(d, "throttle_storm"), 0);
	day_close(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_consequence_is_a_kind_of_its_own),
		cmocka_unit_test(what_is_kept_longer_than_its_life_is_told),
		cmocka_unit_test(a_storm_of_throttles_is_told_and_ends),
	};

	cmocka_set_test_filter(getenv("ONLY"));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
