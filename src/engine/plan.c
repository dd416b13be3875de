/*
 * plan: facts become things to say: quantities, and the reads that an account lives by. What was said and is to be seen is proof.c's.
 *
 * Only what is marked dirty is thought over, a slice at a time; the cost follows what changed, not what exists.
 */
#include "engine/parts.h"

#include "base/log.h"
#include "trade/aim.h"

#include <string.h>

enum { SLICE = 100 };

/* ---- stock: dirty items to targets to jobs ---- */

/* A source of truth offers nothing. */
enum fault plan_aims(struct engine *e, int64_t now_ms, struct aims *out, struct err *err)
{
	const char **name = arena_alloc(e->turn, (size_t)(e->links.n + 1) * sizeof *name);
	int n = 0;

	for (int i = 0; i < e->links.n; i++)
		if (e->links.link[i].enabled && !e->links.link[i].channel->is_truth && strstr(e->links.link[i].families, " inventory "))
			name[n++] = e->links.link[i].account.name;
	return aims_open(e->store, &e->links.book, name, n, now_ms, e->turn, out, err);
}

static enum fault say_changed(struct engine *e, int64_t offer, const struct cause *why, int64_t *job, struct err *err)
{
	struct offer o;
	enum fault f = offer_get(e->store, offer, e->turn, &o, err);

	if (!f)
		f = offer_say_by(e->store, offer, window_due(e, &o, why->now_ms), why, job, err);
	return f || !*job ? f : tally_event(e, o.account, why->now_ms, err);
}

static enum fault plan_item(struct engine *e, int64_t item, const struct aims *how, const struct cause *why, struct err *err)
{
	int64_t *changed, job;
	int n = 0;
	enum fault f = item_reckon(e->store, item, why, err);

	if (!f)
		f = item_aim(e->store, item, how, why, e->turn, &changed, &n, err);
	for (int i = 0; i < n && !f; i++)
		f = say_changed(e, changed[i], why, &job, err);
	if (!f)
		f = planned_note(e->store, item, why, err);
	return f ? f : item_clean(e->store, item, err);
}

/* A place came in or went out: what lies there is thought over again, a slice at a time. */
static void sweep_places(struct engine *e, int64_t now_ms)
{
	bool more = false;
	struct err err;

	if (places_swept(e->store, &more, &err) || !more)
		return;
	if (store_begin(e->store, &err) || places_sweep(e->store, 5 * SLICE, now_ms, &more, &err) || !engine_commit(e, &err)) {
		store_rollback(e->store);
		log_error("places: %s", err.text);
		wake_at(e, now_ms + AGAIN_MS);
	}
}

static void plan_stock(struct engine *e, int64_t now_ms)
{
	struct cause why = engine_cause(e, "rule:stock", NULL, now_ms);
	int64_t items[SLICE];
	struct aims how;
	struct err err;
	enum fault f;
	int n;

	f = items_dirty(e->store, items, SLICE, &n, &err);
	e->thinking = f || n || e->swept >= 0;
	if (!e->thinking)
		return;
	if (!f)
		f = store_begin(e->store, &err);
	if (!f && !n)
		f = force_sweep(e, now_ms, &err);
	if (!f)
		f = plan_aims(e, now_ms, &how, &err);
	for (int i = 0; i < n && !f; i++)
		f = plan_item(e, items[i], &how, &why, &err);
	if (f || !engine_commit(e, &err)) {
		store_rollback(e->store);
		log_error("stock: %s", err.text);
		wake_at(e, now_ms + AGAIN_MS);
		return;
	}
	e->told = true;
}

/* ---- polls ---- */

static enum fault poll_one(struct engine *e, struct link *l, enum verb verb, enum lane lane, const char *subject, const char *key,
                           int64_t due_ms, struct err *err)
{
	struct cause why = engine_cause(e, "system", NULL, due_ms);
	struct fields payload = fields_new(e->turn);
	struct job_plan p = {
		.account = l->account.id,
		.verb = verb,
		.lane = lane,
		.subject = subject,
		.payload = &payload,
		.due_ms = due_ms,
		.repeats = true,
	};
	int64_t id;

	if (!l->channel->say[verb].ask)
		return OK;
	if (key)
		fields_put(&payload, key, subject);
	return job_plan(e->store, &p, &why, &id, err);
}

bool plan_family(struct engine *e, const struct link *l, enum verb verb)
{
	const struct operation *row = l->channel->say[verb].ask ? operation_of(&e->links, l->channel->say[verb].op) : NULL;

	return row && strstr(l->families, arena_printf(e->turn, " %s ", row->family));
}

/*
 * What sources of truth and some channels are read for besides. A channel that makes a report of its counts (VERB_RUN) is asked for that; reading the result
 * is its follow-up, and one that is ordered already is waited for, over a restart as well.
 */
static enum fault poll_truth(struct engine *e, struct link *l, int64_t due_ms, struct err *err)
{
	static const struct {
		enum verb verb;
		enum lane lane;
	} polls[] = { { VERB_PLACES, LANE_REST }, { VERB_PRODUCTS, LANE_REST }, { VERB_DISPATCHES, LANE_ORDERS }, { VERB_RUN, LANE_ORDERS },
		      { VERB_COUNTS, LANE_ORDERS }, { VERB_POOL, LANE_REST }, { VERB_QUOTA, LANE_REST } };
	enum fault f = OK;

	for (size_t i = 0; i < sizeof polls / sizeof *polls && !f; i++) {
		bool ordered = false, by_report = polls[i].verb == VERB_COUNTS && l->channel->say[VERB_RUN].ask;

		if (polls[i].verb == VERB_RUN)
			f = jobs_follow(e->store, l->account.id, VERB_COUNTS, &ordered, err);
		if (!f && !by_report && !ordered && plan_family(e, l, polls[i].verb))
			f = poll_one(e, l, polls[i].verb, polls[i].lane, verb_name(polls[i].verb), NULL, due_ms, err);
	}
	return f;
}

/* A warehouse's file is read when there is one; what speaks HTTP is asked. */
bool plan_takes_file(const struct channel *c)
{
	return c->is_truth && !*c->base_url;
}

int64_t plan_every(const struct engine *e, const struct link *l, enum verb verb)
{
	enum { MINUTE = 60 * 1000, HOUR = 60 * MINUTE, FILE_MS = 5000 };

	switch (verb) {
	case VERB_ORDERS:
	case VERB_DISPATCHES:
		return e->orders_every_ms > l->channel->poll_ms ? e->orders_every_ms : l->channel->poll_ms;
	case VERB_STOCK_LIST:
	case VERB_POOL:
		return e->stock_every_ms;
	case VERB_COUNTS:
	case VERB_RUN:
		return plan_takes_file(l->channel) ? FILE_MS : e->counts_every_ms;
	case VERB_FEEDS:
		return e->feeds_every_ms;
	case VERB_PRODUCTS:
	case VERB_QUOTA:
		return HOUR;
	case VERB_PLACES:
		return 24 * (int64_t)HOUR;
	default:
		return 5 * MINUTE;
	}
}

enum fault plan_polls(struct engine *e, struct link *l, int64_t due_ms, struct err *err)
{
	const char *const *pool = l->channel->pools;
	enum fault f = OK;

	if (!l->enabled)
		return OK;
	if (link_takes_token(l))
		f = poll_one(e, l, VERB_TOKEN, LANE_CONFIRM, "token", NULL, due_ms, err);
	if (!f)
		f = poll_one(e, l, VERB_PING, LANE_REST, "ping", NULL, due_ms, err);
	if (!f)
		f = poll_one(e, l, VERB_STATUS, LANE_REST, "status", NULL, due_ms, err);
	if (!f && plan_family(e, l, VERB_ORDERS) && !pool)
		f = poll_one(e, l, VERB_ORDERS, LANE_ORDERS, "orders", NULL, due_ms, err);
	for (; !f && pool && *pool && plan_family(e, l, VERB_ORDERS); pool++)
		f = poll_one(e, l, VERB_ORDERS, LANE_ORDERS, *pool, "pool", due_ms, err);
	if (!f && plan_family(e, l, VERB_STOCK_LIST) && !l->channel->lists_by_market)
		f = poll_one(e, l, VERB_STOCK_LIST, LANE_REST, "stock", NULL, due_ms, err);
	for (int i = 0; !f && l->channel->lists_by_market && i < l->account.marketplaces && plan_family(e, l, VERB_STOCK_LIST); i++)
		f = poll_one(e, l, VERB_STOCK_LIST, LANE_REST, l->account.marketplace[i], "marketplace", due_ms, err);
	if (!f && plan_family(e, l, VERB_FEEDS))
		f = poll_one(e, l, VERB_FEEDS, LANE_REST, "feeds", NULL, due_ms, err);
	if (!f && (l->account.counts_file || !plan_takes_file(l->channel)))
		f = poll_truth(e, l, due_ms, err);
	return f;
}

void plan(struct engine *e, int64_t now_ms)
{
	sweep_places(e, now_ms);
	plan_stock(e, now_ms);
	if (e->heard || now_ms >= e->point_ms)
		proof_turn(e, now_ms);
}
