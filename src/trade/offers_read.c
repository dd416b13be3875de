/*
 * offers_read.c: offers, one or many, and which of them are not ours to write. The interface is in offers.h.
 */
#include "trade/offers.h"

#include "trade/rows.h"

#include <inttypes.h>
#include <string.h>

#define FROM "SELECT " OFFER_COLUMNS " FROM offer f JOIN account c ON c.id = f.account_id LEFT JOIN item i ON i.id = f.item_id "

enum fault offer_get(struct store *s, int64_t id, struct arena *a, struct offer *out, struct err *err)
{
	static const char sql[] = FROM "WHERE f.id = ?";
	struct rows *r = ASK(s, sql, V(id));
	bool found = rows_next(r);

	if (found)
		*out = offer_read(r, a);
	if (rows_end(r, err))
		return FAULT_STORE;
	return found ? OK : err_set(err, FAULT_REFUSED, "there is no offer %" PRId64, id);
}

enum fault offers_list(struct store *s, int64_t item, int64_t account, int64_t after, int n, struct arena *a, struct offer **out, int *got,
                       struct err *err)
{
	static const char of_item[] = FROM "WHERE f.item_id = ? AND f.id > ? ORDER BY f.id LIMIT ?";
	static const char of_account[] = FROM "WHERE f.account_id = ? AND f.id > ? ORDER BY f.id LIMIT ?";
	struct rows *r = item ? ASK(s, of_item, V(item), V(after), V(n)) : ASK(s, of_account, V(account), V(after), V(n));

	*out = arena_alloc(a, (size_t)(n + 1) * sizeof **out);
	for (*got = 0; rows_next(r);)
		(*out)[(*got)++] = offer_read(r, a);
	return rows_end(r, err);
}

/* Is it one of a few words with a space between? */
static bool has_word(const char *words, const char *word)
{
	size_t n = strlen(word);

	for (const char *p = words; (p = strstr(p, word)); p += n)
		if ((p == words || p[-1] == ' ') && (!p[n] || p[n] == ' '))
			return true;
	return false;
}

const char *offer_unwritable(const struct offer *o)
{
	if (!strcmp(o->pool, "fba"))
		return "fulfilled by Amazon: its stock is not ours to say";
	if (!strcmp(o->pool, "wfs"))
		return "fulfilled by Walmart: its stock is not ours to say";
	if (strcmp(o->pool, "own"))
		return "an auction: its quantity is never written";
	if (*o->block && !(o->place && has_word(o->flags, "spare")))
		return o->block;
	return o->item ? NULL : "not mapped to an item of ours";
}

int64_t offer_tied(const struct offer *o)
{
	bool theirs = !strcmp(o->pool, "fba") || !strcmp(o->pool, "wfs");

	if (theirs || !o->item || o->seen <= 0 || !offer_unwritable(o) || has_word(o->flags, "spare") || has_word(o->flags, "ended"))
		return 0;
	return o->seen * o->pack;
}
