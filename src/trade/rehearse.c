#include "trade/rehearse.h"

#include "store/store.h"

#include <string.h>

enum { PAGE = 500, FAR_UNITS = 10, FACTOR_MOST = 144, FACTOR_UNITS = 6 };

static const struct {
	const char *name, *words;
	bool wrong;
} kinds[REHEARSALS] = {
	[REHEARSED_FINE] = { "fine", "", false },
	[REHEARSED_SAME] = { "same", "", false },
	[REHEARSED_UNMAPPED] = { "unmapped", "say what it stands for, or it goes on selling what it shows", true },
	[REHEARSED_BARRED] = { "barred", "", false },
	[REHEARSED_UNREAD] = { "unread", "it was never read: let one whole reading come in first", true },
	[REHEARSED_EMPTIED] = { "emptied", "it sells now and would be at 0 though there are some: a buffer, a cap, a pack?", true },
	[REHEARSED_FACTOR] = { "factor", "one number is a multiple of the other: is a pack not said?", true },
	[REHEARSED_FAR] = { "far", "far from what they show: the wrong item, or a count that is not right?", true },
};

const char *rehearsal_name(enum rehearsal r)
{
	return kinds[r].name;
}

const char *rehearsal_words(enum rehearsal r)
{
	return kinds[r].words;
}

bool rehearsal_is_wrong(enum rehearsal r)
{
	return kinds[r].wrong;
}

static int64_t larger(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static bool is_factor(int64_t a, int64_t b)
{
	int64_t more = larger(a, b), less = a + b - more;

	return less > 0 && more >= FACTOR_UNITS && more != less && more % less == 0 && more / less <= FACTOR_MOST && less > 1;
}

enum rehearsal rehearse(const struct offer *o)
{
	int64_t apart = o->target - o->seen;

	if (strcmp(o->pool, "own") || *o->block)
		return REHEARSED_BARRED;
	if (!o->item)
		return REHEARSED_UNMAPPED;
	if (o->seen < 0 || o->target < 0)
		return REHEARSED_UNREAD;
	if (!apart)
		return REHEARSED_SAME;
	if (!o->target && o->available > 0)
		return REHEARSED_EMPTIED;
	if (is_factor(o->target, o->seen))
		return REHEARSED_FACTOR;
	apart = apart < 0 ? -apart : apart;
	return o->target && apart > FAR_UNITS && apart * 2 > larger(o->target, o->seen) ? REHEARSED_FAR : REHEARSED_FINE;
}

/* When it was taken back from live; 0: it never was live, or is. */
static enum fault rehearsed_since(struct store *s, int64_t account, int64_t *out, struct err *err)
{
	static const char sql[] = "SELECT max(c.known_ms) FROM change c JOIN account a ON a.id = c.fact_id WHERE c.fact_id = ? AND c.fact = 'account' AND c.field = 'mode' "
				  "AND c.old = 'live' AND a.mode <> 'live'";

	return GET_INT(s, err, 0, out, sql, V(account));
}

/* Quantities that were queued, and those that took the place of one before it was sent. */
enum fault rehearse_writes(struct store *s, int64_t account, struct rehearsed_all *all, bool *sells, struct err *err)
{
	static const char queued[] = "SELECT count(*), coalesce(min(made_ms), 0), (SELECT count(*) FROM change c WHERE c.fact = 'job' AND c.field = 'payload' "
				     "AND c.known_ms >= ?2 AND c.fact_id IN (SELECT id FROM job WHERE account_id = ?1 AND writes = 1)) FROM job WHERE account_id = ?1 AND writes = 1 AND made_ms >= ?2";
	static const char sent[] = "SELECT count(*) FROM attempt WHERE account_id = ? AND writes = 1 AND opened_ms > ?";
	static const char offers[] = "SELECT 1 FROM offer WHERE account_id = ? LIMIT 1";
	struct rows *r;
	int64_t has = 0, since_ms;

	if (rehearsed_since(s, account, &since_ms, err))
		return FAULT_STORE;
	r = ASK(s, queued, V(account), V(since_ms));
	if (rows_next(r)) {
		all->writes = rows_int(r, 0) + rows_int(r, 2);
		all->since_ms = rows_int(r, 1);
	}
	if (rows_end(r, err) || GET_INT(s, err, 0, &all->sent, sent, V(account), V(since_ms)) || GET_INT(s, err, 0, &has, offers, V(account)))
		return FAULT_STORE;
	*sells = has != 0;
	return OK;
}

enum fault rehearse_account(struct store *s, int64_t account, int n, struct arena *a, struct rehearsed_all *all, struct rehearsed **row, int *got, struct err *err)
{
	struct offer *o;
	int64_t after = 0;
	int page = PAGE;
	bool sells;
	enum fault f = OK;

	*all = (struct rehearsed_all){ 0 };
	*row = arena_alloc(a, (size_t)(n + 1) * sizeof **row);
	for (*got = 0; !f && page == PAGE;) {
		f = offers_list(s, 0, account, after, PAGE, a, &o, &page, err);
		for (int i = 0; i < page && !f; i++) {
			enum rehearsal is = rehearse(&o[i]);

			all->offers++;
			all->of[is]++;
			all->wrong += rehearsal_is_wrong(is);
			if (rehearsal_is_wrong(is) && *got < n)
				(*row)[(*got)++] = (struct rehearsed){ o[i], is };
			after = o[i].id;
		}
	}
	return f ? f : rehearse_writes(s, account, all, &sells, err);
}
