/* talk.c: how NetSuite is addressed, how it says no, and how its lists are read to their end. */
#include "channels/netsuite/netsuite.h"

#include "base/text.h"
#include "channels/token.h"
#include "net/sign.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { PAGE_ROWS = 1000 }; /* most that SuiteQL gives at once */

const char netsuite_base_url[] = "https://suitetalk.api.netsuite.com";
const char netsuite_token_url[] = "https://suitetalk.api.netsuite.com/services/rest/auth/oauth2/v1/token";

/* ---- addresses ---- */

/* "123456_SB1" as it stands in a host (123456-sb1) or a realm (123456_SB1). */
static char *number_as(struct arena *a, const char *tenant, bool host)
{
	char *out = arena_strdup(a, tenant);

	for (char *p = out; *p; p++)
		*p = *p == '_' || *p == '-' ? (host ? '-' : '_') : (char)(host ? tolower((unsigned char)*p) : toupper((unsigned char)*p));
	return out;
}

/* Each account has a host of its own; an address that was configured (a test on this machine) stands as it is. */
const char *netsuite_host(struct arena *a, const struct account *acc, const char *url, const char *standard)
{
	if (strcmp(url, standard))
		return url;
	return arena_printf(a, "https://%s.%s", number_as(a, acc->tenant, true), standard + strlen("https://"));
}

bool netsuite_given(const char *s)
{
	return s && *s;
}

enum fault netsuite_check(const struct account *acc, struct err *err)
{
	if (!acc->tenant || !text_id(acc->tenant, "_-", 40))
		return err_set(err, FAULT_REFUSED, "account %.30s has no tenant: NetSuite's account number, like 123456 or 123456_SB1", acc->name);
	if (netsuite_given(acc->token_id) && netsuite_given(acc->private_key))
		return err_set(err, FAULT_REFUSED, "account %.30s: token_id and private_key are two ways to log in: leave one of them out", acc->name);
	return OK;
}

/* ---- asking ---- */

/* The nonce is the attempt's own number, without its strokes: they take letters and digits. */
static const char *nonce_of(struct arena *a, const char *correlation)
{
	char *out = arena_strdup(a, correlation), *q = out;

	for (const char *p = out; *p; p++)
		if (*p != '-')
			*q++ = *p;
	*q = '\0';
	return out;
}

/* A pair of tokens signs each request (they have no end); else a bearer token, fetched by OAuth 2.0. */
static enum fault authorize(const struct account *acc, struct batch b, struct request *r, struct err *err)
{
	struct netsuite_tba by = {
		.consumer = acc->client_id,
		.consumer_secret = acc->client_secret,
		.token = acc->token_id,
		.token_secret = acc->token_secret,
		.realm = number_as(r->arena, acc->tenant, false),
		.nonce = nonce_of(r->arena, r->correlation),
		.at_s = (b.now_ms + acc->offset_ms) / 1000,
	};

	if (!netsuite_given(by.token)) {
		request_header(r, "Authorization", arena_printf(r->arena, "Bearer %s", acc->access_token ? acc->access_token : ""));
		return OK;
	}
	if (!netsuite_given(by.consumer) || !netsuite_given(by.consumer_secret) || !netsuite_given(by.token_secret))
		return err_set(err, FAULT_REFUSED, "account %.30s: token_id is not enough: client_id, client_secret and token_secret sign with it", acc->name);
	request_header(r, "Authorization", netsuite_tba_header(r->arena, r->method, r->url, &by));
	return OK;
}

/* Without Prefer: transient they answer 400. */
static enum fault say(const struct account *acc, struct batch b, struct request *r, const char *sql, int64_t limit, int64_t offset, struct err *err)
{
	struct buf body = buf_new(r->arena);
	struct json_out o = json_out(&body);

	if (netsuite_check(acc, err))
		return FAULT_REFUSED;
	r->method = "POST";
	r->url = answer_url(r->arena, netsuite_host(r->arena, acc, acc->base_url, netsuite_base_url), "/services/rest/query/v1/suiteql");
	request_query_int(r, "limit", limit);
	request_query_int(r, "offset", offset);
	request_header(r, "Accept", "application/vnd.oracle.resource+json, application/json");
	request_header(r, "Content-Type", "application/json");
	request_header(r, "Prefer", "transient");
	json_put_object(&o, NULL);
	json_put_text(&o, "q", sql);
	json_end_object(&o);
	r->body = body.p;
	r->body_len = body.len;
	return authorize(acc, b, r, err);
}

/* "OFFSET:STARTED:KEY1:KEY2" */
static enum fault page_of(struct batch b, struct netsuite_page *page, struct err *err)
{
	const char *stored = b.job->cursor.page;
	int used = 0;

	*page = (struct netsuite_page){ .started_ms = b.now_ms };
	if (!stored || !*stored)
		return OK;
	if (sscanf(stored, "%" SCNd64 ":%" SCNd64 ":%" SCNd64 ":%" SCNd64 "%n", &page->offset, &page->started_ms, &page->key[0], &page->key[1], &used) == 4 &&
	    !stored[used] && page->offset >= 0)
		return OK;
	return err_set(err, FAULT_REFUSED, "the stored page is none: the list is read from its start");
}

enum fault netsuite_query(const struct account *acc, struct batch b, struct request *r, const char *sql, struct err *err)
{
	struct netsuite_page page;
	enum fault f = page_of(b, &page, err);

	return f ? f : say(acc, b, r, sql, PAGE_ROWS, page.offset, err);
}

/* ---- hearing ---- */

/*
 * {"type", "title", "status", "o:errorDetails": [{"detail", "o:errorCode", "o:errorPath" ...}]}; the gate in front of RESTlets says {"error":
 * {"code", "message"}}.
 */
static bool refusal(const struct json *body, struct reason *out)
{
	const struct json *e = json_first(json_get(body, "o:errorDetails")), *old = json_get(body, "error");

	if (json_is_object(old)) {
		*out = (struct reason){ .code = json_text_or(old, "code", NULL), .message = json_text_or(old, "message", NULL) };
		return out->code != NULL;
	}
	if (!json_is_array(json_get(body, "o:errorDetails")))
		return false;
	*out = (struct reason){
		.code = json_text_or(e, "o:errorCode", NULL),
		.field = json_text_or(e, "o:errorPath", json_text_or(e, "o:errorQueryParam", json_text_or(e, "o:errorHeader", NULL))),
		.message = json_text_or(e, "detail", json_text_or(body, "title", NULL)),
	};
	return out->code || out->message;
}

static const struct manners manners = {
	.refusal = refusal,
	.auth_checks = "that token and integration are active and of this account; the role's two-factor rule; the clock (five minutes)",
};

/*
 * Too many at once. They name no status for it on this API: 429 is the usual one, RESTlets get a 400 with
 * SSS_REQUEST_LIMIT_EXCEEDED; either way it is their word that counts.
 */
static bool is_crowded(const struct reply *r, struct arena *a)
{
	struct reason why = { 0 };
	const struct json *body;

	if (r->fault || r->status < 400 || json_open(a, r->body, r->body_len, &body, NULL) || !refusal(body, &why) || !why.code)
		return false;
	return strstr(why.code, "REQUEST_LIMIT_EXCEEDED") || strstr(why.code, "CONCURRENCY_LIMIT");
}

static enum fault open_reply(const struct account *acc, const struct reply *r, struct arena *a, const struct json **body, struct err *err)
{
	struct asked q = { acc, netsuite_host(a, acc, acc->base_url, netsuite_base_url), "REST Web Services and SuiteAnalytics Workbook, and View of the record" };

	if (is_crowded(r, a))
		return err_set(err, FAULT_BUSY, "%d SSS_REQUEST_LIMIT_EXCEEDED: too many requests at once, of everybody who speaks to this account", r->status);
	return answer_open(&manners, &q, r, a, body, err);
}

/* Ids are whole numbers, told as text. */
static void key_of(struct spot row, const struct netsuite_list *list, int64_t key[2])
{
	key[0] = need_int(row, list->key1, 0, INT64_MAX);
	key[1] = list->key2 ? need_int(row, list->key2, 0, INT64_MAX) : 0;
}

static int key_order(const int64_t a[2], const int64_t b[2])
{
	int first = (a[0] > b[0]) - (a[0] < b[0]);

	return first ? first : (a[1] > b[1]) - (a[1] < b[1]);
}

struct rows {
	struct news *n;
	const struct netsuite_list *list;
	struct netsuite_page page;
	int64_t last[2]; /* the key of the row before */
	int seen;
	bool endless; /* all that is new on this page is of one key1, and there is more of it */
};

static enum fault moved(struct err *err)
{
	return err_set(err, FAULT_REFUSED, "the list moved while it was read: it is read again from its start");
}

/*
 * How many rows of this page are taken: those that belong with rows of the next one are left to it, and it begins with the row before them. Where they are
 * all that is new there is no such row.
 */
static int rows_of(struct rows *x, const struct json *items, bool more)
{
	int n = json_count(items), first = 0, i = 0;
	const char *of = "";

	if (!more || !x->list->whole)
		return n;
	for (const struct json *v = json_first(items); v; v = json_next(v), i++) {
		const char *id = json_scalar(json_get(v, x->list->key1));

		if (!id || strcmp(id, of) != 0)
			first = i;
		of = id ? id : "";
	}
	x->endless = first <= (x->page.key[0] > 0);
	return x->endless ? n : first;
}

/* The page before told of the same: what came to it since is a change of it, and told whole by that. What does not fit into a page is set aside once. */
static void take_row(struct rows *x, struct spot row, const int64_t key[2])
{
	bool begun = (x->page.key[0] && key[0] == x->page.key[0]) || (x->endless && x->seen && key[0] == x->last[0]);

	if (key_order(key, x->page.key) <= 0 || (x->list->whole && begun))
		return;
	if (!x->endless) {
		x->list->take(x->n, row, &x->page);
		return;
	}
	spot_wrong(row, x->list->key1, "more lines than a page holds");
	answer_park(x->n, row.r, &row, "SCHEMA", json_text_or(row.v, x->list->whole, ""));
}

static enum fault take_rows(struct rows *x, const struct json *items, bool more, struct err *err)
{
	bool continued = x->page.key[0] > 0;
	int n = rows_of(x, items, more);

	if (continued && !json_first(items))
		return moved(err);
	for (const struct json *v = json_first(items); v && x->seen < n; v = json_next(v), x->seen++) {
		struct reading w = { .arena = x->n->arena };
		struct spot row = { .r = &w, .v = v, .path = arena_printf(x->n->arena, "items[%d]", x->seen) };
		int64_t key[2];

		key_of(row, x->list, key);
		if (answer_wrong(&w, err))
			return FAULT_FORMAT;
		if (!x->seen && continued && key_order(key, x->page.key) > 0)
			return moved(err);
		if (x->seen && key_order(key, x->last) <= 0)
			return err_set(err, FAULT_FORMAT, "%s.%s: not in the order that was asked for", row.path, x->list->key1);
		take_row(x, row, key);
		memcpy(x->last, key, sizeof key);
	}
	return OK;
}

/* The next page begins with the last row of this one. */
static enum fault turn_page(struct rows *x, bool more, struct err *err)
{
	struct arena *a = x->n->arena;

	x->n->has_page = true;
	if (x->list->counts) {
		x->n->reading = arena_printf(a, "%" PRId64, x->page.started_ms);
		x->n->counts_whole = !more;
	}
	if (!more)
		return OK;
	if (key_order(x->last, x->page.key) <= 0)
		return err_set(err, FAULT_REFUSED, "hasMore: more is said to follow, and nothing new came: the list is read again from its start");
	x->n->next_page = arena_printf(a, "%" PRId64 ":%" PRId64 ":%" PRId64 ":%" PRId64, x->page.offset + x->seen - 1, x->page.started_ms, x->last[0],
	                               x->last[1]);
	return OK;
}

enum fault netsuite_rows(const struct account *acc, struct batch b, const struct reply *r, struct news *n, const struct netsuite_list *list,
                         struct err *err)
{
	struct rows x = { .n = n, .list = list };
	const struct json *body, *items, *more;
	enum fault f;

	token_clock(r, n);
	f = open_reply(acc, r, n->arena, &body, err);
	if (f || (f = page_of(b, &x.page, err)))
		return f;
	if (!x.page.key[0] && n->offset_ms < 0) /* of the earlier of the two clocks: never told too young */
		x.page.started_ms += n->offset_ms;
	x.page.heard_ms = r->received_ms;
	items = json_get(body, "items");
	more = json_get(body, "hasMore");
	if (!json_is_array(items) || !json_is_bool(more))
		return err_set(err, FAULT_FORMAT, "items, hasMore: not a page of rows");
	f = take_rows(&x, items, json_bool_or(body, "hasMore", false), err);
	return f ? f : turn_page(&x, json_bool_or(body, "hasMore", false), err);
}

/* ---- the heartbeat: the cheapest read that proves account, role and SuiteQL ---- */

enum fault netsuite_ping_ask(const struct account *acc, struct batch b, struct request *r, struct err *err)
{
	return say(acc, b, r, "SELECT id FROM location ORDER BY id", 1, 0, err);
}

enum fault netsuite_ping_hear(const struct account *acc, struct batch b, const struct reply *r, struct news *n, struct err *err)
{
	const struct json *body;
	enum fault f;

	(void)b;
	token_clock(r, n);
	f = open_reply(acc, r, n->arena, &body, err);
	if (!f && !json_is_array(json_get(body, "items")))
		return err_set(err, FAULT_FORMAT, "items: not a page of rows");
	return f;
}
