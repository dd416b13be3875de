/* Any id leads to what it names, through an index; stories are in order of time; explanations add up. */
#include "trade/views.h"

#include "store/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

enum { MANY = 20000 };
#define T0 INT64_C(1793000000000)

static struct store *store;

/* A small world that hangs together, and around it enough rows that a scan would be felt. */
static const char world[] =
	"INSERT INTO lease (id, epoch, pid, started_ms, beat_ms) VALUES (1, 1, 1, 1, 1);"
	"INSERT INTO account (id, name, channel, mode, made_ms) VALUES (1, 'walmart-us', 'walmart', 'live', 1), (2, 'amazon-us', 'amazon', 'shadow', 1);"
	"INSERT INTO item (id, sku, title, counted, reserved, available, known_ms, made_ms) VALUES (4, 'SKU-0042', 'Pump seal', 12, 15, -3, 1793000000000, 1);"
	"INSERT INTO item (id, sku, made_ms) VALUES (3, 'Z-3', 1);"
	"INSERT INTO place (id, name, kind, max_age_ms) VALUES (1, 'warehouse', 'own', 3600000);"
	"INSERT INTO stock (item_id, place_id, counted, valid_ms, known_ms) VALUES (4, 1, 12, 1792990000000, 1792990000000);"
	"INSERT INTO move (item_id, place_id, qty, cause, ref, valid_ms, known_ms, actor) VALUES (4, 1, 12, 'count', 'counts.csv', 1792990000000, 1792990000000, 'file:counts.csv');"
	"INSERT INTO body (id, hash, key_id, size, purge_ms) VALUES (1, x'00', 1, 10, 1);"
	"INSERT INTO attempt (id, epoch, account_id, verb, op, writes, method, url, credential, correlation, their_id, trace, reply_id, status, opened_ms, closed_ms) VALUES "
	"(9, 1, 1, 'orders', 'walmart.orders.list', 0, 'GET', '/', 'c', '0b5e6a1c-0000-4000-8000-000000000009', 'their-9', 'trace-poll', 1, 200, 1793000001000, 1793000001400),"
	"(10, 1, 1, 'ship', 'walmart.orders.ship', 1, 'POST', '/', 'c', 'corr-10', '', 'trace-ship', NULL, 0, 1793000009000, 1793000009500),"
	"(11, 1, 1, 'stock', 'walmart.inventory.put', 1, 'PUT', '/', 'c', 'corr-11', '', 'trace-stock', NULL, 200, 1793000020000, 1793000020100);"
	"UPDATE attempt SET fault = 'UNSURE', text = 'no answer' WHERE id = 10;"
	"INSERT INTO orders (id, account_id, ref, other_ref, state, raw_state, open, due_ms, ack_by_ms, ship_by_ms, placed_ms, updated_ms, known_ms, currency, total_minor, "
	"units, lines, sku, tracking, confirm, attempt_id, path, trace) VALUES (5, 1, '305-441', 'PO-77', 'ACKED', 'Acknowledged', 1, 1793010000000, 1793005000000, 1793010000000, "
	"1792999990000, 1793000005000, 1793000005000, 'USD', 8420, 3, 1, 'SKU-0042', '1Z999', 'SENDING', 9, 'list[0]', 'trace-poll');"
	"INSERT INTO order_line (id, order_id, ref, sku, item_id, title, qty, q_acked, reserves) VALUES (6, 5, '1', 'SKU-0042', 4, 'Pump seal', 3, 3, 3);"
	"INSERT INTO change (fact, fact_id, field, old, new, valid_ms, known_ms, actor, trace, attempt_id) VALUES "
	"('orders', 5, 'state', NULL, 'NEW', 1792999990000, 1793000001400, 'channel:walmart-us', 'trace-poll', 9),"
	"('orders', 5, 'state', 'NEW', 'ACKED', 1793000005000, 1793000005000, 'channel:walmart-us', 'trace-ack', 9),"
	"('orders', 5, 'total_minor', '4190', '8420', 1793000005000, 1793000005000, 'channel:walmart-us', 'trace-ack', 9),"
	"('orders', 5, 'ship_by_ms', '0', '1793010000000', 1793000005000, 1793000005000, 'channel:walmart-us', 'trace-ack', 9),"
	"('order_line', 6, 'q_new', '3', '0', 1793000005000, 1793000005000, 'channel:walmart-us', 'trace-ack', 9),"
	"('offer', 8, 'target', '5', '0', 1793000019000, 1793000019000, 'rule:stock', '', NULL),"
	"('job', 12, 'state', NULL, 'waiting', 1793000008000, 1793000008000, 'uid:1000 jo', 'trace-ship', NULL);"
	"INSERT INTO intent (id, asker, kind, state, actor, why, result, made_ms, trace) VALUES (3, 'asker-3', 'ship', 'done', 'uid:1000 jo', 'carrier came', 'queued', 1793000008000, 'trace-ship');"
	"INSERT INTO zero_out (id, scope, reason, actor, intent_id, made_ms, lifted_ms) VALUES (1, 'tag:summer', 'counted wrong', 'uid:1000 jo', 3, 1, 2), "
	"(2, 'SKU-0042', 'a recall', 'uid:1000 jo', 3, 1, 0), (3, 'SKU-0042', 'another', 'uid:1000 jo', 3, 1, 0);"
	"INSERT INTO job (id, account_id, verb, subject, subject_id, lane, writes, key, state, due_ms, intent_id, trace, made_ms, state_ms) VALUES "
	"(12, 1, 'ship', 'shipment:2', 5, 2, 1, 'key-12', 'unsure', 1, 3, 'trace-ship', 1, 1), (13, 1, 'stock', 'offer:8', 8, 0, 1, 'key-13', 'sent', 1, NULL, 'trace-stock', 1, 1),"
	"(14, 1, 'ack', 'order:8', 8, 0, 1, 'key-14', 'waiting', 1, NULL, 'trace-other', 1, 1);"
	"INSERT INTO attempt_job (attempt_id, job_id) VALUES (10, 12), (11, 13);"
	"INSERT INTO shipment (id, order_id, package, carrier, tracking, shipped_ms, source, confirm, intent_id) VALUES (2, 5, '1', 'UPS', '1Z998', 1793000007000, 'operator', 'SENDING', 3);"
	"INSERT INTO alert (id, key, kind, severity, text, opened_ms, last_ms) VALUES (7, 'k', 'auth', 'CRIT', 'walmart-us auth failing', 1, 1);"
	"INSERT INTO note (subject, text, actor, at_ms) VALUES ('order:5', 'carrier strike', 'uid:1000 jo', 1793000030000);"
	"INSERT INTO inbox (account_id, verb, class, subject, text, state, first_ms, last_ms, attempt_id) VALUES (1, 'order', 'ENUM', '305-441', 'a word we do not know', 'parked', 1793000002000, 1793000002000, 9);"
	"INSERT INTO offer (id, account_id, sku, item_id, title, target, target_ms, why, pushed, pushed_ms, seen, seen_ms, seen_attempt, push_state, drift, drift_ms, risk, cause, known_ms) VALUES "
	"(8, 1, 'WM-42', 4, 'Pump seal', 0, 1793000019000, '-3 available, so 0', 0, 1793000020100, 3, 1793000025000, 9, 'NOT_APPLIED', 3, 1793000025000, 3, 'NOT_APPLIED', 1);"
	"INSERT INTO observation (offer_id, seen, pushed, verdict, valid_ms, known_ms, attempt_id) VALUES (8, 3, 0, 'NOT_APPLIED', 1793000025000, 1793000025100, 9);";

static const char crowd[] =
	"WITH RECURSIVE k (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM k WHERE i < 20000) "
	"INSERT INTO orders (account_id, ref, other_ref, state, open, due_ms, placed_ms, updated_ms, known_ms, tracking) "
	"SELECT 1 + i % 2, 'R-' || i, 'P-' || i, 'NEW', 1, i, i, 1, 1, 'T-' || i FROM k;"
	"WITH RECURSIVE k (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM k WHERE i < 20000) "
	"INSERT INTO job (account_id, verb, subject, subject_id, lane, writes, key, state, due_ms, trace, made_ms, state_ms) "
	"SELECT 1, 'stock', 'o' || i, i + 100, 1, 1, 'k' || i, 'done', 1, 't' || i, 1, 1 FROM k;"
	"WITH RECURSIVE k (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM k WHERE i < 20000) "
	"INSERT INTO attempt (epoch, account_id, verb, op, writes, method, url, credential, correlation, their_id, trace, opened_ms) "
	"SELECT 1, 1, 'orders', 'x', 0, 'GET', '/', '', 'c' || i, 'h' || i, 't' || i, 1 FROM k;"
	"WITH RECURSIVE k (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM k WHERE i < 20000) "
	"INSERT INTO intent (asker, kind, state, actor, made_ms, trace) SELECT 'a' || i, 'note', 'done', 'x', 1, 't' || i FROM k;"
	"WITH RECURSIVE k (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM k WHERE i < 20000) "
	"INSERT INTO item (sku, made_ms) SELECT 'I-' || i || 'x', 1 FROM k;"
	"WITH RECURSIVE k (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM k WHERE i < 20000) "
	"INSERT INTO offer (account_id, sku, known_ms) SELECT 1, 'F-' || i, 1 FROM k;";

static int open_store(void **state)
{
	struct err err = { 0 };

	(void)state;
	if (store_memory(&store, &err) || store_exec(store, &err, "PRAGMA foreign_keys = OFF") || store_exec(store, &err, world) ||
	    store_exec(store, &err, "BEGIN") || store_exec(store, &err, crowd) || store_exec(store, &err, "COMMIT"))
		printf("%s\n", err.text);
	return err.fault ? -1 : 0;
}

static int close_store(void **state)
{
	(void)state;
	store_close(store);
	return 0;
}

struct find_case {
	const char *why, *id;
	enum found_kind kind;
	int64_t row;
	const char *words;
};

static const struct find_case finds[] = {
	{ "an order by the channel's number", "305-441", FOUND_ORDER, 5, "order 305-441 of walmart-us" },
	{ "by the buyer's number", "PO-77", FOUND_ORDER, 5, "order 305-441" },
	{ "by the tracking number the channel shows", "1Z999", FOUND_ORDER, 5, "order 305-441" },
	{ "by a package's tracking number", "1Z998", FOUND_ORDER, 5, "order 305-441" },
	{ "pasted with a space", " 305-441 \n", FOUND_ORDER, 5, "order 305-441" },
	{ "our SKU", "SKU-0042", FOUND_ITEM, 4, "item SKU-0042 Pump seal" },
	{ "the channel's SKU", "WM-42", FOUND_ITEM, 4, "item SKU-0042" },
	{ "a channel's SKU that is mapped to nothing", "F-17", FOUND_OFFER, 25, "offer F-17 on walmart-us, not mapped" },
	{ "an offer by number", "offer:8", FOUND_OFFER, 8, "offer WM-42 on walmart-us" },
	{ "our correlation id", "0b5e6a1c-0000-4000-8000-000000000009", FOUND_ATTEMPT, 9, "orders to walmart-us, walmart.orders.list" },
	{ "the same in capitals", "0B5E6A1C-0000-4000-8000-000000000009", FOUND_ATTEMPT, 9, "orders to walmart-us" },
	{ "their request id", "their-9", FOUND_ATTEMPT, 9, "orders to walmart-us" },
	{ "a trace leads to the decision first", "trace-ship", FOUND_INTENT, 3, "decision: ship, done by uid:1000 jo" },
	{ "a trace without one to its job", "trace-stock", FOUND_JOB, 13, "job stock of walmart-us offer:8, sent" },
	{ "the key of a job", "key-12", FOUND_JOB, 12, "job ship" },
	{ "the id an asker made", "asker-3", FOUND_INTENT, 3, "decision" },
	{ "an incident", "I-7", FOUND_ALERT, 7, "CRIT walmart-us auth failing" },
	{ "a job by number", "job:12", FOUND_JOB, 12, "unsure" },
	{ "an attempt by number", "attempt:10", FOUND_ATTEMPT, 10, "ship" },
	{ "an order by number", "order:5", FOUND_ORDER, 5, "305-441" },
	{ "a zero-out", "Z-2", FOUND_ZERO, 2, "zero-out Z-2: SKU-0042, a recall" },
	{ "typed small, and lifted since", "z-1", FOUND_ZERO, 1, "zero-out Z-1, lifted: tag:summer, counted wrong" },
	{ "what waits for a second person", "P-20002", FOUND_INTENT, 20002, "decision" },
	{ "a SKU that is called like one comes first", "Z-3", FOUND_ITEM, 3, "item Z-3" },
	{ "a row that is not there", "job:99999", FOUND_NOTHING, 0, "" },
	{ "nothing", "nowhere", FOUND_NOTHING, 0, "" },
	{ "an empty id", "  ", FOUND_NOTHING, 0, "" },
	{ "SQL", "' OR 1=1 --", FOUND_NOTHING, 0, "" },
};

static bool count_steps(void *ctx)
{
	++*(int *)ctx;
	return false;
}

static void each_id_leads_to_what_it_names(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof finds / sizeof *finds; i++) {
		const struct find_case *c = &finds[i];
		struct arena *a = arena_new();
		struct err err = { 0 };
		struct found *found;
		int n;

		if (find_id(store, c->id, a, &found, &n, &err))
			fail_msg("%s: %s", c->why, err.text);
		if (c->kind == FOUND_NOTHING) {
			if (n)
				fail_msg("%s: found %s", c->why, found[0].words);
		} else if (!n || found[0].kind != c->kind || found[0].id != c->row || !strstr(found[0].words, c->words)) {
			fail_msg("%s: found %s", c->why, n ? found[0].words : "nothing");
		}
		arena_free(a);
	}
}

/* A scan of 20,000 rows takes far more than the 10,000 steps after which SQLite asks whether to go on. */
static void no_question_scans_a_table(void **state)
{
	struct arena *a = arena_new();
	struct found *found;
	struct event *event;
	struct term *term;
	int n, asked = 0;

	(void)state;
	store_interrupt_if(store, count_steps, &asked);
	for (size_t i = 0; i < sizeof finds / sizeof *finds; i++) {
		find_id(store, finds[i].id, a, &found, &n, NULL);
		if (asked)
			fail_msg("%s: took a scan", finds[i].why);
	}
	order_story(store, 5, a, &event, &n, NULL);
	assert_int_equal(asked, 0);
	item_story(store, 4, a, &event, &n, NULL);
	assert_int_equal(asked, 0);
	offer_explain(store, 8, T0, a, &term, &n, NULL);
	order_explain(store, 5, T0, a, &term, &n, NULL);
	assert_int_equal(asked, 0);
	store_interrupt_if(store, NULL, NULL);
	arena_free(a);
}

static void a_trace_finds_the_whole_chain(void **state)
{
	struct arena *a = arena_new();
	struct found *found;
	int n;

	(void)state;
	assert_int_equal(find_id(store, "trace-ship", a, &found, &n, NULL), OK);
	assert_int_equal(n, 3);
	assert_int_equal(found[0].kind, FOUND_INTENT);
	assert_int_equal(found[1].kind, FOUND_JOB);
	assert_int_equal(found[2].kind, FOUND_ATTEMPT);
	arena_free(a);
}

static const char *const order_says[] = {
	"placed|3 units, 84.20 USD|channel:walmart-us|9",
	"not understood: ENUM, parked|a word we do not know|system|9",
	"state NEW to ACKED||channel:walmart-us|9",
	"total 41.90 USD to 84.20 USD||channel:walmart-us|9",
	"ship by none to 2026-10-26T10:20:00Z||channel:walmart-us|9",
	"line 1 SKU-0042: new 3 to 0||channel:walmart-us|9",
	"package 1: shipped|UPS 1Z998, told by the operator, confirmation SENDING|uid:1000 jo|0",
	"decided: ship, done|carrier came; queued|uid:1000 jo|0",
	"job 12 ship: state waiting||uid:1000 jo|0",
	"ship said: UNSURE|walmart.orders.ship: no answer|system|10",
	"note|carrier strike|uid:1000 jo|0",
};

static const char *const offer_says[] = {
	"count +12|warehouse counts.csv|file:counts.csv|0",
	"sold 3|walmart-us 305-441, still owed|channel:walmart-us|9",
	"target 5 to 0||rule:stock|0",
	"stock said: 200|walmart.inventory.put|system|11",
	"they show 3|last confirmed 0, NOT_APPLIED|channel:walmart-us|9",
};

static void check_story(struct arena *a, const struct event *event, int n, const char *const *want, int wants)
{
	int64_t before = 0;

	for (int i = 0; i < n; i++) {
		const char *line = arena_printf(a, "%s|%s|%s|%d", event[i].what, event[i].detail, event[i].actor, (int)event[i].attempt_id);

		if (i >= wants || strcmp(line, want[i]))
			fail_msg("event %d: %s\nwanted: %s", i, line, i < wants ? want[i] : "no more");
		assert_true(event[i].at_ms >= before);
		before = event[i].at_ms;
	}
	assert_int_equal(n, wants);
}

static void stories_are_whole_and_in_order(void **state)
{
	struct arena *a = arena_new();
	struct event *event;
	struct err err = { 0 };
	int n;

	(void)state;
	assert_int_equal(order_story(store, 5, a, &event, &n, &err), OK);
	check_story(a, event, n, order_says, sizeof order_says / sizeof *order_says);
	assert_int_equal(offer_story(store, 8, a, &event, &n, &err), OK); /* order 8's job is not offer 8's */
	check_story(a, event, n, offer_says, sizeof offer_says / sizeof *offer_says);
	assert_int_equal(order_story(store, 4711000, a, &event, &n, &err), FAULT_REFUSED);
	assert_int_equal(offer_story(store, 4711000, a, &event, &n, &err), FAULT_REFUSED);
	arena_free(a);
}

static const char *const offer_terms[] = {
	"counted at warehouse|12|file:counts.csv, STALE",
	"- owed to 305-441|-3|walmart-us, ACKED",
	"- owed to other orders|-12|open orders",
	"= available|-3|12 counted - 15 owed: OVERSOLD",
	"target|0|-3 available, so 0",
	"confirmed|0|walmart-us accepted it",
	"push|NOT_APPLIED|they accepted it, and no reading showed it in time",
	"seen|3|read from walmart-us",
	"= drift|+3|seen - confirmed, likely NOT_APPLIED",
};

static const char *const order_terms[] = {
	"state|ACKED|walmart-us says Acknowledged, at list[0]",
	"acknowledge by|2026-10-26T08:56:40Z|in 1h23m",
	"ship by|2026-10-26T10:20:00Z|in 2h46m: the next that costs something",
	"confirmation|SENDING| 1Z999",
	"line 1 SKU-0042|3|3 ACKED; 3 owed by our stock",
};

static void check_terms(struct arena *a, const struct term *term, int n, const char *const *want, int wants)
{
	for (int i = 0; i < n; i++) {
		const char *line = arena_printf(a, "%s|%s|%s", term[i].name, term[i].value, term[i].origin);

		if (i >= wants || strcmp(line, want[i]))
			fail_msg("term %d: %s\nwanted: %s", i, line, i < wants ? want[i] : "no more");
	}
	assert_int_equal(n, wants);
}

static void explanations_add_up(void **state)
{
	struct arena *a = arena_new();
	struct term *term;
	int n;

	(void)state;
	assert_int_equal(offer_explain(store, 8, T0, a, &term, &n, NULL), OK);
	check_terms(a, term, n, offer_terms, sizeof offer_terms / sizeof *offer_terms);
	assert_int_equal(term[5].attempt_id, 11);
	assert_int_equal(term[7].attempt_id, 9);
	assert_int_equal(item_explain(store, 4, T0, a, &term, &n, NULL), OK);
	assert_int_equal(n, 4);
	assert_int_equal(order_explain(store, 5, T0, a, &term, &n, NULL), OK);
	check_terms(a, term, n, order_terms, sizeof order_terms / sizeof *order_terms);
	assert_int_equal(term[0].attempt_id, 9);
	assert_int_equal(order_explain(store, 4711000, T0, a, &term, &n, NULL), FAULT_REFUSED);
	assert_int_equal(item_explain(store, 4711000, T0, a, &term, &n, NULL), FAULT_REFUSED);
	assert_int_equal(offer_explain(store, 4711000, T0, a, &term, &n, NULL), FAULT_REFUSED);
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_id_leads_to_what_it_names),
		cmocka_unit_test(a_trace_finds_the_whole_chain),
		cmocka_unit_test(no_question_scans_a_table),
		cmocka_unit_test(stories_are_whole_and_in_order),
		cmocka_unit_test(explanations_add_up),
	};

	return cmocka_run_group_tests(tests, open_store, close_store);
}
