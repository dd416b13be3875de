/* audit_view.c: the chain as people read it, newest first. The interface is in audit.h. */
#include "trade/audit.h"

#include "store/store.h"

#include <string.h>

static bool fits(const struct audit_row *row, const char *find)
{
	return !find || !*find || strcasestr(row->actor, find) || strcasestr(row->action, find) || strcasestr(row->subject, find) || strcasestr(row->detail, find);
}

enum fault audit_page(struct store *s, const struct audit_ask *ask, struct arena *a, struct audit_row **out, int *got, bool *more, struct err *err)
{
	static const char sql[] = "SELECT n, at_ms, actor, action, subject, detail FROM audit WHERE n < ? ORDER BY n DESC LIMIT ?";
	struct rows *r = ASK(s, sql, V(ask->before ? ask->before : INT64_MAX), V(AUDIT_LOOK + 1));
	int looked = 0;

	*out = arena_alloc(a, (size_t)(ask->n + 1) * sizeof **out);
	for (*got = 0; rows_next(r) && rows_int(r, 1) >= ask->since_ms; looked++) {
		struct audit_row row = { rows_int(r, 0), rows_int(r, 1), rows_text(r, 2), rows_text(r, 3), rows_text(r, 4), rows_text(r, 5) };

		if (!fits(&row, ask->find))
			continue;
		if (looked == AUDIT_LOOK || *got == ask->n)
			break;
		(*out)[(*got)++] = (struct audit_row){ row.n, row.at_ms, rows_keep(r, 2, a), rows_keep(r, 3, a), rows_keep(r, 4, a), rows_keep(r, 5, a) };
	}
	*more = looked == AUDIT_LOOK || *got == ask->n;
	return rows_end(r, err);
}
