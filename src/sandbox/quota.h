#ifndef TALLYMAN_SANDBOX_QUOTA_H
#define TALLYMAN_SANDBOX_QUOTA_H
/*
 * quota.h: how often a platform lets one operation be called.
 *
 * A token bucket in exact integers: one call costs window_ms, each millisecond brings tokens. Or, where burst is 0, so many calls
 * in each window of the calendar (UTC), all gone at its end.
 */
#include <stdbool.h>
#include <stdint.h>

struct quota_rule {
	int64_t tokens, window_ms, burst; /* tokens a window, and the most that can be saved up; tokens 0: no limit */
};

struct quota {
	int64_t level, at_ms; /* level is in units of 1 / window_ms tokens; of a calendar's window, the tokens that are left */
	bool used;
};

/* One call. false: there was no token. left: whole tokens that remain; next_ms: when the next one comes. */
bool quota_take(struct quota *q, const struct quota_rule *rule, int64_t now_ms, int64_t *left, int64_t *next_ms);

#endif
