/*
 * cartoncloud_report.c: products with their units, and the stock report.
 *
 * A run is asked for, takes its time, and is then read page by page. What it says is of the moment it was asked for.
 * Goods are counted in the unit they stand in: what is in cartons is told in cartons.
 */
#include "sandbox/cartoncloud.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE_MAX = 100, RUNS_KEPT = 24 };

static const int64_t kept_ms = 7 * (int64_t)DAY_MS;

enum status { STATUS_OK, STATUS_DAMAGED, STATUS_QUARANTINE, STATUSES };

static const char *const statuses[STATUSES] = { "OK", "DAMAGED", "QUARANTINE" };
const char *const unit_names[UNITS] = { "EA", "INNER", "CTN" };
static const char *const unit_titles[UNITS] = { "Each", "Inner", "Carton" };

int unit_eaches(int product, enum unit unit)
{
	if (unit == UNIT_EA)
		return 1;
	if (unit == UNIT_INNER)
		return product % 7 == 3 ? 6 : 0;
	return product % 3 == 0 || product % 7 == 3 ? (product % 7 == 3 ? 24 : 12) : 0;
}

/* ---- products ---- */

static const char *product_look(const struct searched *it, const char *pointer, bool *known)
{
	const struct product *p = &it->world->product[it->number];

	if (strcmp(pointer, "/references/code") == 0)
		return world_str(it->world, p->sku);
	if (strcmp(pointer, "/references/barcode") == 0)
		return world_str(it->world, p->gtin);
	if (strcmp(pointer, "/name") == 0)
		return world_str(it->world, p->name);
	if (strcmp(pointer, "/id") == 0)
		return cartoncloud_id(it->arena, ID_PRODUCT, it->number);
	if (strcmp(pointer, "/customer/id") == 0)
		return cartoncloud_id(it->arena, ID_CUSTOMER, 1);
	*known = false;
	return NULL;
}

static void put_units(const struct world *w, struct json_out *o, int product)
{
	json_put_object(o, "unitOfMeasures");
	for (enum unit u = 0; u < UNITS; u++) {
		if (!unit_eaches(product, u))
			continue;
		json_put_object(o, unit_names[u]);
		json_put_text(o, "type", unit_names[u]);
		json_put_text(o, "name", unit_titles[u]);
		json_put_int(o, "baseQty", unit_eaches(product, u));
		if (u == UNIT_EA)
			json_put_text(o, "barcode", world_str(w, w->product[product].gtin));
		json_end_object(o);
	}
	json_end_object(o);
}

static void put_reference(const struct world *w, struct call *c, struct json_out *o, int product)
{
	const struct product *p = &w->product[product];

	json_put_text(o, "name", world_str(w, p->name));
	json_put_object(o, "references");
	json_put_text(o, "code", world_str(w, p->sku));
	json_put_text(o, "barcode", world_str(w, p->gtin));
	json_end_object(o);
	json_put_text(o, "id", cartoncloud_id(c->arena, ID_PRODUCT, product));
}

static void put_product(const struct world *w, struct call *c, struct json_out *o, int product)
{
	json_put_object(o, NULL);
	json_put_text(o, "scope", "WAREHOUSE");
	json_put_text(o, "type", "GENERAL");
	put_reference(w, c, o, product);
	cartoncloud_put_customer(c, o, "customer");
	json_put_text(o, "defaultUnitOfMeasure", unit_names[UNIT_EA]);
	put_units(w, o, product);
	json_put_object(o, "details");
	json_put_bool(o, "active", true);
	json_end_object(o);
	json_end_object(o);
}

/* A bundle lies on no shelf. */
static bool is_stored(const struct world *w, int product)
{
	return !product_bundled(&w->product[product]);
}

void cartoncloud_products(struct service *s, struct call *c)
{
	static const struct search products = { .page_max = PAGE_MAX, .is_one = is_stored, .look = product_look, .put = put_product };

	cartoncloud_search(s->world, c, &products, s->world->products);
}

/* ---- taking the reading ---- */

/* The row of the other warehouse's goods of the same kind; NULL: there is none. */
static struct report_item *item_like(struct world *w, const struct report *r, const struct report_item *item)
{
	for (int i = r->first + r->items - 1; i >= r->first && w->report_item[i].product == item->product; i--)
		if (w->report_item[i].status == item->status && w->report_item[i].unit == item->unit)
			return &w->report_item[i];
	return NULL;
}

/* What is not there has no row. */
static void item_add(struct world *w, struct report *r, const struct report_item *item)
{
	struct report_item *like = item_like(w, r, item);

	if (!item->qty && !item->coming)
		return;
	if (like) {
		like->qty += item->qty;
		like->free += item->free;
		like->busy += item->busy;
		like->coming += item->coming;
		return;
	}
	w->report_item = world_room(w->report_item, w->report_items, &w->report_item_cap, sizeof *w->report_item);
	w->report_item[w->report_items++] = *item;
	r->items++;
}

/*
 * at eaches, busy of them allocated: full cartons stay closed as long as the loose ones are enough for the orders. About a
 * carton's worth stands loose.
 */
static void unit_add(struct world *w, struct report *r, struct report_item item, int at, int busy)
{
	enum unit big = unit_eaches(item.product, UNIT_CTN) ? UNIT_CTN : UNIT_EA;
	int each = unit_eaches(item.product, big), closed = big == UNIT_EA || !(r->by & BY_UNIT) ? 0 : (at - busy) / each;

	closed = closed > 1 ? closed - 1 : 0;
	item.unit = UNIT_EA;
	item.qty = at - closed * each;
	item.busy = busy < item.qty ? busy : item.qty;
	item.free = item.qty - item.busy;
	item_add(w, r, &item);
	item.unit = (int32_t)big;
	item.qty = item.free = closed;
	item.busy = item.coming = 0;
	item_add(w, r, &item);
}

static void depot_read(struct world *w, struct report *r, int product, enum depot d)
{
	const struct product *p = &w->product[product];
	struct report_item item = { .product = product, .coming = p->coming && p->coming_to == (int32_t)d ? p->coming : 0 };
	int bad = d == DEPOT_HARBOR ? p->damaged + p->held : 0;

	if (!(r->by & BY_STATUS)) { /* together: whoever asks so cannot tell the broken ones */
		unit_add(w, r, item, p->at[d] + bad, p->busy[d]);
		return;
	}
	unit_add(w, r, item, p->at[d], p->busy[d]);
	if (d != DEPOT_HARBOR)
		return;
	item = (struct report_item){ .product = product, .status = STATUS_DAMAGED, .qty = p->damaged, .free = p->damaged };
	item_add(w, r, &item);
	item = (struct report_item){ .product = product, .status = STATUS_QUARANTINE, .qty = p->held, .free = p->held };
	item_add(w, r, &item);
}

static bool reading_has(const struct world *w, int product)
{
	return !product_bundled(&w->product[product]) && (w->nonsense != HALF_MISSING || product % 2 == 0);
}

static void reading_take(struct world *w, struct report *r)
{
	for (int i = 0; i < w->products; i++)
		for (enum depot d = 0; d < DEPOTS; d++)
			if (depot_facts[d].kind == KEPT_IN_WMS && (r->depot == DEPOTS || r->depot == (int32_t)d) && reading_has(w, i))
				depot_read(w, r, i, d);
	for (int i = 0; w->nonsense == ALL_ZERO && i < r->items; i++) {
		struct report_item *item = &w->report_item[r->first + i];

		item->qty = item->free = item->busy = item->coming = 0;
	}
}

/* The oldest run is forgotten. */
static void report_drop(struct world *w)
{
	int n = w->report[0].items;

	memmove(w->report_item, w->report_item + n, (size_t)(w->report_items - n) * sizeof *w->report_item);
	w->report_items -= n;
	w->reports--;
	memmove(w->report, w->report + 1, (size_t)w->reports * sizeof *w->report);
	for (int i = 0; i < w->reports; i++)
		w->report[i].first -= n;
}

/* ---- a run ---- */

static int by_read(const struct json *list)
{
	static const char *const names[] = { "unitOfMeasure", "productStatus", "productType" };
	int by = 0;

	for (const struct json *e = json_first(list); e; e = json_next(e))
		for (int i = 0; i < 3; i++)
			if (json_is_text(e) && strcmp(json_scalar(e), names[i]) == 0)
				by |= 1 << i;
	return by;
}

/* DEPOTS: all of the provider's, none was named. -1: it has no such warehouse. */
static int warehouse_read(const struct json *warehouse)
{
	const char *id = json_text_or(warehouse, "id", ""), *name = json_text_or(warehouse, "name", "");
	int d = *id ? cartoncloud_number(ID_WAREHOUSE, id) : (int)depot_named(name);

	if (!warehouse)
		return DEPOTS;
	return d >= 0 && d < DEPOTS && depot_facts[d].kind == KEPT_IN_WMS && (*id || strcmp(name, depot_facts[d].title) == 0) ? d : -1;
}

static bool customer_known(const struct json *customer)
{
	const char *id = json_text_or(customer, "id", ""), *name = json_text_or(customer, "name", "");

	return *id ? cartoncloud_number(ID_CUSTOMER, id) == 1
	           : strcmp(name, "Harbor & Pine") == 0 || strcmp(json_text_or(customer, "references.code", ""), "HARBORPINE") == 0;
}

static void put_parameters(struct call *c, struct json_out *o, const struct report *r)
{
	static const char *const names[] = { "unitOfMeasure", "productStatus", "productType" };

	json_put_object(o, "parameters");
	json_put_int(o, "pageSize", r->page);
	if (r->depot < DEPOTS)
		cartoncloud_put_warehouse(c, o, "warehouse", (enum depot)r->depot);
	cartoncloud_put_customer(c, o, "customer");
	json_put_array(o, "aggregateBy");
	for (int i = 0; i < 3; i++)
		if (r->by >> i & 1)
			json_put_text(o, NULL, names[i]);
	json_end_array(o);
	json_end_object(o);
}

static const char *run_status(const struct world *w, const struct report *r)
{
	return w->now_ms < r->due_ms ? "IN_PROCESS" : r->failure ? "FAILED" : "SUCCESS";
}

static void put_run(const struct world *w, struct call *c, struct json_out *o, const struct report *r)
{
	json_put_text(o, "type", "STOCK_ON_HAND");
	json_put_text(o, "status", run_status(w, r));
	put_parameters(c, o, r);
	json_put_text(o, "id", cartoncloud_id(c->arena, ID_REPORT, r->serial));
}

/* Twelve to fifty seconds: the documentation advises to look after 10, 20, 40 and 80. */
static struct report *report_add(struct world *w)
{
	struct report *r;

	while (w->reports && (w->reports >= RUNS_KEPT || w->report[0].at_ms < w->now_ms - kept_ms))
		report_drop(w);
	w->report = world_room(w->report, w->reports, &w->report_cap, sizeof *w->report);
	r = &w->report[w->reports++];
	r->serial = ++w->reports_made;
	r->at_ms = w->now_ms;
	r->due_ms = w->now_ms + 12000 + rng_below(&w->chance, 38000);
	r->first = w->report_items;
	w->count[REPORTS]++;
	return r;
}

void cartoncloud_report_start(struct service *s, struct call *c)
{
	struct world *w = s->world;
	const struct json *body = call_json(c), *parameters = json_get(body, "parameters");
	int64_t page = json_int_or(parameters, "pageSize", PAGE_MAX);
	int depot = warehouse_read(json_get(parameters, "warehouse"));
	struct buf b = buf_new(c->arena);
	struct json_out o = json_out(&b);
	struct report *r;

	if (strcmp(json_text_or(body, "type", ""), "STOCK_ON_HAND") != 0 || page < 1 || page > PAGE_MAX) {
		cartoncloud_refuse(c, 400, page < 1 || page > PAGE_MAX ? "/parameters/pageSize" : "/type", "Request is invalid");
		return;
	}
	if (!customer_known(json_get(parameters, "customer"))) {
		cartoncloud_refuse(c, 422, "/parameters/customer", "Customer is required");
		return;
	}
	r = report_add(w);
	r->page = (int32_t)page;
	r->by = by_read(json_get(parameters, "aggregateBy"));
	r->depot = depot < 0 ? DEPOTS : depot;
	if (depot < 0 || w->report_fails)
		r->failure = world_text(w, depot < 0 ? "Warehouse not found" : "The report could not be generated");
	else
		reading_take(w, r);
	json_put_object(&o, NULL);
	put_run(w, c, &o, r);
	json_end_object(&o);
	call_answer_json(c, 201, &b);
}

static void put_item(const struct world *w, struct call *c, struct json_out *o, const struct report *r, const struct report_item *i)
{
	json_put_object(o, NULL);
	json_put_text(o, "type", "ITEM");
	json_put_object(o, "details");
	json_put_object(o, "product");
	put_reference(w, c, o, i->product);
	json_end_object(o);
	if (r->by & BY_UNIT) {
		json_put_object(o, "unitOfMeasure");
		json_put_text(o, "type", unit_names[i->unit]);
		json_put_text(o, "name", unit_names[i->unit]);
		json_end_object(o);
	}
	json_end_object(o);
	json_put_object(o, "measures");
	json_put_int(o, "quantity", i->qty);
	json_put_int(o, "quantityFree", i->free);
	json_put_int(o, "quantityIncoming", i->coming);
	json_put_int(o, "quantityAllocated", i->busy);
	json_end_object(o);
	json_put_object(o, "properties");
	if (r->by & BY_TYPE)
		json_put_text(o, "productType", "General");
	if (r->by & BY_STATUS)
		json_put_text(o, "productStatus", statuses[i->status]);
	json_end_object(o);
	json_end_object(o);
}

static void put_items(const struct world *w, struct call *c, struct json_out *o, const struct report *r, int64_t page)
{
	char iso[32];

	time_iso_s(r->at_ms + CARTONCLOUD_ZONE_MS, iso);
	json_put_text(o, "reportTime", arena_printf(c->arena, "%.10s %.8s", iso, iso + 11)); /* no zone, as in their example: the account's own */
	json_put_array(o, "items");
	for (int64_t i = (page - 1) * r->page; i < r->items && i < page * r->page; i++)
		put_item(w, c, o, r, &w->report_item[r->first + i]);
	json_end_array(o);
	cartoncloud_page_headers(c, page, r->page, r->items);
}

static void put_failure(const struct world *w, struct json_out *o, const struct report *r)
{
	json_put_array(o, "failureDetails");
	json_put_object(o, NULL);
	json_put_text(o, "field", "/parameters/warehouse");
	json_put_text(o, "message", world_str(w, r->failure));
	json_end_object(o);
	json_end_array(o);
}

static const struct report *report_by_id(const struct world *w, const char *id)
{
	int serial = cartoncloud_number(ID_REPORT, id);

	for (int i = 0; i < w->reports; i++)
		if (w->report[i].serial == serial)
			return w->report[i].at_ms < w->now_ms - kept_ms ? NULL : &w->report[i];
	return NULL;
}

/* A run that failed is a 200 as well. */
void cartoncloud_report_get(struct service *s, struct call *c)
{
	const struct world *w = s->world;
	const struct report *r = report_by_id(w, c->segment[3]);
	struct buf b = buf_new(c->arena);
	struct json_out o = json_out(&b);
	int64_t page;

	if (!r) {
		cartoncloud_refuse(c, 404, NULL, "The resource does not exist");
		return;
	}
	if (!call_int(c, "page", 1, 1000000, 1, &page)) {
		cartoncloud_refuse(c, 400, NULL, "page is not valid");
		return;
	}
	json_put_object(&o, NULL);
	put_run(w, c, &o, r);
	if (w->now_ms >= r->due_ms && r->failure)
		put_failure(w, &o, r);
	else if (w->now_ms >= r->due_ms)
		put_items(w, c, &o, r, page);
	json_end_object(&o);
	call_answer_json(c, 200, &b);
}
