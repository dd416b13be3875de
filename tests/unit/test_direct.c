/* The in-process transport: a line whose delays pass on the clock that was passed in. */
#include "net/listen.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

struct line {
	const char *name;
	struct served answer;
	int heard;
	char url[128];
};

static void line_serve(void *ctx, struct arena *a, const struct request *r, struct served *out)
{
	struct line *l = ctx;

	l->heard++;
	strncpy(l->url, r->url, sizeof l->url - 1);
	*out = l->answer;
	if (out->reply.status && !out->reply.body)
		out->reply.body = arena_strdup(a, l->name), out->reply.body_len = strlen(l->name);
}

struct world {
	int64_t now;
	struct clock clock;
	struct line walmart, feeds, amazon;
	struct transport *t;
	struct arena *a;
};

static int world_open(void **state)
{
	struct world *w = calloc(1, sizeof *w);
	const struct served fine = { .reply = { .status = 200 }, .cut_at = -1 };
	struct direct_route routes[3];

	w->now = 1000000;
	w->clock = clock_manual(&w->now);
	w->walmart = (struct line){ "walmart", fine, 0, "" };
	w->feeds = (struct line){ "feeds", fine, 0, "" };
	w->amazon = (struct line){ "amazon", fine, 0, "" };
	routes[0] = (struct direct_route){ "https://walmart.example", { line_serve, &w->walmart } };
	routes[1] = (struct direct_route){ "https://walmart.example/v3/feeds", { line_serve, &w->feeds } };
	routes[2] = (struct direct_route){ "https://amazon.example", { line_serve, &w->amazon } };
	w->t = direct_open(&w->clock, routes, 3);
	w->a = arena_new();
	*state = w;
	return 0;
}

static int world_close(void **state)
{
	struct world *w = *state;

	w->t->close(w->t);
	arena_free(w->a);
	free(w);
	return 0;
}

static void start(struct world *w, int64_t id, const char *url)
{
	struct request r = { .arena = w->a, .op = "test.thing.get", .method = "GET", .url = url };

	assert_int_equal(w->t->start(w->t, id, &r, NULL), OK);
}

static void test_longest_prefix_answers(void **state)
{
	struct world *w = *state;

	start(w, 1, "https://walmart.example/v3/orders?x=1");
	start(w, 2, "https://walmart.example/v3/feeds?x=1");
	start(w, 3, "https://amazon.example");
	assert_int_equal(w->walmart.heard, 1);
	assert_int_equal(w->feeds.heard, 1);
	assert_int_equal(w->amazon.heard, 1);
	assert_string_equal(w->walmart.url, "https://walmart.example/v3/orders?x=1");
}

static void test_a_stranger_is_not_reached(void **state)
{
	struct world *w = *state;
	struct finished f;

	start(w, 1, "https://walmart.example.org/v3/orders");
	assert_int_equal(w->walmart.heard, 0);
	assert_true(w->t->next(w->t, &f));
	assert_int_equal(f.reply.fault, FAULT_NET);
	assert_true(f.reply.text[0]);
	arena_free(f.arena);
}

static void test_an_answer_takes_its_time(void **state)
{
	struct world *w = *state;
	struct finished f;

	assert_int_equal(direct_next_due(w->t), INT64_MAX);
	w->walmart.answer.delay_ms = 5000;
	w->amazon.answer.delay_ms = 200;
	start(w, 1, "https://walmart.example/");
	start(w, 2, "https://amazon.example/");
	assert_int_equal(direct_next_due(w->t), 1000200);
	w->now = 1000199;
	assert_false(w->t->next(w->t, &f));
	w->now = 1000200;
	assert_true(w->t->next(w->t, &f));
	assert_int_equal(f.id, 2);
	assert_int_equal(f.reply.status, 200);
	assert_string_equal(f.reply.body, "amazon");
	assert_int_equal(f.reply.received_ms, 1000200);
	arena_free(f.arena);
	assert_false(w->t->next(w->t, &f));
	assert_int_equal(direct_next_due(w->t), 1005000);
}

static void test_same_moment_in_order_of_start(void **state)
{
	struct world *w = *state;
	struct finished f;

	for (int64_t id = 1; id <= 3; id++)
		start(w, id, id == 2 ? "https://amazon.example/" : "https://walmart.example/");
	for (int64_t id = 1; id <= 3; id++) {
		assert_true(w->t->next(w->t, &f));
		assert_int_equal(f.id, id);
		arena_free(f.arena);
	}
}

struct broken_case {
	const char *why;
	struct served answer;
	enum fault fault;
	int64_t known_after_ms;
};

static const struct broken_case broken_cases[] = {
	{ "whole: 4 of 4 bytes", { { .status = 200, .body = "four", .body_len = 4 }, 100, 4 }, OK, 100 },
	{ "torn after 3 of 4 bytes", { { .status = 200, .body = "four", .body_len = 4 }, 100, 3 }, FAULT_UNSURE, 100 },
	{ "no answer: known when our patience ends", { { .status = 200, .body = "four", .body_len = 4 }, 100, 0 }, FAULT_UNSURE, 60000 },
	{ "an answer after our patience is none", { { .status = 200, .body = "four", .body_len = 4 }, 60001, -1 }, FAULT_UNSURE, 60000 },
	{ "just in time", { { .status = 200, .body = "four", .body_len = 4 }, 60000, -1 }, OK, 60000 },
	{ "a line that was down from the start", { { .fault = FAULT_NET, .text = "down" }, 10, -1 }, FAULT_NET, 10 },
	{ "a body over the cap", { { .status = 200, .body = "", .body_len = 16 * 1024 * 1024 + 1 }, 10, -1 }, FAULT_FORMAT, 10 },
};

static void test_gzip_is_undone(void **state)
{
	/* {"a":1}, stored (RFC 1952) */
	static const char zipped[] = "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff\x01\x07\x00\xf8\xff\x7b\x22\x61\x22\x3a\x31\x7d\xaf\xac\x1b\x56\x07\x00\x00\x00";
	static struct header h = { "Content-Encoding", "gzip" };
	struct world *w = *state;
	char broken[sizeof zipped];
	struct finished f;

	w->walmart.answer.reply = (struct reply){ .status = 200, .header = &h, .headers = 1, .body = zipped, .body_len = sizeof zipped - 1 };
	start(w, 1, "https://walmart.example/zipped");
	assert_true(w->t->next(w->t, &f));
	assert_int_equal(f.reply.fault, OK);
	assert_string_equal(f.reply.body, "{\"a\":1}");
	arena_free(f.arena);
	for (size_t at = 10; at < sizeof zipped - 1; at++) { /* hurt anywhere but in its text and sum it is no gzip, and nothing is read past its end */
		memcpy(broken, zipped, sizeof zipped);
		broken[at] = (char)(broken[at] ^ 0x55);
		w->walmart.answer.reply.body = broken;
		start(w, 2, "https://walmart.example/zipped");
		assert_true(w->t->next(w->t, &f));
		assert_int_equal(f.reply.fault, at >= 15 && at < 26 ? OK : FAULT_UNSURE);
		arena_free(f.arena);
	}
}

static void test_broken_lines(void **state)
{
	struct world *w = *state;

	for (size_t i = 0; i < sizeof broken_cases / sizeof *broken_cases; i++) {
		const struct broken_case *c = &broken_cases[i];
		struct finished f;

		w->amazon.answer = c->answer;
		start(w, 1, "https://amazon.example/");
		assert_int_equal(w->amazon.heard, i + 1); /* heard in every case: the effect is there */
		if (direct_next_due(w->t) != w->now + c->known_after_ms)
			fail_msg("%s: known after %lld ms", c->why, (long long)(direct_next_due(w->t) - w->now));
		w->now = direct_next_due(w->t);
		assert_true(w->t->next(w->t, &f));
		if (f.reply.fault != c->fault || (c->fault && !f.reply.text[0]) || (c->fault == FAULT_UNSURE && f.reply.status))
			fail_msg("%s: %s, status %d, \"%s\"", c->why, fault_name(f.reply.fault), f.reply.status, f.reply.text);
		assert_non_null(f.reply.body);
		arena_free(f.arena);
	}
}

static void test_no_operation_no_request(void **state)
{
	struct world *w = *state;
	struct request r = { .arena = w->a, .method = "GET", .url = "https://amazon.example/" };

	assert_int_equal(w->t->start(w->t, 1, &r, NULL), FAULT_NET);
	assert_int_equal(w->amazon.heard, 0);
}

static void test_close_with_answers_under_way(void **state)
{
	struct world *w = *state;

	w->amazon.answer.delay_ms = 500;
	start(w, 1, "https://amazon.example/");
	start(w, 2, "https://walmart.example/");
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, world_open, world_close)
	const struct CMUnitTest tests[] = {
		T(test_longest_prefix_answers), T(test_a_stranger_is_not_reached), T(test_an_answer_takes_its_time),
		T(test_same_moment_in_order_of_start), T(test_broken_lines), T(test_gzip_is_undone), T(test_no_operation_no_request),
		T(test_close_with_answers_under_way),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
