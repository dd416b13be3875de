/*
 * ebay_stock.c: reading the Inventory API: items, groups, offers, locations.
 *
 * What a buyer sees is the offer's quantity or the item's, the smaller of the two. The colours of one article are variations of
 * one listing; the group that holds them has no quantity of its own. What was listed before the Inventory API is not in it at all.
 */
#include "sandbox/ebay.h"

#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { PAGE_MAX = 200, PAGE_DEFAULT = 25, FAMILY_MAX = 400, LOCATIONS = 1 };

static void say_no(struct call *c, int status, int64_t id, const char *message, const char *name, const char *value)
{
	ebay_say_no(c, status, (struct ebay_error){ id, "API_INVENTORY", message, name, value });
}

/* ---- numbers ---- */

const char *ebay_offer_id(struct arena *a, int listing)
{
	return arena_printf(a, "8209%07d", listing);
}

int ebay_offer_by_id(const struct world *w, const char *id)
{
	int64_t n = -1;

	if (strlen(id) != 11 || strncmp(id, "8209", 4) != 0 || !text_int(id + 4 + strspn(id + 4, "0"), 0, INT32_MAX, &n))
		n = strcmp(id, "82090000000") == 0 ? 0 : -1;
	if (n < 0 || n >= w->listings || (w->listing[n].place != EBAY_US && w->listing[n].place != EBAY_AUCTION))
		return -1;
	return (int)n;
}

int ebay_head(const struct world *w, int listing)
{
	const struct listing *l = &w->listing[listing];
	int group = w->product[l->product].group;

	if (group < 0 || l->place != EBAY_US)
		return listing;
	for (int i = group; i < l->product; i++)
		if (w->product[i].group == group && w->product[i].listing[EBAY_US] >= 0)
			return w->product[i].listing[EBAY_US];
	return listing;
}

const char *ebay_listing_id(const struct world *w, struct arena *a, int listing)
{
	return arena_printf(a, "1105%08d", ebay_head(w, listing));
}

/* The key of a product's group: its family without the colour. NULL: it stands alone. */
static const char *group_key(const struct world *w, struct arena *a, int product)
{
	int group = w->product[product].group;
	const char *sku, *colour, *series;

	if (group < 0)
		return NULL;
	sku = world_str(w, w->product[group].sku);
	colour = strchr(strchr(sku, '-') + 1, '-');
	series = strchr(colour + 1, '-');
	return arena_printf(a, "%.*s%s", (int)(colour - sku), sku, series ? series : "");
}

/* The item's place in the seller's inventory: 0 none, else it is there. */
static bool known(const struct world *w, int product)
{
	return product >= 0 && (w->product[product].listing[EBAY_US] >= 0 || w->product[product].listing[EBAY_AUCTION] >= 0);
}

/* ---- items ---- */

static int at_least_0(int n)
{
	return n > 0 ? n : 0;
}

/* Of the fixed price, as the item's record has it: while a change is on its way, what is still shown. */
static int fixed_quantity(const struct listing *l)
{
	bool settled = l->said_seq == l->shown_seq;

	return at_least_0(settled && l->total > l->shown ? l->total : l->shown);
}

static void put_availability(const struct world *w, struct json_out *o, int product)
{
	const int32_t *at = w->product[product].listing;
	int fixed = at[EBAY_US] < 0 ? 0 : fixed_quantity(&w->listing[at[EBAY_US]]);
	int auction = at[EBAY_AUCTION] < 0 ? 0 : at_least_0(w->listing[at[EBAY_AUCTION]].shown);

	json_put_object(o, "availability");
	json_put_object(o, "shipToLocationAvailability");
	json_put_int(o, "quantity", fixed + auction);
	json_put_object(o, "allocationByFormat");
	json_put_int(o, "auction", auction);
	json_put_int(o, "fixedPrice", fixed);
	json_end_object(o);
	json_end_object(o);
	json_end_object(o);
}

static void put_one(struct json_out *o, const char *key, const char *value)
{
	json_put_array(o, key);
	json_put_text(o, NULL, value);
	json_end_array(o);
}

static void put_product(const struct world *w, struct json_out *o, const struct product *p)
{
	const char *name = world_str(w, p->name), *comma = strrchr(name, ',');

	json_put_object(o, "product");
	json_put_text(o, "title", name);
	json_put_text(o, "brand", "Harbor & Pine");
	put_one(o, "upc", world_str(w, p->gtin));
	json_put_object(o, "aspects");
	put_one(o, "Brand", "Harbor & Pine");
	if (p->group >= 0 && comma)
		put_one(o, "Color", comma + 2);
	json_end_object(o);
	put_one(o, "imageUrls", "https://i.ebayimg.com/images/g/sandbox/s-l1600.jpg");
	json_end_object(o);
}

static void put_item(const struct world *w, struct call *c, struct json_out *o, const char *key, int product)
{
	const struct product *p = &w->product[product];
	const char *group = p->listing[EBAY_US] >= 0 ? group_key(w, c->arena, product) : NULL;

	json_put_object(o, key);
	json_put_text(o, "sku", world_str(w, p->sku));
	json_put_text(o, "locale", "en_US");
	put_product(w, o, p);
	json_put_text(o, "condition", "NEW");
	if (group) {
		if (!key)
			put_one(o, "groupIds", group); /* not in the answer to a bulk request */
		put_one(o, "inventoryItemGroupKeys", group);
	}
	put_availability(w, o, product);
	json_end_object(o);
}

/* The page's number, not a record's: that is what offset means here. */
void ebay_items(struct service *s, struct call *c)
{
	const struct world *w = s->world;
	struct buf b = buf_new(c->arena);
	struct json_out o = json_out(&b);
	int64_t limit, page, total = 0, given = 0;

	if (!ebay_page(c, PAGE_MAX, PAGE_DEFAULT, &limit, &page, 25706, "API_INVENTORY"))
		return;
	json_put_object(&o, NULL);
	json_put_text(&o, "href", ebay_href(c, limit, page));
	json_put_int(&o, "limit", limit);
	json_put_array(&o, "inventoryItems");
	for (int i = 0; i < w->products; i++) {
		if (!known(w, i))
			continue;
		if (total++ / limit == page) {
			put_item(w, c, &o, NULL, i);
			given++;
		}
	}
	json_end_array(&o);
	json_put_int(&o, "size", given);
	json_put_int(&o, "total", total);
	if ((page + 1) * limit < total)
		json_put_text(&o, "next", ebay_href(c, limit, page + 1));
	if (page > 0)
		json_put_text(&o, "prev", ebay_href(c, limit, page - 1));
	json_end_object(&o);
	call_answer_json(c, 200, &b);
}

void ebay_item(struct service *s, struct call *c)
{
	int product = product_by_sku(s->world, c->segment[4]);
	struct buf b = buf_new(c->arena);
	struct json_out o = json_out(&b);

	if (!known(s->world, product)) {
		say_no(c, 404, 25702, "The SKU could not be found or is not available in the system.", "sku", c->segment[4]);
		return;
	}
	put_item(s->world, c, &o, NULL, product);
	call_answer_json(c, 200, &b);
}

static void put_bulk_item(const struct world *w, struct call *c, struct json_out *o, const char *sku, int product)
{
	const struct ebay_error unknown = { 25702, "API_INVENTORY", "The SKU is not available in the system", "sku", sku };

	json_put_object(o, NULL);
	json_put_int(o, "statusCode", known(w, product) ? 200 : 404);
	json_put_text(o, "sku", sku);
	if (known(w, product)) {
		put_item(w, c, o, "inventoryItem", product);
	} else {
		ebay_put_errors(o, &unknown, "REQUEST");
	}
	json_end_object(o);
}

void ebay_items_bulk(struct service *s, struct call *c)
{
	const struct json *requests = json_get(call_json(c), "requests");
	struct buf b = buf_new(c->arena);
	struct json_out o = json_out(&b);
	bool all = true;

	if (!json_count(requests) || json_count(requests) > EBAY_BULK_MAX) {
		say_no(c, 400, 25727, "The number of InventoryItems in the request cannot exceed 25.", NULL, NULL);
		return;
	}
	json_put_object(&o, NULL);
	json_put_array(&o, "responses");
	for (const struct json *e = json_first(requests); e; e = json_next(e)) {
		const char *sku = json_text_or(e, "sku", "");
		int product = product_by_sku(s->world, sku);

		all &= known(s->world, product);
		put_bulk_item(s->world, c, &o, sku, product);
	}
	json_end_array(&o);
	json_end_object(&o);
	call_answer_json(c, all ? 200 : 207, &b);
}

/* ---- groups ---- */

static int group_find(const struct world *w, struct arena *a, const char *key)
{
	for (int i = 0; i < w->products; i++)
		if (w->product[i].group == i && strcmp(group_key(w, a, i), key) == 0)
			return i;
	return -1;
}

void ebay_group(struct service *s, struct call *c)
{
	const struct world *w = s->world;
	int group = group_find(w, c->arena, c->segment[4]);
	struct buf b = buf_new(c->arena);
	struct json_out o = json_out(&b);

	if (group < 0) {
		say_no(c, 404, 25705, "The Inventory Item Group could not be found or is not available in the system.", "inventoryItemGroupKey", c->segment[4]);
		return;
	}
	json_put_object(&o, NULL);
	json_put_text(&o, "inventoryItemGroupKey", c->segment[4]);
	json_put_text(&o, "title", arena_strndup(c->arena, world_str(w, w->product[group].name), strcspn(world_str(w, w->product[group].name), ",")));
	json_put_array(&o, "variantSKUs");
	for (int i = group; i < w->products && i < group + FAMILY_MAX; i++)
		if (w->product[i].group == group && w->product[i].listing[EBAY_US] >= 0)
			json_put_text(&o, NULL, world_str(w, w->product[i].sku));
	json_end_array(&o);
	json_put_object(&o, "variesBy");
	put_one(&o, "aspectsImageVariesBy", "Color");
	json_end_object(&o);
	json_end_object(&o);
	call_answer_json(c, 200, &b);
}

/* ---- offers ---- */

static int sold(const struct world *w, const struct listing *l)
{
	int n = 0;

	for (int i = 0; i < w->lines; i++)
		if (w->line[i].product == l->product && w->order[w->line[i].order].place == l->place)
			n += w->line[i].qty - w->line[i].cancelled;
	return n;
}

static void put_offer(const struct world *w, struct call *c, struct json_out *o, int listing)
{
	const struct listing *l = &w->listing[listing];
	bool auction = l->place == EBAY_AUCTION;
	int shown = at_least_0(l->shown);

	json_put_object(o, NULL);
	json_put_text(o, "offerId", ebay_offer_id(c->arena, listing));
	json_put_text(o, "sku", world_str(w, w->product[l->product].sku));
	json_put_text(o, "marketplaceId", place_facts[l->place].id);
	json_put_text(o, "format", auction ? "AUCTION" : "FIXED_PRICE");
	json_put_int(o, "availableQuantity", shown);
	json_put_text(o, "categoryId", "20635");
	json_put_text(o, "listingDescription", world_str(w, w->product[l->product].name));
	json_put_text(o, "listingDuration", auction ? "DAYS_7" : "GTC");
	json_put_object(o, "listingPolicies");
	json_put_text(o, "fulfillmentPolicyId", "6196932000");
	json_put_text(o, "paymentPolicyId", "6196933000");
	json_put_text(o, "returnPolicyId", "6196934000");
	json_end_object(o);
	json_put_object(o, "pricingSummary");
	ebay_put_amount(o, c->arena, auction ? "auctionStartPrice" : "price", price_at(w, l->product, (enum place)l->place), place_facts[l->place].currency);
	json_end_object(o);
	json_put_text(o, "merchantLocationKey", "hp-portland");
	json_put_bool(o, "hideBuyerDetails", false);
	json_put_bool(o, "includeCatalogProductDetails", true);
	json_put_text(o, "status", "PUBLISHED");
	json_put_object(o, "listing");
	json_put_text(o, "listingId", ebay_listing_id(w, c->arena, listing));
	json_put_text(o, "listingStatus", l->flags & LISTING_ENDED ? "ENDED" : shown ? "ACTIVE" : "OUT_OF_STOCK");
	json_put_int(o, "soldQuantity", sold(w, l));
	json_end_object(o);
	json_end_object(o);
}

static bool format_wanted(const struct call *c, enum place place)
{
	const char *format = call_param(c, "format");

	return !format || strcmp(format, place == EBAY_AUCTION ? "AUCTION" : "FIXED_PRICE") == 0;
}

void ebay_offers(struct service *s, struct call *c)
{
	static const enum place places[] = { EBAY_US, EBAY_AUCTION };
	const struct world *w = s->world;
	const char *sku = call_param(c, "sku");
	int product = sku ? product_by_sku(w, sku) : -1, n = 0;
	struct buf b = buf_new(c->arena);
	struct json_out o = json_out(&b);
	int64_t limit, page;

	if (!sku || !*sku || strlen(sku) > 50) {
		say_no(c, 400, 25709, "Invalid value for sku.", "sku", sku ? sku : "");
		return;
	}
	if (!ebay_page(c, PAGE_MAX, 100, &limit, &page, 25706, "API_INVENTORY"))
		return;
	if (!known(w, product)) {
		say_no(c, 404, 25713, "This Offer is not available.", "sku", sku);
		return;
	}
	json_put_object(&o, NULL);
	json_put_text(&o, "href", ebay_href(c, limit, page));
	json_put_int(&o, "limit", limit);
	json_put_array(&o, "offers");
	for (int i = 0; i < 2 && page == 0; i++)
		if (w->product[product].listing[places[i]] >= 0 && format_wanted(c, places[i]) && n++ < limit)
			put_offer(w, c, &o, w->product[product].listing[places[i]]);
	json_end_array(&o);
	json_put_int(&o, "size", n);
	json_put_int(&o, "total", n);
	json_end_object(&o);
	call_answer_json(c, 200, &b);
}

void ebay_offer(struct service *s, struct call *c)
{
	int listing = ebay_offer_by_id(s->world, c->segment[4]);
	struct buf b = buf_new(c->arena);
	struct json_out o = json_out(&b);

	if (listing < 0) {
		say_no(c, 404, 25713, "This Offer is not available.", "offerId", c->segment[4]);
		return;
	}
	put_offer(s->world, c, &o, listing);
	call_answer_json(c, 200, &b);
}

/* ---- locations ---- */

void ebay_locations(struct service *s, struct call *c)
{
	struct buf b = buf_new(c->arena);
	struct json_out o = json_out(&b);
	int64_t limit, offset;

	(void)s;
	if (!ebay_page(c, 100, 100, &limit, &offset, 25709, "API_INVENTORY"))
		return;
	json_put_object(&o, NULL);
	json_put_text(&o, "href", ebay_href(c, limit, offset));
	json_put_int(&o, "limit", limit);
	json_put_int(&o, "offset", offset);
	json_put_int(&o, "total", LOCATIONS);
	json_put_array(&o, "locations");
	if (offset == 0) {
		json_put_object(&o, NULL);
		json_put_text(&o, "merchantLocationKey", "hp-portland");
		json_put_text(&o, "name", "Harbor & Pine, Portland");
		json_put_text(&o, "merchantLocationStatus", "ENABLED");
		put_one(&o, "locationTypes", "WAREHOUSE");
		json_put_object(&o, "location");
		json_put_object(&o, "address");
		json_put_text(&o, "city", "Portland");
		json_put_text(&o, "stateOrProvince", "OR");
		json_put_text(&o, "postalCode", "97209");
		json_put_text(&o, "country", "US");
		json_end_object(&o);
		json_end_object(&o);
		json_end_object(&o);
	}
	json_end_array(&o);
	json_end_object(&o);
	call_answer_json(c, 200, &b);
}
