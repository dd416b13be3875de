/*
 * amazon_feeds.c: feeds of 2021-06-30: a document, the bytes put there, the feed, its report.
 *
 * An address of the store holds for five minutes and carries its own right: a token or an Authorization header besides is
 * refused, as S3 does. Of feed types there is JSON_LISTINGS_FEED. What a message asks for becomes visible
 * when the feed is done; what is wrong with it stands in the report.
 */
#include "sandbox/amazon.h"

#include "base/text.h"
#include "sandbox/gzip.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { ADDRESS_LIFE_S = 300, LIST_DEFAULT = 10, LIST_MAX = 100 };

static const char report_prefix[] = "amzn1.tortuga.4.na.report-";

/* ---- the store ---- */

static uint64_t mix(const char *s, uint64_t h)
{
	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * 1099511628211u; /* FNV-1a */
	return h;
}

static uint64_t address_mark(const char *method, const char *id, int64_t at_ms)
{
	char text[24];

	snprintf(text, sizeof text, "%" PRId64, at_ms);
	return mix(text, mix(id, mix(method, 14695981039346656037u)));
}

/* "https://host:port" of the call. */
static const char *origin(struct call *c)
{
	const char *host = strstr(c->req->url, "://");

	return host ? arena_strndup(c->arena, c->req->url, (size_t)(host + 3 - c->req->url) + strcspn(host + 3, "/?")) : "";
}

static const char *address(const struct service *s, struct call *c, const char *method, const char *id)
{
	return arena_printf(c->arena, "%s" AMAZON_STORE "%s?X-Amz-Expires=%d&X-Amz-Time=%" PRId64 "&X-Amz-Signature=%016" PRIx64, origin(c), id, ADDRESS_LIFE_S,
	                    s->world->now_ms, address_mark(method, id, s->world->now_ms));
}

static void store_refuse(struct call *c, int status, const char *code, const char *message)
{
	const char *xml = arena_printf(c->arena, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>%s</Code><Message>%s</Message></Error>", code, message);

	call_answer(c, status, "application/xml", xml, strlen(xml));
}

/* May this address be used for this, now? When not, it has answered. */
static bool address_good(const struct service *s, struct call *c, const char *method)
{
	const char *mark = call_param(c, "X-Amz-Signature");
	int64_t at_ms;

	if (call_header(c, "Authorization") || call_header(c, "x-amz-access-token"))
		store_refuse(c, 400, "InvalidArgument", "Only one auth mechanism allowed; only the X-Amz-Signature query parameter or the Authorization header should be "
		                                        "specified");
	else if (!mark || !call_int(c, "X-Amz-Time", 0, INT64_MAX, 0, &at_ms) ||
	         strcmp(mark, arena_printf(c->arena, "%016" PRIx64, address_mark(method, c->segment[1], at_ms))) != 0)
		store_refuse(c, 403, "SignatureDoesNotMatch", "The request signature we calculated does not match the signature you provided.");
	else if (s->world->now_ms >= at_ms + ADDRESS_LIFE_S * 1000)
		store_refuse(c, 403, "AccessDenied", "Request has expired");
	else
		return true;
	return false;
}

/* ---- documents ---- */

static int document_by_id(const struct world *w, const char *id)
{
	for (int i = 0; i < w->documents; i++)
		if (strcmp(world_str(w, w->document[i].id), id) == 0)
			return i;
	return -1;
}

static void put_document(const struct service *s, struct call *c, int status, const char *method, const char *id, bool zipped)
{
	struct buf b = buf_new(c->arena);
	struct json_out o = json_out(&b);

	json_put_object(&o, NULL);
	json_put_text(&o, "feedDocumentId", id);
	/* as S3 has it: the address itself says which encoding its answer is to tell */
	json_put_text(&o, "url", arena_printf(c->arena, "%s%s", address(s, c, method, id), zipped && call_lists(c, "enableContentEncodingUrlHeader", "true") ? "&response-content-encoding=gzip" : ""));
	if (zipped)
		json_put_text(&o, "compressionAlgorithm", "GZIP");
	json_end_object(&o);
	call_answer_json(c, status, &b);
}

void amazon_document_make(struct service *s, struct call *c)
{
	struct world *w = s->world;
	const char *type = json_text_or(call_json(c), "contentType", "");
	struct document *d;
	char id[40];

	if (!*type) {
		amazon_refuse(c, 400, "InvalidInput", "contentType is required.");
		return;
	}
	rng_uuid(&w->chance, id);
	w->document = world_room(w->document, w->documents, &w->document_cap, sizeof *w->document);
	d = &w->document[w->documents++];
	d->id = world_text(w, arena_printf(c->arena, "amzn1.tortuga.4.na.%s", id));
	d->type = world_text(w, type);
	d->made_ms = w->now_ms;
	put_document(s, c, 201, "PUT", world_str(w, d->id), false);
}

void amazon_document_put(struct service *s, struct call *c)
{
	struct world *w = s->world;
	int document = document_by_id(w, c->segment[1]);
	const char *type = call_header(c, "Content-Type");

	if (!address_good(s, c, "PUT"))
		return;
	if (document < 0) {
		store_refuse(c, 404, "NoSuchKey", "The specified key does not exist.");
		return;
	}
	if (!type || strcmp(type, world_str(w, w->document[document].type)) != 0) {
		store_refuse(c, 403, "SignatureDoesNotMatch", "The content type is not the one that the document was made for.");
		return;
	}
	w->document[document].body = world_text(w, c->req->body ? arena_strndup(c->arena, c->req->body, c->req->body_len) : "");
	call_answer(c, 200, NULL, "", 0);
}

/* ---- messages ---- */

static void message_refuse(struct wish *wish, const char *code, const char *why)
{
	wish->code = code;
	wish->issue = why;
}

static void message_wish(const struct json *m, struct wish *wish)
{
	const char *operation = json_text_or(m, "operationType", "");

	if (strcmp(operation, "PATCH") == 0) {
		for (const struct json *p = json_first(json_get(m, "patches")); p && !wish->issue; p = json_next(p))
			wish_patch(p, wish);
		if (!json_count(json_get(m, "patches")))
			message_refuse(wish, "4000003", "'patches' is required but not supplied.");
	} else if (strcmp(operation, "PARTIAL_UPDATE") == 0 || strcmp(operation, "UPDATE") == 0) {
		wish->replace = true; /* a partial update is a patch with replace */
		wish_value(json_get(m, "attributes.fulfillment_availability"), wish);
	} else {
		message_refuse(wish, "4000004", "'operationType' is none that this simulation takes.");
	}
}

static void message_take(struct world *w, int feed, const struct json *m, enum place place, const char *correlation)
{
	const char *sku = json_text_or(m, "sku", "");
	int product = product_by_sku(w, sku), listing = product < 0 ? -1 : amazon_listing(w, product, place);
	struct wish wish = { .qty = -1 };
	struct feed_item *row;

	if (listing < 0)
		message_refuse(&wish, "13013", "This SKU is not in the Amazon catalog of the marketplace.");
	else
		message_wish(m, &wish);
	if (listing >= 0 && !wish.issue)
		wish_check(w, m, &w->listing[listing], &wish);
	w->count[POOL_WRITES] += listing >= 0 && place_facts[w->listing[listing].place].pool;
	feed_item_add(w, feed, sku, wish.issue ? ITEM_DATA_ERROR : ITEM_SUCCESS, wish.code, wish.issue);
	row = &w->feed_item[w->feed_items - 1];
	row->message = (int32_t)json_int_or(m, "messageId", 0);
	if (wish.issue || listing < 0)
		return;
	wish_lead(w, listing, &wish);
	if (wish.qty < 0)
		return;
	row->push = listing_promise(w, listing, (int)wish.qty, correlation);
	row->pushes = 1;
}

/* A file that is none, or somebody else's, has no messages: such a feed ends FATAL. */
static const struct json *messages_of(const struct service *s, struct call *c, int document)
{
	const char *text = world_str(s->world, s->world->document[document].body);
	const struct json *v = NULL;

	if (json_open(c->arena, text, strlen(text), &v, NULL) != OK || strcmp(json_text_or(v, "header.sellerId", ""), s->seller_id) != 0 ||
	    strcmp(json_text_or(v, "header.version", ""), "2.0") != 0)
		return NULL;
	return json_get(v, "messages");
}

/* ---- feeds ---- */

static enum place place_of(const struct json *list)
{
	static const enum place ours[] = { AMAZON_US, AMAZON_CA, AMAZON_MX };

	for (const struct json *e = json_first(list); e; e = json_next(e))
		for (int i = 0; i < 3; i++)
			if (json_is_text(e) && strcmp(json_scalar(e), place_facts[ours[i]].id) == 0)
				return ours[i];
	return PLACES;
}

void amazon_feed_make(struct service *s, struct call *c)
{
	struct world *w = s->world;
	const struct json *body = call_json(c);
	int document = document_by_id(w, json_text_or(body, "inputFeedDocumentId", "")), feed;
	enum place place = place_of(json_get(body, "marketplaceIds"));
	struct buf b = buf_new(c->arena);
	struct json_out o = json_out(&b);

	service_write(s, WRITES_FEED, false);
	if (document < 0 || place == PLACES || strcmp(json_text_or(body, "feedType", ""), "JSON_LISTINGS_FEED") != 0) {
		amazon_refuse(c, 400, "InvalidInput", "inputFeedDocumentId, marketplaceIds or feedType is not valid.");
		return;
	}
	feed = feed_begin(w, AMAZON, "JSON_LISTINGS_FEED", (1 + rng_below(&w->chance, 2)) * MINUTE_MS, (3 + rng_below(&w->chance, 12)) * MINUTE_MS);
	w->feed[feed].place = (int32_t)place;
	for (const struct json *m = json_first(messages_of(s, c, document)); m; m = json_next(m))
		message_take(w, feed, m, place, c->correlation);
	json_put_object(&o, NULL);
	json_put_text(&o, "feedId", world_str(w, w->feed[feed].id));
	json_end_object(&o);
	call_answer_json(c, 202, &b);
}

static const char *status_of(const struct world *w, const struct feed *f)
{
	static const char *const states[] = { "IN_QUEUE", "IN_PROGRESS", "DONE", "FATAL", "CANCELLED" };

	return states[feed_state(w, f)];
}

static void put_time(struct json_out *o, const char *key, int64_t ms)
{
	char iso[32];

	time_iso_s(ms, iso);
	json_put_text(o, key, iso);
}

static void put_feed(const struct world *w, struct call *c, struct json_out *o, const struct feed *f)
{
	enum feed_state state = feed_state(w, f);

	json_put_object(o, NULL);
	json_put_text(o, "feedId", world_str(w, f->id));
	json_put_text(o, "feedType", world_str(w, f->type));
	json_put_array(o, "marketplaceIds");
	json_put_text(o, NULL, place_facts[f->place].id);
	json_end_array(o);
	put_time(o, "createdTime", f->at_ms);
	json_put_text(o, "processingStatus", status_of(w, f));
	if (state != FEED_RECEIVED && state != FEED_CANCELLED)
		put_time(o, "processingStartTime", f->begin_ms);
	if (state == FEED_PROCESSED || state == FEED_ERROR)
		put_time(o, "processingEndTime", f->modified_ms);
	if (state == FEED_PROCESSED)
		json_put_text(o, "resultFeedDocumentId", arena_printf(c->arena, "%s%s", report_prefix, world_str(w, f->id)));
	json_end_object(o);
}

static struct feed *feed_ours(struct world *w, const char *id)
{
	int feed = feed_by_id(w, id);

	return feed >= 0 && w->feed[feed].platform == AMAZON ? &w->feed[feed] : NULL;
}

void amazon_feed(struct service *s, struct call *c)
{
	const struct feed *f = feed_ours(s->world, c->segment[3]);
	struct buf b = buf_new(c->arena);
	struct json_out o = json_out(&b);

	if (!f) {
		amazon_refuse(c, 404, "NotFound", "The feed was not found.");
		return;
	}
	put_feed(s->world, c, &o, f);
	call_answer_json(c, 200, &b);
}

static bool feed_asked(const struct world *w, const struct call *c, const struct feed *f, int64_t from_ms, int64_t until_ms)
{
	return f->platform == AMAZON && f->at_ms >= from_ms && f->at_ms <= until_ms &&
	       (!call_given(c, "feedTypes") || call_lists(c, "feedTypes", world_str(w, f->type))) &&
	       (!call_given(c, "processingStatuses") || call_lists(c, "processingStatuses", status_of(w, f)));
}

/* Newest first. A token stands alone: it holds what was asked. */
void amazon_feeds(struct service *s, struct call *c)
{
	struct world *w = s->world;
	const char *token = call_param(c, "nextToken"), *plain = token ? base64_decode(c->arena, token) : "f0";
	int64_t size, from_ms, until_ms, given = 0;
	struct buf b = buf_new(c->arena);
	struct json_out o = json_out(&b);
	int at = -1, n = 0;

	if ((!token && !call_given(c, "feedTypes")) || !plain || sscanf(plain, "f%9d", &at) != 1 || !call_int(c, "pageSize", 1, LIST_MAX, LIST_DEFAULT, &size) ||
	    !call_time(c, "createdSince", 0, &from_ms) || !call_time(c, "createdUntil", INT64_MAX, &until_ms)) {
		amazon_refuse(c, 400, "InvalidInput", "feedTypes or nextToken is required; pageSize is up to 100.");
		return;
	}
	json_put_object(&o, NULL);
	json_put_array(&o, "feeds");
	for (int i = w->feeds - 1; i >= 0; i--) {
		if (!feed_asked(w, c, &w->feed[i], from_ms, until_ms) || n++ < at || given == size)
			continue;
		put_feed(w, c, &o, &w->feed[i]);
		given++;
	}
	json_end_array(&o);
	if (at + given < n)
		json_put_text(&o, "nextToken", base64_encode(c->arena, arena_printf(c->arena, "f%" PRId64, at + given)));
	json_end_object(&o);
	call_answer_json(c, 200, &b);
}

/* Only what still waits can be called back. */
void amazon_feed_cancel(struct service *s, struct call *c)
{
	struct feed *f = feed_ours(s->world, c->segment[3]);

	if (!f || feed_state(s->world, f) != FEED_RECEIVED) {
		amazon_refuse(c, f ? 400 : 404, f ? "InvalidInput" : "NotFound", "The feed was not found, or is not in the queue any more.");
		return;
	}
	f->state = FEED_CANCELLED;
	call_answer(c, 200, "application/json", "{}", 2);
}

/* ---- the report ---- */

static const struct feed *feed_of_report(struct world *w, const char *id)
{
	const struct feed *f = strncmp(id, report_prefix, strlen(report_prefix)) == 0 ? feed_ours(w, id + strlen(report_prefix)) : NULL;

	return f && f->state == FEED_PROCESSED ? f : NULL;
}

/* Every other one comes compressed. */
static bool is_zipped(const struct world *w, const struct feed *f)
{
	return (f - w->feed) % 2 == 1;
}

void amazon_report(struct service *s, struct call *c)
{
	const struct feed *f = feed_of_report(s->world, c->segment[3]);

	if (f)
		put_document(s, c, 200, "GET", c->segment[3], is_zipped(s->world, f));
	else if (document_by_id(s->world, c->segment[3]) >= 0)
		put_document(s, c, 200, "GET", c->segment[3], false);
	else
		amazon_refuse(c, 404, "NotFound", "The document was not found.");
}

static void put_issue(const struct world *w, struct json_out *o, const struct feed_item *i)
{
	json_put_object(o, NULL);
	json_put_int(o, "messageId", i->message);
	json_put_text(o, "sku", world_str(w, i->sku));
	json_put_text(o, "code", world_str(w, i->code));
	json_put_text(o, "severity", "ERROR");
	json_put_text(o, "message", world_str(w, i->description));
	json_put_text(o, "attributeName", "fulfillment_availability");
	json_end_object(o);
}

static struct buf report_text(const struct service *s, struct call *c, const struct feed *f)
{
	const struct world *w = s->world;
	struct buf b = buf_new(c->arena);
	struct json_out o = json_out(&b);
	int bad = 0;

	json_put_object(&o, NULL);
	json_put_object(&o, "header");
	json_put_text(&o, "sellerId", s->seller_id);
	json_put_text(&o, "version", "2.0");
	json_put_text(&o, "feedId", world_str(w, f->id));
	json_end_object(&o);
	json_put_array(&o, "issues");
	for (int i = f->first; i < f->first + f->items; i++) {
		if (w->feed_item[i].type == ITEM_SUCCESS)
			continue;
		put_issue(w, &o, &w->feed_item[i]);
		bad++;
	}
	json_end_array(&o);
	json_put_object(&o, "summary");
	json_put_int(&o, "errors", bad);
	json_put_int(&o, "warnings", 0);
	json_put_int(&o, "messagesProcessed", f->items);
	json_put_int(&o, "messagesAccepted", f->items - bad);
	json_put_int(&o, "messagesInvalid", bad);
	json_end_object(&o);
	json_end_object(&o);
	return b;
}

void amazon_report_get(struct service *s, struct call *c)
{
	const struct feed *f = feed_of_report(s->world, c->segment[1]);
	int document = document_by_id(s->world, c->segment[1]);
	const char *text;
	struct buf b;
	size_t n;

	if (!address_good(s, c, "GET"))
		return;
	if (!f && document < 0) {
		store_refuse(c, 404, "NoSuchKey", "The specified key does not exist.");
		return;
	}
	if (!f) {
		text = world_str(s->world, s->world->document[document].body);
		call_answer(c, 200, "application/octet-stream", text, strlen(text));
		return;
	}
	b = report_text(s, c, f);
	text = is_zipped(s->world, f) ? gzip_stored(c->arena, b.p, b.len, &n) : b.p;
	if (call_lists(c, "response-content-encoding", "gzip"))
		call_add_header(c, "Content-Encoding", "gzip");
	call_answer(c, 200, "application/octet-stream", text, is_zipped(s->world, f) ? n : b.len);
}
