#include "base/json_scan.h"

#include "base/json.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct scan {
	const char *text, *p, *end;
	struct arena *arena;
	struct err *err;
	int depth;
	struct json_numbers *numbers;
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
	if (s->p - from > 63) /* so many a cJSON copies, whichever is installed */
		return refuse(s, "a number of more than 63 characters");
	s->numbers->text = arena_grow(s->arena, s->numbers->text, s->numbers->n, &s->numbers->cap, sizeof *s->numbers->text);
	s->numbers->text[s->numbers->n++] = arena_strndup(s->arena, from, (size_t)(s->p - from));
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

static bool is_among(const struct key *keys, int n, const struct key *key)
{
	for (int i = 0; i < n; i++)
		if (!key_cmp(&keys[i], key))
			return true;
	return false;
}

static bool has_twin(struct key *keys, int n)
{
	if (n > 8)
		qsort(keys, (size_t)n, sizeof *keys, key_cmp);
	for (int i = 1; i < n; i++)
		if (n > 8 ? !key_cmp(&keys[i - 1], &keys[i]) : is_among(keys, i, &keys[i]))
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

/* Is this sign the next? It is passed, then. */
static bool take(struct scan *s, char sign)
{
	skip_space(s);
	if (s->p >= s->end || *s->p != sign)
		return false;
	s->p++;
	return true;
}

static enum fault scan_key(struct scan *s, struct key *k)
{
	skip_space(s);
	if (s->p >= s->end || *s->p != '"')
		return refuse(s, "an object wants a key");
	if (scan_string(s, &k->p, &k->n))
		return FAULT_FORMAT;
	if (in_disguise(k))
		return refuse(s, "a key in disguise (\\u or \\/)");
	return take(s, ':') ? OK : refuse(s, "a key wants a colon");
}

static enum fault scan_object(struct scan *s)
{
	struct key few[8], *keys = few;
	int n = 0, cap = 8;

	s->p++;
	if (take(s, '}'))
		return OK;
	do {
		keys = arena_grow(s->arena, keys, n, &cap, sizeof *keys);
		if (scan_key(s, &keys[n++]) || scan_value(s))
			return FAULT_FORMAT;
	} while (take(s, ','));
	if (!take(s, '}'))
		return refuse(s, "an object is not closed");
	return has_twin(keys, n) ? refuse(s, "a key stands twice in one object") : OK;
}

static enum fault scan_array(struct scan *s)
{
	s->p++;
	if (take(s, ']'))
		return OK;
	do {
		if (scan_value(s))
			return FAULT_FORMAT;
	} while (take(s, ','));
	return take(s, ']') ? OK : refuse(s, "an array is not closed");
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

enum fault json_scan(struct arena *a, const char *text, size_t n, struct json_numbers *out, struct err *err)
{
	struct scan s = { .text = text, .p = text, .end = text + n, .arena = a, .err = err, .numbers = out };

	*out = (struct json_numbers){ .n = 0 };
	if (n > JSON_MAX_BYTES)
		return err_set(err, FAULT_FORMAT, "a reply of %zu bytes is over the limit of %d", n, JSON_MAX_BYTES);
	if (!text_utf8(text, n))
		return err_set(err, FAULT_FORMAT, "not valid UTF-8");
	if (scan_value(&s))
		return FAULT_FORMAT;
	skip_space(&s);
	return s.p == s.end ? OK : refuse(&s, "something follows the end");
}
