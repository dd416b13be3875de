/*
 * test_parcels.c: an order at eBay that leaves in parts. Its lines say that some of it left, its packages say how much: what our stock still owes is told to
 * the unit, each change is asked after once, and what the lists tell again takes nothing back.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/fault/day.h"
#include "tests/fault/shelves.h"

static void run(struct day *d, int64_t for_ms)
{
	day_run(d, d->now_ms + for_ms);
	if (*d->trouble)
		fail_msg("%s", d->trouble);
}

struct part {
	const char *why;
	int sent;             /* units that leave in a package of their own */
	int64_t owes, asked;  /* then: open units of the line, calls for its packages so far */
};

static const struct part parts[] = {
	{ "nothing has left", 0, 7, 0 },
	{ "three of seven", 3, 4, 1 },
	{ "and two more", 2, 2, 2 },
	{ "and the rest: the line itself says so", 2, 0, 2 },
};

static void what_leaves_in_parts_is_owed_to_the_unit(void **state)
{
	struct day_plan plan = { .seed = 44, .skus = 12, .prompt = true, .idle = true, .whole = true, .settle_pct = 100 };
	struct day *d = day_open(&plan);
	int order;

	(void)state;
	day_no_buyers(d);
	run(d, 70 * MINUTE);
	order = day_order(d, "ebay/us", 7);
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		const struct part *p = &parts[i];
		int64_t owes, asked;

		if (p->sent)
			shelf_send(d, order, p->sent, arena_printf(d->arena, "94055096999370034574%02d", (int)i));
		run(d, 12 * MINUTE);
		owes = day_int(d, "SELECT sum(l.reserves) FROM order_line l JOIN orders o ON o.id = l.order_id JOIN account c ON c.id = o.account_id "
		                  "WHERE c.channel = 'ebay' AND l.qty = 7");
		asked = day_int(d, "SELECT count(*) FROM attempt WHERE op = 'ebay.orders.parcels'");
		if (owes != p->owes || asked != p->asked)
			fail_msg("%s: %d units are owed, and its packages were asked for %d times", p->why, (int)owes, (int)asked);
	}
	assert_int_equal(day_int(d, "SELECT count(*) FROM alert WHERE kind = 'moved_back'"), 0);
	assert_string_equal(day_text(d, "SELECT o.state FROM orders o JOIN order_line l ON l.order_id = o.id WHERE l.qty = 7"), "SHIPPED");
	day_close(d);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(what_leaves_in_parts_is_owed_to_the_unit) };

	child_main(argc, argv);
	return cmocka_run_group_tests_name("parcels", tests, NULL, NULL);
}
