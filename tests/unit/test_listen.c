/* The HTTP listener, spoken to with plain sockets: what a client sees on the wire. */
#include "net/listen.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cmocka.h>

/* Answers with what it heard; "?delay=ms" and "?cut=n" in the URL make it late or torn. */
static void echo(void *ctx, struct arena *a, const struct request *r, struct served *out)
{
	const char *p;
	int *heard = ctx;

	++*heard;
	out->reply.status = 200;
	out->reply.body = arena_printf(a, "%s %s [%.*s]", r->method, r->url + strlen("http://127.0.0.1:"), (int)r->body_len,
	                               r->body ? r->body : "");
	out->reply.body = strcmp(r->method, "GET") ? out->reply.body : "0123456789";
	out->reply.body_len = strlen(out->reply.body);
	if ((p = strstr(r->url, "delay=")))
		out->delay_ms = atoi(p + 6);
	if ((p = strstr(r->url, "cut=")))
		out->cut_at = atoi(p + 4);
}

static int dial(int port)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof at), 0);
	return fd;
}

/* Turn the listener until the client has read what it waits for, or the line was closed. Returns true when closed. */
static bool read_until(struct listener *l, int fd, const char *end, char *out, size_t cap)
{
	size_t n = 0;

	out[0] = '\0';
	for (int i = 0; i < 500 && !(end && strstr(out, end)); i++) {
		ssize_t got;

		listen_turn(l, 10);
		while ((got = recv(fd, out + n, cap - 1 - n, MSG_DONTWAIT)) > 0)
			out[n += (size_t)got] = '\0';
		if (!got)
			return true;
	}
	return false;
}

struct world {
	struct listener *l;
	int heard, fd;
	char text[4096];
};

static int world_open(void **state)
{
	struct world *w = calloc(1, sizeof *w);
	struct handler h = { echo, &w->heard };
	struct err err;

	w->l = listen_open(&h, 0, 1000, &err);
	assert_non_null(w->l);
	w->fd = dial(listen_port(w->l));
	*state = w;
	return 0;
}

static int world_close(void **state)
{
	struct world *w = *state;

	close(w->fd);
	listen_close(w->l);
	free(w);
	return 0;
}

static void say(struct world *w, const char *text)
{
	assert_int_equal(write(w->fd, text, strlen(text)), (ssize_t)strlen(text));
}

static void test_keep_alive(void **state)
{
	struct world *w = *state;

	say(w, "GET /one HTTP/1.1\r\nHost: x\r\n\r\n");
	assert_false(read_until(w->l, w->fd, "0123456789", w->text, sizeof w->text));
	say(w, "POST /a%20b?c=%2F HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello");
	assert_false(read_until(w->l, w->fd, "]", w->text, sizeof w->text));
	assert_non_null(strstr(w->text, "POST "));
	assert_non_null(strstr(w->text, "/a%20b?c=%2F [hello]")); /* the URL as it was asked for, still encoded */
	assert_int_equal(w->heard, 2);
}

static void test_no_date_of_its_own(void **state)
{
	struct world *w = *state;

	say(w, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
	read_until(w->l, w->fd, "0123456789", w->text, sizeof w->text);
	assert_null(strstr(w->text, "Date:"));
}

static void test_torn(void **state)
{
	struct world *w = *state;

	say(w, "GET /?cut=4 HTTP/1.1\r\nHost: x\r\n\r\n");
	assert_true(read_until(w->l, w->fd, NULL, w->text, sizeof w->text));
	assert_non_null(strstr(w->text, "Content-Length: 10"));
	assert_string_equal(strstr(w->text, "\r\n\r\n") + 4, "0123");
}

static void test_no_answer(void **state)
{
	struct world *w = *state;

	say(w, "GET /?cut=0 HTTP/1.1\r\nHost: x\r\n\r\n");
	assert_true(read_until(w->l, w->fd, NULL, w->text, sizeof w->text));
	assert_string_equal(w->text, "");
	assert_int_equal(w->heard, 1); /* it was heard all the same: that is the point */
}

/* Speed 1000: 20 s of the handler's are 20 ms here. Others are served meanwhile. */
static void test_delayed_lets_others_pass(void **state)
{
	struct world *w = *state;
	int other = dial(listen_port(w->l));

	say(w, "GET /?delay=20000 HTTP/1.1\r\nHost: x\r\n\r\n");
	while (!w->heard)
		listen_turn(w->l, 10);
	assert_int_equal(recv(w->fd, w->text, sizeof w->text, MSG_DONTWAIT), -1);
	assert_true(write(other, "GET / HTTP/1.1\r\nHost: x\r\n\r\n", 27) == 27);
	assert_false(read_until(w->l, other, "0123456789", w->text, sizeof w->text));
	assert_false(read_until(w->l, w->fd, "0123456789", w->text, sizeof w->text));
	close(other);
}

static void test_due_answer_wakes_a_callers_poll(void **state)
{
	struct world *w = *state;
	struct pollfd p = { listen_fd(w->l), POLLIN, 0 };

	say(w, "GET /?delay=20000 HTTP/1.1\r\nHost: x\r\n\r\n");
	while (!w->heard)
		listen_turn(w->l, 10);
	assert_int_equal(poll(&p, 1, 2000), 1);
	listen_turn(w->l, 0);
	assert_true(recv(w->fd, w->text, sizeof w->text, MSG_DONTWAIT) > 0);
}

static void test_close_with_an_answer_under_way(void **state)
{
	struct world *w = *state;

	say(w, "GET /?delay=900000000 HTTP/1.1\r\nHost: x\r\n\r\n");
	while (!w->heard)
		listen_turn(w->l, 10);
}

static void test_port_taken(void **state)
{
	struct world *w = *state;
	struct handler h = { echo, &w->heard };
	struct err err;

	assert_null(listen_open(&h, listen_port(w->l), 1, &err));
	assert_int_equal(err.fault, FAULT_NET);
	assert_non_null(strstr(err.text, "is the port taken?"));
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, world_open, world_close)
	const struct CMUnitTest tests[] = {
		T(test_keep_alive), T(test_no_date_of_its_own), T(test_torn), T(test_no_answer), T(test_delayed_lets_others_pass),
		T(test_due_answer_wakes_a_callers_poll), T(test_close_with_an_answer_under_way), T(test_port_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
