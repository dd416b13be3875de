/*
 * test_moments.c: what comes at the wrong moment: an end while something is being said, a clock that is set, a hold by hand on top of one by rule.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "sandbox/sandbox.h"
#include "tests/fault/child.h"
#include "tests/fault/steps.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Without buyers, all targets said and seen. */
static struct day *quiet(uint64_t seed)
{
	return quiet_day(seed, 8, NULL);
}

static void restart(struct day *d)
{
	struct err err;

	day_stop(d);
	assert_int_equal(day_start(d, &err), OK);
}

/* One statement, with nobody else at the store. */
static void write_store(struct day *d, const char *sql)
{
	struct store *s;
	struct err err;

	assert_int_equal(store_open(d->dir, STORE_WRITE, &s, &err), OK);
	assert_int_equal(store_exec(s, &err, sql), OK);
	store_close(s);
}

/* Its answer would have come half a minute later: nobody hears it, and it is looked for before anything is said again. */
static void an_engine_that_is_ended_while_it_speaks_says_nothing_twice(void **state)
{
	struct day *d = quiet(51);
	int64_t order;

	(void)state;
	day_order(d, "amazon/us", 1);
	assert_true(day_run(d, d->now_ms + 5 * MINUTE));
	order = day_int(d, "SELECT max(id) FROM orders");
	day_fault(d, "channel=amazon op=ship kind=slow delay=30s count=1");
	assert_null(day_intend(d, "ship", "", arena_printf(d->arena, "order=%" PRId64 "\ncarrier=ups\ntracking=1Z999AA10123456784\nshipped_ms=%" PRId64, order, d->now_ms)));
	assert_true(day_run(d, d->now_ms + 5 * SECOND));
	assert_int_equal(day_int(d, "SELECT count(*) FROM attempt WHERE verb = 'ship' AND closed_ms = 0"), 1);
	assert_int_equal(day_count(d, "ships"), 1);
	restart(d);
	assert_true(day_run(d, d->now_ms + 30 * MINUTE));
	assert_int_equal(day_count(d, "ships") + day_count(d, "ships_again"), 1);
	assert_string_equal(day_text(d, "SELECT confirm FROM shipment"), "APPLIED");
	day_close(d);
}

/* The lapse was looked at a moment ago; by the wall's clock an hour passed meanwhile, or less than none. The other clock does not say so. */
static void a_clock_that_is_set_hastens_no_zero(void **state)
{
	static const char *const sets[] = { "UPDATE lapse SET looked_ms = looked_ms - 3600000", "UPDATE lapse SET looked_ms = looked_ms + 3600000" };

	(void)state;
	for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
		struct day *d = quiet(52 + i);
		int64_t since;

		day_fault(d, "for=60m channel=walmart op=orders kind=error");
		assert_true(day_run(d, d->now_ms + 10 * MINUTE));
		since = day_int(d, "SELECT since_ms FROM lapse");
		day_stop(d);
		write_store(d, sets[i]);
		assert_int_equal(day_start(d, &(struct err){ 0 }), OK);
		assert_true(day_run(d, since + 29 * MINUTE));
		assert_string_equal(day_text(d, "SELECT state FROM lapse"), "FAILING");
		assert_true(day_run(d, since + 50 * MINUTE));
		assert_string_equal(day_text(d, "SELECT state FROM lapse"), "ZEROED");
		day_close(d);
	}
}

static int64_t walmart_shown(struct day *d)
{
	return day_int(d, "SELECT coalesce(sum(f.seen), 0) FROM offer f JOIN account c ON c.id = f.account_id WHERE c.channel = 'walmart' AND f.pool = 'own'");
}

/* What a person holds stays at zero when the rule lets go of the rest: only a person ends it. */
static void a_hold_by_hand_outlasts_the_one_by_rule(void **state)
{
	struct day *d = quiet(54);
	int64_t from = d->now_ms, offer;
	const char *no;

	(void)state;
	day_fault(d, "for=50m channel=walmart op=orders kind=error");
	assert_true(day_run(d, from + 36 * MINUTE));
	assert_string_equal(day_text(d, "SELECT state FROM lapse"), "ZEROED");
	assert_int_equal(walmart_shown(d), 0);
	offer = day_int(d, "SELECT min(f.id) FROM offer f JOIN account c ON c.id = f.account_id WHERE c.channel = 'walmart' AND f.pool = 'own'");
	no = day_intend(d, "zero", "recall", arena_printf(d->arena, "offer=%" PRId64 "\nreason=recall", offer));
	if (no)
		fail_msg("%s", no);
	assert_true(day_run(d, from + 100 * MINUTE));
	assert_string_equal(day_text(d, "SELECT state FROM lapse"), "ENDED");
	assert_true(walmart_shown(d) > 0);
	assert_int_equal(day_int(d, arena_printf(d->arena, "SELECT seen FROM offer WHERE id = %" PRId64, offer)), 0);
	assert_int_equal(day_int(d, "SELECT count(*) FROM offer WHERE hold <> ''"), 1);
	day_close(d);
}

/* The buyer cancels what nobody has read yet, and the list of orders tells of it. */
static void cancel_newest(struct day *d)
{
	struct world *w = d->sandbox->world;
	int line = w->order[w->orders - 1].line;

	order_cancel_line(w, line, line_left(&w->line[line]), 0, ORDER_BY_BUYER, "");
}

/* What is cancelled is not said to have left: neither again, when nobody heard the first time, nor for the first time, when it had to wait. A person is told. */
static void what_is_cancelled_meanwhile_is_not_said(void **state)
{
	static const struct {
		const char *why, *mishap;
		int64_t calls;
	} cases[] = {
		{ "it went and was lost", "channel=walmart op=ship kind=lost-before count=1", 1 },
		{ "it waits for its turn", "for=8m channel=walmart op=ship kind=throttle", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct day *d = quiet(56 + i);
		int64_t order;

		day_order(d, "walmart/main", 1);
		assert_true(day_run(d, d->now_ms + 5 * MINUTE));
		order = day_int(d, "SELECT max(id) FROM orders");
		must(day_intend(d, "ack", "", arena_printf(d->arena, "order=%" PRId64, order)));
		assert_true(day_run(d, d->now_ms + 5 * MINUTE));
		day_fault(d, cases[i].mishap);
		must(day_intend(d, "ship", "", arena_printf(d->arena, "order=%" PRId64 "\ncarrier=ups\ntracking=1Z999AA10123456784\nshipped_ms=%" PRId64, order, d->now_ms)));
		assert_true(day_run(d, d->now_ms + MINUTE));
		cancel_newest(d);
		assert_true(day_run(d, d->now_ms + HOUR));
		assert_string_equal(day_text(d, "SELECT state FROM orders ORDER BY id DESC LIMIT 1"), "CANCELLED");
		assert_string_equal(day_text(d, "SELECT state || ' ' || confirm || ': ' || j.text FROM job j, shipment WHERE j.verb = 'ship'"), "failed REJECTED: cancelled meanwhile: stop the parcel; it is not said");
		assert_int_equal(day_int(d, "SELECT count(*) FROM attempt WHERE verb = 'ship' AND fault <> 'BUSY'"), cases[i].calls);
		assert_int_equal(day_count(d, "writes_ship"), 0);
		day_close(d);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_engine_that_is_ended_while_it_speaks_says_nothing_twice),
		cmocka_unit_test(a_clock_that_is_set_hastens_no_zero),
		cmocka_unit_test(a_hold_by_hand_outlasts_the_one_by_rule),
		cmocka_unit_test(what_is_cancelled_meanwhile_is_not_said),
	};

	child_main(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
