/* The simulated Walmart: tokens, lists and their cursors, writes and refusals. */
#include "sandbox/sandbox.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

enum { EPOCH = 1763712000 }; /* 2025-11-21T08:00:00Z */
static const int64_t epoch_ms = (int64_t)EPOCH * 1000;

struct bench {
	struct sandbox *s;
	struct arena *a;
	struct served out;
	const struct json *json;
	const char *token;
};

static void ask(struct bench *b, const char *method, const char *path, const char *body)
{
	struct request r = { .arena = b->a, .method = method, .body = body, .body_len = body ? strlen(body) : 0 };
	struct handler h = sandbox_handler(b->s, WALMART);

	r.url = arena_printf(b->a, "http://127.0.0.1:1%s", path);
	r.header[r.headers++] = (struct header){ "WM_SVC.NAME", "tallyman test" };
	r.header[r.headers++] = (struct header){ "wm_qos.correlation_id", "corr-1" };
	r.header[r.headers++] = (struct header){ "WM_SEC.ACCESS_TOKEN", b->token ? b->token : "" };
	/* sandbox-walmart-client:sandbox-walmart-secret */
	r.header[r.headers++] = (struct header){ "Authorization", "Basic c2FuZGJveC13YWxtYXJ0LWNsaWVudDpzYW5kYm94LXdhbG1hcnQtc2VjcmV0" };
	h.serve(h.ctx, b->a, &r, &b->out);
	b->json = NULL;
	json_open(b->a, b->out.reply.body, b->out.reply.body_len, &b->json, NULL);
}

static struct bench bench_open(const struct sandbox_options *opt)
{
	struct bench b = { .s = sandbox_open(opt), .a = arena_new() };

	ask(&b, "POST", "/v3/token", "grant_type=client_credentials");
	assert_int_equal(b.out.reply.status, 200);
	b.token = json_text_or(b.json, "access_token", "");
	return b;
}

static void bench_close(struct bench *b)
{
	sandbox_close(b->s);
	arena_free(b->a);
}

static void token_opens_the_list(void **state)
{
	struct sandbox_options opt = sandbox_defaults(1, epoch_ms);
	struct bench b;
	const struct json *order;

	(void)state;
	opt.world.orders = 30;
	b = bench_open(&opt);
	assert_int_equal(json_int_or(b.json, "expires_in", 0), 900);
	ask(&b, "GET", "/v3/orders?limit=5", NULL);
	assert_int_equal(b.out.reply.status, 200);
	assert_int_equal(json_count(json_get(b.json, "list.elements.order")), 5);
	order = json_first(json_get(b.json, "list.elements.order"));
	assert_true(json_is_number(json_get(order, "orderDate")));
	assert_true(json_is_text(json_get(json_first(json_get(order, "orderLines.orderLine")), "orderLineQuantity.amount")));
	bench_close(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(token_opens_the_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
