/* vault_command.c: a secret that a command prints (cmd:). The interface is in vault_inside.h. */
#include "engine/vault_inside.h"

#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LOOK_MS = 20 };

struct running {
	pid_t pid;
	int out, status;
	char *buf; /* what it has printed, as far as there is room */
	size_t n, cap;
};

/* In a group of its own, so that all that it begins can be ended; and as a shell of a person's has signals, not as the engine does. */
static _Noreturn void become(const struct config *c, const char *command, int out)
{
	sigset_t none;

	for (int i = 0; c && i < c->n; i++)
		if (!strncmp(c->lines[i].value, "env:", 4)) /* another secret is not its business */
			unsetenv(c->lines[i].value + 4);
	setpgid(0, 0);
	dup2(out, STDOUT_FILENO);
	for (int s = 1; s < NSIG; s++)
		signal(s, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	execl("/bin/sh", "sh", "-c", command, (char *)NULL);
	_exit(127);
}

static bool begin(const struct config *c, const char *command, struct running *r)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC))
		return false;
	r->pid = fork();
	if (r->pid == 0)
		become(c, command, ends[1]);
	close(ends[1]);
	r->out = ends[0];
	fcntl(r->out, F_SETFL, O_NONBLOCK);
	if (r->pid > 0)
		setpgid(r->pid, r->pid); /* whoever of the two comes first */
	return r->pid > 0;
}

/* What there is to read now. What has no room is read as well, or it would never end. */
static void hear(struct running *r)
{
	char rest[4096];
	bool more = true;

	while (more) {
		bool room = r->n < r->cap - 1;
		ssize_t got = room ? read(r->out, r->buf + r->n, r->cap - 1 - r->n) : read(r->out, rest, sizeof rest);

		more = got > 0 && (room || got == (ssize_t)sizeof rest);
		if (got > 0 && room)
			r->n += (size_t)got;
	}
	vault_wipe(rest, sizeof rest);
	r->buf[r->n] = '\0';
}

/* Its own end; not that of what it left running, which may hold the pipe for ever. */
static bool ended_within(struct running *r, int64_t within_ms)
{
	const struct clock clock = clock_real();
	int64_t end_ms = clock_steady(&clock) + within_ms;
	struct pollfd p = { r->out, POLLIN, 0 };

	for (;;) {
		bool over = waitpid(r->pid, &r->status, WNOHANG) != 0;

		hear(r);
		if (over || clock_steady(&clock) >= end_ms)
			return over;
		poll(&p, p.revents & POLLHUP ? 0 : 1, LOOK_MS); /* a closed pipe would be ready at once, again and again */
	}
}

static void end(struct running *r)
{
	kill(-r->pid, SIGKILL);
	kill(r->pid, SIGKILL);
	waitpid(r->pid, &r->status, 0);
}

static enum fault what_it_said(const struct running *r, struct err *err)
{
	if (!WIFEXITED(r->status))
		return err_set(err, FAULT_AUTH, "secret cmd: the command was ended by signal %d", WTERMSIG(r->status));
	if (WEXITSTATUS(r->status))
		return err_set(err, FAULT_AUTH, "secret cmd: the command ended with status %d", WEXITSTATUS(r->status));
	return *r->buf ? OK : err_set(err, FAULT_AUTH, "secret cmd: the command printed nothing");
}

enum fault vault_command(const struct config *c, const char *command, int64_t within_ms, char *buf, size_t cap, struct err *err)
{
	struct running r = { .out = -1, .buf = buf, .cap = cap };
	enum fault f;

	*buf = '\0';
	if (!begin(c, command, &r))
		f = err_set(err, FAULT_AUTH, "secret cmd: %s", strerror(errno));
	else if (ended_within(&r, within_ms))
		f = what_it_said(&r, err);
	else {
		end(&r);
		f = err_set(err, FAULT_AUTH, "secret cmd: the command did not end within %" PRId64 " s", within_ms / 1000);
	}
	if (r.out >= 0)
		close(r.out);
	buf[f ? 0 : vault_secret_length(buf)] = '\0';
	return f;
}
