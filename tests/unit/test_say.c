/*
 * test_say.c: from what is available to the job that says it.
 */
#include "tests/unit/trade_world.h"

#include "trade/aim.h"
#include "trade/intents.h"
#include "trade/jobs.h"

enum { SETTLE = 600000 };

static struct offer offer_now(struct world *w)
{
	struct offer o;

	OKAY(w, offer_get(w->s, 1, w->a, &o, &w->err));
	return o;
}

/* Aim and say as the engine does for a dirty item; the job's number, 0: nothing to say. */
static int64_t plan_with(struct world *w, int64_t available)
{
	struct setting full = { POLICY_NEVER_FULL, "", "", 0, 0, "", "test" };
	struct policy_book all_of_it = { .setting = &full, .settings = 1 };
	int64_t *changed, job = 0;
	struct aims how;
	int n;

	OKAY(w, store_exec(w->s, &w->err, arena_printf(w->a, "UPDATE item SET available = %" PRId64, available)));
	OKAY(w, aims_open(w->s, &all_of_it, NULL, 0, w->why.now_ms, w->a, &how, &w->err));
	OKAY(w, item_aim(w->s, 1, &how, &w->why, w->a, &changed, &n, &w->err));
	if (n)
		OKAY(w, offer_say(w->s, changed[0], false, 0, &w->why, &job, &w->err));
	return job;
}

/* Sent, accepted and seen. */
static void say_it(struct world *w, int64_t job, int64_t qty)
{
	struct attempt a = { .account = w->walmart, .verb = "stock", .op = "walmart.inventory.put", .writes = true, .method = "PUT", .url = "https://x",
		             .correlation = arena_printf(w->a, "c-%" PRId64, job), .opened_ms = w->why.now_ms };
	int64_t attempt;

	OKAY(w, attempt_open(w->s, &a, 1, &job, 1, &attempt, &w->err));
	OKAY(w, job_inflight(w->s, job, attempt, &w->why, &w->err));
	OKAY(w, job_sent(w->s, job, "accepted", &w->why, &w->err));
	OKAY(w, offer_accepted(w->s, 1, qty, offer_now(w).ver, SETTLE, &w->why, &w->err));
	OKAY(w, job_done(w->s, job, "seen", &w->why, &w->err));
}

static struct world with_offer(void)
{
	struct world w = world_new();

	OKAY(&w, store_exec(w.s, &w.err,
	                    "INSERT INTO item (id, sku, counted, available, made_ms) VALUES (1, 'SKU-1', 10, 10, 1);"
	                    "INSERT INTO offer (id, account_id, sku, item_id, known_ms) VALUES (1, 1, 'SKU-1', 1, 1)"));
	return w;
}

static void the_same_number_again_is_said_when_they_confirm_another(void **state)
{
	struct world w = with_offer();
	int64_t first = plan_with(&w, 10), again;

	(void)state;
	assert_true(first != 0);
	say_it(&w, first, 10);
	assert_int_equal(plan_with(&w, 10), 0); /* it is as we want it */
	OKAY(&w, store_exec(w.s, &w.err, "UPDATE offer SET pushed = 9 WHERE id = 1")); /* one sold there; and one came back here */
	again = plan_with(&w, 10);
	assert_true(again != 0 && again != first);
	assert_string_equal(world_text(&w, "SELECT state FROM job ORDER BY id DESC LIMIT 1"), "waiting");
	assert_int_equal(plan_with(&w, 10), again); /* once */
	assert_int_equal(world_int(&w, "SELECT count(*) FROM job"), 2);
	world_free(&w);
}

static void a_refused_number_waits_for_a_person(void **state)
{
	struct world w = with_offer();
	int64_t first = plan_with(&w, 10);

	(void)state;
	OKAY(&w, job_fail(w.s, first, FAULT_REFUSED, "no such SKU", &w.why, &w.err));
	plan_with(&w, 10);
	assert_int_equal(world_int(&w, "SELECT count(*) FROM job WHERE state = 'waiting'"), 0);
	assert_true(plan_with(&w, 9) != 0); /* another number is another decision */
	assert_int_equal(world_int(&w, "SELECT count(*) FROM job WHERE state = 'waiting'"), 1);
	world_free(&w);
}

static void what_is_tried_again_is_the_newest_number(void **state)
{
	struct world w = with_offer();
	struct intent in = { .asker = "a", .kind = INTENT_RETRY, .subject = "", .payload = fields_new(w.a) };
	int64_t first = plan_with(&w, 10), second, mine;

	(void)state;
	say_it(&w, first, 10);
	second = plan_with(&w, 9);
	OKAY(&w, job_fail(w.s, second, FAULT_REFUSED, "not now", &w.why, &w.err));
	assert_int_equal(plan_with(&w, 10), 0); /* that is what they have */
	fields_put_int(&in.payload, "job", second);
	OKAY(&w, intent_file(w.s, &in, &w.why, &w.err));
	OKAY(&w, intent_carry(w.s, &in, &w.why, &w.err));
	assert_string_equal(world_text(&w, "SELECT state FROM job WHERE id = 2"), "superseded");
	mine = world_int(&w, "SELECT max(id) FROM job");
	assert_string_equal(world_text(&w, arena_printf(w.a, "SELECT state || substr(payload, instr(payload, 'qty=10'), 6) FROM job WHERE id = %" PRId64, mine)),
	                    "waitingqty=10");
	world_free(&w);
}

static void an_older_number_that_was_accepted_is_thought_over(void **state)
{
	struct world w = with_offer();
	int64_t first = plan_with(&w, 10);

	(void)state;
	say_it(&w, first, 10);
	plan_with(&w, 9);
	plan_with(&w, 8);
	OKAY(&w, store_exec(w.s, &w.err, "DELETE FROM dirty"));
	OKAY(&w, offer_accepted(w.s, 1, 9, 2, SETTLE, &w.why, &w.err));
	assert_int_equal(world_int(&w, "SELECT count(*) FROM dirty WHERE item_id = 1"), 1);
	world_free(&w);
}

struct raise_case {
	const char *why, *offer; /* what the offer is */
	int64_t qty;
	bool raises;
};

static const struct raise_case raise_cases[] = {
	{ "never said, never seen", "pushed = NULL, seen = NULL", 1, true },
	{ "zero raises nothing", "pushed = NULL, seen = NULL", 0, false },
	{ "more than was confirmed", "pushed = 5, seen = 5, push_state = 'APPLIED'", 6, true },
	{ "the same again", "pushed = 5, seen = 5, push_state = 'APPLIED'", 5, false },
	{ "less than is on its way, more than is still shown", "pushed = 10, seen = 5, push_state = 'SETTLING'", 8, false },
	{ "more than is on its way, less than is still shown", "pushed = 5, seen = 10, push_state = 'SETTLING'", 8, true },
	{ "less than they show, though more than they were told", "pushed = 5, seen = 12, push_state = 'NOT_APPLIED'", 8, false },
	{ "more than they have left since", "pushed = 5, seen = 3, push_state = 'APPLIED'", 4, true },
};

static void what_is_a_raise(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof raise_cases / sizeof *raise_cases; i++) {
		const struct raise_case *c = &raise_cases[i];
		struct world w = with_offer();
		struct job j = { .subject_id = 1, .payload = fields_new(w.a) };
		bool yes;

		OKAY(&w, store_exec(w.s, &w.err, arena_printf(w.a, "UPDATE offer SET %s WHERE id = 1", c->offer)));
		fields_put_int(&j.payload, "qty", c->qty);
		OKAY(&w, offer_raised_by(w.s, &j, &yes, &w.err));
		if (yes != c->raises)
			fail_msg("%s", c->why);
		world_free(&w);
	}
}

/* Known up to where the slowest list stands. */
static void orders_are_known_as_far_as_every_list(void **state)
{
	static const char *const pool[] = { "SellerFulfilled", "WFSFulfilled", "3PLFulfilled" };
	struct world w = world_new();
	int64_t upto;

	(void)state;
	for (int i = 0; i < 3; i++) {
		struct cursor c = { .since_ms = T0 + (i + 1) * MINUTE, .page = "" };

		OKAY(&w, account_heard_upto(w.s, w.walmart, &upto, &w.err));
		assert_int_equal(upto, 0); /* of a pool nothing is known yet */
		OKAY(&w, cursor_set(w.s, w.walmart, VERB_ORDERS, pool[i], &c, T0, &w.err));
		OKAY(&w, account_heard(w.s, w.walmart, 3, &w.err));
	}
	OKAY(&w, account_heard_upto(w.s, w.walmart, &upto, &w.err));
	assert_int_equal(upto, T0 + MINUTE);
	OKAY(&w, cursor_set(w.s, w.walmart, VERB_ORDERS, pool[0], &(struct cursor){ .since_ms = T0, .page = "2" }, T0, &w.err));
	OKAY(&w, account_heard(w.s, w.walmart, 3, &w.err));
	OKAY(&w, account_heard_upto(w.s, w.walmart, &upto, &w.err));
	assert_int_equal(upto, T0 + MINUTE); /* a window that is read again makes nothing unknown */
	world_free(&w);
}

/* An answer that did not tell the order is no reading of it: "not there" needs a whole one. */
static void a_read_that_did_not_tell_it_proves_nothing(void **state)
{
	struct world w = world_new();
	struct fields payload = fields_new(w.a);
	struct job_plan p = { .account = w.walmart, .verb = VERB_ORDER, .lane = LANE_CONFIRM, .subject = "order:7", .subject_id = 7, .payload = &payload,
		              .due_ms = T0 };
	struct attempt a = { .account = w.walmart, .verb = "order", .op = "walmart.orders.get", .method = "GET", .url = "https://x", .correlation = "c-1",
		             .opened_ms = T0 };
	int64_t job, read_ms;

	(void)state;
	OKAY(&w, job_plan(w.s, &p, &w.why, &job, &w.err));
	OKAY(&w, attempt_open(w.s, &a, 1, &job, 1, &a.id, &w.err));
	OKAY(&w, job_inflight(w.s, job, a.id, &w.why, &w.err));
	a.status = 200;
	a.closed_ms = T0 + 1;
	OKAY(&w, attempt_close(w.s, &a, &w.err));
	OKAY(&w, job_last_read(w.s, w.walmart, VERB_ORDER, 7, &read_ms, &w.err));
	assert_int_equal(read_ms, T0);
	OKAY(&w, attempt_job_result(w.s, a.id, job, FAULT_FORMAT, "the answer does not tell this order", &w.err));
	OKAY(&w, job_last_read(w.s, w.walmart, VERB_ORDER, 7, &read_ms, &w.err));
	assert_int_equal(read_ms, 0);
	world_free(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_number_again_is_said_when_they_confirm_another),
		cmocka_unit_test(a_refused_number_waits_for_a_person),
		cmocka_unit_test(what_is_tried_again_is_the_newest_number),
		cmocka_unit_test(an_older_number_that_was_accepted_is_thought_over),
		cmocka_unit_test(what_is_a_raise),
		cmocka_unit_test(orders_are_known_as_far_as_every_list),
		cmocka_unit_test(a_read_that_did_not_tell_it_proves_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
