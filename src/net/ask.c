#include "net/ask.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <linux/sockios.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

/* The first byte of every message; so none is ever empty, which would look like the end of the line. */
enum { QUESTION = 'Q', ANSWER = 'A', NUDGE = 'N' };

struct frame {
	char kind;
	char bytes[ASK_MAX + 1]; /* and the NUL behind the last */
};

/* ---- where the socket is ---- */

/* A socket's address holds 107 bytes of path. A longer one is reached through the open folder. */
struct place {
	int folder;
	char name[64];
	struct sockaddr_un address;
};

static int place_open(struct place *p, const char *path)
{
	char *folder = strdup(path), *base = strdup(path);
	int failed = -1;

	p->folder = -1;
	if (!folder || !base)
		abort();
	p->folder = open(dirname(folder), O_PATH | O_DIRECTORY | O_CLOEXEC);
	p->address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (p->folder >= 0 && snprintf(p->name, sizeof p->name, "%s", basename(base)) < (int)sizeof p->name)
		failed = 0;
	else if (p->folder >= 0)
		errno = ENAMETOOLONG;
	if (strlen(path) < sizeof p->address.sun_path)
		memcpy(p->address.sun_path, path, strlen(path) + 1);
	else
		snprintf(p->address.sun_path, sizeof p->address.sun_path, "/proc/self/fd/%d/%s", p->folder, p->name);
	free(folder);
	free(base);
	return failed;
}

static void place_close(struct place *p)
{
	if (p->folder >= 0)
		close(p->folder);
	p->folder = -1;
}

/* ---- frames ---- */

static bool frame_send(int fd, char kind, const void *bytes, size_t n)
{
	struct iovec part[2] = { { &kind, 1 }, { (void *)(uintptr_t)bytes, n } };
	struct msghdr m = { .msg_iov = part, .msg_iovlen = n ? 2 : 1 };

	return sendmsg(fd, &m, MSG_DONTWAIT | MSG_NOSIGNAL) == (ssize_t)(n + 1);
}

enum arrival { ARRIVED, EMPTY, ENDED };

/* One message into f, its bytes counted in *n. ENDED: the line is over, or what came is no message of ours. */
static enum arrival frame_receive(int fd, struct frame *f, size_t *n)
{
	ssize_t got;

	do
		got = recv(fd, f, 1 + ASK_MAX, MSG_DONTWAIT | MSG_TRUNC); /* the true length, so that nothing is cut unseen */
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return errno == EAGAIN ? EMPTY : ENDED;
	if (got == 0 || got > 1 + ASK_MAX)
		return ENDED;
	*n = (size_t)got - 1;
	f->bytes[*n] = '\0';
	return ARRIVED;
}

/* ---- the engine's end ---- */

struct client {
	int fd; /* -1: nobody */
	int64_t id;
	uid_t uid;
	pid_t pid;
	bool asked; /* and not answered yet */
};

struct ask_server {
	struct place place;
	ino_t inode; /* of our socket, so that we never remove another's */
	int fd, epoll, lines;
	int64_t last_id;
	struct client client[ASK_CLIENTS];
	struct frame frame;
};

enum { EVENTS = 128 }; /* comings and goings that are looked at for one question: whoever dials again and again holds nobody up */
enum { DOOR = ASK_CLIENTS }; /* the listening socket's place among the clients in epoll's eyes */

static int watch(struct ask_server *s, int op, int fd, int index, uint32_t events)
{
	struct epoll_event ev = { .events = events, .data.u32 = (uint32_t)index };

	return epoll_ctl(s->epoll, op, fd, &ev);
}

static enum fault remove_stale(const struct ask_server *s, const char *path, struct err *err)
{
	struct stat st;

	if (fstatat(s->place.folder, s->place.name, &st, AT_SYMLINK_NOFOLLOW))
		return OK;
	if (!S_ISSOCK(st.st_mode))
		return err_set(err, FAULT_REFUSED, "%s is there and is no socket; move it away", path);
	unlinkat(s->place.folder, s->place.name, 0);
	return OK;
}

/* Bound with nobody's access but ours, then opened to whom it is meant for: there is no moment in between. */
static int bind_with_mode(struct ask_server *s, mode_t mode)
{
	mode_t before = umask(0177);
	int failed = bind(s->fd, (struct sockaddr *)&s->place.address, sizeof s->place.address);
	struct stat folder, st;

	umask(before);
	if (failed || fstatat(s->place.folder, s->place.name, &st, AT_SYMLINK_NOFOLLOW) || fstat(s->place.folder, &folder))
		return -1;
	s->inode = st.st_ino;
	if ((mode & 070) && st.st_gid != folder.st_gid && fchownat(s->place.folder, s->place.name, (uid_t)-1, folder.st_gid, 0))
		return -1;
	return mode == 0600 ? 0 : fchmodat(s->place.folder, s->place.name, mode, 0);
}

struct ask_server *ask_listen(const char *path, mode_t mode, struct err *err)
{
	struct ask_server *s = calloc(1, sizeof *s);

	if (!s)
		abort();
	for (int i = 0; i < ASK_CLIENTS; i++)
		s->client[i].fd = -1;
	s->epoll = epoll_create1(EPOLL_CLOEXEC);
	s->fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (place_open(&s->place, path) || s->epoll < 0 || s->fd < 0)
		goto broken;
	if (remove_stale(s, path, err))
		goto out;
	if (bind_with_mode(s, mode) || listen(s->fd, 64) || watch(s, EPOLL_CTL_ADD, s->fd, DOOR, EPOLLIN))
		goto broken;
	return s;
broken:
	err_set(err, FAULT_NET, "cannot listen at %s: %s", path, strerror(errno));
out:
	ask_close(s);
	return NULL;
}

int ask_fd(const struct ask_server *s)
{
	return s->epoll;
}

int ask_lines(const struct ask_server *s)
{
	return s->lines;
}

bool ask_is_there(const struct ask_server *s, int64_t from)
{
	for (int i = 0; i < ASK_CLIENTS; i++)
		if (s->client[i].fd >= 0 && s->client[i].id == from)
			return true;
	return false;
}

static void client_drop(struct ask_server *s, struct client *c)
{
	close(c->fd);
	c->fd = -1;
	s->lines--;
}

static struct client *client_free(struct ask_server *s)
{
	for (int i = 0; i < ASK_CLIENTS; i++)
		if (s->client[i].fd < 0)
			return &s->client[i];
	return NULL;
}

static void client_accept(struct ask_server *s)
{
	int fd = accept4(s->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	struct client *c = client_free(s);
	struct ucred who;
	socklen_t n = sizeof who;

	if (fd < 0)
		return;
	if (!c || getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &n) || watch(s, EPOLL_CTL_ADD, fd, (int)(c - s->client), EPOLLIN)) {
		close(fd);
		return;
	}
	*c = (struct client){ .fd = fd, .id = ++s->last_id, .uid = who.uid, .pid = who.pid };
	s->lines++;
}

/*
 * While an answer is owed, the asker's next message stays where it is: nobody has two under way. What
 * epoll reports then can only be that they hung up.
 */
static bool client_read(struct ask_server *s, struct client *c, struct ask_question *out)
{
	size_t n;
	enum arrival a = c->asked ? ENDED : frame_receive(c->fd, &s->frame, &n);

	if (a == EMPTY)
		return false;
	if (a == ENDED || s->frame.kind != QUESTION || !n) {
		client_drop(s, c);
		return false;
	}
	c->asked = true;
	watch(s, EPOLL_CTL_MOD, c->fd, (int)(c - s->client), 0);
	*out = (struct ask_question){ c->id, c->uid, c->pid, s->frame.bytes, n };
	return true;
}

bool ask_next(struct ask_server *s, struct ask_question *out)
{
	struct epoll_event ev; /* one at a time: dropping a client can leave no stale event behind */

	for (int i = 0; i < EVENTS && epoll_wait(s->epoll, &ev, 1, 0) == 1; i++) {
		if (ev.data.u32 == DOOR)
			client_accept(s);
		else if (client_read(s, &s->client[ev.data.u32], out))
			return true;
	}
	return false;
}

void ask_answer(struct ask_server *s, int64_t from, const void *bytes, size_t n)
{
	assert(n <= ASK_MAX);
	for (int i = 0; i < ASK_CLIENTS; i++) {
		struct client *c = &s->client[i];

		if (c->fd < 0 || c->id != from || !c->asked)
			continue;
		c->asked = false;
		if (!frame_send(c->fd, ANSWER, bytes, n) || watch(s, EPOLL_CTL_MOD, c->fd, i, EPOLLIN))
			client_drop(s, c); /* they do not read; the answer is in the store, and asking again is harmless */
		return;
	}
}

void ask_nudge(struct ask_server *s)
{
	for (int i = 0; i < ASK_CLIENTS; i++) {
		int unread = 0, fd = s->client[i].fd;

		if (fd >= 0 && !ioctl(fd, SIOCOUTQ, &unread) && !unread)
			frame_send(fd, NUDGE, NULL, 0); /* if it fails they are gone, and epoll will say so */
	}
}

static void remove_ours(const struct ask_server *s)
{
	struct stat st;

	if (s->inode && !fstatat(s->place.folder, s->place.name, &st, AT_SYMLINK_NOFOLLOW) && st.st_ino == s->inode)
		unlinkat(s->place.folder, s->place.name, 0);
}

void ask_close(struct ask_server *s)
{
	if (!s)
		return;
	for (int i = 0; i < ASK_CLIENTS; i++)
		if (s->client[i].fd >= 0)
			client_drop(s, &s->client[i]);
	remove_ours(s);
	if (s->fd >= 0)
		close(s->fd);
	if (s->epoll >= 0)
		close(s->epoll);
	place_close(&s->place);
	free(s);
}

/* ---- the other end ---- */

struct ask_line {
	int fd;
	bool waiting; /* for an answer */
	struct frame frame;
};

static enum fault dial_failed(const char *path, int why, struct err *err)
{
	if (why == ENOENT || why == ECONNREFUSED || why == ENOTDIR)
		return err_set(err, FAULT_NET, "no engine runs for this store (%s)", path);
	if (why == EACCES || why == EPERM)
		return err_set(err, FAULT_REFUSED, "this user may not speak to the engine at %s; the store's owner can say who may", path);
	if (why == EAGAIN)
		return err_set(err, FAULT_BUSY, "too many are at the engine's door (%s); try again", path);
	return err_set(err, FAULT_NET, "cannot reach the engine at %s: %s", path, strerror(why));
}

struct ask_line *ask_dial(const char *path, struct err *err)
{
	struct ask_line *l = calloc(1, sizeof *l);
	struct place p;
	int why = 0;

	if (!l)
		abort();
	l->fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (place_open(&p, path) || l->fd < 0 || connect(l->fd, (struct sockaddr *)&p.address, sizeof p.address))
		why = errno;
	place_close(&p);
	if (!why)
		return l;
	dial_failed(path, why, err);
	ask_hang_up(l);
	return NULL;
}

int ask_line_fd(const struct ask_line *l)
{
	return l->fd;
}

enum fault ask_say(struct ask_line *l, const void *bytes, size_t n, struct err *err)
{
	if (!n || n > ASK_MAX)
		return err_set(err, FAULT_REFUSED, "a message to the engine has 1 to %d bytes, not %zu", ASK_MAX, n);
	if (l->waiting)
		return err_set(err, FAULT_BUSY, "the engine's last answer is still to come");
	if (!frame_send(l->fd, QUESTION, bytes, n)) {
		if (errno == EAGAIN)
			return err_set(err, FAULT_BUSY, "the engine does not listen just now; try again");
		return err_set(err, FAULT_NET, "the engine has hung up: %s", strerror(errno));
	}
	l->waiting = true;
	return OK;
}

enum ask_heard ask_hear(struct ask_line *l, const char **bytes, size_t *n)
{
	size_t got;

	switch (frame_receive(l->fd, &l->frame, &got)) {
	case EMPTY:
		return ASK_NOTHING;
	case ENDED:
		return ASK_GONE;
	case ARRIVED:
		break;
	}
	if (l->frame.kind == NUDGE)
		return ASK_NUDGE;
	if (l->frame.kind != ANSWER || !l->waiting)
		return ASK_GONE; /* whoever that is, it is not our engine */
	l->waiting = false;
	*bytes = l->frame.bytes;
	*n = got;
	return ASK_ANSWER;
}

/* Hear answers until the timer's descriptor is readable; nudges on the way are passed over. */
static enum ask_heard hear_until(struct ask_line *l, int timer, const char **answer, size_t *n)
{
	struct pollfd p[2] = { { l->fd, POLLIN, 0 }, { timer, POLLIN, 0 } };

	for (;;) {
		enum ask_heard h = ask_hear(l, answer, n);

		if (h == ASK_ANSWER || h == ASK_GONE)
			return h;
		if (h == ASK_NUDGE)
			continue;
		if (p[1].revents || (poll(p, 2, -1) < 0 && errno != EINTR))
			return ASK_NOTHING;
	}
}

enum fault ask_wait(struct ask_line *l, const void *bytes, size_t n, int wait_ms, const char **answer, size_t *answer_n, struct err *err)
{
	struct itimerspec due = { .it_value = { wait_ms / 1000, wait_ms % 1000 * 1000000L + 1 } };
	enum fault f = ask_say(l, bytes, n, err);
	enum ask_heard h;
	int timer;

	if (f)
		return f;
	timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	if (timer < 0 || timerfd_settime(timer, 0, &due, NULL))
		h = ASK_NOTHING;
	else
		h = hear_until(l, timer, answer, answer_n);
	if (timer >= 0)
		close(timer);
	if (h == ASK_ANSWER)
		return OK;
	if (h == ASK_GONE)
		return err_set(err, FAULT_UNSURE, "the engine hung up without an answer; it may have heard: asking again is harmless");
	return err_set(err, FAULT_UNSURE, "the engine has not answered within %d ms; it may still: asking again is harmless", wait_ms);
}

void ask_hang_up(struct ask_line *l)
{
	if (!l)
		return;
	if (l->fd >= 0)
		close(l->fd);
	free(l);
}
