/*
 * dispatch: of what is due, say what may be said now.
 *
 * A job passes five gates, cheapest first: the channel has the verb, the token is good, the breaker is closed, the platform's bucket has
 * a token for this lane, a connection is free. What keeps a single job back is holdback.c's; what goes, goes by depart.c: the attempt is
 * committed, and only then does a byte leave.
 */
#include "engine/depart.h"

#include "base/log.h"

#include <assert.h>

enum { LOOK = 64, LOOK_HELD = 4096 };

enum { TOKEN_EDGE_MS = 5 * 1000 }; /* a request is not sent with less than a moment of its token's life left */

static bool wants_token(const struct link *l, enum verb verb)
{
	return verb != VERB_TOKEN && link_takes_token(l);
}

static bool token_good(const struct link *l, int64_t now_ms)
{
	return l->token_until_ms - TOKEN_EDGE_MS > now_ms;
}

/* Just back in step: what is restored goes at half the pace, so that an account that is hardly well is not pushed over again. */
static bool is_ramping(const struct link *l, const struct job *j, int64_t now_ms)
{
	return now_ms < l->ramp_ms && j->verb == VERB_STOCK && j->lane > LANE_DECREASE;
}

static int64_t price_of(const struct engine *e, const struct link *l, const struct job *j, int64_t now_ms)
{
	int64_t cost = operation_of(&e->links, l->channel->say[j->verb].op)->cost;

	return is_ramping(l, j, now_ms) ? 2 * cost : cost;
}

/* What must not wait behind a slow list has lines of its own: zeros and decreases, and what confirms; of these two are left to the proofs. */
static bool has_line(const struct link *l, enum lane lane)
{
	if (lane > LANE_CONFIRM)
		return l->flying - l->urgent < LINES - 1;
	return l->urgent < (lane == LANE_CONFIRM ? LINES_URGENT : LINES_URGENT - 2);
}

/* The gates. Milliseconds to wait (0: go), -1: not at all for now, another event will tell. */
static int64_t gates(struct engine *e, struct link *l, const struct job *j, struct gate **gate, struct fuse **fuse, int64_t now_ms)
{
	const struct speech *say = &l->channel->say[j->verb];
	int64_t wait;

	*fuse = link_fuse(&e->links, l, say->op);
	if (lapse_forbids(l, j, *fuse))
		return -1;
	if (wants_token(l, j->verb) && !token_good(l, now_ms))
		return -1; /* its own job fetches it, by its own ladder: no storm against a door that is locked */
	if (j->verb == VERB_TOKEN && l->token_flight)
		return -1;
	*gate = link_gate(&e->links, l, say->op);
	if (*fuse && (wait = breaker_wait(&(*fuse)->breaker, now_ms)) > 0)
		return wait;
	if (!has_line(l, j->lane) || e->flights >= FLIGHTS)
		return -1;
	if (!*gate)
		return 0;
	return limit_wait(&(*gate)->limit, price_of(e, l, j, now_ms), j->lane, now_ms); /* LIMIT_FULL is -1: a reply will tell */
}

/* Jobs of the same verb that fit into one request with the first. */
static int batch_of(const struct job *due, int n, int max, bool *taken, struct job *out)
{
	int got = 0;

	for (int i = 0; i < n && got < max; i++)
		if (!taken[i] && due[i].verb == due[0].verb) {
			out[got++] = due[i];
			taken[i] = true;
		}
	return got;
}

/* It goes: the bucket and the breaker are told. */
static void pay(struct engine *e, const struct link *l, const struct job *j, struct gate *gate, struct fuse *fuse, int64_t now_ms)
{
	int64_t cost = operation_of(&e->links, l->channel->say[j->verb].op)->cost;

	if (gate) {
		limit_take(&gate->limit, cost, j->lane, now_ms);
		if (is_ramping(l, j, now_ms))
			limit_forgo(&gate->limit, cost);
		gate->calls++;
		gate->dirty = true;
	}
	if (fuse) {
		breaker_attempt(&fuse->breaker, &breaker_rules, now_ms);
		fuse->dirty |= fuse->breaker.state != BREAKER_CLOSED;
	}
}

/* A zero that went unread is not read for that any more (the schema sees to it): what was due a moment ago as its reading is nothing to be said. */
static void pass_over_looks(const struct job *said, int said_n, const struct job *due, int n, bool *taken)
{
	for (int k = 0; k < said_n; k++)
		for (int i = 0; i < n && said[k].verb == VERB_STOCK && said[k].lane == LANE_ZERO; i++)
			taken[i] |= due[i].verb == VERB_STOCK_READ && due[i].lane == LANE_ZERO && due[i].subject_id == said[k].subject_id;
}

static void dispatch_job(struct engine *e, struct link *l, const struct job *due, int n, bool *taken, bool gathering, int64_t now_ms)
{
	const struct speech *speech = &l->channel->say[due[0].verb];
	struct job batch[LOOK];
	struct gate *gate = NULL;
	struct fuse *fuse = NULL;
	int64_t wait;
	int batched;

	/* quantities that may wait go into the feed that is being gathered, or wait until the way is chosen */
	if (due[0].verb == VERB_STOCK && gathering && due[0].lane > LANE_DECREASE && !due[0].alone) {
		taken[0] = true;
		wake_at(e, l->route_ms);
		return;
	}
	if (holdback_keeps(e, l, &due[0], now_ms)) {
		taken[0] = true;
		return;
	}
	wait = gates(e, l, &due[0], &gate, &fuse, now_ms);
	if (wait) { /* its kind waits, the others need not */
		for (int i = 0; i < n; i++)
			taken[i] |= due[i].verb == due[0].verb;
		if (wait > 0)
			wake_at(e, now_ms + wait);
		if (due[0].verb == VERB_STOCK && !l->chosen && now_ms < l->route_ms) /* as it waits now, a feed may be sooner */
			wake_at(e, l->route_ms);
		return;
	}
	if (bulk_recalls(e, l, &due[0], now_ms)) { /* asked last: it looks at each of its items */
		taken[0] = true;
		return;
	}
	pay(e, l, &due[0], gate, fuse, now_ms);
	batched = batch_of(due, n, speech->batch_max < 1 ? 1 : speech->batch_max < LOOK ? speech->batch_max : LOOK, taken, batch);
	assert(batched > 0);
	if (!depart_say(e, l, batch, batched, now_ms) && gate)
		limit_done(&gate->limit);
	pass_over_looks(batch, batched, due, n, taken);
}

bool dispatch_on(struct engine *e, const struct flight *last, const struct news *n, int64_t now_ms)
{
	const struct job *j = last->job;
	struct gate *gate = NULL;
	struct fuse *fuse = NULL;
	struct flight f;
	struct err err;
	bool left;

	if (!last->link->enabled || gates(e, last->link, j, &gate, &fuse, now_ms))
		return false;
	left = !depart_board(e, last->link, j, 1, now_ms, &f, &err);
	if (left) {
		f.job[0].cursor = j->cursor; /* of the window that this page is of: it is not written yet */
		walk_on(n, j->verb, &f.job[0].cursor);
		f.job[0].cursor.page = arena_strdup(f.arena, n->next_page);
		pay(e, last->link, j, gate, fuse, now_ms);
		left = depart_leave(e, &f, now_ms);
		if (!left && gate)
			limit_done(&gate->limit);
	}
	if (!left)
		arena_free(f.arena);
	return left;
}

/* While writes are held reads go on: those that wait must not stand before them. */
static int only_reads(struct job *due, int n)
{
	int kept = 0;

	for (int i = 0; i < n && kept < LOOK; i++)
		if (!verb_writes(due[i].verb))
			due[kept++] = due[i];
	return kept;
}

static void dispatch_due(struct engine *e, struct link *l, int64_t now_ms)
{
	bool held = *e->held != '\0';
	int look = held ? LOOK_HELD : LOOK;
	struct job *due = arena_alloc(e->turn, (size_t)look * sizeof *due);
	bool taken[LOOK] = { false };
	bool gathering = bulk_route(e, l, now_ms);
	int64_t opened = e->opened;
	struct err err;
	int n;

	if (jobs_due(e->store, l->account.id, now_ms, e->turn, due, look, &n, &err)) {
		log_error("%s: %s", l->account.name, err.text);
		wake_at(e, now_ms + AGAIN_MS);
		return;
	}
	if (held)
		n = only_reads(due, n);
	for (int i = 0; i < n; i++)
		if (!taken[i])
			dispatch_job(e, l, due + i, n - i, taken + i, gathering, now_ms);
	e->again |= n >= JOBS_PER_VERB && e->opened != opened; /* behind those that went there may be more of their kind */
}

/* ---- who has nothing that may go ---- */

/* What was kept back says when it may go; what was not due says so itself. Neither is asked again before, while nothing changes. */
static bool is_still(const struct engine *e, const struct link *l, int64_t now_ms)
{
	return l->still && now_ms < l->still_ms && e->job_at == e->still_at && now_ms < e->job_ms;
}

static void dispatch_link(struct engine *e, struct link *l, int64_t now_ms)
{
	int64_t wake_ms = e->wake_ms;

	if (!is_still(e, l, now_ms)) {
		e->wake_ms = INT64_MAX;
		dispatch_due(e, l, now_ms);
		l->still = true;
		l->still_ms = e->wake_ms;
		e->wake_ms = wake_ms;
	}
	wake_at(e, l->still_ms);
}

void dispatch(struct engine *e, int64_t now_ms)
{
	int64_t opened = e->opened, before = state_of(e);

	for (int i = 0; i < e->links.n && e->still_at != before; i++)
		e->links.link[i].still = false;
	for (int i = 0; i < e->links.n; i++)
		if (e->links.link[i].enabled)
			dispatch_link(e, &e->links.link[i], now_ms);
	if (state_of(e) - before == e->opened - opened && !e->again) /* attempts alone: nobody may go who could not before */
		e->still_at = state_of(e);
}
