/*
 * tallyman health: one line and an exit status, as monitoring plugins have it.
 *
 *	TALLYMAN WARNING: 3 orders late; walmart-us auth | late=3 due=39 ...
 *
 * 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN (Monitoring Plugins Development Guidelines). When no engine has worked for half an hour the
 * offers that a person must set to zero by hand follow, a line each: nobody else does it now.
 */
#include "cmd/session.h"
#include "base/text.h"
#include "store/lease.h"
#include "trade/accounts.h"
#include "trade/lists.h"
#include "trade/reconcile.h"
#include "trade/views.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum verdict { VERDICT_OK, VERDICT_WARNING, VERDICT_CRITICAL, VERDICT_UNKNOWN };

/* A dead engine is told after five minutes, and after thirty it is the worst there is (decided with the modes of operation). */
enum { QUIET_MS = 5 * 60000, DEAD_MS = 30 * 60000, UNHEARD_MS = 30 * 60000, BY_HAND = 50 };

struct health {
	struct session *s;
	enum verdict verdict;
	struct buf text;
	int64_t quiet_ms; /* since the engine last worked */
};

static void say(struct health *h, enum verdict v, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

static void say(struct health *h, enum verdict v, const char *fmt, ...)
{
	char text[240];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	if (v > h->verdict)
		h->verdict = v;
	buf_printf(&h->text, "%s%s", h->text.len ? "; " : "", text);
}

static void look_at_engine(struct health *h)
{
	int64_t pid, started, beat = 0;
	char holder[160], age[16];
	bool held = lease_holder(h->s->set.store, holder, sizeof holder);

	if (!engine_beat(h->s->store, &pid, &started, &beat)) {
		h->quiet_ms = held ? 0 : DEAD_MS + 1;
		if (!held)
			say(h, VERDICT_CRITICAL, "no engine has ever run");
		return;
	}
	h->quiet_ms = h->s->now_ms - beat;
	time_age(h->quiet_ms, age);
	if (h->quiet_ms > DEAD_MS)
		say(h, VERDICT_CRITICAL, "no engine for %s: zero by hand what is listed below", age);
	else if (h->quiet_ms > QUIET_MS)
		say(h, VERDICT_WARNING, "no engine for %s", age);
}

static enum fault look_at_accounts(struct health *h)
{
	struct account_row *row;
	int n;
	enum fault f = accounts_all(h->s->store, h->s->a, &row, &n, &h->s->err);
	char age[16];

	for (int i = 0; i < n && !f; i++) {
		bool bad = !strcmp(row[i].state, "auth") || !strcmp(row[i].state, "down") || !strcmp(row[i].state, "wrong");

		if (!row[i].enabled)
			continue;
		time_age(h->s->now_ms - row[i].ok_ms, age);
		if (bad)
			say(h, VERDICT_WARNING, "%s %s", row[i].name, row[i].state);
		else if (row[i].ok_ms && h->s->now_ms - row[i].ok_ms > UNHEARD_MS && h->quiet_ms <= QUIET_MS)
			say(h, VERDICT_WARNING, "%s not heard for %s", row[i].name, age);
	}
	return f;
}

/* No schedule of theirs fits: what they show is not compared as often as was promised. */
static enum fault look_at_runs(struct health *h)
{
	struct rec_refused *r;
	int n;
	enum fault f = rec_refusals(h->s->store, h->s->a, &r, &n, &h->s->err);

	for (int i = 0; i < n && !f; i++)
		say(h, VERDICT_WARNING, "not reconciled: %s", r[i].text);
	return f;
}

static void look_at_numbers(struct health *h, const struct overview *o, int64_t late)
{
	if (o->oversold)
		say(h, VERDICT_CRITICAL, "%" PRId64 " SKU%s oversold, worst %.60s at %" PRId64, o->oversold, o->oversold == 1 ? "" : "s", o->worst_sku,
		    o->worst_available);
	if (o->crit)
		say(h, VERDICT_CRITICAL, "%" PRId64 " critical alert%s", o->crit, o->crit == 1 ? "" : "s");
	if (late)
		say(h, VERDICT_WARNING, "%" PRId64 " order%s late", late, late == 1 ? "" : "s");
	if (o->failed + o->unsure + o->parked)
		say(h, VERDICT_WARNING, "%" PRId64 " failed", o->failed + o->unsure + o->parked);
	if (o->warn)
		say(h, VERDICT_WARNING, "%" PRId64 " warning%s", o->warn, o->warn == 1 ? "" : "s");
}

static void print_line(struct health *h, const struct overview *o, int64_t late)
{
	static const char *const words[] = { "OK", "WARNING", "CRITICAL", "UNKNOWN" };
	size_t cap = h->text.len * 4 + 16;
	char *clean = arena_alloc(h->s->a, cap);

	text_clean(clean, cap, h->text.len ? h->text.p : "");
	for (char *p = clean; *p; p++)
		if (*p == '|')
			*p = '/'; /* what follows a bar is performance data */
	printf("TALLYMAN %s: %s | late=%" PRId64 " due=%" PRId64 " open=%" PRId64 " drift=%" PRId64 " parked=%" PRId64 " failed=%" PRId64
	       " unsure=%" PRId64 " oversold=%" PRId64 " crit=%" PRId64 " warn=%" PRId64 " channels_ok=%d channels=%d engine_quiet=%" PRId64 "s\n",
	       words[h->verdict], *clean ? clean : "all is well", late, o->due, o->open, o->drift, o->parked, o->failed, o->unsure, o->oversold, o->crit,
	       o->warn, o->channels_ok, o->channels, h->quiet_ms / 1000);
}

static enum fault print_by_hand(struct health *h)
{
	struct exposed *row;
	int n;
	enum fault f = offers_exposed(h->s->store, BY_HAND, h->s->a, &row, &n, &h->s->err);

	for (int i = 0; i < n && !f; i++) {
		char clean[320];

		text_clean(clean, sizeof clean, arena_printf(h->s->a, "%s %s %s", row[i].account_name, row[i].sku, row[i].marketplace));
		printf("zero by hand: %s shows %" PRId64 ", available %" PRId64 "\n", clean, row[i].shown, row[i].available);
	}
	return f;
}

static enum fault look(struct health *h)
{
	struct session *s = h->s;
	struct page_ask late_ask = { .filter = "late", .now_ms = s->now_ms };
	struct overview o;
	int64_t late;
	enum fault f = overview_read(s->store, s->now_ms, s->a, &o, &s->err);

	if (!f)
		f = orders_count(s->store, &late_ask, 100000, &late, &s->err); /* now, not when an engine last counted */
	if (f)
		return f;
	look_at_engine(h);
	f = look_at_accounts(h);
	if (!f)
		f = look_at_runs(h);
	if (f)
		return f;
	look_at_numbers(h, &o, late);
	print_line(h, &o, late);
	return h->quiet_ms > DEAD_MS ? print_by_hand(h) : OK;
}

int cmd_health(int argc, char **argv)
{
	struct session s;
	struct health h = { .s = &s };
	enum fault f;
	int status = session_begin(argc, argv, 0, 0, 0, &s);

	if (status >= 0)
		return status == STATUS_FAILED ? VERDICT_UNKNOWN : status;
	h.text = buf_new(s.a);
	f = store_open(s.set.store, STORE_READ, &s.store, &s.err);
	if (!f)
		f = look(&h);
	if (f) {
		char clean[480];

		text_clean(clean, sizeof clean, s.err.text);
		printf("TALLYMAN UNKNOWN: %s\n", clean);
		h.verdict = VERDICT_UNKNOWN;
	}
	session_end(&s, OK);
	return (int)h.verdict;
}
