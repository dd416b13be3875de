/* Alerts are folded into incidents, told when they last, muted for a while, closed with a cause; cards leave what was seen. */
#include "trade_world.h"

#include "base/err.h"
#include "trade/alert_rules.h"
#include "trade/checks.h"
#include "trade/incidents.h"
#include "trade/inbox.h"

static void raise(struct world *w, const char *key, const char *kind, const char *severity, int64_t account)
{
	struct alert a = { .key = key, .kind = kind, .severity = severity, .account = account, .text = key };

	OKAY(w, alert_raise(w->s, &a, w->why.now_ms, &w->err));
}

static void end(struct world *w, const char *key)
{
	OKAY(w, alert_close(w->s, key, w->why.now_ms, &w->err));
}

static struct incident *open_ones(struct world *w, int *n)
{
	struct incident *in;

	OKAY(w, incidents_page(w->s, false, w->why.now_ms, 100, w->a, &in, n, &w->err));
	return in;
}

static enum fault decide(struct world *w, const char *words)
{
	struct fields payload;
	const char *result;
	int done = 0;
	char *text = arena_strdup(w->a, words);

	for (char *p = text; *p; p++)
		*p = *p == '|' ? '\n' : *p;
	OKAY(w, fields_unpack(w->a, text, &payload, &w->err));
	return incident_carry(w->s, &payload, &w->why, w->a, &result, &done, &w->err);
}

/* ---- folding ---- */

static void what_follows_from_a_locked_account_is_part_of_it(void **state)
{
	struct world w = world_new();
	struct incident *in;
	int n;

	(void)state;
	raise(&w, "retry walmart-us orders", "sync", "WARN", w.walmart); /* noticed a moment before its cause */
	raise(&w, "auth walmart-us", "auth", "CRIT", w.walmart);
	raise(&w, "blind walmart-us", "sync", "WARN", w.walmart);
	raise(&w, "blind amazon-us", "sync", "WARN", w.amazon);
	in = open_ones(&w, &n);
	assert_int_equal(n, 2);
	assert_string_equal(in[0].kind, "auth");
	assert_int_equal(in[0].alerts, 3);
	assert_int_equal(in[0].open, 3);
	assert_string_equal(in[1].account_name, "amazon-us");
	assert_string_equal(in[0].severity, "CRIT");
	end(&w, "auth walmart-us");
	assert_int_equal(world_int(&w, "SELECT count(*) FROM incident WHERE kind = 'auth' AND severity = 'WARN'"), 1); /* as bad as what is left of it */
	assert_int_equal(world_int(&w, "SELECT count(*) FROM counter WHERE name LIKE 'incidents%CRIT' AND value <> 0"), 0);
	end(&w, "blind walmart-us");
	in = open_ones(&w, &n);
	assert_int_equal(in[0].id != in[1].id, 1);
	assert_int_equal(world_int(&w, "SELECT over_ms FROM incident WHERE kind = 'auth'"), 0); /* one is still open */
	end(&w, "retry walmart-us orders");
	assert_int_equal(world_int(&w, "SELECT over_ms FROM incident WHERE kind = 'auth'"), T0);
	assert_int_equal(world_int(&w, "SELECT closed_ms FROM incident WHERE kind = 'auth'"), 0); /* that is a person's */
	raise(&w, "blind walmart-us", "sync", "WARN", w.walmart);
	open_ones(&w, &n);
	assert_int_equal(n, 3); /* after it was over, something new is something new */
	world_free(&w);
}

/* Who is woken at night reads one line of it. */
static void it_is_called_by_what_explains_it_best_now(void **state)
{
	static const struct {
		const char *why, *key, *kind, *severity, *text;
		bool ends;
		const char *want;
	} steps[] = {
		{ "by what it began with", "orders late", "late", "WARN", "2 orders late", false, "2 orders late" },
		{ "as that stands now", "orders late", "late", "WARN", "7 orders late", false, "7 orders late" },
		{ "its cause, once that is known", "breaker", "breaker", "CRIT", "no answer", false, "no answer" },
		{ "what follows from it does not take its place", "blind", "sync", "CRIT", "orders not known", false, "no answer" },
		{ "a wider cause does", "outage", "outage", "CRIT", "platform is out", false, "platform is out" },
		{ "and what is about to happen because of it", "lapse", "lapse", "CRIT", "zero in 5 minutes", false, "zero in 5 minutes" },
		{ "what has ended does not", "lapse", "lapse", "CRIT", "", true, "platform is out" },
	};
	struct world w = world_new();
	struct incident *in;
	int n;

	(void)state;
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		struct alert a = { .key = steps[i].key, .kind = steps[i].kind, .severity = steps[i].severity, .account = w.walmart, .text = steps[i].text,
			           .next = arena_printf(w.a, "next: %s", steps[i].want) };

		if (steps[i].ends)
			end(&w, steps[i].key);
		else
			OKAY(&w, alert_raise(w.s, &a, w.why.now_ms, &w.err));
		in = open_ones(&w, &n);
		if (n != 1 || strcmp(in[0].text, steps[i].want) || strcmp(in[0].next, arena_printf(w.a, "next: %s", steps[i].want)))
			fail_msg("%s: %d, \"%s\", %s", steps[i].why, n, in[0].text, in[0].next);
	}
	world_free(&w);
}

static void all_of_a_kind_are_one(void **state)
{
	struct world w = world_new();
	struct incident *in;
	char key[20];
	int n;

	(void)state;
	for (int i = 0; i < 9; i++) {
		snprintf(key, sizeof key, "oversold %d", i);
		raise(&w, key, "oversold", "WARN", 0);
	}
	in = open_ones(&w, &n);
	assert_int_equal(n, 1);
	assert_int_equal(in->alerts, 9);
	assert_string_equal(in->severity, "CRIT"); /* the table's word, not the raiser's */
	assert_string_equal(in->owner, "operations");
	assert_int_equal(world_int(&w, "SELECT value FROM counter WHERE name = 'alerts.CRIT'"), 9);
	world_free(&w);
}

static void what_ends_by_itself_is_closed_by_itself(void **state)
{
	struct world w = world_new();
	int n;

	(void)state;
	raise(&w, "stale main", "stale", "WARN", 0);
	end(&w, "stale main");
	open_ones(&w, &n);
	assert_int_equal(n, 0);
	assert_string_equal(world_text(&w, "SELECT closed_by || ': ' || cause FROM incident"), "rule:stale: it ended by itself");
	raise(&w, "stale main", "stale", "WARN", 0);
	assert_int_equal(world_int(&w, "SELECT count(*) FROM incident"), 2);
	world_free(&w);
}

/* ---- when it is told, when it ends ---- */

static void a_debounced_kind_is_told_when_it_has_lasted(void **state)
{
	struct world w = world_new();

	(void)state;
	raise(&w, "slow 1 single", "slow", "WARN", w.walmart);
	assert_int_equal(world_int(&w, "SELECT count(*) FROM alert"), 0);
	w.why.now_ms += MINUTE;
	raise(&w, "slow 1 single", "slow", "WARN", w.walmart);
	OKAY(&w, alerts_watch(w.s, w.why.now_ms, &w.err));
	assert_int_equal(world_int(&w, "SELECT count(*) FROM alert"), 0);
	w.why.now_ms += MINUTE;
	OKAY(&w, alerts_watch(w.s, w.why.now_ms, &w.err));
	assert_int_equal(world_int(&w, "SELECT count(*) FROM alert WHERE closed_ms = 0"), 1);
	assert_int_equal(world_int(&w, "SELECT count(*) FROM alert_early"), 0);
	end(&w, "slow 1 single");
	raise(&w, "slow 1 single", "slow", "WARN", w.walmart);
	end(&w, "slow 1 single"); /* it flapped */
	w.why.now_ms += HOUR;
	OKAY(&w, alerts_watch(w.s, w.why.now_ms, &w.err));
	assert_int_equal(world_int(&w, "SELECT count(*) FROM alert WHERE closed_ms = 0"), 0);
	world_free(&w);
}

static void what_is_not_seen_again_ends_after_its_time(void **state)
{
	struct world w = world_new();

	(void)state;
	raise(&w, "moved 1", "moved_back", "WARN", w.walmart);
	w.why.now_ms += 23 * HOUR;
	OKAY(&w, alerts_watch(w.s, w.why.now_ms, &w.err));
	assert_int_equal(world_int(&w, "SELECT count(*) FROM alert WHERE closed_ms = 0"), 1);
	w.why.now_ms += HOUR;
	OKAY(&w, alerts_watch(w.s, w.why.now_ms, &w.err));
	assert_int_equal(world_int(&w, "SELECT count(*) FROM alert WHERE closed_ms = 0"), 0);
	assert_int_equal(world_int(&w, "SELECT count(*) FROM incident WHERE closed_ms = 0"), 0);
	world_free(&w);
}

/* ---- the order people work in ---- */

static const char *order_of(struct world *w, bool by_money)
{
	struct incident *in;
	int n;
	struct buf b = buf_new(w->a);

	OKAY(w, incidents_sorted(w->s, by_money, false, w->why.now_ms, 10, w->a, &in, &n, &w->err));
	buf_puts(&b, "");
	for (int i = 0; i < n; i++)
		buf_printf(&b, "%s%s", i ? " " : "", in[i].kind);
	return b.p;
}

/* Worst first, of those the most money at risk, of those the newest; or money before all. One that is over comes behind whatever it had at risk. */
static void worst_first_and_then_the_most_money(void **state)
{
	struct world w = world_new();

	(void)state;
	raise(&w, "stale main", "stale", "WARN", 0);
	raise(&w, "auth walmart-us", "auth", "CRIT", w.walmart);
	raise(&w, "oversold A", "oversold", "CRIT", 0);
	raise(&w, "breaker amazon-us orders", "breaker", "CRIT", w.amazon);
	assert_string_equal(order_of(&w, false), "breaker oversold auth stale");
	OKAY(&w, store_exec(w.s, &w.err, "UPDATE incident SET risk_minor = CASE kind WHEN 'auth' THEN 500 WHEN 'oversold' THEN 200 WHEN 'stale' THEN 900 ELSE 0 END"));
	assert_string_equal(order_of(&w, false), "auth oversold breaker stale");
	assert_string_equal(order_of(&w, true), "stale auth oversold breaker");
	end(&w, "auth walmart-us");
	assert_string_equal(order_of(&w, true), "stale oversold breaker auth");
	world_free(&w);
}

/* What it puts at risk is reckoned each minute while it is open, four of them at a time, those that waited longest first. */
static void what_is_at_risk_is_reckoned_each_minute(void **state)
{
	struct world w = world_new();

	(void)state;
	OKAY(&w, store_exec(w.s, &w.err, "INSERT INTO item (id, sku, available, made_ms) VALUES (1, 'A', -3, 1)"));
	raise(&w, "oversold A", "oversold", "CRIT", 0);
	for (int i = 0; i < 5; i++)
		raise(&w, arena_printf(w.a, "stale %d", i), "stale", "WARN", 0);
	OKAY(&w, alerts_watch(w.s, T0 + MINUTE, &w.err));
	assert_int_equal(world_int(&w, "SELECT risk_units FROM incident WHERE kind = 'oversold'"), 3);
	assert_int_equal(world_int(&w, "SELECT count(*) FROM incident WHERE risk_ms > 0"), 4);
	OKAY(&w, alerts_watch(w.s, T0 + 2 * MINUTE, &w.err));
	assert_int_equal(world_int(&w, "SELECT count(*) FROM incident WHERE risk_ms = 0"), 0);
	OKAY(&w, store_exec(w.s, &w.err, "UPDATE item SET available = -7"));
	OKAY(&w, alerts_watch(w.s, T0 + 3 * MINUTE, &w.err));
	OKAY(&w, alerts_watch(w.s, T0 + 4 * MINUTE, &w.err));
	assert_int_equal(world_int(&w, "SELECT risk_units FROM incident WHERE kind = 'oversold'"), 7);
	world_free(&w);
}

/* How often it is seen is kept by the minute, of all that is folded into it, and for a day. */
static void how_often_it_is_seen(void **state)
{
	struct world w = world_new();
	int64_t rate[RATE_PARTS];

	(void)state;
	w.why.now_ms = T0 / HOUR * HOUR;
	raise(&w, "auth walmart-us", "auth", "CRIT", w.walmart);
	for (int i = 0; i < 3; i++)
		raise(&w, "blind walmart-us", "sync", "WARN", w.walmart);
	w.why.now_ms += 7 * MINUTE;
	raise(&w, "auth walmart-us", "auth", "CRIT", w.walmart);
	OKAY(&w, incident_rate(w.s, 1, w.why.now_ms, rate, &w.err));
	assert_int_equal(rate[RATE_PARTS - 1], 1);
	assert_int_equal(rate[RATE_PARTS - 2], 4);
	assert_int_equal(rate[RATE_PARTS - 3], 0);
	OKAY(&w, alerts_watch(w.s, T0 / HOUR * HOUR + 26 * HOUR, &w.err));
	assert_int_equal(world_int(&w, "SELECT count(*) FROM alert_minute"), 0);
	world_free(&w);
}

/* ---- acknowledged is not closed ---- */

struct refusal {
	const char *why, *words, *says;
};

static const struct refusal refusals[] = {
	{ "closed without a cause", "action=close|incident=1", "what the cause was" },
	{ "closed with spaces for a cause", "action=close|incident=1|cause=   ", "what the cause was" },
	{ "muted for a day", "action=mute|incident=1|minutes=1440|why=x", "1 to 240 minutes" },
	{ "muted without a reason", "action=mute|incident=1|minutes=60", "say why" },
	{ "a step that the card does not have", "action=step|incident=1|step=9", "steps 1 to 5" },
	{ "a step that a person must answer, without an answer", "action=step|incident=1|step=3", "wants what you found" },
	{ "an incident that there is not", "action=ack|incident=77", "no incident I-77" },
	{ "a word that is no action", "action=drop|incident=1", "an incident is acknowledged" },
};

static void an_incident_is_closed_by_a_person_with_a_cause(void **state)
{
	struct world w = world_new();
	struct incident *in;
	int n;

	(void)state;
	w.why.actor = "uid:1000 jo";
	raise(&w, "auth walmart-us", "auth", "CRIT", w.walmart);
	for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++)
		if (decide(&w, refusals[i].words) != FAULT_REFUSED || !strstr(w.err.text, refusals[i].says))
			fail_msg("%s: %s", refusals[i].why, w.err.text);
	OKAY(&w, decide(&w, "action=ack|incident=1"));
	in = open_ones(&w, &n);
	assert_int_equal(n, 1);
	assert_string_equal(in->acked_by, "uid:1000 jo");
	assert_int_equal(world_int(&w, "SELECT acked_ms FROM alert"), T0);
	w.why.now_ms += MINUTE;
	w.why.actor = "uid:1001 ann";
	OKAY(&w, decide(&w, "action=ack|incident=1")); /* who looked first stays, and when */
	assert_int_equal(world_int(&w, "SELECT acked_ms FROM incident WHERE acked_by = 'uid:1000 jo'"), T0);
	w.why.now_ms -= MINUTE;
	w.why.actor = "uid:1000 jo";
	OKAY(&w, decide(&w, "action=close|incident=1|cause=secret had expired, rotated"));
	open_ones(&w, &n);
	assert_int_equal(n, 0);
	assert_int_equal(world_int(&w, "SELECT count(*) FROM alert WHERE closed_ms = 0"), 0);
	assert_int_equal(decide(&w, "action=ack|incident=1"), FAULT_REFUSED);
	w.why.now_ms += MINUTE;
	raise(&w, "auth walmart-us", "auth", "CRIT", w.walmart); /* it was not mended after all */
	in = open_ones(&w, &n);
	assert_int_equal(n, 1);
	assert_int_equal(in->id, 2);
	{
		const char *like;

		OKAY(&w, incident_like(w.s, in, w.a, &like, &w.err));
		assert_string_equal(like, "I-1, closed after 0 min: secret had expired, rotated");
	}
	world_free(&w);
}

/* ---- what hooks are to say ---- */

static void hooks_are_told_each_thing_once(void **state)
{
	struct world w = world_new();
	struct notice *t;
	int n;

	(void)state;
	OKAY(&w, meta_put(w.s, "hooks", "program webhook", &w.err));
	raise(&w, "stale main", "stale", "WARN", 0);                /* a kind that is not told */
	raise(&w, "auth walmart-us", "auth", "CRIT", w.walmart);
	raise(&w, "auth walmart-us", "auth", "CRIT", w.walmart);    /* seen again */
	raise(&w, "blind walmart-us", "sync", "WARN", w.walmart);   /* a child */
	OKAY(&w, notices_due(w.s, T0, 10, w.a, &t, &n, &w.err));
	assert_int_equal(n, 2);
	assert_string_equal(t[0].hook, "program");
	assert_string_equal(t[1].hook, "webhook");
	assert_string_equal(t[0].event, "opened");
	assert_string_equal(fields_get(&t[0].text, "id", ""), "I-2");
	OKAY(&w, notice_sent(w.s, t[0].id, "ok", T0, &w.err));
	OKAY(&w, notice_again(w.s, t[1].id, T0 + MINUTE, "they answered 500", &w.err));
	OKAY(&w, notices_due(w.s, T0, 10, w.a, &t, &n, &w.err));
	assert_int_equal(n, 0);
	OKAY(&w, notices_due(w.s, T0 + MINUTE, 10, w.a, &t, &n, &w.err));
	assert_int_equal(n, 1);
	assert_int_equal(t->tries, 1);
	raise(&w, "auth amazon", "auth", "CRIT", 0);
	OKAY(&w, notices_due(w.s, T0 + 2 * MINUTE, 10, w.a, &t, &n, &w.err));
	assert_int_equal(n, 3);
	assert_string_equal(t[0].hook, "program"); /* one that took nothing the last time does not hold up the others */
	assert_string_equal(t[1].hook, "webhook");
	world_refuses(&w, "DELETE FROM notice", "never dropped");
	world_free(&w);
}

/* An alarm in the night is told until somebody says that he looks. */
static void what_nobody_looks_at_is_told_again(void **state)
{
	static const struct {
		int minute;
		const char *events; /* so far */
	} then[] = {
		{ 14, "opened" }, { 15, "opened again" }, { 29, "opened again" }, { 30, "opened again unheard" }, { 31, "opened again unheard" },
		{ 45, "opened again unheard unheard" },
	};
	struct world w = world_new();

	(void)state;
	OKAY(&w, meta_put(w.s, "hooks", "program", &w.err));
	raise(&w, "auth walmart-us", "auth", "CRIT", w.walmart);
	raise(&w, "stale main", "stale", "WARN", 0);
	for (size_t i = 0; i < sizeof then / sizeof *then; i++) {
		OKAY(&w, incidents_repeat(w.s, T0 + then[i].minute * MINUTE, &w.err));
		if (strcmp(world_text(&w, "SELECT group_concat(event, ' ') FROM (SELECT event FROM notice ORDER BY id)"), then[i].events))
			fail_msg("minute %d: %s", then[i].minute, world_text(&w, "SELECT group_concat(event, ' ') FROM notice"));
	}
	OKAY(&w, decide(&w, "action=ack|incident=1"));
	OKAY(&w, incidents_repeat(w.s, T0 + 2 * HOUR, &w.err));
	assert_string_equal(world_text(&w, "SELECT group_concat(event, ' ') FROM (SELECT event FROM notice ORDER BY id)"), "opened again unheard unheard acked");
	world_free(&w);
}

/* Its text is of today; the story has the words of then, for somebody who asks in the morning when what was said. */
static void the_story_has_the_words_of_then(void **state)
{
	static const struct {
		const char *severity, *text;
	} told[] = {
		{ "WARN", "zero in five minutes" }, { "WARN", "zero in four minutes" }, { "CRIT", "its offers go to zero" }, { "WARN", "it comes back" },
	};
	static const char *const story[] = { "opened WARN zero in five minutes", "turned CRIT its offers go to zero", "turned WARN it comes back" };
	struct world w = world_new();
	struct event *e;
	int n;

	(void)state;
	for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
		struct alert a = { .key = "lapse", .kind = "lapse", .severity = told[i].severity, .account = w.walmart, .text = told[i].text };

		w.why.now_ms += MINUTE;
		OKAY(&w, alert_raise(w.s, &a, w.why.now_ms, &w.err));
	}
	OKAY(&w, incident_story(w.s, world_int(&w, "SELECT id FROM incident"), w.a, &e, &n, &w.err));
	assert_int_equal(n, 3);
	for (int i = 0; i < n; i++)
		assert_string_equal(arena_printf(w.a, "%s %s", e[i].what, e[i].detail), story[i]);
	assert_int_equal(e[1].at_ms, T0 + 3 * MINUTE);
	world_free(&w);
}

static void what_is_muted_is_shown_and_not_told(void **state)
{
	struct world w = world_new();
	struct incident *in;
	int n;

	(void)state;
	OKAY(&w, meta_put(w.s, "hooks", "program", &w.err));
	raise(&w, "breaker walmart-us orders", "breaker", "CRIT", w.walmart);
	assert_int_equal(world_int(&w, "SELECT count(*) FROM notice"), 1);
	OKAY(&w, decide(&w, "action=mute|incident=1|minutes=60|why=they told us of it"));
	end(&w, "breaker walmart-us orders");
	w.why.now_ms += MINUTE;
	raise(&w, "breaker walmart-us orders", "breaker", "CRIT", w.walmart);
	in = open_ones(&w, &n);
	assert_int_equal(n, 1);
	assert_int_equal(in->muted_ms, T0 + HOUR);
	assert_int_equal(world_int(&w, "SELECT count(*) FROM notice"), 1);
	raise(&w, "breaker amazon-us orders", "breaker", "CRIT", w.amazon); /* another account is another thing */
	assert_int_equal(world_int(&w, "SELECT count(*) FROM notice"), 2);
	end(&w, "breaker walmart-us orders");
	w.why.now_ms = T0 + HOUR; /* it ran out */
	raise(&w, "breaker walmart-us orders", "breaker", "CRIT", w.walmart);
	assert_int_equal(world_int(&w, "SELECT count(*) FROM notice"), 3);
	world_free(&w);
}

/* ---- cards ---- */

static void every_kind_and_every_fault_has_a_card_whose_checks_exist(void **state)
{
	struct world w = world_new();
	struct alert_rule *rule;
	struct card_step *step;
	struct finding found;
	int n = alert_rules(w.a, &rule), steps;

	(void)state;
	for (int i = 0; i < n; i++) {
		steps = card_steps(w.a, rule[i].card, &step);
		if (!steps || steps > 5)
			fail_msg("%s: card %s has %d steps, not 1 to 5", rule[i].kind, rule[i].card, steps);
		for (int k = 0; k < steps; k++)
			if (strcmp(step[k].does, "note"))
				OKAY(&w, check_make(w.s, step[k].does, &(struct check_about){ w.walmart, rule[i].kind, "SKU-1" }, T0, w.a, &found, &w.err));
	}
	assert_int_equal(check_make(w.s, "no_such", &(struct check_about){ 0 }, T0, w.a, &found, &w.err), FAULT_REFUSED);
	world_free(&w);
}

static void a_step_leaves_what_was_seen(void **state)
{
	struct world w = world_new();
	struct incident_step *step;
	struct incident in;
	int n;

	(void)state;
	raise(&w, "auth walmart-us", "auth", "CRIT", w.walmart);
	OKAY(&w, store_exec(w.s, &w.err, "UPDATE account SET ok_ms = 1700000000000 - 600000 WHERE id = 1"));
	OKAY(&w, decide(&w, "action=step|incident=1|step=2"));
	OKAY(&w, decide(&w, "action=step|incident=1|step=3|note=expired yesterday"));
	OKAY(&w, incident_get(w.s, 1, T0, w.a, &in, &w.err));
	OKAY(&w, incident_steps(w.s, &in, w.a, &step, &n, &w.err));
	assert_int_equal(n, 5);
	assert_int_equal(step[0].at_ms, 0);
	assert_false(step[1].good);
	assert_string_equal(step[1].result, "last understood answer 10m00s ago");
	assert_true(step[2].good);
	assert_string_equal(step[2].result, "expired yesterday");
	world_free(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_follows_from_a_locked_account_is_part_of_it),
		cmocka_unit_test(it_is_called_by_what_explains_it_best_now),
		cmocka_unit_test(all_of_a_kind_are_one),
		cmocka_unit_test(what_ends_by_itself_is_closed_by_itself),
		cmocka_unit_test(a_debounced_kind_is_told_when_it_has_lasted),
		cmocka_unit_test(what_is_not_seen_again_ends_after_its_time),
		cmocka_unit_test(worst_first_and_then_the_most_money),
		cmocka_unit_test(what_is_at_risk_is_reckoned_each_minute),
		cmocka_unit_test(how_often_it_is_seen),
		cmocka_unit_test(an_incident_is_closed_by_a_person_with_a_cause),
		cmocka_unit_test(hooks_are_told_each_thing_once),
		cmocka_unit_test(what_nobody_looks_at_is_told_again),
		cmocka_unit_test(the_story_has_the_words_of_then),
		cmocka_unit_test(what_is_muted_is_shown_and_not_told),
		cmocka_unit_test(every_kind_and_every_fault_has_a_card_whose_checks_exist),
		cmocka_unit_test(a_step_leaves_what_was_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
