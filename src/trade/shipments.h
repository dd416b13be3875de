#ifndef TALLYMAN_SHIPMENTS_H
#define TALLYMAN_SHIPMENTS_H
/*
 * shipments.h: a package that left, whoever says so: operator, warehouse, channel. Each package is confirmed
 * once to its channel.
 *
 *	NOT_SENT -> SENDING -> ACCEPTED -> APPLIED   (their order shows it)
 *	                    -> REJECTED              (a person must look)
 *	                    -> UNKNOWN -> read first, then APPLIED or NOT_SENT again
 */
#include "base/arena.h"
#include "base/err.h"
#include "trade/cause.h"

#include <stdbool.h>
#include <stdint.h>

struct store;

struct shipped {
	int64_t line_id;
	int64_t qty;
};

struct shipment {
	int64_t id, order_id;
	const char *package;  /* our key for it, stable: "1", "2" ... within the order, as some channels want it */
	const char *carrier;  /* canonical code of data/carriers.csv, or free text with a url */
	const char *tracking, *url, *service;
	int64_t shipped_ms;
	const char *source;   /* "operator" "warehouse" "channel" */
	const char *confirm;
	struct shipped *line; /* none: everything of the order that is open */
	int lines;
	int64_t intent_id;
};

/*
 * Note a package. FAULT_REFUSED with a sentence: order closed or read only, more units than are open,
 * the same tracking number on another package of the order, carrier unknown without a tracking URL.
 */
enum fault shipment_note(struct store *s, const struct shipment *sh, const struct cause *why, int64_t *id, struct err *err);

/* Units of an order line that are in no package yet and have not left otherwise. */
enum fault shipment_free(struct store *s, int64_t line, int64_t *units, struct err *err);

/* What a warehouse told of, and nobody decided to confirm: noting the same number as a person's decision takes it up. */
bool shipment_is_draft(const struct shipment *sh);

/* Of an order o, in a question: does a line of it wait for a package still? Somebody else may have told of all of it. */
#define SHIPMENT_WANTED \
	"EXISTS (SELECT 1 FROM order_line l WHERE l.order_id = o.id AND l.qty - l.q_cancelled - l.q_shipped - l.q_delivered > 0 " \
	"AND l.qty - l.q_cancelled > (SELECT coalesce(sum(sl.qty), 0) + coalesce(max(sl.elsewhere), 0) FROM shipment_line sl " \
	"JOIN shipment p ON p.id = sl.shipment_id WHERE sl.line_id = l.id AND p.confirm <> 'REJECTED'))"

/* With its lines; FAULT_REFUSED: there is none. */
enum fault shipment_get(struct store *s, int64_t id, struct arena *a, struct shipment *out, struct err *err);

/* The packages of an order, oldest first. */
enum fault shipments_of(struct store *s, int64_t order, struct arena *a, struct shipment **out, int *n, struct err *err);

/*
 * The drawn steps and no other. A rejected package let go of its units: it is sent again only when nobody packed them since (FAULT_REFUSED).
 */
enum fault shipment_confirm(struct store *s, int64_t id, const char *confirm, const struct cause *why, struct err *err);

/*
 * Does the channel's own order, as last read, show this package? Yes when each of its lines carries the tracking number,
 * or shows as many units shipped as this package and all noted before it hold, and those that left before in none of ours. read_ms: when that reading was made.
 */
enum fault shipment_shown(struct store *s, int64_t id, bool *shown, int64_t *read_ms, struct err *err);

/* ---- carriers: data/carriers.csv ---- */

struct carrier {
	const char *code, *name;
	const char *walmart; /* its word in Walmart's closed enumeration, "" when it has none: otherCarrier and a URL then */
	const char *amazon;  /* carrierCode; "Other" with the name otherwise */
	const char *ebay, *shopify;
	const char *url;     /* tracking page with {n}; "" when not known */
	const char *pattern; /* of tracking numbers, POSIX extended; "" when not known */
	const char *never;   /* channels whose rules forbid it, by ";": "walmart" */
};

/* By code, name or alias, case-insensitive; false when unknown. Texts live in a. */
bool carrier_find(struct arena *a, const char *word, struct carrier *out);

/* The i-th carrier; false past the end. */
bool carrier_at(struct arena *a, int i, struct carrier *out);

/*
 * Why its channel takes no confirmation with this carrier (NULL: it is in no table) and a tracking page of its own or none; NULL when it does. The
 * sentence lives in a.
 */
const char *carrier_obstacle(struct arena *a, const struct carrier *c, const char *channel, bool has_url);

/* Does the number look like this carrier's? A warning, never a refusal. */
bool carrier_fits(const struct carrier *c, const char *tracking);

/* The one carrier whose numbers look like this; false: none does, or more than one. */
bool carrier_of_number(struct arena *a, const char *tracking, struct carrier *out);

#endif
