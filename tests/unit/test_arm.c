/* Arming: a reason, a time, and every way it ends. */
#include "ui/arm.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

enum { MIN = 60000 };

struct open_case {
	const char *why, *words;
	enum fault want;
	int minutes;
	const char *reason;
};

static const struct open_case opens[] = {
	{ "minutes and a reason", "15m I-208 oversell", OK, 15, "I-208 oversell" },
	{ "the m may be left out", "5 label reprint", OK, 5, "label reprint" },
	{ "and the minutes", "carrier strike", OK, 15, "carrier strike" },
	{ "one minute", "1m x", OK, 1, "x" },
	{ "no reason", "15m", FAULT_REFUSED, 0, "" },
	{ "blanks are no reason", "15m    ", FAULT_REFUSED, 0, "" },
	{ "nothing at all", "", FAULT_REFUSED, 0, "" },
	{ "no minutes at all is no time", "0m because", FAULT_REFUSED, 0, "" },
	{ "a whole shift is too long", "480m lazy", FAULT_REFUSED, 0, "" },
	{ "a number too long for any clock", "99999999999999999999m x", FAULT_REFUSED, 0, "" },
};

static void wants_a_reason_and_a_time(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof opens / sizeof *opens; i++) {
		struct arm a = { 0 };
		struct err err;

		if (arm_open(&a, opens[i].words, 1000, &err) != opens[i].want)
			fail_msg("%s", opens[i].why);
		assert_int_equal(arm_is(&a, 1000), opens[i].want == OK);
		if (opens[i].want != OK)
			continue;
		assert_string_equal(a.reason, opens[i].reason);
		for (int64_t t = 1000; t < 1000 + opens[i].minutes * MIN; t += MIN) /* somebody is at the keys */
			arm_key(&a, t);
		assert_true(arm_is(&a, 1000 + opens[i].minutes * MIN - 1));
		assert_false(arm_is(&a, 1000 + opens[i].minutes * MIN));
	}
}

static void ends_after_five_minutes_without_a_key(void **state)
{
	struct arm a = { 0 };

	(void)state;
	arm_open(&a, "15m test", 0, NULL);
	arm_key(&a, 4 * MIN);
	assert_true(arm_is(&a, 9 * MIN - 1));
	assert_null(arm_step(&a, 9 * MIN - 1));
	assert_false(arm_is(&a, 9 * MIN));
	assert_string_equal(arm_step(&a, 9 * MIN), "READ-ONLY again: five minutes without a key");
	arm_key(&a, 9 * MIN + 1); /* a key after the end opens nothing */
	assert_false(arm_is(&a, 9 * MIN + 2));
	assert_null(arm_step(&a, 9 * MIN + 2));
}

static void says_what_is_left(void **state)
{
	struct arm a = { 0 };
	char out[16];

	(void)state;
	arm_words(&a, 0, out);
	assert_string_equal(out, "READ-ONLY");
	arm_open(&a, "15m test", 0, NULL);
	arm_words(&a, 98000, out);
	assert_string_equal(out, "ARMED 13:22");
	assert_true(arm_left_ms(&a, 98000) == 5 * MIN - 98000);
	arm_close(&a);
	arm_words(&a, 98000, out);
	assert_string_equal(out, "READ-ONLY");
	arm_open(&a, "15m test", 0, NULL);
	for (int64_t t = 0; t <= 15 * MIN; t += MIN)
		arm_key(&a, t);
	assert_string_equal(arm_step(&a, 15 * MIN), "READ-ONLY again: the time is over");
}

static void readonly_cannot_be_armed(void **state)
{
	struct arm a = { .locked = true };
	struct err err;

	(void)state;
	assert_int_equal(arm_open(&a, "15m a very good reason", 0, &err), FAULT_REFUSED);
	assert_false(arm_is(&a, 0));
	a.until_ms = 1000; /* even if somebody forces it */
	assert_false(arm_is(&a, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wants_a_reason_and_a_time),
		cmocka_unit_test(ends_after_five_minutes_without_a_key),
		cmocka_unit_test(says_what_is_left),
		cmocka_unit_test(readonly_cannot_be_armed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
