/* Held at zero by hand: nothing else is said by any path until a person lets go, and then today's number. */
#include "trade_world.h"

#include "trade/aim.h"
#include "trade/intents.h"
#include "trade/inventory.h"
#include "trade/jobs.h"
#include "trade/offers.h"
#include "trade/zero.h"

static void count(struct world *w, const char *sku, int64_t qty)
{
	struct count c = { .sku = sku, .qty = qty, .valid_ms = w->why.now_ms };

	OKAY(w, counts_take(w->s, &c, 1, false, true, &w->why, &w->err));
}

static void see(struct world *w, int64_t account, const char *sku, int64_t qty)
{
	struct seen seen = { .sku = sku, .qty = qty };

	w->why.now_ms += MINUTE;
	OKAY(w, offers_seen(w->s, account, &seen, 1, w->why.now_ms, &w->why, &w->err));
}

/* Three SKUs on two accounts, ten of each shown. */
static struct world stocked(void)
{
	static const char *const skus[] = { "SKU-1", "SKU-2", "SKU-3" };
	struct world w = world_new();

	for (size_t i = 0; i < 3; i++) {
		count(&w, skus[i], 40);
		see(&w, w.walmart, skus[i], 10);
		see(&w, w.amazon, skus[i], 10);
	}
	w.why.actor = "uid:1000 jo";
	return w;
}

static struct intent zero_of(struct world *w, const char *scope, const char *asker)
{
	struct intent in = { .kind = INTENT_ZERO, .payload = fields_new(w->a), .subject = "", .asker = asker, .why = "they show what is not there", .actor = w->why.actor };

	fields_put(&in.payload, "scope", scope);
	return in;
}

/* The whole way: the plan, its line, its digest. */
static enum fault carry(struct world *w, struct intent *in)
{
	struct plan p;
	enum fault f = plan_make(w->s, in, w->why.now_ms, w->a, &p, &w->err);

	if (f)
		return f;
	in->typed = p.line;
	in->digest = p.digest;
	in->made_ms = w->why.now_ms;
	f = intent_file(w->s, in, &w->why, &w->err);
	return f ? f : intent_carry(w->s, in, &w->why, &w->err);
}

static const char *line_of(struct world *w, const char *scope)
{
	struct intent in = zero_of(w, scope, "x");
	struct plan p;

	OKAY(w, plan_make(w->s, &in, w->why.now_ms, w->a, &p, &w->err));
	return p.line;
}

static void a_scope_is_said_in_words(void **state)
{
	struct world w = stocked();

	(void)state;
	assert_string_equal(line_of(&w, "SKU-1"), "zero 2 offers walmart-us amazon-us");
	assert_string_equal(line_of(&w, "offer:3"), "zero 1 offer walmart-us");
	assert_string_equal(line_of(&w, "account:amazon-us"), "zero 3 offers amazon-us");
	assert_string_equal(line_of(&w, "all"), "zero 6 offers walmart-us amazon-us");
	{
		struct intent in = zero_of(&w, "alloy", "y");
		struct plan p;

		assert_int_equal(plan_make(w.s, &in, w.why.now_ms, w.a, &p, &w.err), FAULT_REFUSED);
		in = zero_of(&w, "SKU-1", "z");
		in.why = "";
		assert_int_equal(plan_make(w.s, &in, w.why.now_ms, w.a, &p, &w.err), FAULT_REFUSED);
		assert_string_equal(w.err.text, "a zero-out needs its reason");
	}
	world_free(&w);
}

static void what_is_held_is_said_first_and_nothing_else_is(void **state)
{
	struct world w = stocked();
	struct intent in = zero_of(&w, "offer:1", "a");
	struct intent push = { .kind = INTENT_PUSH, .payload = fields_new(w.a), .subject = "", .asker = "p" };

	(void)state;
	OKAY(&w, carry(&w, &in));
	assert_string_equal(world_text(&w, "SELECT lane || ' ' || state || ' ' || (payload LIKE '%qty=0%') FROM job WHERE verb = 'stock'"), "0 waiting 1");
	assert_string_equal(world_text(&w, "SELECT prior || ' ' || (pushed IS NULL) FROM zero_row"), "10 1");
	fields_put_int(&push.payload, "offer", 1);
	w.why.now_ms += MINUTE;
	OKAY(&w, carry(&w, &push)); /* a person's push says zero too */
	assert_int_equal(world_int(&w, "SELECT count(*) FROM job WHERE verb = 'stock' AND state = 'waiting' AND payload NOT LIKE '%qty=0%'"), 0);
	assert_int_equal(world_int(&w, "SELECT count(*) FROM zero_out WHERE lifted_ms = 0"), 1);
	assert_int_equal(world_int(&w, "SELECT target FROM offer WHERE id = 2"), 0); /* not reckoned at all: NULL reads as 0 */
	assert_int_equal(world_int(&w, "SELECT hold = '' FROM offer WHERE id = 2"), 1);
	world_free(&w);
}

static void the_schema_itself_keeps_the_latch(void **state)
{
	struct world w = stocked();
	struct fields payload = fields_new(w.a);
	struct job_plan p = { .account = w.walmart, .verb = VERB_STOCK, .lane = LANE_INCREASE, .subject = "offer:1", .subject_id = 1, .payload = &payload, .ver = 9 };
	struct attempt a = { .account = w.walmart, .verb = "stock", .op = "op", .writes = true, .method = "PUT", .url = "/x", .credential = "c", .correlation = "k", .trace = "t" };
	struct intent in = zero_of(&w, "offer:1", "a");
	int64_t job, attempt;

	(void)state;
	OKAY(&w, carry(&w, &in));
	fields_put_int(&payload, "qty", 10);
	OKAY(&w, job_plan(w.s, &p, &w.why, &job, &w.err)); /* by a path that forgot to look */
	assert_int_equal(attempt_open(w.s, &a, 1, &job, 1, &attempt, &w.err), FAULT_STORE);
	assert_non_null(strstr(w.err.text, "held at zero"));
	world_free(&w);
}

static void letting_go_says_what_is_right_now(void **state)
{
	struct world w = stocked();
	struct intent in = zero_of(&w, "SKU-1", "a"), lift = { .kind = INTENT_LIFT, .payload = fields_new(w.a), .subject = "Z-1", .asker = "b" };

	(void)state;
	OKAY(&w, carry(&w, &in));
	see(&w, w.walmart, "SKU-1", 0);
	{
		struct zero z;
		struct zero_row *row;
		int n;

		OKAY(&w, zero_get(w.s, 1, w.a, &z, &w.err));
		assert_int_equal(z.offers, 2);
		assert_int_equal(z.pending, 1);
		OKAY(&w, zero_rows(w.s, 1, 0, 10, w.a, &row, &n, &w.err));
		assert_int_equal(n, 2);
		assert_string_equal(zero_state_name(row[0].state), "ZERO");
		assert_string_equal(zero_state_name(row[1].state), "PENDING");
	}
	OKAY(&w, store_exec(w.s, &w.err, "DELETE FROM dirty"));
	count(&w, "SKU-1", 7); /* meanwhile */
	OKAY(&w, store_exec(w.s, &w.err, "DELETE FROM dirty"));
	fields_put_int(&lift.payload, "zero", 1);
	OKAY(&w, carry(&w, &lift));
	assert_int_equal(world_int(&w, "SELECT count(*) FROM offer WHERE hold <> ''"), 0);
	assert_int_equal(world_int(&w, "SELECT count(*) FROM dirty"), 1); /* what it is to say is reckoned from the seven that there are */
	lift.asker = "c";
	assert_int_equal(carry(&w, &lift), FAULT_REFUSED);
	world_free(&w);
}

static void much_of_an_account_wants_two_persons(void **state)
{
	struct world w = stocked();
	struct intent in = zero_of(&w, "account:walmart-us", "a");
	struct intent agree = { .kind = INTENT_APPROVE, .payload = fields_new(w.a), .subject = "", .asker = "b" };

	(void)state;
	OKAY(&w, carry(&w, &in));
	assert_string_equal(in.state, "proposed");
	assert_int_equal(world_int(&w, "SELECT count(*) FROM zero_out"), 0);
	assert_int_equal(world_int(&w, "SELECT count(*) FROM alert WHERE kind = 'approve' AND closed_ms = 0"), 1);
	fields_put_int(&agree.payload, "intent", in.id);
	assert_int_equal(carry(&w, &agree), FAULT_REFUSED); /* the same person again, by whatever name */
	agree.asker = "c";
	w.why.actor = "uid:1001 kim";
	OKAY(&w, carry(&w, &agree));
	assert_string_equal(world_text(&w, "SELECT actor || ', ' || approver FROM zero_out"), "uid:1000 jo, uid:1001 kim");
	assert_int_equal(world_int(&w, "SELECT count(*) FROM offer WHERE hold <> ''"), 3);
	assert_int_equal(world_int(&w, "SELECT count(*) FROM alert WHERE kind = 'approve' AND closed_ms = 0"), 0);
	world_free(&w);
}

static void a_proposal_lapses(void **state)
{
	struct world w = stocked();
	struct intent in = zero_of(&w, "all", "a"), agree = { .kind = INTENT_APPROVE, .payload = fields_new(w.a), .subject = "", .asker = "b" };

	(void)state;
	OKAY(&w, carry(&w, &in));
	fields_put_int(&agree.payload, "intent", in.id);
	w.why.actor = "uid:1001 kim";
	w.why.now_ms += 11 * MINUTE;
	assert_int_equal(carry(&w, &agree), FAULT_REFUSED);
	OKAY(&w, intents_expire(w.s, &w.why, &w.err));
	assert_string_equal(world_text(&w, "SELECT state FROM intent ORDER BY id LIMIT 1"), "refused");
	world_free(&w);
}

static void what_could_not_be_told_alerts_after_a_quarter_of_an_hour(void **state)
{
	struct world w = stocked();
	struct intent in = zero_of(&w, "offer:1", "a");

	(void)state;
	OKAY(&w, carry(&w, &in));
	w.why.now_ms += 14 * MINUTE;
	OKAY(&w, zero_watch(w.s, &w.why, &w.err));
	assert_int_equal(world_int(&w, "SELECT count(*) FROM alert WHERE kind = 'zero_pending'"), 0);
	w.why.now_ms += MINUTE;
	OKAY(&w, zero_watch(w.s, &w.why, &w.err));
	assert_int_equal(world_int(&w, "SELECT count(*) FROM alert WHERE kind = 'zero_pending' AND severity = 'CRIT' AND closed_ms = 0"), 1);
	see(&w, w.walmart, "SKU-1", 0);
	OKAY(&w, zero_watch(w.s, &w.why, &w.err));
	assert_int_equal(world_int(&w, "SELECT count(*) FROM alert WHERE kind = 'zero_pending' AND closed_ms = 0"), 0);
	world_free(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_scope_is_said_in_words),
		cmocka_unit_test(what_is_held_is_said_first_and_nothing_else_is),
		cmocka_unit_test(the_schema_itself_keeps_the_latch),
		cmocka_unit_test(letting_go_says_what_is_right_now),
		cmocka_unit_test(much_of_an_account_wants_two_persons),
		cmocka_unit_test(a_proposal_lapses),
		cmocka_unit_test(what_could_not_be_told_alerts_after_a_quarter_of_an_hour),
	};

	return cmocka_run_group_tests_name("zero", tests, NULL, NULL);
}
