#include "base/json.h"

#include "base/clock.h"
#include "base/json_scan.h"
#include "base/text.h"

#include <assert.h>
#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* struct json is a cJSON; the name keeps cJSON out of everybody else's sight. */
static const cJSON *in(const struct json *v)
{
	return (const cJSON *)(const void *)v;
}

static const struct json *out_of(const cJSON *c)
{
	return (const struct json *)(const void *)c;
}

/* ---- opening ---- */

static void drop_tree(void *root)
{
	cJSON_Delete(root);
}

/* Numbers of the tree in document order get the text they were written with. It is the arena's: a reference is what cJSON leaves alone when it frees. */
static void give_numbers(cJSON *v, char **numbers, int *i)
{
	for (; v; v = v->next) {
		if (cJSON_IsNumber(v)) {
			v->valuestring = numbers[(*i)++];
			v->type |= cJSON_IsReference;
		}
		if (v->child)
			give_numbers(v->child, numbers, i);
	}
}

enum fault json_open(struct arena *a, const char *text, size_t n, const struct json **out, struct err *err)
{
	struct json_numbers numbers;
	cJSON *root;
	int given = 0;
	enum fault f = json_scan(a, text, n, &numbers, err);

	*out = NULL;
	if (f)
		return f;
	root = cJSON_ParseWithLength(text, n);
	if (!root)
		abort(); /* it is JSON, and less deep than cJSON goes: there is no memory, and that ends the process here as in an arena */
	arena_own(a, root, drop_tree);
	give_numbers(root, numbers.text, &given);
	assert(given == numbers.n);
	*out = out_of(root);
	return OK;
}

/* ---- reading ---- */

static const cJSON *member(const cJSON *v, const char *key, size_t n)
{
	if (!cJSON_IsObject(v))
		return NULL;
	for (v = v->child; v; v = v->next)
		if (!strncmp(v->string, key, n) && !v->string[n])
			return v;
	return NULL;
}

const struct json *json_get(const struct json *v, const char *path)
{
	const cJSON *c = in(v);

	while (c && *path) {
		size_t n = strcspn(path, ".");

		c = member(c, path, n);
		path += n + (path[n] == '.');
	}
	return c && !cJSON_IsNull(c) ? out_of(c) : NULL;
}

bool json_is_object(const struct json *v)
{
	return v && cJSON_IsObject(in(v));
}

bool json_is_array(const struct json *v)
{
	return v && cJSON_IsArray(in(v));
}

bool json_is_text(const struct json *v)
{
	return v && cJSON_IsString(in(v));
}

bool json_is_number(const struct json *v)
{
	return v && cJSON_IsNumber(in(v));
}

bool json_is_bool(const struct json *v)
{
	return v && cJSON_IsBool(in(v));
}

const char *json_key(const struct json *v)
{
	return v ? in(v)->string : NULL;
}

const struct json *json_first(const struct json *v)
{
	return json_is_object(v) || json_is_array(v) ? out_of(in(v)->child) : NULL;
}

const struct json *json_next(const struct json *e)
{
	return e ? out_of(in(e)->next) : NULL;
}

int json_count(const struct json *v)
{
	int n = 0;

	for (const struct json *e = json_first(v); e; e = json_next(e))
		n++;
	return n;
}

const char *json_scalar(const struct json *v)
{
	if (json_is_text(v) || json_is_number(v))
		return in(v)->valuestring;
	if (json_is_bool(v))
		return cJSON_IsTrue(in(v)) ? "true" : "false";
	return NULL;
}

static enum fault wrong(struct err *err, const char *path, const char *what)
{
	return err_set(err, FAULT_FORMAT, "%s: %s", path, what);
}

enum fault json_need_text(const struct json *v, const char *path, const char **out, struct err *err)
{
	const struct json *got = json_get(v, path);

	if (!got)
		return wrong(err, path, "missing");
	if (!json_is_text(got))
		return wrong(err, path, "not a text");
	if (!*json_scalar(got))
		return wrong(err, path, "empty");
	*out = json_scalar(got);
	return OK;
}

enum fault json_need_int(const struct json *v, const char *path, int64_t min, int64_t max, int64_t *out, struct err *err)
{
	const struct json *got = json_get(v, path);
	const char *s = json_scalar(got);
	int64_t n;

	if (!got)
		return wrong(err, path, "missing");
	if (!s || json_is_bool(got) || !text_int(s, INT64_MIN, INT64_MAX, &n))
		return wrong(err, path, "not a whole number");
	if (n < min || n > max)
		return err_set(err, FAULT_FORMAT, "%s: not within %" PRId64 "..%" PRId64, path, min, max);
	*out = n;
	return OK;
}

enum fault json_need_minor(const struct json *v, const char *path, const char *currency, int64_t *out, struct err *err)
{
	const struct json *got = json_get(v, path);
	const char *s = json_scalar(got);

	if (!got)
		return wrong(err, path, "missing");
	if (!s || json_is_bool(got) || !text_minor(s, currency_exponent(currency), out))
		return wrong(err, path, "not an amount of its currency");
	return OK;
}

enum fault json_need_time(const struct json *v, const char *path, int64_t *ms, struct err *err)
{
	const struct json *got = json_get(v, path);
	const char *s = json_scalar(got);

	if (!got)
		return wrong(err, path, "missing");
	if (json_is_text(got) && !time_parse(s, ms))
		return OK;
	/* epoch milliseconds from 2001 to 2128: seconds taken for milliseconds would be 1970 */
	if (s && !json_is_bool(got) && text_int(s, 1000000000000, 4999999999999, ms))
		return OK;
	return wrong(err, path, "not a time (ISO 8601 with its zone, or epoch milliseconds)");
}

const char *json_text_or(const struct json *v, const char *path, const char *otherwise)
{
	const char *s = json_scalar(json_get(v, path));

	return s ? s : otherwise;
}

int64_t json_int_or(const struct json *v, const char *path, int64_t otherwise)
{
	int64_t n;

	return json_need_int(v, path, INT64_MIN, INT64_MAX, &n, NULL) ? otherwise : n;
}

bool json_bool_or(const struct json *v, const char *path, bool otherwise)
{
	const char *s = json_scalar(json_get(v, path));

	return !s ? otherwise : !strcmp(s, "true") ? true : !strcmp(s, "false") ? false : otherwise;
}
