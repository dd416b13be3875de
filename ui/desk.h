#ifndef TALLYMAN_DESK_H
#define TALLYMAN_DESK_H
/*
 * desk.h: the frame that is the same on every screen, and who is on it.
 *
 * Row 1 who and how armed, row 2 the ten screens, row 3 the strip, then the pane, then
 * the newest message (and the prompt), then the keys that work now. The desk turns keys
 * into acts, keeps the history of panes, and takes a pane's wish to its end: prompt,
 * sheet, preview, typed line. It knows no terminal: it takes inputs and paints a canvas.
 */
#include "base/clock.h"
#include "ui/input.h"
#include "ui/pane.h"

enum { DESK_SCREENS = 10 };

/* What the frame says about the store; plain data, copied. Names may hold anything: they are cleaned when drawn. */
struct desk_facts {
	char store[48], profile[16]; /* "prod-eu"; "production" or "sandbox" */
	bool demo;                   /* a simulated seller: DEMO on every screen */
	bool then;                   /* the past, or a bundle: nothing moves in it, and nothing can be decided */
	bool buyers;                 /* a bundle with who its orders go to: V shows them there */
	char operator[32], at[32];   /* "ops-a"; "@ops1 (ssh)" */
	char worst[64];              /* for a screen too small for more: "walmart-us DOWN" */
	char doom[64], doom_brief[24]; /* an account that is about to go to zero, or has, or should have: "walmart-us ZERO in 4m :hold", "ZERO4m"; "" */
	int channels_ok, channels;
	int crit, warn;
	int64_t fresh_ms, oldest_ms; /* age of the newest and of the oldest channel's last good reading; -1: never read */
	int64_t stale_ms;            /* age of the oldest source of those that are older than their limit; 0: none is */
	bool engine;                 /* an engine answers */
	struct {
		int64_t n;           /* -1: no number */
		bool alarm;          /* adds a ! */
	} tab[DESK_SCREENS];
};

struct desk_screen {
	const char *name, *brief;     /* "Overview", "Over": 120 columns, 80 columns */
	const struct pane_type *type;
};

/* Whoever stands behind the desk. Every function may be NULL: then the desk says that it cannot. */
/* What the host answers behind a colon; it is listed with the desk's own. */
struct desk_host_command {
	const char *name, *words; /* words: what follows it, "ACCOUNT REASON" */
	void (*run)(void *ctx, const char *rest, struct wish *reply);
};

struct desk_host {
	void *ctx;

	/*
	 * Give a decided intent to the engine. plan is what was previewed, armed and typed, or NULL for a local
	 * one; reason is what the person armed with. reply may become WISH_SAY or WISH_READ (a result per row). On a
	 * fault nothing was filed, and err says why.
	 */
	enum fault (*file)(void *ctx, const struct intent *intent, const struct plan *plan, const char *reason, struct wish *reply,
	                   struct err *err);

	/*
	 * The person has armed for so many minutes, or for 0: is READ-ONLY again. It must be written down somewhere: on
	 * a fault the desk stays READ-ONLY.
	 */
	enum fault (*arm)(void *ctx, int minutes, const char *why, struct err *err);

	/* What has this id? reply becomes a WISH_OPEN. FAULT_REFUSED: nothing has. */
	enum fault (*find)(void *ctx, const char *id, struct wish *reply, struct err *err);

	const struct desk_host_command *commands; /* a row without a name ends them; NULL: none */

	/* Has the person pressed a key meanwhile, or the line gone? Then a long load is broken off, and done anew afterwards. */
	bool (*waiting)(void *ctx);

	/* A load takes long: say so at once on the last row, over the frame that is shown. */
	void (*progress)(void *ctx, const char *text);

	/*
	 * Write what a command prints in a shape ("--csv", "--json"; NULL: as for a person) to a new file that only its owner reads, by
	 * this name where it is free, in the folder the person came from; path says which. FAULT_REFUSED: broken off by a key, or the command's reason.
	 */
	enum fault (*print)(void *ctx, const struct printing *what, const char *shape, const char *name, char *path, size_t cap, struct err *err);

	/* The same of a plan as it is previewed; nobody plans it once more. */
	enum fault (*write)(void *ctx, const struct plan *plan, const char *shape, const char *name, char *path, size_t cap, struct err *err);

	/* Put text on the person's clipboard; how says which way was taken, in a few words. */
	enum fault (*copy)(void *ctx, const char *text, char *how, size_t cap, struct err *err);
};

struct keymap;
struct state;

struct desk_setup {
	const struct desk_screen *screens; /* DESK_SCREENS of them: keys 1..9, 0 */
	void (*resume)(struct pane *p, const struct draft *draft, struct wish *wish); /* a preview that a lost line closed, made anew; NULL: that is not known here */
	bool (*prints)(const struct pane *p, struct printing *out); /* the command that prints what a pane shows; NULL, or false: none does */
	const struct pane_type *const *details; /* panes opened from others, to come back to one; ends with NULL */
	struct keymap *keymap;
	const char *person;                /* who sits here, as the audit names him; NULL: not known */
	const char *config;                /* the configuration file, to be shown; NULL: not known */
	struct state *state;               /* the person's own view state; may be NULL */
	struct clock world;                /* the store's time: clock, ages */
	struct clock hand;                 /* the person's time: arming, deaf keys; never simulated */
	struct desk_host host;
	bool readonly;                     /* --readonly: cannot be armed at all */
	bool pastes_marked;                /* the terminal tells pastes from keys */
	const char *themes;                /* names, space between: what T goes through */
	const char *theme;                 /* the one to begin with unless the person chose another; NULL: the first */
};

struct desk;

/* What the setup points to outlives the desk. */
struct desk *desk_new(const struct desk_setup *setup);
void desk_free(struct desk *d);

/* News for the frame; store is whom panes read from now on (NULL: nobody, they keep what they have). */
void desk_know(struct desk *d, const struct desk_facts *facts);
void desk_read_from(struct desk *d, struct store *store);

/* The store has changed: the shown pane is loaded again before the next draw, unless it is paused. */
void desk_changed(struct desk *d);

/* The link lags: the frame says SLOW LINK. */
void desk_slow(struct desk *d, bool slow);

/* What the caller must do after an input; bits. */
enum desk_wants {
	DESK_QUIT = 1 << 0,
	DESK_SUSPEND = 1 << 1,
	DESK_REPAINT = 1 << 2, /* forget what the terminal shows and paint everything */
	DESK_FLUSH = 1 << 3,   /* throw away keys typed so far: a dangerous prompt has opened */
	DESK_THEME = 1 << 4,   /* desk_theme() has changed */
	DESK_MOUSE = 1 << 5,   /* desk_mouse() has changed */
};

/* One key, paste, size or signal; returns what is to be done then. */
unsigned desk_input(struct desk *d, const struct input *in);

/* Load the shown pane if it is stale, step what time has changed (arming), then paint at the canvas's size. */
void desk_draw(struct desk *d, struct canvas *c);

/* Milliseconds until the frame changes by itself (armed: a second; else the minute); for the timeout of poll. */
int64_t desk_due(struct desk *d);

/* The theme's name, and whether clicks are wanted: asked when desk_input says that it changed. */
const char *desk_theme(const struct desk *d);
bool desk_mouse(const struct desk *d);

/* "CRIT 1 prod-eu": for the terminal's title. */
void desk_title(const struct desk *d, char *out, size_t cap);

/* The engine said who sits here: what he would be refused is not offered. */
void desk_rank(struct desk *d, enum rank rank);

/* Say something on the message row; it stays in the log. */
void desk_say(struct desk *d, enum level level, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* The same for what happened at another time than now. */
void desk_told(struct desk *d, enum level level, int64_t at_ms, const char *text);

/* Open a pane on top of the history; go to a screen 0..9 (0: key 1). */
void desk_open(struct desk *d, const struct pane_type *type, const char *subject);
void desk_open_apart(struct desk *d, const struct pane_type *type, const char *subject); /* by its name, or looked up: no tab is marked while it is shown */
void desk_screen(struct desk *d, int screen);
struct pane *desk_pane(const struct desk *d);

/* Write the person's view state as it is now, if it has changed. */
void desk_save(struct desk *d);

#endif
