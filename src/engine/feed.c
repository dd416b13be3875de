/*
 * feed.c: which accounts' orders are not heard. While one is blind, units that it sold are still counted as available: quantities may
 * go down everywhere and up nowhere.
 */
#include "engine/parts.h"

#include "trade/accounts.h"
#include "trade/aim.h"
#include "trade/alerts.h"

enum { LONG_MIN = 15 };

/* Two rounds may be missed and a request may take a minute before it is called blind. */
static int64_t allowance_ms(const struct engine *e, const struct link *l)
{
	int64_t round_ms = e->orders_every_ms > l->channel->poll_ms ? e->orders_every_ms : l->channel->poll_ms;

	return ORDERS_BEHIND_MS + 2 * round_ms + 60 * 1000;
}

bool feed_blind(struct engine *e, const struct link *l, int64_t now_ms)
{
	int64_t upto_ms;
	struct err err;

	if (!l->enabled || !plan_family(e, l, VERB_ORDERS))
		return false;
	return account_heard_upto(e->store, l->account.id, &upto_ms, &err) || upto_ms < now_ms - allowance_ms(e, l);
}

bool feed_any_blind(struct engine *e, int64_t now_ms)
{
	bool blind = false;

	for (int i = 0; i < e->links.n && !blind; i++)
		blind = feed_blind(e, &e->links.link[i], now_ms);
	return blind;
}

bool feed_raises(struct engine *e, const struct job *j)
{
	bool raises = false;
	struct err err;

	return offer_raised_by(e->store, j, &raises, &err) || raises;
}

bool feed_forbids(struct engine *e, const struct job *j, int64_t now_ms)
{
	return feed_any_blind(e, now_ms) && feed_raises(e, j);
}

/*
 * Orders come faster than the platform lets them be read: nothing fails, and nothing that retries will cure. Told when it takes longer than LONG_MIN, for then what
 * is late is late for the buyers as well; over when it takes less than half of that.
 */
static enum fault tell_behind(struct engine *e, struct link *l, int64_t now_ms, struct err *err)
{
	const char *words = "";
	int64_t minutes = 0;
	bool told = false;
	struct alert a = {
		.key = arena_printf(e->turn, "behind %s", l->account.name),
		.kind = "behind",
		.severity = "WARN",
		.account = l->account.id,
		.subject = "orders",
		.next = "each page goes as soon as their limit lets it, nothing is lost; ask them for a higher limit; what must be shipped now stands in their own pages",
	};
	enum fault f = alert_is_open(e->store, a.key, &told, err);

	if (!f && l->enabled)
		f = walk_left(e, l, now_ms, &words, &minutes, err);
	a.text = arena_printf(e->turn, "%s: orders come faster than they let us read them: %s", l->account.name, words);
	if (f || (minutes < LONG_MIN && !told))
		return f;
	return minutes < LONG_MIN / 2 ? alert_close(e->store, a.key, now_ms, err) : alert_raise(e->store, &a, now_ms, err);
}

enum fault feed_watch(struct engine *e, int64_t now_ms, struct err *err)
{
	enum fault f = OK;

	for (int i = 0; i < e->links.n && !f; i++) {
		struct link *l = &e->links.link[i];
		struct alert a = {
			.key = arena_printf(e->turn, "blind %s", l->account.name),
			.kind = "sync",
			.severity = "WARN",
			.account = l->account.id,
			.subject = "orders",
			.text = arena_printf(e->turn, "%s: its newest orders are not known: no quantity is raised anywhere meanwhile", l->account.name),
			.next = "reads go on by themselves; quantities rise again when the orders are read; an account that is given up: enabled = off",
		};

		if (!feed_blind(e, l, now_ms))
			f = alert_close(e->store, a.key, now_ms, err);
		else if (now_ms - e->opened_ms > allowance_ms(e, l)) /* an engine that has just begun has read nothing yet */
			f = alert_raise(e->store, &a, now_ms, err);
		if (!f && plan_family(e, l, VERB_ORDERS))
			f = tell_behind(e, l, now_ms, err);
	}
	return f;
}
