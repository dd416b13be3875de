#include "trade/unlike.h"

#include "store/store.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum fault unlike_due(struct store *s, int n, struct arena *a, struct unlike_due **out, int *got, struct err *err)
{
	/* what a feed says of its items is their verdict on them, and no shape that we do not know */
	static const char sql[] = "SELECT id, account_id, attempt_id, fragment, path FROM inbox WHERE state IN ('parked', 'retried') AND unlike IS NULL "
				  "AND attempt_id IS NOT NULL AND fragment IS NOT NULL AND class <> 'FEED' AND NOT (class = 'ITEM' AND verb IN ('feed', 'bulk', 'bulk-result')) "
				  "ORDER BY last_ms DESC, id DESC LIMIT ?";
	struct rows *r = ASK(s, sql, V(n));

	*out = arena_alloc(a, (size_t)n * sizeof **out);
	for (*got = 0; *got < n && rows_next(r);)
		(*out)[(*got)++] = (struct unlike_due){ rows_int(r, 0), rows_int(r, 1), rows_int(r, 2), rows_int(r, 3), rows_keep(r, 4, a) };
	return rows_end(r, err);
}

enum fault unlike_good(struct store *s, int64_t attempt, bool telling, int64_t most, int64_t *out, int n, int *got, struct err *err)
{
	enum { BACK = 50000 }; /* so many calls are looked through and no more */
	static const char sql[] = "SELECT t.id FROM attempt b JOIN attempt t ON t.account_id = b.account_id AND t.id < b.id AND t.id > b.id - ?2 "
				  "JOIN body y ON y.id = t.reply_id WHERE b.id = ?1 AND t.op = b.op AND t.closed_ms > 0 AND t.fault = '' "
				  "AND t.status BETWEEN 200 AND 299 AND (?3 = 0 OR t.idle = 0) AND y.sealed IS NOT NULL AND y.size <= ?4 ORDER BY t.id DESC LIMIT ?5";
	struct rows *r = ASK(s, sql, V(attempt), V((int)BACK), V(telling), V(most), V(n));

	for (*got = 0; *got < n && rows_next(r);)
		out[(*got)++] = rows_int(r, 0);
	return rows_end(r, err);
}

const char *unlike_word(enum difference kind)
{
	static const char *const words[] = { [KEY_MISSING] = "missing", [KEY_NEW] = "new", [TYPE_OTHER] = "other" };

	return words[kind];
}

const char *unlike_types(const struct json_difference *d, struct arena *a)
{
	switch (d->kind) {
	case KEY_MISSING:
		return arena_printf(a, "was %s", d->was);
	case KEY_NEW:
		return d->is;
	case TYPE_OTHER:
		break;
	}
	return arena_printf(a, "%s, was %s", d->is, d->was);
}

/* ---- kept as lines of five parts ---- */

enum fault unlike_put(struct store *s, int64_t id, const struct json_difference *d, int n, const char *to, int64_t attempt, struct err *err)
{
	static const char sql[] = "UPDATE inbox SET unlike = ?2, unlike_to = ?3, unlike_attempt = coalesce((SELECT id FROM attempt WHERE id = ?4 AND idle = 0), 0) WHERE id = ?1";
	struct arena *a = arena_new();
	struct buf b = buf_new(a);
	enum fault f;

	assert(store_in_transaction(s));
	buf_puts(&b, "");
	for (int i = 0; i < n; i++)
		buf_printf(&b, "%d\t%s\t%s\t%s\n", (int)d[i].kind, d[i].path, d[i].is, d[i].was);
	f = RUN(s, err, sql, V(id), V((const char *)b.p), V(to), V(attempt));
	arena_free(a);
	return f;
}

/* The next part of a line, cut off at its end. */
static const char *part(char **at, const char *end)
{
	char *from = *at, *stop = from + strcspn(from, end);

	*at = *stop ? stop + 1 : stop;
	*stop = '\0';
	return from;
}

static void read_lines(char *text, struct unlike *out, struct arena *a)
{
	int cap = 0;

	while (*text) {
		long kind = strtol(part(&text, "\t\n"), NULL, 10);
		struct json_difference d = { .kind = kind == KEY_NEW ? KEY_NEW : kind == TYPE_OTHER ? TYPE_OTHER : KEY_MISSING };

		d.path = part(&text, "\t\n");
		d.is = part(&text, "\t\n");
		d.was = part(&text, "\n");
		out->difference = arena_grow(a, out->difference, out->n, &cap, sizeof d);
		out->difference[out->n++] = d;
	}
}

enum fault unlike_get(struct store *s, int64_t id, struct arena *a, struct unlike *out, struct err *err)
{
	static const char sql[] = "SELECT unlike, unlike_to, unlike_attempt FROM inbox WHERE id = ? AND unlike IS NOT NULL";
	struct rows *r = ASK(s, sql, V(id));

	*out = (struct unlike){ .to = "" };
	if (rows_next(r)) {
		out->to = rows_keep(r, 1, a);
		out->attempt = rows_int(r, 2);
		read_lines(rows_keep(r, 0, a), out, a);
	}
	return rows_end(r, err);
}

const char *unlike_said(const struct unlike *u, int most, struct arena *a)
{
	struct buf b = buf_new(a);

	buf_puts(&b, "");
	for (int i = 0; i < u->n && i < most; i++) {
		const struct json_difference *d = &u->difference[i];
		const char *path = *d->path ? d->path : "the whole";

		buf_puts(&b, i ? "; " : "");
		if (d->kind == TYPE_OTHER)
			buf_printf(&b, "%s: %s", path, unlike_types(d, a));
		else
			buf_printf(&b, "%s %s (%s)", unlike_word(d->kind), path, unlike_types(d, a));
	}
	if (u->n > most)
		buf_printf(&b, "; and %d more", u->n - most);
	if (!u->n && *u->to)
		buf_puts(&b, "nothing: keys and types are the same, a value is not");
	return b.p;
}
