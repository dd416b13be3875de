#include "trade/jobs.h"

#include "store/store.h"
#include "trade/change.h"
#include "trade/offers.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PER_VERB = 16, VERB_NAME = 24 };

static const char *or_empty(const char *s)
{
	return s ? s : "";
}

/* ---- reading ---- */

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
	bool any = false, live = false, own;
	enum fault f = any_due(s, account, now_ms, &any, &live, err);

	*got = 0;
	if (f || !any)
		return f;
	own = !store_in_transaction(s); /* one snapshot, locked once and not with each of its questions */
	f = own ? store_begin_read(s, err) : OK;
	if (!f)
		f = gather(s, account, live, now_ms, a, out, n, got, err);
	if (own)
		store_rollback(s);
	return f;
}

enum fault jobs_set_back(struct store *s, int64_t now_ms, int64_t by_ms, struct err *err)
{
	static const char sql[] = "UPDATE job SET due_ms = max(due_ms + ?2, ?1) WHERE state = 'waiting' AND due_ms > ?1";

	assert(store_in_transaction(s));
	return RUN(s, err, sql, V(now_ms), V(by_ms));
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

/* ---- planning ---- */

/*
 * The same decision has the same key: a version of an offer, or an intent about a subject. Reads decide nothing: each has
 * a key of its own.
 */
static enum fault plan_key(struct store *s, const struct job_plan *p, struct arena *a, const char **key, struct err *err)
{
	static const char sql[] = "SELECT coalesce(max(id), 0) + 1 FROM job";
	char *base = arena_printf(a, "%s/%" PRId64 "/%s", verb_name(p->verb), p->account, or_empty(p->subject));
	int64_t next;

	*key = base;
	if (p->repeats)
		return OK;
	if (verb_writes(p->verb) && (p->ver || p->intent_id)) {
		*key = arena_printf(a, "%s/v%" PRId64 "/i%" PRId64, base, p->ver, p->intent_id);
		return OK;
	}
	if (store_get_int(s, err, 1, &next, sql, NULL, 0))
		return FAULT_STORE;
	*key = arena_printf(a, "%s/n%" PRId64, base, next);
	return OK;
}

static enum fault known_key(struct store *s, const struct job_plan *p, const char *key, int64_t *id, struct err *err)
{
	static const char sql[] = "SELECT id FROM job WHERE key = ?";
	static const char sooner[] = "UPDATE job SET due_ms = ?1 WHERE id = ?2 AND state = 'waiting' AND repeats = 1 AND due_ms > ?1";

	if (GET_INT(s, err, 0, id, sql, V(key)))
		return FAULT_STORE;
	return *id && p->repeats ? RUN(s, err, sooner, V(p->due_ms), V(*id)) : OK;
}

static enum fault insert_job(struct store *s, const struct job_plan *p, const char *key, const char *payload, const struct cause *why,
                             int64_t *id, struct err *err)
{
	static const char sql[] = "INSERT INTO job (account_id, verb, subject, subject_id, lane, writes, repeats, key, payload, ver, due_ms, "
				  "intent_id, parent_id, trace, made_ms, state_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, "
				  "?12, ?13, ?14, ?15, ?15) RETURNING id";

	if (RUN_ID(s, err, id, sql, V(p->account), V(verb_name(p->verb)), V(or_empty(p->subject)), V(p->subject_id), V((int)p->lane),
	           V(verb_writes(p->verb)), V(p->repeats), V(key), V(payload), V(p->ver), V(p->due_ms),
	           p->intent_id ? V(p->intent_id) : V_NULL, p->parent_id ? V(p->parent_id) : V_NULL, V(or_empty(why->trace)), V(why->now_ms)))
		return FAULT_STORE;
	return verb_writes(p->verb) ? change_text(s, "job", *id, "state", NULL, "waiting", why->now_ms, why, err) : OK;
}

struct waiting {
	int64_t id, due_ms;
	bool frozen;
	const char *payload;
};

static enum fault waiting_for(struct store *s, const struct job_plan *p, struct arena *a, struct waiting *w, struct err *err)
{
	static const char sql[] = "SELECT id, due_ms, frozen, payload FROM job WHERE account_id = ? AND verb = ? AND subject = ? "
				  "AND state = 'waiting'";
	struct rows *r = ASK(s, sql, V(p->account), V(verb_name(p->verb)), V(or_empty(p->subject)));

	*w = (struct waiting){ 0 };
	if (rows_next(r))
		*w = (struct waiting){ rows_int(r, 0), rows_int(r, 1), rows_int(r, 2) != 0, rows_keep(r, 3, a) };
	return rows_end(r, err);
}

/* Nobody has heard the older decision yet: the newer one takes its row. */
static enum fault replace(struct store *s, const struct waiting *w, const struct job_plan *p, const char *key, const char *payload,
                          const struct cause *why, struct err *err)
{
	static const char sql[] = "UPDATE job SET key = ?, payload = ?, ver = ?, lane = ?, due_ms = ?, intent_id = ?, parent_id = ?, trace = ? "
				  "WHERE id = ?";

	if (RUN(s, err, sql, V(key), V(payload), V(p->ver), V((int)p->lane), V(p->due_ms < w->due_ms ? p->due_ms : w->due_ms),
	        p->intent_id ? V(p->intent_id) : V_NULL, p->parent_id ? V(p->parent_id) : V_NULL, V(or_empty(why->trace)), V(w->id)))
		return FAULT_STORE;
	return verb_writes(p->verb) ? change_text(s, "job", w->id, "payload", w->payload, payload, why->now_ms, why, err) : OK;
}

static enum fault plan(struct store *s, const struct job_plan *p, struct arena *a, const struct cause *why, int64_t *id, struct err *err)
{
	const char *payload = p->payload ? fields_pack(p->payload, a) : "", *key;
	struct waiting w;

	if (plan_key(s, p, a, &key, err) || known_key(s, p, key, id, err))
		return FAULT_STORE;
	if (*id)
		return OK;
	if (waiting_for(s, p, a, &w, err))
		return FAULT_STORE;
	*id = w.id;
	if (w.id && !w.frozen)
		return replace(s, &w, p, key, payload, why, err);
	if (w.id && !verb_writes(p->verb) && !strcmp(w.payload, payload))
		return OK; /* the same question waits for its retry: asking anew would only jump the queue */
	if (w.id && job_supersede(s, w.id, "a newer decision replaced it", why, err))
		return FAULT_STORE;
	return insert_job(s, p, key, payload, why, id, err);
}

enum fault job_plan(struct store *s, const struct job_plan *p, const struct cause *why, int64_t *id, struct err *err)
{
	struct arena *a = arena_new();
	enum fault f;
	int64_t own;

	assert(store_in_transaction(s));
	assert(p->verb < VERBS && p->lane < LANES);
	f = plan(s, p, a, why, id ? id : &own, err);
	arena_free(a);
	return f;
}

char *job_doubt_key(struct arena *a, const char *kind, const struct job *j)
{
	return arena_printf(a, "%s %" PRId64 " %s", kind, j->account, j->subject);
}

/* ---- stepping ---- */

struct step {
	const char *state;
	enum fault fault;
	const char *text;
	int64_t due_ms;    /* 0: as it is */
	int64_t unsure_ms; /* 0: as it is */
	int fails;         /* 1: one more, 0: as they are, -1: none any more */
	int tries;
};

struct now {
	char state[16], fault[16];
	bool writes;
};

static enum fault read_now(struct store *s, int64_t id, struct now *out, struct err *err)
{
	static const char sql[] = "SELECT state, fault, writes FROM job WHERE id = ?";
	struct rows *r = ASK(s, sql, V(id));
	bool found = rows_next(r);

	if (found) {
		snprintf(out->state, sizeof out->state, "%s", rows_text(r, 0));
		snprintf(out->fault, sizeof out->fault, "%s", rows_text(r, 1));
		out->writes = rows_int(r, 2) != 0;
	}
	if (rows_end(r, err))
		return FAULT_STORE;
	return found ? OK : err_set(err, FAULT_REFUSED, "there is no job %" PRId64, id);
}

/* A quantity that was in doubt no longer is: what waited for it is thought over again. */
static enum fault wake_offers(struct store *s, int64_t id, const struct cause *why, struct err *err)
{
	static const char sql[] = "SELECT subject_id FROM job WHERE id = ? AND verb = 'stock'";
	int64_t offer;

	if (GET_INT(s, err, 0, &offer, sql, V(id)))
		return FAULT_STORE;
	return offer ? offer_wake(s, offer, why->now_ms, err) : OK;
}

static enum fault step(struct store *s, int64_t id, const struct step *to, const struct cause *why, struct err *err)
{
	static const char sql[] = "UPDATE job SET state = ?1, fault = ?2, text = ?3, due_ms = CASE WHEN ?4 = 0 THEN due_ms ELSE ?4 END, "
				  "unsure_ms = CASE WHEN ?5 = 0 THEN unsure_ms ELSE ?5 END, "
				  "fails = CASE ?6 WHEN -1 THEN 0 ELSE fails + ?6 END, tries = tries + ?7, state_ms = ?8 WHERE id = ?9";
	const char *fault = to->fault ? fault_name(to->fault) : "";
	struct now was;
	enum fault f;

	assert(store_in_transaction(s));
	f = read_now(s, id, &was, err);
	if (f)
		return f;
	if (RUN(s, err, sql, V(to->state), V(fault), V(or_empty(to->text)), V(to->due_ms), V(to->unsure_ms), V(to->fails), V(to->tries),
	        V(why->now_ms), V(id)))
		return FAULT_STORE;
	if (!was.writes)
		return OK;
	if (change_text(s, "job", id, "state", was.state, to->state, why->now_ms, why, err))
		return FAULT_STORE;
	if ((!strcmp(was.state, "inflight") || !strcmp(was.state, "unsure")) && wake_offers(s, id, why, err))
		return FAULT_STORE;
	return to->fault ? change_text(s, "job", id, "fault", was.fault, fault, why->now_ms, why, err) : OK;
}

enum fault job_inflight(struct store *s, int64_t id, int64_t attempt, const struct cause *why, struct err *err)
{
	static const char sql[] = "SELECT count(*) FROM attempt_job WHERE attempt_id = ? AND job_id = ?";
	struct step to = { .state = "inflight", .tries = 1 };
	int64_t opened;

	if (GET_INT(s, err, 0, &opened, sql, V(attempt), V(id)))
		return FAULT_STORE;
	assert(opened); /* no byte leaves without its row */
	return step(s, id, &to, why, err);
}

enum fault job_into_feed(struct store *s, int64_t id, int64_t feed, const struct cause *why, struct err *err)
{
	static const char sql[] = "UPDATE job SET feed_id = ?1, frozen = 1, route = 'feed', route_why = (SELECT why FROM feed WHERE id = ?1) WHERE id = ?2";
	struct step to = { .state = "inflight", .tries = 1 };
	char text[40];

	snprintf(text, sizeof text, "in feed %" PRId64, feed);
	to.text = text;
	return RUN(s, err, sql, V(feed), V(id)) ? FAULT_STORE : step(s, id, &to, why, err);
}

enum fault job_route(struct store *s, int64_t id, const char *route, const char *reason, struct err *err)
{
	static const char sql[] = "UPDATE job SET route = ?, route_why = ? WHERE id = ?";

	return RUN(s, err, sql, V(route), V(reason), V(id));
}

enum fault job_routed(struct store *s, int64_t id, const char *route, const char *reason, struct err *err)
{
	static const char sql[] = "UPDATE job SET route = ?, route_why = ? WHERE id = ? AND (route = '' OR route = 'feed')";

	return RUN(s, err, sql, V(route), V(reason), V(id));
}

enum fault job_sent(struct store *s, int64_t id, const char *text, const struct cause *why, struct err *err)
{
	return step(s, id, &(struct step){ .state = "sent", .text = text, .fails = -1 }, why, err);
}

enum fault job_done(struct store *s, int64_t id, const char *text, const struct cause *why, struct err *err)
{
	return step(s, id, &(struct step){ .state = "done", .text = text, .fails = -1 }, why, err);
}

/* Is a newer decision waiting, or was one said already? Quantities are said in the order in which they were decided. */
static enum fault newer_decided(struct store *s, int64_t id, bool *out, struct err *err)
{
	static const char waits[] = "SELECT count(*) FROM job j JOIN job n ON n.account_id = j.account_id AND n.verb = j.verb "
				    "AND n.subject = j.subject AND n.state = 'waiting' AND n.id <> j.id WHERE j.id = ?";
	static const char said[] = "SELECT count(*) FROM job j JOIN job n ON n.subject_id = j.subject_id AND n.verb = j.verb AND n.ver > j.ver "
				   "AND n.account_id = j.account_id WHERE j.id = ? AND j.subject_id <> 0 AND n.subject_id <> 0 "
				   "AND n.state IN ('inflight', 'sent', 'done', 'unsure')";
	int64_t n = 0;
	enum fault f = GET_INT(s, err, 0, &n, waits, V(id));

	if (!f && !n)
		f = GET_INT(s, err, 0, &n, said, V(id));
	*out = n > 0;
	return f;
}

enum fault job_again(struct store *s, int64_t id, int64_t due_ms, enum fault fault, const char *text, bool counts, const struct cause *why,
                     struct err *err)
{
	struct step to = { .state = "waiting", .fault = fault, .text = text, .due_ms = due_ms, .fails = counts ? 1 : fault ? 0 : -1 };
	bool newer;

	if (newer_decided(s, id, &newer, err))
		return FAULT_STORE;
	return newer ? job_supersede(s, id, "a newer decision replaced it", why, err) : step(s, id, &to, why, err);
}

enum fault job_fail(struct store *s, int64_t id, enum fault fault, const char *text, const struct cause *why, struct err *err)
{
	return step(s, id, &(struct step){ .state = "failed", .fault = fault, .text = text, .fails = 1 }, why, err);
}

enum fault job_unsure(struct store *s, int64_t id, const char *text, const struct cause *why, struct err *err)
{
	return step(s, id, &(struct step){ .state = "unsure", .fault = FAULT_UNSURE, .text = text, .unsure_ms = why->now_ms, .fails = 1 }, why,
	            err);
}

enum fault job_supersede(struct store *s, int64_t id, const char *text, const struct cause *why, struct err *err)
{
	return step(s, id, &(struct step){ .state = "superseded", .text = text }, why, err);
}

enum fault job_verb_due(struct store *s, int64_t account, enum verb verb, int64_t *due_ms, struct err *err)
{
	static const char sql[] = "SELECT max(due_ms) FROM job WHERE account_id = ? AND verb = ? AND state = 'waiting'";

	return GET_INT(s, err, 0, due_ms, sql, V(account), V(verb_name(verb)));
}

/* ---- after a crash ---- */

static const char ended[] = "the engine ended before the answer came";

enum fault job_recover(struct store *s, int64_t id, bool again, const char *text, const struct cause *why, struct err *err)
{
	return again ? job_again(s, id, why->now_ms, FAULT_NET, text, false, why, err) : job_unsure(s, id, text, why, err);
}

enum fault jobs_follow(struct store *s, int64_t account, enum verb verb, bool *yes, struct err *err)
{
	static const char sql[] = "SELECT count(*) FROM (SELECT 1 FROM job WHERE account_id = ? AND verb = ? AND repeats = 0 AND state = 'waiting' LIMIT 1) AS x";
	int64_t n;
	enum fault f = GET_INT(s, err, 0, &n, sql, V(account), V(verb_name(verb)));

	*yes = n > 0;
	return f;
}

enum fault jobs_recover(struct store *s, bool (*repeatable)(void *ctx, int64_t account, enum verb verb), void *ctx, const struct cause *why,
                        int *n, struct err *err)
{
	static const char close[] = "UPDATE attempt SET closed_ms = ?, fault = 'UNSURE', text = ? WHERE closed_ms = 0";
	enum { SLICE = 64 };
	struct arena *a = arena_new();
	struct job *job = arena_alloc(a, SLICE * sizeof *job);
	enum fault f = OK;
	int got = SLICE;

	assert(store_in_transaction(s));
	for (*n = 0; !f && got == SLICE; *n += got) { /* each one leaves the state it is looked for in */
		f = jobs_in_state(s, "inflight", a, job, SLICE, &got, err);
		for (int i = 0; !f && i < got; i++)
			f = job_recover(s, job[i].id, !verb_writes(job[i].verb) || repeatable(ctx, job[i].account, job[i].verb), ended, why, err);
	}
	if (!f)
		f = RUN(s, err, close, V(why->now_ms), V(ended));
	arena_free(a);
	return f;
}
