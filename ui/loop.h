#ifndef TALLYMAN_LOOP_H
#define TALLYMAN_LOOP_H
/*
 * loop.h: the loop: a terminal, a desk, and somebody who knows when the store has changed.
 *
 * One poll() waits for keys, signals, the line taking more bytes, and news. Waiting keys are all
 * taken before a frame is painted; news alone is painted at most twice a second. Nothing ticks but what is
 * seen to change: the minute, and the seconds of ARMED.
 *
 * Where the person is gets written down when he goes to another pane, two seconds after a key at the latest, and whenever the
 * console ends or is stopped: only a kill -9 loses those two seconds.
 */
#include "base/clock.h"
#include "ui/desk.h"

#include <stdbool.h>

struct terminal;

enum { LOOP_NEWS_MS = 500, LOOP_LOOK_MS = 1000, LOOP_SAVE_MS = 2000 };

struct loop_setup {
	struct terminal *terminal;
	struct desk *desk;
	struct clock hand;       /* the person's time */
	const char *theme_dir;   /* the person's own themes; may be NULL */
	const char *no_colour;   /* $NO_COLOR; may be NULL */

	/* News. All may be NULL: then nothing changes but by keys. */
	void *ctx;
	int (*fd)(void *ctx);    /* readable when there may be news; -1 (also once its other end is gone): nobody tells, so look each second */

	/*
	 * Called when fd is readable, every second without one, and at least each minute. Take what is there,
	 * desk_know() it, and say whether the store has changed.
	 */
	bool (*look)(void *ctx, struct desk *desk);
};

/* Until the person quits or the terminal is gone; the view state is saved, the terminal still open. true: it was a quit. */
bool loop_run(const struct loop_setup *setup);

#endif
