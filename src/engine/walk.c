/*
 * walk.c: a list of orders is read in windows of time.
 *
 * A window begins ten minutes before what is known and ends two minutes before now, because a platform's own clocks and copies lag behind: what is told late is
 * told by the next window. Where pages are dear that is too much: Amazon lets one page of a hundred orders through in three minutes, and on a busy day ten
 * minutes hold fifty pages, each window's overlap longer than what it is to bring. So where a window would be walked for longer than anything is told late, it
 * ends where nothing is told late any more. No order is read twice, and the newest wait: they would have to anyway.
 */
#include "engine/parts.h"

#include <inttypes.h>

enum { OVERLAP_MS = 10 * 60 * 1000, LATE_MS = ORDERS_BEHIND_MS + OVERLAP_MS, MINUTE_MS = 60 * 1000 };

static bool is_walked(enum verb verb)
{
	return verb == VERB_ORDERS || verb == VERB_DISPATCHES;
}

/* Pages in so much time, as dense as the last ones were; one at least. */
static int64_t pages_in(int64_t ms, const struct cursor *c)
{
	return c->step_ms && ms > 0 ? ms / c->step_ms + 1 : 1;
}

/* Until a list's bucket has let so many pages through, and holds so much of a hundred still. */
static int64_t time_for(struct engine *e, struct link *l, int64_t pages, int64_t left_pct, int64_t now_ms)
{
	const char *op = l->channel->say[VERB_ORDERS].op;
	const struct gate *g = link_gate(&e->links, l, op);
	int64_t lack, there;

	if (!g || !g->limit.rate)
		return 0;
	there = limit_tokens(&g->limit, now_ms) - g->limit.burst * left_pct / 100;
	lack = pages * operation_of(&e->links, op)->cost - (there > 0 ? there : 0);
	return lack > 0 ? lack * g->limit.window_ms / g->limit.rate : 0;
}

/*
 * Would all that there is take too long? Half of a bucket is not for overlaps: an hour's rush is read with it. Of orders alone: what a warehouse has set aside is wanted
 * up to now, always. The page at hand is paid.
 */
static bool is_behind(struct engine *e, struct link *l, const struct job *j, int64_t begin_ms, int64_t now_ms)
{
	return j->verb == VERB_ORDERS && time_for(e, l, pages_in(now_ms - begin_ms, &j->cursor) - 1, 50, now_ms) > LATE_MS;
}

/*
 * A window that was begun is read on from its page. What was read up to a time that has not come yet was read by a clock that went wrong and was set back since:
 * of the time in between nothing is known, so it begins anew.
 */
void walk_open(struct engine *e, struct link *l, struct job *j, int64_t now_ms)
{
	struct cursor *c = &j->cursor;

	if (!is_walked(j->verb) || *c->page)
		return;
	if (!c->since_ms || c->since_ms > now_ms - ORDERS_BEHIND_MS)
		c->since_ms = now_ms - e->backfill_ms;
	else if (!c->settled)
		c->since_ms -= OVERLAP_MS;
	c->settled = is_behind(e, l, j, c->since_ms, now_ms);
	c->until_ms = now_ms - (c->settled ? LATE_MS : ORDERS_BEHIND_MS);
	if (!c->settled && c->since_ms > c->until_ms - OVERLAP_MS)
		c->since_ms = c->until_ms - OVERLAP_MS;
}

/* How far a page went, where the list goes upwards in time. */
static void note_step(const struct news *n, struct cursor *c)
{
	int64_t from_ms = 0, upto_ms = 0;

	for (int i = 0; i < n->orders; i++) {
		int64_t at_ms = n->order[i].updated_ms;

		from_ms = at_ms && (!from_ms || at_ms < from_ms) ? at_ms : from_ms;
		upto_ms = at_ms > upto_ms ? at_ms : upto_ms;
	}
	c->step_ms = upto_ms - from_ms;
	c->upto_ms = upto_ms;
}

bool walk_on(const struct news *n, enum verb verb, struct cursor *c)
{
	if (n->next_page) {
		note_step(n, c);
		c->page = n->next_page;
		return true;
	}
	if (is_walked(verb) && c->until_ms > c->since_ms)
		c->since_ms = c->until_ms;
	if (!*c->page)
		c->step_ms = 0; /* all of it on one page */
	c->upto_ms = c->until_ms;
	c->page = "";
	return false;
}

int64_t walk_again(const struct engine *e, const struct link *l, const struct job *j, const struct cursor *c, int64_t now_ms)
{
	int64_t every_ms = plan_every(e, l, j->verb), again_ms = c->settled ? c->until_ms + LATE_MS + every_ms : now_ms + every_ms;

	return again_ms > now_ms ? again_ms : now_ms;
}

enum fault walk_left(struct engine *e, struct link *l, int64_t now_ms, const char **words, int64_t *minutes, struct err *err)
{
	struct cursor c;
	int64_t pages;
	char upto[32];
	enum fault f = cursor_last(e->store, l->account.id, VERB_ORDERS, e->turn, &c, err);

	*words = "";
	*minutes = 0;
	if (f || !c.step_ms)
		return f;
	pages = pages_in(now_ms - c.upto_ms, &c);
	*minutes = time_for(e, l, pages, 0, now_ms) / MINUTE_MS;
	time_iso_s(c.upto_ms, upto);
	*words = arena_printf(e->turn, "known up to %.16sZ, about %" PRId64 " pages behind: %" PRId64 " min at its limit, if they go on as dense", upto, pages, *minutes);
	return OK;
}
