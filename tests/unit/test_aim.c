/* From what is available to what is said: targets, versions, lanes; and the reads that prove what was said. */
#include "trade_world.h"

#include "trade/aim.h"
#include "trade/inventory.h"
#include "trade/jobs.h"
#include "trade/places.h"

static const struct policy_book book = {
	.setting = (struct setting[]){ { POLICY_BUFFER, "", "", 5, 1200, "", "test" } }, .settings = 1, .hysteresis_bp = 200,
};

static struct offer get(struct world *w, int64_t id)
{
	struct offer o;

	OKAY(w, offer_get(w->s, id, w->a, &o, &w->err));
	return o;
}

static void count(struct world *w, int64_t qty)
{
	struct count c = { .sku = "SKU-1", .qty = qty, .valid_ms = w->why.now_ms += 1000 };

	OKAY(w, counts_take(w->s, &c, 1, false, true, &w->why, &w->err));
}

static void see(struct world *w, int64_t qty)
{
	struct seen s = { .sku = "SKU-1", .marketplace = "M-1", .node = "N-1", .pool = "own", .qty = qty };

	w->why.now_ms += 1000;
	OKAY(w, offers_seen(w->s, w->walmart, &s, 1, w->why.now_ms, &w->why, &w->err));
}

/* Aim and say, as the engine does for a dirty item. Returns the job, 0 when nothing is to be said. */
static int64_t think(struct world *w, int64_t id)
{
	struct aims how;
	int64_t *changed, job = 0;
	int n;

	OKAY(w, aims_open(w->s, &book, NULL, 0, w->why.now_ms, w->a, &how, &w->err));
	OKAY(w, item_aim(w->s, 1, &how, &w->why, w->a, &changed, &n, &w->err));
	for (int i = 0; i < n; i++)
		if (changed[i] == id)
			OKAY(w, offer_say(w->s, id, false, 0, &w->why, &job, &w->err));
	return job;
}

static struct job job_of(struct world *w, int64_t id)
{
	struct job j;

	OKAY(w, job_get(w->s, id, w->a, &j, &w->err));
	return j;
}

/* They take it; and the job's way from waiting to sent. */
static void accept(struct world *w, int64_t job)
{
	struct job j = job_of(w, job);

	w->why.now_ms += 1000;
	OKAY(w, store_exec(w->s, &w->err, arena_printf(w->a, "UPDATE job SET state = 'inflight', frozen = 1 WHERE id = %d", (int)job)));
	OKAY(w, job_sent(w->s, job, "", &w->why, &w->err));
	OKAY(w, offer_accepted(w->s, j.subject_id, fields_int(&j.payload, "qty", -1), j.ver, 600000, &w->why, &w->err));
}

static struct world shown(int64_t qty)
{
	struct world w = world_new();

	count(&w, 40);
	see(&w, qty);
	return w;
}

static void the_lane_is_by_what_they_show(void **state)
{
	static const struct {
		const char *why;
		int64_t shows, available;
		enum lane want;
		const char *qty;
	} cases[] = {
		{ "fewer than they show", 60, 40, LANE_DECREASE, "35" },
		{ "more than they show", 10, 40, LANE_INCREASE, "35" },
		{ "none", 10, 3, LANE_ZERO, "0" },
		{ "none, because it is oversold", 10, 0, LANE_ZERO, "0" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct world w = shown(cases[i].shows);
		struct job j;

		count(&w, cases[i].available);
		j = job_of(&w, think(&w, 1));
		if (j.lane != cases[i].want || strcmp(fields_get(&j.payload, "qty", ""), cases[i].qty))
			fail_msg("%s: lane %d, %s", cases[i].why, j.lane, fields_get(&j.payload, "qty", ""));
		assert_string_equal(fields_get(&j.payload, "sku", ""), "SKU-1");
		assert_string_equal(fields_get(&j.payload, "marketplace", ""), "M-1");
		assert_string_equal(fields_get(&j.payload, "node", ""), "N-1");
		assert_true(j.verb == VERB_STOCK && j.subject_id == 1 && !strcmp(j.subject, "offer:1"));
		world_free(&w);
	}
}

/* Its call went, and came to this; the job waits to be said again. */
static void lose(struct world *w, int64_t job, enum fault fault)
{
	struct attempt t = { .account = w->walmart, .verb = "stock", .op = "push", .method = "PUT", .url = "", .correlation = "c", .credential = "", .trace = "t", .writes = true, .opened_ms = w->why.now_ms += 1000 };

	OKAY(w, attempt_open(w->s, &t, 1, &job, 1, &t.id, &w->err));
	OKAY(w, job_inflight(w->s, job, t.id, &w->why, &w->err));
	OKAY(w, attempt_job_result(w->s, t.id, job, fault, "", &w->err));
	t.fault = fault_name(fault);
	t.text = t.their_id = "";
	t.closed_ms = w->why.now_ms;
	OKAY(w, attempt_close(w->s, &t, &w->err));
	OKAY(w, job_again(w->s, job, w->why.now_ms + 5000, fault, "", true, &w->why, &w->err));
}

/* What was raised without an answer may stand there: what is less than that goes down, until a reading or a yes says otherwise. */
static void what_lost_its_answer_may_be_on_show(void **state)
{
	static const struct {
		const char *why;
		enum fault fault;
		bool read;
		enum lane want;
		bool raised;
	} cases[] = {
		{ "its answer was lost", FAULT_UNSURE, false, LANE_DECREASE, false },
		{ "it met a 5xx", FAULT_REMOTE, false, LANE_DECREASE, false },
		{ "what they answered was not understood", FAULT_FORMAT, false, LANE_DECREASE, false },
		{ "they were asked too often: it is not there", FAULT_BUSY, false, LANE_INCREASE, true },
		{ "it was read since", FAULT_UNSURE, true, LANE_INCREASE, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct world w = shown(2);
		struct job j;
		bool raised;

		lose(&w, think(&w, 1), cases[i].fault);
		if (cases[i].read)
			see(&w, 2);
		count(&w, 20);
		j = job_of(&w, think(&w, 1));
		assert_string_equal(fields_get(&j.payload, "qty", ""), "15");
		OKAY(&w, offer_raised_by(w.s, &j, &raised, &w.err));
		if (j.lane != cases[i].want || raised != cases[i].raised)
			fail_msg("%s: lane %d, %s", cases[i].why, j.lane, raised ? "a raise" : "no raise");
		world_free(&w);
	}
}

static void a_number_is_said_once(void **state)
{
	struct world w = shown(60);
	int64_t first = think(&w, 1), second;

	(void)state;
	assert_string_equal(get(&w, 1).why, "40 available - 5 buffer (5u/12%) = 35");
	assert_int_equal(think(&w, 1), first); /* the same decision */
	count(&w, 30);
	second = think(&w, 1);
	assert_int_equal(second, first); /* nobody has heard the first one: it becomes the second */
	assert_string_equal(world_text(&w, "SELECT payload FROM job"), "sku=SKU-1\nmarketplace=M-1\nnode=N-1\nproduct_type=\nqty=25\nold=-1\nseen=60\nshown=60\n");
	accept(&w, second);
	assert_int_equal(think(&w, 1), 0); /* said: nothing to do but wait for their reading */
	see(&w, 25);
	assert_string_equal(get(&w, 1).push_state, "APPLIED");
	assert_int_equal(think(&w, 1), 0);
	count(&w, 31);
	assert_int_not_equal(think(&w, 1), second);
	world_free(&w);
}

/* A source of truth: heard of one place. */
static void hear(struct world *w, int64_t account, const char *place, int64_t qty)
{
	struct count c = { .place = place, .sku = "SKU-1", .qty = qty, .valid_ms = w->why.now_ms += 1000 };

	struct reading_of of = { .account = account, .begun_ms = w->why.now_ms, .whole = true, .again = true };
	struct reading_result r;

	OKAY(w, reading_take(w->s, &of, &c, 1, w->a, &w->why, &r, &w->err));
}

static void what_was_never_said_waits_until_every_source_was_heard(void **state)
{
	struct world w = world_new();
	int64_t wms = world_account(&w, "wms", "cartoncloud", false), erp = world_account(&w, "erp", "netsuite", false), off = world_account(&w, "old", "netsuite", false);

	(void)state;
	OKAY(&w, store_exec(w.s, &w.err, "UPDATE account SET enabled = 0 WHERE name = 'old'"));
	for (int i = 0; i < 3; i++)
		OKAY(&w, truth_tells(w.s, (int64_t[]){ wms, erp, off }[i], !i, &w.err));
	hear(&w, erp, "reno", 0);
	see(&w, 60);
	assert_int_equal(think(&w, 1), 0); /* of this source alone it would be nothing: that takes all of it off sale */
	assert_int_equal(get(&w, 1).target, -1);
	assert_string_equal(get(&w, 1).why, "waits until wms has told of its stock; so far 0 available, so 0");
	OKAY(&w, places_watch(w.s, &w.why, &w.err));
	assert_int_equal(world_int(&w, "SELECT count(*) FROM alert WHERE key = 'unheard'"), 0);
	w.why.now_ms += HOUR;
	OKAY(&w, places_watch(w.s, &w.why, &w.err));
	assert_string_equal(world_text(&w, "SELECT text FROM alert WHERE key = 'unheard' AND closed_ms = 0"),
	                    "wms: its stock was never heard: what was never said anywhere is not said before");
	assert_string_equal(world_text(&w, "SELECT coalesce((SELECT value FROM meta WHERE key = 'policy.in_force'), '')"), "places changed");
	OKAY(&w, store_exec(w.s, &w.err, "DELETE FROM meta WHERE key = 'policy.in_force'"));
	OKAY(&w, store_exec(w.s, &w.err, "INSERT INTO place_source (place_id, account_id, code) SELECT id, 4, 'west' FROM place WHERE name = 'reno'"));
	hear(&w, erp, "reno", 0);
	hear(&w, wms, "dallas", 40);
	assert_int_equal(think(&w, 1), 0); /* of its other place it has not told yet */
	assert_string_equal(get(&w, 1).why, "waits until wms of reno has told of its stock; so far 40 available - 5 buffer (5u/12%) = 35");
	hear(&w, wms, "west", 0);
	assert_string_equal(world_text(&w, "SELECT value FROM meta WHERE key = 'policy.in_force'"), "places changed"); /* all that waited is thought over */
	assert_int_not_equal(think(&w, 1), 0);
	assert_int_equal(get(&w, 1).target, 35);

	OKAY(&w, places_watch(w.s, &w.why, &w.err));
	assert_int_equal(world_int(&w, "SELECT count(*) FROM alert WHERE key = 'unheard' AND closed_ms = 0"), 0);

	OKAY(&w, truth_tells(w.s, world_account(&w, "second", "cartoncloud", false), true, &w.err)); /* one more, unheard: what has its number keeps on being decided */
	hear(&w, wms, "dallas", 30);
	assert_int_not_equal(think(&w, 1), 0);
	assert_int_equal(get(&w, 1).target, 25);
	world_free(&w);
}

static void what_their_shipping_took_off_is_put_back(void **state)
{
	struct world w = shown(60);
	int64_t first = think(&w, 1), again;

	(void)state;
	accept(&w, first);
	see(&w, 35);
	OKAY(&w, job_done(w.s, first, "seen", &w.why, &w.err));
	OKAY(&w, store_exec(w.s, &w.err,
	                    arena_printf(w.a,
	                                 "INSERT INTO orders (id, account_id, ref, state, open, due_ms, placed_ms, updated_ms, known_ms) "
	                                 "VALUES (1, 1, 'P-1', 'SHIPPED', 0, 1, 1, %" PRId64 ", 1);"
	                                 "INSERT INTO order_line (order_id, ref, sku, item_id, qty, q_shipped) VALUES (1, '1', 'SKU-1', 1, 1, 1); "
	                                 "DELETE FROM dirty",
	                                 w.why.now_ms + 500)));
	see(&w, 34); /* an order of before was shipped: Walmart takes it off only now */
	assert_int_equal(get(&w, 1).drift, 0);
	assert_int_equal(world_int(&w, "SELECT count(*) FROM dirty"), 1);
	again = think(&w, 1);
	assert_true(again && again != first);
	assert_string_equal(fields_get(&(struct job[]){ job_of(&w, again) }->payload, "qty", ""), "35");
	world_free(&w);
}

static void what_is_never_written_gets_no_target(void **state)
{
	static const struct {
		const char *why, *sql;
	} cases[] = {
		{ "fulfilled by the channel", "UPDATE offer SET pool = 'wfs'" },
		{ "not mapped", "UPDATE offer SET item_id = NULL" },
		{ "an auction", "UPDATE offer SET pool = 'auction'" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct world w = shown(60);
		int64_t job;

		OKAY(&w, store_exec(w.s, &w.err, cases[i].sql));
		if (think(&w, 1) || get(&w, 1).target != -1)
			fail_msg("%s", cases[i].why);
		OKAY(&w, offer_say(w.s, 1, true, 0, &w.why, &job, &w.err)); /* not even when somebody insists */
		assert_int_equal(job, 0);
		world_free(&w);
	}
}

static void a_hold_is_zero(void **state)
{
	struct world w = shown(60);

	(void)state;
	OKAY(&w, store_exec(w.s, &w.err, "UPDATE offer SET hold = 'feed unconfirmed'"));
	assert_int_equal(job_of(&w, think(&w, 1)).lane, LANE_ZERO);
	assert_string_equal(get(&w, 1).why, "held at zero: feed unconfirmed");
	world_free(&w);
}

/* ---- proof ---- */

static int64_t read_once(struct world *w, const char *fault, int64_t begun_ms)
{
	struct job_plan p = { .account = w->walmart, .verb = VERB_ORDER, .lane = LANE_CONFIRM, .subject = "order:7", .subject_id = 7 };
	struct attempt a = { .account = w->walmart, .verb = "order", .op = "test", .method = "GET", .url = "https://x/", .opened_ms = begun_ms };
	int64_t id, attempt;

	a.correlation = arena_printf(w->a, "c-%" PRId64, begun_ms);
	OKAY(w, job_plan(w->s, &p, &w->why, &id, &w->err));
	OKAY(w, attempt_open(w->s, &a, 1, &id, 1, &attempt, &w->err));
	OKAY(w, job_inflight(w->s, id, attempt, &w->why, &w->err));
	a.id = attempt;
	a.fault = fault;
	a.closed_ms = begun_ms + 50;
	OKAY(w, attempt_close(w->s, &a, &w->err));
	OKAY(w, *fault ? job_fail(w->s, id, FAULT_REMOTE, "", &w->why, &w->err) : job_done(w->s, id, "", &w->why, &w->err));
	return id;
}

static void only_an_understood_read_proves_anything(void **state)
{
	struct world w = world_new();
	int64_t begun;
	bool yes;

	(void)state;
	OKAY(&w, job_last_read(w.s, w.walmart, VERB_ORDER, 7, &begun, &w.err));
	assert_int_equal(begun, 0);
	read_once(&w, "", T0 + 100);
	read_once(&w, "REMOTE", T0 + 200);
	OKAY(&w, job_last_read(w.s, w.walmart, VERB_ORDER, 7, &begun, &w.err));
	assert_int_equal(begun, T0 + 100);
	OKAY(&w, job_last_read(w.s, w.walmart, VERB_ORDER, 8, &begun, &w.err));
	assert_int_equal(begun, 0);
	OKAY(&w, job_was_done(w.s, w.walmart, VERB_ORDER, "order:7", &yes, &w.err));
	assert_true(yes);
	OKAY(&w, job_was_done(w.s, w.walmart, VERB_ORDER, "order:70", &yes, &w.err));
	assert_false(yes);
	OKAY(&w, job_pending(w.s, w.walmart, VERB_ORDER, "order:7", &yes, &w.err));
	assert_false(yes);
	world_free(&w);
}

static void hurrying_never_delays(void **state)
{
	struct world w = world_new();
	struct job_plan poll = { .account = w.walmart, .verb = VERB_ORDERS, .lane = LANE_ORDERS, .subject = "a", .due_ms = T0 + HOUR, .repeats = true };
	int64_t id;

	(void)state;
	OKAY(&w, job_plan(w.s, &poll, &w.why, &id, &w.err));
	OKAY(&w, job_hurry_verb(w.s, w.walmart, VERB_ORDERS, T0 + 2 * HOUR, &w.err));
	assert_int_equal(job_of(&w, id).due_ms, T0 + HOUR);
	OKAY(&w, job_hurry_verb(w.s, w.walmart, VERB_ORDERS, T0, &w.err));
	assert_int_equal(job_of(&w, id).due_ms, T0);
	OKAY(&w, job_hurry(w.s, id, T0 + 5, &w.err));
	assert_int_equal(job_of(&w, id).due_ms, T0);
	OKAY(&w, store_exec(w.s, &w.err, arena_printf(w.a, "UPDATE job SET fault = 'UNSURE', state_ms = %" PRId64 ", due_ms = %" PRId64, T0 + 1000, T0 + HOUR)));
	OKAY(&w, job_hurry_verb(w.s, w.walmart, VERB_ORDERS, T0 + 2000, &w.err)); /* it failed a second ago */
	assert_int_equal(job_of(&w, id).due_ms, T0 + 6000);
	OKAY(&w, store_exec(w.s, &w.err, "UPDATE job SET state = 'failed'"));
	OKAY(&w, jobs_revive(w.s, w.walmart, &w.why, &w.err)); /* a poll that was given up begins again with the engine */
	assert_string_equal(job_of(&w, id).state, "waiting");
	world_free(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_lane_is_by_what_they_show),
		cmocka_unit_test(what_lost_its_answer_may_be_on_show),
		cmocka_unit_test(a_number_is_said_once),
		cmocka_unit_test(what_was_never_said_waits_until_every_source_was_heard),
		cmocka_unit_test(what_their_shipping_took_off_is_put_back),
		cmocka_unit_test(what_is_never_written_gets_no_target),
		cmocka_unit_test(a_hold_is_zero),
		cmocka_unit_test(only_an_understood_read_proves_anything),
		cmocka_unit_test(hurrying_never_delays),
	};

	return cmocka_run_group_tests_name("aim", tests, NULL, NULL);
}
