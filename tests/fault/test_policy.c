/*
 * test_policy.c: quantities by policy, with the engine and the simulated marketplaces: events that begin and end, a stock that is parted, an account
 * that goes dark.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/fault/steps.h"

#include <inttypes.h>
#include <string.h>

static struct day *open_with(uint64_t seed, const char *config)
{
	struct day_plan p = { .seed = seed, .skus = 4, .prompt = true, .idle = true, .config = config };
	struct day *d = day_open(&p);

	day_run(d, d->now_ms + 30 * MINUTE);
	return d;
}

/* Items whose offers show other numbers than these of what is available: 0 when all do. */
static int64_t wrong(struct day *d, const char *account, const char *formula)
{
	return day_int(d, arena_printf(d->arena,
	                               "SELECT count(*) FROM offer f JOIN item i ON i.id = f.item_id JOIN account c ON c.id = f.account_id WHERE f.pool = 'own' "
	                               "AND c.name = '%s' AND f.seen IS NOT (SELECT max(0, available - max(%s)) FROM item WHERE id = i.id)",
	                               account, formula));
}

static void an_event_begins_and_ends(void **state)
{
	struct day *d = open_with(1, "[profile fair]\nstart = 2026-11-21T09:00:00Z\nend = 2026-11-21T10:00:00Z\nbuffers = 200%\n");

	(void)state;
	assert_true(day_int(d, "SELECT count(*) FROM offer WHERE seen > 0") > 4);
	assert_int_equal(wrong(d, "walmart-us", "5, (available * 12 + 99) / 100"), 0);
	run(d, 50 * MINUTE); /* 09:20 */
	assert_int_equal(wrong(d, "walmart-us", "10, (available * 24 + 99) / 100"), 0);
	assert_int_equal(day_int(d, "SELECT count(*) FROM message WHERE text LIKE '%profile fair%'"), 1);
	run(d, HOUR);
	assert_int_equal(wrong(d, "walmart-us", "5, (available * 12 + 99) / 100"), 0);
	assert_int_equal(day_int(d, "SELECT count(*) FROM change WHERE fact = 'policy'"), 3); /* in force at the start, the event, its end */
	day_close(d);
}

static const char fixed[] = "[alloc]\nstrategy = fixed\nfixed = walmart-us 40%, amazon-na 50%\n";

/* The most that any item's offers may show together beyond what there is of it: what was read there, or accepted and not read yet. */
static int64_t beyond(struct day *d)
{
	return day_int(d, "SELECT max(s - a) FROM (SELECT sum(max(coalesce(f.seen, 0), coalesce(f.pushed, 0))) AS s, max(i.available, 0) AS a FROM offer f "
	                  "JOIN item i ON i.id = f.item_id WHERE f.pool = 'own' GROUP BY f.item_id)");
}

static int64_t waiting(struct day *d)
{
	return day_int(d, "SELECT count(*) FROM offer WHERE waits = 1 AND why LIKE '%until others show less%'");
}

static void parted_stock_is_shown_once(void **state)
{
	struct day *d = open_with(2, fixed);

	(void)state;
	assert_true(beyond(d) <= 0);
	assert_int_equal(day_int(d, "SELECT count(*) FROM offer f JOIN item i ON i.id = f.item_id JOIN account c ON c.id = f.account_id "
	                            "WHERE c.name = 'walmart-us' AND f.pool = 'own' AND f.seen <> i.available * 4 / 10"),
	                 0);
	assert_int_equal(waiting(d), 0);
	day_close(d);
}

/* 4.5: what moves over to Amazon is taken off Walmart first, and was seen to be. */
static void down_before_up(void **state)
{
	struct day *d = open_with(3, "[alloc]\nstrategy = fixed\nfixed = walmart-us 80%, amazon-na 20%\n"
	                             "[profile swap]\nstart = 2026-11-21T08:40:00Z\nend = 2026-11-22T00:00:00Z\nstrategy = velocity\n");
	int64_t waited = 0;

	(void)state;
	for (int i = 0; i < 60; i++) {
		run(d, MINUTE);
		if (beyond(d) > 0)
			fail_msg("after %d min: %" PRId64 " shown beyond what there is", i, beyond(d));
		waited += waiting(d);
	}
	assert_true(waited > 0);
	assert_int_equal(waiting(d), 0); /* and all of it arrived */
	assert_int_equal(day_int(d, "SELECT count(*) FROM (SELECT sum(f.seen) AS s, i.available AS a FROM offer f JOIN item i ON i.id = f.item_id "
	                            "WHERE f.pool = 'own' GROUP BY f.item_id) WHERE s <> a"),
	                 0);
	day_close(d);
}

/* S11: protect the stock, not the channel. */
static void a_dark_account_keeps_what_it_shows(void **state)
{
	struct day *d = open_with(4, NULL);

	(void)state;
	assert_int_equal(wrong(d, "walmart-us", "5, (available * 12 + 99) / 100"), 0);
	day_fault(d, "channel=amazon kind=error status=503");
	run(d, 25 * MINUTE);
	assert_int_equal(wrong(d, "walmart-us", "5, (available * 12 + 99) / 100"), 0); /* not yet */
	run(d, 25 * MINUTE);
	assert_int_equal(day_int(d, "SELECT count(*) FROM offer f JOIN account c ON c.id = f.account_id WHERE c.name = 'walmart-us' AND f.pool = 'own' "
	                            "AND f.why NOT LIKE '% dark%' AND f.why NOT LIKE '%, so 0'"),
	                 0);
	assert_int_equal(day_int(d, "SELECT count(*) FROM change WHERE fact = 'policy' AND new LIKE '%dark amazon-na%'"), 1);
	day_close(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_event_begins_and_ends),
		cmocka_unit_test(parted_stock_is_shown_once),
		cmocka_unit_test(down_before_up),
		cmocka_unit_test(a_dark_account_keeps_what_it_shows),
	};

	return cmocka_run_group_tests_name("policy", tests, NULL, NULL);
}
