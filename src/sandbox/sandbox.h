#ifndef TALLYMAN_SANDBOX_SANDBOX_H
#define TALLYMAN_SANDBOX_SANDBOX_H
/*
 * sandbox.h: simulated marketplaces, over HTTP or in this process.
 *
 * An independent witness: written from the platforms' contracts, sharing no code with the
 * adapters that speak to it. It keeps its own ledger of what really happened (world.h).
 */
#include "net/listen.h"
#include "sandbox/faults.h"
#include "sandbox/late.h"
#include "sandbox/service.h"

struct sandbox_options {
	struct world_options world;
	const struct clock *clock; /* asked at each request; NULL: only sandbox_advance moves the time */
	bool delays;               /* answers take as long as the platforms' do */
	bool log;                  /* say on stderr what went wrong on purpose */
	const char *state;         /* a saved world to go on with, when the file is there; NULL: none */
};

/* A way in: which platform is meant. */
struct door {
	struct sandbox *sandbox;
	enum platform platform;
};

struct sandbox {
	struct world *world;
	const struct clock *clock;
	bool delays;
	struct service service[PLATFORMS];
	struct door door[PLATFORMS];
	struct faults faults;
	struct lates late; /* calls that are still under way */
	struct rng line; /* how long answers take */
};

/* What most tests want: 40 products at Walmart and Amazon, no past, buyers at 200 a day, latencies as published. */
struct sandbox_options sandbox_defaults(uint64_t seed, int64_t epoch_ms);

/* The demo: a few hundred products at the same two, three days of past orders, an order or two a minute, one failed feed. */
struct sandbox_options sandbox_demo(uint64_t seed, int64_t epoch_ms);

/* FAULT_FORMAT, FAULT_STORE: the saved world could not be read. Never NULL with OK. */
enum fault sandbox_open(const struct sandbox_options *opt, struct sandbox **out, struct err *err);
void sandbox_close(struct sandbox *s); /* NULL is harmless */

/* The platform's front door. Requests under /sandbox/ reach the control surface (control.h) through either. */
struct handler sandbox_handler(struct sandbox *s, enum platform platform);

/* Let the simulated time pass. */
void sandbox_advance(struct sandbox *s, int64_t now_ms);

/* One line of fault text (faults.h), counted from now. */
enum fault sandbox_fault(struct sandbox *s, const char *text, struct err *err);

#endif
