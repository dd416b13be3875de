#ifndef TALLYMAN_DISPATCHES_H
#define TALLYMAN_DISPATCHES_H
/*
 * dispatches.h: our orders as a warehouse has them.
 *
 * Each open unit is subtracted exactly once: by the warehouse, when it had the order at the time its stock was read (its free quantity is
 * without it since then), else by us. So a reservation ends at the event after which the warehouse's own number excludes the goods, and begins
 * again when the warehouse gives the order up while the buyer still waits. A warehouse that tells no orders: at dispatch.
 *
 * Which line of an order is whose is what the warehouses' own orders say, line by line. Of one that tells no lines it is not known: it has all of an order
 * with one line; of one with several it has those goods that no other place could send.
 */
#include "base/arena.h"
#include "base/err.h"
#include "trade/cause.h"

#include <stdbool.h>
#include <stdint.h>

struct store;
struct dispatch;

/*
 * Take it: a package that left with its tracking number becomes a shipment of source 'warehouse', not confirmed to anybody until a person or a rule
 * says so. FAULT_FORMAT: no number of ours, a state that there is not, no time; FAULT_REFUSED: the package cannot be noted (the rest is
 * written); park it with its sentence.
 */
enum fault dispatch_tell(struct store *s, int64_t account, const struct dispatch *d, const struct cause *why, struct err *err);

/* A page of dispatches was heard that had been asked for at begun_ms; last: the reading is complete with it. */
enum fault dispatches_page(struct store *s, int64_t account, int64_t begun_ms, bool last, struct err *err);

/* The order has come at last: what a warehouse told of it by its number is its. any: there was something. */
enum fault dispatches_adopt(struct store *s, int64_t order, const char *ref, const char *other_ref, bool *any, struct err *err);

/* Has a warehouse told of this order at all? */
enum fault dispatches_any(struct store *s, int64_t order, bool *any, struct err *err);

/* Did the warehouse have this order when the item was last read there? Asked of an order that dispatches_any knows. */
enum fault line_taken(struct store *s, int64_t order, int64_t item, bool *taken, struct err *err);

/* Which of its open lines the warehouses had, now that one was read anew; and the item reckoned with it. */
enum fault item_retake(struct store *s, int64_t item, const struct cause *why, struct err *err);

#endif
