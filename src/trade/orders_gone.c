/* orders_gone.c: what of an order left, by its packages, where its lines do not say how many. */
#include "trade/orders.h"

#include "store/store.h"
#include "trade/dispatches.h"
#include "trade/lines.h"

#include <assert.h>

/* Out of the open units, the most advanced first; false: nothing becomes another. */
static bool take_gone(struct order_line *l, int64_t units)
{
	int64_t open = 0, more;

	for (enum order_state k = ORDER_PENDING; k <= ORDER_PACKED; k++)
		open += l->bucket[k];
	more = units - l->bucket[ORDER_SHIPPED] - l->bucket[ORDER_DELIVERED];
	if (more >= open)
		more = open - 1;
	if (more <= 0)
		return false;
	l->bucket[ORDER_SHIPPED] += more;
	for (int k = ORDER_PACKED; k >= ORDER_PENDING && more; k--) {
		int64_t now = l->bucket[k] < more ? l->bucket[k] : more;

		l->bucket[k] -= now;
		more -= now;
	}
	return true;
}

static enum fault known_cause(struct store *s, int64_t account, const char *ref, const struct cause *why, struct arena *a, struct order_cause *oc,
                              struct err *err)
{
	static const char sql[] = "SELECT id, flags, node FROM orders WHERE ref = ? AND account_id = ?";
	struct rows *r = ASK(s, sql, V(ref), V(account));
	enum fault f;

	*oc = (struct order_cause){ .account = account, .ref = ref, .node = "", .shipped_ms = why->now_ms, .why = why };
	if (rows_next(r)) {
		oc->order = rows_int(r, 0);
		oc->flags = (int)rows_int(r, 1);
		oc->node = rows_keep(r, 2, a);
	}
	f = rows_end(r, err);
	return f || !oc->order ? f : dispatches_any(s, oc->order, &oc->dispatched, err);
}

enum fault orders_gone(struct store *s, int64_t account, const char *ref, const struct order_gone *gone, int n, const struct cause *why, struct err *err)
{
	struct arena *a = arena_new();
	struct line_was *was = NULL;
	struct order_cause oc;
	int lines = 0;
	enum fault f = known_cause(s, account, ref, why, a, &oc, err);

	assert(store_in_transaction(s));
	if (!f && oc.order)
		f = lines_read(s, oc.order, a, &was, &lines, err);
	for (int i = 0; i < n && !f; i++) {
		const struct line_was *w = line_was_of(was, lines, gone[i].line);
		struct order_line l = w ? line_kept(w) : (struct order_line){ 0 };

		if (w && take_gone(&l, gone[i].units))
			f = line_write(s, &oc, w, &l, err);
	}
	arena_free(a);
	return f;
}
