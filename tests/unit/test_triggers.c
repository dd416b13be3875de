/* What the schema itself refuses, whoever writes: every trigger that can say no does say no, and only then. */
#include "trade_world.h"

/* An order with a line of two, packed; an intent; a job that was attempted; a row of every history. */
static const char furniture[] =
	"INSERT INTO orders (id, account_id, ref, state, open, due_ms, placed_ms, updated_ms, known_ms) VALUES (1, 1, 'P-1', 'ACKED', 1, 1, 1, 1, 1);"
	"INSERT INTO order_line (id, order_id, ref, sku, qty, q_acked) VALUES (1, 1, '1', 'SKU-1', 2, 2);"
	"INSERT INTO shipment (id, order_id, package, carrier, tracking, shipped_ms, source, confirm) VALUES "
	"(1, 1, '1', 'ups', '1Z1', 1, 'operator', 'REJECTED'), (2, 1, '2', 'ups', '1Z2', 1, 'operator', 'NOT_SENT');"
	"INSERT INTO shipment_line (shipment_id, line_id, qty) VALUES (1, 1, 2); INSERT INTO shipment_line (shipment_id, line_id, qty) VALUES (2, 1, 2);"
	"INSERT INTO warehouse_order (account_id, ref, order_id, state, taken, made_ms, updated_ms, known_ms) VALUES (1, 'P-1', 1, 'RELEASED', 1, 1, 1, 1);"
	"INSERT INTO intent (id, asker, kind, state, actor, made_ms, trace) VALUES (1, 'a', 'ship', 'filed', 'jo', 1, 't');"
	"INSERT INTO job (id, account_id, verb, lane, writes, key, due_ms, trace, made_ms, state_ms) VALUES (1, 1, 'ship', 2, 1, 'k', 1, 't', 1, 1);"
	"INSERT INTO attempt (id, epoch, account_id, verb, op, writes, method, url, credential, correlation, trace, opened_ms) VALUES "
	"(1, 1, 1, 'ship', 'o', 1, 'POST', 'u', 'c', 'c-1', 't', 1); INSERT INTO attempt_job (attempt_id, job_id) VALUES (1, 1);"
	"INSERT INTO poll_day (account_id, verb, op, day, calls, first_ms, last_ms) VALUES (1, 'orders', 'o', 1, 2, 3, 4);"
	"INSERT INTO inbox (account_id, verb, class, text, state, first_ms, last_ms) VALUES (1, 'orders', 'SCHEMA', 't', 'parked', 1, 1);"
	"INSERT INTO item (id, sku, made_ms) VALUES (1, 'SKU-1', 1);"
	"INSERT INTO offer (id, account_id, sku, item_id, known_ms) VALUES (1, 1, 'SKU-1', 1, 1);"
	"INSERT INTO policy_override (scope, name, key, value, actor, made_ms) VALUES ('sku', 'SKU-1', 'cap', '3', 'jo', 1);"
	"INSERT INTO observation (offer_id, seen, valid_ms, known_ms) VALUES (1, 1, 1, 1);"
	"INSERT INTO zero_out (id, scope, reason, actor, intent_id, made_ms) VALUES (1, 'all', 'r', 'jo', (SELECT min(id) FROM intent), 1);"
	"INSERT INTO zero_row (zero_id, offer_id) VALUES (1, 1); UPDATE offer SET hold = 'Z-1' WHERE id = 1;"
	"INSERT INTO lapse (account_id, cause, state, since_ms, looked_ms, steady_ms, bad_ms) VALUES (1, 'write', 'FAILING', 1, 1, 1, 1);"
	"INSERT INTO job (id, account_id, verb, subject, subject_id, lane, writes, key, payload, due_ms, trace, made_ms, state_ms) "
	"VALUES (77, 1, 'stock', 'offer:1', 1, 4, 1, 'held', 'qty=9' || char(10), 1, 't', 1, 1);"
	"INSERT INTO feed (id, account_id, state, why, made_ms) VALUES (1, 1, 'gathering', 'w', 1);"
	"INSERT INTO move (item_id, qty, cause, valid_ms, known_ms, actor) VALUES (1, 1, 'count', 1, 1, 'jo');"
	"INSERT INTO change (fact, fact_id, field, valid_ms, known_ms, actor) VALUES ('x', 1, 'f', 1, 1, 'jo');"
	"INSERT INTO rec_run (id, account_id, whole, state, actor, planned_ms, began_ms, trace) VALUES (1, 1, 0, 'PULLING', 'jo', 1, 1, 't');"
	"INSERT INTO rec_row (offer_id, kind, expected, observed, delta, pct, since_ms, observed_ms, action, at_ms) VALUES (1, 'drift', 1, 2, 1, 1, 1, 1, 'look', 1);"
	"INSERT INTO task (id, name, day, rhythm, title, how, made_ms) VALUES (1, 'patterns', 1, 'day', 't', 'h', 1);"
	"INSERT INTO handover (from_ms, to_ms, actor, heir, report, hash, audit_n, audit_head) VALUES (1, 2, 'jo', 'ann', 'r', 'h', 1, 'h');"
	"INSERT INTO sitting (id, kind, state, actor, made_ms, touched_ms) VALUES (1, 'manual', 'OPEN', 'jo', 1, 1), (2, 'manual', 'ENDED', 'jo', 1, 1);"
	"INSERT INTO sitting_row (sitting_id, n, offer_id, target, expected, observed, available, delta, seen_ms, ver, done_ms) "
	"VALUES (1, 1, 1, 1, 1, 2, 1, 1, 1, 1, 1);"
	"INSERT INTO incident (id, key, kind, severity, text, opened_ms) VALUES (1, 'k', 'auth', 'CRIT', 't', 1);"
	"INSERT INTO incident (id, key, kind, severity, text, opened_ms, closed_ms, closed_by, cause) VALUES (2, 'k', 'auth', 'CRIT', 't', 1, 2, 'jo', 'c');"
	"INSERT INTO incident_step (incident_id, step, good, result, actor, at_ms) VALUES (1, 1, 1, 'r', 'jo', 1);"
	"INSERT INTO notice (hook, event, text, due_ms, made_ms) VALUES ('mail', 'test', '', 1, 1);"
	"INSERT INTO audit (n, at_ms, actor, action, subject, detail, hash) VALUES (1, 1, 'jo', 'a', 's', 'd', zeroblob(32));";

struct refusal {
	const char *trigger, *sql, *words;
};

static const struct refusal refusals[] = {
	{ "shipment_not_more_than_ordered", "INSERT INTO shipment_line (shipment_id, line_id, qty) VALUES (1, 1, 1)", "more units shipped than were ordered" },
	{ "shipment_comes_back_whole", "UPDATE shipment SET confirm = 'NOT_SENT' WHERE id = 1", "went with another one" },
	{ "order_stays", "DELETE FROM orders", "an order is never deleted" },
	{ "order_line_stays", "DELETE FROM order_line", "an order keeps its lines" },
	{ "warehouse_order_stays", "DELETE FROM warehouse_order", "a warehouse order is never deleted" },
	{ "intent_steps", "UPDATE intent SET state = 'proposed'", "an intent steps" },
	{ "intent_is_what_was_decided", "UPDATE intent SET typed = 'yes'", "does not change after it was made" },
	{ "incident_says_why_it_closed", "UPDATE incident SET closed_ms = 3, closed_by = 'jo' WHERE id = 1", "closed with its cause" },
	{ "incident_stays_closed", "UPDATE incident SET closed_ms = 0 WHERE id = 2", "stays as it is" },
	{ "incident_stays", "DELETE FROM incident WHERE id = 1", "an incident is never deleted" },
	{ "incident_step_is_written_once", "UPDATE incident_step SET good = 0", "what was found stays" },
	{ "incident_step_stays", "DELETE FROM incident_step", "what was found stays" },
	{ "notice_stays", "DELETE FROM notice", "never dropped" },
	{ "intent_stays", "DELETE FROM intent", "an intent is never deleted" },
	{ "job_steps", "UPDATE job SET state = 'done'", "does not step that way" },
	{ "job_keeps_what_was_said", "UPDATE job SET payload = 'qty=9'", "keeps its payload and key" },
	{ "job_stays_frozen", "UPDATE job SET frozen = 0", "stays frozen" },
	{ "job_stays", "DELETE FROM job", "a job is never deleted" },
	{ "attempt_of_the_newest_engine",
	  "INSERT INTO attempt (epoch, account_id, verb, op, writes, method, url, credential, correlation, trace, opened_ms) "
	  "VALUES (0, 1, 'ship', 'o', 0, 'POST', 'u', 'c', 'c-2', 't', 1)",
	  "a newer engine has this store" },
	{ "attempt_shadow_writes_nothing",
	  "INSERT INTO attempt (epoch, account_id, verb, op, writes, method, url, credential, correlation, trace, opened_ms) "
	  "VALUES (1, 3, 'ship', 'o', 1, 'POST', 'u', 'c', 'c-2', 't', 1)",
	  "a shadow account says nothing" },
	{ "attempt_stays", "DELETE FROM attempt", "an attempt is never deleted" },
	{ "attempt_is_idle_when_it_was_understood", "UPDATE attempt SET idle = 1 WHERE id = 1", "only a read that was understood" },
	{ "poll_day_stays", "DELETE FROM poll_day", "what was counted of a day stays" },
	{ "attempt_respects_a_hold", "INSERT INTO attempt_job (attempt_id, job_id) VALUES (1, 77)", "held at zero" },
	{ "feed_respects_a_hold", "INSERT INTO feed_item (feed_id, msg, job_id, offer_id, sku, qty, ver) VALUES (1, 1, 77, 1, 'S', 9, 1)", "held at zero" },
	{ "feed_stays", "DELETE FROM feed", "a feed is never deleted" },
	{ "zero_row_stays", "DELETE FROM zero_row", "is kept" },
	{ "lapse_steps", "UPDATE lapse SET state = 'RESTORING'", "a lapse steps" },
	{ "lapse_stays", "DELETE FROM lapse", "a lapse is never deleted" },
	{ "inbox_stays", "DELETE FROM inbox", "the inbox loses nothing" },
	{ "observation_is_written_once", "UPDATE observation SET seen = 2", "stays what was seen" },
	{ "observation_stays", "DELETE FROM observation", "stays what was seen" },
	{ "policy_override_stays", "DELETE FROM policy_override", "an override ends, and stays" },
	{ "move_is_written_once", "UPDATE move SET qty = 2", "the ledger is append-only" },
	{ "move_stays", "DELETE FROM move", "the ledger is append-only" },
	{ "change_is_written_once", "UPDATE change SET new = 'x'", "history is append-only" },
	{ "change_stays", "DELETE FROM change", "history is append-only" },
	{ "rec_run_steps", "UPDATE rec_run SET state = 'COMPLETE'", "a run pulls, then compares, then ends" },
	{ "rec_run_stays", "DELETE FROM rec_run", "a run is never deleted" },
	{ "rec_row_is_what_was_found", "UPDATE rec_row SET observed = 3", "stays what was found" },
	{ "rec_row_stays", "DELETE FROM rec_row", "a difference is never deleted" },
	{ "task_stays", "DELETE FROM task", "a task is never deleted" },
	{ "task_says_who", "UPDATE task SET state = 'done'", "done by somebody" },
	{ "handover_is_signed", "UPDATE handover SET report = 'x', taken_by = 'jo', taken_ms = 2", "what was signed stays" },
	{ "handover_stays", "DELETE FROM handover", "a handover is never deleted" },
	{ "sitting_stays", "DELETE FROM sitting", "a session is never deleted" },
	{ "sitting_ends_once", "UPDATE sitting SET filter = 'x' WHERE id = 2", "stays as it is" },
	{ "sitting_row_is_frozen", "UPDATE sitting_row SET observed = 3", "shows what was so when it began" },
	{ "sitting_row_is_done_once", "UPDATE sitting_row SET decision = 'push'", "stays decided" },
	{ "audit_is_written_once", "UPDATE audit SET detail = 'x'", "the audit is append-only" },
	{ "audit_stays", "DELETE FROM audit", "the audit is append-only" },
};
enum { REFUSALS = sizeof refusals / sizeof *refusals };

static struct world furnished(void)
{
	struct world w = world_new();

	OKAY(&w, store_exec(w.s, &w.err, furniture));
	return w;
}

static void each_trigger_refuses(void **state)
{
	(void)state;
	for (int i = 0; i < REFUSALS; i++) {
		struct world w = furnished();

		world_refuses(&w, refusals[i].sql, refusals[i].words);
		world_free(&w);
	}
}

/* Without its trigger the same statement goes through: it was this one that refused. */
static void nothing_else_would_have(void **state)
{
	(void)state;
	for (int i = 0; i < REFUSALS; i++) {
		struct world w = furnished();

		OKAY(&w, store_exec(w.s, &w.err, "PRAGMA defer_foreign_keys = ON"));
		OKAY(&w, store_exec(w.s, &w.err, arena_printf(w.a, "DROP TRIGGER %s", refusals[i].trigger)));
		if (store_exec(w.s, &w.err, refusals[i].sql) && !strstr(w.err.text, "UNIQUE"))
			fail_msg("%s: %s", refusals[i].trigger, w.err.text);
		world_free(&w);
	}
}

static void no_trigger_is_forgotten_here(void **state)
{
	struct world w = world_new();
	struct rows *r = store_ask_text(w.s, "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND sql LIKE '%RAISE(%'", NULL, 0);
	int n = 0;

	(void)state;
	for (; rows_next(r); n++) {
		bool known = false;

		for (int i = 0; i < REFUSALS; i++)
			known |= !strcmp(refusals[i].trigger, rows_text(r, 0));
		if (!known)
			fail_msg("no test makes %s say no", rows_text(r, 0));
	}
	OKAY(&w, rows_end(r, &w.err));
	assert_int_equal(n, REFUSALS);
	world_free(&w);
}

static void intents_step_as_drawn(void **state)
{
	static const char *const states[] = { "proposed", "filed", "done", "refused" };
	static const char *const drawn[] = { "proposed filed refused", "filed done refused", "done", "refused" };

	(void)state;
	for (int from = 0; from < 4; from++)
		for (int to = 0; to < 4; to++) {
			struct world w = world_new();
			bool went;

			OKAY(&w, store_exec(w.s, &w.err, arena_printf(w.a, "INSERT INTO intent (id, asker, kind, state, actor, made_ms, trace) "
			                                                   "VALUES (1, 'a', 'ship', '%s', 'jo', 1, 't')", states[from])));
			went = !store_exec(w.s, &w.err, arena_printf(w.a, "UPDATE intent SET state = '%s'", states[to]));
			if (went != (strstr(drawn[from], states[to]) != NULL))
				fail_msg("%s to %s: %s", states[from], states[to], went ? "went" : w.err.text);
			world_free(&w);
		}
}

/* What may be done all the same: a rejected package that nobody replaced, a job that was never attempted, their order's cancellation. */
static void the_triggers_leave_the_rest_alone(void **state)
{
	static const char *const allowed[] = {
		"UPDATE shipment SET confirm = 'SENDING' WHERE id = 2",
		"UPDATE shipment SET confirm = 'REJECTED' WHERE id = 2; UPDATE shipment SET confirm = 'NOT_SENT' WHERE id = 1",
		"INSERT INTO job (account_id, verb, lane, writes, key, due_ms, trace, made_ms, state_ms) VALUES (1, 'ack', 2, 1, 'k2', 1, 't', 1, 1);"
		"UPDATE job SET payload = 'x=1', key = 'k3' WHERE key = 'k2'",
		"UPDATE job SET state = 'inflight'; UPDATE job SET state = 'waiting'; UPDATE job SET due_ms = 9, fails = 3, owner = 'jo'",
		"UPDATE intent SET state = 'done', result = 'ok', done_ms = 2",
		"UPDATE attempt SET closed_ms = 2, status = 200",
		"UPDATE inbox SET state = 'archived'",
	};

	(void)state;
	for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++) {
		struct world w = furnished();

		if (store_exec(w.s, &w.err, allowed[i]))
			fail_msg("%s: %s", allowed[i], w.err.text);
		world_free(&w);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_trigger_refuses),
		cmocka_unit_test(nothing_else_would_have),
		cmocka_unit_test(no_trigger_is_forgotten_here),
		cmocka_unit_test(intents_step_as_drawn),
		cmocka_unit_test(the_triggers_leave_the_rest_alone),
	};

	return cmocka_run_group_tests_name("triggers", tests, NULL, NULL);
}
