/*
 * The quota cockpit: every limit of every account, the scarce ones first, each with what is left, what for, and until when. And one limit,
 * with who spent it.
 */
#include "trade/quota.h"
#include "ui/panes/all.h"
#include "ui/panes/board.h"
#include "ui/panes/trail.h"
#include "ui/panes/words.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SOON_MS = 60 * 1000 };

/* A bucket that fills again within a minute is no news. */
static bool is_scarce(const struct pane *p, const struct budget *q)
{
	return q->view.state == QUOTA_DRY || q->view.state == QUOTA_SHORT || (q->view.state != QUOTA_LASTS && q->view.at_ms > p->now_ms + SOON_MS);
}

static struct word say_quota(const struct pane *p, const struct budget *q)
{
	if (!is_scarce(p, q))
		return q->view.state == QUOTA_LASTS ? (struct word){ ROLE_OK, "ok" } : (struct word){ ROLE_FG, "a moment" };
	switch (q->view.state) {
	case QUOTA_HELD:
		return (struct word){ ROLE_CRIT, "CRIT held" };
	case QUOTA_OUT:
		return (struct word){ ROLE_CRIT, "CRIT out" };
	case QUOTA_SHORT:
		return (struct word){ ROLE_WARN, "WARN short" };
	case QUOTA_DRY:
		return (struct word){ ROLE_WARN, "WARN dry" };
	case QUOTA_LASTS:
	case QUOTA_STATES:
		break;
	}
	return (struct word){ ROLE_OK, "ok" };
}

/* What is left of that part that runs out first: the day where a day is counted. */
static struct bit left_bar(const struct budget *q)
{
	const struct bucket_row *b = &q->bucket;

	return b->daily ? bit_bar(b->daily > b->day_used ? b->daily - b->day_used : 0, b->daily) : bit_bar(q->tokens, b->burst);
}

static const char *left_words(const struct budget *q, struct arena *a)
{
	const struct bucket_row *b = &q->bucket;

	if (b->daily)
		return say_count(a, b->daily > b->day_used ? b->daily - b->day_used : 0);
	return b->rate ? say_count(a, q->tokens) : "-";
}

static const char *forecast(const struct pane *p, const struct budget *q)
{
	return quota_words(q, say_time(p, p->facts, q->view.at_ms), p->facts);
}

static void limit_line(const struct pane *p, struct board_block *b, const struct budget *q)
{
	struct arena *a = p->facts;
	struct word state = say_quota(p, q);
	struct board_line *l = LINE(b, bit(ROLE_VALUE, q->bucket.name), bit(state.role, state.text), left_bar(q), bit(ROLE_FG, left_words(q, a)),
	                            bit(ROLE_FG, say_count(a, q->hour)), bit(ROLE_FG, say_count(a, q->waiting)), bit(ROLE_FG, forecast(p, q)));

	l->open = &pane_limit;
	l->subject = arena_printf(a, "%" PRId64 ":%s", q->bucket.account, q->bucket.name);
	l->key = l->subject;
	l->why = arena_printf(a, "%s on %s. Reserve: %s. Forecast: %s.", q->bucket.name, q->bucket.account_name, quota_reserve_words(q, a), forecast(p, q));
}

static const struct board_column limit_columns[] = {
	{ "limit", 25, 34, 22, ALIGN_LEFT, ROOM_TINY },   { "state", 10, 10, 0, ALIGN_LEFT, ROOM_TINY },
	{ "left", 8, 12, 0, ALIGN_LEFT, ROOM_FULL },      { "", 6, 7, 0, ALIGN_RIGHT, ROOM_COMPACT },
	{ "hour", 5, 6, 0, ALIGN_RIGHT, ROOM_COMPACT },   { "waits", 5, 6, 0, ALIGN_RIGHT, ROOM_FULL },
	{ "forecast", 0, 0, 0, ALIGN_LEFT, ROOM_WIDE },
};

/* In less room there is no column for why it is scarce, and just that is what one came for. */
static const struct board_column scarce_columns[] = {
	{ NULL, 32, 46, 24, ALIGN_LEFT, ROOM_TINY },  { NULL, 10, 10, 0, ALIGN_LEFT, ROOM_TINY }, { NULL, 0, 0, 0, ALIGN_LEFT, ROOM_COMPACT },
};

static int by_need(const struct budget *a, const struct budget *b)
{
	if (a->view.state != b->view.state)
		return a->view.state < b->view.state ? 1 : -1;
	return (a->view.at_ms > b->view.at_ms) - (a->view.at_ms < b->view.at_ms);
}

static int scarce(struct pane *p, const struct budget *q, int n)
{
	struct board_pane *v = p->self;
	struct board_block *b = board_block(&v->board, "Scarce", "Enter: who spent it", scarce_columns, 3);
	const struct budget **row = arena_alloc(p->facts, (size_t)(n + 1) * sizeof *row);
	int k = 0;

	for (int i = 0; i < n; i++) {
		int at = k;

		if (!is_scarce(p, &q[i]))
			continue;
		for (k++; at > 0 && by_need(&q[i], row[at - 1]) < 0; at--)
			row[at] = row[at - 1];
		row[at] = &q[i];
	}
	for (int i = 0; i < k; i++) {
		struct word state = say_quota(p, row[i]);
		struct board_line *l = LINE(b, bit(ROLE_VALUE, arena_printf(p->facts, "%s %s", row[i]->bucket.account_name, row[i]->bucket.name)),
		                            bit(state.role, state.text), bit(ROLE_FG, forecast(p, row[i])));

		l->open = &pane_limit;
		l->subject = arena_printf(p->facts, "%" PRId64 ":%s", row[i]->bucket.account, row[i]->bucket.name);
		l->key = arena_printf(p->facts, "! %s", l->subject);
		l->why = forecast(p, row[i]);
	}
	if (k == 0)
		LINE(b, bit(ROLE_OK, "nothing is scarce"), bit(ROLE_OK, "ok"), bit(ROLE_FG, "every limit lasts at this hour's pace"));
	return k;
}

/* "24 h: order reads 61% increases 30%; people 2%" of all that one account spent; in little room the large shares alone. */
static const char *spenders(const struct pane *p, const struct budget *q, int n)
{
	int64_t least = p->room == ROOM_WIDE ? 1 : 10;
	struct arena *a = p->facts;
	struct buf b = buf_new(a);
	int64_t all = 0, people = 0;

	for (int i = 0; i < n; i++) {
		all += q[i].day;
		people += q[i].people;
	}
	if (!all)
		return "nothing spent in 24 h";
	buf_puts(&b, "24 h:");
	for (int lane = 0; lane < LANES; lane++) {
		int64_t of = 0;

		for (int i = 0; i < n; i++)
			of += q[i].lane[lane];
		if (of * 100 >= all * least)
			buf_printf(&b, " %s %d%%", lane_words((enum lane)lane), (int)(of * 100 / all));
	}
	if (people)
		buf_printf(&b, "; people %d%%", (int)(people * 100 / all));
	return b.p;
}

/* One account's limits; those that nobody ever used are counted, not shown. */
static void account(struct pane *p, struct budget *q, int n)
{
	struct board_pane *v = p->self;
	struct board_block *b;
	int idle = 0;

	if (v->board.n == BOARD_BLOCKS)
		return;
	b = board_block(&v->board, q[0].bucket.account_name, spenders(p, q, n), limit_columns, 7);
	for (int i = 0; i < n; i++) {
		bool used = q[i].bucket.calls || q[i].waiting || q[i].bucket.daily || q[i].view.state != QUOTA_LASTS;

		idle += !used;
		if (used)
			limit_line(p, b, &q[i]);
	}
	if (idle)
		LINE(b, bit(ROLE_MUTED, arena_printf(p->facts, "%d more never used", idle)));
}

static enum fault quota_load(struct pane *p, struct store *s, struct arena *facts, struct err *err)
{
	struct board_pane *v = p->self;
	struct budget *q;
	int n, k;

	v->board = board_new(facts);
	if (quotas(s, 0, p->now_ms, facts, &q, &n, err))
		return err->fault;
	k = scarce(p, q, n);
	for (int i = 0, of; i < n; i += of) {
		for (of = 1; i + of < n && q[i + of].bucket.account == q[i].bucket.account;)
			of++;
		account(p, &q[i], of);
	}
	snprintf(v->strip, sizeof v->strip, "Quota   %d limit%s, %d scarce", n, n == 1 ? "" : "s", k);
	board_settle(&v->board, &v->at);
	return OK;
}

/* ---- one limit ---- */

static void about(struct pane *p, const struct budget *q)
{
	struct board_pane *v = p->self;
	struct arena *a = p->facts;
	const struct bucket_row *k = &q->bucket;
	struct board_block *b = board_block(&v->board, k->name, k->account_name, pair_columns, 2);
	struct word state = say_quota(p, q);

	trail_pair(b, "state", state.role, arena_printf(a, "%s   %s", state.text, forecast(p, q)));
	if (k->rate)
		trail_pair(b, "bucket", ROLE_FG, arena_printf(a, "%s of %s; gains %" PRId64 " in %s, %s an hour", say_count(a, q->tokens), say_count(a, k->burst), k->rate,
		                                              say_span(a, k->window_ms), say_count(a, (int64_t)((__int128)k->rate * 3600000 / k->window_ms))));
	if (k->daily)
		trail_pair(b, "day", ROLE_FG, arena_printf(a, "%s of %s used; begins anew at %s", say_count(a, k->day_used), say_count(a, k->daily), say_time(p, a, k->day_ends_ms)));
	trail_pair(b, "reserve", ROLE_FG, quota_reserve_words(q, a));
	trail_pair(b, "waits", q->waiting ? ROLE_VALUE : ROLE_FG, q->waiting ? arena_printf(a, "%s thing%s to say or ask", say_count(a, q->waiting), q->waiting == 1 ? "" : "s") : "nothing");
	trail_pair(b, "refused", k->throttled ? ROLE_WARN : ROLE_FG, k->throttled ? arena_printf(a, "%s of %s calls since the store began", say_count(a, k->throttled), say_count(a, k->calls)) : "never");
	trail_pair(b, "used by", ROLE_FG, *k->verbs ? k->verbs : "not told yet");
}

static void spent(struct pane *p, const struct budget *q)
{
	static const struct board_column column[] = {
		{ "in 24 hours", 18, 22, 16, ALIGN_LEFT, ROOM_TINY }, { "tokens", 8, 9, 0, ALIGN_RIGHT, ROOM_TINY },
		{ "", 5, 5, 0, ALIGN_RIGHT, ROOM_TINY },              { "", 0, 40, 0, ALIGN_LEFT, ROOM_COMPACT },
	};
	struct board_pane *v = p->self;
	struct arena *a = p->facts;
	struct board_block *b = board_block(&v->board, "Spent by", NULL, column, 4);

	for (int lane = 0; lane < LANES; lane++)
		if (q->lane[lane])
			LINE(b, bit(ROLE_FG, lane_words((enum lane)lane)), bit(ROLE_VALUE, say_count(a, q->lane[lane])),
			     bit(ROLE_FG, arena_printf(a, "%d%%", (int)(q->lane[lane] * 100 / q->day))), bit_bar(q->lane[lane], q->day));
	if (q->day) {
		LINE(b, bit(ROLE_KEY, "by a person"), bit(ROLE_VALUE, say_count(a, q->people)), bit(ROLE_FG, arena_printf(a, "%d%%", (int)(q->people * 100 / q->day))),
		     bit_bar(q->people, q->day));
		LINE(b, bit(ROLE_KEY, "hour by hour"), bit(ROLE_VALUE, say_count(a, q->day)), bit(ROLE_FG, ""), bit_spark(q->by_hour, QUOTA_HOURS));
	} else {
		LINE(b, bit(ROLE_MUTED, "nothing"));
	}
	LINE(b, bit(ROLE_KEY, "last 60 minutes"), bit(ROLE_VALUE, say_count(a, q->hour)));
}

static enum fault limit_load(struct pane *p, struct store *s, struct arena *facts, struct err *err)
{
	struct board_pane *v = p->self;
	const char *colon = strchr(p->subject, ':');
	const struct budget *found = NULL;
	struct board_line *calls;
	struct budget *q;
	int n;

	v->board = board_new(facts);
	if (quotas(s, 0, p->now_ms, facts, &q, &n, err))
		return err->fault;
	for (int i = 0; i < n && colon; i++)
		if (!strcmp(q[i].bucket.name, colon + 1) && strtoll(p->subject, NULL, 10) == q[i].bucket.account)
			found = &q[i];
	if (!found)
		return err_set(err, FAULT_REFUSED, "there is no limit %s", p->subject);
	about(p, found);
	calls = trail_pair(&v->board.block[0], "calls", ROLE_FG, "Enter: the account's last ones");
	calls->open = &pane_channel;
	calls->subject = arena_printf(facts, "%" PRId64, found->bucket.account);
	spent(p, found);
	snprintf(v->strip, sizeof v->strip, "Quota > %s %s", found->bucket.account_name, found->bucket.name);
	board_settle(&v->board, &v->at);
	return OK;
}

const struct pane_type pane_quota = {
	.name = "quota",
	.says = "what each platform still lets us say, who spends it, until when it lasts",
	.help = "Every limit of every account. First what is scarce: held (they said not before), out (only the reserve is left), short (what waits needs more than "
	        "is left of the day), dry (at this hour's pace it ends before it is filled again). The reserve is for decreases and zeros. Enter shows who spent it.",
	.where = WHERE_DETAILS | WHERE_PANES,
	.size = sizeof(struct board_pane),
	.keys = (const enum act[]){ ACT_OPEN, ACT_EXPLAIN, ACT_NEXT_PANE, ACT_FIND, ACT_COPY, ACT_REFRESH, ACT_NONE },
	.load = quota_load,
	BOARD_PANE,
};

const struct pane_type pane_limit = {
	.name = "limit",
	.help = "One limit of one account: what is left, what of it is kept for decreases and zeros, what waits for it, and who spent it in the last 24 hours.",
	.where = WHERE_DETAILS,
	.size = sizeof(struct board_pane),
	.keys = (const enum act[]){ ACT_OPEN, ACT_COPY, ACT_REFRESH, ACT_NONE },
	.load = limit_load,
	BOARD_PANE,
};
