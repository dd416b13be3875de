/* What happens after a failure, and when; and what an HTTP status means. */
#include "net/http.h"
#include "net/retry.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define NOW INT64_C(1795161600000) /* 2026-11-20T08:00:00Z */
#define S(n) (INT64_C(1000) * (n))

static struct retry after(enum fault fault, int failures, int64_t hint_from_now_ms, struct rng *rng)
{
	return retry_next(&retry_rules, fault, failures, NOW, hint_from_now_ms ? NOW + hint_from_now_ms : 0, rng);
}

struct retry_case {
	const char *why;
	enum fault fault;
	int failures;
	int64_t hint_ms; /* from now */
	enum retry_move move;
	int64_t wait_ms;
	bool counts, alert;
};

static const struct retry_case retry_cases[] = {
	{ "not reached: five seconds", FAULT_NET, 1, 0, RETRY_AGAIN, S(5), true, false },
	{ "then fifteen", FAULT_NET, 2, 0, RETRY_AGAIN, S(15), true, false },
	{ "then sixty, and somebody is told", FAULT_NET, 3, 0, RETRY_AGAIN, S(60), true, true },
	{ "then five minutes", FAULT_NET, 4, 0, RETRY_AGAIN, S(300), true, false },
	{ "and so for ever, and told only once", FAULT_NET, 5000, 0, RETRY_AGAIN, S(300), true, false },
	{ "they broke: the same ladder", FAULT_REMOTE, 1, 0, RETRY_AGAIN, S(5), true, false },
	{ "a 503 that says when: not before", FAULT_REMOTE, 1, S(120), RETRY_AGAIN, S(120), true, false },
	{ "a 503 that says sooner than our ladder: the ladder", FAULT_REMOTE, 3, S(1), RETRY_AGAIN, S(60), true, true },
	{ "no answer: ask what became of it", FAULT_UNSURE, 1, 0, RETRY_ASK, S(5), true, false },
	{ "still no answer: still ask, never say it blindly", FAULT_UNSURE, 4, 0, RETRY_ASK, S(300), true, false },
	{ "a throttle is no attempt", FAULT_BUSY, 0, S(30), RETRY_AGAIN, S(30), false, false },
	{ "a throttle without a hint", FAULT_BUSY, 0, 0, RETRY_AGAIN, S(60), false, false },
	{ "a throttle in the middle of failures leaves them as they are", FAULT_BUSY, 3, S(30), RETRY_AGAIN, S(30), false, false },
	{ "a throttle of a second: still five between two attempts", FAULT_BUSY, 0, S(1), RETRY_AGAIN, S(5), false, false },
	{ "a throttle of an hour", FAULT_BUSY, 0, S(3600), RETRY_AGAIN, S(3600), false, false },
	{ "the first 401: a new token and at once again", FAULT_AUTH, 1, 0, RETRY_TOKEN, 0, true, false },
	{ "the second: somebody is told, and we look in every five minutes", FAULT_AUTH, 2, 0, RETRY_AGAIN, S(300), true, true },
	{ "the third: they know", FAULT_AUTH, 3, 0, RETRY_AGAIN, S(300), true, false },
	{ "refused: a person", FAULT_REFUSED, 1, 0, RETRY_PERSON, S(300), true, true },
	{ "not understood: a person", FAULT_FORMAT, 1, 0, RETRY_PERSON, S(300), true, true },
	{ "our own store: the ladder", FAULT_STORE, 2, 0, RETRY_AGAIN, S(15), true, false },
};

static void test_what_and_when(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof retry_cases / sizeof *retry_cases; i++) {
		const struct retry_case *c = &retry_cases[i];
		struct retry r = after(c->fault, c->failures, c->hint_ms, NULL);

		if (r.move != c->move || r.due_ms - NOW != c->wait_ms || r.counts != c->counts || r.alert != c->alert)
			fail_msg("%s: move %d in %" PRId64 " ms%s%s", c->why, (int)r.move, r.due_ms - NOW, r.counts ? ", counted" : "",
			         r.alert ? ", told" : "");
	}
}

/* Attempts at 0, 5, 20, 80 s, then each 300 s; one alert, at the third failure. */
static void test_the_ladder_from_the_first_attempt(void **state)
{
	static const int64_t want_s[] = { 5, 20, 80, 380, 680, 980 };
	int64_t now = NOW;
	int alerts = 0;

	(void)state;
	for (int i = 0; i < 6; i++) {
		struct retry r = retry_next(&retry_rules, FAULT_REMOTE, i + 1, now, 0, NULL);

		now = r.due_ms;
		alerts += r.alert;
		assert_int_equal(now - NOW, S(want_s[i]));
	}
	assert_int_equal(alerts, 1);
}

static void test_jitter_is_never_earlier(void **state)
{
	struct rng rng = rng_seeded(7);
	int64_t least = INT64_MAX, most = 0;

	(void)state;
	for (int i = 0; i < 10000; i++) {
		int64_t wait = after(FAULT_NET, 4, 0, &rng).due_ms - NOW;

		least = wait < least ? wait : least;
		most = wait > most ? wait : most;
	}
	assert_in_range(least, S(300), S(303));
	assert_in_range(most, S(327), S(330));
}

static void test_never_closer_than_five_seconds(void **state)
{
	struct rng rng = rng_seeded(11);

	(void)state;
	for (int i = 0; i < 20000; i++) {
		enum fault fault = (enum fault)(1 + rng_below(&rng, FAULTS - 1));
		int64_t hint = rng_below(&rng, 3) ? 0 : NOW - S(7200) + rng_below(&rng, S(14400));
		struct retry r = retry_next(&retry_rules, fault, (int)rng_below(&rng, 9), NOW, hint, &rng);

		if (r.move == RETRY_TOKEN)
			assert_int_equal(fault, FAULT_AUTH);
		else
			assert_true(r.due_ms >= NOW + S(5) && (r.due_ms >= hint));
	}
}

/*
 * EI (amazon_repository.py) switched the whole sync off after one to five errors, throttling included.
 * Throttled for an hour, nothing is disabled: the next attempt comes when they said, and the count of failures stays nought.
 */
static void T8_an_hour_of_throttling_disables_nothing(void **state)
{
	int64_t now = NOW;
	int failures = 0, tries = 0;

	(void)state;
	while (now < NOW + S(3600)) {
		struct retry r = retry_next(&retry_rules, FAULT_BUSY, failures, now, now + S(20), NULL);

		assert_int_equal(r.move, RETRY_AGAIN);
		assert_false(r.alert);
		assert_int_equal(r.due_ms, now + S(20));
		failures += r.counts;
		now = r.due_ms;
		tries++;
	}
	assert_int_equal(failures, 0);
	assert_int_equal(tries, 180);
	assert_int_equal(retry_next(&retry_rules, FAULT_NET, failures + 1, now, 0, NULL).due_ms, now + S(5)); /* a fresh ladder */
}

/* python-amazon-sp-api (util/retry.py) kept one retry counter for all callers. */
static void T11_parallel_calls_have_their_own_count(void **state)
{
	static const int64_t ladder_s[] = { 5, 15, 60, 300 };

	(void)state;
	for (int i = 0; i < 4; i++) { /* one has failed i times, another for the first time, in turns */
		assert_int_equal(after(FAULT_NET, i + 1, 0, NULL).due_ms - NOW, S(ladder_s[i]));
		assert_int_equal(after(FAULT_NET, 1, 0, NULL).due_ms - NOW, S(5));
	}
}

struct status_case {
	int status;
	enum fault fault;
};

static const struct status_case status_cases[] = {
	{ 200, OK }, { 201, OK }, { 204, OK }, { 206, OK }, { 228, OK }, { 301, FAULT_REFUSED }, { 307, FAULT_REFUSED },
	{ 400, FAULT_REFUSED }, { 401, FAULT_AUTH }, { 403, FAULT_AUTH }, { 404, FAULT_REFUSED }, { 405, FAULT_REFUSED },
	{ 408, FAULT_BUSY }, { 409, FAULT_REFUSED }, { 413, FAULT_REFUSED }, { 415, FAULT_REFUSED }, { 422, FAULT_REFUSED },
	{ 423, FAULT_BUSY }, { 425, FAULT_BUSY }, { 429, FAULT_BUSY }, { 500, FAULT_REMOTE }, { 503, FAULT_REMOTE }, { 504, FAULT_REMOTE },
	{ 599, FAULT_REMOTE }, { 600, FAULT_FORMAT }, { 199, FAULT_FORMAT }, { 0, FAULT_FORMAT }, { -1, FAULT_FORMAT },
};

static void test_statuses(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof status_cases / sizeof *status_cases; i++)
		if (status_fault(status_cases[i].status) != status_cases[i].fault)
			fail_msg("%d is %s", status_cases[i].status, fault_name(status_fault(status_cases[i].status)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_and_when), cmocka_unit_test(test_the_ladder_from_the_first_attempt),
		cmocka_unit_test(test_jitter_is_never_earlier), cmocka_unit_test(test_never_closer_than_five_seconds),
		cmocka_unit_test(T8_an_hour_of_throttling_disables_nothing), cmocka_unit_test(T11_parallel_calls_have_their_own_count),
		cmocka_unit_test(test_statuses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
