#ifndef TALLYMAN_INVENTORY_H
#define TALLYMAN_INVENTORY_H
/*
 * inventory.h: items, places, counts and what is available of them.
 *
 *	available = sum over the places that sell of (counted - held) - open units of orders that no warehouse has taken off its number yet
 *	            - what kits want made of it + what its own parts allow (trade/kits.h)
 *
 * A channel never writes here: counts come from a warehouse, its file, or a person.
 */
#include "base/arena.h"
#include "base/err.h"
#include "trade/cause.h"
#include "trade/places.h"

#include <stdbool.h>
#include <stdint.h>

struct store;

struct count {
	const char *place; /* NULL: the only place there is */
	const char *sku;
	const char *title; /* NULL: not told */
	const char *unit;  /* their unit of measure: qty is in it, and product_unit says how many eaches it holds; NULL: eaches */
	int64_t qty;       /* 0..999,999; free to sell where they tell it: what they allocated or hold is off already */
	int64_t committed; /* what they took off for orders they have, 0 when not told: for explaining, never subtracted again */
	int64_t valid_ms;  /* when it was counted; 0: nobody says: now, if it is another number than the last count's */
};

/*
 * An item by our SKU, made when new. What was sold or listed under that SKU before it was known is mapped to it then: open units are
 * owed from that moment.
 */
enum fault item_id(struct store *s, const char *sku, const char *title, const struct cause *why, int64_t *id, struct err *err);

/* The item that an account's SKU stands for: its offer's, else the one spelled alike; 0: not mapped. */
enum fault item_of_sku(struct store *s, int64_t account, const char *sku, int64_t *id, struct err *err);

/*
 * delta more units of it are owed to buyers (fewer, when negative). Below zero available it is oversold: an alert that closes
 * when it no longer is.
 */
enum fault item_reserve(struct store *s, int64_t item, int64_t delta, const struct cause *why, struct err *err);

/*
 * Units left the shelf for a buyer, as somebody else than the warehouse told it. They end a reservation, so that they have to leave the
 * count as well, or they would be for sale again until somebody counts. A count made after valid_ms knows already: nothing
 * happens. place: its name when it is known; else where the item was counted.
 */
enum fault item_dispatch(struct store *s, int64_t item, const char *place, int64_t qty, int64_t valid_ms, const char *ref,
                         const struct cause *why, struct err *err);

/*
 * Take counts: a move from what we believed to what was found, the item marked dirty, the place heard. All or
 * nothing: the caller's transaction. whole: the list is complete (trade/missing.h says what that means for a SKU that it
 * leaves out). An older count than the one we have changes nothing; from a count that is older than a dispatch we know
 * of, the dispatched units are taken off.
 *
 * Mass-drop guard: a reading that would take more than 30 % of all units or bring more than 30 % of SKUs to zero is FAULT_REFUSED
 * with the arithmetic, unless `again` says a second reading agreed or a person accepted it.
 */
enum fault counts_take(struct store *s, const struct count *c, int n, bool whole, bool again, const struct cause *why, struct err *err);

/* The same as a source tells it. */
struct reading_of {
	int64_t account;        /* who tells; 0: a person */
	int64_t begun_ms;       /* when it was asked for: its time where a count has none; 0: now */
	bool whole, again;
};

/* What of it could not be converted: nothing is guessed, the last count stays. */
struct unit_unknown {
	const char *sku, *unit;
};

struct reading_result {
	int taken;              /* counts that said something new */
	bool waits;             /* it is older than the dispatches that are known: nothing of it was taken, a newer one is wanted */
	struct unit_unknown *unknown; /* in the arena */
	int unknowns;
};

/*
 * The account's dispatches were read to their end: what its counts from before that had more, and was not believed because an order that it gave up
 * would explain it, is believed from now on.
 */
enum fault counts_confirm(struct store *s, int64_t account, const struct cause *why, struct err *err);

/*
 * Several units of measure of one SKU at one place are summed in eaches. Where several systems tell one place the number is decided
 * (trade/places.h), and where they differ a row says so (trade/conflicts.h).
 */
enum fault reading_take(struct store *s, const struct reading_of *of, const struct count *c, int n, struct arena *a, const struct cause *why,
                        struct reading_result *out, struct err *err);

/* Reckon counted, reserved, available of one item anew (of a kit what its parts allow), mark it dirty when something moved. */
enum fault item_reckon(struct store *s, int64_t item, const struct cause *why, struct err *err);

struct item {
	int64_t id;
	const char *sku, *title;
	int64_t counted, reserved, available, known_ms;
};

enum fault item_get(struct store *s, const char *sku, struct arena *a, struct item *out, struct err *err); /* FAULT_REFUSED: no such SKU */
/* The same by its number. */
enum fault item_get_id(struct store *s, int64_t id, struct arena *a, struct item *out, struct err *err);

/* The next items to plan for, oldest mark first. */
enum fault items_dirty(struct store *s, int64_t *out, int n, int *got, struct err *err);
enum fault item_clean(struct store *s, int64_t item, struct err *err);

#endif
