#ifndef TALLYMAN_CASE_H
#define TALLYMAN_CASE_H
/*
 * case.h: a contract case as a text file: what we say, what they answer, what we make of it.
 *
 *	# one sentence: why this case is here
 *	verb: ship
 *	sandbox: yes
 *
 *	=== job        payload lines key=value
 *	=== request    METHOD URL, headers, empty line, body; or "refused: SENTENCE" when it cannot be said
 *	=== reply      STATUS, headers, empty line, body
 *	=== news       what hear made of it, as case_news prints it
 *
 * The folder is the channel. More settings before the first part: now, since, until (times), page, headers: all (the
 * request has exactly those), account.KEY for ship_node, marketplace, seller_id, channel_type, counts_file, refresh_token, base_url.
 * A reader of these files needs nothing else; so the sandbox can be held to them too (tests/contract/README.md).
 */
#include "base/arena.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/text.h"
#include "channels/channel.h"

#include <inttypes.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define CASE_FN static __attribute__((unused))

struct contract_case {
	struct arena *arena;
	const char *file, *why;
	const struct channel *channel;
	enum verb verb;
	bool sandbox, headers_all;
	int64_t now_ms;
	struct account account;
	const char *market[8];
	struct job job;
	const char *request; /* as written */
	struct reply reply;
	const char *news;
	char fault[240]; /* what is wrong with the case itself */
};

/* ---- reading ---- */

CASE_FN char *case_file(struct arena *a, const char *path, size_t *n)
{
	FILE *f = fopen(path, "rb");
	struct buf b = buf_new(a);
	char chunk[8192];
	size_t got;

	if (!f)
		return NULL;
	while ((got = fread(chunk, 1, sizeof chunk, f)) > 0)
		buf_add(&b, chunk, got);
	fclose(f);
	*n = b.len;
	return b.p;
}

/* The part named so, without the empty lines around it; NULL when there is none. */
CASE_FN char *case_part(struct arena *a, const char *text, const char *name)
{
	const char *from = strstr(text, arena_printf(a, "\n=== %s\n", name));
	const char *to;

	if (!from)
		return NULL;
	from = strchr(from + 1, '\n') + 1;
	to = strstr(from - 1, "\n===");
	if (!to)
		to = from + strlen(from);
	while (to > from && to[-1] == '\n')
		to--;
	return arena_strndup(a, from, to > from ? (size_t)(to - from) : 0);
}

CASE_FN const char *case_line(struct arena *a, const char **p)
{
	size_t n = strcspn(*p, "\n");
	char *line = arena_strndup(a, *p, n);

	*p += n + ((*p)[n] == '\n');
	return line;
}

CASE_FN void case_setting(struct contract_case *c, const char *key, const char *value)
{
	struct { const char *key; const char **to; } text[] = {
		{ "page", &c->job.cursor.page },
		{ "account.ship_node", &c->account.ship_node },
		{ "account.seller_id", &c->account.seller_id },
		{ "account.channel_type", &c->account.channel_type },
		{ "account.counts_file", &c->account.counts_file },
		{ "account.refresh_token", &c->account.refresh_token },
		{ "account.base_url", &c->account.base_url },
	};
	struct { const char *key; int64_t *to; } time[] = {
		{ "now", &c->now_ms }, { "since", &c->job.cursor.since_ms }, { "until", &c->job.cursor.until_ms },
	};

	for (size_t i = 0; i < sizeof text / sizeof *text; i++)
		if (!strcmp(key, text[i].key)) {
			*text[i].to = value;
			return;
		}
	for (size_t i = 0; i < sizeof time / sizeof *time; i++)
		if (!strcmp(key, time[i].key) && !time_parse(value, time[i].to))
			return;
	if (!strcmp(key, "verb") && (c->verb = verb_from_name(value)) != VERBS)
		return;
	if (!strcmp(key, "sandbox")) {
		c->sandbox = !strcmp(value, "yes");
		return;
	}
	if (!strcmp(key, "headers")) {
		c->headers_all = !strcmp(value, "all");
		return;
	}
	if (!strcmp(key, "account.marketplace") && c->account.marketplaces < 8) {
		c->market[c->account.marketplaces++] = value;
		return;
	}
	snprintf(c->fault, sizeof c->fault, "no such setting: %s: %s", key, value);
}

/* STATUS or METHOD URL, then headers, then the body. */
CASE_FN const char *case_message(struct arena *a, const char *text, const char **first, struct header *h, int *n)
{
	const char *line;

	*first = case_line(a, &text);
	*n = 0;
	while (*text && *(line = case_line(a, &text))) {
		size_t k = strcspn(line, ":");

		h[*n].name = arena_strndup(a, line, k);
		h[(*n)++].value = line[k] ? line + k + 1 + strspn(line + k + 1, " ") : "";
	}
	return text;
}

CASE_FN void case_read(struct arena *a, const char *path, struct contract_case *c)
{
	static const struct contract_case nothing;
	struct header *h = arena_alloc(a, 32 * sizeof *h);
	size_t n;
	char *text = case_file(a, path, &n);
	const char *p = text, *job, *reply, *first, *line;
	struct err err;

	*c = nothing;
	c->arena = a;
	c->file = path;
	c->verb = VERBS;
	c->why = "";
	if (!text) {
		snprintf(c->fault, sizeof c->fault, "cannot be read");
		return;
	}
	c->channel = channel_find(basename(dirname(arena_strdup(a, path))));
	if (!c->channel) {
		snprintf(c->fault, sizeof c->fault, "its folder is no channel");
		return;
	}
	c->account = (struct account){
		.id = 1,
		.name = arena_printf(a, "%s-us", c->channel->name),
		.channel = c->channel->name,
		.base_url = c->channel->base_url,
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
	};
	c->now_ms = 1795176000000; /* 2026-11-20T12:00:00Z */
	c->job.cursor.page = "";
	while (*p && strncmp(p, "===", 3)) {
		size_t k;

		line = case_line(a, &p);
		k = strcspn(line, ":");
		if (*line == '#')
			c->why = *c->why ? c->why : line + 1 + strspn(line + 1, " ");
		else if (*line)
			case_setting(c, arena_strndup(a, line, k), line[k] ? line + k + 1 + strspn(line + k + 1, " ") : "");
	}
	job = case_part(a, text, "job");
	c->request = case_part(a, text, "request");
	reply = case_part(a, text, "reply");
	c->news = case_part(a, text, "news");
	if (fields_unpack(a, job ? job : "", &c->job.payload, &err))
		snprintf(c->fault, sizeof c->fault, "%s", err.text);
	if (c->verb == VERBS || !c->request || (!reply) != (!c->news))
		snprintf(c->fault, sizeof c->fault, "a verb, a request, and reply with news or neither are wanted");
	if (c->verb != VERBS && !c->channel->say[c->verb].ask)
		snprintf(c->fault, sizeof c->fault, "%s has no %s", c->channel->name, verb_name(c->verb));
	c->job.verb = c->verb;
	c->job.subject = "";
	c->reply.body = "";
	if (reply) {
		c->reply.body = case_message(a, reply, &first, h, &c->reply.headers);
		c->reply.body_len = strlen(c->reply.body);
		c->reply.status = atoi(first);
		c->reply.header = h;
		c->reply.received_ms = c->now_ms;
	}
}

/* ---- saying ---- */

CASE_FN enum fault case_ask(const struct contract_case *c, struct request *r, struct err *err)
{
	*r = (struct request){ .arena = c->arena, .op = c->channel->say[c->verb].op };
	strcpy(r->correlation, "00000000-0000-4000-8000-000000000001");
	return c->channel->say[c->verb].ask(&c->account, (struct batch){ &c->job, 1, c->now_ms }, r, err);
}

CASE_FN const char *case_tidy(struct arena *a, const char *body, size_t n)
{
	const struct json *j;

	return json_open(a, body, n, &j, NULL) ? body : json_print(a, j);
}

/* NULL: it is what the case says; else what differs. */
CASE_FN const char *case_request_differs(const struct contract_case *c, const struct request *r)
{
	struct header want[32];
	const char *first, *body, *is;
	int n;

	body = case_message(c->arena, c->request, &first, want, &n);
	is = arena_printf(c->arena, "%s %s", r->method, r->url);
	if (strcmp(first, is))
		return arena_printf(c->arena, "the request is\n  %s\nand not\n  %s", is, first);
	for (int i = 0; i < n; i++) {
		const char *value = NULL;

		for (int k = 0; k < r->headers; k++)
			if (!strcasecmp(r->header[k].name, want[i].name))
				value = r->header[k].value;
		if (!value || strcmp(value, want[i].value))
			return arena_printf(c->arena, "header %s is %s and not %s", want[i].name, value ? value : "not there", want[i].value);
	}
	if (c->headers_all && n != r->headers)
		return arena_printf(c->arena, "%d headers are sent and not %d", r->headers, n);
	body = case_tidy(c->arena, body, strlen(body));
	is = r->body ? case_tidy(c->arena, r->body, r->body_len) : "";
	return strcmp(is, body) ? arena_printf(c->arena, "the body is\n  %s\nand not\n  %s", is, body) : NULL;
}

/* ---- what was made of it, as text ---- */

CASE_FN const char *case_time(struct arena *a, int64_t ms)
{
	char *out = arena_alloc(a, 32);

	time_iso_s(ms, out);
	return out;
}

CASE_FN const char *case_money(struct arena *a, int64_t minor, const char *currency)
{
	char *out = arena_alloc(a, 48);

	text_money(minor, currency ? currency : "USD", out);
	return out;
}

CASE_FN void case_put(struct buf *b, const char *name, const char *value)
{
	if (value && *value)
		buf_printf(b, "  %s %s\n", name, value);
}

CASE_FN void case_put_time(struct buf *b, const char *name, int64_t ms)
{
	if (ms)
		buf_printf(b, "  %s %s\n", name, case_time(b->arena, ms));
}

CASE_FN void case_order_line(struct buf *b, const struct order *o, const struct order_line *l)
{
	buf_printf(b, "  line %s %s x%" PRId64 ":", l->ref, l->sku, l->qty);
	for (int s = 0; s < ORDER_STATES; s++)
		if (l->bucket[s]) {
			static const char *const names[ORDER_STATES] = { "PENDING", "NEW", "ACKED", "RELEASED", "PICKING",
				                                         "PACKED", "SHIPPED", "DELIVERED", "CANCELLED", "UNKNOWN" };
			buf_printf(b, " %s %" PRId64, names[s], l->bucket[s]);
		}
	buf_printf(b, "; %s", case_money(b->arena, l->price_minor, o->currency));
	if (l->tax_minor)
		buf_printf(b, ", tax %s", case_money(b->arena, l->tax_minor, o->currency));
	if (l->ship_minor)
		buf_printf(b, ", shipping %s", case_money(b->arena, l->ship_minor, o->currency));
	if (l->raw_state)
		buf_printf(b, "; says %s", l->raw_state);
	if (l->money)
		buf_printf(b, "; money %s", l->money);
	if (l->tracking)
		buf_printf(b, "; %s %s", l->carrier ? l->carrier : "?", l->tracking);
	if (l->title)
		buf_printf(b, "; %s", l->title);
	buf_putc(b, '\n');
}

CASE_FN void case_order(struct buf *b, const struct order *o)
{
	const struct person *p = o->person;

	buf_printf(b, "order %s at %s\n", o->ref, o->path);
	case_put(b, "other", o->other_ref);
	case_put(b, "marketplace", o->marketplace);
	case_put(b, "says", o->raw_state);
	case_put_time(b, "placed", o->placed_ms);
	case_put_time(b, "updated", o->updated_ms);
	case_put_time(b, "acknowledge by", o->ack_by_ms);
	case_put_time(b, "ship by", o->ship_by_ms);
	case_put_time(b, "deliver by", o->deliver_by_ms);
	case_put_time(b, "cancelled at", o->cancel_by_ms);
	if (o->flags)
		buf_printf(b, "  flags%s%s%s%s\n", o->flags & ORDER_HOLD ? " HOLD" : "", o->flags & ORDER_CANCEL_REQ ? " CANCEL_REQ" : "",
		           o->flags & ORDER_EXCEPTION ? " EXCEPTION" : "", o->flags & ORDER_READ_ONLY ? " READ_ONLY" : "");
	buf_printf(b, "  total %s, tax %s, shipping %s\n", case_money(b->arena, o->total_minor, o->currency),
	           case_money(b->arena, o->tax_minor, o->currency), case_money(b->arena, o->ship_minor, o->currency));
	case_put(b, "service", o->service);
	case_put(b, "node", o->node);
	if (p) {
		const char *part[] = { p->name, p->email, p->phone, p->address1, p->address2, p->city, p->state, p->postal, p->country };

		buf_puts(b, "  person");
		for (size_t i = 0; i < sizeof part / sizeof *part; i++)
			buf_printf(b, "%s %s", i ? " |" : "", part[i] ? part[i] : "-");
		buf_putc(b, '\n');
	}
	case_put(b, "country", o->country);
	for (int i = 0; i < o->lines; i++)
		case_order_line(b, o, &o->line[i]);
}

CASE_FN void case_seen(struct buf *b, const struct seen *s)
{
	buf_printf(b, "seen %s: ", s->sku);
	buf_printf(b, s->qty < 0 ? "no quantity" : "%" PRId64, s->qty);
	buf_printf(b, ", pool %s", s->pool);
	if (s->marketplace && *s->marketplace)
		buf_printf(b, ", marketplace %s", s->marketplace);
	if (s->node && *s->node)
		buf_printf(b, ", node %s", s->node);
	if (s->product_type)
		buf_printf(b, ", type %s", s->product_type);
	if (s->title)
		buf_printf(b, ", %s", s->title);
	buf_printf(b, "; at %s\n", s->path);
}

CASE_FN void case_facts(struct buf *b, const struct news *n)
{
	for (int i = 0; i < n->orders; i++)
		case_order(b, &n->order[i]);
	for (int i = 0; i < n->seens; i++)
		case_seen(b, &n->seen[i]);
	for (int i = 0; i < n->counts; i++) {
		const struct count *c = &n->count[i];

		buf_printf(b, "count %s: %" PRId64 "%s%s%s%s", c->sku, c->qty, c->place ? ", at " : "", c->place ? c->place : "",
		           c->title ? ", " : "", c->title ? c->title : "");
		buf_printf(b, "%s%s\n", c->valid_ms ? ", counted " : "", c->valid_ms ? case_time(b->arena, c->valid_ms) : "");
	}
	for (int i = 0; i < n->feeds; i++) {
		const struct feed *f = &n->feed[i];

		buf_printf(b, "feed %s: %s %s, %" PRId64 " items, %" PRId64 " good, %" PRId64 " bad, %" PRId64 " waiting%s%s\n", f->id,
		           f->type ? f->type : "?", f->state, f->items, f->good, f->bad, f->waiting, f->made_ms ? ", made " : "",
		           f->made_ms ? case_time(b->arena, f->made_ms) : "");
	}
}

/* Everything news holds, one line a fact; or the fault and its sentence. */
CASE_FN const char *case_news(struct arena *a, const struct news *n, enum fault fault, const struct err *err)
{
	struct buf b = buf_new(a);

	if (fault) {
		buf_printf(&b, "fault %s: %s\n", fault_name(fault), err->text);
		return b.p;
	}
	case_facts(&b, n);
	for (int i = 0; i < n->receipts; i++) {
		const struct receipt *r = &n->receipt[i];

		buf_printf(&b, "receipt %d: %s%s%s%s%s%s\n", r->job, fault_name(r->fault), r->final ? ", final" : "", r->ref ? ", their " : "",
		           r->ref ? r->ref : "", r->text ? ": " : "", r->text ? r->text : "");
	}
	for (int i = 0; i < n->parkeds; i++)
		buf_printf(&b, "parked %s %s at %s: %s\n", n->parked[i].class, n->parked[i].subject, n->parked[i].path, n->parked[i].text);
	for (int i = 0; i < n->odds; i++)
		buf_printf(&b, "odd %s at %s in %s\n", n->odd[i].word, n->odd[i].path, n->odd[i].subject);
	for (int i = 0; i < n->follows; i++) {
		char *payload = n->follow[i].payload ? fields_pack(n->follow[i].payload, a) : (char *)"";

		for (char *p = payload; *p; p++)
			*p = *p == '\n' ? ' ' : *p;
		buf_printf(&b, "follow %s %s %s\n", verb_name(n->follow[i].verb), n->follow[i].subject, payload);
	}
	if (n->has_page)
		buf_printf(&b, n->next_page ? "page next %s\n" : "page last\n", n->next_page);
	if (n->token)
		buf_printf(&b, "token %s for %" PRId64 " s\n", n->token, n->token_life_s);
	if (n->offset_ms)
		buf_printf(&b, "their clock is %+" PRId64 " ms from ours\n", n->offset_ms);
	if (n->scopes)
		buf_printf(&b, "scopes %s\n", n->scopes);
	return b.len ? b.p : "nothing\n";
}

/* The whole case: NULL when all is as it says. */
CASE_FN const char *case_differs(const struct contract_case *c)
{
	struct request r;
	struct err err = { 0 };
	struct news n = news_new(c->arena);
	const char *is;
	enum fault f;

	if (*c->fault)
		return c->fault;
	f = case_ask(c, &r, &err);
	if (f) {
		is = arena_printf(c->arena, "refused: %s", err.text);
		return f != FAULT_REFUSED        ? "ask may say no, nothing else"
		       : strcmp(is, c->request) ? arena_printf(c->arena, "it cannot be said:\n  %s", is)
		                                : NULL;
	}
	is = case_request_differs(c, &r);
	if (is || !c->news)
		return is;
	f = c->channel->say[c->verb].hear(&c->account, (struct batch){ &c->job, 1, c->now_ms }, &c->reply, &n, &err);
	is = case_news(c->arena, &n, f, &err);
	return strcmp(is, arena_printf(c->arena, "%s\n", c->news)) ? arena_printf(c->arena, "the news is\n%s", is) : NULL;
}

#endif
