/*
 * story.c: everything known of one order, offer or item, in order of time, each line with who, why and the reply it came from.
 */
#include "trade/views.h"

#include "base/clock.h"
#include "base/text.h"
#include "store/store.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NEWEST = 500 }; /* of each source: an offer that was said each minute for a year still opens at once */

/* Of one moment the decision comes first, then its job, the call, and what was learnt: the order of telling is kept. */
struct line {
	struct event e;
	int seq;
};

struct teller {
	struct store *s;
	struct arena *a;
	struct line *line;
	int n, cap;
	const char *currency;
	struct err *err;
};

static void tell(struct teller *t, struct event e)
{
	t->line = arena_grow(t->a, t->line, t->n, &t->cap, sizeof *t->line);
	t->line[t->n] = (struct line){ e, t->n };
	t->n++;
}

/* A source is read newest first, so that the oldest are those left out; told it is the other way round. */
static void turn_round(struct teller *t, int from)
{
	for (int i = from; i < t->n; i++)
		t->line[i].seq = from + t->n - 1 - i;
}

/* The last columns of every question: valid, known, actor, trace, attempt. */
static struct event told(const struct teller *t, const struct rows *r, int from)
{
	return (struct event){
		.at_ms = rows_int(r, from),
		.known_ms = rows_int(r, from + 1),
		.actor = arena_strdup(t->a, rows_text(r, from + 2)),
		.trace = arena_strdup(t->a, rows_text(r, from + 3)),
		.attempt_id = rows_int(r, from + 4),
		.detail = "",
	};
}

/* ---- fields that became another ---- */

static bool ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);

	return n >= m && !strcmp(s + n - m, end);
}

/* A field's value as a person reads it: times as times, money as money. */
static const char *value_of(const struct teller *t, const char *field, const char *value)
{
	char out[64];
	int64_t n;

	if (!text_int(value, INT64_MIN, INT64_MAX, &n))
		return *value ? value : "nothing";
	if (ends_with(field, "_ms")) {
		if (n <= 0 || n >= NO_DEADLINE)
			return "none";
		time_iso_s(n, out);
	} else if (ends_with(field, "_minor")) {
		text_money(n, t->currency, out);
	} else {
		return value;
	}
	return arena_strdup(t->a, out);
}

static const char *field_of(const struct teller *t, const char *field)
{
	char *out = arena_strdup(t->a, field);

	if (!strncmp(out, "q_", 2))
		out += 2;
	if (ends_with(out, "_ms"))
		out[strlen(out) - 3] = '\0';
	else if (ends_with(out, "_minor"))
		out[strlen(out) - 6] = '\0';
	for (char *p = out; *p; p++)
		if (*p == '_')
			*p = ' ';
	return out;
}

/* What another line of the story says already. */
static bool is_said(const char *fact, const char *field, const char *old, const char *new)
{
	if (!strcmp(fact, "orders")) /* the placing; and what became of its packages */
		return (!*old && !strcmp(field, "state")) || !strcmp(field, "confirm");
	return !strcmp(fact, "job") && !strcmp(old, "waiting") && !strcmp(new, "inflight"); /* the call */
}

static void tell_change(struct teller *t, const struct rows *r, const char *prefix)
{
	const char *field = rows_text(r, 0), *name = field_of(t, field);
	const char *new = value_of(t, field, rows_text(r, 2));
	struct event e = told(t, r, 3);

	if (rows_null(r, 1))
		e.what = arena_printf(t->a, "%s%s %s", prefix, name, new);
	else
		e.what = arena_printf(t->a, "%s%s %s to %s", prefix, name, value_of(t, field, rows_text(r, 1)), new);
	tell(t, e);
}

#define CHANGES                                                                                                      \
	"SELECT h.field, h.old, h.new, h.valid_ms, h.known_ms, h.actor, h.trace, coalesce(h.attempt_id, 0) FROM change h " \
	"WHERE h.fact_id = ? AND h.fact IN (?, ?) ORDER BY h.id DESC LIMIT ?"

static enum fault tell_changes(struct teller *t, const char *fact, const char *also, int64_t id, const char *prefix)
{
	static const char sql[] = CHANGES;
	struct rows *r = ASK(t->s, sql, V(id), V(fact), V(also), V(NEWEST));
	int from = t->n;

	while (rows_next(r))
		if (!is_said(fact, rows_text(r, 0), rows_text(r, 1), rows_text(r, 2)))
			tell_change(t, r, prefix);
	turn_round(t, from);
	return rows_end(r, t->err);
}

/* ---- jobs, their attempts and who wanted them ---- */

/* Orders and offers count their own ids, so the verb says whose a job is. */
#define ABOUT_ORDERS "('ack', 'ship', 'cancel', 'order')"
#define ABOUT_OFFERS "('stock', 'stock-read', 'preview')"
/* What is said to them has a life of its own; a read is told by its call. */
#define SAID_OF_ORDERS "('ack', 'ship', 'cancel')"
#define SAID_OF_OFFERS "('stock')"
#define JOBS(verbs) "FROM job j WHERE j.subject_id = ? AND j.subject_id <> 0 AND j.verb IN " verbs " ORDER BY j.id DESC LIMIT ?"

static void tell_attempt(struct teller *t, const struct rows *r)
{
	struct event e = told(t, r, 6);
	int64_t status = rows_int(r, 2);
	bool closed = rows_int(r, 5) != 0;
	const char *fault = rows_text(r, 3), *text = rows_text(r, 4);

	e.what = arena_printf(t->a, "%s said: %s", rows_text(r, 0),
	                      !closed                          ? "no answer yet" :
	                      *fault && strcmp(fault, "OK")    ? fault :
	                      status > 0                       ? arena_printf(t->a, "%" PRId64, status) :
	                                                         "answered");
	e.detail = arena_printf(t->a, "%s%s%s", rows_text(r, 1), *text ? ": " : "", text);
	tell(t, e);
}

#define ATTEMPTS(verbs)                                                                                                    \
	"SELECT t.verb, t.op, t.status, t.fault, t.text, t.closed_ms, t.opened_ms, t.opened_ms, 'system', t.trace, t.id FROM (" \
	"SELECT j.id " JOBS(verbs) ") x JOIN attempt_job k ON k.job_id = x.id JOIN attempt t ON t.id = k.attempt_id "          \
	"ORDER BY t.id DESC LIMIT ?"

static enum fault tell_attempts(struct teller *t, const char *sql, int64_t id)
{
	struct rows *r = ASK(t->s, sql, V(id), V(NEWEST), V(NEWEST));
	int from = t->n;

	while (rows_next(r))
		tell_attempt(t, r);
	turn_round(t, from);
	return rows_end(r, t->err);
}

#define INTENTS(verbs)                                                                                                        \
	"SELECT i.kind, i.why, i.state, i.result, i.made_ms, i.made_ms, i.actor, i.trace, 0 FROM intent i WHERE i.id IN (SELECT intent_id FROM (" \
	"SELECT j.intent_id " JOBS(verbs) ") x WHERE intent_id IS NOT NULL) ORDER BY i.id"

static enum fault tell_intents(struct teller *t, const char *sql, int64_t id)
{
	struct rows *r = ASK(t->s, sql, V(id), V(NEWEST));

	while (rows_next(r)) {
		struct event e = told(t, r, 4);
		const char *why = rows_text(r, 1), *result = rows_text(r, 3);

		e.what = arena_printf(t->a, "decided: %s, %s", rows_text(r, 0), rows_text(r, 2));
		e.detail = arena_printf(t->a, "%s%s%s", why, *why && *result ? "; " : "", result);
		tell(t, e);
	}
	return rows_end(r, t->err);
}

static enum fault tell_states(struct teller *t, const char *sql, int64_t id)
{
	struct rows *r = ASK(t->s, sql, V(id), V(NEWEST));
	int n = 0, cap = 0;
	struct job_name {
		int64_t id;
		const char *verb;
	} *jobs = NULL;
	enum fault f;

	while (rows_next(r)) {
		jobs = arena_grow(t->a, jobs, n, &cap, sizeof *jobs);
		jobs[n++] = (struct job_name){ rows_int(r, 0), rows_keep(r, 1, t->a) };
	}
	f = rows_end(r, t->err);
	for (int i = 0; i < n && !f; i++)
		f = tell_changes(t, "job", "job", jobs[i].id, arena_printf(t->a, "job %" PRId64 " %s: ", jobs[i].id, jobs[i].verb));
	return f;
}

/* ---- notes, parked pieces ---- */

static enum fault tell_notes(struct teller *t, const char *kind, int64_t id)
{
	static const char sql[] = "SELECT text, at_ms, at_ms, actor, '', 0 FROM note WHERE subject = ? ORDER BY id DESC LIMIT ?";
	struct rows *r = ASK(t->s, sql, V(arena_printf(t->a, "%s:%" PRId64, kind, id)), V(NEWEST));

	while (rows_next(r)) {
		struct event e = told(t, r, 1);

		e.what = "note";
		e.detail = rows_keep(r, 0, t->a);
		tell(t, e);
	}
	return rows_end(r, t->err);
}

static enum fault tell_parked(struct teller *t, int64_t account, const char *subject)
{
	static const char sql[] = "SELECT class, text, state, first_ms, last_ms, 'system', '', coalesce(attempt_id, 0) FROM inbox "
				  "WHERE account_id = ? AND subject = ? AND subject <> '' ORDER BY id DESC LIMIT ?";
	struct rows *r = ASK(t->s, sql, V(account), V(subject), V(NEWEST));

	while (rows_next(r)) {
		struct event e = told(t, r, 3);

		e.what = arena_printf(t->a, "not understood: %s, %s", rows_text(r, 0), rows_text(r, 2));
		e.detail = rows_keep(r, 1, t->a);
		tell(t, e);
	}
	return rows_end(r, t->err);
}

/* ---- in order of time ---- */

static int earlier(const void *pa, const void *pb)
{
	const struct line *a = pa, *b = pb;

	if (a->e.at_ms != b->e.at_ms)
		return a->e.at_ms < b->e.at_ms ? -1 : 1;
	if (a->e.known_ms != b->e.known_ms)
		return a->e.known_ms < b->e.known_ms ? -1 : 1;
	return a->seq - b->seq;
}

static enum fault finish(struct teller *t, enum fault f, struct event **out, int *n)
{
	if (t->n > 1)
		qsort(t->line, (size_t)t->n, sizeof *t->line, earlier);
	*out = arena_alloc(t->a, sizeof **out * (size_t)(t->n + 1));
	for (int i = 0; i < t->n; i++)
		(*out)[i] = t->line[i].e;
	*n = f ? 0 : t->n;
	return f;
}

/* ---- an order ---- */

/* The order itself: when it was placed, and whose it is. */
static enum fault tell_order(struct teller *t, int64_t id, int64_t *account, const char **ref)
{
	/* the first row of its history is the telling that brought it */
	static const char sql[] =
		"SELECT o.account_id, o.ref, o.currency, o.units, o.total_minor, c.name, o.placed_ms, coalesce(h.known_ms, o.known_ms), "
		"coalesce(h.actor, 'channel:' || c.name), coalesce(h.trace, o.trace), coalesce(h.attempt_id, o.attempt_id, 0) FROM orders o "
		"JOIN account c ON c.id = o.account_id LEFT JOIN change h ON h.id = (SELECT min(k.id) FROM change k WHERE k.fact_id = o.id AND k.fact = 'orders') "
		"WHERE o.id = ?";
	struct rows *r = ASK(t->s, sql, V(id));
	bool there = rows_next(r);

	if (there) {
		struct event e = told(t, r, 6);
		char money[48];

		*account = rows_int(r, 0);
		*ref = rows_keep(r, 1, t->a);
		t->currency = rows_keep(r, 2, t->a);
		text_money(rows_int(r, 4), t->currency, money);
		e.what = "placed";
		e.detail = arena_printf(t->a, "%" PRId64 " unit%s, %s", rows_int(r, 3), rows_int(r, 3) == 1 ? "" : "s", money);
		tell(t, e);
	}
	if (rows_end(r, t->err))
		return FAULT_STORE;
	return there ? OK : err_set(t->err, FAULT_REFUSED, "there is no order %" PRId64, id);
}

static enum fault tell_lines(struct teller *t, int64_t order)
{
	static const char sql[] = "SELECT id, ref, sku FROM order_line WHERE order_id = ? ORDER BY id LIMIT ?";
	struct rows *r = ASK(t->s, sql, V(order), V(NEWEST));
	enum fault f = OK;

	while (!f && rows_next(r))
		f = tell_changes(t, "order_line", "line", rows_int(r, 0), arena_printf(t->a, "line %s %s: ", rows_text(r, 1), rows_text(r, 2)));
	return rows_end(r, f ? NULL : t->err) || f ? FAULT_STORE : OK;
}

static enum fault tell_packages(struct teller *t, int64_t order)
{
	static const char sql[] = "SELECT p.id, p.package, p.carrier, p.tracking, p.confirm, p.source, p.shipped_ms, p.shipped_ms, "
				  "coalesce(i.actor, p.source), coalesce(i.trace, ''), 0 FROM shipment p LEFT JOIN intent i ON i.id = p.intent_id "
				  "WHERE p.order_id = ? ORDER BY p.id LIMIT ?";
	struct rows *r = ASK(t->s, sql, V(order), V(NEWEST));
	enum fault f = OK;

	while (!f && rows_next(r)) {
		struct event e = told(t, r, 6);
		const char *prefix = arena_printf(t->a, "package %s: ", rows_text(r, 1));

		e.what = arena_printf(t->a, "%sshipped", prefix);
		e.detail = arena_printf(t->a, "%s %s, told by the %s, confirmation %s", rows_text(r, 2), rows_text(r, 3), rows_text(r, 5), rows_text(r, 4));
		tell(t, e);
		f = tell_changes(t, "shipment", "shipment", rows_int(r, 0), prefix);
	}
	return rows_end(r, f ? NULL : t->err) || f ? FAULT_STORE : OK;
}

enum fault order_story(struct store *s, int64_t order, struct arena *a, struct event **out, int *n, struct err *err)
{
	static const char attempts[] = ATTEMPTS(ABOUT_ORDERS), intents[] = INTENTS(ABOUT_ORDERS), jobs[] = "SELECT j.id, j.verb " JOBS(SAID_OF_ORDERS);
	struct teller t = { .s = s, .a = a, .currency = "", .err = err };
	const char *ref = "";
	int64_t account = 0;
	enum fault f = tell_order(&t, order, &account, &ref);

	if (!f)
		f = tell_intents(&t, intents, order);
	if (!f)
		f = tell_states(&t, jobs, order);
	if (!f)
		f = tell_attempts(&t, attempts, order);
	if (!f)
		f = tell_packages(&t, order);
	if (!f)
		f = tell_changes(&t, "orders", "order", order, "");
	if (!f)
		f = tell_lines(&t, order);
	if (!f)
		f = tell_notes(&t, "order", order);
	if (!f)
		f = tell_parked(&t, account, ref);
	return finish(&t, f, out, n);
}

/* ---- an offer, an item ---- */

static enum fault tell_observations(struct teller *t, int64_t offer, const char *prefix)
{
	static const char sql[] = "SELECT o.seen, o.pushed, o.verdict, o.valid_ms, o.known_ms, 'channel:' || c.name, '', coalesce(o.attempt_id, 0) "
				  "FROM observation o JOIN offer f ON f.id = o.offer_id JOIN account c ON c.id = f.account_id "
				  "WHERE o.offer_id = ? ORDER BY o.id DESC LIMIT ?";
	struct rows *r = ASK(t->s, sql, V(offer), V(NEWEST));

	while (rows_next(r)) {
		struct event e = told(t, r, 3);

		e.what = arena_printf(t->a, "%sthey show %" PRId64, prefix, rows_int(r, 0));
		if (!rows_null(r, 1))
			e.detail = arena_printf(t->a, "last confirmed %" PRId64 "%s%s", rows_int(r, 1), *rows_text(r, 2) ? ", " : "", rows_text(r, 2));
		tell(t, e);
	}
	return rows_end(r, t->err);
}

static enum fault tell_moves(struct teller *t, int64_t item)
{
	static const char sql[] = "SELECT m.cause, m.qty, coalesce(p.name, ''), m.ref, m.valid_ms, m.known_ms, m.actor, m.trace, 0 FROM move m "
				  "LEFT JOIN place p ON p.id = m.place_id WHERE m.item_id = ? ORDER BY m.id DESC LIMIT ?";
	struct rows *r = ASK(t->s, sql, V(item), V(NEWEST));

	while (rows_next(r)) {
		struct event e = told(t, r, 4);

		e.what = arena_printf(t->a, "%s %+" PRId64, rows_text(r, 0), rows_int(r, 1));
		e.detail = arena_printf(t->a, "%s%s%s", rows_text(r, 2), *rows_text(r, 2) && *rows_text(r, 3) ? " " : "", rows_text(r, 3));
		tell(t, e);
	}
	return rows_end(r, t->err);
}

static enum fault tell_offer(struct teller *t, int64_t offer, const char *prefix)
{
	static const char attempts[] = ATTEMPTS(ABOUT_OFFERS), intents[] = INTENTS(ABOUT_OFFERS), jobs[] = "SELECT j.id, j.verb " JOBS(SAID_OF_OFFERS);
	enum fault f = tell_intents(t, intents, offer);

	if (!f)
		f = tell_states(t, jobs, offer);
	if (!f)
		f = tell_attempts(t, attempts, offer);
	if (!f)
		f = tell_observations(t, offer, prefix);
	if (!f)
		f = tell_changes(t, "offer", "offer", offer, prefix);
	if (!f)
		f = tell_notes(t, "offer", offer);
	return f;
}

/* Units that orders took or gave back: what is owed changes without a move. */
static enum fault tell_sales(struct teller *t, int64_t item)
{
	static const char sql[] = "SELECT l.qty, l.q_cancelled, c.name, o.ref, o.placed_ms, o.known_ms, 'channel:' || c.name, o.trace, coalesce(o.attempt_id, 0) "
				  "FROM order_line l JOIN orders o ON o.id = l.order_id JOIN account c ON c.id = o.account_id "
				  "WHERE l.item_id = ? AND l.reserves > 0 ORDER BY l.id DESC LIMIT ?";
	struct rows *r = ASK(t->s, sql, V(item), V(NEWEST));

	while (rows_next(r)) {
		struct event e = told(t, r, 4);

		e.what = arena_printf(t->a, "sold %" PRId64, rows_int(r, 0) - rows_int(r, 1));
		e.detail = arena_printf(t->a, "%s %s, still owed", rows_text(r, 2), rows_text(r, 3));
		tell(t, e);
	}
	return rows_end(r, t->err);
}

static enum fault tell_item(struct teller *t, int64_t item)
{
	enum fault f = tell_changes(t, "item", "item", item, "");

	if (!f)
		f = tell_moves(t, item);
	if (!f)
		f = tell_sales(t, item);
	return f ? f : tell_notes(t, "item", item);
}

enum fault offer_story(struct store *s, int64_t offer, struct arena *a, struct event **out, int *n, struct err *err)
{
	static const char sql[] = "SELECT coalesce(item_id, 0) FROM offer WHERE id = ?";
	struct teller t = { .s = s, .a = a, .currency = "", .err = err };
	int64_t item;
	enum fault f = GET_INT(s, err, -1, &item, sql, V(offer));

	if (!f && item < 0)
		f = err_set(err, FAULT_REFUSED, "there is no offer %" PRId64, offer);
	if (!f)
		f = tell_offer(&t, offer, "");
	if (!f && item > 0)
		f = tell_item(&t, item);
	return finish(&t, f, out, n);
}

enum fault item_story(struct store *s, int64_t item, struct arena *a, struct event **out, int *n, struct err *err)
{
	static const char sql[] = "SELECT f.id, c.name, f.marketplace FROM offer f JOIN account c ON c.id = f.account_id WHERE f.item_id = ? ORDER BY c.name, f.id";
	struct teller t = { .s = s, .a = a, .currency = "", .err = err };
	enum fault f = tell_item(&t, item), g;
	struct rows *r = ASK(s, sql, V(item));

	while (!f && rows_next(r))
		f = tell_offer(&t, rows_int(r, 0), arena_printf(a, "%s%s%s: ", rows_text(r, 1), *rows_text(r, 2) ? " " : "", rows_text(r, 2)));
	g = rows_end(r, f ? NULL : err);
	return finish(&t, f ? f : g, out, n);
}
