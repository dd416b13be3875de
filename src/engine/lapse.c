/*
 * lapse.c: an account that cannot be kept in step is taken off sale after half an hour, and brought back with today's numbers (trade/lapse.h).
 *
 * It is judged by what was answered, never by silence: a heartbeat is read every few minutes, so a quiet night is no failure. The time counts from the
 * first failure and ends with three good cycles; one lucky call does not begin it anew.
 */
#include "engine/lapse_inside.h"

#include "base/log.h"
#include "trade/accounts.h"
#include "trade/alerts.h"
#include "trade/audit.h"
#include "trade/intents.h"
#include "trade/lapse.h"
#include "trade/zero.h"

#include <inttypes.h>

enum { LOOK_MS = 30000, STEP_MOST_MS = 60000, AWAY_MS = 5 * 60000, TRY_FIRST_MS = 60000 };

/* ---- time ---- */

/*
 * As much as both clocks say: one that was set, or a machine that slept, delays a zero and never hastens it. Both are read in one breath: beside a turn's own time, which is
 * older by what the turn has done, each look would lose a little, and the half hour of a busy machine would be minutes too long.
 */
static void pass_time(struct engine *e, struct lapse *o)
{
	int64_t steady = clock_steady(&e->clock), now_ms = clock_now(&e->clock), wall = now_ms - o->looked_ms, passed = steady - o->steady_ms;

	if (o->steady_ms < 0 || passed < 0) /* the machine was started anew in between */
		passed = STEP_MOST_MS;
	if (wall < passed)
		passed = wall;
	if (passed > AWAY_MS) /* the machine slept, or no engine ran */
		e->host.even_ms = now_ms;
	o->lasted_ms += passed > 0 ? passed : 0;
	o->looked_ms = now_ms;
	o->steady_ms = steady;
}

/* ---- telling ---- */

static const char *cause_words(enum lapse_cause c)
{
	static const char *const words[LAPSE_CAUSES] = { "its orders are not heard", "quantities cannot be said", "nothing answers there" };

	return words[c];
}

const char *lapse_alert_key(struct engine *e, const struct link *l)
{
	return arena_printf(e->turn, "lapse %s", l->account.name);
}

enum fault lapse_tell(struct engine *e, const struct link *l, const char *severity, const char *text, const char *next, int64_t now_ms, struct err *err)
{
	struct alert a = {
		.key = lapse_alert_key(e, l),
		.kind = "lapse",
		.severity = severity,
		.account = l->account.id,
		.subject = l->account.name,
		.text = arena_printf(e->turn, "%s: %s", l->account.name, text),
		.next = next,
	};

	e->told = true;
	return alert_raise(e->store, &a, now_ms, err);
}

/* After a time in which nobody was there it is tried before it is given up: an engine that begins knows nothing but that it failed once. */
static int64_t earliest(const struct engine *e, const struct lapse *o)
{
	int64_t tried_ms = e->host.even_ms + TRY_FIRST_MS;

	return o->held_ms > tried_ms ? o->held_ms : tried_ms;
}

/* What is due and has nothing to say waits for something to say. */
static int64_t zero_at(const struct engine *e, const struct lapse *o, int64_t now_ms)
{
	int64_t left_ms = e->lapse.after_ms - o->lasted_ms, at_ms = now_ms + (left_ms > 0 ? left_ms : 0);

	return at_ms > earliest(e, o) ? at_ms : earliest(e, o);
}

static enum fault tell_countdown(struct engine *e, const struct link *l, struct lapse *o, int64_t now_ms, struct err *err)
{
	bool told = true;
	enum fault f = alert_is_open(e->store, lapse_alert_key(e, l), &told, err);
	char at[16];

	if (f || !e->lapse.after_ms || o->lasted_ms < e->lapse.warn_ms)
		return f;
	told &= o->due_ms != 0; /* a relapse finds the alert of the first time */
	o->due_ms = zero_at(e, o, now_ms);
	if (told)
		return OK;
	time_hm(o->due_ms, at);
	return lapse_tell(e, l, "CRIT",
	            arena_printf(e->turn, "out of step for %" PRId64 " minutes, %s: its offers go to zero at %s", o->lasted_ms / 60000, cause_words(o->cause), at),
	            arena_printf(e->turn, "by itself; to hold it off: tallyman hold %s --minutes 30 --reason TEXT", l->account.name), now_ms, err);
}

/* ---- to zero ---- */

/* A rule enters by the same door as a person: an intent on record, which is done in the same breath. */
static enum fault file_zero(struct engine *e, const struct link *l, const struct lapse *o, const struct cause *why, int64_t *intent, struct err *err)
{
	char asker[37];
	struct intent in = { .kind = INTENT_ZERO, .account = l->account.id, .subject = l->account.name, .payload = fields_new(e->turn), .asker = asker };

	rng_uuid(&e->rng, asker);
	in.why = arena_printf(e->turn, "out of step for %" PRId64 " minutes: %s", o->lasted_ms / 60000, cause_words(o->cause));
	fields_put(&in.payload, "scope", arena_printf(e->turn, "account:%s", l->account.name));
	fields_put(&in.payload, "reason", in.why);
	if (intent_file(e->store, &in, why, err))
		return err->fault;
	*intent = in.id;
	return audit_add(e->store, why, "zero", arena_printf(e->turn, "account:%s", l->account.name), in.why, err);
}

/* The next call of this kind may go at once: whoever waits for a probe's time would be late. */
static void probe_now(struct link *l, int64_t now_ms)
{
	for (int i = 0; i < l->fuses; i++)
		if (l->fuse[i].breaker.state != BREAKER_CLOSED && l->fuse[i].breaker.probe_ms > now_ms) {
			l->fuse[i].breaker.probe_ms = now_ms;
			l->fuse[i].dirty = true;
		}
}

static enum fault hold_all(struct engine *e, struct link *l, struct lapse *o, const struct cause *why, int *held, struct err *err)
{
	const char *word = arena_printf(e->turn, "account:%s", l->account.name);
	struct zero_ask ask = { .scope = word, .rule = lapse_cause_name(o->cause) };
	int64_t *offer, intent = 0;
	int n = 0;
	enum fault f = file_zero(e, l, o, why, &intent, err);

	if (!f && zero_scope(e->store, &word, 1, 0, e->turn, &offer, &n, err) == FAULT_STORE)
		return FAULT_STORE; /* that it has no offers is no fault */
	ask.intent = intent;
	ask.reason = arena_printf(e->turn, "out of step: %s", cause_words(o->cause));
	if (!f)
		f = zero_begin(e->store, offer, n, &ask, why, &o->zero, held, err);
	return f ? f : intent_done(e->store, intent, false, arena_printf(e->turn, "Z-%" PRId64 ": %d offers", o->zero, *held), why, err);
}

/* Still the same zero-out? A person may have lifted it: then that was a word, and it is not taken back before it breaks anew. */
enum fault lapse_zero_is_open(struct engine *e, int64_t zero, bool *open, struct err *err)
{
	struct zero z = { .lifted_ms = 1 };
	enum fault f = zero ? zero_get(e->store, zero, e->turn, &z, err) : OK;

	*open = !z.lifted_ms;
	return f;
}

static enum fault to_zero(struct engine *e, struct link *l, struct lapse *o, const struct cause *why, struct err *err)
{
	bool open = false;
	int held = 0;
	enum fault f = lapse_zero_is_open(e, o->zero, &open, err);

	if (!f)
		f = open ? zero_extend(e->store, o->zero, l->account.id, why, &held, err) : hold_all(e, l, o, why, &held, err);
	if (f)
		return f;
	probe_now(l, why->now_ms);
	o->state = LAPSE_ZEROED;
	o->due_ms = 0;
	o->zeroed_ms = why->now_ms;
	o->text = arena_printf(e->turn, "%d offers held at zero", held);
	e->minute_ms = e->beat_ms = why->now_ms; /* what it still shows is taken off for the others now, not in a minute */
	return lapse_tell(e, l, "CRIT", arena_printf(e->turn, "out of step for %" PRId64 " minutes, %s: %d offers go to zero, Z-%" PRId64, o->lasted_ms / 60000,
	                                       cause_words(o->cause), held, o->zero),
	            "they come back by themselves, with the numbers of then, after three good cycles", why->now_ms, err);
}

/* Half an hour with changes to say; while its orders are not heard there always are some: what it sold. */
static bool is_due(const struct engine *e, const struct lapse *o, const struct signs *s, int64_t now_ms)
{
	const struct lapse_rules *r = &e->lapse;
	bool long_enough = r->after_ms && o->lasted_ms >= r->after_ms, often_enough = r->after_failures && s->fails >= r->after_failures;

	return (long_enough || often_enough) && (s->changes || o->cause == LAPSE_TRUTH) && now_ms >= earliest(e, o);
}

/* What is new there, or was let go of by somebody else, comes under it too; all of it, when it broke again after it had begun to come back. */
static enum fault keep_zero(struct engine *e, struct link *l, struct lapse *o, const struct signs *s, const struct cause *why, struct err *err)
{
	bool open = false;
	int held;
	enum fault f;

	if (lapse_relapsed(o) && is_due(e, o, s, why->now_ms))
		return to_zero(e, l, o, why, err);
	f = lapse_zero_is_open(e, o->zero, &open, err);
	if (!f && lapse_relapsed(o) && !open)
		return tell_countdown(e, l, o, why->now_ms, err);
	return f || !open || !is_due(e, o, s, why->now_ms) ? f : zero_extend(e->store, o->zero, l->account.id, why, &held, err);
}

/* ---- one look at one account ---- */

/* How long it has lasted when it goes on record: all of what this engine was there for with a clock that nobody set; of what was before that, a little. */
static int64_t witnessed(const struct engine *e, int64_t since_ms, int64_t now_ms)
{
	int64_t seen = now_ms - (since_ms > e->host.even_ms ? since_ms : e->host.even_ms), least = LAPSE_THROTTLED_MS + STEP_MOST_MS;

	if (now_ms - since_ms < least)
		least = now_ms - since_ms;
	return seen > least ? seen : least;
}

/* Only what fails for longer than the ladder's first rungs is on record: a blip is a breaker's business. */
static void begin(struct engine *e, const struct link *l, const struct signs *s, struct lapse *o, int64_t now_ms)
{
	*o = (struct lapse){ .account = l->account.id, .cause = lapse_cause_of(s), .text = arena_strdup(e->turn, s->text), .since_ms = s->since_ms,
		             .looked_ms = clock_now(&e->clock), .steady_ms = clock_steady(&e->clock), .bad_ms = now_ms, .waiting = s->changes, .declared = "", .held_by = "" };
	o->lasted_ms = witnessed(e, s->since_ms, now_ms);
}

/* On its way back it broke again, or somebody says that it is out: what came back stays, until that has lasted too long as well. */
static void relapse(struct lapse *o, int64_t now_ms)
{
	o->state = LAPSE_ZEROED;
	o->since_ms = now_ms;
	o->lasted_ms = 0;
	o->mended_ms = o->orders_ms = o->stock_ms = o->shown_ms = o->due_ms = 0;
}

static void stay_bad(struct engine *e, struct lapse *o, const struct signs *s, int64_t now_ms)
{
	o->bad_ms = now_ms;
	o->good = 0;
	o->text = arena_strdup(e->turn, s->text);
	if (!*o->declared)
		o->cause = lapse_cause_of(s);
	if (o->state == LAPSE_READING || o->state == LAPSE_RESTORING)
		relapse(o, now_ms);
}

static enum fault go_on(struct engine *e, struct link *l, struct lapse *o, const struct signs *s, const struct cause *why, struct err *err)
{
	bool bad = lapse_is_bad(s);
	enum fault f = OK;

	if (*o->declared && o->until_ms && why->now_ms >= o->until_ms)
		o->declared = "";
	if (bad)
		stay_bad(e, o, s, why->now_ms);
	else if (!*o->declared && o->state < LAPSE_READING)
		f = lapse_count_good(e, l, o, why->now_ms, err);
	if (f)
		return f;
	bad |= *o->declared != '\0';
	if (*o->declared && (o->state == LAPSE_READING || o->state == LAPSE_RESTORING))
		relapse(o, why->now_ms);
	switch (o->state) {
	case LAPSE_FAILING:
		if (!bad && o->good >= LAPSE_CYCLES)
			return lapse_end(e, l, o, "it answers again", why->now_ms, err);
		if (bad && is_due(e, o, s, why->now_ms))
			return to_zero(e, l, o, why, err);
		return tell_countdown(e, l, o, why->now_ms, err);
	case LAPSE_ZEROED:
		if (!bad && o->good >= LAPSE_CYCLES) {
			o->state = LAPSE_READING;
			o->mended_ms = why->now_ms;
			return job_hurry_verb(e->store, l->account.id, VERB_ORDERS, why->now_ms, err);
		}
		return bad ? keep_zero(e, l, o, s, why, err) : OK;
	case LAPSE_READING:
		return o->shown_ms ? lapse_restore(e, l, o, why, err) : lapse_read_anew(e, l, o, why->now_ms, err);
	case LAPSE_RESTORING:
		return lapse_prove(e, l, o, why->now_ms, err);
	default:
		return OK;
	}
}

/* Nothing but probes goes out, while a person says that it is out or nothing but its own heartbeat would tell. */
static void set_pause(struct engine *e, struct link *l, const struct lapse *o, const struct signs *s, int64_t now_ms)
{
	bool was = l->paused;

	l->declared = *o->declared != '\0' && o->state != LAPSE_ENDED;
	l->paused = o->state != LAPSE_ENDED && (l->declared || (e->lapse.pause && lapse_is_bad(s) && (s->auth || *s->out) && !s->locked));
	l->answers = l->paused && !l->declared && !s->auth;
	if (was && !l->paused)
		probe_now(l, now_ms);
}

static enum fault look(struct engine *e, struct link *l, int64_t now_ms, struct err *err)
{
	struct cause why = engine_cause(e, "rule:lapse", NULL, now_ms);
	struct signs s = { .text = "", .out = "" };
	struct lapse o;
	enum fault f = lapse_of(e->store, l->account.id, e->turn, &o, err);

	if (!f)
		f = lapse_signs(e, l, now_ms, &s, err);
	if (f || (!o.id && s.fails < (*s.out ? 1 : breaker_rules.open_after))) {
		l->lapsed = l->paused = l->declared = false;
		return f ? f : outage_tell(e, l, &o, s.out, now_ms, err);
	}
	if (!o.id)
		begin(e, l, &s, &o, now_ms);
	else if (!l->lapsed) /* an engine begins: whether it still fails is known when it is tried */
		probe_now(l, now_ms);
	pass_time(e, &o);
	o.waiting = s.changes;
	if (!o.id)
		f = lapse_put(e->store, &o, &why, err);
	if (!f)
		f = go_on(e, l, &o, &s, &why, err);
	if (!f)
		f = lapse_put(e->store, &o, &why, err);
	set_pause(e, l, &o, &s, now_ms);
	if (!f)
		f = outage_tell(e, l, &o, s.out, now_ms, err);
	l->lapsed = o.state != LAPSE_ENDED;
	if (e->lapse.after_ms && (o.state == LAPSE_FAILING || lapse_relapsed(&o)) && zero_at(e, &o, now_ms) > now_ms && zero_at(e, &o, now_ms) < e->lapse_ms)
		e->lapse_ms = zero_at(e, &o, now_ms);
	return f;
}

static bool concerns(struct engine *e, const struct link *l)
{
	return l->enabled && l->live && !l->channel->is_truth && plan_family(e, l, VERB_STOCK);
}

static bool may_be_ill(const struct link *l)
{
	for (int i = 0; i < l->fuses; i++)
		if (l->fuse[i].breaker.fails)
			return true;
	return l->lapsed;
}

/* What is to be let go of has its turn here as well: a part every few seconds. */
static enum fault free_next(struct engine *e, int64_t now_ms, struct err *err)
{
	struct cause why = engine_cause(e, "rule:restore", NULL, now_ms);
	bool more = false;
	enum fault f;

	if (now_ms < e->free_ms)
		return OK;
	f = zero_free(e->store, &why, &more, err);
	e->free_ms = more ? now_ms + ZERO_FREE_MS : INT64_MAX;
	return f;
}

void lapse_turn(struct engine *e, int64_t now_ms)
{
	bool whole = now_ms >= e->whole_ms; /* a throttle leaves no mark on a breaker: everybody is looked at now and then */
	struct err err = { 0 };
	enum fault f;

	if (now_ms < e->lapse_ms && now_ms < e->free_ms) {
		wake_at(e, e->lapse_ms < e->free_ms ? e->lapse_ms : e->free_ms);
		return;
	}
	f = store_begin(e->store, &err);
	if (!f)
		f = free_next(e, now_ms, &err);
	e->moved++;
	e->lapse_ms = now_ms + LOOK_MS;
	if (whole)
		e->whole_ms = now_ms + 2 * LOOK_MS;
	for (int i = 0; i < e->links.n && !f; i++)
		if (!concerns(e, &e->links.link[i]))
			f = lapse_let_be(e, &e->links.link[i], whole, now_ms, &err);
		else if (whole || may_be_ill(&e->links.link[i]))
			f = look(e, &e->links.link[i], now_ms, &err);
	if (f || !engine_commit(e, &err)) {
		store_rollback(e->store);
		log_error("lapses: %s", err.text);
	}
	wake_at(e, e->lapse_ms < e->free_ms ? e->lapse_ms : e->free_ms);
}

bool lapse_forbids(const struct link *l, const struct job *j, const struct fuse *f)
{
	if (!l->paused || j->verb == VERB_PING || j->verb == VERB_TOKEN || j->verb == VERB_STATUS)
		return false;
	if (l->answers && f && f->breaker.fails)
		return false; /* as often as its breaker lets through: that is its probe */
	return l->declared || j->lane != LANE_ZERO; /* a zero is tried at once, unless a person said that nobody is there */
}
