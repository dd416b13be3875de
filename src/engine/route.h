#ifndef TALLYMAN_ENGINE_ROUTE_H
#define TALLYMAN_ENGINE_ROUTE_H
/*
 * route.h: by single calls, or by a feed? Pure: what waits and what the limits leave go in, the choice and its reason come out.
 *
 * n single calls are through when the bucket has given as many tokens: T(n) = (n - tokens) / rate. What a feed says is live `later` after a single
 * call would be. So a feed is quicker from about tokens + rate * later on (Amazon 1,505, Walmart 6,200 with full buckets), unless answers are so slow
 * that the lines are full before the bucket is empty. A seller may set the number himself (bulk_over). When many zeros go at once both ways are
 * used: as many single calls as are through by the time that the feed is live, and a feed for the rest.
 */
#include <stdbool.h>
#include <stdint.h>

struct route_case {
	int64_t n;                 /* changes that wait */
	int64_t tokens;            /* in the bucket of single calls now */
	int64_t rate, window_ms;   /* tokens it gains; rate 0: no bucket */
	int64_t cost;              /* tokens of one call */
	int64_t most;              /* items in one feed */
	int64_t feed_wait_ms;      /* until a feed may be handed in */
	int64_t later_ms;          /* a feed is live so much later than a single call */
	int64_t over;              /* the seller's own number: more than these go by feed; -1: reckon */
	int64_t queue;             /* all that waits for single calls' bucket, other marketplaces' too; 0: n */
	int64_t trip_ms, lines;    /* what a call takes there and back, and how many are under way at once; 0: as a rule */
};

struct route {
	bool feed;
	int64_t single_ms, feed_ms; /* until the last of them is live, beyond what both take */
	int64_t singles;            /* so many single calls are through when a feed is live */
	char why[200];
};

void route_choose(const struct route_case *c, struct route *out);

/* When n single calls are through: milliseconds from now. Also the yardstick of a schedule. */
int64_t route_single_ms(const struct route_case *c, int64_t n);

#endif
