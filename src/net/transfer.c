/*
 * transfer.c: one request under way, from the first byte out to the last one in.
 *
 * What libcurl 7.88 would do if we let it, and why we do not: it hands token headers it does not know to a foreign
 * host on a redirect; its own size limit does not see a body without a length; and on a kept-alive
 * connection that dies it sends the request again by itself, a POST too. So: no redirects, our own count
 * of bytes, and a callback before every sending that lets through exactly one. That same callback is
 * the line between "it cannot have had an effect" and "it may have been heard".
 */
#include "net/http_inside.h"

#include "base/text.h"
#include "net/url.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
	BODY_FIRST = 64 * 1024,
	BODY_SHORT = 4 * 1024 * 1024,
	BODIES_MAX = 48 * 1024 * 1024,
	ELSEWHERE_US = 2500000, /* libcurl asks once a second: a longer gap is ours */
};

/* ---- what libcurl calls ---- */

/* Asked each time a connection is ready and the request is about to be written to it. */
static int before_sending(void *user, char *ip, char *local_ip, int port, int local_port)
{
	struct transfer *t = user;

	(void)ip, (void)local_ip, (void)port, (void)local_port;
	return t->sendings++ ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
}

static void body_drop(void *user)
{
	struct transfer *t = user;

	free(t->body);
	t->body = NULL;
}

/* It does not get on: what came of it is of no use. Anything but the number of bytes that came ends the transfer. */
static size_t body_over(struct transfer *t)
{
	t->over = true;
	*t->held -= t->body_len;
	t->body_len = t->body_cap = 0;
	body_drop(t);
	return 0;
}

static void body_room(struct transfer *t, size_t n)
{
	size_t cap = t->body_cap ? t->body_cap : BODY_FIRST;

	if (!t->body_cap)
		arena_own(t->arena, t, body_drop);
	while (cap - t->body_len <= n)
		cap *= 2;
	if (cap == t->body_cap)
		return;
	t->body = realloc(t->body, cap);
	if (!t->body)
		abort();
	t->body_cap = cap;
}

/* Is it said to be longer than it may be? Then nothing of it is read. */
static bool said_too_long(const struct transfer *t)
{
	curl_off_t length = -1;

	curl_easy_getinfo(t->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
	return length > 0 && (uint64_t)length > t->rules->body_max;
}

/* Several at once may not be as long as one alone: who is long already gives way, the short ones of others never do. */
static size_t take_body(char *p, size_t size, size_t n, void *user)
{
	struct transfer *t = user;

	n *= size;
	if (!t->body_len && said_too_long(t))
		return body_over(t);
	t->crowded = t->body_len > BODY_SHORT && *t->held + n > BODIES_MAX;
	if (t->crowded || n > t->rules->body_max - t->body_len)
		return body_over(t);
	body_room(t, n);
	memcpy(t->body + t->body_len, p, n);
	t->body_len += n;
	t->body[t->body_len] = '\0';
	*t->held += n;
	return n;
}

static char *trimmed(struct arena *a, const char *p, size_t n)
{
	while (n && isspace((unsigned char)*p))
		p++, n--;
	while (n && isspace((unsigned char)p[n - 1]))
		n--;
	return arena_strndup(a, p, n);
}

static size_t take_header(char *p, size_t size, size_t n, void *user)
{
	struct transfer *t = user;
	const char *colon;

	n *= size;
	if (n > t->rules->headers_max - t->header_bytes) {
		t->over = true;
		return 0;
	}
	t->header_bytes += n;
	if (n > 5 && !memcmp(p, "HTTP/", 5)) { /* a status line: what a "100 Continue" said before it is void */
		const char *code = memchr(p, ' ', n);

		t->headers = 0;
		t->interim = code && code + 1 < p + n && code[1] == '1'; /* they are still at it */
		return n;
	}
	colon = memchr(p, ':', n);
	if (!colon)
		return n;
	t->header = arena_grow(t->arena, t->header, t->headers, &t->header_cap, sizeof *t->header);
	t->header[t->headers++] = (struct header){ trimmed(t->arena, p, (size_t)(colon - p)),
		                                   trimmed(t->arena, colon + 1, n - (size_t)(colon - p) - 1) };
	return n;
}

/*
 * Asked at each movement, and once a second: an answer that has begun gets on, or is given up. One that was made all at once and is long on its way
 * brings its bytes together; who lets them drip keeps a line that others need. What has come whole is never too slow, nor what came while we were elsewhere.
 */
static int gets_on(void *user, curl_off_t total, curl_off_t down, curl_off_t up_total, curl_off_t up)
{
	struct transfer *t = user;
	curl_off_t began = 0, now = 0, got = (curl_off_t)t->header_bytes + down, looked = t->looked_us;

	(void)up_total, (void)up;
	curl_easy_getinfo(t->easy, CURLINFO_STARTTRANSFER_TIME_T, &began);
	curl_easy_getinfo(t->easy, CURLINFO_TOTAL_TIME_T, &now);
	t->looked_us = now;
	if (!began || t->interim || (total && down >= total)) {
		t->mark_us = 0;
		return 0;
	}
	if (!t->mark_us || now - looked > ELSEWHERE_US || got - t->mark_bytes >= (curl_off_t)t->rules->low_speed_bytes * t->rules->trickle_s) {
		t->mark_us = now;
		t->mark_bytes = got;
	}
	t->trickles = now - t->mark_us >= (curl_off_t)t->rules->trickle_s * 1000000;
	return t->trickles;
}

/* ---- a request on its way out ---- */

static void add_line(struct transfer *t, const char *text)
{
	struct curl_slist *more = curl_slist_append(t->lines, text);

	if (!more)
		abort(); /* out of memory, as arena.c does */
	t->lines = more;
}

static void set_headers(struct transfer *t, const struct request *r)
{
	bool typed = false;

	for (int i = 0; i < r->headers; i++) {
		const struct header *h = &r->header[i];

		typed |= !strcasecmp(h->name, "Content-Type");
		add_line(t, arena_printf(t->arena, *h->value ? "%s: %s" : "%s;", h->name, h->value));
	}
	if (!typed)
		add_line(t, "Content-Type:"); /* or libcurl would call every body a form */
	add_line(t, "Accept-Encoding:"); /* not asked for, but undone where it comes */
	add_line(t, "Expect:");               /* one second lost for each large feed otherwise */
	curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, t->lines);
	curl_easy_setopt(t->easy, CURLOPT_USERAGENT, "tallyman/" TALLYMAN_VERSION);
}

static void set_body(struct transfer *t, const struct request *r)
{
	bool reads = !strcmp(r->method, "GET") || !strcmp(r->method, "DELETE");

	if (r->body || !reads) { /* an empty POST says Content-Length: 0 */
		curl_easy_setopt(t->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)(r->body ? r->body_len : 0));
		curl_easy_setopt(t->easy, CURLOPT_COPYPOSTFIELDS, r->body ? r->body : "");
	}
	curl_easy_setopt(t->easy, CURLOPT_CUSTOMREQUEST, r->method);
}

static void set_rules(struct transfer *t, const struct request *r, bool allow_http)
{
	CURL *e = t->easy;

	curl_easy_setopt(e, CURLOPT_URL, r->url);
	curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, allow_http && url_is_loopback(r->url) ? "http,https" : "https");
	curl_easy_setopt(e, CURLOPT_REDIR_PROTOCOLS_STR, "");
	curl_easy_setopt(e, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(e, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1); /* one request, one line: a cut is a cut */
	curl_easy_setopt(e, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(e, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(e, CURLOPT_SSL_VERIFYHOST, 2L);
	if (r->ca_file) /* beside the system's folder of authorities, which stays in force */
		curl_easy_setopt(e, CURLOPT_CAINFO, r->ca_file);
	curl_easy_setopt(e, CURLOPT_PROXY, "");
	curl_easy_setopt(e, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(e, CURLOPT_ACCEPT_ENCODING, "gzip"); /* undone before take_body counts: its caps hold */
	curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS, t->rules->connect_ms);
	curl_easy_setopt(e, CURLOPT_TIMEOUT_MS, t->rules->total_ms);
	curl_easy_setopt(e, CURLOPT_LOW_SPEED_LIMIT, t->rules->low_speed_bytes);
	curl_easy_setopt(e, CURLOPT_LOW_SPEED_TIME, t->rules->low_speed_s);
}

static void set_callbacks(struct transfer *t)
{
	CURL *e = t->easy;

	curl_easy_setopt(e, CURLOPT_PRIVATE, t);
	curl_easy_setopt(e, CURLOPT_ERRORBUFFER, t->why);
	curl_easy_setopt(e, CURLOPT_PREREQFUNCTION, before_sending);
	curl_easy_setopt(e, CURLOPT_PREREQDATA, t);
	curl_easy_setopt(e, CURLOPT_XFERINFOFUNCTION, gets_on);
	curl_easy_setopt(e, CURLOPT_XFERINFODATA, t);
	curl_easy_setopt(e, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(e, CURLOPT_WRITEDATA, t);
	curl_easy_setopt(e, CURLOPT_HEADERFUNCTION, take_header);
	curl_easy_setopt(e, CURLOPT_HEADERDATA, t);
}

struct transfer *transfer_open(int64_t id, const struct request *r, const struct http_rules *rules, bool allow_http, size_t *held)
{
	struct arena *a = arena_new();
	struct transfer *t = arena_alloc(a, sizeof *t);
	char host[256];

	t->arena = a;
	t->held = held;
	t->id = id;
	t->rules = rules;
	url_host(r->url, host, sizeof host);
	snprintf(t->host, sizeof t->host, "%.79s", host);
	t->easy = curl_easy_init();
	if (!t->easy)
		abort();
	set_rules(t, r, allow_http);
	set_callbacks(t);
	set_headers(t, r);
	set_body(t, r);
	return t;
}

/* ---- what came of it ---- */

static enum fault verdict(const struct transfer *t)
{
	if (t->over)
		return FAULT_FORMAT;
	if (t->code == CURLE_OK)
		return OK;
	/* libcurl has a limit of its own for one header line (100 KiB); it says out of memory, since 8.6 too large (100). */
	if (t->header_bytes && (t->code == CURLE_OUT_OF_MEMORY || (int)t->code == 100))
		return FAULT_FORMAT;
	return t->sendings ? FAULT_UNSURE : FAULT_NET;
}

static void say_unsure(const struct transfer *t, char *out, size_t cap)
{
	if (t->trickles)
		snprintf(out, cap, "%s has heard this, but its answer came to a standstill after %zu bytes: no %ld bytes a second for %ld s", t->host,
		         t->header_bytes + t->body_len, t->rules->low_speed_bytes, t->rules->trickle_s);
	else if (t->code == CURLE_OPERATION_TIMEDOUT)
		snprintf(out, cap, "%s may have heard this: no whole answer in time (%ld ms in all, %ld s of silence)", t->host,
		         t->rules->total_ms, t->rules->low_speed_s);
	else if (t->header_bytes)
		snprintf(out, cap, "%s has heard this, but its answer broke off after %zu bytes", t->host, t->header_bytes + t->body_len);
	else
		snprintf(out, cap, "%s may have heard this: the line was closed without an answer", t->host);
}

/* Before a request is sent all words are libcurl's and OpenSSL's own (name not found, refused, certificate), none the other side's. */
static void say_why(const struct transfer *t, enum fault fault, char *out, size_t cap)
{
	char clean[100];

	if (fault == FAULT_FORMAT && t->crowded) {
		snprintf(out, cap, "%s answered more than %d bytes while others' answers were as long; the rest was not read", t->host, BODY_SHORT);
	} else if (fault == FAULT_FORMAT) {
		snprintf(out, cap, "%s answered more than %zu bytes of body or %zu of headers; the rest was not read", t->host,
		         t->rules->body_max, t->rules->headers_max);
	} else if (fault == FAULT_UNSURE) {
		say_unsure(t, out, cap);
	} else if (fault == FAULT_NET) {
		text_clean(clean, sizeof clean, t->why[0] ? t->why : curl_easy_strerror(t->code));
		snprintf(out, cap, "%s was not reached: %s", t->host, clean);
	}
}

void transfer_reply(struct transfer *t, int64_t now_ms, struct reply *out)
{
	long status = 0;

	memset(out, 0, sizeof *out);
	out->fault = verdict(t);
	out->received_ms = now_ms;
	out->body = "";
	say_why(t, out->fault, out->text, sizeof out->text);
	if (out->fault == FAULT_NET || out->fault == FAULT_UNSURE)
		return;
	curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
	out->status = (int)status;
	out->header = t->header;
	out->headers = t->headers;
	if (out->fault == OK && t->body) {
		out->body = t->body;
		out->body_len = t->body_len;
	}
}

void transfer_close(struct transfer *t)
{
	curl_easy_cleanup(t->easy);
	curl_slist_free_all(t->lines);
}
