/*
 * test_late.c: the line breaks, and what was said lands minutes later, when it is looked for, or said again, or something else was said since. A parcel is told
 * once; a quantity that was put over a newer one is found and put right.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/fault/shelves.h"
#include "tests/fault/steps.h"

#include <inttypes.h>
#include <string.h>

/* Four marketplaces, nobody buys and nobody works; of Amazon's countries one, so that each product is one offer. */
static struct day *shop(void)
{
	struct day_plan plan = { .seed = 61, .skus = 12, .prompt = true, .idle = true, .whole = true, .settle_pct = 4 };
	struct day *d;

	plan.config = "[account amazon-na]\nmarketplaces = ATVPDKIKX0DER\n";
	d = day_open(&plan);
	day_no_buyers(d);
	run(d, 40 * MINUTE);
	return d;
}

/* ---- what is said of an order ---- */

struct order_case {
	const char *why, *place, *kind, *delay;
	const char *count; /* of the ledger: what happened */
	bool restart;      /* the engine ends and begins anew before it lands */
};

static const struct order_case order_cases[] = {
	{ "a parcel that Walmart hears of late", "walmart/main", "ship", "3m", "ships", false },
	{ "very late", "walmart/main", "ship", "9m", "ships", false },
	{ "a parcel that Amazon hears of late", "amazon/us", "ship", "9m", "ships", false },
	{ "a parcel that eBay hears of late", "ebay/us", "ship", "3m", "ships", false },
	{ "very late: it would take a second one", "ebay/us", "ship", "9m", "ships", false },
	{ "and the engine began anew meanwhile", "ebay/us", "ship", "9m", "ships", true },
	{ "a parcel that Shopify hears of late", "shopify/main", "ship", "3m", "ships", false },
	{ "very late", "shopify/main", "ship", "9m", "ships", false },
	{ "an acknowledgement", "walmart/main", "ack", "3m", "acks", false },
	{ "a cancellation", "walmart/main", "cancel", "9m", "cancels", false },
};

static int64_t order_in_store(struct day *d, const char *place)
{
	day_order(d, place, 2);
	run(d, 8 * MINUTE);
	return day_int(d, "SELECT max(id) FROM orders WHERE open");
}

static void say(struct day *d, const char *kind, int64_t order)
{
	const char *more = strcmp(kind, "ship") ? "reason=CUSTOMER_REQUESTED_SELLER_TO_CANCEL" : "carrier=ups\ntracking=1Z999AA10123456784";

	must(day_intend(d, kind, "", arena_printf(d->arena, "order=%" PRId64 "\n%s\n", order, more)));
}

static void restart(struct day *d)
{
	struct err err;

	run(d, 20 * SECOND);
	day_stop(d);
	must(day_start(d, &err) ? err.text : NULL);
}

static void an_order_is_told_once(const struct order_case *c)
{
	struct day *d = shop();
	int64_t order = order_in_store(d, c->place), before;
	const char *job;

	if (!strcmp(c->place, "walmart/main") && !strcmp(c->kind, "ship")) {
		say(d, "ack", order);
		run(d, 2 * MINUTE);
	}
	before = day_count(d, c->count);
	day_fault(d, arena_printf(d->arena, "op=%s kind=late delay=%s count=1", c->kind, c->delay));
	say(d, c->kind, order);
	if (c->restart)
		restart(d);
	run(d, 2 * MINUTE);
	assert_int_equal(day_count(d, c->count), before);
	run(d, HOUR);
	job = day_text(d, arena_printf(d->arena, "SELECT state || ' after ' || tries || ', ' || text FROM job WHERE verb = '%s' ORDER BY id DESC LIMIT 1", c->kind));
	if (strncmp(job, "done after 1,", 13) || day_count(d, c->count) != before + 1 || day_count(d, "ships_again") + day_count(d, "acks_again") + day_count(d, "cancels_again"))
		fail_msg("%s: %" PRId64 " times done, the job is %s", c->why, day_count(d, c->count) - before, job);
	assert_int_equal(day_int(d, "SELECT count(*) FROM shipment WHERE confirm <> 'APPLIED' AND source = 'operator'"), 0);
	assert_int_equal(day_int(d, "SELECT count(*) FROM alert WHERE kind IN ('unsure', 'not_applied') AND closed_ms = 0"), 0);
	day_close(d);
}

static void what_lands_late_is_told_once(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof order_cases / sizeof *order_cases; i++)
		an_order_is_told_once(&order_cases[i]);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_lands_late_is_told_once),
	};

	child_main(argc, argv);
	return cmocka_run_group_tests_name("late", tests, NULL, NULL);
}
