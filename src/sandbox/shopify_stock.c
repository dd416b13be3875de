/* shopify_stock.c: products, variants, what is stocked of them, and where. */
#include "sandbox/shopify.h"

#include <string.h>

static const struct product *product_at(struct gql_run *r, struct gql_node on)
{
	return &world_of(r)->product[on.id];
}

static const struct listing *listing_at(struct gql_run *r, struct gql_node on)
{
	return &world_of(r)->listing[on.id];
}

int64_t shop_head(const struct world *w, int64_t variant)
{
	return w->product[variant].group >= 0 ? w->product[variant].group : variant;
}

static int64_t born_ms(struct gql_run *r)
{
	return world_of(r)->opt.epoch_ms - 300 * (int64_t)DAY_MS;
}

SHOP_GET(born) { return shop_time(r, born_ms(r)); }
SHOP_GET(yes) { return gql_bool(true); }
SHOP_GET(no) { return gql_bool(false); }
SHOP_GET(nothing) { return gql_null(); }

/* ---- levels: what is in one place ---- */

SHOP_GET(level_gid) { return shop_gid(r, GID_LEVEL, on.id); }
SHOP_GET(level_updated) { return shop_time(r, listing_at(r, on)->changed_ms); }
SHOP_GET(level_item) { return gql_object(&shop_item, listing_at(r, on)->product, 0, NULL); }
SHOP_GET(level_location) { return gql_object(&shop_location_type, listing_at(r, on)->place, 0, NULL); }

/* Its name stands in sub, as a place in this list. */
static const char *const quantity_names[] = { "available", "on_hand", "committed", "incoming", "reserved", "damaged", "safety_stock", "quality_control", NULL };

SHOP_GET(level_quantities)
{
	const struct json *names = json_get(args, "names");
	struct gql_node *all = arena_alloc(r->arena, ((size_t)json_count(names) + 1) * sizeof *all);
	int n = 0;

	for (const struct json *e = json_first(names); e; e = json_next(e)) {
		int64_t which = 0;

		while (quantity_names[which] && strcmp(quantity_names[which], json_scalar(e)) != 0)
			which++;
		if (!quantity_names[which]) {
			gql_error(r, "BAD_REQUEST", arena_printf(r->arena, "The quantity name %s is invalid.", json_scalar(e)));
			return gql_objects(NULL, 0);
		}
		all[n++] = (struct gql_node){ .type = &shop_quantity, .id = on.id, .sub = which };
	}
	return gql_objects(all, n);
}

static const struct gql_def level_fields[] = {
	{ "id", "ID!", NULL, level_gid },
	{ "isActive", "Boolean!", NULL, yes },
	{ "canDeactivate", "Boolean!", NULL, no },
	{ "createdAt", "DateTime!", NULL, born },
	{ "updatedAt", "DateTime!", NULL, level_updated },
	{ "item", "InventoryItem!", NULL, level_item },
	{ "location", "Location!", NULL, level_location },
	{ "quantities", "[InventoryQuantity!]!", "names: [String!]!", level_quantities },
	SHOP_END,
};

const struct gql_type shop_level = { "InventoryLevel", GQL_TYPE, level_fields, NULL };
SHOP_CONNECTION(levels, level, "InventoryLevel");

SHOP_GET(quantity_gid)
{
	struct gql_answer level = shop_gid(r, GID_LEVEL, on.id);

	return gql_text(arena_printf(r->arena, "gid://shopify/InventoryQuantity/%s&name=%s", strrchr(level.text, '/') + 1, quantity_names[on.sub]));
}

SHOP_GET(quantity_name) { return gql_text(quantity_names[on.sub]); }

SHOP_GET(quantity_number)
{
	const struct listing *l = listing_at(r, on);

	return gql_int(on.sub == 0 ? l->shown : on.sub == 1 ? l->shown + l->reserved : on.sub == 2 ? l->reserved : 0);
}

static const struct gql_def quantity_fields[] = {
	{ "id", "ID!", NULL, quantity_gid },
	{ "name", "String!", NULL, quantity_name },
	{ "quantity", "Int!", NULL, quantity_number },
	{ "updatedAt", "DateTime", NULL, level_updated },
	SHOP_END,
};

const struct gql_type shop_quantity = { "InventoryQuantity", GQL_TYPE, quantity_fields, NULL };

/* ---- items ---- */

static struct gql_answer level_of(struct gql_run *r, int64_t product, const char *location)
{
	int64_t place = shop_gid_read(r, GID_LOCATION, location);
	int listing = place < 0 ? -1 : world_of(r)->product[product].listing[place];

	return listing < 0 ? gql_null() : gql_object(&shop_level, listing, 0, NULL);
}

SHOP_GET(item_gid) { return shop_gid(r, GID_ITEM, on.id); }
SHOP_GET(item_legacy) { return shop_legacy_id(r, GID_ITEM, on.id); }
SHOP_GET(item_sku) { return gql_text(world_str(world_of(r), product_at(r, on)->sku)); }
SHOP_GET(item_variant) { return gql_object(&shop_variant, on.id, 0, NULL); }
SHOP_GET(item_level) { return level_of(r, on.id, json_text_or(args, "locationId", "")); }
SHOP_GET(item_duplicates) { return gql_int(0); }

static int levels_of(struct gql_run *r, int64_t product, struct gql_node *out)
{
	int n = 0;

	for (enum place p = SHOPIFY_MAIN; p <= SHOPIFY_WEST; p++)
		if (world_of(r)->product[product].listing[p] >= 0)
			out[n++] = (struct gql_node){ .type = &shop_level, .id = world_of(r)->product[product].listing[p] };
	return n;
}

SHOP_GET(item_levels)
{
	struct gql_node *all = arena_alloc(r->arena, PLACES * sizeof *all);
	int n = levels_of(r, on.id, all);

	return shop_page(r, &shop_levels, all, n, args);
}

SHOP_GET(item_variants)
{
	struct gql_node *one = arena_alloc(r->arena, sizeof *one);

	*one = (struct gql_node){ .type = &shop_variant, .id = on.id };
	return shop_page(r, &shop_variants, one, 1, args);
}

SHOP_GET(item_locations)
{
	struct gql_node all[PLACES];

	return gql_object(&shop_count, levels_of(r, on.id, all), 0, NULL);
}

static const struct gql_def item_fields[] = {
	{ "id", "ID!", NULL, item_gid },
	{ "legacyResourceId", "UnsignedInt64!", NULL, item_legacy },
	{ "sku", "String", NULL, item_sku },
	{ "tracked", "Boolean!", NULL, yes },
	{ "requiresShipping", "Boolean!", NULL, yes },
	{ "duplicateSkuCount", "Int!", NULL, item_duplicates },
	{ "createdAt", "DateTime!", NULL, born },
	{ "updatedAt", "DateTime!", NULL, born },
	{ "variant", "ProductVariant!", NULL, item_variant },
	{ "variants", "ProductVariantConnection", "after: String, before: String, first: Int, last: Int", item_variants },
	{ "inventoryLevel", "InventoryLevel", "includeInactive: Boolean, locationId: ID!", item_level },
	{ "inventoryLevels", "InventoryLevelConnection!", SHOP_FIND_ARGS ", includeInactive: Boolean", item_levels },
	{ "locationsCount", "Count", NULL, item_locations },
	SHOP_END,
};

const struct gql_type shop_item = { "InventoryItem", GQL_TYPE, item_fields, NULL };
SHOP_CONNECTION(items, item, "InventoryItem");

/* ---- variants ---- */

static int64_t available(const struct world *w, int64_t product)
{
	const int32_t *at = w->product[product].listing;
	int64_t sum = 0;

	for (enum place p = SHOPIFY_MAIN; p <= SHOPIFY_WEST; p++)
		sum += at[p] < 0 ? 0 : w->listing[at[p]].shown;
	return sum;
}

static bool goes_on(const struct world *w, int64_t product)
{
	return w->listing[w->product[product].listing[SHOPIFY_MAIN]].flags & LISTING_CONTINUE;
}

/* "Harbor & Pine Stoneware Mug, 14 oz, Slate" to "Slate". */
static const char *variant_word(struct gql_run *r, int64_t product)
{
	const char *name = world_str(world_of(r), world_of(r)->product[product].name), *comma = strrchr(name, ',');

	return world_of(r)->product[product].group < 0 || !comma ? "Default Title" : comma + 2;
}

SHOP_GET(variant_gid) { return shop_gid(r, GID_VARIANT, on.id); }
SHOP_GET(variant_legacy) { return shop_legacy_id(r, GID_VARIANT, on.id); }
SHOP_GET(variant_title) { return gql_text(variant_word(r, on.id)); }
SHOP_GET(variant_name) { return gql_text(world_str(world_of(r), product_at(r, on)->name)); }
SHOP_GET(variant_barcode) { return gql_text(world_str(world_of(r), product_at(r, on)->gtin)); }
SHOP_GET(variant_price) { return gql_text(shop_amount(r, price_at(world_of(r), (int)on.id, SHOPIFY_MAIN))); }
SHOP_GET(variant_policy) { return gql_text(goes_on(world_of(r), on.id) ? "CONTINUE" : "DENY"); }
SHOP_GET(variant_available) { return gql_int(available(world_of(r), on.id)); }
SHOP_GET(variant_for_sale) { return gql_bool(goes_on(world_of(r), on.id) || available(world_of(r), on.id) > 0); }
SHOP_GET(variant_item) { return gql_object(&shop_item, on.id, 0, NULL); }
SHOP_GET(variant_product) { return gql_object(&shop_product, shop_head(world_of(r), on.id), 0, NULL); }
SHOP_GET(variant_position) { return gql_int(1 + on.id - shop_head(world_of(r), on.id)); }

SHOP_GET(variant_options)
{
	struct gql_node *one = arena_alloc(r->arena, sizeof *one);

	*one = (struct gql_node){ .type = &shop_option, .id = on.id };
	return gql_objects(one, 1);
}

static const struct gql_def variant_fields[] = {
	{ "id", "ID!", NULL, variant_gid },
	{ "legacyResourceId", "UnsignedInt64!", NULL, variant_legacy },
	{ "sku", "String", NULL, item_sku },
	{ "barcode", "String", NULL, variant_barcode },
	{ "title", "String!", NULL, variant_title },
	{ "displayName", "String!", NULL, variant_name },
	{ "price", "Money!", NULL, variant_price },
	{ "compareAtPrice", "Money", NULL, nothing },
	{ "position", "Int!", NULL, variant_position },
	{ "taxable", "Boolean!", NULL, yes },
	{ "inventoryPolicy", "ProductVariantInventoryPolicy!", NULL, variant_policy },
	{ "inventoryQuantity", "Int", NULL, variant_available },
	{ "sellableOnlineQuantity", "Int!", NULL, variant_available },
	{ "availableForSale", "Boolean!", NULL, variant_for_sale },
	{ "inventoryItem", "InventoryItem!", NULL, variant_item },
	{ "product", "Product!", NULL, variant_product },
	{ "selectedOptions", "[SelectedOption!]!", NULL, variant_options },
	{ "createdAt", "DateTime!", NULL, born },
	{ "updatedAt", "DateTime!", NULL, born },
	SHOP_END,
};

const struct gql_type shop_variant = { "ProductVariant", GQL_TYPE, variant_fields, NULL };
SHOP_CONNECTION(variants, variant, "ProductVariant");

SHOP_GET(option_name) { return gql_text(product_at(r, on)->group < 0 ? "Title" : "Color"); }

static const struct gql_def option_fields[] = {
	{ "name", "String!", NULL, option_name },
	{ "value", "String!", NULL, variant_title },
	SHOP_END,
};

const struct gql_type shop_option = { "SelectedOption", GQL_TYPE, option_fields, NULL };

/* ---- products ---- */

/* Its variants: those of its family, which stand within a few hundred of each other. */
static struct gql_node *variants_of(struct gql_run *r, int64_t head, int *n)
{
	enum { FAMILY_MAX = 400 };
	const struct world *w = world_of(r);
	struct gql_node *all = NULL;
	int cap = 0;

	*n = 0;
	for (int64_t i = head; i < w->products && i < head + FAMILY_MAX; i++)
		if (shop_head(w, i) == head && shop_sells(w, i)) {
			all = arena_grow(r->arena, all, *n, &cap, sizeof *all);
			all[(*n)++] = (struct gql_node){ .type = &shop_variant, .id = i };
		}
	return all;
}

SHOP_GET(product_gid) { return shop_gid(r, GID_PRODUCT, on.id); }
SHOP_GET(product_legacy) { return shop_legacy_id(r, GID_PRODUCT, on.id); }
SHOP_GET(product_handle) { return gql_text(world_str(world_of(r), product_at(r, on)->sku)); }
SHOP_GET(product_status) { return gql_text("ACTIVE"); }
SHOP_GET(product_kind) { return gql_text(world_str(world_of(r), product_at(r, on)->kind)); }
SHOP_GET(product_vendor) { return gql_text("Harbor & Pine"); }

SHOP_GET(product_title)
{
	const char *name = world_str(world_of(r), product_at(r, on)->name), *comma = strrchr(name, ',');

	return gql_text(comma && product_at(r, on)->group >= 0 ? arena_strndup(r->arena, name, (size_t)(comma - name)) : name);
}

SHOP_GET(product_variants)
{
	int n;
	struct gql_node *all = variants_of(r, on.id, &n);

	return shop_page(r, &shop_variants, all, n, args);
}

SHOP_GET(product_total)
{
	int n;
	int64_t sum = 0;
	const struct gql_node *all = variants_of(r, on.id, &n);

	for (int i = 0; i < n; i++)
		sum += available(world_of(r), all[i].id);
	return gql_int(sum);
}

static const struct gql_def product_fields[] = {
	{ "id", "ID!", NULL, product_gid },
	{ "legacyResourceId", "UnsignedInt64!", NULL, product_legacy },
	{ "title", "String!", NULL, product_title },
	{ "handle", "String!", NULL, product_handle },
	{ "status", "ProductStatus!", NULL, product_status },
	{ "productType", "String!", NULL, product_kind },
	{ "vendor", "String!", NULL, product_vendor },
	{ "totalInventory", "Int!", NULL, product_total },
	{ "createdAt", "DateTime!", NULL, born },
	{ "updatedAt", "DateTime!", NULL, born },
	{ "variants", "ProductVariantConnection!", SHOP_LIST_ARGS, product_variants },
	SHOP_END,
};

const struct gql_type shop_product = { "Product", GQL_TYPE, product_fields, NULL };
SHOP_CONNECTION(products, product, "Product");

/* ---- locations ---- */

SHOP_GET(location_gid) { return shop_gid(r, GID_LOCATION, on.id); }
SHOP_GET(location_legacy) { return shop_legacy_id(r, GID_LOCATION, on.id); }
SHOP_GET(location_name) { return gql_text(on.id == SHOPIFY_MAIN ? "Portland" : "Reno DC"); }
SHOP_GET(location_primary) { return gql_bool(on.id == SHOPIFY_MAIN); }
SHOP_GET(location_address) { return gql_object(&shop_location_address, on.id, 0, NULL); }

SHOP_GET(location_level)
{
	int64_t item = shop_gid_read(r, GID_ITEM, json_text_or(args, "inventoryItemId", ""));
	int listing = item < 0 ? -1 : world_of(r)->product[item].listing[on.id];

	return listing < 0 ? gql_null() : gql_object(&shop_level, listing, 0, NULL);
}

SHOP_GET(location_levels)
{
	const struct world *w = world_of(r);
	struct gql_node *all = NULL;
	int n = 0, cap = 0;

	for (int i = 0; i < w->products; i++)
		if (w->product[i].listing[on.id] >= 0) {
			all = arena_grow(r->arena, all, n, &cap, sizeof *all);
			all[n++] = (struct gql_node){ .type = &shop_level, .id = w->product[i].listing[on.id] };
		}
	return shop_page(r, &shop_levels, all, n, args);
}

static const struct gql_def location_fields[] = {
	{ "id", "ID!", NULL, location_gid },
	{ "legacyResourceId", "UnsignedInt64!", NULL, location_legacy },
	{ "name", "String!", NULL, location_name },
	{ "isActive", "Boolean!", NULL, yes },
	{ "isPrimary", "Boolean!", NULL, location_primary },
	{ "isFulfillmentService", "Boolean!", NULL, no },
	{ "fulfillsOnlineOrders", "Boolean!", NULL, yes },
	{ "shipsInventory", "Boolean!", NULL, yes },
	{ "hasActiveInventory", "Boolean!", NULL, yes },
	{ "createdAt", "DateTime!", NULL, born },
	{ "updatedAt", "DateTime!", NULL, born },
	{ "address", "LocationAddress!", NULL, location_address },
	{ "inventoryLevel", "InventoryLevel", "includeInactive: Boolean, inventoryItemId: ID!", location_level },
	{ "inventoryLevels", "InventoryLevelConnection!", SHOP_FIND_ARGS ", includeInactive: Boolean", location_levels },
	SHOP_END,
};

const struct gql_type shop_location_type = { "Location", GQL_TYPE, location_fields, NULL };
SHOP_CONNECTION(locations, location, "Location");

SHOP_GET(address_city) { return gql_text(on.id == SHOPIFY_MAIN ? "Portland" : "Reno"); }
SHOP_GET(address_state) { return gql_text(on.id == SHOPIFY_MAIN ? "OR" : "NV"); }
SHOP_GET(address_zip) { return gql_text(on.id == SHOPIFY_MAIN ? "97209" : "89501"); }
SHOP_GET(address_country) { return gql_text("US"); }

static const struct gql_def location_address_fields[] = {
	{ "city", "String", NULL, address_city },
	{ "provinceCode", "String", NULL, address_state },
	{ "zip", "String", NULL, address_zip },
	{ "countryCode", "String", NULL, address_country },
	SHOP_END,
};

const struct gql_type shop_location_address = { "LocationAddress", GQL_TYPE, location_address_fields, NULL };
