/*
 * The routines of the day and the week: what is open, how it is done, and who did the others.
 */
#include "trade/tasks.h"
#include "ui/panes/all.h"
#include "ui/panes/board.h"
#include "ui/panes/wishes.h"
#include "ui/panes/words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { LISTED = 300, DAY_MS = 24 * 3600 * 1000 };

struct tasks_pane {
	struct board_pane base; /* first */
	struct task *task;
	int n;
	int64_t asked;     /* which is being asked about */
	const char *state; /* a literal */
};

static struct word say_task(const struct pane *p, const struct task *t)
{
	if (!strcmp(t->state, "open"))
		return (t->day + 1) * DAY_MS <= p->now_ms && !strcmp(t->on, "day") ? (struct word){ ROLE_WARN, "WARN late" } : (struct word){ ROLE_KEY, "open" };
	if (!strcmp(t->state, "missed"))
		return (struct word){ ROLE_WARN, "missed" };
	return (struct word){ strcmp(t->state, "done") ? ROLE_MUTED : ROLE_OK, t->state };
}

static const char *when(const struct pane *p, const struct task *t)
{
	if (t->day == p->now_ms / DAY_MS)
		return "today";
	return strcmp(t->on, "day") ? "week" : say_short(p, p->facts, t->day * DAY_MS + DAY_MS / 2);
}

static struct board_line *task_line(struct pane *p, struct board_block *b, const struct task *t, const char *second, const char *third)
{
	struct word state = say_task(p, t);
	struct board_line *l = LINE(b, bit(state.role, state.text), bit(ROLE_FG, when(p, t)), bit(ROLE_VALUE, second), bit(ROLE_FG, third));

	l->key = arena_printf(p->facts, "%" PRId64, t->id);
	l->why = arena_printf(p->facts, "%s. How: %s", t->title, t->how);
	return l;
}

/* Who did it, when, and what came of it. */
static const char *who(const struct pane *p, const struct task *t)
{
	struct arena *a = p->facts;

	return arena_printf(a, "%s%s%s", *t->actor ? t->actor : "nobody", t->done_ms ? " " : "", t->done_ms ? say_time(p, a, t->done_ms) : "");
}

static enum fault tasks_load(struct pane *p, struct store *s, struct arena *facts, struct err *err)
{
	static const struct board_column todo[] = {
		{ NULL, 9, 9, 9, ALIGN_LEFT, ROOM_TINY }, { NULL, 6, 6, 0, ALIGN_LEFT, ROOM_COMPACT }, { NULL, 0, 54, 0, ALIGN_LEFT, ROOM_TINY }, { NULL, 0, 0, 0, ALIGN_LEFT, ROOM_WIDE },
	}, done[] = {
		{ NULL, 9, 9, 9, ALIGN_LEFT, ROOM_TINY }, { NULL, 6, 6, 0, ALIGN_LEFT, ROOM_COMPACT }, { NULL, 24, 28, 0, ALIGN_LEFT, ROOM_COMPACT }, { NULL, 0, 0, 0, ALIGN_LEFT, ROOM_TINY },
	};
	struct tasks_pane *v = p->self;
	struct board_block *open, *over;
	struct task_week week;
	int left = 0;

	v->base.board = board_new(facts);
	if (tasks_list(s, true, LISTED, facts, &v->task, &v->n, err) || tasks_week(s, facts, &week, err))
		return err->fault;
	open = board_block(&v->base.board, "To do", "a: done, left out   x: how", todo, 4);
	over = board_block(&v->base.board, "Over", week.done_ms ? arena_printf(facts, "last weekly review %s by %s", say_time(p, facts, week.done_ms), week.actor) : "no weekly review yet", done, 4);
	for (int i = 0; i < v->n; i++) {
		const struct task *t = &v->task[i];
		bool is_open = !strcmp(t->state, "open");

		left += is_open;
		if (is_open)
			task_line(p, open, t, t->title, t->how);
		else
			task_line(p, over, t, who(p, t), arena_printf(facts, "%s%s%s", t->title, *t->note ? ": " : "", t->note));
	}
	if (!open->n)
		LINE(open, bit(ROLE_OK, "nothing"), bit(ROLE_FG, ""), bit(ROLE_FG, v->n ? "all of it is done" : "the engine makes them each day"), bit(ROLE_FG, ""));
	snprintf(v->base.strip, sizeof v->base.strip, "Tasks   %d open", left);
	board_settle(&v->base.board, &v->base.at);
	return OK;
}

static const struct task *task_at(const struct tasks_pane *v)
{
	const struct board_line *l = board_at(&v->base.board, &v->base.at);
	char key[24];

	for (int i = 0; i < v->n && l && l->key; i++) {
		snprintf(key, sizeof key, "%" PRId64, v->task[i].id);
		if (!strcmp(key, l->key))
			return &v->task[i];
	}
	return NULL;
}

static void say(const struct tasks_pane *v, const char *note, struct wish *wish)
{
	struct intent *in = intent_new(wish, INTENT_TASK);

	fields_put_int(&in->payload, "task", v->asked);
	fields_put(&in->payload, "state", v->state);
	fields_put(&in->payload, "note", arena_strdup(wish->arena, note));
	in->subject = arena_printf(wish->arena, "task:%" PRId64, v->asked);
	wish_file(wish, in);
}

static void sheet(const struct task *t, struct wish *wish)
{
	struct choice *c = arena_alloc(wish->arena, 3 * sizeof *c);
	bool open = !strcmp(t->state, "open");

	c[0] = (struct choice){ .letter = 'd', .label = "it is done", .note = "your name stands at it", .act = ACT_TASK_DONE, .why_not = open ? NULL : "(it is not open)" };
	c[1] = (struct choice){ .letter = 's', .label = "leave it out", .note = "asks why", .act = ACT_TASK_SKIP, .why_not = open ? NULL : "(it is not open)" };
	c[2] = (struct choice){ .letter = 'o', .label = "open it again", .act = ACT_TASK_REOPEN, .why_not = open || !strcmp(t->state, "missed") ? "(only what was done or left out)" : NULL };
	wish->kind = WISH_SHEET;
	wish->text = t->title;
	wish->choices = c;
	wish->n_choices = 3;
}

static bool tasks_act(struct pane *p, enum act act, struct wish *wish)
{
	struct tasks_pane *v = p->self;
	const struct task *t = task_at(v);

	if (!t)
		return board_pane_act(p, act, wish);
	switch (act) {
	case ACT_ACTIONS:
	case ACT_OPEN:
		board_name(&v->base.at);
		sheet(t, wish);
		return true;
	case ACT_TASK_DONE:
	case ACT_TASK_SKIP:
		if (board_missed(&v->base.at, wish))
			return true;
		v->asked = t->id;
		v->state = act == ACT_TASK_DONE ? "done" : "skipped";
		wish_ask(wish, ASK_VALUE, act == ACT_TASK_DONE ? "what came of it, empty for nothing" : "why is it left out", "");
		return true;
	case ACT_TASK_REOPEN:
		if (board_missed(&v->base.at, wish))
			return true;
		v->asked = t->id;
		v->state = "open";
		say(v, "", wish);
		return true;
	default:
		return board_pane_act(p, act, wish);
	}
}

static void tasks_answer(struct pane *p, struct answer *answer, struct wish *wish)
{
	struct tasks_pane *v = p->self;

	if (answer->ask != ASK_VALUE)
		board_pane_answer(p, answer, wish);
	else if (answer->done && v->state && !strcmp(v->state, "skipped") && !*answer->text)
		err_set(&answer->err, FAULT_REFUSED, "why? It stands beside it");
	else if (answer->done && v->state)
		say(v, answer->text, wish);
}

const struct pane_type pane_tasks = {
	.name = "tasks",
	.says = "the routines of the day and the week, and who did them",
	.help = "What is done each day and each week so that stock stays in step, made anew by the engine. a says that one is done, or left out and why; who said so stands "
	        "beside it. What is still open when the next of its kind is made was missed.",
	.where = WHERE_DETAILS | WHERE_PANES,
	.size = sizeof(struct tasks_pane),
	.keys = (const enum act[]){ ACT_ACTIONS, ACT_EXPLAIN, ACT_NEXT_PANE, ACT_FIND, ACT_COPY, ACT_NONE },
	.load = tasks_load,
	.draw = board_pane_draw,
	.act = tasks_act,
	.strip = board_pane_strip,
	.answer = tasks_answer,
	.save = board_pane_save,
	.restore = board_pane_restore,
};
