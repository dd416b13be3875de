#include "trade/alerts.h"

#include "base/text.h"
#include "store/store.h"
#include "trade/alert_rules.h"
#include "trade/incidents.h"
#include "trade/pace.h"

#include <assert.h>
#include <inttypes.h>

enum { MINUTE_MS = 60000, DAY_MINUTES = 1440, METERED = 4, PACED = 20 };

/* ---- raising ---- */

/* Seen, and not for long enough yet. */
static enum fault note_early(struct store *s, const struct alert *a, const char *severity, const struct alert_rule *rule, int64_t now_ms, struct err *err)
{
	static const char sql[] =
		"INSERT INTO alert_early (key, kind, severity, account_id, subject, text, next, since_ms, last_ms, tell_ms) "
		"VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8, ?9) ON CONFLICT (key) DO UPDATE SET last_ms = excluded.last_ms, "
		"severity = excluded.severity, text = excluded.text, next = excluded.next";

	return RUN(s, err, sql, V(a->key), V(a->kind), V(severity), a->account ? V(a->account) : V_NULL, V(text_or_empty(a->subject)), V(a->text),
	           V(text_or_empty(a->next)), V(now_ms), V(now_ms + rule->debounce_ms));
}

static enum fault count_minute(struct store *s, int64_t id, int64_t now_ms, struct err *err)
{
	static const char sql[] = "INSERT INTO alert_minute (alert_id, minute, n) VALUES (?1, ?2, 1) ON CONFLICT (alert_id, minute) DO UPDATE SET n = alert_minute.n + 1";

	return RUN(s, err, sql, V(id), V(now_ms / MINUTE_MS));
}

/* A raise that opens is a message as well; one that only counts is not. */
static enum fault put(struct store *s, const struct alert *a, const char *severity, const struct alert_rule *rule, int64_t now_ms, struct err *err)
{
	static const char sql[] =
		"INSERT INTO alert (key, kind, severity, account_id, subject, text, next, opened_ms, last_ms, root) "
		"VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8, ?9) "
		"ON CONFLICT (key) WHERE closed_ms = 0 DO UPDATE SET count = alert.count + 1, last_ms = excluded.last_ms, "
		"severity = excluded.severity, text = excluded.text, next = excluded.next RETURNING id";
	bool fresh = false;
	int64_t id;
	enum fault f;

	if (RUN_ID(s, err, &id, sql, V(a->key), V(a->kind), V(severity), a->account ? V(a->account) : V_NULL, V(text_or_empty(a->subject)), V(a->text),
	           V(text_or_empty(a->next)), V(now_ms), V(rule->root)))
		return FAULT_STORE;
	f = count_minute(s, id, now_ms, err);
	if (!f)
		f = incident_takes(s, id, rule, now_ms, &fresh, err);
	return f || !fresh ? f : message_add(s, severity, a->text, a->subject, now_ms, err);
}

enum fault alert_raise(struct store *s, const struct alert *a, int64_t now_ms, struct err *err)
{
	struct arena *scratch = arena_new();
	struct alert_rule rule = alert_rule_of(scratch, a->kind);
	const char *severity = *rule.severity ? rule.severity : a->severity;
	bool open = true;
	enum fault f = OK;

	assert(store_in_transaction(s));
	if (rule.debounce_ms)
		f = alert_is_open(s, a->key, &open, err);
	if (!f)
		f = open ? put(s, a, severity, &rule, now_ms, err) : note_early(s, a, severity, &rule, now_ms, err);
	arena_free(scratch);
	return f;
}

enum fault alert_close(struct store *s, const char *key, int64_t now_ms, struct err *err)
{
	static const char early[] = "DELETE FROM alert_early WHERE key = ?1";
	static const char sql[] = "UPDATE alert SET closed_ms = ?1 WHERE key = ?2 AND closed_ms = 0 RETURNING coalesce(incident_id, 0)";
	int64_t incident = -1;

	assert(store_in_transaction(s));
	if (RUN(s, err, early, V(key)) || RUN_ID(s, err, &incident, sql, V(now_ms), V(key)))
		return FAULT_STORE;
	return incident > 0 ? incident_settle(s, incident, now_ms, err) : OK;
}

enum fault alert_is_open(struct store *s, const char *key, bool *yes, struct err *err)
{
	static const char sql[] = "SELECT count(*) FROM alert WHERE key = ?1 AND closed_ms = 0";
	int64_t n = 0;
	enum fault f = GET_INT(s, err, 0, &n, sql, V(key));

	*yes = n > 0;
	return f;
}

enum fault alert_ack(struct store *s, int64_t id, const char *who, int64_t now_ms, struct err *err)
{
	static const char sql[] = "UPDATE alert SET acked_by = ?1, acked_ms = ?2 WHERE id = ?3 AND closed_ms = 0";
	static const char of[] = "SELECT n.id FROM alert al JOIN incident n ON n.id = al.incident_id WHERE al.id = ? AND n.closed_ms = 0";
	int64_t incident = 0;
	bool done;

	assert(store_in_transaction(s));
	if (RUN(s, err, sql, V(who), V(now_ms), V(id)))
		return FAULT_STORE;
	done = store_changes(s) > 0;
	if (GET_INT(s, err, 0, &incident, of, V(id)))
		return FAULT_STORE;
	if (incident)
		return incident_ack(s, incident, who, now_ms, err);
	return done ? OK : err_set(err, FAULT_REFUSED, "alert %" PRId64 " is not open", id);
}

enum fault alerts_open(struct store *s, int n, struct arena *a, struct alert **out, int *got, struct err *err)
{
	static const char sql[] =
		"SELECT al.id, al.key, al.kind, al.severity, coalesce(al.account_id, 0), coalesce(ac.name, ''), al.subject, al.text, al.next, "
		"al.count, al.opened_ms, al.last_ms, al.acked_ms, al.acked_by, coalesce(al.incident_id, 0) FROM alert al LEFT JOIN account ac ON ac.id = al.account_id "
		"WHERE al.closed_ms = 0 "
		"ORDER BY CASE al.severity WHEN 'CRIT' THEN 0 WHEN 'WARN' THEN 1 ELSE 2 END, al.opened_ms DESC, al.id DESC LIMIT ?";
	struct rows *r = ASK(s, sql, V(n));
	int cap = 0;

	*out = NULL;
	*got = 0;
	while (rows_next(r)) {
		*out = arena_grow(a, *out, *got, &cap, sizeof **out);
		(*out)[(*got)++] = (struct alert){
			.id = rows_int(r, 0),
			.key = rows_keep(r, 1, a),
			.kind = rows_keep(r, 2, a),
			.severity = rows_keep(r, 3, a),
			.account = rows_int(r, 4),
			.account_name = rows_keep(r, 5, a),
			.subject = rows_keep(r, 6, a),
			.text = rows_keep(r, 7, a),
			.next = rows_keep(r, 8, a),
			.count = rows_int(r, 9),
			.opened_ms = rows_int(r, 10),
			.last_ms = rows_int(r, 11),
			.acked_ms = rows_int(r, 12),
			.acked_by = rows_keep(r, 13, a),
			.incident = rows_int(r, 14),
		};
	}
	return rows_end(r, err);
}

/* ---- with the minute ---- */

static enum fault tell_early(struct store *s, struct arena *a, int64_t now_ms, struct err *err)
{
	static const char sql[] = "SELECT key, kind, severity, coalesce(account_id, 0), subject, text, next FROM alert_early WHERE tell_ms <= ? ORDER BY key";
	static const char gone[] = "DELETE FROM alert_early WHERE key = ?";
	struct rows *r = ASK(s, sql, V(now_ms));
	struct alert *told = NULL;
	int n = 0, cap = 0;
	enum fault f;

	while (rows_next(r)) {
		told = arena_grow(a, told, n, &cap, sizeof *told);
		told[n++] = (struct alert){ .key = rows_keep(r, 0, a), .kind = rows_keep(r, 1, a), .severity = rows_keep(r, 2, a), .account = rows_int(r, 3),
			                    .subject = rows_keep(r, 4, a), .text = rows_keep(r, 5, a), .next = rows_keep(r, 6, a) };
	}
	f = rows_end(r, err);
	for (int i = 0; i < n && !f; i++) {
		struct alert_rule rule = alert_rule_of(a, told[i].kind);

		f = put(s, &told[i], told[i].severity, &rule, now_ms, err);
		if (!f)
			f = RUN(s, err, gone, V(told[i].key));
	}
	return f;
}

/* One after another by its key, so that each incident is looked at once it may be over. */
static enum fault end_old(struct store *s, const struct alert_rule *rule, struct arena *a, int64_t now_ms, struct err *err)
{
	static const char sql[] = "SELECT key FROM alert WHERE closed_ms = 0 AND kind = ? AND last_ms <= ? LIMIT 500";
	struct rows *r = ASK(s, sql, V(rule->kind), V(now_ms - rule->expires_ms));
	const char **key = NULL;
	int n = 0, cap = 0;
	enum fault f;

	while (rows_next(r)) {
		key = arena_grow(a, key, n, &cap, sizeof *key);
		key[n++] = rows_keep(r, 0, a);
	}
	f = rows_end(r, err);
	for (int i = 0; i < n && !f; i++)
		f = alert_close(s, key[i], now_ms, err);
	return f;
}

/* Once an hour: nobody draws more than the last of them. */
static enum fault forget_minutes(struct store *s, int64_t now_ms, struct err *err)
{
	static const char sql[] = "DELETE FROM alert_minute WHERE minute < ?";
	int64_t minute = now_ms / MINUTE_MS;

	return minute % 60 ? OK : RUN(s, err, sql, V(minute - DAY_MINUTES));
}

enum fault alerts_watch(struct store *s, int64_t now_ms, struct err *err)
{
	struct arena *a = arena_new();
	struct alert_rule *rule;
	int n = alert_rules(a, &rule);
	enum fault f = tell_early(s, a, now_ms, err);

	for (int i = 0; i < n && !f; i++)
		if (rule[i].expires_ms)
			f = end_old(s, &rule[i], a, now_ms, err);
	arena_free(a);
	if (!f)
		f = forget_minutes(s, now_ms, err);
	if (!f)
		f = paces_at_risk(s, PACED, now_ms, err);
	for (int i = 0; i < METERED && !f; i++)
		f = incidents_meter(s, now_ms, err);
	return f;
}

enum fault message_add(struct store *s, const char *level, const char *text, const char *subject, int64_t now_ms, struct err *err)
{
	static const char sql[] = "INSERT INTO message (at_ms, level, text, subject) VALUES (?, ?, ?, ?)";

	assert(store_in_transaction(s));
	return RUN(s, err, sql, V(now_ms), V(level), V(text), V(text_or_empty(subject)));
}

enum fault messages_last(struct store *s, int64_t before, int n, struct arena *a, struct message **out, int *got, struct err *err)
{
	static const char sql[] = "SELECT id, at_ms, level, text, subject FROM message WHERE id < ? ORDER BY id DESC LIMIT ?";
	struct rows *r = ASK(s, sql, V(before ? before : INT64_MAX), V(n));

	*out = arena_alloc(a, (size_t)n * sizeof **out);
	*got = 0;
	while (rows_next(r))
		(*out)[(*got)++] = (struct message){ rows_int(r, 0), rows_int(r, 1), rows_keep(r, 2, a), rows_keep(r, 3, a), rows_keep(r, 4, a) };
	return rows_end(r, err);
}
