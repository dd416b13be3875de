/*
 * direct.c: the transport that stays in this process.
 *
 * A handler hears the request at once, as a fast line would have it; its answer is put in a row and
 * handed out when the clock has passed its delay. Nothing here sleeps: whoever owns the clock moves it.
 */
#include "net/listen.h"

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
