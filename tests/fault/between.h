#ifndef TALLYMAN_TESTS_BETWEEN_H
#define TALLYMAN_TESTS_BETWEEN_H
/*
 * between.h: a line on which the test itself answers some calls; all others go on to the simulated marketplaces. For day_plan.wrap.
 */
#include "net/http.h"

/*
 * What is answered to a request, which does not leave then; false: it goes on. What the reply points to lives in the arena; received_ms: the day's time.
 */
struct transport *between(struct transport *inner, bool (*answer)(const struct request *r, struct reply *out, struct arena *a));

#endif
