/* How a person calls where an offer stands. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/csv.h"
#include "store/store.h"
#include "trade/marketplaces.h"
#include "trade/offers.h"

#include <stdio.h>
#include <string.h>

/* amazon-na is in two marketplaces; a shop has one SKU at three places, of which one is ours by name, and another SKU at one. */
static const char world[] =
	"INSERT INTO account (id, name, channel, made_ms) VALUES (1, 'amazon-na', 'amazon', 1), (2, 'walmart-us', 'walmart', 1), (3, 'shop', 'shopify', 1);"
	"INSERT INTO place (id, name, kind, node) VALUES (1, 'oakland', 'own', '6884761700'), (2, 'reno', 'own', '');"
	"INSERT INTO place_source (place_id, account_id, code) VALUES (2, 3, '6884761702'), (2, 1, '6884761701');"
	"INSERT INTO offer (id, account_id, marketplace, node, sku, known_ms) VALUES (1, 1, 'ATVPDKIKX0DER', '', 'S', 1), (2, 1, 'A1AM78C64UM0Y8', '', 'S', 1), (3, 1, 'A0NEWNEWNEWNEW', '', 'S', 1), "
	"(4, 2, 'US', '', 'S', 1), (5, 2, '', '', 'S', 1), (6, 3, '', '6884761700', 'S', 1), (7, 3, '', '6884761701', 'S', 1), (8, 3, '', '6884761700', 'ONE', 1), "
	"(9, 1, 'A1AM78C64UM0Y8', 'DC1', 'M', 1), (10, 1, 'A1AM78C64UM0Y8', 'DC2', 'M', 1), (11, 1, 'ATVPDKIKX0DER', 'DC3', 'M', 1), (12, 3, '', '6884761702', 'S', 1);";

static void each_is_told_from_the_others(void **state)
{
	static const struct {
		const char *why;
		int64_t offer;
		const char *site, *where;
	} cases[] = {
		{ "an account in several marketplaces names each", 1, "US", "amazon-na US" },
		{ "and the other", 2, "MX", "amazon-na MX" },
		{ "one without a word of its own is what its platform calls it", 3, "A0NEWNEWNEWNEW", "amazon-na A0NEWNEWNEWNEW" },
		{ "an account that is named for it says no more", 4, "", "walmart-us" },
		{ "nor one that has none", 5, "", "walmart-us" },
		{ "of two places the one that is ours has our name", 6, "oakland", "shop oakland" },
		{ "so has one that the account tells of as ours", 12, "reno", "shop reno" },
		{ "the third one their number: it is ours to another account alone", 7, "6884761701", "shop 6884761701" },
		{ "a SKU at one place needs none", 8, "", "shop" },
		{ "both where both are needed", 9, "MX DC1", "amazon-na MX DC1" },
		{ "a node in another marketplace is no other place", 11, "US", "amazon-na US" },
	};
	struct arena *a = arena_new();
	struct err err = { 0 };
	struct store *s;

	(void)state;
	assert_int_equal(store_memory(&s, &err) || store_exec(s, &err, world), 0);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct offer o;

		assert_int_equal(offer_get(s, cases[i].offer, a, &o, &err) || offers_site(s, &o, 1, a, &err), 0);
		if (strcmp(o.site, cases[i].site) || strcmp(offer_where(&o, a), cases[i].where))
			fail_msg("%s: \"%s\", \"%s\"", cases[i].why, o.site, offer_where(&o, a));
	}
	store_close(s);
	arena_free(a);
}

static void each_row_is_one_marketplace_with_a_source(void **state)
{
	struct arena *a = arena_new();
	struct csv csv = csv_builtin(a, "data/marketplaces.csv");

	(void)state;
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
		cmocka_unit_test(each_is_told_from_the_others),
		cmocka_unit_test(each_row_is_one_marketplace_with_a_source),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
