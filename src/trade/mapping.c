#include "trade/mapping.h"

#include "base/text.h"
#include "store/store.h"
#include "trade/change.h"
#include "trade/inbox.h"
#include "trade/inventory.h"
#include "trade/jobs.h"
#include "trade/ledger.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { SWEEP_AFTER_MS = 10 * 60 * 1000 };

enum fault mapping_of(struct store *s, int64_t account, const char *sku, struct mapped *out, struct err *err)
{
	static const char sql[] = "SELECT item_id, pack, source FROM mapping WHERE sku = ?1 AND account_id = ?2 "
				  "UNION ALL SELECT id, 1, 'spelling' FROM item WHERE sku = ?1 LIMIT 1";
	struct rows *r = ASK(s, sql, V(sku), V(account));
	const char *by;

	*out = (struct mapped){ 0, 1, "" };
	if (rows_next(r)) {
		by = rows_text(r, 2);
		*out = (struct mapped){ rows_int(r, 0), rows_int(r, 1), *by == 's' ? "spelling" : *by == 'i' ? "import" : "person" };
	}
	return rows_end(r, err);
}

/* ---- saying what it stands for ---- */

struct remap {
	struct store *s;
	struct arena *a;
	int64_t account;
	const char *sku;
	struct mapped now;
	const struct cause *why;
	int changed;
};

struct touched { /* an offer or a line, and what it stood for */
	int64_t id, item, pack, reserves;
	int64_t reserved; /* of that, what no warehouse has taken off its own number */
};

static enum fault touched_by(struct remap *m, const char *sql, struct touched **out, int *n, struct err *err)
{
	struct rows *r = store_ask(m->s, sql, VALS(V(m->sku), V(m->account)));
	int cap = 0;

	*out = NULL;
	for (*n = 0; rows_next(r);) {
		*out = arena_grow(m->a, *out, *n, &cap, sizeof **out);
		(*out)[(*n)++] = (struct touched){ rows_int(r, 0), rows_int(r, 1), rows_int(r, 2), rows_int(r, 3), rows_int(r, 4) };
	}
	return rows_end(r, err);
}

/* What waits to be said was reckoned for another item. */
static enum fault drop_waiting(struct remap *m, int64_t offer, struct err *err)
{
	static const char sql[] = "SELECT id FROM job WHERE subject_id = ? AND verb = 'stock' AND state = 'waiting'";
	int64_t job;

	if (GET_INT(m->s, err, 0, &job, sql, V(offer)))
		return FAULT_STORE;
	return job ? job_supersede(m->s, job, "its SKU stands for another item now", m->why, err) : OK;
}

static enum fault move_offer(struct remap *m, const struct touched *o, struct err *err)
{
	static const char sql[] = "UPDATE offer SET item_id = ?, pack = ?, mapped_ms = ?, mapped_by = ?, known_ms = ? WHERE id = ?";

	if (RUN(m->s, err, sql, m->now.item ? V(m->now.item) : V_NULL, V(m->now.pack), V(m->now.item ? m->why->now_ms : (int64_t)0), V(m->now.by),
	        V(m->why->now_ms), V(o->id)))
		return FAULT_STORE;
	if (o->item == m->now.item && o->pack == m->now.pack)
		return OK;
	m->changed++;
	if (drop_waiting(m, o->id, err) || change_int(m->s, "offer", o->id, "item", o->item, m->now.item, m->why->now_ms, m->why, err) ||
	    change_int(m->s, "offer", o->id, "pack", o->pack, m->now.pack, m->why->now_ms, m->why, err))
		return FAULT_STORE;
	if (o->item && ledger_dirty(m->s, o->item, m->why->now_ms, err))
		return FAULT_STORE;
	return m->now.item ? ledger_dirty(m->s, m->now.item, m->why->now_ms, err) : OK;
}

/* What an open line owes is owed by another item, in that item's eaches. */
static enum fault move_line(struct remap *m, const struct touched *l, struct err *err)
{
	static const char sql[] = "UPDATE order_line SET item_id = ?, pack = ?, reserves = ?, taken = 0 WHERE id = ?";
	int64_t owed = l->reserves / l->pack * m->now.pack;

	if (l->item == m->now.item && l->pack == m->now.pack)
		return OK;
	m->changed++;
	if (l->item && item_reserve(m->s, l->item, -l->reserved, m->why, err))
		return FAULT_STORE;
	if (m->now.item && item_reserve(m->s, m->now.item, owed, m->why, err))
		return FAULT_STORE;
	if (RUN(m->s, err, sql, m->now.item ? V(m->now.item) : V_NULL, V(m->now.pack), V(owed), V(l->id)))
		return FAULT_STORE;
	return change_int(m->s, "order_line", l->id, "item", l->item, m->now.item, m->why->now_ms, m->why, err);
}

/* Lines of which something is owed, and those that stood for nothing: what is over and done with keeps what it was. */
static enum fault move_all(struct remap *m, struct err *err)
{
	static const char offers[] = "SELECT id, coalesce(item_id, 0), pack, 0, 0 FROM offer WHERE sku = ? AND account_id = ?";
	static const char lines[] = "SELECT l.id, coalesce(l.item_id, 0), l.pack, l.reserves, l.reserves * (1 - l.taken) FROM order_line l JOIN orders o ON o.id = l.order_id "
				    "WHERE l.sku = ? AND o.account_id = ? AND (l.reserves > 0 OR l.item_id IS NULL)";
	struct touched *t;
	int n;
	enum fault f = touched_by(m, offers, &t, &n, err);

	for (int i = 0; i < n && !f; i++)
		f = move_offer(m, &t[i], err);
	if (!f)
		f = touched_by(m, lines, &t, &n, err);
	for (int i = 0; i < n && !f; i++)
		f = move_line(m, &t[i], err);
	return f;
}

static enum fault put_on_record(struct remap *m, int64_t item, int64_t pack, const char *by, struct err *err)
{
	static const char put[] = "INSERT INTO mapping (account_id, sku, item_id, pack, source, actor, made_ms) VALUES (?, ?, ?, ?, ?, ?, ?) "
				  "ON CONFLICT (sku, account_id) DO UPDATE SET item_id = excluded.item_id, pack = excluded.pack, "
				  "source = excluded.source, actor = excluded.actor, made_ms = excluded.made_ms";
	static const char drop[] = "DELETE FROM mapping WHERE sku = ? AND account_id = ?";

	if (!item)
		return RUN(m->s, err, drop, V(m->sku), V(m->account));
	return RUN(m->s, err, put, V(m->account), V(m->sku), V(item), V(pack), V(by), V(m->why->actor), V(m->why->now_ms));
}

enum fault mapping_found(struct store *s, int64_t account, const char *sku, const struct cause *why, struct err *err)
{
	static const char sql[] = "SELECT id FROM inbox WHERE subject = ?1 AND (account_id = ?2 OR ?2 = 0) "
				  "AND verb = 'stock' AND class = 'MAPPING' AND state IN ('parked', 'retried') LIMIT 1";
	int64_t id;

	for (;;) {
		if (GET_INT(s, err, 0, &id, sql, V(sku), V(account)))
			return FAULT_STORE;
		if (!id)
			return OK;
		if (inbox_turn(s, id, "understood", why, err))
			return FAULT_STORE;
	}
}

enum fault mapping_set(struct store *s, int64_t account, const char *sku, int64_t item, int64_t pack, const char *by, const struct cause *why,
                       int *changed, struct err *err)
{
	struct remap m = { .s = s, .a = arena_new(), .account = account, .sku = sku, .why = why };
	enum fault f = OK;

	assert(store_in_transaction(s));
	if (!*sku || pack < 1 || pack > PACK_MOST)
		f = err_set(err, FAULT_REFUSED, "%.80s: a pack holds 1 to %d eaches", sku, PACK_MOST);
	if (!f)
		f = put_on_record(&m, item, pack, by, err);
	if (!f)
		f = mapping_of(s, account, sku, &m.now, err);
	if (!f)
		f = move_all(&m, err);
	if (!f && m.now.item)
		f = mapping_found(s, account, sku, why, err);
	*changed = m.changed;
	arena_free(m.a);
	return f;
}

bool map_line_read(const char *text, struct map_line *out)
{
	int64_t *const number[] = { &out->account, &out->pack, &out->item };

	if (!text_numbers(&text, 3, number))
		return false;
	out->sku = text;
	return *text && out->account && out->pack >= 1 && out->pack <= PACK_MOST;
}

/* ---- reading ---- */

#define NUMBERS "(SELECT group_concat(d.kind || ' ' || d.value, ', ') FROM identity d WHERE d.sku = x.sku AND d.account_id = x.account_id)"

/* The SKUs that an account lists or that something was said about. */
#define SKUS \
	"(SELECT f.account_id, f.sku, max(f.item_id) AS item_id, max(f.pack) AS pack, max(f.mapped_by) AS mapped_by, max(f.mapped_ms) AS mapped_ms, " \
	"count(*) AS offers, max(f.title) AS title FROM offer f GROUP BY f.account_id, f.sku " \
	"UNION ALL SELECT m.account_id, m.sku, m.item_id, m.pack, m.source, m.made_ms, 0, '' FROM mapping m " \
	"WHERE NOT EXISTS (SELECT 1 FROM offer f WHERE f.sku = m.sku AND f.account_id = m.account_id)) AS x"

enum fault mappings_page(struct store *s, const struct mapping_row *after, bool all, int n, struct arena *a, struct mapping_row **out, int *got,
                         struct err *err)
{
	static const char sql[] = "SELECT x.account_id, coalesce(x.item_id, 0), x.pack, x.offers, x.mapped_ms, c.name, c.channel, x.sku, i.sku, "
				  "coalesce(i.title, x.title), x.mapped_by, m.actor, " NUMBERS " FROM " SKUS " JOIN account c ON c.id = x.account_id "
				  "LEFT JOIN item i ON i.id = x.item_id LEFT JOIN mapping m ON m.sku = x.sku AND m.account_id = x.account_id "
				  "WHERE (c.name > ?1 OR (c.name = ?1 AND x.sku > ?2)) AND (?3 OR m.sku IS NOT NULL) ORDER BY c.name, x.sku LIMIT ?4";
	struct rows *r = ASK(s, sql, V(after ? after->account_name : ""), V(after ? after->sku : ""), V(all), V(n));

	*out = arena_alloc(a, (size_t)(n + 1) * sizeof **out);
	for (*got = 0; rows_next(r); (*got)++)
		(*out)[*got] = (struct mapping_row){
			.account = rows_int(r, 0),
			.item = rows_int(r, 1),
			.pack = rows_int(r, 2),
			.offers = rows_int(r, 3),
			.mapped_ms = rows_int(r, 4),
			.account_name = rows_keep(r, 5, a),
			.channel = rows_keep(r, 6, a),
			.sku = rows_keep(r, 7, a),
			.item_sku = arena_strdup(a, rows_text(r, 8)),
			.title = arena_strdup(a, rows_text(r, 9)),
			.by = rows_keep(r, 10, a),
			.actor = arena_strdup(a, rows_text(r, 11)),
			.numbers = arena_strdup(a, rows_text(r, 12)),
		};
	return rows_end(r, err);
}

/* ---- a row in front of a person ---- */

enum fault mapping_sweep(struct store *s, const struct cause *why, int n, struct err *err)
{
	static const char sql[] = "SELECT f.account_id, f.sku FROM offer f WHERE f.item_id IS NULL AND f.pool = 'own' AND f.block = '' AND f.known_ms < ? "
				  "AND NOT EXISTS (SELECT 1 FROM inbox b WHERE b.account_id = f.account_id AND b.verb = 'stock' AND b.class = 'MAPPING' "
				  "AND b.subject = f.sku AND b.state <> 'understood') GROUP BY f.account_id, f.sku LIMIT ?";
	struct arena *a = arena_new();
	struct touched_sku {
		int64_t account;
		const char *sku;
	} *t = arena_alloc(a, (size_t)n * sizeof *t);
	struct rows *r = ASK(s, sql, V(why->now_ms - SWEEP_AFTER_MS), V(n));
	int got = 0;
	enum fault f;

	assert(store_in_transaction(s));
	for (; rows_next(r); got++)
		t[got] = (struct touched_sku){ rows_int(r, 0), rows_keep(r, 1, a) };
	f = rows_end(r, err);
	for (int i = 0; i < got && !f; i++) {
		struct parked p = {
			.class = "MAPPING",
			.subject = t[i].sku,
			.path = "",
			.text = "it stands for no item of ours",
			.effect = "its quantity is never written: it goes on selling what it shows",
			.remedy = "tallyman map set ACCOUNT SKU ITEM",
		};

		f = inbox_park(s, t[i].account, VERB_STOCK, &p, NULL, why, err);
	}
	arena_free(a);
	return f;
}
