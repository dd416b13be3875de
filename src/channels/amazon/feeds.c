/*
 * feeds.c: many quantities at once: JSON_LISTINGS_FEED, from the place for its bytes to the verdict on each message.
 *
 * createFeedDocument, the bytes to the address it gives (five minutes, and no token: the address is the permission), createFeed, getFeed
 * until it has ended, getFeedDocument, the report's bytes from its address. Nothing happens before createFeed: all before it may be said again.
 */
#include "channels/amazon/amazon.h"

#include "base/clock.h"
#include "base/text.h"
#include "channels/lot.h"
#include "net/url.h"

#include <inttypes.h>
#include <string.h>

#define FEEDS "/feeds/2021-06-30"
#define FEED_TYPE "JSON_LISTINGS_FEED"
#define CONTENT "application/json; charset=UTF-8" /* said when the place is made, and again with the bytes: it is part of the signature */

enum { ADDRESS_MS = 5 * 60 * 1000, PAGE_FEEDS = 100, REACH_MS = 6 * 3600 * 1000 };

/* One of theirs: letters, digits and a few marks ("amzn1.tortuga.4.na.3d4e12e3-example"). */
static enum fault id_of(const struct job *job, const char *key, const char **out, struct err *err)
{
	*out = fields_get(&job->payload, key, "");
	return text_id(*out, "-_.:@", 200) ? OK : err_set(err, FAULT_REFUSED, "the job names no %.20s", key);
}

static void follow(struct news *n, const struct job *job, enum verb verb, struct fields *payload)
{
	struct job_plan *p = news_follow(n, verb, job->subject);

	p->payload = payload;
	p->subject_id = job->subject_id;
	p->lane = job->lane;
}

/* ---- a place for the bytes ---- */

enum fault amazon_bulk_open_ask(const struct account *acc, struct batch b, struct request *r, struct err *err)
{
	struct buf body = buf_new(r->arena);
	struct json_out o = json_out(&body);

	(void)b, (void)err;
	json_put_object(&o, NULL);
	json_put_text(&o, "contentType", CONTENT);
	json_end_object(&o);
	amazon_request(acc, r, "POST", FEEDS "/documents");
	amazon_body(r, &body);
	return OK;
}

/* An address that they gave: https, or this machine in a test; nothing in it but what an address may hold. */
static const char *need_address(struct spot s, const char *path)
{
	const char *url = need_text(s, path);
	size_t n = 0;

	while (url[n] > ' ' && url[n] < 0x7f)
		n++;
	if (*url && (url[n] || n > 4000 || (strncmp(url, "https://", 8) && !url_is_loopback(url))))
		spot_wrong(s, path, "no https address");
	return url;
}

enum fault amazon_bulk_open_hear(const struct account *acc, struct batch b, const struct reply *r, struct news *n, struct err *err)
{
	static const char *const keep[] = { "feed", "marketplace", "n", NULL };
	struct reading w = { .arena = n->arena };
	const struct json *body;
	enum fault f = amazon_open(acc, AMAZON_FEEDS, r, n->arena, &body, err);
	struct fields *payload;
	const char *document, *url;

	if (f)
		return f;
	document = need_id(spot_top(&w, body), "feedDocumentId", "-_.:", 200);
	url = need_address(spot_top(&w, body), "url");
	if (answer_wrong(&w, err))
		return FAULT_FORMAT;
	payload = lot_carry(n, b.job, keep);
	fields_put(payload, "document", document);
	fields_put(payload, "url", url);
	fields_put_int(payload, "until_ms", b.now_ms + ADDRESS_MS);
	follow(n, b.job, VERB_BULK_PUT, payload);
	return OK;
}

/* ---- the bytes ---- */

static void put_message(struct json_out *o, const struct lot_item *item)
{
	json_put_object(o, NULL);
	json_put_int(o, "messageId", item->msg);
	json_put_text(o, "sku", item->sku);
	json_put_text(o, "operationType", "PATCH");
	json_put_text(o, "productType", *item->type ? item->type : AMAZON_ANY_TYPE);
	amazon_put_patches(o, item->qty);
	json_end_object(o);
}

static enum fault put_feed(const struct account *acc, const struct job *job, struct buf *body, struct err *err)
{
	struct json_out o = json_out(body);
	struct lot_item item;
	int n = 0;

	json_put_object(&o, NULL);
	json_put_object(&o, "header");
	json_put_text(&o, "sellerId", acc->seller_id);
	json_put_text(&o, "version", "2.0");
	json_put_text(&o, "issueLocale", "en_US");
	json_end_object(&o);
	json_put_array(&o, "messages");
	for (int at = 0; lot_next(job, &at, body->arena, &item, err); n++)
		put_message(&o, &item);
	json_end_array(&o);
	json_end_object(&o);
	if (err->fault)
		return FAULT_REFUSED;
	return n ? OK : err_set(err, FAULT_REFUSED, "the job names no item");
}

/* The address of a job, while it lives. */
static enum fault address_of(struct batch b, const char **out, struct err *err)
{
	*out = fields_get(&b.job->payload, "url", "");
	if (!**out)
		return err_set(err, FAULT_REFUSED, "the job names no address");
	return b.now_ms < fields_int(&b.job->payload, "until_ms", 0) ? OK : err_set(err, FAULT_REFUSED, "the address they gave has expired");
}

enum fault amazon_bulk_put_ask(const struct account *acc, struct batch b, struct request *r, struct err *err)
{
	struct buf body = buf_new(r->arena);

	if (!acc->seller_id || !text_id(acc->seller_id, "-_", 40))
		return err_set(err, FAULT_REFUSED, "account %.30s has no seller_id", acc->name);
	if (address_of(b, &r->url, err) || put_feed(acc, b.job, &body, err))
		return FAULT_REFUSED;
	r->method = "PUT"; /* and no token: with one the address would be refused, and whoever keeps the bytes would have it */
	request_header(r, "Content-Type", CONTENT);
	r->body = body.p;
	r->body_len = body.len;
	return OK;
}

/* Whoever keeps the bytes speaks another language than the API (XML), and only the status counts. */
static enum fault stored(const struct reply *r, const char *what, struct err *err)
{
	enum fault f = r->fault ? r->fault : status_fault(r->status);

	if (f == FAULT_AUTH) /* the address has expired, or was signed for something else: never the account's token */
		f = FAULT_REFUSED;
	if (r->fault)
		return err_set(err, f, "%s", r->text);
	return f ? err_set(err, f, "%d from where the %s lies", r->status, what) : OK;
}

enum fault amazon_bulk_put_hear(const struct account *acc, struct batch b, const struct reply *r, struct news *n, struct err *err)
{
	static const char *const keep[] = { "feed", "marketplace", "n", "document", NULL };
	enum fault f = stored(r, "feed", err);

	(void)acc;
	if (f)
		return f;
	follow(n, b.job, VERB_BULK, lot_carry(n, b.job, keep));
	news_receipt(n, 0, OK, NULL, NULL);
	n->receipt[0].final = true;
	return OK;
}

/* ---- the call that makes it so ---- */

enum fault amazon_bulk_ask(const struct account *acc, struct batch b, struct request *r, struct err *err)
{
	struct buf body = buf_new(r->arena);
	struct json_out o = json_out(&body);
	const char *document, *marketplace;

	if (id_of(b.job, "document", &document, err) || amazon_marketplace(acc, b.job, &marketplace, err))
		return FAULT_REFUSED;
	json_put_object(&o, NULL);
	json_put_text(&o, "feedType", FEED_TYPE);
	json_put_array(&o, "marketplaceIds");
	json_put_text(&o, NULL, marketplace);
	json_end_array(&o);
	json_put_text(&o, "inputFeedDocumentId", document);
	json_end_object(&o);
	amazon_request(acc, r, "POST", FEEDS "/feeds");
	amazon_body(r, &body);
	return OK;
}

enum fault amazon_bulk_hear(const struct account *acc, struct batch b, const struct reply *r, struct news *n, struct err *err)
{
	struct reading w = { .arena = n->arena };
	const struct json *body;
	enum fault f = amazon_open(acc, AMAZON_FEEDS, r, n->arena, &body, err);
	const char *id;

	(void)b;
	if (f)
		return f;
	id = need_id(spot_top(&w, body), "feedId", "-_.:", 120);
	if (answer_wrong(&w, err))
		return FAULT_FORMAT;
	news_receipt(n, 0, OK, id, NULL);
	return OK;
}

/* ---- how far it is ---- */

/* A feed may be for several marketplaces (model); ours are for one each. */
static const char *only_marketplace(struct spot at)
{
	const struct json *list = json_get(at.v, "marketplaceIds"), *first = json_is_array(list) ? json_first(list) : NULL;

	return first && json_is_text(first) && !json_next(first) ? json_scalar(first) : NULL;
}

/* FATAL and CANCELLED end it as DONE does; a report there may be all the same, and then it tells. */
static void take_feed(struct news *n, struct spot at, struct feed *out)
{
	static const char *const known[] = { "IN_QUEUE", "IN_PROGRESS", "DONE", "FATAL", "CANCELLED" };
	int word = 0;

	out->id = need_id(at, "feedId", "-_.:", 120);
	out->type = may_text(at, "feedType");
	out->state = need_plain(at, "processingStatus", 40);
	out->made_ms = may_time(at, "createdTime");
	out->marketplace = only_marketplace(at);
	out->report = may_text(at, "resultFeedDocumentId");
	while (word < 5 && strcmp(out->state, known[word]))
		word++;
	out->ended = word >= 2 && word < 5;
	out->lost = out->ended && !out->report;
	if (word == 5 && !at.r->path)
		news_odd(n, *at.path ? arena_printf(n->arena, "%s.processingStatus", at.path) : "processingStatus", out->state, out->id);
}

enum fault amazon_feed_ask(const struct account *acc, struct batch b, struct request *r, struct err *err)
{
	const char *id;

	if (id_of(b.job, "id", &id, err))
		return FAULT_REFUSED;
	amazon_request(acc, r, "GET", arena_printf(r->arena, FEEDS "/feeds/%s", path_piece(r->arena, id)));
	return OK;
}

enum fault amazon_feed_hear(const struct account *acc, struct batch b, const struct reply *r, struct news *n, struct err *err)
{
	static const char *const keep[] = { "feed", "id", "n", NULL };
	struct reading w = { .arena = n->arena };
	struct feed feed = { 0 };
	const struct json *body;
	enum fault f = amazon_open(acc, AMAZON_FEEDS, r, n->arena, &body, err);
	struct fields *payload;

	if (f)
		return f;
	take_feed(n, spot_top(&w, body), &feed);
	if (answer_wrong(&w, err))
		return FAULT_FORMAT;
	feed.items = fields_int(&b.job->payload, "n", 0);
	*news_feed(n) = feed;
	if (feed.ended && feed.report && fields_has(&b.job->payload, "feed")) {
		payload = lot_carry(n, b.job, keep);
		fields_put(payload, "document", feed.report);
		follow(n, b.job, VERB_BULK_REPORT, payload);
	}
	news_receipt(n, 0, OK, feed.id, NULL);
	n->receipt[0].final = true;
	return OK;
}

/* ---- the feeds of the last hours: where one whose answer was lost is looked for ---- */

enum fault amazon_feeds_ask(const struct account *acc, struct batch b, struct request *r, struct err *err)
{
	const char *page = b.job->cursor.page;
	char since[32];

	(void)err;
	amazon_request(acc, r, "GET", FEEDS "/feeds");
	if (page && *page) { /* their token, and nothing beside it (model) */
		request_query(r, "nextToken", page);
		return OK;
	}
	time_iso_s(b.now_ms - REACH_MS, since);
	request_query(r, "feedTypes", FEED_TYPE);
	request_query_int(r, "pageSize", PAGE_FEEDS);
	request_query(r, "createdSince", since);
	return OK;
}

enum fault amazon_feeds_hear(const struct account *acc, struct batch b, const struct reply *r, struct news *n, struct err *err)
{
	const struct json *body, *list;
	const char *token, *was = b.job->cursor.page ? b.job->cursor.page : "";
	int i = 0;
	enum fault f = amazon_open(acc, AMAZON_FEEDS, r, n->arena, &body, err);

	if (f)
		return f;
	list = json_get(body, "feeds");
	if (!json_is_array(list))
		return err_set(err, FAULT_FORMAT, "feeds: not a list");
	n->has_page = true;
	for (const struct json *v = json_first(list); v; v = json_next(v)) {
		struct reading w = { .arena = n->arena };
		struct spot at = { .r = &w, .v = v, .path = arena_printf(n->arena, "feeds[%d]", i++) };
		struct feed feed = { 0 };

		take_feed(n, at, &feed);
		feed.lost = false; /* a list tells states; the report is asked for of those that are ours */
		if (w.path)
			answer_park(n, &w, &at, "SCHEMA", json_text_or(v, "feedId", ""));
		else
			*news_feed(n) = feed;
	}
	token = json_text_or(body, "nextToken", "");
	if (*token && !strcmp(token, was))
		return err_set(err, FAULT_FORMAT, "nextToken: the next page is this page again");
	n->next_page = *token ? token : NULL;
	return OK;
}

/* ---- the verdict on each message ---- */

/* The address is asked for with its encoding told (model), so that whoever fetches it undoes the compression. */
enum fault amazon_bulk_report_ask(const struct account *acc, struct batch b, struct request *r, struct err *err)
{
	const char *document;

	if (id_of(b.job, "document", &document, err))
		return FAULT_REFUSED;
	amazon_request(acc, r, "GET", arena_printf(r->arena, FEEDS "/documents/%s", path_piece(r->arena, document)));
	request_query(r, "enableContentEncodingUrlHeader", "true");
	return OK;
}

enum fault amazon_bulk_report_hear(const struct account *acc, struct batch b, const struct reply *r, struct news *n, struct err *err)
{
	static const char *const keep[] = { "feed", "id", "n", NULL };
	struct reading w = { .arena = n->arena };
	const struct json *body;
	enum fault f = amazon_open(acc, AMAZON_FEEDS, r, n->arena, &body, err);
	struct fields *payload;
	const char *url;

	if (f)
		return f;
	url = need_address(spot_top(&w, body), "url");
	if (answer_wrong(&w, err))
		return FAULT_FORMAT;
	payload = lot_carry(n, b.job, keep);
	fields_put(payload, "url", url);
	fields_put_int(payload, "until_ms", b.now_ms + ADDRESS_MS);
	follow(n, b.job, VERB_BULK_RESULT, payload);
	return OK;
}

enum fault amazon_bulk_result_ask(const struct account *acc, struct batch b, struct request *r, struct err *err)
{
	(void)acc;
	if (address_of(b, &r->url, err))
		return FAULT_REFUSED;
	r->method = "GET";
	return OK;
}

/* A message with an error was not taken; what they call internal is theirs, and is said again. */
static void take_issue(struct news *n, const struct json *v)
{
	const char *code = json_text_or(v, "code", "no code"), *message = json_text_or(v, "message", "no reason given");
	int64_t msg = json_int_or(v, "messageId", 0);
	const char *sku = answer_word(n->arena, json_text_or(v, "sku", ""), 100);
	struct item_told *told;

	if (strcmp(json_text_or(v, "severity", ""), "ERROR") || (!msg && !*sku)) /* of no message of ours */
		return;
	for (int i = 0; i < n->items; i++)
		if (msg && n->item[i].msg == msg)
			return; /* its first error is the reason */
	told = news_item(n);
	told->msg = msg;
	told->sku = sku;
	told->fault = strcasestr(message, "internal error") || strcasestr(message, "try again") ? FAULT_REMOTE : FAULT_REFUSED;
	told->text = arena_printf(n->arena, "%s %s", answer_word(n->arena, code, 24), answer_word(n->arena, message, 160));
}

enum fault amazon_bulk_result_hear(const struct account *acc, struct batch b, const struct reply *r, struct news *n, struct err *err)
{
	int64_t said = fields_int(&b.job->payload, "n", 0), done;
	struct reading w = { .arena = n->arena };
	const struct json *body;
	enum fault f = stored(r, "report", err);

	(void)acc;
	if (f)
		return f;
	if (r->body_len > 2 && !memcmp(r->body, "\x1f\x8b", 2))
		return err_set(err, FAULT_FORMAT, "the report is compressed, and its address did not say so");
	if ((f = json_open(n->arena, r->body, r->body_len, &body, err)))
		return f;
	done = need_int(spot_top(&w, body), "summary.messagesProcessed", 0, INT32_MAX);
	if (answer_wrong(&w, err))
		return FAULT_FORMAT;
	for (const struct json *v = json_first(json_get(body, "issues")); v; v = json_next(v))
		take_issue(n, v);
	n->items_rest = done >= said && said > 0;
	news_receipt(n, 0, OK, NULL, NULL);
	n->receipt[0].final = true;
	return OK;
}
