/*
 * suiteql_tables.c: what the simulated NetSuite knows: items, prices, stock by location, sales orders.
 *
 * Its own locations it counts itself; of the provider's it has what it last heard. The room behind the shop is unknown to
 * it. Quantities of lines of a sales order are negative in SuiteQL: they are what leaves.
 */
#include "sandbox/suiteql.h"

#include <stdio.h>
#include <string.h>

enum { ITEM_BASE = 2001, ORDER_BASE = 70001, LEVELS = 2, EXTRAS = 2 };

static const struct {
	int id;
	enum depot depot;
} locations[] = { { 2, DEPOT_RENO }, { 5, DEPOT_OHIO }, { 7, DEPOT_HARBOR }, { 8, DEPOT_OAKLAND } };

enum { LOCATIONS = sizeof locations / sizeof *locations };

struct sql_value sql_int(int64_t n)
{
	return (struct sql_value){ SQL_NUMBER, n * SQL_ONE, NULL };
}

struct sql_value sql_number(int64_t n, int digits)
{
	for (; digits < SQL_DIGITS; digits++)
		n *= 10;
	return (struct sql_value){ SQL_NUMBER, n, NULL };
}

struct sql_value sql_text(const char *s)
{
	return (struct sql_value){ s && *s ? SQL_TEXT : SQL_NULL, 0, s };
}

struct sql_value sql_time(int64_t ms)
{
	return (struct sql_value){ ms ? SQL_TIME : SQL_NULL, ms, NULL };
}

static const char *location_name(enum depot d)
{
	return depot_facts[d].title;
}

static int location_id(enum depot d)
{
	for (int i = 0; i < LOCATIONS; i++)
		if (locations[i].depot == d)
			return locations[i].id;
	return 0;
}

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

static struct sql_value item_displayname(const struct sql_source *s, int row, bool display)
{
	(void)display;
	return sql_text(is_extra(s, row) ? extras[row - s->world->products] : world_str(s->world, product_of(s, row)->name));
}

static struct sql_value item_type(const struct sql_source *s, int row, bool display)
{
	bool ship = row == s->world->products;

	if (!is_extra(s, row) && product_bundled(product_of(s, row)))
		return sql_text(display ? "Kit/Package" : "Kit");
	if (is_extra(s, row))
		return sql_text(display ? (ship ? "Shipping Cost Item" : "Non-inventory Item") : ship ? "ShipItem" : "NonInvtPart");
	return sql_text(display ? "Inventory Item" : "InvtPart");
}

static struct sql_value never(const struct sql_source *s, int row, bool display)
{
	(void)s;
	(void)row;
	return sql_text(display ? "No" : "F");
}

static struct sql_value always(const struct sql_source *s, int row, bool display)
{
	(void)s;
	(void)row;
	return sql_text(display ? "Yes" : "T");
}

static struct sql_value item_inactive(const struct sql_source *s, int row, bool display)
{
	return !is_extra(s, row) && product_of(s, row)->retired ? always(s, row, display) : never(s, row, display);
}

static struct sql_value nothing(const struct sql_source *s, int row, bool display)
{
	(void)s;
	(void)row;
	(void)display;
	return sql_text(NULL);
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
	{ "itemtype", item_type },
	{ "isinactive", item_inactive },
	{ "upccode", item_upc },
	{ "externalid", nothing },
	{ "parent", nothing },
	{ "createddate", item_created },
	{ "lastmodifieddate", item_changed },
	{ NULL, NULL },
};

static void one_row(int64_t at, int rows, int *first, int *n)
{
	*first = at >= 0 && at < rows ? (int)at : 0;
	*n = at >= 0 && at < rows;
}

static void item_range(const struct sql_source *s, int64_t key, int *first, int *n)
{
	one_row(key - ITEM_BASE, item_rows(s), first, n);
}

/* ---- pricing ---- */

static int pricing_rows(const struct sql_source *s)
{
	return s->world->products * LEVELS;
}

static struct sql_value pricing_item(const struct sql_source *s, int row, bool display)
{
	return display ? item_itemid(s, row / LEVELS, true) : sql_int(ITEM_BASE + row / LEVELS);
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
	one_row(key - ITEM_BASE, s->world->products, first, n);
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
	return display ? item_itemid(s, row / LOCATIONS, true) : sql_int(ITEM_BASE + row / LOCATIONS);
}

static struct sql_value stock_location(const struct sql_source *s, int row, bool display)
{
	(void)s;
	return display ? sql_text(location_name(stock_depot(row))) : sql_int(locations[row % LOCATIONS].id);
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
	one_row(key - ITEM_BASE, s->world->opt.depots ? s->world->products : 0, first, n);
	*first *= LOCATIONS;
	*n *= LOCATIONS;
}

/* ---- location ---- */

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
	return sql_text(location_name(locations[row].depot));
}

static const struct sql_column location_columns[] = {
	{ "id", loc_id },        { "name", loc_name },     { "fullname", loc_name }, { "isinactive", never },
	{ "makeinventoryavailable", always }, { "usebins", never }, { "externalid", nothing }, { NULL, NULL },
};

static void location_range(const struct sql_source *s, int64_t key, int *first, int *n)
{
	*first = *n = 0;
	for (int i = 0; i < location_rows(s); i++)
		if (locations[i].id == key)
			one_row(i, LOCATIONS, first, n);
}

/* ---- transaction: sales orders, one for each warehouse of an order ---- */

static const struct outbound *order_row(const struct sql_source *s, int row)
{
	return &s->world->outbound[row];
}

static int order_rows(const struct sql_source *s)
{
	return s->world->outbounds;
}

static struct sql_value so_id(const struct sql_source *s, int row, bool display)
{
	(void)display;
	return display ? sql_text(arena_printf(s->arena, "Sales Order #SO%d", 40001 + row)) : sql_int(ORDER_BASE + row);
}

static struct sql_value so_tranid(const struct sql_source *s, int row, bool display)
{
	(void)display;
	return sql_text(arena_printf(s->arena, "SO%d", 40001 + row));
}

static struct sql_value so_type(const struct sql_source *s, int row, bool display)
{
	(void)s;
	(void)row;
	return sql_text(display ? "Sales Order" : "SalesOrd");
}

static struct sql_value so_record(const struct sql_source *s, int row, bool display)
{
	(void)s;
	(void)row;
	(void)display;
	return sql_text("salesorder");
}

/* The marketplace's order id, as the buyer's reference. */
static struct sql_value so_reference(const struct sql_source *s, int row, bool display)
{
	char id[24];

	(void)display;
	order_id(s->world, order_row(s, row)->order, id);
	return sql_text(arena_strdup(s->arena, id));
}

/* B, F and C as the order's status list has them: pending fulfilment, pending billing, cancelled. */
static struct sql_value so_status(const struct sql_source *s, int row, bool display)
{
	int status = order_row(s, row)->status;

	if (status == OUT_DISPATCHED)
		return sql_text(display ? "Sales Order : Pending Billing" : "F");
	if (status == OUT_DELETED)
		return sql_text(display ? "Sales Order : Cancelled" : "C");
	return sql_text(display ? "Sales Order : Pending Fulfillment" : "B");
}

static struct sql_value so_created(const struct sql_source *s, int row, bool display)
{
	(void)display;
	return sql_time(order_row(s, row)->made_ms);
}

static struct sql_value so_changed(const struct sql_source *s, int row, bool display)
{
	(void)display;
	return sql_time(order_row(s, row)->changed_ms);
}

static struct sql_value so_shipped(const struct sql_source *s, int row, bool display)
{
	(void)display;
	return sql_time(order_row(s, row)->dispatched_ms);
}

static struct sql_value so_location(const struct sql_source *s, int row, bool display)
{
	enum depot d = (enum depot)order_row(s, row)->depot;

	return display ? sql_text(location_name(d)) : sql_int(location_id(d));
}

static struct sql_value so_tracking(const struct sql_source *s, int row, bool display)
{
	(void)display;
	return sql_text(world_str(s->world, order_row(s, row)->tracking));
}

static struct sql_value so_entity(const struct sql_source *s, int row, bool display)
{
	enum platform p = order_platform(&s->world->order[order_row(s, row)->order]);

	return display ? sql_text(platform_names[p]) : sql_int(300 + (int)p);
}

static const struct sql_column order_columns[] = {
	{ "id", so_id },
	{ "tranid", so_tranid },
	{ "transactionnumber", so_tranid },
	{ "type", so_type },
	{ "recordtype", so_record },
	{ "otherrefnum", so_reference },
	{ "externalid", so_reference },
	{ "status", so_status },
	{ "trandate", so_created },
	{ "createddate", so_created },
	{ "lastmodifieddate", so_changed },
	{ "actualshipdate", so_shipped },
	{ "shipdate", so_shipped },
	{ "location", so_location },
	{ "entity", so_entity },
	{ "linkedtrackingnumbers", so_tracking },
	{ "voided", never },
	{ "memo", nothing },
	{ NULL, NULL },
};

static void order_range(const struct sql_source *s, int64_t key, int *first, int *n)
{
	one_row(key - ORDER_BASE, order_rows(s), first, n);
}

/* ---- transactionline ---- */

static int line_rows(const struct sql_source *s)
{
	return s->lines;
}

static const struct line *line_row(const struct sql_source *s, int row)
{
	return &s->world->line[s->line_of[row]];
}

static bool line_left_house(const struct sql_source *s, int row)
{
	return order_row(s, s->outbound_of[row])->status == OUT_DISPATCHED;
}

static struct sql_value tl_transaction(const struct sql_source *s, int row, bool display)
{
	return so_id(s, s->outbound_of[row], display);
}

static struct sql_value tl_number(const struct sql_source *s, int row, bool display)
{
	(void)display;
	return sql_int(row - s->first_of[s->outbound_of[row]] + 1);
}

static struct sql_value tl_key(const struct sql_source *s, int row, bool display)
{
	(void)display;
	return sql_int(900000 + (int64_t)s->line_of[row]);
}

static struct sql_value tl_item(const struct sql_source *s, int row, bool display)
{
	int product = line_row(s, row)->product;

	return display ? item_itemid(s, product, true) : sql_int(ITEM_BASE + product);
}

static struct sql_value tl_quantity(const struct sql_source *s, int row, bool display)
{
	(void)display;
	return sql_int(-outbound_units(line_row(s, row)));
}

static struct sql_value tl_committed(const struct sql_source *s, int row, bool display)
{
	(void)display;
	return sql_int(line_row(s, row)->busy);
}

static struct sql_value tl_shipped(const struct sql_source *s, int row, bool display)
{
	(void)display;
	return sql_int(line_left_house(s, row) ? line_row(s, row)->left : 0);
}

static struct sql_value tl_back(const struct sql_source *s, int row, bool display)
{
	const struct line *l = line_row(s, row);

	(void)display;
	return sql_int(order_row(s, s->outbound_of[row])->status == OUT_AWAITING_STOCK ? outbound_units(l) : 0);
}

static struct sql_value tl_location(const struct sql_source *s, int row, bool display)
{
	return so_location(s, s->outbound_of[row], display);
}

static struct sql_value tl_closed(const struct sql_source *s, int row, bool display)
{
	return line_row(s, row)->qty > line_row(s, row)->cancelled ? never(s, row, display) : always(s, row, display);
}

static struct sql_value tl_itemtype(const struct sql_source *s, int row, bool display)
{
	return item_type(s, line_row(s, row)->product, display);
}

static struct sql_value tl_rate(const struct sql_source *s, int row, bool display)
{
	(void)display;
	return sql_number(line_row(s, row)->price_minor, 2);
}

static const struct sql_column line_columns[] = {
	{ "transaction", tl_transaction },
	{ "id", tl_number },
	{ "linesequencenumber", tl_number },
	{ "uniquekey", tl_key },
	{ "item", tl_item },
	{ "itemtype", tl_itemtype },
	{ "quantity", tl_quantity },
	{ "quantitycommitted", tl_committed },
	{ "quantityshiprecv", tl_shipped },
	{ "quantitybackordered", tl_back },
	{ "location", tl_location },
	{ "inventorylocation", tl_location },
	{ "mainline", never },
	{ "taxline", never },
	{ "isclosed", tl_closed },
	{ "rate", tl_rate },
	{ NULL, NULL },
};

static void line_range(const struct sql_source *s, int64_t key, int *first, int *n)
{
	int64_t at = key - ORDER_BASE;

	*first = *n = 0;
	if (at < 0 || at >= s->world->outbounds)
		return;
	*first = s->first_of[at];
	*n = (at + 1 < s->world->outbounds ? s->first_of[at + 1] : s->lines) - *first;
}

const struct sql_table sql_tables[] = {
	{ "item", NULL, item_columns, item_rows, item_range },
	{ "pricing", "itemprice", pricing_columns, pricing_rows, pricing_range },
	{ "inventoryitemlocations", "aggregateitemlocation", stock_columns, stock_rows, stock_range },
	{ "location", NULL, location_columns, location_rows, location_range },
	{ "transaction", NULL, order_columns, order_rows, order_range },
	{ "transactionline", NULL, line_columns, line_rows, line_range },
	{ NULL, NULL, NULL, NULL, NULL },
};

void sql_source_open(struct sql_source *s, const struct world *w, struct arena *a)
{
	int cap = 1;

	*s = (struct sql_source){ .world = w, .arena = a };
	for (int i = 0; i < w->outbounds; i++)
		cap += w->order[w->outbound[i].order].lines;
	s->line_of = arena_alloc(a, (size_t)cap * sizeof *s->line_of);
	s->outbound_of = arena_alloc(a, (size_t)cap * sizeof *s->outbound_of);
	s->first_of = arena_alloc(a, (size_t)(w->outbounds + 1) * sizeof *s->first_of);
	for (int i = 0; i < w->outbounds; i++) {
		const struct order *o = &w->order[w->outbound[i].order];

		s->first_of[i] = s->lines;
		for (int k = o->line; k < o->line + o->lines; k++) {
			if (w->line[k].depot != w->outbound[i].depot)
				continue;
			s->line_of[s->lines] = k;
			s->outbound_of[s->lines++] = i;
		}
	}
}
