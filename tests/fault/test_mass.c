/*
 * test_mass.c: all offers of an account go to zero, hundreds at once: by the way that is quickest, with the reason on record, and proven.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "sandbox/sandbox.h"
#include "tests/fault/steps.h"

#include <inttypes.h>

#define OF_AMAZON " FROM offer f JOIN account c ON c.id = f.account_id WHERE c.name = 'amazon-na' AND f.pool = 'own' AND f.item_id IS NOT NULL AND f.block = ''"

/* Amazon's orders are not heard for an hour and a half; since when it counts. */
static int64_t out_of_step(struct day *d)
{
	int64_t from = d->now_ms;

	day_fault(d, "for=90m channel=amazon op=orders kind=error");
	run(d, 29 * MINUTE);
	assert_in_range(day_int(d, "SELECT since_ms FROM lapse"), from, from + 4 * MINUTE);
	return day_int(d, "SELECT since_ms FROM lapse");
}

static void until(struct day *d, int64_t at_ms)
{
	run(d, at_ms - d->now_ms);
}

/* Amazon lets five a second through and shows them within half a minute here: what fits into the first of the two minutes is seen within both. */
static void what_the_quota_allows_is_seen_by_the_thirty_second_minute(void **state)
{
	struct day *d = quiet_day(5, 160, NULL);
	int64_t since = out_of_step(d), offers = day_int(d, "SELECT count(*)" OF_AMAZON);

	(void)state;
	assert_in_range(offers, 250, 350);
	until(d, since + 30 * MINUTE - 1);
	assert_int_equal(day_int(d, "SELECT count(*)" OF_AMAZON " AND f.hold <> ''"), 0); /* never before */
	until(d, since + 32 * MINUTE);
	assert_int_equal(day_int(d, "SELECT count(*)" OF_AMAZON " AND f.hold <> '' AND f.pushed = 0"), offers);
	assert_int_equal(day_int(d, "SELECT count(*)" OF_AMAZON " AND f.seen = 0 AND f.push_state = 'APPLIED'"), offers);
	assert_int_equal(day_int(d, "SELECT count(*) FROM job j JOIN offer f ON f.id = j.subject_id AND f.hold <> '' WHERE j.verb = 'stock' AND j.lane = 0 "
	                            "AND (j.route <> 'single' OR j.route_why = '')"), 0); /* each has its reason */
	assert_int_equal(day_count(d, "throttled"), 0);
	day_close(d);
}

/* Beyond that feeds take the rest: they are all said at once, one feed a marketplace, and what the bucket has goes beside it. */
static void the_rest_goes_by_feed(void **state)
{
	struct day *d = quiet_day(6, 240, "[account amazon-na]\nbulk_over = 100\n");
	int64_t since = out_of_step(d), offers = day_int(d, "SELECT count(*)" OF_AMAZON), feeds = day_int(d, "SELECT count(*) FROM feed WHERE items > 0");

	(void)state;
	until(d, since + 31 * MINUTE);
	assert_int_equal(day_int(d, "SELECT count(*)" OF_AMAZON " AND f.hold <> '' AND f.pushed = 0"), offers);
	assert_in_range(day_int(d, "SELECT count(*) FROM feed WHERE items > 0") - feeds, 1, 3);
	assert_true(day_int(d, "SELECT count(*) FROM job j JOIN offer f ON f.id = j.subject_id AND f.hold <> '' WHERE j.verb = 'stock' AND j.lane = 0 AND j.route = 'feed' "
	                       "AND j.route_why LIKE '% wait, bulk_over is 100: a feed'") > 200);
	until(d, since + 50 * MINUTE);
	assert_int_equal(day_int(d, "SELECT count(*)" OF_AMAZON " AND f.seen = 0 AND f.push_state = 'APPLIED'"), offers);
	day_close(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_the_quota_allows_is_seen_by_the_thirty_second_minute),
		cmocka_unit_test(the_rest_goes_by_feed),
	};

	return cmocka_run_group_tests_name("mass", tests, NULL, NULL);
}
