#ifndef TALLYMAN_QUOTA_H
#define TALLYMAN_QUOTA_H
/*
 * quota.h: what the platforms let us say, what of it is left, who spends it, and until when it lasts.
 *
 * A limit is a bucket that fills again, a number of calls a day, or both. A part of it is kept for what must not wait. What was spent is
 * counted by the hour, by lane, and by whether a person had decided it, in the same transaction as the attempt: a crash forgets none of it.
 */
#include "base/arena.h"
#include "base/err.h"
#include "base/lane.h"
#include "trade/accounts.h"

#include <stdbool.h>
#include <stdint.h>

struct store;

enum { QUOTA_HOURS = 24 };

/* From the least to the most urgent. */
enum quota_state {
	QUOTA_LASTS, /* as far as anybody can see */
	QUOTA_DRY,   /* at this hour's pace it is empty at at_ms */
	QUOTA_SHORT, /* what waits needs more than is left until at_ms */
	QUOTA_OUT,   /* the next token for what may wait is there at at_ms */
	QUOTA_HELD,  /* they said: not before at_ms */
	QUOTA_STATES
};

const char *quota_state_name(enum quota_state s); /* "lasts" */

/* What a forecast is made of; tokens all. */
struct quota_case {
	int64_t tokens, burst, rate, window_ms; /* rate 0: no bucket */
	int64_t daily, day_used, day_ends_ms;   /* daily 0: uncounted */
	int64_t reserve_pct;                    /* of the day, and half as much of the bucket */
	int64_t pace;                           /* spent in the last hour */
	int64_t waiting;                        /* what is queued will take so many */
	int64_t hold_ms, now_ms;
};

struct quota_view {
	enum quota_state state;
	int64_t at_ms;         /* 0: none */
	int64_t usable;        /* left for what may wait: without the reserve; -1: without end */
	int64_t reserve;       /* kept for decreases and zeros, the last half of it for zeros alone */
	int64_t lack;          /* QUOTA_SHORT: tokens that what waits needs more than there are */
	int64_t hourly;        /* gained an hour; -1: without end */
	int64_t pct;           /* of what it gains (of the day, where that is counted) used at this pace; at most 999 */
};

/* Of a bucket and a day the one that is empty first is told. Pure. */
struct quota_view quota_forecast(const struct quota_case *c);

/* One limit of one account with all that is known of it. */
struct budget {
	struct bucket_row bucket;
	struct quota_view view;
	int64_t tokens;              /* in it now */
	int64_t waiting;             /* jobs that wait for it */
	int64_t hour, day, people;   /* tokens spent in the last hour, in 24, and in 24 by what a person had decided */
	int64_t lane[LANES];         /* in 24 hours */
	int64_t by_hour[QUOTA_HOURS]; /* oldest first */
};

/* Every limit of an account (0: of all), by account and name. */
enum fault quotas(struct store *s, int64_t account, int64_t now_ms, struct arena *a, struct budget **out, int *n, struct err *err);

/* What a limit's reserve is for, and the forecast, in words; `at` is at_ms as it is to be read. */
const char *quota_reserve_words(const struct budget *q, struct arena *a);
const char *quota_words(const struct budget *q, const char *at, struct arena *a);

/* What a call of this verb ("stock") takes of the bucket; 0: it drinks elsewhere. */
int64_t quota_cost(const struct bucket_row *b, const char *verb);

const char *lane_words(enum lane lane); /* "zeros" "decreases" "confirmations" ... */

/* A call has drunk from it. intent: whose decision it carries out; 0: nobody's. Old hours are let go. */
enum fault quota_spent(struct store *s, int64_t account, const char *bucket, enum lane lane, int64_t intent, int64_t tokens, int64_t now_ms, struct err *err);

#endif
