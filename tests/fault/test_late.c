/*
 * test_late.c: the line breaks, and what was said lands minutes later, when it is looked for, or said again, or something else was said since. A parcel is told
 * once; a quantity that was put over a newer one is found and put right. And what is said once and heard twice.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "sandbox/sandbox.h"
#include "tests/fault/shelves.h"
#include "tests/fault/steps.h"

#include <inttypes.h>
#include <string.h>

/* Four marketplaces, nobody buys and nobody works; of Amazon's countries one, so that each product is one offer. */
static struct day *shop(int settle_pct)
{
	struct day_plan plan = { .seed = 61, .skus = 12, .prompt = true, .idle = true, .whole = true, .settle_pct = settle_pct };
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
	{ "a parcel that Amazon hears of late, and shows later still", "amazon/us", "ship", "9m", "ships", false },
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
	struct day *d = shop(100);
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

/* ---- handed on twice ---- */

static const struct order_case twice_cases[] = {
	{ "a parcel, at Walmart", "walmart/main", "ship", "", "ships", false },
	{ "a parcel, at Amazon: its reference is known", "amazon/us", "ship", "", "ships", false },
	{ "a parcel, at eBay, which takes it for two of the same goods", "ebay/us", "ship", "", "ships", false },
	{ "a parcel, at Shopify", "shopify/main", "ship", "", "ships", false },
	{ "an acknowledgement", "walmart/main", "ack", "", "acks", false },
	{ "a cancellation", "walmart/main", "cancel", "", "cancels", false },
};

/* Nobody can keep a gateway from it. The goods leave once, and what is in the store is what is so. */
static void what_a_gateway_hands_on_twice_is_done_once(void **state)
{
	static const char units[] = "SELECT q_shipped + q_delivered + q_cancelled + 10 * (q_acked > 0) FROM order_line";

	(void)state;
	for (size_t i = 0; i < sizeof twice_cases / sizeof *twice_cases; i++) {
		const struct order_case *c = &twice_cases[i];
		struct day *d = shop(100);
		int64_t order = order_in_store(d, c->place), before, wrote;

		if (!strcmp(c->place, "walmart/main") && !strcmp(c->kind, "ship")) {
			say(d, "ack", order);
			run(d, 2 * MINUTE);
		}
		before = day_count(d, c->count);
		wrote = day_count(d, arena_printf(d->arena, "writes_%s", c->kind));
		day_fault(d, arena_printf(d->arena, "op=%s kind=twice count=1", c->kind));
		say(d, c->kind, order);
		run(d, HOUR);
		assert_int_equal(day_count(d, arena_printf(d->arena, "writes_%s", c->kind)), wrote + 2);
		if (day_count(d, c->count) != before + 1 || day_int(d, units) != (strcmp(c->kind, "ack") ? 2 : 10) || day_int(d, "SELECT count(*) FROM job WHERE state IN ('unsure', 'failed')"))
			fail_msg("%s: %" PRId64 " times done, %" PRId64, c->why, day_count(d, c->count) - before, day_int(d, units));
		day_close(d);
	}
}

/* ---- quantities ---- */

enum { LANDS = 10 };

/* One product at one marketplace. */
struct subject {
	const char *channel, *place;
	int product;
};

static void wants(struct day *d, const struct subject *s, const char *why, int64_t within_ms)
{
	static const char sql[] = "SELECT f.target FROM offer f JOIN account a ON a.id = f.account_id WHERE a.channel = '%s' AND f.sku = '%s' AND f.pool = 'own' AND f.block = ''";
	int64_t from = d->now_ms, want;

	do {
		run(d, MINUTE);
		want = day_int(d, arena_printf(d->arena, sql, s->channel, shelf_sku(d, s->product)));
	} while (shelf_shown(d, s->place, s->product) != want && d->now_ms < from + within_ms);
	if (shelf_shown(d, s->place, s->product) != want)
		fail_msg("%s: %s shows %" PRId64 " of %s, and is to show %" PRId64, why, s->place, shelf_shown(d, s->place, s->product), shelf_sku(d, s->product), want);
}

static void count_it(struct day *d, const struct subject *s, int qty)
{
	assert_true(shelf_recount(d, "local", s->product, qty));
}

static void hold(struct day *d, const struct subject *s)
{
	must(day_intend(d, "zero", "", arena_printf(d->arena, "scope=%s\nreason=recall of one batch\n", shelf_sku(d, s->product))));
}

/* Each says something whose call lands LANDS minutes later, and something else before that. */
static void less_was_counted_since(struct day *d, const struct subject *s)
{
	count_it(d, s, 900);
	run(d, 6 * MINUTE);
	count_it(d, s, 25);
}

static void it_was_let_go_since(struct day *d, const struct subject *s)
{
	hold(d, s);
	run(d, 6 * MINUTE);
	must(day_intend(d, "lift", "", "zero=1\n"));
}

static void it_was_held_since(struct day *d, const struct subject *s)
{
	count_it(d, s, 900);
	run(d, 6 * MINUTE);
	hold(d, s);
}

static const struct {
	const char *why, *channel;
	void (*says)(struct day *d, const struct subject *s);
	int64_t within_ms; /* since it landed: what is too much with the next reading, what is too little with the next run */
} told[] = {
	{ "more than there is lands over less", "walmart", less_was_counted_since, 20 * MINUTE },
	{ "more than there is lands over less", "amazon", less_was_counted_since, 40 * MINUTE },
	{ "more than there is lands over less", "ebay", less_was_counted_since, 20 * MINUTE },
	{ "more than there is, and they compare", "shopify", less_was_counted_since, MINUTE },
	{ "a zero lands after it was lifted", "walmart", it_was_let_go_since, 5 * HOUR },
	{ "a zero lands after it was lifted", "ebay", it_was_let_go_since, 5 * HOUR },
	{ "more lands on what is held at zero", "walmart", it_was_held_since, 20 * MINUTE },
	{ "more lands on what is held at zero", "amazon", it_was_held_since, 40 * MINUTE },
};

/* Quantities that the world took in that time, by its ledger. Shopify compares, and takes none that is older. */
static int pushes_at(const struct day *d, int64_t from_ms, int64_t until_ms)
{
	const struct world *w = d->sandbox->world;
	int n = 0;

	for (int i = 0; i < w->effects; i++)
		n += w->effect[i].kind == EFFECT_PUSH && w->effect[i].at_ms >= from_ms && w->effect[i].at_ms < until_ms;
	return n;
}

static void an_older_quantity_that_lands_late_is_put_right(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
		struct day *d = shop(4);
		struct subject s = { told[i].channel, shelf_place(told[i].channel), 0 };
		const char *why = told[i].why;
		int64_t from;

		s.product = shelf_offered(d, s.place);
		wants(d, &s, why, 30 * MINUTE);
		from = d->now_ms;
		day_fault(d, arena_printf(d->arena, "channel=%s op=push kind=late delay=%dm count=1", s.channel, (int)LANDS));
		told[i].says(d, &s);
		wants(d, &s, arena_printf(d->arena, "%s, before it lands", why), 4 * MINUTE);
		run(d, from + (LANDS + 2) * MINUTE - d->now_ms);
		assert_int_equal(day_int(d, "SELECT count(*) FROM attempt WHERE verb = 'stock' AND fault = 'UNSURE'"), 1);
		if (strcmp(s.channel, "shopify") && !pushes_at(d, from + LANDS * MINUTE, from + (LANDS + 2) * MINUTE))
			fail_msg("%s: nothing landed late", why);
		wants(d, &s, why, told[i].within_ms);
		run(d, 30 * MINUTE);
		wants(d, &s, why, MINUTE);
		assert_int_equal(day_int(d, "SELECT count(*) FROM job WHERE state IN ('unsure', 'failed')"), 0);
		day_close(d);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_lands_late_is_told_once),
		cmocka_unit_test(what_a_gateway_hands_on_twice_is_done_once),
		cmocka_unit_test(an_older_quantity_that_lands_late_is_put_right),
	};

	child_main(argc, argv);
	return cmocka_run_group_tests_name("late", tests, NULL, NULL);
}
