/*
 * One failure: what is wrong and where it stood, what it means for the business, what to do, and every request behind it.
 */
#include "trade/inbox.h"
#include "trade/jobs.h"
#include "trade/unlike.h"
#include "ui/panes/all.h"
#include "ui/panes/board.h"
#include "ui/panes/deeds.h"
#include "ui/panes/trail.h"
#include "ui/panes/wishes.h"
#include "ui/panes/words.h"

#include <stdio.h>
#include <string.h>

enum { TRIES = 30 };

struct failure_pane {
	struct board_pane base; /* first */
	struct failure f;
	struct job job; /* when it is one */
	struct deed *deed;
};

static void what_block(struct pane *p)
{
	struct failure_pane *v = p->self;
	const struct failure *f = &v->f;
	struct arena *a = p->facts;
	struct board_block *b = board_block(&v->base.board, f->is_job ? "What we said and they refused" : "What they said and we did not understand",
	                                    f->auto_retry ? "the engine tries again" : "a person must look", pair_columns, 2);

	trail_pair(b, "class", role_of_fault(f->class), arena_printf(a, "%s   %s %s", f->class, f->account_name, f->verb));
	trail_pair(b, "subject", ROLE_VALUE, *f->subject ? f->subject : "not known");
	trail_pair(b, "error", ROLE_FG, *f->path ? arena_printf(a, "%s: %s", f->path, f->text) : f->text);
	trail_lead(&b->line[b->n - 1], a, f->attempt_id);
	trail_pair(b, "effect", ROLE_FG, *f->effect ? f->effect : fault_effect(f->class));
	trail_pair(b, "remedy", ROLE_VALUE, *f->remedy ? f->remedy : fault_remedy(f->class));
	trail_pair(b, "state", role_of_job(f->state), arena_printf(a, "%s%s%s", f->state, *f->owner ? "   taken by " : "", f->owner));
	trail_pair(b, "seen", ROLE_FG, arena_printf(a, "%s time%s   first %s   last %s", say_count(a, f->count), f->count == 1 ? "" : "s",
	                                            say_time(p, a, f->first_ms), say_time(p, a, f->last_ms)));
	if (f->next_ms)
		trail_pair(b, "next try", ROLE_FG, say_time(p, a, f->next_ms));
}

/* In which way its shape is another than that of those that were understood. */
static enum fault unlike_block(struct pane *p, struct store *s, struct err *err)
{
	static const struct board_column column[] = { { NULL, 10, 10, 0, ALIGN_LEFT, ROOM_TINY }, { NULL, 0, 0, 0, ALIGN_LEFT, ROOM_TINY } };
	struct failure_pane *v = p->self;
	struct arena *a = p->facts;
	struct board_block *b;
	struct unlike u;

	if (v->f.is_job || unlike_get(s, v->f.id, a, &u, err) || !*u.to)
		return v->f.is_job ? OK : err->fault;
	b = board_block(&v->base.board, "Different from those that were understood", u.attempt ? "Enter: the last of them" : "", column, 2);
	trail_pair(b, "beside", ROLE_FG, u.to);
	trail_lead(&b->line[b->n - 1], a, u.attempt);
	if (!u.n)
		trail_pair(b, "shape", ROLE_FG, unlike_said(&u, 0, a));
	for (int i = 0; i < u.n; i++)
		trail_pair(b, unlike_word(u.difference[i].kind), ROLE_VALUE,
		           arena_printf(a, "%s   %s", *u.difference[i].path ? u.difference[i].path : "the whole", unlike_types(&u.difference[i], a)));
	return OK;
}

static enum fault job_block(struct pane *p, struct store *s, struct err *err)
{
	struct failure_pane *v = p->self;
	struct arena *a = p->facts;
	struct board_block *b;

	if (!v->f.is_job)
		return OK;
	if (job_get(s, v->f.id, a, &v->job, err))
		return err->fault;
	b = board_block(&v->base.board, "What was said", "the same key every time", pair_columns, 2);
	for (int i = 0; i < v->job.payload.n && i < 40; i++)
		trail_pair(b, v->job.payload.field[i].key, ROLE_FG, v->job.payload.field[i].value);
	trail_pair(b, "key", ROLE_MUTED, v->job.key);
	trail_pair(b, "tries", ROLE_FG, arena_printf(a, "%lld, %lld of them failed in a row", (long long)v->job.tries, (long long)v->job.fails));
	return OK;
}

static enum fault tries_block(struct pane *p, struct store *s, struct err *err)
{
	static const struct board_column column[] = {
		{ NULL, 16, 18, 0, ALIGN_LEFT, ROOM_TINY },
		{ NULL, 22, 26, 0, ALIGN_LEFT, ROOM_TINY },
		{ NULL, 6, 6, 0, ALIGN_RIGHT, ROOM_COMPACT },
		{ NULL, 0, 0, 0, ALIGN_LEFT, ROOM_COMPACT },
	};
	struct failure_pane *v = p->self;
	struct arena *a = p->facts;
	struct board_block *b = board_block(&v->base.board, "Requests behind it", "Enter: one of them", column, 4);
	struct attempt *t, one;
	int n = 0;

	if (v->f.is_job && *v->job.trace && attempts_find(s, v->job.trace, a, &t, &n, err))
		return err->fault;
	if (n == 0 && v->f.attempt_id) {
		if (attempt_get(s, v->f.attempt_id, a, &one, err))
			return err->fault;
		t = &one;
		n = 1;
	}
	for (int i = 0; i < n && i < TRIES; i++)
		trail_lead(LINE(b, bit(ROLE_FG, say_clock(p, a, t[i].opened_ms)), bit(ROLE_FG, t[i].op),
		                bit(role_of_fault(t[i].fault), t[i].status ? arena_printf(a, "%lld", (long long)t[i].status) : "-"),
		                bit(ROLE_FG, arena_printf(a, "%s %s", t[i].fault, t[i].text))),
		           a, t[i].id);
	return OK;
}

static enum fault failure_load(struct pane *p, struct store *s, struct arena *facts, struct err *err)
{
	struct failure_pane *v = p->self;
	bool job = strncmp(p->subject, "job:", 4) == 0;
	int64_t id;

	v->base.board = board_new(facts);
	if (!subject_id(p->subject, job ? "job" : "inbox", &id))
		return err_set(err, FAULT_REFUSED, "%s is no failure's number", p->subject);
	if (failure_get(s, job, id, facts, &v->f, err))
		return err->fault;
	what_block(p);
	if (unlike_block(p, s, err) || job_block(p, s, err) || tries_block(p, s, err))
		return err->fault;
	snprintf(v->base.strip, sizeof v->base.strip, "Failed > %s of %s", v->f.class, v->f.account_name);
	v->base.hint = "[ ] prev/next";
	if (!p->loaded_ms && !v->base.at.key[0] && v->f.attempt_id)
		board_go(&v->base.board, &v->base.at, arena_printf(facts, "%lld", (long long)v->f.attempt_id));
	board_settle(&v->base.board, &v->base.at);
	return OK;
}

static bool failure_act(struct pane *p, enum act act, struct wish *wish)
{
	struct failure_pane *v = p->self;
	const struct failure *f = &v->f;
	struct deed_row one = { .id = f->id, .name = f->subject, .job = f->is_job };
	struct choice *c;

	if (!f->id)
		return false;
	switch (act) {
	case ACT_ACTIONS:
		wish->kind = WISH_SHEET;
		wish->text = arena_printf(wish->arena, "%s %s", f->class, f->subject);
		wish->n_choices = deed_failure_choices(wish->arena, &f, 1, 0, &c);
		wish->choices = c;
		return true;
	case ACT_RAW:
		wish_reveal_failure(wish, f, &pane_attempt);
		return true;
	case ACT_EXPLAIN:
		wish_read_text(wish, f->class, arena_printf(wish->arena, "%s\n\n%s", fault_effect(f->class), fault_remedy(f->class)));
		return true;
	default:
		return deed_act(p, &v->deed, act, DEED_FAILURE, &one, 1, wish) || board_pane_act(p, act, wish);
	}
}

static void failure_answer(struct pane *p, struct answer *answer, struct wish *wish)
{
	struct failure_pane *v = p->self;
	struct deed_row one = { .id = v->f.id, .name = v->f.subject, .job = v->f.is_job };

	if (answer->ask == ASK_FIND)
		board_pane_answer(p, answer, wish);
	else if (answer->ask == ASK_NOTE && !answer->asked)
		deed_note(DEED_FAILURE, &one, answer, wish);
	else
		deed_answer(p, v->deed, answer, wish);
}

static void failure_close(struct pane *p)
{
	struct failure_pane *v = p->self;

	deed_free(v->deed);
}

const struct pane_type pane_failure = {
	.name = "failure",
	.help = "One failure: what is wrong, what it means, what to do. Nothing is dropped: it stays until it is solved or archived by a person. What its shape has different from those that were understood is told "
	        "without a value of it. d: that, and what each remedy would do now.",
	.where = WHERE_DETAILS | WHERE_FAILED,
	.size = sizeof(struct failure_pane),
	.keys = (const enum act[]){ ACT_OPEN, ACT_PREV_ITEM, ACT_NEXT_ITEM, ACT_ACTIONS, ACT_EXPLAIN, ACT_DIFF, ACT_COPY, ACT_NOTE, ACT_NONE },
	.load = failure_load,
	.draw = board_pane_draw,
	.act = failure_act,
	.strip = board_pane_strip,
	.answer = failure_answer,
	.save = board_pane_save,
	.restore = board_pane_restore,
	.close = failure_close,
};
