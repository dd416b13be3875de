#ifndef TALLYMAN_ENGINE_H
#define TALLYMAN_ENGINE_H
/*
 * engine.h: the only place where the parts meet.
 *
 *	for (;;) {
 *		now = clock_now(clock);
 *		engine_turn(e, now);                  hear the socket, settle, plan, dispatch
 *		transport_wait(net, engine_next_due(e, now));
 *	}
 *
 * Single-threaded; the only connection that writes; the only holder of secrets. Clock, random source and
 * transport are passed in, so that the same engine lives through a simulated month.
 */
#include "base/clock.h"
#include "base/config.h"
#include "base/err.h"
#include "net/http.h"

#include <stdbool.h>
#include <stdint.h>

struct disk;
struct engine;

struct engine_options {
	const char *dir;         /* the store */
	struct config *config;
	struct clock clock;
	struct rng rng;
	struct transport *net;   /* the engine's from here on */
	const char *anchor;      /* the file outside the store that knows how far its audit had come; NULL: none is kept */
	void (*notice)(const char *line); /* the audit's head goes there hourly, to the system's log; NULL: nowhere */
	bool (*look_at_disk)(const char *dir, struct disk *out); /* NULL: as the system tells it, and not in a demo */
	int hook_fd, spare_fd;   /* the runner's socket and the spare one's (hook.h); 0, -1: no hooks, or no spare */
	bool listen;             /* serve engine.sock */
	bool jitter;             /* off: the retry ladder to the millisecond, for tests */
};

/*
 * Take the lease, open store and secrets, pick up what a crash left. FAULT_REFUSED: another engine runs (err names it), or the
 * configuration is not one to start with.
 */
enum fault engine_open(const struct engine_options *o, struct engine **out, struct err *err);
void engine_turn(struct engine *e, int64_t now_ms);

/* When the next turn has something to do, if nobody wakes it: now when this one left something over. */
int64_t engine_next_due(struct engine *e, int64_t now_ms);

/* Descriptors to wake up for: the socket and its clients. */
int engine_fds(const struct engine *e, int *fds, int n);

/* Nothing under way, nothing due before until_ms. */
bool engine_idle(struct engine *e, int64_t now_ms, int64_t until_ms);
bool engine_stopping(const struct engine *e);
enum fault engine_end(const struct engine *e, struct err *err); /* why it stopped by itself; OK: it was told to, or did not */

/* Has it taken up its work? false: its vault is locked, and it waits at the socket for somebody who unlocks it. */
bool engine_standing(const struct engine *e);

/* The TCP ports that its accounts are reached at, 443 first, each once; at most n. Returns how many. */
int engine_ports(const struct engine *e, int *port, int n);
void engine_close(struct engine *e);

struct store *engine_store(struct engine *e); /* for tests, and for a command that is its own engine */

#endif
