#include "trade/pace.h"

#include "store/store.h"
#include "trade/allocation.h"
#include "trade/overrides.h"
#include "trade/velocity.h"

#include <string.h>

enum { DAY_MS = 86400000, FRESH_MS = 3600000, DAYS = 90, PRIOR_DAYS = 3, LATE_MS = 2 * DAY_MS };

/* One listing: an account, a marketplace, a SKU. */
static bool is_same_listing(const struct offer *a, const struct offer *b)
{
	return a->account == b->account && !strcmp(a->marketplace, b->marketplace) && !strcmp(a->sku, b->sku);
}

/* ---- what was sold ---- */

/* Newest first; orders become known late, so a line that was placed before the window ends the walk only when it is well before it. */
static enum fault read_sales(struct store *s, const struct offer *o, int64_t days, int64_t now_ms, struct sales_day *day, int64_t *first_ms, struct err *err)
{
	static const char sql[] = "SELECT (l.qty - l.q_cancelled) * l.pack, o.placed_ms, o.account_id, o.marketplace, l.sku FROM order_line l JOIN orders o ON o.id = l.order_id "
				  "WHERE l.item_id = ? ORDER BY l.id DESC";
	struct rows *r = ASK(s, sql, V(o->item));

	for (*first_ms = now_ms; rows_next(r);) {
		int64_t age = now_ms - rows_int(r, 1);

		if (age > days * DAY_MS + LATE_MS)
			break;
		if (age < 0 || age >= days * DAY_MS || rows_int(r, 2) != o->account || strcmp(rows_text(r, 3), o->marketplace) || strcmp(rows_text(r, 4), o->sku))
			continue;
		day[age / DAY_MS].units += rows_int(r, 0);
		*first_ms = rows_int(r, 1) < *first_ms ? rows_int(r, 1) : *first_ms;
	}
	return rows_end(r, err);
}

/* ---- when it could be bought ---- */

/* It was on sale from from_ms to to_ms: that much of each day, counted back from now. */
static void on_sale(struct sales_day *day, int64_t days, int64_t from_ms, int64_t to_ms, int64_t now_ms)
{
	for (int64_t i = 0; i < days; i++) {
		int64_t begins = now_ms - (i + 1) * DAY_MS, ends = now_ms - i * DAY_MS;
		int64_t from = from_ms > begins ? from_ms : begins, to = to_ms < ends ? to_ms : ends;

		if (to > from)
			day[i].in_stock += (to - from) * 1000 / DAY_MS;
	}
}

/*
 * Readings are steps: what one showed held until the next that showed something else. Before the first of them it was on sale at least since it was first
 * sold.
 */
static enum fault read_shown(struct store *s, const struct offer *o, int64_t days, int64_t now_ms, int64_t first_ms, struct sales_day *day, struct err *err)
{
	static const char sql[] = "SELECT valid_ms, seen FROM observation WHERE offer_id = ? ORDER BY id DESC";
	struct rows *r = ASK(s, sql, V(o->id));
	int64_t until_ms = now_ms;

	while (until_ms > now_ms - days * DAY_MS && rows_next(r)) {
		int64_t from_ms = rows_int(r, 0);

		if (from_ms >= until_ms)
			continue;
		if (rows_int(r, 1) > 0)
			on_sale(day, days, from_ms, until_ms, now_ms);
		until_ms = from_ms;
	}
	if (first_ms < until_ms)
		on_sale(day, days, first_ms, until_ms, now_ms);
	return rows_end(r, err);
}

/* One sale in the first hour is not two dozen a day: less than a day on sale counts as one. */
static void round_up(struct sales_day *day, int64_t days)
{
	int64_t sum = 0;

	for (int i = 0; i < days; i++) {
		if (day[i].units > 0 && day[i].in_stock < 100) /* sold while no reading showed any: it was there for a moment at least */
			day[i].in_stock = 100;
		if (day[i].in_stock > 1000)
			day[i].in_stock = 1000;
		sum += day[i].in_stock;
	}
	if (sum < 1000)
		day[0].in_stock += 1000 - sum;
}

static enum fault reckon(struct store *s, const struct offer *o, const struct pace_rule *rule, int64_t now_ms, int64_t *out, struct err *err)
{
	struct sales_day day[DAYS] = { 0 };
	int64_t days = rule->days < DAYS ? rule->days : DAYS, first_ms;

	if (read_sales(s, o, days, now_ms, day, &first_ms, err) || read_shown(s, o, days, now_ms, first_ms, day, err))
		return FAULT_STORE;
	round_up(day, days);
	*out = velocity_of(day, (int)days, rule->prior, rule->prior ? PRIOR_DAYS : 0);
	return OK;
}

/* ---- all of an item's ---- */

static enum fault kept(struct store *s, int64_t offer, int64_t now_ms, int64_t *velocity, struct err *err)
{
	static const char sql[] = "SELECT velocity FROM pace WHERE offer_id = ? AND at_ms > ? AND at_ms <= ?";

	return GET_INT(s, err, -1, velocity, sql, V(offer), V(now_ms - FRESH_MS), V(now_ms));
}

static enum fault keep_it(struct store *s, int64_t offer, int64_t velocity, int64_t now_ms, struct err *err)
{
	static const char sql[] = "INSERT INTO pace (offer_id, velocity, at_ms) VALUES (?, ?, ?) ON CONFLICT (offer_id) DO UPDATE "
				  "SET velocity = excluded.velocity, at_ms = excluded.at_ms";

	return RUN(s, err, sql, V(offer), V(velocity), V(now_ms));
}

enum fault paces_of(struct store *s, const struct offer *offer, int n, const struct pace_rule *rule, bool keep, int64_t now_ms,
                    int64_t *velocity, struct err *err)
{
	enum fault f = OK;

	for (int i = 0; i < n && !f; i++) {
		int64_t nodes = 0;

		f = kept(s, offer[i].id, now_ms, &velocity[i], err);
		if (f || velocity[i] >= 0)
			continue;
		for (int k = 0; k < n; k++)
			nodes += is_same_listing(&offer[i], &offer[k]);
		f = reckon(s, &offer[i], rule, now_ms, &velocity[i], err);
		velocity[i] /= nodes;
		if (!f && keep)
			f = keep_it(s, offer[i].id, velocity[i], now_ms, err);
	}
	return f;
}

enum fault paces_at_risk(struct store *s, int n, int64_t now_ms, struct err *err)
{
	static const char sql[] = "SELECT DISTINCT f.item_id FROM offer f LEFT JOIN pace p ON p.offer_id = f.id WHERE (f.hold LIKE 'zero-out Z-%' OR f.account_id IN "
				  "(SELECT account_id FROM incident WHERE closed_ms = 0 AND over_ms = 0)) AND f.pool = 'own' AND f.item_id IS NOT NULL "
				  "AND (f.seen > 0 OR f.pushed > 0) AND (p.at_ms IS NULL OR p.at_ms <= ?1) LIMIT ?2";
	struct arena *a = arena_new();
	struct policy_book book = { 0 };
	struct rows *r = ASK(s, sql, V(now_ms - FRESH_MS), V(n));
	int64_t *item = arena_alloc(a, (size_t)(n + 1) * sizeof *item), velocity[SIDES];
	int items = 0, got;
	enum fault f;

	while (rows_next(r))
		item[items++] = rows_int(r, 0);
	f = rows_end(r, err);
	if (!f && items)
		f = policy_book_in_force(s, a, &book, err);
	for (int i = 0; i < items && !f; i++) {
		struct pace_rule rule = { .days = book.velocity_days, .prior = book.velocity_prior };
		struct offer *offer;

		f = offers_list(s, item[i], 0, 0, SIDES, a, &offer, &got, err);
		if (!f)
			f = paces_of(s, offer, got, &rule, true, now_ms, velocity, err);
	}
	arena_free(a);
	return f;
}
