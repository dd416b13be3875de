/*
 * console_print.c: this program again, as the command that prints what a screen shows, into a new file.
 *
 * The command reads the store by itself, so that a long list costs the console neither memory nor its snapshot; a key ends it, and the file with it.
 * A plan that is previewed is written from here, by what the commands print theirs with.
 */
#include "ui/console_inside.h"

#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LOOK_MS = 100, WORDS_MAX = 32 };

/* "x.csv", "x-2.csv" ...: nothing that is there is written over, and no link is followed. */
static int new_file(const char *name, char *path, size_t cap)
{
	const char *dot = strrchr(name, '.'), *slash = strrchr(name, '/');
	int stem = dot && (!slash || dot > slash) ? (int)(dot - name) : (int)strlen(name), fd = -1;

	for (int i = 1; fd < 0 && i < 100 && (i == 1 || errno == EEXIST); i++) {
		if (i == 1)
			snprintf(path, cap, "%s", name);
		else
			snprintf(path, cap, "%.*s-%d%s", stem, name, i, name + stem);
		fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	}
	return fd;
}

/* The words, then the shape, the store and the time that this console is at. */
static void words_of(const struct console *c, const struct printing *what, const char *shape, const char *argv[])
{
	const struct console_options *o = c->o;
	char iso[32];
	int n = 0;

	argv[n++] = "tallyman";
	for (int i = 0; i < what->words; i++)
		argv[n++] = what->word[i];
	if (shape)
		argv[n++] = shape;
	argv[n++] = "--store";
	argv[n++] = o->store;
	if (o->config) {
		argv[n++] = "--config";
		argv[n++] = o->config;
	}
	if (o->past_ms) {
		time_iso(o->past_ms, iso);
		argv[n++] = "--at";
		argv[n++] = arena_strdup(what->arena, iso);
	}
	if (o->past_ms && o->hindsight)
		argv[n++] = "--hindsight";
	argv[n] = NULL;
}

/* In the child: nothing of ours is left open, nothing of ours is blocked. */
static _Noreturn void become(const char *argv[], int out, int complaints)
{
	sigset_t none;
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	dup2(null, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	dup2(complaints, STDERR_FILENO);
	execv("/proc/self/exe", (char *const *)argv);
	_exit(127);
}

/* What it says on stderr, until it says no more. false: a key came first. */
static bool hear_out(struct console *c, int from, char *said, size_t cap)
{
	struct pollfd p = { .fd = from, .events = POLLIN };
	size_t n = 0;
	char chunk[256];
	ssize_t got = 1;

	for (int waited = 0; got > 0; waited += LOOK_MS) {
		if (poll(&p, 1, LOOK_MS) != 1) {
			console_progress(c, " writing; any key breaks it off");
			if (waited >= 5 * LOOK_MS && console_waiting(c))
				return false;
			continue;
		}
		got = read(from, chunk, sizeof chunk);
		for (ssize_t i = 0; i < got && n + 1 < cap; i++)
			said[n++] = chunk[i];
		got = got < 0 && errno == EINTR ? 1 : got;
	}
	said[strcspn(said, "\n")] = '\0';
	return true;
}

/* It ended by itself, and it had nothing to complain of or did not fail: `health` ends with 2 when all is told and the news is bad. */
static enum fault verdict(struct console *c, pid_t pid, int from, struct err *err)
{
	char said[200] = "";
	bool heard = hear_out(c, from, said, sizeof said);
	int status = -1;

	if (!heard)
		kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (!heard)
		return err_set(err, FAULT_REFUSED, "broken off: no file was written");
	if (!WIFEXITED(status) || WEXITSTATUS(status) == 127 || (WEXITSTATUS(status) && *said))
		return err_set(err, FAULT_REFUSED, "%s", *said ? said : "the command that writes it did not run");
	return OK;
}

static enum fault run(struct console *c, const char *argv[], int out, struct err *err)
{
	enum fault bad;
	int ends[2];
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC))
		return err_set(err, FAULT_STORE, "no pipe: %s", strerror(errno));
	pid = fork();
	if (pid == 0)
		become(argv, out, ends[1]);
	close(ends[1]);
	bad = pid < 0 ? err_set(err, FAULT_STORE, "no process: %s", strerror(errno)) : verdict(c, pid, ends[0], err);
	close(ends[0]);
	return bad;
}

/* Where it lies, as a person finds it. */
static void whole_path(const char *own, char *path, size_t cap)
{
	char folder[200];

	if (*own != '/' && getcwd(folder, sizeof folder))
		snprintf(path, cap, "%s/%s", folder, own);
	else
		snprintf(path, cap, "%s", own);
}

static int open_new(const char *name, char own[200], struct err *err)
{
	int out = -1;

	if (strlen(name) > 200 - 8) {
		err_set(err, FAULT_REFUSED, "too long a name for a file");
		return -1;
	}
	out = new_file(name, own, 200);
	if (out < 0)
		err_set(err, FAULT_STORE, "%.120s: %s", own, strerror(errno));
	return out;
}

enum fault console_print(void *console, const struct printing *what, const char *shape, const char *name, char *path, size_t cap, struct err *err)
{
	const char *argv[WORDS_MAX];
	struct console *c = console;
	char own[200];
	enum fault bad;
	int out = open_new(name, own, err);

	if (out < 0)
		return err->fault;
	words_of(c, what, shape, argv);
	bad = run(c, argv, out, err);
	if (close(out) && !bad)
		bad = err_set(err, FAULT_STORE, "%.120s: %s", own, strerror(errno));
	if (bad)
		unlink(own);
	else
		whole_path(own, path, cap);
	return bad;
}

/* What a preview shows is in no store yet, and a command would plan it once more. */
enum fault console_write(void *console, const struct plan *plan, const char *shape, const char *name, char *path, size_t cap, struct err *err)
{
	struct console *c = console;
	char own[200];
	bool good;
	FILE *f;
	int out;

	if (!c->o->plan_print)
		return err_set(err, FAULT_REFUSED, "no plan is written to a file here");
	out = open_new(name, own, err);
	if (out < 0)
		return err->fault;
	f = fdopen(out, "w");
	good = f && c->o->plan_print(plan, shape, f);
	good = (f ? fclose(f) : close(out)) == 0 && good;
	if (!good) {
		unlink(own);
		return err_set(err, FAULT_STORE, "%.120s: not all of it could be written", own);
	}
	whole_path(own, path, cap);
	return OK;
}
