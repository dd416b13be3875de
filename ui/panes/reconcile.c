/*
 * Reconciliation: the sessions there are, what waits for a person's word, and the runs, newest first, each with how it ended and why.
 */
#include "trade/accounts.h"
#include "trade/reconcile.h"
#include "trade/sitting.h"
#include "ui/panes/all.h"
#include "ui/panes/board.h"
#include "ui/panes/trail.h"
#include "ui/panes/wishes.h"
#include "ui/panes/words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { SESSIONS = 10, RUNS = 60, REVIEW = 200, DIFFERENCES = 500, DAY_MS = 24 * 3600 * 1000 };

enum asking { ASKING_NOTHING, ASKING_SCOPE, ASKING_FILTER, ASKING_RUN };

struct reconcile_pane {
	struct board_pane base; /* first */
	enum asking asking;
	char scope[64];
	bool begun; /* go to the newest session when it is there */
};

/* ---- sessions ---- */

static struct word say_sitting(const struct sitting *it)
{
	if (!strcmp(it->state, "OPEN"))
		return (struct word){ ROLE_WARN, it->decided == it->rows ? "DECIDED" : "OPEN" };
	return (struct word){ strcmp(it->state, "LEFT") ? ROLE_OK : ROLE_MUTED, it->state };
}

static enum fault sessions_block(struct pane *p, struct store *s, int *open, struct err *err)
{
	static const struct board_column column[] = {
		{ NULL, 5, 6, 0, ALIGN_LEFT, ROOM_TINY },  { NULL, 8, 8, 0, ALIGN_LEFT, ROOM_TINY },     { NULL, 7, 8, 0, ALIGN_LEFT, ROOM_COMPACT },
		{ NULL, 12, 16, 0, ALIGN_LEFT, ROOM_COMPACT }, { NULL, 16, 20, 0, ALIGN_LEFT, ROOM_TINY }, { NULL, 0, 0, 0, ALIGN_LEFT, ROOM_COMPACT },
	};
	struct reconcile_pane *v = p->self;
	struct arena *a = p->facts;
	struct board_block *b = board_block(&v->base.board, "Sessions", "Enter: go on where it was left", column, 6);
	struct sitting *it;
	int n;

	*open = 0;
	if (sittings(s, false, SESSIONS, a, &it, &n, err))
		return err->fault;
	for (int i = 0; i < n; i++) {
		struct word state = say_sitting(&it[i]);
		struct board_line *l = LINE(b, bit(ROLE_VALUE, arena_printf(a, "S-%" PRId64, it[i].id)), bit(state.role, state.text), bit(ROLE_FG, it[i].kind),
		                            bit(ROLE_FG, *it[i].account_name ? it[i].account_name : "all"),
		                            bit(ROLE_FG, arena_printf(a, "%" PRId64 " of %" PRId64 " decided", it[i].decided, it[i].rows)),
		                            bit(ROLE_FG, arena_printf(a, "%s %s%s%s", it[i].actor, say_time(p, a, it[i].touched_ms), *it[i].filter ? "  /" : "", it[i].filter)));

		l->open = &pane_session;
		l->subject = l->key = arena_printf(a, "%" PRId64, it[i].id);
		*open += !strcmp(it[i].state, "OPEN");
	}
	if (n == 0)
		LINE(b, bit(ROLE_FG, ""), bit(ROLE_FG, "none yet"), bit(ROLE_FG, ""), bit(ROLE_FG, ""), bit(ROLE_FG, "a, b begins one"), bit(ROLE_FG, "")) ;
	return OK;
}

/* ---- what waits for a word ---- */

static enum fault review_block(struct pane *p, struct store *s, int *waiting, struct err *err)
{
	static const struct board_column column[] = {
		{ NULL, 13, 16, 12, ALIGN_LEFT, ROOM_TINY }, { NULL, 12, 16, 0, ALIGN_LEFT, ROOM_COMPACT }, { NULL, 6, 6, 6, ALIGN_RIGHT, ROOM_TINY }, { NULL, 0, 0, 0, ALIGN_LEFT, ROOM_TINY },
	};
	struct reconcile_pane *v = p->self;
	struct arena *a = p->facts;
	struct board_block *b;
	struct rec_row *r;

	if (rec_undecided(s, 0, REVIEW, a, &r, waiting, err))
		return err->fault;
	b = board_block(&v->base.board, "Waits for a person's word", arena_printf(a, "%d%s", *waiting, *waiting == REVIEW ? " or more" : ""), column, 4);
	b->clip = true;
	for (int i = 0; i < *waiting && i < (p->room == ROOM_WIDE ? 6 : 3); i++) {
		struct board_line *l = LINE(b, bit(ROLE_VALUE, r[i].sku), bit(ROLE_FG, r[i].account_name), bit(r[i].risk ? ROLE_CRIT : ROLE_WARN, arena_printf(a, "%+" PRId64, r[i].delta)),
		                            bit(ROLE_FG, arena_printf(a, "%s: %s", r[i].cause, r[i].text)));

		l->open = &pane_offer;
		l->subject = arena_printf(a, "%" PRId64, r[i].offer);
		l->key = arena_printf(a, "waits %" PRId64, r[i].id);
	}
	if (*waiting)
		LINE(b, bit(ROLE_KEY, "a, d"), bit(ROLE_FG, ""), bit(ROLE_FG, ""), bit(ROLE_FG, "the day's review: all of them, one after another"));
	else
		LINE(b, bit(ROLE_OK, "nothing"), bit(ROLE_FG, ""), bit(ROLE_FG, ""), bit(ROLE_FG, "every difference has its verdict"));
	return OK;
}

/* ---- runs ---- */

static enum role role_of_run(const char *state)
{
	return !strcmp(state, "REFUSED") ? ROLE_CRIT : !strcmp(state, "PARTIAL") ? ROLE_WARN : !strcmp(state, "COMPLETE") ? ROLE_OK : ROLE_FG;
}

static const struct board_column run_columns[] = {
	{ "run", 5, 6, 0, ALIGN_LEFT, ROOM_FULL },        { "account", 12, 16, 0, ALIGN_LEFT, ROOM_TINY },   { "state", 9, 9, 0, ALIGN_LEFT, ROOM_TINY },
	{ "began", 10, 10, 0, ALIGN_LEFT, ROOM_COMPACT }, { "listed", 6, 7, 0, ALIGN_RIGHT, ROOM_COMPACT },  { "drift", 5, 6, 0, ALIGN_RIGHT, ROOM_COMPACT },
	{ "mended", 6, 7, 0, ALIGN_RIGHT, ROOM_FULL },    { "open", 4, 6, 0, ALIGN_RIGHT, ROOM_COMPACT },    { "why", 0, 0, 0, ALIGN_LEFT, ROOM_FULL },
};

static enum fault runs_block(struct pane *p, struct store *s, struct err *err)
{
	struct reconcile_pane *v = p->self;
	struct arena *a = p->facts;
	struct board_block *b = board_block(&v->base.board, "Runs", "Enter: its differences", run_columns, 9);
	struct rec_run *r;
	int n;

	if (rec_runs(s, 0, 0, RUNS, a, &r, &n, err))
		return err->fault;
	b->clip = p->room < ROOM_WIDE;
	for (int i = 0; i < n; i++) {
		struct board_line *l = LINE(b, bit(ROLE_VALUE, arena_printf(a, "R-%" PRId64, r[i].id)), bit(ROLE_FG, r[i].account_name), bit(role_of_run(r[i].state), r[i].state),
		                            bit(ROLE_FG, say_time(p, a, r[i].began_ms)), bit(ROLE_FG, say_count(a, r[i].listed)), bit(ROLE_FG, say_count(a, r[i].drifting)),
		                            bit(ROLE_FG, say_count(a, r[i].corrected)), bit(r[i].undecided ? ROLE_WARN : ROLE_FG, say_count(a, r[i].undecided)),
		                            bit(ROLE_FG, *r[i].text ? r[i].text : r[i].whole ? "the week's whole one" : ""));

		l->open = &pane_run;
		l->subject = arena_printf(a, "%" PRId64, r[i].id);
		l->key = arena_printf(a, "run %" PRId64, r[i].id);
		l->why = *r[i].text ? r[i].text : NULL;
	}
	if (n == 0)
		LINE(b, bit(ROLE_FG, ""), bit(ROLE_MUTED, "none yet"));
	return OK;
}

static enum fault reconcile_load(struct pane *p, struct store *s, struct arena *facts, struct err *err)
{
	struct reconcile_pane *v = p->self;
	int open, waiting;

	v->base.board = board_new(facts);
	if (sessions_block(p, s, &open, err) || review_block(p, s, &waiting, err) || runs_block(p, s, err))
		return err->fault;
	snprintf(v->base.strip, sizeof v->base.strip, "Reconciliation   %d open session%s, %d undecided", open, open == 1 ? "" : "s", waiting);
	if (v->begun && open)
		v->base.at.block = v->base.at.line = v->base.at.key[0] = 0;
	v->begun = false;
	board_settle(&v->base.board, &v->base.at);
	return OK;
}

/* ---- beginning ---- */

static void sheet(struct wish *wish)
{
	static const struct choice what[] = {
		{ .letter = 'b', .label = "begin a session: what drifts, one after another", .note = "asks for the scope", .act = ACT_BEGIN },
		{ .letter = 'd', .label = "the day's review: what reconciliation left to a person", .act = ACT_REVIEW },
		{ .letter = 'r', .label = "reconcile now: read all of an account, and compare", .note = "changes nothing there", .act = ACT_RECONCILE },
		{ .letter = 'n', .label = "write a note", .act = ACT_NOTE },
	};

	wish->kind = WISH_SHEET;
	wish->text = "Reconciliation";
	wish->choices = what;
	wish->n_choices = (int)(sizeof what / sizeof *what);
}

static void begin(struct pane *p, const char *kind, const char *filter, struct wish *wish)
{
	struct reconcile_pane *v = p->self;
	struct intent *in = intent_new(wish, INTENT_SITTING);

	fields_put(&in->payload, "action", "begin");
	fields_put(&in->payload, "kind", kind);
	fields_put(&in->payload, "account", arena_strdup(wish->arena, v->scope));
	fields_put(&in->payload, "filter", arena_strdup(wish->arena, filter));
	fields_put(&in->payload, "whence", "console");
	v->begun = true;
	wish_file(wish, in);
}

static bool reconcile_act(struct pane *p, enum act act, struct wish *wish)
{
	struct reconcile_pane *v = p->self;

	v->asking = ASKING_NOTHING;
	switch (act) {
	case ACT_ACTIONS:
		sheet(wish);
		return true;
	case ACT_BEGIN:
		v->asking = ASKING_SCOPE;
		wish_ask(wish, ASK_VALUE, "which account, empty for all", "");
		return true;
	case ACT_REVIEW:
		v->scope[0] = '\0';
		begin(p, "review", "", wish);
		return true;
	case ACT_RECONCILE:
		v->asking = ASKING_RUN;
		wish_ask(wish, ASK_VALUE, "which account, all for every one", "");
		return true;
	case ACT_NOTE:
		wish_ask(wish, ASK_NOTE, "note on reconciliation", "");
		return true;
	default:
		return board_pane_act(p, act, wish);
	}
}

/* All of them is a word of its own: neither nothing nor a name that is almost one reads every account. */
static void run_now(struct pane *p, struct answer *answer, struct wish *wish)
{
	struct intent *in = intent_new(wish, INTENT_RECONCILE);
	struct account_row account = { 0 };

	if (!*answer->text)
		err_set(&answer->err, FAULT_REFUSED, "an account's name, or all");
	else if (strcmp(answer->text, "all") && (!p->store || account_by_name(p->store, answer->text, wish->arena, &account, &answer->err)))
		err_set(&answer->err, FAULT_REFUSED, "there is no account %s", answer->text);
	if (answer->err.fault)
		return;
	in->account = account.id;
	in->subject = arena_strdup(wish->arena, answer->text);
	wish_file(wish, in);
}

static void reconcile_answer(struct pane *p, struct answer *answer, struct wish *wish)
{
	struct reconcile_pane *v = p->self;

	if (answer->ask == ASK_NOTE) {
		if (answer->done && *answer->text)
			wish_note(wish, "reconciliation", answer->text);
	} else if (answer->ask != ASK_VALUE) {
		board_pane_answer(p, answer, wish);
	} else if (answer->done && v->asking == ASKING_SCOPE) {
		snprintf(v->scope, sizeof v->scope, "%s", answer->text);
		v->asking = ASKING_FILTER;
		wish_ask(wish, ASK_VALUE, "which of them (a filter as in 3 Drift), empty for all", "");
	} else if (answer->done && v->asking == ASKING_FILTER) {
		begin(p, "manual", answer->text, wish);
	} else if (answer->done && v->asking == ASKING_RUN) {
		run_now(p, answer, wish);
	}
}

/* ---- one run ---- */

static void run_facts(struct pane *p, const struct rec_run *r)
{
	struct board_pane *v = p->self;
	struct arena *a = p->facts;
	struct board_block *b = board_block(&v->board, arena_printf(a, "R-%" PRId64 " %s", r->id, r->account_name), r->whole ? "the week's whole one" : NULL, pair_columns, 2);
	const char *ended = r->ended_ms ? arena_printf(a, "%s, took %s", say_time(p, a, r->ended_ms), say_span(a, r->ended_ms - r->began_ms)) : "not yet";

	trail_pair(b, "state", role_of_run(r->state), arena_printf(a, "%s%s%s", r->state, *r->text ? "   " : "", r->text));
	trail_pair(b, "began", ROLE_FG, arena_printf(a, "%s, planned for %s, by %s", say_time(p, a, r->began_ms), say_time(p, a, r->planned_ms), r->actor));
	trail_pair(b, "ended", ROLE_FG, ended);
	trail_pair(b, "read", ROLE_FG, arena_printf(a, "%s listed on %s pages; %s of ours among them, %s were not", say_count(a, r->listed), say_count(a, r->pages), say_count(a, r->compared), say_count(a, r->unseen)));
	trail_pair(b, "found", r->undecided ? ROLE_WARN : ROLE_FG, arena_printf(a, "%s drift, %s of them loud; %s settling and left alone; %s corrected; %s left to a person", say_count(a, r->drifting),
	                                                                     say_count(a, r->alerting), say_count(a, r->settling), say_count(a, r->corrected), say_count(a, r->undecided)));
	if (r->ghosts || r->young)
		trail_pair(b, "besides", ROLE_FG, arena_printf(a, "%s ghost listings, %s young mappings", say_count(a, r->ghosts), say_count(a, r->young)));
}

static enum fault differences_block(struct pane *p, struct store *s, int64_t run, struct err *err)
{
	static const struct board_column column[] = {
		{ "sku", 13, 16, 12, ALIGN_LEFT, ROOM_TINY },        { "should", 6, 7, 0, ALIGN_RIGHT, ROOM_COMPACT }, { "shown", 6, 7, 6, ALIGN_RIGHT, ROOM_TINY },
		{ "by", 5, 6, 0, ALIGN_RIGHT, ROOM_COMPACT },        { "cause", 15, 16, 0, ALIGN_LEFT, ROOM_COMPACT }, { "", 5, 5, 0, ALIGN_LEFT, ROOM_FULL },
		{ "came of it", 0, 0, 0, ALIGN_LEFT, ROOM_FULL },
	};
	struct board_pane *v = p->self;
	struct arena *a = p->facts;
	struct board_block *b = board_block(&v->board, "Differences", "Enter: the offer", column, 7);
	struct rec_row *r;
	int n;

	if (rec_rows(s, run, 0, DIFFERENCES, a, &r, &n, err))
		return err->fault;
	for (int i = 0; i < n; i++) {
		const char *came = *r[i].verdict ? arena_printf(a, "%s %s", r[i].verdict, r[i].proof) : *r[i].decision ? arena_printf(a, "%s %s", r[i].decision, r[i].reason) : "waits for a person";
		struct board_line *l = LINE(b, bit(ROLE_VALUE, r[i].sku), bit(ROLE_FG, say_units(a, r[i].expected)), bit(ROLE_FG, say_units(a, r[i].observed)),
		                            bit(r[i].risk ? ROLE_CRIT : r[i].delta > 0 ? ROLE_WARN : ROLE_FG, arena_printf(a, "%+" PRId64, r[i].delta)), bit(ROLE_FG, r[i].cause),
		                            bit(ROLE_FG, r[i].action), bit(*r[i].verdict || *r[i].decision ? ROLE_FG : ROLE_WARN, came));

		l->open = &pane_offer;
		l->subject = arena_printf(a, "%" PRId64, r[i].offer);
		l->key = arena_printf(a, "d%" PRId64, r[i].id);
		l->why = r[i].text;
	}
	if (n == 0)
		LINE(b, bit(ROLE_OK, "none"));
	return OK;
}

static enum fault run_load(struct pane *p, struct store *s, struct arena *facts, struct err *err)
{
	struct board_pane *v = p->self;
	struct rec_run run;
	int64_t id;

	v->board = board_new(facts);
	if (!subject_id(p->subject, "run", &id))
		return err_set(err, FAULT_REFUSED, "%s is no run's number", p->subject);
	if (rec_run_get(s, id, facts, &run, err))
		return err->fault;
	run_facts(p, &run);
	if (differences_block(p, s, id, err))
		return err->fault;
	snprintf(v->strip, sizeof v->strip, "Reconciliation > R-%" PRId64 " %s %s", run.id, run.account_name, run.state);
	board_settle(&v->board, &v->at);
	return OK;
}

const struct pane_type pane_reconcile = {
	.name = "reconcile",
	.says = "sessions, what waits for a person's word, and the runs of reconciliation",
	.help = "What accounts show beside what they should. A run reads an account whole and compares; REFUSED: the day's calls would not have been enough; PARTIAL: the list "
	        "did not come whole, and nothing is concluded of what it did not show. What is left to a person is the day's review. a, b begins a session of your own.",
	.where = WHERE_DETAILS | WHERE_PANES,
	.size = sizeof(struct reconcile_pane),
	.keys = (const enum act[]){ ACT_ACTIONS, ACT_OPEN, ACT_EXPLAIN, ACT_NEXT_PANE, ACT_FIND, ACT_COPY, ACT_NONE },
	.load = reconcile_load,
	.draw = board_pane_draw,
	.act = reconcile_act,
	.strip = board_pane_strip,
	.answer = reconcile_answer,
	.save = board_pane_save,
	.restore = board_pane_restore,
};

const struct pane_type pane_run = {
	.name = "run",
	.help = "One run of reconciliation: how it ended, what it read, and each difference with its cause, what was done and whether that took.",
	.where = WHERE_DETAILS,
	.size = sizeof(struct board_pane),
	.keys = (const enum act[]){ ACT_OPEN, ACT_EXPLAIN, ACT_FIND, ACT_COPY, ACT_REFRESH, ACT_NONE },
	.load = run_load,
	BOARD_PANE,
};
