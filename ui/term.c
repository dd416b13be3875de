#include "ui/term.h"

#include "base/text.h"
#include "ui/decode.h"

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

#define NCURSES_WIDECHAR 1
#include <ncurses.h>
#include <term.h>

enum { INPUTS_MAX = 16, COPY_MAX = 74994, PARTING_MS = 3000 };

struct terminal {
	int tty;         /* an own, non-blocking description of the person's tty */
	int signals;
	int frame;       /* memory file that ncurses writes to */
	FILE *frame_file, *in_file;
	SCREEN *screen;
	struct termios was, raw;
	struct clock clock;
	struct decoder *decoder;
	struct input waiting[INPUTS_MAX]; /* not from keys: sizes, signals */
	int waiting_n;
	char *out;       /* bytes on their way to the tty */
	size_t out_n, out_at, out_cap;
	int64_t sent;
	struct cell *shown;
	int w, h, cursor_x, cursor_y;
	bool cursor;
	bool fresh;      /* nothing that is shown is known */
	bool begun;      /* what ncurses itself begins with was taken */
	bool slow, gone, utf8, colour, direct, mouse, pastes;
	enum depth depth;
	struct theme theme;
	attr_t attr[ROLES];
	int pair[ROLES];
	char fallback[32], title[128];
};

/*
 * The one thing a signal handler needs: how to put the terminal back. Written before the handlers are set,
 * read only by them.
 */
static struct {
	volatile sig_atomic_t armed;
	int fd;
	struct termios was;
	char reset[256];
	size_t n;
	struct sigaction old[5];
} parting;

static const int deadly[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT };

static void put_back(void)
{
	ssize_t ignored;

	if (!parting.armed)
		return;
	parting.armed = 0;
	ignored = write(parting.fd, parting.reset, parting.n);
	(void)ignored;
	tcsetattr(parting.fd, TCSANOW, &parting.was);
}

static void on_crash(int sig)
{
	put_back();
	for (size_t i = 0; i < sizeof deadly / sizeof *deadly; i++)
		if (deadly[i] == sig)
			sigaction(sig, &parting.old[i], NULL);
	raise(sig);
}

/* A capability without its padding marks; "" when the terminal has none. */
static const char *cap(const char *name)
{
	const char *s = tigetstr(name);

	return s && s != (char *)-1 ? s : "";
}

static size_t cap_copy(char *out, size_t room, const char *s)
{
	size_t n = 0;

	while (*s && n + 1 < room) {
		const char *end = s[0] == '$' && s[1] == '<' ? strchr(s, '>') : NULL;

		if (end)
			s = end + 1;
		else
			out[n++] = *s++;
	}
	out[n] = '\0';
	return n;
}

static void out_room(struct terminal *t, size_t n)
{
	if (t->out_cap - t->out_n < n) {
		t->out_cap = (t->out_n + n) * 2;
		t->out = realloc(t->out, t->out_cap);
		if (!t->out)
			abort();
	}
}

static void out_add(struct terminal *t, const char *bytes, size_t n)
{
	out_room(t, n);
	memcpy(t->out + t->out_n, bytes, n);
	t->out_n += n;
}

static void out_cap(struct terminal *t, const char *s)
{
	char plain[128];
	size_t n = cap_copy(plain, sizeof plain, s);

	out_add(t, plain, n);
}

static void push(struct terminal *t, struct input in)
{
	if (t->waiting_n < INPUTS_MAX)
		t->waiting[t->waiting_n++] = in;
}

static void lost(struct terminal *t)
{
	if (!t->gone)
		push(t, (struct input){ .kind = INPUT_GONE });
	t->gone = true;
}

/* Send what the tty takes now. */
static void out_send(struct terminal *t)
{
	while (t->out_at < t->out_n && !t->gone) {
		ssize_t n = write(t->tty, t->out + t->out_at, t->out_n - t->out_at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return;
		if (n <= 0) {
			lost(t);
			return;
		}
		t->out_at += (size_t)n;
		t->sent += n;
	}
	t->out_n = t->out_at = 0;
}

/* What ncurses has written since the last time. */
static void frame_take(struct terminal *t)
{
	off_t n = lseek(t->frame, 0, SEEK_CUR);

	if (n <= 0)
		return;
	out_room(t, (size_t)n);
	if (pread(t->frame, t->out + t->out_n, (size_t)n, 0) != n || lseek(t->frame, 0, SEEK_SET))
		abort();
	t->out_n += (size_t)n;
}

static int number_env(const char *name)
{
	const char *s = getenv(name);
	int64_t n;

	return s && text_int(s, 1, 1000, &n) ? (int)n : 0;
}

static void size_read(struct terminal *t, int *w, int *h)
{
	struct winsize ws = { 0 };

	if (ioctl(t->tty, TIOCGWINSZ, &ws) || !ws.ws_col || !ws.ws_row) {
		ws.ws_col = (unsigned short)(number_env("COLUMNS") ? number_env("COLUMNS") : 80);
		ws.ws_row = (unsigned short)(number_env("LINES") ? number_env("LINES") : 24);
	}
	*w = ws.ws_col < 1000 ? ws.ws_col : 1000;
	*h = ws.ws_row < 500 ? ws.ws_row : 500;
}

static void size_set(struct terminal *t, int w, int h)
{
	resize_term(h, w);
	free(t->shown);
	t->shown = calloc((size_t)w * (size_t)h, sizeof *t->shown);
	if (!t->shown)
		abort();
	t->w = w;
	t->h = h;
	t->fresh = true;
}

static void size_check(struct terminal *t)
{
	int w, h;

	size_read(t, &w, &h);
	if (w == t->w && h == t->h)
		return;
	size_set(t, w, h);
	push(t, (struct input){ .kind = INPUT_RESIZE, .w = w, .h = h });
}

/* A description of the tty that is ours alone: O_NONBLOCK on the shared one would follow the person into the shell. */
static int tty_own(int fd)
{
	char name[64];
	int own = ttyname_r(fd, name, sizeof name) ? -1 : open(name, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);

	if (own < 0)
		own = open("/dev/tty", O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	return own < 0 ? fcntl(fd, F_DUPFD_CLOEXEC, 3) : own;
}

static void signals_open(struct terminal *t)
{
	static const int watched[] = { SIGHUP, SIGTERM, SIGINT, SIGTSTP, SIGCONT, SIGWINCH, SIGQUIT };
	struct sigaction ignore = { .sa_handler = SIG_IGN };
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof watched / sizeof *watched; i++)
		sigaddset(&set, watched[i]);
	sigprocmask(SIG_BLOCK, &set, NULL);
	sigaction(SIGPIPE, &ignore, NULL);
	sigaction(SIGTTOU, &ignore, NULL);
	t->signals = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

static void parting_add(const char *s)
{
	parting.n += cap_copy(parting.reset + parting.n, sizeof parting.reset - parting.n, s);
}

static const char *pastes_cap(bool on)
{
	return *cap("BE") ? cap(on ? "BE" : "BD") : on ? "\033[?2004h" : "\033[?2004l";
}

static void parting_arm(struct terminal *t)
{
	struct sigaction act = { .sa_handler = on_crash };

	parting.fd = t->tty;
	parting.was = t->was;
	parting.n = 0;
	parting_add(*cap("XM") ? tiparm(cap("XM"), 0) : "");
	parting_add(t->pastes ? pastes_cap(false) : "");
	parting_add(cap("sgr0"));
	parting_add(cap("rmcup"));
	parting_add(cap("cnorm"));
	parting_add("\r\n");
	for (size_t i = 0; i < sizeof deadly / sizeof *deadly; i++)
		sigaction(deadly[i], &act, &parting.old[i]);
	parting.armed = 1;
}

static void parting_disarm(void)
{
	parting.armed = 0;
	for (size_t i = 0; i < sizeof deadly / sizeof *deadly; i++)
		sigaction(deadly[i], &parting.old[i], NULL);
}

/* terminfo's own words for keys, beside the usual sequences the decoder knows. */
static void keys_learn(struct terminal *t)
{
	static const struct { const char *cap; int32_t key; } named[] = {
		{ "kcuu1", K_UP }, { "kcud1", K_DOWN }, { "kcub1", K_LEFT }, { "kcuf1", K_RIGHT }, { "khome", K_HOME },
		{ "kend", K_END }, { "kpp", K_PGUP }, { "knp", K_PGDN }, { "kich1", K_INS }, { "kdch1", K_DEL }, { "kcbt", K_BACKTAB },
	};
	char name[8];

	for (size_t i = 0; i < sizeof named / sizeof *named; i++)
		decoder_learn(t->decoder, cap(named[i].cap), named[i].key);
	for (int f = 1; f <= 12; f++) {
		snprintf(name, sizeof name, "kf%d", f);
		decoder_learn(t->decoder, cap(name), K_F0 + f);
	}
}

/* ncurses on a memory file: it works out bytes and touches no tty. */
static enum fault curses_open(struct terminal *t, const char *term, struct err *err)
{
	const char *const names[] = { term ? term : "", "xterm-256color", "xterm", "vt100", "ansi" };

	t->frame = memfd_create("frame", MFD_CLOEXEC);
	t->frame_file = t->frame < 0 ? NULL : fdopen(t->frame, "w");
	t->in_file = fopen("/dev/null", "re");
	if (!t->frame_file || !t->in_file)
		return err_set(err, FAULT_REFUSED, "no memory file to draw into: %s", strerror(errno));
	for (size_t i = 0; i < sizeof names / sizeof *names && !t->screen; i++) {
		if (!*names[i])
			continue;
		t->screen = newterm(names[i], t->frame_file, t->in_file);
		if (t->screen && i)
			snprintf(t->fallback, sizeof t->fallback, "%s", names[i]);
	}
	if (!t->screen)
		return err_set(err, FAULT_REFUSED, "terminfo knows neither TERM=%.40s nor xterm, vt100, ansi; try tallyman --plain",
		               term ? term : "");
	typeahead(-1);
	nonl();
	leaveok(stdscr, FALSE);
	scrollok(stdscr, FALSE);
	return OK;
}

static void colours_open(struct terminal *t)
{
	t->colour = has_colors() && start_color() == OK;
	if (t->colour && use_default_colors() == ERR)
		assume_default_colors(7, 0);
	t->direct = t->colour && COLORS > 256 && tigetflag("RGB") == 1;
	for (enum role r = 0; r < ROLES; r++)
		t->attr[r] = A_NORMAL;
}

static void raw_set(struct terminal *t)
{
	t->raw = t->was;
	cfmakeraw(&t->raw);
	t->raw.c_cc[VMIN] = 1;
	t->raw.c_cc[VTIME] = 0;
	tcsetattr(t->tty, TCSADRAIN, &t->raw);
}

static bool knows_pastes(const char *term)
{
	return *cap("BE") || getenv("TMUX") || (term && (!strncmp(term, "putty", 5) || !strncmp(term, "rxvt-unicode", 12)));
}

static void pastes_set(struct terminal *t, bool on)
{
	if (t->pastes)
		out_cap(t, pastes_cap(on));
}

static enum fault tty_open(struct terminal *t, int in, int out, struct err *err)
{
	if (!isatty(in) || !isatty(out))
		return err_set(err, FAULT_REFUSED, "the console needs a terminal; for scripts there are commands: tallyman help");
	t->tty = tty_own(in);
	if (t->tty < 0 || tcgetattr(t->tty, &t->was))
		return err_set(err, FAULT_REFUSED, "the terminal cannot be opened: %s", strerror(errno));
	return OK;
}

enum fault terminal_open(const struct terminal_setup *setup, struct terminal **out, struct err *err)
{
	struct terminal *t = calloc(1, sizeof *t);
	enum fault fault;
	int w, h;

	if (!t)
		abort();
	*out = t;
	t->tty = t->frame = t->signals = -1;
	t->clock = setup->clock;
	t->decoder = decoder_new();
	t->utf8 = !setup->ascii && !strcmp(nl_langinfo(CODESET), "UTF-8");
	fault = tty_open(t, setup->in, setup->out, err);
	if (fault == OK)
		fault = curses_open(t, setup->term, err);
	if (fault != OK) {
		terminal_close(t);
		*out = NULL;
		return fault;
	}
	t->pastes = knows_pastes(setup->term);
	keys_learn(t);
	colours_open(t);
	size_read(t, &w, &h);
	size_set(t, w, h);
	signals_open(t);
	parting_arm(t);
	atexit(put_back);
	raw_set(t);
	pastes_set(t, true);
	return OK;
}

/* The last bytes may wait for a line that stands still, but not for ever: without them the shell is left on a strange screen. */
static void out_parting(struct terminal *t)
{
	struct pollfd fd = { t->tty, POLLOUT, 0 };

	out_send(t);
	while (t->out_at < t->out_n && !t->gone && poll(&fd, 1, PARTING_MS) > 0)
		out_send(t);
}

/* What we changed about the terminal, undone; rmcup and the rest come from ncurses. */
static void leave(struct terminal *t)
{
	if (t->mouse && *cap("XM"))
		out_cap(t, tiparm(cap("XM"), 0));
	pastes_set(t, false);
	if (*t->title)
		terminal_title(t, "");
	endwin();
	frame_take(t);
	out_parting(t);
	tcsetattr(t->tty, TCSADRAIN, &t->was);
}

void terminal_close(struct terminal *t)
{
	if (!t)
		return;
	if (t->shown) {
		if (!t->gone)
			leave(t);
		parting_disarm();
	}
	if (t->screen)
		delscreen(t->screen);
	if (t->frame_file)
		fclose(t->frame_file);
	else if (t->frame >= 0)
		close(t->frame);
	if (t->in_file)
		fclose(t->in_file);
	if (t->signals >= 0)
		close(t->signals);
	if (t->tty >= 0)
		close(t->tty);
	decoder_free(t->decoder);
	free(t->shown);
	free(t->out);
	free(t);
}

void terminal_fds(const struct terminal *t, struct pollfd *fds)
{
	fds[0] = (struct pollfd){ t->gone ? -1 : t->tty, (short)(POLLIN | (t->out_at < t->out_n ? POLLOUT : 0)), 0 };
	fds[1] = (struct pollfd){ t->signals, POLLIN, 0 };
}

static void resume(struct terminal *t)
{
	tcsetattr(t->tty, TCSADRAIN, &t->raw);
	pastes_set(t, true);
	if (t->mouse)
		terminal_mouse(t, true);
	*t->title = '\0';
	t->fresh = true;
	push(t, (struct input){ .kind = INPUT_RESUME });
	size_check(t);
}

static void signal_take(struct terminal *t, uint32_t sig)
{
	switch (sig) {
	case SIGWINCH:
		size_check(t);
		break;
	case SIGCONT:
		resume(t);
		break;
	case SIGTSTP:
		push(t, (struct input){ .kind = INPUT_SUSPEND });
		break;
	case SIGINT: case SIGQUIT:
		push(t, (struct input){ .kind = INPUT_KEY, .key = K_CTRL('C'), .burst = 1 });
		break;
	case SIGTERM:
		push(t, (struct input){ .kind = INPUT_QUIT });
		break;
	default:
		lost(t);
	}
}

static void tty_read(struct terminal *t)
{
	char bytes[4096];
	ssize_t n = read(t->tty, bytes, sizeof bytes);

	if (n > 0)
		decoder_add(t->decoder, bytes, (size_t)n, clock_now(&t->clock));
	else if (n == 0 || (errno != EAGAIN && errno != EINTR))
		lost(t); /* end of file, EIO: the line is cut, whether or not a SIGHUP comes as well */
}

void terminal_ready(struct terminal *t, const struct pollfd *fds)
{
	struct signalfd_siginfo info;

	while (t->signals >= 0 && (fds[1].revents & POLLIN) && read(t->signals, &info, sizeof info) == (ssize_t)sizeof info)
		signal_take(t, info.ssi_signo);
	if (t->gone)
		return;
	if (fds[0].revents & POLLIN)
		tty_read(t);
	else if (fds[0].revents & (POLLHUP | POLLERR | POLLNVAL))
		lost(t);
	if (fds[0].revents & POLLOUT)
		out_send(t);
}

bool terminal_next(struct terminal *t, struct input *in)
{
	if (t->waiting_n) {
		*in = t->waiting[0];
		memmove(t->waiting, t->waiting + 1, (size_t)--t->waiting_n * sizeof *t->waiting);
		return true;
	}
	return !t->gone && decoder_next(t->decoder, clock_now(&t->clock), in);
}

int64_t terminal_due(const struct terminal *t)
{
	int64_t due = decoder_due_ms(t->decoder), now = clock_now(&t->clock);

	return due < 0 ? -1 : due > now ? due - now : 0;
}

void terminal_size(const struct terminal *t, int *w, int *h)
{
	*w = t->w;
	*h = t->h;
}

enum rendition terminal_rendition(const struct terminal *t)
{
	return t->utf8 ? RENDITION_UTF8 : RENDITION_ASCII;
}

int terminal_colours(const struct terminal *t)
{
	return t->colour ? COLORS : 2;
}

static attr_t attr_of(unsigned attr)
{
	return (attr & ATTR_BOLD ? A_BOLD : 0) | (attr & ATTR_REVERSE ? A_REVERSE : 0) | (attr & ATTR_UNDERLINE ? A_UNDERLINE : 0);
}

static int colour_of(const struct terminal *t, int16_t colour)
{
	return t->direct && colour >= 8 ? theme_rgb(colour) : colour;
}

void terminal_theme(struct terminal *t, const struct theme *theme, enum depth depth)
{
	t->theme = *theme;
	t->depth = depth;
	for (enum role r = 0; r < ROLES; r++) {
		const struct style *s = &theme->style[depth][r];

		t->attr[r] = attr_of(s->attr);
		t->pair[r] = 0;
		if (t->colour && (s->fg != COLOUR_DEFAULT || s->bg != COLOUR_DEFAULT) &&
		    init_extended_pair((int)r + 1, colour_of(t, s->fg), colour_of(t, s->bg)) == OK)
			t->pair[r] = (int)r + 1;
	}
	t->fresh = true;
}

void terminal_repaint(struct terminal *t)
{
	t->fresh = true;
}

/* Byte for byte: there are no gaps in a cell, and its text is filled up with zeros. */
static bool same(const struct cell *a, const struct cell *b)
{
	_Static_assert(sizeof(struct cell) == 16, "a cell is compared as a whole");
	return !memcmp(a, b, sizeof *a);
}

/* A blank looks like the ground unless its role shows on blanks; saying so saves a change of colour. */
static enum role role_of(const struct terminal *t, const struct cell *cell)
{
	const struct style *s = &t->theme.style[t->depth][cell->role], *ground = &t->theme.style[t->depth][ROLE_BG];
	bool blank = cell->text[0] == ' ' && !cell->text[1] && !cell->attr;

	return blank && s->bg == ground->bg && !(s->attr & (ATTR_REVERSE | ATTR_UNDERLINE)) ? ROLE_BG : cell->role;
}

static void cell_paint(struct terminal *t, int x, int y, const struct cell *cell)
{
	char text[16];
	wchar_t wide[CCHARW_MAX + 1];
	enum role role = role_of(t, cell);
	int pair = t->pair[role];
	cchar_t out;

	if (cell_show(cell, t->utf8 ? RENDITION_UTF8 : RENDITION_ASCII, text) == 0)
		return;
	if (cell->width == 2 && !t->utf8) { /* ASCII shows two characters for it */
		wide[0] = (wchar_t)text[1];
		wide[1] = L'\0';
		setcchar(&out, wide, t->attr[role] | attr_of(cell->attr), 0, &pair);
		mvadd_wch(y, x + 1, &out);
		text[1] = '\0';
	}
	if (mbstowcs(wide, text, CCHARW_MAX) == (size_t)-1)
		wcscpy(wide, L"?");
	wide[CCHARW_MAX] = L'\0';
	setcchar(&out, wide, t->attr[role] | attr_of(cell->attr), 0, &pair);
	mvadd_wch(y, x, &out);
}

/* Tell ncurses the cells that changed. Returns whether anything did. */
static bool cells_paint(struct terminal *t, const struct canvas *c)
{
	static const struct cell outside = { .text = " ", .width = 1, .role = ROLE_BG };
	bool changed = t->fresh;

	for (int y = 0; y < t->h; y++) {
		for (int x = 0; x < t->w; x++) {
			const struct cell *cell = canvas_cell(c, x, y);
			struct cell *shown = &t->shown[y * t->w + x];

			cell = cell ? cell : &outside;
			if (!t->fresh && same(cell, shown))
				continue;
			cell_paint(t, x, y, cell);
			*shown = *cell;
			changed = true;
		}
	}
	return changed;
}

static bool cursor_paint(struct terminal *t, const struct canvas *c)
{
	int x, y;
	bool visible = canvas_cursor_at(c, &x, &y), changed = visible != t->cursor || x != t->cursor_x || y != t->cursor_y;

	if (visible != t->cursor || t->fresh)
		curs_set(visible);
	t->cursor = visible;
	t->cursor_x = x;
	t->cursor_y = y;
	move(y < t->h ? y : t->h - 1, x < t->w ? x : t->w - 1);
	return changed;
}

/*
 * ncurses begins at a size of its own and sets the margins for that; past them a line feed would scroll and some terminals delete
 * nothing. Nor does every terminal widen them when it grows. The cursor goes home with it, where painting anew begins.
 */
static void margins_widen(struct terminal *t)
{
	if (*cap("csr"))
		out_cap(t, tiparm(cap("csr"), 0, t->h - 1));
}

static void frame_send(struct terminal *t)
{
	wnoutrefresh(stdscr);
	doupdate();
	frame_take(t);
	out_send(t);
}

/*
 * What ncurses begins with, its own margins among it, comes with its first frame: it goes before ours are set. Else lines inserted on a tall screen would not move
 * what stands below the 24th.
 */
static void begin(struct terminal *t)
{
	if (t->begun)
		return;
	wnoutrefresh(stdscr);
	doupdate();
	frame_take(t);
	t->begun = true;
}

bool terminal_paint(struct terminal *t, const struct canvas *c)
{
	bool fresh = t->fresh, changed;

	if (t->gone)
		return true;
	out_send(t);
	if (t->out_at < t->out_n) {
		t->slow = true;
		return false;
	}
	if (fresh) {
		begin(t);
		margins_widen(t);
		clearok(curscr, TRUE);
	}
	changed = cells_paint(t, c);
	if (cursor_paint(t, c) || changed) {
		t->fresh = false;
		frame_send(t);
	}
	if (t->out_at == t->out_n) /* this frame, which may say SLOW LINK, went out whole: the line is well again */
		t->slow = false;
	return true;
}

void terminal_remark(struct terminal *t, int y, enum role role, const char *text)
{
	struct canvas c;

	out_send(t);
	if (t->gone || t->fresh || t->out_at < t->out_n || y < 0 || y >= t->h)
		return;
	c = canvas_new(t->w, 1);
	canvas_field(&c, 0, 0, t->w, role, ALIGN_LEFT, text);
	for (int x = 0; x < t->w; x++) {
		const struct cell *cell = canvas_cell(&c, x, 0);

		cell_paint(t, x, y, cell);
		t->shown[y * t->w + x] = *cell;
	}
	canvas_free(&c);
	move(y, 0);
	frame_send(t);
}

bool terminal_slow(const struct terminal *t)
{
	return t->slow;
}

int64_t terminal_sent(const struct terminal *t)
{
	return t->sent;
}

void terminal_title(struct terminal *t, const char *title)
{
	char clean[128];
	bool xterm = tigetflag("XT") == 1 || getenv("TMUX");

	text_clean(clean, sizeof clean, title);
	if (!strcmp(clean, t->title) || (!xterm && !*cap("tsl")))
		return;
	memcpy(t->title, clean, sizeof clean);
	out_cap(t, *cap("tsl") ? cap("tsl") : "\033]2;");
	out_add(t, clean, strlen(clean));
	out_cap(t, *cap("fsl") ? cap("fsl") : "\007");
	out_send(t);
}

void terminal_mouse(struct terminal *t, bool on)
{
	t->mouse = on && *cap("XM");
	if (*cap("XM"))
		out_cap(t, tiparm(cap("XM"), on ? 1 : 0));
	out_send(t);
}

void terminal_flush(struct terminal *t)
{
	tcflush(t->tty, TCIFLUSH);
	decoder_flush(t->decoder);
}

bool terminal_pastes(const struct terminal *t)
{
	return t->pastes;
}

bool terminal_copy(struct terminal *t, const char *text)
{
	static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t n = strlen(text);

	if ((n + 2) / 3 * 4 > COPY_MAX || (!*cap("Ms") && tigetflag("XT") != 1))
		return false;
	out_cap(t, "\033]52;c;");
	for (size_t i = 0; i < n; i += 3) {
		uint32_t v = (uint32_t)(unsigned char)text[i] << 16;
		char four[4];

		v |= i + 1 < n ? (uint32_t)(unsigned char)text[i + 1] << 8 : 0;
		v |= i + 2 < n ? (unsigned char)text[i + 2] : 0;
		for (int k = 0; k < 4; k++)
			four[k] = digit[v >> (18 - 6 * k) & 63];
		if (i + 1 >= n)
			four[2] = '=';
		if (i + 2 >= n)
			four[3] = '=';
		out_add(t, four, 4);
	}
	out_cap(t, "\007");
	out_send(t);
	return true;
}

bool terminal_suspend(struct terminal *t)
{
	if (getsid(0) == getpid())
		return false; /* no shell stands above us that could continue us */
	leave(t);
	parting.armed = 0;
	do
		raise(SIGSTOP);
	while (tcgetpgrp(t->tty) >= 0 && tcgetpgrp(t->tty) != getpgrp());
	parting.armed = 1;
	return true; /* SIGCONT waits in the descriptor and brings everything back */
}

const char *terminal_fallback(const struct terminal *t)
{
	return *t->fallback ? t->fallback : NULL;
}
