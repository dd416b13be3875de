#ifndef TALLYMAN_TASKS_H
#define TALLYMAN_TASKS_H
/*
 * tasks.h: the routines of a day and of a week as tasks, and who did them.
 *
 * What they are stands in data/tasks.csv. The engine makes a day's tasks when it begins; a person says that one is done, or that it is left out and why. A task
 * that is not done stays open until the next of its kind is made, and is missed then; none is ever deleted.
 */
#include "base/arena.h"
#include "base/err.h"
#include "base/fields.h"
#include "trade/cause.h"

#include <stdbool.h>
#include <stdint.h>

struct store;

struct task {
	int64_t id, day, made_ms, done_ms; /* day: days since 1970 (UTC) that it is for; a week's is for its weekday */
	const char *name, *on, *title, *how, *state, *actor, *note; /* state: open done skipped missed; actor: who did it */
};

/* Make those that are due and not made yet. made: how many. */
enum fault tasks_make(struct store *s, int64_t now_ms, int *made, struct err *err);

/* Open ones, oldest first; all: and those that are over, newest first after them. At most n. */
enum fault tasks_list(struct store *s, bool all, int n, struct arena *a, struct task **out, int *got, struct err *err);
enum fault task_get(struct store *s, int64_t id, struct arena *a, struct task *out, struct err *err); /* FAULT_REFUSED */

/* An open task of this name, the oldest; *id 0: there is none. */
enum fault task_open(struct store *s, const char *name, int64_t *id, struct err *err);

/* INTENT_TASK's payload: task=ID, state=done|skipped|open, note?. skipped wants a note. FAULT_REFUSED: it cannot be. */
enum fault task_carry(struct store *s, const struct fields *p, const struct cause *why, struct err *err);

/* When the last whole set of a week's tasks was done, by whom (some may be left out, with why), and what of this week's is open: for a handover. */
struct task_week {
	int64_t done_ms, open;
	const char *actor; /* "" when none was */
};

enum fault tasks_week(struct store *s, struct arena *a, struct task_week *out, struct err *err);

#endif
