#include "engine/watch.h"

#include "base/text.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int dial(const char *name)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	size_t n = strlen(name);
	int fd;

	if ((*name != '/' && *name != '@') || n >= sizeof at.sun_path)
		return -1;
	memcpy(at.sun_path, name, n);
	if (*name == '@') /* an abstract name begins with a NUL */
		at.sun_path[0] = '\0';
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&at, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n))) {
		close(fd);
		fd = -1;
	}
	return fd;
}

static void tell(const struct watch *w, const char *words)
{
	if (w->fd >= 0 && send(w->fd, words, strlen(words), MSG_NOSIGNAL) < 0)
		return; /* a manager that does not listen ends us, if it must */
}

struct watch watch_open(void)
{
	const char *name = getenv("NOTIFY_SOCKET"), *usec = getenv("WATCHDOG_USEC");
	struct watch w = { .fd = name ? dial(name) : -1 };
	int64_t us;

	if (w.fd >= 0 && usec && text_int(usec, 2000, INT64_MAX, &us))
		w.every_ms = us / 2000;
	unsetenv("NOTIFY_SOCKET");
	unsetenv("WATCHDOG_USEC");
	unsetenv("WATCHDOG_PID");
	return w;
}

void watch_ready(struct watch *w, int64_t now_ms)
{
	tell(w, "READY=1");
	w->next_ms = now_ms + w->every_ms;
}

int64_t watch_alive(struct watch *w, int64_t now_ms)
{
	if (!w->every_ms)
		return INT64_MAX;
	if (now_ms >= w->next_ms || w->next_ms > now_ms + w->every_ms) { /* the second: the clock was set back */
		tell(w, "WATCHDOG=1");
		w->next_ms = now_ms + w->every_ms;
	}
	return w->next_ms;
}

void watch_close(struct watch *w)
{
	tell(w, "STOPPING=1");
	if (w->fd >= 0)
		close(w->fd);
	w->fd = -1;
	w->every_ms = 0;
}
