#include "ui/painter.h"

#include "ui/terminfo.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <wchar.h>

#define NCURSES_WIDECHAR 1
#include <ncurses.h>

struct painter {
	int frame;       /* memory file that ncurses writes to */
	FILE *frame_file, *in_file;
	SCREEN *screen;
	struct cell *shown;
	int w, h, cursor_x, cursor_y;
	bool cursor;
	bool fresh;      /* nothing that is shown is known */
	bool begun;      /* what ncurses itself begins with was taken */
	bool utf8, colour, direct;
	enum depth depth;
	struct theme theme;
	attr_t attr[ROLES];
	int pair[ROLES];
	char fallback[32];
};

/* ---- beginning and end ---- */

/* ncurses on a memory file: it works out bytes and touches no tty. */
static enum fault open_screen(struct painter *p, const char *term, struct err *err)
{
	const char *const names[] = { term ? term : "", "xterm-256color", "xterm", "vt100", "ansi" };

	p->frame = memfd_create("frame", MFD_CLOEXEC);
	p->frame_file = p->frame < 0 ? NULL : fdopen(p->frame, "w");
	p->in_file = fopen("/dev/null", "re");
	if (!p->frame_file || !p->in_file)
		return err_set(err, FAULT_REFUSED, "no memory file to draw into: %s", strerror(errno));
	for (size_t i = 0; i < sizeof names / sizeof *names && !p->screen; i++) {
		if (!*names[i])
			continue;
		p->screen = newterm(names[i], p->frame_file, p->in_file);
		if (p->screen && i)
			snprintf(p->fallback, sizeof p->fallback, "%s", names[i]);
	}
	if (!p->screen)
		return err_set(err, FAULT_REFUSED, "terminfo knows neither TERM=%.40s nor xterm, vt100, ansi; try tallyman --plain",
		               term ? term : "");
	typeahead(-1);
	nonl();
	leaveok(stdscr, FALSE);
	scrollok(stdscr, FALSE);
	return OK;
}

static void open_colours(struct painter *p)
{
	p->colour = has_colors() && start_color() == OK;
	if (p->colour && use_default_colors() == ERR)
		assume_default_colors(7, 0);
	p->direct = p->colour && COLORS > 256 && terminfo_flag("RGB");
	for (enum role r = 0; r < ROLES; r++)
		p->attr[r] = A_NORMAL;
}

enum fault painter_open(const char *term, bool utf8, struct painter **out, struct err *err)
{
	struct painter *p = calloc(1, sizeof *p);
	enum fault fault;

	if (!p)
		abort();
	p->utf8 = utf8;
	fault = open_screen(p, term, err);
	if (fault == OK) {
		open_colours(p);
	} else {
		painter_close(p);
		p = NULL;
	}
	*out = p;
	return fault;
}

void painter_close(struct painter *p)
{
	if (!p)
		return;
	if (p->screen)
		delscreen(p->screen);
	if (p->frame_file)
		fclose(p->frame_file);
	else if (p->frame >= 0)
		close(p->frame);
	if (p->in_file)
		fclose(p->in_file);
	free(p->shown);
	free(p);
}

const char *painter_fallback(const struct painter *p)
{
	return *p->fallback ? p->fallback : NULL;
}

enum rendition painter_rendition(const struct painter *p)
{
	return p->utf8 ? RENDITION_UTF8 : RENDITION_ASCII;
}

int painter_colours(const struct painter *p)
{
	return p->colour ? COLORS : 2;
}

void painter_size(struct painter *p, int w, int h)
{
	resize_term(h, w);
	free(p->shown);
	p->shown = calloc((size_t)w * (size_t)h, sizeof *p->shown);
	if (!p->shown)
		abort();
	p->w = w;
	p->h = h;
	p->fresh = true;
}

void painter_forget(struct painter *p)
{
	p->fresh = true;
}

/* ---- looks ---- */

static attr_t attr_of(unsigned attr)
{
	return (attr & ATTR_BOLD ? A_BOLD : 0) | (attr & ATTR_REVERSE ? A_REVERSE : 0) | (attr & ATTR_UNDERLINE ? A_UNDERLINE : 0);
}

static int colour_of(const struct painter *p, int16_t colour)
{
	return p->direct && colour >= 8 ? theme_rgb(colour) : colour;
}

void painter_theme(struct painter *p, const struct theme *theme, enum depth depth)
{
	p->theme = *theme;
	p->depth = depth;
	for (enum role r = 0; r < ROLES; r++) {
		const struct style *s = &theme->style[depth][r];

		p->attr[r] = attr_of(s->attr);
		p->pair[r] = 0;
		if (p->colour && (s->fg != COLOUR_DEFAULT || s->bg != COLOUR_DEFAULT) &&
		    init_extended_pair((int)r + 1, colour_of(p, s->fg), colour_of(p, s->bg)) == OK)
			p->pair[r] = (int)r + 1;
	}
	p->fresh = true;
}

/* ---- cells ---- */

/* Byte for byte: there are no gaps in a cell, and its text is filled up with zeros. */
static bool same(const struct cell *a, const struct cell *b)
{
	_Static_assert(sizeof(struct cell) == 16, "a cell is compared as a whole");
	return !memcmp(a, b, sizeof *a);
}

/* A blank looks like the ground unless its role shows on blanks; saying so saves a change of colour. */
static enum role role_of(const struct painter *p, const struct cell *cell)
{
	const struct style *s = &p->theme.style[p->depth][cell->role], *ground = &p->theme.style[p->depth][ROLE_BG];
	bool blank = cell->text[0] == ' ' && !cell->text[1] && !cell->attr;

	return blank && s->bg == ground->bg && !(s->attr & (ATTR_REVERSE | ATTR_UNDERLINE)) ? ROLE_BG : cell->role;
}

static void put_wide(int x, int y, const wchar_t *wide, attr_t attr, int pair)
{
	cchar_t out;

	setcchar(&out, wide, attr, 0, &pair);
	mvadd_wch(y, x, &out);
}

static void cell_paint(struct painter *p, int x, int y, const struct cell *cell)
{
	enum role role = role_of(p, cell);
	attr_t attr = p->attr[role] | attr_of(cell->attr);
	wchar_t wide[CCHARW_MAX + 1];
	char text[16];

	if (cell_show(cell, painter_rendition(p), text) == 0)
		return;
	if (cell->width == 2 && !p->utf8) { /* ASCII shows two characters for it */
		put_wide(x + 1, y, (wchar_t[]){ (wchar_t)text[1], L'\0' }, attr, p->pair[role]);
		text[1] = '\0';
	}
	if (mbstowcs(wide, text, CCHARW_MAX) == (size_t)-1)
		wcscpy(wide, L"?");
	wide[CCHARW_MAX] = L'\0';
	put_wide(x, y, wide, attr, p->pair[role]);
}

/* Tell ncurses the cells that changed. Returns whether anything did. */
static bool cells_paint(struct painter *p, const struct canvas *c)
{
	static const struct cell outside = { .text = " ", .width = 1, .role = ROLE_BG };
	bool changed = p->fresh;

	for (int y = 0; y < p->h; y++) {
		for (int x = 0; x < p->w; x++) {
			const struct cell *cell = canvas_cell(c, x, y);
			struct cell *shown = &p->shown[y * p->w + x];

			cell = cell ? cell : &outside;
			if (!p->fresh && same(cell, shown))
				continue;
			cell_paint(p, x, y, cell);
			*shown = *cell;
			changed = true;
		}
	}
	return changed;
}

static bool cursor_paint(struct painter *p, const struct canvas *c)
{
	int x, y;
	bool visible = canvas_cursor_at(c, &x, &y), changed = visible != p->cursor || x != p->cursor_x || y != p->cursor_y;

	if (visible != p->cursor || p->fresh)
		curs_set(visible);
	p->cursor = visible;
	p->cursor_x = x;
	p->cursor_y = y;
	move(y < p->h ? y : p->h - 1, x < p->w ? x : p->w - 1);
	return changed;
}

/* ---- bytes ---- */

/* What ncurses has written since the last time. */
static void take(struct painter *p, struct outflow *to)
{
	off_t n = lseek(p->frame, 0, SEEK_CUR);

	if (n <= 0)
		return;
	if (pread(p->frame, outflow_room(to, (size_t)n), (size_t)n, 0) != n || lseek(p->frame, 0, SEEK_SET))
		abort();
	outflow_put(to, (size_t)n);
}

static void update(struct painter *p, struct outflow *to)
{
	wnoutrefresh(stdscr);
	doupdate();
	take(p, to);
}

/*
 * What ncurses begins with, its own margins among it, comes with its first frame: it goes before ours are set. Else lines
 * inserted on a tall screen would not move what stands below the 24th.
 */
static void begin(struct painter *p, struct outflow *to)
{
	if (!p->begun)
		update(p, to);
	p->begun = true;
}

/*
 * ncurses begins at a size of its own and sets the margins for that; past them a line feed would scroll and some terminals delete
 * nothing. Nor does every terminal widen them when it grows. The cursor goes home with it, where painting anew begins.
 */
static void widen_margins(struct painter *p, struct outflow *to)
{
	char plain[128];

	outflow_add(to, plain, terminfo_plain(plain, sizeof plain, terminfo_with("csr", 0, p->h - 1)));
}

void painter_paint(struct painter *p, const struct canvas *c, struct outflow *to)
{
	bool changed;

	if (p->fresh) {
		begin(p, to);
		widen_margins(p, to);
		clearok(curscr, TRUE);
	}
	changed = cells_paint(p, c);
	if (cursor_paint(p, c) || changed) {
		p->fresh = false;
		update(p, to);
	}
}

bool painter_remark(struct painter *p, int y, enum role role, const char *text, struct outflow *to)
{
	struct canvas c;

	if (p->fresh || y < 0 || y >= p->h)
		return false;
	c = canvas_new(p->w, 1);
	canvas_field(&c, 0, 0, p->w, role, ALIGN_LEFT, text);
	for (int x = 0; x < p->w; x++) {
		const struct cell *cell = canvas_cell(&c, x, 0);

		cell_paint(p, x, y, cell);
		p->shown[y * p->w + x] = *cell;
	}
	canvas_free(&c);
	move(y, 0);
	update(p, to);
	return true;
}

void painter_leave(struct painter *p, struct outflow *to)
{
	endwin();
	take(p, to);
}
