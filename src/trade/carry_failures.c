#include "trade/carry.h"

#include "store/store.h"
#include "trade/aim.h"
#include "trade/alerts.h"
#include "trade/feeds.h"
#include "trade/inbox.h"
#include "trade/inventory.h"
#include "trade/jobs.h"
#include "trade/orders.h"
#include "trade/shipments.h"

#include <inttypes.h>
#include <string.h>

/* A quantity is decided anew with each count and sale: what is tried again is the newest, not the one that failed. */
static enum fault retry_stock(struct work *w, const struct job *j, struct err *err)
{
	struct offer o;
	int64_t job;
	enum fault f = offer_get(w->s, j->subject_id, w->a, &o, err);

	if (!f && o.ver == j->ver)
		return job_again(w->s, j->id, w->why->now_ms, OK, "tried again by a person", false, w->why, err);
	if (!f)
		f = job_supersede(w->s, j->id, "a newer decision replaced it", w->why, err);
	return f ? f : offer_say(w->s, o.id, true, w->in->id, w->why, &job, err);
}

static const char *lines_of(struct arena *a, const struct fields *payload)
{
	struct buf b = buf_new(a);
	const char *line;

	buf_puts(&b, "");
	for (int i = 0; (line = fields_each(payload, "line", i)); i++)
		buf_printf(&b, "%s\n", line);
	return b.p;
}

/*
 * The order may have been read since, and what a package of it names (a line's handle) is another by now: then it is told as it would be
 * told today.
 */
static enum fault retry_ship(struct work *w, const struct job *j, struct err *err)
{
	int64_t shipment = fields_int(&j->payload, "shipment", 0);
	struct fields payload;
	struct order_detail o;
	enum fault f = shipment_confirm(w->s, shipment, "NOT_SENT", w->why, err);

	if (!f)
		f = order_get(w->s, j->subject_id, w->a, &o, err);
	if (!f)
		f = carry_package(w, &o, shipment, &payload, err);
	if (!f && !strcmp(lines_of(w->a, &payload), lines_of(w->a, &j->payload)))
		return job_again(w->s, j->id, w->why->now_ms, OK, "tried again by a person", false, w->why, err);
	if (!f)
		f = job_supersede(w->s, j->id, "the order names its lines otherwise by now: told anew", w->why, err);
	return f ? f : carry_told(w, &o, shipment, &payload, err);
}

/* By its own reading the order is past that: somebody else did it, or it took effect after all. Saying it again can only be refused. */
static enum fault retry_ack(struct work *w, const struct job *j, struct err *err)
{
	struct order_detail o;
	bool elsewhere = false;
	enum fault f = order_get(w->s, j->subject_id, w->a, &o, err);

	if (!f)
		f = job_elsewhere(w->s, j, &elsewhere, err);
	if (f)
		return f;
	if (o.row.state != ORDER_PENDING && o.row.state != ORDER_NEW && o.row.state != ORDER_UNKNOWN)
		return job_supersede(w->s, j->id, "the order is past that by its own reading", w->why, err);
	if (elsewhere)
		return job_supersede(w->s, j->id, "it is being said by another one", w->why, err);
	return job_again(w->s, j->id, w->why->now_ms, OK, "tried again by a person", false, w->why, err);
}

/* When they refused it its quantities went by themselves, and have been others since. */
static enum fault retry_feed(struct work *w, const struct job *j, struct err *err)
{
	bool sending = false;
	enum fault f = bulk_sending(w->s, j->subject_id, &sending, err);

	if (f)
		return f;
	return sending ? job_again(w->s, j->id, w->why->now_ms, OK, "tried again by a person", false, w->why, err) : job_supersede(w->s, j->id, BULK_WENT, w->why, err);
}

static enum fault retry_job(struct work *w, int64_t id, struct err *err)
{
	struct job j;
	enum fault f = job_get(w->s, id, w->a, &j, err);

	if (f)
		return f;
	if (!strcmp(j.state, "waiting")) /* it would have been tried later: now, then */
		return job_hurry(w->s, id, w->why->now_ms, err);
	if (strcmp(j.state, "failed"))
		return err_set(err, FAULT_REFUSED, "job %" PRId64 " is %s: only a failed or waiting one is tried again", id, j.state);
	if (j.verb == VERB_STOCK && j.subject_id)
		return retry_stock(w, &j, err);
	if (j.verb == VERB_SHIP && fields_int(&j.payload, "shipment", 0))
		return retry_ship(w, &j, err);
	if (j.verb == VERB_ACK && j.subject_id)
		return retry_ack(w, &j, err);
	if (bulk_hands_in(j.verb))
		return retry_feed(w, &j, err);
	return job_again(w->s, id, w->why->now_ms, OK, "tried again by a person", false, w->why, err);
}

/* What was not understood is read again: the order if it is one, else the list it stood in. */
static enum fault retry_inbox(struct work *w, int64_t id, struct err *err)
{
	static const char sql[] = "SELECT account_id, verb, subject FROM inbox WHERE id = ?1 AND state IN ('parked', 'retried')";
	struct fields payload = fields_new(w->a);
	struct job_plan p = { .payload = &payload };
	struct rows *r = ASK(w->s, sql, V(id));
	bool found = rows_next(r), named;
	enum verb verb = VERBS;

	if (found) {
		p.account = rows_int(r, 0);
		verb = verb_from_name(rows_text(r, 1));
		fields_put(&payload, "ref", rows_text(r, 2));
		p.subject = arena_printf(w->a, "ref:%s", rows_text(r, 2));
	}
	if (rows_end(r, err))
		return FAULT_STORE;
	if (!found)
		return err_set(err, FAULT_REFUSED, "inbox row %" PRId64 " is not open", id);
	if (inbox_turn(w->s, id, "retried", w->why, err))
		return FAULT_STORE;
	w->done++;
	named = *fields_get(&payload, "ref", "") && *fields_get(&payload, "ref", "") != '#'; /* # and a hash: what could not be read is its name */
	if ((verb != VERB_ORDERS && verb != VERB_ORDER) || !named)
		return job_hurry_verb(w->s, p.account, verb, w->why->now_ms, err);
	p.verb = VERB_ORDER;
	return carry_queue(w, &p, err);
}

enum fault carry_retry(struct work *w, struct err *err)
{
	int64_t id;
	enum fault f = OK;

	for (int i = 0; !f && carry_each(w, "job", i, &id); i++, w->done++)
		f = retry_job(w, id, err);
	for (int i = 0; !f && carry_each(w, "inbox", i, &id); i++)
		f = retry_inbox(w, id, err);
	return f;
}

enum fault carry_assign(struct work *w, struct err *err)
{
	static const char job[] = "UPDATE job SET owner = ?2 WHERE id = ?1", inbox[] = "UPDATE inbox SET owner = ?2 WHERE id = ?1";
	const char *owner = fields_get(&w->in->payload, "owner", "");
	int64_t id;
	enum fault f = OK;

	if (strlen(owner) > 40)
		return err_set(err, FAULT_REFUSED, "an owner's name is at most 40 characters");
	for (int i = 0; !f && carry_each(w, "job", i, &id); i++, w->done++)
		f = RUN(w->s, err, job, V(id), V(owner));
	for (int i = 0; !f && carry_each(w, "inbox", i, &id); i++, w->done++)
		f = RUN(w->s, err, inbox, V(id), V(owner));
	return f;
}

static enum fault archive_job(struct work *w, int64_t id, struct err *err)
{
	struct job j;
	enum fault f = job_get(w->s, id, w->a, &j, err);

	if (f)
		return f;
	if (strcmp(j.state, "waiting") && strcmp(j.state, "failed"))
		return err_set(err, FAULT_REFUSED, "job %" PRId64 " is %s: it can no longer be taken back", id, j.state);
	if (j.repeats)
		return err_set(err, FAULT_REFUSED, "job %" PRId64 " is a read that the account lives by: switch the account off instead", id);
	if (j.verb == VERB_SHIP && !strcmp(j.state, "waiting") && fields_int(&j.payload, "shipment", 0))
		f = shipment_confirm(w->s, fields_int(&j.payload, "shipment", 0), "REJECTED", w->why, err);
	if (!f)
		f = job_supersede(w->s, id, "taken back by a person", w->why, err);
	return f ? f : alert_close(w->s, job_doubt_key(w->a, "not-applied", &j), w->why->now_ms, err);
}

enum fault carry_archive(struct work *w, struct err *err)
{
	int64_t id;
	enum fault f = OK;

	for (int i = 0; !f && carry_each(w, "job", i, &id); i++, w->done++)
		f = archive_job(w, id, err);
	for (int i = 0; !f && carry_each(w, "inbox", i, &id); i++, w->done++)
		f = inbox_turn(w->s, id, "archived", w->why, err);
	return f;
}
