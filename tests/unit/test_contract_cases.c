/* test_contract_cases.c: every .case below tests/contract, one after the other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/contract/case.h"

#include <glob.h>

static void every_case_holds(void **state)
{
	glob_t g;
	int bad = 0;

	(void)state;
	assert_int_equal(glob("tests/contract/*/*.case", 0, NULL, &g), 0);
	for (size_t i = 0; i < g.gl_pathc; i++) {
		struct arena *a = arena_new();
		struct contract_case c;
		const char *differs;

		case_read(a, g.gl_pathv[i], &c);
		differs = case_differs(&c);
		if (differs) {
			print_error("%s: %s\n%s\n\n", g.gl_pathv[i], c.why, differs);
			bad++;
		}
		arena_free(a);
	}
	print_message("%zu cases\n", g.gl_pathc);
	globfree(&g);
	assert_int_equal(bad, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_case_holds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
