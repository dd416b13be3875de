#ifndef TALLYMAN_REMEDY_H
#define TALLYMAN_REMEDY_H
/*
 * remedy.h: what a failure costs, in orders, units and money, and what can be done about it, each tried dry before it is offered.
 *
 * There are two queues and a failure is in exactly one. RETRY: the engine has it in hand, until it works or a read decides; no number of tries ends that.
 * FIX: they said no, or we did not understand: it is a person's, and nothing tries it again by itself.
 */
#include "trade/inbox.h"

#include <stdbool.h>
#include <stdint.h>

enum failure_queue { QUEUE_RETRY, QUEUE_FIX };

enum failure_queue failure_queue(const struct failure *f);
const char *failure_queue_name(enum failure_queue q); /* "RETRY" "FIX" */

struct failure_cost {
	int64_t orders, units, minor, due_ms; /* due_ms: the first deadline of those orders; 0: none */
	const char *currency;                 /* "" without money */
	const char *sku;                      /* what is shown wrongly; "": nothing */
	int64_t shown;                        /* units on sale that should not be */
};

/* What hangs on it. Nothing known is all zero: the order that could not be read, say, counts as one order. */
enum fault failure_cost(struct store *s, const struct failure *f, struct arena *a, struct failure_cost *out, struct err *err);

enum remedy_act { REMEDY_RETRY, REMEDY_MAP, REMEDY_ARCHIVE, REMEDY_NONE };

struct remedy {
	enum remedy_act act;
	const char *text; /* "say it again" */
	const char *dry;  /* what would come of it now, tried against the store: "the same call with the same key" */
	bool good;        /* it would do something */
};

/* The remedies of a failure, best first; at most four. */
enum fault failure_remedies(struct store *s, const struct failure *f, int64_t now_ms, struct arena *a, struct remedy **out, int *n, struct err *err);

#endif
