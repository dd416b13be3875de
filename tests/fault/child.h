#ifndef TALLYMAN_TESTS_CHILD_H
#define TALLYMAN_TESTS_CHILD_H
/*
 * child.h: the engine in a process of its own, so that it can be killed like one.
 *
 * SIGKILL at any instruction looks from outside as if it had come just before the next thing that can be seen from
 * outside: a byte sent, a byte or a sync of a file, a step of a statement (which may write to the shared index of the
 * write-ahead log). So the engine is killed before the nth of those, or in the middle of a write, and every run can
 * be had again by its seed.
 */
#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

/* Where the marketplaces are said to be; nobody listens there. */
#define DAY_WALMART "http://127.0.0.1:9102"
#define DAY_AMAZON "http://127.0.0.1:9101"
#define DAY_EBAY "http://127.0.0.1:9103"
#define DAY_SHOPIFY "http://127.0.0.1:9104"
#define DAY_CARTONCLOUD "http://127.0.0.1:9105"
#define DAY_NETSUITE "http://127.0.0.1:9106"

enum doom_kind {
	DOOM_NONE,
	DOOM_TURN,  /* between two turns */
	DOOM_SAY,   /* before a request leaves: its attempt is committed */
	DOOM_HEARD, /* the marketplace has done it, nobody wrote the answer down */
	DOOM_STEP,  /* before a step of a statement */
	DOOM_WRITE, /* before a file is written, synced, cut or removed */
	DOOM_TORN,  /* half of a write is on the disk */
	DOOM_POWER, /* before a file is written or synced; and what was not synced by then may be gone (power.h) */
	DOOM_FULL,   /* not killed: from then on the disk is full for a quarter of an hour */
	DOOM_SYNC,   /* not killed: one sync fails */
	DOOM_MEMORY, /* not killed: there is no memory this once, and it sees to that itself */
	DOOM_KINDS,
};

struct doom {
	enum doom_kind kind;
	int64_t after; /* the nth of its kind, from 1 */
};

/*
 * Places where it may be killed, instead of one doom: at each nth of a kind it holds its breath, and whoever made it looks at what a kill would
 * leave. Of those that are no death (from DOOM_FULL on) there are none.
 */
struct places {
	/*
	 * elsewhere: moves with each write that is not to the write-ahead log.
	 * true: in this world, a fork of the one it lives in, it was killed there.
	 */
	bool (*at)(void *ctx, enum doom_kind kind, int64_t elsewhere);
	void *ctx;
	int64_t every[DOOM_KINDS]; /* 0: not asked */
};

struct sandbox;

struct child_options {
	const char *dir;
	uint64_t seed;
	int64_t now_ms;
	bool jitter;
	struct doom doom;
	const struct places *places; /* NULL: none */
};

struct child;

/*
 * Start it. FAULT_UNSURE: killed as it was doomed to, or at a place, while it opened; the same from a turn. FAULT_ENDPOINT: what
 * no doom excuses: a signal that nobody raised, a secret said where it must not be. Another fault: it would not open, or ended by itself; err has the end of
 * its log. But for a secret that was said the child is gone.
 */
enum fault child_start(struct sandbox *s, const struct child_options *o, struct child **out, struct err *err);
/* From now on its nth allocation fails; of what it was doomed by before nothing is counted any more. */
void child_starve(struct child *c, int64_t nth);
enum fault child_turn(struct child *c, int64_t now_ms, int64_t *due_ms, struct err *err);
int child_pid(const struct child *c);

/* Asks it to end cleanly, and returns how often what it was doomed by has happened; -1: there was none to ask. NULL is harmless. */
int64_t child_end(struct child *c);

/* false: this build's allocator is its own, and never without memory (DOOM_MEMORY). */
bool child_can_starve(void);

/* The first line of every main here: a process that was started as an engine is one, and never returns. */
void child_main(int argc, char **argv);

#endif
