/* Pages of the queue and of drift: the same rows in the same order as a sorted list in memory, through indexes only. */
#include "trade/keyset.h"

#include "base/clock.h"
#include "base/text.h"
#include "store/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { ROWS = 5000, PAGE = 37 };
#define NOW INT64_C(1793000000000)

static struct store *store;

static void run(const char *sql, const struct val *v, size_t n)
{
	struct err err = { 0 };

	if (store_run(store, &err, sql, v, n))
		fail_msg("%s: %s", sql, err.text);
}

/* ---- a queue of 5,000 with many ties, and 800 offers of which most drift ---- */

static void fill_orders(struct rng *rng)
{
	static const char sql[] = "INSERT INTO orders (id, account_id, ref, state, open, due_ms, placed_ms, updated_ms, known_ms, currency, "
				  "total_minor, sku, units, country) VALUES (?, ?, ?, ?, ?, ?, ?, 1, 1, ?, ?, ?, ?, ?)";
	static const char *const currencies[] = { "USD", "EUR", "JPY", "KWD" };
	char ref[24], sku[16];

	for (int i = 1; i <= ROWS; i++) {
		bool open = rng_below(rng, 3) > 0;
		enum order_state state = open ? (enum order_state)rng_below(rng, ORDER_SHIPPED) : ORDER_SHIPPED;

		snprintf(ref, sizeof ref, "R-%05d", i);
		snprintf(sku, sizeof sku, "SKU-%02d", (int)rng_below(rng, 30));
		run(sql, VALS(V((i * 7919) % 100003), V(1 + (int)rng_below(rng, 3)), V(ref), V(order_state_name(state)), V(open),
		              V(open ? NOW + (rng_below(rng, 200) - 50) * 3600000 : NO_DEADLINE), V(NOW - rng_below(rng, 400) * 600000),
		              V(currencies[rng_below(rng, 4)]), V(rng_below(rng, 90) * 100), V(sku), V(rng_below(rng, 5) + 1), V("US")));
	}
}

static void fill_offers(struct rng *rng)
{
	static const char sql[] = "INSERT INTO offer (id, account_id, sku, item_id, pushed, seen, drift, drift_ms, risk, cause, known_ms) "
				  "VALUES (?, ?, ?, ?, 10, ?, ?, ?, ?, ?, 1)";
	char sku[16], account[16];

	run("INSERT INTO item (id, sku, available, made_ms) VALUES (1, 'ITEM-1', -2, 1), (2, 'ITEM-2', 5, 1)", NULL, 0);
	for (int i = 1; i <= 800; i++) {
		int64_t drift = rng_below(rng, 21) - 10;

		snprintf(sku, sizeof sku, "SKU-%02d", i % 40);
		snprintf(account, sizeof account, "walmart-%02d", i / 40);
		run("INSERT INTO account (id, name, channel, made_ms) VALUES (?, ?, 'walmart', 1) ON CONFLICT DO NOTHING",
		    VALS(V(100 + i / 40), V(account)));
		run(sql, VALS(V(i), V(100 + i / 40), V(sku), i % 3 ? V(1 + i % 2) : V_NULL, V(10 + drift), V(drift),
		              V(NOW - rng_below(rng, 50) * 60000), V(rng_below(rng, 5)), V(drift > 0 ? "CHANNEL_EDIT" : "UNKNOWN")));
	}
}

static int open_store(void **state)
{
	struct rng rng = rng_seeded(20261120);
	struct err err;

	(void)state;
	if (store_memory(&store, &err) || store_exec(store, &err, "BEGIN"))
		return -1;
	run("INSERT INTO account (id, name, channel, made_ms) VALUES (1, 'walmart-us', 'walmart', 1), (2, 'amazon-us', 'amazon', 1), "
	    "(3, 'amazon-de', 'amazon', 1)", NULL, 0);
	fill_orders(&rng);
	fill_offers(&rng);
	return store_exec(store, &err, "COMMIT") ? -1 : 0;
}

static int close_store(void **state)
{
	(void)state;
	store_close(store);
	return 0;
}

/* ---- the reference: all rows, sorted by what the header says ---- */

static struct order_row *all_orders;
static int n_orders;

static void read_all(struct arena *a)
{
	struct rows *r = store_ask(store,
	                           "SELECT o.id, o.open, o.due_ms, o.placed_ms, o.total_minor, c.name, o.sku FROM orders o, account c "
	                           "WHERE c.id = o.account_id", NULL, 0);

	all_orders = arena_alloc(a, sizeof *all_orders * ROWS);
	for (n_orders = 0; rows_next(r); n_orders++)
		all_orders[n_orders] = (struct order_row){ .id = rows_int(r, 0),
			                                   .open = rows_int(r, 1) != 0,
			                                   .due_ms = rows_int(r, 2),
			                                   .placed_ms = rows_int(r, 3),
			                                   .total_minor = rows_int(r, 4),
			                                   .account_name = rows_keep(r, 5, a),
			                                   .sku = rows_keep(r, 6, a) };
	assert_int_equal(rows_end(r, NULL), OK);
	assert_int_equal(n_orders, ROWS);
}

static int three(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

static int by_sort;

static int compare(const void *pa, const void *pb)
{
	const struct order_row *a = pa, *b = pb;
	int ids = three(a->id, b->id), placed = three(b->placed_ms, a->placed_ms), c;

	if (by_sort == SORT_PLACED)
		return placed ? placed : -ids;
	if (a->open != b->open)
		return a->open ? -1 : 1;
	if (!a->open)
		return placed ? placed : -ids;
	switch (by_sort) {
	case SORT_TOTAL:
		c = three(b->total_minor, a->total_minor);
		return c ? c : -ids;
	case SORT_CHANNEL:
		c = strcmp(a->account_name, b->account_name);
		c = c ? c : three(a->due_ms, b->due_ms);
		return c ? c : ids;
	case SORT_SKU:
		c = strcmp(a->sku, b->sku);
		return c ? c : ids;
	default:
		c = three(a->due_ms, b->due_ms);
		return c ? c : ids;
	}
}

static int sorted(int sort, bool reverse, bool all, int64_t *ids)
{
	int n = 0;

	by_sort = sort;
	qsort(all_orders, (size_t)n_orders, sizeof *all_orders, compare);
	for (int i = 0; i < n_orders; i++) {
		const struct order_row *r = &all_orders[reverse ? n_orders - 1 - i : i];

		if (all || r->open)
			ids[n++] = r->id;
	}
	return n;
}

static int page(struct arena *a, struct page_ask *ask, struct order_row **rows)
{
	struct err err = { 0 };
	int got;

	if (orders_page(store, ask, a, rows, &got, NULL, NULL, &err))
		fail_msg("%s", err.text);
	return got;
}

/* Down to the end and up again: each page follows the last row of the one before. */
static void walk(int sort, bool reverse, bool all, const int64_t *want, int n)
{
	struct page_ask ask = { .sort = sort, .reverse = reverse, .all = all, .n = PAGE, .now_ms = NOW };
	struct arena *a = arena_new();
	struct order_row *rows;
	int got, at = 0;

	while ((got = page(a, &ask, &rows))) {
		for (int i = 0; i < got; i++, at++)
			if (at >= n || rows[i].id != want[at])
				fail_msg("%s%s%s: row %d is %lld", order_sort_name((enum order_sort)sort), reverse ? " reversed" : "", all ? " all" : "",
				         at, (long long)rows[i].id);
		ask.key = order_key(&rows[got - 1], sort);
	}
	assert_int_equal(at, n);
	ask.before = true;
	for (at = n - 1; (got = page(a, &ask, &rows)); ask.key = order_key(&rows[got - 1], sort))
		for (int i = 0; i < got; i++)
			if (rows[i].id != want[--at])
				fail_msg("%s backwards: row %d is %lld", order_sort_name((enum order_sort)sort), at, (long long)rows[i].id);
	assert_int_equal(at, 0);
	ask = (struct page_ask){ .sort = sort, .reverse = reverse, .all = all, .before = true, .n = 3, .now_ms = NOW };
	assert_int_equal(page(a, &ask, &rows), 3); /* before nothing: the end of the list, nearest first */
	assert_int_equal(rows[0].id, want[n - 1]);
	arena_free(a);
}

static void the_queue_is_walked_both_ways_in_every_order(void **state)
{
	struct arena *a = arena_new();
	int64_t *ids = arena_alloc(a, sizeof *ids * ROWS);

	(void)state;
	read_all(a);
	for (int sort = 0; sort < ORDER_SORTS; sort++)
		for (int bits = 0; bits < 4; bits++)
			walk(sort, bits & 1, bits & 2, ids, sorted(sort, bits & 1, bits & 2, ids));
	arena_free(a);
}

static int compare_offers(const void *pa, const void *pb)
{
	const struct offer *a = pa, *b = pb;
	int ids = three(a->id, b->id), c;

	switch (by_sort) {
	case SORT_DELTA:
		c = three(llabs(b->drift), llabs(a->drift));
		return c ? c : -ids;
	case SORT_DRIFT_AGE:
		c = three(a->drift_ms, b->drift_ms);
		return c ? c : ids;
	case SORT_DRIFT_SKU:
		c = strcmp(a->sku, b->sku);
		return c ? c : ids;
	default:
		c = three(b->risk, a->risk);
		return c ? c : -ids;
	}
}

static void drift_is_walked_both_ways_in_every_order(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (int sort = 0; sort < DRIFT_SORTS; sort++) {
		struct page_ask ask = { .sort = sort, .n = PAGE, .now_ms = NOW };
		struct offer *list = arena_alloc(a, sizeof *list * 900), *sorted_list, *rows;
		int n = 0, got, at;

		while (!drift_page(store, &ask, a, &rows, &got, NULL, NULL, NULL) && got) {
			memcpy(list + n, rows, sizeof *rows * (size_t)got);
			n += got;
			ask.key = drift_key(&rows[got - 1], sort);
		}
		assert_in_range(n, 700, 800);
		sorted_list = arena_alloc(a, sizeof *list * 900);
		memcpy(sorted_list, list, sizeof *list * (size_t)n);
		by_sort = sort;
		qsort(sorted_list, (size_t)n, sizeof *list, compare_offers);
		for (int i = 0; i < n; i++)
			assert_int_equal(list[i].id, sorted_list[i].id);
		ask.before = true;
		for (at = n - 1; !drift_page(store, &ask, a, &rows, &got, NULL, NULL, NULL) && got; ask.key = drift_key(&rows[got - 1], sort))
			for (int i = 0; i < got; i++)
				assert_int_equal(rows[i].id, list[--at].id);
		assert_int_equal(at, 0);
	}
	arena_free(a);
}

static void a_filtered_walk_shows_each_fitting_row_once(void **state)
{
	struct page_ask ask = { .filter = "late channel:amazon-us,walmart or total>80 !to:DE", .all = true, .n = PAGE, .now_ms = NOW };
	struct arena *a = arena_new();
	struct order_row *rows;
	int64_t counted, seen = 0;
	int got;

	(void)state;
	for (ask.sort = 0; ask.sort < ORDER_SORTS; ask.sort++, seen = 0) {
		ask.key = (struct page_key){ 0 };
		while ((got = page(a, &ask, &rows))) {
			seen += got;
			ask.key = order_key(&rows[got - 1], ask.sort);
		}
		assert_int_equal(orders_count(store, &ask, 1000000, &counted, NULL), OK);
		assert_int_equal(seen, counted);
		assert_in_range(seen, 500, 4000);
	}
	arena_free(a);
}

static void counting_stops_at_the_most_that_was_asked(void **state)
{
	struct page_ask ask = { .filter = "open", .now_ms = NOW };
	int64_t n, by_counter;

	(void)state;
	assert_int_equal(orders_count(store, &ask, 100, &n, NULL), OK);
	assert_int_equal(n, 100);
	assert_int_equal(orders_count(store, &ask, 1000000, &n, NULL), OK);
	ask.filter = "";
	assert_int_equal(orders_count(store, &ask, 1000000, &by_counter, NULL), OK);
	assert_int_equal(n, by_counter);
}

static bool stop_now(void *ctx)
{
	++*(int *)ctx;
	return true;
}

static void a_long_count_can_be_interrupted(void **state)
{
	struct page_ask ask = { .filter = "title:nowhere or sku:nothing", .all = true, .now_ms = NOW };
	struct err err = { 0 };
	int asked = 0;
	int64_t n;

	(void)state;
	store_interrupt_if(store, stop_now, &asked);
	assert_int_equal(orders_count(store, &ask, 1000000, &n, &err), FAULT_STORE);
	store_interrupt_if(store, NULL, NULL);
	assert_true(asked > 0);
	assert_non_null(strstr(err.text, "interrupted"));
}

static void a_filter_error_says_where(void **state)
{
	struct page_ask ask = { .filter = "late chanel:walmart", .n = 10, .now_ms = NOW };
	struct arena *a = arena_new();
	struct order_row *rows;
	struct err err;
	int got, at, len;

	(void)state;
	assert_int_equal(orders_page(store, &ask, a, &rows, &got, &at, &len, &err), FAULT_REFUSED);
	assert_int_equal(at, 5);
	assert_int_equal(len, 6);
	assert_non_null(strstr(err.text, "did you mean channel?"));
	arena_free(a);
}

/* Money in one list must compare rightly: the SQL knows the same exponents as the C. */
static void money_compares_across_currencies(void **state)
{
	struct page_ask ask = { .filter = "total>=41", .all = true, .sort = SORT_PLACED, .n = 500, .now_ms = NOW };
	struct arena *a = arena_new();
	struct order_row *rows;
	int got, seen = 0;

	(void)state;
	while ((got = page(a, &ask, &rows))) {
		for (int i = 0; i < got; i++) {
			int exponent = currency_exponent(rows[i].currency);
			int64_t least = exponent == 0 ? 41 : exponent == 2 ? 4100 : 41000;

			assert_true(rows[i].total_minor >= least);
		}
		seen += got;
		ask.key = order_key(&rows[got - 1], SORT_PLACED);
	}
	assert_in_range(seen, 1000, 4000);
	arena_free(a);
}

/* ---- plans ---- */

/* Every statement of every view: through an index that gives the order, no scan of a table, nothing sorted afterwards. */
static void pinned(const char *name, const char *sql, int params)
{
	struct arena *a = arena_new();
	struct val v[8] = { V_NULL, V_NULL, V_NULL, V_NULL, V_NULL, V_NULL, V_NULL, V_NULL };
	struct rows *r = store_ask_text(store, arena_printf(a, "EXPLAIN QUERY PLAN %s", sql), v, (size_t)params);

	while (rows_next(r)) {
		const char *step = rows_text(r, 3);

		if (strstr(step, "TEMP B-TREE") || (!strncmp(step, "SCAN", 4) && !strstr(step, "USING")))
			fail_msg("%s: %s\n%s", name, step, sql);
	}
	assert_int_equal(rows_end(r, NULL), OK);
	arena_free(a);
}

static void every_view_reads_through_its_index(void **state)
{
	int n = 0;

	(void)state;
	for (int with_statistics = 0; with_statistics < 2; with_statistics++) {
		const char *name, *sql;
		int params;

		for (int i = 0; view_statement(i, &name, &sql, &params); i++, n++)
			pinned(name, sql, params);
		assert_int_equal(store_exec(store, NULL, "ANALYZE"), OK); /* figures must not tempt the planner */
	}
	assert_int_equal(n, 2 * 20);
}

static void the_overview_is_what_the_rows_say(void **state)
{
	struct arena *a = arena_new();
	struct overview o;
	int64_t n, placed = 0;

	(void)state;
	assert_int_equal(overview_read(store, NOW, a, &o, NULL), OK);
	assert_int_equal(o.orders, ROWS);
	assert_int_equal(GET_INT(store, NULL, 0, &n, "SELECT count(*) FROM orders WHERE open = ?", V(1)), OK);
	assert_int_equal(o.open, n);
	assert_int_equal(GET_INT(store, NULL, 0, &n, "SELECT min(due_ms) FROM orders WHERE open = ?", V(1)), OK);
	assert_int_equal(o.oldest_late_ms, n);
	assert_true(o.next_due_ms >= NOW);
	assert_string_equal(o.worst_sku, "ITEM-1");
	assert_int_equal(o.oversold, 1);
	for (int i = 0; i < 24; i++)
		placed += o.per_hour[i];
	assert_int_equal(GET_INT(store, NULL, 0, &n, "SELECT count(*) FROM orders WHERE placed_ms >= ? AND placed_ms < ?",
	                         V(NOW - INT64_C(86400000)), V(NOW)), OK);
	assert_int_equal(placed, n);
	assert_int_equal(o.channels_ok, 0);
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_queue_is_walked_both_ways_in_every_order),
		cmocka_unit_test(drift_is_walked_both_ways_in_every_order),
		cmocka_unit_test(a_filtered_walk_shows_each_fitting_row_once),
		cmocka_unit_test(counting_stops_at_the_most_that_was_asked),
		cmocka_unit_test(a_long_count_can_be_interrupted),
		cmocka_unit_test(a_filter_error_says_where),
		cmocka_unit_test(money_compares_across_currencies),
		cmocka_unit_test(every_view_reads_through_its_index),
		cmocka_unit_test(the_overview_is_what_the_rows_say),
	};

	return cmocka_run_group_tests(tests, open_store, close_store);
}
