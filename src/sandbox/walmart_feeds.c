/* walmart_feeds.c: what became of bulk uploads, feed by feed and item by item. */
#include "sandbox/walmart.h"

#include <string.h>

enum { PAGE_MAX = 50 };

static const char *const states[] = { "RECEIVED", "INPROGRESS", "PROCESSED", "ERROR" };
static const char *const faults[] = { "SUCCESS", "DATA_ERROR", "SYSTEM_ERROR", "TIMEOUT_ERROR" };

struct tally {
	int received, succeeded, failed, processing, by[4];
};

static struct tally tally_of(const struct world *w, const struct feed *f)
{
	struct tally t = { .received = f->items };

	if (feed_state(w, f) <= FEED_INPROGRESS) {
		t.processing = f->items;
		return t;
	}
	for (int i = 0; i < f->items; i++)
		t.by[w->feed_item[f->first + i].type]++;
	t.succeeded = t.by[ITEM_SUCCESS];
	t.failed = f->items - t.succeeded;
	return t;
}

static void put_tally(struct json_out *o, const struct tally *t)
{
	json_put_int(o, "itemsReceived", t->received);
	json_put_int(o, "itemsSucceeded", t->succeeded);
	json_put_int(o, "itemsFailed", t->failed);
	json_put_int(o, "itemsProcessing", t->processing);
}

static void put_feed(const struct world *w, struct json_out *o, const struct feed *f)
{
	struct tally t = tally_of(w, f);

	json_put_object(o, NULL);
	json_put_text(o, "feedId", world_str(w, f->id));
	json_put_text(o, "feedSource", "SELLER");
	json_put_text(o, "feedType", world_str(w, f->type));
	json_put_text(o, "partnerId", "10000012045");
	put_tally(o, &t);
	json_put_text(o, "feedStatus", states[feed_state(w, f)]);
	json_put_int(o, "feedDate", f->at_ms);
	json_put_int(o, "modifiedDtm", f->modified_ms);
	json_put_text(o, "fileName", world_str(w, f->file));
	json_put_int(o, "itemDataErrorCount", t.by[ITEM_DATA_ERROR]);
	json_put_int(o, "itemSystemErrorCount", t.by[ITEM_SYSTEM_ERROR]);
	json_put_int(o, "itemTimeoutErrorCount", t.by[ITEM_TIMEOUT_ERROR]);
	json_end_object(o);
}

/* False when offset or limit is no good, and it has answered. */
static bool page_read(struct call *c, int64_t *offset, int64_t *limit)
{
	if (call_int(c, "offset", 0, INT32_MAX, 0, offset) && call_int(c, "limit", 1, PAGE_MAX, PAGE_MAX, limit))
		return true;
	walmart_refuse(c, 400, "INVALID_REQUEST_PARAM.GMP_FEED_API", "offset or limit is not valid.");
	return false;
}

/* -1: it is none of Walmart's. */
static int feed_ours(const struct world *w, const char *id)
{
	int feed = feed_by_id(w, id);

	return feed >= 0 && w->feed[feed].platform == WALMART ? feed : -1;
}

static int feeds_ours(const struct world *w)
{
	int n = 0;

	for (int i = 0; i < w->feeds; i++)
		n += w->feed[i].platform == WALMART;
	return n;
}

static void put_feeds(const struct world *w, struct json_out *o, int64_t offset, int64_t limit)
{
	int64_t n = 0;

	for (int i = w->feeds - 1; i >= 0; i--) {
		if (w->feed[i].platform != WALMART)
			continue;
		if (n >= offset && n < offset + limit)
			put_feed(w, o, &w->feed[i]);
		n++;
	}
}

/* Newest first; one feed when feedId is given. */
void walmart_feeds(struct service *s, struct call *c)
{
	const struct world *w = s->world;
	const char *id = call_param(c, "feedId");
	int only = id ? feed_ours(w, id) : -1;
	struct buf b = buf_new(c->arena);
	struct json_out o = json_out(&b);
	int64_t offset, limit;

	if (!page_read(c, &offset, &limit))
		return;
	json_put_object(&o, NULL);
	json_put_int(&o, "totalResults", id ? only >= 0 : feeds_ours(w));
	json_put_int(&o, "offset", offset);
	json_put_int(&o, "limit", limit);
	json_put_object(&o, "results");
	json_put_array(&o, "feed");
	if (only >= 0)
		put_feed(w, &o, &w->feed[only]);
	if (!id)
		put_feeds(w, &o, offset, limit);
	json_end_array(&o);
	json_end_object(&o);
	json_end_object(&o);
	call_answer_json(c, 200, &b);
}

static void put_item(const struct world *w, struct json_out *o, const struct feed *f, int index)
{
	const struct feed_item *i = &w->feed_item[f->first + index];
	bool done = f->state == FEED_PROCESSED || f->state == FEED_ERROR;

	json_put_object(o, NULL);
	json_put_int(o, "martId", 0);
	json_put_text(o, "sku", world_str(w, i->sku));
	json_put_int(o, "index", index);
	json_put_text(o, "ingestionStatus", done ? faults[i->type] : "INPROGRESS");
	if (done && i->code) {
		json_put_object(o, "ingestionErrors");
		json_put_array(o, "ingestionError");
		json_put_object(o, NULL);
		json_put_text(o, "type", faults[i->type]);
		json_put_text(o, "code", world_str(w, i->code));
		json_put_text(o, "description", world_str(w, i->description));
		json_end_object(o);
		json_end_array(o);
		json_end_object(o);
	}
	json_end_object(o);
}

/* A feed that was refused whole says why beside its items (of which it has none). */
static void put_refusal(struct json_out *o, const struct feed *f)
{
	if (f->state != FEED_ERROR)
		return;
	json_put_object(o, "ingestionErrors");
	json_put_array(o, "ingestionError");
	json_put_object(o, NULL);
	json_put_text(o, "type", "DATA_ERROR");
	json_put_text(o, "code", "ERR_PDI_0001");
	json_put_text(o, "description", "The file is not in a supported format.");
	json_end_object(o);
	json_end_array(o);
	json_end_object(o);
}

void walmart_feed(struct service *s, struct call *c)
{
	const struct world *w = s->world;
	int feed = feed_ours(w, c->segment[2]);
	const char *details = call_param(c, "includeDetails");
	const struct feed *f = feed < 0 ? NULL : &w->feed[feed];
	struct buf b = buf_new(c->arena);
	struct json_out o = json_out(&b);
	struct tally t;
	int64_t offset, limit;

	if (!f) {
		walmart_refuse(c, 404, "CONTENT_NOT_FOUND.GMP_FEED_API", "The feed was not found.");
		return;
	}
	if (!page_read(c, &offset, &limit))
		return;
	t = tally_of(w, f);
	json_put_object(&o, NULL);
	json_put_text(&o, "feedId", c->segment[2]);
	json_put_text(&o, "feedStatus", states[feed_state(w, f)]);
	json_put_int(&o, "feedSubmissionDate", f->at_ms);
	put_refusal(&o, f);
	put_tally(&o, &t);
	json_put_int(&o, "offset", offset);
	json_put_int(&o, "limit", limit);
	if (details && strcmp(details, "true") == 0) {
		json_put_object(&o, "itemDetails");
		json_put_array(&o, "itemIngestionStatus");
		for (int64_t i = offset; i < f->items && i < offset + limit; i++)
			put_item(w, &o, f, (int)i);
		json_end_array(&o);
		json_end_object(&o);
	}
	json_end_object(&o);
	call_answer_json(c, 200, &b);
}
