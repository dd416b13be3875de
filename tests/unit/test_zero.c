/* Held at zero by hand: nothing else is said by any path until a person lets go, and then today's number. */
#include "trade_world.h"

#include "base/clock.h"

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
		assert_string_equal(zero_state_name(row[1].state), "READING");
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

/* N24: who proposed it tries as well, two others agree to it at once, in every order: one of the two wins, and it is carried out once. */
static void of_a_hundred_pairs_who_agree_at_once_one_wins_each(void **state)
{
	static const char *const actors[] = { "uid:1000 jo", "uid:1001 kim", "uid:1002 ann" };
	struct rng rng = rng_seeded(24);
	struct world w = stocked();

	(void)state;
	for (int i = 0; i < 100; i++) {
		struct intent in = zero_of(&w, "account:walmart-us", arena_printf(w.a, "p%d", i)), lift = { .kind = INTENT_LIFT, .payload = fields_new(w.a), .subject = "" };
		int first = (int)rng_below(&rng, 3), won = 0, by = -1;

		w.why.actor = actors[0];
		OKAY(&w, carry(&w, &in));
		assert_string_equal(in.state, "proposed");
		for (int k = 0; k < 3; k++) {
			int who = (first + (i % 2 ? k : 3 - k)) % 3;
			struct intent agree = { .kind = INTENT_APPROVE, .payload = fields_new(w.a), .subject = "", .asker = arena_printf(w.a, "a%d-%d", i, who) };

			fields_put_int(&agree.payload, "intent", in.id);
			w.why.actor = actors[who];
			if (!carry(&w, &agree)) {
				won++;
				by = who;
			}
		}
		if (won != 1 || by == 0)
			fail_msg("pair %d: %d agreed, the last of them %s", i, won, by < 0 ? "nobody" : actors[by]);
		assert_int_equal(world_int(&w, "SELECT count(*) FROM zero_out"), i + 1);
		fields_put_int(&lift.payload, "zero", world_int(&w, "SELECT max(id) FROM zero_out"));
		lift.asker = arena_printf(w.a, "l%d", i);
		OKAY(&w, carry(&w, &lift));
		w.why.now_ms += HOUR;
	}
	assert_int_equal(world_int(&w, "SELECT count(*) FROM zero_out WHERE approver LIKE 'uid:1000%' OR approver = ''"), 0);
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

/* However many are open: the oldest of them ends at its time, is told of when it could not be told, and is not forgotten when somebody stopped it. */
static void the_oldest_of_many_is_watched_as_well(void **state)
{
	static const char more[] = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 120) INSERT INTO zero_out (scope, reason, actor, intent_id, made_ms) "
				   "SELECT 'SKU-9', 'x', 'jo', (SELECT min(id) FROM intent), (SELECT max(made_ms) FROM zero_out) FROM n";
	static const struct {
		const char *why, *ask, *want;
		int64_t n;
	} rows[] = {
		{ "what could not be told for a quarter of an hour", "UPDATE zero_out SET until_ms = 0 WHERE id = 1", "SELECT count(*) FROM alert WHERE key = 'zero 1' AND closed_ms = 0", 1 },
		{ "one that was to be looked at by now", "UPDATE zero_out SET remind_ms = 1 WHERE id = 1", "SELECT count(*) FROM alert WHERE key = 'zero open 1' AND closed_ms = 0", 1 },
		{ "one whose time is over", "UPDATE zero_out SET until_ms = 1 WHERE id = 1", "SELECT lifted_ms > 0 FROM zero_out WHERE id = 1", 1 },
	};
	struct world w = stocked();
	struct intent in = zero_of(&w, "offer:1", "a");

	(void)state;
	OKAY(&w, carry(&w, &in));
	OKAY(&w, store_exec(w.s, &w.err, more));
	w.why.now_ms += 16 * MINUTE;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		OKAY(&w, store_exec(w.s, &w.err, rows[i].ask));
		OKAY(&w, zero_watch(w.s, &w.why, &w.err));
		if (world_int(&w, rows[i].want) != rows[i].n)
			fail_msg("%s", rows[i].why);
	}
	world_free(&w);
}

/* ---- each offer's own way ---- */

static const char *state_of(struct world *w, int at)
{
	struct zero_row *row;
	int n;

	OKAY(w, zero_rows(w->s, 1, 0, 10, w->a, &row, &n, &w->err));
	assert_true(at < n);
	return arena_printf(w->a, "%s%s%s", zero_state_name(row[at].state), *row[at].text ? ": " : "", row[at].text);
}

static int64_t job_of(struct world *w, int64_t offer)
{
	return world_int(w, arena_printf(w->a, "SELECT max(id) FROM job WHERE verb = 'stock' AND subject_id = %lld", (long long)offer));
}

/* The steps of a call, as the engine takes them. */
static void say(struct world *w, int64_t job)
{
	struct attempt a = { .account = w->walmart, .verb = "stock", .op = "op", .writes = true, .method = "PUT", .url = "/x", .credential = "c", .correlation = "k", .trace = "t" };
	int64_t attempt;

	a.correlation = arena_printf(w->a, "k%lld", (long long)job);
	OKAY(w, attempt_open(w->s, &a, 1, &job, 1, &attempt, &w->err));
	OKAY(w, job_inflight(w->s, job, attempt, &w->why, &w->err));
}

static void a_row_says_how_far_it_is(void **state)
{
	static const struct {
		const char *why, *sql, *want;
	} steps[] = {
		{ "what shows something is read once more first", "SELECT 1", "READING" },
		{ "then its zero waits for its turn", "UPDATE zero_row SET fresh = 10, fresh_ms = look_ms", "QUEUED" },
		{ "what shows more than was seen is held", "UPDATE zero_row SET fresh = 11", "MOVED" },
		{ "until somebody says that it goes", "UPDATE zero_row SET let_ms = 1", "QUEUED" },
		{ "what failed and is tried again cannot be said now", "UPDATE job SET fails = 2, text = 'they are down' WHERE verb = 'stock'", "PENDING: they are down" },
		{ "nor what lies on an account that cannot be asked", "UPDATE job SET fails = 0; UPDATE account SET state = 'auth', state_text = 'the key ended' WHERE id = 1",
		  "PENDING: auth: the key ended" },
		{ "once it is well again the row waits for its turn", "UPDATE account SET state = 'ok' WHERE id = 1", "QUEUED" },
		{ "what a breaker keeps back cannot be said now", "UPDATE job SET text = ''; INSERT INTO breaker (account_id, name, state, text) VALUES (1, 'stock.write', 'open', '500: try again')",
		  "PENDING: 500: try again" },
		{ "until it is closed", "UPDATE breaker SET state = 'closed'", "QUEUED" },
	};
	struct world w = stocked();
	struct intent in = zero_of(&w, "offer:1", "a");

	(void)state;
	OKAY(&w, carry(&w, &in));
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		OKAY(&w, store_exec(w.s, &w.err, steps[i].sql));
		if (strcmp(state_of(&w, 0), steps[i].want))
			fail_msg("%s: %s, not %s", steps[i].why, state_of(&w, 0), steps[i].want);
	}
	say(&w, job_of(&w, 1));
	assert_string_equal(state_of(&w, 0), "SAID");
	OKAY(&w, job_sent(w.s, job_of(&w, 1), "", &w.why, &w.err));
	assert_string_equal(state_of(&w, 0), "ACCEPTED");
	see(&w, w.walmart, "SKU-1", 0);
	assert_string_equal(state_of(&w, 0), "ZERO");
	world_free(&w);
}

/* How far a restoration has come never goes back: what is shown later is another matter. */
static void once_seen_right_it_stays_so(void **state)
{
	static const struct {
		const char *why, *sql;
		int64_t shows; /* -1: it is not read */
		const char *want;
	} steps[] = {
		{ "what waits to be thought over shows yesterday's nothing, which is not what is right", "SELECT 1", 0, "RETURNS" },
		{ "thought over it is to show seven", "UPDATE offer SET target = 7 WHERE id = 1; DELETE FROM dirty", -1, "RETURNS" },
		{ "and shows something else", "SELECT 1", 5, "RETURNS" },
		{ "seen with seven it is back", "SELECT 1", 7, "RESTORED" },
		{ "a sale elsewhere wants six, and it is back still", "UPDATE offer SET target = 6 WHERE id = 1", -1, "RESTORED" },
		{ "somebody's edit there is drift", "SELECT 1", 9, "RESTORED" },
	};
	struct world w = stocked();
	struct intent in = zero_of(&w, "offer:1", "a"), lift = { .kind = INTENT_LIFT, .payload = fields_new(w.a), .subject = "Z-1", .asker = "b" };
	struct zero z;

	(void)state;
	OKAY(&w, carry(&w, &in));
	see(&w, w.walmart, "SKU-1", 0);
	fields_put_int(&lift.payload, "zero", 1);
	OKAY(&w, carry(&w, &lift));
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		OKAY(&w, store_exec(w.s, &w.err, steps[i].sql));
		if (steps[i].shows >= 0)
			see(&w, w.walmart, "SKU-1", steps[i].shows);
		if (strcmp(state_of(&w, 0), steps[i].want))
			fail_msg("%s: %s, not %s", steps[i].why, state_of(&w, 0), steps[i].want);
	}
	OKAY(&w, zero_get(w.s, 1, w.a, &z, &w.err));
	assert_int_equal(z.pending, 0);
	world_free(&w);
}

/* It shows nothing and was told so before: nothing is said, and nothing about that is an alarm while its account can be read. */
static void what_shows_nothing_is_read_and_not_pending(void **state)
{
	struct world w = stocked();
	struct intent in = zero_of(&w, "offer:1", "a");

	(void)state;
	OKAY(&w, store_exec(w.s, &w.err, "UPDATE offer SET seen = 0, pushed = 0, target = 0 WHERE id = 1"));
	OKAY(&w, carry(&w, &in));
	assert_string_equal(state_of(&w, 0), "READING");
	OKAY(&w, store_exec(w.s, &w.err, "UPDATE account SET state = 'down', state_text = 'they are down' WHERE id = 1"));
	assert_string_equal(state_of(&w, 0), "PENDING: down: they are down");
	OKAY(&w, store_exec(w.s, &w.err, "UPDATE account SET state = 'ok' WHERE id = 1"));
	see(&w, w.walmart, "SKU-1", 0);
	assert_string_equal(state_of(&w, 0), "ZERO");
	world_free(&w);
}

static void what_they_refused_says_why(void **state)
{
	struct world w = stocked();
	struct intent in = zero_of(&w, "offer:1", "a");

	(void)state;
	OKAY(&w, carry(&w, &in));
	say(&w, job_of(&w, 1));
	OKAY(&w, job_fail(w.s, job_of(&w, 1), FAULT_REFUSED, "the listing is locked", &w.why, &w.err));
	assert_string_equal(state_of(&w, 0), "FAILED: the listing is locked");
	world_free(&w);
}

static void what_nobody_answered_is_looked_for(void **state)
{
	struct world w = stocked();
	struct intent in = zero_of(&w, "offer:1", "a");

	(void)state;
	OKAY(&w, carry(&w, &in));
	OKAY(&w, zero_looked(w.s, 1, 10, w.why.now_ms, &w.err));
	say(&w, job_of(&w, 1));
	OKAY(&w, job_unsure(w.s, job_of(&w, 1), "nobody answered", &w.why, &w.err));
	assert_string_equal(state_of(&w, 0), "UNSURE: nobody answered");
	see(&w, w.walmart, "SKU-1", 0);
	assert_string_equal(state_of(&w, 0), "ZERO");
	world_free(&w);
}

/* ---- what a person typed stays typed ---- */

/* Some channels say a zero only where somebody typed it: who thinks it over again typed nothing, and what holds it was typed all the same. */
static void a_typed_zero_stays_one(void **state)
{
	static const struct {
		const char *why, *sql;
		int64_t typed;
	} rows[] = {
		{ "as it was typed", "SELECT 1", 1 },
		{ "its item is thought over again", "UPDATE offer SET ver = ver + 1 WHERE id = 1", 1 },
		{ "what was tried once is replaced by a newer decision", "UPDATE job SET frozen = 1; UPDATE offer SET ver = ver + 1 WHERE id = 1", 1 },
		{ "a rule's zero was typed by nobody", "UPDATE zero_out SET rule = 'truth'; UPDATE offer SET ver = ver + 1 WHERE id = 1", 0 },
		{ "nor was what nothing holds", "UPDATE zero_out SET rule = ''; UPDATE offer SET hold = '', ver = ver + 1 WHERE id = 1", 0 },
	};
	struct world w = stocked();
	struct intent in = zero_of(&w, "offer:1", "a");
	int64_t job;

	(void)state;
	OKAY(&w, carry(&w, &in));
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		OKAY(&w, store_exec(w.s, &w.err, rows[i].sql));
		OKAY(&w, offer_say_by(w.s, 1, w.why.now_ms, &w.why, &job, &w.err));
		if (world_int(&w, "SELECT payload LIKE '%zero_typed=1%' FROM job WHERE verb = 'stock' AND state = 'waiting'") != rows[i].typed)
			fail_msg("%s: %s", rows[i].why, world_text(&w, "SELECT payload FROM job WHERE verb = 'stock' AND state = 'waiting'"));
	}
	world_free(&w);
}

/* ---- stopped between two calls ---- */

static struct intent about(struct world *w, enum intent_kind kind, const char *asker)
{
	struct intent in = { .kind = kind, .payload = fields_new(w->a), .subject = "Z-1", .asker = asker };

	fields_put_int(&in.payload, "zero", 1);
	return in;
}

static enum zero_step may_say(struct world *w, int64_t offer)
{
	enum zero_step step;

	OKAY(w, zero_may_say(w->s, offer, w->why.now_ms + 2 * MINUTE, &step, &w->err));
	return step;
}

static void stopped_what_went_stays_and_the_rest_is_not_said(void **state)
{
	struct world w = stocked();
	struct intent in = zero_of(&w, "SKU-1", "a"), stop = about(&w, INTENT_HALT, "b"), go = about(&w, INTENT_LET, "c"), again = about(&w, INTENT_HALT, "d");
	int64_t of[ZERO_STATES];
	struct plan p;

	(void)state;
	OKAY(&w, carry(&w, &in));
	OKAY(&w, zero_looked(w.s, 1, 10, w.why.now_ms, &w.err));
	say(&w, job_of(&w, 1));
	OKAY(&w, job_sent(w.s, job_of(&w, 1), "", &w.why, &w.err));
	OKAY(&w, carry(&w, &stop));
	assert_string_equal(stop.result, "Z-1 stopped: 1 not said");
	assert_string_equal(state_of(&w, 0), "ACCEPTED");
	assert_string_equal(state_of(&w, 1), "STOPPED");
	assert_int_equal(may_say(&w, 2), ZERO_STOPS);
	assert_true(world_int(&w, "SELECT due_ms FROM job WHERE verb = 'stock' AND state = 'waiting'") > w.why.now_ms + MINUTE); /* no path picks it up */
	assert_int_equal(world_int(&w, "SELECT count(*) FROM offer WHERE hold <> ''"), 2); /* and nothing else is said of it either */
	OKAY(&w, zero_tally(w.s, 1, of, &w.err));
	assert_string_equal(zero_tally_words(of, w.a), "1 accepted, 1 stopped, not said");
	OKAY(&w, zero_watch(w.s, &w.why, &w.err));
	assert_int_equal(world_int(&w, "SELECT count(*) FROM alert WHERE kind = 'zero_open' AND closed_ms = 0"), 1);
	OKAY(&w, plan_make(w.s, &go, w.why.now_ms, w.a, &p, &w.err));
	assert_string_equal(p.line, "zero 1 offer amazon-us");
	OKAY(&w, carry(&w, &go));
	assert_int_equal(may_say(&w, 2), ZERO_SAY);
	assert_int_equal(world_int(&w, "SELECT due_ms FROM job WHERE verb = 'stock' AND state = 'waiting'"), w.why.now_ms);
	OKAY(&w, carry(&w, &again));
	assert_int_equal(world_int(&w, "SELECT count(*) FROM audit WHERE action = 'halt'"), 2);
	world_free(&w);
}

/* Hours may lie between: what is gone on with is looked at as it was when it was begun. */
static void gone_on_with_it_is_read_once_more(void **state)
{
	static const struct {
		const char *why;
		int64_t first, stopped, fresh; /* by the reading of the beginning, one while it was stopped, the one after it was gone on with; -1: there was none */
		const char *after, *then;
	} rows[] = {
		{ "it is as it was", 10, 10, 10, "READING", "QUEUED" },
		{ "some were sold", 10, 9, 7, "READING", "QUEUED" },
		{ "somebody typed over it, and nobody has seen that", 10, 10, 50, "READING", "MOVED" },
		{ "who goes on has seen it", 10, 50, 50, "READING", "QUEUED" },
		{ "and what was raised once more he has not", 10, 50, 51, "READING", "MOVED" },
		{ "moved before it was stopped: the number of then is the one that he saw", 12, 12, 12, "READING", "QUEUED" },
		{ "what shows nothing now is not read for that", 10, 0, -1, "QUEUED", "QUEUED" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct world w = stocked();
		struct intent in = zero_of(&w, "offer:1", "a"), stop = about(&w, INTENT_HALT, "b"), go = about(&w, INTENT_LET, "c");
		enum zero_step step;

		OKAY(&w, carry(&w, &in));
		see(&w, w.walmart, "SKU-1", rows[i].first);
		OKAY(&w, carry(&w, &stop));
		w.why.now_ms += 6 * HOUR;
		see(&w, w.walmart, "SKU-1", rows[i].stopped);
		OKAY(&w, store_exec(w.s, &w.err, "UPDATE offer SET seen_ms = 0")); /* of before: what shows nothing is not proved by it */
		OKAY(&w, store_exec(w.s, &w.err, "UPDATE job SET state = 'superseded' WHERE verb = 'stock-read'"));
		OKAY(&w, carry(&w, &go));
		if (strcmp(state_of(&w, 0), rows[i].after))
			fail_msg("%s: gone on with it is %s", rows[i].why, state_of(&w, 0));
		OKAY(&w, zero_may_say(w.s, 1, w.why.now_ms, &step, &w.err));
		if ((step == ZERO_LOOKS) != (rows[i].fresh >= 0) || world_int(&w, "SELECT count(*) FROM job WHERE verb = 'stock-read' AND state = 'waiting'") != (rows[i].fresh >= 0))
			fail_msg("%s: it is %s", rows[i].why, step == ZERO_LOOKS ? "looked at, and no reading asks for that" : "said at once");
		if (rows[i].fresh >= 0)
			see(&w, w.walmart, "SKU-1", rows[i].fresh);
		if (strcmp(state_of(&w, 0), rows[i].then))
			fail_msg("%s: then it is %s", rows[i].why, state_of(&w, 0));
		world_free(&w);
	}
}

/* The account is out of step for half an hour: the rule holds what is free there, and what a person holds and stopped goes as well. */
static int64_t rule_zeroes(struct world *w, int64_t intent, int64_t account, const int64_t *offer, int n)
{
	static const char sql[] = "INSERT INTO lapse (account_id, cause, state, since_ms, looked_ms, steady_ms, bad_ms, zero_id, zeroed_ms) VALUES (?1, 'truth', 'ZEROED', ?2, ?2, ?2, ?2, ?3, ?2)";
	struct zero_ask ask = { .scope = "account", .reason = "out of step", .rule = "truth", .intent = intent };
	int64_t id;
	int held;

	OKAY(w, zero_begin(w->s, offer, n, &ask, &w->why, &id, &held, &w->err));
	OKAY(w, RUN(w->s, &w->err, sql, V(account), V(w->why.now_ms), V(id)));
	return id;
}

static int64_t by_hand(struct world *w)
{
	struct zero_hand *hand;
	int n;

	OKAY(w, zero_by_hand(w->s, w->why.now_ms, 10, w->a, &hand, &n, &w->err));
	return n;
}

static void the_half_hour_outlasts_a_stop(void **state)
{
	static const int64_t walmarts[] = { 1, 3, 5 };
	static const struct {
		const char *why, *sql;
		enum zero_step may;
		const char *first, *second;
		int64_t by_hand;
	} rows[] = {
		{ "its account is out of step, the other one is not", "SELECT 1", ZERO_SAY, "QUEUED", "STOPPED", 3 },
		{ "what showed more than was seen goes as well", "UPDATE zero_out SET stopped_ms = 0 WHERE id = 1; UPDATE zero_row SET fresh = 50, fresh_ms = look_ms WHERE zero_id = 1", ZERO_SAY,
		  "QUEUED", "MOVED", 3 },
		{ "a person lifts the rule's: his own is stopped still", "UPDATE zero_out SET stopped_ms = 1 WHERE id = 1; UPDATE zero_out SET lifted_ms = 1 WHERE id = 2", ZERO_STOPS, "STOPPED",
		  "STOPPED", 0 },
		{ "the account is well again", "UPDATE zero_out SET lifted_ms = 0 WHERE id = 2; UPDATE lapse SET ended_ms = 1", ZERO_STOPS, "STOPPED", "STOPPED", 2 },
	};
	struct world w = stocked();
	struct intent in = zero_of(&w, "SKU-1", "a"), stop = about(&w, INTENT_HALT, "b");
	int64_t n;

	(void)state;
	OKAY(&w, carry(&w, &in));
	OKAY(&w, carry(&w, &stop));
	w.why.now_ms += HOUR;
	OKAY(&w, zero_showing(w.s, w.walmart, w.why.now_ms, &n, &w.err));
	assert_int_equal(n, 1);
	assert_int_equal(rule_zeroes(&w, in.id, w.walmart, walmarts, 3), 2);
	assert_string_equal(world_text(&w, "SELECT group_concat(offer_id, ' ') FROM zero_row WHERE zero_id = 2"), "3 5"); /* the first one stays the person's */
	assert_int_equal(world_int(&w, "SELECT due_ms FROM job WHERE verb = 'stock' AND state = 'waiting' AND subject_id = 1"), w.why.now_ms);
	assert_true(world_int(&w, "SELECT due_ms FROM job WHERE verb = 'stock' AND state = 'waiting' AND subject_id = 2") > w.why.now_ms);
	OKAY(&w, zero_watch(w.s, &w.why, &w.err));
	assert_int_equal(world_int(&w, "SELECT count(*) FROM alert WHERE key = 'zero 1' AND severity = 'CRIT' AND closed_ms = 0"), 1);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		OKAY(&w, store_exec(w.s, &w.err, rows[i].sql));
		if (may_say(&w, 1) != rows[i].may || may_say(&w, 2) == ZERO_SAY)
			fail_msg("%s: one may go, the other one may not", rows[i].why);
		if (strcmp(state_of(&w, 0), rows[i].first) || strcmp(state_of(&w, 1), rows[i].second))
			fail_msg("%s: they are %s and %s", rows[i].why, state_of(&w, 0), state_of(&w, 1));
		if (by_hand(&w) != rows[i].by_hand)
			fail_msg("%s: by hand are %" PRId64, rows[i].why, by_hand(&w));
	}
	OKAY(&w, zero_watch(w.s, &w.why, &w.err));
	assert_int_equal(world_int(&w, "SELECT count(*) FROM alert WHERE key = 'zero 1' AND closed_ms = 0"), 0);
	world_free(&w);
}

/* Nor does a stop that comes later hold up what a rule takes off sale. */
static void out_of_step_nothing_is_stopped(void **state)
{
	struct world w = stocked();
	struct intent in = zero_of(&w, "SKU-1", "a"), stop = about(&w, INTENT_HALT, "b");

	(void)state;
	OKAY(&w, carry(&w, &in));
	rule_zeroes(&w, in.id, w.walmart, NULL, 0);
	OKAY(&w, carry(&w, &stop));
	assert_string_equal(stop.result, "Z-1 stopped: 1 not said");
	assert_int_equal(world_int(&w, "SELECT group_concat(subject_id) FROM job WHERE verb = 'stock' AND state = 'waiting' AND due_ms <= made_ms"), 1);
	world_free(&w);
}

static void stopped_it_can_be_undone_as_well(void **state)
{
	struct world w = stocked();
	struct intent in = zero_of(&w, "SKU-1", "a"), stop = about(&w, INTENT_HALT, "b"), lift = about(&w, INTENT_LIFT, "c"), late = about(&w, INTENT_HALT, "d");

	(void)state;
	OKAY(&w, carry(&w, &in));
	OKAY(&w, carry(&w, &stop));
	assert_int_equal(carry(&w, &late), FAULT_REFUSED); /* once is enough */
	OKAY(&w, carry(&w, &lift));
	assert_int_equal(world_int(&w, "SELECT count(*) FROM offer WHERE hold <> ''"), 0);
	assert_int_equal(may_say(&w, 2), ZERO_SAY);
	late.asker = "e";
	assert_int_equal(carry(&w, &late), FAULT_REFUSED);
	world_free(&w);
}

static void a_zero_waits_a_minute_for_its_reading(void **state)
{
	static const struct {
		const char *why;
		int64_t at_s;
		enum zero_step may;
	} rows[] = {
		{ "a reading is waited for", 59, ZERO_LOOKS },
		{ "no longer than a minute, however many others are read meanwhile", 61, ZERO_SAY },
	};
	struct world w = stocked();
	struct intent in = zero_of(&w, "SKU-1", "a");

	(void)state;
	OKAY(&w, carry(&w, &in));
	OKAY(&w, zero_looked(w.s, 2, 10, w.why.now_ms + 50 * 1000, &w.err));
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		enum zero_step step;

		OKAY(&w, zero_may_say(w.s, 1, w.why.now_ms + rows[i].at_s * 1000, &step, &w.err));
		if (step != rows[i].may)
			fail_msg("%s: %d", rows[i].why, step);
	}
	world_free(&w);
}

static void what_was_said_unread_says_so(void **state)
{
	struct world w = stocked();
	struct intent in = zero_of(&w, "SKU-1", "a");
	struct zero_row *row;
	int n;

	(void)state;
	OKAY(&w, carry(&w, &in));
	OKAY(&w, zero_looked(w.s, 2, 10, w.why.now_ms, &w.err));
	say(&w, world_int(&w, "SELECT id FROM job WHERE verb = 'stock' AND state = 'waiting' AND lane = 0 AND subject_id = 1"));
	say(&w, world_int(&w, "SELECT id FROM job WHERE verb = 'stock' AND state = 'waiting' AND lane = 0 AND subject_id = 2"));
	assert_string_equal(world_text(&w, "SELECT group_concat(state, ' ') FROM (SELECT state FROM job WHERE verb = 'stock-read' ORDER BY subject_id)"), "superseded waiting"); /* nobody waits for it any more */
	OKAY(&w, zero_looked(w.s, 1, 0, w.why.now_ms + MINUTE, &w.err)); /* what it shows afterwards is no second look */
	OKAY(&w, zero_rows(w.s, 1, 0, 10, w.a, &row, &n, &w.err));
	assert_string_equal(row[0].text, "said without being read again: no reading came in time");
	assert_int_equal(row[0].fresh, -1);
	assert_string_equal(row[1].text, "");
	assert_int_equal(row[1].fresh, 10);
	world_free(&w);
}

/* ---- what binds the line ---- */

static struct plan plan_of(struct world *w, struct intent *in)
{
	struct plan p;

	OKAY(w, plan_make(w->s, in, w->why.now_ms, w->a, &p, &w->err));
	return p;
}

static void a_sale_meanwhile_is_covered_and_a_raise_is_held(void **state)
{
	struct world w = stocked();
	struct intent in = zero_of(&w, "SKU-1", "a");
	struct plan shown;

	(void)state;
	fields_put_int(&in.payload, "looked_ms", w.why.now_ms);
	shown = plan_of(&w, &in);
	see(&w, w.walmart, "SKU-1", 8);  /* two were sold */
	see(&w, w.amazon, "SKU-1", 14); /* somebody typed over it */
	assert_string_equal(plan_of(&w, &in).digest, shown.digest);
	OKAY(&w, carry(&w, &in));
	assert_string_equal(world_text(&w, "SELECT group_concat(prior, ' ') FROM zero_row"), "10 10"); /* what was looked at */
	see(&w, w.walmart, "SKU-1", 8);
	see(&w, w.amazon, "SKU-1", 14);
	assert_string_equal(state_of(&w, 0), "QUEUED");
	assert_string_equal(state_of(&w, 1), "MOVED");
	world_free(&w);
}

/* It would be lifted within the minute: what was recalled would be on sale again. */
static void a_time_that_is_over_is_refused(void **state)
{
	static const struct {
		const char *why;
		int64_t from_now_ms;
		bool taken;
	} rows[] = {
		{ "in an hour", HOUR, true },
		{ "in a moment", 1, true },
		{ "now", 0, false },
		{ "yesterday", -24 * HOUR, false },
	};
	struct world w = stocked();

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct intent in = zero_of(&w, "SKU-1", "a");
		struct plan p;
		enum fault f;

		fields_put_int(&in.payload, "until_ms", w.why.now_ms + rows[i].from_now_ms);
		f = plan_make(w.s, &in, w.why.now_ms, w.a, &p, &w.err);
		if (!f != rows[i].taken || (f && (f != FAULT_REFUSED || strcmp(w.err.text, "that time is over"))))
			fail_msg("%s: %s", rows[i].why, f ? w.err.text : "taken");
	}
	world_free(&w);
}

static void another_set_is_another_plan(void **state)
{
	struct world w = stocked();
	struct intent in = zero_of(&w, "all", "a"), agree = { .kind = INTENT_APPROVE, .payload = fields_new(w.a), .subject = "", .asker = "b" };
	const char *digest = plan_of(&w, &in).digest;

	(void)state;
	OKAY(&w, carry(&w, &in));
	count(&w, "SKU-4", 3);
	see(&w, w.walmart, "SKU-4", 3);
	assert_string_not_equal(plan_of(&w, &in).digest, digest);
	fields_put_int(&agree.payload, "intent", in.id);
	w.why.actor = "uid:1001 kim";
	assert_int_equal(carry(&w, &agree), FAULT_REFUSED);
	assert_non_null(strstr(w.err.text, "no longer the same"));
	assert_int_equal(world_int(&w, "SELECT count(*) FROM zero_out"), 0);
	world_free(&w);
}

/* ---- the preview ---- */

static void a_row_is_checked(void **state)
{
	static const struct {
		const char *why, *sql, *want;
	} rows[] = {
		{ "as many as that are worth a look", "SELECT 1", "WARN stock is 40" },
		{ "few go without a word", "UPDATE item SET available = 2", "ok" },
		{ "more were sold than there are", "UPDATE item SET available = -3", "oversold by 3" },
		{ "what shows nothing is held all the same", "UPDATE item SET available = 0; UPDATE offer SET seen = 0", "shows 0: is held" },
		{ "nobody has read it yet", "UPDATE offer SET seen = NULL", "never read" },
		{ "named itself, a channel that is down holds it until it answers", "UPDATE account SET state = 'down' WHERE id = 1", "down: PENDING" },
	};
	struct world w = stocked();

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct intent in = zero_of(&w, "offer:1", "x");

		OKAY(&w, store_exec(w.s, &w.err, rows[i].sql));
		if (strcmp(plan_of(&w, &in).row[0].check, rows[i].want))
			fail_msg("%s: %s, not %s", rows[i].why, plan_of(&w, &in).row[0].check, rows[i].want);
	}
	world_free(&w);
}

/* One account at a time: what the preview says of it, as its limit and its state are. */
static void what_will_be_sent_is_told(void **state)
{
	static const struct {
		const char *why, *sql, *want;
	} rows[] = {
		{ "where no engine has told of a limit", "SELECT 1", "walmart-us: 3 single calls; each is read once more before its call" },
		{ "as many as the limit has tokens for",
		  "INSERT INTO bucket (account_id, name, credit, filled_ms, rate, window_ms, burst, verbs) "
		  "SELECT id, 'walmart.inventory.put', 3 * 60000, 9000000000000, 1, 60000, 200, 'stock:1' FROM account WHERE name = 'walmart-us'",
		  "walmart-us: 3 x PUT /v3/inventory, a single call an offer, at once; each is read once more before its call" },
		{ "more than that", "UPDATE bucket SET credit = 2 * window_ms", "a single call an offer, as its limit lets them through; each is read" },
		{ "where there are feeds too",
		  "INSERT INTO bucket (account_id, name, credit, filled_ms, rate, window_ms, burst, verbs) SELECT account_id, 'walmart.feeds.create', 0, 0, 10, 3600000, 10, 'bulk:1' FROM bucket",
		  "as its limit lets them through; what a feed (POST /v3/feeds) brings sooner goes by that; each" },
		{ "with tokens, but told to wait", "UPDATE bucket SET credit = 3 * window_ms, hold_ms = 9000000000000", "as its limit lets them through" },
		{ "what was never read is said unread", "UPDATE offer SET seen = NULL WHERE id = 1", "; 2 of them are read once more before that" },
		{ "a day that is used up", "UPDATE bucket SET hold_ms = 0, daily = 3, day_used = 1, day_ends_ms = 9000000000000", "as its limit lets them through" },
		{ "what shows nothing is held without a call", "UPDATE offer SET seen = 0", "walmart-us: nothing, what shows 0 already is held without a call" },
		{ "where its readings drink from the same limit", "UPDATE offer SET seen = 5; UPDATE bucket SET daily = 0, credit = 5 * window_ms, verbs = 'stock:1 stock-read:1' WHERE verbs = 'stock:1'",
		  "as its limit lets them through" },
		{ "while its breaker is open", "INSERT INTO breaker (account_id, name, state, text) VALUES (1, 'stock.write', 'open', '500'); UPDATE bucket SET credit = 9 * window_ms",
		  "a single call an offer, when it answers again; each" },
		{ "while the channel is down", "DELETE FROM breaker; UPDATE account SET state = 'down' WHERE name = 'walmart-us'; UPDATE bucket SET credit = 9 * window_ms", "a single call an offer, when it answers again; each" },
		{ "in shadow mode", "UPDATE offer SET seen = 5; UPDATE account SET mode = 'shadow'", "walmart-us: nothing, it is in shadow mode; 3 wait until a person makes it live" },
	};
	struct world w = stocked();

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct intent in = zero_of(&w, "account:walmart-us", "x");
		const char *said = "";
		struct plan p;

		OKAY(&w, store_exec(w.s, &w.err, rows[i].sql));
		p = plan_of(&w, &in);
		for (int k = 0; k < p.notes; k++)
			said = strncmp(p.note[k], "will be sent: ", 14) ? said : p.note[k];
		if (!strstr(said, rows[i].want))
			fail_msg("%s: \"%s\", not \"%s\"", rows[i].why, said, rows[i].want);
	}
	world_free(&w);
}

static void what_is_left_out_says_why(void **state)
{
	static const struct {
		const char *why, *sql, *want;
	} rows[] = {
		{ "Amazon's own stock", "UPDATE offer SET pool = 'fba' WHERE id = 2", "fulfilled by Amazon" },
		{ "Walmart's own stock", "UPDATE offer SET pool = 'wfs' WHERE id = 2", "fulfilled by Walmart" },
		{ "an auction", "UPDATE offer SET pool = 'auction' WHERE id = 2", "auction" },
		{ "what is held already", "UPDATE offer SET pool = 'own', hold = 'zero-out Z-7: recall' WHERE id = 2", "Z-7" },
		{ "a channel that is down", "UPDATE offer SET hold = '' WHERE id = 2; UPDATE account SET state = 'down' WHERE id = 2", "nothing is queued for it" },
	};
	struct world w = stocked();

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct intent in = zero_of(&w, "SKU-1", "x");
		struct plan p;

		OKAY(&w, store_exec(w.s, &w.err, rows[i].sql));
		p = plan_of(&w, &in);
		if (p.steps != 1 || p.skips != 1 || !strstr(p.skip[0], rows[i].want))
			fail_msg("%s: %d steps, left out: %s", rows[i].why, p.steps, p.skips ? p.skip[0] : "nothing");
	}
	world_free(&w);
}

static void there_is_something_to_pick_from(void **state)
{
	struct world w = stocked();
	struct zero_scope_row *row;
	int n;

	(void)state;
	OKAY(&w, store_exec(w.s, &w.err, "INSERT INTO item_tag (item_id, tag, actor, at_ms) SELECT id, 'summer', 'jo', 1 FROM item WHERE sku <> 'SKU-3'"));
	OKAY(&w, zero_picks(w.s, ZERO_PICK_TAG, 10, w.a, &row, &n, &w.err));
	assert_int_equal(n, 1);
	assert_string_equal(row[0].word, "tag:summer");
	assert_int_equal(row[0].offers, 4);
	assert_string_equal(line_of(&w, row[0].word), "zero 4 offers walmart-us amazon-us");
	OKAY(&w, zero_picks(w.s, ZERO_PICK_CHANNEL, 10, w.a, &row, &n, &w.err));
	assert_int_equal(n, 2);
	assert_string_equal(row[0].word, "account:amazon-us");
	OKAY(&w, zero_picks(w.s, ZERO_PICK_NODE, 10, w.a, &row, &n, &w.err));
	assert_int_equal(n, 0);
	world_free(&w);
}

/* A node has two names, what the marketplace calls it and what people call the place; both are taken, and what is neither is told what there is. */
static void a_node_is_called_as_people_call_the_place(void **state)
{
	struct world w = stocked();
	struct seen there = { .sku = "SKU-1", .node = "68201001", .qty = 5 }, of_theirs = { .sku = "SKU-2", .node = "68201001", .qty = 5 };
	struct intent in;
	struct zero_scope_row *row;
	struct plan p;
	int64_t place;
	int n;

	(void)state;
	OKAY(&w, offers_seen(w.s, w.walmart, &there, 1, w.why.now_ms, &w.why, &w.err));
	OKAY(&w, offers_seen(w.s, w.amazon, &of_theirs, 1, w.why.now_ms, &w.why, &w.err));
	OKAY(&w, place_source(w.s, w.walmart, "68201001", &place, &w.err));
	OKAY(&w, store_exec(w.s, &w.err, "UPDATE place SET name = 'Portland' WHERE name = '68201001'"));
	assert_string_equal(line_of(&w, "node:Portland"), "zero 1 offer walmart-us"); /* the other account means another place by that number */
	assert_string_equal(line_of(&w, "node:68201001"), "zero 2 offers walmart-us amazon-us");
	OKAY(&w, zero_picks(w.s, ZERO_PICK_NODE, 10, w.a, &row, &n, &w.err));
	assert_int_equal(n, 2);
	assert_string_equal(row[0].name, "68201001, Portland");
	in = zero_of(&w, "node:Reno", "x");
	assert_int_equal(plan_make(w.s, &in, w.why.now_ms, w.a, &p, &w.err), FAULT_REFUSED);
	assert_string_equal(w.err.text, "node:Reno names no offer here: there is 68201001, Portland; 68201001");
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
		cmocka_unit_test(of_a_hundred_pairs_who_agree_at_once_one_wins_each),
		cmocka_unit_test(a_proposal_lapses),
		cmocka_unit_test(what_could_not_be_told_alerts_after_a_quarter_of_an_hour),
		cmocka_unit_test(the_oldest_of_many_is_watched_as_well),
		cmocka_unit_test(a_row_says_how_far_it_is),
		cmocka_unit_test(once_seen_right_it_stays_so),
		cmocka_unit_test(what_shows_nothing_is_read_and_not_pending),
		cmocka_unit_test(what_they_refused_says_why),
		cmocka_unit_test(what_nobody_answered_is_looked_for),
		cmocka_unit_test(a_typed_zero_stays_one),
		cmocka_unit_test(a_time_that_is_over_is_refused),
		cmocka_unit_test(stopped_what_went_stays_and_the_rest_is_not_said),
		cmocka_unit_test(gone_on_with_it_is_read_once_more),
		cmocka_unit_test(the_half_hour_outlasts_a_stop),
		cmocka_unit_test(out_of_step_nothing_is_stopped),
		cmocka_unit_test(a_zero_waits_a_minute_for_its_reading),
		cmocka_unit_test(what_was_said_unread_says_so),
		cmocka_unit_test(stopped_it_can_be_undone_as_well),
		cmocka_unit_test(a_sale_meanwhile_is_covered_and_a_raise_is_held),
		cmocka_unit_test(another_set_is_another_plan),
		cmocka_unit_test(a_row_is_checked),
		cmocka_unit_test(what_will_be_sent_is_told),
		cmocka_unit_test(what_is_left_out_says_why),
		cmocka_unit_test(there_is_something_to_pick_from),
		cmocka_unit_test(a_node_is_called_as_people_call_the_place),
	};

	return cmocka_run_group_tests_name("zero", tests, NULL, NULL);
}
