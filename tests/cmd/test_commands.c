/*
 * Commands as a script sees them, on a store where the time stands still.
 */
#include "shell.h"

#include <pty.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <utmp.h>
#include <cmocka.h>

static void lists(void **state)
{
	(void)state;
	shell_case("lists.case");
}

static void details(void **state)
{
	(void)state;
	shell_case("details.case");
}

static void wrong_words(void **state)
{
	(void)state;
	shell_case("words.case");
}

static void decisions(void **state)
{
	(void)state;
	shell_case("decisions.case");
}

static void out_of_step(void **state)
{
	(void)state;
	shell_case("lapse.case");
}

static void zeroing(void **state)
{
	(void)state;
	shell_case("zero.case");
}

static void incidents(void **state)
{
	(void)state;
	shell_case("incident.case");
}

static void mapping(void **state)
{
	(void)state;
	shell_case("map.case");
}

static void reconciling(void **state)
{
	(void)state;
	shell_more("tests/cmd/reconcile.sql");
	shell_case("reconcile.case");
}

static void what_stands(void **state)
{
	(void)state;
	shell_more("tests/cmd/standing.sql");
	shell_case("standing.case");
}

static void set_up(void **state)
{
	(void)state;
	shell_case("setup.case");
}

static void keeping_secrets(void **state)
{
	(void)state;
	shell_case("vault.case");
	shell_more("tests/cmd/duties.sql");
	shell_case("duties.case");
}

static const int breaks[] = { SIGINT, SIGTERM, SIGHUP };

/* A passphrase is asked for in the dark; who breaks off, by ^C say, has the terminal back as it was. */
static void a_prompt_that_is_broken_off_leaves_the_light_on(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof breaks / sizeof *breaks; i++) {
		char said[400] = "";
		size_t n = 0;
		struct termios t;
		int master, slave, status = 0;
		pid_t pid;

		assert_int_equal(openpty(&master, &slave, NULL, NULL, NULL), 0);
		pid = fork();
		if (pid == 0) {
			login_tty(slave);
			execlp("tallyman", "tallyman", "vault", "init", (char *)NULL);
			_exit(127);
		}
		while (!strstr(said, ": ") && n < sizeof said - 1) {
			ssize_t got = read(master, said + n, sizeof said - 1 - n);

			assert_true(got > 0);
			said[n += (size_t)got] = '\0';
		}
		assert_int_equal(tcgetattr(slave, &t), 0);
		if (t.c_lflag & ECHO)
			fail_msg("%s", said);
		if (breaks[i] == SIGINT)
			assert_int_equal(write(master, "half\x03", 5), 5);
		else
			kill(pid, breaks[i]);
		alarm(60); /* it does not end */
		waitpid(pid, &status, 0);
		alarm(0);
		assert_int_equal(tcgetattr(slave, &t), 0);
		assert_true(t.c_lflag & ECHO);
		assert_true(WIFSIGNALED(status) && WTERMSIG(status) == breaks[i]);
		close(master);
		close(slave);
	}
}

/* T13: an argument misspelt must not be an argument ignored. Each command is given one, and a look at the store says that nothing happened. */
static void t13_no_command_ignores_a_word_it_does_not_know(void **state)
{
	struct arena *a = arena_new();
	char *list = shell_run(a, "tallyman help | sed -n 's/^  \\([a-z]*\\) .*/\\1/p'", &(int){ 0 });
	int n = 0;

	(void)state;
	for (char *name = strtok(list, "\n"); name; name = strtok(NULL, "\n"), n++) {
		int status;
		const char *said;

		if (!strcmp(name, "help"))
			continue;
		said = shell_run(a, arena_printf(a, "tallyman %s --chanel walmart-us", name), &status);
		if (status != 2 || !*said)
			fail_msg("tallyman %s --chanel ended with %d: %s", name, status, said);
	}
	assert_true(n > 30);
	arena_free(a);
}

/* No command prints a byte that a terminal acts on, whatever the store holds and in whatever shape. */
static void nothing_printed_moves_a_terminal(void **state)
{
	static const char *const commands[] = { "orders --all", "order 305-441", "order '=HYPERLINK(\"http://x\")'", "stock", "drift", "failures", "jobs --all", "alerts", "incident", "incident I-8", "quiet", "hooks",
		                                "messages", "channels", "attempts", "explain SKU-0042", "timeline SKU-0042", "find trace-ship", "health", "policy SKU-0042",
		                                "places", "conflicts", "plan alloc.reserve=1", "whatif", "advise --all",
		                                "reconcile list", "reconcile show 11", "reconcile patterns", "session", "session show 5", "tasks", "quota", "feeds", "latency", "tally",
		                                "suppressed", "map", "map faults", "lapse", "zero", "vault list", "rehearse", "since 2020-01-01T00:00:00Z", "replay", "audit verify" };
	static const char *const shapes[] = { "", "--json", "--csv", "--plain" };
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		for (size_t k = 0; k < (strcmp(commands[i], "health") ? 4 : 1); k++) {
			int status;
			const char *said = shell_run(a, arena_printf(a, "tallyman %s %s", commands[i], shapes[k]), &status);

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
		cmocka_unit_test(incidents),
		cmocka_unit_test(mapping),
		cmocka_unit_test(zeroing),
		cmocka_unit_test(out_of_step),
		cmocka_unit_test(set_up),
		cmocka_unit_test(a_prompt_that_is_broken_off_leaves_the_light_on),
		cmocka_unit_test(keeping_secrets),
		cmocka_unit_test(reconciling),
		cmocka_unit_test(what_stands),
		cmocka_unit_test(t13_no_command_ignores_a_word_it_does_not_know),
		cmocka_unit_test(nothing_printed_moves_a_terminal),
	};

	return cmocka_run_group_tests(tests, shell_store, shell_drop);
}
