/* Bundles at a shell, of a store of their own: what happened behind an incident is in it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "shell.h"

static void bundles(void **state)
{
	(void)state;
	shell_more("tests/cmd/bundle.sql");
	shell_case("bundle.case");
}

static void more_than_are_shown(void **state)
{
	(void)state;
	shell_more("tests/cmd/many.sql");
	shell_case("many.case");
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(bundles), cmocka_unit_test(more_than_are_shown) };

	return cmocka_run_group_tests(tests, shell_store, shell_drop);
}
