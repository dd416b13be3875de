/*
 * denied: orders that may never have been. An order that was told once, under a number with one wrong bit, stands open for ever and nothing tells of it again. So those that
 * the lists do not tell again are asked for by their number, and of what the account says that it has none it is asked once more (trade/orders.h, order_denied).
 */
#include "engine/landing.h"

#include <inttypes.h>
#include <string.h>

enum { MINUTE_MS = 60 * 1000, LOOK_MS = 5 * MINUTE_MS };

static enum fault ask_for(struct engine *e, int64_t account, const struct order_ask *ask, enum lane lane, int64_t due_ms, const struct cause *why, int64_t *id, struct err *err)
{
	struct fields payload = fields_new(e->turn);
	struct job_plan p = {
		.account = account,
		.verb = VERB_ORDER,
		.lane = lane,
		.subject = arena_printf(e->turn, "order:%" PRId64, ask->order),
		.subject_id = ask->order,
		.payload = &payload,
		.due_ms = due_ms,
	};

	fields_put(&payload, "ref", ask->ref);
	return job_plan(e->store, &p, why, id, err);
}

enum fault denied_heard(struct landing *l, const struct job *j, const char *text, bool *known, struct err *err)
{
	struct link *link = l->f->link;
	struct denial d = { .account = link->account.id, .ref = fields_get(&j->payload, "ref", ""), .told_ms = link->told_ms, .well_ms = link->well_ms };
	struct denied_next next;
	enum denied is;
	int64_t id;
	enum fault f = order_denied(l->e->store, &d, &l->why, l->f->arena, &is, &next, err);

	*known = !f && is != DENIED_UNKNOWN;
	if (!*known)
		return f;
	f = job_done(l->e->store, j->id, text, &l->why, err);
	if (!f && next.again_ms)
		f = ask_for(l->e, d.account, &next.self, LANE_ORDERS, next.again_ms, &l->why, &id, err);
	if (!f && next.beside.order)
		f = ask_for(l->e, d.account, &next.beside, LANE_ORDERS, next.again_ms - MINUTE_MS, &l->why, &id, err);
	return f;
}

/* Is the one that was asked for last still on its way? */
static enum fault is_asked(struct engine *e, const struct link *l, bool *yes, struct err *err)
{
	struct job j;
	enum fault f = l->asked_job ? job_get(e->store, l->asked_job, e->turn, &j, err) : OK;

	*yes = !f && l->asked_job && (!strcmp(j.state, "waiting") || !strcmp(j.state, "inflight"));
	return f;
}

static enum fault look(struct engine *e, struct link *l, int64_t now_ms, struct err *err)
{
	struct cause why = engine_cause(e, "rule:orders", NULL, now_ms);
	struct order_ask ask;
	bool asked;
	enum fault f = is_asked(e, l, &asked, err);

	if (f || asked)
		return f;
	f = order_to_ask(e->store, l->account.id, now_ms, e->turn, &ask, err);
	if (f)
		return f;
	l->ask_ms = ask.order ? 0 : now_ms + LOOK_MS;
	return ask.order ? ask_for(e, l->account.id, &ask, LANE_REST, now_ms, &why, &l->asked_job, err) : OK;
}

enum fault denied_watch(struct engine *e, int64_t now_ms, struct err *err)
{
	enum fault f = OK;

	for (int i = 0; i < e->links.n && !f; i++) {
		struct link *l = &e->links.link[i];

		if (l->enabled && now_ms >= l->ask_ms && !l->paused && plan_family(e, l, VERB_ORDER))
			f = look(e, l, now_ms, err);
	}
	return f;
}
