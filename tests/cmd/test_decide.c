/* Decisions from a script, with an engine that carries them out. */
#include "shell.h"

#include "engine/vault.h"
#include "store/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* Whom order 305-441 goes to, sealed with the key that the engine will find. */
static void seal_buyer(void)
{
	static const char buyer[] = "name=Jane Doe\nemail=jane@example.com\nphone=+1 555 010 0100\n";
	static const char sql[] = "UPDATE person SET key_id = ?1, sealed = ?2, purge_ms = ?1 * 86400000 WHERE order_id = 5";
	const int64_t day = day_of(1793000000000) + 30;
	struct arena *a = arena_new();
	struct vault *v;
	struct store *s;
	struct err err;
	size_t n;
	void *sealed;

	assert_int_equal(vault_open(getenv("TALLYMAN_STORE"), true, &v, &err), 0);
	sealed = vault_sealer(v).seal(v, a, day, buyer, strlen(buyer), "person:5", &n);
	assert_non_null(sealed);
	assert_int_equal(store_open(getenv("TALLYMAN_STORE"), STORE_WRITE, &s, &err), 0);
	assert_int_equal(RUN(s, &err, sql, V(day), val_blob(sealed, n)), 0);
	store_close(s);
	vault_close(v);
	arena_free(a);
}

static void decisions_are_carried_out(void **state)
{
	(void)state;
	shell_more("tests/cmd/reconcile.sql");
	seal_buyer();
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
