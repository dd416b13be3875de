/* netsuite_query.c: SuiteQL over HTTP: the header it wants, pages, links. */
#include "sandbox/netsuite.h"

#include "sandbox/suiteql.h"

#include <inttypes.h>
#include <string.h>

enum { PAGE_MAX = 1000 };

static void put_link(struct call *c, struct json_out *o, const char *rel, int64_t limit, int64_t offset)
{
	json_put_object(o, NULL);
	json_put_text(o, "rel", rel);
	json_put_text(o, "href", arena_printf(c->arena, "https://%s.suitetalk.api.netsuite.com%s?limit=%" PRId64 "&offset=%" PRId64, "1234567-sb1", c->path, limit,
	                                      offset));
	json_end_object(o);
}

static void put_links(struct call *c, struct json_out *o, int64_t limit, int64_t offset, int total)
{
	int64_t last = total ? (total - 1) / limit * limit : 0;

	json_put_array(o, "links");
	if (offset > 0) {
		put_link(c, o, "previous", limit, offset - limit);
		put_link(c, o, "first", limit, 0);
	}
	if (offset < last) {
		put_link(c, o, "next", limit, offset + limit);
		put_link(c, o, "last", limit, last);
	}
	put_link(c, o, "self", limit, offset);
	json_end_array(o);
}

static void page_answer(struct call *c, const struct sql_result *r, int64_t limit, int64_t offset)
{
	struct buf b = buf_new(c->arena);
	struct json_out o = json_out(&b);

	json_put_object(&o, NULL);
	put_links(c, &o, limit, offset, r->total);
	json_put_int(&o, "count", r->count);
	json_put_bool(&o, "hasMore", offset + r->count < r->total);
	json_put_raw(&o, "items", r->items);
	json_put_int(&o, "offset", offset);
	json_put_int(&o, "totalResults", r->total);
	json_end_object(&o);
	call_answer(c, 200, "application/vnd.oracle.resource+json; type=collection; charset=UTF-8", b.p, b.len);
}

void netsuite_suiteql(struct service *s, struct call *c)
{
	const char *prefer = call_header(c, "Prefer"), *text = json_text_or(call_json(c), "q", "");
	struct sql_result r;
	int64_t limit, offset;

	if (!prefer || strcmp(prefer, "transient") != 0) {
		netsuite_refuse(c, 400, "INVALID_HEADER", "The required request header 'Prefer' is missing or not valid. Provide a valid value: transient.");
		return;
	}
	if (!call_int(c, "limit", 1, PAGE_MAX, PAGE_MAX, &limit) || !call_int(c, "offset", 0, 10000000, 0, &offset) || offset % limit) {
		netsuite_refuse(c, 400, "INVALID_PARAMETER", "limit must be from 1 to 1000, and offset a multiple of it.");
		return;
	}
	if (!*text) {
		netsuite_refuse(c, 400, "INVALID_CONTENT", "The request body must have a query in \"q\".");
		return;
	}
	if (s->lacks && strcasestr(text, s->lacks)) {
		netsuite_refuse(c, 400, "INVALID_PARAMETER", arena_printf(c->arena, "Invalid search query. Detailed unprocessed description follows. Search error occurred: "
		                                                                  "Record '%s' was not found.", s->lacks));
		return;
	}
	r = sql_run(c->arena, s->world, text, offset, limit, (uint64_t)++s->next_request << 24);
	if (r.error) {
		netsuite_refuse(c, 400, "INVALID_PARAMETER", r.error);
		return;
	}
	s->world->count[QUERIES_UNORDERED] += !r.ordered && r.total > r.count;
	s->world->count[READS]++;
	page_answer(c, &r, limit, offset);
}
