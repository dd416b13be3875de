#ifndef TALLYMAN_CANVAS_H
#define TALLYMAN_CANVAS_H
/*
 * canvas.h: a grid of cells that panes paint, and parts of it.
 *
 * A canvas is a small value: a window into a shared grid. Everything is clipped to it,
 * coordinates count from its own top left corner, and every text passes text_clean on
 * the way in, so a hostile name can neither leave its field nor reach the terminal. Frames and
 * bars are kept as glyphs; whether a line is - or U+2500 is decided when the
 * grid is shown, so positions are the same in every rendition.
 */
#include "base/arena.h"
#include "ui/role.h"

#include <stdbool.h>
#include <stdint.h>

/* What a cell shows that is not text; kept in cell.text[0], where no clean text can have it. */
enum glyph {
	GLYPH_NONE,
	GLYPH_H, /* - */
	GLYPH_V, /* | */
	GLYPH_TL,
	GLYPH_TR,
	GLYPH_BL,
	GLYPH_BR,
	GLYPH_FULL,  /* # of a bar */
	GLYPH_EMPTY, /* - of a bar */
	GLYPH_RAMP,  /* eight heights from here: _ . : - = + * # */
	GLYPH_RAMP_TOP = GLYPH_RAMP + 7,
	GLYPHS
};

enum attr { ATTR_BOLD = 1, ATTR_REVERSE = 2, ATTR_UNDERLINE = 4 };

/* One column. A wide character has width 2 and is followed by a cell of width 0. */
struct cell {
	char text[13]; /* UTF-8: a character and its combining marks, or one byte of enum glyph */
	uint8_t width;
	uint8_t role;
	uint8_t attr; /* on top of the role's own look */
};

struct grid;

struct canvas {
	struct grid *grid;
	int x, y, w, h; /* of the grid; w and h may be 0 */
};

/* A grid of its own, w and h >= 0, all blank; canvas_free ends it and every part of it. */
struct canvas canvas_new(int w, int h);
void canvas_free(struct canvas *c);

/* The part at (x, y), cut to what c has. */
struct canvas canvas_part(const struct canvas *c, int x, int y, int w, int h);

/* A cell of c; NULL outside it. */
const struct cell *canvas_cell(const struct canvas *c, int x, int y);

/* All of it blank, in this role. */
void canvas_fill(struct canvas *c, enum role role);

/*
 * Text at (x, y), from anywhere in the world: cleaned, then clipped. Half a wide character at an
 * edge becomes a blank. Returns the column after the last one it would have taken.
 */
int canvas_put(struct canvas *c, int x, int y, enum role role, const char *text);
int canvas_printf(struct canvas *c, int x, int y, enum role role, const char *fmt, ...) __attribute__((format(printf, 5, 6)));

/* Exactly w columns: padded, or cut with a ~ in the last column. */
enum align { ALIGN_LEFT, ALIGN_RIGHT };
void canvas_field(struct canvas *c, int x, int y, int w, enum role role, enum align align, const char *text);

/* Columns that text takes as it may be shown, counted no further than limit + 1. */
int canvas_width(const char *text, int limit);

/* Text broken at spaces into lines of w columns from row y on, at most h lines. Returns the lines taken. */
size_t canvas_break(const char *text, int w); /* bytes of text that make the next such line, without the space or newline after it */
int canvas_wrap(struct canvas *c, int x, int y, int w, int h, enum role role, const char *text);

/* One cell. */
void canvas_glyph(struct canvas *c, int x, int y, enum role role, enum glyph glyph);

/* Change the look of w cells that are already there. */
void canvas_role(struct canvas *c, int x, int y, int w, enum role role);
void canvas_attr(struct canvas *c, int x, int y, int w, unsigned attr);

/*
 * A frame around the whole of c with a title on the left of its top line and a remark on the right (either may be NULL).
 * Returns the part inside it, with one blank column at each side when there is room.
 */
struct canvas canvas_box(struct canvas *c, const char *title, const char *remark);

/* "-- Title -------------- remark --" across row y. */
void canvas_rule(struct canvas *c, int y, const char *title, const char *remark);

/* "[####--]" in w columns, part of whole filled; whole <= 0 shows it empty. */
void canvas_bar(struct canvas *c, int x, int y, int w, int64_t part, int64_t whole);

/* One column a value, newest on the right: the last w of n values between 0 and their greatest. A value below 0 is a gap. */
void canvas_spark(struct canvas *c, int x, int y, int w, const int64_t *values, int n);

/* Where the terminal's own cursor stands when the frame is shown: screen readers follow it. */
void canvas_cursor(struct canvas *c, int x, int y, bool visible);
bool canvas_cursor_at(const struct canvas *c, int *x, int *y);

/*
 * What a cell looks like: UTF-8, or ASCII with the same width ("?" for what has no likeness). out holds at least
 * 16 bytes; returns the columns (0: the right half of a wide character, nothing to print).
 */
enum rendition { RENDITION_ASCII, RENDITION_UTF8 };
int cell_show(const struct cell *cell, enum rendition rendition, char *out);

/* The whole canvas as lines of text, blanks at the ends left out; and the same lines as letters of roles. */
void canvas_dump_text(const struct canvas *c, enum rendition rendition, struct buf *out);
void canvas_dump_roles(const struct canvas *c, struct buf *out);

#endif
