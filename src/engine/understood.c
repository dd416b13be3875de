/*
 * understood: a reply that was understood, job by job: what they took is proven next, a list goes on, what is stale is decided again.
 */
#include "engine/landing.h"

#include "trade/accounts.h"
#include "trade/latency.h"
#include "trade/ledger.h"
#include "trade/offers.h"
#include "trade/retries.h"
#include "trade/shipments.h"

#include <string.h>

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
	if (!f && j->verb == VERB_STOCK)
		f = look_for_it(l, j, &check.due_ms, err);
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

	if (!walk_on(&l->news, j->verb, &c))
		due = walk_again(l->e, l->f->link, j, &c, l->now_ms);
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
		return landing_outcome(l, j, FAULT_FORMAT, "the token reply holds no usable token", err);
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
enum fault landing_note_retry(struct landing *l, const struct job *j, bool helped, struct err *err)
{
	if (!j->fails || !*j->fault)
		return OK;
	return retry_note(l->e->store, j->account, verb_name(j->verb), j->fault, helped, l->now_ms, err);
}

/*
 * A number of stock is here: what its teller had set aside is asked once more, now. What it gave up in between counts as set aside until then; and where
 * as much was lost at the same time, the number itself does not show it (trade/counts_weigh.c, hold_raise).
 */
static enum fault set_aside_again(struct landing *l, const struct job *j, struct err *err)
{
	if (j->verb != VERB_COUNTS || l->news.next_page || !l->news.counts || !l->f->link->channel->say[VERB_DISPATCHES].ask)
		return OK;
	return job_hurry_verb(l->e->store, j->account, VERB_DISPATCHES, l->now_ms, err);
}

enum fault landing_understood(struct landing *l, int i, struct err *err)
{
	const struct job *j = &l->f->job[i];
	const struct receipt *r = receipt_of(&l->news, i);
	enum fault f = landing_note_retry(l, j, !r || !r->fault, err);

	if (!f)
		f = set_aside_again(l, j, err);
	if (f)
		return f;
	if (r && r->stale)
		return stale(l, j, r, err);
	if (r && r->fault) {
		f = attempt_job_result(l->e->store, l->f->attempt, j->id, r->fault, r->text, err);
		return f ? f : landing_outcome(l, j, r->fault, r->text ? r->text : "refused", err);
	}
	if (j->verb == VERB_TOKEN)
		return new_token(l, j, err);
	if (l->news.has_page && j->repeats)
		return turn_page(l, j, err);
	if (verb_writes(j->verb))
		return accepted(l, j, r ? r : &(struct receipt){ .job = i }, err);
	if (j->verb == VERB_ORDER && tells_order(l, j))
		l->f->link->told_ms = l->f->begun_ms;
	else if (j->verb == VERB_ORDER &&
	    attempt_job_result(l->e->store, l->f->attempt, j->id, FAULT_FORMAT, "the answer does not tell this order", err))
		return FAULT_STORE;
	if (j->repeats)
		return job_again(l->e->store, j->id, l->now_ms + plan_every(l->e, l->f->link, j->verb), OK, "", false, &l->why, err);
	if (j->verb == VERB_STOCK_READ && j->subject_id && fields_int(&j->payload, "again", 0) && (f = decide_again(l, j, err)))
		return f;
	return job_done(l->e->store, j->id, r && r->text ? r->text : "", &l->why, err);
}
