#include "trade/will_send.h"

#include "base/csv.h"
#include "base/text.h"
#include "store/store.h"
#include "trade/accounts.h"
#include "trade/quota.h"

#include <inttypes.h>
#include <string.h>

const char *will_send_by(struct arena *a, const char *bucket)
{
	struct csv table = csv_builtin(a, "data/limits.csv");
	int op = csv_column(&table, "op"), method = csv_column(&table, "method"), path = csv_column(&table, "path"), group = csv_column(&table, "group"),
	    of = csv_column(&table, "bucket");

	for (int i = 0; i < table.rows; i++) {
		const struct csv_row *row = &table.row[i];
		const char *name = *csv_field(row, of) ? csv_field(row, of) : csv_field(row, op); /* its own */

		if (!strcmp(name, bucket) && !strcmp(csv_field(row, group), "stock.write"))
			return arena_printf(a, "%s %s", csv_field(row, method), csv_field(row, path));
	}
	return NULL;
}

/* The limit of a verb; NULL: no engine has told of one yet. */
static const struct budget *limit_of(const struct budget *q, int n, const char *verb)
{
	for (int i = 0; i < n; i++)
		if (quota_cost(&q[i].bucket, verb))
			return &q[i];
	return NULL;
}

/* Its readings may drink from the same limit. */
static bool has_room(const struct budget *q, const struct will_send *w, int64_t now_ms)
{
	const struct bucket_row *b = &q->bucket;
	int64_t tokens = w->calls * quota_cost(b, "stock") + w->readings * quota_cost(b, "stock-read");

	return b->hold_ms <= now_ms && (!b->rate || tokens <= q->tokens) && (!b->daily || b->day_ends_ms <= now_ms || tokens <= b->daily - b->day_used);
}

static void add_way(const struct budget *q, int n, const struct will_send *w, bool down, int64_t now_ms, struct arena *a, struct buf *b)
{
	const struct budget *single = limit_of(q, n, "stock"), *feed = limit_of(q, n, "bulk");
	const char *by = single ? will_send_by(a, single->bucket.name) : NULL, *by_feed = feed ? will_send_by(a, feed->bucket.name) : NULL;
	bool room;

	if (!by)
		buf_printf(b, "%" PRId64 " single call%s", w->calls, w->calls == 1 ? "" : "s");
	else
		buf_printf(b, "%" PRId64 " x %s, a single call an offer", w->calls, by);
	if (down)
		buf_puts(b, ", when it answers again");
	if (down || !single)
		return;
	room = has_room(single, w, now_ms);
	buf_puts(b, room ? ", at once" : ", as its limit lets them through");
	if (by_feed && !room)
		buf_printf(b, "; what a feed (%s) brings sooner goes by that", by_feed);
}

static void add_calls(const struct budget *q, int n, const struct will_send *w, bool down, int64_t now_ms, struct arena *a, struct buf *b)
{
	add_way(q, n, w, down, now_ms, a, b);
	if (w->readings && w->readings == w->calls)
		buf_printf(b, "; %s is read once more before its call", w->calls == 1 ? "it" : "each");
	else if (w->readings)
		buf_printf(b, "; %" PRId64 " of them %s read once more before that", w->readings, w->readings == 1 ? "is" : "are");
}

/* While its breaker is open nothing but a probe goes there; while the store is held nothing is written at all. */
static enum fault cannot_be_told(struct store *s, const struct account_row *row, bool *yes, struct err *err)
{
	static const char sql[] = "SELECT (SELECT count(*) FROM breaker WHERE account_id = ? AND name = 'stock.write' AND state = 'open') + "
				  "(SELECT count(*) FROM alert WHERE kind = 'held' AND closed_ms = 0)";
	int64_t n = 0;
	enum fault f = GET_INT(s, err, 0, &n, sql, V(row->id));

	*yes = account_down(row) || n;
	return f;
}

enum fault will_send_words(struct store *s, const struct will_send *w, int64_t now_ms, struct arena *a, const char **out, struct err *err)
{
	struct buf b = buf_new(a);
	struct account_row row;
	struct budget *q;
	bool down;
	int n = 0;

	if (account_by_name(s, w->account, a, &row, err) || quotas(s, row.id, now_ms, a, &q, &n, err) || cannot_be_told(s, &row, &down, err))
		return err->fault;
	buf_printf(&b, "%s: ", w->account);
	if (!w->calls)
		buf_puts(&b, "nothing, what shows 0 already is held without a call");
	else if (strcmp(row.mode, "live"))
		buf_printf(&b, "nothing, it is in shadow mode; %" PRId64 " wait%s until a person makes it live", w->calls, w->calls == 1 ? "s" : "");
	else
		add_calls(q, n, w, down, now_ms, a, &b);
	*out = b.p;
	return OK;
}
