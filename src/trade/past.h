#ifndef TALLYMAN_PAST_H
#define TALLYMAN_PAST_H
/*
 * past.h: a store as it was: what we knew at a moment, or what was so at a moment by all that we know now.
 *
 * The tables that change are copied to temporary disk, and each field whose change is in the history has its value of then; all others are read in the store
 * itself, without the rows that came later (past_tables.h says how each is). What is reckoned from others (what is owed, what is open, the counters) is reckoned
 * again. Not kept, and so as they are now or left empty: the words of an equation, of a job, of an alert and of an account's state, how breakers and buckets stood, how far a list
 * had been read, what a source said before its newest reading, kits and packs before they were changed.
 */
#include "base/err.h"

#include <stdint.h>

struct store;

enum past_by {
	PAST_KNOWN, /* what we knew then */
	PAST_VALID, /* what was so then, as far as we know now: what was told late is in it already */
};

/* The store in DIR at at_ms; it takes no write. FAULT_REFUSED: nothing is known of so early a time. */
enum fault past_open(const char *dir, int64_t at_ms, enum past_by by, struct store **out, struct err *err);

/*
 * The same on a whole copy (store_scratch), a step at a time and only for what decisions about one item's quantities are made of: items, shelves, offers, orders, places,
 * accounts; not the rules. Each step goes further back than the one before, to before change row `before`, at at_ms. Writes are taken.
 */
enum fault past_step(struct store *s, int64_t before, int64_t at_ms, int64_t item, struct err *err);

#endif
