/* How a channel column calls an account's marketplace. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/asset.h"
#include "base/csv.h"
#include "trade/marketplaces.h"

#include <string.h>

static void an_account_in_several_names_each(void **state)
{
	static const struct {
		const char *account, *marketplace, *want;
	} cases[] = {
		{ "amazon-na", "ATVPDKIKX0DER", "amazon-na US" },
		{ "amazon-na", "A1AM78C64UM0Y8", "amazon-na MX" },
		{ "amazon-eu", "A1F83G8C2ARO7P", "amazon-eu UK" },
		{ "amazon-new", "A0NEWNEWNEWNEW", "amazon-new A0NEWNEWNEWNEW" },
		{ "walmart-us", "", "walmart-us" },
		{ "walmart-us", "US", "walmart-us" },
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_string_equal(marketplace_say(a, cases[i].account, cases[i].marketplace), cases[i].want);
	arena_free(a);
}

static void each_row_is_one_marketplace_with_a_source(void **state)
{
	struct arena *a = arena_new();
	struct csv csv;
	struct err err;
	size_t n;
	const char *text = asset_get(a, "data/marketplaces.csv", &n);

	(void)state;
	assert_int_equal(csv_read(a, "data/marketplaces.csv", text, n, &csv, &err), OK);
	assert_true(csv.rows > 20);
	for (int i = 0; i < csv.rows; i++) {
		assert_true(*csv_field(&csv.row[i], csv_column(&csv, "source")) && strlen(csv_field(&csv.row[i], csv_column(&csv, "date"))) == 10);
		for (int k = 0; k < i; k++)
			assert_true(strcmp(csv_field(&csv.row[i], 0), csv_field(&csv.row[k], 0)) && strcmp(csv_field(&csv.row[i], 1), csv_field(&csv.row[k], 1)));
	}
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_account_in_several_names_each),
		cmocka_unit_test(each_row_is_one_marketplace_with_a_source),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
