/*
 * hook_say.c: what [hooks] names, where its secrets are, and how one message is said: to a program, a webhook, a mail server.
 */
#include "engine/hook_inside.h"

#include "base/text.h"
#include "engine/vault_file.h"
#include "net/http.h"
#include "net/once.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PROGRAM_MS = 10000, TOTAL_MS = 20000 };

/* ---- secrets ---- */

/* Not vault_memory: that is empty in a child, and a keeper's next runner needs it. */
static char *secret_memory(void)
{
	char *p = mmap(NULL, SECRET_MAX, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		abort();
	madvise(p, SECRET_MAX, MADV_DONTDUMP);
	(void)!mlock(p, SECRET_MAX); /* a machine that has no locked page left for it tells people all the same */
	return p;
}

static bool is_env(const char *ref)
{
	return !strncmp(ref, "env:", 4);
}

static bool is_file(const char *ref)
{
	return !strncmp(ref, "file:", 5);
}

static enum fault read_file(const char *path, char *out, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	enum fault f;
	ssize_t n;

	*out = '\0';
	if (fd < 0)
		return err_set(err, FAULT_REFUSED, "[hooks] %.150s: %s", path, strerror(errno));
	f = vault_check_private(fd, path, FAULT_REFUSED, err);
	n = f ? 0 : read(fd, out, SECRET_MAX - 1);
	close(fd);
	out[n > 0 ? n : 0] = '\0';
	out[strcspn(out, "\r\n")] = '\0';
	return f || *out ? f : err_set(err, FAULT_REFUSED, "[hooks] %.150s: there is no secret in it", path);
}

/* Could it be meant? What is no reference is not repeated: it may be the secret itself. */
static enum fault check_secret(const char *key, const char *ref, char *scratch, struct err *err)
{
	enum fault f = OK;

	if (!*ref || (!strncmp(ref, "vault:", 6) && ref[6]))
		return OK;
	if (is_env(ref))
		return getenv(ref + 4) ? OK : err_set(err, FAULT_REFUSED, "[hooks] %s: env:%.60s is not in the environment", key, ref + 4);
	if (!is_file(ref))
		return err_set(err, FAULT_REFUSED, "[hooks] %s: a secret is vault:NAME, file:PATH or env:NAME", key);
	f = read_file(ref + 5, scratch, err);
	vault_wipe(scratch, SECRET_MAX);
	return f;
}

/* out of the environment: /proc/PID/environ shows that memory. keep NULL: only out of it. */
void hook_secret_take(const char *ref, char *keep)
{
	char *value = is_env(ref) ? getenv(ref + 4) : NULL;

	if (!value)
		return;
	if (keep)
		snprintf(keep, SECRET_MAX, "%s", value);
	vault_wipe(value, strlen(value));
	unsetenv(ref + 4);
}

void hook_secrets_of_others(const struct config *c)
{
	for (int i = 0; i < c->n; i++)
		hook_secret_take(c->lines[i].value, NULL);
}

/* scratch: SECRET_MAX bytes, wiped by who called. */
static enum fault open_secret(const struct hook_secret *s, char *scratch, const char **out, struct err *err)
{
	*out = s->value;
	if (*s->value || !*s->ref)
		return OK;
	if (!is_file(s->ref))
		return err_set(err, FAULT_AUTH, "[hooks] %.80s: not known here", s->ref);
	*out = scratch;
	return read_file(s->ref + 5, scratch, err);
}

/* ---- saying it ---- */

/* What it prints is nobody's but ours: of it the first line is kept for when it fails, cleaned; the rest is read so that it does not wait for us. */
struct murmur {
	int fd;
	size_t n;
	char first[120];
};

static void murmur_hear(struct murmur *m)
{
	char bytes[4096];
	ssize_t got;

	for (int i = 0; i < 64 && (got = read(m->fd, bytes, sizeof bytes)) > 0; i++) {
		size_t room = sizeof m->first - 1 - m->n, keep = (size_t)got < room ? (size_t)got : room;

		memcpy(m->first + m->n, bytes, keep);
		m->n += keep;
	}
}

static const char *murmur_line(struct murmur *m, char out[sizeof m->first])
{
	m->first[strcspn(m->first, "\n")] = '\0';
	text_clean(out, sizeof m->first, m->first);
	return out;
}

static enum fault how_it_ended(int status, struct murmur *m, struct err *err)
{
	bool ended = WIFEXITED(status);
	char line[sizeof m->first];

	if (ended && !WEXITSTATUS(status))
		return OK;
	murmur_line(m, line);
	return err_set(err, FAULT_REMOTE, "it %s %d%s%s", ended ? "ended with status" : "was ended by signal", ended ? WEXITSTATUS(status) : WTERMSIG(status), *line ? ": " : "", line);
}

/* Its end, or ours: it has ten seconds. */
static enum fault wait_program(pid_t pid, int prints, struct err *err)
{
	const struct timespec nap = { .tv_nsec = 50 * 1000 * 1000 };
	struct murmur said = { .fd = prints };
	int status = 0;

	for (int ms = 0; ms < PROGRAM_MS; ms += 50) {
		bool over = waitpid(pid, &status, WNOHANG) == pid;

		murmur_hear(&said);
		if (over)
			return how_it_ended(status, &said, err);
		nanosleep(&nap, NULL);
	}
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	return err_set(err, FAULT_REMOTE, "it did not end within 10 s");
}

/* What a program needs to find its way; of the engine's environment nothing else is its business. room: ENVIRONMENT + 1 */
enum { ENVIRONMENT = 4 };

static void short_environment(char **room)
{
	static const char *const names[ENVIRONMENT] = { "PATH=", "HOME=", "LANG=", "TZ=" };
	size_t n = 0;

	for (char **at = environ; at && *at && n < ENVIRONMENT; at++)
		for (size_t i = 0; i < ENVIRONMENT; i++)
			if (!strncmp(*at, names[i], strlen(names[i])))
				room[n++] = *at;
	room[n] = NULL;
}

static _Noreturn void become_program(const char *program, int in, int out)
{
	char *argv[] = { (char *)(uintptr_t)program, NULL }, *environment[ENVIRONMENT + 1];
	sigset_t none;

	prctl(PR_SET_PDEATHSIG, SIGKILL); /* another runner will begin it again */
	dup2(in, STDIN_FILENO);
	dup2(out, STDOUT_FILENO); /* not the engine's: what it prints may act on a terminal, and is no line of the engine's log */
	dup2(out, STDERR_FILENO);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGINT, SIG_DFL);
	signal(SIGHUP, SIG_DFL);
	short_environment(environment);
	execve(program, argv, environment);
	_exit(127);
}

static enum fault run_program(const struct runner *r, const char *json, struct err *err)
{
	int ends[2], out[2];
	void (*was)(int);
	enum fault f;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC))
		return err_set(err, FAULT_NET, "%s", strerror(errno));
	if (pipe2(out, O_CLOEXEC)) {
		close(ends[0]);
		close(ends[1]);
		return err_set(err, FAULT_NET, "%s", strerror(errno));
	}
	pid = fork();
	if (pid == 0)
		become_program(r->program, ends[0], out[1]);
	close(ends[0]);
	close(out[1]);
	fcntl(out[0], F_SETFL, O_NONBLOCK);
	was = signal(SIGPIPE, SIG_IGN);
	if (pid > 0 && write(ends[1], json, strlen(json)) < 0 && errno != EPIPE) /* what does not read it may still have been told */
		kill(pid, SIGKILL);
	close(ends[1]);
	signal(SIGPIPE, was);
	f = pid > 0 ? wait_program(pid, out[0], err) : err_set(err, FAULT_NET, "it could not be started");
	close(out[0]);
	return f;
}

static enum fault post(const struct runner *r, struct arena *a, const struct fields *m, const char *event, char *scratch, struct err *err)
{
	const char *url;
	enum fault f = open_secret(&r->webhook, scratch, &url, err);

	return f ? f : http_post_once(url, hook_slack(a, m, event), r->plain, TOTAL_MS, err);
}

static enum fault send_mail(const struct runner *r, struct arena *a, const struct fields *m, const char *event, char *scratch, struct err *err)
{
	struct mail mail = { r->server, r->from, r->to, r->user, "", hook_mail(a, m, event, r->from, r->to) };
	enum fault f = open_secret(&r->password, scratch, &mail.password, err);

	return f ? f : mail_send_once(&mail, r->plain, TOTAL_MS, err);
}

enum fault runner_say(const struct runner *r, struct arena *a, const struct fields *m, const char *hook, const char *event, struct err *err)
{
	char *scratch;
	enum fault f;

	if (!strcmp(hook, "program"))
		return run_program(r, hook_json(a, m, event), err);
	scratch = secret_memory();
	f = (strcmp(hook, "webhook") ? send_mail : post)(r, a, m, event, scratch, err);
	vault_wipe(scratch, SECRET_MAX);
	munmap(scratch, SECRET_MAX);
	return f;
}

/* ---- what the configuration names ---- */

const char *hook_reference(const struct config *c, const char *hook)
{
	return !strcmp(hook, "webhook") ? config_get(c, "hooks", "webhook", "") : !strcmp(hook, "mail") ? config_get(c, "hooks", "mail_password", "") : "";
}

enum fault runner_read(const struct config *c, struct runner *r, struct err *err)
{
	char *scratch = secret_memory();
	enum fault f;

	r->program = config_get(c, "hooks", "program", "");
	r->server = config_get(c, "hooks", "mail_server", "");
	r->from = config_get(c, "hooks", "mail_from", "");
	r->to = config_get(c, "hooks", "mail_to", "");
	r->user = config_get(c, "hooks", "mail_user", "");
	r->webhook = (struct hook_secret){ hook_reference(c, "webhook"), secret_memory() };
	r->password = (struct hook_secret){ hook_reference(c, "mail"), secret_memory() };
	if (*r->program && *r->program != '/')
		return err_set(err, FAULT_REFUSED, "[hooks] program: the whole path of a program, not %.100s", r->program);
	if (*r->server && (!*r->from || !*r->to))
		return err_set(err, FAULT_REFUSED, "[hooks] mail_server wants mail_from and mail_to");
	f = check_secret("webhook", r->webhook.ref, scratch, err);
	if (!f)
		f = check_secret("mail_password", r->password.ref, scratch, err);
	munmap(scratch, SECRET_MAX);
	return f;
}

static void drop_secret(struct hook_secret *s)
{
	if (!s->value)
		return;
	vault_wipe(s->value, SECRET_MAX);
	munmap(s->value, SECRET_MAX);
}

void runner_drop(struct runner *r)
{
	drop_secret(&r->webhook);
	drop_secret(&r->password);
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

/* ---- from this process ---- */

/* From the vault, or out of the environment: each before anything is begun, for a program inherits that. */
static void take_secret(struct hook_secret *s, bool is_on, const char *(*vault)(void *ctx, const char *ref), void *ctx)
{
	const char *value = !is_on || !vault || strncmp(s->ref, "vault:", 6) ? NULL : vault(ctx, s->ref);

	hook_secret_take(s->ref, s->value);
	if (value)
		snprintf(s->value, SECRET_MAX, "%s", value);
}

int hooks_tell(const struct config *c, bool loopback_plain, const char *(*vault)(void *ctx, const char *ref), void *ctx, const struct fields *text, const char *event,
               struct err *err)
{
	static const char *const hooks[] = { "program", "webhook", "mail" };
	struct arena *a = arena_new();
	const char *on = hooks_on(c, a);
	struct runner r = { .plain = loopback_plain };
	int took = 0;
	enum fault f = *on ? runner_read(c, &r, err) : err_set(err, FAULT_REFUSED, "[hooks] of the configuration names none");

	if (!f) {
		take_secret(&r.webhook, strstr(on, "webhook"), vault, ctx);
		take_secret(&r.password, strstr(on, "mail"), vault, ctx);
	}
	for (size_t i = 0; i < sizeof hooks / sizeof *hooks && !f; i++)
		if (strstr(on, hooks[i]))
			took += !runner_say(&r, a, text, hooks[i], event, err);
	runner_drop(&r);
	arena_free(a);
	return took;
}
