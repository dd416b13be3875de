/* A SKU's life: each event in its words, pages that meet, curves that are blank where nobody looked. */
#include "trade_truth.h"

#include "trade/offers.h"
#include "trade/timeline.h"

enum { MOST = 400 };

struct life {
	struct moment *m;
	int n;
};

/* All of it, in pages of so many rows, oldest first. */
static struct life life_of(struct world *w, int64_t item, int page)
{
	struct life l = { arena_alloc(w->a, MOST * sizeof *l.m), 0 };
	struct timeline_key key, from = { { 0 } };
	struct moment *m;
	bool more = true;
	int got;

	OKAY(w, timeline_at(w->s, INT64_MAX, &key, &w->err));
	while (more) {
		OKAY(w, timeline_page(w->s, item, &key, &from, page, w->a, &m, &got, &more, &w->err));
		for (int i = 0; i < got; i++)
			l.m[l.n++] = m[i];
	}
	for (int i = 0; i < l.n / 2; i++) {
		struct moment x = l.m[i];

		l.m[i] = l.m[l.n - 1 - i];
		l.m[l.n - 1 - i] = x;
	}
	return l;
}

static void see(struct world *w, int64_t qty, int64_t at_ms)
{
	struct seen s = { .sku = "SKU-1", .pool = "own", .qty = qty };

	w->why.now_ms = at_ms;
	w->why.actor = "channel:walmart-us";
	OKAY(w, offers_seen(w->s, w->walmart, &s, 1, at_ms, &w->why, &w->err));
}

/* Counted, offered, said, seen, changed behind our back, sold, shipped, held. */
static struct world with_a_life(void)
{
	struct world w = world_new();
	struct count c = { .sku = "SKU-1", .title = "Box", .qty = 40, .valid_ms = T0 - HOUR };

	w.why.actor = "file:counts.csv";
	OKAY(&w, counts_take(w.s, &c, 1, false, true, &w.why, &w.err));
	see(&w, 40, T0 + 1 * MINUTE);
	OKAY(&w, store_exec(w.s, &w.err, "UPDATE offer SET target = 34, ver = 1; UPDATE account SET heard_ms = 1700900000000"));
	w.why.now_ms = T0 + 2 * MINUTE;
	OKAY(&w, offer_accepted(w.s, 1, 34, 1, MINUTE, &w.why, &w.err));
	see(&w, 34, T0 + 4 * MINUTE);
	see(&w, 34, T0 + 8 * MINUTE);
	see(&w, 90, T0 + 20 * MINUTE);
	w.why.now_ms = T0 + 21 * MINUTE;
	world_order(&w, w.walmart, "305-1", ORDER_NEW, 3, 0);
	w.why.now_ms = T0 + 22 * MINUTE;
	world_order(&w, w.walmart, "305-1", ORDER_SHIPPED, 3, 0);
	w.why.now_ms = T0 + 23 * MINUTE;
	w.why.actor = "file:counts.csv";
	c.qty = 36;
	c.valid_ms = T0 + 23 * MINUTE;
	OKAY(&w, counts_take(w.s, &c, 1, false, true, &w.why, &w.err));
	OKAY(&w, store_exec(w.s, &w.err, "INSERT INTO note (subject, text, actor, at_ms) VALUES ('item:1', 'one was broken', 'uid:1000 jo', 1700001440000)"));
	return w;
}

static const struct {
	char mark;
	const char *what, *detail;
} told[] = {
	{ ' ', "first known", "" },
	{ 'C', "counted +40 -> 40", "warehouse" },
	{ ' ', "shows 40", "read for the first time" },
	{ ' ', "listed", "SKU-1" },
	{ ' ', "shows 34", "40 until 22:14:20Z; as we said" },
	{ 'E', "shows 90", "between 22:21:20Z and 22:33:20Z somebody changed 34 to 90; not us" },
	{ 'S', "sold -3 -> 37", "walmart-us 305-1" },
	{ 'B', "owed no more +3 -> 40", "walmart-us 305-1" },
	{ 'D', "left -3 -> 37", "warehouse 305-1" },
	{ 'C', "counted -1 -> 36", "warehouse" },
	{ ' ', "note", "one was broken" },
};

enum { TOLD = sizeof told / sizeof *told };

static void a_life_is_told_in_order(void **state)
{
	struct world w = with_a_life();
	struct life l = life_of(&w, 1, 100);

	(void)state;
	for (int i = 0; i < l.n || i < TOLD; i++)
		if (i >= l.n || i >= TOLD || l.m[i].mark != told[i].mark || strcmp(l.m[i].e.what, told[i].what) || strcmp(l.m[i].e.detail, told[i].detail))
			fail_msg("line %d: %c %s (%s) instead of %s (%s)", i + 1, i < l.n ? l.m[i].mark : '-', i < l.n ? l.m[i].e.what : "nothing",
			         i < l.n ? l.m[i].e.detail : "", i < TOLD ? told[i].what : "nothing", i < TOLD ? told[i].detail : "");
	world_free(&w);
}

static void deltas_add_up_and_every_line_has_somebody(void **state)
{
	struct world w = with_a_life();
	struct life l = life_of(&w, 1, 100);
	int64_t sum = 0;

	(void)state;
	for (int i = 0; i < l.n; i++) {
		assert_true(l.m[i].e.actor[0]);
		if (!l.m[i].offer && l.m[i].new != UNTOLD) {
			assert_int_equal(l.m[i].old, sum);
			sum = l.m[i].new;
		}
	}
	assert_int_equal(sum, world_int(&w, "SELECT available FROM item WHERE id = 1"));
	world_free(&w);
}

static void pages_of_any_size_meet(void **state)
{
	struct world w = with_a_life();

	(void)state;
	for (int page = 1; page <= 12; page++) {
		struct life l = life_of(&w, 1, page);

		assert_int_equal(l.n, TOLD);
		for (int i = 0; i < TOLD; i++)
			assert_string_equal(l.m[i].e.what, told[i].what);
	}
	world_free(&w);
}

static void a_moment_is_found_by_its_time(void **state)
{
	static const struct {
		const char *why;
		int64_t at_ms;
		int lines;
	} cases[] = { { "before all", T0 - 1, 0 }, { "the first millisecond", T0, 2 }, { "between two", T0 + 3 * MINUTE, 4 }, { "after all", T0 + HOUR, TOLD } };
	struct world w = with_a_life();

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct timeline_key key, from = { { 0 } };
		struct moment *m;
		bool more;
		int got;

		OKAY(&w, timeline_at(w.s, cases[i].at_ms, &key, &w.err));
		OKAY(&w, timeline_page(w.s, 1, &key, &from, 100, w.a, &m, &got, &more, &w.err));
		if (got != cases[i].lines)
			fail_msg("%s: %d lines", cases[i].why, got);
	}
	assert_int_equal(timeline_page(w.s, 99, &(struct timeline_key){ { 1 } }, &(struct timeline_key){ { 1 } }, 1, w.a, &(struct moment *){ 0 }, &(int){ 0 }, &(bool){ 0 }, &w.err),
	                 FAULT_REFUSED);
	world_free(&w);
}

static void a_curve_is_blank_where_nobody_looked(void **state)
{
	static const struct {
		const char *why;
		int minute;
		int64_t available, shown;
	} points[] = {
		{ "before anything", -1, UNTOLD, UNTOLD },  { "counted, not read", 0, 40, UNTOLD },  { "read", 1, 40, 40 },
		{ "said, not read yet", 3, 40, UNTOLD },    { "seen", 4, 40, 34 },                   { "and still so at the next read", 7, 40, 34 },
		{ "after the last read that showed it", 12, 40, UNTOLD }, { "changed by somebody", 20, 40, 90 }, { "sold, and not read since", 21, 37, UNTOLD },
		{ "in the future", 40, UNTOLD, UNTOLD },
	};
	struct world w = with_a_life();
	struct curve *c;
	int n;

	(void)state;
	/* a point at the end of each minute's part, from two minutes before */
	OKAY(&w, timeline_curves(w.s, 1, T0 - 2 * MINUTE, T0 + 58 * MINUTE, T0 + 30 * MINUTE, 60, w.a, &c, &n, &w.err));
	assert_int_equal(n, 2);
	for (size_t i = 0; i < sizeof points / sizeof *points; i++) {
		int at = points[i].minute + 1;

		if (c[0].value[at] != points[i].available || c[1].value[at] != points[i].shown)
			fail_msg("%s: %" PRId64 " available, %" PRId64 " shown", points[i].why, c[0].value[at], c[1].value[at]);
	}
	world_free(&w);
}

/* An order that the warehouse has in hand is off its own number: the line says so, and what is available stays. */
static void what_a_warehouse_took_is_named(void **state)
{
	struct truth_world t = truth_new(CONFLICT_MIN);
	struct life l;

	(void)state;
	truth_count(&t, t.wms, "dallas", "SKU-1", 10, T0);
	t.w.why.now_ms = T0 + MINUTE;
	t.w.why.actor = "channel:walmart-us";
	world_order(&t.w, t.w.walmart, "305-2", ORDER_NEW, 2, 0);
	t.w.why.now_ms = T0 + 2 * MINUTE;
	t.w.why.actor = "channel:wms";
	truth_dispatch(&t, t.wms, "305-2", "PICKING", T0 + MINUTE, T0 + 2 * MINUTE);
	t.w.why.now_ms = T0 + 3 * MINUTE;
	truth_count(&t, t.wms, "dallas", "SKU-1", 7, T0 + 3 * MINUTE);
	l = life_of(&t.w, 1, 100);
	assert_string_equal(l.m[l.n - 1].e.what, "counted -1 -> 7");
	assert_non_null(strstr(l.m[l.n - 1].e.detail, "305-2: off the warehouse's own number now"));
	world_free(&t.w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_life_is_told_in_order),
		cmocka_unit_test(deltas_add_up_and_every_line_has_somebody),
		cmocka_unit_test(pages_of_any_size_meet),
		cmocka_unit_test(a_moment_is_found_by_its_time),
		cmocka_unit_test(a_curve_is_blank_where_nobody_looked),
		cmocka_unit_test(what_a_warehouse_took_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
