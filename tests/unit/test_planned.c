/*
 * What a plan takes off sale waits for a person when it is too much at once; what buyers took does not.
 */
#include "trade_world.h"

#include "trade/planned.h"

/* One item on walmart-us: so much shown and told, and nothing wanted of it any more. */
static void put_offer(struct world *w, int64_t id, int64_t shown)
{
	OKAY(w, store_exec(w->s, &w->err, arena_printf(w->a, "INSERT INTO item (id, sku, made_ms) VALUES (%lld, 'SKU-%lld', 1); INSERT INTO offer (id, account_id, sku, item_id, pool, "
	                   "target, pushed, pushed_ms, seen, seen_ms, known_ms) VALUES (%lld, %lld, 'SKU-%lld', %lld, 'own', 0, %lld, %lld, %lld, %lld, 1)", (long long)id, (long long)id,
	                   (long long)id, (long long)w->walmart, (long long)id, (long long)id, (long long)shown, (long long)(T0 - 3 * HOUR), (long long)shown,
	                   (long long)(T0 - MINUTE))));
}

static void put_sale(struct world *w, int64_t item, int64_t qty, int64_t pack, int64_t ago_ms)
{
	static int64_t orders;

	orders++;
	OKAY(w, store_exec(w->s, &w->err, arena_printf(w->a, "INSERT INTO orders (id, account_id, ref, state, open, due_ms, placed_ms, updated_ms, known_ms) VALUES (%lld, %lld, 'O-%lld', 'NEW', 1, 1, %lld, 1, 1); "
	                   "INSERT INTO order_line (order_id, ref, sku, item_id, qty, q_new, pack) VALUES (%lld, '1', 'SKU', %lld, %lld, %lld, %lld)", (long long)orders,
	                   (long long)w->walmart, (long long)orders, (long long)(T0 - ago_ms), (long long)orders, (long long)item, (long long)qty, (long long)qty,
	                   (long long)pack)));
}

static bool is_planned(struct world *w, int64_t offer)
{
	bool yes;

	w->why.now_ms = T0;
	OKAY(w, planned_note(w->s, offer, &w->why, &w->err));
	OKAY(w, planned_is(w->s, offer, &yes, &w->err));
	return yes;
}

/* The same item on an account that is out of step, shown there and in packs of so many. */
#define DARK(account, shown, pack) \
	"INSERT INTO lapse (account_id, cause, state, since_ms, looked_ms, steady_ms, bad_ms) VALUES (" #account ", 'write', 'ZEROED', 1, 1, 1, 1);" \
	"INSERT INTO offer (id, account_id, sku, item_id, pool, target, pushed, pushed_ms, seen, seen_ms, known_ms, pack, hold) " \
	"VALUES (9, " #account ", 'X', 1, 'own', 0, " #shown ", 1, " #shown ", 1, 1, " #pack ", 'out of step');"

/* A place that counts and was not heard for too long, with so many there. */
#define STALE(counted) \
	"INSERT INTO place (id, name, kind, stale, counts, active) VALUES (7, 'main', 'own', 1, 1, 1);" \
	"INSERT INTO stock (item_id, place_id, counted, valid_ms, known_ms) VALUES (1, 7, " #counted ", 1, 1);"

static void what_buyers_took_is_no_plan(void **state)
{
	static const struct {
		const char *why;
		int64_t shown, sold, pack, ago_ms, told_ago_ms;
		const char *more;
		bool planned;
	} cases[] = {
		{ "nobody bought any", 300, 0, 1, 0, 3 * HOUR, NULL, true },
		{ "two bought of three hundred did not take it off sale", 300, 2, 1, 10 * MINUTE, 5 * MINUTE, NULL, true },
		{ "all that was shown was bought", 30, 30, 1, 10 * MINUTE, 20 * MINUTE, NULL, false },
		{ "all but the few that go with the last", 38, 30, 1, 10 * MINUTE, 20 * MINUTE, NULL, false },
		{ "but for the few, yet nobody bought any", 5, 0, 1, 0, 3 * HOUR, NULL, true },
		{ "one of the last was bought", 5, 1, 1, 10 * MINUTE, 20 * MINUTE, NULL, false },
		{ "cases of twelve", 30, 2, 12, 10 * MINUTE, 20 * MINUTE, NULL, false },
		{ "of what is sold in cases two bought explain no thirty", 30, 2, 12, 10 * MINUTE, 20 * MINUTE, "UPDATE offer SET pack = 12", true },
		{ "one of a case is bought, and no case is left", 1, 1, 1, 10 * MINUTE, 20 * MINUTE, "UPDATE offer SET pack = 12", false },
		{ "what was bought two hours ago is in the number that was told since", 30, 30, 1, 2 * HOUR, 20 * MINUTE, NULL, true },
		{ "unless nothing was told since", 30, 30, 1, 2 * HOUR, 3 * HOUR, NULL, false },
		{ "what shows nothing is not taken off sale", 0, 0, 1, 0, 3 * HOUR, NULL, false },
		{ "what is held is a decision already", 300, 0, 1, 0, 3 * HOUR, "UPDATE offer SET hold = 'zero-out Z-1: x'", false },
		{ "an account out of step that has none of it keeps nothing back", 300, 0, 1, 0, 3 * HOUR,
		  "INSERT INTO lapse (account_id, cause, state, since_ms, looked_ms, steady_ms, bad_ms) VALUES (2, 'write', 'ZEROED', 1, 1, 1, 1)", true },
		{ "one that offers it too keeps what it may still show back from the others", 300, 0, 1, 0, 3 * HOUR, DARK(2, 100, 3), false },
		{ "what was said and not read counts as well", 300, 0, 1, 0, 3 * HOUR, DARK(2, 300, 1) "UPDATE offer SET seen = 0 WHERE id = 9;", false },
		{ "but no more than that", 300, 0, 1, 0, 3 * HOUR, DARK(2, 20, 3), true },
		{ "where it lies is not heard", 300, 0, 1, 0, 3 * HOUR, STALE(300), false },
		{ "what is kept back there is not gone with it", 300, 0, 1, 0, 3 * HOUR, STALE(300) "UPDATE stock SET held = 100;", true },
		{ "of a place that is not heard where none lies nothing is gone", 300, 0, 1, 0, 3 * HOUR, STALE(0), true },
		{ "nor more than lies there", 300, 0, 1, 0, 3 * HOUR, STALE(120), true },
		{ "both together explain it", 300, 0, 1, 0, 3 * HOUR, STALE(120) DARK(2, 200, 1), false },
		{ "and what was bought besides", 300, 40, 1, 10 * MINUTE, 3 * HOUR, STALE(250), false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct world w = world_new();

		put_offer(&w, 1, cases[i].shown);
		OKAY(&w, store_exec(w.s, &w.err, arena_printf(w.a, "UPDATE offer SET pushed_ms = %lld", (long long)(T0 - cases[i].told_ago_ms))));
		if (cases[i].sold)
			put_sale(&w, 1, cases[i].sold, cases[i].pack, cases[i].ago_ms);
		if (cases[i].more)
			OKAY(&w, store_exec(w.s, &w.err, cases[i].more));
		if (is_planned(&w, 1) != cases[i].planned)
			fail_msg("%s: %s", cases[i].why, cases[i].planned ? "it goes unseen" : "it waits");
		world_free(&w);
	}
}

static void too_many_at_once_wait_until_somebody_lets_them(void **state)
{
	const struct planned_rule rule = { .skus = 3, .pct = 5 };
	struct world w = world_new();
	struct planned_item *item;
	enum planned_answer answer;
	int n;

	(void)state;
	for (int64_t i = 1; i <= 4; i++) {
		put_offer(&w, i, 100 + i);
		assert_true(is_planned(&w, i));
	}
	OKAY(&w, planned_ask(w.s, 1, &rule, true, &w.why, &answer, &w.err));
	assert_int_equal(answer, PLANNED_SOON); /* others are thought over still */
	OKAY(&w, planned_ask(w.s, 1, &rule, false, &w.why, &answer, &w.err));
	assert_int_equal(answer, PLANNED_WAITS);
	put_sale(&w, 2, 3, 1, MINUTE);
	assert_true(is_planned(&w, 2)); /* a sale of three lets a hundred go no further */
	OKAY(&w, planned_items(w.s, 10, w.a, &item, &n, &w.err));
	assert_int_equal(n, 4);
	assert_string_equal(item[0].sku, "SKU-4"); /* most shown first */
	assert_int_equal(world_int(&w, "SELECT count(*) FROM alert WHERE kind = 'mass_zero' AND closed_ms = 0"), 1);
	OKAY(&w, planned_let(w.s, &w.why, &n, &w.err));
	assert_int_equal(n, 4);
	assert_false(is_planned(&w, 1));
	assert_int_equal(world_int(&w, "SELECT count(*) FROM alert WHERE kind = 'mass_zero' AND closed_ms = 0"), 0);
	world_free(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_buyers_took_is_no_plan),
		cmocka_unit_test(too_many_at_once_wait_until_somebody_lets_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
