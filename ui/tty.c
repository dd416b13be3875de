#include "ui/tty.h"

#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { OWN = O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC };

static int open_own(int fd)
{
	char name[64];
	int own = ttyname_r(fd, name, sizeof name) ? -1 : open(name, OWN);

	if (own < 0)
		own = open("/dev/tty", OWN);
	return own < 0 ? fcntl(fd, F_DUPFD_CLOEXEC, 3) : own;
}

enum fault tty_open(struct tty *t, int in, int out, struct err *err)
{
	t->fd = -1;
	if (!isatty(in) || !isatty(out))
		return err_set(err, FAULT_REFUSED, "the console needs a terminal; for scripts there are commands: tallyman help");
	t->fd = open_own(in);
	if (t->fd < 0 || tcgetattr(t->fd, &t->was))
		return err_set(err, FAULT_REFUSED, "the terminal cannot be opened: %s", strerror(errno));
	t->raw = t->was;
	cfmakeraw(&t->raw);
	t->raw.c_cc[VMIN] = 1;
	t->raw.c_cc[VTIME] = 0;
	return OK;
}

/* A size from the environment; otherwise the usual one. */
static unsigned short size_from(const char *name, unsigned short usual)
{
	const char *s = getenv(name);
	int64_t n;

	return s && text_int(s, 1, 1000, &n) ? (unsigned short)n : usual;
}

void tty_size(const struct tty *t, int *w, int *h)
{
	struct winsize ws = { 0 };

	if (ioctl(t->fd, TIOCGWINSZ, &ws) || !ws.ws_col || !ws.ws_row) {
		ws.ws_col = size_from("COLUMNS", 80);
		ws.ws_row = size_from("LINES", 24);
	}
	*w = ws.ws_col < 1000 ? ws.ws_col : 1000;
	*h = ws.ws_row < 500 ? ws.ws_row : 500;
}

void tty_raw(const struct tty *t)
{
	tcsetattr(t->fd, TCSADRAIN, &t->raw);
}

void tty_back(const struct tty *t)
{
	tcsetattr(t->fd, TCSADRAIN, &t->was);
}

void tty_close(struct tty *t)
{
	if (t->fd >= 0)
		close(t->fd);
	t->fd = -1;
}
