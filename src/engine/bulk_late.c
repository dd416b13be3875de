/*
 * bulk_late.c: feeds that take too long: told when they should show and do not, given a second path when they are stuck, given up when they cannot be
 * handed in.
 */
#include "engine/bulk_inside.h"

#include "trade/alerts.h"

#include <inttypes.h>
#include <string.h>

enum { SLICE = 200, WAIT_MS = 2 * 60 * 1000 };

/* Those that were found in their list are asked after like the others; and what a restart forgot is taken up. */
static enum fault resume(struct engine *e, struct link *l, const struct bulk *b, const struct cause *why, struct err *err)
{
	static const enum verb steps[] = { VERB_FEED, VERB_BULK_REPORT, VERB_BULK_RESULT };
	const char *subject = arena_printf(e->turn, "bulk:%" PRId64, b->id);
	bool pending = false;
	enum fault f = OK;

	(void)l;
	for (size_t i = 0; i < sizeof steps / sizeof *steps && !f && !pending; i++)
		f = job_pending(e->store, b->account, steps[i], subject, &pending, err);
	return f || pending || !*b->ref ? f : bulk_step(e, b, VERB_FEED, why->now_ms, why, err);
}

static const char *minutes(struct engine *e, int64_t ms)
{
	return arena_printf(e->turn, "%" PRId64 " min", (ms + 30000) / 60000);
}

/* What is the matter with one that has no verdict when it should show; and what is done about it. */
static const char *late_text(struct engine *e, const struct link *l, const struct bulk *b, int64_t usual_ms, int64_t now_ms)
{
	const char *age = minutes(e, now_ms - b->sent_ms);

	if (!strcmp(b->state, "unsure"))
		return arena_printf(e->turn, "%s: nobody knows whether feed %" PRId64 " of %" PRId64 " quantities was taken: its answer was lost %s ago, and their list does not tell",
		                    l->account.name, b->id, b->items, age);
	return arena_printf(e->turn, "%s: feed %" PRId64 " of %" PRId64 " quantities was handed in %s ago and has no verdict; %s%s", l->account.name, b->id, b->items, age,
	                    usual_ms ? "as a rule it takes " : "none of this account has ended yet", usual_ms ? minutes(e, usual_ms) : "");
}

static enum fault tell_late(struct engine *e, const struct link *l, const struct bulk *b, int64_t now_ms, struct err *err)
{
	int64_t usual = 0;
	enum fault f = bulk_usual_ms(e->store, b->account, &usual, err);
	struct alert alert = {
		.key = arena_printf(e->turn, "feed %" PRId64, b->id),
		.kind = "feed",
		.severity = "WARN",
		.account = b->account,
		.subject = b->ref,
		.text = late_text(e, l, b, usual, now_ms),
		.next = strcmp(b->state, "unsure") ? "its zeros and decreases went by single calls; the rest is said again when it ends"
		                                   : "each of its offers is read: what does not show it is decided again and said by itself",
	};

	return f ? f : alert_raise(e->store, &alert, now_ms, err);
}

/* The same quantities by another way: zeros first. */
static enum fault take_second_path(struct engine *e, const struct bulk *b, const struct cause *why, struct err *err)
{
	int64_t offers[SLICE];
	bool more;
	int got;
	enum fault f = bulk_second_path(e->store, b->id, SLICE, why, offers, &got, &more, err);

	return f ? f : bulk_say_singly(e, offers, got, arena_printf(e->turn, "feed %" PRId64 " is stuck: the second path", b->id), why, err);
}

static enum fault watch_one(struct engine *e, struct link *l, const struct bulk *b, const struct cause *why, struct err *err)
{
	int64_t age = why->now_ms - b->sent_ms;
	bool unsure = !strcmp(b->state, "unsure"), over = false;
	enum fault f = unsure ? OK : resume(e, l, b, why, err);

	l->doubt |= unsure;
	if (!f && age >= l->channel->bulk.stuck_ms && !b->second_ms)
		f = take_second_path(e, b, why, err);
	if (!f && unsure)
		f = doubt_watch(e, l, b, why, &over, err);
	if (!f && !over && age >= l->channel->bulk.settle_ms)
		f = tell_late(e, l, b, why->now_ms, err);
	return f;
}

/* One that is held up would hold up the zeros of its listings as well. */
static enum fault give_up_waiting(struct engine *e, struct link *l, const struct cause *why, struct err *err)
{
	int64_t feed;
	enum fault f = bulk_held_up(e->store, l->account.id, why->now_ms - WAIT_MS, &feed, err);

	if (f || !feed)
		return f;
	l->no_feed_until_ms = why->now_ms + BULK_HOLD_MS;
	return bulk_drop(e->store, feed, "it could not be handed in: its items go on by themselves", why, err);
}

enum fault bulk_watch(struct engine *e, int64_t now_ms, struct err *err)
{
	struct cause why = engine_cause(e, "rule:feeds", NULL, now_ms);
	enum fault f = OK;

	for (int i = 0; i < e->links.n && !f; i++) {
		struct link *l = &e->links.link[i];
		struct bulk *b;
		int n;

		if (!l->enabled || !l->channel->say[VERB_BULK].ask)
			continue;
		l->marking = true; /* a look costs little: a restart may have forgotten some */
		l->doubt = false;
		f = doubt_after_crash(e, l, &why, err);
		if (!f)
			f = give_up_waiting(e, l, &why, err);
		if (!f)
			f = bulks_working(e->store, l->account.id, e->turn, &b, &n, err);
		for (int k = 0; !f && k < n; k++)
			f = watch_one(e, l, &b[k], &why, err);
		if (!f)
			f = doubt_look_back(e, l, &why, err);
		if (!f)
			f = bulks_tell_ended(e->store, l->account.id, now_ms, err);
	}
	return f;
}
