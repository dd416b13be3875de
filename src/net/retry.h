#ifndef TALLYMAN_RETRY_H
#define TALLYMAN_RETRY_H
/*
 * retry.h: what to do after a failure, and when.
 *
 * A pure function of the fault, how often in a row, the time, their hint and a random source. Whoever asks keeps
 * the count, one for each job: calls that run side by side never share it.
 */
#include "base/clock.h"
#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

enum retry_move {
	RETRY_AGAIN,  /* the same once more, at due_ms */
	RETRY_TOKEN,  /* a new token now, then the same once more, at once */
	RETRY_ASK,    /* read what became of it, at due_ms; only then is it said again or closed */
	RETRY_PERSON, /* never by itself: somebody must mend something first */
};

struct retry {
	enum retry_move move;
	int64_t due_ms;
	bool counts; /* it was an attempt: add one to failures. A throttle is none. */
	bool alert;  /* tell somebody now; true once in a row of failures */
};

/* Milliseconds; the defaults are retry_rules. */
struct retry_rules {
	int64_t ladder_ms[3], slow_ms; /* after the first failures, then for ever */
	int64_t min_gap_ms;            /* between two attempts, whatever else is said */
	int64_t busy_ms;               /* a throttle without a hint */
	int64_t jitter_pct;            /* 0..n % later, never earlier */
	int alert_after;               /* failures in a row */
};

extern const struct retry_rules retry_rules;

/*
 * failures  attempts that failed in a row, this one included if it counts
 * hint_ms   not before (when_hint); 0: they said nothing
 * rng       NULL: no jitter
 */
struct retry retry_next(const struct retry_rules *rules, enum fault fault, int failures, int64_t now_ms, int64_t hint_ms,
                        struct rng *rng);

#endif
