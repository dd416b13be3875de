#ifndef TALLYMAN_LATENCY_H
#define TALLYMAN_LATENCY_H
/*
 * latency.h: how long it takes until they answer, and until a quantity that they took is shown; and what calls were made for.
 *
 * Times are kept in buckets: sixteen to each doubling, so that a percentile is told within 4 %.
 */
#include "base/arena.h"
#include "base/err.h"

#include <stdint.h>

struct store;

/* The bucket of a time, and the middle of a bucket: 0 to 15 ms exactly, then a sixteenth of each power of two. */
int latency_bucket(int64_t ms);
int64_t latency_middle(int bucket);

int64_t latency_from(int bucket); /* where it begins */

/* "340 ms", "45 s", "12 min", "3 h 20 min". */
const char *latency_words(int64_t ms, struct arena *a);

/* One more: route "single" "bulk" "feed", or for accept an operation's way; what "accept" "seen" "lost", and "queue". */
enum fault latency_add(struct store *s, int64_t account, const char *route, const char *what, int64_t ms, int64_t now_ms, struct err *err);

struct latency_row {
	int64_t account;
	const char *account_name, *channel, *route;
	int64_t accepted, accept_p50, accept_p95;
	int64_t seen, seen_p50, seen_p95; /* milliseconds */
	int64_t lost;                     /* accepted, and not applied when patience ended */
};

/* Of a million that they took, so many came to nothing; -1: none has been judged yet. */
int64_t latency_lost_ppm(const struct latency_row *r);

/* By account and route, the last `days` days. */
enum fault latency_rows(struct store *s, int days, int64_t now_ms, struct arena *a, struct latency_row **out, int *n, struct err *err);

/* The histogram of one account and route, smallest first. */
struct latency_bar {
	int64_t from_ms, n;
};

enum fault latency_bars(struct store *s, int64_t account, const char *route, const char *what, int days, int64_t now_ms, struct arena *a, struct latency_bar **out,
                        int *n, struct err *err);

/* Half of what went this way was shown within so long; 0: fewer than 20 are known. */
enum fault latency_typical(struct store *s, int64_t account, const char *route, int64_t *out, struct err *err);

/* Half of what went this way was answered within so long; 0: fewer than 20 are known. */
enum fault latency_answer(struct store *s, int64_t account, const char *route, int64_t *out, struct err *err);

/* From accepted to shown, 95 of 100 over all ways of the account; 0: fewer than 20 are known. */
enum fault latency_p95(struct store *s, int64_t account, int64_t *out, struct err *err);

/* ---- how long what was decided waits before it is said ---- */

struct queue_row {
	const char *account_name, *verb; /* "stock" "ack" "ship" "cancel" */
	int64_t said, p50, p95, p99;     /* milliseconds from decided to the first call, whether alone or in a feed */
	int64_t waiting, oldest_ms;      /* now; since when the oldest does */
};

/* By account (0: all) and write, the last `days` days. They are added as latency_add's "queue", the verb for the route. */
enum fault queue_rows(struct store *s, int64_t account, int days, int64_t now_ms, struct arena *a, struct queue_row **out, int *n, struct err *err);

/* ---- what calls were for ---- */

struct tally_row {
	const char *account_name, *op;
	int64_t events, calls, hits, repeats;
};

/* Added to the account's row of this hour; 0 adds nothing. */
enum fault tally_add(struct store *s, int64_t account, const char *op, int64_t events, int64_t calls, int64_t hits, int64_t repeats, int64_t now_ms,
                     struct err *err);

/* The last `hours` hours, by account and operation. */
enum fault tally_rows(struct store *s, int hours, int64_t now_ms, struct arena *a, struct tally_row **out, int *n, struct err *err);

#endif
