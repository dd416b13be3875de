/* Silence is held against the same hour of past weeks: a stream that dies rings before two normal gaps are over, a quiet week rings nothing. */
#include "trade_world.h"

#include "base/clock.h"
#include "trade/rhythm.h"

enum { WEEK_H = 168, KNOWN = 5 * WEEK_H };

/* Events an hour at an hour of the week: few at night, many in the evening, twice as many on two days. */
static int64_t rate_at(int64_t hour)
{
	int64_t day = hour / 24 % 7, h = hour % 24;

	return (h < 7 ? 1 : h < 17 ? 6 : 14) * (day >= 5 ? 2 : 1);
}

static int64_t by_chance(struct rng *r, int64_t milli_rate)
{
	int64_t n = 0; /* 1000 draws of milli_rate / 1000000: close to Poisson */

	for (int i = 0; i < 1000; i++)
		n += rng_below(r, 1000000) < milli_rate;
	return n;
}

static struct rhythm lived(struct rng *r, int64_t now_ms)
{
	struct rhythm x = { .last_ms = now_ms, .hours = KNOWN };

	for (int i = 0; i < KNOWN; i++)
		x.n[i] = by_chance(r, rate_at(now_ms / HOUR - 1 - i) * 1000);
	return x;
}

/* Dropped at any hour of the week it rings, and does so in less than two normal gaps and an hour's grain. */
static void a_stream_that_dies_rings_before_two_normal_gaps(void **state)
{
	struct rng r = rng_seeded(7);

	(void)state;
	for (int h = 0; h < WEEK_H; h++) {
		int64_t died = T0 / HOUR * HOUR + h * HOUR, gap, none;
		struct rhythm x = lived(&r, died);
		int64_t at = died;

		rhythm_silence(&x, died, NORMAL_MILLI, &gap);
		while (rhythm_silence(&x, at, NORMAL_MILLI, &none) < RINGS_MILLI && at < died + 3 * 24 * HOUR) {
			at += 10 * MINUTE;
			if (at % HOUR == 0) { /* the hour that passed was empty */
				memmove(x.n + 1, x.n, sizeof x.n - sizeof *x.n);
				x.n[0] = 0;
			}
		}
		if (at - died > 2 * gap + 7 * HOUR) /* the night may lie between */
			fail_msg("died in hour %d: rings after %" PRId64 " min, the normal gap is %" PRId64, h, (at - died) / MINUTE, gap / MINUTE);
	}
}

static void a_quiet_week_rings_nothing(void **state)
{
	struct rng r = rng_seeded(11);
	int rang = 0;

	(void)state;
	for (int seed = 0; seed < 5; seed++) {
		int64_t now = T0 / HOUR * HOUR, gap;
		struct rhythm x = lived(&r, now);

		for (int m = 0; m < WEEK_H * 60; m++, now += MINUTE) {
			if (now % HOUR == 0 && m) {
				memmove(x.n + 1, x.n, sizeof x.n - sizeof *x.n);
				x.n[0] = 0;
			}
			if (rng_below(&r, 60000) < rate_at(now / HOUR) * 1000) {
				x.last_ms = now;
				x.n[0]++; /* near enough: counted with the hour before */
			}
			rang += rhythm_silence(&x, now, NORMAL_MILLI, &gap) >= RINGS_MILLI;
		}
	}
	assert_int_equal(rang, 0);
}

static void not_a_day_is_known(void **state)
{
	int64_t from = T0 / HOUR * HOUR, gap;
	struct rhythm x = { .last_ms = from, .hours = 23 };

	(void)state;
	assert_int_equal(rhythm_silence(&x, from + HOUR, NORMAL_MILLI, &gap), -1);
	x.hours = 48; /* and of two days nothing but the mean */
	for (int i = 0; i < 48; i++)
		x.n[i] = 7;
	assert_int_equal(rhythm_silence(&x, from + HOUR, NORMAL_MILLI, &gap), 7000);
	assert_int_equal(gap, HOUR);
}

/* From the rows of the store: orders and calls are counted once, what is still under way later. */
static void what_happens_is_counted_once(void **state)
{
	struct world w = world_new();
	struct quiet_row *q;
	int n;

	(void)state;
	for (int h = 1; h < 60; h++)
		OKAY(&w, store_exec(w.s, &w.err, arena_printf(w.a, "INSERT INTO orders (account_id, ref, state, open, due_ms, placed_ms, updated_ms, known_ms) VALUES (1, 'P-%d', 'NEW', 1, 1, %lld, 1, 1), "
		                                                   "(1, 'Q-%d', 'NEW', 1, 1, %lld, 1, 1)", h, (long long)(T0 - h * HOUR), h, (long long)(T0 - h * HOUR))));
	OKAY(&w, store_exec(w.s, &w.err, "INSERT INTO attempt (id, epoch, account_id, verb, op, writes, method, url, credential, correlation, trace, opened_ms, closed_ms, fault) VALUES "
	                                 "(1, 1, 1, 'orders', 'o', 0, 'GET', 'u', 'c', 'c-1', 't', 1, 1699999990000, ''), (2, 1, 1, 'stock', 'o', 1, 'PUT', 'u', 'c', 'c-2', 't', 1, 0, ''), "
	                                 "(3, 1, 1, 'orders', 'o', 0, 'GET', 'u', 'c', 'c-3', 't', 1, 1699999995000, '');"));
	OKAY(&w, rhythm_take(w.s, T0, &w.err));
	OKAY(&w, rhythm_take(w.s, T0, &w.err));
	assert_int_equal(world_int(&w, "SELECT sum(n) FROM rhythm WHERE name = 'orders'"), 118);
	assert_int_equal(world_int(&w, "SELECT sum(n) FROM rhythm WHERE name = 'read orders'"), 1);
	OKAY(&w, store_exec(w.s, &w.err, "UPDATE attempt SET closed_ms = 1699999999000 WHERE id = 2"));
	OKAY(&w, rhythm_take(w.s, T0, &w.err));
	assert_int_equal(world_int(&w, "SELECT sum(n) FROM rhythm WHERE name = 'read orders'"), 2);
	assert_int_equal(world_int(&w, "SELECT count(*) FROM stream"), 3);
	OKAY(&w, quiet_all(w.s, T0, w.a, &q, &n, &w.err));
	assert_int_equal(n, 3);
	assert_string_equal(q[0].name, "orders");
	assert_string_equal(q[0].state, "ok");
	assert_string_equal(q[1].state, "learning");
	OKAY(&w, quiet_watch(w.s, T0 + 8 * HOUR, &w.err));
	assert_int_equal(world_int(&w, "SELECT count(*) FROM alert WHERE kind = 'quiet' AND closed_ms = 0"), 1);
	assert_string_equal(world_text(&w, "SELECT subject FROM alert"), "orders");
	OKAY(&w, store_exec(w.s, &w.err, "INSERT INTO orders (account_id, ref, state, open, due_ms, placed_ms, updated_ms, known_ms) VALUES (1, 'R', 'NEW', 1, 1, 1700028700000, 1, 1)"));
	OKAY(&w, rhythm_take(w.s, T0 + 8 * HOUR, &w.err));
	OKAY(&w, quiet_watch(w.s, T0 + 8 * HOUR, &w.err));
	assert_int_equal(world_int(&w, "SELECT count(*) FROM alert WHERE kind = 'quiet' AND closed_ms = 0"), 0);
	world_free(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_stream_that_dies_rings_before_two_normal_gaps),
		cmocka_unit_test(a_quiet_week_rings_nothing),
		cmocka_unit_test(not_a_day_is_known),
		cmocka_unit_test(what_happens_is_counted_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
