/*
 * main.c: which command is it?
 */
#include "base/near.h"
#include "base/text.h"
#include "cmd/cmd.h"

#include <locale.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int command_misused(const char *name, const char *fmt, ...)
{
	const struct command *c = command_find(name);
	va_list ap;

	fprintf(stderr, "tallyman %s: ", name);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fprintf(stderr, "\nusage: tallyman %s %s\nNothing was done.\n", name, c ? c->usage : "");
	return STATUS_WORDS;
}

const struct command *command_find(const char *name)
{
	for (const struct command *c = commands; c->name; c++)
		if (!strcmp(c->name, name))
			return c;
	return NULL;
}

static int help(int argc, char **argv)
{
	if (argc > 1 && command_find(argv[1]))
		return command_find(argv[1])->run(2, (char *[]){ argv[1], (char[]){ "--help" }, NULL });
	puts("tallyman: an operations console for sellers on several marketplaces.\n");
	for (const struct command *c = commands; c->name; c++)
		printf("  %-10s %s\n", c->name, c->what);
	puts("\ntallyman COMMAND --help says what a command takes; tallyman(1) says everything.");
	return STATUS_DONE;
}

static int unknown(const char *word)
{
	struct near near = near_to(word);
	char clean[160];

	for (const struct command *c = commands; c->name; c++)
		near_offer(&near, c->name);
	text_clean(clean, sizeof clean, word);
	fprintf(stderr, "tallyman: there is no command %s", clean);
	if (near.best)
		fprintf(stderr, "; did you mean %s?", near.best);
	fputs("\nNothing was done. `tallyman help` lists the commands.\n", stderr);
	return STATUS_WORDS;
}

const struct command commands[] = {
	{ "demo", "[--store DIR] [--speed N] [--port N] [--headless] [--stop]", "a simulated seller on this machine, with everything running", cmd_demo },
	{ "sandbox", "[--demo] [--port BASE] [--seed N] [--state FILE] [--fault TEXT]...", "simulated marketplaces on loopback", cmd_sandbox },
	{ "engine", "[--store DIR] [--config FILE] [--for 90s] [--until-idle]", "the sync engine in the foreground", cmd_engine },
	{ "help", "[COMMAND]", "this list", help },
	{ 0 },
};

int main(int argc, char **argv)
{
	const struct command *console = command_find("console"), *c;

	setlocale(LC_CTYPE, "");
	if (argc > 1 && !strcmp(argv[1], "--version")) {
		puts("tallyman " TALLYMAN_VERSION);
		return STATUS_DONE;
	}
	if ((argc > 1 && !strcmp(argv[1], "--help")) || (argc < 2 && !console))
		return help(1, argv);
	if (argc < 2 || (argv[1][0] == '-' && console)) { /* no word at all: the console, with its options */
		char name[] = "console";

		argv[0] = name;
		return console->run(argc, argv);
	}
	c = command_find(argv[1]);
	return c ? c->run(argc - 1, argv + 1) : unknown(argv[1]);
}
