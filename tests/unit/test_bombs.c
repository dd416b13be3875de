/*
 * test_bombs.c: answers that are made to do harm, and what the real transport lets them cost.
 *
 * The other side is a process that sends without end, or hardly at all. It is given up at the caps, in little memory, and whoever
 * else is being talked to meanwhile notices nothing.
 */
#include "net/http.h"
#include "net/listen.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

/* ---- the other side ---- */

/* Many of it at a time: it is about what they send, not about how fast they are. */
static void send_for_ever(int fd, const char *p, size_t n)
{
	static char lot[1 << 16];
	size_t len = 0;

	while (len + n <= sizeof lot) {
		memcpy(lot + len, p, n);
		len += n;
	}
	while (send(fd, lot, len, MSG_NOSIGNAL) > 0)
		;
}

static void body_for_ever(int fd)
{
	static const char head[] = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n";

	send(fd, head, sizeof head - 1, MSG_NOSIGNAL);
	send_for_ever(fd, "[", 1); /* deep as well */
}

static void chunks_for_ever(int fd)
{
	static const char head[] = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

	send(fd, head, sizeof head - 1, MSG_NOSIGNAL);
	send_for_ever(fd, "10\r\n0123456789abcdef\r\n", 22);
}

static void headers_for_ever(int fd)
{
	static const char head[] = "HTTP/1.1 200 OK\r\n", more[] = "X-More: 0123456789abcdef0123456789abcdef0123456789abcdef\r\n";

	send(fd, head, sizeof head - 1, MSG_NOSIGNAL);
	send_for_ever(fd, more, sizeof more - 1);
}

static void continues_for_ever(int fd)
{
	static const char more[] = "HTTP/1.1 100 Continue\r\n\r\n";

	send_for_ever(fd, more, sizeof more - 1);
}

static void put_bits(unsigned char *p, size_t *at, unsigned code, int bits)
{
	for (int i = bits - 1; i >= 0; i--, ++*at)
		p[*at / 8] |= (unsigned char)((code >> i & 1) << *at % 8);
}

/*
 * Zeros without end, 159 to one: RFC 1951's fixed codes, where 13 bits say "the last byte, 258 times more". Three bits open the block and
 * eight are the first zero, so with one repetition the head is three bytes; eight repetitions are thirteen bytes, again and again.
 */
static void zeros_for_ever(int fd)
{
	static const char head[] = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff";
	unsigned char start[3] = { 0 }, lot[13 * 4096] = { 0 };
	size_t at = 0;

	put_bits(start, &at, 2, 3); /* not the last block; 01, its lower bit first: fixed codes */
	put_bits(start, &at, 0x30, 8);
	put_bits(start, &at, 0xc5, 8);
	put_bits(start, &at, 0, 5);
	for (at = 0; at < sizeof lot * 8;) {
		put_bits(lot, &at, 0xc5, 8);
		put_bits(lot, &at, 0, 5);
	}
	send(fd, head, sizeof head - 1, MSG_NOSIGNAL);
	send(fd, start, sizeof start, MSG_NOSIGNAL);
	send_for_ever(fd, (const char *)lot, sizeof lot);
}

static void nearly_nothing(int fd)
{
	static const char head[] = "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n";

	send(fd, head, sizeof head - 1, MSG_NOSIGNAL);
	while (send(fd, "1", 1, MSG_NOSIGNAL) == 1)
		poll(NULL, 0, 20);
}

static void nearly_too_long(int fd)
{
	static const char head[] = "HTTP/1.1 200 OK\r\n\r\n";
	static char lot[1 << 16];

	if (write(fd, head, sizeof head - 1) < 0)
		_exit(0);
	for (int i = 0; i < 15 * 16; i++)
		if (write(fd, lot, sizeof lot) < 0)
			_exit(0);
	pause();
}

static void not_even_http(int fd)
{
	send_for_ever(fd, "\x00\xff\x1b]52;c;\x07", 9);
}

/* ---- the world ---- */

struct world {
	struct clock clock;
	struct transport *t;
	struct listener *l; /* somebody who answers as one should */
	struct arena *a;
	pid_t bomber;
};

static void answer(void *ctx, struct arena *a, const struct request *r, struct served *out)
{
	(void)ctx, (void)a, (void)r;
	out->reply = (struct reply){ .status = 200, .body = "fine", .body_len = 4 };
	out->cut_at = -1;
}

static int open_port(int *port)
{
	struct sockaddr_in here = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof here;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_true(fd >= 0 && !bind(fd, (struct sockaddr *)&here, n) && !listen(fd, 4) && !getsockname(fd, (struct sockaddr *)&here, &n));
	*port = ntohs(here.sin_port);
	return fd;
}

/* A process that answers each request so. Its port. */
static int bomb(struct world *w, void (*explode)(int fd))
{
	char request[4096];
	int port, fd = open_port(&port);

	w->bomber = fork();
	assert_true(w->bomber >= 0);
	if (!w->bomber)
		for (;;) {
			int line = accept(fd, NULL, NULL);

			if (line < 0 || read(line, request, sizeof request) <= 0)
				_exit(0);
			explode(line);
			close(line);
		}
	close(fd);
	return port;
}

static void defuse(struct world *w)
{
	kill(w->bomber, SIGKILL);
	waitpid(w->bomber, NULL, 0);
}

static void begin(struct world *w, int64_t id, int port)
{
	struct request r = { .arena = w->a, .op = "t.t.t", .method = "GET", .url = arena_printf(w->a, "http://127.0.0.1:%d/", port) };

	assert_int_equal(w->t->start(w->t, id, &r, NULL), OK);
}

static struct finished finish(struct world *w)
{
	struct finished f;

	while (!w->t->next(w->t, &f)) {
		listen_turn(w->l, 0);
		w->t->wait(w->t, NULL, 0, clock_now(&w->clock) + 5);
	}
	return f;
}

/* ---- what it may cost ---- */

static const struct bomb_case {
	const char *why;
	void (*explode)(int fd);
	enum fault fault;
	const char *words; /* in what a person reads */
} bombs[] = {
	{ "a body without an end", body_for_ever, FAULT_FORMAT, "" },
	{ "chunks without an end", chunks_for_ever, FAULT_FORMAT, "" },
	{ "a few kilobytes that unpack to more than a disk holds", zeros_for_ever, FAULT_FORMAT, "" },
	{ "headers without an end", headers_for_ever, FAULT_FORMAT, "" },
	{ "go on, go on, go on", continues_for_ever, FAULT_FORMAT, "" },
	{ "a byte now and then", nearly_nothing, FAULT_UNSURE, "time" },
	{ "what is no HTTP at all", not_even_http, FAULT_UNSURE, "" },
};

enum { PATIENCE_MS = 3000, OTHERS = 10, RSS_KIB = 150 * 1024 };

static void what_a_bomb_costs(void **state)
{
	const struct http_rules rules = { 10000, PATIENCE_MS, 100, 30, http_rules.body_max, http_rules.headers_max, http_rules.host_connections };
	struct world w = { .clock = clock_real(), .a = arena_new() };
	struct err err;

	(void)state;
	w.l = listen_open(&(struct handler){ answer, NULL }, 0, 1.0, &err);
	assert_non_null(w.l);
	w.t = http_open_rules(&w.clock, true, &rules);
	for (size_t i = 0; i < sizeof bombs / sizeof *bombs; i++) {
		const struct bomb_case *c = &bombs[i];
		struct finished f = { .id = 0 };
		int fine = 0;

		begin(&w, 1, bomb(&w, c->explode));
		for (int k = 0; k < OTHERS; k++)
			begin(&w, 2 + k, listen_port(w.l));
		for (int k = 0; k <= OTHERS; k++) {
			struct finished got = finish(&w);

			fine += got.id > 1 && got.reply.status == 200;
			if (got.id == 1)
				f = got;
			else
				arena_free(got.arena);
		}
		if (fine != OTHERS)
			fail_msg("%s: somebody else got no answer", c->why);
		if (f.reply.fault != c->fault || !strstr(f.reply.text, c->words) || f.reply.body_len)
			fail_msg("%s: fault %d with %zu bytes: %s", c->why, (int)f.reply.fault, f.reply.body_len, f.reply.text);
		arena_free(f.arena);
		defuse(&w);
	}
	w.t->close(w.t);
	listen_close(w.l);
	arena_free(w.a);
}

/* Each of them is shorter than an answer may be; together they are more than a machine should give. */
static void several_at_once_are_no_more_than_one(void **state)
{
	enum { LOT = 12 };
	const struct http_rules rules = { 10000, PATIENCE_MS, 100, 30, http_rules.body_max, http_rules.headers_max, http_rules.host_connections };
	struct world w = { .clock = clock_real(), .a = arena_new() }, lot[LOT];
	int fine = 0, crowded = 0;
	struct err err;

	(void)state;
	w.l = listen_open(&(struct handler){ answer, NULL }, 0, 1.0, &err);
	assert_non_null(w.l);
	w.t = http_open_rules(&w.clock, true, &rules);
	for (int i = 0; i < LOT; i++)
		begin(&w, 100 + i, bomb(&lot[i], nearly_too_long));
	for (int k = 0; k < OTHERS; k++)
		begin(&w, 2 + k, listen_port(w.l));
	for (int k = 0; k < LOT + OTHERS; k++) {
		struct finished got = finish(&w);

		fine += got.id < 100 && got.reply.status == 200 && got.reply.body_len > 0;
		crowded += got.id >= 100 && got.reply.fault == FAULT_FORMAT && strstr(got.reply.text, "while others' answers were as long");
		arena_free(got.arena);
	}
	assert_int_equal(fine, OTHERS);
	assert_in_range(crowded, LOT - 5, LOT); /* three or four fit */
	for (int i = 0; i < LOT; i++)
		defuse(&lot[i]);
	w.t->close(w.t);
	listen_close(w.l);
	arena_free(w.a);
}

static void and_in_little_memory(void **state)
{
	struct rusage used;

	(void)state;
#if defined(__SANITIZE_ADDRESS__)
	skip(); /* its allocator keeps what was freed */
#endif
	getrusage(RUSAGE_SELF, &used);
	assert_in_range(used.ru_maxrss, 1, RSS_KIB);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_bomb_costs),
		cmocka_unit_test(several_at_once_are_no_more_than_one),
		cmocka_unit_test(and_in_little_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
