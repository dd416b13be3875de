#include "trade/ledger.h"

#include "store/store.h"
#include "trade/alerts.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { NAMED = 3 };

/* The orders that cannot be filled: the newest, until what is missing is covered. */
static enum fault name_short(struct store *s, int64_t item, int64_t missing, char *out, size_t cap, struct err *err)
{
	static const char sql[] = "SELECT o.ref, l.reserves FROM order_line l JOIN orders o ON o.id = l.order_id WHERE l.item_id = ? AND l.reserves > 0 "
				  "AND l.taken = 0 ORDER BY o.placed_ms DESC, o.id DESC LIMIT 200";
	struct rows *r = ASK(s, sql, V(item));
	size_t len = 0;
	int n = 0;

	for (*out = '\0'; missing > 0 && rows_next(r); n++) {
		missing -= rows_int(r, 1);
		if (n < NAMED && len < cap)
			len += (size_t)snprintf(out + len, cap - len, "%s%.40s", n ? ", " : ": cannot be filled: ", rows_text(r, 0));
	}
	if (n > NAMED && len < cap)
		snprintf(out + len, cap - len, " and %d more", n - NAMED);
	return rows_end(r, err);
}

static enum fault tell_oversold(struct store *s, int64_t item, const char *sku, int64_t available, const struct cause *why, struct err *err)
{
	char key[160], text[400], orders[200];
	struct alert a = { .key = key, .kind = "oversold", .severity = "CRIT", .subject = sku, .text = text,
		           .next = "its offers go to zero by themselves; find the units or cancel what cannot be sent" };

	snprintf(key, sizeof key, "oversold %.140s", sku);
	if (available >= 0)
		return alert_close(s, key, why->now_ms, err);
	if (name_short(s, item, -available, orders, sizeof orders, err))
		return FAULT_STORE;
	snprintf(text, sizeof text, "%.100s: %" PRId64 " %s owed than there are%s", sku, -available, available == -1 ? "unit more is" : "units more are",
	         orders);
	return alert_raise(s, &a, why->now_ms, err);
}

enum fault ledger_dirty(struct store *s, int64_t item, int64_t now_ms, struct err *err)
{
	static const char sql[] = "INSERT INTO dirty (item_id, since_ms) VALUES (?, ?) ON CONFLICT (item_id) DO NOTHING";

	return RUN(s, err, sql, V(item), V(now_ms));
}

enum fault ledger_shift(struct store *s, int64_t item, struct shift by, const struct cause *why, struct err *err)
{
	static const char sql[] = "UPDATE item SET counted = counted + ?1, reserved = reserved + ?2, held = held + ?3, available = available + ?1 - ?2 - ?3, "
				  "known_ms = ?4 WHERE id = ?5 RETURNING available, reserved, sku";
	int64_t is = 0, owed = 0, was;
	char sku[160] = "";
	struct rows *r;

	if (!by.counted && !by.reserved && !by.held)
		return OK;
	r = ASK(s, sql, V(by.counted), V(by.reserved), V(by.held), V(why->now_ms), V(item));
	while (rows_next(r)) {
		is = rows_int(r, 0);
		owed = rows_int(r, 1);
		snprintf(sku, sizeof sku, "%s", rows_text(r, 2));
	}
	if (rows_end(r, err))
		return FAULT_STORE;
	assert(owed >= 0);
	was = is - by.counted + by.reserved + by.held;
	if ((was < 0 || is < 0) && tell_oversold(s, item, sku, is, why, err))
		return FAULT_STORE;
	return ledger_dirty(s, item, why->now_ms, err);
}

static enum fault write_move(struct store *s, const struct shelf *at, int64_t qty, const char *what, const char *ref, int64_t valid_ms,
                             const struct cause *why, struct err *err)
{
	static const char sql[] = "INSERT INTO move (item_id, place_id, qty, cause, ref, valid_ms, known_ms, actor, trace, config_id) "
				  "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

	return RUN(s, err, sql, V(at->item), V(at->place), V(qty), V(what), V(ref), V(valid_ms), V(why->now_ms), V(why->actor),
	           V(why->trace ? why->trace : ""), why->config_id ? V(why->config_id) : V_NULL);
}

enum fault ledger_set(struct store *s, const struct shelf *at, int64_t counted, int64_t valid_ms, const char *what, const char *ref,
                            const struct cause *why, struct err *err)
{
	static const char sql[] = "INSERT INTO stock (item_id, place_id, counted, told, valid_ms, known_ms, account_id) VALUES (?, ?, ?, ?, ?, ?, ?) "
				  "ON CONFLICT (item_id, place_id) DO UPDATE SET counted = excluded.counted, told = excluded.told, "
				  "valid_ms = excluded.valid_ms, known_ms = excluded.known_ms, account_id = excluded.account_id";
	int64_t delta = counted - at->counted;
	bool count = !strcmp(what, "count");

	/* a dispatch does not make the count younger */
	if (RUN(s, err, sql, V(at->item), V(at->place), V(counted), V(at->told), V(count ? valid_ms : at->valid_ms), V(why->now_ms),
	        V(at->account)))
		return FAULT_STORE;
	if (delta && write_move(s, at, delta, what, ref, valid_ms, why, err))
		return FAULT_STORE;
	return at->counts ? ledger_shift(s, at->item, (struct shift){ .counted = delta }, why, err) : OK;
}

