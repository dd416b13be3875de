/* How long it takes: buckets and percentiles, and what calls were made for. */
#include "trade_world.h"

#include "trade/latency.h"

static void a_bucket_is_a_sixteenth_of_a_doubling(void **state)
{
	int last = -1;

	(void)state;
	for (int64_t ms = 0; ms < INT64_C(40000000000); ms = ms * 33 / 32 + 1) {
		int b = latency_bucket(ms);
		int64_t middle = latency_middle(b), off = middle > ms ? middle - ms : ms - middle;

		assert_true(b >= last && b < 640);
		assert_true(off * 100 <= ms * 4 + 100); /* within 4 % */
		last = b;
	}
	assert_int_equal(latency_bucket(-5), 0);
}

/* A known distribution, its 95th within 5 %. 1 to 1000 s, all alike often. */
static void percentiles_are_told_within_five_percent(void **state)
{
	struct world w = world_new();
	struct latency_row *row;
	int64_t p95, typical;
	int n;

	(void)state;
	for (int64_t s = 1; s <= 1000; s++)
		OKAY(&w, latency_add(w.s, w.walmart, "feed", "seen", s * 1000, T0, &w.err));
	for (int i = 0; i < 7; i++)
		OKAY(&w, latency_add(w.s, w.walmart, "feed", "lost", 0, T0, &w.err));
	OKAY(&w, latency_add(w.s, w.walmart, "single", "accept", 120, T0, &w.err));
	OKAY(&w, latency_rows(w.s, 30, T0, w.a, &row, &n, &w.err));
	assert_int_equal(n, 2);
	assert_string_equal(row[0].route, "feed");
	assert_in_range(row[0].seen_p95, 950000 * 95 / 100, 950000 * 105 / 100);
	assert_in_range(row[0].seen_p50, 500000 * 95 / 100, 500000 * 105 / 100);
	assert_int_equal(row[0].lost, 7);
	assert_string_equal(row[1].route, "single");
	assert_int_equal(row[1].accepted, 1);
	OKAY(&w, latency_p95(w.s, w.walmart, &p95, &w.err));
	assert_int_equal(p95, row[0].seen_p95);
	OKAY(&w, latency_typical(w.s, w.walmart, "single", &typical, &w.err));
	assert_int_equal(typical, 0); /* one is not enough to say anything */
	OKAY(&w, latency_rows(w.s, 30, T0 + 40 * 24 * HOUR, w.a, &row, &n, &w.err));
	assert_int_equal(n, 0); /* a month on it is history */
	world_free(&w);
}

static void calls_are_told_with_what_they_were_for(void **state)
{
	struct world w = world_new();
	struct tally_row *row;
	int n;

	(void)state;
	for (int i = 0; i < 10; i++)
		OKAY(&w, tally_add(w.s, w.walmart, "walmart.inventory.put", 1, 0, 0, 0, T0 + i * MINUTE, &w.err));
	OKAY(&w, tally_add(w.s, w.walmart, "walmart.inventory.put", 0, 2, 0, 0, T0, &w.err));
	OKAY(&w, tally_add(w.s, w.walmart, "walmart.inventory.put", 0, 2, 0, 0, T0 - 30 * HOUR, &w.err)); /* yesterday's */
	OKAY(&w, tally_rows(w.s, 24, T0 + HOUR, w.a, &row, &n, &w.err));
	assert_int_equal(n, 1);
	assert_int_equal(row[0].events, 10);
	assert_int_equal(row[0].calls, 2);
	world_free(&w);
}

/* Of ninety-eight that went at once and two that waited for an hour the 99th in a hundred is one of the two. */
static void the_queue_is_told_by_its_oldest(void **state)
{
	struct world w = world_new();
	struct queue_row *row;
	struct latency_row *other;
	int n;

	(void)state;
	for (int i = 0; i < 100; i++)
		OKAY(&w, latency_add(w.s, w.walmart, "stock", "queue", i < 98 ? 1000 : HOUR, T0, &w.err));
	OKAY(&w, store_exec(w.s, &w.err, "INSERT INTO job (account_id, verb, lane, writes, key, due_ms, trace, made_ms, state_ms) VALUES (1, 'stock', 1, 1, 'q', 1, 't', 5, 5)"));
	OKAY(&w, queue_rows(w.s, w.walmart, 1, T0, w.a, &row, &n, &w.err));
	assert_int_equal(n, 1);
	assert_string_equal(row[0].verb, "stock");
	assert_int_equal(row[0].said, 100);
	assert_in_range(row[0].p95, 960, 1040);
	assert_in_range(row[0].p99, HOUR * 96 / 100, HOUR * 104 / 100);
	assert_int_equal(row[0].waiting, 1);
	assert_int_equal(row[0].oldest_ms, 5);
	OKAY(&w, queue_rows(w.s, w.amazon, 1, T0, w.a, &row, &n, &w.err));
	assert_int_equal(n, 0);
	OKAY(&w, latency_rows(w.s, 1, T0, w.a, &other, &n, &w.err));
	assert_int_equal(n, 0); /* nothing was answered or shown */
	world_free(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_bucket_is_a_sixteenth_of_a_doubling),
		cmocka_unit_test(percentiles_are_told_within_five_percent),
		cmocka_unit_test(calls_are_told_with_what_they_were_for),
		cmocka_unit_test(the_queue_is_told_by_its_oldest),
	};

	return cmocka_run_group_tests_name("latency", tests, NULL, NULL);
}
