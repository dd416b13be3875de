#ifndef TALLYMAN_CLOCK_H
#define TALLYMAN_CLOCK_H
/*
 * clock.h: the only place that reads the time or draws a random number.
 *
 * Both are passed in, so a test lives through a month in a second, the same way
 * each time. All times in the program are epoch milliseconds UTC.
 */
#include <stddef.h>
#include <stdint.h>

struct clock {
	int64_t (*now)(void *ctx);    /* epoch milliseconds UTC */
	int64_t (*steady)(void *ctx); /* of the clock that nobody sets; NULL: now is such a one */
	void *ctx;
};

/* Epoch milliseconds UTC. */
int64_t clock_now(const struct clock *c);

/*
 * Milliseconds of a clock that nobody sets and that goes on while the machine sleeps; it begins anew when the machine does. A simulated time is its own.
 */
int64_t clock_steady(const struct clock *c);

/* The machine's clock, which somebody may set. */
struct clock clock_real(void);

/* A clock that stands at *at_ms until somebody moves it. */
struct clock clock_manual(int64_t *at_ms);

/* A machine's clock that somebody has set: it shows at_ms + set_ms, and at_ms is what really passes. */
struct set_clock {
	int64_t at_ms, set_ms;
};
struct clock clock_set(struct set_clock *c);

/*
 * The simulated world's clock: one small file holds "EPOCH_REAL_MS EPOCH_SIM_MS SPEED", read by
 * every process of a demo, so that all agree. Returns the real clock when path is NULL or unreadable.
 */
struct clock clock_demo(const char *path);
void clock_close(struct clock *c); /* gives back what a demo clock took; harmless on the others */

/* How many real milliseconds span_ms of this clock take, rounded up: what poll() is told. Only a demo clock's differ. */
int64_t clock_real_span(const struct clock *c, int64_t span_ms);

struct rng {
	uint64_t s[2];
	int real; /* draw from the kernel instead of the seed */
};

/* The kernel's randomness; one that gives the same numbers for the same seed; 64 random bits, a number below n, n random bytes. */
struct rng rng_real(void);
struct rng rng_seeded(uint64_t seed);
uint64_t rng_next(struct rng *r);
int64_t rng_below(struct rng *r, int64_t n); /* 0 <= result < n, n >= 1 */
void rng_bytes(struct rng *r, void *out, size_t n);

/* A random (version 4) UUID in lower case; out holds at least 37 bytes. */
void rng_uuid(struct rng *r, char *out);

/*
 * "2026-11-20T07:58:00.000Z" and what the platforms send: ISO 8601 with Z or an offset, fraction or
 * none, a date alone. Returns 0 and fills *ms, or -1 when it is no time. A time without a zone is refused
 * (a local time taken for UTC shifts every deadline).
 */
int time_parse(const char *s, int64_t *ms);

/* ISO 8601 UTC with milliseconds; out holds at least 25 bytes. */
void time_iso(int64_t ms, char *out);

/* Seconds only, as the platforms' query parameters like it: "2026-11-20T07:58:00Z". */
void time_iso_s(int64_t ms, char *out);

/* "07:58Z", "-26h03m", "14s", "6m12s", "3d04h": short forms for a screen; out holds at least 16 bytes. */
void time_hm(int64_t ms, char *out);
void time_age(int64_t ms, char *out);

#endif
