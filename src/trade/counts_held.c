/* counts_held.c: what of a number is not believed yet, and the end of that. */
#include "trade/counts_held.h"

#include "store/store.h"
#include "trade/dispatches.h"
#include "trade/inventory.h"

#include <assert.h>

enum fault count_left_since(struct store *s, const struct shelf *at, const struct chosen *use, int64_t now_ms, int64_t *left, struct err *err)
{
	static const char sql[] =
		"SELECT coalesce(sum(m.qty), 0) FROM move m WHERE m.item_id = ?1 AND m.place_id = ?2 AND m.cause = 'dispatch' AND m.valid_ms > ?3 "
		"AND NOT EXISTS (SELECT 1 FROM orders o JOIN warehouse_order w ON w.order_id = o.id WHERE o.ref = m.ref AND w.account_id = ?4 "
		"AND w.place_id = ?2 AND w.made_ms <= ?3 AND (w.cancelled_ms = 0 OR w.cancelled_ms > ?3) AND (NOT EXISTS (SELECT 1 FROM warehouse_line n "
		"WHERE n.warehouse_order_id = w.id) OR EXISTS (SELECT 1 FROM warehouse_line n JOIN item i ON i.sku = n.sku WHERE n.warehouse_order_id = w.id "
		"AND i.id = ?1)))";

	*left = 0;
	if (!at->known || use->valid_ms >= now_ms)
		return OK;
	return GET_INT(s, err, 0, left, sql, V(at->item), V(at->place), V(use->valid_ms), V(use->account));
}

enum { HELD_MOST = 64 };

/* The next shelves after item and place whose number is not believed in full, and was there before the dispatches were asked for. */
static enum fault find_held(struct store *s, int64_t account, const struct shelf *after, struct shelf *out, int *n, struct err *err)
{
	static const char sql[] = "SELECT st.item_id, st.place_id, st.counted, st.valid_ms, st.told FROM stock st WHERE st.account_id = ?1 AND st.counted < st.told "
				  "AND st.known_ms <= (SELECT upto_ms FROM source WHERE account_id = ?1) AND (st.item_id, st.place_id) > (?2, ?3) "
				  "ORDER BY st.item_id, st.place_id LIMIT ?4";
	struct rows *r = ASK(s, sql, V(account), V(after->item), V(after->place), V((int)HELD_MOST));

	for (*n = 0; rows_next(r); ++*n)
		out[*n] = (struct shelf){ .item = rows_int(r, 0), .place = rows_int(r, 1), .known = true, .counted = rows_int(r, 2), .valid_ms = rows_int(r, 3),
			                  .told = rows_int(r, 4), .account = account };
	return rows_end(r, err);
}

static enum fault believe(struct store *s, const struct shelf *at, const struct cause *why, struct err *err)
{
	const struct chosen use = { .account = at->account, .free = at->told, .valid_ms = at->valid_ms };
	int64_t left;

	if (count_left_since(s, at, &use, why->now_ms, &left, err))
		return FAULT_STORE;
	if (at->told + left <= at->counted)
		return OK;
	return ledger_set(s, at, at->told + left, at->valid_ms, "count", "", why, err) ? FAULT_STORE : item_retake(s, at->item, why, err);
}

enum fault counts_confirm(struct store *s, int64_t account, const struct cause *why, struct err *err)
{
	struct shelf held[HELD_MOST], after = { .item = 0 };
	enum fault f;
	int n;

	assert(store_in_transaction(s));
	do {
		f = find_held(s, account, &after, held, &n, err);
		for (int i = 0; i < n && !f; i++)
			f = believe(s, &held[i], why, err);
		if (n)
			after = held[n - 1];
	} while (!f && n == HELD_MOST);
	return f;
}

/* ---- for who asks why ---- */


/* Open units of orders that it is known to have there. */
#define ASIDE                                                                                                                         \
	"(SELECT coalesce(sum(l.reserves), 0) FROM order_line l JOIN warehouse_order w ON w.order_id = l.order_id WHERE l.item_id = st.item_id AND l.reserves > 0 "  \
	"AND l.taken = 1 AND w.account_id = st.account_id AND w.place_id = st.place_id AND w.taken = 1 AND w.cancelled_ms = 0)"

enum fault counts_held(struct store *s, int64_t item, int64_t now_ms, struct arena *a, struct held_count **out, int *n, struct err *err)
{
	static const char sql[] =
		"SELECT st.place_id, st.counted, st.valid_ms, st.told, st.account_id, st.known_ms, k.upto_ms, p.name, c.name, " ASIDE ", "
		"(SELECT coalesce(min(j.due_ms), 0) FROM job j WHERE j.account_id = st.account_id AND j.verb = 'dispatches' AND j.repeats = 1 AND j.state = 'waiting') "
		"FROM stock st JOIN source k ON k.account_id = st.account_id JOIN place p ON p.id = st.place_id JOIN account c ON c.id = st.account_id "
		"WHERE st.item_id = ? AND k.upto_ms > 0 AND k.upto_ms < st.known_ms ORDER BY st.place_id LIMIT 100";
	struct rows *r = ASK(s, sql, V(item));
	struct shelf *shelf = arena_alloc(a, 100 * sizeof *shelf);
	enum fault f;

	*out = arena_alloc(a, 100 * sizeof **out);
	for (*n = 0; rows_next(r); ++*n) {
		shelf[*n] = (struct shelf){ .item = item, .place = rows_int(r, 0), .known = true, .counted = rows_int(r, 1), .valid_ms = rows_int(r, 2),
			                    .told = rows_int(r, 3), .account = rows_int(r, 4) };
		(*out)[*n] = (struct held_count){ .known_ms = rows_int(r, 5), .upto_ms = rows_int(r, 6), .place = rows_keep(r, 7, a),
			                          .account = rows_keep(r, 8, a), .aside = rows_int(r, 9), .due_ms = rows_int(r, 10) };
	}
	f = rows_end(r, err);
	for (int i = 0; i < *n && !f; i++) {
		const struct chosen use = { .account = shelf[i].account, .free = shelf[i].told, .valid_ms = shelf[i].valid_ms };
		int64_t left;

		f = count_left_since(s, &shelf[i], &use, now_ms, &left, err);
		if (!f && shelf[i].told + left > shelf[i].counted)
			(*out)[i].held = shelf[i].told + left - shelf[i].counted;
	}
	return f;
}
