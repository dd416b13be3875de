/* orders_read.c: one order, whole; and the frame's numbers of all of them. The interface is in orders.h. */
#include "trade/rows.h"

#include <assert.h>
#include <inttypes.h>

static void read_head(const struct rows *r, struct arena *a, struct order_detail *d)
{
	enum { MORE = ORDER_COLUMNS_N };

	d->row = order_row_read(r, a);
	d->path = rows_keep(r, MORE, a);
	d->trace = rows_keep(r, MORE + 1, a);
	d->node = rows_keep(r, MORE + 2, a);
	d->tax_minor = rows_int(r, MORE + 3);
	d->ship_minor = rows_int(r, MORE + 4);
	d->deliver_by_ms = rows_int(r, MORE + 5);
	d->person = rows_keep(r, MORE + 6, a);
	d->none_ms = rows_int(r, MORE + 7);
	d->struck_ms = rows_int(r, MORE + 8);
}

static enum fault read_lines(struct store *s, int64_t order, struct arena *a, struct order_detail *d, struct err *err)
{
	static const char sql[] =
		"SELECT l.q_pending, l.q_new, l.q_acked, l.q_released, l.q_picking, l.q_packed, l.q_shipped, l.q_delivered, l.q_cancelled, "
		"l.q_unknown, l.id, l.ref, l.sku, l.title, l.money, l.post, l.raw_state, coalesce(l.item_id, 0), l.qty, l.reserves, "
		"l.price_minor, l.tax_minor, i.available, l.handle FROM order_line l LEFT JOIN item i ON i.id = l.item_id WHERE l.order_id = ? ORDER BY l.id";
	struct rows *r = ASK(s, sql, V(order));
	int cap = 0;

	d->line = NULL;
	d->lines = 0;
	while (rows_next(r)) {
		struct order_line_row *l;

		d->line = arena_grow(a, d->line, d->lines, &cap, sizeof *d->line);
		l = &d->line[d->lines++];
		*l = (struct order_line_row){
			.id = rows_int(r, 10),
			.ref = rows_keep(r, 11, a),
			.sku = rows_keep(r, 12, a),
			.title = rows_keep(r, 13, a),
			.money = rows_keep(r, 14, a),
			.post = rows_keep(r, 15, a),
			.raw_state = rows_keep(r, 16, a),
			.item_id = rows_int(r, 17),
			.qty = rows_int(r, 18),
			.reserves = rows_int(r, 19),
			.price_minor = rows_int(r, 20),
			.tax_minor = rows_int(r, 21),
			.available = rows_null(r, 22) ? INT64_MIN : rows_int(r, 22),
			.handle = rows_keep(r, 23, a),
		};
		for (int k = 0; k < ORDER_STATES; k++)
			l->bucket[k] = rows_int(r, k);
	}
	return rows_end(r, err);
}

enum fault order_get(struct store *s, int64_t id, struct arena *a, struct order_detail *out, struct err *err)
{
	static const char sql[] =
		"SELECT " ORDER_COLUMNS ", o.path, o.trace, o.node, o.tax_minor, o.ship_minor, o.deliver_by_ms, coalesce(p.masked, b.masked, ''), o.none_ms, o.struck_ms "
		"FROM orders o JOIN account c ON c.id = o.account_id LEFT JOIN person p ON p.order_id = o.id LEFT JOIN bundle_buyer b ON b.order_id = o.id "
		"WHERE o.id = ?";
	struct rows *r = ASK(s, sql, V(id));
	bool found = rows_next(r);

	if (found)
		read_head(r, a, out);
	if (rows_end(r, err))
		return FAULT_STORE;
	return found ? read_lines(s, id, a, out, err) : err_set(err, FAULT_REFUSED, "there is no order number %" PRId64, id);
}

enum fault order_find(struct store *s, int64_t account, const char *ref, int64_t *id, struct err *err)
{
	static const char by_ref[] = "SELECT id FROM orders WHERE ref = ?1 AND (?2 = 0 OR account_id = ?2) ORDER BY placed_ms DESC, id DESC LIMIT 1";
	static const char by_other[] = "SELECT id FROM orders WHERE other_ref = ?1 AND other_ref <> '' AND (?2 = 0 OR account_id = ?2) "
				       "ORDER BY placed_ms DESC, id DESC LIMIT 1";

	if (GET_INT(s, err, 0, id, by_ref, V(ref), V(account)))
		return FAULT_STORE;
	return *id ? OK : GET_INT(s, err, 0, id, by_other, V(ref), V(account));
}

/* What lies within four hours is due; what lies behind is late. Counted up to a number that no frame shows exactly. */
enum { MOST = 100000, DUE_SOON_MS = 4 * 3600000 };

enum fault orders_recount(struct store *s, int64_t now_ms, struct err *err)
{
	static const char late[] = "SELECT count(*) FROM (SELECT 1 FROM orders WHERE open = 1 AND due_ms < ? LIMIT ?) AS x";
	static const char due[] = "SELECT count(*) FROM (SELECT 1 FROM orders WHERE open = 1 AND due_ms >= ? AND due_ms < ? LIMIT ?) AS x";
	static const char fresh[] = "SELECT count(*) FROM (SELECT 1 FROM orders WHERE state = 'NEW' LIMIT ?) AS x";
	static const char set[] = "UPDATE counter SET value = ?1 WHERE name = ?2 AND value <> ?1";
	int64_t n_late, n_due, n_new;

	assert(store_in_transaction(s));
	if (GET_INT(s, err, 0, &n_late, late, V(now_ms), V((int)MOST)) ||
	    GET_INT(s, err, 0, &n_due, due, V(now_ms), V(now_ms + DUE_SOON_MS), V((int)MOST)) || GET_INT(s, err, 0, &n_new, fresh, V((int)MOST)))
		return FAULT_STORE;
	if (RUN(s, err, set, V(n_late), V("orders.late")) || RUN(s, err, set, V(n_due), V("orders.due")))
		return FAULT_STORE;
	return RUN(s, err, set, V(n_new), V("orders.new"));
}
