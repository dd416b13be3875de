#ifndef TALLYMAN_SANDBOX_SANDBOX_H
#define TALLYMAN_SANDBOX_SANDBOX_H
/*
 * sandbox.h: simulated marketplaces, over HTTP or in this process.
 *
 * An independent witness: written from the platforms' contracts, sharing no code with the
 * adapters that speak to it. It keeps its own ledger of what really happened (world.h).
 */
#include "net/listen.h"
#include "sandbox/service.h"

struct sandbox_options {
	struct world_options world;
	const struct clock *clock; /* asked at each request; NULL: only sandbox_advance moves the time */
	bool delays;               /* answers take as long as the platforms' do */
};

struct sandbox {
	struct world *world;
	const struct clock *clock;
	bool delays;
	struct service service[PLATFORMS];
};

/* What most tests want: 40 products, no past, buyers at 200 a day, latencies as published. */
struct sandbox_options sandbox_defaults(uint64_t seed, int64_t epoch_ms);

/* The demo: a few hundred products, three days of past orders, an order or two a minute, one failed feed. */
struct sandbox_options sandbox_demo(uint64_t seed, int64_t epoch_ms);

struct sandbox *sandbox_open(const struct sandbox_options *opt);
void sandbox_close(struct sandbox *s); /* NULL is harmless */

/* The platform's front door. Requests under /sandbox/ reach the control surface (control.h) through any of them. */
struct handler sandbox_handler(struct sandbox *s, enum platform platform);

/* Let the simulated time pass. */
void sandbox_advance(struct sandbox *s, int64_t now_ms);

#endif
