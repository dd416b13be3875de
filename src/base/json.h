#ifndef TALLYMAN_JSON_H
#define TALLYMAN_JSON_H
/*
 * json.h: the strict layer between cJSON and everything.
 *
 * cJSON 1.7.15 takes duplicate keys, 007, 1e999, NUL in a string and text after the
 * end, and keeps 41.90 as 41.8999...; a scan in front of it refuses what is no JSON
 * and keeps every number as it was written. Integers and money are read from
 * that text only. An error names the path and the reason, never the value.
 *
 * Paths are keys joined by dots, "shippingInfo.postalAddress.name"; keys are case-sensitive.
 */
#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json; /* one value; it lives in the arena it was opened in */

enum { JSON_MAX_BYTES = 16 * 1024 * 1024, JSON_MAX_DEPTH = 64 };

/* Open n bytes of UTF-8. FAULT_FORMAT says what is wrong and at which byte. */
enum fault json_open(struct arena *a, const char *text, size_t n, const struct json **out, struct err *err);

/* The value at path below v, or NULL when there is none or it is null. v may be NULL. */
const struct json *json_get(const struct json *v, const char *path);

/* What a value is; NULL is none of these. */
bool json_is_object(const struct json *v);
bool json_is_array(const struct json *v);
bool json_is_text(const struct json *v);
bool json_is_number(const struct json *v);
bool json_is_bool(const struct json *v);
const char *json_key(const struct json *v); /* a member's own name, NULL for an element */

/* Walk an array or object: for (e = json_first(v); e; e = json_next(e)). NULL and scalars have no elements. */
const struct json *json_first(const struct json *v);
const struct json *json_next(const struct json *e);
int json_count(const struct json *v);

/* A scalar as text: a string's own, a number as it was written, "true", "false"; NULL for the rest. */
const char *json_scalar(const struct json *v);

/* Required values: FAULT_FORMAT names the path. text: "" counts as missing. */
enum fault json_need_text(const struct json *v, const char *path, const char **out, struct err *err);

/* A whole number in [min, max], written as a number or, as the platforms like it, as a string. */
enum fault json_need_int(const struct json *v, const char *path, int64_t min, int64_t max, int64_t *out, struct err *err);

/* A decimal amount to minor units of a currency, from a number or a string. */
enum fault json_need_minor(const struct json *v, const char *path, const char *currency, int64_t *out, struct err *err);

/* A time: ISO 8601 with its zone, or epoch milliseconds. */
enum fault json_need_time(const struct json *v, const char *path, int64_t *ms, struct err *err);

/* Optional values: otherwise when there is none. A value that is there but wrong is FAULT_FORMAT only in the json_need functions. */
const char *json_text_or(const struct json *v, const char *path, const char *otherwise);
int64_t json_int_or(const struct json *v, const char *path, int64_t otherwise);
bool json_bool_or(const struct json *v, const char *path, bool otherwise);

/* The value written back as compact JSON, numbers as they were; lives in a. */
char *json_print(struct arena *a, const struct json *v);

/*
 * Writing: a document is built value by value into a buf. Commas and quoting are kept right;
 * a key is NULL inside an array and at the top.
 */
struct json_out {
	struct buf *buf;
	bool comma;
};

/* One that writes to the end of b; then a value at a time, objects and arrays ended in the order in which they were begun. */
struct json_out json_out(struct buf *b);
void json_put_object(struct json_out *o, const char *key);
void json_put_array(struct json_out *o, const char *key);
void json_end_object(struct json_out *o);
void json_end_array(struct json_out *o);
void json_put_text(struct json_out *o, const char *key, const char *value); /* NULL writes null */
void json_put_int(struct json_out *o, const char *key, int64_t value);
void json_put_bool(struct json_out *o, const char *key, bool value);
void json_put_null(struct json_out *o, const char *key);
void json_put_minor(struct json_out *o, const char *key, int64_t minor, const char *currency); /* a number: 41.90 */
void json_put_raw(struct json_out *o, const char *key, const char *json);                      /* written as it is */

#endif
