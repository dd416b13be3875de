#ifndef TALLYMAN_LAPSE_H
#define TALLYMAN_LAPSE_H
/*
 * lapse.h: an account that cannot be kept in step, from its first failure until each of its numbers is seen right again.
 *
 *	FAILING --half an hour, and changes wait--> ZEROED --three good cycles--> READING --all read anew--> RESTORING --seen right--> ENDED
 *	   +---three good cycles---> ENDED            ^---------it fails again-------+------------------------+
 *
 * What was shown half an hour ago is somebody's promise by then, so its offers go to zero, at once and on that account alone. They come back
 * with today's numbers: orders are read first, then stock, then what it shows. The engine takes the steps (engine/lapse.c); here they are rows.
 */
#include "base/arena.h"
#include "base/err.h"
#include "trade/cause.h"

#include <stdbool.h>
#include <stdint.h>

struct store;

/* Why it is out of step. What helps against one is no help against another. */
enum lapse_cause {
	LAPSE_TRUTH,    /* it can be told, but its own orders are not heard: what it sold is unknown */
	LAPSE_WRITE,    /* quantities cannot be said */
	LAPSE_PLATFORM, /* nothing answers there: probed only, and a zero can be said no sooner than anything else */
	LAPSE_CAUSES
};

enum lapse_state { LAPSE_FAILING, LAPSE_ZEROED, LAPSE_READING, LAPSE_RESTORING, LAPSE_ENDED, LAPSE_STATES };

struct lapse {
	int64_t id, account;
	const char *account_name, *channel;
	enum lapse_cause cause;
	enum lapse_state state;
	const char *text;
	int64_t since_ms, lasted_ms, looked_ms, steady_ms, bad_ms;
	int64_t good, good_ms, waiting;
	const char *declared;     /* who said that the platform is out; "" */
	int64_t until_ms;
	int64_t due_ms;           /* its offers go to zero then; 0: that is not told yet, or it is done */
	int64_t held_ms;
	const char *held_by;
	int64_t zero;             /* the zero-out that it led to; 0: none yet */
	int64_t zeroed_ms, mended_ms, orders_ms, stock_ms, shown_ms, ended_ms;
};

const char *lapse_cause_name(enum lapse_cause c); /* "write" */
const char *lapse_state_name(enum lapse_state s); /* "ZEROED" */

/* It was at zero, came back or had begun to, and fails again: the half hour counts anew, and may be held off. */
bool lapse_relapsed(const struct lapse *l);

/* The open one of an account; id 0: there is none. */
enum fault lapse_of(struct store *s, int64_t account, struct arena *a, struct lapse *out, struct err *err);

/* Newest first, open ones or all, with ids below `before` (0: from the newest), at most n. */
enum fault lapses_page(struct store *s, int64_t before, bool all, int n, struct arena *a, struct lapse **out, int *got, struct err *err);

/* Write it down: a new one (id 0) or its next step. Each step is a row of history as well. */
enum fault lapse_put(struct store *s, struct lapse *l, const struct cause *why, struct err *err);

/* Changes that wait to be said on an account, and since when the oldest that was tried waits (0: none was). */
enum fault lapse_waiting(struct store *s, int64_t account, int64_t *changes, int64_t *tried_ms, struct err *err);

/* The worst of an account's lists of orders: how often in a row it could not be read, since when, and what was answered. fails 0: all are read. */
struct unheard {
	int64_t fails, since_ms;
	bool locked; /* they do not know us */
	const char *text;
};
enum fault lapse_unheard(struct store *s, int64_t account, struct arena *a, struct unheard *out, struct err *err);

/* What INTENT_HOLD and INTENT_OUTAGE would do, in words, and done. FAULT_REFUSED: no such account, no reason, too long. */
struct intent;
enum { HOLD_MOST_MIN = 240 };
enum fault lapse_words(struct store *s, const struct intent *in, int64_t now_ms, struct arena *a, const char **text, struct err *err);
enum fault lapse_carry(struct store *s, const struct intent *in, const struct cause *why, struct err *err);

/* Has every source of stock that sells been read since then? */
enum fault lapse_stock_read(struct store *s, int64_t since_ms, bool *yes, struct err *err);

/* Offers of a zero-out that no reading begun since then has shown. */
enum fault lapse_unread(struct store *s, int64_t zero, int64_t since_ms, int64_t *offers, struct err *err);

#endif
