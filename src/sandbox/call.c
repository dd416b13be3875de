#include "sandbox/call.h"

#include "base/text.h"

#include <string.h>
#include <strings.h>

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static const char *decode(struct arena *a, const char *s, size_t n, bool plus)
{
	char *out = arena_strndup(a, s, n), *w = out;

	for (size_t i = 0; i < n; i++) {
		int high = i + 2 < n ? hex(s[i + 1]) : -1, low = i + 2 < n ? hex(s[i + 2]) : -1;

		if (s[i] == '%' && i + 2 < n && high >= 0 && low >= 0 && high + low > 0) {
			*w++ = (char)(high * 16 + low);
			i += 2;
		} else {
			*w++ = plus && s[i] == '+' ? ' ' : s[i];
		}
	}
	*w = '\0';
	return out;
}

/* "a=1&b=2", of at most cap fields. */
static int fields_split(struct arena *a, const char *s, struct param *out, int cap)
{
	int n = 0;

	while (*s && n < cap) {
		size_t whole = strcspn(s, "&"), name = strcspn(s, "=&");

		if (whole) {
			out[n].name = decode(a, s, name, true);
			out[n++].value = name < whole ? decode(a, s + name + 1, whole - name - 1, true) : "";
		}
		s += whole + (s[whole] == '&');
	}
	return n;
}

static void path_split(struct call *c)
{
	const char *s = c->path;

	while (*s && c->segments < 8) {
		size_t n;

		s += *s == '/';
		n = strcspn(s, "/");
		if (n)
			c->segment[c->segments++] = decode(c->arena, s, n, false);
		s += n;
	}
}

void call_open(struct call *c, struct arena *a, const struct request *r, struct served *out)
{
	const char *url = r->url, *host = strstr(url, "://");
	size_t n;

	*c = (struct call){ .arena = a, .req = r, .out = out };
	*out = (struct served){ .cut_at = -1 };
	out->reply.body = "";
	if (host) {
		url = strchr(host + 3, '/');
		url = url ? url : "/";
	}
	n = strcspn(url, "?#");
	c->path = arena_strndup(a, url, n);
	path_split(c);
	if (url[n] == '?')
		c->params = fields_split(a, url + n + 1, c->param, (int)(sizeof c->param / sizeof *c->param));
	c->correlation = r->correlation;
}

const char *call_header(const struct call *c, const char *name)
{
	for (int i = 0; i < c->req->headers; i++)
		if (strcasecmp(c->req->header[i].name, name) == 0)
			return c->req->header[i].value;
	return NULL;
}

const char *call_param(const struct call *c, const char *name)
{
	for (int i = 0; i < c->params; i++)
		if (strcmp(c->param[i].name, name) == 0)
			return c->param[i].value;
	return NULL;
}

bool call_given(const struct call *c, const char *name)
{
	return call_param(c, name) != NULL;
}

bool call_int(const struct call *c, const char *name, int64_t min, int64_t max, int64_t otherwise, int64_t *out)
{
	const char *s = call_param(c, name);

	*out = otherwise;
	return !s || text_int(s, min, max, out);
}

bool call_time(const struct call *c, const char *name, int64_t otherwise, int64_t *out)
{
	const char *s = call_param(c, name);

	*out = otherwise;
	return !s || time_parse(s, out) == 0 || text_int(s, 1000000000000, 9999999999999, out);
}

bool call_lists(const struct call *c, const char *name, const char *word)
{
	size_t n = strlen(word);

	for (int i = 0; i < c->params; i++) {
		if (strcmp(c->param[i].name, name) != 0)
			continue;
		for (const char *s = c->param[i].value; *s; s += strcspn(s, ",")) {
			s += *s == ',';
			if (strcspn(s, ",") == n && strncmp(s, word, n) == 0)
				return true;
		}
	}
	return false;
}

bool call_matches(const struct call *c, const char *pattern)
{
	for (int i = 0; i < c->segments; i++) {
		size_t n;

		pattern += *pattern == '/';
		n = strcspn(pattern, "/");
		if (!n || (*pattern != '{' && (strlen(c->segment[i]) != n || strncmp(c->segment[i], pattern, n) != 0)))
			return false;
		pattern += n;
	}
	return !*pattern;
}

const char *call_http_date(struct arena *a, int64_t at_ms)
{
	static const char days[] = "ThuFriSatSunMonTueWed", months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	char iso[32];
	int month;

	time_iso_s(at_ms, iso); /* 2026-11-20T07:58:00Z */
	month = (iso[5] - '0') * 10 + iso[6] - '1';
	return arena_printf(a, "%.3s, %.2s %.3s %.4s %.8s GMT", days + at_ms / 86400000 % 7 * 3, iso + 8, months + month * 3, iso, iso + 11);
}

void call_add_header(struct call *c, const char *name, const char *value)
{
	if (c->headers < (int)(sizeof c->header / sizeof *c->header))
		c->header[c->headers++] = (struct header){ name, arena_strdup(c->arena, value) };
}

void call_answer(struct call *c, int status, const char *type, const char *body, size_t n)
{
	struct header *copy;

	if (type)
		call_add_header(c, "Content-Type", type);
	copy = arena_alloc(c->arena, sizeof c->header);
	memcpy(copy, c->header, sizeof c->header);
	c->out->reply.status = status;
	c->out->reply.header = copy;
	c->out->reply.headers = c->headers;
	c->out->reply.body = body;
	c->out->reply.body_len = n;
}

void call_answer_json(struct call *c, int status, const struct buf *b)
{
	call_answer(c, status, "application/json", b->p, b->len);
}

const struct json *call_json(const struct call *c)
{
	const struct json *v = NULL;

	if (!c->req->body || json_open(c->arena, c->req->body, c->req->body_len, &v, NULL) != OK)
		return NULL;
	return v;
}

const char *call_form(const struct call *c, const char *name)
{
	struct param field[16];
	int n = c->req->body ? fields_split(c->arena, arena_strndup(c->arena, c->req->body, c->req->body_len), field, 16) : 0;

	for (int i = 0; i < n; i++)
		if (strcmp(field[i].name, name) == 0)
			return field[i].value;
	return NULL;
}

static const char base64_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

char *base64_bytes(struct arena *a, const char *s, size_t *n)
{
	struct buf b = buf_new(a);
	unsigned bits = 0, have = 0;

	for (; *s && *s != '='; s++) {
		const char *at = strchr(base64_digits, *s == '+' ? '-' : *s == '/' ? '_' : *s);

		if (!at)
			return NULL;
		bits = bits << 6 | (unsigned)(at - base64_digits);
		have += 6;
		if (have >= 8) {
			have -= 8;
			buf_putc(&b, (char)(bits >> have & 0xff));
		}
	}
	*n = b.len;
	return b.p;
}

char *base64_decode(struct arena *a, const char *s)
{
	size_t n;

	return base64_bytes(a, s, &n);
}

char *base64_encode(struct arena *a, const char *s)
{
	struct buf b = buf_new(a);
	unsigned bits = 0, have = 0;

	for (; *s; s++) {
		bits = bits << 8 | (unsigned char)*s;
		for (have += 8; have >= 6; have -= 6)
			buf_putc(&b, base64_digits[bits >> (have - 6) & 63]);
	}
	if (have)
		buf_putc(&b, base64_digits[bits << (6 - have) & 63]);
	return b.p;
}
