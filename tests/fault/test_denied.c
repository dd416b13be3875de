/*
 * test_denied.c: an order that never was, at each marketplace. The number of one that was just told is misread (here: changed in the store), the lists tell the real one
 * again, and the other is asked for by its number until it is struck; what was said of it meanwhile, and lost, is a person's.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/fault/steps.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct shop {
	const char *place, *account, *misread;
	const char *kind, *lost;  /* what is said of it, and how the answer is lost */
};

static const struct shop shops[] = {
	{ "walmart/main", "walmart-us", "1088000000017", "ack", "channel=walmart op=ack kind=lost-after count=1" },
	{ "amazon/us", "amazon-na", "110-0000000-0000017", "ship", "channel=amazon op=ship kind=lost-after count=1" },
	{ "ebay/us", "ebay-us", "20-00000-00017", NULL, NULL },
	{ "shopify/main", "shopify", "5330000000017", NULL, NULL },
};

enum { SHOPS = sizeof shops / sizeof *shops };

static struct day *open_shops(void)
{
	struct day_plan plan = { .seed = 61, .skus = 12, .prompt = true, .idle = true, .whole = true, .settle_pct = 100 };
	struct day *d = day_open(&plan);

	day_no_buyers(d);
	run(d, 60 * MINUTE);
	for (int i = 0; i < SHOPS; i++)
		day_order(d, shops[i].place, 1); /* whom nobody doubts */
	run(d, 20 * MINUTE);
	return d;
}

static int64_t of(struct day *d, const char *what, const struct shop *s)
{
	return day_int(d, arena_printf(d->arena, "SELECT %s FROM orders WHERE ref = '%s'", what, s->misread));
}

/* Its newest order stands under another number from now on. */
static void misread(struct day *d, const struct shop *s)
{
	behind_its_back(d, arena_printf(d->arena, "UPDATE orders SET ref = '%s', proof_ms = 0 WHERE id = (SELECT max(o.id) FROM orders o JOIN account a ON a.id = o.account_id "
	                                          "WHERE a.name = '%s')", s->misread, s->account));
}

static void say(struct day *d, const struct shop *s)
{
	char payload[160];

	if (!s->kind)
		return;
	snprintf(payload, sizeof payload, "order=%" PRId64 "%s", of(d, "id", s), strcmp(s->kind, "ship") ? "" : "\ncarrier=UPS\ntracking=1Z999AA10123456784");
	day_fault(d, s->lost);
	must(day_intend(d, s->kind, "", payload));
}

static void asked_for_little(struct day *d)
{
	int64_t reads = day_int(d, "SELECT count(*) FROM attempt WHERE verb = 'order'");

	if (reads > 60)
		fail_msg("%" PRId64 " readings of single orders", reads);
}

static void is_struck(struct day *d, const struct shop *s)
{
	const char *state = day_text(d, arena_printf(d->arena, "SELECT state FROM orders WHERE ref = '%s'", s->misread));
	int64_t owed = day_int(d, arena_printf(d->arena, "SELECT sum(l.reserves) FROM order_line l WHERE l.order_id = %" PRId64, of(d, "id", s)));

	if (strcmp(state, "CANCELLED") || of(d, "open", s) || owed)
		fail_msg("%s: it is %s, and %" PRId64 " units are owed", s->place, state, owed);
	if (day_int(d, arena_printf(d->arena, "SELECT count(*) FROM alert WHERE kind = 'order_none' AND subject = '%s' AND closed_ms = 0", s->misread)) != 1)
		fail_msg("%s: nobody is told", s->place);
	if (s->kind)
		assert_string_equal(day_text(d, arena_printf(d->arena, "SELECT state FROM job WHERE verb = '%s' AND subject_id = %" PRId64, s->kind, of(d, "id", s))), "failed");
}

static void an_order_that_never_was_is_struck(void **state)
{
	struct day *d = open_shops();

	(void)state;
	for (int i = 0; i < SHOPS; i++)
		day_order(d, shops[i].place, 3);
	run(d, 5 * MINUTE);
	for (int i = 0; i < SHOPS; i++)
		misread(d, &shops[i]);
	run(d, 5 * MINUTE);
	assert_int_equal(day_int(d, "SELECT count(*) FROM orders WHERE open = 1"), 3 * SHOPS); /* the real ones were told again */
	for (int i = 0; i < SHOPS; i++)
		say(d, &shops[i]);
	run(d, 2 * MINUTE);
	assert_int_equal(day_int(d, "SELECT count(*) FROM job WHERE state = 'unsure'"), 2);
	run(d, 34 * MINUTE);
	for (int i = 0; i < SHOPS; i++)
		is_struck(d, &shops[i]);
	assert_int_equal(day_int(d, "SELECT count(*) FROM orders WHERE open = 1"), 2 * SHOPS);
	assert_int_equal(day_int(d, "SELECT count(*) FROM job WHERE state = 'unsure'"), 0);
	asked_for_little(d);
	day_close(d);
}

/* Everything that they have stands under numbers they do not know, as with somebody else's keys: nothing is struck, and a person is told. */
static void while_they_tell_none_by_its_number_nothing_is_struck(void **state)
{
	const struct shop *s = &shops[1];
	struct day *d = open_shops();

	(void)state;
	day_order(d, s->place, 3);
	run(d, 20 * MINUTE);
	behind_its_back(d, "UPDATE orders SET ref = '110-0000000-000002' || id WHERE account_id = (SELECT id FROM account WHERE name = 'amazon-na')");
	misread(d, s);
	run(d, 2 * HOUR);
	assert_int_equal(of(d, "open", s), 1);
	assert_true(of(d, "none_ms", s) > 0);
	assert_int_equal(day_int(d, "SELECT count(*) FROM alert WHERE kind = 'order_none' AND closed_ms = 0 AND text LIKE '%they tell no other one by its number either%'"), 1);
	asked_for_little(d);
	day_close(d);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_order_that_never_was_is_struck),
		cmocka_unit_test(while_they_tell_none_by_its_number_nothing_is_struck),
	};

	child_main(argc, argv);
	return cmocka_run_group_tests_name("denied", tests, NULL, NULL);
}
