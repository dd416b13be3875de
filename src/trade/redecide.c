#include "trade/redecide.h"

#include "base/text.h"
#include "store/store.h"
#include "trade/aim.h"
#include "trade/past.h"
#include "trade/timeline_tell.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { SETTLED_MS = 60000 }; /* a plan has come round by then */

/* ---- where something was decided ---- */

/* A row of history that says what was decided, or what changed before something could be. */
struct trace {
	int64_t id, item, at_ms, offer, target; /* offer 0: what is available changed */
};

/* Just before row `before` the item was thought over; targets from trace[first] on, `targets` of them, came of it. */
struct point {
	int64_t before, at_ms, item;
	int first, targets;
};

struct walk {
	struct store *s;
	const struct policy_book *book;
	struct arena *a;
	struct redecided *out;
	struct trace *trace;
	struct point *point;
	int traces, points, most, traces_cap, points_cap;
	struct err *err;
};

static enum fault read_traces(struct walk *w, int64_t only, int64_t from_ms, int64_t until_ms)
{
	static const char sql[] =
		"SELECT h.id, CASE h.fact WHEN 'item' THEN h.fact_id ELSE f.item_id END, h.known_ms, CASE h.fact WHEN 'item' THEN 0 ELSE h.fact_id END, coalesce(h.new, '') "
		"FROM change h LEFT JOIN offer f ON h.fact = 'offer' AND f.id = h.fact_id WHERE h.id >= ?1 AND h.id < ?2 AND ((h.fact = 'item' AND h.field = 'available') "
		"OR (h.fact = 'offer' AND h.field = 'target' AND h.actor LIKE 'rule:%')) ORDER BY 2, 1";
	int64_t from, before;
	struct rows *r;

	if (timeline_number(w->s, LOG_CHANGE, from_ms - 1, 0, &from, w->err) || timeline_number(w->s, LOG_CHANGE, until_ms, from, &before, w->err))
		return FAULT_STORE;
	r = ASK(w->s, sql, V(from), V(before));
	while (rows_next(r)) {
		struct trace t = { rows_int(r, 0), rows_int(r, 1), rows_int(r, 2), rows_int(r, 3), -1 };

		if (!t.item || (only && t.item != only))
			continue;
		if (t.offer && !text_int(rows_text(r, 4), 0, 999999, &t.target))
			t.target = -1;
		w->trace = arena_grow(w->a, w->trace, w->traces, &w->traces_cap, sizeof *w->trace);
		w->trace[w->traces++] = t;
	}
	return rows_end(r, w->err);
}

static void put_point(struct walk *w, const struct point *p)
{
	w->point = arena_grow(w->a, w->point, w->points, &w->points_cap, sizeof *w->point);
	w->point[w->points++] = *p;
}

/* As it had come to rest before the moment of this change: what else happened in it had not been thought over yet. */
static enum fault put_rest(struct walk *w, const struct trace *t, int i)
{
	struct point p = { .at_ms = t->at_ms - 1, .item = t->item, .first = i };

	if (timeline_number(w->s, LOG_CHANGE, p.at_ms, 0, &p.before, w->err))
		return FAULT_STORE;
	put_point(w, &p);
	return OK;
}

/* Targets of one moment are one decision. A change of what is available that nothing followed for long was a decision to leave all as it was. */
static enum fault find_points(struct walk *w)
{
	for (int i = 0; i < w->traces; i++) {
		const struct trace *t = &w->trace[i], *last = i ? t - 1 : NULL;
		int n = 0;

		if (!t->offer) {
			if (last && last->item == t->item && !last->offer && t->at_ms - last->at_ms >= SETTLED_MS && put_rest(w, t, i))
				return FAULT_STORE;
			continue;
		}
		while (i + n < w->traces && t[n].offer && t[n].item == t->item && t[n].at_ms == t->at_ms)
			n++;
		put_point(w, &(struct point){ t->id, t->at_ms, t->item, i, n });
		i += n - 1;
	}
	return OK;
}

static int latest_first(const void *pa, const void *pb)
{
	const struct point *a = pa, *b = pb;

	return a->before > b->before ? -1 : a->before < b->before;
}

/* ---- once more ---- */

static void put_other(struct walk *w, const struct point *p, const struct aimed_item *all, const struct aimed *of, int64_t was)
{
	const struct offer *o = of->offer;
	struct arena *a = w->a;

	if (w->out->n == w->most) {
		w->out->cut = true;
		return;
	}
	w->out->of[w->out->n++] = (struct redecision){
		.at_ms = p->at_ms,
		.offer = o->id,
		.sku = arena_strdup(a, o->sku),
		.account = arena_strdup(a, o->account_name),
		.marketplace = arena_strdup(a, o->marketplace),
		.available = all->available,
		.was = was,
		.would = of->outlet.qty,
		.words = arena_strdup(a, of->words),
	};
}

/* What was decided of an offer there: what was set, or what it was left at. */
static int64_t decided(const struct walk *w, const struct point *p, const struct offer *o)
{
	for (int i = p->first; i < p->first + p->targets; i++)
		if (w->trace[i].offer == o->id)
			return w->trace[i].target;
	return o->target;
}

static enum fault look(struct walk *w, const struct point *p, struct arena *a)
{
	struct aims how;
	struct aimed_item all;
	enum fault f = past_step(w->s, p->before, p->at_ms, p->item, w->err);

	if (!f)
		f = aims_open(w->s, w->book, NULL, 0, p->at_ms, a, &how, w->err);
	if (!f)
		f = item_decide(w->s, p->item, &how, a, &all, w->err);
	if (f)
		return f;
	w->out->moments++;
	for (int i = 0; i < all.n; i++) {
		int64_t was = decided(w, p, all.of[i].offer);

		if (*all.of[i].offer->hold || was < 0) /* a person's, or nobody had decided anything of it yet */
			continue;
		w->out->decisions++;
		if (was == all.of[i].outlet.qty)
			w->out->same++;
		else
			put_other(w, p, &all, &all.of[i], was);
	}
	return OK;
}

static void turn_round(struct redecided *out)
{
	for (int i = 0; i < out->n / 2; i++) {
		struct redecision x = out->of[i];

		out->of[i] = out->of[out->n - 1 - i];
		out->of[out->n - 1 - i] = x;
	}
}

enum fault redecide(struct store *scratch, const struct policy_book *book, int64_t item, int64_t from_ms, int64_t until_ms, int most, struct arena *a,
                    struct redecided *out, struct err *err)
{
	struct walk w = { .s = scratch, .book = book, .a = a, .out = out, .most = most, .err = err };
	struct arena *step = arena_new();
	enum fault f;

	*out = (struct redecided){ .of = arena_alloc(a, (size_t)(most + 1) * sizeof *out->of) };
	f = store_begin(scratch, err);
	if (!f)
		f = read_traces(&w, item, from_ms, until_ms);
	if (!f)
		f = find_points(&w);
	if (w.points)
		qsort(w.point, (size_t)w.points, sizeof *w.point, latest_first);
	for (int i = 0; i < w.points && !f; i++) {
		f = look(&w, &w.point[i], step);
		arena_reset(step);
	}
	store_rollback(scratch);
	arena_free(step);
	turn_round(out);
	return f;
}
