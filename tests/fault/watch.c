/* watch.c: what only shows while it happens: how long too much was offered, and what was sold of it. */
#include "tests/fault/day.h"

#include "sandbox/sandbox.h"

enum { BLAME = 20 * MINUTE }; /* after a mishap: breaker and ladder look again every five minutes */

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

void watch_ledger(struct day *d)
{
	watch_listings(d);
	watch_sales(d);
}
