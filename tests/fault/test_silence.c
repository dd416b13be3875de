/*
 * test_silence.c: two days without any marketplace (N29). People go on counting and deciding; buyers go on buying, where nobody hears it. When the line is back
 * all that waited is decided anew of what is so then: not one number of the days between is said.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "sandbox/sandbox.h"
#include "tests/fault/child.h"
#include "tests/fault/steps.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#ifdef __SANITIZE_ADDRESS__
enum { SILENT_H = 16, ORDERS = 2 }; /* what a sanitizer sees in two days it has seen in two thirds of one */
#else
enum { SILENT_H = 48, ORDERS = 6 };
#endif

enum { SKUS = 12 };

/* The warehouse has so many of each now, and counts them. */
static void count_all(struct day *d, int less)
{
	struct world *w = d->sandbox->world;

	for (int i = 0; i < w->products; i++) {
		struct product *p = &w->product[i];
		int take = p->at[DEPOT_FILE] > less ? less : 0;

		p->shelf -= take;
		p->at[DEPOT_FILE] -= take;
	}
	day_count_shelf(d);
}

static int64_t jobs_waiting(struct day *d)
{
	return day_int(d, "SELECT count(*) FROM job WHERE verb = 'stock' AND state = 'waiting'");
}

static const struct product *product_called(const struct world *w, const char *sku)
{
	for (int i = 0; i < w->products; i++)
		if (!strcmp(world_str(w, w->product[i].sku), sku))
			return &w->product[i];
	fail_msg("nobody sells %s", sku);
	return NULL;
}

/* Quantities that a marketplace took since then, of which more was said than lies there unsold: a number of an earlier count, or of before those orders. */
static int said_too_much(struct day *d, int64_t since_ms, const char **first)
{
	const struct world *w = d->sandbox->world;
	int n = 0;

	for (int i = 0; i < w->effects; i++) {
		const struct effect *e = &w->effect[i];
		const struct product *p = e->kind == EFFECT_PUSH && e->at_ms >= since_ms ? product_called(w, world_str(w, e->subject)) : NULL;

		if (p && e->qty > p->shelf - p->owed)
			*first = n++ ? *first : arena_printf(d->arena, "%s was said to be %d, %d are there", world_str(w, e->subject), e->qty, p->shelf - p->owed);
	}
	return n;
}

static int pushes_since(const struct day *d, int64_t since_ms, int64_t until_ms)
{
	const struct world *w = d->sandbox->world;
	int n = 0;

	for (int i = 0; i < w->effects; i++)
		n += w->effect[i].kind == EFFECT_PUSH && w->effect[i].at_ms >= since_ms && w->effect[i].at_ms < until_ms;
	return n;
}

static void two_days_of_silence_leave_nothing_stale_to_say(void **state)
{
	struct day *d = quiet_day(71, SKUS, NULL);
	int64_t from = d->now_ms, back = from + SILENT_H * (int64_t)HOUR;
	int64_t orders = day_int(d, "SELECT count(*) FROM orders");
	const char *first = "", *wrong;

	(void)state;
	day_fault(d, arena_printf(d->arena, "for=%dh channel=walmart kind=lost-before", SILENT_H));
	day_fault(d, arena_printf(d->arena, "for=%dh channel=amazon kind=lost-before", SILENT_H));
	for (int h = 0; h < SILENT_H; h += 4) { /* each count is another, and the last one is the least */
		count_all(d, 1);
		if (h % 8 == 0)
			day_order(d, h % 16 ? "amazon/us" : "walmart/main", 1);
		run(d, 4 * HOUR);
	}
	assert_in_range(d->now_ms, back, back + MINUTE);
	assert_int_equal(pushes_since(d, from + MINUTE, back), 0);
	assert_int_equal(day_int(d, "SELECT count(*) FROM lapse WHERE ended_ms = 0 AND state = 'ZEROED'"), 2);
	assert_true(jobs_waiting(d) > 0);
	assert_true(jobs_waiting(d) <= day_int(d, "SELECT count(*) FROM offer")); /* one an offer, whatever was decided in between */
	assert_true(day_int(d, "SELECT count(*) FROM job WHERE verb = 'stock' AND state = 'superseded'") > SKUS);
	run(d, 3 * HOUR);
	if (said_too_much(d, back, &first))
		fail_msg("%s", first);
	assert_int_equal(day_int(d, "SELECT count(*) FROM lapse WHERE ended_ms = 0"), 0);
	assert_int_equal(day_int(d, "SELECT count(*) FROM orders") - orders, ORDERS);
	assert_int_equal(day_int(d, "SELECT count(*) FROM offer WHERE pool = 'own' AND item_id IS NOT NULL AND block = '' AND (seen <> target OR target IS NULL)"), 0);
	wrong = day_verdict(d);
	if (wrong)
		fail_msg("%s", wrong);
	day_close(d);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(two_days_of_silence_leave_nothing_stale_to_say) };

	child_main(argc, argv);
	return cmocka_run_group_tests_name("silence", tests, NULL, NULL);
}
