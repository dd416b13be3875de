/* Strings from outside: what of them reaches a screen, a column, a sum, an address, a spreadsheet. */
#include "base/text.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

static void what_a_terminal_could_act_on_is_shown_as_a_mark(void **state)
{
	static const struct {
		const char *in, *out, *why;
	} rows[] = {
		{ "Jane Doe", "Jane Doe", "plain text stays" },
		{ "Zo\xc3\xab \xe6\x9d\xb1\xe4\xba\xac", "Zo\xc3\xab \xe6\x9d\xb1\xe4\xba\xac", "so does every other script" },
		{ "\x1b[2J", "^[[2J", "an escape sequence clears nothing" },
		{ "a\tb\nc\r", "a^Ib^Jc^M", "a field is one line" },
		{ "\x7f", "^?", "DEL" },
		{ "\xc2\x9b" "31m", "<U+009B>31m", "C1 is an escape sequence of one character" },
		{ "\xe2\x80\xae" "evil", "<U+202E>evil", "text is not turned around" },
		{ "a\xe2\x80\x8b" "b", "a<U+200B>b", "nothing hides between letters" },
		{ "\xef\xbb\xbfSKU", "<U+FEFF>SKU", "a byte order mark is seen" },
		{ "\xf3\xa0\x80\xa0", "<U+E0020>", "a tag" },
		{ "\xef\xb8\x8f", "<U+FE0F>", "a variation selector" },
		{ "\xff", "<FF>", "a byte that is no UTF-8" },
		{ "\xc0\xaf", "<C0><AF>", "a slash that is too long" },
		{ "\xed\xa0\x80", "<ED><A0><80>", "half of a pair" },
		{ "\xf4\x90\x80\x80", "<F4><90><80><80>", "past the last character" },
		{ "\xe6\x9d", "<E6><9D>", "the end of it is missing" },
		{ "", "", "nothing" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char out[80];
		size_t n = text_clean(out, sizeof out, rows[i].in);

		if (strcmp(out, rows[i].out) || n != strlen(out))
			fail_msg("%s: '%s'", rows[i].why, out);
	}
}

static void what_does_not_fit_is_cut_at_a_whole_character_and_says_so(void **state)
{
	static const struct {
		const char *in;
		size_t cap;
		const char *out, *why;
	} rows[] = {
		{ "abcdef", 8, "abcdef", "it fits" },
		{ "abcdefg", 7, "abcde~", "cut" },
		{ "abc\xe6\x9d\xb1", 7, "abc~", "not in the middle of a character" },
		{ "abc\x1b[", 6, "abc~", "nor of a mark" },
		{ "abc", 2, "~", "next to no room" },
		{ "abc", 1, "", "room for the end alone" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char out[16] = "????????";
		size_t n = text_clean(out, rows[i].cap, rows[i].in);

		if (strcmp(out, rows[i].out) || n != strlen(out))
			fail_msg("%s: '%s'", rows[i].why, out);
	}
	assert_int_equal(text_clean(NULL, 0, "abc"), 0);
}

static void text_takes_the_columns_that_a_terminal_gives_it(void **state)
{
	static const struct {
		const char *text;
		int columns, fits_in_3;
	} rows[] = {
		{ "abcd", 4, 3 },
		{ "\xe6\x9d\xb1\xe4\xba\xac", 4, 3 }, /* each takes two: one of them, three bytes */
		{ "e\xcc\x81xyz", 4, 5 },             /* an accent of its own stays with its letter */
		{ "", 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		int used;

		assert_int_equal(text_width(rows[i].text), rows[i].columns);
		assert_int_equal(text_fit(rows[i].text, 3, &used), rows[i].fits_in_3);
		assert_true(used <= 3);
	}
}

static void utf_8_is_whole_or_it_is_none(void **state)
{
	static const struct {
		const char *bytes;
		size_t n;
		bool is;
	} rows[] = {
		{ "plain", 5, true },
		{ "\xf0\x9f\x98\x80", 4, true },
		{ "a\0b", 3, true }, /* a zero is a character here */
		{ "\xf0\x9f\x98", 3, false },
		{ "\xed\xbf\xbf", 3, false },
		{ "\xe0\x80\xaf", 3, false },
		{ "\xc3", 1, false },
		{ "\x80", 1, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		if (text_utf8(rows[i].bytes, rows[i].n) != rows[i].is)
			fail_msg("row %zu", i);
}

static void a_cut_goes_through_no_character(void **state)
{
	static const struct {
		const char *in;
		size_t most, take;
	} rows[] = {
		{ "abc", 3, 3 }, { "abc", 2, 2 }, { "a\xc3\xab", 2, 1 }, { "a\xc3\xab" "b", 3, 3 }, { "a\xe5\xa4\xa7", 3, 1 }, { "a\xf0\x9f\x98\x80", 4, 1 },
		{ "\xc3\xab", 1, 1 }, { "a\x80\x80\x80\x80\x80", 4, 4 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		if (text_take(rows[i].in, strlen(rows[i].in), rows[i].most) != rows[i].take)
			fail_msg("row %zu: %zu", i, text_take(rows[i].in, strlen(rows[i].in), rows[i].most));
}

static void a_whole_number_is_that_and_nothing_else(void **state)
{
	static const struct {
		const char *text;
		bool is;
		int64_t value;
	} rows[] = {
		{ "0", true, 0 },
		{ "007", true, 7 },
		{ "-12", true, -12 },
		{ "9223372036854775807", true, INT64_MAX },
		{ "-9223372036854775808", true, INT64_MIN },
		{ "9223372036854775808", false, 0 },
		{ "-9223372036854775809", false, 0 },
		{ "99999999999999999999", false, 0 },
		{ "", false, 0 },
		{ "-", false, 0 },
		{ "+1", false, 0 },
		{ " 1", false, 0 },
		{ "1 ", false, 0 },
		{ "1.0", false, 0 },
		{ "0x10", false, 0 },
		{ "\xd9\xa1", false, 0 }, /* a digit of another script */
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		int64_t v = 0;

		if (text_int(rows[i].text, INT64_MIN, INT64_MAX, &v) != rows[i].is || v != rows[i].value)
			fail_msg("'%s' is read as %lld", rows[i].text, (long long)v);
	}
	assert_false(text_int(NULL, 0, 9, &(int64_t){ 0 }));
	assert_false(text_int("10", 0, 9, &(int64_t){ 0 }));
	assert_false(text_int("-1", 0, 9, &(int64_t){ 0 }));
}

static void numbers_before_a_name(void **state)
{
	static const struct {
		const char *text;
		bool is;
		const char *rest;
	} rows[] = {
		{ "7:12:SKU-1", true, "SKU-1" },
		{ "7:12:a:b", true, "a:b" }, /* the rest may hold what it likes */
		{ "7:12:", true, "" },
		{ "7:12", false, NULL },
		{ "7::x", false, NULL },
		{ ":7:x", false, NULL },
		{ "-7:1:x", false, NULL },
		{ "7:99999999999999999999999999:x", false, NULL },
		{ "", false, NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *s = rows[i].text;
		int64_t a = 0, b = 0;

		if (text_numbers(&s, 2, (int64_t *const[]){ &a, &b }) != rows[i].is || (rows[i].is && (a != 7 || b != 12 || strcmp(s, rows[i].rest))))
			fail_msg("'%s'", rows[i].text);
	}
}

static void an_amount_is_exact_or_it_is_none(void **state)
{
	static const struct {
		const char *text;
		int exponent;
		bool is;
		int64_t minor;
	} rows[] = {
		{ "41.90", 2, true, 4190 },
		{ "41.9", 2, true, 4190 },
		{ "41", 2, true, 4100 },
		{ "41.", 2, true, 4100 },
		{ ".5", 2, true, 50 },
		{ "-0.05", 2, true, -5 },
		{ "0.1000", 2, true, 10 },
		{ "0.105", 2, false, 0 }, /* a tenth of a cent would be lost */
		{ "1500", 0, true, 1500 },
		{ "1500.0", 0, true, 1500 },
		{ "1500.5", 0, false, 0 },
		{ "1.234", 3, true, 1234 },
		{ "", 2, false, 0 },
		{ "-", 2, false, 0 },
		{ ".", 2, false, 0 },
		{ "-.", 2, false, 0 },
		{ "1,50", 2, false, 0 },
		{ "1.2.3", 2, false, 0 },
		{ "1e3", 2, false, 0 },
		{ "$5", 2, false, 0 },
		{ "5-", 2, false, 0 },
		{ "99999999999999999999", 2, false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		int64_t v = 0;

		if (text_minor(rows[i].text, rows[i].exponent, &v) != rows[i].is || v != rows[i].minor)
			fail_msg("'%s' is read as %lld", rows[i].text, (long long)v);
	}
	assert_false(text_minor(NULL, 2, &(int64_t){ 0 }));
}

static void an_amount_is_shown_as_its_currency_counts(void **state)
{
	static const struct {
		int64_t minor;
		const char *currency, *shown;
	} rows[] = {
		{ 4190, "USD", "41.90 USD" }, { 5, "EUR", "0.05 EUR" },   { -5, "USD", "-0.05 USD" },
		{ 1500, "JPY", "1500 JPY" },  { 1234, "KWD", "1.234 KWD" }, { INT64_MIN, "USD", "-92233720368547758.08 USD" },
	};
	char out[40];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		text_money(rows[i].minor, rows[i].currency, out);
		assert_string_equal(out, rows[i].shown);
	}
}

static void of_a_name_one_letter_is_shown(void **state)
{
	static const struct {
		const char *name, *shown;
	} rows[] = {
		{ "Jane Doe", "J***" }, { "\xc3\x85sa", "\xc3\x85***" }, { "", "-" }, { "\x1b[0m", "***" }, { "\xff", "***" },
	};
	char out[16];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		text_mask(rows[i].name, out);
		assert_string_equal(out, rows[i].shown);
	}
	text_mask(NULL, out);
	assert_string_equal(out, "-");
}

static void a_word_in_an_address_changes_nothing_of_it(void **state)
{
	char out[32];

	(void)state;
	assert_int_equal(text_percent(out, sizeof out, "a-B_9.~"), 7);
	assert_string_equal(out, "a-B_9.~");
	text_percent(out, sizeof out, "a b/c?&\xc3\xab");
	assert_string_equal(out, "a%20b%2Fc%3F%26%C3%AB");
	assert_int_equal(text_percent(out, 6, "abcdef"), 0);
}

static void no_spreadsheet_runs_what_somebody_named_a_product(void **state)
{
	static const struct {
		const char *in, *out;
	} rows[] = {
		{ "plain", "plain" },
		{ "a,b", "\"a,b\"" },
		{ "12\" pan", "\"12\"\" pan\"" },
		{ "two\nlines", "\"two\nlines\"" },
		{ "=cmd|'/C calc'!A0", "\"'=cmd|'/C calc'!A0\"" },
		{ "  =1+1", "\"'  =1+1\"" },
		{ "@SUM(A1)", "\"'@SUM(A1)\"" },
		{ "+1-800", "\"'+1-800\"" },
		{ "-12", "-12" },
		{ "+7", "+7" },
		{ "-1+cmd", "\"'-1+cmd\"" },
		{ "\tx", "\"'\tx\"" },
		{ "two; parts", "\"two; parts\"" },
		{ "a\tb", "\"a\tb\"" },
		{ "x;=1+1", "\"x;'=1+1\"" },
		{ "x\t @SUM(A1)", "\"x\t' @SUM(A1)\"" },
		{ "x;;+1", "\"x;;'+1\"" },
		{ "", "" },
	};
	char out[64];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_int_equal(text_csv(out, sizeof out, rows[i].in), strlen(rows[i].out));
		assert_string_equal(out, rows[i].out);
	}
}

static void an_identifier_has_no_surprises(void **state)
{
	(void)state;
	assert_true(text_id("SKU-1_b", "-_", 7));
	assert_false(text_id("SKU-1_b", "-_", 6));
	assert_false(text_id("a/b", "-_", 9));
	assert_false(text_id("a b", "-_", 9));
	assert_false(text_id("", "-_", 9));
	assert_false(text_id(NULL, "-_", 9));
	assert_false(text_id("\xc3\xab", "-_", 9));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_terminal_could_act_on_is_shown_as_a_mark),
		cmocka_unit_test(what_does_not_fit_is_cut_at_a_whole_character_and_says_so),
		cmocka_unit_test(text_takes_the_columns_that_a_terminal_gives_it),
		cmocka_unit_test(utf_8_is_whole_or_it_is_none),
		cmocka_unit_test(a_cut_goes_through_no_character),
		cmocka_unit_test(a_whole_number_is_that_and_nothing_else),
		cmocka_unit_test(numbers_before_a_name),
		cmocka_unit_test(an_amount_is_exact_or_it_is_none),
		cmocka_unit_test(an_amount_is_shown_as_its_currency_counts),
		cmocka_unit_test(of_a_name_one_letter_is_shown),
		cmocka_unit_test(a_word_in_an_address_changes_nothing_of_it),
		cmocka_unit_test(no_spreadsheet_runs_what_somebody_named_a_product),
		cmocka_unit_test(an_identifier_has_no_surprises),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
