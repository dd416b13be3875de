#include "trade/departed.h"

#include "store/store.h"
#include "trade/accounts.h"
#include "trade/alerts.h"
#include "trade/shipments.h"

#include <inttypes.h>

#define LOOKED_BACK_MS (INT64_C(30) * 86400000) /* what left before that is no news, and late by all its deadlines */

/* What account ?1's warehouse tells as gone after ?2, and nothing was noted of */
#define LEFT_UNNOTED \
	"FROM warehouse_order w CROSS JOIN orders o ON o.id = w.order_id JOIN account c ON c.id = o.account_id WHERE w.account_id = ?1 AND w.shipment_id IS NULL " \
	"AND w.gone_ms <> 0 AND w.gone_ms > ?2 AND w.cancelled_ms = 0 AND o.open = 1 AND o.flags & 8 = 0 AND " SHIPMENT_WANTED

static enum fault watch_numbers(struct store *s, const struct account_row *row, struct arena *a, int64_t now_ms, struct err *err)
{
	static const char sql[] = "SELECT o.ref " LEFT_UNNOTED " AND w.tracking = '' AND w.gone_ms <= ?3 ORDER BY w.gone_ms, w.id";
	struct rows *r = ASK(s, sql, V(row->id), V(now_ms - LOOKED_BACK_MS), V(now_ms - UNTRACKED_RINGS_MS));
	struct alert alert = { .key = arena_printf(a, "tracking_missing %s", row->name), .kind = "tracking_missing", .severity = "WARN", .account = row->id, .subject = "" };
	int64_t n = 0;

	for (; rows_next(r); n++)
		alert.subject = n ? alert.subject : rows_keep(r, 0, a);
	if (rows_end(r, err))
		return FAULT_STORE;
	if (!n)
		return alert_close(s, alert.key, now_ms, err);
	alert.text = arena_printf(a, "%s: %" PRId64 " order%s left more than an hour ago without a tracking number, first %s", row->name, n, n == 1 ? "" : "s", alert.subject);
	alert.next = "ask the warehouse for the number; 2 Orders, s confirms with one that you have: no channel takes a confirmation without";
	return alert_raise(s, &alert, now_ms, err);
}

enum fault departed_watch(struct store *s, int64_t now_ms, struct err *err)
{
	struct arena *a = arena_new();
	struct account_row *row;
	int n = 0;
	enum fault f = accounts_all(s, a, &row, &n, err);

	for (int i = 0; i < n && !f; i++)
		f = watch_numbers(s, &row[i], a, now_ms, err);
	arena_free(a);
	return f;
}
