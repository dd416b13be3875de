#include "ui/console_inside.h"

#include "base/clock.h"
#include "store/store.h"
#include "trade/accounts.h"
#include "trade/bundle.h"
#include "trade/health.h"
#include "trade/lapse.h"
#include "trade/incidents.h"
#include "trade/places.h"
#include "trade/zero.h"
#include "ui/panes/words.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { STALE_MS = 15 * 60 * 1000, FILE_STALE_MS = 60 * 60 * 1000, TOLD_MOST = 20, LAPSES = 64 };

/* "ops-a" and "@ops1 (ssh)". */
static void facts_person(const struct console_options *o, struct desk_facts *f)
{
	const struct passwd *pw = getpwuid(getuid());
	const char *ssh = getenv("SSH_CONNECTION");
	char host[20] = "";

	gethostname(host, sizeof host - 1);
	host[strcspn(host, ".")] = '\0';
	snprintf(f->operator, sizeof f->operator, "%s", o->person ? o->person : pw ? pw->pw_name : "?");
	if (o->at)
		snprintf(f->at, sizeof f->at, "%s", o->at);
	else
		snprintf(f->at, sizeof f->at, "@%s%s", host, ssh && *ssh ? " (ssh)" : "");
}

static void facts_store(const struct console_options *o, struct desk_facts *f)
{
	const char *slash = strrchr(o->store, '/');

	snprintf(f->store, sizeof f->store, "%s", o->name ? o->name : slash && slash[1] ? slash + 1 : o->store);
	snprintf(f->profile, sizeof f->profile, "%s", o->profile ? o->profile : "");
	f->demo = o->demo;
}

/* How well the accounts are heard, and the worst of them for a screen that has room for one thing. */
static void facts_accounts(const struct account_row *row, int n, int64_t now_ms, struct desk_facts *f)
{
	f->fresh_ms = f->oldest_ms = -1;
	for (int i = 0; i < n; i++) {
		struct word state = say_account(&row[i]);
		int64_t age = row[i].ok_ms && now_ms > row[i].ok_ms ? now_ms - row[i].ok_ms : 0;

		if (!row[i].enabled)
			continue;
		f->channels++;
		f->channels_ok += state.role == ROLE_OK || state.role == ROLE_WARN;
		if (state.role == ROLE_CRIT && !f->worst[0])
			snprintf(f->worst, sizeof f->worst, "%s %s", row[i].name, state.text);
		if (!row[i].ok_ms)
			continue;
		if (age > (strcmp(row[i].channel, "local") == 0 ? FILE_STALE_MS : STALE_MS) && age > f->stale_ms) /* a file is heard when it changes */
			f->stale_ms = age;
		f->fresh_ms = f->fresh_ms < 0 || age < f->fresh_ms ? age : f->fresh_ms;
		f->oldest_ms = age > f->oldest_ms ? age : f->oldest_ms;
	}
}

/* What must be seen on every screen: a zero that is near, one that is there, a platform that somebody says is out. The nearest first. */
static int urgency(const struct lapse *l)
{
	return l->due_ms ? 4 : l->state == LAPSE_ZEROED ? 3 : *l->declared ? 2 : l->state == LAPSE_FAILING ? 0 : 1;
}

/* An account whose zero could not be told is on sale for all that: it never reads as one that is at zero. */
static void zeroed_words(const struct lapse *l, const struct zero *z, int64_t showing, int64_t now_ms, struct desk_facts *f)
{
	int64_t minutes = now_ms > z->made_ms ? (now_ms - z->made_ms) / 60000 : 0;

	if (z->lifted_ms) /* by a person: its offers are on sale, or come back */
		snprintf(f->doom, sizeof f->doom, "%.30s OUT OF STEP", l->account_name);
	else if (showing)
		snprintf(f->doom, sizeof f->doom, "%.30s ZERO PENDING %lldm", l->account_name, (long long)minutes);
	else
		snprintf(f->doom, sizeof f->doom, "%.30s AT ZERO", l->account_name);
	snprintf(f->doom_brief, sizeof f->doom_brief, z->lifted_ms ? "OUT" : showing ? "0 PENDING" : "AT ZERO");
}

/* showing: offers that are held there, by a person's word too, and are not seen at zero since. */
static void doom_words(const struct lapse *l, const struct zero *z, int64_t showing, int64_t now_ms, struct desk_facts *f)
{
	int64_t minutes = l->due_ms > now_ms ? (l->due_ms - now_ms + 59999) / 60000 : 0;

	switch (urgency(l)) {
	case 4:
		snprintf(f->doom, sizeof f->doom, "%.30s ZERO in %lldm%s", l->account_name, (long long)minutes, l->held_ms > now_ms ? " held" : " :hold");
		snprintf(f->doom_brief, sizeof f->doom_brief, "ZERO%lldm", (long long)minutes);
		break;
	case 3:
		zeroed_words(l, z, showing, now_ms, f);
		break;
	case 2:
		snprintf(f->doom, sizeof f->doom, "%.30s OUT", l->account_name);
		snprintf(f->doom_brief, sizeof f->doom_brief, "OUT");
		break;
	case 1:
		snprintf(f->doom, sizeof f->doom, "%.30s comes back", l->account_name);
		break;
	default:
		break;
	}
}

/* A place whose stock goes off sale before the nearest zero, or when there is none. */
static enum fault facts_places(struct store *s, struct arena *a, int64_t zero_ms, int64_t now_ms, struct desk_facts *f, struct err *err)
{
	struct place_row p;
	enum fault bad = place_near(s, a, &p, err);
	int64_t minutes = p.due_ms > now_ms ? (p.due_ms - now_ms + 59999) / 60000 : 0;

	if (bad || !p.id || (zero_ms && zero_ms <= p.due_ms))
		return bad;
	snprintf(f->doom, sizeof f->doom, "%.20s OFF SALE in %lldm%s", p.name, (long long)minutes, p.held_ms >= p.due_ms ? " held" : " :hold");
	snprintf(f->doom_brief, sizeof f->doom_brief, "OFF%lldm", (long long)minutes);
	return OK;
}

static enum fault facts_lapses(struct store *s, struct arena *a, int64_t now_ms, struct desk_facts *f, struct err *err)
{
	const struct lapse *worst = NULL;
	struct zero z = { 0 };
	struct lapse *l;
	int64_t showing = 0;
	int n;
	enum fault bad = lapses_page(s, 0, false, LAPSES, a, &l, &n, err);

	for (int i = 0; i < n && !bad; i++)
		if (!worst || urgency(&l[i]) > urgency(worst) || (urgency(&l[i]) == urgency(worst) && l[i].due_ms < worst->due_ms))
			worst = &l[i];
	if (!bad && worst && worst->zero)
		bad = zero_get(s, worst->zero, a, &z, err) ? err->fault : zero_showing(s, worst->account, z.made_ms, &showing, err);
	if (!bad && worst)
		doom_words(worst, &z, showing, now_ms, f);
	return bad ? bad : facts_places(s, a, worst ? worst->due_ms : 0, now_ms, f, err);
}

/* Nothing is written: that stands before all else. */
static enum fault facts_held(struct store *s, struct arena *a, struct desk_facts *f, struct err *err)
{
	const char *held;
	enum fault bad = meta_get(s, "held", a, &held, err);

	if (!bad && held && *held) {
		snprintf(f->doom, sizeof f->doom, "HELD: %.50s", held);
		snprintf(f->doom_brief, sizeof f->doom_brief, "HELD");
	}
	return bad;
}

static enum fault count(struct store *s, const char *name, int64_t *sum, struct err *err)
{
	int64_t n = 0;
	enum fault bad = counter_get(s, name, &n, err);

	*sum = (*sum < 0 ? 0 : *sum) + n;
	return bad;
}

/* Counters are kept by the engine as things happen; nothing is counted here. */
static enum fault facts_counts(struct store *s, struct desk_facts *f, struct err *err)
{
	enum { ORDERS = 1, DRIFT = 2, FAILED = 4, ALERTS = 6, ENGINE = 7 };
	int64_t late = 0, crit = 0, warn = 0;

	for (int i = 0; i < DESK_SCREENS; i++)
		f->tab[i].n = -1;
	if (count(s, "orders.late", &late, err) || count(s, "orders.due", &f->tab[ORDERS].n, err) || count(s, "drift", &f->tab[DRIFT].n, err) ||
	    count(s, "inbox", &f->tab[FAILED].n, err) || count(s, "jobs.failed", &f->tab[FAILED].n, err) ||
	    count(s, "jobs.unsure", &f->tab[FAILED].n, err) || count(s, "incidents.CRIT", &crit, err) || count(s, "incidents.WARN", &warn, err))
		return err->fault;
	f->tab[ORDERS].n += late;
	f->tab[ORDERS].alarm = late > 0;
	f->tab[ALERTS].n = crit + warn;
	f->tab[ALERTS].alarm = crit > 0;
	f->tab[ENGINE].alarm = f->worst[0] != '\0';
	f->crit = (int)crit;
	f->warn = (int)warn;
	return OK;
}

/* Louder than anything else: a number of then must not be taken for one of now. */
static void facts_then(const char *what, const char *brief, int64_t at_ms, bool hindsight, struct desk_facts *f)
{
	char iso[32];

	time_iso_s(at_ms, iso);
	iso[strlen("2026-11-20T07:58")] = '\0';
	iso[strlen("2026-11-20")] = ' ';
	f->engine = true; /* there is none to miss */
	f->then = true;
	snprintf(f->doom, sizeof f->doom, "%s %.16sZ%s", what, iso, hindsight ? " IN HINDSIGHT" : "");
	snprintf(f->doom_brief, sizeof f->doom_brief, "%s %.5sZ", brief, iso + strlen("2026-11-20 "));
}

/*
 * One that hangs keeps its socket open: whoever has not noted for two minutes that he is there is not. One that is locked, or may write nothing, notes nothing, and is there;
 * in a demo minutes are moments.
 */
static void facts_engine(const struct console *c, int64_t now_ms, struct desk_facts *f)
{
	int64_t pid, started_ms, beat_ms;
	struct err err;
	bool hushed;

	if (!f->engine || c->o->demo || !engine_beat(c->store, &pid, &started_ms, &beat_ms) || now_ms - beat_ms < 2 * QUIET_MS)
		return;
	f->engine = !engine_hushed(c->store, &hushed, &err) && hushed;
}

enum fault console_facts(struct console *c, struct desk_facts *facts, struct err *err)
{
	struct arena *a = arena_new();
	struct account_row *row;
	enum fault bad = OK;
	int64_t bundle_ms = 0;
	int n = 0;

	*facts = (struct desk_facts){ .engine = c->line != NULL };
	facts_store(c->o, facts);
	facts_person(c->o, facts);
	bad = store_begin_read(c->store, err);
	if (!bad)
		bad = accounts_all(c->store, a, &row, &n, err);
	if (!bad) {
		facts_engine(c, clock_now(&c->o->clock), facts);
		facts_accounts(row, n, clock_now(&c->o->clock), facts);
		bad = facts_counts(c->store, facts, err);
		if (!bad)
			bad = facts_lapses(c->store, a, clock_now(&c->o->clock), facts, err);
		if (!bad)
			bad = facts_held(c->store, a, facts, err);
		bundle_ms = bundle_now(c->store);
	}
	facts->buyers = bundle_ms && bundle_has_buyers(c->store);
	store_rollback(c->store);
	arena_free(a);
	if (bundle_ms)
		facts_then("A BUNDLE OF", "BUNDLE", bundle_ms, false, facts);
	if (c->o->past_ms)
		facts_then("THE PAST", "PAST", c->o->past_ms, c->o->hindsight, facts);
	return bad;
}

static enum level level_of(const char *severity)
{
	return strcmp(severity, "CRIT") == 0 ? LEVEL_CRIT : strcmp(severity, "WARN") == 0 ? LEVEL_WARN : LEVEL_INFO;
}

/* Both lists come newest and worst first, so they are said from their end. */
static enum fault tell(struct console *c, struct arena *a, struct err *err)
{
	struct message *m;
	struct incident *al;
	int n, alerts;

	if (messages_last(c->store, 0, TOLD_MOST, a, &m, &n, err) || incidents_page(c->store, false, 0, TOLD_MOST, a, &al, &alerts, err))
		return err->fault;
	for (int i = n - 1; i >= 0; i--)
		if (m[i].id > c->message_seen)
			desk_told(c->desk, level_of(m[i].level), m[i].at_ms, m[i].text);
	for (int i = alerts - 1; i >= 0; i--)
		if (al[i].id > c->alert_seen)
			desk_told(c->desk, level_of(al[i].severity), al[i].opened_ms,
			          arena_printf(a, "I-%lld %s%s%s", (long long)al[i].id, say_whose(a, al[i].account_name, al[i].text), *al[i].next ? ", " : "", al[i].next));
	for (int i = 0; i < n; i++)
		c->message_seen = m[i].id > c->message_seen ? m[i].id : c->message_seen;
	for (int i = 0; i < alerts; i++)
		c->alert_seen = al[i].id > c->alert_seen ? al[i].id : c->alert_seen;
	return OK;
}

enum fault console_tell(struct console *c, struct err *err)
{
	struct arena *a = arena_new();
	enum fault bad = store_begin_read(c->store, err);

	if (!bad)
		bad = tell(c, a, err);
	store_rollback(c->store);
	arena_free(a);
	return bad;
}
