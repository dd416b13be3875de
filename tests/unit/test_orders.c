/* Orders as they are told: once, twice, late, out of order, wrong; what they owe of our stock; whom they go to. */
#include "trade_seal.h"
#include "trade_world.h"

#include "base/clock.h"
#include "base/fields.h"
#include "trade/change.h"
#include "trade/inventory.h"
#include "trade/lines.h"
#include "trade/orders.h"
#include "trade/person.h"
#include "trade/shipments.h"

#include <time.h>

/* ---- saying an order in one line ---- */

static struct order_line line(const char *ref, const char *sku, enum order_state state, int64_t qty)
{
	struct order_line l = { .ref = ref, .sku = sku, .title = "Box", .qty = qty, .price_minor = 1000 * qty };

	l.bucket[state] = qty;
	return l;
}

static struct order order(const char *ref, int64_t updated_ms, struct order_line *l, int n)
{
	return (struct order){ .ref = ref, .placed_ms = T0 - HOUR, .updated_ms = updated_ms, .ship_by_ms = T0 + 24 * HOUR,
		               .ack_by_ms = T0 + 3 * HOUR, .currency = "USD", .country = "US", .line = l, .lines = n };
}

static enum told tell(struct world *w, const struct order *o)
{
	enum told told;

	OKAY(w, orders_tell(w->s, w->walmart, o, &seal, &w->why, &told, &w->err));
	return told;
}

static struct order_detail get(struct world *w, const char *ref)
{
	struct order_detail d;
	int64_t id;

	OKAY(w, order_find(w->s, 0, ref, &id, &w->err));
	OKAY(w, order_get(w->s, id, w->a, &d, &w->err));
	return d;
}

/* ---- once, twice, late ---- */

static void told_once_twice_and_late(void **state)
{
	static const struct {
		const char *why;
		int64_t updated_ms;
		enum order_state is;
		enum told want;
		enum order_state stored;
	} steps[] = {
		{ "first heard of", T0, ORDER_NEW, TOLD_NEW, ORDER_NEW },
		{ "the same again", T0, ORDER_NEW, TOLD_SAME, ORDER_NEW },
		{ "acknowledged", T0 + 10, ORDER_ACKED, TOLD_CHANGED, ORDER_ACKED },
		{ "an older page arrives late", T0 + 5, ORDER_NEW, TOLD_OLDER, ORDER_ACKED },
		{ "the first page once more", T0, ORDER_NEW, TOLD_OLDER, ORDER_ACKED },
		{ "shipped", T0 + 20, ORDER_SHIPPED, TOLD_CHANGED, ORDER_SHIPPED },
		{ "shipped, told by the read-back as well", T0 + 20, ORDER_SHIPPED, TOLD_SAME, ORDER_SHIPPED },
		{ "a newer telling that is less far along", T0 + 30, ORDER_ACKED, TOLD_CHANGED, ORDER_SHIPPED },
		{ "delivered", T0 + 40, ORDER_DELIVERED, TOLD_CHANGED, ORDER_DELIVERED },
	};
	struct world w = world_new();

	(void)state;
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		struct order_line l = line("1", "SKU-1", steps[i].is, 2);
		struct order o = order("P-1", steps[i].updated_ms, &l, 1);
		int64_t before = world_int(&w, "SELECT count(*) FROM change");
		enum told told = tell(&w, &o);

		if (told != steps[i].want || get(&w, "P-1").row.state != steps[i].stored)
			fail_msg("%s: told %d, stored %s", steps[i].why, told, order_state_name(get(&w, "P-1").row.state));
		if ((told == TOLD_SAME || told == TOLD_OLDER) && world_int(&w, "SELECT count(*) FROM change") != before)
			fail_msg("%s: something was written", steps[i].why);
	}
	assert_int_equal(world_int(&w, "SELECT count(*) FROM orders"), 1);
	assert_int_equal(world_int(&w, "SELECT count(*) FROM alert WHERE kind = 'moved_back'"), 1);
	assert_int_equal(get(&w, "P-1").row.open, 0);
	world_free(&w);
}

/* ---- a line that only one reading has ---- */

/* One reading took "1" for "3"; minutes later or sooner the order is told again. */
static void a_line_that_is_told_no_more_is_struck(void **state)
{
	static const struct {
		const char *why;
		int minute;
		const char *line; /* the numbers of its lines */
		enum told want;
		int64_t owed, cancelled;
	} steps[] = {
		{ "two lines, one of them misread", 0, "32", TOLD_NEW, 8, 0 },
		{ "the right two: the third is waited for", 1, "12", TOLD_SHORT, 12, 0 },
		{ "the same four minutes later", 5, "12", TOLD_SHORT, 12, 0 },
		{ "the same when the time is over", 6, "12", TOLD_CHANGED, 8, 4 },
		{ "and then it is the same", 7, "12", TOLD_SAME, 8, 4 },
		{ "it was there after all", 8, "312", TOLD_CHANGED, 12, 0 },
		{ "lacking again, the wait begins anew", 20, "12", TOLD_SHORT, 12, 0 },
		{ "and told again in time", 22, "312", TOLD_CHANGED, 12, 0 },
	};
	struct world w = world_new();

	(void)state;
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		struct order_line l[3];
		const char *refs[] = { "1", "2", "3" };
		int n = (int)strlen(steps[i].line);
		struct order o = order("P-1", T0, l, n);

		for (int k = 0; k < n; k++)
			l[k] = line(refs[steps[i].line[k] - '1'], "SKU-1", ORDER_NEW, 4);
		w.why.now_ms = T0 + steps[i].minute * MINUTE;
		if (tell(&w, &o) != steps[i].want)
			fail_msg("%s: told otherwise", steps[i].why);
		assert_int_equal(world_int(&w, "SELECT sum(reserves) FROM order_line"), steps[i].owed);
		assert_int_equal(world_int(&w, "SELECT sum(q_cancelled) FROM order_line"), steps[i].cancelled);
		assert_int_equal(world_int(&w, "SELECT count(*) FROM alert WHERE kind = 'line_gone'"), steps[i].minute >= 6);
	}
	world_free(&w);
}

struct gone_case {
	const char *why;
	int64_t units;            /* that left, by the packages */
	int64_t shipped, owed;    /* then */
};

static const struct gone_case gone_cases[] = {
	{ "by the lists it is one at least", -1, 1, 4 },
	{ "by its packages three", 3, 3, 2 },
	{ "the lists say one at least again", -1, 3, 2 },
	{ "an older reading of the packages", 2, 3, 2 },
	{ "five of five, while the line is open by its own word: one was told twice", 5, 4, 1 },
};

static void packages_say_how_many_left(void **state)
{
	struct world w = world_new();
	const struct order_gone other = { "9", 3 };

	(void)state;
	OKAY(&w, orders_gone(w.s, w.walmart, "P-1", &other, 1, &w.why, &w.err)); /* nobody knows that order yet */
	for (size_t i = 0; i < sizeof gone_cases / sizeof *gone_cases; i++) {
		const struct gone_case *c = &gone_cases[i];
		const struct order_gone gone = { "1", c->units };
		struct order_line l = line("1", "SKU-1", ORDER_ACKED, 5);
		struct order o = order("P-1", T0 + (int64_t)i, &l, 1);
		struct order_detail d;

		l.bucket[ORDER_ACKED] = 4;
		l.bucket[ORDER_SHIPPED] = 1;
		l.least = true;
		if (c->units < 0)
			assert_int_equal(tell(&w, &o), i ? TOLD_CHANGED : TOLD_NEW);
		else
			OKAY(&w, orders_gone(w.s, w.walmart, "P-1", &gone, 1, &w.why, &w.err));
		d = get(&w, "P-1");
		if (d.line[0].bucket[ORDER_SHIPPED] != c->shipped || d.line[0].reserves != c->owed)
			fail_msg("%s: %d shipped, %d owed", c->why, (int)d.line[0].bucket[ORDER_SHIPPED], (int)d.line[0].reserves);
	}
	assert_int_equal(get(&w, "P-1").row.state, ORDER_ACKED);
	assert_int_equal(world_int(&w, "SELECT count(*) FROM alert WHERE kind = 'moved_back'"), 0);
	world_free(&w);
}

/* T10: a hundred copies of an order, from lists and notices alike: one order. */
static void T10_a_hundred_copies_are_one_order(void **state)
{
	struct world w = world_new();

	(void)state;
	for (int i = 0; i < 100; i++) {
		struct order_line l = line("1", "SKU-1", ORDER_NEW, 2);
		struct order o = order("P-1", T0, &l, 1);

		o.path = arena_printf(w.a, "list.elements.order[%d]", i); /* wherever it stood */
		assert_int_equal(tell(&w, &o), i ? TOLD_SAME : TOLD_NEW);
	}
	assert_int_equal(world_int(&w, "SELECT count(*) FROM orders"), 1);
	assert_int_equal(world_int(&w, "SELECT value FROM counter WHERE name = 'orders'"), 1);
	assert_string_equal(get(&w, "P-1").path, "list.elements.order[0]");
	world_refuses(&w, "INSERT INTO orders (account_id, ref, state, open, due_ms, placed_ms, updated_ms, known_ms) "
	                  "SELECT account_id, ref, 'NEW', 1, 1, 1, 1, 1 FROM orders", "UNIQUE");
	world_free(&w);
}

static void two_accounts_may_have_the_same_number(void **state)
{
	struct world w = world_new();
	struct order_line l = line("1", "SKU-1", ORDER_NEW, 1);
	struct order o = order("P-1", T0, &l, 1);
	enum told told;
	int64_t id;

	(void)state;
	o.other_ref = "B-9";
	tell(&w, &o);
	OKAY(&w, orders_tell(w.s, w.amazon, &o, &seal, &w.why, &told, &w.err));
	assert_int_equal(told, TOLD_NEW);
	OKAY(&w, order_find(w.s, w.amazon, "P-1", &id, &w.err));
	assert_int_equal(id, 2);
	OKAY(&w, order_find(w.s, w.walmart, "B-9", &id, &w.err));
	assert_int_equal(id, 1);
	OKAY(&w, order_find(w.s, 0, "P-2", &id, &w.err));
	assert_int_equal(id, 0);
	world_free(&w);
}

/* ---- units only go forward ---- */

struct forward {
	const char *why;
	int64_t was[ORDER_STATES], told[ORDER_STATES], want[ORDER_STATES];
	bool back;
};

#define PENDING(n) [ORDER_PENDING] = n
#define NEW(n) [ORDER_NEW] = n
#define ACKED(n) [ORDER_ACKED] = n
#define PICKING(n) [ORDER_PICKING] = n
#define SHIPPED(n) [ORDER_SHIPPED] = n
#define DELIVERED(n) [ORDER_DELIVERED] = n
#define CANCELLED(n) [ORDER_CANCELLED] = n
#define UNKNOWN(n) [ORDER_UNKNOWN] = n

static const struct forward forwards[] = {
	{ "an acknowledgement", { NEW(5) }, { ACKED(5) }, { ACKED(5) }, false },
	{ "new again after it was acknowledged", { ACKED(5) }, { NEW(5) }, { ACKED(5) }, false },
	{ "the warehouse is further than the channel knows", { PICKING(5) }, { ACKED(5) }, { PICKING(5) }, false },
	{ "two of five shipped, one cancelled", { ACKED(5) }, { ACKED(2), SHIPPED(2), CANCELLED(1) }, { ACKED(2), SHIPPED(2), CANCELLED(1) }, false },
	{ "cancelling reaches what is being picked", { PICKING(3) }, { NEW(1), CANCELLED(2) }, { PICKING(1), CANCELLED(2) }, false },
	{ "shipped units cannot be cancelled", { SHIPPED(2) }, { CANCELLED(2) }, { SHIPPED(2) }, true },
	{ "shipped does not become new", { SHIPPED(2) }, { NEW(2) }, { SHIPPED(2) }, true },
	{ "delivered does not become shipped", { DELIVERED(2) }, { SHIPPED(2) }, { DELIVERED(2) }, true },
	{ "one of two shipped, then they show the other one", { NEW(1), SHIPPED(1) }, { SHIPPED(2) }, { SHIPPED(2) }, false },
	{ "cancelled stays cancelled", { CANCELLED(2) }, { NEW(2) }, { CANCELLED(2) }, false },
	{ "what was cancelled and is shipped all the same, is shipped", { CANCELLED(2) }, { SHIPPED(2) }, { SHIPPED(2) }, false },
	{ "a word we do not know is shown", { ACKED(2) }, { UNKNOWN(2) }, { UNKNOWN(2) }, false },
	{ "but does not hide what was shipped", { SHIPPED(2) }, { UNKNOWN(2) }, { SHIPPED(2) }, false },
	{ "and is left when it becomes known", { UNKNOWN(2) }, { ACKED(2) }, { ACKED(2) }, false },
	{ "payment cleared", { PENDING(2) }, { NEW(2) }, { NEW(2) }, false },
	{ "a buyer adds a unit", { ACKED(2) }, { ACKED(3) }, { ACKED(3) }, false },
	{ "a line shrinks below what was shipped", { SHIPPED(3) }, { NEW(1) }, { SHIPPED(3) }, true },
};

static int64_t sum(const int64_t b[ORDER_STATES])
{
	int64_t n = 0;

	for (int k = 0; k < ORDER_STATES; k++)
		n += b[k];
	return n;
}

static void units_only_go_forward(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof forwards / sizeof *forwards; i++) {
		const struct forward *f = &forwards[i];
		int64_t told[ORDER_STATES], qty = sum(f->told);
		bool back;

		memcpy(told, f->told, sizeof told);
		back = line_forward(f->was, told, &qty);
		if (memcmp(told, f->want, sizeof told) || back != f->back || qty != sum(f->want))
			fail_msg("%s", f->why);
	}
}

static void scatter(struct rng *rng, int64_t qty, int64_t b[ORDER_STATES])
{
	memset(b, 0, ORDER_STATES * sizeof *b);
	while (qty-- > 0)
		b[rng_below(rng, ORDER_STATES)]++;
}

/* Whatever two tellings say: units sum up, none is negative, none that was shipped comes back, telling it again changes nothing. */
static void no_two_tellings_lose_a_unit(void **state)
{
	struct rng rng = rng_seeded(7);

	(void)state;
	for (int i = 0; i < 100000; i++) {
		int64_t was[ORDER_STATES], told[ORDER_STATES], again[ORDER_STATES], qty = rng_below(&rng, 9), n, k;
		const int64_t asked = qty;

		scatter(&rng, rng_below(&rng, 4) ? qty : rng_below(&rng, 9), was);
		scatter(&rng, qty, told);
		memcpy(again, told, sizeof again);
		line_forward(was, told, &qty);
		assert_int_equal(sum(told), qty);
		for (int s = 0; s < ORDER_STATES; s++)
			assert_true(told[s] >= 0);
		assert_true(told[ORDER_SHIPPED] + told[ORDER_DELIVERED] >= was[ORDER_SHIPPED] + was[ORDER_DELIVERED]);
		assert_true(told[ORDER_DELIVERED] >= was[ORDER_DELIVERED]);
		n = qty;
		memcpy(was, told, sizeof was);
		k = asked;
		line_forward(was, again, &k);
		if (asked == n)
			assert_memory_equal(again, told, sizeof told);
	}
}

/* Tellings of one order in any order of arrival end where the last of them ends. */
static void the_order_of_arrival_does_not_matter(void **state)
{
	static const enum order_state way[] = { ORDER_PENDING, ORDER_NEW, ORDER_ACKED, ORDER_SHIPPED, ORDER_DELIVERED };
	enum { N = sizeof way / sizeof *way };
	struct rng rng = rng_seeded(11);

	(void)state;
	for (int round = 0; round < 50; round++) {
		struct world w = world_new();
		int turn[N];

		for (int i = 0; i < N; i++) {
			int k = (int)rng_below(&rng, i + 1);

			turn[i] = turn[k];
			turn[k] = i;
		}
		for (int i = 0; i < N; i++) {
			struct order_line l = line("1", "SKU-1", way[turn[i]], 3);
			struct order o = order("P-1", T0 + turn[i], &l, 1);

			tell(&w, &o);
		}
		assert_int_equal(get(&w, "P-1").row.state, ORDER_DELIVERED);
		assert_int_equal(get(&w, "P-1").row.updated_ms, T0 + N - 1);
		world_free(&w);
	}
}

static void a_line_that_is_left_out_is_not_lost(void **state)
{
	struct world w = world_new();
	struct order_line two[] = { line("1", "SKU-1", ORDER_NEW, 1), line("2", "SKU-2", ORDER_NEW, 4) }, one = line("1", "SKU-1", ORDER_SHIPPED, 1);
	struct order o = order("P-1", T0, two, 2), later = order("P-1", T0 + 1, &one, 1);
	struct order_detail d;

	(void)state;
	tell(&w, &o);
	tell(&w, &later);
	d = get(&w, "P-1");
	assert_int_equal(d.lines, 2);
	assert_int_equal(d.row.units, 5);
	assert_int_equal(d.row.state, ORDER_NEW); /* the second line is still to be shipped */
	assert_true(d.row.open);
	world_free(&w);
}

/* ---- state and deadline of the whole ---- */

static void what_the_queue_shows(void **state)
{
	static const struct {
		const char *why;
		int64_t bucket[ORDER_STATES];
		int flags;
		enum order_state want;
		int64_t due_ms;
	} cases[] = {
		{ "new: the acknowledgement is due first", { NEW(1) }, 0, ORDER_NEW, 100 },
		{ "acknowledged: then the shipping", { ACKED(1) }, 0, ORDER_ACKED, 200 },
		{ "not paid: nothing may be done", { PENDING(1) }, 0, ORDER_PENDING, NO_DEADLINE },
		{ "partly shipped: the rest is open", { ACKED(1), SHIPPED(4) }, 0, ORDER_ACKED, 200 },
		{ "a word we do not know comes before what is done", { UNKNOWN(1), SHIPPED(4) }, 0, ORDER_UNKNOWN, 200 },
		{ "shipped and cancelled", { SHIPPED(1), CANCELLED(1) }, 0, ORDER_SHIPPED, NO_DEADLINE },
		{ "all cancelled", { CANCELLED(2) }, 0, ORDER_CANCELLED, NO_DEADLINE },
		{ "no units at all", { 0 }, 0, ORDER_CANCELLED, NO_DEADLINE },
		{ "the channel ships it: no deadline of ours", { NEW(1) }, ORDER_READ_ONLY, ORDER_NEW, NO_DEADLINE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct order_line l = { .ref = "1", .sku = "S" };
		struct order o = { .ack_by_ms = 100, .ship_by_ms = 200, .cancel_by_ms = 300, .flags = cases[i].flags, .line = &l, .lines = 1 };

		memcpy(l.bucket, cases[i].bucket, sizeof l.bucket);
		if (order_state_of(&o) != cases[i].want || order_due(&o) != cases[i].due_ms)
			fail_msg("%s: %s", cases[i].why, order_state_name(order_state_of(&o)));
	}
}

static void the_frame_counts_what_is_late(void **state)
{
	static const struct {
		const char *name;
		int64_t want;
	} counters[] = { { "orders", 4 }, { "orders.open", 3 }, { "orders.late", 1 }, { "orders.due", 1 }, { "orders.new", 3 } };
	static const int64_t ack_by[] = { T0 - 1, T0 + HOUR, T0 + 9 * HOUR, T0 - 1 };
	struct world w = world_new();
	int64_t v;

	(void)state;
	for (int i = 0; i < 4; i++) {
		struct order_line l = line("1", "SKU-1", i < 3 ? ORDER_NEW : ORDER_SHIPPED, 1);
		struct order o = order(arena_printf(w.a, "P-%d", i), T0, &l, 1);

		o.ack_by_ms = ack_by[i];
		tell(&w, &o);
	}
	OKAY(&w, orders_recount(w.s, T0, &w.err));
	for (size_t i = 0; i < sizeof counters / sizeof *counters; i++) {
		OKAY(&w, counter_get(w.s, counters[i].name, &v, &w.err));
		if (v != counters[i].want)
			fail_msg("%s is %d", counters[i].name, (int)v);
	}
	world_free(&w);
}

/* ---- what cannot be ---- */

static void what_cannot_be_is_refused_and_leaves_no_trace(void **state)
{
	struct world w = world_new();
	struct order_line good = line("1", "SKU-1", ORDER_NEW, 2), two[2] = { good, good };
	struct {
		const char *why;
		struct order_line l;
		int lines;
		const char *ref;
		int64_t at_ms;
	} cases[] = {
		{ "units that do not sum", good, 1, "P", T0 }, { "no SKU", good, 1, "P", T0 },
		{ "no line number", good, 1, "P", T0 },        { "more than a million", good, 1, "P", T0 },
		{ "fewer than none", good, 1, "P", T0 },       { "a state of money that there is not", good, 1, "P", T0 },
		{ "no lines", good, 0, "P", T0 },              { "no number", good, 1, "", T0 },
		{ "no time", good, 1, "P", 0 },                { "a bucket below zero", good, 1, "P", T0 },
	};
	enum told told;
	struct order o;

	(void)state;
	cases[0].l.qty = 3;
	cases[1].l.sku = "";
	cases[2].l.ref = NULL;
	cases[3].l.qty = cases[3].l.bucket[ORDER_NEW] = 1000000;
	cases[4].l.qty = cases[4].l.bucket[ORDER_NEW] = -1;
	cases[5].l.money = "MAYBE";
	cases[9].l.bucket[ORDER_NEW] = 3;
	cases[9].l.bucket[ORDER_ACKED] = -1;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		o = order(cases[i].ref, cases[i].at_ms, &cases[i].l, cases[i].lines);
		if (orders_tell(w.s, w.walmart, &o, &seal, &w.why, &told, &w.err) != FAULT_FORMAT)
			fail_msg("%s: taken", cases[i].why);
	}
	o = order("P", T0, two, 2);
	assert_int_equal(orders_tell(w.s, w.walmart, &o, &seal, &w.why, &told, &w.err), FAULT_FORMAT); /* one number for two lines */
	assert_int_equal(world_int(&w, "SELECT count(*) FROM orders"), 0);
	assert_int_equal(world_int(&w, "SELECT count(*) FROM order_line"), 0);
	world_free(&w);
}

static void the_schema_keeps_lines_whole(void **state)
{
	struct world w = world_new();
	struct order_line l = line("1", "SKU-1", ORDER_NEW, 2);
	struct order o = order("P-1", T0, &l, 1);

	(void)state;
	tell(&w, &o);
	world_refuses(&w, "UPDATE order_line SET q_new = 1", "CHECK");
	world_refuses(&w, "UPDATE order_line SET q_new = -1, q_acked = 3", "CHECK");
	world_refuses(&w, "UPDATE order_line SET qty = 1000000", "CHECK");
	world_refuses(&w, "UPDATE order_line SET money = 'x'", "CHECK");
	world_refuses(&w, "UPDATE orders SET state = 'LOST'", "CHECK");
	world_refuses(&w, "UPDATE orders SET account_id = 99", "FOREIGN KEY");
	world_refuses(&w, "UPDATE orders SET units = 'two'", "TEXT value in INTEGER column");
	world_free(&w);
}

/* ---- what it owes of our stock ---- */

static struct item item(struct world *w, const char *sku)
{
	struct item i;

	OKAY(w, item_get(w->s, sku, w->a, &i, &w->err));
	return i;
}

static void count(struct world *w, const char *sku, int64_t qty, int64_t valid_ms)
{
	struct count c = { .sku = sku, .qty = qty, .valid_ms = valid_ms };

	OKAY(w, counts_take(w->s, &c, 1, false, true, &w->why, &w->err));
}

static void an_order_reserves_until_it_leaves(void **state)
{
	static const struct {
		const char *why;
		int64_t bucket[ORDER_STATES];
		int flags;
		int64_t counted, reserved;
	} steps[] = {
		{ "the channel took it off its own count when the buyer clicked", { PENDING(3) }, 0, 10, 3 },
		{ "paid", { NEW(3) }, 0, 10, 3 },
		{ "acknowledged", { ACKED(3) }, 0, 10, 3 },
		{ "one left: shelf and promise shrink together", { ACKED(2), SHIPPED(1) }, 0, 9, 2 },
		{ "one is cancelled: it is for sale again", { ACKED(1), SHIPPED(1), CANCELLED(1) }, 0, 9, 1 },
		{ "the last one left", { SHIPPED(2), CANCELLED(1) }, 0, 8, 0 },
		{ "delivered moves nothing", { DELIVERED(2), CANCELLED(1) }, 0, 8, 0 },
	};
	struct world w = world_new();

	(void)state;
	count(&w, "SKU-1", 10, T0 - HOUR);
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		struct order_line l = { .ref = "1", .sku = "SKU-1", .qty = 3 };
		struct order o = order("P-1", T0 + (int64_t)i, &l, 1);
		struct item it;

		memcpy(l.bucket, steps[i].bucket, sizeof l.bucket);
		tell(&w, &o);
		it = item(&w, "SKU-1");
		if (it.counted != steps[i].counted || it.reserved != steps[i].reserved || it.available != it.counted - it.reserved)
			fail_msg("%s: counted %d reserved %d", steps[i].why, (int)it.counted, (int)it.reserved);
		OKAY(&w, item_reckon(w.s, it.id, &w.why, &w.err)); /* reckoned anew, it is the same */
		assert_int_equal(item(&w, "SKU-1").reserved, steps[i].reserved);
		assert_int_equal(item(&w, "SKU-1").counted, steps[i].counted);
	}
	world_free(&w);
}

static void what_owes_us_nothing(void **state)
{
	static const struct {
		const char *why;
		int flags;
		enum order_state is;
		int64_t want;
	} cases[] = {
		{ "an order of ours", 0, ORDER_NEW, 2 },
		{ "the channel ships it from its own stock", ORDER_READ_ONLY, ORDER_NEW, 0 },
		{ "a preorder owes nothing while it is pending", ORDER_PREORDER, ORDER_PENDING, 0 },
		{ "and owes when it is real", ORDER_PREORDER, ORDER_NEW, 2 },
		{ "what we do not understand may well be owed", 0, ORDER_UNKNOWN, 2 },
		{ "shipped", 0, ORDER_SHIPPED, 0 },
		{ "cancelled", 0, ORDER_CANCELLED, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		int64_t b[ORDER_STATES] = { 0 };

		b[cases[i].is] = 2;
		if (line_reserves(cases[i].flags, b) != cases[i].want)
			fail_msg("%s", cases[i].why);
	}
}

/* One order by itself may come without its node: the list told whose it is, and that stays until something else is told. */
static void what_a_telling_leaves_out_stays(void **state)
{
	static const struct {
		const char *why, *node;
		bool untold;
		int flags, want_flags;
		const char *want_node;
		int64_t want_reserved;
	} steps[] = {
		{ "the list tells that they fulfil it", "39931104", false, ORDER_READ_ONLY, ORDER_READ_ONLY, "39931104", 0 },
		{ "by itself it is told without a node", NULL, true, 0, ORDER_READ_ONLY, "39931104", 0 },
		{ "what else is told of it is heard", NULL, true, ORDER_CANCEL_REQ, ORDER_READ_ONLY | ORDER_CANCEL_REQ, "39931104", 0 },
		{ "told to be ours, it is ours, where it was", NULL, false, 0, 0, "39931104", 2 },
		{ "at another node", "39931105", false, 0, 0, "39931105", 2 },
		{ "not told whose: it stays ours", NULL, true, 0, 0, "39931105", 2 },
	};
	struct world w = world_new();

	(void)state;
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		struct order_line l = line("1", "SKU-1", ORDER_NEW, 2);
		struct order o = order("P-1", T0 + (int64_t)i * 10, &l, 1);
		int64_t due_ms = steps[i].want_flags & ORDER_READ_ONLY ? 0 : T0 + 24 * HOUR;

		o.flags = steps[i].flags;
		o.node = steps[i].node;
		o.whose_untold = steps[i].untold;
		o.ship_by_ms = o.flags & ORDER_READ_ONLY ? 0 : o.ship_by_ms;
		tell(&w, &o);
		if (get(&w, "P-1").row.flags != steps[i].want_flags || strcmp(world_text(&w, "SELECT node FROM orders"), steps[i].want_node) != 0 ||
		    world_int(&w, "SELECT reserves FROM order_line") != steps[i].want_reserved || world_int(&w, "SELECT ship_by_ms FROM orders") != due_ms)
			fail_msg("%s: flags %d, node %s", steps[i].why, get(&w, "P-1").row.flags, world_text(&w, "SELECT node FROM orders"));
	}
	world_free(&w);
}

/* Told with a stamp of tomorrow: what is told today is heard all the same, and what is older than our last look still is not. */
static void a_stamp_of_tomorrow_holds_up_nothing(void **state)
{
	struct world w = world_new();
	struct order_line l = line("1", "SKU-1", ORDER_NEW, 2);
	struct order o = order("P-1", T0 + 24 * HOUR, &l, 1);

	(void)state;
	w.why.now_ms = T0;
	assert_int_equal(tell(&w, &o), TOLD_NEW);
	w.why.now_ms = T0 + 2 * MINUTE;
	l = line("1", "SKU-1", ORDER_ACKED, 2);
	o = order("P-1", T0 - MINUTE, &l, 1);
	assert_int_equal(tell(&w, &o), TOLD_OLDER);
	o = order("P-1", T0 + MINUTE, &l, 1);
	assert_int_equal(tell(&w, &o), TOLD_CHANGED);
	assert_int_equal(get(&w, "P-1").row.state, ORDER_ACKED);
	world_free(&w);
}

static void a_count_made_after_the_dispatch_knows_of_it(void **state)
{
	struct world w = world_new();
	struct order_line l = line("1", "SKU-1", ORDER_NEW, 2);
	struct order o = order("P-1", T0, &l, 1);

	(void)state;
	count(&w, "SKU-1", 10, T0 - HOUR);
	tell(&w, &o);
	w.why.now_ms = T0 + HOUR;
	count(&w, "SKU-1", 8, T0 + HOUR - 1); /* the goods had left by then */
	assert_int_equal(item(&w, "SKU-1").available, 6);
	l = line("1", "SKU-1", ORDER_SHIPPED, 2);
	o = order("P-1", T0 + MINUTE, &l, 1); /* and only now we hear that they left an hour ago */
	tell(&w, &o);
	assert_int_equal(item(&w, "SKU-1").available, 8);
	count(&w, "SKU-1", 10, T0 - HOUR); /* a count that is older than the one we have */
	assert_int_equal(item(&w, "SKU-1").counted, 8);
	assert_int_equal(world_int(&w, "SELECT sum(qty) FROM move"), 8); /* stock is the sum of its moves */
	world_free(&w);
}

/* Our package went at noon, the shelf was counted a moment later, and only then the marketplace shows that it left. */
static void a_count_between_our_parcel_and_their_word_of_it_knows_of_it(void **state)
{
	static const struct {
		const char *why;
		int64_t shipped_ms, counted_ms, counted, available;
	} cases[] = {
		{ "counted after the parcel went", T0 + MINUTE, T0 + 2 * MINUTE, 8, 8 },
		{ "counted before it went", T0 + 3 * MINUTE, T0 + 2 * MINUTE, 10, 8 },
		{ "a parcel that is said to go tomorrow", T0 + 24 * HOUR, T0 + 2 * MINUTE, 10, 8 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct world w = world_new();
		struct order_line l = line("1", "SKU-1", ORDER_ACKED, 2);
		struct order o = order("P-1", T0, &l, 1);
		struct shipment sh = { .order_id = 1, .carrier = "ups", .tracking = "1Z1", .shipped_ms = cases[i].shipped_ms, .source = "operator" };
		int64_t id;

		count(&w, "SKU-1", 10, T0 - HOUR);
		tell(&w, &o);
		OKAY(&w, shipment_note(w.s, &sh, &w.why, &id, &w.err));
		w.why.now_ms = T0 + 10 * MINUTE;
		count(&w, "SKU-1", cases[i].counted, cases[i].counted_ms);
		l = line("1", "SKU-1", ORDER_SHIPPED, 2);
		o = order("P-1", T0 + 4 * MINUTE, &l, 1);
		tell(&w, &o);
		if (item(&w, "SKU-1").available != cases[i].available)
			fail_msg("%s: %d available", cases[i].why, (int)item(&w, "SKU-1").available);
		world_free(&w);
	}
}

static void a_count_made_before_the_dispatch_is_corrected(void **state)
{
	struct world w = world_new();
	struct order_line l = line("1", "SKU-1", ORDER_SHIPPED, 2);
	struct order o = order("P-1", T0, &l, 1);

	(void)state;
	count(&w, "SKU-1", 10, T0 - 2 * HOUR);
	tell(&w, &o); /* seen for the first time when it was gone already */
	assert_int_equal(item(&w, "SKU-1").counted, 8);
	w.why.now_ms = T0 + MINUTE;
	count(&w, "SKU-1", 10, T0 - HOUR); /* a file of an hour ago, when they were still there */
	assert_int_equal(item(&w, "SKU-1").counted, 8);
	count(&w, "SKU-1", 9, T0 + 1);
	assert_int_equal(item(&w, "SKU-1").counted, 9);
	world_free(&w);
}

static void oversold_is_told_and_mended(void **state)
{
	struct world w = world_new();
	struct order_line l = line("1", "SKU-1", ORDER_NEW, 12);
	struct order o = order("P-1", T0, &l, 1);

	(void)state;
	count(&w, "SKU-1", 10, T0 - HOUR);
	tell(&w, &o);
	assert_int_equal(item(&w, "SKU-1").available, -2);
	assert_int_equal(world_int(&w, "SELECT count(*) FROM alert WHERE kind = 'oversold' AND closed_ms = 0"), 1);
	assert_string_equal(world_text(&w, "SELECT text FROM alert WHERE kind = 'oversold'"), "SKU-1: 2 units more are owed than there are: cannot be filled: P-1");
	count(&w, "SKU-1", 12, T0);
	assert_int_equal(world_int(&w, "SELECT count(*) FROM alert WHERE kind = 'oversold' AND closed_ms = 0"), 0);
	world_free(&w);
}

static void a_sku_that_becomes_known_owes_what_was_sold(void **state)
{
	struct world w = world_new();
	struct order_line l = line("1", "SKU-1", ORDER_NEW, 3);
	struct order o = order("P-1", T0, &l, 1);

	(void)state;
	tell(&w, &o); /* kept and shown though nobody knows the SKU */
	assert_true(get(&w, "P-1").line->available == INT64_MIN);
	count(&w, "SKU-1", 10, T0);
	assert_int_equal(item(&w, "SKU-1").available, 7);
	assert_int_equal(get(&w, "P-1").line->available, 7);
	assert_int_equal(world_int(&w, "SELECT count(*) FROM dirty"), 1);
	world_free(&w);
}

static void a_line_whose_sku_changes_moves_its_reservation(void **state)
{
	struct world w = world_new();
	struct order_line l = line("1", "SKU-1", ORDER_NEW, 3);
	struct order o = order("P-1", T0, &l, 1);

	(void)state;
	count(&w, "SKU-1", 10, T0 - HOUR);
	count(&w, "SKU-2", 10, T0 - HOUR);
	tell(&w, &o);
	l = line("1", "SKU-2", ORDER_NEW, 3);
	o = order("P-1", T0 + 1, &l, 1);
	tell(&w, &o);
	assert_int_equal(item(&w, "SKU-1").reserved, 0);
	assert_int_equal(item(&w, "SKU-2").reserved, 3);
	world_free(&w);
}

/* ---- people ---- */

static const struct person jane = { .name = "Jane Q Doe", .email = "jane@example.com", .phone = "+1 555 0100", .address1 = "1 Main St",
	                            .city = "Springfield", .state = "IL", .postal = "62701", .country = "US" };

static void people_are_sealed_and_masked(void **state)
{
	struct world w = world_new();
	struct order_line l = line("1", "SKU-1", ORDER_NEW, 1);
	struct order o = order("P-1", T0, &l, 1);
	struct fields who;

	(void)state;
	o.person = &jane;
	tell(&w, &o);
	assert_string_equal(get(&w, "P-1").person, "J*** Q***, IL");
	OKAY(&w, order_person(w.s, 1, &seal, w.a, &who, &w.err));
	assert_string_equal(fields_get(&who, "email", ""), "jane@example.com");
	assert_int_equal(world_int(&w, "SELECT count(*) FROM person WHERE instr(sealed, CAST('Jane' AS BLOB)) > 0"), 0);
	assert_int_equal(world_int(&w, "SELECT count(*) FROM change WHERE new LIKE '%Jane%' OR new LIKE '%Main St%'"), 0);
	OKAY(&w, store_exec(w.s, &w.err, "UPDATE person SET sealed = x'00'"));
	assert_int_equal(order_person(w.s, 1, &seal, w.a, &who, &w.err), FAULT_REFUSED);
	assert_int_equal(order_person(w.s, 2, &seal, w.a, &who, &w.err), FAULT_REFUSED);
	world_free(&w);
}

/* eBay's unpaid order has a user name alone; and one that is shipped long since may have no more. */
static void an_address_is_not_taken_away(void **state)
{
	static const struct person user = { .name = "jane_q" };
	struct world w = world_new();
	struct order_line l = line("1", "SKU-1", ORDER_NEW, 1);
	struct order o = order("P-1", T0, &l, 1);
	struct fields who;

	(void)state;
	o.person = &user;
	tell(&w, &o);
	OKAY(&w, order_person(w.s, 1, &seal, w.a, &who, &w.err));
	assert_string_equal(fields_get(&who, "name", ""), "jane_q");
	for (int i = 1; i <= 2; i++) {
		o.updated_ms = T0 + i;
		o.person = i == 1 ? &jane : &user;
		tell(&w, &o);
		OKAY(&w, order_person(w.s, 1, &seal, w.a, &who, &w.err));
		assert_string_equal(fields_get(&who, "address1", ""), jane.address1);
	}
	assert_string_equal(get(&w, "P-1").person, "J*** Q***, IL");
	world_free(&w);
}

static void people_are_gone_thirty_days_after_delivery(void **state)
{
	const int64_t day = 24 * HOUR;
	struct world w = world_new();
	struct order_line l = line("1", "SKU-1", ORDER_DELIVERED, 1);
	struct order o = order("P-1", T0, &l, 1), later = order("P-1", T0 + 29 * day, &l, 1);
	struct fields who;
	int n;

	(void)state;
	o.person = later.person = &jane;
	tell(&w, &o);
	later.raw_state = "Delivered, Refund"; /* told again: that does not put it off */
	tell(&w, &later);
	OKAY(&w, orders_purge(w.s, T0 + 30 * day - 1, &n, &w.err));
	assert_int_equal(n, 0);
	OKAY(&w, orders_purge(w.s, T0 + 30 * day, &n, &w.err));
	assert_int_equal(n, 1);
	assert_int_equal(order_person(w.s, 1, &seal, w.a, &who, &w.err), FAULT_REFUSED);
	later.updated_ms += day;
	later.raw_state = "Delivered";
	tell(&w, &later); /* and nobody comes back */
	assert_int_equal(world_int(&w, "SELECT count(*) FROM person WHERE sealed IS NOT NULL"), 0);
	assert_string_equal(get(&w, "P-1").person, "");
	world_free(&w);
}

/* What is sealed is sealed with the key of the day it must be gone on, however often that day moves. */
static void a_person_moves_to_the_day_it_ends_on(void **state)
{
	static const char astray[] = "SELECT count(*) FROM person WHERE sealed IS NOT NULL AND key_id <> purge_ms / 86400000";
	const int64_t day = 24 * HOUR;
	struct world w = world_new();
	struct order_line l = line("1", "SKU-1", ORDER_NEW, 1), gone = line("1", "SKU-1", ORDER_DELIVERED, 1);
	struct order o = order("P-1", T0, &l, 1), moved = order("P-1", T0 + day, &l, 1), over = order("P-1", T0 + 9 * day, &gone, 1);
	struct fields who;
	int64_t first;

	(void)state;
	o.person = &jane;
	o.deliver_by_ms = T0 + 5 * day;
	tell(&w, &o);
	first = world_int(&w, "SELECT key_id FROM person");
	moved.deliver_by_ms = T0 + 8 * day; /* told without the person: what is sealed moves all the same */
	tell(&w, &moved);
	assert_int_equal(world_int(&w, "SELECT key_id FROM person"), first + 3);
	over.raw_state = "Delivered";
	tell(&w, &over);
	assert_int_equal(world_int(&w, "SELECT purge_ms FROM person"), T0 + 38 * day); /* the day it had was sooner than 30 after delivery */
	assert_int_equal(world_int(&w, astray), 0);
	OKAY(&w, order_person(w.s, 1, &seal, w.a, &who, &w.err));
	assert_string_equal(fields_get(&who, "name", ""), jane.name);
	moved = order("P-2", T0, &l, 1);
	moved.person = &jane;
	moved.deliver_by_ms = INT64_C(253402300799000); /* the year 9999 keeps nobody's address */
	tell(&w, &moved);
	assert_int_equal(world_int(&w, "SELECT purge_ms FROM person WHERE order_id = 2"), T0 + 210 * day);
	world_free(&w);
}

static void a_notice_to_forget_acts_at_once(void **state)
{
	struct world w = world_new();
	struct order_line l = line("1", "SKU-1", ORDER_NEW, 1);
	struct order o = order("P-1", T0, &l, 1);
	struct fields who;

	(void)state;
	o.person = &jane;
	tell(&w, &o);
	OKAY(&w, order_redact(w.s, 1, &w.why, &w.err));
	assert_int_equal(order_person(w.s, 1, &seal, w.a, &who, &w.err), FAULT_REFUSED);
	o.updated_ms += HOUR;
	o.raw_state = "Packed";
	tell(&w, &o); /* the platform still tells her name */
	assert_int_equal(world_int(&w, "SELECT count(*) FROM person WHERE sealed IS NOT NULL OR masked <> ''"), 0);
	assert_int_equal(world_int(&w, "SELECT count(*) FROM audit WHERE action = 'redact' AND subject = 'order:1'"), 1);
	world_free(&w);
}

static const struct {
	const char *name, *text;
	bool same;
} spelled[] = {
	{ "Jane Q Doe", "JANE Q DOE", true },       { "Jane Q Doe", "\tjane  q doe ", true }, { "Jane Q Doe", "Jane Q Do", false },
	{ "Jane Q Doe", "Jane Q Doe Jr", false },   { "Jane Q Doe", "JaneQDoe", false },      { "José Ñandú", "JOSÉ ÑANDÚ", true },
	{ "José Ñandú", "Jose Nandu", false },      { "Łucja Żak", "łUCJA żAK", true },       { "Иван Ёлкин", "ИВАН ЁЛКИН", true },
	{ "山田 太郎", "山田 太郎", true },           { "山田 太郎", "山田", false },             { "Straße \xff", "STRAßE \xff", true },
	{ "Robert'); DROP TABLE person;--", "robert'); drop table person;--", true },
};

static void a_buyer_is_known_however_he_is_spelled(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof spelled / sizeof *spelled; i++) {
		struct world w = world_new();
		struct order_line l = line("1", "SKU-1", ORDER_NEW, 1);
		struct order o = order("P-1", T0, &l, 1);
		struct person p = { .name = spelled[i].name };
		struct buyer_orders found;

		o.person = &p;
		tell(&w, &o);
		OKAY(&w, buyer_orders(w.s, spelled[i].text, 0, &seal, w.a, &found, &w.err));
		if (found.n != spelled[i].same)
			fail_msg("%s is told apart from %s: %d", spelled[i].name, spelled[i].text, !found.n);
		world_free(&w);
	}
}

/* The engine has other work: so many at once, and the next ones when it is asked again. */
static void many_people_are_looked_at_in_slices(void **state)
{
	struct world w = world_new();
	struct order_line l = line("1", "SKU-1", ORDER_NEW, 1);
	struct order o = order("P-1", T0, &l, 1);
	struct buyer_orders found;

	(void)state;
	o.person = &jane;
	tell(&w, &o);
	OKAY(&w, store_exec(w.s, &w.err, "PRAGMA defer_foreign_keys = ON"));
	OKAY(&w, RUN(w.s, &w.err, "INSERT INTO person (order_id, key_id, sealed, purge_ms) WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < ?) "
	                          "SELECT i, 1, x'00', 1 FROM n", V(BUYER_SLICE + 500)));
	OKAY(&w, buyer_orders(w.s, "jane@EXAMPLE.com", 0, &seal, w.a, &found, &w.err));
	assert_int_equal(found.n, 1);
	assert_int_equal(found.order[0], 1);
	assert_int_equal(found.upto, BUYER_SLICE);
	OKAY(&w, buyer_orders(w.s, "jane@EXAMPLE.com", found.upto, &seal, w.a, &found, &w.err));
	assert_int_equal(found.n, 0);
	assert_int_equal(found.looked, 500);
	assert_int_equal(found.upto, 0);
	world_free(&w);
}

static void hostile_names_are_only_masked(void **state)
{
	static const struct {
		const char *why, *name, *want;
	} cases[] = {
		{ "no name", NULL, "US" },
		{ "an escape sequence", "\x1b[2Jx", "***, US" },
		{ "a long word", "Aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa B", "A*** B***, US" },
		{ "not UTF-8", "\xff\xfe", "***, US" },
		{ "many spaces", "Jane   Doe", "J*** D***, US" },
	};
	struct world w = world_new();

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct order_line l = line("1", "SKU-1", ORDER_NEW, 1);
		struct order o = order(arena_printf(w.a, "P-%d", (int)i), T0, &l, 1);
		struct person p = { .name = cases[i].name, .country = "US" };

		o.person = &p;
		tell(&w, &o);
		if (strcmp(get(&w, o.ref).person, cases[i].want))
			fail_msg("%s: %s", cases[i].why, get(&w, o.ref).person);
	}
	world_free(&w);
}

/* Bound, never pasted: what stands in an order is data, whatever it looks like. */
static void hostile_texts_are_only_data(void **state)
{
	static const char *const hostile[] = { "'; DROP TABLE orders; --", "\x1b]0;owned\x07", "=HYPERLINK(\"x\")", "%s%n", "\xe2\x80\xae" "abc" };
	struct world w = world_new();

	(void)state;
	for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
		struct order_line l = line(hostile[i], hostile[i], ORDER_NEW, 1);
		struct order o = order(hostile[i], T0, &l, 1);

		l.title = o.service = o.node = hostile[i];
		assert_int_equal(tell(&w, &o), TOLD_NEW);
		assert_int_equal(tell(&w, &o), TOLD_SAME);
		assert_string_equal(get(&w, hostile[i]).line->sku, hostile[i]);
		assert_string_equal(get(&w, hostile[i]).node, hostile[i]);
	}
	assert_int_equal(world_int(&w, "SELECT count(*) FROM orders"), 5);
	world_free(&w);
}

/* ---- history ---- */

static void each_field_that_changed_has_one_row(void **state)
{
	struct world w = world_new();
	struct order_line l = line("1", "SKU-1", ORDER_NEW, 2);
	struct order o = order("P-1", T0, &l, 1);
	struct change *c;
	int n;

	(void)state;
	tell(&w, &o);
	w.why.actor = "channel:walmart-us";
	l = line("1", "SKU-1", ORDER_SHIPPED, 2);
	l.tracking = "1Z999AA10123456784";
	l.carrier = "UPS";
	o = order("P-1", T0 + 5, &l, 1);
	o.flags = ORDER_CANCEL_REQ;
	w.why.now_ms = T0 + 9;
	tell(&w, &o);
	OKAY(&w, changes_of(w.s, "orders", 1, w.a, &c, &n, &w.err));
	assert_int_equal(n, 5); /* born; flags, state, carrier, tracking */
	assert_true(!strcmp(c[2].field, "state") && !strcmp(c[2].old, "NEW") && !strcmp(c[2].new, "SHIPPED"));
	assert_true(c[2].valid_ms == T0 + 5 && c[2].known_ms == T0 + 9 && !strcmp(c[2].actor, "channel:walmart-us"));
	OKAY(&w, changes_of(w.s, "order_line", 1, w.a, &c, &n, &w.err));
	assert_int_equal(n, 4); /* q_new, q_shipped, tracking, reserves */
	assert_string_equal(get(&w, "P-1").row.tracking, "1Z999AA10123456784");
	world_free(&w);
}

/* Said, not asserted: how much of a processor 10,000 orders take in a store in memory. */
static void ten_thousand_orders(void **state)
{
	struct world w = world_new();
	struct timespec a, b;
	double s[2];

	(void)state;
	for (int i = 0; i < 300; i++)
		count(&w, arena_printf(w.a, "SKU-%04d", i), 500, T0 - HOUR);
	for (int again = 0; again < 2; again++) {
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);
		for (int i = 0; i < 10000; i++) {
			struct order_line l = line("1", arena_printf(w.a, "SKU-%04d", i % 300), ORDER_NEW, 1 + i % 3);
			struct order o = order(arena_printf(w.a, "P-%06d", i), T0, &l, 1);

			o.other_ref = arena_printf(w.a, "B-%06d", i);
			o.person = &jane;
			assert_int_equal(tell(&w, &o), again ? TOLD_SAME : TOLD_NEW);
		}
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b);
		s[again] = (double)(b.tv_sec - a.tv_sec) + (double)(b.tv_nsec - a.tv_nsec) / 1e9;
	}
	print_message("10,000 orders told once: %.0f a second of CPU; told again: %.0f\n", 1e4 / s[0], 1e4 / s[1]);
	assert_int_equal(world_int(&w, "SELECT count(*) FROM orders"), 10000);
	assert_int_equal(world_int(&w, "SELECT sum(reserved) FROM item"), world_int(&w, "SELECT sum(reserves) FROM order_line"));
	world_free(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(told_once_twice_and_late),
		cmocka_unit_test(a_line_that_is_told_no_more_is_struck),
		cmocka_unit_test(packages_say_how_many_left),
		cmocka_unit_test(T10_a_hundred_copies_are_one_order),
		cmocka_unit_test(two_accounts_may_have_the_same_number),
		cmocka_unit_test(units_only_go_forward),
		cmocka_unit_test(no_two_tellings_lose_a_unit),
		cmocka_unit_test(the_order_of_arrival_does_not_matter),
		cmocka_unit_test(a_line_that_is_left_out_is_not_lost),
		cmocka_unit_test(what_the_queue_shows),
		cmocka_unit_test(the_frame_counts_what_is_late),
		cmocka_unit_test(what_cannot_be_is_refused_and_leaves_no_trace),
		cmocka_unit_test(the_schema_keeps_lines_whole),
		cmocka_unit_test(an_order_reserves_until_it_leaves),
		cmocka_unit_test(what_owes_us_nothing),
		cmocka_unit_test(what_a_telling_leaves_out_stays),
		cmocka_unit_test(a_stamp_of_tomorrow_holds_up_nothing),
		cmocka_unit_test(a_count_made_after_the_dispatch_knows_of_it),
		cmocka_unit_test(a_count_between_our_parcel_and_their_word_of_it_knows_of_it),
		cmocka_unit_test(a_count_made_before_the_dispatch_is_corrected),
		cmocka_unit_test(oversold_is_told_and_mended),
		cmocka_unit_test(a_sku_that_becomes_known_owes_what_was_sold),
		cmocka_unit_test(a_line_whose_sku_changes_moves_its_reservation),
		cmocka_unit_test(people_are_sealed_and_masked),
		cmocka_unit_test(an_address_is_not_taken_away),
		cmocka_unit_test(people_are_gone_thirty_days_after_delivery),
		cmocka_unit_test(a_person_moves_to_the_day_it_ends_on),
		cmocka_unit_test(a_notice_to_forget_acts_at_once),
		cmocka_unit_test(a_buyer_is_known_however_he_is_spelled),
		cmocka_unit_test(many_people_are_looked_at_in_slices),
		cmocka_unit_test(hostile_names_are_only_masked),
		cmocka_unit_test(hostile_texts_are_only_data),
		cmocka_unit_test(each_field_that_changed_has_one_row),
		cmocka_unit_test(ten_thousand_orders),
	};

	return cmocka_run_group_tests_name("orders", tests, NULL, NULL);
}
