#include "store/store.h"
#include "trade/jobs.h"

enum fault job_last_read(struct store *s, int64_t account, enum verb verb, int64_t subject_id, int64_t *begun_ms, struct err *err)
{
	static const char sql[] = "SELECT max(a.opened_ms) FROM job j JOIN attempt_job aj ON aj.job_id = j.id "
				  "JOIN attempt a ON a.id = aj.attempt_id "
				  "WHERE j.subject_id = ?1 AND j.verb = ?2 AND j.account_id = ?3 AND j.subject_id <> 0 "
				  "AND a.closed_ms > 0 AND a.fault = ''";

	return GET_INT(s, err, 0, begun_ms, sql, V(subject_id), V(verb_name(verb)), V(account));
}

enum fault job_pending(struct store *s, int64_t account, enum verb verb, const char *subject, bool *yes, struct err *err)
{
	static const char waiting[] = "SELECT id FROM job WHERE account_id = ?1 AND verb = ?2 AND subject = ?3 AND state = 'waiting'";
	static const char flying[] = "SELECT id FROM job WHERE account_id = ?1 AND verb = ?2 AND subject = ?3 AND state = 'inflight'";
	int64_t id = 0;
	enum fault f = GET_INT(s, err, 0, &id, waiting, V(account), V(verb_name(verb)), V(subject));

	if (!f && !id)
		f = GET_INT(s, err, 0, &id, flying, V(account), V(verb_name(verb)), V(subject));
	*yes = id != 0;
	return f;
}

enum fault bodies_any(struct store *s, bool *any, struct err *err)
{
	static const char sql[] = "SELECT EXISTS (SELECT 1 FROM body WHERE sealed IS NOT NULL) OR EXISTS (SELECT 1 FROM person WHERE sealed IS NOT NULL)";
	int64_t n = 0;
	enum fault f = store_get_int(s, err, 0, &n, sql, NULL, 0);

	*any = n != 0;
	return f;
}

enum fault job_hurry(struct store *s, int64_t id, int64_t due_ms, struct err *err)
{
	static const char sql[] = "UPDATE job SET due_ms = ?2 WHERE id = ?1 AND state = 'waiting' AND due_ms > ?2";

	return RUN(s, err, sql, V(id), V(due_ms));
}

enum fault job_hurry_verb(struct store *s, int64_t account, enum verb verb, int64_t due_ms, struct err *err)
{
	static const char sql[] = "UPDATE job SET due_ms = ?3 WHERE account_id = ?1 AND verb = ?2 AND state = 'waiting' AND repeats = 1 AND due_ms > ?3";

	return RUN(s, err, sql, V(account), V(verb_name(verb)), V(due_ms));
}

enum fault jobs_revive(struct store *s, int64_t account, const struct cause *why, struct err *err)
{
	static const char sql[] = "UPDATE job SET state = 'waiting', due_ms = ?2, state_ms = ?2, fails = 0, fault = '', text = '' "
				  "WHERE account_id = ?1 AND repeats = 1 AND state = 'failed'";

	return RUN(s, err, sql, V(account), V(why->now_ms));
}
