#ifndef TALLYMAN_HARNESS_H
#define TALLYMAN_HARNESS_H
/*
 * harness.h: a person at a terminal: the real program in a pty, what it sends shown by libvterm.
 *
 * Nothing sleeps: a step is over when the program has read everything it was sent and has not run at all for longer than
 * a lone Esc takes, so a slow machine only makes it longer. A failing step fails the running cmocka test.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct screen;

/* How long anything is waited for that comes by itself: a failing step alone takes it. */
enum { SCREEN_PATIENCE_MS = 30000 };

struct screen_setup {
	const char *const *argv;
	const char *term;            /* TERM; NULL: xterm-256color */
	const char *const *env;      /* "NAME=VALUE", "NAME" to unset; ends with NULL; may be NULL. TZ=UTC and C.UTF-8 are set before */
	int w, h;
	const char *folder;          /* where it is started from; NULL: here */
};

struct screen *screen_start(const struct screen_setup *setup);

/* End it: SIGKILL if it still runs. Fails the test when it died by a signal, unless that was forgiven before. */
void screen_end(struct screen *s);
void screen_forgive(struct screen *s);

/* Keys by name with spaces between ("j PgDn Esc ^F"), "..." typed letter by letter; then settle. */
void screen_keys(struct screen *s, const char *keys);
void screen_bytes(struct screen *s, const char *bytes, size_t n); /* as they are, without settling */
void screen_paste(struct screen *s, const char *text);            /* in brackets if the program asked for them */
void screen_resize(struct screen *s, int w, int h);
void screen_signal(struct screen *s, int sig);

/* Until the program is quiet, or until text is on the screen; both fail after half a minute. */
void screen_settle(struct screen *s);
void screen_rest(struct screen *s, int quiet_ms); /* the same, but quiet for so long */
void screen_wait(struct screen *s, const char *text);

/* A line that stands still: what the program sends is no longer read. screen_settle then only waits for the program to wait. */
void screen_stall(struct screen *s, bool stalled);

/* The terminal goes away, as when a line is cut. Returns the milliseconds until the program was gone; -1: it never was. */
int screen_hang_up(struct screen *s);

/* Has it ended by itself? *status is its exit status, or 128 + the signal. Waits at most wait_ms. */
bool screen_ended(struct screen *s, int wait_ms, int *status);

/*
 * Have the program paint everything anew, as after a stop by its shell: no key is pressed, so nothing else may change. What was
 * shown before must be shown again, text and looks. Returns what differs, "" when nothing does; the countdown of being armed is not
 * compared. Time and news must stand still.
 */
const char *screen_anew(struct screen *s);

/* What is seen. Text lives until the next call. */
const char *screen_text(struct screen *s);  /* rows, blanks at their ends left out */
const char *screen_dump(struct screen *s);  /* text, then a letter for each cell's look, the looks, cursor, title */
const char *screen_dump_below(struct screen *s, int rows); /* the same without so many rows at the top, cursor and title */
bool screen_shows(struct screen *s, const char *text);
const char *screen_title(const struct screen *s);
const char *screen_clipboard(const struct screen *s); /* the last OSC 52, still base64; "" none */
bool screen_is_alt(const struct screen *s);           /* the alternate screen is up, as between start and end of a console */
bool screen_takes_pastes(const struct screen *s);     /* bracketed paste is on */

/* Bytes the program has sent so far, questions among them (a question is an escape sequence that asks for an answer). */
long screen_sent(const struct screen *s);
int screen_questions(const struct screen *s);
int screen_pid(const struct screen *s);

/*
 * The first thing sent that only data can have brought: a control character, one of C1, or a sequence that no description of a
 * terminal in terminfo has; printable. "": none.
 */
const char *screen_stray(const struct screen *s);

/* What a terminal sends for a key (ui/input.h); returns how many bytes. */
int screen_key(int32_t key, char out[8]);

/*
 * Play tests/golden/NAME.keys against the program and compare NAME.screen at its end. A line each:
 *
 *	size 80x24            the first line; term, env NAME=VALUE may follow before anything else
 *	keys j j "text" Enter
 *	wait TEXT   resize 40x10   paste TEXT   show (dump here as well)   # a remark
 */
void screen_play(const char *name, const char *const *argv);

#endif
