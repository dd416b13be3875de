#ifndef TALLYMAN_SANDBOX_SHOPIFY_H
#define TALLYMAN_SANDBOX_SHOPIFY_H
/*
 * shopify.h: the parts of the simulated Shopify Admin API, for each other.
 *
 * What a type's field is called and what it returns is Shopify's; which of them this simulation has is in the tables beside their
 * functions. A node's id is the world's number of what it stands for.
 */
#include "sandbox/graphql.h"
#include "sandbox/service.h"

enum { SHOP_PAGE_MAX = 250, SHOP_WARNINGS_MAX = 8 };

/* What a run knows: gql_run.ctx. */
struct shop {
	struct service *service;
	struct call *call;
	struct world *world;
	const char *ignored[SHOP_WARNINGS_MAX]; /* words of a search that mean nothing to it */
	int warnings;
};

static inline struct shop *shop_of(struct gql_run *r)
{
	return r->ctx;
}

static inline struct world *world_of(struct gql_run *r)
{
	return shop_of(r)->world;
}

extern const struct gql_schema shop_schema;

#define SHOP_TYPE(name) extern const struct gql_type shop_##name
SHOP_TYPE(query);
SHOP_TYPE(mutation);
SHOP_TYPE(shop);
SHOP_TYPE(node);
SHOP_TYPE(count);
SHOP_TYPE(job);
SHOP_TYPE(page_info_type);
SHOP_TYPE(money_bag);
SHOP_TYPE(money);
SHOP_TYPE(address);
SHOP_TYPE(customer);
SHOP_TYPE(shipping_line);
SHOP_TYPE(order);
SHOP_TYPE(orders);
SHOP_TYPE(order_edge);
SHOP_TYPE(line);
SHOP_TYPE(lines);
SHOP_TYPE(line_edge);
SHOP_TYPE(fulfillment_order);
SHOP_TYPE(fulfillment_orders);
SHOP_TYPE(fulfillment_order_edge);
SHOP_TYPE(fulfillment_order_line);
SHOP_TYPE(fulfillment_order_lines);
SHOP_TYPE(fulfillment_order_line_edge);
SHOP_TYPE(assigned_location);
SHOP_TYPE(action);
SHOP_TYPE(hold);
SHOP_TYPE(fulfillment);
SHOP_TYPE(fulfillments);
SHOP_TYPE(fulfillment_edge);
SHOP_TYPE(fulfillment_line);
SHOP_TYPE(fulfillment_lines);
SHOP_TYPE(fulfillment_line_edge);
SHOP_TYPE(tracking);
SHOP_TYPE(product);
SHOP_TYPE(products);
SHOP_TYPE(product_edge);
SHOP_TYPE(variant);
SHOP_TYPE(variants);
SHOP_TYPE(variant_edge);
SHOP_TYPE(option);
SHOP_TYPE(item);
SHOP_TYPE(items);
SHOP_TYPE(item_edge);
SHOP_TYPE(level);
SHOP_TYPE(levels);
SHOP_TYPE(level_edge);
SHOP_TYPE(quantity);
SHOP_TYPE(location_type);
SHOP_TYPE(locations);
SHOP_TYPE(location_edge);
SHOP_TYPE(location_address);
SHOP_TYPE(user_error);
SHOP_TYPE(fulfillment_payload);
SHOP_TYPE(set_payload);
SHOP_TYPE(set_error);
SHOP_TYPE(set_error_code);
SHOP_TYPE(adjustment);
SHOP_TYPE(change);
SHOP_TYPE(cancel_payload);
SHOP_TYPE(cancel_error);
SHOP_TYPE(cancel_error_code);
SHOP_TYPE(cancel_reason);
SHOP_TYPE(fulfillment_input);
SHOP_TYPE(by_order_input);
SHOP_TYPE(order_line_input);
SHOP_TYPE(tracking_input);
SHOP_TYPE(set_input);
SHOP_TYPE(set_quantity_input);
SHOP_TYPE(order_sort);
SHOP_TYPE(product_sort);
SHOP_TYPE(variant_sort);
SHOP_TYPE(location_sort);
SHOP_TYPE(installation);
SHOP_TYPE(scope);
#undef SHOP_TYPE

/* One function a field. Most need neither of the others' words. */
#define SHOP_UNUSED __attribute__((unused))
#define SHOP_GET(name) static struct gql_answer name(SHOP_UNUSED struct gql_run *r, SHOP_UNUSED struct gql_node on, SHOP_UNUSED const struct json *args)
#define SHOP_END { .name = NULL }

/* ---- numbers: "gid://shopify/Order/5001234567890" ---- */

enum shop_gid { GID_ORDER, GID_LINE, GID_FULFILLMENT_ORDER, GID_FULFILLMENT_ORDER_LINE, GID_FULFILLMENT, GID_FULFILLMENT_LINE, GID_PRODUCT, GID_VARIANT, GID_ITEM, GID_LEVEL, GID_LOCATION, GID_CUSTOMER, GID_JOB, GID_ADJUSTMENT, GIDS };

struct gql_answer shop_gid(struct gql_run *r, enum shop_gid kind, int64_t id);
struct gql_answer shop_legacy_id(struct gql_run *r, enum shop_gid kind, int64_t id); /* the digits alone */
/* The world's number; -1: it is no such gid, or of nothing that there is. A level's is its listing. */
int64_t shop_gid_read(struct gql_run *r, enum shop_gid kind, const char *gid);
/* Whatever it is of; a null node when nothing. */
struct gql_node shop_node_of(struct gql_run *r, const char *gid);

/* ---- lists ---- */

#define SHOP_LIST_ARGS "after: String, before: String, first: Int, last: Int, reverse: Boolean"
#define SHOP_FIND_ARGS SHOP_LIST_ARGS ", query: String"

/* A page of all, cut by first, after, last, before and reverse. */
struct gql_answer shop_page(struct gql_run *r, const struct gql_type *connection, const struct gql_node *all, int n, const struct json *args);
/* A page that has been cut already. */
struct gql_answer shop_page_made(struct gql_run *r, const struct gql_type *connection, const struct gql_node *nodes, const char *const *cursors, int n, bool before, bool after);
/* first, within what is allowed; 0: it is not, and that has been said. */
int shop_first(struct gql_run *r, const struct json *args);
/* The number in a cursor; -1: it is none. */
int64_t shop_cursor_read(struct gql_run *r, const char *cursor);
const char *shop_cursor(struct gql_run *r, int64_t n);

struct gql_answer shop_edges(struct gql_run *r, struct gql_node on, const struct json *args);
struct gql_answer shop_nodes(struct gql_run *r, struct gql_node on, const struct json *args);
struct gql_answer shop_page_info(struct gql_run *r, struct gql_node on, const struct json *args);
struct gql_answer shop_edge_cursor(struct gql_run *r, struct gql_node on, const struct json *args);
struct gql_answer shop_edge_node(struct gql_run *r, struct gql_node on, const struct json *args);

/* NAMEs in pages: the connection and its edge, as Shopify calls them. */
#define SHOP_CONNECTION(many, one, Name)                                                                                    \
	static const struct gql_def many##_fields[] = { { "edges", "[" Name "Edge!]!", NULL, shop_edges },                  \
		                                        { "nodes", "[" Name "!]!", NULL, shop_nodes },                      \
		                                        { "pageInfo", "PageInfo!", NULL, shop_page_info },                  \
		                                        SHOP_END };                                                 \
	static const struct gql_def one##_edge_fields[] = { { "cursor", "String!", NULL, shop_edge_cursor },                \
		                                            { "node", Name "!", NULL, shop_edge_node },                     \
		                                            SHOP_END };                                             \
	const struct gql_type shop_##many = { Name "Connection", GQL_TYPE, many##_fields, NULL };                           \
	const struct gql_type shop_##one##_edge = { Name "Edge", GQL_TYPE, one##_edge_fields, NULL }

/* ---- searches: "updated_at:>='2026-01-01T00:00:00Z' status:open" ---- */

struct shop_term {
	const char *field, *value; /* field "": a bare word */
	enum { IS, BELOW, AT_MOST, ABOVE, AT_LEAST } op;
	bool or_, not_; /* or_: begins an alternative */
};

enum { SHOP_TERMS_MAX = 64 };

int shop_search(struct arena *a, const char *query, struct shop_term out[SHOP_TERMS_MAX]);
bool shop_matches(struct gql_run *r, const struct shop_term *terms, int n, bool (*match)(struct gql_run *, const struct shop_term *, int64_t), int64_t id);
bool shop_compare(const struct shop_term *t, int64_t have, int64_t want);
/* A word that this search does not know: left out, and said so beside the answer. */
bool shop_ignore(struct gql_run *r, const char *word);

/* ---- parts ---- */

struct gql_answer shop_time(struct gql_run *r, int64_t ms); /* 0: null */
struct gql_answer shop_money_of(int64_t minor);
const char *shop_amount(struct gql_run *r, int64_t minor); /* "12.34" */
bool shop_sells(const struct world *w, int64_t product);   /* is it in the shop? */
int64_t shop_head(const struct world *w, int64_t variant); /* the product that it belongs to: all colours of one article are one */
const char *shop_fulfillment_order_status(const struct world *w, const struct order *o); /* "OPEN" */
int shop_location(const char *id);                         /* the place of a location's digits; PLACES: none */

struct gql_answer shop_find_orders(struct gql_run *r, struct gql_node on, const struct json *args);
struct gql_answer shop_fulfill(struct gql_run *r, struct gql_node on, const struct json *args);
struct gql_answer shop_set(struct gql_run *r, struct gql_node on, const struct json *args);
struct gql_answer shop_cancel(struct gql_run *r, struct gql_node on, const struct json *args);

#endif
