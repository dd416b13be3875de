/*
 * test_aside.c: what a warehouse has set aside is asked for before each reading of its stock and right after it, so that an order which it gives up in between
 * counts as set aside for seconds, and not until the next round.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/fault/day.h"

#include <inttypes.h>

static const char *const sources[] = { "netsuite", "cartoncloud" };

/* Of one account; a reading of stock that told nothing new (a report that is still being made, say) does not count. */
#define READS "SELECT t.id, t.opened_ms, t.closed_ms FROM attempt t JOIN account c ON c.id = t.account_id WHERE c.name = '%s' AND t.verb IN (%s) AND t.status = 200"

static void dispatches_are_read_right_after_each_number(void **state)
{
	struct day_plan plan = { .seed = 45, .skus = 20, .past = 30, .orders_a_day = 200, .prompt = true, .settle_pct = 100, .whole = true };
	struct day *d = day_open(&plan);

	(void)state;
	day_run(d, d->now_ms + 3 * HOUR);
	for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
		const char *counts = arena_printf(d->arena, READS " AND t.idle = 0", sources[i], "'counts'"), *asked = arena_printf(d->arena, READS, sources[i], "'dispatches'"),
		           *more = arena_printf(d->arena, READS, sources[i], "'counts', 'run'");
		int64_t readings = day_int(d, arena_printf(d->arena, "SELECT count(*) FROM (%s)", counts));
		int64_t late = day_int(d, arena_printf(d->arena, "SELECT count(*) FROM (%s) s WHERE s.closed_ms < %" PRId64
		                                                 " AND NOT EXISTS (SELECT 1 FROM (%s) x WHERE x.id > s.id AND x.opened_ms <= s.closed_ms + 5000) "
		                                                 "AND NOT EXISTS (SELECT 1 FROM (%s) y WHERE y.id > s.id AND y.opened_ms <= s.closed_ms + 60000)",
		                                       counts, d->now_ms - MINUTE, asked, more)); /* y: its next page, the next look at the report, the next place */

		if (readings < 3 || late)
			fail_msg("%s: after %d of %d readings of its stock the dispatches were not asked for at once", sources[i], (int)late, (int)readings);
	}
	day_close(d);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(dispatches_are_read_right_after_each_number) };

	child_main(argc, argv);
	return cmocka_run_group_tests_name("aside", tests, NULL, NULL);
}
