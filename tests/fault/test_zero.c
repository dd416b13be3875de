/*
 * test_zero.c: zero-outs by hand, against the marketplaces' own ledger: what was looked at is what goes to zero, and nothing else is said before it is lifted.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/text.h"
#include "sandbox/sandbox.h"
#include "tests/fault/child.h"
#include "tests/fault/shelves.h"
#include "tests/fault/steps.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static struct day *quiet(uint64_t seed)
{
	return quiet_day(seed, 24, NULL);
}

/* Quantities above nothing that a platform was told of one product since then, by its ledger. */
static int told(const struct day *d, enum place place, int product, int64_t since_ms)
{
	const struct world *w = d->sandbox->world;
	int n = 0;

	for (int i = 0; i < w->effects; i++) {
		const struct effect *e = &w->effect[i];

		n += e->kind == EFFECT_PUSH && e->qty > 0 && e->at_ms >= since_ms && e->place == (int)place &&
		     !strcmp(world_str(w, e->subject), world_str(w, w->product[product].sku));
	}
	return n;
}

static const char *scope(struct day *d, int product)
{
	return arena_printf(d->arena, "scope=%s\nreason=recall of one batch\n", shelf_sku(d, product));
}

/* Whatever wants to say something else of it, for days. */
static void a_hundred_reconciliations_say_nothing_of_what_is_held(void **state)
{
	struct day *d = quiet(41);
	int one = shelf_offered(d, "walmart/main");
	struct listing *l = &d->sandbox->world->listing[d->sandbox->world->product[one].listing[WALMART_MAIN]];
	int64_t from;

	(void)state;
	must(day_intend(d, "zero", "", scope(d, one)));
	assert_true(day_run(d, d->now_ms + 10 * MINUTE));
	assert_int_equal(l->said, 0);
	from = d->now_ms;
	for (int i = 0; i < 100; i++) {
		if (i % 10 == 3)
			listing_edit(d->sandbox->world, d->sandbox->world->product[one].listing[WALMART_MAIN], 5, "by hand"); /* somebody types over it */
		if (i % 25 == 5)
			day_count_shelf(d);
		must(day_intend(d, "reconcile", "", ""));
		assert_true(day_run(d, d->now_ms + 6 * MINUTE));
	}
	assert_true(day_int(d, "SELECT count(*) FROM rec_run WHERE state = 'COMPLETE'") >= 100);
	for (enum place at = 0; at < PLACES; at++)
		assert_int_equal(told(d, at, one, from), 0);
	assert_int_equal(day_count(d, "listings_ended"), 0);
	day_close(d);
}

/* Looked at, then somebody raised it in the channel's portal: it waits, and goes when a person says so. */
static void what_shows_more_than_was_looked_at_waits(void **state)
{
	struct day *d = quiet(42);
	int one = shelf_offered(d, "walmart/main"), at = d->sandbox->world->product[one].listing[WALMART_MAIN];
	struct listing *l = &d->sandbox->world->listing[at];

	(void)state;
	listing_edit(d->sandbox->world, at, l->shown + 7, "by hand"); /* the store does not know it yet */
	must(day_intend(d, "zero", "", arena_printf(d->arena, "scope=%s\nreason=recall\n", shelf_sku(d, one))));
	assert_true(day_run(d, d->now_ms + 5 * MINUTE));
	assert_true(l->said > 0);
	assert_int_equal(day_int(d, "SELECT max(fresh - prior) FROM zero_row"), 7);
	must(day_intend(d, "let", "", "zero=1\n"));
	assert_true(day_run(d, d->now_ms + 5 * MINUTE));
	assert_int_equal(l->said, 0);
	must(day_intend(d, "lift", "", "zero=1\n"));
	assert_true(day_run(d, d->now_ms + 20 * MINUTE));
	assert_int_equal(day_int(d, "SELECT count(*) FROM offer WHERE hold <> '' OR seen <> target"), 0);
	assert_true(l->said > 0);
	day_close(d);
}

/* It is lifted by itself at its time; another, when something of its item was counted. */
static void one_that_was_to_end_ends(void **state)
{
	struct day *d = quiet(43);
	int one = shelf_offered(d, "walmart/main");

	(void)state;
	must(day_intend(d, "zero", "", arena_printf(d->arena, "%suntil_ms=%" PRId64 "\n", scope(d, one), d->now_ms + 20 * MINUTE)));
	assert_true(day_run(d, d->now_ms + 19 * MINUTE));
	assert_true(day_int(d, "SELECT count(*) FROM offer WHERE hold <> ''") > 0);
	assert_true(day_run(d, d->now_ms + 4 * MINUTE));
	assert_int_equal(day_int(d, "SELECT count(*) FROM offer WHERE hold <> ''"), 0);
	must(day_intend(d, "zero", "", arena_printf(d->arena, "%scounted=1\n", scope(d, one))));
	assert_true(day_run(d, d->now_ms + 10 * MINUTE));
	assert_true(day_int(d, "SELECT count(*) FROM offer WHERE hold <> ''") > 0);
	day_count_shelf(d);
	assert_true(day_run(d, d->now_ms + 10 * MINUTE));
	assert_int_equal(day_int(d, "SELECT count(*) FROM offer WHERE hold <> ''"), 0);
	day_close(d);
}

static const char *many(struct day *d, int products)
{
	struct buf b = buf_new(d->arena);

	for (int i = 0; i < products; i++)
		buf_printf(&b, "scope=%s\n", shelf_sku(d, i));
	buf_puts(&b, "reason=recall of one batch\n");
	return b.p;
}

/* EBay takes a zero of nobody but who typed it. Counted while it is read once more, it is thought over again, and is that person's zero still. */
static void a_typed_zero_that_is_thought_over_again_is_said(void **state)
{
	struct day_plan plan = day_plain(46);
	struct day *d;
	int one;

	(void)state;
	plan.skus = 12;
	plan.idle = true;
	plan.whole = true;
	plan.settle_pct = 4;
	plan.config = "[account ebay-us]\noosc = no\n";
	d = day_open(&plan);
	day_no_buyers(d);
	run(d, 40 * MINUTE);
	one = shelf_offered(d, "ebay/us");
	assert_true(shelf_shown(d, "ebay/us", one) > 0);
	day_fault(d, "channel=ebay op=stock kind=slow delay=40s for=1m");
	must(day_intend(d, "zero", "", scope(d, one)));
	assert_true(shelf_recount(d, "local", one, 33));
	run(d, 10 * MINUTE);
	assert_int_equal(day_int(d, "SELECT count(*) FROM job j JOIN account c ON c.id = j.account_id JOIN zero_row w ON w.offer_id = j.subject_id "
	                            "WHERE c.name = 'ebay-us' AND j.verb = 'stock' AND j.lane = 0 AND j.key LIKE '%/i0'"), 1); /* not by the word of the line itself */
	assert_int_equal(shelf_shown(d, "ebay/us", one), 0);
	assert_int_equal(day_int(d, "SELECT count(*) FROM job WHERE verb = 'stock' AND state = 'failed'"), 0);
	day_close(d);
}

/* The calls that changed a quantity since then, whatever they said, by the platforms' ledger. */
static int pushes(const struct day *d, int64_t since_ms)
{
	const struct world *w = d->sandbox->world;
	int n = 0;

	for (int i = 0; i < w->effects; i++)
		n += w->effect[i].kind == EFFECT_PUSH && w->effect[i].at_ms >= since_ms;
	return n;
}

/* The engine's turns until a state has so many offers; false: it did not come to that within ten minutes. */
static bool until(struct day *d, const char *sql, int64_t want)
{
	int64_t end = d->now_ms + 10 * MINUTE;

	while (day_int(d, sql) < want && d->now_ms < end)
		if (!day_run(d, d->now_ms + 200))
			fail_msg("%s", d->trouble);
	return day_int(d, sql) >= want;
}

/* Stopped in the middle: no call after it; what went stays at zero, the rest sells on as it was; then it is undone. */
static void stopped_nothing_more_is_said(void **state)
{
	struct day *d = quiet(44);
	int64_t said, at;

	(void)state;
	day_fault(d, "op=stock kind=slow delay=20s for=20m");
	must(day_intend(d, "zero", "", many(d, 8)));
	assert_int_equal(day_int(d, "SELECT count(*) FROM zero_out"), 1);
	assert_true(until(d, "SELECT count(*) FROM job WHERE verb = 'stock' AND lane = 0 AND state = 'inflight'", 1));
	must(day_intend(d, "halt", "", "zero=1\n"));
	at = d->now_ms;
	assert_true(day_run(d, d->now_ms + MINUTE)); /* what was under way ends */
	said = day_int(d, "SELECT count(*) FROM attempt WHERE verb = 'stock'");
	assert_true(day_int(d, "SELECT count(*) FROM job WHERE verb = 'stock' AND state = 'waiting' AND lane = 0") > 0);
	must(day_intend(d, "reconcile", "", ""));
	assert_true(day_run(d, d->now_ms + 20 * MINUTE));
	assert_int_equal(day_int(d, "SELECT count(*) FROM attempt WHERE verb = 'stock'"), said);
	assert_true(pushes(d, at) <= 8); /* at most those that were under way */
	must(day_intend(d, "lift", "", "zero=1\n"));
	assert_true(day_run(d, d->now_ms + 30 * MINUTE));
	assert_int_equal(day_int(d, "SELECT count(*) FROM offer WHERE hold <> '' OR (pool = 'own' AND seen <> target)"), 0);
	day_close(d);
}

/* Stopped, and gone on with hours later: what somebody typed over it a moment before is seen first, and what was not touched goes. */
static void gone_on_with_what_was_raised_since_waits(void **state)
{
	struct day *d = quiet(47);
	int one = shelf_offered(d, "walmart/main");
	int64_t raised = shelf_shown(d, "walmart/main", one) + 50;

	(void)state;
	day_fault(d, "op=stock kind=slow delay=20s for=1m");
	must(day_intend(d, "zero", "", many(d, 8)));
	must(day_intend(d, "halt", "", "zero=1\n"));
	run(d, 3 * HOUR);
	assert_true(shelf_shown(d, "walmart/main", one) > 0);
	listing_edit(d->sandbox->world, d->sandbox->world->product[one].listing[WALMART_MAIN], (int)raised, "by hand");
	must(day_intend(d, "let", "", "zero=1\n"));
	run(d, 10 * MINUTE);
	assert_int_equal(shelf_shown(d, "walmart/main", one), raised);
	assert_int_equal(day_int(d, "SELECT count(*) FROM zero_row w JOIN offer f ON f.id = w.offer_id WHERE f.seen > 0"), 1);
	must(day_intend(d, "let", "", "zero=1\n"));
	run(d, 5 * MINUTE);
	assert_int_equal(shelf_shown(d, "walmart/main", one), 0);
	day_close(d);
}

/* Stopped half way, and then its account is out of step for half an hour: the rule takes all of that account off sale, and nothing of the other. */
static void what_was_stopped_goes_when_its_account_is_out_of_step(void **state)
{
	static const char shows[] = "SELECT count(*) FROM offer f JOIN account a ON a.id = f.account_id WHERE f.pool = 'own' AND f.seen > 0 AND a.channel = 'walmart'";
	static const char others[] = "SELECT count(*) FROM zero_row w JOIN offer f ON f.id = w.offer_id JOIN account a ON a.id = f.account_id "
				     "WHERE w.zero_id = 1 AND f.seen > 0 AND a.channel <> 'walmart'";
	struct day *d = quiet(48);
	int one = shelf_offered(d, "walmart/main"), raised = 8;
	int64_t amazons, from = d->now_ms;

	(void)state;
	while (shelf_shown(d, "walmart/main", raised) < 0)
		raised++;
	day_fault(d, "op=stock kind=slow delay=20s for=1m");
	must(day_intend(d, "zero", "", many(d, 8)));
	must(day_intend(d, "halt", "", "zero=1\n"));
	listing_edit(d->sandbox->world, d->sandbox->world->product[raised].listing[WALMART_MAIN], (int)shelf_shown(d, "walmart/main", raised) + 7, "by hand"); /* the store does not know it yet */
	must(day_intend(d, "zero", "", scope(d, raised)));
	day_fault(d, "for=50m channel=walmart op=orders kind=error");
	run(d, 20 * MINUTE);
	amazons = day_int(d, others);
	assert_true(amazons > 0);
	assert_true(shelf_shown(d, "walmart/main", one) > 0 && shelf_shown(d, "walmart/main", raised) > 0);
	run(d, 24 * MINUTE);
	assert_string_equal(day_text(d, "SELECT state FROM lapse"), "ZEROED");
	assert_int_equal(day_int(d, shows), 0);
	assert_int_equal(day_int(d, others), amazons);
	run(d, 60 * MINUTE); /* it comes back, but for what a person holds */
	assert_int_equal(day_int(d, "SELECT count(*) FROM lapse WHERE ended_ms = 0"), 0);
	assert_true(day_int(d, shows) > 0);
	assert_int_equal(told(d, WALMART_MAIN, one, from), 0);
	assert_int_equal(told(d, WALMART_MAIN, raised, from), 0);
	day_close(d);
}

/* Killed in the middle of a batch, and gone on with by its next life: nothing is lost, nothing is said that nobody decided. */
static void killed_half_way_it_is_finished(void **state)
{
	struct day *d = quiet(45);
	struct err err = { 0 };
	int64_t all;

	(void)state;
	must(day_intend(d, "zero", "", "scope=tag:none\nreason=x\n") ? NULL : "a tag that nobody has names nothing");
	must(day_intend(d, "zero", "", many(d, 3)));
	all = day_int(d, "SELECT count(*) FROM zero_row");
	assert_true(all >= 3);
	assert_true(until(d, "SELECT count(*) FROM job WHERE verb = 'stock' AND lane = 0 AND state <> 'waiting'", 1));
	day_stop(d);
	assert_int_equal(day_start(d, &err), OK);
	assert_true(day_run(d, d->now_ms + 20 * MINUTE));
	assert_int_equal(day_int(d, "SELECT count(*) FROM zero_row w JOIN offer f ON f.id = w.offer_id WHERE f.seen = 0"), all);
	assert_int_equal(day_int(d, "SELECT count(*) FROM job WHERE verb = 'stock' AND state IN ('failed', 'unsure')"), 0);
	/* what was shown stood in the store before anything was said */
	assert_int_equal(day_int(d, "SELECT count(*) FROM zero_row WHERE prior IS NULL"), 0);
	assert_int_equal(day_int(d, "SELECT count(*) FROM attempt t JOIN attempt_job k ON k.attempt_id = t.id JOIN job j ON j.id = k.job_id WHERE j.verb = 'stock' AND j.lane = 0 "
	                            "AND j.intent_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM zero_row w JOIN zero_out z ON z.id = w.zero_id WHERE w.offer_id = j.subject_id "
	                            "AND z.made_ms <= t.opened_ms)"), 0);
	day_close(d);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_hundred_reconciliations_say_nothing_of_what_is_held),
		cmocka_unit_test(what_shows_more_than_was_looked_at_waits),
		cmocka_unit_test(one_that_was_to_end_ends),
		cmocka_unit_test(stopped_nothing_more_is_said),
		cmocka_unit_test(gone_on_with_what_was_raised_since_waits),
		cmocka_unit_test(what_was_stopped_goes_when_its_account_is_out_of_step),
		cmocka_unit_test(killed_half_way_it_is_finished),
		cmocka_unit_test(a_typed_zero_that_is_thought_over_again_is_said),
	};

	child_main(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
