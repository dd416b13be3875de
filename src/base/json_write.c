/* json_write.c: writing JSON, value by value or a tree that was read. The interface is in json.h. */
#include "base/json.h"

#include "base/text.h"

#include <inttypes.h>
#include <string.h>

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

static void print_value(struct json_out *o, const char *key, const struct json *v)
{
	bool object = json_is_object(v);

	if (object || json_is_array(v)) {
		open_with(o, key, object ? '{' : '[');
		for (const struct json *e = json_first(v); e; e = json_next(e))
			print_value(o, object ? json_key(e) : NULL, e);
		close_with(o, object ? '}' : ']');
	} else if (json_is_text(v)) {
		json_put_text(o, key, json_scalar(v));
	} else {
		json_put_raw(o, key, json_scalar(v) ? json_scalar(v) : "null");
	}
}

char *json_print(struct arena *a, const struct json *v)
{
	struct buf b = buf_new(a);
	struct json_out o = json_out(&b);

	if (v)
		print_value(&o, NULL, v);
	return b.p;
}
