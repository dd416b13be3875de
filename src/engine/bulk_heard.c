/*
 * bulk_heard.c: what follows what they say of a feed: it is taken and marked so, or was refused; how far it is, and what it may have written over when it
 * has ended.
 */
#include "engine/bulk_inside.h"

#include "base/log.h"
#include "trade/aim.h"
#include "trade/doubts.h"

#include <inttypes.h>
#include <string.h>

enum { SLICE = 200, FIRST_LOOK_MS = 60 * 1000, LOOK_MS = 5 * 60 * 1000, OVERTAKEN = 1000 };

/* ---- what their answers do ---- */

enum fault bulk_accepted(struct engine *e, struct link *l, const struct job *j, const char *ref, const struct cause *why, struct err *err)
{
	struct bulk b;
	enum fault f;

	if (j->verb != VERB_BULK)
		return OK;
	f = bulk_taken(e->store, j->subject_id, ref ? ref : "", why, err);
	if (!f)
		f = bulk_get(e->store, j->subject_id, e->turn, &b, err);
	l->marking = true;
	return f ? f : bulk_step(e, &b, VERB_FEED, why->now_ms + FIRST_LOOK_MS, why, err);
}

/* One of ours that they may not tell of, or do not find, is asked after like any that is not done yet. */
static bool asks_after_ours(const struct job *j)
{
	return j->verb == VERB_FEED && fields_has(&j->payload, "feed");
}

/*
 * An address that has expired, say: the step before gives another, and nobody need look. A feed that gets no verdict that way is told when it counts as
 * stuck.
 */
enum fault bulk_renew(struct engine *e, const struct job *j, const char *text, const struct cause *why, bool *renewed, struct err *err)
{
	bool status = asks_after_ours(j), report = j->verb == VERB_BULK_RESULT || j->verb == VERB_BULK_REPORT;
	int64_t soon_ms = status ? LOOK_MS : report ? FIRST_LOOK_MS : 0;
	struct bulk b;
	enum fault f = status || report || j->verb == VERB_BULK_PUT ? bulk_get(e->store, j->subject_id, e->turn, &b, err) : OK;

	*renewed = !f && (status || report || (j->verb == VERB_BULK_PUT && !strcmp(b.state, "sending") && why->now_ms < b.made_ms + BULK_HOLD_MS));
	if (!*renewed)
		return f;
	f = job_supersede(e->store, j->id, arena_printf(e->turn, "%.150s: it is asked for anew", text), why, err);
	return f || b.ended_ms ? f : bulk_step(e, &b, status || report ? VERB_FEED : VERB_BULK_OPEN, why->now_ms + soon_ms, why, err);
}

enum fault bulk_failed(struct engine *e, struct link *l, const struct job *j, const char *text, const struct cause *why, struct err *err)
{
	struct bulk b;
	enum fault f;

	if (!bulk_hands_in(j->verb))
		return OK;
	f = bulk_get(e->store, j->subject_id, e->turn, &b, err);
	if (f || strcmp(b.state, "sending"))
		return f;
	l->no_feed_until_ms = why->now_ms + BULK_HOLD_MS; /* what is refused now is refused again: by single calls meanwhile */
	return bulk_drop(e->store, b.id, text, why, err);
}

/* ---- marking what they took ---- */

void bulk_mark(struct engine *e, int64_t now_ms)
{
	struct cause why = engine_cause(e, "system", NULL, now_ms);
	struct err err;

	for (int i = 0; i < e->links.n; i++) {
		struct link *l = &e->links.link[i];
		bool more = false;
		enum fault f;

		if (l->doubt && l->live)
			doubt_give_way(e, l, now_ms); /* what is in doubt holds up no zero and no decrease */
		if (!l->marking)
			continue;
		f = store_begin(e->store, &err);
		if (!f)
			f = bulks_mark(e->store, l->account.id, l->channel->bulk.settle_ms, SLICE, &why, &more, &err);
		if (f || !engine_commit(e, &err)) {
			store_rollback(e->store);
			log_error("%s: marking a feed: %s", l->account.name, err.text);
			wake_at(e, now_ms + AGAIN_MS);
			continue;
		}
		l->marking = more;
		e->told |= more;
	}
}

/* ---- how far it is, and how it ended ---- */

enum fault bulk_say_singly(struct engine *e, const int64_t *offers, int n, const char *reason, const struct cause *why, struct err *err)
{
	enum fault f = OK;
	int64_t job;

	for (int i = 0; i < n && !f; i++) {
		f = offer_say(e->store, offers[i], true, 0, why, &job, err);
		if (!f && job)
			f = job_route(e->store, job, "single", reason, err);
	}
	return f;
}

/* It has ended late, and what it brought may stand over what was said meanwhile: the newer quantity is said again. What is left is found by reading. */
static enum fault say_over(struct engine *e, const struct bulk *b, const struct cause *why, struct err *err)
{
	int64_t *offers = arena_alloc(e->turn, OVERTAKEN * sizeof *offers);
	int got;
	enum fault f = bulk_overtaken(e->store, b->id, OVERTAKEN, offers, &got, err);

	return f ? f : bulk_say_singly(e, offers, got, arena_printf(e->turn, "feed %" PRId64 " may have written over it", b->id), why, err);
}

/* It ended, and nobody tells what became of the items that have no verdict: they go by themselves. */
static enum fault give_up(struct engine *e, struct link *l, const struct bulk *b, const char *text, const struct cause *why, struct err *err)
{
	enum fault f = bulk_drop(e->store, b->id, text, why, err);

	l->no_feed_until_ms = why->now_ms + BULK_HOLD_MS;
	return f ? f : say_over(e, b, why, err);
}

/* How far one of ours is, by its status or its report. A report is final: what it leaves out is told by none. */
static enum fault progress(struct engine *e, struct link *l, const struct job *j, const struct news *n, const struct cause *why, struct err *err)
{
	const struct feed *told = n->feeds ? &n->feed[0] : NULL;
	struct bulk b;
	int64_t open;
	enum fault f = bulk_get(e->store, fields_int(&j->payload, "feed", 0), e->turn, &b, err);

	if (f || b.ended_ms)
		return f;
	if (told && told->lost && !n->items)
		return give_up(e, l, &b, arena_printf(e->turn, "it ended as %.40s: its items go on by themselves", told->state), why, err);
	f = bulk_told(e->store, b.id, n, (!told || told->ended) && !n->follows, why, &open, err);
	if (!f && !open)
		return say_over(e, &b, why, err);
	if (f || n->follows)
		return f;
	if (j->verb == VERB_BULK_RESULT && !strcmp(b.state, "working")) /* each is marked as taken, so those are open that have no verdict */
		return give_up(e, l, &b, "its report does not tell them: they go on by themselves", why, err);
	return bulk_step(e, &b, VERB_FEED, why->now_ms + (why->now_ms < b.sent_ms + LOOK_MS ? FIRST_LOOK_MS : LOOK_MS), why, err);
}

enum fault bulk_heard(struct engine *e, struct link *l, const struct job *j, const struct news *n, int64_t begun_ms, const struct cause *why, struct err *err)
{
	bool whole = n->has_page && !n->next_page && !*j->cursor.page;
	int found = 0;
	enum fault f;

	if ((j->verb == VERB_FEED || j->verb == VERB_BULK_RESULT) && fields_has(&j->payload, "feed"))
		return progress(e, l, j, n, why, err);
	if (j->verb != VERB_FEEDS || !l->channel->say[VERB_BULK].ask)
		return OK;
	f = bulks_match(e->store, l->account.id, l->channel->bulk.type, l->channel->bulk.lost_ms, n->feed, n->feeds, whole, begun_ms, why, &found, err);
	l->marking |= found > 0;
	return f;
}
