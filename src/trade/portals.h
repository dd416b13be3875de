#ifndef TALLYMAN_PORTALS_H
#define TALLYMAN_PORTALS_H
/*
 * portals.h: where a person sets a quantity by hand, when we cannot say it (data/portals.csv).
 */
#include "base/arena.h"

struct portal {
	const char *name, *url, *how; /* "Walmart Seller Center"; what to do there */
};

/* A channel without a row of its own: "its own portal". */
struct portal portal_of(struct arena *a, const char *channel);

#endif
