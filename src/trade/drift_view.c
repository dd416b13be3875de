/*
 * drift_view.c: offers that show something else than we last confirmed, a page at a time.
 */
#include "trade/keyset.h"
#include "trade/marketplaces.h"
#include "trade/rows.h"

#include <string.h>

static const struct filter_column columns[] = {
	{ "sku", "(lower(f.sku) @ OR lower(coalesce(i.sku, '')) @)", FILTER_WORD, "the channel's SKU or ours" },
	{ "title", "lower(f.title) @", FILTER_TEXT, "title of the listing" },
	{ "channel", "(lower(c.name) @ OR lower(c.channel) @)", FILTER_WORD, "account or channel: amazon-us, amazon" },
	{ "market", "lower(f.marketplace) @", FILTER_WORD, "marketplace of the channel" },
	{ "node", "lower(f.node) @", FILTER_WORD, "ship node" },
	{ "pool", "lower(f.pool) @", FILTER_WORD, "own, fba, wfs, auction" },
	{ "drift", "f.drift @", FILTER_INT, "shown minus expected: confirmed, less sales since" },
	{ "delta", "abs(f.drift) @", FILTER_INT, "the same without its sign" },
	{ "risk", "f.risk @", FILTER_INT, "units shown beyond what is available" },
	{ "avail", "coalesce(i.available, 0) @", FILTER_INT, "available of our item" },
	{ "target", "coalesce(f.target, -1) @", FILTER_INT, "what we want shown; -1: nothing yet" },
	{ "pushed", "coalesce(f.pushed, -1) @", FILTER_INT, "what was last confirmed; -1: nothing yet" },
	{ "seen", "coalesce(f.seen, -1) @", FILTER_INT, "what they show; -1: not read yet" },
	{ "cause", "lower(f.cause) @", FILTER_WORD, "likely cause: channel_edit, not_applied ..." },
	{ "push", "lower(f.push_state) @", FILTER_WORD, "settling, applied, not_applied, overwritten, partly" },
	{ "hold", "lower(f.hold) @", FILTER_TEXT, "why it is held at zero" },
	{ "since", "f.drift_ms @", FILTER_AGE, "time since it drifted" },
	{ "read", "f.seen_ms @", FILTER_AGE, "time since it was last read" },
	{ 0 },
};

static const struct filter_word words[] = {
	{ "oversell", "f.risk > 0", "shows more than is available" },
	{ "more", "f.drift > 0", "shows more than we confirmed" },
	{ "less", "f.drift < 0", "shows less than we confirmed" },
	{ "edited", "f.cause = 'CHANNEL_EDIT'", "somebody edited it at the channel" },
	{ "stuck", "f.push_state = 'NOT_APPLIED'", "accepted, but never shown" },
	{ "held", "f.hold <> ''", "held at zero" },
	{ "unmapped", "f.item_id IS NULL", "listed, but no item of ours" },
	{ "live", "c.mode = 'live'", "of accounts that are live" },
	{ "shadow", "c.mode = 'shadow'", "of accounts that only watch" },
	{ 0 },
};

const struct filter_language drift_language = {
	.column = columns,
	.word = words,
	.search = "(lower(f.sku) @ OR lower(f.title) @ OR lower(c.name) @ OR lower(f.cause) @ OR lower(f.node) @)",
};

#define FROM                                                                                                            \
	" FROM offer f CROSS JOIN account c LEFT JOIN item i ON i.id = f.item_id WHERE c.id = f.account_id AND f.drift <> 0"
#define UP(key) "SELECT " OFFER_COLUMNS FROM " AND (" key ", f.id) > (?, ?) ORDER BY " key ", f.id LIMIT ?"
#define DOWN(key) "SELECT " OFFER_COLUMNS FROM " AND (" key ", f.id) < (?, ?) ORDER BY " key " DESC, f.id DESC LIMIT ?"
#define LEG(key) .up = UP(key), .down = DOWN(key)

static const struct leg legs[DRIFT_SORTS] = {
	[SORT_RISK] = { LEG("f.risk"), .natural_down = true },
	[SORT_DELTA] = { LEG("abs(f.drift)"), .natural_down = true },
	[SORT_DRIFT_AGE] = { LEG("f.drift_ms") },
	[SORT_DRIFT_SKU] = { LEG("f.sku"), .text = true },
};

static const char *const sort_names[DRIFT_SORTS] = {
	[SORT_RISK] = "risk", [SORT_DELTA] = "delta", [SORT_DRIFT_AGE] = "since", [SORT_DRIFT_SKU] = "sku"
};

const struct leg *drift_leg(int i, const char **name)
{
	*name = drift_sort_name((enum drift_sort)i);
	return i < 0 || i >= DRIFT_SORTS ? NULL : &legs[i];
}

const char *drift_sort_name(enum drift_sort s)
{
	return s < DRIFT_SORTS ? sort_names[s] : "?";
}

struct page_key drift_key(const struct offer *o, int sort)
{
	switch ((enum drift_sort)sort) {
	case SORT_DELTA:
		return (struct page_key){ .value = o->drift < 0 ? -o->drift : o->drift, .id = o->id };
	case SORT_DRIFT_AGE:
		return (struct page_key){ .value = o->drift_ms, .id = o->id };
	case SORT_DRIFT_SKU:
		return (struct page_key){ .id = o->id, .text = o->sku };
	case SORT_RISK:
	case DRIFT_SORTS:
		break;
	}
	return (struct page_key){ .value = o->risk, .id = o->id };
}

enum fault drift_page(struct store *s, const struct page_ask *ask, struct arena *a, struct offer **out, int *got, int *at, int *len,
                      struct err *err)
{
	int want = page_rows(ask->n), n = 0;
	struct filter f;
	struct rows *r;

	*got = 0;
	*out = arena_alloc(a, sizeof **out * (size_t)(want + 1));
	if (ask->sort < 0 || ask->sort >= DRIFT_SORTS)
		return err_set(err, FAULT_REFUSED, "there is no such order of the drift list");
	if (filter_compile(a, &drift_language, ask->filter, ask->now_ms, &f, at, len, err))
		return FAULT_REFUSED;
	r = leg_ask(s, a, &legs[ask->sort], ask->reverse != ask->before, ask->key.id ? &ask->key : NULL, &f, want);
	while (n < want && rows_next(r))
		(*out)[n++] = offer_read(r, a);
	if (rows_end(r, err))
		return FAULT_STORE;
	*got = n;
	return offers_site(s, *out, n, a, err);
}

enum fault drift_count(struct store *s, const struct page_ask *ask, int64_t most, int64_t *out, struct err *err)
{
	static const char counter[] = "SELECT value FROM counter WHERE name = ?";
	struct arena *a = arena_new();
	struct filter f;
	enum fault bad = filter_compile(a, &drift_language, ask->filter, ask->now_ms, &f, NULL, NULL, err);

	*out = 0;
	if (!bad && !strcmp(f.where, "1 = 1"))
		bad = GET_INT(s, err, 0, out, counter, V("drift"));
	else if (!bad)
		bad = filter_count(s, a, "SELECT count(*) FROM (SELECT 1" FROM " AND %s LIMIT ?) x", &f, most, out, err);
	if (*out > most)
		*out = most;
	arena_free(a);
	return bad;
}
