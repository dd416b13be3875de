#include "trade/ledger.h"

#include "store/store.h"
#include "trade/alerts.h"
#include "trade/change.h"
#include "trade/kits.h"
#include "trade/readings.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { NAMED = 3 };

/* The orders that cannot be filled, of it and of the kits it is a part of: the newest, until what is missing is covered. */
static enum fault name_short(struct store *s, int64_t item, int64_t missing, char *out, size_t cap, struct err *err)
{
	static const char sql[] = "WITH RECURSIVE up (item_id, qty) AS (SELECT ?1, 1 UNION ALL SELECT k.item_id, up.qty * k.qty FROM up JOIN kit k "
				  "ON k.part_id = up.item_id) SELECT o.ref, l.reserves * up.qty FROM up JOIN order_line l ON l.item_id = up.item_id "
				  "JOIN orders o ON o.id = l.order_id WHERE l.reserves > 0 AND l.taken = 0 ORDER BY o.placed_ms DESC, o.id DESC LIMIT 200";
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

	bool early;

	snprintf(key, sizeof key, "oversold %.140s", sku);
	if (available >= 0)
		return alert_close(s, key, why->now_ms, err);
	if (sources_awaited(s, why->now_ms, &early, err))
		return FAULT_STORE;
	if (early)
		return OK;
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

/* Its numbers as they are now. */
struct stood {
	int64_t available, reserved, own; /* own: counted, and nobody's */
	bool kit;
	char sku[160];
};

static enum fault read_stood(struct rows *r, struct stood *out, struct err *err)
{
	*out = (struct stood){ 0 };
	while (rows_next(r)) {
		*out = (struct stood){ rows_int(r, 0), rows_int(r, 1), rows_int(r, 2), rows_int(r, 3) != 0, "" };
		snprintf(out->sku, sizeof out->sku, "%s", rows_text(r, 4));
	}
	return rows_end(r, err);
}

#define STOOD "available, reserved, counted - held - reserved - lent, kit, sku"

static enum fault stand(struct store *s, int64_t item, struct stood *out, struct err *err)
{
	static const char sql[] = "SELECT " STOOD " FROM item WHERE id = ?";

	return read_stood(ASK(s, sql, V(item)), out, err);
}

/* A kit that stands made up is the ledger's own affair; what it is short of is its parts'. */
static enum fault follow_kit(struct store *s, int64_t item, int64_t by, struct stood *is, const struct cause *why, struct err *err)
{
	int64_t was_short = is->own - by < 0 ? by - is->own : 0, is_short = is->own < 0 ? -is->own : 0;

	if (!is->kit || was_short == is_short)
		return OK;
	return kit_reckon(s, item, why, err) ? FAULT_STORE : stand(s, item, is, err);
}

enum fault ledger_shift(struct store *s, int64_t item, struct shift by, const struct cause *why, struct err *err)
{
	static const char sql[] = "UPDATE item SET counted = counted + ?1, reserved = reserved + ?2, held = held + ?3, lent = lent + ?6, "
				  "available = available + ?1 - ?2 - ?3 - ?6, known_ms = ?4 WHERE id = ?5 RETURNING " STOOD;
	int64_t delta = by.counted - by.reserved - by.held - by.lent, was;
	struct stood is;

	if (!by.counted && !by.reserved && !by.held && !by.lent)
		return OK;
	if (read_stood(ASK(s, sql, V(by.counted), V(by.reserved), V(by.held), V(why->now_ms), V(item), V(by.lent)), &is, err))
		return FAULT_STORE;
	assert(is.reserved >= 0);
	was = is.available - delta;
	if (change_int(s, "item", item, "available", was, is.available, why->now_ms, why, err) || follow_kit(s, item, delta, &is, why, err))
		return FAULT_STORE;
	if ((was < 0 || is.available < 0) && tell_oversold(s, item, is.sku, is.available, why, err))
		return FAULT_STORE;
	return kits_touch(s, item, why->now_ms, err) ? FAULT_STORE : ledger_dirty(s, item, why->now_ms, err);
}

enum fault ledger_weigh(struct store *s, int64_t item, const struct cause *why, struct err *err)
{
	struct stood is;

	if (stand(s, item, &is, err) || tell_oversold(s, item, is.sku, is.available, why, err) || kits_touch(s, item, why->now_ms, err))
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

