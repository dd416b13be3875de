/*
 * outcome: what a fault means for a job: tried again, looked up, left to a person. One table, landing_outcome.
 */
#include "engine/landing.h"

#include "net/retry.h"
#include "trade/accounts.h"
#include "trade/alerts.h"
#include "trade/offers.h"
#include "trade/shipments.h"
#include "trade/zero.h"

#include <string.h>

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

static enum fault from_its_start(struct landing *l, const struct job *j, struct err *err)
{
	struct cursor c = j->cursor;

	c.page = "";
	return cursor_set(l->e->store, j->account, j->verb, j->subject, &c, l->now_ms, err);
}

/*
 * A page of what they show that nobody understands would keep all the others from being read again. So it is tried as often as anything, and then its list begins
 * anew at its usual turn. Orders and counts are otherwise: what lies behind such a page is not known, and nothing is built on it before it is read.
 */
static bool keeps_others(const struct job *j, enum fault fault, int fails)
{
	return fault == FAULT_FORMAT && (j->verb == VERB_STOCK_LIST || j->verb == VERB_POOL) && *j->cursor.page && fails >= retry_rules.alert_after;
}

/* By the ladder. What a person would have to mend in a single job (a refusal) is waited out when it is a read that we live by. */
static enum fault again(struct landing *l, const struct job *j, enum fault fault, const char *text, struct err *err)
{
	enum fault pace = fault == FAULT_BUSY || fault == FAULT_NET ? fault : FAULT_REMOTE;
	int fails = (int)j->fails + (fault != FAULT_BUSY);
	struct retry r = retry_next(&retry_rules, pace, fails, l->now_ms, l->err.retry_ms, l->e->jitter ? &l->e->rng : NULL);
	enum fault f = r.alert ? tell_failing(l, j, text, err) : OK;

	if (!f && keeps_others(j, fault, fails)) {
		r.due_ms = l->now_ms + plan_every(l->e, l->f->link, j->verb);
		f = from_its_start(l, j, err);
	}
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
bool landing_locked_out(const struct landing *l, const struct job *j)
{
	return l->f->verb == VERB_TOKEN || !link_takes_token(l->f->link) || (!token_replaced(l) && !strcmp(j->fault, fault_name(FAULT_AUTH)));
}

const char *landing_auth_key(const struct landing *l)
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
		.key = landing_auth_key(l),
		.kind = "auth",
		.severity = "CRIT",
		.account = link->account.id,
		.subject = verb_name(l->f->verb),
		.text = arena_printf(l->f->arena, "%s: %s", link->account.name, text),
		.next = "check the secret, its expiry and the account's roles; a probe goes out every 5 minutes",
	};
	bool tried = false;
	enum fault f = OK;

	if (!landing_locked_out(l, j)) { /* one forced refresh, then the same request once more */
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

/* It is a person's. */
static enum fault give_up(struct landing *l, const struct job *j, enum fault fault, const char *text, struct err *err)
{
	bool renewed;
	enum fault f = bulk_renew(l->e, j, text, &l->why, &renewed, err);

	if (f || renewed)
		return f;
	f = job_fail(l->e->store, j->id, fault, text, &l->why, err);
	if (!f)
		f = zero_unsaid(l->e->store, j->id, text, l->now_ms, err);
	if (!f)
		f = bulk_failed(l->e, l->f->link, j, text, &l->why, err);
	if (!f && j->verb == VERB_SHIP)
		f = shipment_confirm(l->e->store, fields_int(&j->payload, "shipment", 0), "REJECTED", &l->why, err);
	return f;
}

/* They said no. A read that we live by is not given up. */
static enum fault refused(struct landing *l, const struct job *j, const char *text, struct err *err)
{
	bool known;
	enum fault f = OK;

	if (j->verb == VERB_ORDER && l->news.no_order) {
		f = denied_heard(l, j, text, &known, err);
		if (f || known)
			return f;
	}
	if (j->verb == VERB_STOCK_READ && j->subject_id && l->reply.status == 404)
		return not_there(l, j, text, err);
	if (j->repeats && *j->cursor.page && (f = from_its_start(l, j, err))) /* their page mark has aged */
		return f;
	return j->repeats ? again(l, j, FAULT_REFUSED, text, err) : give_up(l, j, FAULT_REFUSED, text, err);
}

/*
 * Not they answered. A wrong address is named and left to a person, unless it was right before: then it is somebody's login or maintenance page in
 * between, which goes away by itself. Whether what it answers came through is not known: a page may stand behind a request that they took.
 */
static enum fault elsewhere(struct landing *l, const struct job *j, const char *text, bool careful, struct err *err)
{
	enum fault f = account_state(l->e->store, j->account, "wrong", text, &l->why, err);

	if (!f && j->repeats && *j->cursor.page)
		f = from_its_start(l, j, err);
	if (f)
		return f;
	if (careful)
		return lost_answer(l, j, text, err);
	return l->f->link->spoken && (j->repeats || speech_of(l->f)->repeatable) ? again(l, j, FAULT_ENDPOINT, text, err) : give_up(l, j, FAULT_ENDPOINT, text, err);
}

/* One table: fault and kind of job to the job's next step. */
enum fault landing_outcome(struct landing *l, const struct job *j, enum fault fault, const char *text, struct err *err)
{
	bool careful = verb_writes(j->verb) && !speech_of(l->f)->repeatable;

	switch (fault) {
	case FAULT_AUTH:
		return auth_failed(l, j, text, err);
	case FAULT_REFUSED:
		return refused(l, j, text, err);
	case FAULT_ENDPOINT:
		return elsewhere(l, j, text, careful, err);
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
