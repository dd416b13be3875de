/*
 * overview.c: the first screen, from counters that are kept and the first rows of indexes.
 */
#include "trade/views.h"

#include "store/store.h"
#include "trade/places.h"

#include <string.h>

enum { HOUR_MS = 3600000, MOST_AN_HOUR = 2000, MOST_OVERSOLD = 10000 };

static enum fault read_counters(struct store *s, struct overview *o, struct err *err)
{
	static const char sql[] = "SELECT name, value FROM counter";
	const struct {
		const char *name;
		int64_t *out;
	} known[] = {
		{ "orders", &o->orders },       { "orders.open", &o->open },   { "orders.late", &o->late },   { "orders.due", &o->due },
		{ "orders.new", &o->fresh },    { "drift", &o->drift },        { "inbox", &o->parked },       { "jobs.failed", &o->failed },
		{ "jobs.unsure", &o->unsure },  { "incidents.CRIT", &o->crit },   { "incidents.WARN", &o->warn },   { "incidents.info", &o->info },
	};
	struct rows *r;

	for (r = store_ask(s, sql, NULL, 0); rows_next(r);)
		for (size_t i = 0; i < sizeof known / sizeof *known; i++)
			if (!strcmp(rows_text(r, 0), known[i].name))
				*known[i].out = rows_int(r, 1);
	return rows_end(r, err);
}

/* The first open order whose deadline is at or after from_ms; late ones are before now. */
static enum fault read_deadlines(struct store *s, int64_t now_ms, struct arena *a, struct overview *o, struct err *err)
{
	static const char sql[] = "SELECT o.due_ms, c.name, o.ref FROM orders o CROSS JOIN account c WHERE c.id = o.account_id AND o.open = 1 "
				  "AND o.due_ms >= ? ORDER BY o.due_ms, o.id LIMIT 1";
	struct rows *r = ASK(s, sql, V(INT64_MIN));

	if (rows_next(r) && rows_int(r, 0) < now_ms) {
		o->oldest_late_ms = rows_int(r, 0);
		o->oldest_late = rows_keep(r, 1, a);
		o->oldest_late_ref = rows_keep(r, 2, a);
	}
	if (rows_end(r, err))
		return FAULT_STORE;
	r = ASK(s, sql, V(now_ms));
	if (rows_next(r) && rows_int(r, 0) < NO_DEADLINE) {
		o->next_due_ms = rows_int(r, 0);
		o->next_due = rows_keep(r, 1, a);
	}
	return rows_end(r, err);
}

static enum fault read_oversold(struct store *s, struct arena *a, struct overview *o, struct err *err)
{
	static const char worst[] = "SELECT sku, available FROM item WHERE available < 0 ORDER BY available, id LIMIT 1";
	static const char count[] = "SELECT count(*) FROM (SELECT 1 FROM item WHERE available < 0 LIMIT ?) x";
	struct rows *r = store_ask(s, worst, NULL, 0);

	if (rows_next(r)) {
		o->worst_sku = rows_keep(r, 0, a);
		o->worst_available = rows_int(r, 1);
	}
	if (rows_end(r, err))
		return FAULT_STORE;
	return GET_INT(s, err, 0, &o->oversold, count, V(MOST_OVERSOLD));
}

/* What is below zero before every source was heard may lie where nobody has counted yet. */
static enum fault read_awaited(struct store *s, int64_t now_ms, struct arena *a, struct overview *o, struct err *err)
{
	o->awaits = "";
	return o->oversold ? truth_awaits(s, now_ms, a, &o->awaits, err) : OK;
}

static enum fault read_hours(struct store *s, int64_t now_ms, struct overview *o, struct err *err)
{
	/* open is a literal, so that each statement has its own index */
	static const char open[] = "SELECT count(*) FROM (SELECT 1 FROM orders WHERE open = 1 AND placed_ms >= ? AND placed_ms < ? LIMIT ?) x";
	static const char closed[] = "SELECT count(*) FROM (SELECT 1 FROM orders WHERE open = 0 AND placed_ms >= ? AND placed_ms < ? LIMIT ?) x";

	for (int i = 0; i < 24; i++) {
		int64_t from = now_ms - (24 - i) * (int64_t)HOUR_MS, a, b;

		if (GET_INT(s, err, 0, &a, open, V(from), V(from + HOUR_MS), V(MOST_AN_HOUR)) ||
		    GET_INT(s, err, 0, &b, closed, V(from), V(from + HOUR_MS), V(MOST_AN_HOUR)))
			return FAULT_STORE;
		o->per_hour[i] = a + b;
	}
	return OK;
}

static enum fault read_channels(struct store *s, struct overview *o, struct err *err)
{
	static const char sql[] = "SELECT count(*), coalesce(sum(CASE WHEN state IN ('ok', 'slow') THEN 1 ELSE 0 END), 0), coalesce(max(ok_ms), 0), "
				  "coalesce(min(ok_ms), 0) FROM account WHERE enabled = 1";
	struct rows *r = store_ask(s, sql, NULL, 0);

	if (rows_next(r)) {
		o->channels = (int)rows_int(r, 0);
		o->channels_ok = (int)rows_int(r, 1);
		o->ok_ms_newest = rows_int(r, 2);
		o->ok_ms_oldest = rows_int(r, 3);
	}
	return rows_end(r, err);
}

enum fault overview_read(struct store *s, int64_t now_ms, struct arena *a, struct overview *out, struct err *err)
{
	enum fault f;

	*out = (struct overview){ .oldest_late = "", .next_due = "", .oldest_late_ref = "", .worst_sku = "", .awaits = "" };
	f = read_counters(s, out, err);
	if (!f)
		f = read_deadlines(s, now_ms, a, out, err);
	if (!f)
		f = read_oversold(s, a, out, err);
	if (!f)
		f = read_awaited(s, now_ms, a, out, err);
	if (!f)
		f = read_hours(s, now_ms, out, err);
	if (!f)
		f = read_channels(s, out, err);
	return f;
}
