#include "trade/missing.h"

#include "store/store.h"
#include "trade/alerts.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* What the account said of the place before, in order of SKU. */
struct said {
	int64_t item;
	const char *sku;
	int64_t free, times, since_ms; /* times: complete readings in a row that left it out, the last one of since_ms */
	bool offered;
};

#define SAID                                                                                                                           \
	"SELECT r.item_id, i.sku, r.free, r.missing, r.missing_ms, EXISTS (SELECT 1 FROM offer f WHERE f.item_id = i.id AND f.pool = 'own' " \
	"AND f.block = '') FROM reading r JOIN place p ON p.id = r.place_id JOIN item i ON i.id = r.item_id WHERE p.name = ?1 AND r.account_id = ?2 " \
	"AND (r.free > 0 OR r.missing > 0) AND NOT EXISTS (SELECT 1 FROM inbox b WHERE b.account_id = r.account_id AND b.verb = 'counts' "     \
	"AND b.subject = i.sku AND b.state IN ('parked', 'retried')) ORDER BY i.sku"

static enum fault read_said(struct store *s, const struct complete *c, struct arena *a, struct said **out, int *n, struct err *err)
{
	static const char sql[] = SAID;
	struct rows *r = ASK(s, sql, V(c->place), V(c->account));
	int cap = 0;

	*out = NULL;
	for (*n = 0; rows_next(r); ++*n) {
		*out = arena_grow(a, *out, *n, &cap, sizeof **out);
		(*out)[*n] = (struct said){ rows_int(r, 0), rows_keep(r, 1, a), rows_int(r, 2), rows_int(r, 3), rows_int(r, 4), rows_int(r, 5) != 0 };
	}
	return rows_end(r, err);
}

/* Both in order: at is where the walk through the reading stands. */
static bool is_named(const struct complete *c, const char *sku, int *at)
{
	while (*at < c->n && strcmp(c->sku[*at], sku) < 0)
		++*at;
	return *at < c->n && !strcmp(c->sku[*at], sku);
}

enum fault missing_again(struct store *s, const struct complete *c, struct arena *a, const char *const **sku, int *n, struct err *err)
{
	struct said *said;
	const char **out;
	int k, at = 0;
	enum fault f = c->again ? OK : read_said(s, c, a, &said, &k, err);

	*sku = NULL;
	*n = 0;
	if (f || c->again)
		return f;
	*sku = out = arena_alloc(a, (size_t)(k + 1) * sizeof *out);
	for (int i = 0; i < k; i++)
		if (!is_named(c, said[i].sku, &at) && said[i].free > 0 && said[i].times > 0 && said[i].since_ms < c->valid_ms)
			out[(*n)++] = said[i].sku;
	return OK;
}

/* ---- told ---- */

struct sum {
	int64_t n;
	const char *first;
};

static void add(struct sum *to, const char *sku)
{
	if (!to->n++)
		to->first = sku;
}

static enum fault tell(struct store *s, const char *kind, const char *place, const struct sum *of, const char *what, const char *next, const struct cause *why,
                       struct err *err)
{
	char key[200], text[240];
	struct alert a = { .key = key, .kind = "count", .severity = "WARN", .subject = place, .text = text, .next = next };

	snprintf(key, sizeof key, "%s from %.160s", kind, place);
	if (!of->n)
		return alert_close(s, key, why->now_ms, err);
	snprintf(text, sizeof text, "%.80s: %" PRId64 " %s %s, the first is %.80s", place, of->n, of->n == 1 ? "SKU is" : "SKUs are", what, of->first);
	return alert_raise(s, &a, why->now_ms, err);
}

enum fault missing_note(struct store *s, const struct complete *c, const struct cause *why, struct err *err)
{
	static const char sql[] = "UPDATE reading SET missing = ?1, missing_ms = ?2 WHERE item_id = ?3 AND account_id = ?4 AND place_id = (SELECT id FROM place WHERE name = ?5)";
	struct arena *a = arena_new();
	struct sum missing = { 0 }, gone = { 0 };
	struct said *said;
	int n, at = 0;
	enum fault f = read_said(s, c, a, &said, &n, err);

	assert(store_in_transaction(s));
	for (int i = 0; i < n && !f; i++) {
		struct said *w = &said[i];
		bool named = is_named(c, w->sku, &at);
		int64_t times = named ? 0 : w->times + (!w->times || (!c->again && w->since_ms < c->valid_ms));

		if (times != w->times)
			f = RUN(s, err, sql, V(times), V(c->valid_ms), V(w->item), V(c->account), V(c->place));
		if (times && w->free > 0)
			add(&missing, w->sku);
		else if (times && w->offered)
			add(&gone, w->sku);
	}
	if (!f)
		f = tell(s, "missing", c->place, &missing, "missing from a complete reading",
		         "the last count stays in force until a second complete reading leaves it out: then it is none", why, err);
	if (!f)
		f = tell(s, "gone", c->place, &gone, "in no complete reading any more and counts as none",
		         "has it another name there now (tallyman map), or was it struck off? where it is after all: tallyman count", why, err);
	arena_free(a);
	return f;
}
