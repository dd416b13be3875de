/*
 * test_engine.c: what the engine promises, one promise a test, against the simulated marketplaces and their ledger.
 *
 * T and a number is a defect of another program of this kind (test_peers.c), FP one a fault of faults.csv.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "store/store.h"
#include "tests/fault/child.h"
#include "tests/fault/steps.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A quiet shop: nobody buys, nobody works, answers come at once, the ladder has no jitter. */
static struct day_plan quiet(uint64_t seed)
{
	struct day_plan p = { .seed = seed, .skus = 4, .prompt = true, .idle = true };

	return p;
}

static struct day *open_quiet(uint64_t seed)
{
	struct day_plan p = quiet(seed);
	struct day *d = day_open(&p);

	day_run(d, d->now_ms + MINUTE);
	return d;
}

/* "0,5000,20000": when each attempt of a verb was opened, since the first of them after from. */
static const char *attempts(struct day *d, const char *account, const char *verb, int64_t from_ms)
{
	return day_text(d, arena_printf(d->arena, "SELECT group_concat(at) FROM (SELECT t.opened_ms - min(t.opened_ms) OVER () AS at FROM attempt t "
	                                          "JOIN account a ON a.id = t.account_id WHERE a.name = '%s' AND t.verb = '%s' AND t.opened_ms >= %" PRId64
	                                          " ORDER BY t.id)", account, verb, from_ms));
}

static const char *job_state(struct day *d, const char *verb)
{
	return day_text(d, arena_printf(d->arena, "SELECT state FROM job WHERE verb = '%s' ORDER BY id DESC LIMIT 1", verb));
}

static int64_t job_tries(struct day *d, const char *verb)
{
	return day_int(d, arena_printf(d->arena, "SELECT tries FROM job WHERE verb = '%s' ORDER BY id DESC LIMIT 1", verb));
}

/* A new order of Walmart's, in the store; its row. */
static int64_t new_order(struct day *d, const char *place)
{
	day_order(d, place, 1);
	run(d, 8 * MINUTE);
	return day_int(d, "SELECT max(id) FROM orders WHERE open");
}

static void intend(struct day *d, const char *kind, const char *payload)
{
	const char *no = day_intend(d, kind, "", payload);

	if (no)
		fail_msg("%s: %s", kind, no);
}

static void ack(struct day *d, int64_t order)
{
	intend(d, "ack", arena_printf(d->arena, "order=%" PRId64, order));
}

static void ship(struct day *d, int64_t order)
{
	intend(d, "ship", arena_printf(d->arena, "order=%" PRId64 "\ncarrier=ups\ntracking=1Z999AA10123456784\nshipped_ms=%" PRId64, order, d->now_ms));
}

/* ---- the ladder ---- */

static void the_ladder_to_the_millisecond(void **state)
{
	struct day *d = open_quiet(1);
	int64_t from;

	(void)state;
	run(d, 10 * MINUTE);
	from = d->now_ms;
	day_fault(d, "channel=amazon op=orders kind=error status=503");
	run(d, 24 * MINUTE);
	assert_string_equal(attempts(d, "amazon-na", "orders", from), "0,5000,20000,80000,380000,680000,980000,1280000");
	day_close(d);
}

static void the_third_failure_is_told_once(void **state)
{
	struct day *d = open_quiet(2);
	int64_t from;

	(void)state;
	run(d, 10 * MINUTE);
	day_fault(d, "channel=amazon op=orders kind=error status=500");
	from = d->now_ms;
	run(d, 40 * MINUTE);
	assert_int_equal(day_int(d, "SELECT count(*) FROM alert WHERE key = 'retry amazon-na orders'"), 1);
	assert_int_equal(day_int(d, "SELECT count FROM alert WHERE key = 'retry amazon-na orders'"), 1);
	assert_true(day_int(d, "SELECT opened_ms FROM alert WHERE key = 'retry amazon-na orders'") >= from + 20000);
	day_close(d);
}

static void a_throttle_consumes_no_attempt(void **state)
{
	struct day *d = open_quiet(3);

	(void)state;
	day_fault(d, "channel=amazon op=orders kind=throttle");
	run(d, 2 * HOUR);
	assert_true(day_int(d, "SELECT count(*) FROM attempt WHERE fault = 'BUSY'") > 5);
	assert_int_equal(day_int(d, "SELECT max(fails) FROM job WHERE verb = 'orders'"), 0);
	assert_int_equal(day_int(d, "SELECT count(*) FROM breaker WHERE state <> 'closed'"), 0);
	assert_int_equal(day_int(d, "SELECT count(*) FROM attempt a JOIN attempt b ON b.verb = a.verb AND b.account_id = a.account_id AND b.id = (SELECT min(id) "
	                            "FROM attempt c WHERE c.id > a.id AND c.verb = a.verb AND c.account_id = a.account_id) WHERE a.fault = 'BUSY' AND "
	                            "b.opened_ms - a.closed_ms < 5000"),
	                 0);
	day_close(d);
}

static void a_sick_channel_delays_no_other(void **state)
{
	struct day *d = open_quiet(4);
	int64_t from = d->now_ms;

	(void)state;
	day_fault(d, "channel=amazon kind=slow delay=50s");
	run(d, 30 * MINUTE);
	assert_true(day_int(d, arena_printf(d->arena, "SELECT count(*) FROM attempt WHERE account_id = 1 AND verb = 'orders' AND fault = '' AND opened_ms > %" PRId64,
	                                    from)) >= 3 * 29);
	day_close(d);
}

/* Each change of the truth is one row that stays, and each account goes its own way through them: what is known of the one that answers stays young. */
static void one_account_stopped_delays_no_other(void **state)
{
	struct day *d = open_quiet(6);
	int64_t from, moves;

	(void)state;
	run(d, 10 * MINUTE);
	day_fault(d, "channel=amazon kind=error status=503");
	run(d, 10 * MINUTE);
	from = d->now_ms;
	moves = day_int(d, "SELECT count(*) FROM move");
	intend(d, "count", arena_printf(d->arena, "sku=%s\nqty=1\nagain=1",
	                                day_text(d, "SELECT i.sku FROM item i JOIN offer f ON f.item_id = i.id JOIN account c ON c.id = f.account_id "
	                                            "WHERE c.name = 'walmart-us' AND f.pool = 'own' AND i.available > 20 ORDER BY i.id LIMIT 1")));
	run(d, 20 * MINUTE);
	assert_int_equal(day_int(d, "SELECT count(*) FROM move"), moves + 1);
	assert_true(day_int(d, "SELECT heard_ms FROM account WHERE name = 'walmart-us'") > d->now_ms - 5 * MINUTE);
	assert_true(day_int(d, "SELECT heard_ms FROM account WHERE name = 'amazon-na'") < from);
	assert_true(day_int(d, arena_printf(d->arena, "SELECT count(*) FROM attempt a JOIN account c ON c.id = a.account_id WHERE c.name = 'walmart-us' "
	                                              "AND a.verb = 'stock' AND a.fault = '' AND a.opened_ms BETWEEN %" PRId64 " AND %" PRId64,
	                                    from, from + MINUTE)) >= 1);
	day_close(d);
}

static void T11_each_job_has_its_own_ladder(void **state)
{
	struct day *d = open_quiet(5);

	(void)state;
	run(d, 10 * MINUTE);
	day_fault(d, "channel=walmart op=feeds kind=error");
	run(d, 10 * MINUTE);
	assert_true(day_int(d, "SELECT fails FROM job WHERE verb = 'feeds'") >= 3);
	assert_int_equal(day_int(d, "SELECT max(fails) FROM job WHERE verb IN ('orders', 'ping', 'token', 'stock-list')"), 0);
	day_close(d);
}

static void the_breaker_lets_one_probe_through(void **state)
{
	struct day *d = open_quiet(6);
	int64_t from;

	(void)state;
	run(d, 10 * MINUTE);
	day_fault(d, "channel=walmart op=orders kind=lost-before");
	run(d, 10 * MINUTE); /* three pools fail side by side */
	assert_string_equal(day_text(d, "SELECT state FROM breaker WHERE account_id = 1 AND name = 'orders.read'"), "open");
	from = d->now_ms;
	run(d, 20 * MINUTE);
	assert_in_range(day_int(d, arena_printf(d->arena, "SELECT count(*) FROM attempt WHERE account_id = 1 AND verb = 'orders' AND opened_ms > %" PRId64, from)), 3, 5);
	day_close(d);
}

/* ---- tokens ---- */

static void no_request_with_an_expired_token(void **state)
{
	struct day_plan p = quiet(7);
	struct day *d;

	(void)state;
	p.orders_a_day = 100;
	d = day_open(&p);
	run(d, 24 * HOUR);
	assert_int_equal(day_count(d, "unknown_callers"), 0);
	assert_in_range(day_count(d, "tokens"), 24 * 60 / 15 + 24, 24 * 60 / 12 + 28);
	day_close(d);
}

static void refreshed_two_minutes_early(void **state)
{
	struct day *d = open_quiet(8);
	int64_t gap;

	(void)state;
	run(d, HOUR);
	gap = day_int(d, "SELECT max(b.opened_ms - a.opened_ms) FROM attempt a JOIN attempt b ON b.id = (SELECT min(id) FROM attempt c WHERE c.id > a.id AND "
	                 "c.verb = 'token' AND c.account_id = 1) WHERE a.verb = 'token' AND a.account_id = 1");
	assert_in_range(gap, 900000 - 120000 - 5000, 900000 - 120000 + 5000);
	day_close(d);
}

static void one_token_call_for_a_crowd(void **state)
{
	struct day *d = open_quiet(9);
	struct buf orders = buf_new(d->arena);
	int64_t tokens, id;

	(void)state;
	for (int i = 0; i < 32; i++)
		day_order(d, i % 2 ? "walmart/main" : "walmart/main", 1);
	run(d, 5 * MINUTE);
	id = day_int(d, "SELECT min(id) FROM orders");
	assert_int_equal(day_int(d, "SELECT count(*) FROM orders"), 32);
	for (int i = 0; i < 32; i++)
		buf_printf(&orders, "order=%" PRId64 "\n", id + i);
	tokens = day_count(d, "tokens");
	day_fault(d, "channel=walmart kind=revoked");
	intend(d, "ack", orders.p);
	run(d, 10 * SECOND);
	assert_int_equal(day_count(d, "acks"), 32);
	assert_int_equal(day_count(d, "tokens") - tokens, 1);
	assert_true(day_count(d, "unknown_callers") > 1); /* several met the locked door */
	assert_int_equal(day_int(d, "SELECT count(*) FROM alert WHERE kind = 'auth'"), 0);
	day_close(d);
}

static void a_second_401_is_told_and_not_stormed(void **state)
{
	struct day *d = open_quiet(10);
	int64_t from = d->now_ms;

	(void)state;
	day_change_secrets(d, false);
	run(d, 30 * MINUTE);
	assert_int_equal(day_int(d, "SELECT count(*) FROM alert WHERE kind = 'auth' AND severity = 'CRIT' AND closed_ms = 0"), 2);
	assert_string_equal(day_text(d, "SELECT state FROM account WHERE name = 'amazon-na'"), "auth");
	assert_in_range(day_int(d, arena_printf(d->arena, "SELECT count(*) FROM attempt WHERE verb = 'token' AND account_id = 2 AND opened_ms > %" PRId64, from)), 3, 7);
	assert_in_range(day_int(d, arena_printf(d->arena, "SELECT count(*) FROM attempt WHERE verb <> 'token' AND account_id = 2 AND opened_ms > %" PRId64, from + MINUTE * 10)), 0, 1);
	day_change_secrets(d, true);
	run(d, 15 * MINUTE);
	assert_int_equal(day_int(d, "SELECT count(*) FROM alert WHERE kind = 'auth' AND closed_ms = 0"), 0);
	assert_string_equal(day_text(d, "SELECT state FROM account WHERE name = 'amazon-na'"), "ok");
	day_close(d);
}

/* ---- writes whose answer is lost ---- */

struct lost_case {
	const char *why, *place, *fault;
	const char *kind, *count;
	int64_t tries;
};

static const struct lost_case lost_cases[] = {
	{ "FK02: a shipment that Walmart took, its answer lost: never said again", "walmart/main", "op=ship kind=lost-after count=1", "ship", "ships", 1 },
	{ "a shipment that never reached Walmart is said again", "walmart/main", "op=ship kind=lost-before count=1", "ship", "ships", 2 },
	{ "FN20: a 500 after the effect is no reason to say it again", "walmart/main", "op=ship kind=error-after status=500 count=1", "ship", "ships", 1 },
	{ "half an answer may have been a yes", "walmart/main", "op=ship kind=truncated count=1", "ship", "ships", 1 },
	{ "a web page where an answer should be", "walmart/main", "op=ship kind=empty count=1", "ship", "ships", 1 },
	{ "so is a proxy's page: it is read, and said again when that shows nothing", "walmart/main", "op=ship kind=html count=1", "ship", "ships", 2 },
	{ "and at Amazon", "amazon/us", "op=ship kind=html count=1", "ship", "ships", 2 },
	{ "FK02: a shipment that Amazon took, its answer lost", "amazon/us", "op=ship kind=lost-after count=1", "ship", "ships", 1 },
	{ "a shipment that never reached Amazon is said again", "amazon/us", "op=ship kind=lost-before count=1", "ship", "ships", 2 },
	{ "FK01: an acknowledgement that was taken, its answer lost", "walmart/main", "op=ack kind=lost-after count=1", "ack", "acks", 1 },
	{ "T3: the first acknowledgement meets a 500, a second follows", "walmart/main", "op=ack kind=error status=500 count=1", "ack", "acks", 2 },
	{ "T3: and when it met nothing at all", "walmart/main", "op=ack kind=lost-before count=1", "ack", "acks", 2 },
	{ "T3: a throttled one is said again", "walmart/main", "op=ack kind=throttle count=1", "ack", "acks", 2 },
};

static void lost_answer(const struct lost_case *c, uint64_t seed)
{
	struct day *d = open_quiet(seed);
	int64_t order = new_order(d, c->place);

	if (!strcmp(c->kind, "ship") && !strncmp(c->place, "walmart", 7)) {
		ack(d, order);
		run(d, 2 * MINUTE);
	}
	day_fault(d, c->fault);
	if (!strcmp(c->kind, "ack"))
		ack(d, order);
	else
		ship(d, order);
	run(d, 50 * MINUTE);
	if (day_count(d, c->count) != 1 || job_tries(d, c->kind) != c->tries || strcmp(job_state(d, c->kind), "done") ||
	    day_count(d, "ships_again") + day_count(d, "acks_again") || day_verdict(d))
		fail_msg("%s: %" PRId64 " times done, %" PRId64 " times said, the job is %s: %s%s", c->why, day_count(d, c->count), job_tries(d, c->kind),
		         job_state(d, c->kind), day_text(d, "SELECT text FROM job ORDER BY id DESC LIMIT 1"), d->trouble);
	if (!strcmp(c->kind, "ship"))
		assert_string_equal(day_text(d, "SELECT confirm FROM shipment"), "APPLIED");
	day_close(d);
}

static void what_was_said_without_an_answer_happens_once(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof lost_cases / sizeof *lost_cases; i++)
		lost_answer(&lost_cases[i], 100 + i);
}

static void FP04_accepted_and_never_applied_is_told(void **state)
{
	struct day *d = open_quiet(11);

	(void)state;
	run(d, 20 * MINUTE);
	day_fault(d, "op=push kind=dropped");
	day_order(d, "amazon/us", 3);
	run(d, 70 * MINUTE);
	assert_true(day_count(d, "pushes_dropped") >= 1);
	assert_true(day_int(d, "SELECT count(*) FROM offer WHERE push_state = 'NOT_APPLIED' OR drift <> 0") >= 1);
	assert_true(day_int(d, "SELECT count(*) FROM alert WHERE closed_ms = 0") >= 1);
	day_close(d);
}

static void T5_what_waits_can_be_taken_back(void **state)
{
	struct day *d = open_quiet(12);
	int64_t order = new_order(d, "walmart/main");

	(void)state;
	day_fault(d, "channel=walmart op=ack kind=throttle");
	ack(d, order);
	run(d, MINUTE);
	assert_string_equal(job_state(d, "ack"), "waiting");
	intend(d, "archive", arena_printf(d->arena, "job=%" PRId64, day_int(d, "SELECT id FROM job WHERE verb = 'ack'")));
	run(d, HOUR);
	assert_string_equal(job_state(d, "ack"), "superseded");
	assert_int_equal(day_count(d, "acks"), 0);
	assert_true(day_int(d, "SELECT count(*) FROM audit WHERE action = 'archive'") == 1);
	day_close(d);
}

/* ---- growth ---- */

/* Each attempt is there, or counted in its day; of those that are gone none was a write, a refusal, or what a fact was learnt from. */
static void old_polls_that_told_nothing_are_counted_and_go(void **state)
{
	struct day_plan p = quiet(77);
	int64_t opened, writes;
	struct day *d;

	(void)state;
	p.config = "[raw]\nretain_days = 1\n[orders]\npoll_s = 600\n";
	d = day_open(&p);
	day_run(d, d->now_ms + MINUTE);
	day_order(d, "walmart/main", 1);
	run(d, HOUR);
	ack(d, day_int(d, "SELECT max(id) FROM orders WHERE open"));
	run(d, HOUR);
	writes = day_int(d, "SELECT count(*) FROM attempt WHERE writes = 1");
	assert_true(writes > 0);
	assert_int_equal(day_int(d, "SELECT count(*) FROM poll_day"), 0); /* none is a day old */
	run(d, 30 * HOUR);
	opened = day_int(d, "SELECT max(id) FROM attempt");
	assert_true(day_int(d, "SELECT sum(calls) FROM poll_day") > 20);
	assert_int_equal(day_int(d, "SELECT count(*) FROM attempt") + day_int(d, "SELECT sum(calls) FROM poll_day"), opened);
	assert_true(day_int(d, "SELECT count(*) FROM attempt WHERE writes = 1") >= writes);
	assert_int_equal(day_int(d, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
	assert_int_equal(day_int(d, "SELECT count(*) FROM attempt WHERE idle = 1 AND (writes = 1 OR fault <> '' OR id IN (SELECT attempt_id FROM change))"), 0);
	assert_int_equal(day_int(d, "SELECT count(*) FROM attempt a JOIN lease l WHERE a.idle = 1 AND a.closed_ms < l.beat_ms - 26 * 3600000"), 0);
	day_close(d);
}

/* A list is read faster than it is written; a page that cannot be written has those behind it read again, and leaves no hole. */
static void pages_that_wait_for_each_other_leave_no_hole(void **state)
{
	struct day_plan p = quiet(78);
	int64_t all = 0;

	(void)state;
	p.past = 900; /* orders that were there before us: pages of a hundred */
	for (int poison = 0; poison < 2; poison++) {
		struct day *d = day_open(&p);

		if (poison)
			behind_its_back(d, "CREATE TRIGGER poison BEFORE INSERT ON orders WHEN (SELECT value FROM counter WHERE name = 'orders') >= 150 "
			                   "BEGIN SELECT RAISE(ABORT, 'poison'); END");
		day_run(d, d->now_ms + 3 * MINUTE);
		if (poison) {
			assert_int_equal(day_int(d, "SELECT count(*) FROM orders") >= 150, 0);
			assert_true(day_int(d, "SELECT count(*) FROM attempt WHERE text LIKE '%poison%'") > 0);
			behind_its_back(d, "DROP TRIGGER poison");
		}
		run(d, HOUR);
		assert_int_equal(day_int(d, "SELECT count(*) FROM attempt WHERE closed_ms = 0"), 0);
		assert_int_equal(day_int(d, "SELECT count(*) FROM cursor WHERE verb = 'orders' AND page <> ''"), 0);
		assert_int_equal(day_int(d, "SELECT count(*) FROM attempt a JOIN attempt b ON b.account_id = a.account_id AND b.verb = 'orders' AND b.id > a.id "
		                            "AND b.opened_ms < a.closed_ms AND b.op = a.op AND b.url = a.url WHERE a.verb = 'orders'"), 0); /* no page twice at once */
		assert_true(day_int(d, "SELECT count(*) FROM orders") > 250);
		if (poison)
			assert_int_equal(day_int(d, "SELECT count(*) FROM orders"), all);
		all = day_int(d, "SELECT count(*) FROM orders");
		day_close(d);
	}
}

/* ---- orders ---- */

static void T9_a_bad_order_stops_no_other(void **state)
{
	struct day *d = open_quiet(13);

	(void)state;
	day_fault(d, "channel=walmart op=orders kind=missing count=1");
	for (int i = 0; i < 9; i++)
		day_order(d, "walmart/main", 1);
	run(d, 90 * SECOND);
	assert_true(day_int(d, "SELECT count(*) FROM orders") >= 8);
	assert_int_equal(day_int(d, "SELECT count(*) FROM inbox WHERE verb = 'orders'"), 1);
	run(d, 5 * MINUTE); /* the window overlaps: the same order comes again, whole */
	assert_int_equal(day_int(d, "SELECT count(*) FROM orders"), 9);
	day_close(d);
}

static void T10_a_hundred_copies_are_one_order(void **state)
{
	struct day *d = open_quiet(14);

	(void)state;
	day_order(d, "walmart/main", 2);
	for (int i = 0; i < 100; i++) {
		run(d, 6 * SECOND);
		intend(d, "refresh", "");
	}
	assert_int_equal(day_int(d, "SELECT count(*) FROM orders"), 1);
	assert_int_equal(day_int(d, "SELECT reserved FROM item ORDER BY reserved DESC LIMIT 1"), 2);
	assert_int_equal(day_int(d, "SELECT count(*) FROM move WHERE cause = 'sale'"), day_int(d, "SELECT count(DISTINCT ref) FROM move WHERE cause = 'sale'"));
	assert_true(day_int(d, "SELECT count(*) FROM attempt WHERE verb = 'orders'") >= 100);
	day_close(d);
}

static void T15_the_limiter_counts_calls_not_records(void **state)
{
	struct day *d = open_quiet(15);
	int64_t calls, attempts_made;

	(void)state;
	for (int i = 0; i < 60; i++)
		day_order(d, "amazon/us", 1);
	run(d, 30 * MINUTE);
	assert_int_equal(day_int(d, "SELECT count(*) FROM orders"), 60);
	calls = day_int(d, "SELECT calls FROM bucket WHERE name = 'amazon.orders.search'");
	attempts_made = day_int(d, "SELECT count(*) FROM attempt WHERE op = 'amazon.orders.search'");
	assert_int_equal(calls, attempts_made);
	assert_true(calls < 20);
	day_close(d);
}

static void T21_windows_overlap_and_stay_behind(void **state)
{
	struct day *d = open_quiet(16);

	(void)state;
	run(d, HOUR);
	/* until_ms is where the next window begins, less ten minutes; it is never within two minutes of the moment it was read */
	assert_int_equal(day_int(d, "SELECT count(*) FROM cursor WHERE verb = 'orders' AND since_ms > known_ms - 120000"), 0);
	assert_int_equal(day_int(d, "SELECT count(*) FROM attempt WHERE verb = 'orders' AND account_id = 2 AND url LIKE '%lastUpdatedAfter=2026-11-21T09%'"), 0);
	assert_true(day_int(d, "SELECT count(*) FROM attempt WHERE verb = 'orders' AND account_id = 2 AND url LIKE '%lastUpdatedAfter=2026-11-21T08:4%' OR url "
	                       "LIKE '%lastUpdatedAfter=2026-11-21T08%3A4%'") >= 1);
	day_close(d);
}

/* ---- who may be reached, and who may write ---- */

static const struct {
	const char *why, *profile, *config, *words;
} start_cases[] = {
	{ "a demo reaches no production host", "demo", "[account walmart-us]\nbase_url = https://marketplace.walmartapis.com\n", "production host" },
	{ "nor does a sandbox profile", "sandbox", "[account walmart-us]\nmode = shadow\nbase_url = https://marketplace.walmartapis.com\n", "production host" },
	{ "by the token's address either", "sandbox", "[account walmart-us]\nmode = shadow\ntoken_url = https://marketplace.walmartapis.com/v3/token\n", "production host" },
	{ "plain http to a host that is not this machine", "sandbox", "[account walmart-us]\nmode = shadow\nbase_url = http://shop.example\n", "TLS" },
	{ "nobody owns the prices", "demo", "[truth]\npricing =\n", "owner" },
	{ "a secret in the configuration itself", "demo", "[account walmart-us]\nclient_secret = hunter2\n", "file:PATH" },
	{ "a channel that is none", "demo", "[account walmart-us]\nchannel = wallmart\n", "no such channel" },
	{ "only a demo's accounts are born live", "sandbox", "[account walmart-us]\nmode = live\n", "made live by a person" },
};

static void a_start_that_must_not_be_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof start_cases / sizeof *start_cases; i++) {
		struct day_plan p = quiet(200 + i);
		struct day *d;
		struct err err = { 0 };

		p.profile = start_cases[i].profile;
		p.config = start_cases[i].config;
		d = day_prepare(&p);
		if (day_start(d, &err) != FAULT_REFUSED || !strstr(err.text, start_cases[i].words))
			fail_msg("%s: %s", start_cases[i].why, err.text);
		d->net = NULL;
		day_close(d);
	}
}

/* What was let in by a chmod would command it: the engine does not start, and says which chmod puts that right. The group of init --group looks, and writes nothing. */
static void FS05_a_store_that_others_reach_is_not_served(void **state)
{
	static const struct {
		mode_t folder, db;
		const char *says; /* NULL: it starts */
	} cases[] = {
		{ 0755, 0644, "; chmod 700 " }, { 0711, 0600, "; chmod 700 " }, { 0770, 0640, "; chmod 750 " }, { 0750, 0660, "; chmod 640 " }, { 0750, 0640, NULL }, { 0700, 0600, NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct day_plan p = quiet(230 + i);
		struct day *d = day_prepare(&p);
		struct err err = { 0 };
		enum fault f;

		assert_int_equal(chmod(arena_printf(d->arena, "%s/tallyman.db", d->dir), cases[i].db), 0);
		assert_int_equal(chmod(d->dir, cases[i].folder), 0);
		f = day_start(d, &err);
		if (f != (cases[i].says ? FAULT_REFUSED : OK) || (f && !strstr(err.text, cases[i].says)))
			fail_msg("%o, %o: %s", (unsigned)cases[i].folder, (unsigned)cases[i].db, f ? err.text : "it starts");
		if (f)
			d->net = NULL;
		day_close(d);
	}
}

/* Somebody put a link where a file of ours should be: it is not followed, and what it leads to is as it was. */
static void FS06_a_link_where_a_file_should_be_is_not_followed(void **state)
{
	static const char *const names[] = { "seal.key", "day.keys", "engine.lock" };
	struct day *d = open_quiet(240);
	struct err err;

	(void)state;
	day_stop(d);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const char *path = arena_printf(d->arena, "%s/%s", d->dir, names[i]), *away = arena_printf(d->arena, "%s.away", path);
		struct stat was, is;

		assert_int_equal(rename(path, away), 0);
		assert_int_equal(symlink(away, path), 0);
		assert_int_equal(stat(away, &was), 0);
		if (day_start(d, &err) == OK)
			fail_msg("%s: it starts", names[i]);
		d->net = NULL;
		assert_int_equal(stat(away, &is), 0);
		assert_int_equal(is.st_size, was.st_size);
		assert_int_equal(is.st_mtim.tv_sec, was.st_mtim.tv_sec);
		assert_int_equal(rename(away, path), 0);
	}
	assert_int_equal(day_start(d, &err), OK);
	day_close(d);
}

static void a_wrong_address_is_named_and_not_tried_again(void **state)
{
	struct day_plan p = quiet(17);
	struct day *d = day_prepare(&p);
	struct err err;

	(void)state;
	day_fault(d, "channel=walmart op=orders,order,stock,feeds kind=html");
	assert_int_equal(day_start(d, &err), OK);
	run(d, 2 * HOUR);
	assert_int_equal(day_int(d, "SELECT max(n) FROM (SELECT count(*) AS n FROM attempt t JOIN attempt_job x ON x.attempt_id = t.id WHERE t.account_id = 1 AND "
	                            "t.verb = 'orders' GROUP BY x.job_id)"),
	                 1);
	assert_non_null(strstr(day_text(d, "SELECT text FROM job WHERE account_id = 1 AND verb = 'orders' LIMIT 1"), "ENDPOINT_MISMATCH"));
	assert_non_null(strstr(day_text(d, "SELECT text FROM job WHERE account_id = 1 AND verb = 'orders' LIMIT 1"), DAY_WALMART));
	day_close(d);
}

static void FP07_a_second_engine_is_refused_by_name(void **state)
{
	struct day *d = open_quiet(18);
	struct engine *first = d->engine;
	struct transport *net = d->net;
	struct config *config = d->config;
	struct err err = { 0 };

	(void)state;
	d->engine = NULL;
	d->config = NULL;
	assert_int_equal(day_start(d, &err), FAULT_REFUSED);
	assert_non_null(strstr(err.text, "pid "));
	assert_non_null(strstr(err.text, " on "));
	assert_non_null(strstr(err.text, "since 2026-11-21T08:00:00Z"));
	config_free(d->config);
	d->engine = first;
	d->net = net;
	d->config = config;
	run(d, MINUTE);
	day_close(d);
}

static void a_restart_goes_on_where_it_was(void **state)
{
	struct day *d = open_quiet(19);
	int64_t order = new_order(d, "walmart/main");
	struct err err;

	(void)state;
	ack(d, order);
	day_stop(d);
	day_order(d, "walmart/main", 1);
	d->now_ms += 3 * HOUR;
	assert_int_equal(day_start(d, &err), OK);
	run(d, 15 * MINUTE);
	assert_int_equal(day_count(d, "acks"), 1);
	assert_int_equal(day_int(d, "SELECT count(*) FROM orders"), 2);
	assert_int_equal(day_count(d, "unknown_callers"), 0);
	day_close(d);
}

static void a_switched_off_account_is_silent(void **state)
{
	struct day_plan p = quiet(20);
	struct day *d;

	(void)state;
	p.config = "[account amazon-na]\nenabled = off\n";
	d = day_open(&p);
	run(d, HOUR);
	assert_int_equal(day_int(d, "SELECT count(*) FROM attempt WHERE account_id = 2"), 0);
	day_close(d);
}

static void families_are_switched_on_by_risk(void **state)
{
	struct day_plan p = quiet(21);
	struct day *d;

	(void)state;
	p.config = "[families]\ninventory = off\n";
	p.orders_a_day = 100;
	d = day_open(&p);
	run(d, HOUR);
	assert_int_equal(day_count(d, "pushes"), 0);
	assert_true(day_int(d, "SELECT count(*) FROM orders") > 0);
	day_close(d);
}

/* A unit of it was cancelled last week; now the rest is, and the answer is lost before anything was done. What was cancelled then proves nothing. */
static void what_was_cancelled_before_proves_no_cancellation(void **state)
{
	struct day *d = quiet_day(77, 8, NULL);
	int64_t order;

	(void)state;
	day_order(d, "walmart/main", 3);
	run(d, 8 * MINUTE);
	order = day_int(d, "SELECT max(id) FROM orders WHERE open");
	behind_its_back(d, arena_printf(d->arena, "UPDATE order_line SET q_new = q_new - 1, q_cancelled = 1 WHERE order_id = %" PRId64, order));
	day_fault(d, "channel=walmart op=cancel kind=lost-before count=1");
	intend(d, "cancel", arena_printf(d->arena, "order=%" PRId64 "\nreason=CUSTOMER_REQUESTED_SELLER_TO_CANCEL", order));
	for (int i = 0; i < 60; i++) {
		run(d, MINUTE);
		if (day_count(d, "cancels"))
			break;
		assert_string_not_equal(day_text(d, "SELECT state FROM job WHERE verb = 'cancel' ORDER BY id DESC LIMIT 1"), "done");
	}
	day_close(d);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_ladder_to_the_millisecond),
		cmocka_unit_test(the_third_failure_is_told_once),
		cmocka_unit_test(a_throttle_consumes_no_attempt),
		cmocka_unit_test(a_sick_channel_delays_no_other),
		cmocka_unit_test(one_account_stopped_delays_no_other),
		cmocka_unit_test(T11_each_job_has_its_own_ladder),
		cmocka_unit_test(the_breaker_lets_one_probe_through),
		cmocka_unit_test(no_request_with_an_expired_token),
		cmocka_unit_test(refreshed_two_minutes_early),
		cmocka_unit_test(one_token_call_for_a_crowd),
		cmocka_unit_test(a_second_401_is_told_and_not_stormed),
		cmocka_unit_test(what_was_said_without_an_answer_happens_once),
		cmocka_unit_test(FP04_accepted_and_never_applied_is_told),
		cmocka_unit_test(T5_what_waits_can_be_taken_back),
		cmocka_unit_test(old_polls_that_told_nothing_are_counted_and_go),
		cmocka_unit_test(pages_that_wait_for_each_other_leave_no_hole),
		cmocka_unit_test(T9_a_bad_order_stops_no_other),
		cmocka_unit_test(T10_a_hundred_copies_are_one_order),
		cmocka_unit_test(T15_the_limiter_counts_calls_not_records),
		cmocka_unit_test(T21_windows_overlap_and_stay_behind),
		cmocka_unit_test(a_start_that_must_not_be_is_refused),
		cmocka_unit_test(FS05_a_store_that_others_reach_is_not_served),
		cmocka_unit_test(FS06_a_link_where_a_file_should_be_is_not_followed),
		cmocka_unit_test(a_wrong_address_is_named_and_not_tried_again),
		cmocka_unit_test(FP07_a_second_engine_is_refused_by_name),
		cmocka_unit_test(a_restart_goes_on_where_it_was),
		cmocka_unit_test(a_switched_off_account_is_silent),
		cmocka_unit_test(families_are_switched_on_by_risk),
		cmocka_unit_test(what_was_cancelled_before_proves_no_cancellation),
	};

	child_main(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
