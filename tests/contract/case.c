#include "tests/contract/case.h"

#include "base/clock.h"
#include "base/json.h"
#include "tests/published_keys.h"

#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- the parts of a file ---- */

static char *file_text(struct arena *a, const char *path)
{
	FILE *f = fopen(path, "rb");
	struct buf b = buf_new(a);
	char chunk[8192];
	size_t n;

	if (!f)
		return NULL;
	while ((n = fread(chunk, 1, sizeof chunk, f)) > 0)
		buf_add(&b, chunk, n);
	fclose(f);
	return b.p;
}

/* The part named so, without the empty lines at its end; NULL when there is none. */
static char *part(struct arena *a, const char *text, const char *name)
{
	const char *from = strstr(text, arena_printf(a, "\n=== %s\n", name)), *to;

	if (!from)
		return NULL;
	from = strchr(from + 1, '\n') + 1;
	to = strstr(from - 1, "\n===");
	to = to ? to : from + strlen(from);
	while (to > from && to[-1] == '\n')
		to--;
	return arena_strndup(a, from, to > from ? (size_t)(to - from) : 0);
}

static char *line_of(struct arena *a, const char **p)
{
	size_t n = strcspn(*p, "\n");
	char *line = arena_strndup(a, *p, n);

	*p += n + ((*p)[n] == '\n');
	return line;
}

/* "key: value" */
static const char *split(char *line)
{
	char *colon = strchr(line, ':');

	if (!colon)
		return "";
	*colon++ = '\0';
	return colon + strspn(colon, " ");
}

/* STATUS or METHOD URL, then headers to the empty line; returns the body. */
static const char *message(struct arena *a, const char *text, const char **first, struct header *h, int *n)
{
	char *line;

	*first = line_of(a, &text);
	for (*n = 0; *text && *(line = line_of(a, &text)); (*n)++) {
		h[*n].value = split(line);
		h[*n].name = line;
	}
	return text;
}

/* ---- settings ---- */

static bool set_text(struct contract_case *c, const char *key, const char *value)
{
	struct { const char *key; const char **to; } known[] = {
		{ "page", &c->job.cursor.page },
		{ "key", &c->job.key },
		{ "account.base_url", &c->account.base_url },
		{ "account.channel_type", &c->account.channel_type },
		{ "account.counts_file", &c->account.counts_file },
		{ "account.customer", &c->account.customer },
		{ "account.refresh_token", &c->account.refresh_token },
		{ "account.seller_id", &c->account.seller_id },
		{ "account.certificate_id", &c->account.certificate_id },
		{ "account.ship_node", &c->account.ship_node },
		{ "account.tenant", &c->account.tenant },
		{ "account.token_id", &c->account.token_id },
		{ "account.token_secret", &c->account.token_secret },
	};

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (!strcmp(key, known[i].key)) {
			*known[i].to = value;
			return true;
		}
	return false;
}

/* A private key stands on many lines; those that standards print have names. */
static bool set_key(struct contract_case *c, const char *value)
{
	static const struct { const char *name, *pem; } keys[] = {
		{ "rsa", PUBLISHED_RSA }, { "p256", PUBLISHED_EC }, { "p256-other", PUBLISHED_EC_OTHER }, { "none", "not a key" },
	};

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (!strcmp(value, keys[i].name)) {
			c->account.private_key = keys[i].pem;
			return true;
		}
	return false;
}

static bool set_time(struct contract_case *c, const char *key, const char *value)
{
	struct { const char *key; int64_t *to; } known[] = {
		{ "now", &c->now_ms }, { "since", &c->job.cursor.since_ms }, { "until", &c->job.cursor.until_ms },
	};

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (!strcmp(key, known[i].key))
			return !time_parse(value, known[i].to);
	return false;
}

static void set(struct contract_case *c, const char *key, const char *value)
{
	if (!strcmp(key, "verb") && verb_from_name(value) != VERBS)
		c->verb = verb_from_name(value);
	else if (!strcmp(key, "sandbox"))
		c->sandbox = !strcmp(value, "yes");
	else if (!strcmp(key, "headers"))
		c->headers_all = !strcmp(value, "all");
	else if (!strcmp(key, "account.marketplace") && c->account.marketplaces < 8)
		c->market[c->account.marketplaces++] = value;
	else if (!strcmp(key, "account.place") && c->account.places < 8)
		c->place[c->account.places++] = value;
	else if (!strcmp(key, "account.notify_customer"))
		c->account.notify_customer = !strcmp(value, "yes");
	else if (!strcmp(key, "account.zero_attested"))
		c->account.zero_attested = !strcmp(value, "yes");
	else if (!strcmp(key, "account.private_key") && set_key(c, value))
		return;
	else if (!set_text(c, key, value) && !set_time(c, key, value))
		c->broken = arena_printf(c->arena, "no such setting: %s: %s", key, value);
}

static struct account account_of(struct contract_case *c)
{
	return (struct account){
		.id = 1,
		.name = arena_printf(c->arena, "%s-us", c->channel->name),
		.channel = c->channel->name,
		.base_url = !strcmp(c->channel->name, "shopify") ? "https://example.myshopify.com" : c->channel->base_url, /* each shop has its own */
		.token_url = c->channel->token_url,
		.client_id = "CLIENT-ID",
		.client_secret = "CLIENT-SECRET",
		.refresh_token = "",
		.access_token = "ACCESS-TOKEN",
		.seller_id = "SELLER1",
		.marketplace = c->market,
		.ship_node = "",
		.service_name = "Walmart Marketplace",
		.channel_type = "",
		.counts_file = "/srv/counts.csv",
		.tenant = "",
		.customer = "",
		.token_id = "",
		.token_secret = "",
		.private_key = "",
		.certificate_id = "",
		.place = c->place,
	};
}

/* ---- the file ---- */

static void read_head(struct contract_case *c, const char *p)
{
	while (*p && strncmp(p, "===", 3)) {
		char *line = line_of(c->arena, &p);

		if (*line == '#')
			c->why = *c->why ? c->why : line + 1 + strspn(line + 1, " ");
		else if (*line) {
			const char *value = split(line);

			set(c, line, value);
		}
	}
}

static void read_reply(struct contract_case *c, const char *text)
{
	struct header *h = arena_alloc(c->arena, 32 * sizeof *h);
	const char *first;

	c->reply.body = message(c->arena, text, &first, h, &c->reply.headers);
	c->reply.body_len = strlen(c->reply.body);
	c->reply.status = atoi(first);
	c->reply.header = h;
	c->reply.received_ms = c->now_ms;
}

static void read_parts(struct contract_case *c, const char *text)
{
	const char *job = part(c->arena, text, "job"), *reply = part(c->arena, text, "reply");
	struct err err;

	c->request = part(c->arena, text, "request");
	c->news = part(c->arena, text, "news");
	c->job.verb = c->verb;
	c->job.subject = "";
	if (fields_unpack(c->arena, job ? job : "", &c->job.payload, &err))
		c->broken = arena_strdup(c->arena, err.text);
	if (reply)
		read_reply(c, reply);
	if (c->verb == VERBS || !c->request || !reply != !c->news)
		c->broken = "a verb, a request, and either a reply with its news or neither are wanted";
	else if (!c->channel->say[c->verb].ask)
		c->broken = arena_printf(c->arena, "%s has no %s", c->channel->name, verb_name(c->verb));
}

void case_read(struct arena *a, const char *path, struct contract_case *c)
{
	const char *text = file_text(a, path);

	*c = (struct contract_case){ .arena = a, .file = path, .why = "", .verb = VERBS, .now_ms = 1795176000000 }; /* 2026-11-20T12:00:00Z */
	c->reply.body = "";
	c->job.cursor.page = "";
	c->channel = channel_find(basename(dirname(arena_strdup(a, path))));
	if (!text || !c->channel) {
		c->broken = text ? "its folder is no channel" : "it cannot be read";
		return;
	}
	c->account = account_of(c);
	read_head(c, text);
	read_parts(c, text);
}

/* ---- said and heard ---- */

static struct batch batch_of(const struct contract_case *c)
{
	return (struct batch){ &c->job, 1, c->now_ms };
}

enum fault case_ask(const struct contract_case *c, struct request *r, struct err *err)
{
	*r = (struct request){ .arena = c->arena, .op = c->channel->say[c->verb].op, .correlation = "00000000-0000-4000-8000-000000000001" };
	return c->channel->say[c->verb].ask(&c->account, batch_of(c), r, err);
}

enum fault case_hear(const struct contract_case *c, const struct reply *r, struct news *n, struct err *err)
{
	return c->channel->say[c->verb].hear(&c->account, batch_of(c), r, n, err);
}

/* JSON in one spelling; anything else as it is, but for the ends of lines at its end (a form's last line has one). */
static const char *tidy(struct arena *a, const char *body, size_t n)
{
	const struct json *j;

	while (n && (body[n - 1] == '\n' || body[n - 1] == '\r'))
		n--;
	return json_open(a, body, n, &j, NULL) ? arena_strndup(a, body, n) : json_print(a, j);
}

static const char *header_of(const struct request *r, const char *name)
{
	for (int i = 0; i < r->headers; i++)
		if (!strcasecmp(r->header[i].name, name))
			return r->header[i].value;
	return "(not there)";
}

/* "....*": a signature that has chance in it follows; the sandbox is who reads it. */
static bool ends_in_signature(const char *body)
{
	size_t n = strlen(body);

	return n > 2 && !strcmp(body + n - 2, ".*");
}

const char *case_request_differs(const struct contract_case *c, const struct request *r)
{
	struct header want[32];
	const char *first, *body, *is;
	int n;

	body = message(c->arena, c->request, &first, want, &n);
	is = arena_printf(c->arena, "%s %s", r->method, r->url);
	if (strcmp(first, is))
		return arena_printf(c->arena, "the request is\n  %s\nand not\n  %s", is, first);
	for (int i = 0; i < n; i++)
		if (strcmp(header_of(r, want[i].name), want[i].value))
			return arena_printf(c->arena, "%s is %s and not %s", want[i].name, header_of(r, want[i].name), want[i].value);
	if (c->headers_all && n != r->headers)
		return arena_printf(c->arena, "%d headers are sent and not %d", r->headers, n);
	body = tidy(c->arena, body, strlen(body));
	is = r->body ? tidy(c->arena, r->body, r->body_len) : "";
	if (ends_in_signature(body) && !strncmp(is, body, strlen(body) - 1) && strlen(is) > strlen(body) + 80)
		return NULL;
	return strcmp(is, body) ? arena_printf(c->arena, "the body is\n  %s\nand not\n  %s", is, body) : NULL;
}

const char *case_differs(const struct contract_case *c)
{
	struct news n = news_new(c->arena);
	struct err err = { 0 };
	struct request r;
	const char *is;
	enum fault f;

	if (c->broken)
		return c->broken;
	f = case_ask(c, &r, &err);
	is = arena_printf(c->arena, "refused: %s", err.text);
	if (f)
		return f == FAULT_REFUSED && !strcmp(is, c->request) ? NULL : arena_printf(c->arena, "it cannot be said (%s): %s", fault_name(f), err.text);
	is = case_request_differs(c, &r);
	if (is || !c->news)
		return is;
	f = case_hear(c, &c->reply, &n, &err);
	is = case_news(c->arena, &n, f, &err);
	return strcmp(is, arena_printf(c->arena, "%s\n", c->news)) ? arena_printf(c->arena, "the news is\n%s", is) : NULL;
}

/* ---- shapes ---- */

static const char *kind_of(const struct json *v)
{
	return json_is_object(v)   ? "object"
	       : json_is_array(v)  ? "array"
	       : json_is_number(v) ? "number"
	       : json_is_bool(v)   ? "truth"
	       : json_is_text(v)   ? "text"
	                           : "null";
}

static const char *lacks(struct arena *a, const struct json *want, const struct json *got, const char *path)
{
	const char *missing = NULL;

	if (strcmp(kind_of(want), kind_of(got)))
		return arena_printf(a, "%s: %s and not %s", *path ? path : "the whole", kind_of(got), kind_of(want));
	if (json_is_array(want) && json_first(want) && json_first(got))
		return lacks(a, json_first(want), json_first(got), arena_printf(a, "%s[0]", path));
	if (!json_is_object(want))
		return NULL;
	for (const struct json *m = json_first(want); m && !missing; m = json_next(m)) {
		const char *at = arena_printf(a, "%s%s%s", path, *path ? "." : "", json_key(m));
		const struct json *same = json_first(got);

		while (same && strcmp(json_key(same), json_key(m)))
			same = json_next(same);
		missing = same ? lacks(a, m, same, at) : arena_printf(a, "%s: not there", at);
	}
	return missing;
}

const char *case_lacks(struct arena *a, const char *want, const char *got)
{
	const struct json *w, *g;
	struct err err;

	if (json_open(a, want, strlen(want), &w, &err))
		return arena_printf(a, "the case's own body: %s", err.text);
	if (json_open(a, got, strlen(got), &g, &err))
		return arena_strdup(a, err.text);
	return lacks(a, w, g, "");
}
