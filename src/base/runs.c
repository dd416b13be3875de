#include "base/runs.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static int ascending(const void *p, const void *q)
{
	int64_t a = *(const int64_t *)p, b = *(const int64_t *)q;

	return a < b ? -1 : a > b;
}

char *runs_pack(struct arena *a, int64_t *id, int n)
{
	struct buf b = buf_new(a);

	buf_puts(&b, "");
	if (n)
		qsort(id, (size_t)n, sizeof *id, ascending);
	for (int i = 0, last; i < n; i = last + 1) {
		for (last = i; last + 1 < n && id[last + 1] - id[last] <= 1;)
			last++;
		buf_printf(&b, "%s%" PRId64, i ? "," : "", id[i]);
		if (id[last] > id[i])
			buf_printf(&b, "-%" PRId64, id[last]);
	}
	return b.p;
}

/* A positive number at *text, which moves behind it; 0: there is none. */
static int64_t number(const char **text)
{
	int64_t n = 0;

	for (; **text >= '0' && **text <= '9'; ++*text) {
		if (n > (INT64_MAX - 9) / 10)
			return 0;
		n = n * 10 + (**text - '0');
	}
	return n;
}

int runs_unpack(struct arena *a, const char *text, struct run **out)
{
	int n = 0, cap = 0;

	*out = NULL;
	while (*text) {
		struct run r = { .from = number(&text) };

		r.to = r.from;
		if (*text == '-') {
			text++;
			r.to = number(&text);
		}
		if (r.from <= (n ? (*out)[n - 1].to : 0) || r.to < r.from || (*text && *text != ','))
			return n;
		*out = arena_grow(a, *out, n, &cap, sizeof **out);
		(*out)[n++] = r;
		text += *text == ',';
	}
	return n;
}

static int by_start(const void *p, const void *q)
{
	const struct run *a = p, *b = q;

	return a->from < b->from ? -1 : a->from > b->from;
}

int runs_join(struct run *run, int n)
{
	int kept = 0;

	if (n)
		qsort(run, (size_t)n, sizeof *run, by_start);
	for (int i = 0; i < n; i++) {
		struct run *last = kept ? &run[kept - 1] : NULL;

		if (!last || run[i].from - last->to > 1)
			run[kept++] = run[i];
		else if (run[i].to > last->to)
			last->to = run[i].to;
	}
	return kept;
}

static int beside(const void *key, const void *p)
{
	int64_t id = *(const int64_t *)key;
	const struct run *r = p;

	return id < r->from ? -1 : id > r->to;
}

bool runs_have(const struct run *run, int n, int64_t id)
{
	return n > 0 && bsearch(&id, run, (size_t)n, sizeof *run, beside);
}
