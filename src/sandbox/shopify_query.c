/* shopify_query.c: the roots: what can be asked for by its number, and found by a search. */
#include "sandbox/shopify.h"

#include <string.h>

static bool product_matches(struct gql_run *r, const struct shop_term *t, int64_t product)
{
	const struct world *w = world_of(r);

	if (strcmp(t->field, "sku") == 0)
		return strcmp(world_str(w, w->product[product].sku), t->value) == 0;
	if (strcmp(t->field, "barcode") == 0)
		return strcmp(world_str(w, w->product[product].gtin), t->value) == 0;
	return shop_ignore(r, t->field);
}

/* Everything in the shop that a search finds, as nodes of a type; heads: only the first of each family. */
static struct gql_node *find(struct gql_run *r, const struct gql_type *type, const struct json *args, bool heads, int *n)
{
	const struct world *w = world_of(r);
	struct shop_term term[SHOP_TERMS_MAX];
	int terms = shop_search(r->arena, json_text_or(args, "query", ""), term), cap = 0;
	struct gql_node *all = NULL;

	*n = 0;
	for (int i = 0; i < w->products; i++) {
		if (!shop_sells(w, i) || (heads && shop_head(w, i) != i) || !shop_matches(r, term, terms, product_matches, i))
			continue;
		all = arena_grow(r->arena, all, *n, &cap, sizeof *all);
		all[(*n)++] = (struct gql_node){ .type = type, .id = i };
	}
	return all;
}

static struct gql_answer one_by_gid(struct gql_run *r, const struct gql_type *type, enum shop_gid kind, const struct json *args)
{
	int64_t id = shop_gid_read(r, kind, json_text_or(args, "id", ""));

	return id < 0 ? gql_null() : gql_object(type, id, 0, NULL);
}

SHOP_GET(find_items)
{
	int n;
	struct gql_node *all = find(r, &shop_item, args, false, &n);

	return shop_page(r, &shop_items, all, n, args);
}

SHOP_GET(find_variants)
{
	int n;
	struct gql_node *all = find(r, &shop_variant, args, false, &n);

	return shop_page(r, &shop_variants, all, n, args);
}

SHOP_GET(find_products)
{
	int n;
	struct gql_node *all = find(r, &shop_product, args, true, &n);

	return shop_page(r, &shop_products, all, n, args);
}

SHOP_GET(find_locations)
{
	struct gql_node *all = arena_alloc(r->arena, 2 * sizeof *all);

	all[0] = (struct gql_node){ .type = &shop_location_type, .id = SHOPIFY_MAIN };
	all[1] = (struct gql_node){ .type = &shop_location_type, .id = SHOPIFY_WEST };
	return shop_page(r, &shop_locations, all, 2, args);
}

SHOP_GET(find_location)
{
	return json_get(args, "id") ? one_by_gid(r, &shop_location_type, GID_LOCATION, args) : gql_object(&shop_location_type, SHOPIFY_MAIN, 0, NULL);
}

SHOP_GET(find_node)
{
	return (struct gql_answer){ .kind = ANSWER_NODE, .node = shop_node_of(r, json_text_or(args, "id", "")) };
}

SHOP_GET(find_nodes)
{
	const struct json *ids = json_get(args, "ids");
	struct gql_node *all = arena_alloc(r->arena, ((size_t)json_count(ids) + 1) * sizeof *all);
	int n = 0;

	if (json_count(ids) > SHOP_PAGE_MAX) {
		gql_error(r, "MAX_INPUT_SIZE_EXCEEDED", "The input array size is greater than the maximum allowed of 250.");
		return gql_objects(NULL, 0);
	}
	for (const struct json *e = json_first(ids); e; e = json_next(e))
		all[n++] = shop_node_of(r, json_scalar(e));
	return gql_objects(all, n);
}

SHOP_GET(find_item) { return one_by_gid(r, &shop_item, GID_ITEM, args); }
SHOP_GET(find_level) { return one_by_gid(r, &shop_level, GID_LEVEL, args); }
SHOP_GET(find_variant) { return one_by_gid(r, &shop_variant, GID_VARIANT, args); }
SHOP_GET(find_product) { return one_by_gid(r, &shop_product, GID_PRODUCT, args); }
SHOP_GET(find_order) { return one_by_gid(r, &shop_order, GID_ORDER, args); }
SHOP_GET(find_fulfillment_order) { return one_by_gid(r, &shop_fulfillment_order, GID_FULFILLMENT_ORDER, args); }
SHOP_GET(find_fulfillment) { return one_by_gid(r, &shop_fulfillment, GID_FULFILLMENT, args); }
SHOP_GET(find_shop) { return gql_object(&shop_shop, 0, 0, NULL); }
SHOP_GET(find_installation) { return gql_object(&shop_installation, 0, 0, NULL); }
SHOP_GET(find_job) { return one_by_gid(r, &shop_job, GID_JOB, args); }

/* Only what the order of our numbers gives: another one is refused rather than pretended. */
static const char *const id_sorts[] = { "ID", NULL };
static const char *const location_sorts[] = { "ID", "NAME", NULL };

const struct gql_type shop_product_sort = { "ProductSortKeys", GQL_WORDS, NULL, id_sorts };
const struct gql_type shop_variant_sort = { "ProductVariantSortKeys", GQL_WORDS, NULL, id_sorts };
const struct gql_type shop_location_sort = { "LocationSortKeys", GQL_WORDS, NULL, location_sorts };

static const struct gql_def query_fields[] = {
	{ "shop", "Shop!", NULL, find_shop },
	{ "currentAppInstallation", "AppInstallation!", NULL, find_installation },
	{ "orders", "OrderConnection!", SHOP_FIND_ARGS ", sortKey: OrderSortKeys", shop_find_orders },
	{ "order", "Order", "id: ID!", find_order },
	{ "fulfillmentOrder", "FulfillmentOrder", "id: ID!", find_fulfillment_order },
	{ "fulfillment", "Fulfillment", "id: ID!", find_fulfillment },
	{ "products", "ProductConnection!", SHOP_FIND_ARGS ", sortKey: ProductSortKeys", find_products },
	{ "product", "Product", "id: ID!", find_product },
	{ "productVariants", "ProductVariantConnection!", SHOP_FIND_ARGS ", sortKey: ProductVariantSortKeys", find_variants },
	{ "productVariant", "ProductVariant", "id: ID!", find_variant },
	{ "inventoryItems", "InventoryItemConnection!", SHOP_FIND_ARGS, find_items },
	{ "inventoryItem", "InventoryItem", "id: ID!", find_item },
	{ "inventoryLevel", "InventoryLevel", "id: ID!", find_level },
	{ "locations", "LocationConnection!", SHOP_FIND_ARGS ", includeInactive: Boolean, includeLegacy: Boolean, sortKey: LocationSortKeys", find_locations },
	{ "location", "Location", "id: ID", find_location },
	{ "node", "Node", "id: ID!", find_node },
	{ "nodes", "[Node]!", "ids: [ID!]!", find_nodes },
	{ "job", "Job", "id: ID!", find_job },
	SHOP_END,
};

const struct gql_type shop_query = { "QueryRoot", GQL_TYPE, query_fields, NULL };
