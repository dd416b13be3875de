#include "sandbox/sandbox.h"

#include <stdlib.h>
#include <string.h>

struct sandbox_options sandbox_defaults(uint64_t seed, int64_t epoch_ms)
{
	return (struct sandbox_options){
		.world = { .seed = seed, .skus = 40, .orders_a_day = 200, .epoch_ms = epoch_ms, .list_cap = 20000, .settle_pct = 100 },
	};
}

struct sandbox_options sandbox_demo(uint64_t seed, int64_t epoch_ms)
{
	return (struct sandbox_options){
		.world = { .seed = seed,
		           .skus = 320,
		           .orders = 1200,
		           .orders_a_day = 2400,
		           .epoch_ms = epoch_ms,
		           .list_cap = 20000,
		           .settle_pct = 100,
		           .demo = true },
		.delays = true,
	};
}

struct sandbox *sandbox_open(const struct sandbox_options *opt)
{
	struct sandbox *s = calloc(1, sizeof *s);

	if (!s)
		abort();
	s->world = world_open(&opt->world);
	s->clock = opt->clock;
	s->delays = opt->delays;
	s->service[WALMART] = walmart_service(s->world);
	return s;
}

void sandbox_close(struct sandbox *s)
{
	if (!s)
		return;
	world_close(s->world);
	free(s);
}

void sandbox_advance(struct sandbox *s, int64_t now_ms)
{
	world_advance(s->world, now_ms);
}

static void serve(struct sandbox *s, struct service *to, struct arena *a, const struct request *r, struct served *out)
{
	struct call c;
	const struct route *route;
	bool known;

	if (s->clock)
		sandbox_advance(s, clock_now(s->clock));
	call_open(&c, a, r, out);
	route = service_route(to, &c, &known);
	if (route)
		service_serve(to, route, &c);
	else
		to->refuse(&c, known ? 405 : 404, "CONTENT_NOT_FOUND", "There is no such resource.");
	out->reply.received_ms = s->world->now_ms;
}


static void serve_walmart(void *ctx, struct arena *a, const struct request *r, struct served *out)
{
	struct sandbox *s = ctx;

	serve(s, &s->service[WALMART], a, r, out);
}

static void serve_amazon(void *ctx, struct arena *a, const struct request *r, struct served *out)
{
	struct sandbox *s = ctx;

	serve(s, &s->service[AMAZON], a, r, out);
}

struct handler sandbox_handler(struct sandbox *s, enum platform platform)
{
	return (struct handler){ platform == WALMART ? serve_walmart : serve_amazon, s };
}
