#ifndef TALLYMAN_SANDBOX_WORLD_H
#define TALLYMAN_SANDBOX_WORLD_H
/*
 * world.h: the ledger of truth of a simulated business.
 *
 * A seller with one warehouse lists its goods on two platforms; buyers buy what is listed; the
 * seller's software is heard only through the platforms. What really happened is written down here, so that a
 * test can ask afterwards what was lost, done twice, oversold or late, without asking the software itself.
 *
 * Time comes in through world_advance, chance through a seed. Everything but strings is an
 * integer, and strings are numbers into one table, so the whole world is saved as rows of integers.
 */
#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

enum { MINUTE_MS = 60 * 1000, HOUR_MS = 60 * MINUTE_MS, DAY_MS = 24 * HOUR_MS };

/* Those that sell come first; the rest knows of stock. */
enum platform { WALMART, AMAZON, EBAY, SHOPIFY, CARTONCLOUD, NETSUITE, PLATFORMS, MARKETS = CARTONCLOUD };

extern const char *const platform_names[PLATFORMS]; /* "walmart" "amazon" "ebay" "shopify" "cartoncloud" "netsuite" */

/*
 * Where an offer stands: a marketplace and, at Walmart and Shopify, one of the seller's own places. WFS and FBA are the platforms' own
 * warehouses, auctions and old eBay listings are goods that the seller has put aside: his software may read them and must never write them.
 */
enum place {
	WALMART_MAIN,
	WALMART_WEST,
	WALMART_WFS,
	AMAZON_US,
	AMAZON_CA,
	AMAZON_MX,
	AMAZON_FBA,
	EBAY_US,
	EBAY_AUCTION,
	EBAY_OLD, /* listed before the Inventory API, which does not know it */
	SHOPIFY_MAIN,
	SHOPIFY_WEST,
	PLACES
};

struct place_fact {
	enum platform platform;
	const char *id;   /* Walmart: the ship node; Amazon and eBay: the marketplace; Shopify: the location */
	const char *name; /* for people: "walmart/main" */
	const char *currency, *country;
	bool pool;       /* the platform ships from its own warehouse */
	bool apart;      /* its goods are not on the seller's shelf: a pool's, or put aside; never written */
	int share;       /* of the demand for a product that is offered everywhere */
	int price_pct;   /* of the price in US dollars */
};

extern const struct place_fact place_facts[PLACES];

/* The place by its name ("amazon/ca") or id; PLACES when there is none. */
enum place place_named(const char *s);

/*
 * Where the seller's goods stand: a room behind the shop, counted into a file; two warehouses of its own, which the ERP
 * counts; two of a logistics provider, which its warehouse system counts. Without options.depots everything is in the first.
 */
enum depot { DEPOT_FILE, DEPOT_RENO, DEPOT_OHIO, DEPOT_HARBOR, DEPOT_OAKLAND, DEPOTS };

enum depot_kind { KEPT_IN_FILE, KEPT_IN_ERP, KEPT_IN_WMS };

struct depot_fact {
	const char *name;  /* for fault lines and the control surface: "reno" */
	const char *title; /* as its own system calls it */
	enum depot_kind kind;
	int share; /* of the goods */
};

extern const struct depot_fact depot_facts[DEPOTS];

enum depot depot_named(const char *s); /* by name or title; DEPOTS when there is none */

enum { PARTS = 2 }; /* that a bundle may have */

struct product {
	uint32_t sku, name, kind, gtin, asin; /* texts; kind is Amazon's product type */
	int32_t price_minor, weight_g;        /* US cents */
	int32_t rate;                         /* weight of demand against the other products */
	int32_t shelf;                        /* units in the seller's warehouses together */
	int32_t at[DEPOTS];                   /* how they are spread */
	int32_t busy[DEPOTS];                 /* allocated to orders that the warehouse has and has not sent off */
	int32_t believed[DEPOTS];             /* what the ERP believes of the provider's warehouses, since it last heard */
	int32_t damaged, held;                /* in DEPOT_HARBOR besides, and not for sale: broken, in quarantine */
	int32_t coming_to;                    /* the depot that the delivery goes to */
	int32_t owed;                         /* sold from it, neither shipped nor cancelled; may pass shelf */
	int32_t coming;                       /* units of a delivery on its way */
	int32_t retired;                      /* 1: the ERP says that it is not sold any more; its listings may not know */
	int32_t part[PARTS], each[PARTS];     /* a bundle is made of so many of each of these; each 0: there is no such part */
	int32_t group;                        /* the first product of its family, all colours of which are one listing at eBay; -1: none */
	int32_t listing[PLACES];              /* -1: not offered there */
};

struct listing {
	int32_t product, place;
	int32_t shown;       /* Walmart: inputQty; elsewhere what is left */
	int32_t reserved;    /* Walmart, Shopify: sold, not yet shipped; Walmart's availToSell = shown - reserved */
	int32_t total;       /* eBay: of the inventory item, which may differ from the offer's: a listing shows the smaller */
	int32_t offered;     /* eBay: of the offer */
	int32_t flags;       /* enum listing_flag */
	int32_t revisions;   /* eBay: of the whole listing, in revised_day; kept in the first of its variations */
	int32_t revised_day;
	int32_t said;        /* what the platform last accepted */
	uint32_t said_seq, shown_seq;
	int32_t lead_days;   /* Amazon's lead_time_to_ship_max_days; a replace that leaves it out loses it */
	int64_t changed_ms;
	int64_t wrong_ms;    /* since when it shows more than there is; 0: it does not */
	int64_t unsaid_ms;   /* since when what was last said is too much as well; 0: it is not */
};

enum listing_flag {
	LISTING_ENDED = 1,    /* eBay took it down at zero */
	LISTING_CONTINUE = 2, /* Shopify goes on selling it at zero */
};

/* A quantity that was accepted and becomes visible later. */
struct push {
	int32_t listing, qty;
	uint32_t seq;
	int32_t dropped; /* accepted, never applied: a fault */
};

enum order_flag {
	ORDER_PENDING = 1,     /* Amazon: payment not authorised yet */
	ORDER_ASKED = 2,       /* the buyer asked to cancel */
	ORDER_BY_BUYER = 4,    /* cancelled on the buyer's wish */
	ORDER_BY_PLATFORM = 8, /* cancelled because nobody shipped in time */
	ORDER_TWO_DAY = 16,
};

struct order {
	int64_t placed_ms, touched_ms, acked_ms, ship_by_ms; /* acked_ms 0: not yet */
	uint32_t buyer;                                      /* everything about the person follows from it */
	int32_t line;                                        /* the first of its lines; they stand together */
	int32_t touch;                                       /* its newest row in the log of changes */
	int32_t outbound;                                    /* the first of the warehouses' orders for it, one a depot; -1: none */
	uint8_t lines, place, flags, reason;                 /* reason: enum cancel_reason of the last cancellation */
};

struct line {
	int32_t product, order, price_minor, shipment; /* first of its shipments, -1: none */
	int16_t qty, cancelled, shipped, seen, delivered, oversold; /* seen: the part of shipped that the platform shows */
	int16_t left, busy; /* units that have left the warehouse, told or not; units that it holds ready */
	int16_t depot;      /* who sends it, -1: nobody was told yet */
	int64_t status_ms;
};

/* Units of one line in one package. A line's packages are chained. */
struct shipment {
	int32_t line, next, label; /* label 0: an ordinary parcel of the past, by USPS, its number implied */
	int16_t qty, seen;
	int64_t shipped_ms, delivered_ms;
};

/* What the seller's software said of a package: texts. */
struct label {
	uint32_t carrier, other_carrier, tracking, url, method, ref;
};

/* A warehouse's own order: the lines of one marketplace order that one depot sends. */
enum outbound_status { OUT_AWAITING_STOCK, OUT_READY, OUT_PACKING, OUT_PICKED, OUT_PACKED, OUT_DISPATCHED, OUT_DELETED };

struct outbound {
	int64_t made_ms, changed_ms, packed_ms, dispatched_ms;
	int32_t order, depot, status;
	uint32_t tracking; /* text, "" until it is dispatched */
};

/* One run of the stock report: the reading is of the moment it was asked for, and can be fetched a while later. */
struct report {
	int64_t at_ms, due_ms;
	int32_t serial, depot, page, first, items; /* depot DEPOTS: all of the provider's; page: items on one */
	int32_t by;                                /* bits of enum report_by */
	uint32_t failure;                          /* text: why it will fail; "": it will not */
};

enum report_by { BY_UNIT = 1, BY_STATUS = 2, BY_TYPE = 4 };

struct report_item {
	int32_t product, status, unit, qty, free, busy, coming;
};

/* What is wrong with the reading that is being answered. */
enum nonsense { SENSE, ALL_ZERO, HALF_MISSING };

struct touch {
	int64_t at_ms;
	int32_t order;
	uint32_t serial; /* grows along the log: a cursor survives a sweep */
};

enum event_kind {
	EVENT_SHOW, EVENT_CLEAR, EVENT_DELIVER, EVENT_SHIP_SEEN, EVENT_DEADLINE, EVENT_RESTOCK, EVENT_ASK_CANCEL, EVENT_FEED,
	EVENT_HEARD,    /* a warehouse gets an order */
	EVENT_OUTBOUND, /* and gets on with it */
	EVENT_RETURN,   /* a unit came back and was counted: nobody else was told yet */
	EVENT_ERP       /* the ERP hears from the provider */
};

struct event {
	int64_t at_ms;
	uint32_t seq; /* ties are settled by birth */
	int32_t kind, subject;
};

enum effect_kind {
	EFFECT_ACK,
	EFFECT_ACK_AGAIN,
	EFFECT_SHIP,
	EFFECT_SHIP_AGAIN,  /* the same line and package once more */
	EFFECT_SHIP_UPDATE, /* the same package with other tracking */
	EFFECT_CANCEL,
	EFFECT_PUSH,  /* a quantity was accepted */
	EFFECT_SHOW,  /* it became visible */
	EFFECT_EDIT,  /* somebody changed it by hand */
	EFFECT_FEED,
	EFFECTS
};

extern const char *const effect_names[EFFECTS];

struct effect {
	int64_t at_ms;
	int32_t kind, place;
	uint32_t subject, detail, correlation; /* texts: order id or SKU; what; the client's id of the attempt */
	int32_t qty, before;
};

/* A write that may be repeated under its key without being done again (Shopify's @idempotent), and what it changed. */
struct once {
	uint32_t key;             /* text */
	int64_t at_ms, digest;    /* digest: of everything else it said */
	int32_t first, n, failed; /* rows of once_change; failed: it was refused */
};

struct once_change {
	int32_t listing, delta, after;
};

enum feed_state { FEED_RECEIVED, FEED_INPROGRESS, FEED_PROCESSED, FEED_ERROR, FEED_CANCELLED };

struct feed {
	uint32_t id, type, file;
	int64_t at_ms, modified_ms, due_ms; /* due_ms: when it will have been processed */
	int64_t begin_ms;                   /* when processing begins */
	int32_t state, first, items;        /* rows of feed_item */
	int32_t platform, place;            /* place: Amazon's marketplace */
};

struct feed_item {
	uint32_t sku, code, description; /* code 0: SUCCESS */
	int32_t type;                    /* enum feed_fault */
	int32_t push, pushes;            /* what it will show: rows of push, standing together */
	int32_t message;                 /* Amazon's number of it in the file */
};

/* A place to put a file before it is submitted: Amazon's. */
struct document {
	uint32_t id, type, body; /* texts; body "": nothing was put there yet */
	int64_t made_ms;
};

enum feed_fault { ITEM_SUCCESS, ITEM_DATA_ERROR, ITEM_SYSTEM_ERROR, ITEM_TIMEOUT_ERROR };

/* What the checker asks. Units are units of goods, the rest are events. */
enum count {
	ORDERS_WALMART,
	ORDERS_AMAZON,
	ORDERS_EBAY,
	ORDERS_SHOPIFY,
	UNITS_SOLD,
	UNITS_REFUSED,    /* a buyer came and nothing was listed */
	UNITS_SHIPPED,
	UNITS_CANCELLED,
	UNITS_DELIVERED,
	OVERSOLD,         /* units sold that were not there */
	OVERSOLD_AVOIDABLE, /* of these, when what the seller had last said was too much for over 60 s */
	OVERSOLD_WORST_MS,  /* the longest that a listing had been wrong when it oversold */
	ACKS,
	ACKS_AGAIN,       /* acknowledged once more */
	ACKS_LATE,        /* past Walmart's four hours */
	SHIPS,
	SHIPS_AGAIN,
	SHIPS_UPDATED,
	SHIPS_LATE,
	SHIPS_REFUSED,    /* more than was left, a stranger's line, a cancelled order */
	CANCELS,
	CANCELS_AGAIN,
	AUTO_CANCELS,     /* lines that the platform cancelled because nobody shipped */
	PUSHES,
	PUSHES_DROPPED,
	LEADS_LOST,       /* a replace threw the lead time away */
	EDITS,
	LISTINGS_ENDED,   /* a written zero ended an eBay listing: must stay 0 */
	REVISIONS_REFUSED, /* past eBay's 250 a listing and day */
	STALE_WRITES,     /* Shopify: the quantity was no longer what the writer thought */
	POOL_WRITES,      /* attempts to write goods or orders that are not the seller's to write: must stay 0 */
	FORBIDDEN_WRITES, /* writes while the world said that there must be none: must stay 0 */
	WRITES_ACK,       /* writes that arrived with a good token, by kind, done or refused */
	WRITES_SHIP,
	WRITES_CANCEL,
	WRITES_PUSH,
	WRITES_FEED,
	PREVIEWS,         /* validation only: no write */
	READS,
	TOKENS,
	UNKNOWN_CALLERS,  /* a token that was none, or no longer */
	THROTTLED,
	BAD_REQUESTS,
	DISPATCHES,       /* units that a warehouse sent off by itself */
	RETURNS_COUNTED,  /* units that came back onto a shelf */
	REPORTS,          /* stock reports asked for */
	QUERIES_UNORDERED, /* pages of a list that was asked for without an order */
	ROWS_LOOKED_AT,   /* orders touched while answering lists: paging must stay O(page) */
	COUNTS
};

extern const char *const count_names[COUNTS];

#define SELLS_EVERYWHERE (1u << WALMART | 1u << AMAZON | 1u << EBAY | 1u << SHOPIFY)

struct world_options {
	uint64_t seed;
	int skus;               /* products in the catalogue */
	int orders;             /* placed before the epoch */
	int orders_a_day;       /* buyers who come; 0: none */
	unsigned sells;         /* bits of enum platform: where the seller has offers; SELLS_EVERYWHERE */
	int64_t epoch_ms;       /* when the simulation begins */
	int list_cap;           /* the most orders that Walmart lists in one walk: 20000; 0: no cap */
	int settle_pct;         /* of each platform's time from accepted to visible; 100 as published, 0 at once */
	bool open;              /* past orders are all new: nothing of them was acknowledged or shipped */
	bool depots;            /* the goods are spread over several warehouses, which work by themselves */
	bool bundles;           /* a case of six and a set besides, which stand on no shelf */
	bool demo;              /* a believable business: failing feed, human edit, pools, odd names, deliveries */
};

struct world {
	struct world_options opt;
	int64_t now_ms, next_buyer_ms;
	struct rng demand; /* buyers: the same whatever the client says */
	struct rng chance; /* latencies, tokens, ids */
	bool endless;      /* eBay: the seller has not switched his out-of-stock control on: a listing at zero ends */
	bool forbidden;    /* from now on any write is counted as forbidden */
	bool dropping;     /* the write under way is accepted and comes to nothing */
	bool stuck;        /* feeds do not move on */
	unsigned announced; /* groups of operations that Walmart's status page calls out; no other platform publishes one */
	bool late_writes;  /* a feed's quantities count from when it is worked at, not from when it was handed in */
	bool erp_deaf;     /* the ERP does not hear from the provider */
	bool report_fails; /* the report under way will fail */
	enum nonsense nonsense;
	uint32_t seq, serial;
	int64_t count[COUNTS];

	struct arena *arena; /* the texts */
	const char **text;
	struct product *product;
	struct listing *listing;
	int64_t *weight; /* running sum of demand, by listing */
	struct push *push;
	struct order *order;
	struct line *line;
	struct shipment *shipment;
	struct label *label;
	struct touch *touch;
	struct event *event; /* a heap, the earliest first */
	struct effect *effect;
	struct feed *feed;
	struct feed_item *feed_item;
	struct document *document;
	struct outbound *outbound;
	struct report *report; /* the last ones; they are kept for a while only */
	struct report_item *report_item;
	struct once *once;
	struct once_change *once_change;
	int32_t reports_made;
	int documents, document_cap;
	int outbounds, reports, report_items, outbound_cap, report_cap, report_item_cap;
	int texts, products, listings, pushes, orders, lines, shipments, labels, touches, events, effects, feeds, feed_items, onces,
	        once_changes;
	int text_cap, product_cap, listing_cap, push_cap, order_cap, line_cap, shipment_cap, label_cap, touch_cap, event_cap, effect_cap,
	        feed_cap, feed_item_cap, once_cap, once_change_cap;
};

/* ---- world.c: birth, time, the log ---- */

struct world *world_open(const struct world_options *opt);
void world_close(struct world *w);

/* Live until now_ms: buyers come, what was accepted shows, parcels arrive. Never goes back. */
void world_advance(struct world *w, int64_t now_ms);

uint32_t world_text(struct world *w, const char *s);
const char *world_str(const struct world *w, uint32_t text);
void world_later(struct world *w, int64_t at_ms, enum event_kind kind, int subject);
void world_effect(struct world *w, enum effect_kind kind, enum place place, const char *subject, const char *detail, int qty, int before,
                  const char *correlation);

/* An array with room for one more; the new element is zeroed. */
void *world_room(void *items, int n, int *cap, size_t size);

/* ---- catalog.c ---- */

void catalog_fill(struct world *w);
void catalog_weigh(struct world *w); /* the running sum of demand */
/* Stock the shelves and publish quantities, as the seller had done before the simulation: what is owed by then is on top. */
void catalog_stock(struct world *w);
int product_daily(const struct world *w, int product);                  /* units that buyers want a day, at least 1 */
int product_by_sku(const struct world *w, const char *sku);             /* -1: none */
int64_t price_at(const struct world *w, int product, enum place place); /* minor units of the place's currency */
int gtin_check(const char *digits, int n);                              /* GS1 check digit of the first n digits */

/* ---- stock.c ---- */

int listing_sellable(const struct world *w, const struct listing *l);
int product_free(const struct product *p); /* shelf - owed, at least 0 */

/* bundle.c. What can be sold of it: of a bundle as many as its parts allow. owe: so many more are sold, or fewer, and are to be sent. */
bool product_bundled(const struct product *p);
bool product_has_part(const struct product *p, int part);
int product_sellable(const struct world *w, int product);
void product_owe(struct world *w, int product, int qty);

/* Recompute which of a product's listings show more than there is. Call after anything about it changed. */
void product_judge(struct world *w, int product);
/* The platform takes a quantity; it shows after the platform's settling time. */
void listing_say(struct world *w, int listing, int qty, const char *correlation);
/* It is accepted, and shows when somebody calls listing_show for it. Returns the push. */
int listing_promise(struct world *w, int listing, int qty, const char *correlation);
/* Somebody changes it in the platform's own web pages: shows at once. */
void listing_edit(struct world *w, int listing, int qty, const char *who);
void listing_show(struct world *w, int push);
int listing_pick(const struct world *w, int64_t at); /* by how often each sells: at is below the last weight */
int listing_buyable(const struct world *w, const struct listing *l); /* what a buyer may take: more than is shown where selling goes on at zero */
void listing_sell(struct world *w, int listing, int qty);
void listing_return(struct world *w, int order, int product, int qty, int there); /* a cancellation gives units back; there: not sent off yet */
int64_t settle_ms(struct world *w, enum platform platform);

/* ---- buyers.c ---- */

void buyer_comes(struct world *w);
int order_place(struct world *w, int listing, int qty, uint32_t buyer); /* returns the order's number */

/* ---- orders.c ---- */

void order_touch(struct world *w, int order);
bool order_ack(struct world *w, int order, const char *correlation); /* false: it was acknowledged before */
void order_cancel_line(struct world *w, int line, int qty, int reason, uint8_t by, const char *correlation);
/* Nobody shipped in time: what is the platform's own is shipped now, what is the seller's is cancelled. */
void order_deadline(struct world *w, int order);
void order_clear(struct world *w, int order);
int line_left(const struct line *l); /* neither shipped nor cancelled */
bool order_pool(const struct order *o); /* the platform's own warehouse ships it */
/* What the seller's software did to an order, written into the ledger. detail may be NULL. */
void order_effect(struct world *w, int order, enum effect_kind kind, const char *detail, int qty, const char *correlation);

enum order_view { VIEW_PENDING, VIEW_NEW, VIEW_ACKED, VIEW_PARTLY, VIEW_SHIPPED, VIEW_DELIVERED, VIEW_CANCELLED };
enum order_view order_view(const struct world *w, const struct order *o);
enum platform order_platform(const struct order *o);

/* First order placed at or after; first change logged at or after. Binary search. */
int orders_from(const struct world *w, int64_t at_ms);
int touches_from(const struct world *w, int64_t at_ms);
int touches_from_serial(const struct world *w, uint32_t serial);

/* ---- shipments.c ---- */

struct parcel {
	const char *carrier, *other_carrier, *tracking, *url, *method, *ref;
	int64_t shipped_ms;
};
/* Ship qty units of a line; they leave the shelf now and show at once, or after the platform's time (seen_later). */
void line_ship(struct world *w, int line, int qty, const struct parcel *parcel, bool seen_later, const char *correlation);
int shipment_add(struct world *w, int line, int qty, const struct parcel *parcel); /* the row alone, no consequences */
void shipment_relabel(struct world *w, int shipment, const struct parcel *parcel);
void shipment_seen(struct world *w, int shipment);
void shipment_deliver(struct world *w, int shipment);
/* The shipment of this line with this package reference (Amazon) or tracking number (Walmart); -1: none. */
int line_find_ref(const struct world *w, int line, const char *ref);
int line_find_tracking(const struct world *w, int line, const char *tracking);
/*
 * The very same parcel of the very same line once more: whatever comes of it, the seller should not have said it blindly. It is counted, before anything
 * else is done. false: it is another.
 */
bool line_told_again(struct world *w, int line, int qty, const char *tracking, const char *correlation);
/* Are two rows of one order in one package? Is it the first of its package's rows? */
bool shipment_same(const struct world *w, int a, int b);
bool shipment_first(const struct world *w, int shipment);
/* The tracking number of a shipment: its own, or the one that its number implies. out: 32 bytes. */
const char *shipment_tracking(const struct world *w, int shipment, char *out);

/* ---- order_ids.c ---- */

uint64_t number_scramble(uint64_t x); /* the same for the same number, and without a pattern */
void order_id(const struct world *w, int order, char out[24]);
int order_by_id(const struct world *w, enum platform platform, const char *id); /* -1: none */
void order_customer_id(int order, char out[24]);                                /* Walmart's customerOrderId */
int line_by_item(const struct order *o, const char *id);                        /* the line with this orderItemId; -1: none */
void line_item_id(int line, char out[24]);                                      /* Amazon's orderItemId */

/* ---- warehouse.c ---- */

int depot_free(const struct product *p, enum depot d); /* at the depot and not allocated */
void depots_stock(struct world *w, int product);       /* spread what is on the shelf */
void depots_start(struct world *w);                    /* what the warehouses do from the epoch on */
/* Somebody counted: the shelf has another number now. */
void depot_count(struct world *w, int product, enum depot d, int qty);
void warehouse_hear(struct world *w, int order);
void warehouse_step(struct world *w, int outbound);
void warehouse_release(struct world *w, int line, int qty); /* these units are not wanted any more */
void warehouse_take(struct world *w, int line, int qty);    /* they leave the house */
void warehouse_back(struct world *w, int line);             /* one unit came back */
void warehouse_tell_erp(struct world *w);
bool outbound_has(const struct outbound *o, const struct line *l); /* is it one of its lines? */
int outbound_units(const struct line *l);                          /* what the warehouse's order says of a line */

/* ---- past.c, feeds.c ---- */

void past_fill(struct world *w);
int feed_add(struct world *w, const char *type, const char *file, int64_t at_ms, int64_t due_ms);
void feed_item_add(struct world *w, int feed, const char *sku, enum feed_fault fault, const char *code, const char *description);
/* One that the seller's software uploads now: it waits, is worked at, and then what its items promised shows. */
int feed_begin(struct world *w, enum platform platform, const char *type, int64_t wait_ms, int64_t work_ms);
enum feed_state feed_state(const struct world *w, const struct feed *f);
void feed_finish(struct world *w, int feed);
void feed_demo(struct world *w);
int feed_by_id(const struct world *w, const char *id);

/* ---- save.c ---- */

/* One file, written beside and renamed. FAULT_STORE with the reason. */
enum fault world_save(const struct world *w, const char *path, struct err *err);
/* *out is NULL when there is no such file. FAULT_FORMAT: the file is no saved world. */
enum fault world_load(const char *path, struct world **out, struct err *err);

#endif
