#include "trade/feeds.h"
#include "trade/aim.h"

#include "base/fields.h"
#include "store/store.h"
#include "trade/change.h"
#include "trade/gross.h"
#include "trade/jobs.h"
#include "trade/zero.h"

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

/* Does it want to show more than it may while others still show what they have to give up? */
static bool waits(const struct outlet *o)
{
	return o->limit >= 0 && o->qty < o->want && !*o->hold;
}

/* What is said there: on an account that takes its own open units off our number, those on top of it. None is none. */
static enum fault said_there(struct store *s, struct aimed *a, struct arena *arena, struct err *err)
{
	int64_t extra = 0, most = PUBLISH_MOST - a->outlet.qty;

	if (a->outlet.qty > 0 && gross_extra(s, a->offer->id, &extra, err))
		return FAULT_STORE;
	extra = extra < most ? extra : most;
	if (extra <= 0)
		return OK;
	a->outlet.qty += extra;
	a->words = arena_printf(arena, "%s; %" PRId64 " said: %" PRId64 " are held there for its own buyers", a->words, a->outlet.qty, extra);
	return OK;
}

static enum fault note_words(struct store *s, const struct aimed *a, struct err *err)
{
	static const char sql[] = "UPDATE offer SET why = ?2, waits = ?3 WHERE id = ?1 AND (why <> ?2 OR waits <> ?3)";

	return RUN(s, err, sql, V(a->offer->id), V(a->words), V(waits(&a->outlet)));
}

static enum fault set_target(struct store *s, const struct aimed *a, const struct cause *why, bool *changed, struct err *err)
{
	static const char sql[] = "UPDATE offer SET target = ?2, target_ms = ?3, why = ?4, waits = ?5, ver = ver + 1 WHERE id = ?1";
	const struct offer *o = a->offer;
	int64_t target = a->outlet.qty;

	*changed = target != o->target || target != o->pushed;
	if (target == o->target && (target == o->pushed || !said_before(s, o)))
		return note_words(s, a, err);
	if (RUN(s, err, sql, V(o->id), V(target), V(why->now_ms), V(a->words), V(waits(&a->outlet))))
		return FAULT_STORE;
	return change_int(s, "offer", o->id, "target", o->target, target, why->now_ms, why, err);
}

struct changes {
	struct arena *a;
	int64_t *offer;
	int n, cap;
};

static enum fault aim_one(struct store *s, const struct aimed *a, const struct cause *why, struct changes *c, struct err *err)
{
	bool changed;
	enum fault f;

	if (a->waits_for) /* nothing was ever said there: a number made of half the truth may take all of it off sale */
		return note_words(s, a, err);
	f = set_target(s, a, why, &changed, err);
	if (!f)
		f = zero_right(s, a->offer->id, true, why->now_ms, err);
	if (!f && changed) {
		c->offer = arena_grow(c->a, c->offer, c->n, &c->cap, sizeof *c->offer);
		c->offer[c->n++] = a->offer->id;
	}
	return f;
}

/* More offers of one item than are reckoned side by side: those too many show nothing. */
static enum fault aim_rest(struct store *s, int64_t item, int64_t after, const struct cause *why, struct changes *c, struct err *err)
{
	struct offer *o;
	enum fault f = OK;

	for (int got = SIDES; !f && got == SIDES;) {
		f = offers_list(s, item, 0, after, SIDES, c->a, &o, &got, err);
		for (int i = 0; i < got && !f; i++) {
			struct aimed none = { .offer = &o[i], .words = "held at zero: one of too many offers of one item", .outlet = { .hold = "too many" } };

			f = offer_unwritable(&o[i]) ? OK : aim_one(s, &none, why, c, err);
			after = o[i].id;
		}
	}
	return f;
}

enum fault item_decide(struct store *s, int64_t item, const struct aims *how, struct arena *a, struct aimed_item *out, struct err *err)
{
	enum fault f = item_allocate(s, item, how, a, out, err);

	for (int i = 0; i < out->n && !f; i++) {
		struct aimed *one = &out->of[i];

		one->waits_for = *how->awaits && one->offer->target < 0 && !*one->outlet.hold;
		f = said_there(s, one, a, err);
		if (one->waits_for)
			one->words = arena_printf(a, "waits until %s has told of its stock; so far %s", how->awaits, one->words);
	}
	return f;
}

enum fault item_aim(struct store *s, int64_t item, const struct aims *how, const struct cause *why, struct arena *a, int64_t **changed, int *n,
                    struct err *err)
{
	struct changes c = { .a = a };
	struct aimed_item all;
	enum fault f = item_decide(s, item, how, a, &all, err);

	for (int i = 0; i < all.n && !f; i++)
		f = aim_one(s, &all.of[i], why, &c, err);
	if (!f && all.after)
		f = aim_rest(s, item, all.after, why, &c, err);
	*changed = c.offer;
	*n = c.n;
	return f;
}

enum fault items_touch(struct store *s, int64_t *after, int n, int64_t now_ms, struct err *err)
{
	static const char last[] = "SELECT max(item_id) FROM (SELECT DISTINCT item_id FROM offer WHERE item_id > ? ORDER BY item_id LIMIT ?) AS x";
	static const char put[] = "INSERT INTO dirty (item_id, since_ms) SELECT DISTINCT item_id, ?3 FROM offer WHERE item_id > ?1 AND item_id <= ?2 "
				  "ON CONFLICT (item_id) DO NOTHING";
	int64_t from = *after, upto;

	if (GET_INT(s, err, 0, &upto, last, V(from), V(n)))
		return FAULT_STORE;
	*after = upto;
	return upto ? RUN(s, err, put, V(from), V(upto), V(now_ms)) : OK;
}

/* Down before up, zero before all: by what they show, were last told, or may yet take from a feed or from a call whose answer was lost, whichever is most. */
static enum fault lane_of(struct store *s, const struct offer *o, enum lane *out, struct err *err)
{
	int64_t most = o->seen > o->pushed ? o->seen : o->pushed, coming = -1;
	enum fault f = o->target && o->target >= most ? offer_coming(s, o->id, &coming, err) : OK;

	*out = !o->target ? LANE_ZERO : o->target < most || o->target < coming ? LANE_DECREASE : LANE_INCREASE;
	return f;
}

/* Their number for it, where they gave one. */
static void put_number(struct fields *payload, const char *key, const char *number)
{
	if (*number)
		fields_put(payload, key, number);
}

/* Did a person type the line that this goes back to, or the one that holds it? Then its zero is said even where zeros wait for one. */
static enum fault put_typed(struct store *s, const struct offer *o, int64_t intent, struct fields *payload, struct err *err)
{
	static const char sql[] = "SELECT count(*) FROM intent WHERE id = ? AND typed <> ''";
	int64_t typed = 0;
	bool held = false;

	if ((intent && GET_INT(s, err, 0, &typed, sql, V(intent))) || zero_held_by_line(s, o, &held, err))
		return FAULT_STORE;
	if (typed || held)
		fields_put(payload, "zero_typed", "1");
	return OK;
}

static enum fault say(struct store *s, int64_t offer, bool anyway, int64_t intent, int64_t due_ms, const struct cause *why, int64_t *job, struct err *err)
{
	struct arena *a = arena_new();
	struct fields payload = fields_new(a);
	struct offer o;
	struct job_plan p = { .verb = VERB_STOCK, .intent_id = intent, .due_ms = due_ms };
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
	if (o.seen >= 0 || o.pushed >= 0)
		fields_put_int(&payload, "shown", o.pushed >= 0 && o.pushed_ms > o.seen_ms ? o.pushed : o.seen >= 0 ? o.seen : o.pushed);
	put_number(&payload, "ref", o.ref);
	put_number(&payload, "listing", o.listing);
	put_number(&payload, "item_ref", o.item_ref);
	put_number(&payload, "flags", o.flags);
	if (!o.target && (f = put_typed(s, &o, intent, &payload, err)))
		goto out;
	if ((f = lane_of(s, &o, &p.lane, err)))
		goto out;
	p.account = o.account;
	p.subject_id = o.id;
	p.payload = &payload;
	p.ver = o.ver;
	f = job_plan(s, &p, why, job, err);
out:
	arena_free(a);
	return f;
}

enum fault offer_say(struct store *s, int64_t offer, bool anyway, int64_t intent, const struct cause *why, int64_t *job, struct err *err)
{
	return say(s, offer, anyway, intent, why->now_ms, why, job, err);
}

enum fault offer_say_by(struct store *s, int64_t offer, int64_t due_ms, const struct cause *why, int64_t *job, struct err *err)
{
	return say(s, offer, false, 0, due_ms, why, job, err);
}

enum fault offer_raised_by(struct store *s, const struct job *j, bool *yes, struct err *err)
{
	static const char sql[] = "SELECT CASE WHEN push_state IN ('', 'SETTLING') AND pushed IS NOT NULL THEN pushed ELSE coalesce(seen, pushed, 0) END "
				  "FROM offer WHERE id = ?1";
	int64_t shown, lost = -1, qty = fields_int(&j->payload, "qty", 0);
	enum fault f = GET_INT(s, err, 0, &shown, sql, V(j->subject_id));

	if (!f && qty > shown)
		f = offer_lost(s, j->subject_id, &lost, err);
	*yes = qty > shown && qty > lost;
	return f;
}
