/* How panes say things in the columns that there are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/text.h"
#include "ui/panes/words.h"

#include <locale.h>
#include <string.h>

static void what_tells_two_apart_is_not_cut(void **state)
{
	static const struct {
		const char *why, *account, *site;
		int w;
		const char *want;
	} cases[] = {
		{ "it fits", "amazon-na", "MX", 12, "amazon-na MX" },
		{ "the account's name gives way", "amazon-na", "MX", 11, "amazon-~ MX" },
		{ "in a tiny room too", "amazon-na", "MX", 8, "amaz~ MX" },
		{ "an account without a second site is left to the column", "walmart-canada", "", 8, "walmart-canada" },
		{ "of a long number its end is kept", "shop", "6884761701", 12, "sh~ ~4761701" },
		{ "and another one's", "shop", "6884761702", 12, "sh~ ~4761702" },
		{ "a wide character is not halved", "大阪商店", "MX", 8, "大阪~ MX" },
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *said = say_where(a, cases[i].account, cases[i].site, cases[i].w);

		if (strcmp(said, cases[i].want) || (*cases[i].site && text_width(said) > cases[i].w))
			fail_msg("%s: \"%s\"", cases[i].why, said);
	}
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_tells_two_apart_is_not_cut),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
