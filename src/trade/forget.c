#include "trade/forget.h"

#include "store/store.h"
#include "trade/jobs.h"

#include <assert.h>
#include <ctype.h>
#include <string.h>

/* ---- is it in there? ---- */

struct numbers {
	const char *ref, *other; /* the marketplace's number, and the buyer's; "": there is none */
};

static bool in_number(char c)
{
	return isalnum((unsigned char)c);
}

/* Its number, and not a part of a longer one: "5330672958109", gid://shopify/Order/5330672958109. */
static bool has_ref(const char *bytes, size_t n, const char *ref)
{
	size_t len = strlen(ref);

	for (const char *p = bytes, *end = bytes + n; len && (p = memmem(p, (size_t)(end - p), ref, len)); p++)
		if ((p == bytes || !in_number(p[-1])) && (p + len == end || !in_number(p[len])))
			return true;
	return false;
}

/* The buyer's may be as short as #1001: it is meant where a text is that and nothing else. */
static bool has_other(struct arena *a, const char *bytes, size_t n, const char *other)
{
	const char *quoted = arena_printf(a, "\"%s\"", other);

	return *other && memmem(bytes, n, quoted, strlen(quoted));
}

static bool tells(struct arena *a, const char *bytes, size_t n, const struct numbers *o)
{
	return has_ref(bytes, n, o->ref) || has_other(a, bytes, n, o->other);
}

/* ---- at once ---- */

/* The words of the index attempt_of_orders; the engine goes by the same verbs (settle.c). */
#define OF_ORDERS "t.reply_id IS NOT NULL AND t.verb IN ('orders', 'order', 'parcels', 'dispatches', 'ack', 'ship', 'cancel')"

static enum fault kept_replies(struct store *s, struct arena *a, int64_t **out, int *n, struct err *err)
{
	static const char sql[] = "SELECT b.id FROM attempt t JOIN body b ON b.id = t.reply_id WHERE " OF_ORDERS " AND b.sealed IS NOT NULL "
				  "UNION SELECT b.id FROM inbox i JOIN body b ON b.id = i.fragment WHERE b.sealed IS NOT NULL";
	struct rows *r = store_ask(s, sql, NULL, 0);
	int cap = 0;

	*out = NULL;
	*n = 0;
	while (rows_next(r)) {
		*out = arena_grow(a, *out, *n, &cap, sizeof **out);
		(*out)[(*n)++] = rows_int(r, 0);
	}
	return rows_end(r, err);
}

static enum fault numbers_of(struct store *s, int64_t order, struct arena *a, struct numbers *out, struct err *err)
{
	static const char sql[] = "SELECT ref, other_ref FROM orders WHERE id = ?";
	struct rows *r = ASK(s, sql, V(order));

	*out = (struct numbers){ "", "" };
	if (rows_next(r))
		*out = (struct numbers){ rows_keep(r, 0, a), rows_keep(r, 1, a) };
	return rows_end(r, err);
}

static enum fault forget_if(struct store *s, int64_t body, const struct numbers *o, const struct sealer *seal, struct arena *a, int *n, struct err *err)
{
	static const char sql[] = "UPDATE body SET sealed = NULL WHERE id = ?";
	const char *bytes;
	size_t size;
	enum fault f = body_get(s, body, seal, a, &bytes, &size, err);

	if (f || !tells(a, bytes, size, o))
		return f == FAULT_STORE ? f : OK; /* what cannot be opened any more tells nobody anything */
	f = RUN(s, err, sql, V(body));
	*n += !f;
	return f;
}

enum fault replies_forget(struct store *s, int64_t order, const struct sealer *seal, int *n, struct err *err)
{
	struct arena *a = arena_new(), *one = arena_new();
	struct numbers o;
	int64_t *body;
	int bodies;
	enum fault f = numbers_of(s, order, a, &o, err);

	assert(store_in_transaction(s));
	*n = 0;
	if (!f)
		f = kept_replies(s, a, &body, &bodies, err);
	for (int i = 0; !f && i < bodies; i++) {
		f = forget_if(s, body[i], &o, seal, one, n, err);
		arena_reset(one);
	}
	arena_free(one);
	arena_free(a);
	return f;
}

/* ---- from then on ---- */

static enum fault tells_anybody(struct store *s, const char *bytes, size_t n, int64_t now_ms, bool *yes, struct err *err)
{
	static const char sql[] = "SELECT o.ref, o.other_ref FROM person p JOIN orders o ON o.id = p.order_id WHERE p.key_id = 0 AND o.updated_ms > ?";
	static const int64_t half_year_ms = INT64_C(183) * 86400000;
	struct arena *a = arena_new();
	struct rows *r = ASK(s, sql, V(now_ms - half_year_ms));

	for (*yes = false; !*yes && rows_next(r); arena_reset(a))
		*yes = tells(a, bytes, n, &(struct numbers){ rows_text(r, 0), rows_text(r, 1) });
	arena_free(a);
	return rows_end(r, err);
}

enum fault reply_forget(struct store *s, int64_t attempt, const char *bytes, size_t n, int64_t now_ms, struct err *err)
{
	static const char sql[] = "UPDATE body SET sealed = NULL WHERE id IN (SELECT reply_id FROM attempt WHERE id = ?1 UNION SELECT fragment FROM inbox WHERE attempt_id = ?1)";
	bool yes;

	assert(store_in_transaction(s));
	if (!n)
		return OK;
	if (tells_anybody(s, bytes, n, now_ms, &yes, err))
		return FAULT_STORE;
	return yes ? RUN(s, err, sql, V(attempt)) : OK;
}
