#include "trade/audit_look.h"

#include "store/store.h"

#include <string.h>

/*
 * History is in order of time and has no index by it: the first row of that moment is found by halving. known_ms does not fall while ids grow.
 */
static enum fault first_at(struct store *s, int64_t at_ms, int64_t *id, struct err *err)
{
	static const char last[] = "SELECT coalesce(max(id), 0) FROM change", at[] = "SELECT known_ms FROM change WHERE id >= ? ORDER BY id LIMIT 1";
	int64_t low = 1, high, known;

	if (GET_INT(s, err, 0, &high, last))
		return FAULT_STORE;
	for (high++; low < high;) {
		int64_t half = low + (high - low) / 2;

		if (GET_INT(s, err, INT64_MAX, &known, at, V(half)))
			return FAULT_STORE;
		if (known < at_ms)
			low = half + 1;
		else
			high = half;
	}
	*id = low;
	return OK;
}

enum fault audit_changes(struct store *s, const struct audit_row *r, int most, struct arena *a, struct audit_change **out, int *n, bool *more, struct err *err)
{
	static const char sql[] = "SELECT CASE h.fact WHEN 'offer' THEN coalesce((SELECT 'offer ' || f.sku || ' on ' || c.name FROM offer f JOIN account c ON c.id = f.account_id WHERE f.id = h.fact_id), '') "
				  "WHEN 'item' THEN coalesce((SELECT 'item ' || i.sku FROM item i WHERE i.id = h.fact_id), '') "
				  "WHEN 'orders' THEN coalesce((SELECT 'order ' || o.ref FROM orders o WHERE o.id = h.fact_id), '') "
				  "WHEN 'order_line' THEN coalesce((SELECT 'order ' || o.ref || ' ' || l.sku FROM order_line l JOIN orders o ON o.id = l.order_id WHERE l.id = h.fact_id), '') ELSE h.fact || ' ' || h.fact_id END, "
				  "h.field, coalesce(h.old, ''), coalesce(h.new, '') FROM change h WHERE h.id >= ?1 AND h.known_ms = ?2 AND h.actor = ?3 AND (h.fact <> 'job' OR h.field = 'state') ORDER BY h.id LIMIT ?4";
	struct rows *rows;
	int64_t from;

	*n = 0;
	*more = false;
	*out = arena_alloc(a, (size_t)(most + 1) * sizeof **out);
	if (first_at(s, r->at_ms, &from, err))
		return err->fault;
	rows = ASK(s, sql, V(from), V(r->at_ms), V(r->actor), V(most + 1));
	while (rows_next(rows) && !(*more = *n == most))
		(*out)[(*n)++] = (struct audit_change){ rows_keep(rows, 0, a), rows_keep(rows, 1, a), rows_keep(rows, 2, a), rows_keep(rows, 3, a) };
	return rows_end(rows, err);
}

enum fault audit_zero(struct store *s, const struct audit_row *r, int64_t *zero, struct err *err)
{
	static const char sql[] = "SELECT id FROM zero_out WHERE made_ms = ? AND actor = ? AND lifted_ms = 0 ORDER BY id LIMIT 1";

	*zero = 0;
	return strcmp(r->action, "zero") ? OK : GET_INT(s, err, 0, zero, sql, V(r->at_ms), V(r->actor));
}

static const struct {
	const char *action, *way;
} ways[] = {
	{ "zero", "that zero-out does not stand any more: its offers were let go of" },
	{ "lift", "hold them again: 6, a z" },
	{ "ack", "an acknowledgement cannot be taken back; the order can still be cancelled" },
	{ "ship", "a confirmed package cannot be taken back" },
	{ "cancel", "a cancelled order does not come back" },
	{ "push", "the next change of stock says a newer quantity; tallyman push SKU says today's" },
	{ "map", "say which item it stands for: :map, or tallyman map set; tallyman map drop takes back what was said" },
	{ "kit", "tallyman map kit set says the kit's parts anew, kit drop takes the kit away" },
	{ "live", "tallyman shadow ACCOUNT: it only watches from then on" },
	{ "shadow", "tallyman live ACCOUNT" },
	{ "policy", "tallyman policy set says another value, clear the configuration's" },
	{ "place", "tallyman places set NAME KEY=VALUE says another" },
	{ "hold", "tallyman hold ACCOUNT end" },
	{ "outage", "tallyman outage ACCOUNT end" },
	{ "event", "tallyman event NAME off" },
	{ "task", "tallyman tasks reopen TASK" },
	{ "redact", "what was forgotten is gone for good" },
	{ "arm", ":disarm" },
	{ "let", "lift the zero-out: 6, u" },
};

const char *audit_way_back(const char *action)
{
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
		if (!strcmp(ways[i].action, action))
			return ways[i].way;
	return "that is on record and stays so: there is nothing to take back";
}
