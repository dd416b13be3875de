/* The breaker, as a story a step a line. */
#include "net/breaker.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#define START INT64_C(1795161600000) /* 2026-11-20T08:00:00Z */

struct step {
	const char *why;
	int64_t at_s;
	int64_t wait_s;   /* before anything may pass, at that moment */
	bool attempt;     /* is one made? */
	enum fault fault; /* FAULTS: no answer yet */
	enum breaker_event event;
	const char *state;
	int64_t broken_since_s; /* -1: not broken */
};

static void play(const struct step *s, size_t n)
{
	struct breaker b = { 0 };

	for (size_t i = 0; i < n; i++, s++) {
		int64_t now = START + s->at_s * 1000, wait = breaker_wait(&b, now);
		enum breaker_event event = BREAKER_SAME;

		if (s->attempt)
			breaker_attempt(&b, &breaker_rules, now);
		if (s->fault != FAULTS)
			event = breaker_note(&b, &breaker_rules, s->fault, now);
		if (wait != s->wait_s * 1000 || event != s->event || strcmp(breaker_state_name(b.state), s->state) ||
		    b.since_ms != (s->broken_since_s < 0 ? 0 : START + s->broken_since_s * 1000))
			fail_msg("step %zu, %s: waited %" PRId64 " ms, event %d, %s, broken since %" PRId64, i, s->why, wait, (int)event,
			         breaker_state_name(b.state), b.since_ms ? (b.since_ms - START) / 1000 : -1);
	}
}

#define PLAY(steps) play(steps, sizeof steps / sizeof *steps)

static void test_breaks_and_mends(void **state)
{
	static const struct step steps[] = {
		{ "all is well", 0, 0, true, OK, BREAKER_SAME, "closed", -1 },
		{ "the first failure: broken since now", 10, 0, true, FAULT_NET, BREAKER_SAME, "closed", 10 },
		{ "the second", 15, 0, true, FAULT_REMOTE, BREAKER_SAME, "closed", 10 },
		{ "the third opens it", 30, 0, true, FAULT_UNSURE, BREAKER_OPENED, "open", 10 },
		{ "nothing passes", 31, 59, false, FAULTS, BREAKER_SAME, "open", 10 },
		{ "until a minute is over: the ladder's third rung", 89, 1, false, FAULTS, BREAKER_SAME, "open", 10 },
		{ "then one probe", 90, 0, true, FAULTS, BREAKER_SAME, "open", 10 },
		{ "which fails; and no other for five minutes", 91, 299, false, FAULT_NET, BREAKER_SAME, "open", 10 },
		{ "then the next", 390, 0, true, FAULTS, BREAKER_SAME, "open", 10 },
		{ "and no second beside it", 391, 299, false, FAULTS, BREAKER_SAME, "open", 10 },
		{ "it fails: five minutes from its answer's arrival at the latest", 400, 290, false, FAULT_NET, BREAKER_SAME, "open", 10 },
		{ "the next probe", 690, 0, true, FAULTS, BREAKER_SAME, "open", 10 },
		{ "comes back well: one at a time from now on", 691, 299, false, OK, BREAKER_SAME, "half", 10 },
		{ "the second goes at once", 692, 0, true, FAULTS, BREAKER_SAME, "half", 10 },
		{ "alone", 692, 300, false, FAULTS, BREAKER_SAME, "half", 10 },
		{ "and is good", 693, 299, false, OK, BREAKER_SAME, "half", 10 },
		{ "the third good one mends it", 694, 0, true, OK, BREAKER_MENDED, "closed", -1 },
		{ "everything passes", 695, 0, true, FAULTS, BREAKER_SAME, "closed", -1 },
	};

	(void)state;
	PLAY(steps);
}

static void test_a_relapse(void **state)
{
	static const struct step steps[] = {
		{ "broken", 0, 0, true, FAULT_AUTH, BREAKER_SAME, "closed", 0 },
		{ "broken", 1, 0, true, FAULT_FORMAT, BREAKER_SAME, "closed", 0 },
		{ "open: somebody else answers at their address", 2, 0, true, FAULT_ENDPOINT, BREAKER_OPENED, "open", 0 },
		{ "a good probe", 302, 0, true, OK, BREAKER_SAME, "half", 0 },
		{ "another", 303, 0, true, OK, BREAKER_SAME, "half", 0 },
		{ "a bad one: back to the start, told once only", 304, 0, true, FAULT_NET, BREAKER_SAME, "open", 0 },
		{ "five minutes again, still broken since the first", 305, 299, false, FAULTS, BREAKER_SAME, "open", 0 },
		{ "good", 604, 0, true, OK, BREAKER_SAME, "half", 0 },
		{ "good", 605, 0, true, OK, BREAKER_SAME, "half", 0 },
		{ "three in a row are needed", 606, 0, true, OK, BREAKER_MENDED, "closed", -1 },
	};

	(void)state;
	PLAY(steps);
}

static void test_flapping_does_not_reset_the_clock(void **state)
{
	static const struct step steps[] = {
		{ "bad", 0, 0, true, FAULT_NET, BREAKER_SAME, "closed", 0 },
		{ "good", 60, 0, true, OK, BREAKER_SAME, "closed", 0 },
		{ "bad", 120, 0, true, FAULT_NET, BREAKER_SAME, "closed", 0 },
		{ "good", 180, 0, true, OK, BREAKER_SAME, "closed", 0 },
		{ "good", 240, 0, true, OK, BREAKER_SAME, "closed", 0 },
		{ "the third in a row, and it never opened", 300, 0, true, OK, BREAKER_SAME, "closed", -1 },
	};

	(void)state;
	PLAY(steps);
}

static void test_a_probe_lost_with_a_crash(void **state)
{
	static const struct step steps[] = {
		{ "bad", 0, 0, true, FAULT_NET, BREAKER_SAME, "closed", 0 },
		{ "bad", 0, 0, true, FAULT_NET, BREAKER_SAME, "closed", 0 },
		{ "open", 0, 0, true, FAULT_NET, BREAKER_OPENED, "open", 0 },
		{ "a probe whose answer nobody will hear", 300, 0, true, FAULTS, BREAKER_SAME, "open", 0 },
		{ "the next, five minutes later", 600, 0, true, OK, BREAKER_SAME, "half", 0 },
		{ "lost again, while half open", 601, 0, true, FAULTS, BREAKER_SAME, "half", 0 },
		{ "and the next", 901, 0, true, OK, BREAKER_SAME, "half", 0 },
	};

	(void)state;
	PLAY(steps);
}

static void test_neither_good_nor_bad(void **state)
{
	static const struct step steps[] = {
		{ "bad", 0, 0, true, FAULT_NET, BREAKER_SAME, "closed", 0 },
		{ "bad", 1, 0, true, FAULT_NET, BREAKER_SAME, "closed", 0 },
		{ "refused says nothing about their health", 2, 0, true, FAULT_REFUSED, BREAKER_SAME, "closed", 0 },
		{ "nor does our own store", 3, 0, true, FAULT_STORE, BREAKER_SAME, "closed", 0 },
		{ "open", 4, 0, true, FAULT_NET, BREAKER_OPENED, "open", 0 },
		{ "a probe that is refused: still open", 304, 0, true, FAULT_REFUSED, BREAKER_SAME, "open", 0 },
		{ "and the next in five minutes", 305, 299, false, FAULTS, BREAKER_SAME, "open", 0 },
		{ "good", 604, 0, true, OK, BREAKER_SAME, "half", 0 },
		{ "throttled while half open", 605, 0, true, FAULT_BUSY, BREAKER_SAME, "half", 0 },
		{ "does not cost five minutes", 606, 0, true, OK, BREAKER_SAME, "half", 0 },
		{ "nor the good ones before it", 607, 0, true, OK, BREAKER_MENDED, "closed", -1 },
	};

	(void)state;
	PLAY(steps);
}

/* EI switched the sync off after a few errors, throttling included: an hour of 429 opens nothing. */
static void T8_an_hour_of_throttling_opens_nothing(void **state)
{
	struct breaker b = { 0 };

	(void)state;
	for (int64_t now = START; now <= START + 3600000; now += 5000) {
		assert_int_equal(breaker_wait(&b, now), 0);
		breaker_attempt(&b, &breaker_rules, now);
		assert_int_equal(breaker_note(&b, &breaker_rules, FAULT_BUSY, now), BREAKER_SAME);
	}
	assert_int_equal(b.state, BREAKER_CLOSED);
	assert_int_equal(b.since_ms, 0);
}

static void test_late_answers_of_the_crowd(void **state)
{
	struct breaker b = { 0 };

	(void)state;
	for (int i = 0; i < 3; i++)
		breaker_note(&b, &breaker_rules, FAULT_NET, START);
	for (int i = 1; i <= 5; i++) /* started before it opened, failing one by one after it */
		assert_int_equal(breaker_note(&b, &breaker_rules, FAULT_NET, START + i * 1000), BREAKER_SAME);
	assert_int_equal(breaker_wait(&b, START + 5000), 55000); /* they do not put the probe off */
	assert_int_equal(b.fails, 8);
}

static void test_names(void **state)
{
	(void)state;
	for (int s = BREAKER_CLOSED; s <= BREAKER_HALF; s++)
		assert_int_equal(breaker_state_from_name(breaker_state_name(s)), s);
	assert_string_equal(breaker_state_name(7), "?");
	assert_int_equal(breaker_state_from_name("ajar"), BREAKER_CLOSED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_breaks_and_mends), cmocka_unit_test(test_a_relapse),
		cmocka_unit_test(test_flapping_does_not_reset_the_clock), cmocka_unit_test(test_a_probe_lost_with_a_crash),
		cmocka_unit_test(test_neither_good_nor_bad), cmocka_unit_test(T8_an_hour_of_throttling_opens_nothing),
		cmocka_unit_test(test_late_answers_of_the_crowd), cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
