/* holdback.c: what keeps a single job back whatever its kind may do: a person's word, an order of reading, a limit of its listing; or it is refused. */
#include "engine/depart.h"

#include "base/log.h"
#include "trade/accounts.h"
#include "trade/orders.h"
#include "trade/places.h"
#include "trade/readings.h"
#include "trade/shipments.h"
#include "trade/zero.h"

#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

enum { FILE_LOOK_MS = 5000, TURN_MS = 1000, PUT_OFF_MS = 60 * 1000 };

/* ---- refused ---- */

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
		f = zero_unsaid(e->store, j->id, text, why->now_ms, err);
	return f || !shipment ? f : shipment_confirm(e->store, shipment, "REJECTED", why, err);
}

bool holdback_refuse(struct engine *e, struct link *l, const struct job *j, const char *text, int64_t now_ms)
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

/* It stays what it is, and is looked at again then: meanwhile it stands before nothing else. */
static void put_off(struct engine *e, const struct job *j, int64_t until_ms, const char *text)
{
	struct err err;

	if (store_begin(e->store, &err) || job_hold(e->store, j->id, until_ms, text, &err) || !engine_commit(e, &err))
		store_rollback(e->store);
}

/* The order was cancelled while it waited for its turn: nothing of it is said, and a person stops the parcel. */
static bool was_cancelled(struct engine *e, const struct link *l, const struct job *j, int64_t now_ms)
{
	struct cause why = engine_cause(e, "system", j->trace, now_ms);
	bool yes = false;
	struct err err;

	if ((j->verb != VERB_ACK && j->verb != VERB_SHIP) || order_cancelled(e->store, j, &yes, &err) || !yes)
		return false;
	if (store_begin(e->store, &err) || order_cancelled_job(e->store, j, &why, &err) || !engine_commit(e, &err)) {
		store_rollback(e->store);
		log_error("%s: job %" PRId64 ": %s", l->account.name, j->id, err.text);
	}
	return true;
}

/* ---- what waits for orders ---- */

/*
 * It goes when the orders are read again. What is fewer than was said last and more than they show stands among the decreases, in their front: a score of those would
 * keep all decreases from being looked at.
 */
static bool orders_hold(struct engine *e, const struct job *j, int64_t now_ms)
{
	if (j->verb != VERB_STOCK || !feed_forbids(e, j, now_ms))
		return false;
	if (j->lane <= LANE_DECREASE)
		put_off(e, j, now_ms + PUT_OFF_MS, "more than they show: it waits until all orders are known");
	return true;
}

/* ---- a warehouse's file, and its turn ---- */

static bool is_same(const struct stamp *a, const struct stamp *b)
{
	return a->changed_ns == b->changed_ns && a->size == b->size;
}

static bool file_stands(const struct link *l, struct stamp *is)
{
	struct stat st;

	if (!l->account.counts_file || stat(l->account.counts_file, &st))
		return false;
	*is = (struct stamp){ (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec, st.st_size };
	return true;
}

/*
 * Was it changed since? What a reading that goes now is of is noted; that it was taken, when all of it is written down (settle.c). One that was not taken is
 * read once more by and by: the same drop told again is believed, and what nobody can read fails again, until somebody is told.
 */
static bool due_for_file(struct link *l, const struct job *j, int64_t now_ms)
{
	if (j->verb != VERB_COUNTS || fields_has(&j->payload, "file") || !file_stands(l, &l->file_asked))
		return true; /* of one that is not there the read will say what is wrong */
	if (is_same(&l->file_asked, &l->file_left))
		return now_ms >= l->file_again_ms;
	return !is_same(&l->file_asked, &l->file_seen);
}

/* Its job waits ever longer while it cannot be read: that somebody saved it is seen within the minute. */
enum fault file_watch(struct engine *e, int64_t now_ms, struct err *err)
{
	enum fault f = OK;

	for (int i = 0; i < e->links.n && !f; i++) {
		const struct link *l = &e->links.link[i];
		struct stamp is;

		if (l->enabled && file_stands(l, &is) && !is_same(&is, &l->file_left) && !is_same(&is, &l->file_seen))
			f = job_hurry_verb(e->store, l->account.id, VERB_COUNTS, now_ms, err);
	}
	return f;
}

static void mark_heard(struct engine *e, struct link *l, int64_t now_ms)
{
	struct cause why = engine_cause(e, "system", NULL, now_ms);
	struct err err;

	if (now_ms < l->file_told_ms + 60000)
		return;
	l->file_told_ms = now_ms;
	if (store_begin(e->store, &err) || account_ok(e->store, l->account.id, now_ms, &err) ||
	    place_unchanged(e->store, l->account.id, l->file_heard_ms, &why, &err) || !engine_commit(e, &err))
		store_rollback(e->store);
	else
		l->file_heard_ms = now_ms;
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

/* ---- zeros that wait for a person ---- */

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

	if (j->verb != VERB_STOCK || j->lane != LANE_ZERO || zero_may_say(e->store, j->subject_id, now_ms, &step, &err) || step == ZERO_SAY)
		return false;
	if (step == ZERO_LOOKS) {
		wake_at(e, now_ms + TURN_MS);
		return true;
	}
	if (step == ZERO_MOVED_ON)
		put_off(e, j, now_ms + PUT_OFF_MS, MOVED_ON);
	else
		put_off(e, j, now_ms + ZERO_STOPPED_MS, STOPPED);
	return true;
}

/* What keeps a single job back, whatever its kind may do; false: nothing. */
bool holdback_keeps(struct engine *e, struct link *l, const struct job *j, int64_t now_ms)
{
	const struct speech *speech = &l->channel->say[j->verb];

	if (!speech->ask) {
		holdback_refuse(e, l, j, "this channel has no such operation", now_ms);
		return true;
	}
	if (!operation_of(&e->links, speech->op)) {
		holdback_refuse(e, l, j, "the operation has no row in data/limits.csv: without a limit nothing is sent", now_ms);
		return true;
	}
	if (!due_for_file(l, j, now_ms)) { /* unchanged since it was taken: looking at it was hearing from it */
		if (is_same(&l->file_asked, &l->file_seen))
			mark_heard(e, l, now_ms);
		wake_at(e, now_ms + FILE_LOOK_MS);
		return true;
	}
	if (was_cancelled(e, l, j, now_ms) || orders_hold(e, j, now_ms) || budget_holds(e, l, j, now_ms) || planned_holds(e, j, now_ms) || zero_holds(e, j, now_ms))
		return true;
	if (!out_of_turn(e, l, j->verb, now_ms))
		return false;
	wake_at(e, now_ms + TURN_MS);
	return true;
}
