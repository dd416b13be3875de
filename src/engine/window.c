/*
 * window: changes of one account are gathered for a while, so that what changes again costs no call of its own; what is urgent does not wait.
 */
#include "engine/parts.h"

#include "trade/feeds.h"

/* Zeros, and decreases to so few that the next sale may be one too many. */
static bool is_urgent(const struct engine *e, const struct offer *o)
{
	int64_t shown = o->seen > o->pushed ? o->seen : o->pushed, coming;
	struct err err;

	if (o->target == 0 || o->target > e->low_units)
		return o->target == 0;
	return o->target < shown || offer_coming(e->store, o->id, &coming, &err) || o->target < coming;
}

int64_t window_due(struct engine *e, const struct offer *o, int64_t now_ms)
{
	struct link *l = link_by_id(&e->links, o->account);

	if (!l || !l->window_ms || is_urgent(e, o))
		return now_ms;
	if (now_ms >= l->window_until_ms) /* the first change opens it, and it closes for all at once */
		l->window_until_ms = now_ms + l->window_ms;
	return l->window_until_ms;
}
