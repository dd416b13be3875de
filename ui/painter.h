#ifndef TALLYMAN_PAINTER_H
#define TALLYMAN_PAINTER_H
/*
 * painter.h: a canvas as the bytes that make one terminal show it: the only part that draws with ncurses.
 *
 * ncurses works out what to send, and writes it into memory; it touches no tty. What is shown is remembered, and only
 * cells that differ from it become bytes. One painter a process: ncurses has one current screen.
 */
#include "base/err.h"
#include "ui/canvas.h"
#include "ui/outflow.h"
#include "ui/theme.h"

#include <stdbool.h>

struct painter;

/* term: $TERM; unknown ones are tried as xterm-256color, xterm, vt100, ansi. FAULT_REFUSED when terminfo knows none of them. */
enum fault painter_open(const char *term, bool utf8, struct painter **out, struct err *err);
void painter_close(struct painter *p);

/* The name that terminfo knew, when it was not $TERM's; NULL otherwise. */
const char *painter_fallback(const struct painter *p);

enum rendition painter_rendition(const struct painter *p);
int painter_colours(const struct painter *p); /* how many the terminal has; 2: none */

/* Before the first paint, and whenever the terminal has another size: columns and rows, at least 1. */
void painter_size(struct painter *p, int w, int h);

/* How each role looks from the next paint on, which sends all of it. */
void painter_theme(struct painter *p, const struct theme *theme, enum depth depth);

/* Forget what is shown: the next paint sends all of it. */
void painter_forget(struct painter *p);

/* The bytes after which the terminal shows the canvas are put to the end of the outflow; none when it does. */
void painter_paint(struct painter *p, const struct canvas *c, struct outflow *to);

/* Text over row y of what is shown, until the next paint. false: nothing is shown yet, or there is no such row. */
bool painter_remark(struct painter *p, int y, enum role role, const char *text, struct outflow *to);

/* The bytes that bring back the screen on which the program was started; the next paint comes back from it. */
void painter_leave(struct painter *p, struct outflow *to);

#endif
