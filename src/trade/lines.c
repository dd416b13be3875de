#include "trade/lines.h"

#include "base/text.h"
#include "store/store.h"
#include "trade/change.h"
#include "trade/dispatches.h"
#include "trade/inventory.h"
#include "trade/mapping.h"

#include <assert.h>
#include <string.h>

/* ---- pure ---- */

/* Units at least as far along as s; cancelled and unknown ones are on no ladder. */
static int64_t as_far_as(const int64_t b[ORDER_STATES], enum order_state s)
{
	int64_t n = 0;

	for (enum order_state k = s; k <= ORDER_DELIVERED; k++)
		n += b[k];
	return n;
}

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t most(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

bool line_forward(const int64_t was[ORDER_STATES], int64_t told[ORDER_STATES], int64_t *qty)
{
	int64_t done = most(as_far_as(was, ORDER_SHIPPED), as_far_as(told, ORDER_SHIPPED)), cancelled, unknown, ladder, above = 0;
	int64_t far[ORDER_STATES] = { 0 };
	bool back = as_far_as(told, ORDER_SHIPPED) + told[ORDER_UNKNOWN] < as_far_as(was, ORDER_SHIPPED) ||
	            told[ORDER_DELIVERED] + told[ORDER_UNKNOWN] < was[ORDER_DELIVERED];

	if (done > *qty) { /* they took units off the line that had been shipped */
		memcpy(told, was, ORDER_STATES * sizeof *told);
		*qty = as_far_as(was, ORDER_PENDING) + was[ORDER_CANCELLED] + was[ORDER_UNKNOWN];
		return true;
	}
	cancelled = least(most(was[ORDER_CANCELLED], told[ORDER_CANCELLED]), *qty - done);
	unknown = least(told[ORDER_UNKNOWN], *qty - done - cancelled);
	ladder = *qty - cancelled - unknown;
	for (enum order_state s = ORDER_NEW; s <= ORDER_DELIVERED; s++)
		far[s] = least(most(as_far_as(was, s), as_far_as(told, s)), ladder);
	for (enum order_state s = ORDER_DELIVERED; s >= ORDER_NEW; s--) {
		told[s] = far[s] - above;
		above = far[s];
	}
	told[ORDER_PENDING] = ladder - above;
	told[ORDER_CANCELLED] = cancelled;
	told[ORDER_UNKNOWN] = unknown;
	return back;
}

int64_t line_reserves(int flags, const int64_t bucket[ORDER_STATES])
{
	int64_t n = bucket[ORDER_UNKNOWN]; /* for all we know it is owed */

	if (flags & ORDER_READ_ONLY)
		return 0;
	for (enum order_state s = flags & ORDER_PREORDER ? ORDER_NEW : ORDER_PENDING; s <= ORDER_PACKED; s++)
		n += bucket[s];
	return n;
}

/* ---- stored ---- */

static const char *const columns[ORDER_STATES] = { "q_pending", "q_new",     "q_acked",     "q_released",  "q_picking",
	                                           "q_packed",  "q_shipped", "q_delivered", "q_cancelled", "q_unknown" };

#define BUCKETS "q_pending, q_new, q_acked, q_released, q_picking, q_packed, q_shipped, q_delivered, q_cancelled, q_unknown"

enum fault lines_read(struct store *s, int64_t order, struct arena *a, struct line_was **out, int *n, struct err *err)
{
	static const char sql[] = "SELECT " BUCKETS ", id, coalesce(item_id, 0), reserves, qty, price_minor, tax_minor, ship_minor, ref, sku, "
				  "money, post, title, raw_state, carrier, tracking, handle, pack, taken, missed_ms FROM order_line WHERE order_id = ? ORDER BY id";
	struct rows *r = ASK(s, sql, V(order));
	int cap = 0;

	*out = NULL;
	*n = 0;
	while (rows_next(r)) {
		struct line_was *l;

		*out = arena_grow(a, *out, *n, &cap, sizeof **out);
		l = &(*out)[(*n)++];
		for (int k = 0; k < ORDER_STATES; k++)
			l->bucket[k] = rows_int(r, k);
		l->id = rows_int(r, 10);
		l->item = rows_int(r, 11);
		l->reserves = rows_int(r, 12);
		l->qty = rows_int(r, 13);
		l->price_minor = rows_int(r, 14);
		l->tax_minor = rows_int(r, 15);
		l->ship_minor = rows_int(r, 16);
		l->ref = rows_keep(r, 17, a);
		l->sku = rows_keep(r, 18, a);
		l->money = rows_keep(r, 19, a);
		l->post = rows_keep(r, 20, a);
		l->title = rows_keep(r, 21, a);
		l->raw_state = rows_keep(r, 22, a);
		l->carrier = rows_keep(r, 23, a);
		l->tracking = rows_keep(r, 24, a);
		l->handle = rows_keep(r, 25, a);
		l->pack = rows_int(r, 26);
		l->taken = rows_int(r, 27) != 0;
		l->missed_ms = rows_int(r, 28);
	}
	return rows_end(r, err);
}

/* What a line that nobody told before looks like: nothing of it anywhere. */
static const struct line_was unborn = { 0 };

/*
 * When they left: as our own packages of the line say, where there are any. A marketplace tells of it minutes later, and a count of those minutes was made without them.
 */
static enum fault left_at(struct store *s, const struct order_cause *oc, const struct line_was *was, int64_t *at_ms, struct err *err)
{
	static const char sql[] = "SELECT max(p.shipped_ms) FROM shipment_line sl JOIN shipment p ON p.id = sl.shipment_id WHERE sl.line_id = ? AND p.confirm <> 'REJECTED'";
	enum fault f = was->id ? GET_INT(s, err, oc->shipped_ms, at_ms, sql, V(was->id)) : OK;

	if (!was->id || *at_ms > oc->shipped_ms)
		*at_ms = oc->shipped_ms;
	return f;
}

/*
 * Reservation and shelf follow the units. A line whose SKU became another one lets go of the old item first. What a warehouse has taken off its
 * own number is neither reserved by us nor does it leave our count a second time.
 */
static enum fault move_stock(struct store *s, const struct order_cause *oc, const struct line_was *was, const struct order_line *l,
                             const struct mapped *m, bool taken, struct err *err)
{
	int64_t reserves = taken ? 0 : line_reserves(oc->flags, l->bucket) * m->pack, reserved = was->taken ? 0 : was->reserves, item = m->item;
	int64_t left = (as_far_as(l->bucket, ORDER_SHIPPED) - as_far_as(was->bucket, ORDER_SHIPPED)) * m->pack;
	int64_t freed = was->item == item ? 0 : reserved, left_ms;

	if (was->item && freed && item_reserve(s, was->item, -freed, oc->why, err))
		return FAULT_STORE;
	if (!item)
		return OK;
	if (item_reserve(s, item, reserves - (was->item == item ? reserved : 0), oc->why, err))
		return FAULT_STORE;
	if (left <= 0 || taken || oc->flags & ORDER_READ_ONLY)
		return OK;
	if (left_at(s, oc, was, &left_ms, err))
		return FAULT_STORE;
	return item_dispatch(s, item, oc->node, left, left_ms, oc->ref, oc->why, err);
}

static enum fault insert_line(struct store *s, const struct order_cause *oc, const struct order_line *l, const struct mapped *m,
                              struct err *err)
{
	static const char sql[] = "INSERT INTO order_line (" BUCKETS ", order_id, ref, sku, item_id, pack, title, qty, reserves, money, post, "
				  "price_minor, tax_minor, ship_minor, raw_state, carrier, tracking, handle) "
				  "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
	const int64_t *b = l->bucket;

	return RUN(s, err, sql, V(b[0]), V(b[1]), V(b[2]), V(b[3]), V(b[4]), V(b[5]), V(b[6]), V(b[7]), V(b[8]), V(b[9]), V(oc->order),
	           V(l->ref), V(l->sku), m->item ? V(m->item) : V_NULL, V(m->pack), V(text_or_empty(l->title)), V(l->qty),
	           V(line_reserves(oc->flags, b) * m->pack),
	           V(l->money ? l->money : "PAID"), V(l->post ? l->post : "NONE"), V(l->price_minor), V(l->tax_minor), V(l->ship_minor),
	           V(text_or_empty(l->raw_state)), V(text_or_empty(l->carrier)), V(text_or_empty(l->tracking)), V(text_or_empty(l->handle)));
}

static enum fault update_line(struct store *s, const struct order_cause *oc, const struct line_was *was, const struct order_line *l,
                              const struct mapped *m, struct err *err)
{
	static const char sql[] = "UPDATE order_line SET (" BUCKETS ") = (?, ?, ?, ?, ?, ?, ?, ?, ?, ?), sku = ?, item_id = ?, pack = ?, title = ?, qty = ?, "
				  "reserves = ?, money = ?, post = ?, price_minor = ?, tax_minor = ?, ship_minor = ?, raw_state = ?, "
				  "carrier = ?, tracking = ?, handle = ?, missed_ms = ? WHERE id = ?";
	const int64_t *b = l->bucket;

	return RUN(s, err, sql, V(b[0]), V(b[1]), V(b[2]), V(b[3]), V(b[4]), V(b[5]), V(b[6]), V(b[7]), V(b[8]), V(b[9]), V(l->sku),
	           m->item ? V(m->item) : V_NULL, V(m->pack), V(l->title ? l->title : was->title), V(l->qty),
	           V(line_reserves(oc->flags, b) * m->pack),
	           V(l->money ? l->money : was->money), V(l->post ? l->post : was->post), V(l->price_minor), V(l->tax_minor),
	           V(l->ship_minor), V(text_or_empty(l->raw_state)), V(l->carrier ? l->carrier : was->carrier),
	           V(l->tracking ? l->tracking : was->tracking), V(l->handle ? l->handle : was->handle), V(l->missed_ms), V(was->id));
}

static enum fault note_changes(struct store *s, const struct order_cause *oc, const struct line_was *was, const struct order_line *l,
                               int64_t reserves, bool taken, struct err *err)
{
	int64_t valid_ms = oc->shipped_ms;

	const struct {
		const char *field, *old, *new;
	} texts[] = {
		{ "sku", was->sku, l->sku },
		{ "money", was->money, l->money ? l->money : was->money },
		{ "post", was->post, l->post ? l->post : was->post },
		{ "tracking", was->tracking, l->tracking ? l->tracking : was->tracking },
	};

	for (int k = 0; k < ORDER_STATES; k++)
		if (change_int(s, "order_line", was->id, columns[k], was->bucket[k], l->bucket[k], valid_ms, oc->why, err))
			return FAULT_STORE;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (change_text(s, "order_line", was->id, texts[i].field, texts[i].old, texts[i].new, valid_ms, oc->why, err))
			return FAULT_STORE;
	if (change_int(s, "order_line", was->id, "reserves", was->reserves, reserves, valid_ms, oc->why, err) ||
	    change_int(s, "order_line", was->id, "taken", was->taken, taken, valid_ms, oc->why, err))
		return FAULT_STORE;
	return change_int(s, "order_line", was->id, "qty", was->qty, l->qty, valid_ms, oc->why, err);
}

/* Is it the warehouses' to subtract? */
static enum fault weigh_taken(struct store *s, const struct order_cause *oc, int64_t item, bool *taken, struct err *err)
{
	*taken = false;
	return item && oc->dispatched ? line_taken(s, oc->order, item, taken, err) : OK;
}

enum fault line_write(struct store *s, const struct order_cause *oc, const struct line_was *was, const struct order_line *l, struct err *err)
{
	static const char retake[] = "UPDATE order_line SET taken = ? WHERE order_id = ? AND ref = ?";
	struct mapped m = { was && !strcmp(was->sku, l->sku) ? was->item : 0, was ? was->pack : 1, "" };
	bool was_taken = was && was->taken, taken;

	if (!m.item && mapping_of(s, oc->account, l->sku, &m, err))
		return FAULT_STORE;
	/* the line first: an alert about what is short names the orders that stand in the store, and what a warehouse has is weighed against its units */
	if (was ? update_line(s, oc, was, l, &m, err) : insert_line(s, oc, l, &m, err))
		return FAULT_STORE;
	if (weigh_taken(s, oc, m.item, &taken, err) || (taken != was_taken && RUN(s, err, retake, V(taken), V(oc->order), V(l->ref))))
		return FAULT_STORE;
	if (move_stock(s, oc, was ? was : &unborn, l, &m, taken, err))
		return FAULT_STORE;
	return was ? note_changes(s, oc, was, l, line_reserves(oc->flags, l->bucket) * m.pack, taken, err) : OK;
}

const struct line_was *line_was_of(const struct line_was *was, int n, const char *ref)
{
	for (int i = 0; i < n; i++)
		if (!strcmp(was[i].ref, ref))
			return &was[i];
	return NULL;
}

struct order_line line_kept(const struct line_was *w)
{
	struct order_line l = {
		.ref = w->ref,
		.sku = w->sku,
		.title = w->title,
		.qty = w->qty,
		.money = w->money,
		.post = w->post,
		.price_minor = w->price_minor,
		.tax_minor = w->tax_minor,
		.ship_minor = w->ship_minor,
		.raw_state = w->raw_state,
		.carrier = w->carrier,
		.tracking = w->tracking,
		.handle = w->handle,
	};

	memcpy(l.bucket, w->bucket, sizeof l.bucket);
	return l;
}

bool line_is_open(const int64_t bucket[ORDER_STATES])
{
	return bucket[ORDER_UNKNOWN] || as_far_as(bucket, ORDER_PENDING) > as_far_as(bucket, ORDER_SHIPPED);
}

struct order_line line_struck(const struct line_was *w, int64_t now_ms)
{
	struct order_line l = line_kept(w);

	l.missed_ms = w->missed_ms;
	if (!l.missed_ms && line_is_open(l.bucket))
		l.missed_ms = now_ms;
	for (int k = 0; k < ORDER_STATES; k++)
		if (order_is_open((enum order_state)k)) {
			l.bucket[ORDER_CANCELLED] += l.bucket[k];
			l.bucket[k] = 0;
		}
	return l;
}

struct order_line line_missed(const struct line_was *w, int64_t now_ms)
{
	struct order_line l = line_kept(w);

	l.missed_ms = w->missed_ms;
	if (!line_is_open(l.bucket))
		return l;
	if (!l.missed_ms)
		l.missed_ms = now_ms;
	return now_ms - l.missed_ms < ORDER_SHORT_MS ? l : line_struck(w, now_ms);
}
