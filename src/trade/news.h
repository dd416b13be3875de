#ifndef TALLYMAN_NEWS_H
#define TALLYMAN_NEWS_H
/*
 * news.h: what one reply taught us. Adapters fill it, news_apply writes it in one transaction with everything that follows.
 *
 * It lives in one arena. The fillers (news_order ...) copy nothing: point into the same arena.
 */
#include "base/arena.h"
#include "base/err.h"
#include "trade/cause.h"
#include "trade/inbox.h"
#include "trade/inventory.h"
#include "trade/jobs.h"
#include "trade/offers.h"
#include "trade/orders.h"

struct store;

/* What they answered to one job of the batch. */
struct receipt {
	int job;           /* index in the batch */
	enum fault fault;  /* OK: accepted, which is not applied */
	const char *text;  /* for a person */
	const char *ref;   /* their number for it; NULL: none */
	bool stale;        /* said from a number that is no more theirs: it is read, and decided again */
	bool final;        /* nothing to read back: accepted is done (a preview, a read) */
};

/* A word of theirs that we do not know. */
struct odd {
	const char *path, *word, *subject;
};

/* One feed of theirs, as their list or status tells it. */
struct feed {
	const char *id, *type, *state; /* state: their word */
	const char *name;              /* what it was handed in as; NULL: not told */
	const char *marketplace;       /* the only one it is for; NULL: not told, or several */
	const char *report;            /* the document that holds its items' verdicts; NULL: none, or they stand in the status */
	int64_t made_ms, items, good, bad, waiting;
	bool ended;                    /* nothing of it will be worked at any more */
	bool lost;                     /* it ended without its items having been looked at, one by one */
};

/* What became of one item of a feed. */
struct item_told {
	int64_t msg;       /* its number in the feed; 0: it is told by its SKU */
	const char *sku, *node;
	enum fault fault;  /* OK: taken, which is not applied; REFUSED: a person must look; REMOTE: theirs, say it again */
	bool waiting;      /* not looked at yet */
	const char *text;  /* for a person */
};

/* One number that somebody has for a SKU: a row of the cross-reference. */
struct identity {
	const char *sku;   /* as the teller spells it */
	const char *kind;  /* "asin" "walmart_item" "upc" "ean" "gtin" "ebay_offer" "ebay_listing" "shopify_variant" "shopify_item" "netsuite" "cartoncloud" */
	const char *value;
	const char *path;
};

/* An item as a source of truth has it. */
struct product {
	const char *sku, *title, *code; /* code: their number for it */
	const char *unit;               /* one unit of measure a row; NULL: eaches alone */
	int64_t eaches;                 /* in that unit, >= 1 */
	int64_t price_minor;            /* the base price, where it was told with its currency */
	const char *currency;           /* NULL: no price was told */
	bool active;
	const char *path;
};

/* A place as they have it. */
struct site {
	const char *code, *name, *kind; /* code: their number; kind: "own" "3pl" "dropship" "fba" "wfs" */
	bool active;
};

/* One of our orders as the warehouse has it: while it is taken, a reading of made_ms or later has its units off the free quantity already. */
/* Goods that are set aside for it or left with it. A SKU may stand in several lines. */
struct dispatch_line {
	const char *sku;
	const char *unit; /* their unit of measure, as in struct count; NULL: eaches */
	int64_t qty;
};

struct dispatch {
	const char *ref;       /* the number of ours that it carries: the marketplace's order */
	const char *their_ref, *state, *raw_state; /* state: RELEASED PICKING PACKED SHIPPED CANCELLED, UNKNOWN: see raw_state */
	const char *place;
	bool taken;            /* allocated, packed or gone; not while it waits for stock or approval, or was refused: then we still owe the units ourselves */
	int64_t made_ms, updated_ms, gone_ms; /* gone_ms 0: it has not left */
	const char *carrier, *tracking;
	const struct dispatch_line *line; /* all of its lines; none: not told */
	int lines;
	const char *path;
};

/* What is left of a bucket by their own word. */
struct quota {
	const char *bucket;
	int64_t limit, left, reset_ms; /* limit: the most it holds; -1: not told */
	int64_t restore;               /* gained a second; 0, -1: not told */
};

struct news {
	struct arena *arena;
	struct identity *identity;
	int identities, identities_cap;
	struct product *product;
	int products, products_cap;
	struct site *site;
	int sites, sites_cap;
	struct dispatch *dispatch;
	int dispatches, dispatches_cap;
	struct quota *quota;
	int quotas, quotas_cap;
	struct order *order;
	int orders, orders_cap;
	const char *gone_of;     /* VERB_PARCELS: the order whose lines these are */
	struct order_gone *gone;
	int gones, gones_cap;
	struct count *count;     /* rows of one reading for the same place and SKU add up (units of measure, pages) */
	int counts, counts_cap;
	bool counts_whole;       /* the reading is complete with these: on its last page, when it has pages */
	const char *reading;     /* what all pages of one reading share: a run's id, a window's key; NULL: this reply is all of it */
	struct seen *seen;
	int seens, seens_cap;
	struct receipt *receipt;
	int receipts, receipts_cap;
	struct parked *parked;
	int parkeds, parkeds_cap;
	struct odd *odd;
	int odds, odds_cap;
	struct feed *feed;
	int feeds, feeds_cap;
	struct item_told *item;  /* of one feed */
	int items, items_cap;
	bool items_rest;         /* of this feed's items those that are not told here were taken */
	struct job_plan *follow; /* jobs to queue; account is filled by the engine */
	int follows, follows_cap;

	bool no_order;           /* VERB_ORDER: they say that they have none of this number; hear says FAULT_REFUSED besides */
	int64_t listed;          /* entries of this page of a list, where that is not what was seen of them; 0: it is */
	int64_t total;           /* entries of the whole list by their own word; -1: not told */
	bool has_page;           /* a list was read */
	const char *next_page;   /* theirs; NULL: that was the last page */

	const char *token;       /* VERB_TOKEN: the secret itself: never stored, never logged */
	int64_t token_life_s;
	const char *scopes;      /* VERB_PING: "orders=full_access inventory=view_only" */
	const char *out;         /* VERB_STATUS: what we live by and they call out, "Orders, Inventory"; "": nothing; NULL: not told */
	int64_t offset_ms;       /* VERB_PING or any: their clock minus ours, 0: not told */
};

/*
 * Empty news, and room for one more of each, zeroed, to be filled by the adapter; valid until the next of the same. receipt: what became of the i-th job of
 * the batch. parked: an element that was not understood, with its JSON path and its bytes. odd: a word that we do not know in one that was. follow: a job that comes of it.
 */
struct news news_new(struct arena *a);
struct order *news_order(struct news *n);
struct order_gone *news_gone(struct news *n);
struct count *news_count(struct news *n);
struct seen *news_seen(struct news *n);
void news_receipt(struct news *n, int job, enum fault fault, const char *ref, const char *text);
void news_parked(struct news *n, const char *class, const char *subject, const char *path, const char *text, const char *fragment);
void news_odd(struct news *n, const char *path, const char *word, const char *subject);
struct feed *news_feed(struct news *n);
struct item_told *news_item(struct news *n);
struct identity *news_identity(struct news *n);
struct product *news_product(struct news *n);
struct site *news_site(struct news *n);
struct dispatch *news_dispatch(struct news *n);
struct quota *news_quota(struct news *n);
struct job_plan *news_follow(struct news *n, enum verb verb, const char *subject);

/* What writing it did, for the log and the engine's next step. */
struct tally {
	int orders_new, orders_changed, orders_same, orders_parked, seen, counts, parked, odd;
	bool nothing_new; /* not a row was written that this reply stands behind */
	int seen_anew;   /* of those seen: something about them is not as it was */
	int orders_late; /* ack or ship deadline already past when first seen */
};

/*
 * Write it all inside the caller's transaction: orders (a bad one parks itself, not its page), seen offers, counts, parked pieces, odd words (an alert each),
 * feeds with errors. Not the receipts and follow-ups: those are the engine's.
 * begun_ms: when the request was sent.
 */
enum fault news_apply(struct store *s, int64_t account, enum verb verb, const struct news *n, int64_t begun_ms, const struct sealer *seal,
                      const struct cause *why, struct tally *out, struct err *err);

#endif
