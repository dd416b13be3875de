/*
 * tallyman engine: the sync engine in the foreground, as systemd and the demo run it.
 */
#include "engine/run.h"

#include "engine/hook.h"
#include "base/text.h"
#include "cmd/cmd.h"
#include "cmd/notice.h"
#include "cmd/options.h"
#include "cmd/settings.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { READY_FD = 3 };

/* "90s" "15m" "2h", or seconds. */
static bool read_span(const char *s, int64_t *ms)
{
	static const struct {
		char unit;
		int64_t ms;
	} units[] = { { 's', 1000 }, { 'm', 60000 }, { 'h', 3600000 }, { 'd', 86400000 } };
	char digits[16];
	size_t n = strspn(s, "0123456789");
	int64_t v, unit = s[n] ? 0 : 1000;

	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (s[n] == units[i].unit && !s[n + 1])
			unit = units[i].ms;
	if (!n || n >= sizeof digits || !unit)
		return false;
	memcpy(digits, s, n);
	digits[n] = '\0';
	if (!text_int(digits, 1, 31536000, &v))
		return false;
	*ms = v * unit;
	return true;
}

/* -1: go on; else how the command ends. */
static int read_words(int argc, char **argv, struct options *words, struct run_options *o)
{
	static const struct option longs[] = { { "store", 1, NULL, 's' },      { "config", 1, NULL, 'c' }, { "for", 1, NULL, 'f' },
		                               { "until-idle", 0, NULL, 'i' }, { "ready", 0, NULL, 'r' },  { NULL, 0, NULL, 0 } };
	int c, bad = options_whole("engine", argc, argv, longs);

	if (bad >= 0)
		return bad;
	while ((c = getopt_long(argc, argv, "+", longs, NULL)) != -1) {
		if (c == 's')
			words->store = optarg;
		else if (c == 'c')
			words->config = optarg;
		else if (c == 'f' && read_span(optarg, &o->for_ms))
			continue;
		else if (c == 'i')
			o->until_idle = true;
		else if (c == 'r')
			o->ready_fd = READY_FD;
		else
			return command_misused("engine", "an option without its value, a short one, or a time that is none (90s, 15m)");
	}
	return optind < argc ? command_misused("engine", "a word too many") : -1;
}

static enum fault run(const struct settings *s, struct run_options *o, struct err *err)
{
	struct engine_options *e = &o->engine;

	if (hook_start(s->config, s->loopback_http, &e->hook_fd, &e->spare_fd, err)) /* before any key: it starts programs, the engine does not */
		return err->fault;
	e->dir = s->store;
	e->config = s->config;
	e->clock = s->clock;
	e->rng = rng_real();
	e->anchor = anchor_path(s->arena, s->config, s->profile, s->store);
	e->notice = notice_line;
	e->net = http_open(&e->clock, s->loopback_http);
	return engine_run(o, err);
}

int cmd_engine(int argc, char **argv)
{
	struct run_options o = { .ready_fd = -1, .engine = { .listen = true, .jitter = true } };
	struct options words = { .command = "engine" };
	struct settings settings;
	struct err err = { 0 };
	int misused = read_words(argc, argv, &words, &o);
	enum fault f;

	if (misused >= 0)
		return misused;
	engine_fence();
	notice_open();
	f = settings_open(&words, &settings, &err);
	if (!f) {
		f = settings_guarded(&settings, &err);
		if (!f)
			f = run(&settings, &o, &err);
		settings_close(&settings);
	}
	if (f)
		fprintf(stderr, "tallyman engine: %s\n", err.text);
	return f ? STATUS_FAILED : STATUS_DONE;
}
