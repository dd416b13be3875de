/*
 * test_rush.c: an hour of 50,000 orders and 100,000 counted quantities, by the marketplaces' own ledger: no event is lost, none is taken twice, and how long what
 * was decided waited is printed.
 *
 * A platform lets orders be read and quantities be said at its own pace. How long its orders take at the best is reckoned from its row in data/limits.csv, and no
 * account may take much longer: what comes later than that is not known to whoever ships. Of quantities newer numbers take the place of older ones that wait; what
 * counts is that in the end each listing shows the last. A fiftieth of it in `make test`, all in `make soak`; RUSH=20 is a twentieth.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "net/registry.h"
#include "sandbox/sandbox.h"
#include "tests/fault/day.h"
#include "tests/fault/shelves.h"
#include "trade/health.h"
#include "trade/latency.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { ORDERS = 50000, CHANGES = 100000, SKUS = 2500, PART = 50 };

/* An account may take a tenth longer than its limit, and two windows and a round or two longer (engine/walk.c); all is said and seen so long after the last order: a feed of Walmart's may take four hours. */
enum { SLOWER_PCT = 110, ROUNDS_MS = 30 * MINUTE, SAID_MS = 6 * HOUR };

struct rush {
	struct day *d;
	int orders, changes; /* in the hour */
	int counted;
	int before;          /* orders there were */
	int64_t began_ms;
};

/* One account's share of it. */
struct share {
	const char *channel;
	int orders;           /* that its platform has */
	int64_t best_ms;      /* as fast as its limit lets pages through */
	int64_t allowed_ms;
};

/* So many products are counted anew, each with another number than before; the file is written once. */
static void count_some(struct rush *r, int n)
{
	struct world *w = r->d->sandbox->world;

	for (int i = 0; i < n; i++) {
		struct product *p = &w->product[r->counted++ % w->products];
		int delta = r->counted % 2 ? 3 : -2;

		if (p->retired || product_bundled(p))
			continue;
		p->at[DEPOT_FILE] += delta;
		p->shelf += delta;
	}
	day_count_shelf(r->d);
}

/* Much of everything: what is to be seen is that nothing is lost, not that it sells out. */
static void fill_shelves(struct day *d)
{
	struct world *w = d->sandbox->world;

	for (int i = 0; i < w->products; i++) {
		w->product[i].shelf += 4000 - w->product[i].at[DEPOT_FILE];
		w->product[i].at[DEPOT_FILE] = 4000;
	}
	day_count_shelf(d);
}

static void live_on(struct rush *r, int64_t ms)
{
	if (!day_run(r->d, r->d->now_ms + ms))
		fail_msg("%s", r->d->trouble);
}

static void live_the_hour(struct rush *r)
{
	struct world *w = r->d->sandbox->world;

	w->opt.orders_a_day = r->orders * 24;
	w->next_buyer_ms = r->d->now_ms;
	r->before = w->orders;
	r->began_ms = r->d->now_ms;
	for (int minute = 0; minute < 60; minute++) {
		count_some(r, r->changes / 60);
		live_on(r, MINUTE);
	}
	day_no_buyers(r->d);
}

#define UNSAID "f.pool = 'own' AND f.item_id IS NOT NULL AND f.block = '' AND (f.seen IS NULL OR f.seen <> f.target)"

static int64_t unsaid(struct day *d)
{
	return day_int(d, "SELECT (SELECT count(*) FROM offer f WHERE " UNSAID ") + (SELECT count(*) FROM dirty)");
}

/* ---- what is not said yet, for who must find out why ---- */

/* Each row of an answer on a line of its own. */
static void print_rows(struct day *d, const char *title, const char *sql)
{
	print_message("%s:\n  %s\n", title, day_text(d, arena_printf(d->arena, "SELECT coalesce(group_concat(line, char(10, 32, 32)), 'none') FROM (%s)", sql)));
}

#define NOW_MS "(SELECT max(beat_ms) FROM lease)"
#define MINUTES_SINCE(ms) "(" NOW_MS " - " ms ") / 60000"

/* By account, by what was made of them last, and by what became of the last job that was to say them. */
static void print_offers(struct day *d)
{
	print_rows(d, "offers that do not show what they should",
	           "SELECT printf('%d of %s %s: %s, %s %s by %s for %d min, shown %s; the last job: %s', count(*), c.name, f.marketplace, "
	           "CASE WHEN f.target IS f.pushed THEN 'said' ELSE 'not said' END, f.push_state, f.cause, f.push_route, " MINUTES_SINCE("min(f.pushed_ms)") ", "
	           "CASE WHEN f.seen > f.target THEN 'too many' WHEN f.seen < f.target THEN 'too few' ELSE 'nothing' END, "
	           "coalesce(printf('%s %s %s: %s', j.state, j.route, j.fault, max(j.text)), 'none')) AS line FROM offer f JOIN account c ON c.id = f.account_id "
	           "LEFT JOIN job j ON j.id = (SELECT max(k.id) FROM job k WHERE k.subject_id = f.id AND k.verb = 'stock') WHERE " UNSAID
	           " GROUP BY c.name, f.marketplace, f.target IS f.pushed, f.push_state, f.cause, f.push_route, f.seen > f.target, f.seen < f.target, j.state, j.route, j.fault "
	           "ORDER BY count(*) DESC LIMIT 40");
}

static void print_unsaid(struct day *d)
{
	print_offers(d);
	print_rows(d, "items to think over", "SELECT printf('%d, the oldest for %d min', count(*), " MINUTES_SINCE("min(since_ms)") ") AS line FROM dirty");
	print_rows(d, "jobs that are not over",
	           "SELECT printf('%d of %s %s %s in lane %d: the oldest for %d min, the next due in %d s: %s', count(*), c.name, j.verb, j.state, j.lane, " MINUTES_SINCE("min(j.made_ms)") ", "
	           "(min(j.due_ms) - " NOW_MS ") / 1000, max(j.text)) AS line FROM job j JOIN account c ON c.id = j.account_id "
	           "WHERE j.state IN ('waiting', 'inflight', 'sent', 'unsure', 'failed') GROUP BY c.name, j.verb, j.state, j.lane ORDER BY count(*) DESC LIMIT 40");
	print_rows(d, "feeds",
	           "SELECT printf('%d of %s %s %s: %d items, %d good, %d bad, %d again, the last made %d min ago: %s', count(*), c.name, b.marketplace, b.state, sum(b.items), sum(b.good), "
	           "sum(b.bad), sum(b.again), " MINUTES_SINCE("max(b.made_ms)") ", max(b.text)) AS line FROM feed b JOIN account c ON c.id = b.account_id GROUP BY c.name, b.marketplace, b.state");
	print_rows(d, "runs that compare",
	           "SELECT printf('%d of %s %s: %d drifting, %d corrected, %d for a person, %s', count(*), c.name, r.state, sum(r.drifting), sum(r.corrected), sum(r.undecided), max(r.text)) AS line "
	           "FROM rec_run r JOIN account c ON c.id = r.account_id GROUP BY c.name, r.state");
	print_rows(d, "open alerts", "SELECT printf('%d of %s: %s', count(*), kind, max(text)) AS line FROM alert WHERE closed_ms = 0 GROUP BY kind");
}

/* ---- how long reading them takes at the best ---- */

static const struct operation *list_operation(struct day *d, const char *op)
{
	const struct operation *o = NULL;
	struct limit_registry all;
	struct err err;

	if (limit_registry_load(d->arena, &all, &err) || limit_registry_find(&all, op, &o, &err))
		fail_msg("%s", err.text);
	return o;
}

/* Until so many pages have come through a bucket that was full. */
static int64_t time_of_pages(const struct operation *o, int64_t pages)
{
	struct limit l = operation_limit(o, 0);
	int64_t now_ms = 0;

	while (pages-- > 0) {
		now_ms += limit_wait(&l, o->cost, LANE_ORDERS, now_ms);
		limit_take(&l, o->cost, LANE_ORDERS, now_ms);
		limit_done(&l);
	}
	return now_ms;
}

static int64_t larger(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* While the bucket was full windows overlapped, as they always do: a bucketful of pages is read twice. */
static struct share share_of(struct rush *r, enum platform p, const char *op)
{
	const struct operation *o = list_operation(r->d, op);
	struct share s = { .channel = platform_names[p] };
	int64_t pages;

	for (int i = 0; i < r->d->sandbox->world->orders; i++)
		s.orders += order_platform(&r->d->sandbox->world->order[i]) == p;
	pages = (s.orders + o->batch - 1) / o->batch;
	s.best_ms = larger(time_of_pages(o, pages), HOUR);
	s.allowed_ms = larger(time_of_pages(o, pages + o->burst), HOUR) * SLOWER_PCT / 100 + ROUNDS_MS;
	return s;
}

/* ---- until it is over ---- */

static int64_t stored(struct rush *r, const char *channel)
{
	return day_int(r->d, arena_printf(r->d->arena, "SELECT count(*) FROM orders o JOIN account a ON a.id = o.account_id WHERE a.channel = '%s'", channel));
}

/* Each account's orders are all there in the time that its limit makes of them, and none too many. */
static void orders_come(struct rush *r, const struct share *s)
{
	int64_t last_ms;

	while (stored(r, s->channel) < s->orders && r->d->now_ms < r->began_ms + s->allowed_ms)
		live_on(r, 5 * MINUTE);
	last_ms = day_int(r->d, arena_printf(r->d->arena, "SELECT max(o.known_ms) FROM orders o JOIN account a ON a.id = o.account_id WHERE a.channel = '%s'", s->channel)) - r->began_ms;
	print_message("orders %s: %d, the last one known after %s; %s at its limit\n", s->channel, s->orders, latency_words(last_ms, r->d->arena), latency_words(s->best_ms, r->d->arena));
	assert_int_equal(stored(r, s->channel), s->orders);
	assert_true(last_ms <= s->allowed_ms);
}

static void drain(struct rush *r)
{
	int64_t from_ms = r->d->now_ms;

	while (unsaid(r->d) && r->d->now_ms < from_ms + SAID_MS)
		live_on(r, 5 * MINUTE);
	if (unsaid(r->d))
		print_unsaid(r->d);
	assert_int_equal(unsaid(r->d), 0);
}

/* What goes down is never held back for want of orders: how long it waited since it was decided last, apart from what goes up. */
static void print_decreases(struct rush *r)
{
	print_rows(r->d, "decreases, from decided to said",
	           arena_printf(r->d->arena, "SELECT printf('%%s: n %%d p50 %%d s p95 %%d s p99 %%d s, the last %%d s', name, n, min(CASE WHEN at * 100 >= n * 50 THEN w END), "
	                        "min(CASE WHEN at * 100 >= n * 95 THEN w END), min(CASE WHEN at * 100 >= n * 99 THEN w END), max(w)) AS line FROM (SELECT name, w, "
	                        "row_number() OVER (PARTITION BY name ORDER BY w) AS at, count(*) OVER (PARTITION BY name) AS n FROM (SELECT name, (said_ms - (SELECT max(t.known_ms) "
	                        "FROM change t WHERE t.fact = 'offer' AND t.fact_id = subject_id AND t.field = 'target' AND t.known_ms <= said_ms)) / 1000 AS w FROM (SELECT c.name, "
	                        "j.subject_id, coalesce((SELECT min(a.opened_ms) FROM attempt_job k JOIN attempt a ON a.id = k.attempt_id WHERE k.job_id = j.id), nullif(b.sent_ms, 0)) AS said_ms "
	                        "FROM job j JOIN account c ON c.id = j.account_id LEFT JOIN feed b ON b.id = j.feed_id WHERE j.verb = 'stock' AND j.lane <= 1 AND j.made_ms >= %" PRId64 ") "
	                        "WHERE said_ms IS NOT NULL) WHERE w IS NOT NULL) GROUP BY name", r->began_ms));
}

static void print_queue(struct rush *r)
{
	struct queue_row *row;
	struct err err;
	int n;

	print_message("%d orders and %d quantities in an hour, all said and seen after %s; %d turns\n", r->d->sandbox->world->orders - r->before, r->changes / 60 * 60,
	              latency_words(r->d->now_ms - r->began_ms, r->d->arena), r->d->turns);
	if (queue_rows(r->d->reader, 0, 2, r->d->now_ms, r->d->arena, &row, &n, &err))
		fail_msg("%s", err.text);
	for (int i = 0; i < n; i++)
		print_message("queue age %s %s: n %" PRId64 " p50 %s p95 %s p99 %s\n", row[i].account_name, row[i].verb, row[i].said, latency_words(row[i].p50, r->d->arena),
		              latency_words(row[i].p95, r->d->arena), latency_words(row[i].p99, r->d->arena));
	print_decreases(r);
}

/* A quantity that they took and did not show within their own time is failed until a reading shows it, or a newer one: in the end none is. */
#define OPEN_JOBS "WHERE j.state IN ('unsure', 'failed')"

/* By the platforms' own ledger. */
static void nothing_is_lost(struct rush *r)
{
	const struct world *w = r->d->sandbox->world;
	int64_t units = 0;

	for (int i = r->before; i < w->orders; i++) {
		for (int k = 0; k < w->order[i].lines; k++)
			units += w->line[w->order[i].line + k].qty;
	}
	assert_true(w->orders - r->before >= r->orders * 9 / 10);
	assert_int_equal(day_int(r->d, "SELECT count(*) FROM orders"), w->orders);
	assert_true(day_int(r->d, "SELECT sum(qty) FROM order_line") >= units);
	if (shelf_differs(r->d))
		fail_msg("%s", shelf_differs(r->d));
	assert_int_equal(day_int(r->d, "SELECT count(*) FROM inbox WHERE state IN ('parked', 'retried')"), 0);
	if (day_int(r->d, "SELECT count(*) FROM job j " OPEN_JOBS))
		fail_msg("%s", day_text(r->d, "SELECT group_concat(j.verb || ' ' || j.subject || ' ' || j.state || ': ' || j.text, '; ') FROM job j " OPEN_JOBS));
	assert_int_equal(w->count[OVERSOLD_AVOIDABLE], 0);
	assert_int_equal(w->count[THROTTLED], 0);
}

static void an_hour_of_everything_at_once_loses_no_event(void **state)
{
	int part = getenv("RUSH") ? atoi(getenv("RUSH")) : getenv("SOAK") ? 1 : PART;
	struct rush r = { .orders = ORDERS / part, .changes = CHANGES / part };
	struct day_plan plan = day_plain(81);
	static const struct {
		enum platform platform;
		const char *op; /* that reads its list of orders */
	} sells[] = { { WALMART, "walmart.orders.list" }, { AMAZON, "amazon.orders.search" } };

	(void)state;
	plan.skus = SKUS / part < 40 ? 40 : SKUS / part;
	plan.idle = true;
	plan.settle_pct = 100;
	r.d = day_open(&plan);
	day_no_buyers(r.d);
	fill_shelves(r.d);
	assert_true(day_run(r.d, r.d->now_ms + 2 * HOUR));
	live_the_hour(&r);
	for (size_t i = 0; i < sizeof sells / sizeof *sells; i++) {
		struct share s = share_of(&r, sells[i].platform, sells[i].op);

		orders_come(&r, &s);
	}
	drain(&r);
	print_queue(&r);
	nothing_is_lost(&r);
	day_close(r.d);
}

/* Two thousand orders in an hour are more than Amazon lets anybody read in it: whoever looks is told how far behind they are, and it goes on at the limit's own pace. */
static void orders_that_come_faster_than_they_may_be_read_are_told_of(void **state)
{
	struct rush r = { .orders = 5000 };
	struct day_plan plan = day_plain(82);
	struct health h;
	struct share s;
	struct err err;

	(void)state;
	plan.idle = true;
	r.d = day_open(&plan);
	day_no_buyers(r.d);
	fill_shelves(r.d);
	live_the_hour(&r);
	h = health_new(r.d->arena);
	assert_int_equal(health_read(r.d->reader, true, r.d->now_ms, &h, &err), OK);
	if (!strstr(health_text(&h), "amazon-na: orders come faster than they let us read them: known up to 2026-11-21T") || !strstr(health_text(&h), " min at its limit"))
		fail_msg("%s", health_text(&h));
	assert_int_equal(day_int(r.d, "SELECT count(*) FROM alert WHERE kind = 'behind'"), 1);
	s = share_of(&r, AMAZON, "amazon.orders.search");
	orders_come(&r, &s);
	live_on(&r, 30 * MINUTE);
	assert_int_equal(day_int(r.d, "SELECT count(*) FROM alert WHERE kind = 'behind' AND closed_ms = 0"), 0);
	assert_int_equal(r.d->sandbox->world->count[THROTTLED], 0);
	day_close(r.d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(orders_that_come_faster_than_they_may_be_read_are_told_of),
		cmocka_unit_test(an_hour_of_everything_at_once_loses_no_event),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
