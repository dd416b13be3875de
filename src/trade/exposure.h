#ifndef TALLYMAN_EXPOSURE_H
#define TALLYMAN_EXPOSURE_H
/*
 * exposure.h: what may be visible on each channel now, and how far that lets another one go up.
 *
 * What we want shown is not what is shown: a decrease counts only when its effect was read back, an increase from the moment it may leave. As
 * long as the exposures together stay within what is available, no sale anywhere can promise what is not there. So with a
 * split of the stock decreases go before increases. Pure; quantities in eaches.
 */
#include <stdbool.h>
#include <stdint.h>

struct visible {
	int64_t seen;      /* by the last reading; -1: none */
	int64_t sold;      /* that its own buyers took since */
	int64_t confirmed; /* accepted and not read back yet; -1: nothing. It may take effect after any sale, or have done so before */
	int64_t inflight_most, inflight_least; /* of what was sent and not answered; -1: nothing is */
	bool dark;         /* it cannot be reached: nothing we decide changes it */
};

/* The largest quantity that may be visible there now, and the smallest. */
int64_t exposure_of(const struct visible *s);
int64_t exposure_least(const struct visible *s);

/* Together. */
int64_t exposure_sum(const struct visible *s, int n);

/*
 * The limits of all of them at once, for what is wanted of each. What surely shows no more than now has none (-1), a dark one what it surely shows. An increase
 * may take what the others' exposures leave; several are served in the order given by `turn` (indices), each counting those
 * served before it. limit: n of them.
 *
 * Whatever is shown now between least and exposure: if it comes to no more than what is available, so it does while these numbers take effect, in any order.
 */
void exposure_limits(const struct visible *s, const int64_t *want, const int *turn, int n, int64_t available, int64_t *limit);

#endif
