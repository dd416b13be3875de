#ifndef TALLYMAN_WALMART_H
#define TALLYMAN_WALMART_H
/*
 * walmart.h: what the files of this folder share.
 *
 * Facts are from Walmart's OpenAPI of 2024-12-25 (the contract) and its developer pages, read 2026-11; where both speak, the
 * pages decide, for the contract is the older. Walmart's own examples break its schemas here and there, so what is
 * not needed is not demanded.
 */
#include "channels/answer.h"
#include "channels/rules.h"

extern const struct manners walmart_manners;

/* What Walmart calls the permission for each group of operations (GET /v3/token/detail lists them). */
#define WALMART_ORDERS "scope orders"
#define WALMART_INVENTORY "scope inventory"
#define WALMART_FEEDS "scope feeds"

/* Every header that Walmart wants of everybody: the one place where they are written. */
void walmart_headers(const struct account *acc, struct request *r);

/* Method and address, those headers, and the access token in its own (not in Authorization). */
void walmart_request(const struct account *acc, struct request *r, const char *method, const char *path);

/* The same with a JSON body. */
void walmart_body(struct request *r, const struct buf *json);

enum fault walmart_open(const struct account *acc, const char *role, const struct reply *r, struct arena *a, const struct json **body,
                        struct err *err);

/*
 * Is it their word for a list without entries (a 404 in their own shape)? Of a first page alone: where a page was promised, it says that the
 * mark has aged or that they broke, and the list has not come to its end.
 */
bool walmart_is_none(const struct job *job, const struct reply *r, struct arena *a);

/* "/v3/orders/{ref}{tail}"; FAULT_REFUSED when ref is no purchase order number. */
enum fault walmart_order_path(const struct job *job, struct arena *a, const char *tail, const char **path, struct err *err);

/* An order of theirs as facts; a bad one is parked. pool: the ship node type that was asked for, NULL when none was. */
void walmart_order_take(struct news *n, const struct json *root, const char *path, const char *pool, const struct deadlines *deadlines);

enum fault walmart_token_ask(const struct account *, struct batch, struct request *, struct err *);
enum fault walmart_token_hear(const struct account *, struct batch, const struct reply *, struct news *, struct err *);
enum fault walmart_ping_ask(const struct account *, struct batch, struct request *, struct err *);
enum fault walmart_ping_hear(const struct account *, struct batch, const struct reply *, struct news *, struct err *);
enum fault walmart_status_ask(const struct account *, struct batch, struct request *, struct err *);
enum fault walmart_status_hear(const struct account *, struct batch, const struct reply *, struct news *, struct err *);
enum fault walmart_orders_ask(const struct account *, struct batch, struct request *, struct err *);
enum fault walmart_orders_hear(const struct account *, struct batch, const struct reply *, struct news *, struct err *);
enum fault walmart_order_ask(const struct account *, struct batch, struct request *, struct err *);
enum fault walmart_order_hear(const struct account *, struct batch, const struct reply *, struct news *, struct err *);
enum fault walmart_ack_ask(const struct account *, struct batch, struct request *, struct err *);
enum fault walmart_ship_ask(const struct account *, struct batch, struct request *, struct err *);
enum fault walmart_cancel_ask(const struct account *, struct batch, struct request *, struct err *);
enum fault walmart_change_hear(const struct account *, struct batch, const struct reply *, struct news *, struct err *); /* of the three above */
enum fault walmart_stock_ask(const struct account *, struct batch, struct request *, struct err *);
enum fault walmart_stock_hear(const struct account *, struct batch, const struct reply *, struct news *, struct err *);
enum fault walmart_stock_read_ask(const struct account *, struct batch, struct request *, struct err *);
enum fault walmart_stock_read_hear(const struct account *, struct batch, const struct reply *, struct news *, struct err *);
enum fault walmart_stock_list_ask(const struct account *, struct batch, struct request *, struct err *);
enum fault walmart_stock_list_hear(const struct account *, struct batch, const struct reply *, struct news *, struct err *);
enum fault walmart_bulk_ask(const struct account *, struct batch, struct request *, struct err *);
enum fault walmart_bulk_hear(const struct account *, struct batch, const struct reply *, struct news *, struct err *);
enum fault walmart_pool_ask(const struct account *, struct batch, struct request *, struct err *);
enum fault walmart_pool_hear(const struct account *, struct batch, const struct reply *, struct news *, struct err *);
enum fault walmart_feeds_ask(const struct account *, struct batch, struct request *, struct err *);
enum fault walmart_feeds_hear(const struct account *, struct batch, const struct reply *, struct news *, struct err *);
enum fault walmart_feed_ask(const struct account *, struct batch, struct request *, struct err *);
enum fault walmart_feed_hear(const struct account *, struct batch, const struct reply *, struct news *, struct err *);

#endif
