#ifndef TALLYMAN_INVENTORY_H
#define TALLYMAN_INVENTORY_H
/*
 * inventory.h: items, places, counts and what is available of them.
 *
 *	available = sum of counts over the places that count - open units of orders
 *
 * A channel never writes here (ARC-02): counts come from a warehouse, its file, or a person.
 */
#include "base/arena.h"
#include "base/err.h"
#include "trade/cause.h"

#include <stdbool.h>
#include <stdint.h>

struct store;

struct count {
	const char *place; /* NULL: the only place there is */
	const char *sku;
	const char *title; /* NULL: not told */
	int64_t qty;       /* 0..999,999 */
	int64_t valid_ms;  /* when it was counted; 0: now */
};

/* A place by name, made when new. */
enum fault place_id(struct store *s, const char *name, const char *kind, int64_t account, int64_t *id, struct err *err);

/* An item by our SKU, made when new. */
enum fault item_id(struct store *s, const char *sku, const char *title, int64_t now_ms, int64_t *id, struct err *err);

/*
 * Take counts: a move from what we believed to what was found, the item marked dirty, the place heard. All or
 * nothing: the caller's transaction. whole: the list is complete (a SKU that is missing from a complete list is not
 * zeroed; it is alerted).
 *
 * Mass-drop guard: a reading that would take more than 30 % of all units or bring more than 30 % of SKUs to zero is FAULT_REFUSED
 * with the arithmetic, unless `again` says a second reading agreed or a person accepted it.
 */
enum fault counts_take(struct store *s, const struct count *c, int n, bool whole, bool again, const struct cause *why, struct err *err);

/* Reckon counted, reserved, available of one item anew, mark it dirty when something moved. */
enum fault item_reckon(struct store *s, int64_t item, const struct cause *why, struct err *err);

struct item {
	int64_t id;
	const char *sku, *title;
	int64_t counted, reserved, available, known_ms;
};

enum fault item_get(struct store *s, const char *sku, struct arena *a, struct item *out, struct err *err); /* FAULT_REFUSED: no such SKU */
enum fault item_get_id(struct store *s, int64_t id, struct arena *a, struct item *out, struct err *err);

/* The next items to plan for, oldest mark first. */
enum fault items_dirty(struct store *s, int64_t *out, int n, int *got, struct err *err);
enum fault item_clean(struct store *s, int64_t item, struct err *err);

#endif
