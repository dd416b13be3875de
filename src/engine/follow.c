/*
 * follow: what a reply asks for besides: further reads, steps of a feed; not what is known already.
 */
#include "engine/landing.h"

#include "trade/feeds.h"
#include "trade/latency.h"
#include "trade/offers.h"

#include <string.h>

/* Has a feed of this list ended? Then its verdict was read once and for all. */
static bool feed_ended(const struct news *n, const char *subject)
{
	for (int i = 0; i < n->feeds; i++)
		if (strstr(subject, n->feed[i].id))
			return n->feed[i].ended;
	return false;
}

/* What a list told of a SKU, and we know already, is not asked for: that would be a call a SKU with each list. The list has shown it all the same. */
static enum fault offer_told(struct landing *l, const struct job_plan *p, bool *told, struct err *err)
{
	static const struct fields none;
	const struct fields *pay = p->payload ? p->payload : &none;
	const char *marketplace = fields_get(pay, "marketplace", ""), *sku = fields_get(pay, "sku", "");
	enum fault f = offer_is_known(l->e->store, p->account, marketplace, sku, fields_int(pay, "shown", -1), l->now_ms, told, err);

	return f || !*told ? f : offer_listed(l->e->store, p->account, marketplace, sku, l->f->begun_ms, err);
}

/* One of ours is asked after by its own steps; whatever follows of it here is told already. */
static enum fault known_feed(struct landing *l, const struct job_plan *p, bool *told, struct err *err)
{
	int64_t ours = 0;
	enum fault f = OK;

	if (p->verb == VERB_FEED && p->payload && !fields_has(p->payload, "feed"))
		f = bulk_by_ref(l->e->store, p->account, fields_get(p->payload, "id", ""), &ours, err);
	*told = ours != 0;
	return f;
}

enum fault landing_follow_up(struct landing *l, struct err *err)
{
	enum fault f = OK;
	int64_t id;

	for (int i = 0; i < l->news.follows && !f; i++) {
		struct job_plan p = l->news.follow[i];
		bool told = false, over = false;

		p.account = l->f->link->account.id;
		p.lane = p.lane ? p.lane : LANE_REST;
		if ((f = bulk_fill(l->e, &p, l->f->arena, &l->why, &over, err)) || (f = known_feed(l, &p, &told, err)))
			return f;
		if (over)
			continue;
		if (!told && p.verb == VERB_FEED && feed_ended(&l->news, p.subject) && (f = job_was_done(l->e->store, p.account, p.verb, p.subject, &told, err)))
			return f;
		if (p.verb == VERB_PARCELS && (f = job_was_done(l->e->store, p.account, p.verb, p.subject, &told, err)))
			return f; /* its subject has the moment of the change: asked once, whichever list tells of it again */
		if (p.verb == VERB_OFFER && !(p.payload && fields_has(p.payload, "anew")) && (f = offer_told(l, &p, &told, err)))
			return f;
		if (told) {
			f = tally_add(l->e->store, p.account, l->f->link->channel->say[p.verb].op, 0, 0, 1, 0, l->now_ms, err);
			continue;
		}
		p.due_ms = p.due_ms > l->now_ms ? p.due_ms : l->now_ms + p.due_ms;
		f = job_plan(l->e->store, &p, &l->why, &id, err);
	}
	return f;
}
