#include "trade/news.h"

#include "store/store.h"
#include "trade/alerts.h"

#include <assert.h>
#include <string.h>

struct applying {
	struct store *s;
	int64_t account;
	enum verb verb;
	const struct sealer *seal;
	const struct cause *why;
	struct arena *a;
	struct tally *t;
};

static enum fault park(struct applying *x, const struct parked *p, struct err *err)
{
	x->t->parked++;
	return inbox_park(x->s, x->account, x->verb, p, x->seal, x->why, err);
}

/* A word of theirs that we do not know: told once, with the word itself. */
static enum fault tell_odd(struct applying *x, const struct odd *o, struct err *err)
{
	struct alert alert = {
		.key = arena_printf(x->a, "word %lld %s %s", (long long)x->account, o->path, o->word),
		.kind = "unknown_word",
		.severity = "WARN",
		.account = x->account,
		.subject = o->subject,
		.text = arena_printf(x->a, "unknown word '%.40s' at %.80s", o->word, o->path),
		.next = "shown as UNKNOWN(word), nothing is decided by it; look it up with the platform",
	};

	x->t->odd++;
	return alert_raise(x->s, &alert, x->why->now_ms, err);
}

/* One order that cannot be is parked with its place; it never takes its page with it (T9). */
static enum fault tell_order(struct applying *x, const struct order *o, struct err *err)
{
	struct err why = { 0 };
	enum told told;
	enum fault f = orders_tell(x->s, x->account, o, x->seal, x->why, &told, &why);
	struct parked p = { .class = "SCHEMA", .subject = o->ref ? o->ref : "", .path = o->path ? o->path : "", .text = why.text };

	if (f == FAULT_FORMAT) {
		x->t->orders_parked++;
		return park(x, &p, err);
	}
	if (f) {
		*err = why;
		return f;
	}
	x->t->orders_new += told == TOLD_NEW;
	x->t->orders_changed += told == TOLD_CHANGED;
	x->t->orders_same += told == TOLD_SAME || told == TOLD_OLDER;
	if (told != TOLD_NEW && told != TOLD_CHANGED)
		return OK;
	if (told == TOLD_NEW && o->ship_by_ms && o->ship_by_ms < x->why->now_ms && order_due(o) != NO_DEADLINE)
		x->t->orders_late++;
	return inbox_understood(x->s, x->account, x->verb, o->ref, x->why, err);
}

static enum fault tell_counts(struct applying *x, const struct news *n, struct err *err)
{
	struct err why = { 0 };
	enum fault f = counts_take(x->s, n->count, n->counts, n->counts_whole, false, x->why, &why);
	struct parked p = { .class = "FILE", .subject = "counts", .path = "", .text = why.text };

	if (f == FAULT_REFUSED || f == FAULT_FORMAT) /* the guard, or a count that cannot be: nothing of it was applied */
		return park(x, &p, err);
	if (f)
		*err = why;
	else
		x->t->counts = n->counts;
	return f;
}

/* A feed that ended with errors is a row a person must see; its items come with its own status. */
static enum fault tell_feed(struct applying *x, const struct feed *feed, struct err *err)
{
	struct parked p = {
		.class = "FEED",
		.subject = feed->id,
		.path = "",
		.text = arena_printf(x->a, "feed %.40s %.20s: %lld of %lld items failed", feed->type, feed->state, (long long)feed->bad, (long long)feed->items),
	};

	return feed->bad > 0 || !strcmp(feed->state, "ERROR") ? park(x, &p, err) : OK;
}

enum fault news_apply(struct store *s, int64_t account, enum verb verb, const struct news *n, int64_t begun_ms, const struct sealer *seal,
                      const struct cause *why, struct tally *out, struct err *err)
{
	struct applying x = { s, account, verb, seal, why, n->arena, out };
	enum fault f = OK;

	assert(store_in_transaction(s));
	*out = (struct tally){ 0 };
	for (int i = 0; i < n->orders && !f; i++)
		f = tell_order(&x, &n->order[i], err);
	if (!f && n->seens) {
		f = offers_seen(s, account, n->seen, n->seens, begun_ms, why, err);
		out->seen = n->seens;
	}
	if (!f && n->counts)
		f = tell_counts(&x, n, err);
	for (int i = 0; i < n->parkeds && !f; i++)
		f = park(&x, &n->parked[i], err);
	for (int i = 0; i < n->odds && !f; i++)
		f = tell_odd(&x, &n->odd[i], err);
	for (int i = 0; i < n->feeds && !f; i++)
		f = tell_feed(&x, &n->feed[i], err);
	return f;
}
