/*
 * doubt: feeds whose answer was lost. They are looked for in the channel's list (bulk_heard); what its list cannot tell is learnt by reading each offer.
 */
#include "engine/bulk_inside.h"

#include "base/log.h"
#include "trade/aim.h"
#include "trade/doubts.h"

#include <inttypes.h>
#include <string.h>

/* Rows of a look; what can still not be read after UNREAD_MS is decided again without that. */
enum { SLICE = 200, AT_ONCE = 64, UNREAD_MS = 2 * 60 * 60 * 1000 };

/* The call that handed it in came to nothing that we heard. */
enum fault doubt_begin(struct engine *e, struct link *l, const struct job *j, int64_t sent_ms, const struct cause *why, struct err *err)
{
	if (j->verb != VERB_BULK)
		return OK;
	l->doubt = true;
	return bulk_unsure(e->store, j->subject_id, sent_ms, why, err);
}

/* After a crash the call that handed a feed in is in doubt, and so is the feed. */
enum fault doubt_after_crash(struct engine *e, const struct link *l, const struct cause *why, struct err *err)
{
	int64_t feed, sent_ms;
	enum fault f = bulk_lost_call(e->store, l->account.id, &feed, &sent_ms, err);

	return f || !feed ? f : bulk_unsure(e->store, feed, sent_ms, why, err);
}

void doubt_give_way(struct engine *e, struct link *l, int64_t now_ms)
{
	struct cause why = engine_cause(e, "rule:feeds", NULL, now_ms);
	struct err err;
	int got = 0;

	if (store_begin(e->store, &err) || bulks_give_way(e->store, l->account.id, l->channel->bulk.lost_ms, AT_ONCE, &why, &got, &err) || (got && !engine_commit(e, &err))) {
		log_error("%s: a feed in doubt: %s", l->account.name, err.text);
		wake_at(e, now_ms + AGAIN_MS);
		got = 0;
	}
	if (!got)
		store_rollback(e->store);
	e->told |= got > 0;
}

/* Its offer is read now: only that tells what came of it. */
static enum fault read_offer(struct engine *e, int64_t job, const struct cause *why, struct err *err)
{
	struct job_plan p = { .verb = VERB_STOCK_READ, .lane = LANE_CONFIRM, .due_ms = why->now_ms, .parent_id = job };
	struct job j;
	int64_t id;
	enum fault f = job_get(e->store, job, e->turn, &j, err);

	if (f)
		return f;
	p.account = j.account;
	p.subject = j.subject;
	p.subject_id = j.subject_id;
	p.payload = &j.payload;
	return job_plan(e->store, &p, why, &id, err);
}

/* *left: how many of its offers are yet to be read; more than SLICE are not told. */
static enum fault read_offers(struct engine *e, const struct bulk *b, const char *result, int64_t since_ms, const struct cause *why, int *left, struct err *err)
{
	struct unread u[SLICE];
	enum fault f = doubt_unread(e->store, b->id, result, since_ms, SLICE, u, left, err);

	for (int i = 0; i < *left && !f; i++)
		f = u[i].asked ? OK : read_offer(e, u[i].job, why, err);
	return f;
}

/* They are read twice: when most feeds show, and when this one must. */
static int64_t read_since(const struct link *l, const struct bulk *b, int64_t now_ms)
{
	int64_t must_ms = b->sent_ms + l->channel->bulk.settle_ms;

	return now_ms >= must_ms ? must_ms : b->sent_ms + l->channel->bulk.stuck_ms;
}

enum fault doubt_watch(struct engine *e, struct link *l, const struct bulk *b, const struct cause *why, bool *over, struct err *err)
{
	const struct bulk_rules *patience = &l->channel->bulk;
	struct doubt_rule rule = { .sent_ms = b->sent_ms, .since_ms = b->sent_ms + patience->settle_ms, .settle_ms = patience->settle_ms };
	int64_t offers[SLICE], left = 1, since_ms = read_since(l, b, why->now_ms);
	int unread, got;
	enum fault f = OK;

	rule.anyway = why->now_ms > rule.since_ms + UNREAD_MS;
	if (why->now_ms >= since_ms)
		f = read_offers(e, b, "", since_ms, why, &unread, err);
	if (!f)
		f = doubt_decide(e->store, b->id, &rule, SLICE, why, offers, &got, &left, err);
	if (!f)
		f = bulk_say_singly(e, offers, got, arena_printf(e->turn, "nobody knows whether they took feed %" PRId64 ", and they do not show it", b->id), why, err);
	*over = !left;
	return f;
}

static enum fault look_at(struct engine *e, const struct bulk *b, int64_t since_ms, const struct cause *why, struct err *err)
{
	int64_t offers[SLICE];
	int unread, got;
	enum fault f = read_offers(e, b, "again", since_ms, why, &unread, err);

	if (f || (unread && why->now_ms < since_ms + UNREAD_MS))
		return f;
	f = doubt_came_late(e->store, b->id, SLICE, offers, &got, err);
	if (!f)
		f = bulk_say_singly(e, offers, got, arena_printf(e->turn, "feed %" PRId64 " came late, over what was said since", b->id), why, err);
	return f || got == SLICE ? f : doubt_looked(e->store, b->id, why, err);
}

/* As long after as they may take to show it: should one have come late, over what was said since, it shows by now. */
enum fault doubt_look_back(struct engine *e, struct link *l, const struct cause *why, struct err *err)
{
	int64_t patience_ms = l->channel->bulk.settle_ms;
	struct bulk *b;
	int n;
	enum fault f = doubts_unlooked(e->store, l->account.id, why->now_ms - patience_ms, e->turn, &b, &n, err);

	for (int i = 0; i < n && !f; i++)
		f = look_at(e, &b[i], b[i].ended_ms + patience_ms, why, err);
	return f;
}
