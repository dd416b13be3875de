#ifndef TALLYMAN_FIELDS_H
#define TALLYMAN_FIELDS_H
/*
 * fields.h: a few named values as one text: payloads of jobs and intents, messages on the engine's socket.
 *
 * One "key=value" a line, in order; %, line feed, carriage return and NUL of a value are percent-encoded. A key may
 * stand several times (the lines of a shipment). Readable with the naked eye in the store.
 */
#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct field {
	const char *key, *value;
};

struct fields {
	struct arena *arena;
	struct field *field;
	int n, cap;
};

/* Words under keys, in the order in which they were put. get, int and has look at a key's first value; otherwise: there is none, or it is no number. */
struct fields fields_new(struct arena *a);
void fields_put(struct fields *f, const char *key, const char *value); /* NULL value: nothing is put */
void fields_put_int(struct fields *f, const char *key, int64_t value);
const char *fields_get(const struct fields *f, const char *key, const char *otherwise);
int64_t fields_int(const struct fields *f, const char *key, int64_t otherwise);
bool fields_has(const struct fields *f, const char *key);

/* The i-th value of a key that stands several times, NULL past the last. */
const char *fields_each(const struct fields *f, const char *key, int i);

/* As text, a line key=value each, which fields_unpack reads again; lives in a. */
char *fields_pack(const struct fields *f, struct arena *a);

/* How many of the n bytes of a value take no more than room bytes of such a text. */
size_t fields_fit(const char *value, size_t n, size_t room);

/* FAULT_FORMAT names the line that is no key=value, or a key that is no word. */
enum fault fields_unpack(struct arena *a, const char *text, struct fields *out, struct err *err);

#endif
