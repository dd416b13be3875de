#include "engine/route.h"

#include <inttypes.h>
#include <stdio.h>

/* What a call takes there and back, and how many of an account are under way at once (parts.h). */
enum { TRIP_MS = 100, AT_ONCE = 4 };

static int64_t trip_of(const struct route_case *c)
{
	return c->trip_ms > 0 ? c->trip_ms : TRIP_MS;
}

static int64_t lines_of(const struct route_case *c)
{
	return c->lines > 0 ? c->lines : AT_ONCE;
}

int64_t route_single_ms(const struct route_case *c, int64_t n)
{
	int64_t wanting = n * c->cost - c->tokens, trips = (n + lines_of(c) - 1) / lines_of(c) * trip_of(c);
	int64_t gain = wanting > 0 && c->rate > 0 ? (wanting * c->window_ms + c->rate - 1) / c->rate : 0;

	return gain > trips ? gain : trips;
}

/* How many are through within so long: what the bucket gives and what the lines carry, the lesser. */
static int64_t singles_in(const struct route_case *c, int64_t ms)
{
	int64_t carried = ms / trip_of(c) * lines_of(c), given = c->cost > 0 ? (c->tokens + ms * c->rate / c->window_ms) / c->cost : carried;

	return c->rate <= 0 || carried < given ? carried : given;
}

/* "45 s", "25 min", "4 h": nobody needs it finer. */
static const char *span(int64_t ms, char out[24])
{
	if (ms < 120000)
		snprintf(out, 24, "%" PRId64 " s", (ms + 999) / 1000);
	else if (ms < 7200000)
		snprintf(out, 24, "%" PRId64 " min", (ms + 59999) / 60000);
	else
		snprintf(out, 24, "%" PRId64 " h", (ms + 3599999) / 3600000);
	return out;
}

void route_choose(const struct route_case *c, struct route *out)
{
	int64_t feeds = c->most > 0 ? (c->n + c->most - 1) / c->most : 1;
	char single[24], feed[24];

	out->single_ms = route_single_ms(c, c->queue > c->n ? c->queue : c->n);
	out->feed_ms = c->feed_wait_ms + c->later_ms + (feeds - 1) * TRIP_MS;
	out->singles = c->over >= 0 ? c->tokens : singles_in(c, out->feed_ms);
	span(out->single_ms, single);
	span(out->feed_ms, feed);
	if (c->over >= 0) {
		out->feed = c->n > c->over;
		snprintf(out->why, sizeof out->why, "%" PRId64 " wait, bulk_over is %" PRId64 ": %s", c->n, c->over, out->feed ? "a feed" : "single calls");
		return;
	}
	out->feed = out->feed_ms < out->single_ms;
	if (out->feed)
		snprintf(out->why, sizeof out->why, "%" PRId64 " wait: single calls would take %s, a feed is live %s later than a call", c->n, single, feed);
	else
		snprintf(out->why, sizeof out->why, "%" PRId64 " wait: single calls are through in %s, a feed would be live %s later", c->n, single, feed);
}
