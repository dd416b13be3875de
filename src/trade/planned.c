#include "trade/planned.h"

#include "store/store.h"
#include "trade/alerts.h"
#include "trade/rows.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

enum { WINDOW_MS = 10 * 60000, SALE_MS = 60 * 60000, THINK_MS = 60000 };

/* Where something was sold, so few more than that may go with it: by a least number to show, or by what is kept for one account at the end. */
enum { FEW = 10 };

static const char key[] = "planned zeros";

/* Shown, and wanted at nothing; told something before; nobody's decision, and no offer of theirs. */
#define GOES "f.target = 0 AND f.hold = '' AND f.pushed IS NOT NULL AND f.pool = 'own' AND f.block = '' AND coalesce(f.seen, f.pushed) > 0"

/* What explains that fewer are wanted, in eaches: what buyers took since it was told so, or lately; ... */
#define BOUGHT \
	"(SELECT coalesce(sum(l.qty * l.pack), 0) FROM (SELECT order_id, qty, pack FROM order_line WHERE item_id = ?1 ORDER BY id DESC LIMIT 200) AS l " \
	"JOIN orders o ON o.id = l.order_id WHERE o.placed_ms > min(?2, f.pushed_ms))"

/* ... what an account out of step may still show, which is kept back from the others; ... */
#define KEPT \
	"(SELECT coalesce(sum(max(coalesce(d.seen, 0), coalesce(d.pushed, 0)) * d.pack), 0) FROM lapse x JOIN offer d ON d.account_id = x.account_id " \
	"WHERE x.ended_ms = 0 AND x.state = 'ZEROED' AND d.item_id = ?1)"

/* ... and what lies where nobody is heard from. */
#define UNHEARD \
	"(SELECT coalesce(sum(max(t.counted - t.held - t.moving, 0)), 0) FROM stock t JOIN place p ON p.id = t.place_id " \
	"WHERE t.item_id = ?1 AND p.counts = 1 AND p.active = 1 AND p.stale = 1)"

enum fault planned_note(struct store *s, int64_t item, const struct cause *why, struct err *err)
{
	static const char goes[] =
		"SELECT count(*) FROM offer f WHERE f.item_id = ?1 AND " GOES " AND coalesce(f.seen, f.pushed) * f.pack > "
		"(SELECT CASE WHEN w.n > 0 THEN w.n + ?3 * f.pack ELSE 0 END FROM (SELECT " BOUGHT " + " KEPT " + " UNHEARD " AS n) AS w)";
	static const char put[] = "INSERT INTO planned_zero (item_id, at_ms) VALUES (?, ?) ON CONFLICT (item_id) DO NOTHING";
	static const char drop[] = "DELETE FROM planned_zero WHERE item_id = ?";
	int64_t n;

	assert(store_in_transaction(s));
	if (GET_INT(s, err, 0, &n, goes, V(item), V(why->now_ms - SALE_MS), V(FEW)))
		return FAULT_STORE;
	return n ? RUN(s, err, put, V(item), V(why->now_ms)) : RUN(s, err, drop, V(item));
}

enum fault planned_is(struct store *s, int64_t offer, bool *yes, struct err *err)
{
	static const char sql[] = "SELECT count(*) FROM offer f JOIN planned_zero z ON z.item_id = f.item_id WHERE f.id = ? AND f.hold = '' AND z.let_ms = 0";
	int64_t n;
	enum fault f = GET_INT(s, err, 0, &n, sql, V(offer));

	*yes = !f && n > 0;
	return f;
}

/* More within ten minutes than are let through unseen? */
static enum fault too_many(struct store *s, const struct planned_rule *rule, int64_t now_ms, bool *yes, int64_t *n, struct err *err)
{
	static const char sql[] = "SELECT (SELECT count(*) FROM planned_zero WHERE at_ms > ?1), (SELECT count(DISTINCT item_id) FROM offer WHERE item_id IS NOT NULL)";
	struct rows *r = ASK(s, sql, V(now_ms - WINDOW_MS));
	int64_t most = rule->skus;

	*n = 0;
	if (rows_next(r)) {
		*n = rows_int(r, 0);
		most = rows_int(r, 1) * rule->pct / 100 > most ? rows_int(r, 1) * rule->pct / 100 : most;
	}
	*yes = rule->skus && *n > most;
	return rows_end(r, err);
}

static enum fault tell(struct store *s, int64_t n, int64_t now_ms, struct err *err)
{
	char text[160];
	struct alert alert = { .key = key, .kind = "mass_zero", .severity = "CRIT", .subject = "plan", .text = text,
		               .next = "undo what caused it, or let them go: tallyman zero planned" };

	snprintf(text, sizeof text, "a plan takes %" PRId64 " SKUs off sale that nobody bought: they wait for a person", n);
	return alert_raise(s, &alert, now_ms, err);
}

enum fault planned_ask(struct store *s, int64_t offer, const struct planned_rule *rule, bool thinking, const struct cause *why, enum planned_answer *out,
                       struct err *err)
{
	static const char row[] = "SELECT z.item_id, z.at_ms, z.waits FROM offer f JOIN planned_zero z ON z.item_id = f.item_id WHERE f.id = ?";
	static const char wait[] = "UPDATE planned_zero SET waits = 1 WHERE let_ms = 0 AND waits = 0";
	static const char let[] = "UPDATE planned_zero SET let_ms = ?2 WHERE item_id = ?1";
	struct rows *r = ASK(s, row, V(offer));
	bool found = rows_next(r), many = false;
	int64_t item = found ? rows_int(r, 0) : 0, at_ms = found ? rows_int(r, 1) : 0, waits = found ? rows_int(r, 2) : 0, n = 0;
	enum fault f = rows_end(r, err);

	assert(store_in_transaction(s));
	*out = waits ? PLANNED_WAITS : PLANNED_GO;
	if (f || !found || waits)
		return f;
	if (thinking && why->now_ms < at_ms + THINK_MS) {
		*out = PLANNED_SOON;
		return OK;
	}
	f = too_many(s, rule, why->now_ms, &many, &n, err);
	if (f || !many)
		return f ? f : RUN(s, err, let, V(item), V(why->now_ms));
	*out = PLANNED_WAITS;
	return RUN(s, err, wait) ? FAULT_STORE : tell(s, n, why->now_ms, err);
}

enum fault planned_items(struct store *s, int n, struct arena *a, struct planned_item **out, int *got, struct err *err)
{
	static const char sql[] = "SELECT i.id, i.sku, i.available, coalesce(sum(CASE WHEN " GOES " THEN coalesce(f.seen, f.pushed) END), 0) AS shown "
				  "FROM planned_zero z JOIN item i ON i.id = z.item_id JOIN offer f ON f.item_id = i.id WHERE z.waits = 1 AND z.let_ms = 0 "
				  "GROUP BY i.id, i.sku, i.available ORDER BY shown DESC, i.sku LIMIT ?";
	struct rows *r = ASK(s, sql, V(n));

	*out = arena_alloc(a, (size_t)(n + 1) * sizeof **out);
	for (*got = 0; rows_next(r);)
		(*out)[(*got)++] = (struct planned_item){ .item = rows_int(r, 0), .sku = rows_keep(r, 1, a), .available = rows_int(r, 2), .shown = rows_int(r, 3) };
	return rows_end(r, err);
}

enum fault planned_let(struct store *s, const struct cause *why, int *let, struct err *err)
{
	static const char sql[] = "UPDATE planned_zero SET let_ms = ? WHERE waits = 1 AND let_ms = 0";
	static const char hurry[] = "UPDATE job SET due_ms = ?1 WHERE verb = 'stock' AND state = 'waiting' AND lane = 0 AND due_ms > ?1 AND subject_id IN "
				    "(SELECT f.id FROM planned_zero z JOIN offer f ON f.item_id = z.item_id WHERE z.waits = 1 AND z.let_ms = 0)";

	if (RUN(s, err, hurry, V(why->now_ms)) || RUN(s, err, sql, V(why->now_ms)))
		return FAULT_STORE;
	*let = (int)store_changes(s);
	return alert_close(s, key, why->now_ms, err);
}

enum fault planned_watch(struct store *s, const struct cause *why, struct err *err)
{
	static const char over[] = "DELETE FROM planned_zero WHERE let_ms <> 0 AND at_ms <= ?";
	static const char left[] = "SELECT count(*) FROM planned_zero WHERE waits = ? AND let_ms = 0";
	int64_t n;

	if (RUN(s, err, over, V(why->now_ms - WINDOW_MS)) || GET_INT(s, err, 0, &n, left, V(1)))
		return FAULT_STORE;
	return n ? OK : alert_close(s, key, why->now_ms, err);
}
