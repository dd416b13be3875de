#include "trade/dispatches.h"

#include "base/text.h"
#include "store/store.h"
#include "trade/alerts.h"
#include "trade/change.h"
#include "trade/inventory.h"
#include "trade/kits.h"
#include "trade/news.h"
#include "trade/products.h"
#include "trade/shipments.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { ITEMS_MOST = 500, QTY_MOST = 1000000, TURN_SLICE = 64 };

/* ---- who subtracts it ---- */

/*
 * Of order_line l: does a warehouse have its goods set aside, so that its believed number is without them, at the moment of which that number speaks?
 *
 * Three things must be so. A warehouse that sends the line had the order. Every place that sends it had it: none is known to have it since. And what
 * they told in lines covers the units of this item; who tells no lines (ANY_LINES) is believed for the whole of an order only when it
 * has one line, or when no other place could be the one that sends it. A kit is held where its parts are.
 *
 * A number is of some moment between the one that it names and the one at which it was here: had before the first, and not given up before the last.
 */
#define GOODS "IN (SELECT l.item_id UNION ALL SELECT part_id FROM kit WHERE kit.item_id = l.item_id) "
#define HAD(w, st) w ".taken = 1 AND " w ".made_ms <= " st ".valid_ms AND (" w ".cancelled_ms = 0 OR " w ".cancelled_ms > max(" st ".valid_ms, " st ".known_ms)) "
#define ANY_LINES(w) "EXISTS (SELECT 1 FROM warehouse_line n WHERE n.warehouse_order_id = " w ".id) "
#define SENDS(w)                                                                                                                      \
	"(NOT " ANY_LINES(w) "OR EXISTS (SELECT 1 FROM warehouse_line n JOIN item g ON g.sku = n.sku WHERE n.warehouse_order_id = " w ".id "   \
	"AND g.id " GOODS ")) "
#define ONE_HAD                                                                                                                       \
	"EXISTS (SELECT 1 FROM warehouse_order w JOIN stock st ON st.place_id = w.place_id AND st.item_id " GOODS                          \
	"AND st.account_id = w.account_id WHERE w.order_id = l.order_id AND " HAD("w", "st") "AND " SENDS("w")
#define ALL_HAD                                                                                                                       \
	"NOT EXISTS (SELECT 1 FROM warehouse_order v JOIN stock sv ON sv.place_id = v.place_id AND sv.item_id " GOODS                      \
	"WHERE v.order_id = l.order_id AND v.cancelled_ms = 0 AND " SENDS("v") "AND NOT EXISTS (SELECT 1 FROM warehouse_order u "              \
	"WHERE u.order_id = v.order_id AND u.place_id = v.place_id AND u.account_id = sv.account_id AND " HAD("u", "sv") ")) "
#define UNTOLD_IS_WHOLE                                                                                                               \
	"((SELECT lines FROM orders o WHERE o.id = l.order_id) <= 1 OR NOT EXISTS (SELECT 1 FROM stock so "                                \
	"JOIN place po ON po.id = so.place_id AND po.sells = 1 WHERE so.item_id " GOODS "AND so.counted > 0 AND NOT EXISTS "                   \
	"(SELECT 1 FROM warehouse_order x WHERE x.order_id = l.order_id AND x.place_id = so.place_id))) "
#define TOLD_OF(item, units)                                                                                                           \
	"(SELECT coalesce(sum(n.qty), 0) FROM warehouse_line n JOIN warehouse_order w ON w.id = n.warehouse_order_id JOIN item g ON g.sku = n.sku " \
	"JOIN stock st ON st.place_id = w.place_id AND st.item_id = g.id AND st.account_id = w.account_id WHERE w.order_id = l.order_id "      \
	"AND g.id = " item " AND " HAD("w", "st") ") >= " units " "
#define UNITS "(SELECT coalesce(sum((k.qty - k.q_cancelled) * k.pack), 0) FROM order_line k WHERE k.order_id = l.order_id AND k.item_id = l.item_id) "
#define TOLD_COVERS                                                                                                                    \
	"(" TOLD_OF("l.item_id", UNITS) "OR (EXISTS (SELECT 1 FROM kit WHERE kit.item_id = l.item_id) AND NOT EXISTS (SELECT 1 FROM kit "      \
	"WHERE kit.item_id = l.item_id AND NOT " TOLD_OF("kit.part_id", UNITS "* kit.qty") "))) "
#define TAKEN                                                                                                                         \
	"CASE WHEN " ONE_HAD ") AND " ALL_HAD "AND CASE WHEN " ONE_HAD "AND NOT " ANY_LINES("w") ") THEN " UNTOLD_IS_WHOLE                   \
	"ELSE " TOLD_COVERS "END THEN 1 ELSE 0 END"

enum fault line_taken(struct store *s, int64_t order, int64_t item, bool *taken, struct err *err)
{
	static const char sql[] = "SELECT " TAKEN " FROM (SELECT ?1 AS order_id, ?2 AS item_id) AS l";
	int64_t n;
	enum fault f = GET_INT(s, err, 0, &n, sql, V(order), V(item));

	*taken = !f && n != 0;
	return f;
}

enum fault dispatches_any(struct store *s, int64_t order, bool *any, struct err *err)
{
	static const char sql[] = "SELECT count(*) FROM warehouse_order WHERE order_id = ?";
	int64_t n;
	enum fault f = GET_INT(s, err, 0, &n, sql, V(order));

	*any = !f && n != 0;
	return f;
}

struct turned {
	int64_t id;
	bool taken;
};

/* Open lines of an item, in one order or in all (0), that TAKEN sees otherwise than is written. It is dear, and asked once. */
static enum fault find_turned(struct store *s, int64_t order, int64_t item, struct turned out[TURN_SLICE], int *n, struct err *err)
{
	static const char all[] = "SELECT l.id, l.taken FROM order_line l WHERE l.item_id = ?1 AND l.reserves > 0 AND l.taken <> " TAKEN " LIMIT ?2";
	static const char one[] = "SELECT l.id, l.taken FROM order_line l WHERE l.order_id = ?3 AND +l.item_id = ?1 AND l.reserves > 0 AND l.taken <> " TAKEN " LIMIT ?2";
	struct rows *r = order ? ASK(s, one, V(item), V((int)TURN_SLICE), V(order)) : ASK(s, all, V(item), V((int)TURN_SLICE));

	for (*n = 0; *n < TURN_SLICE && rows_next(r); ++*n)
		out[*n] = (struct turned){ rows_int(r, 0), rows_int(r, 1) != 0 };
	return rows_end(r, err);
}

static enum fault turn(struct store *s, const struct turned *t, const struct cause *why, struct err *err)
{
	static const char sql[] = "UPDATE order_line SET taken = ? WHERE id = ?";
	enum fault f = change_int(s, "order_line", t->id, "taken", t->taken, !t->taken, why->now_ms, why, err);

	return f ? f : RUN(s, err, sql, V(!t->taken), V(t->id));
}

/* Stock that is believed is as it was when one order alone is looked at: with no line turned the item is what it was. */
static enum fault retake(struct store *s, int64_t order, int64_t item, const struct cause *why, struct err *err)
{
	struct turned t[TURN_SLICE];
	bool any = false;
	int n = TURN_SLICE;

	while (n == TURN_SLICE) { /* a line that was turned is not found again */
		if (find_turned(s, order, item, t, &n, err))
			return FAULT_STORE;
		for (int i = 0; i < n; i++)
			if (turn(s, &t[i], why, err))
				return FAULT_STORE;
		any |= n > 0;
	}
	return any || !order ? item_reckon(s, item, why, err) : OK;
}

/* Kits first: what they were lent is given back before the number that excludes it is weighed. */
static enum fault retake_with_kits(struct store *s, int64_t order, int64_t item, const struct cause *why, struct err *err)
{
	int64_t kit = 0;

	assert(store_in_transaction(s));
	for (;;) {
		if (kit_with(s, item, kit, &kit, err))
			return FAULT_STORE;
		if (!kit)
			return retake(s, order, item, why, err);
		if (retake(s, order, kit, why, err))
			return FAULT_STORE;
	}
}

enum fault item_retake(struct store *s, int64_t item, const struct cause *why, struct err *err)
{
	return retake_with_kits(s, 0, item, why, err);
}

/* What a warehouse tells of an order says nothing of the lines of any other. */
static enum fault order_retake(struct store *s, int64_t order, const struct cause *why, struct err *err)
{
	static const char sql[] = "SELECT DISTINCT item_id FROM order_line WHERE order_id = ? AND item_id IS NOT NULL AND reserves > 0 ORDER BY item_id LIMIT ?";
	int64_t item[ITEMS_MOST];
	struct rows *r = ASK(s, sql, V(order), V((int)ITEMS_MOST));
	enum fault f;
	int n = 0;

	while (rows_next(r))
		item[n++] = rows_int(r, 0);
	f = rows_end(r, err);
	for (int i = 0; i < n && !f; i++)
		f = retake_with_kits(s, order, item[i], why, err);
	return f;
}

/* ---- whose order it is ---- */

/* By its own reference, else by the buyer's number. Of several it is not said which: then it is nobody's. */
static enum fault find_order(struct store *s, const char *ref, int64_t *order, struct err *err)
{
	static const char by_ref[] = "SELECT count(*), coalesce(max(id), 0) FROM orders WHERE ref = ?";
	static const char by_other[] = "SELECT count(*), coalesce(max(id), 0) FROM orders WHERE other_ref = ? AND other_ref <> ''";
	const char *const sql[] = { by_ref, by_other };

	*order = 0;
	for (int i = 0; i < 2; i++) {
		struct rows *r = store_ask(s, sql[i], (struct val[]){ V(ref) }, 1);
		int64_t n = rows_next(r) ? rows_int(r, 0) : 0;

		*order = n == 1 ? rows_int(r, 1) : 0;
		if (rows_end(r, err))
			return FAULT_STORE;
		if (n)
			return OK;
	}
	return OK;
}

enum fault dispatches_adopt(struct store *s, int64_t order, const char *ref, const char *other_ref, bool *any, struct err *err)
{
	static const char waits[] = "SELECT count(*) FROM warehouse_order WHERE ref IN (?1, ?2) AND ref <> '' AND order_id IS NULL";
	static const char sql[] = "UPDATE warehouse_order SET order_id = ?1 WHERE ref IN (?2, ?3) AND ref <> '' AND order_id IS NULL";
	int64_t n, is;

	*any = false;
	if (GET_INT(s, err, 0, &n, waits, V(ref), V(text_or_empty(other_ref))))
		return FAULT_STORE;
	if (!n)
		return OK;
	if (find_order(s, ref, &is, err))
		return FAULT_STORE;
	*any = is == order;
	return *any ? RUN(s, err, sql, V(order), V(ref), V(text_or_empty(other_ref))) : OK;
}

/* ---- as it is told ---- */

static const char *const states[] = { "RELEASED", "PICKING", "PACKED", "SHIPPED", "CANCELLED", "UNKNOWN" };

static enum fault check(const struct dispatch *d, struct err *err)
{
	bool known = false;

	for (size_t i = 0; i < sizeof states / sizeof *states; i++)
		known |= d->state && !strcmp(states[i], d->state);
	if (!d->ref || !*d->ref || strlen(d->ref) > 200)
		return err_set(err, FAULT_FORMAT, "a warehouse order without the number of ours that it carries");
	if (!known)
		return err_set(err, FAULT_FORMAT, "%.80s: %.40s is no state of a warehouse order", d->ref, text_or_empty(d->state));
	if (d->made_ms <= 0)
		return err_set(err, FAULT_FORMAT, "%.80s: nobody says when the warehouse took it", d->ref);
	return OK;
}

struct known_dispatch {
	int64_t id, order, place, made_ms, updated_ms, cancelled_ms, gone_ms, shipment;
	bool taken;
	char state[16], tracking[80];
};

static enum fault find_told(struct store *s, int64_t account, const struct dispatch *d, struct known_dispatch *out, struct err *err)
{
	static const char sql[] = "SELECT id, coalesce(order_id, 0), coalesce(place_id, 0), updated_ms, cancelled_ms, gone_ms, coalesce(shipment_id, 0), taken, state, tracking, made_ms "
				  "FROM warehouse_order WHERE ref = ? AND account_id = ? AND their_ref = ?";
	struct rows *r = ASK(s, sql, V(d->ref), V(account), V(text_or_empty(d->their_ref)));

	*out = (struct known_dispatch){ 0 };
	if (rows_next(r)) {
		*out = (struct known_dispatch){ .id = rows_int(r, 0), .order = rows_int(r, 1), .place = rows_int(r, 2), .updated_ms = rows_int(r, 3),
			                        .cancelled_ms = rows_int(r, 4), .gone_ms = rows_int(r, 5), .shipment = rows_int(r, 6),
			                        .taken = rows_int(r, 7) != 0, .made_ms = rows_int(r, 10) };
		snprintf(out->state, sizeof out->state, "%s", rows_text(r, 8));
		snprintf(out->tracking, sizeof out->tracking, "%s", rows_text(r, 9));
	}
	return rows_end(r, err);
}

/* Not told where: the one place that they tell of; of several none, and then its units stay subtracted by us. */
static enum fault find_place(struct store *s, int64_t account, const struct dispatch *d, int64_t *place, struct err *err)
{
	static const char only[] = "SELECT CASE WHEN count(DISTINCT place_id) = 1 THEN max(place_id) ELSE 0 END FROM place_source WHERE account_id = ?";

	return d->place && *d->place ? place_told(s, account, d->place, place, err) : GET_INT(s, err, 0, place, only, V(account));
}

static enum fault write_told(struct store *s, int64_t account, const struct dispatch *d, struct known_dispatch *t, const struct cause *why, struct err *err)
{
	static const char insert[] =
		"INSERT INTO warehouse_order (account_id, ref, their_ref, order_id, place_id, state, raw_state, made_ms, updated_ms, gone_ms, cancelled_ms, carrier, "
		"tracking, path, attempt_id, known_ms, taken) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id";
	static const char update[] =
		"UPDATE warehouse_order SET order_id = coalesce(order_id, ?), place_id = coalesce(?, place_id), state = ?, raw_state = ?, made_ms = ?, updated_ms = ?, "
		"gone_ms = ?, cancelled_ms = ?, carrier = coalesce(?, carrier), tracking = coalesce(?, tracking), path = ?, attempt_id = ?, known_ms = ?, taken = ? WHERE id = ?";
	struct val order = t->order ? V(t->order) : V_NULL, place = t->place ? V(t->place) : V_NULL, attempt = why->attempt_id ? V(why->attempt_id) : V_NULL;

	if (t->id)
		return RUN(s, err, update, order, place, V(d->state), V(text_or_empty(d->raw_state)), V(t->made_ms), V(t->updated_ms), V(t->gone_ms),
		           V(t->cancelled_ms), V(d->carrier), V(d->tracking), V(text_or_empty(d->path)), attempt, V(why->now_ms), V(t->taken), V(t->id));
	return RUN_ID(s, err, &t->id, insert, V(account), V(d->ref), V(text_or_empty(d->their_ref)), order, place, V(d->state), V(text_or_empty(d->raw_state)),
	              V(t->made_ms), V(t->updated_ms), V(t->gone_ms), V(t->cancelled_ms), V(text_or_empty(d->carrier)), V(text_or_empty(d->tracking)),
	              V(text_or_empty(d->path)), attempt, V(why->now_ms), V(t->taken));
}

/*
 * Its lines, as they are now. One of no SKU, or in a unit that nobody explained, counts as none of it: to subtract too much is mended, to sell
 * too much is not.
 */
static enum fault write_lines(struct store *s, int64_t account, const struct dispatch *d, int64_t told, struct err *err)
{
	static const char drop[] = "DELETE FROM warehouse_line WHERE warehouse_order_id = ?";
	static const char sql[] = "INSERT INTO warehouse_line (warehouse_order_id, sku, qty) VALUES (?, ?, ?) "
				  "ON CONFLICT (warehouse_order_id, sku) DO UPDATE SET qty = warehouse_line.qty + excluded.qty";
	enum fault f = RUN(s, err, drop, V(told));

	for (const struct dispatch_line *l = d->line; l < d->line + d->lines && !f; l++) {
		int64_t eaches = 1;

		if (l->unit && *l->unit && product_eaches(s, account, l->sku, l->unit, &eaches, err))
			return FAULT_STORE;
		f = RUN(s, err, sql, V(told), V(text_or_empty(l->sku)), V(l->qty < QTY_MOST ? l->qty * eaches : (int64_t)0));
	}
	return f;
}

/* ---- a package that left ---- */

/* By its code when it is one of ours; a warehouse that names none is told by its number. "": nobody knows. */
static const char *carrier_of(struct arena *a, const struct dispatch *d)
{
	struct carrier c;

	if (d->carrier && *d->carrier)
		return carrier_find(a, d->carrier, &c) ? arena_strdup(a, c.code) : d->carrier;
	return carrier_of_number(a, d->tracking, &c) ? arena_strdup(a, c.code) : "";
}

static enum fault note_as(struct store *s, struct shipment *sh, int64_t told, const struct cause *why, struct err *err)
{
	static const char sql[] = "UPDATE warehouse_order SET shipment_id = ? WHERE id = ?";
	enum fault f = store_exec(s, err, "SAVEPOINT package");

	if (f)
		return f;
	f = shipment_note(s, sh, why, &sh->id, err);
	if (f) /* what was begun of it goes; the warehouse's order stays */
		return store_exec(s, NULL, "ROLLBACK TO package; RELEASE package") ? FAULT_STORE : f;
	return store_exec(s, err, "RELEASE package") ? FAULT_STORE : RUN(s, err, sql, V(sh->id), V(told));
}

/* The order's lines that are in it, as far as no other package holds them. told: the warehouse says which they are. */
static enum fault pack_lines(struct store *s, const struct known_dispatch *t, struct shipment *sh, bool *told, struct arena *a, struct err *err)
{
	static const char sql[] = "SELECT l.id, n.qty / l.pack FROM warehouse_line n JOIN item i ON i.sku = n.sku JOIN order_line l ON l.item_id = i.id "
				  "WHERE n.warehouse_order_id = ?1 AND l.order_id = ?2 ORDER BY l.id";
	struct rows *r = ASK(s, sql, V(t->id), V(t->order));
	enum fault f;
	int n = 0, cap = 0;

	*told = false;
	while (rows_next(r)) {
		*told = true;
		sh->line = arena_grow(a, sh->line, n, &cap, sizeof *sh->line);
		sh->line[n++] = (struct shipped){ rows_int(r, 0), rows_int(r, 1) };
	}
	f = rows_end(r, err);
	for (int i = 0; i < n && !f; i++) {
		int64_t left;

		f = shipment_free(s, sh->line[i].line_id, &left, err);
		sh->line[i].qty = sh->line[i].qty < left ? sh->line[i].qty : left;
		if (!f && sh->line[i].qty > 0)
			sh->line[sh->lines++] = sh->line[i];
	}
	return f;
}

/*
 * A draft: shown beside the order, confirmed to its channel when somebody says so. One that the order cannot take any more is only shown here, and so
 * is one of which nobody says who carries it and no number tells: no channel takes a number without that.
 */
static enum fault note_package(struct store *s, const struct dispatch *d, const struct known_dispatch *t, const struct cause *why, struct err *err)
{
	static const char open[] = "SELECT count(*) FROM orders o WHERE o.id = ?1 AND o.open = 1 AND o.flags % 16 < 8 "
				   "AND NOT EXISTS (SELECT 1 FROM shipment p WHERE p.order_id = o.id AND p.tracking = ?2) AND " SHIPMENT_WANTED;
	struct shipment sh = { .order_id = t->order, .tracking = d->tracking, .shipped_ms = t->gone_ms, .source = "warehouse" };
	struct arena *a;
	enum fault f = OK;
	bool told = false;
	int64_t n;

	if (t->shipment || !t->order || !t->gone_ms || !*text_or_empty(d->tracking))
		return OK;
	if (GET_INT(s, err, 0, &n, open, V(t->order), V(d->tracking)))
		return FAULT_STORE;
	if (!n)
		return OK;
	a = arena_new();
	sh.carrier = carrier_of(a, d);
	if (*sh.carrier)
		f = pack_lines(s, t, &sh, &told, a, err);
	if (!f && *sh.carrier && (sh.lines || !told))
		f = note_as(s, &sh, t->id, why, err);
	arena_free(a);
	return f;
}

/* A stamp from a time that is to come (their clock, a bit that fell over on the way) says nothing: what they say next is newer all the same. */
static void note_times(const struct dispatch *d, int64_t now_ms, struct known_dispatch *t)
{
	enum { AHEAD_MS = 60 * 1000 }; /* so far their clocks may differ from ours */
	int64_t latest_ms = now_ms + AHEAD_MS, made_ms = d->made_ms > latest_ms ? now_ms : d->made_ms;
	bool untold = !d->updated_ms || d->updated_ms > latest_ms;
	int64_t at_ms = untold ? now_ms : d->updated_ms;

	t->updated_ms = !d->updated_ms || d->updated_ms <= latest_ms ? at_ms : t->updated_ms ? t->updated_ms : 1;
	t->gone_ms = d->gone_ms && d->gone_ms <= latest_ms ? d->gone_ms : t->gone_ms ? t->gone_ms : !strcmp(d->state, "SHIPPED") ? at_ms : 0;
	/* it has had it all the time since: a later change of what was set aside before sets nothing aside anew */
	if (!(t->taken && d->taken && !t->cancelled_ms && t->made_ms < made_ms))
		t->made_ms = made_ms;
	if (strcmp(d->state, "CANCELLED")) /* what was taken before that stays so up to its end */
		t->taken = d->taken;
	t->cancelled_ms = strcmp(d->state, "CANCELLED") ? 0 : t->cancelled_ms ? t->cancelled_ms : at_ms;
}

enum fault dispatch_tell(struct store *s, int64_t account, const struct dispatch *d, const struct cause *why, struct err *err)
{
	int64_t order, place;
	struct known_dispatch t;
	enum fault f = check(d, err);

	assert(store_in_transaction(s));
	if (f)
		return f;
	if (find_told(s, account, d, &t, err) || find_order(s, d->ref, &order, err) || find_place(s, account, d, &place, err))
		return FAULT_STORE;
	if (t.id && d->updated_ms && d->updated_ms < t.updated_ms)
		return OK; /* older than what they said already */
	t.order = t.order ? t.order : order;
	t.place = place ? place : t.place;
	note_times(d, why->now_ms, &t);
	if (write_told(s, account, d, &t, why, err) || write_lines(s, account, d, t.id, err) ||
	    change_text(s, "warehouse_order", t.id, "state", *t.state ? t.state : NULL, d->state, t.updated_ms, why, err))
		return FAULT_STORE;
	if (t.order && order_retake(s, t.order, why, err))
		return FAULT_STORE;
	return note_package(s, d, &t, why, err);
}

enum fault dispatches_page(struct store *s, int64_t account, int64_t begun_ms, bool last, struct err *err)
{
	static const char open[] = "INSERT INTO source (account_id, begun_ms) VALUES (?1, ?2) ON CONFLICT (account_id) DO UPDATE SET "
				   "begun_ms = CASE WHEN source.begun_ms = 0 THEN excluded.begun_ms ELSE source.begun_ms END";
	static const char close[] = "UPDATE source SET upto_ms = begun_ms, begun_ms = 0 WHERE account_id = ?";

	if (RUN(s, err, open, V(account), V(begun_ms)))
		return FAULT_STORE;
	return last ? RUN(s, err, close, V(account)) : OK;
}
