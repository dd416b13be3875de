/* watch.c: what only shows while it happens: how long too much was offered, and what was sold of it. */
#include "tests/fault/day.h"

#include "sandbox/sandbox.h"

#include <inttypes.h>

enum {
	BLAME = 6 * MINUTE,  /* after a mishap: breaker and ladder look again every five minutes, and then it is read */
	DARK = 30 * MINUTE,  /* [alloc] dark_min */
	PLENTY = 30,         /* units, far beyond any buffer */
};

/* A quantity we said that is more than there is: since when, and nobody else to blame? Shown more than said: an edit, or never applied. */
static void watch_listings(struct day *d)
{
	struct world *w = d->sandbox->world;

	for (int i = 0; i < w->listings; i++) {
		struct listing *l = &w->listing[i];
		enum platform p = place_facts[l->place].platform;
		bool settled = l->said_seq == l->shown_seq;
		int64_t late_ms = l->unsaid_ms ? d->now_ms - l->unsaid_ms : 0;

		if (place_facts[l->place].pool || (settled && l->shown > l->said) || late_ms <= d->worst_late_ms[p])
			continue;
		if (!day_outage(d, p, l->unsaid_ms - 10 * MINUTE, d->now_ms))
			d->worst_late_ms[p] = late_ms;
	}
}

/*
 * Units sold that were not there, although a minute had passed in which that could have been said. While a marketplace is not to be understood nobody knows
 * what it sold, so then it is nobody's fault on any of them.
 */
static void watch_sales(struct day *d)
{
	const struct world *w = d->sandbox->world;
	int64_t more = w->count[OVERSOLD_AVOIDABLE] - d->oversold_ever;

	d->oversold_ever += more;
	for (int p = 0; more > 0 && p < MARKETS; p++)
		if (day_outage(d, (unsigned)p, d->now_ms - BLAME, d->now_ms))
			return;
	d->oversold += more;
}

/* Did the engine itself know of plenty then, and for minutes? */
static bool was_plenty(struct day *d, const char *sku, int64_t at_ms)
{
	static const char sql[] = "SELECT available > %d AND NOT EXISTS (SELECT 1 FROM change c WHERE c.fact = 'item' AND c.fact_id = item.id AND c.field = 'available' AND "
				  "c.known_ms > %" PRId64 " AND (c.old <= %d OR c.new <= %d)) FROM item WHERE sku = '%s'";

	return day_int(d, arena_printf(d->arena, sql, PLENTY, at_ms - 3 * MINUTE, PLENTY, PLENTY, sku)) == 1;
}

/* Is an account off sale because it cannot be kept in step, or dark? What it still shows is taken off for the others as well. */
static bool is_lapsed(struct day *d, int64_t at_ms)
{
	static const char sql[] = "SELECT (SELECT count(*) FROM lapse WHERE zeroed_ms BETWEEN 1 AND %" PRId64 " AND (ended_ms = 0 OR ended_ms >= %" PRId64 ")) + "
				  "(SELECT count(*) FROM account WHERE enabled = 1 AND ok_ms BETWEEN 1 AND %" PRId64 ")";

	return day_int(d, arena_printf(d->arena, sql, at_ms, at_ms, at_ms - DARK)) > 0;
}

/* What there is plenty of is said to be nothing for one reason only. Where goods lie in several places, a place may well have none of it. */
static void watch_zeros(struct day *d)
{
	const struct world *w = d->sandbox->world;

	for (; d->effects_seen < w->effects; d->effects_seen++) {
		const struct effect *e = &w->effect[d->effects_seen];
		const char *sku = world_str(w, e->subject);

		if (e->kind != EFFECT_PUSH || e->qty || !e->before || d->plan.whole || d->plan.idle || place_facts[e->place].apart || e->place == WALMART_WEST)
			continue;
		if (was_plenty(d, sku, e->at_ms) && !is_lapsed(d, e->at_ms))
			day_wrong(d, WRONG_ZERO_EARLY, "zeroed early: %s at %s, and nothing was the matter", sku, place_facts[e->place].name);
	}
}

void watch_ledger(struct day *d)
{
	watch_listings(d);
	watch_sales(d);
	watch_zeros(d);
}
