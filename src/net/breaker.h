#ifndef TALLYMAN_BREAKER_H
#define TALLYMAN_BREAKER_H
/*
 * breaker.h: whether to talk to a broken group of operations at all.
 *
 * One for each account and operation group, plain data, so that the store keeps it over a restart. A sick
 * channel is asked by one probe each five minutes and costs nobody else anything. How long it has been
 * broken counts from its first failure, and it is well again after three good answers in a row, one at a time:
 * the clock of the thirty-minute rule must not start anew because one request got through.
 */
#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

enum breaker_state {
	BREAKER_CLOSED, /* everything may pass */
	BREAKER_OPEN,   /* nothing but a probe when it is due */
	BREAKER_HALF    /* a probe came back well: one at a time, until enough have */
};

struct breaker {
	int64_t state;
	int64_t fails;    /* in a row */
	int64_t good;     /* in a row, while it is broken */
	int64_t since_ms; /* broken since: the first failure; 0: it is not */
	int64_t ok_ms;    /* the last good answer; 0: none yet */
	int64_t probe_ms; /* not before, unless the one under way is answered */
};

struct breaker_rules {
	int open_after;   /* failures in a row */
	int closed_after; /* good answers in a row */
	int64_t first_ms; /* from opening to the first probe: the ladder's third rung, so that one job alone is tried at 0, 5, 20, 80 s */
	int64_t probe_ms; /* between probes */
};

extern const struct breaker_rules breaker_rules; /* 3, 3, one minute, five minutes */

enum breaker_event { BREAKER_SAME, BREAKER_OPENED, BREAKER_MENDED };

/* How long until something may pass? 0: now. */
int64_t breaker_wait(const struct breaker *b, int64_t now_ms);

/* An attempt is being made, after breaker_wait said 0. */
void breaker_attempt(struct breaker *b, const struct breaker_rules *rules, int64_t now_ms);

/*
 * What became of an attempt. NET, UNSURE, REMOTE, AUTH and FORMAT are failures: they did not serve us. BUSY and REFUSED
 * are neither good nor bad: they are there, and a throttle disables nothing. STORE is our own trouble.
 *
 * return  whether it just opened (tell somebody) or has just recovered
 */
enum breaker_event breaker_note(struct breaker *b, const struct breaker_rules *rules, enum fault fault, int64_t now_ms);

/* "closed", "open", "half"; and back, closed when it is none of them. */
const char *breaker_state_name(int64_t state);
enum breaker_state breaker_state_from_name(const char *name);

#endif
