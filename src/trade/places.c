#include "trade/places_inside.h"

#include "base/text.h"
#include "store/store.h"
#include "trade/accounts.h"
#include "trade/change.h"
#include "trade/inventory.h"
#include "trade/news.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { MAX_AGE_MS = 60 * 60 * 1000 };

bool place_is_theirs(const char *kind)
{
	return !strcmp(kind, "fba") || !strcmp(kind, "wfs");
}

bool place_is_kind(const char *kind)
{
	static const char *const kinds[] = { "own", "3pl", "dropship", "fba", "wfs" };

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (!strcmp(kinds[i], kind))
			return true;
	return false;
}

bool place_serves(const char *serves, const char *account, const char *channel)
{
	const char *p = serves + strspn(serves, " ");

	if (!*p)
		return true;
	for (size_t n; *p; p += n, p += strspn(p, " ")) {
		n = strcspn(p, " ");
		if ((strlen(account) == n && !memcmp(p, account, n)) || (strlen(channel) == n && !memcmp(p, channel, n)))
			return true;
	}
	return false;
}

/* ---- who owns which field ---- */

static const char *const rules[CONFLICT_RULES] = { "min", "wms", "erp" };

const char *conflict_rule_name(enum conflict_rule r)
{
	return rules[r];
}

enum conflict_rule conflict_rule_from_name(const char *name)
{
	for (int r = 0; r < CONFLICT_RULES; r++)
		if (!strcmp(rules[r], name))
			return (enum conflict_rule)r;
	return CONFLICT_RULES;
}

/* What holds for places that nobody gave an age of their own. */
static enum fault default_age(struct store *s, int64_t max_age_ms, struct err *err)
{
	static const char ask[] = "SELECT cast(value AS INTEGER) FROM meta WHERE key = 'truth.max_age_ms'";
	static const char sql[] = "UPDATE place SET max_age_ms = ?1 WHERE max_age_ms = ?2 AND max_age_ms <> ?1";
	int64_t was;

	return GET_INT(s, err, MAX_AGE_MS, &was, ask) ? FAULT_STORE : RUN(s, err, sql, V(max_age_ms), V(was));
}

enum fault truth_put(struct store *s, const char *stock, const char *commitments, enum conflict_rule conflict, int64_t max_age_ms, struct err *err)
{
	char age[24];

	snprintf(age, sizeof age, "%" PRId64, max_age_ms);
	if (default_age(s, max_age_ms, err) || meta_put(s, "truth.stock", stock, err) || meta_put(s, "truth.commitments", commitments, err) ||
	    meta_put(s, "truth.conflict", conflict_rule_name(conflict), err))
		return FAULT_STORE;
	return meta_put(s, "truth.max_age_ms", age, err);
}

static enum fault truth_account(struct store *s, const char *key, int64_t *id, struct err *err)
{
	static const char sql[] = "SELECT c.id FROM meta m JOIN account c ON (c.name = m.value OR c.channel = m.value) AND c.enabled = 1 WHERE m.key = ? "
				  "ORDER BY c.name = m.value DESC, c.id LIMIT 1";

	return GET_INT(s, err, 0, id, sql, V(key));
}

enum fault truth_get(struct store *s, struct truth *out, struct err *err)
{
	static const char sql[] = "SELECT key, value FROM meta WHERE key = 'truth.conflict' OR key = 'truth.max_age_ms'";
	struct rows *r = store_ask(s, sql, NULL, 0);

	*out = (struct truth){ .max_age_ms = MAX_AGE_MS };
	while (rows_next(r))
		if (strcmp(rows_text(r, 0), "truth.conflict"))
			text_int(rows_text(r, 1), 1, INT64_MAX, &out->max_age_ms);
		else
			out->conflict = conflict_rule_from_name(rows_text(r, 1));
	if (out->conflict == CONFLICT_RULES)
		out->conflict = CONFLICT_MIN;
	if (rows_end(r, err) || truth_account(s, "truth.stock", &out->stock, err))
		return FAULT_STORE;
	return truth_account(s, "truth.commitments", &out->commitments, err);
}

/* ---- does it sell? ---- */

/* What follows from include, use and age; when it became another, its items are swept. */
enum fault place_settle(struct store *s, int64_t place, struct err *err)
{
	static const char sql[] = "UPDATE place SET sells = counts * active * (1 - stale), swept = 0 WHERE id = ? AND kind <> 'fba' AND kind <> 'wfs' "
				  "AND sells <> counts * active * (1 - stale)";
	static const char theirs[] = "UPDATE place SET sells = 0, swept = 0 WHERE id = ? AND (kind = 'fba' OR kind = 'wfs') AND sells <> 0";

	return RUN(s, err, sql, V(place)) ? FAULT_STORE : RUN(s, err, theirs, V(place));
}

enum fault places_swept(struct store *s, bool *more, struct err *err)
{
	static const char sql[] = "SELECT count(*) FROM place WHERE swept IS NOT NULL";
	struct rows *r = store_ask(s, sql, NULL, 0);

	*more = rows_next(r) && rows_int(r, 0) > 0;
	return rows_end(r, err);
}

enum fault places_sweep(struct store *s, int n, int64_t now_ms, bool *more, struct err *err)
{
	static const char next[] = "SELECT id, swept FROM place WHERE swept IS NOT NULL ORDER BY id LIMIT 1";
	static const char last[] = "SELECT max(item_id) FROM (SELECT item_id FROM stock WHERE place_id = ? AND item_id > ? ORDER BY item_id LIMIT ?) AS x";
	static const char put[] = "INSERT INTO dirty (item_id, since_ms) SELECT item_id, ?4 FROM stock WHERE place_id = ?1 AND item_id > ?2 AND item_id <= ?3 "
				  "ON CONFLICT (item_id) DO NOTHING";
	static const char on[] = "UPDATE place SET swept = ?2 WHERE id = ?1";
	struct rows *r = store_ask(s, next, NULL, 0);
	int64_t place = 0, from = 0, upto;

	if (rows_next(r)) {
		place = rows_int(r, 0);
		from = rows_int(r, 1);
	}
	*more = place != 0;
	if (rows_end(r, err) || (place && GET_INT(s, err, 0, &upto, last, V(place), V(from), V(n))))
		return FAULT_STORE;
	if (!place)
		return OK;
	if (upto && RUN(s, err, put, V(place), V(from), V(upto), V(now_ms)))
		return FAULT_STORE;
	return RUN(s, err, on, V(place), upto ? V(upto) : V_NULL);
}

enum fault place_id(struct store *s, const char *name, const char *kind, int64_t account, int64_t *id, struct err *err)
{
	static const char ask[] = "SELECT id FROM place WHERE name = ?";
	static const char insert[] = "INSERT INTO place (name, kind, account_id, counts, sells, max_age_ms) VALUES (?1, ?2, ?3, ?4, ?4, ?5) RETURNING id";
	bool theirs = place_is_theirs(kind);
	struct truth t;

	assert(store_in_transaction(s));
	if (GET_INT(s, err, 0, id, ask, V(name)))
		return FAULT_STORE;
	if (*id)
		return OK;
	if (truth_get(s, &t, err))
		return FAULT_STORE;
	return RUN_ID(s, err, id, insert, V(name), V(kind), account ? V(account) : V_NULL, V(!theirs), V(t.max_age_ms));
}

enum fault place_told(struct store *s, int64_t account, const char *word, int64_t *id, struct err *err)
{
	static const char only[] = "SELECT coalesce((SELECT place_id FROM place_source WHERE account_id = ? ORDER BY id LIMIT 1), "
				   "(SELECT id FROM place WHERE kind = 'own' AND (heard_ms > 0 OR NOT EXISTS (SELECT 1 FROM place_source k "
				   "WHERE k.place_id = place.id)) ORDER BY id LIMIT 1))"; /* a node that only a marketplace tells of is no default */
	static const char by_word[] = "SELECT place_id FROM place_source WHERE account_id = ?1 AND (code = ?2 OR name = ?2) ORDER BY code = ?2 DESC, id LIMIT 1";
	static const char by_name[] = "SELECT id FROM place WHERE name = ?";

	if (!word || !*word)
		return GET_INT(s, err, 0, id, only, V(account));
	if (GET_INT(s, err, 0, id, by_word, V(account), V(word)))
		return FAULT_STORE;
	return *id ? OK : GET_INT(s, err, 0, id, by_name, V(word));
}

/* Which node a place stands for is another: offers there may want other numbers whether goods of theirs lie there or not, so that all are thought over. */
enum fault places_think_over(struct store *s, struct err *err)
{
	return meta_put(s, "policy.in_force", "places changed", err);
}

static enum fault put_source(struct store *s, int64_t account, int64_t place, const char *code, const char *name, struct err *err)
{
	static const char sql[] = "INSERT INTO place_source (place_id, account_id, code, name) VALUES (?, ?, ?, ?) ON CONFLICT (account_id, code) "
				  "DO UPDATE SET name = excluded.name WHERE place_source.name <> excluded.name AND excluded.name <> ''";

	return RUN(s, err, sql, V(place), V(account), V(code), V(name));
}

enum fault place_source(struct store *s, int64_t account, const char *word, int64_t *id, struct err *err)
{
	static const char known[] = "SELECT count(*) FROM place_source WHERE account_id = ? AND place_id = ?";
	const char *name = word && *word ? word : "warehouse";
	int64_t n;

	if (place_told(s, account, word, id, err) || (!*id && place_id(s, name, "own", account, id, err)))
		return FAULT_STORE;
	if (!account)
		return OK;
	if (GET_INT(s, err, 0, &n, known, V(account), V(*id)))
		return FAULT_STORE;
	return n ? OK : put_source(s, account, *id, word ? word : "", "", err);
}

/* ---- what they say of it ---- */

enum fault place_active(struct store *s, int64_t place, bool active, const struct cause *why, struct err *err)
{
	static const char ask[] = "SELECT active FROM place WHERE id = ?";
	static const char sql[] = "UPDATE place SET active = ? WHERE id = ?";
	int64_t was;

	if (GET_INT(s, err, 1, &was, ask, V(place)))
		return FAULT_STORE;
	if ((was != 0) == active)
		return OK;
	if (RUN(s, err, sql, V(active), V(place)) || change_int(s, "place", place, "active", was, active, why->now_ms, why, err))
		return FAULT_STORE;
	return place_settle(s, place, err);
}

enum fault site_tell(struct store *s, int64_t account, const struct site *site, const struct cause *why, struct err *err)
{
	static const char known[] = "SELECT count(*) FROM place_source WHERE account_id = ? AND code = ?";
	const char *name = site->name && *site->name ? site->name : site->code, *kind = site->kind ? site->kind : "own";
	int64_t place, was;

	assert(store_in_transaction(s));
	if (!site->code || !*site->code || strlen(site->code) > 100 || strlen(name) > 100)
		return err_set(err, FAULT_FORMAT, "a place without a code, or with a code or name of more than 100 bytes");
	if (!place_is_kind(kind))
		return err_set(err, FAULT_FORMAT, "%.80s: %.40s is no kind of place", name, kind);
	if (GET_INT(s, err, 0, &was, known, V(account), V(site->code)) || place_told(s, account, site->code, &place, err) ||
	    (!place && place_told(s, account, name, &place, err)))
		return FAULT_STORE;
	if (!place && place_id(s, name, kind, account, &place, err))
		return FAULT_STORE;
	if (put_source(s, account, place, site->code, name, err) || (!was && places_think_over(s, err)))
		return FAULT_STORE;
	return place_active(s, place, site->active, why, err);
}

/* ---- reading ---- */

enum fault place_find(struct store *s, const char *name, int64_t *id, struct err *err)
{
	static const char sql[] = "SELECT id FROM place WHERE name = ?";

	if (GET_INT(s, err, 0, id, sql, V(name)))
		return FAULT_STORE;
	return *id ? OK : err_set(err, FAULT_REFUSED, "there is no place %.80s: tallyman places shows them", name);
}

static enum fault told_by(struct store *s, struct place_row *p, struct arena *a, struct err *err)
{
	static const char sql[] = "SELECT c.name, k.code FROM place_source k JOIN account c ON c.id = k.account_id WHERE k.place_id = ? ORDER BY k.id";
	struct rows *r = ASK(s, sql, V(p->id));
	struct buf b = buf_new(a);

	while (rows_next(r))
		buf_printf(&b, "%s%s:%s", b.len ? " " : "", rows_text(r, 0), rows_text(r, 1));
	p->told_by = b.p;
	return rows_end(r, err);
}

enum fault places_list(struct store *s, struct arena *a, struct place_row **out, int *n, struct err *err)
{
	static const char sql[] =
		"SELECT p.id, p.name, p.kind, p.serves, p.node, p.counts, p.active, p.stale, p.sells, p.max_age_ms, p.heard_ms, p.due_ms, p.held_ms, p.held_by, (SELECT count(*) FROM stock st "
		"WHERE st.place_id = p.id AND st.counted > 0), (SELECT coalesce(sum(st.counted), 0) FROM stock st WHERE st.place_id = p.id) FROM place p ORDER BY p.name";
	struct rows *r = store_ask(s, sql, NULL, 0);
	enum fault f;
	int cap = 0;

	*out = NULL;
	for (*n = 0; rows_next(r); ++*n) {
		*out = arena_grow(a, *out, *n, &cap, sizeof **out);
		(*out)[*n] = (struct place_row){
			.id = rows_int(r, 0),
			.name = rows_keep(r, 1, a),
			.kind = rows_keep(r, 2, a),
			.serves = rows_keep(r, 3, a),
			.node = rows_keep(r, 4, a),
			.counts = rows_int(r, 5) != 0,
			.active = rows_int(r, 6) != 0,
			.stale = rows_int(r, 7) != 0,
			.sells = rows_int(r, 8) != 0,
			.max_age_ms = rows_int(r, 9),
			.heard_ms = rows_int(r, 10),
			.due_ms = rows_int(r, 11),
			.held_ms = rows_int(r, 12),
			.held_by = rows_keep(r, 13, a),
			.items = rows_int(r, 14),
			.units = rows_int(r, 15),
		};
	}
	f = rows_end(r, err);
	for (int i = 0; i < *n && !f; i++)
		f = told_by(s, &(*out)[i], a, err);
	return f;
}
