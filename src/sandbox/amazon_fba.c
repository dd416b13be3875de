/*
 * amazon_fba.c: stock in Amazon's own warehouses, by marketplace.
 *
 * The token of the next page lives for 30 seconds: a walk that dawdles begins anew.
 */
#include "sandbox/amazon.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { PAGE = 20, TOKEN_LIFE_MS = 30000 };

/* Units sold and not yet sent, by product. */
static int *reserved_units(const struct world *w, struct arena *a)
{
	int *units = arena_alloc(a, (size_t)(w->products + 1) * sizeof *units);

	memset(units, 0, (size_t)(w->products + 1) * sizeof *units);
	for (int i = 0; i < w->lines; i++)
		if (w->order[w->line[i].order].place == AMAZON_FBA)
			units[w->line[i].product] += line_left(&w->line[i]);
	return units;
}

static void put_details(struct json_out *o, int free, int reserved)
{
	json_put_object(o, "inventoryDetails");
	json_put_int(o, "fulfillableQuantity", free);
	json_put_int(o, "inboundWorkingQuantity", 0);
	json_put_int(o, "inboundShippedQuantity", 0);
	json_put_int(o, "inboundReceivingQuantity", 0);
	json_put_object(o, "reservedQuantity");
	json_put_int(o, "totalReservedQuantity", reserved);
	json_put_int(o, "pendingCustomerOrderQuantity", reserved);
	json_put_int(o, "pendingTransshipmentQuantity", 0);
	json_put_int(o, "fcProcessingQuantity", 0);
	json_end_object(o);
	json_put_object(o, "unfulfillableQuantity");
	json_put_int(o, "totalUnfulfillableQuantity", 0);
	json_end_object(o);
	json_end_object(o);
}

static void put_summary(const struct world *w, struct call *c, struct json_out *o, int product, const int *reserved)
{
	const struct product *p = &w->product[product];
	const struct listing *l = &w->listing[p->listing[AMAZON_FBA]];
	int free = listing_sellable(w, l);
	char iso[32];

	time_iso_s(l->changed_ms, iso);
	json_put_object(o, NULL);
	json_put_text(o, "asin", world_str(w, p->asin));
	json_put_text(o, "fnSku", arena_printf(c->arena, "X00%07d", 1234567 + product));
	json_put_text(o, "sellerSku", world_str(w, p->sku));
	json_put_text(o, "condition", "NewItem");
	if (call_lists(c, "details", "true"))
		put_details(o, free, reserved[product]);
	json_put_text(o, "lastUpdatedTime", iso);
	json_put_text(o, "productName", world_str(w, p->name));
	json_put_int(o, "totalQuantity", free + reserved[product]);
	json_put_array(o, "stores");
	json_end_array(o);
	json_end_object(o);
}

static bool is_asked(const struct world *w, const struct call *c, int product, int64_t from_ms)
{
	int listing = w->product[product].listing[AMAZON_FBA];
	const char *market = call_param(c, "granularityId"), *sku = world_str(w, w->product[product].sku);

	if (listing < 0 || strcmp(market, place_facts[AMAZON_FBA].id) != 0 || w->listing[listing].changed_ms < from_ms)
		return false;
	return !call_given(c, "sellerSkus") || call_lists(c, "sellerSkus", sku);
}

/* Where a token leads; -1: it is none, or too old. */
static int token_at(const struct world *w, struct call *c)
{
	const char *token = call_param(c, "nextToken"), *plain = token ? base64_decode(c->arena, token) : NULL;
	int64_t made_ms;
	int at;

	if (!token)
		return 0;
	if (!plain || sscanf(plain, "s%9d@%" SCNd64, &at, &made_ms) != 2 || at < 0 || w->now_ms >= made_ms + TOKEN_LIFE_MS)
		return -1;
	return at;
}

static void page_answer(const struct world *w, struct call *c, int at, int64_t from_ms)
{
	const int *reserved = reserved_units(w, c->arena);
	struct buf b = buf_new(c->arena);
	struct json_out o = json_out(&b);
	int n = 0;

	json_put_object(&o, NULL);
	json_put_object(&o, "payload");
	json_put_object(&o, "granularity");
	json_put_text(&o, "granularityType", "Marketplace");
	json_put_text(&o, "granularityId", call_param(c, "granularityId"));
	json_end_object(&o);
	json_put_array(&o, "inventorySummaries");
	for (int i = 0; i < w->products; i++)
		if (is_asked(w, c, i, from_ms) && n++ >= at && n <= at + PAGE)
			put_summary(w, c, &o, i, reserved);
	json_end_array(&o);
	json_end_object(&o);
	if (n > at + PAGE) {
		json_put_object(&o, "pagination");
		json_put_text(&o, "nextToken", base64_encode(c->arena, arena_printf(c->arena, "s%d@%" PRId64, at + PAGE, w->now_ms)));
		json_end_object(&o);
	}
	json_end_object(&o);
	call_answer_json(c, 200, &b);
}

void amazon_fba(struct service *s, struct call *c)
{
	const char *type = call_param(c, "granularityType");
	int at = token_at(s->world, c);
	int64_t from_ms;

	if (!type || strcmp(type, "Marketplace") != 0 || !call_given(c, "granularityId") || amazon_place(c) == PLACES ||
	    !call_time(c, "startDateTime", 0, &from_ms))
		amazon_refuse(c, 400, "InvalidInput", "granularityType, granularityId and marketplaceIds are required.");
	else if (at < 0)
		amazon_refuse(c, 400, "InvalidInput", "nextToken is not valid or has expired.");
	else
		page_answer(s->world, c, at, from_ms);
}
