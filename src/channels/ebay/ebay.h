#ifndef TALLYMAN_EBAY_H
#define TALLYMAN_EBAY_H
/*
 * ebay.h: what the files of this folder share.
 *
 * Facts are from eBay's own contracts (OpenAPI of sell_fulfillment 1.20 and sell_inventory 1.18, 2025-12) and its developer pages, read 2026-11.
 * Nothing in those is required and no refusal is described, so what is not needed is not demanded.
 */
#include "channels/answer.h"
#include "channels/rules.h"

extern const struct manners ebay_manners;

/* The OAuth scopes that open the operations (contracts, security). */
#define EBAY_FULFILLMENT "scope sell.fulfillment"
#define EBAY_INVENTORY "scope sell.inventory"

/* Method, address and headers; path pieces are encoded by the caller. */
void ebay_request(const struct account *acc, struct request *r, const char *method, const char *path);
void ebay_body(struct request *r, const struct buf *json);

enum fault ebay_open(const struct account *acc, const char *role, const struct reply *r, struct arena *a, const struct json **body,
                     struct err *err);

/* One error of theirs in words, "25709 Invalid value for offerId"; NULL when there is none. */
const char *ebay_error(const struct account *acc, struct arena *a, const struct json *error);

/* An amount of theirs, {"value": "41.90", "currency": "USD"}, in the order's one currency. */
int64_t ebay_money(struct spot amount, const char **currency);

/* An order of theirs as facts; a bad one is parked. */
void ebay_order_take(struct news *n, const struct json *root, const char *path);

/* How many units of its lines left is asked of an order's packages: a follow-up, once for each change of the order. */
void ebay_follow_parcels(struct news *n, const struct order *o);

/* What stands behind a SKU at eBay is asked of eBay: a follow-up. shown: the quantity that a list told of it, -1: none. listing: "" or theirs. */
void ebay_follow_offer(struct news *n, const char *sku, int64_t shown, const char *listing);

enum fault ebay_token_ask(const struct account *, struct batch, struct request *, struct err *);
enum fault ebay_token_hear(const struct account *, struct batch, const struct reply *, struct news *, struct err *);
enum fault ebay_ping_ask(const struct account *, struct batch, struct request *, struct err *);
enum fault ebay_ping_hear(const struct account *, struct batch, const struct reply *, struct news *, struct err *);
enum fault ebay_quota_ask(const struct account *, struct batch, struct request *, struct err *);
enum fault ebay_quota_hear(const struct account *, struct batch, const struct reply *, struct news *, struct err *);
enum fault ebay_orders_ask(const struct account *, struct batch, struct request *, struct err *);
enum fault ebay_orders_hear(const struct account *, struct batch, const struct reply *, struct news *, struct err *);
enum fault ebay_order_ask(const struct account *, struct batch, struct request *, struct err *);
enum fault ebay_order_hear(const struct account *, struct batch, const struct reply *, struct news *, struct err *);
enum fault ebay_parcels_ask(const struct account *, struct batch, struct request *, struct err *);
enum fault ebay_parcels_hear(const struct account *, struct batch, const struct reply *, struct news *, struct err *);
enum fault ebay_ship_ask(const struct account *, struct batch, struct request *, struct err *);
enum fault ebay_ship_hear(const struct account *, struct batch, const struct reply *, struct news *, struct err *);
enum fault ebay_stock_list_ask(const struct account *, struct batch, struct request *, struct err *);
enum fault ebay_stock_list_hear(const struct account *, struct batch, const struct reply *, struct news *, struct err *);
enum fault ebay_offer_ask(const struct account *, struct batch, struct request *, struct err *);
enum fault ebay_offer_hear(const struct account *, struct batch, const struct reply *, struct news *, struct err *); /* of one offer as well: the auction beside it tells what it keeps */
enum fault ebay_stock_ask(const struct account *, struct batch, struct request *, struct err *);
enum fault ebay_stock_hear(const struct account *, struct batch, const struct reply *, struct news *, struct err *);
enum fault ebay_places_ask(const struct account *, struct batch, struct request *, struct err *);
enum fault ebay_places_hear(const struct account *, struct batch, const struct reply *, struct news *, struct err *);

#endif
