#ifndef TALLYMAN_DESK_INSIDE_H
#define TALLYMAN_DESK_INSIDE_H
/*
 * desk_inside.h: what the desk's own files share, and nobody else: desk_*.c, wishes.c, command.c, draft.c, palette.c, export.c, help.c.
 */
#include "ui/arm.h"
#include "ui/desk.h"
#include "ui/frame.h"
#include "ui/keymap.h"
#include "ui/notices.h"
#include "ui/prompt.h"
#include "ui/state.h"
#include "ui/widgets/sheet.h"

enum { TRAIL_MAX = 32, SHEETS_MAX = 6, ASKS = ASK_VALUE + 1, ASK_CONFIRM = ASKS, ASK_QUIT, ASK_PAGE_FIND, ASK_PAGE_FILTER, ASK_EXPORT, ASK_DRAFT, ASK_PALETTE };

struct palette;

struct desk {
	struct desk_setup setup;
	struct desk_facts facts;
	struct store *store;

	struct pane *root[DESK_SCREENS]; /* made when first shown, kept to the end */
	struct pane *trail[TRAIL_MAX];   /* places been to; roots are shared, details belong to their place */
	int trail_n, here;
	int screen;
	int64_t began_ms; /* of the store's world */

	struct sheet sheet[SHEETS_MAX];
	int sheets;
	struct prompt prompt;
	int asking;            /* enum ask, or one of the desk's own */
	bool live;
	struct history history[ASKS];

	struct arm arm;
	enum rank rank;        /* as the engine said */
	struct notices notices;
	char hint[200];
	int w, h;
	struct canvas content; /* where the pane was drawn last: for pages of sheets */
	int64_t loading_ms; /* when the load began */
	int64_t told_ms;    /* when somebody was last told that it takes long; 0: not yet */
	bool broken_off;    /* for a key that waits */
	int64_t draft_ms;   /* the person's time at which the open preview was first seen; 0: none is open */
	bool draft_waits;   /* one of the last session is still to be asked about, or one that nobody answered for; it stays in the file */
	bool draft_sent;    /* what is kept now is on its way to the engine */
	struct palette *palette; /* what can be done here, as it was last looked for; NULL: never */
	bool slow, mouse, local_time, small, unsaved;
	char theme[32];
	unsigned wants;
};

int64_t desk_world(const struct desk *d); /* the store's time */
int64_t desk_hand(const struct desk *d);  /* the person's */
struct sheet *desk_sheet(struct desk *d); /* on top; NULL: none */
void desk_sheet_close(struct desk *d);
void desk_sheets_close(struct desk *d);
void desk_sheets_expire(struct desk *d); /* pages that are shown for some seconds only */
struct sheet_facts desk_sheet_facts(const struct desk *d);
void desk_hint(struct desk *d, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void desk_fault(struct desk *d, const struct err *err);

/* desk_load.c: tell a pane what the desk knows; and ready: load it besides, when it is stale. */
void desk_brief_pane(const struct desk *d, struct pane *p);
void desk_ready(struct desk *d, struct pane *p);

/* Is there something loaded that the pane may be asked about? Can it do this now? What was not loaded cannot say no. */
bool desk_stands(const struct pane *p);
bool desk_can(const struct desk *d, const struct pane *p, enum act act, const char **why);

/* desk_trail.c: the places. */
struct pane *desk_root(struct desk *d, int screen); /* one of the ten, made when it is first wanted */
bool desk_is_root(const struct desk *d, const struct pane *p);
int desk_tab(const struct desk *d); /* which of the ten is marked; -1: none */
void desk_pane_free(struct pane *p);
void desk_trail_cut(struct desk *d, int from); /* from there on it is forgotten; details in it end with it */
void desk_close_pane(struct desk *d);
void desk_step(struct desk *d, int by);
bool desk_open_named(struct desk *d, const char *name, size_t n, const char *subject); /* a pane that has a name behind the colon; false: there is none */
void desk_go(struct desk *d, int by); /* along the trail */
void desk_quit(struct desk *d);
void desk_theme_set(struct desk *d, const char *name);
void desk_theme_next(struct desk *d);

/* Take a wish to its end; its arena is freed or taken over. */
void desk_take(struct desk *d, struct wish *wish);
struct wish desk_wish(void);
void desk_ask(struct desk *d, int asking, const char *label, const char *initial);
void desk_answer(struct desk *d, enum ask ask, const char *text, bool done);
void desk_find(struct desk *d, const char *id); /* whatever has it is opened */
void desk_asked(struct desk *d, enum prompt_said said);

void desk_act(struct desk *d, enum act act);
bool desk_own_act(struct desk *d, enum act act); /* what the desk itself does with it; false: nothing */
enum act desk_act_over(enum act act);            /* over a sheet or a prompt there is nothing to stop: nothing was sent yet */
void desk_leave(struct desk *d);

/* desk_sheets.c: a key while the topmost sheet is open. */
void desk_sheet_key(struct desk *d, struct sheet *s, int32_t key);
void desk_preview_explain(struct desk *d, const struct sheet *s); /* desk_preview.c: the step under the cursor, on a page over it */
bool desk_pane_act(struct desk *d, enum act act); /* of an action sheet; false: it means nothing there */
void desk_arm(struct desk *d, const char *words);
void desk_disarm(struct desk *d, const char *why);
void desk_messages(struct desk *d);

/* export.c: what a screen shows, as a file. */
void desk_export(struct desk *d);
void desk_export_as(struct desk *d, const char *words); /* "csv", "json late.json" */

/* draft.c: a preview that was open when the line was lost. */
void desk_draft_keep(struct desk *d);
void desk_draft_sending(struct desk *d); /* its line was typed: from here on it is "perhaps sent" until the engine answers */
void desk_draft_unsure(struct desk *d);  /* the engine did not answer: it is kept as it is */
void desk_draft_offer(struct desk *d);
void desk_draft_answer(struct desk *d, const char *value);
bool desk_replan(struct desk *d, struct sheet *s); /* desk_sheets.c: with the ticks as they are; false: that cannot be, and the hint says why */

/* palette.c: anything that can be done here, by a few of its letters. */
void desk_palette(struct desk *d);
void desk_palette_typed(struct desk *d, const char *text);
void desk_palette_done(struct desk *d, const char *text);
void desk_palette_left(struct desk *d);
void desk_palette_chosen(struct desk *d, const char *value);
void desk_palette_free(struct desk *d);

/* help.c: the page made of the live key map. */
void desk_help(struct desk *d);

/* command.c: what stands behind the colon. */
void desk_command(struct desk *d, const char *text);
const char *desk_command_name(const struct desk *d, int i, const char **words); /* the i-th, and what follows it; NULL past the last */
int desk_complete(void *ctx, const char *text, int cursor, char *out, int *at, char *words, size_t cap);

#endif
