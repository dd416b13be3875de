/*
 * fba.c: what lies with Amazon: a pool that is shown and never written.
 *
 * Each marketplace is asked for by itself; the mark of the page we keep is "MARKETPLACE:their token". The token lives 30 seconds (model), so the
 * next page is asked for at once; one that has aged is refused, and the list begins anew.
 */
#include "channels/amazon/amazon.h"

#include "base/text.h"

#include <string.h>

struct mark {
	const char *marketplace, *token;
	int at; /* which of the account's marketplaces */
};

/* FAULT_REFUSED: the account names no marketplace, or the mark is of none of its. */
static enum fault mark_of(const struct account *acc, const struct job *job, struct arena *a, struct mark *out, struct err *err)
{
	const char *page = job->cursor.page ? job->cursor.page : "", *colon = strchr(page, ':');
	const char *wanted = colon ? arena_strndup(a, page, (size_t)(colon - page)) : acc->marketplaces ? acc->marketplace[0] : "";

	for (out->at = 0; out->at < acc->marketplaces; out->at++)
		if (!strcmp(acc->marketplace[out->at], wanted)) {
			out->marketplace = acc->marketplace[out->at];
			out->token = colon ? colon + 1 : "";
			return OK;
		}
	return err_set(err, FAULT_REFUSED, "marketplace %.20s is none of account %.30s", *wanted ? wanted : "(none named)", acc->name);
}

enum fault amazon_pool_ask(const struct account *acc, struct batch b, struct request *r, struct err *err)
{
	struct mark at;

	if (mark_of(acc, b.job, r->arena, &at, err))
		return FAULT_REFUSED;
	amazon_request(acc, r, "GET", "/fba/inventory/v1/summaries");
	request_query(r, "details", "true");
	request_query(r, "granularityType", "Marketplace");
	request_query(r, "granularityId", at.marketplace);
	request_query(r, "marketplaceIds", at.marketplace);
	request_query(r, "nextToken", *at.token ? at.token : NULL);
	return OK;
}

/* What can be picked now; without details the whole would count what is on its way to them. */
static void take_summary(struct news *n, const struct json *v, const char *path, const char *marketplace)
{
	struct reading w = { .arena = n->arena };
	struct spot item = { .r = &w, .v = v, .path = path };
	struct seen *s = news_seen(n);

	s->sku = need_plain(item, "sellerSku", 100);
	s->marketplace = marketplace;
	s->title = may_text(item, "productName");
	s->pool = "fba";
	s->pooled = true;
	s->path = path;
	s->qty = may_int(item, "inventoryDetails.fulfillableQuantity", 0, QTY_MAX, -1);
	if (!w.path)
		return;
	answer_park(n, &w, &item, *s->sku ? "ITEM" : "SCHEMA", json_text_or(v, "sellerSku", ""));
	n->seens--;
}

/* After the last page of a marketplace comes the next marketplace. */
static enum fault next_mark(const struct account *acc, struct news *n, const struct mark *at, const struct json *body, struct err *err)
{
	const char *token = json_text_or(body, "pagination.nextToken", "");

	if (*token && !strcmp(token, at->token))
		return err_set(err, FAULT_FORMAT, "pagination.nextToken: the next page is this page again");
	if (*token)
		n->next_page = arena_printf(n->arena, "%s:%s", at->marketplace, token);
	else if (at->at + 1 < acc->marketplaces)
		n->next_page = arena_printf(n->arena, "%s:", acc->marketplace[at->at + 1]);
	return OK;
}

enum fault amazon_pool_hear(const struct account *acc, struct batch b, const struct reply *r, struct news *n, struct err *err)
{
	const struct json *body, *list;
	struct mark at;
	int i = 0;
	enum fault f = amazon_open(acc, AMAZON_FBA, r, n->arena, &body, err);

	if (f || (f = mark_of(acc, b.job, n->arena, &at, err)))
		return f;
	list = json_get(body, "payload.inventorySummaries");
	if (!json_is_array(list))
		return err_set(err, FAULT_FORMAT, "payload.inventorySummaries: not a list");
	n->has_page = true;
	for (const struct json *v = json_first(list); v; v = json_next(v))
		take_summary(n, v, arena_printf(n->arena, "payload.inventorySummaries[%d]", i++), at.marketplace);
	return next_mark(acc, n, &at, body, err);
}
