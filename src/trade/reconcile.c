/*
 * reconcile.c: runs: when one is due, its beginning, the pull of its lists. Comparing is rec_compare.c's, a single difference rec_rows.c's.
 */
#include "trade/reconcile.h"

#include "store/store.h"
#include "trade/alerts.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

enum { DAY_MS = 24 * 3600 * 1000, WEEK_MS = 7 * DAY_MS };

#define RULE "rule:reconcile" /* the actor of what the schedule does */

/* ---- reading ---- */

#define RUN_COLUMNS                                                                                                              \
	"SELECT r.id, r.account_id, c.name, r.state, r.text, r.actor, r.trace, r.whole, r.planned_ms, r.began_ms, r.pulled_ms, r.ended_ms, r.upto, " \
	"r.pages, r.listed, r.compared, r.settling, r.drifting, r.alerting, r.corrected, r.undecided, r.unseen, r.ghosts, r.young "             \
	"FROM rec_run r JOIN account c ON c.id = r.account_id "

static struct rec_run read_run(const struct rows *r, struct arena *a)
{
	struct rec_run out = {
		.id = rows_int(r, 0),
		.account = rows_int(r, 1),
		.account_name = rows_keep(r, 2, a),
		.state = rows_keep(r, 3, a),
		.text = rows_keep(r, 4, a),
		.actor = rows_keep(r, 5, a),
		.trace = rows_keep(r, 6, a),
		.whole = rows_int(r, 7) != 0,
	};
	int64_t *const at[] = { &out.planned_ms, &out.began_ms, &out.pulled_ms, &out.ended_ms, &out.upto,      &out.pages,  &out.listed, &out.compared,
		                &out.settling,   &out.drifting, &out.alerting,  &out.corrected, &out.undecided, &out.unseen, &out.ghosts, &out.young };

	for (int i = 0; i < (int)(sizeof at / sizeof *at); i++)
		*at[i] = rows_int(r, 8 + i);
	return out;
}

static enum fault one_run(struct rows *r, struct arena *a, struct rec_run *out, struct err *err)
{
	*out = (struct rec_run){ 0 };
	if (rows_next(r))
		*out = read_run(r, a);
	return rows_end(r, err);
}

enum fault rec_run_get(struct store *s, int64_t id, struct arena *a, struct rec_run *out, struct err *err)
{
	static const char sql[] = RUN_COLUMNS "WHERE r.id = ?";

	if (one_run(ASK(s, sql, V(id)), a, out, err))
		return FAULT_STORE;
	return out->id ? OK : err_set(err, FAULT_REFUSED, "there is no run %" PRId64, id);
}

enum fault rec_run_open(struct store *s, int64_t account, struct arena *a, struct rec_run *out, struct err *err)
{
	static const char sql[] = RUN_COLUMNS "WHERE r.account_id = ? AND (r.state = 'PULLING' OR r.state = 'COMPARING')";

	return one_run(ASK(s, sql, V(account)), a, out, err);
}

enum fault rec_runs(struct store *s, int64_t account, int64_t before, int n, struct arena *a, struct rec_run **out, int *got, struct err *err)
{
	static const char all[] = RUN_COLUMNS "WHERE r.id < ? ORDER BY r.id DESC LIMIT ?";
	static const char of_account[] = RUN_COLUMNS "WHERE r.account_id = ? AND r.id < ? ORDER BY r.id DESC LIMIT ?";
	int64_t below = before ? before : INT64_MAX;
	struct rows *r = account ? ASK(s, of_account, V(account), V(below), V(n)) : ASK(s, all, V(below), V(n));

	*out = arena_alloc(a, (size_t)(n + 1) * sizeof **out);
	for (*got = 0; rows_next(r);)
		(*out)[(*got)++] = read_run(r, a);
	return rows_end(r, err);
}

enum fault rec_refusals(struct store *s, struct arena *a, struct rec_refused **out, int *n, struct err *err)
{
	static const char sql[] = "SELECT c.name, r.text, r.began_ms FROM account c JOIN rec_run r ON r.id = (SELECT max(id) FROM rec_run WHERE account_id = c.id) "
				  "WHERE c.enabled = 1 AND r.state = 'REFUSED' ORDER BY c.name";
	struct rows *r = ASK(s, sql);
	int cap = 0;

	*out = NULL;
	for (*n = 0; rows_next(r);) {
		*out = arena_grow(a, *out, *n, &cap, sizeof **out);
		(*out)[(*n)++] = (struct rec_refused){ rows_keep(r, 0, a), rows_keep(r, 1, a), rows_int(r, 2) };
	}
	return rows_end(r, err);
}

/* ---- when ---- */

/* On a grid from the first one, so that six a day are six a day; what was missed is made up for once, and begins a grid of its own. */
enum fault rec_due(struct store *s, int64_t account, const struct rec_rule *r, int64_t now_ms, bool *due, bool *whole, int64_t *planned_ms,
                   struct err *err)
{
	static const char last[] = "SELECT max(planned_ms) FROM rec_run WHERE account_id = ? AND actor = '" RULE "'";
	static const char last_whole[] = "SELECT max(planned_ms) FROM rec_run WHERE account_id = ? AND whole = 1 AND state IN ('PULLING', 'COMPARING', 'COMPLETE')";
	static const char made[] = "SELECT made_ms FROM account WHERE id = ?"; /* on its first day counts and mappings are still being read */
	int64_t was, was_whole, made_ms;

	if (GET_INT(s, err, 0, &was, last, V(account)) || GET_INT(s, err, 0, &was_whole, last_whole, V(account)) ||
	    GET_INT(s, err, 0, &made_ms, made, V(account)))
		return FAULT_STORE;
	*planned_ms = was + r->every_ms;
	*due = *planned_ms <= now_ms || was > now_ms; /* the second: the clock was set back */
	if (*due && (*planned_ms <= now_ms - r->every_ms || *planned_ms > now_ms))
		*planned_ms = now_ms;
	*whole = r->weekly && made_ms <= now_ms - DAY_MS && (was_whole <= now_ms - WEEK_MS || was_whole > now_ms);
	return OK;
}

enum fault rec_offers(struct store *s, int64_t account, int64_t *n, struct err *err)
{
	static const char sql[] = "SELECT count(*) FROM offer WHERE account_id = ?";

	return GET_INT(s, err, 0, n, sql, V(account));
}

enum fault rec_pull_calls(struct store *s, int64_t account, int64_t per_call, int lists, int64_t *calls, struct err *err)
{
	static const char sql[] = "SELECT pages FROM rec_run WHERE account_id = ? AND state = 'COMPLETE' ORDER BY id DESC LIMIT 1";
	int64_t offers;

	if (GET_INT(s, err, 0, calls, sql, V(account)))
		return FAULT_STORE;
	if (*calls)
		return OK;
	if (rec_offers(s, account, &offers, err))
		return FAULT_STORE;
	*calls = offers / (per_call > 0 ? per_call : 1) + lists;
	return OK;
}

/* ---- beginning ---- */

static enum fault insert_run(struct store *s, int64_t account, const char *state, bool whole, int64_t planned_ms, const char *text,
                             const struct cause *why, int64_t *run, struct err *err)
{
	static const char sql[] = "INSERT INTO rec_run (account_id, whole, state, text, actor, planned_ms, began_ms, ended_ms, trace, config_id) "
				  "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id";
	bool over = !strcmp(state, "REFUSED");

	return RUN_ID(s, err, run, sql, V(account), V(whole), V(state), V(text), V(why->actor), V(planned_ms), V(why->now_ms),
	              V(over ? why->now_ms : (int64_t)0), V(why->trace), why->config_id ? V(why->config_id) : V_NULL);
}

static const char *refused_key(struct arena *a, int64_t account)
{
	return arena_printf(a, "reconcile %" PRId64, account);
}

static enum fault close_refused(struct store *s, int64_t account, int64_t now_ms, struct err *err)
{
	struct arena *a = arena_new();
	enum fault f = alert_close(s, refused_key(a, account), now_ms, err);

	arena_free(a);
	return f;
}

enum fault rec_begin(struct store *s, int64_t account, const char *const *list, int lists, bool whole, int64_t planned_ms, const struct cause *why,
                     int64_t *run, struct err *err)
{
	static const char walk[] = "INSERT INTO rec_walk (run_id, subject) VALUES (?, ?)";
	enum fault f;

	assert(store_in_transaction(s) && lists > 0);
	f = insert_run(s, account, "PULLING", whole, planned_ms, "", why, run, err);
	for (int i = 0; i < lists && !f; i++)
		f = RUN(s, err, walk, V(*run), V(list[i]));
	return f ? f : close_refused(s, account, why->now_ms, err);
}

enum fault rec_refuse(struct store *s, int64_t account, const char *name, bool whole, int64_t planned_ms, const char *text, const struct cause *why,
                      struct err *err)
{
	struct arena *a = arena_new();
	struct alert alert = {
		.key = refused_key(a, account),
		.kind = "reconcile",
		.severity = "WARN",
		.account = account,
		.subject = name,
		.text = text,
		.next = "tried again at the next time of the schedule; quantities go on being read and proved as usual",
	};
	int64_t run;
	enum fault f = insert_run(s, account, "REFUSED", whole, planned_ms, text, why, &run, err);

	if (!f)
		f = alert_raise(s, &alert, why->now_ms, err);
	arena_free(a);
	return f;
}

/* ---- pulling ---- */

static enum fault note_page(struct store *s, int64_t run, const struct rec_page *p, int64_t now_ms, struct err *err)
{
	static const char first[] = "UPDATE rec_walk SET begun_ms = ?, pages = 1, listed = ?, unread = ?, total = ? WHERE run_id = ? AND subject = ? AND done_ms = 0";
	static const char next[] = "UPDATE rec_walk SET pages = pages + 1, listed = listed + ?1, unread = unread + ?2, total = CASE WHEN ?3 > total THEN ?3 ELSE total END "
				   "WHERE run_id = ?4 AND subject = ?5 AND done_ms = 0 AND begun_ms > 0";
	static const char last[] = "UPDATE rec_walk SET done_ms = ? WHERE run_id = ? AND subject = ? AND done_ms = 0 AND begun_ms > 0";
	enum fault f = p->first ? RUN(s, err, first, V(p->begun_ms), V(p->listed), V(p->unread), V(p->total), V(run), V(p->list))
	                        : RUN(s, err, next, V(p->listed), V(p->unread), V(p->total), V(run), V(p->list));

	return f || !p->last ? f : RUN(s, err, last, V(now_ms), V(run), V(p->list));
}

/* All pages are in. Fewer listings than they say there are: the list moved under the walk, or something is withheld. */
static enum fault end_pull(struct store *s, int64_t run, const char *text, int64_t now_ms, struct err *err)
{
	static const char sql[] = "UPDATE rec_run SET state = 'COMPARING', pulled_ms = ?1, text = ?2, "
				  "pages = (SELECT coalesce(sum(pages), 0) FROM rec_walk WHERE run_id = ?3), "
				  "listed = (SELECT coalesce(sum(listed), 0) FROM rec_walk WHERE run_id = ?3) WHERE id = ?3 AND state = 'PULLING'";

	return RUN(s, err, sql, V(now_ms), V(text), V(run));
}

static enum fault count_check(struct store *s, int64_t run, struct arena *a, const char **text, struct err *err)
{
	static const char sql[] = "SELECT subject, listed, total FROM rec_walk WHERE run_id = ? AND total > listed ORDER BY subject LIMIT 1";
	struct rows *r = ASK(s, sql, V(run));

	*text = "";
	if (rows_next(r))
		*text = arena_printf(a, "their list %s had %" PRId64 " of the %" PRId64 " listings that they say there are", rows_text(r, 0), rows_int(r, 1), rows_int(r, 2));
	return rows_end(r, err);
}

enum fault rec_heard(struct store *s, int64_t account, const struct rec_page *p, const struct cause *why, bool *pulled, struct err *err)
{
	static const char left[] = "SELECT count(*) FROM rec_walk WHERE run_id = ? AND done_ms = 0";
	struct arena *a = arena_new();
	struct rec_run run;
	const char *text;
	int64_t n = 1;
	enum fault f = rec_run_open(s, account, a, &run, err);

	*pulled = false;
	if (!f && run.id && !strcmp(run.state, "PULLING") && p->begun_ms >= run.began_ms) {
		f = note_page(s, run.id, p, why->now_ms, err);
		if (!f && p->last)
			f = GET_INT(s, err, 1, &n, left, V(run.id));
		*pulled = !f && !n;
	}
	if (*pulled && !(f = count_check(s, run.id, a, &text, err)))
		f = end_pull(s, run.id, text, why->now_ms, err);
	arena_free(a);
	return f;
}

enum fault rec_unbegun(struct store *s, int64_t run, bool *yes, struct err *err)
{
	static const char sql[] = "SELECT count(*) FROM rec_walk WHERE run_id = ? AND begun_ms = 0";
	int64_t n;
	enum fault f = GET_INT(s, err, 0, &n, sql, V(run));

	*yes = n > 0;
	return f;
}

enum fault rec_give_up(struct store *s, int64_t run, const char *text, const struct cause *why, struct err *err)
{
	assert(*text); /* a run that has a reason is partial */
	return end_pull(s, run, text, why->now_ms, err);
}

enum fault rec_to_compare(struct store *s, int64_t now_ms, int64_t *run, struct err *err)
{
	static const char sql[] = "SELECT min(r.id) FROM rec_run r WHERE r.state = 'COMPARING' AND (r.pulled_ms < ? OR (NOT EXISTS (SELECT 1 FROM job j "
				  "WHERE j.account_id = r.account_id AND j.verb = 'offer' AND j.fails = 0 AND j.state = 'waiting') AND NOT EXISTS (SELECT 1 FROM job j "
				  "WHERE j.account_id = r.account_id AND j.verb = 'offer' AND j.fails = 0 AND j.state = 'inflight')))";

	return GET_INT(s, err, 0, run, sql, V(now_ms - REC_PATIENCE_MS));
}
