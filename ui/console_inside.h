#ifndef TALLYMAN_CONSOLE_INSIDE_H
#define TALLYMAN_CONSOLE_INSIDE_H
/*
 * console_inside.h: the console's own parts, for console*.c only.
 */
#include "base/arena.h"
#include "base/err.h"
#include "ui/console.h"
#include "ui/desk.h"
#include "ui/term.h"
#include "ui/theme.h"

struct ask_line;
struct fields;
struct intent;
struct keymap;
struct state;
struct store;

struct console {
	const struct console_options *o;
	struct clock hand;     /* the person's time */
	struct store *store;
	struct desk *desk;
	struct terminal *term; /* NULL: no terminal (a single frame, plain) */
	struct keymap *keymap;
	struct state *state;
	struct arena *turn;    /* one turn's scratch */
	char socket[512];
	char themes[THEME_NAMES]; /* names of them, space between: the desk keeps pointing here */
	char person[96];       /* who sits here, as the audit names him */
	int64_t began_ms;      /* since when, of the store's world */
	struct ask_line *line; /* to the engine; NULL: none */
	int64_t dialled_ms, version, minute;
	bool told_login;       /* the engine has written down who sits here */
	bool stayed;           /* it did so, and then that engine ended: he sits here still */
	int64_t login_ms;      /* not before then is one that has not answered told again */
	bool told_who;         /* and he was told what changed since he was last here, and that his name may be several people's */
	int64_t message_seen, alert_seen; /* the newest that were said */
};

/* Read the frame's facts again. true: somebody has committed since the last time. */
bool console_know(struct console *c);

/* ---- console_engine.c: the engine's socket ---- */

/* Dial if there is no line and the last try is a second old. Returns whether there is one. */
bool console_dial(struct console *c);

/* It is written down who sits down here. */
void console_login(struct console *c);

/* Take what has come: nudges, and answers that nobody waited for. */
void console_hear(struct console *c);

/*
 * Say an intent and hear the engine's fields. FAULT_REFUSED with its reason when it did not do it, FAULT_NET when there is none,
 * FAULT_UNSURE when it did not answer.
 */
enum fault console_ask(struct console *c, const struct intent *in, struct fields *answer, struct err *err);

/* The intent with a number of its own, so that asking again after a lost answer is harmless. */
struct intent console_asker(struct console *c, const struct intent *in);

/* The host behind the desk (ui/desk.h). */
struct desk_host console_host(struct console *c);

/* ---- console_reveal.c: what is sealed ---- */

/* A reveal's answer as pages to read, gone again after a minute where somebody's name stands in them. */
enum fault console_reveal(struct console *c, const struct intent *in, struct wish *reply, struct err *err);

/* Two parts of it: has a key come, and what takes long. */
bool console_waiting(void *console);
void console_progress(void *console, const char *text);

/* ---- console_print.c: what a command prints, as a file (struct desk_host) ---- */

enum fault console_print(void *console, const struct printing *what, const char *shape, const char *name, char *path, size_t cap, struct err *err);
enum fault console_write(void *console, const struct plan *plan, const char *shape, const char *name, char *path, size_t cap, struct err *err);

/* ---- console_facts.c: what the frame says about the store ---- */

enum fault console_facts(struct console *c, struct desk_facts *facts, struct err *err);

/* Say what the engine has said and raised since the last time; CRIT last, so that it stands on the message row. */
enum fault console_tell(struct console *c, struct err *err);

/* ---- console_plain.c ---- */

enum fault console_plain(struct console *c, struct err *err);

#endif
