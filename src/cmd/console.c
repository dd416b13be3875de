/*
 * tallyman: the full-screen console. It starts an engine for this store if none runs, as tmux starts its server; reading needs none.
 */
#include "base/home.h"
#include "base/text.h"
#include "cmd/cmd.h"
#include "cmd/options.h"
#include "cmd/send.h"
#include "cmd/session.h"
#include "cmd/settings.h"
#include "cmd/start.h"
#include "engine/run.h"
#include "store/lease.h"
#include "ui/console.h"

#include <getopt.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct wishes {
	struct options words;
	struct console_options console;
	bool no_engine;
};

/* Only the store's owner starts its engine, and only one that needs nothing from this terminal's environment. */
static const char *why_not_start(const struct settings *s)
{
	struct stat st;

	if (stat(s->store, &st) || st.st_uid != geteuid())
		return "no engine runs; the store's owner starts one: systemctl start tallyman@NAME, or tallyman engine";
	if (!*s->config_file)
		return "no engine runs, and there is no configuration to start one with: tallyman init, then tallyman doctor";
	for (int i = 0; i < s->config->n; i++)
		if (!strncmp(s->config->lines[i].value, "env:", 4))
			return "no engine runs, and its secrets are in the environment (env:): start `tallyman engine` where they are set";
	return NULL;
}

/* A notice for stderr before the screen is taken; the console says as well that no engine runs. */
static void start_engine(const struct settings *s)
{
	const char *argv[] = { "tallyman", "engine", "--store", s->store, "--config", s->config_file, "--ready", NULL };
	const char *why_not;
	char who[160], log[4096];
	pid_t pid;

	if (lease_holder(s->store, who, sizeof who))
		return;
	why_not = why_not_start(s);
	if (why_not) {
		fprintf(stderr, "tallyman: %s\n", why_not);
		return;
	}
	snprintf(log, sizeof log, "%s/engine.log", s->store);
	if (!start_stands(start_detached(argv, log, -1, &pid)))
		fprintf(stderr, "tallyman: the engine did not start; its last words are in %s, and `tallyman doctor` names the remedy\n", log);
}

static int read_words(int argc, char **argv, struct wishes *w)
{
	static const struct option longs[] = {
		{ "store", 1, NULL, 's' },    { "config", 1, NULL, 'c' },    { "theme", 1, NULL, 't' },  { "frame", 1, NULL, 'f' },
		{ "size", 1, NULL, 'z' },     { "roles", 0, NULL, 'r' },     { "ascii", 0, NULL, 'a' },  { "plain", 0, NULL, 'p' },
		{ "readonly", 0, NULL, 'o' }, { "no-engine", 0, NULL, 'n' }, { "keymap", 1, NULL, 'k' }, { "at", 1, NULL, 'A' },
		{ "hindsight", 0, NULL, 'H' }, { NULL, 0, NULL, 0 },
	};
	int c, bad = options_whole("console", argc, argv, longs);

	if (bad >= 0)
		return bad;
	while ((c = getopt_long(argc, argv, "+", longs, NULL)) != -1) {
		switch (c) {
		case 's': w->words.store = optarg; break;
		case 'c': w->words.config = optarg; break;
		case 't': w->console.theme = optarg; break;
		case 'f': w->console.frame = optarg; break;
		case 'z': w->console.size = optarg; break;
		case 'k': w->console.keymap = optarg; break;
		case 'r': w->console.roles = true; break;
		case 'a': w->console.ascii = true; break;
		case 'p': w->console.plain = true; break;
		case 'o': w->console.readonly = true; break;
		case 'n': w->no_engine = true; break;
		case 'A': w->words.at = optarg; break;
		case 'H': w->words.hindsight = true; break;
		default: return command_misused("console", "an option without its value, or a short one");
		}
	}
	return optind < argc ? command_misused("console", "a word too many: %.40s", argv[optind]) : STATUS_DONE;
}

/* A file or folder of the person's own, that need not be there; NULL: he has no place for it. */
static const char *own(const struct settings *s, const char *name)
{
	char dir[2048];

	return home_of(HOME_CONFIG, dir, sizeof dir) ? arena_printf(s->arena, "%s/%s", dir, name) : NULL;
}

/* -1: go on; --at was a time, or not given. */
static int choose_past(struct wishes *w, const struct settings *s)
{
	int64_t then_ms = clock_now(&s->clock);
	int status = past_chosen("console", w->words.at, w->words.hindsight, &then_ms);

	w->console.past_ms = w->words.at && status < 0 ? then_ms : 0;
	w->console.hindsight = w->words.hindsight;
	return status;
}

int cmd_console(int argc, char **argv)
{
	struct wishes w = { .words = { .command = "console" } };
	struct settings s;
	struct err err = { 0 };
	int status = read_words(argc, argv, &w);

	if (status)
		return status;
	setlocale(LC_ALL, "");
	if (settings_open(&w.words, &s, &err)) {
		fprintf(stderr, "tallyman: %s\n", err.text);
		return STATUS_FAILED;
	}
	status = choose_past(&w, &s);
	if (status >= 0) {
		settings_close(&s);
		return status;
	}
	if (!w.no_engine && !w.console.frame && !s.bundle && !w.words.at)
		start_engine(&s);
	looker_fence(); /* behind the engine's start, which it must not fence in */
	w.console.store = s.store;
	w.console.config = *s.config_file ? s.config_file : NULL;
	w.console.profile = s.profile;
	w.console.demo = !strcmp(s.profile, "demo");
	w.console.clock = w.words.at ? clock_manual(&w.console.past_ms) : s.clock;
	w.console.hand = clock_real();
	w.console.plan_print = plan_print;
	w.console.readonly |= s.bundle || w.words.at;
	if (!w.console.keymap)
		w.console.keymap = own(&s, "keymap.ini");
	w.console.themes = own(&s, "themes");
	status = console_run(&w.console);
	settings_close(&s);
	return status;
}
