/*
 * test_queues.c: nothing that was to be said is dropped after n tries: the first three of the peers' defects, by their numbers in our list.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/fault/between.h"
#include "tests/fault/shelves.h"
#include "tests/fault/steps.h"
#include "trade/remedy.h"

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

/* The channel's no to a zero is more than a row among failures: an alert tells it until the zero is said, by whatever way it goes. */
static void a_zero_that_they_refuse_is_told_until_it_is_said(void **state)
{
	static const char open[] = "SELECT count(*) FROM alert WHERE kind = 'zero' AND severity = 'CRIT' AND closed_ms = 0";
	struct day_plan plan = { .seed = 21, .skus = 12, .prompt = true, .idle = true };
	struct day *d = day_open(&plan);
	int64_t offer;

	(void)state;
	run(d, 10 * MINUTE);
	offer = day_int(d, "SELECT f.id FROM offer f JOIN account c ON c.id = f.account_id WHERE c.name = 'walmart-us' AND f.pool = 'own' AND f.seen > 0 ORDER BY f.seen LIMIT 1");
	day_fault(d, "for=5m channel=walmart op=push kind=no-role");
	must(day_intend(d, "zero", "recall", arena_printf(d->arena, "offer=%" PRId64 "\nreason=recall", offer)));
	run(d, 4 * MINUTE);
	assert_int_equal(day_int(d, "SELECT count(*) FROM job WHERE verb = 'stock' AND lane = 0 AND state = 'failed'"), 1);
	assert_int_equal(day_int(d, open), 1);
	run(d, 2 * MINUTE);
	must(day_intend(d, "retry", "", arena_printf(d->arena, "job=%" PRId64, day_int(d, "SELECT id FROM job WHERE verb = 'stock' AND state = 'failed'"))));
	run(d, MINUTE);
	assert_int_equal(day_int(d, open), 0);
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
	assert_true(day_int(d, "SELECT tries FROM job WHERE verb = 'ship'") >= 16);
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

static bool closed_down; /* Walmart's orders are, for ten minutes, and it says so */
static const struct day *line_day;

static bool say_when(const struct request *r, struct reply *out, struct arena *a)
{
	static const struct header after = { "Retry-After", "600" };

	(void)a;
	if (!closed_down || !strstr(r->url, "/orders"))
		return false;
	*out = (struct reply){ .status = 503, .header = &after, .headers = 1, .body = "", .received_ms = line_day->now_ms };
	return true;
}

static struct transport *wrap(struct transport *inner)
{
	return between(inner, say_when);
}

static int no_with; /* the status of their no to an acknowledgement; 0: they say yes */

static bool say_no(const struct request *r, struct reply *out, struct arena *a)
{
	static const char why[] = "{\"errors\":{\"error\":[{\"code\":\"INVALID\",\"field\":\"data\",\"description\":\"we will not\"}]}}";

	(void)a;
	if (!no_with || !strstr(r->url, "/acknowledge"))
		return false;
	*out = (struct reply){ .status = no_with, .body = why, .body_len = sizeof why - 1, .received_ms = line_day->now_ms };
	return true;
}

static struct transport *wrap_no(struct transport *inner)
{
	return between(inner, say_no);
}

/* FN14: what they understood and refused is not said again by itself: it stands among the failures with its reason, and a person's word takes it up. */
static void what_they_say_no_to_is_not_said_again(void **state)
{
	static const int statuses[] = { 400, 404, 409, 413 };

	(void)state;
	for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
		struct day_plan plan = { .seed = 25 + i, .skus = 3, .prompt = true, .idle = true, .wrap = wrap_no };
		struct day *d = day_open(&plan);
		const char *is;

		line_day = d;
		run(d, MINUTE);
		day_order(d, "walmart/main", 1);
		run(d, 8 * MINUTE);
		no_with = statuses[i];
		must(day_intend(d, "ack", "", arena_printf(d->arena, "order=%" PRId64, day_int(d, "SELECT max(id) FROM orders WHERE open"))));
		run(d, 3 * HOUR);
		is = day_text(d, "SELECT state || ' after ' || tries || ' ' || fault || CASE WHEN text = '' THEN ', nobody knows why' ELSE '' END FROM job WHERE verb = 'ack'");
		if (strcmp(is, "failed after 1 REFUSED"))
			fail_msg("%d: %s", statuses[i], is);
		no_with = 0;
		must(day_intend(d, "retry", "", arena_printf(d->arena, "job=%" PRId64, day_int(d, "SELECT id FROM job WHERE verb = 'ack'"))));
		run(d, 5 * MINUTE);
		assert_int_equal(day_count(d, "acks"), 1);
		day_close(d);
	}
}

/* A 503 that says when to come back is believed as a 429 is: nothing is asked before. */
static void a_503_says_when_to_come_back(void **state)
{
	static const char calls[] = "SELECT count(*) FROM attempt t JOIN account c ON c.id = t.account_id WHERE c.channel = 'walmart' AND t.verb = 'orders' AND t.opened_ms > %" PRId64;
	struct day_plan plan = { .seed = 24, .skus = 3, .prompt = true, .idle = true, .wrap = wrap };
	struct day *d = day_open(&plan);
	int64_t from;

	(void)state;
	line_day = d;
	run(d, 10 * MINUTE);
	closed_down = true;
	run(d, 2 * MINUTE);
	from = d->now_ms;
	run(d, 6 * MINUTE);
	assert_int_equal(day_int(d, arena_printf(d->arena, calls, from)), 0);
	closed_down = false;
	run(d, 6 * MINUTE);
	assert_true(day_int(d, arena_printf(d->arena, calls, from)) > 0);
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

/*
 * Remedies are tried dry before they are offered: what was kept is parsed once more by the engine. As it came it is not understood now either; the same order as it
 * was read before is.
 */
static void what_was_kept_is_parsed_once_more_before_it_is_offered(void **state)
{
	struct day_plan plan = { .seed = 93, .skus = 4, .prompt = true, .idle = true };
	struct day *d = day_open(&plan);
	struct arena *a = arena_new();
	struct failure f;
	struct remedy *r;
	struct err err;
	int64_t before, id;
	int n;

	(void)state;
	day_no_buyers(d);
	day_order(d, "walmart/main", 1);
	day_run(d, d->now_ms + 8 * MINUTE);
	before = day_int(d, "SELECT max(t.id) FROM attempt t JOIN change c ON c.attempt_id = t.id WHERE t.verb IN ('orders', 'order') AND c.fact = 'orders'");
	day_fault(d, "at=40m channel=walmart op=orders kind=lost-before"); /* and after that it is not read any more */
	day_fault(d, "channel=walmart op=orders kind=missing");
	day_order(d, "walmart/main", 1);
	for (int i = 0; i < 30 && !day_int(d, "SELECT count(*) FROM inbox WHERE dry_build <> '' AND state = 'parked'"); i++)
		day_run(d, d->now_ms + MINUTE);
	id = day_int(d, "SELECT max(id) FROM inbox WHERE dry_build <> '' AND state = 'parked'");
	assert_true(id > 0 && before > 0);
	assert_int_equal(failure_get(d->reader, false, id, a, &f, &err), OK);
	assert_int_equal(failure_remedies(d->reader, &f, d->now_ms, a, &r, &n, &err), OK);
	assert_string_equal(r[0].text, "read it again");
	assert_false(r[0].good);
	assert_non_null(strstr(r[0].dry, "is not understood now either"));
	day_run(d, d->now_ms + 41 * MINUTE);
	behind_its_back(d, arena_printf(a, "UPDATE inbox SET dry_build = '', attempt_id = %" PRId64 " WHERE id = %" PRId64, before, id));
	day_run(d, d->now_ms + 90 * SECOND);
	assert_int_equal(failure_remedies(d->reader, &f, d->now_ms, a, &r, &n, &err), OK);
	if (!strstr(r[0].dry, "the reply that was kept is understood now; "))
		fail_msg("%s", r[0].dry);
	assert_true(r[0].good);
	arena_free(a);
	day_close(d);
}

/* It was refused, is asked for anew, and while that is under way the refused one is tried again: it is said once. */
static void what_is_being_said_is_not_said_by_a_retry_as_well(void **state)
{
	struct day_plan plan = { .seed = 27, .skus = 3, .idle = true };
	struct day *d = day_open(&plan);
	const char *ask;
	int64_t refused;

	(void)state;
	run(d, MINUTE);
	day_order(d, "walmart/main", 1);
	run(d, 5 * MINUTE);
	ask = arena_printf(d->arena, "order=%" PRId64, day_int(d, "SELECT max(id) FROM orders WHERE open"));
	day_fault(d, "for=1m channel=walmart op=ack kind=no-role");
	assert_null(day_intend(d, "ack", "", ask));
	run(d, 2 * MINUTE);
	refused = day_int(d, "SELECT id FROM job WHERE verb = 'ack' AND state = 'failed'");
	assert_true(refused > 0);
	assert_null(day_intend(d, "ack", "", ask));
	run(d, 50);
	assert_int_equal(day_int(d, "SELECT count(*) FROM job WHERE verb = 'ack' AND state = 'inflight'"), 1);
	assert_null(day_intend(d, "retry", "", arena_printf(d->arena, "job=%" PRId64, refused)));
	run(d, 5 * MINUTE);
	assert_int_equal(day_count(d, "acks_again"), 0);
	assert_string_equal(day_text(d, arena_printf(d->arena, "SELECT state FROM job WHERE id = %" PRId64, refused)), "superseded");
	assert_int_equal(day_int(d, "SELECT count(*) FROM job WHERE verb = 'ack' AND state = 'done'"), 1);
	day_close(d);
}

/* Each channel names an order by what it can be asked for alone: a person's retry reads that one, and when it is understood nobody is left with a row about it. */
static void what_was_not_understood_is_read_alone_on_every_channel(void **state)
{
	static const char *const places[] = { "walmart/main", "amazon/us", "ebay/us", "shopify/main" };
	static const char open[] = "FROM inbox i JOIN account c ON c.id = i.account_id WHERE i.class = 'SCHEMA' AND i.verb = 'orders' AND i.subject NOT LIKE '#%' "
				   "AND i.state <> 'understood'";
	struct day_plan plan = { .seed = 27, .skus = 12, .prompt = true, .idle = true, .whole = true };
	struct day *d = day_open(&plan);
	const char *ids;

	(void)state;
	day_no_buyers(d);
	run(d, 5 * MINUTE);
	day_fault(d, "for=30m op=orders,order kind=mistyped");
	for (int k = 0; k < 6; k++) { /* what is mistyped may be a word that nobody asks for */
		for (size_t i = 0; i < sizeof places / sizeof *places; i++)
			day_order(d, places[i], 1);
		run(d, 4 * MINUTE);
	}
	assert_int_equal(day_int(d, "SELECT count(DISTINCT account_id) FROM inbox WHERE class = 'SCHEMA' AND verb = 'orders' AND subject NOT LIKE '#%'"), 4);
	run(d, 10 * MINUTE);
	ids = day_text(d, arena_printf(d->arena, "SELECT coalesce(group_concat('inbox=' || i.id, char(10)), '') %s", open));
	if (*ids)
		assert_null(day_intend(d, "retry", "", ids));
	run(d, 10 * MINUTE);
	assert_string_equal(day_text(d, arena_printf(d->arena, "SELECT coalesce(min(c.name || ' ' || i.subject), '') %s", open)), "");
	day_close(d);
}

/* What was confirmed of a product's listing at Walmart. */
static int64_t said_of(struct day *d, int product)
{
	return day_int(d, arena_printf(d->arena, "SELECT f.pushed FROM offer f JOIN account c ON c.id = f.account_id WHERE c.name = 'walmart-us' AND f.pushed > 0 AND f.sku = '%s'", shelf_sku(d, product)));
}

static void count_all(struct day *d, int from, int upto, int qty)
{
	for (int i = from; i < upto; i++)
		shelf_recount(d, "local", i, qty);
}

/*
 * Orders of Amazon's are not known, so nothing goes up anywhere. Many of Walmart's listings show fewer than was said, and each is to show something in between: fewer
 * than was said, and more than they show. They wait, and a decrease of another listing goes all the same.
 */
static void what_may_not_go_up_yet_stands_before_no_decrease(void **state)
{
	enum { SKUS = 24 };
	struct day_plan plan = { .seed = 24, .skus = SKUS, .prompt = true, .idle = true };
	struct day *d = day_open(&plan);
	int64_t before;
	int fewer = 0;

	(void)state;
	day_no_buyers(d);
	count_all(d, 0, SKUS, 1000);
	run(d, 40 * MINUTE);
	assert_true(shelf_shown(d, "walmart/main", 0) > 0);
	for (int i = 1; i < SKUS; i++)
		if (shelf_shown(d, "walmart/main", i) > 0) {
			day_fault(d, arena_printf(d->arena, "kind=edit place=walmart/main sku=%s to=300", shelf_sku(d, i)));
			fewer++;
		}
	assert_true(fewer > 16);
	run(d, 16 * MINUTE);
	day_fault(d, "for=25m channel=amazon op=orders kind=error status=503");
	run(d, 12 * MINUTE);
	count_all(d, 1, SKUS, 900);
	run(d, 4 * MINUTE);
	assert_int_equal(day_int(d, "SELECT count(*) FROM job j JOIN account c ON c.id = j.account_id WHERE c.name = 'walmart-us' AND verb = 'stock' AND lane = 1 AND j.state = 'waiting'"), fewer);
	before = said_of(d, 0);
	shelf_recount(d, "local", 0, 900);
	run(d, 3 * MINUTE);
	assert_true(said_of(d, 0) < before);
	assert_int_equal(day_int(d, "SELECT count(*) FROM job j JOIN account c ON c.id = j.account_id WHERE c.name = 'walmart-us' AND verb = 'stock' AND lane = 1 AND j.state = 'waiting'"), fewer);
	run(d, HOUR);
	assert_int_equal(day_int(d, "SELECT count(*) FROM offer WHERE pool = 'own' AND block = '' AND seen <> target"), 0);
	day_close(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(t1_a_zero_without_quota_stays_open_and_is_first),
		cmocka_unit_test(a_zero_that_they_refuse_is_told_until_it_is_said),
		cmocka_unit_test(t2_a_confirmation_that_fails_for_days_is_kept_and_rings),
		cmocka_unit_test(what_they_say_no_to_is_not_said_again),
		cmocka_unit_test(a_503_says_when_to_come_back),
		cmocka_unit_test(t3_a_failed_acknowledgement_is_said_again),
		cmocka_unit_test(what_is_being_said_is_not_said_by_a_retry_as_well),
		cmocka_unit_test(what_may_not_go_up_yet_stands_before_no_decrease),
		cmocka_unit_test(what_was_kept_is_parsed_once_more_before_it_is_offered),
		cmocka_unit_test(what_was_not_understood_is_read_alone_on_every_channel),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
