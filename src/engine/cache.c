/*
 * cache.c: what is kept of a platform's words beside orders and stock, and is acted upon: when it is older than its life, people are told.
 *
 * Each is read by a poll of its own. Its life is as many rounds of that as may be missed, with a quarter of an hour for the round under way. Orders and places
 * have clocks of their own (feed.c, trade/place_age.c), because quantities depend on those by the minute.
 */
#include "engine/parts.h"

#include "base/clock.h"
#include "trade/alerts.h"
#include "trade/rhythm.h"

#include <inttypes.h>

enum { SPARE_MS = 15 * 60000 };

struct cached {
	enum verb verb;
	const char *what, *harm;
};

static const struct cached kept[] = {
	{ VERB_STOCK_LIST, "what it shows", "drift and edits there are not seen" },
	{ VERB_POOL, "what its own warehouses hold", "the stock that it ships itself is shown as it was" },
	{ VERB_PRODUCTS, "its items and their units of measure", "a new unit or item of theirs is not understood" },
	{ VERB_PLACES, "its places", "a place that it closed or opened is not known" },
	{ VERB_QUOTA, "what is left of the day's calls", "calls are counted by us alone" },
	{ VERB_FEEDS, "the feeds of the last days", "a feed that failed is not seen" },
};

/* Since when is it as it is? An engine that has just begun has read nothing yet. */
static enum fault known_since(struct engine *e, const struct link *l, enum verb verb, int64_t *ms, struct err *err)
{
	enum fault f = stream_last(e->store, l->account.id, arena_printf(e->turn, "read %s", verb_name(verb)), ms, err);

	if (*ms < e->opened_ms)
		*ms = e->opened_ms;
	return f;
}

static enum fault watch(struct engine *e, const struct link *l, const struct cached *c, int64_t now_ms, struct err *err)
{
	int64_t life_ms = e->cache_rounds * plan_every(e, l, c->verb) + SPARE_MS, since_ms = 0;
	struct alert a = { .key = arena_printf(e->turn, "cache %s %s", l->account.name, verb_name(c->verb)), .kind = "cache", .severity = "WARN", .account = l->account.id, .subject = verb_name(c->verb) };
	char age[16];
	enum fault f = known_since(e, l, c->verb, &since_ms, err);

	if (f || now_ms - since_ms <= life_ms)
		return f ? f : alert_close(e->store, a.key, now_ms, err);
	time_age(now_ms - since_ms, age);
	a.text = arena_printf(e->turn, "%s: %s is known as it was %s ago, at most %" PRId64 " min are right: %s", l->account.name, c->what, age, life_ms / 60000, c->harm);
	a.next = "it is read again by itself; tallyman quiet shows every stream, tallyman attempts what they answer";
	return alert_raise(e->store, &a, now_ms, err);
}

enum fault cache_watch(struct engine *e, int64_t now_ms, struct err *err)
{
	enum fault f = OK;

	for (int i = 0; i < e->links.n && !f; i++) {
		const struct link *l = &e->links.link[i];

		if (!l->enabled || plan_takes_file(l->channel))
			continue;
		for (size_t k = 0; k < sizeof kept / sizeof *kept && !f; k++)
			if (l->channel->say[kept[k].verb].ask && plan_family(e, l, kept[k].verb))
				f = watch(e, l, &kept[k], now_ms, err);
	}
	return f;
}
