#ifndef TALLYMAN_ORDERS_H
#define TALLYMAN_ORDERS_H
/*
 * orders.h: what buyers asked, on every account, in one shape.
 *
 * Adapters fill struct order from a platform's own words; orders_tell writes it. A second telling
 * of the same thing writes nothing; an older telling (by the platform's own stamp) changes nothing. A line
 * has a bucket of units for each state, so that two shipped and one cancelled of five is sayable.
 */
#include "base/arena.h"
#include "base/err.h"
#include "trade/cause.h"

#include <stdbool.h>
#include <stdint.h>

struct store;

/* The fulfilment axis, in the order of progress. */
enum order_state {
	ORDER_PENDING,
	ORDER_NEW,
	ORDER_ACKED,
	ORDER_RELEASED,
	ORDER_PICKING,
	ORDER_PACKED,
	ORDER_SHIPPED,
	ORDER_DELIVERED,
	ORDER_CANCELLED,
	ORDER_UNKNOWN, /* a word of theirs that we do not know: shown raw, alerted, never guessed */
	ORDER_STATES
};

/*
 * READ_ONLY: the channel ships it: it owes nothing of our stock, has no deadline of ours and is never written. PREORDER: its
 * pending units owe nothing yet (other pending ones do: the channel took them off its own count already).
 */
enum order_flag { ORDER_HOLD = 1, ORDER_CANCEL_REQ = 2, ORDER_EXCEPTION = 4, ORDER_READ_ONLY = 8, ORDER_PREORDER = 16 };

#define NO_DEADLINE INT64_C(4102444800000) /* 2100-01-01: sorts after everything real */

struct order_line {
	const char *ref;   /* theirs: line number, order item id */
	const char *sku;   /* as the channel spells it */
	const char *title;
	int64_t qty;
	int64_t bucket[ORDER_STATES]; /* units by state; they sum to qty */
	bool least;        /* of those shipped no more is known than that there are so many at least */
	const char *money, *post;     /* the other two axes; NULL: PAID, NONE */
	int64_t price_minor, tax_minor, ship_minor; /* of all units together */
	const char *raw_state;
	const char *handle;             /* what they want named when it is shipped, where that is not ref; "": nothing can be now; NULL: not told */
	const char *carrier, *tracking; /* as they show it, when shipped; several packages: numbers with a space between */
	int64_t missed_ms;              /* of one that is kept: since when tellings of its order lack it; 0: it was told */
};

/* People's data: sealed before it is stored, never sorted or filtered by. */
struct person {
	const char *name, *email, *phone, *address1, *address2, *city, *state, *postal, *country;
	const char *buyer; /* what they call the buyer, where that is not name: eBay's user name, Amazon's buyer of a gift */
};

struct order {
	const char *ref, *other_ref, *marketplace, *raw_state;
	int64_t placed_ms, updated_ms; /* theirs */
	int64_t ack_by_ms, ship_by_ms, deliver_by_ms, cancel_by_ms; /* 0: none */
	int flags;
	bool whose_untold; /* who fulfils it is not told: what is known of that (READ_ONLY, and with it its deadlines) stays */
	const char *currency, *service, *country, *node; /* node NULL: not told, the known one stays */
	int64_t total_minor, tax_minor, ship_minor;
	const struct person *person; /* NULL: not told */
	struct order_line *line;
	int lines;
	const char *path; /* where in the reply: "list.elements.order[3]" */
};

const char *order_state_name(enum order_state s);
enum order_state order_state_from_name(const char *name); /* ORDER_STATES when it is none */

/*
 * The least advanced state that still has units: what a queue shows. Unknown units come before shipped ones: somebody has to look.
 * An order without units is cancelled.
 */
enum order_state order_state_of(const struct order *o);

/* Is anything of it still to be done? */
bool order_is_open(enum order_state s);

/* The next deadline that costs something, NO_DEADLINE when none is left. */
int64_t order_due(const struct order *o);

/* SHORT: it lacks a line that was open; it is to be read again when ORDER_SHORT_MS have passed. */
enum told { TOLD_NEW, TOLD_CHANGED, TOLD_SAME, TOLD_OLDER, TOLD_SHORT };

enum { ORDER_SHORT_MS = 5 * 60000 };

/*
 * Write one order: the order, its lines and what they reserve, its person sealed, one change row for each field that
 * became another, its items marked dirty. Inside the caller's transaction.
 *
 * States only go forward: units once shipped or delivered stay so whatever is told later (an alert says that they differ), and
 * an order that is acknowledged does not become new again. A line that one telling lacks is kept; an open one that is lacking for ORDER_SHORT_MS is
 * struck: its open units are cancelled, with an alert. Told again it is what it is told to be.
 *
 * An order that cannot be (units that do not sum, a line's SKU empty) is FAULT_FORMAT, and nothing of it was written: park it,
 * go on with the rest.
 */
enum fault orders_tell(struct store *s, int64_t account, const struct order *o, const struct sealer *seal, const struct cause *why,
                       enum told *told, struct err *err);

/*
 * An account was asked for one order by its number, and says that it has none. One bit that fell over in a number makes an order that never was, which would
 * stand open for ever; but platforms list an order before they serve it, and one that is broken says of all that it has none. So one denial decides nothing: the
 * order is struck (its open units cancelled, what waits to be said of it failed, with an alert) by a second one ORDER_SHORT_MS after the first, ORDER_SURE_MS
 * when more than one reply has told of it, and only if the account has told another order by its number in between. Told again it is what it is told to be.
 *
 * One of which they took a confirmation is kept, whatever they say now, and so is one that has left, or is so old that they may have put it away: an alert says so.
 */
enum { ORDER_SURE_MS = 60 * 60000, ORDER_SERVED_MS = 10 * 60000 }; /* SERVED: so long after it was told a denial means nothing */

struct denial {
	int64_t account;
	const char *ref;
	int64_t told_ms; /* when the account last told an order that it was asked for by number, and when it answered anything at all; 0: not yet */
	int64_t well_ms;
};

/* UNKNOWN: not in the store; WAITS: not decided; OVER: nothing of it was open any more. */
enum denied { DENIED_UNKNOWN, DENIED_WAITS, DENIED_STRUCK, DENIED_KEPT, DENIED_OVER };

/* An order to read by its number. */
struct order_ask {
	int64_t order; /* 0: none */
	const char *ref;
};

struct denied_next {
	int64_t again_ms;        /* when it is to be asked for again; 0: no more */
	struct order_ask self, beside; /* beside: another one, whose telling proves that they answer well */
};

/* Inside the caller's transaction. Texts live in a. */
enum fault order_denied(struct store *s, const struct denial *d, const struct cause *why, struct arena *a, enum denied *out, struct denied_next *next,
                        struct err *err);

/* What waits to be said of a struck order, or is in doubt, is failed: left to a person. *struck: it is such an order. */
enum fault order_struck_jobs(struct store *s, int64_t order, const struct cause *why, bool *struck, struct err *err);

/*
 * Is nothing open any more, and something cancelled, of what a job would acknowledge or confirm, so that it is not to be said (again)? Not when they show the package.
 * job: it is failed, waiting or in doubt as it was: left to a person.
 */
struct job;
enum fault order_cancelled(struct store *s, const struct job *j, bool *yes, struct err *err);
enum fault order_cancelled_job(struct store *s, const struct job *j, const struct cause *why, struct err *err);

/*
 * An open order of an account that is worth a read of its own, if there is one: that is near its deadline and was not told for half a day; or which only one reply ever
 * told, although the lists that follow tell each order again. Not one that was read so within hours.
 */
enum fault order_to_ask(struct store *s, int64_t account, int64_t now_ms, struct arena *a, struct order_ask *out, struct err *err);

/* Units of a line that left, all packages together. */
struct order_gone {
	const char *line; /* its number */
	int64_t units;
};

/*
 * How many units of an order's lines have left, from its packages. They go from open to shipped; none comes back, and of a line that is open by its own
 * word one unit stays so until it says otherwise (a package told twice is two). Inside the caller's transaction; an order that is not known is let be.
 */
enum fault orders_gone(struct store *s, int64_t account, const char *ref, const struct order_gone *gone, int n, const struct cause *why, struct err *err);

/* ---- reading ---- */

/* A row of the queue. Texts live in the arena given. */
struct order_row {
	int64_t id, account;
	const char *account_name, *channel, *ref, *other_ref, *marketplace, *sku, *currency, *service, *country, *carrier, *tracking, *confirm;
	const char *raw_state;
	enum order_state state;
	bool open;
	int flags;
	int64_t due_ms, ack_by_ms, ship_by_ms, cancel_by_ms, placed_ms, updated_ms, known_ms, total_minor, units;
	int64_t attempt_id;
};

struct order_line_row {
	int64_t id;
	const char *ref, *sku, *title, *money, *post, *raw_state, *handle;
	int64_t item_id, qty, bucket[ORDER_STATES], reserves, price_minor, tax_minor;
	int64_t available; /* of its item, INT64_MIN when not mapped */
};

struct order_detail {
	struct order_row row;
	const char *person; /* masked */
	const char *path, *trace, *node;
	int64_t tax_minor, ship_minor, deliver_by_ms;
	int64_t none_ms, struck_ms; /* since when its account denies it, and it is struck for that; 0: neither */
	struct order_line_row *line;
	int lines;
};

/* FAULT_REFUSED when there is no such order. */
enum fault order_get(struct store *s, int64_t id, struct arena *a, struct order_detail *out, struct err *err);

/* The order with this reference (ours or the buyer's number), 0 when none; account 0: any. */
enum fault order_find(struct store *s, int64_t account, const char *ref, int64_t *id, struct err *err);

/*
 * The buyer's data unsealed: name, email, phone, address1, address2, city, state, postal, country, buyer. Engine only (it has the key), and
 * who looked is audited there. FAULT_REFUSED when there is none, or it was purged.
 */
struct fields;
enum fault order_person(struct store *s, int64_t order, const struct sealer *seal, struct arena *a, struct fields *out, struct err *err);

/* Move overdue counters (orders.late, orders.due, orders.new) to now: the engine does it each minute. */
enum fault orders_recount(struct store *s, int64_t now_ms, struct err *err);

/* Destroy people's data that is due. Returns rows purged in *n. */
enum fault orders_purge(struct store *s, int64_t now_ms, int *n, struct err *err);

/*
 * A notice that somebody is to be forgotten: now, whatever date it had; nor is he written down again when the order is told anew. With him go the replies that
 * facts were learnt from; the others that told him want a key (forget.h).
 */
enum fault order_redact(struct store *s, int64_t order, const struct cause *why, struct err *err);

#endif
