/* sandbox_bench.h: asking the simulated marketplaces, for their tests. Include it after cmocka's headers would be: it brings them. */
#ifndef TALLYMAN_SANDBOX_BENCH_H
#define TALLYMAN_SANDBOX_BENCH_H
#include "sandbox/control.h"
#include "sandbox/sandbox.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

static const int64_t epoch_ms = 1763712000000; /* 2025-11-21T08:00:00Z */

struct bench {
	struct sandbox *s;
	struct world *w;
	struct arena *a;
	struct served out;
	const struct json *json;
	const char *walmart, *amazon, *ebay, *shopify; /* tokens */
	const char *correlation;
};

static const char *const token_headers[PLATFORMS] = { "WM_SEC.ACCESS_TOKEN", "x-amz-access-token", "Authorization", "X-Shopify-Access-Token" };

static inline int ask_as(struct bench *b, enum platform p, const char *token, const char *method, const char *path, const char *body)
{
	struct request r = { .arena = b->a, .method = method, .body = body, .body_len = body ? strlen(body) : 0 };
	struct handler h = sandbox_handler(b->s, p);

	r.url = arena_printf(b->a, "http://127.0.0.1:1%s", path);
	if (p == WALMART) {
		r.header[r.headers++] = (struct header){ "WM_SVC.NAME", "tallyman test" };
		r.header[r.headers++] = (struct header){ "wm_qos.correlation_id", b->correlation ? b->correlation : "corr-1" };
		/* sandbox-walmart-client:sandbox-walmart-secret */
		r.header[r.headers++] = (struct header){ "Authorization", "Basic c2FuZGJveC13YWxtYXJ0LWNsaWVudDpzYW5kYm94LXdhbG1hcnQtc2VjcmV0" };
	}
	if (token)
		r.header[r.headers++] = (struct header){ token_headers[p], p == EBAY ? arena_printf(b->a, "Bearer %s", token) : token };
	else if (p == EBAY) /* HarborPi-sandbox-PRD-000000000-00000000:sandbox-ebay-secret */
		r.header[r.headers++] = (struct header){ "Authorization", "Basic SGFyYm9yUGktc2FuZGJveC1QUkQtMDAwMDAwMDAwLTAwMDAwMDAwOnNhbmRib3gtZWJheS1zZWNyZXQ=" };
	h.serve(h.ctx, b->a, &r, &b->out);
	b->json = NULL;
	json_open(b->a, b->out.reply.body, b->out.reply.body_len, &b->json, NULL);
	return b->out.reply.status;
}

static inline int walmart(struct bench *b, const char *method, const char *path, const char *body)
{
	return ask_as(b, WALMART, b->walmart, method, path, body);
}

static inline int amazon(struct bench *b, const char *method, const char *path, const char *body)
{
	return ask_as(b, AMAZON, b->amazon, method, path, body);
}

static inline int ebay(struct bench *b, const char *method, const char *path, const char *body)
{
	return ask_as(b, EBAY, b->ebay, method, path, body);
}

#define AMAZON_LOGIN                                                                                                                        \
	"grant_type=refresh_token&refresh_token=Atzr%7Csandbox-refresh-token&client_id=amzn1.application-oa2-client.sandbox&client_secret=" \
	"sandbox-amazon-secret"

static inline void log_in(struct bench *b)
{
	assert_int_equal(walmart(b, "POST", "/v3/token", "grant_type=client_credentials"), 200);
	b->walmart = json_text_or(b->json, "access_token", "");
	assert_int_equal(amazon(b, "POST", "/auth/o2/token", AMAZON_LOGIN), 200);
	b->amazon = json_text_or(b->json, "access_token", "");
}

#define EBAY_LOGIN "grant_type=refresh_token&refresh_token=v%5E1.1%23i%5E1%23sandbox-refresh-token"

static inline void log_in_at_ebay(struct bench *b)
{
	b->ebay = NULL;
	assert_int_equal(ebay(b, "POST", "/identity/v1/oauth2/token", EBAY_LOGIN), 200);
	b->ebay = json_text_or(b->json, "access_token", "");
}

static inline struct bench bench_open(const struct sandbox_options *opt)
{
	struct bench b = { .a = arena_new() };
	struct err err = { 0 };

	if (sandbox_open(opt, &b.s, &err) != OK)
		fail_msg("%s", err.text);
	b.w = b.s->world;
	log_in(&b);
	return b;
}

static inline void bench_close(struct bench *b)
{
	sandbox_close(b->s);
	arena_free(b->a);
}

/* A quiet world: no buyers, no past, quantities settle at once. */
static inline struct sandbox_options quiet(void)
{
	struct sandbox_options opt = sandbox_defaults(1, epoch_ms);

	opt.world.orders_a_day = 0;
	opt.world.settle_pct = 0;
	return opt;
}

/* The first product offered at a place, and its listing. */
static inline int product_at(const struct world *w, enum place place)
{
	for (int i = 0; i < w->products; i++)
		if (w->product[i].listing[place] >= 0)
			return i;
	fail_msg("nothing is offered at %s", place_facts[place].name);
	return -1;
}

static inline struct listing *listing_of(struct world *w, int product, enum place place)
{
	return &w->listing[w->product[product].listing[place]];
}

/* Somebody buys qty units at a place, now. */
static inline int buy(struct world *w, enum place place, int qty)
{
	return order_place(w, w->product[product_at(w, place)].listing[place], qty, 5000);
}

static inline const char *id_of(struct bench *b, int order)
{
	char *id = arena_alloc(b->a, 24);

	order_id(b->w, order, id);
	return id;
}

static inline const char *sku_of(const struct world *w, int product)
{
	return world_str(w, w->product[product].sku);
}

static inline bool body_has(const struct bench *b, const char *text)
{
	return strstr(b->out.reply.body, text) != NULL;
}

#endif
