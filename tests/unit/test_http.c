/* The real transport, against a listener in this process: what goes out, what comes back, and how it is called when nothing does. */
#include "net/http.h"
#include "net/listen.h"
#include "net/url.h"

#include "base/arena.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cmocka.h>

/* The other side: answers by the first word of the path, and remembers the last request. */
struct other {
	int heard;
	char method[8], url[512], headers[2048], body[64];
	size_t body_len;
};

static void remember(struct other *o, const struct request *r)
{
	o->heard++;
	snprintf(o->method, sizeof o->method, "%s", r->method);
	snprintf(o->url, sizeof o->url, "%s", r->url);
	o->headers[0] = '\0';
	for (int i = 0; i < r->headers; i++) {
		size_t n = strlen(o->headers);

		snprintf(o->headers + n, sizeof o->headers - n, "%s: %s\n", r->header[i].name, r->header[i].value);
	}
	o->body_len = r->body_len;
	snprintf(o->body, sizeof o->body, "%.*s", (int)r->body_len, r->body ? r->body : "");
}

static void answer_size(struct arena *a, struct served *out, size_t n)
{
	char *p = arena_alloc(a, n + 1);

	memset(p, 'x', n);
	out->reply.body = p;
	out->reply.body_len = n;
}

static void answer_headers(struct arena *a, struct served *out, int n, size_t each)
{
	struct header *h = arena_alloc(a, (size_t)n * sizeof *h);
	char *value = arena_alloc(a, each + 1);

	memset(value, 'h', each);
	for (int i = 0; i < n; i++)
		h[i] = (struct header){ arena_printf(a, "X-Filler-%d", i), value };
	out->reply.header = h;
	out->reply.headers = n;
}

/* {"a":1} by gzip, stored. */
static const char zipped[] = "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff\x01\x07\x00\xf8\xff\x7b\x22\x61\x22\x3a\x31\x7d\xaf\xac\x1b\x56\x07\x00\x00\x00";

static void other_serve(void *ctx, struct arena *a, const struct request *r, struct served *out)
{
	const char *path = strchr(r->url + strlen("http://"), '/');
	struct header *h = arena_alloc(a, sizeof *h);

	remember(ctx, r);
	out->reply = (struct reply){ .status = 200, .body = "fine", .body_len = 4 };
	if (!strncmp(path, "/redirect", 9)) {
		*h = (struct header){ "Location", "/elsewhere" };
		out->reply = (struct reply){ .status = 307, .header = h, .headers = 1, .body = "" };
	} else if (!strncmp(path, "/status/", 8)) {
		out->reply.status = atoi(path + 8);
	} else if (!strncmp(path, "/size/", 6)) {
		answer_size(a, out, (size_t)atol(path + 6));
	} else if (!strncmp(path, "/headers/", 9)) {
		answer_headers(a, out, atoi(path + 9), 8000);
	} else if (!strncmp(path, "/cut/", 5)) {
		out->cut_at = atoi(path + 5);
	} else if (!strncmp(path, "/late", 5)) {
		out->delay_ms = 600000;
	} else if (!strncmp(path, "/zipped", 7)) {
		*h = (struct header){ "Content-Encoding", "gzip" };
		out->reply = (struct reply){ .status = 200, .header = h, .headers = 1, .body = zipped, .body_len = sizeof zipped - 1 };
	} else if (!strncmp(path, "/named", 6)) {
		*h = (struct header){ "X-Amzn-RateLimit-Limit", "0.5" };
		out->reply.header = h;
		out->reply.headers = 1;
	}
}

struct world {
	struct other other;
	struct listener *l;
	struct clock clock;
	struct transport *t;
	struct arena *a;
	struct finished f;
};

static struct transport *transport_with(struct world *w, long total_ms)
{
	struct http_rules rules = http_rules;

	rules.total_ms = total_ms;
	return http_open_rules(&w->clock, true, &rules);
}

static int world_open(void **state)
{
	struct world *w = calloc(1, sizeof *w);
	struct handler h = { other_serve, &w->other };

	w->l = listen_open(&h, 0, 1, NULL);
	assert_non_null(w->l);
	w->clock = clock_real();
	w->t = transport_with(w, 20000);
	w->a = arena_new();
	*state = w;
	return 0;
}

static int world_close(void **state)
{
	struct world *w = *state;

	w->t->close(w->t);
	listen_close(w->l);
	arena_free(w->f.arena);
	arena_free(w->a);
	free(w);
	return 0;
}

static struct request ask(struct world *w, const char *method, const char *path)
{
	return (struct request){ .arena = w->a, .op = "test.thing.get", .method = method,
		                 .url = arena_printf(w->a, "http://127.0.0.1:%d%s", listen_port(w->l), path) };
}

/* Let both ends run until a reply is whole. */
static const struct reply *hear(struct world *w)
{
	int fd = listen_fd(w->l);

	arena_free(w->f.arena);
	w->f.arena = NULL;
	for (int i = 0; i < 5000; i++) {
		if (w->t->next(w->t, &w->f))
			return &w->f.reply;
		w->t->wait(w->t, &fd, 1, clock_now(&w->clock) + 10);
		listen_turn(w->l, 0);
	}
	fail_msg("no reply came");
	return NULL;
}

static const struct reply *talk(struct world *w, const char *method, const char *path)
{
	struct request r = ask(w, method, path);

	assert_int_equal(w->t->start(w->t, 7, &r, NULL), OK);
	return hear(w);
}

/* ---- requests ---- */

static void test_what_goes_out(void **state)
{
	struct world *w = *state;
	struct request r = ask(w, "PUT", "/v3/inventory");
	const struct reply *got;

	request_query(&r, "sku", "A/B&c=ü");
	request_query(&r, "cursor", NULL);
	request_query_int(&r, "limit", -50);
	request_header(&r, "WM_SEC.ACCESS_TOKEN", "secret");
	request_header(&r, "Empty", "");
	r.body = "{\0}";
	r.body_len = 3;
	assert_int_equal(w->t->start(w->t, 41, &r, NULL), OK);
	got = hear(w);
	assert_int_equal(got->status, 200);
	assert_int_equal(w->f.id, 41);
	assert_string_equal(w->other.method, "PUT");
	assert_non_null(strstr(w->other.url, "/v3/inventory?sku=A%2FB%26c%3D%C3%BC&limit=-50"));
	assert_non_null(strstr(w->other.headers, "WM_SEC.ACCESS_TOKEN: secret\n"));
	assert_non_null(strstr(w->other.headers, "Empty: \n"));
	assert_null(strstr(w->other.headers, "Content-Type")); /* ours to say, never libcurl's */
	assert_null(strstr(w->other.headers, "Expect"));
	assert_null(strstr(w->other.headers, "Accept-Encoding"));
	assert_int_equal(w->other.body_len, 3);
}

static void test_methods_and_bodies(void **state)
{
	struct world *w = *state;

	talk(w, "GET", "/");
	assert_string_equal(w->other.method, "GET");
	assert_null(strstr(w->other.headers, "Content-Length"));
	talk(w, "POST", "/");
	assert_string_equal(w->other.method, "POST");
	assert_non_null(strstr(w->other.headers, "Content-Length: 0"));
	talk(w, "PATCH", "/");
	assert_string_equal(w->other.method, "PATCH");
	talk(w, "DELETE", "/");
	assert_string_equal(w->other.method, "DELETE");
	assert_null(strstr(w->other.headers, "Content-Length"));
}

struct refuse_case {
	const char *why, *op, *url, *header;
};

static const struct refuse_case refuse_cases[] = {
	{ "http to a host that is not this machine", "t.t.t", "http://192.0.2.1/", "v" },
	{ "a name that only begins like loopback", "t.t.t", "http://127.0.0.1.example.org/", "v" },
	{ "loopback as the user of another host", "t.t.t", "http://127.0.0.1@example.org/", "v" },
	{ "credentials in an address", "t.t.t", "https://user:pw@127.0.0.1/", "v" },
	{ "a file", "t.t.t", "file:///etc/passwd", "v" },
	{ "ftp", "t.t.t", "ftp://127.0.0.1/", "v" },
	{ "no address at all", "t.t.t", "", "v" },
	{ "a header that starts another", "t.t.t", "http://127.0.0.1/", "v\r\nX: y" },
	{ "an operation without a name", NULL, "http://127.0.0.1/", "v" },
};

static void test_refused_before_anything_is_sent(void **state)
{
	struct world *w = *state;

	for (size_t i = 0; i < sizeof refuse_cases / sizeof *refuse_cases; i++) {
		const struct refuse_case *c = &refuse_cases[i];
		struct request r = { .arena = w->a, .op = c->op, .method = "GET", .url = c->url };
		struct err err = { 0 };

		request_header(&r, "X-Test", c->header);
		if (w->t->start(w->t, 1, &r, &err) != FAULT_NET || !err.text[0])
			fail_msg("was let through: %s", c->why);
	}
	assert_false(w->t->next(w->t, &w->f));
}

static void test_plain_http_needs_leave(void **state)
{
	struct world *w = *state;
	struct transport *strict = http_open(&w->clock, false);
	struct request r = ask(w, "GET", "/");

	assert_int_equal(strict->start(strict, 1, &r, NULL), FAULT_NET);
	strict->close(strict);
}

/* ---- answers ---- */

static void test_any_status_is_an_answer(void **state)
{
	struct world *w = *state;

	assert_int_equal(talk(w, "GET", "/status/503")->status, 503);
	assert_int_equal(w->f.reply.fault, OK);
	assert_string_equal(w->f.reply.body, "fine");
	assert_int_equal(talk(w, "GET", "/status/404")->fault, OK);
}

static void test_reply_headers_by_any_case(void **state)
{
	struct world *w = *state;
	const struct reply *r = talk(w, "GET", "/named");

	assert_string_equal(reply_header(r, "x-amzn-ratelimit-limit"), "0.5");
	assert_null(reply_header(r, "retry-after"));
}

static void test_gzip_is_undone(void **state)
{
	struct world *w = *state;

	assert_string_equal(talk(w, "GET", "/zipped")->body, "{\"a\":1}");
	assert_int_equal(w->f.reply.body_len, 7);
}

static void test_redirect_is_not_followed(void **state)
{
	struct world *w = *state;
	struct request r = ask(w, "GET", "/redirect");

	request_header(&r, "x-amz-access-token", "secret");
	assert_int_equal(w->t->start(w->t, 1, &r, NULL), OK);
	assert_int_equal(hear(w)->status, 307);
	assert_int_equal(w->other.heard, 1); /* the token went to the one host that was asked, once */
	assert_non_null(strstr(w->other.url, "/redirect"));
}

static void test_body_cap(void **state)
{
	struct world *w = *state;

	assert_int_equal(talk(w, "GET", "/size/16777216")->fault, OK);
	assert_int_equal(w->f.reply.body_len, 16777216);
	assert_int_equal(talk(w, "GET", "/size/16777217")->fault, FAULT_FORMAT);
	assert_int_equal(w->f.reply.status, 200);
	assert_int_equal(w->f.reply.body_len, 0);
	assert_true(w->f.reply.text[0]);
}

static void test_header_cap(void **state)
{
	struct world *w = *state;

	assert_int_equal(talk(w, "GET", "/headers/30")->fault, OK); /* 240 kB */
	assert_int_equal(w->f.reply.headers >= 30, 1);
	assert_int_equal(talk(w, "GET", "/headers/40")->fault, FAULT_FORMAT); /* 320 kB */
}

/* ---- no answer ---- */

/* A call that finds no descriptor has not been made; the next one that finds one is. */
static void test_no_descriptors_left(void **state)
{
	struct world *w = *state;
	struct rlimit was, none;
	int next = dup(0);

	talk(w, "GET", "/status/503"); /* the line is up, and is not used again: they closed it */
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &was), 0);
	none = (struct rlimit){ (rlim_t)next, was.rlim_max };
	close(next);
	w->t->close(w->t);
	w->t = http_open(&w->clock, true);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	assert_int_equal(talk(w, "GET", "/")->fault, FAULT_NET);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &was), 0);
	assert_int_equal(talk(w, "GET", "/")->status, 200);
}

static void test_half_an_answer_is_none(void **state)
{
	struct world *w = *state;
	const struct reply *r = talk(w, "POST", "/cut/2");

	assert_int_equal(r->fault, FAULT_UNSURE);
	assert_int_equal(r->status, 0);
	assert_int_equal(r->body_len, 0);
	assert_non_null(strstr(r->text, "broke off"));
	assert_int_equal(w->other.heard, 1);
}

/*
 * A connection that was kept alive and dies under the next request: libcurl would send a POST again
 * by itself. One start is at most one sending.
 */
static void test_never_said_twice(void **state)
{
	struct world *w = *state;
	const char *methods[] = { "POST", "PUT", "GET" };

	for (int i = 0; i < 3; i++) {
		const struct reply *r;

		talk(w, "GET", "/");
		r = talk(w, methods[i], "/cut/0");
		assert_int_equal(r->fault, FAULT_UNSURE);
		assert_non_null(strstr(r->text, "without an answer"));
		assert_int_equal(w->other.heard, 2 * (i + 1));
	}
}

static void test_slow_is_unsure(void **state)
{
	struct world *w = *state;
	const struct reply *r;

	w->t->close(w->t);
	w->t = transport_with(w, 1000);
	r = talk(w, "POST", "/late");
	assert_int_equal(r->fault, FAULT_UNSURE);
	assert_non_null(strstr(r->text, "in time"));
	assert_int_equal(w->other.heard, 1);
}

/* A port that nobody listens on: bound, so that nobody else gets it. */
static int closed_port(int *fd)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof at;

	*fd = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(bind(*fd, (struct sockaddr *)&at, n), 0);
	getsockname(*fd, (struct sockaddr *)&at, &n);
	return ntohs(at.sin_port);
}

static void test_refused_port_is_net(void **state)
{
	struct world *w = *state;
	int fd, port = closed_port(&fd);
	struct request r = { .arena = w->a, .op = "t.t.t", .method = "POST", .url = arena_printf(w->a, "http://127.0.0.1:%d/", port) };

	assert_int_equal(w->t->start(w->t, 1, &r, NULL), OK);
	assert_int_equal(hear(w)->fault, FAULT_NET);
	assert_int_equal(w->f.reply.status, 0);
	assert_non_null(strstr(w->f.reply.text, "127.0.0.1 was not reached"));
	close(fd);
}

/* A name that nobody may have (RFC 6761, 6.4). */
static void test_a_name_of_nobody_is_net(void **state)
{
	struct world *w = *state;
	struct request r = { .arena = w->a, .op = "t.t.t", .method = "POST", .url = "https://marketplace.invalid/" };

	assert_int_equal(w->t->start(w->t, 1, &r, NULL), OK);
	assert_int_equal(hear(w)->fault, FAULT_NET);
	assert_non_null(strstr(w->f.reply.text, "marketplace.invalid was not reached"));
}

/* A server that takes the connection and speaks no TLS: no byte of the request has left. */
static void test_no_tls_is_net(void **state)
{
	struct world *w = *state;
	struct request r = { .arena = w->a, .op = "t.t.t", .method = "POST",
		             .url = arena_printf(w->a, "https://127.0.0.1:%d/", listen_port(w->l)) };

	assert_int_equal(w->t->start(w->t, 1, &r, NULL), OK);
	assert_int_equal(hear(w)->fault, FAULT_NET);
	assert_int_equal(w->other.heard, 0);
}

static void test_close_with_a_request_under_way(void **state)
{
	struct world *w = *state;
	struct request r = ask(w, "GET", "/late");

	assert_int_equal(w->t->start(w->t, 1, &r, NULL), OK);
	while (!w->other.heard) {
		w->t->wait(w->t, NULL, 0, clock_now(&w->clock) + 1);
		listen_turn(w->l, 1);
	}
}

/* ---- many ---- */

static void test_at_most_four_connections_a_host(void **state)
{
	struct world *w = *state;
	struct request r = ask(w, "GET", "/late");

	for (int i = 0; i < 10; i++)
		assert_int_equal(w->t->start(w->t, i, &r, NULL), OK);
	for (int i = 0; i < 100; i++) {
		w->t->wait(w->t, NULL, 0, clock_now(&w->clock) + 1);
		listen_turn(w->l, 0);
	}
	assert_int_equal(w->other.heard, 4);
}

static int lowest_free_descriptor(void)
{
	int fd = dup(0);

	close(fd);
	return fd;
}

static void test_connections_are_used_again(void **state)
{
	struct world *w = *state;
	int none = lowest_free_descriptor(), one;

	talk(w, "GET", "/");
	one = lowest_free_descriptor();
	assert_true(one > none); /* the line is kept */
	for (int i = 0; i < 20; i++)
		assert_int_equal(talk(w, "GET", "/")->status, 200);
	assert_int_equal(lowest_free_descriptor(), one); /* and was enough for twenty more */
}

struct host_case {
	const char *url, *host;
	bool loopback;
	int port;
};

static const struct host_case host_cases[] = {
	{ "https://Marketplace.WalmartAPIs.com/v3/token", "marketplace.walmartapis.com", false, 443 },
	{ "http://127.0.0.1:8080/x", "127.0.0.1", true, 8080 },
	{ "http://127.1.2.3/", "127.1.2.3", true, 80 },
	{ "http://LOCALHOST/", "localhost", true, 80 },
	{ "https://[::1]:9/", "[::1]", true, 9 },
	{ "http://128.0.0.1/", "128.0.0.1", false, 80 },
	{ "http://localhost.example.org/", "localhost.example.org", false, 80 },
	{ "http://127.0.0.1@example.org/", "example.org", false, 80 },
	{ "http://example.org#@127.0.0.1/", "example.org", false, 80 },
	{ "not an address", "", false, 0 },
	{ "", "", false, 0 },
};

static void test_hosts(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof host_cases / sizeof *host_cases; i++) {
		char host[64];

		url_host(host_cases[i].url, host, sizeof host);
		assert_string_equal(host, host_cases[i].host);
		assert_int_equal(url_is_loopback(host_cases[i].url), host_cases[i].loopback);
		assert_int_equal(url_port(host_cases[i].url), host_cases[i].port);
	}
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, world_open, world_close)
	const struct CMUnitTest tests[] = {
		T(test_what_goes_out), T(test_methods_and_bodies), T(test_refused_before_anything_is_sent), T(test_plain_http_needs_leave),
		T(test_any_status_is_an_answer), T(test_reply_headers_by_any_case), T(test_redirect_is_not_followed), T(test_gzip_is_undone), T(test_body_cap),
		T(test_header_cap), T(test_no_descriptors_left), T(test_half_an_answer_is_none), T(test_never_said_twice), T(test_slow_is_unsure),
		T(test_refused_port_is_net), T(test_a_name_of_nobody_is_net), T(test_no_tls_is_net), T(test_close_with_a_request_under_way),
		T(test_at_most_four_connections_a_host), T(test_connections_are_used_again), cmocka_unit_test(test_hosts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
