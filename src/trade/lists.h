#ifndef TALLYMAN_LISTS_H
#define TALLYMAN_LISTS_H
/*
 * lists.h: the plain lists that commands print: items, jobs, places; by keyset as everywhere.
 */
#include "base/arena.h"
#include "base/err.h"
#include "trade/inventory.h"

#include <stdint.h>

struct store;

/* Items after this SKU, in its order, at most n. */
enum fault items_page(struct store *s, const char *after, int n, struct arena *a, struct item **out, int *got, struct err *err);

/* What was counted of an item, place by place. */
struct shelf_row {
	const char *place, *kind;
	bool counts;  /* its stock is for sale */
	int64_t counted, valid_ms, known_ms, max_age_ms;
};

enum fault shelves_of(struct store *s, int64_t item, struct arena *a, struct shelf_row **out, int *n, struct err *err);

/* Jobs in a state ("waiting" "inflight" "sent" "failed" "unsure" "done" "superseded"), newest first, with ids below `before` (0: all). */
struct job_row {
	int64_t id, subject_id, due_ms, fails, tries, intent_id, made_ms, state_ms;
	const char *account_name, *verb, *subject, *state, *fault, *text, *owner, *trace, *route, *route_why;
	int64_t feed; /* 0: in none */
};

enum fault jobs_page(struct store *s, const char *state, int64_t before, int n, struct arena *a, struct job_row **out, int *got,
                     struct err *err);
enum fault job_row_get(struct store *s, int64_t id, struct arena *a, struct job_row *out, struct err *err); /* FAULT_REFUSED: there is none */

/* Offers of live accounts that show anything, by what was last read or confirmed, those that show most beyond what there is first: what to zero by hand when no engine does it. all: how many there are. */
struct exposed {
	const char *account_name, *marketplace, *sku;
	int64_t shown, available;
};

enum fault offers_exposed(struct store *s, int n, struct arena *a, struct exposed **out, int *got, int64_t *all, struct err *err);

/* The newest time that anything in the store claims to be known from: a clock that is behind it was set back. */
enum fault newest_known(struct store *s, int64_t *out, struct err *err);

/* The state names, in the order of a job's life; NULL past the end. */
const char *job_state_at(int i);

#endif
