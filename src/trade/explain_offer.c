/*
 * explain_offer.c: what an offer makes of what there is: each step of its allocation with who said so, what was decided, accepted and seen.
 */
#include "trade/explain_say.h"

#include "base/clock.h"
#include "trade/aim.h"
#include "trade/marketplaces.h"
#include "trade/overrides.h"
#include "trade/places.h"
#include "trade/revisions.h"

#include <inttypes.h>
#include <string.h>

/* Rows of the side by side view, in the order in which a quantity comes about. */
enum row {
	ROW_ITEM,
	ROW_UNWRITTEN,
	ROW_DARK,
	ROW_TIED,
	ROW_RESERVE,
	ROW_LAST,
	ROW_PART,
	ROW_OWN,
	ROW_REACH,
	ROW_BUFFER,
	ROW_NEVER_FULL,
	ROW_NODE,
	ROW_POOL,
	ROW_PACK,
	ROW_CAP,
	ROW_LEAST,
	ROW_LIMIT,
	ROW_STAYS,
	ROW_HELD,
	ROW_SHOW,
	ROW_TARGET,
	ROW_CONFIRMED,
	ROW_PUSH,
	ROW_ROUTE,
	ROW_SEEN,
	ROW_SOLD,
	ROW_DRIFT,
	ROW_CHANGED,
	ROW_WAITS,
	ROW_ACCOUNT,
};

/* ---- the steps ---- */

struct steps {
	struct explainer *t;
	const struct aimed_item *all;
	const struct aimed *of;
};

static void step(const struct steps *w, enum row row, const char *name, const char *value, const char *origin)
{
	explain_say(w->t, (struct term){ .row = (int)row, .name = name, .value = value, .origin = origin });
}

static void step_number(const struct steps *w, enum row row, const char *name, int64_t n, const char *origin)
{
	step(w, row, name, explain_number(w->t, n), origin);
}

/* "5u/15%, default": what the rule says, and which layer said it. */
static const char *rule_of(const struct steps *w, const struct policy *p, enum policy_key k)
{
	return arena_printf(w->t->a, "%s, by %s", policy_value_text(w->t->a, k, &p->value[k]), p->value[k].layer);
}

static const char *buffer_words(const struct steps *w)
{
	const struct policy *p = &w->of->policy;
	const char *rule = rule_of(w, p, POLICY_BUFFER);

	if (p->buffer_percent == 100)
		return rule;
	return arena_printf(w->t->a, "%s, times %" PRId64 "%% by %s", rule, p->buffer_percent, p->buffer_layer);
}

/* What of the whole is this offer's, by the item's own rules. */
static void say_parts(const struct steps *w)
{
	static const enum policy_key by[STRATEGIES] = { POLICY_STRATEGY, POLICY_SHARE, POLICY_STRATEGY, POLICY_MARGIN };
	const struct outlet *o = &w->of->outlet;

	if (o->unseen)
		step_number(w, ROW_DARK, "- shown by dark accounts", -o->unseen, "unreachable: what they may still show is off");
	if (o->tied)
		step_number(w, ROW_TIED, "- where nobody may write", -o->tied, "auctions and listings that cannot be changed go on selling these");
	if (o->reserve)
		step_number(w, ROW_RESERVE, "- global reserve", -o->reserve, rule_of(w, &w->all->policy, POLICY_RESERVE));
	if (o->steps & STEP_LAST)
		step(w, ROW_LAST, "last units", o->last ? "here" : "elsewhere", rule_of(w, &w->all->policy, POLICY_LAST_UNITS));
	if (o->steps & STEP_SPLIT)
		step_number(w, ROW_PART, "part of its account", o->group.part + o->group.rest, rule_of(w, &w->of->policy, by[w->all->rule.split.strategy]));
	if (o->steps & STEP_SPLIT && o->steps & STEP_OFFERS)
		step_number(w, ROW_OWN, "part of it here", o->own.part + o->own.rest, "by what its offers sell a day");
	if (o->steps & STEP_REACH)
		step_number(w, ROW_REACH, "at most, by places", o->reach, "so many lie where it is served from");
}

static void say_shape(const struct steps *w)
{
	const struct outlet *o = &w->of->outlet;
	const struct offer *f = w->of->offer;

	if (o->steps & STEP_BUFFER && o->available > 0)
		step_number(w, ROW_BUFFER, "- buffer", -o->back, buffer_words(w));
	if (o->steps & STEP_NEVER_FULL)
		step(w, ROW_NEVER_FULL, "never all of it", "-1", rule_of(w, &w->all->policy, POLICY_NEVER_FULL));
	if (o->steps & (STEP_NODES | STEP_LYING | STEP_NODE_MOST))
		step(w, ROW_NODE, "its node", arena_printf(w->t->a, "%d of %d", o->node, o->nodes), "the listing's quantity is divided among its nodes");
	if (o->steps & STEP_POOL)
		step(w, ROW_POOL, "+ fba", arena_printf(w->t->a, "+%" PRId64, o->besides),
		     arena_printf(w->t->a, "include_fba %s: %" PRId64 " there%s%s", rule_of(w, &w->of->policy, POLICY_INCLUDE_FBA), o->pool,
		                  o->available < 0 ? ", what ours is short of is sent from there first" : "", o->buffer.bp ? ", the buffer's share kept back" : ""));
	if (o->buffer.pack > 1)
		explain_say(w->t, (struct term){ .row = ROW_PACK, .name = "packs of", .value = explain_number(w->t, o->buffer.pack),
		                                 .origin = arena_printf(w->t->a, "mapped by %s", f->mapped_by), .at_ms = f->mapped_ms });
	if (o->buffer.cap >= 0)
		step_number(w, ROW_CAP, "at most", o->buffer.cap, rule_of(w, &w->of->policy, POLICY_CAP));
	if (o->least > 1)
		step_number(w, ROW_LEAST, "under that none", o->least, rule_of(w, &w->of->policy, POLICY_LEAST));
	if (o->steps & STEP_LIMIT)
		step_number(w, ROW_LIMIT, "until others show less", o->most, o->dark ? "shown while it is dark" : "what others may still show is off");
	if (o->steps & STEP_STAYS)
		step_number(w, ROW_STAYS, "stays", o->shown, arena_printf(w->t->a, "for less than %" PRId64 " more", o->raise));
}

static void say_steps(struct explainer *t, const struct aimed_item *all, const struct offer *f)
{
	struct steps w = { .t = t, .all = all };

	for (int i = 0; i < all->n; i++)
		if (all->of[i].offer->id == f->id)
			w.of = &all->of[i];
	if (!w.of)
		return;
	if (!*f->hold && w.of->outlet.available > 0)
		say_parts(&w);
	if (!*f->hold && (w.of->outlet.available > 0 || w.of->outlet.steps & STEP_POOL))
		say_shape(&w);
	if (*f->hold)
		step(&w, ROW_HELD, "held at zero", "0", f->hold);
	if (w.of->outlet.qty != f->target) /* else the target says it */
		step_number(&w, ROW_SHOW, "= to show now", w.of->outlet.qty, arena_printf(t->a, "%s: reckoned anew, not decided yet", w.of->words));
}

/* ---- what was decided, accepted, seen ---- */

/* The last request that carried this offer's quantity and was taken. */
static enum fault last_push(struct explainer *t, int64_t offer, int64_t *attempt)
{
	static const char sql[] = "SELECT max(k.attempt_id) FROM job j JOIN attempt_job k ON k.job_id = j.id JOIN attempt t ON t.id = k.attempt_id "
				  "WHERE j.subject_id = ? AND j.subject_id <> 0 AND j.verb = 'stock' AND k.fault IN ('', 'OK') AND t.closed_ms > 0";
	static const char by_feed[] = "SELECT max(k.attempt_id) FROM job j JOIN job b ON b.subject_id = j.feed_id AND b.subject_id <> 0 AND b.verb = 'bulk' "
				      "JOIN attempt_job k ON k.job_id = b.id JOIN attempt t ON t.id = k.attempt_id "
				      "WHERE j.subject_id = ? AND j.subject_id <> 0 AND j.verb = 'stock' AND j.state IN ('sent', 'done') AND t.closed_ms > 0";
	int64_t feed;

	if (GET_INT(t->s, t->err, 0, attempt, sql, V(offer)) || GET_INT(t->s, t->err, 0, &feed, by_feed, V(offer)))
		return FAULT_STORE;
	if (feed > *attempt)
		*attempt = feed;
	return OK;
}

static const char *units(const struct explainer *t, int64_t n)
{
	return n < 0 ? "-" : explain_number(t, n);
}

/* Why there is no target: who is waited for. */
static const char *unreckoned(struct explainer *t)
{
	const char *who;

	if (truth_awaits(t->s, t->now_ms, t->a, &who, t->err) || !*who)
		return "nobody has reckoned it";
	return arena_printf(t->a, "waits until %s has told of its stock: half the truth takes off sale what is there", who);
}

static void say_target(struct explainer *t, const struct offer *f)
{
	const char *no = offer_unwritable(f);

	if (no)
		explain_say(t, (struct term){ .row = ROW_UNWRITTEN, .name = strcmp(f->pool, "own") ? "pool" : f->item ? "blocked" : "item",
		                              .value = strcmp(f->pool, "own") ? f->pool : f->item ? "yes" : "-", .origin = arena_printf(t->a, "%s: never written", no) });
	else
		explain_say(t, (struct term){ .row = ROW_TARGET, .name = "target", .value = units(t, f->target), .at_ms = f->target_ms,
		                              .origin = f->target < 0 ? unreckoned(t) : f->why });
}

/* What became of what was said last. */
static void say_push(struct explainer *t, const struct offer *f)
{
	static const struct {
		const char *state, *words;
	} table[] = {
		{ "APPLIED", "a reading showed it" },
		{ "NOT_APPLIED", "they accepted it, and no reading showed it in time" },
		{ "OVERWRITTEN", "a reading showed it, and then another number that is not ours" },
		{ "PARTLY", "a reading showed a part of it" },
	};
	char until[32];

	if (!*f->push_state)
		return;
	time_iso_s(f->settle_ms, until);
	explain_say(t, (struct term){ .row = ROW_PUSH, .name = "push", .value = f->push_state, .origin = arena_printf(t->a, "the channel has until %s to show it", until) });
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (!strcmp(table[i].state, f->push_state))
			t->term[t->n - 1].origin = table[i].words;
}

/* Which way what was said last went, and why that one. */
static enum fault say_route(struct explainer *t, const struct offer *f)
{
	static const char sql[] = "SELECT route, route_why, coalesce(feed_id, 0) FROM job WHERE subject_id = ? AND subject_id <> 0 AND verb = 'stock' "
				  "AND state IN ('sent', 'done') ORDER BY id DESC LIMIT 1";
	struct rows *r = ASK(t->s, sql, V(f->id));

	if (rows_next(r) && *rows_text(r, 0))
		explain_say(t, (struct term){
			.row = ROW_ROUTE,
			.name = "went by",
			.value = rows_int(r, 2) ? arena_printf(t->a, "feed %" PRId64, rows_int(r, 2)) : rows_keep(r, 0, t->a),
			.origin = rows_keep(r, 1, t->a),
		});
	return rows_end(r, t->err);
}

static void say_confirmed(struct explainer *t, const struct offer *f, int64_t push)
{
	explain_say(t, (struct term){
		.row = ROW_CONFIRMED,
		.name = "confirmed",
		.value = units(t, f->pushed),
		.origin = f->pushed < 0 ? "nothing was said yet" : arena_printf(t->a, "%s accepted it", f->account_name),
		.at_ms = f->pushed_ms,
		.attempt_id = push,
	});
	say_push(t, f);
}

/* Sales since take off what is expected, where they reach as far as what is shown. */
static int64_t sold_since(const struct offer *f)
{
	return f->pushed >= 0 && f->seen >= 0 && f->drift ? f->pushed - (f->seen - f->drift) : 0;
}

static void say_seen(struct explainer *t, const struct offer *f)
{
	int64_t sold = sold_since(f);

	explain_say(t, (struct term){
		.row = ROW_SEEN,
		.name = "seen",
		.value = units(t, f->seen),
		.origin = f->seen < 0 ? "not read yet" : arena_printf(t->a, "read from %s", f->account_name),
		.at_ms = f->seen_ms,
		.attempt_id = f->seen_attempt,
	});
	if (sold)
		explain_say(t, (struct term){ .row = ROW_SOLD, .name = "sold since", .value = explain_number(t, sold),
		                              .origin = "orders that we know of: so many fewer are expected" });
	explain_say(t, (struct term){
		.row = ROW_DRIFT,
		.name = "= drift",
		.value = arena_printf(t->a, "%+" PRId64, f->drift),
		.origin = arena_printf(t->a, "seen - confirmed%s%s%s", sold ? " + sold since" : "", *f->cause ? ", likely " : "", f->cause),
		.at_ms = f->drift_ms,
	});
}

/* Where the channel counts how often a listing is changed. */
static enum fault say_revisions(struct explainer *t, const struct offer *f)
{
	int64_t times = 0;
	enum fault bad = *f->listing ? revisions_of(t->s, f->account, f->listing, t->now_ms, &times, t->err) : OK;

	if (!bad && times)
		explain_say(t, (struct term){
			.row = ROW_CHANGED,
			.name = "changed",
			.value = explain_number(t, times),
			.origin = arena_printf(t->a, "times in 24 hours, all variations of listing %s together", f->listing),
		});
	return bad;
}

static enum fault explain_one(struct explainer *t, const struct aimed_item *all, const struct offer *f)
{
	int64_t push;

	if (last_push(t, f->id, &push))
		return FAULT_STORE;
	say_steps(t, all, f);
	say_target(t, f);
	say_confirmed(t, f, push);
	if (say_route(t, f))
		return FAULT_STORE;
	say_seen(t, f);
	if (say_revisions(t, f) || explain_raise_waits(t, f, ROW_WAITS))
		return FAULT_STORE;
	if (!f->live)
		explain_say(t, (struct term){ .row = ROW_ACCOUNT, .name = "account", .value = "shadow", .origin = "nothing is said until a person makes it live" });
	return OK;
}

/* ---- from outside ---- */

/* The item's stock allocated anew, with the configuration in force. Item 0 has none. */
static enum fault reckon(struct explainer *t, int64_t item, struct aimed_item *out)
{
	struct policy_book book;
	struct aims how;
	enum fault f;

	*out = (struct aimed_item){ 0 };
	if (!item)
		return OK;
	f = policy_book_in_force(t->s, t->a, &book, t->err);
	if (!f)
		f = aims_open(t->s, &book, NULL, 0, t->now_ms, t->a, &how, t->err);
	return f ? f : item_allocate(t->s, item, &how, t->a, out, t->err);
}

enum fault offer_explain(struct store *s, int64_t offer, int64_t now_ms, struct arena *a, struct term **out, int *n, struct err *err)
{
	struct explainer t = { .s = s, .a = a, .now_ms = now_ms, .err = err };
	struct aimed_item all;
	struct offer o;
	enum fault f = offer_get(s, offer, a, &o, err);

	if (!f && o.item)
		f = explain_available(&t, o.item);
	if (!f)
		f = reckon(&t, o.item, &all);
	if (!f)
		f = explain_one(&t, &all, &o);
	*out = t.term;
	*n = f ? 0 : t.n;
	return f;
}

enum fault item_reasons(struct store *s, int64_t item, int64_t now_ms, struct arena *a, struct reasons *out, struct err *err)
{
	struct explainer t = { .s = s, .a = a, .now_ms = now_ms, .err = err };
	struct aimed_item all;
	struct offer *offer;
	enum fault f = explain_available(&t, item);

	*out = (struct reasons){ .term = t.term, .n = t.n };
	if (!f)
		f = reckon(&t, item, &all);
	if (!f)
		f = offers_list(s, item, 0, 0, 500, a, &offer, &out->offers, err);
	if (!f)
		f = offers_site(s, offer, out->offers, a, err);
	if (f)
		return f;
	out->of = arena_alloc(a, (size_t)(out->offers + 1) * sizeof *out->of);
	for (int i = 0; i < out->offers && !f; i++) {
		struct explainer one = { .s = s, .a = a, .now_ms = now_ms, .err = err };

		f = explain_one(&one, &all, &offer[i]);
		out->of[i] = (struct reason){ &offer[i], one.term, one.n };
	}
	return f;
}
