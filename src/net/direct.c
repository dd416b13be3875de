/*
 * direct.c: the transport that stays in this process.
 *
 * A handler hears the request at once, as a fast line would have it; its answer is put in a row and
 * handed out when the clock has passed its delay. Nothing here sleeps: whoever owns the clock moves it.
 */
#include "net/listen.h"
#include "net/url.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* An answer under way, in its own arena. */
struct pending {
	struct pending *next;
	int64_t due_ms;
	struct finished finished;
};

struct direct {
	struct transport transport; /* first: a transport is cast to it */
	struct clock clock;
	struct direct_route *route;
	int routes;
	struct pending *pending; /* earliest first, then in the order of their starts */
};

/* "https://a.example" is no prefix of "https://a.example.org". */
static bool is_below(const char *url, const char *prefix)
{
	size_t n = strlen(prefix);

	return !strncmp(url, prefix, n) && (!url[n] || strchr("/?#", url[n]) || (n && prefix[n - 1] == '/'));
}

static const struct direct_route *route_of(const struct direct *d, const char *url)
{
	const struct direct_route *best = NULL;

	for (int i = 0; i < d->routes; i++)
		if (is_below(url, d->route[i].prefix) && (!best || strlen(d->route[i].prefix) > strlen(best->prefix)))
			best = &d->route[i];
	return best;
}

static void fail(struct reply *r, enum fault fault, const char *host, const char *what)
{
	*r = (struct reply){ .fault = fault, .body = "" };
	snprintf(r->text, sizeof r->text, "%s %s", host, what);
}

static unsigned little(const unsigned char *p, int bytes)
{
	return (unsigned)p[0] | (unsigned)p[1] << 8 | (bytes > 2 ? (unsigned)p[2] << 16 | (unsigned)p[3] << 24 : 0);
}

/*
 * What the real transport undoes by libcurl: a body whose header says that it is gzip (RFC 1952). Who answers in this process stores and does not
 * compress (RFC 1951, 3.2.4); anything else is no gzip here.
 */
static bool unzip(struct arena *a, struct reply *r)
{
	const unsigned char *p = (const unsigned char *)r->body, *end = p + r->body_len;
	struct buf b = buf_new(a);
	bool last = false;

	if (r->body_len < 18 || p[0] != 0x1f || p[1] != 0x8b || p[2] != 8 || p[3])
		return false;
	for (p += 10, end -= 8; !last; p += 5 + little(p + 1, 2)) {
		if (end - p < 5 || *p > 1 || (size_t)(end - p) < 5 + (size_t)little(p + 1, 2) || little(p + 1, 2) != (~little(p + 3, 2) & 0xffff))
			return false;
		last = *p & 1;
		buf_add(&b, (const char *)p + 5, little(p + 1, 2));
	}
	if (p != end || little(end + 4, 4) != (unsigned)b.len)
		return false;
	r->body = b.p;
	r->body_len = b.len;
	return true;
}

static void undo_encoding(struct arena *a, struct served *s, const char *host)
{
	const char *encoding = reply_header(&s->reply, "Content-Encoding");

	if (s->reply.fault || !encoding || strcmp(encoding, "gzip") || unzip(a, &s->reply))
		return;
	fail(&s->reply, FAULT_UNSURE, host, "has heard this, but its answer is no gzip");
}

/* What becomes of the answer on the line. Returns how long it takes until our side knows. */
static int64_t deliver(struct served *s, const char *host)
{
	struct reply *r = &s->reply;

	if (!r->body)
		r->body = "";
	if (r->fault)
		return s->delay_ms;
	if (!r->status || !s->cut_at || s->delay_ms > http_rules.total_ms) {
		fail(r, FAULT_UNSURE, host, "may have heard this: no whole answer within the time allowed");
		return http_rules.total_ms;
	}
	if (s->cut_at > 0 && (size_t)s->cut_at < r->body_len) {
		fail(r, FAULT_UNSURE, host, "has heard this, but its answer broke off");
	} else if (r->body_len > http_rules.body_max) {
		r->fault = FAULT_FORMAT;
		snprintf(r->text, sizeof r->text, "%s answered more than %zu bytes", host, http_rules.body_max);
		r->body = "";
		r->body_len = 0;
	}
	return s->delay_ms;
}

static void enqueue(struct direct *d, struct pending *p)
{
	struct pending **at = &d->pending;

	while (*at && (*at)->due_ms <= p->due_ms)
		at = &(*at)->next;
	p->next = *at;
	*at = p;
}

static enum fault direct_start(struct transport *transport, int64_t id, const struct request *r, struct err *err)
{
	struct direct *d = (struct direct *)transport;
	const struct direct_route *route = route_of(d, r->url);
	struct served s = { .reply = { .status = 500, .body = "" }, .cut_at = -1 };
	struct arena *a;
	struct pending *p;
	char host[80];

	url_host(r->url, host, sizeof host);
	if (!r->op)
		return err_set(err, FAULT_NET, "no request to %s was made: it names no operation of limits.csv", host);
	a = arena_new();
	if (route)
		route->handler.serve(route->handler.ctx, a, r, &s);
	else
		fail(&s.reply, FAULT_NET, host, "was not reached: nobody is simulated there");
	p = arena_alloc(a, sizeof *p);
	p->due_ms = clock_now(&d->clock) + deliver(&s, host);
	undo_encoding(a, &s, host);
	p->finished = (struct finished){ id, s.reply, a };
	enqueue(d, p);
	return OK;
}

static bool direct_next(struct transport *transport, struct finished *out)
{
	struct direct *d = (struct direct *)transport;
	struct pending *p = d->pending;

	if (!p || p->due_ms > clock_now(&d->clock))
		return false;
	d->pending = p->next;
	*out = p->finished;
	out->reply.received_ms = p->due_ms;
	return true;
}

static void direct_wait(struct transport *transport, const int *fds, int n, int64_t until_ms)
{
	(void)transport, (void)fds, (void)n, (void)until_ms;
}

int64_t direct_next_due(const struct transport *transport)
{
	const struct direct *d = (const struct direct *)transport;

	return d->pending ? d->pending->due_ms : INT64_MAX;
}

static void direct_close(struct transport *transport)
{
	struct direct *d = (struct direct *)transport;

	while (d->pending) {
		struct pending *p = d->pending;

		d->pending = p->next;
		arena_free(p->finished.arena);
	}
	free(d->route);
	free(d);
}

struct transport *direct_open(const struct clock *clock, const struct direct_route *routes, int n)
{
	struct direct *d = calloc(1, sizeof *d);

	if (!d || !(d->route = calloc((size_t)n + 1, sizeof *d->route)))
		abort();
	d->transport = (struct transport){ direct_start, direct_next, direct_wait, direct_close };
	d->clock = *clock;
	memcpy(d->route, routes, (size_t)n * sizeof *routes);
	d->routes = n;
	return &d->transport;
}
