/* Quantities' policy from a script: which rule holds, what a change would do, what it would have done, what is advised; and setting it. */
#include "shell.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static void looking(void **state)
{
	(void)state;
	shell_more("tests/cmd/policy.sql");
	shell_case("policy.case");
}

static void setting(void **state)
{
	(void)state;
	shell_engine();
	shell_more("tests/cmd/policy-on.sql");
	shell_case("policy-set.case");
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(looking), cmocka_unit_test(setting) };

	return cmocka_run_group_tests_name("policy", tests, shell_store, shell_drop);
}
