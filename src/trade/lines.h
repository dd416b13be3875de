#ifndef TALLYMAN_LINES_H
#define TALLYMAN_LINES_H
/*
 * lines.h: the lines of an order and what they do to stock. Used by orders*.c alone, and by their tests.
 */
#include "base/arena.h"
#include "trade/orders.h"

struct store;

/*
 * What a line becomes when told is heard after was: told is changed so that no unit goes back. Shipped and delivered units stay,
 * cancelled ones come out of those that were not shipped, and the rest is as far along as either says.
 *
 * qty     units of the line as told; *qty becomes the former number when it could not hold what was shipped
 * return  true: they showed fewer units shipped or delivered than before
 */
bool line_forward(const int64_t was[ORDER_STATES], int64_t told[ORDER_STATES], int64_t *qty);

/* Open units that our stock owes. */
int64_t line_reserves(int flags, const int64_t bucket[ORDER_STATES]);

/* A line as it stands in the store. */
struct line_was {
	int64_t id, item, pack, reserves, qty, bucket[ORDER_STATES];
	bool taken; /* the warehouse's number is without its open units */
	const char *ref, *sku, *money, *post, *title, *raw_state, *carrier, *tracking, *handle;
	int64_t price_minor, tax_minor, ship_minor, missed_ms;
};

/* All of an order, by number; they live in a. */
enum fault lines_read(struct store *s, int64_t order, struct arena *a, struct line_was **out, int *n, struct err *err);

/* The one of that number, or NULL; and a line as it was, to be written again. */
const struct line_was *line_was_of(const struct line_was *was, int n, const char *ref);
struct order_line line_kept(const struct line_was *w);

/*
 * The same of a line that the telling of its order lacks, at now_ms. One misread number makes two lines of one, and neither may be believed or dropped at once: open
 * units are waited for (missed_ms says since when) and cancelled when ORDER_SHORT_MS have passed.
 */
struct order_line line_missed(const struct line_was *w, int64_t now_ms);
struct order_line line_struck(const struct line_was *w, int64_t now_ms); /* and now: its whole order is lacking */
bool line_is_open(const int64_t bucket[ORDER_STATES]);

/* An order being written: who, whose, since when. */
struct order_cause {
	int64_t account, order;
	int flags;
	bool dispatched; /* a warehouse has told of it */
	const char *ref, *node;
	int64_t shipped_ms; /* when units that are shipped now left, as far as can be said */
	const struct cause *why;
};

/* Write one line (was NULL: a new one) with its reservation and dispatch. */
enum fault line_write(struct store *s, const struct order_cause *oc, const struct line_was *was, const struct order_line *l, struct err *err);

/* The alert that its account denies an order (orders_denied.c); out, which is returned. */
char *order_none_key(char out[160], int64_t account, const char *ref);

#endif
