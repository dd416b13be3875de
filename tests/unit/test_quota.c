/* Until when a limit lasts, and who is told to have spent it. */
#include "trade_world.h"

#include "trade/jobs.h"
#include "trade/quota.h"

#define OF_HOUR(n) ((n) * HOUR)

struct forecast_case {
	const char *why;
	struct quota_case c;
	enum quota_state state;
	int64_t in_ms, usable, lack, pct; /* in_ms: at_ms from now; -1: none */
};

/* A bucket of 100 that gains 60 an hour, and a day of 1,000 that ends in ten hours. */
#define BUCKET .burst = 100, .rate = 1, .window_ms = MINUTE
#define DAY .daily = 1000, .day_ends_ms = T0 + OF_HOUR(10)

static const struct forecast_case forecasts[] = {
	{ "a limit that nobody names lasts for ever", { 0 }, QUOTA_LASTS, -1, -1, 0, 0 },
	{ "a full bucket that nobody drinks from lasts", { BUCKET, .tokens = 100 }, QUOTA_LASTS, -1, 100, 0, 0 },
	{ "spent as fast as it fills it lasts", { BUCKET, .tokens = 50, .pace = 60 }, QUOTA_LASTS, -1, 50, 0, 100 },
	{ "spent faster it is dry when the rest is gone", { BUCKET, .tokens = 50, .pace = 160 }, QUOTA_DRY, HOUR / 2, 50, 0, 266 },
	{ "what is so slow that it takes two days is no news", { BUCKET, .tokens = 100, .pace = 62 }, QUOTA_LASTS, -1, 100, 0, 103 },
	{ "the reserve does not count as left", { BUCKET, .tokens = 50, .pace = 160, .reserve_pct = 20 }, QUOTA_DRY, OF_HOUR(4) / 10, 40, 0, 266 },
	{ "with the reserve alone left it is out until the next token for the rest", { BUCKET, .tokens = 10, .reserve_pct = 20 }, QUOTA_OUT, MINUTE, 0, 0, 0 },
	{ "a queue longer than the bucket is not short: it fills again", { BUCKET, .tokens = 100, .waiting = 5000 }, QUOTA_LASTS, -1, 100, 0, 0 },
	{ "a day at an even pace lasts", { DAY, .day_used = 500, .pace = 40 }, QUOTA_LASTS, -1, 500, 0, 90 },
	{ "a day too fast is dry before it ends", { DAY, .day_used = 500, .pace = 100 }, QUOTA_DRY, OF_HOUR(5), 500, 0, 150 },
	{ "what waits needs more than the day has", { DAY, .day_used = 900, .waiting = 300 }, QUOTA_SHORT, OF_HOUR(10), 100, 200, 90 },
	{ "what waits cannot have the reserve", { DAY, .day_used = 700, .reserve_pct = 20, .waiting = 101 }, QUOTA_SHORT, OF_HOUR(10), 100, 1, 70 },
	{ "a day that is used up is out until it ends", { DAY, .day_used = 1000 }, QUOTA_OUT, OF_HOUR(10), 0, 0, 100 },
	{ "a day that has ended is a new one", { .daily = 1000, .day_ends_ms = T0 - 1, .day_used = 1000 }, QUOTA_LASTS, -1, 1000, 0, 0 },
	{ "of bucket and day the worse is told", { BUCKET, DAY, .tokens = 100, .day_used = 1000 }, QUOTA_OUT, OF_HOUR(10), 0, 0, 100 },
	{ "and of two alike the earlier", { BUCKET, DAY, .tokens = 50, .day_used = 100, .pace = 160 }, QUOTA_DRY, HOUR / 2, 50, 0, 266 },
	{ "their own word goes before all", { BUCKET, .tokens = 100, .hold_ms = T0 + MINUTE }, QUOTA_HELD, MINUTE, 100, 0, 0 },
	{ "their word of yesterday is over", { BUCKET, .tokens = 100, .hold_ms = T0 }, QUOTA_LASTS, -1, 100, 0, 0 },
};

static void forecasts_are_reckoned(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof forecasts / sizeof *forecasts; i++) {
		const struct forecast_case *f = &forecasts[i];
		struct quota_case c = f->c;
		struct quota_view v;

		c.now_ms = T0;
		v = quota_forecast(&c);
		if (v.state != f->state || v.at_ms != (f->in_ms < 0 ? 0 : T0 + f->in_ms) || v.usable != f->usable || v.lack != f->lack || v.pct != f->pct)
			fail_msg("%s: %s in %" PRId64 " ms, usable %" PRId64 ", lack %" PRId64 ", %" PRId64 " %%", f->why, quota_state_name(v.state),
			         v.at_ms ? v.at_ms - T0 : -1, v.usable, v.lack, v.pct);
	}
}

static void limit_of(struct world *w, int64_t account)
{
	struct bucket_row b = { .account = account, .name = "put", .credit = 100 * MINUTE, .filled_ms = T0, .rate = 1, .window_ms = MINUTE, .burst = 100,
		                .reserve_pct = 20, .verbs = "stock-read:2 stock:1" };

	OKAY(w, bucket_save(w->s, &b, &w->err));
}

static void spend(struct world *w, enum lane lane, int64_t intent, int64_t tokens, int64_t at_ms)
{
	OKAY(w, quota_spent(w->s, w->walmart, "put", lane, intent, tokens, at_ms, &w->err));
}

static struct budget read_one(struct world *w)
{
	struct budget *q;
	int n;

	OKAY(w, quotas(w->s, w->walmart, T0, w->a, &q, &n, &w->err));
	assert_int_equal(n, 1);
	return q[0];
}

static void who_spent_it_is_counted(void **state)
{
	struct world w = world_new();
	struct budget q;

	(void)state;
	limit_of(&w, w.walmart);
	OKAY(&w, store_exec(w.s, &w.err, "INSERT INTO intent (id, asker, kind, state, actor, made_ms, trace) VALUES (7, 'a-7', 'push', 'filed', 'uid:1000 op2', 1, 't'), "
	                                         "(8, 'a-8', 'push', 'filed', 'rule:policy', 1, 't')"));
	spend(&w, LANE_INCREASE, 0, 3, T0);
	spend(&w, LANE_INCREASE, 0, 4, T0);
	spend(&w, LANE_ZERO, 7, 2, T0 - OF_HOUR(3));
	spend(&w, LANE_ZERO, 8, 1, T0 - OF_HOUR(3));
	spend(&w, LANE_REST, 0, 50, T0 - OF_HOUR(24));
	q = read_one(&w);
	assert_int_equal(q.lane[LANE_INCREASE], 7);
	assert_int_equal(q.lane[LANE_ZERO], 3);
	assert_int_equal(q.lane[LANE_REST], 0); /* a day ago is no more of this day */
	assert_int_equal(q.people, 2);          /* what a rule decided, no person spent */
	assert_int_equal(q.day, 10);
	assert_int_equal(q.hour, 7);
	assert_int_equal(q.by_hour[QUOTA_HOURS - 1], 7);
	assert_int_equal(q.by_hour[QUOTA_HOURS - 4], 3);
	assert_int_equal(q.view.reserve, 10);
	world_free(&w);
}

static void old_hours_are_let_go(void **state)
{
	struct world w = world_new();
	int64_t rows;

	(void)state;
	spend(&w, LANE_REST, 0, 1, T0 - OF_HOUR(24 * 9));
	spend(&w, LANE_REST, 0, 1, T0);
	rows = world_int(&w, "SELECT count(*) FROM spend");
	assert_int_equal(rows, 1);
	world_free(&w);
}

static void queue(struct world *w, int64_t account, enum verb verb, const char *subject, bool repeats)
{
	struct fields payload = fields_new(w->a);
	struct job_plan p = { .account = account, .verb = verb, .lane = LANE_REST, .subject = subject, .payload = &payload, .due_ms = T0, .repeats = repeats };
	int64_t id;

	OKAY(w, job_plan(w->s, &p, &w->why, &id, &w->err));
}

static void what_waits_is_counted_by_what_it_costs(void **state)
{
	struct world w = world_new();
	struct budget q;

	(void)state;
	limit_of(&w, w.walmart);
	queue(&w, w.walmart, VERB_STOCK, "offer:1", false);
	queue(&w, w.walmart, VERB_STOCK_READ, "offer:1", false);
	queue(&w, w.walmart, VERB_ORDERS, "orders", false);      /* drinks elsewhere */
	queue(&w, w.walmart, VERB_STOCK_READ, "poll", true);     /* is the usual pace */
	q = read_one(&w);
	assert_int_equal(q.waiting, 2);
	world_free(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(forecasts_are_reckoned),
		cmocka_unit_test(who_spent_it_is_counted),
		cmocka_unit_test(old_hours_are_let_go),
		cmocka_unit_test(what_waits_is_counted_by_what_it_costs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
