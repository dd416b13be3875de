/*
 * Strings from outside, on their way to a terminal: no byte of theirs can command it, widths add up, a cut is between
 * characters, and what goes into a CSV field comes out of it without becoming a formula.
 */
#include "base/csv.h"
#include "base/text.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void must(bool so)
{
	if (!so)
		abort();
}

static void must_be_clean(const char *s)
{
	int bytes;

	must(text_utf8(s, strlen(s)));
	for (const char *p = s; *p; p += bytes) {
		uint32_t c = text_next(p, &bytes);

		must(c >= 0x20 && (c < 0x7f || c > 0x9f));
		must(!(c >= 0x200b && c <= 0x200f) && !(c >= 0x202a && c <= 0x202e) && !(c >= 0x2066 && c <= 0x2069) && c != 0xfeff);
		must(!(c >= 0xe0000 && c <= 0xe007f) && !(c >= 0xfe00 && c <= 0xfe0f));
	}
}

static void clean(const char *in, size_t n)
{
	size_t cap = n * 12 + 16;
	char *out = malloc(cap), *again = malloc(cap), small[24];
	int used;

	must(text_clean(out, cap, in) == strlen(out));
	must_be_clean(out);
	text_clean(again, cap, out);
	must(!strcmp(out, again));
	must(text_clean(small, sizeof small, in) < sizeof small);
	must_be_clean(small);
	for (int columns = 0; columns < 12; columns++) {
		size_t bytes = text_fit(out, columns, &used);

		must(used <= columns && text_utf8(out, bytes));
		must(bytes <= strlen(out) && (used == text_width(out) || bytes < strlen(out)));
	}
	free(out);
	free(again);
}

static void csv(const char *in, size_t n)
{
	size_t cap = n * 2 + 16;
	char *out = malloc(cap);
	struct arena *a = arena_new();
	struct csv table;
	struct err err;
	const char *file, *field;
	int64_t number;

	text_csv(out, cap, in);
	file = arena_printf(a, "a,b\nx,%s\n", out);
	if (!csv_read(a, "fuzz", file, strlen(file), &table, &err)) {
		must(table.rows == 1);
		field = csv_field(&table.row[0], 1);
		if (*field && strchr("=+-@\t\r", *field)) /* a plain number is no formula */
			must(text_int(field + (*field == '+'), INT64_MIN, INT64_MAX, &number));
	}
	arena_free(a);
	free(out);
}

static void numbers(const char *in)
{
	char money[40], mask[16];
	int64_t i;

	if (text_int(in, -1000, 1000, &i))
		must(i >= -1000 && i <= 1000);
	if (text_minor(in, 2, &i)) {
		text_money(i, "USD", money);
		*strrchr(money, ' ') = '\0';
		must(text_minor(money, 2, &(int64_t){ 0 }));
	}
	text_mask(in, mask);
	must_be_clean(mask);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	char *text = calloc(1, n + 1);

	setlocale(LC_CTYPE, "C.UTF-8");
	memcpy(text, data, n);
	clean(text, n);
	csv(text, n);
	numbers(text);
	free(text);
	return 0;
}
