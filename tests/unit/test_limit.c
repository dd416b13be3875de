/* How fast we may talk: buckets, days, lanes, and what the platforms teach us. */
#include "net/limit.h"
#include "net/listen.h"
#include "net/registry.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define NOW INT64_C(1795161600000) /* 2026-11-20T08:00:00Z */
#define MINUTE INT64_C(60000)
#define DAY (1440 * MINUTE)

static struct limit bucket(const char *tokens, int64_t window_s, int64_t burst)
{
	struct limit l;

	assert_true(limit_init(&l, tokens, window_s, burst, NOW));
	return l;
}

/* ---- the bucket ---- */

struct take_case {
	const char *why;
	int64_t at_ms, wait_ms;
};

static const struct take_case take_cases[] = {
	{ "a full bucket lets two through", 0, 0 },
	{ "the second of two", 0, 0 },
	{ "the third waits half a minute", 0, 30000 },
	{ "and waits less when asked later", 29999, 1 },
	{ "and is let through then", 30000, 0 },
	{ "an hour later there are two again, not more", 3600000, 0 },
	{ "the second", 3600000, 0 },
	{ "the third", 3600000, 30000 },
	{ "a clock set back gains nothing", 0, 30000 },
};

static void test_two_a_minute(void **state)
{
	struct limit l = bucket("2", 60, 2);

	(void)state;
	for (size_t i = 0; i < sizeof take_cases / sizeof *take_cases; i++) {
		const struct take_case *c = &take_cases[i];
		int64_t wait = limit_take(&l, 1, LANE_REST, NOW + c->at_ms);

		if (wait != c->wait_ms)
			fail_msg("%s: waits %" PRId64 " ms", c->why, wait);
	}
}

struct rate_case {
	const char *why, *tokens;
	int64_t window_s, burst;
	bool ok;
	int64_t rate, window_ms;
};

static const struct rate_case rate_cases[] = {
	{ "Walmart's inventory", "200", 60, 200, true, 1, 300 },
	{ "Amazon's searchOrders, a fraction", "0.0056", 1, 20, true, 7, 1250000 },
	{ "half a request a second", "0.5", 1, 30, true, 1, 2000 },
	{ "a number with a point and no fraction", "5.0", 1, 5, true, 1, 200 },
	{ "no bucket at all", "", 0, 0, true, 0, 1 },
	{ "nothing is no rate", "0", 1, 5, false, 0, 0 },
	{ "nor is nothing in a decimal disguise", "0.000", 1, 5, false, 0, 0 },
	{ "a sign", "-1", 1, 5, false, 0, 0 },
	{ "an exponent", "1e3", 1, 5, false, 0, 0 },
	{ "two points", "1.2.3", 1, 5, false, 0, 0 },
	{ "no digit before the point", ".5", 1, 5, false, 0, 0 },
	{ "more decimals than are exact", "0.1234567", 1, 5, false, 0, 0 },
	{ "no window", "5", 0, 5, false, 0, 0 },
	{ "no burst", "5", 1, 0, false, 0, 0 },
	{ "so deep that a product would not fit", "0.000001", 86400, 2147483647, false, 0, 0 },
};

static void test_rates_are_exact(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rate_cases / sizeof *rate_cases; i++) {
		const struct rate_case *c = &rate_cases[i];
		struct limit l;
		bool ok = limit_init(&l, c->tokens, c->window_s, c->burst, NOW);

		if (ok != c->ok || (ok && (l.rate != c->rate || l.window_ms != c->window_ms)))
			fail_msg("%s: %s, %" PRId64 " in %" PRId64 " ms", c->why, ok ? "taken" : "refused", l.rate, l.window_ms);
	}
}

/* How many requests one who asks every step_ms gets in a day, out of an empty bucket. */
static int64_t day_of_asking(const char *tokens, int64_t window_s, int64_t burst, int64_t step_ms)
{
	struct limit l = bucket(tokens, window_s, burst);
	int64_t got = 0;

	l.credit = 0;
	for (int64_t t = 0; t <= DAY; t += step_ms) {
		if (!limit_take(&l, 1, LANE_REST, NOW + t)) {
			limit_done(&l);
			got++;
		}
	}
	return got + limit_tokens(&l, NOW + DAY);
}

/*
 * M2E (ThrottlingManager.php) truncated the gain of each request and set the clock anew each time, so
 * fractions of credit were lost for ever.
 */
static void T4_fractions_of_credit_are_kept(void **state)
{
	(void)state;
	/* 0.0056 a second is 483.84 a day; asked every five minutes, and every second. A request each 179 s is allowed. */
	assert_in_range(day_of_asking("0.0056", 1, 1000, 5 * MINUTE), 483, 484);
	assert_in_range(day_of_asking("0.0056", 1, 20, 1000), 483, 484);
	/* One in five minutes, asked every five minutes: each is let through. */
	assert_in_range(day_of_asking("1", 300, 1, 5 * MINUTE), 288, 288);
	/* Seven a second asked every 11 ms, where each step earns a fraction: 604,800. */
	assert_in_range(day_of_asking("7", 1, 7, 11), 604799, 604800);
}

static void serve_page(void *ctx, struct arena *a, const struct request *r, struct served *out)
{
	struct buf page = buf_new(a);

	(void)r;
	++*(int *)ctx;
	for (int i = 0; i < 1000; i++)
		buf_puts(&page, "{},");
	out->reply = (struct reply){ .status = 200, .body = page.p, .body_len = page.len };
}

/* airbyte #48882 took a token for each record; a page of a thousand is one call. */
static void T15_a_page_is_one_call(void **state)
{
	int64_t now = NOW;
	int calls = 0, records = 0;
	struct clock clock = clock_manual(&now);
	struct direct_route route = { "https://amazon.example", { serve_page, &calls } };
	struct transport *t = direct_open(&clock, &route, 1);
	struct request r = { .op = "amazon.orders.search", .method = "GET", .url = "https://amazon.example/orders" };
	struct limit l = bucket("0.0056", 1, 20);
	struct finished f;

	(void)state;
	assert_int_equal(limit_take(&l, 1, LANE_ORDERS, now), 0);
	assert_int_equal(t->start(t, 1, &r, NULL), OK);
	assert_true(t->next(t, &f));
	limit_learn(&l, &f.reply, now);
	limit_done(&l);
	for (const char *p = f.reply.body; (p = strchr(p, '{')); p++)
		records++;
	assert_int_equal(records, 1000);
	assert_int_equal(limit_tokens(&l, now), 20 - calls);
	assert_int_equal(calls, 1);
	arena_free(f.arena);
	t->close(t);
}

static void test_ages_do_not_overflow(void **state)
{
	struct limit l = bucket("200", 60, 200);

	(void)state;
	l.credit = 0;
	l.filled_ms = 0; /* never since 1970 */
	assert_int_equal(limit_tokens(&l, NOW), 200);
	assert_int_equal(limit_take(&l, 1, LANE_REST, INT64_C(253402300799000)), 0); /* the year 9999 */
}

static void test_a_cost_in_points(void **state)
{
	struct limit l = bucket("100", 1, 2000);

	(void)state;
	assert_int_equal(limit_take(&l, 1000, LANE_ORDERS, NOW), 0);
	assert_int_equal(limit_take(&l, 1000, LANE_ORDERS, NOW), 0);
	assert_int_equal(limit_take(&l, 10, LANE_ORDERS, NOW), 100);
	assert_int_equal(limit_wait(&l, 5000, LANE_ORDERS, NOW), 20000); /* dearer than the bucket is deep: a full one */
}

/* ---- lanes ---- */

static int64_t drain(struct limit *l, enum lane lane)
{
	int64_t n = 0;

	while (!limit_take(l, 1, lane, NOW))
		n++;
	return n;
}

static void test_lanes_keep_a_reserve(void **state)
{
	struct limit l = bucket("200", 60, 200);

	(void)state;
	l.reserve_pct = LIMIT_RESERVE;
	assert_int_equal(drain(&l, LANE_REST), 180);
	assert_int_equal(drain(&l, LANE_INCREASE), 0);
	assert_int_equal(drain(&l, LANE_CONFIRM), 0);
	assert_int_equal(drain(&l, LANE_DECREASE), 10);
	assert_int_equal(drain(&l, LANE_ZERO), 10);
	assert_int_equal(limit_wait(&l, 1, LANE_ZERO, NOW), 300);           /* the next token is theirs */
	assert_int_equal(limit_wait(&l, 1, LANE_REST, NOW), 300 * (20 + 1)); /* after the reserve has come back */
}

static void test_small_buckets_starve_nobody(void **state)
{
	(void)state;
	for (int64_t burst = 1; burst <= 4; burst++) {
		struct limit l = bucket("1", 1, burst);

		l.reserve_pct = LIMIT_RESERVE;
		assert_int_equal(drain(&l, LANE_REST), burst);
	}
}

/* ---- at once, and by the day ---- */

static void test_concurrency(void **state)
{
	struct limit l = bucket("", 0, 0);

	(void)state;
	l.concurrency = 2;
	assert_int_equal(limit_take(&l, 1, LANE_REST, NOW), 0);
	assert_int_equal(limit_take(&l, 1, LANE_REST, NOW), 0);
	assert_int_equal(limit_take(&l, 1, LANE_ZERO, NOW), LIMIT_FULL);
	limit_done(&l);
	assert_int_equal(limit_take(&l, 1, LANE_ZERO, NOW), 0);
	limit_done(&l);
	limit_done(&l);
	limit_done(&l); /* one too many does not open the door further */
	assert_int_equal(l.flying, 0);
}

static void test_days_are_counted_and_begin_anew(void **state)
{
	struct limit l = bucket("", 0, 0);
	int64_t midnight = NOW / DAY * DAY + DAY;

	(void)state;
	l.daily = 100;
	l.reserve_pct = LIMIT_RESERVE;
	assert_int_equal(drain(&l, LANE_REST), 80);
	assert_int_equal(limit_wait(&l, 1, LANE_REST, NOW), midnight - NOW);
	assert_int_equal(drain(&l, LANE_DECREASE), 10); /* they stop at 90 % of it */
	assert_int_equal(drain(&l, LANE_ZERO), 10);
	assert_int_equal(limit_take(&l, 1, LANE_REST, midnight - 1), 1);
	assert_int_equal(limit_take(&l, 1, LANE_REST, midnight), 0);
	assert_int_equal(l.day_used, 1);
}

static void test_their_day_is_learnt(void **state)
{
	struct limit l = bucket("", 0, 0);

	(void)state;
	l.daily = 5000;
	limit_learn_day(&l, 5000, 3, NOW + 7 * MINUTE, NOW);
	assert_int_equal(drain(&l, LANE_REST), 3);
	assert_int_equal(limit_wait(&l, 1, LANE_REST, NOW), 7 * MINUTE);
	limit_learn_day(&l, 9000, 4000, NOW + 7 * MINUTE, NOW); /* more than we know of: not believed */
	assert_int_equal(limit_wait(&l, 1, LANE_REST, NOW), 7 * MINUTE);
	limit_learn_day(&l, 100, 40, NOW + 7 * MINUTE, NOW); /* a smaller application than the table's */
	assert_int_equal(l.daily, 100);
}

/* ---- learning ---- */

struct left_case {
	const char *why;
	int64_t charged, flying, holds, left, per_second, want, burst;
};

static const struct left_case left_cases[] = {
	{ "a question was cheaper than reckoned: the points are back", 900, 0, 2000, 1960, 100, 1960, 2000 },
	{ "somebody else drinks from it: fewer", 10, 0, 2000, 40, 100, 40, 2000 },
	{ "while another is under way more is not believed", 900, 1, 2000, 1960, 100, 1100, 2000 },
	{ "but less is", 900, 1, 2000, 300, 100, 300, 2000 },
	{ "a smaller bucket is believed", 10, 0, 1000, 1000, 50, 1000, 1000 },
	{ "a larger one is not", 10, 0, 4000, 3900, 200, 2000, 2000 },
	{ "nothing told, nothing learnt", 900, 0, -1, -1, -1, 1100, 2000 },
};

static void test_their_word_of_what_is_left(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof left_cases / sizeof *left_cases; i++) {
		const struct left_case *c = &left_cases[i];
		struct limit l;

		assert_true(limit_init(&l, "100", 1, 2000, NOW));
		assert_int_equal(limit_take(&l, c->charged, LANE_ZERO, NOW), 0);
		l.flying = c->flying;
		limit_learn_left(&l, c->holds, c->left, c->per_second, NOW);
		if (limit_tokens(&l, NOW) != c->want || l.burst != c->burst)
			fail_msg("%s: %d of %d", c->why, (int)limit_tokens(&l, NOW), (int)l.burst);
	}
}

static struct reply answer(int status, struct header *h, int n)
{
	return (struct reply){ .status = status, .header = h, .headers = n, .body = "" };
}

struct rate_header_case {
	const char *why, *value;
	bool smaller;
	int64_t next_ms; /* from an empty bucket to the next token */
};

static const struct rate_header_case rate_header_cases[] = {
	{ "a slower rate is believed", "0.5", true, 2000 },
	{ "a rate of the same size changes nothing", "5.0", false, 200 },
	{ "a faster one is not believed", "50", false, 200 },
	{ "a tenth of a millionth would stop us for good", "0.000001", false, 200 },
	{ "nought", "0", false, 200 },
	{ "not a number", "fast", false, 200 },
	{ "an absurd one", "99999999999999999999", false, 200 },
};

static void test_a_rate_is_learnt_downward(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rate_header_cases / sizeof *rate_header_cases; i++) {
		const struct rate_header_case *c = &rate_header_cases[i];
		struct header h[] = { { "x-amzn-ratelimit-limit", c->value } };
		struct reply r = answer(200, h, 1);
		struct limit l = bucket("5", 1, 10);

		assert_int_equal(drain(&l, LANE_REST), 10);
		if (limit_learn(&l, &r, NOW) != c->smaller || limit_wait(&l, 1, LANE_REST, NOW) != c->next_ms)
			fail_msg("%s: the next token in %" PRId64 " ms", c->why, limit_wait(&l, 1, LANE_REST, NOW));
	}
}

static void test_a_learnt_rate_keeps_what_was_in_the_bucket(void **state)
{
	struct header h[] = { { "x-amzn-RateLimit-Limit", "0.0167" } };
	struct reply r = answer(200, h, 1);
	struct limit l = bucket("5", 1, 10);

	(void)state;
	assert_int_equal(limit_take(&l, 3, LANE_REST, NOW), 0);
	assert_true(limit_learn(&l, &r, NOW));
	assert_int_equal(limit_tokens(&l, NOW), 7);
	assert_false(limit_learn(&l, &r, NOW));
}

struct count_case {
	const char *why;
	int status;
	const char *count, *next_name, *next, *retry_after;
	int64_t tokens, wait_ms; /* afterwards, of a bucket of 60 a minute that held 60; one more token of its own takes a second */
};

static const struct count_case count_cases[] = {
	{ "they count fewer than we", 200, "7", NULL, NULL, NULL, 7, 0 },
	{ "they count more: we keep ours", 200, "4999", NULL, NULL, NULL, 60, 0 },
	{ "no count, no change", 200, NULL, NULL, NULL, NULL, 60, 0 },
	{ "nonsense is no count", 200, "many", NULL, NULL, NULL, 60, 0 },
	{ "a negative count is none", 200, "-5", NULL, NULL, NULL, 60, 0 },
	{ "empty, replenished in seconds", 200, "0", "X-Next-Replenishment-Time", "12", NULL, 0, 12000 },
	{ "empty, replenished at an epoch in milliseconds", 200, "0", "X-Next-Replenishment-Time", "1795161612345", NULL, 0, 12345 },
	{ "empty, replenished at an epoch in seconds", 200, "0", "x-next-replenishment-time", "1795161612", NULL, 0, 12000 },
	{ "empty, replenished at an ISO time, by the other name", 200, "0", "x-next-replenish-time", "2026-11-20T08:00:12Z", NULL, 0, 12000 },
	{ "tokens left: the time of the next does not matter", 200, "5", "X-Next-Replenishment-Time", "600", NULL, 5, 0 },
	{ "replenished next year: an hour at most", 200, "0", "X-Next-Replenishment-Time", "2027-11-20T08:00:12Z", NULL, 0, 3600000 },
	{ "429 alone: empty, and by our own rate", 429, NULL, NULL, NULL, NULL, 0, 1000 },
	{ "429 with Retry-After", 429, NULL, NULL, NULL, "30", 0, 30000 },
	{ "429 with a Retry-After of nought: our own rate", 429, NULL, NULL, NULL, "0", 0, 1000 },
	{ "429 that claims a full bucket is still a 429", 429, "60", NULL, NULL, NULL, 0, 1000 },
	{ "Retry-After before the replenishment time", 429, "0", "X-Next-Replenishment-Time", "12", "30", 0, 30000 },
};

static void test_counts_are_learnt_downward(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof count_cases / sizeof *count_cases; i++) {
		const struct count_case *c = &count_cases[i];
		struct limit l = bucket("60", 60, 60);
		struct header h[3];
		struct reply r = answer(c->status, h, 0);

		if (c->count)
			h[r.headers++] = (struct header){ "x-current-token-count", c->count };
		if (c->next)
			h[r.headers++] = (struct header){ c->next_name, c->next };
		if (c->retry_after)
			h[r.headers++] = (struct header){ "retry-after", c->retry_after };
		limit_learn(&l, &r, NOW);
		if (limit_tokens(&l, NOW) != c->tokens || limit_wait(&l, 1, LANE_REST, NOW) != c->wait_ms)
			fail_msg("%s: %" PRId64 " tokens, waits %" PRId64 " ms", c->why, limit_tokens(&l, NOW), limit_wait(&l, 1, LANE_REST, NOW));
	}
}

/* ---- over a restart ---- */

static void test_a_restart_gives_no_new_tokens(void **state)
{
	struct limit was = bucket("60", 60, 60), l = bucket("60", 60, 60);

	(void)state;
	drain(&was, LANE_REST);
	limit_resume(&l, &was, NOW + 5000);
	assert_int_equal(limit_tokens(&l, NOW + 5000), 5); /* what the five seconds have brought */
	assert_int_equal(l.flying, 0);                      /* nobody is under way any more */
}

static void test_a_restart_forgets_no_lesson(void **state)
{
	struct header h[] = { { "x-amzn-RateLimit-Limit", "0.5" }, { "retry-after", "90" } };
	struct reply r = answer(429, h, 2);
	struct limit was = bucket("5", 1, 10), l = bucket("5", 1, 10);

	(void)state;
	limit_learn(&was, &r, NOW);
	limit_resume(&l, &was, NOW);
	assert_int_equal(limit_wait(&l, 1, LANE_REST, NOW), 90000);
	assert_int_equal(limit_wait(&l, 10, LANE_REST, NOW + 10000), 80000);
	assert_int_equal(limit_wait(&l, 10, LANE_REST, NOW + 19999), 70001);
	was.hold_ms = 0;
	limit_resume(&l, &was, NOW);
	assert_int_equal(limit_wait(&l, 1, LANE_REST, NOW), 2000);
}

static void test_a_restart_with_another_row(void **state)
{
	struct limit was = bucket("60", 60, 60), l = bucket("30", 60, 20);

	(void)state;
	limit_resume(&l, &was, NOW); /* the row is slower now, and shallower */
	assert_int_equal(limit_tokens(&l, NOW), 20);
	drain(&l, LANE_REST);
	assert_int_equal(limit_wait(&l, 1, LANE_REST, NOW), 2000);
	l = bucket("", 0, 0);
	l.daily = 10;
	was.day_used = 7;
	was.day_ends_ms = NOW + MINUTE;
	limit_resume(&l, &was, NOW); /* it is counted by the day now */
	assert_int_equal(drain(&l, LANE_REST), 3);
}

static void test_a_damaged_row_does_no_harm(void **state)
{
	static const int64_t odd[] = { 0, -1, INT64_MIN, INT64_MAX };
	struct limit was, l;

	(void)state;
	for (int i = 0; i < 4; i++) {
		was = (struct limit){ odd[i], odd[i], odd[i], odd[i], odd[i], odd[i], odd[i], odd[i], odd[i], odd[i], odd[i], odd[i], odd[i], odd[i] };
		l = bucket("60", 60, 60);
		limit_resume(&l, &was, NOW);
		assert_in_range(limit_wait(&l, 1, LANE_REST, NOW), 0, 3600000);
		assert_in_range(limit_tokens(&l, NOW), 0, 60);
		assert_int_equal(limit_tokens(&l, NOW + 2 * MINUTE), 60); /* and it fills again */
	}
}

/* ---- the registry ---- */

struct world {
	struct arena *a;
	struct limit_registry r;
};

static int world_open(void **state)
{
	struct world *w = calloc(1, sizeof *w);
	struct err err = { 0 };

	w->a = arena_new();
	if (limit_registry_load(w->a, &w->r, &err))
		fail_msg("%s", err.text);
	*state = w;
	return 0;
}

static int world_close(void **state)
{
	struct world *w = *state;

	arena_free(w->a);
	free(w);
	return 0;
}

static const struct operation *find(struct world *w, const char *op)
{
	const struct operation *o = NULL;

	assert_int_equal(limit_registry_find(&w->r, op, &o, NULL), OK);
	return o;
}

static void test_no_row_no_request(void **state)
{
	struct world *w = *state;
	const struct operation *o = NULL;
	struct err err;

	assert_int_equal(limit_registry_find(&w->r, "walmart.items.retire", &o, &err), FAULT_REFUSED);
	assert_null(o);
	assert_non_null(strstr(err.text, "walmart.items.retire has no row"));
	assert_int_equal(limit_registry_find(&w->r, NULL, &o, &err), FAULT_REFUSED);
	assert_int_equal(limit_registry_find(&w->r, "", &o, &err), FAULT_REFUSED);
}

static void test_the_figures_of_the_platforms(void **state)
{
	struct world *w = *state;
	struct limit l = operation_limit(find(w, "amazon.orders.search"), NOW);

	assert_int_equal(drain(&l, LANE_ORDERS), 20); /* no top lane ever reads orders, so nothing is kept back */
	assert_int_equal(limit_wait(&l, 1, LANE_ORDERS, NOW), 178572);
	l = operation_limit(find(w, "walmart.inventory.put"), NOW);
	assert_int_equal(drain(&l, LANE_INCREASE), 180);
	l = operation_limit(find(w, "walmart.orders.ship"), NOW);
	assert_int_equal(drain(&l, LANE_CONFIRM), 60);
	assert_string_equal(find(w, "walmart.orders.ack")->bucket, "walmart.orders.ack"); /* each its own sixty a minute */
	assert_string_equal(find(w, "walmart.feeds.list")->bucket, find(w, "walmart.feeds.get")->bucket);
	assert_int_equal(find(w, "shopify.orders.list")->reserve_pct, LIMIT_RESERVE); /* shared with those who write stock */
	l = operation_limit(find(w, "netsuite.orders.put"), NOW);
	assert_int_equal(drain(&l, LANE_CONFIRM), 5);
	assert_int_equal(limit_wait(&l, 1, LANE_CONFIRM, NOW), LIMIT_FULL);
}

#define HEAD "op,method,path,family,group,bucket,tokens,window_s,burst,concurrency,daily,cost,batch,source,date\n"

struct bad_row {
	const char *why, *text, *says;
};

static const struct bad_row bad_rows[] = {
	{ "no such method", HEAD "a.b.c,YELL,/x,orders,orders.read,,1,1,1,,,,,s,d\n", "limits.csv:2: method" },
	{ "no such family", HEAD "a.b.c,GET,/x,toys,orders.read,,1,1,1,,,,,s,d\n", "limits.csv:2: family" },
	{ "no such group", HEAD "a.b.c,GET,/x,orders,other,,1,1,1,,,,,s,d\n", "limits.csv:2: group" },
	{ "no source", HEAD "a.b.c,GET,/x,orders,orders.read,,1,1,1,,,,,,d\n", "limits.csv:2: path, source" },
	{ "no limit of any kind", HEAD "a.b.c,GET,/x,orders,orders.read,,,,,,,,,s,d\n", "limits.csv:2: a limit needs" },
	{ "a rate without a window", HEAD "a.b.c,GET,/x,orders,orders.read,,1,,1,,,,,s,d\n", "limits.csv:2: tokens, window_s" },
	{ "a number that is none", HEAD "a.b.c,GET,/x,orders,orders.read,,1,1,x,,,,,s,d\n", "limits.csv:2: burst" },
	{ "a name with a space", HEAD "a.b c,GET,/x,orders,orders.read,,1,1,1,,,,,s,d\n", "limits.csv:2: op" },
	{ "twice the same", HEAD "a.b.c,GET,/x,orders,orders.read,,1,1,1,,,,,s,d\na.b.c,GET,/x,orders,orders.read,,1,1,1,,,,,s,d\n",
	  "limits.csv:3: the operation has a row" },
	{ "one bucket, two depths", HEAD "a.b.c,GET,/x,orders,orders.read,b,1,1,1,,,,,s,d\na.b.d,GET,/x,orders,orders.read,b,1,1,2,,,,,s,d\n",
	  "limits.csv:3: the bucket has other figures" },
	{ "an empty file", "", "limits.csv:1: no header" },
};

static void test_bad_rows_are_named(void **state)
{
	struct world *w = *state;

	for (size_t i = 0; i < sizeof bad_rows / sizeof *bad_rows; i++) {
		struct limit_registry r;
		struct err err = { 0 };
		enum fault f = limit_registry_read(w->a, "limits.csv", bad_rows[i].text, strlen(bad_rows[i].text), &r, &err);

		if (f != FAULT_FORMAT || strncmp(err.text, bad_rows[i].says, strlen(bad_rows[i].says)))
			fail_msg("%s: \"%s\"", bad_rows[i].why, err.text);
	}
}

int main(void)
{
#define W(f) cmocka_unit_test_setup_teardown(f, world_open, world_close)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_two_a_minute), cmocka_unit_test(test_rates_are_exact), cmocka_unit_test(T4_fractions_of_credit_are_kept),
		cmocka_unit_test(T15_a_page_is_one_call), cmocka_unit_test(test_ages_do_not_overflow),
		cmocka_unit_test(test_a_cost_in_points), cmocka_unit_test(test_lanes_keep_a_reserve),
		cmocka_unit_test(test_small_buckets_starve_nobody), cmocka_unit_test(test_concurrency),
		cmocka_unit_test(test_days_are_counted_and_begin_anew), cmocka_unit_test(test_their_day_is_learnt),
		cmocka_unit_test(test_their_word_of_what_is_left),
		cmocka_unit_test(test_a_rate_is_learnt_downward), cmocka_unit_test(test_a_learnt_rate_keeps_what_was_in_the_bucket),
		cmocka_unit_test(test_counts_are_learnt_downward),
		cmocka_unit_test(test_a_restart_gives_no_new_tokens), cmocka_unit_test(test_a_restart_forgets_no_lesson),
		cmocka_unit_test(test_a_restart_with_another_row), cmocka_unit_test(test_a_damaged_row_does_no_harm), W(test_no_row_no_request), W(test_the_figures_of_the_platforms),
		W(test_bad_rows_are_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
