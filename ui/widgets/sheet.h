#ifndef TALLYMAN_SHEET_H
#define TALLYMAN_SHEET_H
/*
 * sheet.h: what lies over a pane for a while: action sheet, menu, page to read, preview of a plan.
 *
 * A sheet shows a wish's own data and says what was chosen; what follows is the desk's. In an action sheet safe
 * choices stand first, and those that reach a marketplace below a line, with what they still need.
 */
#include "base/text.h"
#include "ui/act.h"
#include "ui/canvas.h"
#include "ui/pane.h"

#include <stdbool.h>
#include <stdint.h>

enum { PROPOSAL_MS = 10 * 60 * 1000 }; /* how long a preview holds */

enum sheet_kind { SHEET_ACTIONS, SHEET_MENU, SHEET_PAGE, SHEET_PREVIEW };

struct sheet {
	enum sheet_kind kind;
	struct wish wish;     /* a copy; what it points to lives in wish.arena */
	const struct choice **choice; /* in the order shown */
	int cursor, top, left;
	bool wrap;            /* raw lines are broken too */
	bool *off;            /* preview: steps that were unticked */
	struct wish less;     /* preview: the plan of the steps that are still ticked; arena NULL: of all */
	char find[64], filter[64]; /* pages: only lines with filter in them are shown */
	const char *changed;  /* preview: what is another than when it was made, as the typed line opened; NULL: nothing */
	int64_t until_ms;     /* the person's time at which it closes by itself; 0: it stays */
};

/* What the sheet needs to know of the desk. */
struct sheet_facts {
	enum rank rank;  /* who sits here */
	bool armed;      /* what reaches a marketplace may be chosen and confirmed */
	bool confirming; /* the typed line is open */
	int64_t now_ms;
};

/* What the step under the cursor is about, where it is one alone. */
enum sheet_rows { ROWS_NONE, ROWS_OFFERS, ROWS_ORDERS };

enum sheet_said {
	SHEET_DEAF,   /* the key means nothing here */
	SHEET_STAYS,
	SHEET_CLOSE,
	SHEET_CHOSEN, /* sheet_choice() says what */
	SHEET_NEXT,   /* preview: on to the typed line */
	SHEET_TICKED, /* preview: a step was unticked or ticked again */
	SHEET_REFUSED, /* sheet_why() says why not */
};

/* Lay a WISH_SHEET, WISH_MENU, WISH_READ or WISH_PLAN out. The sheet takes over wish->arena. */
void sheet_open(struct sheet *s, const struct wish *wish);
void sheet_close(struct sheet *s);

/* A key or act; w and h are the size it was drawn at. Letters of choices go before everything else. */
enum sheet_said sheet_input(struct sheet *s, int32_t key, enum act act, const struct sheet_facts *facts, int w, int h);

const struct choice *sheet_choice(const struct sheet *s);
const char *sheet_why(const struct sheet *s, const struct sheet_facts *facts);

/* Find text from the line at the top on (from: +1 after it, -1 before it, 0 from it). false: it is nowhere; pages only. */
bool sheet_find(struct sheet *s, const char *text, int from, int w, int h);

/* Show only lines with text in them; "" shows all again. Pages only. */
void sheet_filter(struct sheet *s, const char *text);

/* The ids whose step is still ticked. Returns how many. */
int sheet_ticked(const struct sheet *s, int64_t *ids, int cap);

/* Preview: can the step under the cursor be explained, and as what? */
enum sheet_rows sheet_rows(const struct sheet *s);

/* Preview: what is proposed with the ticks as they are, and the line to type for it. */
const struct proposal *sheet_proposal(const struct sheet *s);
const char *sheet_line(const struct sheet *s);

/* The plan of the steps that are ticked now, a WISH_PLAN; the sheet takes it over. NULL: all are. */
void sheet_replan(struct sheet *s, struct wish *less);

/* What became another since the preview was made, though the plan still holds: shown over the typed line. Copied; "": nothing. */
void sheet_changed(struct sheet *s, const char *text);

/* The whole of a page or a preview as text. */
void sheet_text(const struct sheet *s, struct buf *out);

/* Is the preview too old to be confirmed? */
bool sheet_stale(const struct sheet *s, int64_t now_ms);

void sheet_draw(const struct sheet *s, const struct sheet_facts *facts, struct canvas *c);

/* For row 3, and the acts of the last row. */
void sheet_strip(const struct sheet *s, const struct sheet_facts *facts, char *out, size_t cap);
const enum act *sheet_keys(const struct sheet *s); /* ends with ACT_NONE */

#endif
