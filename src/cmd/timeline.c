#include "cmd/timeline.h"

#include "cmd/print.h"
#include "trade/timeline.h"

enum { PAGE = 200, POINTS = 240 };

static int time_chosen(struct session *s, const char *name, const char *text, int64_t *out)
{
	if (!text || !time_parse(text, out))
		return -1;
	return command_misused(s->o.command, "--%s wants a time as 2026-11-20T07:58:00Z, with its zone", name);
}

int span_read(struct session *s, struct span *out)
{
	int status;

	*out = (struct span){ .until_ms = s->now_ms };
	status = time_chosen(s, "since", s->o.since, &out->since_ms);
	if (status < 0)
		status = time_chosen(s, "until", s->o.until, &out->until_ms);
	if (status < 0 && out->since_ms >= out->until_ms)
		status = command_misused(s->o.command, "--since must be before --until");
	return status;
}

/* ---- events ---- */

static const struct column event_columns[] = {
	{ "known", CELL_TIME, false },      { "mark", CELL_TEXT, false },     { "account", CELL_TEXT, false },     { "what", CELL_TEXT, false },
	{ "detail", CELL_TEXT, false },     { "actor", CELL_TEXT, false },    { "at", CELL_TIME, true },           { "unknown_since", CELL_TIME, true },
	{ "old", CELL_INT, true },          { "new", CELL_INT, true },        { "marketplace", CELL_TEXT, true },  { "offer", CELL_INT, true },
	{ "attempt", CELL_INT, true },      { "op", CELL_TEXT, true },        { "status", CELL_INT, true },        { "fault", CELL_TEXT, true },
	{ "said", CELL_TEXT, true },        { "took_ms", CELL_INT, true },    { "correlation", CELL_TEXT, true },  { "their_id", CELL_TEXT, true },
	{ "trace", CELL_TEXT, true },
};

static void put_told(struct sheet *t, int64_t n)
{
	if (n == UNTOLD)
		put_none(t);
	else
		put_int(t, n);
}

static void put_moment(struct sheet *t, const struct moment *m)
{
	char mark[2] = { m->mark == ' ' ? '\0' : m->mark, '\0' };

	put_time(t, m->e.known_ms);
	put_text(t, mark);
	put_text(t, m->account);
	put_text(t, m->e.what);
	put_text(t, m->e.detail);
	put_text(t, m->e.actor);
	put_time(t, m->e.at_ms);
	put_time(t, m->since_ms);
	put_told(t, m->old);
	put_told(t, m->new);
	put_text(t, m->marketplace);
	put_id(t, m->offer);
	put_id(t, m->e.attempt_id);
	put_text(t, m->op);
	put_id(t, m->status);
	put_text(t, m->fault);
	put_text(t, m->said);
	if (m->e.attempt_id)
		put_int(t, m->took_ms);
	else
		put_none(t);
	put_text(t, m->correlation);
	put_text(t, m->their_id);
	put_text(t, m->e.trace);
}

/* The newest of the span are read first, and printed last. */
static enum fault put_moments(struct session *s, int64_t item, const struct span *span)
{
	int limit = s->o.limit > 0 && s->o.limit < 1000000 ? (int)s->o.limit : PAGE, n = 0, got;
	const struct moment **kept = arena_alloc(s->a, (size_t)(limit + 1) * sizeof *kept);
	struct timeline_key key, from;
	struct moment *m;
	bool more = true;
	enum fault f = timeline_at(s->store, span->until_ms, &key, &s->err);

	if (!f)
		f = timeline_at(s->store, span->since_ms - 1, &from, &s->err);
	while (!f && more && n < limit) {
		f = timeline_page(s->store, item, &key, &from, limit - n < PAGE ? limit - n : PAGE, s->a, &m, &got, &more, &s->err);
		for (int i = 0; i < got && !f; i++)
			kept[n++] = &m[i];
	}
	sheet_table(s->sheet, "events", COLUMNS(event_columns));
	while (!f && n > 0)
		put_moment(s->sheet, kept[--n]);
	return f;
}

/* ---- curves ---- */

static const struct column curve_columns[] = {
	{ "curve", CELL_TEXT, false }, { "marketplace", CELL_TEXT, false }, { "from", CELL_TIME, false }, { "value", CELL_INT, false }, { "offer", CELL_INT, true },
};

static void put_curve(struct session *s, const struct curve *c, const struct span *span)
{
	int64_t was = UNTOLD;

	for (int i = 0; i < POINTS; i++) {
		if (c->value[i] == was)
			continue;
		was = c->value[i];
		put_text(s->sheet, c->offer ? c->account : "available");
		put_text(s->sheet, c->marketplace);
		put_time(s->sheet, span->since_ms + (span->until_ms - span->since_ms) * (i + 1) / POINTS);
		put_told(s->sheet, was);
		put_id(s->sheet, c->offer);
	}
}

static enum fault put_curves(struct session *s, int64_t item, const struct span *span)
{
	struct curve *curve;
	int n;
	enum fault f = timeline_curves(s->store, item, span->since_ms, span->until_ms, s->now_ms, POINTS, s->a, &curve, &n, &s->err);

	sheet_table(s->sheet, "curves", COLUMNS(curve_columns));
	for (int i = 0; i < n && !f; i++)
		put_curve(s, &curve[i], span);
	return f;
}

enum fault put_life(struct session *s, int64_t item, const struct span *span)
{
	struct span seen = *span;
	enum fault f = put_moments(s, item, span);

	if (!seen.since_ms && !f)
		f = timeline_begins(s->store, item, &seen.since_ms, &s->err);
	return f || seen.since_ms >= seen.until_ms ? f : put_curves(s, item, &seen);
}
