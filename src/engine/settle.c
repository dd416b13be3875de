/*
 * settle: a reply becomes facts, receipts and the next steps of its jobs, in one transaction.
 *
 * A crash before the commit repeats the read; a crash after it repeats nothing. What a fault means for a job
 * stands in one function, `outcome`.
 */
#include "engine/landing.h"

#include "base/log.h"
#include "net/retry.h"
#include "net/when.h"
#include "trade/accounts.h"
#include "trade/alerts.h"
#include "trade/change.h"
#include "trade/feeds.h"
#include "trade/latency.h"
#include "trade/ledger.h"
#include "trade/offers.h"
#include "trade/retries.h"
#include "trade/shipments.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { CROWD_MS = 15 * 60 * 1000 }; /* a login that was good so lately may be refused for another reason */

static const struct speech *speech_of(const struct flight *f)
{
	return &f->link->channel->say[f->verb];
}

/* ---- what it means for a job ---- */

/* The alert of the third failure in a row: once, until it works again. */
static enum fault tell_failing(struct landing *l, const struct job *j, const char *text, struct err *err)
{
	struct arena *a = l->f->arena;
	struct alert alert = {
		.key = arena_printf(a, "retry %s %s", l->f->link->account.name, verb_name(j->verb)),
		.kind = "sync",
		.severity = "WARN",
		.account = l->f->link->account.id,
		.subject = verb_name(j->verb),
		.text = arena_printf(a, "%s: %s fails: %s", l->f->link->account.name, verb_name(j->verb), text),
		.next = "tried again every 5 minutes by itself",
	};

	return alert_raise(l->e->store, &alert, l->now_ms, err);
}

/* By the ladder. What a person would have to mend in a single job (a refusal) is waited out when it is a read that we live by. */
static enum fault again(struct landing *l, const struct job *j, enum fault fault, const char *text, struct err *err)
{
	enum fault pace = fault == FAULT_BUSY || fault == FAULT_NET ? fault : FAULT_REMOTE;
	int fails = (int)j->fails + (fault != FAULT_BUSY);
	struct retry r = retry_next(&retry_rules, pace, fails, l->now_ms, l->err.retry_ms, l->e->jitter ? &l->e->rng : NULL);
	enum fault f = r.alert ? tell_failing(l, j, text, err) : OK;

	return f ? f : job_again(l->e->store, j->id, r.due_ms, fault, text, r.counts, &l->why, err);
}

static enum fault lost_answer(struct landing *l, const struct job *j, const char *text, struct err *err)
{
	struct job_plan check = {
		.account = j->account,
		.verb = speech_of(l->f)->check,
		.lane = LANE_CONFIRM,
		.subject_id = j->subject_id,
		.subject = j->subject,
		.payload = &j->payload,
		.due_ms = l->now_ms + 5000,
		.parent_id = j->id,
	};
	int64_t id;
	enum fault f = job_unsure(l->e->store, j->id, text, &l->why, err);

	if (!f)
		f = doubt_begin(l->e, l->f->link, j, l->f->begun_ms, &l->why, err);
	if (!f && check.verb != VERBS)
		f = job_plan(l->e->store, &check, &l->why, &id, err);
	return f;
}

/* Did it go out with a token that has been, or is being, replaced? Several requests meet one revoked token. */
static bool token_replaced(const struct landing *l)
{
	return !l->f->link->token_until_ms || l->f->token_no != l->f->link->token_no;
}

/* A fresh token was refused as well, or there is none to fetch: it is not the token. */
static bool locked_out(const struct landing *l, const struct job *j)
{
	return l->f->verb == VERB_TOKEN || !link_takes_token(l->f->link) || (!token_replaced(l) && !strcmp(j->fault, fault_name(FAULT_AUTH)));
}

static const char *auth_key(const struct landing *l)
{
	return arena_printf(l->f->arena, "auth %s %s", l->f->link->account.name, verb_name(l->f->verb));
}

static const char *spare_key(const struct landing *l)
{
	return arena_printf(l->f->arena, "spare %s", l->f->link->account.name);
}

/* Two secrets are there, as while one is rotated: what the one does not open the other may. One try each, then it waits as for any locked door. */
static enum fault try_other(struct landing *l, const struct job *j, const char *text, bool *tried, struct err *err)
{
	struct link *link = l->f->link;
	struct alert alert = {
		.key = spare_key(l),
		.kind = "secret",
		.severity = "WARN",
		.account = link->account.id,
		.subject = "rotation",
		.text = arena_printf(l->f->arena, "%s: one of its two secrets was refused: %s; the other one is used", link->account.name, text),
		.next = "look at what was put into the vault last: tallyman vault list; tallyman vault rotate puts another one there",
	};
	bool again = link->swapped; /* the other one was refused as well */
	enum fault f;

	*tried = link_swap(link) && !again;
	link->swapped = *tried;
	if (!*tried)
		return OK;
	f = alert_raise(l->e->store, &alert, l->now_ms, err);
	return f ? f : job_again(l->e->store, j->id, l->now_ms, FAULT_AUTH, text, false, &l->why, err);
}

static enum fault auth_failed(struct landing *l, const struct job *j, const char *text, struct err *err)
{
	struct link *link = l->f->link;
	struct alert alert = {
		.key = auth_key(l),
		.kind = "auth",
		.severity = "CRIT",
		.account = link->account.id,
		.subject = verb_name(l->f->verb),
		.text = arena_printf(l->f->arena, "%s: %s", link->account.name, text),
		.next = "check the secret, its expiry and the account's roles; a probe goes out every 5 minutes",
	};
	bool tried = false;
	enum fault f = OK;

	if (!locked_out(l, j)) { /* one forced refresh, then the same request once more */
		if (!token_replaced(l)) {
			link->token_until_ms = 0;
			f = job_hurry_verb(l->e->store, link->account.id, VERB_TOKEN, l->now_ms, err);
		}
		return f ? f : job_again(l->e->store, j->id, l->now_ms, FAULT_AUTH, text, false, &l->why, err);
	}
	f = try_other(l, j, text, &tried, err);
	if (f || tried)
		return f;
	f = account_state(l->e->store, link->account.id, "auth", text, &l->why, err);
	if (!f)
		f = alert_raise(l->e->store, &alert, l->now_ms, err);
	if (!f) /* no storm against a door that is locked: at once the slow step of the ladder */
		f = job_again(l->e->store, j->id, l->now_ms + retry_rules.slow_ms, FAULT_AUTH, text, true, &l->why, err);
	return f;
}

/* They took a quantity of it, perhaps, and their own reading has no such SKU: an answer, if not the one that was hoped for. */
static enum fault not_there(struct landing *l, const struct job *j, const char *text, struct err *err)
{
	enum fault f = offer_not_there(l->e->store, j->subject_id, l->f->begun_ms, &l->why, err);

	return f ? f : job_done(l->e->store, j->id, text, &l->why, err);
}

/*
 * They said no. A read that we live by is not given up. A wrong address is named and left to a person (ARC-11), unless it was right
 * before: then it is somebody's login page in between, which goes away by itself.
 */
static enum fault refused(struct landing *l, const struct job *j, const char *text, struct err *err)
{
	bool wrong_host = !strncmp(text, "ENDPOINT_MISMATCH", 17);
	enum fault f;

	if (wrong_host && (f = account_state(l->e->store, j->account, "wrong", text, &l->why, err)))
		return f;
	if (j->verb == VERB_STOCK_READ && j->subject_id && l->reply.status == 404 && !wrong_host)
		return not_there(l, j, text, err);
	if (j->repeats && *j->cursor.page) { /* their page mark has aged: the window is read again from its start */
		struct cursor c = j->cursor;

		c.page = "";
		if ((f = cursor_set(l->e->store, j->account, j->verb, j->subject, &c, l->now_ms, err)))
			return f;
	}
	if (wrong_host ? l->f->link->spoken && (j->repeats || speech_of(l->f)->repeatable) : j->repeats)
		return again(l, j, FAULT_REFUSED, text, err);
	f = job_fail(l->e->store, j->id, FAULT_REFUSED, text, &l->why, err);
	if (!f)
		f = bulk_failed(l->e, l->f->link, j, text, &l->why, err);
	if (!f && j->verb == VERB_SHIP)
		f = shipment_confirm(l->e->store, fields_int(&j->payload, "shipment", 0), "REJECTED", &l->why, err);
	return f;
}

/* One table: fault and kind of job to the job's next step. */
static enum fault outcome(struct landing *l, const struct job *j, enum fault fault, const char *text, struct err *err)
{
	bool careful = verb_writes(j->verb) && !speech_of(l->f)->repeatable;

	switch (fault) {
	case FAULT_AUTH:
		return auth_failed(l, j, text, err);
	case FAULT_REFUSED:
		return refused(l, j, text, err);
	case FAULT_UNSURE:
	case FAULT_REMOTE:
	case FAULT_FORMAT: /* an answer that we cannot read may have been a yes */
		if (careful)
			return lost_answer(l, j, text, err);
		break;
	case OK:
	case FAULT_BUSY:
	case FAULT_NET:
	case FAULT_STORE:
	case FAULTS:
		break;
	}
	return again(l, j, fault, text, err);
}

/* ---- what was understood ---- */

static enum fault ship_confirmed(struct landing *l, const struct job *j, const char *confirm, struct err *err)
{
	int64_t shipment = fields_int(&j->payload, "shipment", 0);

	return j->verb == VERB_SHIP && shipment ? shipment_confirm(l->e->store, shipment, confirm, &l->why, err) : OK;
}

/* How long they took to say yes. */
static enum fault tell_accepted(struct landing *l, const struct job *j, struct err *err)
{
	const char *route = j->verb == VERB_BULK ? "feed" : l->f->n > 1 ? "bulk" : "single";

	if (j->verb != VERB_BULK && j->verb != VERB_STOCK)
		return OK;
	return latency_add(l->e->store, j->account, route, "accept", l->reply.received_ms - l->f->begun_ms, l->now_ms, err);
}

/* When a quantity is looked for: what is held at zero at once, for somebody waits to hear that it is off sale. */
static enum fault look_for_it(struct landing *l, const struct job *j, int64_t *due_ms, struct err *err)
{
	struct offer o;
	enum fault f = offer_get(l->e->store, j->subject_id, l->f->arena, &o, err);

	*due_ms = l->now_ms + (!f && *o.hold ? HELD_PROOF_MS : l->f->link->channel->settle_ms / 4);
	return f;
}

/* Accepted is not applied: the read that proves it is queued with the receipt. */
static enum fault accepted(struct landing *l, const struct job *j, const struct receipt *r, struct err *err)
{
	const struct speech *say = speech_of(l->f);
	struct job_plan check = {
		.account = j->account,
		.verb = say->check,
		.lane = LANE_CONFIRM,
		.subject = j->subject,
		.subject_id = j->subject_id,
		.payload = &j->payload,
		.due_ms = l->now_ms + 15000,
		.parent_id = j->id,
	};
	const char *text = r->text ? r->text : r->ref ? arena_printf(l->f->arena, "accepted, their number %s", r->ref) : "accepted";
	int64_t id;
	enum fault f;

	if ((f = tell_accepted(l, j, err)))
		return f;
	if (j->verb == VERB_BULK && (f = bulk_accepted(l->e, l->f->link, j, r->ref, &l->why, err)))
		return f;
	if (r->final || say->check == VERBS || j->verb == VERB_BULK)
		return job_done(l->e->store, j->id, text, &l->why, err);
	f = job_sent(l->e->store, j->id, text, &l->why, err);
	if (!f && j->verb == VERB_STOCK) {
		f = look_for_it(l, j, &check.due_ms, err);
		if (!f)
			f = alert_close(l->e->store, zero_waits_key(l->f->arena, j), l->now_ms, err);
	}
	if (!f && j->verb == VERB_STOCK)
		f = offer_accepted(l->e->store, j->subject_id, fields_int(&j->payload, "qty", 0), j->ver, l->f->link->channel->settle_ms, &l->why, err);
	if (!f)
		f = ship_confirmed(l, j, "ACCEPTED", err);
	return f ? f : job_plan(l->e->store, &check, &l->why, &id, err);
}

static const struct receipt *receipt_of(const struct news *n, int job)
{
	for (int i = 0; i < n->receipts; i++)
		if (n->receipt[i].job == job)
			return &n->receipt[i];
	return NULL;
}

/* How many lists hold a channel's orders. */
static int order_lists(const struct channel *c)
{
	int n = 0;

	while (c->pools && c->pools[n])
		n++;
	return n ? n : 1;
}

/* A list moves its cursor; its job comes back for the next page at once, for the next window when that is due. */
static enum fault turn_page(struct landing *l, const struct job *j, struct err *err)
{
	struct cursor c = j->cursor;
	int64_t due = l->now_ms;
	enum fault f;

	if (l->news.next_page) {
		c.page = l->news.next_page;
	} else {
		if (j->verb == VERB_ORDERS || j->verb == VERB_DISPATCHES)
			c.since_ms = c.until_ms > c.since_ms ? c.until_ms : c.since_ms;
		due += plan_every(l->e, l->f->link, j->verb);
		c.page = "";
	}
	f = cursor_set(l->e->store, j->account, j->verb, j->subject, &c, l->now_ms, err);
	if (!f && j->verb == VERB_STOCK_LIST)
		f = reconcile_page(l->e, l->f->link, j, &l->news, l->tally.parked, l->f->begun_ms, &l->why, err);
	if (l->went_on)
		return f;
	if (!f && j->verb == VERB_ORDERS)
		f = account_heard(l->e->store, j->account, order_lists(l->f->link->channel), err);
	return f ? f : job_again(l->e->store, j->id, due, OK, "", false, &l->why, err);
}

static enum fault new_token(struct landing *l, const struct job *j, struct err *err)
{
	struct link *link = l->f->link;
	int64_t life_ms = l->news.token_life_s * 1000;

	if (!l->news.token || life_ms <= 0 || !vault_token(link->vault, &link->account.access_token, l->news.token))
		return outcome(l, j, FAULT_FORMAT, "the token reply holds no usable token", err);
	link->token_until_ms = l->now_ms + life_ms;
	link->token_no++;
	/* two minutes early; a life too short for that is refreshed at four fifths */
	return job_again(l->e->store, j->id, l->now_ms + (life_ms > 240000 ? life_ms - 120000 : life_ms * 4 / 5), OK, "", false, &l->why, err);
}

/* Does the answer tell the order that was asked for, whole? Else it proves nothing of it, least of all that something is not there. */
static bool tells_order(const struct landing *l, const struct job *j)
{
	const char *ref = fields_get(&j->payload, "ref", "");

	for (int i = 0; i < l->news.orders && !l->tally.orders_parked; i++)
		if (l->news.order[i].ref && !strcmp(l->news.order[i].ref, ref))
			return true;
	return false;
}

/*
 * They hold another number than the one it was said from. Saying it over theirs would undo what we do not know of (a sale, a person's count), so
 * it is dropped, what they show is read, and the reading has the quantity decided again.
 */
static enum fault stale(struct landing *l, const struct job *j, const struct receipt *r, struct err *err)
{
	struct fields payload = fields_new(l->f->arena);
	struct job_plan p = {
		.account = j->account,
		.verb = VERB_STOCK_READ,
		.lane = j->lane < LANE_CONFIRM ? j->lane : LANE_CONFIRM,
		.subject = j->subject,
		.subject_id = j->subject_id,
		.payload = &payload,
		.due_ms = l->now_ms + 2000, /* a copy of theirs that lags behind must not make a storm */
		.parent_id = j->id,
	};
	int64_t id;
	enum fault f = attempt_job_result(l->e->store, l->f->attempt, j->id, FAULT_REFUSED, r->text, err);

	for (int i = 0; i < j->payload.n; i++)
		fields_put(&payload, j->payload.field[i].key, j->payload.field[i].value);
	fields_put(&payload, "again", "1");
	if (!f)
		f = job_supersede(l->e->store, j->id, arena_printf(l->f->arena, "%s: read, and decided again", r->text ? r->text : "stale"), &l->why, err);
	return f ? f : job_plan(l->e->store, &p, &l->why, &id, err);
}

static enum fault decide_again(struct landing *l, const struct job *j, struct err *err)
{
	struct offer o;
	enum fault f = offer_get(l->e->store, j->subject_id, l->f->arena, &o, err);

	if (f || !o.item)
		return f;
	return ledger_dirty(l->e->store, o.item, l->now_ms, err);
}

/* It had failed before: did trying again help? */
static enum fault note_retry(struct landing *l, const struct job *j, bool helped, struct err *err)
{
	if (!j->fails || !*j->fault)
		return OK;
	return retry_note(l->e->store, j->account, verb_name(j->verb), j->fault, helped, l->now_ms, err);
}

/*
 * A number of stock is here: what its teller had set aside is asked once more, now. What it gave up in between counts as set aside until then; and where
 * as much was lost at the same time, the number itself does not show it (trade/counts.c, hold_raise).
 */
static enum fault set_aside_again(struct landing *l, const struct job *j, struct err *err)
{
	if (j->verb != VERB_COUNTS || l->news.next_page || !l->news.counts || !l->f->link->channel->say[VERB_DISPATCHES].ask)
		return OK;
	return job_hurry_verb(l->e->store, j->account, VERB_DISPATCHES, l->now_ms, err);
}

static enum fault understood(struct landing *l, int i, struct err *err)
{
	const struct job *j = &l->f->job[i];
	const struct receipt *r = receipt_of(&l->news, i);
	enum fault f = note_retry(l, j, !r || !r->fault, err);

	if (!f)
		f = set_aside_again(l, j, err);
	if (f)
		return f;
	if (r && r->stale)
		return stale(l, j, r, err);
	if (r && r->fault) {
		f = attempt_job_result(l->e->store, l->f->attempt, j->id, r->fault, r->text, err);
		return f ? f : outcome(l, j, r->fault, r->text ? r->text : "refused", err);
	}
	if (j->verb == VERB_TOKEN)
		return new_token(l, j, err);
	if (l->news.has_page && j->repeats)
		return turn_page(l, j, err);
	if (verb_writes(j->verb))
		return accepted(l, j, r ? r : &(struct receipt){ .job = i }, err);
	if (j->verb == VERB_ORDER && !tells_order(l, j) &&
	    attempt_job_result(l->e->store, l->f->attempt, j->id, FAULT_FORMAT, "the answer does not tell this order", err))
		return FAULT_STORE;
	if (j->repeats)
		return job_again(l->e->store, j->id, l->now_ms + plan_every(l->e, l->f->link, j->verb), OK, "", false, &l->why, err);
	if (j->verb == VERB_STOCK_READ && j->subject_id && fields_int(&j->payload, "again", 0) && (f = decide_again(l, j, err)))
		return f;
	return job_done(l->e->store, j->id, r && r->text ? r->text : "", &l->why, err);
}

/* Has a feed of this list ended? Then its verdict was read once and for all. */
static bool feed_ended(const struct news *n, const char *subject)
{
	for (int i = 0; i < n->feeds; i++)
		if (strstr(subject, n->feed[i].id))
			return n->feed[i].ended;
	return false;
}

/* What a list told of a SKU, and we know already, is not asked for: that would be a call a SKU with each list. The list has shown it all the same. */
static enum fault offer_told(struct landing *l, const struct job_plan *p, bool *told, struct err *err)
{
	static const struct fields none;
	const struct fields *pay = p->payload ? p->payload : &none;
	const char *marketplace = fields_get(pay, "marketplace", ""), *sku = fields_get(pay, "sku", "");
	enum fault f = offer_is_known(l->e->store, p->account, marketplace, sku, fields_int(pay, "shown", -1), l->now_ms, told, err);

	return f || !*told ? f : offer_listed(l->e->store, p->account, marketplace, sku, l->f->begun_ms, err);
}

/* One of ours is asked after by its own steps; whatever follows of it here is told already. */
static enum fault known_feed(struct landing *l, const struct job_plan *p, bool *told, struct err *err)
{
	int64_t ours = 0;
	enum fault f = OK;

	if (p->verb == VERB_FEED && p->payload && !fields_has(p->payload, "feed"))
		f = bulk_by_ref(l->e->store, p->account, fields_get(p->payload, "id", ""), &ours, err);
	*told = ours != 0;
	return f;
}

static enum fault follow_up(struct landing *l, struct err *err)
{
	enum fault f = OK;
	int64_t id;

	for (int i = 0; i < l->news.follows && !f; i++) {
		struct job_plan p = l->news.follow[i];
		bool told = false;

		p.account = l->f->link->account.id;
		p.lane = p.lane ? p.lane : LANE_REST;
		if ((f = bulk_fill(l->e, &p, l->f->arena, &l->why, err)) || (f = known_feed(l, &p, &told, err)))
			return f;
		if (!told && p.verb == VERB_FEED && feed_ended(&l->news, p.subject) && (f = job_was_done(l->e->store, p.account, p.verb, p.subject, &told, err)))
			return f;
		if (p.verb == VERB_PARCELS && (f = job_was_done(l->e->store, p.account, p.verb, p.subject, &told, err)))
			return f; /* its subject has the moment of the change: asked once, whichever list tells of it again */
		if (p.verb == VERB_OFFER && (f = offer_told(l, &p, &told, err)))
			return f;
		if (told) {
			f = tally_add(l->e->store, p.account, l->f->link->channel->say[p.verb].op, 0, 0, 1, 0, l->now_ms, err);
			continue;
		}
		p.due_ms = p.due_ms > l->now_ms ? p.due_ms : l->now_ms + p.due_ms;
		f = job_plan(l->e->store, &p, &l->why, &id, err);
	}
	return f;
}

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
		f = alert_close(l->e->store, auth_key(l), l->now_ms, err);
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
	return f ? f : account_state(l->e->store, link->account.id, l->fault == FAULT_AUTH ? "auth" : "down", l->err.text, &l->why, err);
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
		f = understood(l, i, err);
	if (!f)
		f = bulk_heard(l->e, l->f->link, &l->f->job[0], &l->news, l->f->begun_ms, &l->why, err);
	if (!f)
		f = tell_arrivals(l, t, err);
	if (!f)
		f = follow_up(l, err);
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
			f = note_retry(l, &l->f->job[i], false, err);
		if (!f)
			f = outcome(l, &l->f->job[i], l->fault, l->err.text, err);
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
	if (l->fault == FAULT_BUSY && !l->err.retry_ms)
		l->err.retry_ms = when_hint(&l->reply, l->now_ms);
	l->fuse = link_fuse(&l->e->links, l->f->link, speech_of(l->f)->op);
	if (!l->fuse)
		return;
	/* a token that was revoked says nothing about their health */
	stale = l->fault == FAULT_AUTH && !locked_out(l, &l->f->job[0]);
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

enum fault landing_write(struct landing *l, struct err *err)
{
	enum fault f = close_attempt(l, err);

	if (!f)
		f = l->fault ? write_fault(l, err) : write_news(l, err);
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
	if (store_begin(l->e->store, &err) || close_attempt(l, &err) || write_fault(l, &err) || !engine_commit(l->e, &err)) {
		store_rollback(l->e->store);
		log_error("and its attempt stays open: %s", err.text); /* recovered at the next start */
	}
}

bool landing_settle(struct landing *l)
{
	struct err err;

	if (!store_begin(l->e->store, &err) && !landing_write(l, &err) && engine_commit(l->e, &err))
		return true;
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
	struct finished done;

	while (e->backlog.n < BACKLOG && e->net->next(e->net, &done)) {
		struct flight *f = flight_of(e, done.id);

		if (f)
			land(e, f, &done, now_ms);
		else
			arena_free(done.arena);
	}
	backlog_go_on(e, now_ms);
}
