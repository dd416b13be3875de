#include "trade/story_tell.h"

#include "base/clock.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void tell(struct teller *t, struct event e)
{
	t->line = arena_grow(t->a, t->line, t->n, &t->cap, sizeof *t->line);
	t->line[t->n] = (struct story_line){ e, t->n };
	t->n++;
}

/* A source is read newest first, so that the oldest are those left out; told it is the other way round. */
static void turn_round(struct teller *t, int from)
{
	for (int i = from; i < t->n; i++)
		t->line[i].seq = from + t->n - 1 - i;
}

struct event told(const struct teller *t, const struct rows *r, int from)
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
	if (!strcmp(fact, "order_line")) /* how many are where */
		return !strcmp(field, "reserves");
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

enum fault tell_changes(struct teller *t, const char *fact, const char *also, int64_t id, const char *prefix)
{
	static const char sql[] = CHANGES;
	struct rows *r = ASK(t->s, sql, V(id), V(fact), V(also), V(STORY_NEWEST));
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
	struct rows *r = ASK(t->s, sql, V(id), V(STORY_NEWEST), V(STORY_NEWEST));
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
	struct rows *r = ASK(t->s, sql, V(id), V(STORY_NEWEST));

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
	struct rows *r = ASK(t->s, sql, V(id), V(STORY_NEWEST));
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

enum fault tell_jobs(struct teller *t, bool order, int64_t id)
{
	static const char *const intents[2] = { INTENTS(ABOUT_OFFERS), INTENTS(ABOUT_ORDERS) };
	static const char *const jobs[2] = { "SELECT j.id, j.verb " JOBS(SAID_OF_OFFERS), "SELECT j.id, j.verb " JOBS(SAID_OF_ORDERS) };
	static const char *const calls[2] = { ATTEMPTS(ABOUT_OFFERS), ATTEMPTS(ABOUT_ORDERS) };
	enum fault f = tell_intents(t, intents[order], id);

	if (!f)
		f = tell_states(t, jobs[order], id);
	return f ? f : tell_attempts(t, calls[order], id);
}

/* ---- notes, parked pieces ---- */

enum fault tell_notes(struct teller *t, const char *kind, int64_t id)
{
	static const char sql[] = "SELECT text, at_ms, at_ms, actor, '', 0 FROM note WHERE subject = ? ORDER BY id DESC LIMIT ?";
	struct rows *r = ASK(t->s, sql, V(arena_printf(t->a, "%s:%" PRId64, kind, id)), V(STORY_NEWEST));

	while (rows_next(r)) {
		struct event e = told(t, r, 1);

		e.what = "note";
		e.detail = rows_keep(r, 0, t->a);
		tell(t, e);
	}
	return rows_end(r, t->err);
}

enum fault tell_parked(struct teller *t, int64_t account, const char *subject)
{
	static const char sql[] = "SELECT class, text, state, first_ms, last_ms, 'system', '', coalesce(attempt_id, 0) FROM inbox "
				  "WHERE account_id = ? AND subject = ? AND subject <> '' ORDER BY id DESC LIMIT ?";
	struct rows *r = ASK(t->s, sql, V(account), V(subject), V(STORY_NEWEST));

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
	const struct story_line *a = pa, *b = pb;

	if (a->e.at_ms != b->e.at_ms)
		return a->e.at_ms < b->e.at_ms ? -1 : 1;
	if (a->e.known_ms != b->e.known_ms)
		return a->e.known_ms < b->e.known_ms ? -1 : 1;
	return a->seq - b->seq;
}

enum fault tell_finish(struct teller *t, enum fault f, struct event **out, int *n)
{
	if (t->n > 1)
		qsort(t->line, (size_t)t->n, sizeof *t->line, earlier);
	*out = arena_alloc(t->a, sizeof **out * (size_t)(t->n + 1));
	for (int i = 0; i < t->n; i++)
		(*out)[i] = t->line[i].e;
	*n = f ? 0 : t->n;
	return f;
}
