/*
 * The first screen: what is late, what drifts, what failed, what shouts, and how each channel is.
 * Every block leads to the screen that has the whole of it.
 */
#include "trade/accounts.h"
#include "trade/incidents.h"
#include "trade/inbox.h"
#include "trade/views.h"
#include "ui/panes/all.h"
#include "ui/panes/board.h"
#include "ui/panes/incident_look.h"
#include "ui/panes/limits.h"
#include "ui/panes/peaks.h"
#include "ui/panes/since.h"
#include "ui/panes/wishes.h"
#include "ui/panes/words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { GROUPS = 2, GROUPS_WIDE = 8, ALERTS = 4, ALERTS_WIDE = 10, FAILURES = 100 };

struct overview_pane {
	struct board_pane base; /* first */
	int64_t per_hour[24];
	struct since_cursor since;
};

static const struct board_column figure[] = {
	{ NULL, 8, 14, 0, ALIGN_LEFT, ROOM_TINY },  /* what */
	{ NULL, 4, 7, 0, ALIGN_RIGHT, ROOM_TINY }, /* how many */
	{ NULL, 4, 4, 0, ALIGN_LEFT, ROOM_TINY },  /* how bad */
	{ NULL, 0, 0, 0, ALIGN_LEFT, ROOM_TINY },  /* which */
};

/* A block of the upper part: a line is a row, and two stand side by side from 80 columns on. */
static struct board_block *half_block(struct board *b, const char *title, const char *remark, const struct board_column *column, int columns)
{
	struct board_block *block = board_block(b, title, remark, column, columns);

	block->half = block->clip = true;
	block->beside = ROOM_FULL;
	return block;
}

/* In four cells, whatever it is: "1,4~" is no number. */
static struct bit count_bit(struct arena *a, int64_t n)
{
	return bit(ROLE_VALUE, n < 10000 ? say_units(a, n) : arena_printf(a, "%" PRId64 "k", n / 1000));
}

static struct bit verdict(int64_t n, enum role role)
{
	return n == 0 ? bit(ROLE_OK, "ok") : bit(role, role == ROLE_CRIT ? "CRIT" : "WARN");
}

static void orders_block(struct pane *p, const struct overview *o)
{
	struct overview_pane *v = p->self;
	struct arena *a = p->facts;
	struct board_block *b = half_block(&v->base.board, "Orders to ship", "2", figure, 4);
	const char *late = o->late ? arena_printf(a, "%s %s", o->oldest_late, say_age(p, a, o->oldest_late_ms)) : "";
	const char *next = o->next_due_ms ? arena_printf(a, "%s %s", say_time(p, a, o->next_due_ms), o->next_due) : "";

	b->open = &pane_orders;
	LINE(b, bit(ROLE_FG, "late"), count_bit(a, o->late), verdict(o->late, ROLE_CRIT), bit(ROLE_FG, late))->why =
		"Open orders whose next deadline that costs something (acknowledge, ship, before the channel cancels) is past. "
		"The engine counts them anew each minute; /late in 2 Orders lists them.";
	LINE(b, bit(ROLE_FG, "due < 4h"), count_bit(a, o->due), verdict(o->due, ROLE_WARN), bit(ROLE_FG, next))->why =
		"Open orders whose next deadline is within four hours. The engine counts them anew each minute; /due in 2 Orders lists them.";
	LINE(b, bit(ROLE_FG, "new"), count_bit(a, o->fresh), bit(ROLE_FG, ""), bit(ROLE_FG, "to acknowledge"))->why =
		"Open orders that were not acknowledged yet, on channels that want to hear it; /new in 2 Orders lists them.";
	LINE(b, bit(ROLE_FG, "queue"), count_bit(a, o->open), bit(ROLE_FG, ""), bit_spark(v->per_hour, 24))->why =
		"All open orders, counted as they come and go. The bars are the orders placed in each of the last 24 hours, now on the right.";
}

static void drift_block(struct pane *p, const struct overview *o)
{
	struct overview_pane *v = p->self;
	struct arena *a = p->facts;
	struct board_block *b = half_block(&v->base.board, "Inventory drift", "3", figure, 4);
	const char *worst = !o->oversold ? "" : *o->awaits ? arena_printf(a, "unheard: %s", o->awaits) : arena_printf(a, "%s avail %lld", o->worst_sku, (long long)o->worst_available);

	b->open = &pane_drift;
	LINE(b, bit(ROLE_FG, "oversold"), count_bit(a, o->oversold), verdict(o->oversold, *o->awaits ? ROLE_WARN : ROLE_CRIT), bit(ROLE_FG, worst))->why =
		"Items of which more is owed than was counted: available = counted at the places that count - units of open orders. "
		"Before every source has told of its stock once this is a warning only. "
		"x on a row of 3 Drift shows the equation with its replies.";
	LINE(b, bit(ROLE_FG, "drift"), count_bit(a, o->drift), verdict(o->drift, ROLE_WARN), bit(ROLE_FG, "not what we said"))->why =
		"Offers that show something else than we last confirmed, outside the time a channel takes to settle. Enter lists them.";
}

/* ---- failures, by class and account ---- */

struct group {
	const struct failure *first; /* the newest of them */
	int64_t n;
};

static int failures_group(const struct failure *f, int n, struct group *out, int most)
{
	int groups = 0;

	for (int i = 0; i < n; i++) {
		int g = 0;

		while (g < groups && (strcmp(out[g].first->class, f[i].class) || strcmp(out[g].first->account_name, f[i].account_name)))
			g++;
		if (g == most)
			continue;
		if (g == groups)
			out[groups++] = (struct group){ .first = &f[i] };
		out[g].n++;
	}
	return groups;
}

static enum fault failed_block(struct pane *p, struct store *s, const struct overview *o, struct err *err)
{
	struct overview_pane *v = p->self;
	struct board_block *b = half_block(&v->base.board, "Failed", "5", figure, 4);
	struct group group[GROUPS_WIDE];
	struct failure *f;
	int n;

	if (failures_page(s, NULL, FAILURES, p->facts, &f, &n, err))
		return err->fault;
	b->open = &pane_failed;
	LINE(b, bit(ROLE_FG, "parked"), count_bit(p->facts, o->parked), verdict(o->parked, ROLE_WARN), bit(ROLE_FG, "not understood"))->why =
		"Pieces of replies that we did not understand: each is kept raw with its place in the reply until it is understood or archived.";
	LINE(b, bit(ROLE_FG, "refused"), count_bit(p->facts, o->failed), verdict(o->failed, ROLE_CRIT),
	     bit(ROLE_FG, o->unsure ? arena_printf(p->facts, "%s without answer", say_count(p->facts, o->unsure)) : "they said no"));
	n = failures_group(f, n, group, p->room == ROOM_WIDE ? GROUPS_WIDE : GROUPS);
	for (int i = 0; i < n; i++) {
		const char *times = arena_printf(p->facts, "x%lld", (long long)group[i].n);

		LINE(b, bit(role_of_fault(group[i].first->class), group[i].first->class), bit(ROLE_VALUE, times), bit(ROLE_FG, ""),
		     bit(ROLE_FG, arena_printf(p->facts, "%s  %s", group[i].first->account_name, group[i].first->text)));
	}
	return OK;
}

static enum fault alerts_block(struct pane *p, struct store *s, struct err *err)
{
	static const struct board_column column[] = {
		{ NULL, 4, 4, 0, ALIGN_LEFT, ROOM_TINY },
		{ NULL, 6, 6, 0, ALIGN_LEFT, ROOM_TINY },
		{ NULL, 10, 10, 0, ALIGN_LEFT, ROOM_WIDE },
		{ NULL, 0, 0, 0, ALIGN_LEFT, ROOM_TINY },
	};
	struct overview_pane *v = p->self;
	struct board_block *b = half_block(&v->base.board, "Alerts", "7", column, 4);
	struct incident *alert;
	int n;

	if (incidents_page(s, false, p->now_ms, p->room == ROOM_WIDE ? ALERTS_WIDE : ALERTS, p->facts, &alert, &n, err))
		return err->fault;
	for (int i = 0; i < n; i++) {
		const struct incident *al = &alert[i];
		const char *whose = al->acked_ms ? arena_printf(p->facts, "  (%s)", say_incident(al, p->facts).text) : "";
		struct board_line *l = LINE(b, bit(role_of_severity(al->severity), al->severity),
		                            bit(ROLE_FG, arena_printf(p->facts, "I-%lld", (long long)al->id)),
		                            bit(ROLE_FG, say_time(p, p->facts, al->opened_ms)),
		                            bit(ROLE_FG, arena_printf(p->facts, "%s%s", say_whose(p->facts, al->account_name, al->text), whose)));

		l->key = arena_printf(p->facts, "incident:%lld", (long long)al->id);
		l->subject = l->key;
		l->open = &pane_incident;
	}
	if (n == 0)
		LINE(b, bit(ROLE_OK, "ok"), bit(ROLE_FG, ""), bit(ROLE_FG, ""), bit(ROLE_FG, "nothing shouts"));
	return OK;
}

/* ---- channels ---- */

static enum fault channels_block(struct pane *p, struct store *s, struct err *err)
{
	static const struct board_column column[] = {
		{ "channel", 13, 16, 0, ALIGN_LEFT, ROOM_TINY },   { "state", 9, 12, 0, ALIGN_LEFT, ROOM_TINY },
		{ "last ok", 7, 8, 0, ALIGN_RIGHT, ROOM_TINY },    { "orders to", 10, 13, 0, ALIGN_RIGHT, ROOM_FULL },
		{ "budget", 10, 16, 0, ALIGN_LEFT, ROOM_COMPACT }, { "", 4, 4, 0, ALIGN_RIGHT, ROOM_COMPACT },
		{ "breaker", 0, 0, 0, ALIGN_LEFT, ROOM_COMPACT },
	};
	struct overview_pane *v = p->self;
	struct arena *a = p->facts;
	struct board_block *b;
	struct limits limits;
	const char *events;

	if (limits_read(s, a, &limits, err) || say_events(p, s, a, &events, err))
		return err->fault;
	b = board_block(&v->base.board, "Channels", *events ? arena_printf(a, "%s   8", events) : "8", column, 7);
	b->beside = ROOM_FULL;
	b->clip = true;
	b->open = &pane_engine;
	for (int i = 0; i < limits.accounts; i++) {
		const struct account_row *row = &limits.account[i];
		struct word state = say_account(row);
		struct share left = limits_worst(&limits, row->id, p->now_ms);
		struct word breaker = limits_breaker(&limits, row->id);
		struct board_line *l = LINE(b, bit(ROLE_FG, row->name), bit(state.role, state.text), bit(ROLE_FG, say_age(p, a, row->ok_ms)),
		                            bit(ROLE_FG, say_time(p, a, row->heard_ms)), bit_bar(left.part, left.whole),
		                            bit(ROLE_FG, say_share(a, left)),
		                            bit(breaker.role, arena_printf(a, "%s%s", breaker.text, strcmp(row->mode, "live") ? "  shadow" : "")));

		l->open = &pane_channel;
		l->subject = arena_printf(a, "%lld", (long long)row->id);
	}
	if (limits.accounts == 0)
		LINE(b, bit(ROLE_MUTED, "no account yet"));
	return OK;
}

static enum fault overview_load(struct pane *p, struct store *s, struct arena *facts, struct err *err)
{
	struct overview_pane *v = p->self;
	struct overview o;

	v->base.board = board_new(facts);
	if (overview_read(s, p->now_ms, facts, &o, err))
		return err->fault;
	memcpy(v->per_hour, o.per_hour, sizeof v->per_hour);
	orders_block(p, &o);
	drift_block(p, &o);
	if (failed_block(p, s, &o, err) || alerts_block(p, s, err) || channels_block(p, s, err) || since_block(p, s, &v->base.board, &v->since, err))
		return err->fault;
	board_settle(&v->base.board, &v->base.at);
	return OK;
}

static void overview_strip(const struct pane *p, struct strip *strip)
{
	struct overview_pane *v = p->self;
	const struct board *b = &v->base.board;

	if (b->n > 0)
		snprintf(v->base.strip, sizeof v->base.strip, "pane [%s] %d of %d", b->block[v->base.at.block].title, v->base.at.block + 1, b->n);
	board_pane_strip(p, strip);
}

static bool overview_act(struct pane *p, enum act act, struct wish *wish)
{
	struct overview_pane *v = p->self;
	const struct board_line *l = board_at(&v->base.board, &v->base.at);
	int64_t id;

	if (act != ACT_ACK_ALERT)
		return board_pane_act(p, act, wish);
	if (l && l->subject && subject_id(l->subject, "incident", &id)) {
		if (v->base.at.missed)
			wish_say(wish, LEVEL_WARN, "the alert is gone or another: look again");
		else
			wish_ack_alert(wish, id);
	} else
		wish_say(wish, LEVEL_INFO, "go to an alert first: Tab, then j k");
	return true;
}

static void overview_close(struct pane *p)
{
	struct overview_pane *v = p->self;

	since_forget(&v->since);
}

const struct pane_type pane_overview = {
	.name = "overview",
	.help = "What is late, what drifts, what failed, what shouts, and how each channel is. Tab goes from pane to pane, Enter opens the "
	        "screen that has the whole of it.",
	.where = WHERE_OVERVIEW | WHERE_PANES,
	.size = sizeof(struct overview_pane),
	.keys = (const enum act[]){ ACT_NEXT_PANE, ACT_OPEN, ACT_ACK_ALERT, ACT_PAUSE, ACT_REFRESH, ACT_NONE },
	.load = overview_load,
	.close = overview_close,
	.draw = board_pane_draw,
	.act = overview_act,
	.strip = overview_strip,
	.answer = board_pane_answer,
	.save = board_pane_save,
	.restore = board_pane_restore,
};
