/* "Come back later", as it was really seen and as somebody might mean it badly. */
#include "net/when.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define NOW INT64_C(1795161600000) /* 2026-11-20T08:00:00Z */
#define S(n) (INT64_C(1000) * (n))

struct when_case {
	const char *why, *text;
	int64_t from_now_ms; /* NONE: it is no time */
};

#define NONE INT64_MIN

static void check(bool (*parse)(const char *, int64_t, int64_t *), const struct when_case *c, size_t n)
{
	for (size_t i = 0; i < n; i++, c++) {
		int64_t at = NOW + NONE, got = parse(c->text, NOW, &at) ? at - NOW : NONE;

		if (got != c->from_now_ms)
			fail_msg("%s: \"%s\" gave %lld ms from now", c->why, c->text, (long long)got);
	}
}

static const struct when_case retry_after_cases[] = {
	{ "seconds", "120", S(120) },
	{ "no seconds", "0", 0 },
	{ "space before it", "  7", S(7) },
	{ "Shopify's decimals", "2.0", S(2) },
	{ "a fraction is rounded up", "2.3", S(3) },
	{ "a minute ago", "-60", S(-60) },
	{ "a number that looks like an epoch is still a number of seconds", "1000000000", S(1000000000) },
	{ "more than fits is cut, not wrapped", "99999999999999999999999", S(9999999999) },
	{ "an HTTP date", "Fri, 20 Nov 2026 08:05:00 GMT", S(300) },
	{ "the form of RFC 850", "Friday, 20-Nov-26 08:05:00 GMT", S(300) },
	{ "the form of asctime", "Fri Nov 20 08:05:00 2026", S(300) },
	{ "asctime pads a day with a space", "Sun Nov  1 08:00:00 2026", -S(19 * 86400) },
	{ "ISO 8601, which is not allowed but seen", "2026-11-20T08:00:01Z", S(1) },
	{ "a local time is none", "2026-11-20T08:00:01", NONE },
	{ "a date that does not exist", "Tue, 31 Nov 2026 08:05:00 GMT", NONE },
	{ "a month that does not exist", "Fri, 20 Nox 2026 08:05:00 GMT", NONE },
	{ "half of one month and half of the next", "Fri, 20 anF 2026 08:05:00 GMT", NONE },
	{ "a year that lost a digit", "Fri, 20 Nov 206 08:05:00 GMT", NONE },
	{ "another zone", "Fri, 20 Nov 2026 08:05:00 PST", NONE },
	{ "something after it", "Fri, 20 Nov 2026 08:05:00 GMT+1", NONE },
	{ "a sign where a digit stands", "Fri, 20 Nov 2026 -1:05:00 GMT", NONE },
	{ "a word", "soon", NONE },
	{ "nothing", "", NONE },
	{ "a sign alone", "-", NONE },
	{ "hexadecimal", "0x10", NONE },
	{ "two numbers", "5 5", NONE },
};

static void test_retry_after(void **state)
{
	(void)state;
	check(when_retry_after, retry_after_cases, sizeof retry_after_cases / sizeof *retry_after_cases);
}

static const struct when_case moment_cases[] = {
	{ "seconds", "12", S(12) },
	{ "epoch seconds", "1795161612", S(12) },
	{ "epoch milliseconds", "1795161612345", 12345 },
	{ "ISO 8601", "2026-11-20T08:00:12.345Z", 12345 },
	{ "an HTTP date", "Fri, 20 Nov 2026 08:00:12 GMT", S(12) },
	{ "fifteen digits are no epoch any more, and are cut as seconds are", "179516161234500", S(1795161612) },
	{ "a word", "later", NONE },
};

static void test_moment(void **state)
{
	(void)state;
	check(when_moment, moment_cases, sizeof moment_cases / sizeof *moment_cases);
}

struct hint_case {
	const char *why, *after, *date;
	int64_t from_now_ms; /* NONE: no hint */
};

static const struct hint_case hint_cases[] = {
	{ "no header, no hint", NULL, NULL, NONE },
	{ "seconds", "120", NULL, S(120) },
	{ "minus one: a second at least", "-1", NULL, S(1) },
	{ "nought: a second at least", "0", NULL, S(1) },
	{ "thirty years: an hour at most", "1000000000", NULL, S(3600) },
	{ "garbage is no hint", "\x1b[2J", NULL, NONE },
	{ "a date gone by: a second", "Fri, 20 Nov 2026 07:00:00 GMT", NULL, S(1) },
	{ "a date in the year 9999: an hour", "Fri, 31 Dec 9999 23:59:59 GMT", NULL, S(3600) },
	{ "their clock is a day ahead: what counts is the difference", "Sat, 21 Nov 2026 08:01:00 GMT",
	  "Sat, 21 Nov 2026 08:00:00 GMT", S(60) },
	{ "seconds do not care about their clock", "60", "Sat, 21 Nov 2026 08:00:00 GMT", S(60) },
	{ "a Date that is none is passed over", "Fri, 20 Nov 2026 08:01:00 GMT", "yesterday", S(60) },
};

static void test_hint(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof hint_cases / sizeof *hint_cases; i++) {
		const struct hint_case *c = &hint_cases[i];
		struct header h[2];
		struct reply r = { .status = 429, .header = h, .body = "" };
		int64_t got;

		if (c->after)
			h[r.headers++] = (struct header){ "retry-after", c->after };
		if (c->date)
			h[r.headers++] = (struct header){ "date", c->date };
		got = when_hint(&r, NOW);
		if (got != (c->from_now_ms == NONE ? 0 : NOW + c->from_now_ms))
			fail_msg("%s: gave %lld ms from now", c->why, (long long)(got - NOW));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_retry_after),
		cmocka_unit_test(test_moment),
		cmocka_unit_test(test_hint),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
