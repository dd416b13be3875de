/*
 * amazon_listings.c: listings of 2021-08-01: reading one, searching, and patching the quantity.
 *
 * Each marketplace has its own offer of the same SKU. What is in Amazon's warehouse is shown under AMAZON_NA and
 * cannot be patched.
 */
#include "sandbox/amazon.h"

#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* REACH: "The maximum number of items (SKUs) that can be returned and paged through is 1000" (listingsItems_2021-08-01, numberOfResults). */
enum { PAGE_DEFAULT = 10, PAGE_MAX = 20, REACH = 1000, QTY_MAX = 99999999 };

/* The catalogue was put up a listing a minute, in its own order: by date and by number are the same. */
static int64_t listed_ms(const struct world *w, int product)
{
	return w->opt.epoch_ms - 300 * (int64_t)DAY_MS + product * (int64_t)MINUTE_MS;
}

int amazon_listing(const struct world *w, int product, enum place place)
{
	const int32_t *at = w->product[product].listing;

	return place == AMAZON_US && at[AMAZON_FBA] >= 0 ? at[AMAZON_FBA] : at[place];
}

static bool wants(const struct call *c, const char *what)
{
	if (!call_given(c, "includedData"))
		return strcmp(what, "summaries") == 0;
	return call_lists(c, "includedData", what);
}

static void put_summary(const struct world *w, struct json_out *o, const struct listing *l)
{
	const struct product *p = &w->product[l->product];
	char iso[32];

	json_put_array(o, "summaries");
	json_put_object(o, NULL);
	json_put_text(o, "marketplaceId", place_facts[l->place].id);
	json_put_text(o, "asin", world_str(w, p->asin));
	json_put_text(o, "productType", world_str(w, p->kind));
	json_put_text(o, "conditionType", "new_new");
	json_put_array(o, "status");
	if (l->shown > 0)
		json_put_text(o, NULL, "BUYABLE");
	json_put_text(o, NULL, "DISCOVERABLE");
	json_end_array(o);
	json_put_text(o, "itemName", world_str(w, p->name));
	time_iso(listed_ms(w, l->product), iso);
	json_put_text(o, "createdDate", iso);
	time_iso(l->changed_ms, iso);
	json_put_text(o, "lastUpdatedDate", iso);
	json_end_object(o);
	json_end_array(o);
}

static void put_availability(struct json_out *o, const struct listing *l)
{
	json_put_array(o, "fulfillmentAvailability");
	json_put_object(o, NULL);
	json_put_text(o, "fulfillmentChannelCode", place_facts[l->place].pool ? "AMAZON_NA" : "DEFAULT");
	if (!place_facts[l->place].pool) /* Amazon does not tell a pool's quantity here */
		json_put_int(o, "quantity", l->shown > 0 ? l->shown : 0);
	json_end_object(o);
	json_end_array(o);
}

static void put_attributes(const struct world *w, struct json_out *o, const struct listing *l)
{
	json_put_object(o, "attributes");
	json_put_array(o, "item_name");
	json_put_object(o, NULL);
	json_put_text(o, "value", world_str(w, w->product[l->product].name));
	json_put_text(o, "marketplace_id", place_facts[l->place].id);
	json_end_object(o);
	json_end_array(o);
	json_put_array(o, "fulfillment_availability");
	json_put_object(o, NULL);
	json_put_text(o, "fulfillment_channel_code", place_facts[l->place].pool ? "AMAZON_NA" : "DEFAULT");
	if (!place_facts[l->place].pool) {
		json_put_int(o, "quantity", l->shown > 0 ? l->shown : 0);
		if (l->lead_days)
			json_put_int(o, "lead_time_to_ship_max_days", l->lead_days);
	}
	json_end_object(o);
	json_end_array(o);
	json_end_object(o);
}

static void put_offer(const struct world *w, struct arena *a, struct json_out *o, const struct listing *l)
{
	const char *currency = place_facts[l->place].currency;
	struct buf b = buf_new(a);
	struct json_out number = json_out(&b);

	json_put_minor(&number, NULL, price_at(w, l->product, (enum place)l->place), currency);
	json_put_array(o, "offers");
	json_put_object(o, NULL);
	json_put_text(o, "marketplaceId", place_facts[l->place].id);
	json_put_text(o, "offerType", "B2C");
	json_put_object(o, "price");
	json_put_text(o, "currencyCode", currency);
	json_put_text(o, "amount", b.p);
	json_end_object(o);
	json_end_object(o);
	json_end_array(o);
}

static void put_listing(const struct world *w, struct call *c, struct json_out *o, int listing)
{
	const struct listing *l = &w->listing[listing];

	json_put_object(o, NULL);
	json_put_text(o, "sku", world_str(w, w->product[l->product].sku));
	if (wants(c, "summaries"))
		put_summary(w, o, l);
	if (wants(c, "attributes"))
		put_attributes(w, o, l);
	if (wants(c, "issues")) {
		json_put_array(o, "issues");
		json_end_array(o);
	}
	if (wants(c, "offers"))
		put_offer(w, c->arena, o, l);
	if (wants(c, "fulfillmentAvailability"))
		put_availability(o, l);
	if (wants(c, "productTypes")) {
		json_put_array(o, "productTypes");
		json_put_object(o, NULL);
		json_put_text(o, "marketplaceId", place_facts[l->place].id);
		json_put_text(o, "productType", world_str(w, w->product[l->product].kind));
		json_end_object(o);
		json_end_array(o);
	}
	json_end_object(o);
}

/* Is the seller ours and the marketplace one of ours? When not, it has answered. */
static bool seller_ok(const struct service *s, struct call *c)
{
	if (strcmp(c->segment[3], s->seller_id) != 0)
		amazon_refuse(c, 403, "Unauthorized", "Access to requested resource is denied.");
	else if (amazon_place(c) == PLACES)
		amazon_refuse(c, 400, "InvalidInput", "marketplaceIds is missing or not valid.");
	else
		return true;
	return false;
}

void amazon_listing_get(struct service *s, struct call *c)
{
	struct buf b = buf_new(c->arena);
	struct json_out o = json_out(&b);
	int product, listing;

	if (!seller_ok(s, c))
		return;
	product = product_by_sku(s->world, c->segment[4]);
	listing = product < 0 ? -1 : amazon_listing(s->world, product, amazon_place(c));
	if (listing < 0) {
		amazon_refuse(c, 404, "NOT_FOUND", arena_printf(c->arena, "SKU '%s' not found in marketplace %s", c->segment[4], place_facts[amazon_place(c)].id));
		return;
	}
	put_listing(s->world, c, &o, listing);
	call_answer_json(c, 200, &b);
}

/* No more of what was found than they page through; nobody is told where it ends but by the number of all. */
static void put_pagination(struct call *c, struct json_out *o, int at, int size, int found)
{
	int next = at + size;

	json_put_object(o, "pagination");
	if (next < found && next < REACH)
		json_put_text(o, "nextToken", base64_encode(c->arena, arena_printf(c->arena, "p%d", next)));
	if (at > 0)
		json_put_text(o, "previousToken", base64_encode(c->arena, arena_printf(c->arena, "p%d", at > size ? at - size : 0)));
	json_end_object(o);
}

static bool is_searched(const struct world *w, const struct call *c, int product, int64_t since_ms)
{
	return listed_ms(w, product) >= since_ms && (!call_given(c, "identifiers") || call_lists(c, "identifiers", world_str(w, w->product[product].sku)));
}

void amazon_listing_search(struct service *s, struct call *c)
{
	struct world *w = s->world;
	struct buf b = buf_new(c->arena);
	struct json_out o = json_out(&b);
	const char *token = call_param(c, "pageToken"), *plain = token ? base64_decode(c->arena, token) : "p0";
	int64_t size, given = 0, since_ms;
	int at = -1, total = 0;

	if (!seller_ok(s, c))
		return;
	if (!call_int(c, "pageSize", 1, PAGE_MAX, PAGE_DEFAULT, &size) || !plain || sscanf(plain, "p%9d", &at) != 1 || at < 0 || at >= REACH) {
		amazon_refuse(c, 400, "InvalidInput", "pageSize or pageToken is not valid.");
		return;
	}
	if (!call_time(c, "createdAfter", INT64_MIN, &since_ms)) {
		amazon_refuse(c, 400, "InvalidInput", "createdAfter is not a date-time.");
		return;
	}
	json_put_object(&o, NULL);
	json_put_array(&o, "items");
	for (int i = 0; i < w->products; i++) {
		int listing = amazon_listing(w, i, amazon_place(c));

		if (listing >= 0 && is_searched(w, c, i, since_ms) && total++ >= at && given < size) {
			put_listing(w, c, &o, listing);
			given++;
		}
	}
	json_end_array(&o);
	json_put_int(&o, "numberOfResults", total);
	put_pagination(c, &o, at, (int)size, total);
	json_end_object(&o);
	call_answer_json(c, 200, &b);
}

/* ---- patching ---- */

static void wish_issue(struct wish *wish, const char *code, const char *category, const char *issue)
{
	wish->code = code;
	wish->category = category;
	wish->issue = issue;
}

void wish_value(const struct json *value, struct wish *wish)
{
	const struct json *v = json_first(value), *qty = json_get(v, "quantity"), *lead = json_get(v, "lead_time_to_ship_max_days");

	if (!v || strcmp(json_text_or(v, "fulfillment_channel_code", ""), "DEFAULT") != 0)
		wish_issue(wish, "90000900", "INVALID_ATTRIBUTE", "'fulfillment_channel_code' must be DEFAULT for goods that the seller ships.");
	else if (!qty && !lead)
		wish_issue(wish, "90220", "MISSING_ATTRIBUTE", "'quantity' is required but not supplied.");
	else if (qty && (!json_is_number(qty) || !text_int(json_scalar(qty), 0, QTY_MAX, &wish->qty)))
		wish_issue(wish, "90000900", "INVALID_ATTRIBUTE", "'quantity' must be a whole number that is not negative.");
	else if (lead && (!json_is_number(lead) || !text_int(json_scalar(lead), 0, 30, &wish->lead_days)))
		wish_issue(wish, "90000900", "INVALID_ATTRIBUTE", "'lead_time_to_ship_max_days' must be a whole number of days up to 30.");
	wish->lead = lead != NULL;
}

void wish_patch(const struct json *patch, struct wish *wish)
{
	const char *op = json_text_or(patch, "op", ""), *path = json_text_or(patch, "path", "");

	if (strcmp(path, "/attributes/fulfillment_availability") != 0) {
		wish_issue(wish, "90000900", "INVALID_ATTRIBUTE", "This simulation keeps no such attribute.");
		return;
	}
	if (strcmp(op, "delete") == 0) {
		wish->qty = 0;
		wish->replace = true;
		return;
	}
	wish->replace = strcmp(op, "merge") != 0;
	wish_value(json_get(patch, "value"), wish);
}

/* False when the body is none at all: that is a 400; a body with a bad value is a 200 that says INVALID. */
static bool body_read(const struct json *body, struct wish *wish)
{
	static const char *const ops[] = { "add", "replace", "merge", "delete" };
	const struct json *patches = json_get(body, "patches");

	if (!*json_text_or(body, "productType", "") || !json_is_array(patches) || !json_count(patches))
		return false;
	for (const struct json *p = json_first(patches); p; p = json_next(p)) {
		bool known = false;

		for (int i = 0; i < 4; i++)
			known |= strcmp(json_text_or(p, "op", ""), ops[i]) == 0;
		if (!known || !*json_text_or(p, "path", ""))
			return false;
		if (!wish->issue)
			wish_patch(p, wish);
	}
	return true;
}

void wish_check(const struct world *w, const struct json *body, const struct listing *l, struct wish *wish)
{
	const char *kind = json_text_or(body, "productType", "");

	if (strcmp(kind, "PRODUCT") != 0 && strcmp(kind, world_str(w, w->product[l->product].kind)) != 0)
		wish_issue(wish, "8560", "INVALID_ATTRIBUTE", "The product type does not match the listing.");
	if (place_facts[l->place].pool)
		wish_issue(wish, "90000900", "INVALID_ATTRIBUTE", "The quantity of an item that Amazon fulfills cannot be set.");
}

static void put_issue(struct json_out *o, const struct wish *wish, enum place place)
{
	json_put_object(o, NULL);
	json_put_text(o, "code", wish->code);
	json_put_text(o, "message", wish->issue);
	json_put_text(o, "severity", "ERROR");
	json_put_array(o, "attributeNames");
	json_put_text(o, NULL, "fulfillment_availability");
	json_end_array(o);
	json_put_array(o, "categories");
	json_put_text(o, NULL, wish->category);
	json_end_array(o);
	json_put_array(o, "marketplaceIds");
	json_put_text(o, NULL, place_facts[place].id);
	json_end_array(o);
	json_end_object(o);
}

static void patch_answer(struct service *s, struct call *c, const struct wish *wish, const struct listing *l, bool preview)
{
	struct buf b = buf_new(c->arena);
	struct json_out o = json_out(&b);
	char id[40];

	rng_uuid(&s->world->chance, id);
	json_put_object(&o, NULL);
	json_put_text(&o, "sku", c->segment[4]);
	json_put_text(&o, "status", wish->issue ? "INVALID" : preview ? "VALID" : "ACCEPTED");
	json_put_text(&o, "submissionId", id);
	json_put_array(&o, "issues");
	if (wish->issue)
		put_issue(&o, wish, (enum place)l->place);
	json_end_array(&o);
	if (preview && call_lists(c, "includedData", "identifiers")) {
		json_put_array(&o, "identifiers");
		json_put_object(&o, NULL);
		json_put_text(&o, "marketplaceId", place_facts[l->place].id);
		json_put_text(&o, "asin", world_str(s->world, s->world->product[l->product].asin));
		json_end_object(&o);
		json_end_array(&o);
	}
	json_end_object(&o);
	call_answer_json(c, 200, &b);
}

void wish_lead(struct world *w, int listing, const struct wish *wish)
{
	struct listing *l = &w->listing[listing];

	if (wish->lead) {
		l->lead_days = (int32_t)wish->lead_days;
	} else if (wish->replace && l->lead_days) {
		l->lead_days = 0;
		w->count[LEADS_LOST]++;
	}
}

static void wish_do(struct world *w, int listing, const struct wish *wish, const char *correlation)
{
	wish_lead(w, listing, wish);
	if (wish->qty >= 0)
		listing_say(w, listing, (int)wish->qty, correlation);
}

void amazon_listing_patch(struct service *s, struct call *c)
{
	struct world *w = s->world;
	const char *mode = call_param(c, "mode");
	bool preview = mode && strcmp(mode, "VALIDATION_PREVIEW") == 0;
	const struct json *body = call_json(c);
	struct wish wish = { .qty = -1 };
	int product = product_by_sku(w, c->segment[4]), listing = -1;

	if (!seller_ok(s, c))
		return;
	if (product >= 0)
		listing = amazon_listing(w, product, amazon_place(c));
	if (preview)
		w->count[PREVIEWS]++;
	else
		service_write(s, WRITES_PUSH, listing >= 0 && place_facts[w->listing[listing].place].pool);
	if (listing < 0 || (mode && !preview) || !body_read(body, &wish)) {
		amazon_refuse(c, 400, "BAD_REQUEST", "Invalid input");
		return;
	}
	wish_check(w, body, &w->listing[listing], &wish);
	if (!wish.issue && !preview)
		wish_do(w, listing, &wish, c->correlation);
	patch_answer(s, c, &wish, &w->listing[listing], preview);
}
