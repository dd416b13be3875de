#ifndef TALLYMAN_ARENA_H
#define TALLYMAN_ARENA_H
/*
 * arena.h: memory that lives and dies together.
 *
 * What one reply or one screenful needs comes from one arena and goes in one call.
 * Out of memory ends the process: the store is safe, the engine restarts.
 */
#include <stddef.h>

struct arena;

/* Never NULL. */
struct arena *arena_new(void);
void arena_free(struct arena *a); /* NULL is harmless */

/* Forget everything but keep one block for the next user. */
void arena_reset(struct arena *a);

/* n zeroed bytes, aligned for any type. Never NULL. */
void *arena_alloc(struct arena *a, size_t n);
char *arena_strdup(struct arena *a, const char *s); /* NULL stays NULL */
char *arena_strndup(struct arena *a, const char *s, size_t n);
char *arena_printf(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* What somebody else's code allocated goes with the arena: drop(p) is called when it is emptied or freed, the last owned first. */
void arena_own(struct arena *a, void *p, void (*drop)(void *p));

/* An array that grows: returns items, moved if it had to; *cap counts elements. */
void *arena_grow(struct arena *a, void *items, int n, int *cap, size_t size);

/*
 * Text that grows in an arena: requests are written with it. p is always
 * terminated; len does not count the terminator.
 */
struct buf {
	struct arena *arena;
	char *p;
	size_t len, cap;
};

/* An empty one: p is NULL until something was added. Bytes, a text, a character, or as printf says, to its end. */
struct buf buf_new(struct arena *a);
void buf_add(struct buf *b, const char *p, size_t n);
void buf_puts(struct buf *b, const char *s);
void buf_putc(struct buf *b, char c);
void buf_printf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
