#include "trade/jobs.h"

#include "base/text.h"
#include "store/store.h"
#include "trade/alerts.h"
#include "trade/change.h"
#include "trade/offers.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

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
	if (RUN(s, err, sql, V(to->state), V(fault), V(text_or_empty(to->text)), V(to->due_ms), V(to->unsure_ms), V(to->fails), V(to->tries),
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

enum fault jobs_shown(struct store *s, int64_t offer, int64_t ver, const struct cause *why, struct err *err)
{
	enum { MOST = 32 };
	static const char sql[] = "SELECT id, ver, account_id, subject FROM job WHERE subject_id = ? AND verb = 'stock' AND state = 'failed' AND text = ? ORDER BY id DESC LIMIT ?";
	struct arena *a = arena_new();
	struct rows *r = ASK(s, sql, V(offer), V(JOB_NOT_APPLIED), V((int)MOST));
	struct job j[MOST];
	enum fault f;
	int n = 0;

	for (; n < MOST && rows_next(r); n++)
		j[n] = (struct job){ .id = rows_int(r, 0), .ver = rows_int(r, 1), .account = rows_int(r, 2), .subject = rows_keep(r, 3, a) };
	f = rows_end(r, err);
	for (int i = 0; i < n && !f; i++) {
		f = j[i].ver >= ver ? job_done(s, j[i].id, "seen in a later reading of theirs", why, err) : job_supersede(s, j[i].id, "a newer decision replaced it, and is seen", why, err);
		if (!f)
			f = alert_close(s, job_doubt_key(a, "not-applied", &j[i]), why->now_ms, err);
	}
	arena_free(a);
	return f;
}

/* ---- after a crash ---- */

static const char ended[] = "the engine ended before the answer came";

enum fault job_recover(struct store *s, int64_t id, bool again, const char *text, const struct cause *why, struct err *err)
{
	return again ? job_again(s, id, why->now_ms, FAULT_NET, text, false, why, err) : job_unsure(s, id, text, why, err);
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
