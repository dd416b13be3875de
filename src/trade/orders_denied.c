/* orders_denied.c: an order of which its account says that it has none, and which order is worth asking for. */
#include "trade/orders.h"

#include "store/store.h"
#include "trade/alerts.h"
#include "trade/change.h"
#include "trade/dispatches.h"
#include "trade/jobs.h"
#include "trade/lines.h"
#include "trade/shipments.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define MINUTE INT64_C(60000)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

/*
 * Without a scope of its own an application reads the orders of the last 60 days alone, and the others are none to it (shopify.dev, access scopes,
 * read_all_orders, 2026-11): an order that is near that age is not known to be none.
 */
#define PUT_AWAY_MS (50 * DAY)

struct denied_order {
	int64_t id, flags, placed_ms, heard_ms, proof_ms, none_ms, struck_ms;
	bool open, gone; /* gone: nothing is open, and something left */
	const char *state, *node;
};

char *order_none_key(char out[160], int64_t account, const char *ref)
{
	snprintf(out, 160, "order none %" PRId64 " %.120s", account, ref);
	return out;
}

static enum fault find(struct store *s, const struct denial *d, struct arena *a, struct denied_order *o, struct err *err)
{
	static const char sql[] = "SELECT id, flags, placed_ms, max(known_ms, proof_ms), proof_ms, none_ms, struck_ms, open, state, node FROM orders "
				  "WHERE ref = ? AND account_id = ?";
	struct rows *r = ASK(s, sql, V(d->ref), V(d->account));

	*o = (struct denied_order){ 0 };
	if (rows_next(r)) {
		o->id = rows_int(r, 0);
		o->flags = rows_int(r, 1);
		o->placed_ms = rows_int(r, 2);
		o->heard_ms = rows_int(r, 3);
		o->proof_ms = rows_int(r, 4);
		o->none_ms = rows_int(r, 5);
		o->struck_ms = rows_int(r, 6);
		o->open = rows_int(r, 7) != 0;
		o->state = rows_keep(r, 8, a);
		o->node = rows_keep(r, 9, a);
		o->gone = !o->open && strcmp(o->state, order_state_name(ORDER_CANCELLED)) != 0;
	}
	return rows_end(r, err);
}

static enum fault read_ask(struct rows *r, struct arena *a, struct order_ask *out, struct err *err)
{
	if (rows_next(r)) {
		out->order = rows_int(r, 0);
		out->ref = rows_keep(r, 1, a);
	}
	return rows_end(r, err);
}

/* The newest other order of the account that more than one reply told; not one that is denied as well, while there is another. */
static enum fault find_beside(struct store *s, int64_t account, int64_t id, struct arena *a, struct order_ask *out, struct err *err)
{
	static const char well[] = "SELECT id, ref FROM orders WHERE account_id = ? AND id <> ? AND none_ms = 0 AND proof_ms > 0 ORDER BY id DESC LIMIT 1",
			  any[] = "SELECT id, ref FROM orders WHERE account_id = ? AND id <> ? AND proof_ms > 0 ORDER BY id DESC LIMIT 1";
	static const char *const sql[] = { well, any };
	const struct val v[] = { V(account), V(id) };
	enum fault f = OK;

	*out = (struct order_ask){ 0 };
	for (size_t i = 0; i < sizeof sql / sizeof *sql && !f && !out->order; i++)
		f = read_ask(store_ask(s, sql[i], v, 2), a, out, err);
	return f;
}

/* Did they take anything that was said of it? Then they had it. */
static enum fault was_confirmed(struct store *s, int64_t order, bool *yes, struct err *err)
{
	static const char sql[] = "SELECT (SELECT count(*) FROM job WHERE subject_id = ?1 AND verb IN ('ack', 'ship', 'cancel') AND state IN ('sent', 'done')) + "
				  "(SELECT count(*) FROM shipment WHERE order_id = ?1 AND confirm IN ('ACCEPTED', 'APPLIED'))";
	int64_t n = 0;
	enum fault f = GET_INT(s, err, 0, &n, sql, V(order));

	*yes = n > 0;
	return f;
}

/* ---- what is said of it ends ---- */

static enum fault end_job(struct store *s, int64_t id, const char *text, const struct cause *why, struct arena *a, struct err *err)
{
	struct job j;
	int64_t shipment;
	enum fault f = job_get(s, id, a, &j, err);

	if (!f)
		f = alert_close(s, job_doubt_key(a, "unsure", &j), why->now_ms, err);
	if (!f)
		f = alert_close(s, job_doubt_key(a, "not-applied", &j), why->now_ms, err);
	if (!f)
		f = job_fail(s, id, FAULT_REFUSED, text, why, err);
	shipment = !f && j.verb == VERB_SHIP ? fields_int(&j.payload, "shipment", 0) : 0;
	return f || !shipment ? f : shipment_confirm(s, shipment, "REJECTED", why, err);
}

static enum fault end_jobs(struct store *s, int64_t order, const struct cause *why, struct err *err)
{
	enum { MOST = 64 };
	static const char text[] = "the account has said twice that it has no such order: look for it there; it is not said again by itself";
	static const char sql[] = "SELECT id FROM job WHERE subject_id = ?1 AND verb IN ('ack', 'ship', 'cancel') AND state IN ('waiting', 'unsure') ORDER BY id LIMIT ?2";
	struct rows *r = ASK(s, sql, V(order), V((int)MOST));
	struct arena *a = arena_new();
	int64_t id[MOST];
	int n = 0;
	enum fault f;

	while (rows_next(r))
		id[n++] = rows_int(r, 0);
	f = rows_end(r, err);
	for (int i = 0; i < n && !f; i++)
		f = end_job(s, id[i], text, why, a, err);
	arena_free(a);
	return f;
}

enum fault order_struck_jobs(struct store *s, int64_t order, const struct cause *why, bool *struck, struct err *err)
{
	static const char sql[] = "SELECT struck_ms FROM orders WHERE id = ?";
	int64_t struck_ms = 0;
	enum fault f = GET_INT(s, err, 0, &struck_ms, sql, V(order));

	*struck = struck_ms > 0;
	return f || !*struck ? f : end_jobs(s, order, why, err);
}

/* ---- what it was to be said of is cancelled ---- */

#define OPEN_UNITS "sum(l.q_pending + l.q_new + l.q_acked + l.q_released + l.q_picking + l.q_packed + l.q_unknown)"

enum fault order_cancelled(struct store *s, const struct job *j, bool *yes, struct err *err)
{
	static const char packed[] = "SELECT coalesce(" OPEN_UNITS " = 0 AND sum(l.q_cancelled) > 0, 0) FROM shipment_line p JOIN order_line l ON l.id = p.line_id WHERE p.shipment_id = ?";
	static const char whole[] = "SELECT coalesce(" OPEN_UNITS " = 0 AND sum(l.q_cancelled) > 0, 0) FROM order_line l WHERE l.order_id = ?";
	int64_t shipment = j->verb == VERB_SHIP ? fields_int(&j->payload, "shipment", 0) : 0, n = 0, read_ms;
	bool shown = false;
	enum fault f = OK;

	if (j->verb == VERB_SHIP || j->verb == VERB_ACK)
		f = shipment ? GET_INT(s, err, 0, &n, packed, V(shipment)) : GET_INT(s, err, 0, &n, whole, V(j->subject_id));
	if (!f && n && shipment)
		f = shipment_shown(s, shipment, &shown, &read_ms, err);
	*yes = n && !shown;
	return f;
}

enum fault order_cancelled_job(struct store *s, const struct job *j, const struct cause *why, struct err *err)
{
	struct arena *a = arena_new();
	const char *text = j->verb == VERB_SHIP ? "cancelled meanwhile: stop the parcel; it is not said" : "cancelled meanwhile: it is not said";
	enum fault f = end_job(s, j->id, text, why, a, err);

	arena_free(a);
	return f;
}

/* ---- it is struck ---- */

/* What of the order becomes another, by this answer. No digest: the same telling again is heard again. */
static enum fault write_struck(struct store *s, const struct denied_order *o, const struct order *m, const struct cause *why, struct err *err)
{
	static const char sql[] = "UPDATE orders SET state = ?, open = ?, due_ms = ?, digest = 0, struck_ms = ?, attempt_id = coalesce(?, attempt_id), path = '' WHERE id = ?";
	enum order_state state = order_state_of(m);
	enum fault f = change_text(s, "orders", o->id, "state", o->state, order_state_name(state), why->now_ms, why, err);

	return f ? f : RUN(s, err, sql, V(order_state_name(state)), V(order_is_open(state)), V(order_due(m)), V(why->now_ms),
	                   why->attempt_id ? V(why->attempt_id) : V_NULL, V(o->id));
}

static enum fault strike(struct store *s, const struct denial *d, const struct denied_order *o, const struct cause *why, struct arena *a, int64_t *units,
                         struct err *err)
{
	struct order_cause oc = { .account = d->account, .order = o->id, .flags = (int)o->flags, .ref = d->ref, .node = o->node, .shipped_ms = why->now_ms, .why = why };
	struct order m = { .ref = d->ref, .flags = (int)o->flags };
	struct line_was *was;
	enum fault f = dispatches_any(s, o->id, &oc.dispatched, err);

	*units = 0;
	if (f || lines_read(s, o->id, a, &was, &m.lines, err))
		return FAULT_STORE;
	m.line = arena_alloc(a, (size_t)(m.lines + 1) * sizeof *m.line);
	for (int i = 0; i < m.lines && !f; i++) {
		m.line[i] = line_struck(&was[i], why->now_ms);
		*units += m.line[i].bucket[ORDER_CANCELLED] - was[i].bucket[ORDER_CANCELLED];
		f = line_write(s, &oc, &was[i], &m.line[i], err);
	}
	if (!f)
		f = write_struck(s, o, &m, why, err);
	return f ? f : end_jobs(s, o->id, why, err);
}

static enum fault tell(struct store *s, const struct denial *d, const char *what, const char *next, const struct cause *why, struct err *err)
{
	char key[160], text[240];
	struct alert alert = { .key = order_none_key(key, d->account, d->ref), .kind = "order_none", .severity = "WARN", .account = d->account, .subject = d->ref,
		               .text = text, .next = next };

	snprintf(text, sizeof text, "order %.60s: its account says that it has no such order: %s", d->ref, what);
	return alert_raise(s, &alert, why->now_ms, err);
}

/* One of the same moment and goods, whose number its own may have been before it was misread; "": none. */
static enum fault find_twin(struct store *s, int64_t order, char out[80], struct err *err)
{
	static const char sql[] = "SELECT t.ref FROM orders o JOIN orders t ON t.placed_ms = o.placed_ms AND t.open = 1 WHERE o.id = ?1 AND t.id <> o.id AND t.account_id = o.account_id "
				  "AND t.sku = o.sku AND t.units = o.units AND t.total_minor = o.total_minor AND length(t.ref) = length(o.ref) UNION ALL "
				  "SELECT t.ref FROM orders o JOIN orders t ON t.placed_ms = o.placed_ms AND t.open = 0 WHERE o.id = ?1 AND t.id <> o.id AND t.account_id = o.account_id "
				  "AND t.sku = o.sku AND t.units = o.units AND t.total_minor = o.total_minor AND length(t.ref) = length(o.ref) LIMIT 1";
	struct rows *r = ASK(s, sql, V(order));

	snprintf(out, 80, "%.79s", rows_next(r) ? rows_text(r, 0) : "");
	return rows_end(r, err);
}

static enum fault tell_struck(struct store *s, const struct denial *d, int64_t order, int64_t units, const struct cause *why, struct err *err)
{
	char what[80], twin[80], next[200];

	if (find_twin(s, order, twin, err))
		return FAULT_STORE;
	snprintf(next, sizeof next, "its number may have been misread: look there for one that is like it; told again, it is open again by itself");
	if (*twin)
		snprintf(next, sizeof next, "it reads like order %.60s, whose number was most likely misread; told again, it is open again by itself", twin);

	snprintf(what, sizeof what, "the %" PRId64 " unit%s that stood open of it are owed no more", units, units == 1 ? "" : "s");
	if (units == 1)
		snprintf(what, sizeof what, "the unit that stood open of it is owed no more");
	return tell(s, d, what, next, why, err);
}

static enum fault tell_kept(struct store *s, const struct denial *d, const struct denied_order *o, bool confirmed, const struct cause *why, struct err *err)
{
	const char *what = confirmed ? "but it took what was said of it, so it stays as it is" : o->gone ? "but it was told to have left, so it stays as it is" :
	                   "but it is so old that they may have put it away, so it stays as it is";

	return tell(s, d, what, "look for it in the channel's own portal", why, err);
}

/* ---- a denial ---- */

/* One that was struck is asked for again, ever more seldom: should it have been there after all, it comes back by itself. */
static int64_t after_struck(const struct denied_order *o, int64_t now_ms)
{
	int64_t again_ms = now_ms + (now_ms - o->none_ms > HOUR ? now_ms - o->none_ms : HOUR);

	return again_ms < o->none_ms + 4 * DAY ? again_ms : 0;
}

static enum fault begin_wait(struct store *s, int64_t order, int64_t now_ms, struct err *err)
{
	static const char sql[] = "UPDATE orders SET none_ms = ? WHERE id = ?";

	return RUN(s, err, sql, V(now_ms), V(order));
}

/* Until when is it to wait, as long as they deny it? 0: that is over, and they answer well. */
static int64_t wait_until(const struct denial *d, const struct denied_order *o, bool others, int64_t now_ms)
{
	int64_t wait_ms = o->proof_ms ? ORDER_SURE_MS : ORDER_SHORT_MS;

	if (now_ms - o->none_ms < wait_ms)
		return o->none_ms + wait_ms;
	return (others ? d->told_ms : d->well_ms) > o->none_ms ? 0 : now_ms + ORDER_SHORT_MS;
}

/* They deny it for an hour, and would deny any: that is a person's. */
static enum fault tell_all_denied(struct store *s, const struct denial *d, const struct denied_order *o, const struct cause *why, struct err *err)
{
	if (why->now_ms - o->none_ms < ORDER_SURE_MS || d->told_ms > o->none_ms)
		return OK;
	return tell(s, d, "but they tell no other one by its number either, so it stays open", "check whose keys the account has; it is asked for again by itself", why, err);
}

static enum fault decide(struct store *s, const struct denial *d, const struct denied_order *o, const struct cause *why, struct arena *a, enum denied *out,
                         struct denied_next *next, struct err *err)
{
	bool confirmed;
	int64_t units;
	enum fault f = was_confirmed(s, o->id, &confirmed, err);

	if (f)
		return f;
	if (confirmed || o->gone || why->now_ms - o->placed_ms > PUT_AWAY_MS) {
		*out = DENIED_KEPT;
		return tell_kept(s, d, o, confirmed, why, err);
	}
	*out = DENIED_STRUCK;
	next->again_ms = after_struck(o, why->now_ms);
	f = strike(s, d, o, why, a, &units, err);
	return f ? f : tell_struck(s, d, o->id, units, why, err);
}

enum fault order_denied(struct store *s, const struct denial *d, const struct cause *why, struct arena *a, enum denied *out, struct denied_next *next,
                        struct err *err)
{
	struct denied_order o;
	enum fault f = find(s, d, a, &o, err);

	assert(store_in_transaction(s));
	*out = !o.id ? DENIED_UNKNOWN : o.struck_ms || (!o.open && !o.gone) ? DENIED_OVER : DENIED_WAITS;
	*next = (struct denied_next){ .self = { o.id, d->ref }, .again_ms = o.struck_ms ? after_struck(&o, why->now_ms) : 0 };
	if (f || *out != DENIED_WAITS)
		return f;
	if (why->now_ms - o.heard_ms < ORDER_SERVED_MS) {
		next->again_ms = o.heard_ms + ORDER_SERVED_MS;
		return OK;
	}
	if (!o.none_ms && begin_wait(s, o.id, o.none_ms = why->now_ms, err))
		return FAULT_STORE;
	f = find_beside(s, d->account, o.id, a, &next->beside, err);
	next->again_ms = wait_until(d, &o, next->beside.order, why->now_ms);
	if (f || next->again_ms) {
		next->beside.order = d->told_ms > o.none_ms ? 0 : next->beside.order;
		return f ? f : tell_all_denied(s, d, &o, why, err);
	}
	next->beside.order = 0;
	return decide(s, d, &o, why, a, out, next, err);
}

/* ---- which one is to be asked for ---- */

/* Nobody has read it by its number within hours. */
#define NOT_ASKED "NOT EXISTS (SELECT 1 FROM job j WHERE j.subject_id = o.id AND j.verb = 'order' AND j.account_id = o.account_id AND j.state_ms > ?2 - 21600000)"

enum fault order_to_ask(struct store *s, int64_t account, int64_t now_ms, struct arena *a, struct order_ask *out, struct err *err)
{
	static const char near[] = "SELECT o.id, o.ref FROM orders o WHERE o.account_id = ?1 AND o.open = 1 AND o.due_ms BETWEEN ?2 - 86400000 AND ?2 + 7200000 "
				   "AND max(o.known_ms, o.proof_ms) < ?2 - 43200000 AND o.flags & 8 = 0 AND " NOT_ASKED " ORDER BY o.due_ms, o.id LIMIT 1";
	static const char once[] = "SELECT o.id, o.ref FROM orders o WHERE o.account_id = ?1 AND o.open = 1 AND o.proof_ms = 0 AND o.known_ms < ?2 - 900000 "
				   "AND o.flags & 8 = 0 AND " NOT_ASKED " ORDER BY o.known_ms LIMIT 1";
	static const char *const sql[] = { near, once };
	const struct val v[] = { V(account), V(now_ms) };
	enum fault f = OK;

	*out = (struct order_ask){ 0 };
	for (size_t i = 0; i < sizeof sql / sizeof *sql && !f && !out->order; i++)
		f = read_ask(store_ask(s, sql[i], v, 2), a, out, err);
	return f;
}
