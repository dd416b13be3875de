/*
 * feeds.c: what became of files that were handed in, by us or by anybody else of the account.
 *
 * A feed is not done until each of its items has a verdict. The list is newest first; feeds of the last days that
 * hold errors are asked for item by item, and each item's error is parked for the Failed pane.
 */
#include "base/text.h"
#include "channels/rules.h"
#include "channels/walmart/walmart.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

enum { PAGE_FEEDS = 50, PAGE_ITEMS = 50 }; /* the most either gives (contract) */

static enum fault offset_of(const char *text, int64_t *out, struct err *err)
{
	*out = 0;
	if (text && *text && !text_int(text, 0, 10000000, out))
		return err_set(err, FAULT_REFUSED, "the stored page is no offset");
	return OK;
}

enum fault walmart_feeds_ask(const struct account *acc, struct batch b, struct request *r, struct err *err)
{
	int64_t offset;

	if (offset_of(b.job->cursor.page, &offset, err))
		return FAULT_REFUSED;
	walmart_request(acc, r, "GET", "/v3/feeds");
	request_query_int(r, "offset", offset);
	request_query_int(r, "limit", PAGE_FEEDS);
	return OK;
}

/* What is common to the list and to one feed. */
static void take_feed(struct news *n, struct spot f, struct feed *out)
{
	static const char *const known[] = { "RECEIVED", "INPROGRESS", "PROCESSED", "ERROR" };
	bool odd = true;

	out->id = need_id(f, "feedId", "-_@.", 120); /* it holds an @ */
	out->type = may_text(f, "feedType");
	out->state = need_plain(f, "feedStatus", 40);
	out->items = may_int(f, "itemsReceived", 0, INT64_MAX, 0);
	out->good = may_int(f, "itemsSucceeded", 0, INT64_MAX, 0);
	out->bad = may_int(f, "itemsFailed", 0, INT64_MAX, 0);
	out->waiting = may_int(f, "itemsProcessing", 0, INT64_MAX, 0);
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		odd &= strcmp(out->state, known[i]) != 0;
	out->name = may_text(f, "fileName");
	out->lost = !strcmp(out->state, "ERROR");
	out->ended = out->lost || !strcmp(out->state, "PROCESSED");
	if (odd && !f.r->path)
		news_odd(n, *f.path ? arena_printf(n->arena, "%s.feedStatus", f.path) : "feedStatus", out->state, out->id);
}

/* ours: the job that asks after one of ours, NULL: it is somebody else's */
static void follow(struct news *n, const char *id, const struct job *ours, int64_t offset)
{
	struct fields *payload = arena_alloc(n->arena, sizeof *payload);
	struct job_plan *plan;

	*payload = fields_new(n->arena);
	fields_put(payload, "id", id);
	if (ours)
		fields_put_int(payload, "feed", fields_int(&ours->payload, "feed", 0));
	if (offset)
		fields_put_int(payload, "offset", offset);
	plan = news_follow(n, VERB_FEED, ours ? ours->subject : arena_printf(n->arena, "feed:%s", id));
	plan->payload = payload;
	plan->subject_id = ours ? ours->subject_id : 0;
}

/* One feed of the list; returns when it was made, 0 when it could not be read. */
static int64_t take_listed(struct news *n, const struct json *v, const char *path, int64_t oldest_ms)
{
	struct reading w = { .arena = n->arena };
	struct spot at = { .r = &w, .v = v, .path = path };
	int odds = n->odds;
	struct feed *f = news_feed(n);

	take_feed(n, at, f);
	f->made_ms = may_time(at, "feedDate");
	if (w.path) {
		answer_park(n, &w, &at, "SCHEMA", json_text_or(v, "feedId", ""));
		n->feeds--;
		n->odds = odds;
		return 0;
	}
	if (f->made_ms >= oldest_ms && (f->bad > 0 || f->lost))
		follow(n, f->id, NULL, 0);
	return f->made_ms;
}

enum fault walmart_feeds_hear(const struct account *acc, struct batch b, const struct reply *r, struct news *n, struct err *err)
{
	struct rule reach = rule_find(n->arena, "walmart.feeds_reach");
	int64_t ahead = rule_after(&reach, b.now_ms), oldest = ahead ? 2 * b.now_ms - ahead : 0, last = 0, offset;
	const struct json *body, *list;
	int i = 0;
	enum fault f;

	n->has_page = true;
	if (walmart_is_none(b.job, r, n->arena))
		return OK;
	f = walmart_open(acc, WALMART_FEEDS, r, n->arena, &body, err);
	if (f || (f = offset_of(b.job->cursor.page, &offset, err)))
		return f;
	list = json_get(body, "results.feed");
	if (!json_get(body, "results") || (list && !json_is_array(list)))
		return err_set(err, FAULT_FORMAT, "results.feed: not a list of feeds");
	for (const struct json *v = json_first(list); v; v = json_next(v))
		last = take_listed(n, v, arena_printf(n->arena, "results.feed[%d]", i++), oldest);
	if (i == PAGE_FEEDS && last >= oldest && offset + i < json_int_or(body, "totalResults", 0))
		n->next_page = arena_printf(n->arena, "%" PRId64, offset + i);
	return OK;
}

/* ---- one feed, item by item ---- */

enum fault walmart_feed_ask(const struct account *acc, struct batch b, struct request *r, struct err *err)
{
	const char *id = fields_get(&b.job->payload, "id", "");
	int64_t offset;

	if (!text_id(id, "-_@.", 120))
		return err_set(err, FAULT_REFUSED, "the job names no feed: its id is no identifier");
	if (offset_of(fields_get(&b.job->payload, "offset", ""), &offset, err))
		return FAULT_REFUSED;
	walmart_request(acc, r, "GET", arena_printf(r->arena, "/v3/feeds/%s", path_piece(r->arena, id)));
	request_query(r, "includeDetails", "true");
	request_query_int(r, "offset", offset);
	request_query_int(r, "limit", PAGE_ITEMS);
	return OK;
}

/*
 * The three kinds of a refused item, by what the description says, for Walmart's codes are not published as a list; and
 * theirs alone is a system error.
 */
static const char *remedy_of(const char *type, const char *words)
{
	if (!strcmp(type, "SYSTEM_ERROR") || !strcmp(type, "TIMEOUT_ERROR"))
		return "theirs: hand the item in again";
	if (strcasestr(words, "spec version") || strcasestr(words, "deprecated") || strcasestr(words, "schema version"))
		return "outdated spec: fetch the current item spec, fill the item anew";
	if (strcasestr(words, "missing") || strcasestr(words, "required"))
		return "missing attribute: fill it in, hand the item in again";
	return "bad value: correct it, hand the item in again";
}

/* All errors of one item or feed as one piece, "TYPE CODE: words; ...", at the place of the first; false: there are none. */
static bool park_errors(struct news *n, struct spot of, const char *class, const char *subject)
{
	struct spot first = spot_first(spot_get(of, "ingestionErrors.ingestionError"));
	struct buf b = buf_new(n->arena);
	int told = 0;

	for (struct spot e = first; e.v; e = spot_next(e), told++)
		if (told < 3)
			buf_printf(&b, "%s%s %s: %s", told ? "; " : "", answer_word(n->arena, json_text_or(e.v, "type", "no type"), 40),
			           answer_word(n->arena, json_text_or(e.v, "code", "no code"), 60),
			           answer_word(n->arena, json_text_or(e.v, "description", "no reason given"), 160));
	if (!told)
		return false;
	if (told > 3)
		buf_printf(&b, "; and %d more", told - 3);
	news_parked(n, class, subject, first.path, b.p, json_print(n->arena, of.v));
	n->parked[n->parkeds - 1].remedy = remedy_of(json_text_or(first.v, "type", ""), b.p);
	return true;
}

static bool is_settled(const char *status)
{
	return !strcmp(status, "SUCCESS") || !strcmp(status, "INPROGRESS");
}

/* An item that failed without a reason is parked for that. */
static void take_item(struct news *n, struct spot item)
{
	static const char *const bad[] = { "DATA_ERROR", "SYSTEM_ERROR", "TIMEOUT_ERROR" };
	const char *sku = answer_word(n->arena, json_text_or(item.v, "sku", ""), 100);
	const char *status = answer_word(n->arena, json_text_or(item.v, "ingestionStatus", "no status"), 40);
	bool known = is_settled(status);

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		known |= !strcmp(status, bad[i]);
	if (!known)
		news_odd(n, arena_printf(n->arena, "%s.ingestionStatus", item.path), status, sku);
	if (!park_errors(n, item, "ITEM", sku) && !is_settled(status))
		news_parked(n, "ITEM", sku, item.path, arena_printf(n->arena, "%s without a reason", status), json_print(n->arena, item.v));
}

/*
 * An item of a feed of ours. A word of theirs that we do not know is told once and the item waits on: nothing of a feed stays silently
 * in progress, and nothing is taken for done.
 */
static void tell_item(struct news *n, struct spot item)
{
	const char *status = answer_word(n->arena, json_text_or(item.v, "ingestionStatus", "no status"), 40);
	struct spot why = spot_first(spot_get(item, "ingestionErrors.ingestionError"));
	bool bad = !strcmp(status, "DATA_ERROR"), theirs = !strcmp(status, "SYSTEM_ERROR") || !strcmp(status, "TIMEOUT_ERROR");
	struct item_told *told = news_item(n);

	told->sku = answer_word(n->arena, json_text_or(item.v, "sku", ""), 100);
	told->node = may_text(item, "shipNode");
	told->fault = bad ? FAULT_REFUSED : theirs ? FAULT_REMOTE : OK;
	told->waiting = !bad && !theirs && strcmp(status, "SUCCESS") != 0;
	if (told->waiting && strcmp(status, "INPROGRESS"))
		news_odd(n, arena_printf(n->arena, "%s.ingestionStatus", item.path), status, told->sku);
	if (told->fault)
		told->text = arena_printf(n->arena, "%s %s: %s", status, answer_word(n->arena, json_text_or(why.v, "code", "no code"), 60),
		                          answer_word(n->arena, json_text_or(why.v, "description", "no reason given"), 160));
}

/* One of ours: its own numbers and, once it has ended, page by page what became of each item. */
static void take_ours(struct news *n, struct spot top, const struct feed *feed, const struct job *ours, int64_t offset)
{
	int read = 0;

	*news_feed(n) = *feed;
	for (struct spot item = spot_first(spot_get(top, "itemDetails.itemIngestionStatus")); item.v; item = spot_next(item), read++)
		tell_item(n, item);
	if (feed->ended && read && offset + read < feed->items)
		follow(n, feed->id, ours, offset + read);
}

/* The feed's own numbers are told with the list; here it is its items that count. */
enum fault walmart_feed_hear(const struct account *acc, struct batch b, const struct reply *r, struct news *n, struct err *err)
{
	struct reading w = { .arena = n->arena };
	struct feed feed = { 0 };
	const struct job *ours = fields_has(&b.job->payload, "feed") ? b.job : NULL;
	int64_t offset;
	const struct json *body;
	enum fault f = walmart_open(acc, WALMART_FEEDS, r, n->arena, &body, err);
	struct spot top = spot_top(&w, body);
	int read = 0;

	if (f || (f = offset_of(fields_get(&b.job->payload, "offset", ""), &offset, err)))
		return f;
	take_feed(n, top, &feed);
	if (answer_wrong(&w, err))
		return FAULT_FORMAT;
	park_errors(n, top, "FEED", feed.id);
	if (ours)
		take_ours(n, top, &feed, ours, offset);
	for (struct spot item = spot_first(spot_get(top, "itemDetails.itemIngestionStatus")); !ours && item.v; item = spot_next(item), read++)
		take_item(n, item);
	if (read && offset + read < feed.items)
		follow(n, feed.id, NULL, offset + read);
	news_receipt(n, 0, OK, feed.id, NULL);
	n->receipt[0].final = true;
	return OK;
}
