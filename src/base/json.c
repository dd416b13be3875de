#include "base/json.h"

#include "base/clock.h"
#include "base/text.h"

#include <assert.h>
#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdio.h>
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

/* ---- the scan: is it JSON, and how was each number written? ---- */

struct scan {
	const char *text, *p, *end;
	struct arena *arena;
	struct err *err;
	int depth;
	char **numbers; /* texts in document order */
	int n, cap;
};

static enum fault scan_value(struct scan *s);

static enum fault refuse(struct scan *s, const char *why)
{
	return err_set(s->err, FAULT_FORMAT, "not strict JSON at byte %zu: %s", (size_t)(s->p - s->text), why);
}

static void skip_space(struct scan *s)
{
	while (s->p < s->end && (*s->p == ' ' || *s->p == '\t' || *s->p == '\n' || *s->p == '\r'))
		s->p++;
}

static int hex4(const char *p)
{
	int v = 0;

	for (int i = 0; i < 4; i++) {
		char c = p[i];
		int d = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;

		if (d < 0)
			return -1;
		v = v * 16 + d;
	}
	return v;
}

static enum fault scan_escape(struct scan *s)
{
	int c, low;

	if (s->end - s->p < 2)
		return refuse(s, "the text ends inside an escape");
	if (s->p[1] != 'u') {
		if (!strchr("\"\\/bfnrt", s->p[1]) || !s->p[1])
			return refuse(s, "unknown escape");
		s->p += 2;
		return OK;
	}
	if (s->end - s->p < 6 || (c = hex4(s->p + 2)) < 0)
		return refuse(s, "\\u wants four hexadecimal digits");
	if (c == 0)
		return refuse(s, "NUL in a string");
	if (c >= 0xdc00 && c < 0xe000)
		return refuse(s, "a low surrogate stands alone");
	if (c >= 0xd800 && c < 0xdc00) {
		if (s->end - s->p < 12 || s->p[6] != '\\' || s->p[7] != 'u' || (low = hex4(s->p + 8)) < 0xdc00 || low >= 0xe000)
			return refuse(s, "a high surrogate stands alone");
		s->p += 6;
	}
	s->p += 6;
	return OK;
}

static enum fault scan_string(struct scan *s, const char **from, size_t *n)
{
	s->p++;
	*from = s->p;
	while (s->p < s->end && *s->p != '"') {
		if ((unsigned char)*s->p < 0x20)
			return refuse(s, "a control character in a string");
		if (*s->p == '\\') {
			if (scan_escape(s))
				return FAULT_FORMAT;
		} else {
			s->p++;
		}
	}
	if (s->p >= s->end)
		return refuse(s, "the text ends inside a string");
	*n = (size_t)(s->p - *from);
	s->p++;
	return OK;
}

static int scan_digits(struct scan *s)
{
	int n = 0;

	for (; s->p < s->end && *s->p >= '0' && *s->p <= '9'; s->p++)
		n++;
	return n;
}

static enum fault scan_number(struct scan *s)
{
	const char *from = s->p;

	s->p += *s->p == '-';
	if (s->p < s->end && *s->p == '0')
		s->p++;
	else if (!scan_digits(s))
		return refuse(s, "a number wants digits");
	if (s->p < s->end && *s->p >= '0' && *s->p <= '9')
		return refuse(s, "a number starts with a needless 0");
	if (s->p < s->end && *s->p == '.' && (s->p++, !scan_digits(s)))
		return refuse(s, "a number wants digits after its point");
	if (s->p < s->end && (*s->p == 'e' || *s->p == 'E')) {
		s->p++;
		if (s->p < s->end && (*s->p == '+' || *s->p == '-'))
			s->p++;
		if (!scan_digits(s))
			return refuse(s, "an exponent wants digits");
	}
	if (s->p - from > 64)
		return refuse(s, "a number of more than 64 characters");
	s->numbers = arena_grow(s->arena, s->numbers, s->n, &s->cap, sizeof *s->numbers);
	s->numbers[s->n++] = arena_strndup(s->arena, from, (size_t)(s->p - from));
	return OK;
}

static enum fault scan_word(struct scan *s, const char *word)
{
	size_t n = strlen(word);

	if ((size_t)(s->end - s->p) < n || memcmp(s->p, word, n))
		return refuse(s, "neither a value nor true, false, null");
	s->p += n;
	return OK;
}

/* The keys of one object, to refuse a second of the same name. A hash for the large ones would be dearer than it is worth. */
struct key {
	const char *p;
	size_t n;
};

static int key_cmp(const void *a, const void *b)
{
	const struct key *x = a, *y = b;
	size_t n = x->n < y->n ? x->n : y->n;
	int c = memcmp(x->p, y->p, n);

	return c ? c : (x->n > y->n) - (x->n < y->n);
}

static bool has_twin(struct key *keys, int n)
{
	if (n <= 8) {
		for (int i = 1; i < n; i++)
			for (int j = 0; j < i; j++)
				if (!key_cmp(&keys[i], &keys[j]))
					return true;
		return false;
	}
	qsort(keys, (size_t)n, sizeof *keys, key_cmp);
	for (int i = 1; i < n; i++)
		if (!key_cmp(&keys[i - 1], &keys[i]))
			return true;
	return false;
}

/* Escapes of what could stand there plainly: two spellings of one key would pass as two. */
static bool in_disguise(const struct key *k)
{
	for (size_t i = 0; i + 1 < k->n; i++)
		if (k->p[i] == '\\' && (k->p[++i] == 'u' || k->p[i] == '/'))
			return true;
	return false;
}

static enum fault scan_object(struct scan *s)
{
	struct key few[8], *keys = few;
	int n = 0, cap = 8;

	s->p++;
	skip_space(s);
	if (s->p < s->end && *s->p == '}') {
		s->p++;
		return OK;
	}
	for (;;) {
		struct key k;

		skip_space(s);
		if (s->p >= s->end || *s->p != '"')
			return refuse(s, "an object wants a key");
		if (scan_string(s, &k.p, &k.n))
			return FAULT_FORMAT;
		if (in_disguise(&k))
			return refuse(s, "a key in disguise (\\u or \\/)");
		keys = arena_grow(s->arena, keys, n, &cap, sizeof *keys);
		keys[n++] = k;
		skip_space(s);
		if (s->p >= s->end || *s->p != ':')
			return refuse(s, "a key wants a colon");
		s->p++;
		if (scan_value(s))
			return FAULT_FORMAT;
		skip_space(s);
		if (s->p < s->end && *s->p == ',') {
			s->p++;
			continue;
		}
		if (s->p >= s->end || *s->p != '}')
			return refuse(s, "an object is not closed");
		s->p++;
		return has_twin(keys, n) ? refuse(s, "a key stands twice in one object") : OK;
	}
}

static enum fault scan_array(struct scan *s)
{
	s->p++;
	skip_space(s);
	if (s->p < s->end && *s->p == ']') {
		s->p++;
		return OK;
	}
	for (;;) {
		if (scan_value(s))
			return FAULT_FORMAT;
		skip_space(s);
		if (s->p < s->end && *s->p == ',') {
			s->p++;
			continue;
		}
		if (s->p >= s->end || *s->p != ']')
			return refuse(s, "an array is not closed");
		s->p++;
		return OK;
	}
}

static enum fault scan_value(struct scan *s)
{
	const char *ignored;
	size_t n;
	enum fault f;

	skip_space(s);
	if (s->p >= s->end)
		return refuse(s, "the text ends where a value should stand");
	switch (*s->p) {
	case '{':
	case '[':
		if (++s->depth > JSON_MAX_DEPTH)
			return refuse(s, "nested deeper than 64");
		f = *s->p == '{' ? scan_object(s) : scan_array(s);
		s->depth--;
		return f;
	case '"':
		return scan_string(s, &ignored, &n);
	case 't':
		return scan_word(s, "true");
	case 'f':
		return scan_word(s, "false");
	case 'n':
		return scan_word(s, "null");
	default:
		return scan_number(s);
	}
}

/* ---- cJSON over an arena: the one static pointer of the program ---- */

static struct arena *hook_arena;

static void *hook_alloc(size_t n)
{
	return arena_alloc(hook_arena, n);
}

static void hook_free(void *p)
{
	(void)p;
}

/* Numbers of the tree in document order get the text they were written with. */
static void give_numbers(cJSON *v, char **numbers, int *i)
{
	for (; v; v = v->next) {
		if (cJSON_IsNumber(v))
			v->valuestring = numbers[(*i)++];
		if (v->child)
			give_numbers(v->child, numbers, i);
	}
}

enum fault json_open(struct arena *a, const char *text, size_t n, const struct json **out, struct err *err)
{
	struct scan s = { .text = text, .p = text, .end = text + n, .arena = a, .err = err };
	cJSON_Hooks hooks = { hook_alloc, hook_free };
	cJSON *root;
	int given = 0;

	*out = NULL;
	if (n > JSON_MAX_BYTES)
		return err_set(err, FAULT_FORMAT, "a reply of %zu bytes is over the limit of %d", n, JSON_MAX_BYTES);
	if (!text_utf8(text, n))
		return err_set(err, FAULT_FORMAT, "not valid UTF-8");
	if (scan_value(&s))
		return FAULT_FORMAT;
	skip_space(&s);
	if (s.p != s.end)
		return refuse(&s, "something follows the end");
	hook_arena = a;
	cJSON_InitHooks(&hooks);
	root = cJSON_ParseWithLength(text, n);
	cJSON_InitHooks(NULL);
	if (!root)
		return err_set(err, FAULT_FORMAT, "JSON that the parser does not take");
	give_numbers(root, s.numbers, &given);
	assert(given == s.n);
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

int64_t json_time_or(const struct json *v, const char *path, int64_t otherwise)
{
	int64_t ms;

	return json_need_time(v, path, &ms, NULL) ? otherwise : ms;
}

/* ---- writing ---- */

static void put_quoted(struct buf *b, const char *s)
{
	static const char plain[] = "\"\\\b\f\n\r\t", letter[] = "\"\\bfnrt";

	buf_putc(b, '"');
	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;
		const char *at = strchr(plain, c);

		if (at)
			buf_printf(b, "\\%c", letter[at - plain]);
		else if (c < 0x20)
			buf_printf(b, "\\u%04x", c);
		else
			buf_putc(b, (char)c);
	}
	buf_putc(b, '"');
}

struct json_out json_out(struct buf *b)
{
	return (struct json_out){ b, false };
}

static void lead(struct json_out *o, const char *key)
{
	if (o->comma)
		buf_putc(o->buf, ',');
	o->comma = true;
	if (key) {
		put_quoted(o->buf, key);
		buf_putc(o->buf, ':');
	}
}

static void open_with(struct json_out *o, const char *key, char c)
{
	lead(o, key);
	buf_putc(o->buf, c);
	o->comma = false;
}

static void close_with(struct json_out *o, char c)
{
	buf_putc(o->buf, c);
	o->comma = true;
}

void json_put_object(struct json_out *o, const char *key)
{
	open_with(o, key, '{');
}

void json_put_array(struct json_out *o, const char *key)
{
	open_with(o, key, '[');
}

void json_end_object(struct json_out *o)
{
	close_with(o, '}');
}

void json_end_array(struct json_out *o)
{
	close_with(o, ']');
}

void json_put_raw(struct json_out *o, const char *key, const char *json)
{
	lead(o, key);
	buf_puts(o->buf, json);
}

void json_put_text(struct json_out *o, const char *key, const char *value)
{
	lead(o, key);
	if (value)
		put_quoted(o->buf, value);
	else
		buf_puts(o->buf, "null");
}

void json_put_int(struct json_out *o, const char *key, int64_t value)
{
	lead(o, key);
	buf_printf(o->buf, "%" PRId64, value);
}

void json_put_bool(struct json_out *o, const char *key, bool value)
{
	json_put_raw(o, key, value ? "true" : "false");
}

void json_put_null(struct json_out *o, const char *key)
{
	json_put_raw(o, key, "null");
}

void json_put_minor(struct json_out *o, const char *key, int64_t minor, const char *currency)
{
	char s[40];

	text_money(minor, currency, s);
	s[strcspn(s, " ")] = '\0';
	json_put_raw(o, key, s);
}

static void print_value(struct json_out *o, const char *key, const cJSON *v)
{
	const struct json *j = out_of(v);

	if (cJSON_IsObject(v) || cJSON_IsArray(v)) {
		bool object = cJSON_IsObject(v);

		open_with(o, key, object ? '{' : '[');
		for (const cJSON *e = v->child; e; e = e->next)
			print_value(o, object ? e->string : NULL, e);
		close_with(o, object ? '}' : ']');
	} else if (cJSON_IsString(v)) {
		json_put_text(o, key, v->valuestring);
	} else {
		json_put_raw(o, key, cJSON_IsNull(v) ? "null" : json_scalar(j));
	}
}

char *json_print(struct arena *a, const struct json *v)
{
	struct buf b = buf_new(a);
	struct json_out o = json_out(&b);

	if (v)
		print_value(&o, NULL, in(v));
	return b.p;
}
