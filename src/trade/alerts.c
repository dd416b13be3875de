#include "trade/alerts.h"

#include "store/store.h"

#include <assert.h>
#include <inttypes.h>

static const char *or_empty(const char *s)
{
	return s ? s : "";
}

/* A raise that opens is a message as well; one that only counts is not. */
enum fault alert_raise(struct store *s, const struct alert *a, int64_t now_ms, struct err *err)
{
	static const char sql[] =
		"INSERT INTO alert (key, kind, severity, account_id, subject, text, next, opened_ms, last_ms) "
		"VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8) "
		"ON CONFLICT (key) WHERE closed_ms = 0 DO UPDATE SET count = alert.count + 1, last_ms = excluded.last_ms, "
		"severity = excluded.severity, text = excluded.text, next = excluded.next RETURNING count";
	int64_t count;

	assert(store_in_transaction(s));
	if (RUN_ID(s, err, &count, sql, V(a->key), V(a->kind), V(a->severity), a->account ? V(a->account) : V_NULL, V(or_empty(a->subject)),
	           V(a->text), V(or_empty(a->next)), V(now_ms)))
		return FAULT_STORE;
	return count == 1 ? message_add(s, a->severity, a->text, a->subject, now_ms, err) : OK;
}

enum fault alert_close(struct store *s, const char *key, int64_t now_ms, struct err *err)
{
	static const char sql[] = "UPDATE alert SET closed_ms = ?1 WHERE key = ?2 AND closed_ms = 0";

	assert(store_in_transaction(s));
	return RUN(s, err, sql, V(now_ms), V(key));
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

	assert(store_in_transaction(s));
	if (RUN(s, err, sql, V(who), V(now_ms), V(id)))
		return FAULT_STORE;
	return store_changes(s) ? OK : err_set(err, FAULT_REFUSED, "alert %" PRId64 " is not open", id);
}

enum fault alerts_open(struct store *s, int n, struct arena *a, struct alert **out, int *got, struct err *err)
{
	static const char sql[] =
		"SELECT al.id, al.key, al.kind, al.severity, coalesce(al.account_id, 0), coalesce(ac.name, ''), al.subject, al.text, al.next, "
		"al.count, al.opened_ms, al.last_ms, al.acked_ms, al.acked_by FROM alert al LEFT JOIN account ac ON ac.id = al.account_id "
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
		};
	}
	return rows_end(r, err);
}

enum fault message_add(struct store *s, const char *level, const char *text, const char *subject, int64_t now_ms, struct err *err)
{
	static const char sql[] = "INSERT INTO message (at_ms, level, text, subject) VALUES (?, ?, ?, ?)";

	assert(store_in_transaction(s));
	return RUN(s, err, sql, V(now_ms), V(level), V(text), V(or_empty(subject)));
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
