#include "sandbox/service.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

const char *const group_names[GROUPS] = { "token", "orders", "order", "ack", "ship", "cancel", "stock", "push", "feeds",
	                                   "pool", "bulk", "products", "dispatch", "status", "report" };

const struct route *service_route(const struct service *s, const struct call *c, bool *known)
{
	enum group group = s->group_of ? s->group_of(c) : GROUPS;

	*known = false;
	for (int i = 0; i < s->routes; i++) {
		if (!call_matches(c, s->route[i].path))
			continue;
		*known = true;
		if (s->group_of && s->route[i].group != GROUP_TOKEN && s->route[i].group != group)
			continue;
		if (strcmp(s->route[i].method, c->req->method) == 0)
			return &s->route[i];
	}
	return NULL;
}

bool service_admit(struct service *s, const struct route *route, struct call *c)
{
	struct quota *quota = s->purse_of ? &s->purse[s->purse_of(route)] : &s->quota[route - s->route];
	int64_t left, next_ms;

	assert(s->routes <= ROUTES_MAX);
	if (!s->let_in(s, route, c)) {
		s->world->count[UNKNOWN_CALLERS]++;
		return false;
	}
	if (!quota_take(quota, &route->quota, s->world->now_ms, &left, &next_ms)) {
		s->world->count[THROTTLED]++;
		s->throttle(s, c, next_ms);
		return false;
	}
	if (s->mark)
		s->mark(s, route, c, left, next_ms);
	return true;
}

void service_serve(struct service *s, const struct route *route, struct call *c)
{
	if (!service_admit(s, route, c))
		return;
	if (route->group != GROUP_TOKEN)
		s->world->count[READS] += strcmp(route->method, "GET") == 0;
	route->answer(s, c);
	s->world->count[BAD_REQUESTS] += c->out->reply.status == 400;
}

const struct access *access_give(struct service *s, const char *prefix, int64_t life_ms)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	struct access *a = &s->access[s->given++ % TOKENS_MAX];
	size_t n = strlen(prefix);

	assert(n < 100);
	memcpy(a->value, prefix, n);
	for (; n < 160; n++)
		a->value[n] = alphabet[rng_below(&s->world->chance, 64)];
	a->value[n] = '\0';
	a->from_ms = s->world->now_ms;
	a->until_ms = a->from_ms + life_ms;
	s->world->count[TOKENS]++;
	return a;
}

void access_answer(struct service *s, struct call *c, const char *prefix, const char *type, int life_s)
{
	struct buf b = buf_new(c->arena);
	struct json_out o = json_out(&b);

	json_put_object(&o, NULL);
	json_put_text(&o, "access_token", access_give(s, prefix, life_s * INT64_C(1000))->value);
	json_put_text(&o, "token_type", type);
	json_put_int(&o, "expires_in", life_s);
	json_end_object(&o);
	call_answer_json(c, 200, &b);
}

const struct access *access_find(const struct service *s, const char *value)
{
	for (int i = 0; value && *value && i < TOKENS_MAX; i++)
		if (strcmp(s->access[i].value, value) == 0)
			return s->access[i].until_ms > s->world->now_ms ? &s->access[i] : NULL;
	return NULL;
}

void access_revoke(struct service *s)
{
	for (int i = 0; i < TOKENS_MAX; i++)
		s->access[i].value[0] = '\0';
}

void service_write(struct service *s, enum count kind, bool pool)
{
	s->world->count[kind]++;
	s->world->count[POOL_WRITES] += pool;
	s->world->count[FORBIDDEN_WRITES] += s->world->forbidden;
}
