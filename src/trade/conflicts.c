#include "trade/conflicts.h"

#include "store/store.h"
#include "trade/alerts.h"
#include "trade/dispute.h"
#include "trade/readings.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

enum { SOURCES = 8, FORMER = 32, UNITS = 16, ALERT_UNITS = 10 };
enum { LATELY_MS = 48 * 60 * 60 * 1000 };

/* ---- whose number holds ---- */

/* Open units of ours that this source had taken off its number at that moment. */
static enum fault taken_by(struct store *s, int64_t account, int64_t item, int64_t place, int64_t valid_ms, int64_t *units, struct err *err)
{
	static const char sql[] = "SELECT coalesce(sum(l.reserves), 0) FROM order_line l JOIN warehouse_order w ON w.order_id = l.order_id WHERE l.item_id = ?1 "
				  "AND l.reserves > 0 AND w.account_id = ?2 AND w.place_id = ?3 AND w.made_ms <= ?4 "
				  "AND (w.cancelled_ms = 0 OR w.cancelled_ms > ?4)";

	return GET_INT(s, err, 0, units, sql, V(item), V(account), V(place), V(valid_ms));
}

/* Of an item at a place, besides this account. */
struct asked {
	int64_t item, place, account, now_ms;
};

/*
 * What the others say. Who is switched off says nothing any more; who was not heard for longer than the place may age decides nothing, though it is told that they
 * differ. An engine that begins waits for all of them.
 */
static enum fault others(struct store *s, const struct asked *a, struct chosen *out, int *n, int *silent, struct err *err)
{
	static const char sql[] =
		"SELECT r.account_id, r.free, r.valid_ms, max(k.heard_ms) >= ?5 - p.max_age_ms OR coalesce((SELECT w.awaited_ms FROM source w WHERE w.account_id = r.account_id), 0) > ?6 "
		"FROM reading r JOIN account c ON c.id = r.account_id AND c.enabled = 1 JOIN place p ON p.id = r.place_id "
		"JOIN place_source k ON k.place_id = r.place_id AND k.account_id = r.account_id WHERE r.item_id = ?1 AND r.place_id = ?2 AND r.account_id <> ?3 "
		"GROUP BY r.account_id, r.free, r.valid_ms, p.max_age_ms ORDER BY r.account_id LIMIT ?4";
	struct rows *r = ASK(s, sql, V(a->item), V(a->place), V(a->account), V((int)SOURCES), V(a->now_ms), V(a->now_ms - AWAITED_MS));

	for (*n = *silent = 0; rows_next(r);)
		if (rows_int(r, 3))
			out[(*n)++] = (struct chosen){ rows_int(r, 0), rows_int(r, 1), rows_int(r, 2), 1 };
		else
			++*silent;
	return rows_end(r, err);
}

/* The least, by what would be left after our orders. */
static enum fault choose_least(struct store *s, int64_t item, int64_t place, const struct chosen *c, int n, int *at, struct err *err)
{
	int64_t least = 0, took;

	for (int i = 0; i < n; i++) {
		if (taken_by(s, c[i].account, item, place, c[i].valid_ms, &took, err))
			return FAULT_STORE;
		if (!i || c[i].free + took < least) {
			least = c[i].free + took;
			*at = i;
		}
	}
	return OK;
}

enum fault reading_choose(struct store *s, const struct truth *t, int64_t item, int64_t place, const struct chosen *mine, int64_t now_ms, struct chosen *out,
                          struct err *err)
{
	struct asked asked = { item, place, mine->account, now_ms };
	struct chosen c[SOURCES + 1] = { *mine };
	int64_t owner = t->conflict == CONFLICT_WMS ? t->stock : t->conflict == CONFLICT_ERP ? t->commitments : 0;
	int n = 0, silent = 0, at = 0;
	enum fault f = OK;

	if (mine->account && item && place)
		f = others(s, &asked, c + 1, &n, &silent, err);
	for (int i = 0; i <= n && owner; i++)
		if (c[i].account == owner)
			at = i;
	if (!f && n && c[at].account != owner)
		f = choose_least(s, item, place, c, n + 1, &at, err);
	*out = c[at];
	out->among = mine->account ? n + silent + 1 : 0;
	return f;
}

/* ---- written ---- */

struct side {
	int64_t account;
	struct dispute_side is;
	int64_t took;
};

static enum fault read_sides(struct store *s, const struct truth *t, int64_t item, int64_t place, int64_t now_ms, struct side *out, int *n, struct err *err)
{
	static const char sql[] =
		"SELECT r.account_id, r.free, r.committed, r.was, r.was_ms, r.valid_ms, max(k.heard_ms) < ?4 - p.max_age_ms FROM reading r "
		"JOIN account c ON c.id = r.account_id AND c.enabled = 1 JOIN place p ON p.id = r.place_id JOIN place_source k ON k.place_id = r.place_id "
		"AND k.account_id = r.account_id WHERE r.item_id = ?1 AND r.place_id = ?2 GROUP BY r.account_id, r.free, r.committed, r.was, r.was_ms, r.valid_ms, p.max_age_ms ORDER BY r.account_id = ?3 DESC, r.account_id LIMIT ?5";
	struct rows *r = ASK(s, sql, V(item), V(place), V(t->stock), V(now_ms), V((int)SOURCES));
	enum fault f;

	for (*n = 0; rows_next(r); ++*n)
		out[*n] = (struct side){ .account = rows_int(r, 0),
			                 .is = { rows_int(r, 1), rows_int(r, 2), rows_int(r, 3), rows_int(r, 4), rows_int(r, 5), rows_int(r, 6) != 0 } };
	f = rows_end(r, err);
	for (int i = 0; i < *n && !f; i++)
		f = taken_by(s, out[i].account, item, place, out[i].is.valid_ms, &out[i].took, err);
	return f;
}

static enum fault read_around(struct store *s, int64_t item, int64_t place, int64_t owner, int64_t other, int64_t now_ms, struct dispute *d, struct err *err)
{
	static const char open[] = "SELECT coalesce(sum(reserves), 0) FROM order_line WHERE item_id = ? AND reserves > 0";
	static const char gone[] = "SELECT coalesce(sum((l.q_shipped + l.q_delivered) * l.pack), 0) FROM order_line l JOIN warehouse_order w ON w.order_id = l.order_id "
				   "WHERE l.item_id = ? AND w.gone_ms > ?";
	static const char cancelled[] = "SELECT coalesce(sum(l.q_cancelled * l.pack), 0) FROM order_line l JOIN orders o ON o.id = l.order_id "
					"WHERE l.item_id = ? AND l.q_cancelled > 0 AND o.updated_ms > ?";
	static const char elsewhere[] = "SELECT coalesce((SELECT free - other_free FROM conflict WHERE item_id = ?1 AND place_id <> ?2 AND account_id = ?3 "
					"AND other_id = ?4 AND ended_ms = 0 ORDER BY id DESC LIMIT 1), 0)";

	if (GET_INT(s, err, 0, &d->open, open, V(item)) || GET_INT(s, err, 0, &d->gone, gone, V(item), V(now_ms - LATELY_MS)) ||
	    GET_INT(s, err, 0, &d->back, cancelled, V(item), V(now_ms - LATELY_MS)))
		return FAULT_STORE;
	return GET_INT(s, err, 0, &d->elsewhere, elsewhere, V(item), V(place), V(owner), V(other));
}

static enum fault read_units(struct store *s, int64_t item, int64_t out[UNITS], int *n, struct err *err)
{
	static const char sql[] = "SELECT DISTINCT u.eaches FROM product_unit u JOIN item i ON i.sku = u.sku WHERE i.id = ? ORDER BY u.eaches LIMIT ?";
	struct rows *r = ASK(s, sql, V(item), V((int)UNITS));

	for (*n = 0; rows_next(r);)
		out[(*n)++] = rows_int(r, 0);
	return rows_end(r, err);
}

static enum fault end_conflict(struct store *s, int64_t item, int64_t place, int64_t owner, int64_t other, int64_t now_ms, struct err *err)
{
	static const char sql[] = "UPDATE conflict SET ended_ms = ?, known_ms = ? WHERE item_id = ? AND place_id = ? AND account_id = ? AND other_id = ? AND ended_ms = 0";

	return RUN(s, err, sql, V(now_ms), V(now_ms), V(item), V(place), V(owner), V(other));
}

/* A cause that was found is kept while nothing explains the difference any more: its trace may only have aged. */
static enum fault put_conflict(struct store *s, int64_t item, int64_t place, const struct side *owner, const struct side *other, enum dispute_cause cause,
                               int64_t now_ms, struct err *err)
{
	static const char sql[] =
		"INSERT INTO conflict (item_id, place_id, account_id, other_id, free, other_free, decided, cause, why, since_ms, known_ms) "
		"VALUES (?1, ?2, ?3, ?4, ?5, ?6, coalesce((SELECT told FROM stock WHERE item_id = ?1 AND place_id = ?2), 0), ?7, ?8, ?9, ?9) "
		"ON CONFLICT (item_id, place_id, account_id, other_id) WHERE ended_ms = 0 DO UPDATE SET "
		"cause = CASE WHEN excluded.cause = 'UNKNOWN' AND conflict.free - conflict.other_free = excluded.free - excluded.other_free THEN conflict.cause "
		"ELSE excluded.cause END, why = CASE WHEN excluded.cause = 'UNKNOWN' AND conflict.free - conflict.other_free = excluded.free - excluded.other_free "
		"THEN conflict.why ELSE excluded.why END, free = excluded.free, other_free = excluded.other_free, decided = excluded.decided, known_ms = excluded.known_ms";

	return RUN(s, err, sql, V(item), V(place), V(owner->account), V(other->account), V(owner->is.free), V(other->is.free), V(dispute_name(cause)),
	           V(dispute_words(cause)), V(now_ms));
}

/* Over 10 units: one alert for a place, closed when nothing of it is in dispute any more. */
static enum fault tell_place(struct store *s, int64_t place, int64_t delta, const struct cause *why, struct err *err)
{
	static const char name[] = "SELECT name FROM place WHERE id = ?";
	static const char left[] = "SELECT count(*) FROM (SELECT 1 FROM conflict WHERE place_id = ? AND ended_ms = 0 LIMIT 1) AS x";
	char key[48], text[240], at[124] = "";
	struct alert a = { .key = key, .kind = "conflict", .severity = "WARN", .subject = at, .text = text,
		           .next = "tallyman conflicts names the likeliest cause of each; the number believed meanwhile is the safer one" };
	struct rows *r;
	int64_t n;

	snprintf(key, sizeof key, "conflict %" PRId64, place);
	if (!delta)
		return GET_INT(s, err, 0, &n, left, V(place)) ? FAULT_STORE : n ? OK : alert_close(s, key, why->now_ms, err);
	if (delta <= ALERT_UNITS && delta >= -ALERT_UNITS)
		return OK;
	r = ASK(s, name, V(place));
	if (rows_next(r))
		snprintf(at, sizeof at, "%s", rows_text(r, 0));
	if (rows_end(r, err))
		return FAULT_STORE;
	snprintf(text, sizeof text, "%.100s: two systems differ by %" PRId64 " units of one item", at, delta < 0 ? -delta : delta);
	return alert_raise(s, &a, why->now_ms, err);
}

static enum fault weigh_pair(struct store *s, int64_t item, int64_t place, const struct side *owner, const struct side *other, const struct cause *why, struct err *err)
{
	struct dispute d = { .owner = owner->is, .other = other->is, .owner_took = owner->took, .other_took = other->took };
	int64_t eaches[UNITS];
	enum dispute_cause cause;

	d.eaches = eaches;
	if (read_around(s, item, place, owner->account, other->account, why->now_ms, &d, err) || read_units(s, item, eaches, &d.units, err))
		return FAULT_STORE;
	cause = dispute_judge(&d);
	if (cause == DISPUTE_NONE ? end_conflict(s, item, place, owner->account, other->account, why->now_ms, err)
	                          : put_conflict(s, item, place, owner, other, cause, why->now_ms, err))
		return FAULT_STORE;
	return tell_place(s, place, owner->is.free - other->is.free, why, err);
}

static bool is_pair(const struct side *side, int n, int64_t owner, int64_t other)
{
	for (int i = 1; i < n; i++)
		if (side[0].account == owner && side[i].account == other)
			return true;
	return false;
}

/* Another owns stock by now, or one of the two tells nothing of the item there any more. */
static enum fault end_former(struct store *s, int64_t item, int64_t place, const struct side *side, int n, const struct cause *why, struct err *err)
{
	static const char sql[] = "SELECT account_id, other_id FROM conflict WHERE item_id = ? AND place_id = ? AND ended_ms = 0 ORDER BY id LIMIT ?";
	int64_t former[FORMER][2];
	int formers = 0;
	struct rows *r = ASK(s, sql, V(item), V(place), V((int)FORMER));
	enum fault f;

	while (rows_next(r))
		if (!is_pair(side, n, rows_int(r, 0), rows_int(r, 1))) {
			former[formers][0] = rows_int(r, 0);
			former[formers++][1] = rows_int(r, 1);
		}
	f = rows_end(r, err);
	for (int i = 0; i < formers && !f; i++)
		f = end_conflict(s, item, place, former[i][0], former[i][1], why->now_ms, err);
	return f || !formers ? f : tell_place(s, place, 0, why, err);
}

enum fault conflict_weigh(struct store *s, const struct truth *t, int64_t item, int64_t place, const struct cause *why, struct err *err)
{
	struct side side[SOURCES];
	int n;
	enum fault f = read_sides(s, t, item, place, why->now_ms, side, &n, err);

	assert(store_in_transaction(s));
	for (int i = 1; i < n && !f; i++)
		f = weigh_pair(s, item, place, &side[0], &side[i], why, err);
	return f ? f : end_former(s, item, place, side, n, why, err);
}

enum fault conflicts_part(struct store *s, int64_t account, int64_t place, const struct cause *why, struct err *err)
{
	static const char sql[] = "UPDATE conflict SET ended_ms = ?3, known_ms = ?3 WHERE ended_ms = 0 AND place_id = ?2 AND (account_id = ?1 OR other_id = ?1)";

	return RUN(s, err, sql, V(account), V(place), V(why->now_ms)) ? FAULT_STORE : tell_place(s, place, 0, why, err);
}

enum fault conflicts_leave(struct store *s, int64_t account, const struct cause *why, struct err *err)
{
	static const char ask[] = "SELECT place_id FROM conflict WHERE ended_ms = 0 AND (account_id = ?1 OR other_id = ?1) LIMIT 1";
	int64_t place;

	for (;;) {
		if (GET_INT(s, err, 0, &place, ask, V(account)))
			return FAULT_STORE;
		if (!place)
			return OK;
		if (conflicts_part(s, account, place, why, err))
			return FAULT_STORE;
	}
}

/* ---- read ---- */

const char *conflict_mover(const struct conflict *k, struct arena *a)
{
	bool owner = k->owner_moved_ms >= k->other_moved_ms;

	if (!k->owner_kept || !k->other_kept)
		return "which moved last is not kept";
	if (!k->owner_moved_ms && !k->other_moved_ms)
		return "neither has moved since both were first read";
	return arena_printf(a, "%s moved last, from %" PRId64 " to %" PRId64, owner ? k->owner : k->other, owner ? k->owner_was : k->other_was, owner ? k->free : k->other_free);
}

enum fault conflicts_count(struct store *s, int64_t *n, struct err *err)
{
	static const char sql[] = "SELECT count(*) FROM conflict WHERE ended_ms = ?";

	return GET_INT(s, err, 0, n, sql, V(0));
}

enum fault conflicts_list(struct store *s, int64_t item, int n, struct arena *a, struct conflict **out, int *got, struct err *err)
{
	static const char sql[] =
		"SELECT k.id, k.item_id, k.free, k.other_free, k.decided, k.since_ms, k.known_ms, coalesce(r.valid_ms, 0), coalesce(q.valid_ms, 0), coalesce(r.was, 0), "
		"coalesce(q.was, 0), coalesce(r.committed, 0), coalesce(q.committed, 0), i.sku, i.title, p.name, c.name, o.name, k.cause, k.why, coalesce(r.was_ms, 0), coalesce(q.was_ms, 0), r.id IS NOT NULL, q.id IS NOT NULL FROM conflict k "
		"JOIN item i ON i.id = k.item_id JOIN place p ON p.id = k.place_id JOIN account c ON c.id = k.account_id JOIN account o ON o.id = k.other_id "
		"LEFT JOIN reading r ON r.item_id = k.item_id AND r.place_id = k.place_id AND r.account_id = k.account_id "
		"LEFT JOIN reading q ON q.item_id = k.item_id AND q.place_id = k.place_id AND q.account_id = k.other_id "
		"WHERE k.ended_ms = 0 AND (?1 = 0 OR k.item_id = ?1) ORDER BY abs(k.free - k.other_free) DESC, k.id LIMIT ?2";
	struct rows *r = ASK(s, sql, V(item), V(n));
	int cap = 0;

	*out = NULL;
	for (*got = 0; rows_next(r); ++*got) {
		struct conflict *k;

		*out = arena_grow(a, *out, *got, &cap, sizeof **out);
		k = &(*out)[*got];
		*k = (struct conflict){ rows_int(r, 0), rows_int(r, 1), rows_int(r, 2), rows_int(r, 3), rows_int(r, 4), rows_int(r, 5), rows_int(r, 6),
			                rows_int(r, 7), rows_int(r, 8), .owner_was = rows_int(r, 9), .other_was = rows_int(r, 10),
			                .owner_committed = rows_int(r, 11), .other_committed = rows_int(r, 12) };
		k->sku = rows_keep(r, 13, a);
		k->title = rows_keep(r, 14, a);
		k->place = rows_keep(r, 15, a);
		k->owner = rows_keep(r, 16, a);
		k->other = rows_keep(r, 17, a);
		k->cause = rows_keep(r, 18, a);
		k->why = rows_keep(r, 19, a);
		k->owner_moved_ms = rows_int(r, 20);
		k->other_moved_ms = rows_int(r, 21);
		k->owner_kept = rows_int(r, 22) != 0;
		k->other_kept = rows_int(r, 23) != 0;
	}
	return rows_end(r, err);
}
