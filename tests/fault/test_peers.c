/*
 * test_peers.c: what other programs of this kind get wrong, each lived through here once, under a number (T1 to T21) that a test has in its name or
 * first words. T6 and T19 stand where their tables are (unit/test_feeds.c, unit/test_offers.c), T20 in test_drifts.c, T13 in cmd/.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/fault/shelves.h"
#include "tests/fault/steps.h"

#include <inttypes.h>
#include <string.h>

static struct day *quiet(uint64_t seed, int skus, bool whole, const char *config)
{
	struct day_plan p = { .seed = seed, .skus = skus, .prompt = true, .idle = true, .whole = whole, .settle_pct = 100, .config = config };
	struct day *d = day_open(&p);

	day_no_buyers(d);
	run(d, 70 * MINUTE);
	return d;
}

static int64_t of_sku(struct day *d, const char *what, const char *account, const char *sku)
{
	return day_int(d, arena_printf(d->arena, "SELECT %s FROM offer f JOIN account c ON c.id = f.account_id LEFT JOIN item i ON i.id = f.item_id "
	                                         "WHERE c.name = '%s' AND f.sku = '%s' AND f.pool = 'own' ORDER BY f.id LIMIT 1", what, account, sku));
}

static void recount(struct day *d, int product, int64_t by)
{
	shelf_recount(d, "local", product, (int)(of_sku(d, "i.counted", "walmart-us", shelf_sku(d, product)) + by));
}

/*
 * T7 (ERPNext: the stamp of "sent up to here" is taken after the query): a count that changes while our quantity is on its way is in the next round, not
 * behind the stamp.
 */
static void t7_what_changes_while_it_is_being_said_is_said_next(void **state)
{
	struct day *d = quiet(31, 4, false, NULL);
	int product = shelf_offered(d, "walmart/main");
	const char *sku = shelf_sku(d, product);

	(void)state;
	day_fault(d, "for=10m channel=walmart op=push kind=slow delay=50s");
	recount(d, product, -20);
	for (int i = 0; i < 300 && !day_int(d, "SELECT count(*) FROM job j JOIN account c ON c.id = j.account_id WHERE j.verb = 'stock' AND j.state = 'inflight' AND c.channel = 'walmart'"); i++)
		run(d, 2 * SECOND);
	assert_int_equal(day_int(d, arena_printf(d->arena, "SELECT count(*) FROM job WHERE verb = 'stock' AND state = 'inflight' AND subject_id = %" PRId64, of_sku(d, "f.id", "walmart-us", sku))), 1);
	recount(d, product, -20); /* of what is known by now: forty fewer than at first */
	run(d, 40 * MINUTE);
	assert_int_equal(of_sku(d, "f.seen = f.target AND f.pushed = f.target AND f.push_state = 'APPLIED'", "walmart-us", sku), 1);
	assert_int_equal(shelf_shown(d, "walmart/main", product), of_sku(d, "f.target", "walmart-us", sku));
	assert_int_equal(day_int(d, "SELECT count(*) FROM job WHERE verb = 'stock' AND state IN ('waiting', 'inflight')"), 0);
	day_close(d);
}

/* T12 (a feed that never ends stands as "duplicate in flight" for ever): it is an alert with its age, and what goes down meanwhile does not wait for it. */
static void t12_a_feed_that_never_ends_is_an_alert_with_its_age(void **state)
{
	static const char shown_too_much[] = "SELECT count(*) FROM offer f JOIN account c ON c.id = f.account_id WHERE c.name = 'walmart-us' AND f.pool = 'own' AND f.seen > f.target";
	struct day *d = quiet(32, 12, false, "[account walmart-us]\nbulk_over = 2\n");
	const char *text;

	(void)state;
	day_fault(d, "for=8h channel=walmart kind=stuck");
	for (int i = 0; i < 12; i++)
		if (of_sku(d, "1", "walmart-us", shelf_sku(d, i)) == 1)
			recount(d, i, 30);
	run(d, 20 * MINUTE);
	assert_int_equal(day_int(d, "SELECT count(*) FROM feed WHERE state = 'working'"), 1);
	assert_int_equal(day_int(d, "SELECT count(*) FROM alert WHERE kind = 'feed' AND closed_ms = 0"), 0);
	recount(d, shelf_offered(d, "walmart/main"), -60);
	run(d, 5 * HOUR);
	assert_int_equal(day_int(d, shown_too_much), 0);
	assert_int_equal(day_int(d, "SELECT count(*) FROM feed WHERE state = 'working'"), 1); /* nobody takes it for done, and nobody hands it in again */
	text = day_text(d, "SELECT text FROM alert WHERE kind = 'feed' AND closed_ms = 0");
	if (!strstr(text, " min ago and has no verdict; as a rule it takes "))
		fail_msg("%s", text);
	run(d, 6 * HOUR);
	assert_int_equal(day_int(d, "SELECT count(*) FROM feed WHERE state = 'working'"), 0);
	assert_int_equal(day_int(d, "SELECT count(*) FROM alert WHERE kind = 'feed' AND closed_ms = 0"), 0);
	assert_int_equal(day_int(d, shown_too_much), 0);
	day_close(d);
}

/* T16 (success for a SKU that is not there): they take the quantity, and their own reading does not know the SKU. That is no success. */
static void t16_a_success_that_no_reading_shows_is_none(void **state)
{
	struct day *d = quiet(33, 4, false, "[stock]\nread_s = 3600\n");
	int product = shelf_offered(d, "amazon/us");
	const char *sku = shelf_sku(d, product);

	(void)state;
	recount(d, product, -30);
	for (int i = 0; i < 200 && of_sku(d, "f.push_state <> 'SETTLING'", "amazon-na", sku); i++)
		run(d, 2 * SECOND);
	assert_int_equal(of_sku(d, "f.push_state = 'SETTLING'", "amazon-na", sku), 1);
	shelf_delist(d, "amazon", product);
	run(d, 3 * HOUR);
	assert_string_equal(day_text(d, arena_printf(d->arena, "SELECT group_concat(DISTINCT f.push_state || '/' || f.cause) FROM offer f JOIN account c ON c.id = f.account_id WHERE c.name = 'amazon-na' AND f.sku = '%s' AND f.pool = 'own'", sku)), "NOT_APPLIED/NOT_APPLIED");
	assert_int_equal(day_int(d, "SELECT count(*) FROM job WHERE verb = 'stock-read' AND state = 'failed'"), 0);
	assert_true(day_int(d, "SELECT count(*) FROM job WHERE verb = 'stock' AND state = 'failed' AND text = 'accepted, but not applied'") > 0);
	assert_true(day_int(d, "SELECT count(*) FROM alert WHERE kind = 'not_applied' AND closed_ms = 0") > 0);
	day_close(d);
}

/* T18 (NetSuite says "Invalid login" of too many at once): no alert about a secret that is right, no tokens by the dozen, and it goes on. */
static void t18_an_invalid_login_among_good_ones_is_a_crowd(void **state)
{
	struct day *d = quiet(34, 5, true, NULL);
	int64_t tokens = day_count(d, "tokens"), asked;

	(void)state;
	asked = d->now_ms;
	day_fault(d, "for=20m channel=netsuite kind=false-login rate=0.4");
	run(d, 20 * MINUTE);
	assert_true(day_int(d, arena_printf(d->arena, "SELECT count(*) FROM attempt WHERE fault = 'BUSY' AND text LIKE 'THROTTLE_SUSPECT%%' AND opened_ms >= %" PRId64, asked)) > 0);
	assert_int_equal(day_int(d, "SELECT count(*) FROM alert WHERE kind = 'auth'"), 0);
	assert_int_equal(day_int(d, "SELECT count(*) FROM change WHERE fact = 'account' AND new = 'auth'"), 0);
	run(d, 40 * MINUTE);
	assert_int_equal(day_int(d, "SELECT count(*) FROM job WHERE state = 'failed'"), 0);
	assert_string_equal(day_text(d, "SELECT state FROM account WHERE channel = 'netsuite'"), "ok");
	assert_true(day_count(d, "tokens") - tokens <= 12); /* the other five's own, each within its life */
	day_fault(d, "for=2h channel=netsuite kind=false-login"); /* and when not one login is good any more, it is the login */
	run(d, 30 * MINUTE);
	assert_int_equal(day_int(d, "SELECT count(*) > 0 FROM alert WHERE kind = 'auth' AND severity = 'CRIT' AND closed_ms = 0"), 1);
	assert_true(day_int(d, arena_printf(d->arena, "SELECT count(*) FROM attempt t JOIN account c ON c.id = t.account_id WHERE c.channel = 'netsuite' AND t.opened_ms >= %" PRId64, d->now_ms - 20 * MINUTE)) <= 40);
	day_close(d);
}

/* T14 (a time-out asks for a new report): one that was ordered before a restart is waited for after it, and no other is ordered. */
static void t14_a_report_that_was_ordered_is_waited_for_over_a_restart(void **state)
{
	static const char ordered[] = "SELECT count(*) FROM attempt WHERE op = 'cartoncloud.stock.report'";
	static const char looked[] = "SELECT count(*) FROM attempt WHERE op = 'cartoncloud.stock.get' AND status = 200";
	static const char waits[] = "SELECT count(*) FROM job j JOIN account c ON c.id = j.account_id WHERE c.name = 'cartoncloud' AND j.verb = 'counts' AND j.state = 'waiting'";
	struct day *d = quiet(35, 6, true, NULL);
	int64_t before = day_int(d, ordered), looks;
	struct err err;

	(void)state;
	for (int i = 0; i < 3600 && (day_int(d, ordered) == before || !day_int(d, waits)); i++)
		run(d, SECOND);
	before = day_int(d, ordered);
	looks = day_int(d, looked);
	assert_true(day_int(d, waits) > 0);
	day_stop(d);
	d->now_ms += 20 * SECOND;
	assert_int_equal(day_start(d, &err), OK);
	run(d, 2 * MINUTE);
	assert_int_equal(day_int(d, waits), 0);
	assert_true(day_int(d, looked) > looks);
	assert_int_equal(day_int(d, ordered), before);
	day_close(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(t7_what_changes_while_it_is_being_said_is_said_next),
		cmocka_unit_test(t12_a_feed_that_never_ends_is_an_alert_with_its_age),
		cmocka_unit_test(t16_a_success_that_no_reading_shows_is_none),
		cmocka_unit_test(t14_a_report_that_was_ordered_is_waited_for_over_a_restart),
		cmocka_unit_test(t18_an_invalid_login_among_good_ones_is_a_crowd),
	};

	return cmocka_run_group_tests_name("peers", tests, NULL, NULL);
}
