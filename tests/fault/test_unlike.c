/*
 * test_unlike.c: what was not understood is told apart from what was, by keys and types, and not a value of it stands in the open.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/fault/steps.h"
#include "trade/unlike.h"

#include <string.h>

struct story {
	const char *why, *fault, *of; /* of: which pieces */
	const char *want;             /* stands in what is said, or "" */
	bool whole;                   /* compared with whole replies, not with their elements */
};

static const struct story stories[] = {
	{ "an order without a field it must have", "channel=walmart op=orders kind=missing", "verb = 'orders'", "missing ", false },
	{ "a reply with a NUL in a text", "channel=walmart op=orders kind=nul", "verb = 'orders'", "the whole: no JSON, was JSON", true },
	{ "an order with a word in place of a number", "channel=amazon op=orders kind=mistyped", "verb = 'orders'", ": object, was text", false },
};

/* The first piece that was compared with anything; 0: none within half an hour. */
static int64_t compared(struct day *d, const char *of)
{
	const char *sql = arena_printf(d->arena, "SELECT min(id) FROM inbox WHERE unlike <> '' AND unlike_to <> '' AND %s", of);

	for (int i = 0; i < 30 && !day_int(d, sql); i++) {
		if (i % 3 == 0)
			day_order(d, i % 2 ? "walmart/main" : "amazon/main", 1);
		run(d, MINUTE);
	}
	return day_int(d, sql);
}

static void tell(const struct story *t)
{
	struct day_plan plan = { .seed = 94, .skus = 4, .prompt = true, .idle = true };
	struct day *d = day_open(&plan);
	struct unlike u;
	struct err err;
	int64_t id;

	day_no_buyers(d);
	for (int i = 0; i < 3; i++) { /* what is understood */
		day_order(d, "walmart/main", 1);
		day_order(d, "amazon/main", 1);
		run(d, 6 * MINUTE);
	}
	day_fault(d, t->fault);
	id = compared(d, t->of);
	if (!id)
		fail_msg("%s: nothing was compared", t->why);
	assert_int_equal(unlike_get(d->reader, id, d->arena, &u, &err), OK);
	if (!strstr(unlike_said(&u, 99, d->arena), t->want))
		fail_msg("%s: '%s'", t->why, unlike_said(&u, 99, d->arena));
	assert_true(!strncmp(u.to, "the last ", 9) == t->whole);
	day_close(d);
}

static void a_piece_is_beside_its_like(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof stories / sizeof *stories; i++)
		tell(&stories[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(a_piece_is_beside_its_like) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
