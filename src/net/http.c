/* http.c: the real transport, one curl_multi. What one request is, and what libcurl must not do with it, is transfer.c's. */
#include "net/http_inside.h"

#include "net/url.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

const struct http_rules http_rules = {
	.connect_ms = 10000,
	.total_ms = 60000,
	.low_speed_bytes = 100,
	.low_speed_s = 30,
	.trickle_s = 4, /* looked at once a second: given up within five */
	.body_max = 16 * 1024 * 1024,
	.headers_max = 256 * 1024,
	.host_connections = 4,
};

enum {
	EXTRA_FDS = 16,
	NAP_MAX_MS = 60000, /* look at the clock once a minute, should somebody have set it */
};

struct http {
	struct transport transport; /* first: a transport is cast to it */
	struct clock clock;
	struct http_rules rules;
	bool allow_http;
	CURLM *multi;
	size_t held; /* bytes of bodies that are not whole yet */
	struct transfer *active;
	struct transfer *done, **done_tail;
};

/* ---- a request on its way out ---- */

static bool has_control(const char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			return true;
	return false;
}

static enum fault request_check(const struct http *h, const struct request *r, struct err *err)
{
	char host[256], scheme[16];

	url_host(r->url, host, sizeof host);
	if (!host[0])
		return err_set(err, FAULT_NET, "no request was made: the address has no host; check base_url");
	if (!r->op)
		return err_set(err, FAULT_NET, "no request to %s was made: it names no operation of limits.csv", host);
	if (url_has_user(r->url))
		return err_set(err, FAULT_NET, "no request to %s was made: credentials do not belong in an address", host);
	url_scheme(r->url, scheme, sizeof scheme);
	if (strcmp(scheme, "https") && !(h->allow_http && !strcmp(scheme, "http") && url_is_loopback(r->url)))
		return err_set(err, FAULT_NET, "no request to %s was made: only https is spoken, or http to this machine in a test; check base_url",
		               host);
	for (int i = 0; i < r->headers; i++)
		if (has_control(r->header[i].name) || has_control(r->header[i].value))
			return err_set(err, FAULT_NET, "no request to %s was made: header %d holds a control character", host, i + 1);
	return OK;
}

static enum fault http_start(struct transport *transport, int64_t id, const struct request *r, struct err *err)
{
	struct http *h = (struct http *)transport;
	struct transfer *t;

	if (request_check(h, r, err))
		return FAULT_NET;
	t = transfer_open(id, r, &h->rules, h->allow_http, &h->held);
	t->next = h->active;
	h->active = t;
	curl_multi_add_handle(h->multi, t->easy);
	return OK;
}

/* ---- a reply on its way in ---- */

static void http_unlink(struct http *h, const struct transfer *t)
{
	struct transfer **at = &h->active;

	while (*at != t)
		at = &(*at)->next;
	*at = t->next;
}

/* Let every transfer move as far as it can; those that ended are put in a row for http_next. */
static void http_move(struct http *h)
{
	int running, left;
	const CURLMsg *m;

	curl_multi_perform(h->multi, &running);
	while ((m = curl_multi_info_read(h->multi, &left))) {
		struct transfer *t;

		if (m->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, (char **)&t);
		t->code = m->data.result;
		http_unlink(h, t);
		t->next = NULL;
		*h->done_tail = t;
		h->done_tail = &t->next;
	}
}

static void http_drop(struct http *h, struct transfer *t)
{
	curl_multi_remove_handle(h->multi, t->easy);
	transfer_close(t);
}

static bool http_next(struct transport *transport, struct finished *out)
{
	struct http *h = (struct http *)transport;
	struct transfer *t;

	if (!h->done)
		http_move(h);
	t = h->done;
	if (!t)
		return false;
	h->done = t->next;
	if (!h->done)
		h->done_tail = &h->done;
	out->id = t->id;
	out->arena = t->arena;
	transfer_reply(t, clock_now(&h->clock), &out->reply);
	h->held -= t->body_len;
	http_drop(h, t);
	return true;
}

static void http_wait(struct transport *transport, const int *fds, int n, int64_t until_ms)
{
	struct http *h = (struct http *)transport;
	struct curl_waitfd extra[EXTRA_FDS];
	unsigned used = 0;
	int64_t now = clock_now(&h->clock), nap = 0;

	assert(n <= EXTRA_FDS);
	http_move(h);
	if (h->done)
		return;
	for (int i = 0; i < n; i++)
		if (fds[i] >= 0)
			extra[used++] = (struct curl_waitfd){ .fd = fds[i], .events = CURL_WAIT_POLLIN };
	if (until_ms > now)
		nap = until_ms - now < NAP_MAX_MS * 1000L ? clock_real_span(&h->clock, until_ms - now) : NAP_MAX_MS;
	curl_multi_poll(h->multi, extra, used, nap < NAP_MAX_MS ? (int)nap : NAP_MAX_MS, NULL);
	http_move(h);
}

static void http_close(struct transport *transport)
{
	struct http *h = (struct http *)transport;
	struct finished f;

	while (h->active) {
		struct transfer *t = h->active;

		h->active = t->next;
		http_drop(h, t);
		arena_free(t->arena);
	}
	while (h->done && http_next(transport, &f))
		arena_free(f.arena);
	curl_multi_cleanup(h->multi);
	curl_global_cleanup();
	free(h);
}

struct transport *http_open_rules(const struct clock *clock, bool allow_http, const struct http_rules *rules)
{
	struct http *h = calloc(1, sizeof *h);

	unsetenv("SSLKEYLOGFILE"); /* libcurl would write every session's keys there */
	if (!h || curl_global_init(CURL_GLOBAL_DEFAULT) || !(h->multi = curl_multi_init()))
		abort();
	h->transport = (struct transport){ http_start, http_next, http_wait, http_close };
	h->clock = *clock;
	h->rules = *rules;
	h->allow_http = allow_http;
	h->done_tail = &h->done;
	curl_multi_setopt(h->multi, CURLMOPT_MAX_HOST_CONNECTIONS, rules->host_connections);
	return &h->transport;
}

struct transport *http_open(const struct clock *clock, bool allow_http)
{
	return http_open_rules(clock, allow_http, &http_rules);
}

const char *http_library(void)
{
	return curl_version();
}
