#ifndef TALLYMAN_EXPOSURE_METER_H
#define TALLYMAN_EXPOSURE_METER_H
/*
 * exposure_meter.h: what an open incident puts at risk, counting up: incidents are worth their money, not their count.
 *
 * While an account is not in step, or a zero is not seen, what is shown may be sold again: as fast as those offers sell, until what they show is gone. Of what is sold
 * already beyond the stock the units are known and stand still. Units of a day and of until now, in eaches; money at the prices of the last
 * orders of each offer, in the currency that has the most of it.
 *
 *	units(t) = sum over offers of min(shown, velocity * t / day)        at an account, or of a zero-out
 *	units    = sum over items of -available                             of what was oversold
 */
#include "base/arena.h"
#include "base/err.h"

#include <stdint.h>

struct store;

struct exposed_rate {
	int64_t units_a_day;     /* as it goes on now; 0: it stands still */
	int64_t minor_an_hour;   /* money of that */
	int64_t units, minor;    /* at risk by now */
	int64_t offers;          /* that are concerned */
	const char *currency;    /* "": no price is known */
};

/* kind, account and subject as an incident has them; since_ms: since when it is open. */
enum fault exposure_meter(struct store *s, const char *kind, int64_t account, const char *subject, int64_t since_ms, int64_t now_ms, struct arena *a,
                          struct exposed_rate *out, struct err *err);

/* One offer's part in thousandths of an each: velocity in thousandths a day, shown in eaches. Pure. */
int64_t exposure_milli(int64_t velocity, int64_t shown, int64_t for_ms);

#endif
