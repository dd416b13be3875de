#include "shell.h"

#include "base/err.h"
#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

static char home[64], dir[96], path[4096];
static pid_t engine;

/* ---- small help ---- */

char *shell_file(struct arena *a, const char *name)
{
	struct buf b = buf_new(a);
	FILE *f = fopen(name, "re");
	char chunk[4096];
	size_t n;

	if (!f)
		fail_msg("%s: %s", name, strerror(errno));
	while ((n = fread(chunk, 1, sizeof chunk, f)) > 0)
		buf_add(&b, chunk, n);
	fclose(f);
	return b.p ? b.p : arena_strdup(a, "");
}

static void write_file(const char *name, const char *text, mode_t mode)
{
	FILE *f = fopen(name, "we");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
	chmod(name, mode);
}

int shell_store(void **state)
{
	struct arena *a = arena_new();
	struct store *s;
	struct err err = { 0 };
	const char *built = getenv("TALLYMAN");

	(void)state;
	strcpy(home, "/tmp/tallyman-cmd-XXXXXX");
	if (!mkdtemp(home))
		return -1;
	snprintf(dir, sizeof dir, "%s/store", home);
	if (store_create(dir, NULL, &err) || store_open(dir, STORE_WRITE, &s, &err) || store_exec(s, &err, "PRAGMA foreign_keys = OFF") ||
	    store_exec(s, &err, "BEGIN") || store_exec(s, &err, shell_file(a, "tests/cmd/world.sql")) || store_exec(s, &err, "COMMIT")) {
		printf("world.sql: %s\n", err.text);
		return -1;
	}
	store_close(s);
	write_file(arena_printf(a, "%s/clock", dir), "0 1793000000000 0\n", 0600);
	write_file(arena_printf(a, "%s/tallyman.ini", dir),
	           arena_printf(a, "[store]\nprofile = demo\nclock = %s/clock\n[truth]\ncatalog = x\nstock = x\npricing = x\n", dir), 0600);
	setenv("ASAN_OPTIONS", "detect_leaks=0", 1); /* of what is started here: a fenced command is looked into by nobody */
	setenv("HOME", home, 1);
	setenv("TALLYMAN_STORE", dir, 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	setenv("TZ", "UTC", 1);
	unsetenv("XDG_CONFIG_HOME");
	unsetenv("XDG_DATA_HOME");
	built = built ? built : "build/tallyman";
	if (!realpath(built, path)) {
		printf("%s is not built\n", built);
		return -1;
	}
	*strrchr(path, '/') = '\0';
	setenv("PATH", arena_printf(a, "%s:%s", path, getenv("PATH")), 1);
	arena_free(a);
	return 0;
}

int shell_drop(void **state)
{
	char command[160];

	(void)state;
	if (engine > 0) {
		kill(engine, SIGTERM);
		waitpid(engine, NULL, 0);
	}
	snprintf(command, sizeof command, "rm -rf '%s'", home);
	return system(command);
}

void shell_more(const char *file)
{
	struct arena *a = arena_new();
	struct store *s;
	struct err err;

	if (store_open(dir, STORE_WRITE, &s, &err) || store_exec(s, &err, "BEGIN") || store_exec(s, &err, shell_file(a, file)) || store_exec(s, &err, "COMMIT"))
		fail_msg("%s: %s", file, err.text);
	store_close(s);
	arena_free(a);
}

void shell_engine(void)
{
	struct arena *a = arena_new();
	struct timespec now;
	int ends[2];
	char byte;

	clock_gettime(CLOCK_REALTIME, &now);
	write_file(arena_printf(a, "%s/clock", dir), arena_printf(a, "%lld 1793000000000 1\n", (long long)now.tv_sec * 1000), 0600);
	assert_int_equal(pipe(ends), 0);
	engine = fork();
	if (engine == 0) {
		int log = open(arena_printf(a, "%s/engine.log", home), O_CREAT | O_WRONLY, 0600);

		dup2(log, STDERR_FILENO);
		dup2(ends[1], 3);
		execlp("tallyman", "tallyman", "engine", "--ready", (char *)NULL);
		_exit(127);
	}
	close(ends[1]);
	if (read(ends[0], &byte, 1) != 1)
		fail_msg("the engine did not start: %s", shell_file(a, arena_printf(a, "%s/engine.log", home)));
	close(ends[0]);
	arena_free(a);
}

/* What a line at the shell prints, and how it ends. */
char *shell_run(struct arena *a, const char *line, int *status)
{
	FILE *p = popen(arena_printf(a, "{ %s ; } 2>&1 </dev/null", line), "r");
	struct buf b = buf_new(a);
	char chunk[4096];
	size_t n;

	assert_non_null(p);
	while ((n = fread(chunk, 1, sizeof chunk, p)) > 0)
		buf_add(&b, chunk, n);
	*status = pclose(p);
	*status = WIFEXITED(*status) ? WEXITSTATUS(*status) : 128 + WTERMSIG(*status);
	return b.p ? b.p : arena_strdup(a, "");
}

/* The store's folder has another name each time. */
static char *settled(struct arena *a, const char *text)
{
	struct buf b = buf_new(a);

	for (const char *at; (at = strstr(text, dir)); text = at + strlen(dir)) {
		buf_add(&b, text, (size_t)(at - text));
		buf_puts(&b, "STORE");
	}
	buf_puts(&b, text);
	return b.p;
}

/* ---- case files ---- */

static const char *end_of_answer(const char *p)
{
	while (*p && strncmp(p, "$ ", 2) && strncmp(p, ";; ", 3))
		p += strcspn(p, "\n"), p += *p == '\n';
	return p;
}

/* Play a file again; what happened, in its own form. */
static char *play(struct arena *a, const char *text)
{
	struct buf b = buf_new(a);

	for (const char *p = text; *p;) {
		size_t n = strcspn(p, "\n");
		int status;

		buf_printf(&b, "%.*s\n", (int)n, p);
		if (strncmp(p, "$ ", 2)) {
			p += n + (p[n] == '\n');
			continue;
		}
		buf_puts(&b, settled(a, shell_run(a, arena_strndup(a, p + 2, n - 2), &status)));
		if (b.len && b.p[b.len - 1] != '\n')
			buf_putc(&b, '\n');
		if (status)
			buf_printf(&b, "? %d\n", status);
		p = end_of_answer(p + n + (p[n] == '\n'));
	}
	return b.p ? b.p : "";
}

static void say_where(const char *name, const char *want, const char *got)
{
	int line = 1;

	while (*want && *want == *got) {
		line += *want == '\n';
		want++;
		got++;
	}
	while (line > 1 && want[-1] != '\n')
		want--, got--;
	fail_msg("%s:%d:\n  wanted: %.*s\n  got:    %.*s", name, line, (int)strcspn(want, "\n"), want, (int)strcspn(got, "\n"), got);
}

void shell_case(const char *name)
{
	struct arena *a = arena_new();
	const char *file = arena_printf(a, "tests/cmd/%s", name), *want = shell_file(a, file), *got = play(a, want);

	if (getenv("TALLYMAN_ACCEPT"))
		write_file(file, got, 0644);
	else if (strcmp(want, got))
		say_where(file, want, got);
	arena_free(a);
}

