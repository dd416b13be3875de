/*
 * settle: a reply becomes facts, receipts and the next steps of its jobs, in one transaction.
 *
 * A crash before the commit repeats the read; a crash after it repeats nothing. What each job becomes stands in outcome.c and understood.c, what
 * follows besides in follow.c.
 */
#include "engine/landing.h"

#include "base/log.h"
#include "net/when.h"
#include "trade/accounts.h"
#include "trade/alerts.h"
#include "trade/change.h"
#include "trade/forget.h"

#include <stdio.h>
#include <string.h>

enum { CROWD_MS = 15 * 60 * 1000 }; /* a login that was good so lately may be refused for another reason */
enum { FILE_AGAIN_MS = 60 * 1000 }; /* what is half written is whole by then */

/* ---- what holds for the account ---- */

static enum fault all_well(struct landing *l, struct err *err)
{
	struct link *link = l->f->link;
	enum fault f;

	if (l->f->verb == VERB_STATUS) /* a status page that answers says nothing of the rest */
		return OK;
	f = account_ok(l->e->store, link->account.id, l->now_ms, err);
	link->well_ms = l->now_ms;
	if (link->lapsed)
		lapse_soon(l->e, l->now_ms + 1000);
	if (link->swapped && (l->f->verb == VERB_TOKEN || !link_takes_token(link)))
		link->swapped = false; /* it is the other one that opens; the alert stays until the secrets are set right */
	if (!f)
		f = alert_close(l->e->store, landing_auth_key(l), l->now_ms, err);
	if (!f && l->f->verb != VERB_TOKEN) {
		link->spoken = true;
		f = account_state(l->e->store, link->account.id, "ok", "", &l->why, err);
	}
	if (!f)
		f = alert_close(l->e->store, arena_printf(l->f->arena, "retry %s %s", link->account.name, verb_name(l->f->verb)), l->now_ms, err);
	return f;
}

/* A breaker that opened or mended is told once, and shows on the account. */
static enum fault tell_breaker(struct landing *l, struct err *err)
{
	struct link *link = l->f->link;
	struct arena *a = l->f->arena;
	struct alert alert = {
		.key = l->fuse ? arena_printf(a, "breaker %s %s", link->account.name, l->fuse->name) : "",
		.kind = "breaker",
		.severity = "CRIT",
		.account = link->account.id,
		.subject = l->fuse ? l->fuse->name : "",
		.text = l->fuse ? arena_printf(a, "%s: %s does not answer: %s", link->account.name, l->fuse->name, l->err.text) : "",
		.next = "one probe every 5 minutes by itself; the other channels go on",
	};
	enum fault f;

	if (l->event == BREAKER_MENDED)
		return alert_close(l->e->store, alert.key, l->now_ms, err);
	if (l->event != BREAKER_OPENED)
		return OK;
	f = alert_raise(l->e->store, &alert, l->now_ms, err);
	return f ? f : account_state(l->e->store, link->account.id, l->fault == FAULT_AUTH ? "auth" : l->fault == FAULT_ENDPOINT ? "wrong" : "down", l->err.text, &l->why, err);
}

static void recount_soon(struct engine *e, int64_t now_ms)
{
	if (e->minute_ms > now_ms + 3000)
		e->minute_ms = now_ms + 3000;
	if (e->beat_ms > e->minute_ms)
		e->beat_ms = e->minute_ms;
}

/* Orders that just came in stand on the message row; a first reading of days of orders does not. */
static enum fault tell_arrivals(struct landing *l, const struct tally *t, struct err *err)
{
	const struct job *j = &l->f->job[0];
	bool backlog = !j->cursor.since_ms || *j->cursor.page || l->news.next_page || t->orders_new > 50;
	char text[160];

	if (!t->orders_new || backlog || j->tries < 2)
		return OK;
	snprintf(text, sizeof text, "%s: %d new order%s", l->f->link->account.name, t->orders_new, t->orders_new == 1 ? "" : "s");
	return message_add(l->e->store, "info", text, "", l->now_ms, err);
}

/* Not a fact was learnt from it, nor a row of history: its attempt need not be kept for ever. */
static enum fault told_nothing(struct landing *l, int64_t history, struct err *err)
{
	int64_t now;
	enum fault f = change_last(l->e->store, &now, err);

	return f || now != history ? f : attempt_idle(l->e->store, l->f->attempt, err);
}

static enum fault write_news(struct landing *l, struct err *err)
{
	struct tally *t = &l->tally;
	int64_t history;
	enum fault f = change_last(l->e->store, &history, err);

	if (!f)
		f = news_apply(l->e->store, l->f->link->account.id, l->f->verb, &l->news, l->f->begun_ms, &l->e->sealer, &l->why, t, err);
	for (int i = 0; i < l->f->n && !f; i++)
		f = landing_understood(l, i, err);
	if (!f)
		f = bulk_heard(l->e, l->f->link, &l->f->job[0], &l->news, l->f->begun_ms, &l->why, err);
	if (!f)
		f = tell_arrivals(l, t, err);
	if (!f)
		f = landing_follow_up(l, err);
	if (!f)
		f = all_well(l, err);
	if (!f)
		f = tell_breaker(l, err);
	if (!f && t->nothing_new && !verb_writes(l->f->verb))
		f = told_nothing(l, history, err);
	if (!f && (t->orders_new || t->orders_changed)) /* the tabs count late and new ones: soon, not in the midst of a backlog */
		recount_soon(l->e, l->now_ms);
	l->e->told |= !f && (t->orders_new || t->orders_changed || t->seen_anew || t->counts || t->parked || t->odd || verb_writes(l->f->verb));
	return f;
}

static enum fault write_fault(struct landing *l, struct err *err)
{
	enum fault f = OK;

	lapse_soon(l->e, l->now_ms);
	if (l->fault == FAULT_FORMAT && l->f->verb != VERB_TOKEN) { /* not a byte is lost of a reply that we do not understand */
		struct parked p = {
			.class = "SCHEMA",
			.subject = l->f->job[0].subject,
			.path = "",
			.text = l->err.text,
			.fragment = l->reply.body,
			.fragment_n = l->reply.body_len,
		};

		f = inbox_park(l->e->store, l->f->link->account.id, l->f->verb, &p, &l->e->sealer, &l->why, err);
	}
	for (int i = 0; i < l->f->n && !f; i++) {
		f = attempt_job_result(l->e->store, l->f->attempt, l->f->job[i].id, l->fault, l->err.text, err);
		if (!f)
			f = landing_note_retry(l, &l->f->job[i], false, err);
		if (!f)
			f = landing_outcome(l, &l->f->job[i], l->fault, l->err.text, err);
	}
	l->e->told = true;
	return f ? f : tell_breaker(l, err);
}

/* ---- the attempt's end ---- */

static enum fault close_attempt(struct landing *l, struct err *err)
{
	struct attempt a = {
		.id = l->f->attempt,
		.status = l->reply.status,
		.fault = l->fault ? fault_name(l->fault) : "",
		.text = l->fault ? l->err.text : "",
		.their_id = "",
		.closed_ms = l->now_ms,
	};
	static const char *const their_ids[] = { "x-amzn-RequestId", "WM_QOS.CORRELATION_ID", "x-request-id", "x-correlation-id" };
	enum fault f = OK;

	for (size_t i = 0; i < sizeof their_ids / sizeof *their_ids && !*a.their_id; i++) {
		const char *id = reply_header(&l->reply, their_ids[i]);

		if (id && strcmp(id, l->f->request.correlation))
			a.their_id = id;
	}
	if (l->f->verb != VERB_TOKEN && l->reply.body_len) /* a token reply is a secret */
		f = body_keep(l->e->store, l->reply.body, l->reply.body_len, l->now_ms + l->e->raw_keep_ms, &l->e->sealer, &a.reply_id, err);
	if (!f)
		f = tally_call(l->e, l->f, l->fault, l->now_ms, err);
	return f ? f : attempt_close(l->e->store, &a, err);
}

/* What is left of a bucket by their own word: the gate of that name. */
static void learn_quota(struct landing *l)
{
	for (int i = 0; i < l->news.quotas; i++)
		for (int k = 0; k < l->f->link->gates; k++) {
			struct gate *g = &l->f->link->gate[k];

			if (strcmp(g->name, l->news.quota[i].bucket))
				continue;
			if (l->news.quota[i].reset_ms)
				limit_learn_day(&g->limit, l->news.quota[i].limit, l->news.quota[i].left, l->news.quota[i].reset_ms, l->now_ms);
			limit_learn_left(&g->limit, l->news.quota[i].limit, l->news.quota[i].left, l->news.quota[i].restore, l->now_ms);
			g->dirty = true;
		}
}

/* Limits and breakers learn from every answer. */
static void learn(struct landing *l)
{
	struct gate *g = link_gate(&l->e->links, l->f->link, speech_of(l->f)->op);
	bool stale;

	if (g) {
		limit_done(&g->limit);
		limit_learn(&g->limit, &l->reply, l->now_ms);
		learn_quota(l);
		g->throttled += l->fault == FAULT_BUSY;
		g->dirty = true;
	}
	host_heard(l->f->link, &l->reply, l->now_ms);
	if (l->news.offset_ms)
		l->f->link->account.offset_ms = l->news.offset_ms;
	if (l->news.out && !l->fault)
		outage_heard(l->f->link, l->news.out, l->now_ms);
	if ((l->fault == FAULT_BUSY || l->fault == FAULT_REMOTE) && !l->err.retry_ms) /* a 503 says when as a 429 does */
		l->err.retry_ms = when_hint(&l->reply, l->now_ms);
	l->fuse = link_fuse(&l->e->links, l->f->link, speech_of(l->f)->op);
	if (!l->fuse)
		return;
	/* a token that was revoked says nothing about their health */
	stale = l->fault == FAULT_AUTH && !landing_locked_out(l, &l->f->job[0]);
	l->event = breaker_note(&l->fuse->breaker, &breaker_rules, stale ? FAULT_BUSY : l->fault, l->now_ms);
	l->fuse->fault = l->fault ? fault_name(l->fault) : "";
	snprintf(l->fuse->text, sizeof l->fuse->text, "%.110s", l->fault ? l->err.text : "");
	l->fuse->dirty = true;
}

/*
 * They knew us a moment ago: most likely there are too many at once, ours or somebody else's on the same account. A new token or an alert would help nobody.
 * When not one was let in for a while, they mean it.
 */
static void suspect_crowd(struct landing *l)
{
	const struct link *link = l->f->link;
	char text[sizeof l->err.text];

	if (l->fault != FAULT_AUTH || !link->channel->crowd_refuses_login || l->now_ms - link->well_ms > CROWD_MS)
		return;
	snprintf(text, sizeof text, "%.160s", l->err.text);
	l->fault = err_set(&l->err, FAULT_BUSY, "THROTTLE_SUSPECT: %s", text);
}

static void judge(struct landing *l)
{
	const struct reply *r = &l->reply;

	if (r->fault) {
		l->fault = err_set(&l->err, r->fault, "%s", r->text);
		return;
	}
	l->fault = speech_of(l->f)->hear(&l->f->link->account, (struct batch){ l->f->job, l->f->n, l->f->begun_ms }, r, &l->news, &l->err);
	suspect_crowd(l);
}

/* The flight is over: its place is free, and what it holds is the landing's. */
static struct flight take_out(struct engine *e, struct flight *f)
{
	struct flight out = *f;

	e->moved++;
	f->link->flying--;
	f->link->urgent -= f->job[0].lane <= LANE_CONFIRM;
	if (f->verb == VERB_TOKEN)
		f->link->token_flight = false;
	*f = e->flight[--e->flights];
	return out;
}

static struct landing *landing_new(struct engine *e, struct flight *slot, const struct reply *reply, struct arena *reply_arena, int64_t now_ms)
{
	struct flight flight = take_out(e, slot);
	struct landing *l = arena_alloc(flight.arena, sizeof *l);

	*l = (struct landing){
		.e = e,
		.flight = flight,
		.f = &l->flight,
		.reply = *reply,
		.reply_arena = reply_arena,
		.news = news_new(flight.arena),
		.why = engine_cause(e, arena_printf(flight.arena, "channel:%s", flight.link->account.name), flight.trace, now_ms),
		.now_ms = now_ms,
	};
	l->why.attempt_id = flight.attempt;
	judge(l);
	landing_hush(l);
	learn(l);
	if (flight.spoilt)
		l->fault = err_set(&l->err, FAULT_NET, FLIGHT_SPOILT);
	return l;
}

void landing_free(struct landing *l)
{
	if (l->reply_arena)
		arena_free(l->reply_arena);
	arena_free(l->flight.arena);
}

/* What tells how an order stands, or that something was said of one. */
static bool is_of_orders(enum verb v)
{
	return v == VERB_ORDERS || v == VERB_ORDER || v == VERB_PARCELS || v == VERB_DISPATCHES || v == VERB_ACK || v == VERB_SHIP || v == VERB_CANCEL;
}

/* They go on to tell somebody who was forgotten here. */
static enum fault forget_again(struct landing *l, struct err *err)
{
	return is_of_orders(l->f->verb) ? reply_forget(l->e->store, l->f->attempt, l->reply.body, l->reply.body_len, l->now_ms, err) : OK;
}

enum fault landing_write(struct landing *l, struct err *err)
{
	enum fault f = close_attempt(l, err);

	l->e->heard |= is_of_orders(l->f->verb);
	if (!f)
		f = l->fault ? write_fault(l, err) : write_news(l, err);
	if (!f)
		f = forget_again(l, err);
	if (f)
		return f;
	return (l->fault || l->event != BREAKER_SAME || verb_writes(l->f->verb) ? links_save : links_save_soon)(&l->e->links, l->e->store, l->now_ms, err);
}

/* The facts could not be written (a broken store, a rule of the schema): the reply is treated as not understood. */
static void write_apology(struct landing *l, const struct err *what)
{
	struct err err;

	store_rollback(l->e->store);
	log_error("%s %s: the reply could not be written: %s", l->f->link->account.name, verb_name(l->f->verb), what->text);
	l->fault = err_set(&l->err, FAULT_FORMAT, "could not be written: %.180s", what->text);
	if (store_begin(l->e->store, &err) || close_attempt(l, &err) || write_fault(l, &err) || forget_again(l, &err) || !engine_commit(l->e, &err)) {
		store_rollback(l->e->store);
		log_error("and its attempt stays open: %s", err.text); /* recovered at the next start */
	}
}

/*
 * A warehouse's file: what it says is taken, and the same bytes would say the same: it is read again when it was changed. One that was held back or could not be
 * read is not what is known of the warehouse, and counts for nothing until it is read once more.
 */
static void note_file(const struct landing *l)
{
	struct link *link = l->f->link;

	if (l->f->verb != VERB_COUNTS || fields_has(&l->f->job[0].payload, "file"))
		return;
	if (!l->fault && l->tally.counts) {
		link->file_seen = link->file_asked;
		link->file_left = (struct stamp){ 0 };
		link->file_heard_ms = l->now_ms;
	} else if (!l->fault || l->fault == FAULT_FORMAT || l->fault == FAULT_REFUSED) {
		link->file_left = link->file_asked;
		link->file_again_ms = l->now_ms + FILE_AGAIN_MS;
	}
}

bool landing_settle(struct landing *l)
{
	struct err err;

	if (!store_begin(l->e->store, &err) && !landing_write(l, &err) && engine_commit(l->e, &err)) {
		note_file(l);
		return true;
	}
	write_apology(l, &err);
	return false;
}

void settle_one(struct engine *e, struct flight *f, const struct reply *reply, int64_t now_ms)
{
	struct landing *l = landing_new(e, f, reply, NULL, now_ms);

	backlog_write(e); /* what was heard before is written before */
	landing_settle(l);
	landing_free(l);
}

static void land(struct engine *e, struct flight *f, const struct finished *done, int64_t now_ms)
{
	struct landing *l = landing_new(e, f, &done->reply, done->arena, now_ms);

	if (backlog_takes(e, l))
		return;
	backlog_write(e);
	landing_settle(l);
	landing_free(l);
}

static struct flight *flight_of(struct engine *e, int64_t attempt)
{
	for (int i = 0; i < e->flights; i++)
		if (e->flight[i].attempt == attempt)
			return &e->flight[i];
	return NULL;
}

void settle(struct engine *e, int64_t now_ms)
{
	bool again = e->again;
	struct finished done;

	while (e->backlog.n < BACKLOG && e->net->next(e->net, &done)) {
		struct flight *f = flight_of(e, done.id);

		if (f)
			land(e, f, &done, now_ms);
		else
			arena_free(done.arena);
	}
	backlog_go_on(e, now_ms);
	e->again = again; /* all that follows from an answer stands later in the same turn */
}
