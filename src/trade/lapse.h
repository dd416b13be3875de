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
	int64_t held_ms;
	const char *held_by;
	int64_t zero;             /* the zero-out that it led to; 0: none yet */
	int64_t zeroed_ms, mended_ms, orders_ms, stock_ms, shown_ms, ended_ms;
};

const char *lapse_cause_name(enum lapse_cause c); /* "write" */
const char *lapse_state_name(enum lapse_state s); /* "ZEROED" */

/* The open one of an account; id 0: there is none. */
enum fault lapse_of(struct store *s, int64_t account, struct arena *a, struct lapse *out, struct err *err);

/* Newest first, open ones or all, with ids below `before` (0: from the newest), at most n. */
enum fault lapses_page(struct store *s, int64_t before, bool all, int n, struct arena *a, struct lapse **out, int *got, struct err *err);

/* Write it down: a new one (id 0) or its next step. Each step is a row of history as well. */
enum fault lapse_put(struct store *s, struct lapse *l, const struct cause *why, struct err *err);

/* Changes that wait to be said on an account, and since when the oldest that was tried waits (0: none was). */
enum fault lapse_waiting(struct store *s, int64_t account, int64_t *changes, int64_t *tried_ms, struct err *err);

/* A person holds the zero of an account off until then (0: no longer). FAULT_REFUSED: it is not failing. */
enum fault lapse_hold(struct store *s, int64_t account, int64_t until_ms, const struct cause *why, struct err *err);

/*
 * A person says that the platform is out, until then or (0) until it is said otherwise: nothing but probes is sent there. end: it is not any more.
 */
enum fault lapse_declare(struct store *s, int64_t account, int64_t until_ms, const struct cause *why, struct err *err);
enum fault lapse_declared_over(struct store *s, int64_t account, const struct cause *why, struct err *err);

/* Of an account's orders everything is known up to upto_ms; and has every source of stock been read since? */
enum fault lapse_stock_read(struct store *s, int64_t since_ms, bool *yes, struct err *err);

/* Offers of a zero-out that no reading begun since then has shown. */
enum fault lapse_unread(struct store *s, int64_t zero, int64_t since_ms, int64_t *offers, struct err *err);

#endif
