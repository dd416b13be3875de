#include "engine/hook.h"

#include "engine/parts.h"
#include "base/log.h"
#include "base/text.h"
#include "net/http.h"
#include "trade/alerts.h"
#include "trade/incidents.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MESSAGE_MAX = 60 * 1024, PROGRAM_MS = 10000, TOTAL_MS = 20000, LOOK_MS = 1000, TOLD_AFTER = 3 };

/* ---- the runner ---- */

struct runner {
	const char *program, *webhook, *server, *from, *to, *user, *password;
	bool plain; /* without TLS to loopback: a demo's or a test's */
};

/* A secret by its reference: the first line of a private file, or a variable. The vault is the engine's alone. */
static enum fault read_secret(const char *ref, struct arena *a, const char **out, struct err *err)
{
	char line[1024] = "";
	struct stat st;
	FILE *f;

	*out = "";
	if (!*ref)
		return OK;
	if (!strncmp(ref, "env:", 4) && getenv(ref + 4)) {
		*out = arena_strdup(a, getenv(ref + 4));
		unsetenv(ref + 4);
		return OK;
	}
	if (strncmp(ref, "file:", 5))
		return err_set(err, FAULT_REFUSED, "[hooks]: a secret is file:PATH or env:NAME here, not %.20s", ref);
	f = fopen(ref + 5, "re");
	if (!f)
		return err_set(err, FAULT_REFUSED, "[hooks] %.150s: %s", ref, strerror(errno));
	if (fstat(fileno(f), &st) || (st.st_mode & 077)) {
		fclose(f);
		return err_set(err, FAULT_REFUSED, "[hooks] %.150s: others may read it: chmod 600", ref);
	}
	if (fgets(line, sizeof line, f))
		line[strcspn(line, "\r\n")] = '\0';
	fclose(f);
	*out = arena_strdup(a, line);
	return OK;
}

static enum fault read_runner(const struct config *c, struct arena *a, struct runner *r, struct err *err)
{
	r->program = config_get(c, "hooks", "program", "");
	r->server = config_get(c, "hooks", "mail_server", "");
	r->from = config_get(c, "hooks", "mail_from", "");
	r->to = config_get(c, "hooks", "mail_to", "");
	r->user = config_get(c, "hooks", "mail_user", "");
	if (*r->program && *r->program != '/')
		return err_set(err, FAULT_REFUSED, "[hooks] program: the whole path of a program, not %.100s", r->program);
	if (*r->server && (!*r->from || !*r->to))
		return err_set(err, FAULT_REFUSED, "[hooks] mail_server wants mail_from and mail_to");
	if (read_secret(config_get(c, "hooks", "webhook", ""), a, &r->webhook, err))
		return err->fault;
	return read_secret(config_get(c, "hooks", "mail_password", ""), a, &r->password, err);
}

void hooks_known(const struct config *c)
{
	static const char *const keys[] = { "program", "webhook", "mail_server", "mail_from", "mail_to", "mail_user", "mail_password" };

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		config_get(c, "hooks", keys[i], "");
}

const char *hooks_on(const struct config *c, struct arena *a)
{
	return arena_printf(a, "%s%s%s", *config_get(c, "hooks", "program", "") ? "program " : "", *config_get(c, "hooks", "mail_server", "") ? "mail " : "",
	                    *config_get(c, "hooks", "webhook", "") ? "webhook" : "");
}

/* Its end, or ours: it has ten seconds. */
static enum fault wait_program(pid_t pid, struct err *err)
{
	const struct timespec nap = { .tv_nsec = 50 * 1000 * 1000 };
	int status = 0;

	for (int ms = 0; ms < PROGRAM_MS; ms += 50) {
		if (waitpid(pid, &status, WNOHANG) == pid) {
			if (WIFEXITED(status) && !WEXITSTATUS(status))
				return OK;
			return err_set(err, FAULT_REMOTE, WIFEXITED(status) ? "it ended with status %d" : "it was ended by signal %d", WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status));
		}
		nanosleep(&nap, NULL);
	}
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	return err_set(err, FAULT_REMOTE, "it did not end within 10 s");
}

static enum fault run_program(const struct runner *r, const char *json, struct err *err)
{
	int ends[2];
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC))
		return err_set(err, FAULT_NET, "%s", strerror(errno));
	pid = fork();
	if (pid == 0) {
		char *argv[] = { (char *)(uintptr_t)r->program, NULL };
		sigset_t none;

		dup2(ends[0], STDIN_FILENO);
		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		signal(SIGPIPE, SIG_DFL);
		execv(r->program, argv);
		_exit(127);
	}
	close(ends[0]);
	if (pid > 0 && write(ends[1], json, strlen(json)) < 0 && errno != EPIPE) /* what does not read it may still have been told */
		kill(pid, SIGKILL);
	close(ends[1]);
	return pid > 0 ? wait_program(pid, err) : err_set(err, FAULT_NET, "%s", strerror(errno));
}

static enum fault say_one(const struct runner *r, struct arena *a, const struct fields *m, struct err *err)
{
	const char *hook = fields_get(m, "hook", ""), *event = fields_get(m, "event", "");
	struct mail mail = { r->server, r->from, r->to, r->user, r->password, NULL };

	if (!strcmp(hook, "program"))
		return run_program(r, hook_json(a, m, event), err);
	if (!strcmp(hook, "webhook"))
		return http_post_once(r->webhook, hook_slack(a, m, event), r->plain, TOTAL_MS, err);
	mail.text = hook_mail(a, m, event, r->from, r->to);
	return mail_send_once(&mail, r->plain, TOTAL_MS, err);
}

/* Until the engine's end of the socket closes. */
static _Noreturn void run(const struct runner *r, int fd)
{
	char *bytes = malloc(MESSAGE_MAX + 1);
	ssize_t n;

	prctl(PR_SET_PDEATHSIG, SIGTERM);
	signal(SIGINT, SIG_IGN); /* the terminal's ^C is for the engine, which then ends us */
	signal(SIGHUP, SIG_IGN);
	while (bytes && (n = recv(fd, bytes, MESSAGE_MAX, 0)) > 0) {
		struct arena *a = arena_new();
		struct fields m, answer = fields_new(a);
		struct err err = { 0 };
		enum fault f;
		char *text;

		bytes[n] = '\0';
		f = fields_unpack(a, bytes, &m, &err);
		if (!f)
			f = say_one(r, a, &m, &err);
		fields_put(&answer, "notice", f && !m.n ? "0" : fields_get(&m, "notice", "0"));
		fields_put_int(&answer, "good", !f);
		fields_put(&answer, "text", f ? err.text : "taken");
		text = fields_pack(&answer, a);
		if (send(fd, text, strlen(text), MSG_NOSIGNAL) < 0)
			_exit(0);
		arena_free(a);
	}
	_exit(0);
}

enum fault hook_start(const struct config *c, bool loopback_plain, int *fd, struct err *err)
{
	struct arena *a = arena_new();
	struct runner r = { .plain = loopback_plain };
	int ends[2];
	pid_t pid;
	enum fault f = OK;

	*fd = -1;
	if (*hooks_on(c, a))
		f = read_runner(c, a, &r, err);
	if (f || !*hooks_on(c, a)) {
		arena_free(a);
		return f;
	}
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends)) {
		arena_free(a);
		return err_set(err, FAULT_REFUSED, "hooks: %s", strerror(errno));
	}
	pid = fork();
	if (pid == 0) {
		close(ends[0]);
		run(&r, ends[1]);
	}
	close(ends[1]);
	arena_free(a); /* what it knows is the child's alone from here on */
	if (pid < 0) {
		close(ends[0]);
		return err_set(err, FAULT_REFUSED, "hooks: %s", strerror(errno));
	}
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	*fd = ends[0];
	return OK;
}

/* ---- the engine's side ---- */

static enum fault tell_hook(struct engine *e, const struct notice *n, const char *why, int64_t now_ms, struct err *err)
{
	struct alert alert = {
		.key = arena_printf(e->turn, "hook %s", n->hook),
		.kind = "hook",
		.severity = "WARN",
		.subject = n->hook,
		.text = arena_printf(e->turn, "the %s of [hooks] takes no message: %.150s", n->hook, why),
		.next = "tried again every 5 minutes by itself; tallyman hooks shows what waits",
	};

	return n->tries + 1 >= TOLD_AFTER ? alert_raise(e->store, &alert, now_ms, err) : OK;
}

static enum fault land(struct engine *e, const struct fields *m, int64_t now_ms, struct err *err)
{
	static const int64_t ladder_ms[] = { 5000, 15000, 60000, 300000 };
	bool good = fields_int(m, "good", 0) == 1;
	const char *text = fields_get(m, "text", "");
	struct notice n = e->hook_said;
	int64_t step = n.tries < 3 ? n.tries : 3;
	enum fault f = store_begin(e->store, err);

	if (!f)
		f = good ? notice_sent(e->store, n.id, text, now_ms, err) : notice_again(e->store, n.id, now_ms + ladder_ms[step], text, err);
	if (!f)
		f = good ? alert_close(e->store, arena_printf(e->turn, "hook %s", n.hook), now_ms, err) : tell_hook(e, &n, text, now_ms, err);
	if (!f && !engine_commit(e, err))
		f = FAULT_STORE;
	if (f)
		store_rollback(e->store);
	return f;
}

static void hear(struct engine *e, int64_t now_ms)
{
	char bytes[4096];
	struct fields m;
	struct err err = { 0 };
	ssize_t n = recv(e->hook_fd, bytes, sizeof bytes - 1, MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		log_error("the runner of the hooks is gone: nobody is told until the engine is begun again");
		close(e->hook_fd);
		e->hook_fd = -1;
		return;
	}
	bytes[n] = '\0';
	if (!fields_unpack(e->turn, bytes, &m, &err) && e->hook_said.id && land(e, &m, now_ms, &err))
		log_error("hooks: %s", err.text);
	e->hook_said = (struct notice){ 0 };
}

/* The hook's name outlives the turn: it is one of three words. */
static const char *lasting(const char *hook)
{
	return !strcmp(hook, "program") ? "program" : !strcmp(hook, "mail") ? "mail" : "webhook";
}

static void hand_over(struct engine *e, int64_t now_ms)
{
	struct notice *n;
	struct err err;
	const char *text;
	int got = 0;

	if (notices_due(e->store, now_ms, 1, e->turn, &n, &got, &err) || !got)
		return;
	fields_put_int(&n->text, "notice", n->id);
	fields_put(&n->text, "hook", n->hook);
	fields_put(&n->text, "event", n->event);
	text = fields_pack(&n->text, e->turn);
	if (send(e->hook_fd, text, strlen(text), MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
		return;
	e->hook_said = (struct notice){ .id = n->id, .tries = n->tries, .hook = lasting(n->hook) };
}

void hook_turn(struct engine *e, int64_t now_ms)
{
	if (e->hook_fd < 0)
		return;
	hear(e, now_ms);
	if (e->hook_fd < 0 || e->hook_said.id)
		return;
	if (now_ms >= e->hook_ms) {
		e->hook_ms = now_ms + LOOK_MS;
		hand_over(e, now_ms);
	}
	wake_at(e, e->hook_ms);
}
