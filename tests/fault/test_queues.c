/*
 * test_queues.c: nothing that was to be said is dropped after n tries: the first three of the peers' defects, by their numbers in our list.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/fault/steps.h"
#include "trade/inbox.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/*
 * T1 (M2E: a zero that the quota had no room for was skipped and marked done): with the bucket empty a zero stays open, and is the first to go when there
 * is room again.
 */
static void t1_a_zero_without_quota_stays_open_and_is_first(void **state)
{
	struct day_plan plan = { .seed = 21, .skus = 12, .prompt = true, .idle = true };
	struct day *d = day_open(&plan);
	int64_t offer, refill;

	(void)state;
	run(d, 10 * MINUTE);
	offer = day_int(d, "SELECT f.id FROM offer f JOIN account c ON c.id = f.account_id WHERE c.name = 'walmart-us' AND f.pool = 'own' AND f.seen > 0 ORDER BY f.seen LIMIT 1");
	day_fault(d, "for=25m channel=walmart op=push kind=throttle");
	assert_null(day_intend(d, "push", "", arena_printf(d->arena, "offer=%" PRId64, day_int(d, "SELECT max(f.id) FROM offer f JOIN account c ON c.id = f.account_id "
	                                                                                          "WHERE c.name = 'walmart-us' AND f.pool = 'own' AND f.seen > 0"))));
	run(d, 2 * MINUTE);
	assert_null(day_intend(d, "zero", "recall", arena_printf(d->arena, "offer=%" PRId64 "\nreason=recall", offer)));
	run(d, 18 * MINUTE);
	assert_int_equal(day_int(d, arena_printf(d->arena, "SELECT count(*) FROM job WHERE verb = 'stock' AND subject_id = %" PRId64 " AND lane = 0 AND state IN ('waiting', 'inflight')", offer)), 1);
	assert_int_equal(day_int(d, "SELECT count(*) FROM alert WHERE kind = 'zero_pending' AND closed_ms = 0"), 1);
	refill = d->now_ms;
	run(d, 25 * MINUTE);
	assert_int_equal(day_int(d, arena_printf(d->arena, "SELECT j.lane FROM attempt t JOIN attempt_job x ON x.attempt_id = t.id JOIN job j ON j.id = x.job_id JOIN account c ON "
	                                                   "c.id = t.account_id WHERE c.name = 'walmart-us' AND t.verb = 'stock' AND t.fault = '' AND t.opened_ms > %" PRId64 " ORDER BY t.id LIMIT 1", refill)), 0);
	assert_int_equal(day_int(d, arena_printf(d->arena, "SELECT seen FROM offer WHERE id = %" PRId64, offer)), 0);
	assert_int_equal(day_int(d, "SELECT count(*) FROM alert WHERE kind = 'zero_pending' AND closed_ms = 0"), 0);
	day_close(d);
}

/* T2 (M2E: a confirmation is deleted after three attempts): 999 failures, and its row is there, is still the engine's, and the deadline rings. */
static void t2_a_confirmation_that_fails_for_days_is_kept_and_rings(void **state)
{
	struct day_plan plan = { .seed = 22, .skus = 3, .prompt = true, .idle = true, .config = "[orders]\npoll_s = 600\n" };
	struct day *d = day_open(&plan);
	struct failure f;
	struct err err;
	int64_t order, job;

	(void)state;
	run(d, MINUTE);
	day_order(d, "walmart/main", 1);
	run(d, 30 * MINUTE);
	order = day_int(d, "SELECT max(id) FROM orders WHERE open");
	assert_null(day_intend(d, "ack", "", arena_printf(d->arena, "order=%" PRId64, order)));
	run(d, 2 * MINUTE);
	day_fault(d, "channel=walmart op=ship kind=lost-before");
	assert_null(day_intend(d, "ship", "", arena_printf(d->arena, "order=%" PRId64 "\ncarrier=ups\ntracking=1Z999AA10123456784\nshipped_ms=%" PRId64, order, d->now_ms)));
	run(d, 4 * HOUR);
	assert_true(day_int(d, "SELECT tries FROM job WHERE verb = 'ship'") >= 40);
	behind_its_back(d, "UPDATE job SET tries = 990, fails = 990 WHERE verb = 'ship'"); /* three days later */
	run(d, day_int(d, "SELECT due_ms FROM orders WHERE open") - d->now_ms + 2 * MINUTE);
	assert_true(day_int(d, "SELECT tries FROM job WHERE verb = 'ship'") >= 999);
	job = day_int(d, "SELECT id FROM job WHERE verb = 'ship'");
	if (failure_get(d->reader, true, job, d->arena, &f, &err))
		fail_msg("%s", err.text);
	assert_true(f.auto_retry);
	assert_int_equal(day_int(d, "SELECT count(*) FROM alert WHERE kind = 'late' AND closed_ms = 0"), 1);
	day_close(d);
}

/* T3 (M2E: an acknowledgement is tried once, whatever came of it): the first meets a 500, a second follows. */
static void t3_a_failed_acknowledgement_is_said_again(void **state)
{
	struct day_plan plan = { .seed = 23, .skus = 3, .prompt = true, .idle = true };
	struct day *d = day_open(&plan);

	(void)state;
	run(d, MINUTE);
	day_order(d, "walmart/main", 1);
	run(d, 8 * MINUTE);
	day_fault(d, "channel=walmart op=ack kind=error status=500 count=1");
	assert_null(day_intend(d, "ack", "", arena_printf(d->arena, "order=%" PRId64, day_int(d, "SELECT max(id) FROM orders WHERE open"))));
	run(d, 10 * MINUTE);
	assert_int_equal(day_int(d, "SELECT tries FROM job WHERE verb = 'ack'"), 2);
	assert_string_equal(day_text(d, "SELECT state FROM job WHERE verb = 'ack'"), "done");
	assert_int_equal(day_count(d, "acks"), 1);
	day_close(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(t1_a_zero_without_quota_stays_open_and_is_first),
		cmocka_unit_test(t2_a_confirmation_that_fails_for_days_is_kept_and_rings),
		cmocka_unit_test(t3_a_failed_acknowledgement_is_said_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
