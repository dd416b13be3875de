#include "trade/deadlines.h"

#include "store/store.h"
#include "trade/accounts.h"
#include "trade/alerts.h"

#include <inttypes.h>

/* Open orders of an account that ring. *ref: the first of them. */
struct ringing {
	int64_t n;
	const char *ref;
};

static enum fault read_ringing(struct rows *r, struct arena *a, struct ringing *out, struct err *err)
{
	*out = (struct ringing){ .ref = "" };
	if (rows_next(r))
		*out = (struct ringing){ rows_int(r, 0), rows_keep(r, 1, a) };
	return rows_end(r, err);
}

/* Due in (after, upto]; what its channel ships is not ours to be late with. */
static enum fault count_due(struct store *s, int64_t account, int64_t after_ms, int64_t upto_ms, struct arena *a, struct ringing *out, struct err *err)
{
	static const char sql[] = "SELECT count(*), coalesce((SELECT ref FROM orders WHERE open = 1 AND account_id = ?1 AND due_ms > ?2 AND due_ms <= ?3 AND flags & 8 = 0 "
				  "ORDER BY due_ms, id LIMIT 1), '') FROM orders WHERE open = 1 AND account_id = ?1 AND due_ms > ?2 AND due_ms <= ?3 AND flags & 8 = 0";

	return read_ringing(ASK(s, sql, V(account), V(after_ms), V(upto_ms)), a, out, err);
}

/* Those that the channel will have cancelled by then. Nothing is due later than it is cancelled, and what is not ours to ship is never due. */
static enum fault count_lost(struct store *s, int64_t account, int64_t upto_ms, struct arena *a, struct ringing *out, struct err *err)
{
#define LOST "FROM orders WHERE open = 1 AND account_id = ?1 AND due_ms <= ?2 AND cancel_by_ms > 0 AND cancel_by_ms <= ?2 AND flags & 8 = 0"
	static const char sql[] = "SELECT count(*), coalesce((SELECT ref " LOST " ORDER BY cancel_by_ms, id LIMIT 1), '') " LOST;

	return read_ringing(ASK(s, sql, V(account), V(upto_ms)), a, out, err);
}

/* Those that their buyers want cancelled; first the ones for which a warehouse has set goods aside, or that are packed there. *near: so many of them are. */
static enum fault read_cancels(struct store *s, int64_t account, struct arena *a, struct ringing *out, int64_t *near, struct err *err)
{
	static const char sql[] = "SELECT o.ref, (o.state IN ('RELEASED', 'PICKING', 'PACKED') OR EXISTS "
				  "(SELECT 1 FROM warehouse_order w WHERE w.order_id = o.id AND w.taken = 1 AND w.cancelled_ms = 0)) AS near FROM orders o "
				  "WHERE o.open = 1 AND o.flags & 2 <> 0 AND o.flags & 8 = 0 AND o.account_id = ? ORDER BY near DESC, o.due_ms, o.id";
	struct rows *r = ASK(s, sql, V(account));

	*out = (struct ringing){ .ref = "" };
	for (*near = 0; rows_next(r); out->n++) {
		out->ref = out->n ? out->ref : rows_keep(r, 0, a);
		*near += rows_int(r, 1);
	}
	return rows_end(r, err);
}

static enum fault ring(struct store *s, const struct account_row *row, struct alert alert, const char *says, const struct ringing *r, struct arena *a, int64_t now_ms,
                       struct err *err)
{
	alert.key = arena_printf(a, "%s %s", alert.kind, row->name);
	alert.account = row->id;
	alert.subject = r->ref;
	alert.text = arena_printf(a, "%s: %" PRId64 " order%s %s, first %s", row->name, r->n, r->n == 1 ? "" : "s", says, r->ref);
	if (!alert.next)
		alert.next = "2 Orders: acknowledge or ship; 5 Failed if that was said and did not take";
	return r->n ? alert_raise(s, &alert, now_ms, err) : alert_close(s, alert.key, now_ms, err);
}

static enum fault watch_cancels(struct store *s, const struct account_row *row, struct arena *a, int64_t now_ms, struct err *err)
{
	struct alert alert = { .kind = "cancel_req", .severity = "info", .next = "tallyman cancel ORDER, before the warehouse begins with it; or ship it all the same" };
	const char *says = "whose buyer asks to cancel";
	struct ringing r;
	int64_t near;
	enum fault f = read_cancels(s, row->id, a, &r, &near, err);

	if (!f && near) {
		says = arena_printf(a, "%s, %" PRId64 " with the warehouse already", says, near);
		alert.severity = "WARN";
		alert.next = "stop it in the warehouse, then tallyman cancel ORDER; what left already is shipped all the same";
	}
	return f ? f : ring(s, row, alert, says, &r, a, now_ms, err);
}

static enum fault watch_account(struct store *s, const struct account_row *row, struct arena *a, int64_t now_ms, struct err *err)
{
	static const struct alert lost = { .kind = "autocancel_due", .severity = "CRIT" }, late = { .kind = "late", .severity = "WARN" }, due = { .kind = "ship_due", .severity = "WARN" };
	struct ringing r;
	enum fault f = count_lost(s, row->id, now_ms + LOST_RINGS_MS, a, &r, err);

	if (!f)
		f = ring(s, row, lost, "will be cancelled by the channel within the day", &r, a, now_ms, err);
	if (!f)
		f = count_due(s, row->id, INT64_MIN, now_ms, a, &r, err);
	if (!f)
		f = ring(s, row, late, "past their deadline", &r, a, now_ms, err);
	if (!f)
		f = count_due(s, row->id, now_ms, now_ms + DUE_RINGS_MS, a, &r, err);
	if (!f)
		f = ring(s, row, due, "due within the hour", &r, a, now_ms, err);
	return f ? f : watch_cancels(s, row, a, now_ms, err);
}

enum fault deadlines_watch(struct store *s, int64_t now_ms, struct err *err)
{
	struct arena *a = arena_new();
	struct account_row *row;
	int n = 0;
	enum fault f = accounts_all(s, a, &row, &n, err);

	for (int i = 0; i < n && !f; i++)
		f = watch_account(s, &row[i], a, now_ms, err);
	arena_free(a);
	return f;
}
