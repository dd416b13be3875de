#include "trade/health.h"

#include "base/clock.h"
#include "base/disk.h"
#include "base/text.h"
#include "store/store.h"
#include "trade/accounts.h"
#include "trade/inbox.h"
#include "trade/incidents.h"
#include "trade/lists.h"
#include "trade/person.h"
#include "trade/reconcile.h"
#include "trade/secrets.h"
#include "trade/views.h"
#include "trade/zero.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { UNHEARD_MS = 30 * 60000, AHEAD_MS = 60000, UNSURE_MS = 15 * 60000, NAMED = 3, UNTOLD_TRIES = 3, SECRET_DAYS = 30, HANGS_MS = 30000, SLOW_MS = 10000, LONG_MS = 5 * 60000, MOST = 50 };

const char *verdict_name(enum verdict v)
{
	static const char *const names[VERDICTS] = { "OK", "WARNING", "CRITICAL", "UNKNOWN" };

	return names[v];
}

struct health health_new(struct arena *a)
{
	return (struct health){ .arena = a };
}

void health_say(struct health *h, enum verdict v, const char *fmt, ...)
{
	char text[320];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	h->row = arena_grow(h->arena, h->row, h->n, &h->cap, sizeof *h->row);
	h->row[h->n++] = (struct health_row){ v, arena_strdup(h->arena, text) };
	if (v > h->verdict)
		h->verdict = v;
}

const char *health_text(const struct health *h)
{
	struct buf b = buf_new(h->arena);

	buf_puts(&b, "");
	for (int v = VERDICTS - 1; v >= VERDICT_OK; v--)
		for (int i = 0; i < h->n; i++)
			if ((int)h->row[i].verdict == v)
				buf_printf(&b, "%s%s", b.len ? "; " : "", h->row[i].text);
	return b.len ? b.p : "all is well";
}

/* ---- the engine and its clock ---- */

static enum fault look_at_engine(struct store *s, bool held, int64_t now_ms, struct health *h, struct err *err)
{
	const char *hangs = held ? ", though its process is there (it hangs: end it, and start it again)" : ""; /* systemd's watchdog does */
	int64_t pid, started, beat = 0, newest = 0, stayed = 0;
	char age[16];
	enum fault f = newest_known(s, &newest, err);

	if (f || (f = engine_stayed(s, &stayed, err)))
		return f;
	if (!engine_beat(s, &pid, &started, &beat)) {
		h->quiet_ms = held ? 0 : DEAD_MS + 1;
		h->by_hand = !held;
		if (!held)
			health_say(h, VERDICT_CRITICAL, "no engine has ever run");
		h->engine = held ? NULL : h->row[h->n - 1].text;
		return OK;
	}
	h->quiet_ms = now_ms - beat;
	if (stayed < beat && now_ms - stayed > SILENT_MS) { /* it dies at each start */
		h->quiet_ms = now_ms - stayed;
		hangs = ", for none has stayed for two minutes since";
	}
	time_age(h->quiet_ms, age);
	h->by_hand = h->quiet_ms > DEAD_MS;
	if (h->by_hand)
		health_say(h, VERDICT_CRITICAL, "no engine for %s%s: zero by hand what is listed below", age, hangs);
	else if (h->quiet_ms > SILENT_MS)
		health_say(h, VERDICT_WARNING, "no engine for %s%s", age, hangs);
	else if (!held && h->quiet_ms >= 0)
		health_say(h, VERDICT_WARNING, "no engine runs; the last one was there %s ago", age);
	else if (h->quiet_ms >= QUIET_MS)
		health_say(h, VERDICT_WARNING, "the engine has been silent for %s%s", age, held ? ", though its process is there" : "");
	h->engine = h->n ? h->row[h->n - 1].text : NULL;
	if (h->quiet_ms < -AHEAD_MS || newest > now_ms + AHEAD_MS)
		health_say(h, VERDICT_WARNING, "the clock is behind what is on record: was it set back?");
	return OK;
}

/* ---- accounts, breakers, the half hour ---- */

static enum fault look_at_accounts(struct store *s, int64_t now_ms, struct health *h, struct err *err)
{
	struct account_row *row;
	int n;
	enum fault f = accounts_all(s, h->arena, &row, &n, err);
	char age[16];

	for (int i = 0; i < n && !f; i++) {
		bool bad = !strcmp(row[i].state, "auth") || !strcmp(row[i].state, "down") || !strcmp(row[i].state, "wrong");

		if (!row[i].enabled)
			continue;
		time_age(now_ms - row[i].ok_ms, age);
		if (bad)
			health_say(h, VERDICT_WARNING, "%s %s", row[i].name, row[i].state);
		else if (row[i].ok_ms && now_ms - row[i].ok_ms > UNHEARD_MS && h->quiet_ms <= SILENT_MS)
			health_say(h, VERDICT_WARNING, "%s not heard for %s", row[i].name, age);
	}
	return f;
}

static enum fault look_at_breakers(struct store *s, struct health *h, struct err *err)
{
	static const char sql[] = "SELECT c.name, b.name FROM breaker b JOIN account c ON c.id = b.account_id WHERE b.state <> 'closed' AND c.enabled = 1 AND "
				  "c.state NOT IN ('auth', 'down', 'wrong') ORDER BY c.id, b.name LIMIT ?";
	struct rows *r = ASK(s, sql, V(NAMED));

	while (rows_next(r))
		health_say(h, VERDICT_WARNING, "%s %s open", rows_text(r, 0), rows_text(r, 1));
	return rows_end(r, err);
}

/* One that hangs is no failure yet, and a slow one never is. */
static enum fault look_at_calls(struct store *s, int64_t now_ms, struct health *h, struct err *err)
{
	static const char open[] = "SELECT c.name, min(t.opened_ms) FROM attempt t JOIN account c ON c.id = t.account_id WHERE t.closed_ms = 0 AND t.opened_ms < ?1 "
				   "GROUP BY c.name ORDER BY 2 LIMIT ?2";
	static const char last[] = "SELECT c.name, t.closed_ms - t.opened_ms FROM account c JOIN attempt t ON t.id = (SELECT max(l.id) FROM attempt l WHERE l.account_id = c.id) "
				   "WHERE c.enabled = 1 AND t.closed_ms - t.opened_ms > ?1 ORDER BY c.id LIMIT ?2";
	struct rows *r = ASK(s, open, V(now_ms - HANGS_MS), V(NAMED));
	char age[16];

	while (rows_next(r) && !h->engine) { /* a dead one left them open */
		time_age(now_ms - rows_int(r, 1), age);
		health_say(h, VERDICT_WARNING, "%s has not answered for %s", rows_text(r, 0), age);
	}
	if (rows_end(r, err))
		return FAULT_STORE;
	r = ASK(s, last, V(SLOW_MS), V(NAMED));
	while (rows_next(r)) {
		time_age(rows_int(r, 1), age);
		health_say(h, VERDICT_WARNING, "%s took %s to answer", rows_text(r, 0), age);
	}
	return rows_end(r, err);
}

/* What they told us to wait is told, and counts as wrong when it is long: a single "slow down" is noise. */
static enum fault look_at_waits(struct store *s, int64_t now_ms, struct health *h, struct err *err)
{
	static const char sql[] = "SELECT c.name, max(b.hold_ms) FROM bucket b JOIN account c ON c.id = b.account_id WHERE b.hold_ms > ?1 AND c.enabled = 1 GROUP BY c.name "
				  "ORDER BY 2 DESC LIMIT ?2";
	struct rows *r = ASK(s, sql, V(now_ms), V(NAMED));
	char age[16];

	while (rows_next(r)) {
		time_age(rows_int(r, 1) - now_ms, age);
		health_say(h, rows_int(r, 1) - now_ms > LONG_MS ? VERDICT_WARNING : VERDICT_OK, "%s told us to wait for %s", rows_text(r, 0), age);
	}
	return rows_end(r, err);
}

/* Orders that come faster than they may be read: nothing fails, so nothing else says it. */
static enum fault look_at_backlogs(struct store *s, struct health *h, struct err *err)
{
	static const char sql[] = "SELECT text FROM alert WHERE kind = 'behind' AND closed_ms = 0 ORDER BY id LIMIT ?";
	struct rows *r = ASK(s, sql, V(NAMED));

	while (rows_next(r))
		health_say(h, VERDICT_WARNING, "%s", rows_text(r, 0));
	return rows_end(r, err);
}

static enum fault look_at_lapses(struct store *s, struct health *h, struct err *err)
{
	static const char sql[] = "SELECT c.name, l.state, l.cause, l.lasted_ms FROM lapse l JOIN account c ON c.id = l.account_id WHERE l.state <> ? ORDER BY l.id LIMIT 9";
	struct rows *r = ASK(s, sql, V("ENDED"));
	char age[16];

	while (rows_next(r)) {
		time_age(rows_int(r, 3), age);
		health_say(h, strcmp(rows_text(r, 1), "FAILING") ? VERDICT_CRITICAL : VERDICT_WARNING, "%s %s (%s, %s)", rows_text(r, 0), rows_text(r, 1), rows_text(r, 2), age);
	}
	return rows_end(r, err);
}

/* No schedule of theirs fits: what they show is not compared as often as was promised. */
static enum fault look_at_runs(struct store *s, struct health *h, struct err *err)
{
	struct rec_refused *r;
	int n;
	enum fault f = rec_refusals(s, h->arena, &r, &n, err);

	for (int i = 0; i < n && !f; i++)
		health_say(h, VERDICT_WARNING, "not reconciled: %s", r[i].text);
	return f;
}

/* The steps are alerts as well; here it is told which, for whoever reads one line a day. */
static enum fault look_at_secrets(struct store *s, int64_t now_ms, struct health *h, struct err *err)
{
	struct secret *row;
	int n;
	enum fault f = secrets_all(s, h->arena, &row, &n, err);

	for (int i = 0; i < n && !f; i++) {
		int64_t left = secret_days_left(&row[i], now_ms);

		if (!row[i].expires_ms || left > SECRET_DAYS)
			continue;
		if (left < 0)
			health_say(h, VERDICT_CRITICAL, "%s: its %s has ended%s", row[i].account_name, row[i].key, secret_assumed(&row[i]));
		else
			health_say(h, left < 1 ? VERDICT_CRITICAL : VERDICT_WARNING, "%s: its %s ends in %" PRId64 " day%s%s", row[i].account_name, row[i].key, left,
			           left == 1 ? "" : "s", secret_assumed(&row[i]));
	}
	return f;
}

static enum fault look_at_vault(struct store *s, struct health *h, struct err *err)
{
	return alert_is_open(s, "vault locked", &h->locked, err);
}

/* As with an engine that is dead: after half an hour nobody else takes off sale what was sold meanwhile. */
static enum fault look_at_hold(struct store *s, int64_t now_ms, struct health *h, struct err *err)
{
	const char *held, *since;
	int64_t since_ms = now_ms;
	char age[16];
	enum fault f = meta_get(s, "held", h->arena, &held, err);

	if (!f)
		f = meta_get(s, "held_since", h->arena, &since, err);
	if (f || !held || !*held)
		return f;
	if (since)
		text_int(since, 0, INT64_MAX, &since_ms);
	time_age(now_ms - since_ms, age);
	if (now_ms - since_ms < DEAD_MS) {
		health_say(h, VERDICT_CRITICAL, "nothing is written: %s", held);
		return OK;
	}
	h->by_hand = true;
	health_say(h, VERDICT_CRITICAL, "nothing was written for %s, %s: zero by hand what is listed below", age, held);
	return OK;
}

/* ---- work ---- */

static enum fault look_at_doubts(struct store *s, int64_t now_ms, struct health *h, struct err *err)
{
	static const char unsure[] = "SELECT coalesce(min(state_ms), 0) FROM job WHERE state = 'unsure' AND state_ms <= ?";
	static const char waiting[] = "SELECT count(*) FROM job WHERE state = 'waiting' AND writes = 1 AND lane = 0 AND due_ms < ?";
	static const char untold[] = "SELECT count(*) FROM notice WHERE state = 'waiting' AND (tries >= ? OR EXISTS (SELECT 1 FROM alert WHERE key = 'hook runner' AND closed_ms = 0))";
	int64_t oldest = 0, late;
	char age[16];

	if (GET_INT(s, err, 0, &oldest, unsure, V(now_ms)) || GET_INT(s, err, 0, &h->waiting, waiting, V(now_ms - 5 * 60000)) ||
	    GET_INT(s, err, 0, &h->untold, untold, V(UNTOLD_TRIES)) || zero_pending(s, now_ms, &h->pending, err) || zero_pending(s, now_ms - ZERO_BY_HAND_MS, &late, err))
		return FAULT_STORE;
	h->unsure_age_ms = oldest ? now_ms - oldest : 0;
	if (h->unsure_age_ms > UNSURE_MS) {
		time_age(h->unsure_age_ms, age);
		health_say(h, VERDICT_WARNING, "nobody knows for %s whether something happened", age);
	}
	if (h->waiting)
		health_say(h, VERDICT_CRITICAL, "%" PRId64 " zero%s wait%s for 5 minutes to be said", h->waiting, h->waiting == 1 ? "" : "s", h->waiting == 1 ? "s" : "");
	if (late)
		health_say(h, VERDICT_CRITICAL, "%" PRId64 " offer%s held at zero not seen so for 15 minutes: tallyman zero hand", late, late == 1 ? "" : "s");
	if (h->untold)
		health_say(h, VERDICT_WARNING, "%" PRId64 " message%s no hook takes", h->untold, h->untold == 1 ? "" : "s");
	return OK;
}

static enum fault look_at_people(struct store *s, int64_t now_ms, struct health *h, struct err *err)
{
	struct people_kept kept;
	enum fault f = people_kept(s, now_ms, &kept, err);

	if (!f && kept.late)
		health_say(h, VERDICT_WARNING, "%" PRId64 " buyers' data is kept longer than allowed", kept.late);
	return f;
}

/* As much of a text as one line of many findings has room for. */
static const char *brief(struct health *h, const char *text)
{
	enum { ROOM = 120 };
	char *out = arena_alloc(h->arena, ROOM);

	text_clean(out, ROOM, text);
	return out;
}

/* The worst by name, the rest by number. */
static enum fault look_at_incidents(struct store *s, int64_t now_ms, struct health *h, struct err *err)
{
	struct incident *in;
	int n, warn = 0;
	enum fault f = incidents_page(s, false, now_ms, MOST, h->arena, &in, &n, err);

	if (f)
		return f;
	while (warn < n && strcmp(in[warn].severity, "WARN"))
		warn++;
	if (h->crit)
		health_say(h, VERDICT_CRITICAL, "%" PRId64 " critical incident%s, I-%" PRId64 " %s", h->crit, h->crit == 1 ? "" : "s", n ? in[0].id : 0, n ? brief(h, in[0].text) : "");
	if (h->warn)
		health_say(h, VERDICT_WARNING, "%" PRId64 " warning%s%s%s", h->warn, h->warn == 1 ? "" : "s", warn < n ? ", " : "", warn < n ? brief(h, in[warn].text) : "");
	return OK;
}

/* How many, and which came last. */
static enum fault look_at_failures(struct store *s, int64_t n, struct health *h, struct err *err)
{
	struct failure *last;
	int got = 0;
	enum fault f = n ? failures_page(s, NULL, 1, h->arena, &last, &got, err) : OK;

	if (!f && n)
		health_say(h, VERDICT_WARNING, "%" PRId64 " failed%s%s%s%s%s%s", n, got ? ", last " : "", got ? last->account_name : "", got ? " " : "", got ? last->class : "", got ? " " : "",
		           got ? last->verb : "");
	return f;
}

static enum fault look_at_numbers(struct store *s, int64_t now_ms, struct health *h, struct err *err)
{
	struct page_ask late_ask = { .filter = "late", .now_ms = now_ms };
	struct overview o;
	enum fault f = overview_read(s, now_ms, h->arena, &o, err);

	if (!f)
		f = orders_count(s, &late_ask, 100000, &h->late, err); /* now, not when an engine last counted */
	if (f)
		return f;
	h->due = o.due;
	h->open = o.open;
	h->drift = o.drift;
	h->parked = o.parked;
	h->failed = o.failed;
	h->unsure = o.unsure;
	h->oversold = o.oversold;
	h->crit = o.crit;
	h->warn = o.warn;
	h->channels_ok = o.channels_ok;
	h->channels = o.channels;
	if (o.oversold && *o.awaits)
		health_say(h, VERDICT_WARNING, "%" PRId64 " SKU%s below zero, and %.60s was not heard yet", o.oversold, o.oversold == 1 ? "" : "s", o.awaits);
	else if (o.oversold)
		health_say(h, VERDICT_CRITICAL, "%" PRId64 " SKU%s oversold, worst %.60s at %" PRId64, o.oversold, o.oversold == 1 ? "" : "s", o.worst_sku, o.worst_available);
	if (h->late)
		health_say(h, VERDICT_WARNING, "%" PRId64 " order%s late", h->late, h->late == 1 ? "" : "s");
	return look_at_failures(s, o.failed + o.unsure + o.parked, h, err);
}

void health_disk(struct health *h, const struct disk *d)
{
	if (d->read_only)
		health_say(h, VERDICT_CRITICAL, "the store's disk is read-only");
	else if (disk_room(d) != DISK_FINE)
		health_say(h, disk_room(d) == DISK_FULL ? VERDICT_CRITICAL : VERDICT_WARNING, "%" PRId64 " MiB are left on the store's disk", d->left >> 20);
}

enum fault health_read(struct store *s, bool held, int64_t now_ms, struct health *h, struct err *err)
{
	enum fault f = look_at_engine(s, held, now_ms, h, err);

	if (!f)
		f = look_at_accounts(s, now_ms, h, err);
	if (!f)
		f = look_at_breakers(s, h, err);
	if (!f)
		f = look_at_calls(s, now_ms, h, err);
	if (!f)
		f = look_at_waits(s, now_ms, h, err);
	if (!f)
		f = look_at_backlogs(s, h, err);
	if (!f)
		f = look_at_lapses(s, h, err);
	if (!f)
		f = look_at_runs(s, h, err);
	if (!f)
		f = look_at_vault(s, h, err);
	if (!f)
		f = look_at_hold(s, now_ms, h, err);
	if (!f)
		f = look_at_secrets(s, now_ms, h, err);
	if (!f)
		f = look_at_numbers(s, now_ms, h, err);
	if (!f)
		f = look_at_doubts(s, now_ms, h, err);
	if (!f)
		f = look_at_people(s, now_ms, h, err);
	return f ? f : look_at_incidents(s, now_ms, h, err);
}
