#include "trade/gross.h"

#include "store/store.h"
#include "trade/change.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* What this reading says; NULL: nothing, since something else is on its way too. */
static const char *says(const struct seen *seen, int64_t pushed)
{
	if (seen->reserved <= 0)
		return NULL;
	if (seen->sellable == pushed - seen->reserved)
		return "gross";
	return seen->sellable == pushed ? "net" : NULL;
}

static enum fault decide(struct store *s, int64_t account, const struct cause *why, struct err *err)
{
	static const char ask[] = "SELECT count(*), coalesce(sum(CASE WHEN says = 'gross' THEN 1 ELSE 0 END), 0), "
				  "(SELECT gross FROM account WHERE id = ?1) FROM gross_evidence WHERE account_id = ?1";
	static const char sql[] = "UPDATE account SET gross = ? WHERE id = ?";
	int64_t n = 0, gross = 0;
	const char *is;
	char was[8] = "";
	struct rows *r = ASK(s, ask, V(account));

	if (rows_next(r)) {
		n = rows_int(r, 0);
		gross = rows_int(r, 1);
		snprintf(was, sizeof was, "%s", rows_text(r, 2));
	}
	if (rows_end(r, err))
		return FAULT_STORE;
	is = n < GROSS_SKUS || (gross && gross != n) ? "" : gross ? "gross" : "net";
	if (!strcmp(was, is))
		return OK;
	return RUN(s, err, sql, V(is), V(account)) ? FAULT_STORE : change_text(s, "account", account, "gross", was, is, why->now_ms, why, err);
}

enum fault gross_note(struct store *s, int64_t account, const struct seen *seen, int64_t pushed, const struct cause *why, struct err *err)
{
	static const char sql[] = "INSERT INTO gross_evidence (account_id, sku, says, pushed, reserved, sellable, at_ms, attempt_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?) "
				  "ON CONFLICT (account_id, sku) DO UPDATE SET says = excluded.says, pushed = excluded.pushed, reserved = excluded.reserved, "
				  "sellable = excluded.sellable, at_ms = excluded.at_ms, attempt_id = excluded.attempt_id";
	const char *what = says(seen, pushed);

	assert(store_in_transaction(s));
	if (!what)
		return OK;
	if (RUN(s, err, sql, V(account), V(seen->sku), V(what), V(pushed), V(seen->reserved), V(seen->sellable), V(why->now_ms),
	        why->attempt_id ? V(why->attempt_id) : V_NULL))
		return FAULT_STORE;
	return decide(s, account, why, err);
}

enum fault gross_extra(struct store *s, int64_t offer, int64_t *units, struct err *err)
{
	static const char read[] = "SELECT f.reserved FROM offer f JOIN account c ON c.id = f.account_id WHERE f.id = ? AND c.gross = 'gross'";
	static const char known[] = "SELECT coalesce(sum(l.qty - l.q_shipped - l.q_delivered - l.q_cancelled), 0) FROM offer f JOIN order_line l ON l.item_id = f.item_id "
				    "AND l.sku = f.sku AND l.reserves > 0 JOIN orders o ON o.id = l.order_id AND o.account_id = f.account_id WHERE f.id = ?";
	int64_t open;

	if (GET_INT(s, err, 0, units, read, V(offer)))
		return FAULT_STORE;
	if (!*units)
		return OK;
	if (GET_INT(s, err, 0, &open, known, V(offer)))
		return FAULT_STORE;
	*units = open < *units ? open : *units; /* one of the two is older: the fewer are surely still reserved */
	return OK;
}

enum fault gross_list(struct store *s, struct arena *a, struct gross_row **out, int *n, struct err *err)
{
	static const char sql[] = "SELECT c.id, c.name, c.gross, coalesce(sum(CASE WHEN e.says = 'gross' THEN 1 ELSE 0 END), 0), "
				  "coalesce(sum(CASE WHEN e.says = 'net' THEN 1 ELSE 0 END), 0) FROM gross_evidence e JOIN account c ON c.id = e.account_id "
				  "GROUP BY c.id, c.name, c.gross ORDER BY c.name";
	struct rows *r = store_ask(s, sql, NULL, 0);
	int cap = 0;

	*out = NULL;
	for (*n = 0; rows_next(r); ++*n) {
		*out = arena_grow(a, *out, *n, &cap, sizeof **out);
		(*out)[*n] = (struct gross_row){ .account = rows_int(r, 0), .name = rows_keep(r, 1, a), .verdict = rows_keep(r, 2, a), .gross = rows_int(r, 3),
			                         .net = rows_int(r, 4) };
	}
	return rows_end(r, err);
}
