/*
 * dispatch: of what is due, say what may be said now.
 *
 * A job passes five gates, cheapest first: the channel has the verb, the token is good, the breaker is closed, the platform's bucket has
 * a token for this lane, a connection is free. Then the attempt is committed, and only then does a byte leave.
 */
#include "engine/parts.h"

#include "base/log.h"
#include "trade/latency.h"
#include "trade/accounts.h"
#include "trade/alerts.h"
#include "trade/places.h"
#include "trade/quota.h"
#include "trade/readings.h"
#include "trade/shipments.h"
#include "trade/zero.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LOOK = 64, LOOK_HELD = 4096 };

/* A token is refreshed this long before it ends; a request is not sent with less than a moment of life left in it. */
enum { TOKEN_EARLY_MS = 120 * 1000, TOKEN_EDGE_MS = 5 * 1000, FILE_LOOK_MS = 5000, TURN_MS = 1000, PUT_OFF_MS = 60 * 1000 };

static bool wants_token(const struct link *l, enum verb verb)
{
	return verb != VERB_TOKEN && link_takes_token(l);
}

static bool token_good(const struct link *l, int64_t now_ms)
{
	return l->token_until_ms - TOKEN_EDGE_MS > now_ms;
}

const char *zero_waits_key(struct arena *a, const struct job *j)
{
	return arena_printf(a, "zero %" PRId64 " %s", j->account, j->subject);
}

/* What takes an offer off sale cannot be said: nobody may learn that from a list of failures alone. */
static enum fault tell_zero(struct engine *e, const struct link *l, const struct job *j, const char *text, int64_t now_ms, struct err *err)
{
	struct alert alert = {
		.key = zero_waits_key(e->turn, j),
		.kind = "zero",
		.severity = "CRIT",
		.account = j->account,
		.subject = fields_get(&j->payload, "sku", j->subject),
		.text = arena_printf(e->turn, "%s: %s", l->account.name, text),
		.next = "until then it stays on sale there: mend the cause and retry it, or push it by hand",
	};

	return j->verb == VERB_STOCK && j->lane == LANE_ZERO ? alert_raise(e->store, &alert, now_ms, err) : OK;
}

static enum fault fail_job(struct engine *e, struct link *l, const struct job *j, const char *text, const struct cause *why, struct err *err)
{
	int64_t shipment = j->verb == VERB_SHIP ? fields_int(&j->payload, "shipment", 0) : 0;
	bool renewed = false;
	enum fault f = bulk_renew(e, j, text, why, &renewed, err);

	if (f || renewed)
		return f;
	f = job_fail(e->store, j->id, FAULT_REFUSED, text, why, err);
	if (!f)
		f = bulk_failed(e, l, j, text, why, err);
	if (!f)
		f = tell_zero(e, l, j, text, why->now_ms, err);
	return f || !shipment ? f : shipment_confirm(e->store, shipment, "REJECTED", why, err);
}

static bool refuse_job(struct engine *e, struct link *l, const struct job *j, const char *text, int64_t now_ms)
{
	struct cause why = engine_cause(e, "system", j->trace, now_ms);
	struct err err;

	if (store_begin(e->store, &err) || fail_job(e, l, j, text, &why, &err)) {
		store_rollback(e->store);
		log_error("%s: job %" PRId64 ": %s", l->account.name, j->id, err.text);
		return false;
	}
	return engine_commit(e, &err);
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

/* The request as bytes worth keeping: what a token call sends is a secret and is not kept. */
static enum fault keep_request(struct engine *e, const struct flight *f, int64_t now_ms, int64_t *id, struct err *err)
{
	*id = 0;
	if (f->verb == VERB_TOKEN || !f->request.body)
		return OK;
	return body_keep(e->store, f->request.body, f->request.body_len, now_ms + e->raw_keep_ms, &e->sealer, id, err);
}

/* An address that they gave for bytes is a permission as long as it lives: what is kept ends before it. */
static const char *public_url(const struct flight *f)
{
	bool theirs = f->verb == VERB_BULK_PUT || f->verb == VERB_BULK_RESULT;

	return theirs ? arena_strndup(f->arena, f->request.url, strcspn(f->request.url, "?")) : f->request.url;
}

/* How it is said, and why so: what was chosen for another reason (a stuck feed) stays. */
static enum fault tell_route(struct engine *e, const struct flight *f, const struct job *j, struct err *err)
{
	const struct link *l = f->link;
	const char *reason = *l->route_why ? l->route_why : "this channel takes one at a time";

	if (j->verb != VERB_STOCK)
		return OK;
	if (f->n > 1)
		reason = arena_printf(e->turn, "%d in one call", f->n);
	else if (*l->route_why && j->lane <= LANE_DECREASE && (l->by_feed || !l->routed))
		reason = "fewer than they show: it waits for no feed";
	return job_routed(e->store, j->id, f->n > 1 ? "bulk" : "single", reason, err);
}

/* What it takes of its bucket, and in whose name. */
static enum fault count_spent(struct engine *e, const struct flight *f, int64_t now_ms, struct err *err)
{
	const struct operation *o = operation_of(&e->links, f->link->channel->say[f->verb].op);

	return o ? quota_spent(e->store, f->link->account.id, o->bucket, f->job[0].lane, f->job[0].intent_id, o->cost, now_ms, err) : OK;
}

/* How long it waited, told at its first call; the items of a feed when that was taken (trade/feeds.h). */
static enum fault note_waited(struct engine *e, const struct flight *f, const struct job *j, int64_t now_ms, struct err *err)
{
	if (j->tries || !verb_writes(j->verb) || f->link->channel->say[j->verb].check == VERBS || j->verb == VERB_BULK)
		return OK;
	return latency_add(e->store, j->account, verb_name(j->verb), "queue", now_ms > j->state_ms ? now_ms - j->state_ms : 0, now_ms, err);
}

static enum fault open_attempt(struct engine *e, struct flight *f, int64_t now_ms, struct err *err)
{
	struct attempt a = {
		.account = f->link->account.id,
		.verb = verb_name(f->verb),
		.op = f->link->channel->say[f->verb].op,
		.writes = verb_writes(f->verb),
		.method = f->request.method,
		.url = public_url(f),
		.credential = f->link->credential,
		.correlation = f->request.correlation,
		.trace = f->trace,
		.opened_ms = now_ms,
	};
	struct cause why = engine_cause(e, "system", f->trace, now_ms);
	int64_t *ids = arena_alloc(f->arena, (size_t)f->n * sizeof *ids);
	enum fault bad = store_begin(e->store, err);

	for (int i = 0; i < f->n; i++)
		ids[i] = f->job[i].id;
	if (!bad)
		bad = keep_request(e, f, now_ms, &a.request_id, err);
	if (!bad)
		bad = attempt_open(e->store, &a, e->lease.epoch, ids, f->n, &f->attempt, err);
	for (int i = 0; i < f->n && !bad; i++)
		if (!(bad = job_inflight(e->store, ids[i], f->attempt, &why, err)) && !(bad = tell_route(e, f, &f->job[i], err)) &&
		    !(bad = note_waited(e, f, &f->job[i], now_ms, err)))
			bad = budget_count(e, f->link, &f->job[i], now_ms, err);
	if (!bad)
		bad = count_spent(e, f, now_ms, err);
	if (!bad) /* a write's token is spent for good before it goes */
		bad = (a.writes ? links_save : links_save_soon)(&e->links, e->store, now_ms, err);
	if (bad || !engine_commit(e, err)) {
		store_rollback(e->store);
		return bad ? bad : FAULT_STORE;
	}
	return OK;
}

/* A plain file, and one that was named by somebody else than the engine's own user is his. */
static bool file_fits(int fd, const struct job *j, const char **why)
{
	int64_t uid = fields_int(&j->payload, "uid", (int64_t)geteuid());
	struct stat st;

	*why = NULL;
	if (fstat(fd, &st) || !S_ISREG(st.st_mode))
		*why = "is no plain file";
	else if (uid != (int64_t)geteuid() && uid != (int64_t)st.st_uid)
		*why = "belongs to somebody else than who named it";
	return !*why;
}

/* A warehouse's file is read here, so that its adapter stays pure. */
static void read_file(struct engine *e, struct flight *f, int64_t now_ms)
{
	const char *path = f->request.url + strlen("file:");
	struct reply r = { .status = 200, .body = "", .received_ms = now_ms };
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a pipe that nobody writes to would hold us for ever */
	struct buf b = buf_new(f->arena);
	const char *unfit = NULL;
	char chunk[16384];
	ssize_t n = 0;

	while (fd >= 0 && file_fits(fd, f->job, &unfit) && b.len <= (size_t)16 * 1024 * 1024 && (n = read(fd, chunk, sizeof chunk)) > 0)
		buf_add(&b, chunk, (size_t)n);
	if (unfit) {
		r.status = 0;
		r.fault = FAULT_REFUSED;
		snprintf(r.text, sizeof r.text, "%.120s %s", path, unfit);
	} else if (fd < 0 || n < 0) {
		r.status = 0;
		r.fault = FAULT_NET;
		snprintf(r.text, sizeof r.text, "%.120s: %s", path, strerror(errno));
	} else if (n > 0) {
		r.status = 0;
		r.fault = FAULT_FORMAT;
		snprintf(r.text, sizeof r.text, "%.120s is larger than 16 MiB", path);
	}
	if (fd >= 0)
		close(fd);
	r.body = b.p;
	r.body_len = b.len;
	settle_one(e, f, &r, now_ms);
}

static void take_off(struct engine *e, struct flight *f, int64_t now_ms)
{
	struct reply none = { .fault = FAULT_NET, .body = "", .received_ms = now_ms };
	struct flight *slot;
	struct err err;

	f->link->flying++;
	f->link->urgent += f->job[0].lane <= LANE_CONFIRM;
	f->link->token_flight |= f->verb == VERB_TOKEN;
	slot = &e->flight[e->flights++];
	*slot = *f;
	if (!strncmp(slot->request.url, "file:", 5)) {
		read_file(e, slot, now_ms);
		return;
	}
	none.fault = e->net->start(e->net, slot->attempt, &slot->request, &err);
	if (none.fault) {
		snprintf(none.text, sizeof none.text, "%.190s", err.text);
		settle_one(e, slot, &none, now_ms);
	}
}

/* The jobs as they are now, in the flight's own memory. */
static enum fault board(struct engine *e, struct link *l, const struct job *jobs, int n, int64_t now_ms, struct flight *f, struct err *err)
{
	enum fault bad = OK;

	*f = (struct flight){ .link = l, .verb = jobs[0].verb, .arena = arena_new(), .n = n, .begun_ms = now_ms, .token_no = l->token_no };
	f->job = arena_alloc(f->arena, (size_t)n * sizeof *f->job);
	for (int i = 0; i < n && !bad; i++)
		bad = job_get(e->store, jobs[i].id, f->arena, &f->job[i], err);
	if (!bad)
		f->trace = arena_strdup(f->arena, f->job[0].trace);
	return bad;
}

/* The request, in the channel's words, to where the profile allows. */
static enum fault word(struct engine *e, struct flight *f, struct err *err)
{
	const struct speech *say = &f->link->channel->say[f->verb];
	enum fault bad;

	f->request = (struct request){ .arena = f->arena, .op = say->op, .ca_file = f->link->account.ca_file };
	rng_uuid(&e->rng, f->request.correlation);
	bad = say->ask(&f->link->account, (struct batch){ f->job, f->n, f->begun_ms }, &f->request, err);
	if (!bad && strncmp(f->request.url, "file:", 5))
		bad = profile_allows(e->links.profile, f->request.url, err);
	return bad;
}

/* Word the request, commit its attempt, go; false: nothing was sent, and the jobs know why. */
static bool leave(struct engine *e, struct flight *f, int64_t now_ms)
{
	struct err err = { 0 };

	if (word(e, f, &err)) {
		for (int i = 0; i < f->n; i++)
			refuse_job(e, f->link, &f->job[i], err.text, now_ms);
		return false;
	}
	if (open_attempt(e, f, now_ms, &err)) {
		log_error("%s %s: nothing is sent: %s", f->link->account.name, verb_name(f->verb), err.text);
		wake_at(e, now_ms + 5000);
		return false;
	}
	take_off(e, f, now_ms);
	return true;
}

static bool say(struct engine *e, struct link *l, const struct job *jobs, int n, int64_t now_ms)
{
	struct flight f;
	struct err err;
	bool ready = !board(e, l, jobs, n, now_ms, &f, &err);

	for (int i = 0; i < n && ready; i++)
		walk_open(e, l, &f.job[i], now_ms);
	if (ready && leave(e, &f, now_ms))
		return true;
	arena_free(f.arena);
	return false;
}

static bool due_for_file(struct link *l, const struct job *j)
{
	struct stat st;
	int64_t changed;

	if (j->verb != VERB_COUNTS || !l->account.counts_file || fields_has(&j->payload, "file"))
		return true;
	if (stat(l->account.counts_file, &st))
		return true; /* the read will say what is wrong */
	changed = (int64_t)st.st_mtim.tv_sec * 1000 + st.st_mtim.tv_nsec / 1000000 + st.st_size % 1000;
	if (changed == l->file_seen_ms)
		return false;
	l->file_seen_ms = changed;
	return true;
}

static void mark_heard(struct engine *e, struct link *l, int64_t now_ms)
{
	struct cause why = engine_cause(e, "system", NULL, now_ms);
	struct err err;

	if (now_ms < l->file_told_ms + 60000)
		return;
	l->file_told_ms = now_ms;
	if (store_begin(e->store, &err) || account_ok(e->store, l->account.id, now_ms, &err) || place_heard(e->store, l->account.id, 0, &why, &err) ||
	    !engine_commit(e, &err))
		store_rollback(e->store);
}

static bool is_flying(const struct engine *e, const struct link *l, enum verb a, enum verb b)
{
	for (int i = 0; i < e->flights; i++)
		if (e->flight[i].link == l && (e->flight[i].verb == a || e->flight[i].verb == b))
			return true;
	return false;
}

/*
 * Of one source dispatches are read first, then stock: what left while its stock is read would be taken off nowhere or twice. Neither begins while the
 * other is being read; a reading that broke off holds nobody for longer than its own patience.
 */
static bool out_of_turn(struct engine *e, const struct link *l, enum verb verb, int64_t now_ms)
{
	bool stock = verb == VERB_COUNTS || verb == VERB_RUN, under_way = false;
	struct err err;

	if (!stock && verb != VERB_DISPATCHES)
		return false;
	if (!l->channel->say[VERB_DISPATCHES].ask)
		return false;
	if (stock ? is_flying(e, l, VERB_DISPATCHES, VERB_DISPATCHES) : is_flying(e, l, VERB_COUNTS, VERB_RUN))
		return true;
	return !source_reads(e->store, l->account.id, !stock, now_ms, &under_way, &err) && under_way;
}

/* Too much that nobody bought goes off sale at once: a person is asked first. It was put off, then. */
static bool planned_holds(struct engine *e, const struct job *j, int64_t now_ms)
{
	struct cause why = engine_cause(e, "rule:planned", j->trace, now_ms);
	enum planned_answer answer = PLANNED_GO;
	bool asked = false;
	struct err err;
	enum fault f;

	if (j->verb != VERB_STOCK || j->lane != LANE_ZERO || planned_is(e->store, j->subject_id, &asked, &err) || !asked)
		return false;
	f = store_begin(e->store, &err);
	if (!f)
		f = planned_ask(e->store, j->subject_id, &e->planned, e->thinking, &why, &answer, &err);
	if (!f && answer == PLANNED_WAITS)
		f = job_hold(e->store, j->id, now_ms + PUT_OFF_MS, "one of too many that a plan takes off sale: a person lets them go (tallyman zero planned)", &err);
	if (f || !engine_commit(e, &err)) {
		store_rollback(e->store);
		log_error("planned zeros: %s", err.text);
		return false; /* a zero that is said too much is mended sooner than one that is not said */
	}
	if (answer == PLANNED_SOON)
		wake_at(e, now_ms + TURN_MS);
	return answer != PLANNED_GO;
}

#define MOVED_ON "they show more than was seen: tallyman zero go, with its number"
#define STOPPED "somebody stopped its zero-out: tallyman zero go, with its number"

/* A person's zero is said of what he saw: it is read once more first, and what shows more than it did is shown to him again. */
static bool zero_holds(struct engine *e, const struct job *j, int64_t now_ms)
{
	enum zero_step step = ZERO_SAY;
	struct err err;
	bool moved;

	if (j->verb != VERB_STOCK || j->lane != LANE_ZERO || zero_may_say(e->store, j->subject_id, now_ms, &step, &err) || step == ZERO_SAY)
		return false;
	if (step == ZERO_LOOKS) {
		wake_at(e, now_ms + TURN_MS);
		return true;
	}
	moved = step == ZERO_MOVED_ON;
	if (store_begin(e->store, &err) || job_hold(e->store, j->id, now_ms + (moved ? PUT_OFF_MS : ZERO_STOPPED_MS), moved ? MOVED_ON : STOPPED, &err) ||
	    !engine_commit(e, &err))
		store_rollback(e->store);
	return true;
}

/* What keeps a single job back, whatever its kind may do; false: nothing. */
static bool held_back(struct engine *e, struct link *l, const struct job *j, int64_t now_ms)
{
	const struct speech *speech = &l->channel->say[j->verb];

	if (!speech->ask) {
		refuse_job(e, l, j, "this channel has no such operation", now_ms);
		return true;
	}
	if (!operation_of(&e->links, speech->op)) {
		refuse_job(e, l, j, "the operation has no row in data/limits.csv: without a limit nothing is sent", now_ms);
		return true;
	}
	if (!due_for_file(l, j)) { /* unchanged: looking at it was hearing from it */
		mark_heard(e, l, now_ms);
		wake_at(e, now_ms + FILE_LOOK_MS);
		return true;
	}
	if (j->verb == VERB_STOCK && feed_forbids(e, j, now_ms)) /* goes when the orders are read again */
		return true;
	if (budget_holds(e, l, j, now_ms) || planned_holds(e, j, now_ms) || zero_holds(e, j, now_ms))
		return true;
	if (!out_of_turn(e, l, j->verb, now_ms))
		return false;
	wake_at(e, now_ms + TURN_MS);
	return true;
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
	if (held_back(e, l, &due[0], now_ms)) {
		taken[0] = true;
		return;
	}
	wait = gates(e, l, &due[0], &gate, &fuse, now_ms);
	if (wait) { /* its kind waits, the others need not */
		for (int i = 0; i < n; i++)
			taken[i] |= due[i].verb == due[0].verb;
		if (wait > 0)
			wake_at(e, now_ms + wait);
		return;
	}
	pay(e, l, &due[0], gate, fuse, now_ms);
	batched = batch_of(due, n, speech->batch_max < 1 ? 1 : speech->batch_max < LOOK ? speech->batch_max : LOOK, taken, batch);
	assert(batched > 0);
	if (!say(e, l, batch, batched, now_ms) && gate)
		limit_done(&gate->limit);
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
	left = !board(e, last->link, j, 1, now_ms, &f, &err);
	if (left) {
		f.job[0].cursor = j->cursor; /* of the window that this page is of: it is not written yet */
		walk_on(n, j->verb, &f.job[0].cursor);
		f.job[0].cursor.page = arena_strdup(f.arena, n->next_page);
		pay(e, last->link, j, gate, fuse, now_ms);
		left = leave(e, &f, now_ms);
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

static void dispatch_link(struct engine *e, struct link *l, int64_t now_ms)
{
	bool held = *e->held != '\0';
	int look = held ? LOOK_HELD : LOOK;
	struct job *due = arena_alloc(e->turn, (size_t)look * sizeof *due);
	bool taken[LOOK] = { false };
	bool gathering = bulk_route(e, l, now_ms);
	struct err err;
	int n;

	if (jobs_due(e->store, l->account.id, now_ms, e->turn, due, look, &n, &err)) {
		log_error("%s: %s", l->account.name, err.text);
		wake_at(e, now_ms + 5000);
		return;
	}
	if (held)
		n = only_reads(due, n);
	for (int i = 0; i < n; i++)
		if (!taken[i])
			dispatch_job(e, l, due + i, n - i, taken + i, gathering, now_ms);
}

void dispatch(struct engine *e, int64_t now_ms)
{
	for (int i = 0; i < e->links.n; i++)
		if (e->links.link[i].enabled)
			dispatch_link(e, &e->links.link[i], now_ms);
}
