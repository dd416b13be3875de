/* What a read says about the quantity we last put there: the whole decision, a sentence a row. */
#include "trade/verdict.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

struct verdict_case {
	const char *why;
	struct evidence e; /* settle_ms is 600 for all */
	enum push_state want;
	int64_t drift;
	const char *cause;
};

#define SAID(n, st) .pushed = (n), .pushed_ms = 0, .settle_ms = 600, .state = (st), .mapped = true, .heard_ms = 10000
#define NONE .earlier = -1, .before = -1

static const struct verdict_case cases[] = {
	{ "nothing was ever accepted: whatever they show is no drift", { .pushed = -1, .settle_ms = 0, NONE, .seen = 9, .now_ms = 5 }, PUSH_NONE, 0, "" },
	{ "they show what we said", { SAID(30, PUSH_SETTLING), NONE, .seen = 30, .now_ms = 5 }, PUSH_APPLIED, 0, "" },
	{ "not yet, and there is time", { SAID(30, PUSH_SETTLING), NONE, .seen = 40, .now_ms = 599 }, PUSH_SETTLING, 0, "SETTLING" },
	{ "not yet, and patience is over", { SAID(30, PUSH_SETTLING), .earlier = -1, .before = 40, .seen = 40, .now_ms = 600 }, PUSH_NOT_APPLIED, 10, "NOT_APPLIED" },
	{ "something else, and patience is over", { SAID(30, PUSH_SETTLING), .earlier = -1, .before = 40, .seen = 35, .now_ms = 600 }, PUSH_PARTLY, 5, "NOT_APPLIED" },
	{ "one fewer, patience is over, and their orders are not read up to that moment: most likely sold", { SAID(30, PUSH_SETTLING), .earlier = -1, .before = 40, .seen = 29, .since_ms = 20000, .now_ms = 700 }, PUSH_SETTLING, 0, "SETTLING" },
	{ "but not for ever", { SAID(30, PUSH_SETTLING), .earlier = -1, .before = 40, .seen = 29, .since_ms = 1000000, .now_ms = 900600 }, PUSH_PARTLY, -1, "NOT_APPLIED" },
	{ "nor when it is what stood there before", { SAID(30, PUSH_SETTLING), .earlier = -1, .before = 20, .seen = 20, .since_ms = 20000, .now_ms = 700 }, PUSH_NOT_APPLIED, -10, "NOT_APPLIED" },
	{ "two were sold there since: all of it is what we said", { SAID(30, PUSH_APPLIED), NONE, .seen = 28, .sold = 2, .now_ms = 700 }, PUSH_APPLIED, 0, "" },
	{ "three are missing, two were sold: one too many", { SAID(30, PUSH_APPLIED), NONE, .seen = 27, .sold = 2, .since_ms = 650, .now_ms = 700 }, PUSH_OVERWRITTEN, -1, "CHANNEL_EDIT" },
	{ "fewer than we said, and their orders are not read up to that moment", { SAID(30, PUSH_APPLIED), NONE, .seen = 27, .since_ms = 20000, .now_ms = 20001 }, PUSH_APPLIED, -3, "IN_FLIGHT_ORDER" },
	{ "fewer since long ago, and of those that are missing now some went after their orders were last known: no edit",
	  { SAID(30, PUSH_APPLIED), NONE, .seen = 20, .sold = 2, .then = 28, .since_ms = 650, .now_ms = 20001 }, PUSH_APPLIED, -8, "IN_FLIGHT_ORDER" },
	{ "what was missing already when their orders were known is theirs", { SAID(30, PUSH_APPLIED), NONE, .seen = 20, .sold = 2, .then = 27, .since_ms = 650, .now_ms = 20001 }, PUSH_OVERWRITTEN, -8,
	  "CHANNEL_EDIT" },
	{ "what was taken for an edit is none", { SAID(30, PUSH_OVERWRITTEN), NONE, .seen = 20, .sold = 2, .then = 28, .since_ms = 650, .now_ms = 20001 }, PUSH_OVERWRITTEN, -8, "IN_FLIGHT_ORDER" },
	{ "more than we said, as many as were cancelled", { SAID(30, PUSH_APPLIED), NONE, .seen = 32, .cancelled = 2, .now_ms = 700 }, PUSH_OVERWRITTEN, 2, "RETURN_FIRST" },
	{ "more than we said: somebody typed it", { SAID(30, PUSH_APPLIED), NONE, .seen = 99, .now_ms = 700 }, PUSH_OVERWRITTEN, 69, "CHANNEL_EDIT" },
	{ "T20: an edit is seen at once, though our push is young", { SAID(30, PUSH_APPLIED), .earlier = 31, .before = 31, .seen = 99, .now_ms = 100 }, PUSH_OVERWRITTEN, 69, "CHANNEL_EDIT" },
	{ "our earlier number arrives late: a sale had made it look applied", { SAID(30, PUSH_APPLIED), .earlier = 31, .before = 30, .seen = 31, .sold = 1, .now_ms = 100 }, PUSH_SETTLING, 0, "SETTLING" },
	{ "our earlier number, long after: that is no delay any more", { SAID(30, PUSH_APPLIED), .earlier = 31, .before = 30, .seen = 31, .now_ms = 700 }, PUSH_OVERWRITTEN, 1, "CHANNEL_EDIT" },
	{ "our earlier number, though ours was shown, and a feed may be under way for hours: it is not left so",
	  { .pushed = 30, .settle_ms = 14400000, .state = PUSH_APPLIED, .mapped = true, .heard_ms = 99000000, .earlier = 31, .before = 31, .seen = 31, .now_ms = 900001 }, PUSH_OVERWRITTEN, 1, "NOT_APPLIED" },
	{ "a quarter of an hour is waited", { .pushed = 30, .settle_ms = 14400000, .state = PUSH_APPLIED, .mapped = true, .heard_ms = 99000000, .earlier = 31, .before = 31, .seen = 31, .now_ms = 900000 },
	  PUSH_SETTLING, 0, "SETTLING" },
	{ "what never showed is waited for as long as they may take", { .pushed = 30, .settle_ms = 14400000, .state = PUSH_SETTLING, .mapped = true, .heard_ms = 99000000, .earlier = 31, .before = 31, .seen = 31,
	  .now_ms = 900001 }, PUSH_SETTLING, 0, "SETTLING" },
	{ "our earlier number once more, after ours was shown, and as many came back: theirs first, and nothing failed to apply",
	  { SAID(30, PUSH_SETTLING), .earlier = 31, .before = 31, .seen = 31, .cancelled = 1, .shown = true, .now_ms = 700 }, PUSH_OVERWRITTEN, 1, "RETURN_FIRST" },
	{ "ours was never shown: a unit that came back proves nothing", { SAID(30, PUSH_SETTLING), .earlier = 31, .before = 31, .seen = 31, .cancelled = 1, .now_ms = 700 },
	  PUSH_NOT_APPLIED, 1, "NOT_APPLIED" },
	{ "more than we said, and no order of theirs was ever read", { .pushed = 30, .settle_ms = 600, .state = PUSH_APPLIED, .mapped = true, NONE, .seen = 40, .now_ms = 700 }, PUSH_OVERWRITTEN, 10, "UNKNOWN" },
	{ "more than we said by less than is coming back: they counted the return first", { SAID(30, PUSH_APPLIED), NONE, .seen = 31, .cancelled = 2, .now_ms = 700 }, PUSH_OVERWRITTEN, 1, "RETURN_FIRST" },
	{ "an offer that stands for no item of ours", { .pushed = 30, .settle_ms = 600, .state = PUSH_APPLIED, NONE, .seen = 40, .heard_ms = 1, .now_ms = 700 }, PUSH_OVERWRITTEN, 10, "MAPPING" },
};

static void each_read_has_one_verdict(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct verdict v = offer_judge(&cases[i].e);

		if (v.state != cases[i].want || v.drift != cases[i].drift || strcmp(v.cause, cases[i].cause))
			fail_msg("%s: %s %d %s", cases[i].why, push_state_name(v.state), (int)v.drift, v.cause);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(each_read_has_one_verdict) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
