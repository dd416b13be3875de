/* proof.c: what was accepted must be seen, what lost its answer must be looked up. */
#include "engine/parts.h"

#include "base/log.h"
#include "trade/alerts.h"
#include "trade/orders.h"
#include "trade/shipments.h"

#include <string.h>

enum { LOOK = 256, PROVE_MS = 5000, STOCK_LOOK_MS = 60000, UNSURE_MS = 15 * 60000 };
enum { MANY = 100, LIST_AGAIN_MS = 60 * 1000 }; /* zeros that a list is read for, no oftener than that */

static struct link *link_of(struct engine *e, int64_t account)
{
	return link_by_id(&e->links, account);
}

enum shown { SHOWN_YES, SHOWN_NO, SHOWN_NOT_READ, SHOWN_OLD /* a newer one was said: nobody waits for this */ };

/* Since when does the job wait for proof? Not unsure_ms: that may be of an earlier try. */
static int64_t asked_since(const struct job *j)
{
	return j->state_ms;
}

static int64_t open_units(const struct order_line_row *l)
{
	int64_t open = 0;

	for (int b = ORDER_NEW; b <= ORDER_PACKED; b++)
		open += l->bucket[b];
	return open;
}

/* Nothing is open any more of the lines that were to be cancelled: what of the order was cancelled before proves nothing. */
static bool is_cancelled(const struct order_detail *d, const struct job *j)
{
	const char *named, *ref;
	int n = 0;

	for (; (named = fields_each(&j->payload, "line", n)); n++)
		for (int i = 0; i < d->lines && (ref = strchr(named, ':')); i++)
			if (!strcmp(d->line[i].ref, ref + 1) && open_units(&d->line[i]))
				return false;
	return n || !d->row.open;
}

static bool order_shows(struct engine *e, const struct job *j, struct err *err)
{
	int64_t fresh = 0;
	struct order_detail d;

	if (order_get(e->store, j->subject_id, e->turn, &d, err))
		return false;
	for (int i = 0; i < d.lines; i++)
		fresh += d.line[i].bucket[ORDER_NEW] + d.line[i].bucket[ORDER_PENDING];
	return j->verb == VERB_ACK ? !fresh : is_cancelled(&d, j);
}

static bool ship_shows(struct engine *e, const struct job *j, struct err *err)
{
	bool yes = false;
	int64_t read_ms;

	return !shipment_shown(e->store, fields_int(&j->payload, "shipment", 0), &yes, &read_ms, err) && yes;
}

/* An offer's push is judged where readings of offers are taken: here only its verdict is read. */
static enum shown offer_shows(struct engine *e, const struct job *j, struct err *err)
{
	struct offer o;
	bool yes;

	if (offer_get(e->store, j->subject_id, e->turn, &o, err))
		return SHOWN_NOT_READ;
	if (o.ver != j->ver)
		return offer_was_shown(e->store, o.id, j->state_ms, &yes, err) || yes ? SHOWN_YES : SHOWN_OLD;
	if (!strcmp(o.push_state, "APPLIED") || !strcmp(o.push_state, "OVERWRITTEN"))
		return SHOWN_YES;
	return !strcmp(o.push_state, "NOT_APPLIED") || !strcmp(o.push_state, "PARTLY") ? SHOWN_NO : SHOWN_NOT_READ;
}

static enum shown shows(struct engine *e, const struct job *j, const struct speech *say, struct err *err)
{
	int64_t read_ms = 0;

	if (j->verb == VERB_STOCK)
		return offer_shows(e, j, err);
	if (j->verb == VERB_SHIP ? ship_shows(e, j, err) : order_shows(e, j, err))
		return SHOWN_YES;
	if (say->check == VERBS || job_last_read(e->store, j->account, say->check, j->subject_id, &read_ms, err))
		return SHOWN_NOT_READ;
	/* a reading inside their patience may be of a copy that lags behind: it proves nothing */
	return read_ms > asked_since(j) + say->patience_ms ? SHOWN_NO : SHOWN_NOT_READ;
}

static enum fault ship_state(struct engine *e, const struct job *j, const char *confirm, const struct cause *why, struct err *err)
{
	int64_t shipment = fields_int(&j->payload, "shipment", 0);

	return j->verb == VERB_SHIP && shipment ? shipment_confirm(e->store, shipment, confirm, why, err) : OK;
}

/* What a person is told of a write that is not proved: one alert a job, closed when it is. */
static enum fault end_doubt(struct engine *e, const struct job *j, int64_t now_ms, struct err *err)
{
	enum fault f = alert_close(e->store, job_doubt_key(e->turn, "unsure", j), now_ms, err);

	return f ? f : alert_close(e->store, job_doubt_key(e->turn, "not-applied", j), now_ms, err);
}

static enum fault not_applied(struct engine *e, const struct job *j, const struct cause *why, struct err *err)
{
	struct link *l = link_of(e, j->account);
	struct alert alert = {
		.key = job_doubt_key(e->turn, "not-applied", j),
		.kind = "not_applied",
		.severity = "WARN",
		.account = j->account,
		.subject = j->subject,
		.text = arena_printf(e->turn, "%s accepted %s of %s, but their own reading does not show it", l ? l->account.name : "?",
		                     verb_name(j->verb), j->subject),
		.next = "look at the order or listing, then retry it from the Failed pane",
	};
	enum fault f = alert_raise(e->store, &alert, why->now_ms, err);

	return f ? f : job_fail(e->store, j->id, FAULT_REFUSED, JOB_NOT_APPLIED, why, err);
}

/* Once, when reading has not decided it for a quarter of an hour. */
static enum fault tell_unsure(struct engine *e, const struct job *j, int64_t now_ms, struct err *err)
{
	struct link *l = link_of(e, j->account);
	struct alert alert = {
		.key = job_doubt_key(e->turn, "unsure", j),
		.kind = "unsure",
		.severity = "WARN",
		.account = j->account,
		.subject = j->subject,
		.text = arena_printf(e->turn, "%s: nobody knows whether %s of %s happened: its answer was lost and no reading decides it",
		                     l ? l->account.name : "?", verb_name(j->verb), j->subject),
		.next = "it is read again by itself and not said again before that; look at it in the channel's own portal",
	};
	bool told = true;
	enum fault f = now_ms - asked_since(j) < UNSURE_MS ? OK : alert_is_open(e->store, alert.key, &told, err);

	return f || told ? f : alert_raise(e->store, &alert, now_ms, err);
}

/* A quantity takes minutes to show: reading it oftener proves nothing and costs calls. An order shows at once or late. */
static int64_t look_after(struct engine *e, const struct job *j, int64_t age_ms)
{
	const struct link *l = link_of(e, j->account);
	struct offer o;
	struct err err;

	if (j->verb == VERB_STOCK && j->lane == LANE_ZERO && age_ms < HELD_PROOF_FOR_MS && !offer_get(e->store, j->subject_id, e->turn, &o, &err) && *o.hold)
		return HELD_PROOF_MS;
	if (j->verb == VERB_STOCK && l && l->channel->settle_ms)
		return l->channel->settle_ms / 3;
	return age_ms < 60000 ? 15000 : age_ms < 600000 ? 60000 : 300000;
}

/* Read again, ever more seldom, until it is shown or patience ends. */
static enum fault look_again(struct engine *e, const struct job *j, const struct speech *say, const struct cause *why, struct err *err)
{
	int64_t age = why->now_ms - asked_since(j), id;
	struct job_plan p = {
		.account = j->account,
		.verb = say->check,
		.lane = LANE_CONFIRM,
		.subject = j->subject,
		.subject_id = j->subject_id,
		.payload = &j->payload,
		.due_ms = why->now_ms + look_after(e, j, age),
		.parent_id = j->id,
	};

	bool pending = true;
	enum fault f = say->check == VERBS ? OK : job_pending(e->store, j->account, say->check, j->subject, &pending, err);

	return f || pending ? f : job_plan(e->store, &p, why, &id, err);
}

static enum fault resolve_job(struct engine *e, const struct job *j, int64_t now_ms, struct err *err)
{
	struct link *l = link_of(e, j->account);
	struct cause why = engine_cause(e, "system", j->trace, now_ms);
	const struct speech *say = l ? &l->channel->say[j->verb] : NULL;
	bool struck = false, cancelled = false;
	enum shown shown;
	enum fault f;

	if (!say)
		return OK;
	if (j->verb != VERB_STOCK && !strcmp(j->state, "unsure") && ((f = order_struck_jobs(e->store, j->subject_id, &why, &struck, err)) || struck))
		return f;
	shown = shows(e, j, say, err);
	if (shown != SHOWN_NOT_READ && (f = end_doubt(e, j, now_ms, err)))
		return f;
	if (shown == SHOWN_OLD)
		return job_supersede(e->store, j->id, "a newer decision replaced it", &why, err);
	if (shown == SHOWN_YES) {
		f = ship_state(e, j, "APPLIED", &why, err);
		if (!f && j->verb == VERB_STOCK && j->lane == LANE_ZERO)
			f = job_drop_check(e->store, j, say->check, &why, err);
		return f ? f : job_done(e->store, j->id, "seen in their own reading", &why, err);
	}
	if (shown == SHOWN_NOT_READ) {
		if (!strcmp(j->state, "unsure") && ((f = ship_state(e, j, "UNKNOWN", &why, err)) || (f = tell_unsure(e, j, now_ms, err))))
			return f;
		return look_again(e, j, say, &why, err);
	}
	if (!strcmp(j->state, "unsure")) { /* a complete reading, begun after the write, after their patience: it did not happen */
		if ((f = order_cancelled(e->store, j, &cancelled, err)) || cancelled)
			return f ? f : order_cancelled_job(e->store, j, &why, err);
		f = ship_state(e, j, "NOT_SENT", &why, err);
		return f ? f : job_again(e->store, j->id, now_ms, FAULT_UNSURE, "their reading does not show it: said again", false, &why, err);
	}
	return not_applied(e, j, &why, err);
}

static void resolve_verb(struct engine *e, enum verb verb, int64_t now_ms)
{
	int64_t ids[LOOK];
	struct err err = { 0 };
	enum fault f;
	int n;

	f = jobs_unproved(e->store, verb, now_ms - STOCK_LOOK_MS, &e->proof, ids, LOOK, &n, &err);
	if (!f && !n)
		return;
	if (!f)
		f = store_begin(e->store, &err);
	for (int i = 0; i < n && !f; i++) {
		struct job j;

		f = job_get(e->store, ids[i], e->turn, &j, &err);
		if (!f)
			f = resolve_job(e, &j, now_ms, &err);
	}
	if (f || !engine_commit(e, &err)) {
		store_rollback(e->store);
		log_error("proving %s: %s", verb_name(verb), err.text);
	}
}

/* Many zeros at once are sooner seen in a list of what the account shows than one by one: both go on side by side. */
static void prove_many(struct engine *e, struct link *l, int64_t now_ms)
{
	struct err err;
	int64_t n = 0;

	if (!l->live || now_ms < l->list_ms + LIST_AGAIN_MS || !plan_family(e, l, VERB_STOCK_LIST) ||
	    zeros_unseen(e->store, l->account.id, now_ms - HELD_PROOF_MS, &n, &err) || n < MANY)
		return;
	l->list_ms = now_ms;
	if (store_begin(e->store, &err) || job_hurry_verb(e->store, l->account.id, VERB_STOCK_LIST, now_ms, &err) || !engine_commit(e, &err)) {
		store_rollback(e->store);
		log_error("%s: many zeros are to be seen: %s", l->account.name, err.text);
	}
}

/* Orders are few and wait for a person: looked at whenever something was heard of any. Stock is many and takes minutes. */
void proof_turn(struct engine *e, int64_t now_ms)
{
	resolve_verb(e, VERB_ACK, now_ms);
	resolve_verb(e, VERB_SHIP, now_ms);
	resolve_verb(e, VERB_CANCEL, now_ms);
	if (now_ms < e->point_ms)
		return;
	resolve_verb(e, VERB_STOCK, now_ms);
	for (int i = 0; i < e->links.n; i++)
		prove_many(e, &e->links.link[i], now_ms);
	e->point_ms = now_ms + PROVE_MS;
}
