/* Two actors are one person where the machine knows them as one. */
#include "trade/logins.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static const struct {
	const char *why, *one, *other;
	bool same;
} pairs[] = {
	{ "one is himself", "uid:1000 jo", "uid:1000 jo", true },
	{ "another is another", "uid:1000 jo", "uid:1001 ann", false },
	{ "whose number begins alike is another", "uid:100 al", "uid:1000 jo", false },
	{ "who has taken root's uid is who he logged in as", "uid:1000 jo", "uid:0 root login:1000", true },
	{ "also when that one speaks first", "uid:0 root login:1000", "uid:1000 jo", true },
	{ "and when he takes two others'", "uid:0 root login:1000", "uid:500 shop login:1000", true },
	{ "two who act by one uid count as one", "uid:0 root login:1000", "uid:0 root login:1001", true },
	{ "who logged in as somebody else and acts by his own is a second person", "uid:0 root login:1000", "uid:1001 ann", false },
	{ "two who took two uids are two", "uid:500 shop login:1000", "uid:501 desk login:1001", false },
	{ "a login that begins alike is another", "uid:0 root login:100", "uid:1000 jo", false },
	{ "a rule is itself", "rule:stock", "rule:stock", true },
	{ "and nobody else", "rule:stock", "uid:1000 jo", false },
};

static void who_is_one_person(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
		if (login_same(pairs[i].one, pairs[i].other) != pairs[i].same)
			fail_msg("%s: \"%s\" and \"%s\"", pairs[i].why, pairs[i].one, pairs[i].other);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(who_is_one_person) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
