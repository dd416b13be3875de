/* Planted causes of a difference, a row each: the right one comes first. */
#include "trade/dispute.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

struct planted {
	const char *why;
	struct dispute d;
	enum dispute_cause want;
};

static const int64_t carton[] = { 1, 12 };

static const struct planted planted[] = {
	{ "they agree", { .owner = { .free = 40 }, .other = { .free = 40 } }, DISPUTE_NONE },
	{ "the ERP has not answered since yesterday", { .owner = { .free = 37 }, .other = { .free = 40, .stale = true } }, DISPUTE_STALE },
	{ "the ERP counts cartons of twelve", { .owner = { .free = 48 }, .other = { .free = 4 }, .eaches = carton, .units = 2 }, DISPUTE_UNIT },
	{ "an order went straight to the warehouse", { .owner = { 37, .was = 40, .was_ms = 1 }, .other = { .free = 40 }, .owner_took = 3, .open = 3 }, DISPUTE_IN_FLIGHT },
	{ "the ERP holds the order back", { .owner = { .free = 40 }, .other = { 37, .was = 40, .was_ms = 1 }, .other_took = 3, .open = 3 }, DISPUTE_NOT_RELEASED },
	{ "the ERP tells no orders, but it has one", { .owner = { .free = 40 }, .other = { 36, .was = 40, .was_ms = 1 }, .open = 4 }, DISPUTE_NOT_RELEASED },
	{ "it left an hour ago", { .owner = { 38, .was = 40, .was_ms = 1 }, .other = { .free = 40 }, .gone = 2 }, DISPUTE_SHIPPED },
	{ "two came back", { .owner = { 42, .was = 40, .was_ms = 1 }, .other = { .free = 40 }, .back = 2 }, DISPUTE_RETURN },
	{ "six are on the way from Reno", { .owner = { .free = 34 }, .other = { .free = 40 }, .elsewhere = 6 }, DISPUTE_TRANSFER },
	{ "a delivery was unpacked", { .owner = { 90, .was = 40, .was_ms = 1 }, .other = { .free = 40 } }, DISPUTE_RECEIPT },
	{ "a delivery is booked, and still at sea", { .owner = { .free = 40 }, .other = { 90, .was = 40, .was_ms = 1 } }, DISPUTE_BOOKED_EARLY },
	{ "one was found broken", { .owner = { 39, .was = 40, .was_ms = 1 }, .other = { .free = 40 } }, DISPUTE_CYCLE_COUNT },
	{ "the bookkeeper wrote five off", { .owner = { .free = 40 }, .other = { 35, .was = 40, .was_ms = 1 } }, DISPUTE_ADJUSTED },
	{ "the ERP tells what lies there", { .owner = { .free = 31, .committed = 9 }, .other = { .free = 40 } }, DISPUTE_ON_HAND },
	{ "nobody knows", { .owner = { .free = 31 }, .other = { .free = 40 } }, DISPUTE_UNKNOWN },
};

static void the_likeliest_cause(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof planted / sizeof *planted; i++) {
		enum dispute_cause is = dispute_judge(&planted[i].d);

		if (is != planted[i].want)
			fail_msg("%s: %s instead of %s", planted[i].why, dispute_name(is), dispute_name(planted[i].want));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_likeliest_cause),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
