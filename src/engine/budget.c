/*
 * budget.c: what a day allows: calls of a bucket, and changes of one listing.
 *
 * The calls are counted where they are taken (net/limit.h), a listing's changes in a table, because they belong to it and not to the bucket.
 * A change that the day has no room for waits and stays what it is: a newer decision takes its place and is asked about anew, so that a zero still
 * goes where a raise does not.
 */
#include "engine/parts.h"

#include "trade/alerts.h"
#include "trade/revisions.h"

#include <inttypes.h>
#include <string.h>

enum { WARN_PCT = 80, HOUR_MS = 3600 * 1000 };

/* What the changes are counted by: the listing, whose variations share the count; the offer where none is known. */
static const char *subject_of(const struct job *j)
{
	const char *listing = fields_get(&j->payload, "listing", "");

	return *listing ? listing : j->subject;
}

static const char *key_of(struct engine *e, const char *kind, const struct link *l, const char *what)
{
	return arena_printf(e->turn, "%s %" PRId64 " %s", kind, l->account.id, what);
}

/* ---- changes of one listing ---- */

static enum fault tell_listing(struct engine *e, const struct link *l, const struct operation *o, const char *subject, int64_t used, int64_t now_ms,
                               struct err *err)
{
	struct alert alert = {
		.key = key_of(e, "revisions", l, ""),
		.kind = "quota",
		.severity = "WARN",
		.account = l->account.id,
		.subject = subject,
		.text = arena_printf(e->turn, "%s: listing %s was changed %" PRId64 " times in 24 hours, of %" PRId64, l->account.name, subject, used, o->a_day),
		.next = arena_printf(e->turn, "from %" PRId64 " on only decreases are said, from %" PRId64 " only zeros; it eases hour by hour",
		                     o->decreases_from, o->zeros_from),
	};

	return alert_raise(e->store, &alert, now_ms, err);
}

bool budget_holds(struct engine *e, struct link *l, const struct job *j, int64_t now_ms)
{
	const struct operation *o = operation_of(&e->links, l->channel->say[j->verb].op);
	int64_t used, again_ms = (now_ms / HOUR_MS + 1) * HOUR_MS;
	struct err err;

	if (!o->a_day || revisions_of(e->store, l->account.id, subject_of(j), now_ms, &used, &err) || operation_may_revise(o, used, j->lane))
		return false;
	if (store_begin(e->store, &err) || tell_listing(e, l, o, subject_of(j), used, now_ms, &err) ||
	    job_hold(e->store, j->id, again_ms, "its listing was changed too often today", &err) || !engine_commit(e, &err))
		store_rollback(e->store);
	wake_at(e, again_ms);
	return true;
}

enum fault budget_count(struct engine *e, const struct link *l, const struct job *j, int64_t now_ms, struct err *err)
{
	const struct operation *o = operation_of(&e->links, l->channel->say[j->verb].op);

	return o && o->a_day ? revision_add(e->store, l->account.id, subject_of(j), now_ms, err) : OK;
}

/* ---- what people are told ---- */

static enum fault watch_bucket(struct engine *e, const struct link *l, const struct gate *g, int64_t now_ms, struct err *err)
{
	const struct limit *b = &g->limit;
	int64_t used = now_ms < b->day_ends_ms ? b->day_used : 0;
	struct alert alert = {
		.key = key_of(e, "budget", l, g->name),
		.kind = "quota",
		.severity = "WARN",
		.account = l->account.id,
		.subject = g->name,
		.text = arena_printf(e->turn, "%s: %" PRId64 " of the day's %" PRId64 " calls of %s are used", l->account.name, used, b->daily, g->name),
		.next = b->reserve_pct ? "only decreases and zeros go on now, from 90 % zeros alone; orders have a count of their own"
		                       : "orders go on as long as there are any; ask the platform for more",
	};

	if (used * 100 < b->daily * WARN_PCT)
		return alert_close(e->store, alert.key, now_ms, err);
	return alert_raise(e->store, &alert, now_ms, err);
}

/* The row that limits the changes of this account's subjects; NULL: there is none. */
static const struct operation *revising(const struct engine *e, const struct link *l)
{
	for (int v = 0; v < VERBS; v++) {
		const struct operation *o = l->channel->say[v].ask ? operation_of(&e->links, l->channel->say[v].op) : NULL;

		if (o && o->a_day)
			return o;
	}
	return NULL;
}

static enum fault watch_listings(struct engine *e, const struct link *l, int64_t now_ms, struct err *err)
{
	const struct operation *o = revising(e, l);
	const char *most;
	int64_t n;
	enum fault f = o ? revisions_most(e->store, l->account.id, now_ms, e->turn, &most, &n, err) : OK;

	if (f || !o || n >= o->decreases_from)
		return f;
	return alert_close(e->store, key_of(e, "revisions", l, ""), now_ms, err);
}

enum fault budget_watch(struct engine *e, int64_t now_ms, struct err *err)
{
	enum fault f = OK;

	for (int i = 0; i < e->links.n && !f; i++) {
		const struct link *l = &e->links.link[i];

		for (int g = 0; g < l->gates && !f; g++)
			f = l->gate[g].limit.daily ? watch_bucket(e, l, &l->gate[g], now_ms, err) : OK;
		if (!f)
			f = watch_listings(e, l, now_ms, err);
	}
	return f;
}
