/*
 * records.c: locations, items, what is available, and our orders there.
 *
 * quantityavailable is what counts, by location: on hand less what is committed to sales orders. On hand is not even asked for: to publish
 * it would sell committed goods again (S20). aggregateItemLocation has every kind of item that is stocked; inventoryItemLocations leaves out
 * assemblies and numbered ones. SuiteQL leaves a column out where it is null.
 *
 * SuiteQL writes a time in the zone of the account or of the user, without saying which. So an age is asked for instead, which the database reckons
 * from its own clock, and windows are so many minutes long.
 */
#include "channels/netsuite/netsuite.h"

#include "base/text.h"

#include <inttypes.h>
#include <string.h>

static void park(struct news *n, struct spot row, const char *subject)
{
	answer_park(n, row.r, &row, *subject ? "ITEM" : "SCHEMA", subject);
}

/* ---- locations ---- */

enum fault netsuite_places_ask(const struct account *acc, struct batch b, struct request *r, struct err *err)
{
	return netsuite_query(acc, b, r, "SELECT id, name, isinactive FROM location ORDER BY id", err);
}

static void take_place(struct news *n, struct spot row, const struct netsuite_page *page)
{
	const char *code = need_id(row, "id", "", 20), *name = need_plain(row, "name", 120);

	(void)page;
	if (row.r->path) {
		park(n, row, code);
		return;
	}
	*news_site(n) = (struct site){ .code = code, .name = name, .kind = "own", .active = strcmp(json_text_or(row.v, "isinactive", "F"), "T") != 0 };
}

enum fault netsuite_places_hear(const struct account *acc, struct batch b, const struct reply *r, struct news *n, struct err *err)
{
	static const struct netsuite_list list = { "id", NULL, take_place, false, NULL };

	return netsuite_rows(acc, b, r, n, &list, err);
}

/* ---- items ---- */

enum fault netsuite_products_ask(const struct account *acc, struct batch b, struct request *r, struct err *err)
{
	return netsuite_query(acc, b, r,
	                      "SELECT id, itemid, displayname, upccode, isinactive FROM item WHERE itemtype IN ('InvtPart', 'Assembly') ORDER BY id", err);
}

/* The field is called UPC and holds what people put there: by its length. */
static const char *code_kind(const char *s)
{
	size_t n = strspn(s, "0123456789");

	return s[n] ? NULL : n == 12 ? "upc" : n == 13 ? "ean" : n == 14 ? "gtin" : NULL;
}

static void take_product(struct news *n, struct spot row, const struct netsuite_page *page)
{
	const char *upc = may_text(row, "upccode");
	struct product p = {
		.sku = need_plain(row, "itemid", 100),
		.title = may_text(row, "displayname"),
		.code = need_id(row, "id", "", 20),
		.eaches = 1,
		.active = strcmp(json_text_or(row.v, "isinactive", "F"), "T") != 0,
		.path = row.path,
	};

	(void)page;
	if (row.r->path) {
		park(n, row, p.sku);
		return;
	}
	*news_product(n) = p;
	*news_identity(n) = (struct identity){ .sku = p.sku, .kind = "netsuite", .value = p.code, .path = row.path };
	if (upc && code_kind(upc))
		*news_identity(n) = (struct identity){ .sku = p.sku, .kind = code_kind(upc), .value = upc, .path = row.path };
}

enum fault netsuite_products_hear(const struct account *acc, struct batch b, const struct reply *r, struct news *n, struct err *err)
{
	static const struct netsuite_list list = { "id", NULL, take_product, false, NULL };

	return netsuite_rows(acc, b, r, n, &list, err);
}

/* ---- what is available ---- */

/* The account's places are internal ids of locations; without any, all locations count. */
static enum fault put_locations(struct buf *sql, const struct account *acc, struct err *err)
{
	int64_t id;

	for (int i = 0; i < acc->places; i++) {
		if (!text_int(acc->place[i], 1, INT64_MAX, &id))
			return err_set(err, FAULT_REFUSED, "account %.30s: places are internal ids of locations, and %.40s is none", acc->name, acc->place[i]);
		buf_printf(sql, "%s%" PRId64, i ? ", " : " AND a.location IN (", id);
	}
	buf_puts(sql, acc->places ? ")" : "");
	return OK;
}

enum fault netsuite_counts_ask(const struct account *acc, struct batch b, struct request *r, struct err *err)
{
	struct buf sql = buf_new(r->arena);

	buf_puts(&sql, "SELECT a.item, a.location, i.itemid, i.displayname, a.quantityavailable, a.quantitycommitted FROM aggregateitemlocation a "
	               "JOIN item i ON i.id = a.item WHERE i.isinactive = 'F'");
	if (put_locations(&sql, acc, err))
		return FAULT_REFUSED;
	buf_puts(&sql, " ORDER BY a.item, a.location");
	return netsuite_query(acc, b, r, sql.p, err);
}

/* Less than nothing is available where more was promised than there is: none, and a person hears of it. */
static int64_t available(struct news *n, struct spot row, const char *sku)
{
	int64_t qty = json_get(row.v, "quantityavailable") ? need_units(row, "quantityavailable", -QTY_MAX, QTY_MAX) : 0;

	if (qty >= 0)
		return qty;
	news_parked(n, "ITEM", answer_word(n->arena, sku, 60), arena_printf(n->arena, "%s.quantityavailable", row.path),
	            arena_printf(n->arena, "%" PRId64 " are available by their record: counted as none", qty), json_print(n->arena, row.v));
	return 0;
}

static void take_count(struct news *n, struct spot row, const struct netsuite_page *page)
{
	int parkeds = n->parkeds;
	struct count c = {
		.sku = need_plain(row, "itemid", 100),
		.place = need_id(row, "location", "", 20),
		.title = may_text(row, "displayname"),
		.valid_ms = page->started_ms,
	};

	c.qty = available(n, row, c.sku);
	if (json_get(row.v, "quantitycommitted"))
		c.committed = need_units(row, "quantitycommitted", 0, QTY_MAX);
	if (!row.r->path) {
		*news_count(n) = c;
		return;
	}
	n->parkeds = parkeds;
	park(n, row, c.sku);
}

enum fault netsuite_counts_hear(const struct account *acc, struct batch b, const struct reply *r, struct news *n, struct err *err)
{
	static const struct netsuite_list list = { "item", "location", take_count, true, NULL };

	return netsuite_rows(acc, b, r, n, &list, err);
}

/* ---- our orders there ---- */

/*
 * Sales orders that carry a number of somebody's (otherrefnum), by last change, with an open end. A window is told in minutes, a started one up.
 * What is taken off a location is said by the lines: what each has committed, and what of it has left. An order of several locations is one for each.
 */
enum fault netsuite_dispatches_ask(const struct account *acc, struct batch b, struct request *r, struct err *err)
{
	int64_t minutes = (b.now_ms - b.job->cursor.since_ms + 59999) / 60000;

	return netsuite_query(acc, b, r,
	                      arena_printf(r->arena,
	                                   "SELECT t.id, t.tranid, t.otherrefnum, t.status, ROUND((SYSDATE - t.createddate) * 86400) AS createdage, "
	                                   "ROUND((SYSDATE - t.lastmodifieddate) * 86400) AS changedage, l.id AS line, l.location, i.itemid, "
	                                   "l.quantitycommitted, l.quantityshiprecv FROM transaction t JOIN transactionline l ON l.transaction = t.id "
	                                   "JOIN item i ON i.id = l.item WHERE t.type = 'SalesOrd' AND t.otherrefnum IS NOT NULL "
	                                   "AND l.mainline = 'F' AND l.taxline = 'F' AND t.lastmodifieddate >= SYSDATE - %" PRId64 " / 1440 "
	                                   "ORDER BY t.id, l.id",
	                                   minutes > 0 ? minutes : 1),
	                      err);
}

/*
 * The letters of the REST API Browser (salesOrder, status). An order commits stock once it is approved; a closed or cancelled one gives up
 * what it had not shipped.
 */
static const struct {
	char theirs;
	const char *ours;
	bool taken;
} states[] = {
	{ 'A', "RELEASED", false }, /* pending approval */
	{ 'B', "RELEASED", true },  /* pending fulfilment */
	{ 'C', "CANCELLED", false },
	{ 'D', "PICKING", true },   /* partly fulfilled */
	{ 'E', "PICKING", true },   /* pending billing, partly fulfilled */
	{ 'F', "SHIPPED", true },   /* pending billing */
	{ 'G', "SHIPPED", true },   /* billed */
	{ 'H', "CANCELLED", false }, /* closed: what was left of it is given up */
};

/* "B" or "SalesOrd:B". */
static void take_state(struct news *n, struct spot row, struct dispatch *d)
{
	const char *colon;

	d->raw_state = need_plain(row, "status", 40);
	d->state = "UNKNOWN";
	colon = strrchr(d->raw_state, ':');
	colon = colon ? colon + 1 : d->raw_state;
	for (size_t i = 0; i < sizeof states / sizeof *states; i++)
		if (*colon == states[i].theirs && !colon[1]) {
			d->state = states[i].ours;
			d->taken = states[i].taken;
			return;
		}
	if (!row.r->path)
		news_odd(n, arena_printf(n->arena, "%s.status", row.path), d->raw_state, d->ref);
}

/* An age as a moment, to the minute and never too early: the answer came after the age was reckoned. */
static int64_t moment(const struct netsuite_page *page, struct spot row, const char *age)
{
	const int64_t century_s = INT64_C(100) * 366 * 86400, minute_ms = 60000;
	int64_t at_ms = page->heard_ms - need_units(row, age, -300, century_s) * 1000;

	return (at_ms + minute_ms - 1) / minute_ms * minute_ms;
}

/* A line before it was of the same order and location: this one is one more of it. An order's lines follow each other, its locations may alternate. */
static struct dispatch *is_told(const struct news *n, const struct dispatch *d, const char *id)
{
	size_t len = strlen(id);

	for (int i = n->dispatches; i-- > 0;) {
		struct dispatch *t = &n->dispatch[i];

		if (strncmp(t->their_ref, id, len) != 0 || (t->their_ref[len] && t->their_ref[len] != ' '))
			return NULL;
		if (!strcmp(t->their_ref, d->their_ref))
			return t;
	}
	return NULL;
}

static int64_t units_of(struct spot row, const char *column)
{
	return json_get(row.v, column) ? need_units(row, column, 0, QTY_MAX) : 0;
}

/* Committed stock is off what is available, and what left is off what is there. */
static void add_line(struct news *n, struct dispatch *d, const struct dispatch_line *l)
{
	struct dispatch_line *line = arena_alloc(n->arena, (size_t)(d->lines + 1) * sizeof *line);

	if (d->lines)
		memcpy(line, d->line, (size_t)d->lines * sizeof *line);
	line[d->lines++] = *l;
	d->line = line;
}

/* It was committed no later than its last change, and not before it was made; of one that is being shipped it was long before. */
static void take_order(struct news *n, struct spot row, const struct netsuite_page *page)
{
	const char *id = need_id(row, "id", "", 20);
	struct dispatch d = { .ref = need_plain(row, "otherrefnum", 100), .place = may_text(row, "location"), .path = row.path };
	struct dispatch_line line = { .sku = need_plain(row, "itemid", 100), .qty = units_of(row, "quantitycommitted") + units_of(row, "quantityshiprecv") };
	int odds = n->odds;

	d.their_ref = d.place ? arena_printf(n->arena, "%s at %s", id, d.place) : id;

	take_state(n, row, &d);
	d.made_ms = moment(page, row, "createdage");
	d.updated_ms = moment(page, row, "changedage");
	if (d.taken && !strcmp(d.state, "RELEASED") && d.updated_ms > d.made_ms)
		d.made_ms = d.updated_ms;
	d.gone_ms = strcmp(d.state, "SHIPPED") ? 0 : d.updated_ms;
	if (!row.r->path && is_told(n, &d, id)) {
		n->odds = odds;
		add_line(n, is_told(n, &d, id), &line);
		return;
	}
	if (!row.r->path) {
		add_line(n, &d, &line);
		*news_dispatch(n) = d;
		return;
	}
	n->odds = odds;
	answer_park(n, row.r, &row, "SCHEMA", d.ref);
}

enum fault netsuite_dispatches_hear(const struct account *acc, struct batch b, const struct reply *r, struct news *n, struct err *err)
{
	static const struct netsuite_list list = { "id", "line", take_order, false, "otherrefnum" };

	return netsuite_rows(acc, b, r, n, &list, err);
}
