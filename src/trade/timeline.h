#ifndef TALLYMAN_TIMELINE_H
#define TALLYMAN_TIMELINE_H
/*
 * timeline.h: the life of one item: what was available when, what each of its offers showed, and every event that made it so.
 *
 * What happened stands in a few logs that only grow, so a row's number is a moment: a page goes on from numbers, a moment is found by halving, and
 * neither depends on how much there is. The order is that in which it was learnt.
 */
#include "trade/views.h"

#include <stdbool.h>
#include <stdint.h>

struct store;

enum timeline_log { LOG_CHANGE, LOG_MOVE, LOG_OBSERVATION, LOG_JOB, LOG_NOTE, TIMELINE_LOGS, LOG_ATTEMPT = TIMELINE_LOGS };

/* Of each log the rows below these numbers. */
struct timeline_key {
	int64_t before[TIMELINE_LOGS];
};

/* The rows that were known at a moment. As far as the engine's clock never went back. */
enum fault timeline_at(struct store *s, int64_t ms, struct timeline_key *out, struct err *err);

/* When something was first known of an item. */
enum fault timeline_begins(struct store *s, int64_t item, int64_t *ms, struct err *err);

#define UNTOLD INT64_MIN

/*
 * One event. mark: C counted, S sold, B given back or no longer owed, D left, R returned, P said, F not taken, E changed by somebody else, H held at zero or
 * let go; a blank for what is neither.
 */
struct moment {
	struct event e;
	char mark;
	const char *account, *marketplace; /* whose offer; "" for what is the item's own */
	int64_t offer;                     /* 0: the item itself */
	int64_t old, new;                  /* of what is available, said or shown; UNTOLD */
	int64_t since_ms;                  /* it became so between then and e.at_ms, nobody knows when; 0: known */
	const char *op, *fault, *said, *correlation, *their_id; /* the call behind it; "" */
	int64_t status, took_ms;           /* 0: no answer */
};

/*
 * The n newest rows below *key and not below from, newest first; *key moves on. got may be less than n, for a row may be told by another one; *more: there are
 * others below. FAULT_REFUSED: no such item.
 */
enum fault timeline_page(struct store *s, int64_t item, struct timeline_key *key, const struct timeline_key *from, int n, struct arena *a, struct moment **out,
                         int *got, bool *more, struct err *err);

/* A number over time: of each of n equal parts of a window how it stood at its end; UNTOLD: nobody knows. */
struct curve {
	const char *account, *marketplace; /* "" for what is available */
	int64_t offer;
	int64_t *value;
};

enum fault timeline_curves(struct store *s, int64_t item, int64_t from_ms, int64_t until_ms, int64_t now_ms, int n, struct arena *a, struct curve **out, int *curves,
                           struct err *err);

#endif
