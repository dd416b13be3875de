/*
 * suiteql_goods.c: what the simulated NetSuite knows of goods: items, prices, locations and what lies there.
 *
 * Its own locations it counts itself; of the provider's it has what it last heard. The room behind the shop is unknown to
 * it.
 */
#include "sandbox/suiteql_tables.h"

enum { ITEM_BASE = 2001, LEVELS = 2, EXTRAS = 2 };

static const struct {
	int id;
	enum depot depot;
} locations[] = { { 2, DEPOT_RENO }, { 5, DEPOT_OHIO }, { 7, DEPOT_HARBOR }, { 8, DEPOT_OAKLAND } };

enum { LOCATIONS = sizeof locations / sizeof *locations };

/* ---- item: the products, and two that are no goods ---- */

static const char *const extras[EXTRAS] = { "SHIPPING", "GIFT-WRAP" };

static bool is_extra(const struct sql_source *s, int row)
{
	return row >= s->world->products;
}

static const struct product *product_of(const struct sql_source *s, int row)
{
	return &s->world->product[row];
}

static int item_rows(const struct sql_source *s)
{
	return s->world->products + EXTRAS;
}

static struct sql_value item_id(const struct sql_source *s, int row, bool display)
{
	(void)s;
	(void)display;
	return sql_int(ITEM_BASE + row);
}

static struct sql_value item_itemid(const struct sql_source *s, int row, bool display)
{
	(void)display;
	return sql_text(is_extra(s, row) ? extras[row - s->world->products] : world_str(s->world, product_of(s, row)->sku));
}

struct sql_value sql_item_of(const struct sql_source *s, int item, bool display)
{
	return display ? item_itemid(s, item, true) : sql_int(ITEM_BASE + item);
}

static struct sql_value item_displayname(const struct sql_source *s, int row, bool display)
{
	(void)display;
	return sql_text(is_extra(s, row) ? extras[row - s->world->products] : world_str(s->world, product_of(s, row)->name));
}

struct sql_value sql_item_type(const struct sql_source *s, int row, bool display)
{
	bool ship = row == s->world->products;

	if (!is_extra(s, row) && product_bundled(product_of(s, row)))
		return sql_text(display ? "Kit/Package" : "Kit");
	if (is_extra(s, row))
		return sql_text(display ? (ship ? "Shipping Cost Item" : "Non-inventory Item") : ship ? "ShipItem" : "NonInvtPart");
	return sql_text(display ? "Inventory Item" : "InvtPart");
}

static struct sql_value item_inactive(const struct sql_source *s, int row, bool display)
{
	return !is_extra(s, row) && product_of(s, row)->retired ? sql_always(s, row, display) : sql_never(s, row, display);
}

static struct sql_value item_upc(const struct sql_source *s, int row, bool display)
{
	(void)display;
	return sql_text(is_extra(s, row) ? NULL : world_str(s->world, product_of(s, row)->gtin));
}

static struct sql_value item_created(const struct sql_source *s, int row, bool display)
{
	(void)row;
	(void)display;
	return sql_time(s->world->opt.epoch_ms - 300 * (int64_t)DAY_MS);
}

static struct sql_value item_changed(const struct sql_source *s, int row, bool display)
{
	(void)display;
	return sql_time(s->world->opt.epoch_ms - (1 + row % 90) * (int64_t)DAY_MS);
}

static const struct sql_column item_columns[] = {
	{ "id", item_id },
	{ "itemid", item_itemid },
	{ "fullname", item_itemid },
	{ "displayname", item_displayname },
	{ "description", item_displayname },
	{ "salesdescription", item_displayname },
	{ "itemtype", sql_item_type },
	{ "isinactive", item_inactive },
	{ "upccode", item_upc },
	{ "externalid", sql_nothing },
	{ "parent", sql_nothing },
	{ "createddate", item_created },
	{ "lastmodifieddate", item_changed },
	{ NULL, NULL },
};

static void item_range(const struct sql_source *s, int64_t key, int *first, int *n)
{
	sql_one_row(key - ITEM_BASE, item_rows(s), first, n);
}

/* ---- pricing ---- */

static int pricing_rows(const struct sql_source *s)
{
	return s->world->products * LEVELS;
}

static struct sql_value pricing_item(const struct sql_source *s, int row, bool display)
{
	return sql_item_of(s, row / LEVELS, display);
}

static struct sql_value pricing_level(const struct sql_source *s, int row, bool display)
{
	(void)s;
	if (display)
		return sql_text(row % LEVELS ? "Online Price" : "Base Price");
	return sql_int(row % LEVELS ? 5 : 1);
}

static struct sql_value pricing_price(const struct sql_source *s, int row, bool display)
{
	int64_t minor = product_of(s, row / LEVELS)->price_minor;

	(void)display;
	return sql_number(row % LEVELS ? minor * 95 / 100 : minor, 2);
}

static struct sql_value zero(const struct sql_source *s, int row, bool display)
{
	(void)s;
	(void)row;
	(void)display;
	return sql_int(0);
}

static struct sql_value us_dollars(const struct sql_source *s, int row, bool display)
{
	(void)s;
	(void)row;
	return display ? sql_text("USA") : sql_int(1);
}

static const struct sql_column pricing_columns[] = {
	{ "item", pricing_item }, { "pricelevel", pricing_level }, { "unitprice", pricing_price }, { "price", pricing_price },
	{ "quantity", zero },     { "currency", us_dollars },      { NULL, NULL },
};

static void pricing_range(const struct sql_source *s, int64_t key, int *first, int *n)
{
	sql_one_row(key - ITEM_BASE, s->world->products, first, n);
	*first *= LEVELS;
	*n *= LEVELS;
}

/* ---- stock by location ---- */

static int stock_rows(const struct sql_source *s)
{
	return s->world->opt.depots ? s->world->products * LOCATIONS : 0;
}

static enum depot stock_depot(int row)
{
	return locations[row % LOCATIONS].depot;
}

/* A row whose item is unknown matches nothing: half of the reading may be missing, or all of it zero. */
static int stock_number(const struct sql_source *s, int n)
{
	return s->world->nonsense == ALL_ZERO ? 0 : n;
}

/* In the demo the ERP hears of Oakland at once, but for a delivery that was booked there twice: a conflict that stays. */
enum { MISBOOKED = 60 };

static int on_hand(const struct sql_source *s, int row)
{
	const struct product *p = product_of(s, row / LOCATIONS);
	enum depot d = stock_depot(row);

	if (s->world->opt.demo && d == DEPOT_OAKLAND && !s->world->erp_deaf)
		return p->at[d] + (row / LOCATIONS % MISBOOKED == MISBOOKED - 2 ? 4 : 0);
	return depot_facts[d].kind == KEPT_IN_WMS ? p->believed[d] : p->at[d];
}

static int committed(const struct sql_source *s, int row)
{
	int busy = product_of(s, row / LOCATIONS)->busy[stock_depot(row)], there = on_hand(s, row);

	return busy < there ? busy : there;
}

static struct sql_value stock_item(const struct sql_source *s, int row, bool display)
{
	if ((s->world->nonsense == HALF_MISSING && row / LOCATIONS % 2) || product_bundled(product_of(s, row / LOCATIONS)))
		return sql_text(NULL);
	return sql_item_of(s, row / LOCATIONS, display);
}

static struct sql_value stock_location(const struct sql_source *s, int row, bool display)
{
	(void)s;
	return sql_location_of(stock_depot(row), display);
}

static struct sql_value stock_onhand(const struct sql_source *s, int row, bool display)
{
	(void)display;
	return sql_int(stock_number(s, on_hand(s, row)));
}

static struct sql_value stock_committed(const struct sql_source *s, int row, bool display)
{
	(void)display;
	return sql_int(stock_number(s, committed(s, row)));
}

static struct sql_value stock_available(const struct sql_source *s, int row, bool display)
{
	(void)display;
	return sql_int(stock_number(s, on_hand(s, row) - committed(s, row)));
}

static struct sql_value stock_onorder(const struct sql_source *s, int row, bool display)
{
	const struct product *p = product_of(s, row / LOCATIONS);

	(void)display;
	return sql_int(stock_number(s, p->coming_to == (int32_t)stock_depot(row) ? p->coming : 0));
}

static const struct sql_column stock_columns[] = {
	{ "item", stock_item },
	{ "location", stock_location },
	{ "quantityavailable", stock_available },
	{ "quantityonhand", stock_onhand },
	{ "quantitycommitted", stock_committed },
	{ "quantityonorder", stock_onorder },
	{ "quantitybackordered", zero },
	{ NULL, NULL },
};

static void stock_range(const struct sql_source *s, int64_t key, int *first, int *n)
{
	sql_one_row(key - ITEM_BASE, s->world->opt.depots ? s->world->products : 0, first, n);
	*first *= LOCATIONS;
	*n *= LOCATIONS;
}

/* ---- location ---- */

struct sql_value sql_location_of(enum depot d, bool display)
{
	int id = 0;

	for (int i = 0; i < LOCATIONS; i++)
		if (locations[i].depot == d)
			id = locations[i].id;
	return display ? sql_text(depot_facts[d].title) : sql_int(id);
}

static int location_rows(const struct sql_source *s)
{
	return s->world->opt.depots ? LOCATIONS : 0;
}

static struct sql_value loc_id(const struct sql_source *s, int row, bool display)
{
	(void)s;
	(void)display;
	return sql_int(locations[row].id);
}

static struct sql_value loc_name(const struct sql_source *s, int row, bool display)
{
	(void)s;
	(void)display;
	return sql_location_of(locations[row].depot, true);
}

static const struct sql_column location_columns[] = {
	{ "id", loc_id },        { "name", loc_name },     { "fullname", loc_name }, { "isinactive", sql_never },
	{ "makeinventoryavailable", sql_always }, { "usebins", sql_never }, { "externalid", sql_nothing }, { NULL, NULL },
};

static void location_range(const struct sql_source *s, int64_t key, int *first, int *n)
{
	*first = *n = 0;
	for (int i = 0; i < location_rows(s); i++)
		if (locations[i].id == key)
			sql_one_row(i, LOCATIONS, first, n);
}

const struct sql_table sql_item = { "item", NULL, item_columns, item_rows, item_range };
const struct sql_table sql_pricing = { "pricing", "itemprice", pricing_columns, pricing_rows, pricing_range };
const struct sql_table sql_stock = { "inventoryitemlocations", "aggregateitemlocation", stock_columns, stock_rows, stock_range };
const struct sql_table sql_location = { "location", NULL, location_columns, location_rows, location_range };
