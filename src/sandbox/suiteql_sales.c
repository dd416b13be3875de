/*
 * suiteql_sales.c: the simulated NetSuite's sales orders and their lines.
 *
 * Quantities of lines of a sales order are negative in SuiteQL: they are what leaves.
 */
#include "sandbox/suiteql_tables.h"

enum { ORDER_BASE = 70001 };

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
	return sql_location_of((enum depot)order_row(s, row)->depot, display);
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
	{ "voided", sql_never },
	{ "memo", sql_nothing },
	{ NULL, NULL },
};

static void order_range(const struct sql_source *s, int64_t key, int *first, int *n)
{
	sql_one_row(key - ORDER_BASE, order_rows(s), first, n);
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
	return sql_item_of(s, line_row(s, row)->product, display);
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
	return line_row(s, row)->qty > line_row(s, row)->cancelled ? sql_never(s, row, display) : sql_always(s, row, display);
}

static struct sql_value tl_itemtype(const struct sql_source *s, int row, bool display)
{
	return sql_item_type(s, line_row(s, row)->product, display);
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
	{ "mainline", sql_never },
	{ "taxline", sql_never },
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

const struct sql_table sql_transaction = { "transaction", NULL, order_columns, order_rows, order_range };
const struct sql_table sql_transactionline = { "transactionline", NULL, line_columns, line_rows, line_range };

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
