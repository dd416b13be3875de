#include "trade/gtin.h"

#include <stdio.h>
#include <string.h>

enum { LONGEST = 14 };

char gtin_digit(const char *digits, int n)
{
	int sum = 0;

	for (int i = 0; i < n; i++)
		sum += (digits[n - 1 - i] - '0') * (i % 2 ? 1 : 3);
	return (char)('0' + (10 - sum % 10) % 10);
}

static bool is_right(const char *digits, int n)
{
	return gtin_digit(digits, n - 1) == digits[n - 1];
}

/* "1.23457E+12", with a comma or without a sign as well. */
static bool is_scientific(const char *s)
{
	size_t n = strspn(s, "0123456789.,");

	return n && (s[n] == 'E' || s[n] == 'e') && strspn(s + n + 1, "+0123456789") == strlen(s + n + 1) && s[n + 1];
}

/* The digits without what people put between them; -1: there is something else in it. */
static int digits_of(const char *s, char out[LONGEST + 2])
{
	int n = 0;

	for (; *s; s++) {
		if (*s == ' ' || *s == '-')
			continue;
		if (*s < '0' || *s > '9')
			return -1;
		if (n <= LONGEST)
			out[n++] = *s;
	}
	out[n] = '\0';
	return n;
}

/* The digits with zeros before them, len in all; out has a byte more. */
static void pad(const char *digits, int n, char *out, int len)
{
	memset(out, '0', (size_t)(len - n));
	memcpy(out + len - n, digits, (size_t)n);
	out[len] = '\0';
}

/* Company prefixes that are no company's: 02, 04, 2x are a shop's own (GS1 General Specifications 1.4). */
static bool is_local(const char g[15])
{
	return g[0] == '0' && (g[1] == '2' || (g[1] == '0' && (g[2] == '2' || g[2] == '4')));
}

static bool has_length(int n)
{
	return n == 8 || n == 12 || n == 13 || n == 14;
}

/* The shortest number of zeros that makes a right one of it. */
static bool mend(const char *digits, int n, char out[15])
{
	char longer[LONGEST + 1];

	for (int zeros = 1; n >= 6 && n + zeros <= 13; zeros++) {
		pad(digits, n, longer, n + zeros);
		if (has_length(n + zeros) && is_right(longer, n + zeros)) {
			pad(digits, n, out, LONGEST);
			return true;
		}
	}
	return false;
}

enum gtin_state gtin_read(const char *text, char out[15])
{
	char digits[LONGEST + 2];
	int n;

	out[0] = '\0';
	if (is_scientific(text))
		return GTIN_SCIENTIFIC;
	n = digits_of(text, digits);
	if (n < 0)
		return GTIN_CHARS;
	if (has_length(n) && is_right(digits, n)) {
		pad(digits, n, out, LONGEST);
		return is_local(out) ? GTIN_LOCAL : GTIN_GOOD;
	}
	if (mend(digits, n, out))
		return GTIN_ZEROS;
	return has_length(n) ? GTIN_CHECK : GTIN_LENGTH;
}

const char *gtin_words(enum gtin_state s)
{
	static const char *const words[GTIN_STATES] = {
		[GTIN_GOOD] = "",
		[GTIN_CHECK] = "its check digit is wrong",
		[GTIN_LENGTH] = "it has neither 8, 12, 13 nor 14 digits",
		[GTIN_SCIENTIFIC] = "a spreadsheet wrote it as a rounded number: its last digits are lost",
		[GTIN_ZEROS] = "zeros are missing before it",
		[GTIN_LOCAL] = "a number for use in one shop or country: elsewhere it is another product",
		[GTIN_CHARS] = "there is something else than digits in it",
	};

	return s < GTIN_STATES ? words[s] : "?";
}
