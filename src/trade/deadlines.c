#include "trade/deadlines.h"

#include "store/store.h"
#include "trade/accounts.h"
#include "trade/alerts.h"

#include <inttypes.h>

/* Open orders of an account due in (after, upto]; what its channel ships is not ours to be late with. *ref: the one that is due first. */
static enum fault count_due(struct store *s, int64_t account, int64_t after_ms, int64_t upto_ms, struct arena *a, int64_t *n, const char **ref, struct err *err)
{
	static const char sql[] = "SELECT count(*), coalesce((SELECT ref FROM orders WHERE open = 1 AND account_id = ?1 AND due_ms > ?2 AND due_ms <= ?3 AND flags & 8 = 0 "
				  "ORDER BY due_ms, id LIMIT 1), '') FROM orders WHERE open = 1 AND account_id = ?1 AND due_ms > ?2 AND due_ms <= ?3 AND flags & 8 = 0";
	struct rows *r = ASK(s, sql, V(account), V(after_ms), V(upto_ms));

	*n = 0;
	*ref = "";
	if (rows_next(r)) {
		*n = rows_int(r, 0);
		*ref = rows_keep(r, 1, a);
	}
	return rows_end(r, err);
}

static enum fault ring(struct store *s, const struct account_row *row, const char *kind, const char *says, int64_t n, const char *ref, struct arena *a, int64_t now_ms,
                       struct err *err)
{
	struct alert alert = {
		.key = arena_printf(a, "%s %s", kind, row->name),
		.kind = kind,
		.severity = "WARN",
		.account = row->id,
		.subject = ref,
		.text = arena_printf(a, "%s: %" PRId64 " order%s %s, first %s", row->name, n, n == 1 ? "" : "s", says, ref),
		.next = "2 Orders: acknowledge or ship; 5 Failed if that was said and did not take",
	};

	return n ? alert_raise(s, &alert, now_ms, err) : alert_close(s, alert.key, now_ms, err);
}

enum fault deadlines_watch(struct store *s, int64_t now_ms, struct err *err)
{
	struct arena *a = arena_new();
	struct account_row *row;
	int n = 0;
	enum fault f = accounts_all(s, a, &row, &n, err);

	for (int i = 0; i < n && !f; i++) {
		const char *ref;
		int64_t count;

		f = count_due(s, row[i].id, INT64_MIN, now_ms, a, &count, &ref, err);
		if (!f)
			f = ring(s, &row[i], "late", "past their deadline", count, ref, a, now_ms, err);
		if (!f)
			f = count_due(s, row[i].id, now_ms, now_ms + DUE_RINGS_MS, a, &count, &ref, err);
		if (!f)
			f = ring(s, &row[i], "ship_due", "due within the hour", count, ref, a, now_ms, err);
	}
	arena_free(a);
	return f;
}
