#ifndef TALLYMAN_TERM_H
#define TALLYMAN_TERM_H
/*
 * term.h: the terminal itself: keys, signals and sizes come from it, frames go to it.
 *
 * The painter works out the bytes of a frame; they go to the tty as it takes them, never waiting: a stalled line
 * stalls nobody, and while one frame is under way the next is not begun. Nothing is asked of the terminal; terminfo and the environment say what it can
 * do. Signals come as inputs through a descriptor, so there is no work in a handler.
 */
#include "base/clock.h"
#include "base/err.h"
#include "ui/canvas.h"
#include "ui/input.h"
#include "ui/theme.h"

#include <poll.h>
#include <stdbool.h>

struct terminal;

struct terminal_setup {
	int in, out;        /* the person's tty */
	const char *term;   /* $TERM; unknown ones are tried as xterm-256color, xterm, vt100, ansi */
	bool ascii;         /* --ascii: no UTF-8 although the locale has it */
	struct clock clock; /* the person's time */
};

/* FAULT_REFUSED when there is no tty or nothing can be drawn on it. The locale must be set before. */
enum fault terminal_open(const struct terminal_setup *setup, struct terminal **out, struct err *err);

/*
 * Put the terminal back as it was and forget it. The same happens, by a fixed string, when the process
 * crashes or exits on another path.
 */
void terminal_close(struct terminal *t);

/* What poll has to watch: TERMINAL_FDS of them, filled each time. terminal_ready reads what it found. */
enum { TERMINAL_FDS = 2 };
void terminal_fds(const struct terminal *t, struct pollfd *fds);
void terminal_ready(struct terminal *t, const struct pollfd *fds);

/* The next input; false: none now. A paste's text lives until the next call. */
bool terminal_next(struct terminal *t, struct input *in);

/* Milliseconds until terminal_next may have something although nothing was read (a lone Esc); -1: never. */
int64_t terminal_due(const struct terminal *t);

/* Columns and rows; how many colours it has, 2: none. */
void terminal_size(const struct terminal *t, int *w, int *h);
int terminal_colours(const struct terminal *t);

/*
 * Show the canvas: only cells that differ from what is shown are sent, nothing at all when none does. false: the last frame
 * is still under way, this one was skipped; call again when the tty has taken it (terminal_fds then watches for that).
 */
bool terminal_paint(struct terminal *t, const struct canvas *c);

/*
 * Put text on row y at once, over what is shown, while nothing is drawn because something takes long. The next paint takes it away.
 * Left out when the line is not free.
 */
void terminal_remark(struct terminal *t, int y, enum role role, const char *text);

/* Did the line fail to take a frame in time? Stays until a frame went out whole. */
bool terminal_slow(const struct terminal *t);

void terminal_theme(struct terminal *t, const struct theme *theme, enum depth depth);
void terminal_repaint(struct terminal *t);           /* forget what is shown: the next paint sends all of it */
void terminal_title(struct terminal *t, const char *title); /* cleaned; nothing where a title is unknown */
void terminal_mouse(struct terminal *t, bool on);
void terminal_flush(struct terminal *t);             /* throw away keys typed and pasted so far */
bool terminal_pastes(const struct terminal *t);      /* are pastes marked as such here? */

/* Put text on the clipboard by OSC 52. false: this terminal is not known to take it, or it is too long (74,994 bytes of base64). */
bool terminal_copy(struct terminal *t, const char *text);

/* Give the terminal back and stop until somebody continues us. false: nobody could (no job control here). */
bool terminal_suspend(struct terminal *t);

/* The name that terminfo knew, when it was not $TERM's; NULL otherwise. */
const char *terminal_fallback(const struct terminal *t);

#endif
