#include "ui/term.h"

#include "base/text.h"
#include "ui/decode.h"
#include "ui/outflow.h"
#include "ui/painter.h"
#include "ui/parting.h"
#include "ui/terminfo.h"
#include "ui/tty.h"

#include <errno.h>
#include <langinfo.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum { INPUTS_MAX = 16, COPY_MAX = 74994, PARTING_MS = 3000 };

struct terminal {
	struct tty tty;
	int signals;
	struct clock clock;
	struct decoder *decoder;
	struct input waiting[INPUTS_MAX]; /* not from keys: sizes, signals */
	int waiting_n;
	struct painter *painter;
	struct outflow out;
	int w, h;        /* 0: nothing of the person's was touched yet */
	bool slow, gone, mouse, pastes;
	char title[128];
};

/* ---- words to the terminal ---- */

static void say(struct terminal *t, const char *word)
{
	char plain[128];

	outflow_add(&t->out, plain, terminfo_plain(plain, sizeof plain, word));
}

static const char *pastes_word(bool on)
{
	if (*terminfo_word("BE"))
		return terminfo_word(on ? "BE" : "BD");
	return on ? "\033[?2004h" : "\033[?2004l";
}

static bool knows_pastes(const char *term)
{
	return *terminfo_word("BE") || getenv("TMUX") || (term && (!strncmp(term, "putty", 5) || !strncmp(term, "rxvt-unicode", 12)));
}

static void pastes_set(struct terminal *t, bool on)
{
	if (t->pastes)
		say(t, pastes_word(on));
}

/* ---- what waits ---- */

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

static void send_some(struct terminal *t)
{
	if (!t->gone && !outflow_send(&t->out, t->tty.fd))
		lost(t);
}

static void size_check(struct terminal *t)
{
	int w, h;

	tty_size(&t->tty, &w, &h);
	if (w == t->w && h == t->h)
		return;
	t->w = w;
	t->h = h;
	painter_size(t->painter, w, h);
	push(t, (struct input){ .kind = INPUT_RESIZE, .w = w, .h = h });
}

/* ---- beginning and end ---- */

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

static size_t parting_word(char *bytes, size_t n, const char *word)
{
	return n + terminfo_plain(bytes + n, PARTING_MAX - n, word);
}

/* What a crash writes: our modes off, the shell's screen back. */
static void parting_prepare(const struct terminal *t)
{
	char bytes[PARTING_MAX];
	size_t n = 0;

	n = parting_word(bytes, n, terminfo_with("XM", 0, 0));
	n = parting_word(bytes, n, t->pastes ? pastes_word(false) : "");
	n = parting_word(bytes, n, terminfo_word("sgr0"));
	n = parting_word(bytes, n, terminfo_word("rmcup"));
	n = parting_word(bytes, n, terminfo_word("cnorm"));
	n = parting_word(bytes, n, "\r\n");
	parting_arm(t->tty.fd, &t->tty.was, bytes, n);
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
		decoder_learn(t->decoder, terminfo_word(named[i].cap), named[i].key);
	for (int f = 1; f <= 12; f++) {
		snprintf(name, sizeof name, "kf%d", f);
		decoder_learn(t->decoder, terminfo_word(name), K_F0 + f);
	}
}

enum fault terminal_open(const struct terminal_setup *setup, struct terminal **out, struct err *err)
{
	struct terminal *t = calloc(1, sizeof *t);
	bool utf8 = !setup->ascii && !strcmp(nl_langinfo(CODESET), "UTF-8");
	enum fault fault;

	if (!t)
		abort();
	*out = t;
	t->signals = -1;
	t->clock = setup->clock;
	t->decoder = decoder_new();
	fault = tty_open(&t->tty, setup->in, setup->out, err);
	if (fault == OK)
		fault = painter_open(setup->term, utf8, &t->painter, err);
	if (fault != OK) {
		terminal_close(t);
		*out = NULL;
		return fault;
	}
	t->pastes = knows_pastes(setup->term);
	keys_learn(t);
	tty_size(&t->tty, &t->w, &t->h);
	painter_size(t->painter, t->w, t->h);
	signals_open(t);
	parting_prepare(t);
	tty_raw(&t->tty);
	pastes_set(t, true);
	return OK;
}

/* The last bytes may wait for a line that stands still, but not for ever: without them the shell is left on a strange screen. */
static void send_last(struct terminal *t)
{
	struct pollfd fd = { t->tty.fd, POLLOUT, 0 };

	send_some(t);
	while (outflow_waits(&t->out) && !t->gone && poll(&fd, 1, PARTING_MS) > 0)
		send_some(t);
}

/* What we changed about the terminal, undone; rmcup and the rest come from ncurses. */
static void leave(struct terminal *t)
{
	if (t->mouse)
		say(t, terminfo_with("XM", 0, 0));
	pastes_set(t, false);
	if (*t->title)
		terminal_title(t, "");
	painter_leave(t->painter, &t->out);
	send_last(t);
	tty_back(&t->tty);
}

void terminal_close(struct terminal *t)
{
	if (!t)
		return;
	if (t->w) {
		if (!t->gone)
			leave(t);
		parting_disarm();
	}
	painter_close(t->painter);
	if (t->signals >= 0)
		close(t->signals);
	tty_close(&t->tty);
	decoder_free(t->decoder);
	outflow_free(&t->out);
	free(t);
}

/* ---- inputs ---- */

void terminal_fds(const struct terminal *t, struct pollfd *fds)
{
	fds[0] = (struct pollfd){ t->gone ? -1 : t->tty.fd, (short)(POLLIN | (outflow_waits(&t->out) ? POLLOUT : 0)), 0 };
	fds[1] = (struct pollfd){ t->signals, POLLIN, 0 };
}

static void resume(struct terminal *t)
{
	tty_raw(&t->tty);
	pastes_set(t, true);
	if (t->mouse)
		terminal_mouse(t, true);
	*t->title = '\0';
	painter_forget(t->painter);
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
	ssize_t n = read(t->tty.fd, bytes, sizeof bytes);

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
		send_some(t);
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

/* ---- what it is, and what it shows ---- */

void terminal_size(const struct terminal *t, int *w, int *h)
{
	*w = t->w;
	*h = t->h;
}

int terminal_colours(const struct terminal *t)
{
	return painter_colours(t->painter);
}

const char *terminal_fallback(const struct terminal *t)
{
	return painter_fallback(t->painter);
}

void terminal_theme(struct terminal *t, const struct theme *theme, enum depth depth)
{
	painter_theme(t->painter, theme, depth);
}

void terminal_repaint(struct terminal *t)
{
	painter_forget(t->painter);
}

bool terminal_paint(struct terminal *t, const struct canvas *c)
{
	send_some(t);
	if (t->gone)
		return true;
	if (outflow_waits(&t->out)) {
		t->slow = true;
		return false;
	}
	painter_paint(t->painter, c, &t->out);
	send_some(t);
	if (!outflow_waits(&t->out)) /* this frame, which may say SLOW LINK, went out whole: the line is well again */
		t->slow = false;
	return true;
}

void terminal_remark(struct terminal *t, int y, enum role role, const char *text)
{
	send_some(t);
	if (!t->gone && !outflow_waits(&t->out) && painter_remark(t->painter, y, role, text, &t->out))
		send_some(t);
}

bool terminal_slow(const struct terminal *t)
{
	return t->slow;
}

void terminal_title(struct terminal *t, const char *title)
{
	char clean[128];
	bool xterm = terminfo_flag("XT") || getenv("TMUX");

	text_clean(clean, sizeof clean, title);
	if (!strcmp(clean, t->title) || (!xterm && !*terminfo_word("tsl")))
		return;
	memcpy(t->title, clean, sizeof clean);
	say(t, *terminfo_word("tsl") ? terminfo_word("tsl") : "\033]2;");
	outflow_add(&t->out, clean, strlen(clean));
	say(t, *terminfo_word("fsl") ? terminfo_word("fsl") : "\007");
	send_some(t);
}

void terminal_mouse(struct terminal *t, bool on)
{
	t->mouse = on && *terminfo_word("XM");
	say(t, terminfo_with("XM", on, 0));
	send_some(t);
}

void terminal_flush(struct terminal *t)
{
	tcflush(t->tty.fd, TCIFLUSH);
	decoder_flush(t->decoder);
}

bool terminal_pastes(const struct terminal *t)
{
	return t->pastes;
}

/* RFC 4648 base64, into the outflow. */
static void add_base64(struct outflow *o, const char *text, size_t n)
{
	static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

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
		outflow_add(o, four, 4);
	}
}

bool terminal_copy(struct terminal *t, const char *text)
{
	size_t n = strlen(text);

	if ((n + 2) / 3 * 4 > COPY_MAX || (!*terminfo_word("Ms") && !terminfo_flag("XT")))
		return false;
	say(t, "\033]52;c;");
	add_base64(&t->out, text, n);
	say(t, "\007");
	send_some(t);
	return true;
}

bool terminal_suspend(struct terminal *t)
{
	if (getsid(0) == getpid())
		return false; /* no shell stands above us that could continue us */
	leave(t);
	parting_watch(false);
	do
		raise(SIGSTOP);
	while (tcgetpgrp(t->tty.fd) >= 0 && tcgetpgrp(t->tty.fd) != getpgrp());
	parting_watch(true);
	return true; /* SIGCONT waits in the descriptor and brings everything back */
}
