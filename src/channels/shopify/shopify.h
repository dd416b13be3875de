#ifndef TALLYMAN_SHOPIFY_H
#define TALLYMAN_SHOPIFY_H
/*
 * shopify.h: what the files of this folder share.
 *
 * Everything but the token is one address, asked in GraphQL: a document with a name, and variables beside it; no value is ever
 * written into a document. Facts are from Shopify's own schema (Admin API 2026-10, by introspection) and shopify.dev, read 2026-11.
 * Their numbers are global ids, "gid://shopify/Order/450789469"; we keep the last part.
 */
#include "base/json.h"
#include "channels/answer.h"

/* What an operation needs; named when it is refused (shopify.dev "Access scopes"). */
#define SHOPIFY_ORDERS "scopes read_orders and read_merchant_managed_fulfillment_orders"
#define SHOPIFY_FULFILL "scope write_merchant_managed_fulfillment_orders"
#define SHOPIFY_STOCK "scopes read_products, read_inventory and read_locations"
#define SHOPIFY_STOCK_SET "scope write_inventory"

/* A request as it is written: variables go between begin and end. */
struct said {
	struct buf body;
	struct json_out vars;
};

void shopify_begin(struct said *s, struct arena *a, const char *operation, const char *document);
void shopify_end(struct said *s, const struct account *acc, struct request *r);

/*
 * The reply's data; what their bucket holds goes into news either way. needs: one of the scopes above. After a fault *data is what stood beside their
 * errors, or NULL.
 */
enum fault shopify_open(const struct account *acc, const char *needs, const struct reply *r, struct news *n, const struct json **data,
                        struct err *err);

/*
 * What a mutation's payload objects to: NULL, nothing; else its first words, *code its code or "". The payload must be there:
 * FAULT_FORMAT otherwise.
 */
enum fault shopify_objection(const struct account *acc, struct arena *a, const struct json *payload, const char *list, const char **code,
                             const char **words, struct err *err);

/* "gid://shopify/Order/1" of "1", and back: the number alone, "" (and the reading spoilt) when it is no such id. */
const char *shopify_gid(struct arena *a, const char *type, const char *number);
bool shopify_is_number(const char *s);
const char *shopify_number(struct spot s, const char *path, const char *type);

/* A list's end, or its next page: a mark that is this page's again is FAULT_FORMAT. */
enum fault shopify_page(struct news *n, const struct job *job, const struct json *list, const char *name, struct err *err);

/* Is there more of a list than was asked for? */
bool shopify_cut(struct spot list);

/* How many packages of an order are asked for: in a list, and of one by itself. */
enum { SHOPIFY_PACKAGES = 4, SHOPIFY_PACKAGES_WHOLE = 10 };

/* An order of theirs as facts; a bad one is parked. whole: it was asked for by itself; else one that is cut is asked for so. */
void shopify_order_take(struct news *n, const struct json *root, const char *path, bool whole);

#define SAYS(name)                                                                                    \
	enum fault shopify_##name##_ask(const struct account *, struct batch, struct request *, struct err *); \
	enum fault shopify_##name##_hear(const struct account *, struct batch, const struct reply *, struct news *, struct err *)

SAYS(token);
SAYS(ping);
SAYS(orders);
SAYS(order);
SAYS(ship);
SAYS(stock);
SAYS(stock_read);
SAYS(stock_list);
SAYS(places);

#undef SAYS

#endif
