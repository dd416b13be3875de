#include "trade/zero.h"

#include "store/store.h"
#include "trade/aim.h"
#include "trade/alerts.h"
#include "trade/change.h"
#include "trade/jobs.h"
#include "trade/ledger.h"
#include "trade/rows.h"
#include "trade/zero_row.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FREED_PARTS = 60, FREED_LEAST = 25, LOOK_FOR_MS = 60 * 1000 };

/* ---- holding ---- */

static void hold_words(int64_t id, const char *reason, char out[160])
{
	snprintf(out, 160, "zero-out Z-%" PRId64 ": %.120s", id, reason);
}

/* What the person had before his eyes: by the last reading known when he looked, which may not be the last one any more. */
static enum fault shown_at(struct store *s, const struct offer *o, int64_t looked_ms, int64_t *shown, struct err *err)
{
	static const char sql[] = "SELECT seen FROM observation WHERE offer_id = ? AND known_ms <= ? ORDER BY id DESC LIMIT 1";

	*shown = o->seen;
	if (!looked_ms)
		return OK;
	return GET_INT(s, err, o->seen, shown, sql, V(o->id), V(looked_ms));
}

static enum fault keep_prior(struct store *s, int64_t id, const struct offer *o, int64_t prior, int64_t look_ms, struct err *err)
{
	static const char sql[] = "INSERT INTO zero_row (zero_id, offer_id, prior, pushed, target, read_ms, look_ms) VALUES (?, ?, ?, ?, ?, ?, ?) "
				  "ON CONFLICT (zero_id, offer_id) DO NOTHING";

	return RUN(s, err, sql, V(id), V(o->id), prior < 0 ? V_NULL : V(prior), o->pushed < 0 ? V_NULL : V(o->pushed),
	           o->target < 0 ? V_NULL : V(o->target), V(o->seen_ms), V(look_ms));
}

/* Read it now, before anything else is asked of that account. */
static enum fault look_again(struct store *s, const struct offer *o, int64_t intent, const struct cause *why, struct arena *a, struct err *err)
{
	struct fields payload = fields_new(a);
	struct job_plan p = { .account = o->account, .verb = VERB_STOCK_READ, .lane = LANE_ZERO, .subject_id = o->id, .payload = &payload, .due_ms = why->now_ms,
		              .intent_id = intent };
	int64_t id;

	fields_put(&payload, "sku", o->sku);
	fields_put(&payload, "marketplace", o->marketplace);
	fields_put(&payload, "node", o->node);
	if (*o->ref)
		fields_put(&payload, "ref", o->ref);
	if (*o->listing)
		fields_put(&payload, "listing", o->listing);
	if (*o->item_ref)
		fields_put(&payload, "item_ref", o->item_ref);
	p.subject = arena_printf(a, "offer:%" PRId64, o->id);
	return job_plan(s, &p, why, &id, err);
}

/* The latch and the new decision in one step: from here on there is no moment at which something else could be said. */
static enum fault latch(struct store *s, int64_t id, const struct offer *o, const char *reason, const struct cause *why, struct err *err)
{
	static const char sql[] = "UPDATE offer SET hold = ?2, target = 0, target_ms = ?3, why = 'held at zero: ' || ?2, waits = 0, ver = ver + 1 WHERE id = ?1";
	char words[160];

	hold_words(id, reason, words);
	if (RUN(s, err, sql, V(o->id), V(words), V(why->now_ms)) ||
	    change_text(s, "offer", o->id, "hold", o->hold, words, why->now_ms, why, err))
		return FAULT_STORE;
	return change_int(s, "offer", o->id, "target", o->target, 0, why->now_ms, why, err);
}

/* The number of the zero-out that holds it; 0: none does. */
static int64_t holder_of(const struct offer *o)
{
	int64_t id;

	return sscanf(o->hold, "zero-out Z-%" SCNd64 ":", &id) == 1 ? id : 0;
}

enum fault zero_held_by_rule(struct store *s, const struct offer *o, bool *yes, struct err *err)
{
	static const char sql[] = "SELECT count(*) FROM zero_out WHERE id = ? AND rule <> ''";
	int64_t id = holder_of(o), n = 0;
	enum fault f = id ? GET_INT(s, err, 0, &n, sql, V(id)) : OK;

	*yes = n > 0;
	return f;
}

enum fault zero_held_by_line(struct store *s, const struct offer *o, bool *yes, struct err *err)
{
	static const char sql[] = "SELECT count(*) FROM zero_out z JOIN intent i ON i.id = z.intent_id WHERE z.id = ? AND z.rule = '' AND i.typed <> ''";
	int64_t id = holder_of(o), n = 0;
	enum fault f = id ? GET_INT(s, err, 0, &n, sql, V(id)) : OK;

	*yes = n > 0;
	return f;
}

/* A rule comes upon what a person holds: it stays the person's, and what was not said of it yet is said now, stopped or not. */
static enum fault hurry_held(struct store *s, int64_t offer, int64_t now_ms, struct err *err)
{
	static const char sql[] = "UPDATE job SET due_ms = ?2 WHERE subject_id = ?1 AND verb = 'stock' AND state = 'waiting' AND lane = 0 AND due_ms > ?2";

	return RUN(s, err, sql, V(offer), V(now_ms));
}

/*
 * A person takes over what a rule holds: it does not come back then when the rule lets go of the rest. And a person has seen what it showed: it is read once
 * more before its zero is said.
 */
static enum fault hold_one(struct store *s, int64_t id, int64_t offer, const struct zero_ask *ask, const struct cause *why, struct arena *a, int *held,
                           struct err *err)
{
	bool taken = false, person = !ask->rule || !*ask->rule, look;
	struct offer o;
	int64_t job, prior = -1;
	enum fault f = offer_get(s, offer, a, &o, err);

	if (!f && *o.hold && person)
		f = zero_held_by_rule(s, &o, &taken, err);
	if (f || offer_unwritable(&o) || (*o.hold && !taken))
		return f || person ? f : hurry_held(s, offer, why->now_ms, err);
	look = person && o.live && o.seen > 0;
	f = shown_at(s, &o, ask->looked_ms, &prior, err);
	if (!f)
		f = keep_prior(s, id, &o, prior, look ? why->now_ms : 0, err);
	if (!f && look)
		f = look_again(s, &o, ask->intent, why, a, err);
	if (!f)
		f = latch(s, id, &o, ask->reason, why, err);
	if (!f)
		f = offer_say(s, offer, o.seen != 0, ask->intent, why, &job, err);
	*held += !f;
	return f;
}

enum fault zero_begin(struct store *s, const int64_t *offer, int n, const struct zero_ask *ask, const struct cause *why, int64_t *id, int *held,
                      struct err *err)
{
	static const char sql[] = "INSERT INTO zero_out (scope, reason, actor, approver, rule, intent_id, made_ms, remind_ms, until_ms, counted) "
				  "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id";
	struct arena *a = arena_new();
	enum fault f;

	assert(store_in_transaction(s));
	*held = 0;
	f = RUN_ID(s, err, id, sql, V(ask->scope), V(ask->reason), V(why->actor), V(ask->approver ? ask->approver : ""), V(ask->rule ? ask->rule : ""),
	           V(ask->intent), V(why->now_ms), V(ask->remind_ms), V(ask->until_ms), V(ask->counted));
	for (int i = 0; i < n && !f; i++)
		f = hold_one(s, *id, offer[i], ask, why, a, held, err);
	arena_free(a);
	return f;
}

enum fault zero_extend(struct store *s, int64_t id, int64_t account, const struct cause *why, int *held, struct err *err)
{
	static const char sql[] = "SELECT id FROM offer WHERE account_id = ? AND hold = '' AND pool = 'own' AND item_id IS NOT NULL ORDER BY id";
	struct arena *a = arena_new();
	int64_t *offer = NULL;
	int n = 0, cap = 0;
	struct zero_ask ask = { .rule = "" };
	struct zero z;
	enum fault f = zero_get(s, id, a, &z, err);
	struct rows *r;

	*held = 0;
	if (!f) {
		ask = (struct zero_ask){ .reason = z.reason, .rule = z.rule, .intent = z.intent };
		for (r = ASK(s, sql, V(account)); rows_next(r); offer[n++] = rows_int(r, 0))
			offer = arena_grow(a, offer, n, &cap, sizeof *offer);
		f = rows_end(r, err);
	}
	for (int i = 0; i < n && !f; i++)
		f = hold_one(s, id, offer[i], &ask, why, a, held, err);
	arena_free(a);
	return f;
}

/* ---- once more, just before it is said ---- */

enum fault zero_looked(struct store *s, int64_t offer, int64_t qty, int64_t begun_ms, struct err *err)
{
	static const char sql[] = "UPDATE zero_row SET fresh = ?2, fresh_ms = ?3 WHERE offer_id = ?1 AND look_ms > 0 AND fresh_ms = 0 AND unread_ms = 0 AND look_ms <= ?3";

	return RUN(s, err, sql, V(offer), V(qty), V(begun_ms));
}

enum fault zero_right(struct store *s, int64_t offer, bool thought, int64_t now_ms, struct err *err)
{
	static const char sql[] = "UPDATE zero_row SET right_ms = ?2 WHERE offer_id = ?1 AND right_ms = 0 AND EXISTS "
				  "(SELECT 1 FROM zero_out z JOIN offer f ON f.id = ?1 WHERE z.id = zero_row.zero_id AND z.lifted_ms > 0 AND f.hold = '' "
				  "AND (f.seen = f.target OR (f.push_state = 'APPLIED' AND f.pushed_ms >= z.lifted_ms)) "
				  "AND (?3 OR NOT EXISTS (SELECT 1 FROM dirty d WHERE d.item_id = f.item_id)))";

	return RUN(s, err, sql, V(offer), V(now_ms), V(thought));
}

enum fault zero_may_say(struct store *s, int64_t offer, int64_t now_ms, enum zero_step *out, struct err *err)
{
	static const char sql[] = "SELECT z.stopped_ms > 0, " ZERO_ROW_MOVED ", w.look_ms > 0 AND w.fresh_ms = 0 AND w.unread_ms = 0 AND w.look_ms > ?2 FROM zero_row w "
				  "JOIN zero_out z ON z.id = w.zero_id JOIN offer f ON f.id = w.offer_id WHERE w.offer_id = ?1 AND z.lifted_ms = 0 AND NOT " ZERO_ROW_RULED
				  " ORDER BY w.zero_id DESC LIMIT 1";
	struct rows *r = ASK(s, sql, V(offer), V(now_ms - LOOK_FOR_MS));

	*out = ZERO_SAY;
	if (rows_next(r))
		*out = rows_int(r, 0) ? ZERO_STOPS : rows_int(r, 1) ? ZERO_MOVED_ON : rows_int(r, 2) ? ZERO_LOOKS : ZERO_SAY;
	return rows_end(r, err);
}

/* ---- stopped between two calls, and gone on with ---- */

static enum fault note_stop(struct store *s, const struct zero *z, int64_t at_ms, const char *who, const struct cause *why, struct err *err)
{
	static const char sql[] = "UPDATE zero_out SET stopped_ms = ?2, stopped_by = ?3 WHERE id = ?1";

	if (RUN(s, err, sql, V(z->id), V(at_ms), V(who)) || change_int(s, "zero_out", z->id, "stopped_ms", z->stopped_ms, at_ms, why->now_ms, why, err))
		return FAULT_STORE;
	return change_text(s, "zero_out", z->id, "stopped_by", z->stopped_by, who, why->now_ms, why, err);
}

enum fault zero_stop(struct store *s, int64_t id, const struct cause *why, int *kept, struct err *err)
{
	static const char put_off[] = "UPDATE job SET due_ms = ?2 WHERE verb = 'stock' AND state = 'waiting' AND lane = 0 AND subject_id IN "
				      "(SELECT w.offer_id FROM zero_row w JOIN offer f ON f.id = w.offer_id WHERE w.zero_id = ?1 AND NOT " ZERO_ROW_RULED ")";
	struct arena *a = arena_new();
	struct zero z;
	enum fault f = zero_get(s, id, a, &z, err);

	assert(store_in_transaction(s));
	*kept = 0;
	if (!f && (z.lifted_ms || z.stopped_ms))
		f = err_set(err, FAULT_REFUSED, "Z-%" PRId64 " was %s already", id, z.lifted_ms ? "lifted" : "stopped");
	if (!f && *z.rule)
		f = err_set(err, FAULT_REFUSED, "Z-%" PRId64 " is the engine's own, of an account out of step: :hold holds such a one off, and lift ends it", id);
	if (!f)
		f = note_stop(s, &z, why->now_ms, why->actor, why, err);
	if (!f)
		f = RUN(s, err, put_off, V(id), V(why->now_ms + ZERO_STOPPED_MS));
	*kept = f ? 0 : (int)store_changes(s);
	arena_free(a);
	return f;
}

/*
 * What was stopped at ten and is gone on with at four: a person saw what it shows now, and what somebody typed over it since is to be seen by him as at the
 * beginning. Each that is not said yet is read once more just before its call.
 */
static enum fault look_anew(struct store *s, const struct zero *z, const struct cause *why, struct arena *a, struct err *err)
{
	static const char rows[] = "SELECT w.offer_id FROM zero_row w JOIN offer f ON f.id = w.offer_id WHERE w.zero_id = ? AND f.seen > 0 AND EXISTS "
				   "(SELECT 1 FROM job j WHERE j.subject_id = f.id AND j.verb = 'stock' AND j.state = 'waiting' AND j.lane = 0) ORDER BY w.offer_id";
	static const char sql[] = "UPDATE zero_row SET look_ms = ?3, looked = ?4, fresh = NULL, fresh_ms = 0, unread_ms = 0, let_ms = 0 WHERE zero_id = ?1 AND offer_id = ?2";
	struct rows *r = ASK(s, rows, V(z->id));
	int64_t *offer = NULL;
	int n = 0, cap = 0;
	enum fault f;

	for (; rows_next(r); offer[n++] = rows_int(r, 0))
		offer = arena_grow(a, offer, n, &cap, sizeof *offer);
	f = rows_end(r, err);
	for (int i = 0; i < n && !f; i++) {
		struct offer o;

		f = offer_get(s, offer[i], a, &o, err);
		if (f || !o.live)
			continue;
		f = RUN(s, err, sql, V(z->id), V(o.id), V(why->now_ms), V(o.seen)) ? FAULT_STORE : look_again(s, &o, z->intent, why, a, err);
	}
	return f;
}

enum fault zero_go(struct store *s, int64_t id, const struct cause *why, int *let, struct err *err)
{
	static const char all[] = "UPDATE job SET due_ms = ?2 WHERE verb = 'stock' AND state = 'waiting' AND lane = 0 AND due_ms > ?2 AND subject_id IN "
				  "(SELECT offer_id FROM zero_row WHERE zero_id = ?1)";
	static const char hurry[] = "UPDATE job SET due_ms = ?2 WHERE verb = 'stock' AND state = 'waiting' AND due_ms > ?2 AND subject_id IN "
				    "(SELECT w.offer_id FROM zero_row w WHERE w.zero_id = ?1 AND " ZERO_ROW_MOVED ")";
	static const char sql[] = "UPDATE zero_row AS w SET let_ms = ?2 WHERE w.zero_id = ?1 AND " ZERO_ROW_MOVED;
	struct arena *a = arena_new();
	struct zero z;
	enum fault f = zero_get(s, id, a, &z, err);

	assert(store_in_transaction(s));
	*let = 0;
	if (!f && z.stopped_ms) {
		f = note_stop(s, &z, 0, "", why, err);
		if (!f)
			f = RUN(s, err, all, V(id), V(why->now_ms));
		*let += f ? 0 : (int)store_changes(s);
		if (!f)
			f = look_anew(s, &z, why, a, err);
	}
	if (!f)
		f = RUN(s, err, hurry, V(id), V(why->now_ms));
	if (!f)
		f = RUN(s, err, sql, V(id), V(why->now_ms));
	*let += f ? 0 : (int)store_changes(s);
	arena_free(a);
	return f;
}

/* ---- letting go ---- */

struct freed {
	int64_t offer, item;
	const char *hold;
};

static enum fault free_one(struct store *s, const struct freed *f, const struct cause *why, struct err *err)
{
	static const char sql[] = "UPDATE offer SET hold = '' WHERE id = ?";

	if (RUN(s, err, sql, V(f->offer)) || change_text(s, "offer", f->offer, "hold", f->hold, "", why->now_ms, why, err))
		return FAULT_STORE;
	return f->item ? ledger_dirty(s, f->item, why->now_ms, err) : OK;
}

/* The next of those that are still held: a sixtieth of all, so that the whole comes back in five minutes. */
static enum fault free_some(struct store *s, int64_t id, const struct cause *why, int *freed, struct err *err)
{
	static const char count[] = "SELECT count(*) FROM zero_row WHERE zero_id = ?";
	static const char rows[] = "SELECT f.id, coalesce(f.item_id, 0), f.hold FROM zero_row z JOIN offer f ON f.id = z.offer_id LEFT JOIN item i ON i.id = f.item_id "
				   "WHERE z.zero_id = ?1 AND f.hold LIKE 'zero-out Z-' || ?1 || ':%' ORDER BY coalesce(i.available, 0) DESC, f.id LIMIT ?2";
	struct arena *a = arena_new();
	struct freed *list = NULL;
	struct rows *r;
	int cap = 0;
	int64_t all, most;
	enum fault f = GET_INT(s, err, 0, &all, count, V(id));

	*freed = 0;
	most = all / FREED_PARTS > FREED_LEAST ? all / FREED_PARTS : FREED_LEAST;
	if (!f) {
		for (r = ASK(s, rows, V(id), V(most)); rows_next(r);) {
			list = arena_grow(a, list, *freed, &cap, sizeof *list);
			list[(*freed)++] = (struct freed){ rows_int(r, 0), rows_int(r, 1), rows_keep(r, 2, a) };
		}
		f = rows_end(r, err);
	}
	for (int i = 0; i < *freed && !f; i++)
		f = free_one(s, &list[i], why, err);
	if (!f && *freed < most)
		f = RUN(s, err, "UPDATE zero_out SET freed_ms = ?2 WHERE id = ?1", V(id), V(why->now_ms));
	arena_free(a);
	return f;
}

enum fault zero_free(struct store *s, const struct cause *why, bool *more, struct err *err)
{
	static const char sql[] = "SELECT id FROM zero_out WHERE lifted_ms <> 0 AND freed_ms = 0 ORDER BY id LIMIT 16";
	struct rows *r = ASK(s, sql);
	int64_t id[16];
	int n = 0, freed;
	enum fault f;

	assert(store_in_transaction(s));
	while (rows_next(r))
		id[n++] = rows_int(r, 0);
	*more = n > 0;
	f = rows_end(r, err);
	for (int i = 0; i < n && !f; i++)
		f = free_some(s, id[i], why, &freed, err);
	return f;
}

enum fault zero_lift(struct store *s, int64_t id, const struct cause *why, int *freed, struct err *err)
{
	static const char close[] = "UPDATE zero_out SET lifted_ms = ?2, lifted_by = ?3 WHERE id = ?1 AND lifted_ms = 0";
	enum fault f = RUN(s, err, close, V(id), V(why->now_ms), V(why->actor));
	char key[40];

	assert(store_in_transaction(s));
	*freed = 0;
	if (!f && !store_changes(s))
		f = err_set(err, FAULT_REFUSED, "there is no open zero-out Z-%" PRId64, id);
	snprintf(key, sizeof key, "zero %" PRId64, id);
	if (!f)
		f = alert_close(s, key, why->now_ms, err);
	snprintf(key, sizeof key, "zero open %" PRId64, id);
	if (!f)
		f = alert_close(s, key, why->now_ms, err);
	return f ? f : free_some(s, id, why, freed, err);
}

