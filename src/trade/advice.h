#ifndef TALLYMAN_ADVICE_H
#define TALLYMAN_ADVICE_H
/*
 * advice.h: the buffer that risk.h recommends beside the one that is configured, offer by offer. It suggests; it never changes a number.
 */
#include "trade/aim.h"
#include "trade/risk.h"

struct advice {
	const struct offer *offer;
	int64_t velocity, others; /* thousandths a day: of its own, of the item's other offers together; an event's factor is in them */
	int64_t latency_ms;       /* from a sale elsewhere to what is shown here */
	int64_t window;           /* millionths of an each that the others sell within it */
	int64_t configured;       /* eaches kept back of what is available now */
	const char *by;           /* the layer that says so */
	int64_t advised;
	int64_t alpha_ppm;        /* what advised keeps to */
	int64_t risk_ppm;         /* the bound with the configured one, for each time the stock runs out */
	int64_t risk_units;       /* thousandths: eaches sold beyond the stock then */
};

/* latency_ms: of each account of how->account, in their order. Reads only. */
enum fault advice_of(struct store *s, int64_t item, const struct aims *how, const int64_t *latency_ms, struct arena *a, struct advice **out, int *n,
                     struct err *err);

/* An account over all its offers: in how many too little is kept back, and how much is kept back beyond advice. */
struct advice_sum {
	const char *account;
	int64_t latency_ms, offers, exposed, spare_offers, spare_units;
};
void advice_add(struct advice_sum *sum, const struct advice *a);

#endif
