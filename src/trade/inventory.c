#include "trade/inventory.h"

#include "store/store.h"
#include "trade/change.h"
#include "trade/kits.h"
#include "trade/ledger.h"
#include "trade/mapping.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

enum fault item_reserve(struct store *s, int64_t item, int64_t delta, const struct cause *why, struct err *err)
{
	assert(store_in_transaction(s));
	return ledger_shift(s, item, (struct shift){ .reserved = delta }, why, err);
}

/* What drifting offers show beyond what there is: it moves with what there is as well. */
static enum fault refresh_risk(struct store *s, int64_t item, struct err *err)
{
	static const char ask[] = "SELECT available FROM item WHERE id = ?";
	static const char sql[] = "UPDATE offer SET risk = CASE WHEN seen * pack > ?1 THEN seen * pack - ?1 ELSE 0 END "
				  "WHERE item_id = ?2 AND drift <> 0 AND pool = 'own' "
				  "AND risk <> CASE WHEN seen * pack > ?1 THEN seen * pack - ?1 ELSE 0 END";
	int64_t available;

	if (GET_INT(s, err, 0, &available, ask, V(item)))
		return FAULT_STORE;
	return RUN(s, err, sql, V(available > 0 ? available : (int64_t)0), V(item));
}

enum fault item_reckon(struct store *s, int64_t item, const struct cause *why, struct err *err)
{
	/* no place gives less than nothing: leaving one out never raises what is available */
	static const char shelves[] = "SELECT coalesce(sum(st.counted), 0), coalesce(sum(CASE WHEN st.held + st.moving > st.counted THEN st.counted "
				      "ELSE st.held + st.moving END), 0) FROM stock st JOIN place p ON p.id = st.place_id WHERE st.item_id = ? AND p.sells = 1";
	static const char owed[] = "SELECT coalesce(sum(reserves), 0) FROM order_line WHERE item_id = ? AND reserves > 0 AND taken = 0";
	static const char was[] = "SELECT counted, held, reserved, lent, kit FROM item WHERE id = ?";
	struct shift by = { 0 };
	int64_t reserved;
	bool kit = false;
	struct rows *r = ASK(s, shelves, V(item));

	assert(store_in_transaction(s));
	if (rows_next(r)) {
		by.counted = rows_int(r, 0);
		by.held = rows_int(r, 1);
	}
	if (rows_end(r, err) || GET_INT(s, err, 0, &reserved, owed, V(item)) || kits_lent(s, item, &by.lent, err))
		return FAULT_STORE;
	r = ASK(s, was, V(item));
	if (rows_next(r)) {
		by.counted -= rows_int(r, 0);
		by.held -= rows_int(r, 1);
		by.reserved = reserved - rows_int(r, 2);
		by.lent -= rows_int(r, 3);
		kit = rows_int(r, 4) != 0;
	}
	if (rows_end(r, err) || ledger_shift(s, item, by, why, err) || (kit && kit_reckon(s, item, why, err)))
		return FAULT_STORE;
	return refresh_risk(s, item, err);
}

/* ---- items ---- */

/* What waited for this SKU to be known. */
static enum fault adopt(struct store *s, int64_t item, const char *sku, const struct cause *why, struct err *err)
{
	static const char offers[] = "UPDATE offer SET item_id = ?1, known_ms = ?2, mapped_ms = ?2, mapped_by = 'spelling' WHERE sku = ?3 AND item_id IS NULL";
	static const char owed[] = "SELECT coalesce(sum(reserves), 0) FROM order_line WHERE sku = ? AND item_id IS NULL";
	static const char lines[] = "UPDATE order_line SET item_id = ? WHERE sku = ? AND item_id IS NULL";
	int64_t units;

	if (RUN(s, err, offers, V(item), V(why->now_ms), V(sku)) || GET_INT(s, err, 0, &units, owed, V(sku)) ||
	    RUN(s, err, lines, V(item), V(sku)) || mapping_found(s, 0, sku, why, err) ||
	    ledger_shift(s, item, (struct shift){ .reserved = units }, why, err))
		return FAULT_STORE;
	return ledger_dirty(s, item, why->now_ms, err);
}

enum fault item_id(struct store *s, const char *sku, const char *title, const struct cause *why, int64_t *id, struct err *err)
{
	static const char ask[] = "SELECT id FROM item WHERE sku = ?";
	static const char retitle[] = "UPDATE item SET title = ?1 WHERE id = ?2 AND title <> ?1";
	static const char insert[] = "INSERT INTO item (sku, title, made_ms) VALUES (?, ?, ?) RETURNING id";

	assert(store_in_transaction(s));
	if (GET_INT(s, err, 0, id, ask, V(sku)))
		return FAULT_STORE;
	if (*id)
		return title && *title ? RUN(s, err, retitle, V(title), V(*id)) : OK;
	if (RUN_ID(s, err, id, insert, V(sku), V(title ? title : ""), V(why->now_ms)) ||
	    change_text(s, "item", *id, "sku", NULL, sku, why->now_ms, why, err))
		return FAULT_STORE;
	return adopt(s, *id, sku, why, err);
}

enum fault item_of_sku(struct store *s, int64_t account, const char *sku, int64_t *id, struct err *err)
{
	struct mapped m;
	enum fault f = mapping_of(s, account, sku, &m, err);

	*id = m.item;
	return f;
}

static enum fault read_item(struct rows *r, struct arena *a, struct item *out, bool *found, struct err *err)
{
	*found = rows_next(r);
	if (*found)
		*out = (struct item){ rows_int(r, 0), rows_keep(r, 1, a), rows_keep(r, 2, a), rows_int(r, 3), rows_int(r, 4), rows_int(r, 5),
			              rows_int(r, 6) };
	return rows_end(r, err);
}

enum fault item_get(struct store *s, const char *sku, struct arena *a, struct item *out, struct err *err)
{
	static const char sql[] = "SELECT id, sku, title, counted, reserved, available, known_ms FROM item WHERE sku = ?";
	bool found;

	if (read_item(ASK(s, sql, V(sku)), a, out, &found, err))
		return FAULT_STORE;
	return found ? OK : err_set(err, FAULT_REFUSED, "there is no item %.80s: it was never counted", sku);
}

enum fault item_get_id(struct store *s, int64_t id, struct arena *a, struct item *out, struct err *err)
{
	static const char sql[] = "SELECT id, sku, title, counted, reserved, available, known_ms FROM item WHERE id = ?";
	bool found;

	if (read_item(ASK(s, sql, V(id)), a, out, &found, err))
		return FAULT_STORE;
	return found ? OK : err_set(err, FAULT_REFUSED, "there is no item number %" PRId64, id);
}

enum fault items_dirty(struct store *s, int64_t *out, int n, int *got, struct err *err)
{
	static const char sql[] = "SELECT item_id FROM dirty ORDER BY since_ms, item_id LIMIT ?";
	struct rows *r = ASK(s, sql, V(n));

	for (*got = 0; rows_next(r);)
		out[(*got)++] = rows_int(r, 0);
	return rows_end(r, err);
}

enum fault item_clean(struct store *s, int64_t item, struct err *err)
{
	static const char sql[] = "DELETE FROM dirty WHERE item_id = ?";

	assert(store_in_transaction(s));
	return RUN(s, err, sql, V(item));
}

/*
 * Where units of it are taken off: the place that is named; else one that tells no orders and holds them all, for what a warehouse sends it
 * tells, and the units would be back with its next reading; else where most of it is.
 */
static enum fault find_shelf(struct store *s, int64_t item, const char *place, int64_t qty, struct shelf *at, struct err *err)
{
	static const char sql[] = "SELECT st.place_id, st.counted, st.valid_ms, p.sells, st.told, st.account_id FROM stock st JOIN place p ON p.id = st.place_id "
				  "WHERE st.item_id = ?1 ORDER BY p.name = ?2 DESC, p.sells DESC, (st.counted >= ?3 AND NOT EXISTS (SELECT 1 FROM source k "
				  "WHERE k.account_id = st.account_id AND k.upto_ms > 0)) DESC, st.counted DESC, st.place_id LIMIT 1";
	struct rows *r = ASK(s, sql, V(item), V(place ? place : ""), V(qty));

	*at = (struct shelf){ .item = item };
	if (rows_next(r)) {
		at->known = true;
		at->place = rows_int(r, 0);
		at->counted = rows_int(r, 1);
		at->valid_ms = rows_int(r, 2);
		at->counts = rows_int(r, 3) != 0;
		at->told = rows_int(r, 4);
		at->account = rows_int(r, 5);
	}
	return rows_end(r, err);
}

/* What stood made up goes first; the rest was made of its parts. A count that is younger and still shows some knows of all of them. */
static enum fault dispatch_parts(struct store *s, const struct shelf *at, const char *place, int64_t qty, int64_t valid_ms, const char *ref,
                                 const struct cause *why, struct err *err)
{
	int64_t stood = !at->known || !at->counted ? 0 : valid_ms <= at->valid_ms || at->counted > qty ? qty : at->counted;
	struct arena *a = arena_new();
	struct kit_part *part;
	int n = 0;
	enum fault f = stood < qty ? kit_parts(s, at->item, a, &part, &n, err) : OK;

	for (int i = 0; i < n && !f; i++)
		f = item_dispatch(s, part[i].item, place, (qty - stood) * part[i].qty, valid_ms, ref, why, err);
	arena_free(a);
	return f;
}

enum fault item_dispatch(struct store *s, int64_t item, const char *place, int64_t qty, int64_t valid_ms, const char *ref,
                         const struct cause *why, struct err *err)
{
	struct shelf at;
	enum fault f = find_shelf(s, item, place, qty, &at, err);

	assert(store_in_transaction(s) && qty >= 0);
	if (!f)
		f = dispatch_parts(s, &at, place, qty, valid_ms, ref, why, err);
	if (f || !at.known || valid_ms <= at.valid_ms || !qty)
		return f;
	return ledger_set(s, &at, qty < at.counted ? at.counted - qty : 0, valid_ms, "dispatch", ref, why, err);
}
