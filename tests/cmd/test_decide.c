/* Decisions from a script, with an engine that carries them out. */
#include "shell.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static void decisions_are_carried_out(void **state)
{
	(void)state;
	shell_more("tests/cmd/reconcile.sql");
	shell_engine();
	shell_case("engine.case");
	shell_case("handover.case");
	shell_case("session.case");
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(decisions_are_carried_out) };

	return cmocka_run_group_tests(tests, shell_store, shell_drop);
}
