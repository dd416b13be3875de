/*
 * bulk: quantities that go by feed: chosen, gathered, handed in. What is heard of one is bulk_heard.c's, what takes too long bulk_late.c's.
 *
 * It knows no channel by name: what a channel can say (VERB_BULK and its steps), how many items a feed holds (limits.csv) and how long it takes (struct
 * bulk_rules) stand in its table.
 */
#include "engine/bulk_inside.h"

#include "base/log.h"
#include "engine/route.h"
#include "trade/latency.h"
#include "trade/planned.h"
#include "trade/zero.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { SLICE = 200, ROUTE_MS = 1000, MARKETS = 8 };

#define EMPTY "nothing was left of it to be said"

/* It goes as what is most urgent in it would. */
static enum fault step_lane(struct engine *e, const struct bulk *b, enum verb verb, enum lane *lane, struct err *err)
{
	*lane = LANE_CONFIRM;
	return verb == VERB_FEED ? OK : bulk_lane(e->store, b->id, lane, err);
}

enum fault bulk_step(struct engine *e, const struct bulk *b, enum verb verb, int64_t due_ms, const struct cause *why, struct err *err)
{
	struct fields payload = fields_new(e->turn);
	struct job_plan p = {
		.account = b->account,
		.verb = verb,
		.subject = arena_printf(e->turn, "bulk:%" PRId64, b->id),
		.subject_id = b->id,
		.payload = &payload,
		.due_ms = due_ms,
	};
	int64_t id;

	fields_put_int(&payload, "feed", b->id);
	fields_put(&payload, "marketplace", b->marketplace);
	fields_put_int(&payload, "n", b->items);
	if (verb == VERB_FEED)
		fields_put(&payload, "id", b->ref);
	if ((verb == VERB_BULK && bulk_payload(e->store, b->id, &payload, err)) || step_lane(e, b, verb, &p.lane, err))
		return FAULT_STORE;
	return job_plan(e->store, &p, why, &id, err);
}

/* ---- which way? ---- */

static int64_t later_of(struct engine *e, const struct link *l)
{
	int64_t by_feed = 0, by_call = 0;
	struct err err;

	if (latency_typical(e->store, l->account.id, "feed", &by_feed, &err) || latency_typical(e->store, l->account.id, "single", &by_call, &err) || !by_feed ||
	    !by_call)
		return l->channel->bulk.later_ms;
	return by_feed > by_call ? by_feed - by_call : 0;
}

/* How long they take to answer a single call; 0: too few are known. */
static int64_t trip_of(struct engine *e, const struct link *l)
{
	int64_t ms = 0;
	struct err err;

	return latency_answer(e->store, l->account.id, "single", &ms, &err) ? 0 : ms;
}

/* Of one marketplace; single calls of all of them drink from one bucket. */
static struct route_case case_of(struct engine *e, struct link *l, const struct pending *p, int n, int of, int64_t now_ms)
{
	const struct speech *say = l->channel->say;
	const struct operation *one = operation_of(&e->links, say[VERB_STOCK].op), *many = operation_of(&e->links, say[VERB_BULK].op);
	const struct gate *single = link_gate(&e->links, l, say[VERB_STOCK].op), *feed = link_gate(&e->links, l, say[VERB_BULK].op);
	int64_t wait, queue = 0, feeds = 1;

	for (int i = 0; i < n; i++) {
		queue += l->blind ? p[i].urgent : p[i].all;
		feeds += p[i].sending; /* each of those takes one from the same bucket first */
	}
	wait = feed ? limit_wait(&feed->limit, feeds * many->cost, p[of].urgent ? LANE_ZERO : LANE_INCREASE, now_ms) : 0;
	return (struct route_case){
		.n = l->blind ? p[of].urgent : p[of].all,
		.queue = queue,
		.trip_ms = trip_of(e, l),
		.lines = p[of].urgent == p[of].all ? LINES_URGENT - 2 : LINES - 1,
		.tokens = single ? limit_tokens(&single->limit, now_ms) : 0,
		.rate = single ? single->limit.rate : 0,
		.window_ms = single ? single->limit.window_ms : 1,
		.cost = one->cost,
		.most = many->batch,
		.feed_wait_ms = wait > 0 ? wait : 0,
		.later_ms = later_of(e, l),
		.over = l->bulk_over,
	};
}

static enum fault begin_feed(struct engine *e, struct link *l, const struct pending *p, const struct route *r, int64_t now_ms, struct err *err)
{
	struct cause why = engine_cause(e, "rule:route", NULL, now_ms);
	int64_t id;

	l->gathered_to = 0;
	return bulk_begin(e->store, l->account.id, p->marketplace, r->why, &why, &id, err);
}

/*
 * What is said first is said by single calls, as many as are through by the time that the feed is live; everything else goes into the feed. A feed that
 * may not go now, or would be empty, ties nothing up: meanwhile single calls do what they can.
 */
static void choose_now(struct link *l, const struct route_case *c, const struct pending *p, int64_t now_ms, struct route *r)
{
	int64_t alone;

	l->chosen = true;
	route_choose(c, r);
	alone = c->queue > c->n ? r->singles * c->n / c->queue : r->singles; /* the other marketplaces have their part of the bucket */
	l->singles_left = p->urgent < alone ? p->urgent : alone;
	if (r->feed && l->singles_left == c->n)
		snprintf(r->why, sizeof r->why, "%" PRId64 " wait, all of them fewer than they show: at once, by single calls", c->n);
	else if (r->feed && p->sending)
		snprintf(r->why, sizeof r->why, "%" PRId64 " wait: a feed is being handed in, meanwhile single calls", c->n);
	else if (r->feed && now_ms < l->no_feed_until_ms)
		snprintf(r->why, sizeof r->why, "%" PRId64 " wait: feeds came to nothing a moment ago, so single calls", c->n);
	else if (r->feed && c->feed_wait_ms)
		snprintf(r->why, sizeof r->why, "%" PRId64 " wait: no feed may be handed in for %" PRId64 " s, so single calls", c->n, (c->feed_wait_ms + 999) / 1000);
	else
		return;
	r->feed = false;
}

/* Counting what waits takes time itself: of a hundred thousand, six seconds between two looks are little against what they take to be said. */
static int64_t next_choice(int64_t now_ms, int64_t queue)
{
	return now_ms + ROUTE_MS + queue / 1000 * 50;
}

static enum fault choose(struct engine *e, struct link *l, int64_t now_ms, struct err *err)
{
	struct pending p[MARKETS];
	struct route_case c;
	struct route r;
	int n, of = 0;
	enum fault f = stock_pending(e->store, l->account.id, l->channel->bulk.by_market, now_ms, p, MARKETS, &n, err);

	l->routed = false;
	if (f || !n)
		return f;
	while (of < n - 1 && p[of].sending)
		of++;
	l->blind = feed_any_blind(e, now_ms); /* then only those that go down may go */
	c = case_of(e, l, p, n, of, now_ms);
	l->route_ms = next_choice(now_ms, c.queue);
	choose_now(l, &c, &p[of], now_ms, &r);
	snprintf(l->route_why, sizeof l->route_why, "%s", r.why);
	l->by_feed = r.feed;
	l->routed = !r.feed;
	if (!r.feed && c.feed_wait_ms)
		wake_at(e, now_ms + c.feed_wait_ms);
	if (!r.feed && now_ms < l->no_feed_until_ms)
		wake_at(e, l->no_feed_until_ms);
	if (!r.feed)
		return OK;
	f = store_begin(e->store, err);
	if (!f)
		f = begin_feed(e, l, &p[of], &r, now_ms, err);
	if (f || !engine_commit(e, err)) {
		store_rollback(e->store);
		return f ? f : FAULT_STORE;
	}
	return OK;
}

/* ---- gathering, a slice a turn ---- */

/* What a person is asked about, or wants read once more first, is held where single calls are said (holdback.c). */
static bool zero_is_held(struct engine *e, const struct job *j, int64_t now_ms)
{
	enum zero_step step = ZERO_SAY;
	bool asked = false;
	struct err err;

	if (j->lane != LANE_ZERO)
		return false;
	return planned_is(e->store, j->subject_id, &asked, &err) || asked || zero_may_say(e->store, j->subject_id, now_ms, &step, &err) || step != ZERO_SAY;
}

static bool goes_alone(struct engine *e, struct link *l, const struct job *j, int64_t now_ms)
{
	if ((l->blind && feed_raises(e, j)) || zero_is_held(e, j, now_ms))
		return true;
	if (j->lane > LANE_DECREASE || l->singles_left <= 0)
		return false;
	l->singles_left--;
	return true;
}

static enum fault gather_slice(struct engine *e, struct link *l, const struct bulk *b, int64_t now_ms, bool *all, struct err *err)
{
	const struct operation *many = operation_of(&e->links, l->channel->say[VERB_BULK].op);
	struct job *job = arena_alloc(e->turn, SLICE * sizeof *job);
	struct cause why = engine_cause(e, "rule:route", b->trace, now_ms);
	int64_t items = b->items, most = many && many->batch > 0 ? many->batch : 1000;
	int got;
	enum fault f;

	l->blind = feed_any_blind(e, now_ms);
	f = bulk_candidates(e->store, b, l->gathered_to, now_ms, e->turn, job, SLICE, &got, err);

	for (int i = 0; i < got && !f && items < most; i++) {
		l->gathered_to = job[i].id;
		if (goes_alone(e, l, &job[i], now_ms))
			continue;
		f = bulk_add(e->store, b->id, &job[i], &why, err);
		items++;
	}
	*all = got < SLICE || items >= most;
	return f;
}

static enum fault hand_in(struct engine *e, struct link *l, const struct bulk *b, const struct cause *why, struct err *err)
{
	enum verb first = l->channel->say[VERB_BULK_OPEN].ask ? VERB_BULK_OPEN : VERB_BULK;
	struct bulk now;
	int64_t items = 0;
	enum fault f = bulk_release_held(e->store, b->id, why, err);

	if (!f)
		f = bulk_close(e->store, b->id, why, &items, err);
	if (f)
		return f;
	l->route_ms = items ? why->now_ms : why->now_ms + ROUTE_MS; /* the next marketplace's turn */
	l->routed = !items;
	if (!items)
		return OK;
	f = bulk_get(e->store, b->id, e->turn, &now, err);
	return f ? f : bulk_step(e, &now, first, why->now_ms, why, err);
}

static enum fault gather(struct engine *e, struct link *l, int64_t feed, int64_t now_ms, struct err *err)
{
	struct cause why = engine_cause(e, "rule:route", NULL, now_ms);
	struct bulk b;
	bool all = false;
	enum fault f = store_begin(e->store, err);

	if (!f)
		f = bulk_get(e->store, feed, e->turn, &b, err);
	if (!f)
		f = gather_slice(e, l, &b, now_ms, &all, err);
	if (!f && all)
		f = hand_in(e, l, &b, &why, err);
	if (f || !engine_commit(e, err)) {
		store_rollback(e->store);
		return f ? f : FAULT_STORE;
	}
	e->told |= all;
	return OK;
}

static bool can_feed(struct engine *e, const struct link *l)
{
	return l->live && l->channel->say[VERB_BULK].ask && plan_family(e, l, VERB_BULK);
}

bool bulk_route(struct engine *e, struct link *l, int64_t now_ms)
{
	int64_t feed = 0;
	struct err err = { 0 };
	enum fault f = OK;

	l->chosen = false;
	if (!can_feed(e, l))
		return false;
	if (!l->not_gathering)
		f = bulk_gathering(e->store, l->account.id, &feed, &err);
	if (!f && !feed && now_ms >= l->route_ms) {
		l->route_ms = now_ms + ROUTE_MS;
		f = choose(e, l, now_ms, &err);
		if (!f)
			f = bulk_gathering(e->store, l->account.id, &feed, &err);
	}
	l->not_gathering = !f && !feed; /* nobody but the choice begins one */
	if (!f && feed)
		f = gather(e, l, feed, now_ms, &err);
	if (f) {
		log_error("%s: the feed waits: %s", l->account.name, err.text);
		wake_at(e, now_ms + AGAIN_MS);
	}
	return feed || !l->routed;
}

/* ---- what it carries ---- */

/* A step as it is, with the items that are in the feed now. */
static enum fault put_items(struct engine *e, const struct fields *from, const struct bulk *b, struct fields *to, struct err *err)
{
	for (int i = 0; i < from->n; i++)
		if (strcmp(from->field[i].key, "n") && strcmp(from->field[i].key, "item"))
			fields_put(to, from->field[i].key, from->field[i].value);
	fields_put_int(to, "n", b->items);
	return bulk_payload(e->store, b->id, to, err);
}

/*
 * What follows goes as what is most urgent in it; the bytes of a step that carries them are put in when it is planned: they stand in our own rows. Some may have gone
 * back; when all have, the feed is over.
 */
enum fault bulk_fill(struct engine *e, struct job_plan *p, struct arena *a, const struct cause *why, bool *over, struct err *err)
{
	struct fields *payload;
	struct bulk b;
	enum fault f = OK;

	*over = false;
	if (p->verb == VERB_BULK_PUT || p->verb == VERB_BULK)
		f = bulk_lane(e->store, fields_int(p->payload, "feed", 0), &p->lane, err);
	if (f || p->verb != VERB_BULK_PUT)
		return f;
	payload = arena_alloc(a, sizeof *payload);
	*payload = fields_new(a);
	f = bulk_release_held(e->store, fields_int(p->payload, "feed", 0), why, err);
	if (!f)
		f = bulk_get(e->store, fields_int(p->payload, "feed", 0), e->turn, &b, err);
	if (f)
		return f;
	*over = !b.items;
	if (*over)
		return bulk_drop(e->store, b.id, EMPTY, why, err);
	f = put_items(e, p->payload, &b, payload, err);
	p->payload = payload;
	return f;
}

/* Its feed is being handed in, and nothing in it was held or stopped meanwhile. */
static bool may_go(struct engine *e, const struct job *j)
{
	bool sending = false, some = false;
	struct err err;

	if (bulk_sending(e->store, j->subject_id, &sending, &err) || !sending)
		return false;
	return j->verb == VERB_BULK_OPEN || (!bulk_holds(e->store, j->subject_id, &some, &err) && !some);
}

/* The same step anew, in the place of the one that waits. A document that is uploaded stays as it is: its feed is begun anew, then. */
static enum fault recall(struct engine *e, const struct link *l, const struct job *j, const struct cause *why, struct err *err)
{
	struct fields payload = fields_new(e->turn);
	struct job_plan p = { .account = j->account, .verb = j->verb, .lane = j->lane, .subject = j->subject, .subject_id = j->subject_id, .payload = &payload, .due_ms = why->now_ms };
	bool sending = false;
	struct bulk b;
	int64_t id;
	enum fault f = bulk_sending(e->store, j->subject_id, &sending, err);

	if (!f && !sending)
		return job_supersede(e->store, j->id, BULK_WENT, why, err);
	if (!f)
		f = bulk_release_held(e->store, j->subject_id, why, err);
	if (!f)
		f = bulk_get(e->store, j->subject_id, e->turn, &b, err);
	if (f)
		return f;
	if (!b.items || (j->verb == VERB_BULK && l->channel->say[VERB_BULK_OPEN].ask))
		return bulk_drop(e->store, b.id, b.items ? "some of it is not to be said any more: the rest is gathered anew" : EMPTY, why, err);
	f = put_items(e, &j->payload, &b, &payload, err);
	if (!f)
		f = bulk_lane(e->store, b.id, &p.lane, err);
	return f ? f : job_plan(e->store, &p, why, &id, err);
}

bool bulk_recalls(struct engine *e, const struct link *l, const struct job *j, int64_t now_ms)
{
	struct cause why = engine_cause(e, "rule:feeds", j->trace, now_ms);
	struct err err;
	enum fault f;

	if (!bulk_hands_in(j->verb) || may_go(e, j))
		return false;
	f = store_begin(e->store, &err);
	if (!f)
		f = recall(e, l, j, &why, &err);
	if (f || !engine_commit(e, &err)) {
		store_rollback(e->store);
		log_error("%s: feed %" PRId64 " waits: %s", l->account.name, j->subject_id, err.text);
	}
	wake_at(e, now_ms + ROUTE_MS);
	return true;
}
