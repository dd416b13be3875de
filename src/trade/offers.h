#ifndef TALLYMAN_OFFERS_H
#define TALLYMAN_OFFERS_H
/*
 * offers.h: one SKU on one account, marketplace and node: what we want said, what was
 * accepted, what they show.
 *
 * An offer's push is closed by observation: SETTLING until a read made after the acceptance shows
 * it (APPLIED), the channel's patience ends (NOT_APPLIED), or something else is shown after it had applied
 * (OVERWRITTEN). Drift is seen - pushed outside settling.
 */
#include "base/arena.h"
#include "base/err.h"
#include "trade/cause.h"

#include <stdbool.h>
#include <stdint.h>

struct store;

/* What a read showed of one offer. */
struct seen {
	const char *marketplace, *node, *sku; /* NULL: "" */
	const char *title, *product_type;     /* NULL: not told */
	const char *pool;                     /* "own" "fba" "wfs" "auction"; NULL: not told, it is who it was, and ours when it is new */
	bool pooled;                          /* tells what lies in that pool, and nothing of who ships the listing */
	const char *ref, *listing, *item_ref; /* their numbers for the offer, its listing, its stock item; NULL: not told */
	const char *block;                    /* why it may not be written, in a person's words; "" when it may; NULL: not told */
	const char *flags;                    /* words with a space between: "continue" sells below zero, "ended", "odd" is blocked by a word that we do not know, "auction:2" of its SKU are in one; NULL: not told */
	int64_t qty;                          /* -1: the read tells no quantity */
	int64_t reserved;                     /* units that they sold and hold for their buyers; 0: none, or not told */
	int64_t sellable;                     /* with reserved: what they sell of qty now */
	int64_t valid_ms;                     /* when it was so; 0: when the read began */
	const char *path;
};

struct offer {
	int64_t id, account, item;
	const char *account_name, *channel, *marketplace, *node, *sku, *item_sku, *product_type, *title, *pool, *hold, *why, *push_state, *cause;
	const char *ref, *listing, *item_ref, *block, *flags, *mapped_by;
	int64_t pack, mapped_ms; /* eaches in one of the listing's units: target, pushed and seen count those */
	int64_t target, pushed, seen; /* -1: none yet */
	int64_t target_ms, pushed_ms, seen_ms, settle_ms, drift, drift_ms, risk, ver;
	int64_t available; /* of its item */
	int64_t seen_attempt;
	int64_t place;     /* that its node stands for; 0: none */
	const char *site;  /* which of its account's marketplaces and places, as a person calls it; "" until offer_site (marketplaces.h) */
	bool live;         /* the account's mode */
};

/*
 * Take what a read of this account showed. A new offer is born (mapped by exact SKU, else unmapped); a changed quantity
 * is an observation; a push is closed or drift found. begun_ms: when the read was sent: only a read begun after the
 * acceptance proves anything.
 */
enum fault offers_seen(struct store *s, int64_t account, const struct seen *seen, int n, int64_t begun_ms, const struct cause *why,
                       struct err *err);

/*
 * Need the offer behind a SKU not be asked for? Not when it was read within a day and shows what a list tells now (shown; -1: it tells
 * nothing); one that may not be written is looked at once an hour. One that shows fewer, which an order that is not here yet would explain, is looked at with each list.
 */
enum fault offer_is_known(struct store *s, int64_t account, const char *marketplace, const char *sku, int64_t shown, int64_t now_ms, bool *yes,
                          struct err *err);

/* A list has its SKU still, and the same quantity lies behind it: what was read of its offers holds. */
enum fault offer_listed(struct store *s, int64_t account, const char *marketplace, const char *sku, int64_t begun_ms, struct err *err);

/*
 * A read of it alone, begun then, was answered with "no such listing". Past their patience our quantity, accepted as it was, is NOT_APPLIED; what was seen
 * before stays what was seen.
 */
enum fault offer_not_there(struct store *s, int64_t offer, int64_t begun_ms, const struct cause *why, struct err *err);

/* They took our quantity: SETTLING until now + settle_ms. ver: the version that was said. */
enum fault offer_accepted(struct store *s, int64_t offer, int64_t qty, int64_t ver, int64_t settle_ms, const struct cause *why,
                          struct err *err);

/* Has a reading learnt since then shown what was said last? */
enum fault offer_was_shown(struct store *s, int64_t offer, int64_t since_ms, bool *yes, struct err *err);

/* Pushes whose channel's patience has ended become NOT_APPLIED; returns how many. */
enum fault offers_expire(struct store *s, const struct cause *why, int *n, struct err *err);

/*
 * A person takes what they show for right: it is what is confirmed now, and stands until our own number moves again. FAULT_REFUSED: nothing was read yet.
 */
enum fault offer_accept_seen(struct store *s, int64_t offer, const struct cause *why, struct err *err);

/* Less may be shown at this offer than before: others of its item that waited for that are thought over again. */
enum fault offer_wake(struct store *s, int64_t offer, int64_t now_ms, struct err *err);

/* By its number; FAULT_REFUSED: there is none. */
enum fault offer_get(struct store *s, int64_t id, struct arena *a, struct offer *out, struct err *err);

/* All offers of an item, or of an account (item 0), by id after `after`, at most n. */
enum fault offers_list(struct store *s, int64_t item, int64_t account, int64_t after, int n, struct arena *a, struct offer **out, int *got,
                       struct err *err);

/* The reason why an offer may not be written, NULL when it may: pool, not mapped, account in shadow mode is no such reason. */
const char *offer_unwritable(const struct offer *o);

/*
 * Eaches that it goes on selling whatever we say: it may not be written, and its goods are ours (an auction, a listing that was never migrated). By its last
 * reading; 0 for a pool of the channel's own, for what has ended, for a spare location of a listing that is written elsewhere.
 */
int64_t offer_tied(const struct offer *o);

#endif
