#ifndef TALLYMAN_RUN_H
#define TALLYMAN_RUN_H
/*
 * run.h: the engine as a process: the loop, its signals, its fences.
 */
#include "engine/engine.h"

struct run_options {
	struct engine_options engine;
	int64_t for_ms;   /* end after this long; 0: never */
	bool until_idle;  /* end when nothing is under way and nothing is due within a minute */
	int ready_fd;     /* told one byte when the engine stands; -1: nobody waits */
};

/* Runs until told to stop (SIGTERM, SIGINT, an intent, or as the options say). err says why it could not start. */
enum fault engine_run(const struct run_options *o, struct err *err);

/*
 * What a process with keys gives up before it talks to anybody: core dumps, being traced, new privileges, group and other bits of
 * what it creates. Called before any secret is opened.
 */
void engine_fence(void);

enum { FENCE_FILES = 1, FENCE_CALLS = 2, FENCE_PORTS = 4 };

/*
 * And when store, secrets and socket are open: no file is written outside dir, no program is started, no other process is looked
 * into, no TCP connection is made to another port than these (and to a resolver's), none is waited for. For good. Which fences the kernel put up: one that has none of them runs an engine as well.
 */
unsigned engine_fence_in(const char *dir, const int *port, int ports);

/*
 * A console, or a command that holds a passphrase, talks to the engine's socket and to nobody else: no network, no core, nobody's memory. For good, for what it
 * starts as well. false: the kernel has no such fence.
 */
bool looker_fence(void);

#endif
