#ifndef TALLYMAN_VIEWS_H
#define TALLYMAN_VIEWS_H
/*
 * views.h: a screenful of orders or drift, sorted, filtered, by keyset.
 *
 * A page is asked for by the sort value and id of the row it follows, never by an offset: a queue of ten million
 * opens and scrolls as one of ten thousand. Panes and commands read the same pages.
 */
#include "base/arena.h"
#include "base/err.h"
#include "trade/filter.h"
#include "trade/inbox.h"
#include "trade/inventory.h"
#include "trade/offers.h"
#include "trade/orders.h"

#include <stdbool.h>
#include <stdint.h>

struct store;

/*
 * Natural order: deadline soonest first; placed newest first; total largest first; channel by account, in it by deadline;
 * sku of the first line. Where closed orders are shown they follow the open ones, newest first,
 * except by placed, where both are one list: nobody works on a closed order, and four more indexes over all of
 * them would cost each order that is taken in.
 */
enum order_sort { SORT_DUE, SORT_PLACED, SORT_TOTAL, SORT_CHANNEL, SORT_SKU, ORDER_SORTS };

/* Natural order: most risk first; largest difference first, up or down; oldest first; sku. */
enum drift_sort { SORT_RISK, SORT_DELTA, SORT_DRIFT_AGE, SORT_DRIFT_SKU, DRIFT_SORTS };

/*
 * Where a page begins: after this row in the view's order. text is used by sorts over text. id 0: at the top.
 * closed: the row stands among the closed orders, which follow the open ones.
 */
struct page_key {
	int64_t value, id;
	const char *text;
	bool closed;
};

struct page_ask {
	const char *filter; /* "" or NULL: none */
	int sort;           /* enum order_sort or drift_sort */
	bool reverse;       /* the other way round than the view's natural order */
	bool before;        /* the n rows before the key (nearest first) instead of after it */
	bool all;           /* orders: closed ones too; otherwise open ones only */
	struct page_key key;
	int n;              /* at most 500 */
	int64_t now_ms;
};

extern const struct filter_language order_language, drift_language;
const char *order_sort_name(enum order_sort s); /* "ship_by" ... */
const char *drift_sort_name(enum drift_sort s);

/* filter errors are FAULT_REFUSED with *at, *len as in filter.h (may be NULL). */
enum fault orders_page(struct store *s, const struct page_ask *ask, struct arena *a, struct order_row **out, int *got, int *at, int *len,
                       struct err *err);
enum fault drift_page(struct store *s, const struct page_ask *ask, struct arena *a, struct offer **out, int *got, int *at, int *len,
                      struct err *err);

/* The key of a row in this view's order. */
struct page_key order_key(const struct order_row *r, int sort);
struct page_key drift_key(const struct offer *o, int sort);

/* How many rows fit the filter: counted up to most, then "most or more". Never on the way of a key; interruptible. */
enum fault orders_count(struct store *s, const struct page_ask *ask, int64_t most, int64_t *out, struct err *err);
enum fault drift_count(struct store *s, const struct page_ask *ask, int64_t most, int64_t *out, struct err *err);

/* ---- a story: everything known of one order or offer, in order of time, each with where it was learnt ---- */

struct event {
	int64_t at_ms;       /* valid time */
	int64_t known_ms;
	const char *what;    /* "placed", "state NEW to ACKED", "ship confirm accepted" */
	const char *detail, *actor, *trace;
	int64_t attempt_id;  /* 0: none */
};

enum fault order_story(struct store *s, int64_t order, struct arena *a, struct event **out, int *n, struct err *err);
enum fault offer_story(struct store *s, int64_t offer, struct arena *a, struct event **out, int *n, struct err *err);
enum fault item_story(struct store *s, int64_t item, struct arena *a, struct event **out, int *n, struct err *err); /* with all its offers */

/* Why a number is what it is: the equation, a term a line, with age and origin. */
struct term {
	const char *name, *value, *origin;
	int64_t at_ms, attempt_id;
	int row; /* of an offer: terms of one row stand side by side; 0: what there is of the item */
};

enum fault offer_explain(struct store *s, int64_t offer, int64_t now_ms, struct arena *a, struct term **out, int *n, struct err *err);
enum fault item_explain(struct store *s, int64_t item, int64_t now_ms, struct arena *a, struct term **out, int *n, struct err *err);
enum fault order_explain(struct store *s, int64_t order, int64_t now_ms, struct arena *a, struct term **out, int *n, struct err *err); /* its state and deadlines */

/*
 * The same of an item on every channel at once: what there is of it, and what each of its offers makes of that. The steps are reckoned anew with the
 * configuration in force; what was decided stands in "target". At most 500 offers, by number.
 */
struct reason {
	const struct offer *offer;
	struct term *term;
	int n;
};
struct reasons {
	struct term *term;
	int n;
	struct reason *of;
	int offers;
};
enum fault item_reasons(struct store *s, int64_t item, int64_t now_ms, struct arena *a, struct reasons *out, struct err *err);

/*
 * What does this id mean? An order's reference, a buyer's or tracking number, a SKU, a correlation id of ours or theirs, a trace, an
 * asker's id; "I-7" is alert 7, "Z-1" zero-out 1, "P-3" decision 3; and "job:12" "attempt:9" "call:9" "intent:3" "alert:7" "order:5" "item:4" "offer:9" are
 * rows. A channel's SKU is the item it is mapped to, or the offer itself while it is mapped to none. Nothing found is no fault.
 */
enum found_kind { FOUND_NOTHING, FOUND_ORDER, FOUND_ITEM, FOUND_ATTEMPT, FOUND_JOB, FOUND_INTENT, FOUND_ALERT, FOUND_OFFER, FOUND_ZERO };
struct found {
	enum found_kind kind;
	int64_t id;
	const char *words; /* "order 302-118 of amazon-us" */
};
enum fault find_id(struct store *s, const char *id, struct arena *a, struct found **out, int *n, struct err *err);

/* ---- the frame and the overview ---- */

struct overview {
	int64_t orders, open, late, due, fresh, drift, parked, failed, unsure, crit, warn, info;
	int64_t oldest_late_ms, next_due_ms;       /* deadlines: the longest past one, the next one; 0: none */
	const char *oldest_late, *next_due;        /* account names, "" for none */
	const char *oldest_late_ref;               /* and the order */
	int64_t oversold;                          /* items below zero */
	const char *awaits;                        /* who has not told of its stock for the first time: they may not be, then; "": all have */
	const char *worst_sku;
	int64_t worst_available;
	int64_t per_hour[24];                      /* orders placed in each of the last 24 hours, oldest first; at most 4,000 are counted */
	int64_t ok_ms_newest, ok_ms_oldest;        /* last understood answer of enabled accounts; 0: one was never heard */
	int channels_ok, channels;
};

/* Inside one read transaction, so that its sums fit each other. */
enum fault overview_read(struct store *s, int64_t now_ms, struct arena *a, struct overview *out, struct err *err);

#endif
