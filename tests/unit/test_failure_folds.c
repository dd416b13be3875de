/* What is one thing to a person is one row: the same class, at the same account, in the same words but for numbers and names. */
#include "trade_world.h"

#include "trade/failure_folds.h"

static const struct {
	const char *why, *text, *subject, *words;
} wordings[] = {
	{ "a number is any number", "line 3 of 12 has no price", "", "line # of # has no price" },
	{ "an order's number is a name", "113-0505955-7 is unknown to them", "", "# is unknown to them" },
	{ "the subject is what it is about, whatever it is called", "no item of ours has BLUE-MUG", "BLUE-MUG", "no item of ours has #" },
	{ "a word with a digit in it is a name", "sku HP-TOY-6 is not listed", "", "sku # is not listed" },
	{ "other words are other things", "estimatedShipDate is missing", "", "estimatedShipDate is missing" },
	{ "nothing is nothing", "", "", "" },
};

static void the_words_of_a_text(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof wordings / sizeof *wordings; i++)
		if (strcmp(failure_words(a, wordings[i].text, wordings[i].subject), wordings[i].words))
			fail_msg("%s: %s", wordings[i].why, failure_words(a, wordings[i].text, wordings[i].subject));
	arena_free(a);
}

#define ROW(account, said, kind, about, words, whose, engines) \
	{ .account_name = account, .verb = said, .class = kind, .path = "", .text = words, .owner = whose, .subject = about, .auto_retry = engines }
#define ONE ROW("walmart-us", "orders", "SCHEMA", "A", "x 1 is missing", "", false)

static const struct {
	const char *why;
	struct failure one, two;
	int folds;
} pairs[] = {
	{ "another order of the same trouble", ONE, ROW("walmart-us", "orders", "SCHEMA", "B", "x 9 is missing", "", false), 1 },
	{ "another account is another thing", ONE, ROW("amazon-na", "orders", "SCHEMA", "A", "x 1 is missing", "", false), 2 },
	{ "another class is another thing", ONE, ROW("walmart-us", "orders", "ENUM", "A", "x 1 is missing", "", false), 2 },
	{ "another verb is another thing", ONE, ROW("walmart-us", "stock-list", "SCHEMA", "A", "x 1 is missing", "", false), 2 },
	{ "other words are another thing", ONE, ROW("walmart-us", "orders", "SCHEMA", "A", "y 1 is missing", "", false), 2 },
	{ "what somebody has taken is apart from what nobody has", ONE, ROW("walmart-us", "orders", "SCHEMA", "A", "x 1 is missing", "jo", false), 2 },
	{ "the engine's is apart from a person's", ONE, ROW("walmart-us", "orders", "SCHEMA", "A", "x 1 is missing", "", true), 2 },
};

static void what_is_folded_and_what_is_not(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		struct failure two[] = { pairs[i].one, pairs[i].two };
		struct failure_fold *fold;

		if (failures_fold(two, 2, a, &fold) != pairs[i].folds)
			fail_msg("%s", pairs[i].why);
	}
	arena_free(a);
}

static void a_fold_counts_all_of_them_and_shows_the_newest(void **state)
{
	static const int64_t last[] = { 90, 70, 60 }, first[] = { 80, 5, 30 }, next[] = { 0, 400, 300 };
	struct failure row[] = { ONE, ONE, ONE };
	struct arena *a = arena_new();
	struct failure_fold *fold;

	(void)state;
	for (int i = 0; i < 3; i++) {
		row[i].id = 3 - i;
		row[i].count = 2;
		row[i].last_ms = last[i];
		row[i].first_ms = first[i];
		row[i].next_ms = next[i];
	}
	assert_int_equal(failures_fold(row, 3, a, &fold), 1);
	assert_int_equal(fold->n, 3);
	assert_int_equal(fold->f.id, 3);
	assert_int_equal(fold->f.count, 6);
	assert_int_equal(fold->f.first_ms, 5);
	assert_int_equal(fold->f.last_ms, 90);
	assert_int_equal(fold->f.next_ms, 300);
	assert_int_equal(fold->oldest->id, 2); /* by which a cursor knows the group while others join */
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_words_of_a_text),
		cmocka_unit_test(what_is_folded_and_what_is_not),
		cmocka_unit_test(a_fold_counts_all_of_them_and_shows_the_newest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
