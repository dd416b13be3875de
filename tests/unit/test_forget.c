/* Somebody was forgotten: which of the replies that are kept go with him, at once and from then on. */
#include "trade_orders.h"

#include "trade/forget.h"
#include "trade/inbox.h"
#include "trade/jobs.h"

#define REF "5330672958109"

static const struct {
	const char *why, *verb, *bytes;
	bool goes;
} replies[] = {
	{ "a page that tells the order", "orders", "{\"orders\":[{\"id\":\"" REF "\",\"name\":\"Jane\"}]}", true },
	{ "another page that tells it, with others on it", "orders", "{\"orders\":[{\"id\":\"" REF "\"},{\"id\":\"5330672958110\"}]}", true },
	{ "its own reading", "order", "{\"id\":" REF "}", true },
	{ "under an address of theirs", "order", "{\"id\":\"gid://shopify/Order/" REF "\"}", true },
	{ "half a page, which nobody understood", "orders", "{\"orders\":[{\"id\":\"" REF "\",\"na", true },
	{ "what they answered to a decision", "ack", "{\"order\":\"" REF "\",\"state\":\"ok\"}", true },
	{ "or to a package", "ship", "[\"" REF "\"]", true },
	{ "or to a refusal to sell", "cancel", "{\"cancelled\":\"" REF "\"}", true },
	{ "its packages", "parcels", "{\"of\":\"" REF "\"}", true },
	{ "the warehouse's word of it, which goes by the buyer's number", "dispatches", "{\"reference\":\"#1001\",\"to\":\"Jane\"}", true },
	{ "a page with a longer number", "orders", "{\"orders\":[{\"id\":\"" REF "7\"}]}", false },
	{ "or one that ends like it", "orders", "{\"orders\":[{\"id\":\"1" REF "\"}]}", false },
	{ "the buyer's number within a text", "dispatches", "{\"note\":\"see #1001 and #1002\"}", false },
	{ "a page of others", "orders", "{\"orders\":[{\"id\":\"5330672958110\"}]}", false },
	{ "stock, of which no order is told", "stock_list", "{\"sku\":\"" REF "\"}", false },
};

enum { REPLIES = sizeof replies / sizeof *replies };

/* The attempt that this was answered to. */
static int64_t answer(struct world *w, const char *verb, const char *bytes)
{
	struct attempt a = { .account = w->walmart, .verb = verb, .op = "walmart.x", .method = "GET", .url = "u", .opened_ms = T0, .closed_ms = T0 };
	int64_t epoch = world_int(w, "SELECT epoch FROM lease");

	a.correlation = arena_printf(w->a, "c-%" PRId64, world_int(w, "SELECT count(*) FROM attempt"));
	OKAY(w, attempt_open(w->s, &a, epoch, NULL, 0, &a.id, &w->err));
	OKAY(w, body_keep(w->s, bytes, strlen(bytes), T0 + 30 * 24 * HOUR, &seal, &a.reply_id, &w->err));
	OKAY(w, attempt_close(w->s, &a, &w->err));
	return a.id;
}

static bool is_kept(struct world *w, int64_t attempt)
{
	return world_int(w, arena_printf(w->a, "SELECT b.sealed IS NOT NULL FROM attempt t JOIN body b ON b.id = t.reply_id WHERE t.id = %" PRId64, attempt)) == 1;
}

static int64_t order_of_jane(struct world *w)
{
	int64_t order = world_order(w, w->walmart, REF, ORDER_NEW, 1, 0);

	OKAY(w, store_exec(w->s, &w->err, "UPDATE orders SET other_ref = '#1001'"));
	return order;
}

static void what_told_him_goes_and_nothing_else(void **state)
{
	struct world w = world_new();
	int64_t order = order_of_jane(&w), attempt[REPLIES];
	int n, goes = 0;

	(void)state;
	for (int i = 0; i < REPLIES; i++)
		attempt[i] = answer(&w, replies[i].verb, replies[i].bytes);
	OKAY(&w, order_redact(w.s, order, &w.why, &w.err));
	OKAY(&w, replies_forget(w.s, order, &seal, &n, &w.err));
	for (int i = 0; i < REPLIES; i++) {
		goes += replies[i].goes;
		if (is_kept(&w, attempt[i]) == replies[i].goes)
			fail_msg("%s: it is %s", replies[i].why, replies[i].goes ? "kept" : "gone");
	}
	assert_int_equal(n, goes);
	world_free(&w);
}

static void what_tells_him_again_is_not_kept(void **state)
{
	struct world w = world_new();
	int64_t order = order_of_jane(&w);

	(void)state;
	OKAY(&w, order_redact(w.s, order, &w.why, &w.err));
	for (int i = 0; i < REPLIES; i++) {
		int64_t attempt = answer(&w, replies[i].verb, replies[i].bytes);

		if (!strcmp(replies[i].verb, "stock_list")) /* nobody asks about those */
			continue;
		OKAY(&w, reply_forget(w.s, attempt, replies[i].bytes, strlen(replies[i].bytes), T0 + HOUR, &w.err));
		if (is_kept(&w, attempt) == replies[i].goes)
			fail_msg("%s: it is %s", replies[i].why, replies[i].goes ? "kept" : "gone");
	}
	world_free(&w);
}

static void of_who_is_not_forgotten_all_is_kept(void **state)
{
	struct world w = world_new();
	int64_t attempt;

	(void)state;
	order_of_jane(&w);
	OKAY(&w, store_exec(w.s, &w.err, "INSERT INTO person (order_id, key_id, sealed, masked, purge_ms) VALUES (1, 19675, NULL, '', 1)")); /* purged when its time had come */
	attempt = answer(&w, "orders", replies[0].bytes);
	OKAY(&w, reply_forget(w.s, attempt, replies[0].bytes, strlen(replies[0].bytes), T0, &w.err));
	assert_true(is_kept(&w, attempt));
	world_free(&w);
}

static int64_t fragments(struct world *w)
{
	return world_int(w, "SELECT count(*) FROM inbox i JOIN body b ON b.id = i.fragment WHERE b.sealed IS NOT NULL");
}

static void a_piece_that_was_not_understood_goes_with_its_reply(void **state)
{
	static const char piece[] = "{\"id\":\"" REF "\",\"name\":\"Jane\"}";
	struct parked p = { .class = "ENUM", .subject = REF, .text = "an odd word", .fragment = piece, .fragment_n = sizeof piece - 1 };
	struct world w = world_new();
	int64_t order = order_of_jane(&w);
	int n;

	(void)state;
	w.why.attempt_id = answer(&w, "orders", replies[0].bytes);
	OKAY(&w, inbox_park(w.s, w.walmart, VERB_ORDERS, &p, &seal, &w.why, &w.err));
	assert_int_equal(fragments(&w), 1);
	OKAY(&w, order_redact(w.s, order, &w.why, &w.err));
	OKAY(&w, replies_forget(w.s, order, &seal, &n, &w.err));
	assert_int_equal(fragments(&w), 0);
	w.why.attempt_id = answer(&w, "orders", replies[1].bytes); /* they tell it again, and it is no better understood */
	OKAY(&w, inbox_park(w.s, w.walmart, VERB_ORDERS, &p, &seal, &w.why, &w.err));
	assert_int_equal(fragments(&w), 1);
	OKAY(&w, reply_forget(w.s, w.why.attempt_id, replies[1].bytes, strlen(replies[1].bytes), T0, &w.err));
	assert_int_equal(fragments(&w), 0);
	world_free(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_told_him_goes_and_nothing_else),
		cmocka_unit_test(what_tells_him_again_is_not_kept),
		cmocka_unit_test(of_who_is_not_forgotten_all_is_kept),
		cmocka_unit_test(a_piece_that_was_not_understood_goes_with_its_reply),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
