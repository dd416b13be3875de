#include "trade/carry.h"

#include "base/text.h"
#include "store/store.h"
#include "trade/alerts.h"
#include "trade/audit.h"
#include "trade/jobs.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

bool carry_each(const struct work *w, const char *key, int i, int64_t *id)
{
	const char *v = fields_each(&w->in->payload, key, i);

	*id = 0;
	if (v && !text_int(v, 1, INT64_MAX, id))
		*id = -1; /* not there: refused where it is looked up */
	return v != NULL;
}

enum fault carry_queue(struct work *w, struct job_plan *p, struct err *err)
{
	int64_t id;

	p->due_ms = w->why->now_ms;
	p->lane = LANE_CONFIRM;
	p->intent_id = w->in->id;
	w->done++;
	return job_plan(w->s, p, w->why, &id, err);
}

/* By kind; those without are the engine's own. */
static enum fault (*const CARRY[INTENT_KINDS])(struct work *, struct err *) = {
	[INTENT_ACK] = carry_acks,
	[INTENT_SHIP] = carry_ships,
	[INTENT_CANCEL] = carry_cancels,
	[INTENT_PUSH] = carry_push,
	[INTENT_RETRY] = carry_retry,
	[INTENT_ASSIGN] = carry_assign,
	[INTENT_NOTE] = carry_note,
	[INTENT_COUNT] = carry_count,
	[INTENT_ARCHIVE] = carry_archive,
	[INTENT_ALERT_ACK] = carry_alert_ack,
	[INTENT_INCIDENT] = carry_incident,
	[INTENT_LIVE] = carry_mode,
	[INTENT_SHADOW] = carry_mode,
	[INTENT_POLICY] = carry_policy,
	[INTENT_MAP] = carry_map,
	[INTENT_KIT] = carry_kit,
	[INTENT_PLACE] = carry_place,
	[INTENT_ZERO] = carry_zero,
	[INTENT_LIFT] = carry_lift,
	[INTENT_APPROVE] = carry_approve,
	[INTENT_SITTING] = carry_sitting,
	[INTENT_SETTLE] = carry_settle,
	[INTENT_REDACT] = carry_redact,
	[INTENT_LET] = carry_let,
	[INTENT_HALT] = carry_halt,
	[INTENT_EVENT] = carry_event,
	[INTENT_HOLD] = carry_lapse,
	[INTENT_OUTAGE] = carry_lapse,
	[INTENT_TASK] = carry_task,
	[INTENT_HANDOVER] = carry_handover,
};

static enum fault carry_one(struct work *w, struct err *err)
{
	enum intent_kind k = w->in->kind;

	if (k == INTENT_RELEASE) /* the engine's own; here its line was checked */
		return OK;
	if (k >= INTENT_KINDS || !CARRY[k])
		return err_set(err, FAULT_REFUSED, "%s is the engine's own", intent_kind_name(k));
	return CARRY[k](w, err);
}

enum fault carry_other(struct work *w, struct intent *other, const struct cause *why, struct err *err)
{
	struct plan plan = *w->plan; /* made of the other's intent, and agreed to */
	struct work of = { .s = w->s, .in = other, .plan = &plan, .why = why, .a = w->a };
	enum fault f;

	plan.kind = other->kind;
	f = carry_one(&of, err);
	w->result = of.result;
	w->done = of.done;
	return f;
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
	return intent_writes(k) && k != INTENT_LIVE && k != INTENT_MAP && k != INTENT_KIT && k != INTENT_REDACT;
}

/* What was confirmed stands and waits: ten minutes for somebody else's word. */
static enum fault wait_for_second(struct work *w, struct err *err)
{
	const struct plan *plan = w->plan;
	const char *wants_two = w->in->proposes ? "a program proposes, a person has it done" : plan->two;
	struct alert alert = {
		.key = arena_printf(w->a, "approve %" PRId64, w->in->id),
		.kind = "approve",
		.severity = "WARN",
		.subject = arena_printf(w->a, "intent:%" PRId64, w->in->id),
		.text = arena_printf(w->a, "%.60s wants to %.120s: %.80s", w->why->actor, plan->line, wants_two),
		.next = arena_printf(w->a, "within ten minutes: tallyman approve %" PRId64, w->in->id),
	};
	enum fault f = w->in->proposes && plan->two
	                       ? err_set(err, FAULT_REFUSED, "%.120s: that takes two persons, and a program is none: a person has to propose it", plan->two)
	                       : OK;

	if (f)
		return f;
	f = audit_add(w->s, w->why, "propose", plan->line, arena_printf(w->a, "%s|%s", plan->digest, w->in->why ? w->in->why : ""), err);

	if (!f)
		f = alert_raise(w->s, &alert, w->why->now_ms, err);
	return f;
}

/* Carried out: the audit's row, and its end. */
static enum fault seal_intent(struct work *w, struct err *err)
{
	const struct plan *plan = w->plan;
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
	struct plan plan;
	struct work w = { .s = s, .in = in, .plan = &plan, .why = why, .a = arena_new() };
	enum fault f;

	assert(store_in_transaction(s));
	f = plan_make(s, in, why->now_ms, w.a, &plan, err);
	if (!f)
		f = check_confirmation(in, &plan, err);
	if (!f && in->state && !strcmp(in->state, "proposed")) {
		f = wait_for_second(&w, err);
		if (!f)
			in->result = arena_printf(in->payload.arena, "proposed: %s has to agree within ten minutes: tallyman approve P-%" PRId64,
			                          in->proposes ? "a person" : "a second person", in->id);
	} else if (!f) {
		f = carry_one(&w, err);
		if (!f)
			f = seal_intent(&w, err);
		if (!f && w.result)
			in->result = arena_strdup(in->payload.arena, w.result);
	}
	arena_free(w.a);
	return f;
}
