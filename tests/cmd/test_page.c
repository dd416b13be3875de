/* Who tells people when the engine is dead: `tallyman health --page`, in a store of its own, because it lives through hours. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "shell.h"

static void a_dead_engine_is_told(void **state)
{
	(void)state;
	shell_case("page.case");
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(a_dead_engine_is_told) };

	return cmocka_run_group_tests(tests, shell_store, shell_drop);
}
