#include "trade/intents.h"

#include "base/text.h"
#include "store/store.h"
#include "trade/accounts.h"
#include "trade/aim.h"
#include "trade/alerts.h"
#include "trade/audit.h"
#include "trade/change.h"
#include "trade/events.h"
#include "trade/inbox.h"
#include "trade/incidents.h"
#include "trade/inventory.h"
#include "trade/jobs.h"
#include "trade/kits.h"
#include "trade/lapse.h"
#include "trade/mapping.h"
#include "trade/orders.h"
#include "trade/overrides.h"
#include "trade/planned.h"
#include "trade/shipments.h"
#include "trade/sitting.h"
#include "trade/tasks.h"
#include "trade/zero.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* ---- on record ---- */

bool intent_known(struct store *s, const char *asker, struct arena *a, struct intent *out)
{
	static const char sql[] = "SELECT id, kind, state, result, actor, made_ms FROM intent WHERE asker = ?1";
	struct rows *r = ASK(s, sql, V(asker));
	bool found = rows_next(r);

	if (found)
		*out = (struct intent){
			.id = rows_int(r, 0),
			.asker = arena_strdup(a, asker),
			.kind = intent_kind_from_name(rows_text(r, 1)),
			.state = rows_keep(r, 2, a),
			.result = rows_keep(r, 3, a),
			.actor = rows_keep(r, 4, a),
			.made_ms = rows_int(r, 5),
		};
	rows_end(r, NULL);
	return found;
}

enum fault intent_get(struct store *s, int64_t id, struct arena *a, struct intent *out, struct err *err)
{
	static const char sql[] = "SELECT id, asker, kind, coalesce(account_id, 0), subject, payload, digest, typed, state, actor, why, result, made_ms, trace "
				  "FROM intent WHERE id = ?";
	struct rows *r = ASK(s, sql, V(id));
	const char *payload = NULL;

	if (rows_next(r)) {
		*out = (struct intent){
			.id = rows_int(r, 0),
			.asker = rows_keep(r, 1, a),
			.kind = intent_kind_from_name(rows_text(r, 2)),
			.account = rows_int(r, 3),
			.subject = rows_keep(r, 4, a),
			.digest = rows_keep(r, 6, a),
			.typed = rows_keep(r, 7, a),
			.state = rows_keep(r, 8, a),
			.actor = rows_keep(r, 9, a),
			.why = rows_keep(r, 10, a),
			.result = rows_keep(r, 11, a),
			.made_ms = rows_int(r, 12),
			.trace = rows_keep(r, 13, a),
		};
		payload = rows_keep(r, 5, a);
	}
	if (rows_end(r, err))
		return FAULT_STORE;
	if (!payload)
		return err_set(err, FAULT_REFUSED, "there is no intent %" PRId64, id);
	return fields_unpack(a, payload, &out->payload, err);
}

/* What is too much for one person is proposed, and carried out when another one agrees. */
static const char *state_at_first(struct store *s, const struct intent *in, const char *actor, int64_t now_ms, struct arena *a)
{
	struct plan p;

	if (!strncmp(actor, "rule:", 5)) /* half past is no time to look for somebody */
		return "filed";
	return in->kind == INTENT_ZERO && !plan_make(s, in, now_ms, a, &p, &(struct err){ 0 }) && p.two ? "proposed" : "filed";
}

enum fault intent_file(struct store *s, struct intent *in, const struct cause *why, struct err *err)
{
	static const char sql[] = "INSERT INTO intent (asker, kind, account_id, subject, payload, digest, typed, state, actor, why, made_ms, trace, config_id) "
				  "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?13, ?8, ?9, ?10, ?11, ?12) RETURNING id";
	struct arena *a = arena_new();
	const char *state = state_at_first(s, in, why->actor, why->now_ms, a);
	enum fault f;

	assert(store_in_transaction(s));
	f = RUN_ID(s, err, &in->id, sql, V(in->asker), V(intent_kind_name(in->kind)), in->account ? V(in->account) : V_NULL,
	           V(in->subject ? in->subject : ""), V(fields_pack(&in->payload, a)), V(in->digest ? in->digest : ""), V(in->typed ? in->typed : ""),
	           V(why->actor), V(in->why ? in->why : ""), V(why->now_ms), V(why->trace), why->config_id ? V(why->config_id) : V_NULL, V(state));
	in->state = strcmp(state, "filed") ? "proposed" : "filed";
	arena_free(a);
	return f;
}

enum fault intent_done(struct store *s, int64_t id, bool refused, const char *result, const struct cause *why, struct err *err)
{
	static const char sql[] = "UPDATE intent SET state = ?2, result = ?3, done_ms = ?4 WHERE id = ?1";

	return RUN(s, err, sql, V(id), V(refused ? "refused" : "done"), V(result ? result : ""), V(why->now_ms));
}

enum fault intents_expire(struct store *s, const struct cause *why, struct err *err)
{
	static const char sql[] = "SELECT id FROM intent WHERE state = 'proposed' AND made_ms < ? ORDER BY id LIMIT 1";
	int64_t id = 1;
	char key[40];
	enum fault f = OK;

	assert(store_in_transaction(s));
	while (!f && id) {
		f = GET_INT(s, err, 0, &id, sql, V(why->now_ms - APPROVAL_MS));
		snprintf(key, sizeof key, "approve %" PRId64, id);
		if (!f && id)
			f = intent_done(s, id, true, "nobody agreed within ten minutes", why, err);
		if (!f && id)
			f = audit_add(s, why, "lapsed", key, "nobody agreed within ten minutes", err);
		if (!f && id)
			f = alert_close(s, key, why->now_ms, err);
	}
	return f;
}

/* ---- carrying out ---- */

struct work {
	struct store *s;
	struct intent *in;
	const struct cause *why;
	struct arena *a;
	const char *result; /* what is answered; NULL: how many were done */
	int done;
};

static bool each(const struct work *w, const char *key, int i, int64_t *id)
{
	const char *v = fields_each(&w->in->payload, key, i);

	*id = 0;
	if (v && !text_int(v, 1, INT64_MAX, id))
		*id = -1; /* not there: refused where it is looked up */
	return v != NULL;
}

static enum fault queue(struct work *w, struct job_plan *p, struct err *err)
{
	int64_t id;

	p->due_ms = w->why->now_ms;
	p->lane = LANE_CONFIRM;
	p->intent_id = w->in->id;
	w->done++;
	return job_plan(w->s, p, w->why, &id, err);
}

static enum fault carry_ack(struct work *w, const struct order_detail *o, struct err *err)
{
	struct fields payload = fields_new(w->a);
	struct job_plan p = { .account = o->row.account, .verb = VERB_ACK, .subject_id = o->row.id, .payload = &payload };

	p.subject = arena_printf(w->a, "order:%" PRId64, o->row.id);
	fields_put(&payload, "ref", o->row.ref);
	return queue(w, &p, err);
}

/* "https://...{n}" with the number in its place; "" when the table has no page for the carrier. */
static const char *tracking_url(struct arena *a, const struct carrier *c, const char *tracking)
{
	const char *at = strstr(c->url, "{n}");
	char number[256];

	if (!at || !text_percent(number, sizeof number, tracking))
		return "";
	return arena_printf(a, "%.*s%s%s", (int)(at - c->url), c->url, number, at + 3);
}

static void put_lines(struct work *w, struct fields *payload, const struct order_detail *o, const struct shipment *sh)
{
	for (int i = 0; i < sh->lines; i++)
		for (int k = 0; k < o->lines; k++)
			if (o->line[k].id == sh->line[i].line_id)
				fields_put(payload, "line", arena_printf(w->a, "%" PRId64 ":%s", sh->line[i].qty,
				                                           *o->line[k].handle ? o->line[k].handle : o->line[k].ref));
}

/* What is told of a package today. */
static enum fault ship_payload(struct work *w, const struct order_detail *o, int64_t shipment, struct fields *payload, struct err *err)
{
	struct shipment sh;
	struct carrier c = { .name = "", .walmart = "", .amazon = "", .ebay = "", .shopify = "", .url = "" };
	enum fault f = shipment_get(w->s, shipment, w->a, &sh, err);

	if (f)
		return f;
	*payload = fields_new(w->a);
	if (!carrier_find(w->a, sh.carrier, &c))
		c.name = sh.carrier;
	fields_put_int(payload, "shipment", shipment);
	fields_put(payload, "ref", o->row.ref);
	fields_put(payload, "marketplace", o->row.marketplace);
	fields_put(payload, "package", sh.package);
	fields_put(payload, "carrier", sh.carrier);
	fields_put(payload, "carrier.name", c.name);
	fields_put(payload, "carrier.walmart", c.walmart);
	fields_put(payload, "carrier.amazon", c.amazon);
	fields_put(payload, "carrier.ebay", c.ebay);
	fields_put(payload, "carrier.shopify", c.shopify);
	fields_put(payload, "tracking", sh.tracking);
	fields_put(payload, "url", *sh.url ? sh.url : tracking_url(w->a, &c, sh.tracking));
	fields_put(payload, "service", sh.service);
	fields_put_int(payload, "shipped_ms", sh.shipped_ms);
	if (o->row.flags & ORDER_CANCEL_REQ) /* Walmart refuses it otherwise */
		fields_put(payload, "override_cancel", "1");
	put_lines(w, payload, o, &sh);
	return OK;
}

static enum fault queue_ship(struct work *w, const struct order_detail *o, int64_t shipment, struct fields *payload, struct err *err)
{
	struct job_plan p = { .account = o->row.account, .verb = VERB_SHIP, .subject_id = o->row.id, .payload = payload };

	p.subject = arena_printf(w->a, "shipment:%" PRId64, shipment);
	return queue(w, &p, err);
}

static enum fault carry_ship(struct work *w, const struct order_detail *o, struct err *err)
{
	const char *word = intent_word(w->in, "carrier", o->row.id);
	struct carrier c;
	struct shipment sh = {
		.order_id = o->row.id,
		.carrier = carrier_find(w->a, word, &c) ? c.code : word,
		.tracking = intent_word(w->in, "tracking", o->row.id),
		.url = intent_word(w->in, "url", o->row.id),
		.service = intent_word(w->in, "service", o->row.id),
		.shipped_ms = fields_int(&w->in->payload, "shipped_ms", w->why->now_ms),
		.source = "operator",
		.intent_id = w->in->id,
	};
	struct fields payload;
	int64_t id;
	enum fault f = shipment_note(w->s, &sh, w->why, &id, err);

	if (!f)
		f = ship_payload(w, o, id, &payload, err);
	return f ? f : queue_ship(w, o, id, &payload, err);
}

static enum fault carry_cancel(struct work *w, const struct order_detail *o, struct err *err)
{
	struct fields payload = fields_new(w->a);
	struct job_plan p = { .account = o->row.account, .verb = VERB_CANCEL, .subject_id = o->row.id, .payload = &payload };

	fields_put(&payload, "ref", o->row.ref);
	fields_put(&payload, "marketplace", o->row.marketplace);
	fields_put(&payload, "reason", fields_get(&w->in->payload, "reason", "SELLER_CANCEL_OUT_OF_STOCK"));
	for (int i = 0; i < o->lines; i++) {
		int64_t open = 0;

		for (int b = ORDER_NEW; b <= ORDER_PACKED; b++)
			open += o->line[i].bucket[b];
		if (open)
			fields_put(&payload, "line", arena_printf(w->a, "%" PRId64 ":%s", open, o->line[i].ref));
	}
	p.subject = arena_printf(w->a, "order:%" PRId64, o->row.id);
	return queue(w, &p, err);
}

/* What the plan skipped is skipped here for the same reason: a step's text begins with the account and reference. */
static bool in_plan(const struct work *w, const struct plan *plan, const struct order_detail *o)
{
	const char *name = arena_printf(w->a, "%s %s: ", o->row.account_name, o->row.ref);

	for (int i = 0; i < plan->steps; i++)
		if (!strncmp(plan->step[i], name, strlen(name)))
			return true;
	return false;
}

static enum fault carry_orders(struct work *w, const struct plan *plan, enum fault (*one)(struct work *, const struct order_detail *, struct err *),
                               struct err *err)
{
	int64_t id;
	enum fault f = OK;

	for (int i = 0; !f && each(w, "order", i, &id); i++) {
		struct order_detail o;

		if (!order_get(w->s, id, w->a, &o, err) && in_plan(w, plan, &o))
			f = one(w, &o, err);
	}
	return f;
}

static enum fault carry_push(struct work *w, struct err *err)
{
	int64_t id, job;
	enum fault f = OK;

	for (int i = 0; !f && each(w, "offer", i, &id); i++) {
		f = offer_say(w->s, id, true, w->in->id, w->why, &job, err);
		w->done += job != 0;
	}
	return f;
}

/* ---- local ones ---- */

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
		f = ship_payload(w, &o, shipment, &payload, err);
	if (!f && !strcmp(lines_of(w->a, &payload), lines_of(w->a, &j->payload)))
		return job_again(w->s, j->id, w->why->now_ms, OK, "tried again by a person", false, w->why, err);
	if (!f)
		f = job_supersede(w->s, j->id, "the order names its lines otherwise by now: told anew", w->why, err);
	return f ? f : queue_ship(w, &o, shipment, &payload, err);
}

/* By its own reading the order is past that: somebody else did it, or it took effect after all. Saying it again can only be refused. */
static enum fault retry_ack(struct work *w, const struct job *j, struct err *err)
{
	struct order_detail o;
	enum fault f = order_get(w->s, j->subject_id, w->a, &o, err);

	if (f)
		return f;
	if (o.row.state != ORDER_PENDING && o.row.state != ORDER_NEW && o.row.state != ORDER_UNKNOWN)
		return job_supersede(w->s, j->id, "the order is past that by its own reading", w->why, err);
	return job_again(w->s, j->id, w->why->now_ms, OK, "tried again by a person", false, w->why, err);
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
	return job_again(w->s, id, w->why->now_ms, OK, "tried again by a person", false, w->why, err);
}

/* What was not understood is read again: the order if it is one, else the list it stood in. */
static enum fault retry_inbox(struct work *w, int64_t id, struct err *err)
{
	static const char sql[] = "SELECT account_id, verb, subject FROM inbox WHERE id = ?1 AND state IN ('parked', 'retried')";
	static const char mark[] = "UPDATE inbox SET state = 'retried', last_ms = ?2 WHERE id = ?1";
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
	if (RUN(w->s, err, mark, V(id), V(w->why->now_ms)))
		return FAULT_STORE;
	w->done++;
	named = *fields_get(&payload, "ref", "") && *fields_get(&payload, "ref", "") != '#'; /* # and a hash: what could not be read is its name */
	if ((verb != VERB_ORDERS && verb != VERB_ORDER) || !named)
		return job_hurry_verb(w->s, p.account, verb, w->why->now_ms, err);
	p.verb = VERB_ORDER;
	return queue(w, &p, err);
}

static enum fault carry_retry(struct work *w, struct err *err)
{
	int64_t id;
	enum fault f = OK;

	for (int i = 0; !f && each(w, "job", i, &id); i++, w->done++)
		f = retry_job(w, id, err);
	for (int i = 0; !f && each(w, "inbox", i, &id); i++)
		f = retry_inbox(w, id, err);
	return f;
}

static enum fault carry_assign(struct work *w, struct err *err)
{
	static const char job[] = "UPDATE job SET owner = ?2 WHERE id = ?1", inbox[] = "UPDATE inbox SET owner = ?2 WHERE id = ?1";
	const char *owner = fields_get(&w->in->payload, "owner", "");
	int64_t id;
	enum fault f = OK;

	if (strlen(owner) > 40)
		return err_set(err, FAULT_REFUSED, "an owner's name is at most 40 characters");
	for (int i = 0; !f && each(w, "job", i, &id); i++, w->done++)
		f = RUN(w->s, err, job, V(id), V(owner));
	for (int i = 0; !f && each(w, "inbox", i, &id); i++, w->done++)
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

static enum fault carry_archive(struct work *w, struct err *err)
{
	static const char sql[] = "UPDATE inbox SET state = 'archived', last_ms = ?2 WHERE id = ?1 AND state <> 'archived'";
	int64_t id;
	enum fault f = OK;

	for (int i = 0; !f && each(w, "job", i, &id); i++, w->done++)
		f = archive_job(w, id, err);
	for (int i = 0; !f && each(w, "inbox", i, &id); i++, w->done++)
		f = RUN(w->s, err, sql, V(id), V(w->why->now_ms));
	return f;
}

static enum fault carry_note(struct work *w, struct err *err)
{
	static const char sql[] = "INSERT INTO note (subject, text, actor, at_ms) VALUES (?1, ?2, ?3, ?4)";
	const char *text = fields_get(&w->in->payload, "text", ""), *subject = fields_get(&w->in->payload, "subject", "");

	if (!*text || strlen(text) > 2000)
		return err_set(err, FAULT_REFUSED, "a note is 1 to 2000 bytes");
	w->done++;
	return RUN(w->s, err, sql, V(subject), V(text), V(w->why->actor), V(w->why->now_ms));
}

/* 999 for 99: what differs by more than a hundred, or by ten and half of what was there, is to be said twice. */
static enum fault count_is_odd(struct store *s, const struct count *c, struct err *err)
{
	static const char sql[] = "SELECT coalesce(sum(st.counted), -1) FROM stock st JOIN item i ON i.id = st.item_id JOIN place p ON p.id = st.place_id "
				  "WHERE i.sku = ?1 AND (?2 IS NULL OR p.name = ?2)";
	int64_t was, by;
	enum fault f = GET_INT(s, err, -1, &was, sql, V(c->sku), V(c->place));

	if (f || was < 0)
		return f;
	by = c->qty > was ? c->qty - was : was - c->qty;
	if (by <= 100 && (by <= 10 || by * 2 <= was))
		return OK;
	return err_set(err, FAULT_REFUSED, "%.60s: %" PRId64 " was counted so far, and now %" PRId64 ": if that is no slip, say it twice: --confirm %" PRId64, c->sku, was,
	               c->qty, c->qty);
}

static enum fault carry_count(struct work *w, struct err *err)
{
	struct count c = {
		.place = fields_get(&w->in->payload, "place", NULL),
		.sku = fields_get(&w->in->payload, "sku", ""),
		.qty = fields_int(&w->in->payload, "qty", -1),
		.valid_ms = w->why->now_ms,
	};

	if (c.qty < 0 || c.qty > 999999)
		return err_set(err, FAULT_REFUSED, "a count is a whole number from 0 to 999,999");
	if (fields_int(&w->in->payload, "again", -1) != c.qty && count_is_odd(w->s, &c, err))
		return err->fault;
	w->done++;
	return counts_take(w->s, &c, 1, false, true, w->why, err);
}

static enum fault carry_alert_ack(struct work *w, struct err *err)
{
	int64_t id;
	enum fault f = OK;

	for (int i = 0; !f && each(w, "alert", i, &id); i++, w->done++)
		f = alert_ack(w->s, id, w->why->actor, w->why->now_ms, err);
	return f;
}

static enum fault carry_incident(struct work *w, struct err *err)
{
	return incident_carry(w->s, &w->in->payload, w->why, w->a, &w->result, &w->done, err);
}

/* ---- zero-outs ---- */

static enum fault begin_zero(struct work *w, struct intent *in, const struct plan *plan, const char *approver, const struct cause *why, struct err *err)
{
	struct buf scope = buf_new(w->a);
	struct zero_ask ask;
	const char *word;
	int64_t id;

	for (int i = 0; (word = fields_each(&in->payload, "scope", i)); i++)
		buf_printf(&scope, "%s%s", i ? " " : "", word);
	if (!scope.len)
		buf_printf(&scope, "%d marked offer%s", plan->steps, plan->steps == 1 ? "" : "s");
	ask = (struct zero_ask){
		.scope = scope.p,
		.reason = intent_reason(in),
		.approver = approver,
		.remind_ms = fields_int(&in->payload, "remind_ms", 0),
		.intent = in->id,
		.until_ms = fields_int(&in->payload, "until_ms", 0),
		.counted = fields_int(&in->payload, "counted", 0) == 1,
	};
	return zero_begin(w->s, plan->step_id, plan->steps, &ask, why, &id, &w->done, err);
}

static enum fault carry_zero(struct work *w, const struct plan *plan, struct err *err)
{
	return begin_zero(w, w->in, plan, "", w->why, err);
}

static enum fault carry_lift(struct work *w, struct err *err)
{
	int64_t id;
	enum fault f = OK;
	int freed;

	for (int i = 0; !f && each(w, "zero", i, &id); i++, w->done += freed)
		f = zero_lift(w->s, id, w->why, &freed, err);
	return f;
}

/* Who somebody is to the machine: the uid that the kernel told. */
static bool same_person(const char *a, const char *b)
{
	size_t n = strcspn(a, " "), m = strcspn(b, " ");

	return n == m && !strncmp(a, b, n);
}

/* The first one's intent is done in the first one's name; the second one's word stands beside it. */
static enum fault carry_approve(struct work *w, const struct plan *plan, struct err *err)
{
	static const char sql[] = "UPDATE intent SET state = 'filed' WHERE id = ? AND state = 'proposed'";
	struct cause why = *w->why;
	struct intent other;
	enum fault f = intent_get(w->s, fields_int(&w->in->payload, "intent", 0), w->a, &other, err);

	if (!f && same_person(other.actor, w->why->actor))
		f = err_set(err, FAULT_REFUSED, "%.60s proposed it: somebody else has to agree", other.actor);
	if (!f)
		f = RUN(w->s, err, sql, V(other.id));
	if (f)
		return f;
	why.actor = other.actor;
	why.trace = other.trace;
	f = alert_close(w->s, arena_printf(w->a, "approve %" PRId64, other.id), w->why->now_ms, err);
	if (!f)
		f = begin_zero(w, &other, plan, w->why->actor, &why, err);
	return f ? f : intent_done(w->s, other.id, false, "queued: a second person agreed", &why, err);
}

static enum fault carry_redact(struct work *w, struct err *err)
{
	enum fault f = OK;
	int64_t id;

	for (int i = 0; !f && each(w, "order", i, &id); i++) {
		struct order_detail o;

		f = order_get(w->s, id, w->a, &o, err);
		if (!f)
			f = order_redact(w->s, id, w->why, err);
		w->done++;
	}
	return f;
}

static enum fault carry_map(struct work *w, struct err *err)
{
	const char *by = strcmp(fields_get(&w->in->payload, "by", "person"), "import") ? "person" : "import", *line;
	enum fault f = OK;
	struct map_line m;
	int changed;

	for (int i = 0; !f && (line = fields_each(&w->in->payload, "map", i)); i++) {
		if (!map_line_read(line, &m))
			return err_set(err, FAULT_REFUSED, "mapping %d is none", i + 1);
		f = mapping_set(w->s, m.account, m.sku, m.item, m.pack, by, w->why, &changed, err);
		w->done++;
	}
	return f;
}

static enum fault carry_kit(struct work *w, struct err *err)
{
	enum fault f = OK;

	for (int i = 0; !f && fields_each(&w->in->payload, "kit", i); w->done++) {
		struct kit_recipe r;

		f = kit_recipe_read(w->s, &w->in->payload, &i, w->a, &r, err);
		if (!f)
			f = kit_set(w->s, r.sku, r.part, r.parts, w->why, err);
	}
	return f;
}

static enum fault carry_mode(struct work *w, struct err *err)
{
	struct account_row row;
	enum fault f = account_by_name(w->s, w->in->subject, w->a, &row, err);

	w->done++;
	return f ? f : account_mode(w->s, row.id, w->in->kind == INTENT_LIVE ? "live" : "shadow", w->why, err);
}

static enum fault carry_policy(struct work *w, struct err *err)
{
	w->done++;
	return override_carry(w->s, &w->in->payload, w->in->why ? w->in->why : "", w->why, err);
}

static enum fault carry_place(struct work *w, struct err *err)
{
	w->done++;
	return place_carry(w->s, &w->in->payload, w->why, err);
}

static enum fault carry_sitting(struct work *w, struct err *err)
{
	int64_t session;
	enum fault f = sitting_carry(w->s, &w->in->payload, w->why, &session, err);

	w->done++;
	w->result = arena_printf(w->a, "session %" PRId64, session);
	return f;
}

static enum fault carry_settle(struct work *w, struct err *err)
{
	return sitting_settle(w->s, fields_int(&w->in->payload, "session", 0), w->in->id, w->why, &w->done, err);
}

static enum fault carry_one(struct work *w, const struct plan *plan, struct err *err)
{
	switch (w->in->kind) {
	case INTENT_ACK:
		return carry_orders(w, plan, carry_ack, err);
	case INTENT_SHIP:
		return carry_orders(w, plan, carry_ship, err);
	case INTENT_CANCEL:
		return carry_orders(w, plan, carry_cancel, err);
	case INTENT_PUSH:
		return carry_push(w, err);
	case INTENT_RETRY:
		return carry_retry(w, err);
	case INTENT_ASSIGN:
		return carry_assign(w, err);
	case INTENT_ARCHIVE:
		return carry_archive(w, err);
	case INTENT_RELEASE: /* the engine's own; here its line was checked */
		return OK;
	case INTENT_REDACT:
		return carry_redact(w, err);
	case INTENT_NOTE:
		return carry_note(w, err);
	case INTENT_COUNT:
		return carry_count(w, err);
	case INTENT_ALERT_ACK:
		return carry_alert_ack(w, err);
	case INTENT_INCIDENT:
		return carry_incident(w, err);
	case INTENT_POLICY:
		return carry_policy(w, err);
	case INTENT_MAP:
		return carry_map(w, err);
	case INTENT_ZERO:
		return carry_zero(w, plan, err);
	case INTENT_LIFT:
		return carry_lift(w, err);
	case INTENT_APPROVE:
		return carry_approve(w, plan, err);
	case INTENT_KIT:
		return carry_kit(w, err);
	case INTENT_PLACE:
		return carry_place(w, err);
	case INTENT_EVENT:
		w->done++;
		return event_carry(w->s, w->in, w->why, err);
	case INTENT_LET:
		return fields_has(&w->in->payload, "zero") ? zero_go(w->s, fields_int(&w->in->payload, "zero", 0), w->why, &w->done, err)
		                                           : planned_let(w->s, w->why, &w->done, err);
	case INTENT_HOLD:
	case INTENT_OUTAGE:
		w->done++;
		return lapse_carry(w->s, w->in, w->why, err);
	case INTENT_TASK:
		w->done++;
		return task_carry(w->s, &w->in->payload, w->why, err);
	case INTENT_SITTING:
		return carry_sitting(w, err);
	case INTENT_SETTLE:
		return carry_settle(w, err);
	case INTENT_LIVE:
	case INTENT_SHADOW:
		return carry_mode(w, err);
	default:
		return err_set(err, FAULT_REFUSED, "%s is the engine's own", intent_kind_name(w->in->kind));
	}
}

/* What was shown and typed must still be what would be done. */
static enum fault check_confirmation(const struct intent *in, const struct plan *plan, struct err *err)
{
	if (!intent_writes(in->kind))
		return OK;
	if (!in->typed || strcmp(in->typed, plan->line))
		return err_set(err, FAULT_REFUSED, "not confirmed: the line to type is `%.150s`", plan->line);
	if (!in->digest || strcmp(in->digest, plan->digest))
		return err_set(err, FAULT_REFUSED, "the plan changed since it was shown: look at it again, then confirm that one");
	return OK;
}

/* Does it say something to a marketplace by itself, so that its end is not known yet? */
static bool is_queued(enum intent_kind k)
{
	return intent_writes(k) && k != INTENT_LIVE && k != INTENT_MAP && k != INTENT_KIT;
}

/* What was confirmed stands and waits: ten minutes for somebody else's word. */
static enum fault wait_for_second(struct work *w, const struct plan *plan, struct err *err)
{
	struct alert alert = {
		.key = arena_printf(w->a, "approve %" PRId64, w->in->id),
		.kind = "approve",
		.severity = "WARN",
		.subject = arena_printf(w->a, "intent:%" PRId64, w->in->id),
		.text = arena_printf(w->a, "%.60s wants to %.120s: %.80s", w->why->actor, plan->line, plan->two),
		.next = arena_printf(w->a, "within ten minutes: tallyman approve %" PRId64, w->in->id),
	};
	enum fault f = audit_add(w->s, w->why, "propose", plan->line, arena_printf(w->a, "%s|%s", plan->digest, w->in->why ? w->in->why : ""), err);

	if (!f)
		f = alert_raise(w->s, &alert, w->why->now_ms, err);
	return f;
}

/* Carried out: the audit's row, and its end. */
static enum fault seal_intent(struct work *w, const struct plan *plan, struct err *err)
{
	struct intent *in = w->in;
	char result[80];
	enum fault f = audit_add(w->s, w->why, intent_kind_name(in->kind), *plan->line ? plan->line : plan->step[0],
	                         arena_printf(w->a, "%s|%s|%s", plan->digest, in->why ? in->why : "", fields_pack(&in->payload, w->a)), err);

	snprintf(result, sizeof result, "%d %s", w->done, is_queued(in->kind) ? "queued" : "done");
	if (!f)
		f = intent_done(w->s, in->id, false, result, w->why, err);
	if (!f) {
		in->state = "done";
		in->result = is_queued(in->kind) ? "queued: accepted is shown when they answer, done when their own reading shows it" : "done";
	}
	return f;
}

enum fault intent_carry(struct store *s, struct intent *in, const struct cause *why, struct err *err)
{
	struct work w = { .s = s, .in = in, .why = why, .a = arena_new() };
	struct plan plan;
	enum fault f;

	assert(store_in_transaction(s));
	f = plan_make(s, in, why->now_ms, w.a, &plan, err);
	if (!f)
		f = check_confirmation(in, &plan, err);
	if (!f && in->state && !strcmp(in->state, "proposed")) {
		f = wait_for_second(&w, &plan, err);
		if (!f)
			in->result = "proposed: a second person has to agree within ten minutes: tallyman approve, with the intent's number";
	} else if (!f) {
		f = carry_one(&w, &plan, err);
		if (!f)
			f = seal_intent(&w, &plan, err);
		if (!f && w.result)
			in->result = arena_strdup(in->payload.arena, w.result);
	}
	arena_free(w.a);
	return f;
}

enum fault intent_refresh(struct store *s, const struct intent *in, const struct cause *why, struct err *err)
{
	struct intent copy = *in;
	struct work w = { .s = s, .in = &copy, .why = why, .a = arena_new() };
	int64_t id;
	enum fault f = OK;

	for (int i = 0; !f && each(&w, "order", i, &id); i++) {
		struct order_detail o;

		f = order_get(s, id, w.a, &o, err);
		if (!f) {
			struct fields payload = fields_new(w.a);
			struct job_plan p = { .account = o.row.account, .verb = VERB_ORDER, .subject_id = id, .payload = &payload };

			fields_put(&payload, "ref", o.row.ref);
			p.subject = arena_printf(w.a, "order:%" PRId64, id);
			f = queue(&w, &p, err);
		}
	}
	for (int i = 0; !f && each(&w, "offer", i, &id); i++) {
		struct offer o;

		f = offer_get(s, id, w.a, &o, err);
		if (!f) {
			struct fields payload = fields_new(w.a);
			struct job_plan p = { .account = o.account, .verb = VERB_STOCK_READ, .subject_id = id, .payload = &payload };

			fields_put(&payload, "sku", o.sku);
			fields_put(&payload, "marketplace", o.marketplace);
			fields_put(&payload, "node", o.node);
			p.subject = arena_printf(w.a, "offer:%" PRId64, id);
			f = queue(&w, &p, err);
		}
	}
	arena_free(w.a);
	return f;
}
