/* audit_view.c: the chain as people read it, newest first. The interface is in audit.h. */
#include "trade/audit.h"

#include "store/store.h"

#include <inttypes.h>
#include <string.h>

static bool fits(const struct audit_row *row, const char *find)
{
	return !find || !*find || strcasestr(row->actor, find) || strcasestr(row->action, find) || strcasestr(row->subject, find) || strcasestr(row->detail, find);
}

static struct rows *ask_rows(struct store *s, const struct audit_ask *ask)
{
	static const char down[] = "SELECT n, at_ms, actor, action, subject, detail, lower(hex(hash)) FROM audit WHERE n < ? ORDER BY n DESC LIMIT ?";
	static const char up[] = "SELECT n, at_ms, actor, action, subject, detail, lower(hex(hash)) FROM audit WHERE n > ? ORDER BY n LIMIT ?";

	return ask->up ? ASK(s, up, V(ask->before), V(AUDIT_LOOK + 1)) : ASK(s, down, V(ask->before ? ask->before : INT64_MAX), V(AUDIT_LOOK + 1));
}

enum fault audit_page(struct store *s, const struct audit_ask *ask, struct arena *a, struct audit_row **out, int *got, bool *more, struct err *err)
{
	struct rows *r = ask_rows(s, ask);
	int looked = 0;

	*out = arena_alloc(a, (size_t)(ask->n + 1) * sizeof **out);
	for (*got = 0; rows_next(r) && rows_int(r, 1) >= ask->since_ms && looked < AUDIT_LOOK && *got < ask->n; looked++) {
		struct audit_row row = { rows_int(r, 0), rows_int(r, 1), rows_text(r, 2), rows_text(r, 3), rows_text(r, 4), rows_text(r, 5), NULL };

		if (fits(&row, ask->find) && !(ask->people && !strcmp(row.action, "said")))
			(*out)[(*got)++] = (struct audit_row){ row.n, row.at_ms, rows_keep(r, 2, a), rows_keep(r, 3, a), rows_keep(r, 4, a), rows_keep(r, 5, a), rows_keep(r, 6, a) };
	}
	*more = looked == AUDIT_LOOK || *got == ask->n;
	return rows_end(r, err);
}

enum fault audit_get(struct store *s, int64_t n, struct arena *a, struct audit_row *out, struct err *err)
{
	struct audit_ask ask = { .before = n - 1, .up = true, .n = 1 };
	struct audit_row *row;
	bool more;
	int got;
	enum fault f = audit_page(s, &ask, a, &row, &got, &more, err);

	if (!f && (!got || row[0].n != n))
		f = err_set(err, FAULT_REFUSED, "the audit has no row %" PRId64, n);
	if (!f)
		*out = row[0];
	return f;
}
