/*
 * counts_gone.c: a complete list that leaves a SKU out: once is a warning, the second in a row without it counts it as none.
 */
#include "trade/counts_inside.h"

#include "trade/missing.h"

#include <stdlib.h>
#include <string.h>

int counts_run_end(const struct taking *x, int i)
{
	int k = i + 1;

	while (k < x->n && !strcmp(x->t[k].place, x->t[i].place))
		k++;
	return k;
}

/* The reading of one place, x->t[i..k). */
static struct complete complete_of(const struct taking *x, int i, int k)
{
	const char **sku = arena_alloc(x->a, (size_t)(k - i) * sizeof *sku);
	struct complete c = { .account = x->of->account, .place = x->t[i].place, .sku = sku, .again = true };

	for (; i < k; i++) {
		c.again &= !x->t[i].timed && x->t[i].skip;
		if (x->t[i].valid_ms > c.valid_ms)
			c.valid_ms = x->t[i].valid_ms;
		if (!x->t[i].gone)
			sku[c.n++] = x->t[i].count->sku;
	}
	return c;
}

/* The second complete list in a row without it counts it as none. */
static enum fault add_gone(struct taking *x, int from, int to, int *n, struct err *err)
{
	const struct taken *first = &x->t[from];
	const char *const *sku;
	struct complete c = complete_of(x, from, to);
	int k = 0;
	enum fault f = missing_again(x->s, &c, x->a, &sku, &k, err);

	for (int i = 0; i < k && !f; i++) {
		struct count *none = arena_alloc(x->a, sizeof *none);
		struct taken *t;

		x->t = arena_grow(x->a, x->t, *n, &x->cap, sizeof *x->t);
		t = &x->t[(*n)++];
		*none = (struct count){ .place = first->count->place, .sku = sku[i] };
		*t = (struct taken){ .count = none, .place = c.place, .valid_ms = c.valid_ms, .timed = true, .gone = true };
		first = &x->t[from];
		f = counts_weigh(x, t, err);
	}
	return f;
}

enum fault counts_take_out_gone(struct taking *x, struct err *err)
{
	int n = x->n;
	enum fault f = OK;

	for (int i = 0, k; i < x->n && !f && x->of->whole; i = k) {
		k = counts_run_end(x, i);
		f = add_gone(x, i, k, &n, err);
	}
	if (n > x->n)
		qsort(x->t, (size_t)n, sizeof *x->t, counts_order);
	x->n = n;
	return f;
}

enum fault counts_note_missing(struct taking *x, int from, int to, struct err *err)
{
	struct complete c = complete_of(x, from, to);

	return x->of->whole ? missing_note(x->s, &c, x->why, err) : OK;
}
