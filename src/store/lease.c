#include "store/lease.h"

#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int lock_file(const char *dir)
{
	char path[4096];

	snprintf(path, sizeof path, "%s/engine.lock", dir);
	return open(path, O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0600);
}

static void read_holder(int fd, char *text, size_t cap)
{
	ssize_t n = pread(fd, text, cap - 1, 0);

	text[n > 0 ? n : 0] = '\0';
	text[strcspn(text, "\n")] = '\0';
	if (!*text)
		snprintf(text, cap, "a process that has not said its name yet");
}

static void write_holder(int fd, int64_t now_ms)
{
	char host[64] = "?", line[160], at[32];
	int n;

	gethostname(host, sizeof host - 1);
	time_iso_s(now_ms, at);
	n = snprintf(line, sizeof line, "pid %ld on %s since %s\n", (long)getpid(), host, at);
	if (ftruncate(fd, 0) || pwrite(fd, line, (size_t)n, 0) != n)
		return; /* the lock holds whether or not its note could be written */
}

enum fault lease_take(const char *dir, int64_t now_ms, struct lease *l, struct err *err)
{
	char who[160];

	l->epoch = 0;
	l->fd = lock_file(dir);
	if (l->fd < 0)
		return err_set(err, FAULT_STORE, "cannot open engine.lock in %s: %s", dir, strerror(errno));
	if (flock(l->fd, LOCK_EX | LOCK_NB)) {
		read_holder(l->fd, who, sizeof who);
		close(l->fd);
		l->fd = -1;
		return err_set(err, FAULT_REFUSED, "an engine already runs for %s: %s", dir, who);
	}
	write_holder(l->fd, now_ms);
	return OK;
}

enum fault lease_epoch(struct lease *l, struct store *s, int64_t now_ms, struct err *err)
{
	static const char sql[] = "INSERT INTO lease (id, epoch, pid, started_ms, beat_ms) VALUES (1, 1, ?1, ?2, ?2) "
				  "ON CONFLICT (id) DO UPDATE SET epoch = lease.epoch + 1, pid = excluded.pid, "
				  "before_ms = CASE WHEN lease.beat_ms - lease.started_ms >= 120000 THEN lease.beat_ms ELSE lease.before_ms END, "
				  "short = CASE WHEN lease.beat_ms - lease.started_ms >= 120000 THEN 0 ELSE lease.short + 1 END, "
				  "started_ms = excluded.started_ms, beat_ms = excluded.beat_ms RETURNING epoch";

	return RUN_ID(s, err, &l->epoch, sql, V((int64_t)getpid()), V(now_ms));
}

bool lease_holds(const struct lease *l, struct store *s)
{
	static const char sql[] = "SELECT epoch FROM lease WHERE id = ?1";
	int64_t newest;

	return !GET_INT(s, NULL, -1, &newest, sql, V(1)) && newest == l->epoch;
}

enum fault lease_beat(struct store *s, int64_t now_ms, struct err *err)
{
	static const char sql[] = "UPDATE lease SET beat_ms = ?1 WHERE id = ?2";

	return RUN(s, err, sql, V(now_ms), V(1));
}

void lease_drop(struct lease *l)
{
	if (l->fd >= 0)
		close(l->fd);
	l->fd = -1;
}

/*
 * The lock is its owner's alone: who could open it could hold it, and no engine would start. The store's group may ask the engine, so it is asked whether
 * anybody listens. One that is too busy to take the call (EAGAIN) listens.
 */
static bool somebody_listens(const char *dir)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int folder = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC), line = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	bool yes;

	snprintf(at.sun_path, sizeof at.sun_path, "/proc/self/fd/%d/engine.sock", folder); /* a folder's name may be too long for an address */
	yes = folder >= 0 && line >= 0 && (!connect(line, (const struct sockaddr *)&at, sizeof at) || errno == EAGAIN);
	if (line >= 0)
		close(line);
	if (folder >= 0)
		close(folder);
	return yes;
}

bool lease_holder(const char *dir, char *text, size_t cap)
{
	char path[4096];
	bool held = false;
	int fd;

	*text = '\0';
	snprintf(path, sizeof path, "%s/engine.lock", dir);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0) {
		held = errno == EACCES && somebody_listens(dir);
		snprintf(text, cap, "%s", held ? "a process of the store's owner" : "");
		return held;
	}
	if (flock(fd, LOCK_SH | LOCK_NB) && errno == EWOULDBLOCK) {
		held = true;
		read_holder(fd, text, cap);
	}
	close(fd);
	return held;
}
