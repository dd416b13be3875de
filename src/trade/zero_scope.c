/*
 * zero_scope: which offers are meant, in words or to be picked from; and whether they are too many for one person.
 */
#include "trade/zero.h"

#include "store/store.h"
#include "trade/node_place.h"
#include "trade/rows.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The thresholds of the two-person rule. */
enum { OFFERS_ALONE = 100, SHARE_ALONE_PERCENT = 50 };

/* ---- what is meant ---- */

static const struct {
	const char *prefix;
	const char *sql; /* ?1 the word's rest, ?2 the account or 0 */
} scopes[] = {
	{ "offer:", "SELECT id FROM offer WHERE id = CAST(?1 AS INTEGER) AND (?2 = 0 OR account_id = ?2)" },
	{ "account:", "SELECT f.id FROM account c JOIN offer f ON f.account_id = c.id WHERE c.name = ?1 AND (?2 = 0 OR c.id = ?2)" },
	{ "tag:", "SELECT f.id FROM item_tag t JOIN offer f ON f.item_id = t.item_id WHERE t.tag = ?1 AND (?2 = 0 OR f.account_id = ?2)" },
	{ "node:", "SELECT f.id FROM offer f WHERE f.node <> '' AND (f.node = ?1 OR " NODE_PLACE("f.node", "f.account_id") " = ?1) AND (?2 = 0 OR f.account_id = ?2)" },
	{ "all", "SELECT id FROM offer WHERE ?1 = '' AND (?2 = 0 OR account_id = ?2)" },
	{ "", "SELECT f.id FROM item i JOIN offer f ON f.item_id = i.id WHERE i.sku = ?1 AND (?2 = 0 OR f.account_id = ?2) "
	      "UNION SELECT id FROM offer WHERE sku = ?1 AND (?2 = 0 OR account_id = ?2)" },
};

/* A word without a colon in it stands alone: a SKU may begin with the same letters. */
static bool is_scope(const char *word, const char *prefix)
{
	return *prefix && !strchr(prefix, ':') ? !strcmp(word, prefix) : !strncmp(word, prefix, strlen(prefix));
}

static int by_number(const void *p, const void *q)
{
	const int64_t *a = p, *b = q;

	return (*a > *b) - (*a < *b);
}

/* ---- what there is to pick from ---- */

enum { PICKS_NAMED = 6 };

static const struct {
	const char *prefix, *sql;
} pickable[ZERO_PICKS] = {
	[ZERO_PICK_TAG] = { "tag:", "SELECT t.tag, count(*), '' FROM item_tag t JOIN offer f ON f.item_id = t.item_id GROUP BY t.tag ORDER BY t.tag LIMIT ?" },
	[ZERO_PICK_NODE] = { "node:", "SELECT f.node, count(*), coalesce(" NODE_PLACE("f.node", "f.account_id") ", '') FROM offer f WHERE f.node <> '' AND f.pool = 'own' "
				      "GROUP BY f.account_id, f.node ORDER BY f.node, f.account_id LIMIT ?" },
	[ZERO_PICK_CHANNEL] = { "account:", "SELECT c.name, count(*), '' FROM account c JOIN offer f ON f.account_id = c.id GROUP BY c.name ORDER BY c.name LIMIT ?" },
};

enum fault zero_picks(struct store *s, enum zero_pick what, int most, struct arena *a, struct zero_scope_row **out, int *n, struct err *err)
{
	struct rows *r = ASK(s, pickable[what].sql, V(most));

	*out = arena_alloc(a, (size_t)(most + 1) * sizeof **out);
	for (*n = 0; rows_next(r); (*n)++) {
		const char *word = rows_keep(r, 0, a), *place = rows_text(r, 2);

		(*out)[*n] = (struct zero_scope_row){
			.word = arena_printf(a, "%s%s", pickable[what].prefix, word),
			.name = *place && strcmp(place, word) ? arena_printf(a, "%s, %s", word, place) : word,
			.offers = rows_int(r, 1),
		};
	}
	return rows_end(r, err);
}

/* A word that names nothing: what does, of that kind. */
static enum fault names_nothing(struct store *s, const char *word, struct arena *a, struct err *err)
{
	struct zero_scope_row *row;
	const char *there = "";
	int what = 0, n;

	while (what < ZERO_PICKS && strncmp(word, pickable[what].prefix, strlen(pickable[what].prefix)))
		what++;
	if (what == ZERO_PICKS)
		return err_set(err, FAULT_REFUSED, "%.80s names no offer here: a SKU, offer:N, account:NAME, tag:NAME, node:NAME or all", word);
	if (zero_picks(s, (enum zero_pick)what, PICKS_NAMED + 1, a, &row, &n, err))
		return FAULT_STORE;
	for (int i = 0; i < n && i < PICKS_NAMED; i++)
		there = arena_printf(a, "%s%s%s", there, i ? "; " : "", row[i].name);
	return err_set(err, FAULT_REFUSED, "%.80s names no offer here: %s%s%s", word, n ? "there is " : "there is none of that kind", there, n > PICKS_NAMED ? "; and others" : "");
}

/* ---- the offers ---- */

enum fault zero_scope(struct store *s, const char *const *word, int words, int64_t account, struct arena *a, int64_t **offer, int *n, struct err *err)
{
	int cap = 0, unique = 0;

	*offer = NULL;
	*n = 0;
	for (int i = 0; i < words; i++) {
		size_t k = 0;
		int before = *n;
		struct rows *r;

		while (!is_scope(word[i], scopes[k].prefix))
			k++;
		for (r = ASK(s, scopes[k].sql, V(word[i] + strlen(scopes[k].prefix)), V(account)); rows_next(r);) {
			*offer = arena_grow(a, *offer, *n, &cap, sizeof **offer);
			(*offer)[(*n)++] = rows_int(r, 0);
		}
		if (rows_end(r, err))
			return FAULT_STORE;
		if (*n == before)
			return names_nothing(s, word[i], a, err);
	}
	if (*n)
		qsort(*offer, (size_t)*n, sizeof **offer, by_number);
	for (int i = 0; i < *n; i++)
		if (!i || (*offer)[i] != (*offer)[i - 1])
			(*offer)[unique++] = (*offer)[i];
	*n = unique;
	return OK;
}

/* ---- two persons ---- */

struct reach { /* what of one account is meant */
	int64_t account, offers, units;
	const char *name;
};

static enum fault add_reach(struct store *s, int64_t offer, struct arena *a, struct reach **list, int *n, int *cap, struct err *err)
{
	struct offer o;
	int i = 0;

	if (offer_get(s, offer, a, &o, err))
		return err->fault;
	while (i < *n && (*list)[i].account != o.account)
		i++;
	if (i == *n) {
		*list = arena_grow(a, *list, *n, cap, sizeof **list);
		(*list)[(*n)++] = (struct reach){ .account = o.account, .name = o.account_name };
	}
	(*list)[i].offers++;
	(*list)[i].units += o.seen > 0 ? o.seen : o.pushed > 0 ? o.pushed : 0;
	return OK;
}

/* The whole of an account, or most of what it shows. */
static enum fault too_much(struct store *s, const struct reach *r, struct arena *a, const char **why, struct err *err)
{
	static const char sql[] = "SELECT count(*), coalesce(sum(coalesce(seen, pushed, 0)), 0) FROM offer "
				  "WHERE account_id = ? AND pool = 'own' AND block = '' AND item_id IS NOT NULL";
	int64_t offers = 0, units = 0;
	struct rows *q = ASK(s, sql, V(r->account));

	if (rows_next(q)) {
		offers = rows_int(q, 0);
		units = rows_int(q, 1);
	}
	if (rows_end(q, err))
		return FAULT_STORE;
	if (offers > 1 && r->offers >= offers)
		*why = arena_printf(a, "all %" PRId64 " offers of %s", offers, r->name);
	else if (offers > 1 && r->units * 100 > units * SHARE_ALONE_PERCENT)
		*why = arena_printf(a, "%" PRId64 " of the %" PRId64 " units that %s shows", r->units, units, r->name);
	return OK;
}

enum fault zero_needs_two(struct store *s, const int64_t *offer, int n, struct arena *a, const char **why, struct err *err)
{
	struct reach *list = NULL;
	int accounts = 0, cap = 0;
	enum fault f = OK;

	*why = n > OFFERS_ALONE ? arena_printf(a, "%d offers", n) : NULL;
	for (int i = 0; i < n && !f && !*why; i++)
		f = add_reach(s, offer[i], a, &list, &accounts, &cap, err);
	for (int i = 0; i < accounts && !f && !*why; i++)
		f = too_much(s, &list[i], a, why, err);
	return f;
}
