/*
 * lapse_back.c: the way back of an account that answers again: three good cycles, everything read anew, its offers let go of, each seen right.
 */
#include "engine/lapse_inside.h"

#include "trade/accounts.h"
#include "trade/alerts.h"
#include "trade/audit.h"
#include "trade/zero.h"

#include <inttypes.h>

enum { CYCLE_MS = 15000, READ_PATIENCE_MS = 15 * 60000, PROOF_MS = 2 * 3600000 };

/* Another good cycle, when everything that was asked since the last one was answered. */
enum fault lapse_count_good(struct engine *e, const struct link *l, struct lapse *o, int64_t now_ms, struct err *err)
{
	int64_t last = o->good_ms > o->bad_ms ? o->good_ms : o->bad_ms, next = o->good_ms + CYCLE_MS;

	if (o->good < LAPSE_CYCLES && l->well_ms > last && now_ms >= next) {
		o->good++;
		o->good_ms = now_ms;
		next = now_ms + CYCLE_MS;
		o->text = arena_printf(e->turn, "answers again: %" PRId64 " of %d good cycles", o->good, LAPSE_CYCLES);
	}
	if (o->good >= LAPSE_CYCLES)
		return OK;
	if (next < now_ms)
		next = now_ms;
	if (job_hurry_verb(e->store, l->account.id, VERB_PING, next, err))
		return err->fault;
	return job_hurry_verb(e->store, l->account.id, VERB_ORDERS, next, err);
}

enum fault lapse_end(struct engine *e, const struct link *l, struct lapse *o, const char *text, int64_t now_ms, struct err *err)
{
	bool was_zeroed = o->zero != 0;
	enum fault f = alert_close(e->store, lapse_alert_key(e, l), now_ms, err);

	o->state = LAPSE_ENDED;
	o->due_ms = 0;
	o->ended_ms = now_ms;
	o->text = text;
	e->told = true;
	if (!f && was_zeroed)
		f = message_add(e->store, "info", arena_printf(e->turn, "%s is in step again: %s", l->account.name, text), "", now_ms, err);
	return f;
}

/* Reads that were begun after it: whoever tells of stock is asked now, not at his next turn. */
static enum fault hurry_truth(struct engine *e, int64_t now_ms, struct err *err)
{
	static const enum verb verbs[] = { VERB_DISPATCHES, VERB_RUN, VERB_COUNTS };
	enum fault f = OK;

	for (int i = 0; i < e->links.n; i++) {
		struct link *l = &e->links.link[i];

		if (!l->enabled || !l->channel->is_truth)
			continue;
		for (size_t k = 0; k < sizeof verbs / sizeof *verbs && !f; k++)
			f = job_hurry_verb(e->store, l->account.id, verbs[k], now_ms, err);
		l->file_told_ms = 0; /* a file that did not change is looked at again, and that is a reading */
	}
	return f;
}

/* Orders whole, then what there is, then what it shows. What does not come in a quarter of an hour is not waited for: each has its own alert. */
enum fault lapse_read_anew(struct engine *e, const struct link *l, struct lapse *o, int64_t now_ms, struct err *err)
{
	int64_t heard_ms = 0, unread = 0;
	bool read = false;
	enum fault f = OK;

	if (!o->orders_ms) {
		f = account_heard_upto(e->store, l->account.id, &heard_ms, err);
		o->text = "its orders are read to the end";
		if (f || (heard_ms < o->mended_ms - ORDERS_BEHIND_MS && now_ms < o->mended_ms + READ_PATIENCE_MS && plan_family(e, l, VERB_ORDERS)))
			return f;
		o->orders_ms = now_ms;
		return hurry_truth(e, now_ms, err);
	}
	if (!o->stock_ms) {
		f = lapse_stock_read(e->store, o->orders_ms, &read, err);
		o->text = "what there is is read";
		if (f || (!read && now_ms < o->orders_ms + READ_PATIENCE_MS))
			return f;
		o->stock_ms = now_ms;
		return job_hurry_verb(e->store, l->account.id, VERB_STOCK_LIST, now_ms, err);
	}
	f = lapse_unread(e->store, o->zero, o->stock_ms, &unread, err);
	o->text = arena_printf(e->turn, "what it shows is read, %" PRId64 " to go", unread);
	if (!f && (!unread || now_ms >= o->stock_ms + READ_PATIENCE_MS))
		o->shown_ms = now_ms;
	return f;
}

enum fault lapse_restore(struct engine *e, struct link *l, struct lapse *o, const struct cause *why, struct err *err)
{
	bool open = false;
	int freed = 0;
	enum fault f = lapse_zero_is_open(e, o->zero, &open, err);

	if (!f && open && e->lapse.by_person) {
		o->text = arena_printf(e->turn, "it is well: tallyman lift Z-%" PRId64, o->zero);
		return OK;
	}
	if (!f && open) {
		f = zero_lift(e->store, o->zero, why, &freed, err);
		e->free_ms = why->now_ms + ZERO_FREE_MS;
	}
	if (!f && open)
		f = audit_add(e->store, why, "lift", arena_printf(e->turn, "Z-%" PRId64, o->zero), "in step again, and everything was read anew", err);
	o->state = LAPSE_RESTORING;
	l->ramp_ms = why->now_ms + e->lapse.ramp_ms;
	return f ? f : lapse_tell(e, l, "WARN", "answers again, and everything was read anew: its offers come back with today's numbers", "by itself, at half its limits", why->now_ms, err);
}

enum fault lapse_prove(struct engine *e, struct link *l, struct lapse *o, int64_t now_ms, struct err *err)
{
	struct zero z;
	enum fault f = zero_get(e->store, o->zero, e->turn, &z, err);

	if (f)
		return f;
	if (!l->ramp_ms && z.lifted_ms) /* another engine than the one that let go of them */
		l->ramp_ms = z.lifted_ms + e->lapse.ramp_ms;
	o->text = arena_printf(e->turn, "%" PRId64 " of %" PRId64 " offers are seen right again", z.offers - z.pending, z.offers);
	if (z.pending && z.lifted_ms && now_ms < z.lifted_ms + PROOF_MS)
		return OK;
	return lapse_end(e, l, o, o->text, now_ms, err);
}

enum fault lapse_let_be(struct engine *e, struct link *l, bool look, int64_t now_ms, struct err *err)
{
	struct cause why = engine_cause(e, "rule:lapse", NULL, now_ms);
	struct lapse o;
	bool held = false;
	enum fault f = OK;

	l->lapsed = l->paused = l->declared = l->answers = false;
	if (!look || l->channel->is_truth)
		return OK;
	f = lapse_of(e->store, l->account.id, e->turn, &o, err);
	if (!f && o.id)
		f = lapse_zero_is_open(e, o.zero, &held, err);
	if (f || !o.id || held)
		return f;
	f = lapse_end(e, l, &o, "nothing is said there any more", now_ms, err);
	return f ? f : lapse_put(e->store, &o, &why, err);
}
