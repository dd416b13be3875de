#ifndef TALLYMAN_REPLAY_H
#define TALLYMAN_REPLAY_H
/*
 * replay.h: what other buffers, latencies or another strategy would have done with the sales that were recorded. Pure.
 *
 * Every recorded sale is tried again: it goes through when the account shows that many at the moment. What an account shows is what was decided at the
 * latest event that is older than its latency, less what its own buyers took since; so an account sells too much only through sales elsewhere that have not
 * reached it. What nobody was shown nobody asked for: sales that the past never had are not in it.
 */
#include "trade/allocation.h"

#include <stdint.h>

struct replay_event {
	int64_t at_ms;
	int outlet;  /* who sold; -1: goods came in */
	int64_t qty; /* eaches, more than none */
};

struct replay {
	struct alloc_rule rule;
	const struct outlet *outlet; /* n of them, as allocate() wants them; their exposure and shown are not read */
	const int64_t *latency_ms;   /* of each, from a sale elsewhere to what is shown here */
	int n;
	const struct replay_event *event; /* in order of time */
	int events;
	int64_t stock;               /* available at from_ms */
	int64_t from_ms, until_ms;
};

struct replayed { /* for each outlet, eaches */
	int64_t sold;
	int64_t oversold; /* of these, more than there was */
	int64_t lost;     /* wanted while there were some, and not shown */
	int64_t kept;     /* thousandths: kept back from this outlet on average over the time */
};

/* out: r->n of them. Pure. */
void replay_run(const struct replay *r, struct replayed *out);

#endif
