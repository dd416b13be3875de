/*
 * listings.c: quantities at Amazon, each marketplace for itself.
 *
 * A quantity is merged into fulfillment_availability, so that handling time and restock date stay ("Merge a listing", read 2026-11). A 200
 * that says INVALID is a refusal. Only the merchant's own stock (DEFAULT) is ours; what lies with Amazon is pool fba.
 */
#include "channels/amazon/amazon.h"

#include "base/text.h"
#include "channels/token.h"

#include <string.h>

enum { PAGE_SKUS = 20, REACH_SKUS = 1000 }; /* most of a page (model); most that one search gives out ("Search for listings items") */

static enum fault item_path(const struct account *acc, const struct job *job, struct arena *a, const char **path, struct err *err)
{
	const char *sku = fields_get(&job->payload, "sku", "");

	if (!acc->seller_id || !text_id(acc->seller_id, "-_", 40))
		return err_set(err, FAULT_REFUSED, "account %.30s has no seller_id", acc->name);
	if (!*sku || strlen(sku) > 100)
		return err_set(err, FAULT_REFUSED, "the job names no SKU of 1 to 100 characters");
	*path = arena_printf(a, "/listings/2021-08-01/items/%s/%s", acc->seller_id, path_piece(a, sku));
	return OK;
}

/* ---- say a quantity, or have it looked at (mode=VALIDATION_PREVIEW) ---- */

void amazon_put_patches(struct json_out *o, int64_t qty)
{
	json_put_array(o, "patches");
	json_put_object(o, NULL);
	json_put_text(o, "op", "merge");
	json_put_text(o, "path", "/attributes/fulfillment_availability");
	json_put_array(o, "value");
	json_put_object(o, NULL);
	json_put_text(o, "fulfillment_channel_code", "DEFAULT");
	json_put_int(o, "quantity", qty);
	json_end_object(o);
	json_end_array(o);
	json_end_object(o);
	json_end_array(o);
}

enum fault amazon_stock_ask(const struct account *acc, struct batch b, struct request *r, struct err *err)
{
	int64_t qty = fields_int(&b.job->payload, "qty", -1);
	const char *type = fields_get(&b.job->payload, "product_type", "");
	struct buf body = buf_new(r->arena);
	struct json_out o = json_out(&body);
	const char *path, *marketplace;

	if (item_path(acc, b.job, r->arena, &path, err) || amazon_marketplace(acc, b.job, &marketplace, err))
		return FAULT_REFUSED;
	if (qty < 0 || qty > QTY_MAX)
		return err_set(err, FAULT_REFUSED, "the quantity is not within 0..%d", QTY_MAX);
	json_put_object(&o, NULL);
	json_put_text(&o, "productType", *type ? type : AMAZON_ANY_TYPE);
	amazon_put_patches(&o, qty);
	json_end_object(&o);
	amazon_request(acc, r, "PATCH", path);
	request_query(r, "marketplaceIds", marketplace);
	if (b.job->verb == VERB_PREVIEW)
		request_query(r, "mode", "VALIDATION_PREVIEW");
	request_query(r, "issueLocale", "en_US");
	amazon_body(r, &body);
	return OK;
}

/* "90220 'size' is required but not supplied (size)", the errors first; NULL when there are none. */
static const char *issue_words(const struct account *acc, struct arena *a, const struct json *issues)
{
	static const char *const order[] = { "ERROR", "WARNING" };
	struct buf b = buf_new(a);
	int told = 0;

	for (size_t k = 0; k < sizeof order / sizeof *order; k++)
		for (const struct json *i = json_first(issues); i; i = json_next(i)) {
			const char *attribute = json_scalar(json_first(json_get(i, "attributeNames")));

			if (strcmp(json_text_or(i, "severity", ""), order[k]) || told++ >= 2)
				continue;
			buf_printf(&b, "%s%s %s", b.len ? "; " : "", answer_word(a, json_text_or(i, "code", "no code"), 24),
			           answer_word(a, json_text_or(i, "message", "no reason"), 70));
			if (attribute)
				buf_printf(&b, " (%s)", answer_word(a, attribute, 32));
		}
	if (told > 2)
		buf_printf(&b, "; and %d more", told - 2);
	return b.len ? answer_safe(acc, b.p) : NULL;
}

enum fault amazon_stock_hear(const struct account *acc, struct batch b, const struct reply *r, struct news *n, struct err *err)
{
	bool preview = b.job->verb == VERB_PREVIEW;
	struct reading w = { .arena = n->arena };
	const struct json *body;
	enum fault f = amazon_open(acc, AMAZON_LISTINGS, r, n->arena, &body, err);
	const char *status, *ref, *words;

	if (f)
		return f;
	status = need_plain(spot_top(&w, body), "status", 40);
	if (answer_wrong(&w, err))
		return FAULT_FORMAT;
	ref = json_text_or(body, "submissionId", NULL);
	words = issue_words(acc, n->arena, json_get(body, "issues"));
	if (!strcmp(status, "INVALID"))
		return err_set(err, FAULT_REFUSED, "INVALID: %s", words ? answer_word(n->arena, words, 220) : "they give no reason");
	if (strcmp(status, preview ? "VALID" : "ACCEPTED"))
		news_odd(n, "status", status, fields_get(&b.job->payload, "sku", ""));
	if (strcmp(status, "VALID") && strcmp(status, "ACCEPTED"))
		return err_set(err, FAULT_FORMAT, "status: %s is no word of theirs that we know", answer_word(n->arena, status, 40));
	news_receipt(n, 0, OK, ref ? answer_word(n->arena, ref, 60) : NULL, words);
	n->receipt[0].final = preview;
	return OK;
}

/* ---- what they show ---- */

/* The entry of a list that is about the marketplace: summaries, productTypes. */
static struct spot of_market(struct spot list, const char *marketplace)
{
	struct spot e = spot_first(list);

	while (e.v && strcmp(json_text_or(e.v, "marketplaceId", ""), marketplace))
		e = spot_next(e);
	return e;
}

/* Own stock, or Amazon's: the listing is either, and any sign of Amazon's keeps us from writing. Without any sign it stays whose it was. */
static void take_availability(struct news *n, struct spot item, struct seen *s)
{
	s->qty = -1;
	for (struct spot a = spot_first(spot_get(item, "fulfillmentAvailability")); a.v && !item.r->path; a = spot_next(a)) {
		const char *code = need_plain(a, "fulfillmentChannelCode", 60);
		int64_t qty = may_int(a, "quantity", 0, QTY_MAX, -1);
		bool theirs = !strncmp(code, "AMAZON_", 7);

		if (theirs || ((!s->pool || !strcmp(s->pool, "own")) && !strcmp(code, "DEFAULT"))) {
			s->pool = theirs ? "fba" : "own";
			s->qty = qty;
			s->path = a.path;
		} else if (strcmp(code, "DEFAULT")) {
			news_odd(n, arena_printf(n->arena, "%s.fulfillmentChannelCode", a.path), code, s->sku);
		}
	}
}

static void take_listing(struct news *n, const struct json *v, const char *path, const char *marketplace)
{
	struct reading w = { .arena = n->arena };
	struct spot item = { .r = &w, .v = v, .path = path }, summary, type;
	int odds = n->odds;
	struct seen *s = news_seen(n);

	s->path = path;
	s->marketplace = marketplace;
	s->sku = need_plain(item, "sku", 100);
	take_availability(n, item, s);
	summary = of_market(spot_get(item, "summaries"), marketplace);
	type = of_market(spot_get(item, "productTypes"), marketplace);
	s->title = may_text(summary, "itemName");
	s->product_type = may_text(type.v ? type : summary, "productType");
	if (!w.path)
		return;
	answer_park(n, &w, &item, *s->sku ? "ITEM" : "SCHEMA", json_text_or(v, "sku", ""));
	n->seens--;
	n->odds = odds;
}

enum fault amazon_stock_read_ask(const struct account *acc, struct batch b, struct request *r, struct err *err)
{
	const char *path, *marketplace;

	if (item_path(acc, b.job, r->arena, &path, err) || amazon_marketplace(acc, b.job, &marketplace, err))
		return FAULT_REFUSED;
	amazon_request(acc, r, "GET", path);
	request_query(r, "marketplaceIds", marketplace);
	request_query(r, "includedData", "summaries,fulfillmentAvailability,productTypes");
	return OK;
}

enum fault amazon_stock_read_hear(const struct account *acc, struct batch b, const struct reply *r, struct news *n, struct err *err)
{
	const struct json *body;
	const char *marketplace;
	enum fault f = amazon_open(acc, AMAZON_LISTINGS, r, n->arena, &body, err);

	if (f || (f = amazon_marketplace(acc, b.job, &marketplace, err)))
		return f;
	if (!json_is_object(body))
		return err_set(err, FAULT_FORMAT, "sku: missing");
	take_listing(n, body, "", marketplace);
	return OK;
}

/*
 * ---- all listings of a marketplace ----
 *
 * One search gives out its first thousand and no more, so it is asked oldest first, and after the thousandth anew from the creation date
 * of the last one. The page we keep is their token, after that with "from:DATE," before it.
 */

struct place {
	const char *from, *token; /* from: a creation date, "" for the beginning */
};

static struct place place_of(struct arena *a, const char *page)
{
	const char *comma = page && !strncmp(page, "from:", 5) ? strchr(page, ',') : NULL;

	if (!comma)
		return (struct place){ "", page ? page : "" };
	return (struct place){ arena_strndup(a, page + 5, (size_t)(comma - page - 5)), comma + 1 };
}

static const char *page_of(struct arena *a, struct place at)
{
	return *at.from ? arena_printf(a, "from:%s,%s", at.from, at.token) : at.token;
}

static enum fault search(const struct account *acc, const struct job *job, struct request *r, int n, struct err *err)
{
	const char *marketplace;

	if (!acc->seller_id || !text_id(acc->seller_id, "-_", 40))
		return err_set(err, FAULT_REFUSED, "account %.30s has no seller_id", acc->name);
	if (amazon_marketplace(acc, job, &marketplace, err))
		return FAULT_REFUSED;
	amazon_request(acc, r, "GET", arena_printf(r->arena, "/listings/2021-08-01/items/%s", acc->seller_id));
	request_query(r, "marketplaceIds", marketplace);
	request_query_int(r, "pageSize", n);
	return OK;
}

enum fault amazon_stock_list_ask(const struct account *acc, struct batch b, struct request *r, struct err *err)
{
	struct place at = place_of(r->arena, b.job->cursor.page);
	enum fault f = search(acc, b.job, r, PAGE_SKUS, err);

	if (f)
		return f;
	request_query(r, "includedData", "summaries,fulfillmentAvailability,productTypes");
	request_query(r, "sortBy", "createdDate");
	request_query(r, "sortOrder", "ASC");
	request_query(r, "createdAfter", *at.from ? at.from : NULL);
	request_query(r, "pageToken", *at.token ? at.token : NULL);
	return OK;
}

/* Where to go on: their token, or past the thousandth the last one's creation date; NULL at the end. */
static enum fault next_place(struct news *n, const struct job *job, const struct json *body, const char *last, struct err *err)
{
	struct place at = place_of(n->arena, job->cursor.page);
	const char *token = json_text_or(body, "pagination.nextToken", "");

	if (*token) {
		if (!strcmp(token, at.token))
			return err_set(err, FAULT_FORMAT, "pagination.nextToken: the next page is this page again");
		n->next_page = page_of(n->arena, (struct place){ at.from, token });
		return OK;
	}
	if (json_int_or(body, "numberOfResults", 0) <= REACH_SKUS || !last)
		return OK;
	if (!strcmp(last, at.from))
		return err_set(err, FAULT_FORMAT, "items: more than %d listings of one creation date cannot be told apart", REACH_SKUS);
	n->next_page = page_of(n->arena, (struct place){ last, "" });
	return OK;
}

enum fault amazon_stock_list_hear(const struct account *acc, struct batch b, const struct reply *r, struct news *n, struct err *err)
{
	const struct json *body, *items;
	const char *marketplace, *last = NULL;
	int i = 0;
	enum fault f = amazon_open(acc, AMAZON_LISTINGS, r, n->arena, &body, err);

	if (f || (f = amazon_marketplace(acc, b.job, &marketplace, err)))
		return f;
	items = json_get(body, "items");
	if (!json_is_array(items))
		return err_set(err, FAULT_FORMAT, "items: not a list of listings");
	n->has_page = true;
	for (const struct json *v = json_first(items); v; v = json_next(v)) {
		struct reading w = { .arena = n->arena };
		struct spot summary = of_market(spot_get(spot_top(&w, v), "summaries"), marketplace);

		take_listing(n, v, arena_printf(n->arena, "items[%d]", i++), marketplace);
		if (may_time(summary, "createdDate"))
			last = json_text_or(summary.v, "createdDate", NULL);
	}
	n->listed = i;
	if (!*place_of(n->arena, b.job->cursor.page).from) /* past the thousandth it counts the rest alone */
		n->total = json_int_or(body, "numberOfResults", -1);
	return i ? next_place(n, b.job, body, last, err) : OK;
}

/* ---- the heartbeat: the cheapest read that proves token, seller, marketplace and role at once ---- */

enum fault amazon_ping_ask(const struct account *acc, struct batch b, struct request *r, struct err *err)
{
	struct job first = *b.job;

	if (!acc->marketplaces)
		return err_set(err, FAULT_REFUSED, "account %.30s names no marketplace", acc->name);
	first.payload = fields_new(r->arena);
	fields_put(&first.payload, "marketplace", acc->marketplace[0]);
	return search(acc, &first, r, 1, err);
}

enum fault amazon_ping_hear(const struct account *acc, struct batch b, const struct reply *r, struct news *n, struct err *err)
{
	const struct json *body;
	enum fault f = amazon_open(acc, AMAZON_LISTINGS, r, n->arena, &body, err);

	(void)b;
	if (f)
		return f;
	if (!json_is_array(json_get(body, "items")))
		return err_set(err, FAULT_FORMAT, "items: not a list of listings");
	n->scopes = "listings=readable";
	token_clock(r, n);
	return OK;
}
