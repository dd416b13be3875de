/*
 * test_recovery.c: how an account that was taken off sale comes back, step by step, by the store's rows and the marketplaces' ledger (FB02 of faults.csv).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "sandbox/sandbox.h"
#include "tests/fault/day.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SKUS = 420, BURST = 200, A_MINUTE = 200 }; /* Walmart's for a quantity (data/limits.csv) */

static struct day *d;

static int64_t lapse(const char *what)
{
	return day_int(d, arena_printf(d->arena, "SELECT %s FROM lapse", what));
}

/* Walmart's answers to this between two steps of the lapse. */
static int64_t answered(const char *verb, const char *from, const char *to)
{
	return day_int(d, arena_printf(d->arena, "SELECT count(*) FROM attempt t, lapse l WHERE t.verb = '%s' AND t.fault = '' AND t.opened_ms >= l.%s AND t.closed_ms <= l.%s", verb, from, to));
}

/* An hour without its orders, and all of the way back; one life for all that is asked of it. */
static int live(void **state)
{
	struct day_plan plan = day_plain(36);

	(void)state;
	plan.skus = SKUS;
	plan.idle = true;
	plan.settle_pct = 4;
	d = day_open(&plan);
	day_no_buyers(d);
	day_run(d, d->now_ms + 3 * HOUR);
	day_fault(d, "for=55m channel=walmart op=orders kind=error");
	day_run(d, d->now_ms + 50 * MINUTE);
	for (int i = 0; i < SKUS / 10; i++) { /* meanwhile there is less of some */
		struct product *p = &d->sandbox->world->product[i];

		if (p->at[DEPOT_FILE] > 20) {
			p->at[DEPOT_FILE] -= 7;
			p->shelf -= 7;
		}
	}
	day_count_shelf(d);
	day_run(d, d->now_ms + 70 * MINUTE);
	return *d->trouble != '\0' || !lapse("zeroed_ms");
}

static int leave(void **state)
{
	(void)state;
	day_close(d);
	return 0;
}

static void it_waits_for_three_good_cycles(void **state)
{
	(void)state;
	assert_int_equal(lapse("good"), 3);
	assert_true(lapse("mended_ms - bad_ms") >= 2 * 15 * SECOND); /* a quarter of a minute apart */
	assert_true(answered("orders", "bad_ms", "mended_ms") >= 3);
}

static void its_orders_are_read_to_their_end_first(void **state)
{
	(void)state;
	assert_true(answered("orders", "mended_ms", "orders_ms") >= 1);
	assert_true(lapse("orders_ms - mended_ms") < 5 * MINUTE);
}

static void then_what_there_is(void **state)
{
	(void)state;
	assert_true(lapse("stock_ms") > lapse("orders_ms"));
	assert_int_equal(day_int(d, "SELECT count(*) FROM place_source x JOIN place p ON p.id = x.place_id, lapse l WHERE p.sells = 1 AND x.heard_ms > 0 AND x.heard_ms < l.orders_ms"), 0);
}

static void then_what_it_shows(void **state)
{
	(void)state;
	assert_true(answered("stock-list", "stock_ms", "shown_ms") >= 1);
	assert_true(lapse("shown_ms") >= lapse("stock_ms"));
}

/* The first of Walmart's quantities above nothing since it was taken off sale. */
static int first_raise(void)
{
	const struct world *w = d->sandbox->world;
	int64_t zeroed = lapse("zeroed_ms");
	int i = 0;

	while (i < w->effects && !(w->effect[i].kind == EFFECT_PUSH && place_facts[w->effect[i].place].platform == WALMART && w->effect[i].at_ms >= zeroed && w->effect[i].qty))
		i++;
	return i;
}

static void nothing_is_put_on_sale_before_all_was_read(void **state)
{
	const struct world *w = d->sandbox->world;
	int i = first_raise();

	(void)state;
	assert_true(i < w->effects);
	assert_true(w->effect[i].at_ms >= lapse("shown_ms"));
}

/* Lowest risk first: of what there is most. And at half the limits for five minutes: never more than half the burst with half of what a minute gives. */
static void what_there_is_most_of_comes_first_and_at_half_the_pace(void **state)
{
	const struct world *w = d->sandbox->world;
	int64_t from = w->effect[first_raise()].at_ms, first = 0, last = 0;
	int n = 0, minute = 0, seen = 0;

	(void)state;
	for (int i = first_raise(); i < w->effects; i++) {
		const struct effect *e = &w->effect[i];

		if (e->kind != EFFECT_PUSH || place_facts[e->place].platform != WALMART || !e->qty)
			continue;
		n++;
		minute += e->at_ms < from + MINUTE;
	}
	for (int i = first_raise(); i < w->effects; i++) {
		const struct effect *e = &w->effect[i];

		if (e->kind != EFFECT_PUSH || place_facts[e->place].platform != WALMART || !e->qty)
			continue;
		first += seen < n / 4 ? e->qty : 0;
		last += seen >= n - n / 4 ? e->qty : 0;
		seen++;
	}
	print_message("%d quantities came back, %d of them in the first minute; the first quarter shows %" PRId64 " units, the last %" PRId64 "\n", n, minute, first, last);
	assert_true(n > BURST + A_MINUTE / 2); /* at the whole pace all of them would have come in the first minute */
	assert_true(minute <= (BURST + A_MINUTE) / 2);
	assert_true(first > last);
}

/* Today's number, not the one from before; and read back before it is over. */
static void each_has_the_number_of_now_and_it_was_seen(void **state)
{
	(void)state;
	assert_string_equal(day_text(d, "SELECT state FROM lapse"), "ENDED");
	assert_true(lapse("ended_ms") > lapse("shown_ms"));
	assert_int_equal(day_int(d, "SELECT count(*) FROM zero_row z JOIN offer f ON f.id = z.offer_id WHERE f.seen <> f.target OR f.target IS NULL OR f.hold <> ''"), 0);
	assert_true(day_int(d, "SELECT count(*) FROM zero_row z JOIN offer f ON f.id = z.offer_id WHERE z.prior <> f.target") > 0);
	assert_int_equal(day_int(d, "SELECT count(*) FROM zero_row z JOIN offer f ON f.id = z.offer_id, lapse l WHERE f.seen_ms < l.shown_ms"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_waits_for_three_good_cycles),
		cmocka_unit_test(its_orders_are_read_to_their_end_first),
		cmocka_unit_test(then_what_there_is),
		cmocka_unit_test(then_what_it_shows),
		cmocka_unit_test(nothing_is_put_on_sale_before_all_was_read),
		cmocka_unit_test(what_there_is_most_of_comes_first_and_at_half_the_pace),
		cmocka_unit_test(each_has_the_number_of_now_and_it_was_seen),
	};

	return cmocka_run_group_tests(tests, live, leave);
}
