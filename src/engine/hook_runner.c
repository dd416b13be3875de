/*
 * The side of the hooks that talks to the world: a keeper, which begins a runner and another when that one dies, and the runner, which takes one message
 * after another. Neither has the store or a key of the vault's.
 */
#include "engine/hook_inside.h"

#include "engine/vault_file.h"
#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { NAP_LEAST_MS = 1000, NAP_MOST_MS = 60000 };

/* ---- the runner ---- */

static char *answer(struct arena *a, const struct fields *m, enum fault f, const struct err *err)
{
	struct fields out = fields_new(a);

	fields_put(&out, "notice", fields_get(m, "notice", "0"));
	fields_put(&out, "hook", fields_get(m, "hook", ""));
	fields_put_int(&out, "good", !f);
	fields_put(&out, "text", f ? err->text : "taken");
	return fields_pack(&out, a);
}

static bool is_vault(const struct hook_secret *s)
{
	return !strncmp(s->ref, "vault:", 6);
}

static void take_given(struct hook_secret *s, const char *value)
{
	if (is_vault(s))
		snprintf(s->value, SECRET_MAX, "%s", value);
}

/* What was handed over for the message at hand holds for that one. */
static void forget_given(struct hook_secret *s)
{
	if (is_vault(s))
		vault_wipe(s->value, SECRET_MAX);
}

static bool take_message(struct runner *r, const char *bytes, int fd)
{
	struct arena *a = arena_new();
	struct fields m = fields_new(a);
	struct err err = { 0 };
	enum fault f = fields_unpack(a, bytes, &m, &err);
	char *text;
	bool sent;

	if (!f)
		f = runner_say(r, a, &m, fields_get(&m, "hook", ""), fields_get(&m, "event", ""), &err);
	forget_given(&r->webhook);
	forget_given(&r->password);
	text = answer(a, &m, f, &err);
	sent = send(fd, text, strlen(text), MSG_NOSIGNAL) >= 0;
	arena_free(a);
	return sent;
}

/* One message and what comes with it; 0: the engine's end is closed. */
static ssize_t receive(int fd, char *bytes, int *passed)
{
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(int))];
	} control;
	struct iovec part = { bytes, HOOK_MESSAGE_MAX };
	struct msghdr m = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = control.room, .msg_controllen = sizeof control.room };
	ssize_t n = recvmsg(fd, &m, MSG_CMSG_CLOEXEC);
	const struct cmsghdr *c = n > 0 ? CMSG_FIRSTHDR(&m) : NULL;

	*passed = -1;
	if (c && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS && c->cmsg_len == CMSG_LEN(sizeof(int)))
		memcpy(passed, CMSG_DATA(c), sizeof(int));
	return n;
}

static _Noreturn void keep(struct runner *r, int fd);

/* Another crew, which lives as long as the engine's end of its socket is open, whatever becomes of this one. */
static void begin_crew(struct runner *r, int ours, int fd)
{
	pid_t pid;

	while (waitpid(-1, NULL, WNOHANG) > 0)
		; /* those begun before, that have ended since */
	if (fd < 0)
		return;
	pid = fork();
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, 0);
		close(ours); /* or nobody would notice this one's end */
		keep(r, fd);
	}
	close(fd); /* without a crew the engine finds it closed, and asks again */
}

/* Until the engine's end of the socket closes. */
static _Noreturn void run(struct runner *r, int fd)
{
	char *bytes = malloc(HOOK_MESSAGE_MAX + 1);
	bool more = bytes != NULL;
	int passed;

	prctl(PR_SET_PDEATHSIG, SIGTERM);
	while (more) {
		ssize_t n = receive(fd, bytes, &passed);

		if (n <= 0)
			break;
		bytes[n] = '\0';
		if (*bytes == HOOK_CREW) {
			begin_crew(r, fd, passed);
			continue;
		}
		if (*bytes != HOOK_SECRET) {
			more = take_message(r, bytes, fd);
			continue;
		}
		take_given(&r->webhook, bytes + 1); /* it is for the next message, which looks at one of the two */
		take_given(&r->password, bytes + 1);
		vault_wipe(bytes, (size_t)n);
	}
	_exit(0);
}

/* ---- the keeper ---- */

static void tell_death(int fd, int status)
{
	struct arena *a = arena_new();
	struct fields none = fields_new(a);
	struct err err;
	char *text;

	err_set(&err, FAULT_NET, WIFSIGNALED(status) ? "the runner was ended by signal %d; another is begun" : "the runner ended with status %d; another is begun",
	        WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
	text = answer(a, &none, FAULT_NET, &err);
	if (send(fd, text, strlen(text), MSG_NOSIGNAL) < 0)
		_exit(0);
	arena_free(a);
}

static void nap(int64_t ms)
{
	const struct timespec t = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 };

	nanosleep(&t, NULL);
}

/* One that lived for a while was well: its end says nothing about the next. */
static _Noreturn void keep(struct runner *r, int fd)
{
	const struct clock clock = clock_real();
	int64_t wait_ms = NAP_LEAST_MS, began_ms;
	int status;
	pid_t pid;

	signal(SIGINT, SIG_IGN); /* the terminal's ^C is for the engine, which then ends us */
	signal(SIGHUP, SIG_IGN);
	for (;;) {
		began_ms = clock_steady(&clock);
		pid = fork();
		if (pid == 0)
			run(r, fd);
		status = 0;
		if (pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) && !WEXITSTATUS(status))
			_exit(0); /* the engine is gone */
		tell_death(fd, status);
		if (clock_steady(&clock) - began_ms > NAP_MOST_MS)
			wait_ms = NAP_LEAST_MS;
		nap(wait_ms);
		wait_ms = wait_ms * 2 < NAP_MOST_MS ? wait_ms * 2 : NAP_MOST_MS;
	}
}

/* ---- the start ---- */

/* A child of the engine's ends with it. not_ours: the engine's end of another crew's socket. */
static enum fault fork_crew(const struct config *c, struct runner *r, int not_ours, int *fd, struct err *err)
{
	int ends[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends))
		return err_set(err, FAULT_REFUSED, "hooks: %s", strerror(errno));
	pid = fork();
	if (pid == 0) {
		close(ends[0]);
		if (not_ours >= 0)
			close(not_ours);
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		hook_secret_take(r->webhook.ref, r->webhook.value);
		hook_secret_take(r->password.ref, r->password.value);
		hook_secrets_of_others(c);
		keep(r, ends[1]);
	}
	close(ends[1]);
	if (pid < 0) {
		close(ends[0]);
		return err_set(err, FAULT_REFUSED, "hooks: %s", strerror(errno));
	}
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	*fd = ends[0];
	return OK;
}

enum fault hook_start(const struct config *c, bool loopback_plain, int *fd, int *spare, struct err *err)
{
	struct arena *a = arena_new();
	struct runner r = { .plain = loopback_plain };
	bool any = *hooks_on(c, a);
	enum fault f = any ? runner_read(c, &r, err) : OK;

	*fd = -1;
	if (spare)
		*spare = -1;
	if (any && !f)
		f = fork_crew(c, &r, -1, fd, err);
	if (any && !f && spare)
		f = fork_crew(c, &r, *fd, spare, err);
	if (any) {
		hook_secret_take(r.webhook.ref, NULL);
		hook_secret_take(r.password.ref, NULL);
	}
	runner_drop(&r);
	arena_free(a);
	return f;
}
