/*
 * rec_compare.c: a pulled run walks over all offers of its account, a slice at a time, and ends. The interface is in reconcile.h.
 */
#include "trade/reconcile.h"

#include "store/store.h"
#include "trade/alerts.h"
#include "trade/change.h"
#include "trade/rec_rows.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

enum { IDS = 512 };

/* Offers of one slice that something is to be written about. */
struct found {
	int64_t id[IDS];
	int n;
};

struct comparing {
	struct store *s;
	const struct rec_rule *rule;
	const struct cause *why;
	struct arena *a;
	struct rec_run run;
	int64_t from, upto;  /* offers of this slice: from < id <= upto */
	bool whole;          /* conclusions may be drawn from what was not shown */
	struct found drifts, ghosts, vanished;
};

/* More than fit: the slice ends where they do. */
static enum fault gather(struct comparing *c, struct found *out, const char *sql, struct err *err)
{
	struct rows *r = ASK(c->s, sql, V(c->from), V(c->upto), V(c->run.account), V(c->run.began_ms), V((int)IDS));

	for (out->n = 0; rows_next(r);)
		out->id[out->n++] = rows_int(r, 0);
	if (out->n == IDS)
		c->upto = out->id[IDS - 1];
	return rows_end(r, err);
}

static enum fault gather_all(struct comparing *c, struct err *err)
{
	static const char drifts[] = "SELECT id FROM offer WHERE id > ? AND id <= ? AND account_id = ? AND drift <> 0 AND seen_ms >= ? ORDER BY id LIMIT ?";
	/* listings of what is no more: shown with a quantity, and discontinued, never counted (of a kit: one of its parts), or nothing of ours */
	static const char ghosts[] = "SELECT f.id FROM offer f LEFT JOIN item i ON i.id = f.item_id WHERE f.id > ? AND f.id <= ? AND f.account_id = ? "
				     "AND f.seen_ms >= ? AND f.seen > 0 AND f.pool = 'own' AND f.flags NOT LIKE '%ended%' AND (i.id IS NULL "
				     "OR (NOT EXISTS (SELECT 1 FROM stock st WHERE st.item_id = f.item_id) AND (i.kit = 0 OR EXISTS (SELECT 1 FROM kit k "
				     "JOIN item p ON p.id = k.part_id WHERE k.item_id = i.id AND p.kit = 0 AND NOT EXISTS (SELECT 1 FROM stock st WHERE st.item_id = p.id)))) "
				     "OR EXISTS (SELECT 1 FROM discontinued d WHERE d.sku = i.sku AND d.active = 0)) ORDER BY f.id LIMIT ?";
	static const char vanished[] = "SELECT id FROM offer WHERE id > ? AND id <= ? AND account_id = ? AND seen_ms < ? AND seen IS NOT NULL AND pool = 'own' "
				       "AND flags NOT LIKE '%ended%' ORDER BY id LIMIT ?";
	enum fault f = gather(c, &c->drifts, drifts, err);

	if (!f && c->run.whole && c->rule->ghosts)
		f = gather(c, &c->ghosts, ghosts, err);
	if (!f && c->whole)
		f = gather(c, &c->vanished, vanished, err);
	return f;
}

static enum fault count_slice(struct comparing *c, struct err *err)
{
	static const char sql[] = "SELECT count(CASE WHEN seen_ms >= ?1 THEN 1 END), count(CASE WHEN seen_ms >= ?1 AND push_state = 'SETTLING' THEN 1 END), "
				  "count(CASE WHEN seen_ms < ?1 AND pool = 'own' AND seen IS NOT NULL THEN 1 END) FROM offer "
				  "WHERE id > ?2 AND id <= ?3 AND account_id = ?4";
	struct rows *r = ASK(c->s, sql, V(c->run.began_ms), V(c->from), V(c->upto), V(c->run.account));

	if (rows_next(r)) {
		c->run.compared += rows_int(r, 0);
		c->run.settling += rows_int(r, 1);
		c->run.unseen += rows_int(r, 2);
	}
	return rows_end(r, err);
}

static bool in_slice(const struct comparing *c, const struct found *all, int i)
{
	return i < all->n && all->id[i] <= c->upto;
}

static enum fault note_drifts(struct comparing *c, struct err *err)
{
	enum fault f = OK;

	for (int i = 0; in_slice(c, &c->drifts, i) && !f; i++) {
		struct rec_noted n = { 0 };

		f = rec_note_drift(c->s, c->run.id, c->drifts.id[i], c->rule, c->why, &n, err);
		c->run.drifting += n.drifts;
		c->run.alerting += n.alerts;
		c->run.corrected += n.pushed;
		c->run.undecided += n.undecided;
	}
	return f;
}

static enum fault note_others(struct comparing *c, struct err *err)
{
	enum fault f = OK;

	for (int i = 0; in_slice(c, &c->ghosts, i) && !f; i++, c->run.ghosts++)
		f = rec_note_ghost(c->s, c->run.id, c->ghosts.id[i], c->why, &c->run.undecided, err);
	for (int i = 0; in_slice(c, &c->vanished, i) && !f; i++)
		f = rec_note_vanished(c->s, c->run.id, c->vanished.id[i], c->why, &c->run.undecided, err);
	return f;
}

static enum fault compare_slice(struct comparing *c, struct err *err)
{
	enum fault f = gather_all(c, err);

	if (!f)
		f = count_slice(c, err);
	if (!f)
		f = note_drifts(c, err);
	return f ? f : note_others(c, err);
}

static enum fault save(struct comparing *c, const char *state, struct err *err)
{
	static const char sql[] = "UPDATE rec_run SET state = ?, ended_ms = ?, upto = ?, compared = ?, settling = ?, drifting = ?, alerting = ?, corrected = ?, "
				  "undecided = ?, unseen = ?, ghosts = ?, young = ? WHERE id = ?";
	const struct rec_run *r = &c->run;

	return RUN(c->s, err, sql, V(state), V(strcmp(state, "COMPARING") ? c->why->now_ms : (int64_t)0), V(c->upto), V(r->compared), V(r->settling),
	           V(r->drifting), V(r->alerting), V(r->corrected), V(r->undecided), V(r->unseen), V(r->ghosts), V(r->young), V(r->id));
}

static enum fault tell_end(struct comparing *c, const char *state, struct err *err)
{
	const struct rec_run *r = &c->run;
	const char *text = arena_printf(c->a, "%s: reconciled%s, %" PRId64 " offers compared, %" PRId64 " differ, %" PRId64 " corrected, %" PRId64 " for a person%s%s",
	                                r->account_name, r->whole ? " in full" : "", r->compared, r->drifting, r->corrected, r->undecided,
	                                *r->text ? "; partial: " : "", r->text);

	return message_add(c->s, !strcmp(state, "PARTIAL") ? "WARN" : "info", text, "", c->why->now_ms, err);
}

/* What was corrected before this run and is not shown by now did not take; and what is new has to be proved. */
static enum fault conclude(struct comparing *c, struct err *err)
{
	const char *state = *c->run.text ? "PARTIAL" : "COMPLETE";
	enum fault f = OK;

	if (c->run.whole)
		f = rec_note_young(c->s, c->run.id, c->run.account_name, c->why, &c->run.young, &c->run.undecided, err);
	if (!f && !*c->run.text)
		f = rec_close_former(c->s, &c->run, c->why, err);
	if (!f)
		f = save(c, state, err);
	if (!f)
		f = change_text(c->s, "rec_run", c->run.id, "state", "COMPARING", state, c->why->now_ms, c->why, err);
	return f ? f : tell_end(c, state, err);
}

static enum fault unread(struct store *s, int64_t run, bool *any, struct err *err)
{
	static const char sql[] = "SELECT coalesce(sum(unread), 0) FROM rec_walk WHERE run_id = ?";
	int64_t n;
	enum fault f = GET_INT(s, err, 0, &n, sql, V(run));

	*any = n > 0;
	return f;
}

enum fault rec_compare(struct store *s, int64_t run, const struct rec_rule *r, int n, const struct cause *why, bool *done, struct err *err)
{
	static const char last[] = "SELECT coalesce(max(id), 0) FROM offer";
	struct arena *a = arena_new();
	struct comparing *c = arena_alloc(a, sizeof *c);
	bool some_unread = false;
	int64_t end = 0;
	int proved;
	enum fault f;

	assert(store_in_transaction(s) && n > 0);
	*c = (struct comparing){ .s = s, .rule = r, .why = why, .a = a };
	*done = false;
	f = rec_run_get(s, run, a, &c->run, err);
	if (!f) /* a correction that was judged since the last minute is no doubt any more */
		f = rec_prove(s, why, &proved, err);
	if (!f)
		f = store_get_int(s, err, 0, &end, last, NULL, 0);
	if (!f)
		f = unread(s, run, &some_unread, err);
	if (!f) {
		c->whole = c->run.whole && !*c->run.text && !some_unread;
		c->from = c->run.upto;
		c->upto = c->from + n;
		f = compare_slice(c, err);
	}
	*done = !f && c->upto >= end;
	if (!f)
		f = *done ? conclude(c, err) : save(c, "COMPARING", err);
	arena_free(a);
	return f;
}
