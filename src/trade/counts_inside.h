#ifndef TALLYMAN_COUNTS_INSIDE_H
#define TALLYMAN_COUNTS_INSIDE_H
/* counts_inside.h: a reading while it is taken, for counts*.c only. */
#include "store/store.h"
#include "trade/conflicts.h"
#include "trade/inventory.h"
#include "trade/ledger.h"
#include "trade/places.h"
#include "trade/readings.h"

enum { MOST_QTY = 999999 }; /* eaches of a SKU at a place */

/* One count of the reading, and what it would do. */
struct taken {
	const struct count *count;
	const char *place;
	int64_t qty;        /* eaches, of all its units of measure together */
	int64_t committed;
	int64_t valid_ms;
	bool timed;         /* they say when it was counted */
	bool unknown;       /* a unit of measure that nobody explained */
	struct shelf at;
	int64_t was, was_ms; /* what the same source said before */
	bool said;          /* it said something */
	bool told;          /* the same, of no other time that is known */
	struct chosen use;  /* whose number holds from now on */
	int64_t counted;    /* to be believed from now on */
	bool skip;          /* it says nothing new */
	bool gone;          /* nobody told it: two complete readings left it out */
};

struct taking {
	struct store *s;
	struct arena *a;
	const struct reading_of *of;
	const struct cause *why;
	struct truth truth;
	bool tells_orders;  /* the source tells our orders as well: its number excludes those that it has */
	struct taken *t;
	int n, cap;
	struct reading_result *out;
	int unknown_cap;
};

/* counts_eaches.c. Fills x->t and x->n. FAULT_FORMAT: it is not sound, and nothing of it was written. */
enum fault counts_line_up(struct taking *x, const struct count *c, int n, struct err *err);
int counts_order(const void *p, const void *q); /* by place and SKU, for qsort */

/* counts_weigh.c. What one count would do. */
enum fault counts_weigh(struct taking *x, struct taken *t, struct err *err);

/* counts_guard.c. FAULT_REFUSED: the reading takes too much at once, and no more than that it does so is written. The doubt is over with one that is taken. */
enum fault counts_guard(const struct taking *x, struct err *err);
enum fault counts_doubt_over(const struct taking *x, struct err *err);

/* counts_gone.c. One past the last count of the same place as x->t[i]. */
int counts_run_end(const struct taking *x, int i);

/* What two complete readings in a row left out joins the counts as none; what this one leaves out of x->t[from..to), one place, is noted. */
enum fault counts_take_out_gone(struct taking *x, struct err *err);
enum fault counts_note_missing(struct taking *x, int from, int to, struct err *err);

#endif
