#ifndef TALLYMAN_RISK_H
#define TALLYMAN_RISK_H
/*
 * risk.h: how likely a channel sells what another one sold already, and the buffer that would make it rare.
 *
 * A marketplace never sells more than it shows. So, with one shared stock, channel i oversells only through sales elsewhere that it has not
 * heard of. Those within its latency are taken for Poisson with mean m = rate of the others * latency; counting the sale that emptied the
 * shelf, the chance for each time the stock runs out is at most
 *
 *	P(1 + Poisson(m) > buffer) * (1 - e^(-own rate * latency))
 *
 * A heuristic bound, not a proof: bursts are worse (raise the rate in an event), and outages together are not in it. It is advice: no number is
 * ever changed by it. Pure; fixed point throughout.
 */
#include <stdint.h>

enum { PPM = 1000000 };

/* Millionths of an each that sell within a latency, at a rate in thousandths a day. */
int64_t risk_mean(int64_t velocity, int64_t latency_ms);

/* P(Poisson(mean) >= n) in parts per million, rounded up; mean in millionths, taken as at most 4,000 eaches. */
int64_t risk_tail(int64_t mean, int64_t n);

/* The bound above for one channel, in parts per million, rounded up. others, own: means of what sells within its latency, in millionths. */
int64_t risk_bound(int64_t others, int64_t own, int64_t buffer);

/* The smallest buffer for which P(1 + Poisson(others) > buffer) is at most alpha parts per million: 10000 by default, 1000 for a strict channel. */
int64_t risk_buffer(int64_t others, int64_t alpha_ppm);

/* Eaches sold beyond the stock each time it runs out, in thousandths, as the bound has it: E[max(0, 1 + Poisson(others) - buffer)] * (1 - e^-own). */
int64_t risk_units(int64_t others, int64_t own, int64_t buffer);

#endif
