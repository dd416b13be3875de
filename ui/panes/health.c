/*
 * What `tallyman health` says, finding by finding; each account with whose access it is; what shadow accounts would have said; which secrets end when; and who
 * sits here.
 */
#include "trade/health.h"

#include "trade/logins.h"
#include "trade/person.h"
#include "trade/portals.h"
#include "trade/rehearse.h"
#include "trade/scores.h"
#include "trade/secrets.h"
#include "ui/panes/all.h"
#include "ui/panes/board.h"
#include "ui/panes/words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { LOGINS = 40, SOON_DAYS = 30 };

#define MONTH_MS INT64_C(2592000000)

struct health_pane {
	struct board_pane base; /* first */
};

static enum role role_of_verdict(enum verdict v)
{
	static const enum role roles[VERDICTS] = { ROLE_OK, ROLE_WARN, ROLE_CRIT, ROLE_WARN };

	return roles[v];
}

/* Worst first, as monitoring has them. The lock is not looked at: the engine's beat tells the same within a minute. */
static enum fault findings_block(struct pane *p, struct store *s, struct err *err)
{
	static const struct board_column column[] = { { NULL, 9, 9, 5, ALIGN_LEFT, ROOM_TINY }, { NULL, 0, 0, 0, ALIGN_LEFT, ROOM_TINY } };
	struct health_pane *v = p->self;
	struct health h = health_new(p->facts);
	struct board_block *b;

	if (health_read(s, true, p->now_ms, &h, err))
		return err->fault;
	b = board_block(&v->base.board, arena_printf(p->facts, "Verdict: %s", verdict_name(h.verdict)), "tallyman health, for monitoring", column, 2);
	for (int verdict = VERDICTS - 1; verdict >= 0; verdict--)
		for (int i = 0; i < h.n; i++)
			if ((int)h.row[i].verdict == verdict)
				LINE(b, bit(role_of_verdict(h.row[i].verdict), verdict_name(h.row[i].verdict)), bit(ROLE_FG, h.row[i].text));
	if (!h.n)
		LINE(b, bit(ROLE_OK, "ok"), bit(ROLE_FG, "all is well"));
	snprintf(v->base.strip, sizeof v->base.strip, "Health   %s", verdict_name(h.verdict));
	return OK;
}

static enum fault accounts_block(struct pane *p, const struct account_row *row, int n)
{
	static const struct board_column column[] = {
		{ "account", 13, 18, 12, ALIGN_LEFT, ROOM_TINY }, { "state", 9, 12, 9, ALIGN_LEFT, ROOM_TINY }, { "mode", 7, 8, 7, ALIGN_LEFT, ROOM_TINY }, { "access", 9, 10, 0, ALIGN_LEFT, ROOM_COMPACT },
		{ "last ok", 7, 8, 0, ALIGN_RIGHT, ROOM_COMPACT }, { "orders to", 10, 12, 0, ALIGN_RIGHT, ROOM_FULL }, { "", 0, 0, 0, ALIGN_LEFT, ROOM_WIDE },
	};
	struct health_pane *v = p->self;
	struct board_block *b = board_block(&v->base.board, "Accounts", "access: the seller's own, or a provider's for him", column, 7);

	b->clip = true;
	for (int i = 0; i < n; i++) {
		struct word state = say_account(&row[i]);
		struct board_line *l = LINE(b, bit(ROLE_FG, row[i].name), bit(state.role, state.text), bit(strcmp(row[i].mode, "live") ? ROLE_WARN : ROLE_FG, row[i].mode), bit(ROLE_FG, row[i].kind),
		                            bit(ROLE_FG, say_age(p, p->facts, row[i].ok_ms)), bit(ROLE_FG, say_time(p, p->facts, row[i].heard_ms)), bit(ROLE_MUTED, row[i].state_text));

		l->open = &pane_channel;
		l->subject = arena_printf(p->facts, "%" PRId64, row[i].id);
	}
	if (!n)
		LINE(b, bit(ROLE_MUTED, "no account yet"));
	return OK;
}

static enum fault shadow_block(struct pane *p, struct store *s, const struct account_row *row, int n, struct err *err)
{
	static const struct board_column column[] = {
		{ "account", 13, 18, 12, ALIGN_LEFT, ROOM_TINY }, { "would send", 10, 12, 10, ALIGN_RIGHT, ROOM_TINY }, { "since", 12, 14, 0, ALIGN_RIGHT, ROOM_COMPACT }, { "sent", 5, 6, 5, ALIGN_RIGHT, ROOM_TINY },
		{ "", 0, 0, 0, ALIGN_LEFT, ROOM_FULL },
	};
	struct health_pane *v = p->self;
	struct arena *a = p->facts;
	struct board_block *b = board_block(&v->base.board, "Shadow mode", "Enter: what looks wrong", column, 5);

	for (int i = 0; i < n; i++) {
		struct rehearsed_all all = { 0 };
		struct board_line *l;
		bool sells;

		if (!row[i].enabled || !strcmp(row[i].mode, "live"))
			continue;
		if (rehearse_writes(s, row[i].id, &all, &sells, err))
			return err->fault;
		if (!sells)
			continue;
		l = LINE(b, bit(ROLE_FG, row[i].name), bit(ROLE_VALUE, say_count(a, all.writes)), bit(ROLE_FG, say_time(p, a, all.since_ms)), bit(all.sent ? ROLE_CRIT : ROLE_OK, say_count(a, all.sent)),
		         bit(ROLE_FG, ""));
		l->open = &pane_rehearse;
		l->subject = arena_printf(a, "account:%" PRId64, row[i].id);
	}
	if (!b->n)
		LINE(b, bit(ROLE_MUTED, "none"), bit(ROLE_FG, ""), bit(ROLE_FG, ""), bit(ROLE_FG, ""), bit(ROLE_MUTED, "no account with offers is in shadow mode"));
	return OK;
}

/* ---- what platforms hold a seller to ---- */

static enum role role_of_score(const char *verdict)
{
	return !strcmp(verdict, "CRIT") ? ROLE_CRIT : !strcmp(verdict, "WARN") || !strcmp(verdict, "below") ? ROLE_WARN : !strcmp(verdict, "ok") ? ROLE_OK : ROLE_MUTED;
}

/* Hundredths of a percent: "2.50 %". */
static const char *percent(struct arena *a, int64_t n)
{
	return arena_printf(a, "%" PRId64 ".%02d%%", n / 100, (int)(n % 100));
}

static const char *say_room(const struct score *x, struct arena *a)
{
	int64_t room = score_room(x);

	if (!x->ours)
		return "only they know it: look there";
	if (x->badge)
		return arena_printf(a, "%s orders%s", say_count(a, x->part), x->cut ? " at least" : "");
	return !x->whole ? "nothing to count" : room < 0 ? "over it" : arena_printf(a, "%s more", say_count(a, room));
}

static void score_line(struct pane *p, struct board_block *b, const struct score *x)
{
	struct arena *a = p->facts;
	const char *verdict = score_verdict(x), *limit = x->badge ? x->target ? arena_printf(a, ">=%s", say_count(a, x->target)) : "-" : arena_printf(a, "%s%s", x->higher ? ">=" : "<=", percent(a, x->target));
	struct board_line *l = LINE(b, bit(ROLE_FG, x->account_name), bit(ROLE_FG, arena_printf(a, "%s, %d d", x->name, x->days)),
	                            bit(ROLE_VALUE, x->ours && !x->badge && x->whole ? percent(a, score_rate(x)) : "-"), bit(ROLE_FG, limit), bit(role_of_score(verdict), verdict),
	                            bit(x->ours ? ROLE_FG : ROLE_MUTED, say_room(x, a)));

	l->key = arena_printf(a, "score %s %s %d", x->account_name, x->name, x->days);
	l->open = x->ours ? &pane_channel : NULL;
	l->subject = arena_printf(a, "%" PRId64, x->account);
	l->why = x->ours ? arena_printf(a, "%" PRId64 " of %" PRId64 " orders of the last %d days, by our own books: an early word, theirs is what counts. Late is what left, or did not, after the day on "
	                                   "which it was to leave; cancelled is cancelled by whomever. Room: how many more may go wrong before the limit.%s",
	                                x->part, x->whole, x->days, x->cut ? " Only the newest 20,000 orders were looked at." : "")
	                 : arena_printf(a, "They reckon it from what we do not hear (scans, reviews, messages, cases), and tallyman does not ask for it yet. It stands in %s.", portal_of(a, x->channel).name);
}

static enum fault scores_block(struct pane *p, struct store *s, struct err *err)
{
	static const struct board_column column[] = {
		{ "account", 13, 18, 12, ALIGN_LEFT, ROOM_TINY }, { "score, window", 22, 32, 14, ALIGN_LEFT, ROOM_TINY }, { "ours", 7, 8, 0, ALIGN_RIGHT, ROOM_COMPACT },
		{ "limit", 9, 9, 0, ALIGN_RIGHT, ROOM_COMPACT }, { "state", 7, 8, 0, ALIGN_LEFT, ROOM_TINY }, { "room", 0, 0, 0, ALIGN_LEFT, ROOM_FULL },
	};
	struct health_pane *v = p->self;
	struct board_block *b = board_block(&v->base.board, "Scores, by our own books", "theirs: not known here, x says where", column, 6);
	struct score *x;
	int n;

	if (scores_read(s, p->now_ms, p->facts, &x, &n, err))
		return err->fault;
	b->clip = true;
	for (int pass = 0; pass < 2; pass++) /* what we know first */
		for (int i = 0; i < n; i++)
			if (x[i].ours == (pass == 0) && (x[i].ours || !x[i].badge))
				score_line(p, b, &x[i]);
	if (!b->n)
		LINE(b, bit(ROLE_MUTED, "none"), bit(ROLE_MUTED, "no account sells"));
	return OK;
}

/* ---- secrets ---- */

static struct word say_end(const struct pane *p, const struct secret *row)
{
	int64_t left = secret_days_left(row, p->now_ms);

	if (!row->expires_ms)
		return (struct word){ ROLE_MUTED, "no end is known" };
	return (struct word){ left < 1 ? ROLE_CRIT : left <= SOON_DAYS ? ROLE_WARN : ROLE_FG, left < 0 ? "CRIT ended" : arena_printf(p->facts, "%s%" PRId64 " days", left < 1 ? "CRIT " : left <= SOON_DAYS ? "WARN " : "", left) };
}

static const char *say_before(const struct pane *p, const struct secret *row)
{
	if (!*row->old)
		return row->assumed ? "its end is assumed from first use" : "";
	return row->old_until_ms ? arena_printf(p->facts, "%s until %s", row->old, say_time(p, p->facts, row->old_until_ms)) : arena_printf(p->facts, "%s until it is retired", row->old);
}

static enum fault secrets_block(struct pane *p, struct store *s, struct err *err)
{
	static const struct board_column column[] = {
		{ "account", 13, 18, 12, ALIGN_LEFT, ROOM_TINY }, { "secret", 15, 16, 0, ALIGN_LEFT, ROOM_COMPACT }, { "ends in", 15, 15, 12, ALIGN_LEFT, ROOM_TINY }, { "fingerprint", 12, 12, 0, ALIGN_LEFT, ROOM_FULL },
		{ "in use since", 12, 12, 0, ALIGN_LEFT, ROOM_FULL }, { "and the one before", 0, 0, 0, ALIGN_LEFT, ROOM_WIDE },
	};
	struct health_pane *v = p->self;
	struct board_block *b = board_block(&v->base.board, "Secrets", "the calendar; tallyman vault rotate", column, 6);
	struct secret *row;
	int n;

	if (secrets_all(s, p->facts, &row, &n, err))
		return err->fault;
	b->clip = true;
	for (int i = 0; i < n; i++) {
		struct word end = say_end(p, &row[i]);
		struct board_line *l = LINE(b, bit(ROLE_FG, row[i].account_name), bit(ROLE_FG, row[i].key), bit(end.role, end.text), bit(ROLE_MUTED, row[i].fingerprint),
		                            bit(ROLE_FG, say_time(p, p->facts, row[i].since_ms)), bit(ROLE_FG, say_before(p, &row[i])));

		l->key = arena_printf(p->facts, "%s %s", row[i].account_name, row[i].key);
		if (row[i].assumed)
			l->why = arena_printf(p->facts, "Nobody said when it was made: its end is assumed from its first use here. %s_made = DAY in the account's section says it.", row[i].key);
	}
	if (!n)
		LINE(b, bit(ROLE_MUTED, "none yet"));
	return OK;
}

/* ---- people: those who sit here, and those who bought ---- */

static enum fault people_block(struct pane *p, struct store *s, struct err *err)
{
	static const struct board_column column[] = {
		{ "who", 13, 18, 12, ALIGN_LEFT, ROOM_TINY }, { "last", 10, 12, 0, ALIGN_LEFT, ROOM_COMPACT }, { "times", 5, 6, 5, ALIGN_RIGHT, ROOM_TINY }, { "places", 6, 7, 0, ALIGN_RIGHT, ROOM_COMPACT },
		{ "", 0, 0, 0, ALIGN_LEFT, ROOM_TINY },
	};
	struct health_pane *v = p->self;
	struct board_block *b = board_block(&v->base.board, "Who sat here in a month", "a login is one person's", column, 5);
	struct login *l;
	int n;

	if (logins_since(s, p->now_ms - MONTH_MS, LOGINS, p->facts, &l, &n, err))
		return err->fault;
	for (int i = 0; i < n; i++)
		LINE(b, bit(ROLE_FG, l[i].name), bit(ROLE_FG, say_time(p, p->facts, l[i].last_ms)), bit(ROLE_FG, say_count(p->facts, l[i].times)), bit(ROLE_FG, say_count(p->facts, l[i].places)),
		     bit(l[i].shared ? ROLE_WARN : ROLE_OK, l[i].shared ? "WARN several may share it: who did what cannot be known" : "ok"))->key = l[i].actor;
	if (!n)
		LINE(b, bit(ROLE_MUTED, "nobody"));
	return OK;
}

static enum fault buyers_block(struct pane *p, struct store *s, struct err *err)
{
	static const struct board_column column[] = { { NULL, 22, 26, 0, ALIGN_LEFT, ROOM_TINY }, { NULL, 0, 0, 0, ALIGN_LEFT, ROOM_TINY } };
	struct health_pane *v = p->self;
	struct arena *a = p->facts;
	struct board_block *b = board_block(&v->base.board, "Buyers' data", "sealed; V on an order shows it for 60 s", column, 2);
	struct people_kept kept;

	if (people_kept(s, p->now_ms, &kept, err))
		return err->fault;
	LINE(b, bit(ROLE_FG, "kept, sealed"), bit(ROLE_VALUE, say_count(a, kept.sealed)))->why = "Buyers of which name and address are known still: sealed with the key of the day on which they are to be gone.";
	LINE(b, bit(ROLE_FG, "the next goes"), bit(ROLE_FG, kept.next_ms ? say_time(p, a, kept.next_ms) : "-"))->why = "Thirty days after delivery, or after the day on which it was to be delivered.";
	LINE(b, bit(kept.late ? ROLE_WARN : ROLE_FG, "kept too long"), bit(kept.late ? ROLE_WARN : ROLE_OK, kept.late ? arena_printf(a, "WARN %s", say_count(a, kept.late)) : "ok none"));
	return OK;
}

static enum fault health_load(struct pane *p, struct store *s, struct arena *facts, struct err *err)
{
	struct health_pane *v = p->self;
	struct account_row *row;
	int n;

	v->base.board = board_new(facts);
	if (accounts_all(s, facts, &row, &n, err) || findings_block(p, s, err) || accounts_block(p, row, n) || shadow_block(p, s, row, n, err) || scores_block(p, s, err) || secrets_block(p, s, err) ||
	    people_block(p, s, err) || buyers_block(p, s, err))
		return err->fault;
	board_settle(&v->base.board, &v->base.at);
	return OK;
}

const struct pane_type pane_health = {
	.name = "health",
	.help = "What monitoring is told, finding by finding; whose access each account has and whether it may write; what shadow accounts would have said; which secret ends when; who sat here, "
	        "and whether a login is one that several share; how each account does by our own books beside what its platform holds a seller to (what only the platform knows stands in its portal); and how long buyers' data is kept.",
	.where = WHERE_HEALTH | WHERE_PANES,
	.size = sizeof(struct health_pane),
	.keys = (const enum act[]){ ACT_OPEN, ACT_EXPLAIN, ACT_NEXT_PANE, ACT_THRESHOLDS, ACT_FIND, ACT_COPY, ACT_REFRESH, ACT_NONE },
	.load = health_load,
	BOARD_PANE,
};
