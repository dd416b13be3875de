#include "store/store.h"
#include "trade/feeds.h"
#include "trade/jobs.h"

#include <inttypes.h>
#include <assert.h>
#include <stdio.h>

enum { LAST_SAID = 8, LOOKED_AT = 5000, BREATH_MS = 5000 }; /* no try follows another one sooner (net/retry.c) */

enum fault job_last_read(struct store *s, int64_t account, enum verb verb, int64_t subject_id, int64_t *begun_ms, struct err *err)
{
	/* from the newest back: a write that nothing proves for days is read hundreds of times */
	static const char sql[] = "SELECT a.opened_ms FROM job j JOIN attempt_job aj ON aj.job_id = j.id "
				  "JOIN attempt a ON a.id = aj.attempt_id "
				  "WHERE j.subject_id = ?1 AND j.verb = ?2 AND j.account_id = ?3 AND j.subject_id <> 0 "
				  "AND a.closed_ms > 0 AND a.fault = '' AND aj.fault = '' ORDER BY j.id DESC, aj.attempt_id DESC LIMIT 1";

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

enum fault job_elsewhere(struct store *s, const struct job *j, bool *yes, struct err *err)
{
	static const char sql[] = "SELECT count(*) FROM job WHERE account_id = ?1 AND verb = ?2 AND subject = ?3 AND id <> ?4 "
				  "AND state IN ('waiting', 'inflight', 'sent', 'unsure')";
	int64_t n = 0;
	enum fault f = GET_INT(s, err, 0, &n, sql, V(j->account), V(verb_name(j->verb)), V(j->subject), V(j->id));

	*yes = n > 0;
	return f;
}

enum fault job_over(struct store *s, int64_t account, enum verb verb, const char *subject, int64_t ver, bool *yes, struct err *err)
{
	static const char sql[] = "SELECT count(*) FROM job WHERE key = ?1 AND state IN ('sent', 'done', 'superseded')";
	char key[300];
	int64_t n = 0;
	enum fault f;

	snprintf(key, sizeof key, "%s/%" PRId64 "/%.200s/v%" PRId64 "/i0", verb_name(verb), account, subject, ver);
	f = GET_INT(s, err, 0, &n, sql, V(key));
	*yes = n > 0;
	return f;
}

/* Of the last few that were said: an attempt that is open, or whose answer was lost or not understood, and that nothing read or taken since tells of. */
enum fault offer_lost(struct store *s, int64_t offer, int64_t *qty, struct err *err)
{
	static const char sql[] = "SELECT j.payload FROM (SELECT id, payload FROM job WHERE subject_id = ?1 AND verb = 'stock' ORDER BY id DESC LIMIT ?2) AS j "
				  "JOIN attempt_job k ON k.job_id = j.id JOIN attempt t ON t.id = k.attempt_id WHERE (t.closed_ms = 0 OR t.fault IN ('UNSURE', 'REMOTE', 'FORMAT') "
				  "OR k.fault IN ('UNSURE', 'REMOTE', 'FORMAT')) AND t.opened_ms > (SELECT max(read_ms, pushed_ms) FROM offer WHERE id = ?1)";
	struct arena *a = arena_new();
	struct rows *r = ASK(s, sql, V(offer), V((int)LAST_SAID));
	struct fields payload;

	*qty = -1;
	while (rows_next(r)) {
		int64_t said = fields_unpack(a, rows_text(r, 0), &payload, NULL) ? -1 : fields_int(&payload, "qty", -1);

		*qty = said > *qty ? said : *qty;
	}
	arena_free(a);
	return rows_end(r, err);
}

enum fault offer_coming(struct store *s, int64_t offer, int64_t *qty, struct err *err)
{
	int64_t lost;
	enum fault f = bulk_most(s, offer, qty, err);

	if (!f)
		f = offer_lost(s, offer, &lost, err);
	if (!f && lost > *qty)
		*qty = lost;
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

enum fault zeros_again(struct store *s, int64_t account, const struct cause *why, struct err *err)
{
	enum { SLICE = 200 };
	static const char sql[] = "SELECT j.id FROM job j JOIN offer o ON o.id = j.subject_id WHERE j.account_id = ?1 AND j.verb = 'stock' AND j.state = 'failed' "
				  "AND j.lane = ?2 AND o.target = 0 AND o.ver = j.ver AND j.id > ?3 "
				  "AND NOT EXISTS (SELECT 1 FROM attempt_job k WHERE k.job_id = j.id) ORDER BY j.id LIMIT ?4";
	int64_t id[SLICE], after = 0;
	enum fault f = OK;

	assert(store_in_transaction(s));
	for (int n = SLICE; n == SLICE && !f;) {
		struct rows *r = ASK(s, sql, V(account), V((int)LANE_ZERO), V(after), V((int)SLICE));

		for (n = 0; rows_next(r);)
			id[n++] = rows_int(r, 0);
		f = rows_end(r, err);
		for (int i = 0; i < n && !f; i++)
			f = job_again(s, after = id[i], why->now_ms, OK, "what stood in its way is settled", false, why, err);
	}
	return f;
}

enum fault job_drop_check(struct store *s, const struct job *proved, enum verb check, const struct cause *why, struct err *err)
{
	static const char sql[] = "SELECT id FROM job WHERE subject_id = ? AND verb = ? AND state = 'waiting' AND parent_id = ? AND fails = 0 LIMIT 1";
	int64_t id;

	if (GET_INT(s, err, 0, &id, sql, V(proved->subject_id), V(verb_name(check)), V(proved->id)))
		return FAULT_STORE;
	return id ? job_supersede(s, id, "another reading showed it", why, err) : OK;
}

enum fault zeros_unseen(struct store *s, int64_t account, int64_t before_ms, int64_t *n, struct err *err)
{
	static const char sql[] = "SELECT count(*) FROM offer WHERE push_state = 'SETTLING' AND account_id = ? AND hold <> '' AND pushed = 0 AND pushed_ms < ?";

	return GET_INT(s, err, 0, n, sql, V(account), V(before_ms));
}

enum fault job_hold(struct store *s, int64_t id, int64_t due_ms, const char *text, struct err *err)
{
	static const char sql[] = "UPDATE job SET due_ms = ?2, text = ?3 WHERE id = ?1 AND state = 'waiting'";

	assert(store_in_transaction(s));
	return RUN(s, err, sql, V(id), V(due_ms), V(text));
}

enum fault job_hurry(struct store *s, int64_t id, int64_t due_ms, struct err *err)
{
	static const char sql[] = "UPDATE job SET due_ms = ?2 WHERE id = ?1 AND state = 'waiting' AND due_ms > ?2";

	return RUN(s, err, sql, V(id), V(due_ms));
}

/* What failed a moment ago is not tried again in the same moment, whoever is in a hurry. */
#define SOONEST "CASE WHEN fault IN ('NET', 'UNSURE', 'REMOTE', 'BUSY') AND state_ms + ?4 > ?3 THEN state_ms + ?4 ELSE ?3 END "

enum fault job_hurry_verb(struct store *s, int64_t account, enum verb verb, int64_t due_ms, struct err *err)
{
	static const char sql[] = "UPDATE job SET due_ms = " SOONEST "WHERE account_id = ?1 AND verb = ?2 AND state = 'waiting' AND repeats = 1 AND due_ms > " SOONEST;

	return RUN(s, err, sql, V(account), V(verb_name(verb)), V(due_ms), V((int)BREATH_MS));
}

enum fault jobs_revive(struct store *s, int64_t account, const struct cause *why, struct err *err)
{
	static const char sql[] = "UPDATE job SET state = 'waiting', due_ms = ?2, state_ms = ?2, fails = 0, fault = '', text = '' "
				  "WHERE account_id = ?1 AND repeats = 1 AND state = 'failed'";

	return RUN(s, err, sql, V(account), V(why->now_ms));
}

/* Where a look that begins at `from` ends; INT64_MAX: it sees all that there is. */
static enum fault look_end(struct store *s, const char *verb, struct proof_at from, struct proof_at *to, struct err *err)
{
	static const char sql[] = "SELECT state_ms, id FROM job WHERE verb = ?1 AND state IN ('sent', 'unsure') AND (state_ms, id) > (?2, ?3) ORDER BY state_ms, id LIMIT 1 OFFSET ?4";
	struct rows *r = ASK(s, sql, V(verb), V(from.ms), V(from.id), V(LOOKED_AT - 1));

	*to = (struct proof_at){ INT64_MAX, INT64_MAX };
	if (rows_next(r))
		*to = (struct proof_at){ rows_int(r, 0), rows_int(r, 1) };
	return rows_end(r, err);
}

static enum fault stock_unproved(struct store *s, int64_t read_before_ms, struct proof_at *at, int64_t *out, int n, int *got, struct err *err)
{
	static const char sql[] =
		"SELECT j.id, j.state_ms FROM job j JOIN offer o ON o.id = j.subject_id WHERE j.verb = ?1 AND j.state IN ('sent', 'unsure') AND (j.state_ms, j.id) > (?4, ?5) "
		"AND (j.state_ms, j.id) <= (?6, ?7) AND (o.push_state <> 'SETTLING' OR o.ver <> j.ver OR (j.feed_id IS NULL AND j.state_ms < ?3 "
		"AND NOT EXISTS (SELECT 1 FROM job r WHERE r.account_id = j.account_id AND r.verb = 'stock-read' AND r.subject = j.subject AND r.state = 'waiting'))) "
		"ORDER BY j.state_ms, j.id LIMIT ?2";
	const char *verb = verb_name(VERB_STOCK);
	struct proof_at to, last = { 0 };
	struct rows *r;

	if (look_end(s, verb, *at, &to, err))
		return FAULT_STORE;
	r = ASK(s, sql, V(verb), V(n), V(read_before_ms), V(at->ms), V(at->id), V(to.ms), V(to.id));
	for (*got = 0; *got < n && rows_next(r);) {
		last = (struct proof_at){ rows_int(r, 1), rows_int(r, 0) };
		out[(*got)++] = last.id;
	}
	*at = *got == n ? last : to;
	if (at->ms == INT64_MAX) /* the next look begins anew */
		*at = (struct proof_at){ 0 };
	return rows_end(r, err);
}

enum fault jobs_unproved(struct store *s, enum verb verb, int64_t read_before_ms, struct proof_at *at, int64_t *out, int n, int *got, struct err *err)
{
	static const char sql[] = "SELECT id FROM job WHERE verb = ?1 AND state IN ('sent', 'unsure') ORDER BY state_ms, id LIMIT ?2";
	struct rows *r;

	if (verb == VERB_STOCK)
		return stock_unproved(s, read_before_ms, at, out, n, got, err);
	r = ASK(s, sql, V(verb_name(verb)), V(n));
	for (*got = 0; *got < n && rows_next(r);)
		out[(*got)++] = rows_int(r, 0);
	return rows_end(r, err);
}

enum fault job_was_done(struct store *s, int64_t account, enum verb verb, const char *subject, bool *yes, struct err *err)
{
	/* reads have keys verb/account/subject/nNUMBER: a range of the key's own index */
	static const char sql[] = "SELECT count(*) FROM job WHERE key >= ?1 AND key < ?2 AND state = 'done'";
	char from[300], to[300];
	int64_t n = 0;
	enum fault f;

	snprintf(from, sizeof from, "%s/%" PRId64 "/%.200s/n", verb_name(verb), account, subject);
	snprintf(to, sizeof to, "%s/%" PRId64 "/%.200s/o", verb_name(verb), account, subject);
	f = GET_INT(s, err, 0, &n, sql, V(from), V(to));
	*yes = n > 0;
	return f;
}
