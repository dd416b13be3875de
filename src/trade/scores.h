#ifndef TALLYMAN_SCORES_H
#define TALLYMAN_SCORES_H
/*
 * scores.h: what platforms hold a seller to (data/standings.csv), and how each account does by our own books.
 *
 * Ours is an early word, not theirs: they decide what counts. Late are orders that left, or did not, after the day on which they were to leave; cancelled are
 * orders that were cancelled by whomever. What they reckon from reviews, scans and messages is known in their portal alone.
 */
#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct store;
struct plan_row; /* trade/intents.h */

struct score {
	const char *account_name, *channel, *name;
	int64_t account;
	int days;              /* of its window */
	bool higher, badge;    /* better the higher; a badge: target is orders */
	int64_t target, warn;  /* hundredths of a percent, or orders */
	bool ours;             /* part and whole are known */
	int64_t part, whole;   /* whole 0: there was nothing to count */
	bool cut;              /* the newest SCORED orders alone were looked at */
};

enum { SCORED = 20000 };

/* Of every enabled account that sells, in the order of the table. */
enum fault scores_read(struct store *s, int64_t now_ms, struct arena *a, struct score **out, int *n, struct err *err);

/* One that is another now than at from_ms, each reckoned at its own time; of those that our books know, badges left out. */
struct score_move {
	struct score then, now;
};
enum fault scores_moved(struct store *s, int64_t from_ms, int64_t now_ms, struct arena *a, struct score_move **out, int *n, struct err *err);

/* part of whole in hundredths of a percent; 0 without a whole. */
int64_t score_rate(const struct score *x);

/* "ok" "WARN" "CRIT"; "no data" when nothing was to count, "theirs" when only they know. */
const char *score_verdict(const struct score *x);

/* How many more may go wrong before it breaks the target; -1: that is not known, or it is broken. */
int64_t score_room(const struct score *x);

/* What a zero of these rows is to the badges and scores of their accounts, a sentence each. */
enum fault scores_of_zero(struct store *s, const struct plan_row *row, int rows, int64_t now_ms, struct arena *a, const char ***out, int *n, struct err *err);

#endif
