/* rec_rule.c: when a difference is worth correcting or telling, how often it is looked for, and whether that fits. The interface is in reconcile.h. */
#include "trade/reconcile.h"

#include "base/clock.h"
#include "base/fields.h"
#include "base/text.h"
#include "store/store.h"
#include "trade/accounts.h"

#include <inttypes.h>
#include <string.h>

#define HOUR_MS INT64_C(3600000)
#define DAY_MS (24 * HOUR_MS)
#define PCT_MOST 1000000

static const char in_store[] = "rec.rule";

struct rec_rule rec_usual(void)
{
	return (struct rec_rule){
		.every_ms = 4 * HOUR_MS,
		.weekly = true,
		.ghosts = true,
		.autocorrect = true,
		.at_once = true,
		.correct = { 2, 500 },
		.alert = { 10, 500 },
		.pct_min_units = 2,
		.pattern_n = 3,
		.pattern_ms = 7 * DAY_MS,
	};
}

/* ---- in the configuration ---- */

static enum fault wrong(const struct config *c, const char *key, const char *text, struct err *err)
{
	return err_set(err, FAULT_REFUSED, "%s:%d: [rec] %s: %.160s", c->file, config_line_of(c, "rec", key), key, text);
}

static enum fault read_switch(const struct config *c, const char *key, const char *yes, const char *no, bool *out, struct err *err)
{
	const char *v = config_get(c, "rec", key, *out ? yes : no);

	if (strcmp(v, yes) && strcmp(v, no))
		return err_set(err, FAULT_REFUSED, "%s:%d: [rec] %s: %s or %s", c->file, config_line_of(c, "rec", key), key, yes, no);
	*out = !strcmp(v, yes);
	return OK;
}

/* "10u/5%", "10u/2.5%": both halves are wanted, so that nobody means one and gets the other's default. */
static bool parse_limit(struct arena *a, const char *v, struct rec_limit *out)
{
	const char *u = strstr(v, "u/");
	size_t n = strlen(v);

	return u && n && v[n - 1] == '%' && text_int(arena_strndup(a, v, (size_t)(u - v)), 0, 999999, &out->units) &&
	       text_minor(arena_strndup(a, u + 2, n - (size_t)(u + 2 - v) - 1), 2, &out->bp) && out->bp >= 0 && out->bp <= PCT_MOST;
}

static enum fault read_limit(const struct config *c, struct arena *a, const char *key, struct rec_limit *out, struct err *err)
{
	const char *v = config_get(c, "rec", key, NULL);

	return !v || parse_limit(a, v, out) ? OK : wrong(c, key, "units and percent, such as 10u/5%", err);
}

/* "3in7d" */
static enum fault read_pattern(const struct config *c, struct arena *a, struct rec_rule *r, struct err *err)
{
	const char *v = config_get(c, "rec", "pattern", "3in7d"), *in = strstr(v, "in");
	size_t n = strlen(v);
	int64_t days;

	if (!in || v[n - 1] != 'd' || !text_int(arena_strndup(a, v, (size_t)(in - v)), 2, 100, &r->pattern_n) ||
	    !text_int(arena_strndup(a, in + 2, n - (size_t)(in + 2 - v) - 1), 1, 365, &days))
		return wrong(c, "pattern", "so many times in so many days, such as 3in7d", err);
	r->pattern_ms = days * DAY_MS;
	return OK;
}

enum fault rec_rule_read(const struct config *c, struct rec_rule *out, struct err *err)
{
	struct arena *a = arena_new();
	int64_t hours;
	enum fault f;

	*out = rec_usual();
	f = config_int(c, "rec", "every_h", 1, 168, out->every_ms / HOUR_MS, &hours, err);
	if (!f)
		f = config_int(c, "rec", "pct_min_units", 0, 999999, out->pct_min_units, &out->pct_min_units, err);
	if (!f)
		f = read_switch(c, "full", "weekly", "off", &out->weekly, err);
	if (!f)
		f = read_switch(c, "ghosts", "on", "off", &out->ghosts, err);
	if (!f)
		f = read_switch(c, "autocorrect", "on", "off", &out->autocorrect, err);
	if (!f)
		f = read_switch(c, "oversell", "at-once", "in-run", &out->at_once, err);
	if (!f)
		f = read_limit(c, a, "correct", &out->correct, err);
	if (!f)
		f = read_limit(c, a, "alert", &out->alert, err);
	if (!f)
		f = read_pattern(c, a, out, err);
	if (!f)
		out->every_ms = hours * HOUR_MS;
	arena_free(a);
	return f;
}

/* ---- in the store ---- */

struct number {
	const char *key;
	int64_t *at;
};

enum { NUMBERS = 8, SWITCHES = 4 };

static void numbers_of(struct rec_rule *r, struct number out[NUMBERS])
{
	const struct number n[NUMBERS] = {
		{ "every_ms", &r->every_ms },       { "correct_units", &r->correct.units }, { "correct_bp", &r->correct.bp }, { "alert_units", &r->alert.units },
		{ "alert_bp", &r->alert.bp },       { "pct_min_units", &r->pct_min_units }, { "pattern_n", &r->pattern_n },   { "pattern_ms", &r->pattern_ms },
	};

	memcpy(out, n, sizeof n);
}

static void switches_of(struct rec_rule *r, const char *key[SWITCHES], bool *at[SWITCHES])
{
	const char *const names[SWITCHES] = { "weekly", "ghosts", "autocorrect", "at_once" };
	bool *const places[SWITCHES] = { &r->weekly, &r->ghosts, &r->autocorrect, &r->at_once };

	memcpy(key, names, sizeof names);
	memcpy(at, places, sizeof places);
}

enum fault rec_rule_put(struct store *s, const struct rec_rule *r, struct err *err)
{
	struct arena *a = arena_new();
	struct fields f = fields_new(a);
	struct rec_rule copy = *r;
	struct number n[NUMBERS];
	const char *key[SWITCHES];
	bool *at[SWITCHES];
	enum fault bad;

	numbers_of(&copy, n);
	switches_of(&copy, key, at);
	for (int i = 0; i < NUMBERS; i++)
		fields_put_int(&f, n[i].key, *n[i].at);
	for (int i = 0; i < SWITCHES; i++)
		fields_put_int(&f, key[i], *at[i]);
	bad = meta_put(s, in_store, fields_pack(&f, a), err);
	arena_free(a);
	return bad;
}

enum fault rec_rule_get(struct store *s, struct rec_rule *out, struct err *err)
{
	struct arena *a = arena_new();
	struct number n[NUMBERS];
	const char *key[SWITCHES], *text;
	bool *at[SWITCHES];
	struct fields f;
	enum fault bad = meta_get(s, in_store, a, &text, err);

	*out = rec_usual();
	if (!bad && text)
		bad = fields_unpack(a, text, &f, err);
	if (!bad && text) {
		numbers_of(out, n);
		switches_of(out, key, at);
		for (int i = 0; i < NUMBERS; i++)
			*n[i].at = fields_int(&f, n[i].key, *n[i].at);
		for (int i = 0; i < SWITCHES; i++)
			*at[i] = fields_int(&f, key[i], *at[i]) != 0;
	}
	arena_free(a);
	return bad;
}

/* ---- thresholds ---- */

static int64_t size_of(int64_t delta)
{
	return delta < 0 ? -delta : delta;
}

bool rec_over(const struct rec_limit *l, int64_t pct_min_units, int64_t expected, int64_t delta)
{
	int64_t size = size_of(delta);

	if (size > l->units)
		return true;
	return size && size >= pct_min_units && size * 10000 > l->bp * (expected > 0 ? expected : 0);
}

int64_t rec_pct(int64_t expected, int64_t delta)
{
	int64_t size = size_of(delta), pct;

	if (!size)
		return 0;
	if (expected <= 0)
		return PCT_MOST;
	pct = size * 10000 / expected;
	return pct < PCT_MOST ? pct : PCT_MOST;
}

/* ---- what is done about a difference ---- */

static const char *const actions[REC_ACTIONS] = {
	[REC_NONE] = "none", [REC_WAIT] = "wait", [REC_PUSH] = "push", [REC_MAP] = "map", [REC_ZERO] = "zero", [REC_LOOK] = "look"
};

const char *rec_action_name(enum rec_action a)
{
	return a < REC_ACTIONS ? actions[a] : "?";
}

enum rec_case { BY_PERSON, UNMAPPED, UNWRITABLE, TOLERATED, UNPROVED, ON_ITS_WAY, TOO_OLD, SWITCHED_OFF, UNRECKONED, SAID_AGAIN };

static enum rec_case case_of(const struct rec_rule *r, const struct rec_facts *f)
{
	if (*f->said)
		return BY_PERSON;
	if (!f->mapped || !strcmp(f->cause, "MAPPING"))
		return UNMAPPED;
	if (f->unwritable)
		return UNWRITABLE;
	if (!(f->held && f->delta > 0) && !rec_over(&r->correct, r->pct_min_units, f->expected, f->delta))
		return TOLERATED;
	if (f->pending)
		return UNPROVED;
	if (!strcmp(f->cause, "IN_FLIGHT_ORDER"))
		return ON_ITS_WAY;
	if (!strcmp(f->cause, "TRUTH_STALE") && f->delta < 0)
		return TOO_OLD;
	if (!r->autocorrect)
		return SWITCHED_OFF;
	return f->wanted ? SAID_AGAIN : UNRECKONED;
}

enum rec_action rec_decide(const struct rec_rule *r, const struct rec_facts *f, const char **why)
{
	static const struct {
		enum rec_action action;
		const char *why;
	} cases[] = {
		[BY_PERSON] = { REC_NONE, "a person accepted, held or ignored this same difference" },
		[UNMAPPED] = { REC_MAP, "it stands for no item of ours: map it" },
		[UNWRITABLE] = { REC_NONE, "" },
		[TOLERATED] = { REC_NONE, "within what is tolerated" },
		[UNPROVED] = { REC_WAIT, "a correction is under way and not proved yet" },
		[ON_ITS_WAY] = { REC_WAIT, "their orders are not read up to that moment: most likely sold" },
		[TOO_OLD] = { REC_LOOK, "our own count is too old to raise theirs by it: count, or wait for a reading" },
		[SWITCHED_OFF] = { REC_LOOK, "rec.autocorrect is off" },
		[UNRECKONED] = { REC_LOOK, "nobody has reckoned its quantity yet" },
		[SAID_AGAIN] = { REC_PUSH, "our quantity is said again" },
	};
	enum rec_case c = case_of(r, f);

	*why = c == UNWRITABLE ? f->unwritable : cases[c].why;
	return cases[c].action;
}

/* ---- does it fit? ---- */

static const char *duration(struct arena *a, int64_t ms)
{
	char out[32];

	time_age(ms, out);
	return arena_strdup(a, out);
}

static bool fits_day(const struct rec_need *n, int64_t calls, struct arena *a, const char **text)
{
	int64_t share = n->daily / 10 * 9;
	const char *besides = n->singles ? arena_printf(a, ", with %" PRId64 " offers one by one,", n->singles) : "";

	if (calls > share) {
		*text = arena_printf(a, "%s: a pull takes %" PRId64 " calls; %" PRId64 " runs and %" PRId64 " usual readings a day%s are %" PRId64 ", and %s allows %" PRId64
		                     " a day, %" PRId64 " of them for reading: make rec.every_h or stock.read_s longer",
		                     n->account, n->pull, DAY_MS / n->every_ms, DAY_MS / n->read_ms, besides, calls, n->bucket, n->daily, share);
		return false;
	}
	if (n->used + n->pull > share) {
		*text = arena_printf(a, "%s: a pull takes %" PRId64 " calls; %" PRId64 " of today's %" PRId64 " of %s are used, and the last tenth is kept for orders and zeros",
		                     n->account, n->pull, n->used, n->daily, n->bucket);
		return false;
	}
	return true;
}

static bool fits_rate(const struct rec_need *n, int64_t calls, struct arena *a, const char **text)
{
	int64_t windows = DAY_MS / n->window_ms, takes_ms = n->pull * n->cost * n->window_ms / n->rate;

	if (takes_ms > n->every_ms || calls * n->cost > n->rate * windows) {
		*text = arena_printf(a, "%s: a pull takes %" PRId64 " calls, which %s lets through in %s; one every %s and a reading every %s do not fit: "
		                     "make rec.every_h or stock.read_s longer",
		                     n->account, n->pull, n->bucket, duration(a, takes_ms), duration(a, n->every_ms), duration(a, n->read_ms));
		return false;
	}
	return true;
}

bool rec_fits(const struct rec_need *n, struct arena *a, const char **text)
{
	int64_t calls = n->pull * (DAY_MS / n->every_ms + DAY_MS / n->read_ms) + n->singles;

	if (n->daily && !fits_day(n, calls, a, text))
		return false;
	if (n->rate && !fits_rate(n, calls, a, text))
		return false;
	*text = n->daily ? arena_printf(a, "%s: %" PRId64 " calls a pull, %" PRId64 " a day of %" PRId64, n->account, n->pull, calls, n->daily)
	                 : arena_printf(a, "%s: %" PRId64 " calls a pull, %" PRId64 " a day", n->account, n->pull, calls);
	return true;
}
