/*
 * converse: the engine's side of engine.sock. One message, one answer, after the commit.
 *
 * A message is an intent (trade/intents.h); the answer is fields: result=ok|refused, id, state, text, and what was
 * asked for. The actor is who the kernel says is on the other end, never what the message claims.
 */
#include "engine/parts.h"
#include "engine/redact.h"

#include "base/log.h"
#include "base/text.h"
#include "trade/accounts.h"
#include "trade/alerts.h"
#include "trade/audit.h"
#include "trade/change.h"
#include "trade/forget.h"
#include "trade/intents.h"
#include "trade/logins.h"
#include "trade/orders.h"
#include "trade/person.h"
#include "trade/zero.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { REVEAL_CHUNK = 40 * 1024, REVEAL_PACKED = ASK_MAX - 4096, LOOK_MS = 60000, SAME_DAY_MS = 86400000 };

/* A large body goes in pieces: those that follow on the first, to the same person, are of the same look at it. */
static bool looks_on(struct engine *e, int64_t body, int64_t offset, int64_t now_ms)
{
	const struct look *l = &e->look;

	return offset > 0 && l->uid == e->asker_uid && l->body == body && l->upto == offset && now_ms - l->at_ms < LOOK_MS;
}

/* ---- kinds that need keys, files or the engine itself ---- */

static enum fault reveal_body(struct engine *e, const struct intent *in, struct fields *answer, const struct cause *why, struct err *err)
{
	int64_t id = fields_int(&in->payload, "body", 0), offset = fields_int(&in->payload, "offset", 0);
	bool whole = fields_int(&in->payload, "full", 0) == 1;
	const char *bytes;
	size_t n;
	enum fault f = body_get(e->store, id, &e->sealer, e->turn, &bytes, &n, err);

	if (!f && whole && !looks_on(e, id, offset, why->now_ms))
		f = audit_add(e->store, why, "reveal", arena_printf(e->turn, "body:%" PRId64, id), in->why ? in->why : "", err);
	if (f)
		return f;
	if (!whole) {
		fields_put_int(answer, "json", redact_body(e->turn, bytes, n, &bytes));
		n = strlen(bytes);
	}
	if (offset < 0 || (size_t)offset > n)
		offset = (int64_t)n;
	fields_put_int(answer, "total", (int64_t)n);
	fields_put_int(answer, "offset", offset);
	n -= (size_t)offset;
	n = fields_fit(bytes + offset, n < REVEAL_CHUNK ? n : REVEAL_CHUNK, REVEAL_PACKED);
	fields_put(answer, "body", arena_strndup(e->turn, bytes + offset, n));
	if (whole)
		e->look = (struct look){ e->asker_uid, id, offset + (int64_t)n, why->now_ms };
	return OK;
}

static enum fault reveal_person(struct engine *e, const struct intent *in, struct fields *answer, const struct cause *why, struct err *err)
{
	int64_t order = fields_int(&in->payload, "order", 0);
	struct fields person;
	enum fault f = order_person(e->store, order, &e->sealer, e->turn, &person, err);

	if (!f)
		f = audit_add(e->store, why, "reveal", arena_printf(e->turn, "order:%" PRId64, order), in->why ? in->why : "", err);
	for (int i = 0; !f && i < person.n; i++)
		fields_put(answer, arena_printf(e->turn, "person.%.60s", person.field[i].key), person.field[i].value); /* "state" is the answer's own word as well */
	return f;
}

/* What they asked by is theirs: of him nothing is written down, nor said. */
static enum fault reveal_orders(struct engine *e, const struct intent *in, struct fields *answer, const struct cause *why, struct err *err)
{
	int64_t after = fields_int(&in->payload, "after", 0);
	struct buyer_orders found;
	const char *reason = text_or_empty(in->why), *said;
	enum fault f = buyer_orders(e->store, fields_get(&in->payload, "buyer", ""), after, &e->sealer, e->turn, &found, err);

	said = arena_printf(e->turn, "orders of a buyer were looked for, %d found among %d%s%s", found.n, found.looked, *reason ? ": " : "", reason);
	if (!f)
		f = audit_add(e->store, why, "reveal", "buyer", said, err);
	for (int i = 0; !f && i < found.n; i++)
		fields_put_int(answer, "order", found.order[i]);
	fields_put_int(answer, "upto", found.upto);
	return f;
}

/* One thing at a time: what somebody may see is decided by which of them it is. */
static enum fault reveal(struct engine *e, const struct intent *in, struct fields *answer, const struct cause *why, struct err *err)
{
	bool body = fields_has(&in->payload, "body"), order = fields_has(&in->payload, "order"), buyer = fields_has(&in->payload, "buyer");

	if (body + order + buyer != 1)
		return err_set(err, FAULT_REFUSED, "to reveal takes a body, an order or a buyer, and one of them alone");
	return buyer ? reveal_orders(e, in, answer, why, err) : order ? reveal_person(e, in, answer, why, err) : reveal_body(e, in, answer, why, err);
}

static enum fault take_counts(struct engine *e, const struct intent *in, const struct cause *why, struct err *err)
{
	const char *file = fields_get(&in->payload, "file", "");
	struct fields payload = fields_new(e->turn);
	struct job_plan p = { .verb = VERB_COUNTS, .lane = LANE_ORDERS, .payload = &payload, .due_ms = why->now_ms };
	int64_t id;

	fields_put(&payload, "file", file);
	fields_put_int(&payload, "uid", e->asker_uid); /* whose file it must be: the engine lends nobody its eyes */

	for (int i = 0; i < e->links.n; i++) {
		struct link *l = &e->links.link[i];

		if (!l->channel->say[VERB_COUNTS].ask || (in->account && l->account.id != in->account))
			continue;
		p.account = l->account.id;
		p.subject = arena_printf(e->turn, "counts:%.200s", file);
		l->file_seen = (struct stamp){ 0 };
		return job_plan(e->store, &p, why, &id, err);
	}
	return err_set(err, FAULT_REFUSED, "no account of channel local is configured: add [account warehouse] with channel = local");
}

static enum fault refresh(struct engine *e, const struct intent *in, const struct cause *why, struct err *err)
{
	enum fault f = OK;

	if (in->payload.n)
		return intent_refresh(e->store, in, why, err);
	for (int i = 0; i < e->links.n && !f; i++) {
		e->links.link[i].file_seen = (struct stamp){ 0 };
		e->links.link[i].file_again_ms = 0;
		for (enum verb v = 0; v < VERBS; v++)
			tally_forget(e, e->links.link[i].account.id, v);
		f = plan_polls(e, &e->links.link[i], why->now_ms, err);
	}
	return f;
}

static enum fault set_mode(struct engine *e, struct intent *in, const struct cause *why, struct err *err)
{
	enum fault f = intent_carry(e->store, in, why, err);
	struct account_row *rows;
	int n;

	if (!f)
		f = accounts_all(e->store, e->turn, &rows, &n, err);
	for (int i = 0; !f && i < n; i++) {
		struct link *l = link_by_id(&e->links, rows[i].id);

		if (l)
			l->live = !strcmp(rows[i].mode, "live");
	}
	return f;
}

/* "pts/1 from 10.0.0.1 5022 ...": the machine that somebody sits at. */
static const char *machine_of(struct arena *a, const char *whence)
{
	const char *from = strstr(whence, " from ");

	return from ? arena_strndup(a, from + 6, strcspn(from + 6, " ")) : "";
}

/* One name that logs in from two machines within a day may be two people: the audit could not tell them apart. */
static enum fault log_in(struct engine *e, const char *whence, const struct cause *why, struct err *err)
{
	const char *before, *here = machine_of(e->turn, whence), *there;
	struct alert alert = {
		.key = arena_printf(e->turn, "login %.60s", why->actor),
		.kind = "login",
		.severity = "WARN",
		.subject = "login",
		.next = "if that is two people, give each a user of his own; if it is one, ack this",
	};
	enum fault f = audit_last(e->store, why->actor, "login", why->now_ms - SAME_DAY_MS, e->turn, &before, err);

	there = f ? "" : machine_of(e->turn, before);
	alert.text = arena_printf(e->turn, "%.60s has sat down at %.60s and at %.60s within a day: a login that is shared?", why->actor, there, here);
	if (!f)
		f = audit_add(e->store, why, "login", "console", whence, err);
	return f || !*here || !*there || !strcmp(here, there) ? f : alert_raise(e->store, &alert, why->now_ms, err);
}

/* Who says that he sat there already is believed where the audit says so as well. */
static bool stays(struct engine *e, const struct intent *in, const struct cause *why)
{
	struct err err;
	bool sits;

	return fields_int(&in->payload, "again", 0) && !login_sits(e->store, why->actor, fields_get(&in->payload, "whence", ""), &sits, &err) && sits;
}

static enum fault release(struct engine *e, struct intent *in, const struct cause *why, struct err *err)
{
	enum fault f = !in->why || !*in->why ? err_set(err, FAULT_REFUSED, "say why: --reason") : intent_carry(e->store, in, why, err);

	return f ? f : hold_release(e, why, err);
}

/* With him go the replies that told him; the key to look into them is here. */
static enum fault redact(struct engine *e, struct intent *in, const struct cause *why, struct err *err)
{
	const char *order;
	enum fault f;
	int64_t id;
	int n;

	if (fields_each(&in->payload, "order", FORGET_MOST))
		return err_set(err, FAULT_REFUSED, "at most %d orders at once: every reply that is kept is looked through for each of them", FORGET_MOST);
	f = intent_carry(e->store, in, why, err);
	for (int i = 0; !f && (order = fields_each(&in->payload, "order", i)); i++)
		if (text_int(order, 1, INT64_MAX, &id))
			f = replies_forget(e->store, id, &e->sealer, &n, err);
	return f;
}

/* A person looked at what was held back, or mended it: a file is not waited for. */
static enum fault retry(struct engine *e, struct intent *in, const struct cause *why, struct err *err)
{
	for (int i = 0; i < e->links.n; i++)
		e->links.link[i].file_again_ms = 0;
	return intent_carry(e->store, in, why, err);
}

static enum fault own_kind(struct engine *e, struct intent *in, struct fields *answer, const struct cause *why, struct err *err)
{
	switch (in->kind) {
	case INTENT_REVEAL:
		return reveal(e, in, answer, why, err);
	case INTENT_COUNTS:
		return take_counts(e, in, why, err);
	case INTENT_REFRESH:
		return refresh(e, in, why, err);
	case INTENT_RETRY:
		return retry(e, in, why, err);
	case INTENT_RECONCILE:
		return reconcile_ask(e, in, why, &in->result, err);
	case INTENT_LIVE:
	case INTENT_SHADOW:
		return set_mode(e, in, why, err);
	case INTENT_STOP:
		e->stopping = true;
		return audit_add(e->store, why, "stop", "engine", in->why ? in->why : "", err);
	case INTENT_BACKUP: /* the copy was made by who asks, with nothing but leave to read: here it is written down */
		return audit_add(e->store, why, "backup", fields_get(&in->payload, "file", ""), "", err);
	case INTENT_REDACT:
		return redact(e, in, why, err);
	case INTENT_RELEASE:
		return release(e, in, why, err);
	case INTENT_LOGIN:
		fields_put(answer, "role", duty_name(duty_of(&e->roles, (uid_t)e->asker_uid))); /* so that nobody is offered what he would be refused */
		return stays(e, in, why) ? OK : log_in(e, fields_get(&in->payload, "whence", ""), why, err);
	case INTENT_ARM:
		return audit_add(e->store, why, fields_int(&in->payload, "minutes", 0) ? "arm" : "disarm", "console", in->why ? in->why : "", err);
	case INTENT_APPROVE:
		return second_agrees(e, in, why, err);
	case INTENT_EVENT:
		e->minute_ms = e->beat_ms = why->now_ms; /* what is in force is looked at now */
		return intent_carry(e->store, in, why, err);
	case INTENT_HOLD:
	case INTENT_OUTAGE:
		e->whole_ms = e->lapse_ms = why->now_ms;
		return intent_carry(e->store, in, why, err);
	case INTENT_LIFT:
		e->free_ms = why->now_ms + ZERO_FREE_MS; /* more than come back at once have their turn then */
		return intent_carry(e->store, in, why, err);
	default:
		return intent_carry(e->store, in, why, err);
	}
}

static bool engine_owned(enum intent_kind k)
{
	return k == INTENT_REVEAL || k == INTENT_COUNTS || k == INTENT_REFRESH || k == INTENT_STOP || k == INTENT_ARM || k == INTENT_LOGIN || k == INTENT_BACKUP ||
	       k == INTENT_RECONCILE;
}

/* ---- one message ---- */

static void put_result(struct fields *answer, const struct intent *in, const char *result, const char *text)
{
	fields_put(answer, "result", result);
	fields_put_int(answer, "id", in->id);
	fields_put(answer, "state", in->state ? in->state : "done");
	fields_put(answer, "text", text);
}

/* What is only looked at leaves no intent behind, but its audit row. */
static bool only_looks(enum intent_kind k)
{
	return k == INTENT_REVEAL || k == INTENT_ARM || k == INTENT_LOGIN || k == INTENT_VAULT;
}

/* What a program proposes an operator may do by himself: his word is enough. */
static bool agrees_with_program(struct engine *e, const struct intent *in)
{
	struct intent other;
	struct err err;

	return in->kind == INTENT_APPROVE && duty_of(&e->roles, (uid_t)e->asker_uid) == DUTY_OPERATOR &&
	       !intent_get(e->store, fields_int(&in->payload, "intent", 0), e->turn, &other, &err) && duty_is_program(&e->roles, other.actor);
}

static enum fault carry(struct engine *e, struct intent *in, struct fields *answer, const struct cause *why, struct err *err)
{
	enum fault f;

	in->proposes = duty_proposes(&e->roles, (uid_t)e->asker_uid, in);
	f = in->proposes || agrees_with_program(e, in) ? OK : duty_allows(&e->roles, (uid_t)e->asker_uid, in, err);
	if (!f)
		f = hold_allows(e, in, err);
	if (!f)
		f = store_begin(e->store, err);
	if (!f && !only_looks(in->kind))
		f = intent_file(e->store, in, why, err);
	if (!f)
		f = own_kind(e, in, answer, why, err);
	if (!f && engine_owned(in->kind) && !only_looks(in->kind))
		f = intent_done(e->store, in->id, false, in->result ? in->result : "done", why, err);
	if (!f && engine_owned(in->kind))
		in->state = "done";
	if (!f && !engine_commit(e, err))
		f = FAULT_STORE;
	if (f)
		store_rollback(e->store);
	hold_settle(e, !f);
	return f;
}

/* A refusal is kept as well: who wanted what, and why it was not done. */
static void keep_refusal(struct engine *e, struct intent *in, const char *text, const struct cause *why)
{
	bool filed = !only_looks(in->kind);
	struct err err;

	if (store_begin(e->store, &err) || (filed && (intent_file(e->store, in, why, &err) || intent_done(e->store, in->id, true, text, why, &err))) ||
	    audit_add(e->store, why, "refused", intent_kind_name(in->kind), text, &err) || !engine_commit(e, &err)) {
		store_rollback(e->store);
		log_error("a refusal could not be written: %s", err.text);
	}
}

static void handle(struct engine *e, const struct ask_question *q, struct fields *answer, int64_t now_ms)
{
	struct intent in, known;
	struct err err;
	struct cause why;

	if (intent_unpack(e->turn, q->bytes, &in, &err)) {
		fields_put(answer, "result", "refused");
		fields_put(answer, "text", err.text);
		return;
	}
	in.actor = login_actor(q->uid, q->pid, e->turn);
	e->asker_uid = q->uid;
	in.trace = engine_trace(e);
	in.made_ms = now_ms;
	why = engine_cause(e, in.actor, in.trace, now_ms);
	if (!only_looks(in.kind) && intent_known(e->store, in.asker, e->turn, &known)) {
		put_result(answer, &known, strcmp(known.state, "refused") ? "ok" : "refused", known.result);
		return;
	}
	e->told = true;
	if (in.kind == INTENT_VAULT || (!e->standing && in.kind != INTENT_LOGIN)) { /* who sits down at a locked engine does sit there */
		vault_wipe((char *)(uintptr_t)q->bytes, q->n); /* it may hold a key */
		bool refused = keys_ask(e, &in, &why, &in.result, &err);

		in.state = refused ? "refused" : in.state ? in.state : "done";
		put_result(answer, &in, refused ? "refused" : "ok", refused ? err.text : in.result);
		return;
	}
	if (carry(e, &in, answer, &why, &err)) {
		keep_refusal(e, &in, err.text, &why);
		in.state = "refused";
		put_result(answer, &in, "refused", err.text);
		return;
	}
	if (in.kind == INTENT_LOGIN)
		seat_take(e, q->from, in.actor, fields_get(&in.payload, "whence", ""));
	put_result(answer, &in, "ok", in.result ? in.result : "done");
}

/* How long it is hangs on what a marketplace once told: a buyer of seventy thousand letters is no reason to end. */
static const char *packed_answer(struct engine *e, const struct fields *answer)
{
	struct fields instead = fields_new(e->turn);
	const char *text = fields_pack(answer, e->turn);

	if (strlen(text) <= ASK_MAX)
		return text;
	fields_put(&instead, "result", "refused");
	fields_put(&instead, "text", arena_printf(e->turn, "the answer is longer than the %d bytes of a message", ASK_MAX));
	return fields_pack(&instead, e->turn);
}

/* So many a turn: who asks again and again waits for the engine's other work, and not it for them. */
enum { QUESTIONS = 32 };

void converse(struct engine *e, int64_t now_ms)
{
	struct ask_question q;
	int n = 0;

	for (; e->ask && n < QUESTIONS && ask_next(e->ask, &q); n++) {
		struct fields answer = fields_new(e->turn);
		const char *text;

		e->moved++;
		handle(e, &q, &answer, now_ms);
		text = packed_answer(e, &answer);
		ask_answer(e->ask, q.from, text, strlen(text));
	}
	if (n == QUESTIONS)
		e->again = true;
	seats_look(e, now_ms);
}
