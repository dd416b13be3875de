#include "tests/fault/between.h"

#include <stdlib.h>

enum { AT_ONCE = 16 };

struct between {
	struct transport transport; /* first: a transport is cast to it */
	struct transport *inner;
	bool (*answer)(const struct request *r, struct reply *out, struct arena *a);
	struct finished said[AT_ONCE];
	int n;
};

static enum fault between_start(struct transport *t, int64_t id, const struct request *r, struct err *err)
{
	struct between *b = (struct between *)t;
	struct finished f = { .id = id, .arena = arena_new() };

	if (b->n == AT_ONCE || !b->answer(r, &f.reply, f.arena)) {
		arena_free(f.arena);
		return b->inner->start(b->inner, id, r, err);
	}
	b->said[b->n++] = f;
	return OK;
}

static bool between_next(struct transport *t, struct finished *out)
{
	struct between *b = (struct between *)t;

	if (!b->n)
		return b->inner->next(b->inner, out);
	*out = b->said[--b->n];
	return true;
}

static void between_wait(struct transport *t, const int *fds, int n, int64_t until_ms)
{
	struct between *b = (struct between *)t;

	b->inner->wait(b->inner, fds, n, until_ms);
}

static void between_close(struct transport *t)
{
	struct between *b = (struct between *)t;

	while (b->n)
		arena_free(b->said[--b->n].arena);
	b->inner->close(b->inner);
	free(b);
}

struct transport *between(struct transport *inner, bool (*answer)(const struct request *r, struct reply *out, struct arena *a))
{
	struct between *b = calloc(1, sizeof *b);

	if (!b)
		abort();
	*b = (struct between){ .transport = { between_start, between_next, between_wait, between_close }, .inner = inner, .answer = answer };
	return &b->transport;
}
