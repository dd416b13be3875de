/* Handover: each thing that a shift leaves to the next stands in its part, who signed it is kept with its hash, and who takes it is somebody else. */
#include "trade_world.h"

#include "trade/audit.h"
#include "trade/handover.h"

/* A world where `sql` is so says a line of this level in this part with these words. */
struct telling {
	const char *why, *sql;
	enum hand_part part;
	const char *level, *words, *pane;
};

#define ALERT "INSERT INTO alert (id, key, kind, severity, text, opened_ms, last_ms) VALUES (7, 'k', 'auth', 'CRIT', 'they do not know us', 1700000000000, 1700000000000);"
#define INTENT "INSERT INTO intent (id, asker, kind, state, actor, made_ms, trace) VALUES (9, 'a', 'zero', 'proposed', 'uid:1000 jo', 1700000000000, 't');"

static const struct telling tellings[] = {
	{ "what is wrong, in one line", "", HAND_VERDICT, "ok", "all is well", "health" },
	{ "a critical incident, with what to do next and nobody who looks", ALERT "INSERT INTO incident (id, key, kind, severity, account_id, text, opened_ms) VALUES (7, 'k', 'auth', 'CRIT', 1, "
	  "'they do not know us', 1700000000000); UPDATE alert SET incident_id = 7, next = 'renew the secret'", HAND_NOW, "CRIT", "I-7 walmart-us they do not know us; next: renew the secret; nobody looks", "incident" },
	{ "a warning is to be watched, by whom it is", "INSERT INTO incident (id, key, kind, severity, text, opened_ms, acked_by, acked_ms) VALUES (8, 'k', 'slow', 'WARN', 'slow', 1700000000000, "
	  "'uid:1000 jo', 1700000000001)", HAND_WATCH, "WARN", "I-8 slow; seen by jo", "incident" },
	{ "what is sold beyond the stock", "INSERT INTO item (sku, available, made_ms) VALUES ('SKU-1', -3, 1)", HAND_NOW, "CRIT", "1 SKU sold beyond the stock, worst SKU-1 at -3", "drift" },
	{ "what is below zero before everybody told of stock is not known to be", "INSERT INTO item (sku, available, made_ms) VALUES ('SKU-1', -3, 1); UPDATE account SET counts_ms = 0 WHERE id = 1",
	  HAND_WATCH, "WARN", "1 SKU below zero, and walmart-us was not heard yet: what it keeps may be missing", "drift" },
	{ "nor does the line above all of it cry", "INSERT INTO item (sku, available, made_ms) VALUES ('SKU-1', -3, 1); UPDATE account SET counts_ms = 0 WHERE id = 1",
	  HAND_VERDICT, "WARN", "1 SKU below zero, and walmart-us was not heard yet", "health" },
	{ "a failure that is nobody's for an hour", "INSERT INTO inbox (account_id, verb, class, text, state, first_ms, last_ms) VALUES (1, 'orders', 'SCHEMA', '?', 'parked', 1699990000000, "
	  "1700000000000)", HAND_NOW, "WARN", "1 failure nobody's for an hour: integration", "failed" },
	{ "what waits for a second person", INTENT, HAND_NOW, "WARN", "jo wants somebody to agree to a zero: tallyman approve 9", "" },
	{ "an account that is out of step", "INSERT INTO lapse (account_id, cause, state, since_ms, looked_ms, steady_ms, bad_ms) VALUES (1, 'write', 'FAILING', 1, 1, 1, 1)", HAND_NOW, "WARN",
	  "walmart-us out of step (write): FAILING", "channel" },
	{ "whose zero somebody holds off", "INSERT INTO lapse (account_id, cause, state, since_ms, looked_ms, steady_ms, bad_ms, held_ms, held_by) VALUES (1, 'write', 'FAILING', 1, 1, 1, 1, "
	  "1700000600000, 'uid:1000 jo')", HAND_HELD, "WARN", "walmart-us: its zero is held off by jo", "channel" },
	{ "a secret that ends within the month", "INSERT INTO secret (account_id, key, source, fingerprint, since_ms, expires_ms) VALUES (1, 'client_secret', 's', 'f', 1, 1700000000000 + 6 * 86400000)",
	  HAND_WATCH, "WARN", "walmart-us: its client_secret ends in 5 days", "health" },
	{ "a place that is not heard", "INSERT INTO place (name, kind, stale) VALUES ('main', 'own', 1)", HAND_WATCH, "WARN", "1 place not heard, left out of every sum: warehouse", "conflicts" },
	{ "an account that the platform does not know", "UPDATE account SET state = 'auth' WHERE id = 1", HAND_NOW, "CRIT", "1 account not known to the platform: integration", "engine" },
	{ "a zero-out, with who, why and its end", INTENT "INSERT INTO zero_out (id, scope, reason, actor, intent_id, made_ms, until_ms) VALUES (3, 'SKU-1', 'recall', 'uid:1000 jo', 9, 1, 1700000000000)",
	  HAND_HELD, "WARN", "Z-3 SKU-1 at zero, 0 offers: recall, by jo, until 2023-11-14T22:13Z", "zero" },
	{ "what was set by hand", "INSERT INTO policy_override (scope, name, account, key, value, actor, made_ms) VALUES ('sku', 'SKU-1', 'walmart-us', 'cap', '3', 'uid:1000 jo', 1)", HAND_HELD, "info",
	  "sku:SKU-1 on walmart-us cap = 3, set by jo", "" },
	{ "a kind of alert that is muted", "INSERT INTO alert_mute (kind, until_ms, why, actor, made_ms) VALUES ('slow', 1700000060000, 'known', 'uid:1000 jo', 1700000000000)", HAND_HELD, "info",
	  "alerts of slow are muted until then by jo: known", "alerts" },
	{ "what a person closed, with its cause", "INSERT INTO incident (id, key, kind, severity, text, opened_ms, closed_ms, closed_by, cause) VALUES (8, 'k', 'slow', 'WARN', 'slow', 1, 1700000000000, "
	  "'uid:1000 jo', 'the line')", HAND_DONE, "ok", "I-8 closed by jo: slow (the line)", "incident" },
	{ "what ended by itself is counted", "INSERT INTO incident (id, key, kind, severity, text, opened_ms, closed_ms, closed_by, cause) VALUES (8, 'k', 'slow', 'WARN', 'slow', 1, 1700000000000, "
	  "'rule:alerts', 'it ended')", HAND_DONE, "ok", "1 incident ended by themselves", "alerts" },
	{ "a routine that is open", "INSERT INTO task (name, day, rhythm, title, how, made_ms) VALUES ('p', 1, 'day', 'Look', 'h', 1)", HAND_TASKS, "", "[ ] Look (day)", "tasks" },
	{ "a routine that somebody did", "INSERT INTO task (name, day, rhythm, title, how, made_ms, state, actor, note, done_ms) VALUES ('p', 1, 'mon', 'Look', 'h', 1, 'done', 'uid:1000 jo', 'all well', "
	  "1700000000000)", HAND_TASKS, "ok", "[x] Look (mon), done by jo: all well", "tasks" },
	{ "a routine that nobody did", "INSERT INTO task (name, day, rhythm, title, how, made_ms, state, done_ms) VALUES ('p', 1, 'mon', 'Look', 'h', 1, 'missed', 1700000000000)", HAND_TASKS, "WARN",
	  "[ ] Look (mon), missed", "tasks" },
	{ "that the week was never reviewed", "", HAND_TASKS, "WARN", "no weekly review was ever done; 0 open of this week's", "tasks" },
	{ "a note for the next shift", "INSERT INTO note (subject, text, actor, at_ms) VALUES ('handover', 'strike in Hamburg', 'uid:1000 jo', 1700000000000)", HAND_NOTES, "", "jo: strike in Hamburg", "" },
	{ "the audit's head", "", HAND_SIGN, "", "audit: row 0, 0000000000000000000000000000000000000000000000000000000000000000", "audit" },
};

static const struct hand_line *line_of(const struct handover *h, enum hand_part part, const char *words)
{
	for (int i = 0; i < h->n; i++)
		if (h->line[i].part == part && strstr(h->line[i].text, words))
			return &h->line[i];
	return NULL;
}

static struct handover read_it(struct world *w, int64_t now_ms)
{
	struct handover h;

	OKAY(w, handover_read(w->s, now_ms, w->a, &h, &w->err));
	return h;
}

static void each_thing_stands_in_its_part(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof tellings / sizeof *tellings; i++) {
		const struct telling *t = &tellings[i];
		struct world w = world_new();
		const struct hand_line *l;
		struct handover h;

		if (*t->sql)
			OKAY(&w, store_exec(w.s, &w.err, t->sql));
		h = read_it(&w, T0 + 1);
		l = line_of(&h, t->part, t->words);
		if (!l || strcmp(l->level, t->level) || strcmp(l->pane, t->pane))
			fail_msg("%s: \"%s\" (%s) is not said:\n%s", t->why, t->words, t->level, handover_text(&h, w.a));
		world_free(&w);
	}
}

/* Rows that came one after another, of which the oldest are said, and a line that says how many more there are. */
struct heap {
	const char *why, *sql;
	enum hand_part part;
	const char *first, *rest;
};

#define THIRTEEN "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 13) INSERT INTO "

static const struct heap heaps[] = {
	{ "zero-outs", INTENT THIRTEEN "zero_out (id, scope, reason, actor, intent_id, made_ms) SELECT i, 'SKU-' || i, 'recall', 'uid:1000 jo', 9, i FROM n", HAND_HELD, "Z-1 SKU-1 at zero",
	  "and 1 more: 6 Zero-out" },
	{ "what was set by hand", THIRTEEN "policy_override (scope, name, account, key, value, actor, made_ms) SELECT 'sku', 'SKU-' || i, '', 'cap', '3', 'uid:1000 jo', i FROM n", HAND_HELD,
	  "sku:SKU-1 cap = 3", "and 1 more: tallyman policy" },
	{ "critical incidents", THIRTEEN "incident (key, kind, severity, text, opened_ms) SELECT i, 'auth', 'CRIT', 'no ' || i, i FROM n", HAND_NOW, "no 13", "and 1 more: 7 Alerts" },
	{ "incidents to be watched", THIRTEEN "incident (key, kind, severity, text, opened_ms) SELECT i, 'slow', 'WARN', 'no ' || i, i FROM n", HAND_WATCH, "no 13", "and 1 more: 7 Alerts" },
	{ "notes are said all", THIRTEEN "note (subject, text, actor, at_ms) SELECT 'handover', 'no ' || i || '.', 'uid:1000 jo', 1700000000000 FROM n", HAND_NOTES, "no 1.", NULL },
};

static void what_is_not_said_is_counted(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof heaps / sizeof *heaps; i++) {
		struct world w = world_new();
		struct handover h;

		OKAY(&w, store_exec(w.s, &w.err, heaps[i].sql));
		h = read_it(&w, T0 + 1);
		if (!line_of(&h, heaps[i].part, heaps[i].first) || !line_of(&h, heaps[i].part, heaps[i].rest ? heaps[i].rest : heaps[i].first) ||
		    (!heaps[i].rest && line_of(&h, heaps[i].part, " more: ")))
			fail_msg("%s: %s", heaps[i].why, handover_text(&h, w.a));
		world_free(&w);
	}
}

static void audited(struct world *w, const char *actor, const char *action, const char *subject, int64_t at_ms)
{
	struct cause why = { .now_ms = at_ms, .actor = actor, .trace = "t" };

	OKAY(w, audit_add(w->s, &why, action, subject, "", &w->err));
}

static void who_did_what_is_told_by_the_audit(void **state)
{
	struct world w = world_new();
	struct handover h;

	(void)state;
	audited(&w, "uid:1000 jo", "zero", "the shift before", T0 - 9 * HOUR);
	audited(&w, "uid:0 root", "login", "console", T0 - HOUR);
	audited(&w, "uid:1000 jo", "ship", "ship 1 order", T0 - HOUR);
	audited(&w, "uid:1000 jo", "ship", "ship 2 orders", T0 - HOUR);
	audited(&w, "uid:1000 jo", "live", "live 1 account", T0 - HOUR);
	h = read_it(&w, T0);
	assert_non_null(line_of(&h, HAND_DONE, "jo: ship 2"));
	assert_null(line_of(&h, HAND_DONE, "zero"));
	assert_non_null(line_of(&h, HAND_CHANGES, "jo: live live 1 account"));
	assert_non_null(line_of(&h, HAND_PEOPLE, "root sat down 1 time, from 1 place: a name that several may share"));
	assert_string_equal(line_of(&h, HAND_PEOPLE, "root")->level, "WARN");
	world_free(&w);
}

static void a_shift_is_held_against_the_one_before_and_the_week(void **state)
{
	static const char sql[] = "INSERT INTO incident (key, kind, severity, text, opened_ms) VALUES ('a', 'k', 'info', 't', 1700000000000 - 3600000), ('b', 'k', 'info', 't', 1700000000000 - 7200000), "
	                          "('c', 'k', 'info', 't', 1700000000000 - 9 * 3600000), ('d', 'k', 'info', 't', 1700000000000 - 604800000 - 3600000), ('e', 'k', 'info', 't', 1700000000000 - 604800000 - 7200000), "
	                          "('f', 'k', 'info', 't', 1700000000000 - 604800000 - 10800000)";
	struct world w = world_new();
	struct handover h;

	(void)state;
	OKAY(&w, store_exec(w.s, &w.err, sql));
	h = read_it(&w, T0);
	assert_int_equal(h.from_ms, T0 - SHIFT_MS);
	assert_string_equal(h.figure[1].name, "incidents");
	assert_int_equal(h.figure[1].now, 2);
	assert_int_equal(h.figure[1].before, 1);
	assert_int_equal(h.figure[1].week, 3);
	world_free(&w);
}

static enum fault carry(struct world *w, const char *key, const char *value, const char *actor, int64_t at_ms, const char **result)
{
	struct cause why = { .now_ms = at_ms, .actor = actor, .trace = "t" };
	struct fields p = fields_new(w->a);

	fields_put(&p, key, value);
	return handover_carry(w->s, &p, &why, w->a, result, &w->err);
}

static void both_sign_and_the_next_shift_begins_there(void **state)
{
	struct world w = world_new();
	const char *result;
	struct handed h;
	char hash[65];

	(void)state;
	OKAY(&w, store_exec(w.s, &w.err, "INSERT INTO note (subject, text, actor, at_ms) VALUES ('handover', 'strike in Hamburg', 'uid:1000 jo', 1700000000000)"));
	OKAY(&w, carry(&w, "to", "Ann", "uid:1000 jo", T0 + HOUR, &result));
	OKAY(&w, handed_get(w.s, 1, w.a, &h, &w.err));
	assert_string_equal(h.heir, "Ann");
	assert_non_null(strstr(h.report, "strike in Hamburg"));
	sha256_hex(h.report, strlen(h.report), hash);
	assert_string_equal(h.hash, hash);
	assert_non_null(strstr(world_text(&w, "SELECT actor || ' ' || subject || ' ' || detail FROM audit WHERE action = 'handover-signed'"), arena_printf(w.a, "uid:1000 jo H-1 to Ann report %s", hash)));
	assert_int_equal(read_it(&w, T0 + 2 * HOUR).from_ms, T0 + HOUR);
	OKAY(&w, carry(&w, "take", "1", "uid:1001 ann", T0 + 2 * HOUR, &result));
	OKAY(&w, handed_get(w.s, 1, w.a, &h, &w.err));
	assert_string_equal(h.taken_by, "uid:1001 ann");
	assert_string_equal(world_text(&w, "SELECT actor || ' ' || subject FROM audit WHERE action = 'handover-taken'"), "uid:1001 ann H-1");
	world_free(&w);
}

struct wrong {
	const char *why, *key, *value, *actor, *words;
};

static const struct wrong wrongs[] = {
	{ "to nobody", "to", "  ", "uid:1000 jo", "say to whom" },
	{ "to a name without end", "to", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "uid:1000 jo", "say to whom" },
	{ "taken by who signed it over", "take", "1", "uid:1000 jo login:1", "somebody else takes it" },
	{ "one that there is not", "take", "9", "uid:1001 ann", "no handover H-9" },
	{ "one that was taken", "take", "2", "uid:1001 ann", "was taken by uid:1002 bo" },
};

static void what_cannot_be_handed_over(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof wrongs / sizeof *wrongs; i++) {
		struct world w = world_new();
		const char *result;

		OKAY(&w, carry(&w, "to", "ann", "uid:1000 jo", T0, &result));
		OKAY(&w, carry(&w, "to", "ann", "uid:1000 jo", T0 + 1, &result));
		OKAY(&w, carry(&w, "take", "2", "uid:1002 bo", T0 + 2, &result));
		assert_int_equal(carry(&w, wrongs[i].key, wrongs[i].value, wrongs[i].actor, T0 + 3, &result), FAULT_REFUSED);
		if (!strstr(w.err.text, wrongs[i].words))
			fail_msg("%s: %s", wrongs[i].why, w.err.text);
		world_free(&w);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_thing_stands_in_its_part),
		cmocka_unit_test(what_is_not_said_is_counted),
		cmocka_unit_test(who_did_what_is_told_by_the_audit),
		cmocka_unit_test(a_shift_is_held_against_the_one_before_and_the_week),
		cmocka_unit_test(both_sign_and_the_next_shift_begins_there),
		cmocka_unit_test(what_cannot_be_handed_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
