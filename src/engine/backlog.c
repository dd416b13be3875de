/*
 * backlog: the pages of a long list wait for each other, and are written together.
 *
 * A page of orders touches most leaves of half a dozen indexes, and each commit writes all of them anew. So what was understood of a page that has a next
 * one stays in memory while that is asked for, and is written with those after it in one transaction: PAGES of them at most, ORDERS orders,
 * HOLD_MS. A crash before that reads them again, from where the cursor was written last. The attempt of each request is committed before its
 * first byte leaves, as ever.
 */
#include "engine/landing.h"

#include "base/log.h"

enum { ORDERS = 1000, HOLD_MS = 250 };

bool backlog_takes(struct engine *e, struct landing *l)
{
	struct backlog *b = &e->backlog;
	const struct job *j = l->f->job;

	if (l->fault || l->f->verb != VERB_ORDERS || l->f->n != 1 || !j->repeats || j->fails || *j->fault || !l->news.has_page || !l->news.next_page)
		return false;
	if (!b->n)
		b->since_ms = l->now_ms;
	b->held[b->n++] = l;
	b->orders += l->news.orders;
	return true;
}

bool backlog_holds(const struct engine *e, int64_t attempt)
{
	for (int i = 0; i < e->backlog.n; i++)
		if (e->backlog.held[i]->f->attempt == attempt)
			return true;
	return false;
}

/* What follows on a page that could not be written is read again after it, or the list would have a hole. */
static void spoil(struct engine *e, int from, int64_t job)
{
	struct backlog *b = &e->backlog;

	for (int i = from; i < b->n; i++)
		if (b->held[i]->f->job->id == job)
			b->held[i]->fault = err_set(&b->held[i]->err, FAULT_NET, FLIGHT_SPOILT);
	for (int i = 0; i < e->flights; i++)
		e->flight[i].spoilt |= e->flight[i].n == 1 && e->flight[i].job->id == job;
}

static void write_apart(struct engine *e)
{
	struct backlog *b = &e->backlog;

	for (int i = 0; i < b->n; i++)
		if (!landing_settle(b->held[i]))
			spoil(e, i + 1, b->held[i]->f->job->id);
}

static bool write_together(struct engine *e)
{
	struct backlog *b = &e->backlog;
	struct err err;
	enum fault f = store_begin(e->store, &err);

	for (int i = 0; i < b->n && !f; i++)
		f = landing_write(b->held[i], &err);
	if (!f && engine_commit(e, &err))
		return true;
	store_rollback(e->store);
	log_warn("%d pages could not be written together, so each by itself: %s", b->n, err.text);
	return false;
}

void backlog_write(struct engine *e)
{
	struct backlog *b = &e->backlog;

	if (b->n && !write_together(e))
		write_apart(e);
	for (int i = 0; i < b->n; i++)
		landing_free(b->held[i]);
	b->n = b->orders = 0;
}

void backlog_go_on(struct engine *e, int64_t now_ms)
{
	struct backlog *b = &e->backlog;
	bool enough = b->n == BACKLOG || b->orders >= ORDERS || now_ms >= b->since_ms + HOLD_MS;

	for (int i = 0; i < b->n && !enough; i++) {
		struct landing *l = b->held[i];

		if (l->went_on)
			continue;
		l->went_on = true; /* before it goes: a request that cannot even start lands at once, and has all of these written first */
		if (!dispatch_on(e, l->f, &l->news, now_ms)) {
			l->went_on = false;
			enough = true;
		}
	}
	if (enough)
		backlog_write(e);
	else if (b->n)
		wake_at(e, b->since_ms + HOLD_MS);
}
