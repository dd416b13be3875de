/* test_days.c: simulated days by seed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "sandbox/sandbox.h"
#include "tests/fault/child.h"
#include "tests/fault/day.h"

#include <stdio.h>

static void a_plain_day(void **state)
{
	struct day_plan plan = day_plain(1);
	struct day *d = day_open(&plan);
	const char *why;

	(void)state;
	day_run(d, d->now_ms + 6 * HOUR);
	why = day_verdict(d);
	fprintf(stderr, "turns %d orders %d\n", d->turns, d->sandbox->world->orders);
	for (int i = 0; i < COUNTS; i++)
		if (d->sandbox->world->count[i])
			fprintf(stderr, "%s %lld\n", count_names[i], (long long)d->sandbox->world->count[i]);
	if (why)
		fail_msg("%s", why);
	day_close(d);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(a_plain_day) };

	child_main(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
