/*
 * counts_eaches.c: a reading in order of place and SKU, in eaches: by our names of places, and the teller's own list of units.
 */
#include "trade/counts_inside.h"

#include "trade/products.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { SKEW_MS = 30000 }; /* their clock may be so far behind ours */

int counts_order(const void *p, const void *q)
{
	const struct taken *a = p, *b = q;
	int place = strcmp(a->place, b->place);

	return place ? place : strcmp(a->count->sku, b->count->sku);
}

/* The name under which we know the place that a count speaks of. A word that nobody used before is a new place's name. */
static enum fault name_place(struct taking *x, const char *word, const char **name, struct err *err)
{
	static const char sql[] = "SELECT name FROM place WHERE id = ?";
	struct rows *r;
	int64_t id;

	if (place_told(x->s, x->of->account, word, &id, err))
		return FAULT_STORE;
	r = ASK(x->s, sql, V(id));
	*name = rows_next(r) ? rows_keep(r, 0, x->a) : word && *word ? word : "warehouse";
	return rows_end(r, err);
}

/* Words come in runs: the place is looked up once a run. */
static enum fault name_places(struct taking *x, const struct count *c, int n, struct err *err)
{
	const char *word = "", *name = NULL;

	for (int i = 0; i < n; i++) {
		const char *is = c[i].place ? c[i].place : "";

		if (!name || strcmp(word, is)) {
			if (name_place(x, is, &name, err))
				return FAULT_STORE;
			word = is;
		}
		x->t[i].place = name;
	}
	return OK;
}

static void note_unknown(struct taking *x, const struct count *c)
{
	struct reading_result *out = x->out;

	out->unknown = arena_grow(x->a, out->unknown, out->unknowns, &x->unknown_cap, sizeof *out->unknown);
	out->unknown[out->unknowns++] = (struct unit_unknown){ c->sku, c->unit };
}

/* In eaches, by their own list of units. A unit that it does not name is never guessed. */
static enum fault convert(struct taking *x, struct taken *t, struct err *err)
{
	const struct count *c = t->count;
	int64_t eaches = 1;

	t->qty = c->qty;
	t->committed = c->committed;
	if (!c->unit || !*c->unit)
		return OK;
	if (product_eaches(x->s, x->of->account, c->sku, c->unit, &eaches, err))
		return FAULT_STORE;
	t->unknown = !eaches;
	if (t->unknown)
		note_unknown(x, c);
	else if (c->qty > MOST_QTY / eaches)
		return err_set(err, FAULT_FORMAT, "%.80s: %" PRId64 " %.20s of %" PRId64 " are more than %d", c->sku, c->qty, c->unit, eaches, MOST_QTY);
	t->qty = c->qty * eaches;
	t->committed = c->committed * eaches;
	return OK;
}

static enum fault check_count(const struct count *c, int at, struct err *err)
{
	if (!c->sku || !*c->sku)
		return err_set(err, FAULT_FORMAT, "count %d has no SKU", at + 1);
	if (c->qty < 0 || c->qty > MOST_QTY)
		return err_set(err, FAULT_FORMAT, "%.80s: %" PRId64 " is no quantity between 0 and %d", c->sku, c->qty, MOST_QTY);
	return OK;
}

/*
 * A count from the future would shut out every later one. Who tells our orders as well says what is so now, each time; its clock may be behind ours,
 * and an order that it took in that moment is better subtracted twice for a round than not at all.
 */
static void date_count(const struct taking *x, struct taken *t)
{
	int64_t now = x->why->now_ms, asked = x->of->begun_ms && x->of->begun_ms < now ? x->of->begun_ms : now, valid = t->count->valid_ms;

	t->timed = valid || x->tells_orders;
	t->valid_ms = !valid ? asked - (x->tells_orders ? SKEW_MS : 0) : valid < now ? valid : now;
}

static bool same_unit(const char *a, const char *b)
{
	return !strcmp(a ? a : "", b ? b : "");
}

/* Rows of one SKU at one place, in different units of measure, are one count. */
static enum fault merge_units(struct taking *x, struct err *err)
{
	int k = 0;

	for (int i = 1; i < x->n; i++) {
		struct taken *into = &x->t[k], *from = &x->t[i];

		if (counts_order(into, from)) {
			x->t[++k] = *from;
			continue;
		}
		if (same_unit(into->count->unit, from->count->unit))
			return err_set(err, FAULT_FORMAT, "%.80s stands twice in one reading: which of the two is right?", from->count->sku);
		into->qty += from->qty;
		into->committed += from->committed;
		into->unknown |= from->unknown;
		into->valid_ms = into->valid_ms < from->valid_ms ? into->valid_ms : from->valid_ms;
		if (into->qty > MOST_QTY)
			return err_set(err, FAULT_FORMAT, "%.80s: all its units together are more than %d", into->count->sku, MOST_QTY);
	}
	x->n = x->n ? k + 1 : 0;
	return OK;
}

/* The reading in order of place and SKU, in eaches. Nothing is written before all of it is sound. */
enum fault counts_line_up(struct taking *x, const struct count *c, int n, struct err *err)
{
	enum fault f = name_places(x, c, n, err);

	for (int i = 0; i < n && !f; i++) {
		x->t[i].count = &c[i];
		f = check_count(&c[i], i, err);
		if (!f)
			f = convert(x, &x->t[i], err);
		date_count(x, &x->t[i]);
	}
	if (f)
		return f;
	x->n = n;
	if (n)
		qsort(x->t, (size_t)n, sizeof *x->t, counts_order);
	return merge_units(x, err);
}
