/*
 * test_bombs.c: answers that are made to do harm, and what the real transport lets them cost.
 *
 * The other side is a process that sends without end, or hardly at all. It is given up at the caps, in little memory, and whoever
 * else is being talked to meanwhile notices nothing.
 */
#include "net/http.h"
#include "net/listen.h"

#include "tests/bombs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <cmocka.h>

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

static int bomb(struct world *w, void (*explode)(int fd))
{
	int port;

	w->bomber = bomb_lay(explode, &port);
	return port;
}

static void begin_as(struct world *w, int64_t id, int port, const char *body)
{
	struct request r = { .arena = w->a, .op = "t.t.t", .method = body ? "POST" : "GET", .url = arena_printf(w->a, "http://127.0.0.1:%d/", port) };

	r.body = body;
	r.body_len = body ? strlen(body) : 0;
	assert_int_equal(w->t->start(w->t, id, &r, NULL), OK);
}

static void begin(struct world *w, int64_t id, int port)
{
	begin_as(w, id, port, NULL);
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
	const struct http_rules rules = { 10000, PATIENCE_MS, 100, 30, 30, http_rules.body_max, http_rules.headers_max, http_rules.host_connections };
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
		bomb_defuse(w.bomber);
	}
	w.t->close(w.t);
	listen_close(w.l);
	arena_free(w.a);
}

enum { SLOWLY = 600 };

static void slowly(int fd)
{
	static const char head[] = "HTTP/1.1 200 OK\r\nContent-Length: 600\r\n\r\n";

	send(fd, head, sizeof head - 1, MSG_NOSIGNAL);
	for (int sent = 0; sent < SLOWLY && send(fd, "12345678901234567890", 20, MSG_NOSIGNAL) == 20; sent += 20)
		poll(NULL, 0, 50);
}

/* Longer than an answer may stand still, and nothing has begun: then it comes at once. */
static void thinks(int fd)
{
	poll(NULL, 0, 3500);
	slowly(fd);
}

/* "I am at it" is no answer that has begun. */
static void is_at_it(int fd)
{
	static const char at_it[] = "HTTP/1.1 102 Processing\r\n\r\n";

	send(fd, at_it, sizeof at_it - 1, MSG_NOSIGNAL);
	thinks(fd);
}

static const struct slow_case {
	const char *why;
	void (*explode)(int fd);
	const char *body;
	bool heard;
} slow[] = {
	{ "a body that drips is given up", nearly_nothing, NULL, false },
	{ "and so is a line of its head", nearly_no_head, NULL, false },
	{ "one that is slow and gets on is heard to its end", slowly, NULL, true },
	{ "and one that thinks first", thinks, NULL, true },
	{ "or says that it is at it", is_at_it, NULL, true },
	{ "of what it was told, too", thinks, "{\"quantity\":3}", true },
	{ "but it does not let that drip either", nearly_nothing, "{\"quantity\":3}", false },
};

/* Long before its time is over: fewer bytes a second than the least that is waited for. */
static void what_stands_nearly_still_is_given_up(void **state)
{
	const struct http_rules rules = { 10000, 30000, 100, 20, 3, http_rules.body_max, http_rules.headers_max, http_rules.host_connections };
	struct world w = { .clock = clock_real(), .a = arena_new() };
	struct err err;

	(void)state;
	w.l = listen_open(&(struct handler){ answer, NULL }, 0, 1.0, &err);
	w.t = http_open_rules(&w.clock, true, &rules);
	for (size_t i = 0; i < sizeof slow / sizeof *slow; i++) {
		int64_t from = clock_now(&w.clock), took;
		struct finished f;

		begin_as(&w, 1, bomb(&w, slow[i].explode), slow[i].body);
		f = finish(&w);
		took = clock_now(&w.clock) - from;
		if (f.reply.fault != (slow[i].heard ? OK : FAULT_UNSURE) || (slow[i].heard && f.reply.body_len != SLOWLY) || (!slow[i].heard && (took < 2900 || took > 15000)))
			fail_msg("%s: fault %d after %lld ms with %zu bytes: %s", slow[i].why, (int)f.reply.fault, (long long)took, f.reply.body_len, f.reply.text);
		if (!slow[i].heard)
			assert_non_null(strstr(f.reply.text, "standstill"));
		arena_free(f.arena);
		bomb_defuse(w.bomber);
	}
	w.t->close(w.t);
	listen_close(w.l);
	arena_free(w.a);
}

/* Each of them is shorter than an answer may be; together they are more than a machine should give. */
static void several_at_once_are_no_more_than_one(void **state)
{
	enum { LOT = 12 };
	const struct http_rules rules = { 10000, PATIENCE_MS, 100, 30, 30, http_rules.body_max, http_rules.headers_max, http_rules.host_connections };
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
		bomb_defuse(lot[i].bomber);
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
		cmocka_unit_test(what_stands_nearly_still_is_given_up),
		cmocka_unit_test(several_at_once_are_no_more_than_one),
		cmocka_unit_test(and_in_little_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
