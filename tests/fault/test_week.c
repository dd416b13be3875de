/*
 * test_week.c: a week of a whole business: six systems, a flash sale, feeds that take hours, quantities edited behind our back, returns that a
 * marketplace counts first, a push that is accepted and never shown, warehouse readings of nonsense.
 *
 * The ledger says what was oversold and could have been avoided: nothing may be. Each difference that was planted must be found by a run under its own
 * cause, and be gone at the end of its day. One seed in `make test`, with short days; as many as WEEKS says; six with days of five hours in
 * `make soak`. SEED=n lives through one again.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "sandbox/sandbox.h"
#include "tests/fault/child.h"
#include "tests/fault/day.h"
#include "tests/fault/shelves.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { A_DAY = 400, TIMES = 10, FIRST_SEED = 800, EACH = 4, DAY = 24 * HOUR };

/* What a run finds is mended by the run, so that it can be seen to have found it. */
static const char usual[] = "[rec]\noversell = in-run\n";
static const char by_feed[] = "[rec]\noversell = in-run\n[account walmart-us]\nbulk_over = 6\n[account amazon-na]\nbulk_over = 6\n";

struct week {
	struct day *d;
	int64_t busy_ms; /* how long buyers come each day */
	int bad, planted;
};

static void wrong(struct week *w, const char *what)
{
	w->bad++;
	print_message("seed %" PRIu64 ": %s\n", w->d->plan.seed, what);
}

static void run(struct week *w, int64_t for_ms)
{
	day_run(w->d, w->d->now_ms + for_ms);
}

static void buy(struct week *w, int times, int64_t for_ms)
{
	w->d->sandbox->world->opt.orders_a_day = A_DAY * times;
	w->d->sandbox->world->next_buyer_ms = w->d->now_ms;
	run(w, for_ms);
	day_no_buyers(w->d);
}

/* ---- what is planted, and found ---- */

struct offered {
	const char *account, *sku;
	int product;
	int64_t id, pushed;
};

static int64_t of_offer(struct week *w, int64_t id, const char *what)
{
	return day_int(w->d, arena_printf(w->d->arena, "SELECT %s FROM offer WHERE id = %" PRId64, what, id));
}

static struct offered at(struct week *w, const char *account, int product)
{
	struct offered o = { account, shelf_sku(w->d, product), product, 0, 0 };

	o.id = day_int(w->d, arena_printf(w->d->arena, "SELECT coalesce(min(f.id), 0) FROM offer f JOIN account c ON c.id = f.account_id WHERE c.name = '%s' AND f.sku = '%s' "
	                                               "AND f.pool = 'own' AND f.block = '' AND f.marketplace IN ('', '%s')", account, o.sku, place_facts[AMAZON_US].id));
	o.pushed = o.id ? of_offer(w, o.id, "coalesce(pushed, -1)") : -1;
	return o;
}

/* Something of which there is enough that nothing else moves it, and not so much that twenty more or less are not worth saying (alloc.hysteresis, 2 %); some at Reno. */
static struct offered plenty(struct week *w, const char *account)
{
	struct offered o = { 0 };

	for (int i = 0; i < w->d->plan.skus && (o.pushed < 30 || o.pushed > 500 || w->d->sandbox->world->product[o.product].at[DEPOT_RENO] < 40); i++)
		o = at(w, account, i);
	return o;
}

/* A run finds it, and under this name. */
static void find(struct week *w, const struct offered *o, const char *cause)
{
	const char *found, *no = day_intend(w->d, "reconcile", "", "full=0\n");

	w->planted++;
	if (no) {
		wrong(w, no);
		return;
	}
	run(w, 3 * MINUTE);
	found = day_text(w->d, arena_printf(w->d->arena, "SELECT cause || ' ' || delta FROM rec_row WHERE offer_id = %" PRId64 " ORDER BY id DESC LIMIT 1", o->id));
	if (strncmp(found, cause, strlen(cause)))
		wrong(w, arena_printf(w->d->arena, "%s at %s: a planted %s was found as \"%s\" (%s)", o->sku, o->account, cause, found,
		                      day_text(w->d, arena_printf(w->d->arena, "SELECT push_state || ' ' || cause || ', pushed ' || pushed || ', seen ' || seen || ', target ' || "
		                                                               "target FROM offer WHERE id = %" PRId64, o->id))));
}

/* An ordinary reading finds it, under this name; it is mended as soon as it is found, so that the reading's own row is looked for. */
static void find_by_reading(struct week *w, const struct offered *o, const char *cause, int64_t within_ms)
{
	int64_t from = w->d->now_ms, until = from + within_ms;

	w->planted++;
	while (w->d->now_ms < until && !*w->d->trouble)
		if (day_int(w->d, arena_printf(w->d->arena, "SELECT count(*) FROM observation WHERE offer_id = %" PRId64 " AND verdict = '%s' AND known_ms > %" PRId64, o->id,
		                               cause, from)))
			return;
		else
			run(w, 30 * SECOND);
	wrong(w, arena_printf(w->d->arena, "%s at %s: a planted %s was not found", o->sku, o->account, cause));
}

static void is_gone(struct week *w, const struct offered *o, const char *cause)
{
	if (of_offer(w, o->id, "drift <> 0 OR seen <> target"))
		wrong(w, arena_printf(w->d->arena, "%s at %s: the planted %s is still there", o->sku, o->account, cause));
}

/* ---- the days ---- */

static void a_usual_day(struct week *w)
{
	buy(w, 1, w->busy_ms);
}

static void a_day_of_edits(struct week *w)
{
	static const char *const places[][2] = { { "amazon/us", "amazon-na" }, { "walmart/main", "walmart-us" }, { "ebay/us", "ebay-us" }, { "shopify/main", "shopify" } };
	struct offered o[4];

	buy(w, 1, w->busy_ms);
	run(w, 30 * MINUTE);
	for (int i = 0; i < 4; i++) {
		o[i] = plenty(w, places[i][1]);
		day_fault(w->d, arena_printf(w->d->arena, "kind=edit place=%s sku=%s to=%" PRId64, places[i][0], o[i].sku, o[i].pushed + 40));
	}
	run(w, 30 * SECOND); /* before an ordinary reading does */
	for (int i = 0; i < 4; i++)
		find(w, &o[i], "CHANNEL_EDIT");
	run(w, 40 * MINUTE);
	for (int i = 0; i < 4; i++)
		is_gone(w, &o[i], "CHANNEL_EDIT");
}

/* Feeds do not get on for hours, while the warehouse finds less of everything than it thought, and buyers buy. */
static void a_day_of_slow_feeds(struct week *w)
{
	day_fault(w->d, "for=3h channel=walmart,amazon kind=stuck");
	for (int i = 0; i < w->d->plan.skus; i += 2)
		shelf_recount(w->d, "local", i, 3);
	buy(w, 1, w->busy_ms);
	run(w, 40 * MINUTE);
}

/* Little of everything, and ten times the buyers. */
static void a_flash_sale(struct week *w)
{
	struct world *world = w->d->sandbox->world;

	for (int i = 0; i < world->products; i++)
		for (enum depot at = 0; at < DEPOTS; at++)
			if (world->product[i].at[at] > EACH)
				depot_count(world, i, at, EACH);
	day_count_shelf(w->d);
	run(w, 50 * MINUTE); /* nobody comes before all of it is said, the guard against nonsense included */
	buy(w, TIMES, w->busy_ms < HOUR ? w->busy_ms : HOUR);
	run(w, 30 * MINUTE);
	for (int i = 0; i < world->products; i++)
		for (enum depot at = 0; at < DEPOTS; at++)
			depot_count(world, i, at, world->product[i].at[at] + 60); /* a lorry comes */
	day_count_shelf(w->d);
	run(w, 40 * MINUTE);
}

/*
 * What was said of it because of a sale has been read back, is what made the number so (the sale itself may have), and has had its time: until then the number
 * from before the sale is taken for one that did not change, and a return of just what was sold looks the same.
 */
static void at_rest(struct week *w, const struct offered *o, const char *place)
{
	int64_t sold_ms = w->d->now_ms;

	run(w, 3 * MINUTE);
	for (int i = 0; i < 40; i++) {
		bool read = of_offer(w, o->id, arena_printf(w->d->arena, "push_state = 'APPLIED' AND seen = pushed AND seen_ms > %" PRId64 " AND settle_ms < %" PRId64, sold_ms + 2 * MINUTE, w->d->now_ms));

		if (read && shelf_settled(w->d, place, o->product))
			return;
		run(w, MINUTE);
	}
}

/* A buyer takes it back: they offer the units again before our own number, which has them, gets through. */
static void a_day_of_returns(struct week *w)
{
	struct offered o = { 0 };
	int order = 0;

	buy(w, 1, w->busy_ms);
	run(w, 30 * MINUTE);
	for (int i = 0; i < 6; i++) { /* when somebody has sent it off meanwhile, another one is bought */
		order = day_order(w->d, "amazon/us", 6);
		o = at(w, "amazon-na", shelf_ordered(w->d, order));
		at_rest(w, &o, "amazon/us");
		if (shelf_unsent(w->d, order))
			break;
	}
	day_fault(w->d, "for=50m channel=amazon op=push kind=error status=503");
	shelf_cancel(w->d, order);
	run(w, 20 * MINUTE);
	find(w, &o, "RETURN_FIRST");
	run(w, 90 * MINUTE);
	is_gone(w, &o, "RETURN_FIRST");
}

/* Each source in turn says that nothing is there, or forgets half of what is; once. */
static void a_day_of_nonsense(struct week *w)
{
	static const char *const nonsense[] = { "for=6m channel=cartoncloud kind=zeroes", "for=6m channel=netsuite kind=zeroes", "for=6m channel=cartoncloud kind=halved",
		                                "for=6m channel=netsuite kind=halved" };
	int64_t units = day_int(w->d, "SELECT sum(counted) FROM item"), is;

	for (size_t i = 0; i < sizeof nonsense / sizeof *nonsense; i++) {
		day_fault(w->d, nonsense[i]);
		run(w, 13 * MINUTE);
		is = day_int(w->d, "SELECT sum(counted) FROM item");
		if (is * 10 < units * 9)
			wrong(w, arena_printf(w->d->arena, "%s: %" PRId64 " units of %" PRId64 " are left", nonsense[i], is, units));
	}
	buy(w, 1, w->busy_ms);
}

/* They say yes and do nothing. */
static void a_day_of_lost_pushes(struct week *w)
{
	struct offered o;

	buy(w, 1, w->busy_ms);
	run(w, 20 * MINUTE);
	o = plenty(w, "amazon-na");
	day_fault(w->d, "for=25m channel=amazon op=push kind=dropped");
	depot_count(w->d->sandbox->world, o.product, DEPOT_RENO, w->d->sandbox->world->product[o.product].at[DEPOT_RENO] - 20);
	find_by_reading(w, &o, "NOT_APPLIED", 50 * MINUTE);
	run(w, 45 * MINUTE);
	is_gone(w, &o, "NOT_APPLIED");
}

/* ---- the judge ---- */

static void judge(struct week *w)
{
	static const enum count never[] = { OVERSOLD_AVOIDABLE, POOL_WRITES, FORBIDDEN_WRITES, ACKS_AGAIN, SHIPS_AGAIN, CANCELS_AGAIN, LEADS_LOST };
	const char *why;

	for (size_t i = 0; i < sizeof never / sizeof *never; i++)
		if (w->d->sandbox->world->count[never[i]])
			wrong(w, arena_printf(w->d->arena, "%s: %" PRId64, count_names[never[i]], w->d->sandbox->world->count[never[i]]));
	why = day_verdict(w->d);
	if (why)
		wrong(w, why);
}

static int live(uint64_t seed, int64_t busy_ms)
{
	static void (*const days[])(struct week *) = { a_usual_day, a_day_of_edits, a_day_of_slow_feeds, a_flash_sale, a_day_of_returns, a_day_of_nonsense, a_day_of_lost_pushes };
	struct day_plan plan = { .seed = seed, .skus = 24, .past = 30, .demo = true, .jitter = true, .settle_pct = 100, .whole = true, .config = usual };
	struct week w = { .d = day_open(&plan), .busy_ms = busy_ms };
	int64_t begun = w.d->now_ms;
	int bad;

	for (size_t i = 0; i < sizeof days / sizeof *days && !*w.d->trouble; i++) {
		run(&w, 12 * MINUTE);
		days[i](&w);
		run(&w, 10 * MINUTE);
		if (w.d->now_ms < begun + ((int64_t)i + 1) * DAY && i + 1 < sizeof days / sizeof *days)
			day_night(w.d, begun + ((int64_t)i + 1) * DAY, days[i + 1] == a_day_of_slow_feeds ? by_feed : usual);
	}
	day_no_buyers(w.d);
	run(&w, HOUR);
	w.d->plan.idle = true; /* the last count is true for ever */
	run(&w, 30 * MINUTE);
	judge(&w);
	print_message("seed %" PRIu64 ": %d orders, %d turns, %d differences planted, sold %" PRId64 ", refused %" PRId64 ", oversold %" PRId64 "\n", seed,
	              w.d->sandbox->world->orders, w.d->turns, w.planted, day_count(w.d, "units_sold"), day_count(w.d, "units_refused"), day_count(w.d, "oversold"));
	bad = w.bad;
	day_close(w.d);
	return bad;
}

static void a_week_sells_nothing_twice_and_finds_every_difference(void **state)
{
	const char *seed = getenv("SEED"), *weeks = getenv("WEEKS"), *soak = getenv("SOAK");
	int lives = seed ? 1 : weeks ? atoi(weeks) : soak ? 6 : 1, bad = 0;

	(void)state;
	for (int i = 0; i < lives; i++)
		bad += live(seed ? (uint64_t)atoll(seed) : (uint64_t)(FIRST_SEED + i), soak ? 5 * HOUR : 20 * MINUTE) != 0;
	assert_int_equal(bad, 0);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(a_week_sells_nothing_twice_and_finds_every_difference) };

	child_main(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
