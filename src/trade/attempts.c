/* attempts.c: one request each, and the jobs in it. The interface is in jobs.h. */
#include "base/text.h"
#include "store/store.h"
#include "trade/jobs.h"

#include <assert.h>
#include <inttypes.h>

#define SELECT                                                                                                              \
	"SELECT t.id, t.account_id, t.status, t.opened_ms, t.closed_ms, coalesce(t.request_id, 0), coalesce(t.reply_id, 0), a.name, t.verb, " \
	"t.op, t.method, t.url, t.credential, t.correlation, t.their_id, t.trace, t.fault, t.text, t.writes "                 \
	"FROM attempt t JOIN account a ON a.id = t.account_id "

static struct attempt read_attempt(const struct rows *r, struct arena *a)
{
	return (struct attempt){
		.id = rows_int(r, 0),
		.account = rows_int(r, 1),
		.status = rows_int(r, 2),
		.opened_ms = rows_int(r, 3),
		.closed_ms = rows_int(r, 4),
		.request_id = rows_int(r, 5),
		.reply_id = rows_int(r, 6),
		.account_name = rows_keep(r, 7, a),
		.verb = rows_keep(r, 8, a),
		.op = rows_keep(r, 9, a),
		.method = rows_keep(r, 10, a),
		.url = rows_keep(r, 11, a),
		.credential = rows_keep(r, 12, a),
		.correlation = rows_keep(r, 13, a),
		.their_id = rows_keep(r, 14, a),
		.trace = rows_keep(r, 15, a),
		.fault = rows_keep(r, 16, a),
		.text = rows_keep(r, 17, a),
		.writes = rows_int(r, 18) != 0,
	};
}

static enum fault read_attempts(struct rows *r, struct arena *a, struct attempt **out, int *n, struct err *err)
{
	int cap = 0;

	*out = NULL;
	*n = 0;
	while (rows_next(r)) {
		*out = arena_grow(a, *out, *n, &cap, sizeof **out);
		(*out)[(*n)++] = read_attempt(r, a);
	}
	return rows_end(r, err);
}

enum fault attempt_open(struct store *s, const struct attempt *a, int64_t epoch, const int64_t *jobs, int n, int64_t *id, struct err *err)
{
	static const char sql[] = "INSERT INTO attempt (epoch, account_id, verb, op, writes, method, url, credential, correlation, trace, "
				  "request_id, opened_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id";
	static const char link[] = "INSERT INTO attempt_job (attempt_id, job_id) VALUES (?, ?)";

	assert(store_in_transaction(s));
	if (RUN_ID(s, err, id, sql, V(epoch), V(a->account), V(a->verb), V(a->op), V(a->writes), V(a->method), V(a->url),
	           V(text_or_empty(a->credential)), V(a->correlation), V(text_or_empty(a->trace)), a->request_id ? V(a->request_id) : V_NULL,
	           V(a->opened_ms)))
		return FAULT_STORE;
	for (int i = 0; i < n; i++)
		if (RUN(s, err, link, V(*id), V(jobs[i])))
			return FAULT_STORE;
	return OK;
}

enum fault attempt_close(struct store *s, const struct attempt *a, struct err *err)
{
	static const char sql[] = "UPDATE attempt SET status = ?, fault = ?, text = ?, their_id = ?, closed_ms = ?, "
				  "request_id = coalesce(?, request_id), reply_id = coalesce(?, reply_id) WHERE id = ?";

	assert(store_in_transaction(s));
	return RUN(s, err, sql, V(a->status), V(text_or_empty(a->fault)), V(text_or_empty(a->text)), V(text_or_empty(a->their_id)), V(a->closed_ms),
	           a->request_id ? V(a->request_id) : V_NULL, a->reply_id ? V(a->reply_id) : V_NULL, V(a->id));
}

enum fault attempt_idle(struct store *s, int64_t id, struct err *err)
{
	static const char sql[] = "UPDATE attempt SET idle = 1 WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM attempt_job k JOIN job j ON j.id = k.job_id "
				  "WHERE k.attempt_id = ?1 AND j.repeats = 0)";

	assert(store_in_transaction(s));
	return RUN(s, err, sql, V(id));
}

/* The same rows for each of the three: nothing else happens in between. */
#define OLD_POLLS "(SELECT id FROM attempt WHERE idle = 1 AND closed_ms < ?1 ORDER BY closed_ms LIMIT ?2)"

static enum fault sweep_slice(struct store *s, int64_t before_ms, int most, int *n, struct err *err)
{
	static const char count[] = "INSERT INTO poll_day (account_id, verb, op, day, calls, first_ms, last_ms) "
				    "SELECT account_id, verb, op, closed_ms / 86400000 AS d, count(*), min(closed_ms), max(closed_ms) FROM attempt "
				    "WHERE id IN " OLD_POLLS " GROUP BY account_id, verb, op, d ON CONFLICT (account_id, verb, op, day) DO UPDATE SET "
				    "calls = poll_day.calls + excluded.calls, last_ms = CASE WHEN excluded.last_ms > poll_day.last_ms THEN excluded.last_ms "
				    "ELSE poll_day.last_ms END";
	static const char jobs[] = "DELETE FROM attempt_job WHERE attempt_id IN " OLD_POLLS;
	static const char rows[] = "DELETE FROM attempt WHERE id IN " OLD_POLLS;
	enum fault f = RUN(s, err, count, V(before_ms), V(most));

	if (!f)
		f = RUN(s, err, jobs, V(before_ms), V(most));
	if (!f)
		f = RUN(s, err, rows, V(before_ms), V(most));
	*n = f ? 0 : store_changes(s);
	return f;
}

enum fault attempts_sweep(struct store *s, int64_t before_ms, int most, int *n, struct err *err)
{
	static const char any[] = "SELECT count(*) FROM (SELECT 1 FROM attempt WHERE idle = 1 AND closed_ms < ? LIMIT 1) AS x";
	int64_t some;
	enum fault f;

	assert(!store_in_transaction(s));
	*n = 0;
	if (GET_INT(s, err, 0, &some, any, V(before_ms)))
		return FAULT_STORE;
	if (!some)
		return OK;
	f = store_exec(s, err, "PRAGMA foreign_keys=OFF"); /* for each row gone SQLite would read every table that might point to it: none does */
	if (!f)
		f = store_begin(s, err);
	if (!f)
		f = sweep_slice(s, before_ms, most, n, err);
	if (!f)
		f = store_commit(s, err);
	if (f)
		store_rollback(s);
	return store_exec(s, f ? NULL : err, "PRAGMA foreign_keys=ON") ? FAULT_STORE : f;
}

enum fault attempts_open(struct store *s, int64_t *out, int n, int *got, struct err *err)
{
	static const char sql[] = "SELECT id FROM attempt WHERE closed_ms = 0 ORDER BY id LIMIT ?";
	struct rows *r = ASK(s, sql, V(n));

	for (*got = 0; *got < n && rows_next(r);)
		out[(*got)++] = rows_int(r, 0);
	return rows_end(r, err);
}

enum fault attempt_job_result(struct store *s, int64_t attempt, int64_t job, enum fault fault, const char *text, struct err *err)
{
	static const char sql[] = "UPDATE attempt_job SET fault = ?, text = ? WHERE attempt_id = ? AND job_id = ?";

	assert(store_in_transaction(s));
	return RUN(s, err, sql, V(fault ? fault_name(fault) : ""), V(text_or_empty(text)), V(attempt), V(job));
}

enum fault attempt_get(struct store *s, int64_t id, struct arena *a, struct attempt *out, struct err *err)
{
	static const char sql[] = SELECT "WHERE t.id = ?";
	struct rows *r = ASK(s, sql, V(id));
	bool found = rows_next(r);

	if (found)
		*out = read_attempt(r, a);
	if (rows_end(r, err))
		return FAULT_STORE;
	return found ? OK : err_set(err, FAULT_REFUSED, "there is no attempt %" PRId64, id);
}

enum fault attempts_find(struct store *s, const char *id, struct arena *a, struct attempt **out, int *n, struct err *err)
{
	static const char sql[] = SELECT "WHERE t.id IN (SELECT id FROM attempt WHERE correlation = ?1 UNION "
					 "SELECT id FROM attempt WHERE their_id = ?1 AND their_id <> '' UNION "
					 "SELECT id FROM attempt WHERE trace = ?1) ORDER BY t.id DESC LIMIT 500";

	return read_attempts(ASK(s, sql, V(id)), a, out, n, err);
}

enum fault attempts_last(struct store *s, int64_t account, int64_t before, int n, struct arena *a, struct attempt **out, int *got,
                         struct err *err)
{
	static const char all[] = SELECT "WHERE t.id < ? ORDER BY t.id DESC LIMIT ?";
	static const char one[] = SELECT "WHERE t.account_id = ? AND t.id < ? ORDER BY t.id DESC LIMIT ?";

	if (!before)
		before = INT64_MAX;
	return read_attempts(account ? ASK(s, one, V(account), V(before), V(n)) : ASK(s, all, V(before), V(n)), a, out, got, err);
}

enum fault attempts_broken(struct store *s, int64_t account, int64_t since_ms, int64_t *answers, int64_t *broken, int64_t *ops, struct err *err)
{
	static const char sql[] = "SELECT count(*), coalesce(sum(status >= 500), 0), count(DISTINCT CASE WHEN status >= 500 THEN op END) FROM "
				  "(SELECT status, op, verb, closed_ms FROM attempt WHERE account_id = ?1 ORDER BY id DESC LIMIT 500) WHERE closed_ms > ?2 AND verb <> 'status'";
	struct rows *r = ASK(s, sql, V(account), V(since_ms));

	*answers = *broken = *ops = 0;
	if (rows_next(r)) {
		*answers = rows_int(r, 0);
		*broken = rows_int(r, 1);
		*ops = rows_int(r, 2);
	}
	return rows_end(r, err);
}

enum fault attempts_slowed(struct store *s, int64_t account, int64_t since_ms, int64_t *answers, int64_t *slowed, struct err *err)
{
	static const char sql[] = "SELECT count(*), coalesce(sum(status = 429 OR fault = 'BUSY'), 0) FROM "
				  "(SELECT status, fault, verb, closed_ms FROM attempt WHERE account_id = ?1 ORDER BY id DESC LIMIT 500) WHERE closed_ms > ?2 AND verb <> 'status'";
	struct rows *r = ASK(s, sql, V(account), V(since_ms));

	*answers = *slowed = 0;
	if (rows_next(r)) {
		*answers = rows_int(r, 0);
		*slowed = rows_int(r, 1);
	}
	return rows_end(r, err);
}
