#include "sandbox/late.h"

static void request_copy(struct request *to, struct arena *a, const struct request *r)
{
	*to = *r;
	to->arena = a;
	to->method = arena_strdup(a, r->method);
	to->url = arena_strdup(a, r->url);
	to->body = r->body ? arena_strndup(a, r->body, r->body_len) : NULL;
	for (int i = 0; i < r->headers; i++)
		to->header[i] = (struct header){ arena_strdup(a, r->header[i].name), arena_strdup(a, r->header[i].value) };
}

void late_keep(struct lates *l, struct service *to, const struct route *route, const struct call *c, int64_t due_ms)
{
	struct late *late = &l->call[l->n];

	if (l->n == LATE_MAX)
		return;
	*late = (struct late){ .due_ms = due_ms, .to = to, .route = route, .arena = arena_new() };
	late->correlation = arena_strdup(late->arena, c->correlation);
	request_copy(&late->request, late->arena, c->req);
	l->n++;
}

static int earliest(const struct lates *l)
{
	int at = 0;

	for (int i = 1; i < l->n; i++)
		if (l->call[i].due_ms < l->call[at].due_ms)
			at = i;
	return at;
}

int64_t late_next(const struct lates *l)
{
	return l->n ? l->call[earliest(l)].due_ms : INT64_MAX;
}

void late_land(struct lates *l)
{
	int at = earliest(l);
	struct late late = l->call[at];
	struct served unheard;
	struct call c;

	l->call[at] = l->call[--l->n];
	call_open(&c, late.arena, &late.request, &unheard);
	c.correlation = late.correlation;
	late.route->answer(late.to, &c);
	arena_free(late.arena);
}

void late_forget(struct lates *l)
{
	while (l->n)
		arena_free(l->call[--l->n].arena);
}
