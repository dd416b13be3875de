#ifndef TALLYMAN_AIM_H
#define TALLYMAN_AIM_H
/*
 * aim.h: the step from what is available to what we want said.
 */
#include "base/err.h"
#include "trade/allocation.h"
#include "trade/cause.h"
#include "trade/offers.h"

#include <stdbool.h>

struct store;
struct job;

/*
 * Set an offer's target by the buffer rule; *changed: it is another than before, or what was last said is another. Offers
 * that may not be written (unmapped, fulfilled by the channel) get none. The version grows with each new target.
 */
enum fault offer_aim(struct store *s, const struct offer *o, const struct buffer *b, const struct cause *why, bool *changed, struct err *err);

/*
 * Queue the quantity for saying, if it must be said: target and last said differ, or `anyway`. An older waiting one is replaced;
 * zero and decreases go before increases. *job: its number, 0 when there was nothing to say.
 */
enum fault offer_say(struct store *s, int64_t offer, bool anyway, int64_t intent, const struct cause *why, int64_t *job, struct err *err);

/* Would this stock job put more on show than there is? By what is on its way there, else by what their last reading showed. */
enum fault offer_raised_by(struct store *s, const struct job *j, bool *yes, struct err *err);

#endif
