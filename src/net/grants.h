#ifndef TALLYMAN_GRANTS_H
#define TALLYMAN_GRANTS_H
/*
 * grants.h: what a platform lets one account do otherwise than it publishes for all (data/limits.csv): Amazon's usage plans of single sellers, eBay's larger
 * daily counts after its application check, a share of a limit that another program of the seller's drinks from too.
 *
 * "amazon.orders.search rate=0.02 burst=40, ebay.orders.list daily=500000": rate in tokens of the window that limits.csv counts by. It
 * is a person's word, so it is bounded: a slip of a digit must not become a storm. And what they answer with in their own headers still counts where it is less.
 */
#include "net/registry.h"

struct grant {
	const char *bucket; /* operations that drink from one share it */
	const char *tokens; /* NULL: as published */
	int64_t burst, daily; /* 0: as published */
};

enum { GRANT_MOST = 100 }; /* times what is published */

/* channel: an account's own; of another's operations nothing is taken. FAULT_REFUSED with what is wrong, for a person. Everything lives in a. */
enum fault grants_read(const struct limit_registry *r, const char *channel, const char *text, struct arena *a, struct grant **out, int *n, struct err *err);

/* The operation as it is for who has these. */
struct operation grants_apply(const struct grant *g, int n, const struct operation *o);

#endif
