/*
 * test_lapse.c: an account that cannot be kept in step, in small worlds of their own and in days by seed. The marketplaces' ledger says which quantity
 * was set where and when: nothing to zero before half an hour has passed, nothing late, nothing on another channel, and afterwards the right numbers.
 *
 * LAPSES says how many days by seed (3; 40 in `make soak`); SEED=n lives through one again.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "sandbox/sandbox.h"
#include "tests/fault/child.h"
#include "tests/fault/life.h"
#include "tests/fault/steps.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Without buyers, all targets said and seen. */
static struct day *quiet(uint64_t seed, const char *config)
{
	struct day *d = quiet_day(seed, 8, config);

	assert_int_equal(day_int(d, "SELECT count(*) FROM lapse"), 0);
	return d;
}

static void restock(struct day *d, int product, int units)
{
	struct product *p = &d->sandbox->world->product[product];

	p->shelf += units;
	p->at[DEPOT_FILE] += units;
	day_count_shelf(d);
}

static int offered(const struct day *d, enum place place, int after)
{
	const struct world *w = d->sandbox->world;

	for (int i = after + 1; i < w->products; i++)
		if (w->product[i].listing[place] >= 0 && w->product[i].shelf > 12)
			return i;
	fail_msg("nothing is offered at %s", place_facts[place].name);
	return -1;
}

/* By the ledger: quantities that were set to nothing on a platform since then; the first and the last of them. */
struct zeros {
	int n;
	int64_t first_ms, last_ms;
};

static struct zeros zeros_of(const struct day *d, unsigned platforms, int64_t since_ms)
{
	const struct world *w = d->sandbox->world;
	struct zeros z = { 0 };

	for (int i = 0; i < w->effects; i++) {
		const struct effect *e = &w->effect[i];

		if (e->kind != EFFECT_PUSH || e->qty || e->at_ms < since_ms || !(platforms >> place_facts[e->place].platform & 1))
			continue;
		z.first_ms = z.n++ ? z.first_ms : e->at_ms;
		z.last_ms = e->at_ms;
	}
	return z;
}

static int64_t lapses(struct day *d, const char *what)
{
	char sql[200];

	snprintf(sql, sizeof sql, "SELECT %s FROM lapse ORDER BY id DESC LIMIT 1", what);
	return day_int(d, sql);
}

static bool is_state(struct day *d, const char *state)
{
	return !strcmp(day_text(d, "SELECT state FROM lapse ORDER BY id DESC LIMIT 1"), state);
}

/* Everything says today's number again, proven. */
static void assert_right(struct day *d)
{
	assert_true(is_state(d, "ENDED"));
	assert_int_equal(day_int(d, "SELECT count(*) FROM offer WHERE hold <> ''"), 0);
	assert_int_equal(day_int(d, "SELECT count(*) FROM offer WHERE pool = 'own' AND item_id IS NOT NULL AND block = '' AND (seen <> target OR target IS NULL)"), 0);
	assert_int_equal(day_int(d, "SELECT count(*) FROM alert WHERE kind = 'lapse' AND closed_ms = 0"), 0);
}

/* Its orders are not heard, but quantities can be said: zero at once after half an hour, and seen. */
static void orders_that_are_not_heard_end_in_a_zero_that_is_seen(void **state)
{
	struct day *d = quiet(21, NULL);
	int64_t from = d->now_ms, since;
	int one = offered(d, WALMART_MAIN, -1);
	struct zeros z;

	(void)state;
	day_fault(d, "for=50m channel=walmart op=orders kind=error");
	assert_true(day_run(d, from + 29 * MINUTE));
	since = lapses(d, "since_ms");
	assert_in_range(since, from, from + 2 * MINUTE);
	assert_true(is_state(d, "FAILING"));
	assert_string_equal(day_text(d, "SELECT cause FROM lapse"), "truth");
	assert_int_equal(day_int(d, "SELECT count(*) FROM alert WHERE key = 'lapse walmart-us' AND closed_ms = 0"), 1); /* the countdown */
	assert_true(day_run(d, since + 30 * MINUTE - 1));
	assert_int_equal(zeros_of(d, 1u << WALMART, from).n, 0);
	assert_true(day_run(d, since + 32 * MINUTE));
	z = zeros_of(d, 1u << WALMART, from);
	assert_true(z.n > 0 && z.first_ms >= since + 30 * MINUTE);
	assert_true(is_state(d, "ZEROED"));
	assert_int_equal(day_int(d, "SELECT count(*) FROM zero_row r JOIN offer f ON f.id = r.offer_id WHERE f.seen <> 0 OR f.seen_ms < (SELECT made_ms FROM zero_out)"), 0);
	assert_int_equal(zeros_of(d, ~(1u << WALMART), from).n, 0);
	restock(d, one, -3); /* meanwhile it became less: what comes back is today's */
	assert_true(day_run(d, from + 90 * MINUTE));
	assert_right(d);
	assert_int_equal(zeros_of(d, ~(1u << WALMART), from).n, 0);
	day_close(d);
}

/* The list of its orders fails, while single orders are read well, again and again: the half hour counts from the list's first failure all the same. */
static void single_orders_do_not_hide_that_the_list_is_not_read(void **state)
{
	struct day_plan plan = day_plain(34);
	int64_t from, since;
	struct day *d;

	(void)state;
	plan.skus = 8;
	plan.settle_pct = 100;
	d = day_open(&plan);
	assert_true(day_run(d, d->now_ms + 20 * MINUTE));
	for (int i = 0; i < 12; i++)
		day_order(d, "amazon/us", 1);
	assert_true(day_run(d, d->now_ms + 20 * MINUTE)); /* known; the operator sends them off, a few at a time, and each is read until it shows */
	from = d->now_ms;
	day_fault(d, "for=50m channel=amazon op=orders kind=error");
	assert_true(day_run(d, from + 29 * MINUTE));
	assert_true(day_int(d, arena_printf(d->arena, "SELECT count(*) FROM attempt WHERE verb = 'order' AND fault = '' AND account_id = (SELECT id FROM account WHERE channel = 'amazon') AND opened_ms > %" PRId64, from + 2 * MINUTE)) > 0);
	since = lapses(d, "since_ms");
	assert_in_range(since, from, from + 4 * MINUTE);
	assert_true(is_state(d, "FAILING"));
	assert_true(day_run(d, since + 32 * MINUTE));
	assert_true(is_state(d, "ZEROED"));
	assert_in_range(lapses(d, "zeroed_ms"), since + 30 * MINUTE, since + 31 * MINUTE);
	assert_true(zeros_of(d, 1u << AMAZON, from).n > 0);
	day_close(d);
}

/* Quantities cannot be said, so nor can the zero: it stays pending, goes first when they can, and then the right ones come. */
static void quantities_that_cannot_be_said_go_to_zero_first_when_they_can(void **state)
{
	struct day *d = quiet(22, NULL);
	int one = offered(d, WALMART_MAIN, -1);
	int64_t from = d->now_ms, since;
	struct zeros z;

	(void)state;
	day_fault(d, "for=65m channel=walmart op=push kind=error");
	assert_true(day_run(d, from + MINUTE));
	assert_int_equal(day_int(d, "SELECT count(*) FROM lapse"), 0); /* nothing was to be said */
	restock(d, one, -4);
	assert_true(day_run(d, from + 3 * MINUTE));
	since = lapses(d, "since_ms");
	assert_string_equal(day_text(d, "SELECT cause FROM lapse"), "write");
	assert_true(day_run(d, since + 30 * MINUTE - 1));
	assert_true(is_state(d, "FAILING"));
	assert_true(day_run(d, since + 30 * MINUTE + 1000));
	assert_true(is_state(d, "ZEROED"));
	assert_int_equal(lapses(d, "zeroed_ms"), since + 30 * MINUTE);
	assert_true(day_run(d, since + 30 * MINUTE + 5000));
	assert_true(day_int(d, "SELECT max(opened_ms) FROM attempt WHERE verb = 'stock' AND fault <> ''") >= since + 30 * MINUTE); /* tried at once */
	assert_true(day_run(d, since + 47 * MINUTE));
	assert_int_equal(zeros_of(d, 1u << WALMART, from).n, 0);
	assert_int_equal(day_int(d, "SELECT count(*) FROM alert WHERE kind = 'zero_pending' AND closed_ms = 0"), 1);
	assert_true(day_run(d, from + 85 * MINUTE));
	z = zeros_of(d, 1u << WALMART, from);
	assert_true(z.n > 0 && z.first_ms >= from + 65 * MINUTE && z.first_ms <= from + 71 * MINUTE);
	assert_true(day_run(d, from + 110 * MINUTE));
	assert_right(d);
	assert_int_equal(zeros_of(d, ~(1u << WALMART), from).n, 0);
	day_close(d);
}

/* No call fails in a quiet night, and what fails without anything to say is no danger. */
static void a_quiet_night_is_no_outage(void **state)
{
	struct day *d = quiet(23, NULL);
	int64_t from = d->now_ms;

	(void)state;
	day_fault(d, "for=3h channel=walmart op=push kind=error");
	assert_true(day_run(d, from + 3 * HOUR));
	assert_int_equal(day_int(d, "SELECT count(*) FROM lapse"), 0);
	assert_int_equal(zeros_of(d, ~0u, from).n, 0);
	day_close(d);
}

/* Nothing answers: probed, held at zero in the books when there is something to say, what it shows is taken off for the others. */
static void a_platform_that_is_out_is_probed_and_not_knocked_at(void **state)
{
	struct day *d = quiet(24, NULL);
	int one = offered(d, WALMART_MAIN, -1);
	int64_t from = d->now_ms, calls;

	(void)state;
	day_fault(d, "for=70m channel=walmart kind=error");
	assert_true(day_run(d, from + 8 * MINUTE));
	restock(d, one, -4);
	assert_true(day_run(d, from + 28 * MINUTE));
	assert_string_equal(day_text(d, "SELECT cause FROM lapse"), "platform");
	calls = day_int(d, "SELECT count(*) FROM attempt WHERE account_id = (SELECT id FROM account WHERE channel = 'walmart')");
	assert_true(day_run(d, from + 58 * MINUTE));
	calls = day_int(d, "SELECT count(*) FROM attempt WHERE account_id = (SELECT id FROM account WHERE channel = 'walmart')") - calls;
	assert_in_range(calls, 5, 16); /* one probe in five minutes, and the zero's */
	assert_true(is_state(d, "ZEROED"));
	assert_int_equal(day_int(d, "SELECT count(*) FROM offer f JOIN account a ON a.id = f.account_id WHERE a.channel = 'amazon' AND f.target > 0 AND f.why LIKE '%dark%'") > 0, 1);
	assert_true(day_run(d, from + 130 * MINUTE));
	assert_right(d);
	day_close(d);
}

/* FB03: a minute of every ten it answers; one lucky call does not begin the half hour anew. */
static void a_lucky_call_does_not_begin_the_half_hour_anew(void **state)
{
	struct day *d = quiet(25, NULL);
	int64_t from = d->now_ms, since;

	(void)state;
	for (int i = 0; i < 5; i++) {
		char fault[100];

		snprintf(fault, sizeof fault, "at=%dm for=9m30s channel=walmart op=orders kind=error", 10 * i);
		snprintf(fault, sizeof fault, "at=%ds for=590s channel=walmart op=orders kind=error", 600 * i);
		day_fault(d, fault);
	}
	assert_true(day_run(d, from + 5 * MINUTE));
	since = lapses(d, "since_ms");
	assert_true(day_run(d, since + 36 * MINUTE));
	assert_int_equal(day_int(d, "SELECT count(*) FROM lapse"), 1);
	assert_true(zeros_of(d, 1u << WALMART, from).n > 0);
	assert_true(zeros_of(d, 1u << WALMART, from).first_ms >= since + 30 * MINUTE);
	day_close(d);
}

/* Of its own accord never after n failures; who wants that says so. */
static void failures_are_counted_only_by_who_wants_it(void **state)
{
	struct day *d = quiet(26, "[zero]\nafter_failures = 4\n");
	int64_t from = d->now_ms;

	(void)state;
	day_fault(d, "for=20m channel=walmart op=orders kind=error");
	assert_true(day_run(d, from + 5 * MINUTE));
	assert_true(is_state(d, "ZEROED"));
	assert_true(day_run(d, from + 60 * MINUTE));
	assert_right(d);
	day_close(d);
}

/* A throttle disables nothing, but half an hour in which nothing could be said is half an hour. */
static void what_is_throttled_for_half_an_hour_is_out_of_step(void **state)
{
	struct day *d = quiet(27, NULL);
	int one = offered(d, WALMART_MAIN, -1);
	int64_t from = d->now_ms;

	(void)state;
	day_fault(d, "for=50m channel=walmart op=push kind=throttle");
	restock(d, one, -4);
	assert_true(day_run(d, from + 29 * MINUTE));
	assert_true(is_state(d, "FAILING"));
	assert_true(day_run(d, from + 38 * MINUTE));
	assert_true(is_state(d, "ZEROED"));
	assert_true(day_run(d, from + 110 * MINUTE));
	assert_right(d);
	day_close(d);
}

/* A person holds it off; when that is over it goes at once. And nobody holds off what is not near. */
static void a_person_holds_it_off(void **state)
{
	struct day *d = quiet(28, NULL);
	int64_t from = d->now_ms, since;

	(void)state;
	assert_non_null(day_intend(d, "hold", "walmart-us", "minutes=20\nreason=why not\n"));
	day_fault(d, "for=70m channel=walmart op=orders kind=error");
	assert_true(day_run(d, from + 27 * MINUTE));
	since = lapses(d, "since_ms");
	assert_int_equal(lapses(d, "due_ms"), since + 30 * MINUTE);
	assert_null(day_intend(d, "hold", "walmart-us", "minutes=20\nreason=they are at it\n"));
	assert_true(day_run(d, from + 46 * MINUTE));
	assert_true(is_state(d, "FAILING"));
	assert_in_range(lapses(d, "due_ms"), from + 47 * MINUTE, from + 47 * MINUTE + 1000);
	assert_true(day_run(d, from + 49 * MINUTE));
	assert_true(is_state(d, "ZEROED"));
	assert_in_range(lapses(d, "zeroed_ms"), from + 47 * MINUTE, from + 48 * MINUTE);
	day_close(d);
}

/* Somebody read it on their status page: nothing but probes is sent, whatever answers, until somebody says otherwise. */
static void a_platform_is_out_when_somebody_says_so(void **state)
{
	static const char calls[] = "SELECT count(*) FROM attempt WHERE account_id = (SELECT id FROM account WHERE channel = 'walmart')";
	struct day *d = quiet(29, NULL);
	int one = offered(d, WALMART_MAIN, -1);
	int64_t from = d->now_ms, before;

	(void)state;
	assert_null(day_intend(d, "outage", "walmart-us", "reason=their status page\n"));
	assert_true(day_run(d, from + MINUTE));
	before = day_int(d, calls);
	restock(d, one, -4);
	assert_true(day_run(d, from + 29 * MINUTE));
	assert_in_range(day_int(d, calls) - before, 4, 14);
	assert_int_equal(day_int(d, "SELECT count(*) FROM attempt WHERE writes = 1 AND account_id = (SELECT id FROM account WHERE channel = 'walmart') AND "
	                            "opened_ms > (SELECT since_ms FROM lapse)"), 0);
	assert_true(day_run(d, from + 31 * MINUTE));
	assert_true(is_state(d, "ZEROED")); /* in the books: it goes first when it may */
	assert_int_equal(zeros_of(d, 1u << WALMART, from).n, 0);
	assert_null(day_intend(d, "outage", "walmart-us", "end=1\n"));
	assert_true(day_run(d, from + 33 * MINUTE));
	assert_true(zeros_of(d, 1u << WALMART, from).n > 0);
	assert_true(day_run(d, from + 80 * MINUTE));
	assert_right(d);
	day_close(d);
}

/* Said while it comes back: no more is let go of, and what came back has half an hour anew. */
static void what_somebody_says_while_it_comes_back_holds(void **state)
{
	struct day *d = quiet(41, NULL);
	int64_t from = d->now_ms, said;

	(void)state;
	day_fault(d, "for=35m channel=walmart op=orders kind=error");
	run(d, 34 * MINUTE);
	for (int i = 0; i < 40 && !is_state(d, "RESTORING"); i++)
		run(d, MINUTE / 4);
	assert_true(is_state(d, "RESTORING"));
	must(day_intend(d, "outage", "walmart-us", "reason=their status page\n"));
	said = d->now_ms;
	run(d, 26 * MINUTE);
	assert_true(is_state(d, "ZEROED"));
	assert_int_equal(lapses(d, "declared <> ''"), 1);
	assert_in_range(lapses(d, "due_ms"), said + 29 * MINUTE, said + 31 * MINUTE); /* counted down on every screen, as the first time */
	assert_int_equal(day_int(d, "SELECT count(*) FROM alert WHERE key = 'lapse walmart-us' AND closed_ms = 0 AND severity = 'CRIT' AND text LIKE '%go to zero at%'"), 1);
	must(day_intend(d, "hold", "walmart-us", "minutes=20\nreason=they are at it\n"));
	run(d, MINUTE);
	assert_true(lapses(d, "due_ms") > said + 40 * MINUTE);
	must(day_intend(d, "outage", "walmart-us", "end=1\n"));
	assert_true(day_run(d, from + 150 * MINUTE));
	assert_right(d);
	day_close(d);
}

/* Who puts it in shadow has it read again, and what counted down is over. */
static void in_shadow_nothing_is_paused_or_counted_down(void **state)
{
	static const char reads[] = "SELECT count(*) FROM attempt WHERE op = 'walmart.orders.list'";
	struct day *d = quiet(42, NULL);
	int64_t before;

	(void)state;
	must(day_intend(d, "outage", "walmart-us", "reason=their status page\n"));
	run(d, 5 * MINUTE);
	before = day_int(d, reads);
	must(day_intend(d, "shadow", "walmart-us", ""));
	run(d, 10 * MINUTE);
	assert_true(is_state(d, "ENDED"));
	assert_true(day_int(d, reads) > before + 2);
	assert_non_null(strstr(day_intend(d, "outage", "walmart-us", "reason=again\n"), "is in shadow"));
	day_close(d);
}

/* The engine was away for half an hour of it: what answers is not taken off sale, what does not goes a minute after it was tried. */
static void what_was_not_tried_is_tried_before_it_goes_to_zero(void **state)
{
	(void)state;
	for (int mended = 0; mended < 2; mended++) {
		struct day *d = quiet(43, NULL);
		int64_t from = d->now_ms, back;
		struct err err;

		day_fault(d, mended ? "for=20m channel=walmart op=orders kind=error" : "for=60m channel=walmart op=orders kind=error");
		run(d, 8 * MINUTE);
		assert_true(is_state(d, "FAILING"));
		day_stop(d);
		d->now_ms += 35 * MINUTE;
		back = d->now_ms;
		if (day_start(d, &err))
			fail_msg("%s", err.text);
		run(d, 3 * MINUTE);
		assert_true(is_state(d, mended ? "ENDED" : "ZEROED"));
		if (mended)
			assert_int_equal(zeros_of(d, 1u << WALMART, from).n, 0);
		else
			assert_in_range(lapses(d, "zeroed_ms"), back + MINUTE, back + 2 * MINUTE);
		day_close(d);
	}
}

static const char outages[] = "SELECT count(*) FROM alert WHERE kind = 'outage' AND severity = 'CRIT' AND closed_ms = 0";

/* Their own status page says so, and the first failure of ours agrees: paused and probed at once, and back when both say so. */
static void a_platform_is_out_when_its_status_page_and_one_failure_say_so(void **state)
{
	static const char said[] = "SELECT count(*) FROM attempt t JOIN lapse l ON l.account_id = t.account_id WHERE t.verb = 'stock' AND t.opened_ms > l.since_ms";
	struct day *d = quiet(33, NULL);
	int one = offered(d, WALMART_MAIN, -1);
	int64_t from = d->now_ms;

	(void)state;
	day_fault(d, "for=20m channel=walmart op=orders,push kind=announced");
	assert_true(day_run(d, from + 12 * MINUTE));
	assert_int_equal(day_int(d, "SELECT count(*) FROM lapse"), 0); /* a page alone stops nothing that works */
	assert_int_equal(day_int(d, "SELECT count(*) FROM alert WHERE kind = 'outage' AND severity = 'WARN' AND closed_ms = 0"), 1);
	day_fault(d, "for=8m channel=walmart op=orders kind=error");
	assert_true(day_run(d, from + 14 * MINUTE));
	assert_string_equal(day_text(d, "SELECT cause FROM lapse"), "platform");
	assert_int_equal(day_int(d, outages), 1);
	restock(d, one, -4);
	assert_true(day_run(d, from + 19 * MINUTE));
	assert_int_equal(day_int(d, said), 0); /* its own write would go through, and waits */
	assert_true(day_int(d, "SELECT count(*) FROM attempt WHERE verb = 'orders' AND opened_ms > (SELECT since_ms FROM lapse)") <= 12);
	assert_true(day_run(d, from + 45 * MINUTE));
	assert_int_equal(day_int(d, outages), 0);
	assert_right(d);
	assert_int_equal(zeros_of(d, ~0u, from).n, 0);
	day_close(d);
}

/* No page, and the heartbeat is well: but half of all answers are errors, of two kinds of call. */
static void a_platform_is_out_when_half_of_its_answers_are_errors(void **state)
{
	struct day *d = quiet(34, NULL);
	int one = offered(d, WALMART_MAIN, -1);
	int64_t from = d->now_ms, calls;

	(void)state;
	day_fault(d, "for=25m channel=walmart op=orders,push,stock,feeds,pool kind=error status=502");
	restock(d, one, -4);
	assert_true(day_run(d, from + 8 * MINUTE));
	assert_string_equal(day_text(d, "SELECT cause FROM lapse"), "platform");
	assert_int_equal(day_int(d, outages), 1);
	calls = day_int(d, "SELECT count(*) FROM attempt WHERE account_id = (SELECT id FROM account WHERE channel = 'walmart')");
	assert_true(day_run(d, from + 23 * MINUTE));
	calls = day_int(d, "SELECT count(*) FROM attempt WHERE account_id = (SELECT id FROM account WHERE channel = 'walmart')") - calls;
	assert_in_range(calls, 3, 70);
	assert_true(day_run(d, from + 60 * MINUTE));
	assert_int_equal(day_int(d, outages), 0);
	assert_right(d);
	assert_int_equal(zeros_of(d, ~0u, from).n, 0);
	day_close(d);
}

/* The first of three causes: the source of stock is stale. It is told, may be held off, and then what lies there is sold nowhere; no account is out of step. */
static void a_source_that_is_stale_is_counted_down_and_held_off(void **state)
{
	struct day_plan plan = day_plain(35);
	struct day *d;
	int64_t from, heard;

	(void)state;
	plan.skus = 8;
	plan.idle = true;
	plan.whole = true;
	plan.settle_pct = 4;
	plan.config = "[zero]\nmass_skus = 0\n";
	d = day_open(&plan);
	day_no_buyers(d);
	assert_true(day_run(d, d->now_ms + 40 * MINUTE));
	from = d->now_ms;
	day_fault(d, "for=150m channel=cartoncloud kind=error");
	assert_true(day_run(d, from + 40 * MINUTE));
	heard = day_int(d, "SELECT max(heard_ms) FROM place WHERE name = 'Oakland'");
	assert_true(day_run(d, heard + 54 * MINUTE));
	assert_int_equal(day_int(d, "SELECT count(*) FROM place WHERE due_ms > 0 AND name = 'Oakland'"), 0);
	assert_non_null(day_intend(d, "hold", "no such place", "place=1\nminutes=20\nreason=they counted it by hand\n"));
	assert_true(day_run(d, heard + 57 * MINUTE));
	assert_int_equal(day_int(d, "SELECT due_ms FROM place WHERE name = 'Oakland'"), heard + HOUR);
	assert_int_equal(day_int(d, "SELECT count(*) FROM alert WHERE kind = 'stale' AND closed_ms = 0 AND text LIKE '%goes off sale everywhere at%'") > 0, 1);
	assert_null(day_intend(d, "hold", day_text(d, "SELECT name FROM place WHERE name = 'Oakland'"), "place=1\nminutes=20\nreason=they counted it by hand\n"));
	assert_true(day_run(d, heard + 76 * MINUTE));
	assert_int_equal(day_int(d, "SELECT stale FROM place WHERE name = 'Oakland'"), 0);
	assert_true(day_run(d, heard + 80 * MINUTE));
	assert_int_equal(day_int(d, "SELECT stale FROM place WHERE name = 'Oakland'"), 1);
	assert_int_equal(day_int(d, "SELECT count(*) FROM lapse"), 0);
	assert_true(day_run(d, from + 200 * MINUTE));
	assert_int_equal(day_int(d, "SELECT count(*) FROM place WHERE stale = 1"), 0);
	assert_int_equal(day_int(d, "SELECT count(*) FROM alert WHERE kind = 'stale' AND closed_ms = 0"), 0);
	day_close(d);
}

/* A peak that no calendar knew of is declared, and is over when somebody says so. */
static void a_peak_is_declared(void **state)
{
	struct day *d = quiet(32, "[profile peak]\nstart = 2030-01-01T00:00:00Z\nend = 2030-01-02T00:00:00Z\nbuffers = 300%\n");
	int64_t before = day_int(d, "SELECT sum(target) FROM offer");

	(void)state;
	assert_non_null(day_intend(d, "event", "nothing-of-ours", "say=on\n"));
	assert_null(day_intend(d, "event", "peak", "say=on\n"));
	assert_true(day_run(d, d->now_ms + 10 * MINUTE));
	assert_true(day_int(d, "SELECT sum(target) FROM offer") < before);
	assert_null(day_intend(d, "event", "peak", "say=auto\n"));
	assert_true(day_run(d, d->now_ms + 10 * MINUTE));
	assert_int_equal(day_int(d, "SELECT sum(target) FROM offer"), before);
	day_close(d);
}

/* A day of trying has not cured it once; and when it is cured, that is over. */
static void what_a_day_of_trying_does_not_cure_is_told(void **state)
{
	struct day *d = quiet(31, "[zero]\nafter_min = 0\n");
	int64_t from = d->now_ms;

	(void)state;
	day_fault(d, "for=26h channel=walmart op=feeds kind=error");
	assert_true(day_run(d, from + 20 * HOUR));
	assert_int_equal(day_int(d, "SELECT count(*) FROM alert WHERE kind = 'stuck'"), 0);
	assert_true(day_run(d, from + 26 * HOUR));
	assert_int_equal(day_int(d, "SELECT count(*) FROM alert WHERE kind = 'stuck' AND closed_ms = 0"), 1);
	assert_true(day_run(d, from + 29 * HOUR));
	assert_int_equal(day_int(d, "SELECT count(*) FROM alert WHERE kind = 'stuck' AND closed_ms = 0"), 0);
	day_close(d);
}

/* A slip that takes everything off sale: nothing is said before a person has looked at it, and nothing when it was undone. */
static void a_plan_that_takes_too_much_off_sale_waits_for_a_person(void **state)
{
	struct day_plan plan = day_plain(30);
	const char *no;
	struct day *d;
	int64_t from;

	(void)state;
	plan.idle = true;
	plan.settle_pct = 4;
	d = day_open(&plan);
	day_no_buyers(d);
	assert_true(day_run(d, d->now_ms + 40 * MINUTE));
	from = d->now_ms;
	assert_null(day_intend(d, "place", "", "place=warehouse\nset=include=off\n"));
	assert_true(day_run(d, from + 10 * MINUTE));
	assert_int_equal(zeros_of(d, ~0u, from).n, 0);
	assert_int_equal(day_int(d, "SELECT count(*) FROM alert WHERE kind = 'mass_zero' AND closed_ms = 0"), 1);
	assert_true(day_int(d, "SELECT count(*) FROM planned_zero WHERE waits = 1") > 20);
	assert_null(day_intend(d, "place", "", "place=warehouse\nset=include=on\n"));
	assert_true(day_run(d, from + 20 * MINUTE));
	assert_int_equal(zeros_of(d, ~0u, from).n, 0);
	assert_int_equal(day_int(d, "SELECT count(*) FROM alert WHERE kind = 'mass_zero' AND closed_ms = 0"), 0);
	assert_null(day_intend(d, "place", "", "place=warehouse\nset=include=off\n"));
	assert_true(day_run(d, from + 25 * MINUTE));
	no = day_intend(d, "let", "", "");
	if (no)
		fail_msg("%s", no);
	assert_true(day_run(d, from + 30 * MINUTE));
	assert_true(zeros_of(d, ~0u, from).n > 20);
	day_close(d);
}

/* ---- by seed ---- */

#define OUT .skus = 16, .orders_a_day = 600, .stretch_min = 50, .stretches = 1, .quiet_min = 60, .settle_pct = 10, .out_min = 80

enum { FIRST_SEED = 4000 };

/* One account is out for 35 to 80 minutes, with buyers about, and the engine is killed again and again in every other day. */
static void days_with_one_account_out(void **state)
{
	static const struct life_kind kinds[] = {
		{ .name = "one account out", OUT },
		{ .name = "one account out, and killed", OUT, .crashes = 4 },
	};
	const char *seed = getenv("SEED"), *lives = getenv("LAPSES");
	int n = seed ? 1 : lives ? atoi(lives) : getenv("SOAK") ? 40 : 3, bad = 0;

	(void)state;
	for (int i = 0; i < n; i++) {
		uint64_t of = seed ? (uint64_t)atoll(seed) : (uint64_t)(FIRST_SEED + i);
		const struct life_kind *k = &kinds[of % 2];
		struct life life;

		life_live(k, of, &life);
		print_message("%s, seed %" PRIu64 ": %s, %d times killed, %s%s%s\n", k->name, of, life.what, life.crashes, life.zeroed ? "zeroed" : "no zero",
		              *life.why ? ": " : "", life.why);
		bad += *life.why != '\0';
	}
	assert_int_equal(bad, 0);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(orders_that_are_not_heard_end_in_a_zero_that_is_seen),
		cmocka_unit_test(single_orders_do_not_hide_that_the_list_is_not_read),
		cmocka_unit_test(quantities_that_cannot_be_said_go_to_zero_first_when_they_can),
		cmocka_unit_test(a_quiet_night_is_no_outage),
		cmocka_unit_test(a_platform_that_is_out_is_probed_and_not_knocked_at),
		cmocka_unit_test(a_lucky_call_does_not_begin_the_half_hour_anew),
		cmocka_unit_test(failures_are_counted_only_by_who_wants_it),
		cmocka_unit_test(a_plan_that_takes_too_much_off_sale_waits_for_a_person),
		cmocka_unit_test(a_peak_is_declared),
		cmocka_unit_test(what_a_day_of_trying_does_not_cure_is_told),
		cmocka_unit_test(days_with_one_account_out),
		cmocka_unit_test(a_person_holds_it_off),
		cmocka_unit_test(a_platform_is_out_when_somebody_says_so),
		cmocka_unit_test(what_somebody_says_while_it_comes_back_holds),
		cmocka_unit_test(in_shadow_nothing_is_paused_or_counted_down),
		cmocka_unit_test(what_was_not_tried_is_tried_before_it_goes_to_zero),
		cmocka_unit_test(a_source_that_is_stale_is_counted_down_and_held_off),
		cmocka_unit_test(a_platform_is_out_when_its_status_page_and_one_failure_say_so),
		cmocka_unit_test(a_platform_is_out_when_half_of_its_answers_are_errors),
		cmocka_unit_test(what_is_throttled_for_half_an_hour_is_out_of_step),
	};

	child_main(argc, argv);
	cmocka_set_test_filter(getenv("ONLY"));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
