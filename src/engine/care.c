/*
 * care: the engine's own upkeep: heartbeat, counters, expiry, purging, checkpoints. Nothing here runs more often than what it
 * looks at can change.
 */
#include "engine/parts.h"

#include "base/log.h"
#include "trade/accounts.h"
#include "trade/alerts.h"
#include "trade/deadlines.h"
#include "trade/departed.h"
#include "trade/effects.h"
#include "trade/intents.h"
#include "trade/mapping.h"
#include "trade/orders.h"
#include "trade/zero.h"
#include "trade/places.h"
#include "trade/readings.h"
#include "trade/retries.h"
#include "trade/rhythm.h"
#include "trade/revisions.h"
#include "trade/secrets.h"
#include "trade/tasks.h"
#include "trade/throttle.h"

#include <string.h>

enum { QUIET_EVERY = 5 }; /* minutes: a silence that rings is longer than that */
enum { BEAT_MS = 30000, MINUTE_MS = 60000, HOUR_MS = 3600000 };
enum { SWEEP_POLLS = 500, SWEEP_SOON_MS = 5000 }; /* eight million a day, more than any set of limits lets us make */
enum { SWEEP_ROWS = 100 }; /* unmapped offers put before a person, a minute */
enum { WAL_MOST = 20000 }; /* pages, 80 MB: while a backlog drains there is no idle moment, and the file must not grow with it */

static bool in_flight(const struct engine *e, int64_t attempt)
{
	for (int i = 0; i < e->flights; i++)
		if (e->flight[i].attempt == attempt)
			return true;
	return backlog_holds(e, attempt);
}

/*
 * An answer came, and the store would not take it (a full disk, say): nobody waits for it any more. What a restart would do with such a
 * request is done here, or else its subject would be silent until then.
 */
static enum fault pick_up_strays(struct engine *e, const struct cause *why, struct err *err)
{
	static const char text[] = "the answer could not be written down";
	int64_t open[2 * FLIGHTS];
	int n;
	enum fault f = attempts_open(e->store, open, 2 * FLIGHTS, &n, err);

	for (int i = 0; i < n && !f; i++) {
		struct attempt a = { .id = open[i], .fault = fault_name(FAULT_UNSURE), .text = text, .closed_ms = why->now_ms };
		struct job *job;
		int jobs;

		if (in_flight(e, open[i]))
			continue;
		e->again = true;
		f = jobs_of_attempt(e->store, open[i], e->turn, &job, &jobs, err);
		for (int k = 0; k < jobs && !f; k++)
			if (!strcmp(job[k].state, "inflight"))
				f = job_recover(e->store, job[k].id, engine_repeatable(e, job[k].account, job[k].verb), text, why, err);
		if (!f)
			f = attempt_close(e->store, &a, err);
	}
	return f;
}

/* Nobody tells of a warehouse that has neither an address nor a file but a person: it is not waited for. */
static enum fault watch_places(struct engine *e, int64_t now_ms, struct err *err)
{
	struct cause why = engine_cause(e, "rule:stale", NULL, now_ms);
	bool awaited = false;
	enum fault f = OK;

	for (int i = 0; i < e->links.n && !f; i++)
		if (plan_takes_file(e->links.link[i].channel) && !e->links.link[i].account.counts_file)
			f = place_heard(e->store, e->links.link[i].account.id, 0, &why, err);
	if (!f) /* what was not heard while nobody listened is asked for now, and has its time */
		f = sources_awaited(e->store, now_ms, &awaited, err);
	return f || awaited ? f : places_watch(e->store, &why, err);
}

/* What the store's own rules come to with the time: what settles, ends, waits, is due. */
static enum fault let_time_pass(struct engine *e, const struct cause *why, int64_t now_ms, struct err *err)
{
	struct cause system = engine_cause(e, "system", NULL, now_ms);
	int expired = 0;
	enum fault f = orders_recount(e->store, now_ms, err);

	if (!f)
		f = offers_expire(e->store, why, &expired, err);
	if (!f)
		f = intents_expire(e->store, why, err);
	if (!f)
		f = effects_seal(e->store, &system, err);
	if (!f)
		f = zero_watch(e->store, why, err);
	e->free_ms = 0; /* one that was lifted by itself has more to let go of */
	if (!f)
		f = planned_watch(e->store, why, err);
	if (!f)
		f = mapping_sweep(e->store, why, SWEEP_ROWS, err);
	if (!f)
		f = feed_watch(e, now_ms, err);
	if (!f && e->links.book.pools)
		f = items_pools_aged(e->store, e->pools_ms, now_ms, err);
	e->pools_ms = now_ms;
	if (!f)
		f = deadlines_watch(e->store, now_ms, err);
	return f ? f : departed_watch(e->store, now_ms, err);
}

/* What people are to be told, and asked to do. */
static enum fault tell_people(struct engine *e, int64_t now_ms, struct err *err)
{
	int made;
	enum fault f = rhythm_take(e->store, now_ms, err);

	if (!f && now_ms / MINUTE_MS % QUIET_EVERY == 0)
		f = quiet_watch(e->store, now_ms, err);
	if (!f)
		f = throttle_watch(e->store, now_ms, err);
	if (!f)
		f = alerts_watch(e->store, now_ms, err);
	if (!f)
		f = incidents_repeat(e->store, now_ms, err);
	return f ? f : tasks_make(e->store, now_ms, &made, err);
}

/* What the engine looks after itself. */
static enum fault look_after(struct engine *e, int64_t now_ms, struct err *err)
{
	static enum fault (*const watches[])(struct engine *e, int64_t now_ms, struct err *err) = {
		bulk_watch, tally_watch, file_watch, watch_places, cache_watch, budget_watch, force_watch, reconcile_watch, dry_watch, unlike_watch, denied_watch,
	};
	enum fault f = OK;

	for (size_t i = 0; i < sizeof watches / sizeof *watches && !f; i++)
		f = watches[i](e, now_ms, err);
	return f;
}

static enum fault each_minute(struct engine *e, int64_t now_ms, struct err *err)
{
	struct cause why = engine_cause(e, "rule:settling", NULL, now_ms);
	int64_t before = store_total_changes(e->store);
	enum fault f = let_time_pass(e, &why, now_ms, err);

	if (!f)
		f = tell_people(e, now_ms, err);
	if (!f)
		f = look_after(e, now_ms, err);
	if (!f)
		f = pick_up_strays(e, &why, err);
	if (store_total_changes(e->store) != before)
		e->told = e->again = true; /* late and due move with the minute */
	return f;
}

/* All that was sealed until yesterday is purged; now no copy of it can be opened either. */
static enum fault forget_days(struct engine *e, int64_t now_ms, struct err *err)
{
	int n = 0;
	enum fault f = vault_forget(e->vault, day_of(now_ms), &n, err);

	if (!f && n)
		log_info("the keys of %d days are destroyed: what was sealed until then is gone from every copy", n);
	return f;
}

static enum fault each_hour(struct engine *e, int64_t now_ms, struct err *err)
{
	struct cause why = engine_cause(e, "rule:retries", NULL, now_ms);
	int people = 0, bodies = 0;
	enum fault f = orders_purge(e->store, now_ms, &people, err);

	if (!f)
		f = bodies_purge(e->store, now_ms, &bodies, err);
	if (people == PURGE_SLICE || bodies == PURGE_SLICE)
		e->hour_ms = now_ms; /* more of it, at the next beat */
	else if (!f)
		f = forget_days(e, now_ms, err);
	if (!f)
		f = revisions_purge(e->store, now_ms, err);
	if (!f)
		f = retries_watch(e->store, &why, err);
	if (!f)
		f = secrets_watch(e->store, now_ms, err);
	if (!f && (people || bodies))
		log_info("purged the data of %d people and %d raw bodies whose time was over", people, bodies);
	return f;
}

/* What the last reads of a burst cost: nothing of theirs is left to write it down with. */
static void save_limits(struct engine *e, int64_t now_ms)
{
	struct err err;

	if (links_due(&e->links) > now_ms)
		return;
	if (store_begin(e->store, &err) || links_save(&e->links, e->store, now_ms, &err) || store_commit(e->store, &err)) {
		store_rollback(e->store);
		log_error("limits: %s", err.text);
		e->links.saved_ms = now_ms; /* tried again in a second */
	}
}

/* Polls that told nothing, as old as raw bodies get: a slice at a time. */
static void sweep_polls(struct engine *e, int64_t now_ms)
{
	struct err err;
	int n;

	if (now_ms < e->sweep_ms)
		return;
	if (attempts_sweep(e->store, now_ms - e->raw_keep_ms, SWEEP_POLLS, &n, &err))
		log_error("old polls: %s", err.text);
	e->sweep_ms = now_ms + (n == SWEEP_POLLS ? SWEEP_SOON_MS : HOUR_MS);
	if (n == SWEEP_POLLS)
		wake_at(e, e->sweep_ms);
}

/* Inside a transaction. hour: one is over. */
static enum fault beat(struct engine *e, bool hour, int64_t now_ms, struct err *err)
{
	enum fault f = lease_beat(e->store, now_ms, err);

	if (!f)
		f = hold_watch(e, now_ms, err);
	if (!f)
		f = host_watch(e, now_ms, err);
	if (!f && now_ms >= e->minute_ms) {
		e->minute_ms = now_ms + MINUTE_MS;
		f = each_minute(e, now_ms, err);
	}
	if (!f && hour) {
		e->hour_ms = now_ms + HOUR_MS;
		f = each_hour(e, now_ms, err);
	}
	return f ? f : links_save(&e->links, e->store, now_ms, err);
}

void care(struct engine *e, int64_t now_ms)
{
	bool hour = now_ms >= e->hour_ms;
	struct err err = { 0 };
	enum fault f;

	if (store_wal_pages(e->store) >= WAL_MOST)
		store_checkpoint(e->store);
	sweep_polls(e, now_ms);
	if (now_ms < e->beat_ms) {
		save_limits(e, now_ms);
		wake_at(e, links_due(&e->links));
		return;
	}
	backlog_write(e);
	f = store_begin(e->store, &err);
	if (!f)
		f = beat(e, hour, now_ms, &err);
	if (!f)
		f = store_commit(e->store, &err);
	if (f) {
		store_rollback(e->store);
		log_error("upkeep: %s", err.text);
	}
	hold_settle(e, !f);
	if (!f)
		(hour ? hold_notice : hold_anchor)(e);
	e->beat_ms = now_ms + BEAT_MS;
	store_checkpoint(e->store); /* in the engine's own time, not inside somebody's commit; a busy day must not grow the log for ever */
}
