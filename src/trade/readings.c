#include "trade/readings.h"

#include "base/text.h"
#include "store/store.h"

#include <assert.h>

/* Nobody waits longer for the last page, and for its pages long after that nobody comes any more. */
enum { PATIENCE_MS = 2 * 60 * 1000, FORGOTTEN_MS = 24 * 60 * 60 * 1000 };

static const char *or_null(const char *s)
{
	return *s ? s : NULL;
}

static enum fault stage_one(struct store *s, int64_t account, const char *name, const struct count *c, int64_t begun_ms, struct err *err)
{
	static const char sql[] =
		"INSERT INTO staged (account_id, reading, place, sku, title, unit, qty, committed, valid_ms, begun_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
		"ON CONFLICT (account_id, reading, place, sku, unit) DO UPDATE SET qty = excluded.qty, committed = excluded.committed, valid_ms = excluded.valid_ms";

	return RUN(s, err, sql, V(account), V(name), V(text_or_empty(c->place)), V(text_or_empty(c->sku)), V(text_or_empty(c->title)), V(text_or_empty(c->unit)), V(c->qty),
	           V(c->committed), V(c->valid_ms), V(begun_ms));
}

enum fault reading_stage(struct store *s, int64_t account, const char *name, const struct count *c, int n, int64_t begun_ms, struct err *err)
{
	static const char stale[] = "DELETE FROM staged WHERE account_id = ? AND reading <> ? AND begun_ms < ?";
	enum fault f = RUN(s, err, stale, V(account), V(name), V(begun_ms - FORGOTTEN_MS));

	assert(store_in_transaction(s));
	for (int i = 0; i < n && !f; i++)
		f = stage_one(s, account, name, &c[i], begun_ms, err);
	return f;
}

enum fault reading_collect(struct store *s, int64_t account, const char *name, struct arena *a, struct count **out, int *n, int64_t *begun_ms, struct err *err)
{
	static const char sql[] = "SELECT place, sku, title, unit, qty, committed, valid_ms, begun_ms FROM staged WHERE account_id = ? AND reading = ? ORDER BY id";
	static const char done[] = "DELETE FROM staged WHERE account_id = ? AND reading = ?";
	struct rows *r = ASK(s, sql, V(account), V(name));
	int cap = 0;

	*out = NULL;
	*begun_ms = 0;
	for (*n = 0; rows_next(r); ++*n) {
		*out = arena_grow(a, *out, *n, &cap, sizeof **out);
		(*out)[*n] = (struct count){
			.place = or_null(rows_keep(r, 0, a)),
			.sku = rows_keep(r, 1, a),
			.title = or_null(rows_keep(r, 2, a)),
			.unit = or_null(rows_keep(r, 3, a)),
			.qty = rows_int(r, 4),
			.committed = rows_int(r, 5),
			.valid_ms = rows_int(r, 6),
		};
		if (!*begun_ms || rows_int(r, 7) < *begun_ms)
			*begun_ms = rows_int(r, 7);
	}
	return rows_end(r, err) ? FAULT_STORE : RUN(s, err, done, V(account), V(name));
}

enum fault source_reads(struct store *s, int64_t account, bool stock, int64_t now_ms, bool *yes, struct err *err)
{
	static const char pages[] = "SELECT count(*) FROM (SELECT 1 FROM staged WHERE account_id = ? AND begun_ms > ? LIMIT 1) AS x";
	static const char open[] = "SELECT count(*) FROM source WHERE account_id = ? AND begun_ms > ?";
	int64_t n;
	enum fault f = stock ? GET_INT(s, err, 0, &n, pages, V(account), V(now_ms - PATIENCE_MS)) : GET_INT(s, err, 0, &n, open, V(account), V(now_ms - PATIENCE_MS));

	*yes = n > 0;
	return f;
}

/* ---- the first readings of an engine ---- */

enum fault source_await(struct store *s, int64_t account, int places, int64_t now_ms, struct err *err)
{
	static const char sql[] = "INSERT INTO source (account_id, awaited_ms, awaited) VALUES (?1, ?2, ?3) ON CONFLICT (account_id) DO UPDATE SET "
				  "awaited_ms = excluded.awaited_ms, awaited = excluded.awaited";

	return RUN(s, err, sql, V(account), V(now_ms), V(places));
}

enum fault sources_awaited(struct store *s, int64_t now_ms, bool *yes, struct err *err)
{
	static const char sql[] = "SELECT count(*) FROM source k JOIN account c ON c.id = k.account_id WHERE k.awaited_ms > ? AND c.enabled = 1";
	int64_t n;
	enum fault f = GET_INT(s, err, 0, &n, sql, V(now_ms - AWAITED_MS));

	*yes = n > 0;
	return f;
}

enum fault source_arrived(struct store *s, int64_t account, int64_t now_ms, bool *all, struct err *err)
{
	static const char sql[] = "UPDATE source SET awaited_ms = 0 WHERE account_id = ?1 AND awaited_ms > 0 AND awaited <= (SELECT count(DISTINCT p.place_id) "
				  "FROM place_source p WHERE p.account_id = ?1 AND p.heard_ms >= source.awaited_ms)";
	bool more = true;

	*all = false;
	if (RUN(s, err, sql, V(account)))
		return FAULT_STORE;
	if (!store_changes(s))
		return OK;
	if (sources_awaited(s, now_ms, &more, err))
		return FAULT_STORE;
	*all = !more;
	return OK;
}
