/*
 * Channels, their budgets and breakers, the engine itself, and the last calls. Everything here leads to a call, and a
 * call to its bytes.
 */
#include "trade/feeds.h"
#include "trade/jobs.h"
#include "trade/latency.h"
#include "ui/panes/all.h"
#include "ui/panes/board.h"
#include "ui/panes/limits.h"
#include "ui/panes/peaks.h"
#include "ui/panes/trail.h"
#include "ui/panes/wishes.h"
#include "ui/panes/words.h"

#include <stdio.h>
#include <string.h>

enum { CALLS = 8, CALLS_OF_ONE = 200, BEAT_LATE_MS = 30 * 1000, SENDING_DAYS = 7, FEEDS = 16 };

/* Both panes of this file. */
struct engine_pane {
	struct board_pane base; /* first */
	char noted[96];         /* what a note is being written on; it outlives loads */
};

static const struct board_column call_columns[] = {
	{ NULL, 13, 15, 0, ALIGN_LEFT, ROOM_TINY },    { NULL, 12, 14, 0, ALIGN_LEFT, ROOM_FULL }, { NULL, 22, 26, 0, ALIGN_LEFT, ROOM_TINY },
	{ NULL, 4, 4, 0, ALIGN_RIGHT, ROOM_COMPACT }, { NULL, 7, 8, 0, ALIGN_RIGHT, ROOM_FULL },  { NULL, 0, 0, 0, ALIGN_LEFT, ROOM_COMPACT },
};

static enum fault calls_block(struct pane *p, struct store *s, int64_t account, int most, struct err *err)
{
	struct board_pane *v = p->self;
	struct arena *a = p->facts;
	struct board_block *b = board_block(&v->board, "Last calls", "Enter: one of them; secrets are never stored", call_columns, 6);
	struct attempt *t;
	int n;

	if (attempts_last(s, account, 0, most, a, &t, &n, err))
		return err->fault;
	for (int i = 0; i < n; i++) {
		enum role role = role_of_fault(t[i].fault);
		struct board_line *l = LINE(b, bit(ROLE_FG, say_clock(p, a, t[i].opened_ms)), bit(ROLE_FG, t[i].account_name), bit(ROLE_VALUE, t[i].op),
		                            bit(role, t[i].status ? arena_printf(a, "%lld", (long long)t[i].status) : "-"),
		                            bit(ROLE_FG, t[i].closed_ms ? say_span(a, t[i].closed_ms - t[i].opened_ms) : "..."),
		                            bit(role, arena_printf(a, "%s%s%s", t[i].fault, *t[i].fault ? " " : "", t[i].text)));

		l->key = arena_printf(a, "%lld", (long long)t[i].id);
		trail_lead(l, a, t[i].id);
	}
	if (n == 0)
		LINE(b, bit(ROLE_MUTED, ""), bit(ROLE_MUTED, ""), bit(ROLE_MUTED, "no call yet"));
	return OK;
}

static void channels_block(struct pane *p, const struct limits *limits)
{
	static const struct board_column column[] = {
		{ "channel", 13, 16, 0, ALIGN_LEFT, ROOM_TINY },     { "state", 9, 12, 0, ALIGN_LEFT, ROOM_TINY },
		{ "breaker", 7, 8, 0, ALIGN_LEFT, ROOM_COMPACT },    { "last ok", 7, 8, 0, ALIGN_RIGHT, ROOM_TINY },
		{ "orders to", 10, 13, 0, ALIGN_RIGHT, ROOM_FULL },  { "budget", 10, 16, 0, ALIGN_LEFT, ROOM_COMPACT },
		{ "", 4, 4, 0, ALIGN_RIGHT, ROOM_COMPACT },       { "mode", 6, 7, 0, ALIGN_LEFT, ROOM_FULL },         { "said", 0, 0, 0, ALIGN_LEFT, ROOM_WIDE },
	};
	struct board_pane *v = p->self;
	struct arena *a = p->facts;
	struct board_block *b = board_block(&v->board, "Channels", "Enter: its limits and calls", column, 9);

	for (int i = 0; i < limits->accounts; i++) {
		const struct account_row *row = &limits->account[i];
		struct word state = say_account(row), breaker = limits_breaker(limits, row->id);
		struct share left = limits_worst(limits, row->id, p->now_ms);
		bool live = strcmp(row->mode, "live") == 0;
		struct board_line *l =
			LINE(b, bit(ROLE_VALUE, row->name), bit(state.role, state.text), bit(breaker.role, breaker.text),
			     bit(ROLE_FG, say_age(p, a, row->ok_ms)), bit(ROLE_FG, say_time(p, a, row->heard_ms)), bit_bar(left.part, left.whole),
			     bit(ROLE_FG, say_share(a, left)), bit(live ? ROLE_FG : ROLE_MUTED, row->mode), bit(ROLE_FG, row->state_text));

		l->key = row->name;
		l->open = &pane_channel;
		l->subject = arena_printf(a, "%lld", (long long)row->id);
	}
	if (limits->accounts == 0)
		LINE(b, bit(ROLE_MUTED, "no account"), bit(ROLE_MUTED, "yet"));
}

/* When it is tried again. A time that has passed says nothing: it is up to what is asked next, or nothing is asked. */
static const char *say_probe(const struct pane *p, struct arena *a, const struct breaker_row *br)
{
	if (br->probe_ms > p->now_ms)
		return arena_printf(a, "probe %s", say_time(p, a, br->probe_ms));
	return br->outage ? "asked after the outage" : "the next call probes";
}

static void breakers_block(struct pane *p, const struct limits *limits, int64_t account)
{
	static const struct board_column column[] = {
		{ NULL, 13, 16, 0, ALIGN_LEFT, ROOM_TINY },
		{ NULL, 10, 12, 0, ALIGN_LEFT, ROOM_TINY },
		{ NULL, 7, 7, 0, ALIGN_LEFT, ROOM_TINY },
		{ NULL, 0, 0, 0, ALIGN_LEFT, ROOM_COMPACT },
	};
	struct board_pane *v = p->self;
	struct arena *a = p->facts;
	struct board_block *b = board_block(&v->board, "Breakers that are not closed", "two good calls close one", column, 4);

	for (int i = 0; i < limits->breakers; i++) {
		const struct breaker_row *br = &limits->breaker[i];
		struct word word = breaker_word(br->state);

		if ((account && br->account != account) || strcmp(br->state, "closed") == 0)
			continue;
		LINE(b, bit(ROLE_FG, br->account_name), bit(ROLE_FG, br->name), bit(word.role, word.text),
		     bit(ROLE_FG, arena_printf(a, "since %s  %s  %s %s", say_time(p, a, br->since_ms), say_probe(p, a, br), br->fault, br->text)));
	}
}

/* How long what was said takes to be seen, and how much of what they took never was. */
static enum fault sending_block(struct pane *p, struct store *s, int64_t account, struct err *err)
{
	static const struct board_column column[] = {
		{ "account", 13, 16, 0, ALIGN_LEFT, ROOM_TINY },       { "by", 6, 6, 0, ALIGN_LEFT, ROOM_TINY },
		{ "answer p95", 10, 10, 0, ALIGN_RIGHT, ROOM_FULL },   { "seen p50", 8, 10, 0, ALIGN_RIGHT, ROOM_COMPACT },
		{ "seen p95", 8, 10, 0, ALIGN_RIGHT, ROOM_TINY },      { "taken, not applied", 0, 0, 0, ALIGN_LEFT, ROOM_COMPACT },
	};
	struct board_pane *v = p->self;
	struct arena *a = p->facts;
	struct board_block *b = NULL;
	struct latency_row *row;
	int n;

	if (latency_rows(s, SENDING_DAYS, p->now_ms, a, &row, &n, err))
		return err->fault;
	for (int i = 0; i < n; i++) {
		int64_t ppm = latency_lost_ppm(&row[i]);
		const char *lost = ppm < 0 ? "-" : arena_printf(a, "%lld.%lld %% (%s of %s)", (long long)(ppm / 10000), (long long)(ppm % 10000 / 1000),
		                                                say_count(a, row[i].lost), say_count(a, row[i].lost + row[i].seen));

		if (account && row[i].account != account)
			continue;
		if (!b)
			b = board_block(&v->board, "Taken to seen", "the last week; tallyman latency has the histogram", column, 6);
		LINE(b, bit(ROLE_FG, row[i].account_name), bit(ROLE_FG, row[i].route), bit(ROLE_FG, row[i].accepted ? latency_words(row[i].accept_p95, a) : "-"),
		     bit(ROLE_FG, row[i].seen ? latency_words(row[i].seen_p50, a) : "-"), bit(ROLE_VALUE, row[i].seen ? latency_words(row[i].seen_p95, a) : "-"),
		     bit(ppm > 0 ? ROLE_WARN : ROLE_FG, lost));
	}
	return OK;
}

/* Feeds that have no verdict yet, each with its age against what is usual there. */
static enum fault feeds_block(struct pane *p, struct store *s, int64_t account, struct err *err)
{
	static const struct board_column column[] = {
		{ "feed", 5, 6, 0, ALIGN_RIGHT, ROOM_TINY },       { "account", 13, 16, 0, ALIGN_LEFT, ROOM_TINY }, { "state", 9, 9, 0, ALIGN_LEFT, ROOM_TINY },
		{ "items", 5, 7, 0, ALIGN_RIGHT, ROOM_COMPACT },   { "age", 8, 10, 0, ALIGN_RIGHT, ROOM_TINY },     { "usual", 8, 10, 0, ALIGN_RIGHT, ROOM_COMPACT },
		{ "", 0, 0, 0, ALIGN_LEFT, ROOM_FULL },
	};
	struct board_pane *v = p->self;
	struct arena *a = p->facts;
	struct board_block *block = NULL;
	struct bulk *b;
	int n;

	if (bulks_open(s, FEEDS, a, &b, &n, err))
		return err->fault;
	for (int i = 0; i < n; i++) {
		int64_t usual, age = b[i].sent_ms ? p->now_ms - b[i].sent_ms : 0;

		if (account && b[i].account != account)
			continue;
		if (bulk_usual_ms(s, b[i].account, &usual, err))
			return err->fault;
		if (!block)
			block = board_block(&v->board, "Feeds without a verdict", NULL, column, 7);
		LINE(block, bit(ROLE_VALUE, arena_printf(a, "%lld", (long long)b[i].id)), bit(ROLE_FG, b[i].account_name),
		     bit(strcmp(b[i].state, "unsure") ? ROLE_FG : ROLE_WARN, b[i].state), bit(ROLE_FG, say_count(a, b[i].items)),
		     bit(usual && age > 2 * usual ? ROLE_WARN : ROLE_FG, b[i].sent_ms ? latency_words(age, a) : "-"), bit(ROLE_FG, usual ? latency_words(usual, a) : "-"),
		     bit(ROLE_FG, b[i].second_ms ? arena_printf(a, "second path %s", say_clock(p, a, b[i].second_ms)) : b[i].text));
	}
	return OK;
}

static enum fault engine_block(struct pane *p, struct store *s, struct err *err)
{
	static const char *const counted[][2] = {
		{ "jobs.waiting", "waiting" }, { "jobs.failed", "failed" }, { "jobs.unsure", "unsure" }, { "inbox", "parked" },
	};
	struct board_pane *v = p->self;
	struct arena *a = p->facts;
	struct board_block *b = board_block(&v->board, "Engine", NULL, pair_columns, 2);
	struct buf jobs = buf_new(a);
	const char *events;
	int64_t pid, started_ms, beat_ms, n;

	if (say_events(p, s, a, &events, err))
		return err->fault;
	if (engine_beat(s, &pid, &started_ms, &beat_ms)) {
		bool alive = p->now_ms - beat_ms < BEAT_LATE_MS;

		trail_pair(b, "heart", alive ? ROLE_OK : ROLE_CRIT, alive ? "beats" : arena_printf(a, "last beat %s ago", say_age(p, a, beat_ms)));
		trail_pair(b, "process", ROLE_FG, arena_printf(a, "%lld since %s", (long long)pid, say_time(p, a, started_ms)));
	} else {
		trail_pair(b, "heart", ROLE_WARN, "no engine has run for this store yet: tallyman engine");
	}
	for (size_t i = 0; i < sizeof counted / sizeof *counted; i++) {
		if (counter_get(s, counted[i][0], &n, err))
			return err->fault;
		buf_printf(&jobs, "%s%s %s", i ? "   " : "", counted[i][1], say_count(a, n));
	}
	trail_pair(b, "queue", ROLE_FG, jobs.p);
	if (*events)
		trail_pair(b, "peak", ROLE_WARN, events);
	return OK;
}

static enum fault engine_load(struct pane *p, struct store *s, struct arena *facts, struct err *err)
{
	struct board_pane *v = p->self;
	struct limits limits;
	int down = 0;

	v->board = board_new(facts);
	if (limits_read(s, facts, &limits, err))
		return err->fault;
	channels_block(p, &limits);
	breakers_block(p, &limits, 0);
	if (engine_block(p, s, err) || sending_block(p, s, 0, err) || feeds_block(p, s, 0, err) || calls_block(p, s, 0, CALLS, err))
		return err->fault;
	for (int i = 0; i < limits.accounts; i++)
		down += say_account(&limits.account[i]).role == ROLE_CRIT;
	snprintf(v->strip, sizeof v->strip, "%d channel%s (%d down)", limits.accounts, limits.accounts == 1 ? "" : "s", down);
	board_settle(&v->board, &v->at);
	return OK;
}

/* ---- one channel ---- */

static void buckets_block(struct pane *p, const struct limits *limits, int64_t account)
{
	static const struct board_column column[] = {
		{ "operation", 22, 28, 0, ALIGN_LEFT, ROOM_TINY }, { "left", 10, 16, 0, ALIGN_LEFT, ROOM_TINY }, { "", 4, 4, 0, ALIGN_RIGHT, ROOM_TINY },
		{ "burst", 6, 7, 0, ALIGN_RIGHT, ROOM_FULL },      { "today", 7, 8, 0, ALIGN_RIGHT, ROOM_FULL }, { "rate", 0, 0, 0, ALIGN_LEFT, ROOM_COMPACT },
	};
	struct board_pane *v = p->self;
	struct arena *a = p->facts;
	struct board_block *b = board_block(&v->board, "Budgets", "a share of each is kept for the top lane", column, 6);

	for (int i = 0; i < limits->buckets; i++) {
		const struct bucket_row *k = &limits->bucket[i];
		struct share left = bucket_left(k, p->now_ms);
		const char *held = k->hold_ms > p->now_ms ? arena_printf(a, "  not before %s (their word)", say_clock(p, a, k->hold_ms)) : "";
		const char *rate = k->rate ? arena_printf(a, "%lld in %s", (long long)k->rate, say_span(a, k->window_ms))
		                           : k->daily ? arena_printf(a, "%s a day", say_count(a, k->daily)) : "no limit named";
		const char *refused = k->throttled ? arena_printf(a, "  %s refused", say_count(a, k->throttled)) : "";

		if (k->account == account)
			LINE(b, bit(ROLE_FG, k->name), bit_bar(left.part, left.whole), bit(ROLE_FG, say_share(a, left)),
			     bit(ROLE_FG, say_count(a, k->burst)), bit(ROLE_FG, say_count(a, k->day_used)),
			     bit(ROLE_FG, arena_printf(a, "%s%s%s", rate, refused, held)));
	}
}

static void account_block(struct pane *p, const struct account_row *row)
{
	struct board_pane *v = p->self;
	struct arena *a = p->facts;
	struct board_block *b = board_block(&v->board, row->name, row->channel, pair_columns, 2);
	struct word state = say_account(row);
	bool live = strcmp(row->mode, "live") == 0;

	trail_pair(b, "state", state.role, arena_printf(a, "%s since %s   %s", state.text, say_time(p, a, row->state_ms), row->state_text));
	trail_pair(b, "mode", live ? ROLE_FG : ROLE_WARN, live ? "live" : "shadow: reads and plans, says nothing");
	trail_pair(b, "access", ROLE_FG, strcmp(row->kind, "provider") ? "the seller's own" : "a solution provider's, in the seller's name");
	trail_pair(b, "last ok", ROLE_FG, arena_printf(a, "%s ago", say_age(p, a, row->ok_ms)));
	trail_pair(b, "orders to", ROLE_FG, say_time(p, a, row->heard_ms));
	trail_pair(b, "address", ROLE_FG, arena_printf(a, "%s   %s", row->base_url, row->marketplaces));
}

static enum fault channel_load(struct pane *p, struct store *s, struct arena *facts, struct err *err)
{
	struct board_pane *v = p->self;
	bool first = !p->loaded_ms && !v->at.key[0];
	struct limits limits;
	int64_t id;

	v->board = board_new(facts);
	if (!subject_id(p->subject, "account", &id))
		return err_set(err, FAULT_REFUSED, "%s is no account's number", p->subject);
	if (limits_read(s, facts, &limits, err))
		return err->fault;
	for (int i = 0; i < limits.accounts; i++)
		if (limits.account[i].id == id) {
			account_block(p, &limits.account[i]);
			snprintf(v->strip, sizeof v->strip, "Engine > %s", limits.account[i].name);
		}
	if (v->board.n == 0)
		return err_set(err, FAULT_REFUSED, "there is no account %s", p->subject);
	buckets_block(p, &limits, id);
	breakers_block(p, &limits, id);
	if (sending_block(p, s, id, err) || feeds_block(p, s, id, err) || calls_block(p, s, id, CALLS_OF_ONE, err))
		return err->fault;
	if (first)
		v->at.block = v->board.n - 1; /* the newest call: from here it is one key to its bytes */
	board_settle(&v->board, &v->at);
	return OK;
}

static const char *noted_on(const struct board_line *l)
{
	return l && l->key ? l->key : "engine";
}

static bool engine_act(struct pane *p, enum act act, struct wish *wish)
{
	static const struct choice what[] = {
		{ .letter = 'r', .label = "read everything again now", .note = "changes nothing at the channels", .act = ACT_PROBE },
		{ .letter = 'n', .label = "write a note", .act = ACT_NOTE },
	};
	struct engine_pane *v = p->self;
	const struct board_line *l = board_at(&v->base.board, &v->base.at);

	switch (act) {
	case ACT_ACTIONS:
		wish->kind = WISH_SHEET;
		wish->text = "Engine";
		wish->choices = what;
		wish->n_choices = (int)(sizeof what / sizeof *what);
		return true;
	case ACT_PROBE:
		wish_file(wish, intent_new(wish, INTENT_REFRESH));
		return true;
	case ACT_NOTE:
		snprintf(v->noted, sizeof v->noted, "%s", noted_on(l));
		wish_ask(wish, ASK_NOTE, arena_printf(wish->arena, "note on %s", v->noted), "");
		return true;
	default:
		return board_pane_act(p, act, wish);
	}
}

static void engine_answer(struct pane *p, struct answer *answer, struct wish *wish)
{
	struct engine_pane *v = p->self;
	const char *on = answer->asked ? v->noted : noted_on(board_at(&v->base.board, &v->base.at));

	if (answer->ask != ASK_NOTE)
		board_pane_answer(p, answer, wish);
	else if (answer->done && *answer->text)
		wish_note(wish, arena_strdup(wish->arena, on), answer->text);
}

const struct pane_type pane_engine = {
	.name = "engine",
	.help = "Channels with their breakers and budgets, the engine, and the last calls. Enter on a channel shows its limits and calls.",
	.where = WHERE_ENGINE | WHERE_PANES,
	.size = sizeof(struct engine_pane),
	.keys = (const enum act[]){ ACT_OPEN, ACT_NEXT_PANE, ACT_ACTIONS, ACT_PAUSE, ACT_REFRESH, ACT_COPY, ACT_NONE },
	.load = engine_load,
	.draw = board_pane_draw,
	.act = engine_act,
	.strip = board_pane_strip,
	.answer = engine_answer,
	.save = board_pane_save,
	.restore = board_pane_restore,
};

const struct pane_type pane_channel = {
	.name = "channel",
	.help = "One account: how it is, what its limits leave, and its last calls, newest first. Enter on a call opens it.",
	.where = WHERE_DETAILS | WHERE_ENGINE,
	.size = sizeof(struct engine_pane),
	.keys = (const enum act[]){ ACT_OPEN, ACT_NEXT_PANE, ACT_FIND, ACT_COPY, ACT_REFRESH, ACT_NONE },
	.load = channel_load,
	.draw = board_pane_draw,
	.act = engine_act,
	.strip = board_pane_strip,
	.answer = engine_answer,
	.save = board_pane_save,
	.restore = board_pane_restore,
};
