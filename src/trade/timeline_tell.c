/*
 * timeline_tell.c: what a row of a log means: why there is more or less, what was said, who changed what they show.
 */
#include "trade/timeline_tell.h"

#include "base/clock.h"
#include "base/fields.h"
#include "base/text.h"
#include "trade/jobs.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static int64_t number_of(const char *text)
{
	int64_t n;

	return text && text_int(text, -INT64_C(1000000000000), INT64_C(1000000000000), &n) ? n : UNTOLD;
}

enum { DAY_MS = 86400000 };

/* "14:02:11Z" on the day of another moment, else with its date. */
static const char *clock_of(const struct timeline *t, int64_t ms, int64_t beside_ms)
{
	char iso[32];

	time_iso_s(ms, iso);
	return arena_strdup(t->a, ms / DAY_MS == beside_ms / DAY_MS ? iso + strlen("2026-11-20T") : iso);
}

/* ---- what is available became another ---- */

struct moved {
	const char *what, *at;
	char mark;
	int64_t qty, valid_ms;
};

static void read_moved(const struct timeline *t, const struct rows *q, struct moved *out)
{
	static const struct {
		const char *cause, *what;
		char mark;
	} words[] = { { "count", "counted", 'C' }, { "return", "returned", 'R' }, { "dispatch", "left", 'D' }, { "sale", "sold", 'S' }, { "cancel", "given back", 'B' } };

	out->what = "corrected";
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (!strcmp(rows_text(q, 0), words[i].cause)) {
			out->what = words[i].what;
			out->mark = words[i].mark;
		}
	out->at = arena_printf(t->a, "%s%s%s", rows_text(q, 2), *rows_text(q, 1) && *rows_text(q, 2) ? " " : "", rows_text(q, 1));
	out->valid_ms = rows_int(q, 3);
	out->qty = rows_int(q, 4);
}

/* The move of the same moment, in the other log: one of as many units before any. what is NULL: there is none. */
static enum fault find_move(const struct timeline *t, const struct log_row *r, int64_t by, struct moved *out)
{
	static const char sql[] = "SELECT m.cause, m.ref, coalesce(p.name, ''), m.valid_ms, m.qty FROM move m LEFT JOIN place p ON p.id = m.place_id "
				  "WHERE m.item_id = ? AND m.id >= ? AND m.id < ? AND m.known_ms = ? ORDER BY m.qty <> ?, m.id LIMIT 1";
	int64_t from, before;
	struct rows *q;

	*out = (struct moved){ .mark = ' ' };
	if (timeline_number(t->s, LOG_MOVE, r->m.e.known_ms - 1, 0, &from, t->err) ||
	    timeline_number(t->s, LOG_MOVE, r->m.e.known_ms, from, &before, t->err))
		return FAULT_STORE;
	q = ASK(t->s, sql, V(t->item), V(from), V(before), V(r->m.e.known_ms), V(by));
	if (rows_next(q))
		read_moved(t, q, out);
	return rows_end(q, t->err);
}

enum { NEAR = 64 };

/* The order whose telling it was: an order's rows of history are written after what became of the stock, in the same breath. */
static enum fault find_order(const struct timeline *t, struct log_row *r, int64_t by, bool *found)
{
	static const char sql[] = "SELECT o.ref, c.name, o.placed_ms FROM (SELECT CASE fact WHEN 'orders' THEN fact_id ELSE (SELECT order_id FROM order_line WHERE id = fact_id) END "
				  "AS order_id, id FROM change WHERE id > ?1 AND id <= ?1 + ?4 AND known_ms = ?2 AND (fact = 'orders' OR fact = 'order_line')) h "
				  "JOIN order_line l ON l.order_id = h.order_id AND l.item_id = ?3 JOIN orders o ON o.id = h.order_id JOIN account c ON c.id = o.account_id "
				  "ORDER BY h.id LIMIT 1";
	struct rows *q;

	*found = false;
	if (strncmp(r->m.e.actor, "channel:", 8))
		return OK;
	q = ASK(t->s, sql, V(r->id), V(r->m.e.known_ms), V(t->item), V((int)NEAR));
	*found = rows_next(q);
	if (*found) {
		r->m.e.what = by < 0 ? "sold" : "owed no more";
		r->m.mark = by < 0 ? 'S' : 'B';
		r->m.e.detail = arena_printf(t->a, "%s%s %s", r->m.new < 0 ? "OVERSOLD " : "", rows_text(q, 1), rows_text(q, 0));
		if (by < 0)
			r->m.e.at_ms = rows_int(q, 2);
	}
	return rows_end(q, t->err);
}

/* Orders that a warehouse has taken off its own number, or has no longer: written just before it. NULL: none. */
static enum fault find_taken(const struct timeline *t, const struct log_row *r, const char **out)
{
	static const char sql[] = "SELECT o.ref, h.new, count(*) FROM change h JOIN order_line l ON l.id = h.fact_id AND l.item_id = ?3 JOIN orders o ON o.id = l.order_id "
				  "WHERE h.id < ?1 AND h.id >= ?1 - ?4 AND h.known_ms = ?2 AND h.fact = 'order_line' AND h.field = 'taken' ORDER BY h.id DESC";
	struct rows *q = ASK(t->s, sql, V(r->id), V(r->m.e.known_ms), V(t->item), V((int)NEAR));

	*out = NULL;
	if (rows_next(q) && rows_int(q, 2) > 0)
		*out = arena_printf(t->a, "%s%s%s", rows_text(q, 0), rows_int(q, 2) > 1 ? arena_printf(t->a, " and %" PRId64 " more", rows_int(q, 2) - 1) : "",
		                    *rows_text(q, 1) == '1' ? ": off the warehouse's own number now" : ": owed by us again");
	return rows_end(q, t->err);
}

/* A count and the orders that it leaves out or holds again, reckoned in one step. */
static enum fault tell_reckoned(const struct timeline *t, struct log_row *r, const struct moved *moved)
{
	const char *taken;

	if (find_taken(t, r, &taken))
		return FAULT_STORE;
	r->m.e.what = moved->what ? moved->what : taken ? "reckoned" : "reckoned anew";
	r->m.mark = moved->mark;
	if (moved->what)
		r->m.e.detail = arena_printf(t->a, "%+" PRId64 " %s%s%s", moved->qty, moved->at, taken ? "; " : "", taken ? taken : "");
	else
		r->m.e.detail = taken ? taken : "a place, a kit, a mapping or what is owed became another";
	return OK;
}

static enum fault tell_available(const struct timeline *t, struct log_row *r)
{
	struct moved moved;
	bool found = false;
	int64_t by;

	r->m.old = number_of(r->old);
	r->m.new = number_of(r->new);
	if (r->m.old == UNTOLD || r->m.new == UNTOLD)
		return OK;
	by = r->m.new - r->m.old;
	if (find_move(t, r, by, &moved))
		return FAULT_STORE;
	if (moved.what && moved.qty == by) {
		r->m.e.what = moved.what;
		r->m.e.detail = moved.at;
		r->m.e.at_ms = moved.valid_ms;
		r->m.mark = moved.mark;
	} else if (find_order(t, r, by, &found) || (!found && tell_reckoned(t, r, &moved))) {
		return FAULT_STORE;
	}
	r->m.e.what = arena_printf(t->a, "%s %+" PRId64 " -> %" PRId64, r->m.e.what, by, r->m.new);
	return OK;
}

/* Did what is available become another in the same step? Then that row tells it. */
static enum fault tell_move(const struct timeline *t, struct log_row *r, bool *said)
{
	static const char sql[] = "SELECT count(*) FROM change WHERE fact_id = ? AND fact = 'item' AND id >= ? AND id < ? AND field = 'available' AND known_ms = ?";
	int64_t from, before, n;

	if (timeline_number(t->s, LOG_CHANGE, r->m.e.known_ms - 1, 0, &from, t->err) ||
	    timeline_number(t->s, LOG_CHANGE, r->m.e.known_ms, from, &before, t->err) ||
	    GET_INT(t->s, t->err, 0, &n, sql, V(t->item), V(from), V(before), V(r->m.e.known_ms)))
		return FAULT_STORE;
	*said = n > 0;
	r->m.mark = !strcmp(r->field, "count") ? 'C' : 'D';
	r->m.e.what = arena_printf(t->a, "%s %+" PRId64, r->field, r->qty);
	r->m.e.detail = arena_printf(t->a, "%s: %s", *r->new ? r->new : "no place", r->sells ? "of our orders, taken off before: no more and no less is available" : "not for sale by us");
	return OK;
}

/* ---- an offer ---- */

static enum fault was_taken(const struct timeline *t, const struct log_row *r, bool *yes)
{
	static const char sql[] = "SELECT count(*) FROM change WHERE id = ? AND fact = 'offer' AND fact_id = ? AND field = 'push_state' AND new = 'SETTLING'";
	int64_t n;

	if (GET_INT(t->s, t->err, 0, &n, sql, V(r->id + 1), V(r->m.offer)))
		return FAULT_STORE;
	*yes = n > 0;
	return OK;
}

static enum fault tell_offer(const struct timeline *t, struct log_row *r, bool *said)
{
	if (!strcmp(r->field, "push_state") || !strcmp(r->field, "drift") || !strcmp(r->field, "reserved")) {
		*said = true; /* what was seen says it */
	} else if (!strcmp(r->field, "pushed")) {
		if (was_taken(t, r, said)) /* the job says it */
			return FAULT_STORE;
		r->m.e.what = arena_printf(t->a, "confirmed %s", r->new);
		r->m.e.detail = "taken for right as it is shown: their own sales, or a person's word";
	} else if (!strcmp(r->field, "target")) {
		r->m.old = number_of(r->old);
		r->m.new = number_of(r->new);
		r->m.e.what = arena_printf(t->a, "want %s", r->new);
		r->m.e.detail = r->m.old < 0 ? "the first decision" : arena_printf(t->a, "instead of %s", r->old);
	} else if (!strcmp(r->field, "hold")) {
		r->m.mark = 'H';
		r->m.e.what = *r->new ? "held at zero" : "let go";
		r->m.e.detail = *r->new ? r->new : r->old ? r->old : "";
	} else if (!strcmp(r->field, "sku")) {
		r->m.e.what = "listed";
		r->m.e.detail = r->new;
	} else {
		r->m.e.what = arena_printf(t->a, "%s %s", r->field, *r->new ? r->new : "nothing");
		r->m.e.detail = r->old && *r->old ? arena_printf(t->a, "instead of %s", r->old) : "";
	}
	return OK;
}

static void tell_observation(const struct timeline *t, struct log_row *r)
{
	struct moment *m = &r->m;
	const char *from;

	m->e.what = arena_printf(t->a, "shows %" PRId64, m->new);
	if (m->old == UNTOLD) {
		m->e.detail = "read for the first time";
		return;
	}
	from = clock_of(t, m->since_ms, m->e.at_ms);
	if (!strcmp(r->field, "OVERWRITTEN")) {
		m->mark = 'E';
		m->e.detail = arena_printf(t->a, "between %s and %s somebody changed %" PRId64 " to %" PRId64 "; not us", from,
		                           clock_of(t, m->e.at_ms, m->e.at_ms), m->old, m->new);
	} else if (!strcmp(r->field, "NOT_APPLIED")) {
		m->mark = 'F';
		m->e.detail = arena_printf(t->a, "they took %" PRId64 " and do not show it", r->pushed);
	} else if (m->new == m->old) {
		m->since_ms = 0;
		m->e.detail = arena_printf(t->a, "as before; we last said %" PRId64, r->pushed);
	} else {
		m->e.detail = arena_printf(t->a, "%" PRId64 " until %s%s", m->old, from, m->new == r->pushed ? "; as we said" : "");
	}
}

/* How much it is to say, as it was written down when it was decided. */
static const char *quantity_of(const struct timeline *t, const char *payload)
{
	struct fields f;
	struct err unread = { 0 };

	return fields_unpack(t->a, payload, &f, &unread) ? "?" : fields_get(&f, "qty", "?");
}

static void tell_job(const struct timeline *t, struct log_row *r)
{
	const char *qty = quantity_of(t, r->new), *why = r->m.e.detail, *state = r->field;
	bool bad = !strcmp(state, "failed") || !strcmp(state, "unsure") || (*r->old && strcmp(state, "done") && strcmp(state, "sent") && strcmp(state, "superseded"));
	const char *how = !strcmp(state, "superseded") ? "a newer number took its place" : !strcmp(state, "sent") ? "taken, not seen yet" : !strcmp(state, "done") ? "done" : state;

	r->m.mark = bad ? 'F' : r->tries ? 'P' : ' ';
	r->m.new = number_of(qty);
	r->m.e.what = arena_printf(t->a, "push %s", qty);
	r->m.e.detail = arena_printf(t->a, "%s%s%s%s%s%s", how, bad && *r->old ? " " : "", bad ? r->old : "", *why ? ": " : "", why,
	                             r->tries > 1 ? arena_printf(t->a, ", %" PRId64 " tries", r->tries) : "");
}

/* ---- the call behind it ---- */

static enum fault add_call(const struct timeline *t, struct moment *m)
{
	struct attempt call;
	struct err gone = { 0 };

	if (!m->e.attempt_id)
		return OK;
	if (attempt_get(t->s, m->e.attempt_id, t->a, &call, &gone)) {
		if (gone.fault == FAULT_REFUSED)
			return OK; /* an old poll */
		*t->err = gone;
		return gone.fault;
	}
	m->op = call.op;
	m->fault = call.fault;
	m->said = call.text;
	m->correlation = call.correlation;
	m->their_id = call.their_id;
	m->status = call.status;
	m->took_ms = call.closed_ms ? call.closed_ms - call.opened_ms : 0;
	return OK;
}

enum fault timeline_tell(const struct timeline *t, struct log_row *r, bool *said)
{
	enum fault f = OK;

	*said = false;
	switch (r->log) {
	case LOG_CHANGE:
		if (!r->m.offer && !strcmp(r->field, "available"))
			f = tell_available(t, r);
		else if (r->m.offer || strcmp(r->field, "sku"))
			f = tell_offer(t, r, said);
		else
			r->m.e.what = "first known";
		break;
	case LOG_MOVE:
		f = tell_move(t, r, said);
		break;
	case LOG_OBSERVATION:
		tell_observation(t, r);
		break;
	case LOG_JOB:
		tell_job(t, r);
		break;
	case LOG_NOTE:
		r->m.e.what = "note";
		break;
	case TIMELINE_LOGS: /* calls stand behind the others */
		break;
	}
	return f || *said ? f : add_call(t, &r->m);
}
