/*
 * items.c: what is listed at eBay.
 *
 * An inventory item is a SKU with the quantity that lies behind all its offers; an offer puts it on sale on one site, in one format, under one
 * listing. Of several variations each is an item and an offer of its own, and their group is never named here. The list of items
 * is read page by page and tells of each SKU only that it is there and what lies behind it; what is on sale stands on its offer, and that is
 * one call a SKU. So an offer is asked for when it is not known yet, when it was not read for a day, or when what lies behind it has become
 * another quantity: the follow-up names that quantity, and the engine leaves out what it knows.
 *
 * What may be written is a fixed price, Good 'Til Cancelled, published, and not held by eBay; the reason why another may not stands on it.
 */
#include "channels/ebay/ebay.h"

#include "base/text.h"

#include <inttypes.h>
#include <string.h>

enum { PAGE_ITEMS = 200, SKU_MAX = 50 }; /* contract */

/* The job that asks for all offers of a SKU, to be filled in; NULL: this reply asks for them already. */
static struct fields *follow(struct news *n, const char *sku)
{
	struct fields *payload = arena_alloc(n->arena, sizeof *payload);
	const char *subject = arena_printf(n->arena, "sku:%s", sku);

	for (int i = 0; i < n->follows; i++)
		if (n->follow[i].verb == VERB_OFFER && !strcmp(n->follow[i].subject, subject))
			return NULL;
	*payload = fields_new(n->arena);
	fields_put(payload, "sku", sku);
	news_follow(n, VERB_OFFER, subject)->payload = payload;
	return payload;
}

void ebay_follow_offer(struct news *n, const char *sku, int64_t shown, const char *listing)
{
	struct fields *payload = follow(n, sku);

	if (!payload)
		return;
	if (shown >= 0)
		fields_put_int(payload, "shown", shown);
	if (*listing)
		fields_put(payload, "listing", listing);
}

static void identify(struct news *n, const char *sku, const char *kind, const char *value, const char *path)
{
	if (value && *value)
		*news_identity(n) = (struct identity){ .sku = sku, .kind = kind, .value = value, .path = path };
}

/* ---- the list of items; its offset is a page's number ---- */

/* "3:1234": the fourth page, of so many items when it was asked for. */
struct place {
	int64_t page, total;
};

static struct place place_of(struct arena *a, const char *mark)
{
	struct place p = { 0, -1 };
	const char *colon = mark ? strchr(mark, ':') : NULL;

	if (!colon || !text_int(arena_strndup(a, mark, (size_t)(colon - mark)), 0, INT32_MAX, &p.page) || !text_int(colon + 1, 0, INT32_MAX, &p.total))
		return (struct place){ 0, -1 };
	return p;
}

enum fault ebay_stock_list_ask(const struct account *acc, struct batch b, struct request *r, struct err *err)
{
	(void)err;
	ebay_request(acc, r, "GET", "/sell/inventory/v1/inventory_item");
	request_query_int(r, "limit", PAGE_ITEMS);
	request_query_int(r, "offset", place_of(r->arena, b.job->cursor.page).page);
	return OK;
}

static void take_item(struct news *n, const struct spot *item)
{
	const char *sku = need_plain(*item, "sku", SKU_MAX + 1);
	int64_t behind = may_int(*item, "availability.shipToLocationAvailability.quantity", 0, QTY_MAX, -1);

	if (item->r->path) {
		answer_park(n, item->r, item, *sku ? "ITEM" : "SCHEMA", sku);
		return;
	}
	for (struct spot u = spot_first(spot_get(*item, "product.upc")); u.v; u = spot_next(u))
		identify(n, sku, "upc", json_scalar(u.v), u.path);
	for (struct spot u = spot_first(spot_get(*item, "product.ean")); u.v; u = spot_next(u))
		identify(n, sku, "ean", json_scalar(u.v), u.path);
	ebay_follow_offer(n, sku, behind, "");
}

/* Items that were deleted meanwhile have moved the rest up: what slipped past is on the page before. There are fewer each time, so it ends. */
static enum fault turn(struct news *n, const struct json *body, struct place at, int got, struct err *err)
{
	int64_t total = json_int_or(body, "total", -1);

	if (at.page && at.total >= 0 && total >= 0 && total < at.total) {
		n->next_page = arena_printf(n->arena, "%" PRId64 ":%" PRId64, at.page - 1, total);
		return OK;
	}
	if (!*json_text_or(body, "next", "") || (total >= 0 && total <= (at.page + 1) * PAGE_ITEMS))
		return OK;
	if (!got)
		return err_set(err, FAULT_FORMAT, "next: there is a next page, and this one is empty");
	n->next_page = arena_printf(n->arena, "%" PRId64 ":%" PRId64, at.page + 1, total >= 0 ? total : 0);
	return OK;
}

enum fault ebay_stock_list_hear(const struct account *acc, struct batch b, const struct reply *r, struct news *n, struct err *err)
{
	const struct json *body, *items;
	int i = 0;
	enum fault f;

	n->has_page = true;
	if (answer_is_none(&ebay_manners, r, n->arena))
		return OK;
	f = ebay_open(acc, EBAY_INVENTORY, r, n->arena, &body, err);
	if (f)
		return f;
	items = json_get(body, "inventoryItems");
	if (!json_is_array(items) && (items || json_int_or(body, "total", -1) != 0))
		return err_set(err, FAULT_FORMAT, "inventoryItems: not a list of items");
	for (const struct json *v = json_first(items); v; v = json_next(v)) {
		struct reading w = { .arena = n->arena };
		struct spot item = { .r = &w, .v = v, .path = arena_printf(n->arena, "inventoryItems[%d]", i++) };

		take_item(n, &item);
	}
	n->listed = i;
	n->total = json_int_or(body, "total", -1);
	return turn(n, body, place_of(n->arena, b.job->cursor.page), i, err);
}

/* ---- the offers of one SKU ---- */

/*
 * Why it may not be written, "" when it may; *shown: can anybody buy it? A state that we do not know decides nothing: what stood there before goes on to stand
 * (NULL), and the quantity is as it is told.
 */
static const char *block_of(struct news *n, struct spot offer, const char *sku, bool *shown)
{
	static const char *const live[] = { "ACTIVE", "OUT_OF_STOCK", NULL };
	const char *status = may_text(offer, "status"), *listing = may_text(offer, "listing.listingStatus");
	const char *duration = may_text(offer, "listingDuration");
	bool is_live = !listing || !strcmp(listing, live[0]) || !strcmp(listing, live[1]);

	*shown = is_live && (!status || strcmp(status, "UNPUBLISHED"));
	if (status && !strcmp(status, "UNPUBLISHED"))
		return "not published: eBay shows no listing of it";
	if (!is_live)
		return arena_printf(n->arena, "its listing is over: eBay calls it %s", answer_word(n->arena, listing, 30));
	if (status && strcmp(status, "PUBLISHED")) {
		news_odd(n, arena_printf(n->arena, "%s.status", offer.path), status, sku);
		return NULL;
	}
	if (json_bool_or(offer.v, "listing.listingOnHold", false))
		return "eBay holds its listing for a breach of its rules: mend that in Seller Hub";
	if (duration && strcmp(duration, "GTC"))
		return arena_printf(n->arena, "not Good 'Til Cancelled (%s): only such listings are written", answer_word(n->arena, duration, 20));
	return "";
}

static void take_format(struct news *n, struct spot offer, struct seen *s)
{
	const char *format = may_text(offer, "format");

	if (format && !strcmp(format, "AUCTION")) {
		s->pool = "auction";
		s->node = "auction"; /* a SKU may be in an auction and at a fixed price at the same time (contract, getOffers) */
		s->block = "an auction: its quantity is never written";
	} else if (format && strcmp(format, "FIXED_PRICE")) {
		news_odd(n, arena_printf(n->arena, "%s.format", offer.path), format, s->sku);
		s->block = "neither an auction nor a fixed price: eBay calls it something that we do not know";
		s->flags = "odd"; /* asked again with each list: a bit that fell over on the way must not take it off sale for long */
	}
}

/*
 * behind: the quantity of the item, -1 when not told: an offer without a number of its own shows that. Who has no listing, or one that ended, shows
 * none, whatever number stands there.
 */
static void take_offer(struct news *n, struct spot offer, int64_t behind)
{
	int odds = n->odds;
	struct seen *s = news_seen(n);
	bool shown;

	*s = (struct seen){ .pool = "own", .path = offer.path, .flags = "" };
	s->sku = need_plain(offer, "sku", SKU_MAX + 1);
	s->ref = need_id(offer, "offerId", "-_", 40);
	s->listing = may_text(offer, "listing.listingId");
	s->qty = may_int(offer, "availableQuantity", 0, QTY_MAX, behind);
	s->block = block_of(n, offer, s->sku, &shown);
	if (!s->block)
		s->flags = NULL;
	take_format(n, offer, s);
	if (!shown) {
		s->qty = 0;
		s->flags = "ended";
	}
	if (offer.r->path) {
		answer_park(n, offer.r, &offer, *s->sku ? "ITEM" : "SCHEMA", json_text_or(offer.v, "sku", ""));
		n->seens--;
		n->odds = odds;
		return;
	}
	identify(n, s->sku, "ebay_offer", s->ref, offer.path);
	identify(n, s->sku, "ebay_listing", s->listing, offer.path);
}

static enum fault sku_of(const struct job *job, const char **sku, struct err *err)
{
	*sku = fields_get(&job->payload, "sku", "");
	if (!**sku || strlen(*sku) > SKU_MAX)
		return err_set(err, FAULT_REFUSED, "the job names no SKU of 1 to %d characters", SKU_MAX);
	return OK;
}

/*
 * Nothing of the kind. A listing that sells under this SKU all the same was made elsewhere; an item that nobody offers waits for its first
 * offer; an offer that was there is gone.
 */
static void take_none(struct news *n, const struct job *job, const char *sku)
{
	const char *listing = fields_get(&job->payload, "listing", ""), *ref = fields_get(&job->payload, "ref", "");
	struct seen *s = news_seen(n);

	*s = (struct seen){ .sku = sku, .node = fields_get(&job->payload, "node", ""), .pool = "own", .path = "" };
	if (*ref) {
		s->flags = "ended";
		s->block = "eBay has no such offer any more: it was withdrawn and deleted";
	} else if (*listing) {
		s->qty = -1;
		s->listing = listing;
		s->block = "MIGRATION_NEEDED: its listing was not made through the Inventory API: migrate it in Seller Hub";
	} else {
		s->block = "eBay has the item, but no offer of it";
	}
}

/*
 * A SKU may be in an auction and at a fixed price at the same time, and both take from what lies behind them: the fixed price is told how much
 * the auction keeps, so that what is said of it can be what it shows.
 */
static void share(struct news *n, int from)
{
	int64_t kept = 0;

	for (int i = from; i < n->seens; i++)
		if (!strcmp(n->seen[i].pool, "auction") && n->seen[i].qty > 0)
			kept += n->seen[i].qty;
	for (int i = from; i < n->seens && kept; i++)
		if (strcmp(n->seen[i].pool, "auction") && (!n->seen[i].flags || !*n->seen[i].flags))
			n->seen[i].flags = arena_printf(n->arena, "auction:%" PRId64, kept);
}

static enum fault take_offers(struct news *n, const struct json *list, int64_t behind, struct err *err)
{
	int i = 0, from = n->seens;

	if (!json_is_array(list))
		return err_set(err, FAULT_FORMAT, "offers: not a list of offers");
	for (const struct json *v = json_first(list); v; v = json_next(v)) {
		struct reading w = { .arena = n->arena };

		take_offer(n, (struct spot){ .r = &w, .v = v, .path = arena_printf(n->arena, "offers[%d]", i++) }, behind);
	}
	share(n, from);
	return OK;
}

/* The offer with this number, "": any. */
static bool told(const struct news *n, const char *ref)
{
	for (int i = 0; i < n->seens; i++)
		if (!*ref || !strcmp(n->seen[i].ref, ref))
			return true;
	return false;
}

/*
 * A fixed price of this SKU by another number than the one we know: it was made anew, or one bit of it fell over on the way. That proves neither what is shown
 * nor that ours is gone, so that all of the SKU is asked for anew, now, whenever it was told last.
 */
static bool told_by_another(struct news *n, const char *sku)
{
	struct fields *payload;

	for (int i = 0; i < n->seens; i++)
		if (!strcmp(n->seen[i].pool, "own")) {
			news_odd(n, arena_printf(n->arena, "%s.offerId", n->seen[i].path), n->seen[i].ref, sku);
			n->seens = 0;
			if ((payload = follow(n, sku)))
				fields_put(payload, "anew", "1");
			return true;
		}
	return false;
}

enum fault ebay_offer_ask(const struct account *acc, struct batch b, struct request *r, struct err *err)
{
	const char *sku;

	if (sku_of(b.job, &sku, err))
		return FAULT_REFUSED;
	ebay_request(acc, r, "GET", "/sell/inventory/v1/offer");
	request_query(r, "sku", sku);
	return OK;
}

enum fault ebay_offer_hear(const struct account *acc, struct batch b, const struct reply *r, struct news *n, struct err *err)
{
	const char *sku = fields_get(&b.job->payload, "sku", ""), *ref = fields_get(&b.job->payload, "ref", "");
	/* what lies behind it is told by a list alone; the same word in a job that proves a quantity is what we hope for */
	int64_t behind = b.job->verb == VERB_OFFER ? fields_int(&b.job->payload, "shown", -1) : -1;
	const struct json *body;
	enum fault f;

	if (answer_is_none(&ebay_manners, r, n->arena)) {
		take_none(n, b.job, sku);
		return OK;
	}
	f = ebay_open(acc, EBAY_INVENTORY, r, n->arena, &body, err);
	if (!f && (json_get(body, "offers") || json_int_or(body, "total", -1) != 0))
		f = take_offers(n, json_get(body, "offers"), behind, err);
	if (f || n->parkeds || told(n, ref))
		return f;
	if (!*ref || !told_by_another(n, sku))
		take_none(n, b.job, sku);
	return OK;
}
