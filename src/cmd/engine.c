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

int cmd_engine(int argc, char **argv)
{
	static const struct option longs[] = { { "store", 1, NULL, 's' },      { "config", 1, NULL, 'c' }, { "for", 1, NULL, 'f' },
		                               { "until-idle", 0, NULL, 'i' }, { "ready", 0, NULL, 'r' },  { NULL, 0, NULL, 0 } };
	struct run_options o = { .ready_fd = -1, .engine = { .listen = true, .jitter = true } };
	struct options words = { .command = "engine" };
	struct settings settings;
	struct err err = { 0 };
	int c;

	while ((c = getopt_long(argc, argv, "+", longs, NULL)) != -1) {
		if (c == 's')
			words.store = optarg;
		else if (c == 'c')
			words.config = optarg;
		else if (c == 'f' && read_span(optarg, &o.for_ms))
			continue;
		else if (c == 'i')
			o.until_idle = true;
		else if (c == 'r')
			o.ready_fd = READY_FD;
		else
			return command_misused("engine", "an option it does not take, or a time that is none (90s, 15m)");
	}
	if (optind < argc)
		return command_misused("engine", "a word too many");
	engine_fence();
	notice_open();
	if (settings_open(&words, &settings, &err)) {
		fprintf(stderr, "tallyman engine: %s\n", err.text);
		return STATUS_FAILED;
	}
	if (hook_start(settings.config, settings.loopback_http, &o.engine.hook_fd, &o.engine.spare_fd, &err)) { /* before any key: it starts programs, the engine does not */
		fprintf(stderr, "tallyman engine: %s\n", err.text);
		settings_close(&settings);
		return STATUS_FAILED;
	}
	o.engine.dir = settings.store;
	o.engine.config = settings.config;
	o.engine.clock = settings.clock;
	o.engine.rng = rng_real();
	o.engine.anchor = anchor_path(settings.arena, settings.config, settings.profile, settings.store);
	o.engine.notice = notice_line;
	o.engine.net = http_open(&o.engine.clock, settings.loopback_http);
	if (engine_run(&o, &err)) {
		fprintf(stderr, "tallyman engine: %s\n", err.text);
		settings_close(&settings);
		return STATUS_FAILED;
	}
	settings_close(&settings);
	return STATUS_DONE;
}
