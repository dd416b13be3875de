#include "trade/aim.h"

#include "base/fields.h"
#include "store/store.h"
#include "trade/change.h"
#include "trade/jobs.h"

#include <inttypes.h>
#include <stdio.h>

/* What a stock job is about: unique among waiting ones. */
static void offer_subject(int64_t offer, char out[40])
{
	snprintf(out, 40, "offer:%" PRId64, offer);
}

/* This very decision was said, and what they confirm became another since: saying it again is a new one. */
static bool said_before(struct store *s, const struct offer *o)
{
	char subject[40];
	bool yes;

	offer_subject(o->id, subject);
	return !job_over(s, o->account, VERB_STOCK, subject, o->ver, &yes, NULL) && yes;
}

enum fault offer_aim(struct store *s, const struct offer *o, const struct buffer *b, const struct cause *why, bool *changed, struct err *err)
{
	static const char sql[] = "UPDATE offer SET target = ?2, target_ms = ?3, why = ?4, ver = ver + 1 WHERE id = ?1";
	static const char words_only[] = "UPDATE offer SET why = ?2 WHERE id = ?1 AND why <> ?2";
	int64_t target = *o->hold ? 0 : buffer_publish(b, o->available);
	char words[160];

	*changed = false;
	if (offer_unwritable(o))
		return OK;
	if (*o->hold)
		snprintf(words, sizeof words, "held at zero: %.120s", o->hold);
	else
		buffer_explain(b, o->available, words, sizeof words);
	*changed = target != o->target || target != o->pushed;
	if (target == o->target && (target == o->pushed || !said_before(s, o)))
		return RUN(s, err, words_only, V(o->id), V(words));
	if (RUN(s, err, sql, V(o->id), V(target), V(why->now_ms), V(words)))
		return FAULT_STORE;
	return change_int(s, "offer", o->id, "target", o->target, target, why->now_ms, why, err);
}

/* Down before up, zero before all: by what they show or were last told, whichever is more. */
static enum lane lane_of(const struct offer *o)
{
	int64_t shown = o->seen > o->pushed ? o->seen : o->pushed;

	if (o->target == 0)
		return LANE_ZERO;
	return o->target < shown ? LANE_DECREASE : LANE_INCREASE;
}

/* Their number for it, where they gave one. */
static void put_number(struct fields *payload, const char *key, const char *number)
{
	if (*number)
		fields_put(payload, key, number);
}

enum fault offer_say(struct store *s, int64_t offer, bool anyway, int64_t intent, const struct cause *why, int64_t *job, struct err *err)
{
	struct arena *a = arena_new();
	struct fields payload = fields_new(a);
	struct offer o;
	struct job_plan p = { .verb = VERB_STOCK, .intent_id = intent, .due_ms = why->now_ms };
	enum fault f = offer_get(s, offer, a, &o, err);
	char subject[40];
	bool pending = false;

	*job = 0;
	offer_subject(offer, subject);
	p.subject = subject;
	if (!f) /* another quantity is on its way: what was accepted last is not what will be */
		f = job_pending(s, o.account, VERB_STOCK, p.subject, &pending, err);
	if (f || offer_unwritable(&o) || o.target < 0 || (o.target == o.pushed && !anyway && !pending))
		goto out;
	fields_put(&payload, "sku", o.sku);
	fields_put(&payload, "marketplace", o.marketplace);
	fields_put(&payload, "node", o.node);
	fields_put(&payload, "product_type", o.product_type);
	fields_put_int(&payload, "qty", o.target);
	fields_put_int(&payload, "old", o.pushed);
	if (o.seen >= 0)
		fields_put_int(&payload, "seen", o.seen);
	put_number(&payload, "ref", o.ref);
	put_number(&payload, "listing", o.listing);
	put_number(&payload, "item_ref", o.item_ref);
	p.account = o.account;
	p.lane = lane_of(&o);
	p.subject_id = o.id;
	p.payload = &payload;
	p.ver = o.ver;
	f = job_plan(s, &p, why, job, err);
out:
	arena_free(a);
	return f;
}

enum fault offer_raised_by(struct store *s, const struct job *j, bool *yes, struct err *err)
{
	static const char sql[] = "SELECT CASE WHEN push_state IN ('', 'SETTLING') AND pushed IS NOT NULL THEN pushed ELSE coalesce(seen, pushed, 0) END "
				  "FROM offer WHERE id = ?1";
	int64_t shown;
	enum fault f = GET_INT(s, err, 0, &shown, sql, V(j->subject_id));

	*yes = fields_int(&j->payload, "qty", 0) > shown;
	return f;
}
