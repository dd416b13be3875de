#ifndef TALLYMAN_CONSOLE_H
#define TALLYMAN_CONSOLE_H
/*
 * console.h: the full-screen console of one store.
 *
 * One poll over the terminal, its signals and the engine's socket. The engine's nudge means that something was
 * committed; without an engine it is looked for once a second. At rest nothing is read, drawn or sent
 * before the minute is over.
 */
#include "base/clock.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct plan; /* trade/intents.h */

struct console_options {
	const char *store;    /* its folder */
	const char *config;   /* the configuration file: shown, and read by what is exported; NULL: the usual one, not shown */
	const char *socket;   /* the engine's; NULL: engine.sock in the store's folder */
	const char *name;     /* the store's name for the frame; NULL: its folder's */
	const char *profile;  /* "production" "sandbox" "demo"; NULL: not said */
	bool demo;            /* a simulated seller: DEMO on every screen */
	bool readonly;        /* cannot be armed at all */
	bool ascii;           /* no UTF-8 although the locale has it */
	bool plain;           /* append only: sentences, for screen readers and where nothing can be drawn */
	const char *theme;    /* NULL: the person's own, else the first */
	const char *themes;   /* the folder of a person's own; NULL: none */
	const char *keymap;   /* a person's own keys over the built-in ones; NULL: none. A file that is not there is no error */
	const char *frame;    /* print one frame of "orders", "order:17" ... to stdout and end; NULL: no */
	const char *size;     /* of that frame: "80x24" */
	bool roles;           /* that frame as letters of roles */
	const char *person, *at; /* "ops-a", "@ops1"; NULL: who runs it, and where */
	int64_t past_ms;      /* the store as it was then, and nothing is decided in it; 0: as it is */
	bool hindsight;       /* by what is known now */
	struct clock clock;   /* the store's time: simulated in a demo */
	bool (*plan_print)(const struct plan *p, const char *shape, FILE *out); /* as the commands print it; NULL: no plan is written to a file */
	struct clock hand;    /* the person's: arming and deaf keys; now NULL: the machine's */
};

/*
 * Run until the person quits or the terminal is gone. Returns the exit status: 0; 1 when there is no store or no terminal; 2
 * when a word of the options is wrong. stderr says what and what to do.
 */
int console_run(const struct console_options *o);

#endif
