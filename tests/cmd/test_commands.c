/*
 * Commands as a script sees them. A case file, tests/cmd/NAME.case, is a session at a shell:
 *
 *	;; why
 *	$ tallyman orders late --json
 *	what it prints, stderr as well
 *	? 2                        its exit status, left out when it is 0
 *
 * The store is a fresh one with tests/cmd/world.sql in it, the time stands still at 2026-10-26T07:33:20Z; the store's folder is written
 * as STORE. TALLYMAN_ACCEPT=1 writes what happened back into the files.
 */
#include "base/arena.h"
#include "base/err.h"
#include "store/store.h"

#include <dirent.h>
#include <errno.h>
#include <locale.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

static char home[64], dir[96], path[4096];

/* ---- small help ---- */

static char *read_file(struct arena *a, const char *name)
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

static int make_store(void **state)
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
	    store_exec(s, &err, "BEGIN") || store_exec(s, &err, read_file(a, "tests/cmd/world.sql")) || store_exec(s, &err, "COMMIT")) {
		printf("world.sql: %s\n", err.text);
		return -1;
	}
	store_close(s);
	write_file(arena_printf(a, "%s/clock", dir), "0 1793000000000 0\n", 0600);
	write_file(arena_printf(a, "%s/tallyman.ini", dir),
	           arena_printf(a, "[store]\nprofile = demo\nclock = %s/clock\n[truth]\ncatalog = x\nstock = x\npricing = x\n", dir), 0600);
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

static int drop_store(void **state)
{
	char command[160];

	(void)state;
	snprintf(command, sizeof command, "rm -rf '%s'", home);
	return system(command);
}

/* What a line at the shell prints, and how it ends. */
static char *run(struct arena *a, const char *line, int *status)
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
		buf_puts(&b, settled(a, run(a, arena_strndup(a, p + 2, n - 2), &status)));
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

static void check_file(const char *name)
{
	struct arena *a = arena_new();
	const char *file = arena_printf(a, "tests/cmd/%s", name), *want = read_file(a, file), *got = play(a, want);

	if (getenv("TALLYMAN_ACCEPT"))
		write_file(file, got, 0644);
	else if (strcmp(want, got))
		say_where(file, want, got);
	arena_free(a);
}

static void lists(void **state)
{
	(void)state;
	check_file("lists.case");
}

static void details(void **state)
{
	(void)state;
	check_file("details.case");
}

static void wrong_words(void **state)
{
	(void)state;
	check_file("words.case");
}

static void decisions(void **state)
{
	(void)state;
	check_file("decisions.case");
}

static void set_up(void **state)
{
	(void)state;
	check_file("setup.case");
}

/* T13: an argument misspelt must not be an argument ignored. Each command is given one, and a look at the store says that nothing happened. */
static void t13_no_command_ignores_a_word_it_does_not_know(void **state)
{
	struct arena *a = arena_new();
	char *list = run(a, "tallyman help | sed -n 's/^  \\([a-z]*\\) .*/\\1/p'", &(int){ 0 });
	int n = 0;

	(void)state;
	for (char *name = strtok(list, "\n"); name; name = strtok(NULL, "\n"), n++) {
		int status;
		const char *said;

		if (!strcmp(name, "help"))
			continue;
		said = run(a, arena_printf(a, "tallyman %s --chanel walmart-us", name), &status);
		if (status != 2 || !*said)
			fail_msg("tallyman %s --chanel ended with %d: %s", name, status, said);
	}
	assert_true(n > 30);
	arena_free(a);
}

/* No command prints a byte that a terminal acts on, whatever the store holds and in whatever shape. */
static void nothing_printed_moves_a_terminal(void **state)
{
	static const char *const commands[] = { "orders --all", "order 305-441", "order '=HYPERLINK(\"http://x\")'", "stock", "drift", "failures", "jobs --all", "alerts",
		                                "messages", "channels", "attempts", "explain SKU-0042", "timeline SKU-0042", "find trace-ship", "health" };
	static const char *const shapes[] = { "", "--json", "--csv", "--plain" };
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		for (size_t k = 0; k < (strcmp(commands[i], "health") ? 4 : 1); k++) {
			int status;
			const char *said = run(a, arena_printf(a, "tallyman %s %s", commands[i], shapes[k]), &status);

			if (strcmp(commands[i], "health") && status)
				fail_msg("%s %s: %d: %s", commands[i], shapes[k], status, said);
			for (const unsigned char *p = (const unsigned char *)said; *p; p++)
				if (*p < 0x20 ? *p != '\n' : *p == 0x7f || (*p == 0xc2 && p[1] >= 0x80 && p[1] < 0xa0))
					fail_msg("%s %s prints byte %02x", commands[i], shapes[k], *p);
		}
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists),
		cmocka_unit_test(details),
		cmocka_unit_test(wrong_words),
		cmocka_unit_test(decisions),
		cmocka_unit_test(set_up),
		cmocka_unit_test(t13_no_command_ignores_a_word_it_does_not_know),
		cmocka_unit_test(nothing_printed_moves_a_terminal),
	};

	return cmocka_run_group_tests(tests, make_store, drop_store);
}
