#include "trade/revisions.h"

#include "store/store.h"

#include <assert.h>

#define HOUR_MS (INT64_C(3600) * 1000)

enum { DAY_HOURS = 24 };

/* The first hour that counts. */
static int64_t since(int64_t now_ms)
{
	return now_ms / HOUR_MS - DAY_HOURS;
}

enum fault revision_add(struct store *s, int64_t account, const char *subject, int64_t now_ms, struct err *err)
{
	static const char sql[] = "INSERT INTO revision (account_id, subject, hour, n) VALUES (?1, ?2, ?3, 1) "
				  "ON CONFLICT (account_id, subject, hour) DO UPDATE SET n = revision.n + 1";

	assert(store_in_transaction(s));
	return RUN(s, err, sql, V(account), V(subject), V(now_ms / HOUR_MS));
}

enum fault revisions_of(struct store *s, int64_t account, const char *subject, int64_t now_ms, int64_t *n, struct err *err)
{
	static const char sql[] = "SELECT coalesce(sum(n), 0) FROM revision WHERE account_id = ?1 AND subject = ?2 AND hour >= ?3";

	return GET_INT(s, err, 0, n, sql, V(account), V(subject), V(since(now_ms))) ? FAULT_STORE : OK;
}

enum fault revisions_most(struct store *s, int64_t account, int64_t now_ms, struct arena *a, const char **subject, int64_t *n, struct err *err)
{
	static const char sql[] = "SELECT subject, sum(n) AS times FROM revision WHERE account_id = ?1 AND hour >= ?2 GROUP BY subject "
				  "ORDER BY times DESC, subject LIMIT 1";
	struct rows *r = ASK(s, sql, V(account), V(since(now_ms)));

	*subject = "";
	*n = 0;
	if (rows_next(r)) {
		*subject = rows_keep(r, 0, a);
		*n = rows_int(r, 1);
	}
	return rows_end(r, err);
}

enum fault revisions_purge(struct store *s, int64_t now_ms, struct err *err)
{
	static const char sql[] = "DELETE FROM revision WHERE hour < ?1";

	return RUN(s, err, sql, V(since(now_ms)));
}
