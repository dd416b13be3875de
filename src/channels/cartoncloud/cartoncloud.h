#ifndef TALLYMAN_CARTONCLOUD_H
#define TALLYMAN_CARTONCLOUD_H
/*
 * cartoncloud.h: what the files of this folder share.
 *
 * CartonCloud is a warehouse: a source of truth, of which nothing is asked but reading. Facts are from its API documentation
 * (api-docs.cartoncloud.com, as of 2026-05-06); it publishes no contract file.
 *
 * A customer of theirs is a seller; the account names one, by UUID, and its warehouses (places), each by UUID or by name. Warehouses
 * cannot be listed by an API client.
 */
#include "channels/answer.h"

enum { CARTONCLOUD_PAGE = 100 }; /* rows a page: the most that a report has (documentation) */

/* The roles an API client needs ("To perform this action, the API Client needs ..."). */
#define CARTONCLOUD_STOCK "a role that runs the stock on hand report, and access to the customer and the warehouse"
#define CARTONCLOUD_ORDERS "the role WMS Create Jobs"
#define CARTONCLOUD_PRODUCTS "the role WMS Edit Product"

/* "/tenants/TENANT/TAIL" with the token; FAULT_REFUSED when the account has no tenant or no customer. */
enum fault cartoncloud_request(const struct account *acc, struct request *r, const char *method, const char *tail, struct err *err);
void cartoncloud_body(struct request *r, const struct buf *json);

/* A 228 ("created with issues") is a refusal: what they took is REJECTED. */
enum fault cartoncloud_open(const struct account *acc, const char *role, const struct reply *r, struct arena *a, const struct json **body,
                            struct err *err);

/* Pages are counted from 1; "" is the first. FAULT_REFUSED: the stored page is none. */
enum fault cartoncloud_stored_page(const char *stored, int64_t *page, struct err *err);

/* Does another page follow this one? They say so in headers; FAULT_FORMAT when they do not, or when it is another page than was asked for. */
enum fault cartoncloud_more(const struct reply *r, int64_t page, bool *more, struct err *err);

/* One page of a search: its list, and in the news which page comes next. */
enum fault cartoncloud_list(const struct account *acc, const char *role, const char *what, struct batch b, const struct reply *r, struct news *n,
                            const struct json **list, struct err *err);

bool cartoncloud_is_uuid(const char *s);

/* A unit of measure is known by its code, in whatever letters: "cartons" is CARTONS. */
const char *cartoncloud_unit(struct arena *a, const char *code);

/* One comparison of a search: {"type": KIND, "field": {JsonField, pointer}, "value": {ValueField, value}, "method": METHOD}. */
void cartoncloud_condition(struct json_out *o, const char *kind, const char *pointer, const char *method, const char *value);

/* The body around them: all of the conditions between begin and end must hold. */
void cartoncloud_search_begin(struct json_out *o);
void cartoncloud_search_end(struct json_out *o);

enum fault cartoncloud_token_ask(const struct account *, struct batch, struct request *, struct err *);
enum fault cartoncloud_token_hear(const struct account *, struct batch, const struct reply *, struct news *, struct err *);
enum fault cartoncloud_ping_ask(const struct account *, struct batch, struct request *, struct err *);
enum fault cartoncloud_ping_hear(const struct account *, struct batch, const struct reply *, struct news *, struct err *);
enum fault cartoncloud_run_ask(const struct account *, struct batch, struct request *, struct err *);
enum fault cartoncloud_run_hear(const struct account *, struct batch, const struct reply *, struct news *, struct err *);
enum fault cartoncloud_counts_ask(const struct account *, struct batch, struct request *, struct err *);
enum fault cartoncloud_counts_hear(const struct account *, struct batch, const struct reply *, struct news *, struct err *);
enum fault cartoncloud_products_ask(const struct account *, struct batch, struct request *, struct err *);
enum fault cartoncloud_products_hear(const struct account *, struct batch, const struct reply *, struct news *, struct err *);
enum fault cartoncloud_dispatches_ask(const struct account *, struct batch, struct request *, struct err *);
enum fault cartoncloud_dispatches_hear(const struct account *, struct batch, const struct reply *, struct news *, struct err *);

#endif
