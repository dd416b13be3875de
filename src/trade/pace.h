#ifndef TALLYMAN_PACE_H
#define TALLYMAN_PACE_H
/*
 * pace.h: how fast an item's offers sell, from its orders and from the readings of when it could be bought there.
 */
#include "base/err.h"
#include "trade/offers.h"

#include <stdbool.h>
#include <stdint.h>

struct store;

struct pace_rule {
	int64_t days;  /* looked back */
	int64_t prior; /* thousandths a day that are believed without any sale; they weigh as much as three days. 0: none is */
};

/*
 * velocity[i]: of offer[i], thousandths of an each a day. What was reckoned less than an hour ago is taken as it is. Nodes of one listing
 * divide its sales. keep: write down what is reckoned anew; inside the caller's transaction then.
 */
enum fault paces_of(struct store *s, const struct offer *offer, int n, const struct pace_rule *rule, bool keep, int64_t now_ms,
                    int64_t *velocity, struct err *err);

/*
 * How fast sells what accounts show that an open incident is of, and what is held at zero: at most n items of which an offer was not reckoned within the hour,
 * inside the caller's transaction. A stock that is not split asks for no pace otherwise.
 */
enum fault paces_at_risk(struct store *s, int n, int64_t now_ms, struct err *err);

#endif
