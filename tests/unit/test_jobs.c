/* Jobs: which steps there are, what replaces what, who is given what; attempts and bodies behind them. */
#include "trade_seal.h"
#include "trade_world.h"

#include "trade/change.h"
#include "trade/jobs.h"

static int64_t plan(struct world *w, struct job_plan p)
{
	int64_t id;

	if (!p.account)
		p.account = w->walmart;
	OKAY(w, job_plan(w->s, &p, &w->why, &id, &w->err));
	return id;
}

static struct job get(struct world *w, int64_t id)
{
	struct job j;

	OKAY(w, job_get(w->s, id, w->a, &j, &w->err));
	return j;
}

/* One request that carries this job; the job is inflight then. */
static int64_t fly(struct world *w, int64_t job)
{
	struct job j = get(w, job);
	struct attempt t = { .account = j.account, .verb = verb_name(j.verb), .op = "test", .writes = verb_writes(j.verb), .method = "POST",
		             .url = "https://x/", .correlation = arena_printf(w->a, "c-%" PRId64 "-%" PRId64, job, j.tries), .trace = "t-1",
		             .opened_ms = w->why.now_ms };
	int64_t id;

	OKAY(w, attempt_open(w->s, &t, 1, &job, 1, &id, &w->err));
	OKAY(w, job_inflight(w->s, job, id, &w->why, &w->err));
	return id;
}

static void put_in(struct world *w, int64_t job, const char *state)
{
	if (!strcmp(state, "waiting"))
		return;
	if (!strcmp(state, "superseded")) {
		OKAY(w, job_supersede(w->s, job, "", &w->why, &w->err));
		return;
	}
	fly(w, job);
	if (!strcmp(state, "sent"))
		OKAY(w, job_sent(w->s, job, "taken", &w->why, &w->err));
	if (!strcmp(state, "done"))
		OKAY(w, job_done(w->s, job, "seen", &w->why, &w->err));
	if (!strcmp(state, "failed"))
		OKAY(w, job_fail(w->s, job, FAULT_REFUSED, "no", &w->why, &w->err));
	if (!strcmp(state, "unsure"))
		OKAY(w, job_unsure(w->s, job, "silence", &w->why, &w->err));
}

static const char *const states[] = { "waiting", "inflight", "sent", "done", "failed", "unsure", "superseded" };

/* The drawn edges, one line a state: what it may become. "=": itself. */
static const struct {
	const char *from, *to;
} edges[] = {
	{ "waiting", "= inflight superseded failed" },
	{ "inflight", "= waiting sent done failed unsure superseded" },
	{ "sent", "= done failed superseded" },
	{ "done", "=" },
	{ "failed", "= waiting done superseded" },
	{ "unsure", "= waiting done failed superseded" },
	{ "superseded", "=" },
};

static bool drawn(const char *from, const char *to)
{
	for (size_t i = 0; i < sizeof edges / sizeof *edges; i++)
		if (!strcmp(edges[i].from, from))
			return !strcmp(from, to) || strstr(edges[i].to, to);
	return false;
}

static void every_edge_is_as_drawn(void **state)
{
	(void)state;
	for (size_t i = 0; i < 7; i++)
		for (size_t k = 0; k < 7; k++) {
			struct world w = world_new();
			int64_t id = plan(&w, (struct job_plan){ .verb = VERB_SHIP, .lane = LANE_CONFIRM, .subject = "shipment:1" });
			char sql[120];
			bool went;

			put_in(&w, id, states[i]);
			snprintf(sql, sizeof sql, "UPDATE job SET state = '%s' WHERE id = %" PRId64, states[k], id);
			went = !store_exec(w.s, &w.err, sql);
			if (went != drawn(states[i], states[k]))
				fail_msg("%s to %s: %s", states[i], states[k], went ? "went" : w.err.text);
			world_free(&w);
		}
}

static void only_a_poll_goes_round(void **state)
{
	struct world w = world_new();
	struct job_plan poll = { .verb = VERB_ORDERS, .lane = LANE_ORDERS, .repeats = true, .due_ms = T0 };
	int64_t id = plan(&w, poll), changes;

	(void)state;
	changes = world_int(&w, "SELECT count(*) FROM change");
	for (int i = 0; i < 3; i++) {
		fly(&w, id);
		OKAY(&w, job_done(w.s, id, "", &w.why, &w.err));
		OKAY(&w, job_again(w.s, id, T0 + MINUTE, OK, "", false, &w.why, &w.err));
	}
	assert_int_equal(world_int(&w, "SELECT count(*) FROM change"), changes); /* its attempts say it all */
	assert_int_equal(plan(&w, poll), id);
	assert_int_equal(get(&w, id).due_ms, T0); /* made due earlier by being asked for */
	poll.due_ms = T0 + HOUR;
	plan(&w, poll);
	assert_int_equal(get(&w, id).due_ms, T0); /* never later */
	world_free(&w);
}

static int64_t stock(struct world *w, int64_t ver, const char *qty, enum lane lane, int64_t due_ms)
{
	struct fields f = fields_new(w->a);

	fields_put(&f, "qty", qty);
	return plan(w, (struct job_plan){ .verb = VERB_STOCK, .lane = lane, .subject = "offer:9", .subject_id = 9, .payload = &f, .ver = ver,
	                                  .due_ms = due_ms });
}

static void the_newest_decision_replaces_one_that_waits(void **state)
{
	struct world w = world_new();
	int64_t a = stock(&w, 1, "5", LANE_INCREASE, T0 + 10), b = stock(&w, 2, "0", LANE_ZERO, T0 + 20);
	struct job j = get(&w, b);

	(void)state;
	assert_int_equal(a, b);
	assert_string_equal(fields_get(&j.payload, "qty", ""), "0");
	assert_int_equal(j.lane, LANE_ZERO);
	assert_int_equal(j.ver, 2);
	assert_int_equal(j.due_ms, T0 + 10); /* the earlier of the two */
	assert_int_equal(world_int(&w, "SELECT value FROM counter WHERE name = 'jobs.waiting'"), 1);
	world_free(&w);
}

static void what_was_said_is_superseded_not_changed(void **state)
{
	struct world w = world_new();
	int64_t a = stock(&w, 1, "5", LANE_INCREASE, T0), b;
	struct job old;

	(void)state;
	fly(&w, a);
	OKAY(&w, job_again(w.s, a, T0 + 5000, FAULT_REMOTE, "502", true, &w.why, &w.err));
	b = stock(&w, 2, "3", LANE_DECREASE, T0 + 100);
	old = get(&w, a);
	assert_int_not_equal(a, b);
	assert_string_equal(old.state, "superseded");
	assert_string_equal(fields_get(&old.payload, "qty", ""), "5");
	assert_string_equal(get(&w, b).state, "waiting");
	world_refuses(&w, "UPDATE job SET payload = 'qty=9' WHERE frozen = 1", "keeps its payload and key");
	world_refuses(&w, "UPDATE job SET key = 'k' WHERE frozen = 1", "keeps its payload and key");
	world_refuses(&w, "UPDATE job SET frozen = 0 WHERE frozen = 1", "stays frozen");
	world_refuses(&w, "DELETE FROM job", "never deleted");
	world_free(&w);
}

static void the_same_decision_is_one_job(void **state)
{
	struct world w = world_new();
	int64_t a = stock(&w, 1, "5", LANE_INCREASE, T0), read, again;

	(void)state;
	put_in(&w, a, "sent");
	assert_int_equal(stock(&w, 1, "5", LANE_INCREASE, T0), a); /* whatever became of it */
	read = plan(&w, (struct job_plan){ .verb = VERB_ORDER, .lane = LANE_CONFIRM, .subject = "order:1" });
	put_in(&w, read, "done");
	again = plan(&w, (struct job_plan){ .verb = VERB_ORDER, .lane = LANE_CONFIRM, .subject = "order:1" });
	assert_int_not_equal(read, again); /* a read decides nothing: it may be asked as often as one likes */
	fly(&w, again);
	OKAY(&w, job_again(w.s, again, T0 + 5000, FAULT_NET, "reset", true, &w.why, &w.err));
	assert_int_equal(plan(&w, (struct job_plan){ .verb = VERB_ORDER, .lane = LANE_CONFIRM, .subject = "order:1", .due_ms = T0 }), again);
	assert_int_equal(get(&w, again).due_ms, T0 + 5000); /* but not to jump its own retry */
	world_free(&w);
}

static void a_retry_gives_way_to_a_newer_decision(void **state)
{
	struct world w = world_new();
	int64_t a = stock(&w, 1, "5", LANE_INCREASE, T0), b;

	(void)state;
	fly(&w, a);
	b = stock(&w, 2, "0", LANE_ZERO, T0);
	OKAY(&w, job_again(w.s, a, T0 + 5000, FAULT_REMOTE, "502", true, &w.why, &w.err));
	assert_string_equal(get(&w, a).state, "superseded");
	assert_string_equal(get(&w, b).state, "waiting");
	world_free(&w);
}

struct again_case {
	const char *why;
	enum fault fault;
	bool counts;
	int64_t fails;
};

static void a_throttle_is_no_failure(void **state)
{
	static const struct again_case cases[] = {
		{ "a failure counts", FAULT_REMOTE, true, 1 },
		{ "a second one as well", FAULT_NET, true, 2 },
		{ "a throttle does not, and mends nothing", FAULT_BUSY, false, 2 },
		{ "success starts anew", OK, false, 0 },
	};
	struct world w = world_new();
	int64_t id = plan(&w, (struct job_plan){ .verb = VERB_ORDERS, .lane = LANE_ORDERS, .repeats = true });

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		fly(&w, id);
		OKAY(&w, job_again(w.s, id, T0, cases[i].fault, "", cases[i].counts, &w.why, &w.err));
		if (get(&w, id).fails != cases[i].fails)
			fail_msg("%s: %d", cases[i].why, (int)get(&w, id).fails);
	}
	assert_int_equal(get(&w, id).tries, 4);
	world_free(&w);
}

/* T3: one acknowledgement that met a 500 is followed by another. */
static void T3_a_failed_acknowledgement_is_tried_again(void **state)
{
	struct world w = world_new();
	int64_t id = plan(&w, (struct job_plan){ .verb = VERB_ACK, .lane = LANE_CONFIRM, .subject = "order:1" });
	struct job due[64];
	int n;

	(void)state;
	fly(&w, id);
	OKAY(&w, job_again(w.s, id, T0 + 5000, FAULT_REMOTE, "500", true, &w.why, &w.err));
	OKAY(&w, jobs_due(w.s, w.walmart, T0 + 4999, w.a, due, 64, &n, &w.err));
	assert_int_equal(n, 0);
	OKAY(&w, jobs_due(w.s, w.walmart, T0 + 5000, w.a, due, 64, &n, &w.err));
	assert_int_equal(n, 1);
	assert_int_equal(due->id, id);
	fly(&w, id);
	OKAY(&w, job_sent(w.s, id, "taken", &w.why, &w.err));
	assert_int_equal(world_int(&w, "SELECT count(*) FROM attempt_job"), 2);
	world_free(&w);
}

static void jobs_come_by_lane_and_age(void **state)
{
	struct world w = world_new();
	struct job due[64];
	int64_t up, zero, down, ack, next;
	int n;

	(void)state;
	up = plan(&w, (struct job_plan){ .verb = VERB_STOCK, .lane = LANE_INCREASE, .subject = "offer:1", .due_ms = T0 });
	zero = plan(&w, (struct job_plan){ .verb = VERB_STOCK, .lane = LANE_ZERO, .subject = "offer:2", .due_ms = T0 + 3 });
	down = plan(&w, (struct job_plan){ .verb = VERB_STOCK, .lane = LANE_DECREASE, .subject = "offer:3", .due_ms = T0 + 2 });
	ack = plan(&w, (struct job_plan){ .verb = VERB_ACK, .lane = LANE_CONFIRM, .subject = "order:1", .due_ms = T0 + 1 });
	OKAY(&w, jobs_due(w.s, w.walmart, T0 + 9, w.a, due, 64, &n, &w.err));
	assert_int_equal(n, 4);
	assert_true(due[0].id == zero && due[1].id == down && due[2].id == ack && due[3].id == up);
	OKAY(&w, jobs_due(w.s, w.walmart, T0 + 2, w.a, due, 1, &n, &w.err));
	assert_true(n == 1 && due->id == down); /* the zero is not due yet */
	OKAY(&w, jobs_next_due(w.s, T0 + 2, &next, &w.err));
	assert_int_equal(next, T0 + 3);
	for (int i = 0; i < 40; i++)
		plan(&w, (struct job_plan){ .verb = VERB_STOCK, .lane = LANE_ZERO, .subject = arena_printf(w.a, "offer:%d", 100 + i), .due_ms = T0 });
	OKAY(&w, jobs_due(w.s, w.walmart, T0 + 9, w.a, due, 64, &n, &w.err));
	assert_int_equal(n, 17); /* a long queue of one kind hides no other */
	assert_int_equal(due[16].id, ack);
	world_free(&w);
}

static void one_in_flight_a_subject(void **state)
{
	struct world w = world_new();
	int64_t a = stock(&w, 1, "5", LANE_INCREASE, T0), b, next;
	struct job due[64];
	int n;

	(void)state;
	fly(&w, a);
	b = stock(&w, 2, "4", LANE_DECREASE, T0);
	OKAY(&w, jobs_due(w.s, w.walmart, T0, w.a, due, 64, &n, &w.err));
	assert_int_equal(n, 0);
	OKAY(&w, jobs_next_due(w.s, T0, &next, &w.err));
	assert_true(next == INT64_MAX); /* or the engine would turn without end */
	OKAY(&w, job_sent(w.s, a, "taken", &w.why, &w.err));
	OKAY(&w, jobs_due(w.s, w.walmart, T0, w.a, due, 64, &n, &w.err));
	assert_true(n == 1 && due->id == b);
	world_free(&w);
}

static void a_shadow_account_reads_and_does_not_write(void **state)
{
	struct world w = world_new();
	struct attempt t = { .account = w.shadow, .verb = "ack", .op = "test", .writes = true, .method = "POST", .url = "https://x/",
		             .correlation = "c", .opened_ms = T0 };
	int64_t next, read, id;
	struct job due[64];
	int n;

	(void)state;
	plan(&w, (struct job_plan){ .account = w.shadow, .verb = VERB_ACK, .lane = LANE_CONFIRM, .subject = "order:1", .due_ms = T0 });
	OKAY(&w, jobs_next_due(w.s, T0 - 1, &next, &w.err));
	assert_true(next == INT64_MAX);
	read = plan(&w, (struct job_plan){ .account = w.shadow, .verb = VERB_ORDER, .lane = LANE_REST, .subject = "order:1", .due_ms = T0 });
	OKAY(&w, jobs_due(w.s, w.shadow, T0, w.a, due, 64, &n, &w.err));
	assert_true(n == 1 && due->id == read);
	assert_int_equal(attempt_open(w.s, &t, 1, NULL, 0, &id, &w.err), FAULT_STORE);
	assert_non_null(strstr(w.err.text, "a shadow account says nothing"));
	OKAY(&w, account_mode(w.s, w.shadow, "live", &w.why, &w.err));
	OKAY(&w, attempt_open(w.s, &t, 1, NULL, 0, &id, &w.err));
	world_free(&w);
}

static void an_older_engine_sends_nothing(void **state)
{
	struct world w = world_new();
	struct attempt t = { .account = w.walmart, .verb = "orders", .op = "test", .method = "GET", .url = "https://x/", .correlation = "c" };
	int64_t id;

	(void)state;
	assert_int_equal(attempt_open(w.s, &t, 0, NULL, 0, &id, &w.err), FAULT_STORE);
	assert_non_null(strstr(w.err.text, "a newer engine has this store"));
	world_free(&w);
}

static bool stock_repeats(void *ctx, int64_t account, enum verb verb)
{
	(void)ctx, (void)account;
	return verb == VERB_STOCK;
}

static void after_a_crash_nothing_is_said_twice(void **state)
{
	static const struct {
		const char *why;
		enum verb verb;
		const char *want;
	} cases[] = {
		{ "a read is asked again", VERB_ORDER, "waiting" },
		{ "a quantity may be said again", VERB_STOCK, "waiting" },
		{ "a package is read first", VERB_SHIP, "unsure" },
	};
	struct world w = world_new();
	int64_t id[3];
	int n;

	(void)state;
	for (int i = 0; i < 3; i++) {
		id[i] = plan(&w, (struct job_plan){ .verb = cases[i].verb, .lane = LANE_REST, .subject = "x:1" });
		fly(&w, id[i]);
	}
	w.why.now_ms += MINUTE;
	OKAY(&w, jobs_recover(w.s, stock_repeats, NULL, &w.why, &n, &w.err));
	assert_int_equal(n, 3);
	for (int i = 0; i < 3; i++)
		if (strcmp(get(&w, id[i]).state, cases[i].want))
			fail_msg("%s: %s", cases[i].why, get(&w, id[i]).state);
	assert_int_equal(get(&w, id[2]).unsure_ms, T0 + MINUTE); /* only a read begun later resolves it */
	assert_int_equal(world_int(&w, "SELECT count(*) FROM attempt WHERE closed_ms = 0"), 0);
	world_free(&w);
}

static void attempts_are_found_by_any_id(void **state)
{
	struct world w = world_new();
	int64_t job = plan(&w, (struct job_plan){ .verb = VERB_ACK, .lane = LANE_CONFIRM, .subject = "order:1" }), id = fly(&w, job);
	struct attempt t = { .id = id, .status = 200, .fault = "OK", .their_id = "amzn-77", .closed_ms = T0 + 30 }, *found;
	const char *const ids[] = { "c-1-0", "amzn-77", "t-1" };
	int n;

	(void)state;
	OKAY(&w, attempt_close(w.s, &t, &w.err));
	OKAY(&w, attempt_job_result(w.s, id, job, OK, "taken", &w.err));
	for (size_t i = 0; i < 3; i++) {
		OKAY(&w, attempts_find(w.s, ids[i], w.a, &found, &n, &w.err));
		assert_true(n == 1 && found->id == id && found->status == 200);
	}
	OKAY(&w, attempts_find(w.s, "nobody's", w.a, &found, &n, &w.err));
	assert_int_equal(n, 0);
	OKAY(&w, attempts_find(w.s, "", w.a, &found, &n, &w.err));
	assert_int_equal(n, 0);
	OKAY(&w, attempts_last(w.s, w.walmart, 0, 10, w.a, &found, &n, &w.err));
	assert_int_equal(n, 1);
	OKAY(&w, attempts_last(w.s, 0, id, 10, w.a, &found, &n, &w.err));
	assert_int_equal(n, 0);
	world_refuses(&w, "DELETE FROM attempt", "never deleted");
	world_free(&w);
}

static void a_body_is_kept_once(void **state)
{
	struct world w = world_new();
	const char *bytes;
	int64_t a, b, c;
	size_t size;
	int n;

	(void)state;
	OKAY(&w, body_keep(w.s, "hello\0you", 9, T0 + HOUR, &seal, &a, &w.err));
	OKAY(&w, body_keep(w.s, "hello\0you", 9, T0 + 9 * HOUR, &seal, &b, &w.err));
	OKAY(&w, body_keep(w.s, "hello", 5, T0 + 9 * HOUR, &seal, &c, &w.err));
	assert_true(a == b && a != c);
	OKAY(&w, body_get(w.s, a, &seal, w.a, &bytes, &size, &w.err));
	assert_int_equal(size, 9);
	assert_memory_equal(bytes, "hello\0you", 9);
	assert_int_equal(world_int(&w, "SELECT count(*) FROM body WHERE instr(sealed, x'68656c6c6f') > 0"), 0);
	OKAY(&w, store_exec(w.s, &w.err, "UPDATE body SET sealed = (SELECT sealed FROM body WHERE id = 2) WHERE id = 1"));
	assert_int_equal(body_get(w.s, a, &seal, w.a, &bytes, &size, &w.err), FAULT_REFUSED); /* another row's bytes do not open here */
	OKAY(&w, bodies_purge(w.s, T0 + HOUR, &n, &w.err));
	assert_int_equal(n, 1);
	assert_int_equal(body_get(w.s, a, &seal, w.a, &bytes, &size, &w.err), FAULT_REFUSED);
	assert_non_null(strstr(w.err.text, "purged"));
	assert_int_equal(body_get(w.s, 99, &seal, w.a, &bytes, &size, &w.err), FAULT_REFUSED);
	OKAY(&w, body_keep(w.s, "hello\0you", 9, T0 + 9 * HOUR, &seal, &b, &w.err)); /* told again after its purge */
	assert_int_equal(a, b);
	OKAY(&w, body_get(w.s, a, &seal, w.a, &bytes, &size, &w.err));
	world_free(&w);
}

static void a_cursor_goes_with_its_job(void **state)
{
	struct world w = world_new();
	int64_t id = plan(&w, (struct job_plan){ .verb = VERB_ORDERS, .lane = LANE_ORDERS, .subject = "SellerFulfilled", .repeats = true });
	struct cursor c = { .since_ms = T0 - HOUR, .until_ms = T0, .page = "?next=2" }, got;

	(void)state;
	assert_string_equal(get(&w, id).cursor.page, "");
	OKAY(&w, cursor_set(w.s, w.walmart, VERB_ORDERS, "SellerFulfilled", &c, T0, &w.err));
	assert_string_equal(get(&w, id).cursor.page, "?next=2");
	assert_int_equal(get(&w, id).cursor.since_ms, T0 - HOUR);
	OKAY(&w, cursor_get(w.s, w.walmart, VERB_ORDERS, "SellerFulfilled", w.a, &got, &w.err));
	assert_int_equal(got.until_ms, T0);
	OKAY(&w, cursor_get(w.s, w.amazon, VERB_ORDERS, "", w.a, &got, &w.err));
	assert_true(got.since_ms == 0 && !*got.page);
	world_free(&w);
}

static void steps_are_remembered(void **state)
{
	static const char *const want[] = { "waiting", "inflight", "unsure", "done" };
	struct world w = world_new();
	int64_t id = plan(&w, (struct job_plan){ .verb = VERB_SHIP, .lane = LANE_CONFIRM, .subject = "shipment:1" });
	struct change *c;
	int n, k = 0;

	(void)state;
	put_in(&w, id, "unsure");
	OKAY(&w, job_done(w.s, id, "their order shows it", &w.why, &w.err));
	OKAY(&w, changes_of(w.s, "job", id, w.a, &c, &n, &w.err));
	for (int i = 0; i < n; i++)
		if (!strcmp(c[i].field, "state"))
			assert_string_equal(c[i].new, want[k++]);
	assert_int_equal(k, 4);
	assert_int_equal(job_done(w.s, 99, "", &w.why, &w.err), FAULT_REFUSED);
	assert_int_equal(job_get(w.s, 99, w.a, &(struct job){ 0 }, &w.err), FAULT_REFUSED);
	world_free(&w);
}

/* Six thousand quantities settle; only the youngest can be said something about. It is found by the second look, and the third begins anew. */
static void a_long_queue_is_proved_in_several_looks(void **state)
{
	struct world w = world_new();
	struct proof_at at = { 0 };
	int64_t id[8];
	int n;

	(void)state;
	OKAY(&w, store_exec(w.s, &w.err,
	                    "INSERT INTO item (id, sku, made_ms) VALUES (1, 'SKU', 1);"
	                    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 6000) INSERT INTO offer (id, account_id, sku, item_id, push_state, ver, "
	                    "mapped_ms, known_ms) SELECT i, 1, 'S' || i, 1, iif(i = 6000, 'APPLIED', 'SETTLING'), 1, 1, 1 FROM n;"
	                    "INSERT INTO job (id, account_id, verb, subject, subject_id, lane, writes, key, ver, state, frozen, due_ms, trace, made_ms, state_ms) "
	                    "SELECT id, 1, 'stock', sku, id, 1, 1, sku, 1, 'sent', 1, 1, 't', 1, 1700000000000 FROM offer"));
	OKAY(&w, jobs_unproved(w.s, VERB_STOCK, 0, &at, id, 8, &n, &w.err));
	assert_int_equal(n, 0);
	assert_true(at.ms > 0);
	OKAY(&w, jobs_unproved(w.s, VERB_STOCK, 0, &at, id, 8, &n, &w.err));
	assert_int_equal(n, 1);
	assert_int_equal(id[0], 6000);
	assert_int_equal(at.ms, 0);
	OKAY(&w, store_exec(w.s, &w.err, "UPDATE offer SET push_state = 'APPLIED'"));
	for (int64_t next = 1; next < 24; next += n) { /* a full hand goes on behind its last */
		OKAY(&w, jobs_unproved(w.s, VERB_STOCK, 0, &at, id, 8, &n, &w.err));
		assert_int_equal(n, 8);
		assert_int_equal(id[0], next);
	}
	world_free(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_long_queue_is_proved_in_several_looks),
		cmocka_unit_test(every_edge_is_as_drawn),
		cmocka_unit_test(only_a_poll_goes_round),
		cmocka_unit_test(the_newest_decision_replaces_one_that_waits),
		cmocka_unit_test(what_was_said_is_superseded_not_changed),
		cmocka_unit_test(the_same_decision_is_one_job),
		cmocka_unit_test(a_retry_gives_way_to_a_newer_decision),
		cmocka_unit_test(a_throttle_is_no_failure),
		cmocka_unit_test(T3_a_failed_acknowledgement_is_tried_again),
		cmocka_unit_test(jobs_come_by_lane_and_age),
		cmocka_unit_test(one_in_flight_a_subject),
		cmocka_unit_test(a_shadow_account_reads_and_does_not_write),
		cmocka_unit_test(an_older_engine_sends_nothing),
		cmocka_unit_test(after_a_crash_nothing_is_said_twice),
		cmocka_unit_test(attempts_are_found_by_any_id),
		cmocka_unit_test(a_body_is_kept_once),
		cmocka_unit_test(a_cursor_goes_with_its_job),
		cmocka_unit_test(steps_are_remembered),
	};

	return cmocka_run_group_tests_name("jobs", tests, NULL, NULL);
}
