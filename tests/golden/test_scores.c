/* What platforms hold a seller to, by our own books. */
#include "base/arena.h"
#include "golden/fixture.h"
#include "store/store.h"
#include "trade/intents.h"
#include "trade/scores.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

static const struct rate_case {
	const char *why;
	struct score x;
	int64_t rate, room;
	const char *verdict;
} rates[] = {
	{ "well below a limit that is not to be passed", { .target = 400, .warn = 300, .ours = true, .part = 1, .whole = 100 }, 100, 3, "ok" },
	{ "beyond the warning there is still room", { .target = 400, .warn = 300, .ours = true, .part = 31, .whole = 861 }, 360, 3, "WARN" },
	{ "at the limit there is none, and it is not broken", { .target = 400, .warn = 300, .ours = true, .part = 4, .whole = 100 }, 400, 0, "WARN" },
	{ "beyond it", { .target = 400, .warn = 300, .ours = true, .part = 5, .whole = 100 }, 500, -1, "CRIT" },
	{ "nothing to count is not zero", { .target = 400, .warn = 300, .ours = true }, 0, -1, "no data" },
	{ "what only they know", { .target = 9900, .higher = true }, 0, -1, "theirs" },
	{ "a badge counts orders", { .badge = true, .target = 100, .ours = true, .part = 99, .whole = 99 }, 10000, -1, "below" },
	{ "and has them", { .badge = true, .target = 100, .ours = true, .part = 100, .whole = 100 }, 10000, -1, "ok" },
};

static void a_score_says_how_it_stands(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
		const struct rate_case *c = &rates[i];

		if (score_rate(&c->x) != c->rate || score_room(&c->x) != c->room || strcmp(score_verdict(&c->x), c->verdict))
			fail_msg("%s: %lld, room %lld, %s", c->why, (long long)score_rate(&c->x), (long long)score_room(&c->x), score_verdict(&c->x));
	}
}

static const struct score *find(const struct score *x, int n, const char *account, const char *name, int days)
{
	for (int i = 0; i < n; i++)
		if (!strcmp(x[i].account_name, account) && !strcmp(x[i].name, name) && x[i].days == days)
			return &x[i];
	fail_msg("%s has no %s of %d days", account, name, days);
	return NULL;
}

#define HOUR "3600000"

/* Ten orders of a shop on Amazon: one left a day late, one is to leave since an hour and has not, one was cancelled; two are older than the window. */
static void our_own_books_are_counted(void **state)
{
	static const char orders[] =
		"INSERT INTO orders (id, account_id, ref, state, open, due_ms, ship_by_ms, placed_ms, updated_ms, known_ms) "
		"SELECT 900 + value, 77, 'S-' || value, CASE value WHEN 3 THEN 'CANCELLED' WHEN 2 THEN 'ACKED' ELSE 'SHIPPED' END, value = 2, 0, ?1 - CASE WHEN value > 8 THEN 40 * 24 ELSE value END * " HOUR ", "
		"?1 - CASE WHEN value > 8 THEN 45 * 24 ELSE 48 END * " HOUR ", 0, 0 FROM (SELECT 1 value UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION SELECT 5 UNION SELECT 6 UNION SELECT 7 UNION SELECT 8 UNION SELECT 9 UNION SELECT 10)";
	static const char left[] = "INSERT INTO shipment (order_id, package, carrier, tracking, shipped_ms, source, confirm) "
				   "SELECT id, 'p', 'ups', 'T' || id, ship_by_ms + CASE WHEN id = 905 THEN 24 ELSE -1 END * " HOUR ", 'operator', 'APPLIED' FROM orders WHERE account_id = 77 AND state = 'SHIPPED'";
	struct arena *a = arena_new();
	struct store *s;
	struct err err = { 0 };
	struct score *x;
	const struct score *late;
	int n;

	(void)state;
	if (store_memory(&s, &err))
		fail_msg("%s", err.text);
	fixture_fill(s);
	if (RUN(s, &err, "INSERT INTO account (id, name, channel, mode, enabled, state, made_ms) VALUES (77, 'books', 'amazon', 'live', 1, 'ok', 0)") || RUN(s, &err, orders, V(FIXTURE_NOW)) || RUN(s, &err, left))
		fail_msg("%s", err.text);
	assert_int_equal(scores_read(s, FIXTURE_NOW, a, &x, &n, &err), OK);
	late = find(x, n, "books", "Late shipment", 30);
	assert_int_equal(late->whole, 7); /* eight of the month, one of them cancelled */
	assert_int_equal(late->part, 2);
	assert_string_equal(score_verdict(late), "CRIT");
	assert_int_equal(find(x, n, "books", "Cancelled before shipping", 7)->whole, 8);
	assert_int_equal(find(x, n, "books", "Cancelled before shipping", 7)->part, 1);
	assert_false(find(x, n, "books", "Order defects", 60)->ours); /* theirs alone */
	store_close(s);
	arena_free(a);
}

static void a_zero_says_what_it_is_to_the_badges(void **state)
{
	const struct plan_row row[] = { { .sku = "SKU-0042", .account = "walmart-us", .sold = 12 }, { .sku = "SKU-0017", .account = "walmart-us", .sold = -1 } };
	struct arena *a = arena_new();
	struct store *s;
	struct err err = { 0 };
	const char **line;
	int n;

	(void)state;
	if (store_memory(&s, &err))
		fail_msg("%s", err.text);
	fixture_fill(s);
	assert_int_equal(scores_of_zero(s, row, 2, FIXTURE_NOW, a, &line, &n, &err), OK);
	assert_int_equal(n, 1); /* of the account that is meant, and of no other */
	assert_non_null(strstr(line[0], "walmart-us Pro Seller badge wants 100 orders in 90 days"));
	assert_non_null(strstr(line[0], "sold 12 units in the last 7 days"));
	store_close(s);
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_score_says_how_it_stands),
		cmocka_unit_test(our_own_books_are_counted),
		cmocka_unit_test(a_zero_says_what_it_is_to_the_badges),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
