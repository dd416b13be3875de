#ifndef TALLYMAN_PANE_H
#define TALLYMAN_PANE_H
/*
 * pane.h: what a pane is and what it may wish for.
 *
 * load reads the store into the pane, draw paints what was loaded, act says what a key
 * means here. A pane never writes, never asks the terminal, never opens a prompt: it fills a wish, and the
 * desk (ui/desk.h) opens the prompt, the sheet, the preview or the next pane, asks for the typed line,
 * and hands what was decided to whoever talks to the engine.
 */
#include "base/arena.h"
#include "base/err.h"
#include "ui/act.h"
#include "ui/canvas.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct store;
struct pane;
struct keymap;
struct intent; /* trade/intents.h */
struct plan;   /* trade/intents.h */

/* Where a key may mean something: the word in the third column of keymap.ini. A pane says which of these it is. */
enum where {
	WHERE_ALL = 1 << 0,
	WHERE_LISTS = 1 << 1,
	WHERE_DETAILS = 1 << 2,
	WHERE_PANES = 1 << 3, /* several panes at once: Tab, zoom */
	WHERE_TIMELINE = 1 << 4,
	WHERE_HELP = 1 << 5,
	WHERE_OVERVIEW = 1 << 6,
	WHERE_ORDERS = 1 << 7,
	WHERE_DRIFT = 1 << 8,
	WHERE_HEALTH = 1 << 9,
	WHERE_FAILED = 1 << 10,
	WHERE_ZERO = 1 << 11,
	WHERE_ALERTS = 1 << 12,
	WHERE_ENGINE = 1 << 13,
	WHERE_HANDOVER = 1 << 14,
	WHERE_AUDIT = 1 << 15,
	WHERE_SETTINGS = 1 << 16,
	WHERE_LOG = 1 << 17,
	WHERE_SESSION = 1 << 18,
};

/* How much room there is, by the whole terminal, not by the pane's own canvas. */
enum room {
	ROOM_VERDICT, /* below 40x10: the pane is not drawn at all */
	ROOM_TINY,    /* from 40x10: one pane, facts first */
	ROOM_COMPACT, /* from 60x15 */
	ROOM_FULL,    /* from 80x24: everything, one preview at a time */
	ROOM_WIDE,    /* from 120x40: two columns, previews */
};

enum level { LEVEL_INFO, LEVEL_OK, LEVEL_WARN, LEVEL_CRIT };

/*
 * Row 3. Either text alone ("Orders > 302-1187264"), or what a list shows; NULL and -1: not said. The filter is
 * never left out for want of room, and the words PAUSED, STALE and SLOW LINK are the desk's.
 */
struct strip {
	const char *text;   /* first, in the place of the view's name */
	const char *view;   /* saved view; changed adds a * */
	bool changed;
	const char *filter; /* as typed; NULL: none */
	const char *sort;   /* "ship_by^,total_" */
	int64_t shown, total; /* in the view, in the store */
	int64_t marks, hidden; /* marks the filter shows, marks it hides */
	bool live;          /* this pane follows the store: LIVE or PAUSED is said */
	const char *remark; /* "cols 11/14 >" */
};

/* A line of an action sheet or menu. Dangerous ones stand below the safe ones and need ARMED. */
struct choice {
	char letter;       /* 0: none, only the cursor reaches it */
	const char *label; /* "message buyer, template late-1" */
	const char *note;  /* on the right: "(1 call)" */
	const char *why_not; /* drawn grey with this reason and not to be chosen; NULL: it may be */
	enum act act;      /* sheets: what act() gets. act_writes(act) is what makes a choice dangerous */
	const char *value; /* menus: what answer() gets */
};

/* A titled run of lines in a reading page. */
struct section {
	const char *title; /* NULL: none */
	const char *text;  /* lines; broken at the width */
	bool raw;          /* not broken (JSON, a diff) until the reader asks for it */
};

/*
 * What would be sent: shown whole, then confirmed by typing plan->line, then handed on. The plan's steps, what it
 * leaves out and its warnings are the rows of the preview.
 */
struct proposal {
	const char *title; /* "SHIP PREVIEW" */
	const struct intent *intent;
	const struct plan *plan;
	const int64_t *ids;  /* one a step, when steps can be unticked with Space; NULL: all or nothing */
	const struct section *sections; /* more to know: "Undo" */
	int n_sections;
	int64_t made_ms;     /* valid ten minutes from here */
};

enum ask { ASK_NONE, ASK_FILTER, ASK_FIND, ASK_GO, ASK_COMMAND, ASK_NOTE, ASK_REASON, ASK_SORT, ASK_OPTION, ASK_MARK_ALL, ASK_COLUMNS, ASK_VIEW_NAME, ASK_VIEW, ASK_VIEW_DROP, ASK_VALUE };

enum wish_kind {
	WISH_NONE,  /* done here; draw again */
	WISH_LOAD,  /* load before the next draw */
	WISH_OPEN,  /* another pane: open, subject */
	WISH_CLOSE, /* back to the pane before */
	WISH_SAY,   /* level, text: the message row and the log */
	WISH_ASK,   /* one line from the person: ask, text is the label, initial what stands there, live: answered on each change */
	WISH_MENU,  /* pick one of choices; answered with ask and its value. text is the title */
	WISH_SHEET, /* pick one of choices; act() is called with its act */
	WISH_READ,  /* a page to read: text is the title, sections */
	WISH_PLAN,  /* proposal: preview, typed line, then it is filed */
	WISH_FILE,  /* an intent that stays on this machine (retry, note): filed at once, no arming */
	WISH_COPY,  /* text to the clipboard; what says what it is */
};

/*
 * Filled by act and answer. Everything it points to comes from arena and lives until the sheet,
 * page or plan that was opened with it is closed.
 */
struct wish {
	struct arena *arena;
	enum wish_kind kind;
	const struct pane_type *open;
	const char *subject;
	enum level level;
	const char *text, *what, *initial;
	enum ask ask;
	bool live;
	const struct choice *choices;
	int n_choices;
	const struct section *sections;
	int n_sections;
	const struct proposal *proposal;
	const struct intent *intent;
	int seconds; /* WISH_READ: the page closes by itself after so many; 0: it stays */
};

/* A command of ours that prints what a screen shows, its words behind `tallyman`: "orders" "--all" "(state:late)". */
struct printing {
	struct arena *arena;
	const char *word[16];
	int words;
};

/* What was previewed when the line was lost. said: the intent's own words under "p.KEY". */
struct fields;
struct draft {
	struct arena *arena;
	const char *kind, *subject, *title, *after;
	int64_t account;
	const struct fields *said;
};

/* A line the person typed, or the value of what he picked from a menu. */
struct answer {
	enum ask ask;
	const char *text;
	bool done;   /* false: still typing, a live question */
	bool asked;  /* to the pane's own question; false: it came by a command (:note TEXT) or was picked from a menu */
	int at, len; /* out: bytes of text that are wrong, underlined in the prompt; len 0: none */
	struct err err; /* out, with fault set: refused, and why; the prompt stays open */
};

struct pane_type {
	const char *name; /* "orders": in the state file, in :goto, in --frame */
	const char *help; /* one paragraph for the help screen */
	const char *says; /* ":NAME" opens it, with what follows as its subject, and this says of it what it shows; NULL: it is opened from others */
	unsigned where;   /* enum where, WHERE_ALL is always meant */
	size_t size;      /* of the type's own struct, zeroed at first */
	const enum act *keys; /* for the last row, the most useful first; ends with ACT_NONE. : ? q are added */

	/* Read what is shown. The only place that reads; facts is empty at entry and lives until the next load. */
	enum fault (*load)(struct pane *p, struct store *store, struct arena *facts, struct err *err);

	/*
	 * Read what depends on the row under the cursor alone, because p->peek asks for it and the rows are as they were; NULL: load
	 * does that too.
	 */
	enum fault (*peek)(struct pane *p, struct store *store, struct err *err);

	/* Paint what was loaded, at any size, reading nothing else. */
	void (*draw)(const struct pane *p, struct canvas *c);

	/* true: the act means something here and wish says what follows. false: it does not. */
	bool (*act)(struct pane *p, enum act act, struct wish *wish);

	/* The rest may be NULL. */
	void (*strip)(const struct pane *p, struct strip *strip);
	void (*answer)(struct pane *p, struct answer *answer, struct wish *wish);

	/* Would the act do something now? When not, *why may say why not, in a few words: "(nothing marked)". */
	bool (*can)(const struct pane *p, enum act act, const char **why);

	/* The subject beside the pane's current one, for [ and ] in the detail opened from it. May set p->stale to load it. */
	bool (*step)(struct pane *p, int by, char *subject, size_t cap);

	/* A proposal for the steps that are still ticked; without it ticks cannot be changed. wish becomes the new WISH_PLAN. */
	void (*replan)(struct pane *p, const struct proposal *old, const int64_t *ids, int n, struct wish *wish);

	/* The person's own view of this pane, as words under keys: called with put to save, with get to restore. */
	void (*save)(const struct pane *p, void (*put)(void *ctx, const char *key, const char *value), void *ctx);
	void (*restore)(struct pane *p, const char *(*get)(void *ctx, const char *key), void *ctx);

	/* Release what is not in keep. */
	void (*close)(struct pane *p);
};

struct pane {
	const struct pane_type *type;
	struct arena *keep;  /* lives as long as the pane */
	struct arena *facts; /* emptied before each load */
	void *self;          /* type->size bytes */
	char subject[96];    /* what a detail is about; "" for a whole screen */

	/* Set by the desk before load, draw and act. */
	enum room room;
	bool portrait;    /* narrow and high: stack what would stand side by side */
	bool local_time;  /* Z: show the machine's zone instead of UTC */
	int rows;         /* height of the content area: a page */
	int64_t now_ms;   /* epoch, of the store's world */
	struct store *store;         /* what load reads; act makes plans from it (plan_make) and reads nothing else; NULL: none */
	const char *person;          /* who sits here, as the audit names him: "uid:1000 jo"; NULL: that is not known here */
	int64_t began_ms;            /* since when he has sat here, of the same world as now_ms */
	const char *config;          /* the configuration file; NULL: not known here */
	const struct keymap *keymap; /* for panes that tell what keys do */

	bool apart;       /* opened by its name, or looked up: it is of none of the ten screens */
	bool zoomed;      /* z: one pane of several on the whole screen */
	bool covered;     /* a sheet lies over it, as last drawn: that is what the person reads, not the rows */
	bool paused;      /* p: not loaded when the store changes */
	int64_t waiting;  /* changes that came meanwhile */

	/* Set by either. */
	bool stale;          /* load before the next draw */
	bool peek;           /* the cursor is on another row, and more than the row is shown of it */
	int64_t loaded_ms;   /* 0: never */
	bool stands;         /* the last load came to its end: only then is it drawn, stepped in, or asked what a key means */
	struct err trouble;  /* the last load's failure; the desk says it in the rows' place */
};

#endif
