#include "trade/products.h"

#include "store/store.h"
#include "trade/change.h"
#include "trade/news.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

enum { MOST_EACHES = 999999, NAME_MOST = 100 };

struct unit_was {
	int64_t id, eaches;
};

static enum fault find_unit(struct store *s, int64_t account, const char *sku, const char *unit, struct unit_was *out, struct err *err)
{
	static const char sql[] = "SELECT id, eaches FROM product_unit WHERE account_id = ? AND sku = ? AND unit = ?";
	struct rows *r = ASK(s, sql, V(account), V(sku), V(unit));

	*out = (struct unit_was){ 0 };
	if (rows_next(r))
		*out = (struct unit_was){ rows_int(r, 0), rows_int(r, 1) };
	return rows_end(r, err);
}

enum fault product_eaches(struct store *s, int64_t account, const char *sku, const char *unit, int64_t *eaches, struct err *err)
{
	struct unit_was u;
	enum fault f = find_unit(s, account, sku, unit, &u, err);

	*eaches = u.eaches;
	return f;
}

static enum fault put_unit(struct store *s, int64_t account, const struct product *p, const struct cause *why, struct err *err)
{
	static const char insert[] = "INSERT INTO product_unit (account_id, sku, unit, eaches, known_ms) VALUES (?, ?, ?, ?, ?) RETURNING id";
	static const char update[] = "UPDATE product_unit SET eaches = ?, known_ms = ? WHERE id = ?";
	struct unit_was was;

	if (find_unit(s, account, p->sku, p->unit, &was, err))
		return FAULT_STORE;
	if (was.id && was.eaches == p->eaches)
		return OK;
	if (was.id ? RUN(s, err, update, V(p->eaches), V(why->now_ms), V(was.id))
	           : RUN_ID(s, err, &was.id, insert, V(account), V(p->sku), V(p->unit), V(p->eaches), V(why->now_ms)))
		return FAULT_STORE;
	return change_int(s, "product_unit", was.id, "eaches", was.eaches, p->eaches, why->now_ms, why, err);
}

/* Most are sold and always were: a row is made by the first that is not. */
static enum fault note_active(struct store *s, int64_t account, const struct product *p, const struct cause *why, struct err *err)
{
	static const char ask[] = "SELECT active FROM discontinued WHERE sku = ? AND account_id = ?";
	static const char put[] = "INSERT INTO discontinued (sku, account_id, active, known_ms) VALUES (?1, ?2, ?3, ?4) "
				  "ON CONFLICT (sku, account_id) DO UPDATE SET active = ?3, known_ms = ?4";
	static const char item[] = "SELECT id FROM item WHERE sku = ?";
	int64_t was, id;

	if (GET_INT(s, err, 1, &was, ask, V(p->sku), V(account)))
		return FAULT_STORE;
	if ((was != 0) == p->active)
		return OK;
	if (RUN(s, err, put, V(p->sku), V(account), V(p->active), V(why->now_ms)) || GET_INT(s, err, 0, &id, item, V(p->sku)))
		return FAULT_STORE;
	return change_int(s, "item", id, "sold", was, p->active, why->now_ms, why, err);
}

enum fault product_tell(struct store *s, int64_t account, const struct product *p, const struct cause *why, struct err *err)
{
	assert(store_in_transaction(s));
	if (!p->sku || !*p->sku || strlen(p->sku) > NAME_MOST)
		return err_set(err, FAULT_FORMAT, "a product without a SKU, or with one of more than %d bytes", NAME_MOST);
	if (note_active(s, account, p, why, err))
		return FAULT_STORE;
	if (!p->unit || !*p->unit)
		return OK;
	if (strlen(p->unit) > NAME_MOST || p->eaches < 1 || p->eaches > MOST_EACHES)
		return err_set(err, FAULT_FORMAT, "%.80s: %" PRId64 " eaches in a %.40s", p->sku, p->eaches, p->unit);
	return put_unit(s, account, p, why, err);
}
