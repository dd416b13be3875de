/*
 * place_age.c: how old what is known of a place may become. The interface is in places.h.
 *
 * Its stock is left out of every sum when the place was not heard for its maximum age; from five minutes before that on its end is told, on every screen, and a
 * person who knows that the numbers still hold may put it off.
 */
#include "base/clock.h"
#include "store/store.h"
#include "trade/alerts.h"
#include "trade/change.h"
#include "trade/places.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

enum { TOLD_MS = 5 * 60000, UNHEARD_MS = 30 * 60000 };

/* One place as it is watched. */
struct watched {
	int64_t id, account, heard_ms, max_age_ms, due_ms, held_ms;
	bool stale, sold; /* sold: it would count if it were fresh */
	char name[124];
};

#define WATCHED "SELECT id, coalesce(account_id, 0), heard_ms, max_age_ms, due_ms, held_ms, stale, counts * active, name FROM place "

static void read_watched(const struct rows *r, struct watched *p)
{
	*p = (struct watched){ rows_int(r, 0), rows_int(r, 1), rows_int(r, 2), rows_int(r, 3), rows_int(r, 4), rows_int(r, 5), rows_int(r, 6) != 0, rows_int(r, 7) != 0, "" };
	snprintf(p->name, sizeof p->name, "%s", rows_text(r, 8));
}

/* ---- telling ---- */

static enum fault tell_stale(struct store *s, const struct watched *p, struct alert *a, int64_t now_ms, struct err *err)
{
	char text[240], age[16];

	time_age(now_ms - p->heard_ms, age);
	snprintf(text, sizeof text, "%.100s: no reading for %s (at most %" PRId64 " min): its stock is left out everywhere", p->name, age, p->max_age_ms / 60000);
	a->severity = now_ms - p->heard_ms > 2 * p->max_age_ms ? "CRIT" : "WARN";
	a->text = text;
	a->next = "its stock comes back by itself with its next reading; tallyman places shows who tells of it";
	return alert_raise(s, a, now_ms, err);
}

static enum fault tell_countdown(struct store *s, const struct watched *p, struct alert *a, int64_t now_ms, struct err *err)
{
	char text[240], next[200], age[16], at[16];

	time_age(now_ms - p->heard_ms, age);
	time_hm(p->due_ms, at);
	snprintf(text, sizeof text, "%.100s: no reading for %s: its stock goes off sale everywhere at %s%s", p->name, age, at, p->held_ms >= p->due_ms ? ", held off until then" : "");
	snprintf(next, sizeof next, "by itself; to hold it off: tallyman hold %.100s --minutes 30 --reason TEXT", p->name);
	a->severity = "WARN";
	a->text = text;
	a->next = next;
	return alert_raise(s, a, now_ms, err);
}

static enum fault tell(struct store *s, const struct watched *p, int64_t now_ms, struct err *err)
{
	char key[160];
	struct alert a = { .key = key, .kind = "stale", .account = p->account, .subject = p->name };

	snprintf(key, sizeof key, "stale place %.120s", p->name);
	if (!p->sold || (!p->stale && !p->due_ms))
		return alert_close(s, key, now_ms, err);
	return p->stale ? tell_stale(s, p, &a, now_ms, err) : tell_countdown(s, p, &a, now_ms, err);
}

/* ---- judging ---- */

static enum fault set_stale(struct store *s, const struct watched *p, bool stale, const struct cause *why, struct err *err)
{
	static const char sql[] = "UPDATE place SET stale = ? WHERE id = ?";

	if (stale == p->stale)
		return OK;
	return RUN(s, err, sql, V(stale), V(p->id)) || place_settle(s, p->id, err) || change_int(s, "place", p->id, "stale", p->stale, stale, why->now_ms, why, err)
	               ? FAULT_STORE
	               : OK;
}

static enum fault set_due(struct store *s, const struct watched *p, int64_t due_ms, const struct cause *why, struct err *err)
{
	static const char sql[] = "UPDATE place SET due_ms = ? WHERE id = ?";

	if (due_ms == p->due_ms)
		return OK;
	return RUN(s, err, sql, V(due_ms), V(p->id)) ? FAULT_STORE : change_int(s, "place", p->id, "due_ms", p->due_ms, due_ms, why->now_ms, why, err);
}

static enum fault judge(struct store *s, struct watched *p, const struct cause *why, struct err *err)
{
	int64_t end_ms = p->heard_ms + p->max_age_ms, told_ms = p->max_age_ms / 2 < TOLD_MS ? p->max_age_ms / 2 : TOLD_MS, due_ms = 0;
	bool was_told = p->stale || p->due_ms, stale;

	end_ms = p->held_ms > end_ms ? p->held_ms : end_ms;
	stale = p->heard_ms && why->now_ms > end_ms;
	if (p->heard_ms && !stale && p->sold && why->now_ms >= p->heard_ms + p->max_age_ms - told_ms)
		due_ms = end_ms;
	if (set_stale(s, p, stale, why, err) || set_due(s, p, due_ms, why, err))
		return FAULT_STORE;
	p->stale = stale;
	p->due_ms = due_ms;
	return was_told || stale || due_ms ? tell(s, p, why->now_ms, err) : OK;
}

/* A source that never speaks keeps everything new unsaid: that is nobody's plan. */
static enum fault watch_unheard(struct store *s, int64_t now_ms, struct err *err)
{
	static const char sql[] = "SELECT id, name FROM account WHERE enabled = 1 AND counts_ms = 0 AND made_ms < ? ORDER BY id LIMIT 1";
	struct rows *r = ASK(s, sql, V(now_ms - UNHEARD_MS));
	char text[240], name[64] = "";
	struct alert a = { .key = "unheard", .kind = "stale", .severity = "WARN", .text = text, .next = "tallyman doctor; or switch it off in the configuration: enabled = off" };

	if (rows_next(r)) {
		a.account = rows_int(r, 0);
		snprintf(name, sizeof name, "%s", rows_text(r, 1));
		snprintf(text, sizeof text, "%s: its stock was never heard: what was never said anywhere is not said before", name);
	}
	if (rows_end(r, err))
		return FAULT_STORE;
	a.subject = name;
	return *name ? alert_raise(s, &a, now_ms, err) : alert_close(s, a.key, now_ms, err);
}

enum fault places_watch(struct store *s, const struct cause *why, struct err *err)
{
	static const char sql[] = WATCHED "WHERE id > ? AND id IN (SELECT place_id FROM place_source) ORDER BY id LIMIT 1";
	struct watched p = { .id = 0 };
	enum fault f = watch_unheard(s, why->now_ms, err);

	assert(store_in_transaction(s));
	for (bool more = true; more && !f;) {
		struct rows *r = ASK(s, sql, V(p.id));

		more = rows_next(r);
		if (more)
			read_watched(r, &p);
		f = rows_end(r, err);
		if (more && !f)
			f = judge(s, &p, why, err);
	}
	return f;
}

enum fault place_age(struct store *s, int64_t place, const struct cause *why, struct err *err)
{
	static const char ask[] = WATCHED "WHERE id = ?";
	struct watched p = { .id = 0 };
	struct rows *r = ASK(s, ask, V(place));

	if (rows_next(r))
		read_watched(r, &p);
	if (rows_end(r, err))
		return FAULT_STORE;
	return p.stale || p.due_ms ? judge(s, &p, why, err) : OK;
}

/* ---- heard again ---- */

/* A place is as old as its owner's word; where that one does not tell of it, as the youngest word. What was held off is over then. */
static enum fault freshen(struct store *s, int64_t place, const struct cause *why, struct err *err)
{
	static const char sql[] = "UPDATE place SET held_ms = 0, held_by = '', heard_ms = coalesce((SELECT heard_ms FROM place_source WHERE place_id = ?1 AND account_id = ?2 "
				  "ORDER BY heard_ms DESC LIMIT 1), (SELECT max(heard_ms) FROM place_source WHERE place_id = ?1), ?3) WHERE id = ?1";
	struct truth t;

	if (truth_get(s, &t, err) || RUN(s, err, sql, V(place), V(t.stock), V(why->now_ms)))
		return FAULT_STORE;
	return place_age(s, place, why, err);
}

/* ---- heard for the first time ---- */

enum fault truth_tells(struct store *s, int64_t account, bool by_place, struct err *err)
{
	static const char sql[] = "UPDATE account SET counts_ms = max(counts_ms, 0), by_place = ?2 WHERE id = ?1 AND (counts_ms < 0 OR by_place <> ?2)";

	return RUN(s, err, sql, V(account), V(by_place));
}

enum fault truth_awaits(struct store *s, int64_t now_ms, struct arena *a, const char **out, struct err *err)
{
	enum { NAMELESS_MS = 15 * 60000 };
	static const char sql[] = "SELECT name FROM account WHERE enabled = 1 AND counts_ms = 0 UNION ALL "
				  "SELECT c.name || ' of ' || p.name FROM account c JOIN place_source k ON k.account_id = c.id AND k.heard_ms = 0 "
				  "JOIN place p ON p.id = k.place_id AND p.sells = 1 WHERE c.enabled = 1 AND c.counts_ms > 0 AND c.by_place = 1 UNION ALL "
				  "SELECT c.name FROM account c JOIN source w ON w.account_id = c.id WHERE c.enabled = 1 AND c.counts_ms > ? AND c.by_place = 1 AND w.awaited > "
				  "(SELECT count(*) FROM place_source k WHERE k.account_id = c.id) LIMIT 1"; /* a place whose very name is not told yet: it may be empty, or none */
	struct rows *r = ASK(s, sql, V(now_ms - NAMELESS_MS));

	*out = rows_next(r) ? rows_keep(r, 0, a) : "";
	return rows_end(r, err);
}

/* Whoever it was that was waited for: what was never said of anything is thought over. */
static enum fault note_first(struct store *s, int64_t account, int64_t place, const struct cause *why, struct err *err)
{
	static const char ask[] = "SELECT (SELECT count(*) FROM account WHERE id = ?1 AND counts_ms = 0) + "
				  "(SELECT count(*) FROM place_source WHERE account_id = ?1 AND (?2 = 0 OR place_id = ?2) AND heard_ms = 0)";
	static const char put[] = "UPDATE account SET counts_ms = ?2 WHERE id = ?1 AND counts_ms = 0";
	int64_t first;

	if (GET_INT(s, err, 0, &first, ask, V(account), V(place)))
		return FAULT_STORE;
	return first && (RUN(s, err, put, V(account), V(why->now_ms)) || places_think_over(s, err)) ? FAULT_STORE : OK;
}

static enum fault hear_one(struct store *s, int64_t account, int64_t place, const struct cause *why, struct err *err)
{
	static const char sql[] = "UPDATE place_source SET heard_ms = ?1 WHERE account_id = ?2 AND place_id = ?3";

	return RUN(s, err, sql, V(why->now_ms), V(account), V(place)) ? FAULT_STORE : freshen(s, place, why, err);
}

/* All of the account's that were heard since. */
static enum fault hear_all(struct store *s, int64_t account, int64_t since_ms, const struct cause *why, struct err *err)
{
	static const char sql[] = "SELECT place_id FROM place_source WHERE account_id = ? AND place_id > ? AND heard_ms >= ? ORDER BY place_id LIMIT 1";
	int64_t next = 0;

	for (;;) {
		if (GET_INT(s, err, 0, &next, sql, V(account), V(next), V(since_ms)))
			return FAULT_STORE;
		if (!next)
			return OK;
		if (hear_one(s, account, next, why, err))
			return FAULT_STORE;
	}
}

enum fault place_unchanged(struct store *s, int64_t account, int64_t since_ms, const struct cause *why, struct err *err)
{
	assert(store_in_transaction(s));
	return hear_all(s, account, since_ms, why, err);
}

enum fault place_heard(struct store *s, int64_t account, int64_t place, const struct cause *why, struct err *err)
{
	assert(store_in_transaction(s));
	if (note_first(s, account, place, why, err))
		return FAULT_STORE;
	return place ? hear_one(s, account, place, why, err) : hear_all(s, account, 0, why, err);
}

/* ---- a person knows better ---- */

enum fault place_near(struct store *s, struct arena *a, struct place_row *out, struct err *err)
{
	static const char sql[] = "SELECT id, name, due_ms, held_ms FROM place WHERE due_ms > ? ORDER BY due_ms LIMIT 1";
	struct rows *r = ASK(s, sql, V(0));

	*out = (struct place_row){ 0 };
	if (rows_next(r))
		*out = (struct place_row){ .id = rows_int(r, 0), .name = rows_keep(r, 1, a), .due_ms = rows_int(r, 2), .held_ms = rows_int(r, 3) };
	return rows_end(r, err);
}

enum fault place_off_check(struct store *s, const char *name, bool over, struct err *err)
{
	static const char sql[] = "SELECT CASE WHEN ?2 THEN held_ms ELSE due_ms + stale END FROM place WHERE id = ?1";
	int64_t place = 0, near = 0;
	enum fault f = place_find(s, name, &place, err);

	if (!f)
		f = GET_INT(s, err, 0, &near, sql, V(place), V(over));
	if (f || near)
		return f;
	return err_set(err, FAULT_REFUSED, over ? "nobody holds it off" : "it is heard: there is nothing to hold off");
}

enum fault place_hold_off(struct store *s, const char *name, int64_t until_ms, const struct cause *why, struct err *err)
{
	static const char sql[] = "UPDATE place SET held_ms = ?, held_by = ? WHERE id = ?";
	int64_t place = 0;
	enum fault f = place_off_check(s, name, !until_ms, err);

	if (!f)
		f = place_find(s, name, &place, err);
	if (!f)
		f = RUN(s, err, sql, V(until_ms), V(until_ms ? why->actor : ""), V(place));
	return f ? f : place_age(s, place, why, err);
}
