#include "trade/carry.h"

#include "base/text.h"
#include "store/store.h"
#include "trade/alerts.h"
#include "trade/logins.h"
#include "trade/planned.h"
#include "trade/zero.h"

#include <inttypes.h>
#include <string.h>

static enum fault begin_zero(struct work *w, struct intent *in, const char *approver, const struct cause *why, struct err *err)
{
	struct buf scope = buf_new(w->a);
	struct zero_ask ask;
	const char *word;
	int64_t id;

	for (int i = 0; (word = fields_each(&in->payload, "scope", i)); i++)
		buf_printf(&scope, "%s%s", i ? " " : "", word);
	if (!scope.len)
		buf_printf(&scope, "%d marked offer%s", w->plan->steps, w->plan->steps == 1 ? "" : "s");
	ask = (struct zero_ask){
		.scope = scope.p,
		.reason = intent_reason(in),
		.approver = approver,
		.remind_ms = fields_int(&in->payload, "remind_ms", 0),
		.intent = in->id,
		.until_ms = fields_int(&in->payload, "until_ms", 0),
		.counted = fields_int(&in->payload, "counted", 0) == 1,
		.looked_ms = fields_int(&in->payload, "looked_ms", 0),
	};
	if (zero_begin(w->s, w->plan->step_id, w->plan->steps, &ask, why, &id, &w->done, err))
		return err->fault;
	w->result = arena_printf(w->a, "Z-%" PRId64 ", %d queued: accepted is shown when they answer, zero when their own reading shows it", id, w->done);
	return OK;
}

enum fault carry_zero(struct work *w, struct err *err)
{
	return begin_zero(w, w->in, "", w->why, err);
}

enum fault carry_lift(struct work *w, struct err *err)
{
	int64_t id;
	enum fault f = OK;
	int freed;

	for (int i = 0; !f && carry_each(w, "zero", i, &id); i++, w->done += freed)
		f = zero_lift(w->s, id, w->why, &freed, err);
	return f;
}

/* What a plan takes off sale by itself, or what moved of a zero-out: it waited for a person, who says that it may go. */
enum fault carry_let(struct work *w, struct err *err)
{
	if (fields_has(&w->in->payload, "zero"))
		return zero_go(w->s, fields_int(&w->in->payload, "zero", 0), w->why, &w->done, err);
	return planned_let(w->s, w->why, &w->done, err);
}

/* Between two calls of a zero-out. */
enum fault carry_halt(struct work *w, struct err *err)
{
	struct buf b = buf_new(w->a);
	int64_t id;
	enum fault f = OK;
	int kept;

	for (int i = 0; !f && carry_each(w, "zero", i, &id); i++, w->done += kept) {
		f = zero_stop(w->s, id, w->why, &kept, err);
		buf_printf(&b, "%sZ-%" PRId64 " stopped: %d not said", i ? "; " : "", id, kept);
	}
	w->result = b.p;
	return f;
}

/* The first one's intent is done in the first one's name; the second one's word stands beside it. */
enum fault carry_approve(struct work *w, struct err *err)
{
	struct cause why = *w->why;
	struct intent other;
	enum fault f = intent_get(w->s, fields_int(&w->in->payload, "intent", 0), w->a, &other, err);

	if (!f && login_same(other.actor, w->why->actor))
		f = err_set(err, FAULT_REFUSED, "%.60s proposed it: somebody else has to agree", other.actor);
	if (!f)
		f = intent_agreed(w->s, other.id, w->why, err);
	if (f)
		return f;
	why.actor = other.actor;
	why.trace = other.trace;
	f = alert_close(w->s, arena_printf(w->a, "approve %" PRId64, other.id), w->why->now_ms, err);
	if (!f && other.kind == INTENT_ZERO)
		f = begin_zero(w, &other, w->why->actor, &why, err);
	else if (!f && other.kind != INTENT_VAULT) /* secrets are the engine's own (engine/second.c) */
		f = carry_other(w, &other, &why, err);
	return f ? f : intent_done(w->s, other.id, false, other.kind == INTENT_VAULT ? "done: a second person agreed" : "queued: a second person agreed", &why, err);
}
