/*
 * ebay_writes.c: bulkUpdatePriceQuantity.
 *
 * Up to 25 items or offers; each is answered for itself, under a 200 when all went well and a 207 when not. A listing shows the
 * smaller of its offer's quantity and the item's, may be revised 250 times a day (all its variations together), and is over
 * when a zero is written while the seller's out-of-stock control is off.
 */
#include "sandbox/ebay.h"

#include "base/text.h"

#include <string.h>

enum { QTY_MAX = 999999, ANSWERS_MAX = EBAY_BULK_MAX * EBAY_BULK_MAX };

/* What one element asks, and how it went. */
struct change {
	int product, listing; /* -1: none */
	int64_t total, offered; /* of the item, of the offer; -1: not said */
	const char *sku, *offer_id; /* as they were sent, NULL: not sent */
	struct ebay_error error; /* id 0: fine */
	int status;
};

static void change_refuse(struct change *ch, int status, int64_t id, const char *message)
{
	if (ch->error.id)
		return;
	ch->status = status;
	ch->error = (struct ebay_error){ id, "API_INVENTORY", message, ch->offer_id ? "offerId" : "sku", ch->offer_id ? ch->offer_id : ch->sku };
}

static int64_t quantity_read(struct change *ch, const struct json *qty, const char *wrong)
{
	int64_t n = -1;

	if (qty && (!json_is_number(qty) || !text_int(json_scalar(qty), 0, QTY_MAX, &n)))
		change_refuse(ch, 400, 25709, wrong);
	return n;
}

/* The item's quantity, or the sum of its places'. */
static void total_read(struct change *ch, const struct json *ship)
{
	const struct json *parts = json_get(ship, "availabilityDistributions"), *qty = json_get(ship, "quantity");
	int64_t sum = 0;

	for (const struct json *e = json_first(parts); e; e = json_next(e)) {
		int64_t part = quantity_read(ch, json_get(e, "quantity"), "Invalid value for quantity.");

		if (part < 0 || strcmp(json_text_or(e, "merchantLocationKey", ""), "hp-portland") != 0)
			change_refuse(ch, 400, 25709, "Invalid value for availabilityDistributions.");
		sum += part;
	}
	if (!qty && !json_count(parts))
		change_refuse(ch, 400, 25709, "Invalid value for shipToLocationAvailability.quantity.");
	ch->total = qty ? quantity_read(ch, qty, "Invalid value for shipToLocationAvailability.quantity.") : sum;
}

static void item_find(const struct world *w, struct change *ch)
{
	ch->product = product_by_sku(w, ch->sku);
	if (ch->product >= 0 && (w->product[ch->product].listing[EBAY_US] >= 0 || w->product[ch->product].listing[EBAY_AUCTION] >= 0))
		ch->listing = w->product[ch->product].listing[EBAY_US];
	else
		change_refuse(ch, 404, 25702, "The SKU could not be found or is not available in the system.");
}

static void offer_find(const struct world *w, struct change *ch)
{
	int listing = ebay_offer_by_id(w, ch->offer_id);

	if (listing < 0)
		change_refuse(ch, 404, 25713, "This Offer is not available.");
	else if (ch->sku && strcmp(ch->sku, world_str(w, w->product[w->listing[listing].product].sku)) != 0)
		change_refuse(ch, 400, 25002, "The SKU does not match the SKU of the offer.");
	else
		ch->product = w->listing[ch->listing = listing].product;
}

static struct change offer_read(const struct world *w, const struct change *item, const struct json *offer)
{
	struct change ch = *item;

	ch.offer_id = json_text_or(offer, "offerId", "");
	if (ch.error.id)
		return ch;
	offer_find(w, &ch);
	ch.offered = quantity_read(&ch, json_get(offer, "availableQuantity"), "Invalid value for availableQuantity.");
	if (json_get(offer, "price"))
		change_refuse(&ch, 400, 25002, "Any User error. This simulation keeps no price that can be changed.");
	else if (ch.offered < 0)
		change_refuse(&ch, 400, 25709, "Invalid value for availableQuantity.");
	return ch;
}

/* One element of requests[] to its changes; returns how many there are then. */
static int request_read(const struct world *w, const struct json *request, struct change *out, int n)
{
	const struct json *ship = json_get(request, "shipToLocationAvailability"), *offers = json_get(request, "offers");
	struct change item = { -1, -1, -1, -1, json_text_or(request, "sku", NULL), NULL, { 0 }, 200 };

	if (json_count(offers) > EBAY_BULK_MAX || (!ship && !json_count(offers)) || (ship && !item.sku)) {
		change_refuse(&item, 400, 25709, "Invalid value for requests.");
		out[n++] = item;
		return n;
	}
	if (item.sku)
		item_find(w, &item);
	if (ship)
		total_read(&item, ship);
	for (const struct json *e = json_first(offers); e; e = json_next(e))
		out[n++] = offer_read(w, &item, e);
	if (!json_count(offers))
		out[n++] = item;
	return n;
}

static void twice_refuse(struct change *ch, int n)
{
	for (int i = 0; i < n; i++)
		for (int k = 0; k < i; k++)
			if (ch[i].offer_id && ch[k].offer_id && strcmp(ch[i].offer_id, ch[k].offer_id) == 0)
				change_refuse(&ch[i], 400, 25002, "The offerId is given twice.");
}

/* ---- doing ---- */

/* One more revision of the whole listing today. false: that is too many. */
static bool revise(struct world *w, int listing)
{
	struct listing *head = &w->listing[ebay_head(w, listing)];
	int32_t today = (int32_t)(w->now_ms / DAY_MS);

	if (head->revised_day != today)
		head->revisions = 0;
	head->revised_day = today;
	if (head->revisions >= EBAY_REVISIONS_A_DAY) {
		w->count[REVISIONS_REFUSED]++;
		return false;
	}
	head->revisions++;
	return true;
}

/* Without the out-of-stock control a listing ends when nothing of it is left: of none of its variations. */
static void end_if_empty(struct world *w, int listing)
{
	int head = ebay_head(w, listing);

	for (int i = 0; i < w->listings; i++)
		if (w->listing[i].place == EBAY_US && ebay_head(w, i) == head && w->listing[i].said > 0)
			return;
	for (int i = 0; i < w->listings; i++)
		if (w->listing[i].place == EBAY_US && ebay_head(w, i) == head) {
			w->listing[i].flags |= LISTING_ENDED;
			w->listing[i].shown = 0;
		}
	w->count[LISTINGS_ENDED]++;
}

static void change_check(const struct world *w, struct change *ch)
{
	const int32_t *at = ch->product >= 0 ? w->product[ch->product].listing : NULL;
	int auction = at && at[EBAY_AUCTION] >= 0 ? w->listing[at[EBAY_AUCTION]].shown : 0;

	if (ch->error.id)
		return;
	if (ch->listing >= 0 && w->listing[ch->listing].place == EBAY_AUCTION)
		change_refuse(ch, 400, 25002, "Any User error. The quantity of an auction cannot be changed.");
	else if (ch->listing >= 0 && w->listing[ch->listing].flags & LISTING_ENDED)
		change_refuse(ch, 400, 25713, "This Offer is not available : the listing has ended.");
	else if (ch->total >= 0 && ch->total < auction)
		change_refuse(ch, 400, 25759,
		              "shipToLocationAvailability quantity value should be greater than or equal to auction allocation. Please provide valid quantity or "
		              "unpublish auction offers of the sku.");
	else if (ch->total >= 0)
		ch->total -= auction;
}

static void change_do(struct world *w, struct change *ch, const char *correlation)
{
	struct listing *l;
	int64_t total, offered;

	change_check(w, ch);
	if (ch->error.id || ch->listing < 0)
		return;
	l = &w->listing[ch->listing];
	total = ch->total >= 0 ? ch->total : l->total;
	offered = ch->offered >= 0 ? ch->offered : l->offered;
	if (!revise(w, ch->listing)) {
		change_refuse(ch, 400, 25002, "Any User error. You have reached the maximum of 250 revisions of this listing today.");
		return;
	}
	if (!w->dropping) {
		l->total = (int32_t)total;
		l->offered = (int32_t)offered;
	}
	total = total < offered ? total : offered;
	listing_say(w, ch->listing, total > 0 ? (int)total : 0, correlation);
	if (total <= 0 && w->endless && !w->dropping)
		end_if_empty(w, ch->listing);
}

static void put_change(const struct world *w, struct json_out *o, const struct change *ch)
{
	json_put_object(o, NULL);
	json_put_int(o, "statusCode", ch->status);
	if (ch->sku || ch->product >= 0)
		json_put_text(o, "sku", ch->sku ? ch->sku : world_str(w, w->product[ch->product].sku));
	if (ch->offer_id)
		json_put_text(o, "offerId", ch->offer_id);
	if (ch->error.id) {
		ebay_put_errors(o, &ch->error, "REQUEST");
	} else {
		json_put_array(o, "errors");
		json_end_array(o);
	}
	json_put_array(o, "warnings");
	json_end_array(o);
	json_end_object(o);
}

static bool writes_auction(const struct world *w, const struct change *ch, int n)
{
	bool yes = false;

	for (int i = 0; i < n; i++)
		yes |= ch[i].listing >= 0 && place_facts[w->listing[ch[i].listing].place].apart;
	return yes;
}

void ebay_update(struct service *s, struct call *c)
{
	struct world *w = s->world;
	const struct json *requests = json_get(call_json(c), "requests");
	struct change *ch = arena_alloc(c->arena, ANSWERS_MAX * sizeof *ch);
	struct buf b = buf_new(c->arena);
	struct json_out o = json_out(&b);
	bool all = true;
	int n = 0;

	if (json_is_array(requests) && json_count(requests) <= EBAY_BULK_MAX)
		for (const struct json *e = json_first(requests); e; e = json_next(e))
			n = request_read(w, e, ch, n);
	service_write(s, WRITES_PUSH, writes_auction(w, ch, n));
	if (!n) {
		ebay_say_no(c, 400, (struct ebay_error){ 25709, "API_INVENTORY", "Invalid value for requests.", "requests", "" });
		return;
	}
	twice_refuse(ch, n);
	json_put_object(&o, NULL);
	json_put_array(&o, "responses");
	for (int i = 0; i < n; i++) {
		change_do(w, &ch[i], c->correlation);
		all &= !ch[i].error.id;
		put_change(w, &o, &ch[i]);
	}
	json_end_array(&o);
	json_end_object(&o);
	call_answer_json(c, all ? 200 : 207, &b);
}
