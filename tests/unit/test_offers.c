/* Offers: what a read says about the quantity we put there, and what is written of it. */
#include "trade_orders.h"

#include "trade/alerts.h"
#include "trade/change.h"
#include "trade/inventory.h"
#include "trade/jobs.h"
#include "trade/offers.h"
#include "trade/verdict.h"

/* ---- the judgement ---- */

struct judged {
	const char *why;
	struct evidence e;
	enum push_state want;
	int64_t drift;
	const char *cause;
};

#define SAID .pushed = 34, .pushed_ms = 100, .settle_ms = 700, .heard_ms = 900
#define PUSHED SAID, .before = 40, .since_ms = 200, .mapped = true

static const struct judged judgements[] = {
	{ "nothing was ever accepted", { .pushed = -1, .seen = 40 }, PUSH_NONE, 0, "" },
	{ "it shows", { PUSHED, .state = PUSH_SETTLING, .seen = 34, .now_ms = 200 }, PUSH_APPLIED, 0, "" },
	{ "not yet", { PUSHED, .state = PUSH_SETTLING, .seen = 40, .now_ms = 699 }, PUSH_SETTLING, 0, "SETTLING" },
	{ "patience is over, and it never came", { PUSHED, .state = PUSH_SETTLING, .seen = 40, .now_ms = 700 }, PUSH_NOT_APPLIED, 6, "NOT_APPLIED" },
	{ "patience is over, and something else came", { PUSHED, .state = PUSH_SETTLING, .seen = 37, .now_ms = 700 }, PUSH_PARTLY, 3, "NOT_APPLIED" },
	{ "nobody knows what stood there before", { SAID, .mapped = true, .state = PUSH_SETTLING, .seen = 37, .before = -1, .now_ms = 700 }, PUSH_NOT_APPLIED, 3,
	  "NOT_APPLIED" },
	{ "late, but it came", { PUSHED, .state = PUSH_NOT_APPLIED, .seen = 34, .now_ms = 9000 }, PUSH_APPLIED, 0, "" },
	{ "still not", { PUSHED, .state = PUSH_NOT_APPLIED, .seen = 40, .now_ms = 9000 }, PUSH_NOT_APPLIED, 6, "NOT_APPLIED" },
	{ "sold there, and they took it off", { PUSHED, .state = PUSH_SETTLING, .seen = 32, .sold = 2, .now_ms = 200 }, PUSH_APPLIED, 0, "" },
	{ "sold there, and they took one off so far", { PUSHED, .state = PUSH_APPLIED, .seen = 33, .sold = 2, .now_ms = 200 }, PUSH_APPLIED, 0, "" },
	{ "sold there, and they take nothing off", { PUSHED, .state = PUSH_APPLIED, .seen = 34, .sold = 2, .now_ms = 200 }, PUSH_APPLIED, 0, "" },
	{ "what stood there before, and one was sold: it only settles",
	  { SAID, .mapped = true, .before = 33, .state = PUSH_SETTLING, .seen = 33, .sold = 2, .now_ms = 200 }, PUSH_SETTLING, 0, "SETTLING" },
	{ "what stood there before is what we said", { SAID, .mapped = true, .before = 34, .state = PUSH_SETTLING, .seen = 34, .now_ms = 200 },
	  PUSH_APPLIED, 0, "" },
	{ "fewer, and orders of that time are not here yet", { SAID, .mapped = true, .state = PUSH_APPLIED, .seen = 33, .since_ms = 950, .now_ms = 960 },
	  PUSH_APPLIED, -1, "IN_FLIGHT_ORDER" },
	{ "fewer, and the orders that came do not explain it", { PUSHED, .state = PUSH_APPLIED, .seen = 33, .now_ms = 1500 }, PUSH_OVERWRITTEN, -1,
	  "CHANNEL_EDIT" },
	{ "more than two were sold", { PUSHED, .state = PUSH_APPLIED, .seen = 31, .sold = 2, .now_ms = 1500 }, PUSH_OVERWRITTEN, -1, "CHANNEL_EDIT" },
	{ "more: somebody typed it", { PUSHED, .state = PUSH_APPLIED, .seen = 99, .now_ms = 1500 }, PUSH_OVERWRITTEN, 65, "CHANNEL_EDIT" },
	{ "more is never an order in flight", { SAID, .mapped = true, .state = PUSH_APPLIED, .seen = 35, .since_ms = 950, .now_ms = 960 }, PUSH_OVERWRITTEN, 1,
	  "CHANNEL_EDIT" },
	{ "more: they put a cancelled order back", { PUSHED, .state = PUSH_APPLIED, .seen = 36, .cancelled = 2, .now_ms = 1500 }, PUSH_OVERWRITTEN, 2,
	  "RETURN_FIRST" },
	{ "our own count is too old to accuse anybody", { PUSHED, .state = PUSH_APPLIED, .seen = 36, .stale = true, .now_ms = 1500 },
	  PUSH_OVERWRITTEN, 2, "TRUTH_STALE" },
	{ "its item is gone from our map", { SAID, .state = PUSH_APPLIED, .seen = 36, .now_ms = 1500 }, PUSH_OVERWRITTEN, 2,
	  "MAPPING" },
	{ "somebody typed it back", { PUSHED, .state = PUSH_OVERWRITTEN, .seen = 34, .now_ms = 1500 }, PUSH_APPLIED, 0, "" },
	{ "a zero that shows", { .pushed = 0, .pushed_ms = 100, .settle_ms = 700, .state = PUSH_SETTLING, .seen = 0, .mapped = true }, PUSH_APPLIED, 0,
	  "" },
};

static void reads_are_judged(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof judgements / sizeof *judgements; i++) {
		const struct judged j = judgements[i];
		struct verdict v;

		v = offer_judge(&j.e);
		if (v.state != j.want || v.drift != j.drift || strcmp(v.cause, j.cause))
			fail_msg("%s: %s %d %s", j.why, push_state_name(v.state), (int)v.drift, v.cause);
	}
	for (int s = 0; s < PUSH_STATES; s++)
		assert_int_equal(push_state_from_name(push_state_name((enum push_state)s)), s);
}

/* ---- what is written ---- */

enum { SETTLE = 600000 };

static void see(struct world *w, const char *sku, int64_t qty, int64_t begun_ms)
{
	struct seen s = { .sku = sku, .pool = "own", .qty = qty };

	w->why.now_ms = begun_ms + 100;
	OKAY(w, offers_seen(w->s, w->walmart, &s, 1, begun_ms, &w->why, &w->err));
}

static struct offer get(struct world *w, int64_t id)
{
	struct offer o;

	OKAY(w, offer_get(w->s, id, w->a, &o, &w->err));
	return o;
}

/* An item with 40 of it, and its offer; a decision was made (version 1). */
static struct world with_offer(void)
{
	struct world w = world_new();
	struct count c = { .sku = "SKU-1", .title = "Box", .qty = 40, .valid_ms = T0 - HOUR };

	OKAY(&w, counts_take(w.s, &c, 1, false, true, &w.why, &w.err));
	see(&w, "SKU-1", 40, T0);
	OKAY(&w, store_exec(w.s, &w.err, "UPDATE offer SET target = 34, ver = 1; UPDATE account SET heard_ms = 1"));
	return w;
}

static void accept(struct world *w, int64_t qty, int64_t at_ms)
{
	w->why.now_ms = at_ms;
	OKAY(w, offer_accepted(w->s, 1, qty, 1, SETTLE, &w->why, &w->err));
}

static int64_t drifting(struct world *w)
{
	int64_t n;

	OKAY(w, counter_get(w->s, "drift", &n, &w->err));
	return n;
}

static void a_read_makes_an_offer(void **state)
{
	struct world w = with_offer();
	struct offer o = get(&w, 1);

	(void)state;
	assert_string_equal(o.item_sku, "SKU-1");
	assert_true(o.seen == 40 && o.pushed == -1 && o.drift == 0 && o.live && o.available == 40);
	assert_int_equal(world_int(&w, "SELECT count(*) FROM dirty"), 1); /* it wants a target */
	see(&w, "SKU-9", 7, T0 + 1);
	o = get(&w, 2);
	assert_int_equal(o.item, 0);
	assert_string_equal(offer_unwritable(&o), "not mapped to an item of ours");
	see(&w, "SKU-1", 40, T0 + 2);
	assert_int_equal(world_int(&w, "SELECT count(*) FROM offer"), 2);
	assert_int_equal(world_int(&w, "SELECT count(*) FROM observation WHERE offer_id = 1"), 1); /* the same again is no news */
	world_free(&w);
}

static void a_marketplace_and_a_node_are_their_own_offers(void **state)
{
	static const struct seen seen[] = {
		{ .sku = "SKU-1", .marketplace = "ATVPDKIKX0DER", .pool = "own", .qty = 1 },
		{ .sku = "SKU-1", .marketplace = "A2EUQ1WTGCTBG2", .pool = "own", .qty = 2 },
		{ .sku = "SKU-1", .marketplace = "ATVPDKIKX0DER", .node = "N-2", .pool = "own", .qty = 3 },
		{ .sku = "SKU-1", .marketplace = "ATVPDKIKX0DER", .node = "fba", .pool = "fba", .qty = 4 },
	};
	struct world w = with_offer();
	struct offer *of_item;
	int n;

	(void)state;
	OKAY(&w, offers_seen(w.s, w.amazon, seen, 4, T0, &w.why, &w.err));
	OKAY(&w, offers_list(w.s, get(&w, 1).item, 0, 0, 10, w.a, &of_item, &n, &w.err));
	assert_int_equal(n, 5);
	assert_string_equal(offer_unwritable(&of_item[4]), "fulfilled by Amazon: its stock is not ours to say");
	assert_null(offer_unwritable(&of_item[3]));
	world_refuses(&w, "UPDATE offer SET target = 3 WHERE pool = 'fba'", "CHECK");
	world_refuses(&w, "UPDATE offer SET target = -1 WHERE id = 1", "CHECK");
	world_refuses(&w, "UPDATE offer SET pushed = 1000000 WHERE id = 1", "CHECK");
	OKAY(&w, offers_list(w.s, 0, w.amazon, of_item[1].id, 1, w.a, &of_item, &n, &w.err));
	assert_true(n == 1 && of_item->seen == 2);
	world_free(&w);
}

static void the_life_of_a_push(void **state)
{
	static const struct {
		const char *why;
		int64_t after_ms, shows;
		const char *push_state;
		int64_t drift;
		const char *cause;
		int64_t risk;
	} reads[] = {
		{ "a read that was begun before the acceptance proves nothing", 0, 40, "SETTLING", 0, "SETTLING", 0 },
		{ "not yet", 1000, 40, "SETTLING", 0, "SETTLING", 0 },
		{ "there it is", 60000, 34, "APPLIED", 0, "", 0 },
		{ "and stays", 120000, 34, "APPLIED", 0, "", 0 },
		{ "somebody typed another number", 180000, 99, "OVERWRITTEN", 65, "CHANNEL_EDIT", 59 },
		{ "and it stays", 240000, 99, "OVERWRITTEN", 65, "CHANNEL_EDIT", 59 },
		{ "and is typed back", 300000, 34, "APPLIED", 0, "", 0 },
	};
	struct world w = with_offer();

	(void)state;
	accept(&w, 34, T0 + 1000);
	for (size_t i = 0; i < sizeof reads / sizeof *reads; i++) {
		struct offer o;

		see(&w, "SKU-1", reads[i].shows, T0 + 1000 + reads[i].after_ms);
		o = get(&w, 1);
		if (strcmp(o.push_state, reads[i].push_state) || o.drift != reads[i].drift || strcmp(o.cause, reads[i].cause) || o.risk != reads[i].risk)
			fail_msg("%s: %s %d %s risk %d", reads[i].why, o.push_state, (int)o.drift, o.cause, (int)o.risk);
		assert_int_equal(drifting(&w), reads[i].drift != 0);
		assert_int_equal(world_int(&w, "SELECT count(*) FROM alert WHERE kind = 'drift' AND closed_ms = 0"), reads[i].drift != 0);
		if (reads[i].drift)
			assert_int_equal(o.drift_ms, T0 + 181000); /* since when, not since the last read */
	}
	world_free(&w);
}

/* Between two reads somebody changed it: nobody knows when, and the row says between which. */
static void a_change_says_since_when_it_may_be_so(void **state)
{
	struct world w = with_offer();

	(void)state;
	accept(&w, 34, T0 + 1000);
	see(&w, "SKU-1", 34, T0 + 2000);
	see(&w, "SKU-1", 34, T0 + 60000); /* the same again: no row, but the last time that it was so */
	see(&w, "SKU-1", 99, T0 + 120000);
	assert_string_equal(world_text(&w, "SELECT was || ' until ' || was_ms || ', ' || seen || ' at ' || valid_ms FROM observation ORDER BY id DESC LIMIT 1"),
	                    arena_printf(w.a, "34 until %" PRId64 ", 99 at %" PRId64, T0 + 60000, T0 + 120000));
	assert_int_equal(world_int(&w, "SELECT count(*) FROM observation WHERE was IS NULL"), 1); /* the one it was born with */
	world_free(&w);
}

static void patience_ends(void **state)
{
	struct world w = with_offer();
	int n;

	(void)state;
	accept(&w, 34, T0 + 1000);
	w.why.now_ms = T0 + 1000 + SETTLE;
	OKAY(&w, offers_expire(w.s, &w.why, &n, &w.err));
	assert_int_equal(n, 0); /* nobody has looked since: nothing is proved */
	see(&w, "SKU-1", 40, T0 + 2000);
	w.why.now_ms = T0 + 1000 + SETTLE;
	OKAY(&w, offers_expire(w.s, &w.why, &n, &w.err));
	assert_int_equal(n, 0); /* the last look was before patience ended: it may show by now */
	assert_string_equal(get(&w, 1).push_state, "SETTLING");
	see(&w, "SKU-1", 40, T0 + 1000 + SETTLE);
	assert_string_equal(get(&w, 1).push_state, "SETTLING"); /* nobody keeps a promise to the second */
	see(&w, "SKU-1", 40, T0 + 1000 + SETTLE + 31000);
	assert_string_equal(get(&w, 1).push_state, "NOT_APPLIED");
	assert_int_equal(get(&w, 1).drift, 6);
	assert_string_equal(world_text(&w, "SELECT verdict FROM observation ORDER BY id DESC LIMIT 1"), "NOT_APPLIED");
	accept(&w, 34, T0 + 40000 + SETTLE); /* said again */
	assert_int_equal(drifting(&w), 0);
	assert_string_equal(get(&w, 1).push_state, "SETTLING");
	world_free(&w);
}

static int64_t said_and_not_shown(struct world *w, int64_t ver)
{
	struct fields payload = fields_new(w->a);
	struct job_plan p = { .account = w->walmart, .verb = VERB_STOCK, .lane = LANE_DECREASE, .subject = "offer:1", .subject_id = 1, .payload = &payload, .ver = ver };
	struct alert alert = { .kind = "not_applied", .severity = "WARN", .account = w->walmart, .subject = "offer:1", .text = "it is not shown" };
	struct job j;
	int64_t id;

	OKAY(w, job_plan(w->s, &p, &w->why, &id, &w->err));
	OKAY(w, job_get(w->s, id, w->a, &j, &w->err));
	alert.key = job_doubt_key(w->a, "not-applied", &j);
	OKAY(w, alert_raise(w->s, &alert, w->why.now_ms, &w->err));
	OKAY(w, job_fail(w->s, id, FAULT_REFUSED, JOB_NOT_APPLIED, &w->why, &w->err));
	return id;
}

/* A quantity that came too late was a failure for a person, and is none any more when a reading shows it; nor is the one before it. */
static void what_comes_late_is_no_failure_any_more(void **state)
{
	struct world w = with_offer();
	int64_t older, newer;

	(void)state;
	accept(&w, 34, T0 + 1000);
	see(&w, "SKU-1", 40, T0 + 1000 + SETTLE + 31000);
	assert_string_equal(get(&w, 1).push_state, "NOT_APPLIED");
	older = said_and_not_shown(&w, 0);
	newer = said_and_not_shown(&w, 1);
	see(&w, "SKU-1", 37, T0 + 1000 + SETTLE + 60000);
	assert_string_equal(world_text(&w, "SELECT group_concat(DISTINCT state) FROM job WHERE verb = 'stock'"), "failed");
	see(&w, "SKU-1", 34, T0 + 1000 + SETTLE + 90000);
	assert_string_equal(world_text(&w, arena_printf(w.a, "SELECT state FROM job WHERE id = %" PRId64, newer)), "done");
	assert_string_equal(world_text(&w, arena_printf(w.a, "SELECT state FROM job WHERE id = %" PRId64, older)), "superseded");
	assert_int_equal(world_int(&w, "SELECT count(*) FROM alert WHERE kind = 'not_applied' AND closed_ms = 0"), 0);
	world_free(&w);
}

/* Ours was shown; then a unit came back to them first, and with it our earlier number. */
static void what_came_back_is_no_failed_push(void **state)
{
	struct world w = with_offer();

	(void)state;
	accept(&w, 34, T0 + 1000);
	see(&w, "SKU-1", 34, T0 + 2000);
	accept(&w, 33, T0 + 10000);
	see(&w, "SKU-1", 33, T0 + 11000);
	OKAY(&w, store_exec(w.s, &w.err,
	                    "INSERT INTO orders (id, account_id, ref, state, open, due_ms, placed_ms, updated_ms, known_ms) VALUES (1, 1, 'P-1', 'CANCELLED', 0, 1, 1, 1700000012000, 1);"
	                    "INSERT INTO order_line (order_id, ref, sku, item_id, qty, q_cancelled) VALUES (1, '1', 'SKU-1', 1, 1, 1)"));
	see(&w, "SKU-1", 34, T0 + 13000);
	assert_string_equal(get(&w, 1).push_state, "SETTLING"); /* it may be the one from before, late */
	see(&w, "SKU-1", 34, T0 + 10000 + SETTLE + 31000);
	assert_string_equal(get(&w, 1).cause, "RETURN_FIRST");
	assert_string_equal(get(&w, 1).push_state, "OVERWRITTEN");
	assert_int_equal(world_int(&w, "SELECT coalesce(sum(n), 0) FROM latency WHERE what = 'lost'"), 0);
	world_free(&w);
}

static void sales_we_know_of_are_no_drift(void **state)
{
	struct world w = with_offer();

	(void)state;
	accept(&w, 34, T0 + 1000);
	see(&w, "SKU-1", 34, T0 + 2000);
	OKAY(&w, store_exec(w.s, &w.err,
	                    "INSERT INTO orders (id, account_id, ref, state, open, due_ms, placed_ms, updated_ms, known_ms) "
	                    "VALUES (1, 1, 'P-1', 'NEW', 1, 1, 1700000003000, 1700000003000, 1);"
	                    "INSERT INTO order_line (order_id, ref, sku, item_id, qty, q_new, reserves) VALUES (1, '1', 'SKU-1', 1, 2, 2, 2)"));
	see(&w, "SKU-1", 32, T0 + 4000);
	assert_string_equal(get(&w, 1).push_state, "APPLIED");
	assert_int_equal(get(&w, 1).drift, 0);
	assert_int_equal(get(&w, 1).pushed, 32); /* they took it off themselves: that is what is confirmed now */
	assert_int_equal(world_int(&w, "SELECT count(*) FROM dirty WHERE item_id = 1"), 1);
	OKAY(&w, store_exec(w.s, &w.err, "UPDATE order_line SET q_new = 0, q_shipped = 2, reserves = 0; UPDATE orders SET updated_ms = 1700000004500, open = 0"));
	see(&w, "SKU-1", 32, T0 + 4600);
	assert_int_equal(get(&w, 1).drift, 0);
	see(&w, "SKU-1", 30, T0 + 4700); /* and another platform takes it off when it is shipped */
	assert_int_equal(get(&w, 1).drift, 0);
	OKAY(&w, store_exec(w.s, &w.err, "UPDATE offer SET pushed = 32; UPDATE orders SET updated_ms = 1"));
	see(&w, "SKU-1", 31, T0 + 5000); /* one more, whose order is not here yet */
	assert_string_equal(get(&w, 1).cause, "IN_FLIGHT_ORDER");
	OKAY(&w, cursor_set(w.s, w.walmart, VERB_ORDERS, "orders", &(struct cursor){ .since_ms = T0 + HOUR, .page = "" }, T0, &w.err));
	OKAY(&w, account_heard(w.s, w.walmart, 1, &w.err)); /* now all orders of that time are */
	see(&w, "SKU-1", 31, T0 + 6000);
	assert_string_equal(get(&w, 1).cause, "CHANNEL_EDIT");
	assert_string_equal(get(&w, 1).push_state, "OVERWRITTEN");
	world_free(&w);
}

static void hear_orders(struct world *w, int64_t upto_ms)
{
	OKAY(w, cursor_set(w->s, w->walmart, VERB_ORDERS, "orders", &(struct cursor){ .since_ms = upto_ms, .page = "" }, upto_ms, &w->err));
	OKAY(w, account_heard(w->s, w->walmart, 1, &w->err));
}

/* In a rush orders are known hours late: that it began to show fewer before they were known does not make an edit of what is sold since. */
static void sales_that_go_on_while_orders_come_late_are_no_edit(void **state)
{
	struct world w = with_offer();

	(void)state;
	accept(&w, 34, T0 + 1000);
	see(&w, "SKU-1", 34, T0 + 2000);
	see(&w, "SKU-1", 32, T0 + 4000);
	see(&w, "SKU-1", 30, T0 + 9000);
	assert_string_equal(get(&w, 1).cause, "IN_FLIGHT_ORDER");
	OKAY(&w, store_exec(w.s, &w.err,
	                    "INSERT INTO orders (id, account_id, ref, state, open, due_ms, placed_ms, updated_ms, known_ms) "
	                    "VALUES (1, 1, 'P-1', 'NEW', 1, 1, 1700000003000, 1700000003000, 1);"
	                    "INSERT INTO order_line (order_id, ref, sku, item_id, qty, q_new, reserves) VALUES (1, '1', 'SKU-1', 1, 2, 2, 2)"));
	hear_orders(&w, T0 + 5000);
	see(&w, "SKU-1", 30, T0 + 10000);
	assert_int_equal(get(&w, 1).drift, -2);
	assert_string_equal(get(&w, 1).cause, "IN_FLIGHT_ORDER");
	hear_orders(&w, T0 + HOUR); /* there was no other order */
	see(&w, "SKU-1", 30, T0 + 11000);
	assert_string_equal(get(&w, 1).cause, "CHANNEL_EDIT");
	world_free(&w);
}

static void risk_moves_with_what_there_is(void **state)
{
	struct world w = with_offer();
	struct count c = { .sku = "SKU-1", .qty = 10 };

	(void)state;
	accept(&w, 34, T0 + 1000);
	see(&w, "SKU-1", 34, T0 + 2000);
	see(&w, "SKU-1", 36, T0 + 3000);
	assert_int_equal(get(&w, 1).risk, 0); /* two too many, but there are 40 */
	OKAY(&w, counts_take(w.s, &c, 1, false, true, &w.why, &w.err));
	OKAY(&w, item_reckon(w.s, 1, &w.why, &w.err));
	assert_int_equal(get(&w, 1).risk, 26);
	world_free(&w);
}

static void odd_reads(void **state)
{
	struct world w = with_offer();
	struct seen s = { .sku = "SKU-1", .pool = "own", .qty = -1, .title = "A better title", .product_type = "BOX" };

	(void)state;
	see(&w, "SKU-1", 38, T0 + 2000);
	see(&w, "SKU-1", 39, T0 + 1500); /* an older read that arrives later */
	assert_int_equal(get(&w, 1).seen, 38);
	OKAY(&w, offers_seen(w.s, w.walmart, &s, 1, T0 + 3000, &w.why, &w.err)); /* tells no quantity */
	assert_int_equal(get(&w, 1).seen, 38);
	assert_string_equal(get(&w, 1).title, "A better title");
	assert_string_equal(get(&w, 1).product_type, "BOX");
	s.sku = "";
	assert_int_equal(offers_seen(w.s, w.walmart, &s, 1, T0 + 4000, &w.why, &w.err), FAULT_FORMAT);
	s = (struct seen){ .sku = "SKU-1", .pool = "own", .qty = 1000000 };
	assert_int_equal(offers_seen(w.s, w.walmart, &s, 1, T0 + 4000, &w.why, &w.err), FAULT_FORMAT);
	assert_int_equal(offer_accepted(w.s, 99, 1, 1, SETTLE, &w.why, &w.err), FAULT_REFUSED);
	assert_int_equal(offer_get(w.s, 99, w.a, &(struct offer){ 0 }, &w.err), FAULT_REFUSED);
	world_free(&w);
}

static void an_offer_is_mapped_when_its_item_becomes_known(void **state)
{
	struct world w = world_new();
	struct count c = { .sku = "SKU-5", .qty = 0 };

	(void)state;
	see(&w, "SKU-5", 12, T0);
	assert_int_equal(get(&w, 1).item, 0);
	OKAY(&w, counts_take(w.s, &c, 1, false, true, &w.why, &w.err));
	assert_string_equal(get(&w, 1).item_sku, "SKU-5");
	assert_int_equal(world_int(&w, "SELECT count(*) FROM dirty"), 1); /* even with none of it: its offer must say so */
	world_free(&w);
}

/* Odoo doc PR #9780: a product sold by the seller and by the channel's warehouse was sent as zero. */
static void t19_a_pool_beside_ours_changes_nothing_of_ours(void **state)
{
	struct world w = with_offer();
	struct seen pool = { .sku = "SKU-1", .pool = "fba", .pooled = true, .qty = 3 };

	(void)state;
	accept(&w, 34, T0 + MINUTE);
	see(&w, "SKU-1", 34, T0 + 2 * MINUTE);
	for (int i = 3; i < 5; i++) {
		w.why.now_ms = T0 + i * MINUTE;
		OKAY(&w, offers_seen(w.s, w.walmart, &pool, 1, T0 + i * MINUTE, &w.why, &w.err));
	}
	assert_int_equal(get(&w, 1).seen, 34);
	assert_int_equal(get(&w, 1).target, 34);
	assert_string_equal(get(&w, 1).pool, "own");
	assert_string_equal(get(&w, 1).push_state, "APPLIED");
	assert_int_equal(world_int(&w, "SELECT count(*) FROM offer"), 2);
	assert_int_equal(get(&w, 2).seen, 3);
	assert_non_null(offer_unwritable(&(struct offer){ .pool = "fba", .block = "", .item = 1 }));
	assert_string_equal(get(&w, 2).pool, "fba");
	world_free(&w);
}

/* One less than we said when patience is over, and the orders of that minute are not here yet: it is no push that came to nothing. */
static void a_sale_that_is_not_heard_yet_is_waited_for(void **state)
{
	struct world w = with_offer();

	(void)state;
	see(&w, "SKU-1", 40, T0 - MINUTE);
	accept(&w, 34, T0);
	OKAY(&w, store_exec(w.s, &w.err, arena_printf(w.a, "UPDATE account SET heard_ms = %" PRId64, T0 + SETTLE)));
	see(&w, "SKU-1", 33, T0 + SETTLE + MINUTE);
	assert_string_equal(get(&w, 1).push_state, "SETTLING");
	OKAY(&w, store_exec(w.s, &w.err, arena_printf(w.a, "UPDATE account SET heard_ms = %" PRId64, T0 + SETTLE + 5 * MINUTE)));
	see(&w, "SKU-1", 33, T0 + SETTLE + 2 * MINUTE); /* they are, and none of them explains it */
	assert_string_equal(get(&w, 1).push_state, "PARTLY");
	world_free(&w);
}

/* Sold while our number was on its way, or taken off late: either way they show one less than we said, and it was applied. */
static void a_sale_beside_the_push_is_no_drift(void **state)
{
	static const struct {
		const char *why;
		int64_t placed_ms, read_ms;
		const char *want;
	} cases[] = {
		{ "sold just before it was accepted, and shown after", T0 - MINUTE, T0 + 20 * MINUTE, "APPLIED" },
		{ "the same, while our number may still be on its way: it may be what stood there before it", T0 - MINUTE, T0 + 5 * MINUTE, "SETTLING" },
		{ "sold since", T0 + 2 * MINUTE, T0 + 20 * MINUTE, "APPLIED" },
		{ "sold long before that", T0 - 3 * HOUR, T0 + 20 * MINUTE, "PARTLY" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct world w = with_offer();
		struct order_line line = { .ref = "1", .sku = "SKU-1", .qty = 1, .bucket[ORDER_NEW] = 1 };
		struct order o = { .ref = "P-1", .placed_ms = cases[i].placed_ms, .updated_ms = cases[i].placed_ms, .line = &line, .lines = 1 };
		enum told told;

		accept(&w, 34, T0);
		OKAY(&w, orders_tell(w.s, w.walmart, &o, &seal, &w.why, &told, &w.err));
		OKAY(&w, store_exec(w.s, &w.err, arena_printf(w.a, "UPDATE account SET heard_ms = %" PRId64, T0 + 30 * MINUTE))); /* no other sale is on its way */
		see(&w, "SKU-1", 33, cases[i].read_ms);
		if (strcmp(get(&w, 1).push_state, cases[i].want))
			fail_msg("%s: %s", cases[i].why, get(&w, 1).push_state);
		world_free(&w);
	}
}

/* What the channel took over is not written, not even what waited to be. */
static void a_listing_that_changes_hands_is_written_no_more(void **state)
{
	struct world w = with_offer();
	struct seen theirs = { .sku = "SKU-1", .pool = "fba", .qty = 7 };
	struct job_plan p = { .account = w.walmart, .verb = VERB_STOCK, .lane = LANE_DECREASE, .subject = "offer:1", .subject_id = 1, .ver = 1 };
	int64_t job;

	(void)state;
	accept(&w, 34, T0 + MINUTE);
	OKAY(&w, job_plan(w.s, &p, &w.why, &job, &w.err));
	w.why.now_ms = T0 + 2 * MINUTE;
	OKAY(&w, offers_seen(w.s, w.walmart, &theirs, 1, T0 + 2 * MINUTE, &w.why, &w.err));
	assert_string_equal(get(&w, 1).pool, "fba");
	assert_int_equal(get(&w, 1).target, -1);
	assert_int_equal(get(&w, 1).seen, 7);
	assert_int_equal(get(&w, 1).drift, 0);
	assert_string_equal(world_text(&w, "SELECT state FROM job WHERE verb = 'stock'"), "superseded");
	theirs.pool = NULL; /* a reply that lost its availability gives nothing back */
	OKAY(&w, offers_seen(w.s, w.walmart, &theirs, 1, T0 + 150 * 1000, &w.why, &w.err));
	assert_string_equal(get(&w, 1).pool, "fba");
	see(&w, "SKU-1", 7, T0 + 3 * MINUTE);
	assert_string_equal(get(&w, 1).pool, "own");
	assert_int_equal(world_int(&w, "SELECT count(*) FROM dirty"), 1);
	world_free(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sale_that_is_not_heard_yet_is_waited_for), cmocka_unit_test(a_sale_beside_the_push_is_no_drift),
		cmocka_unit_test(t19_a_pool_beside_ours_changes_nothing_of_ours),
		cmocka_unit_test(a_listing_that_changes_hands_is_written_no_more),
		cmocka_unit_test(reads_are_judged),
		cmocka_unit_test(a_read_makes_an_offer),
		cmocka_unit_test(a_marketplace_and_a_node_are_their_own_offers),
		cmocka_unit_test(the_life_of_a_push),
		cmocka_unit_test(a_change_says_since_when_it_may_be_so),
		cmocka_unit_test(patience_ends),
		cmocka_unit_test(what_comes_late_is_no_failure_any_more),
		cmocka_unit_test(what_came_back_is_no_failed_push),
		cmocka_unit_test(sales_we_know_of_are_no_drift),
		cmocka_unit_test(sales_that_go_on_while_orders_come_late_are_no_edit),
		cmocka_unit_test(risk_moves_with_what_there_is),
		cmocka_unit_test(odd_reads),
		cmocka_unit_test(an_offer_is_mapped_when_its_item_becomes_known),
	};

	return cmocka_run_group_tests_name("offers", tests, NULL, NULL);
}
