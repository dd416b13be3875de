/*
 * stock.c: quantities of a shop, place by place.
 *
 * An offer is a variant's SKU at a location; what is written is the `available` of its inventory item there. Each write says from which number
 * it goes, and is refused when another stands there by now: then it is read and decided again, and never said over the other. A zero goes
 * through whatever stands there. One quantity goes to the first of the account's places; the others are shown and, unless a place of ours stands
 * for them, not written, for the same units would be offered twice.
 */
#include "channels/shopify/shopify.h"

#include "base/clock.h"
#include "base/text.h"

#include <inttypes.h>
#include <string.h>

/* An object is a point: a variant with its item and five places comes to 23 at most, forty to 920. */
enum { PAGE_VARIANTS = 40, PAGE_PLACES = 100 };

/* ---- say a quantity ---- */

/* A number of theirs that the job carries. */
static enum fault number_of(const struct job *job, const char *key, const char *what, const char **out, struct err *err)
{
	const char *s = fields_get(&job->payload, key, "");

	*out = s;
	if (shopify_is_number(s))
		return OK;
	return err_set(err, FAULT_REFUSED, "%.60s: %s", fields_get(&job->payload, "sku", "the job names no SKU"), what);
}

/*
 * The number that it goes from. Below zero (a variant that sells on) an offer shows 0 here; what really stands there is behind its ref.
 * INT64_MIN: nobody has read it.
 */
static int64_t number_from(const struct fields *p)
{
	int64_t shown = fields_int(p, "shown", fields_int(p, "seen", INT64_MIN)), below;
	const char *minus = strchr(fields_get(p, "ref", ""), ':');

	return !shown && minus && text_int(minus + 1, -QTY_MAX, -1, &below) ? below : shown;
}

static void put_quantity(struct json_out *o, struct arena *a, const struct job *job, const char *item, const char *place, int64_t qty, int64_t from)
{
	json_put_object(o, "input");
	json_put_text(o, "name", "available");
	json_put_text(o, "reason", "correction");
	json_put_text(o, "referenceDocumentUri", arena_printf(a, "gid://tallyman/Job/%" PRId64, job->id));
	json_put_array(o, "quantities");
	json_put_object(o, NULL);
	json_put_text(o, "inventoryItemId", shopify_gid(a, "InventoryItem", item));
	json_put_text(o, "locationId", shopify_gid(a, "Location", place));
	json_put_int(o, "quantity", qty);
	if (qty) /* must be there since 2026-04; null leaves the comparison out */
		json_put_int(o, "changeFromQuantity", from);
	else
		json_put_null(o, "changeFromQuantity");
	json_end_object(o);
	json_end_array(o);
	json_end_object(o);
}

/* @idempotent is required at this mutation since 2026-04, which the schema does not show (shopify.dev changelog, 2025-12-12). */
enum fault shopify_stock_ask(const struct account *acc, struct batch b, struct request *r, struct err *err)
{
	static const char document[] =
		"mutation SetQuantity($input: InventorySetQuantitiesInput!, $key: String!) { inventorySetQuantities(input: $input) "
		"@idempotent(key: $key) { inventoryAdjustmentGroup { id } userErrors { code field message } } }";
	const struct fields *p = &b.job->payload;
	int64_t qty = fields_int(p, "qty", -1), from = number_from(p);
	const char *item, *place;
	struct said s;

	if (number_of(b.job, "item_ref", "its inventory item was never told: the list of variants tells it", &item, err) ||
	    number_of(b.job, "node", "the job names no location", &place, err))
		return FAULT_REFUSED;
	if (qty < 0 || qty > QTY_MAX)
		return err_set(err, FAULT_REFUSED, "the quantity is not within 0..%d", QTY_MAX);
	if (qty && from == INT64_MIN)
		return err_set(err, FAULT_REFUSED, "what they show was never read: nothing but zero is said without it");
	shopify_begin(&s, r->arena, "SetQuantity", document);
	put_quantity(&s.vars, r->arena, b.job, item, place, qty, from);
	json_put_text(&s.vars, "key", b.job->key && *b.job->key ? b.job->key : arena_printf(r->arena, "job/%" PRId64, b.job->id));
	shopify_end(&s, acc, r);
	return OK;
}

/* InventorySetQuantitiesUserErrorCode: what is tried again as it is, and what has to be decided again. */
static bool among(const char *code, const char *const *list)
{
	while (*list && strcmp(*list, code))
		list++;
	return *list != NULL;
}

static const char *const moved[] = { "CHANGE_FROM_QUANTITY_STALE", "COMPARE_QUANTITY_STALE", "IDEMPOTENCY_KEY_PARAMETER_MISMATCH",
	                             "IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED", NULL };
static const char *const under_way[] = { "IDEMPOTENCY_CONCURRENT_REQUEST", NULL };

enum fault shopify_stock_hear(const struct account *acc, struct batch b, const struct reply *r, struct news *n, struct err *err)
{
	const struct json *data, *payload;
	const char *code, *words;
	enum fault f = shopify_open(acc, SHOPIFY_STOCK_SET, r, n, &data, err);

	(void)b;
	if (f)
		return f;
	payload = json_get(data, "inventorySetQuantities");
	if (shopify_objection(acc, n->arena, payload, "userErrors", &code, &words, err))
		return FAULT_FORMAT;
	if (!words) {
		news_receipt(n, 0, OK, NULL, NULL);
		return OK;
	}
	news_receipt(n, 0, among(code, under_way) ? FAULT_BUSY : FAULT_REFUSED, NULL, words);
	n->receipt[0].stale = among(code, moved);
	return OK;
}

/* ---- what they show ---- */

static bool is_place(const char *configured, const char *number)
{
	const char *tail = strrchr(configured, '/');

	return !strcmp(tail ? tail + 1 : configured, number);
}

/* Why the quantity of a place is not written while no place of ours stands for it; "": it is. places: how many the item is kept at. */
static const char *place_block(const struct account *acc, struct arena *a, const char *number, int places)
{
	if (!acc->places)
		return places > 1 ? "kept at several locations, and the account does not say which is written (places)" : "";
	if (is_place(acc->place[0], number))
		return "";
	for (int i = 1; i < acc->places; i++)
		if (is_place(acc->place[i], number))
			return arena_printf(a, "one quantity goes to the first of the account's places, %.30s", acc->place[0]);
	return "a location that the account does not name (places)";
}

struct variant {
	const char *sku, *title, *item, *number, *barcode, *flags; /* NULL: not told */
	bool tracked;
	int levels;
};

static int64_t available_of(struct spot level, int64_t *at_ms)
{
	for (struct spot q = spot_first(spot_get(level, "quantities")); q.v; q = spot_next(q))
		if (!strcmp(json_text_or(q.v, "name", ""), "available")) {
			*at_ms = may_time(q, "updatedAt");
			return need_int(q, "quantity", -QTY_MAX, QTY_MAX);
		}
	spot_wrong(level, "quantities", "what is available is not told");
	return 0;
}

static void take_level(const struct account *acc, struct news *n, struct spot level, const struct variant *v)
{
	struct reading *r = level.r;
	const char *number = shopify_number(spot_get(level, "location"), "id", "Location");
	int64_t changed_ms = 0, qty = available_of(level, &changed_ms);
	const char *block;
	struct seen *s;

	if (r->path)
		return;
	block = v->tracked ? place_block(acc, n->arena, number, v->levels) : "Shopify does not count this item (tracked is off)";
	s = news_seen(n);
	*s = (struct seen){
		.node = number,
		.sku = v->sku,
		.title = v->title,
		.pool = "own",
		.ref = qty < 0 ? arena_printf(n->arena, "%s:%" PRId64, v->item, qty) : v->item,
		.listing = v->number,
		.item_ref = v->item,
		.block = block,
		.flags = v->tracked && *block && v->flags ? arena_printf(n->arena, "%s%sspare", v->flags, *v->flags ? " " : "") : v->flags,
		.qty = qty < 0 ? 0 : qty, /* sold below zero: nothing is there */
		.path = level.path,
	};
}

/* A code that the trade knows by its length; what is none is no identity. */
static const char *barcode_kind(const char *code)
{
	size_t n = code ? strlen(code) : 0;

	if (!n || strspn(code, "0123456789") != n)
		return NULL;
	return n == 12 ? "upc" : n == 13 ? "ean" : n == 14 ? "gtin" : NULL;
}

static void tell_identity(struct news *n, const struct variant *v, const char *kind, const char *value, const char *path)
{
	struct identity *id;

	if (!kind || !value)
		return;
	id = news_identity(n);
	*id = (struct identity){ .sku = v->sku, .kind = kind, .value = value, .path = path };
}

/* The levels of an item, each an offer. false: there are more of them than were asked for. */
static bool take_levels(const struct account *acc, struct news *n, struct spot item, struct variant *v)
{
	struct spot list = spot_get(item, "inventoryLevels.nodes");

	if (!json_is_array(list.v)) {
		spot_wrong(item, "inventoryLevels.nodes", "not a list of places");
		return true;
	}
	if (shopify_cut(spot_get(item, "inventoryLevels")))
		return false;
	v->levels = json_count(list.v);
	for (struct spot l = spot_first(list); l.v && !item.r->path; l = spot_next(l))
		take_level(acc, n, l, v);
	return true;
}

/* What was put into news before a variant turned out to be bad. */
struct mark {
	int seens, identities, odds;
};

static struct mark mark_of(const struct news *n)
{
	return (struct mark){ n->seens, n->identities, n->odds };
}

static void park(struct news *n, struct mark m, const struct reading *r, const struct spot *s, const char *sku)
{
	answer_park(n, r, s, *sku ? "ITEM" : "SCHEMA", sku);
	n->seens = m.seens;
	n->identities = m.identities;
	n->odds = m.odds;
}

static void read_item(struct spot item, struct variant *v)
{
	v->item = shopify_number(item, "id", "InventoryItem");
	if (!json_is_bool(json_get(item.v, "tracked")))
		spot_wrong(item, "tracked", "missing");
	v->tracked = json_bool_or(item.v, "tracked", false);
}

static void read_variant(struct spot s, struct variant *v)
{
	v->sku = need_plain(s, "sku", 100);
	v->flags = strcmp(need_plain(s, "inventoryPolicy", 40), "CONTINUE") ? "" : "continue";
	v->number = shopify_number(s, "id", "ProductVariant");
	v->title = may_text(s, "displayName");
	v->barcode = may_text(s, "barcode");
}

static void ask_item(struct news *n, const struct variant *v)
{
	struct fields *payload = arena_alloc(n->arena, sizeof *payload);
	struct job_plan *p = news_follow(n, VERB_STOCK_READ, arena_printf(n->arena, "item:%s", v->item));

	*payload = fields_new(n->arena);
	fields_put(payload, "sku", v->sku);
	fields_put(payload, "item_ref", v->item);
	fields_put(payload, "listing", v->number);
	p->payload = payload;
}

static void take_variant(const struct account *acc, struct news *n, const struct json *root, const char *path)
{
	struct reading r = { .arena = n->arena };
	struct spot s = { .r = &r, .v = root, .path = path }, item = spot_get(s, "inventoryItem");
	struct mark m = mark_of(n);
	struct variant v = { .sku = json_text_or(root, "sku", "") };

	if (!*v.sku)
		return; /* nothing of ours can be it: it has no SKU */
	read_variant(s, &v);
	read_item(item, &v);
	if (!r.path) {
		tell_identity(n, &v, "shopify_variant", v.number, path);
		tell_identity(n, &v, "shopify_item", v.item, path);
		tell_identity(n, &v, barcode_kind(v.barcode), v.barcode, path);
		if (!take_levels(acc, n, item, &v))
			ask_item(n, &v);
	}
	if (r.path)
		park(n, m, &r, &s, json_text_or(root, "sku", ""));
}

#define LEVELS(first) "inventoryLevels(first: " first ") { pageInfo { hasNextPage } nodes { location { id } quantities(names: [\"available\"]) { name quantity updatedAt } } }"

enum fault shopify_stock_list_ask(const struct account *acc, struct batch b, struct request *r, struct err *err)
{
	static const char document[] =
		"query Variants($first: Int!, $after: String) { productVariants(first: $first, after: $after) { " /* by id: that is their order */
		"pageInfo { hasNextPage endCursor } nodes { id sku barcode displayName inventoryPolicy inventoryItem { id tracked "
		LEVELS("5") " } } } }";
	const struct cursor *c = &b.job->cursor;
	struct said s;

	(void)err;
	shopify_begin(&s, r->arena, "Variants", document);
	json_put_int(&s.vars, "first", PAGE_VARIANTS);
	if (c->page && *c->page)
		json_put_text(&s.vars, "after", c->page);
	shopify_end(&s, acc, r);
	return OK;
}

enum fault shopify_stock_list_hear(const struct account *acc, struct batch b, const struct reply *r, struct news *n, struct err *err)
{
	const struct json *data, *list;
	int i = 0;
	enum fault f = shopify_open(acc, SHOPIFY_STOCK, r, n, &data, err);

	if (f)
		return f;
	list = json_get(data, "productVariants.nodes");
	if (!json_is_array(list))
		return err_set(err, FAULT_FORMAT, "productVariants.nodes: not a list of variants");
	for (const struct json *v = json_first(list); v; v = json_next(v))
		take_variant(acc, n, v, arena_printf(n->arena, "productVariants.nodes[%d]", i++));
	return shopify_page(n, b.job, json_get(data, "productVariants"), "productVariants", err);
}

/* ---- one item, at all of its places ---- */

enum fault shopify_stock_read_ask(const struct account *acc, struct batch b, struct request *r, struct err *err)
{
	static const char document[] = "query Item($id: ID!) { inventoryItem(id: $id) { id sku tracked " LEVELS("100") " } }";
	const char *item;
	struct said s;

	if (number_of(b.job, "item_ref", "its inventory item was never told: the list of variants tells it", &item, err))
		return FAULT_REFUSED;
	shopify_begin(&s, r->arena, "Item", document);
	json_put_text(&s.vars, "id", shopify_gid(r->arena, "InventoryItem", item));
	shopify_end(&s, acc, r);
	return OK;
}

enum fault shopify_stock_read_hear(const struct account *acc, struct batch b, const struct reply *r, struct news *n, struct err *err)
{
	const struct json *data;
	struct reading w = { .arena = n->arena };
	struct mark m = mark_of(n);
	struct spot item;
	struct variant v = { 0 };
	enum fault f = shopify_open(acc, SHOPIFY_STOCK, r, n, &data, err);

	if (f)
		return f;
	item = (struct spot){ .r = &w, .v = json_get(data, "inventoryItem"), .path = "inventoryItem" };
	if (!json_is_object(item.v))
		return err_set(err, FAULT_REFUSED, "%.60s: they have no inventory item %.20s any more", fields_get(&b.job->payload, "sku", ""),
		               fields_get(&b.job->payload, "item_ref", ""));
	v.sku = need_plain(item, "sku", 100);
	read_item(item, &v);
	if (!w.path && !take_levels(acc, n, item, &v))
		spot_wrong(item, "inventoryLevels", "kept at more than a hundred places");
	if (w.path)
		park(n, m, &w, &item, json_text_or(item.v, "sku", ""));
	return OK;
}

/* ---- places ---- */

enum fault shopify_places_ask(const struct account *acc, struct batch b, struct request *r, struct err *err)
{
	static const char document[] = "query Places($first: Int!, $after: String) { locations(first: $first, after: $after, includeInactive: true) { "
				       "pageInfo { hasNextPage endCursor } nodes { id name isActive isFulfillmentService } } }";
	const struct cursor *c = &b.job->cursor;
	struct said s;

	(void)err;
	shopify_begin(&s, r->arena, "Places", document);
	json_put_int(&s.vars, "first", PAGE_PLACES);
	if (c->page && *c->page)
		json_put_text(&s.vars, "after", c->page);
	shopify_end(&s, acc, r);
	return OK;
}

static void take_place(struct news *n, const struct json *root, const char *path)
{
	struct reading r = { .arena = n->arena };
	struct spot s = { .r = &r, .v = root, .path = path };
	struct site site = {
		.code = shopify_number(s, "id", "Location"),
		.name = need_plain(s, "name", 120),
		.kind = json_bool_or(root, "isFulfillmentService", false) ? "3pl" : "own",
		.active = json_bool_or(root, "isActive", false),
	};

	if (r.path)
		answer_park(n, &r, &s, "SCHEMA", json_text_or(root, "name", ""));
	else
		*news_site(n) = site;
}

enum fault shopify_places_hear(const struct account *acc, struct batch b, const struct reply *r, struct news *n, struct err *err)
{
	const struct json *data, *list;
	int i = 0;
	enum fault f = shopify_open(acc, SHOPIFY_STOCK, r, n, &data, err);

	if (f)
		return f;
	list = json_get(data, "locations.nodes");
	if (!json_is_array(list))
		return err_set(err, FAULT_FORMAT, "locations.nodes: not a list of locations");
	for (const struct json *v = json_first(list); v; v = json_next(v))
		take_place(n, v, arena_printf(n->arena, "locations.nodes[%d]", i++));
	return shopify_page(n, b.job, json_get(data, "locations"), "locations", err);
}
