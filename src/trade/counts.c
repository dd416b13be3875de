/*
 * counts.c: what a warehouse or a person counted: lined up in eaches, weighed against what is known, taken whole or not at all. The interface
 * is in inventory.h.
 */
#include "trade/counts_inside.h"

#include "trade/dispatches.h"
#include "trade/missing.h"
#include "trade/products.h"

#include <assert.h>

/* ---- taking it ---- */

/* What this source says of it, whatever is decided. */
static enum fault put_reading(struct taking *x, const struct taken *t, struct err *err)
{
	static const char sql[] =
		"INSERT INTO reading (item_id, place_id, account_id, free, committed, valid_ms, known_ms, attempt_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) "
		"ON CONFLICT (item_id, place_id, account_id) DO UPDATE SET was = CASE WHEN reading.free <> excluded.free THEN reading.free ELSE reading.was END, "
		"was_ms = CASE WHEN reading.free <> excluded.free THEN excluded.valid_ms ELSE reading.was_ms END, free = excluded.free, "
		"committed = excluded.committed, valid_ms = excluded.valid_ms, known_ms = excluded.known_ms, attempt_id = excluded.attempt_id";

	return RUN(x->s, err, sql, V(t->at.item), V(t->at.place), V(x->of->account), V(t->qty), V(t->committed), V(t->valid_ms), V(x->why->now_ms),
	           x->why->attempt_id ? V(x->why->attempt_id) : V_NULL);
}

/* Where its number excludes our orders, which of them it had is decided with it, in one step. */
static enum fault put_stock(struct taking *x, struct taken *t, struct err *err)
{
	static const char sells[] = "SELECT sells FROM place WHERE id = ?";
	int64_t yes;

	if (GET_INT(x->s, err, 1, &yes, sells, V(t->at.place)))
		return FAULT_STORE;
	t->at.counts = yes && !x->tells_orders;
	t->at.told = t->use.free;
	t->at.account = t->use.account;
	if (ledger_set(x->s, &t->at, t->counted, t->use.valid_ms, "count", "", x->why, err))
		return FAULT_STORE;
	return x->tells_orders ? item_retake(x->s, t->at.item, x->why, err) : OK;
}

static enum fault take_one(struct taking *x, struct taken *t, struct err *err)
{
	if (t->unknown)
		return OK;
	if (!t->at.place && place_id(x->s, t->place, "own", x->of->account, &t->at.place, err))
		return FAULT_STORE;
	if (item_id(x->s, t->count->sku, t->count->title, x->why, &t->at.item, err))
		return FAULT_STORE;
	if (t->said && t->timed && t->valid_ms < t->was_ms)
		return OK; /* older than what the same source said already */
	if ((!t->skip || !t->said) && !t->told && put_reading(x, t, err))
		return FAULT_STORE;
	x->out->taken += !t->skip;
	return t->skip ? OK : put_stock(x, t, err);
}

/* ---- the places it speaks of ---- */

static enum fault hear_places(struct taking *x, struct err *err)
{
	static const char sql[] = "UPDATE place SET heard_ms = ? WHERE id = ?";
	int64_t place;

	for (int i = 0, k; i < x->n; i = k) {
		const char *name = x->t[i].place;

		k = counts_run_end(x, i);
		if (place_source(x->s, x->of->account, x->t[i].count->place && *x->t[i].count->place ? x->t[i].count->place : name, &place, err) ||
		    counts_note_missing(x, i, k, err))
			return FAULT_STORE;
		if (x->of->account ? place_heard(x->s, x->of->account, place, x->why, err) : RUN(x->s, err, sql, V(x->why->now_ms), V(place)))
			return FAULT_STORE;
	}
	return OK;
}

/* Where others tell of it too: do they agree? */
static enum fault compare(struct taking *x, struct err *err)
{
	enum fault f = OK;

	for (const struct taken *t = x->t; t < x->t + x->n && !f; t++)
		if (t->use.among > 1 && t->at.item && t->at.place)
			f = conflict_weigh(x->s, &x->truth, t->at.item, t->at.place, x->why, err);
	return f;
}

/* ---- all of it ---- */

/*
 * Dispatches are read before stock. A reading that was asked for before them, and does not say of which moment it is, may still hold
 * units that are known to have left: it waits for the next one.
 */
static enum fault check_order(struct taking *x, const struct count *c, int n, struct err *err)
{
	static const char sql[] = "SELECT upto_ms FROM source WHERE account_id = ?";
	int64_t upto;
	bool timed = n > 0;

	if (GET_INT(x->s, err, 0, &upto, sql, V(x->of->account)))
		return FAULT_STORE;
	for (int i = 0; i < n && timed; i++)
		timed = c[i].valid_ms != 0;
	x->tells_orders = upto != 0;
	x->out->waits = x->of->begun_ms && x->of->begun_ms < upto && !timed;
	return OK;
}

/* With the last of the first readings it is known what is short: what waited for it is told. */
static enum fault weigh_short(struct taking *x, struct err *err)
{
	static const char sql[] = "SELECT id FROM item WHERE available < 0 AND id > ? ORDER BY id LIMIT 1";
	int64_t item = 0;
	bool all;
	enum fault f = source_arrived(x->s, x->of->account, x->why->now_ms, &all, err);

	while (!f && all && !(f = GET_INT(x->s, err, 0, &item, sql, V(item))) && item)
		f = ledger_weigh(x->s, item, x->why, err);
	return f;
}

static enum fault note_counts(struct taking *x, struct err *err)
{
	static const char sql[] = "INSERT INTO source (account_id, counts_ms) VALUES (?1, ?2) ON CONFLICT (account_id) DO UPDATE SET counts_ms = excluded.counts_ms";

	if (!x->of->account)
		return OK;
	return RUN(x->s, err, sql, V(x->of->account), V(x->of->begun_ms ? x->of->begun_ms : x->why->now_ms)) ? FAULT_STORE : weigh_short(x, err);
}

static enum fault take_all(struct taking *x, const struct count *c, int n, struct err *err)
{
	enum fault f = check_order(x, c, n, err);

	if (f || x->out->waits)
		return f;
	f = truth_get(x->s, &x->truth, err);
	if (!f)
		f = counts_line_up(x, c, n, err);
	for (int i = 0; i < x->n && !f; i++)
		f = counts_weigh(x, &x->t[i], err);
	if (!f)
		f = counts_take_out_gone(x, err);
	if (!f && !x->of->again)
		f = counts_guard(x, err);
	for (int i = 0; i < x->n && !f; i++)
		f = take_one(x, &x->t[i], err);
	if (!f)
		f = counts_doubt_over(x, err);
	if (!f)
		f = hear_places(x, err);
	if (!f)
		f = compare(x, err);
	return f ? f : note_counts(x, err);
}

enum fault reading_take(struct store *s, const struct reading_of *of, const struct count *c, int n, struct arena *a, const struct cause *why,
                        struct reading_result *out, struct err *err)
{
	struct taking x = { .s = s, .a = a, .of = of, .why = why, .out = out };

	assert(store_in_transaction(s));
	*out = (struct reading_result){ 0 };
	x.cap = n + 1;
	x.t = arena_alloc(a, (size_t)x.cap * sizeof *x.t);
	return take_all(&x, c, n, err);
}

enum fault counts_take(struct store *s, const struct count *c, int n, bool whole, bool again, const struct cause *why, struct err *err)
{
	struct reading_of of = { .whole = whole, .again = again };
	struct reading_result result;
	struct arena *a = arena_new();
	enum fault f = reading_take(s, &of, c, n, a, why, &result, err);

	arena_free(a);
	return f;
}
