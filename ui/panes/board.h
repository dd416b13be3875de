#ifndef TALLYMAN_BOARD_H
#define TALLYMAN_BOARD_H
/*
 * board.h: blocks of lines, side by side where there is room and stacked where there is not.
 *
 * Overview, Engine and every detail are boards. A pane's load fills the blocks; drawing, scrolling,
 * zooming, finding and the walk from line to line are the same for all. A line may lead somewhere: Enter on it opens
 * that, which is how a value leads to the reply it came from.
 */
#include "ui/pane.h"

enum { BOARD_BITS = 14 };

enum bit_kind { BIT_TEXT, BIT_BAR, BIT_SPARK };

/* What stands in one column of a line. */
struct bit {
	enum bit_kind kind;
	enum role role;
	const char *text;
	int64_t part, whole;  /* a bar */
	const int64_t *value; /* a spark of n values */
	int n;
};

/* A text (NULL: ""), "[####--]", a curve of n values: what they point to lives as long as the board. */
struct bit bit(enum role role, const char *text);
struct bit bit_bar(int64_t part, int64_t whole);
struct bit bit_spark(const int64_t *value, int n);

/* Where a line's bits stand. A width of 0 is what is left over; such a text is broken into rows where it is the last. */
struct board_column {
	const char *title; /* NULL in all: the block has no heading */
	int w, wide; /* columns, and in a wide room (0: the same) */
	int tiny;    /* in a tiny room (0: w) */
	enum align align;
	enum room from;    /* not shown in less room */
};

struct board_line {
	struct bit bit[BOARD_BITS];
	const struct pane_type *open; /* what Enter opens, with subject; NULL: nothing of its own */
	const char *subject;
	const char *why; /* what x says of it; NULL: nothing of its own */
	const char *key; /* tells it from the others when the board is loaded again; NULL: its first bits do */
};

struct board_block {
	const char *title, *remark;
	const struct board_column *column; /* width and room of each bit */
	int columns;
	bool half;                         /* where there is room it stands beside the next one that is half */
	enum room beside;                  /* room enough for that; ROOM_WIDE where nothing is said */
	bool clip;                         /* a line is one row, whatever it says */
	enum room from;                    /* not shown in less room */
	const struct pane_type *open;      /* what Enter opens on a line that opens nothing */
	const char *subject;
	struct board_line *line;
	int n, cap;
	struct arena *arena;
};

enum { BOARD_BLOCKS = 12 };

struct board {
	struct arena *arena;
	struct board_block block[BOARD_BLOCKS];
	int n;
};

/* Where the person is on it; outlives a load. */
struct board_place {
	int block, line;
	int top;       /* first row shown, as it was last drawn */
	char key[96];  /* of the line, so that it is found again */
	bool missed;   /* it was not: the line there now is another, and was not painted yet */
	bool named;    /* a sheet or a question names the line: what is painted under it is not looked at */
	char find[64];
};

/* One without blocks; it grows in the arena of a load. */
struct board board_new(struct arena *a);

/* A block without lines yet. */
struct board_block *board_block(struct board *b, const char *title, const char *remark, const struct board_column *column, int columns);

/* A line in it. */
struct board_line *block_line(struct board_block *b, const struct bit *bit, int n);
#define LINE(block, ...) block_line(block, (struct bit[]){ __VA_ARGS__ }, (int)(sizeof((struct bit[]){ __VA_ARGS__ }) / sizeof(struct bit)))

/* After a load: the same line as before, or the nearest there is. */
void board_settle(const struct board *b, struct board_place *at);

/* The line the person is on; NULL on an empty board. */
const struct board_line *board_at(const struct board *b, const struct board_place *at);

/*
 * Lines may be read anew between what a person saw and his key. board_name: a sheet or a question is about the line he is on. board_missed: by now another
 * one stands there, which is said: nothing may be done to it before he has seen it.
 */
void board_name(struct board_place *at);
bool board_missed(const struct board_place *at, struct wish *wish);

/* Go to the first line that leads to subject, if there is one. */
void board_go(const struct board *b, struct board_place *at, const char *subject);

/* At any size; scrolled so that the line the person is on is in sight. */
void board_draw(const struct pane *p, const struct board *b, struct board_place *at, struct canvas *c);

/*
 * Moves, Enter, Tab, zoom, find, copy: what they mean on every board. false: not one of these, or Enter on a line
 * that leads nowhere.
 */
bool board_act(struct pane *p, const struct board *b, struct board_place *at, enum act act, struct wish *wish);

/* The answer to a find. */
void board_answer(const struct board *b, struct board_place *at, struct answer *answer, struct wish *wish);

/* ---- a pane that is a board and little else: its own struct begins with this ---- */

struct board_pane {
	struct board board;
	struct board_place at;
	char strip[160];  /* "Orders > 302-1187264" */
	const char *hint; /* "[ ] prev/next"; NULL: none */
};

void board_pane_draw(const struct pane *p, struct canvas *c);
bool board_pane_act(struct pane *p, enum act act, struct wish *wish);
void board_pane_answer(struct pane *p, struct answer *answer, struct wish *wish);
void board_pane_strip(const struct pane *p, struct strip *strip);
void board_pane_save(const struct pane *p, void (*put)(void *ctx, const char *key, const char *value), void *ctx);
void board_pane_restore(struct pane *p, const char *(*get)(void *ctx, const char *key), void *ctx);

/* In the type of a pane that is a board and nothing else. */
#define BOARD_PANE                                                                                                                    \
	.draw = board_pane_draw, .act = board_pane_act, .strip = board_pane_strip, .answer = board_pane_answer, .save = board_pane_save, \
	.restore = board_pane_restore

/* A line as one text, for the clipboard. */
const char *board_text(const struct board_line *l, int columns, struct arena *a);

#endif
