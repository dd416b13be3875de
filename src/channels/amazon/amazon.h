#ifndef TALLYMAN_AMAZON_H
#define TALLYMAN_AMAZON_H
/*
 * amazon.h: what the files of this folder share.
 *
 * Facts are from Amazon's own models (amzn/selling-partner-api-models, 2026-08-05: orders_2026-01-01, ordersV0, listingsItems_2021-08-01,
 * feeds_2021-06-30, fbaInventory, and the schemas of JSON_LISTINGS_FEED, version 2)
 * and its developer pages, read 2026-11. There is no acknowledgement and no cancelling of a merchant's order by REST.
 */
#include "channels/answer.h"
#include "channels/rules.h"

extern const struct manners amazon_manners;

/* One of those that open the operations ("Role Mappings for SP-API Operations", read 2026-11). */
#define AMAZON_ORDERS "role Inventory and Order Tracking"
#define AMAZON_LISTINGS "role Product Listing"
#define AMAZON_FEEDS "role Product Listing (feeds)"
#define AMAZON_FBA "role Amazon Fulfillment"

/* Method, address and headers; path pieces are encoded by the caller. */
void amazon_request(const struct account *acc, struct request *r, const char *method, const char *path);
void amazon_body(struct request *r, const struct buf *json);

enum fault amazon_open(const struct account *acc, const char *role, const struct reply *r, struct arena *a, const struct json **body,
                       struct err *err);

/* The job's marketplace, which must be one of the account's; the only one when the job names none. */
enum fault amazon_marketplace(const struct account *acc, const struct job *job, const char **out, struct err *err);

/* Serves where the listing's own type was never read. */
#define AMAZON_ANY_TYPE "PRODUCT"

/* "patches": the quantity, merged into what else stands there. */
void amazon_put_patches(struct json_out *o, int64_t qty);

/* An order of theirs as facts; a bad one is parked. */
void amazon_order_take(struct news *n, const struct json *root, const char *path, const struct deadlines *deadlines);

enum fault amazon_token_ask(const struct account *, struct batch, struct request *, struct err *);
enum fault amazon_token_hear(const struct account *, struct batch, const struct reply *, struct news *, struct err *);
enum fault amazon_ping_ask(const struct account *, struct batch, struct request *, struct err *);
enum fault amazon_ping_hear(const struct account *, struct batch, const struct reply *, struct news *, struct err *);
enum fault amazon_orders_ask(const struct account *, struct batch, struct request *, struct err *);
enum fault amazon_orders_hear(const struct account *, struct batch, const struct reply *, struct news *, struct err *);
enum fault amazon_order_ask(const struct account *, struct batch, struct request *, struct err *);
enum fault amazon_order_hear(const struct account *, struct batch, const struct reply *, struct news *, struct err *);
enum fault amazon_ship_ask(const struct account *, struct batch, struct request *, struct err *);
enum fault amazon_ship_hear(const struct account *, struct batch, const struct reply *, struct news *, struct err *);
enum fault amazon_stock_ask(const struct account *, struct batch, struct request *, struct err *);
enum fault amazon_stock_hear(const struct account *, struct batch, const struct reply *, struct news *, struct err *); /* preview too */
enum fault amazon_stock_read_ask(const struct account *, struct batch, struct request *, struct err *);
enum fault amazon_stock_read_hear(const struct account *, struct batch, const struct reply *, struct news *, struct err *);
enum fault amazon_stock_list_ask(const struct account *, struct batch, struct request *, struct err *);
enum fault amazon_stock_list_hear(const struct account *, struct batch, const struct reply *, struct news *, struct err *);
enum fault amazon_pool_ask(const struct account *, struct batch, struct request *, struct err *);
enum fault amazon_pool_hear(const struct account *, struct batch, const struct reply *, struct news *, struct err *);
enum fault amazon_feeds_ask(const struct account *, struct batch, struct request *, struct err *);
enum fault amazon_feeds_hear(const struct account *, struct batch, const struct reply *, struct news *, struct err *);
enum fault amazon_bulk_open_ask(const struct account *, struct batch, struct request *, struct err *);
enum fault amazon_bulk_open_hear(const struct account *, struct batch, const struct reply *, struct news *, struct err *);
enum fault amazon_bulk_put_ask(const struct account *, struct batch, struct request *, struct err *);
enum fault amazon_bulk_put_hear(const struct account *, struct batch, const struct reply *, struct news *, struct err *);
enum fault amazon_bulk_ask(const struct account *, struct batch, struct request *, struct err *);
enum fault amazon_bulk_hear(const struct account *, struct batch, const struct reply *, struct news *, struct err *);
enum fault amazon_feed_ask(const struct account *, struct batch, struct request *, struct err *);
enum fault amazon_feed_hear(const struct account *, struct batch, const struct reply *, struct news *, struct err *);
enum fault amazon_bulk_report_ask(const struct account *, struct batch, struct request *, struct err *);
enum fault amazon_bulk_report_hear(const struct account *, struct batch, const struct reply *, struct news *, struct err *);
enum fault amazon_bulk_result_ask(const struct account *, struct batch, struct request *, struct err *);
enum fault amazon_bulk_result_hear(const struct account *, struct batch, const struct reply *, struct news *, struct err *);

#endif
