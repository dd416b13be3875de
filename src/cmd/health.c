/*
 * tallyman health: one line and an exit status, as monitoring plugins have it.
 *
 *	TALLYMAN WARNING: 3 orders late; walmart-us auth | late=3 due=39 ...
 *
 * 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN (Monitoring Plugins Development Guidelines). When no engine has worked for half an hour, or none may write, the
 * offers that a person must set to zero by hand follow, a line each: nobody else does it now. It answers within ten seconds or says that it does not: a child looks
 * (helper.h), and this process touches no file. With --page people are told what the engine cannot tell itself (page.h), that nobody could look above all.
 */
#include "trade/health.h"

#include "cmd/helper.h"
#include "cmd/page.h"
#include "base/disk.h"
#include "base/text.h"
#include "store/lease.h"
#include "trade/lists.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ANSWER_S = 10, BY_HAND = 50, PAGE_S = 90 }; /* three hooks have their own limits, of 20 s at most */

static int64_t look_at_disk(const char *dir, const char *profile, struct health *h)
{
	struct disk d;

	if (!disk_look(dir, &d))
		return -1;
	if (d.read_only || strcmp(profile, "demo")) /* a demo is the same on every machine */
		health_disk(h, &d);
	return d.left;
}

/* ---- what is printed ---- */

static const char *one_line(struct session *s, const char *text)
{
	size_t cap = strlen(text) * 4 + 16;
	char *clean = arena_alloc(s->a, cap);

	text_clean(clean, cap, text);
	for (char *p = clean; *p; p++)
		if (*p == '|')
			*p = '/'; /* what follows a bar is performance data */
	return clean;
}

static void print_line(struct session *s, const struct health *h, int64_t left)
{
	printf("TALLYMAN %s: %s | late=%" PRId64 " due=%" PRId64 " open=%" PRId64 " drift=%" PRId64 " parked=%" PRId64 " failed=%" PRId64
	       " unsure=%" PRId64 " oversold=%" PRId64 " crit=%" PRId64 " warn=%" PRId64 " channels_ok=%" PRId64 " channels=%" PRId64 " engine_quiet=%" PRId64 "s",
	       verdict_name(h->verdict), one_line(s, health_text(h)), h->late, h->due, h->open, h->drift, h->parked, h->failed, h->unsure, h->oversold, h->crit, h->warn,
	       h->channels_ok, h->channels, h->quiet_ms / 1000);
	printf(" unsure_age=%" PRId64 "s zeros_waiting=%" PRId64 " zeros_pending=%" PRId64 " untold=%" PRId64, h->unsure_age_ms / 1000, h->waiting, h->pending, h->untold);
	if (left >= 0 && strcmp(s->set.profile, "demo")) /* a demo's line is the same on every machine */
		printf(" disk_left=%" PRId64 "MB", left >> 20);
	putchar('\n');
}

static const struct column health_columns[] = {
	{ "verdict", CELL_TEXT, false }, { "status", CELL_INT, false },      { "text", CELL_TEXT, false },    { "late", CELL_INT, false },     { "due", CELL_INT, false },
	{ "open", CELL_INT, false },     { "drift", CELL_INT, false },       { "parked", CELL_INT, false },   { "failed", CELL_INT, false },   { "unsure", CELL_INT, false },
	{ "oversold", CELL_INT, false }, { "crit", CELL_INT, false },        { "warn", CELL_INT, false },     { "channels_ok", CELL_INT, false }, { "channels", CELL_INT, false },
	{ "engine_quiet_s", CELL_INT, false }, { "unsure_age_s", CELL_INT, false }, { "zeros_waiting", CELL_INT, false }, { "zeros_pending", CELL_INT, false }, { "untold", CELL_INT, false },
};

static const struct column finding_columns[] = { { "verdict", CELL_TEXT, false }, { "text", CELL_TEXT, false } };

static void print_sheet(struct session *s, const struct health *h)
{
	const int64_t n[] = { h->late, h->due, h->open, h->drift, h->parked, h->failed, h->unsure, h->oversold, h->crit, h->warn, h->channels_ok, h->channels,
		              h->quiet_ms / 1000, h->unsure_age_ms / 1000, h->waiting, h->pending, h->untold };
	struct sheet *t = session_sheet(s, true);

	sheet_record(t, "health", COLUMNS(health_columns));
	put_text(t, verdict_name(h->verdict));
	put_int(t, h->verdict);
	put_text(t, health_text(h));
	for (size_t i = 0; i < sizeof n / sizeof *n; i++)
		put_int(t, n[i]);
	sheet_table(t, "findings", COLUMNS(finding_columns));
	for (int i = 0; i < h->n; i++) {
		put_text(t, verdict_name(h->row[i].verdict));
		put_text(t, h->row[i].text);
	}
}

static enum fault print_by_hand(struct session *s)
{
	struct exposed *row;
	int64_t all = 0;
	int n;
	enum fault f = offers_exposed(s->store, BY_HAND, s->a, &row, &n, &all, &s->err);

	for (int i = 0; i < n && !f; i++) {
		char clean[320];

		text_clean(clean, sizeof clean, arena_printf(s->a, "%s %s%s%s", row[i].account_name, row[i].sku, *row[i].marketplace ? " " : "", row[i].marketplace));
		printf("zero by hand: %s shows %" PRId64 ", available %" PRId64 "\n", clean, row[i].shown, row[i].available);
	}
	if (!f && all > n)
		printf("zero by hand: and %" PRId64 " more, which have more to spare\n", all - n);
	return f;
}

static enum fault look(struct session *s, struct health *h)
{
	char holder[160];
	int64_t left;
	enum fault f = store_open(s->set.store, STORE_READ, &s->store, &s->err);

	if (!f)
		f = health_read(s->store, s->set.bundle || lease_holder(s->set.store, holder, sizeof holder), s->now_ms, h, &s->err);
	if (f)
		return f;
	left = look_at_disk(s->set.store, s->set.profile, h);
	if (s->o.shape != SHAPE_TABLE) {
		print_sheet(s, h);
		return OK;
	}
	print_line(s, h, left);
	return h->by_hand ? print_by_hand(s) : OK;
}

/* ---- a child looks, a child tells ---- */

#define NO_ANSWER "no answer within 10 s: is the disk busy?"

/* The verdict is said as soon as it is printed; who is told is another matter. */
static int look_and_tell(int argc, char **argv, int say)
{
	struct session s;
	struct health h;
	unsigned char verdict;
	int status = session_begin(argc, argv, TAKES_NOW | TAKES_PAGE, 0, 0, &s);

	if (status >= 0)
		return status == STATUS_FAILED ? VERDICT_UNKNOWN : status;
	h = health_new(s.a);
	if (look(&s, &h)) {
		printf("TALLYMAN UNKNOWN: %s\n", one_line(&s, s.err.text));
		health_say(&h, VERDICT_UNKNOWN, "%s", s.err.text);
	}
	fflush(stdout);
	verdict = (unsigned char)h.verdict;
	if (s.o.page && write(say, &verdict, 1) == 1)
		page_people(&s, &h, true);
	status = (int)h.verdict;
	session_end(&s, OK);
	return status;
}

/* Nobody could look: that is what is told, by whoever needs nothing of the store. */
static int tell_no_answer(int argc, char **argv)
{
	struct session s;
	struct health h;
	int status = session_begin(argc, argv, TAKES_NOW | TAKES_PAGE, 0, 0, &s);

	if (status >= 0)
		return status;
	h = health_new(s.a);
	health_say(&h, VERDICT_UNKNOWN, "%s", NO_ANSWER);
	page_people(&s, &h, false);
	return session_leave(&s, STATUS_DONE);
}

static int unanswered(int argc, char **argv, bool page)
{
	struct helper h;
	int say;

	puts("TALLYMAN UNKNOWN: " NO_ANSWER);
	if (!page)
		return VERDICT_UNKNOWN;
	if (helper_fork(&h, &say))
		exit(tell_no_answer(argc, argv));
	if (helper_end(&h, PAGE_S * 1000) < 0)
		fputs("tallyman health: nobody was told: the configuration did not answer either, or a hook took too long\n", stderr);
	return VERDICT_UNKNOWN;
}

int cmd_health(int argc, char **argv)
{
	struct helper h;
	struct options o;
	unsigned char verdict = VERDICT_UNKNOWN;
	bool page, said;
	int say, status = options_read(argc, argv, TAKES_SHAPE | TAKES_PAGE, 0, 0, &o);

	if (status >= 0)
		return status;
	page = o.page;
	if (helper_fork(&h, &say))
		exit(look_and_tell(argc, argv, say));
	said = page && helper_hear(&h, &verdict, 1, ANSWER_S * 1000);
	status = helper_end(&h, (said ? PAGE_S : page ? 0 : ANSWER_S) * 1000);
	if (status >= 0)
		return status;
	return said ? verdict : unanswered(argc, argv, page);
}
