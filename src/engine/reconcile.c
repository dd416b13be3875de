/*
 * reconcile: runs are begun by the clock or a person, fed by the pages of the usual readings, and compared a slice at a turn.
 *
 * A run asks for nothing that would not be asked anyway: it brings the reading of the account's lists forward and counts from their first page on.
 */
#include "engine/parts.h"

#include "base/log.h"
#include "trade/accounts.h"
#include "trade/intents.h"
#include "trade/reconcile.h"

#include <inttypes.h>
#include <string.h>

enum { SLICE = 4096 }; /* offers compared a turn: a few milliseconds when little differs */

/* ---- what an account has to pull ---- */

static bool can_pull(struct engine *e, const struct link *l)
{
	return l->enabled && !l->channel->is_truth && plan_family(e, l, VERB_STOCK_LIST);
}

static int lists_of(const struct link *l, const char **list)
{
	if (!l->channel->lists_by_market) {
		list[0] = "stock";
		return 1;
	}
	for (int i = 0; i < l->account.marketplaces; i++)
		list[i] = l->account.marketplace[i];
	return l->account.marketplaces;
}

/* What a list only points to is read by itself, once a day at least. */
static enum fault singles_of(struct engine *e, struct link *l, const struct gate *g, int64_t *out, struct err *err)
{
	const struct speech *s = &l->channel->say[VERB_OFFER];

	*out = 0;
	return s->ask && g && link_gate(&e->links, l, s->op) == g ? rec_offers(e->store, l->account.id, out, err) : OK;
}

static enum fault need_of(struct engine *e, struct link *l, int lists, struct rec_need *out, struct err *err)
{
	const struct operation *op = operation_of(&e->links, l->channel->say[VERB_STOCK_LIST].op);
	const struct gate *g = link_gate(&e->links, l, op->op);

	*out = (struct rec_need){
		.account = l->account.name,
		.bucket = g ? g->name : op->op,
		.every_ms = e->rec.every_ms,
		.read_ms = e->stock_every_ms,
		.cost = op->cost > 0 ? op->cost : 1,
	};
	if (g) {
		out->daily = g->limit.daily;
		out->used = g->limit.day_used;
		out->rate = g->limit.rate;
		out->window_ms = g->limit.window_ms;
	}
	if (singles_of(e, l, g, &out->singles, err))
		return err->fault;
	return rec_pull_calls(e->store, l->account.id, op->batch, lists, &out->pull, err);
}

/* ---- beginning ---- */

struct begin {
	bool whole, asked; /* asked: by a person, who is told that it does not fit; by the schedule it goes on record */
	int64_t planned_ms;
};

static enum fault begin(struct engine *e, struct link *l, const struct begin *b, const struct cause *why, struct err *err)
{
	const char **list = arena_alloc(e->turn, (size_t)(l->account.marketplaces + 1) * sizeof *list), *text;
	int lists = lists_of(l, list);
	struct rec_need need;
	int64_t run;
	enum fault f = lists ? need_of(e, l, lists, &need, err) : err_set(err, FAULT_REFUSED, "%s has no marketplaces to read: name them in its section, marketplaces = ...", l->account.name);

	if (f)
		return f;
	if (!rec_fits(&need, e->turn, &text))
		return b->asked ? err_set(err, FAULT_REFUSED, "%s", text)
		                : rec_refuse(e->store, l->account.id, l->account.name, b->whole, b->planned_ms, text, why, err);
	if (b->asked)
		tally_forget(e, l->account.id, VERB_STOCK_LIST);
	f = rec_begin(e->store, l->account.id, list, lists, b->whole, b->planned_ms, why, &run, err);
	return f ? f : job_hurry_verb(e->store, l->account.id, VERB_STOCK_LIST, why->now_ms, err);
}

/* Lists that were in the middle when the run began are read once more from their start; what does not come in time is given up. */
static enum fault push_on(struct engine *e, struct link *l, const struct rec_run *run, const struct cause *why, struct err *err)
{
	int64_t patience_ms = e->rec.every_ms / 4 * 3;
	bool unbegun = false;
	enum fault f;

	if (strcmp(run->state, "PULLING"))
		return OK;
	if (why->now_ms - run->began_ms > patience_ms || why->now_ms < run->began_ms) {
		e->comparing = true;
		return rec_give_up(e->store, run->id, "their lists were not read to the end in three quarters of the time between two runs", why, err);
	}
	f = rec_unbegun(e->store, run->id, &unbegun, err);
	return f || !unbegun ? f : job_hurry_verb(e->store, l->account.id, VERB_STOCK_LIST, why->now_ms, err);
}

static bool is_reading(const struct engine *e, const struct link *l)
{
	for (int i = 0; i < e->flights; i++)
		if (e->flight[i].link == l && e->flight[i].verb == VERB_STOCK_LIST)
			return true;
	return false;
}

/*
 * A run reads the lists anew. Where one is being read, or was a moment ago, it waits for their next turn, which is soon, rather than to ask for
 * all of it twice, though no longer than for one turn: lists may be spread over all of it. And an engine that has just begun makes up for what it
 * missed at once.
 */
static enum fault wait_for_lists(struct engine *e, const struct link *l, int64_t planned_ms, int64_t now_ms, bool *wait, struct err *err)
{
	int64_t due_ms;
	enum fault f = job_verb_due(e->store, l->account.id, VERB_STOCK_LIST, &due_ms, err);

	*wait = !f && now_ms - e->opened_ms > e->stock_every_ms && now_ms - planned_ms < e->stock_every_ms &&
	        (is_reading(e, l) || due_ms > now_ms + e->stock_every_ms / 2);
	return f;
}

static enum fault watch_one(struct engine *e, struct link *l, const struct cause *why, struct err *err)
{
	bool wait = false;
	struct begin b = { .whole = false };
	struct rec_run run;
	bool due = false;
	enum fault f = rec_run_open(e->store, l->account.id, e->turn, &run, err);

	if (f || run.id)
		return f ? f : push_on(e, l, &run, why, err);
	f = rec_due(e->store, l->account.id, &e->rec, why->now_ms, &due, &b.whole, &b.planned_ms, err);
	if (!f && due)
		f = wait_for_lists(e, l, b.planned_ms, why->now_ms, &wait, err);
	return f || !due || wait ? f : begin(e, l, &b, why, err);
}

enum fault reconcile_watch(struct engine *e, int64_t now_ms, struct err *err)
{
	struct cause why = engine_cause(e, "rule:reconcile", NULL, now_ms);
	int n;
	enum fault f;

	e->comparing = true;
	f = rec_prove(e->store, &why, &n, err);

	if (!f)
		f = rec_hurry(e->store, &e->rec, &why, &n, err);
	for (int i = 0; i < e->links.n && !f; i++)
		if (can_pull(e, &e->links.link[i]))
			f = watch_one(e, &e->links.link[i], &why, err);
	return f;
}

/* ---- asked for ---- */

enum fault reconcile_ask(struct engine *e, const struct intent *in, const struct cause *why, const char **answer, struct err *err)
{
	struct begin b = { .whole = fields_int(&in->payload, "full", 0) != 0, .asked = true, .planned_ms = why->now_ms };
	int begun = 0;
	enum fault f = OK;

	for (int i = 0; i < e->links.n && !f; i++) {
		struct link *l = &e->links.link[i];
		struct rec_run run;

		if (!can_pull(e, l) || (in->account && l->account.id != in->account))
			continue;
		f = rec_run_open(e->store, l->account.id, e->turn, &run, err);
		if (!f && run.id && in->account)
			f = err_set(err, FAULT_REFUSED, "%s: run %" PRId64 " is under way since it was begun by %s", l->account.name, run.id, run.actor);
		if (f || run.id)
			continue;
		f = begin(e, l, &b, why, err);
		begun++;
	}
	if (!f && !begun)
		f = err_set(err, FAULT_REFUSED, in->account ? "%s has no list of offers to read" : "runs of all accounts are under way, or no account has a list of offers to read%s",
		            in->account ? in->subject : "");
	*answer = arena_printf(e->turn, "%d run%s begun: `tallyman reconcile list` shows them", begun, begun == 1 ? "" : "s");
	return f;
}

/* ---- pages, and comparing ---- */

enum fault reconcile_page(struct engine *e, const struct link *l, const struct job *j, const struct news *n, int unread, int64_t begun_ms,
                          const struct cause *why, struct err *err)
{
	struct rec_page p = {
		.list = j->subject,
		.first = !*j->cursor.page,
		.last = !n->next_page,
		.begun_ms = begun_ms,
		.listed = n->listed ? n->listed : n->seens + unread,
		.unread = unread,
		.total = n->total,
	};
	bool pulled = false;
	enum fault f = rec_heard(e->store, l->account.id, &p, why, &pulled, err);

	e->comparing |= pulled;
	return f;
}

void reconcile_turn(struct engine *e, int64_t now_ms)
{
	struct cause why = engine_cause(e, "rule:reconcile", NULL, now_ms);
	struct err err = { 0 };
	int64_t run = 0;
	bool done = false;
	enum fault f;

	if (!e->comparing)
		return;
	f = rec_to_compare(e->store, now_ms, &run, &err);
	if (!f && !run) {
		e->comparing = false;
		return;
	}
	if (!f)
		f = store_begin(e->store, &err);
	if (!f)
		f = rec_compare(e->store, run, &e->rec, SLICE, &why, &done, &err);
	if (f || !engine_commit(e, &err)) {
		store_rollback(e->store);
		log_error("reconcile: %s", err.text);
		e->comparing = false; /* the next minute looks again */
		return;
	}
	e->told |= done;
}
