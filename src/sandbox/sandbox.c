#include "sandbox/sandbox.h"

#include "sandbox/control.h"

#include <stdlib.h>
#include <string.h>

struct sandbox_options sandbox_defaults(uint64_t seed, int64_t epoch_ms)
{
	return (struct sandbox_options){
		.world = { .seed = seed, .skus = 40, .orders_a_day = 200, .sells = 1u << WALMART | 1u << AMAZON, .epoch_ms = epoch_ms, .list_cap = 20000, .settle_pct = 100 },
	};
}

struct sandbox_options sandbox_demo(uint64_t seed, int64_t epoch_ms)
{
	return (struct sandbox_options){
		.world = { .seed = seed,
		           .skus = 320,
		           .orders = 1200,
		           .orders_a_day = 2400,
		           .sells = 1u << WALMART | 1u << AMAZON,
		           .epoch_ms = epoch_ms,
		           .list_cap = 20000,
		           .settle_pct = 100,
		           .demo = true },
		.delays = true,
	};
}

enum fault sandbox_fault(struct sandbox *s, const char *text, struct err *err)
{
	enum fault fault = faults_add(&s->faults, text, s->world->now_ms, err);

	faults_happen(&s->faults, s->world, s->service);
	return fault;
}

/* Somebody types 250 for 25 on Walmart's web page, two minutes after the demo began. */
static const char demo_edit[] = "kind=edit at=2m place=walmart/main sku=HP-TOWEL-SLT to=250";

enum fault sandbox_open(const struct sandbox_options *opt, struct sandbox **out, struct err *err)
{
	struct sandbox *s = calloc(1, sizeof *s);
	enum fault fault = OK;
	bool anew;

	if (!s)
		abort();
	if (opt->state)
		fault = world_load(opt->state, &s->world, err);
	if (fault != OK) {
		free(s);
		return fault;
	}
	anew = !s->world;
	if (anew)
		s->world = world_open(&opt->world);
	s->clock = opt->clock;
	s->delays = opt->delays;
	s->line = rng_seeded(opt->world.seed ^ 0x11fe);
	s->faults.log = opt->log;
	s->faults.sells = s->world->opt.sells;
	s->faults.rng = rng_seeded(opt->world.seed ^ 0xfa017);
	s->service[WALMART] = walmart_service(s->world);
	s->service[AMAZON] = amazon_service(s->world);
	s->service[EBAY] = ebay_service(s->world);
	s->service[SHOPIFY] = shopify_service(s->world);
	s->service[CARTONCLOUD] = cartoncloud_service(s->world);
	s->service[NETSUITE] = netsuite_service(s->world);
	for (enum platform p = 0; p < PLATFORMS; p++)
		s->door[p] = (struct door){ s, p };
	if (anew && opt->world.demo)
		fault = sandbox_fault(s, demo_edit, err);
	*out = s;
	return fault;
}

void sandbox_close(struct sandbox *s)
{
	if (!s)
		return;
	late_forget(&s->late);
	world_close(s->world);
	free(s);
}

/* In steps of a minute, so that what happens by itself happens in its time. */
static void live_until(struct sandbox *s, int64_t now_ms)
{
	while (s->faults.n && s->world->now_ms + MINUTE_MS < now_ms) {
		world_advance(s->world, s->world->now_ms + MINUTE_MS);
		faults_happen(&s->faults, s->world, s->service);
	}
	world_advance(s->world, now_ms);
	faults_happen(&s->faults, s->world, s->service);
}

void sandbox_advance(struct sandbox *s, int64_t now_ms)
{
	while (late_next(&s->late) <= now_ms) {
		live_until(s, late_next(&s->late));
		late_land(&s->late);
	}
	live_until(s, now_ms);
}

/* Reads take 80..400 ms, writes 300..1500, quantities of Amazon one to three seconds. */
static int64_t delay_ms(struct sandbox *s, const struct service *to, const struct route *route)
{
	if (!s->delays)
		return 0;
	if (strcmp(route->method, "GET") == 0 || route->group == GROUP_TOKEN || route->group == GROUP_ORDERS || route->group == GROUP_ORDER || route->group == GROUP_STOCK)
		return 80 + rng_below(&s->line, 320);
	if (to->platform == AMAZON && route->group == GROUP_PUSH)
		return 1000 + rng_below(&s->line, 2000);
	return 300 + rng_below(&s->line, 1200);
}

static void serve_route(struct sandbox *s, struct service *to, const struct route *route, struct call *c)
{
	struct mishap *m = faults_draw(&s->faults, to->platform, route->group, s->world->now_ms);

	c->out->delay_ms = delay_ms(s, to, route);
	if (m && m->kind == LATE && !service_admit(to, route, c))
		return;
	if (m && m->kind == LATE)
		late_keep(&s->late, to, route, c, s->world->now_ms + fault_late_ms(&s->faults, m));
	if (m && fault_kinds[m->kind].before) {
		fault_before(&s->faults, m, to, c);
		return;
	}
	s->world->dropping = m && m->kind == DROPPED;
	s->world->report_fails = m && m->kind == FAILING;
	s->world->nonsense = !m ? SENSE : m->kind == ZEROES ? ALL_ZERO : m->kind == HALVED ? HALF_MISSING : SENSE;
	service_serve(to, route, c);
	s->world->dropping = s->world->report_fails = false;
	s->world->nonsense = SENSE;
	if (m && m->kind == TWICE && c->out->reply.status < 300)
		late_keep(&s->late, to, route, c, s->world->now_ms);
	if (m)
		fault_after(&s->faults, m, to, c);
}

static void serve(void *ctx, struct arena *a, const struct request *r, struct served *out)
{
	const struct door *door = ctx;
	struct sandbox *s = door->sandbox;
	struct service *to = &s->service[door->platform];
	const struct route *route;
	struct call c;
	bool known;

	if (s->clock)
		sandbox_advance(s, clock_now(s->clock));
	call_open(&c, a, r, out);
	call_add_header(&c, "Date", call_http_date(a, s->world->now_ms));
	if (control_means(&c)) {
		control_serve(s, &c);
	} else {
		route = service_route(to, &c, &known);
		if (route)
			serve_route(s, to, route, &c);
		else
			to->refuse(&c, known ? 405 : 404, "CONTENT_NOT_FOUND", "There is no such resource.");
	}
	out->reply.received_ms = s->world->now_ms + out->delay_ms;
}

struct handler sandbox_handler(struct sandbox *s, enum platform platform)
{
	return (struct handler){ serve, &s->door[platform] };
}
