/* handover_tell.c: what there is to hand over, part by part. The interface is in handover.h. */
#include "trade/handover.h"

#include "base/clock.h"
#include "store/store.h"
#include "trade/audit.h"
#include "trade/health.h"
#include "trade/incidents.h"
#include "trade/lapse.h"
#include "trade/logins.h"
#include "trade/secrets.h"
#include "trade/tasks.h"
#include "trade/views.h"
#include "trade/zero.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { INCIDENTS = 12, LATCHES = 12, DEEDS = 10000, CHANGES = 15, WHO = 24, NOTES = 100, LAST = 4, SOON_DAYS = 30, UNOWNED_MS = 3600000 };

#define WEEK_MS INT64_C(604800000)

struct teller {
	struct store *s;
	struct arena *a;
	struct handover *h;
	struct err *err;
};

/* Where a line leads. */
struct to {
	const char *pane, *subject;
};

static const struct to nowhere = { "", "" };

static void say(struct teller *t, enum hand_part part, const char *level, int64_t at_ms, struct to to, const char *fmt, ...) __attribute__((format(printf, 6, 7)));

static void say(struct teller *t, enum hand_part part, const char *level, int64_t at_ms, struct to to, const char *fmt, ...)
{
	char text[400];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	t->h->line = arena_grow(t->a, t->h->line, t->h->n, &t->h->cap, sizeof *t->h->line);
	t->h->line[t->h->n++] = (struct hand_line){ part, level, at_ms, arena_strdup(t->a, text), to.pane, to.subject };
}

static struct to to_id(struct teller *t, const char *pane, int64_t id)
{
	return (struct to){ pane, arena_printf(t->a, "%" PRId64, id) };
}

/* "s", or nothing for one. */
static const char *plural(int64_t n)
{
	return n == 1 ? "" : "s";
}

/* Of a table's rows only the first were said: how many more of them there are, and where they stand. What is asked takes one value. */
static enum fault tell_rest(struct teller *t, enum hand_part part, const char *level, struct to to, const char *where, const char *sql, int64_t value, int said)
{
	int64_t all = 0;
	enum fault f = GET_INT(t->s, t->err, 0, &all, sql, V(value));

	if (!f && all > said)
		say(t, part, level, 0, to, "and %" PRId64 " more: %s", all - said, where);
	return f;
}

/* ---- what is so ---- */

static enum fault tell_verdict(struct teller *t)
{
	static const char *const level[VERDICTS] = { "ok", "WARN", "CRIT", "WARN" };
	struct health h = health_new(t->a);
	enum fault f = health_read(t->s, true, t->h->to_ms, &h, t->err);

	t->h->verdict = verdict_name(h.verdict);
	if (!f)
		say(t, HAND_VERDICT, level[h.verdict], 0, (struct to){ "health", "" }, "%s", health_text(&h));
	return f;
}

static enum fault tell_orders(struct teller *t)
{
	const int64_t now = t->h->to_ms;
	struct overview o;
	char age[16];
	enum fault f = overview_read(t->s, now, t->a, &o, t->err);

	if (f)
		return f;
	time_age(now - o.oldest_late_ms, age);
	if (o.late)
		say(t, HAND_NOW, "CRIT", 0, (struct to){ "orders", "" }, "%" PRId64 " order%s late, the longest by %s: %s %s", o.late, plural(o.late), age, o.oldest_late, o.oldest_late_ref);
	if (o.oversold && *o.awaits)
		say(t, HAND_WATCH, "WARN", 0, (struct to){ "drift", "" }, "%" PRId64 " SKU%s below zero, and %s was not heard yet: what it keeps may be missing", o.oversold, plural(o.oversold), o.awaits);
	else if (o.oversold)
		say(t, HAND_NOW, "CRIT", 0, (struct to){ "drift", "" }, "%" PRId64 " SKU%s sold beyond the stock, worst %s at %" PRId64, o.oversold, plural(o.oversold), o.worst_sku, o.worst_available);
	if (o.due)
		say(t, HAND_WATCH, "WARN", o.next_due_ms, (struct to){ "orders", "" }, "%" PRId64 " order%s due, the next on %s", o.due, plural(o.due), o.next_due);
	return OK;
}

static void tell_incident(struct teller *t, const struct incident *in)
{
	bool now = !strcmp(in->severity, "CRIT"), named = !*in->account_name || !strncmp(in->text, in->account_name, strlen(in->account_name));
	const char *whose = in->acked_ms ? arena_printf(t->a, "seen by %s", login_name(in->acked_by, t->a)) : *in->owner ? arena_printf(t->a, "for %s", in->owner) : "nobody looks";

	say(t, now ? HAND_NOW : HAND_WATCH, in->severity, in->opened_ms, (struct to){ "incident", arena_printf(t->a, "incident:%" PRId64, in->id) }, "I-%" PRId64 " %s%s%s%s%s; %s%s", in->id,
	    named ? "" : in->account_name, named ? "" : " ", in->text, now && *in->next ? "; next: " : "", now ? in->next : "", whose, in->over_ms ? "; over, not closed" : "");
}

/* Critical ones need somebody now, with what to do next; the others may. */
static enum fault tell_incidents(struct teller *t)
{
	static const char crit[] = "SELECT count(*) FROM incident WHERE closed_ms = ? AND severity = 'CRIT'";
	static const char less[] = "SELECT count(*) FROM incident WHERE closed_ms = ? AND severity <> 'CRIT'";
	const struct to to = { "alerts", "" };
	struct incident *in;
	int n, now = 0;
	enum fault f = incidents_page(t->s, false, t->h->to_ms, INCIDENTS, t->a, &in, &n, t->err);

	for (int i = 0; i < n && !f; i++) {
		tell_incident(t, &in[i]);
		now += !strcmp(in[i].severity, "CRIT");
	}
	if (!f)
		f = tell_rest(t, HAND_NOW, "CRIT", to, "7 Alerts", crit, 0, now);
	return f ? f : tell_rest(t, HAND_WATCH, "WARN", to, "7 Alerts", less, 0, n - now);
}

/* A failure that is nobody's for an hour, by the queue it stands in: each has somebody who answers for it. */
static enum fault tell_unowned(struct teller *t)
{
	static const char inbox[] = "SELECT count(*) FROM inbox WHERE state IN ('parked', 'retried') AND owner = '' AND first_ms < ?";
	static const char jobs[] = "SELECT count(*) FROM job WHERE state = 'failed' AND owner = '' AND state_ms < ?";
	static const char stale[] = "SELECT count(*) FROM place WHERE stale = 1 AND active = 1";
	static const char access[] = "SELECT count(*) FROM account WHERE enabled = 1 AND state = ?";
	int64_t parked = 0, failed = 0, places = 0, auth = 0, before = t->h->to_ms - UNOWNED_MS;

	if (GET_INT(t->s, t->err, 0, &parked, inbox, V(before)) || GET_INT(t->s, t->err, 0, &failed, jobs, V(before)) ||
	    store_get_int(t->s, t->err, 0, &places, stale, NULL, 0) || GET_INT(t->s, t->err, 0, &auth, access, V("auth")))
		return t->err->fault;
	if (parked + failed)
		say(t, HAND_NOW, "WARN", 0, (struct to){ "failed", "" }, "%" PRId64 " failure%s nobody's for an hour: %s", parked + failed, plural(parked + failed),
		    alert_rule_of(t->a, "unknown_word").owner);
	if (places)
		say(t, HAND_WATCH, "WARN", 0, (struct to){ "conflicts", "" }, "%" PRId64 " place%s not heard, left out of every sum: %s", places, plural(places), alert_rule_of(t->a, "stale").owner);
	if (auth)
		say(t, HAND_NOW, "CRIT", 0, (struct to){ "engine", "" }, "%" PRId64 " account%s not known to the platform: %s", auth, plural(auth), alert_rule_of(t->a, "auth").owner);
	return OK;
}

static enum fault tell_proposals(struct teller *t)
{
	static const char sql[] = "SELECT id, actor, kind, made_ms FROM intent WHERE state = 'proposed' ORDER BY made_ms";
	struct rows *r = store_ask(t->s, sql, NULL, 0);

	while (rows_next(r))
		say(t, HAND_NOW, "WARN", rows_int(r, 3), nowhere, "%s wants somebody to agree to a %s: tallyman approve %" PRId64, login_name(rows_text(r, 1), t->a), rows_text(r, 2),
		    rows_int(r, 0));
	return rows_end(r, t->err);
}

static enum fault tell_secrets(struct teller *t)
{
	struct secret *row;
	int n;
	enum fault f = secrets_all(t->s, t->a, &row, &n, t->err);

	for (int i = 0; i < n && !f; i++) {
		int64_t left = secret_days_left(&row[i], t->h->to_ms);

		if (row[i].expires_ms && left <= SOON_DAYS)
			say(t, HAND_WATCH, left < 1 ? "CRIT" : "WARN", row[i].expires_ms, (struct to){ "health", "" }, "%s: its %s ends in %" PRId64 " day%s%s", row[i].account_name, row[i].key, left,
			    plural(left), secret_assumed(&row[i]));
	}
	return f;
}

/* ---- latches ---- */

static enum fault tell_zeros(struct teller *t)
{
	static const char all[] = "SELECT count(*) FROM zero_out WHERE lifted_ms = ?";
	struct zero *z;
	int n;
	enum fault f = zeros_held(t->s, LATCHES, t->a, &z, &n, t->err);

	for (int i = 0; i < n && !f; i++) {
		int64_t until = z[i].until_ms ? z[i].until_ms : z[i].remind_ms;
		char iso[32] = "";

		if (until)
			time_iso_s(until, iso);
		iso[until ? strlen("2026-11-20T07:58") : 0] = '\0';
		say(t, HAND_HELD, z[i].pending ? "CRIT" : "WARN", z[i].made_ms, to_id(t, "zero", z[i].id), "Z-%" PRId64 " %s at zero, %" PRId64 " offer%s: %s, by %s%s%s%s", z[i].id, z[i].scope, z[i].offers,
		    plural(z[i].offers), z[i].reason, login_name(z[i].actor, t->a), until ? z[i].until_ms ? ", until " : ", reminds " : ", until it is lifted", iso, until ? "Z" : "");
	}
	return f ? f : tell_rest(t, HAND_HELD, "WARN", (struct to){ "zeros", "" }, "6 Zero-out", all, 0, n);
}

static enum fault tell_lapses(struct teller *t)
{
	static const char all[] = "SELECT count(*) FROM lapse WHERE ended_ms = ?";
	struct lapse *l;
	int n;
	enum fault f = lapses_page(t->s, 0, false, LATCHES, t->a, &l, &n, t->err);

	for (int i = 0; i < n && !f; i++) {
		if (l[i].held_ms > t->h->to_ms)
			say(t, HAND_HELD, "WARN", l[i].held_ms, to_id(t, "channel", l[i].account), "%s: its zero is held off by %s", l[i].account_name, login_name(l[i].held_by, t->a));
		say(t, HAND_NOW, l[i].state == LAPSE_FAILING ? "WARN" : "CRIT", l[i].since_ms, to_id(t, "channel", l[i].account), "%s out of step (%s): %s", l[i].account_name,
		    lapse_cause_name(l[i].cause), lapse_state_name(l[i].state));
	}
	return f ? f : tell_rest(t, HAND_NOW, "CRIT", (struct to){ "zeros", "" }, "6 Zero-out", all, 0, n);
}

static enum fault tell_overrides(struct teller *t)
{
	static const char sql[] = "SELECT scope, name, account, key, value, actor, made_ms FROM policy_override WHERE ended_ms = 0 ORDER BY id LIMIT ?";
	static const char all[] = "SELECT count(*) FROM policy_override WHERE ended_ms = ?";
	struct rows *r = ASK(t->s, sql, V(LATCHES));
	int n = 0;

	for (; rows_next(r); n++)
		say(t, HAND_HELD, "info", rows_int(r, 6), nowhere, "%s:%s%s%s %s = %s, set by %s", rows_text(r, 0), rows_text(r, 1), *rows_text(r, 2) ? " on " : "", rows_text(r, 2), rows_text(r, 3),
		    rows_text(r, 4), login_name(rows_text(r, 5), t->a));
	return rows_end(r, t->err) ? FAULT_STORE : tell_rest(t, HAND_HELD, "info", nowhere, "tallyman policy", all, 0, n);
}

static enum fault tell_mutes(struct teller *t)
{
	static const char sql[] = "SELECT m.kind, coalesce(c.name, ''), m.until_ms, m.why, m.actor FROM alert_mute m LEFT JOIN account c ON c.id = m.account_id WHERE m.until_ms > ? ORDER BY m.until_ms LIMIT ?";
	static const char all[] = "SELECT count(*) FROM alert_mute WHERE until_ms > ?";
	struct rows *r = ASK(t->s, sql, V(t->h->to_ms), V(LATCHES));
	int n = 0;

	for (; rows_next(r); n++)
		say(t, HAND_HELD, "info", rows_int(r, 2), (struct to){ "alerts", "" }, "alerts of %s%s%s are muted until then by %s: %s", rows_text(r, 0), *rows_text(r, 1) ? " on " : "", rows_text(r, 1),
		    login_name(rows_text(r, 4), t->a), rows_text(r, 3));
	return rows_end(r, t->err) ? FAULT_STORE : tell_rest(t, HAND_HELD, "info", (struct to){ "alerts", "" }, "7 Alerts", all, t->h->to_ms, n);
}

/* ---- what people did, by the audit ---- */

static bool among(const char *word, const char *const *list)
{
	while (*list && strcmp(*list, word))
		list++;
	return *list != NULL;
}

static bool is_change(const char *action)
{
	static const char *const list[] = { "policy", "live",  "shadow", "map",    "kit",         "place",       "event",   "secret", "secret-retired", "secret-change", "attest",
		                            "attest-end", "reload", "unlock", "vault", "vault-changed", "vault-older", "secret-unagreed", "hold", "hold-end", "release", "redact", "stop", "backup", "anchor-missing", NULL };

	return among(action, list);
}

static bool is_passed_over(const char *action)
{
	static const char *const list[] = { "login", "logout", "arm", "disarm", "note", "handover", "handover-signed", "handover-taken", "said", NULL };

	return among(action, list);
}

/* One line for each who did something: "jo: zero 3, ship 12". */
struct doer {
	const char *who;
	struct {
		const char *action;
		int n;
	} deed[WHO];
	int deeds;
};

static void count_deed(struct doer *d, const char *action)
{
	int i = 0;

	while (i < d->deeds && strcmp(d->deed[i].action, action))
		i++;
	if (i == WHO)
		return;
	if (i == d->deeds)
		d->deed[d->deeds++].action = action;
	d->deed[i].n++;
}

static struct doer *doer_of(struct doer *d, int *n, const char *who)
{
	int i = 0;

	while (i < *n && strcmp(d[i].who, who))
		i++;
	if (i == *n && *n < WHO)
		d[(*n)++] = (struct doer){ .who = who };
	return i < WHO ? &d[i] : &d[WHO - 1];
}

static void tell_doer(struct teller *t, const struct doer *d)
{
	struct buf b = buf_new(t->a);

	for (int i = 0; i < d->deeds; i++)
		buf_printf(&b, "%s%s %d", i ? ", " : "", d->deed[i].action, d->deed[i].n);
	say(t, HAND_DONE, "", 0, (struct to){ "audit", "" }, "%s: %s", d->who, b.p);
}

static enum fault tell_deeds(struct teller *t)
{
	struct audit_ask ask = { .since_ms = t->h->from_ms, .people = true, .n = DEEDS };
	struct doer *d = arena_alloc(t->a, WHO * sizeof *d);
	struct audit_row *row;
	int n, doers = 0, changes = 0;
	bool more;
	enum fault f = audit_page(t->s, &ask, t->a, &row, &n, &more, t->err);

	for (int i = 0; i < n && !f; i++) {
		const char *who = login_name(row[i].actor, t->a);

		if (is_change(row[i].action) && changes++ < CHANGES)
			say(t, HAND_CHANGES, "", row[i].at_ms, (struct to){ "audit", arena_printf(t->a, "%" PRId64, row[i].n) }, "%s: %s %s", who, row[i].action, row[i].subject);
		else if (!is_change(row[i].action) && !is_passed_over(row[i].action))
			count_deed(doer_of(d, &doers, who), row[i].action);
	}
	for (int i = 0; i < doers && !f; i++)
		tell_doer(t, &d[i]);
	if (!f && changes > CHANGES)
		say(t, HAND_CHANGES, "", 0, (struct to){ "audit", "" }, "and %d more", changes - CHANGES);
	return f;
}

/* What a person closed has its cause; what ended by itself is counted. */
static enum fault tell_closed(struct teller *t)
{
	static const char sql[] = "SELECT id, text, cause, closed_by, closed_ms FROM incident WHERE closed_ms >= ? AND closed_ms <> 0 ORDER BY closed_ms DESC LIMIT ?";
	struct rows *r = ASK(t->s, sql, V(t->h->from_ms), V(DEEDS));
	int64_t alone = 0;

	while (rows_next(r))
		if (strncmp(rows_text(r, 3), "uid:", 4))
			alone++;
		else
			say(t, HAND_DONE, "ok", rows_int(r, 4), (struct to){ "incident", arena_printf(t->a, "incident:%" PRId64, rows_int(r, 0)) }, "I-%" PRId64 " closed by %s: %s (%s)", rows_int(r, 0),
			    login_name(rows_text(r, 3), t->a), rows_text(r, 1), rows_text(r, 2));
	if (alone)
		say(t, HAND_DONE, "ok", 0, (struct to){ "alerts", "" }, "%" PRId64 " incident%s ended by themselves", alone, plural(alone));
	return rows_end(r, t->err);
}

static enum fault tell_figures(struct teller *t)
{
	/* orders stand in two indexes, by whether they are open */
	static const struct {
		const char *name, *sql;
	} kinds[HAND_FIGURES] = {
		{ "orders placed", "SELECT (SELECT count(*) FROM orders WHERE open = 1 AND placed_ms >= ?1 AND placed_ms < ?2) + (SELECT count(*) FROM orders WHERE open = 0 AND placed_ms >= ?1 AND placed_ms < ?2)" },
		{ "incidents", "SELECT count(*) FROM incident WHERE opened_ms >= ?1 AND opened_ms < ?2" },
		{ "not understood", "SELECT count(*) FROM inbox WHERE first_ms >= ?1 AND first_ms < ?2" },
		{ "quantities decided", "SELECT coalesce(sum(events), 0) FROM call_tally WHERE hour >= ?1 / 3600000 AND hour < ?2 / 3600000 + 1" },
		{ "calls", "SELECT coalesce(sum(calls), 0) FROM call_tally WHERE hour >= ?1 / 3600000 AND hour < ?2 / 3600000 + 1" },
	};
	const int64_t from = t->h->from_ms, to = t->h->to_ms, length = to - from;

	for (int i = 0; i < HAND_FIGURES; i++) {
		struct hand_figure *g = &t->h->figure[i];
		const char *sql = kinds[i].sql;

		g->name = kinds[i].name;
		if (GET_INT(t->s, t->err, 0, &g->now, sql, V(from), V(to)) || GET_INT(t->s, t->err, 0, &g->before, sql, V(from - length), V(from)) ||
		    GET_INT(t->s, t->err, 0, &g->week, sql, V(from - WEEK_MS), V(to - WEEK_MS)))
			return t->err->fault;
	}
	return OK;
}

/* ---- routines, people, notes ---- */

static void tell_task(struct teller *t, const struct task *k)
{
	struct to to = { "tasks", "" };

	if (!strcmp(k->state, "open"))
		say(t, HAND_TASKS, "", 0, to, "[ ] %s (%s)", k->title, k->on);
	else if (!strcmp(k->state, "missed") && k->done_ms >= t->h->from_ms)
		say(t, HAND_TASKS, "WARN", k->done_ms, to, "[ ] %s (%s), missed", k->title, k->on);
	else if (k->done_ms >= t->h->from_ms)
		say(t, HAND_TASKS, strcmp(k->state, "done") ? "info" : "ok", k->done_ms, to, "[%s] %s (%s), %s by %s%s%s", strcmp(k->state, "done") ? "-" : "x", k->title, k->on,
		    strcmp(k->state, "done") ? "left out" : "done", login_name(k->actor, t->a), *k->note ? ": " : "", k->note);
}

static enum fault tell_tasks(struct teller *t)
{
	enum { LISTED = 300 };
	struct task_week week;
	struct task *k;
	int n;

	if (tasks_list(t->s, true, LISTED, t->a, &k, &n, t->err) || tasks_week(t->s, t->a, &week, t->err))
		return t->err->fault;
	for (int i = 0; i < n; i++)
		tell_task(t, &k[i]);
	if (week.done_ms)
		say(t, HAND_TASKS, week.open ? "WARN" : "ok", week.done_ms, (struct to){ "tasks", "" }, "last weekly review by %s; %" PRId64 " open of this week's", login_name(week.actor, t->a), week.open);
	else
		say(t, HAND_TASKS, "WARN", 0, (struct to){ "tasks", "" }, "no weekly review was ever done; %" PRId64 " open of this week's", week.open);
	return OK;
}

static enum fault tell_people(struct teller *t)
{
	struct login *l;
	int n;
	enum fault f = logins_since(t->s, t->h->from_ms, WHO, t->a, &l, &n, t->err);

	for (int i = 0; i < n && !f; i++)
		say(t, HAND_PEOPLE, l[i].shared ? "WARN" : "", l[i].last_ms, nowhere, "%s sat down %" PRId64 " time%s, from %" PRId64 " place%s%s", l[i].name, l[i].times, plural(l[i].times), l[i].places,
		    plural(l[i].places), l[i].shared ? ": a name that several may share" : "");
	return f;
}

/* Those of this shift, and those that the one before it left for this one. */
#define HANDED_NOTES "FROM note WHERE subject = 'handover' AND at_ms >= coalesce((SELECT h.from_ms FROM handover h ORDER BY h.id DESC LIMIT 1), ?) "

static enum fault tell_notes(struct teller *t)
{
	static const char sql[] = "SELECT text, actor, at_ms " HANDED_NOTES "ORDER BY id DESC LIMIT ?";
	static const char all[] = "SELECT count(*) " HANDED_NOTES;
	struct rows *r = ASK(t->s, sql, V(t->h->from_ms), V(NOTES));
	int n = 0;

	for (; rows_next(r); n++)
		say(t, HAND_NOTES, "", rows_int(r, 2), nowhere, "%s: %s", login_name(rows_text(r, 1), t->a), rows_text(r, 0));
	return rows_end(r, t->err) ? FAULT_STORE : tell_rest(t, HAND_NOTES, "WARN", (struct to){ "audit", "" }, "tallyman audit", all, t->h->from_ms, n);
}

static enum fault tell_signed(struct teller *t)
{
	struct handed *h;
	int n;
	enum fault f = handed_page(t->s, LAST, t->a, &h, &n, t->err);

	if (!f)
		say(t, HAND_SIGN, "", 0, (struct to){ "audit", "" }, "audit: row %" PRId64 ", %s", t->h->audit_n, t->h->audit_head);
	for (int i = 0; i < n && !f; i++)
		say(t, HAND_SIGN, h[i].taken_ms ? "ok" : "WARN", h[i].to_ms, to_id(t, "handed", h[i].id), "H-%" PRId64 " from %s to %s, %s%s; report %.12s", h[i].id, login_name(h[i].actor, t->a), h[i].heir,
		    h[i].taken_ms ? "taken by " : "not taken yet", h[i].taken_ms ? login_name(h[i].taken_by, t->a) : "", h[i].hash);
	return f;
}

static enum fault shift_began(struct store *store, int64_t now_ms, int64_t *out, struct err *err)
{
	static const char sql[] = "SELECT max(to_ms) FROM handover";

	return store_get_int(store, err, now_ms - SHIFT_MS, out, sql, NULL, 0);
}

enum fault handover_from(struct store *store, int64_t from_ms, int64_t now_ms, struct arena *a, struct handover *out, struct err *err)
{
	static enum fault (*const tells[])(struct teller *) = {
		tell_verdict, tell_orders, tell_incidents, tell_lapses, tell_unowned, tell_proposals, tell_secrets, tell_zeros,  tell_overrides,
		tell_mutes,   tell_deeds,  tell_closed,    tell_figures, tell_tasks,  tell_people,    tell_notes,   tell_signed,
	};
	struct teller t = { store, a, out, err };
	enum fault f;

	*out = (struct handover){ .from_ms = from_ms, .to_ms = now_ms, .verdict = "" };
	f = audit_head(store, &out->audit_n, out->audit_head, err);
	for (size_t i = 0; i < sizeof tells / sizeof *tells && !f; i++)
		f = tells[i](&t);
	return f;
}

enum fault handover_read(struct store *store, int64_t now_ms, struct arena *a, struct handover *out, struct err *err)
{
	int64_t from_ms = now_ms;
	enum fault f = shift_began(store, now_ms, &from_ms, err);

	return f ? f : handover_from(store, from_ms, now_ms, a, out, err);
}
