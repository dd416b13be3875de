#ifndef TALLYMAN_LIMIT_H
#define TALLYMAN_LIMIT_H
/*
 * limit.h: how fast we may talk to one endpoint of one account.
 *
 * The caller brings the time. Nothing in here reads a clock, so a test can live through a
 * day in a microsecond. All fields are integers, so the store can keep a bucket over a restart.
 *
 * Three budgets at once: a token bucket, requests under way, requests a day. Where quantities are written 20 % of the
 * day and 10 % of the bucket are kept for what must not wait: for decreases, and half of that for zeros alone.
 * What the platform says is believed downward only; upward is a person's decision.
 */
#include "base/lane.h"
#include "net/http.h"

#include <stdbool.h>
#include <stdint.h>

struct limit {
	int64_t rate; /* tokens gained per window; 0: this endpoint has no bucket */
	int64_t window_ms;
	int64_t burst;                        /* most tokens the bucket holds */
	int64_t credit;                       /* what it holds, in tokens times window_ms: exact, no fraction is ever lost */
	int64_t filled_ms;                    /* epoch time up to which gains have been credited */
	int64_t hold_ms;                      /* not before: they said so; 0: nothing said */
	int64_t reserve_pct;                  /* of the day, and half as much of the bucket, is kept for the top lanes; 0 where none of them ever asks */
	int64_t daily, day_used, day_ends_ms; /* requests allowed a day (0: uncounted), made, when it ends */
	int64_t told_rate, told_window_ms;    /* what they themselves last told it gains; 0: nothing yet */
	int64_t concurrency, flying;          /* requests allowed at once (0: any number), and under way: 0 after a restart */
};

enum {
	LIMIT_FULL = -1,      /* wait for a request under way, not for the clock */
	LIMIT_RESERVE = 20,   /* percent of a day */
	LIMIT_LEARN_MIN = 24, /* a rate learnt is never below so many a day */
};

/*
 * A full bucket, uncounted otherwise. tokens: a decimal as the platforms publish it, "200", "0.0056"; NULL or "": no
 * bucket. false: no such rate.
 */
bool limit_init(struct limit *l, const char *tokens, int64_t window_s, int64_t burst, int64_t now_ms);

/*
 * Go on after a restart: l is new from its row, saved is what it was. What was in the bucket, the day's count, their hold and a
 * slower rate that they told stay; a rate, a burst or a daily count that somebody has changed in the row is the row's.
 */
void limit_resume(struct limit *l, const struct limit *saved, int64_t now_ms);

/*
 * How long until cost tokens are there for a lane? Takes nothing.
 *
 * return  0: now; milliseconds >= 1; LIMIT_FULL
 */
int64_t limit_wait(const struct limit *l, int64_t cost, enum lane lane, int64_t now_ms);

/* The same, and when it is 0 the tokens are taken and a request is under way, until limit_done. */
int64_t limit_take(struct limit *l, int64_t cost, enum lane lane, int64_t now_ms);

/* So many tokens more go unused: who pays twice goes at half the pace. A day's count is not touched. */
void limit_forgo(struct limit *l, int64_t tokens);

/* A request is over, however it ended. */
void limit_done(struct limit *l);

/* Whole tokens in the bucket now, for a screen. */
int64_t limit_tokens(const struct limit *l, int64_t now_ms);

/* The day's count as the platform tells it (eBay's getUserRateLimits): a smaller one, what is left of it, and when it begins anew. */
void limit_learn_day(struct limit *l, int64_t a_day, int64_t left, int64_t reset_ms, int64_t now_ms);

/*
 * What a body tells of a bucket: the most it holds, what is in it now, what it gains a second (0 and below: not told). Size and rate are
 * believed downward only. What is in it is believed: the cost of a call was reckoned before it was made, and theirs is the true one; but
 * while other requests are under way, whose cost they may not have counted yet, only when it is less.
 */
void limit_learn_left(struct limit *l, int64_t most, int64_t left, int64_t per_second, int64_t now_ms);

/*
 * Learn from an answer: x-amzn-RateLimit-Limit (tokens a second), X-Current-Token-Count with
 * X-Next-Replenishment-Time (or x-next-replenish-time), and on a 429 that the bucket is empty, until Retry-After if there is one.
 * Return true when the bucket is smaller than we thought, so that it is worth a line on a screen.
 */
bool limit_learn(struct limit *l, const struct reply *r, int64_t now_ms);

#endif
