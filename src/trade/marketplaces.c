#include "trade/marketplaces.h"

#include "store/store.h"
#include "trade/node_place.h"
#include "trade/offers.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

struct marketplaces marketplaces_load(struct arena *a)
{
	return (struct marketplaces){ csv_builtin(a, "data/marketplaces.csv") };
}

/* "walmart-us" and "US" */
static bool is_named_for(const char *account, const char *word)
{
	size_t n = strlen(account), w = strlen(word);

	return n > w && account[n - w - 1] == '-' && !strcasecmp(account + n - w, word);
}

const char *marketplace_word(const struct marketplaces *m, const char *account, const char *marketplace)
{
	const struct csv_row *row = csv_find(&m->table, "id", marketplace);
	const char *word = row ? csv_field(row, csv_column(&m->table, "word")) : marketplace;

	return is_named_for(account, word) ? "" : word;
}

/* Its node, where the same SKU stands at another one beside it; "": it does not. */
static enum fault place_word(struct store *s, const struct offer *o, struct arena *a, const char **out, struct err *err)
{
	static const char sql[] = "SELECT coalesce(" NODE_PLACE("?4", "?2") ", ?4) FROM offer "
				  "WHERE sku = ?1 AND account_id = ?2 AND marketplace = ?3 AND node <> ?4 LIMIT 1";
	struct rows *r;

	*out = "";
	if (!*o->node)
		return OK;
	r = ASK(s, sql, V(o->sku), V(o->account), V(o->marketplace), V(o->node));
	if (rows_next(r))
		*out = rows_keep(r, 0, a);
	return rows_end(r, err);
}

enum fault offer_site(struct store *s, const struct marketplaces *m, struct offer *o, struct arena *a, struct err *err)
{
	const char *word = *o->marketplace ? marketplace_word(m, o->account_name, o->marketplace) : "", *place;
	enum fault f = place_word(s, o, a, &place, err);

	if (!f)
		o->site = *word && *place ? arena_printf(a, "%s %s", word, place) : *place ? place : word;
	return f;
}

enum fault offers_site(struct store *s, struct offer *o, int n, struct arena *a, struct err *err)
{
	struct marketplaces m = marketplaces_load(a);
	enum fault f = OK;

	for (int i = 0; i < n && !f; i++)
		f = offer_site(s, &m, &o[i], a, err);
	return f;
}

const char *offer_where(const struct offer *o, struct arena *a)
{
	return *o->site ? arena_printf(a, "%s %s", o->account_name, o->site) : o->account_name;
}
