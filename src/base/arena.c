#include "base/arena.h"

#include <stdarg.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 64 * 1024 };

struct block {
	struct block *next;
	size_t size, used;
	alignas(16) char data[];
};

/* Memory of another's, which goes when ours does. */
struct owned {
	struct owned *next;
	void *p;
	void (*drop)(void *p);
};

struct arena {
	struct block *head;
	struct owned *owned; /* in the blocks */
};

static _Noreturn void out_of_memory(void)
{
	fputs("tallyman: out of memory\n", stderr);
	abort();
}

static struct block *block_new(size_t size, struct block *next)
{
	struct block *b = malloc(sizeof *b + size);

	if (!b)
		out_of_memory();
	b->next = next;
	b->size = size;
	b->used = 0;
	return b;
}

struct arena *arena_new(void)
{
	struct arena *a = malloc(sizeof *a);

	if (!a)
		out_of_memory();
	a->head = NULL;
	a->owned = NULL;
	return a;
}

static void free_from(struct block *b)
{
	while (b) {
		struct block *next = b->next;

		free(b);
		b = next;
	}
}

static void drop_owned(struct arena *a)
{
	struct owned *o = a->owned;

	for (a->owned = NULL; o; o = o->next)
		o->drop(o->p);
}

void arena_free(struct arena *a)
{
	if (!a)
		return;
	drop_owned(a);
	free_from(a->head);
	free(a);
}

void arena_reset(struct arena *a)
{
	drop_owned(a);
	if (!a->head)
		return;
	free_from(a->head->next);
	a->head->next = NULL;
	if (a->head->size > 16 * (size_t)BLOCK) { /* one huge reply must not be kept for ever */
		free(a->head);
		a->head = NULL;
		return;
	}
	a->head->used = 0;
}

void *arena_alloc(struct arena *a, size_t n)
{
	struct block *b = a->head;
	size_t need = (n + 15) & ~(size_t)15;
	void *p;

	if (need < n)
		out_of_memory();
	if (!b || b->size - b->used < need) {
		size_t size = b && b->size < 1024 * 1024 ? b->size * 2 : BLOCK;

		if (size < need)
			size = need;
		b = a->head = block_new(size, b);
	}
	p = b->data + b->used;
	b->used += need;
	return memset(p, 0, need);
}

void arena_own(struct arena *a, void *p, void (*drop)(void *p))
{
	struct owned *o = arena_alloc(a, sizeof *o);

	*o = (struct owned){ a->owned, p, drop };
	a->owned = o;
}

char *arena_strndup(struct arena *a, const char *s, size_t n)
{
	char *p = arena_alloc(a, n + 1);

	memcpy(p, s, n);
	return p;
}

char *arena_strdup(struct arena *a, const char *s)
{
	return s ? arena_strndup(a, s, strlen(s)) : NULL;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap, again;
	int n;
	char *p;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	p = arena_alloc(a, (size_t)n + 1);
	vsnprintf(p, (size_t)n + 1, fmt, again);
	va_end(again);
	return p;
}

void *arena_grow(struct arena *a, void *items, int n, int *cap, size_t size)
{
	void *more;

	if (n < *cap)
		return items;
	*cap = *cap ? *cap * 2 : 8;
	more = arena_alloc(a, (size_t)*cap * size);
	if (n)
		memcpy(more, items, (size_t)n * size);
	return more;
}

struct buf buf_new(struct arena *a)
{
	struct buf b = { a, arena_alloc(a, 256), 0, 256 };

	return b;
}

void buf_add(struct buf *b, const char *p, size_t n)
{
	if (b->cap - b->len <= n) {
		size_t cap = b->cap * 2 > b->len + n + 1 ? b->cap * 2 : b->len + n + 1;
		char *more = arena_alloc(b->arena, cap);

		memcpy(more, b->p, b->len);
		b->p = more;
		b->cap = cap;
	}
	memcpy(b->p + b->len, p, n);
	b->len += n;
	b->p[b->len] = '\0';
}

void buf_puts(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

void buf_putc(struct buf *b, char c)
{
	buf_add(b, &c, 1);
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
	char small[512];
	va_list ap, again;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(small, sizeof small, fmt, ap);
	va_end(ap);
	if ((size_t)n < sizeof small) {
		buf_add(b, small, (size_t)n);
	} else {
		char *p = arena_alloc(b->arena, (size_t)n + 1);

		vsnprintf(p, (size_t)n + 1, fmt, again);
		buf_add(b, p, (size_t)n);
	}
	va_end(again);
}
