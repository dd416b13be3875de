#include "trade/timeline_tell.h"

#include "base/text.h"

#include <stdlib.h>

/* ---- moments and numbers ---- */

static const struct {
	const char *last, *from;
} logs[TIMELINE_LOGS + 1] = {
	[LOG_CHANGE] = { "SELECT max(id) FROM change", "SELECT id, known_ms FROM change WHERE id >= ? ORDER BY id LIMIT 1" },
	[LOG_MOVE] = { "SELECT max(id) FROM move", "SELECT id, known_ms FROM move WHERE id >= ? ORDER BY id LIMIT 1" },
	[LOG_OBSERVATION] = { "SELECT max(id) FROM observation", "SELECT id, known_ms FROM observation WHERE id >= ? ORDER BY id LIMIT 1" },
	[LOG_JOB] = { "SELECT max(id) FROM job", "SELECT id, made_ms FROM job WHERE id >= ? ORDER BY id LIMIT 1" },
	[LOG_ATTEMPT] = { "SELECT max(id) FROM attempt", "SELECT id, opened_ms FROM attempt WHERE id >= ? ORDER BY id LIMIT 1" },
	[LOG_NOTE] = { "SELECT max(id) FROM note", "SELECT id, at_ms FROM note WHERE id >= ? ORDER BY id LIMIT 1" },
};

/* The first row from a number on: its own number and when it was written. None: the end of time. */
static enum fault look(struct store *s, enum timeline_log log, int64_t from, int64_t *id, int64_t *at_ms, struct err *err)
{
	struct rows *r = ASK(s, logs[log].from, V(from));

	*id = from;
	*at_ms = INT64_MAX;
	if (rows_next(r)) {
		*id = rows_int(r, 0);
		*at_ms = rows_int(r, 1);
	}
	return rows_end(r, err);
}

/* Every row below *low was written by then: with strides that double, to where one was not. */
static enum fault stride(struct store *s, enum timeline_log log, int64_t ms, int64_t *low, int64_t *high, struct err *err)
{
	for (int64_t step = 0;; step = 2 * step + 1) {
		int64_t id, at_ms;

		*high = *low + step;
		if (look(s, log, *high, &id, &at_ms, err))
			return FAULT_STORE;
		if (at_ms > ms)
			return OK;
		*low = id + 1;
	}
}

enum fault timeline_number(struct store *s, enum timeline_log log, int64_t ms, int64_t near, int64_t *out, struct err *err)
{
	int64_t low = near ? near : 1, high;

	if (near ? stride(s, log, ms, &low, &high, err) : store_get_int(s, err, 0, &high, logs[log].last, NULL, 0))
		return FAULT_STORE;
	for (high += !near; low < high;) { /* every row below low was written by then, none from high on */
		int64_t middle = low + (high - low) / 2, id, at_ms;

		if (look(s, log, middle, &id, &at_ms, err))
			return FAULT_STORE;
		if (at_ms <= ms)
			low = id + 1;
		else
			high = middle;
	}
	*out = low;
	return OK;
}

enum fault timeline_at(struct store *s, int64_t ms, struct timeline_key *out, struct err *err)
{
	enum fault f = OK;

	for (int i = 0; i < TIMELINE_LOGS && !f; i++)
		f = timeline_number(s, (enum timeline_log)i, ms, 0, &out->before[i], err);
	return f;
}

enum fault timeline_begins(struct store *s, int64_t item, int64_t *ms, struct err *err)
{
	static const char sql[] = "SELECT coalesce((SELECT known_ms FROM change WHERE fact_id = ?1 AND fact = 'item' ORDER BY id LIMIT 1), "
				  "(SELECT made_ms FROM item WHERE id = ?1))";

	return GET_INT(s, err, 0, ms, sql, V(item));
}

enum fault timeline_open(struct timeline *t, struct store *s, int64_t item, struct arena *a, struct err *err)
{
	static const char is[] = "SELECT count(*) FROM item WHERE id = ?";
	static const char sql[] = "SELECT f.id, f.seen_ms, c.name, f.marketplace FROM offer f JOIN account c ON c.id = f.account_id WHERE f.item_id = ? "
				  "ORDER BY f.id LIMIT ?";
	struct rows *r;
	int64_t n;

	*t = (struct timeline){ .s = s, .a = a, .item = item, .err = err };
	if (GET_INT(s, err, 0, &n, is, V(item)))
		return FAULT_STORE;
	if (!n)
		return err_set(err, FAULT_REFUSED, "there is no item %lld", (long long)item);
	r = ASK(s, sql, V(item), V((int)TIMELINE_OFFERS));
	while (rows_next(r))
		t->offer[t->offers++] = (struct timeline_offer){ rows_int(r, 0), rows_int(r, 1), rows_keep(r, 2, a), rows_keep(r, 3, a) };
	return rows_end(r, err);
}

/* ---- the rows of one log ---- */

struct heap {
	const struct timeline *t;
	const struct timeline_key *key, *from;
	int n;
	struct log_row *row;
	int rows, cap;
};

static struct log_row *put(struct heap *h, enum timeline_log log, const struct rows *r, const struct timeline_offer *o)
{
	struct log_row *row;

	h->row = arena_grow(h->t->a, h->row, h->rows, &h->cap, sizeof *h->row);
	row = &h->row[h->rows++];
	*row = (struct log_row){ .log = log, .id = rows_int(r, 0), .field = "", .old = "", .new = "" };
	row->m = (struct moment){
		.e = { .at_ms = rows_int(r, 1), .known_ms = rows_int(r, 2), .what = "", .detail = "", .actor = arena_strdup(h->t->a, rows_text(r, 3)),
		       .trace = arena_strdup(h->t->a, rows_text(r, 4)), .attempt_id = rows_int(r, 5) },
		.mark = ' ', .account = o ? o->account : "", .marketplace = o ? o->marketplace : "", .offer = o ? o->id : 0, .old = UNTOLD, .new = UNTOLD,
		.op = "", .fault = "", .said = "", .correlation = "", .their_id = "",
	};
	return row;
}

static enum fault put_changes(struct heap *h, const char *fact, int64_t id, const struct timeline_offer *o)
{
	static const char sql[] = "SELECT id, valid_ms, known_ms, actor, trace, coalesce(attempt_id, 0), field, old, new FROM change WHERE fact_id = ? AND fact = ? "
				  "AND id < ? AND id >= ? ORDER BY id DESC LIMIT ?";
	struct rows *r = ASK(h->t->s, sql, V(id), V(fact), V(h->key->before[LOG_CHANGE]), V(h->from->before[LOG_CHANGE]), V(h->n));

	while (rows_next(r)) {
		struct log_row *row = put(h, LOG_CHANGE, r, o);

		row->field = rows_keep(r, 6, h->t->a);
		row->old = rows_keep(r, 7, h->t->a);
		row->new = arena_strdup(h->t->a, rows_text(r, 8));
	}
	return rows_end(r, h->t->err);
}

static enum fault put_moves(struct heap *h)
{
	static const char sql[] = "SELECT m.id, m.valid_ms, m.known_ms, m.actor, m.trace, 0, m.cause, m.ref, coalesce(p.name, ''), m.qty, coalesce(p.sells, 1) FROM move m "
				  "LEFT JOIN place p ON p.id = m.place_id WHERE m.item_id = ? AND m.id < ? AND m.id >= ? ORDER BY m.id DESC LIMIT ?";
	struct rows *r = ASK(h->t->s, sql, V(h->t->item), V(h->key->before[LOG_MOVE]), V(h->from->before[LOG_MOVE]), V(h->n));

	while (rows_next(r)) {
		struct log_row *row = put(h, LOG_MOVE, r, NULL);

		row->field = rows_keep(r, 6, h->t->a);
		row->old = rows_keep(r, 7, h->t->a);
		row->new = rows_keep(r, 8, h->t->a);
		row->qty = rows_int(r, 9);
		row->sells = rows_int(r, 10) != 0;
	}
	return rows_end(r, h->t->err);
}

static enum fault put_observations(struct heap *h, const struct timeline_offer *o)
{
	static const char sql[] = "SELECT id, valid_ms, known_ms, '', '', coalesce(attempt_id, 0), verdict, seen, was, was_ms, coalesce(pushed, -1) FROM observation "
				  "WHERE offer_id = ? AND id < ? AND id >= ? ORDER BY id DESC LIMIT ?";
	struct rows *r = ASK(h->t->s, sql, V(o->id), V(h->key->before[LOG_OBSERVATION]), V(h->from->before[LOG_OBSERVATION]), V(h->n));

	while (rows_next(r)) {
		struct log_row *row = put(h, LOG_OBSERVATION, r, o);

		row->m.e.actor = arena_printf(h->t->a, "channel:%s", o->account);
		row->field = rows_keep(r, 6, h->t->a);
		row->m.new = rows_int(r, 7);
		row->m.old = rows_null(r, 8) ? UNTOLD : rows_int(r, 8);
		row->m.since_ms = rows_int(r, 9);
		row->pushed = rows_int(r, 10);
	}
	return rows_end(r, h->t->err);
}

static enum fault put_jobs(struct heap *h, const struct timeline_offer *o)
{
	static const char sql[] = "SELECT j.id, j.made_ms, j.made_ms, coalesce(i.actor, 'rule:stock'), j.trace, "
				  "coalesce((SELECT max(k.attempt_id) FROM attempt_job k WHERE k.job_id = j.id), 0), j.state, j.fault, j.payload, j.tries, "
				  "coalesce(nullif(j.text, ''), i.why, '') FROM job j LEFT JOIN intent i ON i.id = j.intent_id "
				  "WHERE j.subject_id = ? AND j.verb = 'stock' AND j.id < ? AND j.id >= ? ORDER BY j.id DESC LIMIT ?";
	struct rows *r = ASK(h->t->s, sql, V(o->id), V(h->key->before[LOG_JOB]), V(h->from->before[LOG_JOB]), V(h->n));

	while (rows_next(r)) {
		struct log_row *row = put(h, LOG_JOB, r, o);

		row->field = rows_keep(r, 6, h->t->a);
		row->old = rows_keep(r, 7, h->t->a);
		row->new = rows_keep(r, 8, h->t->a);
		row->tries = rows_int(r, 9);
		row->m.e.detail = rows_keep(r, 10, h->t->a);
	}
	return rows_end(r, h->t->err);
}

static enum fault put_notes(struct heap *h, const char *kind, int64_t id, const struct timeline_offer *o)
{
	static const char sql[] = "SELECT id, at_ms, at_ms, actor, '', 0, text FROM note WHERE subject = ? AND id < ? AND id >= ? ORDER BY id DESC LIMIT ?";
	const char *subject = arena_printf(h->t->a, "%s:%lld", kind, (long long)id);
	struct rows *r = ASK(h->t->s, sql, V(subject), V(h->key->before[LOG_NOTE]), V(h->from->before[LOG_NOTE]), V(h->n));

	while (rows_next(r))
		put(h, LOG_NOTE, r, o)->m.e.detail = rows_keep(r, 6, h->t->a);
	return rows_end(r, h->t->err);
}

static enum fault put_all(struct heap *h)
{
	enum fault f = put_changes(h, "item", h->t->item, NULL);

	if (!f)
		f = put_moves(h);
	if (!f)
		f = put_notes(h, "item", h->t->item, NULL);
	for (int i = 0; i < h->t->offers && !f; i++) {
		const struct timeline_offer *o = &h->t->offer[i];

		f = put_changes(h, "offer", o->id, o);
		if (!f)
			f = put_observations(h, o);
		if (!f)
			f = put_jobs(h, o);
		if (!f)
			f = put_notes(h, "offer", o->id, o);
	}
	return f;
}

/* ---- a page ---- */

static int newest_first(const void *pa, const void *pb)
{
	const struct log_row *a = pa, *b = pb;

	if (a->log != b->log)
		return (int)a->log - (int)b->log;
	return a->id > b->id ? -1 : a->id < b->id;
}

/* The newest head of the logs: within one by number, between them by time; of one moment what was decided comes after what was heard. */
static int take(struct log_row *const *head, const int *left)
{
	static const int turn[TIMELINE_LOGS] = { LOG_JOB, LOG_CHANGE, LOG_MOVE, LOG_OBSERVATION, LOG_NOTE };
	int best = -1;

	for (int i = 0; i < TIMELINE_LOGS; i++)
		if (left[turn[i]] && (best < 0 || head[turn[i]]->m.e.known_ms > head[best]->m.e.known_ms))
			best = turn[i];
	return best;
}

enum fault timeline_page(struct store *s, int64_t item, struct timeline_key *key, const struct timeline_key *from, int n, struct arena *a, struct moment **out,
                         int *got, bool *more, struct err *err)
{
	struct timeline t;
	struct heap h = { .t = &t, .key = key, .from = from, .n = n };
	struct log_row *head[TIMELINE_LOGS];
	int left[TIMELINE_LOGS] = { 0 }, at = 0;
	enum fault f = timeline_open(&t, s, item, a, err);

	*got = 0;
	*more = false;
	*out = arena_alloc(a, (size_t)(n + 1) * sizeof **out);
	if (!f)
		f = put_all(&h);
	if (f || !h.rows)
		return f;
	qsort(h.row, (size_t)h.rows, sizeof *h.row, newest_first);
	for (int i = 0; i < h.rows; i++)
		left[h.row[i].log]++;
	for (int i = 0; i < TIMELINE_LOGS; at += left[i++])
		head[i] = h.row + at;
	for (int i = 0; i < n && !f; i++) {
		int log = take(head, left);
		bool said;

		if (log < 0)
			break;
		f = timeline_tell(&t, head[log], &said);
		if (!f && !said)
			(*out)[(*got)++] = head[log]->m;
		key->before[log] = head[log]->id;
		head[log]++;
		left[log]--;
	}
	*more = take(head, left) >= 0;
	return f;
}

/* ---- curves ---- */

static enum fault stood(const struct timeline *t, int64_t before, int64_t *out)
{
	static const char sql[] = "SELECT new FROM change WHERE fact_id = ? AND fact = 'item' AND id < ? AND field = 'available' ORDER BY id DESC LIMIT 1";
	struct rows *r = ASK(t->s, sql, V(t->item), V(before));

	*out = UNTOLD;
	if (rows_next(r) && !text_int(rows_text(r, 0), -INT64_C(1000000000000), INT64_C(1000000000000), out))
		*out = UNTOLD;
	return rows_end(r, t->err);
}

/* What they showed at a moment: what was read before it, if a read at it or later still showed that. */
static enum fault showed(const struct timeline *t, const struct timeline_offer *o, int64_t before, int64_t at_ms, int64_t *out)
{
	static const char last[] = "SELECT seen FROM observation WHERE offer_id = ? AND id < ? ORDER BY id DESC LIMIT 1";
	static const char next[] = "SELECT was_ms FROM observation WHERE offer_id = ? AND id >= ? ORDER BY id LIMIT 1";
	int64_t seen, until_ms;

	if (GET_INT(t->s, t->err, UNTOLD, &seen, last, V(o->id), V(before)) || GET_INT(t->s, t->err, o->seen_ms, &until_ms, next, V(o->id), V(before)))
		return FAULT_STORE;
	*out = at_ms <= until_ms ? seen : UNTOLD;
	return OK;
}

/* The numbers of a moment; they only grow from point to point. */
struct reach {
	int64_t change, observation;
};

static enum fault put_point(const struct timeline *t, struct curve *c, int i, int64_t at_ms, struct reach *at)
{
	enum fault f = timeline_number(t->s, LOG_CHANGE, at_ms, at->change, &at->change, t->err);

	if (!f)
		f = stood(t, at->change, &c[0].value[i]);
	if (!f && t->offers)
		f = timeline_number(t->s, LOG_OBSERVATION, at_ms, at->observation, &at->observation, t->err);
	for (int k = 0; k < t->offers && !f; k++)
		f = showed(t, &t->offer[k], at->observation, at_ms, &c[k + 1].value[i]);
	return f;
}

static struct curve *blank_curves(const struct timeline *t, int n, struct arena *a)
{
	struct curve *c = arena_alloc(a, (size_t)(t->offers + 1) * sizeof *c);

	for (int k = 0; k <= t->offers; k++) {
		const struct timeline_offer *o = k ? &t->offer[k - 1] : NULL;

		c[k] = (struct curve){ .account = o ? o->account : "", .marketplace = o ? o->marketplace : "", .offer = o ? o->id : 0 };
		c[k].value = arena_alloc(a, (size_t)(n + 1) * sizeof *c[k].value);
		for (int i = 0; i < n; i++)
			c[k].value[i] = UNTOLD;
	}
	return c;
}

enum fault timeline_curves(struct store *s, int64_t item, int64_t from_ms, int64_t until_ms, int64_t now_ms, int n, struct arena *a, struct curve **out, int *curves,
                           struct err *err)
{
	struct timeline t;
	struct reach at = { 0, 0 };
	enum fault f = timeline_open(&t, s, item, a, err);

	*curves = f ? 0 : t.offers + 1;
	*out = f ? NULL : blank_curves(&t, n, a);
	for (int i = 0; i < n && !f; i++) {
		int64_t begins_ms = from_ms + (until_ms - from_ms) / n * i, ends_ms = from_ms + (until_ms - from_ms) * (i + 1) / n;

		if (begins_ms <= now_ms)
			f = put_point(&t, *out, i, ends_ms < now_ms ? ends_ms : now_ms, &at);
	}
	return f;
}
