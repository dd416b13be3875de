#include "base/text.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

uint32_t text_next(const char *s, int *n)
{
	const unsigned char *p = (const unsigned char *)s;
	uint32_t c = p[0];
	int more = c < 0x80 ? 0 : c >= 0xf0 && c < 0xf5 ? 3 : c >= 0xe0 ? 2 : c >= 0xc2 ? 1 : -1;
	static const uint32_t least[] = { 0, 0x80, 0x800, 0x10000 };

	*n = 1;
	if (c >= 0xf5 || more < 0)
		return 0xfffd;
	if (more == 0)
		return c;
	c &= 0x3fu >> more;
	for (int i = 1; i <= more; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0xfffd;
		c = c << 6 | (p[i] & 0x3fu);
	}
	if (c < least[more] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		return 0xfffd;
	*n = more + 1;
	return c;
}

static bool goes_on(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

size_t text_take(const char *s, size_t n, size_t most)
{
	size_t take = most;

	if (n <= most)
		return n;
	while (take > 0 && most - take < 3 && goes_on(s[take]))
		take--;
	return !take || goes_on(s[take]) ? most : take; /* what is no UTF-8 is cut anywhere */
}

bool text_utf8(const char *s, size_t n)
{
	size_t i = 0;

	while (i < n) {
		unsigned char lead = (unsigned char)s[i];
		char four[5] = { 0 };
		int used;

		if (lead < 0x80) {
			i++;
			continue;
		}
		memcpy(four, s + i, n - i < 4 ? n - i : 4);
		if (text_next(four, &used) == 0xfffd && used == 1)
			return false;
		i += (size_t)used;
	}
	return true;
}

/* What a terminal may act on, or what hides or reorders text. */
static bool is_hostile(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0xad || c == 0x34f || c == 0x61c || c == 0x180e || c == 0x115f ||
	       c == 0x1160 || c == 0x3164 || (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
	       (c >= 0x2060 && c <= 0x206f) || (c >= 0xfe00 && c <= 0xfe0f) || c == 0xfeff || c == 0xffa0 ||
	       (c >= 0xfff9 && c <= 0xfffb) || (c >= 0xe0000 && c <= 0xe0fff) || (c >= 0xe000 && c <= 0xf8ff) ||
	       (c & 0xfffe) == 0xfffe || (c >= 0xfdd0 && c <= 0xfdef) || c >= 0xf0000;
}

static int mark_of(uint32_t c, bool broken, unsigned char byte, char *out, size_t cap)
{
	if (broken)
		return snprintf(out, cap, "<%02X>", byte);
	if (c < 0x20)
		return snprintf(out, cap, "^%c", (char)(c + '@'));
	if (c == 0x7f)
		return snprintf(out, cap, "^?");
	return snprintf(out, cap, "<U+%04X>", (unsigned)c);
}

size_t text_clean(char *out, size_t cap, const char *in)
{
	size_t len = 0;

	if (!cap)
		return 0;
	while (*in) {
		int n;
		uint32_t c = text_next(in, &n);
		bool broken = c == 0xfffd && n == 1;
		char mark[16];
		const char *from = in;
		size_t bytes = (size_t)n;

		if (broken || is_hostile(c)) {
			bytes = (size_t)mark_of(c, broken, (unsigned char)*in, mark, sizeof mark);
			from = mark;
		}
		if (len + bytes + 2 > cap) {
			if (len + 2 <= cap)
				out[len++] = '~';
			break;
		}
		memcpy(out + len, from, bytes);
		len += bytes;
		in += n;
	}
	out[len] = '\0';
	return len;
}

static int columns_of(uint32_t c)
{
	int w = c < 0x7f ? 1 : wcwidth((wchar_t)c);

	return w < 0 ? 1 : w;
}

int text_width(const char *s)
{
	int w = 0, n;

	for (; *s; s += n)
		w += columns_of(text_next(s, &n));
	return w;
}

size_t text_fit(const char *s, int columns, int *used)
{
	const char *p = s;
	int w = 0, n;

	while (*p) {
		int cw = columns_of(text_next(p, &n));

		if (w + cw > columns)
			break;
		w += cw;
		p += n;
	}
	if (used)
		*used = w;
	return (size_t)(p - s);
}

bool text_int(const char *s, int64_t min, int64_t max, int64_t *out)
{
	bool minus = s && *s == '-';
	uint64_t v = 0, most = minus ? (uint64_t)INT64_MAX + 1 : INT64_MAX;
	int64_t n;

	if (!s || !s[minus])
		return false;
	for (s += minus; *s; s++) {
		uint64_t d = (uint64_t)(*s - '0');

		if (*s < '0' || *s > '9' || v > (most - d) / 10)
			return false;
		v = v * 10 + d;
	}
	n = minus ? (int64_t)(0 - v) : (int64_t)v;
	if (n < min || n > max)
		return false;
	*out = n;
	return true;
}

bool text_numbers(const char **s, int n, int64_t *const out[])
{
	char digits[24];

	for (int i = 0; i < n; i++) {
		size_t len = strcspn(*s, ":");

		if (!len || len >= sizeof digits || (*s)[len] != ':')
			return false;
		memcpy(digits, *s, len);
		digits[len] = '\0';
		if (!text_int(digits, 0, INT64_MAX, out[i]))
			return false;
		*s += len + 1;
	}
	return true;
}

bool text_minor(const char *s, int exponent, int64_t *out)
{
	char joined[24];
	size_t n = 0;
	int after = -1;

	if (!s || !strpbrk(s, "0123456789"))
		return false;
	for (; *s; s++) {
		if (*s == '.' && after < 0) {
			after = 0;
			continue;
		}
		if (!(*s >= '0' && *s <= '9') && !(*s == '-' && n == 0 && after < 0))
			return false;
		if (after >= exponent && after >= 0) { /* a finer amount than the currency has: only if nothing is lost */
			if (*s != '0')
				return false;
			continue;
		}
		if (n + 1 >= sizeof joined)
			return false;
		joined[n++] = *s;
		after += after >= 0;
	}
	for (after = after < 0 ? 0 : after; after < exponent; after++) {
		if (n + 1 >= sizeof joined)
			return false;
		joined[n++] = '0';
	}
	joined[n] = '\0';
	return text_int(joined, -9000000000000000, 9000000000000000, out);
}

int currency_exponent(const char *currency)
{
	/* ISO 4217 list one, read 2026-11: the currencies a marketplace may quote that do not have two digits. */
	static const char none[][4] = { "JPY", "KRW", "CLP", "VND", "ISK", "PYG", "UGX", "XAF", "XOF", "XPF" };
	static const char three[][4] = { "BHD", "KWD", "OMR", "JOD", "TND" };

	for (size_t i = 0; i < sizeof none / sizeof *none; i++)
		if (!strcmp(currency, none[i]))
			return 0;
	for (size_t i = 0; i < sizeof three / sizeof *three; i++)
		if (!strcmp(currency, three[i]))
			return 3;
	return 2;
}

void text_money(int64_t minor, const char *currency, char *out)
{
	int exponent = currency_exponent(currency);
	int64_t unit = exponent == 0 ? 1 : exponent == 2 ? 100 : 1000;
	uint64_t v = minor < 0 ? 0 - (uint64_t)minor : (uint64_t)minor;
	const char *sign = minor < 0 ? "-" : "";

	if (exponent == 0)
		snprintf(out, 40, "%s%llu %.3s", sign, (unsigned long long)v, currency);
	else
		snprintf(out, 40, "%s%llu.%0*llu %.3s", sign, (unsigned long long)(v / (uint64_t)unit), exponent,
		         (unsigned long long)(v % (uint64_t)unit), currency);
}

void text_mask(const char *s, char *out)
{
	int n;

	if (!s || !*s) {
		memcpy(out, "-", 2);
		return;
	}
	if (is_hostile(text_next(s, &n)) || text_next(s, &n) == 0xfffd) {
		memcpy(out, "***", 4);
		return;
	}
	memcpy(out, s, (size_t)n);
	memcpy(out + n, "***", 4);
}

size_t text_percent(char *out, size_t cap, const char *in)
{
	static const char hex[] = "0123456789ABCDEF";
	size_t n = 0;

	for (; *in; in++) {
		unsigned char c = (unsigned char)*in;

		if (n + 4 > cap)
			return 0;
		if (isalnum(c) || strchr("-._~", c)) {
			out[n++] = (char)c;
			continue;
		}
		out[n++] = '%';
		out[n++] = hex[c >> 4];
		out[n++] = hex[c & 15];
	}
	out[n] = '\0';
	return n;
}

/* A reader may trim, and may part fields elsewhere than we do. */
static bool begins_formula(const char *field)
{
	field += strspn(field, " ");
	return *field && strchr("=+-@\t\r", *field);
}

static bool is_plain_number(const char *field)
{
	int64_t ignored;

	field += strspn(field, " ");
	return text_int(field + (*field == '+'), INT64_MIN, INT64_MAX, &ignored);
}

size_t text_csv(char *out, size_t cap, const char *in)
{
	bool formula = begins_formula(in) && !is_plain_number(in), quote = formula || strpbrk(in, ",;\t\"\r\n");
	size_t n = 0;

	if (quote && n + 1 < cap)
		out[n++] = '"';
	if (formula && n + 1 < cap)
		out[n++] = '\'';
	for (; *in && n + 3 < cap; in++) {
		if (*in == '"')
			out[n++] = '"';
		out[n++] = *in;
		if ((*in == ';' || *in == '\t') && begins_formula(in + 1))
			out[n++] = '\'';
	}
	if (quote && n + 1 < cap)
		out[n++] = '"';
	if (n < cap)
		out[n] = '\0';
	return n;
}

bool text_id(const char *s, const char *also, size_t max)
{
	size_t n = 0;

	for (; s && s[n]; n++)
		if (n >= max || !(isalnum((unsigned char)s[n]) || strchr(also, s[n])))
			return false;
	return n > 0;
}

bool text_one_of(const char *s, const char *const *words)
{
	while (*words && strcmp(s, *words))
		words++;
	return *words != NULL;
}

const char *text_or_empty(const char *s)
{
	return s ? s : "";
}
