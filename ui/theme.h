#ifndef TALLYMAN_THEME_H
#define TALLYMAN_THEME_H
/*
 * theme.h: the look of each role, at each number of colours a terminal may have.
 *
 * A theme says what it wants in 256 colours; what a smaller terminal gets is worked out unless the
 * theme says that too. With two colours (and with NO_COLOR) only bold, reverse and underline are
 * left, which is enough, because every meaning is a word as well. themes/README.md says how to write one.
 */
#include "base/err.h"
#include "ui/role.h"

#include <stdint.h>

enum depth { DEPTH_2, DEPTH_8, DEPTH_16, DEPTH_256, DEPTHS };

enum { COLOUR_DEFAULT = -1 };

struct style {
	int16_t fg, bg; /* index of the xterm palette, or COLOUR_DEFAULT */
	uint8_t attr;   /* enum attr of canvas.h */
};

struct theme {
	char name[32];
	struct style style[DEPTHS][ROLES];
};

/*
 * Read NAME.ini from dir (may be NULL) or from the built-in themes. FAULT_REFUSED with file:line when it is
 * wrong; out is untouched then.
 */
enum fault theme_load(const char *dir, const char *name, struct theme *out, struct err *err);

/* The same from text, file names it in errors. */
enum fault theme_parse(const char *dir, const char *file, const char *text, struct theme *out, struct err *err);

enum { THEME_NAMES = 256 };

/* The themes' names, a space between: default, the other built-in ones, those of dir (may be NULL) as far as there is room; out holds THEME_NAMES bytes. */
void theme_names(const char *dir, char *out);

/* The theme for a terminal that says its ground in COLORFGBG ("0;15": a light one): "light" or "default". NULL: it says nothing. */
const char *theme_for_ground(const char *colorfgbg);

/* What a terminal with so many colours can show; no_colour is the environment's NO_COLOR: set and not empty means two. */
enum depth theme_depth(int colours, const char *no_colour);

/* 0xRRGGBB of an xterm palette index, for terminals that take no index. */
int theme_rgb(int colour);

#endif
