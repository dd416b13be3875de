/* Product numbers as people and spreadsheets write them. */
#include "trade/gtin.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void how_one_is_read(void **state)
{
	static const struct {
		const char *text, *gtin;
		enum gtin_state state;
		const char *why;
	} rows[] = {
		{ "036000291452", "00036000291452", GTIN_GOOD, "a UPC is padded" },
		{ "4006381333931", "04006381333931", GTIN_GOOD, "an EAN is padded" },
		{ "10036000291459", "10036000291459", GTIN_GOOD, "a case has a number of its own" },
		{ "96385074", "00000096385074", GTIN_GOOD, "EAN-8" },
		{ "0 36000 29145 2", "00036000291452", GTIN_GOOD, "as it is printed under the bars" },
		{ "036000291453", "", GTIN_CHECK, "one digit off" },
		{ "036000219452", "", GTIN_CHECK, "two digits swapped" },
		{ "36000291452", "00036000291452", GTIN_ZEROS, "a spreadsheet took the zero away" },
		{ "3.6E+10", "", GTIN_SCIENTIFIC, "and worse" },
		{ "1.23457E+12", "", GTIN_SCIENTIFIC, "with its sign" },
		{ "4,00638e12", "", GTIN_SCIENTIFIC, "in another country" },
		{ "212345678992", "00212345678992", GTIN_LOCAL, "a shop gave it out for itself" },
		{ "", "", GTIN_LENGTH, "nothing" },
		{ "12345", "", GTIN_LENGTH, "too short to mend" },
		{ "123456789012345", "", GTIN_LENGTH, "too long" },
		{ "0360002914x2", "", GTIN_CHARS, "a letter" },
		{ "N/A", "", GTIN_CHARS, "a word" },
	};
	char out[15];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		enum gtin_state was = gtin_read(rows[i].text, out);

		if (was != rows[i].state || strcmp(out, rows[i].gtin))
			fail_msg("%s: %s is read as '%s' (%s)", rows[i].why, rows[i].text, out, gtin_words(was));
	}
}

static void a_shop_s_own_number_is_told_apart(void **state)
{
	char own[14] = "200000000000", out[15];

	(void)state;
	own[12] = '\0';
	own[12 - 1] = gtin_digit(own, 11);
	assert_int_equal(gtin_read(own, out), GTIN_LOCAL);
	assert_int_equal(strlen(out), 14);
}

/* A wrong digit anywhere is always noticed. */
static void no_single_slip_passes(void **state)
{
	char g[] = "10036000291459", out[15];

	(void)state;
	for (int i = 0; i < 14; i++)
		for (char c = '0'; c <= '9'; c++) {
			char was = g[i];

			g[i] = c;
			assert_int_equal(gtin_read(g, out) == GTIN_GOOD || gtin_read(g, out) == GTIN_LOCAL, c == was);
			g[i] = was;
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(how_one_is_read),
		cmocka_unit_test(a_shop_s_own_number_is_told_apart),
		cmocka_unit_test(no_single_slip_passes),
	};

	return cmocka_run_group_tests_name("gtin", tests, NULL, NULL);
}
