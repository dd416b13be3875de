#include "trade/effects.h"

#include "base/arena.h"
#include "store/store.h"
#include "trade/accounts.h"
#include "trade/audit.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define UPTO "effects upto" /* of meta: the last attempt that stands in the chain */

/* Number, hash and last of those after `after` up to `to`, at most so many. */
struct effects {
	int64_t n, last;
	char hash[65];
};

static void put_row(struct buf *b, const struct rows *r)
{
	for (int i = 0; i < 14; i++) {
		const char *text = rows_text(r, i);

		buf_printf(b, "%zu:%s", strlen(text), text); /* with its length before it, no character can move to the next field */
	}
	buf_putc(b, '\n');
}

static enum fault take(struct store *s, int64_t after, int64_t to, int most, struct arena *a, struct effects *out, struct err *err)
{
	static const char sql[] = "SELECT t.id, t.account_id, t.verb, t.op, t.method, t.url, t.credential, t.correlation, t.opened_ms, t.closed_ms, t.status, t.fault, t.their_id, "
				  "coalesce(hex(b.hash), '') FROM attempt t LEFT JOIN body b ON b.id = t.request_id WHERE t.writes = 1 AND t.id > ? AND t.id <= ? ORDER BY t.id LIMIT ?";
	struct rows *r = ASK(s, sql, V(after), V(to), V(most));
	struct buf b = buf_new(a);

	*out = (struct effects){ .last = after };
	for (; rows_next(r); out->n++) {
		put_row(&b, r);
		out->last = rows_int(r, 0);
	}
	if (out->n)
		sha256_hex(b.p, b.len, out->hash);
	return rows_end(r, err);
}

enum fault effects_seal(struct store *s, const struct cause *why, struct err *err)
{
	static const char under_way[] = "SELECT min(id) FROM attempt WHERE closed_ms = 0";
	struct arena *a = arena_new();
	const char *upto = NULL;
	int64_t first = 0, after;
	struct effects e = { 0 };
	enum fault f = meta_get(s, UPTO, a, &upto, err);

	assert(store_in_transaction(s));
	after = upto ? strtoll(upto, NULL, 10) : 0;
	if (!f)
		f = store_get_int(s, err, 0, &first, under_way, NULL, 0);
	if (!f)
		f = take(s, after, first ? first - 1 : INT64_MAX, EFFECTS_MOST, a, &e, err);
	if (!f && e.n)
		f = audit_add(s, why, "said", arena_printf(a, "attempts %" PRId64 "..%" PRId64, after + 1, e.last), arena_printf(a, "%" PRId64 " %s", e.n, e.hash), err);
	if (!f && e.n)
		f = meta_put(s, UPTO, arena_printf(a, "%" PRId64, e.last), err);
	arena_free(a);
	return f;
}

/* One row of the audit: "attempts A..B" and "N HASH". */
static enum fault check(struct store *s, int64_t row, const char *subject, const char *detail, int64_t *n, struct err *err)
{
	struct arena *a = arena_new();
	struct effects e = { 0 };
	int64_t from = 0, to = 0, count = 0;
	char hash[65] = "";
	enum fault f = OK;

	if (sscanf(subject, "attempts %" SCNd64 "..%" SCNd64, &from, &to) != 2 || sscanf(detail, "%" SCNd64 " %64[0-9a-f]", &count, hash) != 2)
		f = err_set(err, FAULT_REFUSED, "audit row %" PRId64 " does not say which attempts it holds", row);
	if (!f)
		f = take(s, from - 1, to, EFFECTS_MOST + 1, a, &e, err);
	if (!f && (e.n != count || strcmp(e.hash, hash)))
		f = err_set(err, FAULT_REFUSED, "attempts %" PRId64 " to %" PRId64 " are not what audit row %" PRId64 " holds: one of them was changed, added or removed", from, to, row);
	*n += e.n;
	arena_free(a);
	return f;
}

enum fault effects_verify(struct store *s, int64_t *n, struct err *err)
{
	static const char sql[] = "SELECT n, subject, detail FROM audit WHERE action = 'said' ORDER BY n";
	struct rows *r = store_ask(s, sql, NULL, 0);
	enum fault f = OK, ended;

	for (*n = 0; !f && rows_next(r);)
		f = check(s, rows_int(r, 0), rows_text(r, 1), rows_text(r, 2), n, err);
	ended = rows_end(r, f ? NULL : err);
	return f ? f : ended;
}
