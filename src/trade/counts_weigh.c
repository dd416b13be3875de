/*
 * counts_weigh.c: a count against what is known of its shelf: is it news, and how much of it is believed?
 */
#include "trade/counts_inside.h"

#include "trade/counts_held.h"

static enum fault find_shelf(struct taking *x, struct taken *t, struct err *err)
{
	static const char sql[] = "SELECT i.id, p.id, st.counted, coalesce(st.valid_ms, 0), coalesce(st.told, 0), coalesce(st.account_id, 0) FROM item i "
				  "JOIN place p ON p.name = ? LEFT JOIN stock st ON st.item_id = i.id AND st.place_id = p.id WHERE i.sku = ?";
	static const char own[] = "SELECT free, valid_ms FROM reading WHERE item_id = ? AND place_id = ? AND account_id = ?";
	struct rows *r = ASK(x->s, sql, V(t->place), V(t->count->sku));

	if (rows_next(r)) {
		t->at.item = rows_int(r, 0);
		t->at.place = rows_int(r, 1);
		t->at.known = !rows_null(r, 2);
		t->at.counted = rows_int(r, 2);
		t->at.valid_ms = rows_int(r, 3);
		t->at.told = rows_int(r, 4);
		t->at.account = rows_int(r, 5);
	}
	if (rows_end(r, err))
		return FAULT_STORE;
	r = ASK(x->s, own, V(t->at.item), V(t->at.place), V(x->of->account));
	if (rows_next(r)) {
		t->said = true;
		t->was = rows_int(r, 0);
		t->was_ms = rows_int(r, 1);
	}
	return rows_end(r, err);
}

/*
 * Does it say anything that we do not know? An older count does not; nor does the same number again when nobody says when it was
 * counted: a file that is read once more would put back what has left since.
 */
static bool is_news(const struct taken *t)
{
	if (!t->at.known)
		return true;
	if (!t->timed) /* or the other who was believed tells nothing any more */
		return t->qty != (t->said ? t->was : t->at.told) || (t->said && t->at.account && t->use.account != t->at.account);
	if (t->said && t->valid_ms < t->was_ms)
		return false;
	return t->valid_ms > t->at.valid_ms || (t->valid_ms == t->at.valid_ms && t->counted != t->at.counted) || t->use.account != t->at.account;
}

/* What a warehouse had set aside when its dispatches were read, and may have given up since. */
struct aside {
	int64_t units; /* for open lines of ours and for orders that we have not heard of yet, and not sent */
	int64_t anew;  /* since the number that was believed before, for whomever, sent or not: the new one is lower by them */
};

#define GOODS "(SELECT ?1 AS id, 1 AS qty UNION ALL SELECT item_id, qty FROM kit WHERE part_id = ?1) g "
#define ASIDE "w.account_id = ?3 AND w.place_id = ?2 AND w.taken = 1 AND w.cancelled_ms = 0 AND w.made_ms <= ?5 "
#define ANY_LINES "EXISTS (SELECT 1 FROM warehouse_line n WHERE n.warehouse_order_id = w.id) "
#define TOLD "coalesce((SELECT n.qty FROM warehouse_line n WHERE n.warehouse_order_id = w.id AND n.sku = ?6), 0) "
#define OURS                                                                                                                          \
	"(SELECT coalesce(sum(CASE WHEN " ANY_LINES "THEN min(l.reserves * g.qty, " TOLD ") ELSE l.reserves * g.qty END), 0) FROM " GOODS     \
	"JOIN order_line l ON l.item_id = g.id JOIN warehouse_order w ON w.order_id = l.order_id WHERE l.reserves > 0 AND " ASIDE "AND w.gone_ms = 0) "
#define NOBODYS                                                                                                                       \
	"(SELECT coalesce(sum(CASE WHEN " ANY_LINES "THEN " TOLD "ELSE ?7 END), 0) FROM warehouse_order w WHERE w.order_id IS NULL AND " ASIDE "AND w.gone_ms = 0) "
#define ANEW                                                                                                                          \
	"(SELECT coalesce(sum(CASE WHEN " ANY_LINES "THEN " TOLD "ELSE coalesce((SELECT sum(l.qty * l.pack * g.qty) FROM orders o JOIN order_line l "        \
	"ON l.order_id = o.id JOIN " GOODS "ON g.id = l.item_id WHERE o.id = w.order_id AND o.lines <= 1), 0) END), 0) FROM warehouse_order w WHERE " ASIDE  \
	"AND w.made_ms > ?8) "

/*
 * A kit's goods are its parts. Who tells no lines of an order that we have not heard of may have any number set aside, and of one with several lines it
 * is not known which. Only what it had at the moment of the new number counts as taken with it. None when its dispatches were read after this reading was there,
 * and none of who tells no dispatches.
 */
static enum fault set_aside(struct taking *x, const struct taken *t, struct aside *out, struct err *err)
{
	static const char sql[] = "SELECT " OURS "+ " NOBODYS ", " ANEW "FROM source k WHERE k.account_id = ?3 AND k.upto_ms > 0 AND k.upto_ms < ?4";
	struct rows *r = ASK(x->s, sql, V(t->at.item), V(t->at.place), V(t->use.account), V(x->why->now_ms), V(t->use.valid_ms), V(t->count->sku),
	                     V((int)MOST_QTY), V(t->at.known ? t->at.valid_ms : t->use.valid_ms));

	*out = (struct aside){ 0 };
	if (rows_next(r))
		*out = (struct aside){ rows_int(r, 0), rows_int(r, 1) };
	return rows_end(r, err);
}

/*
 * An order that the warehouse gave up after its dispatches were read is free again in its number, and counts as taken here: its units would be had
 * twice. So the number is held against what it must be with all of them set aside; what it has beyond that, as far as giving them up explains it, is
 * not believed before the dispatches are read anew (counts_confirm). A decrease is believed at once, and so is the rest of a raise.
 */
static enum fault hold_raise(struct taking *x, struct taken *t, struct err *err)
{
	struct aside aside;
	int64_t without, more;

	if (!t->at.place)
		return OK;
	if (set_aside(x, t, &aside, err))
		return FAULT_STORE;
	without = t->at.counted > aside.anew ? t->at.counted - aside.anew : 0;
	more = t->counted - without;
	if (more > 0)
		t->counted -= more < aside.units ? more : aside.units;
	return OK;
}

enum fault counts_weigh(struct taking *x, struct taken *t, struct err *err)
{
	struct chosen mine = { .account = x->of->account, .free = t->qty };
	int64_t left;

	if (find_shelf(x, t, err))
		return FAULT_STORE;
	t->told = !t->timed && t->said && t->qty == t->was;
	mine.valid_ms = t->told ? t->was_ms : t->valid_ms; /* of when it was told first, or what has left since would be put back */
	if (reading_choose(x->s, &x->truth, t->at.item, t->at.place, &mine, x->why->now_ms, &t->use, err) ||
	    count_left_since(x->s, &t->at, &t->use, x->why->now_ms, &left, err))
		return FAULT_STORE;
	t->counted = t->use.free + left > 0 ? t->use.free + left : 0;
	if (hold_raise(x, t, err))
		return FAULT_STORE;
	t->skip = t->unknown || !is_news(t);
	return OK;
}
