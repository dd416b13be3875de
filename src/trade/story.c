/*
 * story.c: everything known of one order, offer or item, in order of time, each line with who, why and the reply it came from.
 */
#include "trade/story_tell.h"

#include "base/text.h"

#include <inttypes.h>

/* ---- an order ---- */

/* The order itself: when it was placed, and whose it is. */
static enum fault tell_order(struct teller *t, int64_t id, int64_t *account, const char **ref)
{
	/* the first row of its history is the telling that brought it */
	static const char sql[] =
		"SELECT o.account_id, o.ref, o.currency, o.units, o.total_minor, c.name, o.placed_ms, coalesce(h.known_ms, o.known_ms), "
		"coalesce(h.actor, 'channel:' || c.name), coalesce(h.trace, o.trace), coalesce(h.attempt_id, o.attempt_id, 0) FROM orders o "
		"JOIN account c ON c.id = o.account_id LEFT JOIN change h ON h.id = (SELECT min(k.id) FROM change k WHERE k.fact_id = o.id AND k.fact = 'orders') "
		"WHERE o.id = ?";
	struct rows *r = ASK(t->s, sql, V(id));
	bool there = rows_next(r);

	if (there) {
		struct event e = told(t, r, 6);
		char money[48];

		*account = rows_int(r, 0);
		*ref = rows_keep(r, 1, t->a);
		t->currency = rows_keep(r, 2, t->a);
		text_money(rows_int(r, 4), t->currency, money);
		e.what = "placed";
		e.detail = arena_printf(t->a, "%" PRId64 " unit%s, %s", rows_int(r, 3), rows_int(r, 3) == 1 ? "" : "s", money);
		tell(t, e);
	}
	if (rows_end(r, t->err))
		return FAULT_STORE;
	return there ? OK : err_set(t->err, FAULT_REFUSED, "there is no order %" PRId64, id);
}

static enum fault tell_lines(struct teller *t, int64_t order)
{
	static const char sql[] = "SELECT id, ref, sku FROM order_line WHERE order_id = ? ORDER BY id LIMIT ?";
	struct rows *r = ASK(t->s, sql, V(order), V(STORY_NEWEST));
	enum fault f = OK;

	while (!f && rows_next(r))
		f = tell_changes(t, "order_line", "line", rows_int(r, 0), arena_printf(t->a, "line %s %s: ", rows_text(r, 1), rows_text(r, 2)));
	return rows_end(r, f ? NULL : t->err) || f ? FAULT_STORE : OK;
}

static enum fault tell_packages(struct teller *t, int64_t order)
{
	static const char sql[] = "SELECT p.id, p.package, p.carrier, p.tracking, p.confirm, p.source, p.shipped_ms, p.shipped_ms, "
				  "coalesce(i.actor, p.source), coalesce(i.trace, ''), 0 FROM shipment p LEFT JOIN intent i ON i.id = p.intent_id "
				  "WHERE p.order_id = ? ORDER BY p.id LIMIT ?";
	struct rows *r = ASK(t->s, sql, V(order), V(STORY_NEWEST));
	enum fault f = OK;

	while (!f && rows_next(r)) {
		struct event e = told(t, r, 6);
		const char *prefix = arena_printf(t->a, "package %s: ", rows_text(r, 1));

		e.what = arena_printf(t->a, "%sshipped", prefix);
		e.detail = arena_printf(t->a, "%s %s, told by the %s, confirmation %s", rows_text(r, 2), rows_text(r, 3), rows_text(r, 5), rows_text(r, 4));
		tell(t, e);
		f = tell_changes(t, "shipment", "shipment", rows_int(r, 0), prefix);
	}
	return rows_end(r, f ? NULL : t->err) || f ? FAULT_STORE : OK;
}

enum fault order_story(struct store *s, int64_t order, struct arena *a, struct event **out, int *n, struct err *err)
{
	struct teller t = { .s = s, .a = a, .currency = "", .err = err };
	const char *ref = "";
	int64_t account = 0;
	enum fault f = tell_order(&t, order, &account, &ref);

	if (!f)
		f = tell_jobs(&t, true, order);
	if (!f)
		f = tell_packages(&t, order);
	if (!f)
		f = tell_changes(&t, "orders", "order", order, "");
	if (!f)
		f = tell_lines(&t, order);
	if (!f)
		f = tell_notes(&t, "order", order);
	if (!f)
		f = tell_parked(&t, account, ref);
	return tell_finish(&t, f, out, n);
}

/* ---- an offer, an item ---- */

static enum fault tell_observations(struct teller *t, int64_t offer, const char *prefix)
{
	static const char sql[] = "SELECT o.seen, o.pushed, o.verdict, o.valid_ms, o.known_ms, 'channel:' || c.name, '', coalesce(o.attempt_id, 0) "
				  "FROM observation o JOIN offer f ON f.id = o.offer_id JOIN account c ON c.id = f.account_id "
				  "WHERE o.offer_id = ? ORDER BY o.id DESC LIMIT ?";
	struct rows *r = ASK(t->s, sql, V(offer), V(STORY_NEWEST));

	while (rows_next(r)) {
		struct event e = told(t, r, 3);

		e.what = arena_printf(t->a, "%sthey show %" PRId64, prefix, rows_int(r, 0));
		if (!rows_null(r, 1))
			e.detail = arena_printf(t->a, "last confirmed %" PRId64 "%s%s", rows_int(r, 1), *rows_text(r, 2) ? ", " : "", rows_text(r, 2));
		tell(t, e);
	}
	return rows_end(r, t->err);
}

static enum fault tell_moves(struct teller *t, int64_t item)
{
	static const char sql[] = "SELECT m.cause, m.qty, coalesce(p.name, ''), m.ref, m.valid_ms, m.known_ms, m.actor, m.trace, 0 FROM move m "
				  "LEFT JOIN place p ON p.id = m.place_id WHERE m.item_id = ? ORDER BY m.id DESC LIMIT ?";
	struct rows *r = ASK(t->s, sql, V(item), V(STORY_NEWEST));

	while (rows_next(r)) {
		struct event e = told(t, r, 4);

		e.what = arena_printf(t->a, "%s %+" PRId64, rows_text(r, 0), rows_int(r, 1));
		e.detail = arena_printf(t->a, "%s%s%s", rows_text(r, 2), *rows_text(r, 2) && *rows_text(r, 3) ? " " : "", rows_text(r, 3));
		tell(t, e);
	}
	return rows_end(r, t->err);
}

static enum fault tell_offer(struct teller *t, int64_t offer, const char *prefix)
{
	enum fault f = tell_jobs(t, false, offer);

	if (!f)
		f = tell_observations(t, offer, prefix);
	if (!f)
		f = tell_changes(t, "offer", "offer", offer, prefix);
	if (!f)
		f = tell_notes(t, "offer", offer);
	return f;
}

/* Units that orders took or gave back: what is owed changes without a move. */
static enum fault tell_sales(struct teller *t, int64_t item)
{
	static const char sql[] = "SELECT l.qty, l.q_cancelled, c.name, o.ref, o.placed_ms, o.known_ms, 'channel:' || c.name, o.trace, coalesce(o.attempt_id, 0) "
				  "FROM order_line l JOIN orders o ON o.id = l.order_id JOIN account c ON c.id = o.account_id "
				  "WHERE l.item_id = ? AND l.reserves > 0 ORDER BY l.id DESC LIMIT ?";
	struct rows *r = ASK(t->s, sql, V(item), V(STORY_NEWEST));

	while (rows_next(r)) {
		struct event e = told(t, r, 4);

		e.what = arena_printf(t->a, "sold %" PRId64, rows_int(r, 0) - rows_int(r, 1));
		e.detail = arena_printf(t->a, "%s %s, still owed", rows_text(r, 2), rows_text(r, 3));
		tell(t, e);
	}
	return rows_end(r, t->err);
}

static enum fault tell_item(struct teller *t, int64_t item)
{
	enum fault f = tell_changes(t, "item", "item", item, "");

	if (!f)
		f = tell_moves(t, item);
	if (!f)
		f = tell_sales(t, item);
	return f ? f : tell_notes(t, "item", item);
}

enum fault offer_story(struct store *s, int64_t offer, struct arena *a, struct event **out, int *n, struct err *err)
{
	static const char sql[] = "SELECT coalesce(item_id, 0) FROM offer WHERE id = ?";
	struct teller t = { .s = s, .a = a, .currency = "", .err = err };
	int64_t item;
	enum fault f = GET_INT(s, err, -1, &item, sql, V(offer));

	if (!f && item < 0)
		f = err_set(err, FAULT_REFUSED, "there is no offer %" PRId64, offer);
	if (!f)
		f = tell_offer(&t, offer, "");
	if (!f && item > 0)
		f = tell_item(&t, item);
	return tell_finish(&t, f, out, n);
}

enum fault item_story(struct store *s, int64_t item, struct arena *a, struct event **out, int *n, struct err *err)
{
	static const char sql[] = "SELECT f.id, c.name, f.marketplace FROM offer f JOIN account c ON c.id = f.account_id WHERE f.item_id = ? ORDER BY c.name, f.id";
	struct teller t = { .s = s, .a = a, .currency = "", .err = err };
	enum fault f = tell_item(&t, item), g;
	struct rows *r = ASK(s, sql, V(item));

	while (!f && rows_next(r))
		f = tell_offer(&t, rows_int(r, 0), arena_printf(a, "%s%s%s: ", rows_text(r, 1), *rows_text(r, 2) ? " " : "", rows_text(r, 2)));
	g = rows_end(r, f ? NULL : err);
	return tell_finish(&t, f ? f : g, out, n);
}
