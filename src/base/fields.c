#include "base/fields.h"

#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct fields fields_new(struct arena *a)
{
	return (struct fields){ .arena = a };
}

void fields_put(struct fields *f, const char *key, const char *value)
{
	if (!value)
		return;
	f->field = arena_grow(f->arena, f->field, f->n, &f->cap, sizeof *f->field);
	f->field[f->n++] = (struct field){ arena_strdup(f->arena, key), arena_strdup(f->arena, value) };
}

void fields_put_int(struct fields *f, const char *key, int64_t value)
{
	fields_put(f, key, arena_printf(f->arena, "%" PRId64, value));
}

const char *fields_each(const struct fields *f, const char *key, int i)
{
	for (int k = 0; k < f->n; k++)
		if (!strcmp(f->field[k].key, key) && i-- == 0)
			return f->field[k].value;
	return NULL;
}

const char *fields_get(const struct fields *f, const char *key, const char *otherwise)
{
	const char *v = fields_each(f, key, 0);

	return v ? v : otherwise;
}

int64_t fields_int(const struct fields *f, const char *key, int64_t otherwise)
{
	int64_t n;

	return text_int(fields_each(f, key, 0), INT64_MIN, INT64_MAX, &n) ? n : otherwise;
}

bool fields_has(const struct fields *f, const char *key)
{
	return fields_each(f, key, 0) != NULL;
}

static bool is_encoded(char c)
{
	return c == '%' || c == '\n' || c == '\r';
}

size_t fields_fit(const char *value, size_t n, size_t room)
{
	for (size_t i = 0, takes = 0; i < n; i++) {
		takes += is_encoded(value[i]) ? 3 : 1;
		if (takes > room)
			return i;
	}
	return n;
}

char *fields_pack(const struct fields *f, struct arena *a)
{
	struct buf b = buf_new(a);

	for (int i = 0; i < f->n; i++) {
		buf_printf(&b, "%s=", f->field[i].key);
		for (const char *p = f->field[i].value; *p; p++)
			if (is_encoded(*p))
				buf_printf(&b, "%%%02X", (unsigned)(unsigned char)*p);
			else
				buf_putc(&b, *p);
		buf_putc(&b, '\n');
	}
	return b.p;
}

static int hex(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static char *decode(struct arena *a, const char *p, size_t n)
{
	char *out = arena_alloc(a, n + 1), *q = out;

	for (size_t i = 0; i < n; i++) {
		if (p[i] == '%' && i + 2 < n && hex(p[i + 1]) >= 0 && hex(p[i + 2]) >= 0) {
			*q++ = (char)(hex(p[i + 1]) * 16 + hex(p[i + 2]));
			i += 2;
		} else {
			*q++ = p[i];
		}
	}
	return out;
}

enum fault fields_unpack(struct arena *a, const char *text, struct fields *out, struct err *err)
{
	int line = 1;

	*out = fields_new(a);
	for (const char *p = text; *p; line++) {
		size_t n = strcspn(p, "\n"), k = strcspn(p, "=\n");
		char *key = arena_strndup(a, p, k);

		if (p[k] != '=' || !text_id(key, "._-", 40))
			return err_set(err, FAULT_FORMAT, "line %d of a message is not key=value", line);
		out->field = arena_grow(a, out->field, out->n, &out->cap, sizeof *out->field);
		out->field[out->n++] = (struct field){ key, decode(a, p + k + 1, n - k - 1) };
		p += n + (p[n] == '\n');
	}
	return OK;
}
