#include "trade/departed.h"

#include "store/store.h"
#include "trade/accounts.h"
#include "trade/alerts.h"
#include "trade/shipments.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define LOOKED_BACK_MS (INT64_C(30) * 86400000) /* what left before that is no news, and late by all its deadlines */

enum { NAMED_MOST = 10 };

/* What account ?1's warehouse tells as gone after ?2, and nothing was noted of */
#define LEFT_UNNOTED \
	"FROM warehouse_order w CROSS JOIN orders o ON o.id = w.order_id JOIN account c ON c.id = o.account_id WHERE w.account_id = ?1 AND w.shipment_id IS NULL " \
	"AND w.gone_ms <> 0 AND w.gone_ms > ?2 AND w.cancelled_ms = 0 AND o.open = 1 AND o.flags & 8 = 0 AND " SHIPMENT_WANTED

/* ---- no number ---- */

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

/* ---- a carrier that cannot be named ---- */

/* One of them: what it is called, in small letters where a warehouse named it; how many packages wait for it, the order of one of them, and why. */
struct unmapped {
	const char *name, *ref, *why;
	int64_t n;
};

struct found {
	struct arena *a;
	struct unmapped *of;
	int n, cap;
};

static void add(struct found *x, const char *name, const char *ref, const char *why, int64_t n)
{
	int i = 0;

	while (i < x->n && strcmp(x->of[i].name, name))
		i++;
	if (i == x->n) {
		x->of = arena_grow(x->a, x->of, x->n++, &x->cap, sizeof *x->of);
		x->of[i] = (struct unmapped){ .name = name, .ref = ref, .why = why };
	}
	x->of[i].n += n;
}

/* Told by a warehouse, and no package could be noted of it. One that nobody names may be told by its number. */
static enum fault find_unnoted(struct store *s, const struct account_row *row, int64_t now_ms, struct found *x, struct err *err)
{
	static const char sql[] = "SELECT lower(w.carrier) AS called, c.channel, CASE w.carrier WHEN '' THEN w.tracking ELSE '' END AS number, min(o.ref), count(*) " LEFT_UNNOTED
				  " AND w.tracking <> '' GROUP BY called, c.channel, number ORDER BY min(w.gone_ms)";
	struct rows *r = ASK(s, sql, V(row->id), V(now_ms - LOOKED_BACK_MS));

	while (rows_next(r)) {
		const char *name = rows_keep(r, 0, x->a), *why;
		struct carrier c;
		bool known = *name ? carrier_find(x->a, name, &c) : carrier_of_number(x->a, rows_text(r, 2), &c);

		why = !*name && !known ? "its number does not tell which it is" : carrier_obstacle(x->a, known ? &c : NULL, rows_text(r, 1), false);
		if (why)
			add(x, *name ? name : "a carrier that nobody names", rows_keep(r, 3, x->a), why, rows_int(r, 4));
	}
	return rows_end(r, err);
}

/* Noted as they left, for somebody to confirm: of a carrier that we know, and its channel does not. */
static enum fault find_drafts(struct store *s, const struct carrier *c, int64_t now_ms, struct found *x, struct err *err)
{
	static const char sql[] = "SELECT a.channel, p.url LIKE 'https://%' AS page, min(o.ref), count(*) FROM shipment p CROSS JOIN orders o ON o.id = p.order_id "
				  "JOIN account a ON a.id = o.account_id WHERE p.confirm = 'NOT_SENT' AND p.intent_id IS NULL AND p.carrier = ?1 AND p.shipped_ms > ?2 "
				  "AND o.open = 1 AND o.flags & 8 = 0 GROUP BY a.channel, page";
	struct rows *r = ASK(s, sql, V(c->code), V(now_ms - LOOKED_BACK_MS));

	while (rows_next(r)) {
		const char *why = carrier_obstacle(x->a, c, rows_text(r, 0), rows_int(r, 1) != 0);

		if (why)
			add(x, c->name, rows_keep(r, 2, x->a), why, rows_int(r, 3));
	}
	return rows_end(r, err);
}

/* What is seen no more ends with the kind's time (data/alerts.csv). */
static enum fault tell_unmapped(struct store *s, const struct unmapped *u, struct arena *a, int64_t now_ms, struct err *err)
{
	struct alert alert = {
		.key = arena_printf(a, "carrier_unmapped %.60s", u->name),
		.kind = "carrier_unmapped",
		.severity = "WARN",
		.subject = u->ref,
		.text = arena_printf(a, "%.60s: %" PRId64 " package%s cannot be confirmed, such as that of %s: %s", u->name, u->n, u->n == 1 ? "" : "s", u->ref, u->why),
		.next = "tallyman ship ORDER --carrier CODE --tracking NUMBER --url URL; a warehouse's own word for a carrier is mended there",
	};

	return alert_raise(s, &alert, now_ms, err);
}

static int by_number(const void *one, const void *other)
{
	const struct unmapped *a = one, *b = other;

	return a->n != b->n ? (a->n < b->n) - (a->n > b->n) : strcmp(a->name, b->name);
}

/* Those that hold up the most by name. A warehouse that writes something else on each package is one thing to mend, and no hundred alerts. */
static enum fault tell_all(struct store *s, struct found *x, int64_t now_ms, struct err *err)
{
	struct unmapped rest = { .name = "others", .n = 0 };
	enum fault f = OK;

	if (x->n)
		qsort(x->of, (size_t)x->n, sizeof *x->of, by_number);
	for (int i = 0; i < x->n && i < NAMED_MOST && !f; i++)
		f = tell_unmapped(s, &x->of[i], x->a, now_ms, err);
	for (int i = NAMED_MOST; i < x->n; i++) {
		rest.n += x->of[i].n;
		rest.ref = x->of[i].ref;
		rest.why = arena_printf(x->a, "%d more names that no channel takes", x->n - NAMED_MOST);
	}
	return f || !rest.n ? f : tell_unmapped(s, &rest, x->a, now_ms, err);
}

static bool may_be_refused(const struct carrier *c)
{
	return *c->never || (!*c->walmart && !*c->url);
}

static enum fault watch_carriers(struct store *s, const struct account_row *row, int n, struct arena *a, int64_t now_ms, struct err *err)
{
	struct found x = { .a = a };
	struct carrier c;
	enum fault f = OK;

	for (int i = 0; i < n && !f; i++)
		f = find_unnoted(s, &row[i], now_ms, &x, err);
	for (int i = 0; !f && carrier_at(a, i, &c); i++)
		if (may_be_refused(&c))
			f = find_drafts(s, &c, now_ms, &x, err);
	return f ? f : tell_all(s, &x, now_ms, err);
}

enum fault departed_watch(struct store *s, int64_t now_ms, struct err *err)
{
	struct arena *a = arena_new();
	struct account_row *row;
	int n = 0;
	enum fault f = accounts_all(s, a, &row, &n, err);

	for (int i = 0; i < n && !f; i++)
		f = watch_numbers(s, &row[i], a, now_ms, err);
	if (!f)
		f = watch_carriers(s, row, n, a, now_ms, err);
	arena_free(a);
	return f;
}
