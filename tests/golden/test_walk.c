/*
 * The program itself, walked through key by key at every size, in colour and without: a pane costs a row.
 *
 * It is started once for each size and theme. tests/golden/walk-PANE.screen holds one pane at all sizes: its text, which both themes
 * must share, then its looks in colour and without. The first row is left out: it names who sits here and on which
 * machine; console-*.screen hold it.
 */
#include "golden/fixture.h"
#include "golden/golden.h"
#include "golden/harness.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <cmocka.h>

enum { SEEN_MAX = 256 * 1024, ALIKE_TRIES = 60 };

struct stop {
	const char *name, *keys; /* from where the stop before it has ended */
};

static const struct stop stops[] = {
	{ "overview", "1" },
	{ "orders", "2 j j" },
	{ "orders-marked-filtered", "Space / \"channel:amazon-eu\" Enter" },
	{ "order", "Esc U g j Enter" },
	{ "order-explained", "x" },
	{ "order-timeline", "- t" },
	{ "order-sheet", "- - a" },
	{ "drift", "Esc 3 j" },
	{ "sku-timeline", "t" },
	{ "offer", "- Enter" },
	{ "item-explained", "- x" },
	{ "sku-explained", "' \"SKU-0038\" Enter" },
	{ "failed", "5" },
	{ "failure", "j Enter" },
	{ "zeros", "6" },
	{ "zeros-all", "o a" },
	{ "zero", "G Enter" },
	{ "zero-by-hand", "- g Enter" },
	{ "zero-sheet", "a" },
	{ "zero-scope", "Esc 6 a z" },
	{ "zero-preview", "l \"SKU-0017 SKU-0075\" Enter \"recall of one batch\" Enter 8" },
	{ "zero-preview-rest", "} }" },
	{ "zero-preview-why", "x" },
	{ "alerts", "Esc 7" },
	{ "alerts-sheet", "a" },
	{ "alerts-all", "Esc o a j" },
	{ "incident", "g Enter" },
	{ "engine", "8" },
	{ "channel", "Enter" },
	{ "quiet", ": \"quiet\" Enter" },
	{ "conflicts", "3 Tab j" },
	{ "conflict", "Enter" },
	{ "reconcile", ": \"reconcile\" Enter" },
	{ "run", "Tab Tab j j j Enter" },
	{ "session", "- g Enter" },
	{ "session-sheet", "a" },
	{ "tasks", "Esc : \"tasks\" Enter" },
	{ "handover", "Esc 9" },
	{ "handover-sheet", "a" },
	{ "health", "Esc 4" },
	{ "rehearse", ": \"rehearse account:1\" Enter j j" },
	{ "audit", "0 j" },
	{ "audit-row", "Enter" },
	{ "map", "Esc : \"map\" Enter j j" },
	{ "map-sheet", "a" },
	{ "quota", "Esc : \"quota\" Enter" },
	{ "quota-limit", "j Enter" },
	{ "suppressed", ": \"suppressed\" Enter" },
	{ "drift-limits", "3 =" },
	{ "settings", "," },
	{ "palette", "2 j ^P" },
	{ "help", "Esc Esc 2 ?" },
	{ "messages", "Esc M" },
};

enum { STOPS = sizeof stops / sizeof *stops };

static const struct { const char *name; int w, h; } sizes[] = { { "120x40", 120, 40 }, { "80x24", 80, 24 }, { "60x15", 60, 15 }, { "40x10", 40, 10 } };

static char folder[64], store[96], ini[96];

static struct screen *start(int w, int h, const char *colour, int walk)
{
	const char *program = getenv("TALLYMAN");
	const char *const argv[] = { program ? program : "build/tallyman", "--store", store, "--config", ini, "--no-engine", NULL };
	char state[120], config[120];
	const char *const env[] = { state, config, colour, "SSH_CONNECTION", NULL };

	snprintf(state, sizeof state, "XDG_STATE_HOME=%s/state%d", folder, walk); /* nobody was ever here */
	snprintf(config, sizeof config, "XDG_CONFIG_HOME=%s/config", folder);
	return screen_start(&(struct screen_setup){ argv, NULL, env, w, h, NULL });
}

static const char *line_of(const char *text, int n)
{
	while (n-- > 0 && *text)
		text += strcspn(text, "\n") + 1;
	return text;
}

/* Both from the second row on, alike: where a machine is busy one of them may still be at it. */
static const char *alike(struct screen *colour, struct screen *mono, int rows, char **text)
{
	const char *other;

	for (int i = 0; i < ALIKE_TRIES; i++) {
		if (i)
			free(*text);
		screen_settle(colour);
		screen_settle(mono);
		*text = strdup(screen_dump_below(colour, 1));
		other = screen_dump_below(mono, 1);
		if (!strncmp(*text, other, (size_t)(line_of(*text, rows) - *text)))
			return other;
	}
	return NULL;
}

/* One pane as both show it; colour says nothing that a word does not. */
static size_t see(const struct stop *stop, int size, struct screen *colour, struct screen *mono, char *seen, size_t room)
{
	int rows = sizes[size].h - 1;
	char *text;
	const char *other = alike(colour, mono, rows, &text);
	size_t n;

	if (!other)
		fail_msg("%s at %s is another text without colour:\n%s\nand with it:\n%s", stop->name, sizes[size].name, screen_dump_below(mono, 1), text);
	n = (size_t)snprintf(seen, room, "======== %s\n%s-------- without colour\n%s", sizes[size].name, text, line_of(other, rows));
	free(text);
	return n;
}

static void walk(int size, char *seen[STOPS], size_t *n)
{
	struct screen *colour = start(sizes[size].w, sizes[size].h, "NO_COLOR", 2 * size);
	struct screen *mono = start(sizes[size].w, sizes[size].h, "NO_COLOR=1", 2 * size + 1);

	screen_wait(colour, "CRIT");
	screen_wait(mono, "CRIT");
	for (size_t i = 0; i < STOPS; i++) {
		screen_keys(colour, stops[i].keys);
		screen_keys(mono, stops[i].keys);
		n[i] += see(&stops[i], size, colour, mono, seen[i] + n[i], SEEN_MAX - n[i]);
	}
	assert_int_equal(screen_questions(colour) + screen_questions(mono), 0);
	assert_string_equal(screen_stray(colour), "");
	assert_string_equal(screen_stray(mono), "");
	screen_end(colour);
	screen_end(mono);
}

static void every_pane_looks_as_it_should(void **unused)
{
	char *seen[STOPS], name[64];
	size_t n[STOPS] = { 0 };

	(void)unused;
	for (size_t i = 0; i < STOPS; i++)
		seen[i] = calloc(1, SEEN_MAX);
	for (int size = 0; size < 4; size++)
		walk(size, seen, n);
	for (size_t i = 0; i < STOPS; i++) {
		snprintf(name, sizeof name, "walk-%s", stops[i].name);
		golden_check(name, seen[i]);
		free(seen[i]);
	}
}

static void write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	if (!f || fputs(text, f) == EOF || fclose(f))
		fail_msg("%s cannot be written", path);
}

/* A store where it is always Friday, 07:58. */
static int make_world(void **unused)
{
	char clock[96], text[300];

	(void)unused;
	strcpy(folder, "/tmp/tallyman-walk-XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	snprintf(store, sizeof store, "%s/prod-eu", folder);
	snprintf(clock, sizeof clock, "%s/clock", folder);
	snprintf(ini, sizeof ini, "%s/tallyman.ini", folder);
	fixture_make(store);
	snprintf(text, sizeof text, "0 %lld 0\n", (long long)FIXTURE_NOW);
	write_file(clock, text);
	snprintf(text, sizeof text, "[store]\nprofile = demo\nclock = %s\n", clock);
	write_file(ini, text);
	return chmod(ini, 0600);
}

static int end_world(void **unused)
{
	char command[100];

	(void)unused;
	snprintf(command, sizeof command, "rm -rf %s", folder);
	return system(command);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_pane_looks_as_it_should),
	};

	return cmocka_run_group_tests(tests, make_world, end_world);
}
