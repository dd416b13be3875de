#include "trade/jobs.h"

#include "store/store.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PER_VERB = JOBS_PER_VERB, VERB_NAME = 24 };

#define COLUMNS                                                                                                                  \
	"j.id, j.account_id, j.verb, j.lane, j.subject, j.subject_id, j.key, j.payload, j.ver, j.state, j.repeats, j.due_ms, "   \
	"j.fails, j.tries, j.unsure_ms, coalesce(j.intent_id, 0), coalesce(j.parent_id, 0), j.fault, j.text, j.trace, j.owner, j.state_ms, " \
	"coalesce(c.since_ms, 0), coalesce(c.until_ms, 0), coalesce(c.page, ''), j.route = 'single', " \
	"coalesce(c.settled, 0), coalesce(c.upto_ms, 0), coalesce(c.step_ms, 0)"
#define FROM "FROM job j LEFT JOIN cursor c ON c.account_id = j.account_id AND c.verb = j.verb AND c.subject = j.subject "

static enum fault read_job(const struct rows *r, struct arena *a, struct job *out, struct err *err)
{
	*out = (struct job){
		.id = rows_int(r, 0),
		.account = rows_int(r, 1),
		.verb = verb_from_name(rows_text(r, 2)),
		.lane = (enum lane)rows_int(r, 3),
		.subject = rows_keep(r, 4, a),
		.subject_id = rows_int(r, 5),
		.key = rows_keep(r, 6, a),
		.ver = rows_int(r, 8),
		.state = rows_keep(r, 9, a),
		.repeats = rows_int(r, 10) != 0,
		.due_ms = rows_int(r, 11),
		.fails = rows_int(r, 12),
		.tries = rows_int(r, 13),
		.unsure_ms = rows_int(r, 14),
		.intent_id = rows_int(r, 15),
		.parent_id = rows_int(r, 16),
		.fault = rows_keep(r, 17, a),
		.text = rows_keep(r, 18, a),
		.trace = rows_keep(r, 19, a),
		.owner = rows_keep(r, 20, a),
		.state_ms = rows_int(r, 21),
		.cursor = { rows_int(r, 22), rows_int(r, 23), rows_keep(r, 24, a), rows_int(r, 26) != 0, rows_int(r, 27), rows_int(r, 28) },
		.alone = rows_int(r, 25) != 0,
	};
	assert(out->verb < VERBS); /* only job_plan writes them */
	return fields_unpack(a, rows_text(r, 7), &out->payload, err);
}

static enum fault read_jobs(struct rows *r, struct arena *a, struct job *out, int n, int *got, struct err *err)
{
	enum fault f = OK, ended;

	*got = 0;
	while (!f && *got < n && rows_next(r))
		f = read_job(r, a, &out[(*got)++], err);
	ended = rows_end(r, f ? NULL : err);
	return f ? f : ended;
}

enum fault job_get(struct store *s, int64_t id, struct arena *a, struct job *out, struct err *err)
{
	static const char sql[] = "SELECT " COLUMNS " " FROM "WHERE j.id = ?";
	int got;
	enum fault f = read_jobs(ASK(s, sql, V(id)), a, out, 1, &got, err);

	if (!f && !got)
		return err_set(err, FAULT_REFUSED, "there is no job %" PRId64, id);
	return f;
}

/* Not while the same subject is being spoken of, or nobody knows what became of it: one in flight at a time, in order. */
#define FREE                                                                                                    \
	"NOT EXISTS (SELECT 1 FROM job b WHERE b.account_id = j.account_id AND b.verb = j.verb AND b.subject = j.subject " \
	"AND b.state IN ('inflight', 'unsure')) "

/* A job may be given when its account may say such a thing at all. */
static bool may_say(enum verb v, bool live)
{
	return v < VERBS && (live || !verb_writes(v));
}

/* The verb after this one that has anything waiting, "" when none has: one step of the index, however long the queues are. */
static enum fault next_waiting(struct store *s, int64_t account, char verb[VERB_NAME], struct err *err)
{
	static const char sql[] = "SELECT verb FROM job WHERE account_id = ? AND verb > ? AND state = 'waiting' ORDER BY verb LIMIT 1";
	struct rows *r = ASK(s, sql, V(account), V((const char *)verb));

	snprintf(verb, VERB_NAME, "%s", rows_next(r) ? rows_text(r, 0) : "");
	return rows_end(r, err);
}

/* Most turns find nothing: two looks at the index of due times say so. */
static enum fault any_due(struct store *s, int64_t account, int64_t now_ms, bool *any, bool *live, struct err *err)
{
	static const char sql[] =
		"SELECT a.mode = 'live', EXISTS (SELECT 1 FROM job WHERE account_id = ?1 AND writes = 0 AND state = 'waiting' AND due_ms <= ?2) "
		"OR (a.mode = 'live' AND EXISTS (SELECT 1 FROM job WHERE account_id = ?1 AND writes = 1 AND state = 'waiting' AND due_ms <= ?2)) "
		"FROM account a WHERE a.id = ?1";
	struct rows *r = ASK(s, sql, V(account), V(now_ms));
	bool there = rows_next(r);

	*live = there && rows_int(r, 0);
	*any = there && rows_int(r, 1);
	return rows_end(r, err);
}

/* What stands at the front of a verb's queue: a job is large, and of most only the number is wanted. */
struct front {
	int64_t id, lane, due_ms;
};

static int by_lane_and_age(const void *p, const void *q)
{
	const struct front *a = p, *b = q;

	if (a->lane != b->lane)
		return a->lane < b->lane ? -1 : 1;
	if (a->due_ms != b->due_ms)
		return a->due_ms < b->due_ms ? -1 : 1;
	return a->id < b->id ? -1 : a->id > b->id;
}

static enum fault front_of(struct store *s, int64_t account, const char *verb, int64_t now_ms, struct front *pot, int *n, struct err *err)
{
	static const char sql[] = "SELECT j.id, j.lane, j.due_ms FROM job j WHERE j.account_id = ? AND j.verb = ? AND j.state = 'waiting' "
				  "AND j.due_ms <= ? AND " FREE "ORDER BY j.lane, j.due_ms, j.id LIMIT ?";
	struct rows *r = ASK(s, sql, V(account), V(verb), V(now_ms), V((int)PER_VERB));

	while (rows_next(r))
		pot[(*n)++] = (struct front){ rows_int(r, 0), rows_int(r, 1), rows_int(r, 2) };
	return rows_end(r, err);
}

/* The front of each verb's queue, gathered in one pot: no queue is so long that it hides another. */
static enum fault gather(struct store *s, int64_t account, bool live, int64_t now_ms, struct arena *a, struct job *out, int n, int *got, struct err *err)
{
	struct front pot[VERBS * PER_VERB] = { 0 };
	char verb[VERB_NAME] = "";
	enum fault f;
	int in = 0;

	while (!(f = next_waiting(s, account, verb, err)) && *verb)
		if (may_say(verb_from_name(verb), live) && (f = front_of(s, account, verb, now_ms, pot, &in, err)))
			return f;
	qsort(pot, (size_t)in, sizeof *pot, by_lane_and_age);
	for (; *got < in && *got < n && !f; (*got)++)
		f = job_get(s, pot[*got].id, a, &out[*got], err);
	return f;
}

enum fault jobs_due(struct store *s, int64_t account, int64_t now_ms, struct arena *a, struct job *out, int n, int *got, struct err *err)
{
	bool any = false, live = false;
	enum fault f;

	*got = 0;
	store_look(s);
	f = any_due(s, account, now_ms, &any, &live, err);
	if (!f && any)
		f = gather(s, account, live, now_ms, a, out, n, got, err);
	store_look_over(s);
	return f;
}

enum fault jobs_next_due(struct store *s, int64_t now_ms, int64_t *due_ms, struct err *err)
{
	static const char sql[] =
		"SELECT min(due_ms) FROM ("
		"SELECT (SELECT min(j.due_ms) FROM job j WHERE j.account_id = a.id AND j.writes = 0 AND j.state = 'waiting' AND j.due_ms > ?1) "
		"AS due_ms FROM account a WHERE a.enabled = 1 UNION ALL "
		"SELECT (SELECT min(j.due_ms) FROM job j WHERE j.account_id = a.id AND j.writes = 1 AND j.state = 'waiting' AND j.due_ms > ?1) "
		"FROM account a WHERE a.enabled = 1 AND a.mode = 'live') AS soonest";

	return GET_INT(s, err, INT64_MAX, due_ms, sql, V(now_ms));
}

enum fault jobs_in_state(struct store *s, const char *state, struct arena *a, struct job *out, int n, int *got, struct err *err)
{
	/* one literal a state: a partial index is used only when its condition is seen in the text */
	static const char inflight[] = "SELECT " COLUMNS " " FROM "WHERE j.state = 'inflight' AND j.feed_id IS NULL ORDER BY j.state_ms, j.id LIMIT ?";
	static const char sent[] = "SELECT " COLUMNS " " FROM "WHERE j.state = 'sent' ORDER BY j.state_ms, j.id LIMIT ?";
	static const char unsure[] = "SELECT " COLUMNS " " FROM "WHERE j.state = 'unsure' ORDER BY j.state_ms, j.id LIMIT ?";
	static const char failed[] = "SELECT " COLUMNS " " FROM "WHERE j.state = 'failed' ORDER BY j.state_ms, j.id LIMIT ?";
	const char *sql = !strcmp(state, "inflight") ? inflight : !strcmp(state, "sent") ? sent : !strcmp(state, "unsure") ? unsure : failed;

	assert(sql != failed || !strcmp(state, "failed")); /* the other states are no work for anybody */
	return read_jobs(ASK(s, sql, V(n)), a, out, n, got, err);
}

enum fault jobs_of_attempt(struct store *s, int64_t attempt, struct arena *a, struct job **out, int *n, struct err *err)
{
	static const char count[] = "SELECT count(*) FROM attempt_job WHERE attempt_id = ?";
	static const char sql[] = "SELECT " COLUMNS " " FROM "JOIN attempt_job aj ON aj.job_id = j.id WHERE aj.attempt_id = ? ORDER BY j.id";
	int64_t jobs;

	*n = 0;
	if (GET_INT(s, err, 0, &jobs, count, V(attempt)))
		return FAULT_STORE;
	*out = arena_alloc(a, (size_t)(jobs + 1) * sizeof **out);
	return read_jobs(ASK(s, sql, V(attempt)), a, *out, (int)jobs, n, err);
}

enum fault job_verb_due(struct store *s, int64_t account, enum verb verb, int64_t *due_ms, struct err *err)
{
	static const char sql[] = "SELECT max(due_ms) FROM job WHERE account_id = ? AND verb = ? AND state = 'waiting'";

	return GET_INT(s, err, 0, due_ms, sql, V(account), V(verb_name(verb)));
}

enum fault jobs_follow(struct store *s, int64_t account, enum verb verb, bool *yes, struct err *err)
{
	static const char sql[] = "SELECT count(*) FROM (SELECT 1 FROM job WHERE account_id = ? AND verb = ? AND repeats = 0 AND state = 'waiting' LIMIT 1) AS x";
	int64_t n;
	enum fault f = GET_INT(s, err, 0, &n, sql, V(account), V(verb_name(verb)));

	*yes = n > 0;
	return f;
}

char *job_doubt_key(struct arena *a, const char *kind, const struct job *j)
{
	return arena_printf(a, "%s %" PRId64 " %s", kind, j->account, j->subject);
}
