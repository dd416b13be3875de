/* data/schema.sql is for reading, so it must be what the migrations make. */
#include "store/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

static char *file(struct arena *a, const char *path)
{
	struct buf b = buf_new(a);
	char chunk[4096];
	FILE *f = fopen(path, "r");
	size_t n;

	assert_non_null(f);
	while ((n = fread(chunk, 1, sizeof chunk, f)) > 0)
		buf_add(&b, chunk, n);
	fclose(f);
	return b.p;
}

static void the_page_is_true(void **state)
{
	struct arena *a = arena_new();
	struct store *s;
	struct err err;
	const char *schema;

	(void)state;
	assert_int_equal(store_memory(&s, &err), OK);
	schema = store_schema(s, a, &err);
	assert_non_null(schema);
	if (strcmp(schema, file(a, "data/schema.sql")))
		fail_msg("data/schema.sql is not what data/migrations make: make schema");
	store_close(s);
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_page_is_true),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
