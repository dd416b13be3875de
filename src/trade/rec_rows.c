/* rec_rows.c: single differences: written down, corrected, proved, decided by a person. The interface is in reconcile.h and rec_rows.h. */
#include "trade/rec_rows.h"

#include "store/store.h"
#include "trade/aim.h"
#include "trade/change.h"
#include "trade/mapping.h"
#include "trade/offers.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define DAY_MS INT64_C(86400000)

enum { SLICE = 200, YOUNG_MOST = 500 };

/* ---- writing down ---- */

struct note {
	int64_t run;
	const struct offer *o;
	const char *kind, *cause, *text, *decision, *reason;
	int64_t expected, delta, since_ms, job;
	enum rec_action action;
	bool alerts;
};

/* The same difference seen again stands for the one before: a person is asked once. */
static enum fault insert(struct store *s, const struct note *n, const struct cause *why, struct err *err)
{
	static const char again[] = "UPDATE rec_row SET decision = 'again', decided_ms = ? WHERE offer_id = ? AND kind = ? AND decision = ''";
	static const char sql[] = "INSERT INTO rec_row (run_id, offer_id, kind, expected, observed, delta, pct, risk, cause, since_ms, observed_ms, attempt_id, action, "
				  "text, alerts, job_id, verdict, decision, decided_by, decided_ms, reason, at_ms) "
				  "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
	const struct offer *o = n->o;
	bool decided = *n->decision;

	if (RUN(s, err, again, V(why->now_ms), V(o->id), V(n->kind)))
		return FAULT_STORE;
	return RUN(s, err, sql, n->run ? V(n->run) : V_NULL, V(o->id), V(n->kind), V(n->expected), V(o->seen), V(n->delta), V(rec_pct(n->expected, n->delta)),
	           V(o->risk), V(n->cause), V(n->since_ms), V(o->seen_ms), o->seen_attempt ? V(o->seen_attempt) : V_NULL, V(rec_action_name(n->action)),
	           V(n->text), V(n->alerts), n->job ? V(n->job) : V_NULL, V(n->job ? "PENDING" : ""), V(n->decision), V(decided ? why->actor : ""),
	           V(decided ? why->now_ms : (int64_t)0), V(n->reason), V(why->now_ms));
}

/* ---- a drift ---- */

/* A person's word on row r stands for what is shown now of offer f: the same difference, as it was or less. */
#define COVERS "(r.since_ms = f.drift_ms AND r.delta * f.drift > 0 AND abs(f.drift) <= abs(r.delta))"

struct before {
	bool pending;
	const char *said, *reason; /* a person's word on this same difference */
};

static enum fault look_back(struct store *s, const struct offer *o, struct arena *a, struct before *out, struct err *err)
{
	static const char pending[] = "SELECT count(*) FROM rec_row WHERE offer_id = ? AND verdict = 'PENDING'";
	static const char said[] = "SELECT r.decision, r.reason FROM rec_row r JOIN offer f ON f.id = r.offer_id WHERE r.offer_id = ? AND r.kind = 'drift' "
				   "AND r.decision IN ('accept', 'hold', 'ignore') AND " COVERS " ORDER BY r.id DESC LIMIT 1";
	struct rows *r;
	int64_t n;

	*out = (struct before){ .said = "", .reason = "" };
	if (GET_INT(s, err, 0, &n, pending, V(o->id)))
		return FAULT_STORE;
	out->pending = n > 0;
	r = ASK(s, said, V(o->id));
	if (rows_next(r)) {
		out->said = rows_keep(r, 0, a);
		out->reason = rows_keep(r, 1, a);
	}
	return rows_end(r, err);
}

/* What we want is said anew: a decision of its own, so that it is not taken for the one that was said already. */
static enum fault correct(struct store *s, const struct offer *o, const struct cause *why, int64_t *job, struct err *err)
{
	static const char sql[] = "UPDATE offer SET ver = ver + 1 WHERE id = ?";
	enum fault f = RUN(s, err, sql, V(o->id));

	return f ? f : offer_say(s, o->id, true, 0, why, job, err);
}

enum fault rec_note_drift(struct store *s, int64_t run, int64_t offer, const struct rec_rule *r, const struct cause *why, struct rec_noted *out,
                          struct err *err)
{
	struct arena *a = arena_new();
	struct before before;
	struct offer o;
	struct note n = { .run = run, .o = &o, .kind = "drift" };
	struct rec_facts facts;
	enum fault f = offer_get(s, offer, a, &o, err);

	if (!f)
		f = look_back(s, &o, a, &before, err);
	if (f || !o.drift)
		goto out;
	facts = (struct rec_facts){
		.expected = o.seen - o.drift,
		.delta = o.drift,
		.cause = o.cause,
		.unwritable = offer_unwritable(&o),
		.said = before.said,
		.mapped = o.item != 0,
		.wanted = o.target >= 0,
		.pending = before.pending,
		.held = *o.hold != '\0',
	};
	n.expected = facts.expected;
	n.delta = o.drift;
	n.cause = o.cause;
	n.since_ms = o.drift_ms;
	n.action = rec_decide(r, &facts, &n.text);
	n.alerts = rec_over(&r->alert, r->pct_min_units, facts.expected, o.drift);
	n.decision = *before.said ? before.said : n.action == REC_MAP || n.action == REC_LOOK ? "" : "rule";
	n.reason = before.reason;
	if (n.action == REC_PUSH)
		f = correct(s, &o, why, &n.job, err);
	if (!f)
		f = insert(s, &n, why, err);
	out->drifts++;
	out->alerts += n.alerts;
	out->pushed += n.job != 0;
	out->undecided += !*n.decision;
out:
	arena_free(a);
	return f;
}

/* ---- what a whole run looks for besides ---- */

static enum fault note_listing(struct store *s, int64_t run, int64_t offer, const char *kind, enum rec_action action, const char *text,
                               const struct cause *why, int64_t *asked, struct err *err)
{
	static const char said[] = "SELECT count(*) FROM rec_row WHERE offer_id = ? AND kind = ? AND decision IN ('accept', 'hold', 'ignore')";
	struct arena *a = arena_new();
	struct offer o;
	struct note n = { .run = run, .o = &o, .kind = kind, .cause = "MAPPING", .text = text, .decision = "", .reason = "", .action = action };
	int64_t known = 0;
	enum fault f = offer_get(s, offer, a, &o, err);

	if (!f)
		f = GET_INT(s, err, 0, &known, said, V(offer), V(kind));
	if (!f && !known) {
		n.expected = strcmp(kind, "ghost") ? (o.pushed < 0 ? o.seen : o.pushed) : 0;
		n.delta = strcmp(kind, "ghost") ? 0 : o.seen;
		n.since_ms = o.mapped_ms ? o.mapped_ms : o.seen_ms;
		if (o.seen < 0)
			o.seen = 0;
		if (n.expected < 0)
			n.expected = 0;
		f = insert(s, &n, why, err);
		*asked += !f;
	}
	arena_free(a);
	return f;
}

enum fault rec_note_ghost(struct store *s, int64_t run, int64_t offer, const struct cause *why, int64_t *asked, struct err *err)
{
	static const char discontinued[] = "SELECT count(*) FROM offer f JOIN item i ON i.id = f.item_id JOIN discontinued d ON d.sku = i.sku "
					   "WHERE f.id = ? AND d.active = 0";
	static const char mapped[] = "SELECT item_id IS NOT NULL FROM offer WHERE id = ?";
	static const char kits[] = "SELECT count(*) FROM offer f JOIN item i ON i.id = f.item_id WHERE f.id = ? AND i.kit = 1";
	int64_t gone, known, kit;

	if (GET_INT(s, err, 0, &gone, discontinued, V(offer)) || GET_INT(s, err, 0, &known, mapped, V(offer)) || GET_INT(s, err, 0, &kit, kits, V(offer)))
		return FAULT_STORE;
	return note_listing(s, run, offer, "ghost", known ? REC_ZERO : REC_MAP,
	                    gone    ? "its item is discontinued and it is still offered: show nothing of it, and leave the listing"
	                    : kit   ? "nobody ever counted a part of its kit and it is offered: show nothing of it, and leave the listing"
	                    : known ? "nobody ever counted its item and it is offered: show nothing of it, and leave the listing"
	                            : "it is offered and stands for nothing we sell: map it, or zero it at the channel",
	                    why, asked, err);
}

enum fault rec_note_vanished(struct store *s, int64_t run, int64_t offer, const struct cause *why, int64_t *asked, struct err *err)
{
	return note_listing(s, run, offer, "unseen", REC_LOOK, "a complete list of theirs does not have it any more: ended, or renamed?", why, asked, err);
}

/* A day is enough to be pushed and seen; a shadow account says nothing. */
enum fault rec_note_young(struct store *s, int64_t run, const char *account, const struct cause *why, int64_t *n, int64_t *asked, struct err *err)
{
	static const char ripe[] = "SELECT count(*) FROM offer f JOIN account c ON c.id = f.account_id WHERE f.id = ? AND f.mapped_ms <= ? AND c.mode = 'live'";
	struct arena *a = arena_new();
	struct finding *found;
	int64_t yes = 0;
	bool more;
	int got = 0;
	enum fault f = findings_of(s, FINDING_YOUNG, why->now_ms, YOUNG_MOST, a, &found, &got, &more, err);

	for (int i = 0; i < got && !f; i++) {
		if (strcmp(found[i].account_name, account))
			continue;
		f = GET_INT(s, err, 0, &yes, ripe, V(found[i].offer), V(why->now_ms - DAY_MS));
		if (f || !yes)
			continue;
		f = note_listing(s, run, found[i].offer, "young", REC_LOOK, found[i].text, why, asked, err);
		++*n;
	}
	arena_free(a);
	return f;
}

/* ---- proof ---- */

struct doubt {
	int64_t id, at_ms, pushed_ms;
	char push_state[16], job_state[16], text[200];
};

/* "": nothing can be said yet. */
static const char *verdict_of(const struct doubt *d, const char **proof)
{
	*proof = "a reading begun after it was accepted shows it";
	if (d->pushed_ms >= d->at_ms && !strcmp(d->push_state, "APPLIED"))
		return "APPLIED";
	if (d->pushed_ms >= d->at_ms && !strcmp(d->push_state, "OVERWRITTEN")) {
		*proof = "it was shown, and then something else";
		return "OVERWRITTEN";
	}
	*proof = "it was accepted, and their own reading does not show it";
	if (d->pushed_ms >= d->at_ms && (!strcmp(d->push_state, "NOT_APPLIED") || !strcmp(d->push_state, "PARTLY")))
		return "NOT_APPLIED";
	*proof = d->text;
	return !strcmp(d->job_state, "failed") ? "NOT_APPLIED" : "";
}

/* A correction that did not take is a person's, unless one has spoken already. */
static enum fault close_doubt(struct store *s, int64_t id, const char *verdict, const char *proof, const struct cause *why, struct err *err)
{
	static const char sql[] = "UPDATE rec_row SET verdict = ?1, verdict_ms = ?2, proof = ?3, "
				  "decision = CASE WHEN ?1 <> 'APPLIED' AND decision = 'rule' THEN '' ELSE decision END WHERE id = ?4 AND verdict = 'PENDING'";
	enum fault f = RUN(s, err, sql, V(verdict), V(why->now_ms), V(proof), V(id));

	return f ? f : change_text(s, "rec_row", id, "verdict", "PENDING", verdict, why->now_ms, why, err);
}

static enum fault doubts(struct store *s, struct doubt *out, int *n, struct err *err)
{
	static const char sql[] = "SELECT r.id, r.at_ms, f.pushed_ms, f.push_state, coalesce(j.state, ''), coalesce(j.text, '') FROM rec_row r "
				  "JOIN offer f ON f.id = r.offer_id LEFT JOIN job j ON j.id = r.job_id WHERE r.verdict = 'PENDING' "
				  "AND (f.pushed_ms >= r.at_ms AND f.push_state <> 'SETTLING' OR j.state = 'failed') ORDER BY r.id LIMIT ?";
	struct rows *r = ASK(s, sql, V((int)SLICE));

	for (*n = 0; rows_next(r); ++*n) {
		struct doubt *d = &out[*n];

		*d = (struct doubt){ .id = rows_int(r, 0), .at_ms = rows_int(r, 1), .pushed_ms = rows_int(r, 2) };
		snprintf(d->push_state, sizeof d->push_state, "%s", rows_text(r, 3));
		snprintf(d->job_state, sizeof d->job_state, "%s", rows_text(r, 4));
		snprintf(d->text, sizeof d->text, "%.190s", rows_text(r, 5));
	}
	return rows_end(r, err);
}

/* Nobody needs to look at what explained itself. */
static enum fault close_gone(struct store *s, const struct cause *why, struct err *err)
{
	static const char sql[] = "UPDATE rec_row SET decision = 'gone', decided_by = ?, decided_ms = ? WHERE decision = '' AND kind = 'drift' "
				  "AND (SELECT f.drift FROM offer f WHERE f.id = rec_row.offer_id) = 0";

	return RUN(s, err, sql, V(why->actor), V(why->now_ms));
}

enum fault rec_prove(struct store *s, const struct cause *why, int *n, struct err *err)
{
	struct doubt d[SLICE];
	const char *verdict, *proof;
	enum fault f = doubts(s, d, n, err);

	assert(store_in_transaction(s));
	for (int i = 0; i < *n && !f; i++) {
		verdict = verdict_of(&d[i], &proof);
		if (*verdict)
			f = close_doubt(s, d[i].id, verdict, proof, why, err);
	}
	return f ? f : close_gone(s, why, err);
}

enum fault rec_close_former(struct store *s, const struct rec_run *run, const struct cause *why, struct err *err)
{
	static const char sql[] = "SELECT r.id, coalesce(j.state, 'gone'), c.mode FROM rec_row r JOIN offer f ON f.id = r.offer_id JOIN account c ON c.id = f.account_id "
				  "LEFT JOIN job j ON j.id = r.job_id WHERE r.verdict = 'PENDING' AND f.account_id = ? AND r.at_ms < ? ORDER BY r.id LIMIT ?";
	struct arena *a = arena_new();
	struct rows *r = ASK(s, sql, V(run->account), V(run->began_ms), V((int)SLICE));
	int64_t id[SLICE];
	const char *text[SLICE];
	int n = 0;
	enum fault f;

	for (; rows_next(r); n++) {
		id[n] = rows_int(r, 0);
		text[n] = !strcmp(rows_text(r, 2), "live") ? arena_printf(a, "not shown by the next run: its job is %s", rows_text(r, 1))
		                                           : "not said: the account is in shadow mode";
	}
	f = rows_end(r, err);
	for (int i = 0; i < n && !f; i++)
		f = close_doubt(s, id[i], "NOT_APPLIED", text[i], why, err);
	arena_free(a);
	return f;
}

/* ---- what cannot wait ---- */

enum fault rec_hurry(struct store *s, const struct rec_rule *r, const struct cause *why, int *n, struct err *err)
{
	static const char sql[] = "SELECT f.id FROM offer f WHERE f.drift <> 0 AND f.drift > 0 AND (f.risk > 0 OR (f.hold <> '' AND f.pushed = 0)) AND NOT EXISTS (SELECT 1 FROM rec_row r "
				  "WHERE r.offer_id = f.id AND r.kind = 'drift' AND r.since_ms = f.drift_ms AND r.delta >= f.drift) ORDER BY f.risk DESC, f.id LIMIT ?";
	struct rec_noted noted = { 0 };
	int64_t id[SLICE];
	struct rows *rows;
	enum fault f;

	*n = 0;
	if (!r->at_once)
		return OK;
	rows = ASK(s, sql, V((int)SLICE));
	while (rows_next(rows))
		id[(*n)++] = rows_int(rows, 0);
	f = rows_end(rows, err);
	for (int i = 0; i < *n && !f; i++)
		f = rec_note_drift(s, 0, id[i], r, why, &noted, err);
	*n = noted.pushed;
	return f;
}

/* ---- a person's word ---- */

static enum fault note_said(struct store *s, int64_t offer, const char *decision, const char *reason, const struct cause *why, struct err *err)
{
	struct arena *a = arena_new();
	struct offer o;
	enum fault f = offer_get(s, offer, a, &o, err);
	struct note n = {
		.o = &o,
		.kind = "drift",
		.text = "decided in a session",
		.decision = decision,
		.reason = reason,
		.action = REC_LOOK,
	};

	if (!f) {
		n.cause = o.cause;
		n.expected = o.seen - o.drift;
		n.delta = o.drift;
		n.since_ms = o.drift ? o.drift_ms : why->now_ms;
		f = insert(s, &n, why, err);
	}
	arena_free(a);
	return f;
}

/* It was said of what is shown now, and the row that waited tells of less. */
static enum fault falls_short(struct store *s, int64_t id, bool *yes, struct err *err)
{
	static const char sql[] = "SELECT count(*) FROM rec_row r JOIN offer f ON f.id = r.offer_id WHERE r.id = ? AND r.kind = 'drift' AND f.drift <> 0 AND NOT " COVERS;
	int64_t n;
	enum fault f = GET_INT(s, err, 0, &n, sql, V(id));

	*yes = n > 0;
	return f;
}

enum fault rec_said(struct store *s, int64_t offer, int64_t id, const char *decision, const char *reason, const struct cause *why, struct err *err)
{
	static const char waits[] = "SELECT coalesce(max(id), 0) FROM rec_row WHERE offer_id = ? AND decision = ''";
	static const char ask[] = "SELECT decision = '' FROM rec_row WHERE id = ? AND offer_id = ?";
	static const char sql[] = "UPDATE rec_row SET decision = ?, reason = ?, decided_by = ?, decided_ms = ? WHERE id = ?";
	int64_t open = 0;
	bool more;

	assert(store_in_transaction(s));
	if (id && GET_INT(s, err, 0, &open, ask, V(id), V(offer)))
		return FAULT_STORE;
	if (!open && GET_INT(s, err, 0, &id, waits, V(offer)))
		return FAULT_STORE;
	if (!id)
		return note_said(s, offer, decision, reason, why, err);
	if (RUN(s, err, sql, V(decision), V(reason), V(why->actor), V(why->now_ms), V(id)) ||
	    change_text(s, "rec_row", id, "decision", "", decision, why->now_ms, why, err) || falls_short(s, id, &more, err))
		return FAULT_STORE;
	return more ? note_said(s, offer, decision, reason, why, err) : OK;
}

enum fault rec_corrects(struct store *s, int64_t offer, int64_t job, struct err *err)
{
	static const char sql[] = "UPDATE rec_row SET job_id = ?1, verdict = 'PENDING' WHERE id = (SELECT max(id) FROM rec_row WHERE offer_id = ?2)";

	return RUN(s, err, sql, V(job), V(offer));
}
