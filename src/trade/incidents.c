/* Which incident an alert belongs to, and when that is over. */
#include "trade/incidents.h"

#include "store/store.h"
#include "trade/change.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { SEVERITY = 8 };

static enum fault open_by_key(struct store *s, const char *key, bool live, int64_t *id, struct err *err)
{
	static const char any[] = "SELECT id FROM incident WHERE key = ? AND closed_ms = 0";
	static const char living[] = "SELECT id FROM incident WHERE key = ? AND closed_ms = 0 AND over_ms = 0";

	*id = 0;
	return live ? GET_INT(s, err, 0, id, living, V(key)) : GET_INT(s, err, 0, id, any, V(key));
}

struct fresh {
	int64_t alert, account;
	const char *key, *kind, *severity, *subject, *text;
};

/* Which incident takes it, by what is open: *id 0: a new one of that key. */
static enum fault choose(struct store *s, const struct fresh *f, const struct alert_rule *rule, struct arena *a, const char **key, int64_t *id, struct err *err)
{
	const char *account = arena_printf(a, "account %" PRId64, f->account);

	*id = 0;
	if (f->account && !rule->root && rule->fold == FOLD_ACCOUNT && open_by_key(s, account, true, id, err))
		return err->fault;
	if (*id)
		return OK;
	*key = f->account && rule->root        ? account
	       : rule->fold == FOLD_KIND || (f->account && rule->fold == FOLD_ACCOUNT) ? arena_printf(a, "kind %s %" PRId64, f->kind, f->account)
	                                       : arena_printf(a, "alert %s", f->key);
	return open_by_key(s, *key, false, id, err);
}

static enum fault open_new(struct store *s, const struct fresh *f, const struct alert_rule *rule, const char *key, int64_t now_ms, struct err *err)
{
	static const char sql[] = "INSERT INTO incident (id, key, kind, severity, account_id, subject, text, card, owner, opened_ms) "
				  "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";

	return RUN(s, err, sql, V(f->alert), V(key), V(f->kind), V(f->severity), f->account ? V(f->account) : V_NULL, V(f->subject), V(f->text), V(rule->card),
	           V(rule->owner), V(now_ms));
}

static enum fault put_into(struct store *s, int64_t alert, int64_t incident, struct err *err)
{
	static const char sql[] = "UPDATE alert SET incident_id = ?2 WHERE id = ?1";

	return RUN(s, err, sql, V(alert), V(incident));
}

static enum fault severity_of(struct store *s, int64_t id, char out[SEVERITY], struct err *err)
{
	static const char sql[] = "SELECT severity FROM incident WHERE id = ?";
	struct rows *r = ASK(s, sql, V(id));

	snprintf(out, SEVERITY, "%s", rows_next(r) ? rows_text(r, 0) : "");
	return rows_end(r, err);
}

static enum fault note_turn(struct store *s, int64_t id, const char *was, int64_t now_ms, struct err *err)
{
	const struct cause why = { .now_ms = now_ms, .actor = "system" };
	char is[SEVERITY];

	return severity_of(s, id, is, err) ? FAULT_STORE : change_text(s, "incident", id, "severity", was, is, now_ms, &why, err);
}

/* Another one joined, or one became worse: it is not over any more. */
static enum fault join(struct store *s, int64_t id, const char *severity, int64_t now_ms, struct err *err)
{
	static const char live[] = "UPDATE incident SET over_ms = 0 WHERE id = ? AND over_ms <> 0 AND closed_ms = 0";
	static const char worse[] = "UPDATE incident SET severity = ?2 WHERE id = ?1 AND closed_ms = 0 AND ((?2 = 'CRIT' AND severity <> 'CRIT') OR "
				    "(?2 = 'WARN' AND severity = 'info'))";
	static const char ask[] = "SELECT over_ms FROM incident WHERE id = ? AND closed_ms = 0";
	const struct cause why = { .now_ms = now_ms, .actor = "system" };
	char was[SEVERITY];
	int64_t over_ms;
	enum fault f = GET_INT(s, err, 0, &over_ms, ask, V(id));

	if (!f && over_ms && !(f = RUN(s, err, live, V(id))) && !(f = change_int(s, "incident", id, "over_ms", over_ms, 0, now_ms, &why, err)))
		f = incident_tell(s, id, "opened", now_ms, err);
	if (!f)
		f = severity_of(s, id, was, err);
	if (!f)
		f = RUN(s, err, worse, V(id), V(severity));
	if (f || !store_changes(s))
		return f;
	return note_turn(s, id, was, now_ms, err) ? FAULT_STORE : incident_tell(s, id, "worse", now_ms, err);
}

enum fault incident_end(struct store *s, int64_t id, const char *who, const char *cause, int64_t now_ms, struct err *err)
{
	static const char sql[] = "UPDATE incident SET closed_ms = ?2, closed_by = ?3, cause = ?4, over_ms = CASE over_ms WHEN 0 THEN ?2 ELSE over_ms END "
				  "WHERE id = ?1 AND closed_ms = 0";

	return RUN(s, err, sql, V(id), V(now_ms), V(who), V(cause));
}

/* What was noticed of an account a moment before its cause was: it is part of it. */
static enum fault adopt(struct store *s, int64_t id, int64_t account, struct arena *a, int64_t now_ms, struct err *err)
{
	static const char sql[] = "UPDATE alert SET incident_id = ?1 WHERE closed_ms = 0 AND kind = ?2 AND account_id = ?3 AND incident_id <> ?1";
	static const char empty[] = "SELECT n.id FROM incident n WHERE n.closed_ms = 0 AND n.account_id = ?1 AND n.id <> ?2 AND NOT EXISTS "
				    "(SELECT 1 FROM alert l WHERE l.incident_id = n.id) LIMIT 1";
	struct alert_rule *rule;
	int n = alert_rules(a, &rule);
	int64_t left = 1;
	enum fault f = OK;

	for (int i = 0; i < n && !f; i++)
		if (rule[i].fold == FOLD_ACCOUNT)
			f = RUN(s, err, sql, V(id), V(rule[i].kind), V(account));
	while (!f && left) {
		f = GET_INT(s, err, 0, &left, empty, V(account), V(id));
		if (!f && left)
			f = incident_end(s, left, "system", arena_printf(a, "folded into I-%" PRId64, id), now_ms, err);
	}
	return f;
}

static enum fault take_fresh(struct store *s, const struct fresh *f, const struct alert_rule *rule, int64_t now_ms, struct arena *a, struct err *err)
{
	const char *key = "";
	int64_t id;
	enum fault bad = choose(s, f, rule, a, &key, &id, err);
	bool is_new = !id;

	if (!bad && is_new)
		bad = open_new(s, f, rule, key, now_ms, err);
	id = is_new ? f->alert : id;
	if (!bad)
		bad = put_into(s, f->alert, id, err);
	if (!bad && is_new && f->account && rule->root)
		bad = adopt(s, id, f->account, a, now_ms, err);
	if (!bad)
		bad = is_new ? incident_tell(s, id, "opened", now_ms, err) : join(s, id, f->severity, now_ms, err);
	return bad;
}

enum fault incident_takes(struct store *s, int64_t alert, const struct alert_rule *rule, int64_t now_ms, bool *fresh, struct err *err)
{
	static const char sql[] = "SELECT coalesce(incident_id, 0), key, kind, severity, coalesce(account_id, 0), subject, text FROM alert WHERE id = ?";
	struct arena *a = arena_new();
	struct rows *r = ASK(s, sql, V(alert));
	struct fresh f = { .alert = alert };
	int64_t incident = 0;
	enum fault bad;

	if (rows_next(r)) {
		incident = rows_int(r, 0);
		f = (struct fresh){ alert, rows_int(r, 4), rows_keep(r, 1, a), rows_keep(r, 2, a), rows_keep(r, 3, a), rows_keep(r, 5, a), rows_keep(r, 6, a) };
	}
	bad = rows_end(r, err);
	*fresh = !incident;
	if (!bad)
		bad = incident ? join(s, incident, f.severity, now_ms, err) : take_fresh(s, &f, rule, now_ms, a, err);
	arena_free(a);
	return bad;
}

/* It is as bad as what is still open of it: what ended keeps nobody awake. */
static enum fault ease(struct store *s, int64_t id, int64_t now_ms, struct err *err)
{
	static const char sql[] = "UPDATE incident SET severity = w.severity FROM (SELECT severity FROM alert WHERE incident_id = ?1 AND closed_ms = 0 "
				  "ORDER BY CASE severity WHEN 'CRIT' THEN 0 WHEN 'WARN' THEN 1 ELSE 2 END LIMIT 1) AS w "
				  "WHERE id = ?1 AND closed_ms = 0 AND incident.severity <> w.severity";
	char was[SEVERITY];

	if (severity_of(s, id, was, err) || RUN(s, err, sql, V(id)))
		return FAULT_STORE;
	return note_turn(s, id, was, now_ms, err);
}

enum fault incident_settle(struct store *s, int64_t id, int64_t now_ms, struct err *err)
{
	static const char left[] = "SELECT count(*) FROM alert WHERE incident_id = ? AND closed_ms = 0";
	static const char over[] = "UPDATE incident SET over_ms = ?2 WHERE id = ?1 AND over_ms = 0 AND closed_ms = 0";
	struct arena *a = arena_new();
	struct incident in = { 0 };
	int64_t n = 0;
	enum fault f = GET_INT(s, err, 0, &n, left, V(id));

	if (!f && n)
		f = ease(s, id, now_ms, err);
	if (!f && !n)
		f = incident_get(s, id, now_ms, a, &in, err);
	if (!f && !n && !in.closed_ms) {
		struct alert_rule rule = alert_rule_of(a, in.kind);

		f = rule.person ? RUN(s, err, over, V(id), V(now_ms))
		                : incident_end(s, id, arena_printf(a, "rule:%s", in.kind), "it ended by itself", now_ms, err);
		if (!f)
			f = incident_tell(s, id, rule.person ? "over" : "closed", now_ms, err);
	}
	arena_free(a);
	return f;
}

enum fault incident_ack(struct store *s, int64_t id, const char *who, int64_t now_ms, struct err *err)
{
	static const char alerts[] = "UPDATE alert SET acked_by = ?2, acked_ms = ?3 WHERE incident_id = ?1 AND closed_ms = 0 AND acked_ms = 0";
	static const char sql[] = "UPDATE incident SET acked_by = ?2, acked_ms = ?3 WHERE id = ?1 AND closed_ms = 0 AND acked_ms = 0";
	static const char open[] = "SELECT count(*) FROM incident WHERE id = ?1 AND closed_ms = 0";
	int64_t is_open = 0;
	bool first;
	enum fault f = GET_INT(s, err, 0, &is_open, open, V(id));

	if (!f && !is_open)
		return err_set(err, FAULT_REFUSED, "incident I-%" PRId64 " is not open", id);
	if (!f)
		f = RUN(s, err, sql, V(id), V(who), V(now_ms));
	first = !f && store_changes(s); /* who looked first, and when, stays; what was folded into it since is seen now */
	if (!f)
		f = RUN(s, err, alerts, V(id), V(who), V(now_ms));
	return f || !first ? f : incident_tell(s, id, "acked", now_ms, err);
}
