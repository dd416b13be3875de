#include "golden/harness.h"

#include "base/text.h"
#include "golden/golden.h"
#include "ui/input.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pty.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include <vterm.h>
#include <cmocka.h>

enum { LOOK_MS = 4, QUIET_MS = 40, DUMP_MAX = 1024 * 1024, LOOKS_MAX = 52, TITLE_MAX = 256, CLIP_MAX = 100000 };

struct screen {
	VTerm *vt;
	VTermScreen *grid;
	int master;
	pid_t pid;
	bool ended, stalled, killed;
	int status;
	int w, h;
	long sent;
	int questions;
	bool alt, pastes, cursor_visible;
	char title[TITLE_MAX], clipboard[CLIP_MAX];
	char stray[80];
	char last[8]; /* the last character, for sequences that repeat it */
	char held[CLIP_MAX + 1000]; /* the beginning of a sequence whose end has not come yet */
	size_t held_n;
	char *dump;
};

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* ---- the emulator ---- */

static int on_prop(VTermProp prop, VTermValue *val, void *user)
{
	struct screen *s = user;

	if (prop == VTERM_PROP_TITLE)
		snprintf(s->title, sizeof s->title, "%s", val->string ? val->string : "");
	if (prop == VTERM_PROP_ALTSCREEN)
		s->alt = val->boolean;
	if (prop == VTERM_PROP_CURSORVISIBLE)
		s->cursor_visible = val->boolean;
	return 1;
}

static int on_osc(const char *command, size_t n, void *user)
{
	struct screen *s = user;

	if (n > 5 && !strncmp(command, "52;c;", 5))
		snprintf(s->clipboard, sizeof s->clipboard, "%.*s", (int)(n - 5), command + 5);
	return 1;
}

static int on_csi(const char *leader, const long args[], int argcount, const char *intermed, char command, void *user)
{
	(void)leader, (void)args, (void)argcount, (void)intermed, (void)command, (void)user;
	return 1;
}

static const VTermScreenCallbacks screen_callbacks = { .settermprop = on_prop };
static const VTermParserCallbacks fallbacks = { .osc = on_osc, .csi = on_csi };

/* The program must ask nothing; what the emulator would answer is counted as a question. */
static void on_answer(const char *bytes, size_t n, void *user)
{
	struct screen *s = user;

	(void)bytes;
	s->questions += n > 0;
}

/* ESC [ n b repeats the last character, which this libvterm does not know; done here. */
static void feed_repeat(struct screen *s, int times)
{
	for (int i = 0; i < times && i < 1000 && *s->last; i++)
		vterm_input_write(s->vt, s->last, strlen(s->last));
}

static void note_stray(struct screen *s, const char *p, size_t n)
{
	size_t at = 0;

	if (*s->stray)
		return;
	for (size_t i = 0; i < n && at + 5 < sizeof s->stray; i++)
		at += (size_t)snprintf(s->stray + at, sizeof s->stray - at, p[i] >= 0x20 && p[i] < 0x7f ? "%c" : "\\x%02x", (unsigned char)p[i]);
}

/* What terminfo's families say, and no more: moves, erasing, attributes, modes; a soft reset; the shape of Linux's cursor. */
static bool csi_is_known(const char *p, size_t n)
{
	char final = p[n - 1];

	if (final == 'p')
		return n == 4 && p[2] == '!';
	if (final == 'c')
		return p[2] == '?';
	if (final == 't') /* xterm's title is kept while the alternate screen is up */
		return !strncmp(p + 2, "22;0", 4) || !strncmp(p + 2, "23;0", 4);
	return strchr("ABCDGHIJKLMPSTXZ@`bdfhlmr", final) != NULL && !strchr("<=>", p[2]);
}

/* A whole control sequence at p (ESC [ ... final), n bytes. */
static void feed_csi(struct screen *s, const char *p, size_t n)
{
	if (!csi_is_known(p, n))
		note_stray(s, p, n);
	if (p[n - 1] == 'b') {
		feed_repeat(s, atoi(p + 2));
		return;
	}
	if (n == 8 && !memcmp(p, "\033[?2004", 7))
		s->pastes = p[7] == 'h';
	vterm_input_write(s->vt, p, n);
}

/* A title or a clipboard, ended by BEL or ESC \\; in one piece, as libvterm loses what comes in several. */
static size_t feed_osc(struct screen *s, const char *p, size_t n)
{
	if (n > 3 && strncmp(p + 2, "0;", 2) && strncmp(p + 2, "2;", 2) && strncmp(p + 2, "52", 2))
		note_stray(s, p, n > 16 ? 16 : n);
	for (size_t i = 2; i < n; i++) {
		if (p[i] == 7 || (p[i] == '\\' && p[i - 1] == '\033')) {
			vterm_input_write(s->vt, p, i + 1);
			return i + 1;
		}
	}
	return 0;
}

/* Bytes to the emulator, control sequences one by one. Returns how many were used; the rest is not whole yet. */
static size_t feed_some(struct screen *s, const char *p, size_t n)
{
	size_t end = 2;

	if (p[0] != '\033') {
		if ((unsigned char)p[0] >= 0x20) {
			size_t want = (unsigned char)p[0] >= 0xf0 ? 4 : (unsigned char)p[0] >= 0xe0 ? 3 : (unsigned char)p[0] >= 0xc0 ? 2 : 1;

			if (want > n)
				return 0;
			if (p[0] == 0x7f || (want == 2 && (unsigned char)p[0] == 0xc2 && (unsigned char)p[1] < 0xa0))
				note_stray(s, p, want);
			snprintf(s->last, sizeof s->last, "%.*s", (int)want, p);
			vterm_input_write(s->vt, p, want);
			return want;
		}
		if (!strchr("\r\n\b\t\016\017", p[0]) || !p[0]) /* 016, 017: to line drawing and back */
			note_stray(s, p, 1);
		vterm_input_write(s->vt, p, 1);
		return 1;
	}
	if (n < 2)
		return 0;
	if (p[1] == ']')
		return feed_osc(s, p, n);
	if (p[1] != '[') {
		if (!p[1] || !strchr("78=>DEHMc()", p[1]))
			note_stray(s, p, 2);
		vterm_input_write(s->vt, p, 1);
		return 1;
	}
	while (end < n && !(p[end] >= 0x40 && p[end] <= 0x7e))
		end++;
	if (end == n)
		return 0;
	feed_csi(s, p, end + 1);
	return end + 1;
}

static void feed(struct screen *s, const char *bytes, size_t n)
{
	char *all = malloc(sizeof s->held + n + 1);
	size_t at = 0, total = s->held_n + n;

	s->sent += (long)n;
	memcpy(all, s->held, s->held_n);
	memcpy(all + s->held_n, bytes, n);
	all[total] = '\0';
	while (at < total) {
		size_t used = feed_some(s, all + at, total - at);

		if (!used)
			break;
		at += used;
	}
	s->held_n = total - at < sizeof s->held ? total - at : 0;
	memcpy(s->held, all + at, s->held_n);
	free(all);
}

/* ---- the program ---- */

static void child(const struct screen_setup *setup)
{
	char program[PATH_MAX];

	setenv("TERM", setup->term ? setup->term : "xterm-256color", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	setenv("TZ", "UTC", 1);
	unsetenv("NO_COLOR");
	unsetenv("COLORTERM");
	unsetenv("TMUX");
	unsetenv("LINES");
	unsetenv("COLUMNS");
	for (const char *const *e = setup->env; e && *e; e++) {
		if (strchr(*e, '='))
			putenv((char *)*e);
		else
			unsetenv(*e);
	}
	if (setup->folder && (!realpath(setup->argv[0], program) || chdir(setup->folder)))
		_exit(127);
	execv(setup->folder ? program : setup->argv[0], (char *const *)setup->argv);
	_exit(127);
}

struct screen *screen_start(const struct screen_setup *setup)
{
	struct screen *s = calloc(1, sizeof *s);
	struct winsize ws = { .ws_col = (unsigned short)setup->w, .ws_row = (unsigned short)setup->h };

	s->w = setup->w;
	s->h = setup->h;
	s->cursor_visible = true;
	s->dump = calloc(1, DUMP_MAX);
	s->vt = vterm_new(s->h, s->w);
	vterm_set_utf8(s->vt, 1);
	vterm_output_set_callback(s->vt, on_answer, s);
	s->grid = vterm_obtain_screen(s->vt);
	vterm_screen_set_callbacks(s->grid, &screen_callbacks, s);
	vterm_screen_set_unrecognised_fallbacks(s->grid, &fallbacks, s);
	vterm_screen_enable_altscreen(s->grid, 1);
	vterm_screen_reset(s->grid, 1);
	s->pid = forkpty(&s->master, NULL, NULL, &ws);
	if (s->pid < 0)
		fail_msg("no pty: %s", strerror(errno));
	if (s->pid == 0)
		child(setup);
	fcntl(s->master, F_SETFD, FD_CLOEXEC);
	screen_settle(s);
	return s;
}

bool screen_ended(struct screen *s, int wait_ms, int *status)
{
	int64_t until = now_ms() + wait_ms;

	while (!s->ended) {
		int raw;

		if (waitpid(s->pid, &raw, WNOHANG) == s->pid) {
			s->ended = true;
			s->status = WIFSIGNALED(raw) ? 128 + WTERMSIG(raw) : WEXITSTATUS(raw);
		} else if (now_ms() >= until) {
			break;
		} else {
			poll(NULL, 0, 1); /* there is no descriptor for a child's end before Linux 5.3 */
		}
	}
	if (s->ended && status)
		*status = s->status;
	return s->ended;
}

void screen_forgive(struct screen *s)
{
	s->killed = true;
}

void screen_end(struct screen *s)
{
	if (!screen_ended(s, 0, NULL)) {
		s->killed = true;
		kill(s->pid, SIGKILL);
		screen_ended(s, SCREEN_PATIENCE_MS, NULL);
	}
	if (s->master >= 0)
		close(s->master);
	if (s->status >= 128 && !s->killed && s->status != 128 + SIGHUP)
		fail_msg("the program died by signal %d", s->status - 128);
	vterm_free(s->vt);
	free(s->dump);
	free(s);
}

/* ---- settling ---- */

/* Who the person speaks to: the leader of the terminal's foreground, a shell's child included. */
static pid_t listener(const struct screen *s)
{
	pid_t pid = s->master < 0 ? -1 : tcgetpgrp(s->master);

	return pid > 0 ? pid : s->pid;
}

/*
 * How often the program has gone to sleep so far, if it sleeps: a number that stays the same says that it did not run in between.
 * -1: it runs, or is about to. What /proc says of a process: proc_pid_status(5).
 */
static long sleeps(const struct screen *s)
{
	char path[64], line[256], state = 'R';
	long n = -1;
	FILE *f;

	snprintf(path, sizeof path, "/proc/%d/status", (int)listener(s));
	f = fopen(path, "r");
	if (!f)
		return 0; /* it is gone */
	while (fgets(line, sizeof line, f)) {
		sscanf(line, "State: %c", &state);
		sscanf(line, "voluntary_ctxt_switches: %ld", &n);
	}
	fclose(f);
	return strchr("SZXT", state) ? n : -1;
}

/* Bytes we have sent that the program has not read yet. Asked by poll, which has the kernel hand over what is still under way. */
static bool has_unread(const struct screen *s)
{
	struct pollfd fd = { -1, POLLIN, 0 };
	char name[64];
	bool unread;

	if (s->master < 0 || ptsname_r(s->master, name, sizeof name))
		return false;
	fd.fd = open(name, O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	unread = fd.fd >= 0 && poll(&fd, 1, 0) > 0 && (fd.revents & POLLIN);
	if (fd.fd >= 0)
		close(fd.fd);
	return unread;
}

/* Read what is there within ms. false: nothing came. */
static bool pump(struct screen *s, int ms)
{
	struct pollfd fd = { s->stalled ? -1 : s->master, POLLIN, 0 };
	char bytes[8192];
	ssize_t n;

	if (poll(&fd, 1, ms) <= 0 || !(fd.revents & (POLLIN | POLLHUP)))
		return false;
	n = read(s->master, bytes, sizeof bytes);
	if (n > 0)
		feed(s, bytes, (size_t)n);
	return n > 0;
}

/* However slow the machine is: what has begun to run, to write or to be read begins the time of quiet anew. */
void screen_rest(struct screen *s, int quiet_ms)
{
	int64_t until = now_ms() + SCREEN_PATIENCE_MS, since = now_ms();
	long slept = -1;

	while (now_ms() < until) {
		bool came = pump(s, LOOK_MS), unread = has_unread(s);
		long n = sleeps(s);

		if (screen_ended(s, 0, NULL)) {
			while (pump(s, 0))
				;
			return;
		}
		if (came || unread || n < 0 || n != slept) {
			slept = n;
			since = now_ms();
		} else if (now_ms() - since >= quiet_ms) {
			return;
		}
	}
	fail_msg("the program does not come to rest:\n%s", screen_text(s));
}

void screen_settle(struct screen *s)
{
	screen_rest(s, QUIET_MS);
}

void screen_wait(struct screen *s, const char *text)
{
	int64_t until = now_ms() + SCREEN_PATIENCE_MS;

	while (!screen_shows(s, text)) {
		if (now_ms() >= until)
			fail_msg("\"%s\" does not appear on\n%s", text, screen_text(s));
		pump(s, QUIET_MS);
	}
	screen_settle(s);
}

/* ---- what a person does ---- */

void screen_bytes(struct screen *s, const char *bytes, size_t n)
{
	while (n) {
		ssize_t done = write(s->master, bytes, n);

		if (done <= 0)
			return; /* the program is gone; the caller will see */
		bytes += done;
		n -= (size_t)done;
	}
}

/* What xterm sends for a key, in the application mode or not as terminfo's smkx is not used. */
int screen_key(int32_t key, char out[8])
{
	static const struct { int32_t key; const char *bytes; } named[] = {
		{ K_UP, "\033OA" }, { K_DOWN, "\033OB" }, { K_RIGHT, "\033OC" }, { K_LEFT, "\033OD" }, { K_HOME, "\033OH" }, { K_END, "\033OF" },
		{ K_PGUP, "\033[5~" }, { K_PGDN, "\033[6~" }, { K_INS, "\033[2~" }, { K_DEL, "\033[3~" }, { K_BACKTAB, "\033[Z" },
		{ K_BACKSPACE, "\177" }, { K_F0 + 1, "\033OP" }, { K_F0 + 2, "\033OQ" }, { K_F0 + 3, "\033OR" }, { K_F0 + 4, "\033OS" },
		{ K_F0 + 5, "\033[15~" }, { K_F0 + 6, "\033[17~" }, { K_F0 + 7, "\033[18~" }, { K_F0 + 8, "\033[19~" }, { K_F0 + 9, "\033[20~" },
		{ K_F0 + 10, "\033[21~" }, { K_F0 + 11, "\033[23~" }, { K_F0 + 12, "\033[24~" },
	};

	for (size_t i = 0; i < sizeof named / sizeof *named; i++)
		if (named[i].key == key)
			return snprintf(out, 8, "%s", named[i].bytes);
	return key_utf8(key, out);
}

static void send_key(struct screen *s, int32_t key)
{
	char bytes[8];

	screen_bytes(s, bytes, (size_t)screen_key(key, bytes));
}

void screen_keys(struct screen *s, const char *keys)
{
	bool quoted = false;
	char name[32];
	int n;

	while (*keys) {
		if (*keys == '"' || (!quoted && *keys == ' ')) {
			quoted ^= *keys++ == '"';
			continue;
		}
		if (quoted) {
			send_key(s, (int32_t)text_next(keys, &n));
		} else {
			n = (int)strcspn(keys, " ");
			snprintf(name, sizeof name, "%.*s", n, keys);
			if (key_parse(name) == K_NONE)
				fail_msg("%s is no key", name);
			send_key(s, key_parse(name));
			if (key_parse(name) == K_ESC)
				screen_settle(s); /* a key right behind it would make another sequence */
		}
		keys += n;
	}
	screen_settle(s);
}

void screen_paste(struct screen *s, const char *text)
{
	if (s->pastes)
		screen_bytes(s, "\033[200~", 6);
	screen_bytes(s, text, strlen(text));
	if (s->pastes)
		screen_bytes(s, "\033[201~", 6);
	screen_settle(s);
}

void screen_resize(struct screen *s, int w, int h)
{
	struct winsize ws = { .ws_col = (unsigned short)w, .ws_row = (unsigned short)h };

	s->w = w;
	s->h = h;
	vterm_set_size(s->vt, h, w);
	ioctl(s->master, TIOCSWINSZ, &ws);
	screen_settle(s);
}

void screen_signal(struct screen *s, int sig)
{
	kill(s->pid, sig);
}

void screen_stall(struct screen *s, bool stalled)
{
	s->stalled = stalled;
}

int screen_hang_up(struct screen *s)
{
	int64_t began = now_ms();

	close(s->master);
	s->master = -1;
	return screen_ended(s, SCREEN_PATIENCE_MS, NULL) ? (int)(now_ms() - began) : -1;
}

/* ---- what is seen ---- */

static bool cell_at(const struct screen *s, int x, int y, VTermScreenCell *cell)
{
	return vterm_screen_get_cell(s->grid, (VTermPos){ y, x }, cell) && cell->chars[0] != (uint32_t)-1;
}

static size_t put_text(const struct screen *s, int from, char *out)
{
	size_t n = 0, end;

	for (int y = from; y < s->h; y++) {
		end = n;
		for (int x = 0; x < s->w; x++) {
			VTermScreenCell cell;

			if (!cell_at(s, x, y, &cell))
				continue; /* the right half of a wide one */
			for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i]; i++)
				n += (size_t)key_utf8((int32_t)cell.chars[i], out + n);
			if (!cell.chars[0])
				out[n++] = ' ';
			if (out[n - 1] != ' ')
				end = n;
		}
		n = end;
		out[n++] = '\n';
	}
	out[n] = '\0';
	return n;
}

const char *screen_text(struct screen *s)
{
	put_text(s, 0, s->dump);
	return s->dump;
}

bool screen_shows(struct screen *s, const char *text)
{
	return strstr(screen_text(s), text) != NULL;
}

static void colour_words(const VTermColor *c, bool fg, char *out, size_t cap)
{
	if (fg ? VTERM_COLOR_IS_DEFAULT_FG(c) : VTERM_COLOR_IS_DEFAULT_BG(c))
		snprintf(out, cap, "default");
	else if (VTERM_COLOR_IS_INDEXED(c))
		snprintf(out, cap, "%d", c->indexed.idx);
	else
		snprintf(out, cap, "#%02x%02x%02x", c->rgb.red, c->rgb.green, c->rgb.blue);
}

static void look_words(const VTermScreenCell *cell, char *out, size_t cap)
{
	char fg[16], bg[16];

	colour_words(&cell->fg, true, fg, sizeof fg);
	colour_words(&cell->bg, false, bg, sizeof bg);
	snprintf(out, cap, "%s %s%s%s%s%s", fg, bg, cell->attrs.bold ? " bold" : "", cell->attrs.underline ? " underline" : "",
	         cell->attrs.reverse ? " reverse" : "", cell->attrs.blink ? " BLINK" : "");
}

struct looks {
	char words[LOOKS_MAX][64];
	int n;
};

static char letter_of(struct looks *l, const VTermScreenCell *cell)
{
	char words[64];
	bool blank = (!cell->chars[0] || cell->chars[0] == ' ') && !cell->attrs.underline && !cell->attrs.reverse && VTERM_COLOR_IS_DEFAULT_BG(&cell->bg);

	if (blank)
		return ' ';
	look_words(cell, words, sizeof words);
	if (!strcmp(words, "default default"))
		return '.';
	for (int i = 0; i < l->n; i++)
		if (!strcmp(l->words[i], words))
			return (char)(i < 26 ? 'a' + i : 'A' + i - 26);
	if (l->n == LOOKS_MAX)
		return '?';
	snprintf(l->words[l->n++], 64, "%s", words);
	return (char)(l->n <= 26 ? 'a' + l->n - 1 : 'A' + l->n - 27);
}

static size_t put_looks(const struct screen *s, int from, struct looks *l, char *out)
{
	size_t n = 0;

	for (int y = from; y < s->h; y++) {
		size_t end = n;

		for (int x = 0; x < s->w; x++) {
			VTermScreenCell cell;

			char letter = cell_at(s, x, y, &cell) ? letter_of(l, &cell) : n > 0 ? out[n - 1] : ' ';

			out[n++] = letter; /* the right half of a wide one looks like the left */
			if (letter != ' ')
				end = n;
		}
		n = end;
		out[n++] = '\n';
	}
	return n;
}

static size_t put_cells(struct screen *s, int from)
{
	struct looks looks = { .n = 0 };
	size_t n = put_text(s, from, s->dump);

	n += put_looks(s, from, &looks, s->dump + n);
	for (int i = 0; i < looks.n; i++)
		n += (size_t)sprintf(s->dump + n, "%c = %s\n", i < 26 ? 'a' + i : 'A' + i - 26, looks.words[i]);
	return n;
}

const char *screen_dump_below(struct screen *s, int rows)
{
	put_cells(s, rows);
	return s->dump;
}

const char *screen_dump(struct screen *s)
{
	VTermPos pos;
	size_t n = put_cells(s, 0);

	vterm_state_get_cursorpos(vterm_obtain_state(s->vt), &pos);
	n += (size_t)sprintf(s->dump + n, "cursor %d,%d%s\n", pos.col, pos.row, s->cursor_visible ? "" : " hidden");
	if (*s->title)
		sprintf(s->dump + n, "title %s\n", s->title);
	return s->dump;
}

const char *screen_title(const struct screen *s)
{
	return s->title;
}

const char *screen_clipboard(const struct screen *s)
{
	return s->clipboard;
}

bool screen_is_alt(const struct screen *s)
{
	return s->alt;
}

bool screen_takes_pastes(const struct screen *s)
{
	return s->pastes;
}

long screen_sent(const struct screen *s)
{
	return s->sent;
}

int screen_questions(const struct screen *s)
{
	return s->questions;
}

const char *screen_stray(const struct screen *s)
{
	return s->stray;
}

int screen_pid(const struct screen *s)
{
	return (int)s->pid;
}

/* ---- painted by difference, and painted anew ---- */

/* The countdown of arming is the only thing that moves by itself: its digits are taken for zeros. */
static char *without_countdown(char *dump)
{
	static const char *const words[] = { "[ARMED ", "[ARM " };

	for (size_t i = 0; i < 2; i++) {
		char *at = strstr(dump, words[i]);

		for (at = at ? at + strlen(words[i]) : NULL; at && *at && *at != ']'; at++)
			*at = *at >= '0' && *at <= '9' ? '0' : *at;
	}
	return dump;
}

static void first_difference(const char *a, const char *b, char *out, size_t cap)
{
	int line = 1;

	while (*a && *b) {
		size_t n = strcspn(a, "\n"), m = strcspn(b, "\n");

		if (n != m || memcmp(a, b, n)) {
			snprintf(out, cap, "line %d of the screen was\n%.*s\nand is, painted anew,\n%.*s", line, (int)n, a, (int)m, b);
			return;
		}
		a += n + (a[n] == '\n');
		b += m + (b[m] == '\n');
		line++;
	}
	snprintf(out, cap, "it has %s lines", *a ? "fewer" : "more");
}

const char *screen_anew(struct screen *s)
{
	static char why[4000];
	char *before = without_countdown(strdup(screen_dump(s))), *after;

	kill(s->pid, SIGCONT);
	screen_settle(s);
	after = without_countdown((char *)screen_dump(s));
	why[0] = '\0';
	if (strcmp(before, after))
		first_difference(before, after, why, sizeof why);
	free(before);
	return why;
}

/* ---- a script of keys ---- */

enum { ENVS_MAX = 16, SHOWS_MAX = 64 * 1024 };

struct play {
	const char *name;
	struct screen_setup setup;
	const char *env[ENVS_MAX + 1];
	int envs;
	struct screen *screen;
	char *shown; /* every dump so far */
	size_t n;
};

static void play_show(struct play *p)
{
	p->n += (size_t)snprintf(p->shown + p->n, SHOWS_MAX * 4 - p->n, "%s%s", p->n ? "\n" : "", screen_dump(p->screen));
}

static void play_size(struct play *p, const char *rest, int line)
{
	if (sscanf(rest, "%dx%d", &p->setup.w, &p->setup.h) != 2)
		fail_msg("%s.keys:%d: no size", p->name, line);
}

static void play_line(struct play *p, char *words, int line)
{
	char *rest = words + strcspn(words, " ");

	if (*rest)
		*rest++ = '\0';
	if (!*words || *words == '#')
		return;
	if (!strcmp(words, "size")) {
		play_size(p, rest, line);
		return;
	}
	if (!strcmp(words, "term")) {
		p->setup.term = rest;
		return;
	}
	if (!strcmp(words, "env") && p->envs < ENVS_MAX) {
		p->env[p->envs++] = rest;
		return;
	}
	if (!p->screen)
		p->screen = screen_start(&p->setup);
	if (!strcmp(words, "keys"))
		screen_keys(p->screen, rest);
	else if (!strcmp(words, "wait"))
		screen_wait(p->screen, rest);
	else if (!strcmp(words, "paste"))
		screen_paste(p->screen, rest);
	else if (!strcmp(words, "resize"))
		play_size(p, rest, line), screen_resize(p->screen, p->setup.w, p->setup.h);
	else if (!strcmp(words, "show"))
		play_show(p);
	else
		fail_msg("%s.keys:%d: no word %s", p->name, line, words);
}

void screen_play(const char *name, const char *const *argv)
{
	struct play p = { .name = name, .setup = { .argv = argv, .w = 80, .h = 24 } };
	char path[256], *lines[1000], words[400];
	FILE *f;
	int n = 0;

	p.setup.env = p.env;
	p.shown = calloc(4, SHOWS_MAX);
	snprintf(path, sizeof path, "tests/golden/%s.keys", name);
	f = fopen(path, "r");
	if (!f)
		fail_msg("%s is not there", path);
	while (n < 1000 && fgets(words, sizeof words, f)) {
		words[strcspn(words, "\n")] = '\0';
		lines[n] = strdup(words); /* term and env keep pointing into it */
		play_line(&p, lines[n], n + 1);
		n++;
	}
	fclose(f);
	if (!p.screen)
		p.screen = screen_start(&p.setup);
	play_show(&p);
	screen_end(p.screen);
	golden_check(name, p.shown);
	while (n)
		free(lines[--n]);
	free(p.shown);
}
