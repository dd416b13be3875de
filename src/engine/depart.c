/* depart.c: the request is worded, its attempt is committed, and only then does a byte leave. */
#include "engine/depart.h"

#include "base/log.h"
#include "trade/latency.h"
#include "trade/quota.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- the attempt ---- */

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
	int64_t *ids = arena_alloc(f->arena, (size_t)f->n * sizeof *ids), before = store_total_changes(e->store);
	bool again = e->again;
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
	e->opened += store_total_changes(e->store) - before;
	e->again = again; /* what is under way is work for nobody before its answer */
	return OK;
}

/* ---- the way out ---- */

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

/* ---- boarding ---- */

/* The jobs as they are now, in the flight's own memory. */
enum fault depart_board(struct engine *e, struct link *l, const struct job *jobs, int n, int64_t now_ms, struct flight *f, struct err *err)
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
bool depart_leave(struct engine *e, struct flight *f, int64_t now_ms)
{
	struct err err = { 0 };

	if (word(e, f, &err)) {
		for (int i = 0; i < f->n; i++)
			holdback_refuse(e, f->link, &f->job[i], err.text, now_ms);
		return false;
	}
	if (open_attempt(e, f, now_ms, &err)) {
		log_error("%s %s: nothing is sent: %s", f->link->account.name, verb_name(f->verb), err.text);
		wake_at(e, now_ms + AGAIN_MS);
		return false;
	}
	take_off(e, f, now_ms);
	return true;
}

bool depart_say(struct engine *e, struct link *l, const struct job *jobs, int n, int64_t now_ms)
{
	struct flight f;
	struct err err;
	bool ready = !depart_board(e, l, jobs, n, now_ms, &f, &err);

	for (int i = 0; i < n && ready; i++)
		walk_open(e, l, &f.job[i], now_ms);
	if (ready && depart_leave(e, &f, now_ms))
		return true;
	arena_free(f.arena);
	return false;
}
