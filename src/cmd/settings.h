#ifndef TALLYMAN_SETTINGS_H
#define TALLYMAN_SETTINGS_H
/*
 * settings.h: which store, which configuration, and what time it is there.
 *
 * --store and --config win; else TALLYMAN_STORE; else $XDG_DATA_HOME/tallyman and $XDG_CONFIG_HOME/tallyman/tallyman.ini. A store that
 * has a tallyman.ini of its own (a demo) is used with that one.
 */
#include "base/arena.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/err.h"
#include "cmd/options.h"

#include <stdbool.h>

struct settings {
	struct arena *arena;
	const char *store;       /* the folder */
	const char *config_file; /* "" when there is none: the defaults hold */
	struct config *config;
	struct clock clock;      /* the world's: real, but for a demo */
	const char *profile;     /* "production" "sandbox" "demo" */
	bool bundle;             /* the store is a file that is only looked at, at the moment it was made */
	int64_t bundle_ms;
	bool loopback_http;      /* plain http to this machine is allowed: demo and sandbox only */
};

/* FAULT_REFUSED with file:line when the configuration cannot be read. A missing file is none unless --config names it. */
enum fault settings_open(const struct options *o, struct settings *out, struct err *err);
void settings_close(struct settings *s);

/* FAULT_REFUSED: anybody on this machine may change the configuration, and with it where secrets are sent. */
enum fault settings_guarded(const struct settings *s, struct err *err);

/* The configuration that this store is used with when no --config says otherwise; "" when there is none. */
const char *settings_usual(struct settings *s);

#endif
