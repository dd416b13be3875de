#ifndef TALLYMAN_PANES_TABLE_H
#define TALLYMAN_PANES_TABLE_H
/*
 * table.h: a long list read by keyset: a window of rows around the cursor, with filter, sort, find and marks.
 *
 * The cursor is a row's number, not a position, so rows may come and go around it while one aims. Keys only
 * note where to go; the next load reads the few pages around that place, however far down a list of ten million it is. Marks
 * are numbers too: those that the filter hides are counted, and left out of what is done unless chosen.
 */
#include "trade/views.h"
#include "ui/panes/words.h"

struct table_column {
	const char *title;
	int w, wide; /* columns, and in a wide room (0: the same); w 0: what is left over */
	int tiny;    /* in a tiny room (0: w) */
	enum align align;
	enum room from;
	bool stays;  /* not scrolled away by h l */
	bool names;  /* the row is known by it: here the cursor's bar stands, no wider, because a bar is sent again with every key */
};

/* Its columns in the room that there is; 0: what is left over. */
int table_width(const struct pane *p, const struct table_column *c);

/* One row as the pane reads it. */
struct table_row {
	int64_t id;
	struct page_key key;
	const char *name; /* as a person knows it */
	const void *data; /* the pane's own: struct order_row, say */
};

struct table_type {
	const char *what, *empty; /* "orders"; "nothing is late" */
	const struct table_column *column;
	int columns;
	const struct filter_language *language; /* NULL: the page itself looks for words */
	int sorts;
	const char *(*sort_name)(int sort);
	bool has_closed; /* the view can show closed rows too */
	const char *all_choice, *few_choice; /* what the options call it; NULL: "closed ones too", "open ones only" */

	/* A page as asked; find (may be NULL): only rows with this text in them. */
	enum fault (*page)(struct pane *p, struct store *s, const struct page_ask *ask, const char *find, struct arena *a, struct table_row **out,
	                   int *got, struct err *err);

	/* One row by its number, with its key in this sort; FAULT_REFUSED when it is gone. */
	enum fault (*one)(struct pane *p, struct store *s, int64_t id, int sort, struct arena *a, struct table_row *out, struct err *err);

	/* The row whose whole name this is, by an index: found before anything is scanned. *id 0: there is none. May be NULL. */
	enum fault (*exact)(struct store *s, const char *name, struct arena *a, int64_t *id, struct err *err);
	/* NULL: a list that is counted only when all of it is loaded. */
	enum fault (*count)(struct store *s, const struct page_ask *ask, int64_t most, int64_t *out, struct err *err);

	/* What stands in a column. */
	struct word (*cell)(const struct pane *p, const struct table_row *row, int column, struct arena *a);
};

struct mark {
	int64_t id;
	bool shown;           /* the filter lets it be seen */
	struct table_row row; /* as last read; data NULL: it is gone */
};

enum jump { JUMP_NONE, JUMP_FIRST, JUMP_LAST, JUMP_FIND, JUMP_FIND_NEXT, JUMP_FIND_PREV, JUMP_MARK_ALL, JUMP_MARK_RANGE };

enum { TABLE_MARKS = 500, TABLE_COUNT = 1000, TABLE_NO_ROW = -1 };

struct table {
	const struct table_type *type;

	/* the view */
	char filter[FILTER_MAX + 1], before[FILTER_MAX + 1]; /* before: as it was when the prompt opened */
	char find[64];
	int sort;
	bool reverse, all;

	/* the row the person is on */
	int64_t id;
	struct page_key key;
	char key_text[256];
	struct {
		int64_t id;
		struct page_key key;
		char key_text[256];
		bool moved;
		int line;
		bool typing;
	} from;       /* where he was when the filter's prompt opened: each letter is looked at from there, however many loads it was */
	int64_t aim;  /* the row he means: as last painted, as his keys went, or as a sheet names it; 0: not known, he went where nothing was loaded yet */
	bool named;   /* by a sheet, and no row was painted since */
	bool moved;   /* he has gone somewhere: until then the top is followed */
	int owed;     /* rows still to go in the next load */
	bool again;   /* the view is another than what is loaded: moves wait for the load */
	enum jump jump;
	int64_t range; /* where v was pressed first; 0: not */
	const char *trouble; /* what the last jump could not do; NULL: nothing */

	/* the window, in the pane's facts */
	struct table_row *row;
	int n, at, top;
	bool first, last; /* it reaches the list's own ends */
	int64_t shown, total; /* shown -1: not counted */
	const char *part; /* what of it the pane read, where that is not all: "the newest 5,000 of 12,345"; NULL: all */
	int side;     /* how this view finds a row beside its key: 1 after, 2 before; 0 not known yet */

	struct mark *mark;
	int marks, marks_cap, hidden;
	bool hidden_too;  /* the next action is for hidden marks as well */

	unsigned hide;    /* columns not wanted, a bit each */
	char view[25];    /* the kept view that this began as; "": none */
	char *views;      /* all that are kept, by name (fields.h); NULL: none */
	int shift;        /* columns scrolled away */
	int height;       /* rows drawn last time: a page */
	int cols, cols_all;
	struct arena *paint;
	struct word *said; /* what stands in each row of the window, said once a load; NULL: not yet */
	bool *is_said;
	enum room said_room;
	bool said_local;
	char sorted[48], remark[96];
};

/* Harmless on one that was begun. free does not free t. */
void table_init(struct table *t, const struct table_type *type);
void table_free(struct table *t);

/* Read the window, do what is owed, look after the marks. To be called in the pane's load. */
enum fault table_load(struct pane *p, struct table *t, struct store *s, struct err *err);

/* What was loaded, at any size; and what row 3 says of it. */
void table_draw(const struct pane *p, struct table *t, struct canvas *c);
void table_strip(struct table *t, struct strip *strip);

/* What every list does with a key. false: it is the pane's own. */
bool table_act(struct pane *p, struct table *t, enum act act, struct wish *wish);
void table_answer(struct pane *p, struct table *t, struct answer *answer, struct wish *wish);

/* The row under the cursor; NULL on an empty list. */
const struct table_row *table_at(const struct table *t);

/*
 * Rows may be read between what a person saw and his key. table_aim: the row under the cursor is the one he means.
 * table_missed: by now another one stands there, or none: nothing may be done to it before he has seen it.
 */
void table_aim(struct table *t);
bool table_missed(const struct table *t);

/* One row on or back in what is loaded; the next load brings more. false: there is none. */
bool table_step(struct pane *p, struct table *t, int by);

/* What a view's language makes of a filter and a text to find: both must hold. */
const char *filter_and_find(struct arena *a, const char *filter, const char *find);

/* Go to a row by its number. */
void table_go(struct pane *p, struct table *t, int64_t id);

/*
 * The rows an action is for: the marks that are shown (and the hidden ones if that was chosen), else the row under
 * the cursor. Returns how many; they live in a.
 */
int table_chosen(const struct table *t, struct arena *a, const struct table_row ***out);
int table_left_out(const struct table *t); /* marks an action leaves out */

/* Filter, sort, and the row by its number: the person's own view (ui/pane.h). */
void table_save(const struct table *t, void (*put)(void *ctx, const char *key, const char *value), void *ctx);
void table_restore(struct table *t, const char *(*get)(void *ctx, const char *key), void *ctx);

#endif
